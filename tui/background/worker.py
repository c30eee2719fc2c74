"""A thread that does one thing after the other, and ends while there is nothing to do."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

from tui.background.memory import give_back, share_heaps
from tui.facts import WorkFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.facts import Tell

LEAVING_SECONDS = 1.5
"""So long is waited for what is at work when the reader leaves."""
REST_SECONDS = 15.0
"""After so long with nothing to do a thread ends; the next thing to do begins another."""


def _nothing() -> None:
    """Have nothing open."""


class Worker:
    """Does what it is given, in that order, in one thread; tells of what fails.

    Whoever ends it need not wait: what never comes to its end is left behind. `rest` closes what
    the thread has open, before it ends for want of something to do for so many `seconds`.
    """

    def __init__(
        self,
        name: str,
        tell: Tell,
        rest: Callable[[], object] = _nothing,
        seconds: float = REST_SECONDS,
    ) -> None:
        self._name = name
        self._tell = tell
        self._rest = rest
        self._seconds = seconds
        self._jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._is_dropped = False

    def submit(self, work: Callable[[], object]) -> None:
        """Do it after all that was given before."""
        with self._lock:
            self._jobs.put(work)
            if self._thread is None:
                thread = Thread(target=self._work, name=self._name, daemon=True)
                thread.start()
                self._thread = thread

    def finish(self, seconds: float) -> bool:
        """Do all that was given, and take no more; False if that takes longer than so."""
        with self._lock:
            self._jobs.put(None)
            thread = self._thread
        if thread is None:
            return True
        thread.join(seconds)
        return not thread.is_alive()

    def drop(self, seconds: float) -> None:
        """Leave out what has not begun, and wait so long for what has."""
        self._is_dropped = True
        self.finish(seconds)

    def _work(self) -> None:
        share_heaps()
        while (work := self._next()) is not None:
            if not self._is_dropped:
                self._do(work)

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 whoever listens says it, or raises it again
            self._tell(WorkFailed(error))

    def _next(self) -> Callable[[], object] | None:
        """Return what is to be done next; None where the thread has to end."""
        try:
            return self._jobs.get(timeout=self._seconds)
        except Empty:
            self._do(self._rest)
            self._do(give_back)
        with self._lock:
            if self._jobs.empty():
                self._thread = None
                return None
            return self._jobs.get()

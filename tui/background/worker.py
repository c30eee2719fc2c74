"""A thread that does one thing after the other."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from tui.facts import WorkFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.facts import Tell

LEAVING_SECONDS = 1.5
"""So long is waited for what is at work when the reader leaves."""


class Worker:
    """Does what it is given, in that order, in one thread; tells of what fails.

    Whoever ends it need not wait: what never comes to its end is left behind.
    """

    def __init__(self, name: str, tell: Tell) -> None:
        self._name = name
        self._tell = tell
        self._jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._is_dropped = False

    def submit(self, work: Callable[[], object]) -> None:
        """Do it after all that was given before."""
        self._jobs.put(work)
        if self._thread is None:
            self._thread = Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def finish(self, seconds: float) -> bool:
        """Do all that was given, and take no more; False if that takes longer than so."""
        self._jobs.put(None)
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def drop(self, seconds: float) -> None:
        """Leave out what has not begun, and wait so long for what has."""
        self._is_dropped = True
        self.finish(seconds)

    def _work(self) -> None:
        while (work := self._jobs.get()) is not None:
            if self._is_dropped:
                continue
            try:
                work()
            except Exception as error:  # noqa: BLE001 whoever listens says it, or raises it again
                self._tell(WorkFailed(error))

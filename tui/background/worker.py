"""A thread that does one thing after the other."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from tui.facts import WorkFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.facts import Tell


class Worker:
    """Does what it is given, in that order, in one thread; tells of what fails."""

    def __init__(self, name: str, tell: Tell) -> None:
        self._tell = tell
        self._executor = ThreadPoolExecutor(1, name)

    def submit(self, work: Callable[[], object]) -> None:
        """Do it after all that was given before."""
        self._executor.submit(work).add_done_callback(self._look)

    def finish(self) -> None:
        """Do all that was given, and take no more."""
        self._executor.shutdown(wait=True)

    def drop(self, *, wait: bool) -> None:
        """Leave out what has not begun, and take no more."""
        self._executor.shutdown(wait=wait, cancel_futures=True)

    def _look(self, future: Future[object]) -> None:
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is not None:
            self._tell(WorkFailed(error))

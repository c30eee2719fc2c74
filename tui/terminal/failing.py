"""An application that ends calmly by an error that nobody foresaw: Textual shows all variables.

What the program knows of how Textual ends so is here.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from textual.app import App, ReturnType

if TYPE_CHECKING:
    from rich.console import RenderableType

FAILED = 1
"""Textual's own status of an application that broke down."""


class DriverError(Exception):
    """The thread that reads the terminal broke down."""


class FailingApp(App[ReturnType], inherit_bindings=False):
    """An application that keeps what it ended by, and prints none of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.failure: BaseException | None = None
        """The first error that nobody foresaw."""
        self._at_work: asyncio.AbstractEventLoop | None = None

    def fail(self, error: BaseException) -> None:
        """End by an error; from any thread."""
        self.failure = self.failure or error
        loop = self._at_work
        if loop is None or loop.is_closed():
            return
        loop.call_soon_threadsafe(self._end_by, error)

    def leave_work(self) -> None:
        """Take note that the reader will see nothing any more; here, nothing is at work."""

    def panic(self, *_: RenderableType) -> None:
        """End, as Textual asks for, without what it would print: that holds texts of papers."""
        self.failure = self.failure or self._exception or DriverError()
        self._return_code = FAILED
        self.leave_work()
        self._close_messages_no_wait()

    async def run_async(self, **options: Any) -> ReturnType | None:
        """Run until the end; errors of threads of nobody's end it too."""
        self._at_work = asyncio.get_running_loop()
        before = threading.excepthook
        threading.excepthook = lambda thrown: self.fail(thrown.exc_value or DriverError())
        try:
            return await super().run_async(**options)
        finally:
            threading.excepthook = before

    def _end_by(self, error: BaseException) -> None:
        self._handle_exception(error if isinstance(error, Exception) else DriverError())

    def _fatal_error(self) -> None:
        # Textual's own name: it has no public place for what becomes of an error. It is told when
        # the library is closed and the screen is the shell's.
        self.failure = self.failure or self._exception
        self.leave_work()
        self._close_messages_no_wait()

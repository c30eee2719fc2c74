"""Textual's driver for the terminals of Unix, made to end well where the terminal does not.

A terminal may stop taking what is written, for as long as a connection hangs, or be gone at once.
Textual's own driver waits for the first without end, and takes the second for input without end.

What the program knows of that driver beyond its public names is here: that it writes to the file
`_file`, in a thread, and reads keys by a parser. Where it does not, it does as it always did, and
ends when it is told to.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import signal
import sys
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from functools import partial
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key

from tui.terminal.failing import FailingApp
from tui.terminal.typed import ESC, Typing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual._xterm_parser import XTermParser
    from textual.app import App
    from textual.driver import Driver

LEAVING_SECONDS = 1.0
"""So long is a terminal that takes nothing waited for, once the program has been told to end."""
MOST_WAITING = 8
"""So many writes may wait for the terminal.

Textual's own queue has room for 30, and whoever comes after them is kept waiting.
"""
_LOOK_MILLISECONDS = 50
_LOOK_SECONDS = 0.1
_MOST_READ = 4096
_ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_HUNG_UP = select.POLLHUP | select.POLLERR
_FILE = "_file"
"""Where Textual's driver keeps the file that its thread writes to."""


class TerminalFile:
    """Writes to the terminal until it is gone, or until it has been given up.

    It may be written to from one thread and given up from any other; `gone` is then called once
    if it was the terminal that ended.
    """

    def __init__(self, file: TextIO, gone: Callable[[], object]) -> None:
        self._encoding, self._gone = file.encoding or "utf-8", gone
        self._descriptor = _opened_again(file.fileno())
        self._until = float("inf")
        self._is_gone = Event()
        self.taken = 0
        """How many writes have come to their end."""

    def fileno(self) -> int:
        """Return the descriptor that is written to."""
        return self._descriptor

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return os.isatty(self._descriptor)

    def flush(self) -> None:
        """Do nothing: all is written at once."""

    def write(self, text: str) -> int:
        """Write, waiting for the terminal to take it; what can't be written is let go."""
        data = memoryview(text.encode(self._encoding, errors="replace"))
        poll = select.poll()
        poll.register(self._descriptor, select.POLLOUT)
        while data and not self._is_gone.is_set() and time.monotonic() < self._until:
            if not poll.poll(_LOOK_MILLISECONDS):
                continue
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                continue
            except OSError:
                self.end()
        self.taken += 1
        return len(text)

    def give_up(self, seconds: float = LEAVING_SECONDS) -> None:
        """Let the terminal take so long for all that is still to be written."""
        self._until = min(self._until, time.monotonic() + seconds)

    def end(self) -> None:
        """Write no more: the terminal is gone."""
        if not self._is_gone.is_set():
            self._is_gone.set()
            self._gone()


class EndingDriver(LinuxDriver):
    """Ends the application as `q` does when the terminal is gone, or a signal asks for it."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._ended, self._loop = app, asyncio.get_running_loop()
        self.is_leaving = False
        """Whether the application has been told to end, which the loop may not know yet."""
        self._line = TerminalFile(_screen_file(), self._leave)
        self._is_counted = not reason_against_driver()
        self._asked, self._asking = 0, RLock()  # a signal may find it held, and write
        if self._is_counted:
            setattr(self, _FILE, self._line)
        for number in _ENDINGS:
            # Not by the loop, which may be waiting for the terminal to take a frame.
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` has one ignored
                signal.signal(number, lambda *_: self._told_to_end())
        watch = Thread(target=self._await_end, name="terminal", daemon=True)
        watch.start()

    @property
    def is_behind(self) -> bool:
        """Whether so much is still to be written that another frame would only wait."""
        return self._is_counted and self._asked - self._line.taken >= MOST_WAITING

    def write(self, data: str) -> None:
        """Write in the thread that does so, once there is room for it in its queue."""
        super().write(data)
        with self._asking:
            self._asked += 1

    def run_input_thread(self) -> None:
        """Hand on what is typed until the terminal is gone."""
        try:
            from textual._xterm_parser import XTermParser
        except ImportError:
            read = super().run_input_thread
        else:
            read = partial(self._read, XTermParser())
        try:
            read()
        except OSError:
            self._line.end()
        except Exception as error:  # noqa: BLE001 Textual would show all variables
            self._failed(error)

    def _read(self, parser: XTermParser) -> None:
        """Read what is typed, as Textual does, with Esc told from what it could begin."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        typing, until = Typing(), float("inf")
        while not self.exit_event.is_set():
            parts: Iterable[str] = ()
            seconds = min(_LOOK_SECONDS, ESCAPE_DELAY) if typing.is_waiting else _LOOK_SECONDS
            if select.select([self.fileno], [], [], seconds)[0]:
                read = os.read(self.fileno, _MOST_READ)
                if not read:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))  # as Linux says it
                parts, until = typing.take(decode(read)), time.monotonic() + ESCAPE_DELAY
            elif typing.is_waiting and time.monotonic() >= until:
                parts = typing.release()
            for part in parts:
                # Not by the parser, which would wait for what follows.
                alone = [Key("escape", ESC)] if part == ESC else parser.feed(part)
                for message in alone:
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _failed(self, error: Exception) -> None:
        """End by an error that nobody foresaw, calmly where the application knows how."""
        if isinstance(self._ended, FailingApp):
            self._ended.fail(error)
        else:
            self._loop.call_soon_threadsafe(self._ended.exit)

    def _await_end(self) -> None:
        if wait_for_hang_up(self.fileno):
            self._line.end()

    def _told_to_end(self) -> None:
        self._line.give_up()
        self._leave()

    def _leave(self) -> None:
        self.is_leaving = True
        # The loop may have come to its end already.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended.exit)


def wait_for_hang_up(descriptor: int) -> bool:
    """Wait until nobody holds the other end of a terminal any longer.

    Returns False, and at once, where a system does not tell that of a terminal.
    """
    poll = select.poll()
    poll.register(descriptor, 0)  # that it was hung up is told in any case
    ((_, told),) = poll.poll()
    return bool(told & _HUNG_UP)


def reason_against_driver(driver: type[Driver] = LinuxDriver) -> str:
    """Return why what Textual's driver writes can't be given up; empty if it can."""
    for function in (driver.__init__, driver.start_application_mode):
        if _FILE not in function.__code__.co_names:
            return f"Textual has changed: {driver.__name__}.{_FILE}"
    return ""


def _screen_file() -> TextIO:
    """Return what leads to the screen: where errors are written elsewhere, the output.

    Textual's own driver writes the screen to where errors go, whatever that is.
    """
    errors, output = sys.__stderr__, sys.__stdout__
    is_redirected = errors is None or not errors.isatty()
    return cast("TextIO", output if is_redirected and output and output.isatty() else errors)


def _opened_again(descriptor: int) -> int:
    """Open a terminal once more, so as to write without waiting; return it as it is if that fails.

    The mode that says so belongs to whoever shares the opened file: the shell shares ours.
    """
    try:
        path = os.ttyname(descriptor)
        return os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return descriptor

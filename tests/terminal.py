"""Programs in a pseudo-terminal: keys go in, and what a terminal shows comes out.

A plugin of the modules that test the installed program as a reader has it.
"""

from __future__ import annotations

import base64
import fcntl
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

import preloaded
import pyte
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

PAPERDECK = Path(sys.executable).with_name("paperdeck")
PATIENCE = 30.0
"""So many seconds are waited for anything: two cores may have much else to do."""
QUIET = 0.15
"""A program that has written nothing for so many seconds has answered."""
LEFT_OFF = (1049, 1000, 1003, 1004, 1006, 2004)
"""Modes that a program must not leave on: another screen, mouse, focus and paste reports."""
CURSOR_SHOWN = 25

_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[]P](?:[^\x07\x1b]|\x1b(?!\\))*\x1b?|)\Z")
_CONTROL = re.compile(
    rb"\x1b\[(?P<numbers>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b\](?P<command>(?:[^\x07\x1b]|\x1b(?!\\))*)(?:\x07|\x1b\\)"
    rb"|\x1bP(?:[^\x1b]|\x1b(?!\\))*\x1b\\"
)
_STRANGE = {b"<", b"=", b">"}
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # frames are shown as a whole
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # resizes are told by a signal only
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[>c": b"\x1b[>1;4000;0c",
}
_COPY = re.compile(rb"52;[a-z0-7]*;(.+)")


class Answer(NamedTuple):
    """What a program wrote after a key."""

    output: bytes
    seconds: float
    """From the key to the last byte."""

    @property
    def frames(self) -> int:
        """How many frames were drawn, each of which a terminal shows as a whole."""
        return self.output.count(b"\x1b[?2026h")


class Terminal:
    """A terminal of `size` columns and lines with a program that begins now.

    `environ` is all of the program's environment. As a context manager it ends the program, if
    that is still running.
    """

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        *,
        is_loaded_anew: bool = True,
    ) -> None:
        self.output = b""
        """All that the program has written."""
        self.modes: dict[int, bool] = {}
        """Which of a terminal's private modes were turned on and off, by number."""
        self.copied: list[str] = []
        """The texts that the program put on the terminal's clipboard."""
        self.started = self._heard = time.monotonic()
        self._pending = b""
        self._status: int | None = None
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._own, theirs = os.openpty()
        self._is_up = True
        self._set_size(size)
        if is_loaded_anew or not preloaded.can_begin(environ):
            path = os.ttyname(theirs)
            # A session's leader that opens a terminal has it for its own: signals of keys and of
            # resizes come only so.
            opening = [(os.POSIX_SPAWN_OPEN, 0, path, os.O_RDWR, 0)]
            copies = [(os.POSIX_SPAWN_DUP2, 0, stream) for stream in (1, 2)]
            self.pid = os.posix_spawnp(
                command[0], list(command), environ, file_actions=[*opening, *copies], setsid=True
            )
            self._poll = self._asked_of_the_system
        else:
            process = preloaded.begin(command, environ, (theirs, theirs, theirs))
            self.pid = process.pid
            self._poll = process.poll
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            while not self._changed(0):
                time.sleep(0.001)
        self.hang_up()

    @property
    def lines(self) -> list[str]:
        """The screen, without blanks at the ends of its lines."""
        # Not pyte's own lines: it stumbles over half of a wide character, as a resize may leave.
        return ["".join(self.cells(line)).rstrip() for line in range(self._screen.lines)]

    def cells(self, line: int) -> list[str]:
        """Return what each cell of a line holds; nothing for the second one of a wide character."""
        row = self._screen.buffer[line]
        return [row[column].data for column in range(self._screen.columns)]

    @property
    def picture(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as the program found it."""
        local = termios.tcgetattr(self._own)[3]
        assert isinstance(local, int)
        is_cooked = local & (termios.ICANON | termios.ECHO) == termios.ICANON | termios.ECHO
        are_off = not any(self.modes.get(mode) for mode in LEFT_OFF)
        return is_cooked and are_off and self.modes.get(CURSOR_SHOWN, True)

    def clear(self) -> None:
        """Clear the screen, as a shell might."""
        self._screen.reset()

    def send(self, keys: str) -> None:
        """Press keys, or paste a text."""
        os.write(self._own, keys.encode())

    def press(self, keys: str, quiet: float = QUIET) -> Answer:
        """Press keys and return what the program answers until it is quiet."""
        before = len(self.output)
        pressed = time.monotonic()
        self.send(keys)
        self.until(lambda: len(self.output) > before, f"an answer to {keys!r}")
        self.settle(quiet)
        return Answer(self.output[before:], self._heard - pressed)

    def settle(self, quiet: float = QUIET) -> None:
        """Read until the program is quiet; a cursor that blinks never is for half a second."""
        deadline = time.monotonic() + PATIENCE
        while self.read(quiet):
            assert time.monotonic() < deadline, f"waited for quiet:\n{self.picture}"

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal another size."""
        self._screen.resize(lines, columns)
        self._set_size((columns, lines))

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Be gone, as a terminal is whose connection drops."""
        if self._is_up:
            self._is_up = False
            os.close(self._own)

    def forget(self) -> None:
        """Take the program for ended: somebody else has taken its status."""
        self._status = 0

    def until(self, condition: Callable[[], object], wanted: str) -> None:
        """Read until something is true."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"waited for {wanted}:\n{self.picture}"
            self.read(0.02)

    def shows(self, text: str) -> None:
        """Wait until a text is on the screen."""
        self.until(lambda: text in self.picture, f"'{text}'")

    def hides(self, text: str) -> None:
        """Wait until a text is gone from the screen."""
        self.until(lambda: text not in self.picture, f"the end of '{text}'")

    def copies(self, count: int) -> None:
        """Wait until so many texts are copied."""
        self.until(lambda: len(self.copied) >= count, f"{count} texts to be copied")

    def ended(self) -> int:
        """Wait for the program's end and return its status, negative for a signal."""
        self.until(lambda: self._changed(0), "the program's end")
        assert self._status is not None
        self.settle(0)
        return self._status

    def stopped(self) -> None:
        """Wait until the program is suspended."""
        self.until(lambda: self._changed(os.WUNTRACED), "the program to stop")
        self.settle()

    def read(self, seconds: float) -> bool:
        """Take what the program writes within so many seconds; tell whether there was anything."""
        if not self._is_up:
            time.sleep(seconds)
            return False
        if not select.select([self._own], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._own, 1 << 16)
        except OSError:
            # Nobody holds the other end any longer.
            time.sleep(seconds)
            return False
        self._heard = time.monotonic()
        self.output += data
        self._take(self._pending + data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        cut = _UNFINISHED.search(data)
        end = cut.start() if cut else len(data)
        self._pending = data[end:]
        for control in _CONTROL.finditer(data, 0, end):
            if control.group() in _ANSWERS:
                os.write(self._own, _ANSWERS[control.group()])
            elif control["command"]:
                copy = _COPY.fullmatch(control["command"])
                if copy:
                    self.copied.append(base64.b64decode(copy[1]).decode())
            elif control["final"] in {b"h", b"l"} and control["numbers"].startswith(b"?"):
                modes = map(int, control["numbers"][1:].split(b";"))
                self.modes.update(dict.fromkeys(modes, control["final"] == b"h"))
        self._stream.feed(_CONTROL.sub(_known_to_pyte, data[:end]))

    def _changed(self, options: int) -> bool:
        """Tell whether the program has ended, or stopped if `options` say so."""
        pid, status = self._poll(options)
        if pid and not os.WIFSTOPPED(status):
            self._status = os.waitstatus_to_exitcode(status)
        return bool(pid)

    def _asked_of_the_system(self, options: int) -> tuple[int, int]:
        return os.waitpid(self.pid, os.WNOHANG | options)

    def _set_size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._own, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))


def _known_to_pyte(control: re.Match[bytes]) -> bytes:
    """Return a sequence as it is, or nothing where pyte would take its end for text."""
    is_known = control["final"] not in {None, b"u"} and not control["between"]
    return control.group() if is_known and control["numbers"][:1] not in _STRANGE else b""


@dataclass(frozen=True)
class Home:
    """A reader's home folder on a machine reached by SSH, with the installed program."""

    folder: Path
    program: Path = PAPERDECK
    is_loaded_anew: bool = False
    """Whether programs begin as the system begins them."""

    @property
    def anew(self) -> Home:
        """The same home, for tests of how programs begin in it."""
        return replace(self, is_loaded_anew=True)

    @property
    def temporary(self) -> Path:
        """Where programs put what they throw away."""
        return self.folder / "tmp"

    @property
    def environ(self) -> dict[str, str]:
        """All of the environment: no display, no multiplexer."""
        return {
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "SSH_TTY": "/dev/pts/0",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TMPDIR": str(self.temporary),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_STATE_HOME": str(self.folder / "state"),
        }

    @property
    def _kept(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-kept")

    def keep(self) -> None:
        """Keep a copy of what the home holds, once nobody is at work in it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                shutil.copytree(self.folder, self._kept)
            except shutil.Error:
                # The last program that has a library open takes its log away.
                assert time.monotonic() < deadline, "somebody writes into the home without end"
                shutil.rmtree(self._kept)
            else:
                return

    def renew(self) -> None:
        """Hold again what was kept, and nothing else."""
        deadline = time.monotonic() + PATIENCE
        while True:
            # A writer of the index goes on for a moment when the browser has ended.
            while self.folder.exists():
                shutil.rmtree(self.folder, ignore_errors=True)
                assert time.monotonic() < deadline, "somebody writes into the home without end"
            try:
                shutil.copytree(self._kept, self.folder)
            except shutil.Error:
                assert time.monotonic() < deadline, "somebody writes into the home without end"
            else:
                return

    def configure(self, text: str) -> None:
        """Write the configuration."""
        folder = self.folder / "config" / "paperdeck"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(text, encoding="utf-8")

    @property
    def session(self) -> Path:
        """The file that keeps how the browser was left, once it was."""
        (file,) = (self.folder / "state" / "paperdeck").rglob("sessions/*.json")
        return file

    def run(self, *words: str, stdin: str = "") -> str:
        """Run a command that needs no screen, and return its output."""
        done = self.carry_out(*words, stdin=stdin)
        done.check_returncode()
        return done.stdout

    def carry_out(
        self,
        *words: str,
        stdin: str = "",
        environ: Mapping[str, str] | None = None,
        umask: int = -1,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command that needs no screen, whatever comes of it, but for `TimeoutExpired`."""
        command = [str(self.program), *words]
        known = self.environ | dict(environ or {})
        done = preloaded.run(
            command,
            known,
            folder=self.folder,
            stdin=stdin.encode(),
            umask=umask,
            seconds=PATIENCE,
            is_loaded_anew=self.is_loaded_anew,
        )
        texts = (done.stdout.decode(), done.stderr.decode())
        return subprocess.CompletedProcess(command, done.returncode, *texts)

    def answered(self, line: str, **environ: str) -> list[str]:
        """Return what a shell is answered that asks how a line of its goes on."""
        answer = self.temporary / "answer"
        asking = {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_SHELL": "bash",
            "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        done = self.carry_out(environ=asking | environ)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        found = answer.read_text(encoding="utf-8")
        answer.unlink()
        return found.split("\v") if found else []

    def start(
        self,
        *command: str,
        size: tuple[int, int] = (80, 24),
        environ: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Run any program in a terminal."""
        return Terminal(command, self.environ | dict(environ or {}), size)

    def browse(
        self,
        *words: str,
        size: tuple[int, int] = (80, 24),
        environ: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Run a command of ours in a terminal."""
        known = self.environ | dict(environ or {})
        command = (str(self.program), *words)
        return Terminal(command, known, size, is_loaded_anew=self.is_loaded_anew)


def make_home(folder: Path) -> Home:
    """Make a home folder of `folder`, which is empty."""
    home = Home(folder)
    home.temporary.mkdir()
    return home


HomeMaker: TypeAlias = Callable[[Path], Home]
"""Makes a home folder, for what is shared by the tests of a module."""


@pytest.fixture(scope="session", name="make_home")
def home_maker() -> HomeMaker:
    return make_home


@pytest.fixture
def home(tmp_path: Path, make_home: HomeMaker) -> Home:
    """An empty home folder."""
    return make_home(tmp_path)

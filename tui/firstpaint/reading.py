"""The last frame: what the next start shows at once, as long as nothing has changed.

A frame is a file of the reader's own cache folder, for its owner only, as its bytes are sent to
the terminal as they stand. It begins with a line of its format, a checksum and the lengths of its
parts, which follow: the files that the frame depends on; what has to be as it was; the bytes to
send; the cells that these show, as JSON (see `tui.firstpaint.keeping`).

Imported before the first paint.
"""

from __future__ import annotations

import os
import stat
import sys
import time
import zlib

from tui import SET_BY_US

TYPE_CHECKING = False  # as in `tui.start`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.terminal.picture import Cells

OTHER_SCREEN = "\x1b[?1049h"
"""Leads to the terminal's other screen, which is empty then; on that one it may empty it again."""
SCREEN = 2
"""The descriptor of the terminal where Textual writes too."""
FORMAT = b"paperdeck-frame-1"
FOLDER = "frames"
SUFFIX = ".frame"
PRIVATE = 0o077
"""The permissions that others must not have."""
_SIZE_NAMES = ("COLUMNS", "LINES")
"""The variables that give the screen another size than the terminal's own."""
_LARGEST = 4_000_000
_ZERO = b"\0"
_LOG = b"-wal"
"""What the name of a library's write-ahead log ends with, as `store.record.readonly` has it."""

_NAMES = frozenset(
    {
        *("COLORTERM", "FORCE_COLOR", "NO_COLOR", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION"),
        *("HOME", "PAPERDECK_LIBRARY", "PYTHONPATH", "TZ", "LANG", "LANGUAGE", "UNICODE_VERSION"),
        *("DISPLAY", "SSH_CONNECTION", "SSH_TTY", "STY", "TMUX", "WAYLAND_DISPLAY"),
        *("KONSOLE_VERSION", "VTE_VERSION", "WT_SESSION", "JPY_PARENT_PID"),
    }
)
_BEGINNINGS = ("LC_", "XDG_", "TEXTUAL")
_VARYING = {"SSH_CONNECTION", "SSH_TTY", "STY", "TMUX", "DISPLAY", "WAYLAND_DISPLAY", "WT_SESSION"}
"""Of these it only matters whether they are there: each login has another value."""
_UNSEEN = {"XDG_RUNTIME_DIR", "XDG_SEAT", "XDG_SESSION_ID", "XDG_VTNR", *SET_BY_US}
"""What begins like these, and shows nowhere."""


class LastFrame:
    """A frame that holds."""

    __slots__ = ("_cells", "paint")

    def __init__(self, paint: bytes, cells: bytes) -> None:
        self.paint = paint
        """What is sent to an empty screen."""
        self._cells = cells

    def cells(self) -> Cells:
        """Return what that shows, from what `tui.firstpaint.keeping.cells_as_bytes` returned."""
        # Needed when the program is loaded.
        import json

        pens, lines = json.loads(self._cells)
        return [[(char, pens[pen]) for pen, chars in line for char in chars] for line in lines]


def read_frame(environ: Mapping[str, str], size: tuple[int, int]) -> LastFrame | None:
    """Return the last frame in this environment on a terminal of this size, if it still holds.

    One that others could have written, or that is damaged, is none.
    """
    folder = cache_folder(environ)
    if folder is None:
        return None
    folder = os.path.join(folder, FOLDER)  # noqa: PTH118 `pathlib` takes as long as all else here
    try:
        if not is_own(os.lstat(folder), stat.S_IFDIR):
            return None
        data = _read_own(frame_file(folder, environ, size))
    except OSError:
        return None
    parts = _parts(data)
    if parts is None:
        return None
    files, known, paint, cells = parts
    if known != conditions(environ, size, files.split(_ZERO)):
        return None
    return LastFrame(paint, cells)


def frame_file(folder: str, environ: Mapping[str, str], size: tuple[int, int]) -> str:
    """Return the file of a frame: another one for each library, size and environment.

    The name only finds it; what has to be as it was is in the file.
    """
    mark = zlib.crc32(_ZERO.join(_around(environ, size)))
    return f"{folder}/{mark:08x}{SUFFIX}"


def conditions(environ: Mapping[str, str], size: tuple[int, int], files: Iterable[bytes]) -> bytes:
    """Return all that a frame depends on, as it is now."""
    parts = (sys.version.encode(), time.strftime("%Y-%m-%d").encode(), *_around(environ, size))
    return _ZERO.join((*parts, *map(identity, files)))


def framed(files: bytes, known: bytes, paint: bytes, cells: bytes) -> bytes:
    """Return the content of a frame's file."""
    body = files + known + paint + cells
    lengths = b" ".join(b"%d" % len(part) for part in (files, known, paint))
    return b"%s %08x %s\n%s" % (FORMAT, zlib.crc32(body), lengths, body)


def cache_folder(environ: Mapping[str, str]) -> str | None:
    """Return the cache folder as `tui.locations` has it; None where that may be another.

    A frame is only kept where both are the same.
    """
    named = environ.get("XDG_CACHE_HOME", "")
    if named.startswith("/"):
        return f"{named}/paperdeck"
    home = environ.get("HOME", "")
    if not home.startswith("/"):
        return None
    return f"{home}/{'Library/Caches' if sys.platform == 'darwin' else '.cache'}/paperdeck"


def screen_size(environ: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the columns and lines of the screen; None where they are not the terminal's.

    A terminal that tells no size, such as a serial line, is taken by Textual for one of a usual.
    """
    if any(name in environ for name in _SIZE_NAMES):
        return None
    try:
        columns, lines = os.get_terminal_size(SCREEN)
    except OSError:
        return None
    return (columns, lines) if columns and lines else None


def _parts(data: bytes) -> tuple[bytes, bytes, bytes, bytes] | None:
    """Take the content of a frame's file apart; None for one that is not whole."""
    line, _, body = data.partition(b"\n")
    words = line.split(b" ")
    if len(words) != 5 or words[0] != FORMAT:  # noqa: PLR2004 as `framed` writes them
        return None
    try:
        checksum, first, second, third = int(words[1], 16), *map(int, words[2:])
    except ValueError:
        return None
    if zlib.crc32(body) != checksum:
        return None
    second += first
    third += second
    return body[:first], body[first:second], body[second:third], body[third:]


def _around(environ: Mapping[str, str], size: tuple[int, int]) -> Iterable[bytes]:
    """Yield what the screen depends on beside files and the day."""
    yield b"%dx%d" % tuple(size)
    yield os.fsencode(_library(environ))
    for name in sorted(environ):
        if name in _UNSEEN or not (name in _NAMES or name.startswith(_BEGINNINGS)):
            continue
        value = "" if name in _VARYING else environ[name]
        yield os.fsencode(f"{name}={value}")


def _library(environ: Mapping[str, str]) -> str:
    """Return what a relative name of a library begins at; empty for one that is not relative."""
    named = environ.get("PAPERDECK_LIBRARY", "")
    return os.getcwd() if named and not named.startswith(("/", "~")) else ""  # noqa: PTH109 as above


def identity(file: bytes) -> bytes:
    """Return what is another as soon as the file's content is; an empty file is as good as none.

    It may be another one where only the file's name or permissions have changed.
    """
    try:
        found = os.stat(file)  # noqa: PTH116 as above
    except (OSError, ValueError):
        return b"-"
    if not found.st_size:
        return b"-"
    # SQLite gives a log its owner anew each time that it opens one for the superuser, as a browser
    # does beside another one; its writers set no times, so that a new content has a new one.
    changed = 0 if file.endswith(_LOG) else found.st_ctime_ns
    return b"%d:%d:%d:%d:%d" % (
        *(found.st_dev, found.st_ino, found.st_size),
        *(found.st_mtime_ns, changed),
    )


def is_own(found: os.stat_result, kind: int) -> bool:
    """Tell whether nobody else can have written into a file or a folder."""
    is_kind = stat.S_IFMT(found.st_mode) == kind
    return is_kind and found.st_uid == os.geteuid() and not found.st_mode & PRIVATE


def _read_own(file: str) -> bytes:
    """Read a file that nobody else can have written; empty for any other."""
    # Without waiting for who would write into a pipe in its place.
    number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(number)
        if not is_own(found, stat.S_IFREG) or found.st_size > _LARGEST:
            return b""
        return os.read(number, found.st_size)
    finally:
        os.close(number)

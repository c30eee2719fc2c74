"""Keeping the last frame: what a screen of cells is sent as, and the file that it is kept in.

The other half of `tui.firstpaint.reading`, which reads it before anything else is loaded.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from store.privatefiles import make_private, write_privately
from tui.firstpaint.reading import (
    FOLDER,
    SUFFIX,
    cache_folder,
    conditions,
    frame_file,
    framed,
    identity,
    is_own,
)
from tui.terminal.pens import pen_as_sent
from tui.terminal.picture import Picture, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui.terminal.picture import Cells

KEPT = 12
"""So many frames are kept, of as many sizes, terminals and libraries."""
CLOCK_STEP = 0.02
"""Seconds, no less than what most file systems count times in: a change within is not seen."""
PATIENCE = 5 * CLOCK_STEP
COARSE_STEP = 2.0
"""Seconds, no less than what the others do: FAT, HFS+, some that are on a network."""
_SECOND = 10**9
_PACKAGES = {"rich", "store", "textual", "tui"}
"""Where a frame comes from: it is another program's once one of their folders has changed."""


def paint_of(cells: Cells) -> bytes:
    """Return what makes an empty screen, written plainly so far, show these cells."""
    pieces = (
        Piece(y, 0, len(line), ((text, pen_as_sent(sgr)) for text, sgr in line))
        for y, line in enumerate(cells)
    )
    frame = Picture().become(pieces, (len(cells[0]), len(cells)))
    return f"\x1b[H\x1b[2J{frame}\x1b[H".encode()


def cells_as_bytes(cells: Cells) -> bytes:
    """Return cells as a `LastFrame` takes them."""
    pens: dict[str, int] = {}
    lines = []
    for line in cells:
        runs = []
        for sgr, run in groupby(line, lambda cell: cell[1]):
            chars = [char for char, _ in run]
            is_plain = all(len(char) == 1 for char in chars)
            runs.append([pens.setdefault(sgr, len(pens)), "".join(chars) if is_plain else chars])
        lines.append(runs)
    return json.dumps([list(pens), lines], ensure_ascii=False, separators=(",", ":")).encode()


def as_read(files: Iterable[Path | str]) -> dict[bytes, bytes]:
    """Return files, each with what tells it from another one; to be called before reading them."""
    return {name: identity(name) for name in map(os.fsencode, files)}


def program_folders() -> list[str]:
    """Return the folders of what is loaded of the program."""
    return sorted(
        {
            os.path.dirname(file)  # noqa: PTH120 `pathlib` takes 3 ms for so many
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in _PACKAGES and (file := getattr(module, "__file__", None))
        }
    )


def settled(environ: Mapping[str, str], size: tuple[int, int], files: Sequence[bytes]) -> bytes:
    """Return the conditions of a frame that is kept now; empty where they can't be relied on.

    Waits until a change of a file would be told from the last one by its time; a file that changes
    all the time is not waited for, nor one whose times may be told in seconds only.
    """
    until = time.monotonic() + PATIENCE
    before = b""
    while time.monotonic() < until:
        known = conditions(environ, size, files)
        if known == before:
            return b"" if any(map(_may_change_unseen, files)) else known
        before = known
        time.sleep(CLOCK_STEP)
    return b""


def _may_change_unseen(file: bytes) -> bool:
    """Tell whether a file is as young as a second that its file system may count times in."""
    try:
        found = Path(os.fsdecode(file)).stat()
    except OSError:
        return False
    now = time.time_ns()
    return any(
        not changed % _SECOND and now - changed < COARSE_STEP * _SECOND
        for changed in (found.st_mtime_ns, found.st_ctime_ns)
    )


def keep_frame(
    cache: Path,
    environ: Mapping[str, str],
    cells: Cells,
    files: Sequence[bytes],
    known: bytes,
) -> bool:
    """Keep a frame that holds under the conditions `known`; return whether it could be kept.

    It is kept whole or not at all. A failure is no more than a start without it.
    """
    if str(cache) != cache_folder(environ) or not cells:
        return False
    folder = cache / FOLDER
    size = (len(cells[0]), len(cells))
    content = framed(b"\0".join(files), known, paint_of(cells), cells_as_bytes(cells))
    try:
        # A link may lead to a folder that is not for us to close to others, or to write into.
        if folder.is_symlink():
            return False
        make_private(folder)
        if not is_own(folder.lstat(), stat.S_IFDIR):
            return False
        write_privately(Path(frame_file(str(folder), environ, size)), content)
    except OSError:
        return False
    # Another browser may forget them just now.
    with suppress(OSError):
        _forget_oldest(folder)
    return True


def _forget_oldest(folder: Path) -> None:
    def newest_first() -> Iterator[tuple[float, Path]]:
        for file in folder.glob(f"*{SUFFIX}"):
            yield -file.lstat().st_mtime, file

    for _, file in sorted(newest_first())[KEPT:]:
        file.unlink(missing_ok=True)

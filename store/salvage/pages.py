"""The pages of a damaged file: each as the last commit that can be read left it."""

from __future__ import annotations

import sys
from struct import unpack, unpack_from
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = b"SQLite format 3\0"
HEADER_BYTES = 100
USUAL_SIZE = 4096
"""Bytes of a page, where nothing that can be read says so."""
_SMALLEST, _LARGEST = 512, 65_536
_LOG_SIGNS = {0x377F0682: "little", 0x377F0683: "big"}
_LOG_HEADER = 32
_ROOT_SIGN = b"\1"
"""Begins what a pointer map says of the third page, which is a root; no page of a tree does so."""
_FRAME_HEADER = 24


class Frame(NamedTuple):
    """A page in the write-ahead log."""

    page: int
    pages_after: int
    """Of the file, where the frame ends a commit; else 0."""
    is_whole: bool
    """Whether its checksum says so."""
    content: bytes


class Pages:
    """Pages by their number, from 1 on, of `file` and the log that belongs to it.

    `stale` are those of which the log had a newer state that can't be read.
    """

    def __init__(self, file: bytes, log: bytes = b"") -> None:
        self._file = file
        self.size = _page_size(file, log)
        self._newer: dict[int, bytes] = {}
        self.stale: set[int] = set()
        self.count = -(-len(file) // self.size)
        self._take_log(log)

    def __getitem__(self, number: int) -> bytes | None:
        """Return a page; None where there is none, or a part of one only."""
        newer = self._newer.get(number)
        if newer is not None:
            return newer
        end = number * self.size
        return self._file[end - self.size : end] if 0 < end <= len(self._file) else None

    @property
    def gives_back(self) -> bool:
        """Whether the file can give pages back: then its second page tells who points to others."""
        second = self[2]
        return second is None or second[:1] == _ROOT_SIGN

    def free(self) -> set[int] | None:
        """Return the pages that nothing is on; None where not all of them can be told."""
        first = self[1]
        if first is None or not first.startswith(HEADER) or 1 in self.stale:
            return None
        trunk, total = unpack_from(">2I", first, 32)
        found: set[int] = set()
        while trunk:
            page = self[trunk]
            if page is None or trunk in found or trunk in self.stale:
                return None
            found.add(trunk)
            trunk, leaves = unpack_from(">2I", page)
            if leaves > self.size // 4 - 2:
                return None
            found.update(unpack_from(f">{leaves}I", page, 8))
        return found if len(found) == total and all(1 < n <= self.count for n in found) else None

    def _take_log(self, log: bytes) -> None:
        """Take the commits of a log; what is not whole makes the page that it was of stale."""
        pending: dict[int, bytes] = {}
        lost: set[int] = set()
        for frame in _frames(log, self.size):
            if frame.is_whole:
                pending[frame.page] = frame.content
                lost.discard(frame.page)
            else:
                lost.add(frame.page)
            if frame.pages_after and frame.is_whole:
                self._newer |= pending
                self.stale = (self.stale - set(pending)) | lost
                self.count = max(self.count, *pending)
                pending, lost = {}, set()


def _page_size(file: bytes, log: bytes) -> int:
    """Return how many bytes a page has, by the file, else by the log, else as usual."""
    said: list[int] = []
    if file.startswith(HEADER) and len(file) >= HEADER_BYTES:
        (size,) = unpack_from(">H", file, 16)
        said.append(_LARGEST if size == 1 else size)
    if len(log) >= _LOG_HEADER and unpack_from(">I", log)[0] in _LOG_SIGNS:
        said.append(unpack_from(">I", log, 8)[0])
    for size in said:
        if _SMALLEST <= size <= _LARGEST and size & (size - 1) == 0:
            return int(size)
    return USUAL_SIZE


def _frames(log: bytes, size: int) -> Iterator[Frame]:
    """Yield the frames since the log was begun anew last; older ones lie behind them."""
    if len(log) < _LOG_HEADER:
        return
    order = _LOG_SIGNS.get(unpack_from(">I", log)[0], sys.byteorder)
    is_begun = _sums(log[:24], order, (0, 0)) == unpack_from(">2I", log, 24)
    salts = unpack_from(">2I", log, 16) if is_begun else None
    stride = size + _FRAME_HEADER
    before: tuple[int, int] = unpack_from(">2I", log, 24)
    for start in range(_LOG_HEADER, len(log) - stride + 1, stride):
        page, pages_after, *rest = unpack_from(">6I", log, start)
        own = (rest[2], rest[3])
        content = log[start + _FRAME_HEADER : start + stride]
        sums = _sums(log[start : start + 8], order, before)
        is_whole = _sums(content, order, sums) == own
        if salts is None and is_whole:
            salts = (rest[0], rest[1])
        if salts is not None and (rest[0], rest[1]) != salts and not is_whole:
            if _is_older(rest[0], salts[0]):
                return
            is_known = False
        else:
            is_known = 0 < page < 1 << 31
        if is_known:
            yield Frame(page, pages_after, is_whole, content)
        before = own


def _is_older(salt: int, present: int) -> bool:
    """Tell whether a frame is of the log before it was begun anew, which counts the first salt."""
    return 0 < (present - salt) & 0xFFFFFFFF < 1 << 16


def _sums(data: bytes, order: str, start: tuple[int, int]) -> tuple[int, int]:
    """Return the checksums of a log (SQLite's file format, 4.2) over words of four bytes."""
    sign = "<" if order == "little" else ">"
    words = unpack(f"{sign}{len(data) // 4}I", data)
    first, second = start
    for index in range(0, len(words), 2):
        first = (first + words[index] + second) & 0xFFFFFFFF
        second = (second + words[index + 1] + first) & 0xFFFFFFFF
    return first, second

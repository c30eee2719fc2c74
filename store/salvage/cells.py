"""What stands on one page of a tree (SQLite's file format, 1.6 and 2): cells, and their records.

Everything is taken for damaged that SQLite would not have written.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from struct import unpack_from
from typing import TYPE_CHECKING, TypeAlias

from store.salvage.pages import HEADER_BYTES

if TYPE_CHECKING:
    from store.salvage.pages import Pages


class Lost(Enum):
    """Stands for a value that was on another page, which can't be read."""

    LOST = 0


LOST = Lost.LOST
Value: TypeAlias = "int | float | str | bytes | Lost | None"

INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE = 2, 5, 10, 13
_KINDS = {INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE}
_LONGEST = 1_000_000_000
_LARGEST_CONTENT = 65_536
"""Where cells begin if zero stands there, which has no room for more."""
_NUMBERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of whole numbers by their serial type."""


class DamageError(Exception):
    """Bytes that SQLite would not have written."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A row, a way to another page, or both."""

    child: int | None
    rowid: int | None
    values: tuple[Value, ...] | None
    chain: tuple[int, ...] = ()
    """The pages that the record goes on in."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a tree."""

    kind: int
    cells: tuple[Cell | None, ...]
    """None for one that can't be read."""
    last_child: int | None
    is_whole: bool
    """Whether everything on it is accounted for."""

    @property
    def is_interior(self) -> bool:
        """Whether it leads to other pages."""
        return self.kind in {INTERIOR_INDEX, INTERIOR_TABLE}


def read_page(pages: Pages, number: int) -> Page | None:
    """Return what stands on a page, or None where it is no page of a tree."""
    data = pages[number]
    if data is None:
        return None
    start = HEADER_BYTES if number == 1 else 0
    kind, free, count, content, fragments = unpack_from(">BHHHB", data, start)
    if kind not in _KINDS:
        return None
    is_interior = kind in {INTERIOR_INDEX, INTERIOR_TABLE}
    first = start + (12 if is_interior else 8)
    content = content or _LARGEST_CONTENT
    if not first + 2 * count <= content <= pages.size:
        return None
    pointers = unpack_from(f">{count}H", data, first)
    used = _free_bytes(data, free, pages.size) + fragments
    cells: list[Cell | None] = []
    for pointer in pointers:
        cell, length = None, 0
        if content <= pointer < pages.size:
            with suppress(DamageError, struct.error, IndexError):
                cell, length = _cell(pages, data, kind, pointer)
        cells.append(cell)
        used += max(4, length)
    last = unpack_from(">I", data, start + 8)[0] if is_interior else None
    return Page(kind, tuple(cells), last, None not in cells and used == pages.size - content)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and the place behind it."""
    value = 0
    for place in range(at, at + 8):
        byte = data[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 the bit that says that more follows
            return value, place + 1
    value = value << 8 | data[at + 8]
    return (value - (1 << 64) if value >> 63 else value), at + 9


def decoded(payload: bytes, total: int) -> tuple[Value, ...]:
    """Return the values of a record that is `total` bytes long; those behind its end are lost."""
    length, at = varint(payload, 0)
    if not at <= length <= len(payload):
        raise DamageError
    types: list[int] = []
    while at < length:
        kind, at = varint(payload, at)
        types.append(kind)
    if at != length or length + sum(map(_length, types)) != total:
        raise DamageError
    values: list[Value] = []
    for kind in types:
        end = at + _length(kind)
        values.append(_value(kind, payload[at:end]) if end <= len(payload) else LOST)
        at = end
    return tuple(values)


def _cell(pages: Pages, data: bytes, kind: int, at: int) -> tuple[Cell, int]:
    """Return a cell, and how many bytes of the page it takes."""
    start, child, rowid = at, None, None
    if kind in {INTERIOR_INDEX, INTERIOR_TABLE}:
        (child,) = unpack_from(">I", data, at)
        at += 4
    if kind == INTERIOR_TABLE:
        rowid, at = varint(data, at)
        return Cell(child, rowid, None), at - start
    total, at = varint(data, at)
    if kind == LEAF_TABLE:
        rowid, at = varint(data, at)
    if not 0 < total < _LONGEST:
        raise DamageError
    local = _local(total, pages.size, is_table=kind == LEAF_TABLE)
    payload, end = data[at : at + local], at + local
    if len(payload) < local:
        raise DamageError
    chain: tuple[int, ...] = ()
    if local < total:
        (following,) = unpack_from(">I", data, end)
        rest, chain = _overflow(pages, following, total - local)
        payload, end = payload + rest, end + 4
    return Cell(child, rowid, decoded(payload, total), chain), end - start


def _local(total: int, size: int, *, is_table: bool) -> int:
    """Return how many bytes of a record stand on the page itself."""
    most = size - 35 if is_table else (size - 12) * 64 // 255 - 23
    if total <= most:
        return total
    least = (size - 12) * 32 // 255 - 23
    wanted = least + (total - least) % (size - 4)
    return wanted if wanted <= most else least


def _overflow(pages: Pages, number: int, length: int) -> tuple[bytes, tuple[int, ...]]:
    """Return what of a record's rest can be read, and on which pages it stands."""
    parts: list[bytes] = []
    chain: list[int] = []
    while length > 0:
        page = pages[number]
        if page is None or number in chain or number in pages.stale:
            break
        following = unpack_from(">I", page)[0]
        parts.append(page[4 : 4 + length])
        chain.append(number)
        is_last = length <= pages.size - 4
        if is_last != (following == 0):
            parts.pop()  # nor is what stands there to be trusted
            break
        length -= pages.size - 4
        number = following
    return b"".join(parts), tuple(chain)


def _free_bytes(data: bytes, at: int, size: int) -> int:
    """Return how many bytes the chain of free blocks has; a wrong chain has a wrong sum."""
    total = 0
    for _ in range(size // 4):
        if not at or at + 4 > size:
            break
        at, length = unpack_from(">HH", data, at)
        total += length
    return total


def _length(kind: int) -> int:
    if kind in _NUMBERS:
        return _NUMBERS[kind]
    if kind == 7:  # noqa: PLR2004 a number with a point
        return 8
    if kind in {0, 8, 9}:
        return 0
    if kind < 12:  # noqa: PLR2004 never written into a file, nor less than nothing
        raise DamageError
    return (kind - 12) // 2


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind in {8, 9}:
        return kind - 8
    if kind in _NUMBERS:
        return int.from_bytes(data, "big", signed=True)
    if kind == 7:  # noqa: PLR2004 as above
        return float(struct.unpack(">d", data)[0])
    if kind % 2 == 0:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise DamageError from error

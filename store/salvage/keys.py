"""What the rows of a tree are ordered by, as values that compare as SQLite compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from store.salvage.cells import LOST, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Part: TypeAlias = "tuple[int, int | float | bytes]"
Key: TypeAlias = "tuple[Part, ...]"

_INVERTED = bytes(255 - byte for byte in range(256))
_END = b"\xff"


def key_of(values: Iterable[Value]) -> Key:
    """Return the key of values that all ascend: NULL, then numbers, texts, blobs."""
    return tuple(map(_part, values))


def key_in_order(
    values: Sequence[Value], descending: Sequence[bool], without_case: Sequence[bool]
) -> Key:
    """Return the key of values each of which has its own direction and collation."""
    parts = []
    for value, descends, folds in zip(values, descending, without_case, strict=True):
        part = _part(value)
        if folds and isinstance(part[1], bytes):
            part = (part[0], part[1].lower())  # SQLite folds what ASCII has
        parts.append(_turned(part) if descends else part)
    return tuple(parts)


def _part(value: Value) -> Part:
    if value is None or value is LOST:
        return 0, 0
    if isinstance(value, str):
        return 2, value.encode()
    if isinstance(value, bytes):
        return 3, value
    return 1, value


def _turned(part: Part) -> Part:
    """Return what ascends where a part descends."""
    rank, value = part
    if isinstance(value, bytes):
        return -rank, value.translate(_INVERTED) + _END
    return -rank, -value

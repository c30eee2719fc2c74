"""What a segment keeps of each document: the lengths of its fields, and numbers in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from store.engine.whoosh import byte_to_length

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.arrayfile import ArrayFile, ArrayFileWriter

LENGTHS: NDArray[np.int64] = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
"""The lengths that Whoosh's bytes stand for: it keeps them in one byte each, rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The documents of a segment, by their numbers."""

    lengths: Mapping[str, NDArray[np.uint8]]
    """Of each field that any document has, in Whoosh's bytes."""
    totals: Mapping[str, int]
    """The lengths of each field in all documents together, as exact as they are known."""
    columns: Mapping[str, NDArray[np.int64]]
    count: int

    def length_bytes(self, field: str) -> NDArray[np.uint8]:
        """Return the length of a field in each document, in Whoosh's bytes."""
        found = self.lengths.get(field)
        return np.zeros(self.count, np.uint8) if found is None else found

    def write(self, file: ArrayFileWriter) -> None:
        """Write them into a file of their own."""
        for field, lengths in self.lengths.items():
            file.add(f"length.{field}", lengths)
        for name, column in self.columns.items():
            file.add(f"column.{name}", column)
        file.note("totals", dict(self.totals))
        file.note("count", self.count)

    @classmethod
    def read(cls, file: ArrayFile) -> Documents:
        """Return what `write` wrote, as views of the file."""
        parts: dict[str, dict[str, NDArray[np.uint8]]] = {"length": {}, "column": {}}
        for name in file:
            kind, _, field = name.partition(".")
            parts[kind][field] = file[name]
        columns = {name: column.view(np.int64) for name, column in parts["column"].items()}
        return cls(parts["length"], file.facts["totals"], columns, file.facts["count"])


def to_bytes(lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return lengths in Whoosh's bytes."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), len(LENGTHS) - 1).astype(np.uint8)


def joined(parts: Sequence[tuple[Documents, NDArray[np.bool_]]]) -> Documents:
    """Return the documents of all parts that stay.

    The lengths of a part that stays as a whole are summed as they are known there; of others, as
    they are rounded.
    """
    count = sum(int(stays.sum()) for _, stays in parts)
    fields = sorted({field for documents, _ in parts for field in documents.lengths})
    whole = (np.concatenate([one.length_bytes(f)[stays] for one, stays in parts]) for f in fields)
    # Those that had a field may all be gone.
    lengths = {field: own for field, own in zip(fields, whole, strict=True) if own.any()}
    names = sorted({name for documents, _ in parts for name in documents.columns})
    return Documents(
        lengths,
        {field: sum(_total(one, field, stays) for one, stays in parts) for field in lengths},
        {n: np.concatenate([one.columns[n][stays] for one, stays in parts]) for n in names},
        count,
    )


def _total(documents: Documents, field: str, stays: NDArray[np.bool_]) -> int:
    if stays.all():
        return documents.totals.get(field, 0)
    return int(LENGTHS[documents.length_bytes(field)[stays]].sum())

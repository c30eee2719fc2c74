"""Whoosh's writer of segments, taking whole batches of documents as arrays at a time.

Locks, generations, deletions, the table of contents and its replacement are Whoosh's. What it does
posting by posting, filling a segment and merging others into it, is done here with arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrayfile import ArrayFile
from store.engine.codec import ArrayCodec
from store.engine.documents import Documents, joined
from store.engine.files import POSTINGS, file_of, postings_in, read_documents, write_postings
from store.engine.merging import GONE, Part, merged
from store.engine.whoosh import TOC, SegmentWriter, clean_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.postings import FieldPostings

MOST_DOCUMENTS = 40_000
"""No merge makes a larger segment: that bounds its time and memory, and numbers take two bytes."""
SMALL = 2_000
"""A segment of so many documents is written again with the next one, a part of a second's work."""
MANY = 6
"""So many segments of less than half the greatest size are made one."""


class Batch(NamedTuple):
    """New documents: what is kept of each, and their postings by field."""

    documents: Documents
    fields: Mapping[str, FieldPostings]


class _Source(NamedTuple):
    """What goes into the new segment from one place."""

    documents: Documents
    fields: Mapping[str, FieldPostings]
    stays: NDArray[np.bool_]
    numbers: NDArray[np.int64]
    file: ArrayFile | None = None
    """Where the postings are mapped from."""


class ArrayWriter(SegmentWriter):  # type: ignore[misc] # Whoosh has no type information
    """One commit: a batch of documents, deletions, and segments that are merged with it.

    `settle` is called with the new list of segments and the generation when their files are on the
    disk, and before those of the segments that were merged go. The caller holds the lock.
    """

    def __init__(self, index: Any, settle: Callable[[Sequence[Any], int], None]) -> None:
        super().__init__(index, codec=ArrayCodec(), compound=False, _lk=False)
        self._settle = settle
        self._sources: list[_Source] = []

    def add_batch(self, batch: Batch) -> None:
        """Add new documents."""
        stays = np.ones(batch.documents.count, bool)
        self._add(_Source(batch.documents, batch.fields, stays, self._next_numbers(stays)))

    def add_reader(self, reader: Any) -> None:
        """Take over what is left of a segment."""
        segment = reader.segment()
        stays = np.ones(segment.doc_count_all(), bool)
        stays[list(segment.deleted_docs())] = False
        documents = read_documents(self.storage, segment)
        file = ArrayFile(file_of(self.storage, segment, POSTINGS))
        fields = postings_in(file)
        self._add(_Source(documents, fields, stays, self._next_numbers(stays), file))

    def merge_small(self, segments: Sequence[Any]) -> list[Any]:
        """Merge the small segments into the new one, and return the others: for every commit."""
        return self._merge(segments, lambda count: max(count, self.doc_count()) <= SMALL)

    def merge_most(self, segments: Sequence[Any]) -> list[Any]:
        """Merge as many segments as fit into one, the smallest first, and return the others."""
        return self._merge(segments, lambda count: self.doc_count() + count <= MOST_DOCUMENTS)

    def _merge(self, segments: Sequence[Any], fits: Callable[[int], bool]) -> list[Any]:
        """Merge the segments whose numbers of documents fit, the smallest first."""
        kept = []
        for segment in sorted(segments, key=lambda one: int(one.doc_count())):
            if not fits(int(segment.doc_count())):
                kept.append(segment)
            elif segment.doc_count():
                self.add_reader(_OfSegment(segment))
        return [segment for segment in segments if segment in kept]

    def _next_numbers(self, stays: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.where(stays, self.docnum + np.cumsum(stays) - 1, GONE)

    def _add(self, source: _Source) -> None:
        self._sources.append(source)
        self.docnum += int(source.stays.sum())
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.documents = joined([(one.documents, one.stays) for one in self._sources])
        self.perdocwriter.close()
        write_postings(file_of(self.storage, self.newsegment, POSTINGS), self._merged_fields())
        self.fieldwriter.close()
        self._sources.clear()

    def _merged_fields(self) -> Iterator[tuple[str, FieldPostings]]:
        for name in sorted({name for source in self._sources for name in source.fields}):
            own = [source for source in self._sources if name in source.fields]
            field = merged([Part(source.fields[name], source.numbers) for source in own])
            if len(field.terms):  # those that had it may all be gone
                yield name, field
            for source in own:
                if source.file is not None:
                    source.file.let_go()

    def _close_segment(self) -> None:
        # Where nothing was added there is no segment, and no file of one.
        self.pool.cleanup()

    def _commit_toc(self, segments: list[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self._settle(segments, self.generation)
        clean_files(self.storage, self.indexname, self.generation, segments)


class _OfSegment(NamedTuple):
    """Stands for Whoosh's reader, of which nothing but the segment is asked."""

    of: Any

    def segment(self) -> Any:
        return self.of


def is_worth_merging(segments: Sequence[Any], many: int = MANY) -> bool:
    """Tell whether there are so many segments that searches feel it."""
    counts = [int(one.doc_count()) for one in segments]
    return sum(count < MOST_DOCUMENTS // 2 for count in counts) >= many

"""Whoosh's codec whose segments are two files of mapped arrays: documents and postings.

All that Whoosh asks of a codec is here, so that its own writers and searchers work on these
segments as on any other; `store.engine.writing` and `store.engine.evaluating` do the same with
whole arrays at a time. A table of contents names the classes of this module in a pickle: their
names and this module's are part of the format.
"""

from __future__ import annotations

from typing import Any

from store.engine.files import DOCUMENTS, POSTINGS, file_of, read_documents, read_postings
from store.engine.reading import DocumentsReader, PostingsReader
from store.engine.recording import DocumentsWriter, PostingsWriter
from store.engine.whoosh import Codec, W3Segment


class ArraySegment(W3Segment):  # type: ignore[misc] # Whoosh has no type information
    """A segment that stays in its files, which are mapped."""

    def should_assemble(self) -> bool:
        """Tell that no compound file is to be made of it."""
        return False


class ArrayCodec(Codec):  # type: ignore[misc]
    """The codec of mapped arrays."""

    def per_document_writer(self, storage: Any, segment: Any) -> DocumentsWriter:
        """Return what writes the documents of a segment."""
        return DocumentsWriter(file_of(storage, segment, DOCUMENTS))

    def field_writer(self, storage: Any, segment: Any) -> PostingsWriter:
        """Return what writes the postings of a segment."""
        return PostingsWriter(file_of(storage, segment, POSTINGS))

    def terms_reader(self, storage: Any, segment: Any) -> PostingsReader:
        """Return what reads the terms of a segment."""
        return PostingsReader(read_postings(storage, segment), read_documents(storage, segment))

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentsReader:
        """Return what reads the documents of a segment."""
        return DocumentsReader(segment, read_documents(storage, segment))

    def new_segment(self, _: Any, indexname: str) -> ArraySegment:
        """Return a segment without documents."""
        return ArraySegment(self, indexname)

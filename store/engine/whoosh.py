"""Whoosh, imported quietly: its 2.7.4 has invalid escapes, of which newer Pythons warn.

Everything that it imports while it works is named here, so that no warning comes later.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import query, versionstring
    from whoosh.codec.base import (
        Codec,
        FieldCursor,
        FieldWriter,
        PerDocumentReader,
        PerDocumentWriter,
        TermsReader,
    )
    from whoosh.codec.whoosh3 import W3Segment
    from whoosh.collectors import UnlimitedCollector
    from whoosh.columns import ColumnReader, NumericColumn
    from whoosh.fields import COLUMN, FieldType, Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.formats import Format
    from whoosh.index import TOC, FileIndex, clean_files
    from whoosh.matching import (
        AndNotMatcher,
        IntersectionMatcher,
        ListMatcher,
        UnionMatcher,
        WrappingMatcher,
    )
    from whoosh.query import spans
    from whoosh.reading import SegmentReader, TermInfo, TermNotFound
    from whoosh.scoring import BM25F
    from whoosh.searching import Searcher
    from whoosh.util import make_binary_tree
    from whoosh.util.numeric import byte_to_length
    from whoosh.writing import SegmentWriter

VERSION: str = versionstring()

__all__ = [
    "BM25F",
    "COLUMN",
    "TOC",
    "VERSION",
    "AndNotMatcher",
    "Codec",
    "ColumnReader",
    "FieldCursor",
    "FieldType",
    "FieldWriter",
    "FileIndex",
    "FileStorage",
    "Format",
    "IntersectionMatcher",
    "ListMatcher",
    "NumericColumn",
    "PerDocumentReader",
    "PerDocumentWriter",
    "Schema",
    "Searcher",
    "SegmentReader",
    "SegmentWriter",
    "TermInfo",
    "TermNotFound",
    "TermsReader",
    "UnionMatcher",
    "UnlimitedCollector",
    "W3Segment",
    "WrappingMatcher",
    "byte_to_length",
    "clean_files",
    "make_binary_tree",
    "query",
    "spans",
]

"""Whoosh, imported quietly: its 2.7.4 has invalid escapes, of which newer Pythons warn.

Everything that it imports while it works is named here, so that no warning comes later.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import versionstring
    from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo, W3TermsReader
    from whoosh.columns import NumericColumn
    from whoosh.fields import FieldType, Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.formats import Existence, Format
    from whoosh.index import TOC, FileIndex, clean_files
    from whoosh.matching import ListMatcher
    from whoosh.reading import SegmentReader, TermNotFound
    from whoosh.system import pack_ushort
    from whoosh.util.numeric import byte_to_length
    from whoosh.writing import SegmentWriter

VERSION: str = versionstring()

__all__ = [
    "TOC",
    "VERSION",
    "Existence",
    "FieldType",
    "FileIndex",
    "FileStorage",
    "Format",
    "ListMatcher",
    "NumericColumn",
    "Schema",
    "SegmentReader",
    "SegmentWriter",
    "TermNotFound",
    "W3Codec",
    "W3FieldWriter",
    "W3TermInfo",
    "W3TermsReader",
    "byte_to_length",
    "clean_files",
    "pack_ushort",
]

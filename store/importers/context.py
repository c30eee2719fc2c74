"""What an importer may know beside the bytes that it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from store.errors import RecordError
from store.importers.source import Source
from store.models import Record

if TYPE_CHECKING:
    from datetime import date

    from store.importers.detection import Head


def _first_reading(digest: str, guessed_day: str) -> str:  # noqa: ARG001 - nothing to look up in
    return guessed_day


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The clock, what the reader said, and what was said of the same content before."""

    today: date
    day: str | None = None
    """The listed day that the reader gave, `2026-03-12`."""
    recall_day: Callable[[str, str], str] = _first_reading
    """Takes a content's SHA-256 digest and the day guessed now; gives the day guessed at first."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The columns of tables that the reader named, by field of `store.importers.fieldnames`."""


Importer: TypeAlias = Callable[[BinaryIO, Source, ReadingContext], Iterator[Record | RecordError]]
"""Reads decompressed bytes; yields a RecordError for each record that it refuses.

It raises SourceError where the rest can't be read; what it yielded before stands.
"""


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A format that papers are read from."""

    read: Importer
    looks_like: Callable[[Head], bool]
    """Tells whether a content begins like one of this format."""
    summary: str
    """What it is, in one line of lower case."""
    example: str
    """A command that brings such papers in."""

"""Tables: CSV, TSV and what spreadsheets and databases make of them.

The first line that names a title, an abstract or an identifier is the header; lines above it, such
as a note on the export, are passed over. Which column is what is guessed by its name, and the
reader may say so: the columns of `ReadingContext` go before every guess.
"""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError, SourceError
from store.importers.drafts import to_record
from store.importers.fieldnames import CANONICAL, draft_of, squashed, titles_papers
from store.importers.textlines import TOO_LONG, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.importers.textlines import Line
    from store.models import Record

LONGEST_CELL = 4 * 1024 * 1024
"""Characters: a quotation mark that is never closed takes in no more."""

_MOST_LINES_ABOVE = 30
_DELIMITERS = "\t,;|"
# A cell that began like a formula has an apostrophe before it, from our own export among others.
_GUARDED = re.compile(r"'(?=[=+\-@])")
_MISSING = frozenset({"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"})
"""What R, pandas and databases write for a value that is not there."""


class _Lines:
    """The lines of a table, one after the other, with the number of the latest."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.number = 0
        self.too_long = 0
        """The number of a line that was too long, 0 if none was."""
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number = line.number
        if line.is_too_long:
            self.too_long = line.number
        return f"{line.text}\n"


def looks_like_table(head: str) -> bool:
    """Tell whether a text that begins so has a header of several columns that names papers."""
    lines = head.split("\n")[:_MOST_LINES_ABOVE]
    return any(header and len(header[1]) > 1 for header in map(_header, lines))


def has_columns(head: str, names: Iterable[str]) -> bool:
    """Tell whether a text that begins so has a header with one of these columns."""
    wanted = frozenset(map(squashed, names))
    return any(_header(line, wanted) for line in head.split("\n")[:_MOST_LINES_ABOVE])


def read_table(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of a table, a row each; blank rows are left out."""
    lines = _Lines(lines_of(stream))
    named = context.columns
    delimiter, header = _found_header(lines, source.name, named.values())
    columns = _columns(header, source.name, named)
    for position, cells in _rows(lines, delimiter):
        if isinstance(cells, RecordError):
            yield cells
            continue
        values: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=False):
            # Of columns of one name the first that is filled counts.
            if name and cell.strip() not in _MISSING:
                values.setdefault(name, _GUARDED.sub("", cell.strip(), count=1))
        if values:
            draft = draft_of(values, position, "table", listed=context.day)
            yield to_record(draft, "table", context)


def _found_header(lines: _Lines, name: str, wanted: Iterable[str]) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    for text in lines:
        header = _header(text, wanted=frozenset(map(squashed, wanted)))
        if header:
            return header
        if lines.number >= _MOST_LINES_ABOVE:
            break
    raise SourceError(
        name,
        "has no header with a title, an abstract or an identifier; say which column is which,"
        " as in '--column title=Name'",
    )


def _header(line: str, wanted: frozenset[str] = frozenset()) -> tuple[str, list[str]] | None:
    """Return the delimiter and the cells of a line, if it can be a header."""
    found: list[tuple[str, list[str]]] = []
    if line.lstrip().startswith("|"):
        # A table of Markdown.
        return None
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line.strip("\r\n")], delimiter=delimiter), [])
        except csv.Error:
            continue
        if titles_papers(cells) or wanted & set(map(squashed, cells)):
            found.append((delimiter, cells))
    return max(found, key=lambda one: len(one[1]), default=None)


def _columns(header: list[str], name: str, named: Mapping[str, str]) -> list[str]:
    """Return the squashed name of each column; what the reader named goes by its field's first."""
    columns = [squashed(cell) for cell in header]
    for field, column in named.items():
        if squashed(column) not in columns:
            raise SourceError(name, _no_column(column, header))
        place = columns.index(squashed(column))
        own = CANONICAL[field]
        columns = ["" if one in own else one for one in columns]
        columns[place] = own[0]
    return columns


def _no_column(column: str, header: list[str]) -> str:
    # Needed beside a mistake alone.
    from difflib import get_close_matches

    cells = [cell.strip() for cell in header]
    nearest = get_close_matches(column, cells, n=1)
    meant = f"; did you mean '{nearest[0]}'?" if nearest else ""
    return f"has no column '{column}'{meant} (there are {', '.join(cells)})"


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let cells be longer than usual: the limit is the whole process's, so only for a moment."""
    usual = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[str, list[str] | RecordError]]:
    """Yield each row with the line that it begins on."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        position = f"line {lines.number + 1}"
        try:
            with _long_cells():
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield position, RecordError(position, f"is no row of a table: {error}")
            continue
        if lines.too_long:
            position, lines.too_long = f"line {lines.too_long}", 0
            yield position, RecordError(position, TOO_LONG)
        else:
            yield position, cells

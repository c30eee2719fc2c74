"""Tables: CSV, TSV and what spreadsheets and databases make of them.

The first line that names a title, an abstract or an identifier is the header; lines above it, such
as a note on the export, are passed over. Which column is what is guessed by its name, and the
reader may say so: the columns of `ReadingContext` go before every guess.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError, SourceError
from store.importers.drafts import to_record
from store.importers.fieldnames import CANONICAL, draft_of, squashed, titles_papers
from store.importers.textlines import CUT_SHORT, TOO_LONG, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.importers.textlines import Line
    from store.models import Record

LONGEST_ROW = 4 * 1024 * 1024
"""Characters: a quotation mark that is never closed takes in no more."""
MOST_READ_AGAIN = 4 * LONGEST_ROW
"""Characters: so many are read twice where quotation marks were not closed."""

MOST_BLANK = 1 << 20
"""Rows on end: a spreadsheet has no more in all."""

_LONG_ROW = f"is longer than {LONGEST_ROW // 1024**2} million characters"
_OPEN_ROW = "is no row of a table: a quotation mark in it is never closed"
_MOST_LINES_ABOVE = 30
_DELIMITERS = "\t,;|"
# A cell that began like a formula has an apostrophe before it, from our own export among others.
_GUARDED = re.compile(r"'(?=[=+\-@])")
_MISSING = frozenset({"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"})
"""What R, pandas and databases write for a value that is not there."""


class _Lines:
    """The lines of a table, those of the latest row at hand; some may be given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.row: list[Line] = []
        """What was read since a row began."""
        self.number = 0
        """The number of the latest line."""
        self._size = 0
        self._lines = lines
        self._again: deque[Line] = deque()
        self._to_spare = MOST_READ_AGAIN

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number = line.number
        self.row.append(line)
        self._size += len(line.text) + 1
        if line.is_too_long or self.is_endless:
            raise csv.Error(TOO_LONG)
        return f"{line.text}\n"

    @property
    def is_endless(self) -> bool:
        """Whether this row goes on for too long."""
        return self._size > LONGEST_ROW

    def begin_row(self) -> None:
        """Let go of the lines of the row before."""
        self.row, self._size = [], 0

    def give_back(self, used: int) -> int:
        """Give back the lines of this row but the first `used` ones; return how many are lost.

        A file in which that goes on and on gets none back, so that its reading comes to an end.
        """
        unused = self.row[used:]
        self._to_spare -= self._size
        if self._to_spare < 0:
            return len(unused)
        self._again.extendleft(reversed(unused))
        return 0


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
    blank = 0
    for position, cells in _rows(lines, delimiter, len(header)):
        if isinstance(cells, RecordError):
            yield cells
            continue
        values: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=False):
            # Of columns of one name the first that is filled counts.
            if name and cell.strip() not in _MISSING:
                values.setdefault(name, _GUARDED.sub("", cell.strip(), count=1))
        blank = 0 if values else blank + 1
        if blank > MOST_BLANK:
            raise SourceError(
                source.name, f"{position}: after {MOST_BLANK:,} blank rows the rest is left out"
            )
        if values:
            draft = draft_of(values, position, "table", listed=context.day)
            yield to_record(replace(draft, family_first=True), "table", context)


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
    usual = csv.field_size_limit(LONGEST_ROW)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _rows(
    lines: _Lines, delimiter: str, width: int
) -> Iterator[tuple[str, list[str] | RecordError]]:
    """Yield each row with the line that it begins on; `width` is how many cells the header has."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    were_whole = False
    while True:
        lines.begin_row()
        try:
            with _long_cells():
                cells = _row(reader, lines, delimiter, width)
        except StopIteration:
            return
        position = cells.position if isinstance(cells, RecordError) else lines.row[0].position
        is_whole = len(cells) >= width if isinstance(cells, list) else False
        if were_whole and not is_whole and not lines.row[-1].is_ended:
            cells = RecordError(position, CUT_SHORT)
        were_whole = were_whole or is_whole
        yield position, cells


def _row(
    reader: Iterator[list[str]], lines: _Lines, delimiter: str, width: int
) -> list[str] | RecordError:
    try:
        return next(reader)
    except csv.Error:
        return _of_damaged(lines, delimiter, width)


def _of_damaged(lines: _Lines, delimiter: str, width: int) -> list[str] | RecordError:
    """Return the row whose quotation marks do not match, and give back what is none of it.

    Where a mark is never closed, or is closed by one that opens a cell of a later row, the line is
    refused alone. Between tabs, where few quote cells, the mark is a sign like any other.
    """
    first, *others = lines.row
    if first.is_too_long or (lines.is_endless and not others):
        return RecordError(first.position, TOO_LONG if first.is_too_long else _LONG_ROW)
    if not lines.is_endless:
        cells, used = _leniently([line.text for line in lines.row], delimiter)
        later = [line.text for line in others[: used - 1]]
        is_whole = used <= len(lines.row)
        if is_whole and not any(_begins_row(text, delimiter, width) for text in later):
            lines.give_back(used)
            return cells
    lost = lines.give_back(1)
    literal = first.text.split(delimiter)
    if delimiter == "\t" and len(literal) == width and not lost:
        return literal
    also = f", and {lost:,} lines after it are left out" if lost else ""
    return RecordError(first.position, f"{_OPEN_ROW}{also}")


def _leniently(texts: list[str], delimiter: str) -> tuple[list[str], int]:
    """Return the cells of a row and how many lines they take: more than there are if it goes on."""
    reader = csv.reader([f"{text}\n" for text in [*texts, ""]], delimiter=delimiter)
    return next(reader), reader.line_num


def _begins_row(text: str, delimiter: str, width: int) -> bool:
    """Tell whether a line is a row by itself, or its first cell is a quoted one."""
    if text.startswith('"') and text[1:2] not in {"", '"', delimiter}:
        return True
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return False
    return len(cells) == width > 1

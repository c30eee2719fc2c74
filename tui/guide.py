"""The help as lines: every command and what it would do now, and the search language."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from store.query.fields import FIELDS
from tui.format import one_line
from tui.matching import Folded, typed_words
from tui.paging import Line, Piece, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SYNTAX = (
    ("diffusion video", "papers with both words"),
    ('"graph neural"', "the words in a row"),
    ("diffus*", "words that begin so"),
    ("-survey", "papers without the word"),
    ("(speech OR audio) codec", "either of two"),
)
"""Examples of what is no field."""
LANGUAGE = "Search language"

INDENT = 2
GAP = 2
ROOMY_FROM = 100
"""On narrower screens the columns at the left are narrower too."""
WIDEST_KEYS = (12, 16)
WIDEST_EXAMPLE = (22, 28)
"""Cells of a column where there is little room, and where there is more."""
NARROWEST_NOW = 20
"""With less room beside the summary, what a command would do now stands below it."""
NARROWEST_SUMMARY = 12
LANGUAGE_BESIDE_FROM = 160
"""Wider screens show the search language beside the commands."""
PARTS_GAP = 4


class HelpRow(NamedTuple):
    """A command as the help shows it."""

    group: str
    keys: str
    summary: str
    """What it does."""
    now: str = ""
    """What it would do at this moment, with names in it; empty where that adds nothing."""


class _Cell(NamedTuple):
    """A text of a row, and the places in it of the words of the filter."""

    text: str
    found: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        return cell_len(self.text)


_Block = list[tuple[Piece, ...]]
"""The lines that something takes."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What the help is made of; it is laid out as a whole, or for the words of a filter."""

    rows: tuple[HelpRow, ...]
    syntax: tuple[tuple[str, str], ...]
    """Examples of the search language and what they mean."""

    @classmethod
    def of(cls, rows: Iterable[HelpRow], syntax: Iterable[tuple[str, str]]) -> Guide:
        """Take commands, and examples that come before those of the fields; all made safe."""
        fields = ((field.example, field.meaning) for field in FIELDS)
        return cls(
            tuple(HelpRow(*map(one_line, row)) for row in rows),
            tuple((one_line(one), one_line(other)) for one, other in (*syntax, *fields)),
        )

    def lines(self, width: int, query: str = "") -> list[Line]:
        """Return the lines for so many cells, of what has every word of `query`."""
        words = typed_words(query)
        if width < LANGUAGE_BESIDE_FROM:
            blocks = self._commands(width, words) + self._language(width, words)
            lines = _numbered(blocks)
        else:
            left = (width - PARTS_GAP) * 3 // 5
            right = width - PARTS_GAP - left
            lines = _beside(
                _numbered(self._commands(left, words)),
                _numbered(self._language(right, words)),
                left + PARTS_GAP,
            )
        # Parts begin with a blank line, which the first one has no need of.
        return lines[1:] or [Line((Piece(f"Nothing matches '{one_line(query)}'", "quiet"),))]

    def _commands(self, width: int, words: Sequence[str]) -> list[_Block]:
        # The columns are those of all rows, so that a filter moves nothing sideways.
        keys = _column((row.keys for row in self.rows), width, WIDEST_KEYS)
        room = max(NARROWEST_SUMMARY, width - INDENT - keys - GAP)
        summary = max((cell_len(row.summary) for row in self.rows), default=0)
        now = room - summary - GAP
        if now < NARROWEST_NOW:
            summary, now = room, 0
        blocks: list[_Block] = []
        for group, rows in groupby(self.rows, lambda row: row.group):
            shown = [cells for row in rows if (cells := _cells((*row[1:], group), words))]
            if shown:
                blocks.append(_heading(shown[0][-1]))
            blocks += [_command(cells, keys, summary, now) for cells in shown]
        return blocks

    def _language(self, width: int, words: Sequence[str]) -> list[_Block]:
        column = _column((example for example, _ in self.syntax), width, WIDEST_EXAMPLE)
        room = max(NARROWEST_SUMMARY, width - INDENT - column - GAP)
        shown = [cells for one in self.syntax if (cells := _cells((*one, LANGUAGE), words))]
        if not shown:
            return []
        return [
            _heading(shown[0][-1]),
            *(
                _paired(_wrapped(example, "keys", column), _wrapped(meaning, "text", room))
                for example, meaning, _ in shown
            ),
        ]


def _cells(texts: Sequence[str], words: Sequence[str]) -> list[_Cell]:
    """Return what is found in the texts; empty where a word is in none of them."""
    if not words:
        return [_Cell(text) for text in texts]
    folded = [Folded.of(text) for text in texts]
    if not all(any(word in one.text for one in folded) for word in words):
        return []
    return [_Cell(text, one.containing(words)) for text, one in zip(texts, folded, strict=True)]


def _column(texts: Iterable[str], width: int, widest: tuple[int, int]) -> int:
    """Return the cells of the longest text that a column has room for; others are wrapped."""
    most = widest[width >= ROOMY_FROM]
    taken = [cells for text in texts if (cells := cell_len(text))]
    return max((cells for cells in taken if cells <= most), default=most if taken else 0)


def _heading(name: _Cell) -> _Block:
    return [(), (Piece(name.text, "heading", name.width, name.found),)]


def _command(cells: Sequence[_Cell], keys: int, summary: int, now: int) -> _Block:
    pressed, does, would, _ = cells
    right = _wrapped(does, "text", summary)
    text, found = f"→ {would.text}", tuple(at + 2 for at in would.found)
    if would.text and not now:
        right.append(Piece(text, "quiet", summary, found))
    block = _paired(_wrapped(pressed, "keys", keys), right)
    if would.text and now:
        block[0] += (Piece(" " * GAP, "quiet", GAP), Piece(text, "quiet", now, found))
    return block


def _paired(left: Sequence[Piece], right: Sequence[Piece]) -> _Block:
    """Return lines of two columns, which begin side by side."""
    empty = [part[0]._replace(text="", found=()) for part in (left, right)]
    lines = zip_longest(left, right)
    return [_line(one or empty[0], other or empty[1]) for one, other in lines]


def _line(left: Piece, right: Piece) -> tuple[Piece, ...]:
    indent, gap = (Piece(" " * cells, "text", cells) for cells in (INDENT, GAP))
    return (indent, left, gap, right)


def _wrapped(cell: _Cell, look: str, width: int) -> list[Piece]:
    pieces, end = [], 0
    for part in wrapped(cell.text, width):
        start = cell.text.index(part, end)
        end = start + len(part)
        found = tuple(at - start for at in cell.found if start <= at < end)
        pieces.append(Piece(part, look, width, found))
    return pieces


def _numbered(blocks: Iterable[_Block]) -> list[Line]:
    return [Line(pieces, source) for source, block in enumerate(blocks) for pieces in block]


def _beside(left: Sequence[Line], right: Sequence[Line], width: int) -> list[Line]:
    """Return lines with those of `right` beside them, from `width` cells on."""
    lines = []
    source = 0
    for one, other in zip_longest(left, right):
        source = one.source if one else source
        pieces = one.pieces if one else ()
        taken = sum(piece.width for piece in pieces)
        pad = (Piece(" " * (width - taken), "text", width - taken),)
        lines.append(Line((*pieces, *pad, *other.pieces) if other else pieces, source))
    return lines

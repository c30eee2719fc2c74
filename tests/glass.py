"""A screen as a terminal keeps it, for what is written to one: exact, and strict.

A plugin of the modules that test what is written.

What `pyte` does not know is kept too: faint text, links, clusters of emoji. What a cell shows is
compared, and the colour of a blank's text shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pytest
from rich.cells import cell_len

_TOKEN = re.compile(
    r"\x1b\[(?P<private>\?)?(?P<numbers>[\d;]*)(?P<final>[A-Za-z])"
    r"|\x1b\]8;(?P<link_id>[^;\x1b]*);(?P<link>[^\x1b]*)\x1b\\"
    r"|\x1b\](?:22|52);[^\x07]*\x07"
    r"|(?P<index>\x1bD)"
    r"|(?P<control>[\r\n\x08])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_OFF = {22: (1, 2), 23: (3,), 24: (4, 21), 25: (5, 6), 27: (7,), 28: (8,), 29: (9,), 55: (53,)}
_ON = {1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 53}
_SEEN_ON_BLANKS = {4, 7, 9, 21, 53}


@dataclass(frozen=True)
class Look:
    """How a character is shown."""

    attributes: frozenset[int] = frozenset()
    colour: tuple[int, ...] = ()
    ground: tuple[int, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Cell:
    """What a cell shows; the second one of a wide character has no text."""

    text: str = " "
    look: Look = field(default_factory=Look)

    @property
    def seen(self) -> Cell:
        """The cell without what nobody sees."""
        look = self.look
        if self.text != " " or look.link or look.attributes & _SEEN_ON_BLANKS:
            return self
        return Cell(" ", Look(ground=look.ground))


class Glass:
    """A screen of so many columns and lines; a sequence that it does not know is an error."""

    erases_ground = False
    """Whether what is erased has the ground of the pen; else none, or nobody knows."""

    def __init__(self, columns: int, lines: int) -> None:
        self.columns = columns
        self.cells = [[Cell()] * columns for _ in range(lines)]
        self.touched: set[int] = set()
        """The lines that were written to, until somebody clears it."""
        self._x = self._y = 0
        self._look = Look()

    def feed(self, output: str) -> None:
        """Show what is written."""
        at = 0
        while at < len(output):
            token = _TOKEN.match(output, at)
            assert token, f"an unknown sequence: {output[at : at + 20]!r}"
            at = token.end()
            if token["text"]:
                self._write(token["text"])
            elif token["link"] is not None:
                self._look = replace(self._look, link=token["link"])
            elif token["index"]:
                self._index()
            elif token["control"]:
                self._control(token["control"])
            elif token["final"] and not token["private"]:
                numbers = [int(one or 0) for one in token["numbers"].split(";")]
                self._obey(token["final"], numbers)

    @property
    def text(self) -> str:
        """What can be read."""
        return "\n".join("".join(cell.text for cell in line) for line in self.cells)

    @property
    def picture(self) -> str:
        """What can be read."""
        return "\n".join("".join(cell.text for cell in line) for line in self.cells)

    def seen(self) -> list[list[Cell]]:
        """Return what is seen in each cell."""
        return [self.seen_on(y) for y in range(len(self.cells))]

    def seen_on(self, y: int) -> list[Cell]:
        """Return what is seen in each cell of a line."""
        return [cell.seen for cell in self.cells[y]]

    def _index(self) -> None:
        """Go one line down; from the last one, all lines go up."""
        if self._y == len(self.cells) - 1:
            self.cells = [*self.cells[1:], [Cell()] * self.columns]
            self.touched.update(range(len(self.cells)))
        else:
            self._y += 1

    def _control(self, control: str) -> None:
        if control == "\b":
            self._x = max(0, self._x - 1)
            return
        # The terminal's line adds the carriage return.
        self._x = 0
        if control == "\n":
            self._y = min(self._y + 1, len(self.cells) - 1)

    def _obey(self, final: str, numbers: list[int]) -> None:
        count = max(1, numbers[0])
        match final:
            case "H":
                self._y, self._x = count - 1, max(1, (*numbers, 0)[1]) - 1
            case "G":
                self._x = count - 1
            case "d":
                self._y = count - 1
            case "A" | "B":
                self._y += count if final == "B" else -count
            case "C" | "D":
                self._x += count if final == "C" else -count
            case "K" | "X":
                assert final == "X" or numbers == [0]
                # With the ground of the pen or without one: so only where that is the same.
                assert self.erases_ground or not self._look.ground
                assert not self._look.attributes & _SEEN_ON_BLANKS
                assert not self._look.link
                end = self.columns if final == "K" else self._x + count
                for x in range(self._x, min(end, self.columns)):
                    self._put(x, Cell(" ", Look(ground=self._look.ground)))
            case "m":
                self._draw_with(numbers)
            case _:
                raise AssertionError(f"an unknown sequence: {numbers} {final}")
        # No way leads out of the screen.
        self._y = min(max(self._y, 0), len(self.cells) - 1)
        self._x = min(max(self._x, 0), self.columns - 1)

    def _draw_with(self, numbers: list[int]) -> None:
        left = list(numbers)
        while left:
            number = left.pop(0)
            look = self._look
            if number == 0:
                look = Look(link=look.link)
            elif number in _ON:
                look = replace(look, attributes=look.attributes | {number})
            elif number in _OFF:
                look = replace(look, attributes=look.attributes.difference(_OFF[number]))
            elif number in {38, 48}:
                count = {2: 4, 5: 2}[left[0]]
                colour = tuple(left[:count])
                del left[:count]
                is_colour = number == 38
                look = replace(look, colour=colour) if is_colour else replace(look, ground=colour)
            else:
                look = _in_sixteen(look, number)
            self._look = look

    def _write(self, text: str) -> None:
        is_joined = False
        for char in text:
            width = 0 if is_joined else cell_len(char)
            is_joined = char == "\u200d"
            if width:
                self._put(self._x, Cell(char, self._look))
                if width == 2:
                    self._put(self._x + 1, Cell("", self._look))
                self._x += width
            elif self._x:
                self._join(char)
        self._x = min(self._x, self.columns - 1)

    def _join(self, char: str) -> None:
        x = min(self._x, self.columns) - 1
        if not self.cells[self._y][x].text:
            x -= 1
        cell = self.cells[self._y][x]
        text = cell.text + char
        self.touched.add(self._y)
        self.cells[self._y][x] = replace(cell, text=text)
        for _ in range(cell_len(text) - (self._x - x)):
            self._put(self._x, Cell("", cell.look))
            self._x += 1

    def _put(self, x: int, cell: Cell) -> None:
        if x >= self.columns:
            return
        self.touched.add(self._y)
        line = self.cells[self._y]
        # Half of a wide character leaves a blank of the other half.
        if cell.text and not line[x].text and x:
            line[x - 1] = Cell(" ", line[x - 1].look)
        if x + 1 < self.columns and not line[x + 1].text:
            line[x + 1] = Cell(" ", line[x + 1].look)
        line[x] = cell


def _in_sixteen(look: Look, number: int) -> Look:
    """Return a look with one of the sixteen colours, or with the terminal's own."""
    tens = number // 10
    assert tens in {3, 4, 9, 10}, f"an unknown look: {number}"
    colour = () if number in {39, 49} else (number,)
    return replace(look, colour=colour) if tens in {3, 9} else replace(look, ground=colour)


GlassMaker: TypeAlias = Callable[[int, int], Glass]
"""Makes a screen of so many columns and lines."""


@pytest.fixture(scope="session")
def make_glass() -> GlassMaker:
    return Glass

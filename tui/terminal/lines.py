"""The cells of a line of the screen, and which of them another line has otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len

from tui.terminal.pens import PLAIN, seen_on_blanks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.terminal.pens import Pen

_SURE = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0391-\u03a1\u03a3-\u0481\u2010-\u2027\u2030-\u205e\u2190-\u22ff"
    r"\u2500-\u25fc]*"
)
"""Text of which every character takes one cell, on every terminal."""
_SURE_WIDE = re.compile(
    r"[\u1100-\u115f\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\ua48c"
    r"\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)
"""A character that takes two."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_JOINER = "\u200d"

_Text: TypeAlias = str | None


class Line:
    """The text of each cell, and the pen it is written with.

    A wide character stands in the first of its cells, and nothing in the second; what joins a
    character stands with it. A cell that nothing is known of has None for its text.
    """

    __slots__ = ("pens", "texts")

    def __init__(self, texts: Sequence[_Text], pens: Sequence[Pen]) -> None:
        self.texts = list(texts)
        self.pens = list(pens)

    @classmethod
    def unknown(cls, width: int) -> Line:
        """Return a line of which nothing is known."""
        return cls([None] * width, [PLAIN] * width)

    def copy(self) -> Line:
        """Return a line of its own with the same cells."""
        return Line(self.texts, self.pens)

    def put(self, x: int, text: str, pen: Pen, end: int) -> int:
        """Put a text from cell `x` on, but not into cell `end`, and return where it ends."""
        texts = cells_of(text)
        if x and texts and texts[0] and not cell_len(texts[0]):
            # What joins a character may have another style, and stand in another segment.
            joining = texts.pop(0)
            before = self.texts[x - 1]
            self.texts[x - 1] = before + joining if before else before
        room = max(0, end - x)
        if texts[room : room + 1] == [""]:
            texts[room - 1 :] = " "
        del texts[room:]
        if not texts:
            return x
        end = x + len(texts)
        if self.texts[x] == "":
            self.texts[x - 1] = " "
        if self.texts[end : end + 1] == [""]:
            self.texts[end] = " "
        self.texts[x:end] = texts
        blank = seen_on_blanks(pen)
        is_same = blank is pen or " " not in texts
        self.pens[x:end] = (
            [pen] * len(texts) if is_same else [blank if one == " " else pen for one in texts]
        )
        return end

    def changed_from(self, before: Line) -> list[int]:
        """Return the cells that have to be written where `before` stands."""
        if self.texts == before.texts and self.pens == before.pens:
            return []
        cells = zip(before.texts, self.texts, before.pens, self.pens, strict=True)
        found = [
            x
            for x, (old, new, old_pen, new_pen) in enumerate(cells)
            if (old != new or old_pen is not new_pen) and new is not None
        ]
        return found if self.is_plain else list(self._spread(set(found)))

    @property
    def is_plain(self) -> bool:
        """Whether every character takes one cell on every terminal."""
        return _SURE.fullmatch("".join(filter(None, self.texts))) is not None

    def is_known(self, start: int, end: int) -> bool:
        """Tell whether each of these cells has a character that takes one on every terminal."""
        texts = self.texts[start:end]
        return all(texts) and _SURE.fullmatch("".join(map(str, texts))) is not None

    def blank_from(self) -> int:
        """Return the cell from which on there is nothing but blanks without any colour."""
        x = len(self.texts)
        while x and self.texts[x - 1] == " " and self.pens[x - 1] == PLAIN:
            x -= 1
        return x

    def _spread(self, changed: set[int]) -> Iterator[int]:
        """Yield these cells, and those that writing them may do harm to.

        Terminals do not agree on how many cells some characters have. What follows one is written
        again, each time where it belongs.
        """
        reach = 0
        for x, text in enumerate(self.texts):
            is_cut = self.texts[x + 1 : x + 2] == [""] and x + 1 in changed
            if not (x in changed or is_cut or (x < reach and text is not None)):
                continue
            yield x
            if text and not is_sure(text):
                reach = max(reach, x + 1 + 2 * len(text))


def is_sure(text: str) -> bool:
    """Tell whether all terminals give a character as many cells as we do."""
    return len(text) == 1 and bool(_SURE.fullmatch(text) or _SURE_WIDE.fullmatch(text))


def cells_of(text: str) -> list[str]:
    """Return what stands in each cell of a text."""
    if _SURE.fullmatch(text):
        return list(text)
    cells: list[str] = []
    for cluster in _clusters(_CONTROL.sub("", text)):
        cells += [cluster, *[""] * (cell_len(cluster) - 1)]
    return cells


def _clusters(text: str) -> Iterator[str]:
    """Yield each character with what joins it."""
    cluster = ""
    for char in text:
        if cluster and (cluster.endswith(_JOINER) or not cell_len(char)):
            cluster += char
        else:
            if cluster:
                yield cluster
            cluster = char
    if cluster:
        yield cluster

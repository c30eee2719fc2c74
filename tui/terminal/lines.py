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

    __slots__ = ("_plain", "_put_from", "_put_to", "pens", "texts")

    def __init__(self, texts: Sequence[_Text], pens: Sequence[Pen]) -> None:
        self.texts = list(texts)
        self.pens = list(pens)
        self._plain: str | None = None
        # The cells that were put since it was made.
        self._put_from, self._put_to = len(self.texts), 0

    @classmethod
    def unknown(cls, width: int) -> Line:
        """Return a line of which nothing is known."""
        return cls([None] * width, [PLAIN] * width)

    def copy(self) -> Line:
        """Return a line of its own with the same cells."""
        return Line(self.texts, self.pens)

    def put(self, x: int, text: str, pen: Pen, end: int, *, is_first: bool = False) -> int:
        """Put a text from cell `x` on, but not into cell `end`, and return where it ends.

        The first one of a piece may be put again while the cell before it stays as it is.
        """
        self._plain, self._put_from = None, min(self._put_from, x)
        texts = cells_of(text)
        if x and texts and texts[0] and not cell_len(texts[0]):
            # What joins a character may have another style, and stand in another segment.
            self._join(x - 1, texts.pop(0), is_first=is_first)
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
        self._put_to = max(self._put_to, end)
        self.texts[x:end] = texts
        self.pens[x:end] = [pen] * len(texts)
        return end

    def _join(self, x: int, joining: str, *, is_first: bool) -> None:
        """Put what joins a character to that of a cell; once where a piece begins with it."""
        text = self.texts[x]
        if not text or (is_first and text.endswith(joining)):
            return
        is_joined = is_first and len(text) > 1
        self.texts[x] = (text[0] if is_joined else text) + joining

    def changed_from(self, before: Line) -> list[int]:
        """Return the cells that have to be written where `before` stands."""
        # Of a wide line, a key changes a part.
        start, end = max(0, self._put_from - 1), max(self._put_to, self._put_from) + 1
        texts, pens = self.texts[start:end], self.pens[start:end]
        old_texts, old_pens = before.texts[start:end], before.pens[start:end]
        if texts == old_texts and pens == old_pens:
            return []
        cells = zip(old_texts, texts, old_pens, pens, strict=True)
        found = [
            x
            for x, (old, new, old_pen, new_pen) in enumerate(cells, start)
            if new is not None
            and (old != new or (old_pen is not new_pen and _differs(new, old_pen, new_pen)))
        ]
        return found if self.plain else list(self._spread(set(found)))

    @property
    def plain(self) -> str:
        """The text, if every character of it takes one cell on every terminal; else empty."""
        if self._plain is None:
            try:
                text = "".join(self.texts)  # type: ignore[arg-type]
            except TypeError:
                text = ""  # nothing is known of some
            self._plain = text if _SURE.fullmatch(text) else ""
        return self._plain

    def known(self, start: int, end: int) -> str:
        """Return the text of these cells if it is plain, else nothing."""
        if self.plain:
            return self.plain[start:end]
        texts = self.texts[start:end]
        text = "".join(map(str, texts)) if all(texts) else ""
        return text if _SURE.fullmatch(text) else ""

    def blank_from(self) -> tuple[int, Pen]:
        """Return the cell from which on there are only blanks that look the same, and how."""
        x = len(self.texts)
        last = seen_on_blanks(self.pens[-1])
        if self.plain:
            # Nearly always.
            blanks = len(self.plain) - len(self.plain.rstrip(" "))
            if self.pens[x - blanks :].count(self.pens[-1]) == blanks:
                return x - blanks, last
        while x and self.texts[x - 1] == " " and seen_on_blanks(self.pens[x - 1]) is last:
            x -= 1
        return x, last

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


def _differs(text: str, before: Pen, after: Pen) -> bool:
    return text != " " or seen_on_blanks(before) is not seen_on_blanks(after)


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
    # What a piece that was cut begins with may be joined to what stands no more before it.
    for char in text.lstrip(_JOINER):
        if cluster and (cluster.endswith(_JOINER) or not cell_len(char)):
            cluster += char
        else:
            if cluster:
                yield cluster
            cluster = char
    if cluster:
        yield cluster

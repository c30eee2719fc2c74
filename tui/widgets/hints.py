"""What the line at the bottom shows: keys and what they do, news, or a question."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual.widget import Widget

from store.library import local_now
from tui.format import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.style import Style
    from textual.timer import Timer

NEWS_SECONDS = 8.0
"""How long news stay before the keys are shown again."""
MOST_KEYS = 8
"""More usual keys are not for a footer; those that can follow another are all shown."""
MOST_TOLD = 100
"""So many messages are kept for the reader who missed one."""
SHORTEST_NOTE = 12
"""Less of a note says nothing: it is left out where there is no more room."""
_GAP = 2
"""Cells between one hint and the next."""


class Told(NamedTuple):
    """A message that was shown, in full."""

    at: datetime
    """Local time."""
    text: str
    is_trouble: bool


class Hints(Widget):
    """The footer: keys and what they do; or news, or the keys that can follow the one pressed.

    `hints` are the usual ones, which other places have others for: see `use`. It is one line: what
    is too long for it is cut, hints as wholes, and the last of them, which leads to help, stays.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hints--key",
        "hints--news",
        "hints--trouble",
        "hints--question",
    }

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._footer = self._usual = self._shown = tuple(hints)
        self._notes: dict[str, str] = {}
        self._question = ""
        self._news = ""
        self._is_trouble = False
        self._is_remark = False
        self._waiting = ""
        self._timer: Timer | None = None
        self.told: deque[Told] = deque(maxlen=MOST_TOLD)
        """The latest messages, the newest last."""

    def render(self) -> Text:
        """Return the line."""
        if self._question:
            text = Text(self._question, self._style("question"))
        elif self._news:
            text = Text(self._news, self._style("trouble" if self._is_trouble else "news"))
        else:
            text = self._keys()
        text.truncate(self.size.width, overflow="ellipsis")
        return text

    def say(self, news: str, *, is_trouble: bool = False) -> None:
        """Show news for a while; trouble stays until there is something else to say."""
        self.tell(news, is_trouble=is_trouble)
        self._show_news(news, is_trouble=is_trouble)

    def has_room(self, news: str) -> bool:
        """Tell whether news would be seen in full."""
        return cell_len(one_line(news)) <= self.size.width

    def remark(self, news: str) -> None:
        """Show news that the reader did not cause, once what answers an act has been read."""
        self.tell(news)
        self._show_remark(news)

    def tell(self, news: str, *, is_trouble: bool = False) -> None:
        """Keep a message that is shown elsewhere among those that were told."""
        self.told.append(Told(local_now(), one_line(news), is_trouble))

    def note(self, note: str, about: str = "") -> None:
        """Let a note stand before the usual keys, until another about the same, or none."""
        if note != self._notes.get(about, ""):
            self._notes[about] = note
            if not self._news:
                self.refresh()

    def ask_key(self, question: str) -> None:
        """Show a question that the next key answers, whatever else there is to show."""
        self._question = one_line(question)
        self._stop_timer()
        self.refresh()

    def end_question(self) -> None:
        """Show what the question stood in front of; news have their time from now on."""
        if self._question:
            self._question = ""
            self._time_news()
            self.refresh()

    def offer(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show the keys that can follow."""
        self._stop_timer()
        self._news, self._shown = "", tuple(hints)
        self.refresh()

    def use(self, hints: Sequence[tuple[str, str]] | None) -> None:
        """Take other keys, or with None those of the footer, for the usual ones; news stay."""
        self._usual = self._footer if hints is None else tuple(hints)
        self.end_offer()

    def rest(self) -> None:
        """Show the usual keys again."""
        self._stop_timer()
        if self._news or self._shown != self._usual:
            self._news, self._shown = "", self._usual
            self.refresh()
        if self._waiting:
            waiting, self._waiting = self._waiting, ""
            self._show_remark(waiting)

    def end_offer(self) -> None:
        """Take an offer of keys back; news stay."""
        if not self._news:
            self.rest()

    def end_trouble(self) -> None:
        """Take trouble back that is over; other news stay."""
        if self._news and self._is_trouble:
            self.rest()

    def _show_remark(self, news: str) -> None:
        if self._news and not self._is_remark:
            self._waiting = news
            return
        self._show_news(news, is_trouble=False)
        self._is_remark = True

    def _show_news(self, news: str, *, is_trouble: bool) -> None:
        self._news, self._is_trouble, self._is_remark = one_line(news), is_trouble, False
        self._time_news()
        self.refresh()

    def _time_news(self) -> None:
        """Let news that can be seen end by themselves, but for trouble."""
        self._stop_timer()
        if self._news and not self._is_trouble and not self._question:
            self._timer = self.set_timer(NEWS_SECONDS, self.rest)

    def _keys(self) -> Text:
        text = Text()
        hints, width = self._shown, self.size.width
        if hints == self._usual:
            hints = (*hints[: MOST_KEYS - 1], *hints[MOST_KEYS - 1 :][-1:])
            room = width - _GAP - sum(map(_cells, hints[-1:]))
            note = " · ".join(filter(None, self._notes.values()))
            if note and room >= SHORTEST_NOTE:
                text.append(note, self._style("news"))
                text.truncate(room, overflow="ellipsis")
                text.append(" " * _GAP)
        key_style = self._style("key")
        for key, word in fitting(hints, width - text.cell_len):
            text.append(key, key_style).append(f" {word}{' ' * _GAP}")
        text.rstrip()
        return text

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"hints--{name}", partial=True)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None


def fitting(hints: Sequence[tuple[str, str]], width: int) -> tuple[tuple[str, str], ...]:
    """Return the first hints that fit into `width` cells, and the last one in any case."""
    room = width - sum(map(_cells, hints[-1:]))
    shown = []
    for hint in hints[:-1]:
        room -= _cells(hint) + _GAP
        if room < 0:
            break
        shown.append(hint)
    return (*shown, *hints[-1:])


def _cells(hint: tuple[str, str]) -> int:
    key, word = hint
    return cell_len(key) + 1 + cell_len(word)

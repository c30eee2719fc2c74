"""The line at the bottom: keys, news, or the tags being written; it is always one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Label

from tui.format import one_line
from tui.tagging import completed
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.tagging import TagsWanted

NEWS_SECONDS = 8.0
"""How long news stay before the keys are shown again."""


class TagSuggester(Suggester):
    """Completes the word being written to a tag in use."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._names = names

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole text with its last word completed."""
        return completed(value, self._names)


class TagInput(LineInput):
    """The tags being written; Tab takes the completion."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+c", "leave", show=False),
        Binding("tab", "complete", show=False),
    ]

    class Left(Message):
        """The reader gave the edit up."""

    def action_leave(self) -> None:
        """Give the edit up."""
        self.post_message(self.Left())

    async def action_complete(self) -> None:
        """Complete the last word, and go on to the next tag."""
        # Asked for anew: a quick reader presses Tab before the completion is shown.
        whole = await self.suggester.get_suggestion(self.value) if self.suggester else None
        if whole is not None:
            self.value = f"{whole} "
            self.action_end()


class Hints(Widget):
    """The footer: keys and what they do; or news, or the keys that can follow the one pressed.

    `hints` are the usual ones, which other places have others for: see `use`.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hints--key", "hints--news", "hints--trouble"}

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._footer = self._usual = self._shown = tuple(hints)
        self._note = ""
        self._news = ""
        self._is_trouble = False
        self._is_remark = False
        self._waiting = ""
        self._timer: Timer | None = None

    def render(self) -> Text:
        """Return the line; news too long for one take a second or third."""
        if self._news:
            name = "hints--trouble" if self._is_trouble else "hints--news"
            return Text(self._news, self.get_component_rich_style(name, partial=True))
        text = Text()
        if self._note and self._shown == self._usual:
            text.append(
                f"{self._note}  ", self.get_component_rich_style("hints--news", partial=True)
            )
        key_style = self.get_component_rich_style("hints--key", partial=True)
        for key, word in self._shown:
            text.append(key, key_style).append(f" {word}  ")
        text.rstrip()
        text.truncate(self.size.width, overflow="ellipsis")
        return text

    def say(self, news: str, *, is_trouble: bool = False) -> None:
        """Show news for a while; trouble stays until there is something else to say."""
        self._stop_timer()
        self._news, self._is_trouble, self._is_remark = one_line(news), is_trouble, False
        if not is_trouble:
            self._timer = self.set_timer(NEWS_SECONDS, self.rest)
        self._repaint()

    def remark(self, news: str) -> None:
        """Show news that the reader did not cause, once what answers an act has been read."""
        if self._news and not self._is_remark:
            self._waiting = news
            return
        self.say(news)
        self._is_remark = True

    def note(self, note: str) -> None:
        """Let a note stand before the usual keys, until there is another, or none."""
        if note != self._note:
            self._note = note
            if not self._news:
                self._repaint()

    def offer(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show the keys that can follow."""
        self._stop_timer()
        self._news, self._shown = "", tuple(hints)
        self._repaint()

    def use(self, hints: Sequence[tuple[str, str]] | None) -> None:
        """Take other keys, or with None those of the footer, for the usual ones; news stay."""
        self._usual = self._footer if hints is None else tuple(hints)
        self.end_offer()

    def rest(self) -> None:
        """Show the usual keys again."""
        self._stop_timer()
        if self._news or self._shown != self._usual:
            self._news, self._shown = "", self._usual
            self._repaint()
        if self._waiting:
            waiting, self._waiting = self._waiting, ""
            self.remark(waiting)

    def end_offer(self) -> None:
        """Take an offer of keys back; news stay."""
        if not self._news:
            self.rest()

    def end_trouble(self) -> None:
        """Take trouble back that is over; other news stay."""
        if self._news and self._is_trouble:
            self.rest()

    def _repaint(self) -> None:
        # The layout is made anew only for more than one line, and to leave it: it costs 4 kB.
        self.refresh(layout=self.size.height > 1 or cell_len(self._news) > self.size.width)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None


class StatusLine(Horizontal):
    """Hints, and in their place the tag line while the reader writes tags."""

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__(id="status")
        self.hints = Hints(hints)
        self.tag_input = TagInput(compact=True, select_on_focus=False, id="tags")
        self.tag_input.can_focus = False
        self._label = Label("", id="tags-label", markup=False)

    def compose(self) -> ComposeResult:
        """Put hints and tag line into one place."""
        yield self.hints
        yield self._label
        yield self.tag_input

    @property
    def is_open(self) -> bool:
        """Whether the reader is writing tags."""
        return self.tag_input.has_focus

    def open(self, wanted: TagsWanted, text: str, names: Sequence[str]) -> None:
        """Let the reader write tags, with those in use as completions."""
        self._label.update(f"{wanted.value}: ")
        self.tag_input.suggester = TagSuggester(names)
        self.tag_input.value = text
        self.tag_input.cursor_position = len(text)
        self.add_class("-writing")
        self.tag_input.can_focus = True
        self.tag_input.focus()

    def refuse(self, reason: str) -> None:
        """Say what is wrong with the tags, before them, and let the reader mend it."""
        self._label.update(f"{one_line(reason)} · ")

    def close(self) -> None:
        """Show the hints again."""
        self.tag_input.can_focus = False
        self.screen.set_focus(None)
        self.remove_class("-writing")

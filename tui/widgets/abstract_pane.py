"""The abstract pane: a paper's facts, abstract and links, wrapped for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from tui.format import (
    LINK_LABELS,
    abstract_heading,
    author_line,
    fact_line,
    links_to_show,
    note_text,
    one_line,
    own_tags,
    paragraphs,
    readable_line,
    readable_paragraphs,
    suggestion_line,
    vote_line,
)
from tui.highlights import found_spans
from tui.widgets.row_list import WHEEL_LINES, refresh_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.containers import Lines
    from textual import events

    from store.models import Paper
    from store.query import TextLeaf

WIDEST = 88
"""Longer lines tire the eye."""
MARGIN = 1


class Shown(NamedTuple):
    """What the pane shows; see `AbstractPane.show`."""

    paper: Paper | None = None
    leaves: tuple[TextLeaf, ...] = ()
    shows_source: bool = False
    suggestions: tuple[str, ...] = ()


class AbstractPane(Widget):
    """Shows one paper from line `offset` on; it scrolls by itself and holds nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "abstract-pane--title",
        "abstract-pane--authors",
        "abstract-pane--facts",
        "abstract-pane--tags",
        "abstract-pane--found",
        "abstract-pane--label",
    }

    def __init__(self, suggestion_key: str = "T") -> None:
        """Make a pane that names this key beside the tags that are suggested."""
        super().__init__(id="abstract")
        self._suggestion_key = suggestion_key
        self._shown = Shown()
        self._strips: list[Strip] = []
        self._top = 0

    @property
    def line_count(self) -> int:
        """How many lines the paper takes at this width."""
        return len(self._strips)

    def show(
        self,
        paper: Paper | None,
        leaves: tuple[TextLeaf, ...],
        *,
        shows_source: bool = False,
        suggestions: tuple[str, ...] = (),
    ) -> None:
        """Show another paper, from its beginning, with the words of a query marked.

        TeX is shown as the characters that it stands for, or with `shows_source` as it is. Tags are
        suggested where there is room for them behind the facts: nothing moves when they come.
        """
        shown = Shown(paper, leaves, shows_source, suggestions)
        if shown == self._shown:
            return
        former = self._shown.paper
        is_same = paper is not None and former is not None and paper.key == former.key
        self._shown = shown
        before = self._window
        self._lay_out()
        self._top = self._clamped(self._top if is_same else 0)
        refresh_changed(self, before, self._window)

    def scroll_by_lines(self, lines: int) -> None:
        """Move so many lines down, or up where it is negative."""
        self.scroll_to_line(self._top + lines)

    def scroll_to_line(self, line: int) -> None:
        """Put a line at the top, or the last page where there is not enough below."""
        top = self._clamped(line)
        if top != self._top:
            before = self._window
            self._top = top
            refresh_changed(self, before, self._window)

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the window."""
        index = self._top + y
        if index < len(self._strips):
            return self._strips[index]
        return Strip.blank(self.size.width, self.rich_style)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew for another width."""
        event.stop()
        self._lay_out()
        self.scroll_to_line(self._top)
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint with the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self._lay_out()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_by_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_by_lines(-WHEEL_LINES)

    @property
    def _window(self) -> list[Strip]:
        return self._strips[self._top : self._top + self.size.height]

    def _clamped(self, line: int) -> int:
        return max(0, min(line, self.line_count - self.size.height))

    def _lay_out(self) -> None:
        width = min(self.size.width - 2 * MARGIN, WIDEST)
        self._strips = []
        paper = self._shown.paper
        if paper is None or width < 1:
            return
        ground = self.rich_style  # put together anew each time it is asked for
        for text in self._texts(paper, width):
            for line in self._wrapped(text, width):
                line.rstrip()
                line.end = ""
                segments = [Segment(" " * MARGIN), *line.render(self.app.console)]
                strip = Strip(segments).apply_style(ground)
                strip = strip.adjust_cell_length(self.size.width, ground)
                # Neighbours of one style as one: each would be sent with a style of its own.
                self._strips.append(strip.simplify())

    def _wrapped(self, text: Text, width: int) -> Lines:
        return text.wrap(self.app.console, width, tab_size=1)

    def _texts(self, paper: Paper, width: int) -> Iterator[Text]:
        yield self._marked(self._line(paper.title), "title", "title")
        if paper.authors:
            yield self._marked(self._line(author_line(paper.authors)), "author", "authors")
        yield self._facts(paper, width)
        votes = vote_line(paper)
        if votes:
            yield Text(votes, self._style("facts"))
        note = note_text(paper.note)
        if note:  # the reader's own words come first
            yield from (Text(), Text("Note", self._style("label")), self._marked(note, "note"))
        abstract = self._paragraphs(paper.abstract)
        marked = self._marked(abstract, "abs") if abstract else Text("This record has no abstract.")
        yield from (Text(), marked, Text(), *self._links(paper))
        # Below the links, so that these stay where they are looked for.
        for other in paper.other_abstracts:
            heading = Text(abstract_heading(other), self._style("label"))
            yield from (Text(), heading, Text(), Text(self._paragraphs(other.text)))

    def _facts(self, paper: Paper, width: int) -> Text:
        facts = Text().append(fact_line(paper), self._style("facts"))
        tags = own_tags(paper.tags)
        if tags:
            facts.append(" · ", self._style("facts"))
            facts.append(one_line(" ".join(tags)), self._style("tags"))
        suggestion = suggestion_line(self._shown.suggestions, self._suggestion_key)
        if not suggestion:
            return facts
        longer = facts.copy().append(suggestion, self._style("facts"))
        is_room = len(self._wrapped(longer, width)) == len(self._wrapped(facts, width))
        return longer if is_room else facts

    def _line(self, text: str) -> str:
        return one_line(text) if self._shown.shows_source else readable_line(text)

    def _paragraphs(self, text: str) -> str:
        return paragraphs(text) if self._shown.shows_source else readable_paragraphs(text)

    def _links(self, paper: Paper) -> list[Text]:
        links = links_to_show(paper)
        width = max((len(LINK_LABELS[link.kind.value]) for link in links), default=0)
        lines = []
        for link in links:
            label = f"{LINK_LABELS[link.kind.value]:<{width}}  "
            line = Text(overflow="fold").append(label, self._style("label"))
            lines.append(line.append(link.url, Style(link=link.url)))
        return lines

    def _marked(self, shown: str, field: str, name: str = "") -> Text:
        text = Text().append(shown, self._style(name) if name else None)
        for start, end in found_spans(shown, self._shown.leaves, field):
            text.stylize(self._style("found"), start, end)
        return text

    def _style(self, name: str) -> Style:
        # Partial: what the class does not say is the pane's own, which may be another tint.
        return self.get_component_rich_style(f"abstract-pane--{name}", partial=True)

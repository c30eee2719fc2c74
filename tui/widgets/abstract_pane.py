"""The abstract pane: a paper's facts, abstract and links, wrapped for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

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
from tui.widgets.line_widget import LineWidget
from tui.widgets.passages import Look, Passage, Row, leading_to, strip_of
from tui.widgets.row_list import WHEEL_LINES, refresh_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events

    from store.models import Paper
    from store.query.words import TextLeaf

WIDEST = 88
"""Longer lines tire the eye."""
MARGIN = 1

_NO_STYLE = Style.null()


class Shown(NamedTuple):
    """What the pane shows; see `AbstractPane.show`."""

    paper: Paper | None = None
    leaves: tuple[TextLeaf, ...] = ()
    shows_source: bool = False
    suggestions: tuple[str, ...] = ()


class AbstractPane(LineWidget):
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
        self._rows: list[Row] = []
        self._top = 0

    @property
    def line_count(self) -> int:
        """How many lines the paper takes at this width."""
        return len(self._rows)

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
        if index < len(self._rows):
            return strip_of(self._rows[index])
        return Strip.blank(self.size.width, self.ground)

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
    def _window(self) -> list[Row]:
        return self._rows[self._top : self._top + self.size.height]

    def _clamped(self, line: int) -> int:
        return max(0, min(line, self.line_count - self.size.height))

    def _lay_out(self) -> None:
        width, room = self.size.width, min(self.size.width - 2 * MARGIN, WIDEST)
        self._rows = []
        if self._shown.paper is None or room < 1:
            return
        for passage in self._passages(self._shown.paper, room):
            self._rows += passage.rows(room, margin=MARGIN, of=width, ground=self.ground)

    def _passages(self, paper: Paper, width: int) -> Iterator[Passage]:
        yield self._marked(self._line(paper.title), "title", "title")
        if paper.authors:
            yield self._marked(self._line(author_line(paper.authors)), "author", "authors")
        yield self._facts(paper, width)
        votes = vote_line(paper)
        if votes:
            yield Passage(votes, self._style("facts"))
        note = note_text(paper.note)
        if note:  # the reader's own words come first
            yield from (Passage(), Passage("Note", self._style("label")))
            yield self._marked(note, "note")
        abstract = self._paragraphs(paper.abstract)
        yield Passage()
        yield self._marked(abstract, "abs") if abstract else Passage("This record has no abstract.")
        yield from (Passage(), *self._links(paper, width))
        # Below the links, so that these stay where they are looked for.
        for other in paper.other_abstracts:
            heading = Passage(abstract_heading(other), self._style("label"))
            yield from (Passage(), heading, Passage(), Passage(self._paragraphs(other.text)))

    def _facts(self, paper: Paper, width: int) -> Passage:
        look = self._style("facts")
        parts = [(fact_line(paper), look)]
        tags = own_tags(paper.tags)
        if tags:
            parts += [(" · ", look), (one_line(" ".join(tags)), self._style("tags"))]
        facts = Passage.joined(parts)
        suggestion = suggestion_line(self._shown.suggestions, self._suggestion_key)
        if not suggestion:
            return facts
        longer = Passage.joined([*parts, (suggestion, look)])
        is_room = len(list(longer.lines(width))) == len(list(facts.lines(width)))
        return longer if is_room else facts

    def _line(self, text: str) -> str:
        return one_line(text) if self._shown.shows_source else readable_line(text)

    def _paragraphs(self, text: str) -> str:
        return paragraphs(text) if self._shown.shows_source else readable_paragraphs(text)

    def _links(self, paper: Paper, width: int) -> Iterator[Passage]:
        links = links_to_show(paper)
        labels = max((len(LINK_LABELS[link.kind.value]) for link in links), default=0)
        for link in links:
            label = f"{LINK_LABELS[link.kind.value]:<{labels}}  "
            # One that stands there as a whole is found by the terminal, and costs half the bytes.
            is_whole = cell_len(link.url) <= width
            style = _NO_STYLE if is_whole else leading_to(link.url)
            yield Passage.joined([(label, self._style("label")), (link.url, style)])

    def _marked(self, shown: str, field: str, name: str = "") -> Passage:
        found = self._style("found")
        spans = found_spans(shown, self._shown.leaves, field)
        looks = tuple(Look(start, end, found) for start, end in spans)
        return Passage(shown, self._style(name) if name else _NO_STYLE, looks)

    def _style(self, name: str) -> Style:
        # Partial: what the class does not say is the pane's own, which may be another tint.
        return self.get_component_rich_style(f"abstract-pane--{name}", partial=True)

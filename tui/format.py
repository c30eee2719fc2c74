"""From papers to what is written on the screen: plain texts and where they stand in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from store import query as q
from store.journal import EntryKind, EntryState
from store.links import is_safe_url
from store.models import STATE_TAGS
from store.text import clean_line, clean_text, fold, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, tzinfo

    from store.journal import Entry, Reversal
    from store.models import Link, OtherAbstract, Paper, Row
    from store.text import Token

MANY_AUTHORS = 6
"""So many authors are named; of more, the first ones and how many others there are."""

DAY_FROM = 60
VOTES_FROM = 36
"""Narrower lists have no room for the day, or the votes."""

LINK_LABELS = {
    "page": "Page",
    "pdf": "PDF",
    "arxiv": "arXiv",
    "doi": "DOI",
    "code": "Code",
    "project": "Project",
    "web": "Web",
    "search": "Search by title",
}
"""What links are called, in the order in which they are shown."""
SOURCE_NAMES = {"feed": "the feed", "page": "the copied page", "paperdeck": "another library"}
"""What sources of records are called."""
NAMED_PAPERS = 3
"""So many papers are named in a message; of the others the number is told."""
NAMED_LENGTH = 40
"""Longer titles are cut in messages."""
MANY_COUNTS = 6
"""So many counts of votes are shown; of more, the first and the last ones."""
_BROWSER = "browser "


class Mark(NamedTuple):
    """The signs before a title: never colour alone says how a paper stands."""

    state: str
    """● unread, ✗ dismissed, ✓ archived, ⊘ removed, a blank for one that was read and waits."""
    star: str
    """★ starred."""
    queue: str
    """» queued."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How a row of `width` cells is divided; a width of 0 leaves a column out."""

    title: int
    """Title and tags share this."""
    day: int
    votes: int

    @classmethod
    def of(cls, width: int) -> Columns:
        """Return the columns that fit into `width` cells: the fewer, the narrower."""
        day = 10 if width >= DAY_FROM else 0
        votes = 5 if width >= VOTES_FROM else 0
        signs = 5
        gaps = (1 if day else 0) + (1 if votes else 0)
        return cls(max(1, width - signs - day - votes - gaps), day, votes)


def mark_of(row: Row) -> Mark:
    """Return the signs of a paper."""
    if row.is_removed:
        state = "⊘"
    elif "dismissed" in row.tags:
        state = "✗"
    elif "inbox" not in row.tags:
        state = "✓"
    else:
        state = "●" if "unread" in row.tags else " "
    star = "★" if "starred" in row.tags else " "
    return Mark(state, star, "»" if "queued" in row.tags else " ")


def is_decided(row: Row) -> bool:
    """Tell whether a paper has left the inbox."""
    return "inbox" not in row.tags


def own_tags(tags: Iterable[str]) -> list[str]:
    """Return the reader's own tags among `tags`, by name."""
    return sorted((tag for tag in tags if tag not in STATE_TAGS), key=fold)


def one_line(text: str) -> str:
    """Return a record's text as one line that is safe on any terminal."""
    return clean_line(text)


def paragraphs(text: str) -> str:
    """Return an abstract with a blank line between its paragraphs, safe on any terminal."""
    return clean_text(text.replace("\n", "\n\n")).replace("\n", "\n\n")


def author_line(authors: Sequence[str]) -> str:
    """Return the authors on one line; of many, the first ones and the number of the others."""
    if len(authors) <= MANY_AUTHORS:
        return one_line(", ".join(authors))
    shown = authors[: MANY_AUTHORS - 1]
    return one_line(f"{', '.join(shown)} and {len(authors) - len(shown)} more")


def fact_line(paper: Paper) -> str:
    """Return day, votes, identifier and state of a paper on one line."""
    day = paper.listed or paper.published or "no day"
    facts = [f"{day} (year guessed)" if paper.listed_is_guess else day]
    if paper.votes is not None:
        facts.append(counted(paper.votes, "vote"))
    if paper.identifiers:
        facts.append(paper.id)
    facts += [tag for tag in ("starred", "queued", "dismissed") if tag in paper.tags]
    if paper.is_removed:
        facts.append("removed")
    elif "inbox" not in paper.tags and "dismissed" not in paper.tags:
        facts.append("archived")
    return " · ".join(facts)


def kept_note(reversal: Reversal, titles: Sequence[str]) -> str:
    """Return what undo or redo left alone, to follow its message; empty where that is nothing.

    `titles` are those of the first papers that were kept, up to `NAMED_PAPERS`.
    """
    named = [f"'{cut_title(one_line(title))}'" for title in titles]
    named += [f"the view '{name}'" for name in reversal.kept_views]
    more = len(reversal.kept) - len(titles)
    if more:
        named.append(f"{more:,} more")
    if not named:
        return ""
    last = f" and {named[-1]}" if len(named) > 1 else named[0]
    count = len(reversal.kept) + len(reversal.kept_views)
    return f"; {count:,} changed since and kept: {', '.join(named[:-1])}{last}"


def cut_title(title: str) -> str:
    """Return a title or label as a message has room for it."""
    return title if len(title) <= NAMED_LENGTH else f"{title[: NAMED_LENGTH - 1]}…"


def vote_line(paper: Paper) -> str:
    """Return how the votes of a paper went on; empty where they were counted once, or alike.

    Counts of one listed day that were made on one day are one, the highest.
    """
    most: dict[tuple[str, str], int] = {}
    for sighting in paper.sightings:
        if sighting.votes is not None:
            # A count that nobody dated is as old as its list.
            at = (max(sighting.day, sighting.seen[:10]), sighting.day)
            most[at] = max(sighting.votes, most.get(at, 0))
    counts = [f"{most[at]:,}" for at in sorted(most)]
    steps = [count for count, _ in groupby(counts)]
    if len(steps) > MANY_COUNTS:
        steps = [steps[0], "…", *steps[2 - MANY_COUNTS :]]
    return f"Votes {' → '.join(steps)}" if len(steps) > 1 else ""


def abstract_heading(abstract: OtherAbstract) -> str:
    """Return what stands above an abstract that is kept beside the one that is shown."""
    source = SOURCE_NAMES.get(abstract.source, one_line(abstract.source))
    return f"Another abstract · {source}{f', {abstract.day}' if abstract.day else ''}"


def links_to_show(paper: Paper) -> list[Link]:
    """Return the links that are safe to show, the paper's page before its code."""
    order = list(LINK_LABELS)
    safe = (link for link in paper.links if is_safe_url(link.url))
    return sorted(safe, key=lambda link: order.index(link.kind.value))


def local_time(moment: str, today: date | None = None, zone: tzinfo | None = None) -> str:
    """Return a moment (UTC, `2026-03-12T08:00:00Z`) as day and time; of `today`, the time alone.

    Both are of `zone`, or of this machine's.
    """
    at = datetime.fromisoformat(moment).astimezone(zone)
    return f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}"


def entry_marks(entry: Entry, program: str, *, is_import_at_work: bool) -> list[str]:
    """Return what sets an entry of the history apart, for a reader who works with `program`."""
    marks = []
    if entry.state is not EntryState.STANDING:
        marks.append("undone")
    if not entry.is_finished:
        marks.append("under way" if is_import_at_work else "interrupted")
    if entry.kind is EntryKind.AUTOMATIC:  # what an import is, its label says
        marks.append("automatic")
    if entry.program != program:
        marks.append(_program_name(entry.program, program))
    return marks


def _program_name(other: str, own: str) -> str:
    # A browser's name goes on with what tells it from others.
    if not other.startswith(_BROWSER):
        return one_line(other)
    return "another browser" if own.startswith(_BROWSER) else "browser"


def partial_note(words: int, papers: int, *, is_complete: bool) -> str:
    """Return what is said of a result that stands in for one with all of so many words."""
    so_far = "" if is_complete else " so far"
    if words == 2:  # noqa: PLR2004 of two words, most are one
        return f"No paper{so_far} has both words: {papers:,} with one of them"
    return f"No paper{so_far} has all {words} words: {papers:,} with most of them"


def counted(number: int, noun: str) -> str:
    """Return `1 vote`, `5,938 votes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def found_spans(text: str, leaves: Iterable[q.TextLeaf], field: str) -> Iterator[tuple[int, int]]:
    """Yield where in `text` the words of a query stand that were looked for in `field`."""
    wanted = [leaf for leaf in leaves if leaf.field in {"", field}]
    if not wanted:
        return
    words = list(tokens(text))
    parts = [word for word in words if not word.is_compound]
    for leaf in wanted:
        sought = [token.term for token in tokens(leaf.text) if not token.is_compound]
        if isinstance(leaf, q.Prefix):
            whole = fold(leaf.text)
            yield from ((w.start, w.end) for w in words if w.term.startswith(whole))
        elif sought:
            yield from _runs(parts, sought)


def _runs(parts: Sequence[Token], sought: Sequence[str]) -> Iterator[tuple[int, int]]:
    for index in range(len(parts) - len(sought) + 1):
        run = parts[index : index + len(sought)]
        if [part.term for part in run] == sought:
            yield run[0].start, run[-1].end

"""From papers to what is written on the screen: plain texts."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from store.changes.journal import EntryKind, EntryState
from store.errors import LibraryError, QuerySyntaxError, shown
from store.links import is_safe_url
from store.models import STATE_TAGS
from store.text import clean_line, clean_text, fold
from store.texts.tex import has_tex, readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from store.changes.journal import Entry
    from store.changes.reversing import Reversal
    from store.days import DayProgress
    from store.models import Link, OtherAbstract, Paper

MANY_AUTHORS = 6
"""So many authors are named; of more, the first ones and how many others there are."""

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
SOURCE_NAMES = {
    "list": "a list",
    "page": "the copied page",
    "table": "a table",
    "json": "a JSON file",
    "ris": "a RIS file",
    "bibtex": "a bibliography",
    "csl": "CSL-JSON",
    "endnote": "a reference manager",
    "web": "a repository",
    "openalex": "OpenAlex",
    "semanticscholar": "Semantic Scholar",
    "pubmed": "PubMed",
    "paperdeck": "another library",
    "feed": "the feed",
    "arxiv": "arXiv",
}
"""What `store.models.RECORD_SOURCES` are called."""
NAMED_PAPERS = 3
"""So many papers are named in a message; of the others the number is told."""
NAMED_LENGTH = 40
"""Longer titles are cut in messages."""
MANY_SHARED = 6
"""So many words are named that two papers share."""
MANY_COUNTS = 6
"""So many counts of votes are shown; of more, the first and the last ones."""
_BROWSER = "browser "


def own_tags(tags: Iterable[str]) -> list[str]:
    """Return the reader's own tags among `tags`, by name."""
    return sorted((tag for tag in tags if tag not in STATE_TAGS), key=fold)


def one_line(text: str) -> str:
    """Return a record's text as one line that is safe on any terminal."""
    return clean_line(text)


def paragraphs(text: str) -> str:
    """Return an abstract with a blank line between its paragraphs, safe on any terminal."""
    return clean_text(text.replace("\n", "\n\n")).replace("\n", "\n\n")


@lru_cache(maxsize=2_000)
def readable_line(text: str) -> str:
    """Return a record's text as `one_line`, its TeX as the characters that it stands for."""
    return one_line(readable(text) if has_tex(text) else text)


@lru_cache(maxsize=100)
def readable_paragraphs(text: str) -> str:
    """Return an abstract as `paragraphs`, its TeX as the characters that it stands for."""
    if has_tex(text):
        text = "\n".join(map(readable, text.split("\n")))
    return paragraphs(text)


def note_text(note: str) -> str:
    """Return a note with its lines as they were written, safe on any terminal."""
    lines = note.expandtabs(4).splitlines()
    shown = [" " * (len(line) - len(line.lstrip(" "))) + one_line(line) for line in lines]
    return "\n".join(shown).strip("\n")


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


def suggestion_line(names: Sequence[str], key: str) -> str:
    """Return what follows the facts of a paper that could be tagged with `names` by a key."""
    tags = " ".join(f"+{one_line(name)}" for name in names)
    return f" · {f'{key} ' if key else ''}{tags}?" if tags else ""


def day_heading(day: str | None, *, is_guess: bool = False) -> str:
    """Return what stands above the papers of a day: `2026-04-29 Wednesday`."""
    if not day:
        return "no day"
    guess = " (year guessed)" if is_guess else ""
    try:
        return f"{day} {date.fromisoformat(day):%A}{guess}"
    except ValueError:  # a month or a year
        return f"{one_line(day)}{guess}"


def day_progress(progress: DayProgress) -> str:
    """Return how far the reader has come with a day: `12 of 40 left`."""
    if not progress.total:  # they were all taken out
        return ""
    return f"{progress.left:,} of {progress.total:,} left" if progress.left else "done"


def day_left(progress: DayProgress) -> str:
    """Return how much of a day there is left to decide on."""
    return f"{progress.left:,} of {progress.total:,} left on {progress.day}"


def day_done(day: str, following: DayProgress | None) -> str:
    """Return that all papers of a day are decided on, and which day waits next, if one does."""
    if following is None:
        return f"{day} is done, and the inbox empty"
    return f"{day} is done · next {following.day}, {following.left:,} left"


def kept_note(reversal: Reversal, titles: Sequence[str]) -> str:
    """Return what undo or redo left alone, to follow its message; empty where that is nothing.

    `titles` are those of the first papers that were kept, up to `NAMED_PAPERS`.
    """
    named = [f"'{cut_title(one_line(title))}'" for title in titles]
    named += [f"the view '{name}'" for name in reversal.kept_views]
    named += [f"the tag '{name}'" for name in reversal.kept_tags]
    more = len(reversal.kept) - len(titles)
    if more:
        named.append(f"{more:,} more")
    if not named:
        return ""
    last = f" and {named[-1]}" if len(named) > 1 else named[0]
    count = len(reversal.kept) + len(reversal.kept_views) + len(reversal.kept_tags)
    return f"; {count:,} changed since and kept: {', '.join(named[:-1])}{last}"


def cut_title(title: str) -> str:
    """Return a title as a message has room for it."""
    return title if len(title) <= NAMED_LENGTH else f"{title[: NAMED_LENGTH - 1]}…"


def cut_label(label: str) -> str:
    """Return the label of an entry as a message has room for it, its quotation closed."""
    cut = cut_title(label)
    return f"{cut}'" if cut != label and cut.count("'") % 2 and label.endswith("'") else cut


def reversal_question(verb: str, label: str, papers: int) -> str:
    """Return what is asked before an entry of so many papers is undone or redone."""
    count = counted(papers, "paper")
    return f"{verb}: {cut_label(label)}{'' if count in label else f', {count}'}?"


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


def error_line(error: Exception) -> str:
    """Return what an error says to a reader who knows which library it is: lines are short."""
    if isinstance(error, LibraryError):
        return f"The library {error.reason}: {error.remedy}"
    return str(error)


def megabytes(size: int) -> str:
    """Return a size in bytes as `1,234.5 MB`."""
    return f"{size / 1_000_000:,.1f} MB"


def local_time(moment: str, zone: tzinfo | None = None) -> str:
    """Return a moment (UTC, `2026-03-12T08:00:00Z`) as `2026-03-12 09:00` of `zone`, or of ours.

    What somebody else has put in the place of one is returned as a line.
    """
    try:
        return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return one_line(moment)


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
    return f"No paper{so_far} has all {words} words: {papers:,} with some of them"


def suggestion_note(text: str, key: str) -> str:
    """Return that another query may have been meant, and the key that searches for it."""
    note = f"Did you mean '{cut_title(one_line(text))}'?"
    return f"{note}  {key} takes it" if key else note


def shared_note(words: Sequence[str]) -> str:
    """Return the words for which a paper is like another; empty where there are none."""
    return f"In common: {', '.join(map(one_line, words[:MANY_SHARED]))}" if words else ""


def sentence(error: Exception) -> str:
    """Return what an error says, as a sentence; what to write instead comes first.

    The end of a message is what a narrow line has no room for.
    """
    text = str(error)
    if isinstance(error, QuerySyntaxError) and error.suggestion:
        meant = shown(error.suggestion)
        text = f"did you mean '{meant}'? Column {error.column}: {error.message}"
    return f"{text[:1].upper()}{text[1:]}"


def counted(number: int, noun: str) -> str:
    """Return `1 vote`, `5,938 votes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

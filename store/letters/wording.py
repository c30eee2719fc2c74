"""What every form of a letter says, in lines of plain text that hold nothing of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.exporters.citing import page_of, quote_address
from store.links import is_safe_url, page_link
from store.models import LinkKind
from store.text import clean_line
from store.texts.tex import has_tex, readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.digests import Digest, Digested
    from store.models import Paper

EXCERPT = 180
"""Characters of an abstract: two lines of a letter."""
MOST_AUTHORS = 3
LONGEST_SUBJECT_QUERY = 60
_LABELS = {LinkKind.PDF: "PDF", LinkKind.CODE: "Code", LinkKind.PROJECT: "Project"}


class Section(NamedTuple):
    """Papers that are in a letter for one reason."""

    heading: str
    papers: tuple[Digested, ...]


class NamedLink(NamedTuple):
    """An address that is safe in every form, with what stands for it."""

    label: str
    url: str


def subject(digest: Digest) -> str:
    """Return the letter's subject."""
    query = clean_line(digest.query)
    if len(query) > LONGEST_SUBJECT_QUERY:
        query = f"{query[: LONGEST_SUBJECT_QUERY - 1].rstrip()}…"
    told = f" for {query}" if query else ""
    counts = []
    if digest.all_new:
        counts.append(_counted(digest.all_new, "new paper"))
    if digest.all_risen:
        counts.append(f"{digest.all_risen:,} with twice the votes")
    return f"{', '.join(counts)}{told}, since {digest.since}"


def sections(digest: Digest) -> tuple[Section, ...]:
    """Return the papers by the reason for which they are there; none that would be empty."""
    found = (
        Section(f"New since {digest.since}", digest.new),
        Section("Votes doubled since you decided", digest.risen),
    )
    return tuple(one for one in found if one.papers)


def left_out(digest: Digest) -> str:
    """Return what is said of papers beyond those that are told of; empty where there are none."""
    # Not by how much: a query may have an order of its own, and papers may have no votes.
    return f"And {digest.beyond:,} more." if digest.beyond else ""


def title(paper: Paper) -> str:
    """Return the title, its TeX as the characters that it stands for."""
    return _shown(paper.title)


def authors(paper: Paper) -> str:
    """Return the first authors."""
    shown = ", ".join(map(clean_line, paper.authors[:MOST_AUTHORS]))
    return shown + (" et al." if len(paper.authors) > MOST_AUTHORS else "")


def facts(paper: Paper) -> str:
    """Return day, votes and identifier."""
    votes = None if paper.votes is None else _counted(paper.votes, "vote")
    own = paper.id if paper.identifiers else None
    return " · ".join(filter(None, (paper.listed or paper.published, votes, own)))


def why(one: Digested, digest: Digest) -> str:
    """Return why a paper is in the letter."""
    if one.rise is None:
        return f"new since {digest.since}"
    then = _counted(one.rise.then, "vote")
    return f"{then} when you decided, {one.rise.now:,} now"


def excerpt(paper: Paper) -> str:
    """Return the beginning of the abstract, cut between words."""
    text = _shown(paper.abstract[: 20 * EXCERPT])
    if len(text) <= EXCERPT:
        return text
    cut = text[:EXCERPT]
    whole = cut.rpartition(" ")[0]
    # A text without blanks, such as a Chinese one, is cut anywhere.
    return f"{(whole if len(whole) > EXCERPT // 2 else cut).rstrip(' ,;:.')}…"


def page(paper: Paper) -> NamedLink | None:
    """Return the paper's page, else a search by its title."""
    own = page_of(paper)
    if own:
        return NamedLink("Page", own)
    link = page_link(paper.links)
    return NamedLink("Search by title", quote_address(link.url)) if link else None


def other_links(paper: Paper) -> Iterator[NamedLink]:
    """Yield the links beside that of the page."""
    for kind, label in _LABELS.items():
        link = paper.link(kind)
        if link and is_safe_url(link.url):
            yield NamedLink(label, quote_address(link.url))


def _shown(text: str) -> str:
    line = clean_line(text)
    return clean_line(readable(line)) if has_tex(line) else line


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

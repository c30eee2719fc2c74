"""A list in Markdown: CommonMark, and nothing that GitHub's extensions would make more of."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from store.exporters.citing import page_of
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper

MOST_AUTHORS = 3

# Marks, HTML, entities and formulas; colons and full stops that make addresses and pictograms.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~$&@]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
# What makes a heading, a list, a quotation or a rule of a line that it begins.
_BEGINS_BLOCK = re.compile(r"^(?:[-+=#]|\d{1,9}(?=[.)]))")


def write_markdown(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a line for each paper, `- [title](url) (authors, day) #tag`, its note quoted below."""
    for paper in papers:
        yield f"- {' '.join(filter(None, _parts(paper)))}\n{_quoted(paper.note)}"


def _parts(paper: Paper) -> Iterator[str]:
    """Yield what stands between blanks; it may be empty."""
    title, page = _plain(clean_line(paper.title)), page_of(paper)
    yield f"[{title}]({page})" if page else _BEGINS_BLOCK.sub(_escape_block, title)
    facts = ", ".join(filter(None, (_authors(paper), paper.published or paper.listed)))
    yield f"({facts})" if facts else ""
    yield " ".join(f"#{_plain(tag)}" for tag in paper.tags)


def _authors(paper: Paper) -> str:
    shown = [_plain(clean_line(author)) for author in paper.authors[:MOST_AUTHORS]]
    return ", ".join(shown) + (" et al." if len(paper.authors) > MOST_AUTHORS else "")


def _quoted(note: str) -> str:
    """Return a note as a quotation within the list, its lines broken where they are."""
    lines = [_BEGINS_BLOCK.sub(_escape_block, _plain(line.strip())) for line in note.split("\n")]
    # A backslash breaks the line; at the end of a paragraph it would be shown.
    broken = [
        f"{line}\\" if line and following else line
        for line, following in zip_longest(lines, lines[1:])
    ]
    return "".join(f"  > {line}".rstrip() + "\n" for line in broken) if note else ""


def _plain(text: str) -> str:
    """Return `text` as Markdown that shows it as it is."""
    return _SPECIAL.sub(lambda match: f"\\{match.group()}", text)


def _escape_block(match: re.Match[str]) -> str:
    begin = match.group()
    return f"{begin}\\" if begin.isdigit() else f"\\{begin}"

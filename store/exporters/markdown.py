"""A list or a table in Markdown, with nothing that GitHub's extensions would make more of.

The list is CommonMark; the table is that of GitHub's specification, section 4.10.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from store.exporters.citing import date_of, page_of
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper

MOST_AUTHORS = 3

# Marks, HTML, entities and formulas; colons and full stops that make addresses and pictograms.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~$&@]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
# What makes a heading, a list, a quotation or a rule of a line that it begins.
_BEGINS_BLOCK = re.compile(r"^(?:[-+=#]|\d{1,9}(?=[.)]))")
_COLUMNS = ("Title", "Authors", "Day", "Votes", "Tags", "Note")


def write_markdown(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a line for each paper, `- [title](url) (authors, day) #tag`, its note quoted below."""
    for paper in papers:
        yield f"- {' '.join(filter(None, _parts(paper)))}\n{_quoted(paper.note)}"


def write_markdown_table(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the head of a table, and a row for each paper."""
    yield f"{_row(_COLUMNS)}{_row('---:' if name == 'Votes' else '---' for name in _COLUMNS)}"
    for paper in papers:
        title, page = plain(clean_line(paper.title)), page_of(paper)
        cells = (
            f"[{title}]({page})" if page else title,
            _authors(paper),
            paper.listed or paper.published or "",
            "" if paper.votes is None else str(paper.votes),
            " ".join(f"#{plain(tag)}" for tag in paper.tags),
            plain(clean_line(paper.note)),
        )
        yield _row(cells)


def plain(text: str) -> str:
    """Return a line of text as Markdown that shows it as it is, within a line."""
    return _SPECIAL.sub(lambda match: f"\\{match.group()}", text)


def plain_line(text: str) -> str:
    """Return a line of text as Markdown that shows it as it is, also where a line begins."""
    return _BEGINS_BLOCK.sub(_escape_block, plain(text))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _parts(paper: Paper) -> Iterator[str]:
    """Yield what stands between blanks; it may be empty."""
    title, page = clean_line(paper.title), page_of(paper)
    yield f"[{plain(title)}]({page})" if page else plain_line(title)
    facts = ", ".join(filter(None, (_authors(paper), "-".join(date_of(paper)))))
    yield f"({facts})" if facts else ""
    yield " ".join(f"#{plain(tag)}" for tag in paper.tags)


def _authors(paper: Paper) -> str:
    shown = [plain(clean_line(author)) for author in paper.authors[:MOST_AUTHORS]]
    return ", ".join(shown) + (" et al." if len(paper.authors) > MOST_AUTHORS else "")


def _quoted(note: str) -> str:
    """Return a note as a quotation within the list, its lines broken where they are."""
    lines = [plain_line(line.strip()) for line in note.split("\n")]
    # A backslash breaks the line; at the end of a paragraph it would be shown.
    broken = [
        f"{line}\\" if line and following else line
        for line, following in zip_longest(lines, lines[1:])
    ]
    return "".join(f"  > {line}".rstrip() + "\n" for line in broken) if note else ""


def _escape_block(match: re.Match[str]) -> str:
    begin = match.group()
    return f"{begin}\\" if begin.isdigit() else f"\\{begin}"

"""Markdown: lists, tables and headings that link to papers.

What links to a paper is known by the address: one of a register that `store.identifiers` reads.
Prose around it, and links that lead elsewhere, are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError
from store.identifiers import read_identifier
from store.importers.dates import to_published
from store.importers.drafts import Draft, identifiers_in, to_record
from store.importers.fieldnames import draft_of, squashed, titles_papers
from store.importers.fields import to_day
from store.importers.markedtext import (
    BARE,
    GENERIC,
    LINK,
    Found,
    cells_of,
    links_in,
    plain,
    without_links,
)
from store.importers.textlines import TOO_LONG, Line, lines_of
from store.models import LinkKind, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

MOST_LINES = 2_000
"""Of one block or one row."""
_LONGEST_TITLE = 5_000

_HEADING = re.compile(r"\s{0,3}#{1,6}\s(?P<text>.*)")
_ITEM = re.compile(r"\s{0,3}(?:[-*+\u2022]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?")
_LABEL = re.compile(
    r"\s*+(?:[-*+>]\s++)?[*_]{0,2}(?P<name>authors?|abstract|tl;?dr|summary|published|date|year|venue"
    r"|journal|keywords|categories|comments?|doi|arxiv(?: id)?|links?|url|paper|pdf|code|title"
    # The title, the authors, the abstract, the link and the day, as pages in Chinese have them.
    r"|\u539f\u6587\u6807\u9898|\u6807\u9898|\u4f5c\u8005|\u6458\u8981|\u8bba\u6587\u94fe\u63a5|\u65e5\u671f)"
    r"[*_]{0,2}\s*+[:\uff1a][*_]{0,2}\s*+(?P<value>.*)",
    re.IGNORECASE,
)
_IN_CHINESE = {
    "\u539f\u6587\u6807\u9898": "title",
    "\u6807\u9898": "title",
    "\u4f5c\u8005": "authors",
    "\u6458\u8981": "abstract",
    "\u65e5\u671f": "date",
}
_BOLD = re.compile(r"(?:\*\*|__)(?P<text>.+?)(?:\*\*|__)")
_FACTS = re.compile(r"\s*\((?P<facts>[^()]*(?:\([^()]*\)[^()]*)*)\)")
# What our own export writes behind a title: authors and a day, and tags behind these.
_OWN_FACTS = re.compile(
    r"\s\((?P<facts>[^()]+, (?P<day>[12]\d{3}(?:-\d\d){0,2}))\)(?: #\S+)*+\s*\Z", re.ASCII
)
_LONGEST_OWN = 4_000
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_RULE = re.compile(r"\|?\s*+:?--[-|:\s]*+")
_SCHEME_AT_END = re.compile(r"(?:arxiv|doi|pmid)\Z", re.IGNORECASE)
_EDGES = " \t-\u2013\u2014:;,.|>*"


@dataclass(slots=True)
class _Block:
    """Lines that speak of one paper or a few, or a row of a table with its cells by column."""

    position: str
    lines: list[str]
    labels: dict[str, str] = field(default_factory=dict)
    is_listed: bool = False
    """Whether it is of a list or under a heading, so that its text can be a title."""
    is_row: bool = False


def looks_like_markdown(head: str) -> bool:
    """Tell whether a text that begins so links to papers, or names them in a table or in prose."""
    lines = head.split("\n")
    return (
        any(_RULE.fullmatch(line) and titles_papers(cells_of(row)) for row, line in pairwise(lines))
        or any(found.address for found in links_in(head))
        or bool(identifiers_in(head))
    )


def read_markdown(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the text says everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield the papers that lists, tables and headings link to, in their order.

    A heading with a day says when those under it were listed.
    """
    day = context.day
    refused: list[RecordError] = []
    for block in _blocks(_rows(_kept(lines_of(stream), refused))):
        drafts = _of_row(block) if block.is_row else _of_text(block)
        for draft in drafts:
            sighting = Sighting("list", day) if day else None
            yield to_record(replace(draft, sighting=sighting), "list", context)
        heading = _HEADING.fullmatch(block.lines[0])
        if heading and not drafts and (named := _DAY.search(heading["text"])):
            day = context.day or to_day(named.group())
        yield from refused
        refused.clear()
    yield from refused


def _kept(lines: Iterable[Line], refused: list[RecordError]) -> Iterator[Line]:
    """Yield the lines, blank ones in place of those that are too long, which are refused."""
    for line in lines:
        if line.is_too_long:
            refused.append(RecordError(line.position, TOO_LONG))
        yield line


def _is_row(text: str) -> bool:
    return text.lstrip().startswith("|") and text.count("|") > 1


def _rows(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines, those together that a row of a table was broken into."""
    for line in lines:
        parts = [line.text]
        if line.text.lstrip().startswith("|"):
            while len(parts) < MOST_LINES and not parts[-1].rstrip().endswith("|"):
                following = next(lines, None)
                if following is None or not following.text.strip():
                    break
                parts.append(following.text)
        yield line._replace(text="\n".join(parts))


def _blocks(lines: Iterable[Line]) -> Iterator[_Block]:
    block: _Block | None = None
    columns: list[str] = []
    for line in lines:
        is_row, label = _is_row(line.text), _LABEL.fullmatch(line.text)
        if block and (is_row or _ends(block, line.text)):
            yield block
            block = None
        if is_row:
            columns, row = _of_table(line, columns)
            if row:
                yield row
        elif block:
            block.lines.append(line.text)
            if label:
                name = label["name"]
                block.labels.setdefault(_IN_CHINESE.get(name, squashed(name)), label["value"])
        elif line.text.strip():
            columns = []
            block = _Block(line.position, [line.text], is_listed=_begins_listed(line.text))
    if block:
        yield block


def _of_table(line: Line, columns: list[str]) -> tuple[list[str], _Block | None]:
    """Return the columns of a table, and the block of a row that is not its header."""
    cells = cells_of(line.text)
    if not columns and titles_papers(map(plain, cells)):
        return [squashed(plain(cell)) for cell in cells], None
    if not columns or _RULE.fullmatch(line.text.strip()):
        return columns, None
    labels = dict(zip(columns, cells, strict=False))
    return columns, _Block(line.position, [line.text], labels, is_row=True)


def _ends(block: _Block, text: str) -> bool:
    """Tell whether a block is complete before this line."""
    if not text.strip():
        return not block.is_listed
    if not block.lines[-1].strip() and links_in(text) and links_in("\n".join(block.lines)):
        # Prose about another paper, below a list.
        return True
    return _begins_listed(text) or len(block.lines) > MOST_LINES


def _begins_listed(text: str) -> bool:
    if _HEADING.fullmatch(text):
        return True
    return bool(_ITEM.match(text)) and not _LABEL.fullmatch(text)


def _of_row(block: _Block) -> list[Draft]:
    found = links_in("\n".join(block.lines))
    cells = {name: plain(without_links(cell)) for name, cell in block.labels.items()}
    cells = {name: cell.removesuffix(" et al.") for name, cell in cells.items() if cell}
    draft = draft_of(cells, block.position, "list")
    identifiers = [*(one.address for one in found), *draft.identifiers]
    title = draft.title
    if title.count("[") != title.count("]"):
        # A bar within the link has broken its cell.
        title = next((one.text for one in found if one.text), title)
    return [replace(draft, title=title, identifiers=identifiers)] if title or found else []


def _of_text(block: _Block) -> list[Draft]:
    text = "\n".join(block.lines)
    found = links_in(text)
    texts = [*(one.address for one in found), *identifiers_in(text)]
    named = list(dict.fromkeys(str(read_identifier(one)) for one in texts))
    titled = {str(read_identifier(one.address)): one.text for one in reversed(found) if one.text}
    if len(named) > 1 and (len(titled) > 1 or not block.is_listed):
        return [
            Draft(position=block.position, title=titled.get(name, ""), identifiers=[name])
            for name in named
        ]
    labels = {name: plain(value) for name, value in block.labels.items()}
    draft = draft_of(labels, block.position, "list")
    if not texts:
        # What is called a title is one, though no address says whose.
        return [draft] if draft.title and draft.abstract else _of_own_line(block)
    title = draft.title or next(iter(titled.values()), "")
    if not title and block.is_listed:
        title = _title_before(block.lines[0], found)
    names, published = _facts(text, found)
    return [
        replace(
            draft,
            title=title,
            authors=draft.authors or names,
            published=draft.published or published,
            identifiers=texts,
        )
    ]


def _of_own_line(block: _Block) -> list[Draft]:
    """Return the paper of a line of our own export that links to no register, or to nothing."""
    line = block.lines[0]
    begin = _ITEM.match(line)
    facts = _OWN_FACTS.search(line) if len(line) <= _LONGEST_OWN else None
    if not begin or not facts:
        return []
    shown = line[begin.end() : facts.start()]
    link = LINK.fullmatch(shown)
    return [
        Draft(
            position=block.position,
            title=plain(link["text"] if link else shown),
            authors=_without_others(plain(facts["facts"]).split(", ")[:-1]),
            published=facts["day"],
            links=[(LinkKind.WEB, link["url"])] if link else [],
        )
    ]


def _without_others(names: list[str]) -> list[str]:
    return [*names[:-1], *(name.removesuffix(" et al.") for name in names[-1:])]


def _title_before(line: str, found: list[Found]) -> str:
    """Return the bold text of a line, else what stands before its first link."""
    heading = _HEADING.fullmatch(line)
    line = heading["text"].strip().rstrip("#").strip() if heading else _ITEM.sub("", line, 1)
    if bold := _BOLD.search(line):
        return plain(bold["text"]).strip(_EDGES)
    cut = next((match.start() for match in (LINK.search(line), BARE.search(line)) if match), None)
    text = line if cut is None else line[:cut]
    head = text[:_LONGEST_TITLE].lower()
    if identifiers := identifiers_in(head):
        place = min(head.find(one.partition(":")[2]) for one in identifiers)
        text = _SCHEME_AT_END.sub("", text[:place].rstrip().rstrip(":([").rstrip())
    shown = plain(text).strip(_EDGES)
    return "" if not found and cut is None and not shown else _without_aside(shown)


def _without_aside(text: str) -> str:
    return "" if GENERIC.fullmatch(text) else text.rstrip("([{").strip(_EDGES)


def _facts(text: str, found: list[Found]) -> tuple[list[str], str | None]:
    """Return the authors and the day that our own export writes behind a link."""
    first = next((one for one in found if one.text), None)
    match = _FACTS.match(text, first.end) if first else None
    if match is None:
        return [], None
    parts = [part.strip() for part in plain(match["facts"]).split(", ")]
    published = to_published(parts[-1])
    names = parts[:-1] if published else parts
    names = _without_others(names)
    return [name for name in names if not any(map(str.isdigit, name))], published

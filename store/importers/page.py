"""The feed's page, copied from a web browser as text.

Above the papers stand lines of the site, the page's byline, and a day that most often has no year.
Two forms follow, as the page was set to show abstracts or not:

- title and abstract in turn, each a paragraph;
- cards: `Submitted by`, a name, votes, a title, the number of authors, and perhaps an abstract.

Several pages may follow each other in one text. No paper of a page has an identifier.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from store.errors import RecordError, SourceError
from store.importers.encodings import decode
from store.importers.source import read_whole
from store.models import Record, Sighting
from store.text import clean_line, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source

MOST_LINES = 500_000
"""Of one file: the feed has so many in ten years, and each takes its time and memory."""
LONGEST_TITLE = 400
"""Characters: a longer paragraph is no title, wherever it stands."""

_BYLINE = re.compile(
    r"^[^\S\n]*by\s*AK\s*and\s+the\s+research\s+community\s*$", re.IGNORECASE | re.MULTILINE
)
_BANNER = re.compile(r"^[^\S\n]*Daily Papers[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
    r"\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>\d{4}))?",
    re.IGNORECASE | re.ASCII,
)
# Lines of the site, above the papers and below them.
_SITE_LINES = frozenset(
    (
        *("new", "subscribe", "daily papers", "trending papers", "daily", "weekly", "monthly"),
        *("trending", "search by arxiv id or title", "submit a paper", "submit", "hugging face"),
        "get trending papers in your email inbox!",
        "get trending papers in your email inbox once a day!",
        *("previous", "next", "back to top", "company", "tos", "privacy", "about", "careers"),
        *("jobs", "website", "models", "datasets", "spaces", "posts", "docs", "pricing"),
        *("system theme", "\N{COPYRIGHT SIGN} hugging face"),
    )
)
# What a card shows beside its title; no title or abstract is any of these.
_CARD_LINE = re.compile(
    r"[\d,.]+k?|[\N{MIDDLE DOT}\N{BULLET}-]|(?:\N{MIDDLE DOT}\s*)?\d[\d,]* authors?|upvotes?",
    re.IGNORECASE,
)
_SUBMITTER = re.compile(r"submitted by\b\s*(?P<name>.*)", re.IGNORECASE)


# Formulas lost their signs on the page: `$4\sim 16\times$` is there as `4sim 16times`. Beside a
# figure, or within a name as in `Adapt-infty`, that can be nothing else.
_LOST_TEX = (
    (re.compile(r"(?<=\d)times\b\s?(?=\d)|(?<=\d)times\b"), r"$\\times$"),
    (re.compile(r"(?<![^\W\d_])sim\s?(?=\d)"), r"$\\sim$"),
    (re.compile(r"(?<=[\w)]-)infty\b"), r"$\\infty$"),
)


class _Paragraph(NamedTuple):
    line: int
    """Counted from 1, in the whole source."""
    text: str


class _Page(NamedTuple):
    month: int
    """0 where the page names no day."""
    day: int
    year: int
    """0 where the page names none."""
    lines: list[_Paragraph]
    """What follows the day, line by line; blank ones are kept, as empty texts."""


def _with_tex(text: str) -> str:
    """Return a text with the formulas that it certainly had."""
    for pattern, formula in _LOST_TEX:
        text = pattern.sub(formula, text)
    return text


def looks_like_page(head: str) -> bool:
    """Tell whether a text that begins so is a copied page of the feed."""
    if _BYLINE.search(head):
        return True
    banner = _BANNER.search(head)
    if banner is None:
        return False
    next_lines = head[banner.end() :].split("\n", 12)[:12]
    return any(_DAY.fullmatch(line.strip()) for line in next_lines)


def read_page(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of each page, in its order."""
    text = decode(read_whole(stream, source.name), source.name)
    if text.count("\n") > MOST_LINES:
        raise SourceError(source.name, f"has more than {MOST_LINES:,} lines: split it")
    for page in _pages(text):
        day, is_guess = _listed_day(page, source, context)
        rank = 0
        for paper in _papers(page.lines):
            rank += 1
            if isinstance(paper, RecordError):
                yield paper
                continue
            title, abstract = paper
            sighting = Sighting("page", day, rank=rank, day_is_guess=is_guess) if day else None
            yield Record(
                title=_with_tex(title.text),
                source="page",
                abstract=_with_tex(clean_text(abstract)),
                sightings=(sighting,) if sighting else (),
                position=f"line {title.line}",
            )


def _pages(text: str) -> Iterator[_Page]:
    starts = list(_BYLINE.finditer(text)) or list(_BANNER.finditer(text))[:1]
    # There is neither in a text that is read because the reader named its format.
    begins = [start.end() for start in starts] or [0]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    first = counted = 0
    for begin, end in zip(begins, ends, strict=True):
        first += text.count("\n", counted, begin)
        counted = begin
        lines = text[begin:end].split("\n")
        yield _page(
            [_Paragraph(number, clean_line(line)) for number, line in enumerate(lines, first + 1)]
        )


def _page(lines: list[_Paragraph]) -> _Page:
    """Split a page into its day and what follows, without the lines of the site around that."""
    while lines and (not lines[-1].text or lines[-1].text.lower() in _SITE_LINES):
        lines.pop()
    start = 0
    while start < len(lines) and (
        not lines[start].text or lines[start].text.lower() in _SITE_LINES
    ):
        start += 1
    # The site may show month and day on lines of their own.
    for count in (1, 2):
        match = _DAY.fullmatch(" ".join(line.text for line in lines[start : start + count]))
        if match:
            month = _MONTHS.index(match["month"][:3].lower()) + 1
            return _Page(month, int(match["day"]), int(match["year"] or 0), lines[start + count :])
    return _Page(0, 0, 0, lines[start:])


def _listed_day(page: _Page, source: Source, context: ReadingContext) -> tuple[str | None, bool]:
    """Return the page's day, if it can be known, and whether its year is guessed.

    The same content is said to be of the same day at each reading, whatever day it is then.
    """
    if not page.month:
        return context.day, False
    year = page.year or (int(context.day[:4]) if context.day else 0)
    if year:
        day = _date(year, page)
        if day is None:
            raise SourceError(
                source.name, f"names a day that {year} does not have; --date can say another year"
            )
        return day.isoformat(), False
    latest = min(source.modified, context.today)
    years = range(latest.year, latest.year - 9, -1)  # 29 February comes every 8 years at least
    days = (day for day in (_date(year, page) for year in years) if day and day <= latest)
    guess = next(days, None)
    if guess is None:
        raise SourceError(source.name, "names a day that no year has: correct it in the file")
    texts = (line.text for line in page.lines if line.text)
    content = "\n".join((f"{page.month}-{page.day}", *texts))
    digest = sha256(content.encode()).hexdigest()
    return context.recall_day(digest, guess.isoformat()), True


def _date(year: int, page: _Page) -> date | None:
    try:
        return date(year, page.month, page.day)
    except ValueError:
        return None


def _papers(lines: list[_Paragraph]) -> Iterator[tuple[_Paragraph, str] | RecordError]:
    if any(_SUBMITTER.fullmatch(line.text) for line in lines):
        return _cards(lines)
    return _pairs(_paragraphs(lines))


def _paragraphs(lines: list[_Paragraph]) -> Iterator[_Paragraph]:
    """Join the lines between blank ones; in a text without blank ones each stands for itself."""
    has_blank_lines = any(not line.text for line in lines[1:])
    parts: list[_Paragraph] = []
    for line in (*lines, _Paragraph(0, "")):
        if parts and (not line.text or not has_blank_lines):
            yield _Paragraph(parts[0].line, " ".join(part.text for part in parts))
            parts = []
        if line.text and not _CARD_LINE.fullmatch(line.text):
            parts.append(line)


def _pairs(paragraphs: Iterable[_Paragraph]) -> Iterator[tuple[_Paragraph, str] | RecordError]:
    """Take title and abstract in turn, and find the turn again where one is missing."""
    title: _Paragraph | None = None
    abstract: list[_Paragraph] = []
    for paragraph in paragraphs:
        if title is None:
            title = paragraph
        elif not abstract:
            abstract = [paragraph]
        elif len(paragraph.text) <= LONGEST_TITLE:
            yield title, abstract[0].text
            title, abstract = paragraph, []
        elif len(abstract[0].text) <= LONGEST_TITLE and not abstract[0].text.endswith("."):
            # Two titles, then an abstract: it belongs to the second.
            yield RecordError(f"line {title.line}", "a title without its abstract")
            title, abstract = abstract[0], [paragraph]
        else:
            abstract = [_Paragraph(abstract[0].line, f"{abstract[0].text}\n\n{paragraph.text}")]
    if title and abstract:
        yield title, abstract[0].text
    elif title:
        yield RecordError(f"line {title.line}", "a title without its abstract")


def _cards(lines: Iterable[_Paragraph]) -> Iterator[tuple[_Paragraph, str] | RecordError]:
    texts: list[_Paragraph] = []
    is_name = False
    for line in lines:
        marker = _SUBMITTER.fullmatch(line.text)
        if marker:
            if texts:
                yield texts[0], " ".join(text.text for text in texts[1:])
            texts = []
            is_name = not marker["name"]
        elif line.text and is_name:
            is_name = False
        elif line.text and not _CARD_LINE.fullmatch(line.text):
            texts.append(line)
    if texts:
        yield texts[0], " ".join(text.text for text in texts[1:])

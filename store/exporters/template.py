r"""Papers by a reader's own template: `\cite{{{key}}}: {title:latex}` gives a line for each.

What stands in braces is a value of the paper, on one line, and behind a colon how to write it so
that a program takes it for text alone. Only these names are read, never attributes or indices, and
what a record says is put in once and never read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from store.errors import TemplateError, shown
from store.exporters import ExportFormat
from store.exporters.citationkeys import base_key
from store.exporters.citing import date_of, names_of, page_of, quote_address, value_of
from store.links import is_safe_url, page_link
from store.models import LinkKind
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper

CITATION_KEY = "key"
"""The one value that a library has to have given before."""

_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}
_Value: TypeAlias = Callable[["Paper"], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A text that stands as it is, and the value that follows it."""

    literal: str
    name: str = ""
    """One of `VALUES`; empty at the end."""
    writing: str = ""
    """One of `WRITINGS`; empty for the text itself."""


Template: TypeAlias = tuple[Part, ...]


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _address(paper: Paper, kind: LinkKind) -> str:
    link = paper.link(kind)
    return quote_address(link.url) if link and is_safe_url(link.url) else ""


def _link(paper: Paper) -> str:
    link = page_link(paper.links)
    return link.url if link else ""


def _first_author(paper: Paper) -> str:
    return next((name.family or str(name) for name in names_of(paper)), "")


VALUES: Mapping[str, _Value] = MappingProxyType(
    {
        "id": lambda paper: paper.id,
        "title": lambda paper: paper.title,
        "day": lambda paper: paper.listed or paper.published or "",
        "votes": lambda paper: _number(paper.votes),
        "tags": lambda paper: " ".join(paper.tags),
        "link": _link,
        "authors": lambda paper: ", ".join(paper.authors),
        "abstract": lambda paper: paper.abstract,
        "key": lambda paper: paper.citation_key or base_key(paper),
        "first_author": _first_author,
        "year": lambda paper: "".join(date_of(paper)[:1]),
        "published": lambda paper: paper.published or "",
        "listed": lambda paper: paper.listed or "",
        "added": lambda paper: paper.added[:10],
        "venue": lambda paper: paper.venue,
        "organisation": lambda paper: paper.organisation,
        "categories": lambda paper: " ".join(paper.categories),
        "keywords": lambda paper: ", ".join(paper.keywords),
        "arxiv": lambda paper: value_of(paper, "arxiv"),
        "doi": lambda paper: value_of(paper, "doi"),
        "page": page_of,
        "pdf": lambda paper: _address(paper, LinkKind.PDF),
        "code": lambda paper: _address(paper, LinkKind.CODE),
        "comments": lambda paper: _number(paper.comments),
        "summary": lambda paper: paper.summary,
        "note": lambda paper: paper.note,
    }
)
"""What a template can name."""


def _to_latex(text: str) -> str:
    # Each is imported as it is needed, as the formats are.
    from store.exporters.latex import to_latex

    return to_latex(text)


def _to_markdown(text: str) -> str:
    from store.exporters.markdown import plain

    return plain(text)


def _to_html(text: str) -> str:
    from html import escape

    return escape(text)


def _to_json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _to_csv(text: str) -> str:
    from store.exporters.table import safe_cell

    cell = safe_cell(text).replace('"', '""')
    return f'"{cell}"'


def _to_url(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


WRITINGS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "latex": _to_latex,
        "markdown": _to_markdown,
        "html": _to_html,
        "json": _to_json,
        "csv": _to_csv,
        "url": _to_url,
    }
)
"""How a value can be written, for what the text is to be part of; `json` and `csv` add quotes."""


def read_template(text: str, *, has_escapes: bool = True) -> Template:
    r"""Return the parts of a template such as `{id}\t{title:html}`; raise `TemplateError`.

    With escapes, `\t` is a tab and `\n` a line break; a brace itself is written twice.
    """
    # Needed for this alone.
    from string import Formatter

    try:
        parsed = list(Formatter().parse(text))
    except ValueError as error:
        raise TemplateError(f"{error}; a brace itself is written twice") from error
    return tuple(
        _part(_unescaped(literal) if has_escapes else literal, *value) for literal, *value in parsed
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\[tn\\]", lambda match: _ESCAPES[match.group()], text)


def _part(literal: str, name: str | None, writing: str | None, conversion: str | None) -> Part:
    if name is None:
        return Part(literal)
    if name not in VALUES:
        raise TemplateError(f"there is no '{{{shown(name)}}}'{_instead(name, VALUES)}")
    if conversion:
        raise TemplateError(f"'{{{name}}}' stands alone, with no '!' in it")
    if writing and writing not in WRITINGS:
        raise TemplateError(
            f"'{{{name}}}' can't be written as '{shown(writing)}'{_instead(writing, WRITINGS)}"
        )
    return Part(literal, name, writing or "")


def _instead(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    meant = f"; did you mean '{near[0]}'?" if near else ""
    return f"{meant} (there are {', '.join(known)})"


def format_of(text: str, *, has_escapes: bool = True) -> ExportFormat:
    """Return a template as a format, which has no suffix; raise `TemplateError`."""
    template = read_template(text, has_escapes=has_escapes)
    cites = any(part.name == CITATION_KEY for part in template)
    return ExportFormat(partial(write_template, template=template), "a template", "", cites=cites)


def write_template(papers: Iterable[Paper], template: Template) -> Iterator[str]:
    """Yield the text of each paper, a line break behind it."""
    for paper in papers:
        yield "".join(part.literal + _written(paper, part) for part in template) + "\n"


def _written(paper: Paper, part: Part) -> str:
    if not part.name:
        return ""
    value = clean_line(VALUES[part.name](paper))
    return WRITINGS[part.writing](value) if part.writing else value

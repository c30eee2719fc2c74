"""Web pages with lists, tables or headings that link to papers: read as the Markdown they show."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError, SourceError
from store.importers.encodings import decode_html
from store.importers.marked import read_markdown
from store.importers.source import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

_TELLING = re.compile(
    r"href\s*=\s*[\"']?https?://(?:[\w.-]*arxiv\.org/|(?:dx\.)?doi\.org/10\.|aclanthology\.org/"
    r"|openreview\.net/(?:forum|pdf)|huggingface\.co/papers/\d|pubmed\.ncbi)"
    r"|\u539f\u6587\u6807\u9898",
    re.IGNORECASE,
)
_BREAKS = frozenset({"p", "div", "br", "ul", "ol", "tr", "table", "section", "article", "dl", "dd"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "template", "svg"})
_CELLS = frozenset({"td", "th"})


def looks_like_html_list(head: str) -> bool:
    """Tell whether HTML that begins so links to papers."""
    return bool(_TELLING.search(head))


def read_html_list(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers that a page links to, in its order."""
    text = _as_markdown(decode_html(read_whole(stream, source.name), source.name), source.name)
    marked = io.BytesIO(text.encode("utf-8", "replace"))
    for number, record in enumerate(read_markdown(marked, source, context), start=1):
        position = f"record {number}"
        if isinstance(record, RecordError):
            yield RecordError(position, record.reason)
        else:
            yield replace(record, position=position)


def _as_markdown(text: str, name: str) -> str:
    page = _Page()
    try:
        page.feed(text)
    except AssertionError as error:  # how the standard library's parser tells of some markup
        raise SourceError(name, f"is damaged HTML: {error}") from error
    return "".join(page.parts)


class _Page(HTMLParser):
    """Writes what a page shows, with the marks of Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0
        self._in_row = False
        self._addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _HEADINGS:
            self.parts.append("\n\n### ")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            self._addresses.append(dict(attrs).get("href") or "")
            self.parts.append("[")
        elif tag in {"strong", "b"}:
            self.parts.append("**")
        elif tag == "tr":
            self._in_row = True
            self.parts.append("\n| ")
        elif tag in _BREAKS and not self._in_row:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._addresses:
            self.parts.append(f"]({self._addresses.pop().strip()})")
        elif tag in {"strong", "b"}:
            self.parts.append("**")
        elif tag in _CELLS:
            self.parts.append(" | ")
        elif tag == "tr":
            self._in_row = False
            self.parts.append("\n")
        elif tag in _HEADINGS or (tag == "p" and not self._in_row):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            text = " ".join(data.split())
            blank = " " if data[:1].isspace() and text else ""
            self.parts.append(f"{blank}{text}{' ' if data[-1:].isspace() else ''}")

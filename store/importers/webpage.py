"""The feed's page as a web browser saved it: HTML that holds its listings as escaped JSON.

The site draws its pages from such JSON: it stands in an element's `data-props`, whose
`data-target` names what is drawn. The listings are those of the feed's reply. Pages of a week, of
a month, of a search or of a trend hold them too, but say neither the day nor its ranks.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from operator import itemgetter
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from store.errors import SourceError
from store.importers.encodings import decode_html
from store.importers.feed import WRAPPED, Listing, day_in_name, read_listings
from store.importers.fields import JsonError, Raw, find_day, parse_json, to_day
from store.importers.source import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.errors import RecordError
    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

WANTED = (
    "save https://huggingface.co/papers, or the page of a day,"
    " as HTML in a web browser or with curl"
)
"""What helps the reader who gave another page."""

_HTML = re.compile(r"<(?:!--|(?:!doctype\s+html|html|head|body|div|meta)\b)", re.IGNORECASE)
_TARGET = re.compile(r"""data-target\s*=\s*["']?DailyPapers""", re.IGNORECASE)
# The page's own head may be longer than what a format is told by.
_TELLING = re.compile(r"daily\s?papers|huggingface\.co/papers|hf\.co/papers", re.IGNORECASE)
_ADDRESS = re.compile(r"/papers(?:/date/|\?(?:[^\s#]*&)?date=)(?P<day>\d{4}-\d{2}-\d{2})", re.ASCII)
_LONGEST_ADDRESS = 2048
_SHOWN_ADDRESSES = frozenset({"canonical", "og:url"})


class _Listed(NamedTuple):
    """What a page shows."""

    listings: list[Any]
    day: str | None
    """The day that all of them were listed on, if the page names it."""
    is_day: bool
    """Whether they are one day's list, in its order."""


class _Found(Exception):  # noqa: N818 - it ends the reading, and is no failure
    """The listings were met: the rest of the page is of no interest."""


def looks_like_webpage(head: str) -> bool:
    """Tell whether a text that begins so can be a saved page of the feed."""
    if not head.startswith("<"):
        return False
    return bool(_TARGET.search(head) or (_HTML.match(head) and _TELLING.search(head)))


def read_webpage(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of the page, in its order."""
    listed = _listed(decode_html(read_whole(stream, source.name), source.name), source.name)
    day = context.day or listed.day
    if day is None and listed.is_day:
        day = day_in_name(source.name)
    listings = (
        Listing(raw, f"record {number}", in_list=listed.is_day, day=None)
        for number, raw in enumerate(listed.listings, start=1)
    )
    yield from read_listings(listings, day)


def _listed(text: str, name: str) -> _Listed:
    page = _Page()
    try:
        # Left open: what would be closed here is a tag that the file's end cuts.
        page.feed(text)
    except _Found:
        pass
    except AssertionError as error:  # how the standard library's parser tells of some markup
        raise SourceError(name, f"is damaged HTML: {error}") from error
    if page.listed:
        return page.listed
    if page.failure:
        raise SourceError(name, f"{page.failure}; save the page again")
    if len(_TARGET.findall(text)) > page.targets:
        raise SourceError(name, "is cut short or damaged within its papers; save the page again")
    raise SourceError(name, f"is a web page without the feed's papers: {WANTED}")


class _Page(HTMLParser):
    """Finds the listings of a page, and on the way to them the day that it names."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: _Listed | None = None
        self.failure: JsonError | None = None
        self.targets = 0
        self._day: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - any tag can hold them
        values = {name: value or "" for name, value in attrs}
        if values.get("data-target", "").lower().startswith("dailypapers"):
            self.targets += 1
            if values.get("data-props"):
                self._read_props(values["data-props"])
        elif _SHOWN_ADDRESSES & {values.get("rel"), values.get("property")}:
            self._note_address(values.get("href") or values.get("content") or "")

    def handle_comment(self, data: str) -> None:
        # Web browsers note there what they saved.
        self._note_address(data)

    def _note_address(self, text: str) -> None:
        match = _ADDRESS.search(text[:_LONGEST_ADDRESS])
        if match:
            self._day = self._day or to_day(match["day"])

    def _read_props(self, text: str) -> None:
        try:
            props = parse_json(text)
        except JsonError as error:
            self.failure = self.failure or error
            return
        if isinstance(props, dict):
            self.listed = _from_props(props, self._day)
        if self.listed:
            raise _Found


def _from_props(props: Raw, page_day: str | None) -> _Listed | None:
    lists = [
        (_holds_papers(value), key, value)
        for key, value in props.items()
        if isinstance(value, list) and (key in WRAPPED or _holds_papers(value))
    ]
    if not lists:
        return None
    # A day may have no papers, but a list with some goes before one without.
    _, key, listings = max(lists, key=itemgetter(0))
    if key not in WRAPPED or props.get("periodType") not in {None, "day", "daily"}:
        return _Listed(listings, None, is_day=False)
    return _Listed(listings, find_day((props,), "date", "dateString") or page_day, is_day=True)


def _holds_papers(value: list[Any]) -> bool:
    return any(isinstance(one, dict) and isinstance(one.get("paper"), dict) for one in value)

"""Telling a file's format by its content, never by its name."""

from __future__ import annotations

import codecs
import re

from store.errors import SourceError
from store.importers.fields import JsonError, parse_json
from store.importers.page import looks_like_page
from store.importers.source import not_utf8
from store.importers.webpage import WANTED, looks_like_webpage

HEAD_SIZE = 1024 * 1024
"""Bytes from a file's beginning that are looked at."""

_MAGIC = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"SQLite format 3\x00", "a database"),
    (b"bplist00", "a web archive; save the page as HTML instead"),
    (b"From: <Saved by", "a web archive; save the page as HTML instead"),
)
_KNOWN = (
    "the feed's JSON, the feed's page saved as HTML or copied as text,"
    " and paperdeck's own JSON Lines"
)
# Keys at any depth; within a text of JSON their quotes would have a backslash before them. Some
# stored replies hold their listings as such texts, or as texts in Python's notation.
_OWN_KEY = re.compile(r'(?<!\\)"identifiers"\s*:')
_OWN_LINE_KEY = re.compile(r'(?<!\\)"(?:identifiers|abstract)"\s*:')
_FEED_KEY = re.compile(
    r"""["'](?:paper|summary|upvotes|publishedAt|published_at|submittedOnDailyAt)\\?["']\s*:"""
)
_NO_PAPERS = re.compile(r'\[\s*\]\s*|\{[^\[]*"(?:data|papers|dailyPapers)"\s*:\s*\[\s*\][^\[]*')
_ERROR_REPLY = re.compile(r'\{[^{}]*"error"\s*:\s*"[^{}]*\}\s*')


def detect(head: bytes, name: str) -> str:
    """Return the format, a key of `IMPORTERS`, of content that begins with `head`.

    SourceError says what else it is: empty, binary, of another encoding, damaged or unknown.
    """
    if not head.strip():
        raise SourceError(name, "is empty")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise SourceError(name, f"is {kind}; what can be read is {_KNOWN}")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise not_utf8(head, 0, name)
    if b"\x00" in head:
        raise SourceError(name, f"is binary, not text; what can be read is {_KNOWN}")
    head = head.removeprefix(codecs.BOM_UTF8)
    is_whole = len(head) < HEAD_SIZE - len(codecs.BOM_UTF8)
    text = head.decode(errors="replace").lstrip()
    if text.startswith(("[", "{")):
        # A bad byte in JSON Lines is the business of its line.
        return _detect_json(text, name, is_whole=is_whole)
    _check_encoding(head, name, is_whole=is_whole)
    if looks_like_webpage(text):
        return "webpage"
    if text.startswith("<"):
        raise SourceError(
            name,
            f"is HTML or XML without the feed's papers; what can be read is {_KNOWN}:"
            f" for that page, {WANTED}",
        )
    if looks_like_page(text):
        return "page"
    raise SourceError(name, f"is text of no known format; what can be read is {_KNOWN}")


def _check_encoding(head: bytes, name: str, *, is_whole: bool) -> None:
    """Raise the SourceError of text that is not UTF-8; its end may cut a character."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole)
    except UnicodeDecodeError as error:
        raise not_utf8(head, error.start, name) from error


def _detect_json(text: str, name: str, *, is_whole: bool) -> str:
    first, _, rest = text.partition("\n")
    if text.startswith("{") and first.strip() != "{" and _is_own_line(first):
        return "paperdeck"
    # Most files are the feed's, in which the search for this key would run to the end.
    if '"identifiers"' in text and _OWN_KEY.search(text):
        return "paperdeck"
    if _FEED_KEY.search(text) or _NO_PAPERS.fullmatch(text) or _ERROR_REPLY.fullmatch(text):
        return "feed"
    if is_whole and not (rest.strip() and _parsed(first)):
        try:
            parse_json(text)
        except JsonError as error:
            raise SourceError(name, str(error)) from error
    raise SourceError(
        name, f"is JSON, but holds no papers in a known form; what can be read is {_KNOWN}"
    )


def _is_own_line(line: str) -> bool:
    """Tell whether a line is a paper of ours, or what is left of one that was cut short."""
    value = _parsed(line)
    if value is None:
        return bool(_OWN_LINE_KEY.search(line))
    return "title" in value and ("identifiers" in value or "abstract" in value)


def _parsed(line: str) -> dict[str, object] | None:
    try:
        value = parse_json(line)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None

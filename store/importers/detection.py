"""Telling a file's format by its content, never by its name."""

from __future__ import annotations

import codecs
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from store.errors import SourceError
from store.importers.encodings import not_utf8
from store.importers.fields import JsonError, parse_json
from store.importers.jsonvalues import LISTS, papers_in, parse_object
from store.importers.textlines import LENIENT
from store.importers.webpage import WANTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.importers.context import ImportFormat

HEAD_SIZE = 1024 * 1024
"""Bytes from a file's beginning that are looked at."""

_MAGIC = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive; give it as a file, not within another or in a pipe"),
    (b"\x1f\x8b", "compressed twice; unpack it once"),
    (b"\xfd7zXZ\x00", "compressed twice; unpack it once"),
    (b"BZh", "compressed twice; unpack it once"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program; save it as CSV instead"),
    (b"SQLite format 3\x00", "a database"),
    (b"bplist00", "a web archive; save the page as HTML instead"),
    (b"From: <Saved by", "a web archive; save the page as HTML instead"),
)
_TAR, _TAR_PLACE = b"ustar", 257
_KNOWN = "'paperdeck formats' lists what can be read"
_ROOT = re.compile(
    r"(?:\s++|<\?(?>.*?\?>)|<!--(?>.*?-->)|<!DOCTYPE[^\[>]*+(?:\[(?>.*?\])\s*+)?>)*+"
    r"<(?:[A-Za-z_][\w.-]*:)?(?P<name>[A-Za-z_][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
# What a reference or a line of arXiv's own pages begins with.
_NO_JSON = re.compile(r"\[(?:\d{1,4}\]\s*[^\s,\]}]|[A-SU-Z][a-z])")
_KEY = re.compile(r"""(?<!\\)["']([A-Za-z_][\w-]*)["']\s*:""")
_LIST = re.compile(rf"^\s*\[|[\"'](?:{'|'.join(LISTS)})[\"']\s*:\s*\[")
_KEYS_LOOKED_AT = 200_000
_LISTS_LOOKED_INTO = 20
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class Head:
    """The beginning of a content, as formats are told by it."""

    text: str
    """Without a byte-order mark and blanks before it."""
    is_whole: bool
    """Whether it is all."""

    @property
    def is_json(self) -> bool:
        """Whether it can only be JSON, or lines in Python's notation."""
        return self.text.startswith(("[", "{")) and not _NO_JSON.match(self.text)

    @cached_property
    def root(self) -> str:
        """The name of the first element of XML or HTML, without its namespace; else ''."""
        match = _ROOT.match(self.text) if self.text.startswith("<") else None
        return match["name"] if match else ""

    @cached_property
    def sample(self) -> dict[str, Any]:
        """The first object of a list or of lines of JSON; empty where none is whole."""
        return self._sampled[0]

    @property
    def is_wrapped(self) -> bool:
        """Whether the sample lies within an object that is none itself, such as a reply."""
        return self._sampled[1]

    @cached_property
    def _sampled(self) -> tuple[dict[str, Any], bool]:
        return _sample(self.text) if self.is_json else ({}, False)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of the sample, else those of whatever objects there are."""
        return frozenset(self.sample or _KEY.findall(self.text[:_KEYS_LOOKED_AT]))


def tell_format(head: bytes, name: str, formats: Mapping[str, ImportFormat]) -> str:
    """Return the format, a key of `formats`, of content that begins with `head`.

    SourceError says what else it is: empty, binary, damaged or unknown.
    """
    if not head.strip():
        raise SourceError(name, "is empty")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise SourceError(name, f"is {kind}; {_KNOWN}")
    if head.startswith(_TAR, _TAR_PLACE):
        raise SourceError(name, f"is a tar archive; unpack it first; {_KNOWN}")
    if _is_binary(head):
        raise SourceError(name, f"is binary, not text; {_KNOWN}")
    seen = head_of(head)
    for format_name, one in formats.items():
        if one.looks_like(seen):
            return format_name
    if not seen.is_json and not seen.root:
        _check_encoding(head, name, is_whole=seen.is_whole)
    raise SourceError(name, _what_it_is(seen))


def _is_binary(head: bytes) -> bool:
    """Tell whether a content is no text; one whose disk failed may have zeros on some lines."""
    if b"\x00" not in head:
        return False
    lines = head.split(b"\n")
    return sum(b"\x00" in line for line in lines) > len(lines) // 2


def head_of(head: bytes) -> Head:
    """Return the beginning of a content as formats are told by it."""
    is_whole = len(head) < HEAD_SIZE
    # The end may cut a character.
    text = codecs.getincrementaldecoder("utf-8-sig")(LENIENT).decode(head, final=is_whole)
    text = text.lstrip("\ufeff \t\r\n\f\v").replace("\r\n", "\n").replace("\r", "\n")
    return Head(text, is_whole)


def _check_encoding(head: bytes, name: str, *, is_whole: bool) -> None:
    """Raise the SourceError of text that is not UTF-8, which may be why nobody knows it."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole)
    except UnicodeDecodeError as error:
        raise not_utf8(head, error.start, name) from error


def _what_it_is(head: Head) -> str:
    if head.is_json:
        if head.is_whole and not head.sample:
            try:
                parse_json(head.text)
            except JsonError as error:
                return str(error)
        return f"is JSON, but holds no papers in a known form; {_KNOWN}"
    if head.root:
        return (
            f"is HTML or XML, but holds no papers in a known form; {_KNOWN}: for a page, {WANTED}"
        )
    return f"is text of no known format; {_KNOWN}"


def _sample(text: str) -> tuple[dict[str, Any], bool]:
    """Return the first object, and whether it lies within another one."""
    for found, is_inner in _values(text):
        papers = papers_in(found)
        first = papers[0] if papers else None
        outer = found[0] if found and text.startswith("[") and isinstance(found, list) else found
        is_wrapped = is_inner or first is not outer
        if isinstance(first, str) and first.lstrip().startswith("{"):
            try:
                first = parse_object(first)
            except JsonError:
                continue
        if isinstance(first, list):
            first = first[0] if first else None
        if isinstance(first, dict) and first:
            return dict(first), is_wrapped
    return {}, False


def _values(text: str) -> Iterator[tuple[Any, bool]]:
    """Yield values that may hold a sample: the first line, the whole, what begins a list.

    With each it is told whether it lies within an object of which the end is not seen.
    """
    line = text.partition("\n")[0]
    with suppress(JsonError):
        yield parse_object(line.rstrip().rstrip(",")), False
    begins = (match.end() for match in islice(_LIST.finditer(text), _LISTS_LOOKED_INTO))
    for start in (0, *begins):
        begin = start + len(text[start : start + 1000]) - len(text[start : start + 1000].lstrip())
        try:
            yield _DECODER.raw_decode(text, begin)[0], start > 0 and text.startswith("{")
        except (ValueError, RecursionError):
            continue

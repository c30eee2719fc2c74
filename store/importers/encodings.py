"""Encodings: UTF-8 and what is told from it; UTF-16 and UTF-32, which spreadsheets write."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO, cast

from store.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_MARKS = 500_000
"""Of one web page: 5,000 papers have no more than a tenth of it, and a parser takes its time."""

_CHUNK = 64 * 1024
# The marks of UTF-32 begin with those of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


# Of three letters of a Western script every other byte is zero: such a text needs no mark.
_UNMARKED = ((0, "utf-16-le"), (1, "utf-16-be"))
_TOLD_BY = 6


def as_utf8(stream: BinaryIO) -> BinaryIO:
    """Return `stream` itself, or its text as UTF-8 if it shows that it is in a wider encoding."""
    if not isinstance(stream, io.BufferedReader):
        return stream
    encoding = _wide_encoding(stream.peek(_TOLD_BY)[:_TOLD_BY])
    if encoding is None:
        return stream
    return cast("BinaryIO", io.BufferedReader(_Recoded(stream, encoding), _CHUNK))


def _wide_encoding(head: bytes) -> str | None:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if len(head) < _TOLD_BY:
        return None
    unmarked = (
        name for place, name in _UNMARKED if all(head[place::2]) and not any(head[1 - place :: 2])
    )
    return next(unmarked, None)


def decode(content: bytes, name: str) -> str:
    """Return `content` as text without a byte-order mark, its line ends line feeds."""
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise not_utf8(content, error.start, name) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_html(content: bytes, name: str) -> str:
    """Return `content` as `decode` does; SourceError for one with more than `MOST_MARKS` marks."""
    if content.count(b"<") > MOST_MARKS:
        raise SourceError(name, f"has more than {MOST_MARKS:,} marks of HTML: split it")
    return decode(content, name)


def not_utf8(content: bytes, offset: int, name: str) -> SourceError:
    """Return the error for text whose byte at `offset` is no UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return SourceError(name, "is UTF-16 text: convert it with 'iconv -f UTF-16 -t UTF-8'")
    line = content.count(b"\n", 0, offset) + 1
    return SourceError(
        name,
        f"is not UTF-8 text: byte 0x{content[offset]:02x} in line {line}; if it came from Windows,"
        " convert it with 'iconv -f WINDOWS-1252 -t UTF-8'",
    )


class _Recoded(io.RawIOBase):
    """The text of a stream in another encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready:
            chunk = self._stream.read(_CHUNK)
            text = self._decoder.decode(chunk, final=not chunk)
            self._ready = text.encode("utf-8", "replace")
            if not chunk:
                break
        data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(data)] = data
        return len(data)

"""Lines of text as they come in, whatever their ends and their encoding."""

from __future__ import annotations

import codecs
import io
from itertools import count
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 16 * 1024 * 1024
"""Characters. The largest known record, of 5,000 authors, has 200,000 on its line."""

LENIENT = "paperdeck-lenient"
"""An error handler for decoding UTF-8: bytes that are none are read as Windows' Western ones.

Bibliographies of many years are glued together from files of both encodings.
"""


class Line(NamedTuple):
    """One line without its end."""

    number: int
    """Counted from 1."""
    text: str
    is_too_long: bool = False
    """Whether it has more than `LONGEST_LINE` characters; its text is left out then."""
    is_ended: bool = True
    """False for a last line without a line end: the file may be cut short there."""

    @property
    def position(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.number}"


CUT_SHORT = "is cut short: the file ends within it"
TOO_LONG = f"is longer than {LONGEST_LINE // 1024**2} million characters"


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a stream; a byte-order mark is left out, and no line is ever held twice.

    Lines end with a line feed, a carriage return, or both.
    """
    yield from lines_after(text_of(stream), 0)


def text_of(stream: BinaryIO) -> io.TextIOWrapper:
    """Return a stream as text, in which every line ends with a line feed."""
    return io.TextIOWrapper(stream, "utf-8-sig", LENIENT)


def lines_after(reader: io.TextIOWrapper, number: int) -> Iterator[Line]:
    """Yield the lines that are left, counted on from `number`."""
    while text := reader.readline(LONGEST_LINE + 1):
        number += 1
        if len(text) <= LONGEST_LINE:
            yield Line(number, text.removesuffix("\n"), is_ended=text.endswith("\n"))
            continue
        while text and not text.endswith("\n"):
            text = reader.readline(LONGEST_LINE)
        yield Line(number, "", is_too_long=True)


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield lines as bytes that are not blank, counted with the blank ones; None is too long."""
    for number in count(1):
        line = stream.readline(LONGEST_LINE + 1)
        if not line:
            return
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield number, None
            continue
        line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield number, line


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    # Some bytes mean nothing there: Latin-1 has a control character for each, which cleaning drops.
    text = "".join(
        byte.decode("cp1252", errors="ignore") or byte.decode("latin-1")
        for byte in (wrong[place : place + 1] for place in range(len(wrong)))
    )
    return text, error.end


codecs.register_error(LENIENT, _read_as_windows)

"""Reading XML an element at a time: constant memory, no entities, no network.

defusedxml refuses what makes XML dangerous: entities that a document declares, which may expand
without end, and those that lie elsewhere. What is amended before it gets there are the faults that
exports are known for: control characters, bytes of another encoding than UTF-8, and entities of
HTML, none of which XML allows.
"""

from __future__ import annotations

import codecs
import io
import re
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from store.errors import SourceError
from store.importers.entities import character_of
from store.importers.textlines import LENIENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from _typeshed import WriteableBuffer

LARGEST_RECORD = 8 * 1024 * 1024
"""Bytes of XML between two records: more is no feed of papers."""
MOST_ELEMENTS = 500_000
"""Between two records: a paper of 5,000 authors has a tenth of it."""
DEEPEST = 200
"""Elements within elements: a parser holds all that are open, and no paper needs more."""

_CHUNK = 64 * 1024
_LONGEST_UNFINISHED = 40
_LONGEST_DECLARATION = 500
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bceBCE]|1[0-9a-fA-F]));"
)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_UNFINISHED = re.compile(r"(?:&[#A-Za-z0-9]{0,35}|>\s{0,30}(?:<(?:\?(?:x(?:ml?)?)?)?)?)$")
_NEXT_DOCUMENT = re.compile(r"(?<=>)\s*<\?xml(?=\s)")


def elements(stream: BinaryIO, name: str, wanted: frozenset[str]) -> Iterator[Element]:
    """Yield each element whose name, without its namespace, is in `wanted`, when it is closed.

    One within another is part of that, and documents may follow each other. SourceError says where
    the XML is damaged, cut short, or declares entities; what stands before was yielded.
    """
    # Imported here: other formats need no parser of XML.
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException

    amended = _Amended(stream, name)
    try:
        while amended.begins_document():
            yield from _of_document(amended, wanted)
    except ParseError as error:
        raise SourceError(name, _failure(error)) from error
    except DefusedXmlException as error:
        raise SourceError(
            name, "declares entities, which papers need none of and attacks are made of"
        ) from error
    except (LookupError, ValueError) as error:
        raise SourceError(name, f"is no XML that can be read: {error}") from error


def _of_document(amended: _Amended, wanted: frozenset[str]) -> Iterator[Element]:
    from defusedxml.ElementTree import DefusedXMLParser, iterparse

    parser = DefusedXMLParser(encoding="utf-8")
    above: list[Element] = []
    depth = 0
    for event, element in iterparse(amended, ("start", "end"), parser=parser):
        amended.unheard = 0
        if event == "start":
            above.append(element)
            amended.elements += 1
            if len(above) > DEEPEST or amended.elements > MOST_ELEMENTS:
                what = "too deep" if len(above) > DEEPEST else "of too many elements"
                place = f"in record {amended.records + 1}"
                raise SourceError(amended.name, f"can't be read: {place} the XML is {what}")
            depth += local_name(element) in wanted
            continue
        above.pop()
        if local_name(element) in wanted:
            depth -= 1
            if depth == 0:
                yield element
                amended.begin_record()
        if depth == 0 and above:
            above[-1].remove(element)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of any of these names, in the order of the names."""
    children = [] if element is None else list(element)
    return next((one for name in names for one in children if local_name(one) == name), None)


def children(element: Element | None, *names: str) -> list[Element]:
    """Return the children of these names."""
    return [one for one in (() if element is None else element) if local_name(one) in names]


def descendants(element: Element | None, *names: str) -> list[Element]:
    """Return what lies below an element, at any depth, of these names."""
    return [one for one in (() if element is None else element.iter()) if local_name(one) in names]


def text_of(element: Element | None) -> str:
    """Return the text of an element and of all below it."""
    return "" if element is None else "".join(element.itertext()).strip()


def text_in(element: Element | None, *names: str) -> str:
    """Return the text of the first child of any of these names that has some; else ''."""
    texts = (text_of(one) for name in names for one in children(element, name))
    return next(filter(None, texts), "")


def _failure(error: SyntaxError) -> str:
    line, column = error.position if hasattr(error, "position") else (0, 0)
    what = str(error).partition(":")[0]
    if what in {"no element found", "unclosed token", "unclosed CDATA section"}:
        return f"is cut short: the XML ends in line {line}"
    return f"is damaged: the XML breaks off at line {line}, column {column + 1} ({what})"


class _Amended(io.RawIOBase):
    """XML as UTF-8, without what XML does not allow."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.unheard = 0
        """Bytes read since its reader met the beginning or the end of an element."""
        self.elements = 0
        """Begun since a record was complete."""
        self.records = 0
        """How many were complete."""
        self._since_record = 0
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._left = ""
        self._ready = b""
        self._next = ""
        """What begins the next document."""
        self._is_over = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return as much again as was read in vain, if that is more than `size` bytes.

        A parser goes through a mark from its beginning each time that it is given some more of it.
        """
        data = bytearray(super().read(size) or b"")
        while data and len(data) < self.unheard and (more := super().read(_CHUNK)):
            data += more
        self.unheard += len(data)
        return bytes(data)

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready and not self._is_over and not self._next:
            chunk = self._stream.read(_CHUNK)
            self._is_over = not chunk
            self._part(self._amended(chunk))
        data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(data)] = data
        self._since_record += len(data)
        if self._since_record > LARGEST_RECORD:
            size = f"more than {LARGEST_RECORD // 1024**2} MB"
            raise SourceError(
                self.name, f"can't be read: record {self.records + 1} has {size} and no end"
            )
        return len(data)

    def begin_record(self) -> None:
        """Count from here how much is read until the next record is complete."""
        self.records += 1
        self.elements = 0
        self._since_record = 0

    def begins_document(self) -> bool:
        """Go on to the next document, after which another may follow; tell whether there is one."""
        if not self._next:
            return not self._is_over
        text, self._next = self._next, ""
        self._part(text.lstrip())
        return True

    def _part(self, text: str) -> None:
        """Give out the text up to where another document begins; replies are often joined so."""
        following = _NEXT_DOCUMENT.search(text)
        cut = following.start() if following else len(text)
        self._ready, self._next = text[:cut].encode("utf-8", "replace"), text[cut:]

    def _amended(self, chunk: bytes) -> str:
        if self._decoder is None:
            self._decoder = _decoder(chunk)
        text = self._left + self._decoder.decode(chunk, final=not chunk)
        # An entity, or where another document begins, may be cut by the chunk's end.
        cut = _UNFINISHED.search(text, max(0, len(text) - _LONGEST_UNFINISHED)) if chunk else None
        text, self._left = (text[: cut.start()], cut.group()) if cut else (text, "")
        text = _CONTROL_REFERENCE.sub(" ", _CONTROL.sub(" ", text))
        return _NAMED.sub(_character, text) if "&" in text else text


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    """Return a decoder of the declared encoding, of UTF-8 where there is none that is known."""
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8).lstrip()[:_LONGEST_DECLARATION])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if head.startswith(codecs.BOM_UTF8) or encoding.startswith(
        ("utf-8", "utf8", "utf-16", "ascii")
    ):
        # UTF-16 was made UTF-8 on the way here.
        return codecs.getincrementaldecoder("utf-8-sig")(LENIENT)
    # The declaration was read as ASCII: an encoding that reads it otherwise is not the one. Python
    # knows some, such as `hex` and `zlib`, that are no encodings of text at all.
    with suppress(LookupError, ValueError):
        if b"<?xml".decode(encoding, "replace") == "<?xml":
            return codecs.getincrementaldecoder(encoding)("replace")
    return codecs.getincrementaldecoder("utf-8-sig")(LENIENT)


def _character(match: re.Match[str]) -> str:
    entity = match.group()
    found = character_of(entity)
    # A sign of XML that `&LT;` and the like stand for is text and no mark.
    return entity if found == entity else escape(found, quote=False)

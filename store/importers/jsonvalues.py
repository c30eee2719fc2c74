"""Values of JSON one at a time: on lines of their own, in a list, or within one object.

Lines may also be in Python's notation, as `print` shows a dictionary. A list is decoded value by
value as it comes in, so that one of any length takes the memory of its longest value; what is one
object is read as a whole, but for a large one of which the papers are in a list.
"""

from __future__ import annotations

import ast
import io
import json
import re
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from store.errors import RecordError, SourceError
from store.importers.fields import MOST_VALUES, JsonError, Raw, has_too_many_values, parse_json
from store.importers.source import LARGEST_WHOLE
from store.importers.textlines import LONGEST_LINE, TOO_LONG, Line, lines_after, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import TextIOWrapper

LONGEST_PYTHON_TEXT = 1024 * 1024
"""Characters: a longer text in Python's notation is refused, for it takes 200 times its size."""
DEEPEST = 6
"""So deep lists and objects are looked into for papers."""
LISTS = (
    *("results", "data", "papers", "works", "items", "references", "records", "entries"),
    *("publications", "articles", "documents", "docs", "hits", "response", "message", "value"),
    *("collection", "resultList", "hit", "notes", "feed", "entry", "search-results", "result"),
    *("library", "recommendedPapers", "matches"),
)
"""The keys under which an object may hold its list of papers, the likeliest first."""

_OF_A_PAPER = {"title", "display_name", "DOI", "abstract"}
_CHUNK = 256 * 1024
_PAPERS = re.compile(rf"\"(?:{'|'.join(LISTS)})\"\s*:\s*\[")
_SEPARATORS = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)


def json_values(stream: BinaryIO, name: str) -> Iterator[tuple[str, Raw | RecordError]]:
    """Yield each object with its position: `line 3` or `record 3`.

    What is no object, or can't be read, is a RecordError in its place. SourceError is raised where
    nothing after can be read.
    """
    reader = text_of(stream)
    first = _first_line(reader)
    text = first.text.lstrip()
    if not text:
        return
    if text.startswith("[") or first.is_too_long or not _is_object(text):
        if text.startswith("["):
            more = _reading_on(text, 0, reader.read)
            values = _of_list(more(_CHUNK), more, name)
        else:
            values = _of_whole(text, reader.read, name)
        for number, value in enumerate(values, start=1):
            yield _placed(f"record {number}", value)
        return
    for line in chain([first], lines_after(reader, first.number)):
        if line.text.strip() or line.is_too_long:
            yield from _of_line(line)


def _first_line(reader: TextIOWrapper) -> Line:
    """Return the first line that is not blank; of one that is too long, what was read of it."""
    number, text = 1, reader.readline(LONGEST_LINE + 1)
    while text and not text.strip():
        number, text = number + 1, reader.readline(LONGEST_LINE + 1)
    return Line(number, text, is_too_long=len(text) > LONGEST_LINE)


def papers_in(value: object, depth: int = DEEPEST) -> list[Any]:
    """Return the papers that an object holds under one of `LISTS`; else the object itself.

    Those of a list are those of its values: a paper, a page of them, an author with theirs. What
    lies deeper than `depth` is left as it is.
    """
    if depth and isinstance(value, list):
        return [paper for one in value for paper in papers_in(one, depth - 1)]
    if not depth or not isinstance(value, dict) or _OF_A_PAPER & value.keys():
        return [value]
    for key in LISTS:
        inner = value.get(key)
        if isinstance(inner, list) and any(isinstance(one, dict) for one in inner):
            return papers_in(inner, depth - 1)
        if isinstance(inner, dict):
            found = papers_in(inner, depth - 1)
            if _OF_A_PAPER & inner.keys() or found != [inner]:
                return found
    return [] if any(value.get(key) == [] for key in LISTS) else [value]


def parse_object(text: str) -> Raw:
    """Return the object that a text holds, in JSON or in Python's notation; raise JsonError."""
    try:
        value = parse_json(text)
    except JsonError:
        if "'" not in text or len(text) > LONGEST_PYTHON_TEXT:
            raise
        value = _python(text)
        if value is None:
            raise
    if not isinstance(value, dict):
        raise JsonError("is no object")
    return value


def _python(text: str) -> object:
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _is_object(text: str) -> bool:
    """Tell whether a line is an object of its own; a long one that is cut short is, too."""
    try:
        parse_object(text)
    except JsonError:
        # A document over several lines begins with a short one.
        return len(text) > LONGEST_PYTHON_TEXT
    return True


def _of_line(line: Line) -> Iterator[tuple[str, Raw | RecordError]]:
    """Yield the object of a line, or the papers that it holds."""
    position = line.position
    if line.is_too_long:
        yield position, RecordError(position, TOO_LONG)
        return
    try:
        value = parse_object(line.text.rstrip().rstrip(","))
    except JsonError as error:
        yield position, RecordError(position, str(error).replace(" line 1,", ""))
        return
    papers = papers_in(value)
    if len(papers) == 1 and papers[0] is value:
        yield position, value
        return
    for number, paper in enumerate(papers, start=1):
        yield _placed(f"{position}, record {number}", paper)


def _placed(position: str, value: object) -> tuple[str, Raw | RecordError]:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return position, parse_object(value)
        except JsonError as error:
            return position, RecordError(position, str(error))
    if isinstance(value, dict):
        return position, value
    return position, RecordError(position, "is no object")


def _of_list(text: str, read: Callable[[int], str], name: str) -> Iterator[object]:
    """Yield the values of a list, a whole page of them within it one by one."""
    place, number = 1, 0
    while True:
        place = _past_separators(text, place)
        if place < len(text) and text[place] == "]":
            return
        try:
            value, end = _DECODER.raw_decode(text, place)
        except RecursionError as error:
            raise SourceError(
                name, f"can't be read: record {number + 1} is nested too deeply"
            ) from error
        except ValueError as error:
            text, place = _with_more(text, place, read), 0
            if not text:
                raise SourceError(
                    name, f"is cut short or damaged: the JSON breaks off in record {number + 1}"
                ) from error
            if len(text) > 2 * LONGEST_LINE or has_too_many_values(text):
                raise SourceError(
                    name, f"can't be read: record {number + 1} {TOO_LONG}, or damaged"
                ) from error
            continue
        if end == len(text) and (longer := _with_more(text, place, read)):
            # A number may go on.
            text, place = longer, 0
            continue
        place = end
        number += 1
        yield from papers_in(value)


def _past_separators(text: str, place: int) -> int:
    match = _SEPARATORS.match(text, place)
    return match.end() if match else place


def _with_more(text: str, place: int, read: Callable[[int], str]) -> str:
    """Return the text from `place` on, as much again after it, so that few values are begun often.

    Where nothing follows it is empty.
    """
    more = read(max(_CHUNK, len(text) - place))
    return text[place:] + more if more else ""


def _of_whole(text: str, read: Callable[[int], str], name: str) -> Iterator[object]:
    """Yield what one object holds, or several that follow each other over any number of lines.

    Of an object that is too large to be held the values of its first list of papers are read.
    """
    parts = io.StringIO()
    size = parts.write(text)
    while size <= LARGEST_WHOLE and (text := read(_CHUNK)):
        size += parts.write(text)
    text = parts.getvalue()
    if size > LARGEST_WHOLE or has_too_many_values(text):
        begin = _PAPERS.search(text)
        if begin is None:
            limits = f"{LARGEST_WHOLE // 1024**2} MB or {MOST_VALUES:,} values"
            raise SourceError(
                name, f"is one object of more than {limits}: give its papers as JSON Lines"
            )
        more = _reading_on(text, begin.end() - 1, read)
        yield from _of_list(more(_CHUNK), more, name)
        return
    place = _past_separators(text, 0)
    while place < len(text):
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            try:
                parse_json(text[place:])
            except JsonError as told:
                raise SourceError(name, str(told)) from error
            raise
        yield from papers_in(value)
        place = _past_separators(text, place)


def _reading_on(text: str, place: int, read: Callable[[int], str]) -> Callable[[int], str]:
    """Return what reads a text from a place on, and after it what `read` reads."""

    def read_on(size: int) -> str:
        nonlocal place
        part = text[place : place + size]
        place += len(part)
        return part or read(size)

    return read_on

"""BibTeX and BibLaTeX, read by bibtexparser a part at a time.

A bibliography of any size is cut where a line begins with `@article{` or the like, so that memory
stays the same, and a block that never ends takes none of the following ones with it. What
bibtexparser refuses, such as unbalanced braces, is read line by line. Duplicate keys, missing
commas at the end and `@string` are known to it.

Sources: Oren Patashnik, "BibTeXing" (1988); the biblatex manual, sections 2.1 to 2.3.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from store.errors import RecordError, SourceError
from store.importers.bibtexvalues import names_of, plain_text, raw_text
from store.importers.dates import to_published
from store.importers.drafts import Draft, to_record
from store.importers.textlines import CUT_SHORT, TOO_LONG, lines_of
from store.models import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bibtexparser.library import Library
    from bibtexparser.model import Entry, String

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

PART_SIZE = 256 * 1024
"""Characters that are given to bibtexparser at once, and some more up to the end of a block."""
LONGEST_BLOCK = 4 * 1024 * 1024
"""Characters of one block: a longer one has lost its end."""

_BLOCK = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]")
_KEY = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]\s*(?P<key>[^\s,={}()]+)\s*,")
_FIELD = re.compile(r"^[^\S\n]*+(?:,[^\S\n]*+)?+(?P<name>[A-Za-z][\w:-]*+)\s*+=\s*+", re.MULTILINE)
_NO_PAPER = re.compile(r"\s*@\s*(?:comment|preamble|string)\b", re.IGNORECASE)
_PIECE = r'(?:"[^"]*"|\{[^{}]*\}|[\w:.+/-]+)'
_PIECES = re.compile(rf"{_PIECE}(?:\s*#\s*{_PIECE})+", re.DOTALL)
_SPLIT_KEYWORDS = re.compile(r"[;,]")
_ARXIV = re.compile(r"arxiv", re.IGNORECASE)

# Without a handler of its own, what bibtexparser says of damaged blocks ends on the terminal.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())


class _Part(NamedTuple):
    line: int
    """Where it begins, counted from 1."""
    text: str
    is_last: bool = False


class _Entry(NamedTuple):
    position: str
    fields: Mapping[str, str]
    """Values as they are written, without what encloses them, by names in lower case."""
    key: str = ""
    """What it is cited by."""


def read_bibtex(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the blocks say everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield the papers of a bibliography, in its order."""
    for entry in _entries(_parts(stream)):
        yield entry if isinstance(entry, RecordError) else _to_record(entry, context)


def _parts(stream: BinaryIO) -> Iterator[_Part | RecordError]:
    """Yield a stream in parts, each of whole blocks; what has no end is left out and told."""
    part = _Lines()
    try:
        for line in lines_of(stream):
            begins = bool(_BLOCK.match(line.text))
            if line.is_too_long or (begins and (part.size >= PART_SIZE or part.is_endless)):
                yield part.whole()
                part = _Lines(line.number + line.is_too_long)
            if line.is_too_long:
                yield RecordError(line.position, TOO_LONG)
                continue
            was_endless = part.is_endless
            part.add(line.text, begins=begins)
            if part.is_endless and not was_endless:
                yield RecordError(line.position, "belongs to a block without an end")
    except SourceError:
        # What stands before the damage is told first.
        yield part.whole(is_last=True)
        raise
    yield part.whole(is_last=True)


class _Lines:
    """The lines of one part, from `start` on; those of a last block without an end are not kept."""

    def __init__(self, start: int = 1) -> None:
        self._start = start
        self.size = 0
        self.is_endless = False
        self._lines: list[str] = []
        self._block = 0
        self._block_size = 0

    def add(self, line: str, *, begins: bool) -> None:
        """Add a line, which may begin a block."""
        if begins:
            self._block, self._block_size = len(self._lines), 0
        self._block_size += len(line) + 1
        self.size += len(line) + 1
        if self._block_size > LONGEST_BLOCK:
            self.is_endless = True
            del self._lines[self._block :]
        else:
            self._lines.append(line)

    def whole(self, *, is_last: bool = False) -> _Part:
        """Return what is kept."""
        return _Part(self._start, "\n".join(self._lines), is_last)


def _entries(parts: Iterable[_Part | RecordError]) -> Iterator[_Entry | RecordError]:
    # Imported here: other formats need no parser of BibTeX.
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, ParsingFailedBlock

    strings: list[String] = []
    for part in parts:
        if isinstance(part, RecordError):
            yield part
            continue
        library = parse_string(part.text, library=Library(list(strings)))
        strings = _each_string(library)
        for block in library.blocks:
            line = part.line + (block.start_line or 0)
            if isinstance(block, Entry):
                yield _entry(line, block, strings)
            elif isinstance(block, ParsingFailedBlock):
                kept = block.ignore_error_block
                if isinstance(kept, Entry):
                    yield _entry(line, _finished(kept, strings), strings)
                elif block.raw and not _NO_PAPER.match(block.raw):
                    is_cut = part.is_last and block is library.blocks[-1] and _is_cut(block.raw)
                    cut = RecordError(f"line {line}", CUT_SHORT)
                    yield cut if is_cut else _salvaged(line, block.raw)


def _each_string(library: Library) -> list[String]:
    return list({string.key: string for string in library.strings}.values())


def _finished(entry: Entry, strings: list[String]) -> Entry:
    """Return an entry that bibtexparser set aside, read as it reads the others."""
    from bibtexparser.library import Library
    from bibtexparser.middlewares.parsestack import default_parse_stack

    library = Library([*strings, entry])
    for middleware in default_parse_stack():
        library = middleware.transform(library)
    return library.entries[-1]


def _entry(line: int, entry: Entry, strings: list[String]) -> _Entry:
    fields: dict[str, str] = {}
    for one in entry.fields:
        fields.setdefault(one.key.lower(), _joined(str(one.value), strings))
    return _Entry(f"line {line}", fields, entry.key)


def _joined(value: str, strings: list[String]) -> str:
    """Return a value whose pieces `#` joins as one: `"Journal of " # name`."""
    if "#" not in value or not _PIECES.fullmatch(value):
        return value
    named = {string.key.lower(): str(string.value) for string in strings}
    pieces = (piece.strip() for piece in re.findall(_PIECE, value))
    return "".join(
        piece[1:-1] if piece[0] in '"{' else named.get(piece.lower(), piece) for piece in pieces
    )


def _is_cut(raw: str) -> bool:
    """Tell whether the last entry of a file breaks off, rather than lacking a brace within."""
    raw = raw.rstrip()
    last = raw.rpartition("\n")[2]
    return not (raw == last or last.lstrip().startswith(("}", ")"))) or raw[-1:] not in {"}", ")"}


def _salvaged(line: int, raw: str) -> _Entry | RecordError:
    """Return an entry of unbalanced braces, each field taken to end where the next one begins."""
    matches = list(_FIELD.finditer(raw))
    ends = (*(match.start() for match in matches[1:]), len(raw))
    fields: dict[str, str] = {}
    for match, end in zip(matches, ends, strict=False):
        value = raw[match.end() : end].strip().rstrip("}), \t\n").lstrip('{"').rstrip('"')
        fields.setdefault(match["name"].lower(), value)
    if "title" not in fields and "doi" not in fields:
        return RecordError(
            f"line {line}", "is damaged: its braces do not close, and no title shows"
        )
    key = _KEY.match(raw)
    return _Entry(f"line {line}", fields, key["key"] if key else "")


def _to_record(entry: _Entry, context: ReadingContext) -> Record | RecordError:
    fields = entry.fields
    title = _text(fields, "title", "booktitle", "maintitle", "shorttitle")
    if "title" in fields and (subtitle := _text(fields, "subtitle")):
        title = f"{title}: {subtitle}"
    venue = _text(fields, "journaltitle", "journal", "booktitle", "howpublished", "series")
    return to_record(
        Draft(
            position=entry.position,
            title=title,
            abstract=plain_text(fields.get("abstract", "")),
            authors=names_of(fields.get("author") or fields.get("editor", "")),
            identifiers=_identifiers(fields),
            notes=[venue, _text(fields, "note"), _text(fields, "annote"), _text(fields, "eprint")],
            published=_published(fields),
            links=_links(fields),
            categories=_text(fields, "primaryclass", "eprintclass").split(),
            keywords=_keywords(_text(fields, "keywords", "keyword")),
            venue="" if venue == title else venue,
            organisation=_text(fields, "institution", "school", "organization"),
            citation_key=entry.key,
        ),
        "bibtex",
        context,
    )


def _text(fields: Mapping[str, str], *names: str) -> str:
    return next((text for name in names if (text := plain_text(fields.get(name, "")))), "")


def _keywords(text: str) -> list[str]:
    """Return keywords; a line may end within one, unless nothing else parts them."""
    return _SPLIT_KEYWORDS.split(text) if _SPLIT_KEYWORDS.search(text) else text.split("\n")


def _identifiers(fields: Mapping[str, str]) -> list[str]:
    eprint = raw_text(fields.get("eprint", "")) or raw_text(fields.get("arxivid", ""))
    register = raw_text(fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv")
    numbers = [raw_text(fields.get("pmid", ""))]
    if register.lower() == "pubmed":
        numbers.append(eprint)
    is_arxiv = bool(_ARXIV.search(register))
    return [
        f"arxiv:{_ARXIV.sub('', eprint).lstrip(': ')}" if eprint and is_arxiv else "",
        raw_text(fields.get("doi", "")),
        *(f"pubmed:{number}" for number in numbers if number),
    ]


def _links(fields: Mapping[str, str]) -> list[tuple[LinkKind, str]]:
    named = ((LinkKind.PDF, "pdf"), (LinkKind.CODE, "code"), (LinkKind.WEB, "url"))
    return [(kind, raw_text(fields[name])) for kind, name in named if name in fields]


def _published(fields: Mapping[str, str]) -> str | None:
    month, day = (raw_text(fields.get(name, "")).replace("~", " ") for name in ("month", "day"))
    texts = (raw_text(fields.get(name, "")) for name in ("date", "year", "issued", "origdate"))
    days = (to_published(text, month, day) for text in texts)
    return next((found for found in days if found), None)

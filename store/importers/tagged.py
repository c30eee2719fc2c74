"""Records of tagged lines: RIS and its kin, told apart by how a line's tag is written.

A record is kept as the tags and values of its lines, in their order. What a line without a tag says
goes on from the line before. No library reads these for us: rispy knows two of the dialects, takes
a file as a whole, and passes over records whose first line is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError
from store.importers.textlines import CUT_SHORT, TOO_LONG, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.importers.textlines import Line

MOST_LINES = 100_000
"""Of one record: a file that never ends one is no such file."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are tagged and records parted."""

    tag: re.Pattern[str]
    """Matches a line with a tag; its groups are `tag` and `value`."""
    first: frozenset[str]
    """Tags that begin a record."""
    last: frozenset[str] = frozenset()
    """Tags that end one."""
    between: re.Pattern[str] | None = None
    """Matches whole lines that stand between records."""
    passed_over: frozenset[str] = frozenset()
    """Tags of the file itself."""
    parted_by_blank_lines: bool = False
    """Whether a blank line ends a record that none of `first` began."""


@dataclass(slots=True)
class TaggedRecord:
    """The tagged values of one record."""

    position: str
    values: list[tuple[str, list[str]]] = field(default_factory=list)
    """Each tag with its lines."""
    failure: str = ""

    def lines(self, *tags: str) -> list[str]:
        """Return what stands under any of `tags`, each line apart, in the order of the tags."""
        return [
            line
            for wanted in tags
            for tag, lines in self.values
            if tag == wanted
            for line in lines
            if line
        ]

    def texts(self, *tags: str) -> list[str]:
        """Return what stands under any of `tags`, the lines of each value together."""
        return [
            text
            for wanted in tags
            for tag, lines in self.values
            if tag == wanted and (text := "\n".join(lines).strip())
        ]

    def text(self, *tags: str) -> str:
        """Return the first text under any of `tags`, in the order of the tags; else ''."""
        return next(iter(self.texts(*tags)), "")


_RIS_TAGS = (
    r"A[1-4BDNUV]|BT|C[1-8APNTY]|D[ABIOP]|E[DPRT]|I[DS]|J[12AFO]|KW|L[1-4ABK]|M[1-3]|N[12V]|OP"
    r"|P[BMPY]|R[INP]|S[ENOPTV]|T[1-3AITY]|U[1-5R]|V[LO]|Y[12]"
)
RIS = Dialect(
    # Two blanks and a dash, of which an editor may have left one blank or a tab, or no dash.
    re.compile(
        rf"\s{{0,3}}(?P<tag>(?:{_RIS_TAGS})(?=[ \t]+-|[ \t]{{2}}$)|[A-Z][A-Z0-9](?=[ ]{{2}}-))"
        r"[ \t]+(?:-(?:[ \t]+|$))?(?P<value>.*)"
    ),
    first=frozenset({"TY"}),
    last=frozenset({"ER"}),
    # Ovid counts its records as `<1>`, others as `1.`.
    between=re.compile(r"\s*(?:<\d+>|\d{1,6}\.)\s*"),
)
MEDLINE = Dialect(
    re.compile(r"(?P<tag>[A-Z]{2,4})[ ]{0,2}-(?:[ ]|$)(?P<value>.*)"),
    first=frozenset({"PMID"}),
)
WEB_OF_SCIENCE = Dialect(
    re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?:[ ](?P<value>.*)|$)"),
    first=frozenset({"PT"}),
    last=frozenset({"ER"}),
    passed_over=frozenset({"FN", "VR", "EF"}),
)
REFER = Dialect(
    re.compile(r"%(?P<tag>[0-9A-Z@!#$&()*+<>?=\[\]~^{},/|-])(?:[ \t](?P<value>.*)|$)"),
    first=frozenset({"0"}),
    parted_by_blank_lines=True,
)


def read_tagged(stream: BinaryIO, dialect: Dialect) -> Iterator[TaggedRecord | RecordError]:
    """Yield the records of a stream, one at a time."""
    for record in _records(lines_of(stream), dialect):
        if record.failure:
            yield RecordError(record.position, record.failure)
        elif record.values:
            yield record


def _records(lines: Iterator[Line], dialect: Dialect) -> Iterator[TaggedRecord]:
    record: TaggedRecord | None = None
    line: Line | None = None
    count = 0
    ends = False
    is_parted = False
    for line in lines:
        match = dialect.tag.fullmatch(line.text)
        tag = match["tag"] if match else ""
        count += 1
        is_over = dialect.between is not None and dialect.between.fullmatch(line.text)
        if record and (is_over or tag in dialect.first or (is_parted and match)):
            yield record
            record = None
        is_parted = (
            dialect.parted_by_blank_lines
            and not line.text.strip()
            and not (record and record.values and record.values[0][0] in dialect.first)
        )
        if tag in dialect.passed_over or is_over:
            continue
        if tag in dialect.last:
            ends = True
            if record:
                yield record
            record = None
            continue
        if record is None:
            if match is None and not line.is_too_long:
                continue
            record, count = TaggedRecord(line.position), 0
        _add(record, line, match, count)
    if record:
        if ends and line and _breaks_off(line, dialect):
            record.failure = record.failure or CUT_SHORT
        yield record


def _breaks_off(line: Line, dialect: Dialect) -> bool:
    """Tell whether a file whose records have ends breaks off in its last line."""
    return bool(line.text.strip()) and line.text.strip(" -") not in dialect.last


def _add(record: TaggedRecord, line: Line, match: re.Match[str] | None, count: int) -> None:
    if line.is_too_long:
        record.failure = record.failure or f"{line.position} {TOO_LONG}"
    elif count > MOST_LINES:
        record.failure = record.failure or f"has more than {MOST_LINES:,} lines"
        record.values.clear()
    elif match:
        record.values.append((match["tag"], [(match["value"] or "").strip()]))
    elif line.text.strip() and record.values:
        record.values[-1][1].append(line.text.strip())

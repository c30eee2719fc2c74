r"""The one format for decisions: a line for a paper, as notmuch dumps tags, a note or a saved view.

    # paperdeck decisions 3
    view reading-group -- tag:rl,agents date:30d..
    apart title:"Counting sheep" -- arxiv:2401.01234  # Counting sheep
    join doi:10.1000/182 -- arxiv:2401.01234  # Counting sheep
    note "Ask Ana about the wool.\nSee \"On goats\"." -- arxiv:2401.01234  # Counting sheep
    +inbox +unread -- arxiv:2401.01234  # Counting sheep
    +rl -inbox -- title:"On a paper without identifier"
    -- paperdeck:7  # Archived, read and without a tag
    # end of decisions

Each line stands for itself, so that files merge line by line. A line that begins with '#' and what
follows ' # ' after a paper are comments; a view's query runs to the end of its line. A note is
written as a text of JSON (RFC 8259, section 7). `join` says that two names are of one paper,
`apart` that they are of two, whatever an import makes of them: each name is the one that the paper
has by itself.

A list that begins with the header and ends with the last line above is whole: a view that is not in
it is none, and a paper that is in it without a note has none. A piece of one says nothing of what
it lacks, and no list says anything of papers that it does not name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from store.decisions.statements import PaperNote, PaperPair, SavedView
from store.decisions.syntax import named_twice, read_statement
from store.errors import DecisionSyntaxError, shown
from store.identity.targets import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.decisions.statements import Statement
    from store.tagnames import TagEdit

HEADER = "# paperdeck decisions 1"
"""The first line of a dump; the number grows when older versions could not read it right."""
HEADER_WITH_NOTES = "# paperdeck decisions 2"
"""That of a dump with notes, which 0.2 could not read; any number may stand above any lines."""
HEADER_WITH_PAIRS = "# paperdeck decisions 3"
"""That of a dump with papers that are joined or apart, which 0.5 could not read."""
_HEADERS = frozenset({HEADER, HEADER_WITH_NOTES, HEADER_WITH_PAIRS})
DUMP_END = "# end of decisions"
"""The last line of a dump: nothing was cut off."""
EDITS_HEADER = "# paperdeck edits 1"
"""The first line of a list of edits: its lines add tags and take tags off, and leave the others."""
EDITS_END = "# end of edits"
"""Its last line: an answer by mail goes on behind it."""
LONGEST_LINE = 100_000
"""In characters, notes apart: those are as long as a reader wants."""
LONGEST_COMMENT = 80
"""So many characters of a paper's title stand behind it."""
MOST_REFUSED = 1_000
"""After so many wrong lines the rest is not read: it is no list of decisions."""

_VERSION = re.compile(r"#\s*paperdeck decisions\s+(\d+)")
# Controls but for the tab, what ends a line for some programs, bidirectional marks, surrogates.
_CONTROL = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def read_decisions(lines: Iterable[str]) -> Iterator[Statement]:
    """Yield what the lines say, with or without their ends; comments say nothing.

    Raises `DecisionSyntaxError` for the first line that is wrong, that is on the paper or view of
    an earlier line of its kind, or that says that the file is of a later format than this, or a
    list of edits: as a dump, it would take the tags off every paper that nothing was said of.
    """
    reader = _Reader(takes_edits=False)
    for number, line in enumerate(lines, 1):
        statement = reader.read(line, number)
        if statement is not None:
            yield statement


class Checked(NamedTuple):
    """What a list says, and what is wrong with it."""

    said: tuple[Statement, ...]
    refused: tuple[DecisionSyntaxError, ...]
    """Of every line that is wrong; no more than `MOST_REFUSED`."""
    is_whole: bool
    """Whether it says all that there was to say."""


def check_decisions(lines: Iterable[str]) -> Checked:
    """Return what `read_decisions` yields, but with what is wrong beside it."""
    return _checked(lines, _Reader(takes_edits=False))


def check_edits(lines: Iterable[str]) -> Checked:
    """Return what the lines of a list of edits say, and what is wrong with those that are wrong."""
    return _checked(lines, _Reader(takes_edits=True))


def _checked(lines: Iterable[str], reader: _Reader) -> Checked:
    said: list[Statement] = []
    refused: list[DecisionSyntaxError] = []
    for number, line in enumerate(lines, 1):
        try:
            statement = reader.read(line, number)
        except DecisionSyntaxError as error:
            refused.append(error)
            if len(refused) == MOST_REFUSED:
                break
        else:
            said += [] if statement is None else [statement]
    return Checked(tuple(said), tuple(refused), reader.is_whole)


class _Reader:
    """Reads the lines of one list, one after the other."""

    def __init__(self, *, takes_edits: bool) -> None:
        self.is_whole = False
        """Whether what was read so far has a beginning and an end."""
        self._takes_edits = takes_edits
        self._has_header = self._is_piece = False
        # Few combinations of tags serve most papers: each is read once.
        self._edits: dict[str, TagEdit] = {}
        self._lines: dict[str, int] = {}

    def read(self, raw: str, number: int) -> Statement | None:
        """Return what a line says; raise `DecisionSyntaxError`."""
        line = _plain(raw, number)
        if not line:
            return None
        # Two lists one after the other are no whole one: the first may have been cut off.
        self._is_piece |= self.is_whole or (number > 1 and line in _HEADERS)
        self.is_whole = line == DUMP_END and self._has_header and not self._is_piece
        if line.startswith("#"):
            _check_version(line, number, takes_edits=self._takes_edits)
            self._has_header |= number == 1 and line in _HEADERS
            return None
        statement, subject = read_statement(line, number, self._edits)
        earlier = self._lines.setdefault(subject, number)
        if earlier != number:
            raise named_twice(statement, earlier)
        return statement


def to_line(statement: Statement) -> str:
    """Return `statement` as one line, without its end, that reads back as the same."""
    if isinstance(statement, SavedView):
        query = _CONTROL.sub(" ", statement.query.replace("\t", " ")).strip()
        return f"view {statement.name} -- {query}".rstrip()
    if isinstance(statement, PaperNote):
        words = f"note {_quoted(statement.text)} -- {statement.target}"
    elif isinstance(statement, PaperPair):
        verb = "join" if statement.are_one else "apart"
        words = f"{verb} {statement.other} -- {statement.target}"
    else:
        words = f"{statement.edit} -- {statement.target}".lstrip()
    return f"{words}  # {statement.title}" if statement.title else words


def short_title(title: str) -> str:
    """Return `title` as the comment behind a paper: on one line and not too long."""
    line = one_line(title)
    return line if len(line) <= LONGEST_COMMENT else f"{line[: LONGEST_COMMENT - 1].rstrip()}…"


def _plain(raw: str, number: int) -> str:
    """Return a line without its end, byte-order mark and outer blanks, its tabs as blanks."""
    if len(raw) > LONGEST_LINE and not raw.startswith("note "):
        raise DecisionSyntaxError(
            number, f"it is longer than {LONGEST_LINE:,} characters: is this a list of decisions?"
        )
    line = raw.removesuffix("\n").removesuffix("\r")
    if number == 1:
        line = line.removeprefix("\ufeff")
    if not line.isprintable():
        control = _CONTROL.search(line)
        if control and "\udc80" <= control.group() <= "\udcff":
            raise DecisionSyntaxError(number, "it is not UTF-8 text: is this a list of decisions?")
        if control:
            raise DecisionSyntaxError(
                number, f"it has the control character U+{ord(control.group()):04X}: take it out"
            )
        line = line.replace("\t", " ")
    return line.strip()


def _check_version(comment: str, number: int, *, takes_edits: bool) -> None:
    if not takes_edits and comment == EDITS_HEADER:
        raise DecisionSyntaxError(
            number, "this is a list of edits: give it to 'paperdeck apply' instead"
        )
    version = _VERSION.fullmatch(comment)
    if version and version[1] not in {"1", "2", "3"}:
        raise DecisionSyntaxError(
            number,
            f"the format is number {shown(version[1])}, and this version reads numbers 1 to 3:"
            " upgrade paperdeck",
        )


def _quoted(text: str) -> str:
    return _CONTROL.sub(
        lambda match: f"\\u{ord(match.group()):04x}", json.dumps(text, ensure_ascii=False)
    )

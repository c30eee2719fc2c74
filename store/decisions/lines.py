r"""The one format for decisions: a line for a paper, as notmuch dumps tags, a note or a saved view.

    # paperdeck decisions 2
    view reading-group -- tag:rl,agents date:30d..
    note "Ask Ana about the wool.\nSee \"On goats\"." -- arxiv:2401.01234  # Counting sheep
    +inbox +unread -- arxiv:2401.01234  # Counting sheep
    +rl -inbox -- title:"On a paper without identifier"
    -- paperdeck:7  # Archived, read and without a tag

Each line stands for itself, so that files merge line by line. A line that begins with '#' and what
follows ' # ' after a paper are comments; a view's query runs to the end of its line. A note is
written as a text of JSON (RFC 8259, section 7).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from store.decisions.targets import one_line, read_paper
from store.errors import DecisionSyntaxError, TagNameError, shown
from store.tagnames import TagEdit, read_tag_edit, tag_name
from store.text import clean_note, fold_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADER = "# paperdeck decisions 1"
"""The first line of a dump; the number grows when older versions could not read it right."""
HEADER_WITH_NOTES = "# paperdeck decisions 2"
"""That of a dump with notes, which 0.2 could not read; either number may stand above any lines."""
EDITS_HEADER = "# paperdeck edits 1"
"""The first line of a list of edits: its lines add tags and take tags off, and leave the others."""
EDITS_END = "# end of edits"
"""Its last line: an answer by mail goes on behind it."""
LONGEST_LINE = 100_000
"""In characters, notes apart: those are as long as a reader wants."""
LONGEST_COMMENT = 80
"""So many characters of a paper's title stand behind it."""

_VERSION = re.compile(r"#\s*paperdeck decisions\s+(\d+)")
# Controls but for the tab, what ends a line for some programs, bidirectional marks, surrogates.
_CONTROL = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NOTE = re.compile(r'note\s+("[^"\\]*(?:\\.[^"\\]*)*")\s+--(?:\s+(.*))?')
_MERGE_MARK = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")
_EXAMPLE = "'+tag -tag -- arxiv:2401.01234'"
_NOTE_EXAMPLE = """'note "text" -- arxiv:2401.01234'"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a line says of one paper."""

    edit: TagEdit
    target: str
    """`scheme:value` as an `Identifier` prints, `paperdeck:KEY`, or what `title_target` makes."""
    line: int = field(default=0, compare=False)
    """Counted from 1; where a decision stands is no part of what it says."""
    title: str = ""
    """The comment behind the paper, clean and on one line."""


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A line with the reader's note on one paper."""

    text: str
    """As `store.text.clean_note` cleans it; empty where a note is to be taken away."""
    target: str
    """As that of a `Decision`, like the rest."""
    line: int = field(default=0, compare=False)
    title: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A line that names a query."""

    name: str
    query: str
    line: int = field(default=0, compare=False)


Statement: TypeAlias = Decision | PaperNote | SavedView


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


def check_edits(lines: Iterable[str]) -> tuple[list[Statement], list[DecisionSyntaxError]]:
    """Return what the lines of a list of edits say, and what is wrong with those that are wrong."""
    reader = _Reader(takes_edits=True)
    said: list[Statement] = []
    refused: list[DecisionSyntaxError] = []
    for number, line in enumerate(lines, 1):
        try:
            statement = reader.read(line, number)
        except DecisionSyntaxError as error:
            refused.append(error)
        else:
            said += [] if statement is None else [statement]
    return said, refused


class _Reader:
    """Reads the lines of one list, one after the other."""

    def __init__(self, *, takes_edits: bool) -> None:
        self._takes_edits = takes_edits
        # Few combinations of tags serve most papers: each is read once.
        self._edits: dict[str, TagEdit] = {}
        self._lines: dict[str, int] = {}

    def read(self, raw: str, number: int) -> Statement | None:
        """Return what a line says; raise `DecisionSyntaxError`."""
        line = _plain(raw, number)
        if not line or line.startswith("#"):
            _check_version(line, number, takes_edits=self._takes_edits)
            return None
        statement, subject = _read_statement(line, number, self._edits)
        earlier = self._lines.setdefault(subject, number)
        if earlier != number:
            raise named_twice(statement, earlier)
        return statement


def _read_statement(line: str, number: int, edits: dict[str, TagEdit]) -> tuple[Statement, str]:
    """Return what a line says, and what names its subject; `edits` are those read already."""
    if line.startswith("note "):
        note = _read_note(line, number)
        return note, f"note {note.target}"
    head, dashes, tail = f" {line} ".partition(" -- ")
    head, tail = head.strip(), tail.strip()
    if not dashes:
        raise DecisionSyntaxError(number, _reason_without_dashes(line))
    if head.split(maxsplit=1)[:1] == ["view"]:
        view = _read_view(head, tail, number)
        return view, f"view {fold_case(view.name)}"
    edit = edits.get(head)
    if edit is None:
        edit = edits[head] = _read_edit(head, number)
    target, title = read_paper(tail, number)
    return Decision(edit, target, number, title), target


def to_line(statement: Statement) -> str:
    """Return `statement` as one line, without its end, that reads back as the same."""
    if isinstance(statement, SavedView):
        query = _CONTROL.sub(" ", statement.query.replace("\t", " ")).strip()
        return f"view {statement.name} -- {query}".rstrip()
    if isinstance(statement, PaperNote):
        words = f"note {_quoted(statement.text)} -- {statement.target}"
    else:
        words = f"{statement.edit} -- {statement.target}".lstrip()
    return f"{words}  # {statement.title}" if statement.title else words


def short_title(title: str) -> str:
    """Return `title` as the comment behind a paper: on one line and not too long."""
    line = one_line(title)
    return line if len(line) <= LONGEST_COMMENT else f"{line[: LONGEST_COMMENT - 1].rstrip()}…"


def named_twice(statement: Statement, earlier: int) -> DecisionSyntaxError:
    """Return the error of a statement on what the line `earlier` named already."""
    kind, named = (
        ("view", f"view '{statement.name}'")
        if isinstance(statement, SavedView)
        else ("paper", statement.target)
    )
    return DecisionSyntaxError(
        statement.line,
        f"{shown(named)} is the {kind} of line {earlier} again: leave one line",
    )


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
    if version and version[1] not in {"1", "2"}:
        raise DecisionSyntaxError(
            number,
            f"the format is number {shown(version[1])}, and this version reads numbers 1 and 2:"
            " upgrade paperdeck",
        )


def _reason_without_dashes(line: str) -> str:
    if _MERGE_MARK.match(line):
        return f"'{shown(line)}' marks a conflict: choose between its lines, then take it out"
    return f"'{shown(line)}' has no ' -- ' before its paper: write {_EXAMPLE}"


def _quoted(text: str) -> str:
    return _CONTROL.sub(
        lambda match: f"\\u{ord(match.group()):04x}", json.dumps(text, ensure_ascii=False)
    )


def _read_note(line: str, number: int) -> PaperNote:
    match = _NOTE.fullmatch(line)
    if match is None:
        raise DecisionSyntaxError(
            number, f"'{shown(line)}' is no note with its paper: write {_NOTE_EXAMPLE}"
        )
    try:
        text = clean_note(json.loads(match[1]))
    except ValueError as error:
        raise DecisionSyntaxError(
            number,
            f"{shown(match[1])} can't be read as a note: a line break in it is written as '\\n',"
            " a backslash as '\\\\'",
        ) from error
    target, title = read_paper((match[2] or "").strip(), number)
    return PaperNote(text, target, number, title)


def _read_view(head: str, query: str, number: int) -> SavedView:
    _, *words = head.split()
    if len(words) != 1:
        raise DecisionSyntaxError(
            number, f"'{shown(head)}' is not one name for a view: write 'view NAME -- QUERY'"
        )
    try:
        return SavedView(tag_name(words[0]), query, number)
    except TagNameError as error:
        raise DecisionSyntaxError(
            number, f"'{shown(error.name)}' can't name a view: {error.reason}"
        ) from error


def _read_edit(head: str, number: int) -> TagEdit:
    words = head.split()
    for word in words:
        if word[0] not in "+-":
            raise DecisionSyntaxError(
                number,
                f"the tag '{shown(word)}' has no sign: write '+{shown(word)}' to add it,"
                f" '-{shown(word)}' to take it off",
            )
    try:
        return read_tag_edit(words)
    except TagNameError as error:
        raise DecisionSyntaxError(number, f"{error}") from error

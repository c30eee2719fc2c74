"""Reading one line of a list of decisions, free of its end, outer blanks and control characters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from store.decisions.statements import Decision, PaperNote, PaperPair, SavedView
from store.errors import DecisionSyntaxError, TagNameError, shown
from store.identity.targets import read_paper
from store.tagnames import read_tag_edit, tag_name
from store.text import clean_note, fold_case

if TYPE_CHECKING:
    from store.decisions.statements import Statement
    from store.tagnames import TagEdit

_NOTE = re.compile(r'note\s+("[^"\\]*(?:\\.[^"\\]*)*")\s+--(?:\s+(.*))?')
_PAIR = re.compile(r'(join|apart)\s+(title:"[^"]*"|\S+)\s+--(?:\s+(.*))?')
_MERGE_MARK = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")
_EXAMPLE = "'+tag -tag -- arxiv:2401.01234'"
_PAIR_EXAMPLE = "'join doi:10.1000/182 -- arxiv:2401.01234'"
_NOTE_EXAMPLE = """'note "text" -- arxiv:2401.01234'"""


def is_merge_mark(line: str) -> bool:
    """Tell whether a line is one of those that a version control system puts around a conflict."""
    return bool(_MERGE_MARK.match(line))


def read_statement(line: str, number: int, edits: dict[str, TagEdit]) -> tuple[Statement, str]:
    """Return what a line says, and what names its subject; `edits` are those read already.

    Raises `DecisionSyntaxError`; `number` is the line's.
    """
    if line.startswith("note "):
        note = _read_note(line, number)
        return note, f"note {note.target}"
    if line.startswith(("join ", "apart ")):
        pair = _read_pair(line, number)
        return pair, f"pair {' '.join(sorted((pair.target, pair.other)))}"
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


def named_twice(statement: Statement, earlier: int) -> DecisionSyntaxError:
    """Return the error of a statement on what the line `earlier` named already."""
    match statement:
        case SavedView(name):
            kind, named = "view", f"view '{name}'"
        case PaperPair():
            kind, named = "pair", f"{statement.other} with {statement.target}"
        case _:
            kind, named = "paper", statement.target
    return DecisionSyntaxError(
        statement.line,
        f"{shown(named)} is the {kind} of line {earlier} again: leave one line",
    )


def _reason_without_dashes(line: str) -> str:
    if is_merge_mark(line):
        return f"'{shown(line)}' marks a conflict: choose between its lines, then take it out"
    return f"'{shown(line)}' has no ' -- ' before its paper: write {_EXAMPLE}"


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


def _read_pair(line: str, number: int) -> PaperPair:
    match = _PAIR.fullmatch(line)
    if match is None:
        raise DecisionSyntaxError(
            number, f"'{shown(line)}' names no two papers: write {_PAIR_EXAMPLE}"
        )
    other, _ = read_paper(match[2], number)
    target, title = read_paper((match[3] or "").strip(), number)
    if other == target:
        raise DecisionSyntaxError(
            number, f"{shown(target)} stands on both sides: name two papers, or take the line out"
        )
    return PaperPair(match[1] == "join", other, target, number, title)


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

"""Finding a list of edits in what a mail program made of it: quoted, wrapped, within a message.

Only what can be told for certain is read; whatever else there is stays as it is, so that it is
refused with its line. Lines keep their numbers: those that are passed over are empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from store.decisions.lines import EDITS_END, EDITS_HEADER
from store.errors import ReplyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

SHORTEST_WRAPPED = 60
"""Characters: no mail program wraps lines as short as this."""
_QUOTED = re.compile(r"(?:\s?>)+ ?")
_MERGE_MARK = re.compile(r">{7}(?: |$)")
# The first line of a message, or that of a mailbox before it; no list begins so.
_MESSAGE = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")
_HEADS = (b"from:", b"subject:", b"mime-version:", b"message-id:")
_DECISION = re.compile(r"(?:[-+]\S|-- |note |view |join |apart |#)")


class _Line(NamedTuple):
    """A line without the marks of quotation before it."""

    depth: int
    """How many there were."""
    text: str


def edit_lines(data: bytes) -> list[str]:
    """Return the lines of the list that a file or a message holds, without their ends.

    Raises `ReplyError` where there is none, or more than one.
    """
    try:
        text = _text_of_message(data) if _is_message(data) else _decoded(data)
    except RecursionError as error:
        raise ReplyError(
            "the message's head is nested too deeply: save the list alone as a file"
        ) from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _rejoined(_listed([_parted(line) for line in lines]))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReplyError(
            f"line {line}: it is not UTF-8 text: is this a list of edits, or a whole message?"
        ) from error


def _is_message(data: bytes) -> bool:
    head = data.lstrip(b"\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    return bool(_MESSAGE.match(data.lstrip(b"\r\n"))) and any(
        f"\n{name.decode()}".encode() in b"\n" + head for name in _HEADS
    )


def _text_of_message(data: bytes) -> str:
    # Needed for messages alone.
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import default

    message = message_from_bytes(data.lstrip(b"\r\n"), _class=EmailMessage, policy=default)
    body = message.get_body(preferencelist=("plain",))
    if not isinstance(body, EmailMessage):
        raise ReplyError(
            "the message has no plain text: answer as plain text, or save the list as a file"
        )
    try:
        text = str(body.get_content())
    except (LookupError, ValueError) as error:
        raise ReplyError(f"the message's text can't be decoded: {error}") from error
    return _unflowed(text, body) if body.get_param("format") == "flowed" else text


def _unflowed(text: str, body: EmailMessage) -> str:
    """Return a text whose lines are those before they were wrapped: RFC 3676, section 4."""
    deletes = body.get_param("delsp") == "yes"
    lines: list[str] = []
    is_open, depth_before = False, 0
    for raw in text.replace("\r\n", "\n").split("\n"):
        marks = raw[: len(raw) - len(raw.lstrip(">"))]
        line = raw[len(marks) :].removeprefix(" ")
        if is_open and len(marks) == depth_before:
            before = lines[-1][:-1] if deletes else lines[-1]
            lines[-1] = before + line
        else:
            lines.append(f"{marks} {line}" if marks else line)
        # A signature's mark ends with a blank, too, and is no line that goes on.
        is_open, depth_before = line.endswith(" ") and line != "-- ", len(marks)
    return "\n".join(lines)


def _parted(line: str) -> _Line:
    """Part the marks of quotation from a line; a mark of a merge is none."""
    match = None if _MERGE_MARK.match(line) else _QUOTED.match(line)
    marks = match.group() if match else ""
    return _Line(marks.count(">"), line[len(marks) :])


def _listed(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines of the list; all of them where none begins as one does."""
    begins = [n for n, line in enumerate(lines) if line.text.strip() == EDITS_HEADER]
    if not begins:
        return list(lines)
    if len(begins) > 1:
        first, second = (number + 1 for number in begins[:2])
        raise ReplyError(
            f"lists begin on line {first} and on line {second}: leave the one that is meant"
        )
    (begin,) = begins
    ends = [n for n, line in enumerate(lines) if n > begin and line.text.strip() == EDITS_END]
    if not ends:
        raise ReplyError(
            f"the list that begins on line {begin + 1} has no end: write '{EDITS_END}' behind it"
        )
    return [line if begin <= n < ends[0] else _Line(0, "") for n, line in enumerate(lines)]


def _rejoined(lines: Sequence[_Line]) -> list[str]:
    """Join what a mail program wrapped, where nobody but that program can have done so."""
    found: list[str] = []
    before: _Line | None = None
    for line in lines:
        if before is not None and _goes_on(before, line):
            found[-1] = f"{found[-1].rstrip()} {line.text.strip()}"
            # The line keeps its number, and so do those that follow.
            found.append("")
            before = None
        else:
            found.append(line.text)
            before = line
    return found


def _goes_on(before: _Line, line: _Line) -> bool:
    """Tell whether a line can only be the rest of the comment that the one before it ends with.

    Both are quoted, so that the reader wrote neither, and the first word had no room there.
    Whatever looks like a decision is one.
    """
    words = line.text.split(maxsplit=1)
    if not words or not line.depth or line.depth != before.depth:
        return False
    has_comment = " # " in before.text or before.text.lstrip().startswith("#")
    is_decision = _DECISION.match(line.text.lstrip()) or " -- " in f" {line.text} "
    is_full = before.depth * 2 + len(before.text) + 1 + len(words[0]) > SHORTEST_WRAPPED
    return has_comment and is_full and not is_decision

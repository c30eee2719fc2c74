"""What names a paper in a list of decisions: an identifier, a title, the library's own number."""

from __future__ import annotations

import re

from store.errors import DecisionSyntaxError, shown
from store.identifiers import read_identifier
from store.text import clean_line

_KEY = re.compile(r"paperdeck:([0-9]{1,18})")
_TITLE = 'title:"'


def title_target(title: str) -> str:
    """Return what names a paper by its title: quotes become blanks, as in the search language."""
    plain = clean_line(title.replace('"', " "))
    return f'{_TITLE}{plain}"'


def title_of(target: str) -> str | None:
    """Return the title that `target` names a paper by; None if it names it in another way."""
    return target[len(_TITLE) : -1] if target.startswith(_TITLE) else None


def key_of(target: str) -> int | None:
    """Return the library's own number that `target` names a paper by, if it does."""
    match = _KEY.fullmatch(target)
    return int(match[1]) if match else None


def read_paper(tail: str, number: int) -> tuple[str, str]:
    """Read what follows the dashes on a line of this number: a paper, and perhaps a comment.

    Raises `DecisionSyntaxError`.
    """
    if tail.startswith(_TITLE):
        title, quote, rest = tail.removeprefix(_TITLE).partition('"')
        target = title_target(title) if quote and title.strip() else None
        word = tail if target is None else f'{_TITLE}{title}"'
    else:
        word, *more = tail.split(maxsplit=1)[:2] or [""]
        rest = f" {more[0]}" if more else ""
        target = _read_target(word)
    if target is None:
        raise DecisionSyntaxError(
            number,
            f"'{shown(word)}' names no paper: write an identifier, such as 'arxiv:2401.01234',"
            ' or title:"its title"',
        )
    comment = rest.lstrip()
    if rest and not (rest[0].isspace() and comment.startswith("#")):
        raise DecisionSyntaxError(
            number, f"'{shown(comment)}' follows the paper: begin a comment with ' # '"
        )
    return target, one_line(comment[1:])


def one_line(text: str) -> str:
    """Return a title or a comment on one line."""
    # Most titles are plain, and a long list has many.
    return " ".join(text.split()) if text.isprintable() else clean_line(text)


def _read_target(word: str) -> str | None:
    match = _KEY.fullmatch(word)
    if match:
        return f"paperdeck:{int(match[1])}"
    identifier = read_identifier(word)
    return str(identifier) if identifier else None

"""Completing the word at the end of a query: fields, their values, tags and views.

The search line draws the best completion behind the cursor, and shells list all of them: both are
of one table, which is that of the search language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from store.query.fields import CHOICES, FIELD_NAMES, FIELDS
from store.query.tokens import Kind, Token, split
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Names: TypeAlias = Callable[[str], Iterable[str]]
    """Gives the names of which those that begin so are wanted, the best first; others may be in."""

DAY_FIELDS = ("on", "listed", "date", "added")
DAYS = {"today": "", "yesterday": "", "7d": "the last 7 days", "1m": "the last month"}
"""Some of the days that such a field can take, each with what it means."""
SHORTEST_NAME = 2
"""Fewer letters are no beginning of a field's name to the reader who writes a word."""
PLAIN_WORDS = frozenset(
    ("ad", "add", "com", "comment", "ha", "list", "no", "not", "or", "so", "vote")
)
"""Beginnings of fields that are as likely to be words looked for."""

_FIELD_BEGUN = re.compile(r"([a-z]+):")
_NEEDS_QUOTES = re.compile(r"[\s()]")


@dataclass(frozen=True, slots=True)
class _Ending:
    """What the end of a query asks for."""

    head: str
    """All before what is to be completed: `-(tag:rl,` of `-(tag:rl,ag`."""
    begun: str
    """As far as it is written: `ag`."""
    field: str = ""
    """The field that this is a value of; empty for a word, or the name of a field."""
    taken: tuple[str, ...] = ()
    """The values that the field has already, before a comma: `rl`."""
    is_quoted: bool = False


def completed_query(text: str, tags: Sequence[str], views: Iterable[str]) -> str | None:
    """Return `text` with the word at its end whole; None where there is nothing to add.

    `tags` and `views` are names, the likeliest first. What is written stays as it is. A word is
    taken for a field from two letters on, and never where it is whole or a plain word.
    """
    ending = _ending(text)
    if ending is None or not (ending.field or _is_name_begun(ending.begun)):
        return None
    if ending.field and ending.begun:
        fold = fold_case(ending.begun)
        values = _values(ending, lambda _: tags, lambda _: views)
        if any(fold_case(value) == fold for value in values):
            return None  # `tag:rl` is whole, whatever is nested below it
    words = (word for word, _ in _suggested(ending, lambda _: tags, lambda _: views))
    if ending.field in DAY_FIELDS:
        # A span is an example: `1` may become `10d` as well as `1m`.
        words = (word for word in words if word.isalpha())
    return next(filter(None, (_whole(ending, word) for word in words)), None)


def query_suggestions(text: str, tags: Names, views: Names) -> dict[str, str]:
    """Return every text that `text` can become by its last word, with what that word means."""
    ending = _ending(text)
    if ending is None:
        return {}
    found = _suggested(ending, tags, views)
    wholes = ((_whole(ending, word), meaning) for word, meaning in found)
    return {whole: meaning for whole, meaning in wholes if whole is not None}


def as_begun(names: Iterable[str], begun: str) -> Iterator[str]:
    """Yield the names that begin so, without regard to case, each as it was begun."""
    fold = fold_case(begun)
    for name in names:
        folded = fold_case(name)
        if folded.startswith(fold):
            word = begun + name[len(begun) :]
            # Where folding changes the length (`ß`), the two parts may not be that name.
            if fold_case(word) == folded:
                yield word


def _ending(text: str) -> _Ending | None:
    """Return what the end of `text` asks for; None where nothing of ours can stand there."""
    tokens = list(split(text, typing=True))
    last = tokens[-2] if len(tokens) > 1 else None
    if last is None or not last.is_growing:
        is_between = not text or text[-1].isspace() or (last is not None and last.kind is Kind.OPEN)
        return _Ending(text, "") if is_between else None
    if last.source == "-" and not text.endswith("--"):
        return _Ending(text, "")  # the sign of what will be negated
    return _ending_with(text, last)


def _ending_with(text: str, last: Token) -> _Ending | None:
    if last.is_address or (last.is_quoted and last.near):
        return None
    named = None if last.is_quoted else _FIELD_BEGUN.fullmatch(last.text)
    if last.field is None and not named:
        return None if last.is_quoted else _Ending(text[: -len(last.text)], last.text)
    spelling, value = (last.field, last.text) if last.field else (last.text[:-1], "")
    field = FIELD_NAMES.get(spelling or "")
    if field is None:
        return None
    *taken, begun = value.split(",") if field == "tag" else (value,)
    begun = begun.lstrip()
    head = text[: len(text) - len(begun)]
    return _Ending(head, begun, field, tuple(name.strip() for name in taken), last.is_quoted)


def _suggested(ending: _Ending, tags: Names, views: Names) -> Iterator[tuple[str, str]]:
    """Yield words that begin as the ending does, with what they mean."""
    if not ending.field:
        # Names of fields are lower case, unlike the words of titles.
        for field in FIELDS:
            if field.name.startswith(ending.begun):
                yield f"{field.name}:", field.meaning
        return
    values = _values(ending, tags, views)
    taken = {fold_case(value) for value in ending.taken}
    for value in as_begun(values, ending.begun):
        if not taken or fold_case(value) not in taken:
            yield value, values.get(value, "")


def _values(ending: _Ending, tags: Names, views: Names) -> Mapping[str, str]:
    match ending.field:
        case "tag":
            return dict.fromkeys((*tags(ending.begun), "none"), "")
        case "view":
            return dict.fromkeys(views(ending.begun), "")
        case field if field in DAY_FIELDS:
            return DAYS
        case field:
            return dict.fromkeys(CHOICES.get(field, ()), "")


def _whole(ending: _Ending, word: str) -> str | None:
    """Return the query with `word` at its end; None where it can't be written there."""
    if not word or '"' in word:
        return None
    if ending.is_quoted:
        return f'{ending.head}{word}"'
    if not _NEEDS_QUOTES.search(word):
        return f"{ending.head}{word}"
    # Quotes go around the whole value: once it is begun without one it is too late.
    return f'{ending.head}"{word}"' if ending.head.endswith(":") and not ending.begun else None


def _is_name_begun(word: str) -> bool:
    is_long_enough = len(word) >= SHORTEST_NAME
    return is_long_enough and word not in PLAIN_WORDS and word not in FIELD_NAMES

"""What a tag may be called, and reading `+a -b`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.errors import TagNameError
from store.models import STATE_TAGS
from store.text import fold_case, is_clean

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 100
_FORBIDDEN = frozenset(',"()*')


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Tags to add and tags to take off, each name checked and given once."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([*(f"+{name}" for name in self.added), *(f"-{n}" for n in self.removed)])

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def tag_name(text: str) -> str:
    """Return `text` as a tag's name, in NFC; raise `TagNameError` where it can't be one.

    The tags that are the reader's state have one spelling.
    """
    name = unicodedata.normalize("NFC", text.strip())
    if not name:
        raise TagNameError(text, "it is empty")
    if len(name) > LONGEST_NAME:
        raise TagNameError(name, f"it is longer than {LONGEST_NAME} characters")
    if name[0] in "+-":
        raise TagNameError(name, f"it begins with '{name[0]}'")
    _refuse_characters(name)
    if name.startswith("/") or name.endswith("/") or "//" in name:
        raise TagNameError(name, "'/' stands between the parts of a nested tag")
    if fold_case(name) == "none":
        raise TagNameError(name, "'tag:none' means papers without a tag")
    return fold_case(name) if fold_case(name) in STATE_TAGS else name


def _refuse_characters(name: str) -> None:
    for char in name:
        if char.isspace():
            raise TagNameError(name, "it has a blank; join the words with '-' or '/'")
        if char in _FORBIDDEN:
            raise TagNameError(name, f"it has {char!r}, which the search language needs")
        if unicodedata.category(char)[0] == "C":
            raise TagNameError(name, "it has a control or format character")
    if not is_clean(name):
        raise TagNameError(name, "it has a sign that is not seen, or marks heaped on a letter")


def read_tag_edit(words: Iterable[str]) -> TagEdit:
    """Read `+a -b c`: a name without a sign is added; the last word on a name holds.

    Raises `TagNameError` for the first name that is none.
    """
    wanted: dict[str, tuple[str, bool]] = {}
    for word in words:
        is_removed = word.startswith("-")
        name = tag_name(word[1:] if word[:1] in {"+", "-"} else word)
        wanted.pop(fold_case(name), None)
        wanted[fold_case(name)] = (name, is_removed)
    return TagEdit(
        tuple(name for name, is_removed in wanted.values() if not is_removed),
        tuple(name for name, is_removed in wanted.values() if is_removed),
    )

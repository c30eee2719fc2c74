"""Reading what the reader writes into the tag line."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from store.tagnames import TagEdit, read_tag_edit
from store.text import fold, fold_case

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATOR = re.compile(r"[\s,]")
"""What stands between two tags."""


class TagsWanted(Enum):
    """What the words in the tag line mean."""

    SET = "Tags"
    """The paper's tags from now on."""
    ADD = "Add tags"
    REMOVE = "Remove tags"

    @property
    def preposition(self) -> str:
        """What stands between this and the papers."""
        return "to" if self is TagsWanted.ADD else "from" if self is TagsWanted.REMOVE else "of"


def tag_edit(wanted: TagsWanted, text: str, own: Sequence[str]) -> TagEdit:
    """Return what `text` asks for, of a paper that has the tags `own`.

    Words with a sign, such as `-a` or `+b`, mean what they say in each case. Raises
    `TagNameError`.
    """
    words = _words(text)
    match wanted:
        case TagsWanted.ADD:
            return read_tag_edit(words)
        case TagsWanted.REMOVE:
            return read_tag_edit(word if word[0] in "+-" else f"-{word}" for word in words)
        case TagsWanted.SET:
            edit = read_tag_edit(words)
            kept = {fold_case(name) for name in edit.added}
            signed = any(word[0] in "+-" for word in words)
            unwritten = () if signed else tuple(name for name in own if fold_case(name) not in kept)
            present = {fold_case(name) for name in own}
            added = tuple(name for name in edit.added if fold_case(name) not in present)
            return TagEdit(added, (*edit.removed, *unwritten))


def completed(text: str, names: Sequence[str]) -> str | None:
    """Return `text` with its last word made the first of `names` that begins so.

    A name that is written whole is taken before longer ones, and one that stands in the text
    already is not offered again. Neither case nor accents have to be written.
    """
    word = _SEPARATOR.split(text)[-1]
    head = text[: len(text) - len(word)]
    sign = word[:1] if word[:1] in {"+", "-"} else ""
    begun = fold(word.removeprefix(sign))
    if not begun:
        return None
    taken = {fold(other.lstrip("+-")) for other in _words(head)}
    found = [name for name in names if fold(name).startswith(begun) and fold(name) not in taken]
    whole = next((name for name in found if fold(name) == begun), None)
    name = whole or next(iter(found), None)
    return None if name is None else f"{head}{sign}{name}"


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATOR.split(text) if word]

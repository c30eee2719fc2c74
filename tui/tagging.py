"""Reading what the reader writes into the tag line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from store.tagnames import TagEdit, read_tag_edit
from store.text import fold, fold_case

if TYPE_CHECKING:
    from collections.abc import Sequence


class TagsWanted(Enum):
    """What the words in the tag line mean."""

    SET = "Tags"
    """The paper's tags from now on."""
    ADD = "Add tags"
    REMOVE = "Remove tags"


@dataclass(frozen=True, slots=True)
class Wording:
    """What an act is called: in the journal, and to the reader once it is done."""

    label: str
    done: str


def tag_edit(wanted: TagsWanted, text: str, own: Sequence[str]) -> TagEdit:
    """Return what `text` asks for, of a paper that has the tags `own`.

    Words with a sign, such as `-a` or `+b`, mean what they say in each case. Raises
    `TagNameError`.
    """
    words = text.replace(",", " ").split()
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
    """Return `text` with its last word completed to the first of `names` that begins so."""
    head, _, word = text.rpartition(" ")
    sign = word[:1] if word[:1] in {"+", "-"} else ""
    begun = fold(word.removeprefix(sign))
    taken = {fold(other.lstrip("+-")) for other in head.split()}
    if not begun:
        return None
    for name in names:
        folded = fold(name)
        if folded.startswith(begun) and folded not in taken:
            return f"{head} {sign}{name}" if head else f"{sign}{name}"
    return None

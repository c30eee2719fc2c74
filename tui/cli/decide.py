"""Deciding: `tag`, `undo` and `redo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.tagnames import read_tag_edit
from tui.cli.asking import find, read_query, say_nothing_found
from tui.cli.errors import CommandError, Status
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from store.journal import Reversal

_EXAMPLE = "such as: paperdeck tag +rl -unread -- title:reinforcement"


def tag(options: Namespace) -> Status:
    """Add tags to what a query finds, and take tags off."""
    if options.rest is None:
        raise CommandError(f"'tag' needs '--' between the tags and the query, {_EXAMPLE}")
    unsigned = [word for word in options.operands if word[:1] not in {"+", "-"}]
    if unsigned:
        raise CommandError(f"'{unsigned[0]}' needs '+' or '-' before it, {_EXAMPLE}")
    edit = read_tag_edit(options.operands)
    text = " ".join(options.rest)
    if not edit or not text.strip():
        raise CommandError(f"'tag' needs tags and a query, {_EXAMPLE} ('*' is every paper)")
    with open_present_library(options.library) as library:
        result = find(library, read_query(library, text), completely=True)
        if not result.keys:
            say_nothing_found(library, result)
            return Status.NOTHING_FOUND
        changed = library.edit_tags(result.keys, edit, label=f"tag {edit}")
    if changed:
        tell(f"tagged {counted(len(changed), 'paper')}: {edit} · paperdeck undo takes it back")
    else:
        tell(f"nothing changed: {edit} holds already ({counted(len(result.keys), 'paper')})")
    return Status.DONE


def undo(options: Namespace) -> Status:
    """Take back the latest act of the command line."""
    with open_present_library(options.library) as library:
        return _report(library.undo(), "undone", "undo")


def redo(options: Namespace) -> Status:
    """Make the act again that was undone last."""
    with open_present_library(options.library) as library:
        return _report(library.redo(), "done again", "redo")


def _report(reversal: Reversal | None, done: str, verb: str) -> Status:
    if reversal is None:
        say(f"there is nothing to {verb} here; a browser takes back its own acts")
        return Status.NOTHING_FOUND
    kept = len(reversal.kept)
    rest = f"; {kept:,} changed since and kept" if kept else ""
    tell(f"{done}: {reversal.label}{rest}")
    return Status.DONE

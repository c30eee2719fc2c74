"""Deciding: `tag` and `remove`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.tagnames import read_tag_edit
from tui.cli.arguments import query_text
from tui.cli.asking import (
    MANY_PAPERS,
    find,
    is_agreed,
    read_query,
    refuse_unmeant_everything,
    say_nothing_found,
)
from tui.cli.errors import CommandError, Status
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

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
        query = read_query(library, text)
        refuse_unmeant_everything(query, text)
        result = find(library, query, completely=True)
        if not result.keys:
            say_nothing_found(library, result)
            return Status.NOTHING_FOUND
        changed = library.tags.edit(result.keys, edit, label=f"tag {edit}")
    if changed:
        tell(f"tagged {counted(len(changed), 'paper')}: {edit} · paperdeck undo takes it back")
    else:
        tell(f"nothing changed: {edit} holds already ({counted(len(result.keys), 'paper')})")
    return Status.DONE


def remove(options: Namespace) -> Status:
    """Take what a query finds out of the library."""
    text = query_text(options)
    if not text.strip():
        raise CommandError(
            "'remove' needs a query, such as: paperdeck remove is:dismissed ('*' is every paper)"
        )
    with open_present_library(options.library) as library:
        query = read_query(library, text)
        refuse_unmeant_everything(query, text)
        result = find(library, query, completely=True)
        number = len(result.keys)
        if not number:
            say_nothing_found(library, result)
            return Status.NOTHING_FOUND
        question = f"remove {counted(number, 'paper')} from the library?"
        if number > MANY_PAPERS and not options.yes and not is_agreed(question):
            say("nothing was removed")
            return Status.NOTHING_FOUND
        removed = library.remove(result.keys)
    tell(f"removed {counted(len(removed), 'paper')} · paperdeck undo takes it back")
    return Status.DONE

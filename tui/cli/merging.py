"""Merging two dumps: `merge`, which git can call for each file that it merges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import MergeRefusedError
from store.reconciling.texts import reconcile
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status
from tui.cli.lists import lines_of, say_refused
from tui.cli.output import say
from tui.cli.writing import write_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from store.reconciling.texts import Reconciled

_SIDES = ("ours", "base", "theirs")
_TOLD = 20
"""So much of what was found is told."""


def merge(options: Namespace) -> Status:
    """Merge two dumps that come from a third, and write the result in place of the first."""
    words = words_of(options)
    if len(words) != len(_SIDES):
        raise CommandError(
            "'merge' takes three files: yours, the one from which both come, and theirs,"
            " such as: paperdeck merge ours.txt base.txt theirs.txt"
        )
    ours, base, theirs = (_read(word) for word in words)
    try:
        merged = reconcile(base, ours, theirs)
    except MergeRefusedError as error:
        for side, refused in error.refused.items():
            name = words[_SIDES.index(side)]
            say_refused(
                refused, f"{side} ('{name}')", f"nothing was merged: '{words[0]}' holds ours alone"
            )
        return Status.WRONG
    if merged.lines != tuple(ours):
        write_file(Path(words[0]), merged.lines)
    _tell(merged, words[0])
    return Status.REFUSED if merged.conflicts else Status.DONE


def _read(word: str) -> list[str]:
    try:
        with Path(word).open("rb") as stream:
            return list(lines_of(stream))
    except OSError as error:
        raise CommandError(f"'{word}' can't be read: {error.strerror or error}") from error


def _tell(merged: Reconciled, name: str) -> None:
    for told in merged.told[:_TOLD]:
        say(told)
    if len(merged.told) > _TOLD:
        say(f"… and {counted(len(merged.told) - _TOLD, 'more such case')}")
    if merged.conflicts:
        say(
            f"{counted(merged.conflicts, 'conflict')} in '{name}': choose between the lines at"
            " '<<<<<<<', and take the marks out"
        )

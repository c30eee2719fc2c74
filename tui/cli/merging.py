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
    from collections.abc import Iterator

    from store.reconciling.texts import Reconciled

_SIDES = ("ours", "base", "theirs")
_OF_GIT = ".merge_file_"
"""How the names of the files begin that git gives to a merge driver."""
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
        end = f"nothing was merged: '{words[0]}' holds ours alone"
        if _is_of_git(words[0]):
            # A file without marks is taken for merged by the next commit, whatever our status is.
            write_file(Path(words[0]), _in_conflict(ours, theirs))
            end = "nothing was merged: git's file holds both sides, between the marks of a conflict"
        for side, refused in error.refused.items():
            say_refused(refused, f"{side} ('{words[_SIDES.index(side)]}')", end)
        return Status.WRONG
    if merged.lines != tuple(ours):
        write_file(Path(words[0]), merged.lines)
    _tell(merged, words[0])
    return Status.REFUSED if merged.conflicts else Status.DONE


def _in_conflict(ours: list[str], theirs: list[str]) -> Iterator[str]:
    """Yield both texts between the marks of a conflict; what is not UTF-8 stands as U+FFFD."""
    for line in ("<<<<<<< ours\n", *ours, "=======\n", *theirs, ">>>>>>> theirs\n"):
        text = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        yield text if text.endswith("\n") else f"{text}\n"


def _is_of_git(name: str) -> bool:
    """Tell whether git calls us, to merge a file."""
    return Path(name).name.startswith(_OF_GIT)


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
        place = "the file that git merges" if _is_of_git(name) else f"'{name}'"
        say(
            f"{counted(merged.conflicts, 'conflict')} in {place}: choose between the lines at"
            " '<<<<<<<', and take the marks out"
        )

"""Deciding as a dump says: `restore`."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from store.decisions.lines import EDITS_END, EDITS_HEADER
from store.errors import EditsRefusedError, shown
from tui.cli.errors import Status
from tui.cli.lists import lines_of, one_file, opened_list, say_refused
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell
from tui.cli.standard import input_name
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from store.decisions.losses import Losses
    from store.decisions.restoring import RestoreReport

_NAMED = 3
"""So many papers that the library does not have are named."""
_NAMED_TAGS = 5
"""So many tags that a paper would lose are named."""
_NOUNS = ("tags", "archivings", "notes", "views", "joined or split papers")
"""What the numbers of `Counts` are of."""


def restore(options: Namespace) -> Status:
    """Decide as the lines of a dump say: all of them, or none if one is wrong."""
    word = one_file(options, "restore", "decisions.txt")
    name = input_name(word)
    with open_present_library(options.library) as library:
        try:
            with opened_list(word, "decisions") as stream:
                # All of them first: whoever writes them may take their time.
                lines = list(lines_of(stream))
            report = library.decisions.restore(
                lines,
                adding=options.add,
                label=f"restore {name}:",
                approve=lambda report: not options.dry_run and _is_safe(report, options),
            )
        except EditsRefusedError as error:
            say_refused(error.refused, name)
            return Status.WRONG
        if options.dry_run:
            # Imported here: few ask for it.
            from tui.cli.restoretrials import edits_of

            for line in (EDITS_HEADER, *edits_of(library, report.changes), EDITS_END):
                tell(line)
    if not _is_safe(report, options):
        _say_losses(report.losses, name)
        say(_way_out(options, word))
        if not options.dry_run:
            return Status.WRONG
    _tell_report(report, name)
    return Status.REFUSED if report.unknown else Status.DONE


def _is_safe(report: RestoreReport, options: Namespace) -> bool:
    return options.force or report.losses.is_safe(options.safe_fraction)


def _say_losses(losses: Losses, name: str) -> None:
    """Say what a dump would lose, in all and of the first few papers."""
    lost = (
        f"{lost:,} of {held:,} {noun}"
        for lost, held, noun in zip(losses.lost, losses.held, _NOUNS, strict=True)
        if lost
    )
    say(f"paperdeck: {name} would lose, of what is decided here, {', '.join(lost)}")
    for one in losses.examples:
        tags = " ".join(f"+{tag}" for tag in one.tags[:_NAMED_TAGS])
        more = " …" if len(one.tags) > _NAMED_TAGS else ""
        say(f"'{shown(one.title)}' would lose {tags}{more}")
    if losses.papers > len(losses.examples):
        say(f"… and {counted(losses.papers - len(losses.examples), 'more paper')}")
    if losses.views:
        named = ", ".join(f"'{shown(view)}'" for view in losses.views[:_NAMED])
        say(f"views that would go: {named}{', …' if len(losses.views) > _NAMED else ''}")


def _way_out(options: Namespace, word: str) -> str:
    """Say how to see all of it, and how to do it nevertheless."""
    library = f"--library {quote(str(options.library))} " if options.library else ""
    add = "--add " if options.add else ""
    command = f"paperdeck restore {library}{add}"
    return (
        f"if that is meant: {command}--force {quote(word)} (nothing was changed;"
        " --dry-run shows all of it)"
    )


def _tell_report(report: RestoreReport, name: str) -> None:
    if report.unknown:
        named = ", ".join(shown(one.title or one.target) for one in report.unknown[:_NAMED])
        more = ", …" if len(report.unknown) > _NAMED else ""
        number = counted(len(report.unknown), "decision")
        say(f"{number} left out, on papers that the library does not have: {named}{more}")
    changed = " and ".join(
        counted(number, noun)
        for number, noun in ((len(report.changed), "paper"), (report.views, "view"))
        if number
    )
    if not changed:
        others = "other " if report.unknown else ""
        tell(f"nothing changed: all {others}decisions of {name} hold already")
    elif report.is_done:
        tell(f"restored {name}: {changed} changed · paperdeck undo takes it back")
        gone = (report.losses.notes, "note"), (len(report.losses.views), "view")
        lost = " and ".join(counted(number, noun) for number, noun in gone if number)
        if lost:
            say(f"{lost} of before went, or were replaced")
    else:
        say(f"restoring {name} would change {changed}: nothing was changed")

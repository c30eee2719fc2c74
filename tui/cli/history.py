"""What was done, and taking it back: `history`, `undo` and `redo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import shown
from store.jsontext import to_json
from store.text import clean_line
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status
from tui.cli.opening import COMMAND_LINE, open_present_library
from tui.cli.options import to_number
from tui.cli.output import is_read_by_person, say, tell, tell_data, tell_parts
from tui.format import NAMED_PAPERS, counted, entry_marks, kept_note, local_time

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from store.changes.journal import Entry
    from store.changes.reversing import Reversal
    from store.library import Library

LATEST = 20
"""So many entries are shown to a person who asks for no number of them."""


def undo(options: Namespace) -> Status:
    """Take back the latest act of the command line, or the entry that is named."""
    entry = _named_entry(options, "undo")
    with open_present_library(options.library) as library:
        return _report(library, library.history.undo(entry), "undone", "undo")


def redo(options: Namespace) -> Status:
    """Make the act again that was undone last, or the entry that is named."""
    entry = _named_entry(options, "redo")
    with open_present_library(options.library) as library:
        return _report(library, library.history.redo(entry), "done again", "redo")


def history(options: Namespace) -> Status:
    """List what was done, the latest first."""
    limit = options.limit
    is_cut = limit is None and not options.json and is_read_by_person()
    with open_present_library(options.library) as library:
        entries = library.history.entries(LATEST + 1 if is_cut else limit)
        # Asked only if it makes a difference, for it looks at a lock.
        is_at_work = any(not one.is_finished for one in entries) and (
            library.history.is_import_at_work()
        )
    if options.json:
        tell_data([to_json([_to_object(entry) for entry in entries], indent=2), "\n"])
        return Status.DONE
    shown_entries = entries[:LATEST] if is_cut else entries
    if is_read_by_person():
        tell_parts(_aligned(shown_entries, is_at_work=is_at_work))
    else:
        for entry in shown_entries:
            at, marks = local_time(entry.made_at), _marks(entry, is_at_work=is_at_work)
            cells = (entry.key, at, clean_line(entry.label), entry.papers, marks)
            tell_parts(["\t".join(map(str, cells)) + "\n"])
    if not entries:
        say("nothing was done here yet")
    elif len(shown_entries) < len(entries):
        say(f"there are older ones: 'paperdeck history --limit {LATEST * 5}' shows more")
    return Status.DONE


def _named_entry(options: Namespace, verb: str) -> int | None:
    words = words_of(options)
    if len(words) > 1:
        raise CommandError(f"'{verb}' takes one entry at a time: leave '{shown(words[1])}' out")
    if not words:
        return None
    number = to_number(words[0])
    if number is None:
        raise CommandError(
            f"'{verb}' takes the number of an entry, and '{shown(words[0])}' is none"
            " ('paperdeck history' lists them)"
        )
    return number


def _report(library: Library, reversal: Reversal | None, done: str, verb: str) -> Status:
    if reversal is None:
        say(
            f"there is nothing to {verb} here: 'paperdeck history' lists what others did,"
            f" and 'paperdeck {verb} ENTRY' names one of it"
        )
        return Status.NOTHING_FOUND
    kept = library.rows(reversal.kept[:NAMED_PAPERS])
    rest = kept_note(reversal, [row.title for row in kept])
    begun = done if reversal.took_effect else f"nothing was left to {verb}"
    tell(f"{begun}: {reversal.label} (entry {reversal.key}){rest}")
    return Status.DONE


def _aligned(entries: Sequence[Entry], *, is_at_work: bool) -> Iterator[str]:
    numbers = max((len(str(entry.key)) for entry in entries), default=0)
    sizes = [counted(entry.papers, "paper") if entry.papers else "" for entry in entries]
    width = max(map(len, sizes), default=0)
    for entry, size in zip(entries, sizes, strict=True):
        marks = _marks(entry, is_at_work=is_at_work)
        label = clean_line(entry.label) + (f" ({marks})" if marks else "")
        yield f"{entry.key:>{numbers}}  {local_time(entry.made_at)}  {size:>{width}}  {label}\n"


def _marks(entry: Entry, *, is_at_work: bool) -> str:
    return ", ".join(entry_marks(entry, COMMAND_LINE, is_import_at_work=is_at_work))


def _to_object(entry: Entry) -> dict[str, object]:
    return {
        "entry": entry.key,
        "label": entry.label,
        "kind": entry.kind.value,
        "program": entry.program,
        "at": entry.made_at,
        "papers": entry.papers,
        "state": entry.state.value,
        "finished": entry.is_finished,
    }

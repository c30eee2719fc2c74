"""Looking for what is wrong, with what helps: `doctor`, and `doctor clip` for copying alone."""

from __future__ import annotations

import os
import sys
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from store.jsontext import to_json
from store.text import clean_line
from tui.checks import findings
from tui.checks.copying import try_clipboard
from tui.checks.files import LIBRARY_UNUSABLE
from tui.checks.finding import Finding, State
from tui.checks.subject import Subject
from tui.cli.arguments import words_of
from tui.cli.copying import write_terminal
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import locate
from tui.cli.output import is_read_by_person, say, tell_data, tell_parts
from tui.config import read_config_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CLIP = "clip"
_SIGNS = {State.FINE: " ", State.NOTE: "?", State.FAULT: "x"}


def doctor(options: Namespace) -> Status:
    """Tell what every check finds, or what becomes of a copy."""
    words = words_of(options)
    if words not in {(), (CLIP,)}:
        raise CommandError(
            f"'paperdeck doctor' does not know what '{' '.join(words)}' is for"
            f"{suggestion(words[0], [CLIP])} (there is '{CLIP}')"
        )
    if options.repair:
        if words or options.json:
            raise CommandError(
                "'--repair' stands alone: 'paperdeck doctor' looks at what came of it"
            )
        # Needed for this alone.
        from tui.cli.repair import repair_library

        return repair_library(locate(options.library).library)
    subject = _here(options.library)
    found = tuple(try_clipboard(subject, write_terminal) if words else findings(subject))
    if options.json:
        tell_data([to_json(_plain(found), indent=2), "\n"])
    elif is_read_by_person():
        tell_parts(f"{line}\n" for line in _shown(found))
    else:
        for one in found:
            cells = (one.area, one.name, one.state.value, one.shown, one.remedy)
            tell_parts(["\t".join(map(clean_line, cells)) + "\n"])
    say(_summary(found))
    return _status(found)


def _here(named: Path | None) -> Subject:
    locations = locate(named)
    return Subject(
        environ=os.environ,
        locations=locations,
        config=read_config_file(locations.config),
        is_terminal=sys.stdin.isatty() and sys.stdout.isatty(),
        size=_size(),
        encoding=sys.__stderr__.encoding if sys.__stderr__ else sys.getdefaultencoding(),
    )


def _size() -> tuple[int, int] | None:
    """Return columns and lines of the terminal, whichever stream it is on."""
    for stream in (0, 1, 2):
        try:
            size = os.get_terminal_size(stream)
        except OSError:
            continue
        return size.columns, size.lines
    return None


def _plain(found: Sequence[Finding]) -> dict[str, object]:
    """Return findings as JSON has them."""
    states = Counter(one.state for one in found)
    return {
        "faults": states[State.FAULT],
        "notes": states[State.NOTE],
        "findings": [
            {
                "area": one.area,
                "name": one.name,
                "value": one.value,
                "text": one.shown,
                "state": one.state.value,
                "remedy": one.remedy or None,
            }
            for one in found
        ],
    }


def _shown(found: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines for a person: a block for each area, remedies below what they are for."""
    width = max(len(one.name) for one in found)
    for number, (area, group) in enumerate(groupby(found, key=lambda one: one.area)):
        yield from ("", area) if number else (area,)
        for one in group:
            yield f"{_SIGNS[one.state]} {one.name:<{width}}  {clean_line(one.shown)}"
            if one.remedy:
                yield f"  {'':<{width}}  -> {clean_line(one.remedy)}"


def _summary(found: Sequence[Finding]) -> str:
    """Return the last line: what it names may stand above the top of the screen by then."""
    faults, notes = (
        [one.name for one in found if one.state is state] for state in (State.FAULT, State.NOTE)
    )
    said = [f"{counted(len(faults), 'fault')} ({', '.join(faults)})" if faults else "no fault"]
    if notes:
        said.append(f"{counted(len(notes), 'note')} ({', '.join(notes)})")
    return ", ".join(said)


def _status(found: Sequence[Finding]) -> Status:
    faults = [one for one in found if one.state is State.FAULT]
    if any((one.area, one.name) == LIBRARY_UNUSABLE for one in faults):
        return Status.UNUSABLE
    return Status.FAULTY if faults else Status.DONE

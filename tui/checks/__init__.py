"""What `doctor` looks at: each check is a function that yields what it finds, with its remedy.

A check reads what it is given and asks other programs, with a time limit; it changes nothing and
raises nothing of its own subject. A new one is a function in `CHECKS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.checks.around import multiplexer, place, terminal
from tui.checks.backups import backups
from tui.checks.copying import copying, opening
from tui.checks.files import configuration, library
from tui.checks.permissions import permissions
from tui.checks.versions import versions
from tui.checks.writing import writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.checks.finding import Finding
    from tui.checks.subject import Subject

CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    terminal,
    writer,
    place,
    multiplexer,
    copying,
    opening,
    configuration,
    library,
    backups,
    permissions,
    versions,
)
"""Every check, in the order in which they are told."""


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what every check finds."""
    for check in CHECKS:
        yield from check(subject)

"""The versions of the program and of what it is built on, told without loading any of it."""

from __future__ import annotations

import platform
import re
import sqlite3
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from tui.checks.finding import Finding, fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.checks.subject import Subject

_AREA = "versions"
_PROGRAM = "paperdeck"
_SHOWN = {"numpy": "NumPy", "textual": "Textual", "whoosh": "Whoosh"}
"""How those write themselves that do not write themselves small."""
_NAME = re.compile(r"[\w.-]+")


def versions(_: Subject) -> Iterator[Finding]:
    """Tell the versions; what is needed and not there is a fault."""
    own = _installed(_PROGRAM)
    yield Finding(_AREA, _PROGRAM, own, own or "run from its source folder")
    yield Finding(_AREA, "Python", platform.python_version())
    for name, requirement in _required().items():
        shown, found = _SHOWN.get(name, name), _installed(name)
        if found:
            yield Finding(_AREA, shown, found)
        else:
            yield fault(_AREA, shown, None, f"install '{requirement}'", "not installed")
    yield Finding(_AREA, "SQLite", sqlite3.sqlite_version)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _required() -> dict[str, str]:
    """Return the requirements that the program's own package gives, by name.

    What is required on a condition, such as for the tests, is none of them. Run from its source
    folder, the program has no package that could give any.
    """
    try:
        wanted = requires(_PROGRAM) or []
    except PackageNotFoundError:
        wanted = list(_SHOWN)
    found = {_NAME.match(one): one for one in wanted if ";" not in one}
    return {name[0].lower(): one for name, one in found.items() if name}

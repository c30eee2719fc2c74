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
_FOUNDATIONS = {
    "textual": "Textual",
    "whoosh": "Whoosh",
    "numpy": "NumPy",
    "pyperclip": "pyperclip",
}
_NAME = re.compile(r"[\w.-]+")


def versions(_: Subject) -> Iterator[Finding]:
    """Tell the versions; what is needed and not there is a fault."""
    own = _installed(_PROGRAM)
    yield Finding(_AREA, _PROGRAM, own, own or "run from its source folder")
    yield Finding(_AREA, "Python", platform.python_version())
    for name, shown in _FOUNDATIONS.items():
        found = _installed(name)
        if found:
            yield Finding(_AREA, shown, found)
        else:
            yield fault(_AREA, shown, None, f"install {_wanted(name)}", "not installed")
    yield Finding(_AREA, "SQLite", sqlite3.sqlite_version)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _wanted(name: str) -> str:
    """Return a requirement as the program's own package gives it."""
    try:
        wanted = requires(_PROGRAM) or []
    except PackageNotFoundError:
        return name
    for one in wanted:
        found = _NAME.match(one)
        if found and found[0].lower() == name and ";" not in one:
            return f"'{one}'"
    return name

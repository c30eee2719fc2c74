"""Reports of errors that nobody foresaw: what the program was doing, and nothing of any paper.

A report has the kind of each error and the lines of the program that it went through. What an
error says may quote a record, and values of variables do: they are in it only where
`PAPERDECK_DEBUG` is set.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.privatefiles import make_private, write_privately
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ASKED = "PAPERDECK_DEBUG"
"""The variable that has a report hold what errors say, and what is in variables."""
FOLDER = "reports"
MOST_KEPT = 10
LARGEST = 64_000
"""Bytes of a report; the rest is cut off."""

_MOST_FRAMES = 40
_LONGEST_TEXT = 500
_MOST_ERRORS = 8
_SUFFIX = ".txt"
_OF_THE_PROGRAM = (AttributeError, ImportError, NameError, RecursionError, TypeError)
"""Errors that tell of names and kinds in the program, as Python words them."""
_PACKAGES = "site-packages"


class Crash(NamedTuple):
    """An error that nobody foresaw, as it is told."""

    what: str
    """Its kind and where it happened, safe to show."""
    report: Path | None
    """The file that tells more; None where none could be written."""


def note_crash(
    error: BaseException, folders: tuple[Path, ...], command: str, environ: Mapping[str, str]
) -> Crash:
    """Write a report of `error` into the first of `folders` that takes it, and keep a few there.

    `command` names what was being done. Never raises for a folder.
    """
    text = "\n".join(_report(error, command, environ)) + "\n"
    data = text.encode("utf-8", "replace")[:LARGEST]
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}{_SUFFIX}"
    for folder in folders:
        with suppress(OSError):
            make_private(folder)
            write_privately(folder / name, data, durably=True)
            _forget_oldest(folder)
            return Crash(place_of(error), folder / name)
    return Crash(place_of(error), None)


def place_of(error: BaseException) -> str:
    """Return an error's kind, and the last line of the program that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _shown_file(frame.filename).startswith(("store/", "tui/"))]
    kind = _kind(error)
    if not frames:
        return kind
    last = (own or frames)[-1]
    return f"{kind} in {_shown_file(last.filename)}, line {last.lineno}"


def _report(error: BaseException, command: str, environ: Mapping[str, str]) -> Iterator[str]:
    # Only now: a program that is well needs none of it.
    import platform
    import sqlite3

    is_asked = bool(environ.get(ASKED))
    yield f"paperdeck · a report of {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if is_asked:
        yield f"{ASKED} is set: what errors say and what is in variables may quote papers."
    else:
        yield f"It quotes no paper: what errors say is left out, but with {ASKED}=1 set."
    yield ""
    yield f"doing      {clean_line(command)}"
    yield f"versions   {', '.join(_versions())}"
    yield f"           Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield f"system     {clean_line(platform.platform())}"
    yield f"terminal   {clean_line(environ.get('TERM', ''))}"
    for number, one in enumerate(_chain(error)):
        yield ""
        place = "before it: " if number else ""
        yield f"{place}{_kind(one)}{_said(one, is_asked=is_asked)}"
        yield from _lines(one, is_asked=is_asked)


def _versions() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    for name in ("paperdeck", "textual", "whoosh", "numpy"):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} of unknown version"


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error, and those that it came from or holds; a few of them."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < _MOST_ERRORS:
        one = waiting.pop(0)
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        inner = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [*inner, one.__cause__, None if one.__suppress_context__ else one.__context__]
    return found


def _kind(error: BaseException) -> str:
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return clean_line(f"{module}{kind.__qualname__}")


def _said(error: BaseException, *, is_asked: bool) -> str:
    """Return what an error says, as far as it can't be from a record."""
    name = getattr(error, "sqlite_errorname", None)
    if is_asked or type(error) in _OF_THE_PROGRAM:
        said = str(error)
    elif name:
        said = str(name)
    elif isinstance(error, OSError) and error.errno:
        said = os.strerror(error.errno)
    else:
        return ""
    return f": {clean_line(said)[:_LONGEST_TEXT]}"


def _lines(error: BaseException, *, is_asked: bool) -> Iterator[str]:
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(error.__traceback__), lookup_lines=True, capture_locals=is_asked
    )
    left_out = len(frames) - _MOST_FRAMES
    for number, frame in enumerate(frames):
        if number == _MOST_FRAMES // 2 and left_out > 0:
            yield f"  … {left_out} more …"
        if left_out > 0 and _MOST_FRAMES // 2 <= number < _MOST_FRAMES // 2 + left_out:
            continue
        yield f"  {_shown_file(frame.filename)}:{frame.lineno} {frame.name}"
        if frame.line:
            yield f"      {clean_line(frame.line)}"
        for name, value in (frame.locals or {}).items():
            yield f"        {name} = {clean_line(value)[:_LONGEST_TEXT]}"


def _shown_file(name: str) -> str:
    """Return a source file's name from its package on: where it is installed is the reader's."""
    parts = Path(name).parts
    if _PACKAGES in parts:
        return "/".join(parts[parts.index(_PACKAGES) + 1 :])
    root = Path(__file__).parents[1]
    if Path(name).is_relative_to(root):
        return Path(name).relative_to(root).as_posix()
    for folder in filter(None, sys.path):
        if Path(name).is_relative_to(folder):
            return Path(name).relative_to(folder).as_posix()
    return parts[-1] if parts else ""


def _forget_oldest(folder: Path) -> None:
    # Their names are their times.
    for file in sorted(folder.glob(f"*{_SUFFIX}"))[:-MOST_KEPT]:
        file.unlink(missing_ok=True)

"""The names of the configuration: what each is for, its default, and how its value is read."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from store.text import clean_line
from tui.spelling import quoted, suggestion
from tui.terminal import CHANGED_CELLS, WRITERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

THEMES = ("dark", "light", "terminal")
COLUMNS = ("votes", "comments", "day", "authors", "id", "tags")
"""What can stand beside the titles."""
LONGEST_REST = 3600
"""Seconds."""

KeysOfCommands: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of commands, each with the keys it is given."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the reader has configured."""

    copy_command: tuple[str, ...] | None = None
    """Takes the text to copy on its standard input; None for what the program finds itself."""
    open_command: tuple[str, ...] | None = None
    """Takes a link in place of `{}`, or as its last argument."""
    theme: str = "dark"
    """One of `THEMES`."""
    mouse: bool = True
    """Whether the program takes the mouse, and with it the terminal's own selection."""
    writer: str = CHANGED_CELLS
    """One of `tui.terminal.WRITERS`."""
    editor: tuple[str, ...] | None = None
    """Takes a file as its last argument; None for the one that the environment names."""
    rest_seconds: float = 2
    """A paper is read after so long a rest on it; 0 for never."""
    columns: tuple[str, ...] | None = None
    """Some of `COLUMNS`, in the order they are wanted; None for those that the width has room for.
    """
    default_view: str = "is:inbox"
    """The query that a new day begins with; whether it is one is not looked at here."""
    mail_to: str = ""
    """Whom letters go to; whether these are addresses is not looked at here."""
    mail_from: str = ""
    """Who sends them."""
    keys: KeysOfCommands = ()
    """In the order of the file, as it spells them: what can't be bound is among them."""


MEANINGS: Mapping[str, str] = {
    "copy_command": "the program that takes a text to copy on its standard input",
    "open_command": "the program that opens a link, given in place of {} or as last argument",
    "theme": "the colours: dark, light, or terminal for the terminal's own",
    "mouse": "whether the mouse is the program's; false leaves it to the terminal",
    "writer": "what is sent to the terminal: changed cells, or textual for all that is repainted",
    "editor": "the program that edits a note, given a file as last argument; else $VISUAL, $EDITOR",
    "rest_seconds": "so many seconds of rest on a paper mark it read; 0 never does",
    "columns": f"what stands beside the titles, of {', '.join(COLUMNS)}; else what has room",
    "default_view": "the query, or the view:name, that a new day begins with",
    "mail_to": "whom 'paperdeck digest --format email' writes to, parted by commas",
    "mail_from": "who sends it; else whom it goes to",
    "keys": "a table of commands, each with its key or a list of keys; [] for none",
}
"""What each name is for, in a line without a full stop."""


def _command(value: Any) -> tuple[str, ...]:
    """Return the words of a command."""
    words: Any = value
    if isinstance(value, str):
        try:
            words = shlex.split(value)
        except ValueError:
            raise ValueError(f"has a quote that is never closed: {quoted(value)}") from None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"must be a text or a list of texts, not {quoted(value)}")
    if not words or not words[0] or any("\0" in word for word in words):
        raise ValueError("must name a program, with its arguments after it")
    return tuple(words)


def _theme(value: Any) -> str:
    if isinstance(value, str) and value in THEMES:
        return value
    nearest = suggestion(value, THEMES) if isinstance(value, str) else ""
    raise ValueError(f'must be "dark", "light" or "terminal", not {quoted(value)}{nearest}')


def _writer(value: Any) -> str:
    if isinstance(value, str) and value in WRITERS:
        return value
    nearest = suggestion(value, WRITERS) if isinstance(value, str) else ""
    raise ValueError(f'must be "changed cells" or "textual", not {quoted(value)}{nearest}')


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"must be true or false, not {quoted(value)}")


def _seconds(value: Any) -> float:
    # TOML's own `inf` and `nan` are no numbers of seconds either.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and 0 <= value <= LONGEST_REST:
        return float(value)
    raise ValueError(
        f"must be a number of seconds from 0 (for never) to {LONGEST_REST}, not {quoted(value)}"
    )


def _columns(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f'must be a list of names such as ["votes", "day"], not {quoted(value)}')
    for place, name in enumerate(value):
        if name not in COLUMNS:
            known = suggestion(name, COLUMNS) or f"; there are {', '.join(COLUMNS)}"
            raise ValueError(f"knows no column {quoted(name)}{known}")
        if name in value[:place]:
            raise ValueError(f"names {quoted(name)} twice; keep one of them")
    return tuple(value)


def _query(value: Any) -> str:
    if isinstance(value, str):
        return clean_line(value)
    raise ValueError(f'must be a text such as "is:inbox", not {quoted(value)}')


def _addresses(value: Any) -> str:
    if isinstance(value, str) and value == clean_line(value):
        return value
    raise ValueError(f'must be a text such as "ana@example.org", not {quoted(value)}')


READERS: Mapping[str, Callable[[Any], Any]] = {
    "copy_command": _command,
    "open_command": _command,
    "theme": _theme,
    "mouse": _truth,
    "writer": _writer,
    "editor": _command,
    "rest_seconds": _seconds,
    "columns": _columns,
    "default_view": _query,
    "mail_to": _addresses,
    "mail_from": _addresses,
}
"""Each makes of a value of TOML what `Config` holds, or raises `ValueError` with what is wrong.

The message goes on from the name.
"""

"""The names of keys: as a reader spells them, as Textual has them, and as help shows them.

A key is known by the character it writes, else by Textual's name of it (`enter`, `ctrl+x`).
"""

from __future__ import annotations

import re
import string
import unicodedata
from typing import TYPE_CHECKING

from tui.spelling import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}
_MOVING = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete")
_FUNCTION = tuple(f"f{number}" for number in range(1, 25))
_KNOWN = frozenset(
    (
        *_SHOWN,
        *_FUNCTION,
        "shift+tab",
        *(f"ctrl+{letter}" for letter in string.ascii_lowercase),
        *(f"{modifier}+{name}" for modifier in ("ctrl", "shift", "ctrl+shift") for name in _MOVING),
        *(f"ctrl+{name}" for name in _FUNCTION),
    )
)
_ALIASES = {
    **{shown.lower(): name for name, shown in _SHOWN.items()},
    "return": "enter",
    "cr": "enter",
    "bs": "backspace",
    "pgdown": "pagedown",
    "page_down": "pagedown",
    "page_up": "pageup",
}
_MODIFIERS = {
    "c": "ctrl",
    "ctrl": "ctrl",
    "control": "ctrl",
    "s": "shift",
    "shift": "shift",
    **dict.fromkeys(("a", "alt", "m", "meta", "opt", "option"), "alt"),
}
_SPELLED = re.compile(rf"(?:({'|'.join(_MODIFIERS)})[+-])(?=.)", re.IGNORECASE)
# Textual's own short names of characters; all others are those of Unicode.
_CHARACTERS = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+"}

SHORT_RUN = 2
"""So many digits in a row are written one by one."""

_KEPT: Mapping[str, str] = {
    "ctrl+h": "terminals send it as Backspace",
    "ctrl+i": "terminals send it as Tab",
    "ctrl+j": "terminals send it as Enter",
    "ctrl+m": "terminals send it as Enter",
    "ctrl+s": "terminals stop their output at it",
    "ctrl+q": "terminals go on with their output at it",
    "ctrl+a": "screen keeps it for itself",
    "ctrl+b": "tmux keeps it for itself",
}
"""Keys that do not arrive, and why."""


def name_of(key: str, character: str | None) -> str:
    """Return the name of a pressed key: the character, or Textual's `key` where it writes none."""
    return character if character and character.isprintable() else key


def read_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a sequence, which blanks part; raise `ValueError` with what is wrong."""
    keys = tuple(read_key(word) for word in text.split())
    if not keys:
        raise ValueError("it names no key; a blank is 'space', and [] is for none")
    return keys


def read_key(word: str) -> str:
    """Return the name of a key, however it is spelled; raise `ValueError` with what is wrong.

    Besides Textual's spelling, those of help (`PgDn`, `↓`) and of vim (`<C-x>`, `<Space>`) are
    understood, `^x`, and the words for characters (`question_mark`).
    """
    word = unicodedata.normalize("NFC", word)
    if len(word) > 2 and word[0] == "<" and word[-1] == ">":  # noqa: PLR2004 as `<` and `>` are keys
        word = word[1:-1]
    if len(word) == 2 and word[0] == "^":  # noqa: PLR2004 as `^` is a key
        word = f"ctrl+{word[1]}"
    modifiers, name = _parted(word)
    if len(name) > 1 or name.lower() in _ALIASES:
        name = _ALIASES.get(name.lower()) or _character(name.lower()) or name.lower()
    if "alt" in modifiers:
        raise ValueError("terminals send it as Escape and another key")
    if len(name) == 1 and name.isprintable() and not modifiers:
        return name
    if len(name) == 1 and name.isalpha() and modifiers == {"shift"}:
        return name.upper()
    key = "+".join((*sorted(modifiers), name.lower()))
    if key in _KEPT:
        raise ValueError(_KEPT[key])
    if key not in _KNOWN:
        raise ValueError(f"there is no key of this name{suggestion(key, sorted(_KNOWN))}")
    return key


def shown_keys(keys: Iterable[str]) -> str:
    """Return the keys of a command as help and README write them, a run of digits as `1 … 9`.

    A blank parts a sequence in `keys`, as in `Command.keys`.
    """
    written = tuple(keys)
    digits = "".join(written)
    if len(written) == len(digits) > SHORT_RUN and digits in string.digits:
        return f"{digits[0]} … {digits[-1]}"
    return ", ".join(" ".join(map(shown_key, sequence.split(" "))) for sequence in written)


def shown_key(key: str) -> str:
    """Return one key as help and README write it."""
    modifiers, plus, name = key.rpartition("+")
    if name in _FUNCTION:
        name = name.upper()
    return f"{modifiers}{plus}{_SHOWN.get(name, name)}"


def _parted(word: str) -> tuple[set[str], str]:
    """Return the modifiers of a key, and the rest of its name."""
    modifiers = set()
    start = 0
    while found := _SPELLED.match(word, start):
        modifiers.add(_MODIFIERS[found[1].lower()])
        start = found.end()
    return modifiers, word[start:]


def _character(name: str) -> str | None:
    """Return the character of ASCII that has this name."""
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    for char in string.punctuation:
        called = unicodedata.name(char).lower().replace(" ", "_").replace("-", "_")
        if name in {called, called.removesuffix("_sign"), called.removesuffix("_mark")}:
            return char
    return None

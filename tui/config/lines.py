"""On which line of a TOML file a name stands, which `tomllib` does not tell.

Only the frame of TOML 1.0 is understood: tables, names (bare, quoted and dotted), and where a
value ends, however many lines it has. For a text that `tomllib` takes this is enough; for any
other nothing is promised but an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple[str, ...]
"""A name, after those of the tables that it stands in."""

_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+')"
    r"|(?P<comment>\#[^\n]*+)"
    r"|(?P<end>\n)"
    r"|(?P<open>[\[{])"
    r"|(?P<close>[\]}])"
    r"|(?P<equals>=)"
    r"|(?P<dot>\.)"
    r"|(?P<blank>[^\S\n]++)"
    r"|(?P<bare>[^\s\[\]{}=.\#\"']++|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A place where a name is given a value, or a table its heading."""

    path: Path
    line: int
    """Counted from 1."""


def names_in(text: str) -> Iterator[Name]:
    """Yield every name of a TOML text in its order, but those in inline tables."""
    table: Path = ()
    parts: list[str] = []
    line, depth, is_value = 1, 0, False
    for token in _TOKEN.finditer(text):
        kind, written = token.lastgroup, token.group()
        if kind == "end":
            if not depth:
                parts, is_value = [], False
        elif is_value:
            depth = max(0, depth + (kind == "open") - (kind == "close"))
        elif kind == "equals":
            yield Name((*table, *parts), line)
            is_value = True
        elif kind == "close" and parts:
            table, parts = tuple(parts), []
            yield Name(table, line)
        elif kind in {"text", "bare"}:
            parts += _parts(written) if kind == "text" else [written]
        line += written.count("\n")


def line_of(path: Path, names: dict[Path, int]) -> int | None:
    """Return the line of a name, or of the inline table that it stands in."""
    for length in range(len(path), 0, -1):
        if path[:length] in names:
            return names[path[:length]]
    return None


def lines_in(text: str) -> dict[Path, int]:
    """Return the line of every name, and of every table; the first, where there are several."""
    lines: dict[Path, int] = {}
    for name in names_in(text):
        for length in range(1, len(name.path) + 1):
            lines.setdefault(name.path[:length], name.line)
    return lines


def _parts(written: str) -> list[str]:
    """Return a quoted name without its quotes, as the one part that it is."""
    # Costs 7 ms of start-up, and is there already where a file is read.
    import tomllib

    try:
        return list(tomllib.loads(f"{written} = 0"))
    except ValueError:
        return [written]

"""JSON as it leaves the program: for a file, and for whoever reads it in a terminal."""

from __future__ import annotations

import json
from typing import Any


def to_json(value: Any, *, indent: int | None = None) -> str:
    """Return a value as JSON in which no sign but text is there as itself, without a line end."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(map(_in_json, text))


def _in_json(char: str) -> str:
    if char.isprintable() or char in "\n\u200c\u200d":
        return char
    return json.dumps(char)[1:-1]

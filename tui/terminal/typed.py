"""What is typed, in parts: Esc is told from what begins with it, also where both come at once.

A terminal writes the same character for Esc and at the beginning of what other keys are written as.
Textual takes the two apart by time. A slow line brings Esc and the next key together, of which it
makes one with Alt, or none at all; no key of this program is one with Alt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ESC = "\x1b"
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
# Control sequences and strings begin with these, and strings end with the backslash (ECMA-48). The
# last four are keys in lines that are written: back by a field, or a word, and over one.
_ESC_ALONE = r"\x1b(?![\[\]OPX^_\\\t\x7fbf]|\Z)"
_PARTED = re.compile(rf"{re.escape(_PASTE_BEGINS)}|{_ESC_ALONE}")


class Typing:
    """Parts what is read, however the reads part it; what is pasted stays as it is."""

    def __init__(self) -> None:
        self._is_pasted = False
        self._held = ""

    @property
    def is_waiting(self) -> bool:
        """Whether something is held until it is known what it is."""
        return bool(self._held) and not self._is_pasted

    def take(self, text: str) -> Iterator[str]:
        """Yield what has been read by now, in parts that are not empty; `ESC` alone is the key."""
        text, self._held = self._held + text, ""
        while text:
            if self._is_pasted:
                at = text.find(_PASTE_ENDS)
                end = at + len(_PASTE_ENDS) if at >= 0 else len(text)
                self._is_pasted = at < 0
            elif found := _PARTED.search(text):
                if found[0] == ESC:
                    yield from filter(None, (text[: found.start()], ESC))
                    text = text[found.end() :]
                    continue
                end, self._is_pasted = found.end(), True
            else:
                end = len(text)
            part, text = text[:end], text[end:]
            if not text:
                part, self._held = _parted_end(part)
            if part:
                yield part

    def release(self) -> Iterator[str]:
        """Yield what was held, as nothing has followed it."""
        held, self._held = self._held, ""
        if held:
            yield held


def _parted_end(text: str) -> tuple[str, str]:
    """Part a text from what may be the first half of a paste's beginning or end, or Esc."""
    at = text.rfind(ESC)
    half = text[at:] if at >= 0 else ""
    if half and any(one != half and one.startswith(half) for one in (_PASTE_BEGINS, _PASTE_ENDS)):
        return text[:at], half
    return text, ""

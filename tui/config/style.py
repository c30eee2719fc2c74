"""The reader's own style sheet: `style.tcss`, taken after the program's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.privatefiles import read_regular
from store.text import clean_line
from tui.locations import shown_path
from tui.spelling import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STYLE_NAME = "style.tcss"
LARGEST = 1_000_000
"""Bytes: of a file that is longer the rest is not read."""

_LONGEST_REASON = 120
_MARKUP = re.compile(r"\[/?[a-z ]*\]")


def read_style(folder: Path) -> tuple[Path | None, str | None]:
    """Return the style sheet in `folder` if Textual takes it, and a warning if it does not.

    Variables have to be known to every theme: the reader changes between them. Textual is
    imported if there is such a file, so what it reads from the environment has to be set before.
    """
    file = folder / STYLE_NAME
    place = shown_path(file)
    try:
        css = read_regular(file, LARGEST).decode("utf-8")
    except FileNotFoundError:
        return None, None
    except UnicodeDecodeError:
        return None, f"{place} can't be read: it is not UTF-8 text"
    except OSError as error:
        return None, f"{place} can't be read: {error.strerror or error}"
    if css.startswith("\ufeff"):
        # Textual takes it for the first letter of a selector.
        return None, f"{place} begins with a byte-order mark: save it as UTF-8 without one"
    # These bring Textual, which most of the command line does without.
    from tui.themes import THEMES

    for theme in THEMES.values():
        problem = _problem(css, {**theme.to_color_system().generate(), **theme.variables})
        if problem:
            return None, f"{place}{problem}; the style is left out"
    return file, None


def _problem(css: str, variables: Mapping[str, str]) -> str | None:
    """Return what is wrong with a style sheet, to go on from the file."""
    from textual.css.errors import StylesheetError
    from textual.css.stylesheet import Stylesheet, StylesheetParseError
    from textual.css.tokenizer import TokenError

    sheet = Stylesheet(variables=dict(variables))
    sheet.add_source(css, read_from=(STYLE_NAME, ""))
    try:
        sheet.parse()
    except TokenError as error:
        # The end of the file may be told as the line after its last.
        line = min(error.start[0], css.count("\n") + 1)
        return f", line {line}: {_reason(str(error))}"
    except StylesheetParseError as error:
        token, message = next(wrong for rule in error.errors.rules for wrong in rule.errors)
        # A value that stands in a variable is wrong where the variable is used.
        place = token.referenced_by.location if token.referenced_by else token.location
        return f", line {place[0] + 1}: {_reason(str(message))}"
    except StylesheetError as error:
        return f": {_reason(str(error))}"
    return None


def _reason(message: str) -> str:
    """Return a message of Textual's as the end of a line of ours."""
    line = clean_line(_MARKUP.sub("", message)).replace(".;", ";")
    return shortened(f"{line[:1].lower()}{line[1:]}", _LONGEST_REASON).rstrip(" .?")

"""The values of BibTeX's fields as text: TeX is there a way of writing, not of calculating.

Formulas stay as they are written, as everywhere in the library; what else is TeX is replaced, and
braces that only keep capitals go. Unknown macros stay with their arguments.
"""

from __future__ import annotations

import re

from store.importers.people import Whole
from store.texts.names import split_name
from store.texts.tex import readable

_FORMULA = re.compile(r"((?<!\\)\$(?:[^$\\]|\\.)+\$)", re.DOTALL)
_STYLED = re.compile(
    r"\\(?:mkbibemph|mkbibbold|mkbibitalic|mkbibparens|nolinkurl|path)\{([^{}]*)\}"
)
_QUOTED = re.compile(r"\\(?:enquote|mkbibquote)\*?\{([^{}]*)\}")
_WITH_ARGUMENTS = re.compile(r"(\\[A-Za-z]+\*?(?:\[[^\[\]]*\])?(?:\{[^{}]*\})+)")
_BARE_BRACES = re.compile(r"[{}]")
_TEX_SIGNS = re.compile(r"[\\{}~]|--|``|''")
_ESCAPED = re.compile(r"\\([%&_#${}~^-])|\\(?:textunderscore|textasciitilde)\b\s*(?:\{\})?")
_PARAGRAPH = re.compile(r"\n\s*\n|\\par\b\s*")
_PARTS = re.compile(
    r"(?<![a-z-])(family|given|prefix|suffix)\s*=\s*(\{[^{}]*\}|\"[^\"]*\"|[^,]*)", re.IGNORECASE
)


def plain_text(value: str) -> str:
    """Return a field as text, its paragraphs apart."""
    if not _TEX_SIGNS.search(value):
        return value
    value = _PARAGRAPH.sub("\n\n", value)
    parts = _FORMULA.split(value)
    # Texts and formulas in turn.
    return "".join(part if place % 2 else _without_tex(part) for place, part in enumerate(parts))


def raw_text(value: str) -> str:
    """Return an address or an identifier, in which no sign but escaped ones means anything."""
    value = _ESCAPED.sub(lambda match: match[1] or "_", value)
    return _BARE_BRACES.sub("", value).strip()


def names_of(value: str) -> list[str]:
    """Return the names that `and` parts, without braces; `and others` is left out."""
    # Imported here: other formats need no parser of BibTeX.
    from bibtexparser.middlewares.names import split_multiple_persons_names

    names = (_name(name.strip()) for name in split_multiple_persons_names(value))
    return [name for name in names if name and name.lower() != "others"]


def _name(name: str) -> str:
    if _is_enclosed(name):
        # An institution: whatever it holds is one name.
        return Whole(plain_text(name))
    parts = {key.lower(): plain_text(part).strip(' "') for key, part in _PARTS.findall(name)}
    if "family" in parts:
        order = ("given", "prefix", "family", "suffix")
        return " ".join(filter(None, (parts.get(part, "") for part in order)))
    text = plain_text(name)
    if text.count(",") == 2:  # noqa: PLR2004 - family, Jr., given
        family, suffix, given = (part.strip() for part in text.split(","))
        return str(split_name(f"{family}, {given}, {suffix}"))
    return text


def _is_enclosed(name: str) -> bool:
    """Tell whether the brace that a name begins with is closed by that at its end."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for brace in _BARE_BRACES.finditer(name):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.end() == len(name)
    return False


def _without_tex(text: str) -> str:
    text = _QUOTED.sub("\u201c\\1\u201d", _STYLED.sub(r"\1", text))
    text = readable(text) if "\\" in text or "``" in text else text
    pieces = _WITH_ARGUMENTS.split(text)
    return "".join(
        piece if place % 2 else _typeset(_BARE_BRACES.sub("", piece))
        for place, piece in enumerate(pieces)
    )


def _typeset(text: str) -> str:
    text = text.replace("---", "\u2014").replace("--", "\u2013").replace("~", "\u00a0")
    return text.replace("``", "\u201c").replace("''", "\u201d")

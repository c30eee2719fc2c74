"""Authors: telling the names of one text apart, and writing each as it is spoken."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from store.importers.cleaning import title_line, unescaped
from store.text import clean_line
from store.texts.names import begins_with_particle, split_name
from store.texts.tex import readable

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_LIST = 500_000
"""Characters of a text of names: the longest known one, of 5,000 authors, has 100,000."""

LONGEST_NAME = 200
"""Characters: a longer one is no person's, and stays as it is."""

_AND = re.compile(r"(?<!\s)\s++(?:and|&)\s++|;|\||\n", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}", re.ASCII)
# `Liu R.`, `Lamb B. T.` and `Lamb BT`, as indexes of medicine write names.
_FAMILY_FIRST = re.compile(
    r"(?P<family>[^\W\d_][\w'\u2019 -]*[a-z][\w'\u2019-]*) "
    r"(?P<initials>(?:[A-Z]\.[ -]?)+|(?!I[IV]|VI?\b)[A-Z]{1,3})"
)
# Most names are written as they are spoken, and there is nothing to clean in them.
_PLAIN = re.compile(r"(?:[A-Z][a-z]*\.?[ -])+[A-Z][a-z]+")
_GLUED = re.compile(r"(?<=[ .][A-Z]\.)(?=[A-Z][a-z])")
_OTHERS = frozenset({"others", "et al", "et al.", "...", "\u2026", ":", "-", "."})
_MISSING = frozenset({"null", "none", "nan", "n/a", "undefined"})
"""What programs write for a name that is not there."""
_NOT_NAMED = _OTHERS | _MISSING
_ON_BEHALF = re.compile(r"(?:on behalf of|for) the (?=\S)", re.IGNORECASE)
_PARTED_INITIALS = re.compile(r"(?<=\b[A-Z]\.) -(?=[A-Z]\.)")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_BRACES = re.compile(r"(?<!\\)[{}]")


def names_in(text: str) -> list[str]:
    """Return the names in a text, whatever stands between them.

    That is a semicolon, `and`, a bar or a line end; a comma only where it does not part the
    family name from the given one. A text that Python shows for a list is one too.
    """
    # An entity has a semicolon of its own.
    text = unescaped(text[:LONGEST_LIST]).strip()
    if text.startswith("[") and text.endswith("]"):
        return _listed(text)
    glued = _GLUED.split(text)
    if len(glued) > 1 and all(
        len(name) <= LONGEST_NAME and _FAMILY_FIRST.fullmatch(name) for name in glued
    ):
        return glued
    commas = text.count(",")
    if ";" in text or "|" in text or "\n" in text or not commas:
        return _parts(_AND.split(text))
    names = _parts(_AND.split(text))
    # `Hopper, G. and Noether, E.` has a comma in each name, `A. Turing, G. Hopper and E. Noether`
    # has them between the names.
    if len(names) > 1 and all(name.count(",") == 1 for name in names):
        return names
    return _parts(part for name in names for part in _by_commas(name))


class Whole(str):
    """A name that stays as it is, whatever it holds: an organisation's."""

    __slots__ = ()


def as_spoken(names: Iterable[str], *, family_first: bool = False) -> tuple[str, ...]:
    """Return each name with its given one first, its TeX shown, clean, once, and no `et al.`.

    Without a comma, `Lamb BT` is taken for a family name and initials only where the source writes
    its names so: `family_first`.
    """
    shown = (
        name
        if _PLAIN.fullmatch(name) and not isinstance(name, Whole)
        else _shown(name, family_first=family_first)
        for name in names
    )
    return tuple(dict.fromkeys(name for name in shown if name and name.lower() not in _NOT_NAMED))


def _shown(name: str, *, family_first: bool) -> str:
    clean = title_line(_without_tex(name))
    if isinstance(name, Whole):
        return clean
    clean = _PARTED_INITIALS.sub("-", _ON_BEHALF.sub("", clean, count=1))
    # Again: what a part begins with stood on the one before it.
    return clean_line(_spoken(clean, family_first=family_first))


def _spoken(name: str, *, family_first: bool) -> str:
    name = name.strip(" ,;*")
    if len(name) > LONGEST_NAME:
        return name
    if "," not in name:
        # Initials end with no small letter: most names are told by that alone.
        may_turn = family_first and not name[-1:].islower()
        match = _FAMILY_FIRST.fullmatch(name) if may_turn else None
        return f"{match['initials']} {match['family']}" if match else name
    parts = split_name(name)
    if parts.is_collective:
        return name
    if _CJK.match(parts.family):
        # There the family name comes first, as `store.texts.names` reads it.
        return f"{parts.family} {parts.given}"
    return " ".join(filter(None, (parts.given, parts.family, parts.suffix)))


def _without_tex(name: str) -> str:
    if "\\" in name or "{" in name or "$" in name:
        name = _BRACES.sub("", readable(name))
    return name.replace("~", " ")


def _listed(text: str) -> list[str]:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return names_in(text.strip("[]"))
    if not isinstance(value, list):
        return []
    return [name for name in value if isinstance(name, str)]


def _parts(names: Iterable[str]) -> list[str]:
    return [name.strip() for name in names if name.strip()]


def _by_commas(text: str) -> list[str]:
    parts = _parts(text.split(","))
    given = parts[1::2]
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in given):
        pairs = zip(parts[::2], given, strict=True)
        return [f"{family}, {initials}" for family, initials in pairs]
    if len(parts) == 2 and _is_one_name(*parts):  # noqa: PLR2004 - family and given
        return [text]
    return parts


def _is_one_name(family: str, given: str) -> bool:
    """Tell whether two texts are parts of a name, rather than two names."""
    if " " not in family:
        return True
    # `Le Cun, Yann A.` is one name, `Van Morrison, Ana García` may be two.
    is_short = sum(not _INITIALS.fullmatch(word) for word in given.split()) <= 1
    return begins_with_particle(family) and (is_short or family[0].islower())

"""Telling the family name of an author from the given one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTICLE_WORDS = """
af al av ben bin bint da das de degli dei del della dem den der des di do dos du el ibn la las le
les lo los te ten ter van vander vom von zu zum zur
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# Those that are as often given names of one syllable count in lower case only.
_CAPITALISED_PARTICLES = _PARTICLES - {"af", "al", "av", "ben", "bin", "den", "do", "te", "zu"}
_CONNECTIVES = frozenset({"y", "i"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_INITIALS = frozenset({"JR", "SR"})
"""Suffixes that are initials just as well."""
_COLLECTIVE = re.compile(
    r"^the\s+\S+\s|\b(?:alliance|association|collaborations?|committee|community|consortium"
    r"|council|foundation|group|initiative|institute|laborator(?:y|ies)|labs?|network|project"
    r"|society|team|university)\b",
    re.IGNORECASE,
)
_CJK = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True)
class Name:
    """An author's name in its parts; whatever can't be told apart stands in `family`."""

    family: str
    """With its particles: `van der Berg`."""
    given: str = ""
    suffix: str = ""
    """Such as `Jr.`."""
    is_collective: bool = False
    """Whether this is no person: a collaboration, a team, an institute."""

    def __str__(self) -> str:
        """Return the name sorted by its family name: `Berg, Jan`, `Smith, John, Jr.`."""
        return ", ".join(filter(None, (self.family, self.given, self.suffix)))


def split_name(text: str) -> Name:
    """Split a name written as `Jan van der Berg` or as `van der Berg, Jan`.

    The family name is the last word and, before it, everything from the first particle on, as
    BibTeX has it (Oren Patashnik, "BibTeXing", 1988, section 4, which knows particles by their
    lower case). Beyond that rule, the usual particles count when capitalised, lower-case words that
    are none do not, Spanish surnames joined by `y` stay together, and a name in Chinese, Japanese
    or Korean characters begins with the family. A name of one word is a family name.
    """
    text = text.strip()
    if _COLLECTIVE.search(text):
        return Name(text, is_collective=True)
    parts = [part for part in map(str.strip, text.split(",")) if part]
    suffix = next((part for part in parts[1:] if _is_suffix(part)), "")
    # `Smith, JR` has initials; a family name with a suffix, and nothing given, is none.
    is_initials = len(parts) == 2 and suffix in _INITIALS and not _has_given(parts[0])  # noqa: PLR2004 - family and given
    suffix = "" if is_initials else suffix
    if suffix:
        parts.remove(suffix)
    match parts:
        case [whole]:
            return _split_words(whole.split(), suffix)
        case [family, given]:
            return _with_particles(family, given.split(), suffix)
        case _:
            # Empty, or too many commas for a person.
            return Name(text, is_collective=True)


def _split_words(words: list[str], suffix: str) -> Name:
    if not suffix and len(words) > 2 and _is_suffix(words[-1]):  # noqa: PLR2004 - a name has two
        suffix = words.pop()
    if len(words) > 1 and all(_CJK.fullmatch(word) for word in words):
        return Name(words[0], " ".join(words[1:]), suffix)
    start = _family_start(words)
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _family_start(words: list[str]) -> int:
    if words[0] in _PARTICLES:
        return 0
    # The first word is a given name and the last one a family name, whatever else they may be.
    for place, word in enumerate(words[1:-1], start=1):
        if _is_particle(word):
            return place
        if word in _CONNECTIVES and place > 1:
            return place - 1
    return len(words) - 1


def begins_with_particle(family: str) -> bool:
    """Tell whether a family name of several words has particles before its last: `van den Oord`."""
    *particles, _last = family.split() or [""]
    return bool(particles) and all(map(_is_particle, particles))


def _has_given(text: str) -> bool:
    return " " in text and not begins_with_particle(text)


def _with_particles(family: str, given: list[str], suffix: str) -> Name:
    """Return a name whose particles may stand last, as in `Cruz, Juan de la`."""
    end = len(given)
    while end > 1 and given[end - 1] in _PARTICLES:
        end -= 1
    return Name(" ".join([*given[end:], family]), " ".join(given[:end]), suffix)


def _is_particle(word: str) -> bool:
    return word in _PARTICLES or word.lower() in _CAPITALISED_PARTICLES


def _is_suffix(word: str) -> bool:
    return word.removesuffix(".").lower() in _SUFFIXES

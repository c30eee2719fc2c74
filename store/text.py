"""Cleaning, folding and splitting text: one set of rules to store, search and highlight by."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TERM = 100
"""Longer words are cut to this many characters in the index and in queries alike."""

FIELD_END, PART_END = "\x1e", "\x1f"
"""What may stand between texts that are split into words at once: it is returned among these."""

_TAB_WIDTH = 4
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_SEPARATORS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Escape sequences as a whole (ECMA-48: CSI, then OSC, DCS, PM, APC and SOS strings, then the
# two-character ones), so that nothing of them is left standing as text.
_ESCAPE_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
    }
)
# Letters that Unicode does not decompose, folded as readers type them.
_UNDECOMPOSED = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
    }
)
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013", "-"))
# What has no sign of its own, though Unicode counts it among letters and marks: fillers, joiners of
# graphemes, selectors of variants ("Default_Ignorable_Code_Point" in DerivedCoreProperties.txt).
_UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0d\uffa0"
    "\U0001d159\U000e0100-\U000e01ef"
)
# Signs that may be pictures, and scripts whose letters take other forms beside joiners.
_PICTURES = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_JOINING = (
    "\u0600-\u109f\u1700-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefe"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_PICTURE_FORMS = "\ufe0e\ufe0f"
_JOINERS = frozenset("\u200c\u200d")
_MOST_MARKS = 6
"""So many marks stand on one letter in any script; more would cover the lines around it."""
_MARKS_MAYBE = rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}"
# What a text without marks has at the most, in most scripts.
_WITH_MARKS = (
    r"[^\x00-\u02ff\u0370-\u0482\u048a-\u0590\u2000-\u20cf\u2100-\u2cee\u3000-\u3029"
    r"\u3030-\u3098\u309b-\u9fff\uac00-\ud7ff\uff00-\uffff\U0001f000-\U0001faff]"
)
# A blank and what is no letter: a mark that stands on nothing, or a sign of other scripts.
_MARK_ALONE = r"\s[^\w\s\x00-\u02ff\u2010-\u20cf\u2100-\u2cee\u3000-\u3029]+"
# Selectors and joiners that stand where they have nothing to do.
_TO_CHANGE = rf"[{_UNSEEN}{_PICTURE_FORMS}\ufb00-\ufb06]"
_STRAY_FORMS = (
    rf"[{_UNSEEN}]|(?<![{_PICTURES}#*0-9])[{_PICTURE_FORMS}]"
    rf"|(?<=[#*0-9])[{_PICTURE_FORMS}](?!\u20e3)"
)
_STRAY_JOINERS = (
    rf"(?<![{_JOINING}])\u200c|(?<![{_JOINING}{_PICTURES}{_PICTURE_FORMS}])\u200d"
    rf"|(?<=[{_PICTURES}{_PICTURE_FORMS}])\u200d(?![{_PICTURES}])"
)

_CJK = "\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_PART = rf"[^\W_{_CJK}]+(?:\+\+|\#)?"
_WORD = rf"[{_CJK}]|{_PART}(?:[-\u2010\u2011._'\u2019]{_PART})*"
# The same where all is ASCII, in two thirds of the time.
_ASCII_PART = r"[A-Za-z0-9]+(?:\+\+|\#)?"
_ENDS = f"[{FIELD_END}{PART_END}]"
_ASCII_WORDS = re.compile(rf"{_ENDS}|{_ASCII_PART}(?:[-._']{_ASCII_PART})*")
_WORDS = rf"{_ENDS}|{_WORD}"
_SMALLEST = rf"[{_CJK}]|{_PART}"


class Token(NamedTuple):
    """A word of a text, or a part of a compound one."""

    term: str
    """Folded, as the index keeps it."""
    position: int
    """Counted from 0; the parts of a compound word have consecutive positions."""
    start: int
    end: int
    """`text[start:end]` is the word as written."""
    is_compound: bool
    """Whether this is a compound word as a whole; its parts follow as tokens of their own."""


def clean_line(text: str) -> str:
    """Return `text` as one line that is safe to show: no controls, single blanks, NFC."""
    return " ".join(_without_controls(text).split())


def clean_text(text: str) -> str:
    """Return `text` safe to show: as `clean_line`, but paragraphs stay apart, by a line break."""
    paragraphs = _PARAGRAPH_BREAK.split(_without_controls(text))
    return "\n".join(filter(None, (" ".join(part.split()) for part in paragraphs)))


def clean_note(text: str) -> str:
    """Return a reader's own text safe to show: its lines stay, but for blank ones around it."""
    lines = _without_controls(text).expandtabs(_TAB_WIDTH).split("\n")
    # Again in NFC: an accent may have stood apart from its letter until now.
    return unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in lines).strip("\n"))


def as_line(text: str) -> str:
    """Return a line that was cleaned once; anew where somebody wrote it who does not clean."""
    return _seen(text) if text.isprintable() else clean_line(text)


def as_text(text: str) -> str:
    """Return a text of paragraphs as `as_line` does a line."""
    is_plain = text.replace("\n", " ").isprintable()
    return _seen(text) if is_plain else clean_text(text.replace("\n", "\n\n"))


def as_note(text: str) -> str:
    """Return a note as `as_line` does a line."""
    return _seen(text) if text.replace("\n", " ").isprintable() else clean_note(text)


def is_one_word(text: str) -> bool:
    """Tell whether a text has no blank and nothing that is not seen."""
    return text.isprintable() and " " not in text and (text.isascii() or is_clean(text))


def is_clean(name: str) -> bool:
    """Tell whether a name has nothing that no reader sees; ligatures and accents are its own."""
    return clean_line(name) == unicodedata.normalize("NFC", name.translate(_LIGATURES))


def fold(text: str) -> str:
    """Return `text` without case, accents and presentation forms, for comparing."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", bare).translate(_UNDECOMPOSED).translate(_HYPHENS)


def fold_case(name: str) -> str:
    """Return a tag's name without case; accents are part of a name."""
    return unicodedata.normalize("NFC", name.casefold())


def fold_title(title: str) -> str:
    """Return the form in which two spellings of one title are equal: its words alone."""
    # The terms of `tokens` without their places, which take four times as long to find.
    smallest = _compiled(_SMALLEST)
    if title.isascii():
        return " ".join(word[:LONGEST_TERM] for word in smallest.findall(title.lower()))
    return " ".join(map(_term, smallest.findall(title)))


def words(text: str) -> list[str]:
    """Return the words of a text as they are written, compound ones as a whole."""
    found: list[str] = (_ASCII_WORDS if text.isascii() else _compiled(_WORDS)).findall(text)
    return found


def terms(word: str) -> list[str]:
    """Return what a word of `words` is found by: itself, then its parts where it is compound.

    The parts follow each other; the first stands where the word does.
    """
    parts = [] if word.isalnum() else _compiled(_PART).findall(word)
    return [_term(word), *map(_term, parts)] if len(parts) > 1 else [_term(word)]


def tokens(text: str) -> Iterator[Token]:
    """Split `text` into words: a compound one as a whole and, after that, by its parts.

    Characters of Chinese, Japanese and Korean are words of their own.
    """
    position = 0
    for match in _compiled(_WORD).finditer(text):
        word = match.group()
        # Most words are plain: indexing spends a quarter of its time here.
        parts = [] if word.isalnum() else list(_compiled(_PART).finditer(word))
        if len(parts) <= 1:
            yield Token(_term(word), position, match.start(), match.end(), is_compound=False)
            position += 1
            continue
        yield Token(_term(word), position, match.start(), match.end(), is_compound=True)
        for part in parts:
            start = match.start() + part.start()
            end = match.start() + part.end()
            yield Token(_term(part.group()), position, start, end, is_compound=False)
            position += 1


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with all letters there are; it takes 4 ms, and not every start needs it."""
    return re.compile(pattern)


def _term(word: str) -> str:
    # Folding takes long for words of thousands of characters, which are no words of anybody's.
    return fold(word[: 4 * LONGEST_TERM])[:LONGEST_TERM].replace("\u2019", "'")


def _without_controls(text: str) -> str:
    # Nearly every text: no control, no separator but blanks, nothing of category C.
    if text.isprintable() or text.replace("\n", " ").replace("\t", " ").isprintable():
        if text.isascii():
            return text
        is_to_change = bool(_compiled(_TO_CHANGE).search(text))
    else:
        text = _ESCAPE_SEQUENCES.sub("", _LINE_SEPARATORS.sub("\n", text))
        text = "".join(char for char in text if _is_shown(char))
        is_to_change = True
    if is_to_change:
        text = _compiled(_STRAY_FORMS).sub("", text)
        text = _compiled(_STRAY_JOINERS).sub("", text).translate(_LIGATURES)
    # Composed last: what is left out may have kept an accent from its letter.
    return _with_few_marks(unicodedata.normalize("NFC", text))


def _seen(text: str) -> str:
    """Return a text that is printable with what can be seen of it, blanks as they are."""
    return text if text.isascii() else _without_controls(text)


def _is_shown(char: str) -> bool:
    """Tell whether a character is text: no control, no bidirectional mark, no lone surrogate.

    Tag characters, byte-order marks, soft hyphens and unassigned code points go too: category C
    of Unicode as a whole, but for blanks and joiners.
    """
    return char in "\n\t" or char in _JOINERS or unicodedata.category(char)[0] != "C"


def _with_few_marks(text: str) -> str:
    """Return `text` with no more marks on a letter than it can bear, and none on nothing."""
    if not _compiled(_WITH_MARKS).search(text):
        return text
    text = _compiled(_MARK_ALONE).sub(
        lambda match: match.group()[0] + _without_first_marks(match.group()[1:]),
        _without_first_marks(text),
    )
    return _compiled(_MARKS_MAYBE).sub(_without_heaps, text)


def _without_first_marks(text: str) -> str:
    start = 0
    while start < len(text) and _is_mark(text[start]):
        start += 1
    return text[start:]


def _without_heaps(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in match.group():
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_mark(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char)[0] == "M"

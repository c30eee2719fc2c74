"""Making plain text of what sources wrap it in: HTML, JATS, and line ends of a printed page.

TeX stays: `store.texts.tex` shows it as it is read. Ligatures, decomposed accents, control
characters and the soft hyphens within words are the business of `store.text`, which every text
goes through.
"""

from __future__ import annotations

import re

from store.importers.entities import character_of
from store.text import clean_line, clean_text
from store.texts.tex import lowered, raised

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DEEPEST_ESCAPE = 3
"""So often some sources escape what was escaped already: `&amp;amp;lt;`."""
# Marks of HTML, JATS and MathML, with the prefixes that publishers give them. Others, such as the
# `<think>` of an abstract on language models, are its text.
_PREFIX = r"(?:jats|ce|mml|xhtml|html|m|ns\d{1,2}):"
_BLOCKS = (
    r"p|div|br|hr|ul|ol|li|dl|dt|dd|h[1-6]|sec|list|list-item|table|tr|td|th|blockquote"
    r"|abstracttext"
)
_INLINE = (
    r"i|b|em|strong|u|sub|sup|inf|scp|span|font|a|small|big|tt|italic|bold|monospace|underline"
    r"|roman|sans-serif|inline-formula|disp-formula|alternatives|named-content|xref|ext-link"
    r"|nobr|bdi|abstract-text|graphic|inline-graphic|math|mrow|mi|mn|mo|mtext|msub|msup"
)
_BLOCK = re.compile(
    rf"</?(?:(?:{_PREFIX})?(?:{_BLOCKS})|{_PREFIX}(?:title|label))(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_MARK = re.compile(rf"</?(?:{_PREFIX}[A-Za-z-]+|{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SCRIPT = re.compile(
    rf"<(?:{_PREFIX})?(sub|sup|inf)>([^<>\n]{{1,40}})</(?:{_PREFIX})?\1>", re.IGNORECASE
)
# A part of PubMed's abstracts, with what it is about: `<AbstractText Label="METHODS">`.
_LABELLED = re.compile(
    r"<AbstractText\s(?>[^<>]*?\bLabel\s*+=\s*+\"([^<>\"]+)\")[^<>]*+>", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--(?:(?!-->|<!--).)*-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_HEADING = re.compile(
    r"\s*+(?:(?i:abstract)(?:\s*+[:.]\s++|[^\S\n]*+\n\s*+)|A(?:bstract|BSTRACT)(?=[A-Z][a-z])"
    r"|A(?:bstract|BSTRACT)\s++(?=(?:Aims?|Background|Introduction|Methods|Objectives?|Purpose)\b))"
    r"(?=\S)"
)

# UTF-8 that was read as a Western encoding, and written as UTF-8 again.
_TWICE_ENCODED = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u00bf\u0152-\u2122]"
)
# What extraction from PDF makes of a soft hyphen at a line's end.
_SOFT_HYPHEN = re.compile("(?:\u00ad|\\(cid:173\\))\\s*")
_BROKEN_LINE = re.compile(r"-(?:\r| ?\n)")
_BROKEN_WORD = re.compile(r"(?<=[a-z])-[^\S\n]*\n[^\S\n]*(?P<after>[a-z]+)")
_WORD_BEFORE = re.compile(r"[\w-]*$")
_LONGEST_WORD = 60
_LOOKED_THROUGH = 5_000
_COMPOUND_WORDS = """
above after all any anti back bi big bottom broad class close co coarse cold context counter cost
cross data deep domain down dual early edge eight end error ever every eye face far fast feature few
fine first five fixed four free full good graph ground group half hand hard high higher hybrid ill
image in input inter intra inverse joint knowledge label large last late layer left light like line
long low lower machine macro many mean mega meta micro mid mini model mono more most much multi
multiple near neural new nine noise non object off old on one open out over pair part per pixel
point poly post power pre pseudo quasi question random rank rate re real reward rich right robust
rule same sample scale second self semi sentence seven short side single six small so soft source
space span speech state step sub sum super target task ten test text third three time to token top
train trans tri two type ultra under uni up user value vector very video vision visual weak web
well wide word world zero
"""
_COMPOUND = frozenset(_COMPOUND_WORDS.split())


def title_line(text: str) -> str:
    """Return a title as one clean line without marks."""
    return clean_line(_plain(text)) if text else ""


def abstract_text(text: str) -> str:
    """Return an abstract without marks and without the word above it, its paragraphs apart."""
    text = _plain(text)
    if heading := _HEADING.match(text):
        text = text[heading.end() :]
    return clean_text(text)


def _plain(text: str) -> str:
    is_ascii = text.isascii()
    if not is_ascii and ("\u00c3" in text or "\u00c2" in text or "\u20ac" in text):
        text = _TWICE_ENCODED.sub(_encoded_once, text)
    if "&" in text:
        text = unescaped(text)
    if "<" in text:
        text = _without_marks(text)
    if "\u00ad" in text or "(cid:173)" in text:
        text = _SOFT_HYPHEN.sub("", text)
    if _BROKEN_LINE.search(text):
        text = _BROKEN_WORD.sub(_joined, text.replace("\r\n", "\n"))
    return text


def _encoded_once(match: re.Match[str]) -> str:
    try:
        content = b"".join(
            sign.encode("latin-1" if sign <= "\u00ff" else "cp1252") for sign in match.group()
        )
        return content.decode()
    except UnicodeError:
        return match.group()


def unescaped(text: str) -> str:
    """Replace entities that end as they should: in addresses, `&copy=` stays."""
    for _ in range(_DEEPEST_ESCAPE):
        before, text = text, _ENTITY.sub(lambda match: character_of(match.group()), text)
        if text == before:
            break
    return text


def _without_marks(text: str) -> str:
    text = _COMMENT.sub("", text)
    text = _SCRIPT.sub(_scripted, text)
    text = _LABELLED.sub(r"\n\n\1: ", text)
    return _MARK.sub("", _BLOCK.sub("\n\n", text))


def _scripted(match: re.Match[str]) -> str:
    return raised(match[2]) if match[1].lower() == "sup" else lowered(match[2])


def _joined(match: re.Match[str]) -> str:
    """Return the end of a word that was broken, after its hyphen where that is the word's own."""
    text, after = match.string, match["after"]
    found = _WORD_BEFORE.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    before = found.group() if found else ""
    # How the word is written elsewhere in the text says most.
    text = text[:_LOOKED_THROUGH]
    if f"{before}-{after}" in text:
        return f"-{after}"
    if f"{before}{after}" in text:
        return after
    is_compound = "-" in before or before in _COMPOUND or after in _COMPOUND
    return f"-{after}" if is_compound else after

"""The text of Markdown: what it links to, and what it says without its marks."""

from __future__ import annotations

import re
from typing import NamedTuple

from store.identifiers import read_identifier

# Nothing here is gone back into, and no link reaches into the next: the time that a text takes
# grows with its length alone, however it was made.
LINK = re.compile(
    r"(?<![!\\])\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*+\])*+)\]\(\s*+<?"
    r"(?P<url>[^\s()<>]*+(?:\([^\s()]*+\)[^\s()<>]*+)*+)"
    r">?(?:\s++[\"'(](?:[^)\]]|\](?!\())*+)?+\s*+\)"
)
BARE = re.compile(r"https?://[^\s<>|\"'`\])}]+", re.IGNORECASE)
_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|__|(?<!\w)[*_](?=\S)|(?<=[^\s\\])[*_](?!\w)|`")
_ASIDE = re.compile(r"\((?:\s*+Read more on)?+[\s,;/|]*+(?:(?:or|and)\s*+)?+\)$")
"""What is left of one that has links alone, without these."""
_CELLS = re.compile(r"(?<!\\)\|")
GENERIC = re.compile(
    r"\W*(?:(?:the |full )?(?:arxiv|pdf|paper|html|abs|abstract|link|links|url|code|github|project"
    r"|page|website|blog|doi|hf|hugging ?face|openreview|acl|video|slides|read more"
    r"|here|source|bib|bibtex|pub(?:med|lication)?|demo|data(?:set)?|twitter|x)\W*)+",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A link of a text that leads to a paper."""

    text: str
    """Plain; empty where it says only what kind of link it is."""
    address: str
    start: int
    end: int


def links_in(text: str) -> list[Found]:
    """Return the links of a text that lead to papers, bare ones too."""
    found = [
        Found(named(match["text"]), match["url"], match.start(), match.end())
        for match in LINK.finditer(text)
    ]
    # Blanks in their place, so that no address is found again.
    others = LINK.sub(lambda match: " " * len(match.group()), text)
    found += [
        Found("", match.group().rstrip(".,;:"), match.start(), match.end())
        for match in BARE.finditer(others)
    ]
    return sorted((one for one in found if read_identifier(one.address)), key=lambda one: one.start)


def named(text: str) -> str:
    """Return a link's text where it names what it leads to."""
    text = plain(text).strip()
    return "" if GENERIC.fullmatch(text) or read_identifier(text) else text


def without_links(cell: str) -> str:
    """Return a cell with the texts of its links, but for an aside of links alone."""
    text = LINK.sub(lambda match: named(match["text"]), cell)
    text = _ASIDE.sub("", text.strip())
    return "" if GENERIC.fullmatch(text) else text


def cells_of(row: str) -> list[str]:
    """Return the cells of a table's row."""
    return [cell.strip() for cell in _CELLS.split(row.strip().strip("|"))]


def plain(text: str) -> str:
    """Return Markdown without its marks."""
    text = LINK.sub(lambda match: match["text"], text)
    return _MARKS.sub(lambda match: match[1] or "", text)

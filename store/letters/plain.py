"""A letter as plain text of at most 72 columns, as mail programs show and quote it best."""

from __future__ import annotations

from itertools import chain
from textwrap import wrap
from typing import TYPE_CHECKING

from store.letters import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.digests import Digest, Digested

COLUMNS = 72
_INDENT = "  "


def write_plain(digest: Digest) -> Iterator[str]:
    """Yield the lines of the letter, with their ends."""
    for section in wording.sections(digest):
        yield f"{section.heading}\n{'=' * len(section.heading)}\n\n"
        for one in section.papers:
            yield from (f"{line}\n" for line in chain(_lines(one, digest), [""]))
    more = wording.left_out(digest)
    yield from [f"{more}\n"] if more else []


def _lines(one: Digested, digest: Digest) -> Iterator[str]:
    paper = one.paper
    yield from _set(wording.title(paper), "* ")
    why = wording.why(one, digest) if one.rise else ""
    facts = " · ".join(filter(None, (wording.facts(paper), why)))
    for text in (wording.authors(paper), wording.excerpt(paper), facts):
        yield from _set(text, _INDENT)
    page = wording.page(paper)
    # Addresses stand alone: a line break within one would break it.
    yield from (f"{_INDENT}{link.url}" for link in (page, *wording.other_links(paper)) if link)


def _set(text: str, begin: str) -> list[str]:
    return wrap(
        text,
        COLUMNS,
        initial_indent=begin,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )

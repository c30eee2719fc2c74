"""Plain lists: an arXiv id, a DOI or an address on each line, perhaps with a title behind it.

A paper of which a list says no more is shown by its identifier until a later import completes it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError, shown
from store.identifiers import read_identifier
from store.importers.drafts import Draft, to_record
from store.importers.textlines import TOO_LONG, lines_of
from store.links import is_safe_url
from store.models import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

_LOOKED_AT = 200
_MOST = 0.5
_BULLET = re.compile(r"\s*(?:[-*+\u2022]\s+|\[?\d{1,4}[.)\]]\s+)?")
_PUBMED_ALONE = re.compile(r"\d{7,8}", re.ASCII)
_SCHEME = re.compile(r"(arxiv|doi|pmid|pubmed|openalex|s2|corpusid|acl):\s+", re.IGNORECASE)
_CATEGORY = re.compile(r"^\s*\[[\w.-]+\]")
_BETWEEN = " \t,;:|\u2013\u2014-"
_AROUND = "<>\"'()[],;"


def looks_like_list(head: str) -> bool:
    """Tell whether most lines of a text that begins so name a paper first of all."""
    lines = (line.strip() for line in head.split("\n")[:-1] or [head])
    telling = list(islice((line for line in lines if line and not _is_comment(line)), _LOOKED_AT))
    named = sum(_first_word(line) is not None for line in telling)
    return named > len(telling) * _MOST


def read_list(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the lines say everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield a paper for each line that names one; blank lines and comments (`#`) are left out."""
    for line in lines_of(stream):
        text = line.text.strip()
        if line.is_too_long:
            yield RecordError(line.position, TOO_LONG)
        elif text and not _is_comment(text):
            yield _to_record(text, line.position, context)


def _to_record(text: str, position: str, context: ReadingContext) -> Record | RecordError:
    found = _first_word(text)
    if found is None:
        reason = "names no arXiv id, DOI or address"
        return RecordError(position, f"{reason}: {shown(text)!r}")
    word, rest = found
    is_address = word.lower().startswith("http")
    is_known = read_identifier(word) is not None
    title = _CATEGORY.sub("", rest).strip(_BETWEEN)
    return to_record(
        Draft(
            position=position,
            # An address of no register can't be completed: it is what the paper is called.
            title=title or ("" if is_known else word),
            identifiers=[word],
            links=[(LinkKind.PAGE, word)] if is_address and not is_known else (),
        ),
        "list",
        context,
    )


def _first_word(line: str) -> tuple[str, str] | None:
    """Return the identifier or address that a line begins with, and what stands behind it."""
    match = _BULLET.match(line)
    text = _SCHEME.sub(lambda scheme: f"{scheme[1]}:", line[match.end() if match else 0 :], count=1)
    word, _, rest = text.partition("\t") if "\t" in text else text.partition(" ")
    word = word.strip(_AROUND)
    if _PUBMED_ALONE.fullmatch(word) and not rest:
        word = f"pubmed:{word}"
    if read_identifier(word) or is_safe_url(word):
        return word, rest
    return None


def _is_comment(line: str) -> bool:
    return line.startswith(("#", "%", "//"))

"""What became part of a paper changed it step by step: reading a step that our own JSON has.

Splitting the paper takes the steps back, so each has to be as `store.changes.change.Change` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import TagNameError
from store.identifiers import read_identifier
from store.importers.fields import JsonError, parse_json, to_day
from store.links import is_safe_url
from store.models import RECORD_SOURCES, LinkKind
from store.tagnames import tag_name
from store.text import clean_line, clean_note, clean_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.models import Step


def read_step(raw: object) -> Step:
    """Return field, before and after of a step; raise `ValueError` where it is none."""
    match raw:
        case [str(field), (str() | None) as before, (str() | None) as after] if before != after:
            texts = [text for text in (before, after) if text is not None]
            if field in _CHECKS and all(_fits(_CHECKS[field], text) for text in texts):
                return field, before, after
    raise ValueError("'changes' has what is no change of a paper")


def _fits(check: Callable[[str], bool], text: str) -> bool:
    try:
        return check(text)
    except JsonError:
        return False


def _is_text(text: str) -> bool:
    return clean_text(text.replace("\n", "\n\n")) == text


def _is_line(text: object) -> bool:
    return isinstance(text, str) and clean_line(text) == text


def _is_list(text: str) -> bool:
    value = parse_json(text)
    return isinstance(value, list) and all(map(_is_line, value))


def _is_links(text: str) -> bool:
    kinds = {kind.value for kind in LinkKind}
    value = parse_json(text)
    return isinstance(value, list) and all(
        isinstance(pair, list)
        and len(pair) == 2  # noqa: PLR2004 kind and address
        and all(isinstance(part, str) for part in pair)
        and pair[0] in kinds
        and is_safe_url(pair[1])
        for pair in value
    )


def _is_stamp(text: str) -> bool:
    source, _, day = text.partition(" ")
    return source in RECORD_SOURCES and _is_line(day)


def _is_note(text: str) -> bool:
    return clean_note(text) == text


def _is_identifier(text: str) -> bool:
    return str(read_identifier(text)) == text


def _is_named(text: str) -> bool:
    name, _, source = text.rpartition(" ")
    return _is_identifier(name) and source in RECORD_SOURCES


def _is_tag(text: str) -> bool:
    try:
        return tag_name(text) == text
    except TagNameError:
        return False


def _is_sighting(text: str) -> bool:
    match parse_json(text):
        case [str(source), str(day), rank, votes, comments, is_guess, str(seen)]:
            counts = (rank, votes, comments)
            return (
                _is_line(source)
                and to_day(f"{day}-01-01"[:10]) is not None
                and _is_line(seen)
                and is_guess in {True, False}
                and all(type(count) is int or count is None for count in counts)
            )
    return False


def _is_other_abstract(text: str) -> bool:
    match parse_json(text):
        case [str(source), str(day), str(abstract)]:
            return _is_line(source) and _is_line(day) and _is_text(abstract)
    return False


_FACTS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("title", "published", "venue", "organisation"), _is_line),
    **dict.fromkeys(("abstract", "summary"), _is_text),
    **dict.fromkeys(("authors", "categories", "keywords"), _is_list),
    "links": _is_links,
}
_CHECKS: dict[str, Callable[[str], bool]] = {
    **_FACTS,
    **{f"provenance.{name}": _is_stamp for name in _FACTS},
    "citation key": _is_line,
    "note": _is_note,
    "identifier": _is_identifier,
    "provenance identifier": _is_named,
    "tag": _is_tag,
    "sighting": _is_sighting,
    "other abstract": _is_other_abstract,
}
"""By the field of the change; each may raise `JsonError`."""

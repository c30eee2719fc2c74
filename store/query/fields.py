"""The fields of the search language: their names, and reading their values.

Values of text fields, of `id` and `like` depend on how they are written, and a view on those that
are saved: `store.query.parsing` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from store.errors import QuerySyntaxError, TagNameError, shown
from store.identifiers import SCHEMES
from store.models import RECORD_SOURCES
from store.query.nodes import (
    POSSESSIONS,
    STATES,
    DayIn,
    FromSource,
    Has,
    InState,
    LastImport,
    Node,
    NumberIn,
    Or,
    Sort,
    TaggedAny,
    Untagged,
)
from store.query.spans import could_become_days, could_become_numbers, read_days, read_numbers
from store.query.words import TEXT_FIELDS
from store.tagnames import tag_name
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class QueryField:
    """One field of the search language, for help and completion."""

    name: str
    short: tuple[str, ...]
    """Other names for it."""
    meaning: str
    """One line that begins in lower case and has no full stop."""
    example: str
    """A query with it."""


FIELDS = (
    QueryField("title", ("ti",), "words of the title", "title:diffusion"),
    QueryField("abs", ("ab",), "words of the abstract", 'abs:"state of the art"'),
    QueryField("author", ("au",), "an author's name", 'author:"Le Cun"'),
    QueryField("org", (), "the organisation", "org:mila"),
    QueryField("kw", (), "a keyword", "kw:robotics"),
    QueryField("cat", (), "a category", "cat:cs.CL"),
    QueryField("venue", (), "where it was published", "venue:neurips"),
    QueryField("note", (), "words of your own note", 'note:"to reproduce"'),
    QueryField("src", (), "where it was read, such as arxiv, bibtex, page", "src:feed"),
    QueryField("id", (), "an arXiv id, a DOI or an address", "id:2401.01234"),
    QueryField("like", (), "papers similar to the one with this id", "like:2401.01234"),
    QueryField("tag", (), "a tag, either of several, or none", "tag:rl,agents"),
    QueryField("is", (), f"a state: {', '.join(STATES)}", "is:unread"),
    QueryField("has", (), f"what the paper has: {', '.join(POSSESSIONS)}", "has:code"),
    QueryField("on", (), "the day in a feed, the same as listed:", "on:today"),
    QueryField("listed", (), "the day in a feed, any of several", "listed:2026-W12"),
    QueryField("date", (), "the day of publication, else in a feed", "date:2025-01..2025-03"),
    QueryField("added", (), "the day it came into the library", "added:7d"),
    QueryField("import", (), "the number of the import that brought it in, or last", "import:last"),
    QueryField("votes", (), "how many votes", "votes:>50"),
    QueryField("comments", (), "how many comments", "comments:10..99"),
    QueryField("view", (), "a saved view, by its name", "view:today"),
    QueryField("sort", (), f"the order: {', '.join(s.value for s in Sort)}", "sort:votes"),
)
"""Every field, text first; `sort` is no condition but has a field's form."""

FIELD_NAMES = {spelling: field.name for field in FIELDS for spelling in (field.name, *field.short)}
"""Every spelling of a field, and the field's name."""

_SHORTEST_STEM = 3
"""A shorter field name at a word's beginning is chance: `issue:` is no `is:`."""
_CLOSE = 0.7
"""For `difflib`: `titel` is close to `title`, and `gas` is not close to `abs`."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "is": STATES,
    "has": POSSESSIONS,
    "src": RECORD_SOURCES,
    "import": ("last",),
    "sort": tuple(sort.value for sort in Sort),
}
"""The values of fields that take one of a few; `import` takes numbers too."""


def unknown_field(name: str, source: str, column: int) -> QuerySyntaxError:
    """Return the error for a field of no such `name`; `source` is it with its value as written."""
    stems = [
        known for known in FIELD_NAMES if len(known) >= _SHORTEST_STEM and name.startswith(known)
    ]
    near = stems or get_close_matches(name, FIELD_NAMES, n=1, cutoff=_CLOSE)
    if near:
        suggestion = near[0] + source[len(name) :]
    elif name in {*SCHEMES, "paperdeck"}:
        suggestion = f"id:{source}"
    else:
        suggestion = '"{}"'.format(source.replace('"', ""))
    return QuerySyntaxError(
        f"there is no field '{shown(name)}:'; a text with a colon goes in quotes",
        column,
        suggestion=suggestion,
    )


def read_field(name: str, value: str, *, column: int, today: date) -> Node:
    """Return the condition that `value` is for a field of tags, states, days or numbers.

    Raises `QuerySyntaxError` at the part of the value at fault, counted from `column`.
    """
    return _READERS[name](name, value, column, today)


def read_sort(value: str, *, column: int) -> Sort:
    """Return the order that `value` names; raise `QuerySyntaxError` where it names none."""
    return Sort(_one_of(CHOICES["sort"], "an order", value, column))


def could_become_valid(name: str, value: str, *, today: date) -> bool:
    """Tell whether more characters can make a valid value of one that is not."""
    value = value.strip().lower()
    if not value or name in {"id", "like"} or name in TEXT_FIELDS:
        return True
    if any(known.startswith(value) and known != value for known in CHOICES.get(name, ())):
        return True
    if name in _NUMBER_FIELDS:
        return could_become_numbers(value)
    if name in CHOICES:
        return False
    if name in _DAY_FIELDS:
        return could_become_days(value, today=today)
    return _are_tags(f"{value}x", today)


def _one_of(known: Sequence[str], what: str, value: str, column: int) -> str:
    if value.lower() in known:
        return value.lower()
    near = get_close_matches(value.lower(), known, n=1)
    raise QuerySyntaxError(
        f"'{shown(value)}' is not {what}; there are {', '.join(known)}",
        column,
        suggestion=near[0] if near else None,
    )


def _read_tags(_name: str, value: str, column: int, _today: date) -> Node:
    nodes: list[Node] = []
    names: list[str] = []
    for part in value.split(","):
        if fold_case(part) == "none":
            nodes.append(Untagged())
        else:
            try:
                names.append(tag_name(part))
            except TagNameError as error:
                raise QuerySyntaxError(str(error), column) from error
        column += len(part) + 1
    if names:
        nodes.append(TaggedAny(tuple(dict.fromkeys(names))))
    return nodes[0] if len(nodes) == 1 else Or(tuple(dict.fromkeys(nodes)))


def _read_state(_name: str, value: str, column: int, _today: date) -> Node:
    return InState(_one_of(CHOICES["is"], "a state", value, column))


def _read_possession(_name: str, value: str, column: int, _today: date) -> Node:
    return Has(_one_of(CHOICES["has"], "something that a paper can have", value, column))


def _read_source(_name: str, value: str, column: int, _today: date) -> Node:
    return FromSource(_one_of(CHOICES["src"], "a source", value, column))


def _read_days(name: str, value: str, column: int, today: date) -> Node:
    first, last = read_days(value, today=today, column=column)
    return DayIn(name, _iso(first), _iso(last))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_numbers(name: str, value: str, column: int, _today: date) -> Node:
    return NumberIn(name, *read_numbers(value, column=column))


def _read_import(name: str, value: str, column: int, today: date) -> Node:
    if value.lower() in CHOICES["import"]:
        return LastImport()
    near = get_close_matches(value.lower(), CHOICES["import"], n=1)
    if near:
        raise QuerySyntaxError(f"'{shown(value)}' is no import", column, suggestion=near[0])
    try:
        return _read_numbers(name, value, column, today)
    except QuerySyntaxError as error:
        if value[0].isalpha():
            raise QuerySyntaxError(
                f"'{shown(value)}' is no import: write 'last', or the number that it has in the"
                " history",
                column,
            ) from error
        raise


def _are_tags(value: str, today: date) -> bool:
    try:
        _read_tags("tag", value, 1, today)
    except QuerySyntaxError:
        return False
    return True


_DAY_FIELDS = ("on", "listed", "date", "added")
_NUMBER_FIELDS = ("votes", "comments", "import")
_READERS: Mapping[str, Callable[[str, str, int, date], Node]] = {
    "tag": _read_tags,
    "is": _read_state,
    "has": _read_possession,
    "src": _read_source,
    **dict.fromkeys(_DAY_FIELDS, _read_days),
    **dict.fromkeys(_NUMBER_FIELDS, _read_numbers),
    "import": _read_import,
}

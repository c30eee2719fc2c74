"""From query nodes without text to SQL conditions on `papers AS p`.

A condition is SQL of our own words and the values for its marks: a reader's text is always a
value, never part of the SQL.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from store import query as q
from store.identifiers import read_identifier
from store.models import STATE_TAGS
from store.text import fold_case

if TYPE_CHECKING:
    from datetime import tzinfo


class Condition(NamedTuple):
    """A condition, and the values for its marks."""

    sql: str
    values: tuple[object, ...] = ()


_TAGGED = "SELECT paper FROM paper_tags JOIN tags ON tags.key = tag"
_LARGEST_KEY = 2**63 - 1

_STATES = {
    **{
        state: f"p.key IN ({_TAGGED} WHERE fold = '{state}')"
        for state in ("inbox", "unread", "starred", "queued", "dismissed")
    },
    "read": f"p.key NOT IN ({_TAGGED} WHERE fold = 'unread')",
    "archived": f"p.key NOT IN ({_TAGGED} WHERE fold IN ('inbox', 'dismissed'))",
}

_UNTAGGED = Condition(
    f"p.key NOT IN ({_TAGGED} WHERE fold NOT IN ({', '.join('?' * len(STATE_TAGS))}))",
    STATE_TAGS,
)


def condition_of(node: q.Node, zone: tzinfo | None) -> Condition:
    """Return the condition that `node`, which has no text, stands for.

    `zone` is the reader's: the days of `added:` are local ones.
    """
    match node:
        case q.Not(child):
            sql, values = condition_of(child, zone)
            # A comparison with a missing value is NULL: not found, so found by its negation. Unlike
            # NOT, this takes no room on the stack of SQLite's parser, which is 100 symbols high.
            return Condition(f"{sql} IS NOT TRUE", values)
        case q.And(nodes):
            return _joined(" AND ", nodes, zone)
        case q.Or(nodes):
            return _joined(" OR ", nodes, zone)
        case q.DayIn("added", first, last):
            return _added_in(first, last, zone)
        case q.Untagged():
            return _UNTAGGED
        case _:
            return _leaf(node)


def _leaf(node: q.Node) -> Condition:
    match node:
        case q.Everything():
            return Condition("1")
        case q.IdIs(text):
            return _id_is(text)
        case q.TaggedAny(names):
            return _tagged_any(names)
        case q.InState(state):
            return Condition(_STATES[state])
        case q.DayIn(field, first, last):
            return _day_in(field, first, last)
        case q.NumberIn(field, least, most):
            return _between(f"p.{field}", least, most)
        case _:
            raise TypeError(node)


def _joined(operator: str, nodes: tuple[q.Node, ...], zone: tzinfo | None) -> Condition:
    parts = [condition_of(node, zone) for node in nodes]
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"({operator.join(part.sql for part in parts)})", values)


def _day_in(field: str, first: str | None, last: str | None) -> Condition:
    # '~' sorts after every digit and hyphen: a day within the last month or year is included.
    upper = None if last is None else f"{last}~"
    if field == "date":
        # A month or a year alone counts as its first day.
        day = "substr(coalesce(p.published, p.listed) || '-01-01', 1, 10)"
        return _between(day, first, upper)
    sql, values = _between("day", first, upper)
    return Condition(f"p.key IN (SELECT paper FROM sightings WHERE {sql})", values)  # noqa: S608 see above


def _added_in(first: str | None, last: str | None, zone: tzinfo | None) -> Condition:
    start = None if first is None else _midnight(date.fromisoformat(first), zone)
    condition = _between("p.added", start, None)
    if last is None:
        return condition
    end = _midnight(date.fromisoformat(last) + timedelta(days=1), zone)
    return Condition(f"({condition.sql} AND p.added < ?)", (*condition.values, end))


def _midnight(day: date, zone: tzinfo | None) -> str:
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    # Not by strftime: it writes the year 999 with three digits.
    return f"{local.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _id_is(text: str) -> Condition:
    scheme, _, value = text.partition(":")
    if scheme == "paperdeck" and value.isascii() and value.isdecimal():
        return Condition("p.key = ?", (min(int(value[:20]), _LARGEST_KEY),))
    identifier = read_identifier(text)
    if identifier is None:
        return Condition("0")
    return Condition(
        "p.key = (SELECT paper FROM identifiers WHERE scheme = ? AND value = ?)",
        (identifier.scheme, identifier.value),
    )


def _tagged_any(names: tuple[str, ...]) -> Condition:
    folds = [fold_case(name) for name in names]
    # '0' is the character after '/': the names below `a` lie between `a/` and `a0`.
    # In parentheses, each name makes the expression, whose depth SQLite limits, only one deeper.
    spans = " OR ".join(["(fold = ? OR (fold > ? AND fold < ?))"] * len(folds))
    values = tuple(value for name in folds for value in (name, f"{name}/", f"{name}0"))
    return Condition(f"p.key IN ({_TAGGED} WHERE {spans})", values)


def _between(expression: str, least: object | None, most: object | None) -> Condition:
    bounds = [(f"{expression} >= ?", least), (f"{expression} <= ?", most)]
    kept = [(sql, value) for sql, value in bounds if value is not None]
    if not kept:
        return Condition(f"{expression} IS NOT NULL")
    return Condition(f"({' AND '.join(sql for sql, _ in kept)})", tuple(v for _, v in kept))

"""From query nodes without text to SQL conditions on `papers AS p`.

A condition is SQL of our own words and the values for its marks: a reader's text is always a
value, never part of the SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.identifiers import read_identifier
from store.models import STATE_TAGS
from store.query import nodes as q
from store.query.spans import times_of
from store.text import fold_case

if TYPE_CHECKING:
    from datetime import tzinfo


class Condition(NamedTuple):
    """A condition, and the values for its marks."""

    sql: str
    values: tuple[object, ...] = ()


DATE = "substr(coalesce(published, listed) || '-01-01', 1, 10)"
"""The date of a paper, as its index has it: a month or a year alone counts as its first day."""
BY_DATE = "papers INDEXED BY papers_by_date WHERE removed = 0"
"""Papers by way of the index that has what `dated_in` asks for, which SQLite would not choose."""
WITH_NOTE = "papers INDEXED BY papers_with_note WHERE note != ''"
"""Papers with a note, by way of the index that has them alone."""
WITH_CODE = "papers INDEXED BY papers_by_added WHERE has_code = 1"
"""Papers with a link to code, by way of an index that has no texts beside it."""
RISING = "papers INDEXED BY papers_rising WHERE votes >= 2 * max(decided_votes, 1)"
"""Papers whose votes have doubled since they left the inbox, by way of their index."""
BY_IMPORT = "papers INDEXED BY papers_by_import WHERE removed = 0"
"""Papers by way of the index that has which import brought them in."""
_LARGEST_KEY = 2**63 - 1
_PDF_SCHEMES = "'acl', 'arxiv', 'openreview'"
"""Of the identifiers from which `store.links` derives the address of a PDF."""


class _Writer(NamedTuple):
    """What conditions depend on beside their nodes."""

    zone: tzinfo | None
    one_by_one: bool

    def papers_in(self, table: str, where: str, *, negated: bool = False) -> str:
        """Return the condition that some row of `table`, or none, is of the paper and is so."""
        own = "paper = p.key AND " if self.one_by_one else ""
        # Words of our own alone.
        return f"p.key {'NOT ' * negated}IN (SELECT paper FROM {table} WHERE {own}{where})"  # noqa: S608

    def tagged(self, where: str, *, negated: bool = False) -> str:
        """Return the condition that some tag of the paper, or none, is so."""
        return self.papers_in(_TAGGED, where, negated=negated)


def condition_of(node: q.Node, zone: tzinfo | None, *, one_by_one: bool = False) -> Condition:
    """Return the condition that `node`, which has neither text nor views, stands for.

    `zone` is the reader's: the days of `added:` are local ones. With `one_by_one` the tags,
    sightings and identifiers of each paper are looked up when its turn comes, and not once for all
    papers: that is faster where only few papers are asked about.
    """
    return _condition(node, _Writer(zone, one_by_one))


_LISTED: dict[q.Node, str] = {
    q.InState("rising"): RISING,
    q.Has("note"): WITH_NOTE,
    q.Has("code"): WITH_CODE,
}
"""Facts for which there is an index of the papers."""
_TAGGED = "paper_tags JOIN tags ON tags.key = tag"


def keys_of(node: q.Node) -> Condition:
    """Return the statement that selects, as `key`, the papers that `node` finds.

    `node` is one that asks for facts alone. Removed papers and repetitions may be among them.
    """
    match node:
        case q.TaggedAny(names):
            return _papers_of(_TAGGED, tags_in(names))
        case q.InState(state) if state in STATE_TAGS:
            return _papers_of(_TAGGED, Condition("fold = ?", (state,)))
        case q.DayIn("on" | "listed", first, last):
            return _papers_of("sightings", listed_in(first, last))
        case q.InState() | q.Has() if node in _LISTED:
            return Condition(f"SELECT key FROM {_LISTED[node]}")  # noqa: S608 our own words
        case _:
            sql, values = condition_of(node, None)
            return Condition(f"SELECT p.key AS key FROM papers AS p WHERE {sql}", values)  # noqa: S608 as above


def keys_among(node: q.Node) -> Condition:
    """Return the statement that selects, as `key`, those of some papers that `node` finds.

    The first of its marks is for these papers, as a JSON array of keys.
    """
    sql, values = condition_of(node, None, one_by_one=True)
    return Condition(
        "SELECT p.key AS key FROM json_each(?) AS one CROSS JOIN papers AS p ON p.key = one.value"  # noqa: S608 as above
        f" WHERE {sql}",
        values,
    )


def _papers_of(table: str, where: Condition) -> Condition:
    return Condition(f"SELECT paper AS key FROM {table} WHERE {where.sql}", where.values)  # noqa: S608 as above


def _condition(node: q.Node, writer: _Writer) -> Condition:
    match node:
        case q.Not(child):
            sql, values = _condition(child, writer)
            # A comparison with a missing value is NULL: not found, so found by its negation. Unlike
            # NOT, this takes no room on the stack of SQLite's parser, which is 100 symbols high.
            return Condition(f"{sql} IS NOT TRUE", values)
        case q.And(nodes):
            return _joined(" AND ", nodes, writer)
        case q.Or(nodes):
            return _joined(" OR ", nodes, writer)
        case _:
            return _own_condition(node, writer)


def _own_condition(node: q.Node, writer: _Writer) -> Condition:
    """Return the condition for a node that asks for facts of the paper itself."""
    match node:
        case q.Everything():
            return Condition("1")
        case q.IdIs(text):
            return _id_is(text)
        case q.DayIn("added", first, last):
            return _added_in(first, last, writer.zone)
        case q.DayIn("date", first, last):
            sql, values = dated_in(first, last)
            listed = _keys_of(f"{BY_DATE} AND {sql}")
            return Condition(sql if writer.one_by_one else listed, values)
        case q.NumberIn() | q.LastImport():
            return _numbered(node, writer)
        case _:
            return _rows_condition(node, writer)


def _numbered(node: q.NumberIn | q.LastImport, writer: _Writer) -> Condition:
    """Return the condition for a node that asks for a number of the paper."""
    if isinstance(node, q.LastImport):
        return Condition(f"p.import = (SELECT max(import) FROM {BY_IMPORT})")  # noqa: S608 our own words
    if node.field != "import":
        return _between(f"p.{node.field}", node.least, node.most)
    sql, values = _between("import", node.least, node.most)
    listed = _keys_of(f"{BY_IMPORT} AND {sql}")
    return Condition(sql if writer.one_by_one else listed, values)


def _rows_condition(node: q.Node, writer: _Writer) -> Condition:
    """Return the condition for a node that asks for rows of other tables."""
    match node:
        case q.TaggedAny(names):
            spans = tags_in(names)
            return Condition(writer.tagged(spans.sql), spans.values)
        case q.Untagged():
            marks = ", ".join("?" * len(STATE_TAGS))
            return Condition(writer.tagged(f"fold NOT IN ({marks})", negated=True), STATE_TAGS)
        case q.InState(state):
            return _in_state(state, writer)
        case q.DayIn(_, first, last):
            days = listed_in(first, last)
            return Condition(writer.papers_in("sightings", days.sql), days.values)
        case q.Has(what):
            return _has(what, writer)
        case q.FromSource(name):
            listed = writer.papers_in("sightings", "source = ?")
            return Condition(f"({listed} OR instr(p.provenance, ?))", (name, f'"{name} '))
        case _:
            raise TypeError(node)


def tags_in(names: tuple[str, ...]) -> Condition:
    """Return the condition on `tags` that a tag has one of these names or is nested below one."""
    folds = [fold_case(name) for name in names]
    # '0' is the character after '/': the names below `a` lie between `a/` and `a0`.
    # In parentheses, each name makes the expression, whose depth SQLite limits, only one deeper.
    spans = " OR ".join(["(fold = ? OR (fold > ? AND fold < ?))"] * len(folds))
    return Condition(
        f"({spans})", tuple(value for name in folds for value in (name, f"{name}/", f"{name}0"))
    )


def tags_meant(node: q.Node) -> Condition | None:
    """Return the condition on `tags` whose papers `node` finds; None where it asks otherwise."""
    match node:
        case q.TaggedAny(names):
            return tags_in(names)
        case q.InState(state) if state in STATE_TAGS:
            return Condition("fold = ?", (state,))
        case _:
            return None


def listed_in(first: str | None, last: str | None) -> Condition:
    """Return the condition on `sightings` that one's day lies between two, both included."""
    return _between("day", first, _end_of(last))


def dated_in(first: str | None, last: str | None) -> Condition:
    """Return the condition on `papers` that the date lies between two days, both included."""
    return _between(DATE, first, _end_of(last))


def _in_state(state: str, writer: _Writer) -> Condition:
    match state:
        case "read":
            return Condition(writer.tagged("fold = 'unread'", negated=True))
        case "archived":
            return Condition(writer.tagged("fold IN ('inbox', 'dismissed')", negated=True))
        case "rising":
            each, listed = "p.votes >= 2 * max(p.decided_votes, 1)", _keys_of(RISING)
            return Condition(each if writer.one_by_one else listed)
        case _:
            return Condition(writer.tagged("fold = ?"), (state,))


def _has(what: str, writer: _Writer) -> Condition:
    match what:
        case "abstract":
            return Condition("p.abstract != ''")
        case "code":
            each, listed = "p.has_code = 1", _keys_of(WITH_CODE)
            return Condition(each if writer.one_by_one else listed)
        case "pdf":
            derived = writer.papers_in("identifiers", f"scheme IN ({_PDF_SCHEMES})")
            # Within a text of JSON, a quote would have a backslash before it.
            return Condition(f"""({derived} OR p.links LIKE '%["pdf",%')""")
        case "note":
            each, listed = "p.note != ''", _keys_of(WITH_NOTE)
            return Condition(each if writer.one_by_one else listed)
        case _:
            raise ValueError(what)


def _keys_of(papers: str) -> str:
    return f"p.key IN (SELECT key FROM {papers})"  # noqa: S608 our own words


def _joined(operator: str, nodes: tuple[q.Node, ...], writer: _Writer) -> Condition:
    parts = [_condition(node, writer) for node in nodes]
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"({operator.join(part.sql for part in parts)})", values)


def _end_of(last: str | None) -> str | None:
    # '~' sorts after every digit and hyphen: a day within the last month or year is included.
    return None if last is None else f"{last}~"


def _added_in(first: str | None, last: str | None, zone: tzinfo | None) -> Condition:
    start, end = times_of(first, last, zone)
    condition = _between("p.added", start, None)
    if end is None:
        return condition
    return Condition(f"({condition.sql} AND p.added < ?)", (*condition.values, end))


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


def _between(expression: str, least: object | None, most: object | None) -> Condition:
    bounds = [(f"{expression} >= ?", least), (f"{expression} <= ?", most)]
    kept = [(sql, value) for sql, value in bounds if value is not None]
    if not kept:
        return Condition(f"{expression} IS NOT NULL")
    return Condition(f"({' AND '.join(sql for sql, _ in kept)})", tuple(v for _, v in kept))

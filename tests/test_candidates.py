from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import query as q
from store.candidates import few_candidates
from store.conditions import condition_of
from store.queryparse import DEEPEST_NESTING, MOST_OPERANDS, parse
from store.ranking import ORDER_BY
from store.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conftest import Desk, DeskOpener, RecordBuilder

TODAY = date(2026, 3, 12)
PAPERS = 300


class NoText:
    """A text index that is never asked."""

    def matches(self, node: q.Node) -> Mapping[int, float]:
        raise AssertionError(node)


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Desk]:
    """Many papers in the inbox and few with any other tag or on any one day."""
    with desk_in(tmp_path_factory.mktemp("shelf")) as desk:
        desk.bring_in(
            *(
                record(
                    f"Paper {number}",
                    f"2401.{number:05}",
                    day=f"2026-{1 + number % 3:02}-{1 + number % 28:02}",
                    votes=number % 70,
                    note="Mine." if number % 70 == 3 else "",
                    tags=(
                        *(["inbox"] if number % 10 else ["dismissed/no"]),
                        *(["starred"] if number % 50 == 3 else []),
                        *(["rl"] if number % 40 == 3 else []),
                        *(["rl/deep"] if number % 60 == 3 else []),
                    ),
                )
                for number in range(PAPERS)
            )
        )
        some = desk.keys()[::40]
        desk.tag("-inbox", *some)
        desk.run(now="2026-03-13T08:00:00Z").write(
            [
                record(f"Paper {key - 1}", f"2401.{key - 1:05}", day="2026-04-01", votes=60)
                for key in some
            ]
        )
        yield desk


def candidates(shelf: Desk, text: str) -> tuple[str, str | None] | None:
    """Return what a query begins with, and what remains of it."""
    found = few_candidates(shelf.connection, parse(text, today=TODAY).node)
    if found is None:
        return None
    return str(found.node), None if found.rest is None else str(found.rest)


@pytest.mark.parametrize(
    ("text", "begun", "rest"),
    [
        ("tag:rl", "tag:rl", None),
        ("tag:unheard-of", "tag:unheard-of", None),
        ("is:starred", "is:starred", None),
        ("2401.00007", "id:2401.00007", None),
        ("on:2026-02-02", "on:2026-02-02", None),
        ("date:2020-01-01", "date:2020-01-01", None),
        ("has:note", "has:note", None),
        ("is:rising", "is:rising", None),
        ("is:rising is:inbox -has:note", "is:rising", "is:inbox -has:note"),
        ("is:inbox tag:rl", "tag:rl", "is:inbox"),
        ("is:starred tag:rl -votes:>3", "is:starred", "tag:rl -votes:4.."),
        ("(is:starred OR 2401.00007) tag:rl/deep", "tag:rl/deep", "is:starred OR id:2401.00007"),
        ("is:starred OR 2401.00007", "is:starred OR id:2401.00007", None),
        (
            "is:starred OR (tag:rl/deep is:inbox)",
            "is:starred OR tag:rl/deep",
            "is:starred OR (tag:rl/deep is:inbox)",
        ),
        ("(tag:rl/deep OR is:starred) is:inbox", "tag:rl/deep OR is:starred", "is:inbox"),
    ],
)
def test_a_query_begins_with_what_few_papers_have(
    shelf: Desk, text: str, begun: str, rest: str | None
) -> None:
    assert candidates(shelf, text) == (begun, rest)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "is:inbox",
        "-is:inbox",
        "is:archived",
        "is:read",
        "tag:none",
        "tag:inbox,rl",
        "on:2026",
        "date:2026-01",
        "votes:>1",
        "has:code",
        "tag:rl OR votes:>60",
        "is:starred OR is:inbox",
        "is:inbox votes:>60",
    ],
)
def test_a_query_that_may_be_about_many_is_a_walk(shelf: Desk, text: str) -> None:
    assert candidates(shelf, text) is None


def test_an_empty_library_has_no_candidates_but_answers(desk: Desk) -> None:
    query = parse("tag:rl is:inbox", today=TODAY)
    assert Search(desk.connection, NoText(), UTC).keys(query) == ((), None)


LEAVES = st.sampled_from(
    [
        parse(text, today=TODAY).node
        for text in (
            *("tag:rl", "tag:rl/deep", "tag:none", "tag:unheard-of", "tag:rl,dismissed/no"),
            *("is:inbox", "is:starred", "is:archived", "is:read", "is:unread"),
            *("on:2026-02-02", "on:2026-01", "listed:<2026-01-03", "date:2026-01-02"),
            *("2401.00003", "2401.00123", "id:nonsense", "id:paperdeck:4"),
            *("added:today", "votes:>60", "votes:<3", "comments:0", "has:pdf", "has:code"),
            *("has:abstract", "src:feed", "src:page", "*", "has:note", "is:rising"),
        )
    ]
)


def several(nodes: st.SearchStrategy[q.Node]) -> st.SearchStrategy[tuple[q.Node, ...]]:
    return st.lists(nodes, min_size=2, max_size=4).map(tuple)


NODES = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.builds(q.Not, nodes), st.builds(q.And, several(nodes)), st.builds(q.Or, several(nodes))
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(node=NODES, sort=st.sampled_from(list(q.Sort)), limit=st.integers(0, PAPERS + 1))
def test_the_short_way_finds_what_a_walk_finds(
    shelf: Desk, node: q.Node, sort: q.Sort, limit: int
) -> None:
    sql, values = condition_of(node, UTC)
    walked = shelf.column(
        f"SELECT key FROM papers AS p WHERE removed = 0 AND {sql} ORDER BY {ORDER_BY[sort]}",  # noqa: S608 - our conditions
        *values,
    )
    search = Search(shelf.connection, NoText(), UTC)
    assert search.keys(q.Query(node, sort)) == (tuple(walked), None)
    assert search.first(q.Query(node, sort), limit) == (tuple(walked[:limit]), None, len(walked))


LONG = ("tag:t{}", "id:2401.{:05}", "on:2025-03-{:02}", "is:starred", "-is:read", "has:pdf")


@pytest.mark.parametrize("joint", [" ", " OR ", " OR -", " -"])
@pytest.mark.parametrize("leaf", LONG)
def test_the_longest_and_deepest_query_has_a_short_way_too(
    shelf: Desk, leaf: str, joint: str
) -> None:
    leaves = [leaf.format(number % 28 + 1) for number in range(MOST_OPERANDS - DEEPEST_NESTING)]
    wide = joint.join(leaves[: MOST_OPERANDS - 3 * DEEPEST_NESTING])
    half = DEEPEST_NESTING // 2 - 1
    nested = "(is:starred -(tag:rl OR " * half + wide + "))" * half
    for text in (f"tag:unheard-of {nested}", f"({nested}) OR tag:unheard-of".replace("--", "-")):
        Search(shelf.connection, NoText(), UTC).keys(parse(text, today=TODAY))

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import QuerySyntaxError
from store.query.editing import finished, narrowing, with_sort
from store.query.forms import settled
from store.query.nodes import And, Query, Sort
from store.query.parsing import parse

TODAY = date(2026, 5, 1)
words = st.lists(
    st.sampled_from(
        [
            "rl",
            "nets",
            "OR",
            "-agents",
            "nets~",
            '"a b"~5',
            '"graph neural"',
            "tag:a,b",
            "sort:votes",
            "is:inbox",
            "(a OR b)",
        ]
    ),
    max_size=6,
).map(" ".join)


def read(text: str) -> Query:
    return parse(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "sort", "expected"),
    [
        ("is:inbox", Sort.VOTES, "is:inbox sort:votes"),
        ("is:inbox sort:date", Sort.VOTES, "is:inbox sort:votes"),
        ("sort:date is:inbox", None, "is:inbox"),
        ("", Sort.TITLE, "sort:title"),
        ("sort:title", None, ""),
        ("rl OR agents", Sort.ADDED, "(rl OR agents) sort:added"),
        ("(rl OR agents)", Sort.ADDED, "(rl OR agents) sort:added"),
        ("rl OR agents sort:votes", None, "rl OR agents"),
        ('"sort:votes"', Sort.DATE, '"sort:votes" sort:date'),
        ('"graph neu', Sort.DATE, '"graph neu" sort:date'),
        ('"graph neu"~5', Sort.DATE, '"graph neu"~5 sort:date'),
        ('sort:title "graph neu"~', None, '"graph neu"~'),
    ],
)
def test_a_query_is_put_in_another_order(text: str, sort: Sort | None, expected: str) -> None:
    assert with_sort(text, sort) == expected


@given(words, st.sampled_from(Sort))
def test_another_order_leaves_what_is_found(text: str, sort: Sort) -> None:
    try:
        before = read(with_sort(text, None))
    except QuerySyntaxError:
        return
    assert read(with_sort(text, sort)) == Query(before.node, sort)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("*", ""),
        ("is:inbox", "is:inbox "),
        ("rl OR agents", "(rl OR agents) "),
        ("a (b OR c)", "a (b OR c) "),
        ("is:inbox sort:votes", "is:inbox sort:votes "),
        ('"graph neu', '"graph neu" '),
    ],
)
def test_a_query_is_narrowed_by_what_is_written_behind_it(text: str, expected: str) -> None:
    assert narrowing(text) == expected


@given(words)
def test_narrowing_finds_nothing_else(text: str) -> None:
    try:
        before = read(text)
        narrowed = read(f"{narrowing(text)}venue:x")
    except QuerySyntaxError:
        return
    assert isinstance(narrowed.node, And) or str(before.node) == "*"
    assert narrowed.sort == before.sort


def parsed(text: str, *, typing: bool) -> Query:
    return parse(text, today=TODAY, typing=typing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("speech au", "speech au*"),
        ("speech au ", "speech au "),
        ("speech au*", "speech au*"),
        ("tag:rl", "tag:rl"),
        ("is:inbox sort:votes", "is:inbox sort:votes"),
        ('"graph neu', '"graph neu"'),
        ("rl -agent", "rl -agent"),
        ("speech networks", "speech (networks OR networks*)"),
        ("--networks", "--(networks OR networks*)"),
        ("a OR title:nets", "a OR (title:nets OR title:nets*)"),
        ("(speech nets", "speech (nets OR nets*)"),
        ("-(speech nets", "-(speech nets)"),
        ('"a"nets', '"a"(nets OR nets*)'),
        ("transfomer~", "transfomer~"),
        ('"graph attention"~', '"graph attention"~'),
        ("like:2401.01234", "like:2401.01234"),
    ],
)
def test_a_query_means_the_same_when_it_is_no_longer_written(text: str, expected: str) -> None:
    done = finished(text, parsed)
    assert parsed(done, typing=False).node == settled(parsed(text, typing=True).node)
    assert done == expected


@given(words)
def test_any_query_is_finished_to_the_same(text: str) -> None:
    try:
        query = parsed(text, typing=True)
    except QuerySyntaxError:
        return
    done = parsed(finished(text, parsed), typing=False)
    assert done == Query(settled(query.node), query.sort)

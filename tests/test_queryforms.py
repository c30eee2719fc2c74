from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.query.forms import all_of, any_of, expanded, none_of, settled
from store.query.nodes import And, Everything, InView, Node, Not, Or
from store.query.words import Prefix, Term

A, B, C = Term("a"), Term("b"), Term("c")
ALL = Everything()


@pytest.mark.parametrize(
    ("nodes", "both", "either"),
    [
        ([], None, None),
        ([None, None], None, None),
        ([A, None], A, A),
        ([A, B, A], And((A, B)), Or((A, B))),
        ([A, ALL], A, ALL),
        ([ALL, None, ALL], ALL, ALL),
        ([And((A, B)), C], And((A, B, C)), Or((And((A, B)), C))),
        ([Or((A, B)), B], And((Or((A, B)), B)), Or((A, B))),
    ],
)
def test_nodes_are_joined_flatly_and_once(
    nodes: list[Node | None], both: Node | None, either: Node | None
) -> None:
    assert all_of(nodes) == both
    assert any_of(nodes) == either


def test_a_double_negation_is_none() -> None:
    assert none_of(None) is None
    assert none_of(A) == Not(A)
    assert none_of(Not(A)) == A


@pytest.mark.parametrize(
    ("node", "whole"),
    [
        (A, A),
        (InView("v", A), A),
        (InView("v", InView("w", ALL)), ALL),
        (And((InView("v", And((A, B))), C)), And((A, B, C))),
        (And((InView("v", ALL), C)), C),
        (Or((A, InView("v", Or((B, A))))), Or((A, B))),
        (Or((A, InView("v", ALL))), ALL),
        (Not(InView("v", Not(And((A, InView("w", B)))))), And((A, B))),
    ],
)
def test_a_view_gives_way_to_what_it_finds(node: Node, whole: Node) -> None:
    assert expanded(node) == whole


NODES: st.SearchStrategy[Node] = st.recursive(
    st.sampled_from([A, B, C, ALL]),
    lambda nodes: st.one_of(
        st.builds(Not, nodes),
        st.builds(InView, st.sampled_from(["v", "w"]), nodes),
        st.builds(And, st.lists(nodes, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(nodes, min_size=2, max_size=3).map(tuple)),
    ),
)


def is_true(node: Node, facts: frozenset[Node]) -> bool:
    match node:
        case InView(_, child):
            return is_true(child, facts)
        case Not(child):
            return not is_true(child, facts)
        case And(nodes):
            return all(is_true(child, facts) for child in nodes)
        case Or(nodes):
            return any(is_true(child, facts) for child in nodes)
        case _:
            return node == ALL or node in facts


@given(node=NODES, facts=st.frozensets(st.sampled_from([A, B, C])))
def test_the_form_changes_nothing_of_what_is_found(node: Node, facts: frozenset[Node]) -> None:
    whole = expanded(node)
    assert is_true(whole, facts) == is_true(node, facts)
    assert "view" not in str(whole)


def typed(text: str) -> Prefix:
    return Prefix(text, is_typed=True)


@pytest.mark.parametrize(
    ("node", "whole"),
    [
        (A, A),
        (Prefix("gra"), Prefix("gra")),
        # Every form of these begins so
        (typed("gra"), Prefix("gra")),
        (typed("gpt-4o"), Prefix("gpt-4o")),
        (typed("深度"), Prefix("深度")),
        # `network`, `sizing`, `happy`, `possibility` do not
        (typed("networks"), Or((Term("networks"), Prefix("networks")))),
        (typed("size"), Or((Term("size"), Prefix("size")))),
        (typed("happi"), Or((Term("happi"), Prefix("happi")))),
        (typed("possibl"), Or((Term("possibl"), Prefix("possibl")))),
        (typed("models-x"), Or((Term("models-x"), Prefix("models-x")))),
        (
            Prefix("networks", "title", is_typed=True),
            Or((Term("networks", "title"), Prefix("networks", "title"))),
        ),
        (Prefix("nets", "author", is_typed=True), Prefix("nets", "author")),
        (And((A, typed("nets"))), And((A, Or((Term("nets"), Prefix("nets")))))),
        (Or((A, typed("nets"))), Or((A, Term("nets"), Prefix("nets")))),
        (Not(typed("nets")), Not(Or((Term("nets"), Prefix("nets"))))),
        (And((Prefix("a"), typed("a"))), Prefix("a")),
        (InView("v", A), InView("v", A)),
    ],
)
def test_a_typed_word_settles_as_what_it_finds(node: Node, whole: Node) -> None:
    assert settled(node) == whole

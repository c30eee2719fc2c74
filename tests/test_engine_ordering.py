"""Terms come in the order of their bytes, each once, whatever order they are given in."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.engine.ordering import joined_lists, ordered
from store.engine.terms import TermList

# Few letters and long stretches that are alike, so that many begin alike for more than one step.
PIECES = st.sampled_from([b"a", b"b", b"\0", b"\xff", b"aaaaaaaa", b"abcdefghijklmnop"])
TERMS = st.lists(st.lists(PIECES, max_size=5).map(b"".join), max_size=30)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(terms=TERMS)
@example(terms=[])
@example(terms=[b""])
@example(terms=[b"a\0", b"a", b"a\0\0", b"a", b""])
@example(terms=[b"aaaaaaaa\0", b"aaaaaaaa", b"aaaaaaa"])
def test_terms_are_put_in_the_order_of_their_bytes(terms: list[bytes]) -> None:
    names, places = ordered(TermList.of(terms))
    assert list(names) == sorted(set(terms))
    assert [names[place] for place in places.tolist()] == terms


@pytest.mark.parametrize(
    "lists",
    [
        [[b"a"], [], [b"a", b"b"]],
        [[b"b", b"long enough for two"], [b"a", b"long enough for twos"]],
        [[]],
    ],
)
def test_lists_are_joined_one_after_the_other(lists: list[list[bytes]]) -> None:
    whole = joined_lists([TermList.of(own) for own in lists])
    assert list(whole) == [term for own in lists for term in own]
    assert list(ordered(whole).names) == sorted({term for own in lists for term in own})

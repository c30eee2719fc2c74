"""A result behaves as the tuple of its papers in order, however much of it was asked for before."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.searching.ranked import FIRST, Ranked, Scores

SIZES = (0, 1, 7, FIRST - 1, FIRST, FIRST + 1, 3 * FIRST)
PLACES = st.integers(-3 * FIRST - 2, 3 * FIRST + 2) | st.integers(-9, 9)


def papers(size: int, levels: int) -> tuple[Ranked, tuple[int, ...]]:
    """Return a result, in which so many papers have different scores, and what it comes to."""
    source = np.random.default_rng(size + levels)
    keys = source.permutation(size * 2)[:size] + 1
    scores = source.integers(0, levels, size).astype(np.float32) / 4
    ranks = source.permutation(size * 3)[:size].astype(np.int32)
    order = sorted(range(size), key=lambda one: (-scores[one], ranks[one]))
    return Ranked(keys, scores, ranks), tuple(int(keys[one]) for one in order)


SIZE = st.sampled_from(SIZES)
LEVELS = st.sampled_from([1, 3, 50, 10**6])


@given(
    size=SIZE,
    levels=LEVELS,
    start=PLACES | st.none(),
    stop=PLACES | st.none(),
    step=st.sampled_from([None, 1, -1, 2, -3, 999]),
)
def test_a_slice_is_that_of_the_tuple(
    size: int, levels: int, start: int | None, stop: int | None, step: int | None
) -> None:
    found, expected = papers(size, levels)
    assert found[start:stop:step] == expected[start:stop:step]
    assert isinstance(found[start:stop:step], tuple)
    assert list(found) == list(expected)


@given(size=SIZE, levels=LEVELS, place=PLACES)
def test_a_place_is_that_of_the_tuple(size: int, levels: int, place: int) -> None:
    found, expected = papers(size, levels)
    if -size <= place < size:
        assert found[place] == expected[place]
        assert type(found[place]) is int
    else:
        with pytest.raises(IndexError):
            found[place]


@given(size=SIZE, levels=LEVELS, data=st.data())
def test_papers_are_looked_up_as_in_the_tuple(size: int, levels: int, data: st.DataObject) -> None:
    found, expected = papers(size, levels)
    assert len(found) == size
    assert bool(found) is bool(expected)
    key = data.draw(st.sampled_from(expected) if expected else st.just(5))
    assert (key in found) is (key in expected)
    assert found.count(key) == expected.count(key)
    if expected:
        place = expected.index(key)
        assert found.index(key) == found.index(key, place) == place
        for beyond in ((place + 1,), (0, place)):
            with pytest.raises(ValueError, match=str(key)):
                found.index(key, *beyond)
    assert 10**9 not in found
    assert None not in found
    with pytest.raises(ValueError, match="1000000000"):
        found.index(10**9)


@pytest.mark.parametrize("size", SIZES)
def test_it_equals_whatever_sequence_has_the_same_papers(size: int) -> None:
    found, expected = papers(size, 3)
    assert found == expected
    assert expected == found
    assert found == list(expected)
    assert found == papers(size, 3)[0]
    assert found != (*expected, 7)
    assert found != expected[1:] or not size
    assert found != "sheep"
    assert found != set(expected)
    assert list(islice(found, 3)) == list(expected[:3])
    assert list(reversed(found)) == list(reversed(expected))


def test_papers_that_are_in_order_stay_so() -> None:
    keys = np.random.default_rng(3).permutation(3 * FIRST)
    found = Ranked(keys)
    assert found == tuple(keys.tolist())
    assert found.index(int(keys[-1])) == len(keys) - 1
    assert found[-1:] == (int(keys[-1]),)


def test_scores_are_a_mapping() -> None:
    scores = Scores(np.array([3, 1, 2]), np.array([0.5, 0.25, 4.0], np.float32))
    assert scores == {1: 0.25, 2: 4.0, 3: 0.5}
    assert dict(scores) == {1: 0.25, 2: 4.0, 3: 0.5}
    assert (len(scores), scores[2], scores.get(7)) == (3, 4.0, None)
    assert 7 not in scores
    with pytest.raises(KeyError):
        scores[7]

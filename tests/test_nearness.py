from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.nearness import LEAST_NEARNESS, Words

texts = st.lists(
    st.sampled_from(["sheep", "goats", "wool", "gates", "hills", "dogs", "rain", "fog"])
).map(" ".join)


def test_the_paper_with_the_same_rare_words_is_nearest() -> None:
    words = Words({"the": 90, "sheep": 2, "wool": 2, "gate": 5}, 100)
    words.remember(1, "the wool the sheep")
    words.remember(2, "the gate the gate")
    words.remember(3, "the sheep the gate")

    near = words.nearest("the wool of the sheep", 10, but=0)

    assert list(near) == [1, 3]
    assert near[1] > near[3] >= LEAST_NEARNESS
    assert words.nearest("the wool the sheep", 1, but=1).keys() == {3}


def test_the_same_words_have_the_nearness_one_and_common_words_none() -> None:
    words = Words({"the": 100}, 100)
    words.remember(1, "the sheep")
    words.remember(2, "the")

    assert words.nearest("sheep", 10, but=0) == {1: pytest.approx(1.0)}
    assert words.nearest("the", 10, but=0) == {}


@given(st.dictionaries(st.integers(1, 20), texts), st.sets(st.integers(1, 20)), texts)
def test_what_is_forgotten_leaves_nothing_behind(
    papers: dict[int, str], gone: set[int], text: str
) -> None:
    words, others = Words({"sheep": 3}, 10), Words({"sheep": 3}, 10)
    for key, own in papers.items():
        words.remember(key, own)
        if key not in gone:
            others.remember(key, own)
    for key in gone & papers.keys():
        words.forget(key)

    assert words.papers == others.papers == papers.keys() - gone
    assert words.nearest(text, 30, but=0) == pytest.approx(others.nearest(text, 30, but=0))

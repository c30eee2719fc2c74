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


keys = st.integers(1, 60)


@given(
    st.dictionaries(keys, texts, max_size=60),
    st.lists(st.sets(keys, max_size=3)),
    st.dictionaries(keys, texts),
    texts,
)
def test_what_is_forgotten_leaves_nothing_behind(
    papers: dict[int, str], gone: list[set[int]], again: dict[int, str], text: str
) -> None:
    words, others = Words({"sheep": 3}, 10), Words({"sheep": 3}, 10)
    left = dict(papers)
    for key, own in papers.items():
        words.remember(key, own)
    for some in gone:
        here = some & left.keys()
        words.forget(here)
        for key in here:
            del left[key]
    for key in again.keys() - left.keys():
        words.remember(key, again[key])
        left[key] = again[key]
    for key, own in left.items():
        others.remember(key, own)

    assert words.papers == others.papers == left.keys()
    near = words.nearest(text, 100, but=0)
    assert near == pytest.approx(others.nearest(text, 100, but=0))
    assert list(near.values()) == sorted(near.values(), reverse=True)


def test_a_few_forgotten_papers_cost_no_look_at_the_others() -> None:
    words, looked_at = Words({}, 10), []

    class Watched(dict[int, int]):
        def __contains__(self, place: object) -> bool:
            looked_at.append(place)
            return super().__contains__(place)

    for key in range(1, 101):
        words.remember(key, f"sheep n{key}")
    words._papers = Watched(words._papers)  # noqa: SLF001 no other way to see what is looked at
    words.forget(range(1, 6))
    assert looked_at == []
    words.forget([6])
    assert len(looked_at) == 200, "all words of all texts, once"
    looked_at.clear()
    words.forget(range(7, 11))
    assert looked_at == []
    assert words.nearest("sheep", 200, but=0).keys() == set(range(11, 101))

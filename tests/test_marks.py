from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.marks import Marks

SHOWN = tuple(range(10, 30))
keys = st.frozensets(st.sampled_from(SHOWN))
indices = st.integers(0, len(SHOWN) - 1)


@given(keys, st.sampled_from(SHOWN))
def test_a_mark_is_put_on_and_taken_off_by_the_same_key(marked: frozenset[int], key: int) -> None:
    marks = Marks(marked)
    assert (key in marks.toggled(key)) is (key not in marks)
    assert marks.toggled(key).toggled(key) == marks


@given(keys, indices, st.lists(indices, max_size=5))
def test_a_range_marks_what_lies_between_and_forgets_where_it_has_been(
    marked: frozenset[int], origin: int, way: list[int]
) -> None:
    marks = Marks(marked).ranging(origin, SHOWN)
    assert marks.is_ranging
    last = origin
    for last in way:
        marks = marks.extended(last, SHOWN)
    first, end = sorted((origin, last))
    assert marks.keys == marked | set(SHOWN[first : end + 1])
    ended = marks.ranging(last, SHOWN)
    assert not ended.is_ranging
    assert ended.keys == marks.keys
    assert ended.extended(0, SHOWN) == ended


def test_a_range_that_has_come_to_a_paper_ends_there_with_all_of_it_marked() -> None:
    drawn = Marks(frozenset({20})).ranging(0, SHOWN).extended(3, SHOWN)
    assert drawn.toggled(SHOWN[3]) == Marks(frozenset({10, 11, 12, 13, 20}))


@given(keys)
def test_inverted_twice_is_what_it_was(marked: frozenset[int]) -> None:
    marks = Marks(marked)
    assert not marks.inverted(SHOWN).keys & marked
    assert marks.inverted(SHOWN).inverted(SHOWN) == marks


@given(keys)
def test_everything_is_marked_and_then_nothing(marked: frozenset[int]) -> None:
    marks = Marks(marked)
    once = marks if marked == set(SHOWN) else marks.everything(SHOWN)
    assert once.keys == set(SHOWN)
    assert not once.everything(SHOWN)


@given(keys, keys)
def test_a_paper_that_is_not_shown_is_not_marked(
    marked: frozenset[int], shown: frozenset[int]
) -> None:
    assert Marks(marked).among(shown).keys == marked & shown


@given(keys)
def test_marks_come_in_the_order_of_the_list(marked: frozenset[int]) -> None:
    assert Marks(marked).in_order(SHOWN) == tuple(sorted(marked))
    assert set(Marks(marked)) == marked

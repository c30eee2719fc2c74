from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.identity.resemblance import (
    LEAST_RESEMBLANCE,
    are_nearly_same,
    resemblance,
    wording,
)
from store.text import fold_title

ABSTRACT = (
    "Sheep are counted by hand on most hills, which is slow and wrong by one in forty. We let a"
    " camera on the gate count them instead. It follows each animal from the first frame to the"
    " last, tells lambs from dogs, and works in rain and fog. On three farms it was wrong by one"
    " in nine hundred over a whole summer, and the shepherds slept better. We give away the"
    " pictures, the counts made by hand, and the plans of the gate."
)
RELATED = (
    "Sheep are counted from the air where hills are steep. A drone takes a picture each minute,"
    " and a model trained on drawn outlines finds the animals in it. It mistakes stones for sheep"
    " at dusk, which we mend with a second camera that sees warmth. In this paper we compare four"
    " such models on the farms of two valleys and say what each one costs to run for a year."
)
words = st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=25, max_size=60)


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two papers, each a title and an abstract, say nearly the same."""
    first, second = (wording(fold_title(title), abstract) for title, abstract in (one, other))
    assert are_nearly_same(first, second) == are_nearly_same(second, first)
    return are_nearly_same(first, second)


@pytest.mark.parametrize(
    "edited",
    [
        ABSTRACT,
        ABSTRACT.upper(),
        ABSTRACT.replace(",", " --").replace(".", ";"),
        ABSTRACT.replace("three farms", "$3$ farms").replace("nine hundred", "900"),
        ABSTRACT.replace("camera", "video camera").replace("We let", "In this article we let"),
        ABSTRACT
        + " An early version was shown at a fair. Its visitors liked the dogs most of all.",
        ABSTRACT.split("We give away", maxsplit=1)[0],
        "Abstract: " + ABSTRACT + " (c) 2026 The shepherds.",
        " ".join(ABSTRACT.split()[20:]),
        " ".join(ABSTRACT.split()[:45]),
    ],
)
def test_an_edited_abstract_says_nearly_the_same_under_any_title(edited: str) -> None:
    assert same(("Counting sheep", ABSTRACT), ("A gate that counts", edited))


def test_a_paper_on_the_same_subject_does_not() -> None:
    one = wording("", ABSTRACT)
    other = wording("", RELATED)

    assert resemblance(one, other) < LEAST_RESEMBLANCE / 3
    assert not same(("Counting sheep", ABSTRACT), ("Counting sheep from the air", RELATED))


@pytest.mark.parametrize(
    ("title", "other_title", "abstract", "is_same"),
    [
        ("Counting sheep", "Counting Sheep.", "", True),
        ("Counting sheep", "Counting goats", "", False),
        ("Counting sheep", "COUNTING SHEEP", "Withdrawn.", True),
        ("Introduction", "Introduction", "", False),
        ("Counting sheep", "Counting sheep", RELATED, False),
        ("Counting sheep at the gate", "Counting sheep: at the gate", RELATED, True),
        ("†", "‡", "", False),
    ],
)
def test_titles_tell_where_an_abstract_is_missing_or_they_are_long(
    title: str,
    other_title: str,
    abstract: str,
    is_same: bool,  # noqa: FBT001 a value of the table
) -> None:
    assert same((title, ABSTRACT), (other_title, abstract)) is is_same


def test_a_short_notice_in_place_of_the_abstract_makes_no_two_papers_the_same() -> None:
    notice = "This paper has been withdrawn by its author because of a mistake in section four."
    assert not same(("Counting sheep", notice), ("Painting fences", notice))


def test_texts_without_blanks_between_words_are_compared_too() -> None:
    text = "羊は丘の上で手で数えられるが遅くしばしば間違う私たちは門にカメラを置いて羊を数える"
    assert same(("a", text), ("b", text.replace("しばしば", "時々")))


@given(words, words)
def test_resemblance_is_symmetric_and_one_for_the_same_words(
    one: list[str], two: list[str]
) -> None:
    first, second = wording("", " ".join(one)), wording("", " ".join(two))

    assert 0.0 <= resemblance(first, second) == resemblance(second, first) <= 1.0
    assert resemblance(first, first) == (1.0 if first.shingles else 0.0)


@given(st.text(), st.text())
def test_any_text_can_be_compared(one: str, two: str) -> None:
    are_nearly_same(wording(fold_title(one), one), wording(fold_title(two), two))

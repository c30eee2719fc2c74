from __future__ import annotations

import pytest

from store.identity.titles import GENERIC_TITLES, are_alike, is_telling
from store.text import fold_title


def test_generic_titles_are_written_as_they_fold() -> None:
    assert {fold_title(title) for title in GENERIC_TITLES} == GENERIC_TITLES


@pytest.mark.parametrize(
    ("title", "expected"), [("counting sheep", True), ("editorial", False), ("", False)]
)
def test_a_generic_title_and_one_without_words_tell_nothing(title: str, *, expected: bool) -> None:
    assert is_telling(title) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Counting sheep", "COUNTING SHEEP", True),
        ("Counting sheep", "Counting sheep at night: a study", True),
        ("Counting sheep at night", "Counting goats at noon", True),
        ("Counting sheep", "Counting goats", True),
        ("Counting sheep quickly", "Counting goats", True),
        ("Counting sheep and goats", "Wool and weather", False),
        ("Counting sheep", "Wool prices", False),
        ("Über sheep", "uber Sheep", True),
        ("羊を数える", "羊", True),
        ("", "Wool prices", True),
        ("…", "Wool prices", True),
        ("Counting sheep, part I", "Counting sheep, Part II", False),
        ("Counting sheep 2", "Counting sheep 3", False),
        ("Counting sheep by night 2", "Counting goats by night 3", True),
        ("Counting sheep at night", "Erratum to: Counting sheep at night", False),
        ("Counting sheep at night", "Reply to 'Counting sheep at night'", False),
        ("Counting sheep at night", "Publisher's correction: Counting sheep at night", False),
        ("Retraction: counting sheep", "Retracted: Counting Sheep", True),
        ("Response of sheep to weather", "Responses of sheep to weather", True),
    ],
)
def test_titles_that_share_half_of_the_shorter_ones_words_are_alike(
    one: str, other: str, *, expected: bool
) -> None:
    assert are_alike(one, other) is expected
    assert are_alike(other, one) is expected

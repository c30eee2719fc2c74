from __future__ import annotations

import pytest

from store.identity.evidence import Evidence, agree, are_unlike_venues, contradict, have_one_author

COUNT = " ".join(f"word{number}" for number in range(60))
OTHER = " ".join(f"other{number}" for number in range(60))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ana García", "A. Garcia", True),
        ("Ana García", "García Ana", True),
        ("R. T. Haverslag", "Haverslag R. T.de Groot D.", True),
        ("S. Khemais", "S. Khemais-Benkhiat", True),
        ("Ana García", "Li Lei", False),
        ("Y. Lei", "Y. Eli", False),
        ("", "Li Lei", None),
        ("Anonymous", "Li Lei", None),
        ("The Sheep Collaboration", "Li Lei", None),
        ("李雷", "Li Lei", None),
        ("李 雷", "李 雷", True),
        ("A", "B", None),
    ],
)
def test_the_first_author_is_told_by_any_word_of_the_name(
    one: str, other: str, *, expected: bool | None
) -> None:
    first, second = ((name,) if name else () for name in (one, other))
    assert have_one_author(first, second) is expected
    assert have_one_author(second, first) is expected


def test_authors_may_stand_in_any_order_where_all_of_them_are_the_same() -> None:
    assert have_one_author(("Ana Lei", "Bo Sun"), ("Bo Sun", "Ana Lei"))
    assert have_one_author(("Ana Lei", "Bo Sun"), ("Bo Sun", "Cy Roe")) is False


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Vopr Pitan", "Voprosy Pitaniia", False),
        (
            "Arterioscler Thromb Vasc Biol",
            "Arteriosclerosis, Thrombosis, and Vascular Biology",
            False,
        ),
        ("Circulation", "Circulation. Conference: Resuscitation Science", False),
        ("NeurIPS", "Advances in Neural Information Processing Systems", True),
        ("ICML", "International Conference on Machine Learning", False),
        ("Diabetes", "Fundamental and Clinical Pharmacology", True),
        ("", "Diabetes", False),
    ],
)
def test_venues_are_two_where_no_abbreviation_makes_them_one(
    one: str, other: str, *, expected: bool
) -> None:
    assert are_unlike_venues(one, other) is expected
    assert are_unlike_venues(other, one) is expected


LEI = ("Ana Lei",)
TALK = Evidence(LEI, "2010", "European Heart Journal", COUNT)
ARTICLE = Evidence(LEI, "2013", "Current Vascular Pharmacology", COUNT)
PREPRINT = Evidence(LEI, "2018-03-01", "", COUNT, is_on_arxiv=True)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (TALK, ARTICLE, True),
        (Evidence(), ARTICLE, False),
        (TALK, TALK, False),
        (Evidence(("Li Roe",)), ARTICLE, True),
        (PREPRINT, Evidence(LEI, "2020", "Diabetes", COUNT), False),
        (PREPRINT, Evidence((), "2020", "Diabetes", COUNT), True),
        (PREPRINT, Evidence(LEI, "2023", "Diabetes", COUNT), True),
        (Evidence(LEI, "2018", "CoRR"), Evidence(LEI, "2020", "Diabetes"), False),
        (Evidence(LEI, "2012", "Diabetes"), Evidence(LEI, "2013", "Diabetes"), False),
        (Evidence(LEI, "2012", "Diabetes"), Evidence(LEI, "2013", "Wool prices"), True),
        (Evidence(LEI, "2012", "Diabetes"), Evidence(LEI, "2012", "Wool prices"), False),
        (Evidence(LEI, "2012", "Barn", COUNT), Evidence(LEI, "2013", "Barn", OTHER), True),
        (Evidence(LEI, "2012", "Barn", COUNT), Evidence(LEI, "2012", "Barn", OTHER), False),
        (Evidence(LEI, "in press"), Evidence(LEI, "2012"), False),
    ],
)
def test_what_two_records_say_may_tell_them_apart(
    one: Evidence, other: Evidence, *, expected: bool
) -> None:
    assert contradict(one, other) is expected
    assert contradict(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (PREPRINT, Evidence(LEI, "2019", "Diabetes", COUNT), True),
        (PREPRINT, Evidence(LEI, "2019", "Diabetes"), True),
        (PREPRINT, Evidence(LEI, "2019", "Diabetes", OTHER), False),
        (PREPRINT, Evidence(LEI, "2020", "Diabetes", COUNT), False),
        (PREPRINT, Evidence((), "2018", "Diabetes", COUNT), False),
        (PREPRINT, Evidence(LEI, "", "Diabetes", COUNT), False),
        (TALK, ARTICLE, False),
    ],
)
def test_all_that_matters_has_to_be_said_and_to_agree(
    one: Evidence, other: Evidence, *, expected: bool
) -> None:
    assert agree(one, other) is expected
    assert agree(other, one) is expected

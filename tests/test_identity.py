from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from store.identity.matching import Clash, find_paper
from store.models import Identifier

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

    from store.models import Record

SHEEP = "2401.00001"
GOATS = "2401.00002"


def found(desk: Desk, record: Record) -> int | None:
    """Return the paper that a record without any conflict speaks of."""
    match = find_paper(desk.connection, record)
    assert match.clashes == ()
    assert set(match.identifiers) == set(record.identifiers)
    return match.paper


@pytest.mark.parametrize(
    ("identifier", "spelling"),
    [
        ("arxiv:2401.00001", "2401.00001v3"),
        ("arxiv:2401.00001", "https://arxiv.org/pdf/2401.00001v1.pdf"),
        ("arxiv:2401.00001", "https://huggingface.co/papers/2401.00001"),
        ("arxiv:2401.00001", "10.48550/arXiv.2401.00001"),
        ("doi:10.1000/xyz", "https://doi.org/10.1000/XYZ"),
        ("acl:2020.acl-main.1", "https://aclanthology.org/2020.acl-main.1/"),
        ("openreview:AbCdEf123", "https://openreview.net/forum?id=AbCdEf123"),
        ("pubmed:123456", "https://pubmed.ncbi.nlm.nih.gov/123456/"),
    ],
)
def test_a_shared_identifier_makes_two_records_one_paper_whatever_their_titles(
    desk: Desk, record: RecordBuilder, identifier: str, spelling: str
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", identifier)).papers
    assert found(desk, record("Counting goats", spelling)) == key


def test_any_of_several_identifiers_will_do_and_arxiv_decides(
    desk: Desk, record: RecordBuilder
) -> None:
    sheep, goats = desk.bring_in(record("Sheep", SHEEP), record("Goats", "doi:10.1000/g")).papers
    both = record("Both", "doi:10.1000/g", SHEEP)
    match = find_paper(desk.connection, both)
    assert match.paper == sheep
    assert match.clashes == (Clash(Identifier("doi", "10.1000/g"), goats),)
    assert found(desk, record("Goats", "doi:10.1000/g", GOATS)) == goats


def test_every_identifier_that_a_paper_ever_had_goes_on_resolving(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Sheep", "doi:10.1000/s")).papers
    desk.bring_in(record("Sheep", "doi:10.1000/s", SHEEP))
    desk.bring_in(record("Sheep", SHEEP, "pubmed:7"))
    for identifier in (SHEEP, "pubmed:7"):
        assert found(desk, record("Whatever", identifier)) == key
    assert found(desk, record("Sheep, whatever", "doi:10.1000/s")) == key
    assert [str(one) for one in desk.paper(key).identifiers] == [
        "arxiv:2401.00001",
        "doi:10.1000/s",
        "pubmed:7",
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Counting sheep: a study",
        "COUNTING SHEEP - A STUDY",
        "Counting Sheep. A Study.",
        "«Counting» shéep, a study",
        "Counting-Sheep: a study",
    ],
)
@pytest.mark.parametrize("with_identifier", [True, False])
def test_a_title_that_is_the_same_after_folding_joins_where_one_side_has_no_identifier(
    desk: Desk, record: RecordBuilder, title: str, *, with_identifier: bool
) -> None:
    first, second = ((), (SHEEP,)) if with_identifier else ((SHEEP,), ())
    (key,) = desk.bring_in(record("Counting sheep: a study", *first)).papers
    assert found(desk, record(title, *second)) == key


@pytest.mark.parametrize("title", ["Counting sheep", "Counting sheep: a study in C++", "Sheep"])
def test_another_title_is_another_paper(desk: Desk, record: RecordBuilder, title: str) -> None:
    desk.bring_in(record("Counting sheep: a study in C"))
    assert found(desk, record(title)) is None


def test_the_copied_pages_paper_gets_its_identifier_later_and_keeps_its_tags(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", source="page", day="2026-03-01")).papers
    desk.tag("+starred -unread", key)
    report = desk.bring_in(record("Counting Sheep", SHEEP, day="2026-03-01", votes=9))
    assert (report.added, report.updated) == (0, 1)
    (paper,) = desk.papers()
    assert (paper.key, paper.id, paper.votes) == (key, "arxiv:2401.00001", 9)
    assert set(paper.tags) == {"inbox", "starred"}
    assert found(desk, record("Unlike", SHEEP)) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [(SHEEP, GOATS), ("doi:10.1000/s", "doi:10.1000/g"), (SHEEP, "doi:10.1000/s")],
)
def test_papers_with_unlike_identifiers_never_join_by_title(
    desk: Desk, record: RecordBuilder, one: str, other: str
) -> None:
    desk.bring_in(record("Counting sheep", one, abstract="They jump."))
    same = record("Counting sheep", other, abstract="They jump.")
    assert found(desk, same) is None
    assert desk.bring_in(same).added == 1


def test_two_candidates_are_one_too_many(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Counting sheep", SHEEP), record("Counting sheep", GOATS))
    assert found(desk, record("Counting sheep", abstract="They jump.")) is None


@pytest.mark.parametrize("title", ["Editorial", "TABLE OF CONTENTS", "Foreword.", "In memoriam"])
def test_a_generic_title_joins_nothing(desk: Desk, record: RecordBuilder, title: str) -> None:
    desk.bring_in(record(title, abstract="One.", day="2026-03-01"))
    assert found(desk, record(title, SHEEP, abstract="One.")) is None
    assert found(desk, record(title, abstract="Another.")) is None


@pytest.mark.parametrize("title", ["???", "…", "-"])
def test_a_title_of_signs_alone_is_only_itself(
    desk: Desk, record: RecordBuilder, title: str
) -> None:
    desk.bring_in(record(title, SHEEP))
    assert found(desk, record("!!!")) is None
    assert found(desk, record(title)) == 1


@pytest.mark.parametrize("title", ["Editorial", "Counting sheep"])
def test_a_record_restated_to_the_word_is_the_same_paper_without_an_identifier(
    desk: Desk, record: RecordBuilder, title: str
) -> None:
    first, second = desk.bring_in(
        record(title, SHEEP, abstract="They jump."),
        record(title, GOATS, abstract="They stand."),
    ).papers
    assert found(desk, record(title, abstract="They jump.")) == first
    assert found(desk, record(title.upper(), abstract="they STAND.")) == second
    assert found(desk, record(title, abstract="They fall.")) is None


def test_a_removed_paper_is_found_too(desk: Desk, record: RecordBuilder) -> None:
    sheep, goats = desk.bring_in(record("Sheep", SHEEP), record("Goats")).papers
    desk.undo()
    assert desk.keys() == []
    assert found(desk, record("Ewes", SHEEP)) == sheep
    assert found(desk, record("Goats", GOATS)) == goats


def test_a_page_that_comes_again_finds_its_paper_though_two_have_its_title_now(
    desk: Desk, record: RecordBuilder
) -> None:
    page = record("Wool and Weather", source="page", day="2026-03-14", abstract="Old.")
    desk.bring_in(page)
    desk.bring_in(record("Wool and Weather", SHEEP, abstract="New and longer."))
    desk.bring_in(record("Wool and Weather", GOATS, abstract="Another."))
    assert found(desk, page) == 1


def test_a_new_papers_identifiers_are_its_own_but_for_those_of_another(
    desk: Desk, record: RecordBuilder
) -> None:
    (sheep,) = desk.bring_in(record("Counting sheep", "doi:10.1000/s")).papers
    match = find_paper(desk.connection, record("Wool prices", "doi:10.1000/s", GOATS, "pubmed:7"))
    assert match.paper is None
    assert [str(one) for one in match.identifiers] == [f"arxiv:{GOATS}", "pubmed:7"]
    assert match.clashes == (Clash(Identifier("doi", "10.1000/s"), sheep),)


@pytest.mark.parametrize("identifier", ["acl:2020.acl-main.1", "openreview:AbCdEf123", "pubmed:7"])
def test_an_identifier_that_is_no_doi_decides_whatever_the_titles(
    desk: Desk, record: RecordBuilder, identifier: str
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", identifier)).papers
    assert found(desk, record("Wool prices", identifier)) == key


COUNT = " ".join(f"word{number}" for number in range(60))
LEI = ("Ana Lei",)


def test_another_author_another_time_is_another_paper(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Counting sheep", authors=LEI, published="2010", venue="Barn"))
    for facts in ({"authors": ("Li Roe",)}, {"authors": LEI, "published": "2013", "venue": "Wool"}):
        assert found(desk, record("Counting sheep", **facts)) is None
    assert found(desk, record("Counting sheep", authors=("A. Lei",), published="2011")) == 1


def test_of_two_papers_with_one_title_a_record_is_of_the_one_that_it_does_not_contradict(
    desk: Desk, record: RecordBuilder
) -> None:
    first, second = desk.bring_in(
        record("Counting sheep", SHEEP, authors=LEI),
        record("Counting sheep", GOATS, authors=("Li Roe",)),
    ).papers
    assert found(desk, record("Counting sheep", authors=("Ana Lei", "Bo Sun"))) == first
    assert found(desk, record("Counting sheep", authors=("L. Roe",))) == second
    assert found(desk, record("Counting sheep", abstract="They jump.")) is None


@pytest.mark.parametrize(
    ("changed", "is_one"),
    [
        ({}, True),
        ({"published": "2019-05"}, True),
        ({"published": "2020"}, False),
        ({"published": None}, False),
        ({"authors": ()}, False),
        ({"authors": ("Li Roe",)}, False),
        ({"abstract": " ".join(reversed(COUNT.split()))}, False),
        ({"title": "Counting sheep"}, False),
    ],
)
def test_identifiers_of_two_registers_are_of_one_paper_where_all_that_is_said_agrees(
    desk: Desk, record: RecordBuilder, changed: dict[str, Any], *, is_one: bool
) -> None:
    facts: dict[str, Any] = {
        "title": "Counting sheep by night",
        "authors": LEI,
        "published": "2018",
        "abstract": COUNT,
    }
    facts |= changed
    title = facts["title"]
    desk.bring_in(record(title, SHEEP, authors=LEI, published="2018-03-01", abstract=COUNT))
    del facts["title"]
    assert (found(desk, record(title, "doi:10.1000/s", **facts)) == 1) is is_one
    assert found(desk, record(title, GOATS, **facts)) is None, "never two of one register"


def test_the_doi_of_a_volume_joins_no_papers_of_other_authors(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep by night", "doi:10.1000/s", authors=LEI)).papers
    other = record("Counting goats by night", "doi:10.1000/s", authors=("Li Roe",))
    match = find_paper(desk.connection, other)
    assert (match.paper, match.clashes) == (None, (Clash(Identifier("doi", "10.1000/s"), key),))
    assert found(desk, record("Counting sheep by NIGHT", *["doi:10.1000/s"], authors=("X. Y",)))


def test_a_record_is_known_again_by_any_abstract_that_its_paper_has(
    desk: Desk, record: RecordBuilder
) -> None:
    page = record("Counting sheep", source="page", abstract="We count.")
    (key,) = desk.bring_in(page, record("Counting sheep", SHEEP, abstract="We do count.")).papers
    desk.bring_in(record("Counting sheep", GOATS, abstract="They count."))
    assert found(desk, page) == key

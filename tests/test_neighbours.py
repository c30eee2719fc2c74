from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from store.changes.change import Change
from store.errors import SearchAbandonedError
from store.importers import sources
from store.neighbours import Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Desk, RecordBuilder

    from store.library import Library

SUBJECTS = {
    "wool": "Spinning wool from {0} fleeces keeps the fibre long. We card, comb and spin yarn of"
    " {0} sheep on wheels and weigh the skeins against those of a mill in {1}.",
    "bread": "Baking bread with {0} flour needs a slow dough. We knead, prove and bake loaves of"
    " {0} in stone ovens and measure crumb and crust against those of a baker in {1}.",
    "boats": "Building boats from {0} planks takes patient joiners. We steam, bend and rivet hulls"
    " of {0} and row them through the surf beside those of a yard in {1}.",
}
KINDS = ("old", "young", "northern", "southern", "coarse", "fine")
PLACES = ("Riga", "Porto", "Turku", "Bergen", "Vigo", "Ghent")


@pytest.fixture
def neighbours(desk: Desk, library: Library) -> Neighbours:
    """The neighbours of the papers on the desk, whose index is that of the library."""
    return Neighbours(desk.database, library.index)


def fill(desk: Desk, record: RecordBuilder) -> dict[str, list[int]]:
    """Bring in six papers of each subject; return their keys."""
    records = [
        record(f"On {kind} {subject}", abstract=text.format(kind, place))
        for subject, text in SUBJECTS.items()
        for kind, place in zip(KINDS, PLACES, strict=True)
    ]
    desk.bring_in(*records)
    keys = iter(desk.keys())
    return {subject: [next(keys) for _ in KINDS] for subject in SUBJECTS}


def test_the_tags_of_the_nearest_papers_are_suggested(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    keys = fill(desk, record)
    for subject, own in keys.items():
        desk.tag(f"+{subject.upper()}", *own[:4])

    for subject, own in keys.items():
        assert neighbours.suggested_tags(own[5]) == (subject.upper(),)
        assert neighbours.suggested_tags(own[0]) == ()


def test_nothing_is_suggested_where_nothing_is_near_or_nothing_is_tagged(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    keys = fill(desk, record)
    assert neighbours.suggested_tags(keys["wool"][0]) == ()

    desk.bring_in(record("Painting fences", abstract="A red fence lasts for nine winters."))
    desk.tag("+wool", *keys["wool"])
    assert neighbours.suggested_tags(desk.keys()[-1]) == ()
    assert neighbours.suggested_tags(10_000) == ()


def test_states_are_never_suggested(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    keys = fill(desk, record)
    desk.tag("+starred +queued -inbox", *keys["wool"][:5])

    assert neighbours.suggested_tags(keys["wool"][5]) == ()


def test_a_tag_that_a_nested_one_says_already_is_not_suggested(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    wool = fill(desk, record)["wool"]
    desk.tag("+craft +crafts", *wool[:5])
    desk.tag("+Craft/spinning", wool[5])

    assert neighbours.suggested_tags(wool[5]) == ("crafts",)


def test_the_tag_with_more_of_the_nearest_papers_comes_first_and_three_are_enough(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    wool = fill(desk, record)["wool"]
    desk.tag("+most", *wool[:5])
    desk.tag("+many +much +more", *wool[:4])

    assert neighbours.suggested_tags(wool[5]) == ("most", "many", "more")


def test_suggestions_follow_what_is_tagged_untagged_edited_removed_and_brought_back(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    keys = fill(desk, record)
    *wool, asked = keys["wool"]
    desk.tag("+wool", *wool)
    assert neighbours.suggested_tags(asked) == ("wool",)

    desk.tag("-wool", *wool)
    assert neighbours.suggested_tags(asked) == ()
    desk.undo()
    assert neighbours.suggested_tags(asked) == ("wool",)

    gone = [Change(key, "paper", '["inbox", "unread", "wool"]', None) for key in wool]
    assert desk.act(*gone)
    assert neighbours.suggested_tags(asked) == ()
    assert neighbours.suggested_tags(wool[0]) == ()
    desk.undo()
    assert neighbours.suggested_tags(asked) == ("wool",)

    for key in wool:
        paper = desk.paper(key)
        desk.act(
            Change(key, "title", paper.title, "On painting fences"),
            Change(key, "abstract", paper.abstract, "Fences want paint every other year."),
        )
    assert neighbours.suggested_tags(asked) == ()


def test_a_library_that_grew_many_times_over_is_judged_anew(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    desk.bring_in(record("First of all"))
    assert neighbours.suggested_tags(1) == ()

    keys = fill(desk, record)
    first, *others = keys["bread"]
    desk.tag("+bread", *others)
    assert neighbours.suggested_tags(first + 1) == ()
    desk.tag("-bread", first + 1)
    assert neighbours.suggested_tags(first + 1) == ("bread",)


@pytest.fixture
def statements(desk: Desk) -> Iterator[list[str]]:
    """What SQLite is asked."""
    asked: list[str] = []
    desk.connection.set_trace_callback(asked.append)
    yield asked
    desk.connection.set_trace_callback(None)


def test_only_a_change_of_own_tags_lets_the_tagged_papers_be_looked_for(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder, statements: list[str]
) -> None:
    def looks() -> int:
        statements.clear()
        assert neighbours.suggested_tags(asked) == ("wool",)
        return sum("row_number() OVER (PARTITION" in one for one in statements)

    *wool, asked = fill(desk, record)["wool"]
    desk.tag("+wool", *wool)
    assert (looks(), looks()) == (1, 0)
    desk.tag("-inbox -unread +starred", asked, *wool)
    assert looks() == 0
    desk.undo()
    assert looks() == 0
    # As many tags as before, on other papers.
    desk.tag("-wool", wool[0])
    desk.tag("+wool", desk.keys()[-1])
    assert (looks(), looks()) == (1, 0)


def test_no_more_papers_are_remembered_than_can_vote_however_many_tags_there_are(
    desk: Desk, library: Library, record: RecordBuilder
) -> None:
    records = [record(f"On sheep {n}", day=f"2026-01-{n % 28 + 1:02}") for n in range(30)]
    keys = desk.bring_in(*records).papers
    for number, key in enumerate(keys[:20]):
        desk.tag(f"+t{number}", key)
    desk.tag("+many", *keys[10:])
    few = Neighbours(desk.database, library.index, voters=10)
    days = {paper.key: paper.listed for paper in desk.papers()}
    best = sorted(keys[:20], key=lambda key: (days[key] or "", key))[-10:]
    few.suggested_tags(keys[0])
    assert max(keys, key=lambda key: (days[key] or "", -key)) in few.remembered
    assert len(few.remembered) == 10
    assert len(few.remembered & set(best)) >= 9, "one may be the newest of the large tag"

    before = few.remembered
    desk.tag("+new", keys[25])
    few.suggested_tags(keys[0])
    assert len(few.remembered) == 10
    assert len(few.remembered - before) <= 1


def test_words_are_common_by_the_papers_that_are_there(
    desk: Desk, library: Library, record: RecordBuilder
) -> None:
    gone = desk.bring_in(*(record(f"Gone {n}") for n in range(40))).papers
    desk.act(*(Change(key, "paper", '["inbox", "unread"]', None) for key in gone))
    wool = fill(desk, record)["wool"]
    desk.tag("+wool", *wool[:4])
    assert Neighbours(desk.database, library.index).suggested_tags(wool[5]) == ("wool",)

    every = Neighbours(desk.database, library.index)
    others = sorted({*desk.keys()} - {*wool})
    desk.act(*(Change(key, "paper", '["inbox", "unread"]', None) for key in others))
    assert every.suggested_tags(wool[5]) == (), "the words of all papers say nothing"


def test_suggestions_may_be_asked_for_in_a_thread_while_others_are_made(
    desk: Desk, neighbours: Neighbours, record: RecordBuilder
) -> None:
    keys = fill(desk, record)
    desk.tag("+wool", *keys["wool"][:4])
    told: list[tuple[str, ...]] = []

    def ask() -> None:
        told.extend(neighbours.suggested_tags(keys["wool"][5]) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        desk.tag("+read", keys["boats"][0])
        desk.tag("-read", keys["boats"][0])
    for thread in threads:
        thread.join()

    assert told == [("wool",)] * 60


def test_nearly_the_same_papers_are_found_the_likest_first(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder
) -> None:
    text = " ".join(template.format("good", "Riga") for template in SUBJECTS.values())
    desk.bring_in(
        record("Three crafts", "2401.00001", abstract=text),
        record("Crafts, three of them", "2401.00002", abstract=text.replace("patient", "calm")),
        record("Trades", abstract="In this article: " + text),
        record("Three crafts of the coast", "2401.00003", abstract=text.split(" Building")[0]),
        record("Three Crafts.", "2401.00004"),
        record("Painting fences", abstract=text.replace(" ", " x ")),
        record("Nothing to say"),
    )
    assert library.index.wait(30)
    one, edited, longer, shorter, bare, *_ = keys = desk.keys()

    assert neighbours.near_duplicates(one, keys) == (one, longer, edited, shorter, bare)
    assert neighbours.near_duplicates(one, keys[:2]) == (one, edited)
    assert neighbours.near_duplicates(one, [edited, longer]) == (one, longer, edited)
    assert neighbours.near_duplicates(bare, keys) == (bare, one)
    assert neighbours.near_duplicates(keys[-1], keys) == (keys[-1],)
    assert neighbours.near_duplicates(one, ()) == (one,)
    assert neighbours.near_duplicates(10_000, keys) == (10_000,)


CYRILLIC = (
    "Овец здесь считают вручную, медленно, ошибаясь. Теперь этим занята камера ближних дверей:"
    " следит целый день, каждым животным, отличает ягнят, знает собак, работает даже ночью,"
    " любит дождь, видит туман. Прошлым летом три фермы нашли лишь одну ошибку среди тысячи."
)
CHINESE = "羊は丘の上で手で数えられるが遅くしばしば間違う私たちは門にカメラを置いて羊を数える"


@pytest.mark.parametrize("text", [CYRILLIC, CYRILLIC.upper(), CYRILLIC.swapcase(), CHINESE])
def test_an_abstract_in_any_script_and_case_is_found_again(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder, text: str
) -> None:
    one, two = desk.bring_in(
        record("Один", "2401.00001", abstract=text), record("Два", "2401.00002", abstract=text)
    ).papers
    assert library.index.wait(30)

    assert neighbours.near_duplicates(one, (one, two)) == (one, two)


@pytest.mark.parametrize("start", range(0, 55, 18))
def test_what_keeps_a_third_of_an_abstract_in_one_piece_is_found(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder, start: int
) -> None:
    own = " ".join(template.format("good", "Riga") for template in SUBJECTS.values()).split()
    piece = " ".join(own[start : start + len(own) * 2 // 5])
    fill(desk, record)
    whole, part = desk.bring_in(
        record("Three crafts", "2401.00001", abstract=" ".join(own)),
        record("A piece", "2401.00002", abstract=piece),
    ).papers
    assert library.index.wait(30)
    keys = desk.keys()

    assert part in neighbours.near_duplicates(whole, keys)
    assert whole in neighbours.near_duplicates(part, keys)


def test_what_the_index_has_not_read_yet_is_found_by_its_title(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder
) -> None:
    text = SUBJECTS["wool"].format("any", "Riga")
    first, second, third = desk.bring_in(
        record("On any kind of wool", "2401.00001", abstract=text),
        record("On any kind of wool.", "2401.00002", abstract=text),
        record("On spinning", "2401.00003", abstract=text),
    ).papers
    keys = desk.keys()

    assert neighbours.near_duplicates(first, keys) == (first, second)
    assert library.index.wait(30)
    assert neighbours.near_duplicates(first, keys) == (first, second, third)


def test_removed_papers_are_no_duplicates(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder
) -> None:
    text = SUBJECTS["wool"].format("any", "Riga")
    desk.bring_in(record("One", "2401.00001", abstract=text))
    desk.bring_in(record("Two", "2401.00002", abstract=text))
    assert library.index.wait(30)
    one, two = desk.keys()
    assert neighbours.near_duplicates(one, (one, two)) == (one, two)

    desk.act(Change(two, "paper", '["inbox", "unread"]', None))
    assert neighbours.near_duplicates(one, (one, two)) == (one,)
    assert neighbours.near_duplicates(two, (one, two)) == (two, one)


def test_a_paper_that_is_gone_shares_no_words(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder
) -> None:
    text = SUBJECTS["wool"].format("any", "Riga")
    desk.bring_in(*(record(f"Wool {n}", f"2401.{n:05}", abstract=text) for n in range(1, 4)))
    assert library.index.wait(30)
    first, second, _ = desk.keys()

    assert "wool" in neighbours.shared_words("arXiv:2401.00001v2", second)
    assert neighbours.shared_words(f"paperdeck:{first}", second)
    library.remove((first,))
    assert neighbours.shared_words("2401.00001", second) == ()
    assert neighbours.shared_words(f"paperdeck:{first}", second) == ()
    assert neighbours.shared_words("nonsense", second) == ()
    assert neighbours.shared_words("2401.00002", 99) == ()


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_the_search_for_duplicates_can_be_abandoned(
    desk: Desk, library: Library, neighbours: Neighbours, record: RecordBuilder, steps: int
) -> None:
    text = SUBJECTS["wool"].format("any", "Riga")
    desk.bring_in(*(record(f"Wool {n}", f"2401.{n:05}", abstract=text) for n in range(1, 9)))
    assert library.index.wait(30)
    keys = desk.keys()
    asked = iter([False] * steps)

    assert len(neighbours.near_duplicates(keys[0], keys, lambda: False)) == len(keys)
    with pytest.raises(SearchAbandonedError):
        neighbours.near_duplicates(keys[0], keys, lambda: next(asked, True))


@pytest.fixture
def feed(library: Library, shared: Path) -> Library:
    days = sorted((shared / "data" / "hf_daily").glob("2025-1[01]-*.json"))
    library.imports.bring_in(sources(days))
    return library


def test_edited_copies_of_real_papers_are_found_and_nothing_else(
    feed: Library, neighbours: Neighbours, record: RecordBuilder, desk: Desk
) -> None:
    keys = feed.search("*").keys
    papers = list(feed.papers(keys[:30]))
    assert len(keys) > 500
    edits = []
    for number, paper in enumerate(papers):
        own = paper.abstract.split()
        # One word of twelve is another one, and the first sentence's beginning is new.
        own[::12] = [f"edited{number}"] * len(own[::12])
        edits.append("We say it in other words. " + " ".join(own[10:]))
    copies = [
        record(f"Copy {number}", f"9901.{number:05}", abstract=text)
        for number, text in enumerate(edits, start=1)
    ]
    # The fixture's library and the desk are one folder.
    desk.bring_in(*copies)
    assert feed.index.wait(30)
    everything = desk.keys()
    found = [neighbours.near_duplicates(paper.key, everything) for paper in papers]

    assert all(desk.paper(others[1]).title.startswith("Copy") for others in found)
    assert sum(len(others) for others in found) <= 2 * len(papers) + 2


def test_real_papers_are_suggested_the_subject_of_their_neighbours(
    feed: Library, neighbours: Neighbours, desk: Desk
) -> None:
    subjects = {"diffusion": "diffusion", "speech": "speech", "robot": "robots"}
    keys = feed.search("*").keys
    papers = list(feed.papers(keys))
    right = suggested = 0
    asked = []
    for word, tag in subjects.items():
        own = [paper.key for paper in papers if word in paper.title.casefold()]
        desk.tag(f"+{tag}", *own[::2])
        asked += [(key, tag) for key in own[1::2]]
    for key, tag in asked:
        best = neighbours.suggested_tags(key)
        suggested += bool(best)
        right += best[:1] == (tag,)

    assert suggested > len(asked) / 3
    assert right > 0.85 * suggested

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes.change import Change
from store.errors import SearchAbandonedError
from store.query import nodes as q
from store.query.found import Found, is_text
from store.query.parsing import parse
from store.query.words import Term
from store.searching.masks import Masks
from store.searching.search import Result, Search
from store.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conftest import Desk, DeskOpener, RecordBuilder

TODAY = date(2026, 3, 12)
VIEWS = {"graphs": "graph", "starred": "is:starred", "voted": "votes:>=0 sort:votes"}


TRENDS = (2.0, 2.5, None, 0.5, None, None, 9.0)
"""Of the shelf's papers, in votes a day."""


def found_of(scores: Mapping[int, float]) -> Found:
    return Found(np.array(list(scores), np.int64), np.array(list(scores.values()), np.float32))


@dataclass
class WordCounter:
    """A text index over all texts, those of removed papers included, that counts words."""

    words: Mapping[int, list[str]]
    asked: list[q.Node] = field(default_factory=list)

    def matches(self, node: q.Node) -> Found:
        assert is_text(node)
        self.asked.append(node)
        return found_of(self._scores(node))

    def most_words(self, nodes: Sequence[q.Node]) -> Found:
        """Return the papers that any finds, and of how many of them each is."""
        found = Counter(key for node in nodes for key in self._scores(node))
        return found_of({key: float(count) for key, count in found.items()})

    def similar(self, key: int) -> Found:
        """Return the papers that have a word of this one's text, with how many."""
        own = set(self.words[key])
        common = {one: float(len(own.intersection(words))) for one, words in self.words.items()}
        return found_of({one: count for one, count in common.items() if count and one != key})

    def searchable(self) -> int:
        return len(self.words)

    def _scores(self, node: q.Node) -> dict[int, float]:
        match node:
            case Term(text):
                counts = {key: float(words.count(text)) for key, words in self.words.items()}
                return {key: count for key, count in counts.items() if count}
            case q.Or(nodes):
                parts = [self._scores(child) for child in nodes]
                return {k: sum(p.get(k, 0.0) for p in parts) for k in set().union(*parts)}
            case q.And(nodes):
                parts = [self._scores(n) for n in nodes if not isinstance(n, q.Not)]
                excluded = [self._scores(n.node) for n in nodes if isinstance(n, q.Not)]
                common = set(parts[0]).intersection(*parts).difference(*excluded)
                return {key: sum(part[key] for part in parts) for key in common}
            case _:
                raise AssertionError(node)


@dataclass(frozen=True)
class Shelf:
    """Papers to search, by words that are counted."""

    desk: Desk
    text: WordCounter
    tags: Mapping[int, set[str]]
    """Of the papers that are there."""
    votes: Mapping[int, int | None]
    masks: Masks

    @property
    def search(self) -> Search:
        return Search(self.desk.connection, self.masks, self.text, UTC)

    @property
    def walk(self) -> Search:
        """A search that finds nothing in memory."""
        return Search(self.desk.connection, Masks(self.desk.database), self.text, UTC)

    def found(self, node: q.Node, sort: q.Sort | None = None) -> Sequence[int]:
        keys, _ = self.search.keys(q.Query(node, sort))
        assert self.walk.keys(q.Query(node, sort))[0] == keys
        return keys

    def titles(self, text: str) -> str:
        """Return the first letters of the papers that a query finds, in its order."""
        query = parse(text, today=TODAY, views=VIEWS)
        return self.letters(self.found(query.node, query.sort))

    def letters(self, keys: Iterable[int]) -> str:
        return "".join(self.desk.paper(key).title[0] for key in keys)


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Shelf]:
    records = [
        record(
            *("Networks", "2401.00001"),
            abstract="graph graph graph sheep",
            day="2026-03-01",
            votes=7,
            tags=("starred",),
        ),
        record("Attention", abstract="graph sheep", day="2026-03-05", votes=50, tags=("inbox",)),
        record("Sheep", abstract="survey", day="2026-03-03", tags=("inbox",)),
        record("Goats", abstract="survey", day="2026-03-09", votes=7, tags=()),
        record("Zebras", abstract="graph", tags=()),
        record("Moths", day="2026-03-05", votes=60, tags=("inbox",)),
        record(
            "Removed", abstract="graph sheep survey", day="2026-03-10", votes=99, tags=("starred",)
        ),
    ]
    with desk_in(tmp_path_factory.mktemp("shelf")) as desk:
        keys = desk.bring_in(*records).papers
        words = {
            key: [token.term for token in tokens(f"{one.title} {one.abstract}")]
            for key, one in zip(keys, records, strict=True)
        }
        assert desk.act(Change(keys[-1], "paper", '["starred"]', None))
        trends = list(zip(keys, TRENDS, strict=True))
        desk.connection.executemany("UPDATE papers SET trend = ?2 WHERE key = ?1", trends)
        papers = desk.papers()
        masks = Masks(desk.database)
        masks.load()
        yield Shelf(
            desk,
            WordCounter(words),
            {paper.key: set(paper.tags) for paper in papers},
            {paper.key: paper.votes for paper in papers},
            masks,
        )


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        # Words alone: by score, then by day
        ("graph", "NAZ"),
        ("graph sheep", "NA"),
        ("graph survey", ""),
        ("graph OR survey", "NGASZ"),
        ("graph -sheep", "Z"),
        ("unheard", ""),
        # Words that are only excluded: by day
        ("-graph", "GMS"),
        ("-graph -survey", "M"),
        ("-unheard", "GMASNZ"),
        # Words and state
        ("graph is:starred", "N"),
        ("graph -is:starred", "AZ"),
        ("graph OR is:inbox", "NAZMS"),
        ("(graph OR survey) is:inbox", "AS"),
        ("graph OR (survey is:inbox)", "NASZ"),
        ("(graph is:starred) OR survey", "NGS"),
        ("graph OR 2401.00001", "NAZ"),
        ("moths OR 2401.00001", "MN"),
        ("-(graph is:starred)", "GMASZ"),
        ("-(graph OR is:inbox)", "G"),
        ("-(graph -is:starred)", "GMSN"),
        ("(graph OR is:starred) (survey OR is:inbox)", "A"),
        ("graph -(sheep is:starred)", "AZ"),
        ("sheep (-graph OR is:starred)", "SN"),
        ("is:inbox -graph", "MS"),
        ("is:inbox -graph -survey", "M"),
        ("graph (is:inbox OR is:starred) -survey", "NA"),
        # Words and numbers, which some papers do not have
        ("graph votes:>10", "A"),
        ("survey -votes:>10", "GS"),
        ("survey votes:>=0", "G"),
        # Orders: what a paper does not have comes last
        ("graph sort:date", "ANZ"),
        ("graph sort:votes", "ANZ"),
        ("graph sort:title", "ANZ"),
        ("graph sort:added", "ZAN"),
        ("graph sort:score", "NAZ"),
        ("", "GMASNZ"),
        ("sort:date", "GMASNZ"),
        ("sort:score", "GMASNZ"),
        ("sort:votes", "MAGNSZ"),
        ("sort:title", "AGMNSZ"),
        ("sort:added", "MZGSAN"),
        ("is:inbox sort:title", "AMS"),
        ("sort:trending", "ANGMSZ"),
        ("graph sort:trending", "ANZ"),
        # Views
        ("view:graphs", "NAZ"),
        ("view:graphs -view:starred", "AZ"),
        ("view:voted", "MAGN"),
        ("-view:voted", "SZ"),
        ("sheep (view:graphs OR view:starred)", "NA"),
    ],
)
def test_a_query_finds_papers_in_its_order(shelf: Shelf, text: str, titles: str) -> None:
    assert shelf.titles(text) == titles


def test_only_a_query_with_words_has_scores(shelf: Shelf) -> None:
    search = shelf.search
    assert search.keys(q.Query(q.InState("inbox")))[1] is None
    keys, scores = search.keys(q.Query(q.And((Term("graph"), q.InState("starred")))))
    assert scores == dict.fromkeys(keys, 3.0)
    keys, scores = search.keys(q.Query(q.Or((Term("graph"), q.InState("inbox"))), q.Sort.TITLE))
    assert scores is not None
    assert [scores[key] for key in keys] == [1.0, 0.0, 3.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", []),
        ("is:inbox -is:starred", []),
        ("graph", ["graph"]),
        ("graph sheep is:inbox", ["graph sheep"]),
        ("graph -sheep is:inbox", ["graph -sheep"]),
        ("is:inbox graph (sheep OR survey) votes:>3", ["graph (sheep OR survey)"]),
        ("graph OR sheep", ["graph OR sheep"]),
        ("graph OR is:inbox", ["graph"]),
        ("-graph", ["graph"]),
    ],
)
def test_the_index_is_asked_for_all_words_at_once(
    shelf: Shelf, text: str, asked: list[str]
) -> None:
    query = parse(text, today=TODAY)
    shelf.text.asked.clear()
    shelf.search.keys(query)
    assert [str(node) for node in shelf.text.asked] == asked


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("graph", True),
        ('"graph network"', True),
        ("graph*", True),
        ("title:graph", True),
        ("graph OR sheep", True),
        ("graph -sheep", True),
        ("graph -sheep -(survey OR goats)", True),
        ("graph OR (sheep -survey)", True),
        ("-graph", False),
        ("-graph -sheep", False),
        ("graph OR -sheep", False),
        ("graph is:inbox", False),
        ("graph -is:inbox", False),
        ("is:inbox", False),
        ("*", False),
        ("2401.00001", False),
    ],
)
def test_the_index_alone_answers_words_of_which_one_is_wanted(text: str, *, answer: bool) -> None:
    assert is_text(parse(text, today=TODAY).node) is answer


@pytest.mark.parametrize(
    ("scores", "searchable", "is_complete"),
    [(None, 0, True), ({}, 7, True), ({}, 8, True), ({}, 6, False)],
)
def test_a_result_is_complete_once_the_index_has_every_paper(
    scores: Mapping[int, float] | None, searchable: int, *, is_complete: bool
) -> None:
    result = Result(q.Query(), (), scores, searchable, papers=7)
    assert result.is_complete is is_complete


@pytest.mark.parametrize(
    ("text", "titles", "words"),
    [
        # As the text index ranks them, then by day
        ("graph survey", "GASNZ", 2),
        ("graph sheep survey", "ASNGZ", 3),
        ("graph sheep unheard", "ANSZ", 3),
        ("unheard survey unknown", "GS", 3),
        ("graph moths unheard unknown unseen", "MANZ", 5),
        ("unheard unknown", "", 2),
        ("graph survey sort:votes", "AGNSZ", 2),
        ("graph survey sort:title", "AGNSZ", 2),
        # A choice of words is one, and so is a phrase
        ("graph (moths OR goats)", "GMANZ", 2),
        # All else holds
        ("graph survey is:inbox", "AS", 2),
        ("graph survey -sheep", "GZ", 2),
        ("graph survey -(sheep is:starred)", "GASZ", 2),
        ("graph survey (sheep OR is:inbox)", "ASN", 2),
        ("graph survey votes:>99", "", 2),
        ("view:graphs survey", "GASNZ", 2),
    ],
)
def test_where_no_paper_has_all_the_words_those_with_most_of_them_stand_in(
    shelf: Shelf, text: str, titles: str, words: int
) -> None:
    query = parse(text, today=TODAY, views=VIEWS)
    search = shelf.search
    assert search.keys(query)[0] == ()
    closest = search.closest(query)
    assert closest is not None
    assert (shelf.letters(closest.keys), closest.words) == (titles, words)
    assert closest.scores.keys() == set(closest.keys)


@pytest.mark.parametrize(
    "text",
    ["unheard", "", "is:queued is:inbox", "unheard is:inbox", "unheard OR unknown", "-graph"],
)
def test_of_less_than_two_words_there_is_no_most(shelf: Shelf, text: str) -> None:
    search = shelf.search
    assert search.closest(parse(text, today=TODAY)) is None


@pytest.mark.parametrize("text", ["", "is:inbox", "is:unread", "graph", "graph sort:votes"])
@pytest.mark.parametrize("limit", [0, 1, 2, 6, 100, None])
def test_the_first_papers_come_with_the_number_of_all(
    shelf: Shelf, text: str, limit: int | None
) -> None:
    query = parse(text, today=TODAY)
    search = shelf.search
    keys, scores = search.keys(query)
    assert search.first(query, limit)[:3] == (keys[:limit], scores, len(keys))


@pytest.mark.parametrize(
    ("node", "titles"),
    [
        (q.Like("2401.00001"), "ASZ"),
        (q.And((q.Like("2401.00001"), q.InState("inbox"))), "AS"),
        (q.And((q.Like("2401.00001"), q.Not(Term("sheep")))), "Z"),
        (q.And((Term("graph"), q.Like("2401.00001"))), "AZ"),
        (q.Not(q.Like("2401.00001")), "GMN"),
        (q.Or((q.Like("2401.00001"), Term("survey"))), "ASGZ"),
        (q.Like("2401.99999"), ""),
        (q.Or((q.Like("nonsense"), Term("moths"))), "M"),
    ],
)
def test_papers_like_another_are_found(shelf: Shelf, node: q.Node, titles: str) -> None:
    assert shelf.letters(shelf.found(node)) == titles


def test_what_the_index_knows_and_the_library_does_not_is_not_found(shelf: Shelf) -> None:
    text = WordCounter({**shelf.text.words, 10**6: ["moths"]})
    search = Search(shelf.desk.connection, shelf.masks, text, UTC)
    assert shelf.letters(search.keys(q.Query(Term("moths")))[0]) == "M"
    near = search.closest(q.Query(q.And((Term("moths"), Term("unheard")))))
    assert near
    assert shelf.letters(near.keys) == "M"


@pytest.mark.parametrize("text", ["graph", "-graph", "graph is:inbox", "is:inbox OR graph"])
def test_a_search_that_was_abandoned_ends(shelf: Shelf, text: str) -> None:
    search = Search(shelf.desk.connection, shelf.masks, shelf.text, UTC, lambda: True)
    with pytest.raises(SearchAbandonedError):
        search.keys(parse(text, today=TODAY))


def test_papers_alike_come_by_day_then_by_votes_then_as_they_came(shelf: Shelf) -> None:
    """However many there are, and in whichever order the index gives them."""
    alike: dict[int, list[str]] = {key: ["sheep"] for key in reversed([*shelf.text.words])}
    search = Search(shelf.desk.connection, shelf.masks, WordCounter(alike), UTC)
    assert shelf.letters(search.keys(q.Query(Term("sheep")))[0]) == "SGMANZ"


LEAVES: st.SearchStrategy[q.Node] = st.sampled_from(
    (
        *(Term(word) for word in ("graph", "sheep", "survey", "moths", "unheard")),
        *(q.InState(state) for state in ("inbox", "starred")),
        *(q.NumberIn("votes", least, None) for least in (6, 50)),
        q.Everything(),
    )
)


def several(nodes: st.SearchStrategy[q.Node]) -> st.SearchStrategy[tuple[q.Node, ...]]:
    return st.lists(nodes, min_size=2, max_size=4).map(tuple)


NODES: st.SearchStrategy[q.Node] = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.builds(q.Not, nodes), st.builds(q.And, several(nodes)), st.builds(q.Or, several(nodes))
    ),
    max_leaves=8,
)


def is_found(shelf: Shelf, key: int, node: q.Node) -> bool:
    """Tell whether a paper is found, by looking at it alone."""
    match node:
        case q.Not(child):
            return not is_found(shelf, key, child)
        case q.And(nodes):
            return all(is_found(shelf, key, child) for child in nodes)
        case q.Or(nodes):
            return any(is_found(shelf, key, child) for child in nodes)
        case _:
            return is_leaf_found(shelf, key, node)


def is_leaf_found(shelf: Shelf, key: int, node: q.Node) -> bool:
    match node:
        case Term(text):
            return text in shelf.text.words[key]
        case q.InState(state):
            return state in shelf.tags[key]
        case q.NumberIn(_, least, _):
            votes = shelf.votes[key]
            return votes is not None and votes >= (least or 0)
        case _:
            return isinstance(node, q.Everything)


@settings(max_examples=200, deadline=None)
@given(node=NODES)
def test_any_query_finds_each_paper_that_it_is_true_of_once(shelf: Shelf, node: q.Node) -> None:
    keys = shelf.found(node)
    assert len(keys) == len(set(keys))
    assert set(keys) == {key for key in shelf.tags if is_found(shelf, key, node)}

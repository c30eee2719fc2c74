"""The arrays find what the definitions say, and what Whoosh finds over the same segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.engine.evaluating import AbandonedError, Evaluation
from store.engine.nodes import All, Any, Match, Node, Run, Word

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plainindex import Document, PlainIndex

pytest_plugins = ["tests.plainindex"]

TEXTS = (
    *("a", "as", "ab", "abs", "abc", "ba", "bas", "cab", "b", "é", "és", "ée", "深", "深度"),
    *("x1", "x-1", "x-", "w", "w0", "w00", "w01", "w30", "s", "nowhere", ""),
)
"""Words, beginnings and classes, of which not all are there."""
DISTANCES = (0, 0, 1, 2, 5)


def words_in(name: str) -> st.SearchStrategy[Word]:
    texts = st.sampled_from([text.encode() for text in TEXTS])
    return st.builds(
        Word,
        st.just(name),
        texts,
        st.sampled_from(list(Match)),
        st.none() | texts,
        is_scored=st.sampled_from([True, True, True, False]),
    )


def runs_in(name: str) -> st.SearchStrategy[Run]:
    words = st.lists(words_in(name), min_size=1, max_size=3).map(tuple)
    return st.builds(Run, words, st.sampled_from(DISTANCES))


def several(
    nodes: st.SearchStrategy[Node], least: int, most: int
) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(nodes, min_size=least, max_size=most).map(tuple)


NODES: st.SearchStrategy[Node] = st.recursive(
    runs_in("text") | runs_in("title"),
    lambda nodes: st.one_of(
        st.builds(All, several(nodes, 1, 3), several(nodes, 0, 2)),
        st.builds(Any, several(nodes, 0, 3)),
    ),
    max_leaves=6,
)
EXACT = st.builds(
    Word,
    st.just("text"),
    st.sampled_from([text.encode() for text in TEXTS]),
    is_scored=st.sampled_from([True, True, True, False]),
)
EXACT_NODES: st.SearchStrategy[Node] = st.recursive(
    st.builds(Run, st.lists(EXACT, min_size=1, max_size=3).map(tuple), st.sampled_from(DISTANCES)),
    lambda nodes: st.one_of(
        st.builds(All, several(nodes, 1, 3), several(nodes, 0, 1)),
        st.builds(Any, several(nodes, 1, 3)),
    ),
    max_leaves=6,
)
"""Nodes whose words stand for one term each."""


def exact(*texts: str, distance: int = 0, name: str = "text") -> Run:
    return Run(tuple(Word(name, text.encode()) for text in texts), distance)


@pytest.fixture(scope="module")
def indexes(
    tmp_path_factory: pytest.TempPathFactory,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
) -> list[PlainIndex]:
    """Indexes of no, one and several segments, with deletions in some."""
    made = []
    for seed, counts in enumerate([(), (1,), (12,), (9, 1, 14), (3, 30, 5, 22), (260, 6)]):
        index = index_in(tmp_path_factory.mktemp("index"))
        first = 0
        for count in counts:
            gone = {key for key in range(first) if key % 7 == seed}
            index.write(documents_of(seed + first, count, first), gone & index.left())
            first += count
        if len(counts) > 2:
            # One segment loses all that it has.
            index.write(deleted={one.key for one in index.parts[-2].documents} & index.left())
        made.append(index)
    return made


@settings(max_examples=150, deadline=None, derandomize=True)
@given(number=st.integers(1, 5), node=NODES)
@example(0, exact("a"))
@example(5, Run((Word("text", b"w", Match.BEGINNING), Word("text", b"w", Match.BEGINNING)), 5))
@example(5, Run((Word("text", b"w", Match.BEGINNING), Word("text", b"w", Match.BEGINNING)), 1))
@example(5, Run((Word("text", b"x", Match.BEGINNING), Word("text", b"x", Match.BEGINNING)), 2))
def test_the_documents_and_scores_are_those_of_the_definitions(
    indexes: list[PlainIndex], number: int, node: Node
) -> None:
    index = indexes[number]
    found = index.hits(node)
    assert found == pytest.approx(index.wanted(node), rel=1e-4)
    assert found.keys() == index.whoosh_hits(node).keys()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(number=st.integers(1, 5), node=EXACT_NODES)
@example(0, exact("a"))
def test_words_of_one_term_score_as_whoosh_has_them(
    indexes: list[PlainIndex], number: int, node: Node
) -> None:
    index = indexes[number]
    assert index.hits(node) == pytest.approx(index.whoosh_hits(node), rel=1e-4)


SENTENCES = {
    1: "graph neural networks for graph search",
    2: "neural graph search",
    3: "a search of graphs and of a graph",
    4: "network",
    5: "gpt-4o|gpt 4o and gpt",
    6: "gpt-4o|gpt 4o",
    7: "",
}


@pytest.fixture(scope="module")
def sentences(
    tmp_path_factory: pytest.TempPathFactory,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
) -> PlainIndex:
    """The `SENTENCES`, in two segments; words joined by a stroke share a position."""
    (kind,) = {type(document) for document in documents_of(0, 1)}
    index = index_in(tmp_path_factory.mktemp("sentences"))
    documents = [
        kind(key, {"text": tuple(tuple(cell.split("|")) for cell in text.split())})
        for key, text in SENTENCES.items()
    ]
    index.write(documents[:3])
    index.write(documents[3:])
    return index


@pytest.mark.parametrize(
    ("node", "keys"),
    [
        (exact("graph"), {1, 2, 3}),
        (exact("graph", name="title"), set()),
        (exact("graph", "search"), {1, 2}),
        (exact("search", "graph"), set()),
        (exact("neural", "graph", distance=1), {1, 2}),
        (exact("neural", "graph", distance=2), {1, 2}),
        (exact("neural", "search", distance=2), {2}),
        (exact("graph", "neural", "search", distance=1), set()),
        (exact("neural", "graph", "search", distance=1), {2}),
        (exact("graph", "graph", distance=4), {1}),
        (exact("graph", "graph", distance=3), set()),
        (exact("gpt", "4o"), {5, 6}),
        (exact("gpt-4o", "4o"), {5, 6}),
        (exact("gpt-4o", "gpt", distance=9), {5}),
        (Run((Word("text", b"graph", Match.CLASS), Word("text", b"and"))), {3}),
        (Run((Word("text", b"network", Match.CLASS),)), {1, 4}),
        (Run((Word("text", b"ne", Match.BEGINNING),)), {1, 2, 4}),
        (Run((Word("text", b"grpah", Match.CLOSE),)), {1, 2, 3}),
        (Run((Word("text", b"graphs", Match.CLOSE),)), {1, 2, 3}),
        (Run((Word("text", b"f", Match.BEGINNING, also=b"of"),)), {1, 3}),
        (Run((Word("text", b"nowhere", also=b"network"),)), {1, 4}),
        # One word of two terms at one position is not two words.
        (Run((Word("text", b"gpt", Match.BEGINNING),) * 2, 9), {5}),
        (All((exact("graph"), exact("neural"))), {1, 2}),
        (All((exact("graph"),), (exact("neural"),)), {3}),
        (All((exact("graph"),), (exact("nowhere"),)), {1, 2, 3}),
        (All((Any((exact("network"), exact("a"))), exact("of"))), {3}),
        (All((Any(()),)), set()),
        (All((exact("graph"),), (Any(()),)), {1, 2, 3}),
        (Any((exact("network"), exact("a"))), {3, 4}),
        (Any(()), set()),
    ],
    ids=str,
)
def test_a_node_finds_what_it_is_said_to(sentences: PlainIndex, node: Node, keys: set[int]) -> None:
    assert sentences.hits(node).keys() == keys
    assert sentences.whoosh_hits(node).keys() == keys
    assert sentences.wanted(node).keys() == keys


def test_a_word_that_is_not_scored_finds_and_adds_nothing(sentences: PlainIndex) -> None:
    silent = Run((Word("text", b"graph", is_scored=False),))
    assert sentences.hits(silent) == {1: 0, 2: 0, 3: 0}
    assert sentences.whoosh_hits(silent) == {1: 0, 2: 0, 3: 0}
    loud = exact("search")
    assert sentences.hits(All((silent, loud))) == sentences.hits(loud)


def test_a_word_said_twice_scores_twice(sentences: PlainIndex) -> None:
    once = sentences.hits(exact("search"))
    for node in (All((exact("search"),) * 2), Any((exact("search"),) * 2)):
        assert sentences.hits(node) == pytest.approx({key: 2 * s for key, s in once.items()})


def test_what_is_excluded_adds_nothing(sentences: PlainIndex) -> None:
    node = All((exact("search"),), (exact("neural"),))
    assert sentences.hits(node)[3] == sentences.hits(exact("search"))[3]


def test_the_terms_of_a_word_count_as_one(sentences: PlainIndex) -> None:
    evaluation = Evaluation(sentences.snapshot())
    word = Word("text", b"graph", Match.CLASS)
    # Of seven sentences three have it, one of them by two terms.
    assert evaluation.frequency(word) == 4
    assert evaluation.postings(word).documents.tolist() == [0, 1, 2]
    assert evaluation.postings(word).counts.tolist() == [2, 1, 2]
    assert evaluation.frequency(Word("text", b"graph")) == 3
    assert evaluation.frequency(Word("title", b"graph")) == 0


def test_a_rare_word_among_common_ones_scores_as_any_other(
    tmp_path: Path,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
) -> None:
    (kind,) = {type(document) for document in documents_of(0, 1)}
    index = index_in(tmp_path)
    texts = [
        (("common",),) * (key % 4) + (("rare",),) * (key % 150 in {31, 34, 36})
        for key in range(400)
    ]
    documents = [kind(key, {"text": text}) for key, text in enumerate(texts)]
    index.write(documents[:40])
    index.write(documents[40:], deleted={31})
    for node in (
        All((exact("common"), exact("rare"))),
        All((exact("rare"), Any((exact("common"),)))),
        All((exact("rare"),), (exact("common", "common"),)),
        exact("common", "rare"),
        exact("rare", "common", distance=2),
    ):
        found = index.hits(node)
        assert found == pytest.approx(index.wanted(node), rel=1e-4)
        assert found == pytest.approx(index.whoosh_hits(node), rel=1e-4)
        assert 0 < len(found) < 12


@settings(max_examples=40, deadline=None, derandomize=True)
@given(number=st.integers(1, 5), node=NODES)
def test_a_search_that_is_cancelled_at_any_step_ends_there(
    indexes: list[PlainIndex], number: int, node: Node
) -> None:
    index = indexes[number]
    steps = 0

    def is_over(last: int | None) -> bool:
        nonlocal steps
        steps += 1
        return steps == last

    Evaluation(index.snapshot(), lambda: is_over(None)).hits(node)
    whole = steps
    for last in range(1, whole + 1):
        steps = 0
        with pytest.raises(AbandonedError):
            Evaluation(index.snapshot(), lambda last=last: is_over(last)).hits(node)  # type: ignore[misc] # of no argument
        assert steps == last


def test_every_search_for_a_word_asks_whether_to_go_on(indexes: list[PlainIndex]) -> None:
    for index in indexes[1:]:
        with pytest.raises(AbandonedError):
            Evaluation(index.snapshot(), lambda: True).hits(exact("a"))


LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h"]


@pytest.mark.parametrize(
    "node",
    [
        All(tuple(map(exact, LETTERS))),
        Any(tuple(map(exact, LETTERS))),
        Any(tuple(Run((Word("text", text.encode(), Match.CLOSE),)) for text in LETTERS)),
        All((exact("a"),), tuple(exact(f"{text}x") for text in LETTERS)),
        exact(*LETTERS),
        exact(*LETTERS, distance=3),
        exact(*("a", "b") * 4, distance=3),
    ],
    ids=["all", "any", "close", "none", "phrase", "near", "over and over"],
)
def test_a_search_for_remembered_words_asks_before_each_whether_to_go_on(
    tmp_path: Path,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
    node: Node,
) -> None:
    (kind,) = {type(document) for document in documents_of(0, 1)}
    index = index_in(tmp_path)
    text = tuple((letter,) for letter in LETTERS)
    index.write([kind(key, {"text": text}) for key in range(3)])
    snapshot = index.snapshot()
    assert len(Evaluation(snapshot).hits(node).documents) == 3
    answers = [False] * 100
    Evaluation(snapshot, answers.pop).hits(node)
    assert 100 - len(answers) >= len(LETTERS)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(number=st.integers(1, 5), nodes=st.lists(NODES, min_size=1, max_size=4))
def test_what_is_remembered_of_words_changes_nothing(
    indexes: list[PlainIndex], number: int, nodes: list[Node]
) -> None:
    index = indexes[number]
    snapshot = index.snapshot()
    anew = [index.hits(node) for node in nodes]
    for _ in range(2):
        assert [index.hits(node, snapshot) for node in nodes] == anew


def test_a_search_that_was_given_up_leaves_nothing_wrong_behind(
    indexes: list[PlainIndex],
) -> None:
    index = indexes[4]
    node = All((exact("a", "b", distance=5), exact("ab", name="title")))
    snapshot = index.snapshot()
    answers = iter([False] * 5)
    with pytest.raises(AbandonedError):
        Evaluation(snapshot, lambda: next(answers, True)).hits(node)
    assert index.hits(node, snapshot) == index.hits(node)

"""Papers become the words that `store.text.tokens` finds in them, at positions by simple rules."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine.documents import to_bytes
from store.index.analysis import Analyser
from store.index.fields import ALL_TEXT, COLUMNS, LISTS, NAMES, NO_TEXT, PART_GAP
from store.text import tokens
from store.texts.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.engine.postings import FieldPostings
    from store.engine.writing import Batch

Places: TypeAlias = dict[str, dict[int, list[int]]]
"""Where each word stands: positions by document."""


def paper(key: int = 1, **facts: str | list[str]) -> dict[str, Any]:
    """Return a row of papers; what is not named is empty."""
    row: dict[str, Any] = {"key": key, "revision": 10 * key}
    for name, column in COLUMNS.items():
        value = facts.pop(column, [] if name in LISTS else "")
        row[column] = json.dumps(value) if name in LISTS else value
    assert not facts
    return row


def parts_of(row: dict[str, Any], name: str) -> list[str]:
    value = row[COLUMNS[name]]
    return (json.loads(value) or [""]) if name in LISTS else [value]


def placed(parts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the words of parts that follow each other, each part with a gap behind it."""
    start = 0
    for part in parts:
        end = 0
        for token in tokens(part):
            yield token.term, start + token.position
            end = token.position + 1
        start += end + PART_GAP


def reference(rows: Sequence[dict[str, Any]]) -> dict[str, Places]:
    """Return the words of each field; of fields that have any."""
    found: dict[str, Places] = {name: {} for name in (ALL_TEXT, *COLUMNS)}
    for number, row in enumerate(rows):
        own = {name: parts_of(row, name) for name in COLUMNS}
        text = [part for name, parts in own.items() if name not in NO_TEXT for part in parts]
        own[ALL_TEXT] = own["title"] + text
        for name, parts in own.items():
            for term, position in placed(parts):
                found[name].setdefault(term, {}).setdefault(number, []).append(position)
    return {name: places for name, places in found.items() if places}


def places_in(postings: FieldPostings) -> Places:
    """Return the same of an inverted file."""
    found: Places = {}
    last = 0
    for place, term in enumerate(postings.terms):
        own = found.setdefault(term.decode(), {})
        assert postings.places[place] == last
        for posting in range(int(postings.starts[place]), int(postings.starts[place + 1])):
            first, last = last, last + int(postings.counts[posting])
            own[int(postings.documents[posting])] = postings.positions[first:last].tolist()
    assert last == len(postings.positions) == postings.places[-1]
    assert list(postings.terms) == sorted(postings.terms)
    return found


def classes_in(postings: FieldPostings) -> dict[str, str]:
    """Return the class of each term."""
    terms = [term.decode() for term in postings.terms]
    found = {
        terms[place]: name.decode()
        for name in postings.classes
        for place in postings.in_class(name)
    }
    assert len(found) == len(terms) == len(postings.members)
    return found


def check(batch: Batch, rows: Sequence[dict[str, Any]]) -> None:
    """Hold a batch against the rows that it is of."""
    wanted = reference(rows)
    assert {name: places_in(own) for name, own in batch.fields.items()} == wanted
    for name, postings in batch.fields.items():
        terms = wanted[name]
        assert classes_in(postings) == {
            term: term if name in NAMES else stem(term) for term in terms
        }
        counts = Counter(
            number
            for places in terms.values()
            for number, positions in places.items()
            for _ in positions
        )
        lengths = np.array([counts[number] for number in range(len(rows))])
        assert batch.documents.lengths[name].tolist() == to_bytes(lengths).tolist()
        assert batch.documents.totals[name] == lengths.sum()
    assert batch.documents.lengths.keys() == batch.documents.totals.keys() == wanted.keys()
    assert batch.documents.count == len(rows)
    for column in ("key", "revision"):
        assert batch.documents.columns[column].tolist() == [row[column] for row in rows]


FULL = paper(
    5,
    title="Graph neural networks for café menus: a networked graph",
    abstract="We study self-supervised learning.\nThe menu is large, the MODEL is small.",
    authors=["José García", "Jane Q. Doe", "J.-P. Serre"],
    keywords=["graph learning", "menus"],
    categories=["cs.CL", "stat.ML"],
    venue="Proceedings of Tasty Computing",
    organisation="Institute of Soup",
    note="Cook this again: ask Ana.\nNeural soup?",
)
PAPERS = {
    "every field": [FULL],
    "nothing": [paper()],
    "no words": [paper(title="?!", abstract="… --", authors=["", "-"], note="\n")],
    "one field": [paper(abstract="Alone.")],
    "first and last": [paper(title="One", categories=["cs.AI"])],
    "only a category": [paper(categories=["cs.AI", "cs.AI"])],
    "many": [FULL, paper(2), paper(3, title="Graph"), paper(9, note="graph menus"), FULL],
    "empty ones around": [paper(1), paper(2), paper(3, title="In between"), paper(4), paper(5)],
    "compounds": [
        paper(title="GPT-4o and t5-small: C++, F#, node.js, don't, self-self-supervised x_1 3.5"),
        paper(
            abstract="gpt-4o GPT gpt-4o's state\u2013of\u2013the\u2013art e-mail-, -mail 'a' b.c."
        ),
    ],
    "scripts": [
        paper(
            title="深度学习 for 한글 and かな",
            abstract="\uff27\uff30\uff34\uff0d\uff14 カタカナ ｶﾀｶﾅ 中文abc中文",
        ),
        paper(
            abstract="αβ-blockers Ελλάς Привет שלום مرحبا नमस्ते", authors=["王小明", "Łukasz Nowak"]
        ),
    ],
    "accents": [
        paper(title="Straße, Łódź and ﬁne soup", abstract="Ångström Œuvre Naïve İstanbul ŉ ǰ ß ẞ"),
        paper(title="e\u0301te\u0301 été ETE", abstract="Poincaré\u2019s Poincaré's"),
    ],
    "what folds to nothing": [paper(title="a \uff9e b", abstract="\uff9e-x \u3099 ʰ")],
    "stems": [paper(title="network networks networked networking", authors=["Networks Network"])],
    "a long word": [paper(title=f"{'a' * 300} {'b' * 99}-{'c' * 150}", abstract="a" * 100)],
    "elements of lists": [paper(authors=["Ann", "", "Bob", "?", "Cyd"], keywords=["a b", "b a"])],
    "quotes": [paper(title='"a" \\ b', authors=['"Q" \\ X', "it's"], keywords=["é\n深"])],
    "thousands of authors": [
        paper(
            title="A detector",
            authors=[f"A. B{number % 700} Name-{number}" for number in range(3000)],
        ),
        paper(title="Another", authors=["A. B1"], categories=["hep-ex"]),
    ],
    "a long text": [paper(abstract="the cat and the dog-house " * 4000)],
}


@pytest.mark.parametrize("name", PAPERS)
def test_the_words_of_papers_are_those_of_their_texts(name: str) -> None:
    check(Analyser().batch(PAPERS[name]), PAPERS[name])


def test_words_that_were_met_before_are_the_same_words() -> None:
    analyser = Analyser()
    for _ in range(2):
        for rows in PAPERS.values():
            check(analyser.batch(rows), rows)


def test_the_title_counts_twice_in_all_the_text_and_once_as_title() -> None:
    batch = Analyser().batch([paper(title="sheep goat", abstract="sheep")])
    assert places_in(batch.fields["title"]) == {"sheep": {0: [0]}, "goat": {0: [1]}}
    whole = places_in(batch.fields[ALL_TEXT])
    after_titles = 2 * (2 + PART_GAP)
    assert whole["sheep"] == {0: [0, 2 + PART_GAP, after_titles]}
    assert whole["goat"] == {0: [1, 3 + PART_GAP]}


def test_categories_are_in_no_text_but_their_own() -> None:
    batch = Analyser().batch([FULL])
    assert "cs.cl" in places_in(batch.fields["cat"])
    assert "cs.cl" not in places_in(batch.fields[ALL_TEXT])
    assert "josé" not in places_in(batch.fields["author"])
    assert "jose" in places_in(batch.fields[ALL_TEXT])


def test_parts_are_further_apart_than_any_nearness() -> None:
    row = paper(
        title="zero",
        keywords=["one", "two", "", "three"],
        authors=["four", "five"],
        note="six",
    )
    batch = Analyser().batch([row])
    for name in (ALL_TEXT, "kw", "author"):
        places = sorted(p for own in places_in(batch.fields[name]).values() for p in own[0])
        assert min(np.diff(places)) > PART_GAP - 1


LETTERS = (
    "a",
    "b",
    "A",
    "ab",
    "graphs",
    "C++",
    "f#",
    "1",
    "é",
    "É",
    "ß",
    "ﬁ",
    "İ",
    "深",
    "か",
    "한",
)
JOINTS = (" ", " ", " ", "-", ".", "_", "'", "\n", "\u2019", "\u2013")
ODDITIES = ("\uff9e", "\u0301", "\0", "\U0001d6fc", "\u200f")
PIECES = st.sampled_from([*LETTERS, *JOINTS, *ODDITIES])
TEXTS = st.lists(PIECES, max_size=12).map("".join)
ROWS = st.builds(
    paper,
    st.integers(1, 2**40),
    title=TEXTS,
    abstract=TEXTS,
    authors=st.lists(TEXTS, max_size=3),
    keywords=st.lists(TEXTS, max_size=2),
    categories=st.lists(TEXTS, max_size=2),
    note=TEXTS,
)
KNOWING = Analyser()
"""Has met the words of all examples before."""


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_any_papers_are_analysed_as_slowly_word_by_word(rows: list[dict[str, Any]]) -> None:
    check(Analyser().batch(rows), rows)
    check(KNOWING.batch(rows), rows)


@pytest.mark.parametrize("control", ["\x1c", "\x1d", "\x1e", "\x1f", "\0", "\x85", "\u2028"])
def test_controls_in_a_text_do_no_harm(control: str) -> None:
    rows = [
        paper(1, title=f"one{control}two", abstract=control, authors=[f"{control}ann", control]),
        paper(2, note=f"{control}{control}three", categories=[f"cs{control}AI"]),
        paper(3, title="after"),
    ]
    places = {name: places_in(own) for name, own in Analyser().batch(rows).fields.items()}
    # A control takes no word away and makes none, though it may keep words apart.
    for name, terms in reference(rows).items():
        found = places[name]
        assert {term: set(own) for term, own in found.items()} == {
            term: set(own) for term, own in terms.items()
        }

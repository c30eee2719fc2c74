"""Texts are split at what no word has, and what is between stands for the same words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.index.vocabulary import ENDS, Vocabulary, chunks
from store.text import FIELD_END, PART_END, terms, words
from store.texts.stems import stem, stems

ASCII = st.text(st.characters(max_codepoint=127, exclude_characters=FIELD_END + PART_END))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=st.one_of(ASCII, st.text("aB1-._'+# ,")))
@example(text="state-of-the-art. C++/F# 'node.js' --a..b-- don't x_1 +a #b a+++b \x02 \x03")
def test_chunks_have_the_words_of_the_text(text: str) -> None:
    found = [word for chunk in chunks(text) for word in words(chunk)]
    assert found == [word.lower() for word in words(text)]


def test_ends_stay_where_they_are() -> None:
    vocabulary = Vocabulary()
    field, part = ENDS
    for text in ("a {} b {} ", "é {} b {} "):
        _, first, _, second = map(vocabulary.__getitem__, chunks(text.format(PART_END, FIELD_END)))
        assert (first, second) == (part, field)


@pytest.mark.parametrize(
    ("chunk", "found"),
    [
        ("word", [("word", 0)]),
        ("Word", [("word", 0)]),
        ("word.", [("word", 0)]),
        ("Straße", [("strasse", 0)]),
        ("a" * 200, [("a" * 100, 0)]),
        ("--", []),
        ("a..b", [("a", 0), ("b", 1)]),
        ("b-a.", [("b-a", 0), ("b", 0), ("a", 1)]),
        ("x_y..c++", [("x_y", 0), ("x", 0), ("y", 1), ("c++", 2)]),
    ],
)
def test_a_chunk_stands_for_terms_at_positions(chunk: str, found: list[tuple[str, int]]) -> None:
    vocabulary = Vocabulary()
    # What is met before or after makes no difference.
    for other in ("b", "b-a", "c++", "a" * 100):
        assert isinstance(vocabulary[other], int)
    number = vocabulary[chunk]
    assert number == vocabulary[chunk]
    table = vocabulary.table()
    if number >= 0:
        numbers, shifts = [number], [0]
    else:
        own = slice(table.starts[1 - number], table.starts[1 - number] + table.counts[1 - number])
        numbers, shifts = table.terms[own].tolist(), table.shifts[own].tolist()
    in_order = vocabulary.in_order(np.array(numbers, np.int32))
    terms_found = [in_order.by_stem.terms[place].decode() for place in in_order.places.tolist()]
    assert list(zip(terms_found, shifts, strict=True)) == found


def test_terms_come_in_order_with_their_stems() -> None:
    vocabulary = Vocabulary()
    # A stem may be met as a word later, which has a stem of its own.
    for text in (["networks"], ["networking", "network", "networks"], ["général", "b-1"]):
        numbers = np.array([number for word in text if (number := vocabulary[word]) >= 0], np.int32)
        found = vocabulary.in_order(numbers)
        names = [name.decode() for name in found.by_stem.terms]
        assert names == sorted(names)
        for place, word in zip(found.places.tolist(), text, strict=False):
            assert names[place] == terms(word)[0]
            assert names[found.by_stem.of_terms[place]] == stem(terms(word)[0])
            assert found.by_itself.of_terms[place] == place


def test_many_stems_are_those_of_each() -> None:
    known = ["networks", "retrieval", "c++", "y", "étés", "x1s"]
    assert stems(known) == [stem(word) for word in known]

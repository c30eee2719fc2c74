"""A list of terms in one stretch of bytes is what the same terms are in a sorted list."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine.terms import TermList
from store.texts.edits import within_one_edit

LETTERS = "abé深\U0001d6fc"
"""Characters of one, two, three and four bytes."""
WORDS = st.text(LETTERS, max_size=5)
SETS = st.sets(st.text(LETTERS, min_size=1, max_size=5), max_size=30)
ASCII_SETS = st.sets(st.text("abc", min_size=1, max_size=5), max_size=40)
few = settings(max_examples=150, deadline=None, derandomize=True)


def in_order(words: set[str]) -> list[bytes]:
    return sorted(word.encode() for word in words)


@few
@given(words=SETS, more=SETS)
def test_terms_are_found_where_they_stand_and_others_nowhere(
    words: set[str], more: set[str]
) -> None:
    terms = in_order(words)
    own = TermList.of(terms)
    assert len(own) == len(terms)
    assert list(own) == terms
    assert [own[place] for place in range(len(own))] == terms
    for term in in_order(words | more | {""}):
        assert own.find(term) == (terms.index(term) if term in terms else -1)
        assert own.lower(term) == bisect_left(terms, term)


@few
@given(words=SETS, prefix=WORDS)
def test_the_terms_that_begin_so_stand_in_a_row(words: set[str], prefix: str) -> None:
    terms = in_order(words)
    own = TermList.of(terms)
    places = own.beginning(prefix.encode())
    assert [own[place] for place in places] == [t for t in terms if t.startswith(prefix.encode())]


@few
@given(words=SETS | ASCII_SETS, word=WORDS | st.text("abc", max_size=5))
def test_the_terms_within_one_edit_are_those_that_are_so_one_by_one(
    words: set[str], word: str
) -> None:
    terms = in_order(words)
    places = [at for at, term in enumerate(terms) if within_one_edit(term.decode(), word)]
    assert TermList.of(terms).within_one_edit(word.encode()) == places


@pytest.mark.parametrize("word", ["transformer", "naïve", "a", "ab", "深度", "\U0001d6fc", ""])
def test_every_edit_of_a_word_is_found(word: str) -> None:
    letters = "axé深\U0001d6fc"
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {
        word,
        *(head + tail[1:] for head, tail in halves),
        *(head + tail[1::-1] + tail[2:] for head, tail in halves),
        *(head + letter + tail for head, tail in halves for letter in letters),
        *(head + letter + tail[1:] for head, tail in halves for letter in letters),
    } - {""}
    far = {"x" + word + "x", "xyz" + word, word + "深深"}
    own = TermList.of(in_order(near | far))
    assert {own[place].decode() for place in own.within_one_edit(word.encode())} == near


@pytest.mark.parametrize("count", [0, 1, 300, 70_000])
def test_a_list_of_any_length_takes_no_more_than_its_numbers_need(count: int) -> None:
    terms = [f"{number:05}".encode() for number in range(count)]
    own = TermList.of(terms)
    assert len(own) == count
    assert own.ends.dtype.itemsize == {0: 1, 1: 1, 300: 2, 70_000: 4}[count]
    assert own.find(b"") == -1
    assert own.lower(b"x") == count
    assert own.beginning(b"000") == range(min(count, 100))
    assert [own[place] for place in (0, count - 1) if count] == terms[:1] + terms[-1:]


def test_an_empty_list_finds_nothing() -> None:
    own = TermList.of([])
    assert list(own) == []
    assert own.find(b"a") == -1
    assert own.lower(b"a") == 0
    assert list(own.beginning(b"")) == []
    assert own.within_one_edit(b"a") == []
    assert own.within_one_edit("é".encode()) == []


def test_the_parts_of_a_file_are_used_as_they_are() -> None:
    text = np.frombuffer(b"aabb", np.uint8)
    own = TermList(text, np.array([0, 1, 2, 4], np.uint16))
    assert list(own) == [b"a", b"a", b"bb"]
    assert own.text is text

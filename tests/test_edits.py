from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.edits import within_one_edit

LETTERS = "abß深"
words = st.text(LETTERS, max_size=6)


def edited(word: str) -> set[str]:
    """Return the word and all that one edit makes of it, by trying each."""
    heads = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        word,
        *(head + letter + tail for head, tail in heads for letter in LETTERS),
        *(head + tail[1:] for head, tail in heads),
        *(head + letter + tail[1:] for head, tail in heads for letter in LETTERS if tail),
        *(head + tail[1::-1] + tail[2:] for head, tail in heads),
    }


@given(words, words)
def test_any_two_words_are_compared_as_by_trying_every_edit(a: str, b: str) -> None:
    assert within_one_edit(a, b) is (b in edited(a))


@given(words)
def test_every_edit_is_noticed_in_both_directions(word: str) -> None:
    for other in edited(word):
        assert within_one_edit(word, other)
        assert within_one_edit(other, word)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("transfomer", "transformer", True),
        ("transformer", "transfomrer", True),
        ("retreival", "retrieval", True),
        ("graph", "graphs", True),
        ("graph", "grasp", False),
        ("grahp", "graph", True),
        ("ab", "ba", True),
        ("abc", "cab", False),
        ("", "a", True),
        ("", "", True),
        ("", "ab", False),
        ("ca", "abc", False),
    ],
)
def test_an_edit_inserts_deletes_replaces_or_swaps(a: str, b: str, *, expected: bool) -> None:
    assert within_one_edit(a, b) is expected
    assert within_one_edit(b, a) is expected

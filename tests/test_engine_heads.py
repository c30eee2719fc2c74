"""Beginnings of one or two letters are kept as bits where they have very many postings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine.arrayfile import ArrayFile, ArrayFileWriter
from store.engine.heads import Heads, heads_of
from store.engine.terms import TermList

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("a", "aa", "ab", "abc", "b", "ba", "bb", "bcd", "c", "é", "深度")
DOCUMENTS = st.sets(st.integers(0, 20), min_size=1)


def heads_in(found: dict[str, set[int]]) -> Heads:
    """Return the beginnings of these words, each given with its documents."""
    names = sorted(word.encode() for word in found)
    rows = [sorted(found[name.decode()]) for name in names]
    starts = np.cumsum([0, *map(len, rows)])
    return heads_of(
        TermList.of(names), starts, np.array([n for row in rows for n in row], np.int64)
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(WORDS), DOCUMENTS))
def test_a_beginning_that_is_kept_has_the_documents_of_all_its_words(
    found: dict[str, set[int]],
) -> None:
    heads = heads_in(found)
    largest = max((number for row in found.values() for number in row), default=-1)
    postings = {word: len(row) for word, row in found.items()}
    for beginning in (b"a", b"ab", b"b", b"ba", b"c", b"x", "é".encode(), "深".encode()[:2]):
        own = [word for word in found if word.encode().startswith(beginning)]
        documents = heads.documents(beginning, largest + 5)
        if sum(postings[word] for word in own) <= largest + 1:
            assert documents is None
        else:
            assert documents is not None
            assert set(np.flatnonzero(documents)) == set().union(*(found[word] for word in own))
            assert len(documents) == largest + 5


def test_three_letters_are_never_kept() -> None:
    heads = heads_in({"abc": {0, 1}, "abd": {0, 1}})
    assert heads.documents(b"ab", 2) is not None
    assert heads.documents(b"abc", 2) is None


@pytest.mark.parametrize("found", [{}, {"ab": {0, 9}, "ac": {0, 9}, "ad": set(range(10))}])
def test_what_is_written_is_read_back(tmp_path: Path, found: dict[str, set[int]]) -> None:
    heads = heads_in(found)
    with ArrayFileWriter(tmp_path / "file") as file:
        heads.write("text", file)
    back = Heads.read("text", ArrayFile(tmp_path / "file"))
    assert list(back.beginnings) == list(heads.beginnings)
    assert back.bits.tolist() == heads.bits.tolist()

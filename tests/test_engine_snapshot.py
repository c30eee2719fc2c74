"""An open index: what it has of each document, and what it remembers of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from store.engine.documents import LENGTHS, to_bytes
from store.engine.nodes import Word
from store.engine.snapshot import WordPostings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plainindex import Document, PlainIndex

pytest_plugins = ["tests.plainindex"]

MEGABYTE = 1 << 20


@pytest.fixture
def index(
    tmp_path: Path,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
) -> PlainIndex:
    index = index_in(tmp_path)
    index.write(documents_of(1, 8))
    index.write(documents_of(2, 5, 8), deleted={3})
    return index


def postings_of(megabytes: int) -> WordPostings:
    return WordPostings(np.zeros(0, np.int32), np.zeros(megabytes * MEGABYTE, np.uint8))


def test_the_segments_are_one_row_of_documents(index: PlainIndex) -> None:
    snapshot = index.snapshot()
    documents = [document for part in index.parts for document in part.documents]
    assert snapshot.count == 13
    assert [(one.base, one.end) for one in snapshot.segments] == [(0, 8), (8, 13)]
    assert snapshot.column("key").tolist() == [document.key for document in documents]
    assert snapshot.column("key").dtype == np.int64
    assert snapshot.live is not None
    assert np.flatnonzero(~snapshot.live).tolist() == [3]
    for name in ("text", "title"):
        lengths = np.array([document.length(name) for document in documents])
        assert snapshot.lengths(name).tolist() == to_bytes(lengths).tolist()
        assert snapshot.average_length(name) == lengths.sum() / 13
        norms = 1.2 * (0.25 + 0.75 * LENGTHS / snapshot.average_length(name))
        assert snapshot.norms(name, 1.2, 0.75) == pytest.approx(norms, rel=1e-6)


def test_a_field_that_no_document_has_is_of_length_one(index: PlainIndex) -> None:
    snapshot = index.snapshot()
    assert snapshot.average_length("nowhere") == 1
    assert not snapshot.lengths("nowhere").any()


def test_an_index_without_documents_is_open_too(
    tmp_path: Path, index_in: Callable[[Path], PlainIndex]
) -> None:
    snapshot = index_in(tmp_path).snapshot()
    assert (snapshot.count, snapshot.live, snapshot.segments) == (0, None, [])
    assert snapshot.column("key").tolist() == []
    assert snapshot.lengths("text").tolist() == []
    assert snapshot.average_length("text") == 1


def test_what_was_not_asked_for_lately_is_forgotten(index: PlainIndex) -> None:
    snapshot = index.snapshot()
    words = [Word("text", str(number).encode()) for number in range(4)]
    for word in words[:3]:
        snapshot.remember(word, postings_of(5))
    assert snapshot.remembered(words[0]) is not None
    snapshot.remember(words[3], postings_of(5))
    kept = [snapshot.remembered(word) is not None for word in words]
    assert kept == [True, False, True, True]


def test_what_takes_most_of_the_room_is_not_kept(index: PlainIndex) -> None:
    snapshot = index.snapshot()
    small, large = Word("text", b"small"), Word("text", b"large")
    snapshot.remember(small, postings_of(1))
    snapshot.remember(large, postings_of(9))
    assert snapshot.remembered(large) is None
    assert snapshot.remembered(small) is not None


def test_what_is_kept_twice_takes_its_room_once(index: PlainIndex) -> None:
    snapshot = index.snapshot()
    one, other = Word("text", b"one"), Word("text", b"other")
    snapshot.remember(one, postings_of(4))
    for _ in range(9):
        snapshot.remember(other, postings_of(4))
    assert snapshot.remembered(one) is not None


def test_words_that_differ_in_anything_are_remembered_apart(index: PlainIndex) -> None:
    snapshot = index.snapshot()
    word = Word("text", b"a")
    snapshot.remember(word, postings_of(0))
    for other in (
        Word("title", b"a"),
        Word("text", b"a", also=b"b"),
        Word("text", b"a", is_scored=False),
    ):
        assert snapshot.remembered(other) is None
    assert snapshot.remembered(Word("text", b"a")) is not None

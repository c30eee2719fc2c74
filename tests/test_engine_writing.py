"""A commit merges what is small, never makes a segment too large, and tells what it made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from store.engine.documents import Documents
from store.engine.inverting import Occurrences, in_order, postings_of
from store.engine.nodes import Run, Word
from store.engine.postings import Classes
from store.engine.writing import (
    MANY,
    MOST_DOCUMENTS,
    SMALL,
    ArrayWriter,
    Batch,
    is_worth_merging,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from plainindex import Document, PlainIndex

pytest_plugins = ["tests.plainindex"]

WORD = Run((Word("text", b"w"),))
WORDS = (b"v", b"w")


def large_batch(count: int, first: int = 0) -> Batch:
    """Return so many documents of one word, every other of the same; with keys from `first` on."""
    numbers = np.arange(count)
    occurrences = in_order(Occurrences(numbers[::-1] % 2, numbers[::-1], np.zeros(count, np.int64)))
    postings = postings_of(occurrences, WORDS, Classes(np.arange(2), WORDS))
    columns = {"key": numbers + first, "size": numbers}
    lengths = {"text": np.ones(count, np.uint8)}
    return Batch(Documents(lengths, {"text": count}, columns, count), {"text": postings})


def commit(index: PlainIndex, count: int, merge: Callable[..., list[object]] | None) -> list[int]:
    """Add so many documents and return how many each segment has."""
    writer = index.writer()
    if count:
        writer.add_batch(large_batch(count, sum(sizes(index))))
    writer.commit(mergetype=merge, merge=False)
    return sizes(index)


def sizes(index: PlainIndex) -> list[int]:
    return [segment.doc_count() for segment in index.contents().segments]


@pytest.fixture
def index(tmp_path: Path, index_in: Callable[[Path], PlainIndex]) -> PlainIndex:
    return index_in(tmp_path)


def test_small_segments_are_merged_with_what_is_new(index: PlainIndex) -> None:
    small = ArrayWriter.merge_small
    assert commit(index, 5, small) == [5]
    assert commit(index, 7, small) == [12]
    assert commit(index, SMALL, small) == [SMALL + 12]
    # From here on that one is no longer small.
    assert commit(index, 5, small) == [SMALL + 12, 5]
    assert commit(index, SMALL + 1, small) == [SMALL + 12, 5, SMALL + 1]
    assert commit(index, 5, small) == [SMALL + 12, SMALL + 1, 10]
    keys = index.snapshot().column("key")
    assert sorted(keys.tolist()) == list(range(2 * SMALL + 23))
    assert len(index.hits(WORD)) == sum(count // 2 for count in (5, 7, SMALL, 5, SMALL + 1, 5))


def test_many_segments_become_one_the_smallest_first(index: PlainIndex) -> None:
    half = MOST_DOCUMENTS // 2
    for count in (half + 1, half - 100, 30, 40, 50):
        commit(index, count, None)
    assert commit(index, 0, ArrayWriter.merge_most) == [half + 1, half + 20]
    # The two are more than may be in one.
    assert sorted(commit(index, 0, ArrayWriter.merge_most)) == [half + 1, half + 20]
    keys = index.snapshot().column("key")
    assert sorted(keys.tolist()) == list(range(MOST_DOCUMENTS + 21))
    assert len(index.hits(WORD)) == MOST_DOCUMENTS // 2 + 10


def test_segments_are_worth_merging_when_there_are_many_of_no_great_size(
    index: PlainIndex,
) -> None:
    commit(index, MOST_DOCUMENTS // 2, None)
    for _ in range(MANY):
        assert not is_worth_merging(index.contents().segments)
        commit(index, 2, None)
    assert is_worth_merging(index.contents().segments)
    assert is_worth_merging(index.contents().segments, 2)
    commit(index, 0, ArrayWriter.merge_most)
    assert not is_worth_merging(index.contents().segments, 2)


def test_a_commit_tells_its_segments_while_all_files_are_there(
    index: PlainIndex, documents_of: Callable[..., list[Document]]
) -> None:
    index.write(documents_of(1, 5))
    former = set(index.storage.list())
    seen: list[tuple[int, set[str]]] = []
    there: set[str] = set()

    def settle(segments: Sequence[Any], generation: int) -> None:
        there.update(index.storage.list())
        names = {name for one in segments for name in one.list_files(index.storage)}
        seen.append((generation, names))

    index.writer(settle).commit(mergetype=ArrayWriter.merge_most)
    ((generation, names),) = seen
    assert generation == 2
    assert len(names) == 2
    assert names | former < there
    assert not former & set(index.storage.list())


def test_a_commit_whose_settling_fails_leaves_the_former_files(
    index: PlainIndex, documents_of: Callable[..., list[Document]]
) -> None:
    index.write(documents_of(1, 5))
    former = set(index.storage.list())

    def fail(*_: object) -> None:
        raise OSError

    writer = index.writer(fail)
    with pytest.raises(OSError, match=r"^$"):
        writer.commit(mergetype=ArrayWriter.merge_most)
    assert former < set(index.storage.list())


def test_a_commit_without_anything_new_writes_no_segment(index: PlainIndex) -> None:
    assert commit(index, 0, None) == []
    assert commit(index, 0, ArrayWriter.merge_small) == []
    assert index.settled == [(0, 1), (0, 2)]
    assert len([name for name in index.storage.list() if "LOCK" not in name]) == 1


def test_numbers_take_the_bytes_that_they_need(index: PlainIndex) -> None:
    commit(index, 200, None)
    commit(index, 300, None)
    documents = [segment.fields["text"].documents.dtype for segment in index.snapshot().segments]
    assert documents == [np.uint8, np.uint16]
    commit(index, 0, ArrayWriter.merge_most)
    (segment,) = index.snapshot().segments
    assert segment.fields["text"].documents.dtype == np.uint16

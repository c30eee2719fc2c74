"""Answering words: whole posting lists at a time, every paper found, with its score.

A term scores as in Whoosh's BM25F, a run of words as the sum of its words where they follow each
other. A prefix scores as one term would that stands for all words that begin so.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from store import query as q
from store.errors import SearchAbandonedError
from store.index.analysis import run_of
from store.index.engine import TOC, FileStorage, byte_to_length
from store.index.postings import INDEX_NAME, KEY, SCHEMA, Postings
from store.ranking import BM25_B, BM25_K1, summed_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from store.index.analysis import Run
    from store.index.state import State

Scores: TypeAlias = dict[int, float]
"""By the key of the paper."""
_T = TypeVar("_T")

_BETWEEN_QUESTIONS = 256
"""So many lists or papers are worked on before asking whether the search was abandoned."""
_LENGTHS = [byte_to_length(byte) for byte in range(256)]
"""Whoosh keeps the length of a field as one byte."""


class Segment:
    """An open segment: its terms, and of each paper, by its number, the key and the lengths.

    All but the terms is read at once, as a later commit may take the files away; `names` are the
    files there are. Raises `FileNotFoundError` where one is gone already.
    """

    def __init__(self, storage: Any, segment: Any, names: frozenset[str]) -> None:
        codec = segment.codec()
        self.papers: int = segment.doc_count_all()
        self.removed = frozenset(segment.deleted_docs())
        columns: dict[str, bytes] = {}
        for column in (KEY, *map(_length_column, SCHEMA.scorable_names())):
            name = codec.column_filename(segment, column)
            if name in names:  # a field that no paper of the segment has, has no column
                with storage.open_file(name) as file:
                    columns[column] = file.read()
        self._columns = columns
        self.keys = array("Q", columns[KEY])
        if sys.byteorder == "little":  # columns are kept in network order
            self.keys.byteswap()
        reader = codec.per_document_reader(storage, segment)
        self.total_lengths = {
            field: reader.field_length(field) for field in SCHEMA.scorable_names()
        }
        self.terms = codec.terms_reader(storage, segment)

    def lengths(self, field: str) -> bytes:
        """Return the length of a field in each paper, as Whoosh's bytes."""
        return self._columns.get(_length_column(field), b"").ljust(self.papers, b"\0")

    def close(self) -> None:
        """Close the files."""
        self.terms.close()


class Snapshot:
    """The index as of one commit, open for searching by one thread at a time.

    Raises `FileNotFoundError` where a later commit has taken the files away.
    """

    def __init__(self, folder: Path, state: State) -> None:
        self.state = state
        self.segments: list[Segment] = []
        storage = FileStorage(str(folder), readonly=True)
        contents = TOC.read(storage, INDEX_NAME, gen=state.generation, schema=SCHEMA)
        names = frozenset(file.name for file in state.files)
        try:
            for segment in contents.segments:
                self.segments.append(Segment(storage, segment, names))
        except BaseException:
            self.close()
            raise
        self.papers = sum(segment.papers for segment in self.segments)
        self._norms: dict[str, list[float]] = {}

    def close(self) -> None:
        """Close the files."""
        while self.segments:
            self.segments.pop().close()

    def norms(self, field: str) -> list[float]:
        """Return the part of BM25 that depends on a field's length, by that length's byte."""
        if field not in self._norms:
            total = sum(segment.total_lengths[field] for segment in self.segments)
            average = total / (self.papers or 1) or 1
            self._norms[field] = [
                BM25_K1 * ((1 - BM25_B) + BM25_B * length / average) for length in _LENGTHS
            ]
        return self._norms[field]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a run in one segment."""

    lists: Sequence[Postings]
    """Its postings; where it is open, those of all words that begin so."""
    counts: dict[int, int]
    """How often it occurs in each paper that has it, by number."""

    def positions(self, numbers: Collection[int]) -> Iterable[tuple[int, Iterable[int]]]:
        """Return the papers among these that have the word, each with its positions there."""
        if len(self.lists) == 1:
            return self.lists[0].positions_in(numbers)
        places: defaultdict[int, list[int]] = defaultdict(list)
        for postings in self.lists:
            for number, positions in postings.positions_in(numbers):
                places[number].extend(positions)
        return places.items()


class Evaluation:
    """One query on its way; asks `cancelled` now and then whether to go on."""

    def __init__(self, snapshot: Snapshot, cancelled: Callable[[], bool] | None) -> None:
        self._snapshot = snapshot
        self._cancelled = cancelled

    def scores(self, node: q.Node) -> Scores:
        """Return all papers that `node`, of `store.search.is_text` kind, finds.

        Raises `SearchAbandonedError`.
        """
        match node:
            case q.Term() | q.Phrase() | q.Prefix():
                return self._run_scores(run_of(node))
            case q.Or(nodes):
                return summed_scores(self.scores(child) for child in nodes)
            case q.And(nodes):
                return self._conjunction(nodes)
            case _:
                raise TypeError(node)

    def _conjunction(self, nodes: Iterable[q.Node]) -> Scores:
        found: list[Scores] = []
        excluded: list[Scores] = []
        for node in nodes:
            if isinstance(node, q.Not):
                excluded.append(self.scores(node.node))
                continue
            found.append(self.scores(node))
            if not found[-1]:
                return {}
        found.sort(key=len)
        kept = found[0]
        for scores in found[1:]:
            kept = {key: score + scores[key] for key, score in kept.items() if key in scores}
        for scores in excluded:
            kept = {key: score for key, score in kept.items() if key not in scores}
        return kept

    def _run_scores(self, run: Run) -> Scores:
        if not run.words or not self._snapshot.papers:
            return {}
        segments = self._snapshot.segments
        norms = self._snapshot.norms(run.field)
        last = len(run.words) - 1
        words = [
            [
                self._word(segment, run.field, text, is_open=run.is_open and place == last)
                for segment in segments
            ]
            for place, text in enumerate(run.words)
        ]
        tops = [self._top(sum(len(word.counts) for word in row)) for row in words]
        scores: Scores = {}
        for segment, *row in zip(segments, *words, strict=True):
            found = self._following(row).difference(segment.removed)
            keys, lengths = segment.keys, segment.lengths(run.field)
            for word, top in zip(row, tops, strict=True):
                counts = word.counts
                for number in found:
                    key, count = keys[number], counts[number]
                    score = top * count / (count + norms[lengths[number]])
                    scores[key] = scores.get(key, 0.0) + score
        return scores

    def _word(self, segment: Segment, field: str, text: str, *, is_open: bool) -> _Word:
        self._ask()
        if not is_open:
            postings = segment.terms.postings(field, text.encode())
            if postings is None:
                return _Word((), {})
            counts = dict(zip(postings.numbers, postings.counts, strict=True))
            return _Word((postings,), counts)
        counts = {}
        known = counts.get
        lists: list[Postings] = []
        for postings in self._asking(segment.terms.postings_from(field, text.encode())):
            lists.append(postings)
            for number, count in zip(postings.numbers, postings.counts, strict=True):
                counts[number] = known(number, 0) + count
        return _Word(lists, counts)

    def _top(self, papers: int) -> float:
        """Return what the score of a word that so many papers have tends to, as in Whoosh."""
        return (log(self._snapshot.papers / (papers + 1)) + 1) * (BM25_K1 + 1)

    def _following(self, row: Sequence[_Word]) -> set[int]:
        """Return the papers of a segment in which these words follow each other, by number."""
        candidates = set(row[0].counts).intersection(*(word.counts for word in row[1:]))
        if len(row) == 1 or not candidates:
            return candidates
        starts = {number: set(places) for number, places in row[0].positions(candidates)}
        for distance, word in enumerate(row[1:], 1):
            starts = {
                number: kept
                for number, places in self._asking(word.positions(starts))
                if (kept := starts[number].intersection([place - distance for place in places]))
            }
        return set(starts)

    def _asking(self, things: Iterable[_T]) -> Iterator[_T]:
        """Yield these, asking now and then whether to go on."""
        for count, thing in enumerate(things):
            if count % _BETWEEN_QUESTIONS == 0:
                self._ask()
            yield thing

    def _ask(self) -> None:
        if self._cancelled and self._cancelled():
            raise SearchAbandonedError


def _length_column(field: str) -> str:
    return f"_{field}_len"

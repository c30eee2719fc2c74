"""An index beside the same documents in plain lists: a plugin of the engine's tests.

What is found, and with which scores, is written from the definitions of `store.engine.nodes` and
from Whoosh's formulas alone, one document after the other.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest

from store.engine import nodes
from store.engine.codec import ArrayCodec
from store.engine.documents import Documents, to_bytes
from store.engine.evaluating import Evaluation
from store.engine.fallback import whoosh_hits
from store.engine.fields import Number, Words
from store.engine.inverting import Occurrences, postings_of
from store.engine.nodes import Match
from store.engine.postings import Classes
from store.engine.snapshot import Snapshot
from store.engine.whoosh import (
    TOC,
    FileIndex,
    FileStorage,
    Schema,
    SegmentWriter,
    byte_to_length,
)
from store.engine.writing import ArrayWriter, Batch
from store.texts.edits import within_one_edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from store.engine.evaluating import Hits

Text: TypeAlias = tuple[tuple[str, ...], ...]
"""The words at each position, as a compound word and its first part share one; perhaps none."""
NAME = "MAIN"
K1 = 1.2
B = 0.75
_LENGTHS: tuple[int, ...] = tuple(map(byte_to_length, range(256)))

VOCABULARY = (
    *("a", "as", "ab", "abs", "abc", "ba", "bas", "cab", "b", "bs"),
    *("é", "és", "ée", "aé", "深", "深度", "x1", "x-1"),
    *(f"w{number:02}" for number in range(45)),
)
"""Words with common stems, beginnings and neighbours; the last ones have a beginning of many."""
WEIGHTS = tuple((place + 2) ** -1.5 for place in range(len(VOCABULARY)))


def singular(term: bytes) -> bytes:
    """Return the class of a term: what is left without an s."""
    return term.removesuffix(b"s")


SCHEMA = Schema(key=Number(), size=Number(), text=Words(singular), title=Words())
FIELDS = ("text", "title")


@dataclass(frozen=True)
class Document:
    """The texts of a document by field; its key tells it from all others."""

    key: int
    texts: dict[str, Text]

    def places(self, name: str) -> dict[str, list[int]]:
        """Return the words of a field with their positions, in order."""
        found: dict[str, list[int]] = {}
        for position, words in enumerate(self.texts.get(name, ())):
            for word in words:
                found.setdefault(word, []).append(position)
        return found

    def length(self, name: str) -> int:
        return sum(map(len, self.texts.get(name, ())))


@dataclass
class Part:
    """The documents of a segment, and which of them are deleted."""

    documents: list[Document]
    deleted: set[int] = field(default_factory=set)
    totals: dict[str, int] = field(default_factory=dict)


def random_text(source: random.Random, longest: int) -> Text:
    """Return a text of the `VOCABULARY`, with two words at some positions and none at others."""
    return tuple(
        tuple(
            dict.fromkeys(source.choices(VOCABULARY, WEIGHTS, k=source.choice((0, 1, 1, 1, 1, 2))))
        )
        for _ in range(source.randint(0, longest))
    )


def random_documents(source: random.Random, count: int, first: int = 0) -> list[Document]:
    """Return so many documents with the keys from `first` on."""
    return [
        Document(key, {"text": random_text(source, 14), "title": random_text(source, 4)})
        for key in range(first, first + count)
    ]


def batch_of(documents: Sequence[Document]) -> Batch:
    """Return documents as the writer of arrays takes them; of fields that any document has."""
    postings, lengths = {}, {}
    for name in FIELDS:
        own = np.array([document.length(name) for document in documents], np.int64)
        if own.any():
            postings[name] = _postings(documents, name)
            lengths[name] = own
    columns = {
        "key": np.array([document.key for document in documents], np.int64),
        "size": np.array([-document.length("text") for document in documents], np.int64),
    }
    totals = {name: int(own.sum()) for name, own in lengths.items()}
    in_bytes = {name: to_bytes(own) for name, own in lengths.items()}
    return Batch(Documents(in_bytes, totals, columns, len(documents)), postings)


def _postings(documents: Sequence[Document], name: str) -> Any:
    rows = sorted(
        (word.encode(), number, position)
        for number, document in enumerate(documents)
        for word, positions in document.places(name).items()
        for position in positions
    )
    # Numbered in another order than theirs, as words are that are met one after the other.
    names = sorted({word for word, _, _ in rows}, reverse=True)
    groups = sorted({SCHEMA[name].class_of(word) for word in names}, reverse=True)
    of_terms = [groups.index(SCHEMA[name].class_of(word)) for word in names]
    numbers = [(names.index(word), number, position) for word, number, position in rows]
    found = Occurrences(*np.array(numbers, np.int64).T)
    return postings_of(found, names, Classes(np.array(of_terms), groups))


class PlainIndex:
    """An index in a folder, and what it should be: documents by segment, in their order."""

    def __init__(self, folder: Path) -> None:
        self.storage = FileStorage(str(folder))
        FileIndex.create(self.storage, SCHEMA, NAME)
        self.parts: list[Part] = []
        self.settled: list[tuple[int, int]] = []
        """The number of segments and the generation of each commit, as its writer told them."""

    # Writing

    def writer(self, settle: Callable[[Sequence[Any], int], None] | None = None) -> ArrayWriter:
        index = FileIndex(self.storage, schema=SCHEMA, indexname=NAME)
        return ArrayWriter(index, settle or self._settle)

    def _settle(self, segments: Sequence[Any], generation: int) -> None:
        self.settled.append((len(segments), generation))

    def write(
        self,
        documents: Sequence[Document] = (),
        deleted: Iterable[int] = (),
        mergetype: Callable[..., list[Any]] | None = None,
    ) -> None:
        """Make a commit: new documents, and keys of others to delete; segments stay as they are
        unless a `mergetype` says otherwise, as a writer has them."""
        writer = self.writer()
        self._delete(writer, set(deleted))
        if documents:
            writer.add_batch(batch_of(documents))
        writer.commit(mergetype=mergetype, merge=False)
        if mergetype is not None:
            self._note_merge()
        self._note(documents, as_part=mergetype is None)

    def write_by_whoosh(
        self, documents: Sequence[Document] = (), deleted: Iterable[int] = (), **options: Any
    ) -> None:
        """Make a commit by Whoosh's own writer, posting by posting."""
        index = FileIndex(self.storage, schema=SCHEMA, indexname=NAME)
        writer = SegmentWriter(index, codec=ArrayCodec())
        self._delete(writer, set(deleted))
        for document in documents:
            values = {name: document.places(name) for name in FIELDS}
            size = -document.length("text")
            writer.add_document(key=document.key, size=size, **values)
        writer.commit(**{"merge": False, **options})
        is_merged = options.get("optimize", False)
        if is_merged:
            self._note_merge(is_rounded=True)
        self._note(documents, as_part=not is_merged)

    def _delete(self, writer: Any, keys: set[int]) -> None:
        for number, key in enumerate(self.snapshot().column("key").tolist() if keys else ()):
            if key in keys:
                writer.delete_document(number)
        for part in self.parts:
            part.deleted |= keys & {document.key for document in part.documents}

    def _note(self, documents: Sequence[Document], *, as_part: bool) -> None:
        if documents and (as_part or not self.parts):
            self.parts.append(Part([], totals=dict.fromkeys(FIELDS, 0)))
        for document in documents:
            self.parts[-1].documents.append(document)
            for name in FIELDS:
                self.parts[-1].totals[name] += document.length(name)

    def _note_merge(self, *, is_rounded: bool = False) -> None:
        """Take it that all segments were made one, the lengths of some rounded for it, or of all.

        In no order of the documents that anything depends on: they are told by their keys.
        """
        whole = Part([], totals=dict.fromkeys(FIELDS, 0))
        for part in self.parts:
            own = [one for one in part.documents if one.key not in part.deleted]
            whole.documents += own
            for name in FIELDS:
                rounded = sum(_rounded(one.length(name)) for one in own)
                is_exact = not part.deleted and not is_rounded
                whole.totals[name] += part.totals[name] if is_exact else rounded
        self.parts = [whole] if whole.documents else []

    # Reading

    def contents(self) -> Any:
        return TOC.read(self.storage, NAME, schema=SCHEMA)

    def snapshot(self) -> Snapshot:
        return Snapshot(self.storage, self.contents().segments)

    def hits(self, node: nodes.Node, snapshot: Snapshot | None = None) -> dict[int, float]:
        """Return the keys of the documents found, with their scores."""
        snapshot = snapshot or self.snapshot()
        return _by_key(snapshot, Evaluation(snapshot).hits(node))

    def whoosh_hits(self, node: nodes.Node) -> dict[int, float]:
        snapshot = self.snapshot()
        return _by_key(snapshot, whoosh_hits(self.storage, self.contents(), snapshot, node))

    # What it should be

    def left(self) -> set[int]:
        """Return the keys of the documents that are not deleted."""
        return {document.key for part, document in self._all() if document.key not in part.deleted}

    def wanted(self, node: nodes.Node) -> dict[int, float]:
        """Return the keys of the documents that `node` finds, with their scores."""
        frequencies = {word: self.frequency(word) for word in words_of(node)}
        return {
            document.key: self._score(document, node, frequencies)
            for part, document in self._all()
            if document.key not in part.deleted and is_found(document, node)
        }

    def frequency(self, word: nodes.Word) -> int:
        """Return how many documents have a word, deleted ones included."""
        return sum(bool(places_of(document, word)) for _, document in self._all())

    def terms(self, word: nodes.Word) -> set[str]:
        """Return the terms that a word stands for."""
        return {
            term
            for _, document in self._all()
            for term in document.places(word.field)
            if matches(term, word)
        }

    def _all(self) -> Iterator[tuple[Part, Document]]:
        return ((part, document) for part in self.parts for document in part.documents)

    def _score(
        self, document: Document, node: nodes.Node, frequencies: dict[nodes.Word, int]
    ) -> float:
        match node:
            case nodes.Run(words):
                return sum(
                    self._of_word(document, word, frequencies[word])
                    for word in words
                    if word.is_scored
                )
            case nodes.All(parts) | nodes.Any(parts):
                return sum(
                    self._score(document, part, frequencies)
                    for part in parts
                    if is_found(document, part)
                )

    def _of_word(self, document: Document, word: nodes.Word, frequency: int) -> float:
        count = sum(len(part.documents) for part in self.parts)
        average = sum(part.totals[word.field] for part in self.parts) / count or 1
        rarity = log(count / (frequency + 1)) + 1
        times = len(places_of(document, word))
        share = _rounded(document.length(word.field)) / average
        return rarity * times * (K1 + 1) / (times + K1 * ((1 - B) + B * share))


def words_of(node: nodes.Node) -> set[nodes.Word]:
    """Return all words of a node that documents may score for."""
    if isinstance(node, nodes.Run):
        return set(node.words)
    return {word for part in node.nodes for word in words_of(part)}


def matches(term: str, word: nodes.Word) -> bool:
    """Tell whether a word stands for a term."""
    name = term.encode()
    group = SCHEMA[word.field].class_of(name)
    if word.also is not None and group == word.also:
        return True
    match word.match:
        case Match.EXACT:
            return name == word.text
        case Match.CLASS:
            return bool(group == word.text)
        case Match.BEGINNING:
            return name.startswith(word.text)
        case Match.CLOSE:
            return within_one_edit(term, word.text.decode())


def places_of(document: Document, word: nodes.Word) -> list[int]:
    """Return where a word stands, once for each of its terms there."""
    own = document.places(word.field)
    return [place for term, places in own.items() if matches(term, word) for place in places]


def is_found(document: Document, node: nodes.Node) -> bool:
    """Tell whether a node finds a document."""
    match node:
        case nodes.Run(words, distance):
            reached = set(places_of(document, words[0]))
            for word in words[1:]:
                reached = {
                    place
                    for place in places_of(document, word)
                    if any(_follow(other, place, distance) for other in reached)
                }
            return bool(reached)
        case nodes.All(parts, excluded):
            return all(is_found(document, part) for part in parts) and not any(
                is_found(document, part) for part in excluded
            )
        case nodes.Any(parts):
            return any(is_found(document, part) for part in parts)


def _follow(one: int, other: int, distance: int) -> bool:
    return 1 <= abs(other - one) <= distance if distance else other == one + 1


def _rounded(length: int) -> int:
    return next(own for own in _LENGTHS if own >= length)


def _by_key(snapshot: Snapshot, hits: Hits) -> dict[int, float]:
    assert (np.diff(hits.documents) > 0).all()
    keys = snapshot.column("key")[hits.documents].tolist()
    assert not [key for key, count in Counter(keys).items() if count > 1]
    return dict(zip(keys, hits.scores.tolist(), strict=True))


@pytest.fixture(scope="session")
def index_in() -> Callable[[Path], PlainIndex]:
    return PlainIndex


@pytest.fixture(scope="session")
def documents_of() -> Callable[..., list[Document]]:
    """Makes documents of a seed: so many, with the keys from the third argument on."""
    return lambda seed, count, first=0: random_documents(random.Random(seed), count, first)  # noqa: S311 no secret

"""Segments of arrays are the same whoever writes them, and are read by Whoosh as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from store.engine.arrayfile import ArrayFile, ArrayFileError
from store.engine.documents import LENGTHS, to_bytes
from store.engine.files import DOCUMENTS, POSTINGS, file_of, read_documents, read_postings
from store.engine.reading import DocumentsReader, PostingsReader
from store.engine.whoosh import Searcher, SegmentReader, TermNotFound, byte_to_length, query
from store.engine.writing import ArrayWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from plainindex import Document, PlainIndex

pytest_plugins = ["tests.plainindex"]

FIELDS = ("text", "title")


def arrays_of(index: PlainIndex) -> list[dict[str, Any]]:
    """Return all that is in the files of each segment."""
    return [
        {
            name: content
            for extension in (DOCUMENTS, POSTINGS)
            for name, content in contents_of(file_of(index.storage, segment, extension))
        }
        for segment in index.contents().segments
    ]


def contents_of(path: Path) -> Iterator[tuple[str, Any]]:
    file = ArrayFile(path)
    assert file.is_whole()
    yield from ((name, (file[name].dtype.str, file[name].tolist())) for name in file)
    yield from file.facts.items()


SETS = st.tuples(st.integers(0, 10_000), st.lists(st.integers(1, 9), min_size=1, max_size=3))
"""A seed, and the number of documents in each segment."""


class Twins:
    """Two indexes of the same documents: one written by arrays, one by Whoosh's own writer."""

    def __init__(
        self,
        folders: Sequence[Path],
        index_in: Callable[[Path], PlainIndex],
        documents_of: Callable[..., list[Document]],
    ) -> None:
        self.ours, self.stock = map(index_in, folders)
        self._documents_of = documents_of

    def write(self, seed: int, counts: Sequence[int]) -> None:
        first = 0
        for count in counts:
            documents = self._documents_of(seed, count, first)
            self.ours.write(documents)
            self.stock.write_by_whoosh(documents)
            first += count


@pytest.fixture(scope="session")
def new_twins(
    tmp_path_factory: pytest.TempPathFactory,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
) -> Callable[[], Twins]:
    def make() -> Twins:
        folders = [tmp_path_factory.mktemp(name) for name in ("ours", "stock")]
        return Twins(folders, index_in, documents_of)

    return make


@settings(max_examples=25, deadline=None, derandomize=True)
@given(drawn=SETS)
def test_our_writer_writes_what_whoosh_s_pipeline_writes(
    new_twins: Callable[[], Twins], drawn: tuple[int, list[int]]
) -> None:
    twins = new_twins()
    twins.write(*drawn)
    assert arrays_of(twins.ours) == arrays_of(twins.stock)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(drawn=SETS, gone=st.sets(st.integers(0, 26)), more=st.integers(0, 4))
@example(drawn=(0, [2]), gone={0}, more=0)
def test_our_merge_makes_what_whoosh_s_merge_makes(
    new_twins: Callable[[], Twins], drawn: tuple[int, list[int]], gone: set[int], more: int
) -> None:
    twins = new_twins()
    seed, counts = drawn
    # Ours takes the smallest segments first, Whoosh's optimising as they stand.
    twins.write(seed, sorted(counts))
    keys = gone & twins.ours.left()
    assume(more or keys != twins.ours.left())  # of nothing, Whoosh makes a segment
    documents = twins._documents_of(seed + 1, more, 100)  # noqa: SLF001 more of the same
    twins.ours.write(documents, keys, ArrayWriter.merge_most)
    twins.stock.write_by_whoosh(documents, keys, optimize=True)
    ours, stock = arrays_of(twins.ours), arrays_of(twins.stock)
    for one, other, part in zip(ours, stock, twins.ours.parts, strict=True):
        # Whoosh sums lengths of segments as they are rounded, we as exactly as they are known.
        other.pop("totals")
        assert one.pop("totals") == {name: total for name, total in part.totals.items() if total}
    assert ours == stock


def test_what_is_left_of_nothing_is_no_segment(new_twins: Callable[[], Twins]) -> None:
    for merge in (ArrayWriter.merge_most, ArrayWriter.merge_small):
        twins = new_twins()
        twins.write(5, [3, 4])
        twins.ours.write(deleted=range(7), mergetype=merge)
        assert twins.ours.contents().segments == []
        assert not list(twins.ours.storage.list())[1:]
        assert twins.ours.snapshot().count == 0


# Whoosh's own reading


@pytest.fixture(scope="module")
def index(new_twins: Callable[[], Twins]) -> PlainIndex:
    """An index of one segment, some of which is deleted."""
    twins = new_twins()
    twins.write(3, [20])
    twins.ours.write(deleted={4, 9})
    return twins.ours


@pytest.fixture
def reader(index: PlainIndex) -> Any:
    contents = index.contents()
    return SegmentReader(index.storage, contents.schema, contents.segments[0])


def terms_in(index: PlainIndex, name: str) -> list[bytes]:
    (part,) = index.parts
    return sorted({word.encode() for one in part.documents for word in one.places(name)})


def test_the_terms_are_told_in_order(index: PlainIndex, reader: Any) -> None:
    wanted = [(name, term) for name in FIELDS for term in terms_in(index, name)]
    assert list(reader.all_terms()) == wanted
    assert [term for term, _ in reader] == wanted
    assert sorted(reader.indexed_field_names()) == list(FIELDS)
    for name in FIELDS:
        assert list(reader.lexicon(name)) == terms_in(index, name)
    for at in range(0, len(wanted), 5):
        name, term = wanted[at]
        assert list(reader.terms_from(name, term)) == wanted[at:]
        assert list(reader.terms_from(name, term + b"\0")) == wanted[at + 1 :]
    assert list(reader.expand_prefix("text", "ab")) == [
        term for term in terms_in(index, "text") if term.startswith(b"ab")
    ]


def test_what_is_known_of_each_term_is_true(index: PlainIndex, reader: Any) -> None:
    (part,) = index.parts
    for name in FIELDS:
        for term in terms_in(index, name):
            own = {
                number: len(places)
                for number, one in enumerate(part.documents)
                if (places := one.places(name).get(term.decode()))
            }
            lengths = [reader.doc_field_length(number, name) for number in own]
            known = reader.term_info(name, term)
            assert (name, term) in reader
            assert reader.doc_frequency(name, term) == known.doc_frequency() == len(own)
            assert reader.frequency(name, term) == known.weight() == sum(own.values())
            assert known.max_weight() == max(own.values())
            assert (known.min_id(), known.max_id()) == (min(own), max(own))
            assert (known.min_length(), known.max_length()) == (min(lengths), max(lengths))


def test_a_term_that_is_not_there_is_none(reader: Any) -> None:
    for name, term in (("text", b"nowhere"), ("title", b""), ("text", b"\xff")):
        assert (name, term) not in reader
        assert (reader.doc_frequency(name, term), reader.frequency(name, term)) == (0, 0)
        with pytest.raises(TermNotFound):
            reader.term_info(name, term)
        with pytest.raises(TermNotFound):
            reader.postings(name, term)


def test_a_cursor_goes_through_the_terms(index: PlainIndex, reader: Any) -> None:
    terms = [term.decode() for term in terms_in(index, "text")]
    cursor = reader.cursor("text")
    walked = []
    term = cursor.first()
    while cursor.is_valid():
        assert term == cursor.text()
        assert cursor.term_info().doc_frequency() == reader.doc_frequency("text", term.encode())
        walked.append(term)
        term = cursor.next()
    assert walked == terms
    assert (term, cursor.text(), cursor.term_info()) == (None, None, None)
    assert cursor.first() == terms[0]
    assert cursor.find("ab") == cursor.text() == next(t for t in terms if t >= "ab")
    assert cursor.find(b"ab") == cursor.text()
    assert cursor.find("\U0010ffff") is None
    assert not cursor.is_valid()


def test_a_cursor_of_a_field_without_terms_ends_at_once(
    tmp_path: Path, index_in: Callable[[Path], PlainIndex], documents_of: Callable[..., Any]
) -> None:
    index = index_in(tmp_path)
    (kind,) = {type(one) for one in documents_of(0, 1)}
    index.write([kind(1, {"text": (("a",),)})])
    contents = index.contents()
    reader = SegmentReader(index.storage, contents.schema, contents.segments[0])
    cursor = reader._terms.cursor("title", contents.schema["title"])  # noqa: SLF001 Whoosh asks before
    assert (cursor.first(), cursor.find("a"), cursor.is_valid()) == (None, None, False)
    assert reader.doc_field_length(0, "title") == 0
    assert reader.field_length("title") == 0
    assert "title" not in reader.indexed_field_names()


def test_postings_have_their_documents_counts_and_places(index: PlainIndex, reader: Any) -> None:
    (part,) = index.parts
    for name in FIELDS:
        for term in terms_in(index, name):
            # Those of documents that are deleted are left out by the searcher.
            matcher = reader.postings(name, term)
            for number, one in enumerate(part.documents):
                places = one.places(name).get(term.decode())
                if places is None or one.key in part.deleted:
                    continue
                assert matcher.id() == number
                assert matcher.weight() == len(places)
                assert matcher.value_as("positions") == places
                assert matcher.value_as("frequency") == len(places)
                assert [span.start for span in matcher.spans()] == places
                matcher.next()
            assert not matcher.is_active()


def test_columns_have_a_number_of_every_document(index: PlainIndex, reader: Any) -> None:
    (part,) = index.parts
    keys, sizes = reader.column_reader("key"), reader.column_reader("size")
    assert list(keys) == [one.key for one in part.documents]
    assert list(sizes) == [-one.length("text") for one in part.documents]
    assert (len(keys), keys[3], sizes[3]) == (20, 3, -part.documents[3].length("text"))
    assert reader.has_column("key")
    assert not reader.has_column("text")


def test_documents_have_their_lengths(index: PlainIndex, reader: Any) -> None:
    (part,) = index.parts
    for name in FIELDS:
        lengths = [one.length(name) for one in part.documents]
        kept = [byte_to_length(int(byte)) for byte in to_bytes(np.array(lengths))]
        assert [reader.doc_field_length(at, name) for at in range(20)] == kept
        assert reader.field_length(name) == sum(lengths)
        assert (reader.min_field_length(name), reader.max_field_length(name)) == (
            min(kept),
            max(kept),
        )


def test_deleted_documents_are_known(reader: Any) -> None:
    assert (reader.doc_count_all(), reader.doc_count()) == (20, 18)
    assert reader.has_deletions()
    assert [at for at in range(20) if reader.is_deleted(at)] == [4, 9]
    assert [number for number, _ in reader.iter_docs()] == [
        at for at in range(20) if at not in {4, 9}
    ]
    assert reader.stored_fields(3) == {}


def test_whoosh_searches_as_in_any_other_index(index: PlainIndex) -> None:
    contents = index.contents()
    reader = SegmentReader(index.storage, contents.schema, contents.segments[0])
    with Searcher(reader) as searcher:
        (part,) = index.parts
        for wanted in (
            query.Term("text", "a"),
            query.Prefix("text", "ab"),
            query.Phrase("text", ["a", "a"]),
            query.Not(query.Term("text", "a")),
        ):
            found = set(searcher.docs_for_query(wanted))
            assert found == {
                number
                for number, one in enumerate(part.documents)
                if one.key not in part.deleted and fits(one, wanted)
            }


def fits(document: Document, wanted: Any) -> bool:
    places = document.places("text")
    match wanted:
        case query.Term(text="a"):
            return "a" in places
        case query.Prefix():
            return any(word.startswith("ab") for word in places)
        case query.Phrase():
            return any(place + 1 in places["a"] for place in places.get("a", ()))
        case _:
            return "a" not in places


# The files


def test_lengths_are_kept_in_a_byte_as_whoosh_has_them() -> None:
    from whoosh.util.numeric import length_to_byte

    lengths = [*range(3000), *LENGTHS.tolist(), *(LENGTHS + 1).tolist(), 10**6, 2**40]
    assert to_bytes(np.array(lengths)).tolist() == [length_to_byte(length) for length in lengths]


@pytest.mark.parametrize("extension", [DOCUMENTS, POSTINGS])
def test_a_segment_whose_file_is_damaged_or_gone_is_not_opened(
    new_twins: Callable[[], Twins], extension: str
) -> None:
    twins = new_twins()
    twins.write(1, [4])
    index = twins.ours
    (segment,) = index.contents().segments
    path = file_of(index.storage, segment, extension)
    whole = path.read_bytes()
    for content in (b"", whole[:-1], b"\0" * len(whole)):
        path.write_bytes(content)
        with pytest.raises(ArrayFileError):
            index.snapshot()
    path.unlink()
    with pytest.raises(FileNotFoundError):
        index.snapshot()


def test_a_segment_is_two_files_and_no_pickle(new_twins: Callable[[], Twins]) -> None:
    twins = new_twins()
    twins.write(1, [4])
    for index in (twins.ours, twins.stock):
        (segment,) = index.contents().segments
        assert sorted(segment.list_files(index.storage)) == sorted(
            segment.make_filename(extension) for extension in (DOCUMENTS, POSTINGS)
        )
        assert len([name for name in index.storage.list() if "LOCK" not in name]) == 3
        assert not segment.is_compound()


def test_readers_are_what_the_codec_says(index: PlainIndex) -> None:
    (segment,) = index.contents().segments
    codec = segment.codec()
    documents = codec.per_document_reader(index.storage, segment)
    postings = codec.terms_reader(index.storage, segment)
    assert isinstance(documents, DocumentsReader)
    assert isinstance(postings, PostingsReader)
    assert list(postings.terms()) == [term for term, _ in postings.items()]
    assert read_documents(index.storage, segment).count == 20
    assert sorted(read_postings(index.storage, segment)) == list(FIELDS)

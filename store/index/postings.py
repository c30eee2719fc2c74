"""How words lie on disk: Whoosh's segments and term dictionaries, with posting lists as arrays.

Whoosh's own posting lists are read one posting at a time through pickled blocks, too slow to
search while a reader types. Here the list of a term is read and written at once: three type codes
of `array`, then the numbers of the papers in the segment, how often the term occurs in each, and
its positions in all of them, in the byte order of the machine.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from store.index.analysis import ALL_TEXT, COLUMNS, Occurrences
from store.index.engine import (
    Existence,
    FieldType,
    Format,
    ListMatcher,
    NumericColumn,
    Schema,
    TermNotFound,
    W3Codec,
    W3FieldWriter,
    W3TermInfo,
    W3TermsReader,
    pack_ushort,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

INDEX_NAME = "MAIN"
"""Whoosh's own name for the only index of a folder."""
KEY = "key"
"""The field that has a paper's key: one term to delete it by, one column to read it from."""
KEY_COLUMN = NumericColumn("Q")
# The lengths of the fields that a term occurs in are not told term by term: these are their
# bounds, which Whoosh needs for an upper bound of the score.
_SHORTEST, _LONGEST = 1, 100_000

# Whoosh has no type information: every subclass of its classes is one of Any.


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term occurs in a segment."""

    numbers: array[int]
    """The papers, as numbers within the segment, rising."""
    counts: array[int]
    """How often, paper by paper."""
    positions: array[int]
    """Where, paper after paper; empty in a field without positions."""

    def positions_in(self, numbers: Collection[int]) -> Iterator[tuple[int, array[int]]]:
        """Yield each of these papers that has the term, with its positions there."""
        if len(self.numbers) == 1 and self.numbers[0] in numbers:
            yield self.numbers[0], self.positions
            return
        ends = accumulate(self.counts)
        positions = self.positions
        for number, count, end in zip(self.numbers, self.counts, ends, strict=True):
            if number in numbers:
                yield number, positions[end - count : end]

    def to_bytes(self) -> bytes:
        """Return the postings as they lie on disk."""
        parts = [_narrowed(part) for part in (self.numbers, self.counts, self.positions)]
        codes = "".join(part.typecode for part in parts).encode()
        return b"".join((codes, *(part.tobytes() for part in parts)))

    @classmethod
    def from_bytes(cls, data: bytes, papers: int) -> Postings:
        """Read what `to_bytes` made of the postings of so many papers."""
        numbers, counts, positions = (array(code) for code in data[:3].decode())
        counts_at = 3 + papers * numbers.itemsize
        positions_at = counts_at + papers * counts.itemsize
        numbers.frombytes(data[3:counts_at])
        counts.frombytes(data[counts_at:positions_at])
        positions.frombytes(data[positions_at:])
        return cls(numbers, counts, positions)


class WordPositions(Format):  # type: ignore[misc]
    """Postings with positions, as arrays already."""

    def decode_frequency(self, value: Sequence[int]) -> int:
        """Return how often the term occurs."""
        return len(value)

    def decode_positions(self, value: Sequence[int]) -> list[int]:
        """Return where the term occurs."""
        return list(value)


class Words(FieldType):  # type: ignore[misc]
    """A field of words that are analysed already."""

    def __init__(self) -> None:
        super().__init__(WordPositions(), analyzer=None, scorable=True)

    def index(self, value: Occurrences, **_: Any) -> Iterator[tuple[bytes, int, int, list[int]]]:
        """Yield the words with their frequency, weight and positions, as a writer wants them."""
        for word, positions in value.items():
            yield word.encode(), len(positions), len(positions), positions


class Key(FieldType):  # type: ignore[misc]
    """The field of the papers' keys."""

    def __init__(self) -> None:
        super().__init__(Existence(), analyzer=None, sortable=KEY_COLUMN)

    def index(self, value: int, **_: Any) -> list[tuple[bytes, int, int, tuple[()]]]:
        """Return the one term of a paper, as a writer wants it."""
        return [(self.to_bytes(value), 1, 1, ())]

    def to_bytes(self, value: int | bytes) -> bytes:
        """Return a key as the term of the index; what is one already comes back."""
        return value if isinstance(value, bytes) else str(value).encode()

    def to_column_value(self, value: int) -> int:
        """Return a key as its column keeps it."""
        return value


SCHEMA = Schema(**{KEY: Key()}, **{field: Words() for field in (ALL_TEXT, *COLUMNS)})


class PostingsPool:
    """The postings of a segment that is being written."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, Postings]] = {name: {} for name in SCHEMA.names()}

    def add(self, posting: tuple[str, bytes, int, float, Sequence[int]]) -> None:
        """Add one posting: field, term, number of the paper, weight, positions."""
        field, term, number, weight, positions = posting
        count = int(weight)  # no boosts are used
        lists = self._fields[field]
        found = lists.get(term)
        if found is None:
            lists[term] = Postings(
                array("I", (number,)), array("I", (count,)), array("I", positions)
            )
        else:
            found.numbers.append(number)
            found.counts.append(count)
            found.positions.extend(positions)

    def add_list(self, field: str, term: bytes, postings: Postings) -> None:
        """Add postings of papers whose numbers are greater than all so far."""
        found = self._fields[field].setdefault(term, Postings(array("I"), array("I"), array("I")))
        for own, added in (
            (found.numbers, postings.numbers),
            (found.counts, postings.counts),
            (found.positions, postings.positions),
        ):
            own.extend(added if added.typecode == own.typecode else array("I", added))

    def iter_postings(self) -> Iterator[tuple[str, Iterable[tuple[bytes, Postings]]]]:
        """Yield each field that has terms with its terms, all in order."""
        for field, lists in sorted(self._fields.items()):
            if lists:
                yield field, sorted(lists.items())

    def cleanup(self) -> None:
        """Forget the postings: they are written."""
        self._fields.clear()


class PostingsWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes the postings of a segment."""

    def add_postings(
        self,
        schema: Any,
        lengths: object,  # noqa: ARG002 given by Whoosh
        fields: Iterable[tuple[str, Iterable[tuple[bytes, Postings]]]],
    ) -> None:
        """Write what a `PostingsPool` holds."""
        for field, lists in fields:
            self.start_field(field, schema[field])
            prefix = pack_ushort(self._fieldid)
            for term, postings in lists:
                data = postings.to_bytes()
                info = W3TermInfo(
                    weight=sum(postings.counts),
                    df=len(postings.numbers),
                    minlength=_SHORTEST,
                    maxlength=_LONGEST,
                    maxweight=max(postings.counts),
                    minid=postings.numbers[0],
                    maxid=postings.numbers[-1],
                )
                info.set_extent(self._postfile.tell(), len(data))
                self._postfile.write(data)
                self._tindex.add(prefix + term, info.to_bytes())
            self.finish_field()


class PostingsReader(W3TermsReader):  # type: ignore[misc]
    """Reads the terms of a segment with their postings."""

    def postings(self, field: str, term: bytes) -> Postings | None:
        """Return the postings of a term, or None where the segment has no such term."""
        try:
            info = self.term_info(field, term)
        except TermNotFound:
            return None
        return _read(self._postfile, info)

    def postings_from(self, field: str, prefix: bytes) -> Iterator[Postings]:
        """Yield the postings of every term that begins with `prefix`."""
        for (name, term), info in self.items_from(field, prefix):
            if name != field or not term.startswith(prefix):
                return
            yield _read(self._postfile, info)

    def all_postings(self) -> Iterator[tuple[str, bytes, Postings]]:
        """Yield every field and term with its postings, in order."""
        for (field, term), info in self.items():
            yield field, term, _read(self._postfile, info)


class PostingsCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with posting lists as arrays; its own searcher reads them too."""

    def field_writer(self, storage: Any, segment: Any) -> PostingsWriter:
        """Return what writes the terms and postings of a segment."""
        return PostingsWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> PostingsReader:
        """Return what reads the terms and postings of a segment."""
        name = segment.make_filename(self.TERMS_EXT)
        return PostingsReader(
            self,
            storage.open_file(name),
            storage.file_length(name),
            segment.open_file(storage, self.POSTS_EXT),
        )

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """Return a term's postings as Whoosh's own matchers want them, one by one."""
        postings = _read(dbfile, terminfo)
        ends = list(accumulate(postings.counts))
        values = [
            postings.positions[end - count : end]
            for count, end in zip(postings.counts, ends, strict=True)
        ]
        return ListMatcher(
            postings.numbers,
            postings.counts,
            values,
            format_,
            scorer=scorer,
            term=term,
            terminfo=terminfo,
        )


def _read(file: Any, info: Any) -> Postings:
    offset, (length,) = info.extent()  # Whoosh 2.7.4 reads the length as a tuple of one
    return Postings.from_bytes(file.get(offset, length), info.doc_frequency())


def _narrowed(numbers: array[int]) -> array[int]:
    largest = max(numbers, default=0)
    code = "B" if largest < 1 << 8 else "H" if largest < 1 << 16 else "I"
    return numbers if code == numbers.typecode else array(code, numbers)

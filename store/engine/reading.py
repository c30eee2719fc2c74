"""Reading documents and terms one by one, as Whoosh's own searcher asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.documents import LENGTHS, Documents
from store.engine.terms import TermList
from store.engine.whoosh import (
    ColumnReader,
    FieldCursor,
    ListMatcher,
    PerDocumentReader,
    TermInfo,
    TermNotFound,
    TermsReader,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, KeysView

    from numpy.typing import NDArray

    from store.engine.postings import FieldPostings


class DocumentsReader(PerDocumentReader):  # type: ignore[misc]
    """Reads the documents of a segment."""

    def __init__(self, segment: Any, documents: Documents) -> None:
        self._segment = segment
        self._documents = documents

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted ones included."""
        return self._documents.count

    def doc_count(self) -> int:
        """Return how many documents are left."""
        return int(self._segment.doc_count())

    def has_deletions(self) -> bool:
        """Tell whether any document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is deleted."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterable[int]:
        """Return the deleted documents."""
        found: Iterable[int] = self._segment.deleted_docs()
        return found

    def stored_fields(self, _: int) -> dict[str, Any]:
        """Return what is stored of a document: nothing is."""
        return {}

    def supports_columns(self) -> bool:
        """Tell that there are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether there is a column of this name."""
        return fieldname in self._documents.columns

    def column_reader(self, fieldname: str, _: Any) -> NumberReader:
        """Return what reads a column."""
        return NumberReader(self._documents.columns[fieldname])

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field in a document, as it is kept in one byte."""
        lengths = self._documents.lengths.get(fieldname)
        return default if lengths is None else int(LENGTHS[lengths[docnum]])

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field in all documents together."""
        return self._documents.totals.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field."""
        return int(LENGTHS[self._documents.length_bytes(fieldname).min(initial=255)])

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        return int(LENGTHS[self._documents.length_bytes(fieldname).max(initial=0)])


class NumberReader(ColumnReader):  # type: ignore[misc]
    """Reads a column of numbers."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, docnum: int) -> int:
        return int(self._numbers[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers.tolist())


class PostingsReader(TermsReader):  # type: ignore[misc]
    """Reads the terms of a segment, one by one."""

    def __init__(self, fields: dict[str, FieldPostings], documents: Documents) -> None:
        self._fields = fields
        self._documents = documents

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self._fields.get(term[0])
        return field is not None and field.terms.find(term[1]) >= 0

    def indexed_field_names(self) -> KeysView[str]:
        """Return the names of the fields that have terms."""
        return self._fields.keys()

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        """Return what goes from one term of a field to the next."""
        return TermCursor(self, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term, in order."""
        return ((name, term) for name, field in self._fields.items() for term in field.terms)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield field and term from this one on."""
        return (term for term, _ in self.items_from(fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield every term with what is known of it, in order."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield the terms from this one on, with what is known of them."""
        for name, field in self._fields.items():
            if name < fieldname:
                continue
            first = field.terms.lower(prefix) if name == fieldname else 0
            for place in range(first, len(field.terms)):
                yield (name, field.terms[place]), self.info(name, place)

    def term_info(self, fieldname: str, text: bytes) -> Any:
        """Return what is known of a term; raise Whoosh's `TermNotFound`."""
        return self.info(fieldname, self._place(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> int:
        """Return how often a term occurs; 0 where there is none."""
        return int(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term; 0 where there is none."""
        found = (fieldname, text) in self
        return int(self.term_info(fieldname, text).doc_frequency()) if found else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        """Return the postings of a term as Whoosh's own matchers want them, one by one."""
        place = self._place(fieldname, text)
        field = self._fields[fieldname]
        own = slice(int(field.starts[place]), int(field.starts[place + 1]))
        counts = field.counts[own]
        first, last = (int(at) for at in field.places[place : place + 2])
        values = np.split(field.positions[first:last].astype(np.uint32), np.cumsum(counts)[:-1])
        return ListMatcher(
            field.documents[own].tolist(),
            counts.tolist(),
            [value.tobytes() for value in values],
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.info(fieldname, place),
        )

    def info(self, fieldname: str, place: int) -> Any:
        """Return what is known of the term at a place of a field's list."""
        field = self._fields[fieldname]
        own = slice(int(field.starts[place]), int(field.starts[place + 1]))
        documents, counts = field.documents[own], field.counts[own]
        lengths = LENGTHS[self._documents.length_bytes(fieldname)[documents]]
        return TermInfo(
            weight=int(counts.sum()),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=int(counts.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def terms_of(self, fieldname: str) -> TermList | tuple[()]:
        """Return the terms of a field in order."""
        field = self._fields.get(fieldname)
        return field.terms if field else ()

    def _place(self, fieldname: str, text: bytes) -> int:
        field = self._fields.get(fieldname)
        place = field.terms.find(text) if field else -1
        if place < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return place


class TermCursor(FieldCursor):  # type: ignore[misc]
    """Goes through the terms of a field; None stands for the end."""

    def __init__(self, reader: PostingsReader, fieldname: str, fieldobj: Any) -> None:
        self._reader = reader
        self._field = fieldname
        self._type = fieldobj
        self._terms = reader.terms_of(fieldname)
        self._at = 0

    def first(self) -> Any:
        """Go to the first term and return it."""
        self._at = 0
        return self.text()

    def find(self, term: Any) -> Any:
        """Go to the first term that is not before this one, and return it."""
        text = term if isinstance(term, bytes) else self._type.to_bytes(term)
        self._at = self._terms.lower(text) if isinstance(self._terms, TermList) else 0
        return self.text()

    def next(self) -> Any:
        """Go to the next term and return it."""
        self._at += 1
        return self.text()

    def is_valid(self) -> bool:
        """Tell whether there is a term here."""
        return self._at < len(self._terms)

    def text(self) -> Any:
        """Return the term, as the field writes it."""
        return self._type.from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term_info(self) -> Any:
        """Return what is known of the term."""
        return self._reader.info(self._field, self._at) if self.is_valid() else None

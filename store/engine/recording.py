"""Taking documents and postings one by one, as Whoosh's own writer has them."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.arrayfile import ArrayFileWriter
from store.engine.documents import Documents, to_bytes
from store.engine.files import write_postings
from store.engine.inverting import Occurrences, postings_of
from store.engine.postings import Classes, FieldPostings
from store.engine.whoosh import FieldWriter, PerDocumentWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray


class DocumentsWriter(PerDocumentWriter):  # type: ignore[misc]
    """Takes the documents of a segment one by one, as Whoosh's writer has them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lengths: dict[str, array[int]] = {}
        self._columns: dict[str, array[int]] = {}
        self._count = 0
        self.documents: Documents | None = None
        """To be written in place of those taken one by one."""
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin the next document."""
        self._count = docnum + 1

    def add_field(self, fieldname: str, _fieldobj: Any, _value: Any, length: int) -> None:
        """Take the length of a field; values are not stored."""
        if length:
            self._set(self._lengths, fieldname, length)

    def add_column_value(self, fieldname: str, _columnobj: Any, value: int) -> None:
        """Take a number."""
        self._set(self._columns, fieldname, value)

    def finish_doc(self) -> None:
        """End the document."""

    def close(self) -> None:
        """Write the file."""
        if not self.is_closed:
            self.is_closed = True
            with ArrayFileWriter(self._path) as file:
                (self.documents or self._taken()).write(file)

    def _set(self, numbers: dict[str, array[int]], name: str, number: int) -> None:
        own = numbers.setdefault(name, array("q"))
        own.extend([0] * (self._count - 1 - len(own)))
        own.append(number)

    def _taken(self) -> Documents:
        lengths = {name: self._whole(own) for name, own in self._lengths.items()}
        return Documents(
            {name: to_bytes(own) for name, own in lengths.items()},
            {name: int(own.sum()) for name, own in lengths.items()},
            {name: self._whole(own) for name, own in self._columns.items()},
            self._count,
        )

    def _whole(self, numbers: array[int]) -> NDArray[np.int64]:
        whole = np.zeros(self._count, np.int64)
        whole[: len(numbers)] = numbers
        return whole


class PostingsWriter(FieldWriter):  # type: ignore[misc]
    """Takes the postings of a segment one by one, in order, as Whoosh's writer has them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fields: dict[str, FieldPostings] = {}
        self.is_closed = False

    def add_postings(
        self, schema: Any, _lengths: Any, items: Iterable[tuple[str, bytes, int, float, bytes]]
    ) -> None:
        """Take field, term, document, weight and positions of each posting, in order."""
        name = None
        taken = _Taken()
        for field, term, document, _, value in items:
            if field != name:
                self._end(schema, name, taken)
                name, taken = field, _Taken()
            taken.add(term, document, value)
        self._end(schema, name, taken)

    def close(self) -> None:
        """Write the file, unless it was written as a whole."""
        if not self.is_closed:
            self.is_closed = True
            if not self._path.exists():
                write_postings(self._path, sorted(self._fields.items()))

    def _end(self, schema: Any, name: str | None, taken: _Taken) -> None:
        if name is not None:
            self._fields[name] = taken.postings(schema[name])


class _Taken:
    """The postings of one field, one after the other."""

    def __init__(self) -> None:
        self._terms: list[bytes] = []
        self._term = array("q")
        self._document = array("q")
        self._values = bytearray()

    def add(self, term: bytes, document: int, value: bytes) -> None:
        if not self._terms or self._terms[-1] != term:
            self._terms.append(term)
        count = len(value) // array("I").itemsize
        self._term.extend([len(self._terms) - 1] * count)
        self._document.extend([document] * count)
        self._values += value

    def postings(self, field: Any) -> FieldPostings:
        found = Occurrences(
            np.frombuffer(self._term, np.int64),
            np.frombuffer(self._document, np.int64),
            np.frombuffer(self._values, np.uint32),
        )
        names: dict[bytes, int] = {}
        of_terms = [names.setdefault(field.class_of(term), len(names)) for term in self._terms]
        classes = Classes(np.array(of_terms), list(names))
        return postings_of(found, self._terms, classes)

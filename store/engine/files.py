"""The two files of a segment: one of its documents, one of its postings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.engine.arrayfile import ArrayFile, ArrayFileWriter
from store.engine.documents import Documents
from store.engine.postings import FieldPostings

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCUMENTS = ".documents"
POSTINGS = ".postings"
"""The extensions of the two files."""


def file_of(storage: Any, segment: Any, extension: str) -> Path:
    """Return the path of a file of a segment."""
    return Path(str(storage.folder), str(segment.make_filename(extension)))


def is_array_file(path: Path) -> bool:
    """Tell by its name whether a file of the index is one of ours."""
    return path.suffix in {DOCUMENTS, POSTINGS}


def read_documents(storage: Any, segment: Any) -> Documents:
    """Return the documents of a segment; raise `OSError` or `ArrayFileError`."""
    return Documents.read(ArrayFile(file_of(storage, segment, DOCUMENTS)))


def read_postings(storage: Any, segment: Any) -> dict[str, FieldPostings]:
    """Return the postings of a segment by field; raise `OSError` or `ArrayFileError`."""
    return postings_in(ArrayFile(file_of(storage, segment, POSTINGS)))


def postings_in(file: ArrayFile) -> dict[str, FieldPostings]:
    """Return the postings of a file by field."""
    return {name: FieldPostings.read(name, file) for name in file.facts["fields"]}


def write_postings(path: Path, fields: Iterable[tuple[str, FieldPostings]]) -> None:
    """Write the postings of a segment, field by field."""
    with ArrayFileWriter(path) as file:
        names = []
        for name, postings in fields:
            postings.write(name, file)
            names.append(name)
        file.note("fields", names)

"""What can go wrong in a library, as one tree.

StoreError
├── LibraryError
│   ├── LibraryNotWritableError
│   │   └── LibraryFullError
│   ├── LibraryNotPrivateError
│   ├── LibraryTooNewError
│   ├── LibraryBusyError
│   └── NotALibraryError
├── QuerySyntaxError
│   └── IncompleteQueryError
├── TagNameError
├── TemplateError
├── DecisionSyntaxError
├── EditsRefusedError
├── MergeRefusedError
├── ReplyError
├── MailAddressError
├── UnknownPaperError
├── UnknownEntryError
├── NoteChangedError
├── JoinError
├── SourceError
├── RecordError
├── IndexUnavailableError
├── BackupError
└── SearchAbandonedError

Each error keeps its facts as attributes, and its text says what to do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


_SHOWN = 40
"""So many characters of a text that is wrong stand in the message."""


def shown(text: str) -> str:
    """Return `text` as a message quotes it: a long one is cut."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class StoreError(Exception):
    """Base of every error that `store` raises on purpose."""


class LibraryError(StoreError):
    """The library at `folder` can't be used; `reason` says why, `remedy` what helps."""

    def __init__(self, folder: Path, reason: str, remedy: str) -> None:
        self.folder = folder
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"the library '{folder}' {reason}: {remedy}")


class LibraryNotWritableError(LibraryError):
    """The library's folder or file can't be created or written."""


class LibraryReadOnlyError(LibraryNotWritableError):
    """The library can be read where it is, and not be written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder, "can only be read", "make its folder and files writable, or copy them"
        )


class LibraryFullError(LibraryNotWritableError):
    """The disk has no room, or fails to write."""


class LibraryNotPrivateError(LibraryError):
    """Other users can have a hand in the library, or something else stands in its place."""


class LibraryLostError(LibraryError):
    """There are backups of a library, and none that they are of."""


class LibraryTooNewError(LibraryError):
    """A newer version wrote the library: `step` is the last one that this one does not know."""

    def __init__(self, folder: Path, step: str) -> None:
        super().__init__(
            folder,
            f"was written by a newer version (it has '{step}')",
            "upgrade paperdeck; nothing was changed",
        )


class LibraryTooOldError(LibraryNotWritableError):
    """An older version wrote the library, and it can't be brought up to date where it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder,
            "is of an older version, and can't be brought up to date where it can only be read",
            "copy it, and name the copy with --library DIR",
        )


class LibraryBusyError(LibraryError):
    """Another program held the write lock for longer than we wait."""


class NotALibraryError(LibraryError):
    """The file in the library's place is damaged or is something else."""


class QuerySyntaxError(StoreError):
    """A query that can't be read, at `column` (counted from 1 in characters).

    `suggestion` is the nearest valid spelling, or None.
    """

    def __init__(self, message: str, column: int, suggestion: str | None = None) -> None:
        self.message = message
        self.column = column
        self.suggestion = suggestion
        hint = f"; did you mean '{shown(suggestion)}'?" if suggestion else ""
        super().__init__(f"column {column}: {message}{hint}")


class IncompleteQueryError(QuerySyntaxError):
    """A query whose last field is still being typed; the previous result may stay."""


class TagNameError(StoreError):
    """A text that can't be a tag's name, or a tag that can't be `what` it shall be."""

    def __init__(self, name: str, reason: str, *, what: str = "a tag") -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"{shown(name)!r} can't be {what}: {reason}")


class TemplateError(StoreError):
    """A template that can't be read; the message says what to write instead."""


class DecisionSyntaxError(StoreError):
    """A line of a list of decisions, counted from 1, that can't be read or taken as it stands."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")


class EditsRefusedError(StoreError):
    """Lines of a list of decisions that can't be taken, all of them, so that none took effect."""

    def __init__(self, refused: Sequence[DecisionSyntaxError]) -> None:
        self.refused = tuple(refused)
        super().__init__("; ".join(map(str, self.refused)))


class MergeRefusedError(StoreError):
    """Wrong lines of texts that were to be merged, by what they are called: `ours`, `theirs`."""

    def __init__(self, refused: Mapping[str, Sequence[DecisionSyntaxError]]) -> None:
        self.refused = refused
        told = (f"{name}: {error}" for name, errors in refused.items() for error in errors)
        super().__init__("; ".join(told))


class ReplyError(StoreError):
    """An answer by mail in which no list can be found; the message says why, and what helps."""


class MailAddressError(StoreError):
    """A text that can't stand in a letter's head as an address; `reason` says why."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"'{shown(address)}' {reason}: write it as ana@example.org")


class UnknownPaperError(StoreError):
    """No paper of the library has this identifier."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(f"no paper here has the identifier '{identifier}'")


class UnknownEntryError(StoreError):
    """An entry of the journal that can't be undone or redone; `reason` says why."""

    def __init__(self, entry: int, reason: str) -> None:
        self.entry = entry
        self.reason = reason
        super().__init__(f"entry {entry} {reason} ('paperdeck history' lists them)")


class NoteChangedError(StoreError):
    """The note on `paper` is another one than that which was to be replaced."""

    def __init__(self, paper: int) -> None:
        self.paper = paper
        super().__init__("the note was changed meanwhile and stays: read it, then write again")


class JoinError(StoreError):
    """Papers that can't be joined, or a paper that can't be split; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SourceError(StoreError):
    """A file or stream that can't be read as papers at all."""

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class RecordError(StoreError):
    """One record, at `position` in its source, that can't be a paper."""

    def __init__(self, position: str, reason: str) -> None:
        self.position = position
        self.reason = reason
        super().__init__(f"{position}: {reason}")


class IndexUnavailableError(StoreError):
    """The search index can't lie in `folder`; `reason` says why, `remedy` what helps."""

    def __init__(self, folder: Path, reason: str, remedy: str) -> None:
        self.folder = folder
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"the index folder '{folder}' {reason}: {remedy}")


class SearchAbandonedError(StoreError):
    """A search that its caller no longer wants the result of."""


class BackupError(StoreError):
    """A backup, or the folder of them, can't be made or read at `place`."""

    def __init__(self, place: Path, reason: str, remedy: str) -> None:
        self.place = place
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"the backup '{place}' {reason}: {remedy}")

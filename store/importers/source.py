"""Files, folders and streams to be read: found, opened and decompressed."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import stat
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from store.errors import SourceError
from store.importers.archives import Archive, day_of, is_archive, name_in
from store.importers.content import Content, Expansion, Tally, failures_named, read_some
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


LARGEST_WHOLE = 32 * 1024 * 1024
"""Bytes, decompressed: what has to be read as a whole is refused beyond it."""

_DECOMPRESSORS: tuple[tuple[bytes, Callable[[BinaryIO], BinaryIO]], ...] = (
    (b"\x1f\x8b", lambda stored: cast("BinaryIO", gzip.GzipFile(fileobj=stored))),
    (b"\xfd7zXZ\x00", lambda stored: cast("BinaryIO", lzma.LZMAFile(stored))),  # noqa: SIM115 - its reader closes it
    (b"BZh", lambda stored: cast("BinaryIO", bz2.BZ2File(stored))),
)
_LONGEST_MAGIC = 6
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One file or stream that is to be read."""

    name: str
    """As the reader named it: a path, or `standard input`."""
    opener: Callable[[], BinaryIO]
    """Gives the bytes as they are stored; raises OSError."""
    modified: date
    """The file's modification day, local; a stream's is today."""
    size: int | None = None
    """In bytes as stored; None for a stream."""
    compressed: int | None = None
    """How many bytes the archive that it is in has for it."""
    archive: Expansion | None = field(default=None, compare=False)
    """What that archive's files came to so far, this one among them."""
    tally: Tally = field(default_factory=Tally, compare=False)
    """How much of it was read so far."""

    def open(self) -> BinaryIO:
        """Return the content, decompressed; opening and reading raise SourceError.

        gzip, xz and bzip2 are told by their first bytes, so a wrong file name does no harm. What
        comes before the damage in a damaged file can be read. Closing it closes a stream too.
        """
        with failures_named(self.name):
            stored = self.opener()
            head = stored.read(_LONGEST_MAGIC)
        self.tally.taken = len(head)
        bottom = Content(
            self.name,
            stored,
            head,
            compressed=self.compressed,
            tally=self.tally,
            archive=self.archive,
        )
        whole = cast("BinaryIO", io.BufferedReader(bottom))
        for magic, decompressed in _DECOMPRESSORS:
            if head.startswith(magic):
                content = Content(
                    self.name,
                    decompressed(whole),
                    below=whole,
                    compressed=bottom,
                    archive=self.archive,
                )
                return io.BufferedReader(content, _CHUNK)
        return whole


def sources(paths: Iterable[Path]) -> Iterator[Source | SourceError]:
    """Return what there is to read at each of `paths`; a folder is walked, sorted by name.

    The files in a zip archive are sources of their own. Hidden files in a folder, and links to
    folders, are left out. A path that isn't there, or a folder without a file, is a SourceError in
    its place.
    """
    for path in paths:
        if not _is_folder(_mode(path)):
            yield from _sources_at(path)
            continue
        found = False
        for source in _walk(path):
            found = True
            yield source
        if not found:
            yield SourceError(_shown(path), "is a folder without a file to import")


def bytes_of(found: Iterable[Source | SourceError]) -> int | None:
    """Return how many bytes there are to read in all; None where nobody can know."""
    sizes = [one.size for one in found if isinstance(one, Source)]
    return None if None in sizes else sum(filter(None, sizes))


def source_from_stream(stream: BinaryIO, today: date) -> Source:
    """Return standard input as a source; it can be opened once."""
    return Source(name="standard input", opener=lambda: stream, modified=today)


def rewound(stream: BinaryIO, name: str, size: int) -> tuple[bytes, BinaryIO]:
    """Return the first `size` bytes of `stream`, and a stream that begins with them again.

    Both are without the byte-order marks of UTF-8 there, of which files that were joined have two.
    A failure after the first byte is left to the reading of that stream.
    """
    head = b""
    try:
        while len(head) < size and (part := read_some(stream, size - len(head))):
            head += part
    except SourceError:
        if not head:
            raise
    while head.startswith(codecs.BOM_UTF8):
        head = head.removeprefix(codecs.BOM_UTF8)
    return head, cast("BinaryIO", io.BufferedReader(Content(name, stream, head), _CHUNK))


def read_whole(stream: BinaryIO, name: str, *, limit: int = LARGEST_WHOLE) -> bytes:
    """Return all of `stream`; SourceError for more than `limit` bytes."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise SourceError(
            name, f"is larger than {limit // 1024**2} MB: split it, or give it as JSON Lines"
        )
    return content


def _walk(folder: Path) -> Iterator[Source | SourceError]:
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        yield SourceError(_shown(folder), f"can't be read: {error.strerror}")
        return
    for child in children:
        if child.name.startswith("."):
            continue
        mode = _mode(child)
        if _is_folder(mode):
            if not child.is_symlink():
                yield from _walk(child)
        elif mode is None or stat.S_ISREG(mode):  # not sockets, devices and pipes
            yield from _sources_at(child)


def _mode(path: Path) -> int | None:
    """Return the kind of a file, or None where it can't be known."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return None


def _is_folder(mode: int | None) -> bool:
    return mode is not None and stat.S_ISDIR(mode)


def _sources_at(path: Path) -> Iterator[Source | SourceError]:
    """Yield the file itself, or the files in it where it is an archive."""
    if not is_archive(path):
        yield _source_from_path(path)
        return
    name = _shown(path)
    try:
        archive = Archive(path, name)
    except SourceError as error:
        yield error
        return
    expansion = Expansion(sum(member.compress_size for member in archive.members))
    for member in archive.members:
        within = f"{name}/{name_in(member)}"
        yield Source(
            name=within,
            opener=partial(archive.open, member, within),
            modified=day_of(member),
            size=member.file_size,
            compressed=member.compress_size,
            archive=expansion,
        )


def _source_from_path(path: Path) -> Source | SourceError:
    name = _shown(path)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return SourceError(name, f"can't be read: {reason}")
    return Source(
        name=name,
        opener=lambda: path.open("rb"),
        modified=_day(status.st_mtime),
        size=status.st_size if stat.S_ISREG(status.st_mode) else None,
    )


def _day(timestamp: float) -> date:
    try:
        return datetime.fromtimestamp(timestamp, UTC).astimezone().date()
    except (OverflowError, OSError, ValueError):  # a file system may hold any number
        return date.max


def _shown(path: Path) -> str:
    name = str(path)
    return name if name.isprintable() else clean_line(name)

"""The bytes of what is read: counted, kept from expanding without measure, failures named."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import BadZipFile

from store.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

LARGEST_EXPANSION = 64 * 1024 * 1024
MOST_EXPANSION = 200
"""Bytes that anything compressed may come to, and beyond them how many times its own size.

Text comes to five or ten times that; what comes to more is made to fill a disk.
"""


@dataclass(slots=True)
class Tally:
    """How much was read."""

    taken: int = 0
    """Bytes, as they are stored."""


@dataclass(slots=True)
class Expansion:
    """What the files of one archive come to in all, as they are read."""

    compressed: int
    """Bytes that the archive has for them."""
    given: int = 0


class Content(io.RawIOBase):
    """The bytes of a stream, after those of it that were read before; failures are named.

    `below` is closed with the stream: a decompressor leaves open what it reads from. `compressed`
    is what the content is decompressed from, or its size in bytes; `archive` is counted for.
    """

    def __init__(
        self,
        name: str,
        stream: BinaryIO,
        head: bytes = b"",
        *,
        below: BinaryIO | None = None,
        compressed: Content | int | None = None,
        tally: Tally | None = None,
        archive: Expansion | None = None,
    ) -> None:
        self.given = 0
        """Bytes that were read from the stream."""
        self._tally = tally
        self._archive = archive
        self._name = name
        self._compressed = compressed
        self._stream = stream
        self._head = memoryview(head)
        self._below = below
        self._failure: SourceError | None = None

    def readable(self) -> bool:
        """Say that it is read from."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read once, and return how many bytes there are; raises SourceError."""
        view = memoryview(buffer).cast("B")
        data: bytes | memoryview = self._head[: len(view)]
        if data:
            self._head = self._head[len(data) :]
        else:
            data = self._read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream, and what it reads from."""
        if not self.closed:
            self._stream.close()
            if self._below:
                self._below.close()
        super().close()

    def _read(self, size: int) -> bytes:
        # A decompressor that failed once might report an end when asked again.
        if self._failure:
            raise self._failure
        try:
            with failures_named(self._name):
                data = read_some(self._stream, size)
            self.given += len(data)
            if self._tally:
                self._tally.taken += len(data)
            if self._archive:
                self._archive.given += len(data)
            self._check_expansion()
            return data  # noqa: TRY300 - what is checked raises too
        except SourceError as error:
            self._failure = error
            raise

    def _check_expansion(self) -> None:
        below = self._compressed
        if below is not None:
            self._refuse_trap(self.given, below if isinstance(below, int) else below.given, "its")
        if self._archive:
            self._refuse_trap(self._archive.given, self._archive.compressed, "its archive's")

    def _refuse_trap(self, given: int, compressed: int, whose: str) -> None:
        if given > max(LARGEST_EXPANSION, compressed * MOST_EXPANSION):
            raise SourceError(
                self._name,
                f"comes to more than {MOST_EXPANSION} times {whose} size: refused as a trap",
            )


def read_some(stream: BinaryIO, size: int) -> bytes:
    """Read once: a damaged stream gives what comes before the damage, and fails the next time."""
    return cast("bytes", getattr(stream, "read1", stream.read)(size))


@contextmanager
def failures_named(name: str) -> Iterator[None]:
    """Raise what goes wrong as the SourceError of the source that is called so."""
    try:
        yield
    except EOFError as error:
        raise SourceError(name, "is cut short: the compressed file has no end") from error
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error, BadZipFile) as error:
        raise SourceError(name, f"is damaged: it can't be decompressed ({error})") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(name, f"can't be read: {reason}") from error

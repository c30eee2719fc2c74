"""The file format of a segment: named arrays that are mapped into memory as they lie on disk.

    file      = magic (8 bytes) {array, zero bytes up to a multiple of 64} directory trailer
    directory = UTF-8 JSON: {"arrays": {name: [dtype, offset, length]}, "facts": {…}}
    trailer   = version, length of the directory, its CRC-32, CRC-32 of all before the directory
                (4 unsigned 32-bit integers), magic

All numbers are little-endian; dtypes are NumPy's array-protocol strings, lengths count elements and
offsets bytes from the beginning of the file. The trailer comes last, so that a file whose writing
was cut off has none. Nothing in it is a pickle. `VERSION` grows with every change to this.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

VERSION = 1
_MAGIC = b"MAPPEDAR"
_TRAILER = struct.Struct("<4I8s")
_ALIGNMENT = 64
_CHUNK = 1 << 20
"""Bytes that are read at once to check a file."""


class ArrayFileError(Exception):
    """A file holds no arrays that this version can read."""


class ArrayFileWriter:
    """Writes arrays into a new file, one after the other; `close` makes it whole and durable.

    Leaving its context by an exception leaves a file without a trailer, which is none.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._arrays: dict[str, tuple[str, int, int]] = {}
        self._facts: dict[str, Any] = {}
        self._crc = 0
        self._write(_MAGIC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write one array of one dimension under a name of its own."""
        self._write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        array = np.ascontiguousarray(array)
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        self._arrays[name] = (array.dtype.str, self._file.tell(), len(array))
        self._write(array.data.cast("B") if len(array) else b"")

    def note(self, name: str, fact: Any) -> None:
        """Keep something that JSON can hold, beside the arrays."""
        self._facts[name] = fact

    def close(self) -> None:
        """Write what makes the file whole, and bring all of it to the disk."""
        if self._file.closed:
            return
        with self._file:
            directory = json.dumps({"arrays": self._arrays, "facts": self._facts}).encode()
            self._file.write(directory)
            sums = (len(directory), zlib.crc32(directory), self._crc)
            self._file.write(_TRAILER.pack(VERSION, *sums, _MAGIC))
            self._file.flush()
            os.fsync(self._file.fileno())

    def _write(self, data: bytes | memoryview) -> None:
        self._crc = zlib.crc32(data, self._crc)
        self._file.write(data)


class ArrayFile:
    """A file of arrays, mapped: they are read from disk as they are touched, and shared.

    Raises `ArrayFileError` for a file that is damaged in what is read at once, cut off, or of
    another format, and `OSError`. The arrays stay valid when the file is removed.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < len(_MAGIC) + _TRAILER.size:
                raise ArrayFileError(path)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        version, length, crc, checksum, magic = _TRAILER.unpack(self._map[-_TRAILER.size :])
        self._end = size - _TRAILER.size - length
        directory = self._map[max(0, self._end) : size - _TRAILER.size]
        if (magic, version) != (_MAGIC, VERSION) or zlib.crc32(directory) != crc:
            raise ArrayFileError(path)
        self.checksum = int(checksum)
        """That of all before the directory, as it was written."""
        found = json.loads(directory)
        self._arrays: dict[str, tuple[str, int, int]] = found["arrays"]
        self.facts: Mapping[str, Any] = found["facts"]
        """What was noted beside the arrays."""

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return an array, as a view of the file; raise `KeyError` where there is none."""
        dtype, offset, length = self._arrays[name]
        return np.frombuffer(self._map, np.dtype(dtype), length, offset)

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def let_go(self) -> None:
        """Give back the memory of what was read; what is read again comes from the disk again."""
        if hasattr(self._map, "madvise"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def is_whole(self) -> bool:
        """Tell whether every byte is as it was written; reads all of them."""
        crc = 0
        for start in range(0, self._end, _CHUNK):
            crc = zlib.crc32(self._map[start : min(start + _CHUNK, self._end)], crc)
        return bool(crc == self.checksum)

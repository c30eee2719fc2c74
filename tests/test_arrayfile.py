"""What is written into a file of arrays is read back, or the file is refused."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine.arrayfile import VERSION, ArrayFile, ArrayFileError, ArrayFileWriter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

DTYPES = ("?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")
ARRAYS: dict[str, NDArray[Any]] = {
    "numbers": np.arange(5, dtype=np.int64),
    "none": np.zeros(0, np.uint16),
    "bytes": np.frombuffer(b"some words", np.uint8),
}
FACTS = {"fields": ["title", "été"], "count": 3, "totals": {"title": 7}}
TRAILER = 24
OF_DATA = slice(-12, -8)
"""Where the trailer has the checksum of the data, which is looked at by `is_whole` alone."""


def write(path: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    with ArrayFileWriter(path) as file:
        for name, array in arrays.items():
            file.add(name, array)
        for name, fact in facts.items():
            file.note(name, fact)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "arrays"
    write(path, ARRAYS, FACTS)
    return path


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    drawn=st.lists(
        st.tuples(st.text(max_size=3), st.sampled_from(DTYPES), st.binary(max_size=80)),
        max_size=5,
        unique_by=lambda one: one[0],
    ),
    facts=st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=3),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[str, str, bytes]],
    facts: dict[str, Any],
) -> None:
    arrays = {}
    for name, kind, data in drawn:
        dtype = np.dtype(kind)
        arrays[name] = np.frombuffer(data[: len(data) // dtype.itemsize * dtype.itemsize], dtype)
    path = tmp_path_factory.mktemp("arrays") / "file"
    write(path, arrays, facts)
    file = ArrayFile(path)
    assert file.is_whole()
    assert file.facts == facts
    assert list(file) == list(arrays)
    for name, array in arrays.items():
        assert name in file
        assert file[name].dtype == array.dtype
        assert file[name].tobytes() == array.tobytes()


def test_a_file_without_arrays_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "file", {}, {})
    file = ArrayFile(tmp_path / "file")
    assert (list(file), file.facts, file.is_whole()) == ([], {}, True)


def test_arrays_of_another_order_are_written_as_all_others(tmp_path: Path) -> None:
    numbers = np.arange(20, dtype=np.int32)
    write(tmp_path / "file", {"big": numbers.astype(">i4"), "every other": numbers[::2]}, {})
    file = ArrayFile(tmp_path / "file")
    assert file["big"].dtype.str == "<i4"
    assert file["big"].tolist() == list(range(20))
    assert file["every other"].tolist() == list(range(0, 20, 2))


def test_arrays_begin_where_their_numbers_are_read_at_once(path: Path) -> None:
    file = ArrayFile(path)
    for name in file:
        assert file[name].ctypes.data % 64 == 0


def test_what_is_not_there_is_a_key_error(path: Path) -> None:
    file = ArrayFile(path)
    assert "numbers" in file
    assert "number" not in file
    with pytest.raises(KeyError):
        file["number"]


def test_the_arrays_cannot_be_written_to(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        ArrayFile(path)["numbers"][0] = 5


def test_a_file_that_was_cut_off_at_any_byte_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(ArrayFileError):
            ArrayFile(path)


def test_a_file_with_more_behind_it_is_refused(path: Path) -> None:
    for more in (b"\0", b"MAPPEDAR", b"\0" * TRAILER):
        longer = path.with_suffix(".longer")
        longer.write_bytes(path.read_bytes() + more)
        with pytest.raises(ArrayFileError):
            ArrayFile(longer)


def test_every_flipped_bit_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    directory = whole.index(b'{"arrays"')
    of_data = range(len(whole))[OF_DATA]
    for place in range(len(whole)):
        for bit in (1, 8, 128):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            if place < directory or place in of_data:
                assert not ArrayFile(path).is_whole()
            else:
                with pytest.raises(ArrayFileError):
                    ArrayFile(path)


def test_a_file_of_many_pieces_is_checked_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write(path, {"zeros": np.zeros(3_000_000, np.uint8), "more": np.ones(7)}, {})
    assert ArrayFile(path).is_whole()
    whole = bytearray(path.read_bytes())
    whole[2_999_999] = 1
    path.write_bytes(whole)
    assert not ArrayFile(path).is_whole()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\0" * 31, b"\0" * 32, b"\0" * 5000, b"\xff" * 500, b"MAPPEDAR" * 9, b"{}" * 99],
    ids=len,
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ArrayFileError):
        ArrayFile(path)


def test_a_file_of_another_version_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    trailer = whole[-TRAILER:]
    assert trailer[:4] == VERSION.to_bytes(4, "little")
    for version in (0, VERSION + 1):
        path.write_bytes(whole[:-TRAILER] + version.to_bytes(4, "little") + trailer[4:])
        with pytest.raises(ArrayFileError):
            ArrayFile(path)


def test_the_file_is_as_its_format_says(path: Path) -> None:
    whole = path.read_bytes()
    version, length, of_directory, of_data = np.frombuffer(whole[-TRAILER:-8], "<u4").tolist()
    end = len(whole) - TRAILER - length
    assert (whole[:8], whole[-8:], version) == (b"MAPPEDAR", b"MAPPEDAR", VERSION)
    assert of_directory == zlib.crc32(whole[end:-TRAILER])
    assert of_data == zlib.crc32(whole[:end])
    assert whole[64:104] == ARRAYS["numbers"].astype("<i8").tobytes()


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ArrayFile(tmp_path / "file")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_file_left_by_an_exception_is_none(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file"
    with pytest.raises(error), ArrayFileWriter(path) as file:  # noqa: PT012 what is left half-way
        file.add("numbers", ARRAYS["numbers"])
        raise error
    assert path.exists()
    with pytest.raises(ArrayFileError):
        ArrayFile(path)


def test_a_file_is_not_written_over_another(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        ArrayFileWriter(path)
    assert path.read_bytes() == before


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with ArrayFileWriter(path) as file:
        file.add("numbers", ARRAYS["numbers"])
        file.close()
    assert ArrayFile(path).is_whole()


def test_arrays_stay_when_the_file_goes(path: Path) -> None:
    file = ArrayFile(path)
    numbers = file["numbers"]
    path.unlink()
    write(path, {"numbers": np.zeros(9)}, {})
    assert numbers.tolist() == list(range(5))
    assert file["bytes"].tobytes() == b"some words"
    assert file.is_whole()
    del file
    assert numbers.tolist() == list(range(5))

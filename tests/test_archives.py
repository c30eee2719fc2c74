from __future__ import annotations

import gzip
import lzma
import struct
import zipfile
from contextlib import contextmanager
from datetime import date
from typing import IO, TYPE_CHECKING

import pytest

from store.errors import SourceError
from store.importers import ReadingContext, Source, read_records, sources
from store.importers.content import LARGEST_EXPANSION
from store.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONTEXT = ReadingContext(date(2026, 3, 12))
EACH = LARGEST_EXPANSION * 2 // 5


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def told(path: Path) -> list[str]:
    """Show what is read at a path: titles, and why anything was refused."""
    found = []
    for source in sources([path]):
        if isinstance(source, SourceError):
            found.append(str(source))
            continue
        try:
            records = list(read_records(source, CONTEXT))
        except SourceError as error:
            found.append(str(error))
            continue
        found += [one.title if isinstance(one, Record) else str(one) for one in records]
    return found


def test_each_file_of_an_archive_is_a_source_of_its_own(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "library.zip",
        **{
            "b/two.bib": b"@misc{a, title = {Two}}",
            "a.ris": b"TY  - JOUR\nTI  - One\nER  -\n",
            "__MACOSX/a.ris": b"x",
            ".hidden": b"x",
            "c.bin": b"\x00\x01",
        },
    )
    found = list(sources([path]))
    assert [one.name for one in found if isinstance(one, Source)] == [
        f"{path}/a.ris",
        f"{path}/b/two.bib",
        f"{path}/c.bin",
    ]
    first, second, third = told(path)
    assert (first, second) == ("One", "Two")
    assert "is binary" in third


def test_an_archive_in_a_folder_is_looked_into(tmp_path: Path) -> None:
    zipped(tmp_path / "library.zip", **{"a.bib": b"@misc{a, title = {One}}"})
    assert told(tmp_path) == ["One"]


def test_a_damaged_archive_is_told_and_the_other_files_go_in(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", **{"a.bib": b"@misc{a, title = {One}}" * 100}).read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:-30])
    (tmp_path / "b.bib").write_text("@misc{b, title = {Two}}")
    damaged, two = told(tmp_path)
    assert "damaged zip archive" in damaged
    assert two == "Two"


def test_damage_within_an_archive_is_that_of_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.bib", "@misc{a, title = {One}}")
        archive.writestr("b.bib", "@misc{b, title = {Two}}")
    path.write_bytes(path.read_bytes().replace(b"{One}", b"{Own}", 1))
    damaged, two = told(path)
    assert "is damaged" in damaged
    assert two == "Two"


def test_archives_of_other_kinds_say_what_to_do(tmp_path: Path) -> None:
    office = zipped(tmp_path / "a.xlsx", **{"[Content_Types].xml": b"x", "xl/b.xml": b"x"})
    assert "save it as CSV" in told(office)[0]
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w"):
        pass
    assert told(empty)[0].startswith(str(empty))
    inner = zipped(tmp_path / "inner.zip", **{"a.bib": b"@misc{a, title = {One}}"}).read_bytes()
    assert "is a zip archive" in told(zipped(tmp_path / "outer.zip", **{"inner.zip": inner}))[0]


def test_a_password_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"a.bib": b"@misc{a, title = {One}}"})
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(signature) + place
        struct.pack_into("<H", content, start, 1)
    path.write_bytes(content)
    assert "can't be unpacked" in told(path)[0]


BLANKS = b" " * (1024 * 1024 - 1) + b"\n"


@contextmanager
def opened(path: Path, kind: str) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """Open a compressed file to write in."""
    if kind == "zip":
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("a.jsonl", "w", force_zip64=True) as member,
        ):
            yield member
    elif kind == "xz":
        with lzma.open(path, "wb", preset=0) as stream:
            yield stream
    else:
        with gzip.open(path, "wb", compresslevel=1) as stream:
            yield stream


@pytest.mark.parametrize("kind", ["xz", "gzip", "zip"])
def test_what_expands_without_measure_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "trap"
    with opened(path, kind) as stream:
        stream.write(b'{"title": "One", "abstract": "x"}\n')
        for _ in range(LARGEST_EXPANSION // len(BLANKS) + 8):
            stream.write(BLANKS)
    (source,) = sources([path])
    assert isinstance(source, Source)
    records = read_records(source, CONTEXT)
    assert isinstance(next(records), Record)
    with pytest.raises(SourceError, match="times its size"):
        next(records)


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_files_that_are_traps_together_are_refused(
    tmp_path: Path, packed: Callable[[bytes], bytes]
) -> None:
    # Each alone comes to less than what anything may.
    content = packed(b" " * (EACH))
    path = zipped(tmp_path / "traps.zip", **{f"{number}.csv": content for number in range(3)})
    found = [one for one in sources([path]) if isinstance(one, Source)]
    for source in found[:2]:
        with source.open() as stream:
            assert len(stream.read()) == EACH
    with found[2].open() as stream, pytest.raises(SourceError, match="200 times its archive's"):
        stream.read()

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.errors import SourceError
from store.importers.encodings import decode
from store.importers.source import Source, read_whole, rewound, source_from_stream, sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TODAY = date(2026, 3, 12)
COMPRESSORS: tuple[Callable[[bytes], bytes], ...] = (
    gzip.compress,
    partial(lzma.compress, preset=0),
    # Blocks of 100 kB: bzip2 gives a block as a whole or not at all.
    partial(bz2.compress, compresslevel=1),
)


def source_at(path: Path) -> Source:
    (source,) = sources([path])
    assert isinstance(source, Source)
    return source


def error_at(path: Path) -> SourceError:
    (error,) = sources([path])
    assert isinstance(error, SourceError)
    return error


def content(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read()


@pytest.mark.parametrize("compress", [bytes, *COMPRESSORS])
def test_a_file_is_decompressed_by_its_content_whatever_its_name(
    tmp_path: Path, compress: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(compress(b"a line\n" * 20_000))

    assert content(source_at(path)) == b"a line\n" * 20_000


def test_a_file_that_only_has_a_compressed_name_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "papers.gz"
    path.write_bytes(b"plain")

    assert content(source_at(path)) == b"plain"


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_a_compressed_file_cut_short_gives_its_beginning_and_then_says_so(
    tmp_path: Path, compress: Callable[[bytes], bytes]
) -> None:
    lines = b"".join(b"%d %s\n" % (n, os.urandom(300).hex().encode()) for n in range(1000))
    whole = compress(lines)
    path = tmp_path / "papers"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    read: list[bytes] = []

    with source_at(path).open() as stream, pytest.raises(SourceError, match="cut short"):
        read.extend(stream)

    assert read == lines.splitlines(keepends=True)[: len(read)]
    assert len(read) > 300


def test_a_damaged_compressed_file_is_reported_each_time_it_is_read(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(os.urandom(50_000)))
    whole[-8] ^= 0xFF
    path = tmp_path / "papers.gz"
    path.write_bytes(whole)

    with source_at(path).open() as stream:
        for _ in range(2):
            with pytest.raises(SourceError, match="damaged"):
                stream.read()


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.json", "b/1.json", "a.json", ".hidden", ".git/config", "c/.x", "c/d/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)

    found = [source.name for source in sources([tmp_path]) if isinstance(source, Source)]

    expected = ("a.json", "b/1.json", "b/2.json", "c/d/e.txt")
    assert found == [str(tmp_path / name) for name in expected]


def test_a_link_to_a_folder_is_not_walked_so_that_a_ring_ends(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    (tmp_path / "ring").symlink_to(tmp_path)

    assert len(list(sources([tmp_path]))) == 1


def test_a_dangling_link_a_missing_path_and_an_empty_folder_are_errors_in_their_place(
    tmp_path: Path,
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    good = tmp_path / "good.json"
    good.write_text("[]")

    found = list(sources([tmp_path / "link", tmp_path / "none", good, tmp_path / "empty"]))

    assert [isinstance(source, SourceError) for source in found] == [True, True, False, True]
    assert "No such file" in str(found[1])
    assert "without a file" in str(found[3])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_or_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "papers.json"
    path.write_text("[]")
    path.chmod(0)
    folder = tmp_path / "closed"
    folder.mkdir(mode=0)
    listed = tmp_path / "listed"
    listed.mkdir()
    (listed / "papers.json").write_text("[]")
    listed.chmod(0o444)

    with pytest.raises(SourceError, match="Permission denied"):
        source_at(path).open()
    for closed in (folder, folder / "papers.json", listed):
        assert "Permission denied" in str(error_at(closed))
    listed.chmod(0o755)


def test_a_file_that_goes_away_before_it_is_opened_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "papers.json"
    path.write_text("[]")
    source = source_at(path)
    path.unlink()

    with pytest.raises(SourceError, match="No such file"):
        source.open()


def test_a_source_knows_its_size_and_its_day(tmp_path: Path) -> None:
    path = tmp_path / "papers.json"
    path.write_text("[]\n")
    noon = 1_741_780_800.0  # 2025-03-12T12:00:00Z
    os.utime(path, (noon, noon))

    source = source_at(path)

    assert source.size == 3
    assert source.modified == date(2025, 3, 12)


def test_a_stream_has_no_size_and_is_of_today() -> None:
    source = source_from_stream(io.BytesIO(gzip.compress(b"text")), TODAY)

    assert (source.name, source.size, source.modified) == ("standard input", None, TODAY)
    assert content(source) == b"text"


def test_a_pipe_can_be_read_by_its_path(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"text")
    os.close(writing)
    path = tmp_path / "pipe"
    path.symlink_to(f"/dev/fd/{reading}")

    source = source_at(path)

    assert source.size is None
    assert content(source) == b"text"
    os.close(reading)


def test_a_path_with_control_characters_is_shown_without_them(tmp_path: Path) -> None:
    assert error_at(tmp_path / "a\x1b[31m\nb").source == f"{tmp_path}/a b"
    assert error_at(tmp_path / "a\udcffb").source == f"{tmp_path}/ab"


def test_what_expands_beyond_the_limit_is_refused() -> None:
    with pytest.raises(SourceError, match="larger than 1 MB"):
        read_whole(io.BytesIO(bytes(1024**2 + 1)), "bomb", limit=1024**2)


def test_the_head_of_a_stream_is_read_again_after_it_was_looked_at() -> None:
    head, stream = rewound(io.BytesIO(b"0123456789"), "name", 4)

    assert head == b"0123"
    assert stream.read() == b"0123456789"


def test_text_loses_its_byte_order_mark_and_its_line_ends_become_one_kind() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n", "name") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\nna\N{LATIN SMALL LETTER I WITH DIAERESIS}ve".encode("cp1252"), "byte 0xef in line 2"),
        ("text".encode("utf-16"), "is UTF-16 text"),
    ],
)
def test_text_of_another_encoding_is_named_with_its_remedy(content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        decode(content, "name")
    assert "iconv" in str(caught.value)

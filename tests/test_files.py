from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tui.outside.errors import FileError
from tui.outside.files import (
    ExportTarget,
    completed_path,
    export_target,
    import_target,
    path_of,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with files of many names."""
    place = tmp_path / "place"
    (place / "papers").mkdir(parents=True)
    for name in ("paper.json", "page two.txt", ".hidden", "zwölf.md", "a\nb", "a\x1b[31mc"):
        (place / name).touch()
    (place / "papers" / "one.jsonl").touch()
    return place


@pytest.mark.parametrize(
    ("written", "completed"),
    [
        ("pap", "paper.json"),
        ("paper.", "paper.json"),
        ("papers", "papers/"),
        ("papers/", "papers/one.jsonl"),
        ("page", "page two.txt"),
        ("page t", "page two.txt"),
        ("zw", "zwölf.md"),
        (".h", ".hidden"),
        ("", "page two.txt"),
        ("a", None),
        ("paper.json", None),
        ("paper.json/x", None),
        ("nothing/x", None),
        ("x", None),
    ],
)
def test_the_name_at_the_end_of_a_path_is_completed(
    place: Path, written: str, completed: str | None
) -> None:
    whole = completed_path(f"{place}/{written}")
    assert whole == (completed and f"{place}/{completed}")


def test_nothing_written_is_completed_by_nothing() -> None:
    assert completed_path("") is None
    assert completed_path("  ") is None


def test_a_tilde_is_a_home_folder() -> None:
    assert completed_path("~") == "~/"
    assert path_of(" ~/x.bib ") == Path.home() / "x.bib"
    assert completed_path("~nobody-of-this-name/x") is None
    with pytest.raises(FileError, match="names no home folder"):
        path_of("~nobody-of-this-name/x")


def test_the_suffix_names_the_format(tmp_path: Path) -> None:
    for suffix, name in {
        ".bib": "bibtex",
        ".ris": "ris",
        ".json": "csl",
        ".csv": "csv",
        ".md": "markdown",
        ".jsonl": "jsonl",
        ".BIB": "bibtex",
        ".biblatex.bib": "biblatex",
        ".table.md": "markdown-table",
    }.items():
        path = tmp_path / f"x{suffix}"
        assert export_target(str(path)) == ExportTarget(path, name, is_there=False)
        path.touch()
        assert export_target(str(path)).is_there


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (
            "x.txt",
            r"'x.txt' must end in .jsonl, .bib, .biblatex.bib, .ris, .json, .csv, .md or .table.md",
        ),
        ("x", "must end in"),
        (".bib", "must end in"),
        ("", "is a folder: name a file in it"),
        ("nowhere/x.bib", "There is no folder '.*/nowhere'"),
        ("x" * 300 + ".bib", "can't be used: File name too long"),
    ],
)
def test_what_is_no_file_to_export_to_is_refused(tmp_path: Path, written: str, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        export_target(f"{tmp_path}/{written}")


def test_what_would_keep_who_writes_it_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.bib")
    (tmp_path / "null.bib").symlink_to(os.devnull)
    (tmp_path / "new.bib").symlink_to("not-there-yet.bib")
    for name in ("pipe.bib", "null.bib"):
        with pytest.raises(FileError, match=f"'.*/{name}' is no regular file: name another"):
            export_target(f"{tmp_path}/{name}")
    assert not export_target(f"{tmp_path}/new.bib").is_there


def test_only_what_is_there_can_be_imported(place: Path) -> None:
    assert import_target(f"{place}/paper.json ") == place / "paper.json"
    assert import_target(str(place)) == place
    (place / "it's").touch()
    assert import_target(f"{place}/it's") == place / "it's"
    # As terminals write a file that is dropped on them.
    for written in (f"'{place}/page two.txt' ", f"{place}/page\\ two.txt", f'"{place}/it\'s"'):
        assert import_target(written).parent == place
    with pytest.raises(FileError, match=r"There is no file or folder '.*/none'"):
        import_target(f"{place}/none")
    with pytest.raises(FileError, match="File name too long"):
        import_target(f"{place}/{'x' * 300}")


def test_a_file_is_written_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    write_file(path, ["one\n", "zwölf\n"])
    assert path.read_bytes() == "one\nzwölf\n".encode()
    path.chmod(0o640)
    write_file(path, ["two\n"])
    assert path.read_text() == "two\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["x.md"]  # noqa: PTH208 names are all that is asked


def test_a_text_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def parts() -> Iterator[str]:
        yield "half of it"
        raise KeyboardInterrupt

    path = tmp_path / "x.md"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write_file(path, parts())
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("before")
    (tmp_path / "link.md").symlink_to("real.md")
    write_file(tmp_path / "link.md", ["after"])
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "after"


def test_a_named_pipe_is_written_into(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    os.mkfifo(path)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(path.read_text()))
    reader.start()
    write_file(path, ["through"])
    reader.join(10)
    assert read == ["through"]
    assert path.is_fifo()


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"'.*/none/x.md' can't be written: No such file"):
        write_file(tmp_path / "none" / "x.md", [])
    with pytest.raises(FileError, match="can't be written: Is a directory"):
        write_file(tmp_path, [])

"""Libraries that can be read and not be written: seen through a mount that is read-only.

Modes would do, but not for root. The library stays writable at its own place.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import fulldisk
import pytest

from store.record import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import DeskOpener, LibraryWriter, RecordBuilder

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not fulldisk.can_mount(),
    reason="no view can be mounted here: unshare -rm",
)

BEGINNING = """
import sys
from pathlib import Path
from store.errors import LibraryError
from store.library import Library
from store.tagnames import read_tag_edit

place, view, index = map(Path, sys.argv[1:])

def opened(folder):
    return Library(folder, index_folder=index)

def said(act):
    try:
        act()
    except LibraryError as error:
        return f"{type(error).__name__}: {error.reason}"
    return "done"

def star(library, *keys):
    library.tags.edit(keys, read_tag_edit(["+star"]))
"""
MOUNTED = 'mount --bind "$1" "$2" && mount -o remount,bind,ro "$2" && shift 2 && exec "$@"'


@pytest.fixture
def place(desk_in: DeskOpener, record: RecordBuilder, tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    with desk_in(folder) as desk:
        desk.bring_in(record("Counting sheep"), record("Counting wolves"))
    return folder


@pytest.fixture
def carry_out(tmp_path: Path) -> Callable[[Path, str], list[str]]:
    """Carry out a program that sees a folder through a view as well, and return its lines."""

    def carry_out(place: Path, program: str) -> list[str]:
        view = tmp_path / "view"
        view.mkdir()
        script = tmp_path / "script.py"
        script.write_text(BEGINNING + program, encoding="utf-8")
        command = [*fulldisk.NAMESPACE, "sh", "-c", MOUNTED, "sh", str(place), str(view)]
        words = [sys.executable, str(script), str(place), str(view), str(tmp_path / "index")]
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return carry_out


def test_it_is_read_and_nothing_is_written(
    place: Path, carry_out: Callable[[Path, str], list[str]]
) -> None:
    before = (place / FILE_NAME).read_bytes()
    said = carry_out(
        place,
        """
with opened(view) as library:
    print(library.is_read_only, len(library), library.paper(1).title)
    library.index.wait(60)
    print(len(library.search(library.parse("wolves")).keys))
    print(said(lambda: star(library, 1)))
    print(said(lambda: library.set_note(1, "Mine.")))
    print(said(library.look_after), said(library.refuse_newer))
    print(library.history.entries()[0].label)
with opened(place) as library:
    print(library.is_read_only, said(lambda: star(library, 1)))
""",
    )
    assert said == [
        "True 2 Counting sheep",
        "1",
        "LibraryReadOnlyError: can only be read",
        "LibraryReadOnlyError: can only be read",
        "done done",
        "import: 2 added, 0 updated",
        "False done",
    ]
    assert (place / FILE_NAME).read_bytes() != before
    assert sorted(path.name for path in place.iterdir()) == [FILE_NAME]


def test_what_another_program_has_open_shows_what_it_decides(
    place: Path, carry_out: Callable[[Path, str], list[str]]
) -> None:
    said = carry_out(
        place,
        """
with opened(place) as writer:
    star(writer, 1)
    with opened(view) as reader:
        print(reader.is_read_only, len(reader.search(reader.parse("tag:star")).keys))
        star(writer, 2)
        print(said(reader.refuse_newer), len(reader.search(reader.parse("tag:star")).keys))
""",
    )
    assert said == ["True 1", "done 2"]


def test_what_is_written_behind_it_is_noticed(
    place: Path, carry_out: Callable[[Path, str], list[str]]
) -> None:
    said = carry_out(
        place,
        """
with opened(view) as reader:
    print(said(reader.refuse_newer))
    with opened(place) as writer:
        star(writer, 2)
        print(said(reader.refuse_newer))
    print(said(reader.refuse_newer))
""",
    )
    changed = "LibraryNotWritableError: was changed by another program"
    assert said == ["done", changed, changed]


def test_an_older_one_is_not_brought_up_to_date(
    tmp_path: Path,
    write_library_of: LibraryWriter,
    carry_out: Callable[[Path, str], list[str]],
) -> None:
    file = write_library_of("0.4", tmp_path / "library" / FILE_NAME)
    before = file.read_bytes()
    said = carry_out(file.parent, "print(said(lambda: opened(view)))")
    (line,) = said
    assert line.startswith("LibraryTooOldError: is of an older version")
    assert file.read_bytes() == before


def test_what_is_read_while_another_program_writes_is_no_damage(
    place: Path, carry_out: Callable[[Path, str], list[str]]
) -> None:
    said = carry_out(
        place,
        """
import io, json
from datetime import date
from store.importers import source_from_stream

with opened(view) as reader:
    print(len(reader.search(reader.parse("tag:star")).keys))
    with opened(place) as writer:
        lines = "".join(
            json.dumps({"title": f"Sheep {n}", "id": f"doi:10.1000/{n}"}) + chr(10)
            for n in range(3000)
        )
        writer.imports.bring_in([source_from_stream(io.BytesIO(lines.encode()), date.today())])
        star(writer, *range(1, 3000))
    print(said(lambda: [list(reader.papers(range(1, 3000))), list(reader.decisions.dump())]))
""",
    )
    assert said[0] == "0"
    assert said[1] in {"done", "LibraryNotWritableError: was changed by another program"}


def test_a_log_that_was_left_is_read_or_said_to_be_in_the_way(
    place: Path, carry_out: Callable[[Path, str], list[str]]
) -> None:
    said = carry_out(
        place,
        """
log = place / "library.db-wal"
log.touch()
print(said(lambda: print(len(opened(view)))))
log.unlink()
with opened(place) as writer:
    star(writer, 1)
    left = log.read_bytes()
log.write_bytes(left)
print(said(lambda: opened(view)))
""",
    )
    assert said == [
        "2",
        "done",
        "LibraryNotWritableError: has a log that can't be read where nothing can be written",
    ]


def test_a_reader_goes_on_once_the_writer_has_left(
    place: Path, carry_out: Callable[[Path, str], list[str]]
) -> None:
    said = carry_out(
        place,
        """
writer = opened(place)
star(writer, 1)
reader = opened(view)
print(len(reader))
reader.rest()
star(writer, 2)
writer.close()
print(said(lambda: print(len(reader.search(reader.parse("tag:star")).keys))))
""",
    )
    assert said == ["2", "2", "done"]

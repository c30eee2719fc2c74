from __future__ import annotations

import shlex
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from store.record import FILE_NAME
from tui.conversations.noting import note_name
from tui.setting import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Browse

    from store.library import Library

pytest_plugins = ["tests.browsing"]

ROOT = Path(__file__).parents[1]
ELSEWHERE = """\
import sys
from pathlib import Path
from store.library import Library
with Library(Path(sys.argv[1]), index_folder=Path(sys.argv[2])) as library:
    library.set_note(int(sys.argv[3]), "Theirs.")
"""


class MakeEditor(Protocol):
    """Returns a setting with an editor that is a shell script, which has the file as `$1`."""

    def __call__(self, script: str) -> Setting: ...


@pytest.fixture
def make_editor(tmp_path: Path) -> MakeEditor:
    def make(script: str) -> Setting:
        path = tmp_path / "ed"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return Setting(rest_seconds=0, editor=(str(path),))

    return make


def noting_elsewhere(folder: Path, tmp_path: Path, key: int) -> list[str]:
    """Return the words that make another program write a note."""
    return [sys.executable, "-c", ELSEWHERE, str(folder), str(tmp_path / "index"), str(key)]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock that every write needs."""
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def text_in_draft(named: Path) -> str:
    """Return what the file holds that this one names, and remove it."""
    draft = Path(named.read_text().strip())
    text = draft.read_text()
    draft.unlink()
    draft.parent.rmdir()
    return text


async def test_a_note_is_written_in_the_editor(
    browse: Browse, sample: Library, make_editor: MakeEditor
) -> None:
    async with browse(sample, setting=make_editor('echo "Read twice." >> "$1"')) as scene:
        await scene.press("N")
        await scene.said("^Noted '.*' · u undoes")
        assert scene.paper.note == "Read twice."
        await scene.until(lambda: "Read twice." in scene.abstract)
        await scene.press("N")
        await scene.until(lambda: scene.paper.note == "Read twice.\nRead twice.")
        await scene.press("u")
        await scene.until(lambda: scene.paper.note == "Read twice.")
        assert sample.history.entries()[0].label.startswith("note '")


async def test_an_empty_file_takes_the_note_off(
    browse: Browse, sample: Library, make_editor: MakeEditor
) -> None:
    key = sample.search("is:inbox").keys[0]
    sample.set_note(key, "Read twice.")
    async with browse(sample, setting=make_editor(': > "$1"')) as scene:
        await scene.press("N")
        await scene.said("^Took the note off '.*' · u undoes")
        assert scene.paper.note == ""


async def test_a_note_that_was_left_alone_is_not_written(
    browse: Browse, sample: Library, folder: Path, tmp_path: Path, make_editor: MakeEditor
) -> None:
    """So another program's note, written meanwhile, stays."""
    entries = len(sample.history.entries())
    async with browse(sample, setting=make_editor(":")) as scene:
        await scene.press("N")
        await scene.said("^The note is as it was")
        assert len(sample.history.entries()) == entries
    key = sample.search("is:inbox").keys[0]
    script = shlex.join(noting_elsewhere(folder, tmp_path, key))
    async with browse(sample, setting=make_editor(f"cd {ROOT}; {script}")) as scene:
        await scene.press("N")
        await scene.said("^The note is as it was")
        assert scene.paper.note == "Theirs."


async def test_a_note_that_waits_to_be_stored_is_what_the_next_one_begins_with(
    browse: Browse, sample: Library, folder: Path, make_editor: MakeEditor
) -> None:
    async with browse(sample, setting=make_editor('echo "a line" >> "$1"')) as scene:
        with locked(folder):
            await scene.press("N", "N", "j", "N", "k", "N")
            assert [paper.note for paper in scene.papers[:2]] == ["", ""]
        await scene.until(lambda: scene.paper.note == "a line\na line\na line")
        await scene.said("^Noted")
        assert scene.papers[1].note == "a line"
        # What is stored waits no more: it may be another's, or taken back.
        sample.set_note(scene.paper.key, "Theirs.")
        await scene.press("N")
        await scene.until(lambda: scene.paper.note == "Theirs.\na line")


async def test_a_note_that_another_program_wrote_meanwhile_is_not_replaced(
    browse: Browse, sample: Library, folder: Path, tmp_path: Path, make_editor: MakeEditor
) -> None:
    kept = tmp_path / "kept"
    key = sample.search("is:inbox").keys[0]
    script = shlex.join(noting_elsewhere(folder, tmp_path, key))
    write = f'cd {ROOT}; {script}; echo "much work" > "$1"; echo "$1" > {shlex.quote(str(kept))}'
    async with browse(sample, setting=make_editor(write)) as scene:
        await scene.press("N")
        await scene.said("^Another note was written meanwhile; what you wrote is in")
        assert scene.paper.note == "Theirs."
        assert kept.read_text().strip() in scene.browser.status.hints.told[-1].text
        assert text_in_draft(kept) == "much work\n"
        # The reader has seen it now.
        await scene.press("N")
        await scene.said("^Noted")
        assert scene.paper.note == "much work"


async def test_the_file_of_a_note_is_named_after_the_paper(
    browse: Browse, sample: Library, make_editor: MakeEditor
) -> None:
    async with browse(sample, setting=make_editor('basename "$1" > "$1"')) as scene:
        await scene.press("N")
        await scene.said("^Noted")
        assert scene.paper.note == note_name(scene.paper)
        assert scene.paper.note.startswith("arxiv-")


async def test_an_editor_that_fails_leaves_the_note_and_says_where_the_text_is(
    browse: Browse, sample: Library, make_editor: MakeEditor, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    script = f'echo "much work" > "$1"; echo "$1" > {shlex.quote(str(kept))}; exit 3'
    async with browse(sample, setting=make_editor(script)) as scene:
        await scene.press("N")
        told = scene.browser.status.hints.told
        await scene.until(lambda: told and "status 3: what you wrote is in" in told[-1].text)
        assert scene.paper.note == ""
    assert text_in_draft(kept) == "much work\n"


async def test_a_note_on_a_paper_that_is_gone_is_kept_in_its_file(
    browse: Browse, sample: Library, make_editor: MakeEditor, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    script = f'echo "much work" > "$1"; echo "$1" > {shlex.quote(str(kept))}'
    async with browse(sample, setting=make_editor(script)) as scene:
        sample.remove([scene.paper.key])
        await scene.press("N")
        await scene.said("in the library no more; what you wrote is in")
    assert text_in_draft(kept) == "much work\n"


async def test_a_note_is_for_one_paper(
    browse: Browse, sample: Library, make_editor: MakeEditor
) -> None:
    async with browse(sample, setting=make_editor('echo no > "$1"')) as scene:
        await scene.press("*", "N")
        await scene.said("^A note is for one paper")
    assert not sample.search("has:note").keys


async def test_an_editor_that_is_not_there_is_told(browse: Browse, sample: Library) -> None:
    setting = Setting(rest_seconds=0, editor=("no-such-editor-here",))
    async with browse(sample, setting=setting) as scene:
        await scene.press("N")
        await scene.said(r"^The editor 'no-such-editor-here' \(config.toml\) is not there: set")

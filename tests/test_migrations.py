from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

import pytest

from store import migrations
from store.errors import LibraryTooNewError
from store.importers import Source
from store.library import Library
from store.models import LinkKind, Sighting
from store.record import FILE_NAME
from store.record.database import Database
from store.sightings import trend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from conftest import LibraryWriter

    from store.models import Paper

HERE = Path(__file__).resolve().parent
PROGRAM = "command line"
"""Who wrote the libraries of older versions."""
OLD_SIGHTING = "source, day, rank, votes, comments, day_is_guess"
SIGHTING = {
    "0.1": OLD_SIGHTING,
    "0.2": f"{OLD_SIGHTING}, seen",
    "0.3": f"{OLD_SIGHTING}, seen",
    "0.4": f"{OLD_SIGHTING}, seen",
    "0.5": f"{OLD_SIGHTING}, seen",
    "0.6": f"{OLD_SIGHTING}, seen",
}
"""The columns of sightings, by version."""
from_0_1 = pytest.mark.parametrize("version", ["0.1"])
from_0_2 = pytest.mark.parametrize("version", ["0.2", "0.4", "0.5", "0.6"])
from_0_3 = pytest.mark.parametrize("version", ["0.3", "0.4", "0.5", "0.6"])
before_0_3 = pytest.mark.parametrize("version", ["0.1", "0.2"])


@pytest.fixture(params=list(SIGHTING))
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def old(tmp_path: Path, version: str, write_library_of: LibraryWriter) -> Path:
    """The file of a library that this version wrote: the sample with some decisions."""
    return write_library_of(version, tmp_path / f"{version}.db")


@pytest.fixture
def file(old: Path, folder: Path) -> Path:
    """A copy of it in the folder of a library."""
    folder.mkdir()
    return Path(copyfile(old, folder / FILE_NAME))


@pytest.fixture
def library(file: Path, tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Library]:
    """The copy, opened under the name of the program that wrote it."""
    with Library(
        file.parent, index_folder=tmp_path / "index", program=PROGRAM, clock=clock
    ) as opened:
        yield opened


def ask(path: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask the file itself."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement, values).fetchall()


def dump(path: Path) -> list[str]:
    """Return all that the file holds, as statements."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def papers(library: Library) -> list[Paper]:
    return list(library.papers(sorted(library.search("").keys)))


def stamps_of(paper: Paper) -> dict[str, str]:
    return {one.field: f"{one.source} {one.day}" for one in paper.provenance}


def test_a_library_of_an_older_version_shows_the_same_papers_as_before(
    old: Path, library: Library
) -> None:
    facts = {
        key: (*row, json.loads(authors), json.loads(provenance))
        for key, authors, provenance, *row in ask(
            old,
            "SELECT key, authors, provenance, title, abstract, published, listed, votes, comments,"
            " venue, added FROM papers WHERE removed = 0",
        )
    }
    assert len(facts) == len(library)
    assert {
        paper.key: (
            *(paper.title, paper.abstract, paper.published, paper.listed, paper.votes),
            *(paper.comments, paper.venue, paper.added, list(paper.authors), stamps_of(paper)),
        )
        for paper in papers(library)
    } == facts


@from_0_2
def test_its_views_and_abstracts_stay(old: Path, library: Library) -> None:
    views = dict(ask(old, "SELECT name, query FROM views"))
    assert len(views) > 1
    assert dict(library.views) == views
    others = ask(old, "SELECT paper, source, day, text FROM other_abstracts")
    assert others
    assert others == [
        (paper.key, one.source, one.day, one.text)
        for paper in papers(library)
        for one in paper.other_abstracts
    ]


def test_its_tags_identifiers_and_sightings_stay(old: Path, library: Library, version: str) -> None:
    found = papers(library)
    tags = ask(old, "SELECT paper, name FROM paper_tags JOIN tags ON key = tag")
    assert sorted((paper.key, name) for paper in found for name in paper.tags) == sorted(tags)
    counts = ask(old, "SELECT name, papers FROM tags WHERE papers > 0")
    assert sorted((count.name, count.papers) for count in library.tags.counts()) == sorted(counts)
    here = "JOIN papers ON papers.key = paper WHERE removed = 0"
    identifiers = ask(old, f"SELECT paper, scheme || ':' || value FROM identifiers {here}")  # noqa: S608 - our words
    assert sorted((p.key, str(one)) for p in found for one in p.identifiers) == sorted(identifiers)
    seen = ", ".join(f"sightings.{column}" for column in SIGHTING[version].split(", "))
    sightings = ask(old, f"SELECT paper, {seen} FROM sightings {here}")  # noqa: S608 - our words
    assert {(paper.key, one) for paper in found for one in paper.sightings} == {
        (key, Sighting.of_row(facts)) for key, *facts in sightings
    }


def test_its_history_is_listed_as_it_was(old: Path, library: Library) -> None:
    entries = ask(
        old,
        "SELECT key, label, kind, program, made_at,"
        " (SELECT count(DISTINCT paper) FROM changes WHERE journal = key), state, is_finished"
        " FROM journal ORDER BY key DESC",
    )
    assert {row[6] for row in entries} == {"standing", "passed"}
    assert [
        (e.key, e.label, e.kind.value, e.program, e.made_at, e.papers, e.state.value, e.is_finished)
        for e in library.history.entries()
    ] == entries


def plain(paper: Paper, read: set[int]) -> Paper:
    """Return a paper, without `unread` if it is one of those that were read."""
    kept = tuple(tag for tag in paper.tags if tag != "unread" or paper.key not in read)
    return replace(paper, tags=kept)


def test_what_was_done_is_undone_and_redone_step_by_step(old: Path, library: Library) -> None:
    acts = ask(
        old,
        "SELECT key, label FROM journal WHERE state = 'standing' AND kind != 'automatic'"
        " ORDER BY key DESC",
    )
    automatic = "SELECT paper FROM changes JOIN journal ON key = journal WHERE kind = 'automatic'"
    read_by_rest = {key for (key,) in ask(old, automatic)}
    assert len(acts) > 3
    assert read_by_rest
    states = [papers(library)]
    for key, label in acts:
        undone = library.history.undo()
        assert undone
        assert (undone.key, undone.label) == (key, label)
        assert undone.kept == ()
        states.append(papers(library))
    assert library.history.undo() is None
    assert states.pop() == []
    for key, _ in reversed(acts):
        redone = library.history.redo()
        assert redone
        assert redone.key == key
        # What was read by rest comes back with its import, and unread.
        assert [plain(paper, read_by_rest) for paper in papers(library)] == [
            plain(paper, read_by_rest) for paper in states.pop()
        ]
    assert library.history.redo() is None


@from_0_1
def test_undoing_its_update_restores_what_the_journal_has_as_before(
    old: Path, library: Library
) -> None:
    ((entry,),) = ask(old, "SELECT journal FROM changes WHERE field = 'provenance'")
    changes = ask(old, "SELECT paper, field, before, after FROM changes WHERE journal = ?", entry)
    ((key, *_), *_) = changes
    sightings = [change for change in changes if change[1] == "sighting"]
    assert {len(json.loads(after)) for *_, after in sightings} == {6}
    assert [before is None for *_, before, _ in sightings] == [False, True]
    undone = library.history.undo(entry)
    assert undone
    assert (undone.changed, undone.kept) == ((key,), ())
    paper = library.paper(key)
    for _, field, before, after in changes:
        if field == "sighting":
            assert Sighting.of_row(json.loads(after)) not in paper.sightings
            assert before is None or Sighting.of_row(json.loads(before)) in paper.sightings
        elif field == "provenance":
            assert stamps_of(paper) == json.loads(before)
        else:
            assert getattr(paper, field) == before
    assert library.history.redo(entry) == undone


def test_what_had_passed_is_redone_by_its_key_alone(old: Path, library: Library) -> None:
    passed = ask(
        old,
        "SELECT journal, paper, after FROM changes JOIN journal ON key = journal"
        " WHERE state = 'passed'",
    )
    assert passed
    assert library.history.redo() is None
    for entry, paper, name in passed:
        assert name not in library.paper(paper).tags
        assert library.history.redo(entry)
        assert name in library.paper(paper).tags


def test_code_and_trends_are_derived(file: Path, library: Library) -> None:
    found = papers(library)
    here = "SELECT key FROM papers WHERE removed = 0"
    with_code = {paper.key for paper in found if paper.link(LinkKind.CODE)}
    assert 0 < len(with_code) < len(found)
    assert {key for (key,) in ask(file, f"{here} AND has_code = 1")} == with_code
    trends = dict(ask(file, "SELECT key, trend FROM papers WHERE removed = 0"))
    assert trends == {paper.key: trend(paper.sightings) for paper in found}
    assert None not in trends.values()


@from_0_1
def test_a_day_that_0_1_read_is_read_again(old: Path, library: Library) -> None:
    ((key, identifier, *facts), *_) = ask(
        old,
        f"SELECT paper, scheme || ':' || value, {OLD_SIGHTING} FROM sightings"  # noqa: S608 - our words
        " JOIN identifiers USING (paper) WHERE votes > 0",
    )
    known = Sighting.of_row(facts)
    assert known.votes
    seen = {"source": known.source, "day": known.day, "votes": known.votes + 5}
    content = json.dumps({"title": "T", "identifiers": [identifier], "sightings": [seen]}).encode()
    library.imports.bring_in([Source("more.jsonl", lambda: BytesIO(content), date(2026, 3, 12))])
    of_the_day = [
        s for s in library.paper(key).sightings if (s.source, s.day) == (known.source, known.day)
    ]
    assert of_the_day == [
        known,
        Sighting(known.source, known.day, votes=known.votes + 5, seen="2026-03-12T07:30:00Z"),
    ]
    assert library.history.undo()
    assert known in library.paper(key).sightings


def test_its_papers_are_found_by_the_import_that_brought_them(old: Path, library: Library) -> None:
    brought: dict[int, set[int]] = {}
    statement = (
        "SELECT paper, journal.key FROM changes JOIN journal ON journal.key = changes.journal"
        " WHERE field = 'paper' AND before IS NULL AND kind = 'import'"
    )
    for paper, entry in ask(old, statement):
        brought.setdefault(entry, set()).add(paper)
    there = set(library.search("*").keys)
    assert brought
    for entry, found in brought.items():
        assert set(library.search(f"import:{entry}").keys) == found & there
    latest = max(entry for entry, found in brought.items() if found & there)
    assert library.search("import:last").keys == library.search(f"import:{latest}").keys


@before_0_3
def test_unread_papers_and_votes_at_the_time_of_decisions_are_derived(
    old: Path, file: Path, library: Library
) -> None:
    found = papers(library)
    unread = {paper.key for paper in found if "unread" in paper.tags}
    assert 0 < len(unread) < len(found)
    for count in library.tags.counts():
        tagged = library.tags.papers_with(count.name)
        assert (count.papers, count.unread) == (len(tagged), len(tagged & unread))
    waiting = {paper.key for paper in found if "inbox" in paper.tags}
    decided = ask(file, "SELECT key FROM papers WHERE decided_votes IS NOT NULL AND removed = 0")
    assert {key for (key,) in decided} == {paper.key for paper in found} - waiting
    assert ask(file, "SELECT key FROM papers WHERE decided_votes != coalesce(votes, 0)") == []
    assert ask(file, "SELECT name FROM tags WHERE used != 0 OR name IS NULL") == []
    names = "SELECT name FROM tags WHERE papers > 0 ORDER BY name"
    assert ask(file, names) == ask(old, names)
    for query in ("has:note", "is:rising"):
        assert library.search(query).keys == ()
    assert ask(file, "SELECT * FROM visits") == []


@before_0_3
def test_a_decision_in_it_can_come_to_rise_and_be_noted(library: Library) -> None:
    paper = next(p for p in papers(library) if "inbox" not in p.tags and p.identifiers)
    seen = {"source": "feed", "day": "2026-05-01", "votes": 2 * (paper.votes or 1)}
    record = {"title": paper.title, "identifiers": [paper.id], "sightings": [seen]}
    content = json.dumps(record | {"note": "Theirs."}).encode()
    assert library.set_note(paper.key, "Ask Ana.")
    library.imports.bring_in([Source("more.jsonl", lambda: BytesIO(content), date(2026, 5, 1))])
    assert library.search("is:rising").keys == library.search("has:note").keys == (paper.key,)
    assert library.paper(paper.key).note == "Ask Ana."
    assert library.history.undo()
    assert library.search("is:rising").keys == ()
    assert library.history.undo()
    assert library.search("has:note").keys == ()


@from_0_3
def test_its_notes_and_what_was_used_last_stay(old: Path, file: Path, library: Library) -> None:
    notes = ask(old, "SELECT key, note FROM papers WHERE note != ''")
    assert notes
    assert [(paper.key, paper.note) for paper in papers(library) if paper.note] == notes
    used = "SELECT name, used, moves FROM tags ORDER BY key"
    assert ask(file, used) == ask(old, used)


def test_what_it_holds_is_searched_in_memory_as_in_its_record(library: Library) -> None:
    texts = (
        *("", "is:archived", "has:note", "has:code", "tag:rl", "date:2026", "added:<2027"),
        *("is:rising", "sort:trending", "sort:title", "sort:added is:inbox", "comments:>1"),
    )
    before = [tuple(library.search(text).keys) for text in texts]
    library.prepare()
    assert [library.search(text).keys for text in texts] == before
    assert library.history.undo()
    after = [library.search(text).keys for text in texts]
    assert after != before
    assert library.history.redo()
    assert [library.search(text).keys for text in texts] == before


def test_every_step_is_recorded_by_its_name(old: Path, file: Path) -> None:
    before = ask(old, "SELECT * FROM migrations ORDER BY name")
    Database(file.parent).close()
    recorded = ask(file, "SELECT * FROM migrations ORDER BY name")
    assert [name for name, _ in recorded] == list(migrations.MIGRATIONS)
    assert recorded[: len(before)] == before
    assert ask(file, "PRAGMA integrity_check") == [("ok",)]
    assert ask(file, "PRAGMA foreign_key_check") == []


def test_a_library_that_was_brought_up_to_date_is_built_as_a_new_one(
    file: Path, tmp_path: Path
) -> None:
    schemas = []
    for folder in (file.parent, tmp_path / "new"):
        Database(folder).close()
        schemas.append(ask(folder / FILE_NAME, "SELECT type, name, sql FROM sqlite_master"))
    assert sorted(map(str, schemas[0])) == sorted(map(str, schemas[1]))


@from_0_1
def test_a_step_that_fails_midway_leaves_the_library_as_it_was(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE papers SET links = 'no JSON' WHERE key = 1")
    before = dump(file)
    with pytest.raises(ValueError, match="Expecting value"):
        Database(file.parent)
    assert dump(file) == before
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE papers SET links = '[]' WHERE key = 1")
    Database(file.parent).close()
    assert len(ask(file, "SELECT * FROM migrations")) == len(migrations.MIGRATIONS)


@pytest.mark.parametrize("version", ["0.2"])
def test_the_third_step_that_fails_midway_leaves_the_library_as_it_was(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE visits (in_the_way TEXT)")
    before = dump(file)
    with pytest.raises(sqlite3.OperationalError, match="visits already exists"):
        Database(file.parent)
    assert dump(file) == before
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE visits")
    Database(file.parent).close()
    assert len(ask(file, "SELECT * FROM migrations")) == len(migrations.MIGRATIONS)


def test_a_step_that_fails_leaves_the_ones_before_it(folder: Path) -> None:
    folder.mkdir()
    file = folder / FILE_NAME
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        connection.execute("CREATE TABLE views (in_the_way TEXT)")
    with pytest.raises(sqlite3.OperationalError, match="views already exists"):
        Database(folder)
    first, *_ = migrations.MIGRATIONS
    assert [name for (name,) in ask(file, "SELECT name FROM migrations")] == [first]
    assert ask(file, "SELECT name FROM sqlite_master WHERE name = 'other_abstracts'") == []


OPEN_WITH_LITTLE_SPACE = """
import resource, sys
from pathlib import Path
from shutil import copyfile
from store.record.database import Database
from store.errors import LibraryNotWritableError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    Database(Path(sys.argv[1]))
except LibraryNotWritableError as error:
    sys.exit(error.reason)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit there")
def test_a_disk_that_is_full_leaves_the_library_as_it_was(file: Path) -> None:
    before = dump(file)
    process = subprocess.run(
        [sys.executable, "-c", OPEN_WITH_LITTLE_SPACE, file.parent, str(16 * 1024)],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert "can't be written" in process.stderr
    assert dump(file) == before
    Database(file.parent).close()


OPEN_AND_DIE = """
import os, signal, sys
from itertools import count
from pathlib import Path
from store.record.database import Database

moments, last = count(1), int(sys.argv[2])

def pass_moment():
    if next(moments) == last:
        os.kill(os.getpid(), signal.SIGKILL)

class Dying(Database):
    def _connect(self):
        connection = super()._connect()
        connection.set_progress_handler(pass_moment, 10)
        return connection

Dying(Path(sys.argv[1])).close()
print(next(moments))
"""
"""Opens a library and is killed at a moment of SQLite's work on it; if it lives, it counts them."""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed there like this")
def test_a_step_in_which_the_program_is_killed_is_taken_anew(old: Path, tmp_path: Path) -> None:
    def bring_up(name: str, moment: int) -> tuple[Path, subprocess.CompletedProcess[str]]:
        folder = tmp_path / name
        folder.mkdir()
        copyfile(old, folder / FILE_NAME)
        command = [sys.executable, "-c", OPEN_AND_DIE, str(folder), str(moment)]
        return folder, subprocess.run(
            command, cwd=HERE.parent, capture_output=True, text=True, check=False
        )

    def content(folder: Path) -> list[str]:
        return [one for one in dump(folder / FILE_NAME) if '"migrations" VALUES' not in one]

    untouched, ended = bring_up("untouched", 0)
    expected = content(untouched)
    for moment in random.sample(range(1, int(ended.stdout)), 6):
        folder, ended = bring_up(f"killed at {moment}", moment)
        assert ended.returncode == -signal.SIGKILL, (moment, ended.stderr)
        Database(folder).close()
        assert content(folder) == expected, moment
        assert ask(folder / FILE_NAME, "PRAGMA integrity_check") == [("ok",)]
        assert len(ask(folder / FILE_NAME, "SELECT * FROM migrations")) == len(
            migrations.MIGRATIONS
        )


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_an_older_program_refuses_a_newer_library_and_leaves_it_as_it_is(
    file: Path, mode: str
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999 second sight', '2030')")
        connection.execute(f"PRAGMA journal_mode = {mode}")
    before = file.read_bytes()
    with pytest.raises(LibraryTooNewError, match="9999 second sight"):
        Database(file.parent)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [FILE_NAME]


def test_a_library_of_this_version_opens_again(
    library: Library, file: Path, tmp_path: Path
) -> None:
    library.views.save("wool", "is:starred")
    before, views, entries = papers(library), dict(library.views), library.history.entries()
    library.close()
    content = file.read_bytes()
    with Library(file.parent, index_folder=tmp_path / "index", program=PROGRAM) as again:
        assert papers(again) == before
        assert again.history.entries() == entries
        assert dict(again.views) == views
        assert views["wool"] == "is:starred"
    assert file.read_bytes() == content

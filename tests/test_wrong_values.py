"""Values that no version of ours writes: found by the checks, and righted by a repair."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from store.library import Library
from store.migrations import MIGRATIONS, take_missing
from store.record import FILE_NAME
from store.record.backups import Occasion, backups_in, make_backup, read_care
from store.record.backups.care import look_after
from store.record.inspection import faults
from store.record.values import bytes_for_text, fields_after, wrong_values
from store.recovery.repairing import repair
from store.recovery.restoring import restore_backup
from store.salvage.filling import BACKUP
from store.salvage.mending import triggers_off
from store.salvage.wrongvalues import ANEW, ELSEWHERE, NOTHING, OUT, PARTLY
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conftest import DeskOpener, LibraryWriter, RecordBuilder
    from terminal import Home

pytest_plugins = ["tests.terminal"]

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
TABLES = sorted(set(fields_after(list(MIGRATIONS))) - {"joins", "migrations"})
BAD = {
    "bytes": "x'fffe'",
    "no text": "CAST(x'fffe' AS TEXT)",
    "half": "CAST(x'61c3' AS TEXT)",
    "number": "1.5",
    "words": "'abc'",
    "list": "'[1, {}]'",
}
MAY_STAND = {
    *(("text", one) for one in ("words", "number", "list")),
    ("real", "number"),
    ("blob", "bytes"),
}
"""Which of them are right in some column of that type."""
FILLING = """
INSERT OR IGNORE INTO guessed_days VALUES ('digest', '2026-03-12');
INSERT OR IGNORE INTO sightings VALUES (1, 'feed', '2026-03-12', '2026-03-12', 1, 2, 3, 0);
INSERT OR IGNORE INTO other_abstracts VALUES (1, 1, 'arxiv', '2026-03-12', 'Sheep');
INSERT OR IGNORE INTO views VALUES ('Wool', 'wool', 'tag:wool');
INSERT OR IGNORE INTO visits VALUES ('wool', 3);
INSERT OR IGNORE INTO touches VALUES (1, x'00');
INSERT OR IGNORE INTO citation_keys VALUES (1, 'sheep2026');
INSERT OR IGNORE INTO digests VALUES ('tag:wool', 3, '2026-03-12T00:00:00Z');
INSERT OR IGNORE INTO apart VALUES (1, 2);
INSERT OR IGNORE INTO known_records VALUES (x'0102', 1, 1);
INSERT OR IGNORE INTO identifier_sources VALUES ('arxiv', '2401.00000', 'arxiv');
"""
"""A row for each table that the library has none in."""


@pytest.fixture
def folder(desk_in: DeskOpener, record: RecordBuilder, tmp_path: Path) -> Path:
    """A library that nobody has open, in which each table but one has a row."""
    place = tmp_path / "library"
    with desk_in(place) as desk:
        papers = desk.bring_in(
            *(record(f"Counting {n} Sheep", f"arxiv:2401.{n:05}") for n in range(12))
        ).papers
        desk.tag("+wool -inbox", *papers[:6])
        desk.database.connection.executescript(FILLING)
    return place


def spoil(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)


def found_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return faults(connection)


def dump(folder: Path) -> list[str]:
    with Library(folder, index_folder=folder.parent / "index") as library:
        lines = list(library.decisions.dump())
        list(library.papers(library.search(library.parse("")).keys))
        return lines


def columns_of(folder: Path) -> Mapping[str, list[str]]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        ).fetchall()
        return {
            table: [
                f'"{name}"'
                for (name,) in connection.execute(
                    "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,)
                )
            ]
            for (table,) in tables
        }


def test_what_the_program_writes_is_right(folder: Path) -> None:
    assert found_in(folder) == []


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, but of what a repair makes anew."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, bytes_for_text(connection):
        return {
            table: sorted(
                connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall(),  # noqa: S608 names of the schema
                key=repr,
            )
            for table, columns in columns_of(folder).items()
            if table not in {"library", "text_commits", "touches", "migrations"}
        }


@pytest.mark.parametrize("table", TABLES)
def test_whatever_stands_in_any_column_is_found_and_righted_alone(
    folder: Path, tmp_path: Path, table: str
) -> None:
    before = contents(folder)
    columns = columns_of(folder)[table]
    for number, column in enumerate(columns):
        with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
            for bad in BAD:
                with spoilt(connection, table, column, bad) as is_taken:
                    found = wrong_values(connection) if is_taken else []
                    kind = kind_of(connection, table, column)
                    names = {f'"{one.field.name}"' for one in found}
                    assert not is_taken or (kind, bad) in MAY_STAND or column in names, bad
        other = tmp_path / f"spoilt-{number}"
        shutil.copytree(folder, other)
        with closing(sqlite3.connect(other / FILE_NAME)) as connection:
            bad = list(BAD)[number % len(BAD)]
            with spoilt(connection, table, column, bad) as is_taken:
                if is_taken:
                    connection.commit()
        if found_in(other):
            assert repair(other).faults
            assert found_in(other) == [], (column, bad)
            dump(other)
            after = contents(other)
            others = {one for one in before if one not in {table, "paper_tags", "papers"}}
            if table not in {"papers", "paper_tags", "tags", "journal"}:  # that others refer to
                assert {one: after[one] for one in others} == {one: before[one] for one in others}


@contextmanager
def spoilt(connection: sqlite3.Connection, table: str, column: str, bad: str) -> Iterator[bool]:
    """Spoil a column within a transaction, and tell whether SQLite let it."""
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("BEGIN")
    is_taken = True
    with triggers_off(connection):
        try:
            connection.execute(
                f"UPDATE {table} SET {column} = {BAD[bad]} WHERE {column} IS"  # noqa: S608 names of the schema
                f" (SELECT {column} FROM {table} LIMIT 1)"
            )
        except sqlite3.IntegrityError:
            assert column in {'"key"', '"revision"', '"paper"', '"fold"', '"name"'}, column
            is_taken = False
    yield is_taken
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def kind_of(connection: sqlite3.Connection, table: str, column: str) -> str:
    (kind,) = connection.execute(
        f"SELECT typeof({column}) FROM {table} LIMIT 1"  # noqa: S608 names of the schema
    ).fetchone()
    return str(kind)


def test_tables_of_others_are_left_alone(folder: Path) -> None:
    spoil(
        folder,
        "CREATE TABLE mine (x TEXT, rowid TEXT)",
        "INSERT INTO mine VALUES (x'00ff', NULL), (x'00ff', NULL)",
        'CREATE TABLE "of another" ("a b" TEXT)',
        'CREATE TRIGGER "my own" AFTER UPDATE ON views BEGIN SELECT 1; END',
    )
    assert found_in(folder) == []
    spoil(folder, "UPDATE papers SET title = x'ff' WHERE key = 1")
    assert repair(folder).righted.counts == {"papers": {ELSEWHERE: 1}}
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert connection.execute("SELECT x FROM mine").fetchall() == [(b"\x00\xff",)] * 2
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'my own'").fetchone()


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6"])
def test_one_value_of_an_older_library_costs_nothing_else(
    tmp_path: Path, write_library_of: LibraryWriter, version: str
) -> None:
    file = write_library_of(version, tmp_path / "library" / FILE_NAME)
    whole = write_library_of(version, tmp_path / "whole" / FILE_NAME)
    assert found_in(file.parent) == []
    spoil(
        file.parent, "UPDATE papers SET abstract = x'ff' WHERE key = (SELECT max(key) FROM papers)"
    )
    repaired = repair(file.parent)
    assert repaired.righted.counts == {"papers": {PARTLY: 1}}
    assert repaired.salvaged is None
    assert dump(file.parent) == dump(whole.parent)


def test_a_key_that_can_not_be_read_is_the_one_that_the_backup_has_alone(folder: Path) -> None:
    make_backup(folder / FILE_NAME, Occasion.DAY, NOON)
    before = contents(folder)
    spoil(
        folder,
        "PRAGMA foreign_keys = OFF",
        "UPDATE paper_tags SET tag = 'x' WHERE paper = 2 AND tag = (SELECT max(key) FROM tags)",
        "UPDATE identifiers SET value = x'ff' WHERE paper = 3",
    )
    assert repair(folder).righted.counts == {"paper_tags": {BACKUP: 1}, "identifiers": {BACKUP: 1}}
    assert contents(folder) == before


def test_a_number_that_was_given_again_takes_nothing_from_the_backup(folder: Path) -> None:
    make_backup(folder / FILE_NAME, Occasion.DAY, NOON)
    spoil(
        folder,
        "DELETE FROM other_abstracts",
        "INSERT INTO other_abstracts VALUES (1, 7, 'feed', '2026-03-10', x'ff')",
    )
    assert repair(folder).righted.counts == {"other_abstracts": {PARTLY: 1}}


def test_no_part_of_a_time_is_kept(folder: Path) -> None:
    spoil(
        folder,
        "UPDATE papers SET added = x'32ff', published = x'32ff' WHERE key = 1",
        "UPDATE journal SET made_at = x'32ff' WHERE key = 1",
    )
    counts = repair(folder).righted.counts
    assert counts["papers"] == {NOTHING: 2}
    assert counts["journal"] == {NOTHING: 1}
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        found = connection.execute(
            "SELECT added, published, (SELECT made_at FROM journal) FROM papers WHERE key = 1"
        ).fetchone()
    assert found[1] is None
    assert datetime.fromisoformat(found[0]) == datetime.fromisoformat(found[2]) > NOON


def test_what_somebody_wrote_in_the_place_of_a_time_is_shown_as_text(folder: Path) -> None:
    spoil(
        folder,
        "UPDATE journal SET made_at = 'so' || char(917760) || char(27) || 'on'",
        "UPDATE digests SET made_at = 'soon'",
    )
    with Library(folder, index_folder=folder.parent / "index") as library:
        assert {one.made_at for one in library.history.entries()} == {"son"}
        assert library.digests.last("tag:wool") is None


def test_a_tag_whose_name_and_fold_are_lost_is_found_by_its_new_name(folder: Path) -> None:
    spoil(folder, "UPDATE tags SET name = x'57ff', fold = x'57ff' WHERE name = 'wool'")
    repair(folder)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        (name, fold) = connection.execute(
            "SELECT name, fold FROM tags WHERE name LIKE 'W%'"
        ).fetchone()
    assert fold == fold_case(name)


def test_other_bytes_for_all_text_are_no_obstacle(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA encoding = 'UTF-16'")
        take_missing(connection, "2026-03-12T00:00:00Z")
        connection.execute("INSERT INTO views VALUES ('W', 'w', x'ff')")
        (found,) = wrong_values(connection)
        assert (found.field.table, found.field.name) == ("views", "query")


def test_a_value_is_taken_from_the_newest_backup(folder: Path) -> None:
    make_backup(folder / FILE_NAME, Occasion.DAY, NOON)
    spoil(folder, "UPDATE papers SET note = x'ff', title = x'ff' WHERE key = 3")
    done = repair(folder)
    assert done.salvaged is None
    assert done.righted.counts == {"papers": {BACKUP: 2}}
    assert done.kept is not None
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        (title,) = connection.execute("SELECT title FROM papers WHERE key = 3").fetchone()
    assert title == "Counting 2 Sheep"


@pytest.mark.parametrize(
    ("statement", "table", "origin", "now"),
    [
        ("UPDATE papers SET title = x'ff' WHERE key = 3", "papers", ELSEWHERE, "counting 2 sheep"),
        ("UPDATE papers SET note = CAST(x'61ff' AS BLOB) WHERE key = 3", "papers", PARTLY, None),
        ("UPDATE papers SET authors = '[1]' WHERE key = 3", "papers", NOTHING, None),
        ("UPDATE tags SET fold = x'ff' WHERE name = 'wool'", "tags", ANEW, None),
        ("UPDATE identifiers SET paper = 'x' WHERE paper = 3", "identifiers", OUT, None),
    ],
)
def test_without_a_backup_what_can_be_known_of_it_is_kept(
    folder: Path, statement: str, table: str, origin: str, now: str | None
) -> None:
    before = dump(folder)
    spoil(folder, statement)
    assert repair(folder).righted.counts[table] == {origin: 1}
    lines = dump(folder)
    assert sum("+wool" in line for line in lines) == sum("+wool" in line for line in before)
    if now:
        assert any(now in line for line in lines)


def test_two_rows_of_one_key_become_one(folder: Path) -> None:
    spoil(
        folder,
        "UPDATE identifiers SET value = CAST('2401.00001' AS BLOB) WHERE value = '2401.00002'",
    )
    assert repair(folder).righted.counts["identifiers"] == {OUT: 1}
    assert found_in(folder) == []


def test_a_backup_that_has_one_can_be_put_back(folder: Path) -> None:
    before = dump(folder)
    spoil(folder, "UPDATE papers SET abstract = x'ff' WHERE key = 3")
    made = make_backup(folder / FILE_NAME, Occasion.DAY, NOON)
    (folder / FILE_NAME).unlink()
    assert restore_backup(folder, made.name).backup == backups_in(folder)[0]
    assert found_in(folder) == []
    assert dump(folder) == before


def test_the_check_of_the_week_finds_it(folder: Path) -> None:
    spoil(folder, "UPDATE papers SET votes = 'abc' WHERE key = 3")
    look_after(folder / FILE_NAME, NOON)
    assert "a value of 'papers.votes' can't be read" in read_care(folder).faults


def test_looking_leaves_the_connection_as_it_was(folder: Path) -> None:
    spoil(folder, "UPDATE papers SET title = x'ff'")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert len(wrong_values(connection, most=2)) == 2
        assert connection.execute("SELECT 'a'").fetchone() == ("a",)
        with bytes_for_text(connection):
            assert connection.execute("SELECT 'a'").fetchone() == (b"a",)


def test_doctor_says_so_and_repairs_it(home: Home) -> None:
    home.carry_out("import", "-", stdin='{"title": "Wool", "id": "arxiv:2401.00001"}')
    (file,) = home.folder.rglob(FILE_NAME)
    spoil(file.parent, "UPDATE papers SET title = x'ff', votes = 'abc'")
    told = home.carry_out("doctor")
    assert "that can't be read" in told.stdout
    assert told.returncode != 0
    mended = home.carry_out("doctor", "--repair")
    assert "was wrong: a value of 'papers.title' can't be read" in mended.stderr
    assert "papers: 1 value taken from what stands beside it, 1 value left empty" in mended.stdout
    assert home.carry_out("search", "*").stdout.strip().endswith("wool")

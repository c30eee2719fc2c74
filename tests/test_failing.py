"""Errors that nobody foresaw, provoked in the installed program by a library that is spoiled.

SQLite keeps a text where a number belongs, or has no table any more: what then breaks is ours.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tui.crash import MOST_KEPT

if TYPE_CHECKING:
    from pathlib import Path

    from terminal import Home, Terminal

pytest_plugins = ["tests.terminal"]

SECRET = "SECRET SAUCE"  # noqa: S105 it stands for the text of a paper
FAILED = 70
RECORDS = [
    {"id": f"2603.{number:05}", "title": f"Counting sheep {number}", "abstract": "All of them."}
    for number in range(8)
]
TEXT_FOR_VOTES = "UPDATE papers SET votes = 'SECRET SAUCE'"
BYTES_FOR_TITLE = "UPDATE papers SET title = CAST('SECRET SAUCE' AS BLOB)"
TEXT_FOR_PAPERS = "UPDATE journal SET papers = 'SECRET SAUCE'"
NO_LIBRARY = "ALTER TABLE library RENAME TO library_gone"
NO_PAPERS = "ALTER TABLE papers RENAME TO papers_gone"


@pytest.fixture
def filled(home: Home) -> Home:
    home.run("import", "-", stdin="".join(f"{json.dumps(one)}\n" for one in RECORDS))
    home.run("index", "--wait")
    return home


def spoil(home: Home, statement: str) -> None:
    with closing(sqlite3.connect(library_file(home), isolation_level=None)) as connection:
        connection.execute(statement)


def library_file(home: Home) -> Path:
    return home.folder / "data" / "paperdeck" / "library.db"


def ask(home: Home, statement: str) -> list[Any]:
    with closing(sqlite3.connect(library_file(home))) as connection:
        return connection.execute(statement).fetchall()


def reports(home: Home) -> list[Path]:
    return sorted(home.folder.rglob("reports/*"))


def fails(home: Home, browser: Terminal) -> None:
    """Wait for the screen that tells of an error, and leave it; look at all that is promised."""
    browser.shows("paperdeck had to end")
    browser.shows("Enter leads back")
    assert "state/paperdeck/reports/" in browser.picture
    browser.send("\r")
    assert browser.ended() == FAILED
    assert browser.is_restored
    (report,) = reports(home)
    browser.shows(report.name[:10])  # the line that stands on the shell's screen
    assert report.stat().st_mode & 0o777 == 0o600
    assert report.parent.stat().st_mode & 0o777 == 0o700
    assert SECRET not in report.read_text()
    assert SECRET.encode() not in browser.output
    assert "sheep" not in report.read_text()
    assert b"locals" not in browser.output


@pytest.mark.parametrize(
    ("statement", "keys", "place"),
    [
        (NO_LIBRARY, "", "tui/conversations/lookout.py"),
        (NO_PAPERS, "jj", "store/reading.py"),
        (TEXT_FOR_VOTES, "\x0c", "tui/format.py"),
        (TEXT_FOR_PAPERS, "u", "tui/background/decisions.py"),
    ],
    ids=["in a timer", "by a key", "while painting", "in a thread"],
)
def test_an_error_in_the_browser_becomes_a_calm_screen(
    filled: Home, statement: str, keys: str, place: str
) -> None:
    with filled.browse() as browser:
        browser.shows("Counting sheep")
        browser.settle()
        browser.send("s")
        browser.shows("Starred")
        spoil(filled, statement)
        browser.send(keys)
        fails(filled, browser)
    assert place in reports(filled)[0].read_text()
    # What was decided before is kept, and no log was left behind: it was closed cleanly.
    starred = "SELECT count(*) FROM paper_tags JOIN tags ON key = tag WHERE fold = 'starred'"
    assert ask(filled, starred) == [(1,)]
    assert [file.name for file in library_file(filled).parent.glob("library.db-*")] == []


def test_an_error_in_the_first_paint_becomes_a_calm_screen_and_the_next_start_is_afresh(
    filled: Home,
) -> None:
    with filled.browse() as browser:
        browser.shows("Counting sheep")
        browser.press("/")
        browser.press("sheep\r")
        browser.send("q")
        browser.settle()
        browser.send("\x03\x03")
        browser.ended()
    spoil(filled, TEXT_FOR_VOTES)
    with filled.browse() as browser:
        fails(filled, browser)
    assert json.loads(filled.session.read_text())["text"] is None
    assert "tui/firstpaint/rows.py" in reports(filled)[0].read_text()


def test_an_error_of_a_command_is_one_line(filled: Home) -> None:
    spoil(filled, BYTES_FOR_TITLE)
    done = filled.carry_out("search", "is:inbox")
    assert done.returncode == FAILED
    (line,) = done.stderr.splitlines()
    (report,) = reports(filled)
    assert report.name in line
    assert SECRET not in line + report.read_text()
    assert "is:inbox" not in report.read_text()


def test_a_report_quotes_papers_where_that_is_asked_for(filled: Home) -> None:
    spoil(filled, BYTES_FOR_TITLE)
    filled.carry_out("search", "is:inbox", environ={"PAPERDECK_DEBUG": "1"})
    assert SECRET in reports(filled)[0].read_text()


def test_reports_are_few_and_go_elsewhere_where_their_folder_is_none(filled: Home) -> None:
    spoil(filled, BYTES_FOR_TITLE)
    folder = filled.folder / "state" / "paperdeck" / "reports"
    folder.mkdir(parents=True)
    for number in range(2 * MOST_KEPT):
        (folder / f"20200101T0000{number:02}-1.txt").touch()
    command = [str(filled.program), "search", "is:inbox"]
    subprocess.run(command, capture_output=True, env=filled.environ, check=False)
    assert len(reports(filled)) == MOST_KEPT
    for file in reports(filled):
        file.unlink()
    folder.rmdir()
    folder.touch()
    done = subprocess.run(command, capture_output=True, text=True, env=filled.environ, check=False)
    assert done.returncode == FAILED
    assert str(filled.temporary.name) in done.stderr
    assert len(reports(filled)) == 1

"""Several programs at once on one library; `tests/attacks/together.py` does it for longer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import together

from store.record import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from terminal import Home

pytest_plugins = ["tests.terminal"]

TIMES = 2


@pytest.mark.parametrize("disk", ["local", "network"])
def test_nothing_is_lost_between_two_browsers_and_the_command_line(
    tmp_path: Path, disk: str
) -> None:
    meeting = together.meet(tmp_path, 1, TIMES, {"PAPERDECK_DISK": disk})
    assert len(meeting.seconds) == TIMES
    assert meeting.decided.total() == 4 * TIMES


def test_a_newer_version_beside_an_open_browser_is_noticed_and_nothing_is_written(
    home: Home,
) -> None:
    home.run("import", "-", stdin='{"id": "2603.00001", "title": "Counting sheep"}\n')
    home.run("index", "--wait")
    file = home.folder / "data" / "paperdeck" / FILE_NAME

    def rows() -> list[object]:
        with closing(sqlite3.connect(file)) as connection:
            return [
                connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 our own words
                for table in ("library", "journal", "paper_tags", "visits")
            ]

    with home.browse() as browser:
        browser.shows("Counting sheep")
        browser.settle()
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("INSERT INTO migrations VALUES ('9999 second sight', '2030')")
        before = rows()
        browser.shows("newer version")
        browser.send("s")
        browser.shows("Not done")
        # Also where the newer version has changed what the older one reads.
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("ALTER TABLE papers RENAME COLUMN abstract TO summary_text")
        browser.send("u")
        browser.settle()
        browser.send("q")
        assert browser.ended() in {0, 4}
    assert rows() == before

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.config import THEMES
from tui.session import (
    LONGEST_TEXT,
    MOST_SEARCHES,
    Session,
    is_written,
    read_session,
    write_session,
)
from tui.state import NARROWEST_SHARE, WIDEST_SHARE

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 3, 12)
LEFT = Session(
    day="2026-03-12",
    text='graph "neural nets" sort:votes',
    key=17,
    beside=0.5,
    stacked=0.3,
    is_sidebar_shown=True,
    theme="light",
    searches=("graph", "is:starred"),
)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_session_comes_back_as_it_was_left(tmp_path: Path) -> None:
    file = tmp_path / "state" / "session.json"
    assert write_session(file, LEFT)
    assert read_session(file) == LEFT
    assert write_session(file, replace(LEFT, text="other"))
    assert read_session(file).text == "other"
    assert list(file.parent.iterdir()) == [file]


def test_what_was_written_is_told_from_what_another_browser_writes(tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    written = write_session(file, LEFT)
    assert written
    assert is_written(file, written)
    write_session(file, LEFT)
    assert not is_written(file, written)
    file.unlink()
    assert not is_written(file, written)


def test_a_session_is_for_its_owner_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    file = tmp_path / "paperdeck" / "sessions" / "session.json"
    write_session(file, LEFT)
    assert mode(file) == 0o600
    assert mode(file.parent) == mode(file.parent.parent) == 0o700
    assert mode(tmp_path) == 0o755


def test_what_can_t_be_kept_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not write_session(tmp_path / "file" / "session.json", LEFT)
    (tmp_path / "session.json").mkdir()
    assert not write_session(tmp_path / "session.json", LEFT)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "session.json"}


def test_only_the_latest_searches_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    searches = tuple(f"search {number}" for number in range(250))
    write_session(file, replace(LEFT, searches=searches))
    assert read_session(file).searches == searches[-MOST_SEARCHES:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{",
        b"[" * 100_000,
        b'{"key": ' + b"9" * 5_000 + b"}",
        b" " * 5_000_000 + b'{"text": "far too long"}',
    ],
)
def test_a_file_that_is_no_session_is_as_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "session.json").write_bytes(data)
    assert read_session(tmp_path / "session.json") == Session()


def test_what_is_no_file_is_as_none(tmp_path: Path) -> None:
    assert read_session(tmp_path) == Session()
    assert read_session(tmp_path / "none") == Session()
    os.mkfifo(tmp_path / "pipe")
    assert read_session(tmp_path / "pipe") == Session()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("day", "2026-13-40", ""),
        ("day", 20260312, ""),
        ("text", None, None),
        ("text", "", ""),
        ("text", "a\x1b[31mb\nc", "ab c"),
        ("text", "\ud800x", "x"),
        ("text", "x" * (LONGEST_TEXT + 1), None),
        ("key", -1, None),
        ("key", True, None),
        ("key", 1.5, None),
        ("key", 2**63, None),
        ("beside", 0.0, NARROWEST_SHARE),
        ("beside", 7e300, WIDEST_SHARE),
        ("beside", float("nan"), Session().beside),
        ("stacked", float("inf"), Session().stacked),
        ("stacked", "0.5", Session().stacked),
        ("is_sidebar_shown", 1, False),
        ("theme", "pink", None),
        ("theme", ["dark"], None),
        ("searches", "abc", ()),
        ("searches", [1, "a\n b", None, "", "x" * (LONGEST_TEXT + 1)], ("a b",)),
        ("other", 1, None),
    ],
)
def test_a_wrong_value_is_a_default_and_the_rest_holds(
    tmp_path: Path, name: str, value: object, kept: object
) -> None:
    file = tmp_path / "session.json"
    file.write_text(json.dumps({**asdict(LEFT), name: value}))
    expected = LEFT if name == "other" else replace(LEFT, **{name: kept})  # type: ignore[arg-type]
    assert read_session(file) == expected


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.sampled_from([*asdict(LEFT), "other"]), anything))
def test_whatever_a_file_holds_it_is_read_and_can_be_kept(
    tmp_path: Path, found: dict[str, Any]
) -> None:
    file = tmp_path / "session.json"
    file.write_text(json.dumps(found))
    session = read_session(file)
    assert session.text is None or session.text.isprintable()
    assert all(text.isprintable() for text in session.searches)
    assert session.theme in {None, *THEMES}
    assert write_session(file, session)
    assert read_session(file) == session


def test_on_the_same_day_search_and_selection_come_back() -> None:
    assert LEFT.opening(TODAY, "is:inbox") == LEFT


def test_every_paper_comes_back_as_such_and_a_query_that_was_not_kept_as_the_default() -> None:
    assert replace(LEFT, text="").opening(TODAY, "is:inbox").text == ""
    opened = replace(LEFT, text=None).opening(TODAY, "is:inbox")
    assert opened == replace(LEFT, text="is:inbox", key=None)


@pytest.mark.parametrize("day", ["2026-03-11", "2026-03-13", ""])
def test_on_another_day_the_default_view_opens_arranged_as_it_was(day: str) -> None:
    opened = replace(LEFT, day=day).opening(TODAY, "is:inbox")
    assert opened == replace(LEFT, day="2026-03-12", text="is:inbox", key=None)

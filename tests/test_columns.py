from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store.models import Row
from tui.columns import (
    SHARE,
    SIGNS,
    WIDEST_SHARE,
    WIDEST_TITLE,
    Columns,
    authors_in,
    is_decided,
    signs_of,
    tags_in,
)

ROW = Row(
    key=7,
    title="Counting sheep",
    day="2026-03-12",
    votes=12,
    tags=frozenset({"inbox", "unread"}),
    id="arxiv:2603.01234",
    authors=("Ada Lovelace", "Jan van der Berg", "Bo Ek"),
    comments=3,
)
NAMES = ("votes", "comments", "day", "authors", "id", "tags")
wanted_columns = st.one_of(st.none(), st.lists(st.sampled_from(NAMES), max_size=8))


def names(columns: Columns) -> str:
    return " ".join(name for name, _ in columns.beside)


@pytest.mark.parametrize(
    ("width", "title", "beside"),
    [
        (0, 1, ""),
        (5, 1, ""),
        (20, 15, ""),
        (35, 30, ""),
        (36, 25, "votes"),
        (59, 48, "votes"),
        (60, 36, "day votes"),
        (79, 55, "day votes"),
        (101, 77, "day votes"),
        (102, 60, "authors day votes"),
        (114, 66, "authors day votes comments"),
        (152, 104, "authors day votes comments"),
        (153, 87, "authors day votes comments id"),
        (176, 110, "authors day votes comments id"),
        (200, 110, "authors day votes comments id"),
        (220, 116, "authors day votes comments id"),
    ],
)
def test_the_wider_a_list_the_more_stands_beside_the_title(
    width: int, title: int, beside: str
) -> None:
    columns = Columns.of(width)
    assert (columns.title, names(columns)) == (title, beside)


@pytest.mark.parametrize(
    ("width", "wanted", "beside"),
    [
        (220, "", ""),
        (220, "tags", ""),
        (220, "id votes", "id votes"),
        (60, "votes day", "votes day"),
        (40, "day votes", "day"),
        (30, "day votes", "votes"),
        (24, "authors day votes id", "votes"),
        (20, "votes", ""),
        (120, "id id comments", "id comments"),
        (120, "votes pages", "votes"),
    ],
)
def test_configured_columns_are_shown_in_their_order_as_far_as_they_fit(
    width: int, wanted: str, beside: str
) -> None:
    columns = Columns.of(width, wanted.split())
    assert names(columns) == beside
    assert columns.has_tags == ("tags" in wanted)


@pytest.mark.parametrize(
    ("width", "wanted", "beside"),
    [
        (60, None, "votes"),
        (120, None, "authors votes comments"),
        (125, None, "authors votes comments id"),
        (80, ["day", "votes"], "votes"),
    ],
)
def test_under_headings_of_days_the_day_is_left_out(
    width: int, wanted: list[str] | None, beside: str
) -> None:
    assert names(Columns.of(width, wanted, is_grouped=True)) == beside


@given(width=st.integers(6, 500), wanted=wanted_columns, is_grouped=st.booleans())
def test_signs_title_and_columns_fill_the_row(
    *, width: int, wanted: list[str] | None, is_grouped: bool
) -> None:
    columns = Columns.of(width, wanted, is_grouped=is_grouped)
    beside = sum(column.width for column in columns.beside)
    assert SIGNS + columns.title + beside == width
    assert beside <= width * (SHARE if columns.title < WIDEST_TITLE else WIDEST_SHARE)
    assert not is_grouped or "day" not in names(columns)


@pytest.mark.parametrize("is_grouped", [False, True])
def test_no_column_goes_as_the_room_grows(*, is_grouped: bool) -> None:
    shown = [set(names(Columns.of(width, is_grouped=is_grouped)).split()) for width in range(300)]
    assert all(narrow <= wide for narrow, wide in pairwise(shown))


@pytest.mark.parametrize(
    ("width", "title", "beside"),
    [
        (20, "Counting sheep ", ""),
        (36, "Counting sheep           ", "    12"),
        (60, "Counting sheep                      ", "  2026-03-12     12"),
    ],
)
def test_title_and_columns_stand_below_each_other(width: int, title: str, beside: str) -> None:
    assert Columns.of(width).texts(ROW) == (title, beside)


def test_a_wide_row_names_the_authors_and_the_identifier() -> None:
    title, beside = Columns.of(160).texts(ROW)
    assert title.rstrip() == "Counting sheep"
    assert beside == ("  Lovelace +2       2026-03-12     12    3c  arxiv:2603.01234")


@pytest.mark.parametrize(
    ("row", "name", "text"),
    [
        (replace(ROW, votes=None), "votes", ""),
        (replace(ROW, votes=0), "votes", "0"),
        (replace(ROW, votes=99_999), "votes", "99999"),
        (replace(ROW, votes=100_000), "votes", "100k"),
        (replace(ROW, votes=123_456_789), "votes", "123M"),
        (replace(ROW, votes=10**12), "votes", "many"),
        (replace(ROW, comments=None), "comments", ""),
        (replace(ROW, comments=12_345), "comments", "12kc"),
        (replace(ROW, day=None), "day", ""),
        (replace(ROW, day="2026-03"), "day", "2026-03"),
        (replace(ROW, day_is_guess=True), "day", "2026-03-12?"),
        (replace(ROW, id=""), "id", ""),
        (replace(ROW, id="doi:10.1145/3292500.3330701"), "id", "doi:10.1145/329…"),
        (replace(ROW, authors=()), "authors", ""),
    ],
)
def test_every_fact_fits_its_column(row: Row, name: str, text: str) -> None:
    columns = Columns.of(120, [name])
    _, beside = columns.texts(row)
    assert beside.strip() == text
    assert cell_len(beside) == columns.beside[0].width


@pytest.mark.parametrize(
    ("authors", "width", "text"),
    [
        ("", 16, ""),
        ("Ada Lovelace", 16, "Lovelace"),
        ("Ada Lovelace, Bo Ek", 16, "Lovelace, Ek"),
        ("Ada Lovelace, Bo Ek, Cy Young", 16, "Lovelace, Ek +1"),
        ("Ada Lovelace, Jan van der Berg, Cy Young", 16, "Lovelace +2"),
        ("Ada Lovelace, Jan van der Berg, Cy Young", 40, "Lovelace, van der Berg, Young"),
        ("Wolfeschlegelsteinhausenbergerdorff, Bo Ek", 16, "Wolfeschlege… +1"),
        ("王 小明, 李 雷", 16, "王, 李"),
    ],
)
def test_as_many_authors_are_named_as_fit(authors: str, width: int, text: str) -> None:
    assert authors_in([name for name in authors.split(", ") if name], width) == text
    assert cell_len(text) <= width


def test_five_hundred_authors_are_not_looked_through() -> None:
    assert authors_in(["Ashish Vaswani"] * 500, 16) == "Vaswani +499"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Counting [bold] sheep", "Counting [bold] sheep"),
        ("Red\x1b[31m\nsheep", "Red sheep"),
        ("W" * 300, f"{'W' * 24}…"),
        ("深度" * 100, f"{'深度' * 6}…"),
    ],
)
def test_a_title_is_one_line_cut_where_its_cells_end(title: str, shown: str) -> None:
    columns = Columns.of(36)
    text, _ = columns.texts(replace(ROW, title=title))
    assert text.rstrip() == shown
    assert cell_len(text) == columns.title == 25


def test_tags_take_what_the_title_leaves_or_a_third_of_its_room() -> None:
    columns = Columns.of(36)
    title, beside = columns.texts(replace(ROW, tags=ROW.tags | {"rl", "x" * 50}))
    assert title == "Counting sheep    "
    assert beside == "  rl +1    12"

    _, beside = columns.texts(replace(ROW, title="Sheep", tags=frozenset({"rl", "x" * 12})))
    assert beside == f"  rl {'x' * 12}    12"
    _, beside = columns.texts(replace(ROW, title="Sheep", tags=frozenset({"x" * 50})))
    assert beside == f"  {'x' * 17}…    12"
    assert Columns.of(36, ["votes"]).texts(replace(ROW, tags=frozenset({"rl"})))[1] == "    12"


@pytest.mark.parametrize(
    ("tags", "width", "text"),
    [
        ("rl", 16, "rl"),
        ("agents rl", 9, "agents rl"),
        ("agents rl thesis", 9, "agents +2"),
        ("reinforcement-learning rl", 16, "reinforcemen… +1"),
        ("深度 学習", 7, "深度 +1"),
        ("thesis", 4, "the…"),
    ],
)
def test_as_many_tags_are_named_as_fit(tags: str, width: int, text: str) -> None:
    assert tags_in(tags.split(), width) == text
    assert cell_len(text) <= width


@pytest.mark.parametrize(
    ("tags", "signs"),
    [
        ("inbox unread", " ●  "),
        ("inbox", "    "),
        ("", " ✓  "),
        ("unread", " ✓  "),
        ("dismissed", " ✗  "),
        ("dismissed inbox unread", " ✗  "),
        ("inbox unread starred", " ●★ "),
        ("inbox queued", "   »"),
        ("inbox starred queued", "  ★»"),
        ("starred", " ✓★ "),
        ("dismissed queued rl", " ✗ »"),
    ],
)
def test_signs_say_how_a_paper_stands(tags: str, signs: str) -> None:
    row = replace(ROW, tags=frozenset(tags.split()))
    assert "".join(signs_of(row)) == signs
    assert "".join(signs_of(row, is_marked=True)) == f"▌{signs[1:]}"
    assert is_decided(row) == ("inbox" not in row.tags)


@pytest.mark.parametrize(("newest", "state"), [(None, "●"), (6, "●"), (7, "○"), (8, "○")])
def test_an_unread_paper_is_new_if_it_came_since_the_last_visit(
    newest: int | None, state: str
) -> None:
    assert signs_of(ROW, newest=newest).state == state


@pytest.mark.parametrize(
    ("tags", "is_removed", "state"),
    [
        ("", False, "↑"),
        ("dismissed", False, "↑"),
        ("unread", False, "↑"),
        ("inbox unread", False, "●"),
        ("", True, "⊘"),
    ],
)
def test_a_decided_paper_whose_votes_doubled_is_rising(
    *, tags: str, is_removed: bool, state: str
) -> None:
    row = replace(ROW, tags=frozenset(tags.split()), is_rising=True, is_removed=is_removed)
    assert signs_of(row).state == state


def test_every_sign_takes_one_cell() -> None:
    assert {cell_len(sign) for sign in "▌●○✗✓⊘↑★»"} == {1}

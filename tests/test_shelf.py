from __future__ import annotations

from datetime import date

import pytest

from store.query.nodes import DayIn
from store.query.parsing import parse
from store.tagtree import TagNode
from tui.listing import ListView
from tui.shelf import (
    NOT_COUNTED,
    Shelf,
    ShelfContents,
    ShelfLine,
    ShelfRow,
    Unread,
    is_whole_day,
    tag_query,
    view_query,
    with_unread,
)

TODAY = date(2026, 3, 12)
DAYS = (DayIn("on", "2026-04-29", "2026-04-29"), DayIn("date", "2026-04-28", "2026-04-28"))
CONTENTS = ShelfContents(
    days=DAYS,
    views=("agents", "vision"),
    tags=(TagNode("rl", 0, 9, 4), TagNode("rl/agents", 1, 2, 0), TagNode("zoo", 0, 1, 1)),
    unread={"is:inbox": Unread(40, 3), "view:agents": NOT_COUNTED, "tag:rl": Unread(4)},
)
"""In rows: inbox, 2 days, 2 states, a heading, 2 views, a heading, 3 tags."""


def shelf(height: int = 20, contents: ShelfContents = CONTENTS) -> Shelf:
    return Shelf(view=ListView(height=height)).with_rows(contents.rows())


def shown(one: Shelf) -> list[str]:
    """Return the lines in sight: the selected one has a sign, headings have no query."""
    lines = one.lines("", is_active=True)
    return [f"{'> ' * bool(line.selected)}{line.row.label}" for line in lines]


def test_the_rows_are_inbox_days_states_then_saved_views_and_tags() -> None:
    assert CONTENTS.rows() == (
        ShelfRow("Inbox", "is:inbox", Unread(40, 3)),
        ShelfRow("2026-04-29 Wed", "on:2026-04-29"),
        ShelfRow("2026-04-28 Tue", "date:2026-04-28"),
        ShelfRow("Starred", "is:starred"),
        ShelfRow("Queued", "is:queued"),
        ShelfRow("Views"),
        ShelfRow("agents", "view:agents", NOT_COUNTED, key="1"),
        ShelfRow("vision", "view:vision", key="2"),
        ShelfRow("Tags"),
        ShelfRow("rl", "tag:rl", Unread(4)),
        ShelfRow("agents", "tag:rl/agents", depth=1),
        ShelfRow("zoo", "tag:zoo"),
    )


def test_an_empty_library_has_inbox_and_states() -> None:
    assert [row.label for row in ShelfContents().rows()] == ["Inbox", "Starred", "Queued"]


def test_rising_papers_have_a_row_where_there_are_any() -> None:
    rows = ShelfContents(has_rising=True).rows()
    assert rows[-1] == ShelfRow("Rising", "is:rising")


def test_nine_views_have_keys() -> None:
    rows = ShelfContents(views=tuple(f"v{number}" for number in range(11))).rows()
    assert [row.key for row in rows if row.query.startswith("view:")] == [*"123456789", "", ""]


def test_a_count_is_put_to_its_query_alone() -> None:
    rows = with_unread(CONTENTS.rows(), "view:agents", Unread(7, 1))
    changed = [row for row, before in zip(rows, CONTENTS.rows(), strict=True) if row != before]
    assert changed == [ShelfRow("agents", "view:agents", Unread(7, 1), key="1")]


def test_labels_are_one_safe_line() -> None:
    rows = ShelfContents(views=("[b]\x1b[31m\nx",), tags=(TagNode("a/b\x07c", 1, 1, 1),)).rows()
    assert [row.label for row in rows[-4:]] == ["Views", "[b] x", "Tags", "bc"]


@pytest.mark.parametrize(
    "name", ["rl", "a/b", "c++", "OR", "深度", "x~", "sort:date", "it's", "[b]"]
)
def test_the_query_of_a_view_or_tag_is_read_as_that(name: str) -> None:
    found = parse(view_query(name), today=TODAY, views={name: "x"})
    assert str(found) == view_query(name)
    query = tag_query(name)
    assert str(parse(query, today=TODAY, views={})) == query


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-04-29", True), ("2026-04", False), ("2026", False), ("2026-02-30", False),
     ("20260429", False), ("2026-W18-3", False), ("", False)],
)  # fmt: skip
def test_months_and_years_are_no_whole_days(day: str, *, expected: bool) -> None:
    assert is_whole_day(day) is expected


def test_headings_are_seen_and_skipped() -> None:
    one = shelf()
    assert shown(one) == [
        "> Inbox",
        *("2026-04-29 Wed", "2026-04-28 Tue", "Starred", "Queued"),
        *("Views", "agents", "vision"),
        *("Tags", "rl", "agents", "zoo"),
    ]
    queries = []
    for _ in range(12):
        queries.append(one.query)
        one = one.with_view(one.view.moved(1))
    assert queries[4:7] == ["is:queued", "view:agents", "view:vision"]
    assert queries[-4:] == ["tag:rl/agents", *["tag:zoo"] * 3]


def test_a_window_moves_along() -> None:
    one = shelf(height=4)
    one = one.with_view(one.view.to(5))
    assert shown(one) == ["Starred", "Queued", "Views", "> agents"]


def test_without_rows_there_is_no_query() -> None:
    assert Shelf().query == ""
    assert Shelf().lines("is:inbox", is_active=True) == ()
    one = Shelf()
    assert one.with_view(one.view.moved(3)).query == ""


def test_what_the_list_shows_is_marked_in_whatever_order() -> None:
    lines = shelf().lines("tag:rl sort:votes", is_active=False)
    assert [line.row.query for line in lines if line.is_present] == ["tag:rl"]
    assert lines[0] == ShelfLine(CONTENTS.rows()[0], selected="selected-away")
    assert not any(line.is_present for line in shelf().lines("rl", is_active=True))


def test_the_row_of_a_query_is_selected_if_there_is_one() -> None:
    assert shelf().on("view:vision sort:title").query == "view:vision"
    assert shelf().on("view:vision").on("tag:gone").query == "view:vision"


def test_the_selected_view_stays_where_it_is_when_others_come_and_go() -> None:
    before = shelf(height=5).on("tag:rl")
    line = before.view.line_of(before.view.selected)
    fewer = ShelfContents(days=DAYS[:1], views=("a", "b", "c"), tags=CONTENTS.tags)
    after = before.with_rows(fewer.rows())
    assert after.query == "tag:rl"
    assert after.view.line_of(after.view.selected) == line


def test_where_the_selected_view_is_gone_one_near_to_it_is_selected() -> None:
    after = shelf().on("tag:zoo").with_rows(ShelfContents(days=DAYS).rows())
    assert after.query == "is:queued"
    assert after.with_rows(()).query == ""
    assert after.with_rows(()).with_rows(CONTENTS.rows()).query == "is:inbox"

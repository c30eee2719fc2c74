from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.events import MouseScrollDown

from tui.shelf import NOT_COUNTED, ShelfLine, ShelfRow, Unread
from tui.widgets.sidebar import Sidebar, count_text

if TYPE_CHECKING:
    from stage import PutOnStage

pytest_plugins = ["tests.stage"]

SIZE = (26, 10)
INBOX = ShelfRow("Inbox", "is:inbox", Unread(1_240, 3))
DAY = ShelfRow("2026-04-29 Wed", "on:2026-04-29", Unread(12))
VIEW = ShelfRow("agents", "view:agents", Unread(7, is_fresh=False), key="1")
LINES = (
    ShelfLine(INBOX, is_present=True),
    ShelfLine(DAY, selected="selected"),
    ShelfLine(ShelfRow("Starred", "is:starred")),
    ShelfLine(ShelfRow("Views")),
    ShelfLine(VIEW),
    ShelfLine(ShelfRow("vision", "view:vision", NOT_COUNTED, key="2")),
    ShelfLine(ShelfRow("Tags")),
    ShelfLine(ShelfRow("rl", "tag:rl", Unread(4))),
    ShelfLine(ShelfRow("agents", "tag:rl/agents", Unread(1), depth=1)),
)


def alone() -> Sidebar:
    """Return a sidebar that is shown outside of the browser."""
    sidebar = Sidebar()
    sidebar.styles.display = "block"
    return sidebar


def lines(sidebar: Sidebar) -> list[str]:
    return [sidebar.render_line(y).text for y in range(sidebar.size.height)]


def waiting(sidebar: Sidebar) -> list[int]:
    """Return the lines that wait for being painted."""
    regions = sidebar._repaint_regions  # noqa: SLF001 no other way to see them
    return sorted(y for region in regions for y in range(region.y, region.bottom))


def style_at(sidebar: Sidebar, y: int, text: str) -> str:
    """Return the style of the segment that ends with `text`."""
    (style,) = (s.style for s in sidebar.render_line(y) if s.text.strip().endswith(text))
    return str(style)


async def test_a_row_has_label_and_count_and_the_present_view_a_sign(
    put_on_stage: PutOnStage,
) -> None:
    sidebar = alone()
    async with put_on_stage(sidebar, size=SIZE):
        sidebar.show(LINES)
        assert [line.rstrip() for line in lines(sidebar)][:9] == [
            "▸  Inbox        +3 1,240",
            "   2026-04-29 Wed     12",
            "   Starred",
            " Views",
            " 1 agents              7",
            " 2 vision              …",
            " Tags",
            "   rl                  4",
            "     agents            1",
        ]
        assert {cell_len(line) for line in lines(sidebar)} == {sidebar.size.width}


async def test_a_count_is_dim_until_it_is_fresh(put_on_stage: PutOnStage) -> None:
    sidebar = alone()
    async with put_on_stage(sidebar, size=SIZE):
        fresh = VIEW._replace(unread=Unread(7))
        for selected in ("", "selected", "selected-away"):
            styles = []
            for row in (VIEW, fresh):
                sidebar.show([ShelfLine(row, selected=selected)])
                styles.append(style_at(sidebar, 0, "7"))
            assert styles[0] != styles[1], selected


async def test_only_lines_that_differ_are_painted_again(put_on_stage: PutOnStage) -> None:
    sidebar = alone()
    async with put_on_stage(sidebar, size=SIZE) as stage:
        sidebar.show(LINES)
        await stage.pilot.pause(0.1)
        assert waiting(sidebar) == []
        sidebar.show(tuple(LINES))
        sidebar.show(list(LINES))
        assert waiting(sidebar) == []
        fresh = ShelfLine(VIEW._replace(unread=Unread(6)))
        sidebar.show([fresh if line.row is VIEW else line for line in LINES[:-1]])
        assert waiting(sidebar) == [4, 8]


async def test_the_reader_s_words_are_one_safe_line_of_the_right_width(
    put_on_stage: PutOnStage,
) -> None:
    sidebar = alone()
    async with put_on_stage(sidebar, size=SIZE):
        labels = ["W" * 90, "深度学习" * 30, "[b]x[/]", "👩‍👩‍👧 e\u0301" * 20]
        unread = Unread(49_819, 16_485)
        sidebar.show([ShelfLine(ShelfRow(one, "q", unread, depth=9)) for one in labels])
        shown = lines(sidebar)
        assert {cell_len(line) for line in shown} == {sidebar.size.width}
        assert "[b]x[/]" in shown[2]
        assert all(line.endswith(" 49,819 ") for line in shown[:4])


@pytest.mark.parametrize(
    ("unread", "room", "expected"),
    [
        (Unread(), 10, ""),
        (NOT_COUNTED, 10, " …"),
        (Unread(12), 10, " 12"),
        (Unread(1_240, 3), 10, " +3 1,240"),
        (Unread(1_240, 3), 9, " +3 1,240"),
        (Unread(1_240, 3), 8, " 1,240"),
        (Unread(1_240), 2, " 1,240"),
    ],
)
def test_what_is_new_gives_way_where_there_is_no_room(
    unread: Unread, room: int, expected: str
) -> None:
    assert count_text(unread, room) == expected


async def test_the_mouse_is_told_of(put_on_stage: PutOnStage) -> None:
    sidebar = alone()
    async with put_on_stage(sidebar, size=SIZE) as stage:
        sidebar.show(LINES)
        await stage.pilot.click(sidebar, offset=(3, 4))
        (clicked,) = stage.told(Sidebar.Clicked)
        assert isinstance(clicked, Sidebar.Clicked)
        assert (clicked.line, clicked.control) == (4, sidebar)
        sidebar.post_message(
            MouseScrollDown(sidebar, 1, 1, 0, 1, 0, shift=False, meta=False, ctrl=False)
        )
        await stage.pilot.pause()
        (wheeled,) = stage.told(Sidebar.Wheeled)
        assert isinstance(wheeled, Sidebar.Wheeled)
        assert wheeled.lines == 3
        (resized, *_) = stage.told(Sidebar.Resized)
        assert isinstance(resized, Sidebar.Resized)
        assert resized.height == sidebar.size.height

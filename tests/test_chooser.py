from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.events import Key, MouseScrollDown
from textual.screen import Screen

from tui.screens.chooser import MOST_ROWS, Choice, Chooser

if TYPE_CHECKING:
    from browsing import Browse
    from stage import Stage, Staging

    from store.library import Library

pytest_plugins = ["tests.browsing", "tests.stage"]

COMMANDS = (
    Choice("archive", 1, "archive and go to the next", "a", "Decide"),
    Choice("dismiss", 2, "dismiss and go to the next", "d", "Decide"),
    Choice("sort-by-votes", 3, "most votes first", ", v", "Order"),
    Choice("undo", 4, "take the latest back", "u", "Decide"),
    Choice("view: undone", 5),
)


def box(stage: Stage) -> Chooser[int]:
    chooser = stage.app.screen
    assert isinstance(chooser, Chooser)
    return chooser


def heading(stage: Stage) -> list[str]:
    """Return the words of the box's first line."""
    return box(stage).heading.render_line(0).text.split()


def rows(stage: Stage) -> list[str]:
    """Return the rows that are in sight, as they are painted."""
    shown = box(stage).list
    lines = (shown.render_line(y).text.rstrip() for y in range(shown.size.height))
    return [line for line in lines if line]


def chosen(stage: Stage) -> str:
    """Return the label of the row that is selected."""
    (row,) = (row for row in rows(stage) if row.startswith(">"))
    return row.removeprefix("> ").split("  ")[0]


async def test_all_choices_are_there_at_once_in_their_order(staging: Staging) -> None:
    async with staging() as stage:
        await stage.show(Chooser("Commands", COMMANDS))
        assert heading(stage) == ["Commands", "5"]
        assert "> type to filter" in stage.text
        shown = rows(stage)
        assert [row.lstrip("> ").split("  ")[0] for row in shown] == [c.label for c in COMMANDS]
        assert shown[0].split("  ")[0] == "> archive"
        assert "archive and go to the next" in shown[0]
        assert shown[0].endswith(" a")
        assert stage.lines[0].startswith("what is behind"), "the rest stays visible"


async def test_what_is_typed_filters_and_enter_takes_the_best(staging: Staging) -> None:
    async with staging() as stage:
        await stage.show(Chooser("Commands", COMMANDS))
        await stage.write("und")
        assert heading(stage) == ["Commands", "2", "of", "5"]
        assert chosen(stage) == "undo"
        assert rows(stage)[1] == "  view: undone"
        typed, *marked = stage.styles_of("und")
        assert "underline" not in typed
        assert len(marked) == 2
        assert all("bold" in style and "underline" in style for style in marked)
        await stage.press("enter")
        assert stage.answers == [4]


async def test_keys_move_filter_take_and_leave(staging: Staging) -> None:
    async with staging() as stage:
        for keys, value in [
            ("enter", 1),
            ("down enter", 2),
            ("ctrl+n ctrl+n ctrl+p enter", 2),
            ("up enter", 1),
            ("pagedown enter", 5),
            ("pagedown up pageup enter", 1),
            ("u n d down enter", 5),
            ("d e c i d e enter", 1),
            ("v o t e s enter", 3),
            ("l a t e s t enter", 4),
            ("escape", None),
            ("u n escape", None),
            ("z z ctrl+c", None),
        ]:
            await stage.show(Chooser("Commands", COMMANDS))
            await stage.burst(*keys.split())
            assert stage.answers.pop() == value, keys


@pytest.mark.parametrize(
    ("keys", "value"),
    [("u n d down backspace enter", 4), ("z enter ctrl+u enter", 1), ("z backspace down enter", 2)],
)
async def test_a_filter_that_is_changed_begins_with_the_best_again(
    staging: Staging, keys: str, value: int
) -> None:
    async with staging() as stage:
        await stage.show(Chooser("Commands", COMMANDS))
        await stage.press(*keys.split())
        assert stage.answers == [value]


async def test_keys_pasted_behind_the_one_that_opens_it_are_all_its_own(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        opened: list[int | None] = []

        class Door(Screen[None]):
            def on_key(self, event: Key) -> None:
                if event.key == "x":
                    self.app.push_screen(Chooser("Commands", COMMANDS), opened.append)
                elif event.key == "j":
                    opened.append(0)

        await scene.app.push_screen(Door())
        for keys, value in [
            ("x u n d enter j", 4),
            ("x u n d down backspace enter j", 4),
            ("x down enter j", 2),
            ("x z escape j", None),
        ]:
            await scene.press(*keys.split())
            assert opened == [value, 0], keys
            opened.clear()


async def test_enter_heeds_what_was_typed_last(staging: Staging) -> None:
    async with staging() as stage:
        screen = Chooser("Commands", COMMANDS)
        await stage.show(screen)
        screen.input.value = "undo"
        screen._take()  # noqa: SLF001 before the line has told of its change
        await stage.pilot.pause()
        assert stage.answers == [4]


async def test_a_filter_can_be_changed_and_taken_back(staging: Staging) -> None:
    async with staging() as stage:
        await stage.show(Chooser("Commands", COMMANDS))
        await stage.press("u", "n")
        assert heading(stage)[1:] == ["2", "of", "5"]
        assert chosen(stage) == "undo"
        await stage.press("e")
        assert chosen(stage) == "view: undone"
        await stage.press("backspace", "backspace", "backspace")
        assert heading(stage)[1:] == ["5"]


async def test_nothing_found_and_nothing_there_are_said(staging: Staging) -> None:
    async with staging() as stage:
        await stage.show(Chooser("Commands", COMMANDS))
        await stage.write("zz")
        assert heading(stage)[1:] == ["0", "of", "5"]
        assert rows(stage) == ["  Nothing matches"]
        await stage.press("down", "pageup", "enter", "backspace", "backspace")
        assert chosen(stage) == "archive"
        await stage.press("escape")
        empty: Chooser[int] = Chooser("Views", ())
        await stage.show(empty)
        assert rows(stage) == ["  There is nothing to choose from"]
        await stage.press("enter", "x", "down", "enter")
        assert heading(stage)[1:] == ["0", "of", "0"]
        assert stage.answers == [None]


async def test_a_click_takes_a_row_and_one_beside_the_box_leaves(staging: Staging) -> None:
    async with staging() as stage:
        screen = Chooser("Commands", COMMANDS)
        await stage.show(screen)
        await stage.pilot.click(screen.list, offset=(9, 2))
        assert stage.answers == [3]
        screen = Chooser("Commands", COMMANDS)
        await stage.show(screen)
        await stage.pilot.click(screen.heading)
        await stage.pilot.click(screen, offset=(2, 22))
        await stage.pilot.pause()
        assert stage.answers == [3, None]


async def test_the_wheel_and_keys_move_a_long_list(staging: Staging) -> None:
    many = [Choice(f"tag {number}", number) for number in range(100)]
    async with staging((80, 40)) as stage:
        screen = Chooser("Tags", many)
        await stage.show(screen)
        assert len(rows(stage)) == MOST_ROWS
        await stage.pilot._post_mouse_events([MouseScrollDown], screen.list)  # noqa: SLF001 the pilot has no wheel
        await stage.pilot.pause()
        assert rows(stage)[0] == "> tag 3"
        await stage.press("pagedown", "pagedown", "down")
        assert chosen(stage) == "tag 44"
        await stage.press("9", "9", "enter")
        assert stage.answers == [99]


async def test_the_box_keeps_its_place_and_size_while_it_filters(staging: Staging) -> None:
    async with staging() as stage:
        screen = Chooser("Commands", COMMANDS)
        await stage.show(screen)
        regions = {screen.list.region, screen.heading.region}
        await stage.write("undo")
        assert {screen.list.region, screen.heading.region} == regions


@pytest.mark.parametrize(
    ("size", "width", "top"),
    [((300, 100), 100, 1), ((120, 40), 100, 1), ((60, 20), 60, 1), ((20, 5), 20, 0)],
)
async def test_the_box_fits_the_terminal(
    staging: Staging, size: tuple[int, int], width: int, top: int
) -> None:
    async with staging(size) as stage:
        screen = Chooser("Commands", COMMANDS)
        await stage.show(screen)
        region = screen.query_one("#chooser").region
        assert (region.width, region.y) == (width, top)
        assert abs(region.x - (size[0] - width) // 2) <= 1
        assert screen.list.size.height >= min(3, size[1] - 2)
        assert chosen(stage) == "archive"


async def test_another_size_keeps_the_selected_row_in_sight(staging: Staging) -> None:
    many = [Choice(f"tag {number}", number) for number in range(100)]
    async with staging((80, 40)) as stage:
        await stage.show(Chooser("Tags", many))
        await stage.press(*["down"] * 18)
        for size in [(60, 10), (20, 5), (200, 50)]:
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            assert chosen(stage) == "tag 18"


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        ((200, 50), "light"),
        ((80, 24), "terminal"),
        ((60, 20), "dark"),
        ((20, 5), "dark"),
        ((1, 1), "dark"),
    ],
)
async def test_rows_are_safe_and_fit_every_terminal(
    staging: Staging, hostile: tuple[str, ...], size: tuple[int, int], theme: str
) -> None:
    choices = [Choice(text, text, text[::-1], text, text) for text in hostile]
    async with staging(size, theme) as stage:
        await stage.show(Chooser(hostile[1], choices))
        for key in ("down", "e", "backspace", "习", "enter"):
            assert all(cell_len(line) == size[0] for line in stage.lines)
            assert all(char.isprintable() or char == "\u200d" for char in "".join(stage.lines))
            await stage.press(key)
        assert stage.answers == [hostile[5]], "the value is as it was given"


async def test_columns_share_the_room(staging: Staging) -> None:
    long = Choice("l" * 90, 1, "d" * 90, "k" * 30)
    for width, has_detail, has_keys in [
        (100, True, True),
        (60, True, True),
        (40, False, True),
        (24, False, False),
    ]:
        async with staging((width, 20)) as stage:
            await stage.show(Chooser("Links", [long, Choice("short", 2, "")]))
            row = rows(stage)[0]
            assert row.startswith("> lll")
            assert ("ddd" in row) == has_detail, width
            assert ("kkk" in row) == has_keys, width
            assert "…" in row

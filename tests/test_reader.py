from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.events import MouseScrollDown, MouseScrollUp

from tui.paging import MOVES, MOVES_WHILE_WRITING, Line, Move, Piece, Window, wrapped
from tui.screens.reader import TextScreen

if TYPE_CHECKING:
    from stage import Staging

pytest_plugins = ["tests.stage"]

TEXT = "\n".join(f"line {number}" for number in range(1, 88))


@pytest.mark.parametrize(
    ("move", "top"),
    [
        (Move(lines=1), 31),
        (Move(lines=-1), 29),
        (Move(pages=1), 49),
        (Move(pages=-1), 11),
        (Move(pages=0.5), 40),
        (Move(pages=-0.5), 20),
        (Move(pages=math.inf), 67),
        (Move(pages=-math.inf), 0),
        (Move(lines=-99), 0),
        (Move(lines=99), 67),
    ],
)
def test_a_window_moves_by_lines_and_pages_and_stays_within(move: Move, top: int) -> None:
    assert Window(87, 20, 30).moved(move) == Window(87, 20, top)


def test_a_window_of_one_line_moves_by_one_at_least() -> None:
    assert Window(9, 1, 3).moved(Move(pages=0.5)).top == 4
    assert Window(9, 1, 3).moved(Move(pages=-0.5)).top == 2


@pytest.mark.parametrize(
    ("window", "place"),
    [
        (Window(87, 20), "1-20 of 87"),
        (Window(87, 20, 67), "68-87 of 87"),
        (Window(3, 20), "1-3 of 3"),
        (Window(1, 20), "1 of 1"),
        (Window(9, 1, 4), "5 of 9"),
        (Window(12_345, 20, 9_999), "10,000-10,019 of 12,345"),
        (Window(), "0 of 0"),
    ],
)
def test_a_window_says_what_is_in_sight(window: Window, place: str) -> None:
    assert window.place == place


def test_a_window_on_lines_laid_out_anew_begins_with_the_same_source() -> None:
    lines = [Line((Piece(str(n)),), n // 3) for n in range(30)]
    assert Window(10, 4, 5).on(lines, 6, source=5) == Window(30, 6, 15)
    assert Window(10, 4, 5).on([], 0, source=5) == Window(0, 1, 0)


def test_what_moves_while_writing_moves_always() -> None:
    assert MOVES_WHILE_WRITING.items() <= MOVES.items()
    assert not any(len(key) == 1 for key in MOVES_WHILE_WRITING)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("short", 5, ["short"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("  deep   gap here", 10, ["  deep", "gap here"]),
        ("abcdefghij k", 4, ["abcd", "efgh", "ij k"]),
        ("x abcdefgh", 4, ["x", "abcd", "efgh"]),
        ("深度学习 模型", 5, ["深度", "学习", "模型"]),
        ("深度", 1, ["深", "度"]),
        ("    ", 2, [""]),
    ],
)
def test_lines_are_broken_at_blanks_and_long_words_anywhere(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrapped(text, width) == lines


@given(st.text("ab 深é\u0301", max_size=60), st.integers(2, 20))
def test_no_wrapped_line_is_wider_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


async def test_every_key_moves_the_text_and_its_place_is_shown(staging: Staging) -> None:
    async with staging((80, 22)) as stage:
        await stage.show(TextScreen("Messages", TEXT))
        assert stage.lines[0].split() == ["Messages", "1-20", "of", "87"]
        assert stage.lines[1].rstrip() == " line 1"
        for keys, top in [
            ("j down ctrl+n", 4),
            ("k up ctrl+p", 1),
            ("k", 1),
            ("ctrl+d", 11),
            ("ctrl+u", 1),
            ("pagedown space J", 58),
            ("pageup K", 20),
            ("G", 68),
            ("j space", 68),
            ("g", 1),
            ("end", 68),
            ("home", 1),
            ("x ctrl+x f1 tab", 1),
        ]:
            await stage.press(*keys.split())
            assert stage.lines[1].rstrip() == f" line {top}", keys
            assert f"{top}-{top + 19} of 87" in stage.lines[0]
        assert "j k scroll" in stage.lines[-1]


async def test_the_usual_keys_leave_a_text(staging: Staging) -> None:
    async with staging() as stage:
        for key in ("q", "escape", "enter", "ctrl+c"):
            await stage.show(TextScreen("Messages", TEXT))
            await stage.press(key)
            assert stage.answers.pop() is None, key


async def test_the_wheel_moves_a_text(staging: Staging) -> None:
    async with staging((80, 22)) as stage:
        screen = TextScreen("Messages", TEXT)
        await stage.show(screen)
        for event, top in [(MouseScrollDown, 4), (MouseScrollDown, 7), (MouseScrollUp, 4)]:
            await stage.pilot._post_mouse_events([event], screen.page)  # noqa: SLF001 the pilot has no wheel
            await stage.pilot.pause()
            assert stage.lines[1].rstrip() == f" line {top}"


async def test_another_width_keeps_the_line_at_the_top(staging: Staging) -> None:
    text = "\n".join(f"{number} {'word ' * 30}" for number in range(40))
    async with staging((60, 20)) as stage:
        await stage.show(TextScreen("Output", text))
        await stage.press(*["j"] * 30)
        first = stage.lines[1].split()[0]
        for size in [(200, 20), (30, 12), (60, 20)]:
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            assert stage.lines[1].split()[0] == first, size


@pytest.mark.parametrize("size", [(200, 50), (60, 20), (20, 5), (1, 1)])
async def test_a_text_is_safe_and_fits_every_terminal(
    staging: Staging, hostile: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with staging(size) as stage:
        await stage.show(TextScreen(hostile[1] + hostile[0], "\n".join(hostile)))
        for _ in range(4):
            assert all(cell_len(line) == size[0] for line in stage.lines)
            assert all(char.isprintable() or char == "\u200d" for char in "".join(stage.lines))
            await stage.press("space")


async def test_lines_and_blanks_of_a_text_stay_and_tabs_become_blanks(staging: Staging) -> None:
    async with staging() as stage:
        await stage.show(TextScreen("Output", "  a   b\n\n\x1b[1mname\x1b[0m\tx\r\nend\n\n"))
        assert [line.rstrip() for line in stage.lines[1:6]] == [
            "   a   b",
            "",
            " name    x",
            " end",
            "",
        ]

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from tui.completing import completed_query
from tui.widgets.counter import Counter
from tui.widgets.line_input import LONGEST_LINE, to_line
from tui.widgets.search_line import QueryInput, SearchLine

if TYPE_CHECKING:
    from stage import PutOnStage, Stage

pytest_plugins = ["tests.stage"]

SEARCHES = ("graph neural", "is:unread", "graph attention", "diffusion")


def submitted(stage: Stage) -> list[str]:
    return [
        found.value for found in stage.told(Input.Submitted) if isinstance(found, Input.Submitted)
    ]


def changed(stage: Stage) -> list[str]:
    return [found.value for found in stage.told(Input.Changed) if isinstance(found, Input.Changed)]


# What comes in


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("one line", "one line"),
        ("two  blanks ", "two  blanks "),
        (" ", " "),
        ("a\nb", "a b"),
        ("a\r\nb", "a b"),
        ("a  \n\n\t b", "a b"),
        ("a\u2028b\x0bc\x0cd\x85e\u2029f", "a b c d e f"),
        ("a\n", "a"),
        ("\n a \r\n", "a"),
        (" a \n", " a"),
        ("\n", ""),
        ("a\tb", "a b"),
        ("a\u00a0b\u3000c", "a b c"),
        ("a\x00b\x1b\x07c\x7f", "abc"),
        ("a\u202eb\ufeffc\u00ad", "abc"),
        ("क\u200cष", "क\u200cष"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("x" * (LONGEST_LINE + 1), "x" * LONGEST_LINE),
    ],
)
def test_a_text_becomes_one_line(text: str, line: str) -> None:
    assert to_line(text) == line


@given(st.text() | st.text(" \n\r\t\x0b\u2028ab\x00"))
def test_a_line_is_one_and_stays_as_it_is(text: str) -> None:
    line = to_line(text)
    assert len(line.splitlines()) <= 1
    assert to_line(line) == line


async def test_a_paste_becomes_one_line_wherever_it_goes(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    async with put_on_stage(line) as stage:
        line.open("ab")
        await stage.press("left")
        await stage.paste("1\r\n 2\x1b\n")
        assert line.text == "a1 2b"
        assert line.input.cursor_position == 4
        await stage.press("ctrl+shift+a")
        await stage.paste("graph\u2028neural")
        assert line.text == "graph neural"
        line.input.value = "from\nelsewhere\n"
        assert line.text == "from elsewhere"
        line.show("shown\tit is")
        assert line.text == "shown it is"
        stage.pilot.app.copy_to_clipboard("x\ny")
        await stage.press("ctrl+v")
        assert line.text == "shown it isx y"
        await stage.paste("")
        assert line.text == "shown it isx y"
        assert submitted(stage) == []


@pytest.mark.parametrize(
    ("keys", "text", "place"),
    [
        ("ctrl+w", "graph -tag:rl/offline ", 22),
        ("ctrl+w ctrl+w", "graph ", 6),
        ("ctrl+w ctrl+w ctrl+w ctrl+w", "", 0),
        ("space space ctrl+w", "graph -tag:rl/offline ", 22),
        ("ctrl+left ctrl+w", "graph up?", 6),
        ("ctrl+shift+left ctrl+w", "graph -tag:rl/offline ", 22),
        ("alt+backspace", "graph -tag:rl/offline ", 22),
        ("alt+backspace alt+backspace", "graph -tag:rl/", 14),
        ("ctrl+left ctrl+u", "up?", 0),
        ("ctrl+left ctrl+k", "graph -tag:rl/offline ", 22),
        ("home ctrl+k", "", 0),
        ("home delete", "raph -tag:rl/offline up?", 0),
        ("home ctrl+e", "graph -tag:rl/offline up?", 25),
        ("home end", "graph -tag:rl/offline up?", 25),
    ],
)
async def test_a_line_is_edited_as_in_a_shell(
    put_on_stage: PutOnStage, keys: str, text: str, place: int
) -> None:
    line = SearchLine()
    async with put_on_stage(line) as stage:
        line.open("graph -tag:rl/offline up?")
        await stage.press(*keys.split())
        assert (line.text, line.input.cursor_position) == (text, place)


# Completion


async def test_the_end_of_a_query_is_completed(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    line.complete_with(partial(completed_query, tags=("robotics", "rl"), views=("today",)))
    async with put_on_stage(line) as stage:
        line.open("")
        await stage.press("t", "a")
        assert line.input.render_line(0).text.rstrip() == "tag:"
        await stage.press("tab")
        assert line.text == "tag:"
        assert line.input.render_line(0).text.rstrip() == "tag:robotics"
        await stage.press("right")
        assert line.text == "tag:robotics"
        await stage.press("space", "-", *"is:un", "tab")
        assert line.text == "tag:robotics -is:unread"
        assert submitted(stage) == []
        await stage.press("tab")
        assert (line.text, submitted(stage)) == ("tag:robotics -is:unread", [])


async def test_tab_completes_nothing_that_was_not_written(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    line.complete_with(partial(completed_query, tags=(), views=()))
    async with put_on_stage(line) as stage:
        line.show("is:un")
        line.open()
        await stage.press("tab")
        assert (line.text, submitted(stage)) == ("is:un", [])


# Earlier searches


async def test_earlier_searches_come_back_and_are_searched(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    line.searches = SEARCHES
    async with put_on_stage(line) as stage:
        line.show("is:inbox")
        line.open()
        await stage.press("ctrl+p")
        assert (line.text, line.input.cursor_position) == ("diffusion", 9)
        await stage.press("ctrl+p", "ctrl+p", "ctrl+p", "ctrl+p")
        assert line.text == "graph neural"
        await stage.press("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
        assert line.text == "is:inbox"
        assert changed(stage) == [*reversed(SEARCHES), *SEARCHES[1:], "is:inbox"]


async def test_earlier_searches_begin_with_what_was_written(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    line.searches = SEARCHES
    async with put_on_stage(line) as stage:
        line.open("")
        await stage.press("g", "r", "ctrl+p")
        assert line.text == "graph attention"
        await stage.press("ctrl+p", "ctrl+p", "ctrl+n", "ctrl+n")
        assert line.text == "gr"
        # What is written on an earlier one is a beginning of its own.
        await stage.press("ctrl+p", "ctrl+w", "n", "ctrl+p")
        assert line.text == "graph neural"
        await stage.press("ctrl+n", "ctrl+n")
        assert line.text == "graph n"
        # As in a shell, what stands before the cursor counts.
        await stage.press("left", "left", "ctrl+p")
        assert line.text == "graph attention"


async def test_a_walk_ends_with_the_search(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    line.searches = SEARCHES
    async with put_on_stage(line) as stage:
        line.open("")
        await stage.press("ctrl+p", "ctrl+p")
        line.close(line.text)
        line.searches = (*SEARCHES, "sheep")
        line.open()
        await stage.press("ctrl+p")
        assert line.text == "sheep"


async def test_without_earlier_searches_the_line_stays(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    async with put_on_stage(line) as stage:
        line.show("is:inbox")
        line.open()
        await stage.press("ctrl+p", "ctrl+n", "x")
        assert line.text == "x"


# Opening, moving and leaving


async def test_what_stands_there_is_replaced_and_a_text_is_gone_on_with(
    put_on_stage: PutOnStage,
) -> None:
    line = SearchLine()
    async with put_on_stage(line) as stage:
        line.show("is:inbox")
        assert not line.is_open
        line.open("is:inbox ")
        await stage.press("x")
        assert line.is_open
        assert line.text == "is:inbox x"
        line.close("is:inbox x")
        await stage.pilot.pause()
        assert not line.is_open
        line.open()
        await stage.press("y")
        assert line.text == "y"


async def test_keys_move_in_the_list_and_leave_the_line(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    line.searches = SEARCHES
    async with put_on_stage(line) as stage:
        line.open("x")
        await stage.press("down", "up", "escape", "ctrl+c")
        moves = [
            found.by
            for found in stage.told(QueryInput.Moved)
            if isinstance(found, QueryInput.Moved)
        ]
        assert moves == [1, -1]
        assert len(stage.told(QueryInput.Left)) == 2
        assert line.text == "x"


# The counter


@pytest.mark.parametrize(
    ("width", "counter"),
    [
        (80, "9,000 of 75,000 searchable · 12 of 40"),
        (63, "9,000 of 75,000 searchable · 12 of 40"),
        (62, "12 of 40"),
        (34, "12 of 40"),
        (33, "12 of…"),
        (27, ""),
        (20, ""),
    ],
)
async def test_the_counter_is_cut_before_the_query(
    put_on_stage: PutOnStage, width: int, counter: str
) -> None:
    line = SearchLine()
    async with put_on_stage(line, size=(width, 6)) as stage:
        line.show_counter("9,000 of 75,000 searchable · 12 of 40")
        await stage.pilot.pause()
        label = line.query_one("#counter", Counter)
        assert label.text == counter
        assert line.input.region.width >= min(20, width - 6)
        assert label.region.right <= max(width - 1, 2)


async def test_the_counter_comes_back_with_room(put_on_stage: PutOnStage) -> None:
    line = SearchLine()
    async with put_on_stage(line, size=(30, 6)) as stage:
        line.show_counter("12 of 40")
        label = line.query_one("#counter", Counter)
        assert label.text != "12 of 40"
        await stage.pilot.resize_terminal(80, 6)
        await stage.pilot.pause()
        assert label.text == "12 of 40"
        assert label.region.right == 79

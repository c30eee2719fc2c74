from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tui.tagging import completed
from tui.widgets.status_line import PromptInput, StatusLine

if TYPE_CHECKING:
    from stage import PutOnStage

pytest_plugins = ["tests.stage"]

NAMES = ("robotics", "rl", "rl/offline")


def complete(text: str) -> str | None:
    return completed(text, NAMES)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Add tags", "Add tags:"),
        ("Tags of 3 papers: ", "Tags of 3 papers:"),
        ("Save as?", "Save as?"),
        ("|", "|"),
        ("Rename 'a\nb' to", "Rename 'a b' to:"),
    ],
)
async def test_a_question_stands_before_the_answer(
    put_on_stage: PutOnStage, label: str, shown: str
) -> None:
    status = StatusLine([("?", "help")])
    async with put_on_stage(status) as stage:
        assert not status.is_open
        status.ask(label, "rl ")
        await stage.press("x", "enter")
        assert (status.label, status.input.value) == (shown, "rl x")
        assert status.is_open
        assert not status.hints.display
        (submitted,) = stage.told(Input.Submitted)
        assert isinstance(submitted, Input.Submitted)
        assert submitted.value == "rl x"
        status.close()
        await stage.pilot.pause()
        assert not status.is_open
        assert status.hints.display
        assert not status.input.display


async def test_tab_or_the_right_arrow_takes_the_completion_and_something_after_it(
    put_on_stage: PutOnStage,
) -> None:
    status = StatusLine([])
    async with put_on_stage(status) as stage:
        status.ask("Tags", "", complete, after=" ")
        await stage.press("r", "o")
        assert status.input.render_line(0).text.rstrip() == "robotics"
        await stage.press("tab", "r", "l", "tab")
        assert status.input.value == "robotics rl "
        await stage.press("r", "l", "/", "right")
        assert status.input.value == "robotics rl rl/offline "
        assert stage.told(PromptInput.Tabbed) == []
        status.ask("Tags", "", complete)
        await stage.press("r", "o", "right")
        assert status.input.value == "robotics"
        await stage.press("right")
        assert status.input.value == "robotics"


async def test_tab_completes_however_fast_it_is_pressed(put_on_stage: PutOnStage) -> None:
    status = StatusLine([])
    async with put_on_stage(status):
        status.ask("Add tags", "", complete, after=" ")
        # Nothing can be drawn in between.
        status.input.write("ro")
        await status.input.run_action("complete")
        status.input.insert_text_at_cursor("r")
        await status.input.run_action("complete")
        assert status.input.value == "robotics rl "


async def test_tab_tells_where_there_is_nothing_to_complete(put_on_stage: PutOnStage) -> None:
    status = StatusLine([])
    async with put_on_stage(status) as stage:
        status.ask("Tags", "x", complete)
        await stage.press("tab")
        status.ask("Export to", "x")
        await stage.press("tab", "right", "left", "right")
        assert len(stage.told(PromptInput.Tabbed)) == 2
        assert status.input.value == "x"
        assert status.is_open


async def test_the_cursor_in_the_middle_is_not_at_the_end_of_a_word(
    put_on_stage: PutOnStage,
) -> None:
    status = StatusLine([])
    async with put_on_stage(status) as stage:
        status.ask("Tags", "ro", complete)
        await stage.press("left", "tab")
        assert status.input.value == "ro"
        await stage.press("right", "shift+left", "right")
        assert status.input.value == "ro"


async def test_a_wrong_answer_is_told_and_can_be_mended(put_on_stage: PutOnStage) -> None:
    status = StatusLine([])
    reason = "'a(b' can't be a tag: it has '(', which the search language needs"
    async with put_on_stage(status, size=(60, 6)) as stage:
        status.ask("Tags", "a(b", complete)
        await stage.press("left")
        status.close()
        status.reopen()
        status.refuse(reason)
        await stage.press("end")
        assert status.label.startswith("'a(b' can't be a tag: it has")
        assert status.label.endswith("… ·")
        assert status.hints.told[-1].text == reason
        # There is room to write.
        assert status.input.region.width >= 20
        assert status.input.region.right <= 60
        assert status.region.height == 1
        await stage.press("left", "backspace")
        assert status.input.value == "ab"
        assert status.label == "Tags:", "what is mended is no longer called wrong"


async def test_an_offer_is_replaced_by_the_first_character(put_on_stage: PutOnStage) -> None:
    status = StatusLine([])
    async with put_on_stage(status, size=(60, 6)) as stage:
        status.ask("Pipe to", "wc -l", is_selected=True)
        await stage.press("c", "a", "t")
        assert status.input.value == "cat"


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_an_answer_is_given_up(put_on_stage: PutOnStage, key: str) -> None:
    status = StatusLine([])
    async with put_on_stage(status) as stage:
        status.ask("Tags", "rl")
        await stage.press(key)
        assert len(stage.told(PromptInput.Left)) == 1
        assert status.is_open

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tui.commands import all_commands
from tui.keymap import bindings
from tui.session import Session
from tui.setting import Setting
from tui.state import Split, ViewState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browsing import Browse, Scene
    from terminal import Home

    from store.library import Library

pytest_plugins = ["tests.browsing", "tests.terminal"]

TODAY = date(2026, 3, 12)


def test_the_first_state_is_what_was_asked_for_and_left() -> None:
    setting = Setting(
        text="diffusion", home="is:starred", split=Split(0.3, 0.6), is_sidebar_shown=True
    )
    assert setting.state == ViewState(
        text="diffusion", home="is:starred", split=Split(0.3, 0.6), is_sidebar_shown=True
    )


def test_a_session_keeps_what_the_next_browser_takes_up() -> None:
    state = ViewState(text="is:inbox sort:votes", split=Split(stacked=0.6), is_sidebar_shown=True)
    state = state.with_list(state.list.with_keys((3, 1, 2), 1))
    assert Session.of(state, ("diffusion", "video"), "light", TODAY) == Session(
        day="2026-03-12",
        text="is:inbox sort:votes",
        key=1,
        top=1,
        stacked=0.6,
        is_sidebar_shown=True,
        theme="light",
        searches=("diffusion", "video"),
    )


async def restarted(scene: Scene) -> Setting:
    """Return how a browser is set up that takes up what another left on the same day."""
    session = scene.app.session()
    assert session
    return Setting(
        text=session.text or "",
        key=session.key,
        split=Split(session.beside, session.stacked),
        searches=session.searches,
        rest_seconds=0,
    )


async def test_search_selection_order_and_split_are_taken_up_again(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"language", "enter")
        await scene.until(lambda: len(scene.papers) < 40)
        await scene.press(",", "v", "<", "<")
        await scene.until(lambda: scene.browser.state.text == "sort:votes language")
        await scene.press("g", "g", *"jjj")
        title, width = scene.paper.title, scene.browser.panes.list.size.width
        setting = await restarted(scene)
    async with browse(sample, text=setting.text, setting=setting) as scene:
        assert scene.paper.title == title
        assert (scene.query, scene.selected) == ("sort:votes language", 3)
        assert scene.browser.panes.list.size.width == width
        await scene.press("/", "ctrl+p")
        assert scene.query == "language"
        await scene.press("escape", "escape")
        await scene.found(40)


async def test_a_paper_that_is_gone_leaves_the_selection_at_the_top(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=Setting(key=4_711, rest_seconds=0)) as scene:
        assert scene.selected == 0


async def test_the_configured_view_is_where_every_way_back_leads(
    sample: Library, browse: Browse
) -> None:
    setting = Setting(home="on:2026-04-14", rest_seconds=0)
    async with browse(sample, text="diffusion", setting=setting) as scene:
        await scene.press("escape")
        await scene.found(5)
        assert scene.query == "on:2026-04-14"
        assert scene.counter == "5 of 5 left on 2026-04-14 · 1 of 5"
        await scene.press("q")
        await scene.until(lambda: not scene.app.is_running)


async def test_a_mistake_that_the_browser_is_opened_with_is_said(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, text="titel:x") as scene:
        await scene.said("Did you mean 'title:x'")
        await scene.press(",", "v", "F", *"x", "enter")
        assert scene.browser.status.is_open, "it can't be saved"
        await scene.press("escape", "\\", "escape", "j", "a", "?", "q", "space", "escape")
        await scene.until(lambda: scene.counter == "5 of 5 left on 2026-04-14 · 1 of 40")
        assert sample.history.entries()[0].label.startswith("import")


async def test_the_configured_columns_are_shown(sample: Library, browse: Browse) -> None:
    setting = Setting(columns=("comments", "id"), rest_seconds=0)
    async with browse(sample, size=(200, 30), setting=setting) as scene:
        assert scene.row(0).endswith("arxiv:2604.10098")
        assert "2604.10098" in scene.row(0)


async def test_configured_keys_are_the_ones_in_force_and_shown(
    sample: Library, browse: Browse
) -> None:
    keys = bindings(all_commands(), [("archive", ("Z",)), ("take-tag", ("g t",))])
    setting = replace(Setting(rest_seconds=0), bindings=keys)
    async with browse(sample, setting=setting) as scene:
        assert scene.hints.startswith("Z archive  d dismiss ")
        await scene.press("a")
        assert len(sample.tags.papers_with("inbox")) == 40
        await scene.press("Z")
        await scene.said("^Archived")
        await scene.press(":", *"archive")
        assert any("archive and go" in line and " Z " in line for line in scene.screen)
        await scene.press("escape", "?")
        assert any(" Z " in line and "archive and go" in line for line in scene.screen)


async def test_the_reader_s_own_style_sheet_is_the_last_word(
    sample: Library, browse: Browse, tmp_path: Path
) -> None:
    style = tmp_path / "style.tcss"
    style.write_text(".-beside #list { width: 30; }", encoding="utf-8")
    async with browse(sample, setting=Setting(style=style, rest_seconds=0)) as scene:
        assert scene.browser.panes.list.outer_size.width == 30


@pytest.mark.parametrize(
    ("size", "is_stacked"), [((120, 36), False), ((80, 40), True), ((300, 100), False)]
)
async def test_the_split_is_moved_kept_and_never_takes_all(
    sample: Library, browse: Browse, size: tuple[int, int], *, is_stacked: bool
) -> None:
    async with browse(sample, size=size) as scene:
        shown = scene.browser.panes.list

        def extent() -> int:
            return shown.outer_size.height if is_stacked else shown.outer_size.width

        room = size[1] - 2 if is_stacked else size[0]
        before = extent()
        await scene.press(">")
        await scene.until(lambda: extent() > before)
        grown = extent()
        await scene.press("<", "<")
        await scene.until(lambda: extent() < grown)
        for key, share in ((">", 0.8), ("<", 0.2)):
            await scene.press(*[key] * 20)
            await scene.until(partial(is_near, extent, share * room))
        assert scene.browser.panes.abstract.size.width > 20
        split = scene.browser.state.split
        assert (split.stacked if is_stacked else split.beside) == 0.2
        await scene.pilot.resize_terminal(size[0] + 20, size[1] + 4)
        await scene.press("j")
        room = size[1] + 2 if is_stacked else size[0] + 20
        if scene.browser.panes.is_stacked == is_stacked:
            await scene.until(partial(is_near, extent, 0.2 * room))


def is_near(extent: Callable[[], int], wanted: float) -> bool:
    return abs(extent() - wanted) <= 2


async def test_the_split_of_each_arrangement_is_its_own(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("<", "<")
        width = scene.browser.panes.list.outer_size.width
        await scene.pilot.resize_terminal(80, 36)
        await scene.press(">", ">", ">")
        stacked = scene.browser.state.split.stacked
        assert stacked
        assert stacked > 0.5
        await scene.pilot.resize_terminal(120, 36)
        await scene.until(lambda: scene.browser.panes.list.outer_size.width == width)


def test_what_was_left_and_is_gone_leads_home_and_every_paper_comes_back(home: Home) -> None:
    record = '{"id": "2403.00001", "title": "Counting sheep", "abstract": "They jump."}\n'
    home.run("import", "-", stdin=record)
    home.run("view", "wool", "title:sheep")
    with home.browse("browse", "view:wool") as terminal:
        terminal.shows("Counting sheep")
        terminal.send("\x03\x03")
        assert terminal.ended() == 0
    left = json.loads(home.session.read_text())
    home.session.write_text(json.dumps({**left, "text": "view:wool"}))
    home.run("view", "--remove", "wool")
    with home.browse() as terminal:
        terminal.shows("Counting sheep")
        terminal.shows("'view:wool' can't be searched for any more: ")
        assert "is:inbox" in terminal.lines[0]
        terminal.send("\x03\x03")
        assert terminal.ended() == 0
    left = json.loads(home.session.read_text())
    home.run("tag", "-inbox", "--", "is:inbox")
    home.session.write_text(json.dumps({**left, "text": ""}))
    with home.browse() as terminal:
        terminal.shows("Counting sheep")
        terminal.send("\x03\x03")
        assert terminal.ended() == 0
    assert json.loads(home.session.read_text())["text"] == ""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.events import MouseEvent, MouseScrollDown, MouseScrollUp

from store.tagnames import TagEdit
from tui.clipboard import osc52
from tui.commands import all_commands
from tui.conversations.welcoming import OPEN_SAMPLE
from tui.format import own_tags
from tui.screens.browser import Browser
from tui.screens.help import HelpScreen
from tui.setting import Setting
from tui.state import Pane
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder
    from textual.widget import Widget

    from store.library import Library

pytest_plugins = ["tests.browsing"]

PAGE = "https://huggingface.co/papers/2604.10098"
READ = TagEdit(removed=("unread",))
LEAVING = {"quit", "cancel", "suspend"}
"""Commands that lead away from the browser."""


async def test_keys_move_through_the_list(sample: Library, browse: Browse) -> None:
    async with browse(sample, text="is:inbox sort:votes", size=(120, 18)) as scene:
        assert scene.browser.panes.list.size.height == 16
        for keys, selected, top in [
            ("j", 1, 0),
            ("j down j", 4, 0),
            ("k up", 2, 0),
            ("ctrl+d", 10, 8),
            ("pagedown", 26, 24),
            ("pagedown", 39, 24),
            ("j", 39, 24),
            ("ctrl+u", 31, 16),
            ("pageup", 15, 0),
            ("pageup", 0, 0),
            ("k", 0, 0),
            ("G", 39, 24),
            ("g g", 0, 0),
            ("end", 39, 24),
            ("home", 0, 0),
            ("j", 1, 0),
            ("g j", 1, 0),
            ("g escape g g", 0, 0),
        ]:
            await scene.press(*keys.split())
            view = scene.browser.state.list
            assert (view.selected, view.top) == (selected, top), keys
            assert scene.counter == f"{selected + 1} of 40"
            assert scene.paper.title[:20] in scene.rows[selected - top]
            assert scene.abstract.startswith(scene.paper.title[:20])


async def test_keys_move_from_day_to_day_with_its_heading_in_sight(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(120, 18)) as scene:
        assert scene.rows[0].split() == ["2026-04-14", "Tuesday", "5", "of", "5", "left"]
        for keys, selected in [
            ("]", 5),
            ("] ]", 15),
            ("[", 10),
            ("[ [", 0),
            ("] k", 4),
            ("G", 39),
            ("[", 30),
        ]:
            await scene.press(*keys.split())
            assert scene.selected == selected, keys
            if "]" in keys[-1] or "[" in keys[-1]:
                heading = scene.rows[scene.browser.state.list.line_of(selected) - 1]
                assert heading.split()[0] == scene.paper.listed


async def test_unread_papers_are_found_below_and_above(sample: Library, browse: Browse) -> None:
    keys = sample.search("is:inbox").keys
    sample.tags.edit((*keys[1:4], *keys[6:]), READ)
    async with browse(sample) as scene:
        await scene.press("n")
        assert scene.selected == 4
        await scene.press("n")
        assert scene.selected == 5
        await scene.press("n")
        assert scene.hints == "No unread paper below"
        await scene.press("p", "p")
        assert scene.selected == 0
        await scene.press("p")
        assert scene.hints == "No unread paper above"
        await scene.press("[")
        assert scene.hints == "No other day above"
        await scene.press("G", "]")
        assert scene.hints == "No other day below"
        assert scene.selected == 39


async def test_opening_a_paper_marks_it_read_and_undo_passes_over_that(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(80, 24)) as scene:
        await scene.press("s")
        await scene.said("^Starred 'Attention Sink")
        await scene.press("enter")
        await scene.until(lambda: "unread" not in scene.paper.tags)
        assert scene.browser.state.pane is Pane.ABSTRACT
        await scene.until(lambda: scene.row(0).startswith("  ★ "))
        await scene.press("u")
        await scene.said("^Undone: star")
        assert scene.paper.tags == ("inbox",)
        await scene.press("u")
        await scene.said("^Nothing to undo here$")


async def test_the_abstract_is_scrolled_from_either_pane(sample: Library, browse: Browse) -> None:
    async with browse(sample, size=(60, 16)) as scene:
        first = scene.abstract
        for keys, is_at_top in [
            ("J", False),
            ("K", True),
            ("tab j", False),
            ("k", True),
            ("G", False),
            ("g g", True),
            ("ctrl+d", False),
            ("ctrl+u", True),
            ("pagedown", False),
            ("pageup", True),
        ]:
            await scene.press(*keys.split())
            assert (scene.abstract == first) == is_at_top, keys
            assert scene.selected == 0
        await scene.press("tab", "j")
        assert scene.selected == 1


async def test_enter_tab_and_z_change_the_panes_and_back_leads_to_the_list(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        browser = scene.browser
        for keys, pane, is_list_shown in [
            ("tab", Pane.ABSTRACT, True),
            ("tab", Pane.LIST, True),
            ("enter", Pane.ABSTRACT, True),
            ("enter", Pane.LIST, True),
            ("tab escape", Pane.LIST, True),
            ("tab q", Pane.LIST, True),
            ("z", Pane.ABSTRACT, False),
            ("tab", Pane.ABSTRACT, False),
            ("z", Pane.LIST, True),
            ("z escape", Pane.LIST, True),
            ("z q", Pane.LIST, True),
        ]:
            await scene.press(*keys.split())
            assert browser.state.pane is pane, keys
            assert browser.panes.has_class("-reading") == (pane is Pane.ABSTRACT)
            assert browser.panes.list.display == is_list_shown, keys
        assert scene.app.is_running
        await scene.press("z")
        assert browser.panes.abstract.size.width >= 118


async def test_tags_are_edited_added_and_taken_off(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        line = scene.browser.status.input

        async def write(keys: str, *, said: str, tags: str, row: str) -> None:
            await scene.press(*keys.split(), "enter")
            await scene.said(f"^{re.escape(said)}")
            assert own_tags(scene.paper.tags) == tags.split()
            await scene.until(lambda: row in scene.row(scene.selected))
            assert not scene.browser.status.is_open

        await write("t r l space v i d e o", said="Tagged +rl +video: ", tags="rl video", row="rl")
        await scene.press("t")
        assert line.value == "rl video "
        await write("- r l", said="Tagged -rl: ", tags="video", row="  video ")
        await write(
            "+ r l space a u d i o", said="Tagged +rl +audio:", tags="audio rl video", row="a"
        )
        await scene.press("-", "v", "tab")
        assert line.value == "video "
        await write("enter", said="Tagged -video", tags="audio rl", row="audio rl ")
        await write("t ctrl+u", said="Tagged -audio -rl", tags="", row="43")
        await scene.press("-")
        assert scene.hints == "This paper has no tags of yours"
        await scene.press("u", "u")
        await scene.said("^Undone: tag -video")
        assert own_tags(scene.paper.tags) == ["audio", "rl", "video"]


async def test_a_wrong_tag_says_why_and_the_line_stays_open(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        status = scene.browser.status
        await scene.press("t", *"a(b", "enter")
        assert status.label == (
            "'a(b' can't be a tag: it has '(', which the search language needs ·"
        )
        assert status.is_open
        await scene.press("backspace", "backspace", "enter")
        await scene.said(r"^Tagged \+a: ")
        for leave in ("escape", "ctrl+c"):
            await scene.press("t", "x", leave)
            assert not status.is_open
        await scene.press("j", "t", "enter")
        assert not status.is_open
        assert [own_tags(paper.tags) for paper in scene.papers[:2]] == [["a"], []]


async def test_tab_completes_a_tag_however_fast_it_is_pressed(
    sample: Library, browse: Browse
) -> None:
    sample.tags.edit(sample.search("*").keys[:1], TagEdit(added=("robotics", "rl")))
    async with browse(sample) as scene:
        await scene.press("+")
        await scene.press("r", "o", "tab", "r", "tab", "tab")
        assert scene.browser.status.input.value == "robotics rl "


async def test_what_belongs_to_a_paper_is_copied_and_shown(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("]", "]")
        paper = scene.paper
        arxiv = paper.identifiers[0].value
        for key, text in [
            ("y", f"https://huggingface.co/papers/{arxiv}"),
            ("p", f"https://arxiv.org/pdf/{arxiv}"),
            ("i", f"arxiv:{arxiv}"),
            ("t", paper.title),
        ]:
            await scene.press("y", key)
            await scene.said(f"^Sent to the terminal: {re.escape(text)} ")
            assert scene.terminal.pop() == osc52(text)
        await scene.press("y", "c")
        assert scene.hints == "This paper has no code link"
        assert scene.terminal == []


async def test_a_text_of_many_lines_is_shown_whole_words_and_says_how_many_are_left(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(80, 24)) as scene:
        await scene.press("y", "b")
        await scene.said("^Sent to the terminal")
        notice = scene.browser.panes.notice
        await scene.until(lambda: notice.display and notice.size.height)
        shown = [notice.render_line(y).text.strip() for y in range(notice.size.height)]
        latest = scene.browser.work.copies.latest
        assert latest
        copied = latest.text.splitlines()
        title = next(line.strip() for line in copied if "title =" in line)
        assert title in " ".join(shown)
        begun = sum(line.strip()[:20] in " ".join(shown) for line in copied)
        left = re.fullmatch(r"… (\d+) lines? more: .*", shown[-1])
        assert left
        assert int(left[1]) in {len(copied) - begun, len(copied) - begun + 1}


async def test_a_paper_without_identifier_has_its_search_link_copied_and_says_so(
    desk: Desk, library: Library, record: RecordBuilder, browse: Browse
) -> None:
    code = "https://github.com/sheep/count"
    desk.bring_in(record("Counting sheep", abstract=f"Code: {code}."))
    assert library.index.wait(30)
    async with browse(library, text="*") as scene:
        await scene.press("y", "y")
        search = "https://arxiv.org/search/?searchtype=title&query=Counting+sheep"
        await scene.said("^This paper has no page, but a search by its title · Sent to the term")
        assert scene.terminal.pop() == osc52(search)
        await scene.press("y", "c")
        await scene.said(re.escape(code))
        assert scene.terminal.pop() == osc52(code)
        for key, said in [
            ("i", "This paper has no identifier"),
            ("p", "This paper has no PDF link"),
        ]:
            await scene.press("y", key)
            assert scene.hints == said
        assert scene.terminal == []


async def test_the_configured_command_gets_what_is_copied(
    sample: Library, browse: Browse, tmp_path: Path
) -> None:
    output = tmp_path / "clipboard"
    command = ("/bin/sh", "-c", f"/bin/cat > '{output}'")
    async with browse(sample, command=command) as scene:
        await scene.press("y", "i")
        await scene.said("^Copied arxiv:2604.10098")
        assert output.read_text() == "arxiv:2604.10098"
        assert scene.terminal == []


async def test_the_page_of_a_paper_is_opened(sample: Library, browse: Browse) -> None:
    async with browse(sample, has_display=True) as scene:
        await scene.press("o")
        await scene.said(f"^Opened {PAGE}$")
        assert scene.opened == [PAGE]
        assert scene.terminal == []


async def test_where_no_page_can_be_opened_its_link_is_copied(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("o")
        await scene.said(f"^No browser can be opened from here · Sent to the terminal: {PAGE}")
        assert scene.terminal == [osc52(PAGE)]


async def test_a_key_that_begins_a_sequence_shows_what_can_follow(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        keys = scene.hints
        await scene.press("y")
        await scene.said(
            "^y copy link  p PDF  c code  i id  t title  b BibTeX  m Markdown  l other$"
        )
        await scene.press("escape")
        assert scene.hints == keys
        assert scene.app.is_running
        await scene.press("y", "y")
        await scene.said("^Sent")
        await scene.press("y", "ctrl+c", "ctrl+c")
        assert scene.hints == "Press ctrl+c again to quit"


async def test_help_goes_the_usual_ways(sample: Library, browse: Browse) -> None:
    async with browse(sample, size=(80, 24)) as scene:
        for leave in ("q", "escape", "?", "enter", "ctrl+c"):
            await scene.press("?")
            assert isinstance(scene.app.screen_stack[-1], HelpScreen)
            await scene.press(leave)
            assert isinstance(scene.app.screen_stack[-1], Browser), leave
        await scene.press("?", "j", "q", "j")
        assert scene.selected == 1


@pytest.mark.parametrize("keys", ["q", "ctrl+c ctrl+c", "tab q q", "y escape q"])
async def test_the_browser_is_left(sample: Library, browse: Browse, keys: str) -> None:
    async with browse(sample) as scene:
        await scene.press(*keys.split())
        await scene.until(lambda: not scene.app.is_running)
        assert scene.app.return_value is None


@pytest.mark.parametrize("keys", ["ctrl+c j ctrl+c", "escape escape", "tab q", "? q"])
async def test_the_browser_stays(sample: Library, browse: Browse, keys: str) -> None:
    async with browse(sample) as scene:
        await scene.press(*keys.split())
        assert scene.app.is_running
        assert scene.app.screen is scene.browser


async def test_keys_without_a_command_do_nothing(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        before, picture = scene.browser.state, scene.picture()
        await scene.press("X", "@", "f5", "ctrl+b", "ctrl+q", "ctrl+s", "left")
        assert scene.browser.state == before
        assert scene.picture() == picture


async def test_what_cannot_be_suspended_goes_on(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("ctrl+z", "j")
        assert scene.selected == 1


async def test_the_mouse_selects_and_scrolls(sample: Library, browse: Browse) -> None:
    async with browse(sample, size=(120, 18)) as scene:
        browser = scene.browser
        await scene.press("tab")
        await scene.pilot.click(browser.panes.list, offset=(10, 4))
        assert (scene.selected, browser.state.pane) == (3, Pane.LIST), "below the heading"
        await scene.pilot.click(browser.panes.list, offset=(10, 0))
        assert scene.selected == 3, "a heading can't be selected"
        browser.panes.list.post_message(wheel(MouseScrollDown, browser.panes.list))
        browser.panes.abstract.post_message(wheel(MouseScrollDown, browser.panes.abstract))
        await scene.until(lambda: browser.state.list.top == 3)
        assert scene.selected == 3
        browser.panes.list.post_message(wheel(MouseScrollUp, browser.panes.list))
        await scene.until(lambda: browser.state.list.top == 0)


def wheel(kind: type[MouseEvent], widget: Widget) -> MouseEvent:
    return kind(widget, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False)


async def test_an_empty_library_welcomes_and_enter_asks_for_the_sample(
    library: Library, browse: Browse
) -> None:
    async with browse(library) as scene:
        assert scene.browser.query_one(Welcome).display
        assert not scene.browser.query_one("#panes").display
        for command in all_commands():
            if command.keys and command.name not in {*LEAVING, "read"}:
                await scene.press(*command.keys[0].split())
                await answer_nothing(scene)
        assert scene.app.is_running
        await scene.press("enter")
        await scene.until(lambda: not scene.app.is_running)
        assert scene.app.return_value == OPEN_SAMPLE


async def answer_nothing(scene: Scene) -> None:
    """Leave whatever a command has opened."""
    if scene.browser.is_writing or scene.app.screen is not scene.browser:
        await scene.press("escape")


async def test_an_empty_result_takes_every_key(sample: Library, browse: Browse) -> None:
    async with browse(sample, text="tag:sheep") as scene:
        assert scene.counter == "nothing found"
        before = sample.revision
        for command in all_commands():
            if command.keys and command.name not in {*LEAVING, "back"}:
                await scene.press(*command.keys[0].split())
                await answer_nothing(scene)
        assert scene.app.is_running
        assert sample.revision == before
        await scene.press("escape", "escape")
        await scene.found(40)


async def test_an_empty_inbox_says_so(sample: Library, browse: Browse) -> None:
    sample.tags.edit(sample.search("*").keys, TagEdit(removed=("inbox", "unread")))
    async with browse(sample, setting=Setting(greeting="Welcome back")) as scene:
        await scene.said("^The inbox is empty · / searches 40 papers$")


async def test_every_size_of_the_terminal_is_survived(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("G")
        for size in [(60, 20), (20, 5), (1, 1), (2, 40), (200, 3), (120, 36)]:
            await scene.pilot.resize_terminal(*size)
            await scene.press("k", "j", "J", "tab", "J", "tab", "z", "z")
            assert scene.selected == 39
        assert scene.rows[-1].startswith(" ●   4-bit Shampoo")
        await scene.pilot.resize_terminal(80, 24)
        assert scene.rows[-1].startswith(" ●   4-bit Shampoo")
        assert scene.browser.panes.list.size.width == 80


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_each_theme_has_its_ground(sample: Library, browse: Browse, theme: str) -> None:
    async with browse(sample, theme=theme) as scene:
        ground = scene.browser.styles.background
        assert (ground.brightness < 0.5) == (theme == "dark")


async def test_a_greeting_is_shown(sample: Library, browse: Browse) -> None:
    greeting = "This is the sample library"
    async with browse(sample, setting=Setting(greeting=greeting)) as scene:
        assert scene.hints == greeting


async def test_tex_is_shown_as_its_source_and_back(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(record(r"On $\lambda$-sheep", abstract=r"We count $x^2$ sheep for $5."))
    assert library.index.wait(30)
    async with browse(library) as scene:
        assert "On λ-sheep" in scene.abstract
        assert "We count x² sheep for $5." in scene.abstract
        await scene.press("x")
        assert scene.hints == "TeX as it is written"
        assert r"On $\lambda$-sheep" in scene.abstract
        assert "$x^2$" in scene.abstract
        assert "On λ-sheep" in scene.row(0), "the list stays"
        await scene.press("x")
        assert scene.hints == "TeX as Unicode"
        assert "x²" in scene.abstract


@pytest.mark.parametrize("size", [(60, 20), (300, 100), (110, 24), (109, 24), (40, 10)])
async def test_nothing_breaks_at_any_size_whatever_is_in_front(
    sample: Library, browse: Browse, size: tuple[int, int]
) -> None:
    sample.tags.edit(sample.search("*").keys[:3], TagEdit(added=("a-tag-that-is-long", "rl")))
    sample.views.save("weekend", "diffusion OR video")
    async with browse(sample, size=size) as scene:
        for keys in (
            "",
            "S",
            "escape S",
            "space v j j v",
            "tab",
            "escape z",
            "z < < >",
            "/ v i d e o",
            "escape t",
            "escape :",
            "escape ?",
            "q H",
            "q f",
            "escape , ",
            "t * a",
            "n s",
            "y",
        ):
            await scene.press(*keys.split())
            await scene.pilot.pause()
            painted = scene.screen
            assert len(painted) == size[1], keys
            assert {cell_len(line) for line in painted} == {size[0]}, keys
        assert scene.app.is_running


async def test_hostile_records_are_plain_text_in_rows_headings_and_abstract(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(
        *(
            record(
                f"[bold]{text}[/] GPT-[n]",
                f"arxiv:2401.0000{number}",
                abstract=f"[link=http://x.y]{text}[/link]",
                authors=(f"[i]{text}[/i]", text),
                day=f"2026-03-0{number + 1}",
                votes=10**number,
            )
            for number, text in enumerate(
                (
                    "\x1b[2J\x9b31m",
                    "\u202edesrever\u202c",
                    "深" * 80,
                    "👩‍👩‍👧 e\u0301" * 30,
                    "a\nb\tc",
                )
            )
        )
    )
    assert library.index.wait(30)
    for size in ((60, 20), (120, 30), (300, 40)):
        async with browse(library, size=size) as scene:
            for keys in ("j", "j", "j", "j", "space", "a", "y t"):
                await scene.press(*keys.split())
                for line in scene.screen:
                    assert scene.is_safe(line)
                    assert cell_len(line) == size[0]
            assert any(re.match(" 2026-03-0[1-5] [A-Z][a-z]+day ", row) for row in scene.rows)
            assert "[bold]" in "\n".join(scene.rows)

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.messages import Layout

from store.tagnames import TagEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder
    from textual.geometry import Region

    from store.library import Library

pytest_plugins = ["tests.browsing"]

HOSTILE = (
    "[bold red]GPT-[n][/] [/bold] [link=http://x.y]",
    "\x1b[2J\x1b[31mred\x1b]52;c;aGk=\x07 \x9b5m \x00\x08\x7f",
    "left \u202eright\u202c \u2066isolated\u2069 \u200f",
    "tabs\tand\nlines\r\n\x85\u2028here",
    "W" * 10_000,
    "深度学习" * 40,
    "👩‍👩‍👧 e\u0301" * 30,
    "",
)


@pytest.fixture
def statements(sample: Library) -> Iterator[list[str]]:
    """What SQLite is asked by the interface's own thread."""
    asked: list[str] = []
    connection = sample._database.connection  # noqa: SLF001 no other way to count them
    connection.set_trace_callback(asked.append)
    yield asked
    connection.set_trace_callback(None)


def repainted(scene: Scene) -> set[Region]:
    """Return which parts of the list wait for being painted."""
    return set(scene.browser.list._repaint_regions)  # noqa: SLF001 no other way to see them


async def settled(scene: Scene, statements: list[str]) -> None:
    """Wait until everything is painted, and count anew from here."""
    await scene.pilot.pause()
    await scene.until(lambda: not repainted(scene))
    statements.clear()
    scene.messages.clear()


async def test_going_one_down_repaints_two_rows_and_asks_for_one_paper(
    sample: Library, browse: Browse, statements: list[str]
) -> None:
    async with browse(sample) as scene:
        browser = scene.browser
        await settled(scene, statements)
        browser.show_list(browser.state.list.moved(1))
        assert sorted((region.y, region.height) for region in repainted(scene)) == [(0, 1), (1, 1)]
        await scene.pilot.pause()
        assert len(statements) == 5, "what there is of the paper, each in one look"
        assert not any(isinstance(message, Layout) for message in scene.messages)
        await settled(scene, statements)
        browser.show_list(browser.state.list)
        assert repainted(scene) == set()
        assert statements == []


async def test_a_page_down_fetches_the_rows_that_come_into_sight_once(
    sample: Library, browse: Browse, statements: list[str]
) -> None:
    async with browse(sample, size=(120, 18)) as scene:
        height = scene.browser.list.size.height
        assert height == 16
        await settled(scene, statements)
        await scene.press("pagedown")
        assert len(statements) == 2 + 5, "rows and their tags; and the paper"
        rows = [statement for statement in statements if "SELECT key, title, day" in statement]
        assert [len(re.findall(r"\d+", row.partition("key IN")[2])) for row in rows] == [height]
        statements.clear()
        await scene.press("pageup")
        assert len(statements) == 5, "rows that were seen are remembered"


async def test_a_decision_repaints_its_row_and_fetches_no_other(
    sample: Library, browse: Browse, statements: list[str]
) -> None:
    async with browse(sample) as scene:
        keys = scene.browser.state.list.keys
        sample.edit_tags(keys[7:8], TagEdit(added=("starred",)))
        await settled(scene, statements)
        scene.browser.show_changed()
        assert [(region.y, region.height) for region in repainted(scene)] == [(7, 1)]
        await scene.pilot.pause()
        assert len(statements) == 2
        assert scene.rows[7].startswith(" ●★ ")
        scene.browser.show_changed()
        assert repainted(scene) == set()


@pytest.mark.parametrize("width", [200, 120, 61, 36, 20, 6, 2, 1])
async def test_every_row_fills_its_line_exactly_and_is_safe(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse, width: int
) -> None:
    records = [
        record(title, f"arxiv:2401.{number:05}", day="2024-01-02", votes=10**number)
        for number, title in enumerate(HOSTILE)
    ]
    keys = desk.bring_in(*records).papers
    desk.tag(f"+{'深' * 50} +{'x' * 90} +starred", *keys[:4])
    assert library.index.wait(30)
    async with browse(library, text="*", size=(width, 24)) as scene:
        shown = scene.browser.list
        assert len(scene.browser.state.list.keys) == len(HOSTILE)
        for y in range(shown.size.height):
            strip = shown.render_line(y)
            assert strip.cell_length == shown.size.width == cell_len(strip.text)
            assert scene.is_safe(strip.text), strip.text


async def test_a_row_shows_signs_title_tags_day_and_votes(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    keys = desk.bring_in(
        record("Counting [bold] sheep", "arxiv:2401.00001", day="2024-01-02", votes=12),
        record("Counting goats at night, one by one by one by one by one", votes=None),
    ).papers
    desk.tag("+rl +agents +queued -unread", keys[0])
    assert library.index.wait(30)
    async with browse(library, text="sort:title", size=(80, 24)) as scene:
        assert scene.rows[:2] == [
            "   » Counting [bold] sheep                           agents rl 2024-01-02    12",
            " ●   Counting goats at night, one by one by one by one by one",
        ]
        await scene.pilot.resize_terminal(40, 24)
        await scene.pilot.pause()
        assert scene.rows[:2] == [
            "   » Counting [bold]…   agents rl    12",
            " ●   Counting goats at night, on…",
        ]
        await scene.pilot.resize_terminal(24, 24)
        await scene.pilot.pause()
        assert scene.rows[:2] == [
            "   » Counting…  agents…",
            " ●   Counting goats at…",
        ]


async def test_a_paper_that_was_taken_out_leaves_a_row_that_can_be_passed(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        browser = scene.browser
        browser.show(browser.state.with_result("*", (1, 9_999, 2)))
        await scene.press("j", "a", "s", "y", "y", "enter", "j")
        assert scene.rows[1] == ""
        assert scene.browser.state.list.key == 2

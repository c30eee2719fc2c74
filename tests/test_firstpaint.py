"""The rows that are painted before Textual is loaded are those that the browser shows then."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest
from rich.console import COLOR_SYSTEMS

from store.tagnames import read_tag_edit
from tui.firstpaint.rows import Opening, first_cells, list_area
from tui.setting import Setting
from tui.state import HOME_QUERY, Split
from tui.terminal.lines import cells_of
from tui.terminal.pens import pen_as_sent, pen_of, seen_on_blanks

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library
    from tui.terminal.pens import Pen

    Lines: TypeAlias = list[list[tuple[str, Pen]]]

pytest_plugins = ["tests.browsing"]

TRUE_COLOUR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
COLOURS = {
    "truecolor": TRUE_COLOUR,
    "256": {"TERM": "xterm-256color"},
    "standard": {"TERM": "xterm"},
}
HOSTILE = (
    "[bold red]GPT-[n][/] [/bold]",
    "\x1b[2J\x1b[31mred\x1b]52;c;aGk=\x07 \x9b5m \x00\x08\x7f",
    "left \u202eright\u202c \u2066isolated\u2069 \u200f",
    "tabs\tand\nlines\r\n\x85\u2028here",
    "W" * 2_000,
    "深度学习" * 40,
    "👩‍👩‍👧 e\u0301" * 30,
    "A bound of $O(n^2)$ on \\emph{graphs}",
)
PLAIN = Opening(text=HOME_QUERY, key=None, top=0, home=HOME_QUERY, theme="dark")


def painted(scene: Scene, system: str) -> Lines:
    """Return the screen of a browser on a terminal with so many colours."""
    strips = scene.app.screen._compositor.render_strips()  # noqa: SLF001 what is really painted
    return [
        [
            (cell, pen_of(style, COLOR_SYSTEMS[system]))
            for text, style, _ in strip
            for cell in cells_of(text)
        ]
        for strip in strips
    ]


def seen(lines: Lines, opening: Opening, size: tuple[int, int]) -> Lines:
    """Return what a reader can tell apart of the list."""
    area = list_area(size, opening.split, is_sidebar_shown=opening.is_sidebar_shown)
    return [
        [(char, seen_on_blanks(pen) if char == " " else pen) for char, pen in line]
        for line in (
            line[area.x : area.x + area.width]
            for line in lines[area.y : min(area.y + area.height, size[1] - 1)]
        )
    ]


async def agrees(
    library: Library, browse: Browse, opening: Opening, size: tuple[int, int], system: str
) -> None:
    """Assert that the rows painted at first are those of the browser."""
    first = first_cells(library, opening, size, COLOURS[system])
    assert first
    setting = Setting(
        rest_seconds=0,
        key=opening.key,
        top=opening.top,
        columns=opening.columns,
        split=opening.split,
        is_sidebar_shown=opening.is_sidebar_shown,
    )
    async with browse(
        library, text=opening.text, size=size, theme=opening.theme, setting=setting
    ) as scene:
        await scene.until(lambda: scene.browser.beginning.is_measured and scene.rows[0])
        early = [[(char, pen_as_sent(sgr)) for char, sgr in line] for line in first]
        assert seen(early, opening, size) == seen(painted(scene, system), opening, size)


@pytest.mark.parametrize(
    "size", [(80, 24), (60, 20), (50, 9), (109, 31), (110, 40), (133, 47), (200, 50), (300, 100)]
)
async def test_rows_stand_where_they_will_at_every_size(
    sample: Library, browse: Browse, size: tuple[int, int]
) -> None:
    await agrees(sample, browse, PLAIN, size, "truecolor")


@pytest.mark.parametrize("theme", ["dark", "light", "terminal"])
@pytest.mark.parametrize("system", COLOURS)
async def test_rows_have_the_colours_of_the_theme(
    sample: Library, browse: Browse, theme: str, system: str
) -> None:
    keys = sample.search("*").keys
    for place, words in enumerate(("+starred", "-inbox", "-inbox +dismissed", "-unread", "+maths")):
        sample.tags.edit(keys[place : place + 1], read_tag_edit(words.split()))
    opening = PLAIN._replace(text="*", theme=theme)
    await agrees(sample, browse, opening, (80, 30), system)


@pytest.mark.parametrize(
    ("size", "changed"),
    [
        ((80, 24), {"split": Split(stacked=0.63)}),
        ((80, 24), {"split": Split(stacked=0.2), "top": 7}),
        ((140, 30), {"split": Split(beside=0.37)}),
        ((140, 30), {"is_sidebar_shown": True}),
        ((141, 33), {"is_sidebar_shown": True, "split": Split(beside=0.71)}),
        ((80, 24), {"is_sidebar_shown": True}),
        ((120, 30), {"columns": ("votes", "id", "tags")}),
        ((120, 30), {"columns": ()}),
        ((80, 24), {"top": 11}),
        ((80, 24), {"text": "is:inbox sort:votes"}),
        ((80, 24), {"text": "* sort:title"}),
        ((80, 24), {"text": "is:starred OR votes:>20"}),
        ((80, 24), {"text": "date:2026"}),
        ((80, 24), {"text": ""}),
    ],
)
async def test_rows_are_those_of_the_session(
    sample: Library, browse: Browse, size: tuple[int, int], changed: dict[str, object]
) -> None:
    await agrees(sample, browse, PLAIN._replace(**changed), size, "truecolor")  # type: ignore[arg-type]


@pytest.mark.parametrize("top", [0, 20])
@pytest.mark.parametrize("place", [0, 8, 39])
async def test_the_selected_paper_is_in_sight(
    sample: Library, browse: Browse, top: int, place: int
) -> None:
    key = sample.search(HOME_QUERY).keys[place]
    await agrees(sample, browse, PLAIN._replace(key=key, top=top), (80, 20), "truecolor")


async def test_hostile_titles_are_painted_as_they_will_be(
    library: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        *(
            record(title, f"arxiv:2401.{number:05}", day="2024-01-02", authors=(title,))
            for number, title in enumerate(HOSTILE)
        )
    )
    await agrees(library, browse, PLAIN, (80, 40), "truecolor")


@pytest.mark.parametrize("text", ["video", "is:inbox video", "like:arxiv:2604.10098"])
def test_what_takes_the_search_index_is_not_painted(sample: Library, text: str) -> None:
    assert not first_cells(sample, PLAIN._replace(text=text), (80, 24), TRUE_COLOUR)


@pytest.mark.parametrize("size", [(1, 1), (80, 1), (80, 2), (200, 1)])
def test_a_screen_without_room_for_a_row_is_not_painted(
    sample: Library, size: tuple[int, int]
) -> None:
    assert not first_cells(sample, PLAIN, size, TRUE_COLOUR)


@pytest.mark.parametrize("size", [(1, 3), (2, 5), (3, 24), (80, 3), (110, 3)])
def test_a_screen_with_room_for_little_is_filled(sample: Library, size: tuple[int, int]) -> None:
    cells = first_cells(sample, PLAIN, size, TRUE_COLOUR)
    assert {len(line) for line in cells} == {size[0]}
    assert len(cells) == size[1]


def test_an_empty_list_is_not_painted(library: Library) -> None:
    assert not first_cells(library, PLAIN, (80, 24), TRUE_COLOUR)


@pytest.mark.parametrize("name", ["NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FILTERS"])
def test_nothing_is_painted_where_colours_may_be_others(sample: Library, name: str) -> None:
    assert not first_cells(sample, PLAIN, (80, 24), TRUE_COLOUR | {name: "1"})

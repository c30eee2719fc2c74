from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from store.query.fields import FIELDS
from tui.guide import LANGUAGE_BESIDE_FROM, SYNTAX, Guide, HelpRow
from tui.screens.help import HelpScreen

if TYPE_CHECKING:
    from stage import Stage, Staging

    from tui.paging import Line

pytest_plugins = ["tests.stage"]

ROWS = (
    HelpRow("Move", "j, ↓", "go to the next paper"),
    HelpRow("Move", "g g, Home", "go to the first paper"),
    HelpRow("Move", "n", "go to the next unread paper", "'Scaling laws of graph transformers'"),
    HelpRow("Decide", "a", "archive and go to the next", "archive 'Attention is all you need'"),
    HelpRow("Decide", "r", "mark read or unread", "mark 'Attention is all you need' read"),
    HelpRow("Decide", "u", "undo your last decision", "undo \"star 'Counting sheep'\""),
    HelpRow("Program", "?", "show every key"),
)


def text_of(line: Line) -> str:
    return "".join(piece.text.ljust(piece.width) for piece in line.pieces).rstrip()


def texts(width: int, query: str = "") -> list[str]:
    return [text_of(line) for line in Guide.of(ROWS, SYNTAX).lines(width, query)]


async def shown(stage: Stage) -> str:
    """Return all pages of a help, from the first."""
    await stage.press("g")
    pages = [stage.text]
    while len(pages) < 2 or pages[-1] != pages[-2]:
        await stage.press("space")
        pages.append(stage.text)
    await stage.press("g")
    return "\n".join(pages)


def test_what_a_command_would_do_now_has_a_column_of_its_own_where_there_is_room() -> None:
    wide = texts(100)
    assert "  a          archive and go to the next   → archive 'Attention is all you need'" in wide
    assert "  g g, Home  go to the first paper" in wide
    narrow = texts(56)
    at = narrow.index("  a          archive and go to the next")
    assert narrow[at + 1] == "             → archive 'Attention is all you need'"


def test_keys_that_are_too_long_take_another_line() -> None:
    views = HelpRow("Find", "1, 2, 3, 4, 5, 6, 7, 8, 9", "open a saved view", "open 'today'")
    guide = Guide.of((*ROWS, views), SYNTAX)
    for width, beside in [(100, "  → open 'today'"), (50, "")]:
        lines = [text_of(line) for line in guide.lines(width, "saved")][1:]
        assert lines[0].startswith("  1, 2, 3,   open a saved view")
        assert beside in lines[0]
        assert lines[1].startswith("  4, 5, 6," if beside else "  4, 5, 6,   → open 'today'")
        assert lines[2] == "  7, 8, 9"


def test_groups_head_their_commands_and_the_search_language_follows() -> None:
    lines = texts(100)
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings == ["Move", "Decide", "Program", "Search language"]
    assert lines[0] == "Move"
    examples = [line.split("  ")[1] for line in lines[lines.index("Search language") + 1 :]]
    given = [example for example, _ in SYNTAX] + [field.example for field in FIELDS]
    assert [example for example in examples if example] == given


def test_the_search_language_stands_beside_the_commands_on_a_wide_screen() -> None:
    lines = texts(LANGUAGE_BESIDE_FROM)
    assert lines[0].split() == ["Move", "Search", "language"]
    assert lines[1].split("  ")[-2:] == ["diffusion video", "papers with both words"] or (
        "diffusion video" in lines[1]
    )
    beside = {line.find(text) for line in lines for text in ("a category", "how many votes")}
    assert len(beside - {-1}) == 1, "one column"


@pytest.mark.parametrize("width", [300, 200, 159, 100, 60, 40, 20, 5, 1])
def test_pieces_are_no_wider_than_the_page_where_that_can_be(width: int) -> None:
    for line in Guide.of(ROWS, SYNTAX).lines(width):
        taken = sum(piece.width for piece in line.pieces)
        assert taken <= max(width, 44)
        assert all(piece.width for piece in line.pieces)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("archive", ["a"]),
        ("UNREAD", ["n", "r"]),
        ("attention read", ["r"]),
        ("read attention", ["r"]),
        ("decide", ["a", "r", "u"]),
        ("decide sheep", ["u"]),
        ("home", ["g g, Home"]),
        ("ache", []),
        ("arch ive", ["a"]),
        ("rchv", []),
        ("", ["j, ↓", "g g, Home", "n", "a", "r", "u", "?"]),
        (" ", ["j, ↓", "g g, Home", "n", "a", "r", "u", "?"]),
    ],
)
def test_a_filter_keeps_the_commands_with_all_its_words(query: str, expected: list[str]) -> None:
    keys = {row.keys for row in ROWS}
    lines = Guide.of(ROWS, ()).lines(100, query)
    found = [piece.text for line in lines for piece in line.pieces if piece.text in keys]
    assert found == expected


def test_a_filter_finds_the_search_language_too_and_leaves_empty_groups_out() -> None:
    lines = texts(100, "publication")
    assert [line.split()[0] for line in lines] == ["Search", "date:2025-01..2025-03"]
    assert texts(200, "publication")[0].split() == ["Search", "language"]
    assert texts(100, "search language")[0] == "Search language"
    assert texts(100, "nothing of this\x1b[1m") == ["Nothing matches 'nothing of this'"]


def test_a_filter_moves_no_column() -> None:
    (whole,) = (line for line in texts(100) if "archive '" in line)
    assert whole in texts(100, "archive")


def test_without_commands_the_search_language_is_all() -> None:
    assert text_of(Guide.of((), ()).lines(100)[0]) == "Search language"
    assert text_of(Guide.of((), ()).lines(200)[0]).strip() == "Search language"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 50)])
async def test_help_shows_every_command_and_field(staging: Staging, size: tuple[int, int]) -> None:
    async with staging(size) as stage:
        await stage.show(HelpScreen(ROWS, SYNTAX, "on 'Attention is all you need'"))
        assert stage.lines[0].startswith(" Help  on 'Attention is all you need'")
        assert "/ filter" in stage.lines[-1]
        text = await shown(stage)
        for row in ROWS:
            assert f" {row.keys} " in text
            assert row.summary in text
            assert row.now[:20] in text
        for field in FIELDS:
            assert field.example in text


async def test_the_usual_keys_leave_help(staging: Staging) -> None:
    async with staging() as stage:
        for key in ("q", "question_mark", "enter", "escape", "ctrl+c"):
            await stage.show(HelpScreen(ROWS, SYNTAX))
            await stage.press(key)
            assert stage.answers.pop() is None, key


async def test_help_is_scrolled_as_every_long_text(staging: Staging) -> None:
    async with staging((80, 12)) as stage:
        await stage.show(HelpScreen(ROWS, SYNTAX))
        for keys, top in [("j j", 3), ("k", 2), ("space", 11), ("g", 1), ("down pagedown", 11)]:
            await stage.press(*keys.split())
            assert f" {top}-{top + 9} of " in stage.lines[0], keys


async def test_a_filter_is_written_kept_changed_and_ended(staging: Staging) -> None:
    async with staging() as stage:
        screen = HelpScreen(ROWS, SYNTAX)
        await stage.show(screen)
        await stage.press("j", "slash")
        assert stage.lines[-1].startswith(" / ")
        await stage.write("unread q?j")
        assert "Nothing matches 'unread q?j'" in stage.text
        await stage.press(*["backspace"] * 4)
        assert stage.lines[1].rstrip() == " Move"
        assert "mark read or" in stage.text
        assert "archive and" not in stage.text
        *marked, typed = stage.styles_of("unread")
        assert "underline" not in typed
        assert marked
        assert all("underline" in style for style in marked)
        await stage.press("enter")
        assert "/unread" in stage.lines[-1]
        assert "Esc show all" in stage.lines[-1]
        await stage.press("j", "slash", "x")
        assert screen.input.value == "unreadx"
        await stage.press("backspace", "enter", "escape")
        assert "archive and" in stage.text
        assert "q back" in stage.lines[-1]
        await stage.press("slash", "z", "escape")
        assert "archive and" in stage.text
        assert stage.answers == []
        await stage.press("escape")
        assert stage.answers == [None]


async def test_an_empty_filter_is_none(staging: Staging) -> None:
    async with staging() as stage:
        for end in ("escape", "enter", "ctrl+c"):
            await stage.show(HelpScreen(ROWS, SYNTAX))
            await stage.press("slash", "space", end)
            assert "q back" in stage.lines[-1]
            assert stage.answers == []
            await stage.press("q")
            assert stage.answers.pop() is None, end


async def test_the_page_moves_while_the_filter_is_written(staging: Staging) -> None:
    async with staging((80, 12)) as stage:
        await stage.show(HelpScreen(ROWS, SYNTAX))
        await stage.press("slash", "a", "down", "pagedown")
        assert stage.lines[0].split()[-3].startswith("11-")
        await stage.press("home", "b")
        assert stage.lines[-1].startswith(" / ba "), "home is the line's own key"


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
async def test_help_is_safe_and_fits_every_terminal(
    staging: Staging, hostile: tuple[str, ...], size: tuple[int, int], theme: str
) -> None:
    rows = [HelpRow(text, text, text, text) for text in hostile]
    async with staging(size, theme) as stage:
        await stage.show(HelpScreen(rows, [(text, text) for text in hostile], hostile[1]))
        for key in ("space", "slash", "e", "enter", "G"):
            assert all(cell_len(line) == size[0] for line in stage.lines)
            assert all(char.isprintable() or char == "\u200d" for char in "".join(stage.lines))
            await stage.press(key)

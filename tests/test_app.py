from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from tui.app import DARK, LIGHT
from tui.state import Pane

if TYPE_CHECKING:
    from browsing import Browse
    from textual.app import App
    from textual.theme import Theme

    from store.library import Library

pytest_plugins = ["tests.browsing"]

ENOUGH_CONTRAST = 4.5
"""What WCAG 2.2 asks of text, success criterion 1.4.3."""

LINES = " │─▁▂▃▄▅▆▇█"
"""Rules and scrollbars."""

COLOURS_ON = {
    "background": (
        "foreground seen quiet decided accent warning",
        "list and abstract",
    ),
    "panel": (
        "foreground quiet accent warning",
        "query, counter, keys, news and trouble",
    ),
    "selected": ("foreground", "the selected row"),
    "selected-away": ("foreground", "the selected row while the abstract is read"),
    "input-selection-background": ("foreground", "what the next character replaces"),
    "foreground": ("block-cursor-foreground", "the cursor"),
}


def luminance(colour: Color) -> float:
    """Return relative luminance as WCAG 2.2 defines it."""
    parts = [part / 255 for part in colour.rgb]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour(theme: Theme, name: str) -> Color:
    value = theme.variables.get(name) or getattr(theme, name.replace("-", "_"))
    return Color.parse(value)


def test_black_on_white_has_the_contrast_that_the_standard_gives_it() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(
    ("ground", "name"),
    [(ground, name) for ground, (names, _) in COLOURS_ON.items() for name in names.split()],
)
def test_every_text_can_be_read_on_its_ground(theme: Theme, ground: str, name: str) -> None:
    assert contrast(colour(theme, name), colour(theme, ground)) >= ENOUGH_CONTRAST


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_every_text_on_the_screen_can_be_read(
    sample: Library, browse: Browse, theme: str
) -> None:
    async with browse(sample, theme=theme, size=(140, 30)) as scene:
        await scene.press("a", "s", "r", "j", "+", *"agents", "enter")
        await scene.said("^Tagged")
        await scene.press("?")
        await scene.pilot.pause()
        help_colours = painted(scene.app)
        await scene.press("q", "j", "u", "H", "j")
        await scene.pilot.pause()
        history_colours = painted(scene.app)
        await scene.press("q", "/", *"title:omnishow", "enter")
        await scene.found(1)
        await scene.press("tab", "y")
        await scene.said("^y copy")
        for foreground, ground, text in help_colours | history_colours | painted(scene.app):
            assert contrast(foreground, ground) >= ENOUGH_CONTRAST, text


def painted(app: App[str]) -> set[tuple[Color, Color, str]]:
    """Return the colours of every text on the screen."""
    found = set()
    for strip in app.screen._compositor.render_strips():  # noqa: SLF001 what is really painted
        for segment in strip:
            if segment.text.strip(LINES) and segment.style:
                style = segment.style
                assert style.color
                assert style.bgcolor
                assert not style.dim, "each terminal has its own idea of that"
                foreground = Color.from_rich_color(style.color)
                ground = Color.from_rich_color(style.bgcolor)
                if style.reverse:
                    foreground, ground = ground, foreground
                found.add((foreground, ground, segment.text))
    return found


@pytest.mark.parametrize(
    ("keys", "query", "tags"),
    [
        ("/ d i f f u s i o n", "diffusion", ""),
        ("/ s u enter j /", "su", ""),
        ("+ d u s t enter", "is:inbox", "dust"),
        ("+ d escape", "is:inbox", ""),
        ("/ a d escape + s w enter", "is:inbox", "sw"),
        ("? q + a enter", "is:inbox", "a"),
        ("y y + y enter", "is:inbox", "y"),
        ("H q + a enter", "is:inbox", "a"),
    ],
)
async def test_keys_that_come_all_at_once_go_where_each_belongs(
    sample: Library, browse: Browse, keys: str, query: str, tags: str
) -> None:
    async with browse(sample) as scene:
        await scene.press(*keys.split())
        await scene.until(lambda: query == scene.query)
        await scene.until(lambda: set(tags.split()) == own(sample))
        assert sample.keys_tagged("inbox") == sample.keys_tagged("unread")
        assert len(sample.keys_tagged("inbox")) == 40
        assert scene.browser.state.pane is Pane.LIST


async def test_a_key_after_a_search_is_meant_for_its_result(
    sample: Library, browse: Browse
) -> None:
    diffusion, video = (
        sample.search(sample.parse(text, typing=True)).keys for text in ("diffusion", "video")
    )
    async with browse(sample) as scene:
        inbox = scene.browser.state.list.keys
        await scene.press("/", *"diffusion", "enter", "s", "/", *"video", "enter", "s")
        await scene.press("escape", "j", "s", "escape", "j", "s")
        assert scene.browser.state.list.keys == inbox
        await scene.until(lambda: len(sample.keys_tagged("starred")) == 4)
        assert sample.keys_tagged("starred") == {*diffusion[:2], video[0], inbox[1]}


async def test_keys_are_taken_after_a_search_that_failed(sample: Library, browse: Browse) -> None:
    sample.index.folder.chmod(0o755)
    async with browse(sample) as scene:
        await scene.press("/", *"video", "enter", "j", "s")
        await scene.until(lambda: sample.keys_tagged("starred"))
        assert scene.selected == 1


def own(library: Library) -> set[str]:
    return {count.name for count in library.tag_counts()} - {"inbox", "unread"}

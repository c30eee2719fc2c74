from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.filter import Monochrome

import tui
from tui.themes import DARK, LIGHT, TERMINAL, THEMES, without_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Browse, Scene
    from textual.theme import Theme

    from store.library import Library

pytest_plugins = ["tests.browsing"]

LEAST = 4.5
"""The contrast that WCAG 2.2 asks for at level AA (success criterion 1.4.3)."""
LOOK = (Path(tui.__file__).parent / "look.tcss").read_text(encoding="utf-8")
GROUNDS = ("background", "panel")
"""What texts lie on whose rule names no ground."""
ON_THE_SCREEN_S_OWN_GROUND = (".paper-list--", ".history-list--", ".abstract-pane--", ".sidebar--")
"""Texts that lie on no other."""


def luminance(colour: Color) -> float:
    """Return the relative luminance of a colour as WCAG 2.2 defines it.

    See https://www.w3.org/TR/WCAG22/#dfn-relative-luminance: the channels of sRGB, from 0 to 1, are
    made linear (those up to 0.04045 divided by 12.92, the others ((c + 0.055) / 1.055) ** 2.4) and
    summed as 0.2126 R + 0.7152 G + 0.0722 B.
    """
    channels = (channel / 255 for channel in colour.rgb)
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: Color, ground: Color) -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21.

    See https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: (L1 + 0.05) / (L2 + 0.05), where L1 is the
    relative luminance of the lighter one.
    """
    darker, lighter = sorted((luminance(text), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def rules() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every selector of the stylesheet with what it declares."""
    without_comments = re.sub(r"/\*.*?\*/", "", LOOK, flags=re.DOTALL)
    for selectors, block in re.findall(r"([^{}]+)\{([^{}]*)\}", without_comments):
        pairs = (line.split(":") for line in block.split(";") if line.strip())
        declared = {name.strip(): value.strip() for name, value in pairs}
        for selector in selectors.split(","):
            yield selector.strip(), declared


def variables(theme: Theme) -> dict[str, str]:
    """Return what stylesheets can name, as an application puts it together."""
    return {**theme.to_color_system().generate(), **theme.variables}


def named(value: str | None) -> str | None:
    """Return the theme's name of a colour."""
    return value[1:] if value and value.startswith("$") else None


def pairs() -> list[tuple[str, str]]:
    """Return every text colour of the stylesheet with every ground that it can lie on."""
    found = {("foreground", ground) for ground in GROUNDS}
    for selector, declared in rules():
        text, ground = named(declared.get("color")), named(declared.get("background"))
        if ground:
            found.add((text or "foreground", ground))
        elif text and selector.startswith(ON_THE_SCREEN_S_OWN_GROUND):
            found.add((text, "background"))
        elif text:
            found |= {(text, any_ground) for any_ground in GROUNDS}
    return sorted(found)


@pytest.mark.parametrize(
    ("text", "ground", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_measured_as_the_guidelines_define_it(
    text: str, ground: str, ratio: float
) -> None:
    assert contrast(Color.parse(text), Color.parse(ground)) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("text", "ground"), pairs())
def test_every_text_can_be_read_on_every_ground_of_the_stylesheet(
    theme: Theme, text: str, ground: str
) -> None:
    colours = variables(theme)
    shown, under = Color.parse(colours[text]), Color.parse(colours[ground])
    assert shown.a == under.a == 1, "nothing shines through"
    assert contrast(shown, under) >= LEAST


def test_the_pairs_are_those_of_the_stylesheet() -> None:
    assert {
        ("decided", "background"),
        ("foreground", "selected"),
        ("selected-quiet", "selected-away"),
        ("input-cursor-foreground", "input-cursor-background"),
        ("quiet", "panel"),
        ("warning", "panel"),
    } <= set(pairs())


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_theme_has_every_colour_of_the_stylesheet(theme: Theme) -> None:
    sheet = Stylesheet(variables=variables(theme))
    sheet.add_source(LOOK)
    sheet.parse()
    assert sheet.rules
    assert set(DARK.variables) == set(LIGHT.variables) <= set(TERMINAL.variables)


def segments(scene: Scene) -> Iterator[tuple[str, Style]]:
    """Yield what is on the screen, as it is sent to the terminal."""
    for strip in scene.app.screen._compositor.render_strips():  # noqa: SLF001 no other way
        yield from ((text, style) for text, style, _ in strip if style)


SCENES = ((), ("a", "d", "s", "w", "r"), ("tab",), ("tab", "/", *"learning"), ("enter",), ("?",))
"""Keys that bring papers of all kinds, words that were found and other screens into sight."""


@pytest.mark.parametrize("name", ["dark", "light"])
async def test_every_text_on_the_screen_can_be_read(
    sample: Library, browse: Browse, name: str
) -> None:
    async with browse(sample, theme=name) as scene:
        for keys in SCENES:
            await scene.press(*keys)
            for text, style in segments(scene):
                if style.color and style.bgcolor and any(char.isalnum() for char in text):
                    shown, under = map(Color.from_rich_color, (style.color, style.bgcolor))
                    assert contrast(shown, under) >= LEAST, text


async def test_the_terminal_s_theme_has_no_colours_but_those_read_on_light_and_dark_ones(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, theme="terminal") as scene:
        for keys in SCENES:
            await scene.press(*keys)
            for text, style in segments(scene):
                assert style.bgcolor is None or style.bgcolor.is_default, "its own ground"
                if style.color and any(char.isalnum() for char in text):
                    assert style.color.name in {"default", "color(1)", "color(5)"}, "red, magenta"


async def test_in_the_terminal_s_theme_the_selected_row_is_reversed(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, theme="terminal") as scene:
        shown = scene.browser.panes.list
        rows = [[s.style.reverse for s in shown.render_line(y) if s.style] for y in range(3)]
        assert [all(row) for row in rows].count(True) == 1
        assert [any(row) for row in rows].count(True) == 1


def test_without_colours_the_terminal_s_own_ones_stay() -> None:
    own = Segment("text", Style.parse("default on default"))
    ground = Color.parse("ansi_default")
    filters = [Monochrome()]
    ((_, grey, _),) = filters[0].apply([own], ground)
    assert grey
    assert grey.color == grey.bgcolor, "nothing could be read"
    (chosen,) = without_colours(filters, TERMINAL)
    ((_, style, _),) = chosen.apply([own], ground)
    assert style
    assert style.color
    assert style.bgcolor
    assert style.color.is_default
    assert style.bgcolor.is_default
    assert without_colours(filters, DARK) == filters

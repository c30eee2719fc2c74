"""The pictures of the README are what the program really draws, and so the tests of its look.

`PAPERDECK_RENEW_PICTURES=1 pytest tests/test_pictures.py` draws them anew.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from store.tagnames import read_tag_edit
from tui.screens.help import HelpScreen
from tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from browsing import Browse, Scene

    from store.library import Library

pytest_plugins = ["tests.browsing"]

FOLDER = Path(__file__).resolve().parents[1] / "screenshots"
IS_RENEWAL = bool(os.environ.get("PAPERDECK_RENEW_PICTURES"))
CELL = 12.2
"""The width of a character in the drawings."""

LOOK = {
    "font-family: Fira Code, monospace": "font-family: DejaVu Sans Mono, monospace",
    # In this size its letters are as wide as the cells are.
    "font-size: 20px": "font-size: 20.26px",
    "font-family: arial": "font-family: DejaVu Sans, Arial, sans-serif",
}
"""What Rich writes into a drawing, and what we have in its place."""
TEXT = re.compile(
    r'<text (?P<how>class="[^"]+") x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="[\d.]+"'
    r"(?P<clip>[^>]*)>(?P<text>[^<]*)</text>"
)
DECISIONS = {
    2: "-unread +diffusion",
    9: "-unread +starred +agents",
    12: "+starred +robotics",
    14: "-unread +video +benchmark",
    15: "+queued",
    17: "+agents +starred",
    20: "-unread",
    22: "+queued +benchmark",
    24: "-unread +rl",
    26: "-unread +starred +reasoning",
    30: "+architecture",
    33: "+rl/agents +queued",
    40: "+rl/theory",
}
"""What was done to some papers of the sample, by their place in the list."""
VIEWS = {"hot": "is:inbox votes:>60", "agents": "tag:agents OR agentic", "this-week": "date:7d.."}


async def browsing(scene: Scene) -> None:
    await scene.press("a", "a", "d", "j", "s", "j")
    await scene.until(lambda: scene.rows[3].startswith(" ✗"))
    await scene.until(lambda: "★" in scene.rows[5])
    scene.browser.status.hints.rest()


async def searching(scene: Scene) -> None:
    await scene.press("/", *"language model")
    await scene.until(lambda: scene.browser.state.text == "language model")
    await scene.press("down", "down")
    steady(scene)


async def tagging(scene: Scene) -> None:
    await scene.press("j", "v", "j", "j", "v", "t", *"robotics re")
    steady(scene)
    await scene.until(lambda: scene.browser.status.input._suggestion)  # noqa: SLF001 what is drawn


async def sidebar(scene: Scene) -> None:
    await scene.press("a", "S")
    shown = scene.browser.panes.sidebar
    await scene.until(lambda: "Tags" in "".join(shown.render_line(y).text for y in range(30)))
    shelving = scene.browser.shelving
    await scene.until(lambda: all(row.unread.is_fresh for row in shelving.rows))
    await scene.press("G", "k", "k", "k")
    scene.browser.status.hints.rest()


async def narrow(scene: Scene) -> None:
    await scene.press("a", "d", "j", "s")
    await scene.said("^Starred")


async def recalling(scene: Scene) -> None:
    await scene.press("a", "d", "space", "space", "s", "u", "H")
    await scene.until(lambda: isinstance(scene.app.screen, HistoryScreen))
    history = scene.app.screen
    assert isinstance(history, HistoryScreen)
    await scene.until(lambda: not history.is_awaited)
    history.status.hints.rest()


async def helping(scene: Scene) -> None:
    await scene.press("j", "?")
    await scene.until(lambda: isinstance(scene.app.screen, HelpScreen))


def steady(scene: Scene) -> None:
    """Keep the cursor from blinking."""
    for line in (scene.browser.search_line.input, scene.browser.status.input):
        line.cursor_blink = False


PICTURES: dict[str, tuple[Callable[[Scene], Awaitable[None]], tuple[int, int], str]] = {
    "browsing": (browsing, (120, 36), "dark"),
    "searching": (searching, (120, 36), "dark"),
    "tagging": (tagging, (100, 30), "dark"),
    "sidebar": (sidebar, (140, 40), "dark"),
    "narrow": (narrow, (80, 24), "dark"),
    "help": (helping, (120, 36), "dark"),
    "history": (recalling, (100, 24), "dark"),
    "light": (browsing, (120, 36), "light"),
}


@pytest.fixture(autouse=True)
def _in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize("name", PICTURES)
async def test_the_browser_looks_as_in_its_picture(
    whole_sample: Library, browse: Browse, tmp_path: Path, name: str
) -> None:
    show, size, theme = PICTURES[name]
    keys = whole_sample.search("is:inbox").keys
    for place, words in DECISIONS.items():
        whole_sample.tags.edit(keys[place : place + 1], read_tag_edit(words.split()))
    for view, query in VIEWS.items():
        whole_sample.views.save(view, query)
    async with browse(whole_sample, size=size, theme=theme) as scene:
        await show(scene)
        await check(scene, name, tmp_path)


async def test_the_welcome_looks_as_in_its_picture(
    library: Library, browse: Browse, tmp_path: Path
) -> None:
    async with browse(library, size=(100, 30)) as scene:
        await check(scene, "welcome", tmp_path)


async def check(scene: Scene, name: str, folder: Path) -> None:
    """Compare the screen with its picture, or draw that anew."""
    scene.browser.passing.catch_up()  # as the keys rest
    await scene.pilot.pause()
    drawn = plain(scene.app.export_screenshot(title="paperdeck"))
    kept = FOLDER / f"{name}.svg"
    new = kept if IS_RENEWAL else folder / kept.name
    new.write_text(drawn, encoding="utf-8")
    is_same = kept.read_text(encoding="utf-8") == drawn
    assert is_same, f"the look has changed: if {new} is as wanted, draw the pictures anew"


def plain(svg: str) -> str:
    """Return a drawing that every viewer shows alike and that asks for nothing from elsewhere."""
    svg = re.sub(r"\s*@font-face \{.*?\}|\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    for rich_s, ours in LOOK.items():
        assert rich_s in svg
        svg = svg.replace(rich_s, ours)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    # As it is, it cuts the tails of the letters in the last line.
    svg = re.sub(
        r'(clip-terminal">\s*<rect x="0" y="0" width="[\d.]+" height=")([\d.]+)', taller, svg
    )
    svg = TEXT.sub(placed, svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def taller(found: re.Match[str]) -> str:
    return f"{found[1]}{float(found[2]) + 4:g}"


def placed(found: re.Match[str]) -> str:
    """Return a text in parts between its blanks, each at its place: viewers drop blanks."""
    text = html.unescape(found["text"])
    parts = []
    for part in re.finditer("[^\\xa0]+(?:\\xa0[^\\xa0]+)*", text):
        x = float(found["x"]) + CELL * cell_len(text[: part.start()])
        width = CELL * cell_len(part[0])
        parts.append(
            f'<text {found["how"]} x="{x:g}" y="{found["y"]}" textLength="{width:g}"'
            f"{found['clip']}>{html.escape(part[0], quote=False)}</text>"
        )
    return "".join(parts)


@pytest.mark.parametrize("name", [*PICTURES, "welcome"])
def test_a_picture_asks_for_nothing_from_elsewhere(name: str) -> None:
    svg = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    addresses = set(re.findall(r"""(?:url\(|href=|src=|xmlns=)["']?([^"') >]+)""", svg))
    assert {one for one in addresses if not one.startswith("#")} == {"http://www.w3.org/2000/svg"}
    assert "\xa0\xa0" not in html.unescape(svg)

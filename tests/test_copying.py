from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from store.links import page_link
from tui.actions.copying import FEW_PAGES, MOST_PAGES
from tui.screens.chooser import Chooser

if TYPE_CHECKING:
    from browsing import Browse, Scene

    from store.library import Library

pytest_plugins = ["tests.browsing"]


def copied(scene: Scene) -> list[str]:
    """Return the lines that were sent to the terminal's clipboard last."""
    sequence = scene.terminal.pop()
    text = base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
    return text.splitlines()


def pages(scene: Scene, count: int) -> list[str]:
    """Return the addresses of the first papers' pages."""
    links = [page_link(paper.links) for paper in scene.papers[:count]]
    return [link.url for link in links if link]


async def choose(scene: Scene, text: str) -> None:
    """Take the first choice that fits a text."""
    await scene.until(lambda: isinstance(scene.app.screen, Chooser))
    await scene.press(*text)
    await scene.press("enter")


async def test_any_link_of_a_paper_is_chosen_by_its_name(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("y", "l")
        await choose(scene, "pdf")
        await scene.said("^Sent to the terminal: ")
        assert copied(scene) == [f"https://arxiv.org/pdf/{scene.paper.identifiers[0].value}"]


async def test_one_kind_of_link_is_copied_of_all_marked_papers(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "space", "space", "G", "y", "l")
        chooser = scene.app.screen
        assert isinstance(chooser, Chooser)
        assert "Copy which link of 3 papers?" in chooser.heading.render_line(0).text
        await choose(scene, "arxiv")
        await scene.said("^3 'arXiv' links of 3 papers · Sent to the terminal: ")
        values = [paper.identifiers[0].value for paper in scene.papers[:3]]
        assert copied(scene) == [f"https://arxiv.org/abs/{value}" for value in values]
        await scene.press("y", "l")
        await choose(scene, "doi")
        await scene.said("^These papers have no 'DOI' link$")
        assert scene.terminal == []


async def test_one_marked_paper_is_the_one_whose_links_are_chosen_from(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "G", "y", "l")
        await choose(scene, "pdf")
        await scene.said("^Sent to the terminal: ")
        assert copied(scene) == [f"https://arxiv.org/pdf/{scene.papers[0].identifiers[0].value}"]
        await scene.press("o")
        await scene.said("^No browser can be opened from here")
        assert scene.opened == pages(scene, 1)


async def test_the_pages_of_some_marked_papers_are_opened_at_once(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, has_display=True) as scene:
        await scene.press(*["space"] * FEW_PAGES, "o")
        await scene.said(f"^Opened {FEW_PAGES} pages$")
        assert scene.opened == pages(scene, FEW_PAGES)
        assert scene.terminal == []


async def test_more_pages_are_opened_after_a_question(sample: Library, browse: Browse) -> None:
    many = FEW_PAGES + 1
    async with browse(sample, has_display=True) as scene:
        await scene.press(*["space"] * many, "o")
        assert scene.hints.startswith(f"Open {many} pages? y: yes")
        await scene.press("n")
        assert scene.opened == []
        await scene.press("o", "y")
        await scene.said(f"^Opened {many} pages$")
        assert scene.opened == pages(scene, many)
        await scene.press("*", "*", "*", "o")
        assert scene.hints.startswith(f"At most {MOST_PAGES} pages are opened at once, and 40 pap")
        assert len(scene.opened) == many


async def test_pages_that_can_not_be_opened_are_copied(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "space", "o")
        await scene.said("^No browser can be opened from here · Sent to the terminal: ")
        assert copied(scene) == pages(scene, 2)


@pytest.mark.parametrize("key", ["y", "i", "t"])
async def test_what_is_copied_of_all_papers_has_a_line_for_each(
    sample: Library, browse: Browse, key: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("*", "y", key)
        await scene.said("^40 .* of 40 papers · Sent to the terminal: 40 lines")
        assert len(copied(scene)) == 40

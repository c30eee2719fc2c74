from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from store.tagnames import TagEdit

if TYPE_CHECKING:
    from browsing import Browse

    from store.library import Library

pytest_plugins = ["tests.browsing"]


@pytest.mark.parametrize("order", ["date", "title"])
async def test_days_are_gone_through_with_headings_and_without(
    sample: Library, browse: Browse, order: str
) -> None:
    async with browse(sample, text=f"* sort:{order}") as scene:
        view = scene.browser.state.list
        assert bool(view.starts) is (order == "date")
        runs = groupby(range(40), [paper.listed for paper in scene.papers].__getitem__)
        starts = [next(run) for _, run in runs]
        for start in starts[1:]:
            await scene.press("]")
            assert scene.selected == start
        await scene.press("]")
        assert scene.hints == "No other day below"
        await scene.press("G")
        assert starts[-1] <= scene.selected == 39
        for start in starts[-2::-1]:
            await scene.press("[")
            assert scene.selected == start
        await scene.press("[")
        assert scene.hints == "No other day above"


async def test_the_nearest_unread_paper_is_gone_to(sample: Library, browse: Browse) -> None:
    keys = sample.search("is:inbox").keys
    sample.tags.edit([key for key in keys if key not in keys[5:40:9]], TagEdit((), ("unread",)))
    async with browse(sample) as scene:
        places = []
        for key in "nnnnpppp":
            await scene.press(key)
            places.append(scene.selected)
        assert places == [5, 14, 23, 32, 23, 14, 5, 5]
        assert scene.hints == "No unread paper above"
        await scene.press("G", "n")
        assert (scene.selected, scene.hints) == (39, "No unread paper below")
        await scene.press("g", "g", "p")
        assert (scene.selected, scene.hints) == (0, "No unread paper above")

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tui.widgets.abstract_pane import WIDEST

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder
    from rich.segment import Segment

    from store.library import Library

pytest_plugins = ["tests.browsing"]

HOSTILE = (
    "[bold red]markup[/] [/] [link=http://x.y]here[/link]\n\nAnother paragraph.",
    "\x1b[2J\x1b]8;;http://evil.example\x07click\x1b]8;;\x07 \x9b5m \x00\x08\x7f\u202etfel\u202c",
    "word " * 400,
    "W" * 10_000,
    "深度学习模型" * 60,
    "https://example.org/" + "a" * 500 + " https://evil.example/\u202egnp.exe javascript:alert(1)",
)


def segments(scene: Scene) -> list[Segment]:
    pane = scene.browser.abstract
    return [segment for y in range(pane.size.height) for segment in pane.render_line(y)]


@pytest.mark.parametrize("size", [(200, 30), (80, 24), (20, 12), (3, 9), (2, 9), (1, 1)])
async def test_every_line_fills_the_pane_and_is_safe(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse, size: tuple[int, int]
) -> None:
    for number, abstract in enumerate(HOSTILE):
        authors = ("[i]A[/]", "B\x1b[31m", "\u202eC", "深" * 200) * 3
        desk.bring_in(record(f"{number}", abstract=abstract, authors=authors, day="2024-01-02"))
    assert library.index.wait(30)
    async with browse(library, text="*", size=size) as scene:
        pane = scene.browser.abstract
        for _ in HOSTILE:
            for _page in range(3):
                for y in range(pane.size.height):
                    strip = pane.render_line(y)
                    assert strip.cell_length == pane.size.width == cell_len(strip.text)
                    assert scene.is_safe(strip.text)
                pane.scroll_by_lines(pane.line_count // 3)
            scene.browser.show_list(scene.browser.state.list.moved(1))


async def test_a_paper_is_shown_with_its_facts_abstract_and_links(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    keys = desk.bring_in(
        record(
            "Counting [sheep]",
            "arxiv:2401.00001",
            abstract="First.\nSecond, with code at https://github.com/sheep/count.",
            authors=("Ada A.", "Bo B."),
            day="2024-01-02",
            votes=12,
        ),
    ).papers
    desk.tag("+rl +starred", *keys)
    assert library.index.wait(30)
    async with browse(library, size=(200, 24)) as scene:
        assert scene.abstract.rstrip().splitlines() == [
            "Counting [sheep]",
            "Ada A., Bo B.",
            "2024-01-02 · 12 votes · arxiv:2401.00001 · starred · rl",
            "",
            "First.",
            "",
            "Second, with code at https://github.com/sheep/count.",
            "",
            "Page   https://huggingface.co/papers/2401.00001",
            "PDF    https://arxiv.org/pdf/2401.00001",
            "arXiv  https://arxiv.org/abs/2401.00001",
            "Code   https://github.com/sheep/count",
        ]
        links = {segment.style.link for segment in segments(scene) if segment.style}
        assert links == {
            None,
            "https://huggingface.co/papers/2401.00001",
            "https://arxiv.org/pdf/2401.00001",
            "https://arxiv.org/abs/2401.00001",
            "https://github.com/sheep/count",
        }


async def test_other_abstracts_and_the_way_of_the_votes_are_shown(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    sheep = partial(record, "Counting sheep", "arxiv:2401.00001")
    desk.bring_in(sheep(source="page", abstract="Of [b]sheep[/b].", day="2026-03-12"))
    desk.bring_in(sheep(abstract="Of goats.", day="2026-03-13", votes=12))
    for votes, now in ((12, "2026-03-14"), (48, "2026-03-15"), (61, "2026-03-16")):
        run = desk.run(now=f"{now}T08:00:00Z")
        run.write([sheep(abstract="Of goats.", day="2026-03-13", votes=votes)])
        run.finish((), 0.0)
    assert library.index.wait(30)
    async with browse(library, size=(200, 24)) as scene:
        assert scene.abstract.rstrip().splitlines() == [
            "Counting sheep",
            "2026-03-12 · 61 votes · arxiv:2401.00001",
            "Votes 12 → 48 → 61",
            "",
            "Of goats.",
            "",
            "Page   https://huggingface.co/papers/2401.00001",
            "PDF    https://arxiv.org/pdf/2401.00001",
            "arXiv  https://arxiv.org/abs/2401.00001",
            "",
            "Another abstract · the copied page, 2026-03-12",
            "",
            "Of [b]sheep[/b].",
        ]


async def test_a_record_without_an_abstract_says_so(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(record("Counting sheep"))
    assert library.index.wait(30)
    async with browse(library) as scene:
        lines = scene.abstract.rstrip().splitlines()
        assert lines[:4] == ["Counting sheep", "no day", "", "This record has no abstract."]
        assert lines[5] == "Search by title"
        assert lines[6].startswith("https://arxiv.org/search/")


async def test_lines_are_no_longer_than_the_eye_likes(sample: Library, browse: Browse) -> None:
    async with browse(sample, size=(200, 40)) as scene:
        await scene.press("z")
        lines = scene.abstract.splitlines()
        assert WIDEST - 12 < max(map(len, lines)) <= WIDEST


async def test_words_that_were_looked_for_are_marked_in_title_authors_and_abstract(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, text='"attention sink" su tokens') as scene:
        await scene.found(1)
        assert marked(scene) == ["Attention Sink", "Su", "tokens"]
        await scene.press("/", *"sink*", "enter")
        await scene.until(lambda: "sinks" in marked(scene))


def marked(scene: Scene) -> list[str]:
    return [
        segment.text
        for segment in segments(scene)
        if segment.style and segment.style.underline and not segment.style.link
    ]


async def test_the_place_in_a_paper_is_kept_while_it_changes_and_not_for_another(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(60, 14)) as scene:
        pane = scene.browser.abstract
        await scene.press("J")
        (first, *_) = scene.abstract.splitlines()
        assert not first.startswith(scene.paper.title[:20])
        await scene.press("s")
        await scene.until(lambda: "starred" in scene.abstract)
        assert scene.abstract.startswith(first)
        await scene.pilot.resize_terminal(60, 40)
        await scene.pilot.pause()
        assert scene.abstract.startswith(scene.paper.title[:20]), "all of it is in sight"
        await scene.pilot.resize_terminal(60, 14)
        await scene.press("G", "J", "g", "g")
        assert scene.abstract.startswith(scene.paper.title[:20])
        pane.scroll_to_line(10_000)
        assert pane.render_line(pane.size.height - 1).text.strip().startswith("arXiv")


async def test_another_theme_is_painted_at_once(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        before = {segment.style for segment in segments(scene)}
        scene.app.theme = "paperdeck-light"
        await scene.pilot.pause()
        assert not before & {segment.style for segment in segments(scene)}

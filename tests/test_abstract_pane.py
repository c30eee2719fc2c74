from __future__ import annotations

import asyncio
import unicodedata
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.app import App

import tui
from store.models import Identifier, Link, LinkKind, OtherAbstract, Paper
from store.query.words import Term
from tui.themes import DARK
from tui.widgets.abstract_pane import MARGIN, WIDEST, AbstractPane

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder
    from rich.segment import Segment
    from textual.app import ComposeResult

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


PAPER = Paper(
    key=7,
    title=r"On $\lambda$-sheep",
    abstract="We count $x^2$ sheep.\nThey cost $5 each.",
    authors=("Ada A.",),
    identifiers=(Identifier("arxiv", "2401.01234"),),
    published="2024-01-02",
    listed="2024-01-03",
    listed_is_guess=False,
    votes=12,
    comments=None,
    links=(Link(LinkKind.PDF, "https://arxiv.org/pdf/2401.01234"),),
    categories=(),
    keywords=(),
    venue="",
    organisation="",
    summary="",
    sightings=(),
    other_abstracts=(),
    provenance=(),
    tags=("inbox", "rl", "unread"),
    added="2024-01-03T08:00:00Z",
)
FACTS = "2024-01-03 · 12 votes · arxiv:2401.01234 · rl"


class Bench(App[None]):
    """A pane alone on the screen."""

    CSS_PATH = Path(tui.__file__).parent / "look.tcss"

    def __init__(self, pane: AbstractPane) -> None:
        super().__init__()
        self._pane = pane
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield self._pane


@asynccontextmanager
async def bench(width: int = 60, key: str = "T") -> AsyncIterator[AbstractPane]:
    pane = AbstractPane(key)
    async with Bench(pane).run_test(size=(width, 20)) as pilot:
        await pilot.pause()
        yield pane


def lines(pane: AbstractPane) -> list[str]:
    """Return what is painted, without the blanks at the end of lines and of the pane."""
    painted = [pane.render_line(y).text[MARGIN:].rstrip() for y in range(pane.size.height)]
    return "\n".join(painted).rstrip().split("\n")


def repainted(pane: AbstractPane) -> list[int]:
    """Return the lines that wait for being painted."""
    return sorted(region.y for region in pane._repaint_regions)  # noqa: SLF001 no other way


async def test_tex_is_shown_as_the_characters_it_stands_for_or_as_it_is_written() -> None:
    paper = replace(PAPER, other_abstracts=(OtherAbstract("page", "", r"An $\infty$ of sheep."),))
    async with bench() as pane:
        pane.show(paper, ())
        readable = lines(pane)
        assert readable[0] == "On λ-sheep"
        assert readable[4:7] == ["We count x² sheep.", "", "They cost $5 each."]
        assert readable[-1] == "An ∞ of sheep."
        pane.show(paper, (), shows_source=True)
        source = lines(pane)
        assert source[0] == r"On $\lambda$-sheep"
        assert source[4] == "We count $x^2$ sheep."
        assert source[-1] == r"An $\infty$ of sheep."


async def test_words_are_found_in_what_is_shown() -> None:
    def found(pane: AbstractPane) -> list[str]:
        painted = [one for y in range(pane.size.height) for one in pane.render_line(y)]
        return [one.text for one in painted if one.style and one.style.underline]

    paper = replace(PAPER, note="My own sheep")
    async with bench() as pane:
        pane.show(paper, (Term("sheep"), Term("λ", "title")))
        assert found(pane) == ["λ", "sheep", "sheep", "sheep"]
        pane.show(paper, (Term("lambda"), Term("own", "note"), Term("sheep", "note")))
        assert found(pane) == ["own", "sheep"]
        pane.show(paper, (Term("lambda"),), shows_source=True)
        assert found(pane) == ["lambda"]


async def test_a_note_stands_before_the_abstract_as_it_was_written() -> None:
    note = "Read again.\n\n- the \x1b[31mproof\n  - and [b]its[/b] lemma\n"
    paper = replace(PAPER, note=note, other_abstracts=(OtherAbstract("feed", "", "Other."),))
    async with bench() as pane:
        pane.show(paper, ())
        assert lines(pane)[3:] == [
            "",
            "Note",
            "Read again.",
            "",
            "- the proof",
            "  - and [b]its[/b] lemma",
            "",
            "We count x² sheep.",
            "",
            "They cost $5 each.",
            "",
            "PDF  https://arxiv.org/pdf/2401.01234",
            "",
            "Another abstract · the feed",
            "",
            "Other.",
        ]


@pytest.mark.parametrize(
    ("width", "key", "suggestions", "line"),
    [
        (80, "T", (), FACTS),
        (80, "T", ("diffusion",), f"{FACTS} · T +diffusion?"),
        (80, "T", ("diffusion", "video"), f"{FACTS} · T +diffusion +video?"),
        (80, "ctrl+t", ("rl\x1b[2J",), f"{FACTS} · ctrl+t +rl?"),
        (80, "", ("diffusion",), f"{FACTS} · +diffusion?"),
        (63, "T", ("diffusion",), f"{FACTS} · T +diffusion?"),
        (62, "T", ("diffusion",), FACTS),
    ],
)
async def test_a_tag_is_suggested_behind_the_facts_where_it_fits(
    width: int, key: str, suggestions: tuple[str, ...], line: str
) -> None:
    async with bench(width, key) as pane:
        pane.show(PAPER, (), suggestions=suggestions)
        assert lines(pane)[2] == line


@pytest.mark.parametrize("width", [1, 12, 20, 33, 46, 47, 48, 62, 63])
async def test_nothing_moves_when_a_suggestion_comes(width: int) -> None:
    async with bench(width) as pane:
        pane.show(PAPER, ())
        before = lines(pane)
        await painted(pane)
        pane.show(PAPER, (), suggestions=("diffusion",))
        assert all(new.startswith(old) for old, new in zip(before, lines(pane), strict=True))
        assert len(repainted(pane)) <= 1


async def test_changed_lines_alone_are_painted_again() -> None:
    async with bench() as pane:
        pane.show(PAPER, ())
        await painted(pane)
        pane.show(replace(PAPER, tags=("inbox", "rl", "starred")), ())
        assert repainted(pane) == [2]
        await painted(pane)
        pane.show(replace(PAPER, tags=("inbox", "rl", "starred")), (), shows_source=True)
        assert repainted(pane) == [0, 4]


def is_safe(text: str) -> bool:
    joiners = "\u200c\u200d"
    return all(char in joiners or unicodedata.category(char)[0] != "C" for char in text)


async def painted(pane: AbstractPane) -> None:
    """Wait until everything is painted."""
    while pane._repaint_regions:  # noqa: ASYNC110, SLF001 the screen tells nobody that it has
        await asyncio.sleep(0.01)


def segments(scene: Scene) -> list[Segment]:
    pane = scene.browser.panes.abstract
    return [segment for y in range(pane.size.height) for segment in pane.render_line(y)]


@pytest.mark.parametrize("width", [200, 80, 20, 3, 2, 1])
@pytest.mark.parametrize("abstract", HOSTILE)
async def test_every_line_fills_the_pane_and_is_safe(abstract: str, width: int) -> None:
    authors = ("[i]A[/]", "B\x1b[31m", "\u202eC", "深" * 200) * 3
    paper = replace(PAPER, title=abstract, abstract=abstract, authors=authors, note=abstract)
    async with bench(width) as pane:
        pane.show(paper, (), suggestions=("深" * 9,))
        for _page in range(3):
            for y in range(pane.size.height):
                strip = pane.render_line(y)
                assert strip.cell_length == pane.size.width == cell_len(strip.text)
                assert is_safe(strip.text)
            pane.scroll_by_lines(pane.line_count // 3)


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
        assert not any(segment.style.link for segment in segments(scene) if segment.style)
        await scene.pilot.resize_terminal(40, 40)
        await scene.until(lambda: any(one.style.link for one in segments(scene) if one.style))
        links = {segment.style.link for segment in segments(scene) if segment.style}
        assert links == {None, "https://huggingface.co/papers/2401.00001"}, "in more than a line"


async def test_a_link_leads_by_the_bytes_of_its_address(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    address = f"https://example.org/{'é' * 60}/深"
    desk.bring_in(record("Counting sheep", abstract=f"See {address} for more."))
    assert library.index.wait(30)
    async with browse(library, size=(60, 40)) as scene:
        await scene.until(lambda: any(one.style.link for one in segments(scene) if one.style))
        links = {one.style.link for one in segments(scene) if one.style}
        assert f"https://example.org/{'%C3%A9' * 60}/%E6%B7%B1" in links


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
        pane = scene.browser.panes.abstract
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

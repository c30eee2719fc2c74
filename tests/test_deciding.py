from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.tagnames import TagEdit
from tui.setting import Setting
from tui.state import Pane

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder
    from rich.style import Style

    from store.library import Library

pytest_plugins = ["tests.browsing"]

DECIDED = TagEdit(removed=("inbox", "unread"))


def style_of(scene: Scene, index: int) -> Style | None:
    """Return the style of a paper's title in the list."""
    line = scene.browser.state.list.line_of(index)
    return list(scene.browser.panes.list.render_line(line))[1].style


async def test_deciding_goes_on_to_the_next_paper_and_dims_the_last(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        keys = scene.browser.state.list.keys
        await scene.press("a")
        await scene.said("^Archived 'Attention Sink .*…' · u undoes$")
        await scene.press("d")
        await scene.said("^Dismissed 'OmniShow.*…' · u undoes$")
        assert scene.selected == 2
        assert scene.browser.state.list.keys == keys, "a result is a fixed sequence"
        assert scene.signs(3) == [" ✓", " ✗", " ●"]
        assert style_of(scene, 0) == style_of(scene, 1) != style_of(scene, 3)
        assert [paper.tags for paper in scene.papers[:2]] == [(), ("dismissed",)]

        await scene.press("G", "a")
        await scene.until(lambda: scene.papers[39].tags == ())
        assert scene.selected == 39

        for said in ("archive", "dismiss", "archive"):
            await scene.press("u")
            await scene.said(f"^Undone: {said}")
        await scene.press("g", "g")
        await scene.until(lambda: scene.signs(2) == [" ●", " ●"])
        assert all(paper.tags == ("inbox", "unread") for paper in scene.papers)
        await scene.press("ctrl+r", "ctrl+r")
        await scene.said("^Done again: dismiss")
        assert scene.papers[0].tags == ()
        await scene.press("ctrl+r", "ctrl+r")
        await scene.said("^Nothing to redo here$")


async def test_star_read_and_queue_come_and_go_by_their_keys(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        for key, said, tags, signs in [
            ("s", "Starred", "inbox starred unread", " ●★"),
            ("w", "Queued", "inbox queued starred unread", " ●★»"),
            ("s", "Star taken off", "inbox queued unread", " ● »"),
            ("r", "Marked read", "inbox queued", "   »"),
            ("r", "Marked unread", "inbox queued unread", " ● »"),
            ("w", "Taken off the queue", "inbox unread", " ●"),
        ]:
            await scene.press(key)
            await scene.said(f"^{said} 'Attention")
            await scene.until(partial(has_signs, scene, signs))
            assert " ".join(scene.paper.tags) == tags
            assert scene.selected == 0


def has_signs(scene: Scene, signs: str) -> bool:
    return scene.signs(1) == [signs]


@pytest.mark.parametrize("key", ["a", "d"])
async def test_deciding_passes_over_what_is_decided_below(
    sample: Library, browse: Browse, key: str
) -> None:
    keys = sample.search("*").keys
    sample.tags.edit((*keys[1:3], *keys[4:34]), DECIDED)
    async with browse(sample, text="*", size=(120, 18)) as scene:
        await scene.press(key)
        assert scene.selected == 3
        await scene.press(key)
        assert scene.selected == 34, "further down than a page"
        await scene.press("k", key)
        assert scene.selected == 34, "one that did not wait is followed by the next"


async def test_after_the_last_that_waits_the_next_paper_is_selected(
    sample: Library, browse: Browse
) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[30:], DECIDED)
    async with browse(sample, text="*") as scene:
        await scene.press("G", *"kkkkkkkkkk", "a")
        await scene.said("^Archived")
        assert scene.selected == 30


async def test_many_keys_at_once_decide_on_one_paper_each(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press(*"adadadadad")
        await scene.until(lambda: len(sample.tags.papers_with("inbox")) == 30)
        assert scene.selected == 10
        tags = [paper.tags for paper in scene.papers[:10]]
        assert tags == [(), ("dismissed",)] * 5


async def test_the_abstract_alone_goes_on_to_the_next_paper_too(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("z", "d")
        await scene.said("^Dismissed 'Attention")
        assert scene.abstract.startswith("OmniShow")
        assert (scene.selected, scene.browser.state.pane) == (1, Pane.ABSTRACT)


async def test_what_is_left_of_the_day_is_counted_above_its_papers_and_in_the_corner(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        for keys, left, place, heading in [
            ("j", "5 of 5 left on 2026-04-14", "2 of 40", "5 of 5 left"),
            ("a", "4 of 5 left on 2026-04-14", "3 of 40", "4 of 5 left"),
            ("s", "4 of 5 left on 2026-04-14", "3 of 40", "4 of 5 left"),
            ("u u", "5 of 5 left on 2026-04-14", "2 of 40", "5 of 5 left"),
            ("a a a", "2 of 5 left on 2026-04-14", "2 of 40", "2 of 5 left"),
            ("]", "5 of 5 left on 2026-02-24", "6 of 40", "2 of 5 left"),
        ]:
            await scene.press(*keys.split())
            if keys == "a a a":
                await scene.press("[")
                await scene.press("g", "g", "j")
            await scene.until(partial(is_counted, scene, f"{left} · {place}", heading))


def is_counted(scene: Scene, counter: str, heading: str) -> bool:
    return scene.counter == counter and scene.rows[0].endswith(f"  {heading}")


async def test_other_lists_than_the_inbox_count_no_days(sample: Library, browse: Browse) -> None:
    for text in ("*", "is:inbox sort:votes"):
        async with browse(sample, text=text) as scene:
            assert scene.counter == "1 of 40"


async def test_a_finished_day_says_so_and_names_the_next(sample: Library, browse: Browse) -> None:
    async with browse(sample, size=(80, 24)) as scene:
        await scene.press(*"aaaa")
        await scene.said("^Archived 'Audio Flamingo")
        await scene.press("d")
        # All of it fits into 80 columns.
        await scene.said(r"^2026-04-14 is done · next 2026-02-24, 5 left · u undoes$")
        assert scene.rows[0].endswith(" done")
        assert scene.selected == 5
        assert scene.counter == "5 of 5 left on 2026-02-24 · 6 of 40"
        await scene.press("u")
        await scene.until(lambda: scene.rows[0].endswith(" 1 of 5 left"))


async def test_the_last_finished_day_says_that_the_inbox_is_empty(
    sample: Library, browse: Browse
) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[2:], DECIDED)
    async with browse(sample) as scene:
        await scene.press("*", "a")
        await scene.said("^2026-04-14 is done, and the inbox empty · u undoes$")


async def test_a_day_that_is_finished_elsewhere_is_not_announced_again(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, text="on:2026-04-14") as scene:
        await scene.press("*", "a")
        await scene.said("^2026-04-14 is done · next 2026-02-24, 5 left · u undoes$")
        await scene.press("g", "g", "s")
        await scene.said("^Starred")
        await scene.press("a")
        await scene.said("^Nothing to change: it is so already$")


async def test_a_paper_without_a_day_finishes_none(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(record("Counting sheep"))
    assert library.index.wait(30)
    async with browse(library) as scene:
        assert scene.counter == "1 of 1"
        await scene.press("a")
        await scene.said("^Archived 'Counting sheep' · u undoes$")


@pytest.mark.parametrize(
    ("keys", "done", "tags"),
    [
        ("a", "Archived", ()),
        ("d", "Dismissed", ("dismissed",)),
        ("s j", "Starred", ("inbox", "starred", "unread")),
        ("w j", "Queued", ("inbox", "queued", "unread")),
        ("+ r l enter j", r"Tagged \+rl:", ("inbox", "rl", "unread")),
        ("t r l enter j", r"Tagged \+rl:", ("inbox", "rl", "unread")),
    ],
)
async def test_what_was_done_last_is_done_again_by_one_key(
    sample: Library, browse: Browse, keys: str, done: str, tags: tuple[str, ...]
) -> None:
    async with browse(sample) as scene:
        await scene.press(".")
        assert scene.hints == "Nothing to repeat yet: decide on a paper first"
        await scene.press(*keys.split())
        await scene.said(f"^{done} 'Attention")
        await scene.press(".")
        await scene.said(f"^{done} 'OmniShow")
        assert [paper.tags for paper in scene.papers[:2]] == [tags, tags]
        await scene.press("u")
        await scene.said("^Undone")
        assert scene.papers[1].tags == ("inbox", "unread"), "each is an act of its own"
        assert scene.papers[0].tags == tags


async def test_undo_is_not_repeated(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("s", "u", "j", ".")
        await scene.said("^Starred 'OmniShow")


async def test_much_is_asked_for_first(whole_sample: Library, browse: Browse) -> None:
    async with browse(whole_sample) as scene:
        await scene.press("*", "a")
        assert scene.hints == "Archive 120 papers? y: yes · any other key: no"
        for no in ("j", "escape", "a", "ctrl+c", "enter", "n", "?"):
            await scene.press(no)
            assert scene.hints == "Nothing was changed"
            assert scene.selected == 0, "the key was an answer, and nothing else"
            assert scene.app.screen is scene.browser
            assert len(scene.marked) == 120, "they are marked still"
            await scene.press("a")
        assert len(whole_sample.tags.papers_with("inbox")) == 120
        await scene.press("y")
        await scene.said("^Archived 120 papers · u undoes$")
        assert whole_sample.history.entries()[0].label == "archive 120 papers"
        assert scene.marked == []
        assert not whole_sample.tags.papers_with("inbox")


async def test_undo_and_redo_of_much_are_asked_for_too(
    whole_sample: Library, browse: Browse
) -> None:
    async with browse(whole_sample) as scene:
        await scene.press("*", "s", "y")
        await scene.said("^Starred 120 papers")
        for key, asked, left, done, then in [
            ("u", "Undo", 120, "Undone", 0),
            ("ctrl+r", "Redo", 0, "Done again", 120),
        ]:
            await scene.press(key)
            await scene.said(f"^{asked}: star 120 papers\\?")
            await scene.press("n")
            assert scene.hints == "Nothing was changed"
            assert len(whole_sample.tags.papers_with("starred")) == left
            await scene.press(key)
            await scene.said(f"^{asked}: star")
            await scene.press("y")
            await scene.said(f"^{done}: star 120 papers$")
            assert len(whole_sample.tags.papers_with("starred")) == then


async def test_a_hundred_papers_are_announced_and_not_asked_for(
    whole_sample: Library, browse: Browse
) -> None:
    async with browse(whole_sample) as scene:
        await scene.press("*", *["space"] * 19, "s")
        assert scene.hints.startswith("Star 101 papers?")
        await scene.press("n", "space", "s")
        await scene.said("^Starred 100 papers · u undoes$")


async def test_a_question_is_answered_by_the_key_alone(
    whole_sample: Library, browse: Browse
) -> None:
    async with browse(whole_sample, setting=Setting(rest_seconds=0)) as scene:
        await scene.press("*", "s")
        asked = scene.hints
        whole_sample.tags.edit(whole_sample.search("*").keys[:1], TagEdit(added=("x",)))
        await scene.until(lambda: "  x " in scene.row(0))
        await scene.pilot.resize_terminal(100, 30)
        await scene.pilot.pause()
        assert scene.hints == asked
        await scene.press("y")
        await scene.said("^Starred 120 papers")


async def test_where_nothing_would_change_it_says_so(sample: Library, browse: Browse) -> None:
    async with browse(sample, text="*") as scene:
        await scene.press("a", "k")
        await scene.said("^Archived")
        await scene.press("a")
        await scene.said("^Nothing to change: it is so already$")
        assert len(sample.history.entries()) == 2


@pytest.mark.parametrize(
    "title",
    [
        "[bold]GPT-[n][/] [/bold] [link=http://x.y]here",
        "\x1b[2J\x1b]8;;http://evil.example\x07click \x9b5m",
        "left \u202eright\u202c \u2066apart\u2069",
    ],
)
async def test_hostile_titles_are_announced_in_plain_letters(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse, title: str
) -> None:
    desk.bring_in(*(record(f"{title} {n}", day="2026-03-01") for n in range(102)))
    assert library.index.wait(30)
    async with browse(library) as scene:
        await scene.press("a")
        await scene.said("^Archived '")
        assert all(map(scene.is_safe, scene.screen))
        assert ("[bold]" in scene.hints) == ("[bold]" in title)
        await scene.press("*", "s")
        await scene.said("^Star 102 papers?")
        assert all(map(scene.is_safe, scene.screen))

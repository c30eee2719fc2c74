from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.changes.journal import EntryKind
from store.models import LinkKind
from store.tagnames import TagEdit
from tui.clipboard import osc52
from tui.facts import DuplicatesFound
from tui.marks import Marks
from tui.messages import Happened

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library

pytest_plugins = ["tests.browsing"]


async def test_space_marks_a_paper_and_goes_on(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "j", "space")
        assert scene.marked == [0, 2]
        assert scene.signs(4) == ["▌●", " ●", "▌●", " ●"]
        assert scene.selected == 3
        assert scene.counter == "5 of 5 left on 2026-04-14 · 2 marked · 4 of 40"
        await scene.press("k", "space")
        assert scene.marked == [0]
        await scene.press("g", "g", "space")
        assert scene.marked == []
        assert scene.counter == "5 of 5 left on 2026-04-14 · 2 of 40"
        await scene.press("G", "space", "space")
        assert scene.marked == []
        await scene.press("space")
        assert (scene.marked, scene.selected) == ([39], 39)


async def test_a_range_is_drawn_until_it_is_ended(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "]", "v")
        assert scene.hints == "Marking from here · move to the last one, then the same key again"
        for keys, marked in [
            ("", [0, 5]),
            ("j j", [0, 5, 6, 7]),
            ("k", [0, 5, 6]),
            ("k k k", [0, 3, 4, 5]),
            ("g g", [0, 1, 2, 3, 4, 5]),
            ("] ]", [0, 5, 6, 7, 8, 9, 10]),
        ]:
            await scene.press(*keys.split())
            assert scene.marked == marked, keys
        assert scene.signs(12)[4:] == [" ●", *["▌●"] * 6, " ●"]
        await scene.press("v")
        await scene.press("j", "j", "G", "g", "g")
        assert scene.marked == [0, 5, 6, 7, 8, 9, 10], "ended"
        await scene.press("j", "v", "j", "v")
        assert scene.marked == [0, 1, 2, 5, 6, 7, 8, 9, 10]


async def test_a_range_is_given_up_by_esc(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("v", "j", "escape", "j")
        assert scene.marked == []
        assert scene.selected == 2
        assert scene.app.is_running


async def test_a_range_ends_where_a_single_paper_is_marked(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("v", "j", "space", "j")
        assert scene.marked == [0, 1], "all of it marked"
        assert scene.selected == 3
        assert not scene.browser.state.marks.is_ranging


async def test_marks_are_inverted_and_put_on_everything(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        for keys, marked, said in [
            ("space V", [*range(1, 40)], "39 papers marked"),
            ("V", [0], "1 paper marked"),
            ("*", [*range(40)], "40 papers marked"),
            ("*", [], "No paper is marked"),
            ("V", [*range(40)], "40 papers marked"),
            ("V", [], "No paper is marked"),
        ]:
            await scene.press(*keys.split())
            assert (scene.marked, scene.hints) == (marked, said), keys


async def test_marks_are_frozen_when_they_are_made(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    async with browse(sample) as scene:
        await scene.press("*")
        marked = scene.browser.state.marks.keys
        desk.bring_in(*(record(f"Sheep {n}", day="2026-05-01") for n in range(3)))
        told = scene.browser.status.hints.told
        await scene.until(lambda: told[-1].text.startswith("3 new papers"))
        assert scene.browser.state.marks.keys == marked
        await scene.press("ctrl+l")
        await scene.found(43)
        assert scene.browser.state.marks.keys == marked
        assert scene.marked == [*range(3, 43)]
        await scene.press("s")
        await scene.said("^Starred 40 papers")
        assert sample.tags.papers_with("starred") == marked
        assert sample.index.wait(30)


async def test_only_what_is_shown_stays_marked(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("a", "space", "space", "g", "g", "space")
        await scene.said("^Archived")
        assert scene.marked == [0, 1, 2]
        await scene.press("ctrl+l")
        await scene.found(39)
        assert scene.marked == [0, 1], "the one that is not seen is not marked"


async def test_marks_stay_in_another_order_and_go_with_what_is_searched_for(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "space", "]", "space")
        marked = scene.browser.state.marks.keys
        await scene.press(",", "t")
        await scene.until(lambda: scene.browser.state.text == "is:inbox sort:title")
        assert scene.browser.state.marks.keys == marked
        await scene.press("/")
        for typed in ("zebra ", "title:omnishow"):
            await scene.press("ctrl+u", *typed)
            await scene.until(partial(is_shown, scene, typed))
        assert scene.marked == [0], "what was found on the way takes no marks off"
        await scene.press("enter")
        assert scene.marked == [0]
        await scene.press("escape", "escape")
        await scene.found(40)
        assert scene.browser.state.marks.keys == marked, "as they were there"


def is_shown(scene: Scene, query: str) -> bool:
    return scene.browser.state.text == query


async def test_esc_takes_marks_off_before_it_goes_back(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"diffusion", "enter")
        await scene.found(3)
        await scene.press("space", "space", "tab", "escape")
        assert len(scene.marked) == 2, "first the pane is left"
        await scene.press("escape")
        assert scene.marked == []
        assert len(scene.papers) == 3
        await scene.press("escape")
        await scene.found(40)
        assert scene.app.is_running


@pytest.mark.parametrize("leave", ["escape", "ctrl+c"])
async def test_marks_are_there_again_when_a_search_is_given_up(
    sample: Library, browse: Browse, leave: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "]", "space")
        await scene.press("/", *"title:omnishow")
        await scene.found(1)
        assert scene.marked == []
        await scene.press(leave)
        await scene.found(40)
        assert scene.marked == [0, 5]


ACTS = [
    ("a", "Archived", ()),
    ("d", "Dismissed", ("dismissed",)),
    ("s", "Starred", ("inbox", "starred", "unread")),
    ("r", "Marked read", ("inbox",)),
    ("w", "Queued", ("inbox", "queued", "unread")),
    ("+ x enter", r"Tagged \+x:", ("inbox", "unread", "x")),
    ("t x space - y enter", r"Tagged \+x -y:", ("inbox", "unread", "x")),
]


@pytest.mark.parametrize(("keys", "done", "tags"), ACTS)
async def test_every_act_is_on_all_marked_papers_and_is_one_step_of_undo(
    sample: Library, browse: Browse, keys: str, done: str, tags: tuple[str, ...]
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "space", "]", "space", "k", "k")
        selected = scene.selected
        await scene.press(*keys.split())
        await scene.said(f"^{done} 3 papers · u undoes$")
        papers = scene.papers
        assert [index for index in range(40) if papers[index].tags == tags] == [0, 1, 5]
        assert all(paper.tags == ("inbox", "unread") for paper in (*papers[2:5], *papers[6:]))
        assert scene.marked == [], "they are done with"
        assert scene.selected == selected, "nothing moves"
        entry = sample.history.entries()[0]
        assert (entry.papers, entry.kind) == (3, EntryKind.ACT)
        await scene.press("u")
        await scene.said("^Undone: ")
        assert all(paper.tags == ("inbox", "unread") for paper in scene.papers)
        await scene.press("]", "]", "space", "space", ".")
        await scene.said(f"^{done} 2 papers")


async def test_a_toggle_brings_all_marked_papers_into_one_state(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("s", "v", "j", "j", "s")
        await scene.said("^Starred 2 papers")
        await scene.press("g", "g", "v", "j", "j", "v", "s")
        await scene.said("^Star taken off 3 papers")
        assert not sample.tags.papers_with("starred")


async def test_marks_make_the_selected_paper_one_of_many_or_none(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "G", "s")
        await scene.said("^Starred 'Attention Sink")
        assert sample.tags.papers_with("starred") == {scene.browser.state.list.keys[0]}


async def test_tags_are_taken_off_marked_papers(sample: Library, browse: Browse) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:1], TagEdit(added=("audio",)))
    sample.tags.edit(keys[1:3], TagEdit(added=("agents", "video")))
    async with browse(sample) as scene:
        await scene.press("space", "space", "-")
        assert scene.browser.status.label == "Remove tags from 2 papers:"
        await scene.press("a", "u", "tab", "v", "tab", "enter")
        await scene.said("^Tagged -audio -video: 2 papers")
        assert not sample.tags.papers_with("audio")
        assert sample.tags.papers_with("video") == {keys[2]}
        await scene.press("space", "space", "t")
        assert scene.browser.status.label == "Add tags to 2 papers:"
        assert scene.browser.status.input.value == "", "their tags differ"
        await scene.press("escape")
        assert len(scene.marked) == 2
        await scene.press("G", "escape", "*", "V", "k", "space", "-")
        assert scene.hints == "These papers have no tags of yours"


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("y", "3 links of 3 papers"),
        ("p", "3 PDF links of 3 papers"),
        ("i", "3 identifiers of 3 papers"),
        ("t", "3 titles of 3 papers"),
        ("c", "2 code links of 3 papers"),
    ],
)
async def test_what_belongs_to_marked_papers_is_copied_a_line_each(
    sample: Library, browse: Browse, key: str, note: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "space", "space", "G", "space")
        chosen = [scene.papers[index] for index in scene.marked]
        await scene.press("y", key)
        await scene.said(f"^{note} · Sent to the terminal: ")
        lines = {
            "y": [f"https://huggingface.co/papers/{one.identifiers[0].value}" for one in chosen],
            "p": [f"https://arxiv.org/pdf/{one.identifiers[0].value}" for one in chosen],
            "i": [one.id for one in chosen],
            "t": [one.title for one in chosen],
            "c": [link.url for one in chosen if (link := one.link(LinkKind.CODE))],
        }[key]
        assert scene.terminal.pop() == osc52("\n".join(lines))
        assert len(scene.marked) == 3, "copying decides nothing"


@pytest.mark.parametrize(("key", "begin"), [("b", "@"), ("m", "- ")])
async def test_marked_papers_are_copied_in_a_format(
    sample: Library, browse: Browse, key: str, begin: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("space", "space", "y", key)
        await scene.said("^2 papers · Sent to the terminal: ")
        lines = copied(scene).splitlines()
        assert sum(line.startswith(begin) for line in lines) == 2
        assert all(paper.title in copied(scene) for paper in scene.papers[:2])


def copied(scene: Scene) -> str:
    """Return what was sent to the terminal's clipboard last."""
    sequence = scene.terminal[-1]
    return base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()


async def test_what_no_marked_paper_has_is_said(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(record("Counting sheep"), record("Counting goats"))
    assert library.index.wait(30)
    async with browse(library) as scene:
        await scene.press("*", "y", "i")
        assert scene.hints == "These papers have no identifier"
        assert scene.terminal == []


async def test_near_duplicates_are_marked_together(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    text = (
        "Sheep are counted by the herd from above, with a small drone and a smaller camera, and"
        " the count is compared with what their shepherds say of it in the evening."
    )
    other = "Goats climb trees for the fruit of the argan, and nobody has asked them for reasons."
    first, _, second = desk.bring_in(
        record("Counting sheep", "arxiv:2401.00001", abstract=text, day="2026-03-01", votes=9),
        record("Goats", "arxiv:2401.00002", abstract=other, day="2026-03-01", votes=5),
        record("Counting sheep, again", "arxiv:2401.00003", abstract=text, day="2026-03-01"),
    ).papers
    assert library.index.wait(30)
    async with browse(library) as scene:
        await scene.press("j", "D")
        await scene.said("^No other paper of this list says nearly the same$")
        await scene.press("k", "D")
        await scene.said("^2 papers say nearly the same, and are marked$")
        assert scene.browser.state.marks.keys == {first, second}
        await scene.press("d")
        await scene.said("^Dismissed 2 papers")
        assert library.tags.papers_with("dismissed") == {first, second}


async def test_marks_on_a_narrow_screen_leave_room_for_the_query(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(60, 20)) as scene:
        await scene.press("*", "G")
        assert scene.counter == "40 marked · 40 of 40"
        await scene.until(partial(is_marked_to_the_end, scene))


def is_marked_to_the_end(scene: Scene) -> bool:
    papers = [row for row in scene.rows if not row.startswith(" 20")]
    return all(row.startswith("▌") for row in papers)


async def test_near_duplicates_that_come_late_take_no_mark_off_and_put_none_on(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        browser = scene.browser
        keys = browser.state.list.keys
        await scene.press("space", "space")
        late = DuplicatesFound((keys[0], keys[5]), keys[0], keys)
        browser.post_message(Happened(late))
        await scene.said("^2 papers say nearly the same$")
        assert scene.marked == [0, 1], "the reader has gone on to another paper"
        here = DuplicatesFound((keys[2], keys[5]), keys[2], keys)
        browser.post_message(Happened(here))
        await scene.said("and are marked$")
        assert scene.marked == [0, 1, 2, 5]


async def test_tags_are_of_the_papers_that_were_marked_when_the_prompt_opened(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        browser = scene.browser
        keys = browser.state.list.keys
        await scene.press("space", "space", "t", *"rl")
        await scene.pilot.click(browser.panes.list, offset=(10, 4))
        assert scene.selected == 2, "a click asks for nothing while an answer is written"
        browser.show(browser.state.with_marks(Marks()))
        await scene.press("enter")
        await scene.said(r"^Tagged \+rl: 2 papers")
        assert sample.tags.papers_with("rl") == set(keys[:2])

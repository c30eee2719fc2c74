from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.tagnames import TagEdit
from tui.clipboard import osc52
from tui.format import own_tags
from tui.screens.browser import Browser
from tui.screens.chooser import Chooser
from tui.screens.help import HelpScreen
from tui.screens.reader import TextScreen

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library

pytest_plugins = ["tests.browsing"]

HOSTILE = "[bold]GPT-[n][/] \x1b[2J\x1b]52;c;aGk=\x07 \x9b5m \u202etfel\u202c [link=x]"
"""What a title can hold."""


def is_open(scene: Scene, text: str) -> bool:
    """Tell whether a box to choose from is in front, and says something."""
    return isinstance(scene.app.screen, Chooser) and any(text in line for line in scene.screen)


def in_front(scene: Scene) -> str:
    return "\n".join(scene.screen)


async def test_the_palette_runs_the_command_that_is_found(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        for opened_by, typed, done in [
            (":", "dismiss", "^Dismissed 'Attention"),
            ("ctrl+p", "undo", "^Undone: dismiss"),
            (":", "mark-all", "^40 papers marked"),
            (":", "mark everything", "^No paper is marked"),
        ]:
            await scene.press(opened_by)
            assert is_open(scene, "Commands, views and tags")
            await scene.press(*typed, "enter")
            await scene.said(done)
            assert scene.app.screen is scene.browser


@pytest.mark.parametrize("leave", ["escape", "ctrl+c"])
async def test_the_palette_is_left_without_a_choice(
    sample: Library, browse: Browse, leave: str
) -> None:
    async with browse(sample) as scene:
        before = scene.browser.state
        await scene.press(":", *"archive", leave)
        assert scene.browser.state == before
        assert scene.app.screen is scene.browser
        await scene.press("j")
        assert scene.selected == 1
        assert len(sample.history.entries()) == 1


async def test_what_the_palette_opens_takes_the_keys_that_follow(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press(":", *"add tags", "enter", *"rl", "enter")
        await scene.said(r"^Tagged \+rl: 'Attention")
        await scene.press(":", *"narrow", "enter", *"title:omnishow", "enter")
        await scene.found(1)
        await scene.press(":", *"archive", "escape", ":", *"help", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, HelpScreen))
        await scene.press("q", ":", *"choose the colours", "enter")
        await scene.until(lambda: is_open(scene, "Colours"))


async def test_the_palette_finds_views_and_tags(sample: Library, browse: Browse) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:3], TagEdit(added=("robotics",)))
    sample.views.save("weekend", "diffusion OR video")
    async with browse(sample) as scene:
        await scene.press(":", *"tag robotics")
        assert is_open(scene, "3 papers")
        await scene.press("enter")
        await scene.found(3)
        assert scene.query == "tag:robotics"
        await scene.press(":", *"weekend")
        assert is_open(scene, "diffusion OR video")
        await scene.press("enter")
        await scene.until(lambda: scene.browser.state.text == "view:weekend")
        assert len(scene.papers) > 3
        for query in ("tag:robotics", "is:inbox"):
            await scene.press("escape")
            await scene.until(partial(is_shown, scene, query))


def is_shown(scene: Scene, query: str) -> bool:
    return scene.browser.state.text == query


async def test_every_command_is_in_the_palette_with_its_keys(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(120, 120)) as scene:
        await scene.press(":", *"sort by votes")
        (line,) = [line for line in scene.screen if "sort by votes" in line and "Find" in line][:1]
        assert line.rstrip(" │").endswith(", v")


async def test_a_search_is_saved_as_a_view_and_opened_by_its_number(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("1")
        assert scene.hints == "There is no view 1: 0 saved views; F saves what is shown"
        await scene.press("f")
        assert scene.hints == "There are no saved views yet: F saves what is shown"
        await scene.press("/", *"diffusion", "enter")
        await scene.found(3)
        await scene.press("F")
        assert scene.browser.status.label == "Save '(diffusion OR diffusion*)' as:", "what is shown"
        await scene.press(*"dif", "enter")
        await scene.said("^Saved the view 'dif' · u undoes$")
        assert sample.views["dif"] == "(diffusion OR diffusion*)"
        await scene.press("escape")
        await scene.found(40)
        await scene.press("1")
        await scene.found(3)
        assert scene.query == "view:dif"
        await scene.press("2")
        assert scene.hints == "There is no view 2: 1 saved view; F saves what is shown"
        await scene.press("u")
        await scene.said("^Undone: ")
        assert not sample.views


async def test_a_view_is_saved_anew(sample: Library, browse: Browse) -> None:
    sample.views.save("dif", "diffusion")
    async with browse(sample, text="video") as scene:
        await scene.press("F", *"dif", "enter")
        await scene.said("^Changed the view 'dif' · u undoes$")
        assert sample.views["dif"] == "video*"
        await scene.press("u")
        await scene.said("^Undone: ")
        assert sample.views["dif"] == "diffusion"


@pytest.mark.parametrize("name", ["a b", "a(b", "", "inbox,", "x" * 300])
async def test_a_wrong_name_of_a_view_says_why_and_the_line_stays_open(
    sample: Library, browse: Browse, name: str
) -> None:
    async with browse(sample, text="video") as scene:
        await scene.press("F", *name.replace(" ", "☃"))
        scene.browser.status.input.value = name
        await scene.press("enter")
        assert scene.browser.status.is_open
        assert scene.browser.status.label.endswith(" ·")
        assert not sample.views
        await scene.press("ctrl+e", "ctrl+u", *"ok", "enter")
        await scene.said("^Saved the view 'ok'")


async def test_a_view_can_t_contain_itself(sample: Library, browse: Browse) -> None:
    sample.views.save("loop", "video")
    async with browse(sample, text="view:loop") as scene:
        await scene.press("F", *"loop", "enter")
        assert scene.browser.status.is_open
        assert sample.views["loop"] == "video"


async def test_views_are_picked_by_name_with_their_numbers(sample: Library, browse: Browse) -> None:
    for number in range(1, 12):
        sample.views.save(f"view-{number:02}", f"votes:>{number}")
    async with browse(sample) as scene:
        await scene.press("f")
        lines = [line for line in scene.screen if "view-" in line]
        assert len(lines) == 11
        keys = [line.split("│")[1].rpartition("votes:>")[2].split()[1:] for line in lines]
        assert keys == [*([number] for number in "123456789"), [], []]
        await scene.press(*"view-11", "enter")
        await scene.until(partial(is_shown, scene, "view:view-11"))
        await scene.press("9")
        await scene.until(partial(is_shown, scene, "view:view-09"))


async def test_a_link_is_copied_by_its_name(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "y", "l")
        assert is_open(scene, "Copy which link?")
        assert [name in in_front(scene) for name in ("Page", "PDF", "arXiv", "Code", "Project")]
        await scene.press(*"project", "enter")
        url = "https://correr-zhou.github.io/OmniShow"
        await scene.said(f"^Sent to the terminal: {url}")
        assert scene.terminal.pop() == osc52(url)


async def test_a_tag_is_renamed_everywhere(sample: Library, browse: Browse) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:3], TagEdit(added=("rl",)))
    sample.tags.edit(keys[3:4], TagEdit(added=("rl/offline",)))
    sample.views.save("learning", "tag:rl")
    async with browse(sample) as scene:
        await scene.press(":", *"rename", "enter")
        assert is_open(scene, "Rename or merge which tag?")
        assert is_open(scene, "rl/offline")
        assert not is_open(scene, "unread")
        await scene.press("enter")
        assert scene.browser.status.label == "Rename 'rl' to:"
        assert scene.browser.status.input.value == "rl"
        await scene.press("ctrl+u", *"policy", "enter")
        await scene.said(
            "^Renamed 'rl' to 'policy' on 4 papers; 1 view still names it: 'learning' · u undoes$"
        )
        own = [own_tags(paper.tags) for paper in scene.papers[:4]]
        assert own == [["policy"]] * 3 + [["policy/offline"]]
        await scene.until(lambda: "  policy" in scene.row(0))
        await scene.press("u")
        await scene.said("^Undone: ")
        assert own_tags(scene.paper.tags) == ["rl"]


async def test_a_tag_is_merged_with_one_that_is_there(sample: Library, browse: Browse) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:3], TagEdit(added=("agent",)))
    sample.tags.edit(keys[2:5], TagEdit(added=("agents",)))
    async with browse(sample) as scene:
        await scene.press(":", *"rename", "enter", *"agent", "enter", *"agents", "enter")
        await scene.said("^Renamed 'agent' to 'agents' on 3 papers · u undoes$")
        assert sample.tags.papers_with("agents") == {*keys[:5]}
        assert not sample.tags.papers_with("agent")


@pytest.mark.parametrize("name", ["a b", "(", "", "inbox"])
async def test_a_wrong_new_name_of_a_tag_changes_nothing_and_is_said(
    sample: Library, browse: Browse, name: str
) -> None:
    sample.tags.edit(sample.search("*").keys[:3], TagEdit(added=("rl",)))
    async with browse(sample) as scene:
        before = sample.revision
        told = scene.browser.status.hints.told
        await scene.press(":", *"rename", "enter", "enter", "ctrl+u", *name, "enter")
        await scene.until(lambda: told and told[-1].is_trouble)
        assert sample.revision == before


async def test_a_tag_is_deleted_after_asking(sample: Library, browse: Browse) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:2], TagEdit(added=("rl",)))
    sample.tags.edit(keys[2:3], TagEdit(added=("rl/offline",)))
    async with browse(sample) as scene:
        await scene.press(":", *"delete", "enter", "enter")
        await scene.said("^Take the tag 'rl' off .* papers, and those nested in it\\? y: yes")
        await scene.press("n")
        assert scene.hints == "Nothing was changed"
        assert len(sample.tags.papers_with("rl")) >= 2
        await scene.press(":", *"delete", "enter", "enter", "y")
        await scene.said("^Deleted 'rl' from 3 papers · u undoes$")
        assert not any(own_tags(paper.tags) for paper in scene.papers)
        await scene.press("u")
        await scene.said("^Undone: ")
        assert own_tags(scene.paper.tags) == ["rl"]


async def test_without_tags_there_is_none_to_rename(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        for command in ("rename", "delete a tag"):
            await scene.press(":", *command, "enter")
            assert scene.hints == "The library has no tags of yours yet"


async def test_colours_are_chosen_and_kept(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        session = scene.app.session()
        assert session
        assert session.theme is None
        for name in ("light", "terminal", "dark"):
            await scene.press(":", *"choose the colours", "enter", *name, "enter")
            await scene.until(partial(has_theme, scene, name))
            kept = scene.app.session()
            assert kept
            assert kept.theme == name
            await scene.press("j")


def has_theme(scene: Scene, name: str) -> bool:
    return scene.app.theme.endswith(name)


async def test_help_says_what_commands_would_do_now(sample: Library, browse: Browse) -> None:
    sample.views.save("weekend", "video")
    async with browse(sample, size=(120, 150)) as scene:

        async def now(summary: str) -> str:
            await scene.press("?")
            await scene.pilot.pause()
            (line,) = [line for line in scene.screen if f" {summary}  " in line]
            await scene.press("q")
            return line.partition("→")[2].strip()

        assert await now("archive and go to the next") == "archive it"
        assert await now("mark read or unread") == "mark it read"
        assert (await now("undo your last decision")).startswith("undo: save t")
        assert await now("open a saved view by its number") == "1 weekend"
        assert await now("save this search as a view") == "save 'is:inbox'"
        assert await now("mark everything shown") == "mark 40 papers"
        assert (await now("copy the PDF's link")).startswith("https://arxiv.org/pdf/26")
        assert await now("copy the code's link") == "it has none"
        await scene.press("s", "a", "k")
        await scene.said("^Archived")
        assert await now("archive and go to the next") == "nothing: it has left the inbox"
        assert await now("star, or take the star off") == "take the star off"
        assert (await now("undo your last decision")).startswith("undo: archive 'Attention")
        await scene.press("space", "space")
        assert await now("star, or take the star off") == "star 2 marked papers"
        assert await now("copy the PDF's link") == "of 2 marked papers"


async def test_help_says_in_its_title_what_commands_are_about(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("?")
        assert "'Attention Sink in Transformers" in scene.screen[0]
        await scene.press("q", "*", "?")
        assert "40 marked papers" in scene.screen[0]


async def test_messages_are_kept_for_whoever_missed_them(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press(":", *"latest messages", "enter")
        assert isinstance(scene.app.screen, TextScreen)
        assert "There was no message yet." in in_front(scene)
        await scene.press("q", "s")
        await scene.said("^Starred")
        await scene.press("w")
        await scene.said("^Queued")
        await scene.press("c", "i", "p")
        await scene.press(":", *"latest messages", "enter")
        lines = [line.strip() for line in scene.screen if "Attention" in line]
        assert ["Queued 'Atten" in lines[0], "Starred 'Atten" in lines[1]] == [True, True]
        await scene.press("q")
        assert isinstance(scene.app.screen, Browser)


async def test_hostile_texts_are_safe_in_everything_that_is_opened(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    link = "https://example.org/[bold]\u202e[/]"
    desk.bring_in(
        record(
            HOSTILE,
            "arxiv:2401.00001",
            abstract=f"{HOSTILE} see {link}",
            authors=(HOSTILE,),
            day="2026-03-01",
        )
    )
    library.views.save("hostile", 'title:"[bold]x[/] \u202e"')
    library.tags.edit(library.search("*").keys, TagEdit(added=("[red]", "深度")))
    assert library.index.wait(30)
    async with browse(library, size=(100, 40)) as scene:
        await scene.press("s")
        await scene.said("^Starred")
        for keys in (
            "?",
            ":",
            "f",
            "y l",
            ": r e n a m e enter",
            ": d e l e t e space a enter enter",
            ": l a t e s t enter",
            "t",
            "F",
            "H",
            "y",
            "space",
            "\\",
        ):
            await scene.press(*keys.split())
            await scene.pilot.pause()
            for line in scene.screen:
                assert scene.is_safe(line), keys
            await scene.press("escape", "escape")
        assert "[bold]GPT-[n][/]" in "\n".join(scene.rows)
        assert scene.app.is_running

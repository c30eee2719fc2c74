from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from store.tagnames import TagEdit
from tui.setting import Setting

if TYPE_CHECKING:
    from browsing import Browse, Scene

    from store.library import Library

pytest_plugins = ["tests.browsing"]

SHOWN = Setting(is_sidebar_shown=True)


def shelf(scene: Scene) -> list[str]:
    """Return the sidebar as it is painted, without its margins."""
    sidebar = scene.browser.panes.sidebar
    if not sidebar.display:
        return []
    return [sidebar.render_line(y).text.strip() for y in range(sidebar.size.height)]


def row(scene: Scene, label: str) -> str:
    """Return the row of a label, with what stands before and behind it."""
    found = [line for line in shelf(scene) if re.search(rf"(^|[▸ ]){re.escape(label)}( |$)", line)]
    return found[0] if found else ""


def count(scene: Scene, label: str) -> int:
    """Return how many are unread in the view of this label; -1 until they were counted."""
    words = row(scene, label).split() or ["…"]
    return -1 if words[-1] == "…" else int(words[-1])


def pane(scene: Scene) -> str:
    return scene.browser.state.pane.value


def selected(scene: Scene) -> str:
    """Return the query of the row that is selected."""
    return scene.browser.shelving._shelf.query  # noqa: SLF001 no other way to see it


async def counted(scene: Scene) -> None:
    await scene.until(lambda: row(scene, "Inbox"))


async def test_the_sidebar_comes_and_goes_by_its_key(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        assert shelf(scene) == []
        await scene.press("S")
        await counted(scene)
        unread = len(sample.search("is:inbox is:unread").keys)
        assert row(scene, "Inbox").split() == ["▸", "Inbox", str(unread)]
        assert pane(scene) == "sidebar"
        assert scene.hints == "j down  k up  Enter open  Tab to the list  S hide  ? help"
        await scene.press("tab")
        assert scene.hints.startswith("a archive  d dismiss ")
        await scene.press("tab", "tab")
        await scene.press("S")
        assert shelf(scene) == []
        assert pane(scene) == "list"


async def test_where_there_is_no_room_it_says_so(sample: Library, browse: Browse) -> None:
    async with browse(sample, size=(109, 30)) as scene:
        await scene.press("S")
        await scene.said("^The sidebar needs 110 columns · f picks a view$")
        assert shelf(scene) == []
        assert not scene.browser.state.is_sidebar_shown


async def test_it_goes_while_the_screen_is_narrow_and_the_keys_go_to_the_list(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=SHOWN) as scene:
        await counted(scene)
        await scene.press("tab", "tab")
        assert pane(scene) == "sidebar"
        await scene.pilot.resize_terminal(100, 36)
        await scene.until(lambda: pane(scene) == "list")
        assert shelf(scene) == []
        await scene.press("tab", "tab", "tab")
        assert pane(scene) == "abstract"
        await scene.pilot.resize_terminal(120, 36)
        await scene.until(lambda: row(scene, "Inbox"))


async def test_keys_move_in_it_and_open_a_view(sample: Library, browse: Browse) -> None:
    sample.tags.edit(sample.search("*").keys[:3], TagEdit(("rl/agents", "zoo")))
    sample.views.save("agents", "title:agents")
    async with browse(sample) as scene:
        await scene.press("S")
        await counted(scene)
        await scene.press("G")
        assert selected(scene) == "tag:zoo"
        await scene.press("k", "enter")
        await scene.found(3)
        assert scene.query == "tag:rl/agents"
        assert pane(scene) == "list"
        await scene.until(lambda: row(scene, "agents").startswith("1 agents"))
        assert next(line for line in shelf(scene) if line.startswith("▸")).split()[1] == "agents"
        await scene.press("escape")
        await scene.found(40)
        await scene.press("S", "S", "g", "g", "ctrl+d", "ctrl+u", "enter")
        assert (scene.query, selected(scene)) == ("is:inbox", "is:inbox")


async def test_a_click_opens_a_view_and_the_wheel_moves_on(sample: Library, browse: Browse) -> None:
    for number in range(60):
        sample.tags.edit(sample.search("*").keys[:1], TagEdit((f"tag-{number:02}",)))
    async with browse(sample, setting=SHOWN) as scene:
        await counted(scene)
        line = shelf(scene).index(row(scene, "Starred"))
        await scene.pilot.click("#sidebar", offset=(4, line))
        await scene.until(lambda: scene.query == "is:starred")
        line = shelf(scene).index("Tags")
        await scene.pilot.click("#sidebar", offset=(4, line))
        assert scene.query == "is:starred"
        top = shelf(scene)
        scene.browser.shelving.wheeled(3)
        assert shelf(scene)[: len(top) - 3] == top[3:]


async def test_counts_follow_what_is_decided(sample: Library, browse: Browse) -> None:
    sample.views.save("all", "*")
    async with browse(sample, setting=SHOWN) as scene:
        await scene.until(lambda: count(scene, "all") >= 0)
        before, every = count(scene, "Inbox"), count(scene, "all")
        assert "unread" in scene.paper.tags
        await scene.press("a")
        await scene.until(lambda: count(scene, "Inbox") == before - 1)
        await scene.until(lambda: count(scene, "all") == every - 1)
        await scene.press("u")
        await scene.until(lambda: count(scene, "Inbox") == before)
        await scene.until(lambda: count(scene, "all") == every)


async def test_while_the_reader_searches_nothing_is_counted(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=replace(SHOWN, rest_seconds=0)) as scene:
        await counted(scene)
        before = count(scene, "Inbox")
        await scene.press("/", *"agents")
        sample.tags.edit(sample.search("is:inbox is:unread").keys[:1], TagEdit((), ("unread",)))
        await scene.pilot.pause(1.5)  # other programs' changes are looked for once a second
        assert count(scene, "Inbox") == before
        await scene.press("enter")
        await scene.until(lambda: count(scene, "Inbox") == before - 1)


async def test_what_was_new_is_not_after_the_visit(sample: Library, browse: Browse) -> None:
    keys = sample.search("is:unread").keys
    sample.tags.edit(keys[:5], TagEdit(("rl",)))
    sample.visits.end("tag:rl", sorted(keys[:5])[2])
    async with browse(sample, setting=SHOWN) as scene:
        await scene.until(lambda: row(scene, "rl").split() == ["rl", "+2", "5"])
        scene.browser.finding.open("tag:rl")
        await scene.found(5)
        assert row(scene, "rl").split() == ["▸", "rl", "+2", "5"]
        await scene.press("escape")
        await scene.found(40)
        await scene.until(lambda: row(scene, "rl").split() == ["rl", "5"])

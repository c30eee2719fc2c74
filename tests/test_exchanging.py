from __future__ import annotations

import json
import os
import shlex
import time
from contextlib import suppress
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from store.exporters import EXPORTERS
from store.importers.detection import HEAD_SIZE
from tui.conversations.exchanging import FORMATS
from tui.screens.reader import TextScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from browsing import Browse, Scene

    from store.library import Library

pytest_plugins = ["tests.browsing"]


async def answer(scene: Scene, text: str) -> None:
    """Write into the line at the bottom, in place of what stands there, and end it."""
    await scene.press("ctrl+u")
    scene.app.post_message(Paste(text))
    await scene.pilot.pause()
    await scene.press("enter")


def output(scene: Scene) -> str:
    """Return the title and the lines of the text that lies over the browser."""
    screen = scene.app.screen
    assert isinstance(screen, TextScreen)
    lines = (screen.page.render_line(y).text.strip() for y in range(screen.page.size.height))
    return "\n".join([screen.heading.render_line(0).text.strip(), *filter(None, lines)])


async def until_output(scene: Scene) -> str:
    await scene.until(lambda: isinstance(scene.app.screen, TextScreen))
    await scene.pilot.pause()
    return output(scene)


def lines_of_papers(numbers: Iterable[int]) -> Iterator[str]:
    for number in numbers:
        paper = {
            "title": f"Counting sheep {number}",
            "identifiers": [f"arxiv:2603.{number:05}"],
        }
        yield f"{json.dumps(paper)}\n"


def write_papers(path: Path, count: int) -> Path:
    """Write a file of so many papers that can be imported."""
    path.write_text("".join(lines_of_papers(range(count))))
    return path


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Path]:
    """A file with ever more papers, until nobody reads it."""
    path = tmp_path / "endless"
    os.mkfifo(path)

    def feed() -> None:
        with suppress(BrokenPipeError), path.open("w") as stream:
            # The format is told by the first so many characters.
            stream.writelines(lines_of_papers(range(1)))
            stream.write(f"{' ' * HEAD_SIZE}\n")
            for line in lines_of_papers(count(1)):
                if path.with_name("is over").exists():
                    break
                stream.write(line)
                time.sleep(0.0005)

    feeder = Thread(target=feed)
    feeder.start()
    yield path
    feeder.join()


async def test_papers_are_piped_and_the_answer_is_shown(browse: Browse, sample: Library) -> None:
    async with browse(sample) as scene:
        await scene.press("|")
        assert scene.browser.status.label == "Pipe 1 paper as JSON Lines to:"
        await scene.press("escape", "*", "|")
        assert scene.browser.status.label == "Pipe 40 papers as JSON Lines to:"
        await answer(scene, "wc -l")
        assert (await until_output(scene)).endswith("\n40")
        assert output(scene).startswith("Piped 40 papers to 'wc -l'")
        await scene.press("q")
        assert scene.browser.is_read
        assert "Piped 40 papers to 'wc -l'" in scene.hints
        # It is offered again.
        await scene.press("|")
        assert scene.browser.status.input.value == "wc -l"


async def test_the_tab_key_asks_for_another_format(browse: Browse, sample: Library) -> None:
    async with browse(sample) as scene:
        await scene.press("|")
        labels = []
        for _ in FORMATS:
            await scene.press("tab")
            labels.append(scene.browser.status.label)
        first, *others = FORMATS.values()
        assert labels == [f"Pipe 1 paper as {name} to:" for name in (*others, first)]
        assert FORMATS.keys() == EXPORTERS.keys()
        await scene.press("tab")
        await answer(scene, "head -c 1")
        assert (await until_output(scene)).endswith("\n@")


async def test_a_command_that_says_nothing_is_told_in_one_line(
    browse: Browse, sample: Library, tmp_path: Path
) -> None:
    async with browse(sample) as scene:
        kept = tmp_path / "kept here"
        await scene.press("|")
        await answer(scene, f"sh -c 'cat > \"$0\"' {shlex.quote(str(kept))}")
        await scene.said("^Piped 1 paper to 'sh -c")
        assert json.loads(kept.read_text())["title"] == scene.paper.title
        await scene.press("|")
        await answer(scene, "sh -c 'exit 3'")
        await scene.said("ended with status 3")
        assert scene.browser.is_read


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("grep 'x", "This is no command yet: a quote is open"),
        ("no-such-command-here", "There is no command 'no-such-command-here'"),
        ("sort | head", "'|' needs a shell"),
    ],
)
async def test_what_is_no_command_is_refused_where_it_was_written(
    browse: Browse, sample: Library, written: str, reason: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("|")
        await answer(scene, written)
        assert scene.browser.status.label.startswith(reason)
        assert scene.browser.status.input.value == written
        await answer(scene, "true")
        await scene.said("^Piped 1 paper to 'true'")


async def test_a_command_that_hangs_is_told_and_stopped(browse: Browse, sample: Library) -> None:
    async with browse(sample) as scene:
        await scene.press("|")
        await answer(scene, "sleep 60")
        await scene.press("j", "s")
        await scene.said("^Starred")  # all is alive meanwhile
        scene.browser.status.hints.rest()
        await scene.said("^'sleep 60' is still running · ctrl\\+c stops it")
        await scene.press("|")
        await scene.said("^'sleep 60' is still running")
        await scene.press("ctrl+c")
        await scene.said("^Stopped 'sleep 60'")
        scene.browser.status.hints.rest()
        assert "running" not in scene.hints
        await scene.press("ctrl+c")
        await scene.said("Press ctrl.c again to quit")


async def test_an_answer_waits_until_the_reader_has_written(
    browse: Browse, sample: Library, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    async with browse(sample) as scene:
        await scene.press("|")
        await answer(scene, f"sh -c 'until test -e \"$0\"; do sleep 0.02; done; echo 1' {go}")
        await scene.press("/", "x")
        go.touch()
        await scene.until(lambda: not scene.browser.work.transfers.is_running)
        await scene.pilot.pause(0.3)
        assert scene.browser.is_writing
        await scene.press("escape")
        assert (await until_output(scene)).endswith("\n1")


async def test_a_hostile_answer_is_safe_to_show(browse: Browse, sample: Library) -> None:
    async with browse(sample) as scene:
        await scene.press("|")
        await answer(scene, r"printf '\033[2J\033]0;x\007[red]bold[/]\000\r\n\303\n'")
        shown = await until_output(scene)
        assert "[red]bold[/]" in shown
        assert scene.is_safe(shown.replace("\n", ""))


async def test_papers_are_exported(browse: Browse, sample: Library, tmp_path: Path) -> None:
    path = tmp_path / "out.bib"
    async with browse(sample) as scene:
        await scene.press("*", "e")
        assert scene.browser.status.label == "Export 40 papers to the file:"
        await answer(scene, f"{tmp_path}/out.txt")
        assert "must end in .jsonl, .bib" in scene.browser.status.label
        await answer(scene, str(path))
        await scene.said(f"^40 papers written to {path}")
        assert path.read_text().count("\n@") + 1 >= 40


async def test_a_file_that_is_there_is_asked_for(
    browse: Browse, sample: Library, tmp_path: Path
) -> None:
    path = tmp_path / "out.md"
    path.write_text("precious")
    async with browse(sample) as scene:
        await scene.press("e")
        await answer(scene, str(path))
        await scene.said("is there: write over it")
        await scene.press("n")
        await scene.said("Nothing was changed")
        assert path.read_text() == "precious"
        await scene.press("e")
        await answer(scene, str(path))
        await scene.press("y")
        await scene.said("1 paper written to")
        assert scene.paper.id.removeprefix("arxiv:") in path.read_text()


async def test_a_named_pipe_is_refused_and_keeps_no_other_export(
    browse: Browse, sample: Library, tmp_path: Path
) -> None:
    """Without a reader it would be waited for, by all exports that follow too."""
    os.mkfifo(tmp_path / "pipe.bib")
    async with browse(sample) as scene:
        await scene.press("e")
        await answer(scene, f"{tmp_path}/pipe.bib")
        assert "is no regular file: name another" in scene.browser.status.hints.told[-1].text
        await answer(scene, f"{tmp_path}/out.bib")
        await scene.said("^1 paper written to")


async def test_a_path_is_completed(browse: Browse, sample: Library, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "papers.jsonl").touch()
    async with browse(sample) as scene:
        await scene.press("I")
        scene.app.post_message(Paste(f"{tmp_path}/a"))
        await scene.pilot.pause()
        await scene.press("tab", "p", "tab")
        assert scene.browser.status.input.value == f"{tmp_path}/a folder/papers.jsonl"


async def test_papers_are_imported(browse: Browse, sample: Library, tmp_path: Path) -> None:
    path = write_papers(tmp_path / "new.jsonl", 12)
    async with browse(sample) as scene:
        await scene.press("I")
        await answer(scene, f"{tmp_path}/nothing")
        assert "There is no file or folder" in scene.browser.status.label
        await answer(scene, str(path))
        await scene.said("^12 added · q goes back")
        assert scene.browser.state.text == "import:2"
        await scene.found(12)
        await scene.press("q")
        await scene.found(52)
        await scene.press("I")
        await answer(scene, str(path))
        await scene.said("^12 unchanged")
        assert scene.browser.state.text == "is:inbox"


@pytest.mark.parametrize("key", ["j", "J", "v"])
async def test_who_has_moved_on_is_told_which_key_shows_what_came_in(
    browse: Browse, sample: Library, endless: Path, key: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("I")
        await answer(scene, str(endless))
        await scene.until(lambda: len(sample) > 40)
        await scene.press(key)
        selected = scene.selected
        endless.with_name("is over").touch()
        await scene.said("^[0-9,]+ added · i shows them")
        assert (scene.browser.state.text, scene.selected) == ("is:inbox", selected)
        await scene.press("i")
        await scene.found(len(sample) - 40)
        assert scene.browser.state.text == "import:last"
        await scene.press("escape")
        await scene.until(lambda: scene.browser.state.text == "is:inbox")


async def test_each_import_that_waited_is_shown_by_the_key(
    browse: Browse, sample: Library, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other.jsonl"
    one.mkdir()
    for number in range(30):
        (one / f"{number}.jsonl").write_text(
            "".join(lines_of_papers(range(number * 9, number * 10)))
        )
    other.write_text("".join(lines_of_papers(range(1_000, 1_004))))
    async with browse(sample) as scene:
        await scene.press("I")
        await answer(scene, str(one))
        await scene.press("I")
        await answer(scene, str(other))
        await scene.found(4)
        assert scene.browser.state.text == "import:3"
        await scene.press("q", "i")
        await scene.found(4)


async def test_what_another_program_brought_in_is_shown_too(
    browse: Browse, sample: Library
) -> None:
    async with browse(sample) as scene:
        await scene.press("i")
        await scene.found(40)
        assert scene.browser.state.text == "import:last"


async def test_what_is_refused_is_told_in_full(
    browse: Browse, sample: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    write_papers(folder / "a.jsonl", 2)
    (folder / "b.bin").write_bytes(b"\0\1\2")
    async with browse(sample) as scene:
        await scene.press("I")
        await answer(scene, str(folder))
        await scene.said("^2 added, 1 refused · q goes back")
        await scene.found(2)
        assert any("b.bin: " in one.text for one in scene.browser.status.hints.told)
        await scene.press("I")
        await answer(scene, str(folder / "b.bin"))
        await scene.said("b.bin: ")


async def test_an_import_tells_how_far_it_is_and_can_be_stopped(
    browse: Browse, sample: Library, endless: Path
) -> None:
    async with browse(sample) as scene:
        await scene.press("I")
        await answer(scene, str(endless))
        await scene.said(r"^Importing endless: [\d,]+ papers  a archive")
        await scene.until(lambda: len(sample) > 40)
        await scene.press("j", "ctrl+c")
        await scene.said("^Stopped: what came in stays, and importing 'endless' again completes")
        assert scene.selected == 1  # all was alive
        scene.browser.status.hints.rest()
        assert "Importing" not in scene.hints


async def test_an_empty_library_shows_what_was_imported(
    browse: Browse, library: Library, tmp_path: Path
) -> None:
    path = write_papers(tmp_path / "new.jsonl", 3)
    async with browse(library) as scene:
        await scene.press("I")
        await answer(scene, str(path))
        await scene.found(3)


async def test_leaving_does_not_wait_for_an_import(
    browse: Browse, library: Library, endless: Path
) -> None:
    async with browse(library) as scene:
        await scene.press("I")
        await answer(scene, str(endless))
        await scene.until(lambda: len(library))
        await scene.press("q")
        started = time.monotonic()
    assert time.monotonic() - started < 5
    assert not library.history.entries()[0].is_finished
    assert not library.history.is_import_at_work()

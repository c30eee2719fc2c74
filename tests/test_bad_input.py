"""Queries that nobody means and indexes that nobody can read: answered, told, and mended."""

from __future__ import annotations

import fcntl
import json
import resource
import shutil
import warnings
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.errors import QuerySyntaxError
from store.importers import sources
from store.index.state import LOCK_NAME, STATE_NAME
from store.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browsing import Browse, Scene
    from terminal import Home

    from store.query.nodes import Query

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # on newer Pythons its invalid escapes
    from whoosh.fields import TEXT, Schema
    from whoosh.index import create_in

pytest_plugins = ["tests.browsing", "tests.terminal"]

LENGTH = 10_000
SECONDS = 30.0
"""How long a writer may take, on the slowest of machines."""
QUERIES = {
    f"{LENGTH:,} letters": "a" * LENGTH,
    f"{LENGTH:,} characters of words": ("graph neural " * LENGTH)[:LENGTH],
    f"{LENGTH:,} characters of different words": " ".join(map(str, range(LENGTH)))[:LENGTH],
    f"{LENGTH:,} characters of a phrase": f'"{"graph neural " * LENGTH}'[:LENGTH],
    f"{LENGTH:,} brackets": "(" * LENGTH,
    f"{LENGTH:,} closing brackets": ")" * LENGTH,
    f"{LENGTH:,} quotes": '"' * LENGTH,
    f"{LENGTH:,} dashes": "-" * LENGTH,
    f"{LENGTH:,} stars": "*" * LENGTH,
    f"{LENGTH:,} characters of operators": ("OR " * LENGTH)[:LENGTH],
    f"{LENGTH:,} characters of alternatives": ("graph OR " * LENGTH)[:LENGTH],
    f"{LENGTH:,} characters of what is not": ("NOT " * LENGTH)[:LENGTH],
    f"{LENGTH:,} characters of tags": f"tag:{'a,' * LENGTH}"[:LENGTH],
    f"{LENGTH:,} figures of votes": f"votes:>{'9' * LENGTH}",
    f"{LENGTH:,} characters of a paper": f"like:{'9' * LENGTH}",
    "nothing": "",
    "one letter": "a",
    "one letter that begins much": "a*",
    "one letter and its neighbours": "a~",
    "one operator": "OR",
    "only operators": "AND OR NOT - ~ * AND",
    "only dashes": "- - -",
    "a quote": '"',
    "a quote before": '"graph neural',
    "a quote behind": 'graph neural"',
    "a quote within": 'gr"aph neural',
    "quotes in a row": '"""graph""" "',
    "brackets": "((((",
    "closing brackets": "))))",
    "brackets before": "((((graph",
    "brackets behind": "graph))))",
    "a field of brackets": "title:((((",
    "colons": ":::",
    "a field of fields": "title:abs:author:graph",
    "NUL": "\x00",
    "NUL in a word": "gr\x00aph",
    "NUL in a phrase": '"graph\x00neural"',
    "NUL in a tag": "tag:r\x00l",
    "NUL in an identifier": "id:2401.\x0000001",
    "marks of right to left": "\u202egraph\u202c \u200fneural\u200f",
    "marks of right to left alone": "\u202e \u200f",
    "half a character": "graph \udcff",
    "markup": "[bold]x[/]",
    "characters of no use": "\ufffe \U0010ffff \ue000 \x7f",
}
WRITTEN = (
    f"{LENGTH:,} characters of different words",
    f"{LENGTH:,} characters of a phrase",
    f"{LENGTH:,} brackets",
    "one letter",
    "one operator",
    "only dashes",
    "a quote",
    "brackets",
    "brackets before",
    "NUL in a word",
    "marks of right to left",
    "markup",
    "characters of no use",
)
"""What is written into the browser's own line too."""
FOUND = "diffusion"


@pytest.fixture(params=QUERIES)
def query(request: pytest.FixtureRequest) -> str:
    return QUERIES[request.param]


@pytest.fixture(scope="module")
def forty(sample_folders: tuple[Path, Path]) -> Iterator[Library]:
    """The library of forty, for tests that change nothing."""
    with Library(sample_folders[0], index_folder=sample_folders[1]) as library:
        yield library


def read(library: Library, query: str, *, typing: bool) -> Query | QuerySyntaxError:
    try:
        return library.parse(query, typing=typing)
    except QuerySyntaxError as error:
        return error


@pytest.mark.parametrize("typing", [False, True])
def test_every_query_has_an_answer_or_a_clear_error(
    forty: Library, query: str, *, typing: bool
) -> None:
    everything = set(forty.search("*").keys)
    asked = read(forty, query, typing=typing)
    if isinstance(asked, QuerySyntaxError):
        assert 1 <= asked.column <= len(query) + 1
        assert 0 < len(str(asked)) < 300
        assert forty.suggestion(query, typing=typing) is None
        return
    for closest in (False, True):
        assert everything.issuperset(forty.search(asked, closest=closest).keys)
    explanation = forty.explain(query, typing=typing, key=min(everything))
    assert explanation.papers == len(forty.search(asked).keys)
    better = forty.suggestion(query, typing=typing)
    assert better is None or forty.search(better, closest=True).keys


def is_shown(scene: Scene, query: str) -> bool:
    return scene.browser.state.text == query


async def test_every_query_can_be_written_accepted_and_given_up(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        told, line = scene.browser.status.hints.told, scene.browser.search_line
        for name in WRITTEN:
            before = len(told)
            await scene.press("/")
            line.input.value = QUERIES[name]
            await scene.pilot.pause()
            await scene.press("enter")
            if line.is_open:
                assert any(one.is_trouble for one in list(told)[before:]), name
            else:
                await scene.until(partial(is_shown, scene, line.text))
            assert scene.is_safe("".join(scene.screen)), name
            await scene.press("escape")
            await scene.until(partial(is_shown, scene, "is:inbox"))
            told.clear()
        assert not line.is_open
        await scene.found(40)


def flip(folder: Path) -> None:
    (path,) = folder.glob("*.postings")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x80
    path.write_bytes(data)


def truncate(folder: Path) -> None:
    (path,) = folder.glob("*.documents")
    path.write_bytes(path.read_bytes()[:-1])


def write_by_half(folder: Path) -> None:
    """Leave what a writer leaves that is cut off at its first commit."""
    (path,) = folder.glob("*.postings")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (folder / STATE_NAME).rename(folder / f"{STATE_NAME}.new")


def put_another(folder: Path) -> None:
    """Put the index of another library in the place."""
    papers = folder.parent / "sheep.jsonl"
    record = {"id": "arxiv:2401.00001", "title": f"{FOUND} of sheep", "abstract": "They graze."}
    papers.write_text(json.dumps(record))
    other = folder.parent / "other"
    with Library(other, index_folder=other / "index") as library:
        library.imports.bring_in(sources([papers]))
        writer = library.index.catch_up()
        assert writer
        assert writer.wait(SECONDS) == 0
    shutil.rmtree(folder)
    shutil.move(other / "index", folder)


def put_stock(folder: Path) -> None:
    """Put an index in the place that Whoosh has written by itself, with words of ours."""
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    writer = create_in(str(folder), Schema(text=TEXT(stored=True))).writer()
    writer.add_document(text=FOUND)
    writer.commit()


DAMAGES = [flip, truncate, write_by_half, put_another, put_stock]


@contextmanager
def writers_waiting(folder: Path) -> Iterator[None]:
    """Let no writer at an index."""
    with (folder / LOCK_NAME).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("damage", DAMAGES)
async def test_an_index_that_can_t_be_read_is_told_and_made_anew_while_all_else_goes_on(
    sample: Library, browse: Browse, damage: Callable[[Path], None]
) -> None:
    wanted = set(sample.search(FOUND).keys)
    damage(sample.index.folder)
    sample.index.close()
    with Library(sample.folder, index_folder=sample.index.folder, program="test") as library:
        async with AsyncExitStack() as stack:
            with writers_waiting(library.index.folder):
                scene = await stack.enter_async_context(browse(library))
                await scene.until(lambda: "0 of 40 searchable" in scene.counter)
                assert len(scene.papers) == 40
                await scene.press("s")
                await scene.said("^Starred")
                await scene.press("/", *FOUND, "enter")
                await scene.until(partial(is_shown, scene, FOUND))
                assert scene.papers == []
            await scene.found(len(wanted))
            assert set(scene.browser.state.list.keys) == wanted
        assert len(library.search("is:starred").keys) == 1


def test_the_command_line_makes_an_index_anew_that_can_t_be_read(
    sample_folders: tuple[Path, Path], home: Home
) -> None:
    data = home.folder / "data" / "paperdeck"
    shutil.copytree(sample_folders[0], data)
    assert home.run("index", "--wait") == "40 of 40 searchable\n"
    found = home.run("search", FOUND)
    (state,) = (home.folder / "cache").rglob(STATE_NAME)
    flip(state.parent)
    assert home.run("index", "--status") == "0 of 40 searchable\n"
    assert home.run("index", "--wait") == "40 of 40 searchable\n"
    assert home.run("search", FOUND) == found


LARGEST = 1 << 18
"""So many bytes a file may have while the disk is as good as full."""


@contextmanager
def files_limited() -> Iterator[None]:
    """Let neither this process nor those that it starts write a larger file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_on_a_full_disk_the_former_index_answers_and_is_completed_once_there_is_room(
    sample: Library, browse: Browse, tmp_path: Path
) -> None:
    former = sample.search(FOUND).keys
    records = (
        {
            "id": f"arxiv:2402.{number:05}",
            "title": f"{FOUND} of wool",
            "abstract": " ".join(f"w{number}x{word}" for word in range(40)),
        }
        for number in range(1_000)
    )
    papers = tmp_path / "wool.jsonl"
    papers.write_text("".join(json.dumps(record) + "\n" for record in records))
    sample.imports.bring_in(sources([papers]))
    sample.close()  # what waits to be written is written into the library's own file then
    with Library(sample.folder, index_folder=sample.index.folder, program="test") as library:
        async with AsyncExitStack() as stack:
            with files_limited():
                scene = await stack.enter_async_context(browse(library, text=FOUND))
                writer = library.index.catch_up()
                assert writer
                assert writer.wait(SECONDS) == 1
                await scene.press("ctrl+l")
                await scene.found(len(former))
                assert scene.counter.startswith("40 of 1,040 searchable")
            await scene.said("^All 1,040 papers can be searched now")
            await scene.press("ctrl+l")
            await scene.found(len(former) + 1_000)
        assert max(path.stat().st_size for path in library.index.folder.iterdir()) > LARGEST

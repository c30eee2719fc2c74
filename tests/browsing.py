"""The browser as a reader has it, driven by keys: a plugin of the modules that test it."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import time
import unicodedata
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import pytest
from textual.events import Key

from store.importers import sources
from store.library import Library
from tui.app import PaperdeckApp
from tui.clipboard import Clipboard
from tui.sample import sample_path
from tui.screens.browser import Browser
from tui.setting import Setting
from tui.state import HOME_QUERY
from tui.widgets.counter import Counter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path

    from textual.message import Message
    from textual.pilot import Pilot

    from store.models import Paper

KEYS = {
    "?": ("question_mark", "?"),
    "space": ("space", " "),
    "tab": ("tab", "\t"),
    "enter": ("enter", "\r"),
}
"""Name and character of keys where they differ, as Textual has them."""
PATIENCE = 30.0
"""So many seconds a test waits for what happens in a thread or by a timer, beside other work."""


SETTING = Setting(rest_seconds=0)
"""How browsers are set up: resting marks no paper read while a test waits."""
FORTY = frozenset(
    {
        "2024-06-03",
        "2024-08-02",
        "2024-11-25",
        "2025-03-19",
        "2025-06-10",
        "2025-10-09",
        "2026-02-24",
        "2026-04-14",
    }
)
"""The days of the sample papers that most tests work with: few enough to know them by name."""


@dataclass
class Scene:
    """A browser that is running, and what it did to the world outside."""

    library: Library
    app: PaperdeckApp
    pilot: Pilot[str]
    terminal: list[str]
    """The sequences that were sent to the terminal."""
    opened: list[str]
    """The addresses that were opened."""
    messages: list[Message]
    """What was passed on inside of the program."""

    @property
    def browser(self) -> Browser:
        (browser,) = (screen for screen in self.app.screen_stack if isinstance(screen, Browser))
        return browser

    @property
    def hints(self) -> str:
        """The line at the bottom."""
        return self.browser.status.hints.render().plain

    @property
    def query(self) -> str:
        """The line at the top."""
        return self.browser.search_line.text

    @property
    def counter(self) -> str:
        return self.browser.query_one("#counter", Counter).text

    @property
    def place(self) -> str:
        """The last part of the counter: where in the result the reader is."""
        return self.counter.rpartition(" · ")[2]

    @property
    def rows(self) -> list[str]:
        """The list as it is painted, headings of days among the papers."""
        shown = self.browser.panes.list
        return [shown.render_line(y).text.rstrip() for y in range(shown.size.height)]

    def row(self, index: int) -> str:
        """Return the painted row of the paper at `index` in the result, which is in sight."""
        return self.rows[self.browser.state.list.line_of(index)]

    def signs(self, count: int) -> list[str]:
        """Return what stands before the titles of the first papers, without blanks at its end."""
        return [self.row(index)[:4].rstrip() for index in range(count)]

    @property
    def screen(self) -> list[str]:
        """All that is painted, whatever is in front."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 what is really painted
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def marked(self) -> list[int]:
        """The indices of the marked papers in the result."""
        state = self.browser.state
        return [index for index, key in enumerate(state.list.keys) if key in state.marks]

    @property
    def abstract(self) -> str:
        """The abstract pane as it is painted, once the keys rest."""
        shown = self.browser.reach_abstract()
        return "\n".join(shown.render_line(y).text.strip() for y in range(shown.size.height))

    @property
    def selected(self) -> int:
        """The index of the selected paper in the result."""
        return self.browser.state.list.selected

    @property
    def papers(self) -> list[Paper]:
        """The papers of the result, as they are in the library now."""
        return list(self.library.papers(self.browser.state.list.keys))

    @property
    def paper(self) -> Paper:
        """The selected paper, as it is in the library now."""
        return self.papers[self.selected]

    async def press(self, *keys: str) -> None:
        """Press keys, all at once, as a slow line brings them, and wait until they are taken."""
        for key in keys:
            name, character = KEYS.get(key, (key, key if len(key) == 1 else None))
            self.app.post_message(Key(name, character))
        await self.until(lambda: not self.app._keys)  # noqa: SLF001 a pause would be a guess
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.picture()
            await asyncio.sleep(0.01)

    async def said(self, pattern: str) -> None:
        """Wait for news."""
        await self.until(lambda: re.search(pattern, self.hints))

    async def found(self, count: int) -> None:
        """Wait for a result of so many papers."""
        await self.until(lambda: len(self.browser.state.list.keys) == count)

    @staticmethod
    def is_safe(text: str) -> bool:
        """Tell whether a text has no control, format or unassigned character but joiners."""
        joiners = "\u200c\u200d"
        return all(char in joiners or unicodedata.category(char)[0] != "C" for char in text)

    def picture(self) -> str:
        """Return the screen as text."""
        return "\n".join(
            [f"/ {self.query} {self.counter}", *self.rows, self.abstract, f"[{self.hints}]"]
        )


class Browse(Protocol):
    """Opens the browser on a library and waits for its first result."""

    def __call__(
        self,
        library: Library,
        *,
        text: str = ...,
        size: tuple[int, int] = ...,
        theme: str = ...,
        setting: Setting = ...,
        has_display: bool = ...,
        command: tuple[str, ...] | None = ...,
    ) -> AbstractAsyncContextManager[Scene]: ...


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    @asynccontextmanager
    async def browsing(
        library: Library,
        *,
        text: str = HOME_QUERY,
        size: tuple[int, int] = (120, 36),
        theme: str = "dark",
        setting: Setting = SETTING,
        has_display: bool = False,
        command: tuple[str, ...] | None = None,
    ) -> AsyncIterator[Scene]:
        terminal: list[str] = []
        opened: list[str] = []
        messages: list[Message] = []

        def open_links(urls: Sequence[str]) -> Sequence[str]:
            opened.extend(urls)
            return () if has_display else urls

        app = PaperdeckApp(
            library,
            open_links,
            lambda _write: Clipboard({"SSH_TTY": "x"}, command, terminal.append, tmp_path / "copy"),
            replace(setting, text=text, theme=theme),
        )
        async with app.run_test(size=size, message_hook=messages.append) as pilot:
            scene = Scene(library, app, pilot, terminal, opened, messages)
            told = scene.browser.status.hints.told
            await scene.until(lambda: scene.counter or any(one.is_trouble for one in told))
            await pilot.pause()
            yield scene

    return browsing


@pytest.fixture(scope="session")
def sample_folders(
    tmp_path_factory: pytest.TempPathFactory, clock: Callable[[], datetime]
) -> tuple[Path, Path]:
    """The library of forty and its index: to be copied."""
    return _made(tmp_path_factory.mktemp("sample"), clock, FORTY)


@pytest.fixture
def sample(
    sample_folders: tuple[Path, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> Library:
    """A library of 40 sample papers, of eight days, that can be searched."""
    return _copied(sample_folders, tmp_path, request)


@pytest.fixture(scope="session")
def whole_sample_folders(
    tmp_path_factory: pytest.TempPathFactory, clock: Callable[[], datetime]
) -> tuple[Path, Path]:
    """The library of all sample papers and its index: to be copied."""
    return _made(tmp_path_factory.mktemp("whole"), clock, None)


@pytest.fixture
def whole_sample(
    whole_sample_folders: tuple[Path, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> Library:
    """A library of all sample papers that can be searched."""
    return _copied(whole_sample_folders, tmp_path, request)


def _made(
    folder: Path, clock: Callable[[], datetime], days: frozenset[str] | None
) -> tuple[Path, Path]:
    """Make a library of the sample papers listed on these days, or of all, and its index."""
    lines = sample_path().read_text(encoding="utf-8").splitlines(keepends=True)
    chosen = folder / "papers.jsonl"
    chosen.write_text(
        "".join(one for one in lines if days is None or json.loads(one)["listed"] in days),
        encoding="utf-8",
    )
    folders = (folder / "library", folder / "index")
    with Library(folders[0], index_folder=folders[1], clock=clock) as library:
        library.imports.bring_in(sources([chosen]))
        writer = library.index.catch_up()
        # Its last act is to remove what nobody needs, which must not happen while we copy.
        assert writer
        assert writer.wait(30) == 0
    return folders


def _copied(folders: tuple[Path, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Library:
    for folder in folders:
        shutil.copytree(folder, tmp_path / folder.name)
    library: Library = request.getfixturevalue("library")
    return library

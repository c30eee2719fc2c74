"""Widgets and screens alone, in the program's look: a plugin of their tests."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from textual.app import App
from textual.events import Key, Paste
from textual.widgets import Static

import tui
from tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from textual.app import ComposeResult
    from textual.message import Message
    from textual.pilot import Pilot
    from textual.screen import Screen
    from textual.widget import Widget

BEHIND = "what is behind"
"""The line above a widget, and behind a screen."""
HOSTILE = (
    "[bold red]GPT-[n][/] [/bold] [link=http://x.y]",
    "\x1b[2J\x1b[31mred\x1b]52;c;aGk=\x07 \x9b5m \x00\x08\x7f",
    "left \u202eright\u202c \u2066isolated\u2069 \u200f",
    "tabs\tand\nlines\r\n\x85\u2028here",
    "W" * 2_000,
    "深度学习" * 40,
    "👩‍👩‍👧 e\u0301" * 30,
    "",
)
"""Texts as a record may have them."""


class Bare(App[None], inherit_bindings=False):
    """The program's look and themes, one line, and a widget below it if one is given."""

    CSS_PATH = Path(tui.__file__).parent / "look.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, theme: str, shown: Widget | None = None) -> None:
        super().__init__()
        for one in THEMES.values():
            self.register_theme(one)
        self.theme = THEMES[theme].name
        self._shown = shown

    def compose(self) -> ComposeResult:
        yield Static(BEHIND, id="above")
        if self._shown:
            yield self._shown


@dataclass
class Stage:
    """What is shown, what it tells, and what screens ended with."""

    app: Bare
    pilot: Pilot[None]
    messages: list[Message]
    answers: list[Any] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The terminal's lines as they are painted."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 no other way to see them
        return [strip.text for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    async def show(self, screen: Screen[Any]) -> None:
        await self.app.push_screen(screen, self.answers.append)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one by one."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """Press keys all at once, as a slow line brings them."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        await self.press(*("space" if char == " " else char for char in text))

    async def paste(self, text: str) -> None:
        self.app.post_message(Paste(text))
        await self.pilot.pause()

    def told(self, *kinds: type[Message]) -> list[Message]:
        """Return the messages of some kinds so far, each once."""
        found = [message for message in self.messages if isinstance(message, kinds)]
        return list({id(message): message for message in found}.values())

    def styles_of(self, part: str) -> list[str]:
        """Return the styles in which a part of a line is painted."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 as above
        return [str(segment.style) for strip in strips for segment in strip if segment.text == part]


class Staging(Protocol):
    """Opens a bare application of a size."""

    def __call__(
        self, size: tuple[int, int] = ..., theme: str = ...
    ) -> AbstractAsyncContextManager[Stage]: ...


class PutOnStage(Protocol):
    """Shows a widget."""

    def __call__(
        self, shown: Widget, *, size: tuple[int, int] = ...
    ) -> AbstractAsyncContextManager[Stage]: ...


@asynccontextmanager
async def _opened(app: Bare, size: tuple[int, int]) -> AsyncIterator[Stage]:
    messages: list[Message] = []
    async with app.run_test(size=size, message_hook=messages.append) as pilot:
        yield Stage(app, pilot, messages)


@pytest.fixture
def staging() -> Staging:
    return lambda size=(80, 24), theme="dark": _opened(Bare(theme), size)


@pytest.fixture
def put_on_stage() -> PutOnStage:
    return lambda shown, *, size=(80, 10): _opened(Bare("dark", shown), size)


@pytest.fixture
def hostile() -> tuple[str, ...]:
    return HOSTILE

"""A bare application for screens of their own, with the program's look: a plugin of their tests."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from textual.app import App
from textual.events import Key
from textual.widgets import Static

from tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from textual.app import ComposeResult
    from textual.pilot import Pilot
    from textual.screen import Screen

BEHIND = "what is behind"

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


class Bare(App[None]):
    """The program's look and themes, and one line."""

    CSS_PATH = "../tui/look.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, theme: str) -> None:
        super().__init__()
        for one in THEMES.values():
            self.register_theme(one)
        self.theme = THEMES[theme].name

    def compose(self) -> ComposeResult:
        yield Static(BEHIND)


@dataclass
class Stage:
    """A screen that is shown, and what it ended with."""

    app: Bare
    pilot: Pilot[None]
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
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """Press keys all at once, as a slow line brings them."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        await self.press(*("space" if char == " " else char for char in text))

    def styles_of(self, part: str) -> list[str]:
        """Return the styles in which a part of a line is painted."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 as above
        return [str(segment.style) for strip in strips for segment in strip if segment.text == part]


class Staging(Protocol):
    """Opens a bare application of a size."""

    def __call__(
        self, size: tuple[int, int] = ..., theme: str = ...
    ) -> AbstractAsyncContextManager[Stage]: ...


@pytest.fixture
def staging() -> Staging:
    @asynccontextmanager
    async def opened(size: tuple[int, int] = (80, 24), theme: str = "dark") -> AsyncIterator[Stage]:
        app = Bare(theme)
        async with app.run_test(size=size) as pilot:
            yield Stage(app, pilot)

    return opened


@pytest.fixture
def hostile() -> tuple[str, ...]:
    return HOSTILE

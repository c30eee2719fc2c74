"""One widget on a screen of its own, in the program's look: a plugin of the tests of widgets."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from textual.app import App
from textual.events import Paste
from textual.widgets import Static

import tui
from tui.themes import DARK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from textual.app import ComposeResult
    from textual.message import Message
    from textual.pilot import Pilot
    from textual.widget import Widget

LOOK = Path(tui.__file__).parent / "look.tcss"


class Bare(App[None], inherit_bindings=False):
    """Shows a widget below nothing."""

    CSS_PATH = LOOK
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, shown: Widget) -> None:
        super().__init__()
        self._shown = shown

    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        # Before a theme is chosen; the style sheet is read first.
        return DARK.variables

    def compose(self) -> ComposeResult:
        yield Static(id="above")
        yield self._shown


@dataclass
class Stage:
    """What is shown, and what it tells."""

    pilot: Pilot[None]
    messages: list[Message]

    async def press(self, *keys: str) -> None:
        """Press keys one by one."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        self.pilot.app.post_message(Paste(text))
        await self.pilot.pause()

    def told(self, *kinds: type[Message]) -> list[Message]:
        """Return the messages of some kinds so far, each once."""
        found = [message for message in self.messages if isinstance(message, kinds)]
        return list({id(message): message for message in found}.values())


class PutOnStage(Protocol):
    """Shows a widget."""

    def __call__(
        self, shown: Widget, *, size: tuple[int, int] = ...
    ) -> AbstractAsyncContextManager[Stage]: ...


@pytest.fixture
def put_on_stage() -> PutOnStage:
    @asynccontextmanager
    async def put(shown: Widget, *, size: tuple[int, int] = (80, 10)) -> AsyncIterator[Stage]:
        messages: list[Message] = []
        async with Bare(shown).run_test(size=size, message_hook=messages.append) as pilot:
            yield Stage(pilot, messages)

    return put

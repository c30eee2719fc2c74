"""One place around all that a screen does, where its errors may end."""

from __future__ import annotations

from contextlib import nullcontext
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from tui.terminal.display import ChangedLinesScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractContextManager

    from textual.message import Message
    from textual.timer import Timer


class GuardedScreen(ChangedLinesScreen[None], inherit_bindings=False):
    """A screen that does nothing but inside of its guard.

    All that the reader and the threads cause comes as a message, by a timer, or as the answer of
    another screen: each of them is guarded here, once.
    """

    @property
    def is_awaited(self) -> bool:
        """Whether keys wait for something that they are meant for; here, never."""
        return False

    def guard(self) -> AbstractContextManager[None]:
        """Return what everything is done inside of; here, nothing that makes a difference."""
        return nullcontext()

    async def _on_message(self, message: Message) -> None:
        # Textual's own name, the only one used so: it ends a screen whose handlers raise, and
        # has no public place around all of them.
        with self.guard():
            await super()._on_message(message)

    def set_timer(
        self,
        delay: float,
        callback: Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        pause: bool = False,
    ) -> Timer:
        """Call a function after a delay, guarded."""
        return super().set_timer(delay, self._guarded(callback), name=name, pause=pause)

    def set_interval(
        self,
        interval: float,
        callback: Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        repeat: int = 0,
        pause: bool = False,
    ) -> Timer:
        """Call a function from time to time, guarded."""
        guarded = self._guarded(callback)
        return super().set_interval(interval, guarded, name=name, repeat=repeat, pause=pause)

    def call_next(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Call a function after this message, guarded: so come the answers of other screens."""
        super().call_next(self._guarded(callback), *args, **kwargs)

    def _guarded(
        self, callback: Callable[..., Any] | None
    ) -> Callable[..., Coroutine[Any, Any, None]]:
        async def guarded(*args: Any, **kwargs: Any) -> None:
            with self.guard():
                result = callback(*args, **kwargs) if callback else None
                if isawaitable(result):
                    await result

        return guarded

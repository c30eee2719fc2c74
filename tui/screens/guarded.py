"""Where errors of the library end on the screen: in a line, and not in the program's end."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from store.errors import StoreError
from tui.state import ViewState

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from textual.message import Message
    from textual.timer import Timer


class GuardedScreen(Screen[None], inherit_bindings=False):
    """A screen that says what is wrong with the library, and then shows what it showed before.

    All that the reader and the threads cause comes as a message, by a timer, or as the answer of
    another screen: each of them is guarded here, once.
    """

    state = ViewState()

    def show(self, state: ViewState) -> None:
        """Render another state."""
        raise NotImplementedError

    def say(self, news: str, *, is_trouble: bool = False) -> None:
        """Show news."""
        raise NotImplementedError

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Do what is inside as far as the library can be read, and say what is wrong with it."""
        before = self.state
        try:
            yield
        except StoreError as error:
            # No key may act on a paper that could not be shown. The window is as large as it is.
            before = before.with_list(before.list.resized(self.state.list.height))
            with suppress(StoreError):
                self.show(before)
            self.state = before
            self.say(str(error), is_trouble=True)

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

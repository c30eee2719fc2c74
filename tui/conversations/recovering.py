"""What comes of errors of the library: a line that says so, and not the program's end."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.format import error_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.screens.browser import Browser


class Recovering:
    """Says what is wrong with the library, and shows again what was shown before."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Do what is inside as far as the library can be read, and say what is wrong with it."""
        browser = self._browser
        before = browser.state
        try:
            yield
        except StoreError as error:
            # No key may act on a paper that could not be shown. The window is as large as it is.
            before = before.with_list(before.list.resized(browser.state.list.height))
            with suppress(StoreError):
                browser.show(before)
            browser.state = before
            browser.say(error_line(error), is_trouble=True)

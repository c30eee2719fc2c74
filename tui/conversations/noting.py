"""The conversation with the reader's editor: a note on a paper."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from store.errors import NoteChangedError, StoreError
from tui.background.decisions import GONE
from tui.facts import UNDOES
from tui.format import cut_title
from tui.outside.editor import Draft, editor_command
from tui.outside.errors import EditorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.models import Paper
    from tui.screens.browser import Browser


@dataclass(slots=True)
class _Written:
    """A note that is to be stored."""

    text: str
    is_done: bool = False
    """Whether it was stored, or refused: set by the thread that does so."""


class Noting:
    """Leaves the terminal to the editor, and stores what was written there."""

    def __init__(self, browser: Browser, is_over: Callable[[], bool]) -> None:
        """Begin with no note; once it `is_over` for the program, it is for the editor."""
        self._browser, self._is_over = browser, is_over
        self._written: dict[int, _Written] = {}
        """By paper, what was written last."""

    def edit(self) -> None:
        """Let the reader write a note on the paper in an editor."""
        browser = self._browser
        # Looked at before the paper: what is done by now is in the library.
        waiting = {key: one for key, one in self._written.items() if not one.is_done}
        paper = browser.selected_paper()
        if paper is None or not browser.chosen():
            return
        if browser.state.marks:
            browser.say("A note is for one paper: Esc takes the marks off")
            return
        if browser.library.is_read_only:
            browser.say("The library can only be read: no note can be kept", is_trouble=True)
            return
        self._written = waiting
        written = waiting.get(paper.key)
        browser.resting.leave()
        try:
            command = editor_command(browser.setting.editor, os.environ)
            draft = Draft.of(written.text if written else paper.note, note_name(paper))
            text = self._edited(draft, command)
        except EditorError as error:
            browser.say(str(error), is_trouble=True)
            return
        if text == draft.before:
            # Not written: another program may have noted something meanwhile.
            draft.discard()
            browser.say("The note is as it was")
        else:
            self._written[paper.key] = written = _Written(text)
            browser.work.decisions.change(partial(self._store, paper, draft, written))

    def _edited(self, draft: Draft, command: tuple[str, ...]) -> str:
        with self._terminal_left():
            try:
                return draft.edit(command, os.environ, self._is_over)
            except EditorError as error:
                # Raised where the terminal is ours again: Textual takes it back without errors.
                trouble = error
        raise trouble

    @contextmanager
    def _terminal_left(self) -> Iterator[None]:
        with ExitStack() as stack:
            # Without a terminal there is none to leave to the editor.
            with suppress(SuspendNotSupported):
                stack.enter_context(self._browser.app.suspend())
            yield

    def _store(self, paper: Paper, draft: Draft, written: _Written) -> str:
        try:
            return self._note(paper, draft, written.text)
        finally:
            written.is_done = True

    def _note(self, paper: Paper, draft: Draft, text: str) -> str:
        library = self._browser.library
        try:
            is_other = library.set_note(paper.key, text, instead_of=draft.before)
            is_lost = not is_other and library.paper(paper.key).note != text
        except NoteChangedError as error:
            raise StoreError(f"Another note was written meanwhile; {draft.kept}") from error
        except StoreError as error:
            raise StoreError(f"{error}; {draft.kept}") from error
        if is_lost:
            raise StoreError(f"{GONE}; {draft.kept}")
        draft.discard()
        done = "Noted" if text else "Took the note off"
        return f"{done} '{cut_title(paper.title)}'{UNDOES}"


def note_name(paper: Paper) -> str:
    """Return the name of the file in which a note on this paper is written."""
    slug = re.sub(r"[^a-z0-9.]+", "-", paper.id.lower()).strip("-.")
    return f"{slug[:60] or 'note'}.md"

"""Work that may take its time: in threads that touch no widget and report by messages."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from store.errors import SearchAbandonedError, StoreError, UnknownEntryError
from store.journal import EntryKind
from store.tagnames import TagEdit
from tui.clipboard import message
from tui.format import NAMED_PAPERS, cut_title, kept_note
from tui.messages import (
    HistoryLoaded,
    PapersChanged,
    Reported,
    ResultFound,
    SearchFailed,
    WorkFailed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from store.journal import Reversal
    from store.library import Library
    from tui.clipboard import Clipboard
    from tui.tagging import Wording

GONE = "This paper is in the library no more"
"""What is said of a decision on a paper that keeps its place in the list alone."""


class LibraryWork:
    """Searches, decisions and copies of one browser, each kind in the order they were asked for.

    `post` takes messages from any thread. `open_url` tells whether it could open the address.
    """

    def __init__(
        self,
        library: Library,
        clipboard: Clipboard,
        open_url: Callable[[str], bool],
        post: Callable[[Message], object],
    ) -> None:
        self._library = library
        self._clipboard = clipboard
        self._open_url = open_url
        self._post = post
        self._searches = ThreadPoolExecutor(1, "search")
        self._decisions = ThreadPoolExecutor(1, "decisions")
        self._copies = ThreadPoolExecutor(1, "copies")
        self._generation = 0

    def close(self) -> None:
        """Abandon searches, finish decisions."""
        self._generation += 1
        self._searches.shutdown(wait=True, cancel_futures=True)
        self._decisions.shutdown(wait=True)
        self._copies.shutdown(wait=False, cancel_futures=True)

    def search(self, text: str, *, select: int | None = None) -> None:
        """Search as the reader types; a newer search abandons the older."""
        self._generation += 1
        generation = self._generation
        self._submit(self._searches, lambda: self._search(text, select, generation))

    def prepare_text_search(self) -> None:
        """Load what the first search by words needs, before the reader asks for it."""
        self._submit(self._searches, self._library.index.prepare)

    def catch_up_index(self) -> None:
        """Have the index written in the background, if it is behind."""
        self._submit(self._searches, self._library.index.catch_up)

    def edit_tags(
        self,
        keys: tuple[int, ...],
        edit: TagEdit,
        *,
        label: str = "tag",
        done: str = "",
        kind: EntryKind = EntryKind.ACT,
    ) -> None:
        """Change tags; `done` begins the message, which names the paper."""

        def work() -> None:
            changed = self._library.edit_tags(keys, edit, label=label, kind=kind)
            if changed:
                self._post(PapersChanged(self._news(done, changed)))
            elif done:
                self._post(Reported(self._why_unchanged(keys)))

        self._submit(self._decisions, work)

    def toggle_tag(self, key: int, tag: str, on: Wording, off: Wording) -> None:
        """Take a tag off a paper that has it when its turn comes, else add it."""

        def work() -> None:
            if key in self._library.keys_tagged(tag):
                edit, wording = TagEdit(removed=(tag,)), off
            else:
                edit, wording = TagEdit(added=(tag,)), on
            changed = self._library.edit_tags((key,), edit, label=wording.label)
            if changed:
                self._post(PapersChanged(self._news(wording.done, changed)))
            else:
                self._post(Reported(GONE))

        self._submit(self._decisions, work)

    def undo(self, entry: int | None = None) -> None:
        """Take back the latest act of this browser, or the entry of this key, whoever made it."""
        history = self._library.history
        self._submit(
            self._decisions,
            lambda: self._reverse(partial(history.undo, entry), "Undone", "undo"),
        )

    def redo(self, entry: int | None = None) -> None:
        """Make the act again that was undone here last, or the entry of this key."""
        history = self._library.history
        self._submit(
            self._decisions,
            lambda: self._reverse(partial(history.redo, entry), "Done again", "redo"),
        )

    def load_history(self) -> None:
        """Load the history, with all that was asked for before this."""

        def work() -> None:
            history = self._library.history
            # Asked on both sides: an import that begins or ends between was at work.
            was_at_work = history.is_import_at_work()
            entries = history.entries()
            is_at_work = was_at_work or history.is_import_at_work()
            self._post(HistoryLoaded(entries, is_import_at_work=is_at_work))

        self._submit(self._decisions, work)

    def copy(self, text: str, note: str = "") -> None:
        """Copy a text for use outside."""
        self._submit(self._copies, lambda: self._copy(text, note))

    def open(self, url: str) -> None:
        """Open an address in the reader's own browser; copy it where that can't be done."""

        def work() -> None:
            if self._open_url(url):
                self._post(Reported(f"Opened {url}"))
            else:
                self._copy(url, "No browser can be opened from here")

        self._submit(self._copies, work)

    def _search(self, text: str, select: int | None, generation: int) -> None:
        def is_outdated() -> bool:
            return generation != self._generation

        if is_outdated():
            return
        try:
            query = self._library.parse(text, typing=True)
            result = self._library.search(query, closest=True, cancelled=is_outdated)
        except SearchAbandonedError:
            return
        except StoreError as error:
            if not is_outdated():
                self._post(SearchFailed(text, error))
            return
        if not is_outdated():
            self._post(ResultFound(text, result, select))

    def _reverse(self, reverse: Callable[[], Reversal | None], done: str, verb: str) -> None:
        try:
            reversal = reverse()
        except UnknownEntryError as error:
            self._post(Reported(f"This {error.reason}"))
            return
        if reversal is None:
            self._post(Reported(f"Nothing to {verb} here"))
            return
        kept = self._library.rows(reversal.kept[:NAMED_PAPERS])
        rest = kept_note(reversal, [row.title for row in kept])
        begun = done if reversal.took_effect else f"Nothing was left to {verb}"
        self._post(PapersChanged(f"{begun}: {cut_title(reversal.label)}{rest}"))

    def _copy(self, text: str, note: str) -> None:
        copied = self._clipboard.copy(text)
        said = message(copied)
        self._post(Reported(f"{note} · {said}" if note else said))

    def _news(self, done: str, keys: tuple[int, ...]) -> str:
        return f"{done} {self._named(keys)} · u undoes" if done else ""

    def _why_unchanged(self, keys: tuple[int, ...]) -> str:
        is_gone = all(row.is_removed for row in self._library.rows(keys))
        return GONE if is_gone else "Nothing to change: it is so already"

    def _named(self, keys: tuple[int, ...]) -> str:
        if len(keys) != 1:
            return f"{len(keys):,} papers"
        (row,) = self._library.rows(keys)
        return f"'{cut_title(row.title)}'"

    def _submit(self, executor: ThreadPoolExecutor, work: Callable[[], object]) -> None:
        executor.submit(work).add_done_callback(self._report)

    def _report(self, future: Future[object]) -> None:
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is not None:
            self._post(WorkFailed(error))

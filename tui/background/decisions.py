"""What the reader decides: made durable in the order of the keys, announced, and undone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import StoreError, UnknownEntryError
from store.journal import EntryKind
from store.tagnames import TagEdit
from tui.background.worker import Worker
from tui.facts import HistoryLoaded, PapersChanged, Reported, ReversalAsked
from tui.format import NAMED_PAPERS, counted, cut_label, cut_title, day_done, kept_note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.journal import Entry
    from store.library import Library
    from store.reversing import Reversal
    from tui.acts import Act
    from tui.facts import Tell

MANY_PAPERS = 100
"""What changes more than so many is asked for first."""
GONE = "This paper is in the library no more"
"""What is said of a decision on a paper that keeps its place in the list alone."""


class Decisions:
    """The changes that one browser makes to its library, each an entry of the journal."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._tell = tell
        self._worker = Worker("decisions", tell)

    def close(self) -> None:
        """Finish what was asked for."""
        self._worker.finish()

    def act(self, keys: Sequence[int], act: Act) -> None:
        """Do to these papers what `act` says."""
        self._worker.submit(lambda: self._act(keys, act))

    def mark_read(self, key: int) -> None:
        """Note that a paper was read; not a decision: `u` passes over it."""

        def work() -> None:
            edit = TagEdit(removed=("unread",))
            if self._library.tags.edit((key,), edit, label="read", kind=EntryKind.AUTOMATIC):
                self._tell(PapersChanged())

        self._worker.submit(work)

    def end_visit(self, view: str, newest: int) -> None:
        """Note the newest paper that a view could show; what can't be noted is new again."""

        def work() -> None:
            with suppress(StoreError):
                self._library.visits.end(view, newest)

        self._worker.submit(work)

    def change(self, work: Callable[[], str]) -> None:
        """Change the library as `work` does, which returns what to say; refusals are told."""

        def change() -> None:
            try:
                self._tell(PapersChanged(work()))
            except StoreError as error:
                self._tell(Reported(str(error), is_trouble=True))

        self._worker.submit(change)

    def undo(self, entry: int | None = None) -> None:
        """Take back the latest act of this browser, after asking if it is much, or this entry."""
        history = self._library.history
        self._worker.submit(
            lambda: self._reverse("undo", entry, history.undoable, history.undo, "Undone")
        )

    def redo(self, entry: int | None = None) -> None:
        """Make the act again that was undone here last, after asking, or this entry."""
        history = self._library.history
        self._worker.submit(
            lambda: self._reverse("redo", entry, history.redoable, history.redo, "Done again")
        )

    def load_history(self) -> None:
        """Load the history, with all that was asked for before this."""

        def work() -> None:
            history = self._library.history
            # Asked on both sides: an import that begins or ends between was at work.
            was_at_work = history.is_import_at_work()
            entries = history.entries()
            is_at_work = was_at_work or history.is_import_at_work()
            self._tell(HistoryLoaded(entries, is_at_work))

        self._worker.submit(work)

    def _act(self, keys: Sequence[int], act: Act) -> None:
        changed = self._library.tags.edit(keys, act.edit, label=act.label)
        if not changed and act.otherwise:
            act = act.otherwise
            changed = self._library.tags.edit(keys, act.edit, label=act.label)
        if changed:
            # Of a day that is done the reader saw the papers; what is next has to fit in the line.
            what = self._day_done(act, changed) or self._named(changed)
            self._tell(PapersChanged(f"{act.done} {what} · u undoes"))
        else:
            is_gone = all(row.is_removed for row in self._library.rows(keys[:NAMED_PAPERS]))
            self._tell(Reported(GONE if is_gone else "Nothing to change: it is so already"))

    def _day_done(self, act: Act, changed: Sequence[int]) -> str:
        """Return that the day of these papers is done with, if it is now, and what is next."""
        if "inbox" not in act.edit.removed:
            return ""
        days = set(self._library.days.of(changed))
        day = days.pop() if len(days) == 1 else None
        if day is None or self._library.days.progress(day).left:
            return ""
        last = "the last one" if len(changed) == 1 else counted(len(changed), "paper")
        return f"{last} · {day_done(day, self._library.days.next_waiting(day))}"

    def _reverse(
        self,
        verb: str,
        entry: int | None,
        latest: Callable[[], Entry | None],
        reverse: Callable[[int | None], Reversal | None],
        done: str,
    ) -> None:
        # Asked here, after all that was decided before: the latest then is what is meant.
        meant = latest() if entry is None else None
        if meant is not None and meant.papers > MANY_PAPERS:
            self._tell(ReversalAsked(verb, meant))
            return
        try:
            reversal = reverse(entry)
        except UnknownEntryError as error:
            self._tell(Reported(f"This {error.reason}"))
            return
        if reversal is None:
            self._tell(Reported(f"Nothing to {verb} here"))
            return
        kept = self._library.rows(reversal.kept[:NAMED_PAPERS])
        rest = kept_note(reversal, [row.title for row in kept])
        begun = done if reversal.took_effect else f"Nothing was left to {verb}"
        self._tell(PapersChanged(f"{begun}: {cut_label(reversal.label)}{rest}"))

    def _named(self, keys: Sequence[int]) -> str:
        if len(keys) != 1:
            return counted(len(keys), "paper")
        (row,) = self._library.rows(keys)
        return f"'{cut_title(row.title)}'"

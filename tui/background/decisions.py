"""What the reader decides: made durable in the order of the keys, announced, and undone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from store.changes.journal import EntryKind
from store.errors import LibraryError, StoreError, UnknownEntryError
from store.tagnames import TagEdit
from tui.background.worker import Worker
from tui.facts import (
    UNDOES,
    HistoryLoaded,
    PapersChanged,
    Reported,
    ReversalAsked,
    ReversalHeard,
    WorkFailed,
)
from tui.format import NAMED_PAPERS, counted, cut_label, cut_title, day_done, error_line, kept_note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.library import Library
    from tui.acts import Act
    from tui.facts import Fact, Tell

MANY_PAPERS = 100
"""What changes more than so many is asked for first."""
GONE = "This paper is in the library no more"
"""What is said of a decision on a paper that keeps its place in the list alone."""
LEAVING_SECONDS = 5.0
"""So long the reader who leaves waits for decisions, while another program writes."""


class Decisions:
    """The changes that one browser makes to its library, each an entry of the journal."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._hear = tell
        self._worker = Worker("decisions", self._tell, library.rest)
        self._lock = Lock()
        self._waiting: list[str] = []
        self._is_left = self._is_given_up = False
        self._lost: list[str] = []
        self._reversals = 0
        self._is_question_wanted = True
        self._visits: dict[str, int] = {}

    @property
    def lost(self) -> tuple[str, ...]:
        """What could not be kept after the reader had left, as messages."""
        return tuple(self._lost)

    @property
    def is_asked_to_reverse(self) -> bool:
        """Whether a key has asked to undo or redo, and what comes of it was not heard yet."""
        return self._reversals > 0

    def leave(self) -> None:
        """Tell the reader nothing more: what fails from now on is `lost`."""
        self._is_left = True

    def close(self, seconds: float = LEAVING_SECONDS) -> None:
        """Finish what was asked for; what takes longer than so is given up, and lost.

        What was given up is not waited for again.
        """
        self.leave()
        if self._is_given_up or self._worker.finish(seconds):
            return
        with self._lock:
            self._is_given_up = True
            why = f"the library '{self._library.folder}' is in use by another program"
            self._lost += [f"not done: {what} ({why})" for what in self._waiting]

    def act(self, keys: Sequence[int], act: Act) -> None:
        """Do to these papers what `act` says."""
        what = f"{act.label} {counted(len(keys), 'paper')}"
        self._decide(what, lambda: self._tell(_done(self._library, keys, act)))

    def mark_read(self, key: int) -> None:
        """Note that a paper was read; not a decision: `u` passes over it."""

        def work() -> None:
            edit = TagEdit(removed=("unread",))
            try:
                if self._library.tags.edit((key,), edit, label="read", kind=EntryKind.AUTOMATIC):
                    self._tell(PapersChanged())
            except StoreError:
                if not self._is_left:  # nobody decided it, and so it is not missed
                    raise

        self._worker.submit(work)

    def end_visit(self, view: str, newest: int) -> None:
        """Note the newest paper that a view could show; what can't be noted is new again."""
        self._visits[view] = max(newest, self._visits.get(view, 0))

        def work() -> None:
            with suppress(StoreError):
                self._library.visits.end(view, newest)

        self._worker.submit(work)

    def visited(self, view: str) -> int | None:
        """Return the newest paper at the end of the last visit, be it noted yet or not."""
        newest = (self._library.visits.newest(view), self._visits.get(view))
        return max((key for key in newest if key is not None), default=None)

    def change(self, work: Callable[[], str]) -> None:
        """Change the library as `work` does, which returns what to say; refusals are told."""

        def change() -> None:
            self._tell(PapersChanged(work()))

        self._decide("", change)

    def undo(self, entry: int | None = None) -> None:
        """Take back the latest act of this browser, after asking if it is much, or this entry."""
        self._reverse("undo", entry)

    def redo(self, entry: int | None = None) -> None:
        """Make the act again that was undone here last, after asking, or this entry."""
        self._reverse("redo", entry)

    def hear_reversal(self, _: ReversalHeard) -> None:
        """Take note that the interface has heard what came of an undo or redo."""
        with self._lock:
            self._reversals -= 1

    def want_no_question(self) -> None:
        """Ask nothing about what is to be undone now: the next key is not meant as the answer."""
        self._is_question_wanted = False

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

    def _tell(self, fact: Fact) -> None:
        if not self._is_left:
            self._hear(fact)
        elif self._is_given_up:
            return  # it is told already that this is lost
        elif isinstance(fact, Reported) and fact.is_trouble:
            self._lost.append(fact.news)
        elif isinstance(fact, WorkFailed):
            self._lost.append(f"not done: {fact.error!r}")

    def _decide(self, what: str, work: Callable[[], object]) -> None:
        """Do what the reader has decided, and tell if it fails: `what`, or the error alone."""

        def job() -> None:
            try:
                if not self._is_given_up:
                    work()
            except StoreError as error:
                news = f"Not done: {what}{_because(error)}" if what else error_line(error)
                self._tell(Reported(news, is_trouble=True))
            finally:
                with self._lock:
                    self._waiting.pop(0)

        with self._lock:
            self._waiting.append(what or "change")
        self._worker.submit(job)

    def _reverse(self, verb: str, entry: int | None) -> None:
        is_asked = entry is None  # by a key that names none

        def work() -> None:
            try:
                asks = is_asked and self._is_question_wanted
                self._tell(_reversed(self._library, verb, entry, asks=asks))
            finally:
                if is_asked:
                    self._tell(ReversalHeard())

        if is_asked:
            self._is_question_wanted = True
            with self._lock:
                self._reversals += 1
        self._decide(verb, work)


def _because(error: StoreError) -> str:
    """Return the end of a sentence that says why something was not done.

    Lines are short, so the library's folder, which the reader knows, comes last.
    """
    if isinstance(error, LibraryError):
        return f". The library {error.reason}: {error.remedy} ('{error.folder}')"
    return f" ({error})"


def _done(library: Library, keys: Sequence[int], act: Act) -> Fact:
    """Do what an act says, or else what it says otherwise, and return what to tell."""
    changed = library.tags.edit(keys, act.edit, label=act.label)
    if not changed and act.otherwise:
        act = act.otherwise
        changed = library.tags.edit(keys, act.edit, label=act.label)
    if not changed:
        is_gone = all(row.is_removed for row in library.rows(keys[:NAMED_PAPERS]))
        return Reported(GONE if is_gone else "Nothing to change: it is so already")
    news = f"{act.done} {counted(len(changed), 'paper')}"
    with suppress(StoreError):  # done it is, though it may not be known to what
        # What is next has to fit into the line, and the reader saw what was done.
        news = _day_done(library, act, changed) or f"{act.done} {_named(library, changed)}"
    return PapersChanged(f"{news}{UNDOES}", replace(act, otherwise=None))


def _day_done(library: Library, act: Act, changed: Sequence[int]) -> str:
    """Return that the day of these papers is done with, if it is now, and what is next."""
    if "inbox" not in act.edit.removed:
        return ""
    days = set(library.days.of(changed))
    day = days.pop() if len(days) == 1 else None
    if day is None or library.days.progress(day).left:
        return ""
    return day_done(day, library.days.next_waiting(day))


def _reversed(library: Library, verb: str, entry: int | None, *, asks: bool) -> Fact:
    """Undo or redo an entry, or the latest act if it is not too much, and return what to tell."""
    history = library.history
    is_undo = verb == "undo"
    # Looked for here, after all that was decided before: the latest then is what is meant.
    latest = history.undoable if is_undo else history.redoable
    meant = latest() if entry is None else None
    # An import is taken back as a whole: more than who pressed the key may have in mind.
    if meant is not None and (meant.papers > MANY_PAPERS or meant.kind is EntryKind.IMPORT):
        if asks:
            return ReversalAsked(verb, meant)
        papers = counted(meant.papers, "paper")
        return Reported(f"Nothing was changed: to {verb} it for {papers} is asked for again")
    try:
        reversal = (history.undo if is_undo else history.redo)(entry)
    except UnknownEntryError as error:
        return Reported(f"This {error.reason}")
    if reversal is None:
        return Reported(f"Nothing to {verb} here")
    rest = ""
    with suppress(StoreError):  # as above
        kept = library.rows(reversal.kept[:NAMED_PAPERS])
        rest = kept_note(reversal, [row.title for row in kept])
    done = "Undone" if is_undo else "Done again"
    begun = done if reversal.took_effect else f"Nothing was left to {verb}"
    return PapersChanged(
        f"{begun}: {cut_label(reversal.label)}{rest}", restored=() if entry else reversal.changed
    )


def _named(library: Library, keys: Sequence[int]) -> str:
    if len(keys) != 1:
        return counted(len(keys), "paper")
    (row,) = library.rows(keys)
    return f"'{cut_title(row.title)}'"

"""What the reader decided as text, and what such a text decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from store.decisions.applying import ApplyReport
    from store.decisions.restoring import RestoreReport
    from store.history import History
    from store.record.database import Database
    from store.views import Views


class Decisions:
    """The decisions of one library: tags, notes and views, and what was joined and split."""

    def __init__(
        self, database: Database, history: History, views: Views, now: Callable[[], str]
    ) -> None:
        """`now` tells the moment in UTC as the journal writes it."""
        self._database = database
        self._history = history
        self._views = views
        self._now = now

    def dump(self) -> Iterator[str]:
        """Yield the decisions as sorted lines (`store.decisions.lines`)."""
        # Each of these is needed for itself alone.
        from store.decisions.dumping import dump_lines

        with self._database.reading() as connection:
            yield from dump_lines(connection)

    def restore(
        self,
        lines: Iterable[str],
        *,
        adding: bool = False,
        label: str = "restore",
        approve: Callable[[RestoreReport], bool] = lambda _: True,
    ) -> RestoreReport:
        """Decide as the lines of a dump say, as one entry of the journal.

        The tags of each paper become those of its line; `adding`, a line only adds and takes off.
        Papers that are not named keep theirs. `approve` is told what it comes to, and nothing is
        changed unless it returns true. Raises `EditsRefusedError` with every wrong line, before
        anything is changed.
        """
        from store.decisions.restoring import restore

        parts = (self._database, self._history, self._views)
        return restore(*parts, lines, now=self._now(), adding=adding, label=label, approve=approve)

    def apply(self, lines: Iterable[str], *, label: str = "apply") -> ApplyReport:
        """Decide as the lines of a list of edits say, as one entry of the journal.

        Raises `EditsRefusedError` with every wrong line, before anything is changed.
        """
        from store.decisions.applying import apply_edits

        parts = (self._database, self._history, self._views)
        return apply_edits(*parts, lines, now=self._now(), label=label)

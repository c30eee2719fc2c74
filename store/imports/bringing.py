"""Bringing papers into a library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from store.clock import stamp
from store.importers import ReadingContext
from store.imports import importing
from store.imports.trials import Trials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from store.errors import SourceError
    from store.importers import Source
    from store.imports.importing import ImportOptions
    from store.imports.report import ImportProgress, ImportReport
    from store.imports.trials import Trial
    from store.record.database import Database


class Imports:
    """The imports of one library."""

    def __init__(self, database: Database, program: str, clock: Callable[[], datetime]) -> None:
        """`program` is the number that journal entries are signed with."""
        self._database = database
        self._program = program
        self._clock = clock

    def bring_in(
        self,
        sources: Iterable[Source | SourceError],
        *,
        options: ImportOptions | None = None,
        day: str | None = None,
        format_name: str | None = None,
        columns: Mapping[str, str] | None = None,
        label: str = "import",
        progress: Callable[[ImportProgress], None] | None = None,
        trial: Callable[[Trial], object] | None = None,
    ) -> ImportReport:
        """Bring in the papers of every source, as one entry of the journal.

        A source or a record that can't be read is refused and reported; the others go in. `day`
        is the listed day where a source names none, `columns` names those of tables by what they
        hold, `progress` is told how far it is. If it is cut off, what was written stays, and a
        repetition completes it. `trial` is told what becomes of each record: the caller throws
        the library away then.
        """
        wishes = options or importing.ImportOptions()
        trials = Trials(trial) if trial else None
        moment = self._clock()
        now = stamp(moment)
        run = importing.ImportRun(self._database, wishes, self._program, label, now, trials)
        recall_day = partial(_recall_day, self._database)
        context = ReadingContext(moment.date(), day, recall_day, columns or {})
        return importing.run_import(
            run, sources, context, format_name=format_name, progress=progress
        )


def _recall_day(database: Database, digest: str, day: str) -> str:
    """Return the day that was guessed for a text before, else note `day` as that."""
    with database.atomic() as connection:
        connection.execute("INSERT OR IGNORE INTO guessed_days VALUES (?, ?)", (digest, day))
        (first,) = connection.execute(
            "SELECT day FROM guessed_days WHERE digest = ?", (digest,)
        ).fetchone()
    return str(first)

"""Making a damaged library sound: `doctor --repair`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from store.clock import stamp
from store.record.inspection import MOST_FAULTS
from store.recovery.repairing import repair
from store.salvage.filling import BACKUP, OUTDATED, READ, REBUILT
from store.salvage.wrongvalues import ANEW, ELSEWHERE, NOTHING, OUT, PARTLY
from tui.cli.errors import Status
from tui.cli.output import say, tell
from tui.format import counted, local_time
from tui.locations import is_told_on_network, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from store.record.backups import Backup
    from store.recovery.repairing import Repaired
    from store.salvage import Salvaged
    from store.salvage.mending import Mended
    from store.salvage.wrongvalues import Righted

_NAMES = {
    "papers": "papers",
    "paper_tags": "tags of papers",
    "tags": "names of tags",
    "identifiers": "identifiers",
    "sightings": "sightings",
    "other_abstracts": "other abstracts",
    "views": "views",
    "journal": "entries of the history",
    "changes": "changes in the history",
    "citation_keys": "citation keys",
    "joins": "joined papers",
    "apart": "papers taken apart",
    "visits": "visits of views",
    "digests": "digests",
}
"""What the reader knows of the tables. The others are made anew, or say nothing to anybody."""


def repair_library(folder: Path) -> Status:
    """Repair a library, and say what came from where and what was lost."""
    say("looking at every page of the library; this may take a minute")
    done = repair(folder, on_network=is_told_on_network(os.environ))
    if not done.faults:
        tell("nothing to repair: every page, reference and count of the library is as it should be")
        return Status.DONE
    for fault in done.faults:
        say(f"was wrong: {fault}")
    if len(done.faults) >= MOST_FAULTS:
        say("… and maybe more")
    for line in _lines(done):
        tell(line)
    if done.kept is not None:
        say(f"the damaged library is kept as '{shown_path(done.kept)}'; delete it when all is well")
    if _is_whole(done):
        tell("the library is sound again, and nothing of it is lost")
        return Status.DONE
    tell("the library is sound again; look above for what was lost, or may be")
    return Status.FAULTY


def _is_whole(done: Repaired) -> bool:
    """Tell whether nothing was lost, nor may be outdated."""
    parts = [done.righted, *([done.salvaged.righted] if done.salvaged else [])]
    if any(set(counts) - {ANEW} for part in parts for counts in part.counts.values()):
        return False
    made_up = [part.mended for part in parts]
    is_read = True
    if done.salvaged is not None:
        made_up.append(done.salvaged.mended)
        is_read = all(one.is_whole or one.name not in _NAMES for one in done.salvaged.tables)
    return is_read and not any(one.papers or one.tags for one in made_up)


def _lines(done: Repaired) -> Iterator[str]:
    yield from righted_lines(done.righted, done.backup)
    if done.salvaged is not None:
        yield from _salvaged(done, done.salvaged)
        yield from righted_lines(done.salvaged.righted, done.backup)


def righted_lines(righted: Righted, backup: Backup | None) -> Iterator[str]:
    """Yield what stands now in the places of values that could not be read."""
    for table, counts in righted.counts.items():
        name = _NAMES.get(table, f"'{table}'")
        yield f"{name}: {', '.join(_origins(counts, backup))}"
    yield from _made_up(righted.mended)


def _origins(counts: Mapping[str, int], backup: Backup | None) -> Iterator[str]:
    made = local_time(stamp(backup.made_at)) if backup is not None else ""
    for origin, words in (
        (ANEW, "made anew"),
        (BACKUP, f"from the backup of {made}"),
        (ELSEWHERE, "taken from what stands beside it"),
        (PARTLY, "read in part"),
        (NOTHING, "left empty"),
    ):
        if counts.get(origin):
            yield f"{counted(counts[origin], 'value')} {words}"
    if counts.get(OUT):
        yield f"{counted(counts[OUT], 'row')} taken out"


def _made_up(mended: Mended) -> Iterator[str]:
    """Yield what stands for what decisions are of, and is not known."""
    if mended.papers:
        lost = counted(mended.papers, "paper")
        yield f"{lost} known by an identifier alone: the next import that has them completes them"
    if mended.tags:
        yield f"{counted(mended.tags, 'tag')} without a name: called 'lost/…' now"


def _salvaged(done: Repaired, salvaged: Salvaged) -> Iterator[str]:
    for one in salvaged.tables:
        if one.name not in _NAMES or not (one.counts or not one.is_whole):
            continue
        parts = [f"{one.counts.get(READ, 0):,} read"]
        if one.counts.get(REBUILT):
            parts.append(f"{one.counts[REBUILT]:,} found in an index")
        if one.counts.get(OUTDATED):
            parts.append(f"{one.counts[OUTDATED]:,} as they were a moment before")
        if one.counts.get(BACKUP) and done.backup is not None:
            made = local_time(stamp(done.backup.made_at))
            parts.append(f"{one.counts[BACKUP]:,} from the backup of {made}")
        if not one.is_whole:
            parts.append(
                "what came after that backup may be lost"
                if done.backup is not None
                else "some may be lost, and there is no backup to fill them in"
            )
        yield f"{_NAMES[one.name]}: {', '.join(parts)}"
    yield from _made_up(salvaged.mended)

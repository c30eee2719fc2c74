"""Kills the program at moments of chance, and asks for all that it had said was done.

`python tests/attacks/killing.py --times 1000 --seed 1`; a short run is `tests/test_killing.py`.
Each kill is a SIGKILL of a process that imports, tags, undoes, writes the index, migrates an older
library, dumps, restores, backs up, puts a backup back or repairs. After it the library has to open
at once, with every decision that was acknowledged and none by half; the same act is done again, and
then nothing may lie about that the killed one has left.
"""

from __future__ import annotations

import argparse
import lzma
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from acts import KINDS, Place, plan, record, take  # noqa: E402 it is run from anywhere
from children import Nursery  # noqa: E402
from soundness import left_behind, state_of, wrong_with  # noqa: E402

from store.errors import StoreError  # noqa: E402
from store.record.backups import QUICK, Occasion, make_backup, utc_now  # noqa: E402
from tui.session import read_session  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acts import State
    from children import End

LIBRARIES = Path(__file__).resolve().parents[1] / "libraries"
PAPERS = 60
STEPS = 12
ARRIVING = 60
ROUNDS_OF_A_LIBRARY = 20
"""Then it begins anew, as it grows."""
NETWORK_EVERY = 4
"""So often the disk is taken for another machine's."""
SETTLING_SECONDS = 10.0
"""So long a process that the killed one had started may go on."""


@dataclass(frozen=True)
class Round:
    """An act to be cut off, and what may be then."""

    act: str
    told: dict[str, Any]
    check: Callable[[End], list[str]]
    """Returns what is wrong of what the act itself had to do or to leave."""
    outputs: set[str] = field(default_factory=set)
    is_ours: bool = True
    """Whether the library is one of these attacks."""

    def wrong(self, end: End) -> list[str]:
        """Return what is wrong, and that it can't even be asked."""
        try:
            return self.check(end)
        except (StoreError, sqlite3.Error, OSError) as error:
            return [f"{type(error).__name__}: {error}"]


@dataclass
class Scene:
    """A library that is attacked again and again."""

    place: Place
    chance: random.Random
    seen: int = 0
    """The number of the last paper."""


@dataclass
class Tally:
    """What came of all attacks."""

    rounds: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    """In the middle of the act: of the other rounds, it had ended by then."""
    found: list[str] = field(default_factory=list)
    seconds: dict[tuple[str, bool], list[float]] = field(default_factory=dict)
    """What acts take that nobody cuts off."""


def decided(scene: Scene) -> Round:
    """Decide on papers one after the other."""
    steps, states = plan(scene.chance, state_of(scene.place.file), STEPS)
    return Round(
        "decide",
        {"steps": steps},
        lambda end: _is_one_of(scene.place, states[end.done : end.done + 2], end),
    )


def tagged(scene: Scene) -> Round:
    """Tag by the command line."""
    before = state_of(scene.place.file)
    tag, least = f"t-{scene.chance.getrandbits(24):06x}", scene.chance.randrange(PAPERS)
    with closing(sqlite3.connect(scene.place.file)) as connection:
        keys = connection.execute(
            "SELECT key FROM papers WHERE votes >= ? AND removed = 0", (least,)
        )
        chosen = {key for (key,) in keys}
    after = {
        key: ((tags - {"unread"}) | {tag} if key in chosen else tags, note)
        for key, (tags, note) in before.items()
    }
    words = ["tag", f"+{tag}", "-unread", "--", f"votes:{least}.."]
    return _command(scene, words, before, after)


def reversed_by_command(scene: Scene) -> Round:
    """Take the latest act back by the command line, or make it again."""
    place = scene.place
    before = state_of(place.file)
    verb = scene.chance.choice(["undo", "redo"])
    with place.open("command line") as library:
        for step in plan(scene.chance, before, 1)[0]:
            take(library, step)
        after = state_of(place.file)
        if verb == "redo":
            library.history.undo()
    if verb == "undo":
        before, after = after, before
    return _command(scene, [verb], before, after)


def imported(scene: Scene) -> Round:
    """Bring papers in."""
    first = scene.seen
    scene.seen += ARRIVING
    file = scene.place.folder / "papers.jsonl"
    file.write_text("".join(record(n) for n in range(first, scene.seen)), encoding="utf-8")

    def check(end: End) -> list[str]:
        with closing(sqlite3.connect(scene.place.file)) as connection:
            rows = connection.execute(
                "SELECT votes, abstract != '',"
                " (SELECT count(*) FROM identifiers WHERE paper = papers.key),"
                " (SELECT count(*) FROM sightings WHERE paper = papers.key),"
                " (SELECT count(*) FROM paper_tags WHERE paper = papers.key)"
                " FROM papers WHERE votes >= ? ORDER BY votes",
                (first,),
            ).fetchall()
        wrong = [f"paper {votes} is there by half" for votes, *has in rows if has != [1, 1, 1, 2]]
        if [votes for votes, *_ in rows] != [*range(first, first + len(rows))]:
            wrong.append("the papers are not the first ones of the file, once each")
        if not end.is_killed and (end.status or len(rows) != ARRIVING):
            wrong.append(f"ended with {end.status}, {len(rows)} papers: {end.errors}")
        return wrong

    return Round("command", {"words": ["import", str(file)]}, check)


def indexed(scene: Scene) -> Round:
    """Write the index, after papers came in that nobody wrote into it."""
    place = scene.place
    first, scene.seen = scene.seen, scene.seen + scene.chance.choice([1, 10, 100])
    _bring_in(place, first, scene.seen)
    told = {"anew": scene.chance.random() < 1 / 3}
    return Round("write index", told, _ended_well)


def migrated(scene: Scene) -> Round:
    """Open the library of an older version."""
    place = scene.place
    version = scene.chance.choice(["0.1", "0.2", "0.3", "0.4", "0.5", "0.6"])
    shutil.rmtree(place.library)
    place.library.mkdir()
    place.file.write_bytes(lzma.decompress((LIBRARIES / f"{version}.db.xz").read_bytes()))
    before = state_of(place.file)
    return Round("migrate", {}, lambda end: _is_one_of(place, [before], end), is_ours=False)


def dumped(scene: Scene) -> Round:
    """Dump into a file that may be there already."""
    file = scene.place.output / "decisions.txt"
    if scene.chance.random() < 1 / 4:
        file.unlink(missing_ok=True)
    before = file.read_bytes() if file.exists() else None
    _decide(scene)
    with scene.place.open() as library:
        after = "".join(library.decisions.dump()).encode()

    def check(end: End) -> list[str]:
        now = file.read_bytes() if file.exists() else None
        if now == after or (end.is_killed and now == before):
            return _ended_well(end)
        return ["the dump is neither what it was nor what it should be"]

    return Round("command", {"words": ["dump", str(file)]}, check, {file.name})


def restored(scene: Scene) -> Round:
    """Restore a dump of earlier."""
    place = scene.place
    file = place.folder / "earlier.txt"
    after = state_of(place.file)
    with place.open() as library:
        file.write_text("".join(library.decisions.dump()), encoding="utf-8")
    _decide(scene, 4, ["tag", "untag", "note"])
    return _command(scene, ["restore", "--force", str(file)], state_of(place.file), after)


def backed_up(scene: Scene) -> Round:
    """Back up."""
    _decide(scene)
    now = state_of(scene.place.file)
    return _command(scene, ["backup"], now, now)


def put_back(scene: Scene) -> Round:
    """Put a backup in the library's place."""
    place = scene.place
    after = state_of(place.file)
    name = make_backup(place.file, Occasion.ASKED, utc_now(), level=QUICK).name
    _decide(scene)
    return _command(scene, ["backup", "--restore", name], state_of(place.file), after)


def left(scene: Scene) -> Round:
    """Keep how the browser was left."""
    file = scene.place.session
    texts = [f"query {scene.chance.getrandbits(24):06x}" for _ in range(STEPS)]
    before = read_session(file).text if file.exists() else None

    def check(end: End) -> list[str]:
        allowed = [before, *texts][end.done : end.done + 2]
        now = read_session(file).text
        return _ended_well(end) if now in allowed else [f"it keeps {now}, not {allowed}"]

    return Round("leave", {"texts": texts}, check)


def repaired(scene: Scene) -> Round:
    """Repair a library that has lost an index."""
    place = scene.place
    now = state_of(place.file)
    with closing(sqlite3.connect(place.file)) as connection:
        connection.execute("DROP INDEX IF EXISTS papers_by_day")

    def check(end: End) -> list[str]:
        for kept in place.library.glob("library.db.damaged-*"):
            kept.unlink()  # it is the reader's to throw away
        return _is_one_of(place, [now], end)

    return Round("command", {"words": ["doctor", "--repair"]}, check, is_ours=False)


ATTACKS: dict[str, Callable[[Scene], Round]] = {
    "import": imported,
    "decide": decided,
    "tag": tagged,
    "undo and redo": reversed_by_command,
    "index": indexed,
    "migrate": migrated,
    "dump": dumped,
    "restore": restored,
    "backup": backed_up,
    "put back": put_back,
    "leave": left,
    "repair": repaired,
}


def attack(folder: Path, nursery: Nursery, times: int, seed: int) -> Tally:
    """Kill so many times in the middle of an act, each in turn, and return what came of it."""
    tally = Tally()
    scenes: dict[tuple[str, bool], Scene] = {}
    names = list(ATTACKS)
    sample = sample_library(folder / "sample")
    number = 0
    while tally.kills.total() < times:
        turn, of_turn = divmod(number, len(names))
        on_network = turn % NETWORK_EVERY == NETWORK_EVERY - 1
        which = name, _ = names[of_turn], on_network
        if which not in scenes or turn % ROUNDS_OF_A_LIBRARY < NETWORK_EVERY:
            scenes[which] = new_scene(
                sample, folder / f"{name} {on_network} {seed + number}", on_network=on_network
            )
        for one in _play(scenes[which], nursery, tally, which):
            tally.found.append(f"{name}, round {number}, seed {seed}: {one}")
        number += 1
    return tally


def _play(scene: Scene, nursery: Nursery, tally: Tally, which: tuple[str, bool]) -> list[str]:
    """Cut an act off, look at what is left, and do it again; return what is wrong."""
    name, _ = which
    taken = tally.seconds.setdefault(which, [])
    if not taken:
        one = ATTACKS[name](scene)
        first = nursery.perform(scene.place, one.act, **one.told)
        assert not one.wrong(first), first
        taken.append(first.seconds)
    one = ATTACKS[name](scene)
    moment = scene.chance.uniform(0, statistics.median(taken[-9:]))
    end = nursery.perform(scene.place, one.act, moment, **one.told)
    tally.rounds[name] += 1
    tally.kills[name] += end.is_killed
    wrong = one.wrong(end)
    if name != "repair":  # then it may be as damaged as before
        wrong += wrong_with(scene.place, is_ours=one.is_ours)
    # The same once more where it is to be completed, else the next one of its kind.
    one = one if name in {"repair", "import"} else ATTACKS[name](scene)
    again = nursery.perform(scene.place, one.act, **one.told)
    taken.append(again.seconds)
    then = [*one.wrong(again), *wrong_with(scene.place, is_ours=one.is_ours)]
    wrong += [f"then: {fault}" for fault in then]
    return wrong + [f"left behind: {path}" for path in leftovers(scene.place, one.outputs)]


def leftovers(place: Place, outputs: set[str]) -> list[str]:
    """Return what lies about once everything that is at work has ended."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while (found := left_behind(place, outputs)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def new_scene(sample: Place, folder: Path, *, on_network: bool) -> Scene:
    """Begin with a copy of a library in a folder; the folder's name is the seed."""
    shutil.rmtree(folder, ignore_errors=True)
    place = Place(folder, on_network).make()
    shutil.copytree(sample.library, place.library)
    return Scene(place, random.Random(folder.name), PAPERS)


def sample_library(folder: Path) -> Place:
    """Make a library to be copied."""
    place = Place(folder).make()
    _bring_in(place, 0, PAPERS)
    return place


def _bring_in(place: Place, first: int, end: int) -> None:
    from store.importers import source_from_stream

    with place.open() as library:
        from io import BytesIO

        lines = "".join(record(number) for number in range(first, end)).encode()
        library.imports.bring_in([source_from_stream(BytesIO(lines), utc_now().date())])


def _decide(scene: Scene, length: int = 1, kinds: Sequence[str] = KINDS) -> None:
    with scene.place.open() as library:
        for step in plan(scene.chance, state_of(scene.place.file), length, kinds)[0]:
            take(library, step)


def _command(scene: Scene, words: list[str], before: State, after: State) -> Round:
    def check(end: End) -> list[str]:
        return _is_one_of(scene.place, [before, after] if end.is_killed else [after], end)

    return Round("command", {"words": words}, check)


def _is_one_of(place: Place, allowed: list[State], end: End) -> list[str]:
    """Return what is wrong where a library is in none of the states that it may be in."""
    now = state_of(place.file)
    if now in allowed:
        return _ended_well(end)
    differing = {
        key for key in now.keys() | allowed[0].keys() if now.get(key) != allowed[0].get(key)
    }
    some = [
        f"{key}: {_shown(now.get(key))}, not {_shown(allowed[0].get(key))}" for key in differing
    ]
    said = end.output + end.errors
    return [f"{len(differing)} papers are not as decided ({some[0]}); it said: {said!r}"]


def _shown(paper: tuple[frozenset[str], str] | None) -> str:
    return f"{' '.join(sorted(paper[0]))} {paper[1]!r}" if paper else "gone"


def _ended_well(end: End) -> list[str]:
    return [] if end.is_killed or not end.status else [f"ended with {end.status}: {end.errors}"]


def main() -> int:
    """Attack as the options say, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1_000, help="kills in the middle of an act")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperdeck-killing-") as folder, Nursery() as nursery:
        tally = attack(Path(folder), nursery, options.times, options.seed)
    print(f"{'act':<15}{'rounds':>8}{'killed in the middle':>22}{'median ms':>11}{'found':>7}")
    for name in ATTACKS:
        found = sum(one.startswith(f"{name},") for one in tally.found)
        taken = 1_000 * statistics.median(tally.seconds.get((name, False), [0]))
        rounds, kills = tally.rounds[name], tally.kills[name]
        print(f"{name:<15}{rounds:>8,}{kills:>22,}{taken:>11.0f}{found:>7,}")
    rounds, kills = tally.rounds.total(), tally.kills.total()
    print(f"{'all':<15}{rounds:>8,}{kills:>22,}{'':>11}{len(tally.found):>7,}")
    for one in tally.found:
        print(one)
    return int(bool(tally.found))


if __name__ == "__main__":
    sys.exit(main())

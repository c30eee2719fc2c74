"""Cuts the power off at every point of what the program does to the disk, in a model of the disk.

`python tests/attacks/powerloss.py --seed 1` does it after every system call that changes a file,
`--times N` at so many points by chance; a short run is `tests/test_powerloss.py`. strace writes
down what a real process does to its files; of that, what was not synced is left out, wholly or by
chance in sectors of 512 bytes. What is left has to open at once, with every decision that was
acknowledged and none by half, and every other file whole or not there.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
import tempfile
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).resolve().parent)]

import killing  # noqa: E402 it is run from anywhere
from children import STREAMS, End, Nursery  # noqa: E402
from disks import CALLS, Disk, put  # noqa: E402
from soundness import state_of, wrong_with  # noqa: E402

from store.record.backups import (  # noqa: E402
    QUICK,
    Care,
    Occasion,
    backups_in,
    make_backup,
    read_care,
    utc_now,
)
from store.recovery.repairing import repair  # noqa: E402
from store.recovery.restoring import restore_backup  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acts import Place
    from killing import Round, Scene

STRACE = shutil.which("strace")
TRACE = (STRACE or "strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={CALLS}")
REPAIR = ["doctor", "--repair"]
SHARES = (0.0, 0.5, 0.9)
"""How much arrives of what is not synced."""


@dataclass
class Tally:
    """What came of all power losses."""

    points: Counter[str] = field(default_factory=Counter)
    """Where the power failed: after how many of the calls of each act."""
    states: Counter[str] = field(default_factory=Counter)
    """How many different disks were left."""
    found: list[str] = field(default_factory=list)


def imported(scene: Scene) -> Round:
    """Bring papers in, without the process that writes the index then."""
    one = killing.imported(scene)
    return replace(one, act="bring in", told={"file": one.told["words"][1]})


def begun(scene: Scene) -> Round:
    """Import into a library that is made for it."""
    shutil.rmtree(scene.place.library)
    one = imported(scene)

    def check(end: End) -> list[str]:
        with scene.place.open():  # it may have no tables yet
            return one.check(end)

    return replace(one, check=check)


def brought_back(scene: Scene) -> Round:
    """Put a backup back where there is no library any more."""
    place = scene.place
    name = make_backup(place.file, Occasion.ASKED, utc_now(), level=QUICK).name
    then = state_of(place.file)
    for path in place.library.glob("library.db*"):
        path.unlink()

    def check(end: End) -> list[str]:
        if not place.file.exists() and end.is_killed:
            return []
        return [] if state_of(place.file) == then else ["what was in the backup is not there"]

    return killing.Round("command", {"words": ["backup", "--restore", name]}, check)


ATTACKS: dict[str, Callable[[Scene], Round]] = killing.ATTACKS | {
    "import": imported,
    "begin": begun,
    "bring back": brought_back,
}


@dataclass(frozen=True)
class Course:
    """One act as it was done, and the disk before it."""

    name: str
    scene: Scene
    one: Round
    disk: Disk
    trace: Path

    @property
    def points(self) -> int:
        """How many of its calls changed the disk."""
        return sum(1 for _ in deepcopy(self.disk).replay(self.trace, set(STREAMS)))


def attack(
    folder: Path,
    nursery: Nursery,
    seed: int,
    times: int | None,
    *,
    names: Sequence[str] = (),
    on_network: bool = False,
) -> Tally:
    """Let each act be done once, cut the power off, and return what came of it.

    At so many points of each act by chance; None, at every one. `names` are the acts, if not all.
    """
    tally = Tally()
    sample = killing.sample_library(folder / "sample")
    for name in names or ATTACKS:
        scene = killing.new_scene(sample, folder / f"{name} {seed}", on_network=on_network)
        one = ATTACKS[name](scene)
        disk, trace = Disk.of(scene.place.folder), folder / f"{name} {seed}.trace"
        end = nursery.perform(scene.place, one.act, trace=(*TRACE, "-o", str(trace)), **one.told)
        assert not end.status, end
        course = Course(name, scene, one, disk, trace)
        chance = random.Random(f"{name} {seed}")
        tally.found += [
            f"{name}, seed {seed}: {fault}" for fault in _cut(course, chance, times, tally)
        ]
    return tally


def _cut(course: Course, chance: random.Random, times: int | None, tally: Tally) -> list[str]:
    """Cut the power off at points of a course; return what is wrong with what is left."""
    points, disk = course.points, course.disk
    chosen = {*range(points)}
    if times is not None:
        chosen = {*chance.sample(range(points), min(times - 1, points)), points - 1}
    seen: set[bytes] = set()
    wrong: list[str] = []
    for number, call in enumerate(disk.replay(course.trace, set(STREAMS))):
        if number not in chosen:
            continue
        tally.points[course.name] += 1
        for share in SHARES if times is None else (chance.choice(SHARES),):
            left = disk.left(chance if share else None, share)
            said = disk.said.get(STREAMS[0], b"").decode()
            digest = hashlib.sha256(repr((sorted(left.items()), said)).encode()).digest()
            if digest in seen:
                continue
            seen.add(digest)
            tally.states[course.name] += 1
            put(course.scene.place.folder, left)
            end = End(not disk.said, 0, 0.0, said, "")
            found = _wrong(course.scene.place, course.one, end)
            wrong += [f"after {number + 1} of {points} calls ({call}): {text}" for text in found]
    return wrong


def _wrong(place: Place, one: Round, end: End) -> list[str]:
    """Return what is wrong with what a power loss has left."""
    place.make()
    begins = not place.file.exists() and end.is_killed
    if begins and backups_in(place.library):
        restore_backup(place.library, "newest")  # it is as lost as before, and can be had back
    wrong = [] if begins else one.wrong(end)
    care = place.library / "backups" / "state.json"
    if care.exists() and read_care(place.library) == Care():
        wrong.append("what is known of the backups is there by half")
    if one.told.get("words") == REPAIR:
        repair(place.library)  # it may be as damaged as before, and is not then
    return wrong + wrong_with(place, is_ours=one.is_ours)


def main() -> int:
    """Attack as the options say, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, help="points of each act; every one if not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--network", action="store_true", help="as on another machine's disk")
    options = parser.parse_args()
    if STRACE is None:
        print("strace is not there: it tells what a process does to the disk", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="paperdeck-power-") as folder, Nursery() as nursery:
        tally = attack(
            Path(folder), nursery, options.seed, options.times, on_network=options.network
        )
    print(f"{'act':<15}{'points':>8}{'disks left':>12}{'found':>7}")
    for name in ATTACKS:
        found = sum(one.startswith(f"{name},") for one in tally.found)
        print(f"{name:<15}{tally.points[name]:>8,}{tally.states[name]:>12,}{found:>7,}")
    points, states = tally.points.total(), tally.states.total()
    print(f"{'all':<15}{points:>8,}{states:>12,}{len(tally.found):>7,}")
    for one in tally.found:
        print(one)
    return int(bool(tally.found))


if __name__ == "__main__":
    sys.exit(main())

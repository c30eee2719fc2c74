"""Fills the disk up to every page that the program would write, and asks what it says and keeps.

`python tests/attacks/fulldisk.py --times 1000 --seed 1`; a short run is `tests/test_fulldisk.py`.
The disk is a small tmpfs in a mount namespace of its own (unshare(1), which needs no privilege on
most systems), so that what fails is a real write with a real ENOSPC. Each act finds so few pages
free; it has to be done, or to be refused with the place and what helps, and nothing of it is there
then. Once there is space it is done, by the same process where that goes on. The browser is
attacked so too, and with its cache full alone, its folder read-only, gone or replaced.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import killing  # noqa: E402 it is run from anywhere
from acts import WORD, Place, record  # noqa: E402
from children import Nursery  # noqa: E402
from soundness import state_of, wrong_with  # noqa: E402
from terminal import PAPERDECK, Terminal  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acts import State
    from children import End
    from killing import Round, Scene

PAGE = 4096
DISK_PAGES = 4096
MOST_PAGES = 400
"""More are written by none of these acts but an import, whose log grows at first."""
NAMESPACE = ("unshare", "-rm")
ALONE = "--alone"
"""Says that this process has its own mounts."""
SIZE = (120, 30)
HELPS = ("free some space", "free some space there", "see that its disk has space")
REFUSED = 4
QUOTA_EVERY = 20
"""One of so many rounds is of a quota besides."""


@dataclass
class Tally:
    """What came of all attacks."""

    rounds: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)


ATTACKS: dict[str, Callable[[Scene], Round]] = {
    name: begin for name, begin in killing.ATTACKS.items() if name != "leave"
}


def _mount(*words: str | Path) -> None:
    subprocess.run(["mount", *words], check=True)  # noqa: S607 the system's own


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a small disk."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={DISK_PAGES * PAGE}", "none", folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607 the system's own


@contextmanager
def filled(disk: Path, free: int) -> Iterator[None]:
    """Leave so many pages free on a disk."""
    fill(disk, free)
    try:
        yield
    finally:
        (disk / "ballast").unlink(missing_ok=True)


def fill(disk: Path, free: int) -> None:
    """Leave so many pages free on a disk until its ballast is taken away."""
    found = os.statvfs(disk)
    pages = found.f_bavail * found.f_frsize // PAGE - free
    # A browser at work may take the last pages meanwhile.
    with (disk / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        for _ in range(pages):
            file.write(bytes(PAGE))


def attack(disk: Path, sample: Place, nursery: Nursery, times: int, seed: int) -> Tally:
    """Do each act in turn while so many pages are free, and return what came of it."""
    tally = Tally()
    names = list(ATTACKS)
    most = dict.fromkeys(names, MOST_PAGES) | {"import": 3 * MOST_PAGES}
    scenes: dict[str, Scene] = {}
    for number in range(times):
        name, turn = names[number % len(names)], number // len(names)
        if name not in scenes or turn % killing.ROUNDS_OF_A_LIBRARY == 0:
            is_other = turn // killing.ROUNDS_OF_A_LIBRARY % 2 == 1
            place = disk / name
            scenes[name] = killing.new_scene(sample, place, on_network=is_other)
            scenes[name].chance = random.Random(f"{name} {seed + number}")
        scene = scenes[name]
        free = scene.chance.randrange(most[name])
        end, wrong = _play(disk, scene, nursery, name, free)
        tally.rounds[name] += 1
        tally.refused[name] += "refused" in end.output or bool(end.status)
        if not end.status and "refused" not in end.output:
            most[name] = max(8, min(most[name], free + 4))
        tally.found += [
            f"{name}, {free} pages, round {number}, seed {seed}: {one}" for one in wrong
        ]
        if turn % killing.ROUNDS_OF_A_LIBRARY == killing.ROUNDS_OF_A_LIBRARY - 1:
            shutil.rmtree(disk / name)
    return tally


def _play(
    disk: Path, scene: Scene, nursery: Nursery, name: str, free: int
) -> tuple[End, list[str]]:
    one = ATTACKS[name](scene)
    before = state_of(scene.place.file)
    with filled(disk, free):
        end = nursery.perform(scene.place, one.act, **one.told)
    wrong = _said(end, one, disk)
    is_refused = bool(end.status)
    wrong += one.wrong(replace(end, is_killed=is_refused, status=0))
    if is_refused and name != "import" and state_of(scene.place.file) != before:
        wrong.append("it was refused, and something of it is there")
    if name != "repair" or not is_refused:
        wrong += wrong_with(scene.place, is_ours=one.is_ours)
    if name in {"import", "repair"} or (is_refused and name != "decide"):
        again = nursery.perform(scene.place, one.act, **one.told)
        wrong += [f"then: {fault}" for fault in one.wrong(again)]
    wrong += wrong_with(scene.place, is_ours=one.is_ours)
    return end, wrong + [f"left: {path}" for path in killing.leftovers(scene.place, one.outputs)]


def _said(end: End, one: Round, disk: Path) -> list[str]:
    """Return what is wrong with what was said."""
    if "half" in end.output.splitlines():
        return ["something of a decision that was refused is there"]
    refusals = [line for line in end.output.splitlines() if line.startswith("refused")]
    if end.status and one.act == "command":
        refusals.append(end.errors)
    if end.status and end.status != REFUSED and one.act == "command":
        return [f"ended with {end.status}: {end.errors}"]
    return [
        f"it is not said clearly: {text}"
        for text in refusals
        if str(disk) not in text or not any(helps in text for helps in HELPS)
    ]


def browsed(folder: Path, sample: Place) -> list[str]:
    """Decide in the browser while the disk is full, then gone, then another; return what is wrong.

    It is one browser that goes on.
    """
    with small_disk(folder) as disk:
        place = killing.new_scene(sample, disk / "home", on_network=False).place
        with _browser(place) as browser:
            with filled(disk, 0):
                wrong = _refused(browser, place, "its disk is full")
            wrong += _decided(browser, place)
            place.library.rename(disk / "away")
            wrong += _refused(browser, place, "is not there any more", disk / "away")
            (disk / "away").rename(place.library)
            wrong += _decided(browser, place)
            shutil.copytree(place.library, disk / "other")
            place.library.rename(disk / "away")
            (disk / "other").rename(place.library)
            wrong += _refused(browser, place, "was replaced", disk / "away")
            return wrong + _left(browser)


def searched(folder: Path, sample: Place) -> list[str]:
    """Decide and search in the browser while the cache alone is full; return what is wrong."""
    place = killing.new_scene(sample, folder, on_network=False).place
    shutil.rmtree(place.cache)
    with small_disk(place.cache) as disk, ExitStack() as full:
        # Before there is anything to be searched.
        full.enter_context(filled(disk, 0))
        with _browser(place) as browser:
            browser.shows("can't be searched by words")
            wrong = _decided(browser, place)
            browser.send(f"/{WORD} 00012\r")
            browser.shows("0 of 60 searchable")
            full.close()
            browser.shows("1 of 1")  # by itself, once there is space
            return wrong + _left(browser)


def read_only(folder: Path, sample: Place, nursery: Nursery) -> list[str]:
    """Let commands and the browser meet a disk that can only be read; return what is wrong."""
    wrong = []
    with small_disk(folder) as disk:
        place = killing.new_scene(sample, disk / "home", on_network=False).place
        before = state_of(place.file)
        papers = sample.folder / "papers.jsonl"
        papers.write_text(record(killing.PAPERS), encoding="utf-8")
        for options, status in (("remount,ro", REFUSED), ("remount,rw", 0)):
            _mount("-o", options, disk)
            for words in (["tag", "+x", "--", "*"], ["import", str(papers)], ["backup"]):
                end = nursery.perform(place, "command", words=words)
                is_told = not status or (str(disk) in end.errors and "writable" in end.errors)
                if end.status != status or not is_told:
                    wrong.append(f"{words}, {options}: {end}")
            if status:
                wrong += _only_read(place, nursery)
                if _state_of_copy(place, folder.with_name("copy")) != before:
                    wrong.append("something was written")
    return wrong


def _only_read(place: Place, nursery: Nursery) -> list[str]:
    """Read a library where nothing can be written; return what is wrong."""
    wrong = []
    for words in (["search", "*"], ["dump"], ["export", "--format", "csv", "*"]):
        end = nursery.perform(place, "command", words=words)
        if end.status or WORD not in end.output:
            wrong.append(f"{words}, where nothing can be written: {end}")
    with _browser(place) as browser:
        browser.send("j")
        browser.shows(f"2 of {killing.PAPERS}")
        browser.send("s")
        browser.until(lambda: "can only be read" in browser.lines[-1], "no, as nothing is written")
        return wrong + _left(browser)


def over_quota(folder: Path, sample: Place, nursery: Nursery, times: int) -> list[str]:
    """Fail writes of the library with EDQUOT, from the first one on, then the second; so often.

    strace makes them fail: quotas need a file system of their own. Returns what is wrong.
    """
    wrong = []
    place = killing.new_scene(sample, folder, on_network=False).place
    for number in range(1, times + 1):
        before = state_of(place.file)
        tag = f"t-quota-{number}"
        calls = "pwrite64,write,fallocate"
        files = [f"{place.file}{end}" for end in ("", "-wal", "-shm")]
        trace = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}"]
        trace += ["-e", f"inject={calls}:error=EDQUOT:when={number}+"]
        trace += [word for file in files for word in ("-P", file)]
        words = ["tag", f"+{tag}", "--", "votes:5.."]
        end = nursery.perform(place, "command", trace=tuple(trace), words=words)
        now = state_of(place.file)
        if end.status == REFUSED:
            is_told = str(place.library) in end.errors and HELPS[0] in end.errors
            wrong += [] if is_told else [f"it is not said clearly: {end.errors}"]
            wrong += [f"write {number}: it was refused, and is there"] * (now != before)
        elif end.status or not all(tag in tags for key, (tags, _) in now.items() if key > 5):
            wrong.append(f"write {number}: it was neither refused nor done: {end}")
        wrong += [f"write {number}: {fault}" for fault in wrong_with(place)]
    return wrong


def attack_all(folder: Path, times: int, seed: int, *, briefly: bool = False) -> Tally:
    """Attack in all ways, with so many rounds of the acts, and return what came of it.

    `briefly`, with the browser on a full disk, and one that can only be read, as the other ways.
    """
    sample = killing.sample_library(folder / "sample")
    with Nursery() as nursery, small_disk(folder / "disk") as disk:
        tally = attack(disk, sample, nursery, times, seed)
        quota = max(1, times // QUOTA_EVERY) if shutil.which("strace") else 0
        others: dict[str, tuple[int, Callable[[], list[str]]]] = {
            "browser": (1, lambda: browsed(folder / "browsed", sample)),
            "read-only": (1, lambda: read_only(folder / "read only", sample, nursery)),
            "full cache": (1, lambda: searched(folder / "searched", sample)),
            "quota": (quota, lambda: over_quota(folder / "quota", sample, nursery, quota)),
        }
        for name, (rounds, look) in list(others.items())[: 2 if briefly else None]:
            tally.rounds[name] = tally.refused[name] = rounds
            tally.found += [f"{name}, seed {seed}: {one}" for one in look()]
    return tally


def _browser(place: Place) -> Terminal:
    environ = place.environ | {"TERM": "xterm-256color"}
    browser = Terminal([str(PAPERDECK), "browse", "--", "*"], environ, SIZE)
    browser.shows(f"Counting {WORD}")
    browser.settle()
    return browser


def _refused(browser: Terminal, place: Place, why: str, where: Path | None = None) -> list[str]:
    """Decide, and wait until the browser says why not; return what is wrong."""
    file = (where or place.library) / place.file.name
    before = state_of(file)
    browser.send("s")
    browser.until(
        lambda: "Not done" in browser.lines[-1] and why in browser.lines[-1], f"no, as it {why}"
    )
    return [] if state_of(file) == before else [f"what was refused is there, as it {why}"]


def _decided(browser: Terminal, place: Place) -> list[str]:
    """Decide, and take it back; return what is wrong."""
    before = state_of(place.file)
    browser.send("s")
    browser.shows("Starred")
    after = state_of(place.file)
    starred = [key for key in after if "starred" in after[key][0] - before[key][0]]
    browser.send("u")
    browser.shows("Undone")
    if len(starred) != 1 or state_of(place.file) != before:
        return ["what was said to be done is not there"]
    return []


def _left(browser: Terminal) -> list[str]:
    """Leave the browser; return what is wrong."""
    browser.send("\x03")
    browser.shows("Press ctrl+c again to quit")
    browser.send("\x03")
    status = browser.ended()
    return [f"the browser ended with {status}"] if status else []


def _state_of_copy(place: Place, copy: Path) -> State:
    """Return the state of a library on a disk that can't be written, where it can't be opened."""
    shutil.copytree(place.library, copy)
    return state_of(copy / place.file.name)


def can_mount() -> bool:
    """Tell whether disks of one's own can be mounted here."""
    if shutil.which(NAMESPACE[0]) is None:
        return False
    command = [*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def main() -> int:
    """Attack as the options say, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--briefly", action="store_true", help="with one browser only")
    parser.add_argument(ALONE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.alone:
        command = [*NAMESPACE, sys.executable, __file__, *sys.argv[1:], ALONE]
        return subprocess.run(command, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="paperdeck-full-") as folder:
        tally = attack_all(Path(folder), options.times, options.seed, briefly=options.briefly)
    print(f"{'act':<15}{'rounds':>8}{'refused':>9}{'found':>7}")
    for name in tally.rounds:
        found = sum(one.startswith(f"{name},") for one in tally.found)
        print(f"{name:<15}{tally.rounds[name]:>8,}{tally.refused[name]:>9,}{found:>7,}")
    print(f"{'all':<15}{tally.rounds.total():>8,}{tally.refused.total():>9,}{len(tally.found):>7,}")
    for one in tally.found:
        print(one)
    return int(bool(tally.found))


if __name__ == "__main__":
    sys.exit(main())

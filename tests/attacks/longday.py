"""A long day at the browser: `python tests/attacks/longday.py`.

Keys of chance are pressed in the installed browser, on a library of made papers: every command of
the table, texts that are written, searches, imports by the browser and by the command line beside
it, other programs' tags, other sizes of the terminal. What the process and its files take is
measured as it begins, once all was used, from time to time, and at the end when it has come to
rest: threads, files and processes have to be as many as once all was used, and memory has to stand
still from the middle of the day on, when caches are full. `tests/test_longday.py` does the same
with fewer keys.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[number]) for number in (1, 2)]

from footprint import Taken, table, taken, verdict
from pressing import DEEDS, EDITOR, KEYS, PLAIN, TAGS, Reader, record
from terminal import PATIENCE, make_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from terminal import Home

MIDDLE = 0.5
QUIET_SECONDS = 0.03
"""A browser that has written nothing for so long gets more keys."""
LOOKED_EACH = 20
"""After so many bursts the screen is looked at, and the end of all keys is waited for."""
TOLD_EACH = 400
SIZE = (80, 24)
SMALLEST, LARGEST = (40, 10), (200, 50)
MOST_VOTES = 300
CANCEL = "\x03"


class Plan(NamedTuple):
    """What a day has."""

    keys: int = 100_000
    searches: int = 1_000
    imports: int = 200
    """By the browser and by the command line; so often others tag papers, and the size changes."""
    papers: int = 3_000
    """How many the library has as it begins."""
    seed: int = 1
    rest: float = 25.0
    """Seconds before it is measured: threads without work end meanwhile, as when nobody is here."""


@dataclass
class Day:
    """A day with a browser, and what was measured."""

    home: Home
    reader: Reader
    searches: int = 0
    imports: int = 0
    tagged: int = 0
    resizes: int = 0
    looks: int = 0
    taken: list[Taken] = field(default_factory=list)
    """As it began, as all had been used once, and from then on."""
    middle: int = 0
    """Which of them is that of the middle of the day."""
    besides: list[subprocess.Popen[str]] = field(default_factory=list)
    """Commands at work."""
    seconds: float = 0.0

    def verdict(self) -> list[str]:
        """Return what did not end as it was; nothing where all is well."""
        return verdict(self.taken[1], self.taken[self.middle], self.taken[-1])

    def table(self) -> list[str]:
        """Return what was measured, in lines."""
        return table(*self.taken[:2], self.taken[self.middle], self.taken[-1])


def spend(home: Home, plan: Plan, tell: Callable[[Day], object] = lambda _: None) -> Day:
    """Spend a day as planned; raises `AssertionError` where the browser does not bear it."""
    chance = random.Random(plan.seed)
    lines = [record(number, chance.randrange(MOST_VOTES)) for number in range(plan.papers)]
    carry_out(home, ["import", "-"], "".join(lines))
    environ = {"EDITOR": EDITOR, "VISUAL": EDITOR}
    with home.browse(size=SIZE, environ=environ) as browser:
        browser.shows("Made ")
        browser.settle()
        day = Day(home, Reader(browser, home.folder, chance, plan.papers))
        measure(day, plan.rest)
        began = time.monotonic()
        use_all(day)
        measure(day, plan.rest)
        play(day, plan, tell)
        day.seconds = time.monotonic() - began
        for one in day.besides:
            one.wait(PATIENCE)
        look(day)
        browser.resize(*SIZE)
        measure(day, plan.rest)
        leave(day)
    return day


def use_all(day: Day) -> None:
    """Use every command once: some threads and files begin with the first use."""
    for name in (*PLAIN, *DEEDS):
        if name in PLAIN:
            day.reader.command(name)
        else:
            DEEDS[name](day.reader)
        day.reader.back()
        day.reader.browser.settle(QUIET_SECONDS)
    look(day)


def play(day: Day, plan: Plan, tell: Callable[[Day], object]) -> None:
    """Press all keys, and do what else there is at even times between them."""
    reader, bursts, begun = day.reader, 0, day.reader.keys
    while reader.keys - begun < plan.keys:
        reader.burst()
        bursts += 1
        share = min(1.0, (reader.keys - begun) / plan.keys)
        do_besides(day, plan, share)
        reader.browser.settle(QUIET_SECONDS)
        reader.browser.output = b""
        reader.browser.copied.clear()
        if bursts % LOOKED_EACH == 0:
            look(day)
        if not day.middle and share >= MIDDLE:
            look(day)
            day.middle = len(day.taken)
            measure(day, plan.rest)
        elif bursts % TOLD_EACH == 0:
            measure(day, QUIET_SECONDS)
            tell(day)


def do_besides(day: Day, plan: Plan, share: float) -> None:
    """Do what is due after such a share of the day, besides the keys."""
    reader = day.reader
    if day.searches < share * plan.searches:
        day.searches += 1
        DEEDS["search"](reader)
    if day.imports < share * plan.imports:
        day.imports += 1
        if day.imports % 2:
            DEEDS["import"](reader)
        else:
            start(day, ["import", "-"], reader.records())
    if day.tagged < share * plan.imports:
        day.tagged += 1
        edit = f"{reader.chance.choice('+-')}{reader.chance.choice(TAGS)}"
        start(day, ["tag", edit, "--", reader.word()], "")
    if day.resizes < share * plan.imports:
        day.resizes += 1
        columns, lines = (
            reader.chance.randint(*between) for between in zip(SMALLEST, LARGEST, strict=True)
        )
        reader.browser.resize(columns, lines)


def look(day: Day) -> None:
    """Wait until the browser has come to the end of all keys, and see that it is well."""
    reader, browser = day.reader, day.reader.browser
    day.looks += 1
    sign = f"looked{day.looks}"
    reader.back()
    reader.command("palette")
    reader.press(sign)
    browser.shows(sign)
    reader.back()
    browser.hides(sign)
    browser.settle()
    assert "had to end" not in browser.picture, browser.picture
    for one in day.besides:
        # 1: nothing was found to tag.
        assert one.poll() in {None, 0, 1}, one.args
    day.besides = [one for one in day.besides if one.returncode is None]


def leave(day: Day) -> None:
    """Quit the browser as a reader does."""
    day.reader.press(CANCEL)
    day.reader.browser.shows("again to quit")
    day.reader.press(CANCEL)
    assert day.reader.browser.ended() == 0, day.reader.browser.picture


def measure(day: Day, rest: float) -> None:
    """Let the browser rest for so many seconds, and note what it takes."""
    until = time.monotonic() + rest
    while time.monotonic() < until:
        day.reader.browser.read(QUIET_SECONDS)
    day.taken.append(taken(day.home, day.reader.browser.pid, day.reader.keys))


def start(day: Day, words: list[str], text: str) -> None:
    """Start a command of ours beside the browser."""
    one = subprocess.Popen(
        [str(day.home.program), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env=day.home.environ,
    )
    assert one.stdin is not None
    one.stdin.write(text)
    one.stdin.close()
    day.besides.append(one)


def carry_out(home: Home, words: list[str], text: str) -> None:
    """Carry out a command of ours, which may take its time."""
    subprocess.run(
        [str(home.program), *words],
        input=text,
        text=True,
        env=home.environ,
        check=True,
        capture_output=True,
        timeout=10 * PATIENCE,
    )


def main() -> int:
    """Spend a day as the options say, and tell what it left."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in Plan()._asdict().items():
        parser.add_argument(f"--{name}", type=type(usual), default=usual)
    options = parser.parse_args()

    def tell(day: Day) -> None:
        now = day.taken[-1]
        print(f"{now.keys:,} keys: {now.own / 1e6:.1f} MB of its own", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="paperdeck-longday-") as folder:
        day = spend(make_home(Path(folder)), Plan(**vars(options)), tell)
    print("\n".join(day.table()))
    missed = sorted(set(KEYS) - set(day.reader.pressed))
    print(
        f"{day.searches:,} searches, {day.imports:,} imports, {day.tagged:,} times tagged beside,"
    )
    print(
        f"{day.resizes:,} sizes, {len(day.reader.pressed)} commands, missed: {missed or 'none'}; "
        f"{day.reader.keys / day.seconds:.0f} keys a second"
    )
    wrong = day.verdict()
    print("\n".join(wrong) if wrong else "all ends as it was")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

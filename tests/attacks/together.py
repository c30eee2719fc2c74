"""Two browsers and the command line at once on one library: `python tests/attacks/together.py`.

In each round both browsers tag a paper of chance, or take their latest tag back, while commands
import a paper and tag another one, all at the same moment. What each has decided is told to a model
of sets; the library, and its journal replayed, have to be as the model. `tests/test_together.py`
does the same with fewer rounds.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from terminal import PATIENCE, make_home

if TYPE_CHECKING:
    from terminal import Home, Terminal

SIZE = (180, 40)
PAPERS = 12
"""The first one is only looked at: what one does to it, the others have to show."""
QUERY = "sheep"
UNDONE_SHARE = 0.25
TROUBLE = ("Not done", "in use", "had to end", "can't be")
USUAL_TIMES = 100


@dataclass
class Meeting:
    """Three programs, and what each has decided."""

    home: Home
    browsers: list[Terminal]
    chance: random.Random
    tags: dict[int, set[str]] = field(default_factory=lambda: {n: set() for n in range(PAPERS)})
    """The model: the tags of each paper by its number."""
    acts: list[list[tuple[int, str]]] = field(default_factory=lambda: [[], []])
    """What each browser can take back, the latest last."""
    imported: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """From the end of a command until both browsers showed what it did."""

    @property
    def file(self) -> Path:
        """The library."""
        return self.home.folder / "data" / "paperdeck" / "library.db"

    def ask(self, statement: str, *values: object) -> list[Any]:
        """Read the library as any other program may."""
        with closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(statement, values).fetchall()

    def tags_of(self, number: int) -> set[str]:
        """Return the tags of a paper that were made here."""
        found = self.ask(
            "SELECT name FROM tags JOIN paper_tags ON tag = tags.key"
            " JOIN papers ON papers.key = paper WHERE title = ? AND name LIKE 't-%'",
            title(number),
        )
        return {name for (name,) in found}


def title(number: int) -> str:
    """Return the title of a paper."""
    return f"Counting sheep of flock {number:02}"


def record(number: int, words: str) -> str:
    """Return a line that brings a paper in."""
    votes = 1_000 - number
    paper = {"id": f"2603.{number:05}", "title": words, "upvotes": votes, "date": "2026-03-01"}
    return f"{json.dumps(paper)}\n"


def meet(folder: Path, seed: int, times: int, environ: dict[str, str] | None = None) -> Meeting:
    """Let the three decide for so many rounds, and check all of it; raises `AssertionError`."""
    home = make_home(folder)
    run(home, ["import", "-"], "".join(record(n, title(n)) for n in range(PAPERS)), environ)
    run(home, ["index", "--wait"], "", environ)
    query = ["browse", "--", f"{QUERY} flock"]
    with (
        home.browse(*query, size=SIZE, environ=environ) as one,
        home.browse(*query, size=SIZE, environ=environ) as other,
    ):
        meeting = Meeting(home, [one, other], random.Random(seed))
        for browser in meeting.browsers:
            browser.shows(title(PAPERS - 1))
            browser.settle()
        for number in range(times):
            play(meeting, number, environ)
        for browser in meeting.browsers:
            browser.send("\x03")
            browser.shows("Press ctrl+c again to quit")
            browser.send("\x03")
            assert browser.ended() == 0
    check(meeting, environ)
    return meeting


def play(meeting: Meeting, number: int, environ: dict[str, str] | None) -> None:
    """Let all three decide at the same moment, and wait until all is there."""
    for which, acts in enumerate(meeting.acts):
        decide(meeting, which, acts, f"t-{which}-{number}")
    target, tag = meeting.chance.randrange(1, PAPERS), f"t-c-{number}"
    commands = [
        start(meeting.home, ["import", "-"], environ),
        start(meeting.home, ["tag", f"+{tag}", "--", f"title:{title(target)[-2:]}"], environ),
    ]
    said = [
        command.communicate(text, timeout=PATIENCE)
        for command, text in zip(
            commands, (record(100 + number, f"Goats {number}"), ""), strict=True
        )
    ]
    assert [command.returncode for command in commands] == [0, 0], said
    meeting.imported += 1
    meeting.tags[target].add(tag)
    meeting.decided["command line"] += 2
    deadline = time.monotonic() + PATIENCE
    while any(meeting.tags_of(paper) != tags for paper, tags in meeting.tags.items()):
        assert time.monotonic() < deadline, (
            number,
            meeting.tags,
            [b.picture for b in meeting.browsers],
        )
        for one in meeting.browsers:
            one.read(0.02)
    show(meeting, number, environ)


def decide(meeting: Meeting, browser: int, acts: list[tuple[int, str]], tag: str) -> None:
    """Press the keys of one decision, and wait for nothing."""
    if acts and meeting.chance.random() < UNDONE_SHARE:
        paper, undone = acts.pop()
        meeting.tags[paper].discard(undone)
        meeting.browsers[browser].send("u")
        meeting.decided[f"browser {browser} undoes"] += 1
        return
    paper = meeting.chance.randrange(1, PAPERS)
    meeting.tags[paper].add(tag)
    acts.append((paper, tag))
    meeting.browsers[browser].send(f"gg{'j' * paper}+{tag}\r")
    meeting.decided[f"browser {browser} tags"] += 1


def show(meeting: Meeting, number: int, environ: dict[str, str] | None) -> None:
    """Have both browsers show what a command does to the first paper."""
    tag, former = f"w{number}w", f"w{number - 1}w"
    words = ["tag", f"+{tag}", *([f"-{former}"] if number else []), "--", "title:00"]
    run(meeting.home, words, "", environ)
    since = time.monotonic()
    waiting = list(meeting.browsers)
    while waiting:
        assert time.monotonic() - since < PATIENCE, [one.picture for one in waiting]
        for browser in meeting.browsers:
            browser.read(0.005)
        waiting = [one for one in waiting if tag not in one.picture]
    meeting.seconds.append(time.monotonic() - since)
    for browser in meeting.browsers:
        assert not any(words in browser.picture for words in TROUBLE), browser.picture


def check(meeting: Meeting, environ: dict[str, str] | None) -> None:
    """Compare the library, and its journal replayed, with the model."""
    for paper, tags in meeting.tags.items():
        assert meeting.tags_of(paper) == tags, (paper, tags)
    assert meeting.ask("PRAGMA integrity_check") == [("ok",)]
    assert meeting.ask("SELECT count(*) FROM papers") == [(PAPERS + meeting.imported,)]
    replayed: dict[int, set[str]] = {}
    standing = meeting.ask(
        "SELECT paper, before, after FROM changes JOIN journal ON journal.key = journal"
        " WHERE field = 'tag' AND state = 'standing' ORDER BY journal, number"
    )
    for paper, before, after in standing:
        tags = replayed.setdefault(paper, set())
        tags.discard(before)
        if after is not None:
            tags.add(after)
    for number in meeting.tags:
        ((key,),) = meeting.ask("SELECT key FROM papers WHERE title = ?", title(number))
        made = {tag for tag in replayed.get(key, ()) if tag.startswith("t-")}
        assert made == meeting.tags[number], (number, made)
    programs = Counter(
        program.split()[0]
        for (program,) in meeting.ask("SELECT program FROM journal WHERE kind != 'automatic'")
    )
    browsing = sum(count for name, count in meeting.decided.items() if name.endswith("tags"))
    assert programs["browser"] == browsing, (programs, meeting.decided)
    run(meeting.home, ["index", "--wait"], "", environ)
    assert run(meeting.home, ["count", "goats"], "", environ) == f"{meeting.imported}\n"


def start(home: Home, words: list[str], environ: dict[str, str] | None) -> subprocess.Popen[str]:
    """Start a command of ours."""
    return subprocess.Popen(
        [str(home.program), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=home.environ | (environ or {}),
    )


def run(home: Home, words: list[str], text: str, environ: dict[str, str] | None) -> str:
    """Carry out a command of ours and return its output."""
    done = home.carry_out(*words, stdin=text, environ=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def main() -> int:
    """Attack as the options say, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=USUAL_TIMES, help="rounds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--network", action="store_true", help="as on another machine's disk")
    options = parser.parse_args()
    environ = {"PAPERDECK_DISK": "network"} if options.network else None
    with tempfile.TemporaryDirectory(prefix="paperdeck-together-") as folder:
        meeting = meet(Path(folder), options.seed, options.times, environ)
    for name, count in sorted(meeting.decided.items()):
        print(f"{name}: {count:,}")
    seconds = sorted(meeting.seconds)
    half = seconds[len(seconds) // 2]
    print(f"rounds: {options.times:,}; nothing lost, no error, journal and model agree")
    print(f"seen by both browsers after {half:.2f} s (median), {seconds[-1]:.2f} s (longest)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

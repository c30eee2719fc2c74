"""Two machines that decide differently and merge their dumps: `python tests/attacks/merging.py`.

In each round a library is copied, both copies are decided in at random, their dumps are merged with
that of the beginning, and the result is restored in both. They have to give the same dump then, and
hold what each has decided. Where the reader has to choose, one side is chosen at random.
`tests/test_merging_libraries.py` does the same with fewer rounds.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import JoinError
from store.importers import sources
from store.library import Library
from store.reconciling.sides import read_side
from store.reconciling.texts import reconcile
from store.tagnames import TagEdit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USUAL_TIMES = 1_000
TAGS = ("rl", "vlm/small", "starred", "dismissed", "inbox", "unread")
NOTES = ("", "Read again.", "Read again.\nThen the code.", "Ask Ana.")
VIEWS = ("hot", "mine", "hot-2")
QUERIES = ("tag:rl", "votes:>50", "is:inbox sort:votes")
ACTS = 5
PAPERS: tuple[tuple[str, ...], ...] = (
    ("arxiv:2401.00001",),
    ("arxiv:2401.00002", "doi:10.1000/two"),
    ("doi:10.1000/three",),
    ("pubmed:4",),
    ("arxiv:2401.00005",),
    (),
    (),
)


@dataclass
class Report:
    """What was done and found in all rounds."""

    counts: Counter[str] = field(default_factory=Counter)
    """Of acts by their kind, of conflicts and of what was told."""


@dataclass
class Machine:
    """A library, and what was decided in it since the base, fact by fact."""

    library: Library
    chance: random.Random
    tags: dict[int, dict[str, bool]] = field(default_factory=dict)
    """By paper: each tag that was given (true) or taken off last."""
    paired: set[int] = field(default_factory=set)
    """Papers that were joined or split: their tags are those of others, too."""

    def act(self) -> str:
        """Decide at random, and return what kind of a decision it was."""
        kinds = ("tag", "tag", "tag", "tag", "note", "view", "join", "split", "undo")
        kind = self.chance.choice(kinds)
        keys = self.library.search("*").keys
        if kind == "tag":
            self._tag(self.chance.choice(keys))
        elif kind == "note":
            self.library.set_note(self.chance.choice(keys), self.chance.choice(NOTES))
        elif kind == "view":
            self._view()
        elif kind == "join" and len(keys) > 1:
            chosen = sorted(self.chance.sample(keys, 2))
            self.paired.update(chosen)
            self.library.joining.join(chosen)
        elif kind == "split":
            self._split(self.chance.choice(keys))
        elif self.chance.random() < 0.5 and (undone := self.library.history.undo()):
            # What is no longer decided is not looked for.
            self.paired.update(undone.changed)
        return kind

    def dump(self) -> list[str]:
        return list(self.library.decisions.dump())

    def restore(self, lines: Sequence[str]) -> None:
        report = self.library.decisions.restore(lines)
        if report.unknown:
            raise AssertionError(f"left out: {report.unknown}")

    def _tag(self, key: int) -> None:
        tag, is_given = self.chance.choice(TAGS), self.chance.random() < 0.6
        edit = TagEdit((tag,), ()) if is_given else TagEdit((), (tag,))
        if self.library.tags.edit([key], edit):
            self.tags.setdefault(key, {})[tag] = is_given

    def _view(self) -> None:
        name = self.chance.choice(VIEWS)
        if name in self.library.views and self.chance.random() < 0.4:
            self.library.views.remove(name)
        else:
            self.library.views.save(name, self.chance.choice(QUERIES))

    def _split(self, key: int) -> None:
        try:
            others = self.library.joining.split(key)
        except JoinError:
            return
        self.paired.update((key, *others))


def merge_at_random(folder: Path, seed: int, times: int) -> Report:
    """Do `times` rounds in `folder`; raise `AssertionError` for what is not as it should be."""
    template = folder / "template"
    # By another program: no undoing takes the papers away.
    with _opened(template, "importing") as library:
        library.imports.bring_in(sources([_papers(folder / "papers.jsonl")]))
    report = Report()
    for number in range(times):
        # Each round can be done again by itself.
        _round(folder, random.Random(f"{seed} {number}"), report, f"{seed} {number}")
    return report


def _round(folder: Path, chance: random.Random, report: Report, name: str) -> None:
    places = [folder / "one", folder / "other"]
    for place in places:
        shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder / "template", places[0])
    with _opened(places[0]) as library:
        common = Machine(library, chance)
        for _ in range(chance.randrange(ACTS)):
            common.act()
        base = common.dump()
    shutil.copytree(places[0], places[1])
    with _opened(places[0]) as one, _opened(places[1]) as other:
        machines = [Machine(one, chance), Machine(other, chance)]
        for machine in machines:
            report.counts.update(machine.act() for _ in range(chance.randrange(ACTS)))
        dumps = [machine.dump() for machine in machines]
        found = reconcile(base, *dumps)
        report.counts.update(conflicts=found.conflicts, told=len(found.told))
        chosen = list(_chosen(found.lines, chance))
        story = [name, *base, "--- ours", *dumps[0], "--- theirs", *dumps[1], "--- merged", *chosen]
        try:
            for machine in machines:
                machine.restore(chosen)
            _check(machines, has_conflicts=found.conflicts > 0)
        except Exception as error:
            error.add_note("".join(line if line.endswith("\n") else f"{line}\n" for line in story))
            raise


def _check(machines: Sequence[Machine], *, has_conflicts: bool) -> None:
    one, other = machines
    if _facts(one.dump()) != _facts(other.dump()):
        raise AssertionError("".join(["--- one\n", *one.dump(), "--- other\n", *other.dump()]))
    paired = one.paired | other.paired
    for machine in machines:
        for key, tags in machine.tags.items():
            if key in paired or has_conflicts:
                continue
            present = {tag for paper in machine.library.papers([key]) for tag in paper.tags}
            for tag, is_given in tags.items():
                # Where both decided on one tag of one paper, they decided alike, or one of them
                # decided as it was.
                is_disputed = any(tag in m.tags.get(key, {}) for m in machines if m is not machine)
                if not is_disputed and (tag in present) is not is_given:
                    raise AssertionError(f"{tag} on {key} shall be {is_given}")


def _facts(dump: Sequence[str]) -> tuple[list[str], set[frozenset[tuple[str, ...]]]]:
    """Return the lines of a dump, and of those on papers kept apart which papers these are now.

    A paper is apart from all that was apart from any of its parts: one line says it, or several.
    """
    side, _ = read_side(dump)
    kept_apart = {
        frozenset(tuple(sorted(side.groups.of(name))) for name in names)
        for names, pair in side.pairs.items()
        if not pair.are_one
    }
    return [line for line in dump if not line.startswith(("apart ", "#"))], kept_apart


def _chosen(lines: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield the lines of a merged text, of each conflict those of one side."""
    side = kept = ""
    for line in lines:
        if line.startswith("<<<<<<<"):
            side, kept = "ours", chance.choice(("ours", "theirs"))
        elif line.startswith("=======") and side:
            side = "theirs"
        elif line.startswith(">>>>>>>"):
            side = kept = ""
        elif side == kept:
            yield line


def _papers(path: Path) -> Path:
    records = (
        {"title": f"On counting the sheep of flock {number}", "identifiers": names}
        for number, names in enumerate(PAPERS)
    )
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def _opened(folder: Path, program: str = "merging") -> Library:
    return Library(folder, index_folder=folder.with_name("index"), program=program)


def main() -> int:
    """Merge for as long as is asked, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=USUAL_TIMES, help="rounds")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperdeck-merging-") as folder:
        report = merge_at_random(Path(folder), options.seed, options.times)
    for name, count in sorted(report.counts.items()):
        print(f"{name}: {count:,}")
    print(f"rounds: {options.times:,}; both libraries alike each time, no decision is missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The library does what the rules say, whatever is done to it, in any order and by several at once.

A reference (`tests/reference.py`) is told of all that the library is told, and after every step
the two are the same. For a long run:

    PAPERDECK_MODEL_EXAMPLES=2000 .venv/bin/pytest -n0 tests/test_model.py
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from io import BytesIO
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store.changes.journal import EntryKind
from store.errors import (
    EditsRefusedError,
    QuerySyntaxError,
    StoreError,
    UnknownEntryError,
    UnknownPaperError,
)
from store.identifiers import read_identifier
from store.importers import Source
from store.imports.importing import ImportOptions, ImportRun
from store.library import Library
from store.models import OtherAbstract, Record, Sighting
from store.query.parsing import parse
from store.record import FILE_NAME
from store.record.compaction import compact
from store.record.database import Database
from store.tagnames import TagEdit, read_tag_edit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reference import Entry, Reference, Snapshot

    from store.changes.reversing import Reversal
    from store.imports.report import ImportReport

pytest_plugins = ["tests.reference"]

EXAMPLES = int(os.environ.get("PAPERDECK_MODEL_EXAMPLES", "0"))
STEPS = 40
PROGRAMS = ("ann", "bob", "cyd")
IDENTIFIERS = tuple(
    filter(
        None,
        map(
            read_identifier,
            ("arxiv:2401.00001", "arxiv:2401.00002", "doi:10.1000/a", "doi:10.1000/b"),
        ),
    )
)
TITLES = (
    "Counting sheep",
    "Counting Sheep!",
    'Counting "sheep"',
    "Counting goats by night",
    "On wool",
    "Editorial",
    "?!",
)
ABSTRACTS = ("", "They jump.", "THEY jump.", "They jump over fences.", "They graze.")
DAYS = ("2026-03-09", "2026-03-10", "2026-03-11")
TAG_NAMES = ("inbox", "unread", "starred", "dismissed", "rl", "RL", "rl/deep", "Éa", "éa")
NOTES = ("", "Ask Ana.", 'On "goats" -- or\n  not:\n\nC:\\new # +rl', "Été")
VIEW_NAMES = ("hot", "Hot", "later")
VIEW_QUERIES = ("tag:rl", "is:inbox -tag:none", "", "view:hot", "view:later")

SIGHTINGS = st.builds(
    Sighting,
    source=st.sampled_from(["feed", "page"]),
    day=st.sampled_from(DAYS),
    rank=st.sampled_from([None, 1, 2]),
    votes=st.sampled_from([None, 1, 5, 9]),
    comments=st.sampled_from([None, 0, 3]),
    day_is_guess=st.booleans(),
)
RECORDS = st.builds(
    Record,
    title=st.sampled_from(TITLES),
    source=st.sampled_from(["feed", "page", "paperdeck"]),
    abstract=st.sampled_from(ABSTRACTS),
    venue=st.sampled_from(["", "Barn", "Fold"]),
    identifiers=st.lists(st.sampled_from(IDENTIFIERS), max_size=2, unique=True).map(tuple),
    sightings=st.lists(SIGHTINGS, max_size=2).map(tuple),
)
OLD_SIGHTINGS = st.builds(
    Sighting,
    source=st.just("feed"),
    day=st.sampled_from(DAYS),
    votes=st.sampled_from([None, 1, 5, 9]),
    seen=st.sampled_from(["2026-03-11T20:00:00Z", ""]),
)
OTHER_ABSTRACTS = st.builds(
    OtherAbstract,
    source=st.sampled_from(["feed", "page"]),
    day=st.sampled_from(["", *DAYS]),
    text=st.sampled_from(ABSTRACTS[1:]),
)
OF_ANOTHER_LIBRARY = st.builds(
    Record,
    title=st.sampled_from(TITLES),
    source=st.just("paperdeck"),
    abstract=st.sampled_from(ABSTRACTS),
    identifiers=st.lists(st.sampled_from(IDENTIFIERS), max_size=2, unique=True).map(tuple),
    sightings=st.lists(OLD_SIGHTINGS, max_size=2).map(tuple),
    other_abstracts=st.lists(OTHER_ABSTRACTS, max_size=1).map(tuple),
    tags=st.sampled_from([None, (), ("inbox",), ("rl", "starred")]),
    note=st.sampled_from(NOTES),
)
NAMES = st.lists(st.sampled_from(TAG_NAMES), max_size=2)
EDITS = st.builds(
    lambda added, removed: read_tag_edit([*(f"+{n}" for n in added), *(f"-{n}" for n in removed)]),
    NAMES,
    NAMES,
)
KEYS = st.lists(st.integers(1, 6), min_size=1, max_size=3)
NUMBERS = st.integers(0, 1000)
QUERIES = {
    text: parse(text, today=date(2026, 3, 12))
    for text in (
        *(f"is:{state}" for state in ("inbox", "unread", "read", "starred", "queued", "archived")),
        *("is:dismissed", "is:rising", "has:note", "-has:note is:read"),
        *("tag:rl", "tag:RL,starred", "tag:rl/deep", "tag:éa", "tag:none", "-tag:rl is:inbox"),
        "votes:>4",
        *(f"listed:{day}" for day in DAYS),
    )
}
"""Parsed once: what is searched for after every step."""

R = TypeVar("R")


class Clock:
    """A clock that stands until it is set on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    @property
    def noted(self) -> str:
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")


def counted(act: Callable[..., R]) -> Callable[..., R]:
    """Count how often a rule is run."""

    @wraps(act)
    def counting(self: Machine, **arguments: Any) -> R:
        self.ran[act.__name__] += 1
        return act(self, **arguments)

    return counting


def as_line(record: Record) -> str:
    """Return a record in our own format."""
    facts = {
        "title": record.title,
        "abstract": record.abstract,
        "venue": record.venue,
        "identifiers": [str(one) for one in record.identifiers],
        "sightings": [
            {
                name: getattr(one, name)
                for name in ("source", "day", "rank", "votes", "comments", "day_is_guess", "seen")
                if getattr(one, name) not in {None, ""}
            }
            for one in record.sightings
        ],
        "other_abstracts": [
            {"source": one.source, "day": one.day or None, "text": one.text}
            for one in record.other_abstracts
        ],
    }
    if record.note:
        facts["note"] = record.note
    return json.dumps(facts if record.tags is None else facts | {"tags": record.tags})


RULES = {
    *("time_passes", "bring_in", "bring_in_from_another_library", "tag", "decide", "read"),
    *(
        "write_note",
        "remove",
        "undo",
        "redo",
        "turn_by_name",
        "save_view",
        "remove_view",
        "dump",
        "restore",
    ),
    *("begin", "reopen", "end", "adopt", "compact"),
}


class Machine(RuleBasedStateMachine):
    """Programs at work on one library, beside the reference."""

    def __init__(self, model: Reference, template: Path, ran: Counter[str]) -> None:
        super().__init__()
        self.model = model
        self.ran = ran
        self.clock = Clock()
        self.place = TemporaryDirectory()
        self.folder = Path(self.place.name) / "library"
        copytree(template, self.folder)
        self.libraries: dict[str, Library] = {}
        self.ended: set[str] = set()
        self.dumps: list[Snapshot] = [model.dump()]
        for program in PROGRAMS[:2]:
            self.open_library(program)

    def teardown(self) -> None:
        for library in self.libraries.values():
            library.close()
        self.place.cleanup()

    def open_library(self, program: str) -> None:
        index = Path(self.place.name) / "index"
        self.libraries[program] = Library(
            self.folder, index_folder=index, program=program, clock=self.clock
        )
        self.ended.discard(program)

    def pick(self, number: int) -> tuple[str, Library]:
        """Return one of the programs at work."""
        names = sorted(self.libraries)
        name = names[number % len(names)]
        return name, self.libraries[name]

    # What programs do

    @rule(minutes=st.sampled_from([1, 60, 1440]))
    @counted
    def time_passes(self, minutes: int) -> None:
        self.clock.time += timedelta(minutes=minutes)

    @rule(
        who=NUMBERS,
        records=st.lists(RECORDS, min_size=1, max_size=3),
        tags=st.lists(st.sampled_from(["rl", "RL", "rl/deep"]), max_size=1),
        into_inbox=st.sampled_from([True, True, False]),
        is_repeated=st.booleans(),
    )
    @counted
    def bring_in(
        self,
        who: int,
        records: list[Record],
        tags: list[str],
        *,
        into_inbox: bool,
        is_repeated: bool,
    ) -> None:
        """Import records of any source, perhaps twice; the second time changes nothing."""
        program, _ = self.pick(who)
        options = ImportOptions(tuple(tags), into_inbox)
        with closing(Database(self.folder)) as database:

            def bring_in() -> ImportReport:
                run = ImportRun(database, options, program, "import", self.clock.noted)
                run.write(records)
                return run.finish((), 0.0)

            report = bring_in()
            self.compare_import(report, program, records, options)
            if is_repeated:
                entries = len(self.model.entries)
                self.compare_import(bring_in(), program, records, options)
                # Whatever the later records have made of the earlier ones' papers.
                assert len(self.model.entries) == entries

    @rule(
        who=NUMBERS,
        records=st.lists(OF_ANOTHER_LIBRARY, min_size=1, max_size=2),
        into_inbox=st.booleans(),
    )
    @counted
    def bring_in_from_another_library(
        self, who: int, records: list[Record], *, into_inbox: bool
    ) -> None:
        program, library = self.pick(who)
        options = ImportOptions(into_inbox=into_inbox)
        content = "\n".join(map(as_line, records)).encode()
        source = Source("papers.jsonl", lambda: BytesIO(content), date(2026, 3, 12))
        report = library.imports.bring_in([source], options=options)
        self.compare_import(report, program, records, options)

    def compare_import(
        self, report: ImportReport, program: str, records: Sequence[Record], options: ImportOptions
    ) -> None:
        expected = self.model.bring_in(
            program,
            records,
            tags=options.tags,
            into_inbox=options.into_inbox,
            now=self.clock.noted,
        )
        assert report.refused == ()
        _, library = self.pick(0)
        found = library.search(report.query).keys if report.query else ()
        assert sorted(found) == sorted(expected.papers)
        assert {
            "added": report.added,
            "updated": report.updated,
            "unchanged": report.unchanged,
        } == {name: expected.counts[name] for name in ("added", "updated", "unchanged")}
        assert [one.identifier for one in report.conflicts] == expected.clashes

    @rule(who=NUMBERS, keys=KEYS, edit=EDITS)
    @counted
    def tag(self, who: int, keys: list[int], edit: TagEdit) -> None:
        program, library = self.pick(who)
        changed = library.tags.edit(keys, edit)
        assert len(changed) == self.model.edit(program, keys, edit, "tag", now=self.clock.noted)

    @rule(
        who=NUMBERS,
        keys=KEYS,
        act=st.sampled_from(
            [
                ("archive", "-inbox -unread"),
                ("dismiss", "-inbox -unread +dismissed"),
                ("star", "+starred"),
            ]
        ),
    )
    @counted
    def decide(self, who: int, keys: list[int], act: tuple[str, str]) -> None:
        program, library = self.pick(who)
        label, words = act
        edit = read_tag_edit(words.split())
        library.tags.edit(keys, edit, label=label)
        self.model.edit(program, keys, edit, label, now=self.clock.noted)

    @rule(who=NUMBERS, key=st.integers(1, 6))
    @counted
    def read(self, who: int, key: int) -> None:
        program, library = self.pick(who)
        edit = TagEdit(removed=("unread",))
        library.tags.edit([key], edit, label="read", kind=EntryKind.AUTOMATIC)
        self.model.edit(
            program, [key], edit, "read", now=self.clock.noted, kind=EntryKind.AUTOMATIC.value
        )

    @rule(who=NUMBERS, key=st.integers(1, 6), text=st.sampled_from(NOTES))
    @counted
    def write_note(self, who: int, key: int, text: str) -> None:
        program, library = self.pick(who)
        is_news = self.model.set_note(program, key, text, now=self.clock.noted)
        assert library.set_note(key, f"{text}  \n") == is_news

    @rule(who=NUMBERS, keys=KEYS)
    @counted
    def remove(self, who: int, keys: list[int]) -> None:
        program, library = self.pick(who)
        removed = library.remove(keys)
        assert len(removed) == self.model.remove(program, keys, "remove", now=self.clock.noted)

    # The history

    @rule(who=NUMBERS)
    @counted
    def undo(self, who: int) -> None:
        program, library = self.pick(who)
        self.compare_reversal(library.history.undo(), self.model.undo(program))

    @rule(who=NUMBERS)
    @counted
    def redo(self, who: int) -> None:
        program, library = self.pick(who)
        self.compare_reversal(library.history.redo(), self.model.redo(program))

    @precondition(lambda self: self.model.entries)
    @rule(who=NUMBERS, number=NUMBERS)
    @counted
    def turn_by_name(self, who: int, number: int) -> None:
        """Undo an entry that stands, or redo one that does not, and not the other way round."""
        program, library = self.pick(who)
        entry = self.model.entries[number % len(self.model.entries)]
        if entry.state == "standing":
            with pytest.raises(UnknownEntryError):
                library.history.redo(entry.key)
            remembered = self.joins()
            reversal = library.history.undo(entry.key)
            # The model knows nothing of what is remembered of joins, which may be all that goes.
            forgets = self.joins() != remembered
            self.compare_reversal(reversal, self.model.undo(program, entry.key, forgets=forgets))
        else:
            with pytest.raises(UnknownEntryError):
                library.history.undo(entry.key)
            self.compare_reversal(
                library.history.redo(entry.key), self.model.redo(program, entry.key)
            )

    def joins(self) -> int:
        """Return how many joins are remembered."""
        with closing(sqlite3.connect(self.folder / FILE_NAME)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM joins").fetchone()
        return int(count)

    def compare_reversal(
        self,
        reversal: Reversal | None,
        expected: tuple[Entry, set[int], set[int], list[str]] | None,
    ) -> None:
        found = reversal and (
            reversal.key,
            reversal.label,
            set(reversal.changed),
            set(reversal.kept),
            list(reversal.kept_views),
        )
        wanted = expected and (expected[0].key, expected[0].label, *expected[1:])
        assert found == wanted

    # Views

    @rule(who=NUMBERS, name=st.sampled_from(VIEW_NAMES), query=st.sampled_from(VIEW_QUERIES))
    @counted
    def save_view(self, who: int, name: str, query: str) -> None:
        program, library = self.pick(who)
        try:
            self.model.save_view(program, name, query, now=self.clock.noted)
        except self.model.refused:
            with pytest.raises(QuerySyntaxError):
                library.views.save(name, query)
        else:
            library.views.save(name, query)

    @rule(who=NUMBERS, name=st.sampled_from(VIEW_NAMES))
    @counted
    def remove_view(self, who: int, name: str) -> None:
        program, library = self.pick(who)
        try:
            self.model.remove_view(program, name, now=self.clock.noted)
        except self.model.refused:
            with pytest.raises(KeyError):
                library.views.remove(name)
        else:
            library.views.remove(name)

    # Dumps

    @rule(who=NUMBERS)
    @counted
    def dump(self, who: int) -> None:
        _, library = self.pick(who)
        self.dumps.append(self.model.dump())
        assert list(library.decisions.dump()) == self.dumps[-1].lines()

    @precondition(lambda self: self.dumps)
    @rule(who=NUMBERS, number=NUMBERS, adding=st.booleans())
    @counted
    def restore(self, who: int, number: int, *, adding: bool) -> None:
        program, library = self.pick(who)
        dump = self.dumps[number % len(self.dumps)]
        try:
            expected = self.model.restore(
                program, dump, adding=adding, label="restore", now=self.clock.noted
            )
        except self.model.refused:
            with pytest.raises(EditsRefusedError):
                library.decisions.restore(dump.lines(), adding=adding)
            return
        report = library.decisions.restore(dump.lines(), adding=adding)
        found = (set(report.changed), report.views, [one.target for one in report.unknown])
        assert found == expected

    # Programs

    @precondition(lambda self: len(self.libraries) < len(PROGRAMS))
    @rule(number=NUMBERS)
    @counted
    def begin(self, number: int) -> None:
        """Another program goes to work on the library, or one that was at work before."""
        absent = [name for name in PROGRAMS if name not in self.libraries]
        self.open_library(absent[number % len(absent)])

    @rule(who=NUMBERS)
    @counted
    def reopen(self, who: int) -> None:
        program, library = self.pick(who)
        library.close()
        self.open_library(program)

    @precondition(lambda self: len(self.libraries) > 1)
    @rule(who=NUMBERS)
    @counted
    def end(self, who: int) -> None:
        program, library = self.pick(who)
        library.close()
        del self.libraries[program]
        self.ended.add(program)

    @precondition(lambda self: self.ended)
    @rule(who=NUMBERS)
    @counted
    def adopt(self, who: int) -> None:
        program, library = self.pick(who)
        library.history.adopt(self.ended.__contains__)
        self.model.adopt(program, self.ended)

    @rule()
    @counted
    def compact(self) -> None:
        """What nothing needs goes, in a moment of leisure."""
        compact(self.folder / FILE_NAME, pause=0)

    # What is the same after every step

    @property
    def any_library(self) -> Library:
        """Return one after the other of the programs' libraries."""
        return self.pick(len(self.model.entries))[1]

    @invariant()
    def the_library_is_as_the_model(self) -> None:
        self.the_papers_are_those_of_the_model()
        self.searches_find_what_they_should()
        self.the_history_is_that_of_the_model()
        self.the_views_are_those_of_the_model()
        self.its_own_dump_changes_nothing()

    def the_papers_are_those_of_the_model(self) -> None:
        library, model = self.any_library, self.model
        keys = model.keys()
        assert sorted(library.search("").keys) == keys
        assert len(library) == len(keys)
        for paper in library.papers(keys):
            key = paper.key
            assert paper.title == model.slots[key, "title"]
            assert paper.abstract == model.slots.get((key, "abstract"), "")
            assert paper.venue == model.slots.get((key, "venue"), "")
            others = [(one.source, one.day, one.text) for one in paper.other_abstracts]
            assert others == model.other_abstracts(key)
            named = set(map(str, paper.identifiers))
            facts = [one for one in paper.provenance if one.field not in named]
            assert {one.field: (one.source, one.day) for one in facts} == {
                slot[2]: stamp for slot, stamp in model.slots.items() if slot[:2] == (key, "stamp")
            }
            assert paper.identifiers == model.identifiers(key)
            assert list(paper.sightings) == model.sightings(key)
            assert (paper.listed, paper.listed_is_guess) == (
                model.listed(key),
                model.listed_is_guess(key),
            )
            assert paper.votes == model.latest(key, "votes")
            assert paper.comments == model.latest(key, "comments")
            assert paper.tags == model.tag_names(key)
            assert paper.added == model.added[key]
            assert paper.note == model.note(key)
        for row in library.rows(keys):
            own = model.identifiers(row.key)
            assert row.id == (str(own[0]) if own else "")
            assert row.comments == model.latest(row.key, "comments")
            assert (row.is_rising, row.has_note) == (
                model.is_rising(row.key),
                bool(model.note(row.key)),
            )

    def searches_find_what_they_should(self) -> None:
        library, model = self.any_library, self.model
        keys = set(model.keys())
        expected = {
            **{f"is:{state}": set(model.in_state(state)) for state in model.states},
            "tag:rl": model.tagged("rl"),
            "tag:RL,starred": model.tagged("rl") | model.tagged("starred"),
            "tag:rl/deep": model.tagged("rl/deep"),
            "tag:éa": model.tagged("éa"),
            "tag:none": {key for key in keys if not model.own_tags(key)},
            "-tag:rl is:inbox": model.tagged("inbox") - model.tagged("rl"),
            "has:note": {key for key in keys if model.note(key)},
            "-has:note is:read": {k for k in model.in_state("read") if not model.note(k)},
            "votes:>4": {key for key in keys if (model.latest(key, "votes") or 0) > 4},
            **{f"listed:{day}": model.listed_on(day) for day in DAYS},
        }
        for text, found in expected.items():
            assert set(library.search(QUERIES[text]).keys) == found, text
        assert library.tags.papers_with("RL") == {key for key in keys if "rl" in model.tags(key)}
        for identifier in IDENTIFIERS:
            owner = model.owner(identifier)
            if owner in keys:
                assert library.paper_by_identifier(str(identifier)).key == owner
            else:
                with pytest.raises(UnknownPaperError):
                    library.paper_by_identifier(str(identifier))
        counts = [(one.name, one.papers, one.unread) for one in library.tags.counts()]
        assert counts == model.tag_counts()

    def the_history_is_that_of_the_model(self) -> None:
        assert [
            (e.key, e.label, e.kind.value, e.program, e.made_at, e.state.value, e.papers)
            for e in reversed(self.any_library.history.entries())
        ] == [
            (e.key, e.label, e.kind, e.program, e.made_at, e.state, len(e.papers))
            for e in self.model.entries
        ]

    def the_views_are_those_of_the_model(self) -> None:
        library = self.any_library
        assert list(library.views.items()) == list(self.model.views().items())
        for name in VIEW_NAMES:
            if self.model.can_read(f"view:{name}"):
                library.search(f"view:{name}")
            else:
                with pytest.raises(QuerySyntaxError):
                    library.search(f"view:{name}")

    def its_own_dump_changes_nothing(self) -> None:
        library = self.any_library
        lines = list(library.decisions.dump())
        assert lines == self.model.dump().lines()
        before = library.revision
        report = library.decisions.restore(lines)
        assert (report.changed, report.views, report.unknown) == ((), 0, ())
        assert library.revision == before


def test_the_library_is_as_the_model_whatever_is_done(
    reference: Callable[[], Reference], tmp_path: Path
) -> None:
    template = tmp_path / "template"
    Database(template).close()
    ran: Counter[str] = Counter()

    class BesideReference(Machine):
        def __init__(self) -> None:
            super().__init__(reference(), template, ran)

    run_state_machine_as_test(
        BesideReference,
        settings=settings(
            max_examples=EXAMPLES or 60,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not EXAMPLES,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(ran) == RULES, "a rule that is never run shows nothing"
    sys.stdout.write(f"{sum(ran.values()):,} steps: {dict(ran.most_common())}\n")


# Programs at once

TAGGINGS = 30
WORKER = """
import sys
from pathlib import Path
from store.library import Library
from store.tagnames import TagEdit

folder, program, keys = Path(sys.argv[1]), sys.argv[2], tuple(map(int, sys.argv[3].split(",")))
with Library(folder, index_folder=folder.parent / "index", program=program) as library:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[4])):
        library.tags.edit(keys, TagEdit((f"{program}/{number}", "both"), ("inbox",)))
        is_mine = library.tags.edit(keys, TagEdit(removed=("both",)))
        if is_mine and number % 3 == 0:
            library.history.undo()
"""
"""What a program does with papers, after it was told to begin.

Up to 10 of 30 times it undoes "-both", unless the other program was quicker to take that off.
"""


@pytest.fixture
def keys(library: Library) -> tuple[int, ...]:
    """Five papers, brought in by a program that nobody asks to undo anything."""
    content = "\n".join(json.dumps({"title": f"Paper {number}"}) for number in range(5)).encode()
    source = Source("papers.jsonl", lambda: BytesIO(content), date(2026, 3, 12))
    report = library.imports.bring_in([source], format_name="paperdeck")
    found = tuple(sorted(library.search(report.query).keys))
    assert len(found) == 5
    return found


def replayed(folder: Path) -> set[tuple[int, str]]:
    """Return the tags that papers have if all that stands in the history was done in its order."""
    tags: set[tuple[int, str]] = set()
    with closing(Database(folder)) as database:
        changes = database.connection.execute(
            "SELECT paper, field, before, after FROM changes JOIN journal ON journal.key = journal"
            " WHERE state = 'standing' ORDER BY journal, number"
        )
        for paper, field, before, after in changes:
            if field == "paper":
                tags |= {(paper, name) for name in json.loads(after)}
            elif after is not None:
                tags.add((paper, after))
            else:
                tags.discard((paper, before))
    return tags


def tags_in(library: Library, keys: Sequence[int]) -> set[tuple[int, str]]:
    return {(paper.key, name) for paper in library.papers(keys) for name in paper.tags}


def counts_in(library: Library, keys: Sequence[int]) -> Counter[str]:
    return Counter(name for _, name in tags_in(library, keys))


def test_two_processes_that_decide_at_once_lose_nothing(
    library: Library, folder: Path, keys: tuple[int, ...]
) -> None:
    programs = ("ann", "bob")
    named = ",".join(map(str, keys))
    commands = [
        [sys.executable, "-c", WORKER, str(folder), program, named, str(TAGGINGS)]
        for program in programs
    ]
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=Path(__file__).parents[1],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for command in commands
        ]
        # Each waits for a line, so that both begin at once.
        ready = [worker.stdout.readline() for worker in workers if worker.stdout]
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.close()
            worker.stdin = None
        said = [worker.communicate(timeout=60) for worker in workers]
    assert ready == ["ready\n"] * len(programs)
    assert said == [("", "")] * len(programs)
    assert [worker.returncode for worker in workers] == [0] * len(programs)
    own = {(key, f"{program}/{n}") for key in keys for program in programs for n in range(TAGGINGS)}
    tags = tags_in(library, keys)
    assert own <= tags
    assert not any(name == "inbox" for _, name in tags)
    assert dict(counts_in(library, keys)) == {c.name: c.papers for c in library.tags.counts()}
    assert {entry.program for entry in library.history.entries()} == {*programs, "test"}


def test_threads_that_decide_at_once_undo_their_own_alone(
    library: Library, folder: Path, tmp_path: Path, keys: tuple[int, ...]
) -> None:
    before = tags_in(library, keys)
    programs = ("ann", "bob")
    start = Barrier(len(programs))
    failures: list[StoreError] = []

    def open_as(program: str) -> Library:
        return Library(folder, index_folder=tmp_path / "index", program=program)

    def work(program: str) -> None:
        try:
            with open_as(program) as own:
                start.wait()
                for number in range(TAGGINGS):
                    own.tags.edit(keys, TagEdit((f"{program}/{number}",)))
                    own.history.undo()
                    own.history.redo()
        except StoreError as error:
            failures.append(error)

    threads = [Thread(target=work, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    names = [f"{program}/{number}" for program in programs for number in range(TAGGINGS)]
    assert tags_in(library, keys) == before | {(key, name) for key in keys for name in names}
    with open_as("ann") as own:
        undone = 0
        while (reversal := own.history.undo()) is not None:
            assert (reversal.changed, reversal.kept) == (keys, ())
            undone += 1
    assert undone == TAGGINGS
    theirs = {(key, f"bob/{number}") for key in keys for number in range(TAGGINGS)}
    assert tags_in(library, keys) == before | theirs
    assert dict(counts_in(library, keys)) == {c.name: c.papers for c in library.tags.counts()}


def test_the_history_of_programs_that_contend_for_a_tag_tells_what_happened(
    library: Library, folder: Path, tmp_path: Path, keys: tuple[int, ...]
) -> None:
    start = Barrier(2)
    failures: list[StoreError] = []

    def work(program: str, edits: Sequence[TagEdit]) -> None:
        try:
            with Library(folder, index_folder=tmp_path / "index", program=program) as own:
                start.wait()
                for _ in range(TAGGINGS):
                    for edit in edits:
                        own.tags.edit(keys, edit)
        except StoreError as error:
            failures.append(error)

    on, off = TagEdit(("ours",)), TagEdit(removed=("ours",))
    threads = [
        Thread(target=work, args=("ann", (on, off))),
        Thread(target=work, args=("bob", (off, on))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert tags_in(library, keys) == replayed(folder)
    assert dict(counts_in(library, keys)) == {c.name: c.papers for c in library.tags.counts()}

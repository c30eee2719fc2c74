"""What is kept in memory of papers is what the record says, whatever was done to them."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing, suppress
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store import reading
from store.changes.change import Change, apply
from store.changes.tags import tags_as_text
from store.errors import UnknownEntryError
from store.library import Library
from store.models import NEW_PAPER_TAGS
from store.query import nodes as q
from store.query.limits import OPERANDS
from store.query.parsing import DEEPEST_NESTING, parse
from store.record.database import Database
from store.record.touches import KEPT_REVISIONS, touched_since
from store.searching.conditions import condition_of
from store.searching.masks import Masks
from store.searching.search import Search
from store.searching.sorting import ORDER_BY
from store.searching.stock import KEPT_MASKS, Stock, Wanted
from store.tagnames import read_tag_edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conftest import Desk, DeskOpener, RecordBuilder

    from store.models import Record
    from store.query.found import Found

TODAY = date(2026, 3, 12)
PAPERS = 300


class NoText:
    """A text index that is never asked."""

    def matches(self, node: q.Node) -> Found:
        raise AssertionError(node)

    def most_words(self, nodes: Sequence[q.Node]) -> Found:
        raise AssertionError(nodes)

    def similar(self, key: int) -> Found:
        raise AssertionError(key)

    def searchable(self) -> int:
        raise AssertionError


def searched(desk: Desk, masks: Masks) -> Search:
    """Return a search that has what it needs in memory."""
    masks.load()
    return Search(desk.connection, masks, NoText(), UTC)


def node_of(text: str) -> q.Node:
    return parse(text, today=TODAY).node


def walked(desk: Desk, node: q.Node, sort: q.Sort) -> tuple[int, ...]:
    """Return what the record itself says that a query finds."""
    sql, values = condition_of(node, UTC)
    return tuple(
        desk.column(
            f"SELECT key FROM papers AS p WHERE removed = 0 AND {sql} ORDER BY {ORDER_BY[sort]}",  # noqa: S608 - our conditions
            *values,
        )
    )


TEXTS = (
    *("tag:rl", "tag:rl/deep", "tag:none", "tag:unheard-of", "tag:rl,dismissed/no", "tag:vision"),
    *("is:inbox", "is:starred", "is:archived", "is:read", "is:unread", "is:dismissed"),
    *("on:2026-02-02", "on:2026-01", "listed:<2026-01-03", "date:2026-01-02", "date:<2026-02"),
    *("2401.00003", "2401.00123", "id:nonsense", "id:paperdeck:4", "date:2026", "date:>2026-02-03"),
    *("added:today", "added:<today", "votes:>60", "votes:<3", "comments:0", "has:pdf", "has:code"),
    *("has:abstract", "src:feed", "src:page", "*", "has:note", "is:rising"),
    *("import:last", "import:1", "import:>2", "import:..2", "import:2..9", "import:99"),
)
LEAVES = st.sampled_from([node_of(text) for text in TEXTS])


def several(nodes: st.SearchStrategy[q.Node]) -> st.SearchStrategy[tuple[q.Node, ...]]:
    return st.lists(nodes, min_size=2, max_size=4).map(tuple)


NODES = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.builds(q.Not, nodes), st.builds(q.And, several(nodes)), st.builds(q.Or, several(nodes))
    ),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Desk]:
    """Many papers in the inbox and few with any other tag or on any one day."""
    with desk_in(tmp_path_factory.mktemp("shelf")) as desk:
        papers = [
            record(
                f"Paper {number * 7 % 300}",
                f"2401.{number:05}",
                day=f"2026-{1 + number % 3:02}-{1 + number % 28:02}" if number % 9 else None,
                published=("2026", "2026-02", "2025-12-31", None)[number % 4],
                votes=number % 70 if number % 9 else None,
                note="Mine." if number % 70 == 3 else "",
                tags=(
                    *(["inbox"] if number % 10 else ["dismissed/no"]),
                    *(["starred"] if number % 50 == 3 else []),
                    *(["rl"] if number % 40 == 3 else []),
                    *(["rl/deep"] if number % 60 == 3 else []),
                ),
            )
            for number in range(PAPERS)
        ]
        for part in (papers[:90], papers[90:92], papers[92:]):
            desk.bring_in(*part)
        some = desk.keys()[::40]
        desk.tag("-inbox", *some)
        for key in desk.keys()[5::50]:
            desk.act(Change(key, "paper", tags_as_text(desk.tags(key)), None))
        yield desk


@settings(max_examples=300, deadline=None)
@given(node=NODES, sort=st.sampled_from(list(q.Sort)), limit=st.integers(0, PAPERS + 1))
def test_memory_finds_what_the_record_finds_and_in_its_order(
    shelf: Desk, node: q.Node, sort: q.Sort, limit: int
) -> None:
    wanted = walked(shelf, node, sort)
    for masks in (Masks(shelf.database), Masks(shelf.database)):
        search = Search(shelf.connection, masks, NoText(), UTC)
        assert search.keys(q.Query(node, sort)) == (wanted, None)
        first = (wanted[:limit], None, len(wanted))
        assert search.first(q.Query(node, sort), limit)[:3] == first
        masks.load()
        assert search.keys(q.Query(node, sort)) == (wanted, None)
        assert search.first(q.Query(node, sort), limit)[:3] == first


def test_what_was_not_asked_for_lately_is_forgotten(shelf: Desk) -> None:
    stock = Stock()
    nodes = [node_of(f"on:2026-02-{day % 28 + 1:02} is:inbox -tag:t{day}") for day in range(99)]
    for node in (*nodes, *nodes):
        moment = stock.latest(shelf.connection, Wanted(node, q.Sort.DATE, UTC))
        assert set(np.flatnonzero(moment.mask(node))) == set(walked(shelf, node, q.Sort.DATE))
    assert KEPT_MASKS < len(stock) < KEPT_MASKS + 9


LONG = ("tag:t{}", "id:2401.{:05}", "on:2025-03-{:02}", "is:starred", "-is:read", "has:pdf")


@pytest.mark.parametrize("joint", [" ", " OR ", " OR -", " -"])
@pytest.mark.parametrize("leaf", LONG)
def test_the_longest_and_deepest_query_is_answered(shelf: Desk, leaf: str, joint: str) -> None:
    leaves = [leaf.format(number % 28 + 1) for number in range(OPERANDS.most - DEEPEST_NESTING)]
    wide = joint.join(leaves[: OPERANDS.most - 3 * DEEPEST_NESTING])
    half = DEEPEST_NESTING // 2 - 1
    nested = "(is:starred -(tag:rl OR " * half + wide + "))" * half
    masks = Masks(shelf.database)
    for text in (f"tag:unheard-of {nested}", f"({nested}) OR tag:unheard-of".replace("--", "-")):
        node = node_of(text)
        assert searched(shelf, masks).keys(q.Query(node))[0] == walked(shelf, node, q.Sort.DATE)


def test_an_empty_library_is_answered(desk: Desk) -> None:
    masks = Masks(desk.database)
    for sort in q.Sort:
        assert searched(desk, masks).keys(q.Query(node_of("tag:rl is:inbox"), sort)) == ((), None)


# What is done to a few papers, by the program itself and by another

FEW = 6
WORDS = st.lists(
    st.sampled_from(
        [
            *("+unread", "-unread", "+inbox", "-inbox", "+rl", "-rl", "+RL/deep", "-rl/deep"),
            *("+starred", "+dismissed", "-dismissed", "+vision"),
        ]
    ),
    min_size=1,
    max_size=3,
    unique=True,
).map(" ".join)
KEYS = st.lists(st.integers(1, FEW), min_size=1, max_size=3, unique=True)
TITLES = ("Sheep", "Goats", "Paper 3", "zebras")
DEEDS = st.one_of(
    st.tuples(st.just("tag"), WORDS, KEYS),
    st.tuples(st.just("tag elsewhere"), WORDS, KEYS),
    st.tuples(st.just("remove"), KEYS),
    st.tuples(st.just("note"), st.sampled_from(["", "Mine."]), st.integers(1, FEW)),
    st.tuples(
        st.just("rename"),
        st.sampled_from(["rl", "vision"]),
        st.sampled_from(["vision", "RL", "graphs"]),
    ),
    st.tuples(st.just("restore"), WORDS, st.integers(1, FEW)),
    st.tuples(
        st.just("import"), st.lists(st.integers(1, FEW + 3)), st.integers(0, 99), st.integers(1, 12)
    ),
    st.tuples(st.just("retitle"), st.integers(1, FEW), st.sampled_from(TITLES)),
    st.tuples(st.just("view"), st.sampled_from(["tag:rl", "is:inbox"])),
    st.tuples(st.sampled_from(["undo", "redo"]), st.none() | st.integers(1, 9)),
)


class Pair:
    """A library that one program searches and changes, and another changes too."""

    def __init__(self, library: Library, desk: Desk, record: RecordBuilder) -> None:
        self.library = library
        self.desk = desk
        self.record = record
        self.hours = 0
        self.masks = library._masks  # noqa: SLF001 - what is kept must follow what the library does

    def do(self, deed: tuple[object, ...]) -> None:  # noqa: C901 - a table of deeds
        library, desk = self.library, self.desk
        self.hours += 1
        match deed:
            case ("tag", str(words), list(keys)):
                library.tags.edit(keys, read_tag_edit(words.split()), label=words)
            case ("tag elsewhere", str(words), list(keys)):
                desk.tag(words, *keys)
            case ("remove", list(keys)):
                library.remove(keys)
            case ("note", str(text), int(key)):
                library.set_note(key, text)
            case ("rename", str(old), str(new)):
                if any(count.name == old for count in library.tags.counts()):
                    library.tags.rename(old, new)
            case ("restore", str(words), int(key)):
                library.decisions.restore([f"{words} -- paperdeck:{key}"], adding=True)
            case ("import", list(numbers), int(votes), int(day)):
                run = desk.run(now=f"2026-03-{10 + self.hours % 5}T{self.hours:02}:00:00Z")
                run.write([self.paper(number, votes, day) for number in numbers])
                run.finish((), 0.0)
            case ("retitle", int(key), str(title)):
                before = desk.paper(key).title
                desk.act(Change(key, "title", before, title))
            case ("view", str(text)):
                library.views.save("mine", text)
            case ("undo" | "redo" as what, entry):
                turn = library.history.undo if what == "undo" else library.history.redo
                with suppress(UnknownEntryError):
                    turn(entry if isinstance(entry, int) else None)
            case _:
                raise AssertionError(deed)

    def paper(self, number: int, votes: int, day: int) -> Record:
        return self.record(
            f"Paper {number}",
            f"2401.{number:05}",
            day=f"2026-{1 + day % 3:02}-{day:02}",
            votes=votes,
            abstract="Of https://github.com/sheep/count" if votes > 50 else "",
            tags=("rl", *NEW_PAPER_TAGS) if votes % 2 else None,
        )

    def check(self, nodes: tuple[q.Node, ...], sort: q.Sort) -> None:
        for node in nodes:
            found = searched(self.desk, self.masks).keys(q.Query(node, sort))
            assert found == (walked(self.desk, node, sort), None), (str(node), sort)
            first = found[0][:FEW]
            assert self.library.rows(first) == reading.rows(self.desk.connection, first)


# To look for a shorter case takes minutes.
@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    deeds=st.lists(
        st.tuples(DEEDS, st.lists(LEAVES, max_size=6).map(tuple), st.sampled_from(list(q.Sort))),
        max_size=14,
    )
)
def test_no_change_is_missed(
    tmp_path_factory: pytest.TempPathFactory,
    desk_in: DeskOpener,
    record: RecordBuilder,
    deeds: list[tuple[tuple[object, ...], tuple[q.Node, ...], q.Sort]],
) -> None:
    folder = tmp_path_factory.mktemp("changes")
    with (
        desk_in(folder / "library") as desk,
        Library(folder / "library", index_folder=folder / "index", program="reader") as library,
    ):
        pair = Pair(library, desk, record)
        desk.bring_in(*(pair.paper(n + 1, 20 * n, n + 1) for n in range(FEW)))
        everything = tuple(node_of(text) for text in TEXTS)
        pair.check(everything, q.Sort.TITLE)
        for deed, nodes, sort in deeds:
            pair.do(deed)
            pair.check(nodes, sort)
        for sort in q.Sort:
            pair.check(everything, sort)


def inbox(desk: Desk, masks: Masks) -> int:
    found = searched(desk, masks).first(q.Query(q.InState("inbox"), q.Sort.VOTES), None)
    assert found.keys == walked(desk, q.InState("inbox"), q.Sort.VOTES)
    return found.total


@pytest.fixture
def masks(desk: Desk) -> Masks:
    return Masks(desk.database)


def test_what_is_not_committed_is_seen_inside_and_never_outside(
    desk: Desk, record: RecordBuilder, masks: Masks
) -> None:
    desk.bring_in(*(record(f"Paper {n}") for n in range(4)))
    assert inbox(desk, masks) == 4
    with pytest.raises(KeyError), desk.database.atomic() as connection:  # noqa: PT012 - what is undone
        assert apply(connection, [Change(1, "tag", "inbox", None)])
        assert inbox(desk, masks) == 3
        raise KeyError
    assert inbox(desk, masks) == 4
    # Another change takes the number of the commit that never was.
    desk.tag("-inbox", 2, 3)
    assert inbox(desk, masks) == 2


@pytest.mark.parametrize("edits", [1, KEPT_REVISIONS, KEPT_REVISIONS + 1])
def test_whoever_comes_late_looks_at_all_papers(
    desk: Desk, record: RecordBuilder, masks: Masks, edits: int
) -> None:
    desk.bring_in(*(record(f"Paper {n}") for n in range(4)))
    (before,) = desk.column("SELECT revision FROM library")
    assert inbox(desk, masks) == 4
    with desk.database.atomic() as connection:
        for number in range(edits):
            changes = [("inbox", None), (None, "inbox")]
            apply(connection, [Change(1, "tag", *changes[number % 2])])
        apply(connection, [Change(2, "tag", "inbox", None)])
    (now,) = desk.column("SELECT revision FROM library")
    assert now == before + edits + 1
    is_known = now - before <= KEPT_REVISIONS
    assert touched_since(desk.connection, before, now) == ({1, 2} if is_known else None)
    assert len(desk.column("SELECT revision FROM touches")) <= KEPT_REVISIONS
    assert inbox(desk, masks) == 3 - edits % 2


def test_a_commit_of_a_program_that_tells_nothing_is_noticed(
    desk: Desk, record: RecordBuilder, masks: Masks
) -> None:
    desk.bring_in(*(record(f"Paper {n}") for n in range(4)))
    assert inbox(desk, masks) == 4
    with desk.database.atomic() as connection:
        connection.execute("DELETE FROM paper_tags WHERE paper = 3")
        connection.execute("UPDATE library SET revision = revision + 1")
    assert inbox(desk, masks) == 3


def test_a_library_that_went_another_way_is_another(
    desk: Desk, record: RecordBuilder, masks: Masks, tmp_path: Path
) -> None:
    desk.bring_in(*(record(f"Paper {n}") for n in range(4)))
    with closing(Database(tmp_path / "copy")) as copy:
        desk.connection.backup(copy.connection)
        desk.tag("-inbox", 1, 2)
        desk.bring_in(*(record(f"Paper {n}") for n in (7, 8, 9)))
        assert inbox(desk, masks) == 5
        # As many commits later, and with fewer of them.
        copy.connection.backup(desk.connection)
        assert inbox(desk, masks) == 4
        desk.tag("-inbox", 3)
        assert inbox(desk, masks) == 3
        desk.bring_in(record("Paper 5"))
        assert inbox(desk, masks) == 4


def test_changes_of_many_papers_are_read_anew(
    desk: Desk, record: RecordBuilder, masks: Masks
) -> None:
    keys = desk.bring_in(*(record(f"Paper {n}") for n in range(1200))).papers
    assert inbox(desk, masks) == 1200
    desk.tag("-inbox", *keys[:1100])
    assert inbox(desk, masks) == 100
    for part in (keys[:600], keys[600:1100]):  # few at a time, many at last
        desk.tag("+inbox", *part)
        searched(desk, masks)
    assert inbox(desk, masks) == 1200


def test_threads_that_search_while_papers_change_see_one_state_each(
    desk: Desk, record: RecordBuilder, masks: Masks
) -> None:
    keys = desk.bring_in(
        *(record(f"Paper {n}", votes=n, day="2026-03-01") for n in range(50))
    ).papers
    # Each paper is either in the inbox or starred, at any time.
    desk.tag("-inbox +starred", *keys[:20])
    nodes = [node_of(text) for text in ("is:inbox -is:starred", "-is:inbox is:starred")]
    wrong: list[object] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            for sort in (q.Sort.DATE, q.Sort.TITLE):
                moment = masks.moment(q.Or(tuple(nodes)), sort, UTC)
                one, other = map(moment.mask, nodes)
                if np.count_nonzero(one | other) != len(keys):
                    wrong.append((one, other))

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(60):
        words = "-inbox +starred" if number % 2 else "+inbox -starred"
        desk.tag(words, keys[number % 7], keys[number % 11])
    is_over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert inbox(desk, masks) == len(walked(desk, q.InState("inbox"), q.Sort.DATE))


FIRST_LIST = """
import sys
from pathlib import Path
from store.library import Library

folder = Path(sys.argv[1])
with Library(folder / "library", index_folder=folder / "index") as library:
    for text, limit in (("is:inbox", 50), ("", 50), ("tag:rl votes:>3", 50), ("is:inbox", None)):
        keys = library.search(text, limit=limit).keys
        library.days.starts(keys)
    print(len(keys), "numpy" in sys.modules)
    library.prepare()
    print(library.search("is:inbox").keys == keys, "numpy" in sys.modules)
"""


def test_the_first_list_is_there_before_numpy(
    tmp_path: Path, desk_in: DeskOpener, record: RecordBuilder
) -> None:
    with desk_in(tmp_path / "library") as desk:
        desk.bring_in(*(record(f"Paper {n}", day="2026-03-01") for n in range(4)))
    done = subprocess.run(
        [sys.executable, "-c", FIRST_LIST, str(tmp_path)],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["4", "False", "True", "True"]

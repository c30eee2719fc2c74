from __future__ import annotations

import json
import lzma
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from store.changes.journal import EntryKind
from store.changes.reversing import Reversal
from store.errors import (
    NoteChangedError,
    QuerySyntaxError,
    SourceError,
    StoreError,
    UnknownPaperError,
)
from store.importers import Source, bytes_of, source_from_stream, sources
from store.imports.importing import BATCH_RECORDS, ImportOptions
from store.imports.report import Refusal
from store.library import Library, local_now
from store.models import NEW_PAPER_TAGS
from store.record import FILE_NAME, locks
from store.record.database import Database
from store.tagnames import TagEdit
from store.tags import TagCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.imports.report import ImportProgress

WAIT_SECONDS = 30.0


def a_paper(number: int, **facts: Any) -> dict[str, Any]:
    """Return a paper in our own format, with an identifier."""
    return {"identifiers": [f"arxiv:2401.{number:05}"], "title": f"Paper {number}"} | facts


def lines(*objects: object, name: str = "papers.jsonl") -> Source:
    """Return a source in our own format."""
    content = "\n".join(json.dumps(one) for one in objects).encode()
    return Source(name, lambda: BytesIO(content), date(2026, 3, 12))


def bring_in(library: Library, *objects: object, **options: Any) -> tuple[int, ...]:
    report = library.imports.bring_in([lines(*objects)], options=ImportOptions(**options))
    return tuple(sorted(library.search(report.query).keys)) if report.query else ()


def titles(library: Library, query: str) -> list[str]:
    return [row.title for row in library.rows(library.search(query).keys)]


def tags(library: Library, key: int) -> set[str]:
    return set(library.paper(key).tags)


def labels(folder: Path) -> list[str]:
    with closing(Database(folder)) as database:
        return [
            label
            for (label,) in database.connection.execute("SELECT label FROM journal ORDER BY key")
        ]


def test_a_new_library_is_empty_and_answers(library: Library, folder: Path) -> None:
    assert (len(library), library.revision) == (0, 0)
    assert library.search("").keys == ()
    assert library.search("sheep is:inbox").keys == ()
    assert library.tags.counts() == ()
    assert library.history.undo() is None
    assert library.history.redo() is None
    assert library.folder == folder


def test_papers_that_come_in_are_in_the_list_at_once(library: Library) -> None:
    keys = bring_in(library, a_paper(1), a_paper(2), tags=("new",))
    assert len(library) == 2
    assert titles(library, "is:inbox tag:new sort:title") == ["Paper 1", "Paper 2"]
    assert [paper.key for paper in library.papers(keys)] == list(keys)
    assert library.tags.counts() == (
        TagCount("inbox", 2, 2),
        TagCount("new", 2, 2),
        TagCount("unread", 2, 2),
    )
    assert library.paper(keys[0]).added == "2026-03-12T07:30:00Z"
    assert library.tags.papers_with("NEW") == set(keys)
    assert list(library.days.of(keys)) == [None, None]


def test_words_find_papers_once_the_index_has_caught_up(library: Library) -> None:
    bring_in(library, a_paper(1, abstract="Sheep jump."), a_paper(2, abstract="Goats stand."))
    assert library.index.wait(WAIT_SECONDS)
    result = library.search("sheep OR goats")
    assert result.is_complete
    assert len(result.keys) == 2
    assert titles(library, "sheep") == ["Paper 1"]
    assert titles(library, "sheep is:starred") == []
    library.tags.edit(result.keys, TagEdit(("starred",)))
    assert titles(library, "sheep is:starred") == ["Paper 1"]
    library.history.undo()
    library.history.undo()
    assert titles(library, "sheep") == [], "a removed paper may be in the index still"
    library.history.redo()
    assert library.index.wait(WAIT_SECONDS)
    assert titles(library, "sheep") == ["Paper 1"]


def test_what_comes_in_during_a_search_is_not_counted_as_searched(library: Library) -> None:
    bring_in(library, a_paper(1, abstract="Sheep jump."))
    assert library.index.wait(WAIT_SECONDS)
    asked: list[bool] = []

    def bring_in_another() -> bool:
        if not asked:
            asked.append(True)
            bring_in(library, a_paper(2, abstract="Sheep jump."))
        return False

    result = library.search("sheep", cancelled=bring_in_another)
    assert asked
    assert (len(result.keys), result.searchable, result.papers, len(library)) == (1, 1, 1, 2)


def test_days_of_a_query_are_those_of_the_clock(library: Library) -> None:
    bring_in(library, a_paper(1))
    assert str(library.parse("added:yesterday")) == "added:2026-03-11"
    assert titles(library, "added:today") == ["Paper 1"]
    with pytest.raises(QuerySyntaxError):
        library.search("added:someday")


def test_a_paper_is_known_by_its_key_and_its_identifiers(library: Library) -> None:
    (key,) = bring_in(library, a_paper(1))
    for text in ("2401.00001", "https://arxiv.org/abs/2401.00001v2", f"paperdeck:{key}"):
        assert library.paper_by_identifier(text) == library.paper(key)


def test_an_unknown_paper_is_an_error_that_names_it(library: Library) -> None:
    bring_in(library, a_paper(1))
    with pytest.raises(UnknownPaperError, match=r"'2401\.00002'"):
        library.paper_by_identifier("2401.00002")
    with pytest.raises(UnknownPaperError, match="'paperdeck:99'"):
        library.paper(99)
    library.history.undo()
    with pytest.raises(UnknownPaperError, match=r"'2401\.00001'"):
        library.paper_by_identifier("2401.00001")


def test_one_tag_is_one_commit(library: Library) -> None:
    (key,) = bring_in(library, a_paper(1))
    statements: list[str] = []
    connection = library._database.connection  # noqa: SLF001 - to count what it is asked
    connection.set_trace_callback(statements.append)
    earlier = library.revision
    library.tags.edit([key], TagEdit(("starred",)))
    assert library.revision == earlier + 1
    connection.set_trace_callback(None)
    assert statements.count("BEGIN IMMEDIATE") == 1
    assert statements.count("COMMIT") == 1


def test_a_decision_outlives_a_program_that_is_killed_right_after_it(
    library: Library, folder: Path
) -> None:
    (key,) = bring_in(library, a_paper(1))
    code = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from store.library import Library\n"
        "from store.tagnames import TagEdit\n"
        f"library = Library(Path({str(folder)!r}), index_folder=Path('unused'))\n"
        f"library.tags.edit([{key}], TagEdit(('starred',)))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder.parent, env=environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert tags(library, key) == NEW_PAPER_TAGS | {"starred"}
    assert labels(folder)[-1] == "tag 'Paper 1'"


def test_an_edit_tells_which_papers_it_changed_and_names_them(
    library: Library, folder: Path
) -> None:
    keys = bring_in(library, a_paper(1), a_paper(2), a_paper(3))
    edit = TagEdit(("rl",), ("unread",))
    assert library.tags.edit(keys[:1], edit, label="tag") == keys[:1]
    assert library.tags.edit([*keys, keys[1]], edit, label="read") == keys[1:]
    assert library.tags.edit(keys, edit) == ()
    assert library.tags.edit([], edit) == ()
    assert library.tags.edit([99], edit) == ()
    assert labels(folder) == ["import: 3 added, 0 updated", "tag 'Paper 1'", "read 2 papers"]


def test_what_is_done_by_itself_is_not_undone(library: Library) -> None:
    (key,) = bring_in(library, a_paper(1))
    library.tags.edit([key], TagEdit(("starred",)), label="star")
    library.tags.edit([key], TagEdit((), ("unread",)), kind=EntryKind.AUTOMATIC)
    undone = library.history.undo()
    assert undone
    assert undone == Reversal(undone.key, "star 'Paper 1'", (key,), ())
    assert tags(library, key) == {"inbox"}
    redone = library.history.redo()
    assert redone == undone


def test_every_commit_of_any_program_grows_the_revision(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    seen = [library.revision]
    with Library(folder, index_folder=tmp_path / "index", program="other") as other:
        (key,) = bring_in(other, a_paper(1))
        seen.append(library.revision)
        library.tags.edit([key], TagEdit(("starred",)))
        seen.append(other.revision)
        library.history.undo()
        seen.append(other.revision)
        assert other.tags.edit([key], TagEdit(("inbox",))) == ()
        assert library.revision == seen[-1]
    assert seen == sorted(set(seen))


def test_what_is_refused_is_told_and_the_rest_goes_in(library: Library) -> None:
    broken = Source("broken.jsonl", lambda: BytesIO(b"\x00\x01\x02"), date(2026, 3, 12))
    report = library.imports.bring_in(
        [
            SourceError("gone.json", "no such file"),
            lines(a_paper(1), {"title": ""}, a_paper(2), name="one.jsonl"),
            broken,
            lines(a_paper(3), name="two.jsonl"),
        ]
    )
    assert (report.added, report.updated, report.unchanged) == (3, 0, 0)
    assert [(one.source, one.position) for one in report.refused] == [
        ("gone.json", ""),
        ("one.jsonl", "line 2"),
        ("broken.jsonl", ""),
    ]
    assert report.refused[0] == Refusal("gone.json", "", "no such file")
    assert len(library) == 3


def test_progress_is_told_in_records_over_all_sources(library: Library) -> None:
    told: list[tuple[str, int]] = []
    library.imports.bring_in(
        [lines(a_paper(1), a_paper(2), name="one"), lines(a_paper(3), name="two")],
        progress=lambda so_far: told.append((so_far.source, so_far.records)),
        label="import of two",
    )
    assert told == [("one", 1), ("one", 2), ("two", 3)]


@pytest.mark.parametrize("pack", [bytes, lzma.compress])
def test_progress_is_told_in_bytes_as_they_are_stored(
    library: Library, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    content = "".join(f"{json.dumps(a_paper(n))}\n" for n in range(60)).encode()
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(pack(content))
    found = list(sources([tmp_path / "a.jsonl", tmp_path / "b.jsonl"]))
    told: list[ImportProgress] = []
    library.imports.bring_in(found, progress=told.append)
    taken = [so_far.taken for so_far in told]
    assert taken == sorted(taken)
    assert taken[-1] == bytes_of(found) == 2 * len(pack(content))
    assert taken[59] == len(pack(content))


def test_how_many_bytes_a_pipe_has_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    stream = source_from_stream(BytesIO(b"1"), date(2026, 3, 12))
    assert bytes_of(sources([tmp_path / "a", tmp_path / "none"])) == 5
    assert bytes_of([*sources([tmp_path / "a"]), stream]) is None


def test_an_import_that_is_undone_midway_goes_on_as_another(library: Library) -> None:
    source = lines(*(a_paper(n) for n in range(BATCH_RECORDS * 3)))

    def undo(so_far: ImportProgress) -> None:
        if so_far.records == BATCH_RECORDS * 2:
            library.history.undo()

    report = library.imports.bring_in([source], progress=undo)
    assert report.query == "import:2"
    assert len(library.search(report.query).keys) == len(library) == BATCH_RECORDS


def test_a_paper_that_comes_back_is_of_the_import_that_brought_it_back(library: Library) -> None:
    (one, other) = bring_in(library, a_paper(1), a_paper(2))
    library.remove((one,))
    assert library.search("import:last").keys == library.search("import:1").keys == (other,)
    (again,) = bring_in(library, a_paper(1), a_paper(2))
    assert (again, library.search("import:3").keys) == (one, (one,))
    assert library.search("import:last").keys == (one,)
    library.history.undo()
    assert library.search("import:last").keys == (other,)
    library.history.redo()
    assert library.search("import:1..2").keys == (other,)
    assert library.search("-import:3").keys == (other,)


def test_an_import_that_was_cut_off_is_completed_by_a_repetition(
    library: Library, folder: Path
) -> None:
    written = BATCH_RECORDS * 2
    source = lines(*(a_paper(n) for n in range(written + 10)))

    def stop(so_far: ImportProgress) -> None:
        if so_far.records == written + 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.imports.bring_in([source], progress=stop)
    assert len(library) == written
    assert labels(folder) == ["import"]
    report = library.imports.bring_in([source])
    assert (report.added, report.unchanged) == (10, written)
    assert library.history.undo()
    assert len(library) == written
    assert library.history.undo()
    assert len(library) == 0


def test_papers_that_are_removed_are_gone_until_that_is_undone(
    library: Library, folder: Path
) -> None:
    keys = bring_in(library, a_paper(1), a_paper(2), a_paper(3))
    library.tags.edit(keys[:2], TagEdit(("starred", "RL")))
    before, counts = list(library.papers(keys)), library.tags.counts()
    assert library.remove([*keys[:2], keys[0], 99]) == keys[:2]
    assert (len(library), titles(library, "")) == (1, ["Paper 3"])
    assert titles(library, "tag:rl") == []
    assert TagCount("inbox", 1, 1) in library.tags.counts()
    assert library.remove(keys[:2]) == ()
    assert labels(folder)[2:] == ["remove 2 papers"]
    undone = library.history.undo()
    assert undone
    assert (undone.changed, undone.kept) == (keys[:2], ())
    assert (list(library.papers(keys)), library.tags.counts()) == (before, counts)
    assert library.history.redo()
    assert titles(library, "") == ["Paper 3"]


def test_a_note_is_one_entry_and_found_by_its_words(library: Library) -> None:
    first, second = bring_in(library, a_paper(1), a_paper(2))
    assert library.set_note(first, "  Ask Ana:\r\n- about \x1b[31mwool\t\n\n")
    assert library.paper(first).note == "  Ask Ana:\n- about wool"
    assert [row.has_note for row in library.rows((first, second))] == [True, False]
    assert library.history.entries()[0].label == "note 'Paper 1'"
    assert not library.set_note(first, "  Ask Ana:\n- about wool\n")
    assert not library.set_note(second, " \n")
    assert not library.set_note(10_000, "Of nothing.")
    assert len(library.history.entries()) == 2
    for query in ("has:note", "wool", "note:wool", 'note:"ana about"'):
        assert library.index.wait(30)
        assert titles(library, query) == ["Paper 1"]
    assert titles(library, "-has:note") == ["Paper 2"]
    assert library.set_note(first, "", label="clear the note of")
    assert library.index.wait(30)
    assert titles(library, "wool") == []
    undone = library.history.undo()
    assert undone
    assert (undone.label, undone.changed) == ("clear the note of 'Paper 1'", (first,))
    assert library.index.wait(30)
    assert titles(library, "wool") == ["Paper 1"]
    library.remove((first,))
    assert not library.set_note(first, "Of one that is gone.")


def test_a_note_that_is_another_one_now_is_not_replaced(library: Library) -> None:
    (key,) = bring_in(library, a_paper(1))
    assert library.set_note(key, "Mine.", instead_of="")
    assert library.set_note(key, "Mine, longer.", instead_of="Mine.")
    with pytest.raises(NoteChangedError) as caught:
        library.set_note(key, "Yours.", instead_of="Mine.")
    assert caught.value.paper == key
    assert library.paper(key).note == "Mine, longer."
    # Where both have written the same, there is nothing to lose.
    assert not library.set_note(key, "Mine, longer.", instead_of="")


def test_every_identifier_resolves_again_once_its_paper_is_back(library: Library) -> None:
    known = {"arxiv:2401.00001", "doi:10.1000/s", "pubmed:7"}
    (key,) = bring_in(library, a_paper(1))
    bring_in(library, a_paper(1, identifiers=[*known]))

    def resolving() -> set[str]:
        found = set()
        for identifier in known:
            with suppress(UnknownPaperError):
                assert library.paper_by_identifier(identifier).key == key
                found.add(identifier)
        return found

    assert resolving() == known
    library.remove([key])
    assert resolving() == set()
    library.history.undo()
    assert resolving() == known
    library.remove([key])
    assert bring_in(library, a_paper(1)) == (key,), "it comes back by any of them"
    assert resolving() == known


def test_a_removed_paper_is_new_when_it_is_imported_again(library: Library, folder: Path) -> None:
    (key,) = bring_in(library, a_paper(1))
    library.tags.edit([key], TagEdit(("starred",)))
    library.remove([key], label="forget")
    assert labels(folder)[-1] == "forget 'Paper 1'"
    assert bring_in(library, a_paper(1)) == (key,)
    assert tags(library, key) == NEW_PAPER_TAGS
    removal = library.history.entries()[1]
    undone = library.history.undo(removal.key)
    assert undone
    assert (undone.changed, undone.kept) == ((), (key,))
    assert tags(library, key) == NEW_PAPER_TAGS


@pytest.mark.parametrize("into_inbox", [True, False])
def test_undoing_the_import_of_a_removed_paper_keeps_it_as_it_is(
    library: Library, *, into_inbox: bool
) -> None:
    keys = bring_in(library, a_paper(1), a_paper(2), into_inbox=into_inbox)
    library.remove(keys[:1])
    removal, brought = library.history.entries()
    undone = library.history.undo(brought.key)
    assert undone
    assert (undone.changed, undone.kept) == (keys[1:], keys[:1])
    assert len(library) == 0
    assert library.history.undo(removal.key)
    assert titles(library, "") == ["Paper 1"]
    assert library.history.redo(brought.key)
    assert len(library) == 2


def test_an_import_through_the_library_reports_conflicts_with_their_place(
    library: Library,
) -> None:
    bring_in(library, a_paper(1, identifiers=["doi:10.1000/s"]))
    mistaken = {"identifiers": ["doi:10.1000/s"], "title": "Wool prices"}
    report = library.imports.bring_in([lines(a_paper(2), mistaken, name="more.jsonl")])
    (conflict,) = report.conflicts
    assert (conflict.source, conflict.position) == ("more.jsonl", "line 2")
    assert str(conflict.identifier) == "doi:10.1000/s"
    assert all(title in conflict.reason for title in ("Wool prices", "Paper 1"))
    assert (report.added, report.refused) == (2, ())


PAGE = """Daily Papers
by AK and the research community

Mar 14

Counting sheep at night

We count sheep. They jump over a fence, one after the other, until we sleep.
"""


def test_the_day_that_a_page_was_guessed_to_be_of_stays(folder: Path, tmp_path: Path) -> None:
    def read_in(year: int) -> list[str]:
        def clock() -> datetime:
            return datetime(year, 12, 31, 12, tzinfo=UTC)

        source = Source("page.txt", lambda: BytesIO(PAGE.encode()), date(year, 12, 31))
        with Library(folder, index_folder=tmp_path / "index", clock=clock) as library:
            library.imports.bring_in([source])
            (paper,) = library.papers(library.search("").keys)
            assert paper.listed_is_guess
            return [seen.day for seen in paper.sightings]

    assert read_in(2024) == ["2024-03-14"]
    assert read_in(2027) == ["2024-03-14"]


def test_a_copy_of_the_record_is_a_library_of_the_same_papers(
    library: Library, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    keys = bring_in(library, a_paper(1), a_paper(2))
    library.tags.edit(keys[:1], TagEdit(("starred",)))
    library.copy_record(tmp_path / "copy")
    with Library(
        tmp_path / "copy", index_folder=tmp_path / "its-index", program="test", clock=clock
    ) as copy:
        assert list(copy.papers(keys)) == list(library.papers(keys))
        assert copy.revision == library.revision
        assert copy.history.undo()
        assert tags(library, keys[0]) == NEW_PAPER_TAGS | {"starred"}


def test_closing_leaves_one_file_that_can_be_copied(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    bring_in(library, a_paper(1))
    library.close()
    assert {path.name for path in folder.iterdir()} - {locks.FILE_NAME} == {FILE_NAME}
    copytree(folder, tmp_path / "copy")
    with Library(tmp_path / "copy", index_folder=tmp_path / "index") as copy:
        assert titles(copy, "2401.00001") == ["Paper 1"]


def test_several_threads_may_use_a_library(library: Library) -> None:
    keys = bring_in(library, *(a_paper(n) for n in range(40)))
    failures: list[StoreError] = []

    def tag(name: str) -> None:
        try:
            for key in keys:
                library.tags.edit([key], TagEdit((name,)))
                library.rows(library.search(f"tag:{name}").keys)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=tag, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.search("tag:a tag:b tag:c").keys) == len(keys)


def test_the_clock_of_the_machine_has_a_zone() -> None:
    assert local_now().utcoffset() is not None
    assert local_now() - datetime.now(UTC) < timedelta(minutes=1)


NUMBERS = st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True)
NAMES = st.lists(st.sampled_from(["inbox", "starred", "rl", "RL", "a/b"]), max_size=2)
PROGRAMS = st.sampled_from(["mine", "theirs"])


def test_the_newest_paper_is_the_one_that_came_in_last(library: Library) -> None:
    assert library.newest == 0
    keys = bring_in(library, a_paper(1), a_paper(2))
    assert library.newest == max(keys)
    library.remove(keys)
    assert library.newest == max(keys)

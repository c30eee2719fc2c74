from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.changes.change import Change
from store.decisions.lines import DUMP_END, HEADER, read_decisions
from store.decisions.planning import RestorePlan, plan_restore
from store.decisions.restoring import restore as restore_all
from store.errors import DecisionSyntaxError, EditsRefusedError
from store.importers import Source
from store.library import Library
from store.query.parsing import parse
from store.text import clean_note
from store.views import Views

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conftest import Desk, DeskOpener, RecordBuilder


def check_query(_: str, text: str) -> None:
    parse(text, today=date(2026, 3, 12))


def plan(
    desk: Desk, *lines: str, adding: bool = False, views: Mapping[str, str] | None = None
) -> RestorePlan:
    planned = plan_restore(
        desk.connection,
        tuple(read_decisions(lines)),
        views=views or {},
        check_query=check_query,
        adding=adding,
    )
    for error in planned.refused:
        raise error
    return planned


def restore(desk: Desk, *lines: str, adding: bool = False) -> list[str]:
    """Change the papers as `lines` say; return the targets that are unknown."""
    planned = plan(desk, *lines, adding=adding)
    assert desk.act(*planned.changes) == list(planned.changes)
    return [decision.target for decision in planned.unknown]


def test_no_lines_change_nothing(desk: Desk) -> None:
    assert plan(desk) == RestorePlan((), ())


def test_removed_papers_are_not_found(desk: Desk, record: RecordBuilder) -> None:
    report = desk.bring_in(record("Sheep", "pubmed:7"), record("Goats"))
    for key in report.papers:
        desk.act(Change(key, "paper", '["inbox", "unread"]', None))
    lines = ["+a -- pubmed:7", f"+a -- paperdeck:{report.papers[0]}", '+a -- title:"Goats"']
    assert restore(desk, *lines) == [
        "pubmed:7",
        f"paperdeck:{report.papers[0]}",
        'title:"Goats"',
    ]


def test_papers_that_share_a_title_are_found_by_their_numbers(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        record("Introduction", abstract="One."),
        record('"Introduction"', abstract="Another."),
        record("???"),
    )
    assert plan(desk, *desk.dump()) == RestorePlan((), ())


def test_the_tags_of_a_paper_become_those_of_its_line(desk: Desk, record: RecordBuilder) -> None:
    key, other = desk.bring_in(record("Sheep", "pubmed:7"), record("Goats", "pubmed:8")).papers
    assert restore(desk, "+starred +INBOX -rl -- pubmed:7") == []
    assert desk.tags(key) == {"inbox", "starred"}
    assert desk.tags(other) == {"inbox", "unread"}
    restore(desk, "-- pubmed:7", "-unread -- pubmed:8")
    assert desk.tags(key) == desk.tags(other) == set()


def test_adding_takes_a_line_as_an_edit(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record("Sheep", "pubmed:7"), tags=("RL",)).papers
    assert restore(desk, "+starred -Unread +rl -absent -- pubmed:7", adding=True) == []
    assert desk.tags(key) == {"inbox", "starred", "RL"}
    assert plan(desk, "-- pubmed:7", adding=True).changes == ()


def test_only_what_differs_is_changed(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record("Sheep", "pubmed:7"), tags=("RL",)).papers
    assert plan(desk, "+a +inbox +rl -- pubmed:7").changes == (
        Change(key, "tag", None, "a"),
        Change(key, "tag", "unread", None),
    )
    assert plan(desk, "+INBOX +rl +unread -- pubmed:7").changes == ()


def test_changes_of_one_tag_follow_each_other_and_so_do_those_that_undo_them(
    desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(*(record(f"Sheep {n}", f"pubmed:{n}") for n in range(40))).papers
    lines = [f"+n{n % 3} {'+inbox ' * (n % 2)}-- pubmed:{n}" for n in range(40)]
    changes = plan(desk, *lines).changes
    assert len(changes) == len(keys) + len(keys) // 2 + len(keys)
    kinds = [(change.before, change.after) for change in changes]
    assert [kind for kind, _ in groupby(kinds)] == [
        *((None, f"n{n}") for n in range(3)),
        ("inbox", None),
        ("unread", None),
    ]
    desk.act(*changes)
    statements: list[str] = []
    desk.connection.set_trace_callback(statements.append)
    undone = desk.undo()
    desk.connection.set_trace_callback(None)
    assert undone
    assert undone.changed == keys
    verbs = ("INSERT OR IGNORE INTO paper_tags", "DELETE FROM paper_tags")
    # Each trigger tells the statement again that it belongs to.
    written = {statement for statement in statements if statement.startswith(verbs)}
    assert len(written) == 5, "one for each tag"


def test_a_paper_is_found_by_any_of_its_identifiers(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record("Sheep", "arxiv:2401.00001", "doi:10.1000/x")).papers
    names = ("https://arxiv.org/pdf/2401.00001v2", "10.1000/X", f"paperdeck:{key}")
    for number, name in enumerate((*names, 'title:"SHEEP!"')):
        assert restore(desk, f"+tag{number} -- {name}") == []
        assert desk.tags(key) == {f"tag{number}"}


def test_papers_not_in_the_library_are_told_and_the_rest_goes_on(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Sheep", "pubmed:7")).papers
    lines = ["+a -- arxiv:2401.99999  # Lost", "+a -- pubmed:7", '+a -- title:"???"']
    planned = plan(desk, *lines, "+a -- paperdeck:999999999999999999")
    assert [(decision.line, decision.title) for decision in planned.unknown] == [
        (1, "Lost"),
        (3, ""),
        (4, ""),
    ]
    assert {change.paper for change in planned.changes} == {key}


def test_a_title_finds_a_paper_without_identifier_first(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(
        record("On sheep", "arxiv:2401.00001"),
        record("On sheep", "arxiv:2401.00002"),
    )
    assert restore(desk, '+a -- title:"on Sheep"') == ['title:"on Sheep"']
    (key,) = desk.bring_in(record("On sheep", abstract="No id.")).papers
    assert restore(desk, '+a -- title:"on Sheep"') == []
    assert desk.tags(key) == {"a"}
    assert '+a -- title:"On sheep"' in desk.dump()


def test_a_title_of_several_papers_without_identifier_is_unknown(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Preface", abstract="One."), record("Preface", abstract="Two."))
    assert len(desk.keys()) == 2
    assert restore(desk, '+a -- title:"Preface"') == ['title:"Preface"']


def test_a_generic_title_finds_no_paper_that_has_an_identifier(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Preface", "pubmed:7"), record("Sheep", "pubmed:8"))
    assert restore(desk, '+a -- title:"Preface"', '+a -- title:"Sheep"') == ['title:"Preface"']


def test_a_number_with_another_title_is_of_another_library(
    desk: Desk, record: RecordBuilder
) -> None:
    long = "On sheep " * 20
    (key,) = desk.bring_in(record(long.strip())).papers
    assert restore(desk, f"+a -- paperdeck:{key}  # On goats") == [f"paperdeck:{key}"]
    assert desk.tags(key) == {"inbox", "unread"}
    (line,) = desk.dump()
    short = f"+a -- paperdeck:{key}  # {long[:79].rstrip()}…"
    for number, comment in enumerate((short, f"+b -- paperdeck:{key} # {long}", line)):
        assert restore(desk, comment) == [], number


@pytest.mark.parametrize(
    "second", ["doi:10.1000/x", "paperdeck:{key}", 'title:"Sheep"', "arxiv:2401.00002"]
)
def test_two_lines_on_one_paper_are_an_error_of_the_second(
    desk: Desk, record: RecordBuilder, second: str
) -> None:
    (key,) = desk.bring_in(
        record("Sheep", "arxiv:2401.00001", "arxiv:2401.00002", "doi:10.1000/x")
    ).papers
    with pytest.raises(DecisionSyntaxError, match=r"^line 3: .* is the paper of line 2 again"):
        plan(desk, "", "+a -- arxiv:2401.00001", "+a -- " + second.format(key=key))


def test_the_note_of_a_paper_becomes_that_of_its_line(desk: Desk, record: RecordBuilder) -> None:
    key, other = desk.bring_in(
        record("Sheep", "pubmed:7", note="Old."), record("Goats", "pubmed:8", note="Mine.")
    ).papers
    lines = ('note "New.\\nOf two lines." -- pubmed:7', "-- pubmed:8")
    assert restore(desk, *lines) == []
    assert desk.paper(key).note == "New.\nOf two lines."
    assert desk.tags(key) == {"inbox", "unread"}, "no line is on its tags"
    assert desk.paper(other).note == "Mine.", "no line is on its note"
    assert plan(desk, *lines).changes == ()
    restore(desk, 'note "" -- pubmed:7')
    assert desk.paper(key).note == ""


def test_adding_brings_a_note_in_where_there_is_none(desk: Desk, record: RecordBuilder) -> None:
    key, other = desk.bring_in(
        record("Sheep", "pubmed:7", note="Mine."), record("Goats", "pubmed:8")
    ).papers
    lines = ('note "Theirs." -- pubmed:7', 'note "Theirs." -- pubmed:8')
    assert plan(desk, *lines, adding=True).changes == (Change(other, "note", "", "Theirs."),)
    assert plan(desk, 'note "" -- pubmed:7', adding=True).changes == ()
    assert desk.paper(key).note == "Mine."


def test_tags_and_notes_are_one_entry_that_is_undone(library: Library) -> None:
    source = b'{"title": "Sheep", "id": "pubmed:7", "tags": ["inbox"], "note": "Mine."}'
    library.imports.bring_in(
        [Source("s.jsonl", lambda: BytesIO(source), date(2026, 3, 12))], format_name="paperdeck"
    )
    (key,) = library.search("*").keys
    before = list(library.decisions.dump())
    report = library.decisions.restore(["+a -- pubmed:7", 'note "Theirs." -- pubmed:7'])
    assert (report.changed, report.views, report.unknown) == ((key,), 0, ())
    assert library.paper(key).note == "Theirs."
    undone = library.history.undo()
    assert undone
    assert (undone.label, undone.changed, undone.kept) == ("restore 'Sheep'", (key,), ())
    assert list(library.decisions.dump()) == before


def test_a_note_on_an_unknown_paper_is_told_once(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Sheep", "pubmed:7"))
    lines = ('note "a" -- pubmed:8', 'note "b" -- pubmed:9  # Lost', "+a -- pubmed:8  # Goats")
    unknown = plan(desk, *lines).unknown
    assert [(one.line, one.title) for one in unknown] == [(3, "Goats"), (2, "Lost")]


def test_two_notes_on_one_paper_are_an_error_of_the_second(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", "pubmed:7", "doi:10.1000/x"))
    with pytest.raises(DecisionSyntaxError, match=r"^line 2: .* is the paper of line 1 again"):
        plan(desk, 'note "a" -- pubmed:7', 'note "b" -- 10.1000/x')


def test_a_note_by_number_needs_the_title_to_agree(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record("???")).papers
    target = f"paperdeck:{key}"
    assert restore(desk, f'note "a" -- {target}  # Goats') == [target]
    assert restore(desk, f'note "a" -- {target}  # Goats', f"+a -- {target}  # ???") == [target]
    assert restore(desk, f'note "a" -- {target}', f"+a -- {target}  # ???") == []
    assert desk.paper(key).note == "a"


def test_views_change_where_they_differ_and_the_others_stay(desk: Desk) -> None:
    views = {"RL": "tag:rl", "same": "votes:>5\n", "other": "x"}
    lines = ["view rl -- tag:rl,agents", "view new -- is:inbox", "view Same -- votes:>5"]
    assert plan(desk, *lines, views=views) == RestorePlan(
        (
            Change(None, "view", '["RL","tag:rl"]', '["rl","tag:rl,agents"]'),
            Change(None, "view", None, '["new","is:inbox"]'),
        ),
        (),
    )


def test_what_a_whole_dump_does_not_have_goes(library: Library, desk: Desk) -> None:
    source = b'{"title": "Sheep", "id": "pubmed:7", "tags": ["a"], "note": "Mine."}'
    other = b'{"title": "Goats", "id": "pubmed:8", "tags": ["a"], "note": "Mine."}'
    library.imports.bring_in(
        [Source("s.jsonl", lambda: BytesIO(source + b"\n" + other), date(2026, 3, 12))],
        format_name="paperdeck",
    )
    library.views.save("hot", "votes:>5")
    lines = [HEADER, "+a -- pubmed:7", DUMP_END]
    for piece in (lines[1:], lines[:-1], [*lines, "view x -- y"], ["", *lines]):
        library.decisions.restore(piece)
        assert (library.views["hot"], [paper.note for paper in desk.papers()]) == (
            "votes:>5",
            ["Mine.", "Mine."],
        )
    library.decisions.restore(lines, adding=True)
    assert "hot" in library.views
    report = library.decisions.restore(lines)
    assert (report.views, len(report.changed)) == (2, 1)
    assert not library.views
    assert [paper.note for paper in desk.papers()] == ["", "Mine."], "Goats are not named"
    assert (report.losses.notes, report.losses.views) == (1, ("hot", "x"))
    library.history.undo()
    assert "hot" in library.views


def test_lines_on_papers_that_the_list_joins_are_united(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Sheep", "pubmed:7"), record("Goats", "pubmed:8"), record("Wool"))
    lines = (
        "join pubmed:8 -- pubmed:7",
        'join title:"Wool" -- pubmed:7',
        'note "One." -- pubmed:7',
        'note "Two." -- pubmed:8',
        "+inbox +unread +a -- pubmed:7",
        "+unread +b -- pubmed:8",
        '+unread +c -- title:"Wool"',
    )
    views = Views(desk.database, desk.history, lambda *_: None)
    parts = (desk.database, desk.history, views)
    restore_all(*parts, lines, now=desk.now, adding=False, label="restore x:")
    (key,) = desk.keys()
    assert desk.tags(key) == {"a", "b", "c", "unread"}
    assert desk.paper(key).note == "One.\n\nTwo."
    # A part goes on being named.
    restore_all(*parts, ['+d -- title:"Wool"'], now=desk.now, adding=True, label="restore x:")
    assert "d" in desk.tags(key)


def test_a_view_s_query_is_checked_before_anything_else(desk: Desk) -> None:
    with pytest.raises(DecisionSyntaxError, match=r"^line 2: .* view 'odd' .*column 7"):
        plan(desk, "", "view odd -- votes:many")


_words = st.lists(
    st.sampled_from(["+a", "-A", "+b/c", "-inbox", "+unread", "-unread", "+ß", "+SS"]), max_size=5
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(_words, min_size=6, max_size=6),
    st.lists(st.just("") | st.text().map(clean_note), min_size=6, max_size=6),
)
def test_a_dump_restored_on_a_fresh_import_gives_the_same_dump(
    tmp_path_factory: pytest.TempPathFactory,
    desk_in: DeskOpener,
    record: RecordBuilder,
    edits: list[list[str]],
    notes: list[str],
) -> None:
    records = [
        record("On sheep", "arxiv:2401.00001"),
        record("On sheep", "arxiv:2401.00002"),
        record("Goats\N{ZERO WIDTH JOINER} & 'cows' # 1", "doi:10.1000/x#1"),
        record('"Quoted" -- title'),
        record("Zwölf Boxkämpfer"),
        record("x" * 300),
    ]
    with (
        desk_in(tmp_path_factory.mktemp("first") / "library") as first,
        desk_in(tmp_path_factory.mktemp("second") / "library") as second,
    ):
        keys = first.bring_in(*records).papers
        for key, words, note in zip(keys, edits, notes, strict=True):
            first.tag(" ".join(words), key)
            if note:
                first.act(Change(key, "note", "", note))
        lines = first.dump()
        second.bring_in(*reversed(records))
        assert restore(second, HEADER, *lines) == []
        assert {fold_line(line) for line in second.dump()} == {fold_line(line) for line in lines}
        assert plan(first, *lines) == plan(second, *lines) == RestorePlan((), ())


def fold_line(line: str) -> str:
    """A tag keeps the case in which a library first had it."""
    if line.startswith("note "):
        return line
    tags, _, paper = line.partition(" -- ")
    return f"{' '.join(sorted(tags.casefold().split()))} -- {paper}"


def test_many_papers_are_restored_in_chunks(desk: Desk, record: RecordBuilder) -> None:
    numbers = range(1200)
    desk.bring_in(*(record(f"Sheep {n}", f"arxiv:2401.{n:05}") for n in numbers))
    assert restore(desk, *(f"+n{n % 7} -- 2401.{n:05}" for n in numbers)) == []
    assert desk.dump() == [f"+n{n % 7} -- arxiv:2401.{n:05}  # Sheep {n}" for n in numbers]
    assert desk.counts_are_right()


def test_a_view_that_is_there_already_is_not_checked(library: Library) -> None:
    library.views.save("best", "votes:>5")
    library.views.save("hot", "view:best is:unread")
    library.views.remove("best")
    own = list(library.decisions.dump())
    assert library.decisions.restore(own).views == 0
    with pytest.raises(EditsRefusedError, match=r"^line 1: .* view 'hot'"):
        library.decisions.restore(["view hot -- view:best"])
    assert list(library.decisions.dump()) == own


def test_others_can_write_while_lines_are_still_to_come(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    with Library(folder, index_folder=tmp_path / "index") as other:

        def lines() -> Iterator[str]:
            yield "view hot -- votes:>5"
            other.views.save("theirs", "is:inbox")
            yield "view cold -- votes:<5"

        assert library.decisions.restore(lines()).views == 2
    assert list(library.views) == ["cold", "hot", "theirs"]

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from store.changes.change import Change
from store.decisions.dumping import dump_lines
from store.decisions.lines import DUMP_END, HEADER, HEADER_WITH_NOTES, read_decisions
from store.decisions.statements import PaperNote, SavedView
from store.record.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk, RecordBuilder

NEW = "+inbox +unread -- "


def save_view(desk: Desk, name: str, query: str) -> None:
    desk.act(Change(None, "view", None, json.dumps([name, query])))


def test_a_dump_is_a_header_and_lines(desk: Desk, record: RecordBuilder) -> None:
    assert list(dump_lines(desk.connection)) == [f"{HEADER}\n", f"{DUMP_END}\n"]
    desk.bring_in(record("Sheep", "pubmed:7"))
    assert list(dump_lines(desk.connection)) == [
        f"{HEADER}\n",
        f"{NEW}pubmed:7  # Sheep\n",
        f"{DUMP_END}\n",
    ]


def test_a_dump_has_a_line_for_each_paper_sorted_by_what_names_it(
    desk: Desk, record: RecordBuilder
) -> None:
    report = desk.bring_in(
        record("Sheep", "pubmed:7", "doi:10.1000/sheep"),
        record("Goats", "arxiv:2402.00002", "doi:10.1000/a"),
        record("Wo bist du?"),
        record("Cows", "arxiv:2401.00001"),
        record("Ab ovo"),
        record("Hens", "acl:P18-1234"),
    )
    desk.tag("-inbox -unread", report.papers[0])
    desk.tag("+Été +rl/deep +agents", report.papers[1])
    assert desk.dump() == [
        f"{NEW}acl:P18-1234  # Hens",
        f"{NEW}arxiv:2401.00001  # Cows",
        "+agents +inbox +rl/deep +unread +Été -- arxiv:2402.00002  # Goats",
        "-- doi:10.1000/sheep  # Sheep",
        f'{NEW}title:"Ab ovo"',
        f'{NEW}title:"Wo bist du?"',
    ]


def test_a_dump_begins_with_the_views_by_name(desk: Desk) -> None:
    for name, query in {"rl": "tag:rl  OR\n x", "Agents": "agents # 1", "all": ""}.items():
        save_view(desk, name, query)
    assert desk.dump() == [
        "view Agents -- agents # 1",
        "view all --",
        "view rl -- tag:rl  OR  x",
    ]
    read_back = [
        (one.name, one.query) for one in read_decisions(desk.dump()) if isinstance(one, SavedView)
    ]
    assert read_back == [("Agents", "agents # 1"), ("all", ""), ("rl", "tag:rl  OR  x")]


def test_notes_follow_the_views_by_what_names_their_papers(
    desk: Desk, record: RecordBuilder
) -> None:
    notes = (
        "On \u0915\u094d\N{ZERO WIDTH JOINER}wool",
        'A\n  "B"',
        "C",
    )
    desk.bring_in(
        record("Wo bist du?", note=notes[0]),
        record("Sheep" * 30, "pubmed:7", "doi:10.1000/sheep", note=notes[1]),
        record("Goats", "pubmed:8"),
        record("???", note=notes[2]),
    )
    save_view(desk, "rl", "tag:rl")
    assert next(dump_lines(desk.connection)) == f"{HEADER_WITH_NOTES}\n"
    assert desk.dump()[:4] == [
        "view rl -- tag:rl",
        f'note "A\\n  \\"B\\"" -- doi:10.1000/sheep  # {"Sheep" * 15}Shee…',
        'note "C" -- paperdeck:4  # ???',
        'note "On \u0915\u094d\N{ZERO WIDTH JOINER}wool" -- title:"Wo bist du?"',
    ]
    assert [one.text for one in read_decisions(desk.dump()) if isinstance(one, PaperNote)] == [
        *(notes[1], notes[2], notes[0]),
    ]


def test_removed_papers_are_not_dumped(desk: Desk, record: RecordBuilder) -> None:
    for key in desk.bring_in(record("Sheep", "pubmed:7", note="x"), record("Goats")).papers:
        desk.act(Change(key, "paper", '["inbox", "unread"]', None))
    assert list(dump_lines(desk.connection)) == [f"{HEADER}\n", f"{DUMP_END}\n"]


def test_papers_without_identifier_that_share_a_title_are_named_by_number(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        record("Introduction", abstract="One."),
        record('"Introduction"', abstract="Another."),
        record("???"),
        record("Editorial", abstract="No other."),
    )
    one, other, signs, _ = desk.keys()
    assert desk.dump() == [
        f"{NEW}paperdeck:{one}  # Introduction",
        f'{NEW}paperdeck:{other}  # "Introduction"',
        f"{NEW}paperdeck:{signs}  # ???",
        f'{NEW}title:"Editorial"',
    ]


def test_titles_are_cut_in_comments_but_never_as_names(desk: Desk, record: RecordBuilder) -> None:
    title = 'A "quoted" tale of ' + "sheep " * 40
    desk.bring_in(record(title.strip(), "pubmed:7"), record("B" + title.strip()))
    with_identifier, without = desk.dump()
    assert len(with_identifier) < 120
    assert with_identifier.endswith("…")
    assert without == f'{NEW}title:"BA quoted tale of {"sheep " * 39}sheep"'


def test_a_dump_is_of_one_moment(desk: Desk, record: RecordBuilder, folder: Path) -> None:
    desk.bring_in(*(record(f"Sheep {n}", f"pubmed:{n}") for n in range(300)))
    save_view(desk, "old", "sheep")
    lines = dump_lines(desk.connection)
    assert next(lines) == f"{HEADER}\n"
    with closing(Database(folder)) as other, other.atomic() as connection:
        connection.execute("DELETE FROM paper_tags")
        connection.execute("DELETE FROM views")
    view, *papers, end = lines
    assert view == "view old -- sheep\n"
    assert len(papers) == 300
    assert end == f"{DUMP_END}\n"
    assert all(line.startswith(NEW) for line in papers)
    assert not any(line.startswith(NEW) for line in desk.dump())


def test_what_is_decided_while_a_dump_is_read_is_kept(
    desk: Desk, record: RecordBuilder, folder: Path
) -> None:
    keys = desk.bring_in(*(record(f"Sheep {n}", f"pubmed:{n}") for n in range(3))).papers
    lines = dump_lines(desk.connection)
    next(lines)
    desk.tag("+seen", *keys)
    with closing(Database(folder)) as other:
        assert other.connection.execute("SELECT count(*) FROM journal").fetchone() == (2,)
    assert not any("+seen" in line for line in lines)
    assert all("+seen" in line for line in desk.dump())

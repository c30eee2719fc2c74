from __future__ import annotations

from datetime import UTC, date, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from store.changes.change import Change
from store.models import Link, LinkKind, Sighting
from store.query import nodes as q
from store.query.limits import OPERANDS
from store.query.parsing import DEEPEST_NESTING, parse
from store.query.words import Term
from store.searching.conditions import condition_of
from store.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from conftest import Desk, DeskOpener, RecordBuilder

    from store.models import Record

TODAY = date(2026, 3, 12)
EAST = timezone(timedelta(hours=2))
LATE_YESTERDAY = "2026-03-11T21:59:59Z"
MIDNIGHT = "2026-03-11T22:00:00Z"
"""Both in the zone of `EAST`."""


@pytest.fixture(scope="module")
def zoo(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Desk]:
    """A dozen papers, each called by a letter; K is removed."""
    with desk_in(tmp_path_factory.mktemp("zoo")) as desk:
        fill(desk, record)
        yield desk


def fill(desk: Desk, record: RecordBuilder) -> None:
    new = ("inbox", "unread")

    def seen(*days: tuple[str, int | None, int | None]) -> tuple[Sighting, ...]:
        return tuple(Sighting("feed", day, votes=v, comments=c) for day, v, c in days)

    desk.bring_in(
        record("A", "2401.00001", tags=new, sightings=seen(("2026-03-10", 50, 3))),
        record(
            "B",
            "2401.00002",
            tags=("starred", "RL"),
            sightings=seen(("2026-03-01", 9, None), ("2026-03-11", 60, None)),
        ),
        record("C", tags=(), source="page", day="2026-03-12"),
        record("D", "doi:10.1000/dog", tags=("dismissed",), published="2025-03-05"),
        record("E", tags=("queued", "inbox", "rl/offline"), published="2025"),
        record("F", tags=("unread", "agents", "rl0"), published="2025-03"),
        record(
            "G", tags=("inbox", "rlhf", "rl-old"), published="2024-12-31", day="2026-03-02", votes=0
        ),
        record("J", "acl:2020.acl-main.1", tags=("RL/Offline/deep",)),
        record("K", "2401.00009", tags=("starred", "RL"), day="2026-03-10", votes=50),
        record(
            "L",
            "math.GT/0309136",
            tags=(*new, "étude"),
            sightings=seen(("2026-04-01", 10, 0)),
        ),
    )
    for title, identifier, now in [
        ("H", "openreview:AbCdEf123", LATE_YESTERDAY),
        ("I", "pubmed:123456", MIDNIGHT),
    ]:
        desk.run(now=now).write([record(title, identifier, tags=new)])
    (key,) = desk.column("SELECT key FROM papers WHERE title = 'K'")
    assert desk.act(Change(key, "paper", '["RL", "starred"]', None))


def found(zoo: Desk, node: q.Node, zone: tzinfo | None = EAST, *, one_by_one: bool = False) -> str:
    """Return the titles of the papers that are found, in order of the alphabet."""
    sql, values = condition_of(node, zone, one_by_one=one_by_one)
    return "".join(
        zoo.column(
            f"SELECT title FROM papers AS p WHERE removed = 0 AND {sql} ORDER BY title",  # noqa: S608 - our conditions
            *values,
        )
    )


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", "ABCDEFGHIJL"),
        ("*", "ABCDEFGHIJL"),
        ("-*", ""),
        # State
        ("is:inbox", "AEGHIL"),
        ("is:unread", "AFHIL"),
        ("is:read", "BCDEGJ"),
        ("is:starred", "B"),
        ("is:queued", "E"),
        ("is:dismissed", "D"),
        ("is:archived", "BCFJ"),
        ("-is:archived", "ADEGHIL"),
        # Tags
        ("tag:rl", "BEJ"),
        ("tag:RL", "BEJ"),
        ("tag:rl/offline", "EJ"),
        ("tag:rl/offline/deep", "J"),
        ("tag:rl/off", ""),
        ("tag:rlhf", "G"),
        ("tag:rl-old,rl0", "FG"),
        ("tag:rl,agents", "BEFJ"),
        ("tag:none", "ACDHI"),
        ("-tag:none", "BEFGJL"),
        ("tag:none,agents", "ACDFHI"),
        ("tag:starred", "B"),
        ("tag:ÉTUDE", "L"),
        ("tag:unheard-of", ""),
        ("-tag:unheard-of", "ABCDEFGHIJL"),
        # Days in a feed: any sighting counts
        ("on:2026-03-10", "A"),
        ("on:2026-03-01", "B"),
        ("listed:2026-03-11", "B"),
        ("on:2026-03", "ABCG"),
        ("-on:2026-03", "DEFHIJL"),
        ("on:yesterday", "B"),
        ("on:today", "C"),
        ("on:2026-W11", "ABC"),
        ("on:2026-03-03..2026-03-09", ""),
        ("on:..2026-03-01", "B"),
        ("on:2026-03-12..", "CL"),
        ("listed:<2026-03-02", "B"),
        # The day of publication, else the first in a feed
        ("date:2025", "DEF"),
        ("date:2025-01", "E"),
        ("date:2025-03", "DF"),
        ("date:2025-03-01", "F"),
        ("date:2025-03-05", "D"),
        ("date:2024", "G"),
        ("date:2026-03-01", "B"),
        ("date:2026-03-11", ""),
        ("date:7d", "AC"),
        ("date:<2025-03", "EG"),
        ("date:2025-02..2026-03-05", "BDF"),
        ("date:>=1000", "ABCDEFGL"),
        ("-date:>=1000", "HIJ"),
        # The day it came in, in the reader's zone
        ("added:today", "ABCDEFGIJL"),
        ("added:yesterday", "H"),
        ("added:..2026-03-11", "H"),
        ("added:2026-03-12..", "ABCDEFGIJL"),
        ("added:>today", ""),
        ("-added:today", "H"),
        # Numbers, which some papers do not have
        ("votes:>50", "B"),
        ("votes:>=50", "AB"),
        ("votes:50", "A"),
        ("votes:10..50", "AL"),
        ("votes:0", "G"),
        ("votes:<10", "G"),
        ("votes:9", ""),
        ("-votes:<10", "ABCDEFHIJL"),
        ("comments:3", "A"),
        ("comments:0", "L"),
        ("comments:>=0", "AL"),
        ("-comments:>0", "BCDEFGHIJL"),
        # Identifiers
        ("2401.00001", "A"),
        ("2401.00001v2", "A"),
        ("arxiv:2401.00001", "A"),
        ("id:arXiv:2401.00001", "A"),
        ("https://arxiv.org/abs/2401.00001v1", "A"),
        ("https://huggingface.co/papers/2401.00001", "A"),
        ("doi:10.48550/arXiv.2401.00001", "A"),
        ("doi:10.1000/dog", "D"),
        ("id:10.1000/DOG", "D"),
        ("https://doi.org/10.1000/dog", "D"),
        ("id:openreview:AbCdEf123", "H"),
        ("https://openreview.net/forum?id=AbCdEf123", "H"),
        ("id:pubmed:123456", "I"),
        ("id:acl:2020.acl-main.1", "J"),
        ("id:math.GT/0309136v2", "L"),
        ("id:paperdeck:3", "C"),
        ("id:paperdeck:99999999999999999999999", ""),
        ("id:2401.99999", ""),
        ("id:nonsense", ""),
        ("-id:nonsense", "ABCDEFGHIJL"),
        ("-2401.00001", "BCDEFGHIJL"),
        ("id:2401.00009", ""),
        ("-id:2401.00009", "ABCDEFGHIJL"),
        # All of them together
        ("is:unread OR tag:rl", "ABEFHIJL"),
        ("is:inbox -is:unread", "EG"),
        ("(tag:rl OR tag:agents) -is:inbox", "BFJ"),
        ("-(is:inbox OR is:dismissed)", "BCFJ"),
        ("NOT -is:starred", "B"),
        ("-(votes:>0 is:starred)", "ACDEFGHIJL"),
        ("-(votes:>0 -votes:>50)", "BCDEFGHIJ"),
        ("on:2026-03 (votes:>9 OR -votes:>=0)", "ABC"),
    ],
)
def test_a_query_without_words_finds(zoo: Desk, text: str, titles: str) -> None:
    node = parse(text, today=TODAY).node
    assert found(zoo, node) == titles
    assert found(zoo, node, one_by_one=True) == titles


@pytest.fixture(scope="module")
def links(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Desk]:
    """Papers with a link and an identifier of every kind."""
    code = "https://github.com/sheep/count"
    page = 'https://sheep.org/["pdf",'
    with desk_in(tmp_path_factory.mktemp("links")) as desk:
        desk.bring_in(
            record("A", "2401.00001", abstract="Sheep."),
            record("B", "openreview:AbCdEf123", source="page", day="2026-03-01"),
            record("C", "acl:2020.acl-main.1", abstract=f"See {code}.", source="paperdeck"),
            record("D", "doi:10.1000/dog", links=(Link(LinkKind.PDF, "https://sheep.org/a.pdf"),)),
            record("E", "pubmed:123456", links=(Link(LinkKind.PAGE, page),), source="page"),
            record("F", links=(Link(LinkKind.CODE, code), Link(LinkKind.WEB, "https://sheep.org"))),
            record(
                "G",
                "doi:10.1000/goat",
                note="Ask Ana.",
                abstract="Goats at https://goats.org/all.pdf",
            ),
            record(
                "H",
                source="page",
                sightings=(Sighting("page", "2026-03-01"), Sighting("feed", "2026-03-02")),
            ),
        )
        desk.bring_in(record("B", "openreview:AbCdEf123", day="2026-03-04", abstract="Bees."))
        yield desk


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("has:abstract", "ABCG"),
        ("-has:abstract", "DEFH"),
        ("has:code", "CF"),
        ("-has:code", "ABDEGH"),
        ("has:pdf", "ABCD"),
        ("-has:pdf", "EFGH"),
        ("has:note", "G"),
        ("-has:note", "ABCDEFH"),
        ("has:note OR has:code", "CFG"),
        ("has:pdf -has:code has:abstract", "AB"),
        ("src:feed", "ABDFGH"),
        ("src:page", "BEH"),
        ("src:paperdeck", "C"),
        ("src:page -src:feed", "E"),
    ],
)
def test_what_papers_have_and_where_they_were_read_is_found(
    links: Desk, text: str, titles: str
) -> None:
    node = parse(text, today=TODAY).node
    assert found(links, node) == titles
    assert found(links, node, one_by_one=True) == titles


def test_what_rises_is_found(desk: Desk, record: RecordBuilder) -> None:
    def seen(title: str, votes: int | None) -> Record:
        return record(title, day="2026-03-10", votes=votes)

    before = {"A": 3, "B": 3, "C": 3, "D": 0, "E": 0, "F": None, "G": None}
    desk.bring_in(*(seen(title, votes) for title, votes in before.items()))
    desk.tag("-inbox", *desk.keys()[1:])
    archived = record("H", day="2026-03-10", votes=1, tags=())
    desk.bring_in(archived)
    after = {"A": 9, "B": 6, "C": 5, "D": 2, "E": 1, "F": 2, "H": 90}
    desk.run(now="2026-03-13T08:00:00Z").write([seen(*one) for one in after.items()])
    for text, titles in {"is:rising": "BDFH", "-is:rising": "ACEG"}.items():
        node = parse(text, today=TODAY).node
        assert found(desk, node) == found(desk, node, one_by_one=True) == titles


def test_what_papers_are_said_to_have_they_show(links: Desk) -> None:
    shown = {paper.title: paper for paper in links.papers()}
    for what, kind in (("pdf", LinkKind.PDF), ("code", LinkKind.CODE)):
        having = {title for title, paper in shown.items() if paper.link(kind)}
        assert set(found(links, q.Has(what))) == having


@pytest.mark.parametrize(
    ("zone", "titles"),
    [(EAST, "H"), (UTC, "HI"), (timezone(timedelta(hours=2, seconds=1)), "")],
)
def test_the_day_that_a_paper_came_in_is_the_readers(zoo: Desk, zone: tzinfo, titles: str) -> None:
    assert found(zoo, q.DayIn("added", None, "2026-03-11"), zone) == titles


@pytest.mark.parametrize(
    ("first", "last"), [("1000-01-01", None), (None, "2999-12-31"), ("1000-01-01", "2999-12-31")]
)
def test_a_span_may_be_as_wide_as_days_go(zoo: Desk, first: str | None, last: str | None) -> None:
    for zone in (EAST, UTC, timezone(timedelta(hours=-12))):
        assert found(zoo, q.DayIn("added", first, last), zone) == "ABCDEFGHIJL"


def test_a_span_without_bounds_asks_for_any_value(zoo: Desk) -> None:
    assert found(zoo, q.NumberIn("votes", None, None)) == "ABGL"
    assert found(zoo, q.DayIn("on", None, None)) == "ABCGL"


def test_months_and_years_are_bounds_as_well(zoo: Desk) -> None:
    assert found(zoo, q.DayIn("on", "2026-03", "2026-03")) == "ABCG"
    assert found(zoo, q.DayIn("date", "2025", "2025-03")) == "DEF"


def test_a_readers_text_is_never_part_of_the_sql() -> None:
    names = ("x') OR 1 --", "?")
    sql, values = condition_of(q.TaggedAny(names), EAST)
    assert "--" not in sql
    assert {fold(name) for name in names} <= set(values)
    assert condition_of(q.IdIs("arxiv:2401.00001' OR 1"), EAST) == ("0", ())


LEAVES = (
    *("tag:t{}", "tag:none,t{}", "-tag:none,t{}", "id:2401.{:05}", "id:paperdeck:{}"),
    *("is:read", "is:archived", "listed:2026-03-{:02}", "date:<2025", "added:1d..today"),
    *("votes:{}..99", "-votes:{}", "has:pdf", "-has:code", "src:feed"),
)
"""Fields of every kind, with room for a number."""


@pytest.mark.parametrize("joint", [" ", " OR ", " OR -", " -"])
@pytest.mark.parametrize("leaf", LEAVES)
def test_the_longest_and_deepest_query_is_answered(zoo: Desk, leaf: str, joint: str) -> None:
    leaves = [leaf.format(number % 28 + 1) for number in range(OPERANDS.most)]
    for opening in (" -(", " (is:inbox OR (", " OR -(is:inbox "):
        parentheses = opening.count("(")
        levels = DEEPEST_NESTING // parentheses
        nested = "".join(f"-is:read{opening}" for _ in range(levels)) + leaves[0]
        nested += ")" * (parentheses * levels)
        operands = 3 * DEEPEST_NESTING
        wide = leaves[: (OPERANDS.most - operands) // (leaf.count(",") + 1)]
        text = joint.join([nested, *wide]).replace("--", "-")
        node = parse(text, today=TODAY).node
        assert found(zoo, node) == found(zoo, node, one_by_one=True)


def test_as_many_tags_as_a_query_may_have_are_looked_for_at_once(zoo: Desk) -> None:
    names = [f"t{number}" for number in range(OPERANDS.most)]
    assert found(zoo, parse(f"tag:{','.join(names)}", today=TODAY).node) == ""
    numbers = [f"2401.{number:05}" for number in range(OPERANDS.most)]
    assert found(zoo, parse(" OR ".join(numbers), today=TODAY).node) != ""


def test_words_are_no_condition() -> None:
    with pytest.raises(TypeError):
        condition_of(Term("sheep"), EAST)

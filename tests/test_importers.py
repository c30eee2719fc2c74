from __future__ import annotations

import gzip
import io
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import RecordError, SourceError
from store.importers import (
    IMPORTERS,
    ReadingContext,
    Source,
    detect,
    read_records,
    source_from_stream,
    sources,
)
from store.models import Identifier, Link, LinkKind, OtherAbstract, Record, Sighting
from store.text import fold
from store.texts.tex import readable

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")

TODAY = date(2026, 3, 12)
CONTEXT = ReadingContext(TODAY)
PAPER: dict[str, Any] = {
    "id": "2503.01234",
    "title": "Counting sheep\n  with small networks",
    "summary": "We count sheep.\nThey jump.",
    "authors": [
        {"name": "Ana García", "hidden": False},
        {"name": "Li Lei", "hidden": True, "user": {"fullname": "Other"}},
        {"_id": "no name"},
    ],
    "publishedAt": "2025-03-03T17:59:00.000Z",
    "upvotes": 42,
}
LISTING: dict[str, Any] = {
    "paper": PAPER
    | {
        "submittedOnDailyAt": "2025-03-05T02:11:00.000Z",
        "ai_summary": "Sheep are counted.",
        "ai_keywords": ["sheep", "counting", "sheep", 7],
        "githubRepo": " https://example.org/sheep ",
        "projectPage": "javascript:alert(1)",
        "organization": {"name": "lab", "fullname": "Sheep Lab"},
    },
    "publishedAt": "2025-03-03T12:00:00.000Z",
    "title": "Counting sheep",
    "numComments": 3,
    "submittedBy": {"name": "someone"},
}
ABSTRACT = "An abstract is longer than a title. " * 20


def stream(content: bytes | str, today: date = TODAY) -> Source:
    return source_from_stream(
        io.BytesIO(content if isinstance(content, bytes) else content.encode()), today
    )


def read(
    content: bytes | str, *, format_name: str | None = None, context: ReadingContext = CONTEXT
) -> list[Record | RecordError]:
    source = stream(content, context.today)
    return list(read_records(source, context, format_name=format_name))


def read_until_damage(content: bytes) -> tuple[list[Record | RecordError], str]:
    """Return what came before the SourceError, and its reason."""
    records: list[Record | RecordError] = []
    try:
        records.extend(read_records(stream(content), CONTEXT))
    except SourceError as error:
        return records, error.reason
    return records, ""


def one(content: bytes | str, *, context: ReadingContext = CONTEXT) -> Record:
    (record,) = read(content, context=context)
    assert isinstance(record, Record)
    return record


def outcomes(records: list[Record | RecordError]) -> list[str]:
    """Show records by their titles, refused ones by position and reason."""
    return [record.title if isinstance(record, Record) else str(record) for record in records]


def named(tmp_path: Path, name: str, content: str) -> Source:
    path = tmp_path / name
    path.write_text(content)
    (source,) = sources([path])
    assert isinstance(source, Source)
    return source


def only(source: Source, context: ReadingContext = CONTEXT) -> Record:
    (record,) = read_records(source, context)
    assert isinstance(record, Record)
    return record


# The feed


def test_a_listing_of_the_feed_gives_everything_that_it_says() -> None:
    assert one(json.dumps([LISTING])) == Record(
        title="Counting sheep with small networks",
        source="feed",
        abstract="We count sheep. They jump.",
        authors=("Ana García", "Li Lei"),
        identifiers=(Identifier("arxiv", "2503.01234"),),
        published="2025-03-03",
        links=(Link(LinkKind.CODE, "https://example.org/sheep"),),
        keywords=("sheep", "counting"),
        organisation="Sheep Lab",
        summary="Sheep are counted.",
        sightings=(Sighting("feed", "2025-03-05", rank=1, votes=42, comments=3),),
        position="record 1",
    )


SNAKE = {
    "id": "2503.01234",
    "title": "Counting sheep",
    "summary": "We count sheep.",
    "authors": [{"name": "Ana García"}],
    "published_at": "2025-03-03 17:59:00+00:00",
    "submitted_on_daily_at": "2025-03-05 02:11:00+00:00",
    "upvotes": 42,
    "comments": 3,
    "github_repo": "https://example.org/sheep",
    "project_page": "https://example.org/",
    "ai_summary": "Sheep are counted.",
    "ai_keywords": ["sheep"],
    "organization": {"name": "Sheep Lab"},
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([SNAKE]),
        json.dumps([SNAKE | {"num_comments": 3, "comments": None, "authors": ["Ana García"]}]),
        json.dumps([json.dumps(SNAKE)]),
        json.dumps([repr(SNAKE)]),
        json.dumps([[SNAKE]]),
        json.dumps({"status": "ok", "date": "2020-01-01", "count": 1, "data": [SNAKE]}),
        json.dumps({"dateString": "2020-01-01", "dailyPapers": [SNAKE]}),
        "\ufeff" + json.dumps([SNAKE], indent=4).replace("\n", "\r\n"),
    ],
)
def test_every_form_of_a_reply_gives_the_same_paper(content: str) -> None:
    record = one(content)

    assert record.sightings == (Sighting("feed", "2025-03-05", rank=1, votes=42, comments=3),)
    assert record.published == "2025-03-03"
    assert [link.kind for link in record.links] == [LinkKind.CODE, LinkKind.PROJECT]
    assert (record.organisation, record.keywords) == ("Sheep Lab", ("sheep",))
    assert record.authors == ("Ana García",)


@pytest.mark.parametrize("shape", [LISTING, LISTING["paper"]])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_single_paper_has_a_day_and_votes_but_no_rank(
    shape: dict[str, Any], indent: int | None
) -> None:
    (sighting,) = one(json.dumps(shape, indent=indent)).sightings

    assert (sighting.day, sighting.rank, sighting.votes) == ("2025-03-05", None, 42)


def test_listings_on_lines_of_their_own_are_read_and_a_bad_line_is_refused_alone() -> None:
    lines = [json.dumps(LISTING), "", json.dumps(PAPER), '{"paper": {"titl']

    assert outcomes(read("\n".join(lines))) == [
        "Counting sheep with small networks",
        "Counting sheep with small networks",
        "line 4: is cut short: the JSON breaks off at line 1, column 12",
    ]


def test_only_a_title_is_required() -> None:
    assert one('[{"paper": {"title": "DINOv3"}}]') == Record(
        title="DINOv3", source="feed", position="record 1"
    )


def test_a_refused_listing_keeps_its_place_and_the_others_go_in(tmp_path: Path) -> None:
    listings = [{"paper": {"title": "One"}}, {"paper": {"title": " \u200b\x07"}}, 7, None]
    listings.append({"paper": {"title": "Two"}})
    source = named(tmp_path, "2025-03-05.json", json.dumps(listings))

    records = list(read_records(source, CONTEXT))

    assert outcomes(records) == [
        "One",
        "record 2: no title",
        "record 3: is a number, not an object",
        "record 4: is nothing, not an object",
        "Two",
    ]
    assert isinstance(records[-1], Record)
    assert records[-1].sightings[0].rank == 3


def test_the_listed_day_is_the_records_own_before_the_readers_and_the_files(
    tmp_path: Path,
) -> None:
    own = json.dumps([LISTING])
    bare = json.dumps([{"paper": PAPER}])
    wrapped = json.dumps({"date": "2025-03-08", "data": [{"paper": PAPER}]})
    said = ReadingContext(TODAY, day="2025-03-06")

    def day(source: Source, context: ReadingContext = CONTEXT) -> str:
        return only(source, context).sightings[0].day

    assert day(named(tmp_path, "2025-03-07.json", own), said) == "2025-03-05"
    assert day(named(tmp_path, "2025-03-07.json", bare), said) == "2025-03-06"
    assert day(named(tmp_path, "2025-03-07.json", bare)) == "2025-03-07"
    assert day(named(tmp_path, "feed_2025-13-01_2025-03-07.json", wrapped)) == "2025-03-07"
    assert day(named(tmp_path, "feed.json", wrapped)) == "2025-03-08"
    assert only(named(tmp_path, "12025-03-07.json", bare)).sightings == ()


@pytest.mark.parametrize(
    ("listing", "days"),
    [
        # Until February 2025 the time beside the paper was the listing's: later than arXiv's.
        ({"paper": PAPER, "publishedAt": "2025-03-05T04:00:00.000Z"}, ["2025-03-05"]),
        ({"paper": PAPER, "publishedAt": "2025-03-03T12:00:00.000Z"}, []),
        ({"paper": PAPER, "publishedAt": "soon"}, []),
        (
            SNAKE | {"submitted_on_daily_at": None, "submitted_at": "2025-03-05 04:00"},
            ["2025-03-05"],
        ),
        (SNAKE | {"submitted_on_daily_at": None, "submitted_at": "2025-03-03 04:00"}, []),
        (PAPER, []),
    ],
)
def test_the_time_beside_a_paper_is_its_day_only_if_it_is_the_listings(
    listing: dict[str, Any], days: list[str]
) -> None:
    assert [sighting.day for sighting in one(json.dumps([listing])).sightings] == days


def test_the_rank_is_the_place_in_the_days_list_of_a_reply_for_several_days() -> None:
    days = ("2025-03-05", "2025-03-04", "2025-03-05")
    reply = [{"paper": PAPER | {"submittedOnDailyAt": f"{day}T01:00:00Z"}} for day in days]

    records = read(json.dumps(reply))

    ranks = [record.sightings[0].rank for record in records if isinstance(record, Record)]
    assert ranks == [1, 1, 2]


def test_counts_that_can_be_none_are_left_out() -> None:
    none: tuple[object, ...] = (-1, 10**30, True, "12", None, [], float("nan"), float("inf"))
    for votes in none:
        paper = LISTING["paper"] | {"upvotes": votes}
        (sighting,) = one(json.dumps([{"paper": paper}])).sightings
        assert sighting.votes is None


def test_hostile_text_comes_out_clean() -> None:
    paper = {
        "title": "A\u0000 \ud800title\u001b[31m",
        "summary": "one\u0007\n\ntwo\u202e &amp; <jats:p>",
        "authors": ["\u001b]0;x\u0007Ana"],
        "githubRepo": "https://example.org/\ud800",
    }

    record = one(json.dumps([{"paper": paper}]))

    assert record.title == "A title"
    assert record.abstract == "one\ntwo &amp; <jats:p>"
    assert record.authors == ("Ana",)
    assert record.links == ()


@pytest.mark.parametrize(
    "text",
    [
        "not an object",
        "[1, 2]",
        "(" * 5000,
        "-" * 100_000 + "1",
        "{[]: 1}",
        "9" * 5000,
        "__import__('os').getcwd()",
        "{'title': 'x'" + " " * 1024**2 + "}",
        "\x00",
    ],
)
def test_a_text_in_a_reply_that_is_no_listing_is_refused(text: str) -> None:
    (error,) = read(json.dumps([text]), format_name="feed")

    assert isinstance(error, RecordError)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.sampled_from([*LISTING, *PAPER, *SNAKE]), inner)
        | st.fixed_dictionaries({"title": st.just("A title"), "paper": inner})
        | st.fixed_dictionaries(
            {"title": st.just("A title")},
            optional=dict.fromkeys(
                ["authors", "identifiers", "links", "sightings", "tags", "votes", "organization"],
                inner,
            ),
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.lists(json_values), st.sampled_from(["feed", "paperdeck"]))
def test_no_json_breaks_an_importer(values: list[Any], format_name: str) -> None:
    for record in read(json.dumps(values), format_name=format_name):
        assert isinstance(record, Record | RecordError)


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode), st.sampled_from([None, *IMPORTERS]))
def test_no_bytes_break_an_importer(content: bytes, format_name: str | None) -> None:
    try:
        records = read(content, format_name=format_name)
    except SourceError:
        return
    assert all(isinstance(record, Record | RecordError) for record in records)


def test_an_empty_reply_is_a_day_without_papers() -> None:
    assert read("[]") == []
    assert read('{"status": "ok", "count": 0, "data": []}\n') == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_text_of_wide_characters_is_read_by_its_byte_order_mark(encoding: str) -> None:
    assert outcomes(read(json.dumps([PAPER]).encode(encoding))) == [
        "Counting sheep with small networks"
    ]


def test_an_error_reply_is_told_from_a_paper() -> None:
    with pytest.raises(
        SourceError, match="error message of the feed, without papers: 'Invalid date'"
    ):
        read('{"error": "Invalid date"}')


# The page copied as text


def page(*papers: tuple[str, str], day: str = "Mar 14") -> str:
    banner = ["new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers"]
    paragraphs = [*banner, "byAK and the research community", day]
    paragraphs.extend(text for paper in papers for text in paper)
    return "\n\n".join(paragraphs) + "\n"


def days(content: str, context: ReadingContext = CONTEXT) -> list[tuple[str, bool]]:
    return [
        (sighting.day, sighting.day_is_guess)
        for record in read(content, context=context)
        if isinstance(record, Record)
        for sighting in record.sightings
    ]


def test_a_copied_page_gives_titles_and_abstracts_in_turn() -> None:
    first, second = read(page(("DINOv3", ABSTRACT), ("Olmo 3", ABSTRACT)))

    assert first == Record(
        title="DINOv3",
        source="page",
        abstract=ABSTRACT.strip(),
        sightings=(Sighting("page", "2025-03-14", rank=1, day_is_guess=True),),
        position="line 13",
    )
    assert isinstance(second, Record)
    assert (second.title, second.sightings[0].rank, second.position) == ("Olmo 3", 2, "line 17")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n\n", "  \n \n\n\n"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("byAK and", "By AK and"),
        lambda text: text.replace("byAK and the", "by \nAK\nand the"),
        lambda text: text.replace("Mar 14", "March 14"),
        lambda text: text.replace("Mar 14", "Mar\n14"),
        lambda text: text.replace(
            "Mar 14", "Search by arxiv id or title\n\nSubmit a paper\n\nMar 14"
        ),
        lambda text: text.replace("Sheep", "94\n\nSheep\n\n·\n\n· 12 authors"),
        lambda text: text + "\nPrevious\n\nNext\n\nCompany\n\nTOS\n",
        lambda text: text.replace("abstract is", "abstract\nis") if "\n\n" in text else text,
    ],
)
def test_a_page_is_read_whatever_happened_to_it_on_the_way(change: Callable[[str], str]) -> None:
    changed = change(page(("Sheep", ABSTRACT), ("Goats", ABSTRACT)))

    assert outcomes(read(changed)) == ["Sheep", "Goats"]
    assert [day for day, _ in days(changed)] == ["2025-03-14"] * 2
    assert all(isinstance(record, Record) and record.abstract for record in read(changed))


@pytest.mark.parametrize(
    ("day", "today", "expected"),
    [
        ("Mar 14", date(2026, 3, 14), "2026-03-14"),
        ("Mar 14", date(2026, 3, 13), "2025-03-14"),
        ("Dec 31", date(2026, 1, 1), "2025-12-31"),
        ("Feb 29", date(2026, 3, 1), "2024-02-29"),
        ("sept. 1", date(2026, 3, 1), "2025-09-01"),
    ],
)
def test_the_year_is_that_of_the_latest_such_day(day: str, today: date, expected: str) -> None:
    assert days(page(("Sheep", ABSTRACT), day=day), ReadingContext(today)) == [(expected, True)]


def test_the_year_of_a_file_is_guessed_by_its_modification_day(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(page(("Sheep", ABSTRACT)))
    noon = 1_710_504_000.0  # 2024-03-15T12:00:00Z
    os.utime(path, (noon, noon))
    (source,) = sources([path])
    assert isinstance(source, Source)

    assert only(source).sightings[0].day == "2024-03-14"


def test_a_year_that_the_page_or_the_reader_names_is_no_guess() -> None:
    said = ReadingContext(TODAY, day="2023-12-31", recall_day=lambda _, __: "2001-01-01")

    assert days(page(("Sheep", ABSTRACT), day="Mar 14, 2022")) == [("2022-03-14", False)]
    assert days(page(("Sheep", ABSTRACT)), said) == [("2023-03-14", False)]


def test_a_guess_is_recalled_by_the_content_whatever_its_line_ends_and_neighbours() -> None:
    guesses: dict[str, str] = {}
    sheep, goats = page(("Sheep", ABSTRACT)), page(("Goats", ABSTRACT), day="Jul 30")

    first = ReadingContext(date(2024, 5, 1), recall_day=guesses.setdefault)
    assert days(sheep, first) == [("2024-03-14", True)]
    later = ReadingContext(TODAY, recall_day=guesses.setdefault)
    assert days(sheep.replace("\n", "\r\n"), later) == [("2024-03-14", True)]
    assert days(f"{sheep}\n{goats}", later) == [("2024-03-14", True), ("2025-07-30", True)]
    assert len(guesses) == 2


def test_a_page_without_a_day_has_the_readers_or_none() -> None:
    content = page(("Sheep", ABSTRACT)).replace("Mar 14\n\n", "")

    assert days(content) == []
    assert days(content, ReadingContext(TODAY, day="2026-03-01")) == [("2026-03-01", False)]


@pytest.mark.parametrize("day", ["Feb 30", "Apr 31", "May 0"])
def test_a_page_of_a_day_that_no_year_has_is_refused(day: str) -> None:
    with pytest.raises(SourceError, match="a day that no year has"):
        read(page(("Sheep", ABSTRACT), day=day))


def test_a_day_that_the_readers_year_does_not_have_is_refused() -> None:
    with pytest.raises(SourceError, match="a day that 2025 does not have"):
        read(page(("S", ABSTRACT), day="Feb 29"), context=ReadingContext(TODAY, day="2025-02-28"))


def test_a_last_title_without_an_abstract_is_refused_with_its_line() -> None:
    assert outcomes(read(page(("Sheep", ABSTRACT), ("Goats", "")))) == [
        "Sheep",
        "line 17: a title without its abstract",
    ]


def test_a_title_without_an_abstract_in_the_middle_does_not_shift_the_others() -> None:
    content = page(("Sheep", ABSTRACT), ("Goats", "Cows"), (ABSTRACT, "Hens"), (ABSTRACT, ""))

    assert outcomes(read(content)) == [
        "Sheep",
        "line 17: a title without its abstract",
        "Cows",
        "Hens",
    ]


@pytest.mark.parametrize(
    ("lost", "shown"),
    [
        ("a 4sim 16times speedup", "a 4\u223c16\xd7 speedup"),
        ("64times 64 pixels, 20times", "64\xd764 pixels, 20\xd7"),
        ("saves sim50%", "saves \u223c50%"),
        ("Adapt-infty is new", "Adapt-\u221e is new"),
        ("at times we sim and infty is a word, 20 times", None),
    ],
)
def test_tex_that_the_page_lost_is_repaired_where_it_is_certain(
    lost: str, shown: str | None
) -> None:
    abstract = f"{lost}, as we show at length in this paper about many sheep and their fences."
    (record,) = read(page(("Sheep", abstract)))
    assert isinstance(record, Record)
    assert readable(record.abstract).startswith(shown or lost)


def test_a_second_paragraph_of_an_abstract_stays_with_it() -> None:
    sheep, goats = read(page(("Sheep", ABSTRACT), (ABSTRACT, "Goats"), (ABSTRACT, "")))

    assert isinstance(sheep, Record)
    assert sheep.abstract == f"{ABSTRACT.strip()}\n{ABSTRACT.strip()}"
    assert isinstance(goats, Record)
    assert goats.title == "Goats"


def test_a_page_of_cards_gives_titles_without_the_lines_around_them() -> None:
    card = "Submitted by\n \nsomeone\n94\n\n{}\n·\n\n533 authors\n5\n"
    content = page().rstrip() + "\n" + card.format("Sheep") + card.format(f"Goats\n\n{ABSTRACT}")

    sheep, goats = read(content)

    assert isinstance(sheep, Record)
    assert isinstance(goats, Record)
    assert (sheep.title, sheep.abstract) == ("Sheep", "")
    assert (goats.title, goats.abstract) == ("Goats", ABSTRACT.strip())
    assert [sheep.sightings[0].rank, goats.sightings[0].rank] == [1, 2]


def test_a_page_without_its_first_lines_is_read_when_the_reader_names_its_format() -> None:
    assert outcomes(read(f"Sheep\n\n{ABSTRACT}\n", format_name="page")) == ["Sheep"]


# Our own format


OWN: dict[str, Any] = {
    "id": "paperdeck:7",
    "title": " A  title ",
    "identifiers": ["arxiv:2401.01234v2", "nonsense:1"],
}


def own(**more: object) -> str:
    return json.dumps(OWN | more) + "\n"


def test_a_line_needs_only_a_title() -> None:
    (record,) = read('{"title": "A title"}\n', format_name="paperdeck")

    assert record == Record(title="A title", source="paperdeck", position="line 1")


def test_a_number_of_another_library_and_unknown_schemes_are_no_identifiers() -> None:
    assert one(own()).identifiers == (Identifier("arxiv", "2401.01234"),)
    assert one(own(id="doi:10.1000/xyz")).identifiers[0] == Identifier("doi", "10.1000/xyz")


@pytest.mark.parametrize(
    ("more", "published"),
    [
        ({"date": "2025-03-18"}, "2025-03-18"),
        ({"date": "2025-03-18T01:02:03Z", "published": None}, "2025-03-18"),
        ({"date": "2025-03-18", "published": "2025-03-01"}, "2025-03-01"),
        ({"date": "2025-03-18", "published": "2024"}, "2024"),
        ({"date": "last week"}, None),
        ({"date": 20250318}, None),
    ],
)
def test_a_line_of_other_origin_may_have_its_day_as_a_date(
    more: dict[str, Any], published: str | None
) -> None:
    assert one(own(**more)).published == published


def test_a_listed_day_stands_in_for_missing_sightings() -> None:
    record = one(own(listed="2024-01-03", votes=5, comments=1))

    assert record.sightings == (Sighting("paperdeck", "2024-01-03", votes=5, comments=1),)
    assert one(own(listed="2024-01-03", sightings=[])).sightings == ()


def test_other_abstracts_are_read_once_each_and_those_without_text_left_out() -> None:
    other = {"source": "page", "day": "2024-01-03", "text": "One.\n\nTwo."}

    assert one(own(other_abstracts=[other, other, {"source": "feed", "text": " "}])) == replace(
        one(own()), other_abstracts=(OtherAbstract("page", "2024-01-03", "One.\nTwo."),)
    )


def test_the_time_at_which_a_sighting_was_seen_is_read() -> None:
    seen = {"source": "feed", "day": "2024-01-03", "seen": "2024-01-03T08:00:00Z"}

    assert one(own(sightings=[seen])).sightings == (
        Sighting("feed", "2024-01-03", seen="2024-01-03T08:00:00Z"),
    )


def test_searches_unknown_kinds_and_unsafe_links_are_dropped() -> None:
    links = [
        {"kind": "search", "url": "https://example.org/?q=1"},
        {"kind": "video", "url": "https://example.org/1"},
        {"kind": "code", "url": "javascript:alert(1)"},
        {"kind": ["code"], "url": "https://example.org/2"},
        {"kind": "code", "url": 7},
        {"url": "https://example.org/3"},
        {"kind": "pdf", "url": "https://example.org/4"},
    ]

    assert one(own(links=links)).links == (Link(LinkKind.PDF, "https://example.org/4"),)


@pytest.mark.parametrize("ours", [{"tags": []}, {"sightings": []}, {"provenance": {}}])
def test_a_note_is_taken_over_from_an_export_of_ours_with_its_lines(ours: dict[str, Any]) -> None:
    note = "\n Ask\tAna.\r\n\x1b[31mSoon. \n"

    assert one(own(note=note, **ours)).note == " Ask    Ana.\nSoon."
    assert one(own(note=None, **ours)).note == one(own(**ours)).note == ""


@pytest.mark.parametrize("note", ["In press", ["a", "b"], {"text": "a"}, 7])
def test_what_another_program_calls_a_note_is_left_alone(note: object) -> None:
    assert one(own(note=note)) == one(own())
    assert isinstance(note, str) or one(own(note=note, tags=[])).note == ""


def test_tags_are_taken_over_and_missing_ones_are_told_from_none() -> None:
    assert one(own(tags=["inbox", "a/b"])).tags == ("inbox", "a/b")
    assert one(own(tags=[])).tags == ()
    assert one(own()).tags is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"title": 7}, "'title' is not a text"),
        ({"title": "\u200b"}, "no title"),
        ({"title": None}, "no title"),
        ({"authors": "Ana, Li"}, "'authors' is not a list of texts"),
        ({"authors": [1]}, "'authors' is not a list of texts"),
        ({"links": ["https://example.org"]}, "'links' is not a list of objects"),
        ({"listed": "last week"}, "'listed' is not a day such as 2026-03-12"),
        ({"published": "2024-13"}, "'published' is not a day such as 2026-03-12"),
        ({"listed": "2024-01-03", "votes": -1}, "'votes' is not a count"),
        ({"sightings": [{"day": "2024-01-03"}]}, "a sighting needs 'source' and 'day'"),
        (
            {"sightings": [{"source": "feed", "day": "2024", "day_is_guess": 1}]},
            "'day_is_guess' is not true or false",
        ),
        (
            {"sightings": [{"source": "feed", "day": "2024-01-03", "seen": "2024-01-03"}]},
            "'seen' is not a time such as 2026-03-12T08:00:00Z",
        ),
        ({"other_abstracts": ["a"]}, "'other_abstracts' is not a list of objects"),
        ({"other_abstracts": [{"text": "a"}]}, "another abstract needs 'source'"),
        ({"other_abstracts": [{"source": "feed", "text": 7}]}, "'text' is not a text"),
        ({"tags": ["a b"]}, "'a b' can't be a tag: it has a blank; join the words with '-' or '/'"),
    ],
)
def test_a_value_of_the_wrong_type_refuses_its_line(more: dict[str, Any], reason: str) -> None:
    assert outcomes(read(own() + own(**more) + own())) == [
        "A title",
        f"line 2: {reason}",
        "A title",
    ]


def test_a_line_that_cannot_be_read_is_refused_and_the_others_go_in() -> None:
    lines = [
        own().encode(),
        b"\n",
        b"7\n",
        b'{"title": "\xff"}\n',
        own().encode(),
        b'{"title": "cu',
    ]

    assert outcomes(read(b"\xef\xbb\xbf" + b"".join(lines))) == [
        "A title",
        "line 3: is no JSON object",
        "line 4: is not UTF-8 text",
        "A title",
        "line 6: is cut short: the JSON breaks off at column 11",
    ]


def test_a_compressed_file_cut_short_gives_its_good_lines_and_then_an_error() -> None:
    content = "".join(own(title=f"Title {n}", summary=os.urandom(200).hex()) for n in range(5000))
    packed = gzip.compress(content.encode())

    records, reason = read_until_damage(packed[: len(packed) // 2])

    assert reason.startswith("is cut short")
    assert len(records) > 2000
    assert outcomes(records) == [f"Title {n}" for n in range(len(records))]


def test_lines_are_read_as_they_arrive() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", buffering=0) as out:
        out.write(own().encode() * 3)
        out.close()
        records = read_records(source_from_stream(pipe, TODAY), CONTEXT)
        assert isinstance(next(records), Record)
        assert len(list(records)) == 2


# Telling formats


@pytest.mark.parametrize(
    ("content", "format_name"),
    [
        (json.dumps([LISTING]), "feed"),
        (json.dumps(LISTING, indent=1), "feed"),
        (json.dumps(PAPER), "feed"),
        (json.dumps([SNAKE]), "feed"),
        (json.dumps([repr(LISTING)]), "feed"),
        (json.dumps(LISTING) + "\n" + json.dumps(LISTING), "feed"),
        (" [ ]", "feed"),
        (json.dumps([LISTING])[:-30], "feed"),
        (own(), "paperdeck"),
        ('{"title": "T", "abstract": "A"}', "paperdeck"),
        (own()[:-5], "paperdeck"),
        ("\n\n" + own(summary="S", upvotes=1), "paperdeck"),
        (json.dumps([OWN]), "paperdeck"),
        (json.dumps(OWN, indent=2), "paperdeck"),
        (page(("T", ABSTRACT)), "page"),
        ("Daily Papers\n\nMar 14\n\nT\n", "page"),
    ],
)
def test_a_format_is_told_by_the_content(content: str, format_name: str) -> None:
    assert detect(content.encode(), "name") == format_name


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"PK\x03\x04", "give it as a file"),
        (gzip.compress(gzip.compress(b"[]", mtime=0), mtime=0), "is compressed twice"),
        (b"text\x00text", "is binary"),
        (b"a.bib".ljust(257, b"\x00") + b"ustar\x0000", "is a tar archive; unpack it first"),
        (b"Only some words.\n\nIn two paragraphs.\n", "is text of no known format"),
        (b"<!doctype html>\n<html>", "is HTML or XML"),
        (b"We count sheep.", "is text of no known format"),
        ("é".encode("cp1252"), "is not UTF-8 text: byte 0xe9 in line 1"),
        (b'[{"name": "a package"}]', "holds no papers in a known form"),
        (b'{"a": {"b": [1, 2]}}', "holds no papers in a known form"),
        (b'[{"tit', "is cut short: the JSON breaks off at line 1, column 3"),
        (b'[{"a": 1,\n "b" 2}]', "is damaged: the JSON breaks off at line 2, column 6"),
        (b"7", "is text of no known format"),
        (b'"text"', "is text of no known format"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", "can't be read"),
        (json.dumps([LISTING]).encode()[:-30], "is cut short: the JSON breaks off at line 1"),
        (json.dumps([LISTING]).encode().replace(b'": ', b'" ', 1), "is damaged: the JSON breaks"),
    ],
)
def test_what_cannot_be_read_says_what_it_is(content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(content)
    assert caught.value.source == "standard input"


def test_a_value_that_is_no_reply_is_an_error_even_if_the_reader_names_the_format() -> None:
    with pytest.raises(SourceError, match="a single value"):
        read("7", format_name="feed")


def test_an_unknown_format_is_named_beside_the_known_ones() -> None:
    with pytest.raises(SourceError, match="'latex': there are atom, bibtex, csl"):
        read("[]", format_name="latex")


def test_every_format_is_told_of_in_a_line_with_a_command() -> None:
    for known in IMPORTERS.values():
        assert known.summary.splitlines() == [known.summary]
        assert known.summary[0].islower()
        assert "paperdeck import " in known.example


# Real files


@needs_data
def test_the_copied_pages_give_every_paper() -> None:
    records = [
        record
        for source in sources([DATA / "seeds"])
        if isinstance(source, Source)
        for record in read_records(source, CONTEXT)
    ]

    assert len(records) == 394
    assert all(isinstance(record, Record) and record.abstract for record in records)
    assert len({fold(title) for title in outcomes(records)}) == 334


@needs_data
def test_the_stored_replies_give_every_listing_on_its_day() -> None:
    count = 0
    identifiers: set[Identifier] = set()
    for source in sources([DATA / "hf_daily"]):
        assert isinstance(source, Source)
        for rank, record in enumerate(read_records(source, CONTEXT), start=1):
            assert isinstance(record, Record), record
            (sighting,) = record.sightings
            assert (sighting.day, sighting.rank) == (Path(source.name).stem, rank)
            assert record.abstract
            assert record.authors
            assert record.published
            identifiers.update(record.identifiers)
            count += 1

    assert (count, len(identifiers)) == (5939, 5938)


@needs_data
def test_awkward_records_go_in_as_lines_of_our_own() -> None:
    lines = (DATA / "awkward.jsonl").read_text().splitlines()
    awkward = [json.loads(line)["record"] for line in lines]
    ours = [{key: raw[key] for key in ("id", "title", "abstract", "authors")} for raw in awkward]

    records = read("\n".join(map(json.dumps, ours)))

    refused = [str(record) for record in records if isinstance(record, RecordError)]
    assert len(records) == 110
    assert refused == []

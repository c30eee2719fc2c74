from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from store.changes.journal import Entry, EntryKind, EntryState
from store.changes.reversing import Reversal
from store.days import DayProgress
from store.models import RECORD_SOURCES, Identifier, OtherAbstract, Paper, Sighting
from tui.format import (
    MANY_AUTHORS,
    SOURCE_NAMES,
    abstract_heading,
    author_line,
    counted,
    day_heading,
    day_progress,
    entry_marks,
    fact_line,
    kept_note,
    local_time,
    note_text,
    one_line,
    own_tags,
    paragraphs,
    partial_note,
    readable_line,
    readable_paragraphs,
    suggestion_line,
    vote_line,
)

TODAY = date(2026, 3, 12)
PAPER = Paper(
    key=7,
    title="Counting sheep",
    abstract="",
    authors=(),
    identifiers=(Identifier("arxiv", "2401.01234"),),
    published="2024-01-02",
    listed="2024-01-03",
    listed_is_guess=False,
    votes=12,
    comments=None,
    links=(),
    categories=(),
    keywords=(),
    venue="",
    organisation="",
    summary="",
    sightings=(Sighting("feed", "2024-01-03"),),
    other_abstracts=(),
    provenance=(),
    tags=("inbox", "unread"),
    added="2024-01-03T08:00:00Z",
)
ENTRY = Entry(
    key=5,
    label="star 'Counting sheep'",
    kind=EntryKind.ACT,
    program="browser 7",
    made_at="2026-03-12T22:30:00Z",
    papers=1,
    state=EntryState.STANDING,
    is_finished=True,
)


def test_a_removed_paper_says_so_and_not_that_it_was_archived() -> None:
    gone = replace(PAPER, is_removed=True, tags=())
    assert fact_line(gone).endswith("removed")
    assert "archived" not in fact_line(gone)


@pytest.mark.parametrize(
    ("kept", "views", "titles", "note"),
    [
        ((), (), [], ""),
        ((1,), (), ["Sheep"], "; 1 changed since and kept: 'Sheep'"),
        ((1, 2), (), ["Sheep", "Goats"], "; 2 changed since and kept: 'Sheep' and 'Goats'"),
        (
            (1, 2, 3, 4, 5),
            ("hot",),
            ["A", "B", "C"],
            "; 6 changed since and kept: 'A', 'B', 'C', the view 'hot' and 2 more",
        ),
    ],
)
def test_what_undo_left_alone_is_named(
    kept: tuple[int, ...], views: tuple[str, ...], titles: list[str], note: str
) -> None:
    assert kept_note(Reversal(1, "act", (), kept, views), titles) == note


def test_own_tags_are_all_but_the_state_by_name() -> None:
    tags = ["unread", "zoo", "Ärger", "inbox", "agents", "starred", "queued", "dismissed"]
    assert own_tags(tags) == ["agents", "Ärger", "zoo"]


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (0, ""),
        (1, "A0"),
        (2, "A0, A1"),
        (MANY_AUTHORS, "A0, A1, A2, A3, A4, A5"),
        (MANY_AUTHORS + 1, "A0, A1, A2, A3, A4 and 2 more"),
        (500, "A0, A1, A2, A3, A4 and 495 more"),
    ],
)
def test_of_many_authors_the_first_are_named(count: int, line: str) -> None:
    assert author_line([f"A{number}" for number in range(count)]) == line


@pytest.mark.parametrize(
    ("paper", "line"),
    [
        (PAPER, "2024-01-03 · 12 votes · arxiv:2401.01234"),
        (replace(PAPER, votes=1), "2024-01-03 · 1 vote · arxiv:2401.01234"),
        (replace(PAPER, votes=None, identifiers=()), "2024-01-03"),
        (replace(PAPER, listed=None, votes=0, identifiers=()), "2024-01-02 · 0 votes"),
        (replace(PAPER, listed=None, published=None, votes=None, identifiers=()), "no day"),
        (
            replace(PAPER, listed_is_guess=True, votes=5_938, identifiers=()),
            "2024-01-03 (year guessed) · 5,938 votes",
        ),
        (
            replace(PAPER, votes=None, identifiers=(), tags=("queued", "rl", "starred")),
            "2024-01-03 · starred · queued · archived",
        ),
        (
            replace(PAPER, votes=None, identifiers=(), tags=("dismissed",)),
            "2024-01-03 · dismissed",
        ),
    ],
)
def test_the_facts_of_a_paper_stand_on_one_line(paper: Paper, line: str) -> None:
    assert fact_line(paper) == line


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 papers"), (1, "1 paper"), (2, "2 papers"), (5938, "5,938 papers")]
)
def test_numbers_agree_with_their_noun(number: int, text: str) -> None:
    assert counted(number, "paper") == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\t c", "a b c"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]52;c;aGk=\x07safe", "safe"),
        ("left\u202eright", "leftright"),
        ("[bold]GPT-[n][/]", "[bold]GPT-[n][/]"),
    ],
)
def test_a_line_is_safe_on_any_terminal(text: str, line: str) -> None:
    assert one_line(text) == line


def test_paragraphs_stay_apart() -> None:
    assert paragraphs("One.\nTwo\x07.\n\n\nThree.") == "One.\n\nTwo.\n\nThree."
    assert paragraphs("") == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Counting\nsheep", "Counting sheep"),
        (r"On $\lambda$-sheep", "On λ-sheep"),
        ("Sheep at $5 each, goats at $6", "Sheep at $5 each, goats at $6"),
        ("$\\lambda$\x1b[2J sheep", "λ sheep"),
    ],
)
def test_tex_in_a_line_is_shown_as_what_it_stands_for(text: str, line: str) -> None:
    assert readable_line(text) == line


def test_tex_in_paragraphs_leaves_them_apart() -> None:
    assert readable_paragraphs("We show $x^2$.\nAnd $\\infty$.") == "We show x².\n\nAnd ∞."
    assert readable_paragraphs("") == ""


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("", ""),
        ("\n\n", ""),
        ("Read again", "Read again"),
        ("One\n\n  - two  words\n\t- three\n", "One\n\n  - two words\n    - three"),
        ("red\x1b[31m\r\nline\u2028end\x07", "red\nline\nend"),
    ],
)
def test_a_note_keeps_its_lines_and_nothing_that_a_terminal_obeys(note: str, text: str) -> None:
    assert note_text(note) == text


@pytest.mark.parametrize(
    ("names", "key", "line"),
    [
        ((), "T", ""),
        (("diffusion",), "T", " · T +diffusion?"),
        (("diffusion", "video"), "ctrl+t", " · ctrl+t +diffusion +video?"),
        (("diffusion",), "", " · +diffusion?"),
    ],
)
def test_suggested_tags_are_named_with_the_key_that_takes_them(
    names: tuple[str, ...], key: str, line: str
) -> None:
    assert suggestion_line(names, key) == line


@pytest.mark.parametrize(
    ("day", "is_guess", "heading"),
    [
        ("2026-04-29", False, "2026-04-29 Wednesday"),
        ("2026-04-29", True, "2026-04-29 Wednesday (year guessed)"),
        ("2024-02-29", False, "2024-02-29 Thursday"),
        ("2026-04", False, "2026-04"),
        ("2026", True, "2026 (year guessed)"),
        ("20\x1b[2J26", False, "2026"),
        (None, False, "no day"),
    ],
)
def test_a_day_is_headed_with_its_weekday(*, day: str | None, is_guess: bool, heading: str) -> None:
    assert day_heading(day, is_guess=is_guess) == heading


@pytest.mark.parametrize(
    ("left", "total", "text"),
    [
        (12, 40, "12 of 40 left"),
        (40, 40, "40 of 40 left"),
        (1_200, 4_000, "1,200 of 4,000 left"),
        (0, 40, "done"),
    ],
)
def test_a_day_says_how_much_of_it_is_left(left: int, total: int, text: str) -> None:
    assert day_progress(DayProgress("2026-04-29", left, total)) == text


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ([], ""),
        ([("2026-03-01", 12, "")], ""),
        ([("2026-03-01", None, ""), ("2026-03-02", 12, "")], ""),
        ([("2026-03-01", 12, ""), ("2026-03-02", 12, "")], ""),
        ([("2026-03-01", 12, ""), ("2026-03-02", 1_048, "")], "Votes 12 → 1,048"),
        # Seen again later, its day being listed once.
        (
            [("2026-03-01", 61, "2026-03-20T"), ("2026-03-01", 12, "2026-03-02T")],
            "Votes 12 → 61",
        ),
        ([("2026-03-01", 12, "2026-03-02T08"), ("2026-03-01", 48, "2026-03-02T09")], ""),
        # Two lists that were read on one day: the later one is the later count.
        ([("2026-03-09", 42, "2026-03-20T"), ("2026-03-02", 2, "2026-03-20T")], "Votes 2 → 42"),
        # Taken back votes are told as they are.
        ([("2026-03-01", 9, ""), ("2026-03-02", 8, ""), ("2026-03-03", 9, "")], "Votes 9 → 8 → 9"),
        ([(f"2026-03-0{day}", day, "") for day in range(1, 7)], "Votes 1 → 2 → 3 → 4 → 5 → 6"),
        ([(f"2026-03-0{day}", day, "") for day in range(1, 10)], "Votes 1 → … → 6 → 7 → 8 → 9"),
    ],
)
def test_the_votes_of_a_paper_are_told_as_they_went_on(
    counts: list[tuple[str, int | None, str]], line: str
) -> None:
    sightings = [Sighting("feed", day, votes=votes, seen=seen) for day, votes, seen in counts]
    assert vote_line(replace(PAPER, sightings=tuple(sightings))) == line


def test_every_source_of_records_is_called_by_a_name() -> None:
    assert tuple(SOURCE_NAMES) == RECORD_SOURCES


@pytest.mark.parametrize(
    ("source", "day", "heading"),
    [
        ("page", "2026-03-12", "Another abstract · the copied page, 2026-03-12"),
        ("feed", "", "Another abstract · the feed"),
        ("paperdeck", "2026", "Another abstract · another library, 2026"),
        ("a\x1b[2Jtape", "", "Another abstract · atape"),
    ],
)
def test_another_abstract_says_where_it_is_from(source: str, day: str, heading: str) -> None:
    assert abstract_heading(OtherAbstract(source, day, "text")) == heading


@pytest.mark.parametrize(
    ("hours", "shown"),
    [(0, "2026-03-12 22:30"), (2, "2026-03-13 00:30"), (-9, "2026-03-12 13:30")],
)
def test_a_moment_is_shown_in_local_time(hours: int, shown: str) -> None:
    assert local_time(ENTRY.made_at, timezone(timedelta(hours=hours))) == shown


def test_a_moment_is_shown_in_this_machine_s_time_where_no_other_is_named() -> None:
    local = datetime.fromisoformat(ENTRY.made_at).astimezone()
    assert local_time(ENTRY.made_at) == f"{local:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("entry", "marks"),
    [
        (ENTRY, ""),
        (replace(ENTRY, program="browser 8 other"), "another browser"),
        (replace(ENTRY, program="command line"), "command line"),
        (replace(ENTRY, program="\x1b[2Jscript"), "script"),
        (replace(ENTRY, kind=EntryKind.AUTOMATIC), "automatic"),
        (replace(ENTRY, kind=EntryKind.IMPORT), ""),
        (replace(ENTRY, is_finished=False), "interrupted"),
        (replace(ENTRY, state=EntryState.UNDONE), "undone"),
        (replace(ENTRY, state=EntryState.PASSED), "undone"),
        (
            replace(ENTRY, program="sample", is_finished=False, state=EntryState.UNDONE),
            "undone interrupted sample",
        ),
    ],
)
def test_an_entry_is_marked_where_it_is_not_the_usual(entry: Entry, marks: str) -> None:
    assert " ".join(entry_marks(entry, "browser 7", is_import_at_work=False)) == marks


def test_on_the_command_line_a_browser_is_no_other_one() -> None:
    entry = replace(ENTRY, program="browser 8 other")
    assert entry_marks(entry, "command line", is_import_at_work=False) == ["browser"]


def test_an_unfinished_entry_is_under_way_while_an_import_is_at_work() -> None:
    entry = replace(ENTRY, is_finished=False)
    assert entry_marks(entry, "browser 7", is_import_at_work=True) == ["under way"]


@pytest.mark.parametrize(
    ("words", "is_complete", "note"),
    [
        (3, True, "No paper has all 3 words: 1,015 with some of them"),
        (7, False, "No paper so far has all 7 words: 1,015 with some of them"),
        (2, True, "No paper has both words: 1,015 with one of them"),
    ],
)
def test_a_result_that_stands_in_says_so(words: int, is_complete: bool, note: str) -> None:  # noqa: FBT001 a case of the table
    assert partial_note(words, 1_015, is_complete=is_complete) == note

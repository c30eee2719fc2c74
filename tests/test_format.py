from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.models import Identifier, Paper, Row, Sighting
from store.query import Node, Phrase, Prefix, Term, TextLeaf, text_leaves
from store.queryparse import parse
from tui.format import (
    MANY_AUTHORS,
    Columns,
    author_line,
    counted,
    fact_line,
    found_spans,
    is_decided,
    mark_of,
    one_line,
    own_tags,
    paragraphs,
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
    tags=("inbox", "unread"),
    added="2024-01-03T08:00:00Z",
)


@pytest.mark.parametrize(
    ("width", "title", "day", "votes"),
    [
        (200, 178, 10, 5),
        (60, 38, 10, 5),
        (59, 48, 0, 5),
        (36, 25, 0, 5),
        (35, 30, 0, 0),
        (5, 1, 0, 0),
        (0, 1, 0, 0),
    ],
)
def test_narrow_lists_leave_out_the_day_and_then_the_votes(
    width: int, title: int, day: int, votes: int
) -> None:
    assert Columns.of(width) == Columns(title, day, votes)


@given(st.integers(6, 500))
def test_signs_title_day_and_votes_fill_the_row(width: int) -> None:
    columns = Columns.of(width)
    gaps = bool(columns.day) + bool(columns.votes)
    assert 5 + columns.title + columns.day + columns.votes + gaps == width


@pytest.mark.parametrize(
    ("tags", "signs"),
    [
        ("inbox unread", "●  "),
        ("inbox", "   "),
        ("", "✓  "),
        ("unread", "✓  "),
        ("dismissed", "✗  "),
        ("dismissed inbox unread", "✗  "),
        ("inbox unread starred", "●★ "),
        ("inbox queued", "  »"),
        ("inbox starred queued", " ★»"),
        ("starred", "✓★ "),
        ("dismissed queued rl", "✗ »"),
    ],
)
def test_three_signs_say_how_a_paper_stands(tags: str, signs: str) -> None:
    row = Row(1, "", None, None, frozenset(tags.split()))
    assert "".join(mark_of(row)) == signs
    assert is_decided(row) == ("inbox" not in row.tags)


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


def spans(text: str, *leaves: TextLeaf, field: str = "abs") -> list[str]:
    return [text[start:end] for start, end in found_spans(text, leaves, field)]


@pytest.mark.parametrize(
    ("leaf", "text", "found"),
    [
        (Term("video"), "Video to video", ["Video", "video"]),
        (Term("video"), "videos", []),
        (Term("garcia"), "by García", ["García"]),
        (Term("straße"), "Strasse", ["Strasse"]),
        (Prefix("diffus"), "Diffusion diffuses", ["Diffusion", "diffuses"]),
        (Prefix("Überm"), "Übermaß", ["Übermaß"]),
        (Phrase("graph neural"), "graph neural, neural graph", ["graph neural"]),
        (Phrase("graph neural"), "Graph\nNeural nets", ["Graph\nNeural"]),
        (Term("self-supervised"), "self-supervised or self supervised", None),
        (Term("supervised"), "self-supervised", ["supervised"]),
        (Term("深度"), "深度学习", ["深度"]),
        (Term("a a"), "a a a", ["a a", "a a"]),
        (Term("video", "abs"), "video", ["video"]),
        (Term("video", "title"), "video", []),
        (Term(""), "video", []),
        (Term("..."), "video ...", []),
        (Term("[bold]"), "[bold]", ["bold"]),
    ],
)
def test_the_words_that_were_looked_for_are_found_in_the_text(
    leaf: TextLeaf, text: str, found: list[str] | None
) -> None:
    expected = ["self-supervised", "self supervised"] if found is None else found
    assert spans(text, leaf) == expected


def test_a_word_of_one_field_is_marked_there_only() -> None:
    leaves = text_leaves(node_of("title:video author:liu speech -noise"))
    text = "video liu speech noise"
    assert spans(text, *leaves, field="title") == ["video", "speech"]
    assert spans(text, *leaves, field="author") == ["liu", "speech"]
    assert spans(text, *leaves) == ["speech"]


def node_of(text: str) -> Node:
    return parse(text, today=TODAY).node


words = st.text("aB éß深1-_. \n[]", max_size=30)


@given(words, st.lists(st.one_of(*(st.builds(kind, words) for kind in (Term, Phrase, Prefix)))))
def test_what_is_found_lies_in_the_text(text: str, leaves: list[TextLeaf]) -> None:
    for start, end in found_spans(text, leaves, "abs"):
        assert 0 <= start < end <= len(text)

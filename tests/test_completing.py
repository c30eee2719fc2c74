from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.query.fields import CHOICES, FIELDS
from store.query.parsing import parse
from store.text import fold_case
from tui.completing import (
    DAY_FIELDS,
    DAYS,
    PLAIN_WORDS,
    as_begun,
    completed_query,
    query_suggestions,
)

TAGS = ("agents", "rl", "rl/offline", "Reading-group", "3d", "nonsense", "Straße")
VIEWS = ("today", "Big models", "to-write")
TODAY = date(2026, 4, 29)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        # The name of a field
        ("ta", "tag:"),
        ("tit", "title:"),
        ("li", "like:"),
        ("sheep vi", "sheep view:"),
        ("-ta", "-tag:"),
        ("-(ta", "-(tag:"),
        ("a OR (so:b ven", "a OR (so:b venue:"),
        ("a(ta", "a(tag:"),
        # Values of a few
        ("is:un", "is:unread"),
        ("is:", "is:inbox"),
        ("-is:q", "-is:queued"),
        ("is:UN", "is:UNread"),
        ('is:"un', 'is:"unread"'),
        ("sheep has:c", "sheep has:code"),
        ("src:f", "src:feed"),
        ("sort:v", "sort:votes"),
        ("import:", "import:last"),
        ("imp", "import:"),
        ("on:", "on:today"),
        ("listed:y", "listed:yesterday"),
        # Tags
        ("tag:", "tag:agents"),
        ("tag:r", "tag:rl/offline"),
        ("tag:rl/", "tag:rl/offline"),
        ("tag:READ", "tag:READing-group"),
        ("tag:agents,", "tag:agents,rl"),
        ("tag:agents,3", "tag:agents,3d"),
        ("tag:rl,agents,r", "tag:rl,agents,rl/offline"),
        ('tag:"agents, r', 'tag:"agents, rl"'),
        ("tag:no", "tag:nonsense"),
        ("tag:non", "tag:nonsense"),
        ("tag:str", "tag:straße"),
        ("((tag:a", "((tag:agents"),
        # Views
        ("view:", "view:today"),
        ("view:to-", "view:to-write"),
        ('view:"b', 'view:"big models"'),
    ],
)
def test_the_word_at_the_end_of_a_query_is_made_whole(text: str, whole: str) -> None:
    tags = tuple(tag for tag in TAGS if tag != "rl" or text != "tag:r")
    assert completed_query(text, tags, VIEWS) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sheep",
        "sheep ",
        "sheep (",
        "-",
        "--",
        "t",
        "Ta",
        "TA",
        # Whole as they are
        "title",
        "on",
        "au",
        "is:unread",
        "tag:rl",
        "tag:RL",
        "tag:agents,rl",
        "tag:none",
        "view:today",
        # Likelier words than fields
        *sorted(PLAIN_WORDS),
        # Nothing of the kind
        "is:unx",
        "tag:x",
        "tag:strass",
        "title:dif",
        "title:ta",
        "nofield:ta",
        "nofield:",
        '"ta',
        '"graph ta',
        'abs:"state of ta',
        '"tag:',
        "like:24",
        'tag:"a"~',
        '"ta"~',
        "ta~",
        "id:24",
        "arxiv:2401.0",
        "https://example.org/ta",
        "votes:>1",
        # What becomes of a number is the reader's to say
        "on:7",
        "date:1",
        # Quotes would have to be set before what is written
        "view:b",
    ],
)
def test_nothing_is_added_where_nothing_can_be_guessed(text: str) -> None:
    assert completed_query(text, TAGS, VIEWS) is None


def test_the_likeliest_name_comes_first() -> None:
    assert completed_query("tag:r", ("rl/offline", "robotics"), ()) == "tag:rl/offline"
    assert completed_query("tag:r", ("robotics", "rl/offline"), ()) == "tag:robotics"
    assert completed_query("tag:", (), ()) == "tag:none"


def test_a_name_with_blanks_gets_quotes_while_there_is_nothing_before_them() -> None:
    assert completed_query("view:", (), ("big models",)) == 'view:"big models"'
    assert completed_query("view:big", (), ("big models",)) is None
    assert completed_query("view:", (), ('a "b"',)) is None


@pytest.mark.parametrize("field", [*CHOICES, *DAY_FIELDS])
def test_every_value_that_is_suggested_is_one(field: str) -> None:
    found = query_suggestions(f"{field}:", lambda _: (), lambda _: ())
    assert list(found) == [f"{field}:{value}" for value in CHOICES.get(field, DAYS)]
    for text in found:
        parse(text, today=TODAY)


def test_every_field_is_suggested_with_its_meaning_where_a_word_begins() -> None:
    fields = {f"{field.name}:": field.meaning for field in FIELDS}
    for before in ("", "sheep ", "(", "-", "sheep -("):
        found = query_suggestions(before, lambda _: (), lambda _: ())
        assert found == {f"{before}{name}": meaning for name, meaning in fields.items()}


def test_names_are_asked_for_by_their_beginning_and_only_where_they_are_wanted() -> None:
    asked: list[str] = []

    def names(beginning: str) -> tuple[str, ...]:
        asked.append(beginning)
        return ("rl", "agents")

    assert list(query_suggestions("-tag:x,r", names, names)) == ["-tag:x,rl"]
    assert list(query_suggestions("view:", names, names)) == ["view:rl", "view:agents"]
    assert asked == ["r", ""]
    query_suggestions("is:un", names, names)
    query_suggestions("ti", names, names)
    assert asked == ["r", ""]


def test_a_name_is_completed_as_it_was_begun_or_not_at_all() -> None:
    assert list(as_begun(["Straße", "STRASSE"], "stra")) == ["straße", "straSSE"]
    # `s` and what follows the first letter would be another name.
    assert list(as_begun(["ßx"], "s")) == []
    assert list(as_begun(["Éclair"], "é")) == ["éclair"]
    assert list(as_begun(["Éclair"], "e")) == []


queries = st.lists(
    st.sampled_from(
        [*'-()",: ', "tag:", "is:", "view:", "on:", "ti", "ta", "un", "rl", "OR ", "ß", "É", "\n"]
    )
    | st.text(string.printable, max_size=3)
).map("".join)
tag_names = st.text("aAbß/é-", min_size=1, max_size=4)
view_names = st.text('aAbß é"(', min_size=1, max_size=4)


@given(queries, st.lists(tag_names), st.lists(view_names))
def test_a_completion_only_ever_goes_on_with_the_text(
    text: str, tags: list[str], views: list[str]
) -> None:
    whole = completed_query(text, tags, views)
    found = query_suggestions(text, lambda _: tags, lambda _: views)
    assert all(word.startswith(text) for word in found)
    if whole is not None:
        assert whole.startswith(text)
        assert len(whole) > len(text)
        assert whole in found


@given(st.text(max_size=20))
def test_any_text_can_be_completed(text: str) -> None:
    completed_query(text, TAGS, VIEWS)
    query_suggestions(text, lambda _: TAGS, lambda _: VIEWS)


@given(tag_names, st.integers(0, 4), st.booleans())
def test_a_tag_that_is_completed_is_that_tag(tag: str, length: int, is_upper: bool) -> None:  # noqa: FBT001
    begun = tag[:length].upper() if is_upper else tag[:length]
    for word in as_begun([tag], begun):
        assert fold_case(word) == fold_case(tag)

from __future__ import annotations

from datetime import date

import pytest

from store.errors import QuerySyntaxError
from store.models import RECORD_SOURCES
from store.query.fields import (
    FIELD_NAMES,
    FIELDS,
    could_become_valid,
    read_field,
    read_sort,
    unknown_field,
)
from store.query.nodes import (
    POSSESSIONS,
    STATES,
    DayIn,
    FromSource,
    Has,
    InState,
    LastImport,
    Node,
    NumberIn,
    Or,
    Query,
    Sort,
    TaggedAny,
    Untagged,
)
from store.query.parsing import parse
from store.query.words import TEXT_FIELDS

TODAY = date(2026, 5, 31)


def test_the_table_of_fields_has_examples_that_use_them() -> None:
    spellings = [name for field in FIELDS for name in (field.name, *field.short)]
    assert len(set(spellings)) == len(spellings)
    assert set(TEXT_FIELDS) < set(spellings)
    assert list(FIELD_NAMES) == spellings
    for field in FIELDS:
        assert field.example.startswith(f"{field.name}:")
        assert field.example.partition(":")[2]
        assert parse(field.example, today=TODAY, views={"today": "on:today"}) != Query()


@pytest.mark.parametrize(
    ("name", "value", "node"),
    [
        ("tag", "rl", TaggedAny(("rl",))),
        ("tag", "rl,agents", TaggedAny(("rl", "agents"))),
        ("tag", "rl,rl", TaggedAny(("rl",))),
        ("tag", "nlp/parsing", TaggedAny(("nlp/parsing",))),
        ("tag", "cafe\u0301", TaggedAny(("café",))),
        ("tag", "none", Untagged()),
        ("tag", "None", Untagged()),
        ("tag", "none,rl", Or((Untagged(), TaggedAny(("rl",))))),
        *(("is", state, InState(state)) for state in STATES),
        ("is", "Unread", InState("unread")),
        *(("has", what, Has(what)) for what in POSSESSIONS),
        ("has", "PDF", Has("pdf")),
        *(("src", source, FromSource(source)) for source in RECORD_SOURCES),
    ],
)
def test_tags_states_possessions_and_sources_are_read(name: str, value: str, node: Node) -> None:
    assert read_field(name, value, column=1, today=TODAY) == node


@pytest.mark.parametrize("name", ["on", "listed", "date", "added"])
def test_a_field_of_days_is_read_as_its_bounds(name: str) -> None:
    read = {
        "2024-02": DayIn(name, "2024-02-01", "2024-02-29"),
        "7d": DayIn(name, "2026-05-24", "2026-05-31"),
        "..2025": DayIn(name, None, "2025-12-31"),
        ">2025": DayIn(name, "2026-01-01", None),
    }
    for value, node in read.items():
        assert read_field(name, value, column=1, today=TODAY) == node


@pytest.mark.parametrize("name", ["votes", "comments", "import"])
def test_a_field_of_numbers_is_read_as_its_bounds(name: str) -> None:
    read = {"50": (50, 50), ">50": (51, None), "..99": (None, 99), "10..99": (10, 99)}
    for value, bounds in read.items():
        assert read_field(name, value, column=1, today=TODAY) == NumberIn(name, *bounds)


@pytest.mark.parametrize("value", ["last", "Last"])
def test_the_last_import_has_a_name(value: str) -> None:
    assert read_field("import", value, column=1, today=TODAY) == LastImport()


@pytest.mark.parametrize("sort", list(Sort))
def test_an_order_is_read_in_any_case(sort: Sort) -> None:
    assert read_sort(sort.value, column=1) is sort
    assert read_sort(sort.value.upper(), column=1) is sort


def test_a_mistyped_order_is_an_error_with_the_nearest() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        read_sort("vots", column=8)
    assert (caught.value.column, caught.value.suggestion) == (8, "votes")


@pytest.mark.parametrize(
    ("name", "value", "column", "suggestion"),
    [
        ("is", "unred", 11, "unread"),
        ("is", "xyz", 11, None),
        ("has", "cod", 11, "code"),
        ("has", "x", 11, None),
        ("src", "fed", 11, "feed"),
        ("src", "nature", 11, None),
        ("tag", "a b", 11, None),
        ("tag", "a,,b", 13, None),
        ("tag", "a,+b", 13, None),
        ("tag", "rl*", 11, None),
        ("votes", "10..x", 15, None),
        ("import", "10..x", 15, None),
        ("import", "lats", 11, "last"),
        ("import", "latest", 11, "last"),
        ("import", "papers.bib", 11, None),
        ("import", "-1", 11, None),
        ("date", ">2026-02-30", 12, "2026-02-28"),
    ],
)
def test_a_bad_value_is_an_error_at_its_column(
    name: str, value: str, column: int, suggestion: str | None
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        read_field(name, value, column=11, today=TODAY)
    assert (caught.value.column, caught.value.suggestion) == (column, suggestion)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "&", True),
        ("id", "24", True),
        ("like", "24", True),
        ("is", "", True),
        ("is", "unr", True),
        ("is", "x", False),
        ("has", "co", True),
        ("has", "code", False),
        ("src", "pa", True),
        ("src", "x", False),
        ("sort", " V", True),
        ("sort", "votes", False),
        ("tag", "ml,", True),
        ("tag", "ml/", True),
        ("tag", ",", False),
        ("votes", ">", True),
        ("votes", "x", False),
        ("import", "la", True),
        ("import", ">", True),
        ("import", "12", True),
        ("import", "x", False),
        ("date", "2025-W", True),
        ("added", "x", False),
    ],
)
def test_only_some_values_could_become_valid(name: str, value: str, *, expected: bool) -> None:
    assert could_become_valid(name, value, today=TODAY) is expected


@pytest.mark.parametrize(
    ("name", "value", "suggestion"),
    [
        ("titel", "x", "title:x"),
        ("abstract", '"a b"', 'abs:"a b"'),
        ("issue", "x", '"issue:x"'),
        ("pubmed", "123", "id:pubmed:123"),
        ("clem", '"a b"', '"clem:a b"'),
    ],
)
def test_an_unknown_field_is_answered_with_what_could_be_meant(
    name: str, value: str, suggestion: str
) -> None:
    error = unknown_field(name, f"{name}:{value}", 7)
    assert (error.column, error.suggestion) == (7, suggestion)

"""How much a query may ask for: as much of each kind is read, and one more is refused by name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.query.limits import EXCLUDED, FUZZY, LIKE, MOST_NEAR_WORDS, NEAR, RUNS, WORDS, Limit
from store.query.parsing import parse

if TYPE_CHECKING:
    from store.query.nodes import Query

TODAY = date(2026, 5, 31)
VIEWS = {"many": " ".join(f"word{number}~" for number in range(FUZZY.most - 1))}


def read(text: str, *, typing: bool = False) -> Query:
    return parse(text, today=TODAY, typing=typing, views=VIEWS)


def error_of(text: str, *, typing: bool = False) -> QuerySyntaxError:
    with pytest.raises(QuerySyntaxError) as caught:
        read(text, typing=typing)
    assert not isinstance(caught.value, IncompleteQueryError)
    assert caught.value.suggestion is None
    return caught.value


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize("separator", [" ", " OR "])
@pytest.mark.parametrize(
    ("limit", "one", "more"),
    [
        (WORDS, "word{}", "more "),
        (WORDS, "title:word{}", "author:more "),
        (EXCLUDED, "-word{}", "-title:more "),
        (EXCLUDED, "NOT (word{})", "-(more) "),
        (RUNS, '"some words {}"', '"more words" '),
        (RUNS, "self-made-{}", '"more words" '),
        (RUNS, 'abs:"words {}"', "more-words "),
        (NEAR, '"some words {}"~', '"more words"~5 '),
        (FUZZY, "word{}~", "title:more~ "),
        (LIKE, "like:2401.{:05}", "like:paperdeck:1 "),
        (LIKE, "like:https://arxiv.org/abs/2401.{:05}", "like:2401.00001 "),
    ],
)
def test_one_more_than_may_be_is_refused_where_it_stands(
    limit: Limit, one: str, more: str, separator: str, *, typing: bool
) -> None:
    most = separator.join(one.format(number) for number in range(limit.most)) + separator
    allowed = most.removesuffix(separator) + " "
    assert read(str(read(allowed, typing=typing))) == read(allowed)
    error = error_of(most + more, typing=typing)
    assert error.column == len(most) + 1 + len(more) - len(more.lstrip("-("))
    assert f"{limit.most} {limit.what} at the most" in error.message


@pytest.mark.parametrize(
    ("text", "more", "column"),
    [
        ('"' + "a " * WORDS.most + '"', "b", 2 * WORDS.most + 4),
        ("a-" * (WORDS.most - 1) + "a", "b", 2 * WORDS.most + 1),
        ('title:"' + "a " * (WORDS.most - 1) + '"', "b c", 2 * WORDS.most + 10),
        ("深" * WORDS.most, "b", WORDS.most + 2),
    ],
)
def test_each_word_of_a_quotation_and_part_of_a_compound_counts(
    text: str, more: str, column: int
) -> None:
    read(text)
    assert error_of(f"{text} {more}").column == column


def test_only_so_many_words_can_be_near_each_other() -> None:
    words = "a " * MOST_NEAR_WORDS
    read(f'"{words}"~9 "{words}"')
    error = error_of(f'x "{words}b"~9')
    assert error.column == len(words) + 4
    assert str(MOST_NEAR_WORDS) in error.message


def test_what_a_view_asks_for_counts() -> None:
    read("view:many more~")
    assert error_of("view:many more~ most~").column == 17
    assert "in the view 'many'" in error_of("more~ most~ view:many").message


def test_a_long_abstract_can_be_looked_for() -> None:
    compounds = " ".join(f"state-of-the-art-{number}" for number in range(25))
    query = read(compounds + " and what follows it" * 40)
    assert read(str(query)) == query

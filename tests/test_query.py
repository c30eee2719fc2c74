from __future__ import annotations

import pytest

from store.query.nodes import (
    And,
    DayIn,
    Everything,
    FromSource,
    Has,
    IdIs,
    InState,
    InView,
    LastImport,
    Like,
    Node,
    Not,
    NumberIn,
    Or,
    Query,
    Sort,
    TaggedAny,
    Untagged,
    has_text,
    text_leaves,
)
from store.query.words import Fuzzy, Near, Phrase, Prefix, Term, is_bare_identifier

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Everything(), "*"),
        (Term("graph"), "graph"),
        (Term("graph", "title"), "title:graph"),
        (Term('5"'), '5"'),
        (Phrase("graph neural"), '"graph neural"'),
        (Phrase("Le Cun", "author"), 'author:"Le Cun"'),
        (Prefix("diffus"), "diffus*"),
        (Prefix("cs.", "cat"), "cat:cs.*"),
        (Prefix("diffus", is_typed=True), "diffus"),
        (Prefix("diffus", "title", is_typed=True), "title:diffus"),
        (Near("graph attention", 5), '"graph attention"~5'),
        (Near("graph attention", 10, "title"), 'title:"graph attention"~10'),
        (Fuzzy("transfomer"), "transfomer~"),
        (Fuzzy("transfomer", "title"), "title:transfomer~"),
        (Like("2401.01234"), "like:2401.01234"),
        (Like("doi:10.1016/0(05)1"), 'like:"doi:10.1016/0(05)1"'),
        (Not(Near("a b", 1)), '-"a b"~1'),
        (IdIs("2401.01234"), "id:2401.01234"),
        (IdIs("doi:10.1016/0(05)1"), 'id:"doi:10.1016/0(05)1"'),
        (TaggedAny(("rl", "agents")), "tag:rl,agents"),
        (Untagged(), "tag:none"),
        (InState("unread"), "is:unread"),
        (Has("code"), "has:code"),
        (FromSource("feed"), "src:feed"),
        (InView("to-read", Or((A, B))), "view:to-read"),
        (Not(InView("a(b)", A)), '-view:"a(b)"'),
        (DayIn("on", "2026-03-12", "2026-03-12"), "on:2026-03-12"),
        (DayIn("date", "2026-03-12", None), "date:2026-03-12.."),
        (DayIn("date", None, "2026-03-12"), "date:..2026-03-12"),
        (NumberIn("votes", 10, 99), "votes:10..99"),
        (NumberIn("votes", 0, 0), "votes:0"),
        (NumberIn("import", 12, 12), "import:12"),
        (LastImport(), "import:last"),
        (Not(Phrase("a b")), '-"a b"'),
        (Not(And((A, B))), "-(a b)"),
        (And((A, Or((B, C)))), "a (b OR c)"),
        (Or((A, And((B, C)))), "a OR (b c)"),
    ],
)
def test_a_node_prints_as_it_is_written(node: Node, text: str) -> None:
    assert str(node) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-survey", '"-survey"'),
        ("OR", '"OR"'),
        ("NOT", '"NOT"'),
        ("title:x", '"title:x"'),
        ("clem:todd", '"clem:todd"'),
        ("*", '"*"'),
        ("pre*", '"pre*"'),
        ("word~", '"word~"'),
        ("word~5", '"word~5"'),
        ("~5", "~5"),
        ("word~~", "word~~"),
        ("2401.01234", '"2401.01234"'),
        ("doi:10.1/x", '"doi:10.1/x"'),
        ('"quoted"', '" quoted "'),
        ("two words", '"two words"'),
        ("ORB", "ORB"),
        ("self-supervised", "self-supervised"),
        ("16:9", "16:9"),
        ("BERT:large", "BERT:large"),
        ("title:", "title:"),
        ("arxiv:", "arxiv:"),
    ],
)
def test_a_word_that_would_be_read_as_more_is_printed_in_quotes(text: str, printed: str) -> None:
    assert str(Term(text)) == printed


@pytest.mark.parametrize("text", ["pre*", "word~", "word~1"])
def test_a_word_of_a_field_is_printed_in_quotes_where_it_would_be_less_exact(text: str) -> None:
    assert str(Term(text, "title")) == f'title:"{text}"'
    assert str(Term("OR", "title")) == "title:OR"


def test_quotes_inside_a_phrase_are_printed_as_blanks() -> None:
    assert str(Phrase('say "hi"')) == '"say  hi "'


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Query(), "*"),
        (Query(sort=Sort.VOTES), "sort:votes"),
        (Query(A, Sort.DATE), "a sort:date"),
        (Query(And((A, B)), Sort.DATE), "a b sort:date"),
        (Query(Or((A, B))), "a OR b"),
        (Query(Or((A, B)), Sort.DATE), "(a OR b) sort:date"),
    ],
)
def test_a_query_prints_its_order_last(query: Query, text: str) -> None:
    assert str(query) == text


def test_the_words_that_a_paper_is_found_for_leave_out_those_after_not() -> None:
    node = And((A, Or((Prefix("b"), InState("read"))), Not(C)))
    assert text_leaves(node) == (A, Prefix("b"))
    assert text_leaves(Or((InView("v", node), C, Not(InView("w", B))))) == (A, Prefix("b"), C)


def test_words_of_every_kind_are_what_a_paper_is_found_for() -> None:
    words = (A, Phrase("a b"), Near("a b", 3), Prefix("c", is_typed=True), Fuzzy("abc", "abs"))
    assert text_leaves(And((*words, Like("2401.01234"), Not(Fuzzy("xyz"))))) == words


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (A, True),
        (Not(A), True),
        (Or((InState("read"), And((Untagged(), A)))), True),
        (And((InState("read"), Not(Untagged()))), False),
        (Everything(), False),
        (IdIs("2401.01234"), False),
        (Phrase("a b"), True),
        (Near("a b", 3), True),
        (Prefix("a"), True),
        (Not(Fuzzy("abc")), True),
        (Like("2401.01234"), True),
        (Not(InView("v", And((Untagged(), A)))), True),
        (InView("v", Has("code")), False),
    ],
)
def test_a_query_has_text_when_any_part_needs_the_index(node: Node, *, expected: bool) -> None:
    assert has_text(node) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2401.01234v2", True),
        ("arXiv:2401.01234", True),
        ("https://arxiv.org/abs/2401.01234", True),
        ("arxiv:", False),
        ("https:", False),
        ("16:9", False),
    ],
)
def test_a_scheme_with_nothing_behind_it_is_no_identifier(text: str, *, expected: bool) -> None:
    assert is_bare_identifier(text) is expected

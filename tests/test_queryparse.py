from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.models import RECORD_SOURCES
from store.query.fields import FIELDS
from store.query.forms import rebuilt
from store.query.limits import OPERANDS
from store.query.nodes import (
    POSSESSIONS,
    STATES,
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
)
from store.query.parsing import DEEPEST_NESTING, hints, parse, parse_view
from store.query.words import LARGEST_DISTANCE, TEXT_FIELDS, Fuzzy, Near, Phrase, Prefix, Term

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = date(2026, 5, 31)
A, B, C = Term("a"), Term("b"), Term("c")


VIEWS = {
    "Week": "on:7d",
    "best": "votes:>50 sort:votes",
    "graphs": "view:week graph",
    "either": "(a OR b) sort:title",
    "Éric": "au:éric",
    "everything": "",
    "inner": "view:BEST a",
    "broken": "view:bad b",
    "bad": "a titel:x",
    "loop": "a view:pool",
    "pool": "b OR -(view:Loop)",
    "self": "view:self",
}


def read(text: str, *, typing: bool = False, views: Mapping[str, str] = VIEWS) -> Query:
    return parse(text, today=TODAY, typing=typing, views=views)


def error_of(
    text: str, *, typing: bool = False, views: Mapping[str, str] = VIEWS
) -> QuerySyntaxError:
    with pytest.raises(QuerySyntaxError) as caught:
        read(text, typing=typing, views=views)
    return caught.value


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", Everything()),
        ("  \n", Everything()),
        ("*", Everything()),
        ("graph", Term("graph")),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a\tb\u00a0c", And((A, B, C))),
        ("a\x1b\x00b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a(b)c", And((A, B, C))),
        ("a OR(b)", Or((A, B))),
        ("((a))", A),
        ("(a b) c", And((A, B, C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("a a", A),
        ("a b a", And((A, B))),
        ("a OR a", A),
        ('"graph neural"', Phrase("graph neural")),
        ('"  graph \t neural "', Phrase("graph neural")),
        ('"OR -x title:y"', Phrase("OR -x title:y")),
        ('"a""b"c', And((Phrase("a"), Phrase("b"), C))),
        ("diffus*", Prefix("diffus")),
        ("diffus**", Prefix("diffus")),
        ("diff*sion", Term("diff*sion")),
        ('don"t', Term('don"t')),
        ("深度", Term("深度")),
        ("C++", Term("C++")),
        ("e\u0301", Term("é")),
        ('"e\u0301 a"', Phrase("é a")),
        ("e\u0301*", Prefix("é")),
    ],
)
def test_words_phrases_and_prefixes_are_joined_by_operators(text: str, node: Node) -> None:
    assert read(text) == Query(node)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("NOT(a)", Not(A)),
        ("a -b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("-a b", And((Not(A), B))),
        ("-a OR b", Or((Not(A), B))),
        ('-"a b"', Not(Phrase("a b"))),
        ("-(a b)", Not(And((A, B)))),
        ("-tag:x", Not(TaggedAny(("x",)))),
        ("-title:x", Not(Term("x", "title"))),
        ("--a", A),
        ("NOT -a", A),
        ("-(-a)", A),
        ("---a", Not(A)),
        ("-*", Not(Everything())),
        ("self-supervised", Term("self-supervised")),
        ("a - b", And((A, B))),
        ("(a -)", A),
    ],
)
def test_a_minus_negates_only_at_a_beginning_and_before_something(text: str, node: Node) -> None:
    assert read(text) == Query(node)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a or b", And((A, Term("or"), B))),
        ("not a", And((Term("not"), A))),
        ("Or", Term("Or")),
        ("ORB", Term("ORB")),
        ("BERT: pre", And((Term("BERT:"), Term("pre")))),
        ("BERT:large", Term("BERT:large")),
        ("16:9", Term("16:9")),
        ("Title:x", Term("Title:x")),
        ("title: x", And((Term("title:"), Term("x")))),
        ("title:", Term("title:")),
        ("(title:)", Term("title:")),
        ("clem: x", And((Term("clem:"), Term("x")))),
        ("c++:x", Term("c++:x")),
        ("http:x", Term("http:x")),
        ("arxiv: x", And((Term("arxiv:"), Term("x")))),
    ],
)
def test_what_only_looks_like_an_operator_or_a_field_is_a_word(text: str, node: Node) -> None:
    assert read(text) == Query(node)


@pytest.mark.parametrize(
    "text", ["&", "-", "- &", "-&", "()", "-()", "(&)", '""', '"&"', "**", "🤖"]
)
def test_a_part_without_anything_to_search_for_is_left_out(text: str) -> None:
    assert read(text) == Query()
    assert read(f"a {text} b") == read("a b")
    assert read(f"a OR {text}") == Query(A)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("* a", A),
        ("* *", Everything()),
        ("a OR *", Everything()),
        ("(a OR *) b", B),
    ],
)
def test_everything_is_nothing_to_add_and_all_there_is(text: str, node: Node) -> None:
    assert read(text) == Query(node)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("title:graph", Term("graph", "title")),
        ("ti:graph", Term("graph", "title")),
        ("abs:x", Term("x", "abs")),
        ("ab:x", Term("x", "abs")),
        ("author:lecun", Term("lecun", "author")),
        ("au:lecun", Term("lecun", "author")),
        ("org:mila", Term("mila", "org")),
        ("kw:rl", Term("rl", "kw")),
        ("cat:cs.CL", Term("cs.CL", "cat")),
        ("venue:neurips", Term("neurips", "venue")),
        ('author:"Le Cun"', Phrase("Le Cun", "author")),
        ('author:"Le Cun"x', And((Phrase("Le Cun", "author"), Term("x")))),
        ("title:diffus*", Prefix("diffus", "title")),
        ("title:OR", Term("OR", "title")),
        ("title:-x", Term("-x", "title")),
        ("title:a:b", Term("a:b", "title")),
        ("title:2401.01234", Term("2401.01234", "title")),
        ("title:a(b)", And((Term("a", "title"), B))),
    ],
)
def test_a_text_field_takes_a_word_a_phrase_or_a_prefix(text: str, node: Node) -> None:
    assert read(text) == Query(node)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2401.01234", "2401.01234"),
        ("2401.01234v3", "2401.01234v3"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:2401.01234", "arXiv:2401.01234"),
        ("id:2401.01234", "2401.01234"),
        ("id:arxiv:2401.01234", "arxiv:2401.01234"),
        ('id:"2401.01234"', "2401.01234"),
        ("id:paperdeck:12", "paperdeck:12"),
        ("doi:10.1016/S0022-2836(05)80360-2", "doi:10.1016/S0022-2836(05)80360-2"),
        ("id:doi:10.1016/S0022-2836(05)80360-2", "doi:10.1016/S0022-2836(05)80360-2"),
        ('doi:"10.1/x"', "doi:10.1/x"),
        ("https://arxiv.org/abs/2401.01234", "https://arxiv.org/abs/2401.01234"),
        ("(https://arxiv.org/abs/2401.01234)", "https://arxiv.org/abs/2401.01234"),
    ],
)
def test_an_identifier_is_found_bare_or_after_its_field(text: str, identifier: str) -> None:
    assert read(text) == Query(IdIs(identifier))


@pytest.mark.parametrize("sort", list(Sort))
def test_the_order_stands_anywhere_outside_groups(sort: Sort) -> None:
    order = f"sort:{sort.value}"
    assert read(order) == Query(sort=sort)
    assert read(f"a {order} b") == Query(And((A, B)), sort)
    assert read(f"{order} (a OR b)") == Query(Or((A, B)), sort)


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("titel:x", 1, "title:x"),
        ("a -auhtor:x", 4, "author:x"),
        ('abstract:"a b"', 1, 'abs:"a b"'),
        ("vote:>5", 1, "votes:>5"),
        ("clem:todd", 1, '"clem:todd"'),
        ('clem:"a b"', 1, '"clem:a b"'),
        ("gas:code", 1, '"gas:code"'),
        ("views:best", 1, "view:best"),
        ("std::vector", 1, '"std::vector"'),
        ("pubmed:123", 1, "id:pubmed:123"),
        ("paperdeck:12", 1, "id:paperdeck:12"),
    ],
)
def test_an_unknown_field_is_an_error_with_what_could_be_meant(
    text: str, column: int, suggestion: str
) -> None:
    error = error_of(text)
    assert (error.column, error.suggestion) == (column, suggestion)
    assert read(text[: column - 1] + suggestion) != Query()


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("is:unred", 4, "unread"),
        ("is:xyz", 4, None),
        ("a sort:vots", 8, "votes"),
        ('sort:" vots"', 8, "votes"),
        ("sort:trend", 6, "trending"),
        ("has:cod", 5, "code"),
        ("src:fed", 5, "feed"),
        ("view:bets", 6, "best"),
        ('a view:" eric"', 10, "Éric"),
        ("view:xyz", 6, None),
        ('tag:"a b"', 6, None),
        ("tag:a,,b", 7, None),
        ("tag:a,+b", 7, None),
        ("tag:rl*", 5, None),
        ('tag:""', 6, None),
        ("title:(a b)", 7, None),
        ("title:&", 7, None),
        ("title:*", 7, None),
        ('id:" "', 5, None),
        ("votes:x", 7, None),
        ("votes:10..x", 11, None),
        ("votes:99..10", 7, "10..99"),
        ('votes:" x"', 9, None),
        ("date:2026-02-30", 6, "2026-02-28"),
        ("date:2025..2026-02-30", 12, "2026-02-28"),
        ("date:>2999", 6, None),
    ],
)
def test_a_bad_value_is_an_error_at_its_column(
    text: str, column: int, suggestion: str | None
) -> None:
    error = error_of(text)
    assert (error.column, error.suggestion) == (column, suggestion)


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("a (b", 3, None),
        ("a) b", 2, None),
        (")", 1, None),
        ('a "b c', 3, '"b c"'),
        ('title:"b c', 7, 'title:"b c"'),
        ("OR", 1, '"OR"'),
        ("OR a", 1, '"OR"'),
        ("a OR", 3, '"OR"'),
        ("a OR OR b", 6, '"OR"'),
        ("a OR AND b", 6, '"AND"'),
        ("(a OR ) b", 4, '"OR"'),
        ("AND a", 1, '"AND"'),
        ("a AND", 3, '"AND"'),
        ("a NOT", 3, '"NOT"'),
        ("NOT OR", 5, '"OR"'),
        ("-OR", 2, '"OR"'),
        ("sort:date sort:votes", 11, None),
        ("(a sort:date)", 4, None),
        ("-sort:date", 2, None),
        ("NOT sort:date", 5, None),
        ("a OR sort:date", 6, None),
        ("sort:date a OR b", 1, None),
    ],
)
def test_a_broken_form_is_an_error_at_its_column(
    text: str, column: int, suggestion: str | None
) -> None:
    error = error_of(text)
    assert (error.column, error.suggestion) == (column, suggestion)
    assert f"column {column}:" in str(error)


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("transfomer~", Fuzzy("transfomer")),
        ("transfomer~1", Fuzzy("transfomer")),
        ("title:transfomer~", Fuzzy("transfomer", "title")),
        ("ti:abc~ ", Fuzzy("abc", "title")),
        ("-abc~", Not(Fuzzy("abc"))),
        ("a abc~ b ", And((A, Fuzzy("abc"), B))),
        ("(abc~)", Fuzzy("abc")),
        ("gpt4~", Fuzzy("gpt4")),
        ("Éric~", Fuzzy("Éric")),
        ("E\u0301ric~", Fuzzy("Éric")),
        ("NOT~", Fuzzy("NOT")),
        ("abc,~", Fuzzy("abc,")),
        ('"a b"~5', Near("a b", 5)),
        ('"a b"~', Near("a b", 10)),
        ('"a b"~1', Near("a b", 1)),
        ('"a b"~100', Near("a b", 100)),
        ('"a b"~005', Near("a b", 5)),
        ('" a \t b "~5', Near("a b", 5)),
        ('title:"a b"~5', Near("a b", 5, "title")),
        ('-title:"a b"~12 c ', And((Not(Near("a b", 12, "title")), C))),
        ('("a b"~5)c ', And((Near("a b", 5), C))),
        ('"self-supervised"~2', Near("self-supervised", 2)),
        ('"深度"~2', Near("深度", 2)),
    ],
)
def test_a_tilde_makes_a_word_fuzzy_and_quoted_words_near(
    text: str, node: Node, *, typing: bool
) -> None:
    assert read(text, typing=typing) == Query(node)
    assert read(str(node)) == Query(node)


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        # A fuzzy word takes no number
        ("transfomer~2", 11, "~"),
        ("a title:abc~0", 12, "~"),
        # It is long enough
        ("a b~ c", 3, "b"),
        ("(ab~)", 2, "ab"),
        ("-a~", 2, "a"),
        ("title:ab~", 1, "title:ab"),
        # It has no wildcard
        ("diff*~", 1, "diff*"),
        ("ti:diff**~3", 1, "title:diff*"),
        # It is a single word
        ("self-supervised~", 1, "self~ supervised~"),
        ("a -self-supervised~", 4, "(self~ supervised~)"),
        ("ti:self-supervised~", 1, "title:self~ title:supervised~"),
        ("GPT-4o~", 1, "GPT~ 4o"),
        ("OR-else~", 1, '"OR" else~'),
        ("BERT:large~", 1, "BERT~ large~"),
        ("16:9~", 1, "16:9"),
        ("深度学习~", 1, "深度学习"),
        ("one-two-three-four-five~", 1, "one-two-three-four-five"),
        ("2401.01234~", 1, "2401.01234"),
        ("x~5~", 1, '"x~5"'),
        # Words near each other are two or more
        ('"graph"~5', 1, "graph~"),
        ('title:"graph"~', 1, "title:graph~"),
        ('"ab"~', 1, '"ab"'),
        # Within a distance
        ('"a b"~0', 6, "~1"),
        ('"a b"~000', 6, "~1"),
        ('"a b"~101', 6, "~100"),
        ('a title:"a b"~' + "9" * 5000, 14, "~100"),
        # In a text
        ('tag:"a"~2', 8, None),
        ('a view:"week"~', 14, None),
        ('id:"2401.01234"~', 16, None),
        ('like:"2401.01234"~5', 18, None),
        ("title:&~", 7, None),
    ],
)
def test_a_tilde_in_a_wrong_place_is_an_error_with_what_to_write(
    text: str, column: int, suggestion: str | None
) -> None:
    error = error_of(text)
    assert (error.column, error.suggestion) == (column, suggestion)
    if suggestion:
        start = text[: column - 1]
        assert read(start + suggestion + (")" if "(" in start else "")) != Query()
    written = error_of(f"{text} ", typing=True)
    assert not isinstance(written, IncompleteQueryError)
    assert (written.column, written.suggestion) == (column, suggestion)


@pytest.mark.parametrize(
    "text",
    [
        "ab~",
        "-ab~1",
        "title:ab~",
        "diff*~",
        "self-supervised~",
        "ti:self-supervised~1",
        '"graph"~',
        '"graph"~1',
        'title:"graph"~',
    ],
)
def test_a_tilde_that_is_just_written_is_not_wrong_yet(text: str) -> None:
    assert isinstance(error_of(text, typing=True), IncompleteQueryError)


@pytest.mark.parametrize("text", ["abc~2", "title:ab~2", "self-supervised~5", '"a b"~0', '"a"~10'])
def test_a_number_that_no_more_digits_mend_is_wrong_while_typing_too(text: str) -> None:
    assert not isinstance(error_of(text, typing=True), IncompleteQueryError)


def test_every_beginning_of_a_distance_is_one() -> None:
    typed = [read(f'a "b c"~{number}', typing=True) for number in ("", "1", "10", "100")]
    assert typed == [Query(And((A, Near("b c", distance)))) for distance in (10, 1, 10, 100)]


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("like:2401.01234", "2401.01234"),
        ("like:2401.01234v3", "2401.01234v3"),
        ("like:arxiv:2401.01234", "arxiv:2401.01234"),
        ('like:"2401.01234"', "2401.01234"),
        ("like:paperdeck:12", "paperdeck:12"),
        ("like:acl:2020.acl-main.1", "acl:2020.acl-main.1"),
        ("like:doi:10.1016/S0022-2836(05)80360-2", "doi:10.1016/S0022-2836(05)80360-2"),
        ("like:https://arxiv.org/abs/2401.01234", "https://arxiv.org/abs/2401.01234"),
    ],
)
@pytest.mark.parametrize("typing", [False, True])
def test_similar_papers_are_asked_for_by_an_identifier(
    text: str, identifier: str, *, typing: bool
) -> None:
    assert read(text, typing=typing) == Query(Like(identifier))
    assert read(f"-{text} a ", typing=typing) == Query(And((Not(Like(identifier)), A)))
    assert read(str(Like(identifier))) == Query(Like(identifier))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("like:24", 6),
        ("a like:sheep", 8),
        ('like:"a b"', 7),
        ("like:https://x.org", 6),
        ("like:2401.01234~", 6),
        ('like:" "', 7),
        ('like:""', 7),
    ],
)
def test_what_is_no_identifier_has_no_similar_papers(text: str, column: int) -> None:
    error = error_of(text)
    assert (error.column, error.suggestion) == (column, None)
    assert not isinstance(error_of(f"{text} ", typing=True), IncompleteQueryError)


# What somebody may paste, or a cat write: with the column of the error, or None for a query.
BAD_INPUT = {
    "a long word": ("x" * 10_000, None),
    "one letter": ("x", None),
    "a long quotation": ('"' + "a " * 5_000 + '"', 602),
    "a long nearness": ('"' + "a " * 5_000 + '"~5', 66),
    "a long compound": ("a-" * 5_000, 601),
    "a long compound, fuzzy": ("a-" * 5_000 + "b~", 1),
    "many words": ("a " * 5_000, 601),
    "many words of Chinese": ("深" * 10_000, 301),
    "many tildes": ("~" * 10_000, None),
    "many distances": ("a~1" * 3_333, 1),
    "a long distance": ('"a b"~' + "1" * 10_000, 6),
    "many stars": ("*" * 10_000, None),
    "many signs": ("-" * 10_000, None),
    "nothing but OR": ("OR " * 3_333, 1),
    "nothing but NOT": ("NOT " * 2_500, 9_997),
    "a quote": ('"', 1),
    "an odd number of quotes": ('"' * 4_999, 801),
    "an odd number of quoted words": ('"a" "b', 5),
    "opening parentheses": ("(" * 10_000, 21),
    "many more of them": ("((((" * 10_000, 21),
    "closing parentheses": (")" * 10_000, 1),
    "empty parentheses": ("()" * 5_000, None),
    "an address of parentheses": ("https://" + "(" * 9_990, 29),
    "controls": ("\x00" * 10_000, None),
    "a word between controls": ("\x00\x1bx\x00\x7f", None),
    "right-to-left marks": ("\u202e\u200f\u2067" * 3_333, None),
    "a word between marks": ("\u202etitle:x\u202c", None),
    "surrogates": ("\ud83d" * 10_000, None),
    "combining accents": ("\u0301" * 10_000, None),
    "a long field": ("x" * 10_000 + ":y", 1),
    "a long state": ("is:" + "unread" * 1_666, 4),
    "a long day": ("date:" + "2" * 10_000, 6),
    "a long number": ("votes:" + "9" * 10_000, 7),
    "many tags": ("tag:" + "a," * 5_000, 1),
    "a long identifier": ("like:" + "1." * 5_000, 6),
}


@pytest.mark.parametrize(("text", "column"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_a_query_or_a_clear_error(text: str, column: int | None) -> None:
    if column is None:
        query = read(text)
        assert read(str(query)) == query
    else:
        error = error_of(text)
        assert error.column == column
        assert len(error.message) < 200
    try:
        read(text, typing=True)
    except QuerySyntaxError as error:
        assert len(error.message) < 200  # noqa: PT017 - it may raise


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("~5", Term("~5")),
        ("a ~5", And((A, Term("~5")))),
        ('"a" ~5', And((Phrase("a"), Term("~5")))),
        ("(a)~5", And((A, Term("~5")))),
        ("a ~ b", And((A, B))),
        ("a~b", Term("a~b")),
        ("a~5b", Term("a~5b")),
        ("a~*", Prefix("a~")),
        ('"a~"', Phrase("a~")),
        ("title:~5", Term("~5", "title")),
        ("tag:a~", TaggedAny(("a~",))),
        ("https://x.org/~", IdIs("https://x.org/~")),
    ],
)
def test_a_tilde_elsewhere_is_a_character(text: str, node: Node) -> None:
    assert read(text) == Query(node)
    assert read(str(node)) == Query(node)


@pytest.mark.parametrize("text", ["a~", "a~5", "x*~", "abc~"])
def test_a_word_that_ends_with_a_tilde_is_printed_in_quotes(text: str) -> None:
    assert read(str(Term(text))) == Query(Phrase(text))


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize("opening", ["(", "-(", "NOT (", "a OR (b "])
def test_parentheses_nest_only_so_deep(opening: str, *, typing: bool) -> None:
    within = opening * DEEPEST_NESTING + "x" + ")" * DEEPEST_NESTING
    assert read(str(read(within))) == read(within)
    error = error_of(opening * 5000, typing=typing)
    assert error.column == len(opening) * DEEPEST_NESTING + opening.index("(") + 1


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize(
    ("operand", "separator"),
    [
        ("2401.{:05}", " "),
        ("2401.{:05}", " OR "),
        ("votes:{}", " -"),
        ("tag:a{}", " OR "),
    ],
)
def test_a_query_has_only_so_many_words_and_fields(
    operand: str, separator: str, *, typing: bool
) -> None:
    operands = [operand.format(number) for number in range(OPERANDS.most)]
    most = separator.join(operands) + " "
    assert read(str(read(most, typing=typing))) == read(most)
    error = error_of(f"{most}more", typing=typing)
    assert not isinstance(error, IncompleteQueryError)
    assert (error.column, error.suggestion) == (len(most) + 1, None)


def test_each_name_of_a_tag_field_counts() -> None:
    names = ",".join(f"t{number}" for number in range(OPERANDS.most - 1))
    assert read(f"tag:{names} a").node == And((TaggedAny(tuple(names.split(","))), A))
    assert error_of(f"tag:{names} a b").column == len(names) + 8
    assert error_of(f"a tag:{names},x").column == 3


def test_any_number_of_minus_signs_is_read() -> None:
    assert read("-" * 5001 + "a") == Query(Not(A))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a", Prefix("a", is_typed=True)),
        ("a ", A),
        ("a b", And((A, Prefix("b", is_typed=True)))),
        ("a title:b", And((A, Prefix("b", "title", is_typed=True)))),
        ("a*", Prefix("a")),
        ("(a", Prefix("a", is_typed=True)),
        ("(a)", A),
        ("a -b", And((A, Not(B)))),
        ("-(a b", Not(And((A, B)))),
        ("a --b", And((A, Prefix("b", is_typed=True)))),
        ('"a b', Phrase("a b")),
        ('"a b"', Phrase("a b")),
        ('title:"a b', Phrase("a b", "title")),
        ('a "', A),
        ("a (", A),
        ("a OR", A),
        ("a OR ", A),
        ("a OR NOT", A),
        ("(a OR", A),
        ("a -", A),
        ("OR", Everything()),
        ("or", Prefix("or", is_typed=True)),
        ("tit", Prefix("tit", is_typed=True)),
        ("16:", Prefix("16:", is_typed=True)),
        ("2401.01234", IdIs("2401.01234")),
        ("id:paperdeck:1", IdIs("paperdeck:1")),
        ("tag:ml", TaggedAny(("ml",))),
        ("votes:5", NumberIn("votes", 5, 5)),
        ("date:2025", DayIn("date", "2025-01-01", "2025-12-31")),
    ],
)
def test_an_unfinished_query_is_read_as_what_it_says_so_far(text: str, node: Node) -> None:
    assert read(text, typing=True) == Query(node)


@pytest.mark.parametrize(
    "text",
    [
        "title:",
        'title:"',
        "a -tag:",
        "(tag:",
        "tag:ml,",
        "tag:ml/",
        "is:unr",
        "has:co",
        "src:pa",
        "view:",
        "view:BE",
        '-(view:"gr',
        "sort:v",
        "clem:",
        "arxiv:",
        "arxiv:24",
        "https://arx",
        "like:",
        "like:24",
        'like:"24',
        "like:arxiv:24",
        "like:https://arx",
        "id:24",
        "votes:>",
        "votes:10.",
        "votes:..",
        "votes:10..9",
        "date:20",
        "date:7",
        "date:365",
        "date:to",
        "date:>",
        "date:2025-",
        "date:2025-1",
        "date:2025-W",
        "date:2025-04-3",
        "date:2025.",
        "date:..",
        "date:2025-06..2025-0",
    ],
)
def test_a_field_that_can_still_become_valid_is_incomplete_while_typing(text: str) -> None:
    assert isinstance(error_of(text, typing=True), IncompleteQueryError)


@pytest.mark.parametrize(
    "text",
    [
        "is:unr ",
        "is:unr a",
        "is:x",
        "has:x",
        "view:x",
        "view:be ",
        "view:loop",
        "like:24 ",
        "titel:x",
        "tag:,",
        "votes:x",
        "votes:1e3",
        "date:2025-02-3",
        "date:2025-13",
        "date:20 ",
        "date:x..20",
        "date:2026..2025",
        "a)",
        "OR a",
        "(a sort:date",
    ],
)
def test_what_typing_on_can_not_mend_is_wrong_while_typing_too(text: str) -> None:
    assert not isinstance(error_of(text, typing=True), IncompleteQueryError)


WEEK = InView("Week", DayIn("on", "2026-05-24", "2026-05-31"))
BEST = InView("best", NumberIn("votes", 51, None))
GRAPHS = InView("graphs", And((WEEK, Term("graph"))))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("view:Week", WEEK),
        ("view:week", WEEK),
        ('view:"WEEK"', WEEK),
        ("a -view:week", And((A, Not(WEEK)))),
        ("view:graphs", GRAPHS),
        ("view:graphs OR view:best", Or((GRAPHS, BEST))),
        ("view:week view:Week", WEEK),
        ("view:everything", InView("everything", Everything())),
        ("view:e\u0301ric", InView("Éric", Term("éric", "author"))),
        ("view: week", And((Term("view:"), Term("week")))),
    ],
)
@pytest.mark.parametrize("typing", [False, True])
def test_a_view_is_what_its_text_says(text: str, node: Node, *, typing: bool) -> None:
    if typing and text.endswith(" week"):
        text += " "
    assert read(text, typing=typing).node == node


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("view:best", Sort.VOTES),
        ("a view:best b", Sort.VOTES),
        ("view:inner", Sort.VOTES),
        ("view:either view:best", Sort.TITLE),
        ("view:best view:either", Sort.VOTES),
        ("view:week view:best", Sort.VOTES),
        ("view:best sort:date", Sort.DATE),
        ("sort:date view:best", Sort.DATE),
        ("view:week", None),
        ("-view:best", None),
        ("a -view:best", None),
        ("a OR view:best", None),
        ("a (b OR view:best)", None),
        ("view:best OR view:best", Sort.VOTES),
        ("(view:best)", Sort.VOTES),
    ],
)
def test_the_order_of_a_view_holds_where_all_of_the_result_lies_in_it(
    text: str, sort: Sort | None
) -> None:
    query = read(text)
    assert query.sort is sort
    assert read(str(query)) == query


def test_a_view_without_any_saved_is_an_error_that_says_so() -> None:
    error = error_of("view:x", views={})
    assert (error.column, error.suggestion) == (6, None)
    assert "none is saved" in error.message


def test_only_some_of_many_views_are_named_in_an_error() -> None:
    message = error_of("view:x", views={f"v{number}": "" for number in range(500)}).message
    assert "v0, v1, v2" in message
    assert len(message) < 200


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("a view:self", 3, "the view 'self' contains itself: self, self"),
        ("view:LOOP", 1, "the view 'loop' contains itself: loop, pool, loop"),
        ("x (view:pool b)", 4, "the view 'pool' contains itself: pool, loop, pool"),
        ("view:bad", 1, "in the view 'bad', at its column 3: there is no field 'titel:'"),
        ("  -view:broken", 4, "in the view 'bad', at its column 3: there is no field 'titel:'"),
    ],
)
def test_a_view_that_can_not_be_read_is_an_error_where_it_is_named(
    text: str, column: int, message: str, *, typing: bool
) -> None:
    error = error_of(text, typing=typing)
    assert (error.column, error.suggestion) == (column, None)
    assert error.message.startswith(message)


def test_a_view_that_leads_to_one_that_contains_itself_names_that_one() -> None:
    error = error_of("view:c", views={"a": "view:b", "b": "x view:a", "c": "view:a"})
    assert error.message == "the view 'a' contains itself: a, b, a"


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("new", "a titel:x", 3),
        ("New", "a OR (b view:new)", 9),
        ("best", "a view:inner", 3),
        ("new", "view:loop", 1),
        ("new", "view:nwe", 6),
    ],
)
def test_a_view_to_be_saved_is_read_as_itself(name: str, text: str, column: int) -> None:
    assert parse_view(name, "a view:week", today=TODAY, views=VIEWS).node == And((A, WEEK))
    with pytest.raises(QuerySyntaxError) as caught:
        parse_view(name, text, today=TODAY, views=VIEWS)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("form", "start"), [("view:v{}", 2), ("(view:v{})", 11), ("-(a view:v{})", 11)]
)
def test_views_nest_only_as_deep_as_parentheses(form: str, start: int) -> None:
    views = {f"v{number}": form.format(number + 1) for number in range(DEEPEST_NESTING)}
    views[f"v{DEEPEST_NESTING}"] = "(x)"
    assert read(f"view:v{start}", views=views).node != Everything()
    error = error_of(f"a view:v{start - 1}", views=views)
    assert error.column == 3
    assert f"more than {DEEPEST_NESTING} deep" in error.message


def test_what_views_ask_for_counts_for_the_longest_query() -> None:
    operands = " ".join(f"votes:{number}" for number in range(OPERANDS.most - 2))
    views = {"long": operands, "twice": "view:long view:long", "four": "view:twice view:twice"}
    assert read("view:long a", views=views).node != Everything()
    assert error_of("view:long a b", views=views).column == 13
    assert error_of("a b view:long", views=views).column == 5
    assert error_of("a view:four", views=views).column == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a or b", ["'or'"]),
        ("a or b or not c and d", ["'or'", "'not'", "'and'"]),
        ("Title:x", ["'title:'"]),
        ('"a b" ~5', ["'~5'"]),
        ('"a b"~5 ~ a~5', []),
        ("tag: x", ["'tag:'"]),
        ("a OR b", []),
        ('"a or b" title:or', []),
        ("BERT: pre 16:9 https://x.org", []),
        ('"open or', []),
    ],
)
def test_words_that_look_like_operators_or_fields_give_hints(text: str, words: list[str]) -> None:
    found = hints(text)
    assert len(found) == len(words)
    assert all(word in hint for word, hint in zip(words, found, strict=True))


@pytest.mark.parametrize("name", [name for field in FIELDS for name in (field.name, *field.short)])
def test_every_name_of_a_field_is_one(name: str) -> None:
    assert read(f"{name}: x").node == And((Term(f"{name}:"), Term("x")))
    assert error_of(f"{name}:()").column == len(name) + 2


# A small alphabet in which everything that the language gives a meaning is likely.
PIECES = st.sampled_from(
    [
        *(f"{name}:" for field in FIELDS for name in (field.name, *field.short)),
        *("a", "b", "graph", "深度", "🤖", "none", "OR", "AND", "NOT", "or", "R&D", "x" * 120),
        *(
            " ",
            " ",
            " ",
            "(",
            ")",
            '"',
            "-",
            "*",
            ",",
            "..",
            ":",
            "<",
            ">",
            ">=",
            ".",
            "/",
            "+",
            "~",
            "~5",
            "~1",
            "~0",
            '"a b"~',
            "abc~",
        ),
        *(
            "2025",
            "2025-02-30",
            "-01",
            "-W12",
            "7d",
            "today",
            "50",
            "99999999999",
            "٣",
            "0",
            "9999",
        ),
        *(
            *VIEWS,
            "2401.01234",
            "arxiv:",
            "doi:10.1/x(1)2",
            "https://",
            "http:",
            "unread",
            "votes",
            "clem:",
        ),
        *(
            "\x1b[31m",
            "\x00",
            "\ud800",
            "\u200d",
            "\u202e",
            "\n",
            "\u3000",
            "é",
            "e\u0301",
            "\u017f",
        ),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join))


@given(text=TEXTS, typing=st.booleans())
@example(text="http\u017f://x(1)", typing=False)
@example(text='doi:10.1/a"b(c)', typing=False)
def test_any_text_is_a_query_that_prints_as_itself_or_a_syntax_error(
    *, text: str, typing: bool
) -> None:
    hints(text)
    try:
        query = read(text, typing=typing)
    except QuerySyntaxError as error:
        assert typing or not isinstance(error, IncompleteQueryError)  # noqa: PT017 - it may raise
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - as above
    else:
        assert read(str(query)) == as_written(query)


def as_written(query: Query) -> Query:
    """Return a query as its text is read on the command line, where no bare word is a prefix."""
    node = rebuilt(query.node, _as_term)
    return Query(node or Everything(), query.sort)


def _as_term(node: Node) -> Node:
    return Term(node.text, node.field) if isinstance(node, Prefix) and node.is_typed else node


WORDS = st.sampled_from(["a", "b", "graph", "C++", "R&D", "self-supervised", "16:9", "深度", 'x"y'])
FIELD_NAMES = st.sampled_from(["", *TEXT_FIELDS])
DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat)
NUMBERS = st.integers(0, 999_999_999)


Value = TypeVar("Value", int, str)


def bounds(
    values: st.SearchStrategy[Value],
) -> st.SearchStrategy[tuple[Value | None, Value | None]]:
    """Give pairs of a first and a last value, one of which may be open."""
    pairs = st.tuples(values, values).map(lambda pair: (min(pair), max(pair)))
    return st.one_of(pairs, st.tuples(values, st.none()), st.tuples(st.none(), values))


LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, WORDS, FIELD_NAMES),
    st.builds(Prefix, WORDS, FIELD_NAMES),
    st.builds(
        Phrase,
        st.lists(WORDS, min_size=1, max_size=10).map(" ".join).map(lambda t: t.replace('"', "")),
        FIELD_NAMES,
    ),
    st.builds(
        Near,
        st.lists(WORDS, min_size=2, max_size=10).map(" ".join).map(lambda t: t.replace('"', "")),
        st.integers(1, LARGEST_DISTANCE),
        FIELD_NAMES,
    ),
    st.builds(Fuzzy, st.sampled_from(["abc", "Éric", "NOT", "x1y", "abc,", "C++"]), FIELD_NAMES),
    st.builds(Like, st.sampled_from(["2401.01234", "doi:10.1234/x(1)", "paperdeck:3"])),
    st.builds(IdIs, st.sampled_from(["2401.01234", "doi:10.1/x(1)", "paperdeck:3", "a b"])),
    st.builds(
        TaggedAny,
        st.lists(st.sampled_from(["rl", "nlp/x", "Ünï"]), min_size=1, unique=True).map(tuple),
    ),
    st.builds(Untagged),
    st.builds(InState, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(POSSESSIONS)),
    st.builds(FromSource, st.sampled_from(RECORD_SOURCES)),
    st.builds(LastImport),
    # Those without an order, which the whole query would take over.
    st.sampled_from([read(f"view:{name}").node for name in ("week", "graphs", "everything")]),
    st.builds(
        lambda field, pair: DayIn(field, *pair),
        st.sampled_from(["on", "listed", "date", "added"]),
        bounds(DAYS),
    ),
    st.builds(
        lambda field, pair: NumberIn(field, *pair),
        st.sampled_from(["votes", "comments", "import"]),
        bounds(NUMBERS),
    ),
)


def joined(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Give nodes of those given as the parser makes them: none directly in its own kind."""
    return st.one_of(several(nodes, And), several(nodes, Or), negated(nodes))


@st.composite
def several(draw: st.DrawFn, nodes: st.SearchStrategy[Node], kind: type[And | Or]) -> Node:
    drawn = draw(st.lists(nodes, min_size=2, max_size=4))
    children = dict.fromkeys(Not(node) if isinstance(node, kind) else node for node in drawn)
    return kind(tuple(children)) if len(children) > 1 else drawn[0]


@st.composite
def negated(draw: st.DrawFn, nodes: st.SearchStrategy[Node]) -> Node:
    node = draw(nodes)
    return node if isinstance(node, Not) else Not(node)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    node = draw(st.just(Everything()) | st.recursive(LEAVES, joined, max_leaves=8))
    return Query(node, draw(st.none() | st.sampled_from(Sort)))


@given(queries())
def test_every_query_prints_as_a_text_that_parses_to_it(query: Query) -> None:
    assert read(str(query)) == query


@given(queries(), st.data())
def test_every_beginning_of_a_query_can_be_typed(query: Query, data: st.DataObject) -> None:
    text = str(query)
    begun = text[: data.draw(st.integers(0, len(text)))]
    try:
        typed = read(begun, typing=True)
    except IncompleteQueryError:
        return
    assert read(str(typed)) == as_written(typed)

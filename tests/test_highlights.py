from __future__ import annotations

from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.query.nodes import text_leaves
from store.query.parsing import parse
from store.query.words import Fuzzy, Near, Phrase, Prefix, Term, TextLeaf
from store.text import tokens
from store.texts.stems import stem
from tui.format import author_line
from tui.highlights import found_spans

TODAY = date(2026, 3, 12)


def spans(text: str, *leaves: TextLeaf, field: str = "abs") -> list[str]:
    found = sorted(set(found_spans(text, leaves, field)))
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("leaf", "text", "found"),
    [
        (Term("video"), "Video to video", ["Video", "video"]),
        (Term("video"), "videotape", []),
        (Term("garcia"), "by García", ["García"]),
        (Term("straße"), "Strasse", ["Strasse"]),
        (Term("supervised"), "self-supervised", ["supervised"]),
        (Term("深度"), "深度学习", ["深度"]),
        (Term("学深"), "深度学习", []),
        (Term("a a"), "a a a", ["a a", "a a"]),
        (Term("C++"), "C, C++ and C#", ["C++"]),
        (Term("gpt"), "GPT-4o and GPT", ["GPT", "GPT"]),
        (Term("β-VAE"), "the β-VAE, a VAE", ["β-VAE"]),
        (Term("video", "abs"), "video", ["video"]),
        (Term("video", "title"), "video", []),
        (Term(""), "video", []),
        (Term("..."), "video ...", []),
        (Term("[bold]"), "[bold]", ["bold"]),
    ],
)
def test_a_word_is_marked_wherever_it_stands(leaf: Term, text: str, found: list[str]) -> None:
    assert spans(text, leaf) == found


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("network", "Networks of a networked network", ["Networks", "networked", "network"]),
        ("networks", "a network works", ["network"]),
        ("retrieval", "retrieve what was retrieved", ["retrieve", "retrieved"]),
        ("happy", "happiness and haps", ["happiness"]),
        ("organ", "organic order", ["organic"]),
        ("models", "a modem", []),
        ("gpt4s", "gpt4", []),
        (
            "self-supervised",
            "Self-supervising, or self supervision",
            ["Self-supervising", "self supervision"],
        ),
        ("self-supervised", "supervised by self, self by supervision", []),
        ("self-supervised", "self is supervised", []),
    ],
)
def test_a_word_is_marked_in_all_its_forms(word: str, text: str, found: list[str]) -> None:
    assert spans(text, Term(word)) == found


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("graph neural", "graph neural, neural graph", ["graph neural"]),
        ("graph neural", "Graph\nNeural nets", ["Graph\nNeural"]),
        ("graph neural", "graphs neural", []),
        ("networks", "networks of network", ["networks"]),
        ("self supervised", "self-supervised", ["self-supervised"]),
        ("self-supervised", "self, supervised", ["self, supervised"]),
        ("a b a", "a b a b a", ["a b a", "a b a"]),
        ("", "a b", []),
    ],
)
def test_a_phrase_is_marked_as_one_run_of_its_very_words(
    phrase: str, text: str, found: list[str]
) -> None:
    assert spans(text, Phrase(phrase)) == found


@pytest.mark.parametrize(
    ("leaf", "text", "found"),
    [
        (Near("graph attention", 1), "graph attention of a graph", ["graph", "attention"]),
        (Near("graph attention", 1), "attention graph", ["attention", "graph"]),
        (Near("graph attention", 1), "graph of attention", []),
        (Near("graph attention", 2), "graph of attention", ["graph", "attention"]),
        (Near("graph attention", 2), "graphs of attentive eyes", ["graphs", "attentive"]),
        (Near("graph attention", 2), "graph, and by the way attention", []),
        (Near("a b c", 2), "a x b x c", ["a", "b", "c"]),
        (Near("a b c", 2), "a x b x x c", []),
        (Near("a b a", 1), "a b", ["a", "b"]),
        (Near("a a", 3), "a x a", ["a", "a"]),
        (Near("a a", 3), "a", []),
        (Near("self-supervised", 2), "supervised by self", ["supervised", "self"]),
        (Near("graph attention", 5, "title"), "graph attention", []),
    ],
)
def test_words_near_each_other_are_marked_one_by_one(
    leaf: Near, text: str, found: list[str]
) -> None:
    assert spans(text, leaf) == found


letters = st.lists(st.sampled_from("abcx"), max_size=8)


@given(letters, st.lists(st.sampled_from("abc"), min_size=2, max_size=4), st.integers(1, 4))
def test_near_words_are_those_of_every_row_that_holds(
    text: list[str], sought: list[str], distance: int
) -> None:
    places = [[at for at, word in enumerate(text) if word == one] for one in sought]
    marked = {
        at
        for row in product(*places)
        if all(0 < abs(a - b) <= distance for a, b in pairwise(row))
        for at in row
    }
    found = found_spans(" ".join(text), [Near(" ".join(sought), distance)], "abs")
    assert sorted(set(found)) == [(2 * at, 2 * at + 1) for at in sorted(marked)]


@pytest.mark.parametrize(
    ("leaf", "text", "found"),
    [
        (Prefix("diffus"), "Diffusion diffuses", ["Diffusion", "diffuses"]),
        (Prefix("Überm"), "Übermaß", ["Übermaß"]),
        (Prefix("gpt-4"), "GPT-4o, GPT 4", ["GPT-4o"]),
        (Prefix("gpt"), "GPT-4o", ["GPT", "GPT-4o"]),
        (Prefix("super"), "self-supervised", ["supervised"]),
        (Prefix("深度"), "深度学习", ["深度"]),
        (Prefix("16:9"), "16:90 and 16 or 90", ["16:90"]),
        (Prefix("(diff"), "(different)", ["different"]),
        (Prefix("graphs,net"), "a graph network", ["graph network"]),
        (Prefix("networks"), "network", []),
        (Prefix("diff", "title"), "different", []),
        (Prefix("&"), "different", []),
        (Prefix(""), "different", []),
        (Prefix("networks", is_typed=True), "network of networkss", ["network", "networkss"]),
        (Prefix("netw", is_typed=True), "Networks", ["Networks"]),
        (Prefix("self-supervised", is_typed=True), "self supervision", ["self supervision"]),
        (Prefix("self-sup", is_typed=True), "self-supervised", ["self-supervised"]),
    ],
)
def test_a_beginning_is_marked_with_its_whole_word(
    leaf: Prefix, text: str, found: list[str]
) -> None:
    assert spans(text, leaf) == found


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("transfomer", "Transformer and transformers", ["Transformer"]),
        ("retreival", "Retrieval, retrieve", ["Retrieval"]),
        ("graph", "graph graphs grap grphs", ["graph", "graphs", "grap"]),
        ("schrodinger", "Schrödinger's", ["Schrödinger"]),
        ("gpt4", "GPT-4 or gpt5", ["GPT", "GPT-4", "gpt5"]),
        ("abc,", "abd", ["abd"]),
        ("...", "a bc", []),
    ],
)
def test_a_fuzzy_word_is_marked_in_words_of_one_edit(
    word: str, text: str, found: list[str]
) -> None:
    assert spans(text, Fuzzy(word)) == found
    assert spans(text, Fuzzy(word, "title")) == []


def test_a_word_of_one_field_is_marked_there_only() -> None:
    leaves = leaves_of("title:video author:liu speech -noise")
    text = "video liu speech noise"
    assert spans(text, *leaves, field="title") == ["video", "speech"]
    assert spans(text, *leaves, field="author") == ["liu", "speech"]
    assert spans(text, *leaves) == ["speech"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('-"graph attention" nets', ["nets"]),
        ("NOT (graph attention~) nets", ["nets"]),
        ("-(graph -nets)", []),
        ('"graph attention"~3 -nets~', ["graph", "attention"]),
        ("like:2401.01234 is:inbox", []),
        ("graph OR nets", ["graph", "nets"]),
    ],
)
def test_nothing_after_not_is_marked(query: str, found: list[str]) -> None:
    assert spans("graph attention nets", *leaves_of(query)) == found


def leaves_of(query: str) -> tuple[TextLeaf, ...]:
    return text_leaves(parse(query, today=TODAY).node)


def test_no_row_of_words_spans_two_authors() -> None:
    line = author_line(["Ana García", "Lena Ana", "García Lena"])
    assert spans(line, Phrase("ana garcía"), field="author") == ["Ana García"]
    assert spans(line, Near("ana garcía", 100), field="author") == ["Ana", "García"]
    assert spans(line, Term("lena"), field="author") == ["Lena", "Lena"]
    assert spans(line, Phrase("ana garcía")) == ["Ana García", "Ana, García"]


@pytest.mark.parametrize(
    ("leaf", "found"),
    [
        (Term("banks", "author"), ["Banks"]),
        (Near("banks ana", 1, "author"), ["Ana", "Banks"]),
        (Prefix("banks", "author", is_typed=True), ["Banks"]),
        (Term("banks"), ["Banks", "Bank"]),
    ],
)
def test_a_name_has_one_form_in_its_own_field(leaf: TextLeaf, found: list[str]) -> None:
    assert spans("Ana Banks, Li Bank", leaf, field="author") == found


def test_what_is_said_of_further_authors_is_not_marked() -> None:
    line = author_line(["Ana More"] + ["Li And"] * 30)
    assert line.endswith(" and 26 more")
    assert (
        spans(line, Term("more"), Term("and"), Term("26"), field="author") == ["More"] + ["And"] * 4
    )


words = st.text("aB éß深1-_. \n[],", max_size=30)
leaves = st.lists(
    st.one_of(
        *(st.builds(kind, words) for kind in (Term, Phrase, Fuzzy)),
        st.builds(Near, words, st.integers(1, 100)),
        st.builds(Prefix, words, is_typed=st.booleans()),
    )
)


@given(words, leaves, st.sampled_from(["abs", "author"]))
def test_what_is_found_lies_in_the_text(text: str, sought: list[TextLeaf], field: str) -> None:
    for start, end in found_spans(text, sought, field):
        assert 0 <= start < end <= len(text)


@given(st.text())
def test_no_stem_begins_otherwise_than_its_word(text: str) -> None:
    for token in tokens(text):
        assert stem(token.term)[:1] == token.term[:1]

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matching import Folded, Searched, marked, matching, runs, typed_words


def found(query: str, *labels: str) -> list[str]:
    texts = [Searched.of(label) for label in labels]
    return [labels[number] for number in matching(query, texts)]


def shown(query: str, label: str) -> str:
    """Return a label with brackets around what was typed."""
    places = marked(query, Searched.of(label)).label
    return "".join(f"[{run}]" if is_found else run for run, is_found in runs(label, places))


def test_the_better_a_label_fits_the_further_up_it_comes() -> None:
    labels = (
        "bubnbdbo",
        "runs dodo",
        "abundow",
        "us never did oh",
        "call it undo",
        "undone",
        "undo",
    )
    assert found("undo", *labels) == [
        "undo",
        "undone",
        "call it undo",
        "us never did oh",
        "abundow",
        "runs dodo",
        "bubnbdbo",
    ]


def test_what_fits_equally_well_keeps_its_order() -> None:
    labels = ("rl/online", "rl", "rl/offline", "rlhf", "a rl", "b rl")
    assert found("rl", *labels) == ["rl", "rl/online", "rl/offline", "rlhf", "a rl", "b rl"]


@pytest.mark.parametrize("query", ["", " ", "  \t"])
def test_an_empty_query_finds_everything_in_order(query: str) -> None:
    assert found(query, "b", "a", "", "c") == ["b", "a", "", "c"]
    assert marked(query, Searched.of("b", "beside")) == ((), ())


@pytest.mark.parametrize("label", ["", "tag", "gat", "t a", "ag t"])
def test_a_letter_that_is_missing_or_out_of_order_finds_nothing(label: str) -> None:
    assert found("tags", label) == []


def test_every_word_of_a_query_is_found_in_any_order() -> None:
    labels = ("graph theory", "neural graph", "a graph neural net", "graph neural", "neural")
    assert found("graph neural", *labels) == ["graph neural", "a graph neural net", "neural graph"]
    assert found("neural graph", *labels)[0] == "neural graph"


def test_texts_beside_the_label_are_found_but_not_by_scattered_letters() -> None:
    texts = [
        Searched.of("Code", "https://github.com/x/y", "programs"),
        Searched.of("g-i-t", "x", ""),
        Searched.of("Page", "https://digit.org", ""),
        Searched.of("gitter", "", ""),
        Searched.of("none", "g i t", "i"),
    ]
    assert matching("git", texts) == [3, 1, 0, 2]
    assert matching("progr code", texts) == [0]
    assert marked("git", texts[0]) == ((), (tuple(range(8, 11)), ()))
    assert marked("co pro", texts[0]) == ((0, 1), ((), (0, 1, 2)))


@pytest.mark.parametrize(
    ("query", "label", "expected"),
    [
        ("und", "undo", "[und]o"),
        ("und", "found undo", "found [und]o"),
        ("und", "found", "fo[und]"),
        ("gn", "Graph Neural nets", "[G]raph [N]eural nets"),
        ("grneu", "General graph neural", "General [gr]aph [neu]ral"),
        ("neural gr", "graph neural", "[gr]aph [neural]"),
        ("a a", "aha", "[a]ha"),
        ("resume", "Mon Résumé", "Mon [Résumé]"),
        ("resume", "Mon Re\u0301sume\u0301", "Mon [Re\u0301sume\u0301]"),
        ("ÉTÉ", "l'ete", "l'[ete]"),
        ("oeu", "chef-d'œuvre", "chef-d'[œu]vre"),
        ("学习", "深度学习 RL", "深度[学习] RL"),
        ("fi", "e\ufb03cient", "e[\ufb03]cient"),
        ("x", "x\u0302y", "[x\u0302]y"),
        ("👩", "a👩‍👩‍👧b", "a[👩‍👩‍👧]b"),
    ],
)
def test_what_was_typed_is_marked_where_it_was_written(
    query: str, label: str, expected: str
) -> None:
    assert found(query, label) == [label]
    assert shown(query, label) == expected


@given(st.text(max_size=30), st.text(max_size=8))
def test_marks_lie_within_the_text_and_runs_make_it_whole(label: str, query: str) -> None:
    text = Searched.of(label, label)
    is_found = matching(query, [text]) == [0]
    label_places, aside = marked(query, text)
    places = (*label_places, *(place for one in aside for place in one))
    assert all(0 <= place < len(label) for place in places)
    assert list(label_places) == sorted(set(label_places))
    assert bool(places) <= is_found
    assert "".join(run for run, _ in runs(label, label_places)) == label
    assert all(run for run, _ in runs(label, label_places))


@given(st.text(min_size=1, max_size=30))
def test_a_label_is_found_by_itself(label: str) -> None:
    assert found(label, label) == [label]


@given(st.text(max_size=30))
def test_each_folded_character_knows_where_it_was_written(text: str) -> None:
    folded = Folded.of(text)
    for index, char in enumerate(folded.text):
        (place,) = folded.written((index,))
        assert char in Folded.of(text[place]).text


def test_the_words_of_a_filter_are_all_of_its_places() -> None:
    folded = Folded.of("Read, unread")
    assert folded.containing(typed_words("READ x")) == (0, 1, 2, 3, 8, 9, 10, 11)
    assert folded.containing(["a.c", "("]) == ()


def test_a_thousand_long_labels_are_matched_while_a_key_is_pressed() -> None:
    words = ("graph", "neural", "transformer", "diffusion", "agents", "speech", "codec")
    texts = [
        Searched.of(" ".join(words[(n * k) % 7] for k in range(12)), f"of {n}")
        for n in range(1_000)
    ]
    took = []
    for query in ("a", "rene", "gntd", "sesecd", "graph ne te", "zzz"):
        start = time.perf_counter()
        matching(query, texts)
        took.append(time.perf_counter() - start)
    # About 5 ms; what a busy machine adds is no matter here, what spreads letters is.
    assert max(took) < 0.1

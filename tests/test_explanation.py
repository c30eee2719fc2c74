from __future__ import annotations

from dataclasses import replace

import pytest

from store.explaining import Explanation, PaperScore, Part
from store.query.found import WordScore
from tui.explanation import explanation_text, query_account

GRAPH = Part("graph", 'the word "graph", in any form', 1_234)
ZEBRA = Part("zebra", 'the word "zebra", in any form', 2, without=1_234)
DEAD = Part("zebra", 'the word "zebra", in any form', 0, without=0)
SCORE = PaperScore(
    7,
    12.5,
    (WordScore("graph", "", 9.25), WordScore("old", "title", 2.0)),
    title=1.25,
    nearness=0.0,
    is_exact_title=True,
)


@pytest.mark.parametrize(
    ("explanation", "lines"),
    [
        (
            Explanation("graph", (GRAPH,), 0, is_either=False, papers=1_234),
            [
                "Search: graph",
                "",
                "Papers with:",
                '  1,234  the word "graph", in any form  graph',
                "",
                "1,234 papers found",
            ],
        ),
        (
            Explanation("graph zebra", (GRAPH, ZEBRA), 3, is_either=False, papers=0),
            [
                "Search: graph zebra",
                "",
                "Papers with all of:",
                '  1,234  the word "graph", in any form  graph',
                '      2  the word "zebra", in any form  zebra',
                "  And 3 more parts",
                "",
                "Nothing found",
                "  Without 'zebra' it finds 1,234 papers",
            ],
        ),
        (
            Explanation("graph zebra", (GRAPH, DEAD), 0, is_either=False, papers=0),
            [
                "Search: graph zebra",
                "",
                "Papers with all of:",
                '  1,234  the word "graph", in any form  graph',
                '      0  the word "zebra", in any form  zebra',
                "",
                "Nothing found",
                "  Without any one of them it finds none either",
            ],
        ),
        (
            Explanation("a OR b", (GRAPH, GRAPH), 0, is_either=True, papers=1),
            [
                "Search: a OR b",
                "",
                "Papers with any of:",
                *['  1,234  the word "graph", in any form  graph'] * 2,
                "",
                "1 paper found",
            ],
        ),
    ],
)
def test_a_query_is_explained_by_its_parts(explanation: Explanation, lines: list[str]) -> None:
    assert explanation_text(explanation).split("\n") == lines


def test_the_score_of_a_paper_is_explained_by_its_words() -> None:
    explanation = Explanation("graph", (GRAPH,), 0, is_either=False, papers=9, score=SCORE)
    text = explanation_text(explanation, "Counting sheep")

    assert text.split("\n")[-6:] == [
        "",
        "'Counting sheep' scores 12.50:",
        "  9.25  graph",
        "  2.00  title:old",
        "  1.25  in the title",
        "  It comes first as this is its title",
    ]


def test_of_parts_that_were_not_tried_it_is_not_said_that_they_leave_nothing() -> None:
    explanation = Explanation("graph zebra", (GRAPH, DEAD), 3, is_either=False, papers=0)
    assert query_account(explanation).emptied == ()
    whole = replace(explanation, left_out=0)
    assert query_account(whole).emptied == ("without any one of them it finds none either",)
    assert query_account(replace(whole, is_either=True)).emptied == ()
    assert query_account(replace(whole, parts=(DEAD,))).emptied == ()
    assert query_account(replace(whole, papers=1)).emptied == ()


def test_a_paper_without_a_score_is_told_so_and_nothing_is_obeyed() -> None:
    hostile = Part("\x1b[2J", "a\x1b[31m\nb", 1)
    explanation = Explanation("\x1b]52;c;aGk=\x07", (hostile,), 0, is_either=False, papers=9)
    text = explanation_text(explanation, "\x1b[1m[bold]x[/]")

    assert text.endswith(
        "'[bold]x[/]' has no score: the search finds it for no word, or not at all"
    )
    assert text.replace("\n", "").isprintable()

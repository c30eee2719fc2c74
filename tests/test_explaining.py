"""What is said of a query: its parts, what leaves nothing, and what a score is made of."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.errors import QuerySyntaxError, SearchAbandonedError
from store.explaining import MOST_PARTS
from store.library import Library
from store.query.meanings import reading_of
from store.query.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import DeskOpener, RecordBuilder

NOW = datetime(2026, 3, 19, 9, 30, tzinfo=UTC)
TEXTS = {
    "Graph neural networks": "A network of neural graphs, in a graph.",
    "Neural fields": "Fields that are neural, of a graph. Self-supervised.",
    "A survey of graphs": "A survey of what networks and graphs are.",
    "Diffusion models": "They diffuse light, diffusely; a neural model.",
    "Counting sheep": "What is known of sheep.",
}
VIEWS = {"graphs": "graph sheep", "starred": "is:starred"}


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("explaining")
    with desk_in(folder / "library") as desk:
        desk.bring_in(
            *(
                record(
                    title,
                    f"2401.{number:05}",
                    abstract=abstract,
                    votes=number,
                    day="2026-03-12",
                    authors=("Ana Li",),
                    tags=("inbox",) if number % 2 else (),
                )
                for number, (title, abstract) in enumerate(TEXTS.items(), start=1)
            )
        )
    with Library(
        folder / "library", index_folder=folder / "index", program="test", clock=lambda: NOW
    ) as library:
        for name, query in VIEWS.items():
            library.views.save(name, query)
        assert library.index.wait(30)
        yield library


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Networks", 'the word "networks", in any form'),
        ("title:networks", 'the word "networks", in any form in the title'),
        ("author:li", 'the word "li" in an author\'s name'),
        ("self-supervised", 'the words "self supervised" in a row, in any form'),
        ('"networks"', 'the word "networks", as written'),
        ('abs:"graph networks"', 'the words "graph networks" in a row, as written in the abstract'),
        ('"graph networks"~4', 'the words "graph networks" within 4 of each other, in any form'),
        ("diffus*", 'any word that begins with "diffus"'),
        ("graf~", 'any word within one slip of "graf"'),
        ("-graph", 'without the word "graph", in any form'),
        ("graph OR (a b)", "any of these 2"),
        ("-(graph neural)", "without all 2 of these"),
        ("like:2401.00001", "papers like 2401.00001"),
        ("2401.00001", "the paper with the identifier 2401.00001"),
        ("tag:rl,agents", "papers tagged 'rl' or 'agents', or with a tag below"),
        ("tag:none", "papers with no tag of yours"),
        ("is:unread", "papers that are unread"),
        ("is:archived", "papers that are archived"),
        ("is:rising", "papers whose votes have doubled since you decided on them"),
        ("has:code", "papers with a link to code"),
        ("src:feed", "papers that were read from 'feed'"),
        ("on:2026-03-12", "papers listed on 2026-03-12"),
        ("date:2025-01..2025-03", "papers published from 2025-01-01 to 2025-03-31"),
        ("added:2025..", "papers added from 2025-01-01"),
        ("date:..2025", "papers published until 2025-12-31"),
        ("votes:>1000", "papers with 1,001 votes or more"),
        ("votes:<10", "papers with 9 votes or fewer"),
        ("comments:10..99", "papers with 10 to 99 comments"),
        ("votes:7", "papers with 7 votes"),
        ("import:last", "papers that the latest import brought in"),
        ("import:7", "papers that import 7 brought in"),
        ("import:>7", "papers that imports from 8 on brought in"),
        ("import:..7", "papers that imports up to 7 brought in"),
        ("import:7..9", "papers that imports 7 to 9 brought in"),
        ("view:starred", "the saved view of 'is:starred'"),
        ("*", "every paper"),
    ],
)
def test_every_kind_of_part_is_read_in_a_few_words(text: str, reading: str) -> None:
    assert reading_of(parse(text, today=NOW.date(), views=VIEWS).node) == reading


def test_a_word_that_is_typed_may_be_another_form() -> None:
    typed = parse("networks", today=NOW.date(), typing=True).node
    assert reading_of(typed) == 'any word that begins with "networks", or a form of it'
    name = parse("au:li", today=NOW.date(), typing=True).node
    assert reading_of(name) == 'any word that begins with "li" in an author\'s name'


def parts(library: Library, text: str) -> list[tuple[str, int, int | None]]:
    found = library.explain(text).parts
    return [(part.text, part.papers, part.without) for part in found]


def test_each_part_says_how_many_papers_it_finds_alone(library: Library) -> None:
    assert parts(library, "graph -survey is:inbox") == [
        ("graph", 3, None),
        ("-survey", 4, None),
        ("is:inbox", 3, None),
    ]
    assert parts(library, "graph OR sheep") == [("graph", 3, None), ("sheep", 1, None)]
    assert parts(library, "graph (sheep OR neural)") == [
        ("graph", 3, None),
        ("sheep OR neural", 4, None),
    ]
    assert parts(library, "") == [("*", 5, None)]
    explanation = library.explain("graph neural")
    assert (explanation.query, explanation.papers, explanation.left_out) == ("graph neural", 2, 0)
    assert not explanation.is_either
    assert library.explain("graph OR sheep").is_either


def test_a_query_that_finds_nothing_says_what_dropping_each_part_gives(library: Library) -> None:
    assert parts(library, "graph neural sheep") == [
        ("graph", 3, 0),
        ("neural", 3, 0),
        ("sheep", 1, 2),
    ]
    assert [one.text for one in library.explain("graph neural sheep").emptied_by] == ["sheep"]
    assert parts(library, "sheep votes:<3") == [("sheep", 1, 2), ("votes:..2", 2, 1)]
    assert library.explain("sheep zebra unicorn").emptied_by == ()
    assert parts(library, "zebra") == [("zebra", 0, None)]
    assert parts(library, "zebra OR unicorn") == [("zebra", 0, None), ("unicorn", 0, None)]


def test_a_view_that_stands_alone_is_taken_apart(library: Library) -> None:
    assert parts(library, "view:graphs") == [("graph", 3, 1), ("sheep", 1, 3)]
    assert parts(library, "view:graphs neural")[0] == ("view:graphs", 0, 3)
    assert library.explain("view:graphs").query == "view:graphs"


def test_of_many_parts_the_first_are_looked_for(library: Library) -> None:
    explanation = library.explain(" ".join(f"w{number}" for number in range(MOST_PARTS + 5)))
    assert (len(explanation.parts), explanation.left_out) == (MOST_PARTS, 5)


@pytest.mark.parametrize(
    "text",
    [
        "graph",
        "graph neural networks",
        "networks neural",
        "graph graph neural",
        "title:graph neural",
        "graph -survey",
        "graph is:inbox",
        "neural -view:starred",
        "neural OR sheep",
        "neural (graph OR is:inbox)",
        "(neural is:inbox) OR (graph votes:>1)",
        "neural (graph OR diffusion)",
        '"neural graphs"',
        '"graph neural"~3',
        "neur* graph",
        "n*",
        "grapf~",
        "self-supervised",
        "author:li neural",
        "neural sort:votes",
        "-survey",
        "-survey (sheep OR is:inbox)",
        "like:2401.00001",
        "like:2401.00001 neural",
        "like:2401.00001 OR sheep",
        "survey graphs",
        "view:starred OR neural",
    ],
)
def test_what_a_score_is_made_of_adds_up_to_it(library: Library, text: str) -> None:
    result = library.search(text)
    assert result.keys
    for key in result.keys:
        score = library.explain(text, key=key).score
        assert score is not None
        assert score.key == key
        assert result.scores is not None
        assert score.score == result.scores[key]
        whole = sum(word.score for word in score.words) + score.title + score.nearness
        assert whole == pytest.approx(score.score, rel=1e-4, abs=1e-4)
        assert score.title >= 0 <= score.nearness


def test_a_typed_word_scores_as_it_is_found(library: Library) -> None:
    query = library.parse("graph neur", typing=True)
    result = library.search(query)
    score = library.explain("graph neur", typing=True, key=result.keys[0]).score
    assert score is not None
    assert result.scores is not None
    assert [word.text for word in score.words] == ["graph", "neur*"]
    assert sum(word.score for word in score.words) + score.title + score.nearness == pytest.approx(
        result.scores[result.keys[0]], rel=1e-4
    )


def test_a_score_is_told_by_word_and_field(library: Library) -> None:
    (key,) = library.search('"Graph neural networks"').keys
    score = library.explain("title:networks Graphs neural", key=key).score
    assert score is not None
    assert [(word.text, word.field) for word in score.words] == [
        ("networks", "title"),
        ("graphs", ""),
        ("neural", ""),
    ]
    assert all(word.score > 0 for word in score.words)
    assert score.title > 0 < score.nearness
    alone = library.explain("graph", key=key).score
    assert alone is not None
    assert alone.nearness == 0


def test_the_words_for_which_a_paper_is_like_another_are_told(library: Library) -> None:
    score = library.explain("like:2401.00001", key=3).score
    assert score is not None
    assert {word.text for word in score.words} == {"graph", "networks", "of"}
    amounts = [word.score for word in score.words]
    assert amounts == sorted(amounts, reverse=True)


def test_an_exact_title_is_told(library: Library) -> None:
    for text, is_exact in {
        "graph neural networks": True,
        "graph neural networks sort:votes": False,
        "graph neural": False,
    }.items():
        score = library.explain(text, key=1).score
        assert score is not None
        assert score.is_exact_title is is_exact


@pytest.mark.parametrize("text", ["sheep", "is:inbox", "*", "like:2401.00001", "zebra"])
def test_a_paper_that_is_found_for_no_word_has_no_score(library: Library, text: str) -> None:
    assert library.explain(text, key=1).score is None
    assert library.explain(text, key=99).score is None


def test_an_explanation_can_be_abandoned_before_each_part(library: Library) -> None:
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    whole = library.explain("graph neural sheep", key=1, cancelled=count)
    assert whole == library.explain("graph neural sheep", key=1)
    assert asked > 2 * len(whole.parts)
    for asks in range(asked):
        answers = iter([False] * asks + [True])
        with pytest.raises(SearchAbandonedError):
            library.explain("graph neural sheep", key=1, cancelled=partial(next, answers))
        assert list(answers) == []


def test_a_text_that_is_no_query_is_an_error(library: Library) -> None:
    with pytest.raises(QuerySyntaxError):
        library.explain("graph OR")
    assert library.explain("graph OR", typing=True).papers == 3

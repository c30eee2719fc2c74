"""Did-you-mean, over a library small enough to count its words."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.errors import SearchAbandonedError
from store.library import Library
from store.spelling import MOST_WORDS, nearest_tag
from store.tags import TagCount

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import DeskOpener, RecordBuilder

NOW = datetime(2026, 3, 19, 9, 30, tzinfo=UTC)
TITLES = (
    "Retrieval for language models",
    "A transformer of text",
    "Diffusion models: a survey",
    "Self-supervised learning",
    "Grammar and syntax",
    "Cafés of Paris",
    *(f"Model number {number}" for number in range(60)),
    "A modle that was never proofread",
    "Grammer",
    "Ann",
    *(f"Of an ox, {number}" for number in range(60)),
)


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("spelling")
    facts: dict[int, dict[str, Any]] = {
        0: {"tags": ("agents/llm", "inbox"), "authors": ("Yann Lecun",)},
        1: {"tags": ("Vision",), "abstract": "Of retrieval too."},
        2: {"tags": ("visions",), "abstract": "Of an image."},
        3: {"tags": ("Vision",), "abstract": "Of 1999 and model 2."},
    }
    with desk_in(folder / "library") as desk:
        desk.bring_in(
            *(
                record(title, f"2401.{number:05}", **facts.get(number, {"tags": ()}))
                for number, title in enumerate(TITLES)
            )
        )
    with Library(
        folder / "library", index_folder=folder / "index", program="test", clock=lambda: NOW
    ) as library:
        assert library.index.wait(30)
        yield library


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("retreival", "retrieval"),
        ("transfomer", "transformer"),
        ("langauge models", "language models"),
        ("models  langauge", "models  language"),
        ("title:difusion", "title:diffusion"),
        ("ti:difusion -survy sort:votes", "ti:diffusion -survy sort:votes"),
        ("title:difusion sort:votes", "title:diffusion sort:votes"),
        ("author:lecnu", "author:lecun"),
        ("Retreival", "retrieval"),
        # An edit of the first letter, of any kind
        ("etrieval", "retrieval"),
        ("erttrieval", None),
        ("ertrieval", "retrieval"),
        ("tetrieval", "retrieval"),
        ("aretrieval", "retrieval"),
        ("kafes", "cafes"),
        # Phrases and nearness word by word, compounds by their parts
        ('"langauge models"', '"language models"'),
        ('title:"langauge  modeels"', 'title:"language  models"'),
        ('"models langauge"~3', '"models language"~3'),
        ("self-suprevised", "self-supervised"),
        ("(retreival OR zebra) lang*", "(retrieval OR zebra) lang*"),
        ("retreival AND langauge", "retrieval AND language"),
        # Decomposed, an accent is a character of its own
        ("cafe\u0301s retreival", "cafés retrieval"),
        ("retreival -cafe\u0301s", "retrieval -cafés"),
        # Few papers have it, and far more another
        ("modle", "model"),
        ("grammer", None),
        # But words that join others are not meant
        ("ann", None),
        # What is right, unlike all, or no word
        ("models", None),
        ("modelling", None),
        ("zebra", None),
        ("tx", None),
        ("1998", None),
        ("2401.0000", None),
        ("id:2401.99999", None),
        ("on:2026-03-11", None),
        ("votes:>5", None),
        ("is:unread", None),
        ("", None),
        ("*", None),
        # Words that papers are not found for, or that are found otherwise
        ("-retreival", None),
        ("NOT (retreival langauge)", None),
        ("retreiv*", None),
        ("retreival~", None),
        # It has to find more, or to come closer where neither finds any
        ("retreival grammar", "retrieval grammar"),
        ("retreival title:transfomer qqqqq", "retrieval title:transformer qqqqq"),
        ("retreival qqqqq is:starred", None),
        ("retreival OR grammar", "retrieval OR grammar"),
        ("retreival is:starred", None),
        # Tags: one edit away, the most frequent, else whatever is alike
        ("tag:agnets", "tag:agents"),
        ("tag:agents/lml", "tag:agents/llm"),
        ("tag:visio", "tag:Vision"),
        ("tag:vision", None),
        ("tag:visional", "tag:Vision"),
        ('tag:"rl, agnets"', 'tag:"rl, agents"'),
        ("tag:rl,agnets", "tag:rl,agents"),
        ("tag:inbx", "tag:inbox"),
        ("tag:none", None),
        ("-tag:agnets", None),
        ("tag:zoo", None),
        ("tag:agnets retreival", "tag:agents retrieval"),
        # What is no query
        ("retreival (", None),
        ("titel:retreival", None),
    ],
)
def test_a_misspelled_query_is_put_right_and_no_other(
    library: Library, text: str, meant: str | None
) -> None:
    assert library.suggestion(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("retr", None),
        ("retreiv", None),
        ("retreival", "retrieval"),
        ("retreival ", "retrieval "),
        ("langauge mod", "language mod"),
        ('"langauge mod', None),
        ("tag:agen", None),
        ("tag:agnets", "tag:agents"),
        ("tag:agnets,vis", "tag:agents,vis"),
        ("models (langauge", "models (language"),
        ("langauge OR", "language OR"),
        ("retreival on:", None),
    ],
)
def test_a_word_that_is_being_typed_is_right_while_a_word_begins_so(
    library: Library, text: str, meant: str | None
) -> None:
    assert library.suggestion(text, typing=True) == meant


def test_a_long_query_is_no_slip(library: Library) -> None:
    words = " OR ".join(["retreival"] + [f"word{'x' * n}" for n in range(MOST_WORDS)])
    assert library.suggestion(words) is None
    assert library.suggestion("retreival " * 300) is None
    assert library.suggestion(" OR ".join(["retreival"] * 3)) == " OR ".join(["retrieval"] * 3)


def test_words_that_papers_are_not_found_for_make_no_query_long(library: Library) -> None:
    others = " ".join(f"-word{'x' * n}" for n in range(MOST_WORDS + 1))
    meant = f"retrieval {others} language"
    assert library.suggestion(f"retreival {others} langauge") == meant
    many = " OR ".join(["retreival", *(f"word{'y' * n}" for n in range(MOST_WORDS))])
    assert library.suggestion(f"{others} ({many})") is None


def test_a_suggestion_can_be_abandoned_before_each_word(library: Library) -> None:
    for asks in range(2):
        answers = iter([False] * asks + [True])
        with pytest.raises(SearchAbandonedError):
            library.suggestion("retreival langauge", cancelled=partial(next, answers))
        assert list(answers) == []
    better = library.suggestion("langauge models", cancelled=lambda: False)
    assert better == "language models"


@settings(deadline=None, max_examples=50)
@given(text=st.text(alphabet='retivalgnu oOR"()-:~*,\x00\u200f', max_size=30), typing=st.booleans())
@example(text="retreival\x00models OR (", typing=True)
@example(text='"retreival\u200f', typing=True)
def test_a_suggestion_is_a_query_that_finds_more_or_comes_closer(
    library: Library, *, text: str, typing: bool
) -> None:
    better = library.suggestion(text, typing=typing)
    if better is None:
        return
    queries = [library.parse(one, typing=typing) for one in (text, better)]
    counts = [len(library.search(query).keys) for query in queries]
    assert counts[0] < counts[1] or not any(counts)
    assert library.search(queries[1], closest=True).keys


def test_without_an_index_words_stay_as_they_are(tmp_path: Path, library: Library) -> None:
    with Library(library.folder, index_folder=tmp_path, program="test", clock=lambda: NOW) as other:
        assert other.suggestion("retreival") is None
        assert other.suggestion("tag:agnets") == "tag:agents"


def test_a_tag_that_others_are_nested_in_is_known() -> None:
    counts = [TagCount("rl/offline", 9, 0), TagCount("ml", 3, 0), TagCount("mt", 2, 0)]
    assert nearest_tag("RL", counts) is None
    assert nearest_tag("r", counts) == "rl"
    assert nearest_tag("m", counts) == "ml"
    assert nearest_tag("offline", counts) == "rl/offline"
    assert nearest_tag("unlike", counts) is None
    assert nearest_tag("rl/ofline", counts) == "rl/offline"

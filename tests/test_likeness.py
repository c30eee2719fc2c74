from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.engine.evaluating import NO_HITS, Evaluation
from store.engine.snapshot import Snapshot
from store.index.likeness import likeness

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

    from store.library import Library

WOOL = "Spinning wool from old fleeces: we card, comb and spin yarn of sheep on wheels."
OTHERS = (
    "Baking bread with rye flour: we knead, prove and bake loaves in stone ovens.",
    "Building boats from oak planks: we steam, bend and rivet hulls in a yard.",
    "Painting fences in spring: we scrape, sand and coat boards of pine in the sun.",
)


def filled(library: Library, desk: Desk, record: RecordBuilder, *more: str) -> list[int]:
    """Bring in papers with these abstracts before some others; return their keys."""
    found = desk.bring_in(*(record(f"N {n}", abstract=text) for n, text in enumerate(more)))
    desk.bring_in(*(record(f"Other {n}", abstract=text) for n, text in enumerate(OTHERS)))
    assert library.index.wait(30)
    return list(found.papers)


def test_shared_words_are_written_as_in_the_other_paper_and_the_telling_ones_come_first(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    wool, yarn = filled(
        library, desk, record, WOOL, "Combed Wool and spun yarn; we spin it in the sun, on Wheels."
    )
    words = library.index.lookup().shared_words(wool, yarn)

    assert {"Wool", "Combed", "yarn", "Wheels"} <= set(words)
    assert "we" not in words, "it joins others, and tells nothing"
    assert "sun" not in words, "only one of the two has it"


def test_papers_without_a_common_word_and_unknown_ones_share_nothing(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    wool, numbers = filled(library, desk, record, WOOL, "Primes, twins, gaps.")

    assert library.index.lookup().shared_words(wool, numbers) == ()
    assert library.index.lookup().shared_words(wool, 10_000) == ()
    assert library.index.lookup().shared_words(10_000, wool) == ()


def test_a_text_without_a_known_word_is_like_none() -> None:
    evaluation = Evaluation(Snapshot(None, []))
    assert likeness(evaluation, "Spinning", WOOL) is NO_HITS


def test_an_index_that_is_not_there_yet_knows_no_words(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    one, two = desk.bring_in(record("A", abstract=WOOL), record("B", abstract=WOOL)).papers
    assert library.index.lookup().shared_words(one, two) == ()


@pytest.mark.parametrize("text", ["羊毛の紡ぎ方を丘の上で学ぶ", "прядём шерсть старых овец"])
def test_what_is_alike_is_found_in_any_script(
    library: Library, desk: Desk, record: RecordBuilder, text: str
) -> None:
    one, two = filled(library, desk, record, text, text)

    assert library.index.lookup().similar(one).keys.tolist() == [two]
    assert library.index.lookup().shared_words(one, two)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.linehistory import MOST_KEPT, LineHistory, remember

KEPT = ("graph neural", "diffusion", "Graph attention", "sheep")


def walked(walk: LineHistory, steps: str) -> list[str]:
    """Return the texts that a walk meets: `o` goes to an older one, `n` to a newer one."""
    texts = []
    for step in steps:
        walk = walk.older() if step == "o" else walk.newer()
        texts.append(walk.text)
    return texts


def test_a_walk_goes_back_to_the_oldest_and_returns_to_the_line() -> None:
    walk = LineHistory(KEPT, "cows")
    assert walk.text == "cows"
    assert walked(walk, "ooooonnnnn") == [
        "sheep",
        "Graph attention",
        "diffusion",
        "graph neural",
        "graph neural",
        "diffusion",
        "Graph attention",
        "sheep",
        "cows",
        "cows",
    ]


def test_a_walk_passes_over_what_begins_otherwise_and_over_the_line_itself() -> None:
    assert walked(LineHistory(KEPT, "gra", "gra"), "ooo") == [
        "Graph attention",
        "graph neural",
        "graph neural",
    ]
    assert walked(LineHistory(KEPT, "sheep"), "on") == ["Graph attention", "sheep"]


def test_a_walk_through_nothing_stays_at_the_line() -> None:
    for walk in (LineHistory((), "a"), LineHistory(KEPT, "x", "x"), LineHistory(("a",), "a")):
        assert set(walked(walk, "oon")) == {walk.line}


def test_a_text_is_kept_once_as_the_newest_without_blanks_around_it() -> None:
    assert remember((), " sheep ") == ("sheep",)
    assert remember(KEPT, "diffusion") == ("graph neural", "Graph attention", "sheep", "diffusion")
    assert remember(KEPT, " \t ") == KEPT
    assert remember(KEPT, "") == KEPT


def test_the_oldest_are_forgotten() -> None:
    kept: tuple[str, ...] = ()
    for number in range(MOST_KEPT + 5):
        kept = remember(kept, str(number))
    assert (len(kept), kept[0], kept[-1]) == (MOST_KEPT, "5", str(MOST_KEPT + 4))


@given(st.lists(st.text(max_size=4)), st.text(max_size=4), st.text("on"))
def test_every_walk_can_be_walked_back(kept: list[str], line: str, steps: str) -> None:
    walk = LineHistory(tuple(kept), line, line[:1])
    for step in steps:
        walk = walk.older() if step == "o" else walk.newer()
        assert walk.text in {line, *kept}
    for _ in steps:
        walk = walk.newer()
    assert walk.text == line


@given(st.lists(st.text(max_size=3)), st.text(max_size=3))
def test_what_is_remembered_twice_is_remembered_once(kept: list[str], text: str) -> None:
    once = remember(kept, text)
    assert remember(once, text) == once[-MOST_KEPT:]
    assert once.count(text.strip()) <= 1

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import TagNameError
from store.tagnames import TagEdit
from store.text import fold
from tui.tagging import TagsWanted, completed, tag_edit

SET, ADD, REMOVE = TagsWanted


@pytest.mark.parametrize(
    ("wanted", "text", "own", "added", "removed"),
    [
        # The whole line is what the paper's tags shall be.
        (SET, "rl agents", "", "rl agents", ""),
        (SET, "rl agents", "rl", "agents", ""),
        (SET, "agents", "rl", "agents", "rl"),
        (SET, "", "rl agents", "", "rl agents"),
        (SET, "rl, agents,video", "", "rl agents video", ""),
        (SET, "  rl   rl ", "", "rl", ""),
        (SET, "rl agents ", "rl agents", "", ""),
        (SET, "RL", "rl", "", ""),
        (SET, "Größe", "GRÖSSE", "", ""),
        # A sign anywhere makes it a list of changes.
        (SET, "rl -agents", "rl agents", "", "agents"),
        (SET, "+video", "rl", "video", ""),
        (SET, "-rl", "rl", "", "rl"),
        (SET, "-rl rl", "rl", "", ""),
        (ADD, "rl", "", "rl", ""),
        (ADD, "rl,agents", "rl", "rl agents", ""),
        (ADD, "+rl -agents", "", "rl", "agents"),
        (ADD, "to/read later", "", "to/read later", ""),
        (ADD, " , ", "rl", "", ""),
        (REMOVE, "rl", "rl", "", "rl"),
        (REMOVE, "rl agents", "rl", "", "rl agents"),
        (REMOVE, "-rl", "rl", "", "rl"),
        (REMOVE, "+video rl", "rl", "video", "rl"),
        (REMOVE, "", "rl", "", ""),
    ],
)
def test_the_words_in_the_line_come_to_an_edit(
    wanted: TagsWanted, text: str, own: str, added: str, removed: str
) -> None:
    expected = TagEdit(tuple(added.split()), tuple(removed.split()))
    assert tag_edit(wanted, text, own.split()) == expected


@pytest.mark.parametrize("wanted", TagsWanted)
@pytest.mark.parametrize(
    "text", ["a(b", "--x", "rl +", "/rl", "none", 'a"b', "a\u202eb", "x" * 101]
)
def test_a_wrong_name_is_refused(wanted: TagsWanted, text: str) -> None:
    with pytest.raises(TagNameError):
        tag_edit(wanted, text, ())


names = st.lists(
    st.text("abcAB/é", min_size=1, max_size=6).filter(lambda name: "/" not in name), max_size=6
).map(lambda found: list({fold(name): name for name in found}.values()))


@given(names, names)
def test_a_line_without_signs_leaves_the_paper_with_what_it_says(
    own: list[str], wanted: list[str]
) -> None:
    edit = tag_edit(SET, " ".join(wanted), own)
    left = {fold(name) for name in own} - {fold(name) for name in edit.removed}
    assert left | {fold(name) for name in edit.added} == {fold(name) for name in wanted}


IN_USE = ("agents", "audio", "Agents/Tools", "robotics", "Éclair")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("a", "agents"),
        ("au", "audio"),
        ("agents/", "Agents/Tools"),
        ("AG", "agents"),
        ("ec", "Éclair"),
        ("-ro", "-robotics"),
        ("+ro", "+robotics"),
        ("audio ro", "audio robotics"),
        ("agents a", "agents audio"),
        ("-agents +a", "-agents +audio"),
        ("robotics", "robotics"),
        ("  a", "  agents"),
        ("audio,ro", "audio,robotics"),
        ("audio, -AU", None),
        ("", None),
        ("+", None),
        ("audio ", None),
        ("x", None),
        ("robotics ro", None),
    ],
)
def test_the_last_word_is_completed_to_a_tag_in_use(text: str, whole: str | None) -> None:
    assert completed(text, IN_USE) == whole


def test_the_likeliest_tag_comes_first_but_a_whole_one_before_it() -> None:
    assert completed("r", ("rl/offline", "robotics", "rl")) == "rl/offline"
    assert completed("rl", ("rl/offline", "robotics", "rl")) == "rl"
    assert completed("rl ro", ("rl/offline", "robotics", "rl")) == "rl robotics"


@given(st.text("aAé/ ,+-") | st.text(), names)
def test_a_completion_ends_with_a_tag_in_use_that_begins_as_written(
    text: str, in_use: list[str]
) -> None:
    whole = completed(text, in_use)
    if whole is not None:
        assert any(whole.endswith(name) for name in in_use)
        assert fold(whole).startswith(fold(text))

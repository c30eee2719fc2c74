from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import TagNameError
from store.tagnames import LONGEST_NAME, TagEdit, read_tag_edit, tag_name
from store.text import fold


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rl", "rl"),
        ("RL", "RL"),
        ("  rl\n", "rl"),
        ("to-read", "to-read"),
        ("rl/offline/2026", "rl/offline/2026"),
        ("c++", "c++"),
        ("Ae\N{COMBINING ACUTE ACCENT}", "A\N{LATIN SMALL LETTER E WITH ACUTE}"),
        ("学習", "学習"),
        ("is:odd", "is:odd"),
        ("nonesuch", "nonesuch"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
    ],
)
def test_a_name_is_kept_as_written_in_nfc(text: str, name: str) -> None:
    assert tag_name(text) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("x" * (LONGEST_NAME + 1), "longer than 100"),
        ("-rl", "begins with '-'"),
        ("+rl", "begins with '+'"),
        ("to read", "has a blank"),
        ("to\N{NO-BREAK SPACE}read", "has a blank"),
        ("rl,agents", "search language"),
        ('"rl"', "search language"),
        ("rl*", "search language"),
        ("(rl)", "search language"),
        ("r\x00l", "control"),
        ("r\x1bl", "control"),
        ("r\N{ZERO WIDTH SPACE}l", "control or format"),
        ("r\N{RIGHT-TO-LEFT OVERRIDE}l", "control or format"),
        ("/rl", "nested"),
        ("rl/", "nested"),
        ("rl//offline", "nested"),
        ("none", "tag:none"),
        ("None", "tag:none"),
    ],
)
def test_what_can_not_be_a_name_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(TagNameError) as caught:
        tag_name(text)
    assert reason in caught.value.reason


def test_a_long_name_is_cut_in_the_message() -> None:
    with pytest.raises(TagNameError) as caught:
        tag_name("x" * 10_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("", TagEdit()),
        ("+a -b", TagEdit(("a",), ("b",))),
        ("a +b -c d", TagEdit(("a", "b", "d"), ("c",))),
        ("+a +a", TagEdit(("a",))),
        ("+a -a", TagEdit((), ("a",))),
        ("-a +a", TagEdit(("a",))),
        ("+rl +RL", TagEdit(("RL",))),
        ("-RL +a +rl", TagEdit(("a", "rl"))),
    ],
)
def test_an_edit_is_read_and_the_last_word_on_a_name_holds(text: str, edit: TagEdit) -> None:
    assert read_tag_edit(text.split()) == edit


@pytest.mark.parametrize("text", ["+", "-", "+a --b", "+a b,c", "+none"])
def test_one_bad_name_spoils_the_edit(text: str) -> None:
    with pytest.raises(TagNameError):
        read_tag_edit(text.split())


def test_an_edit_without_names_is_false() -> None:
    assert not TagEdit()
    assert TagEdit(added=("a",))
    assert TagEdit(removed=("a",))


@given(st.text(max_size=20))
def test_a_name_is_its_own_name_and_part_of_any_edit(text: str) -> None:
    try:
        name = tag_name(text)
    except TagNameError:
        return
    assert tag_name(name) == name
    assert read_tag_edit([f"+{name}"]) == read_tag_edit([name]) == TagEdit((name,))
    assert read_tag_edit([f"-{name}"]) == TagEdit((), (name,))


@given(st.lists(st.from_regex(r"[+-]?[a-cA-C]{1,2}", fullmatch=True), max_size=8))
def test_an_edit_prints_as_words_that_read_back_and_names_each_tag_once(words: list[str]) -> None:
    edit = read_tag_edit(words)
    assert read_tag_edit(str(edit).split()) == edit
    folds = [fold(name) for name in (*edit.added, *edit.removed)]
    assert len(folds) == len(set(folds))
    assert set(folds) == {fold(word.lstrip("+-")) for word in words}

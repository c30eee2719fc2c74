from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import Keys

from tui.keynames import read_key, read_keys, shown_key, shown_keys


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        *((char, char) for char in "aZ1é字/-+<>^|#[.,:?*\\'\""),
        ("e\u0301", "é"),
        ("enter", "enter"),
        ("Enter", "enter"),
        ("Return", "enter"),
        ("<CR>", "enter"),
        ("esc", "escape"),
        ("Esc", "escape"),
        ("space", "space"),
        ("<Space>", "space"),
        ("SPACE", "space"),
        ("tab", "tab"),
        ("shift+tab", "shift+tab"),
        ("<S-Tab>", "shift+tab"),
        ("PgDn", "pagedown"),
        ("page_up", "pageup"),
        ("Del", "delete"),
        ("↓", "down"),
        ("ctrl+↓", "ctrl+down"),
        ("F1", "f1"),
        ("ctrl+x", "ctrl+x"),
        ("Ctrl+X", "ctrl+x"),
        ("ctrl-x", "ctrl+x"),
        ("<C-x>", "ctrl+x"),
        ("^x", "ctrl+x"),
        ("shift+a", "A"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("slash", "/"),
        ("minus", "-"),
        ("question_mark", "?"),
        ("question", "?"),
        ("full_stop", "."),
        ("less_than_sign", "<"),
        ("left_square_bracket", "["),
    ],
)
def test_a_key_is_known_however_it_is_spelled(spelled: str, key: str) -> None:
    assert read_key(spelled) == key


@pytest.mark.parametrize(
    ("spelled", "reason"),
    [
        ("ctrl+h", "Backspace"),
        ("<C-I>", "Tab"),
        ("ctrl+j", "Enter"),
        ("^M", "Enter"),
        ("ctrl+s", "stop their output"),
        ("ctrl+q", "go on with their output"),
        ("ctrl+a", "screen"),
        ("ctrl+b", "tmux"),
        ("alt+x", "Escape and another key"),
        ("<M-x>", "Escape and another key"),
        ("ctrl+alt+x", "Escape and another key"),
        ("entr", "did you mean 'enter'?"),
        ("pagdown", "did you mean 'pagedown'?"),
        ("shift+1", "no key of this name"),
        ("ctrl+1", "no key of this name"),
        ("gg", "no key of this name"),
        ("f25", "no key of this name"),
        ("<>", "no key of this name"),
        ("\x1b", "no key of this name"),
        ("ctrl+", "no key of this name"),
    ],
)
def test_a_key_that_does_not_arrive_is_refused_with_the_reason(spelled: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_key(spelled)


def test_blanks_part_a_sequence() -> None:
    assert read_keys(" g  <Space>\tx ") == ("g", "space", "x")


@pytest.mark.parametrize("text", ["", "  "])
def test_no_key_at_all_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a blank is 'space'"):
        read_keys(text)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ((), ""),
        (("j", "down"), "j, ↓"),
        (("g g", "home"), "g g, Home"),
        (("ctrl+d",), "ctrl+d"),
        ((", d",), ", d"),
        (("space", "+", "ctrl+left", "f1"), "Space, +, ctrl+←, F1"),
        (("pagedown", "escape", "shift+tab"), "PgDn, Esc, shift+Tab"),
    ],
)
def test_keys_are_shown_as_they_stand_on_a_keyboard(keys: tuple[str, ...], shown: str) -> None:
    assert shown_keys(keys) == shown


NAMED = sorted({key.value for key in Keys if "<" not in key.value} - {Keys.Return.value})


@pytest.mark.parametrize("name", NAMED)
def test_a_name_of_textual_s_is_that_key_or_refused(name: str) -> None:
    try:
        key = read_key(name)
    except ValueError:
        return
    assert key == name
    assert read_key(shown_key(key)) == key


@given(st.text() | st.text("ctrl+shift-<>^ab"))
def test_whatever_is_spelled_there_is_a_key_or_a_reason(text: str) -> None:
    try:
        keys = read_keys(text)
    except ValueError:
        return
    assert keys
    assert read_keys(" ".join(keys)) == keys


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (tuple("123456789"), "1 … 9"),
        (tuple("12"), "1, 2"),
        (tuple("135"), "1, 3, 5"),
        (("1",), "1"),
        ((), ""),
        (("y y", "1"), "y y, 1"),
    ],
)
def test_a_run_of_digits_is_shown_by_its_ends(keys: tuple[str, ...], shown: str) -> None:
    assert shown_keys(keys) == shown

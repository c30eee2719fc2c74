from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.typed import ESC, Typing

PASTE = f"\x1b[200~a{ESC}y\x1b[20b\n\x1b[201~"
CASES = [
    ("jk", ["jk"]),
    (f"{ESC}y", [ESC, "y"]),
    (f"jj{ESC}/x\r", ["jj", ESC, "/x\r"]),
    (f"{ESC}{ESC}:q", [ESC, ESC, ":q"]),
    ("\x1b[A\x1bOP\x1b[<35;1;2M", ["\x1b[A\x1bOP\x1b[<35;1;2M"]),
    (f"{ESC}\x1b[A", [ESC, "\x1b[A"]),
    ("\x1b\x7f\x1bf\x1bb\x1b\t", ["\x1b\x7f\x1bf\x1bb\x1b\t"]),
    ("\x1b]11;rgb:0/0/0\x1b\\", ["\x1b]11;rgb:0/0/0\x1b\\"]),
    (f"{ESC}{PASTE}{ESC}y", [ESC, PASTE[:6], PASTE[6:], ESC, "y"]),
    (f"x{ESC}", ["x", ESC]),
]


def parts(*reads: str) -> list[str]:
    typing = Typing()
    found = [part for read in reads for part in typing.take(read)]
    return [*found, *typing.release()]


@pytest.mark.parametrize(("read", "wanted"), CASES)
def test_esc_is_a_key_of_its_own_before_what_it_begins_nothing_with(
    read: str, wanted: list[str]
) -> None:
    assert parts(read) == wanted


@pytest.mark.parametrize(("read", "wanted"), CASES)
def test_it_does_not_matter_how_a_text_is_read(read: str, wanted: list[str]) -> None:
    def keys(found: list[str]) -> str:
        return "".join("<esc>" if part == ESC else part for part in found)

    for at in range(len(read) + 1):
        assert keys(parts(read[:at], read[at:])) == keys(wanted), at
    assert keys(parts(*read)) == keys(wanted)


@given(st.lists(st.text("\x1b[]O20~1yb;\\", max_size=8)))
def test_nothing_is_lost_and_no_part_is_empty(reads: list[str]) -> None:
    found = parts(*reads)
    assert "".join(found) == "".join(reads)
    assert all(found)


def test_a_key_waits_only_where_something_may_follow_it() -> None:
    typing = Typing()
    assert list(typing.take("j")) == ["j"]
    assert not typing.is_waiting
    assert list(typing.take(ESC)) == []
    assert typing.is_waiting
    assert list(typing.release()) == [ESC]
    assert list(typing.take("\x1b[200~a\x1b")) == ["\x1b[200~", "a"]
    assert not typing.is_waiting, "the end of a paste comes in any case"

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clipboard import CONFIGURED, NOTHING, SCREEN, SYSTEM, TERMINAL, TMUX, Attempt, Copied
from tui.copied import (
    LONGEST_SHOWN,
    MOST_LINES,
    MOST_READ,
    heading,
    lines,
    message,
    whole_text,
)

LINK = "https://arxiv.org/abs/2401.01234"
KEPT = Path.home() / "c" / "copied.txt"


def copied_by(method: str, text: str, kept_in: Path | None = KEPT, note: str = "") -> Copied:
    attempts = () if method == NOTHING else (Attempt(method),)
    return Copied(text, kept_in, attempts, note)


@pytest.mark.parametrize(
    ("method", "text", "note", "line"),
    [
        (TMUX, LINK, "", f"Copied {LINK} (tmux)"),
        (TMUX, LINK, "it rains", f"Copied {LINK} (tmux; it rains; kept in ~/c/copied.txt)"),
        (SYSTEM, LINK, "", f"Copied {LINK} (the system clipboard)"),
        (CONFIGURED, LINK, "", f"Copied {LINK} (copy_command)"),
        (TERMINAL, LINK, "", f"Sent to the terminal: {LINK} (kept in ~/c/copied.txt)"),
        (SCREEN, LINK, "", f"Sent to the terminal: {LINK} (screen; kept in ~/c/copied.txt)"),
        (
            TERMINAL,
            "a\nb",
            "it rains",
            "Sent to the terminal: a b (it rains; kept in ~/c/copied.txt)",
        ),
        (NOTHING, "a", "", "Not copied: a (kept in ~/c/copied.txt)"),
        (TMUX, f"{LINK}\n" * 38, "", "Copied 38 lines (tmux; kept in ~/c/copied.txt)"),
        (TMUX, "x" * 1_234, "", "Copied 1,234 characters (tmux; kept in ~/c/copied.txt)"),
        (TMUX, "a\x1b]52;c;eA==\x07\u202eb", "", "Copied ab (tmux)"),
    ],
)
def test_a_message_says_what_is_known(method: str, text: str, note: str, line: str) -> None:
    assert message(copied_by(method, text, note=note)) == line


def test_a_message_begins_with_what_failed() -> None:
    failed = Attempt(CONFIGURED, "failed with status 3")
    copied = Copied(LINK, KEPT, (failed, Attempt(TERMINAL)))
    assert message(copied) == (
        f"copy_command failed with status 3 · Sent to the terminal: {LINK} (kept in ~/c/copied.txt)"
    )
    assert heading(copied) == (
        "copy_command failed with status 3 · Sent to the terminal · kept in ~/c/copied.txt"
    )


def test_what_fails_without_anybody_relying_on_it_is_not_told() -> None:
    copied = Copied(LINK, KEPT, (Attempt(SYSTEM, "failed with status 1"), Attempt(TERMINAL)))
    assert message(copied).startswith("Sent to the terminal: ")


def test_a_message_names_no_file_where_none_was_written() -> None:
    assert message(copied_by(TERMINAL, LINK, None)) == f"Sent to the terminal: {LINK}"
    assert heading(copied_by(NOTHING, LINK, None)) == "Not copied"


def test_the_text_in_full_keeps_its_lines_and_is_safe() -> None:
    assert lines(copied_by(TMUX, "a\x1b[31m\n\nb\u202ec")) == ("a", "", "bc")
    assert len(lines(copied_by(TMUX, "line\n" * 100_000))) == MOST_LINES
    assert heading(copied_by(TMUX, "x")) == "Copied · tmux · kept in ~/c/copied.txt"


def test_what_no_screen_holds_is_cut_and_said_to_be() -> None:
    assert whole_text(copied_by(TMUX, "a\nb")) == "a\nb"
    text = whole_text(copied_by(TMUX, "ab\n" * MOST_READ))
    assert len(text) < MOST_READ + 100
    assert text.endswith("… 500,000 lines · all of it is in ~/c/copied.txt")


@given(st.text(max_size=LONGEST_SHOWN * 2))
def test_a_message_is_one_line_without_controls(text: str) -> None:
    for said in (message(copied_by(TMUX, text)), *lines(copied_by(TMUX, text))):
        assert said.isprintable() or "\u200c" in said or "\u200d" in said
        assert "\n" not in said

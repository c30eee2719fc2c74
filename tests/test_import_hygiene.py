"""What is loaded when: each import that a command does not need delays it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("textual", "rich", "whoosh", "sqlite3", "store.library", "tui.app")


def loaded(code: str, home: Path) -> set[str]:
    """Return what of `HEAVY`, and whether the program beyond the store, `code` loads."""
    tail = (
        "; import sys; wanted = "
        + repr((*HEAVY, "tui"))
        + "; sys.stderr.write(' '.join(name for name in wanted if name in sys.modules))"
    )
    environ = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, env=environ, check=True
    )
    return set(done.stderr.splitlines()[-1].split() if done.stderr else [])


def command(*words: str) -> str:
    return f"from tui.cli import main; main({list(words)!r})"


@pytest.mark.parametrize("module", ["store", "store.library", "store.importers", "store.index"])
def test_the_store_needs_nothing_of_the_terminal(tmp_path: Path, module: str) -> None:
    assert not loaded(f"import {module}", tmp_path) & {"textual", "rich", "tui", "whoosh"}


@pytest.mark.parametrize("words", [["--help"], ["search", "--help"], ["serach"], ["--version"]])
def test_help_and_mistakes_load_only_the_standard_library(tmp_path: Path, words: list[str]) -> None:
    assert loaded(command(*words), tmp_path) == {"tui"}


@pytest.mark.parametrize(
    "words",
    [
        ["search", "*"],
        ["count"],
        ["tag", "+a", "--", "is:unread"],
        ["undo"],
        ["import", "no"],
        ["keys"],
        ["config"],
        ["formats"],
        ["completion", "bash"],
    ],
)
def test_a_verb_without_words_to_find_loads_no_text_index_and_no_screen(
    tmp_path: Path, words: list[str]
) -> None:
    assert not loaded(command(*words), tmp_path) & {"textual", "rich", "whoosh", "tui.app"}


def test_searching_words_loads_no_screen(tmp_path: Path) -> None:
    assert not loaded(command("search", "sheep"), tmp_path) & {"textual", "rich", "tui.app"}

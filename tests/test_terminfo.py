from __future__ import annotations

import subprocess
import sys

import pytest

ASK = "import os; from tui.terminal.terminfo import erases_ground as e; print(e(os.environ))"


@pytest.mark.parametrize(
    ("environ", "erases"),
    [
        ({"TERM": "xterm-256color"}, "True"),
        ({"TERM": "screen-256color"}, "False"),
        ({"TERM": "xterm-256color", "STY": "1.pts"}, "False"),
        ({"TERM": "no such terminal"}, "False"),
        ({}, "False"),
    ],
)
def test_a_terminal_erases_with_a_ground_where_its_description_says_so(
    environ: dict[str, str], erases: str
) -> None:
    # A process asks once.
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == erases

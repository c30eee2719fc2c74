"""Two libraries that decide differently; `tests/attacks/merging.py` does it for longer."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

TIMES = 25
sys.path.append(str(Path(__file__).parent / "attacks"))


def test_two_libraries_that_restore_what_was_merged_are_alike(tmp_path: Path) -> None:
    report = import_module("merging").merge_at_random(tmp_path, 1, TIMES)
    assert report.counts.total() > TIMES
    assert report.counts["join"]

"""A short run of `tests/attacks/killing.py`, and what longer ones have found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import killing
import pytest
from children import Nursery

from store.privatefiles import write_privately
from store.wholefiles import clear_unfinished, held, is_alive, unfinished_name
from tui.outside.files import write_file

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes fork and end as there")

LEFT = """
import os, sys
from pathlib import Path
from store.wholefiles import unfinished_name
Path(unfinished_name(sys.argv[1])).write_text("half of i")
"""


def test_whatever_is_killed_every_decision_is_there_and_nothing_lies_about(tmp_path: Path) -> None:
    with Nursery() as nursery:
        tally = killing.attack(tmp_path, nursery, len(killing.ATTACKS), 1)
    assert tally.found == []
    assert set(tally.rounds) == set(killing.ATTACKS)
    assert tally.kills.total() == len(killing.ATTACKS)


def leave_behind(folder: Path, name: str) -> None:
    """Be killed in the middle of writing a file."""
    subprocess.run(
        [sys.executable, "-c", LEFT, name],
        cwd=folder,
        check=True,
        timeout=30,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )


@pytest.mark.parametrize(
    "write",
    [
        lambda file: write_file(file, ["whole"]),
        lambda file: write_privately(file, b"whole"),
    ],
    ids=["for the reader", "for itself"],
)
def test_what_a_killed_program_left_is_cleared_by_the_next(
    tmp_path: Path, write: Callable[[Path], object]
) -> None:
    leave_behind(tmp_path, "dump.txt")
    leave_behind(tmp_path, "dump.txt.other")
    (tmp_path / ".dump.txt.1").write_text("the reader's own")
    assert len(list(tmp_path.iterdir())) == 3
    write(tmp_path / "dump.txt")
    assert (tmp_path / "dump.txt").read_text() == "whole"
    names = {path.name for path in tmp_path.iterdir()} - {"dump.txt", ".dump.txt.1"}
    assert [name.startswith(".dump.txt.other.") for name in names] == [True]


def test_what_a_program_is_writing_stays(tmp_path: Path) -> None:
    ours = tmp_path / unfinished_name("dump.txt")
    ours.touch()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not is_alive(ended.pid)
    elsewhere = tmp_path / f".dump.txt.{ended.pid}-0123456789ab"  # as from another machine
    descriptor = os.open(elsewhere, os.O_WRONLY | os.O_CREAT)
    with held(descriptor):
        os.close(descriptor)
        clear_unfinished(tmp_path, "dump.txt")
        assert ours.exists()
        assert elsewhere.exists()
    clear_unfinished(tmp_path, "dump.txt")
    assert [path.name for path in tmp_path.iterdir()] == [ours.name]

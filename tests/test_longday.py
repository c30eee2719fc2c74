"""A day at the browser leaves nothing behind; `tests/attacks/longday.py` spends longer ones."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tui.commands import all_commands

pytest_plugins = ["tests.terminal"]

FOLDER = Path(__file__).parent
sys.path += [str(FOLDER), str(FOLDER / "attacks")]


@pytest.fixture(scope="module")
def longday() -> Any:
    return import_module("longday")


def test_what_a_day_takes_ends_as_it_was(longday: Any, tmp_path: Path) -> None:
    plan = longday.Plan(keys=40, searches=1, imports=1, papers=40, rest=0.5)
    day = longday.spend(longday.make_home(tmp_path), plan)
    assert day.reader.keys >= plan.keys
    assert (day.searches, day.imports, day.tagged, day.resizes) == (1, 1, 1, 1)
    assert day.verdict() == []
    assert (day.taken[-1].processes, day.taken[-1].temporary) == (0, 0)


def test_a_day_has_every_command_but_those_that_lead_outside() -> None:
    pressing = import_module("pressing")
    assert {*pressing.PLAIN, *pressing.DEEDS} == {*pressing.KEYS, "palette-only"}
    left = {one.name for one in all_commands()} - {*pressing.KEYS}
    assert left == pressing.LEAVING | {one.name for one in pressing.KEYLESS}

"""A day at the browser leaves nothing behind; `tests/attacks/longday.py` spends longer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import longday
import pressing
from terminal import make_home

from tui.commands import all_commands

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["tests.terminal"]


def test_what_a_day_takes_ends_as_it_was(tmp_path: Path) -> None:
    plan = longday.Plan(keys=40, searches=1, imports=1, papers=40, rest=0.5)
    day = longday.spend(make_home(tmp_path), plan)
    assert day.reader.keys >= plan.keys
    assert (day.searches, day.imports, day.tagged, day.resizes) == (1, 1, 1, 1)
    assert day.verdict() == []
    assert (day.taken[-1].processes, day.taken[-1].temporary) == (0, 0)


def test_a_day_has_every_command_but_those_that_lead_outside() -> None:
    assert {*pressing.PLAIN, *pressing.DEEDS} == {*pressing.KEYS, "palette-only"}
    left = {one.name for one in all_commands()} - {*pressing.KEYS}
    assert left == pressing.LEAVING | {one.name for one in pressing.KEYLESS}

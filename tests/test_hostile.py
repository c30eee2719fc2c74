"""Records, names and libraries made to do harm: what reaches a terminal, a file, a shell."""

from __future__ import annotations

import os
import random
import subprocess
from typing import TYPE_CHECKING

import hostile
import pytest
from hostility import (
    ATTACKS,
    hostile_tag,
    hostile_text,
    poison,
    sent_strays,
    strays,
    to_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from terminal import Home, HomeMaker

pytest_plugins = ["tests.terminal"]

COUNT = 500
POISONED = 100
UNSEEN_ATTACKS = 25
"""So many of the attacks, the first ones, are no text; a format may take the others for its own."""


@pytest.fixture(scope="module")
def attacked(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library of hostile records."""
    return make_home(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(scope="module")
def poisoned(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library that an enemy wrote."""
    return make_home(tmp_path_factory.mktemp("poisoned"))


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have commands within this process work in the home of the test."""
    names = {"attacked", "poisoned", "home"} & set(request.fixturenames)
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            home: Home = request.getfixturevalue(name)
            for variable, value in home.environ.items():
                if variable.startswith("XDG_"):
                    patch.setenv(variable, value)
        yield


def library_of(home: Home) -> Path:
    return home.folder / "data" / "paperdeck"


def test_what_no_terminal_may_be_sent_is_found() -> None:
    for attack in ATTACKS[:UNSEEN_ATTACKS]:
        assert strays(attack, "")
        assert sent_strays(f"\x1b[1mplain{attack}text\x1b[m".encode())
    assert not sent_strays("\x1b[?2026h\x1b[2;3H\x1b[38;2;1;2;3mCafé 深 👩\u200d👧\x1b[m".encode())


def test_hostile_records_leave_every_command_as_plain_text(attacked: Home) -> None:
    outcome = hostile.through_command_line(library_of(attacked), COUNT, seed=8)
    assert outcome.found == []
    assert outcome.outputs > 150


def test_hostile_records_are_seen_in_the_browser_as_plain_text(attacked: Home) -> None:
    assert hostile.through_browser(attacked, hostile.count_of(attacked)).found == []


def test_what_an_enemy_wrote_into_a_library_leaves_every_command_as_plain_text(
    poisoned: Home,
) -> None:
    outcome = hostile.through_command_line(library_of(poisoned), POISONED, seed=9, is_poisoned=True)
    assert outcome.found == []


def test_what_an_enemy_wrote_into_a_library_is_seen_as_plain_text(poisoned: Home) -> None:
    assert hostile.through_browser(poisoned, hostile.count_of(poisoned)).found == []


def test_hostile_names_of_files_are_told_as_plain_text(home: Home) -> None:
    outcome = hostile.through_files(home, seed=8, count=40)
    assert outcome.found == []


@pytest.mark.parametrize(
    "line", ["search tag:", "tag +", "view ", "import papers/", "search view:"]
)
def test_what_a_shell_completes_is_one_word_of_text(home: Home, line: str) -> None:
    rng = random.Random(8)  # noqa: S311 an enemy
    hostile.command("import", "--format", "paperdeck", "-", stdin=to_lines(rng, 40))
    for _ in range(5):
        hostile.command("view", hostile_tag(rng), "wolf")
    (home.folder / "papers").mkdir()
    for attack in ATTACKS:
        name = attack.replace("/", "").replace("\x00", "")[:80]
        (home.folder / "papers" / f"x{name}").touch()
    for is_poisoned in (False, True):
        if is_poisoned:
            poison(library_of(home) / "library.db", rng)
        words = home.answered(f"paperdeck {line}")
        assert words
        assert [one for one in words if strays(one, "")] == []
        # The shell itself says what the words are: each is one, and none of them runs.
        script = "".join(f"printf '%s\\v' {word}\n" for word in words)
        done = subprocess.run(
            ["/bin/bash", "--norc", "-c", script],
            capture_output=True,
            text=True,
            cwd=home.temporary,
            check=True,
        )
        assert done.stderr == ""
        assert done.stdout.count("\v") == len(words)
        assert list(home.temporary.glob("hostile*")) == []


def test_a_hostile_configuration_is_told_and_shown_as_plain_text(home: Home) -> None:
    rng = random.Random(8)  # noqa: S311 an enemy
    hostile.command("import", "-", stdin=to_lines(rng, 3))
    for _ in range(6):
        quoted = [repr(hostile_text(rng))[1:-1].replace('"', "'") for _ in range(4)]
        home.configure(
            f'"{quoted[0]}" = 1\ntheme = "{quoted[1]}"\ndefault_view = "{quoted[2]}"\n'
            f'open_command = ["{quoted[3]}"]\n[keys]\n"{quoted[0]}" = ["{quoted[1]}"]\n'
        )
        for words in (("config",), ("config", "--json"), ("keys",), ("doctor",)):
            said = hostile.command(*words)
            assert strays(said.output, "\n\t") == []
            assert strays(said.talk) == []
        with home.browse() as terminal:
            terminal.until(lambda: " of " in terminal.picture, "the list")
            terminal.settle()
            terminal.send("\x03")
            terminal.settle()
            terminal.send("\x03")
            assert terminal.ended() == 0
        assert sent_strays(terminal.output) == []


def test_no_attack_has_run_anything(attacked: Home) -> None:
    hostile.command("export", "-o", str(attacked.folder / "x.bib"), "*")
    found = [name for _, _, names in os.walk(attacked.folder) for name in names]
    assert "hostile" not in found

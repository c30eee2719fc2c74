"""`doctor` as it is installed: in words, as JSON, for programs, and on a terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tui.sample import sample_path

if TYPE_CHECKING:
    from terminal import Home

pytest_plugins = ["tests.terminal"]


def read(home: Home, *words: str, **variables: str) -> dict[str, Any]:
    """Return the findings of `--json`, by area and name."""
    done = home.carry_out("doctor", "--json", *words, environ=variables)
    told = json.loads(done.stdout)
    assert set(told) == {"faults", "notes", "findings"}
    return {f"{one['area']} {one['name']}": one for one in told["findings"]}


def test_a_library_is_looked_at_with_its_index(home: Home) -> None:
    home.run("import", str(sample_path()))
    home.run("index", "--wait")
    told = read(home)
    assert told["library papers"]["value"] == 120
    assert told["index searchable"]["value"] == 120
    assert told["index searchable"]["state"] == "fine"
    assert told["copying way"]["value"] == "the terminal"
    assert told["versions Textual"]["value"]
    for one in told.values():
        assert set(one) == {"area", "name", "value", "text", "state", "remedy"}
        assert (one["remedy"] is None) == (one["state"] == "fine")


def test_nothing_is_changed(home: Home) -> None:
    done = home.carry_out("doctor")
    assert done.returncode == 0
    assert done.stderr == "no fault, 4 notes (input and output, way, opened by, papers)\n"
    assert not (home.folder / "data").exists()
    for line in done.stdout.splitlines():
        assert len(line.split("\t")) == 5


def test_the_status_tells_a_fault_and_a_library_that_can_not_be_used(home: Home) -> None:
    assert home.carry_out("doctor", environ={"TERM": "dumb"}).returncode == 5
    library = home.folder / "data" / "paperdeck" / "library.db"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"no library" * 1000)
    done = home.carry_out("doctor", environ={"TERM": "dumb"})
    assert done.returncode == 4
    assert "is damaged, or no library" in done.stdout
    assert "paperdeck doctor --repair" in done.stdout
    assert library.read_bytes() == b"no library" * 1000


def test_another_word_is_a_mistake(home: Home) -> None:
    done = home.carry_out("doctor", "clips")
    assert done.returncode == 2
    assert "did you mean 'clip'?" in done.stderr


def test_on_a_terminal_remedies_stand_below_what_they_are_for(home: Home) -> None:
    with home.browse("doctor", size=(100, 70), environ={"COLORTERM": ""}) as terminal:
        assert terminal.ended() == 0
        assert "terminal" in terminal.lines[0]
        assert terminal.lines[1].split() == ["TERM", "xterm-256color"]
        (row,) = (n for n, line in enumerate(terminal.lines) if line.startswith("? colours"))
        assert terminal.lines[row].split() == ["?", "colours", "256"]
        assert (
            "-> if your terminal has all of them, set COLORTERM=truecolor"
            in (terminal.lines[row + 1])
        )
        assert "  size " in terminal.picture
        assert "100x70" in terminal.picture


def test_a_copy_is_tried_in_the_terminal_whatever_is_redirected(home: Home) -> None:
    with home.start("/bin/sh", "-c", f"{home.program} doctor clip --json > {home.folder}/o") as one:
        assert one.ended() == 0
        (text,) = one.copied
    told = json.loads((home.folder / "o").read_text())["findings"]
    assert told[0]["value"] == text
    assert text.startswith("paperdeck doctor ")
    assert told[-1]["value"] == "the terminal"
    assert told[-1]["remedy"].startswith("paste it somewhere")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_a_copy_is_tried_in_tmux(home: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    tmux = ["tmux", "-S", str(tmp_path_factory.mktemp("s") / "s"), "-f", "/dev/null"]
    command = f"{home.program} doctor clip; sleep 60"
    try:
        with home.start(*tmux, "new-session", command) as terminal:
            terminal.shows("Copied · tmux")
            terminal.copies(1)
            assert terminal.copied[0] in terminal.picture
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [(["doctor"], ["whoosh", "numpy"]), (["doctor", "clip"], ["textual", "whoosh", "numpy"])],
)
def test_no_index_is_loaded_and_no_screen_for_a_copy(
    home: Home, words: list[str], unneeded: list[str]
) -> None:
    code = (
        f"import sys; from tui.cli import main; main({words!r});"
        f" print([name for name in {unneeded!r} if name in sys.modules])"
    )
    environ = {**home.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_writer_is_told(home: Home) -> None:
    assert read(home)["terminal writer"]["value"] == "changed cells"
    home.configure("writer = 'textual'\n")
    assert read(home)["terminal writer"]["text"] == "Textual's own, as configured"

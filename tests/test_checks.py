from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.record.backups import Occasion, backups_in, make_backup, utc_now
from tui.checks import CHECKS, findings
from tui.checks.copying import try_clipboard
from tui.checks.finding import Finding, State
from tui.checks.subject import Subject
from tui.cli.doctor import _status
from tui.cli.errors import Status
from tui.config import ConfigFile, read_config_file
from tui.locations import Locations, index_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conftest import DeskOpener, RecordBuilder

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    """A reader on a good terminal over SSH, without a library."""
    folders = [tmp_path / name for name in ("library", "config", "cache", "state", "cache")]
    return Subject(
        environ={
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "SSH_TTY": "/dev/pts/0",
            "LANG": "C.UTF-8",
            "PATH": str(tmp_path / "programs"),
        },
        locations=Locations(*folders),
        config=ConfigFile(tmp_path / "config" / "config.toml", exists=False),
        is_terminal=True,
        size=(80, 24),
        encoding="utf-8",
        platform="linux",
    )


def within(subject: Subject, **variables: str) -> Subject:
    return replace(subject, environ={**subject.environ, **variables})


def found(subject: Subject) -> dict[str, Finding]:
    """Return every finding by its area and name."""
    return {f"{one.area} {one.name}": one for one in findings(subject)}


def in_state(found: Iterable[Finding], state: State) -> list[str]:
    return [f"{one.area} {one.name}" for one in found if one.state is state]


def add_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_a_good_place_has_no_fault(subject: Subject) -> None:
    assert in_state(findings(subject), State.FAULT) == []
    assert in_state(findings(subject), State.NOTE) == [
        "copying way",
        "opening opened by",
        "library papers",
    ]
    told = found(subject)
    assert told["terminal colours"].value == 1 << 24
    assert told["copying way"].shown == "the terminal, as SSH_TTY is set"
    assert not list(Path(subject.environ["PATH"]).parent.iterdir()), "nothing is made"


@pytest.mark.parametrize(
    ("change", "name", "state"),
    [
        (lambda one: within(one, TERM="dumb"), "terminal TERM", State.FAULT),
        (lambda one: within(one, TERM=""), "terminal TERM", State.FAULT),
        (lambda one: within(one, COLORTERM=""), "terminal colours", State.NOTE),
        (lambda one: within(one, NO_COLOR=""), "terminal colours", State.NOTE),
        (lambda one: replace(one, size=(59, 20)), "terminal size", State.NOTE),
        (lambda one: replace(one, size=(80, 19)), "terminal size", State.NOTE),
        (lambda one: replace(one, encoding="iso-8859-1"), "terminal encoding", State.FAULT),
        (lambda one: replace(one, is_terminal=False), "terminal input and output", State.NOTE),
        (lambda one: within(one, TERM="tmux-256color"), "multiplexer multiplexer", State.NOTE),
        (lambda one: within(one, TMUX="/nowhere,1,0"), "multiplexer tmux", State.FAULT),
        (lambda one: within(one, TMUX="/nowhere,1,0"), "copying tmux", State.FAULT),
        (lambda one: within(one, TERM="linux"), "copying way", State.FAULT),
    ],
)
def test_what_is_not_as_it_should_be_is_told_with_what_helps(
    subject: Subject, change: Callable[[Subject], Subject], name: str, state: State
) -> None:
    told = found(change(subject))[name]
    assert told.state is state
    assert told.remedy


def test_every_fault_and_note_has_a_remedy_and_no_check_is_empty(subject: Subject) -> None:
    for check in CHECKS:
        told = list(check(within(subject, TERM="dumb", TMUX="/nowhere,1,0", NO_COLOR="1")))
        assert told
        assert all(one.remedy for one in told if one.state is not State.FINE)


def test_each_mistake_of_the_configuration_is_a_fault(subject: Subject) -> None:
    folder = subject.locations.config
    folder.mkdir()
    (folder / "config.toml").write_text('copy_command = "missing -x"\ntheme = 3\ncolour = 1\n')
    told = list(findings(replace(subject, config=read_config_file(folder))))
    assert in_state(told, State.FAULT) == [
        "copying copy_command",
        "configuration mistake",
        "configuration mistake",
    ]
    (command,) = (one for one in told if one.name == "copy_command")
    assert command.shown == "'missing' is not there"


def test_a_damaged_library_is_told_and_every_other_check_is_made(
    subject: Subject, desk_in: DeskOpener, record: RecordBuilder
) -> None:
    folder = subject.locations.library
    with desk_in(folder) as desk:
        desk.bring_in(record("Counting sheep"))
    assert found(subject)["library papers"].value == 1
    (folder / "library.db").write_bytes(b"something else" * 1000)
    told = list(findings(subject))
    assert in_state(told, State.FAULT) == ["library can't be used"]
    assert _status(told) is Status.UNUSABLE
    assert told[-1].name == "SQLite"


def test_a_place_where_no_library_can_be_hides_no_other_finding(
    subject: Subject, tmp_path: Path
) -> None:
    place = replace(subject.locations, library=tmp_path / ("long" * 100))
    told = list(findings(replace(subject, locations=place)))
    assert in_state(told, State.FAULT) == ["library can't be used"]
    assert told[-1].name == "SQLite"


def test_whatever_the_package_needs_is_looked_for(tmp_path: Path) -> None:
    metadata = tmp_path / "paperdeck-9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    needs = ("pyperclip>=1", "Never.Made<3,>=2.1", 'unneeded; extra == "test"')
    lines = ("Metadata-Version: 2.1", "Name: paperdeck", "Version: 9")
    metadata.write_text("\n".join((*lines, *(f"Requires-Dist: {one}" for one in needs))))
    program = (
        "from tui.checks.versions import versions\n"
        "for one in versions(None): print(one.name, one.state.value, one.remedy)"
    )
    path = os.pathsep.join((str(tmp_path), str(Path(__file__).resolve().parents[1])))
    told = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.splitlines() == [
        "paperdeck fine ",
        "Python fine ",
        "pyperclip fine ",
        "never.made fault install 'Never.Made<3,>=2.1'",
        "SQLite fine ",
    ]


def test_an_index_that_can_not_be_used_is_not_the_library(subject: Subject) -> None:
    folder = index_folder(subject.locations.cache, subject.locations.library)
    folder.parent.mkdir(parents=True)
    folder.write_text("a file")
    told = list(findings(subject))
    assert in_state(told, State.FAULT) == ["index can't be used"]
    assert _status(told) is Status.FAULTY


def test_on_a_desktop_its_programs_are_looked_for(subject: Subject) -> None:
    programs = Path(subject.environ["PATH"])
    desktop = within(subject, SSH_TTY="", DISPLAY=":0")
    told = found(desktop)
    assert told["copying the system clipboard"].state is State.NOTE
    assert told["copying way"].value == "the terminal"
    assert told["opening opened by"].state is State.FAULT
    add_program(programs, "xclip", "cat > /dev/null")
    add_program(programs, "xdg-open", "")
    told = found(desktop)
    assert told["copying way"].shown == "the system clipboard, as there is a display"
    assert told["copying after it"].value == "the terminal"
    assert told["opening opened by"].value == "xdg-open"


def test_a_tmux_that_hangs_is_not_waited_for(subject: Subject) -> None:
    add_program(Path(subject.environ["PATH"]), "tmux", "exec /bin/sleep 60")
    told = found(within(subject, TMUX="x"))
    assert told["multiplexer tmux"].shown == "tmux, which does not answer"


@pytest.fixture
def tmux(tmp_path: Path, subject: Subject) -> Iterator[Callable[..., Subject]]:
    """Return what starts a tmux with these settings and returns what a program inside sees."""
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    command = ["tmux", "-S", str(tmp_path / "s"), "-f", "/dev/null"]

    def start(*settings: str) -> Subject:
        subprocess.run([*command, "new-session", "-d", "sleep 60"], check=True)
        for setting in settings:
            subprocess.run([*command, *setting.split()], check=True)
        inside = f"{tmp_path / 's'},1,0"
        return within(subject, TMUX=inside, TERM="tmux-256color", PATH=SYSTEM_PATH)

    yield start
    subprocess.run([*command, "kill-server"], check=False, capture_output=True)


def test_tmux_is_asked_for_its_settings(tmux: Callable[..., Subject]) -> None:
    told = found(tmux("set -s escape-time 20", "set -s default-terminal screen"))
    assert told["multiplexer multiplexer"].shown.startswith("tmux ")
    assert told["multiplexer set-clipboard"].value == "external"
    assert told["multiplexer escape-time"].shown == "20 ms"
    assert told["multiplexer escape-time"].state is State.FINE
    assert told["multiplexer default-terminal"].state is State.NOTE
    assert "tmux-256color" in told["multiplexer default-terminal"].remedy
    assert told["copying way"].shown == "tmux, as TMUX is set"


def test_a_long_escape_time_is_told(tmux: Callable[..., Subject]) -> None:
    told = found(tmux("set -s escape-time 500"))
    assert told["multiplexer escape-time"].state is State.NOTE


def test_a_copy_is_tried_way_by_way(subject: Subject) -> None:
    folder = subject.locations.config
    folder.mkdir()
    (folder / "config.toml").write_text('copy_command = "clip"\n')
    configured = replace(subject, config=read_config_file(folder))
    sent: list[str] = []
    told = list(try_clipboard(configured, sent.append))
    assert [one.name for one in told] == ["text", "copy_command", "the terminal", "outcome"]
    assert in_state(told, State.FAULT) == ["clip copy_command"]
    assert told[1].shown.startswith("was not found (")
    assert told[3].shown.startswith("copy_command was not found · Sent to the terminal · kept in")
    assert len(sent) == 1
    add_program(Path(subject.environ["PATH"]), "clip", "exit 0")
    told = list(try_clipboard(configured, sent.append))
    assert in_state(told, State.FINE) == ["clip text", "clip copy_command", "clip outcome"]
    assert len(sent) == 1


@pytest.fixture
def kept(subject: Subject, desk_in: DeskOpener, record: RecordBuilder) -> Path:
    """The folder of a library with a paper and a backup."""
    folder = subject.locations.library
    with desk_in(folder) as desk:
        desk.bring_in(record("Counting sheep"))
        make_backup(desk.database.path, Occasion.DAY, utc_now())
    folder.chmod(0o700)
    return folder


def test_the_newest_backup_is_read_and_its_age_told(subject: Subject, kept: Path) -> None:
    told = found(subject)
    assert told["backups newest"].state is State.FINE
    assert told["backups newest can be read"].shown == "yes: 1 paper, as it was written"
    assert told["library thorough check"].shown.startswith("not yet")
    assert told["library integrity"].value == "sound"
    assert told["library journal"].shown.startswith("write-ahead log, ")
    (backup,) = backups_in(kept)
    backup.path.write_bytes(b"something else")
    assert found(subject)["backups newest can be read"].state is State.FAULT


def test_what_the_last_check_found_and_why_there_is_no_backup_is_told(
    subject: Subject, kept: Path
) -> None:
    state = {"tried_at": "", "failure": "no room", "checked_at": "2026-03-12T12:00:00Z"}
    (kept / "backups" / "state.json").write_text(json.dumps({**state, "faults": ["torn"]}))
    told = found(subject)
    assert told["library thorough check"].state is State.FAULT
    assert told["library thorough check"].shown == "torn"
    assert "doctor --repair" in told["library thorough check"].remedy
    assert told["backups last try"].value == "no room"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_what_others_can_read_or_write_is_told(subject: Subject, kept: Path) -> None:
    assert found(subject)["permissions owner only"].value
    (kept / "library.db").chmod(0o644)
    (kept / "backups").chmod(0o777)
    told = [one for one in findings(subject) if one.area == "permissions"]
    assert [(one.state, one.value) for one in told] == [
        (State.NOTE, str(kept / "library.db")),
        (State.FAULT, str(kept / "backups")),
    ]
    assert told[0].remedy.startswith("chmod 600 ")

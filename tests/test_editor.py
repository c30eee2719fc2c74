from __future__ import annotations

import os
import signal
import stat
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from tui.outside.editor import Draft, editor_command
from tui.outside.errors import EditorError

if TYPE_CHECKING:
    from pathlib import Path


class MakeEditor(Protocol):
    """Makes an editor of a shell script, which has the file as `$1`."""

    def __call__(self, script: str, name: str = ...) -> tuple[str, ...]: ...


@pytest.fixture
def make_editor(tmp_path: Path) -> MakeEditor:
    def make(script: str, name: str = "ed") -> tuple[str, ...]:
        (tmp_path / "bin").mkdir(exist_ok=True)
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return (str(path),)

    return make


def environ(tmp_path: Path, **others: str) -> dict[str, str]:
    return {"PATH": str(tmp_path / "bin"), **others}


@pytest.mark.parametrize(
    ("configured", "variables", "words"),
    [
        (("mine", "-x"), {"VISUAL": "see", "EDITOR": "ed"}, ("mine", "-x")),
        (None, {"VISUAL": "see --wait 'a b'", "EDITOR": "ed"}, ("see", "--wait", "a b")),
        (None, {"VISUAL": " ", "EDITOR": "ed"}, ("ed",)),
        ((), {"EDITOR": "ed"}, ("ed",)),
        (None, {}, ("nano",)),
    ],
)
def test_the_editor_is_the_first_that_is_named(
    tmp_path: Path,
    make_editor: MakeEditor,
    configured: tuple[str, ...] | None,
    variables: dict[str, str],
    words: tuple[str, ...],
) -> None:
    for name in ("mine", "see", "ed", "nano", "vi"):
        make_editor("", name)
    assert editor_command(configured, environ(tmp_path, **variables)) == words


def test_vi_is_there_where_nano_is_not(tmp_path: Path, make_editor: MakeEditor) -> None:
    make_editor("", "vi")
    assert editor_command(None, environ(tmp_path)) == ("vi",)


@pytest.mark.parametrize(
    ("configured", "variables", "reason"),
    [
        (("gone", "-x"), {}, r"The editor 'gone' \(config.toml\) is not there: set EDITOR"),
        (None, {"VISUAL": "gone"}, r"The editor 'gone' \(\$VISUAL\) is not there"),
        (None, {"EDITOR": "ed 'x"}, r"\$EDITOR can't be read, a quote is open: ed 'x"),
        (None, {}, "No editor is here: set EDITOR, or 'editor' in config.toml"),
    ],
)
def test_an_editor_that_is_not_there_is_told(
    tmp_path: Path, configured: tuple[str, ...] | None, variables: dict[str, str], reason: str
) -> None:
    with pytest.raises(EditorError, match=reason):
        editor_command(configured, environ(tmp_path, **variables))


def test_the_file_is_private_and_holds_the_note_alone(
    tmp_path: Path, make_editor: MakeEditor
) -> None:
    draft = Draft.of("erste Zeile\n\nzwölfte", "arxiv-2401.01234.md")
    assert draft.path.name == "arxiv-2401.01234.md"
    assert draft.path.read_bytes() == "erste Zeile\n\nzwölfte\n".encode()
    assert stat.S_IMODE(draft.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(draft.path.parent.stat().st_mode) == 0o700
    kept = tmp_path / "kept"
    text = draft.edit(make_editor(f'cp "$1" "{kept}"'), os.environ)
    assert text == draft.before
    assert kept.read_bytes() == "erste Zeile\n\nzwölfte\n".encode()
    draft.discard()
    assert not draft.path.parent.exists()


def test_an_empty_note_is_an_empty_file(make_editor: MakeEditor) -> None:
    draft = Draft.of("", "x.md")
    assert draft.path.read_bytes() == b""
    assert draft.edit(make_editor(":"), os.environ) == ""
    draft.discard()


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (r'printf "two\nlines\n\n \n" > "$1"', "two\nlines"),
        (r'printf "\n  indented \r\nx\tz\n" > "$1"', "  indented\nx   z"),
        (r'printf "\357\273\277with a mark" > "$1"', "with a mark"),
        (r'printf "a\033[31mb\000c" > "$1"', "abc"),
        (r'printf "  \n\n" > "$1"', ""),
        (r'rm "$1"; printf "another file" > "$1.new"; mv "$1.new" "$1"', "another file"),
    ],
)
def test_what_was_written_is_read_back_clean(
    make_editor: MakeEditor, script: str, text: str
) -> None:
    draft = Draft.of("before", "x.md")
    assert draft.edit(make_editor(script), os.environ) == text
    assert draft.path.exists()  # until the text is somewhere else
    draft.discard()


def test_the_words_of_the_editor_stand_before_the_file(make_editor: MakeEditor) -> None:
    draft = Draft.of("", "x.md")
    editor = make_editor('echo "$1" > "$2"')
    assert draft.edit((*editor, "a b"), os.environ) == "a b"
    draft.discard()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "'.*/ed' ended with status 3: the note is as it was$"),
        ("kill -TERM $$", "'.*/ed' was killed by SIGTERM: the note is as it was$"),
        ('rm "$1"', "The file is gone: the note is as it was$"),
        ('rm -r "$(dirname "$1")"', "The file is gone: the note is as it was$"),
    ],
)
def test_an_editor_that_fails_leaves_nothing_behind(
    make_editor: MakeEditor, script: str, reason: str
) -> None:
    draft = Draft.of("before", "x.md")
    with pytest.raises(EditorError, match=reason):
        draft.edit(make_editor(script), os.environ)
    assert not draft.path.parent.exists()


@pytest.mark.parametrize(
    ("script", "reason", "kept"),
    [
        ('echo new > "$1"; exit 1', "ended with status 1: what you wrote is in", b"new\n"),
        ('echo new > "$1"; kill -KILL $$', "killed by SIGKILL: what you wrote is in", b"new\n"),
        (r'printf "\377\n" > "$1"', "The text is not UTF-8: what you wrote is in", b"\xff\n"),
        (
            r'printf "\377\n" > "$1"; exit 1',
            "status 1: The text is not UTF-8: what you wrote is in",
            b"\xff\n",
        ),
    ],
)
def test_a_text_that_was_written_is_never_lost(
    make_editor: MakeEditor, script: str, reason: str, kept: bytes
) -> None:
    draft = Draft.of("before", "x.md")
    with pytest.raises(EditorError, match=reason) as caught:
        draft.edit(make_editor(script), os.environ)
    assert str(caught.value).endswith(draft.kept)
    assert draft.path.read_bytes() == kept
    draft.discard()


def test_an_editor_that_can_not_be_run_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x00 no program")
    broken.chmod(0o755)
    draft = Draft.of("before", "x.md")
    with pytest.raises(EditorError, match=r"'.*/broken' can't be run \(Exec format error\)"):
        draft.edit((str(broken),), os.environ)
    assert not draft.path.parent.exists()


def test_the_key_that_ends_programs_is_for_the_editor_alone(make_editor: MakeEditor) -> None:
    """As ctrl+c in a terminal: everybody in the group gets the signal."""
    before = signal.getsignal(signal.SIGINT)
    deaf = "import os, signal, sys; os.kill(os.getppid(), signal.SIGINT)"
    draft = Draft.of("before", "x.md")
    assert draft.edit((sys.executable, "-c", deaf), os.environ) == "before"
    # The editor itself hears it.
    with pytest.raises(EditorError, match="was killed by SIGINT"):
        draft.edit(make_editor("kill -INT $$"), os.environ)
    assert signal.getsignal(signal.SIGINT) == before

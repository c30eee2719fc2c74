"""`merge` through the program itself, and as the driver that git calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.importers import sources
from store.library import Library
from store.tagnames import read_tag_edit
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = Path(sys.executable).with_name("paperdeck")
FILE = "decisions.txt"
PAPERS = "".join(
    f'{{"title": "Counting sheep {n}", "identifiers": ["arxiv:2401.{n:05}"]}}\n' for n in range(6)
)
HEAD, END = "# paperdeck decisions 2\n", "# end of decisions\n"


@dataclass(frozen=True)
class Machine:
    """A library, and a clone in which its dump is kept."""

    folder: Path

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    @property
    def dump_file(self) -> Path:
        return self.clone / FILE

    def decide(self, *changes: tuple[str, str]) -> None:
        """Edit the tags of what queries find; `note` and `view` are edits, too."""
        with self.library() as library:
            for what, how in changes:
                if what.startswith("note "):
                    (key,) = library.search(what.removeprefix("note ")).keys
                    library.set_note(key, how)
                elif what.startswith("view "):
                    library.views.save(what.removeprefix("view "), how)
                else:
                    library.tags.edit(library.search(what).keys, read_tag_edit(how.split()))

    def library(self) -> Library:
        return Library(self.folder / "library", index_folder=self.folder / "index", program="test")

    def commit(self) -> None:
        with self.library() as library:
            self.dump_file.write_text("".join(library.decisions.dump()))
        self.git("add", ".")
        self.git("commit", "-q", "-m", "decide")

    def restore(self) -> None:
        with self.library() as library:
            library.decisions.restore(self.dump_file.read_text().splitlines())

    def dump(self) -> str:
        with self.library() as library:
            return "".join(library.decisions.dump())

    def git(self, *words: str, status: int = 0) -> str:
        done = subprocess.run(
            ["git", *words],  # noqa: S607 wherever it is
            cwd=self.clone,
            env={
                "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_EDITOR": "true",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status, done
        return done.stdout + done.stderr


def a_machine(folder: Path, clone_of: Path) -> Machine:
    folder.mkdir()
    machine = Machine(folder)
    (folder / "papers.jsonl").write_text(PAPERS)
    with machine.library() as library:
        library.imports.bring_in(sources([folder / "papers.jsonl"]))
    machine.clone.mkdir()
    machine.git("clone", "-q", str(clone_of), ".")
    for name, value in {
        "user.name": "Ana",
        "user.email": "ana@example.org",
        "merge.paperdeck.driver": "paperdeck merge %A %O %B",
    }.items():
        machine.git("config", name, value)
    return machine


@pytest.fixture
def two(tmp_path: Path) -> tuple[Machine, Machine]:
    """Two machines with the same papers, and one dump of both in their clones."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    shared = tmp_path / "shared.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", shared], check=True)  # noqa: S607 as above
    one = a_machine(tmp_path / "one", shared)
    (one.clone / ".gitattributes").write_text(f"{FILE} merge=paperdeck\n")
    one.git("checkout", "-q", "-b", "main")
    one.decide(("view hot", "votes:>50"), ("2401.00005", "+rl"))
    one.commit()
    one.git("push", "-q", "-u", "origin", "main")
    other = a_machine(tmp_path / "other", shared)
    other.restore()
    return one, other


@pytest.mark.parametrize("how", [("--no-rebase",), ("--rebase",)])
def test_what_two_machines_decided_is_merged_by_git_and_held_by_both(
    two: tuple[Machine, Machine], how: tuple[str, ...]
) -> None:
    one, other = two
    # Lines beside each other, and one line: git itself would leave conflicts.
    one.decide(("2401.00001", "-inbox -unread"), ("2401.00002", "+starred"), ("2401.00005", "-rl"))
    one.decide(("note 2401.00003", "Read again."), ("view hot", "votes:>90"))
    with one.library() as library:
        library.joining.join(library.search("2401.00003 OR 2401.00004").keys)
    other.decide(("2401.00001", "+queued"), ("2401.00002", "-unread"), ("2401.00004", "+rl"))
    with other.library() as library:
        library.views.save("mine", "tag:rl")
    one.commit()
    one.git("push", "-q")
    other.commit()
    other.git("pull", "-q", *how)
    merged = other.dump_file.read_text()
    assert "view hot -- votes:>90\nview mine -- tag:rl\n" in merged
    assert "+queued -- arxiv:2401.00001" in merged
    assert "+inbox +starred -- arxiv:2401.00002" in merged
    assert "+inbox +rl +unread -- arxiv:2401.00003" in merged
    assert "+inbox +unread -- arxiv:2401.00005" in merged
    other.restore()
    other.git("push", "-q")
    one.git("pull", "-q")
    one.restore()
    assert one.dump() == other.dump() == merged


def test_a_note_that_both_changed_is_a_conflict_as_git_shows_it(
    two: tuple[Machine, Machine], capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = two
    one.decide(("note 2401.00001", "Mine."), ("2401.00002", "+rl"))
    other.decide(("note 2401.00001", "Theirs."), ("2401.00003", "+rl"))
    one.commit()
    one.git("push", "-q")
    other.commit()
    told = other.git("pull", "-q", "--no-rebase", status=1)
    assert "the note on 'Counting sheep 1' was changed on both sides: choose\n" in told
    assert other.git("status", "--short") == f"UU {FILE}\n"
    text = other.dump_file.read_text()
    comment = "-- arxiv:2401.00001  # Counting sheep 1"
    assert (
        f'<<<<<<< ours\nnote "Theirs." {comment}\n=======\nnote "Mine." {comment}\n>>>>>>> theirs\n'
    ) in text
    assert text.count("+rl") == 3, "what is no conflict is merged"
    words = ("--library", str(other.folder / "library"), "restore", str(other.dump_file))
    assert main(words) == 2
    assert "marks a conflict: choose between its lines" in capsys.readouterr().err
    chosen = text.replace("<<<<<<< ours\n", "").split("=======\n")
    other.dump_file.write_text(chosen[0] + chosen[1].partition(">>>>>>> theirs\n")[2])
    other.restore()
    other.commit()
    other.git("push", "-q")
    one.git("pull", "-q")
    one.restore()
    assert one.dump() == other.dump() == one.dump_file.read_text()


def test_histories_that_cross_are_merged_although_their_ancestors_conflict(
    two: tuple[Machine, Machine],
) -> None:
    one, other = two
    one.decide(("note 2401.00001", "Mine."))
    one.commit()
    one.git("push", "-q", "origin", "main:a")
    other.decide(("note 2401.00001", "Theirs."))
    other.commit()
    other.git("push", "-q", "origin", "main:b")
    for machine, branch, note in ((one, "b", "Mine."), (other, "a", "Mine.")):
        machine.git("fetch", "-q")
        machine.git("merge", "-q", f"origin/{branch}", status=1)
        machine.decide(("note 2401.00001", note))
        machine.commit()
    one.decide(("2401.00002", "+rl"))
    one.commit()
    one.git("push", "-q", "origin", "main:a")
    other.decide(("2401.00003", "+rl"))
    other.commit()
    other.git("fetch", "-q")
    other.git("merge", "-q", "origin/a")
    text = other.dump_file.read_text()
    assert text.count("+rl") == 3
    assert '\nnote "Mine." -- arxiv:2401.00001' in text


@pytest.fixture
def texts(tmp_path: Path) -> Callable[..., list[str]]:
    def write(*contents: str) -> list[str]:
        paths = [tmp_path / name for name in ("ours", "base", "theirs")]
        for path, content in zip(paths, contents, strict=True):
            path.write_text(content, errors="surrogateescape")
        return list(map(str, paths))

    return write


@pytest.mark.parametrize(
    ("side", "line", "reason"),
    [
        (0, "nonsense", "'nonsense' has no ' -- ' before its paper"),
        (1, "nonsense", "'nonsense' has no ' -- ' before its paper"),
        (2, "=======", "marks a conflict"),
        (0, ">>>>>>> x", "marks a conflict"),
        (2, "\udcff", "it is not UTF-8 text"),
        (2, "+a\x1b[31m -- pubmed:9", "the control character U+001B"),
        (0, "-a -- pubmed:9", "'-a' takes a tag off, as no dump does"),
        (2, "# paperdeck decisions 9", "upgrade paperdeck"),
        (0, '+a -- title:"GOATS!"', "is the paper of line 2 again"),
        (2, "# paperdeck edits 1", "give it to 'paperdeck apply'"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_and_nothing_is_merged(
    texts: Callable[..., list[str]],
    capsys: pytest.CaptureFixture[str],
    side: int,
    line: str,
    reason: str,
) -> None:
    contents = [f'{HEAD}+b -- title:"Goats"\n{END}'] * 3
    contents[side] += f"{line}\n\n? --\n"
    names = texts(*contents)
    assert main(("merge", *names)) == 2
    assert Path(names[0]).read_text(errors="surrogateescape") == contents[0]
    out, err = capsys.readouterr()
    named = ("ours", "base", "theirs")[side]
    start = f"paperdeck: {named} ('{names[side]}'): line "
    first, second, end = err.splitlines()
    assert first.startswith(f"{start}4: ")
    assert reason in first
    assert second.startswith(f"{start}6: ")
    assert end == f"nothing was merged: '{names[0]}' holds ours alone"
    assert (out, "\x1b" in err) == ("", False)


def test_in_git_s_own_file_both_texts_stand_between_marks_where_a_line_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    good = f"{HEAD}+a -- pubmed:7\n{END}"
    names = [f".merge_file_{name}" for name in "abc"]
    for name, text in zip(names, (good, good, f"{HEAD}nonsense"), strict=True):
        Path(name).write_text(text)
    assert main(("merge", *names)) == 2
    assert Path(names[0]).read_text() == (
        f"<<<<<<< ours\n{good}=======\n{HEAD}nonsense\n>>>>>>> theirs\n"
    )


def test_what_is_told_of_hostile_titles_is_plain_text(
    texts: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    comment = "-- pubmed:7  # \u2028\N{SOFT HYPHEN}<b>\N{COMBINING ACUTE ACCENT}" + "x" * 300
    names = texts(*(f'{HEAD}note "{n}" {comment}\n-- pubmed:7\n{END}' for n in "abc"))
    assert main(("merge", *names)) == 2
    names = texts(
        *(f'{HEAD}note "{n}" {comment.replace(chr(0x2028), "")}\n-- pubmed:7\n{END}' for n in "abc")
    )
    capsys.readouterr()
    assert main(("merge", *names)) == 3
    told = capsys.readouterr().err
    assert max(map(len, told.splitlines())) < 200
    assert "\N{SOFT HYPHEN}" not in told + Path(names[0]).read_text()


@pytest.mark.parametrize("words", [(), ("a", "b"), ("a", "b", "c", "d")])
def test_three_files_are_taken(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("merge", *words)) == 2
    assert "'merge' takes three files" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    texts: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    ours, base, _ = texts(HEAD, HEAD, HEAD)
    assert main(("merge", ours, base, "nowhere")) == 2
    assert "'nowhere' can't be read: No such file" in capsys.readouterr().err


def test_the_result_takes_the_place_of_ours_and_no_library_is_made(
    texts: Callable[..., list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERDECK_LIBRARY", str(tmp_path / "library"))
    ours, base, theirs = (f"{HEAD}{line}\n{END}" for line in ("+a -- pubmed:7", "", "-- pubmed:8"))
    names = texts(ours.replace("\n", "\r\n"), base, theirs)
    assert main(("merge", *names)) == 0
    assert Path(names[0]).read_bytes().decode() == (
        f"# paperdeck decisions 1\n+a -- pubmed:7\n-- pubmed:8\n{END}"
    )
    assert Path(names[2]).read_bytes().decode() == theirs
    assert not (tmp_path / "library").exists()

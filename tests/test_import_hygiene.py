"""What is loaded when: each import that a command does not need delays it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
CONNECTING = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "imaplib",
    "nntplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "xmlrpc",
}
"""Modules by which a program reaches others over a network."""
WRITERS = {"bibtexparser", "rispy", "pylatexenc"}
"""What only exports need."""
HEAVY = (
    *("textual", "rich", "whoosh", "sqlite3", "argcomplete", "store.library", "tui.app"),
    *sorted(WRITERS),
)


def loaded(code: str, home: Path) -> set[str]:
    """Return what of `HEAVY`, and whether the program beyond the store, `code` loads."""
    tail = (
        "; import sys; wanted = "
        + repr((*HEAVY, "tui"))
        + "; sys.stderr.write(' '.join(name for name in wanted if name in sys.modules))"
    )
    environ = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, env=environ, check=True
    )
    return set(done.stderr.splitlines()[-1].split() if done.stderr else [])


def command(*words: str) -> str:
    return f"from tui.cli import main; main({list(words)!r})"


@pytest.mark.parametrize("module", ["store", "store.library", "store.importers", "store.index"])
def test_the_store_needs_nothing_of_the_terminal(tmp_path: Path, module: str) -> None:
    assert not loaded(f"import {module}", tmp_path) & {"textual", "rich", "tui", "whoosh"}


@pytest.mark.parametrize("words", [["--help"], ["search", "--help"], ["serach"], ["--version"]])
def test_help_and_mistakes_load_only_the_standard_library(tmp_path: Path, words: list[str]) -> None:
    assert loaded(command(*words), tmp_path) == {"tui"}


@pytest.mark.parametrize(
    "words",
    [
        ["search", "*"],
        ["count"],
        ["tag", "+a", "--", "is:unread"],
        ["undo"],
        ["import", "no"],
        ["keys"],
        ["config"],
        ["formats"],
        ["completion", "bash"],
        ["digest"],
        ["apply", "no"],
    ],
)
def test_a_verb_without_words_to_find_loads_no_text_index_and_no_screen(
    tmp_path: Path, words: list[str]
) -> None:
    unneeded = {"textual", "rich", "whoosh", "tui.app"} | WRITERS
    unneeded |= set() if words[0] == "completion" else {"argcomplete"}
    assert not loaded(command(*words), tmp_path) & unneeded


def test_searching_words_loads_no_screen(tmp_path: Path) -> None:
    unneeded = {"textual", "rich", "tui.app", "argcomplete"} | WRITERS
    assert not loaded(command("search", "sheep"), tmp_path) & unneeded


def test_an_export_loads_the_library_of_its_own_format_alone(tmp_path: Path) -> None:
    fill = f"from tui.cli import main; main(['import', {str(sample_path())!r}]); "
    for name, needed in {"ris": {"rispy"}, "bibtex": WRITERS - {"rispy"}, "csl": set()}.items():
        code = fill + f"main(['export', '--format', {name!r}, '*'])"
        assert loaded(code, tmp_path) & WRITERS == needed, name


def parsed(package: str) -> dict[str, ast.Module]:
    """Return the syntax tree of each module of a package, by its file."""
    files = sorted((ROOT / package).rglob("*.py"))
    return {str(file): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports, wherever in it, with every package above."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def test_the_store_prints_nothing_and_knows_nothing_of_what_is_around_it() -> None:
    unknown = {"tui", "textual", "rich", "platformdirs", "os.environ", "sys.stdout", "sys.stderr"}
    for file, tree in parsed("store").items():
        assert not unknown & set(imported(tree)), file
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                assert node.id not in {"print", "input"}, f"{file}:{node.lineno}"
            elif isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in unknown, f"{file}:{node.lineno}"
                assert node.attr != "getenv", f"{file}:{node.lineno}"


@pytest.mark.parametrize("package", ["store", "tui"])
def test_nothing_of_the_program_can_open_a_connection(package: str) -> None:
    for file, tree in parsed(package).items():
        assert not CONNECTING & set(imported(tree)), file


def test_no_verb_opens_a_connection(tmp_path: Path) -> None:
    watched = (
        "import sys, os\n"
        "sys.addaudithook(lambda event, _: event.startswith('socket.') and os._exit(99))\n"
        "from tui.cli import main\n"
        f"assert main(['import', {str(sample_path())!r}]) == 0\n"
        "assert main(['index', '--wait']) == 0\n"
        "assert main(['search', 'diffusion']) == 0\n"
        "assert main(['tag', '+seen', '--', 'is:inbox']) == 0\n"
        "assert main(['undo']) == 0\n"
        "assert main(['dump']) == 0\n"
        "assert main(['export', '--format', 'bibtex', '*']) == 0\n"
        "assert main(['digest', '--format', 'email', '--to', 'ana@example.org']) == 0\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr

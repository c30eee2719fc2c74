"""Completion: what is suggested, and that real shells write it into their lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from store.models import RECORD_SOURCES
from store.query.fields import FIELDS
from store.query.nodes import POSSESSIONS, STATES, Sort
from tui.cli.completion import command_words
from tui.cli.suggestions import SHELLS, suggest
from tui.cli.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from terminal import Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

TAGS = ("inbox", "Reading-group", "rl", "rl/offline")
RECORD = '{"id": "arxiv:2401.00001", "title": "Counting sheep", "abstract": "", "tags": %s}\n'
CLEAR_LINE = "\x15"

SETUPS = {
    "bash": (
        ("bash", "--norc", "--noprofile", "-i"),
        "PS1='ready> '; eval \"$(paperdeck completion bash)\"; clear\n",
    ),
    "zsh": (
        ("zsh", "-f", "-i"),
        'autoload -U compinit; compinit -u -D; eval "$(paperdeck completion zsh)"; clear\n',
    ),
    "fish": (
        ("fish", "--no-config", "-i"),
        "function fish_prompt; echo 'ready> '; end; paperdeck completion fish | source; clear\n",
    ),
}


def completed(line: str, word: str, folder: Path | None = None) -> list[str]:
    """Return what is suggested for the last word of a command without its program."""
    return list(suggest(line.split(), word, lambda named: named or folder))


@pytest.fixture(scope="module")
def stocked(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library that has tags, and files to import."""
    home = make_home(tmp_path_factory.mktemp("stocked"))
    home.run("import", "-", stdin=RECORD % str(list(TAGS)).replace("'", '"'))
    home.run("view", "Monday", "is:inbox")
    (home.folder / "old papers.json").touch()
    (home.folder / "archive").mkdir()
    return home


@pytest.fixture(scope="module")
def library(stocked: Home) -> Path:
    return stocked.folder / "data" / "paperdeck"


# What is suggested


def test_a_command_begins_with_a_verb() -> None:
    assert completed("", "") == [verb.name for verb in VERBS]
    assert completed("--library deck", "se") == ["search"]
    assert completed("", "--v") == ["--version"]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_long_option_of_a_verb_is_completed(verb: object) -> None:
    name = getattr(verb, "name", "")
    known = next(verb.parser().known for verb in VERBS if verb.name == name)
    assert set(completed(name, "--")) - {"--"} == {flag for flag in known if flag[:2] == "--"}


@pytest.mark.parametrize(
    ("line", "word", "wanted"),
    [
        ("search", "ti", ["title:"]),
        ("search", "-ti", ["-title:"]),
        ("search", "(ti", ["(title:"]),
        ("search", "-(ti", ["-(title:"]),
        ("search rl", "is:un", ["is:unread"]),
        ("search rl", "is:", [f"is:{state}" for state in STATES]),
        ("search", "has:", [f"has:{what}" for what in POSSESSIONS]),
        ("search", "src:", [f"src:{source}" for source in RECORD_SOURCES]),
        ("search", "sort:", [f"sort:{order.value}" for order in Sort]),
        ("search", "on:to", ["on:today"]),
        ("search", "title:dif", []),
        ("search", "sheep", []),
        ("search", "sheep OR ti", ["sheep OR title:"]),
        ("search", '"sheep ti', []),
        ("search", 'is:"un', ['is:"unread"']),
        ("search", "arxiv:24", []),
        ("search", "sheep -is:q", ["sheep -is:queued"]),
        ("search --", "--", []),
        ("search --sort", "v", ["votes"]),
        ("search", "--sort=v", ["--sort=votes"]),
        ("search --format", "{id} {ti", ["{id} {title}"]),
        ("search --limit", "", []),
        ("browse", "is:ar", ["is:archived"]),
        ("tag +a --", "-is:q", ["-is:queued"]),
        ("export --format", "bibt", ["bibtex"]),
        ("digest --format", "", ["markdown", "html", "email", "todo"]),
        ("import --format", "pag", ["page"]),
        ("completion", "", list(SHELLS)),
        ("undo", "", []),
        ("no-verb", "", []),
    ],
)
def test_the_last_word_is_completed_by_what_may_stand_there(
    line: str, word: str, wanted: list[str]
) -> None:
    assert completed(line, word) == wanted


def test_a_query_begins_with_any_field() -> None:
    assert completed("search", "") == [f"{field.name}:" for field in FIELDS]


@pytest.mark.parametrize(
    ("line", "word", "wanted"),
    [
        ("search", "tag:r", ["tag:rl", "tag:reading-group", "tag:rl/offline"]),
        ("search", "tag:rl/", ["tag:rl/offline"]),
        ("search", "tag:inbox,rl/", ["tag:inbox,rl/offline"]),
        ("search", "tag:no", ["tag:none"]),
        ("search", "-tag:READ", ["-tag:READing-group"]),
        ("tag", "+rl/", ["+rl/offline"]),
        ("tag", "-in", ["-inbox"]),
        ("tag +rl", "--", ["--", "--library", "--help"]),
        ("import --tag", "in", ["inbox"]),
        ("search", "view:mo", ["view:monday"]),
        ("view --remove", "M", ["Monday"]),
    ],
)
def test_tags_and_views_are_those_of_the_library_without_regard_to_case(
    library: Path, line: str, word: str, wanted: list[str]
) -> None:
    assert sorted(completed(line, word, library)) == sorted(wanted)


def test_tags_are_of_the_library_that_the_command_names(library: Path, tmp_path: Path) -> None:
    assert completed(f"--library {library} search", "tag:in", tmp_path) == ["tag:inbox"]
    assert completed(f"search --library={library}", "tag:in", tmp_path) == ["tag:inbox"]
    assert completed("search", "tag:in", tmp_path) == []


@pytest.mark.parametrize(
    ("line", "word", "wanted"),
    [
        ("import", "{}/", ["{}/archive/", "{}/old papers.json"]),
        ("import", "{}/old", ["{}/old papers.json"]),
        ("import", "{}/.", ["{}/.hidden"]),
        ("export -o", "{}/a", ["{}/archive/"]),
        ("--library", "{}/", ["{}/archive/"]),
        ("search rl >", "{}/o", ["{}/old papers.json"]),
        ("import", "{}/no/such", []),
        ("import", "~nobody-of-that-name/", []),
    ],
)
def test_files_are_completed_where_files_go(
    tmp_path: Path, line: str, word: str, wanted: list[str]
) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "old papers.json").touch()
    (tmp_path / ".hidden").touch()
    found = completed(line, word.format(tmp_path))
    assert found == [path.format(tmp_path) for path in wanted]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("paperdeck tag +a", ["tag", "+a"]),
        ("../bin/paperdeck count", ["count"]),
        ("PAPERDECK_LIBRARY=deck paperdeck count", ["count"]),
        ("deck count", ["count"]),
    ],
)
def test_the_words_of_a_command_stand_after_its_name(line: str, words: list[str]) -> None:
    assert list(command_words(line.split())) == words


# The installed program


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("paperdeck sear", ["search"]),
        ("paperdeck search tag:rl/", ["tag:rl/offline"]),
        ("paperdeck search 'sheep tag:rl/", ["sheep tag:rl/offline"]),
        ("paperdeck import old", ["old\\ papers.json"]),
        ("paperdeck search 'unclosed \"", []),
        ("paperdeck search --nonsense tag:in", ["tag:inbox"]),
    ],
)
def test_the_program_answers_a_shell(stocked: Home, line: str, wanted: list[str]) -> None:
    assert stocked.answered(line) == wanted


@pytest.mark.parametrize("line", ["paperdeck search tag:", "paperdeck tag +", "paperdeck "])
def test_completing_makes_no_library(home: Home, line: str) -> None:
    home.answered(line)
    assert [path.name for path in home.folder.iterdir()] == ["tmp"]


@pytest.mark.parametrize("content", [b"", b"no library" * 1000])
def test_what_is_no_library_has_no_tags(home: Home, content: bytes) -> None:
    folder = home.folder / "data" / "paperdeck"
    folder.mkdir(parents=True)
    (folder / "library.db").write_bytes(content)
    assert home.answered("paperdeck search tag:") == ["tag:none"]
    assert [path.name for path in folder.iterdir()] == ["library.db"]


def test_an_answer_is_given_without_loading_more_than_it_needs(stocked: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from tui.cli import main; main()"],
        env=stocked.environ
        | {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": os.devnull,
            "COMP_LINE": "paperdeck search tag:",
            "COMP_POINT": "21",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "store.glimpse" in loaded
    assert not loaded & {"textual", "rich", "whoosh", "store.library"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "'completion' takes one shell of bash, zsh, fish"),
        (["bash", "zsh"], "'completion' takes one shell"),
        (["fsh"], "there is no completion for 'fsh'; did you mean 'fish'?"),
    ],
)
def test_a_shell_has_to_be_named(home: Home, words: list[str], message: str) -> None:
    done = subprocess.run(
        [home.program, "completion", *words],
        env=home.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert message in done.stderr


# Real shells


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, stocked: Home) -> Iterator[Terminal]:
    """A shell that completes our commands."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not here")
    command, setup = SETUPS[request.param]
    path = os.pathsep.join([str(stocked.program.parent), os.environ["PATH"]])
    with stocked.start(*command, size=(100, 24), environ={"PATH": path}) as terminal:
        terminal.settle(0.5)
        terminal.press(setup, 0.5)
        yield terminal


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("paperdeck sear", "paperdeck search"),
        ("paperdeck search -tag:rl/", "paperdeck search -tag:rl/offline"),
        ("paperdeck search 'sheep tag:rl/", "paperdeck search 'sheep tag:rl/offline'"),
        ("paperdeck tag +rl/", "paperdeck tag +rl/offline"),
        ("paperdeck import ~/old", "paperdeck import ~/old\\ papers.json"),
        ("paperdeck export --format bibt", "paperdeck export --format bibtex"),
    ],
)
def test_a_shell_completes(shell: Terminal, line: str, wanted: str) -> None:
    shell.press(f"{CLEAR_LINE}{line}")
    shell.send("\t")
    shell.shows(wanted)

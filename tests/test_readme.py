"""What README and changelog say is what the program does.

`PAPERDECK_RENEW_README=1 pytest tests/test_readme.py` writes the README's table of keys anew.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.days import Days
from store.decisions.exchange import Decisions
from store.digests import Digests
from store.errors import IncompleteQueryError
from store.history import History
from store.imports.bringing import Imports
from store.imports.joining import Joining
from store.index import TextIndex
from store.library import Library
from store.neighbours import Neighbours
from store.query.fields import FIELD_NAMES, FIELDS
from store.query.nodes import STATES, Sort
from store.query.parsing import parse
from store.tags import Tags
from store.views import Views
from store.visits import Visits
from tui.cli.arguments import query_text, read_command
from tui.cli.verbs import VERBS
from tui.commands import COMMANDS, Command
from tui.config import COLUMNS, THEMES, Config, read_config
from tui.keynames import shown_keys
from tui.sample import sample_path

if TYPE_CHECKING:
    from terminal import Home, HomeMaker

pytest_plugins = ["tests.terminal"]

ROOT = Path(__file__).resolve().parents[1]
README_FILE = ROOT / "README.md"
README = README_FILE.read_text(encoding="utf-8")
INVARIANTS = (ROOT / "tests" / "INVARIANTS.md").read_text(encoding="utf-8")
IS_RENEWAL = bool(os.environ.get("PAPERDECK_RENEW_README"))
TODAY = date(2026, 3, 12)
VIEWS = {"hot": "votes:>50 date:30d.."}
"""Those that the README saves."""
NEEDS_SCREEN = {"browse", "demo"}
PAGE = """\
Daily Papers
byAK and the research community
Mar 12

Counting glaciers before breakfast
Eleven winters of field work are gathered in one table.
"""
REPLY = '[{"paper": {"id": "2403.00001", "title": "Mapping orchards", "summary": "Slowly."}}]'

# Written so that this file does not hold what it looks for.
FOREIGN = {
    "a registry of packages": re.compile(r"(?:pypi|npmjs|crates|pythonhosted)[.](?:org|com|io)"),
    "a path of one machine": re.compile(r"(?<![\w.~$}])/(?:work|root|Users|farm)/\w"),
}


def section(title: str) -> str:
    """Return what stands below a heading of the README."""
    text = README.split(f"\n## {title}\n")[1]
    return text.split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of the rows of a section's table."""
    return cells(section(title))


def cells(text: str) -> list[list[str]]:
    """Return the cells of the rows of a text's table."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    # A '|' in a cell is written with a backslash.
    found = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines[2:]]
    return [[cell.strip() for cell in row] for row in found]


def spans(text: str) -> list[str]:
    """Return what is set as code."""
    return re.findall(r"`([^`]+)`", text)


def blocks(language: str) -> list[str]:
    """Return the blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands_of(line: str) -> list[list[str]]:
    """Return the words of each of our commands in a line for the shell."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in words:
        if word in {"|", "&&", ";"}:
            commands.append([])
        else:
            commands[-1].append(word)
    return [words for words in commands if words and Path(words[0]).name == "paperdeck"]


LINES = [line for block in blocks("sh") for line in block.splitlines() if commands_of(line)]
EXAMPLES = [
    example
    for row in rows("Search language")
    for example in spans(row[0])
    if "…" not in example and not example.endswith(":")
]


FILES = {
    "thesis.bib": "@misc{sheep, title = {Counting sheep}}\n",
    "library.ris": "TY  - JOUR\nTI  - Counting goats\nER  -\n",
    "savedrecs.txt": "FN Web of Science\nVR 1.0\nPT J\nTI Counting cows\nER\n\nEF\n",
    "pubmed-set.nbib": "PMID- 12345678\nTI  - Counting pigs\n",
    "arxiv-metadata-oai-snapshot.json": (
        '{"id": "0704.0001", "title": "Counting hens", "abstract": "", "categories": "cs.CL",'
        ' "update_date": "2008-11-26"}\n'
    ),
    "seminar.csv": "Name,Who\nCounting ducks,Ana Lei\n",
}


@pytest.fixture(scope="module")
def sampled(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with the sample library, and the files that the README speaks of."""
    home = make_home(tmp_path_factory.mktemp("sampled"))
    home.run("import", str(sample_path()))
    home.run("index", "--wait")
    (home.folder / "daily-papers.txt").write_text(PAGE)
    (home.folder / "stored-replies").mkdir()
    (home.folder / "stored-replies" / "2024-03-12.json").write_text(REPLY)
    for name, content in FILES.items():
        (home.folder / name).write_text(content)
    return home


# The library from Python


def test_the_python_example_runs_as_it_is_written(tmp_path: Path) -> None:
    (example,) = blocks("python")
    (tmp_path / "papers.jsonl").write_bytes(sample_path().read_bytes())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
    first, *papers, undone, latest, noted, view = done.stdout.splitlines()
    assert first == "120 added, 0 refused, 120 in all"
    assert papers
    assert all(line.startswith("arxiv:") for line in papers)
    assert undone.startswith("tag ")
    assert latest.endswith(f"{undone} undone")
    assert noted.endswith(" standing")
    assert " note '" in noted
    assert " save the view 'speech'" in view
    written = (tmp_path / "speech.bib").read_text(encoding="utf-8")
    assert written.count("\n@") + written.startswith("@") == len(papers)


def test_the_public_names_are_there_and_every_method_of_a_library_is_named() -> None:
    named = {spans(name)[0]: set(spans(text)) for name, text in rows("The library from Python")}
    parts = {
        "tags": Tags,
        "days": Days,
        "visits": Visits,
        "decisions": Decisions,
        "imports": Imports,
        "digests": Digests,
        "joining": Joining,
        "neighbours": Neighbours,
        "history": History,
    }
    assert named.pop("store.library.Library") == public(Library) - set(parts)
    for part, kind in parts.items():
        assert named.pop(f"Library.{part}") == public(kind), part
    assert named.pop("Library.views") == public(Views) - public(Mapping)
    assert named.pop("Library.index") <= public(TextIndex)
    for module, names in named.items():
        there = vars(importlib.import_module(module))
        assert names <= there.keys(), module


def public(kind: type) -> set[str]:
    """Return the public names that a class and its parents define."""
    return {name for name in dir(kind) if not name.startswith("_")}


# What always holds


def test_what_always_holds_is_a_table_of_facts_that_are_told_once() -> None:
    facts = [fact for fact, _ in cells(INVARIANTS)]
    assert len(facts) >= 20
    assert len(set(facts)) == len(facts)


@pytest.mark.parametrize(
    ("fact", "guards"), [(fact, spans(guards)) for fact, guards in cells(INVARIANTS)]
)
def test_what_always_holds_is_guarded_by_tests_that_there_are(fact: str, guards: list[str]) -> None:
    assert guards, fact
    for guard in guards:
        file, _, name = guard.partition("::")
        assert file.startswith("tests/"), guard
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        functions = {node.name for node in tree.body if isinstance(node, kinds)}
        assert name.startswith("test_"), guard
        assert name in functions, guard


# Keys


def key_table() -> str:
    """Return the table of keys as the table of commands has it."""
    lines = ["| | key | command |", "|---|---|---|"]
    for group, commands in COMMANDS.items():
        for command in commands:
            name = group if command is commands[0] else ""
            lines.append(f"| {name} | {key_cell(command)} | {command.summary} |".replace("  ", " "))
    return "\n".join(lines)


def key_cell(command: Command) -> str:
    """Return the keys of a command, several that are in a row as the first and the last."""
    shown = command.shown_keys.split(" … ")
    if len(shown) == 1:
        shown = [shown_keys([keys]) for keys in command.keys]
    joined = (" … " if " … " in command.shown_keys else " ").join(f"`{keys}`" for keys in shown)
    return joined.replace("|", "\\|")


def test_the_key_table_is_the_table_of_commands() -> None:
    if IS_RENEWAL:
        kept = re.compile(r"^\| \| key \| command \|\n(?:\|.*\n)*", re.MULTILINE)
        new = kept.sub(lambda _: f"{key_table()}\n", README, count=1)
        README_FILE.write_text(new, encoding="utf-8")
    assert f"\n\n{key_table()}\n\n" in README_FILE.read_text(encoding="utf-8"), (
        "PAPERDECK_RENEW_README=1 pytest tests/test_readme.py renews it"
    )


# The search language


def test_the_search_table_names_every_field_and_no_other() -> None:
    named = [span for row in rows("Search language") for span in spans(row[0])]
    found = {name for span in named for name in re.findall(r"(?:^| )([a-z]+):", span)}
    assert found == set(FIELD_NAMES)
    assert {field.name for field in FIELDS} <= found


def test_the_search_table_names_every_state_and_order() -> None:
    table = {" ".join(spans(row[0])): row for row in rows("Search language")}
    (states,) = (text for text in table if text.startswith("is:"))
    assert set(states.split()) == {f"is:{state}" for state in STATES}
    assert set(spans(table["sort:votes"][1])) == {sort.value for sort in Sort}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_query_of_the_search_table_is_one(example: str) -> None:
    assert parse(example, today=TODAY, views=VIEWS).node is not None


@pytest.mark.parametrize("field", sorted(FIELD_NAMES))
def test_a_field_without_its_value_is_not_finished(field: str) -> None:
    with pytest.raises(IncompleteQueryError):
        parse(f"{field}:", today=TODAY, typing=True)


# Commands


def test_the_command_table_names_every_verb_and_only_options_that_there_are() -> None:
    options = {verb.name: set(verb.parser().known) for verb in VERBS}
    named = set()
    for first, second in rows("Commands"):
        words = [span.removeprefix("paperdeck").split() for span in spans(first)]
        verbs = {command[0] for command in words if command}
        known = set().union(*(options[verb] for verb in verbs))
        for span in (*spans(first), *spans(second)):
            assert set(re.findall(r"(?<!\S)\[?(--?[a-z]+[a-z-]*)", span)) <= known | {"-b"}
        named |= verbs
    assert named == set(options)


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_readme_is_understood(line: str) -> None:
    for _, *words in commands_of(line):
        command = read_command(words)
        assert command.help is None
        if command.verb in {"search", "count", "export"}:
            parse(query_text(command.options), today=TODAY, views=VIEWS)


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in LINES
        if "curl" not in line
        and not any(read_command(words).verb in NEEDS_SCREEN for _, *words in commands_of(line))
    ],
)
def test_a_command_of_the_readme_works(sampled: Home, line: str) -> None:
    for _, *words in commands_of(line):
        done = subprocess.run(
            [sampled.program, *words],
            env=sampled.environ,
            cwd=sampled.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 1}, done.stderr


# Everything else


def test_the_configuration_shown_is_read_as_it_is_shown(tmp_path: Path) -> None:
    (block,) = blocks("toml")
    (tmp_path / "config.toml").write_text(block)
    config, warnings = read_config(tmp_path)
    assert warnings == ()
    assert set(tomllib.loads(block)) == set(Config.__slots__)
    assert config == Config(
        copy_command=("wl-copy",),
        open_command=("firefox",),
        theme="light",
        mouse=False,
        writer="textual",
        editor=("vim",),
        rest_seconds=5,
        columns=("day", "votes"),
        default_view="view:hot",
        mail_to="group@example.org",
        mail_from="ana@example.org",
        keys=(("archive", ("a", "right")), ("search-again", ("g r",)), ("suspend", ())),
    )
    (columns,) = (line for line in block.splitlines() if line.startswith("columns"))
    assert set(re.findall(r'"([a-z]+)"', columns)) == set(COLUMNS)
    for theme in THEMES:
        assert f'"{theme}"' in block.split("rest_seconds")[0]


def test_every_picture_and_file_that_is_linked_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) >= 3
    for link in links:
        assert "://" in link or (ROOT / link).exists(), link


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_the_sample_has_as_many_papers_and_days_as_is_said(name: str) -> None:
    records = [json.loads(line) for line in sample_path().read_text(encoding="utf-8").splitlines()]
    days = {sighting["day"] for record in records for sighting in record["sightings"]}
    said = re.findall(
        r"(\d+) papers\s+of\s+(\w+)\s+days", (ROOT / name).read_text(encoding="utf-8")
    )
    # What older versions had stands below.
    assert said[0] == (str(len(records)), str(len(days)))


def test_the_newest_version_of_the_changelog_is_the_project_s() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert versions[0] == project["version"]
    done = subprocess.run(
        [Path(sys.executable).with_name("paperdeck"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"paperdeck {versions[0]}\n"


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_file_names_what_belongs_to_one_machine(kind: str) -> None:
    folders = ("store", "tui", "tests", "screenshots", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    found = []
    for path in files:
        if "__pycache__" in path.parts:
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [
            f"{path}:{number}: {line[:120]}"
            for number, line in enumerate(lines, start=1)
            if FOREIGN[kind].search(line)
        ]
    assert found == []

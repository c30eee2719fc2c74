"""Help teaches: each verb has its place, its lesson and its examples, at 80 columns."""

from __future__ import annotations

import re
import shlex
from datetime import date

import pytest

from store.query.parsing import parse
from tui.cli.arguments import query_text, read_command
from tui.cli.errors import Status
from tui.cli.lessons import FIRST_STEPS, GROUPS, LESSONS, QUERIES, STATUSES
from tui.cli.verbs import VERBS, Verb

WIDTH = 80
TODAY = date(2026, 3, 12)
NAMES = [verb.name for verb in VERBS]


def commands_of(line: str) -> list[list[str]]:
    """Return the words of each of our commands in an example."""
    words = shlex.shlex(
        re.sub(r'^eval "\$\((.*)\)"$', r"\1", line), posix=True, punctuation_chars="|&;<>"
    )
    words.whitespace_split = True
    words.commenters = ""
    commands: list[list[str]] = [[]]
    for word in words:
        if word in {"|", "&&", ";", ">"}:
            commands.append([])
        else:
            commands[-1].append(word)
    return [words[1:] for words in commands if words[:1] == ["paperdeck"]]


def help_of(*words: str) -> str:
    text = read_command([*words, "--help"]).help
    assert text is not None
    return text


def test_every_verb_is_in_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(NAMES)


def test_every_verb_has_a_lesson() -> None:
    assert sorted(LESSONS) == sorted(NAMES)


@pytest.mark.parametrize("verb", [(), *((name,) for name in NAMES)], ids=" ".join)
def test_help_fits_80_columns(verb: tuple[str, ...]) -> None:
    for line in help_of(*verb).splitlines():
        assert len(line) <= WIDTH, line


def test_the_top_help_shows_groups_and_first_steps() -> None:
    text = help_of()
    for title in ("first steps", *GROUPS):
        assert f"\n{title}:\n" in text
    for step, meaning in FIRST_STEPS.items():
        assert re.search(rf"^  {re.escape(step)}  +{re.escape(meaning)}$", text, re.MULTILINE)
        assert read_command(step.split()[1:]).verb in {*NAMES, "browse"}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_help_says_what_a_verb_does_before_its_options(verb: Verb) -> None:
    text = help_of(verb.name)
    assert text.index(verb.title) < text.index(LESSONS[verb.name]) < text.index("options:")
    assert "!" not in text


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_example_is_a_command_that_is_understood(verb: Verb) -> None:
    for example in verb.examples:
        commands = commands_of(example)
        assert verb.name in {read_command(words).verb for words in commands}, example
        for words in commands:
            command = read_command(words)
            if command.verb in {"search", "count", "export", "browse", "remove"}:
                parse(query_text(command.options), today=TODAY)
            elif command.verb == "tag":
                parse(" ".join(command.options.rest or ()), today=TODAY)


@pytest.mark.parametrize("query", QUERIES)
def test_every_form_of_a_query_is_one(query: str) -> None:
    assert parse(query, today=TODAY).node is not None


def test_every_status_has_a_meaning() -> None:
    assert set(STATUSES) == set(Status)

from __future__ import annotations

import argparse

import pytest

from tui.cli import function_of
from tui.cli.arguments import Command, query_text, read_command
from tui.cli.errors import CommandError
from tui.cli.options import Split, split_words, to_day, to_limit
from tui.cli.verbs import VERBS


def known_options() -> dict[str, argparse.Action]:
    parser = argparse.ArgumentParser(add_help=False)
    output = parser.add_argument("-o", "--output")
    return {
        "--json": parser.add_argument("--json", action="store_true"),
        "--limit": parser.add_argument("--limit"),
        "-o": output,
        "--output": output,
    }


def read_error(*words: str) -> str:
    with pytest.raises(CommandError) as caught:
        read_command(words)
    return str(caught.value)


@pytest.mark.parametrize(
    ("words", "split"),
    [
        ("", Split((), (), None)),
        ("graph neural", Split((), ("graph", "neural"), None)),
        ("diffusion -survey", Split((), ("diffusion", "-survey"), None)),
        ("-survey --json", Split(("--json",), ("-survey",), None)),
        ("a --limit 3 b", Split(("--limit=3",), ("a", "b"), None)),
        ("a --limit=3", Split(("--limit=3",), ("a",), None)),
        ("--limit -3", Split(("--limit=-3",), (), None)),
        ("-o - a", Split(("--output=-",), ("a",), None)),
        ("-output -jso -", Split((), ("-output", "-jso", "-"), None)),
        ("a -- --json -b --", Split((), ("a",), ("--json", "-b", "--"))),
        ("+a -b --", Split((), ("+a", "-b"), ())),
        ("--limit --", Split(("--limit=--",), (), None)),
    ],
)
def test_words_with_one_dash_are_operands_and_known_options_are_not(
    words: str, split: Split
) -> None:
    assert split_words(words.split(), known_options(), "paperdeck search") == split


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("a --jsno", "'paperdeck search' has no option '--jsno'; did you mean '--json'?"),
        ("--limt=3", "'paperdeck search' has no option '--limt'; did you mean '--limit'?"),
        ("--js", "words after '--' are no options"),
        ("--limit", "'--limit' needs a value"),
        ("--json=yes", "'--json' takes no value"),
    ],
)
def test_a_word_with_two_dashes_that_is_no_option_is_a_mistake(words: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        split_words(words.split(), known_options(), "paperdeck search")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["graph", "neural"], "graph neural"),
        (['"graph neural" -survey'], '"graph neural" -survey'),
        (["a  b", "--", "--c"], "a  b --c"),
        ([], ""),
    ],
)
def test_the_words_of_a_query_are_joined_as_they_stand(words: list[str], text: str) -> None:
    assert query_text(read_command(["search", *words]).options) == text


def test_no_verb_opens_the_browser_and_options_may_stand_before_a_verb() -> None:
    assert read_command([]).verb == "browse"
    assert str(read_command(["--library", "deck"]).options.library) == "deck"
    command = read_command(["--library", "deck", "count", "-a"])
    assert (command.verb, str(command.options.library)) == ("count", "deck")
    assert str(read_command(["count", "--library=other"]).options.library) == "other"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_help_with_examples_that_can_be_read(verb: object) -> None:
    name = getattr(verb, "name", "")
    text = read_command([name, "--help"]).help
    assert text is not None
    assert text == read_command([name, "-h"]).help
    assert f"usage: paperdeck {name} [options]" in text
    examples = text.split("examples:\n")[1].splitlines()
    assert examples
    for line in examples:
        assert "paperdeck" in line
        assert len(line) <= 80


def test_help_lists_every_verb() -> None:
    command = read_command(["--help"])
    assert isinstance(command, Command)
    assert command.help is not None
    for verb in VERBS:
        assert f"  {verb.name} " in command.help
    assert max(map(len, command.help.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["serach", "x"], "there is no verb 'serach'; did you mean 'search'?"),
        (["xyzzy"], "there is no verb 'xyzzy' ('paperdeck --help' lists them)"),
        (["-x"], "does not know what '-x' is for"),
        (["--libary", "x"], "did you mean '--library'?"),
        (["--library"], "'--library' needs a value"),
        (["--library="], "--library: the folder's name is empty"),
        (["history", "twice"], "'paperdeck history' does not know what 'twice' is for"),
        (["search", "--limit", "0"], "--limit: '0' is no whole number from 1 on"),
        (["import", "--date", "12.3.2026", "x"], "--date: '12.3.2026' is no day"),
    ],
)
def test_a_mistake_is_named_with_what_helps(words: list[str], message: str) -> None:
    assert message in read_error(*words)


@pytest.mark.parametrize(
    ("text", "day"), [("2026-03-12", "2026-03-12"), ("20260312", "2026-03-12")]
)
def test_a_day_is_an_iso_day(text: str, day: str) -> None:
    assert to_day(text) == day


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "many"])
def test_a_limit_is_a_whole_number(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        to_limit(text)


@pytest.mark.parametrize("name", [verb.name for verb in VERBS])
def test_every_verb_is_carried_out_by_a_function_of_its_own(name: str) -> None:
    assert callable(function_of(name))

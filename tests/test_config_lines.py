from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.lines import line_of, lines_in, names_in


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", {}),
        ("# a = 1\n\na = 1 # b = 2", {("a",): 3}),
        ("a = 1\r\nb = 2\r\n", {("a",): 1, ("b",): 2}),
        ("'a b' = 1\n\"c\\u0064\" = 2", {("a b",): 1, ("cd",): 2}),
        ('"a=b" = 1\n"" = 2', {("a=b",): 1, ("",): 2}),
        ('\na . b."c.d" = 1', {("a",): 2, ("a", "b"): 2, ("a", "b", "c.d"): 2}),
        ("[ t ] # [x]\na = 1", {("t",): 1, ("t", "a"): 2}),
        ("[e]\n['a'.c]\nd = 1", {("e",): 1, ("a",): 2, ("a", "c"): 2, ("a", "c", "d"): 3}),
        ("[[t]]\na = 1\n[[t]]\na = 2", {("t",): 1, ("t", "a"): 2}),
        ("a = [\n1, # ]\n[2,\n'b = 3'],\n]\nc = 4", {("a",): 1, ("c",): 6}),
        ('a = """\nb = 1\n[c]\n"""\nd = 2', {("a",): 1, ("d",): 5}),
        ("a = '''\nb = '' \"\"\"\n'''''\nd = 2", {("a",): 1, ("d",): 4}),
        ('a = """\\"""\nb"""""\nd = 2', {("a",): 1, ("d",): 3}),
        ('a = "[\\"{"\nb = \'\\\'\nc = 1', {("a",): 1, ("b",): 2, ("c",): 3}),
        ("a = {b = 1, c = {d = '}'}}\ne = 2", {("a",): 1, ("e",): 2}),
        ("a = {b = [\n1\n], c = 3}\ne = 2", {("a",): 1, ("e",): 4}),
        ("a = 2026-03-12T00:00:00Z\n1.2 = -3.5e7", {("a",): 1, ("1",): 2, ("1", "2"): 2}),
    ],
)
def test_a_name_is_found_on_its_line(text: str, lines: dict[tuple[str, ...], int]) -> None:
    tomllib.loads(text)
    assert lines_in(text) == lines


def test_a_name_in_an_inline_table_is_on_the_line_of_that_table() -> None:
    lines = lines_in("a = 1\nkeys = {archive = 1}\n")
    assert line_of(("keys", "archive"), lines) == 2
    assert line_of(("b",), lines) is None


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


words = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=5)
keys = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True), words.map(quoted))
values = st.one_of(
    st.integers(-99, 99).map(str),
    words.map(quoted),
    st.lists(words.map(quoted)).map(lambda texts: "[\n" + ",\n".join(texts) + "\n]"),
    words.map(lambda text: '"""\n' + quoted(text)[1:-1] + '"""'),
    st.sampled_from(["'''\na = 1\n[b]\n'''", "{ a = [1], 'b' = '}' }", "[[1], # ]\n[{}]]"]),
)


@given(st.lists(st.tuples(keys, values), max_size=6), st.sampled_from(["", "[t]\n"]))
def test_a_text_that_is_toml_tells_the_line_of_each_name(
    settings: list[tuple[str, str]], text: str
) -> None:
    table = ("t",) if text else ()
    expected: dict[tuple[str, ...], int] = {table: 1} if table else {}
    for key, value in settings:
        (name,) = tomllib.loads(f"{key} = 0")
        path = (*table, name)
        if path in expected:
            continue
        expected[path] = text.count("\n") + 1
        text += f"{key} = {value} # done\n"
    tomllib.loads(text)
    assert lines_in(text) == expected


@given(st.text() | st.text("ab=.[]{}'\"\\#\n \t,").map(str))
def test_whatever_the_text_is_there_is_an_answer(text: str) -> None:
    found: list[Any] = list(names_in(text))
    assert all(1 <= name.line <= text.count("\n") + 1 for name in found)

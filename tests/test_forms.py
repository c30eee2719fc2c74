from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.models import Identifier, Link, LinkKind, Paper
from tui.cli.errors import CommandError
from tui.cli.forms import in_full, to_array, to_columns, to_objects
from tui.cli.templates import LONGEST_TEMPLATE, read_template, template_in_file

if TYPE_CHECKING:
    from pathlib import Path

PAPER = Paper(
    key=7,
    title="Counting sheep in the dark",
    abstract="A first paragraph about sheep.\nA second one, about the dark.",
    authors=("Ana García", "李 雷"),
    identifiers=(Identifier("arxiv", "2401.01234"), Identifier("doi", "10.1000/xyz")),
    published="2024-01-02",
    listed="2024-01-03",
    listed_is_guess=False,
    votes=12,
    comments=None,
    links=(
        Link(LinkKind.CODE, "https://example.org/code"),
        Link(LinkKind.PAGE, "https://example.org/page"),
    ),
    categories=(),
    keywords=(),
    venue="",
    organisation="",
    summary="",
    sightings=(),
    other_abstracts=(),
    provenance=(),
    tags=("inbox", "sheep/dark"),
    added="2026-03-12T08:00:00Z",
)
BARE = replace(PAPER, identifiers=(), votes=None, listed=None, published=None, links=(), tags=())
HOSTILE = replace(
    PAPER,
    title="Red \x1b[31malert\x07\tand\na line\u202e",
    authors=("Eve\x1b]0;owned\x07",),
    abstract="Bad \x9b2J text\r",
    tags=("a\x1bb",),
)


def test_columns_are_parted_by_tabs_for_programs() -> None:
    lines = list(to_columns([PAPER, BARE], aligned=False))
    assert lines == [
        "arxiv:2401.01234\t2024-01-03\t12\tCounting sheep in the dark\n",
        "paperdeck:7\t\t\tCounting sheep in the dark\n",
    ]


def test_columns_are_aligned_for_a_person() -> None:
    first, second = to_columns([PAPER, BARE], aligned=True)
    assert first == "arxiv:2401.01234  2024-01-03     12  Counting sheep in the dark\n"
    assert second.index("Counting") == first.index("Counting")


def test_a_hostile_record_stays_one_line_of_plain_text_in_every_form() -> None:
    template = read_template("{title}|{authors}|{abstract}|{tags}")
    lines = [
        *to_columns([HOSTILE], aligned=False),
        *to_columns([HOSTILE], aligned=True),
        *template.write([HOSTILE]),
    ]
    assert [line.count("\n") for line in lines] == [1, 1, 1]
    assert lines[0].count("\t") == 3
    assert lines[2] == "Red alert and a line|Eve|Bad text|a\n"
    assert all(char.isprintable() or char in "\n\t" for line in lines for char in line)
    assert all(char.isprintable() or char == "\n" for char in "".join(in_full(HOSTILE, 80)))


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{id}", "arxiv:2401.01234"),
        ("{day} {votes}: {title}", "2024-01-03 12: Counting sheep in the dark"),
        ("{tags}", "inbox sheep/dark"),
        ("{link}", "https://example.org/page"),
        ("{authors}", "Ana García, 李 雷"),
        ("{abstract}", "A first paragraph about sheep. A second one, about the dark."),
        (r"a\tb\nc\\n", "a\tb\nc\\n"),
        ("{{{id}}}", "{arxiv:2401.01234}"),
        ("", ""),
    ],
)
def test_a_template_names_what_to_print(template: str, line: str) -> None:
    assert list(read_template(template).write([PAPER])) == [f"{line}\n"]


def test_what_a_paper_does_not_have_is_left_empty() -> None:
    template = read_template("<{day}{votes}{tags}{link}>")
    assert list(template.write([BARE])) == ["<>\n"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{titel}", "there is no '{titel}'; did you mean 'title'?"),
        ("{}", "there is no '{}'"),
        ("{0}", "there is no '{0}'"),
        ("{title.__class__}", "there is no '{title.__class__}'"),
        ("{title[0]}", "there is no '{title[0]}'"),
        ("{title:>99}", "'{title}' can't be written as '>99'"),
        ("{title!r}", "'{title}' stands alone"),
        ("{title", "a brace itself is written twice"),
    ],
)
def test_a_template_reads_plain_names_and_nothing_else(template: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        read_template(template)
    assert message in str(caught.value)


def test_a_template_in_a_file_ends_where_its_last_line_does(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_bytes(b"\xef\xbb\xbf\\textbf{{{title}}}\r\n  {id}\r\n")
    lines = "\\textbf{Counting sheep in the dark}\n  arxiv:2401.01234\n"
    assert "".join(template_in_file(str(file)).write([PAPER, PAPER])) == lines * 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{titel}", "one.txt': there is no '{titel}'"),
        (b"\xff", "is not UTF-8 text"),
        (b"x" * (LONGEST_TEMPLATE + 1), "is longer than 100,000 bytes"),
        (None, "can't be read: No such file"),
    ],
)
def test_a_file_that_is_no_template_is_refused(
    tmp_path: Path, data: bytes | None, reason: str
) -> None:
    file = tmp_path / "one.txt"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(CommandError, match=re.escape(reason)):
        template_in_file(str(file))


def test_an_array_is_json_of_objects_that_always_have_a_score() -> None:
    (scored,) = json.loads("".join(to_array(to_objects([PAPER], {7: 1.25}))))
    (other,) = json.loads("".join(to_array(to_objects([PAPER], None))))
    assert (scored["id"], scored["score"]) == ("arxiv:2401.01234", 1.25)
    assert other["score"] is None
    assert json.loads("".join(to_array([{"a": 1}, {"a": 2}]))) == [{"a": 1}, {"a": 2}]
    assert "".join(to_array([])) == "[]\n"


def test_a_note_is_shown_last_with_its_own_lines() -> None:
    text = "".join(in_full(replace(PAPER, note="Red \x1b[31msheep.\n\n  - Ask Ana about them"), 20))
    assert text.endswith("\n\nYour note:\nRed sheep.\n\n  - Ask Ana about\nthem\n")


def test_a_paper_in_full_is_set_to_the_width_with_its_paragraphs_apart() -> None:
    text = "".join(in_full(PAPER, 30))
    assert "Counting sheep in the dark\n\nAna García, 李 雷\n\n" in text
    assert "2024-01-03 · 12 votes ·\narxiv:2401.01234\n" in text
    assert "Identifiers: doi:10.1000/xyz\nTags: inbox, sheep/dark\n" in text
    assert "Code: https://example.org/code\nPage: https://example.org/page\n" in text
    assert text.endswith("A first paragraph about sheep.\n\nA second one, about the dark.\n")

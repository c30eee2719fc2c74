"""A paper that a list only names is completed by whatever import knows more of it."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest

from store.importers import source_from_stream
from store.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2101.00001v1</id>
<title>Counting sheep</title><summary>We count.</summary><published>2021-01-01T10:00:00Z</published>
<author><name>Ana Lei</name></author></entry></feed>"""
BIBTEX = "@misc{a, title = {Sheep}, doi = {10.1000/sheep}, author = {Lei, Ana}}"
JSON = '{"id": "arxiv:2101.00001", "title": "Sheep counted", "identifiers": ["arxiv:2101.00001"]}'


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path, index_folder=tmp_path / "index") as library:
        yield library


def bring(library: Library, content: str) -> tuple[int, int, int]:
    source = source_from_stream(io.BytesIO(content.encode()), date(2026, 3, 12))
    report = library.imports.bring_in([source])
    assert report.refused == ()
    assert report.conflicts == ()
    return report.added, report.updated, report.unchanged


@pytest.mark.parametrize(
    ("name", "more", "title"),
    [
        ("2101.00001", ATOM, "Counting sheep"),
        ("https://arxiv.org/abs/2101.00001v3", JSON, "Sheep counted"),
        ("https://doi.org/10.1000/Sheep", BIBTEX, "Sheep"),
    ],
)
def test_the_title_comes_with_a_later_import_and_stays(
    library: Library, name: str, more: str, title: str
) -> None:
    assert bring(library, f"{name}\n") == (1, 0, 0)
    key = library.newest
    assert library.paper(key).title == library.paper(key).id
    assert bring(library, more) == (0, 1, 0)
    assert library.paper(key).title == title
    assert bring(library, f"{name}\n") == (0, 0, 1)
    assert bring(library, more) == (0, 0, 1)
    assert library.paper(key).title == title


def test_a_list_that_comes_later_changes_nothing(library: Library) -> None:
    assert bring(library, BIBTEX) == (1, 0, 0)
    assert bring(library, "10.1000/sheep\n") == (0, 0, 1)
    assert bring(library, "10.1000/sheep Sheep, in words that are much longer\n") == (
        0,
        0,
        1,
    )


def test_what_arxiv_says_goes_before_what_a_reference_manager_kept(library: Library) -> None:
    text = "@misc{a, title = {Counting Sheep in a Long Title}, eprint = {2101.00001}}"
    assert bring(library, text) == (1, 0, 0)
    assert bring(library, ATOM) == (0, 1, 0)
    key = library.newest
    assert library.paper(key).title == "Counting sheep"

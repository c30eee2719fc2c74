"""Every sample file against a reader that knows nothing of ours."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from store.errors import RecordError, SourceError
from store.importers import ReadingContext, Source, read_records, sources
from store.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats"
CONTEXT = ReadingContext(date(2026, 3, 12))
ENOUGH = 0.99
OTHERWISE = {
    # A reply to a wrong id: one that is arXiv's error message.
    "id_abc_s0_m100_b79c8dcf6bc3.xml": 0,
    # The other reader drops entries whose key stands twice.
    "bbt_Some_bibtex_entries_quietly_discarded_on_import_from_bib_file_#873.bib": 987,
    "bbt_Unbalanced_vphantom_escapes_#1043.bibtex": 2,
    # Records that have neither title nor identifier.
    "bbt_Export_of_creator-type_fields_from_embedded_CSL_variables_#365"
    "_uppercase_DOI_#825.csl.json": 6,
    "asreview_missing_values.csv": 2,
    "asreview_baseline_reference_types.ris": 0,
    "rispy_example_multiline.ris": 0,
}
"""How many papers are in the files of which another reader counts more, or fewer."""


class Reference(NamedTuple):
    """How many records another reader finds in a file, and which one that is."""

    records: int
    reader: str


def _elements(content: str, *names: str) -> int:
    root = ET.fromstring(content.encode())  # noqa: S314 - as above
    return sum(one.tag.rpartition("}")[2] in names for one in root.iter())


def _xml(name: str) -> Callable[[str], Reference]:
    return lambda content: Reference(_elements(content, name), f"ElementTree, <{name}>")


def _of_bibtex(content: str) -> Reference:
    library = parse_string(content)
    return Reference(len(library.entries), "bibtexparser 2.1")


def _of_ris(content: str) -> Reference:
    found = len(rispy.loads(content))
    return Reference(found, "rispy 0.10") if found else _ends(content)


def _ends(content: str) -> Reference:
    return Reference(len(re.findall(r"^ER  -", content, re.MULTILINE)), "lines 'ER  -'")


def _of_json(*keys: str) -> Callable[[str], Reference]:
    def count(content: str) -> Reference:
        try:
            value: Any = json.loads(content)
        except json.JSONDecodeError:
            return _of_lines(content)
        for key in keys:
            value = value.get(key, value) if isinstance(value, dict) else value
        return Reference(len(value), "json")

    return count


def _of_lines(content: str) -> Reference:
    return Reference(len(content.splitlines()), "lines")


def _of_table(content: str) -> Reference:
    delimiter = "\t" if "\t" in content.split("\n", 1)[0] else ","
    rows = list(csv.reader(io.StringIO(content), delimiter=delimiter))[1:]
    return Reference(sum(any(map(str.strip, row)) for row in rows), "csv")


def _of_markdown(content: str) -> Reference:
    rows = content.count("huggingface.co/papers/")
    return Reference(rows or content.count("<h3>"), "rows or headings")


READERS: dict[str, Callable[[str], Reference]] = {
    "arxiv_atom": _xml("entry"),
    "arxiv_kaggle": _of_json(),
    "arxiv_oai": _xml("record"),
    "arxiv_rss": _xml("item"),
    "bibtex": _of_bibtex,
    "csl_json": _of_json(),
    "csv_xml": _of_table,
    "markdown": _of_markdown,
    "odd_jsonl": _of_lines,
    "openalex": _of_json("results"),
    "ris": _of_ris,
    "semantic_scholar": _of_json("data", "papers"),
}
FILES = sorted(path for path in FORMATS.rglob("*") if path.is_file())


def reference(path: Path) -> Reference:
    """Return what another reader finds in a file."""
    content = path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
    return READERS[path.relative_to(FORMATS).parts[0]](content)


@pytest.mark.skipif(not FILES, reason="the shared data is not here")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_gives_what_another_reader_finds(path: Path) -> None:
    (source,) = sources([path])
    assert isinstance(source, Source)
    papers = sum(isinstance(one, Record) for one in read_records(source, CONTEXT))
    if path.name in OTHERWISE:
        assert papers == OTHERWISE[path.name]
    else:
        expected = reference(path).records
        assert expected * ENOUGH <= papers <= expected / ENOUGH


@pytest.mark.skipif(not FILES, reason="the shared data is not here")
def test_hardly_any_record_of_the_samples_is_refused() -> None:
    counts = {"papers": 0, "refused": 0}
    for source in sources([FORMATS]):
        assert not isinstance(source, SourceError)
        for record in read_records(source, CONTEXT):
            counts["refused" if isinstance(record, RecordError) else "papers"] += 1
    assert counts["papers"] > 14_900
    assert counts["refused"] < 80

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from store.importers import detect
from store.models import Identifier, Record

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PapersIn

RAW: dict[str, Any] = {
    "id": "0704.0001",
    "submitter": "Ana",
    "authors": "Ana Garc\\'{\\i}a, John Smith Jr. (Sheep Lab)",
    "title": "Counting sheep\n  with $\\alpha$-fences",
    "comments": "7 pages",
    "journal-ref": "J. Sheep 1 (2007)",
    "doi": "10.1000/Sheep",
    "categories": "cs.CL cs.LG",
    "abstract": "  We count.\n",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "update_date": "2008-11-26",
    "authors_parsed": [["Garc\\'{\\i}a", "Ana", ""], ["Smith", "John", "Jr.", "Sheep Lab"]],
}
PAPER = Record(
    title="Counting sheep with $\\alpha$-fences",
    source="arxiv",
    abstract="We count.",
    authors=("Ana García", "John Smith Jr."),
    identifiers=(Identifier("arxiv", "0704.0001"), Identifier("doi", "10.1000/sheep")),
    published="2007-04-02",
    categories=("cs.CL", "cs.LG"),
    venue="J. Sheep 1 (2007)",
    position="line 1",
)


def test_a_line_gives_everything_that_it_says(papers_in: PapersIn) -> None:
    content = f"{json.dumps(RAW)}\n"
    assert detect(content.encode(), "name") == "snapshot"
    assert papers_in(content) == [PAPER]


def test_a_part_of_it_may_be_a_list_with_fewer_keys(papers_in: PapersIn) -> None:
    less = {key: value for key, value in RAW.items() if key not in {"versions", "authors_parsed"}}
    (record,) = papers_in(json.dumps([less | {"authors": "Ana Lei, John Smith"}], indent=2))
    assert (record.authors, record.published) == (("Ana Lei", "John Smith"), "2007-04")


@pytest.mark.skipif(sys.platform != "linux", reason="the measure of memory is another one there")
def test_a_long_snapshot_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    program = (
        "import re, sys; from datetime import date; from pathlib import Path\n"
        "from store.importers import read_records, sources, ReadingContext\n"
        "(source,) = sources([Path(sys.argv[1])])\n"
        "count = sum(1 for _ in read_records(source, ReadingContext(date(2026, 3, 12))))\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(count, re.search(r'VmHWM:\\s+(\\d+)', status)[1])"
    )
    line = json.dumps(RAW | {"abstract": "We count sheep. " * 100}) + "\n"
    peaks = []
    for count in (2_000, 20_000):
        path = tmp_path / f"{count}.json"
        path.write_text(line * count)
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
        )
        counted, peak = map(int, done.stdout.split())
        assert counted == count
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 8 * 1024

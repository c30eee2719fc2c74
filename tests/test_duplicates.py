"""The labelled records are told apart as `tests/benchmarks/duplicates.py` measures it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parent / "benchmarks" / "duplicates.py"


def test_of_labelled_duplicates_nearly_all_are_found_and_hardly_any_other(shared: Path) -> None:
    labelled = shared / "data" / "formats" / "csv_xml" / "ASySD_labelled_test_set.csv"
    done = subprocess.run(
        [sys.executable, BENCHMARK, labelled], capture_output=True, text=True, check=True
    )
    figures = re.findall(r"precision (\S+)\s+recall (\S+)", done.stdout)
    assert len(figures) == 2, done.stdout
    for precision, recall in figures:
        assert float(precision) >= 0.99, done.stdout
        assert float(recall) >= 0.95, done.stdout

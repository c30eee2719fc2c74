"""Bars on the error stream while something takes its time; nothing where it is no terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.text import clean_line
from tui.format import megabytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.imports.report import ImportProgress

_EVERY = 50
"""Records between two updates: the bar must not cost more than the import."""
_BAR = 20
_BESIDE = _BAR + len(" 999.9/999.9 MB 9,999,999 papers ")
"""Cells that the name of a file leaves to what stands before it."""
_SHORTEST = 10


@contextmanager
def import_progress(total: int | None) -> Iterator[Callable[[ImportProgress], None] | None]:
    """Give what is to be told how far an import is, of so many bytes, if that is known."""
    if not sys.stderr.isatty():
        yield None
        return
    # Costs 60 ms of start-up, and is of use before a terminal only.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (
        BarColumn(_BAR),
        DownloadColumn() if total is not None else TextColumn("{task.fields[taken]}"),
        TextColumn("{task.fields[records]:,} papers"),
        # A file may be called anything, '[red]' too.
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, records=0, taken="")
        latest = ""

        def advance(so_far: ImportProgress) -> None:
            nonlocal latest
            name, records, taken = so_far
            if name != latest or records % _EVERY == 0:
                latest = name
                bar.update(
                    task,
                    description=_end_of(clean_line(name), console.width - _BESIDE),
                    completed=taken,
                    records=records,
                    taken=megabytes(taken),
                )

        yield advance


def _end_of(name: str, cells: int) -> str:
    """Return a name, or as much of its end as there is room for."""
    # As above.
    from rich.cells import cell_len

    if cell_len(name) <= cells:
        return name
    while name and cell_len(name) >= max(_SHORTEST, cells):
        name = name[1:]
    return f"…{name}"


@contextmanager
def index_progress(papers: int) -> Iterator[Callable[[int], None] | None]:
    """Give what is to be told how many of so many papers can be searched."""
    if not sys.stderr.isatty():
        yield None
        return
    # As above.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    text = TextColumn("{task.completed:,} of {task.total:,} searchable")
    with Progress(BarColumn(), text, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=papers)
        yield lambda searchable: bar.update(task, completed=searchable)

"""Bars on the error stream while something takes its time; nothing where it is no terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_EVERY = 50
"""Records between two updates: the bar must not cost more than the import."""


@contextmanager
def import_progress(names: Sequence[str]) -> Iterator[Callable[[str, int], None] | None]:
    """Give what is to be told the source, one of `names` in turn, and the records so far."""
    if not sys.stderr.isatty():
        yield None
        return
    # Costs 60 ms of start-up, and is of use before a terminal only.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        BarColumn(),
        TextColumn("{task.fields[records]:,} records"),
        # A file may be called anything, '[red]' too.
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        total = len(names) if len(names) > 1 else None
        task = bar.add_task("", total=total, records=0)
        places = {name: place for place, name in enumerate(names)}
        latest = ""

        def advance(name: str, records: int) -> None:
            nonlocal latest
            if name != latest or records % _EVERY == 0:
                latest = name
                bar.update(task, description=name, completed=places[name], records=records)

        yield advance


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

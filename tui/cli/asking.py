"""What every command with a query does: read it, see to the index, find, and say what is amiss."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from store.query import Sort, has_text
from store.queryparse import hints
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.output import say
from tui.format import counted

if TYPE_CHECKING:
    from store.library import Library
    from store.query import Query
    from store.search import Result

PATIENCE = 1.0
"""Seconds that an answer waits for papers that came in just now to be searchable."""


def read_query(library: Library, text: str, sort: str | None = None) -> Query:
    """Read a query, and say what in it may be meant otherwise; `sort` overrides its own order.

    Raises `QuerySyntaxError`, and `CommandError` for an order that there is not.
    """
    query = library.parse(text)
    for hint in hints(text):
        say(hint)
    if sort is None:
        return query
    names = [order.value for order in Sort]
    if sort not in names:
        raise CommandError(
            f"--sort: there is no order '{sort}'{suggestion(sort, names)}"
            f" (there are {', '.join(names)})"
        )
    return replace(query, sort=Sort(sort))


def find(
    library: Library, query: Query, *, completely: bool = False, explain: bool = False
) -> Result:
    """Return what a query finds, and say if not all could be searched, or nothing was found.

    With `completely` it waits until all can be, and raises `CommandError` where that fails.
    """
    if has_text(query.node):
        _await_index(library, completely=completely)
    started = time.perf_counter()
    result = library.search(query)
    seconds = time.perf_counter() - started
    if explain:
        say(f"read as: {query}")
        say(f"{counted(len(result.keys), 'paper')} found in {seconds * 1000:.1f} ms")
    if not result.is_complete:
        say(
            f"{result.searchable:,} of {result.papers:,} searchable;"
            " 'paperdeck index --wait' waits for the rest"
        )
    return result


def say_nothing_found(library: Library, result: Result) -> None:
    """Say that a query found nothing, or why it could not."""
    if result.papers:
        say("nothing found" if result.is_complete else "nothing found in those")
    else:
        say(
            f"nothing found: the library in '{library.folder}' is empty"
            " ('paperdeck import FILE' brings papers in, 'paperdeck demo' shows a sample)"
        )


def _await_index(library: Library, *, completely: bool) -> None:
    if library.index.wait(PATIENCE) or not completely:
        return
    say("waiting until every paper can be searched")
    if not library.index.wait(math.inf):
        raise index_failure()


def index_failure() -> CommandError:
    """Return the error for an index that its writer could not write."""
    return CommandError(
        "the search index can't be written: see that its disk has space,"
        " then try 'paperdeck index --rebuild --wait'",
        Status.UNUSABLE,
    )

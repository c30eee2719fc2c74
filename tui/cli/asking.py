"""What every command with a query does: read it, see to the index, find, and say what is amiss.

And the one question that is asked, before many papers are taken out.
"""

from __future__ import annotations

import math
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from store.errors import shown
from store.query.nodes import Everything, Sort, has_text
from store.query.parsing import hints
from store.text import clean_line
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.output import say
from tui.format import counted

if TYPE_CHECKING:
    from store.explaining import Explanation
    from store.library import Library
    from store.query.nodes import Query
    from store.searching.search import Result

MANY_PAPERS = 100
"""Taking more of them out of the library asks first."""
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


def refuse_unmeant_everything(query: Query, text: str) -> None:
    """Raise `CommandError` where a query to act on finds every paper without saying so.

    Such as an order alone, or signs in which there is nothing to look for.
    """
    if query.node == Everything() and "*" not in text.split():
        raise CommandError(f"'{shown(text)}' finds every paper: write '*' if you mean that")


def find(
    library: Library,
    query: Query,
    *,
    limit: int | None = None,
    closest: bool = False,
    completely: bool = False,
    explain: bool = False,
) -> Result:
    """Return what a query finds, and say if not all could be searched.

    `limit` and `closest` are as in `Library.search`. With `completely` it waits until all can be
    searched, and raises `CommandError` where that fails.
    """
    if has_text(query.node):
        await_index(library, completely=completely)
    started = time.perf_counter()
    result = library.search(query, limit=limit, closest=closest)
    seconds = time.perf_counter() - started
    if explain:
        found = len(result.keys) + result.beyond
        say(f"read as: {query}")
        say(f"{counted(found, 'paper')} found in {seconds * 1000:.1f} ms")
    if not result.is_complete:
        say_incomplete(result)
    return result


def say_incomplete(result: Result) -> None:
    """Say how many papers were searched, where it was not all."""
    say(
        f"{result.searchable:,} of {result.papers:,} searchable;"
        " 'paperdeck index --wait' waits for the rest"
    )


def say_nothing_found(
    library: Library, result: Result, explanation: Explanation | None = None
) -> None:
    """Say that a query found nothing, or only what comes closest, and why.

    What an explanation has, if it was said before, is not said again.
    """
    if not result.papers:
        say(
            f"nothing found: the library in '{library.folder}' is empty"
            " ('paperdeck import FILE' brings papers in, 'paperdeck demo' shows a sample)"
        )
    elif not result.is_complete and result.partial_of is None:
        say("nothing found in those")
    else:
        # Needed beside an empty result only.
        from tui.cli.nothing import reasons

        for line in reasons(library, result, explanation):
            say(line)


def is_agreed(question: str) -> bool:
    """Ask the reader before what is hard to take back; scripts are never asked, and agree."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    sys.stdout.flush()
    sys.stderr.write(f"{clean_line(question)} (y/N) ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def await_index(library: Library, *, completely: bool = False) -> None:
    """Wait a moment for papers that came in just now to be searchable, or until all are."""
    if library.index.wait(PATIENCE) or not completely:
        return
    say("waiting until every paper can be searched")
    if not library.index.wait(math.inf):
        raise index_failure()


def index_failure() -> CommandError:
    """Return the error for an index that its writer could not write."""
    return CommandError(
        "the search index can't be written: see that its disk has space and that 'paperdeck doctor'"
        " finds no fault, then try 'paperdeck index --rebuild --wait'",
        Status.UNUSABLE,
    )

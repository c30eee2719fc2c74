"""What `--explain` says: the parts of a query, which of them leaves nothing, and a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import shown
from tui.cli.output import say
from tui.explanation import query_account, score_account
from tui.format import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.explaining import Explanation
    from store.library import Library
    from store.searching.search import Result
    from tui.explanation import QueryAccount, ScoreAccount


def say_explained(library: Library, result: Result) -> Explanation:
    """Say what the parts of a query find, and what the score of the first paper is made of.

    Returns what was said.
    """
    first = result.keys[0] if result.keys else None
    explanation = library.explain(str(result.query), key=first)
    for line in _query(query_account(explanation)):
        say(line)
    score = explanation.score
    if score is not None and score.score:
        say(_score(score_account(score, library.paper(score.key).title)))
    return explanation


def _query(account: QueryAccount) -> Iterator[str]:
    for part in account.parts:
        yield f"'{shown(part.text)}': {part.reading} ({counted(part.papers, 'paper')})"
    if account.more:
        yield account.more
    yield from account.emptied


def _score(account: ScoreAccount) -> str:
    sums = " + ".join(f"{amount} {what}" for amount, what in account.sums)
    return f"{account.whole}: {sums}{account.remark and f'; {account.remark}'}"

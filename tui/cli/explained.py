"""What `--explain` says: the parts of a query, which of them leaves nothing, and a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import shown
from tui.cli.output import say
from tui.format import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.explaining import Explanation, PaperScore
    from store.library import Library
    from store.search import Result


def say_explained(library: Library, result: Result) -> None:
    """Say what the parts of a query find, and what the score of the first paper is made of."""
    first = result.keys[0] if result.keys else None
    explanation = library.explain(str(result.query), key=first)
    for line in _parts(explanation):
        say(line)
    score = explanation.score
    if score is not None and score.score:
        say(_score(score, library.paper(score.key).title))


def _parts(explanation: Explanation) -> Iterator[str]:
    parts = explanation.parts
    for part in parts:
        yield f"'{shown(part.text)}': {part.reading} ({counted(part.papers, 'paper')})"
    if explanation.left_out:
        yield f"and {counted(explanation.left_out, 'more part')}"
    if explanation.papers or explanation.is_either or len(parts) == 1:
        return
    for part in explanation.emptied_by:
        yield f"without '{shown(part.text)}' it finds {counted(part.without or 0, 'paper')}"
    if not explanation.emptied_by:
        yield "without any one of them it finds none either"


def _score(score: PaperScore, title: str) -> str:
    added = [
        (word.score, f"{word.field}:{word.text}" if word.field else word.text)
        for word in score.words
    ]
    places = [(score.title, "in the title"), (score.nearness, "near each other")]
    sums = " + ".join(f"{own:.2f} {what}" for own, what in [*added, *places] if own)
    why = "; it comes first as this is its title" if score.is_exact_title else ""
    return f"'{title}' scores {score.score:.2f}: {sums}{why}"

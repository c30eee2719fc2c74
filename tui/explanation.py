"""How a query was read, and what a paper scores for it, as lines of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.format import counted, cut_title, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.explaining import Explanation, PaperScore, Part

GAP = "  "
INDENT = "  "


def explanation_text(explanation: Explanation, title: str | None = None) -> str:
    """Return what there is to say of a query, and of the paper with this title if one is meant."""
    lines = [f"Search: {one_line(explanation.query) or '*'}", ""]
    lines += _parts(explanation)
    lines += _whole(explanation)
    if title is not None:
        lines += ["", *_score(explanation.score, cut_title(one_line(title)))]
    return "\n".join(lines)


def _parts(explanation: Explanation) -> Iterator[str]:
    parts = explanation.parts
    if len(parts) + explanation.left_out > 1:
        yield "Papers with any of:" if explanation.is_either else "Papers with all of:"
    else:
        yield "Papers with:"
    yield from _rows(
        (f"{part.papers:,}", f"{one_line(part.reading)}{_source(part)}") for part in parts
    )
    if explanation.left_out:
        yield f"{INDENT}… and {counted(explanation.left_out, 'more part')}"


def _source(part: Part) -> str:
    """Return the part as it is written, to follow what it means."""
    return f"{GAP}{one_line(part.text)}"


def _whole(explanation: Explanation) -> Iterator[str]:
    yield ""
    if explanation.papers:
        yield f"{counted(explanation.papers, 'paper')} found"
        return
    yield "Nothing found"
    for part in explanation.emptied_by:
        papers = counted(part.without or 0, "paper")
        yield f"{INDENT}Without {one_line(part.text)} there would be {papers}"


def _score(score: PaperScore | None, title: str) -> Iterator[str]:
    if score is None:
        yield f"'{title}' has no score: the search finds it for no word, or not at all"
        return
    yield f"'{title}' scores {score.score:.2f}:"
    rows = [
        (word.score, f"{word.field}:{word.text}" if word.field else word.text)
        for word in score.words
    ]
    rows += [
        (score.title, "words that are in the title"),
        (score.nearness, "words near each other"),
    ]
    yield from _rows((f"{amount:.2f}", one_line(what)) for amount, what in rows if amount)
    if score.is_exact_title:
        yield f"{INDENT}The search is its whole title, so it comes first"


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield rows of a number and what it is of, the numbers under each other."""
    written = list(rows)
    width = max((len(number) for number, _ in written), default=0)
    return (f"{INDENT}{number:>{width}}{GAP}{text}" for number, text in written)

"""What there is to say of a query and of a paper's score, and its layout as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from store.errors import shown
from tui.format import counted, cut_title, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.explaining import Explanation, PaperScore
    from store.query.found import WordScore

GAP = "  "
INDENT = "  "


class PartLine(NamedTuple):
    """A part of a query: how it is written, what that means, and how many papers it finds."""

    text: str
    reading: str
    papers: int


@dataclass(frozen=True, slots=True)
class QueryAccount:
    """What there is to say of a query."""

    parts: tuple[PartLine, ...]
    more: str
    """That there are more parts; empty if not."""
    emptied: tuple[str, ...]
    """Why nothing is found, if so."""


@dataclass(frozen=True, slots=True)
class ScoreAccount:
    """What there is to say of a paper's score."""

    whole: str
    sums: tuple[tuple[str, str], ...]
    """What it is made of: an amount, and for what."""
    remark: str
    """Why the score decides nothing; empty where it does."""


def query_account(explanation: Explanation) -> QueryAccount:
    """Return what there is to say of a query."""
    left_out = explanation.left_out
    return QueryAccount(
        tuple(
            PartLine(one_line(part.text), one_line(part.reading), part.papers)
            for part in explanation.parts
        ),
        f"and {counted(left_out, 'more part')}" if left_out else "",
        tuple(_emptied(explanation)),
    )


def score_account(score: PaperScore, title: str) -> ScoreAccount:
    """Return what there is to say of the score of the paper with this title."""
    amounts = [(word.score, _name(word)) for word in score.words]
    amounts += [(score.title, "in the title"), (score.nearness, "near each other")]
    return ScoreAccount(
        f"'{title}' scores {score.score:.2f}",
        tuple((f"{amount:.2f}", what) for amount, what in amounts if amount),
        "it comes first as this is its title" if score.is_exact_title else "",
    )


def explanation_text(explanation: Explanation, title: str | None = None) -> str:
    """Return what there is to say of a query, and of the paper with this title if one is meant."""
    lines = [f"Search: {one_line(explanation.query) or '*'}", ""]
    lines += _query(explanation)
    if title is not None:
        lines += ["", *_score(explanation.score, cut_title(one_line(title)))]
    return "\n".join(lines)


def _emptied(explanation: Explanation) -> Iterator[str]:
    is_one = len(explanation.parts) + explanation.left_out == 1
    if explanation.papers or explanation.is_either or is_one:
        return
    for part in explanation.emptied_by:
        papers = counted(part.without or 0, "paper")
        yield f"without '{shown(one_line(part.text))}' it finds {papers}"
    if not explanation.emptied_by and not explanation.left_out:
        yield "without any one of them it finds none either"


def _name(word: WordScore) -> str:
    return one_line(f"{word.field}:{word.text}" if word.field else word.text)


def _query(explanation: Explanation) -> Iterator[str]:
    account = query_account(explanation)
    if len(account.parts) > 1 or account.more:
        yield "Papers with any of:" if explanation.is_either else "Papers with all of:"
    else:
        yield "Papers with:"
    yield from _rows(
        (f"{part.papers:,}", f"{part.reading}{GAP}{part.text}") for part in account.parts
    )
    if account.more:
        yield _indented(account.more)
    yield ""
    yield f"{counted(explanation.papers, 'paper')} found" if explanation.papers else "Nothing found"
    yield from map(_indented, account.emptied)


def _score(score: PaperScore | None, title: str) -> Iterator[str]:
    if score is None:
        yield f"'{title}' has no score: the search finds it for no word, or not at all"
        return
    account = score_account(score, title)
    yield f"{account.whole}:"
    yield from _rows(account.sums)
    if account.remark:
        yield _indented(account.remark)


def _indented(text: str) -> str:
    """Return a sentence on what stands above it."""
    return f"{INDENT}{text[0].upper()}{text[1:]}"


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield rows of a number and what it is of, the numbers under each other."""
    written = list(rows)
    width = max((len(number) for number, _ in written), default=0)
    return (f"{INDENT}{number:>{width}}{GAP}{text}" for number, text in written)

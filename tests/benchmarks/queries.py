"""The queries of each kind, drawn from the papers with a fixed seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from plainbm25 import STOP_WORDS
from recombining import SEED, TAG, Paper, read_papers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

SAMPLED = 10_000
"""Papers to draw from: the first, which are as real as the source."""
WARMING = 5
"""Questions of each kind that are asked before the others, and not measured."""
TYPED = 40
COMMON = 150
"""A common word is one of so many, the most frequent."""
RARE = range(2, 11)
"""A rare word is in so many of the papers drawn from."""
DAYS = 30
APART = 5
"""Words between two that are near each other, at the most."""

_WORD = re.compile(r"[a-z]{4,}")
_RUN = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){1,3}")


class Question(NamedTuple):
    """A query, as it is written for the library and by its parts for the other engines."""

    kind: str
    text: str
    words: tuple[str, ...] = ()
    is_open: bool = False
    """Whether the last word is the beginning of one."""
    days: tuple[str, str] | None = None
    paper: Paper | None = None
    """The one that others are to be similar to."""


class Drawing:
    """What questions are drawn from."""

    def __init__(self, papers: Path) -> None:
        self.chance = Random(SEED)  # noqa: S311 nothing secret about it
        """Begins anew with each kind, so that one can be asked without the others."""
        self.papers = list(islice(read_papers(papers), SAMPLED))
        counts = Counter(word for paper in self.papers for word in own_words(paper.text))
        ranked = [word for word, _ in counts.most_common()]
        self.common = ranked[:COMMON]
        self.rare = [word for word in ranked if counts[word] in RARE] or ranked[COMMON:]
        self.runs = [run for paper in self.papers if (run := _run(paper.title))]
        """Words that follow each other in a title."""
        self.dated = [paper for paper in self.papers if len(paper.day) >= len("2026-01-31")]

    def paper(self, words: int) -> tuple[Paper, list[str]]:
        """Draw a paper, and so many of its words."""
        while True:
            paper = self.chance.choice(self.papers)
            own = sorted(own_words(paper.text))
            if len(own) >= words:
                return paper, self.chance.sample(own, words)


def own_words(text: str) -> set[str]:
    """Return the words of a text that are worth looking for."""
    return set(_WORD.findall(text.casefold())) - STOP_WORDS


def questions_of(kind: str, drawing: Drawing, count: int) -> list[Question]:
    """Return `count` questions of a kind, or each character of `TYPED` queries.

    `WARMING` more come before them.
    """
    drawing.chance.seed(f"{SEED} {kind}")
    if kind == "typed":
        queries = [drawing.chance.choice(drawing.runs).casefold() for _ in range(TYPED + 1)]
        warming = list(_typed(queries[0]))[:WARMING]
        return warming + [question for query in queries[1:] for question in _typed(query)]
    return [KINDS[kind](drawing) for _ in range(WARMING + count)]


def _run(title: str) -> str:
    """Return the first words of a title that nothing but a blank parts, or ''."""
    found = [run for run in _RUN.findall(title) if own_words(run)]
    return found[0] if found else ""


def _typed(query: str) -> Iterator[Question]:
    """Yield what stands there after each character."""
    for end in range(1, len(query) + 1):
        text = query[:end]
        yield Question("typed", text, tuple(text.split()), is_open=not text.endswith(" "))


def _common(drawing: Drawing) -> Question:
    word = drawing.chance.choice(drawing.common)
    return Question("common", word, (word,))


def _rare(drawing: Drawing) -> Question:
    word = drawing.chance.choice(drawing.rare)
    return Question("rare", word, (word,))


def _all(drawing: Drawing) -> Question:
    words = drawing.paper(drawing.chance.randint(3, 5))[1]
    return Question("and", " ".join(words), tuple(words))


def _any(drawing: Drawing) -> Question:
    words = drawing.paper(drawing.chance.randint(3, 5))[1]
    return Question("or", " OR ".join(words), tuple(words))


def _phrase(drawing: Drawing) -> Question:
    run = drawing.chance.choice(drawing.runs).casefold()
    return Question("phrase", f'"{run}"', tuple(run.split()))


def _prefix(drawing: Drawing) -> Question:
    (word,) = drawing.paper(1)[1]
    beginning = word[: drawing.chance.randint(3, 6)]
    return Question("prefix", f"{beginning}*", (beginning,), is_open=True)


def _fielded(drawing: Drawing) -> Question:
    while True:
        paper = drawing.paper(1)[0]
        title, abstract = own_words(paper.title), own_words(paper.abstract)
        if title and abstract:
            first, second = (drawing.chance.choice(sorted(words)) for words in (title, abstract))
            return Question("fielded", f"title:{first} {second}", (first, second))


def _day(drawing: Drawing) -> Question:
    (word,) = drawing.paper(1)[1]
    last = date.fromisoformat(drawing.chance.choice(drawing.dated).day[:10])
    days = (str(last - timedelta(days=DAYS)), str(last))
    return Question("day", f"date:{days[0]}..{days[1]} {word}", (word,), days=days)


def _tag(drawing: Drawing) -> Question:
    (word,) = drawing.paper(1)[1]
    return Question("tag", f"tag:{TAG} {word}", (word,))


def _newest(_drawing: Drawing) -> Question:
    return Question("newest", "*")


def _similar(drawing: Drawing) -> Question:
    paper = drawing.chance.choice(drawing.papers)
    return Question("similar", f"like:{paper.name.removeprefix('arxiv:')}", paper=paper)


def _near(drawing: Drawing) -> Question:
    while True:
        words = _WORD.findall(drawing.paper(1)[0].abstract.casefold())
        at = drawing.chance.randrange(len(words))
        pair = (words[at], words[min(at + 2, len(words) - 1)])
        if len(set(pair) - STOP_WORDS) == len(pair):
            return Question("near", f'"{" ".join(pair)}"~{APART}', pair)


def _fuzzy(drawing: Drawing) -> Question:
    (word,) = drawing.paper(1)[1]
    at = drawing.chance.randrange(1, len(word) - 1)
    # Two neighbours swapped: the commonest slip there is.
    slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return Question("fuzzy", f"{slip}~", (slip,))


KINDS: Mapping[str, Callable[[Drawing], Question]] = {
    "common": _common,
    "rare": _rare,
    "and": _all,
    "or": _any,
    "phrase": _phrase,
    "prefix": _prefix,
    "fielded": _fielded,
    "day": _day,
    "tag": _tag,
    "newest": _newest,
    "similar": _similar,
    "near": _near,
    "fuzzy": _fuzzy,
}
ALL_KINDS: Sequence[str] = ("typed", *KINDS)

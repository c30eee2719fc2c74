"""Which word was meant, where hardly any paper has the one that is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from store.engine.nodes import Match
from store.index.asking import run_of
from store.index.fields import ALL_TEXT
from store.query.words import SHORTEST_FUZZY, Term
from store.texts.commonwords import COMMON_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.engine.evaluating import Evaluation
    from store.engine.snapshot import Segment

_TIMES = {3: 20, 20: 200, 100: 1_000}
"""A word of so few papers is mistyped where the nearest has so many times as many. A slip is as
frequent as the word that it is of: in a large library, some papers have it too."""
_SHORTEST_GROWING = 5
"""Of fewer letters hardly anything is known yet, and one more may make it right."""


def nearest_word(
    evaluation: Evaluation,
    segments: Sequence[Segment],
    text: str,
    field: str,
    *,
    is_growing: bool,
) -> str | None:
    """Return the word that was meant by `text`, folded as a term; None if that is right.

    It is one edit away, and of several such words the one that most papers have. One that is
    growing is right as long as it begins one that is.
    """
    run = run_of(Term(text, field))
    shortest = _SHORTEST_GROWING if is_growing else SHORTEST_FUZZY
    if run is None or len(text) < shortest or not text.isalpha():
        return None
    term = text.encode()
    (word, *_) = run.words
    own = evaluation.frequency(
        replace(word, text=term, match=Match.BEGINNING) if is_growing else word
    )
    times = next((times for few, times in _TIMES.items() if own <= few), None)
    if times is None:
        return None
    lists = [one.fields[field or ALL_TEXT] for one in segments if (field or ALL_TEXT) in one.fields]
    papers: Counter[bytes] = Counter()
    for postings in lists:
        for place in postings.terms.within_one_edit(term):
            own_papers = int(postings.starts[place + 1]) - int(postings.starts[place])
            papers[postings.terms[place]] += own_papers
    # Names and short words are next to `as` and `in`, which nobody looks for.
    for name in (term, *(common.encode() for common in COMMON_WORDS)):
        papers.pop(name, None)
    best = max(papers, key=lambda name: (papers[name], name), default=None)
    if best is None or papers[best] < own * times:
        return None
    return best.decode()

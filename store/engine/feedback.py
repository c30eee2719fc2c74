"""What the best documents of a search tell to look for as well: RM3, as it is often used.

The words of a query are mixed with those that the best documents are made of (Abdul-Jaleel and
others 2004, UMass at TREC 2004), read off the arrays that say where each word is.
"""

from __future__ import annotations

from collections import Counter
from heapq import nlargest
from typing import TYPE_CHECKING

import numpy as np

from store.engine.nodes import Match, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.evaluating import Evaluation, Hits
    from store.engine.postings import FieldPostings
    from store.engine.snapshot import Snapshot

TELLING_DOCUMENTS = 5
"""The best so many documents tell more words to look for. The first weigh most: ten are as good."""
TELLING_WORDS = 20
"""So many words they tell; from ten to a hundred are as good."""
TELLING_SHARE = 0.5
"""What these weigh together, of what the words of the query weigh; up to 1 is as good."""
_KNOWN_WORDS = 64
"""Of the words that documents tell, so many are looked up for how rare they are."""
_LEAST_ODDS = 0.01
"""A document that is so much less likely than the first tells nothing."""
_LEAST_DOCUMENTS = 2
"""A word that one document alone has tells nothing of others."""


def telling_documents(hits: Hits) -> dict[int, float]:
    """Return the best documents, with how likely each is what was looked for beside the first.

    That goes by the exponential of its score, as BM25 is a sum of logarithms of odds (Robertson
    and Zaragoza 2009): where one document stands out it tells alone, and a search that is answered
    well does not drift.
    """
    if not len(hits.documents):
        return {}
    scores = hits.scores.astype(np.float64)
    first = np.argsort(-scores, kind="stable")[:TELLING_DOCUMENTS]
    odds = np.exp(scores[first] - scores[first[0]])
    found = zip(hits.documents[first].tolist(), odds.tolist(), strict=True)
    return {document: own for document, own in found if own >= _LEAST_ODDS}


def shares_of(
    snapshot: Snapshot,
    documents: Mapping[int, float],
    fields: Sequence[str],
    ask: Callable[[], None],
) -> dict[bytes, float]:
    """Return the classes of the words in these fields, with what part of the words each is.

    The parts of several documents are added up, each counting as much as `documents` has for it:
    where these numbers are the probabilities that documents are relevant, what comes out is the
    first relevance model, without smoothing (Lavrenko and Croft 2001, Relevance-Based Language
    Models). Before each document, `ask` may raise to end the search.
    """
    shares: dict[bytes, float] = {}
    for document, weight in documents.items():
        ask()
        counts = counts_of(snapshot, document, fields)
        whole = counts.total()
        for name, count in counts.items():
            shares[name] = shares.get(name, 0.0) + weight * count / whole
    return shares


def told_words(
    evaluation: Evaluation, shares: Mapping[bytes, float], field: str, times: int
) -> dict[Word, float]:
    """Return those words that weigh most by share and rarity, to be looked for in a field.

    What they weigh goes with a query of so many words, each of which weighs what its rarity says.
    How many documents have one is taken from its terms, without gathering them: documents that
    have several of these count for each.
    """
    told = {}
    for name in nlargest(_KNOWN_WORDS, shares, key=lambda name: (shares[name], name)):
        word = Word(field, name, Match.CLASS)
        frequency = evaluation.frequency(word)
        if frequency >= _LEAST_DOCUMENTS:
            told[word] = shares[name] * evaluation.lucene_idf(frequency)
    heaviest = nlargest(TELLING_WORDS, told, key=told.__getitem__)
    if not heaviest:
        return {}
    scale = TELLING_SHARE * times / sum(shares[word.text] for word in heaviest)
    return {word: scale * told[word] for word in heaviest}


def counts_of(snapshot: Snapshot, document: int, fields: Iterable[str]) -> Counter[bytes]:
    """Return how often words of each class are in these fields of a document.

    It takes a look at every posting of the document's segment.
    """
    segment = next(one for one in snapshot.segments if one.base <= document < one.end)
    counts: Counter[bytes] = Counter()
    for name in fields:
        field = segment.fields.get(name)
        if field is not None:
            # The field's own type may be too narrow for this number, but then it does not have it.
            at = np.flatnonzero(field.documents == document - segment.base)
            classes = _classes(field, np.searchsorted(field.starts, at, side="right") - 1)
            for place, count in zip(classes.tolist(), field.counts[at].tolist(), strict=True):
                counts[field.classes[place]] += count
    return counts


def _classes(field: FieldPostings, terms: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of the classes of different terms, which rise."""
    is_wanted = np.zeros(len(field.terms), bool)
    is_wanted[terms] = True
    at = np.flatnonzero(is_wanted[field.members])
    classes = np.empty(len(terms), np.intp)
    classes[np.searchsorted(terms, field.members[at])] = (
        np.searchsorted(field.class_starts, at, side="right") - 1
    )
    return classes

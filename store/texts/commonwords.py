"""The words of English that join others and say nothing of a subject.

A paper that has most of a query's words need not have these. They are whole classes of words, so
that no collection of papers decides which: articles, pronouns, prepositions, conjunctions,
auxiliary verbs, question words, and the adverbs and quantities that stand with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARTICLES_AND_PRONOUNS = """
    a an the this that these those
    i me my mine myself we us our ours ourselves you your yours yourself yourselves
    he him his himself she her hers herself it its itself they them their theirs themselves
    there here
"""
_PREPOSITIONS_AND_CONJUNCTIONS = """
    about above after against among at before below between by down during for from in into of off
    on onto out over per through to toward towards under until up upon via with within without
    and because but if nor or than though while although whereas as
"""
_AUXILIARY_VERBS = """
    am is are was were be been being have has had having do does did doing done
    can could may might must shall should will would ought cannot
"""
_QUESTION_WORDS = """
    what which who whom whose when where why how whether
"""
_ADVERBS_AND_QUANTITIES = """
    not no only own same so too very just also then thus hence once again further
    all any both each either neither every few more most other some such
"""
COMMON_WORDS = frozenset(
    word
    for words in (
        _ARTICLES_AND_PRONOUNS,
        _PREPOSITIONS_AND_CONJUNCTIONS,
        _AUXILIARY_VERBS,
        _QUESTION_WORDS,
        _ADVERBS_AND_QUANTITIES,
    )
    for word in words.split()
)
"""Folded, as `store.text.tokens` has terms, and not yet their stems: `one` has that of `on`."""


def telling(terms: Sequence[str]) -> list[str]:
    """Return the terms that are not common words, or all where none else is there."""
    return [term for term in terms if term not in COMMON_WORDS] or list(terms)

"""Titles as evidence: which many works have, and which may be those of one paper."""

from __future__ import annotations

import re

from store.identifiers import read_identifier
from store.text import fold, fold_title, tokens

GENERIC_TITLES = frozenset(
    {
        "abstracts",
        "acknowledgements",
        "appendix",
        "author index",
        "back matter",
        "bibliography",
        "book review",
        "conclusion",
        "conclusions",
        "contents",
        "correction",
        "corrigendum",
        "discussion",
        "editorial",
        "errata",
        "erratum",
        "foreword",
        "front matter",
        "glossary",
        "guest editorial",
        "in memoriam",
        "index",
        "introduction",
        "list of reviewers",
        "overview",
        "preface",
        "proceedings",
        "references",
        "retraction",
        "summary",
        "table of contents",
        "untitled",
    }
)
"""Folded titles that many different works have."""

TELLING_WORDS = 4
"""So many words a title has at least that joins papers with an identifier each."""
_LIKE_TITLES = 0.5
"""Two titles are like each other if they share so much of the shorter one's words."""
_NUMBER = re.compile(r"\d+|i{1,3}|iv|vi{0,3}|ix|x")
"""Of a part or a volume, after `fold_title`."""
_NOTICE = re.compile(
    r"\W*(?:(?:publisher|author)(?:.s)? )?"
    r"(?:addend(?:um|a)|corrigend(?:um|a)|errat(?:um|a)|retract(?:ion|ed)|withdrawn"
    r"|(?:comment(?:s|ary)?|corrections?|reply|replies|response)(?= to| on|:))\b"
)
"""How the title of a notice on another paper begins, after `fold`."""


def is_telling(title_fold: str) -> bool:
    """Tell whether a folded title may tell one work from all others.

    A title of signs alone folds to nothing, as all others of its kind.
    """
    return bool(title_fold) and title_fold not in GENERIC_TITLES


def are_alike(one: str, other: str) -> bool:
    """Tell whether two titles may be those of one paper, worded anew.

    One without words may be any paper's, as well as one that is but an identifier: a list gave no
    other, and a later import completes it. Two parts of one work are two papers, and so are a
    paper and a notice on it.
    """
    if read_identifier(one) or read_identifier(other):
        return True
    words, others = ({token.term for token in tokens(title)} for title in (one, other))
    shorter = min(len(words), len(others))
    return len(words & others) >= shorter * _LIKE_TITLES and not (
        shorter and _are_told_apart(one, other)
    )


def _are_told_apart(one: str, other: str) -> bool:
    if bool(_NOTICE.match(fold(one))) is not bool(_NOTICE.match(fold(other))):
        return True
    words, others = fold_title(one).split(), fold_title(other).split()
    if len(words) != len(others):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return bool(differing) and all(_NUMBER.fullmatch(word) for pair in differing for word in pair)

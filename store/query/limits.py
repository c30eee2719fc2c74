"""How much one query may ask for, so that its answer is there at once.

Each word is looked up by itself, and some ways of looking take far longer than others. With as
many of a kind as may be, all of them words that most papers have, a query takes about 50 ms of
20,000 papers.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from store.errors import QuerySyntaxError
from store.query.leaves import words_of
from store.query.words import Fuzzy, Near

if TYPE_CHECKING:
    from store.query.tokens import Token
    from store.query.words import TextLeaf

MOST_NEAR_WORDS = 32
"""Words of one quotation that may be looked for near each other."""


class Limit(NamedTuple):
    """So many of a kind at the most, those of a query's views counted."""

    most: int
    what: str


OPERANDS = Limit(400, "words, fields and tags")
"""Each name of a `tag:` counts, and each word.

SQLite takes expressions that are 1,000 deep, and counts the names twice: for the whole and for
the part of it that looks them up.
"""
WORDS = Limit(300, "words")
"""Those of quotations and the parts of compounds too. Hardly any abstract is longer, and readers
paste them.
"""
EXCLUDED = Limit(100, "words after NOT or '-'")
"""Nothing else narrows what each of them finds, where a query has nothing else."""
RUNS = Limit(32, "quotations and compound words")
"""Of two words and more: where each word stands is compared. Few abstracts have more compounds."""
NEAR = Limit(16, "quotations with '~'")
FUZZY = Limit(32, "words with '~'")
LIKE = Limit(8, "'like:' fields")


class Allowance:
    """What a query, its views included, has asked for so far."""

    def __init__(self) -> None:
        self._taken: Counter[Limit] = Counter()

    def take(self, limit: Limit, column: int, number: int = 1) -> None:
        """Count what begins at a column; raise `QuerySyntaxError` where it is too much."""
        self._taken[limit] += number
        if self._taken[limit] > limit.most:
            raise QuerySyntaxError(
                f"a query has {limit.most} {limit.what} at the most: end it here", column
            )

    def take_text(self, leaf: TextLeaf, token: Token, *, is_excluded: bool) -> None:
        """Count what a token looks for, each word by itself; raise `QuerySyntaxError` as `take`."""
        number = 0
        for number, word in enumerate(words_of(token.text), start=1):
            column = token.column if number == 1 else token.text_column + word.start
            if number > 1:
                self.take(OPERANDS, column)
            self.take(WORDS, column)
            if is_excluded:
                self.take(EXCLUDED, column)
            if isinstance(leaf, Near) and number > MOST_NEAR_WORDS:
                raise QuerySyntaxError(
                    f"{MOST_NEAR_WORDS} words at the most can be near each other:"
                    " end the quotation here",
                    column,
                )
        if isinstance(leaf, Near):
            self.take(NEAR, token.column)
        elif isinstance(leaf, Fuzzy):
            self.take(FUZZY, token.column)
        elif number > 1:
            self.take(RUNS, token.column)

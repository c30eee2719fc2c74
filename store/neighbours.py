"""The papers nearest to one: what tags they suggest for it, and which say nearly the same."""

from __future__ import annotations

import json
import math
import threading
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from store import reading
from store.errors import SearchAbandonedError
from store.identity.resemblance import are_nearly_same, resemblance, wording
from store.models import STATE_TAGS
from store.nearness import Words
from store.query.nodes import IdIs
from store.searching.conditions import condition_of
from store.text import as_line, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from store.identity.resemblance import Wording
    from store.index import TextIndex
    from store.record.database import Database

MOST_SUGGESTED = 3
NEAREST = 10
"""So many of the nearest papers vote."""
LEAST_SUPPORT = 0.25
"""The least sum of the cosines of those who vote for a tag."""
SUPPORT_PER_DOUBLING = 0.1
"""What more a tag needs each time the number of its papers doubles: the more there are, the nearer
the nearest ones are by chance.

On the feed's 5,938 papers, with 15 tags by words of the titles which the rule was not shown, the
first suggestion was right 78 times of 100 with 30 papers tagged (one paper of seven got one), 84
times with 1,000 (one of two), 89 times with 3,600. Of papers that nowhere speak of a tag's subject
at the most six of 100 got one; where there were three tags alone, 20 at the most.
"""
LEAST_SHARE = 0.3
"""The least part of all votes that a tag needs."""
VOTERS = 8_000
"""So many papers are remembered at the most: the newest of each tag, as many of one as of another.
"""
_SAMPLE = 1_000
"""Papers by which it is judged how common a word is."""
_CHUNK = 500

_STATES = ", ".join(f"'{name}'" for name in STATE_TAGS)
_CHOSEN = "key IN (SELECT value FROM json_each(?))"


class _Tag(NamedTuple):
    name: str
    papers: int


class Neighbours:
    """The papers of a library beside each other; may be asked from several threads.

    The words of tagged papers are remembered. What changed since is read anew when a question is
    asked, and nothing else: of at most so many papers as there are `voters`.
    """

    def __init__(self, database: Database, index: TextIndex, voters: int = VOTERS) -> None:
        self._database = database
        self._index = index
        self._most = voters
        self._lock = threading.Lock()
        self._words = Words({}, 0)
        self._papers = 0
        """How many there were when the commonness of words was judged."""
        self._revision = -1
        self._moves = -1

    @property
    def remembered(self) -> frozenset[int]:
        """The papers that vote, as of the last question."""
        return frozenset(self._words.papers)

    def suggested_tags(self, key: int) -> tuple[str, ...]:
        """Return tags that the nearest tagged papers have and this one lacks, the best first.

        The nearest by the cosine of their words, rare ones weighing more (tf-idf), vote with their
        nearness. None is suggested where nothing is really near.
        """
        with self._lock, self._database.reading() as connection:
            self._renew(connection)
            text = _texts(connection, (key,)).get(key)
            if text is None:
                return ()
            near = self._words.nearest(text, NEAREST, but=key)
            tags = _own_tags(connection, (key, *near))
        return _best_tags(near, tags, tags.pop(key, {}))

    def near_duplicates(
        self,
        key: int,
        among: Sequence[int],
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[int, ...]:
        """Return `key` and, the likest first, the papers of `among` that say nearly the same.

        `store.identity.resemblance` has the rule. The text index knows whose words are alike;
        papers that it has not read yet are found by their title alone. Removed papers are left
        out. Raises `SearchAbandonedError` soon after `cancelled` says so.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT title_fold, abstract FROM papers WHERE key = ?", (key,)
            ).fetchone()
            if row is None:
                return (key,)
            own = wording(*row)
            candidates = _titled(connection, own.title)
            if own.shingles:
                candidates.update(self._index.lookup(cancelled).similar(key).keys.tolist())
            candidates.discard(key)
            found: list[tuple[float, int]] = []
            for candidate, other in _wordings(connection, candidates.intersection(among)):
                if cancelled is not None and cancelled():
                    raise SearchAbandonedError
                if are_nearly_same(own, other):
                    found.append((-resemblance(own, other), candidate))
        return (key, *(other for _, other in sorted(found)))

    def shared_words(self, identifier: str, key: int) -> tuple[str, ...]:
        """Return the words for which a paper is like the one with an identifier, in any spelling.

        The most telling come first. There is none where no paper has the identifier (any more).
        """
        where = condition_of(IdIs(identifier), None)
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT p.key FROM papers AS p WHERE p.removed = 0 AND {where.sql}",  # noqa: S608 see store.searching.conditions
                where.values,
            ).fetchone()
        return self._index.lookup().shared_words(row[0], key) if row else ()

    def _renew(self, connection: sqlite3.Connection) -> None:
        revision = reading.revision(connection)
        if revision == self._revision:
            return
        papers = reading.count(connection)
        # A library that has doubled has other common words, as one that lost half of its papers;
        # one that was put back is another one.
        is_other = papers > 2 * self._papers or 2 * papers < self._papers
        if is_other or revision < self._revision:
            self._words, self._papers = _sampled(connection, papers), papers
            self._moves = -1
        moves = _moves(connection)
        known = self._words.papers
        voters = set(known) if moves == self._moves else _voters(connection, self._most)
        self._words.forget((known - voters) | (known & self._edited(connection)))
        for chunk in _chunks(sorted(voters - known)):
            for key, text in _texts(connection, chunk).items():
                self._words.remember(key, text)
        self._revision, self._moves = revision, moves

    def _edited(self, connection: sqlite3.Connection) -> set[int]:
        """Return the papers whose texts may be others since they were remembered."""
        if not self._words.papers:
            return set()
        changed = connection.execute("SELECT key FROM papers WHERE revision > ?", (self._revision,))
        return {key for (key,) in changed}


def _sampled(connection: sqlite3.Connection, papers: int) -> Words:
    """Return no words yet, but how common each is: by some of the papers, of all days."""
    rows = connection.execute(
        "SELECT key FROM (SELECT key, row_number() OVER () AS place"
        " FROM papers INDEXED BY papers_by_day WHERE removed = 0) WHERE place % ? = 0",
        (max(1, papers // _SAMPLE),),
    )
    common: Counter[str] = Counter()
    sampled = 0
    for chunk in _chunks([key for (key,) in rows]):
        texts = _texts(connection, chunk).values()
        sampled += len(texts)
        for text in texts:
            common.update(set(fold_title(text).split()))
    return Words(common, sampled)


def _moves(connection: sqlite3.Connection) -> int:
    """Return how often papers got or lost tags of the reader's own."""
    (moves,) = connection.execute(
        f"SELECT coalesce(sum(moves), 0) FROM tags WHERE fold NOT IN ({_STATES})"  # noqa: S608 our own words
    ).fetchone()
    return int(moves)


def _voters(connection: sqlite3.Connection, most: int) -> set[int]:
    """Return the papers with tags of the reader's own: the newest of each tag come first.

    One paper more with a tag takes the place of one at the most, whatever the number of tags.
    """
    cursor = connection.execute(
        "SELECT paper FROM (SELECT paper, day, row_number() OVER (PARTITION BY tag"  # noqa: S608 as above
        " ORDER BY day DESC, votes DESC, paper) AS place FROM paper_tags WHERE tag IN"
        f" (SELECT key FROM tags WHERE papers > 0 AND fold NOT IN ({_STATES})))"
        " GROUP BY paper ORDER BY min(place), day DESC, paper DESC LIMIT ?",
        (most,),
    )
    return {key for (key,) in cursor}


def _texts(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, str]:
    """Return title and abstract of these papers; removed and unknown ones are left out."""
    cursor = connection.execute(
        "SELECT key, title || ' ' || abstract FROM papers"  # noqa: S608 our own words
        f" WHERE {_CHOSEN} AND NOT removed",
        (json.dumps(list(keys)),),
    )
    return dict(cursor.fetchall())


def _own_tags(
    connection: sqlite3.Connection, keys: Collection[int]
) -> defaultdict[int, dict[str, _Tag]]:
    """Return the reader's own tags of each of these papers by their folded names."""
    found: defaultdict[int, dict[str, _Tag]] = defaultdict(dict)
    for paper, fold, name, papers in connection.execute(
        # A cross join, lest it begins with the tags.
        "SELECT paper, fold, name, papers FROM paper_tags CROSS JOIN tags ON tags.key = tag"  # noqa: S608 our own words
        f" WHERE paper IN (SELECT value FROM json_each(?)) AND fold NOT IN ({_STATES})",
        (json.dumps(list(keys)),),
    ):
        found[paper][fold] = _Tag(as_line(name), papers)
    return found


def _best_tags(
    near: Mapping[int, float], tags: Mapping[int, Mapping[str, _Tag]], own: Iterable[str]
) -> tuple[str, ...]:
    """Return the names of the best tags; `own` are the folded ones that the paper has."""
    votes: defaultdict[str, float] = defaultdict(float)
    known: dict[str, _Tag] = {}
    for key, nearness in near.items():
        for fold, tag in tags.get(key, {}).items():
            votes[fold] += nearness
            known[fold] = tag
    said = list(own)
    whole = sum(near.values())
    best: list[str] = []
    for fold in sorted(votes, key=lambda fold: (-votes[fold], fold)):
        name, papers = known[fold]
        chance = SUPPORT_PER_DOUBLING * math.log2(papers + 1)
        least = max(LEAST_SUPPORT, LEAST_SHARE * whole, chance)
        # `a/b` says `a` already.
        is_said = any(f"{other}/".startswith(f"{fold}/") for other in said)
        if votes[fold] >= least and not is_said:
            said.append(fold)
            best.append(name)
    return tuple(best[:MOST_SUGGESTED])


def _titled(connection: sqlite3.Connection, title: str) -> set[int]:
    """Return the papers with a folded title; none for no title."""
    cursor = connection.execute(
        "SELECT key FROM papers WHERE title_fold = ? AND ? <> ''", (title, title)
    )
    return {key for (key,) in cursor}


def _wordings(
    connection: sqlite3.Connection, keys: Collection[int]
) -> Iterator[tuple[int, Wording]]:
    """Yield what is compared of each of these papers; removed ones are left out."""
    for chunk in _chunks(sorted(keys)):
        rows = connection.execute(
            f"SELECT key, title_fold, abstract FROM papers WHERE {_CHOSEN} AND NOT removed",  # noqa: S608 our own words
            (json.dumps(chunk),),
        ).fetchall()
        for key, title, abstract in rows:
            yield key, wording(title, abstract)


def _chunks(keys: Sequence[int]) -> Iterator[list[int]]:
    return (list(keys[start : start + _CHUNK]) for start in range(0, len(keys), _CHUNK))

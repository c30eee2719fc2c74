"""Answering queries by arrays: words by the text index, all else by masks, joined by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from store.errors import SearchAbandonedError
from store.query import nodes as q
from store.query.forms import all_of
from store.query.found import Found, is_text
from store.searching.ranked import Ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from store.query.found import TextMatcher
    from store.searching.moments import Moment

    Mask = NDArray[np.bool_]

MOST_CLOSE = 1_000
"""Of papers that lack words so many are found, the closest ones."""
_SMALL_PART = 16
"""Of less than one paper in so many, each is put into its place; else all are walked in order."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one query's parts find, as of one moment; asks `cancelled` whether to go on."""

    moment: Moment
    text: TextMatcher
    cancelled: Callable[[], bool] | None = None

    def in_order(self, mask: Mask) -> Ranked:
        """Return the papers of a mask in the order of the moment."""
        keys, ranks = self.moment.order
        if np.count_nonzero(mask) * _SMALL_PART > len(mask):
            return Ranked(keys[mask[keys]])
        found = np.flatnonzero(mask)
        return Ranked(found[np.argsort(ranks[found])])

    def ranked(self, found: Found, first: Sequence[int] = (), *, by_score: bool) -> Ranked:
        """Return papers by their scores if asked, then by the order; those of `first` before."""
        keys, scores = found
        if not (by_score and scores.any()):
            return self.in_order(self._mask_of(found))
        if first:
            scores = scores + np.isin(keys, first) * (scores.max(initial=0.0) + np.float32(1))
        return Ranked(keys, scores, self.moment.order.ranks[keys])

    def found(self, node: q.Node) -> Found:
        """Return the papers that are there and that `node`, without views, finds.

        What no word was found for has no score. Raises `SearchAbandonedError`.
        """
        if self.cancelled and self.cancelled():
            raise SearchAbandonedError
        if is_text(node):
            return self._known(self.text.matches(node))
        if not q.has_text(node):
            return _scoreless(self.moment.mask(node))
        match node:
            case q.Like(text):
                keys = np.flatnonzero(self.moment.mask(q.IdIs(text)))
                similar = (self.text.similar(int(key)) for key in keys)
                return next(map(self._known, similar), _NOTHING)
            case q.Or(nodes):
                return self._any([self.found(child) for child in nodes])
            case q.And(nodes):
                return self._all(nodes)
            case q.Not(child):
                return _scoreless(self.moment.present & ~self.mask(child))
            case _:
                raise TypeError(node)

    def mask(self, node: q.Node) -> Mask:
        """Return which papers `found` has for `node`."""
        if not q.has_text(node):
            return self.moment.mask(node)
        return self._mask_of(self.found(node))

    def closest(self, nodes: Sequence[q.Node], words: Sequence[q.Node]) -> Found:
        """Return the papers that come closest to having all `words` among `nodes`.

        All other nodes find them.
        """
        keys, scores = self._known(self.text.most_words(words))
        rest = all_of(node for node in nodes if node not in words)
        if rest is not None:
            is_allowed = self.mask(rest)[keys]
            keys, scores = keys[is_allowed], scores[is_allowed]
        if len(keys) > MOST_CLOSE:
            best = np.argpartition(-scores, MOST_CLOSE)[:MOST_CLOSE]
            keys, scores = keys[best], scores[best]
        return Found(keys, scores)

    def _mask_of(self, found: Found) -> Mask:
        mask = np.zeros_like(self.moment.present)
        mask[found.keys] = True
        return mask

    def _any(self, parts: Sequence[Found]) -> Found:
        mask = np.zeros_like(self.moment.present)
        scores = np.zeros(len(mask), np.float32)
        for keys, some in parts:
            mask[keys] = True
            scores[keys] += some
        keys = np.flatnonzero(mask)
        return Found(keys, scores[keys])

    def _all(self, nodes: Sequence[q.Node]) -> Found:
        words = [node for node in nodes if is_text(node)]
        others = [node for node in nodes if q.has_text(node) and node not in words]
        if words:  # words that are excluded are cheapest where others are looked for
            excluded = [n for n in others if isinstance(n, q.Not) and is_text(n.node)]
            others = [node for node in others if node not in excluded]
            words += excluded
        states = all_of(node for node in nodes if not q.has_text(node))
        allowed = self.moment.mask(states or q.Everything())
        parts = [self.found(all_of(words) or q.Everything())] if words else []
        for node in others:
            if isinstance(node, q.Not):
                allowed &= ~self.mask(node.node)
            else:
                parts.append(self.found(node))
        return self._common(parts, allowed)

    def _common(self, parts: Sequence[Found], allowed: Mask) -> Found:
        if not parts:
            return _scoreless(allowed)
        first, *rest = parts
        if rest:
            scores = np.zeros(len(allowed), np.float32)
            scores[first.keys] = first.scores
            for found in rest:
                scores[found.keys] += found.scores
                allowed = allowed & self._mask_of(found)
            keys = first.keys[allowed[first.keys]]
            return Found(keys, scores[keys])
        is_allowed = allowed[first.keys]
        return Found(first.keys[is_allowed], first.scores[is_allowed])

    def _known(self, found: Found) -> Found:
        """Return those of the papers that are there: the index may be ahead, or behind."""
        keys, scores = found
        present = self.moment.present
        if len(keys) and int(keys.max()) >= len(present):
            is_known = keys < len(present)
            keys, scores = keys[is_known], scores[is_known]
        is_there = present[keys]
        if is_there.all():
            return Found(keys, scores)
        return Found(keys[is_there], scores[is_there])


_NOTHING = Found(np.empty(0, np.int64), np.empty(0, np.float32))


def _scoreless(mask: Mask) -> Found:
    keys = np.flatnonzero(mask)
    return Found(keys, np.zeros(len(keys), np.float32))

"""Did-you-mean: a query as it is written, but for its words that hardly any paper has."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from store.errors import QuerySyntaxError, SearchAbandonedError
from store.query import nodes as q
from store.query.fields import FIELD_NAMES
from store.query.leaves import words_of
from store.query.tokens import Kind, split
from store.query.words import TEXT_FIELDS, Near, Phrase, Prefix, Term, is_bare_identifier
from store.text import fold_case
from store.texts.edits import within_one_edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from store.index import Lookup
    from store.query.editing import Parse
    from store.query.tokens import Token
    from store.searching.search import Search
    from store.tags import TagCount

MOST_WORDS = 32
"""A longer query is no slip of the finger, and each of its words may have to be looked for."""


class _Place(NamedTuple):
    """Where a word or a tag stands in a query."""

    start: int
    text: str
    """As it is written."""
    name: str
    """As it is looked for: a term, or a folded tag."""
    field: str
    """That of the word; `tag` for a tag."""
    is_growing: bool


@dataclass(frozen=True, slots=True)
class Speller:
    """Finds better spellings; asks `cancelled` before each word whether to go on.

    `parse` reads queries, and `tags` returns what papers are tagged with. Words are of one commit
    of the index; tags, and what else is looked for, are as they are when they are asked for.
    """

    parse: Parse
    search: Search
    text: Lookup
    tags: Callable[[], Iterable[TagCount]]
    cancelled: Callable[[], bool] | None = None

    def suggestion(self, text: str, *, typing: bool = False) -> str | None:
        """Return `text` with the nearest known word for each that is misspelled; None without any.

        It differs in those words alone, and finds more; where neither finds any paper, as another
        word is unknown, some have at least part of its words. `typing` says that the last word is
        not finished: it is right as long as a word begins so. Raises `SearchAbandonedError` soon
        after `cancelled` says so.
        """
        text = unicodedata.normalize("NFC", text)
        try:
            query = self.parse(text, typing=typing)
            better = self._respelled(text, query, typing=typing)
            if better is None:
                return None
            is_better = self._is_better(self.parse(better, typing=typing), query)
        except QuerySyntaxError:
            return None
        return better if is_better else None

    def _is_better(self, query: q.Query, than: q.Query) -> bool:
        """Tell whether a query that is spelled otherwise has more to show."""
        found, former = self._count(query), self._count(than)
        if found or former:
            return found > former
        # Each word that was replaced is a known one now: those that have it can be shown.
        near = self.search.closest(query)
        return near is not None and len(near.keys) > 0

    def _count(self, query: q.Query) -> int:
        return self.search.first(query, 0).total

    def _respelled(self, text: str, query: q.Query, *, typing: bool) -> str | None:
        wanted = frozenset(_wanted(query.node))
        found = (
            place for place in _places(text, typing=typing) if (place.field, place.name) in wanted
        )
        places = list(islice(found, MOST_WORDS + 1))
        if len(places) > MOST_WORDS:
            return None
        tags = _used(self.tags()) if any(place.field == "tag" for place in places) else {}
        better = text
        for place in reversed(places):
            meant = self._meant(place, tags)
            if meant is not None:
                better = better[: place.start] + meant + better[place.start + len(place.text) :]
        return better if better != text else None

    def _meant(self, place: _Place, tags: Mapping[str, _Tag]) -> str | None:
        if self.cancelled and self.cancelled():
            raise SearchAbandonedError
        if place.field == "tag":
            return _nearest(place.name, tags, is_growing=place.is_growing)
        return self.text.nearest_word(place.name, place.field, is_growing=place.is_growing)


def nearest_tag(name: str, tags: Iterable[TagCount]) -> str | None:
    """Return the tag that was meant by one that no paper has; None if that is right, or unlike all.

    Tags that others are nested in are tags too.
    """
    return _nearest(fold_case(name), _used(tags))


class _Tag(NamedTuple):
    name: str
    papers: int


def _used(tags: Iterable[TagCount]) -> dict[str, _Tag]:
    """Return the tags in use and what they are nested in, by their folded names."""
    used: dict[str, _Tag] = {}
    for tag in tags:
        for name in accumulate(tag.name.split("/"), "{}/{}".format):
            fold = fold_case(name)
            known = used.get(fold, _Tag(name, 0))
            used[fold] = known._replace(papers=known.papers + tag.papers)
    return used


def _nearest(fold: str, used: Mapping[str, _Tag], *, is_growing: bool = False) -> str | None:
    if fold in used or (is_growing and any(one.startswith(fold) for one in used)):
        return None
    close = [tag for one, tag in used.items() if within_one_edit(one, fold)]
    if close:
        return max(close, key=lambda tag: tag.papers).name
    # Needed beside a mistake only.
    from difflib import get_close_matches

    return next((used[one].name for one in get_close_matches(fold, used, n=1)), None)


def _wanted(node: q.Node) -> Iterator[tuple[str, str]]:
    """Yield field and name of what papers are found for, and may be spelled otherwise."""
    match node:
        case q.And(nodes) | q.Or(nodes):
            for child in nodes:
                yield from _wanted(child)
        case q.TaggedAny(names):
            yield from (("tag", fold_case(name)) for name in names)
        case Term() | Phrase() | Near() | Prefix(is_typed=True):
            yield from ((node.field, word.term) for word in words_of(node.text))


def _places(text: str, *, typing: bool) -> Iterator[_Place]:
    """Yield the words and tags of a query in order; no identifiers, values or open words."""
    for token in split(text, typing=typing):
        field = "" if token.field is None else FIELD_NAMES.get(token.field)
        if token.kind is not Kind.TEXT or token.is_address:
            continue
        if field == "tag":
            yield from _tags_in(token)
        elif field == "" or field in TEXT_FIELDS:
            yield from _words_in(token, field)


def _words_in(token: Token, field: str) -> Iterator[_Place]:
    is_open = not token.is_quoted and (token.near or token.text.endswith("*"))
    if is_open or (not token.is_quoted and not field and is_bare_identifier(token.text)):
        return
    words = list(words_of(token.text))
    for place, word in enumerate(words, start=1):
        yield _Place(
            token.text_column - 1 + word.start,
            token.text[word.start : word.end],
            word.term,
            field,
            token.is_growing and place == len(words),
        )


def _tags_in(token: Token) -> Iterator[_Place]:
    start = token.text_column - 1
    for part in token.text.split(","):
        name = part.strip()
        is_last = start + len(part) == token.text_column - 1 + len(token.text)
        if name:
            at = start + part.index(name)
            yield _Place(at, name, fold_case(name), "tag", token.is_growing and is_last)
        start += len(part) + 1

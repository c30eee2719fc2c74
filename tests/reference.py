"""A library as plain dictionaries and sets: a plugin of the tests that compare the real one to it.

Written from the rules alone. The whole library is one dictionary of slots, each the place of one
value; an entry of the history is what it made of which slots, and no more.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from store.decisions.lines import DUMP_END, HEADER, HEADER_WITH_NOTES
from store.identifiers import SCHEMES
from store.models import Identifier, Sighting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from store.models import Record

Slot: TypeAlias = tuple[Any, ...]
"""A paper's key, or None, then what of it this is: `(1, "tag", "rl")`, `(None, "view", "hot")`."""
Turned: TypeAlias = "tuple[Entry, set[int], set[int], list[str]]"
THERE = "there"
"""The value of a slot that is either full or empty."""
GENERIC = {"editorial", "introduction"}
TRUST = ("page", "paperdeck", "feed")
COLUMNS = ("title", "venue")
"""Facts that have one value; the abstract, of which every version is kept, is apart."""
STATES = {
    "inbox": lambda tags: "inbox" in tags,
    "unread": lambda tags: "unread" in tags,
    "read": lambda tags: "unread" not in tags,
    "queued": lambda tags: "queued" in tags,
    "starred": lambda tags: "starred" in tags,
    "dismissed": lambda tags: "dismissed" in tags,
    "archived": lambda tags: not tags & {"inbox", "dismissed"},
}


def words_of(title: str) -> str:
    """Return the words of a title alone, without case."""
    return " ".join(re.findall("[a-z0-9]+", title.lower()))


@dataclass
class Entry:
    """What was done at once: the former value of each slot that was changed, and the one made."""

    key: int
    program: str
    kind: str
    label: str
    made_at: str
    slots: dict[Slot, tuple[Any, Any]] = field(default_factory=dict)
    papers: list[int | None] = field(default_factory=list)
    """Each that was changed, once, in order; None for what is of no paper."""
    state: str = "standing"
    undone_by: str | None = None
    undone_at: int = 0
    taken_back: set[Slot] = field(default_factory=set)
    """What undoing it did take back, to be made again."""
    votes: dict[int, int] = field(default_factory=dict)
    """How many each paper had, that it brought into the inbox, when this had left that before."""

    def tags_of(self, key: int, side: int) -> set[str]:
        """Return the tags of a paper that came or went as a whole: before it (0), after it (1)."""
        return {slot[2] for slot, pair in self.slots.items() if _is_tag(slot, key) and pair[side]}


@dataclass
class Statement:
    """A line of a dump."""

    target: str
    tags: tuple[str, ...]
    key: int
    title: str

    note: str | None = None

    def __str__(self) -> str:
        words = "".join(f"+{name} " for name in self.tags)
        return f"{words}{self._end()}"

    def as_note(self) -> str:
        return f"note {json.dumps(self.note, ensure_ascii=False)} {self._end()}"

    def _end(self) -> str:
        comment = "" if self.target.startswith("title:") else f"  # {self.title}"
        return f"-- {self.target}{comment}\n"


@dataclass
class Snapshot:
    """What a dump says."""

    views: tuple[tuple[str, str], ...]
    papers: tuple[Statement, ...]

    def lines(self) -> list[str]:
        named = [f"view {name} -- {query}".rstrip() + "\n" for name, query in self.views]
        notes = [one.as_note() for one in self.papers if one.note]
        header = HEADER_WITH_NOTES if notes else HEADER
        return [f"{header}\n", *named, *notes, *map(str, self.papers), f"{DUMP_END}\n"]


class RefusedError(Exception):
    """The rules forbid what was asked."""


@dataclass
class Arrivals:
    """What an import came to."""

    counts: Counter[str] = field(default_factory=Counter)
    papers: list[int] = field(default_factory=list)
    clashes: list[Identifier] = field(default_factory=list)


@dataclass
class Reference:
    """The library."""

    slots: dict[Slot, Any] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    """Each tag as it was first written, by its folded name."""
    entries: list[Entry] = field(default_factory=list)
    added: dict[int, str] = field(default_factory=dict)
    """When each paper that ever was came in."""
    known: dict[tuple[object, ...], int] = field(default_factory=dict)
    """Which paper each record was taken for, by its words."""
    decided: dict[int, int] = field(default_factory=dict)
    """The votes of each paper that is not in the inbox any more, as of then."""
    undoings: int = 0
    _open: Entry | None = None
    _decided_before: dict[int, int] = field(default_factory=dict)
    _votes: dict[int, int | None] = field(default_factory=dict)
    """Those of each paper as what is being done began."""

    refused = RefusedError
    states = (*STATES, "rising")

    # Papers

    def keys(self) -> list[int]:
        return [key for key in self.added if (key, "here") in self.slots]

    def tags(self, key: int) -> set[str]:
        return {slot[2] for slot in self.slots if _is_tag(slot, key)}

    def tag_names(self, key: int) -> tuple[str, ...]:
        return tuple(self.spellings[fold] for fold in sorted(self.tags(key)))

    def tag_counts(self) -> list[tuple[str, int, int]]:
        """Return each tag in use, how many papers have it, and how many of these are unread."""
        counts = Counter(fold for key in self.keys() for fold in self.tags(key))
        unread = Counter(fold for key in self.in_state("unread") for fold in self.tags(key))
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(self.spellings[fold], papers, unread[fold]) for fold, papers in ordered]

    def in_state(self, state: str) -> list[int]:
        if state == "rising":
            return [key for key in self.keys() if self.is_rising(key)]
        return [key for key in self.keys() if STATES[state](self.tags(key))]

    def is_rising(self, key: int) -> bool:
        """Tell whether the votes have doubled since the paper left the inbox."""
        if key not in self.decided:
            return False
        return (self.latest(key, "votes") or 0) >= 2 * max(self.decided[key], 1)

    def note(self, key: int) -> str:
        text: str = self.slots.get((key, "note"), "")
        return text

    def own_tags(self, key: int) -> set[str]:
        """Return the tags of a paper that are not its state."""
        return self.tags(key) - {"inbox", "unread", "starred", "queued", "dismissed"}

    def tagged(self, name: str) -> set[int]:
        """Return the papers that have this tag or one nested below it."""
        fold = name.casefold()
        return {
            key
            for key in self.keys()
            if any(tag == fold or tag.startswith(f"{fold}/") for tag in self.tags(key))
        }

    def owner(self, identifier: Identifier) -> int | None:
        return self.slots.get((None, "identifier", identifier))

    def identifiers(self, key: int) -> tuple[Identifier, ...]:
        own = [s[2] for s, value in self.slots.items() if s[1] == "identifier" and value == key]
        return tuple(sorted(own, key=lambda one: (SCHEMES.index(one.scheme), one.value)))

    def sightings(self, key: int) -> list[Sighting]:
        own = [value for slot, value in self.slots.items() if slot[:2] == (key, "sighting")]
        return sorted(own, key=lambda one: (one.day, one.source, one.seen))

    def listed_on(self, day: str) -> set[int]:
        return {k for k in self.keys() if any(one.day == day for one in self.sightings(k))}

    def listed(self, key: int) -> str | None:
        return min((one.day for one in self.sightings(key)), default=None)

    def listed_is_guess(self, key: int) -> bool:
        first = [one for one in self.sightings(key) if one.day == self.listed(key)]
        return bool(first) and all(one.day_is_guess for one in first)

    def latest(self, key: int, count: str) -> int | None:
        """Return the most `votes` or `comments` of the latest day that has any."""
        counts = ((one.day, getattr(one, count)) for one in self.sightings(key))
        return max((pair for pair in counts if pair[1] is not None), default=("", None))[1]

    def other_abstracts(self, key: int) -> list[tuple[str, str, str]]:
        own = [slot[2:] for slot in self.slots if slot[:2] == (key, "other")]
        return sorted(own, key=lambda one: _weight(one[:2], one[2]), reverse=True)

    def views(self) -> dict[str, str]:
        saved = sorted((slot[2], value) for slot, value in self.slots.items() if slot[1] == "view")
        return dict(value for _, value in saved)

    # Decisions

    def edit(self, program: str, keys: Iterable[int], edit: Any, label: str, **options: Any) -> int:
        """Add and take off tags; return how many papers that changed."""
        self._begin(program, **options)
        for key in keys:
            for name in edit.added:
                self._tag(key, name, is_set=True)
            for name in edit.removed:
                self._tag(key, name, is_set=False)
        return self._end(label)

    def remove(self, program: str, keys: Iterable[int], label: str, **options: Any) -> int:
        self._begin(program, **options)
        for key in keys:
            if (key, "here") in self.slots:
                self._leave(key)
        return self._end(label)

    def set_note(self, program: str, key: int, text: str, **options: Any) -> bool:
        self._begin(program, **options)
        if (key, "here") in self.slots:
            self._set((key, "note"), text or None)
        return bool(self._end("note"))

    def save_view(self, program: str, name: str, query: str, **options: Any) -> None:
        views = {fold: value for fold, value in self._views().items() if fold != name.casefold()}
        self._check_view(f"view:{name}", {**views, name.casefold(): (name, query)})
        self._begin(program, **options)
        self._set((None, "view", name.casefold()), (name, query))
        self._end(f"save the view '{name}': {query}")

    def remove_view(self, program: str, name: str, **options: Any) -> None:
        slot = (None, "view", name.casefold())
        if slot not in self.slots:
            raise RefusedError(name)
        (former, _) = self.slots[slot]
        self._begin(program, **options)
        self._set(slot, None)
        self._end(f"remove the view '{former}'")

    def can_read(self, query: str) -> bool:
        try:
            self._check_view(query, self._views())
        except RefusedError:
            return False
        return True

    def _views(self) -> dict[str, tuple[str, str]]:
        return {slot[2]: value for slot, value in self.slots.items() if slot[1] == "view"}

    def _check_view(self, query: str, views: dict[str, tuple[str, str]]) -> None:
        met = set()
        while query.startswith("view:"):
            fold = query.removeprefix("view:").casefold()
            if fold in met or fold not in views:
                raise RefusedError(query)
            met.add(fold)
            query = views[fold][1]

    # Dumps

    def dump(self) -> Snapshot:
        lines = [self._statement(key) for key in self.keys()]
        return Snapshot(tuple(self.views().items()), tuple(sorted(lines, key=lambda s: s.target)))

    def _statement(self, key: int) -> Statement:
        title: str = self.slots[key, "title"]
        identifiers = self.identifiers(key)
        rivals = [
            other
            for other in self.keys()
            if words_of(self.slots[other, "title"]) == words_of(title)
            and not self.identifiers(other)
        ]
        if identifiers:
            target = str(identifiers[0])
        elif words_of(title) and len(rivals) == 1:
            target = 'title:"' + " ".join(title.replace('"', " ").split()) + '"'
        else:
            target = f"paperdeck:{key}"
        return Statement(target, self.tag_names(key), key, title, self.note(key))

    def restore(
        self, program: str, dump: Snapshot, *, adding: bool, label: str, **options: Any
    ) -> tuple[set[int], int, list[str]]:
        """Decide as a dump says; return the papers and how many views changed, and who is unknown.

        Raises `RefusedError`, with nothing changed.
        """
        named = {name.casefold(): (name, query) for name, query in dump.views}
        for fold, (_, query) in named.items():
            # One that stays as it is may name a view that was removed since.
            if self._views().get(fold, ("", None))[1] != query:
                self._check_view(query, {**self._views(), **named})
        found = [(self._find(statement), statement) for statement in dump.papers]
        keys = [key for key, _ in found if key is not None]
        if len(keys) != len(set(keys)):
            raise RefusedError(dump)
        entry = self._begin(program, **options)
        for fold, (name, query) in named.items():
            if self._views().get(fold, ("", None))[1] != query:
                self._set((None, "view", fold), (name, query))
        for fold in set() if adding else self._views().keys() - named.keys():
            self._set((None, "view", fold), None)
        for key, statement in found:
            if key is not None:
                self._restore_paper(key, statement, adding=adding)
        self._end(label)
        views = sum(slot[1] == "view" for slot in entry.slots)
        return (
            {key for key in entry.papers if key is not None},
            views,
            [one.target for key, one in found if key is None],
        )

    def _restore_paper(self, key: int, statement: Statement, *, adding: bool) -> None:
        wanted = {name.casefold() for name in statement.tags}
        for fold in wanted - self.tags(key):
            self._tag(key, fold, is_set=True)
        for fold in set() if adding else self.tags(key) - wanted:
            self._tag(key, fold, is_set=False)
        note = statement.note or ""
        if note != (self.note(key) or "") and not (adding and (self.note(key) or not note)):
            self._set((key, "note"), note)

    def _find(self, statement: Statement) -> int | None:
        scheme, _, rest = statement.target.partition(":")
        if scheme == "paperdeck":
            is_same = statement.key in self.keys() and words_of(
                self.slots[statement.key, "title"]
            ) == words_of(statement.title)
            return statement.key if is_same or self._is_bare(statement) else None
        if scheme != "title":
            owner = self.owner(Identifier(scheme, rest))
            return owner if owner in self.keys() else None
        words = words_of(statement.title)
        same = [k for k in self.keys() if words_of(self.slots[k, "title"]) == words]
        unregistered = [key for key in same if not self.identifiers(key)]
        registered = [] if words in GENERIC else same
        best = unregistered or registered
        return best[0] if len(best) == 1 else None

    def _is_bare(self, statement: Statement) -> bool:
        return not statement.title and statement.key in self.keys()

    # History

    def undo(
        self, program: str, name: int | None = None, *, forgets: bool = False
    ) -> Turned | None:
        """Return the entry taken back, and what `_turn` says; None if none is left.

        `forgets` says that something goes which is no fact.
        """
        if name is None:
            own = [e for e in self.entries if e.program == program and e.state == "standing"]
            entry = next((e for e in reversed(own) if e.kind != "automatic"), None)
        else:
            entry = self._named(name, is_standing=True)
        if entry is None:
            return None
        turned = self._turn(entry, now=1, then=0)
        # What is asked for by its number stands as before, where nothing of it can be taken back.
        if name is None or forgets or any("namer" not in fact for fact in entry.taken_back):
            self.undoings += 1
            entry.state, entry.undone_by, entry.undone_at = "undone", program, self.undoings
        return entry, *turned

    def redo(self, program: str, name: int | None = None) -> Turned | None:
        """As `undo`."""
        if name is None:
            undone = [e for e in self.entries if e.undone_by == program and e.state == "undone"]
            entry = max(undone, key=lambda e: e.undone_at, default=None)
        else:
            entry = self._named(name, is_standing=False)
        if entry is None:
            return None
        entry.state, entry.undone_by = "standing", None
        return entry, *self._turn(entry, now=0, then=1)

    def adopt(self, program: str, ended: set[str]) -> None:
        for entry in self.entries:
            if entry.program in ended:
                entry.program = program
            if entry.undone_by in ended:
                entry.undone_by = program

    def _named(self, name: int, *, is_standing: bool) -> Entry:
        entry = next((entry for entry in self.entries if entry.key == name), None)
        if entry is None or (entry.state == "standing") is not is_standing:
            raise RefusedError(name)
        return entry

    def _turn(self, entry: Entry, *, now: int, then: int) -> tuple[set[int], set[int], list[str]]:
        """Give facts their other value, where they still have the one that the entry knows.

        Return the papers that changed, those that kept something, and the views that stay.
        """
        self._look()
        decided_before = dict(self.decided)
        changed: set[int] = set()
        kept: set[int] = set()
        kept_views: list[str] = []
        decided = self._decided_since(entry) if now else set()
        turned: set[Slot] = set()
        facts = list(_facts_of(entry).items())
        for fact, pairs in reversed(facts) if now else facts:
            key = fact[0]
            if not now and fact not in entry.taken_back:
                continue
            if key not in decided and self._turn_fact(entry, fact, pairs, now=now, then=then):
                turned.add(fact)
                changed.add(key)
                continue
            kept.add(key)
            for slot, pair in pairs.items():
                kept_views += [(pair[then] or pair[now])[0]] if slot[1] == "view" else []
        entry.taken_back = turned
        self._turn_votes(entry, decided_before)
        return changed - {None}, kept - {None}, sorted(kept_views)

    def _turn_votes(self, entry: Entry, before: dict[int, int]) -> None:
        """Give papers that left the inbox the votes back that they had when they left it first."""
        for key in self.added:
            if key in self.decided and key not in before:
                self.decided[key] = entry.votes.get(key, self.decided[key])
        self._keep_votes(entry, before)

    def _keep_votes(self, entry: Entry, before: dict[int, int]) -> None:
        entry.votes |= {key: n for key, n in before.items() if key not in self.decided}

    def _decided_since(self, entry: Entry) -> set[int]:
        """Return the papers that an entry brought in and that a later one of a reader concerns."""
        brought = {slot[0] for slot, pair in entry.slots.items() if slot[1] == "here" and pair[1]}
        later = [
            other
            for other in self.entries[entry.key :]
            if other.state == "standing" and other.kind != "automatic"
        ]
        return {key for key in brought if any(key in other.papers for other in later)}

    def _turn_fact(
        self, entry: Entry, fact: Slot, pairs: dict[Slot, tuple[Any, Any]], *, now: int, then: int
    ) -> bool:
        if fact[1] == "here":
            return self._turn_paper(entry, fact[0], pairs[fact], now=now, then=then)
        for slot, pair in pairs.items():
            is_of_nothing = slot[1] in {"tag", "note"} and (slot[0], "here") not in self.slots
            if is_of_nothing or self.slots.get(slot) != pair[now]:
                return False
        for slot, pair in pairs.items():
            self._write(slot, pair[then])
        return True

    def _turn_paper(
        self, entry: Entry, key: int, pair: tuple[Any, Any], *, now: int, then: int
    ) -> bool:
        """Bring a paper, or take it away, as a whole with its tags."""
        is_here = (key, "here") in self.slots
        if is_here != bool(pair[now]):
            return False
        # A paper that goes with its import may have been read since; one that goes by removal not.
        if is_here and not now and self.tags(key) != entry.tags_of(key, now):
            return False
        if pair[then]:
            self._arrive(key, entry.tags_of(key, then))
        else:
            self._leave(key)
        return True

    # Imports

    def bring_in(
        self,
        program: str,
        records: Sequence[Record],
        *,
        tags: Sequence[str],
        into_inbox: bool,
        now: str,
    ) -> Arrivals:
        self._begin(program, kind="import", now=now)
        report = Arrivals()
        for record in records:
            outcome, key, clashes = self._bring_in(record, tags, now, into_inbox=into_inbox)
            report.counts[outcome] += 1
            report.clashes += clashes
            if outcome == "added":
                report.papers.append(key)
        self._end(
            f"import: {report.counts['added']} added, {report.counts['updated']} updated",
            is_whole=True,
        )
        return report

    def _bring_in(
        self, record: Record, tags: Sequence[str], now: str, *, into_inbox: bool
    ) -> tuple[str, int, list[Identifier]]:
        self._look()
        key, own, clashes = self._known_again(record) or self._match(record)
        first = ("inbox", "unread") if record.tags is None else record.tags
        if not into_inbox:
            first = tuple(name for name in first if name.casefold() not in {"inbox", "unread"})
        is_new = key is None
        if key is None:
            key = len(self.added) + 1
            self.added[key] = now
            # What a paper came with stays with it, also while it is not there.
            noted, self._open = self._open, None
            self._merge(key, record, own, now)
            self._open = noted
            if "inbox" not in {name.casefold() for name in (*first, *tags)}:
                self.decided[key] = self.latest(key, "votes") or 0
        self.known.setdefault(_words_of_record(record), key)
        is_here = (key, "here") in self.slots
        if not is_here:
            self._arrive(key, [self._spell(name) for name in (*first, *tags)])
        has_news = not is_new and self._merge(key, record, own, now)
        for name in tags if is_here else ():
            has_news |= self._tag(key, name, is_set=True)
        if record.note and not self.note(key):
            has_news |= self._set((key, "note"), record.note)
        return ("added" if not is_here else "updated" if has_news else "unchanged"), key, clashes

    def _known_again(self, record: Record) -> tuple[int, list[Identifier], list[Identifier]] | None:
        """Return the paper of a record that words told, or a DOI, and that comes in them again."""
        key = self.known.get(_words_of_record(record))
        if key is None or any(one.scheme != "doi" for one in record.identifiers):
            return None
        own = [one for one in record.identifiers if self.owner(one) in {None, key}]
        return key, own, [one for one in record.identifiers if one not in own]

    def _match(self, record: Record) -> tuple[int | None, list[Identifier], list[Identifier]]:
        found: int | None = None
        own: list[Identifier] = []
        clashes: list[Identifier] = []
        for one in sorted(record.identifiers, key=lambda i: SCHEMES.index(i.scheme)):
            owner = self.owner(one)
            if owner is not None and found is None:
                title = self.slots[owner, "title"]
                if one.scheme != "doi" or _are_alike(record.title, title):
                    found = owner
            (own if owner in {None, found} else clashes).append(one)
        return (self._by_title(record, own) if found is None else found), own, clashes

    def _by_title(self, record: Record, own: Sequence[Identifier]) -> int | None:
        words = words_of(record.title)
        is_telling = bool(words) and words not in GENERIC
        same = [key for key in self.added if words_of(self.slots[key, "title"]) == words]
        for key in same if not own else ():
            is_repeated = self.slots[key, "title"].lower() == record.title.lower()
            days = {(one.source, one.day) for one in self.sightings(key)}
            is_known = any((one.source, one.day) in days for one in record.sightings)
            abstracts = {self.slots.get((key, "abstract"), "").lower()}
            abstracts |= {text.lower() for _, _, text in self.other_abstracts(key)}
            if is_repeated and (record.abstract.lower() in abstracts or (is_telling and is_known)):
                return key
        if not is_telling or len(same) != 1 or (record.identifiers and self.identifiers(same[0])):
            return None
        return same[0]

    def _merge(self, key: int, record: Record, own: Sequence[Identifier], now: str) -> bool:
        """Add what a record says; tell whether any of it is new but for where it is from."""
        stamp = (record.source, max((one.day for one in record.sightings), default=""))
        news = []
        for column in COLUMNS:
            value, old = getattr(record, column), self.slots.get((key, column))
            if value and _weight(stamp, value) > _weight(self._stamp(key, column), old):
                news.append(self._set((key, column), value))
                self._set((key, "stamp", column), stamp)
        news.append(self._merge_abstracts(key, stamp, record))
        news += [self._set((None, "identifier", one), key) for one in own]
        for one in own if record.source != "paperdeck" else ():
            # A new paper says it anew; else the most trusted source is the one that names it.
            slot = (key, "namer", one)
            if self._open is None or _trust(record.source) > _trust(self.slots.get(slot, "")):
                self._set(slot, record.source)
        known = self.sightings(key)
        news += [self._see(key, one, known) for one in _each_once(record.sightings, now)]
        return any(news)

    def _merge_abstracts(self, key: int, stamp: tuple[str, str], record: Record) -> bool:
        arriving = {(*stamp, record.abstract)} if record.abstract else set()
        arriving |= {(one.source, one.day, one.text) for one in record.other_abstracts}
        before = set(self.other_abstracts(key))
        shown = self.slots.get((key, "abstract"))
        present = {(*self._stamp(key, "abstract"), shown)} if shown else set()
        if arriving <= present:
            return False
        best: dict[str, tuple[str, str, str]] = {}
        for one in sorted(arriving | before | present, key=lambda one: _weight(one[:2], one[2])):
            best["".join(one[2].lower().split())] = one
        first = max(best.values(), key=lambda one: _weight(one[:2], one[2]))
        news = [self._set((key, "abstract"), first[2])]
        self._set((key, "stamp", "abstract"), first[:2])
        after = set(best.values()) - {first}
        news += [self._set((key, "other", *one), None) for one in before - after]
        news += [self._set((key, "other", *one), THERE) for one in after - before]
        return any(news)

    def _see(self, key: int, arriving: Sighting, before: Sequence[Sighting]) -> bool:
        place = (arriving.source, arriving.day)
        known = [one for one in before if (one.source, one.day) == place]
        # Votes have a history: what was counted earlier is news, whatever was counted since.
        earlier = [one for one in known if one.seen <= arriving.seen]
        if earlier and _as_one([*earlier, arriving]) == _as_one(earlier):
            return False
        slot = (key, "sighting", *place, arriving.seen)
        same = [one for one in known if one.seen == arriving.seen]
        return self._set(slot, _as_one([*same, arriving]))

    def _stamp(self, key: int, column: str) -> tuple[str, str]:
        stamp: tuple[str, str] = self.slots.get((key, "stamp", column), ("", ""))
        return stamp

    # Writing

    def _begin(self, program: str, *, now: str, kind: str = "act") -> Entry:
        self._look()
        self._open = Entry(len(self.entries) + 1, program, kind, "", now)
        self._decided_before = dict(self.decided)
        return self._open

    def _look(self) -> None:
        self._votes = {key: self.latest(key, "votes") for key in self.added}

    def _end(self, label: str, *, is_whole: bool = False) -> int:
        """Note the entry, if anything was changed; return how many papers were."""
        entry, self._open = self._open, None
        assert entry is not None
        if not entry.slots:
            return 0
        self._keep_votes(entry, self._decided_before)
        papers = [key for key in entry.papers if key is not None]
        if papers and not is_whole:
            title = self.slots[papers[0], "title"]
            label += f" '{title}'" if len(papers) == 1 else f" {len(papers)} papers"
        entry.label, entry.papers = label, [*papers]
        if entry.kind != "automatic":
            for other in self.entries:
                if other.undone_by == entry.program and other.state == "undone":
                    other.state = "passed"
        self.entries.append(entry)
        return len(papers)

    def _tag(self, key: int, name: str, *, is_set: bool) -> bool:
        if (key, "here") not in self.slots:
            return False
        fold = self._spell(name) if is_set else name.casefold()
        return self._set((key, "tag", fold), THERE if is_set else None)

    def _spell(self, name: str) -> str:
        self.spellings.setdefault(name.casefold(), name)
        return name.casefold()

    def _arrive(self, key: int, folds: Iterable[str]) -> None:
        self._set((key, "here"), THERE)
        for fold in folds:
            self._set((key, "tag", fold), THERE)

    def _leave(self, key: int) -> None:
        for fold in self.tags(key):
            self._set((key, "tag", fold), None)
        self._set((key, "here"), None)

    def _set(self, slot: Slot, value: Any) -> bool:
        """Give a slot a value, noted in the entry under way; tell whether it had another."""
        former = self.slots.get(slot)
        if former == value:
            return False
        self._write(slot, value)
        if self._open is not None:
            first, _ = self._open.slots.get(slot, (former, None))
            self._open.slots[slot] = (first, value)
            key = slot[0] if slot[1] != "identifier" else former or value
            if key not in self._open.papers:
                self._open.papers.append(key)
        return True

    def _write(self, slot: Slot, value: Any) -> None:
        if slot[1:] == ("tag", "inbox"):
            self.decided.pop(slot[0], None)
            if value is None:
                self.decided[slot[0]] = self._votes[slot[0]] or 0
        if value is None:
            self.slots.pop(slot, None)
        else:
            self.slots[slot] = value


def _is_tag(slot: Slot, key: int) -> bool:
    return slot[:2] == (key, "tag")


def _facts_of(entry: Entry) -> dict[Slot, dict[Slot, tuple[Any, Any]]]:
    """Return the slots of an entry by what they are of; a paper as a whole comes with its tags."""
    whole = {slot[0] for slot in entry.slots if slot[1] == "here"}
    facts: dict[Slot, dict[Slot, tuple[Any, Any]]] = {}
    for slot, pair in entry.slots.items():
        key = slot[0] if slot[1] != "identifier" else pair[0] or pair[1]
        if not (slot[1] == "tag" and key in whole):
            facts.setdefault((key, *_fact_of(slot)), {})[slot] = pair
    return facts


def _fact_of(slot: Slot) -> Slot:
    """Return what stands and falls together: a value and its stamp, all abstracts of a paper."""
    if slot[1] == "stamp":
        return (slot[2],)
    return ("abstract",) if slot[1] == "other" else slot[1:]


def _weight(stamp: Sequence[str], value: str | None) -> tuple[int, str, int, str]:
    """Return what decides between values: the source's trust, its day, the length, the text."""
    if not value:
        return (-2, "", 0, "")
    return (_trust(stamp[0]), stamp[1], len(value), value)


def _trust(source: str) -> int:
    return TRUST.index(source) if source in TRUST else -1


def _words_of_record(record: Record) -> tuple[object, ...]:
    return (record.source, record.title, record.abstract, record.identifiers, record.venue)


def _are_alike(one: str, other: str) -> bool:
    words, others = set(words_of(one).split()), set(words_of(other).split())
    return 2 * len(words & others) >= min(len(words), len(others))


def _as_one(sightings: Sequence[Sighting]) -> Sighting:
    """Return sightings of one day in one source as one: best rank, highest counts."""

    def known(name: str) -> Iterator[int]:
        return (n for one in sightings if (n := getattr(one, name)) is not None)

    return replace(
        sightings[0],
        rank=min(known("rank"), default=None),
        votes=max(known("votes"), default=None),
        comments=max(known("comments"), default=None),
        day_is_guess=all(one.day_is_guess for one in sightings),
    )


def _each_once(sightings: Iterable[Sighting], now: str) -> list[Sighting]:
    places: dict[Slot, list[Sighting]] = {}
    for one in sightings:
        dated = replace(one, seen=one.seen or now)
        places.setdefault((dated.source, dated.day, dated.seen), []).append(dated)
    return [_as_one(group) for group in places.values()]


@pytest.fixture(scope="session")
def reference() -> Callable[[], Reference]:
    """Make an empty one."""
    return Reference

"""Whatever is added, deleted and merged, in any order: an index finds what is in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store.engine.nodes import All, Any, Match, Node, Run, Word
from store.engine.writing import ArrayWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plainindex import Document, PlainIndex

pytest_plugins = ["tests.plainindex"]

STEPS = 20
MERGES = (ArrayWriter.merge_small, ArrayWriter.merge_most)
NODES: tuple[Node, ...] = (
    Run((Word("text", b"a"),)),
    Run((Word("text", b"w", Match.BEGINNING),)),
    Run((Word("text", b"a", Match.CLASS), Word("text", b"ab", Match.CLASS))),
    Run((Word("text", b"abc", Match.CLOSE), Word("text", b"a")), 2),
    All((Run((Word("text", b"a"),)),), (Run((Word("title", b"a"),)),)),
    Any((Run((Word("title", b"b", Match.BEGINNING, also=b"ab"),)), Run((Word("text", b"bas"),)))),
)
EVERY = Any(
    tuple(Run((Word(name, b"", Match.BEGINNING, is_scored=False),)) for name in ("text", "title"))
)
"""Finds every document that has a word at all."""


class Machine(RuleBasedStateMachine):
    """An index and its model; whoever makes one says where, and of which documents."""

    def __init__(
        self,
        index: PlainIndex,
        documents_of: Callable[..., list[Document]],
        ran: Counter[str],
    ) -> None:
        super().__init__()
        self.index = index
        self.documents_of = documents_of
        self.ran = ran
        self.next_key = 0
        self.checks = 0
        # Opened before what is done next, and held until then.
        self.former = index.snapshot()
        self.found_formerly: list[dict[int, float]] = [{} for _ in NODES]

    @rule(count=st.integers(1, 12), seed=st.integers(0, 99))
    def add(self, count: int, seed: int) -> None:
        self.ran["add"] += 1
        self.index.write(self.new(count, seed))

    @rule(count=st.integers(1, 12), seed=st.integers(0, 99))
    def add_as_whoosh_does(self, count: int, seed: int) -> None:
        self.ran["add as Whoosh does"] += 1
        self.index.write_by_whoosh(self.new(count, seed))

    @precondition(lambda self: self.index.left())
    @rule(chosen=st.sets(st.integers(0, 40), min_size=1, max_size=6))
    def delete(self, chosen: set[int]) -> None:
        self.ran["delete"] += 1
        self.index.write(deleted=self.some(chosen))

    @rule(
        count=st.integers(0, 4),
        seed=st.integers(0, 99),
        chosen=st.sets(st.integers(0, 40), max_size=5),
        merge=st.sampled_from(MERGES),
    )
    def merge(self, count: int, seed: int, chosen: set[int], merge: Callable[..., object]) -> None:
        self.ran[f"{merge.__name__}, {'new ones' * bool(count)}"] += 1
        self.index.write(self.new(count, seed), self.some(chosen), merge)  # type: ignore[arg-type]
        assert len(self.index.contents().segments) == len(self.index.parts) <= 1

    @precondition(lambda self: self.index.parts)
    @rule()
    def delete_all_of_a_segment(self) -> None:
        self.ran["delete a segment"] += 1
        keys = {document.key for document in self.index.parts[0].documents}
        self.index.write(deleted=keys & self.index.left())

    @precondition(lambda self: self.index.left())
    @rule(chosen=st.sets(st.integers(0, 40), max_size=5))
    def optimise_as_whoosh_does(self, chosen: set[int]) -> None:
        self.ran["optimise as Whoosh does"] += 1
        # Where nothing was left it would write a segment of nothing, without columns.
        keys = self.some(chosen) - {max(self.index.left())}
        self.index.write_by_whoosh(deleted=keys, optimize=True)

    @invariant()
    def it_finds_what_the_model_does(self) -> None:
        snapshot = self.index.snapshot()
        assert self.index.hits(EVERY, snapshot).keys() == self.index.wanted(EVERY).keys()
        keys = snapshot.column("key")
        left = keys if snapshot.live is None else keys[snapshot.live]
        assert sorted(left.tolist()) == sorted(self.index.left())
        found = [self.index.hits(node, snapshot) for node in NODES]
        for node, own in zip(NODES, found, strict=True):
            assert own == pytest.approx(self.index.wanted(node), rel=1e-4)
        # Whoosh's searcher is slow, and asked one thing at a time.
        self.checks += 1
        place = self.checks % len(NODES)
        assert found[place].keys() == self.index.whoosh_hits(NODES[place]).keys()
        self.what_was_open_is_as_it_was()
        self.former, self.found_formerly = snapshot, found

    def what_was_open_is_as_it_was(self) -> None:
        assert [self.index.hits(node, self.former) for node in NODES] == self.found_formerly

    def new(self, count: int, seed: int) -> list[Document]:
        documents = self.documents_of(seed, count, self.next_key)
        self.next_key += count
        return documents

    def some(self, chosen: set[int]) -> set[int]:
        """Return the keys of documents that are there, as many as were chosen at the most."""
        left = sorted(self.index.left())
        return {left[number % len(left)] for number in chosen if left}


def test_the_index_is_as_the_model_whatever_is_done(
    tmp_path_factory: pytest.TempPathFactory,
    index_in: Callable[[Path], PlainIndex],
    documents_of: Callable[..., list[Document]],
) -> None:
    ran: Counter[str] = Counter()

    class InItsFolder(Machine):
        def __init__(self) -> None:
            super().__init__(index_in(tmp_path_factory.mktemp("index")), documents_of, ran)

    run_state_machine_as_test(
        InItsFolder,
        settings=settings(
            max_examples=15,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            # To look for a shorter case takes minutes.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(ran) == 9, "a rule that is never run shows nothing"

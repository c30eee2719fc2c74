"""Merging two dumps: each rule by an example, then what holds whatever was decided."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.decisions.lines import DUMP_END, HEADER_WITH_PAIRS, read_decisions, to_line
from store.decisions.statements import Decision, PaperNote, PaperPair, SavedView
from store.errors import MergeRefusedError
from store.reconciling.texts import Reconciled, reconcile
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Sequence


A, B, C = (f"arxiv:2401.0000{n}" for n in (1, 2, 3))
D = "doi:10.1000/x"


def whole(*lines: str) -> list[str]:
    return [HEADER_WITH_PAIRS, *lines, DUMP_END]


def merged(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Reconciled:
    return reconcile(whole(*base), whole(*ours), whole(*theirs))


def body(found: Reconciled) -> list[str]:
    header, *lines, end = (line.removesuffix("\n") for line in found.lines)
    assert header.startswith("# paperdeck decisions ")
    assert end == DUMP_END
    return lines


NEW = "+inbox +unread"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        # Tags
        ([f"+a -- {A}"], [f"+a +b -- {A}"], [f"-- {A}"], [f"+b -- {A}"]),
        ([f"-- {A}"], [f"+b -- {A}"], [f"+B -- {A}"], [f"+b -- {A}"]),
        ([f"+a -- {A}"], [f"+A -- {A}"], [f"+a +c -- {A}"], [f"+A +c -- {A}"]),
        ([f"{NEW} -- {A}"], [f"-- {A}"], [f"+inbox +starred -- {A}"], [f"+starred -- {A}"]),
        # Papers that are new
        ([], [f"+rl -- {A}"], [f"{NEW} +vlm -- {A}"], [f"+rl +vlm -- {A}"]),
        ([], [f"{NEW} -- {A}"], [f"{NEW} -- {A}"], [f"{NEW} -- {A}"]),
        # Papers that one side does not have
        ([f"+a -- {A}"], [], [f"+a -- {A}"], [f"+a -- {A}"]),
        ([f"+a -- {A}"], [], [f"-- {A}"], [f"-- {A}"]),
        ([f'note "x" -- {A}', f"+a -- {A}"], [], [], []),
        # Titles
        ([f"-- {A}  # x"], [f"-- {A}  # x"], [f"-- {A}  # y"], [f"-- {A}  # y"]),
        (
            ['-- title:"X y"'],
            ['+a -- title:"X y"'],
            ['+b -- title:"x Y"'],
            ['+a +b -- title:"x Y"'],
        ),
        # Notes
        (
            [f"-- {A}"],
            [f'note "x" -- {A}', f"-- {A}"],
            [f"-- {A}"],
            [f'note "x" -- {A}', f"-- {A}"],
        ),
        (
            [f'note "x" -- {A}', f"-- {A}"],
            [f"-- {A}"],
            [f'note "x" -- {A}', f"-- {A}"],
            [f"-- {A}"],
        ),
        (
            [f"-- {A}"],
            [f'note "x y" -- {A}', f"-- {A}"],
            [f'note "x" -- {A}', f"-- {A}"],
            [f'note "x y" -- {A}', f"-- {A}"],
        ),
        # Views
        (["view v -- a"], [], ["view v -- a"], []),
        (["view v -- a"], ["view v -- b"], ["view V -- a"], ["view V -- b"]),
        ([], ["view v -- a"], ["view W -- a"], ["view v -- a", "view W -- a"]),
        # What is one paper
        (
            [f"{NEW} -- {A}", f"{NEW} +x -- {B}"],
            [f"join {B} -- {A}", f"{NEW} +x -- {A}"],
            [f"+y -- {A}", f"{NEW} -- {B}"],
            [f"join {B} -- {A}", f"+y -- {A}"],
        ),
        (
            [f"join {B} -- {A}", f"+x -- {A}"],
            [f"-- {A}", f"+x -- {B}"],
            [f"join {B} -- {A}", f"+x +y -- {A}"],
            [f"apart {B} -- {A}", f"+y -- {A}", f"+x +y -- {B}"],
        ),
        (
            [f"-- {A}", f"-- {B}", f"-- {C}"],
            [f"join {B} -- {A}", f"-- {A}", f"-- {C}"],
            [f"join {B} -- {C}", f"-- {A}", f"-- {B}"],
            [f"join {B} -- {A}", f"join {C} -- {A}", f"-- {A}"],
        ),
        (
            [f"join {B} -- {A}", f"join {C} -- {A}", f"-- {A}"],
            [f"join {C} -- {B}", f"-- {A}", f"+x -- {B}"],
            [f"join {B} -- {A}", f"join {C} -- {A}", f"-- {A}"],
            [f"apart {B} -- {A}", f"apart {C} -- {A}", f"join {C} -- {B}", f"-- {A}", f"+x -- {B}"],
        ),
        ([f"apart {B} -- {A}"], [f"apart {B} -- {A}"], [], [f"apart {B} -- {A}"]),
        (
            [f"join {B} -- {A}", f"-- {A}"],
            [],
            [f"join {B} -- {A}", f"-- {A}"],
            [f"join {B} -- {A}", f"-- {A}"],
        ),
    ],
)
def test_what_one_side_decided_takes_effect(
    base: list[str], ours: list[str], theirs: list[str], result: list[str]
) -> None:
    found = merged(base, ours, theirs)
    assert (body(found), found.told, found.conflicts) == (result, (), 0)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result", "told"),
    [
        (
            ["view v -- a"], ["view v -- b"], ["view v -- c"],
            ["view v -- b", "view v-2 -- c"], "that of theirs is now 'v-2'",
        ),
        (
            ["view v -- a"], [], ["view v -- c"],
            ["view v -- c"], "removed in ours and changed in theirs: it stays",
        ),
        (
            [f'note "x" -- {A}', f"-- {A}"], [f'note "y" -- {A}', f"-- {A}"], [f"-- {A}"],
            [f'note "y" -- {A}', f"-- {A}"], "taken away in theirs and changed in ours: it stays",
        ),
        (
            [f"-- {A}"], [f"+inbox -- {A}"], [f"+dismissed -- {A}"],
            [f"+dismissed +inbox -- {A}"], "it is both",
        ),
        (
            [f"+a -- {D}  # On sheep"], [f"+a +b -- {D}  # On sheep"], [f"+c -- {A}  # On sheep"],
            [f"+b +c -- {D}  # On sheep"], f"{D} and {A} are taken for one paper",
        ),
        (
            [], [f"+a -- {A}  # On sheep"], ['+b -- title:"On sheep"'],
            ['+a +b -- title:"On sheep"  # On sheep'], "taken for one paper",
        ),
        (
            [], [f"+a -- {A}  # On sheep"], [f"+b -- {D}  # On sheep"],
            [f"+a -- {A}  # On sheep", f"+b -- {D}  # On sheep"], "may be one paper: 'join' says",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_so_is_told(
    base: list[str], ours: list[str], theirs: list[str], result: list[str], told: str
) -> None:
    found = merged(base, ours, theirs)
    assert (body(found), found.conflicts) == (result, 0)
    assert told in " ".join(found.told)


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        (
            [f'note "x" -- {A}', f"-- {A}"],
            [f'note "y" -- {A}', f"+a -- {A}"],
            [
                *("<<<<<<< ours", f'note "x" -- {A}', "=======", f'note "y" -- {A}'),
                *(">>>>>>> theirs", f"+a -- {A}"),
            ],
        ),
        (
            [f"apart {B} -- {A}", f"+a -- {A}", f"+b -- {B}"],
            [f"join {B} -- {A}", f"+c -- {A}"],
            [
                *("<<<<<<< ours", f"apart {B} -- {A}", "=======", f"join {B} -- {A}"),
                *(">>>>>>> theirs", f"+a +c -- {A}", f"+b +c -- {B}"),
            ],
        ),
        (
            [f"join {B} -- {A}", f"join {C} -- {A}", f"-- {A}"],
            [f"apart {C} -- {B}", f"-- {A}", f"-- {B}", f"-- {C}"],
            [
                f"join {B} -- {A}",
                *("<<<<<<< ours", f"join {C} -- {A}", "=======", f"apart {C} -- {B}"),
                *(">>>>>>> theirs", f"-- {A}", f"-- {C}"),
            ],
        ),
        (
            ["+a -- paperdeck:7  # Sheep"],
            ["+b -- paperdeck:7  # Goats"],
            [
                *("<<<<<<< ours", "+a -- paperdeck:7  # Sheep", "======="),
                *("+b -- paperdeck:7  # Goats", ">>>>>>> theirs"),
            ],
        ),
    ],
)
def test_where_both_can_not_be_the_reader_chooses(
    ours: list[str], theirs: list[str], result: list[str]
) -> None:
    found = merged([], ours, theirs)
    assert (body(found), found.conflicts) == (result, 1)
    assert found.told[-1].endswith(": choose")


def test_a_piece_of_a_dump_says_nothing_of_what_it_lacks() -> None:
    base = ("view v -- a", f'note "x" -- {A}', f"+a -- {A}")
    ours, theirs = [f"+b -- {A}"], whole(*base)
    kept = ["view v -- a", f'note "x" -- {A}', f"+b -- {A}"]
    told = ("theirs is no whole dump: nothing that it lacks goes, here or later",)
    one, other = reconcile(whole(*base), ours, theirs), reconcile(base, theirs, ours)
    assert (one.told, other.told) == ((), told)
    for found in (one, other):
        assert [line.removesuffix("\n") for line in found.lines][1:] == kept
    gone = reconcile(base, whole(f"+a -- {A}"), base)
    assert gone.lines[1:] == (f'note "" -- {A}\n', f"+a -- {A}\n"), "no text says so by itself"


def test_an_empty_base_is_no_obstacle() -> None:
    found = reconcile([], whole("view v -- a", f"+a -- {A}"), whole("view w -- a", f"+b -- {B}"))
    assert body(found) == ["view v -- a", "view w -- a", f"+a -- {A}", f"+b -- {B}"]


def test_what_a_merged_base_left_undecided_is_passed_over() -> None:
    hunk = ("<<<<<<< ours", "view v -- a", "||||||| x", "=======", "view v -- b", ">>>>>>> theirs")
    found = merged((*hunk, f"+a -- {A}"), ("view v -- a", f"-- {A}"), ("view v -- a", f"+a -- {A}"))
    assert (body(found), found.told) == (["view v -- a", f"-- {A}"], ())
    for side in ((hunk, ()), ((), hunk)):
        with pytest.raises(MergeRefusedError, match="marks a conflict"):
            merged((), *side)


# What holds whatever was decided

TAGS = ("a", "b/c", "inbox", "unread", "dismissed")
_papers = st.fixed_dictionaries(
    {}, optional=dict.fromkeys((A, B, C, D, 'title:"Goats"'), st.sets(st.sampled_from(TAGS)))
)
_notes = st.dictionaries(st.sampled_from((A, B, 'title:"Goats"')), st.sampled_from("xyz"))
_views = st.dictionaries(st.sampled_from(("v", "w", "v-2")), st.sampled_from(("", "q", "tag:a")))
_pairs = st.dictionaries(
    st.sampled_from([(A, B), (B, C), (A, C), (A, D)]), st.booleans(), max_size=2
)


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Return the lines of a dump such as a library might write, or somebody by hand."""
    papers, pairs = draw(_papers), draw(_pairs)
    statements = [
        *(f"view {name} -- {query}".rstrip() for name, query in sorted(draw(_views).items())),
        *(f"{'join' if one else 'apart'} {b} -- {a}" for (a, b), one in sorted(pairs.items())),
        *(f'note "{text}" -- {name}' for name, text in sorted(draw(_notes).items())),
        *(
            f"{''.join(f'+{tag} ' for tag in sorted(tags, key=fold_case))}-- {name}"
            for name, tags in sorted(papers.items())
        ),
    ]
    return whole(*statements) if draw(st.integers(0, 4)) else statements


class Said(NamedTuple):
    """What lines say, in single facts."""

    tags: set[tuple[str, str]]
    papers: set[str]
    notes: dict[str, str]
    views: dict[str, str]
    pairs: set[tuple[bool, str, str]]


def said_by(lines: Sequence[str]) -> Said:
    said = Said(set(), set(), {}, {}, set())
    for one in read_decisions(lines):
        match one:
            case Decision(edit, target):
                said.papers.add(target)
                said.tags.update((target, tag) for tag in edit.added)
            case PaperNote(text, target):
                said.notes[target] = text
            case PaperPair(are_one, other, target):
                said.pairs.add((are_one, other, target))
            case SavedView(name, query):
                said.views[name] = query
    return said


def joined_in(*all_said: Said) -> set[str]:
    return {name for said in all_said for are_one, *names in said.pairs for name in names}


@settings(max_examples=70, deadline=None)
@given(texts(), texts(), texts())
def test_no_decision_of_either_side_vanishes_silently(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    found = reconcile(base, ours, theirs)
    text = "".join(found.lines)
    before, one, other = map(said_by, (base, ours, theirs))
    involved = joined_in(before, one, other)
    for mine in (one, other):
        for target, tag in mine.tags - before.tags:
            # Those that new papers have by themselves are no decision.
            if target not in involved and (
                target in before.papers or tag not in {"inbox", "unread"}
            ):
                assert any(
                    f"+{tag} " in line and line.endswith(f"-- {target}\n") for line in found.lines
                )
        for name, query in mine.views.items():
            if before.views.get(name) != query:
                assert f" -- {query}\n" in text or f"view {name} --\n" in text or not query
        for name, note in mine.notes.items():
            if before.notes.get(name) != note and name not in involved:
                assert f'"{note}"' in text or f"{note}\\n" in text or f"\\n{note}" in text
        for fact in mine.pairs - before.pairs:
            names = {fact[1], fact[2]}
            assert all(name in text for name in names), "a name of a pair is nowhere"
        assert (mine.papers - involved) <= {
            line.rpartition("-- ")[2].rstrip() for line in found.lines
        }


@settings(max_examples=70, deadline=None)
@given(texts(), texts(), texts())
def test_what_one_side_took_off_is_off(base: list[str], ours: list[str], theirs: list[str]) -> None:
    found = reconcile(base, ours, theirs)
    if found.conflicts:
        return
    before, one, other = map(said_by, (base, ours, theirs))
    after = said_by([line.removesuffix("\n") for line in found.lines])
    involved = joined_in(before, one, other)
    for target, tag in before.tags:
        both = target in one.papers and target in other.papers and target not in involved
        if both and ((target, tag) not in one.tags or (target, tag) not in other.tags):
            assert (target, tag) not in after.tags


@settings(max_examples=70, deadline=None)
@given(texts(), texts(), texts())
def test_a_result_is_a_dump_and_merging_again_changes_nothing(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    found = reconcile(base, ours, theirs)
    if found.conflicts:
        return
    again = [f"{to_line(one)}\n" for one in read_decisions(found.lines)]
    assert [line for line in found.lines if not line.startswith("#")] == again
    for second in (
        reconcile(base, found.lines, theirs) if DUMP_END in theirs and DUMP_END in ours else found,
        reconcile(found.lines, found.lines, found.lines),
        reconcile(found.lines, found.lines, found.lines[:1]),
    ):
        assert set(second.lines) - {f"{DUMP_END}\n"} >= set(found.lines) - {f"{DUMP_END}\n"}


@settings(max_examples=60, deadline=None)
@given(texts(), texts())
def test_where_one_side_decided_nothing_the_other_holds(base: list[str], ours: list[str]) -> None:
    one, other = reconcile(base, ours, base), reconcile(base, base, ours)
    assert one.conflicts == other.conflicts
    # A dump of papers that are kept apart has these papers, and so is no conflict.
    if not any(line.startswith("apart ") for line in (*base, *ours)):
        assert one.conflicts == 0
        assert one.lines == other.lines


@settings(max_examples=60, deadline=None)
@given(texts(), texts(), texts())
def test_sides_are_alike_but_for_what_is_told(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    one, other = reconcile(base, ours, theirs), reconcile(base, theirs, ours)
    assert one.conflicts == other.conflicts
    if not one.told:
        assert one.lines == other.lines


def test_what_was_one_of_three_and_is_three_again_is_apart_two_by_two() -> None:
    base = [
        f"{HEADER_WITH_PAIRS}\n",
        "join arxiv:2401.00001 -- arxiv:2401.00003\n",
        "join arxiv:2401.00002 -- arxiv:2401.00003\n",
        "+inbox -- arxiv:2401.00001\n",
        f"{DUMP_END}\n",
    ]
    ours = [
        f"{HEADER_WITH_PAIRS}\n",
        *(f"+inbox -- arxiv:2401.0000{number}\n" for number in (1, 2, 3)),
        f"{DUMP_END}\n",
    ]
    found = reconcile(base, ours, base)
    assert not found.conflicts
    names = [f"arxiv:2401.0000{number}" for number in (1, 2, 3)]
    apart = {
        frozenset(line.split("  #")[0].split()[1::2]) for line in found.lines if "apart" in line
    }
    assert apart == {frozenset(two) for two in combinations(names, 2)}

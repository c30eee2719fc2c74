from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from store.decisions.lines import (
    DUMP_END,
    HEADER,
    HEADER_WITH_NOTES,
    HEADER_WITH_PAIRS,
    LONGEST_COMMENT,
    LONGEST_LINE,
    check_decisions,
    read_decisions,
    short_title,
    to_line,
)
from store.decisions.statements import Decision, PaperNote, PaperPair, SavedView, Statement
from store.errors import DecisionSyntaxError, TagNameError
from store.identifiers import read_identifier
from store.identity.targets import key_of, title_of, title_target
from store.tagnames import TagEdit, read_tag_edit, tag_name
from store.text import clean_line, clean_note


def read(*lines: str) -> list[Statement]:
    return list(read_decisions(lines))


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        ("+a -b -- arxiv:2401.01234", Decision(TagEdit(("a",), ("b",)), "arxiv:2401.01234")),
        ("-- arxiv:2401.01234", Decision(TagEdit(), "arxiv:2401.01234")),
        (
            "  +a\t--\t2401.01234v3  #  Counting\tsheep  \r\n",
            Decision(TagEdit(("a",)), "arxiv:2401.01234", title="Counting sheep"),
        ),
        ("+a -- 10.1000/XYZ", Decision(TagEdit(("a",)), "doi:10.1000/xyz")),
        ("+a -- 10.1000/x#1", Decision(TagEdit(("a",)), "doi:10.1000/x#1")),
        ("+a -- 10.48550/arXiv.2401.01234", Decision(TagEdit(("a",)), "arxiv:2401.01234")),
        (
            "+a -- https://arxiv.org/abs/2401.01234v2 #",
            Decision(TagEdit(("a",)), "arxiv:2401.01234"),
        ),
        ("+a -- acl:P18-1234 # # one", Decision(TagEdit(("a",)), "acl:P18-1234", title="# one")),
        ("+a -- paperdeck:007", Decision(TagEdit(("a",)), "paperdeck:7")),
        ('+a -- title:"Wo  bist du"', Decision(TagEdit(("a",)), 'title:"Wo bist du"')),
        (
            '+a -- title:"A # B -- C: 1" # but why',
            Decision(TagEdit(("a",)), 'title:"A # B -- C: 1"', title="but why"),
        ),
        ("+a -a +A -- pubmed:7", Decision(TagEdit(("A",)), "pubmed:7")),
        ("+a -- pubmed:7 # a -- b", Decision(TagEdit(("a",)), "pubmed:7", title="a -- b")),
    ],
)
def test_a_line_names_tags_and_a_paper(line: str, decision: Decision) -> None:
    assert read(line) == [decision]


@pytest.mark.parametrize(
    ("line", "view"),
    [
        ("view rl -- tag:rl -survey", SavedView("rl", "tag:rl -survey")),
        ("view  C# --  C# -- or  so # all of it ", SavedView("C#", "C# -- or  so # all of it")),
        ("view all --", SavedView("all", "")),
        ("view all -- \n", SavedView("all", "")),
    ],
)
def test_a_view_is_a_name_and_the_rest_of_the_line(line: str, view: SavedView) -> None:
    assert read(line) == [view]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ('note "Ask Ana." -- arxiv:2401.01234', PaperNote("Ask Ana.", "arxiv:2401.01234")),
        (
            '  note\t"a -- b # c\\n\\n  \\"d\\" \\\\n"  --  2401.01234v3 #  Counting sheep \r\n',
            PaperNote('a -- b # c\n\n  "d" \\n', "arxiv:2401.01234", title="Counting sheep"),
        ),
        ('note "\\u00e9 \\ud83d\\ude00 é" -- pubmed:7', PaperNote("é 😀 é", "pubmed:7")),
        ('note " \\u001b[31mred\\ud800 \\n" -- pubmed:7', PaperNote(" red", "pubmed:7")),
        ('note "" -- paperdeck:7', PaperNote("", "paperdeck:7")),
        ('note "x" -- title:"A -- \\ b"', PaperNote("x", 'title:"A -- \\ b"')),
        (f'note "{"x" * 2 * LONGEST_LINE}" -- pubmed:7', PaperNote("x" * 200_000, "pubmed:7")),
    ],
)
def test_a_note_is_a_text_of_json_and_a_paper(line: str, note: PaperNote) -> None:
    assert read(line) == [note]


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        (
            "join doi:10.1000/S -- 2401.01234v2  # Counting sheep",
            PaperPair(
                are_one=True,
                other="doi:10.1000/s",
                target="arxiv:2401.01234",
                title="Counting sheep",
            ),
        ),
        (
            'apart\ttitle:"A -- b # c"  --  title:"d"',
            PaperPair(are_one=False, other='title:"A -- b # c"', target='title:"d"'),
        ),
        (
            "join paperdeck:7 -- pubmed:8",
            PaperPair(are_one=True, other="paperdeck:7", target="pubmed:8"),
        ),
    ],
)
def test_a_pair_is_of_two_papers(line: str, pair: PaperPair) -> None:
    assert read(line) == [pair]


def test_blank_lines_and_comments_say_nothing_and_lines_are_counted() -> None:
    lines = ["\ufeff" + HEADER + "\r\n", "\n", "  # +a -- 2401.01234\n", " \t\n", "-- pubmed:7"]
    (decision,) = read(*lines)
    assert decision.line == 5
    assert read("\ufeff+a -- pubmed:7")
    assert read() == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("+a arxiv:2401.01234", "has no ' -- ' before its paper"),
        ("+a --arxiv:2401.01234", "has no ' -- ' before its paper"),
        ("arxiv:2401.01234", "has no ' -- ' before its paper"),
        ("a -- arxiv:2401.01234", "'a' has no sign: write '+a'"),
        ("+ -- arxiv:2401.01234", "it is empty"),
        ("+a,b -- arxiv:2401.01234", "search language"),
        ("+none -- arxiv:2401.01234", "tag:none"),
        (f"+{'x' * 1000} -- arxiv:2401.01234", "longer than 100"),
        ("+a --", "'' names no paper"),
        ("+a -- # no paper", "'#' names no paper"),
        ("+a -- 2401.012", "'2401.012' names no paper"),
        ("+a -- https://example.org/paper", "names no paper"),
        ("+a -- paperdeck:-1", "names no paper"),
        (f"+a -- paperdeck:{'9' * 5000}", "names no paper"),
        ("+a -- title:sheep", "names no paper"),
        ('+a -- title:"sheep', "names no paper"),
        ('+a -- title:" "', "names no paper"),
        ("+a -- https://doi.org/10.1000/a%1B[2Jb", "names no paper"),
        ("+a -- pubmed:7 pubmed:8", "'pubmed:8' follows the paper"),
        ('+a -- title:"sheep"# late', "'# late' follows the paper"),
        ("view -- tag:rl", "not one name for a view"),
        ("view two words -- tag:rl", "not one name for a view"),
        ("note -- pubmed:7", 'is no note with its paper: write \'note "text" -- '),
        ("note Ask Ana. -- pubmed:7", "is no note with its paper"),
        ('note "Ask Ana." pubmed:7', "is no note with its paper"),
        ('note "Ask Ana. -- pubmed:7', "is no note with its paper"),
        ('note "Ask "Ana"." -- pubmed:7', "is no note with its paper"),
        ('note "Ask Ana.\\" -- pubmed:7', "is no note with its paper"),
        ('note "C:\\wool" -- pubmed:7', "a backslash as '\\\\'"),
        ('note "Ask Ana." --', "'' names no paper"),
        ('note "Ask Ana." -- sheep', "'sheep' names no paper"),
        ('note "Ask \x1bAna." -- pubmed:7', "control character U+001B"),
        ("view -rl -- tag:rl", "'-rl' can't name a view: it begins with '-'"),
        ("+a -- pubmed:7 # \x1b[31mred", "control character U+001B"),
        ("# \x00", "control character U+0000"),
        ("+a -- pubmed:7 # \N{RIGHT-TO-LEFT OVERRIDE}", "control character U+202E"),
        ("+a -- pubmed:7\r+b -- pubmed:8", "control character U+000D"),
        ("+a -- pubmed:7\N{LINE SEPARATOR}", "control character U+2028"),
        ("+a -- pubmed:7 # \ud800", "control character U+D800"),
        ("x" * (LONGEST_LINE + 1), "longer than 100,000 characters"),
        ("join pubmed:7 pubmed:8", "names no two papers: write 'join "),
        ('join title:"A -- pubmed:8', "names no paper"),
        ("apart -- pubmed:8", "names no two papers"),
        ("join sheep -- pubmed:8", "'sheep' names no paper"),
        ("join pubmed:7 --", "'' names no paper"),
        ("join pubmed:7 -- pubmed:7", "stands on both sides"),
        ("# paperdeck decisions 4", "upgrade paperdeck"),
        (f"# paperdeck decisions {'9' * 5000}", "upgrade paperdeck"),
        ("<<<<<<< HEAD", "marks a conflict"),
        ("=======", "marks a conflict"),
    ],
)
def test_the_first_wrong_line_is_named_with_what_helps(line: str, reason: str) -> None:
    with pytest.raises(DecisionSyntaxError) as caught:
        read(HEADER, "+a -- acl:P18-1234", line, "worse")
    assert caught.value.line == 3
    assert reason in caught.value.reason
    assert str(caught.value) == f"line 3: {caught.value.reason}"
    assert len(str(caught.value)) < 300
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("+a -- 2401.01234", "-a -- arxiv:2401.01234v2"),
        ("+a -- 2401.01234", "+a -- 2401.01234"),
        ('+a -- title:"A  b"', '+a -- title:"A b"'),
        ("view RL -- tag:rl", "view rl -- tag:rl"),
        ('note "a" -- 2401.01234', 'note "b" -- arxiv:2401.01234v2'),
        ("join pubmed:7 -- 2401.01234", "apart 2401.01234v2 -- pubmed:7"),
    ],
)
def test_a_paper_or_view_has_one_line(first: str, second: str) -> None:
    with pytest.raises(DecisionSyntaxError, match=r"^line 3: .* of line 1 again") as caught:
        read(first, "", second)
    assert caught.value.line == 3


def test_a_view_may_be_named_like_a_paper() -> None:
    assert len(read("view pubmed:7 -- tag:rl", "-- pubmed:7")) == 2


def test_a_paper_has_a_line_for_its_tags_and_one_for_its_note() -> None:
    note, decision = read('note "a" -- pubmed:7', "+a -- pubmed:7")
    assert isinstance(note, PaperNote)
    assert isinstance(decision, Decision)


@pytest.mark.parametrize("header", [HEADER, HEADER_WITH_NOTES, HEADER_WITH_PAIRS])
def test_any_lines_stand_below_any_header(header: str) -> None:
    lines = ('note "a" -- pubmed:7', "join pubmed:8 -- pubmed:7", "-- pubmed:7")
    assert len(read(header, *lines)) == 3


def test_lines_before_a_wrong_one_are_read_as_they_come() -> None:
    statements = read_decisions(["-- pubmed:7", "wrong"])
    assert next(statements) == Decision(TagEdit(), "pubmed:7")
    with pytest.raises(DecisionSyntaxError):
        next(statements)


def test_a_view_s_query_is_printed_on_one_line() -> None:
    assert to_line(SavedView("rl", " tag:rl\n\tsurvey\x1b ")) == "view rl -- tag:rl  survey"


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Counting sheep", "Counting sheep"),
        ("Counting\n sheep\x1b[0m", "Counting sheep"),
        ("x" * LONGEST_COMMENT, "x" * LONGEST_COMMENT),
        ("x" * 500, "x" * (LONGEST_COMMENT - 1) + "…"),
        ("x" * (LONGEST_COMMENT - 2) + " yes", "x" * (LONGEST_COMMENT - 2) + "…"),
    ],
)
def test_a_title_is_short_in_a_comment(title: str, short: str) -> None:
    assert short_title(title) == short


def test_a_title_s_quotes_become_blanks() -> None:
    target = title_target('On "sheep" and\ngoats')
    assert target == 'title:"On sheep and goats"'
    assert title_of(target) == "On sheep and goats"
    assert title_of("pubmed:7") is None


def test_a_target_may_be_the_library_s_own_number() -> None:
    assert key_of("paperdeck:7") == 7
    assert key_of("pubmed:7") is None


def _is_tag(text: str) -> bool:
    try:
        return tag_name(text) == text
    except TagNameError:
        return False


def _is_clean(text: str) -> bool:
    return clean_line(text) == text


names = st.text(min_size=1, max_size=12).filter(_is_tag)
lines = st.text(max_size=40).map(clean_line).filter(_is_clean)
edits = st.lists(st.tuples(st.sampled_from("+-"), names), max_size=4).map(
    lambda words: read_tag_edit(sign + name for sign, name in words)
)
identifiers = (
    st.from_regex(r"arxiv:[0-9]{4}\.[0-9]{5}|doi:10\.1000/[!-~]{1,9}|acl:P18-1234", fullmatch=True)
    .map(read_identifier)
    .filter(bool)
    .map(str)
)
titles = lines.filter(lambda line: line.strip('" ')).map(title_target)
targets = st.one_of(identifiers, titles, st.integers(0, 10**18 - 1).map("paperdeck:{}".format))


@given(st.builds(Decision, edits, targets, title=lines))
def test_a_decision_is_read_as_it_was_printed(decision: Decision) -> None:
    assert read(to_line(decision)) == [decision]
    assert read("\ufeff" + to_line(decision) + " \r\n") == [decision]


@given(st.builds(PaperNote, st.text().map(clean_note), targets, title=lines))
def test_a_note_is_read_as_it_was_printed(note: PaperNote) -> None:
    line = to_line(note)
    assert line.splitlines() == [line]
    assert read(line) == [note]
    assert read("\ufeff" + line + " \r\n") == [note]


@given(st.builds(PaperPair, st.booleans(), targets, targets, title=lines))
def test_a_pair_is_read_as_it_was_printed(pair: PaperPair) -> None:
    assume(pair.other != pair.target)
    assert read(to_line(pair)) == [pair]
    assert read("\ufeff" + to_line(pair) + " \r\n") == [pair]


@given(st.builds(SavedView, names, lines))
def test_a_view_is_read_as_it_was_printed(view: SavedView) -> None:
    assert read(to_line(view)) == [view]


@given(
    st.text(),
    st.sampled_from(
        [
            "{}",
            "+a -- {}",
            "+{} -- pubmed:7",
            "view v -- {}",
            'note "{}" -- pubmed:7',
            "join {} -- pubmed:7",
            "apart pubmed:7 -- {}",
        ]
    ),
)
def test_any_line_is_read_or_refused_and_what_is_read_prints_as_it_is(text: str, form: str) -> None:
    try:
        statements = read(form.format(text))
    except DecisionSyntaxError:
        return
    for statement in statements:
        (again,) = read(to_line(statement))
        assert to_line(again) == to_line(statement)


def test_lists_one_after_the_other_are_no_whole_dump() -> None:
    whole = [HEADER, "-- arxiv:2401.00002", DUMP_END]
    cut = [HEADER, "+a -- arxiv:2401.00003"]
    other = [HEADER, "-- arxiv:2401.00004", DUMP_END]
    assert check_decisions(whole).is_whole
    for lists in ([*cut, *whole], [*whole, *cut], [*whole, *cut, DUMP_END], [*whole, *other]):
        assert not check_decisions(lists).is_whole

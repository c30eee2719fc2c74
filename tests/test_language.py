"""The search language as it is promised: every form of it, and the papers that it finds.

The library is small enough to check each row of the tables by reading.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.errors import QuerySyntaxError
from store.library import Library
from store.models import Link, LinkKind, Sighting
from store.query.fields import FIELDS
from store.query.forms import rebuilt
from store.query.nodes import STATES, Everything, Node, Query, Sort
from store.query.parsing import hints, parse
from store.query.words import Prefix, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import DeskOpener, RecordBuilder

    from store.models import Record

ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 3, 19, 9, 30, tzinfo=ZONE)
YESTERDAY = "2026-03-18T08:00:00Z"
TODAY = "2026-03-19T06:00:00Z"
TITLES = {
    "A": "Graph neural networks for molecules",
    "B": "Neural fields of a graph",
    "C": "Attention over a graph of citations",
    "D": "Graph attention networks, revisited",
    "E": "Diffusion models: a survey",
    "F": "Diffused light and diffuse reflection",
    "G": "BERT: pre-training of deep transformers",
    "H": "Self-supervised learning of video at 16:9",
    "I": "Learning that a teacher supervised, self by self",
    "J": "Proofs of a-b pruning",
    "K": "The pruning of a tree, then of b trees",
    "L": "Truth or dare in language agents",
    "M": "State of the art (and of science) in robots",
    "N": "Reinforcement of learning agents",
    "O": "Offline policies from old logs",
    "P": "深度学习 with little data",
    "Q": "Naïve Bayes, once more",
    "R": "Parsing with CFG(2) grammars",
    "S": "C++ for numbers",
    "T": "Removing stripes from zebras",
    "U": "Counting sheep",
    "V": "Counting goats",
    "W": "Yeast at rest",
}
VIEWS = {
    "agents": "tag:rl,agents",
    "Popular": "votes:>50 sort:votes",
    "fresh-agents": "view:agents on:2026-03",
    "attentive": "graph attention",
}


def sightings(*days: tuple[str, int | None, int | None]) -> tuple[Sighting, ...]:
    return tuple(Sighting("feed", day, votes=votes, comments=c) for day, votes, c in days)


def records(record: RecordBuilder) -> tuple[list[Record], list[Record]]:
    """Return the papers that came in yesterday, and those of today, which are new."""

    def paper(letter: str, *identifiers: str, **facts: Any) -> Record:
        return record(TITLES[letter], *identifiers, **{"tags": (), **facts})

    code = Link(LinkKind.CODE, "https://github.com/sheep/light")
    old = [
        paper("A", "2401.01234", day="2026-03-12", votes=51, abstract="Graph after graph."),
        paper("B", "2401.00002", day="2026-03-12", votes=50, published="2026-03-10"),
        paper("C", "doi:10.1016/S0022-2836(05)80360-2", published="2025-01-31"),
        paper("D", "2401.00004", published="2025-03-01", categories=("cs.LG",)),
        paper("E", "hep-th/9901001", published="2025-02", tags=("starred",), votes=None),
        paper("F", published="2025", links=(code,), abstract="Of light.", tags=("queued",)),
        paper("G", "2401.00007", day="2026-03-16", votes=99, authors=("José García",)),
        paper("H", "2401.00008", day="2026-03-16", keywords=("video",), organisation="Mila"),
        paper("I", "acl:2020.acl-main.1", published="2024-12-31", authors=("Yann Le Cun",)),
        paper("J", "2401.00010", tags=("dismissed",), venue="NeurIPS"),
        paper("K", "pubmed:123456", tags=("dismissed",), abstract="Cut with care."),
        paper("L", "2401.00012", day="2026-03-18", votes=10, tags=("inbox", "agents")),
        paper("M", "2401.00013", source="page", day="2026-03-17", tags=("unread",)),
        paper("N", "2401.00014", day="2026-03-01", tags=("rl", "inbox")),
        paper("O", "2401.00015", tags=("RL/offline",)),
        paper("P", "openreview:AbCdEf123", tags=("reinforced",)),
        paper("Q", "2401.00017", source="paperdeck", abstract="A garcia of its own."),
        paper("R", tags=("rlhf",), note="Compare with yeast.\nTo reproduce: stripes first."),
        paper("S", links=(Link(LinkKind.PDF, "https://numbers.org/c.pdf"),)),
        paper(
            "T",
            "2401.00020",
            sightings=sightings(("2026-03-02", 4, 1), ("2026-03-19", 60, 6)),
        ),
    ]
    new = [
        paper("U", "2403.00001", tags=("inbox", "unread"), day="2026-03-19", votes=0),
        paper(
            "V", "2403.00002", tags=("inbox", "unread"), sightings=sightings(("2026-03-19", 0, 9))
        ),
        paper("W", "2403.00003", tags=("inbox", "unread")),
    ]
    return old, new


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("language")
    with desk_in(folder / "library") as desk:
        # It was decided on when it had 4 votes.
        early = record(TITLES["T"], "2401.00020", day="2026-03-02", votes=4)
        desk.run(now=YESTERDAY).write([early])
        desk.tag("-inbox -unread", *desk.keys())
        for part, now in zip(records(record), (YESTERDAY, TODAY), strict=True):
            desk.run(now=now).write(part)
    with Library(
        folder / "library", index_folder=folder / "index", program="test", clock=lambda: NOW
    ) as library:
        for name, query in VIEWS.items():
            library.views.save(name, query)
        assert library.index.wait(30)
        yield library


def found(library: Library, text: str) -> str:
    """Return the letters of the papers that a query finds, in its order."""
    letters = {title: letter for letter, title in TITLES.items()}
    return "".join(letters[row.title] for row in library.rows(library.search(text).keys))


def sorted_letters(library: Library, text: str) -> str:
    return "".join(sorted(found(library, text)))


ALL = "".join(TITLES)


def others(letters: str) -> str:
    """Return all papers but these."""
    return "".join(letter for letter in ALL if letter not in letters)


WORDS = [
    ("graph neural", "AB"),
    ("neural graph", "AB"),
    ('"graph neural"', "A"),
    ('"neural graph"', ""),
    ('"graph attention"', "D"),
    ("diffus*", "EF"),
    ("diffus", ""),
    ("diffuse", "EF"),
    ('"diffuse"', "F"),
    ("Diffus*", "EF"),
    ("graph -neural", "CD"),
    ("diffus* -survey", "F"),
    ("-survey", others("E")),
    ('-"graph neural" graph', "BCD"),
    ("survey OR pruning", "EJK"),
    ("NOT graph", others("ABCD")),
    ("graph NOT neural", "CD"),
    ("graph AND neural", "AB"),
    ("graph (neural OR attention)", "ABCD"),
    ("graph (neural OR -attention)", "AB"),
    ("graph neural OR survey", "ABE"),
    ("graph -(neural OR citations)", "D"),
    # Operators are upper case: a lower-case one is a word
    ("truth or dare", "L"),
    ("survey or pruning", ""),
    ("state and science", "M"),
    ("proofs not pruning", ""),
    # '-' negates only at a token's beginning and before a non-blank
    ("proofs - pruning", "J"),
    ("proofs -pruning", ""),
    # A reader's notes are part of a paper's text
    ("stripes", "RT"),
    ("cfg yeast", "R"),
    # Hyphenated words are found whole and by their parts
    ("self-supervised", "H"),
    ("supervised", "HI"),
    ("self supervised", "HI"),
    ('"self supervised"', "H"),
    ("Self-Supervised learning", "H"),
    ("learning -self-supervised", "IN"),
    ("pre-training", "G"),
    ("training", "G"),
    ("a-b", "J"),
    ("a b pruning", "JK"),
    # Colons in words
    ("BERT: pre", "G"),
    ("bert pre", "G"),
    ("16:9", "H"),
    ('"16:9"', "H"),
    ("models: survey", "E"),
    # Quotes, parentheses and signs
    ('"state of the art"', "M"),
    ('"art (and of science)"', "M"),
    ("CFG(2)", "R"),
    ("C++", "S"),
    # Case and accents are folded
    ("garcia", "GQ"),
    ("García", "GQ"),
    ("GARCI\u0301A", "GQ"),
    ("naive", "Q"),
    ("naïve BAYES", "Q"),
    # CJK text is found by its parts
    ("深度学习", "P"),
    ("学习", "P"),
    ("深", "P"),
    ("习学", ""),
    ("深度学习 data", "P"),
    # Everything
    ("*", ALL),
    ("", ALL),
    ("   ", ALL),
    ("* graph", "ABCD"),
    ("&", ALL),
    ("title:", ""),
]
FORMS = [
    # A word is found in all its forms, a quoted one as it is written
    ("network", "AD"),
    ("networks", "AD"),
    ('"networks"', "AD"),
    ('"network"', ""),
    ("graphs attentive", "CD"),
    ("learn", "HIN"),
    ("title:counted", "UV"),
    ("self-supervision", "H"),
    ("-networks graph", "BC"),
    # Words near each other, in either order
    ('"graph attention"~5', "CD"),
    ('"graph attention"~2', "D"),
    ('"attention citations"~5', "C"),
    ('"attention citations"~4', ""),
    ('"networks graphs"~2', "AD"),
    ('"truth language"~', "L"),
    ('title:"graph citation"~5', "C"),
    ('abs:"graph citation"~5', ""),
    ('-"graph attention"~5 graph', "AB"),
    # Words with one slip of the finger
    ("grpah~", "ABCD"),
    ("gracia~", "GQ"),
    ("author:gracia~", "G"),
    ("title:gracia~", ""),
    ("countin~", "UV"),
    ("sheeep~", "U"),
    ("-grpah~ neural~", ""),
]
FIELD_VALUES = [
    ("title:garcia", ""),
    ("author:garcia", "G"),
    ("au:garcía", "G"),
    ('author:"Le Cun"', "I"),
    ('author:"Cun Le"', ""),
    ("abs:graph", "A"),
    ("ab:light", "F"),
    ("title:light", "F"),
    ("ti:graph abs:graph", "A"),
    ("ti:graph -abs:graph", "BCD"),
    ('title:"graph attention"', "D"),
    ("title:diffus*", "EF"),
    ("org:mila", "H"),
    ("kw:video", "H"),
    ("cat:cs.LG", "D"),
    ("cat:cs", "D"),
    ("venue:neurips", "J"),
    ("note:stripes", "R"),
    ('note:"reproduce stripes"', "R"),
    ("note:parsing", ""),
    ("src:page", "M"),
    ("src:paperdeck", "Q"),
    ("src:feed graph", "ABCD"),
    ("title:16:9", "H"),
    ("title:BERT:", "G"),
]
IDS = [
    ("id:arxiv:2401.01234", "A"),
    ("id:2401.01234", "A"),
    ("2401.01234", "A"),
    ("2401.01234v3", "A"),
    ("arxiv:2401.01234", "A"),
    ("arXiv:2401.01234v1", "A"),
    ("https://arxiv.org/abs/2401.01234", "A"),
    ("https://arxiv.org/pdf/2401.01234v2", "A"),
    ("https://huggingface.co/papers/2401.01234", "A"),
    ("doi:10.48550/arXiv.2401.01234", "A"),
    ("hep-th/9901001", "E"),
    ("doi:10.1016/S0022-2836(05)80360-2", "C"),
    ('id:"10.1016/s0022-2836(05)80360-2"', "C"),
    ("https://doi.org/10.1016/S0022-2836(05)80360-2", "C"),
    ("id:acl:2020.acl-main.1", "I"),
    ("https://aclanthology.org/2020.acl-main.1.pdf", "I"),
    ("id:pubmed:123456", "K"),
    ("id:openreview:AbCdEf123", "P"),
    ("https://openreview.net/forum?id=AbCdEf123", "P"),
    ("2401.99999", ""),
    ("https://sheep.org", ""),
    ("graph -2401.01234", "BCD"),
    ("2401.01234 OR survey", "AE"),
    ('"2401.01234"', ""),
]
STATE = [
    ("tag:rl", "NO"),
    ("tag:RL", "NO"),
    ("tag:rl,agents", "LNO"),
    ("tag:rl/offline", "O"),
    ("tag:rl/off", ""),
    ("tag:rlhf", "R"),
    ("-tag:rl,agents graph", "ABCD"),
    ("tag:none", others("LNOPR")),
    ("tag:none,agents", others("NOPR")),
    ("is:inbox", "LNUVW"),
    ("is:unread", "MUVW"),
    ("is:read", others("MUVW")),
    ("is:starred", "E"),
    ("is:queued", "F"),
    ("is:dismissed", "JK"),
    ("is:archived", others("JKLNUVW")),
    ("-is:archived", "JKLNUVW"),
    ("is:inbox -is:unread", "LN"),
    ("is:INBOX tag:Agents", "L"),
    ("is:rising", "T"),
    ("-is:rising is:archived graph", "ABCD"),
    ("has:note", "R"),
    ("-has:note is:archived tag:rlhf", ""),
    ("has:code", "F"),
    ("has:pdf", others("CFKR")),
    ("has:abstract", "AFKQ"),
    ("has:abstract -has:pdf", "FK"),
    ("graph has:abstract", "A"),
]
DAYS = [
    ("on:2026-03-12", "AB"),
    ("on:2026-03-02", "T"),
    ("on:2026-03-19", "TUV"),
    ("on:today", "TUV"),
    ("on:yesterday", "L"),
    ("on:2026-03", "ABGHLMNTUV"),
    ("on:3d", "GHLMTUV"),
    ("listed:2026-W12", "GHLMTUV"),
    ("listed:2026-w11", "AB"),
    ("listed:<2026-03-03", "NT"),
    ("date:2025-01..2025-03", "CDEF"),
    ("date:2025", "CDEF"),
    ("date:2025-02", "E"),
    ("date:..2024", "I"),
    ("date:2026-03-10", "B"),
    ("date:2026-03-19", "UV"),
    ("date:7d..", "AGHLMUV"),
    ("date:1w", "AGHLMUV"),
    ("date:7d..2026-03-16", "AGH"),
    ("date:>=2026-03-18", "LUV"),
    ("added:today", "UVW"),
    ("added:yesterday", others("UVW")),
    ("added:2d", ALL),
    ("graph on:2026-03", "AB"),
]
NUMBERS = [
    ("votes:>50", "AGT"),
    ("votes:>=50", "ABGT"),
    ("votes:10..99", "ABGLT"),
    ("votes:50", "B"),
    ("votes:<=10", "LUV"),
    ("votes:0", "UV"),
    ("-votes:>=0", others("ABGLTUV")),
    ("comments:>5", "TV"),
    ("comments:0..6", "T"),
    ("import:last", "UVW"),
    ("import:1", "T"),
    ("import:2", ""),  # no import
    ("import:>3", "UVW"),
    ("import:1..3", others("UVW")),
    ("-import:last", others("UVW")),
    ("import:last votes:0", "UV"),
]
VIEW = [
    ("view:agents", "LNO"),
    ("view:AGENTS", "LNO"),
    ('view:"agents"', "LNO"),
    ("-view:agents is:inbox", "UVW"),
    ("view:fresh-agents", "LN"),
    ("view:attentive", "CD"),
    ("view:attentive -citations", "D"),
    ("view:agents OR view:attentive", "CDLNO"),
    ("view:popular", "AGT"),
]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        *(*WORDS, *FORMS, *FIELD_VALUES, *IDS, *STATE, *DAYS, *NUMBERS, *VIEW),
    ],
)
def test_a_query_finds(library: Library, text: str, letters: str) -> None:
    assert sorted_letters(library, text) == letters


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("graph", "ADBC"),
        ("on:2026-03", "UVLMGHABTN"),
        ("view:popular", "GTA"),
        ("view:popular sort:date", "GAT"),
        ("sort:votes votes:>=0", "GTABLUV"),
        ("sort:date votes:>=0", "UVLGABT"),
        ("sort:title graph", "CDAB"),
        ("sort:added is:inbox", "WVUNL"),
        ("sort:score graph", "ADBC"),
        ("sort:trending on:2026-03-19", "TUV"),
    ],
)
def test_a_result_has_the_order_that_is_asked_for(
    library: Library, text: str, letters: str
) -> None:
    assert found(library, text) == letters


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        # What is written with `~` and `like:`
        ("ab~", 1, "ab"),
        ('"graph"~5', 1, "graph~"),
        ("self-supervised~", 1, "self~ supervised~"),
        ('"graph attention"~101', 18, "~100"),
        ("like:sheep", 6, None),
        # Unknown fields and bad values name the column and the nearest spelling
        ("graph titel:x", 7, "title:x"),
        ("pubmed:123456", 1, "id:pubmed:123456"),
        ("is:unred", 4, "unread"),
        ("has:codes", 5, "code"),
        ("src:nature", 5, None),
        ("src:pages", 5, "page"),
        ("view:agent", 6, "agents"),
        ("sort:vote", 6, "votes"),
        ("on:2026-02-30", 4, "2026-02-28"),
        ("votes:many", 7, None),
        ("import:lats", 8, "last"),
        ("import:thesis.bib", 8, None),
        ("date:2026..2025", 6, "2025..2026"),
        ("graph OR", 7, '"OR"'),
        ("(graph", 1, None),
        ('"graph', 1, '"graph"'),
    ],
)
def test_an_error_names_the_column_and_the_nearest_spelling(
    library: Library, text: str, column: int, suggestion: str | None
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        library.search(text)
    assert (caught.value.column, caught.value.suggestion) == (column, suggestion)


@pytest.mark.parametrize("text", ["truth or dare", "state and science", "proofs not pruning"])
def test_a_lower_case_operator_is_a_word_with_a_hint(text: str) -> None:
    (hint,) = hints(text)
    assert "is searched as a word" in hint


@pytest.mark.parametrize(
    ("text", "letters", "words"),
    [
        ("graph citations survey proofs", "C", 4),
        ("graph attention citations survey proofs unheard", "C", 6),
        ("survey proofs", "EJ", 2),
        ('"graph attention" survey tag:none', "CD", 2),
        ("graph neural -graph", "", None),
    ],
)
def test_where_no_paper_has_every_word_those_that_come_closest_follow(
    library: Library, text: str, letters: str, words: int | None
) -> None:
    assert library.search(text).keys == ()
    result = library.search(text, closest=True)
    titles = [row.title for row in library.rows(result.keys)]
    best = titles[: len(letters)]
    assert sorted(best) == sorted(TITLES[letter] for letter in letters)
    assert result.partial_of == words


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("grap", "ABCD"),
        ("grap ", ""),
        ("graph neur", "AB"),
        ("graph -neur", "ABCD"),
        ('"graph neural', "A"),
        ("graph OR", "ABCD"),
        ("(graph neural", "AB"),
        ("view:agents", "LNO"),
    ],
)
def test_an_unfinished_query_is_read_as_what_it_says_so_far(
    library: Library, text: str, letters: str
) -> None:
    keys = library.search(library.parse(text, typing=True)).keys
    assert sorted(row.title for row in library.rows(keys)) == sorted(TITLES[c] for c in letters)


def test_every_field_has_a_row_here() -> None:
    rows = (*WORDS, *FIELD_VALUES, *IDS, *STATE, *DAYS, *NUMBERS, *VIEW)
    texts = " ".join(text for text, _ in rows)
    names = {field.name for field in FIELDS if f"{field.name}:" in texts}
    assert names == {field.name for field in FIELDS} - {"sort", "like"}


PIECES = st.sampled_from(
    [
        *(f"{name}:" for field in FIELDS for name in (field.name, *field.short)),
        *("like:", "titel:", "BERT:", "16:9", "2401.01234", "doi:10.1/x(1)", "https://sheep.org"),
        *VIEWS,
        *(sort.value for sort in Sort),
        *STATES,
        *("graph", "self-supervised", "a-b", "深度", "García", "R&D", "C++", "none", "rl/x"),
        *("OR", "AND", "NOT", "or", "(", ")", '"', "-", "*", "~", "~5", ",", ":", "..", ">", "<="),
        *('"a graph"~', "grpah~", "like:2401.01234"),
        *("2026-03", "2026-W12", "7d", "50", "\t", "\x1b[0m", "e\u0301", *([" "] * 8)),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=16).map("".join))


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, typing=st.booleans())
@example(text="(view:popular) graph", typing=False)
@example(text="view:popular OR &", typing=True)
def test_any_text_is_a_query_that_prints_as_itself_or_a_syntax_error(
    *, text: str, typing: bool
) -> None:
    day = date(2026, 3, 19)
    try:
        query = parse(text, today=day, typing=typing, views=VIEWS)
    except QuerySyntaxError as error:
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - it may raise
    else:
        assert parse(str(query), today=day, views=VIEWS) == as_written(query)


def as_written(query: Query) -> Query:
    """Return a query as its text is read on the command line, where no bare word is a prefix."""
    node = rebuilt(query.node, _as_term)
    return Query(node or Everything(), query.sort)


def _as_term(node: Node) -> Node:
    return Term(node.text, node.field) if isinstance(node, Prefix) and node.is_typed else node


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_any_query_is_answered_as_its_printed_form(library: Library, text: str) -> None:
    try:
        query = library.parse(text)
    except QuerySyntaxError:
        return
    result = library.search(query, closest=True)
    assert result.keys == library.search(str(query), closest=True).keys
    assert result.partial_of is None or result.keys

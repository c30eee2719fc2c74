"""The text index finds every paper that has the words, with Whoosh's scores, and keeps up."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import warnings
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store.changes.change import Change, apply
from store.errors import IndexUnavailableError, NotALibraryError, SearchAbandonedError
from store.imports.importing import ImportOptions, ImportRun
from store.index import TextIndex
from store.index.state import (
    LOCK_NAME,
    STATE_NAME,
    FileSum,
    State,
    read_state,
    signature_of,
    write_state,
)
from store.index.writing import catch_up
from store.models import Identifier, Record
from store.query.nodes import And, Node, Not, Or
from store.query.words import Fuzzy, Near, Phrase, Prefix, Term
from store.record import FILE_NAME
from store.record.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from store.index import Lookup

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # on newer Pythons its invalid escapes
    from whoosh import query
    from whoosh.collectors import UnlimitedCollector
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC, open_dir
    from whoosh.scoring import BM25F

PAPERS = (
    Record(
        title="Graph neural networks for café menus",
        source="feed",
        abstract="We study self-supervised learning. The menu is large, the model is small.",
        authors=("José García", "Jane Q. Doe"),
        keywords=("graph learning", "menus"),
        categories=("cs.CL", "stat.ML"),
        venue="Proceedings of Tasty Computing",
        organisation="Institute of Soup",
        note="Cook this again: ask Ana for the broth.\nNeural soup?",
    ),
    Record(
        title="GPT-4o plays chess",
        source="feed",
        abstract="Neural graph search meets self supervised play in C++ and F#, at 3.5 times.",
        authors=("Ada Graph",),
        categories=("cs.AI",),
    ),
    Record(
        title="深度学习 in the kitchen",
        source="feed",
        abstract="A survey of networks. Straße, Łódź and ﬁne soup: it's don't-care science.",
        authors=("Max Müller", "Łukasz Nowak"),
        categories=("cs.CV",),
    ),
)


UNSCORED = (Prefix("m"), Prefix("深"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "library")) as database:
        yield database


@pytest.fixture
def index(tmp_path: Path, database: Database) -> Iterator[TextIndex]:
    with closing(TextIndex(tmp_path / "index", database)) as index:
        yield index


@pytest.fixture(scope="module")
def index_of_papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    folder = tmp_path_factory.mktemp("papers")
    with (
        closing(Database(folder / "library")) as database,
        closing(TextIndex(folder / "index", database)) as index,
    ):
        bring_in(database, PAPERS)
        catch_up(database, index.folder)
        yield index


def bring_in(database: Database, records: Sequence[Record]) -> None:
    run = ImportRun(database, ImportOptions(), "test", "import", "2026-03-12T08:00:00Z")
    run.write(records)
    run.finish((), 0.0)


def change(database: Database, key: int, field: str, before: str | None, after: str | None) -> None:
    with database.atomic() as connection:
        assert apply(connection, [Change(key, field, before, after)])


def remove(database: Database, key: int) -> None:
    change(database, key, "paper", '["inbox", "unread"]', None)


def bring_back(database: Database, key: int) -> None:
    change(database, key, "paper", None, '["inbox", "unread"]')


def scores_of(index: TextIndex, node: Node) -> dict[int, float]:
    found = index.lookup().matches(node)
    return dict(zip(found.keys.tolist(), found.scores.tolist(), strict=True))


def found(index: TextIndex, node: Node) -> set[int]:
    return set(scores_of(index, node))


def numbered(count: int, first: int = 1) -> list[Record]:
    """Return records whose titles and abstracts are drawn from a few words."""
    source = random.Random(first)  # noqa: S311 no secret
    words = [f"{letter}{number}" for letter in "abcde" for number in range(20)]
    weights = [1 / (place + 1) for place in range(len(words))]
    return [
        Record(
            title=" ".join(source.choices(words, weights, k=source.randint(1, 8))),
            source="feed",
            abstract=" ".join(source.choices(words, weights, k=source.randint(0, 60))),
            identifiers=(Identifier("arxiv", f"2401.{number:05}"),),
        )
        for number in range(first, first + count)
    ]


@pytest.mark.parametrize(
    ("node", "keys"),
    [
        (Term("menu"), {1}),
        (Term("GRAPH"), {1, 2}),
        (Term("nothing"), set()),
        (Term("…"), set()),
        (Term("cafe"), {1}),
        (Term("CAFÉ"), {1}),
        (Term("garcia"), {1}),
        (Term("lukasz"), {3}),
        (Term("strasse"), {3}),
        (Term("fine"), {3}),
        (Term("self-supervised"), {1, 2}),
        (Term("supervised"), {1, 2}),
        (Term("gpt"), {2}),
        (Term("gpt-4o"), {2}),
        (Term("gpt-4"), set()),
        (Term("c++"), {2}),
        (Term("f#"), {2}),
        (Term("f"), set()),
        (Term("3.5"), {2}),
        (Term("it's"), {3}),
        (Term("深度"), {3}),
        (Term("习"), {3}),
        (Term("度深"), set()),
        (Phrase("neural networks"), {1}),
        (Phrase("neural graph"), {2}),
        (Phrase("self supervised"), {1, 2}),
        (Phrase("self-supervised learning"), {1}),
        (Phrase("the menu is large the model"), {1}),
        (Phrase("the the"), set()),
        (Phrase(""), set()),
        (Phrase("café menus we study"), set()),  # from the title into the abstract
        (Phrase("menus graph"), set()),  # from the first title into the second
        (Phrase("garcia jane"), set()),  # from one author to the next
        (Phrase("learning menus"), set()),  # from one keyword to the next
        (Prefix("m"), {1, 2, 3}),
        (Prefix("net"), {1, 3}),
        (Prefix("gpt-4"), {2}),
        (Prefix("gpt-"), {2}),
        (Prefix("self-sup"), {1}),
        (Prefix("neural/gra"), {2}),
        (Prefix("深"), {3}),
        (Prefix("深度"), {3}),
        (Prefix("Caf"), {1}),
        (Prefix("zz"), set()),
        (Prefix("*"), set()),
        (Term("graph", "title"), {1}),
        (Term("graph", "abs"), {2}),
        (Term("graph", "author"), {2}),
        (Term("graph", "kw"), {1}),
        (Phrase("jane doe", "author"), set()),
        (Phrase("jane q doe", "author"), {1}),
        (Term("soup", "org"), {1}),
        (Term("tasty", "venue"), {1}),
        (Term("broth", "note"), {1}),
        (Term("broth"), {1}),
        (Phrase("neural soup"), {1}),
        (Term("menu", "note"), set()),
        (Term("tasty"), {1}),
        (Term("cs.CL", "cat"), {1}),
        (Term("cs", "cat"), {1, 2, 3}),
        (Term("cs.ML", "cat"), set()),
        (Prefix("cs.c", "cat"), {1, 3}),
        (Term("cs.CL"), set()),
        (Prefix("gar", "author"), {1}),
        (And((Term("graph"), Term("chess"))), {2}),
        (And((Term("graph"), Not(Term("chess")))), {1}),
        (And((Not(Prefix("che")), Term("graph"), Term("neural"))), {1}),
        (And((Term("graph"), Term("nothing"))), set()),
        (Or((Term("chess"), Term("kitchen"))), {2, 3}),
        (And((Or((Term("menu"), Term("soup"))), Term("survey"))), {3}),
        (And((Term("graph"), Not(Or((Term("chess"), Term("soup")))))), set()),
    ],
    ids=str,
)
def test_words_find_the_papers_that_have_them(
    index_of_papers: TextIndex, node: Node, keys: set[int]
) -> None:
    scores = scores_of(index_of_papers, node)
    assert set(scores) == keys
    # One or two letters are the beginning of so many words that they say nothing.
    assert all((score > 0) is (node not in UNSCORED) for score in scores.values())


@pytest.mark.parametrize(
    "node",
    [
        Term("graph"),
        Term("networks"),
        Term("self-supervised"),
        Phrase("neural networks"),
        Near("search graph play", 6),
        Prefix("m"),
        Prefix("net"),
        Prefix("self-sup", is_typed=True),
        Fuzzy("grpah"),
        Term("graph", "title"),
        And((Or((Term("menu"), Term("soup"))), Not(Phrase("the menu")))),
    ],
    ids=str,
)
def test_whoosh_s_own_matchers_answer_every_search_too(
    index_of_papers: TextIndex, database: Database, node: Node
) -> None:
    bring_in(database, PAPERS)
    with closing(TextIndex(database.folder / "index", database, by_arrays=False)) as stock:
        catch_up(database, stock.folder)
        assert found(stock, node) == found(index_of_papers, node)


def test_a_word_in_the_title_counts_more(database: Database, index: TextIndex) -> None:
    bring_in(
        database,
        [
            Record(title="Soup and more", source="feed", abstract="One two three four."),
            Record(title="One and more", source="feed", abstract="Soup two three four."),
        ],
    )
    catch_up(database, index.folder)
    scores = scores_of(index, Term("soup"))
    assert scores[1] > scores[2]


def test_a_prefix_scores_as_one_word(database: Database, index: TextIndex) -> None:
    records = [Record(title=title, source="feed") for title in ("diffusion x", "diffusing y", "z")]
    bring_in(database, records)
    catch_up(database, index.folder)
    scores = scores_of(index, Prefix("diffus"))
    assert scores[1] == scores[2] < scores_of(index, Phrase("diffusion"))[1]


def test_a_word_is_found_by_its_stem_and_a_quoted_one_as_it_is(
    database: Database, index: TextIndex
) -> None:
    records = [
        Record(title=title, source="feed") for title in ("Networks", "A network", "Networking")
    ]
    bring_in(database, records)
    catch_up(database, index.folder)
    assert found(index, Term("networks")) == {1, 2, 3}
    assert found(index, Phrase("networks")) == {1}
    assert found(index, Prefix("networks")) == {1}
    assert found(index, Prefix("networks", is_typed=True)) == {1, 2, 3}
    assert found(index, Fuzzy("networsk")) == {1, 2}
    assert found(index, Near("networking", 5)) == {1, 2, 3}


def whoosh_query(node: Node) -> Any:
    match node:
        case Term(text):
            return query.Term("text", text)
        case Phrase(text):
            return query.Phrase("text", text.split())
        case And((*nodes, Not(excluded))):
            parts = [whoosh_query(child) for child in nodes]
            return query.AndNot(query.And(parts), whoosh_query(excluded))
        case And(nodes):
            return query.And([whoosh_query(child) for child in nodes])
        case Or(nodes):
            return query.Or([whoosh_query(child) for child in nodes])
        case Prefix(text):
            return query.Prefix("text", text)
        case _:
            raise TypeError(node)


def whoosh_scores(folder: Path, node: Node) -> dict[int, float]:
    collector = UnlimitedCollector()
    collector.replace = 0  # or it would lose papers
    with open_dir(str(folder)).searcher(weighting=BM25F()) as searcher:
        searcher.search_with_collector(whoosh_query(node), collector)
        keys = [
            key
            for reader, _ in searcher.reader().leaf_readers()
            for key in reader.column_reader("key", translate=False)
        ]
        return {keys[number]: score for score, number in collector.items}


def test_whoosh_itself_finds_the_same_and_scores_are_its_own_lifted(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, numbered(300))
    catch_up(database, index.folder)
    bring_in(database, numbered(260, first=301))
    catch_up(database, index.folder)
    for key in range(1, 40, 2):
        change(database, key, "abstract", abstract_of(database, key), "a0 a1 a2 anew")
    remove(database, 2)
    remove(database, 400)
    catch_up(database, index.folder)
    nodes: list[Node] = [
        *(Term(word) for word in ("a0", "a1", "b3", "e19", "anew", "nothing")),
        And((Term("a0"), Term("a1"))),
        And((Term("a0"), Term("a1"), Term("b7"))),
        And((Term("a0"), Not(Term("a1")))),
        Or((Term("a3"), Term("b1"), Term("e10"))),
        And((Or((Term("a3"), Term("b1"))), Term("a0"))),
        Phrase("a0 a1"),
        Phrase("a0 a0"),
        Phrase("a1 a0 a2"),
        And((Phrase("a0 a1"), Term("c0"))),
    ]
    counts = []
    for node in nodes:
        scores, stock = scores_of(index, node), whoosh_scores(index.folder, node)
        assert scores.keys() == stock.keys(), node
        assert all(score > 0.9999 * stock[key] for key, score in scores.items()), node
        counts.append(len(scores))
    assert max(counts) > 500
    assert len(index_segments(index.folder)) == 1
    for node in (Prefix("a"), Prefix("c1"), Prefix("ane")):
        assert set(scores_of(index, node)) == set(whoosh_scores(index.folder, node))


def index_segments(folder: Path) -> list[Any]:
    return list(TOC.read(FileStorage(str(folder)), "MAIN").segments)


def abstract_of(database: Database, key: int) -> str:
    (text,) = database.connection.execute(
        "SELECT abstract FROM papers WHERE key = ?", (key,)
    ).fetchone()
    return str(text)


def test_without_an_index_nothing_is_found(database: Database, index: TextIndex) -> None:
    assert index.is_current()
    bring_in(database, PAPERS)
    assert scores_of(index, Term("graph")) == {}
    assert index.searchable() == 0
    assert not index.is_current()


def test_an_empty_library_needs_no_index(database: Database, index: TextIndex) -> None:
    assert index.catch_up() is None
    assert index.wait(0)
    catch_up(database, index.folder)
    assert index.is_current()
    assert scores_of(index, Term("graph")) == {}


def test_the_index_follows_the_library(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS[:1])
    catch_up(database, index.folder)
    assert (index.searchable(), index.is_current()) == (1, True)
    assert found(index, Term("graph")) == {1}

    bring_in(database, PAPERS[1:])
    assert (index.searchable(), index.is_current()) == (1, False)
    assert found(index, Term("graph")) == {1}
    catch_up(database, index.folder)
    assert (index.searchable(), index.is_current()) == (3, True)
    assert found(index, Term("graph")) == {1, 2}

    change(database, 2, "title", "GPT-4o plays chess", "Solved games")
    assert index.searchable() == 2
    catch_up(database, index.folder)
    assert found(index, Term("games")) == {2}
    assert found(index, Term("chess")) == set()

    remove(database, 1)
    catch_up(database, index.folder)
    assert (index.searchable(), index.is_current()) == (2, True)
    assert found(index, Term("menu")) == set()
    bring_back(database, 1)
    catch_up(database, index.folder)
    assert found(index, Term("menu")) == {1}


def test_a_library_can_lose_all_its_papers(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    for key in (1, 2, 3):
        remove(database, key)
    catch_up(database, index.folder)
    assert (index.searchable(), index.is_current()) == (0, True)
    for node in (Term("graph"), Prefix("g"), Phrase("neural graph")):
        assert scores_of(index, node) == {}


def test_what_does_not_change_the_text_leaves_the_index_alone(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    before = (index.folder / STATE_NAME).stat()
    change(database, 1, "tag", None, "soup")
    assert index.is_current()
    catch_up(database, index.folder)
    assert (index.folder / STATE_NAME).stat() == before


def test_few_segments_are_left(database: Database, index: TextIndex) -> None:
    for first in range(0, 600, 40):
        bring_in(database, numbered(40, first))
        catch_up(database, index.folder)
    assert len(index_segments(index.folder)) <= 3
    assert len(scores_of(index, Prefix("a"))) > 500
    names = {file.name for file in must_state(index.folder).files}
    assert {path.name for path in index.folder.iterdir()} == names | {STATE_NAME, LOCK_NAME}


def must_state(folder: Path) -> State:
    state = read_state(folder)
    assert state is not None
    return state


def test_a_merge_leaves_no_trace_of_what_was_removed(database: Database, index: TextIndex) -> None:
    bring_in(database, numbered(40))
    catch_up(database, index.folder)
    for key in range(1, 40, 3):
        remove(database, key)
        catch_up(database, index.folder)
    bring_in(database, numbered(5, first=41))
    catch_up(database, index.folder)
    assert len(index_segments(index.folder)) == 1
    merged = {node: scores_of(index, node) for node in (Term("a0"), Phrase("a0 a1"), Prefix("b"))}
    catch_up(database, index.folder, rebuild=True)
    for node, scores in merged.items():
        # A merge sums the lengths as Whoosh keeps them, in one byte each.
        assert scores == pytest.approx(scores_of(index, node), rel=0.01)


def test_a_search_can_be_abandoned(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(SearchAbandonedError):
        index.lookup(cancelled).matches(Phrase("neural graph search"))
    assert asked == 3
    assert index.lookup().matches(Term("graph")).keys.tolist() == [1, 2]


@pytest.mark.parametrize(
    "ask",
    [
        lambda lookup: lookup.matches(Term("graph")),
        lambda lookup: lookup.most_words([Term("graph")]),
        lambda lookup: lookup.similar(1),
        lambda lookup: lookup.score(Term("graph"), 1),
        lambda lookup: lookup.likeness_score(1, 2),
        lambda lookup: lookup.shared_words(1, 2),
        lambda lookup: lookup.nearest_word("grahp", ""),
    ],
    ids=["matches", "most words", "similar", "score", "likeness score", "shared words", "nearest"],
)
def test_whatever_is_asked_of_the_index_can_be_abandoned(
    database: Database, index: TextIndex, ask: Callable[[Lookup], object]
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    with pytest.raises(SearchAbandonedError):
        ask(index.lookup(lambda: True))
    assert ask(index.lookup(lambda: False)) is not None


def spoil(state: State, **fields: str) -> State:
    return State(**{name: fields.get(name, getattr(state, name)) for name in State.__slots__})


@pytest.mark.parametrize("field", ["fingerprint", "engine", "library", "token"])
def test_an_index_made_otherwise_is_made_anew(
    database: Database, index: TextIndex, field: str
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    write_state(index.folder, spoil(must_state(index.folder), **{field: "other"}))
    assert scores_of(index, Term("graph")) == {}
    assert (index.searchable(), index.is_current()) == (0, False)
    catch_up(database, index.folder)
    assert found(index, Term("graph")) == {1, 2}
    assert (index.searchable(), index.is_current()) == (3, True)


def test_a_library_restored_from_a_backup_is_noticed(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "library")) as database:
        bring_in(database, PAPERS[:2])
    shutil.copytree(tmp_path / "library", tmp_path / "backup")
    with closing(Database(tmp_path / "library")) as database:
        bring_in(database, PAPERS[2:])
        catch_up(database, tmp_path / "index")
    shutil.rmtree(tmp_path / "library")
    shutil.copytree(tmp_path / "backup", tmp_path / "library")

    with (
        closing(Database(tmp_path / "library")) as database,
        closing(TextIndex(tmp_path / "index", database)) as index,
    ):
        assert (index.searchable(), index.is_current()) == (0, False)
        bring_in(database, [Record(title="Another way", source="feed")])
        assert scores_of(index, Term("kitchen")) == {}
        catch_up(database, index.folder)
        assert found(index, Prefix("k")) == set()
        assert found(index, Term("another")) == {3}


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x80]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", [flip, lambda data: data[:-1], lambda _: b"", None])
def test_every_file_can_be_lost_or_damaged(
    database: Database, index: TextIndex, damage: Callable[[bytes], bytes] | None
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    kinds = {path.name.split(".", 1)[-1] for path in index.folder.iterdir()} - {LOCK_NAME}
    assert kinds >= {"json", "toc", "documents", "postings"}
    for kind in sorted(kinds):
        (path,) = index.folder.glob(f"*.{kind}")
        if damage is None:
            path.unlink()
        else:
            path.write_bytes(damage(path.read_bytes()))
        with closing(TextIndex(index.folder, database)) as anew:
            assert scores_of(anew, Term("graph")) == {}, kind
            assert (anew.searchable(), anew.is_current()) == (0, False)
            catch_up(database, index.folder)
            assert found(anew, Term("graph")) == {1, 2}
            assert anew.is_current()


def test_what_a_cut_off_writer_left_is_removed(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS[:1])
    catch_up(database, index.folder)
    (contents,) = index.folder.glob("*.toc")
    (index.folder / "_MAIN_7.toc").write_bytes(contents.read_bytes()[:20])
    (index.folder / "MAIN_half.postings").write_bytes(b"half")
    (index.folder / "MAIN.tmp").mkdir()
    (index.folder / "MAIN.tmp" / "half.ctmp").write_bytes(b"half")
    assert found(index, Term("graph")) == {1}
    bring_in(database, PAPERS[1:])
    catch_up(database, index.folder)
    assert found(index, Term("graph")) == {1, 2}
    assert not list(index.folder.glob("*half*"))
    assert must_state(index.folder).generation == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"files": 1}', '{"files": [{"name": "x"}]}', "\xff"]
)
def test_a_state_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_NAME).write_text(text, encoding="latin-1")
    assert read_state(tmp_path) is None


@pytest.mark.parametrize("field", ["pending", "revision", "generation", "reached"])
def test_a_state_with_another_number_is_none(
    database: Database, index: TextIndex, field: str
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    path = index.folder / STATE_NAME
    text, crc = path.read_text().split("\n", 1)
    changed = json.dumps({**json.loads(text), field: 7})
    path.write_text(f"{changed}\n{crc}")
    assert read_state(index.folder) is None
    assert (index.searchable(), index.is_current()) == (0, False)


def test_a_moment_without_file_descriptors_condemns_no_index(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    with closing(TextIndex(index.folder, database)) as another:
        assert found(another, Term("graph")) == {1, 2}  # has all modules loaded
    most, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        with pytest.raises(IndexUnavailableError, match="try again"):
            scores_of(index, Term("graph"))
    finally:
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    assert found(index, Term("graph")) == {1, 2}
    assert (index.searchable(), index.is_current()) == (len(PAPERS), True)


def test_only_the_index_that_was_condemned_is_made_anew(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    condemned, before = signature_of(index.folder), must_state(index.folder).files
    catch_up(database, index.folder, condemned=condemned)
    after = must_state(index.folder).files
    assert not set(before).intersection(after)
    # Whoever condemned it at the same time comes too late.
    catch_up(database, index.folder, condemned=condemned)
    assert must_state(index.folder).files == after


def make_a_folder(path: Path) -> None:
    path.mkdir()
    (path / "file").touch()


def make_a_loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("put", [make_a_folder, make_a_loop])
@pytest.mark.parametrize("pattern", [STATE_NAME, "*.postings"])
def test_what_is_no_file_in_the_place_of_one_is_replaced(
    database: Database, index: TextIndex, pattern: str, put: Callable[[Path], None]
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    (path,) = index.folder.glob(pattern)
    path.unlink()
    put(path)
    assert scores_of(index, Term("graph")) == {}
    assert (index.searchable(), index.is_current()) == (0, False)
    catch_up(database, index.folder)
    assert found(index, Term("graph")) == {1, 2}
    assert index.is_current()


@pytest.mark.parametrize(
    ("table", "name", "act"),
    [
        ("library", "index", TextIndex.is_current),
        ("text_commits", "index", TextIndex.prepare),
        ("text_commits", "no-index", TextIndex.is_current),
        ("papers_by_revision", "index", TextIndex.searchable),
    ],
)
def test_a_damaged_library_is_said_to_be_so(
    tmp_path: Path, table: str, name: str, act: Callable[[TextIndex], object]
) -> None:
    folder = tmp_path / "library"
    with closing(Database(folder)) as database:
        bring_in(database, numbered(50))
        catch_up(database, tmp_path / "index")
        statement = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = database.connection.execute(statement, (table,)).fetchone()
        (size,) = database.connection.execute("PRAGMA page_size").fetchone()
    with (folder / FILE_NAME).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with (
        closing(Database(folder)) as database,
        closing(TextIndex(tmp_path / name, database)) as index,
        pytest.raises(NotALibraryError),
    ):
        act(index)


def test_that_no_writer_can_be_started_is_told(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS)
    assert not index.is_current()
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, most))
    try:
        with pytest.raises(IndexUnavailableError, match="no process can be started"):
            index.catch_up()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))


def test_a_state_comes_back_as_it_was_written(tmp_path: Path) -> None:
    state = State("f", "e", "l", 3, 5, "t", 1, 2, (FileSum("a", 1, 2, 3), FileSum("b", 3, 4, 5)))
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert [path.name for path in tmp_path.iterdir()] == [STATE_NAME]


def test_the_folder_is_for_its_owner_only(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    assert index.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_open_is_refused(
    database: Database, index: TextIndex, mode: int
) -> None:
    bring_in(database, PAPERS)
    catch_up(database, index.folder)
    index.folder.chmod(mode)
    for act in (
        index.catch_up,
        index.searchable,
        index.is_current,
        lambda: scores_of(index, Term("graph")),
        lambda: catch_up(database, index.folder),
    ):
        with pytest.raises(IndexUnavailableError, match="remove it; it is made anew"):
            act()
    index.folder.chmod(0o700)
    assert found(index, Term("graph")) == {1, 2}


def test_a_file_in_the_place_of_the_folder_is_refused(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS)
    index.folder.touch()
    with pytest.raises(IndexUnavailableError):
        scores_of(index, Term("graph"))
    with pytest.raises(IndexUnavailableError):
        index.catch_up()


def test_importing_the_package_loads_no_search_engine() -> None:
    program = "import json, sys, store.index; print(json.dumps(sorted(sys.modules)))"
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    loaded = json.loads(result.stdout)
    assert "store.index.textindex" in loaded
    assert not any(name.startswith("whoosh") for name in loaded)

"""The engines that the library is measured beside: SQLite's FTS5 and tantivy.

Both hold the titles and abstracts of the same papers, with their days and tags.
"""

from __future__ import annotations

import importlib
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

from engines import SHOWN, UnanswerableError
from recombining import TAG, read_papers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from queries import Question
    from recombining import Paper

BATCH = 10_000
SLOPS = {"phrase": 0, "near": 5}
"""How many words may stand between those of a run, by kind."""
TANTIVY = "tantivy is not installed: `pip install tantivy` brings it, for this benchmark alone"
_SIMPLE = "SELECT title FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 50"
_BY_DAY = """
SELECT papers.title FROM texts JOIN papers ON papers.key = texts.rowid
WHERE texts MATCH ? AND papers.day BETWEEN ? AND ? ORDER BY rank LIMIT 50
"""
_BY_TAG = """
SELECT papers.title FROM texts JOIN papers ON papers.key = texts.rowid
WHERE texts MATCH ? AND papers.key IN (SELECT paper FROM paper_tags WHERE tag = ?)
ORDER BY rank LIMIT 50
"""
_NEWEST = "SELECT title FROM papers ORDER BY day DESC, key LIMIT 50"
_SCHEMA = """
CREATE TABLE papers (key INTEGER PRIMARY KEY, title TEXT, day TEXT);
CREATE TABLE paper_tags (tag TEXT, paper INTEGER, PRIMARY KEY (tag, paper)) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5 (
    title, abstract, tokenize = 'unicode61', prefix = '1 2 3'
);
"""


def build_fts5(papers: Path, target: Path) -> Iterator[tuple[int, float]]:
    """Fill a database; yield how many papers are in and how many seconds that took, as it goes."""
    took = 0.0
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
        for start, batch in _batches(papers):
            began = time.perf_counter()
            connection.execute("BEGIN")
            for key, paper in enumerate(batch, start=start):
                connection.execute(
                    "INSERT INTO papers VALUES (?, ?, ?)", (key, paper.title, paper.day)
                )
                connection.execute(
                    "INSERT INTO texts (rowid, title, abstract) VALUES (?, ?, ?)",
                    (key, paper.title, paper.abstract),
                )
                if paper.is_tagged:
                    connection.execute("INSERT INTO paper_tags VALUES (?, ?)", (TAG, key))
            connection.execute("COMMIT")
            took += time.perf_counter() - began
            yield start + len(batch), took
        began = time.perf_counter()
        connection.execute("CREATE INDEX by_day ON papers (day DESC, key)")
        connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        connection.execute("ANALYZE")
        yield start + len(batch), took + time.perf_counter() - began


class FTS5:
    """SQLite's full-text index, optimised, with an index of short prefixes."""

    name = "FTS5"

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None)
        self._connection.execute("PRAGMA cache_size = -65536")
        self._connection.execute("PRAGMA mmap_size = 4294967296")

    def ask(self, question: Question) -> int:
        """Find and fetch, as `Engine` has it."""
        words = [f'"{word}"' for word in question.words]
        if question.is_open:
            words[-1] += "*"
        match = " AND ".join(words)
        match question.kind:
            case "or":
                match = " OR ".join(words)
            case "phrase":
                match = " + ".join(words)
            case "near":
                match = f"NEAR({' '.join(words)}, 5)"
            case "fielded":
                match = f"title : {match}"
            case "day" if question.days:
                return self._fetched(_BY_DAY, match, *question.days)
            case "tag":
                return self._fetched(_BY_TAG, match, TAG)
            case "newest":
                return self._fetched(_NEWEST)
            case "similar" | "fuzzy":
                raise UnanswerableError("SQLite has none")
        return self._fetched(_SIMPLE, match)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _fetched(self, statement: str, *values: str) -> int:
        return len(self._connection.execute(statement, values).fetchall())


def tantivy_module() -> Any:
    """Return tantivy, which few have; raise `UnanswerableError` where it is missing."""
    try:
        return importlib.import_module("tantivy")
    except ImportError as error:
        raise UnanswerableError(TANTIVY) from error


def build_tantivy(papers: Path, target: Path) -> Iterator[tuple[int, float]]:
    """Fill an index; yield how many papers are in and how many seconds that took, as it goes."""
    tantivy = tantivy_module()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text")
    builder.add_text_field("title", stored=True)
    builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    target.mkdir()
    writer = tantivy.Index(builder.build(), path=str(target)).writer()
    took = 0.0
    for start, batch in _batches(papers):
        began = time.perf_counter()
        for paper in batch:
            fields = {"text": [paper.text], "title": [paper.title], "day": _number(paper.day)}
            tags = {"tag": [TAG]} if paper.is_tagged else {}
            writer.add_document(tantivy.Document(**fields, **tags))
        took += time.perf_counter() - began
        yield start + len(batch), took
    began = time.perf_counter()
    writer.commit()
    writer.wait_merging_threads()
    yield start + len(batch), took + time.perf_counter() - began


class Tantivy:
    """tantivy, its default tokenizer, title and abstract as one field beside the title.

    `is_counted` says that the number of all results is wanted too, as the library tells it. The
    beginnings of words are its fuzzy terms of no edit: its other prefixes stop at fifty words.
    They have no score.
    """

    def __init__(self, folder: Path, *, is_counted: bool) -> None:
        self.name = "tantivy" if is_counted else "uncounted"
        self._is_counted = is_counted
        self._module = tantivy_module()
        index = self._module.Index.open(str(folder))
        self._schema = index.schema
        self._searcher = index.searcher()

    def ask(self, question: Question) -> int:
        """Find and fetch, as `Engine` has it."""
        order = {"order_by_field": "day"} if question.kind == "newest" else {}
        node = self._node(question)
        found = self._searcher.search(node, SHOWN, count=self._is_counted, **order)
        return len([self._searcher.doc(address)["title"][0] for _, address in found.hits])

    def close(self) -> None:
        """Do nothing: the files are mapped, and let go with the searcher."""

    def _node(self, question: Question) -> Any:
        query, schema = self._module.Query, self._schema
        words = list(question.words)
        if question.paper:
            texts = {"text": [question.paper.text]}
            return query.more_like_this_document_fields_query(schema, texts)
        if question.kind == "newest":
            return query.all_query()
        if question.kind == "fuzzy":
            return query.fuzzy_term_query(schema, "text", words[0])
        if question.kind in SLOPS and len(words) > 1:
            return query.phrase_query(schema, "text", words, slop=SLOPS[question.kind])
        return self._joined(question)

    def _joined(self, question: Question) -> Any:
        """Return a question of words that each may stand anywhere."""
        query, schema, words = self._module.Query, self._schema, question.words
        parts = [query.term_query(schema, "text", word) for word in words]
        if question.is_open:
            parts[-1] = query.fuzzy_term_query(schema, "text", words[-1], distance=0, prefix=True)
        if question.kind == "fielded":
            parts[0] = query.term_query(schema, "title", words[0])
        if question.kind == "tag":
            tagged = query.term_query(schema, "tag", TAG, index_option="basic")
            parts.append(query.const_score_query(tagged, 0.0))
        if question.days:
            parts.append(self._days(*question.days))
        if len(parts) == 1:
            return parts[0]
        occur = self._module.Occur
        wanted = occur.Should if question.kind == "or" else occur.Must
        return query.boolean_query([(wanted, part) for part in parts])

    def _days(self, first: str, last: str) -> Any:
        integer = self._module.FieldType.Integer
        limits = (_number(first), _number(last))
        within = self._module.Query.range_query(self._schema, "day", integer, *limits)
        return self._module.Query.const_score_query(within, 0.0)


def _number(day: str) -> int:
    return int(day[:10].replace("-", "") or 0)


def _batches(papers: Path) -> Iterator[tuple[int, list[Paper]]]:
    """Yield the papers by `BATCH`, each time with the number of the first."""
    batch: list[Paper] = []
    start = 0
    for paper in read_papers(papers):
        batch.append(paper)
        if len(batch) == BATCH:
            yield start, batch
            start, batch = start + BATCH, []
    if batch:
        yield start, batch

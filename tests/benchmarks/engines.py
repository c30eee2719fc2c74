"""What the same questions are asked of: the library, and Whoosh itself over its segments.

Every engine finds the papers of a question and fetches the titles of the best. The library is used
as any program would; `peers` has the engines that are none of ours.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Protocol

from store.errors import QuerySyntaxError
from store.library import Library
from store.texts.stems import stem

if TYPE_CHECKING:
    from pathlib import Path

    from queries import Question

SHOWN = 50
"""Papers whose titles are fetched."""


class UnanswerableError(Exception):
    """An engine has nothing for a kind of question; the message says why."""


class Engine(Protocol):
    """Something that answers questions; ready when it is made."""

    name: str

    def ask(self, question: Question) -> int:
        """Find the papers, fetch the best ones' titles, and return how many these are.

        Raises `UnanswerableError`.
        """

    def close(self) -> None:
        """Close the files."""


class Ours:
    """The library: from the text of a query to the rows of a list."""

    name = "paperdeck"

    def __init__(self, folder: Path, index_folder: Path) -> None:
        self.library = Library(folder, index_folder=index_folder)
        self.library.index.prepare()

    def ask(self, question: Question) -> int:
        """Find and fetch, as `Engine` has it."""
        try:
            query = self.library.parse(question.text, typing=question.kind == "typed")
            found = self.library.search(query, limit=SHOWN)
        except QuerySyntaxError as error:
            raise UnanswerableError(f"'{question.text}': {error}") from error
        return len(self.library.rows(found.keys))

    def close(self) -> None:
        """Close the files."""
        self.library.close()


class Whoosh:
    """Whoosh's own matchers over the segments that the library's index has.

    The codec, which the segments name, is all that is ours. Titles come from the library.
    """

    name = "whoosh"

    def __init__(self, library: Library, index_folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from whoosh import query
            from whoosh.filedb.filestore import FileStorage
        self._query = query
        self._library = library
        contents = sorted(index_folder.glob("_*_*.toc"))
        if not contents:
            raise UnanswerableError("there is no table of contents that Whoosh could read")
        name = contents[-1].stem[1:].rpartition("_")[0]
        self._index = FileStorage(str(index_folder)).open_index(indexname=name)
        self._searcher = self._index.searcher()
        self._reader = self._searcher.reader()
        self._keys = self._reader.column_reader("key", translate=False)

    def ask(self, question: Question) -> int:
        """Find and fetch, as `Engine` has it."""
        found = self._searcher.search(self._node(question), limit=SHOWN)
        return len(self._library.rows(tuple(int(self._keys[hit.docnum]) for hit in found)))

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()
        self._index.close()

    def _node(self, question: Question) -> Any:
        query, words = self._query, question.words
        fields = ["title", "text"] if question.kind == "fielded" else ["text"] * len(words)
        terms = [self._term(field, word) for field, word in zip(fields, words, strict=True)]
        if question.is_open:
            terms[-1] = query.Prefix("text", words[-1])
        match question.kind:
            case "or":
                return query.Or(terms)
            case "phrase":
                return query.Phrase("text", list(words))
            case "near":
                return query.Phrase("text", [term.text for term in terms], slop=5)
            case "fuzzy":
                return query.FuzzyTerm("text", words[0])
            case "day" | "tag" | "newest" | "similar":
                raise UnanswerableError("what this asks for is not in the index")
            case _:
                return query.And(terms)

    def _term(self, field: str, word: str) -> Any:
        """Return a word as it is indexed: as it is written, or by its stem."""
        is_there = (field, word.encode()) in self._reader
        return self._query.Term(field, word if is_there else stem(word))

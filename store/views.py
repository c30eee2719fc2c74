"""Saved views: queries of the reader's under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from store.changes.change import Change
from store.merging import to_json
from store.query.parsing import views_in
from store.tagnames import tag_name
from store.text import as_line, fold_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.history import History
    from store.record.database import Database


class Views(Mapping[str, str]):
    """The saved views of a library: the text of each query by the view's name.

    Names are listed in their order and looked up without regard to case. `check`, given a
    name, a query and the other views, raises `QuerySyntaxError` where that can't be a view.
    """

    def __init__(
        self,
        database: Database,
        history: History,
        check: Callable[[str, str, Mapping[str, str]], object],
    ) -> None:
        self._database = database
        self._history = history
        self.check = check

    def __getitem__(self, name: str) -> str:
        return self._found(name)[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self.to_dict())

    def __len__(self) -> int:
        return len(self.to_dict())

    def to_dict(self) -> dict[str, str]:
        """Return all of them as they are now."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT name, query FROM views ORDER BY fold")
            return {as_line(name): as_line(query) for name, query in rows}

    def save(self, name: str, query: str) -> None:
        """Keep a query under a name, in place of the one that has it already.

        Raises `TagNameError` where `name` could not be a tag's, and `QuerySyntaxError` where
        `query` is none, or finds itself by way of other views.
        """
        name = tag_name(name)
        with self._database.atomic():
            others = self.to_dict()
            former = next((n for n in others if fold_case(n) == fold_case(name)), None)
            before = None if former is None else to_json([former, others.pop(former)])
            self.check(name, query, others)
            after = to_json([name, query])
            if after != before:
                change = Change(None, "view", before, after)
                self._history.act([change], f"save the view '{name}': {query}")

    def remove(self, name: str) -> None:
        """Forget a view; raise `KeyError` if there is none of that name."""
        with self._database.atomic():
            saved = self._found(name)
            change = Change(None, "view", to_json(saved), None)
            self._history.act([change], f"remove the view '{saved[0]}'")

    def users_of(self, name: str) -> tuple[str, ...]:
        """Return the views whose queries name this one, in their order."""
        fold = fold_case(name)
        return tuple(user for user, query in self.to_dict().items() if fold in views_in(query))

    def _found(self, name: str) -> tuple[str, str]:
        fold = fold_case(name)
        # By the names that are listed: whoever else wrote them may have folded them otherwise.
        for known, query in self.to_dict().items():
            if fold_case(known) == fold:
                return known, query
        raise KeyError(name)

"""Views within queries: finding one by its name, and noticing one that contains itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from store.errors import QuerySyntaxError, shown
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_VIEWS: Mapping[str, str] = MappingProxyType({})
_NAMED = 9
"""So many views are named in a message, where a name is not found."""


class _ViewSyntaxError(QuerySyntaxError):
    """An error in a view's text, with a message that names the view."""


@dataclass(frozen=True, slots=True)
class ViewShelf:
    """The views that a query can name, and those of them that are being read."""

    texts: Mapping[str, str]
    """By name, however cased."""
    path: tuple[str, ...] = ()
    """The names of the views being read, each within the one before."""

    def name_of(self, value: str, *, column: int) -> str:
        """Return the name of the view that `value` means.

        Raises `QuerySyntaxError`, with the nearest name, where there is no such view.
        """
        names = self._names()
        fold = fold_case(value)
        if fold in names:
            return names[fold]
        near = get_close_matches(fold, names, n=1)
        known = [*islice(names.values(), _NAMED), *(["…"] if len(names) > _NAMED else [])]
        raise QuerySyntaxError(
            f"there is no view '{shown(value)}';"
            f" {'there are ' + ', '.join(known) if known else 'none is saved yet'}",
            column,
            suggestion=names[near[0]] if near else None,
        )

    def has_beginning(self, value: str) -> bool:
        """Tell whether more characters can make a view's name of one that is none."""
        fold = fold_case(value.strip())
        return not fold or any(n.startswith(fold) and n != fold for n in self._names())

    def within(self, name: str, *, column: int) -> ViewShelf:
        """Return this as the text of the view `name` sees it.

        Raises `QuerySyntaxError`, with the whole chain, where that view is being read already.
        """
        folds = [fold_case(known) for known in self.path]
        if fold_case(name) in folds:
            chain = (*self.path[folds.index(fold_case(name)) :], name)
            raise _ViewSyntaxError(
                f"the view '{shown(name)}' contains itself: {', '.join(chain)}", column
            )
        return replace(self, path=(*self.path, name))

    def _names(self) -> dict[str, str]:
        return {fold_case(name): name for name in self.texts}


def error_in_view(name: str, error: QuerySyntaxError, *, column: int) -> QuerySyntaxError:
    """Return an error in the text of the view `name` as one of the query that names the view.

    Of views within each other, the message names the one to mend.
    """
    if isinstance(error, _ViewSyntaxError):
        return _ViewSyntaxError(error.message, column)
    return _ViewSyntaxError(
        f"in the view '{shown(name)}', at its column {error.column}: {error.message}", column
    )

"""Saved views: `view`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import QuerySyntaxError, TagNameError, shown
from store.query.nodes import has_text
from store.query.parsing import hints
from store.text import clean_line, fold_case
from tui.cli.arguments import words_of
from tui.cli.asking import await_index, say_incomplete
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import open_present_library
from tui.cli.output import is_read_by_person, say, tell, tell_parts

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Sequence

    from store.library import Library

_TAKES_BACK = "paperdeck undo takes it back"


def view(options: Namespace) -> Status:
    """List the saved views or one of them, save one, or remove one."""
    words = words_of(options)
    if options.remove is not None and words:
        raise CommandError(f"'--remove' takes one name: leave '{shown(words[0])}' out")
    with open_present_library(options.library) as library:
        if options.remove is not None:
            _remove(library, options.remove)
        elif len(words) > 1:
            _save(library, words[0], clean_line(" ".join(words[1:])))
        else:
            _list(library, words)
    return Status.DONE


def _save(library: Library, name: str, text: str) -> None:
    if not text:
        raise CommandError(f"the view '{shown(name)}' needs a query ('*' is every paper)")
    # For its own mistakes, in columns of the query as it was written.
    library.parse(text)
    for hint in hints(text):
        say(hint)
    before = library.views.get(name)
    try:
        library.views.save(name, text)
    except TagNameError as error:
        raise CommandError(f"'{shown(error.name)}' can't name a view: {error.reason}") from error
    was = "" if before in {None, text} else f", which was '{before}'"
    tell(f"saved the view '{name}'{was}: {text} · {_TAKES_BACK}")


def _remove(library: Library, name: str) -> None:
    try:
        text = library.views[name]
        library.views.remove(name)
    except KeyError:
        raise _unknown(name, library.views) from None
    users = ", ".join(f"'{user}'" for user in library.views.users_of(name))
    used = f" · also used by {users}" if users else ""
    tell(f"removed the view '{name}', which was: {text}{used} · {_TAKES_BACK}")


def _list(library: Library, names: Sequence[str]) -> None:
    """Print the views, or the one that is named, with the number of papers that each finds."""
    views = library.views.to_dict()
    if names:
        views = {
            name: text for name, text in views.items() if fold_case(name) == fold_case(names[0])
        }
        if not views:
            raise _unknown(names[0], library.views)
    elif not views:
        say("no view is saved yet ('paperdeck view NAME QUERY' saves one)")
    rows = [
        (clean_line(name), size, clean_line(views[name]))
        for name, size in zip(views, _sizes(library, views), strict=True)
    ]
    if not is_read_by_person():
        tell_parts("\t".join(row) + "\n" for row in rows)
        return
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    tell_parts(f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]}\n" for row in rows)


def _sizes(library: Library, names: Iterable[str]) -> Iterator[str]:
    """Yield how many papers each view finds, a dash for one that can't be read any more."""
    is_told = False
    for name in names:
        try:
            query = library.parse(f"view:{name}")
        except QuerySyntaxError as error:
            say(f"{error.message}")
            yield "-"
            continue
        if has_text(query.node) and not is_told:
            await_index(library)
        result = library.search(query, limit=1)
        if not result.is_complete and not is_told:
            say_incomplete(result)
            is_told = True
        yield str(len(result.keys) + result.beyond)


def _unknown(name: str, views: Iterable[str]) -> CommandError:
    return CommandError(
        f"there is no view '{shown(name)}'{suggestion(name, views)} ('paperdeck view' lists them)"
    )

"""What can stand where the cursor is in a command: verbs, options, values, words of queries.

All of it is read from the table of verbs: what stands for a value there (`FORMAT`, `QUERY…`) says
what completes it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from store.text import is_clean
from tui.cli.arguments import top_parser, verb_position
from tui.cli.verbs import VERBS, Verb

if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Callable, Iterable, Mapping, Sequence

Suggestions: TypeAlias = dict[str, str]
"""Whole words, each with what it means; some mean nothing but themselves."""

SHELLS = ("bash", "zsh", "fish")

_REDIRECTION = re.compile(r"[0-9&]*(?:>>?|<)[&|]?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be completed."""

    word: str
    """As far as it is written."""
    verb: str
    library: Path | None
    """The folder that the command names or the environment does; None where there is none."""


class _Walk(NamedTuple):
    """How the words before the cursor are understood."""

    awaiting: Action | None
    """The option that the next word is the value of."""
    library: str | None
    is_rest: bool
    """Whether `--` came."""


def suggest(
    words: Sequence[str], word: str, find_library: Callable[[Path | None], Path | None]
) -> Suggestions:
    """Return what can stand for `word` after `words`, those of the command after its name.

    `find_library` gives the folder of the library, from the one that the command names, if any.
    """
    if words and _REDIRECTION.fullmatch(words[-1]):
        return _paths(word)
    at = verb_position(words)
    before = _walk(words[:at], top_parser().known)
    if at == len(words) and before.awaiting is None:
        return _first_words(word)
    verbs = {verb.name: verb for verb in VERBS}
    verb = verbs.get(words[at]) if at < len(words) else verbs["browse"]
    if verb is None:
        return {}
    known = verb.parser().known
    walk = before if before.awaiting else _walk(words[at + 1 :], known)
    named = walk.library or before.library
    folder = find_library(Path(named).expanduser() if named else None)
    return _of_verb(Asked(word, verb.name, folder), verb, walk, known)


def _walk(words: Iterable[str], known: Mapping[str, Action]) -> _Walk:
    awaiting: Action | None = None
    library: str | None = None
    for word in words:
        if awaiting is not None:
            library = word if awaiting.dest == "library" else library
            awaiting = None
        elif word == "--":
            return _Walk(None, library, is_rest=True)
        else:
            flag, equals, value = word.partition("=")
            action = known.get(flag)
            if action is not None and action.nargs != 0:
                awaiting = None if equals else action
                library = value if equals and action.dest == "library" else library
    return _Walk(awaiting, library, is_rest=False)


def _first_words(word: str) -> Suggestions:
    verbs = {verb.name: verb.summary for verb in VERBS}
    return _beginning(verbs, word) | _flags(top_parser().known, word)


def _of_verb(asked: Asked, verb: Verb, walk: _Walk, known: Mapping[str, Action]) -> Suggestions:
    if walk.awaiting is not None:
        return _values(asked, walk.awaiting)
    flag, equals, value = asked.word.partition("=")
    if equals and flag in known and not walk.is_rest:
        found = _values(Asked(value, asked.verb, asked.library), known[flag])
        return {f"{flag}={word}": meaning for word, meaning in found.items()}
    tags, dashes, operands = verb.operands.rpartition("-- ")
    found = {}
    if dashes and not walk.is_rest:
        operands = tags
        found["--"] = "the query follows"
    for name in re.findall(r"[A-Za-z]+", operands):
        found.update(_OPERANDS.get(name, _nothing)(asked))
    found = _beginning(found, asked.word)
    return found if walk.is_rest else found | _flags(known, asked.word)


def _values(asked: Asked, action: Action) -> Suggestions:
    return _beginning(_VALUES.get(str(action.metavar), _nothing)(asked), asked.word)


def _flags(known: Mapping[str, Action], word: str) -> Suggestions:
    """Return the options, once a dash asks for them."""
    if not word.startswith("-"):
        return {}
    flags = {flag: action.help or "" for flag, action in known.items() if flag.startswith("--")}
    return _beginning(flags, word)


def _beginning(found: Suggestions, word: str) -> Suggestions:
    return {whole: meaning for whole, meaning in found.items() if whole.startswith(word)}


def _plain(names: Iterable[str]) -> Suggestions:
    return dict.fromkeys(names, "")


def _nothing(_: Asked) -> Suggestions:
    return {}


# Words of a query


def _query(asked: Asked) -> Suggestions:
    """Complete the last word: a quoted argument may hold a whole query."""
    # Imported here: verbs and options are completed without the search language.
    from tui.completing import query_suggestions

    return query_suggestions(asked.word, partial(_tag_names, asked), partial(_view_names, asked))


def _tag_names(asked: Asked, beginning: str) -> Iterable[str]:
    if asked.library is None:
        return ()
    # Costs 10 ms, that of SQLite.
    from store.glimpse import tag_names

    return tag_names(asked.library, beginning)


def _view_names(asked: Asked, beginning: str) -> Iterable[str]:
    if asked.library is None:
        return ()
    from store.glimpse import view_names

    return view_names(asked.library, beginning)


def _as_begun(names: Iterable[str], beginning: str) -> Iterable[str]:
    from tui.completing import as_begun

    return as_begun(names, beginning)


def _signed_tags(asked: Asked) -> Suggestions:
    sign = asked.word[:1]
    if sign not in {"", "+", "-"} or asked.word.startswith("--"):
        return {}
    begun = asked.word[1:]
    return _plain((sign or "+") + name for name in _as_begun(_tag_names(asked, begun), begun))


# Values


def _tags(asked: Asked) -> Suggestions:
    return _plain(_as_begun(_tag_names(asked, asked.word), asked.word))


def _views(asked: Asked) -> Suggestions:
    return _plain(_as_begun(_view_names(asked, asked.word), asked.word))


def _formats(asked: Asked) -> Suggestions:
    if asked.verb == "import":
        from store.importers import IMPORTERS

        return {name: read.summary for name, read in IMPORTERS.items()}
    if asked.verb == "digest":
        return {
            "markdown": "for notes, chats and files",
            "html": "one page for a mail program or a browser",
            "email": "a whole message for 'sendmail -t'",
            "todo": "a list to decide on, for 'apply'",
        }
    from store.exporters import EXPORTERS

    return {name: written.summary for name, written in EXPORTERS.items()}


def _orders(_: Asked) -> Suggestions:
    from store.query.fields import CHOICES

    return _plain(CHOICES["sort"])


def _template(asked: Asked) -> Suggestions:
    from store.exporters.template import VALUES

    before, brace, _ = asked.word.rpartition("{")
    return _plain(f"{before}{brace or '{'}{name}}}" for name in VALUES)


def _paths_asked(asked: Asked) -> Suggestions:
    return _paths(asked.word)


def _folders_asked(asked: Asked) -> Suggestions:
    return _paths(asked.word, folders_only=True)


def _paths(word: str, *, folders_only: bool = False) -> Suggestions:
    folder, slash, name = word.rpartition("/")
    found = []
    # A folder that can't be read, or the home of somebody who is not there.
    with suppress(OSError, RuntimeError, ValueError):
        for path in Path(folder + slash or ".").expanduser().iterdir():
            if not path.name.startswith(name) or (path.name[0] == "." and not name):
                continue
            # A shell shows what it is answered, and one of them in parts.
            if all(map(is_clean, path.name.split(" "))):
                if path.is_dir():
                    found.append(f"{folder}{slash}{path.name}/")
                elif not folders_only:
                    found.append(f"{folder}{slash}{path.name}")
    return _plain(sorted(found))


_VALUES: Mapping[str, Callable[[Asked], Suggestions]] = {
    "DIR": _folders_asked,
    "FILE": _paths_asked,
    "FORMAT": _formats,
    "NAME": _views,
    "ORDER": _orders,
    "TAG": _tags,
    "TEMPLATE": _template,
}
"""By what stands for the value of an option in help."""

_OPERANDS: Mapping[str, Callable[[Asked], Suggestions]] = {
    "BASE": _paths_asked,
    "DIR": _folders_asked,
    "FILE": _paths_asked,
    "NAME": _views,
    "OURS": _paths_asked,
    "PATH": _paths_asked,
    "QUERY": _query,
    "SHELL": lambda _: _plain(SHELLS),
    "TAG": _signed_tags,
    "clip": lambda _: {"clip": "copy a small text, to see what becomes of it"},
}
"""By what stands for an operand in help."""

"""What the parts of a query mean, in a few words."""

from __future__ import annotations

from store.query import nodes as q
from store.query.leaves import words_of
from store.query.words import NAME_FIELDS, Fuzzy, Near, Phrase, Prefix, Term, TextLeaf

_WHERE = {
    "": "",
    "title": " in the title",
    "abs": " in the abstract",
    "author": " in an author's name",
    "org": " in the organisation",
    "kw": " in a keyword",
    "cat": " in a category",
    "venue": " in the venue",
    "note": " in your note",
}
_STATES = {
    "inbox": "in the inbox",
    "starred": "that are starred",
    "queued": "in the queue",
    "rising": "whose votes have doubled since you decided on them",
}
_POSSESSIONS = {
    "note": "with a note of yours",
    "code": "with a link to code",
    "pdf": "with a PDF",
    "abstract": "with an abstract",
}
_DAYS = {
    "on": "listed",
    "listed": "listed",
    "date": "published",
    "added": "added",
}


def reading_of(node: q.Node) -> str:
    """Return what `node` means, as words that begin in lower case and have no full stop."""
    match node:
        case Term() | Phrase() | Near() | Prefix() | Fuzzy():
            return f"{_words(node)}{_WHERE[node.field]}"
        case q.Not(child):
            return f"without {reading_of(child)}"
        case q.And(nodes):
            return f"all {len(nodes)} of these"
        case q.Or(nodes):
            return f"any of these {len(nodes)}"
        case q.InView(_, child):
            return f"the saved view of '{child}'"
        case _:
            return _facts(node)


def _words(leaf: TextLeaf) -> str:
    terms = [word.term for word in words_of(leaf.text)]
    text = " ".join(terms)
    what = f'the word "{text}"' if len(terms) == 1 else f'the words "{text}"'
    is_name = leaf.field in NAME_FIELDS
    match leaf:
        case Prefix(written, is_typed=is_typed):
            other = ", or a form of it" * (is_typed and not is_name)
            return f'any word that begins with "{written}"{other}'
        case Fuzzy():
            return f"any word within one slip of {what.removeprefix('the word ')}"
        case Near(_, distance):
            return f"{what} within {distance} of each other, in any form"
        case Phrase():
            row = "" if len(terms) == 1 else " in a row"
            return f"{what}{row}, as written"
        case Term():
            row = "" if len(terms) == 1 else " in a row"
            return f"{what}{row}" if is_name else f"{what}{row}, in any form"


def _facts(node: q.Node) -> str:
    """Return what a node means that asks for no words."""
    match node:
        case q.Like(text):
            return f"papers like {text}"
        case q.IdIs(text):
            return f"the paper with the identifier {text}"
        case q.DayIn(field, first, last):
            return f"papers {_DAYS[field]} {_days(first, last)}"
        case q.NumberIn(field, least, most):
            return f"papers {_number(field, least, most)}"
        case q.Everything():
            return "every paper"
        case _:
            return f"papers {_kind(node)}"


def _kind(node: q.Node) -> str:
    match node:
        case q.TaggedAny(names):
            either = " or ".join(f"'{name}'" for name in names)
            return f"tagged {either}, or with a tag below"
        case q.InState(state):
            return _STATES.get(state, f"that are {state}")
        case q.Has(what):
            return _POSSESSIONS[what]
        case q.FromSource(name):
            return f"that were read from '{name}'"
        case q.LastImport():
            return "that the latest import brought in"
        case _:
            return "with no tag of yours"


def _days(first: str | None, last: str | None) -> str:
    match (first, last):
        case (None, None):
            return "on some day"
        case (None, _):
            return f"until {last}"
        case (_, None):
            return f"from {first}"
    return f"on {first}" if first == last else f"from {first} to {last}"


def _imports(least: int | None, most: int | None) -> str:
    match (least, most):
        case (None, _):
            return f"imports up to {most}"
        case (_, None):
            return f"imports from {least} on"
    return f"import {least}" if least == most else f"imports {least} to {most}"


def _number(field: str, least: int | None, most: int | None) -> str:
    if field == "import":
        return f"that {_imports(least, most)} brought in"
    match (least, most):
        case (None, None):
            return f"whose {field} are known"
        case (None, _):
            return f"with {most:,} {field} or fewer"
        case (_, None):
            return f"with {least:,} {field} or more"
    return f"with {least:,} {'' if least == most else f'to {most:,} '}{field}"

"""Finding: `search`, `count` and `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.exporters.jsonlines import paper_to_object
from store.jsontext import to_json
from tui.cli import forms
from tui.cli.arguments import query_text, words_of
from tui.cli.asking import find, read_query, say_nothing_found
from tui.cli.errors import CommandError, Status
from tui.cli.opening import open_present_library
from tui.cli.output import (
    is_read_by_person,
    tell,
    tell_data,
    tell_parts,
    text_width,
)
from tui.cli.templates import read_template

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping

    from store.explaining import Explanation
    from store.library import Library
    from store.models import Paper
    from store.searching.search import Result


def search(options: Namespace) -> Status:
    """Print what a query finds."""
    if sum([options.json, options.jsonl, options.format is not None]) > 1:
        raise CommandError("--json, --jsonl and --format are three forms: give one of them")
    template = None if options.format is None else read_template(options.format)
    # Programs are given what was asked for, or nothing.
    is_plain = not (options.json or options.jsonl) and template is None
    closest = is_plain and is_read_by_person()
    with open_present_library(options.library) as library:
        query = read_query(library, query_text(options), options.sort)
        result = find(library, query, limit=options.limit, closest=closest, explain=options.explain)
        explanation = _say_explained(library, result) if options.explain else None
        is_found = bool(result.keys) and result.partial_of is None
        if not is_found:
            say_nothing_found(library, result, explanation)
        papers = library.papers(result.keys, cited=template is not None and template.cites)
        if options.json or options.jsonl:
            tell_data(_as_json(papers, result.scores, lines=options.jsonl))
        elif template is not None:
            tell_parts(template.write(papers))
        else:
            tell_parts(forms.to_columns(papers, aligned=is_read_by_person()))
    return Status.DONE if is_found else Status.NOTHING_FOUND


def count(options: Namespace) -> Status:
    """Print how many papers a query finds."""
    with open_present_library(options.library) as library:
        # Of a limited result the rest is counted without its keys.
        query = read_query(library, query_text(options))
        result = find(library, query, limit=1, explain=options.explain)
        if options.explain:
            _say_explained(library, result)
        tell(str(len(result.keys) + result.beyond))
    return Status.DONE


def show(options: Namespace) -> Status:
    """Print one paper in full; raise `UnknownPaperError`."""
    identifiers = words_of(options)
    if len(identifiers) != 1:
        raise CommandError("'show' takes one identifier, such as: paperdeck show 2401.01234")
    with open_present_library(options.library) as library:
        paper = library.paper_by_identifier(identifiers[0])
    if options.json:
        tell_data([to_json(paper_to_object(paper), indent=2), "\n"])
    else:
        tell_parts(forms.in_full(paper, text_width()))
    return Status.DONE


def _say_explained(library: Library, result: Result) -> Explanation:
    # Needed where it is asked for only.
    from tui.cli.explained import say_explained

    return say_explained(library, result)


def _as_json(
    papers: Iterator[Paper], scores: Mapping[int, float] | None, *, lines: bool
) -> Iterator[str]:
    objects = forms.to_objects(papers, scores)
    return (f"{to_json(one)}\n" for one in objects) if lines else forms.to_array(objects)

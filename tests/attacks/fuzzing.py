"""Fuzz a reader for so long: `python tests/attacks/fuzzing.py TARGET --seconds 300 [SEEDS]`.

With atheris (`pip install 'paperdeck[fuzz]'`) what is tried is guided by what it reaches in the
code; without it, seeds are damaged at random. A target may raise the errors that it documents and
no other, and what it gives must be clean, and be read again as the same. SEEDS is a folder of files
to begin with besides the small ones here. What was found is kept in a file and told; with
`--repeat FILE` it is tried again.
"""

from __future__ import annotations

# ruff: noqa: E402 - what is counted is imported before all else
import argparse
import io
import math
import os
import random
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING


def _instrumented() -> bool:
    """Import our code so that what is reached of it is counted; return whether atheris is there."""
    if "--unguided" in sys.argv or find_spec("atheris") is None:
        return False
    import atheris

    with atheris.instrument_imports(include=["store", "tui.config"], enable_loader_override=False):
        import store
        import tui.config.file

        for module in walk_packages(store.__path__, "store."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    return bool(tui.config.file)


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[number]) for number in (1, 2)]
    IS_GUIDED = _instrumented()

from hostility import ATTACKS, LINKS, is_honest, strays
from test_damaged_files import CONTENTS, DAMAGES, PIECES, TODAY, Damage, damaged, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SLOWEST = 20.0
"""Seconds: an input of a few kilobytes that takes longer is found, too."""
LONGEST = 20_000
"""Bytes of an input."""

_QUERIES = (
    'wolf -sheep (tag:rl OR title:"graph neural") votes:>50 on:2026-03-12 date:30d.. sort:votes',
    "author:garcia NOT is:unread like:2401.01234 near:x has:code arxiv:2401.01234 abstract:'a b'~3",
    'view:monday import:last id:doi:10.1000/x "a b" a* -(b) src:feed added:..1y tag:none',
)  # fmt: skip
_DUMP = """# paperdeck decisions 2
view monday -- is:inbox sort:votes
note "one\\ntwo \\u00e9" -- arxiv:2401.01234  # Counting sheep
+rl +unread -inbox -- arxiv:2401.01234  # Counting sheep
+later -- paperdeck:7  # Sheep
-- title:counting-sheep
"""
_WHOLE = """# paperdeck decisions 3
view monday -- is:inbox sort:votes
view monday -- is:inbox
apart title:"Goats" -- doi:10.1000/x
join arxiv:2401.01235 -- arxiv:2401.01234  # Counting sheep
note "one\\ntwo" -- arxiv:2401.01234  # Counting sheep
note "two" -- arxiv:2401.01234  # Counting sheep
+rl +unread -- arxiv:2401.01234  # Counting sheep
+later -- doi:10.1000/y  # Counting Sheep
+rl -- arxiv:2401.01235
+a -- paperdeck:7  # Sheep
+b -- title:"Goats"
# end of decisions
"""
_REPLY = """From: ana@example.org
To: group@example.org
Subject: Re: 3 new papers
Content-Type: text/plain; charset=utf-8; format=flowed

> # paperdeck edits 1
> +starred -- arxiv:2401.01234  # Counting
> sheep
> # the list ends here
"""
_CONFIG = """rest_seconds = 2.5
default_view = "is:inbox"
copy_command = ["xclip", "-i"]
theme = "dark"
[keys]
archive = ["a", "ctrl+a"]
[theme_colours]
text = "#ffffff"
"""
_TEMPLATE = "\\cite{{{key}}} {title:latex}\\t{authors:html} {abstract:json} {link:url}\\n"
_DATES = ("2026-03-12", "12 March 2026", "Mar 2026", "2026/3/12", "Thu, 12 Mar 2026 08:00:00 GMT")
_NAMES = ("arxiv:2401.01234v2", "https://doi.org/10.1000/XYZ.", "acl:2020.acl-main.1", "PMID:123")


def check_reader(name: str | None) -> Callable[[bytes], None]:
    """Return what reads a content by one importer, or by the one that it looks like."""

    def check(data: bytes) -> None:
        from store.errors import SourceError
        from store.importers import ReadingContext, read_records, source_from_stream
        from store.models import Record

        source = source_from_stream(io.BytesIO(data), TODAY)
        try:
            for found in read_records(source, ReadingContext(TODAY), format_name=name):
                if isinstance(found, Record):
                    expect(not faults(found), str(faults(found)))
        except SourceError:
            return

    return check


def check_query(data: bytes) -> None:
    """Parse a query, and parse again what it prints as."""
    from store.errors import QuerySyntaxError
    from store.query.parsing import parse

    try:
        query = parse(_text(data), today=TODAY)
    except QuerySyntaxError as error:
        expect(error.column >= 1, "a column")
        return
    expect(parse(str(query), today=TODAY) == query, f"another query: {str(query)!r}")


def check_decisions(data: bytes) -> None:
    """Read a dump, a list of edits and an answer by mail; write what they say and read it again."""
    from store.decisions.lines import check_edits, read_decisions, to_line
    from store.decisions.replies import edit_lines
    from store.errors import DecisionSyntaxError, ReplyError

    lines = _text(data).split("\n")
    try:
        for one in list(read_decisions(lines)):
            (again,) = read_decisions([to_line(one)])
            expect(again == one, f"{one!r} is read again as {again!r}")
    except DecisionSyntaxError:
        pass
    said, refused, _ = check_edits(lines)
    expect(len(said) + len(refused) <= len(lines), "as many lines at the most")
    check_merging(lines)
    try:
        check_edits(edit_lines(data))
    except ReplyError:
        return


def check_merging(lines: list[str]) -> None:
    """Merge parts of a dump: what comes of it, if it is one, is read again without a wrong line."""
    from store.decisions.lines import check_decisions as checked
    from store.errors import MergeRefusedError
    from store.reconciling.texts import reconcile

    base, ours, theirs = lines[: len(lines) // 2], lines[::2], [lines[0], *lines[1::2]]
    try:
        found = reconcile(base, ours, theirs)
    except MergeRefusedError:
        return
    expect(bool(found.conflicts) or not checked(found.lines).refused, "a text that can be read")


def check_config(data: bytes) -> None:
    """Read a configuration: what it says wrongly is told on one line each."""
    from tui.config.file import FILE_NAME, read_config_file

    folder = Path(tempfile.gettempdir()) / f"paperdeck-fuzzing-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_bytes(data)
    found = read_config_file(folder)
    expect(found.exists, "a file")


def check_names(data: bytes) -> None:
    """Read an identifier, a date, a link and a tag, each once more as it prints."""
    from store.errors import TagNameError
    from store.identifiers import read_identifier
    from store.importers.dates import to_published
    from store.importers.fields import to_day
    from store.links import honest_url
    from store.tagnames import tag_name

    text = _text(data)
    identifier = read_identifier(text)
    if identifier:
        expect(read_identifier(str(identifier)) == identifier, f"another identifier: {identifier}")
        expect(not strays(str(identifier), ""), f"an identifier: {str(identifier)!r}")
    day = to_published(text)
    expect(day is None or to_published(day) == day, f"another day: {day!r}")
    day = to_day(text)
    expect(day is None or to_day(day) == day, f"another day: {day!r}")
    url = honest_url(text)
    expect(not url or (is_honest(url) and honest_url(url) == url), f"a link: {url!r}")
    try:
        name = tag_name(text)
    except TagNameError:
        return
    expect(tag_name(name) == name and not strays(name, ""), f"a tag: {name!r}")


def check_text(data: bytes) -> None:
    """Clean a text, read its TeX, and write it for every kind of reader."""
    from store.exporters.latex import to_latex
    from store.exporters.table import safe_cell
    from store.text import clean_line, clean_note, clean_text
    from store.texts.tex import readable

    text = _text(data)
    line = clean_line(text)
    expect(clean_line(line) == line and not strays(line, ""), f"a line: {line!r}")
    expect(clean_note(clean_note(text)) == clean_note(text), "a note")
    whole = clean_text(text)
    expect(clean_text(whole.replace("\n", "\n\n")) == whole and not strays(whole), "a text")
    expect(not strays(clean_line(readable(line)), ""), "TeX")
    latex = to_latex(text)
    expect(latex.count("{") == latex.count("}"), f"braces: {latex!r}")
    expect(not safe_cell(text).startswith(("=", "+", "-", "@")), "a formula")


def check_template(data: bytes) -> None:
    """Read a template."""
    from store.errors import TemplateError
    from store.exporters.template import format_of

    try:
        format_of(_text(data))
    except TemplateError:
        return


def expect(holds: bool, what: str) -> None:  # noqa: FBT001 as `assert`
    """Raise an error where something does not hold."""
    if not holds:
        raise AssertionError(what)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


TARGETS: Mapping[str, tuple[Callable[[bytes], None], tuple[str, ...]]] = {
    "query": (check_query, _QUERIES),
    "decisions": (check_decisions, (_DUMP, _WHOLE, _REPLY)),
    "config": (check_config, (_CONFIG,)),
    "names": (check_names, (*_DATES, *_NAMES, *LINKS)),
    "text": (check_text, (*ATTACKS, "$x_1$ \\frac{a}{b} {\\'e} \\textbf{x}")),
    "template": (check_template, (_TEMPLATE,)),
    "any": (check_reader(None), tuple(one for all_ in CONTENTS.values() for one in all_)),
    **{name: (check_reader(name), contents) for name, contents in CONTENTS.items()},
}
"""By name, what is tried, and what it is tried with at first; importers by their formats."""


def damage_for(
    check: Callable[[bytes], None],
    seeds: Iterable[bytes],
    *,
    seconds: float = math.inf,
    times: float = math.inf,
    seed: int,
) -> int:
    """Try damaged seeds for so long or so often, and return how many; the first error is raised."""
    rng = random.Random(seed)
    kept = list(seeds)
    until, tried = time.monotonic() + seconds, 0
    while tried < times and time.monotonic() < until:
        damages = [
            Damage(
                rng.choice(sorted(DAMAGES)),
                rng.random(),
                rng.random(),
                rng.randrange(9 * len(PIECES)),
            )
            for _ in range(rng.randint(1, 5))
        ]
        _try(check, damaged(rng.choice(kept), damages)[:LONGEST])
        tried += 1
    return tried


def _try(check: Callable[[bytes], None], data: bytes) -> None:
    began = time.monotonic()
    try:
        check(data)
        expect(time.monotonic() - began < SLOWEST, "it takes too long")
    except Exception:
        file = Path(tempfile.gettempdir()) / f"paperdeck-found-{os.getpid()}"
        file.write_bytes(data)
        sys.stderr.write(f"found: {data[:200]!r}\nkept in {file}\n")
        raise


def guided_for(
    check: Callable[[bytes], None], seeds: Iterable[bytes], seconds: int, seed: int
) -> None:
    """Try what atheris makes of the seeds for so long; it ends the program."""
    import atheris

    with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
        for number, one in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(one)
        words = (
            f"-max_total_time={seconds}",
            f"-seed={seed}",
            f"-max_len={LONGEST}",
            f"-timeout={SLOWEST:.0f}",
        )
        keeping = f"-artifact_prefix={tempfile.gettempdir()}/paperdeck-found-"
        atheris.Setup([sys.argv[0], *words, keeping, "-print_final_stats=1", folder], check)
        atheris.Fuzz()


def main() -> int:
    """Fuzz what the command line names."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("target", choices=TARGETS, metavar="TARGET", help=", ".join(TARGETS))
    reader.add_argument("seeds", type=Path, nargs="?", help="a folder of files to begin with")
    reader.add_argument("--seconds", type=int, default=60)
    reader.add_argument("--seed", type=int, default=8)
    reader.add_argument("--unguided", action="store_true", help="without atheris")
    reader.add_argument("--repeat", type=Path, help="a file that was kept")
    options = reader.parse_args()
    check, texts = TARGETS[options.target]
    if options.repeat:
        check(options.repeat.read_bytes())
        return 0
    seeds = [one.encode("utf-8", "replace") for one in texts]
    if options.seeds:
        files = (path for path in sorted(options.seeds.rglob("*")) if path.is_file())
        seeds += [path.read_bytes()[:LONGEST] for path in files]
    if IS_GUIDED:
        guided_for(check, seeds, options.seconds, options.seed)
        return 0
    if not options.unguided:
        sys.stderr.write("atheris is not installed: seeds are damaged at random\n")
    tried = damage_for(check, seeds, seconds=options.seconds, seed=options.seed)
    sys.stdout.write(f"{options.target}: {tried:,} inputs in {options.seconds} s, none found\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

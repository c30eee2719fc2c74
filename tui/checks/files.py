"""The configuration, the library and its index, looked at and left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.health import look
from tui.checks.finding import Finding, fault, note
from tui.format import megabytes
from tui.locations import index_folder, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.health import Health
    from tui.checks.subject import Subject

_UNUSABLE = "can't be used"
"""The name of a finding that says why not."""
LIBRARY_UNUSABLE = ("library", _UNUSABLE)
"""The area and the name of the one that says so of the library."""

LARGEST_LOG = 200_000_000
"""Of a log: twice as much as the largest import leaves in it while others read."""


def configuration(subject: Subject) -> Iterator[Finding]:
    """Look at the configuration file: each thing that is wrong with it is a finding."""
    config = subject.config
    place = shown_path(config.path)
    text = place if config.exists else f"{place} is not there: every name has its default"
    yield Finding("configuration", "file", str(config.path), text)
    for warning in config.warnings:
        yield fault("configuration", "mistake", warning, "mend the line; the rest holds")


def library(subject: Subject) -> Iterator[Finding]:
    """Look at the library and its index, without opening them."""
    folder = subject.locations.library
    health = look(folder, index_folder(subject.locations.cache, folder))
    yield Finding("library", "folder", str(folder), shown_path(folder))
    if health.exists:
        yield from _record(health)
    else:
        remedy = "'paperdeck import' makes it, 'paperdeck demo' shows a sample"
        yield note("library", "papers", None, remedy, "there is no library yet")
    yield from _index(health)


def _record(health: Health) -> Iterator[Finding]:
    if health.error:
        yield fault(*LIBRARY_UNUSABLE, health.error.reason, health.error.remedy)
    if health.papers is not None:
        yield Finding("library", "papers", health.papers)
    yield Finding("library", "size", health.bytes, megabytes(health.bytes))
    if health.papers is not None and not health.error:
        yield Finding("library", "integrity", "sound", "every page can be read")
    if health.is_read_only and not health.error:
        remedy = "make its folder and files writable, or copy them, to decide in it"
        yield note("library", "writing", "no", remedy, "it can only be read")
    yield from _log(health)
    version = health.steps[-1] if health.steps else None
    if health.missing_steps and not health.error:
        remedy = "it is brought up to date when it is opened next; older versions refuse it then"
        yield note("library", "format", version, remedy, _number(version))
    elif version:
        yield Finding("library", "format", version, _number(version))


def _log(health: Health) -> Iterator[Finding]:
    """Tell how the library is written, and how large its log has grown."""
    if health.has_log is None:
        return
    journal = "write-ahead log" if health.has_log else "rollback journal"
    text = f"{journal}, {megabytes(health.log_bytes)}" if health.has_log else journal
    if health.log_bytes > LARGEST_LOG:
        remedy = "close the programs that have had the library open for long"
        yield note("library", "journal", journal, remedy, text)
    else:
        yield Finding("library", "journal", journal, text)


def _number(step: str | None) -> str:
    """Return the number at the beginning of a migration's name."""
    return str(int(step.partition(" ")[0])) if step else ""


def _index(health: Health) -> Iterator[Finding]:
    folder = health.index_folder
    yield Finding("index", "folder", str(folder), shown_path(folder))
    if health.index_error:
        yield fault("index", _UNUSABLE, health.index_error.reason, health.index_error.remedy)
    elif health.searchable is not None:
        count = health.searchable
        text = f"{count:,} of {health.papers:,} papers"
        if health.is_index_current:
            yield Finding("index", "searchable", count, text)
        else:
            remedy = "'paperdeck index --wait' brings the rest in, as the browser does by itself"
            yield note("index", "searchable", count, remedy, text)

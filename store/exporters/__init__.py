"""Writing papers to files: each format is a plain generator function in one mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from store.exporters.jsonlines import write_jsonlines
from store.models import Paper

__all__ = ["EXPORTERS", "Exporter"]

Exporter: TypeAlias = Callable[[Iterable[Paper]], Iterator[str]]
"""Yields the text in parts, line ends included."""

EXPORTERS: Mapping[str, Exporter] = MappingProxyType({"jsonl": write_jsonlines})
"""By the name that `--format` takes."""

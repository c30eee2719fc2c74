"""The fields of the text index as Whoosh has them."""

from __future__ import annotations

from store.engine.fields import Number, Words
from store.engine.whoosh import Schema
from store.index.fields import ALL_TEXT, COLUMNS, KEY, NAMES, REVISION, class_of

INDEX_NAME = "MAIN"
"""Whoosh's own name for the only index of a folder."""

SCHEMA = Schema(
    **{KEY: Number(), REVISION: Number(), ALL_TEXT: Words(class_of)},
    **{field: Words() if field in NAMES else Words(class_of) for field in COLUMNS},
)

"""What Textual keeps of widgets that are gone."""

from __future__ import annotations

from contextlib import suppress


def drop_remnants() -> None:
    """Let go of the lines that closed screens were drawn of.

    Textual remembers two colours of each widget by what keeps its lines, a thousand of them: a day
    of screens that come and go would hold a hundred megabytes.
    """
    # Textual's own, which another release may not have; loaded long since, with the widgets.
    with suppress(ImportError, AttributeError):
        from textual._styles_cache import StylesCache

        StylesCache.get_inner_outer.cache_clear()

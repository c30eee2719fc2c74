"""Opening a link in the reader's browser, where there is one to be seen."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING

from store.links import is_safe_url
from tui.clipboard import has_display, is_over_ssh

if TYPE_CHECKING:
    from collections.abc import Mapping


def open_link(
    url: str,
    environ: Mapping[str, str],
    command: tuple[str, ...] | None = None,
    platform: str = sys.platform,
) -> bool:
    """Start a browser on `url` and return at once; False if nothing was started.

    `command` takes the link in place of each `{}`, or as its last argument. Without it, the
    desktop's own opener is started where the reader sits before that desktop. The standard
    library's `webbrowser` would start a text browser on the screen that is ours.
    """
    if not is_safe_url(url):
        return False
    arguments = _arguments(url, environ, command, platform)
    return arguments is not None and _start(arguments, environ)


def _arguments(
    url: str, environ: Mapping[str, str], command: tuple[str, ...] | None, platform: str
) -> list[str] | None:
    if command:
        words = [word.replace("{}", url) for word in command]
        return words if any("{}" in word for word in command) else [*words, url]
    if is_over_ssh(environ) or not has_display(environ, platform):
        return None
    return ["open" if platform == "darwin" else "xdg-open", url]


def _start(arguments: list[str], environ: Mapping[str, str]) -> bool:
    """Start a program apart from our terminal, so that it neither writes nor reads there."""
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
        )
    except (OSError, ValueError):
        return False
    # Somebody has to take its exit status, or it stays in the process table as long as we run.
    Thread(target=process.wait, daemon=True).start()
    return True

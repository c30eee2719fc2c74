"""Opening links in the reader's browser, where there is one to be seen."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from pathlib import PurePath
from threading import Thread
from typing import TYPE_CHECKING

from store.links import honest_url
from tui.programs import with_absolute_path
from tui.surroundings import has_display, is_over_ssh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPENING_SECONDS = 1.0
"""A browser that fails within so long, counted for all links together, has opened nothing."""

_TEXT_BROWSERS = frozenset(
    {"browsh", "cha", "chawan", "edbrowse", "elinks", "links", "links2", "lynx", "w3m"}
    | {"www-browser", "retawq", "netrik", "emacs", "vim", "vi", "nvim"}
)
"""What draws on the terminal that it is started in, which is ours."""


def open_links(
    urls: Sequence[str],
    environ: Mapping[str, str],
    command: tuple[str, ...] | None = None,
    platform: str = sys.platform,
) -> list[str]:
    """Start a browser on each link and return the links that were not opened.

    `command` takes a link in place of each `{}`, or as its last argument. Without it, a browser
    is started only where the reader sits before the desktop: the first of `BROWSER` that is no
    text browser, else the desktop's own opener. Whoever sits elsewhere names a command.
    """
    words = opener(environ, command, platform)
    known = {url: honest_url(url) for url in urls}
    started = {url: _start(words, known[url], environ) for url in urls if words and known[url]}
    until = time.monotonic() + OPENING_SECONDS
    opened = {url for url, process in started.items() if process and _goes_on(process, until)}
    return [url for url in urls if url not in opened]


def opener(
    environ: Mapping[str, str], command: tuple[str, ...] | None, platform: str = sys.platform
) -> Sequence[str]:
    """Return the command that opens links here: the configured one, else the desktop's, or none."""
    if command:
        return command
    if is_over_ssh(environ) or not has_display(environ, platform):
        return ()
    return _named(environ) or ("open" if platform == "darwin" else "xdg-open",)


def _named(environ: Mapping[str, str]) -> Sequence[str]:
    """Return the first command of `BROWSER` that is there and needs no terminal.

    They are parted by colons, and `%s` stands for the link, as the `BROWSER` convention has it.
    """
    for one in environ.get("BROWSER", "").split(":"):
        try:
            words = shlex.split(one.replace("%s", "{}"))
        except ValueError:
            continue
        is_shown = words and PurePath(words[0]).name not in _TEXT_BROWSERS
        if is_shown and shutil.which(words[0], path=with_absolute_path(environ)["PATH"]):
            return words
    return ()


def _start(
    words: Sequence[str], url: str, environ: Mapping[str, str]
) -> subprocess.Popen[bytes] | None:
    """Start a program apart from our terminal, so that it neither writes nor reads there."""
    arguments = [word.replace("{}", url) for word in words]
    if not any("{}" in word for word in words):
        arguments.append(url)
    # The desktop's opener would turn to the text browsers that we have left out.
    variables = with_absolute_path(environ)
    variables.pop("BROWSER", None)
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=variables,
            start_new_session=True,
        )
    except (OSError, ValueError):
        return None
    # Somebody has to take its exit status, or it stays in the process table as long as we run.
    Thread(target=process.wait, daemon=True).start()
    return process


def _goes_on(process: subprocess.Popen[bytes], until: float) -> bool:
    """Tell whether a program has not failed by then."""
    try:
        return process.wait(max(0.0, until - time.monotonic())) == 0
    except subprocess.TimeoutExpired:
        return True

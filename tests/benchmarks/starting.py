"""Measures starts of the installed program beside the smallest ones of curses and Textual.

    python tests/benchmarks/starting.py [PAPERS]

PAPERS is what `paperdeck import` reads; without it the feed's stored replies are taken where they
are at hand, else the sample library many times over. The two programs that only say hello are
installed as console scripts beside the program, as that is: what starts a script counts for all.
The runs of the three alternate, so compare the ratios, not the figures, of two machines.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from typing import TYPE_CHECKING

from measuring import SHARED, Line, run, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from terminal import Home, Terminal

RUNS = 15
SCRIPT = """\
#!{python}
import re
import sys
from {module} import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""
"""As pip writes a console script."""
CURSES = """\
import curses
def show(screen):
    screen.addstr("hello")
    screen.refresh()
    screen.getch()
def main():
    curses.wrapper(show)
"""
TEXTUAL = """\
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello", id="hello")
    def on_key(self, event):
        self.query_one("#hello").update("answered")
def main():
    Hello().run()
"""
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_PLACE = re.compile(r"([\d,]+) of [\d,]+$")
_FIRST_ROW = re.compile(rb"[A-Za-z]{3}")


def measures(home: Home, papers: Path) -> Iterator[Line]:
    """Yield every line of the table."""
    home.configure("rest_seconds = 0\n")
    run([str(home.program), "import", str(papers.absolute())], home)
    run([str(home.program), "index", "--wait"], home)
    curses = installed(home, "hello_curses", CURSES)
    textual = installed(home, "hello_textual", TEXTUAL)
    found = []
    for number in range(RUNS):
        browse(home)  # keeps the frame of the next
        found.append(
            (
                until(home, curses, "hello"),
                until(home, textual, "answered", key="x"),
                *browse(home),
                *browse(home, {"LC_TIME": f"{number}"}),
            )
        )
    hello, live, first, answered, sent, bare, bare_answered, _ = zip(*found, strict=True)
    yield line("a curses hello", hello)
    yield line("a Textual hello that has answered a key", live)
    yield line("the first rows, from the last frame", first, hello)
    yield line("the first rows, without a frame", bare, hello)
    yield line("a key pressed at the start is answered", answered, live)
    yield line("the same without a frame", bare_answered, live)
    yield Line("sent until then", f"{statistics.median(sent):,.0f} B")


def installed(home: Home, name: str, source: str) -> Path:
    """Install a module with a console script that runs it, and return the script."""
    folder = home.folder / "hello"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    script = folder / name
    script.write_text(SCRIPT.format(python=sys.executable, module=name), encoding="utf-8")
    script.chmod(0o755)
    return script


def until(home: Home, script: Path, text: str, key: str = "") -> float:
    """Return the seconds until a program shows a text; a key is pressed at once."""
    with home.start(str(script)) as terminal:
        terminal.send(key)
        return seconds_until(terminal, lambda: text.encode() in terminal.output)


def browse(home: Home, environ: dict[str, str] | None = None) -> tuple[float, float, int]:
    """Return the seconds to the first rows and to the answer to a key, and the bytes until then.

    Leaves the browser in the way that keeps the screen for the next start in this environment.
    """
    with home.browse(environ=environ) as terminal:
        terminal.send("j")
        first = seconds_until(terminal, lambda: _FIRST_ROW.search(text_of(terminal)))
        begun = seconds_until(terminal, lambda: place(terminal))
        before = place(terminal)
        if b"\x1b[?1000h" in terminal.output:
            # Without a frame, the first place that is shown is that after the key, or the one
            # before it, for a moment.
            terminal.settle(0.5)
            answered = begun
        else:
            answered = seconds_until(terminal, lambda: place(terminal) != before)
        sent = len(terminal.output)
        terminal.settle(0.5)
        terminal.send("q")
        terminal.ended()
    return first, answered, sent


def text_of(terminal: Terminal) -> bytes:
    """Return what was written, without sequences."""
    return _SEQUENCE.sub(b"", terminal.output)


def place(terminal: Terminal) -> str:
    """Return where in the list the reader is, as the screen says it."""
    found = _PLACE.search(terminal.lines[0])
    return found[1] if found else ""


def seconds_until(terminal: Terminal, condition: Callable[[], object]) -> float:
    """Wait until something is true and return how long ago the program began."""
    terminal.until(condition, "what is measured")
    return time.monotonic() - terminal.started


def line(what: str, seconds: tuple[float, ...], beside: tuple[float, ...] | None = None) -> Line:
    """Return a line with a median, and its ratio to that of what is measured beside it."""
    median = statistics.median(seconds)
    ratio = f"{median / statistics.median(beside):.2f} x" if beside else ""
    return Line(what, f"{1000 * median:.0f} ms", f"{ratio}  (best {1000 * min(seconds):.0f} ms)")


if __name__ == "__main__":
    show(measures, SHARED / "hf_daily")

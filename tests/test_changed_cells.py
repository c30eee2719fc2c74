"""What the browser sends is the same screen, cell for cell, as what Textual would have sent."""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._context import active_app
from textual.driver import Driver
from textual.events import Event, Key, Resize
from textual.geometry import Size
from textual.strip import Strip

from store.importers import sources
from tui.app import PaperdeckApp
from tui.clipboard import Clipboard
from tui.setting import Setting
from tui.terminal import CHANGED_CELLS, TEXTUAL
from tui.terminal.display import ChangedCellsApp, reason_against

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from glass import GlassMaker
    from textual.screen import Screen

    from store.library import Library

pytest_plugins = ["tests.browsing", "tests.glass"]

PATIENCE = 20.0
CHARACTERS = {"space": " ", "tab": "\t", "enter": "\r", "?": "?"}

TITLES = (
    "深度学习 in plain words, 第二版",
    "Cafe\u0301s, nai\u0308ve readers and e\u0301te\u0301",
    "A family 👩\u200d👩\u200d👧 of models ⚠\ufe0f that grows 🚀",
    "שלום עולם: reading from the right",
    "한국어 문서 요약 ½ “quoted” — and dashed…",
    "ทดสอบ ภาษาไทย with marks",
)
"""Characters of two cells and of none, and such as terminals do not agree on."""
MOVES = ("j", "k", "G", "g g", "space", "pagedown", "pageup", "tab", "ctrl+d", "ctrl+u", "enter")
OTHERS = (
    *("a", "u", "s", "w", "r", "v", "V", "S", "ctrl+l", "escape", "> >", "< <", ", t", ", d"),
    *("/ l a n g enter", "/ 深 enter", "/ x q z", "t n e w escape", "+ a b c enter", "y y", "o"),
    *(
        "? j j escape",
        ": t h e escape",
        ": c o l o u r s enter l i enter",
        "H j escape",
        "f escape",
    ),
    *("y", "ctrl+c j", "enter pagedown escape", "R", "D", "= ", "1"),
)
"""Keys one after the other: what they open lies over the browser, or stands in its lines."""
SIZES = ((80, 24), (120, 36), (60, 20), (200, 50), (81, 25), (20, 5))
COLOURS = {"dark": "truecolor", "light": "256", "terminal": "standard"}


class Recorder(Driver):
    """A terminal that keeps what it is sent."""

    def __init__(self, app: Bench, **options: Any) -> None:
        super().__init__(app, **options)
        self.app = app

    def write(self, data: str) -> None:
        self.app.sent += data

    def start_application_mode(self) -> None:
        self.app.resize(*(self._size or (80, 24)))

    def disable_input(self) -> None:
        pass

    def stop_application_mode(self) -> None:
        pass


class Bench(PaperdeckApp):
    """A browser whose screen is looked at after each frame."""

    def begin(self, make_glass: GlassMaker, theme: str, size: tuple[int, int]) -> None:
        """Write to a screen of this size, which has as many colours as the theme asks for."""
        self.driver_class = Recorder
        self.console = Console(color_system=COLOURS[theme], force_terminal=True)  # type: ignore[arg-type]
        self.sent = ""
        self._is_told = False
        self._painted = Size(0, 0)
        self.frames = self.written = self.written_by_textual = 0
        self._make_glass = make_glass
        self._erases_ground = erases_ground(theme)
        self._take_glasses(*size)

    def resize(self, columns: int, lines: int) -> None:
        self._take_glasses(columns, lines)
        self.sent, self._is_told = "", False
        self.post_message(Resize(Size(columns, lines), Size(columns, lines)))

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Resize):
            # Frames that were painted before are anywhere on the one, and on the other.
            self._take_glasses(self.ours.columns, len(self.ours.cells))
            self._is_told = True
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Compare what the terminal shows after a frame with what Textual would have it show."""
        is_sent = renderable is not None and self._has_terminal
        if isinstance(renderable, LayoutUpdate):
            self._painted = renderable.region.size
        super()._display(screen, renderable)
        sent, self.sent = self.sent, ""
        wanted = anew(renderable).render_segments(self.console) if is_sent else ""
        self.ours.feed(sent)
        self.textual_s.feed(wanted)
        assert sent.count("\x1b[?2026h") <= 1
        if not (is_sent and self._is_told and self._is_of_this_size) or self._is_held:
            return  # all is painted again: once the size is known, and the first result there
        for y in self.ours.touched | self.textual_s.touched:
            pairs = zip(self.ours.seen_on(y), self.textual_s.seen_on(y), strict=True)
            for x, (cell, right) in enumerate(pairs):
                assert cell == right, f"line {y}, cell {x}, after {sent!r}"
        self.ours.touched.clear()
        self.textual_s.touched.clear()
        self.frames += 1
        self.written += len(sent)
        self.written_by_textual += len(wanted)

    @property
    def is_whole(self) -> bool:
        """Whether the terminal shows all that Textual would paint of the screen as it is."""
        if not self._is_of_this_size:
            return False
        active_app.set(self)  # toasts that are about to go have no other way to it
        strips = self.screen._compositor.render_strips()  # noqa: SLF001 what nothing else tells
        wanted = self._make_glass(self.ours.columns, len(self.ours.cells))
        whole = LayoutUpdate([[strip] for strip in strips], self.screen.size.region)
        wanted.feed(anew(whole).render_segments(self.console))
        return bool(wanted.seen() == self.ours.seen())

    def _take_glasses(self, columns: int, lines: int) -> None:
        self.ours, self.textual_s = (self._make_glass(columns, lines) for _ in range(2))
        # What a terminal makes of the old screen is not known: it may be anything.
        rubbish = "".join(f"\x1b[{y + 1}H{'深' * (columns // 2)}" for y in range(lines))
        for glass in (self.ours, self.textual_s):
            glass.feed(rubbish)
        self.ours.erases_ground = self._erases_ground

    @property
    def _is_of_this_size(self) -> bool:
        """Whether a frame was painted for the size that the terminal has now."""
        return self._painted == (self.ours.columns, len(self.ours.cells))


def erases_ground(theme: str) -> bool:
    """Tell whether the terminal of a theme keeps the ground of what it erases."""
    return theme != "light"


def anew(update: LayoutUpdate | ChopsUpdate) -> LayoutUpdate | ChopsUpdate:
    """Return a frame whose styles were never written: each keeps the colours it was written in."""

    def again(strip: Strip) -> Strip:
        return Strip(
            Segment(text, style.copy() if style else None, control)
            for text, style, control in strip
        )

    if isinstance(update, LayoutUpdate):
        return LayoutUpdate([list(map(again, strips)) for strips in update.strips], update.region)
    chops = [{x: one and again(one) for x, one in line.items()} for line in update.chops]
    return ChopsUpdate(chops, update.spans, update.chop_ends)


@asynccontextmanager
async def bench(
    library: Library,
    folder: Path,
    make_glass: GlassMaker,
    theme: str = "dark",
    writer: str = CHANGED_CELLS,
) -> AsyncIterator[Bench]:
    app = Bench(
        library,
        lambda urls: urls,
        lambda write: Clipboard({"SSH_TTY": "x"}, None, write, folder / "copy"),
        Setting(theme=theme, rest_seconds=0, writer=writer, erases_ground=erases_ground(theme)),
    )
    app.begin(make_glass, theme, SIZES[0])
    running = asyncio.create_task(app.run_async(size=SIZES[0]))
    try:
        await until(app, lambda: app.is_running and app.frames and app.screen_stack)
        yield app
    finally:
        app.exit()
        await running
    assert app.return_code == 0


async def until(app: Bench, condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert not app.return_code, "it failed, and says why when it ends"
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def rest(app: Bench) -> None:
    """Wait until nothing is painted any more."""
    frames = -1
    while frames != app.frames:
        frames = app.frames
        await asyncio.sleep(0.3)


async def press(app: Bench, keys: str) -> None:
    for key in keys.split():
        name = "question_mark" if key == "?" else key
        character = CHARACTERS.get(key, key if len(key) == 1 else None)
        app.post_message(Key(name, character))
    await until(app, lambda: not app._keys)  # noqa: SLF001 a pause would be a guess


@pytest.fixture
def wide(sample: Library, tmp_path: Path) -> Library:
    """The sample, with titles and abstracts that are not plain."""
    path = tmp_path / "wide.jsonl"
    records = [
        {"id": f"arxiv:2604.{number:05}", "title": title, "abstract": f"{title}. " * 12}
        for number, title in enumerate(TITLES * 2)
    ]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    sample.imports.bring_in(sources([path]))
    return sample


@pytest.mark.parametrize("theme", list(COLOURS))
async def test_no_cell_differs_from_textual_s_own_output(
    wide: Library, tmp_path: Path, make_glass: GlassMaker, theme: str
) -> None:
    chance = random.Random(theme)  # noqa: S311 no secret
    async with bench(wide, tmp_path, make_glass, theme) as app:
        for step in range(1, 61):
            kind = chance.random()
            if kind < 0.08:
                app.resize(*chance.choice(SIZES))
            elif kind < 0.12:
                app.notify(chance.choice(TITLES), timeout=0.3)
            else:
                await press(app, chance.choice(MOVES if kind < 0.6 else OTHERS))
            if chance.random() < 0.5:
                await asyncio.sleep(0.01)
            if step % 10 == 0:
                await until(app, lambda: app.is_whole)
        assert app.frames > 15
        assert app.written < app.written_by_textual / 2


async def test_what_is_there_already_is_not_sent_and_ctrl_l_sends_it_all(
    wide: Library, tmp_path: Path, make_glass: GlassMaker
) -> None:
    async with bench(wide, tmp_path, make_glass) as app:
        await press(app, "j k")
        await until(app, lambda: " of " in app.ours.picture)
        await rest(app)
        before, frames = app.written, app.frames
        app.refresh(layout=True)
        await until(app, lambda: app.frames > frames)
        assert app.written == before
        app.ours.feed("\x1b[1Hanother program wrote here\x1b[H\x1b[m")
        app.textual_s.feed("\x1b[1Hanother program wrote here\x1b[H\x1b[m")
        await press(app, "ctrl+l")
        await until(app, lambda: "another" not in app.ours.picture)
        assert app.written - before > 1_500


async def test_the_writer_can_be_turned_off_and_says_why_it_is(
    sample: Library, tmp_path: Path, make_glass: GlassMaker
) -> None:
    async with bench(sample, tmp_path, make_glass) as app:
        assert (app.writer, app.writer_reason) == (CHANGED_CELLS, "")
    async with bench(sample, tmp_path, make_glass, writer=TEXTUAL) as app:
        assert (app.writer, app.writer_reason) == (TEXTUAL, "configured")
        await press(app, "j")
        assert app.written >= app.written_by_textual


def test_another_textual_than_the_one_that_is_known_writes_itself() -> None:
    class Other:
        pass

    assert reason_against(ChangedCellsApp()) == ""
    missing = "App._batch_count, App._closed, App._driver, App._running, App._sync_available"
    assert reason_against(Other()) == f"Textual has changed: {missing}"  # type: ignore[arg-type]

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from rich.cells import cell_len
from textual.app import App
from typing_extensions import override

import tui
from store.tagnames import TagEdit
from tui.listing import ListView
from tui.listlines import ListLines
from tui.marks import Marks
from tui.rows import Rows
from tui.themes import DARK
from tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from conftest import Desk, RecordBuilder
    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.widget import Widget

    from store.library import Library

HOSTILE = (
    "[bold red]GPT-[n][/] [/bold] [link=http://x.y]",
    "\x1b[2J\x1b[31mred\x1b]52;c;aGk=\x07 \x9b5m \x00\x08\x7f",
    "left \u202eright\u202c \u2066isolated\u2069 \u200f",
    "tabs\tand\nlines\r\n\x85\u2028here",
    "W" * 10_000,
    "深度学习" * 40,
    "👩‍👩‍👧 e\u0301" * 30,
    "",
)


class Bench(App[None]):
    """A list alone on the screen."""

    CSS_PATH = Path(tui.__file__).parent / "look.tcss"

    def __init__(self, shown: PaperList) -> None:
        super().__init__()
        self._list = shown
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield self._list


@asynccontextmanager
async def bench(
    library: Library,
    *,
    width: int = 60,
    rows: Rows | None = None,
    columns: Sequence[str] | None = None,
) -> AsyncIterator[PaperList]:
    shown = PaperList(rows or Rows(library), columns)
    async with Bench(shown).run_test(size=(width, 12)) as pilot:
        await pilot.pause()
        yield shown


async def painted(shown: PaperList) -> None:
    """Wait until everything is painted."""
    while waiting(shown):  # noqa: ASYNC110 the screen tells nobody that it has painted
        await asyncio.sleep(0.01)


def lines(shown: PaperList) -> list[str]:
    return [shown.render_line(y).text.rstrip() for y in range(shown.size.height)]


def ys(shown: PaperList) -> list[int]:
    """Return the lines that wait for being painted."""
    return sorted(y for region in waiting(shown) for y in range(region.y, region.bottom))


def waiting(widget: Widget) -> set[Region]:
    """Return which parts of a widget wait for being painted."""
    return set(widget._repaint_regions)  # noqa: SLF001 no other way to see them


def is_safe(text: str) -> bool:
    joiners = "\u200c\u200d"
    return all(char in joiners or unicodedata.category(char)[0] != "C" for char in text)


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    """Forty papers of one day."""
    return desk.bring_in(*(record(f"Paper {n}", day="2026-04-29") for n in range(40))).papers


@pytest.fixture
def statements(library: Library) -> Iterator[list[str]]:
    """What SQLite is asked by the interface's own thread."""
    asked: list[str] = []
    connection = library._database.connection  # noqa: SLF001 no other way to count them
    connection.set_trace_callback(asked.append)
    yield asked
    connection.set_trace_callback(None)


async def test_going_one_down_repaints_two_rows_and_asks_for_nothing(
    library: Library, keys: tuple[int, ...], statements: list[str]
) -> None:
    view = ListView(keys, height=12)
    async with bench(library) as shown:
        shown.show(ListLines(view, is_active=True))
        await painted(shown)
        statements.clear()
        shown.show(ListLines(view.moved(1), is_active=True))
        assert ys(shown) == [0, 1]
        await painted(shown)
        shown.show(ListLines(view.moved(1), is_active=True))
        assert ys(shown) == []
        assert statements == []


async def test_a_page_down_fetches_the_rows_that_come_into_sight_once(
    library: Library, keys: tuple[int, ...], statements: list[str]
) -> None:
    view = ListView(keys, height=12)
    async with bench(library) as shown:
        shown.show(ListLines(view, is_active=True))
        await painted(shown)
        statements.clear()
        shown.show(ListLines(view.paged(1), is_active=True))
        await painted(shown)
        asked = [re.findall(r"\d+", row.partition("key IN")[2]) for row in statements]
        assert [len(numbers) for numbers in asked if numbers] == [12], "the others are their tags"
        statements.clear()
        shown.show(ListLines(view, is_active=True))
        await painted(shown)
        assert statements == [], "rows that were seen are remembered"


async def test_a_star_repaints_its_row_and_fetches_no_other(
    library: Library, keys: tuple[int, ...]
) -> None:
    rows = Rows(library)
    view = ListView(keys, height=12)
    async with bench(library, rows=rows) as shown:
        shown.show(ListLines(view, is_active=True))
        await painted(shown)
        library.tags.edit(keys[7:8], TagEdit(added=("starred",)))
        shown.show_changed(rows.renew(view.shown))
        assert ys(shown) == [7]
        assert lines(shown)[7].startswith(" ●★ ")
        await painted(shown)
        shown.show_changed(rows.renew(view.shown))
        assert ys(shown) == []


class Watched(tuple[int, ...]):
    """Numbers, of which each look is counted."""

    __slots__ = ()
    looks: ClassVar[Counter[int]] = Counter()

    @override
    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        self.looks[id(self)] += len(found) if isinstance(index, slice) else 1
        return found

    @override
    def __iter__(self) -> Iterator[int]:
        self.looks[id(self)] += len(self)
        return super().__iter__()


async def test_a_long_list_is_shown_without_looking_through_it(library: Library) -> None:
    keys, starts = Watched(range(1, 75_001)), Watched(range(0, 75_000, 40))
    marks = Marks(frozenset(range(1, 75_001)))
    view = ListView(keys, height=12, starts=starts).to(37_519)
    async with bench(library) as shown:
        shown.show(ListLines(view, is_active=True, marks=marks))
        for index in range(37_500, 37_600):
            Watched.looks.clear()
            shown.show(ListLines(view.to(index), is_active=True, marks=marks))
            assert 0 < Watched.looks[id(keys)] <= 3 * view.height
            # Each line of the window asks a few times where it is, of 1,875 headings.
            assert Watched.looks[id(starts)] <= 100 * view.height
        assert ys(shown)


@pytest.mark.parametrize("width", [200, 120, 61, 36, 20, 6, 2, 1])
@pytest.mark.parametrize("starts", [(), (0, 3)])
async def test_every_row_fills_its_line_exactly_and_is_safe(
    library: Library, desk: Desk, record: RecordBuilder, width: int, starts: tuple[int, ...]
) -> None:
    records = [
        record(
            title, f"arxiv:2401.{number:05}", day="2024-01-02", votes=10**number, authors=HOSTILE
        )
        for number, title in enumerate(HOSTILE)
    ]
    keys = desk.bring_in(*records).papers
    desk.tag(f"+{'深' * 50} +{'x' * 90} +starred", *keys[:4])
    async with bench(library, width=width) as shown:
        shown.show(ListLines(ListView(keys, selected=1, height=12, starts=starts), is_active=True))
        for y in range(shown.size.height):
            strip = shown.render_line(y)
            assert strip.cell_length == shown.size.width == cell_len(strip.text)
            assert is_safe(strip.text), strip.text


async def test_a_row_shows_signs_title_tags_and_what_the_width_has_room_for(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(
        record(
            "Counting [bold] sheep",
            "arxiv:2401.00001",
            day="2024-01-02",
            votes=12,
            authors=("Ada Lovelace", "Bo Ek", "Cy Young"),
        ),
        record("Counting goats at night, one by one by one by one by one", votes=None),
    ).papers
    desk.tag("+rl +agents +queued -unread", keys[0])
    authors, facts = "Lovelace, Ek +1", "2024-01-02     12        arxiv:2401.00001"
    for width, rows in {
        161: [
            f"   » {'Counting [bold] sheep':<83}  agents rl  {authors}   {facts}",
            " ●   Counting goats at night, one by one by one by one by one",
        ],
        80: [
            "   » Counting [bold] sheep                         agents rl  2024-01-02     12",
            " ●   Counting goats at night, one by one by one by one by o…",
        ],
        40: [
            "   » Counting [bold]…   agents rl    12",
            " ●   Counting goats at night, on…",
        ],
        24: [
            "   » Counting…  age… +1",
            " ●   Counting goats at…",
        ],
    }.items():
        async with bench(library, width=width) as shown:
            shown.show(ListLines(ListView(keys, selected=1, height=9), is_active=True))
            assert lines(shown)[:2] == rows


async def test_only_the_configured_columns_are_shown(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(record("Sheep", "arxiv:2401.00001", day="2024-01-02", votes=12)).papers
    desk.tag("+rl", *keys)
    async with bench(library, width=61, columns=("id",)) as shown:
        shown.show(ListLines(ListView(keys, height=9), is_active=True))
        assert lines(shown)[0] == f" ●   {'Sheep':<37}  arxiv:2401.00001"


async def test_days_have_headings_that_say_how_far_the_reader_is(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    days = ("2026-04-29", "2026-04-29", "2026-04-28", "2026-03", None)
    keys = desk.bring_in(
        *(record(f"Paper {number}", day=day, votes=7) for number, day in enumerate(days))
    ).papers
    desk.tag("-inbox", keys[1], keys[2])
    view = ListView(keys, height=12, starts=(0, 2, 3, 4))
    async with bench(library, width=61) as shown:
        shown.show(ListLines(view, is_active=True))
        assert lines(shown) == [
            f" {'2026-04-29 Wednesday':<48}1 of 2 left",
            f" ●   {'Paper 0':<54}7",
            f" ✓   {'Paper 1':<54}7",
            f" {'2026-04-28 Tuesday':<55}done",
            f" ✓   {'Paper 2':<54}7",
            f" {'2026-03':<48}1 of 1 left",
            f" ●   {'Paper 3':<54}7",
            " no day",
            " ●   Paper 4",
            *[""] * 3,
        ]
    async with bench(library, width=30) as shown:
        shown.show(ListLines(view, is_active=True))
        assert lines(shown)[0] == " 2026-04-29 Wednesday", "the day before its progress"


async def test_deciding_on_a_paper_repaints_its_row_and_the_heading_of_its_day(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(*(record(f"{n}", day=f"2026-04-0{n // 2 + 1}") for n in range(6))).papers
    rows = Rows(library)
    view = ListView(keys, height=12, starts=(0, 2, 4))
    async with bench(library, rows=rows) as shown:
        shown.show(ListLines(view, is_active=True))
        await painted(shown)
        library.tags.edit(keys[3:4], TagEdit(removed=("inbox",)))
        shown.show_changed(rows.renew(view.shown))
        assert ys(shown) == [3, 5]
        assert lines(shown)[3].endswith("1 of 2 left")
        # A paper of the day that is out of sight counts too.
        narrow = view.resized(2)
        shown.show(ListLines(narrow, is_active=True))
        await painted(shown)
        library.tags.edit(keys[1:2], TagEdit(removed=("inbox",)))
        shown.show_changed(rows.renew(narrow.shown))
        assert ys(shown) == [0]


async def test_moving_marking_and_leaving_repaint_what_differs(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(*(record(f"{n}", day=f"2026-04-0{n // 2 + 1}") for n in range(6))).papers
    view = ListView(keys, height=12, starts=(0, 2, 4))
    async with bench(library) as shown:
        shown.show(ListLines(view, is_active=True))
        await painted(shown)
        shown.show(ListLines(view.moved(2), is_active=True))
        assert ys(shown) == [1, 4]
        await painted(shown)
        marks = Marks().toggled(keys[0]).toggled(keys[5])
        shown.show(ListLines(view.moved(2), is_active=True, marks=marks))
        assert ys(shown) == [1, 8]
        assert lines(shown)[1].startswith("▌●")
        await painted(shown)
        shown.show(ListLines(view.moved(2), is_active=False, marks=marks))
        assert ys(shown) == [4]
        await painted(shown)
        shown.show(ListLines(view.moved(2), is_active=False, marks=marks, newest=keys[3]))
        assert ys(shown) == [1, 2, 4, 5]
        assert [line[1] for line in lines(shown)[:9]] == [*"2○○2○○2●●"]
        await painted(shown)
        shown.show(ListLines(view.moved(2), is_active=False, marks=marks, newest=keys[3]))
        assert ys(shown) == []


async def test_a_list_without_headings_takes_other_columns_at_once(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(*(record(f"{n}", day="2026-04-01") for n in range(6))).papers
    async with bench(library) as shown:
        shown.show(ListLines(ListView(keys, height=2, starts=(0,), top=1), is_active=True))
        await painted(shown)
        shown.show(ListLines(ListView(keys, height=2), is_active=True))
        assert [(r.y, r.height) for r in waiting(shown)] == [(0, shown.size.height)]


async def test_a_paper_that_is_not_there_leaves_an_empty_row(
    library: Library, keys: tuple[int, ...]
) -> None:
    async with bench(library) as shown:
        shown.show(
            ListLines(ListView((keys[0], 9_999, keys[1]), height=12, starts=(0, 1)), is_active=True)
        )
        assert [line[:12] for line in lines(shown)[:5]] == [
            " 2026-04-29 ",
            " ●   Paper 0",
            "",
            "",
            " ●   Paper 1",
        ]

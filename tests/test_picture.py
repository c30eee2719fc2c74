from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size
from rich.color import Color, ColorSystem
from rich.style import Style

from tui.terminal.lines import cells_of, is_sure
from tui.terminal.moves import move
from tui.terminal.pens import PLAIN, Pen, change, pen, pen_of
from tui.terminal.picture import Picture, Piece

if TYPE_CHECKING:
    from glass import GlassMaker

pytest_plugins = ["tests.glass"]

WIDTH, HEIGHT = 24, 4
PENS = (
    PLAIN,
    pen(("1",)),
    pen(("1", "2"), "31"),
    pen((), "38;2;1;2;3", "48;2;4;5;6"),
    pen(("4",), "", "44"),
    pen(("7",), "32"),
    pen((), "", "48;5;17"),
    pen((), "34", "", "https://example.org/a"),
    pen((), "34", "", "https://example.org/b"),
)
CLUSTERS = (*"aab    …é深あ🚀", "e\u0301", "⚠\ufe0f", "👩\u200d👧")
texts = st.lists(st.sampled_from(CLUSTERS), max_size=WIDTH).map("".join)
lines = st.lists(st.tuples(texts, st.sampled_from(PENS)), max_size=4)
frames = st.lists(st.dictionaries(st.integers(0, HEIGHT - 1), lines, max_size=3), max_size=5)


def piece(y: int, parts: list[tuple[str, Pen]]) -> Piece:
    """Return a whole line of these parts, cut off and filled up."""
    whole, left = [], WIDTH
    for text, own in (*parts, (" " * WIDTH, PENS[3])):
        cut = set_cell_size(text, min(cell_len(text), left))
        whole.append((cut, own))
        left -= cell_len(cut)
    return Piece(y, 0, WIDTH, whole)


def in_full(one: Piece) -> str:
    """Return what writes a line without any knowledge of what is there."""
    cells = (f"{change(PLAIN, own)}{text}{change(own, PLAIN)}" for text, own in one.texts)
    return f"\x1b[{one.y + 1}H{''.join(cells)}"


@settings(deadline=None)
@given(frames, st.booleans())
def test_a_picture_becomes_what_it_is_told_to(
    make_glass: GlassMaker,
    frames: list[dict[int, list[tuple[str, Pen]]]],
    erases_ground: bool,  # noqa: FBT001 as it is given
) -> None:
    picture = Picture(erases_ground=erases_ground)
    ours, wanted = make_glass(WIDTH, HEIGHT), make_glass(WIDTH, HEIGHT)
    ours.erases_ground = erases_ground
    for frame in frames:
        pieces = [piece(y, parts) for y, parts in frame.items()]
        ours.feed(picture.become(pieces, (WIDTH, HEIGHT), (0, 0)))
        wanted.feed("".join(map(in_full, pieces)))
        assert ours.seen() == wanted.seen()
        assert picture.become(pieces, (WIDTH, HEIGHT), (0, 0)) == "", "nothing twice"


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("one two", "one ten", "\x1b[6Hen"),
        ("a much longer line", "short", "\x1b[Hshort\x1b[K"),
        ("a bcdefghijkl z", "X bcdefghijkl Y", "\x1b[HX\x1b[15GY"),
        ("深度学习", "深度研习", "\x1b[1;5H研"),
        ("ab", "a b c", "\x1b[Ha b c"),
        ("é", "e\u0301", "\x1b[He\u0301\x1b[2G\x1b[K"),
    ],
)
def test_only_what_differs_is_sent(before: str, after: str, sent: str) -> None:
    picture = Picture()
    for text in (before, after):
        shown = [Piece(0, 0, WIDTH, [(set_cell_size(text, WIDTH), PLAIN)])]
        frame = picture.become(shown, (WIDTH, 1), (0, 0))
    assert frame.removesuffix("\x1b[H").removesuffix("\r") == sent.replace("\x1b[6H", "\x1b[1;6H")


@pytest.mark.parametrize(
    ("erases_ground", "sent"),
    [
        (True, "\x1b[H\x1b[44ma\x1b[7X\x1b[8C\x1b[K\x1b[m"),
        (False, "\x1b[H\x1b[44ma       \x1b[C               \x1b[m"),
    ],
)
def test_blanks_on_a_ground_are_erased_where_the_terminal_keeps_it(
    *, erases_ground: bool, sent: str
) -> None:
    blue = pen((), "", "44")
    picture = Picture(erases_ground=erases_ground)
    for text in ("much longer lines than those", "a"):
        parts = [(set_cell_size(text, 8), blue), ("b", PLAIN), (set_cell_size(text[1:], 15), blue)]
        frame = picture.become([Piece(0, 0, WIDTH, parts)], (WIDTH, 1), None)
    assert frame == sent


def test_what_terminals_may_draw_otherwise_is_put_where_it_belongs() -> None:
    picture = Picture()
    frame = picture.become([Piece(0, 0, 6, [("a⚠\ufe0fbcd", PLAIN)])], (6, 1), (0, 0))
    assert frame == "\x1b[Ha  \x1b[2G⚠\ufe0f\x1b[4Gbcd\r"


def test_a_frame_that_can_not_be_made_is_not_taken_for_sent() -> None:
    picture = Picture()
    picture.become([Piece(0, 0, 4, [("aaaa", PLAIN)])], (4, 1))
    with pytest.raises(KeyError):
        picture.become([Piece(0, 0, 4, [("bb", pen(("no attribute",))), ("cc", PLAIN)])], (4, 1))
    assert picture.become([Piece(0, 0, 4, [("bbcc", PLAIN)])], (4, 1)) == "\x1b[Hbbcc"


def test_what_a_piece_begins_with_joins_the_character_before_it_once(
    make_glass: GlassMaker,
) -> None:
    picture, glass = Picture(), make_glass(6, 1)
    whole = (Piece(0, 0, 2, [("/e", PLAIN)]), Piece(0, 2, 6, [("\u0301    ", PLAIN)]))
    glass.feed(picture.become(whole, (6, 1)))
    assert glass.text == "/e\u0301    "
    for text in ("\u0301a   ", "\u0301ab  ", "\u0302ab  ", "\u0301abc "):
        glass.feed(picture.become([Piece(0, 2, 6, [(text, PLAIN)])], (6, 1)))
        assert glass.text == f"/e{text}"
    glass.feed(picture.become([Piece(0, 2, 6, [("é", PLAIN), ("\u0301\u0302bc", PLAIN)])], (6, 1)))
    assert glass.text == "/e\u0301é\u0301\u0302bc "


def test_a_joiner_that_a_cut_has_left_alone_is_not_sent() -> None:
    picture = Picture()
    for parts in (
        [(" ", PLAIN), ("\u200d👧 a", PENS[1])],
        [("\u200d\u200d", PLAIN), ("ab", PLAIN)],
    ):
        sent = picture.become([Piece(0, 0, 6, parts)], (6, 1))
        assert sent
        assert "\u200d" not in sent
    whole = picture.become([Piece(0, 0, 6, [("👩\u200d👧", PLAIN)])], (6, 1))
    assert "👩\u200d👧" in whole


@pytest.mark.parametrize(
    ("before", "after", "sequence"),
    [
        (PLAIN, pen(("1",), "31"), "\x1b[1;31m"),
        (pen(("1",), "31", "44"), pen((), "31", "44"), "\x1b[22m"),
        (pen(("1", "2")), pen(("2",)), "\x1b[0;2m"),
        (pen(("1",), "38;2;1;2;3", "44"), PLAIN, "\x1b[m"),
        (pen(("1", "3", "4", "7"), "31"), pen((), "31"), "\x1b[0;31m"),
        (pen((), "31"), pen((), "", "41"), "\x1b[0;41m"),
        (pen(link="x"), pen(link="y"), "\x1b]8;id=p;y\x1b\\"),
        (pen(link="x"), PLAIN, "\x1b]8;;\x1b\\"),
    ],
)
def test_a_pen_becomes_another_by_the_shortest_way(before: Pen, after: Pen, sequence: str) -> None:
    assert change(before, after) == sequence


@pytest.mark.parametrize(
    ("way", "sequence"),
    [
        ((None, None, 0, 0), "\x1b[H"),
        ((None, None, 4, 2), "\x1b[3;5H"),
        ((10, 5, 10, 6), "\x1bD"),
        ((10, 5, 0, 6), "\x1bD\r"),
        ((10, 5, 8, 5), "\x1b[9G"),
        ((10, 5, 11, 5), "\x1b[C"),
        ((100, 5, 101, 4), "\x1b[A\x1b[C"),
        ((None, 5, 0, 5), "\r"),
        ((100, 30, 100, 9), "\x1b[21A"),
    ],
)
def test_the_cursor_goes_the_shortest_way(
    way: tuple[int | None, int | None, int, int], sequence: str
) -> None:
    assert move(*way) == sequence


def test_a_style_is_written_in_as_many_colours_as_the_terminal_has() -> None:
    style = Style(color="#ff0000", bgcolor="default", bold=True, dim=False, link="x")
    assert pen_of(style, ColorSystem.TRUECOLOR) == pen(("1",), "38;2;255;0;0", "", "x")
    assert pen_of(style, ColorSystem.EIGHT_BIT) == pen(("1",), "38;5;196", "", "x")
    assert pen_of(style, ColorSystem.STANDARD).colour in {"31", "91"}
    assert pen_of(None, ColorSystem.TRUECOLOR) == PLAIN
    assert pen_of(Style(color=Color.default()), ColorSystem.TRUECOLOR) == PLAIN


def test_what_is_called_sure_has_the_cells_that_are_counted_for_it() -> None:
    for code in range(0x20, 0x11_0000):
        char = chr(code)
        if is_sure(char):
            assert [len(cell) for cell in cells_of(char)] == [1, 0][: cell_len(char)]
            assert cell_len(char), f"{code:x}"


@given(texts)
def test_a_text_has_as_many_cells_as_textual_counts(text: str) -> None:
    cells = cells_of(text)
    assert len(cells) == cell_len(text)
    assert "".join(cells) == text or not cell_len(text[:1])

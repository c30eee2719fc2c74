"""How characters are written: colours, attributes, links, and the shortest way between two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from rich.style import Style

_ATTRIBUTES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "blink": "5",
    "blink2": "6",
    "reverse": "7",
    "conceal": "8",
    "strike": "9",
    "underline2": "21",
    "frame": "51",
    "encircle": "52",
    "overline": "53",
}
"""What turns each attribute on: ECMA-48, "Select graphic rendition"."""
_OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "51": "54",
    "52": "54",
    "53": "55",
}
"""What turns it off again, and others with it."""
_SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
_EXTENDED = ("38", "48")
"""What a colour, and a ground, of many begins with."""
_LENGTHS = {"2": 5, "5": 3}
"""How many parameters these have: by parts, or by number."""
_GROUND_TENS = {"4", "10"}
_TENS = {"3", "9", *_GROUND_TENS}
_OWN = {"39", "49"}
"""The terminal's own."""
_END_OF_LINK = "\x1b]8;;\x1b\\"


@dataclass(frozen=True, slots=True, eq=False)
class Pen:
    """What a character is written with, as parameters of "Select graphic rendition".

    Pens are made by `pen`, once each: so comparing them, which is most of the work, is comparing
    their places. At worst one is made twice, and a cell written again.
    """

    attributes: tuple[str, ...]
    """What turns them on."""
    colour: str
    """Empty for the terminal's own."""
    ground: str
    """As `colour`."""
    link: str
    """The address that the character leads to."""


_made = lru_cache(maxsize=4096)(Pen)


def pen(
    attributes: tuple[str, ...] = (), colour: str = "", ground: str = "", link: str = ""
) -> Pen:
    """Return the pen that writes so."""
    return _made(attributes, colour, ground, link)


PLAIN = pen()


@lru_cache(maxsize=4096)
def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """Return the pen for a style on a terminal with so many colours."""
    if style is None:
        return PLAIN
    attributes = tuple(code for name, code in _ATTRIBUTES.items() if getattr(style, name))
    colour, ground = (
        ";".join(one.downgrade(system).get_ansi_codes(foreground=is_colour)) if one else ""
        for one, is_colour in ((style.color, True), (style.bgcolor, False))
    )
    return pen(
        attributes,
        "" if colour == "39" else colour,
        "" if ground == "49" else ground,
        style.link or "",
    )


@lru_cache(maxsize=4096)
def pen_as_sent(sgr: str) -> Pen:
    """Return the pen that was taken by these parameters of "Select graphic rendition"."""
    attributes: list[str] = []
    colours = ["", ""]
    codes = sgr.split(";") if sgr else []
    while codes:
        code, length = codes[0], 1
        if code in _EXTENDED and len(codes) > 1:
            length = _LENGTHS.get(codes[1], 1)
            colours[_EXTENDED.index(code)] = ";".join(codes[:length])
        elif code[:-1] in _TENS:
            colours[code[:-1] in _GROUND_TENS] = "" if code in _OWN else code
        else:
            attributes.append(code)
        del codes[:length]
    return pen(tuple(attributes), *colours)


@lru_cache(maxsize=4096)
def seen_on_blanks(own: Pen) -> Pen:
    """Return a pen without what makes no difference to a blank."""
    if own.link or not _SEEN_ON_BLANKS.isdisjoint(own.attributes):
        return own
    return pen(ground=own.ground)


def is_erased_with(blank: Pen) -> bool:
    """Tell whether a blank that is seen so can be erased: it has a ground at the most."""
    return not (blank.attributes or blank.link)


@lru_cache(maxsize=4096)
def blank_pen(before: Pen, blank: Pen) -> Pen:
    """Return the pen nearest to `before` that a blank looks the same with as with `blank`.

    That is one which `seen_on_blanks` has returned.
    """
    if blank.attributes or blank.link:
        return blank
    attributes = tuple(one for one in before.attributes if one not in _SEEN_ON_BLANKS)
    return pen(attributes, before.colour, blank.ground)


@lru_cache(maxsize=4096)
def change(before: Pen, after: Pen) -> str:
    """Return the shortest sequence that makes one pen another."""
    return _graphic_change(before, after) + _link_change(before, after)


def _graphic_change(before: Pen, after: Pen) -> str:
    ended = {_OFF[one] for one in before.attributes if one not in after.attributes}
    kept = [one for one in before.attributes if _OFF[one] not in ended]
    parts = [*sorted(ended), *(one for one in after.attributes if one not in kept)]
    if before.colour != after.colour:
        parts.append(after.colour or "39")
    if before.ground != after.ground:
        parts.append(after.ground or "49")
    if not parts:
        return ""
    anew = ";".join(filter(None, ("0", *after.attributes, after.colour, after.ground)))
    return f"\x1b[{min(';'.join(parts), anew if anew != '0' else '', key=len)}m"


def _link_change(before: Pen, after: Pen) -> str:
    if before.link == after.link:
        return ""
    if not after.link:
        return _END_OF_LINK
    # The id makes one link of the parts that are written at different times, and on different
    # lines: terminals join what has the same id and the same address ("Hyperlinks in terminal
    # emulators", the text that OSC 8 is specified by).
    return f"\x1b]8;id=p;{after.link}\x1b\\"

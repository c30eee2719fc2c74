r"""Showing TeX as a reader reads it: formulas, accents and macros in Unicode, by pylatexenc.

Only what is TeX is touched: a formula between its signs, a macro that is known with its arguments,
an accent. Money, unknown macros, `%` and `~` of plain prose stay as they are.

A superscript or a subscript is shown in Unicode's signs where each of its signs has one: `10⁻⁵`,
`xᵢⱼ`, `D⁽*⁾`. Unicode has none for a plus-minus, most Greek and many Latin letters: what has one of
these is written out behind `^` or `_`, without brackets where it is one sign or one word (`π^±`,
`W_eff`), in its own (`π^(±)`), else in round ones (`e^(-λ t)`, `x_(i,j)`).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from store.text import clean_line, clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_FORMULA = 1_000
LONGEST_MACRO = 5_000
"""Characters with all arguments. Longer ones stay as they are, as do deeper ones."""
DEEPEST = 12
"""Braces within braces."""

_DISPLAYED = r"\$\$(?P<displayed>(?:[^$\\\n]|\\.)++)\$\$"
_INLINE = r"\$(?P<inline>(?:[^$\\\n]|\\.)++)\$"
_ROUND = r"\\\((?P<round>(?:[^\\\n]|\\[^()\[\]\n])++)\\\)"
_SQUARE = r"\\\[(?P<square>(?:[^\\\n]|\\[^()\[\]\n])++)\\\]"
_FORMULA = re.compile(rf"\\\\|\\\$|{_DISPLAYED}|{_INLINE}|{_ROUND}|{_SQUARE}")

# What stands between two dollar signs may be prose: an amount with a word after it, two words.
_AMOUNT = re.compile(r"\d[\d.,]*\s*[kKMBT]?\s+[A-Za-z]{2,}")
_PROSE = re.compile(r"\b[^\W\d_]{2,}+[,;:]?\s+[^\W\d_]{2}")
_MACRO_WITH_TEXT = re.compile(r"\\[A-Za-z]+\s*(?:\{[^{}]*\})?")
_SPACED_NUMBER = re.compile(r"\s+[-+]?\d[\d.,]*%?")
_OPEN_END = frozenset(",;:/(-\u2013\u2014")
_MATH_SIGNS = re.compile(r"[\\^_{]")

_FLAT = r"\{[^{}]*+\}"
_NESTED = rf"\{{(?:[^{{}}]++|{_FLAT})*+\}}"
_GROUP = rf"\{{(?:[^{{}}]++|{_NESTED})*+\}}"
# What arXiv's own conversion left of `\beta`, `\rho` and `\kappa`: `\b{eta}`, `\r{ho}`, `\k{appa}`.
_BROKEN_GREEK = r"\\(?:b\{eta\}|r\{ho\}|k\{appa\}|t\{(?:au|heta)\}|u\{psilon\})"
_FRAGMENT = re.compile(
    r"\\\\"
    r"|\\'(?=s\b)"
    r"|\^(?:\\circ(?![A-Za-z])|\{\\circ\})"
    rf"|{_BROKEN_GREEK}"
    rf"|\{{(?=\\[A-Za-z'\"`^~=.])(?:[^{{}}]++|{_NESTED})*+\}}"
    r"|\\['`^~=.](?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[A-Za-z])"
    r"|\\\"(?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[AEIOUYaeiouy])"
    r"|\\[cHkruvbdt]\s?\{\\?[A-Za-z]{1,2}\}|\\[cvH] [A-Za-z](?![A-Z])"
    r"|\\(?:[oOlL]|ss|ae|AE|oe|OE|aa|AA|[ij])(?:\{\}|\s(?=[a-z]))"
    r"|\\[%&_#$ ,;:!{}/@-]"
    # TeX takes the blank behind a name for its end, and these two have words at both sides.
    r"|\\(?:slash|textunderscore)(?![A-Za-z{])[^\S\n]*"
    rf"|\\[A-Za-z]++\*?(?:\[[^\[\]{{}}]*+\])?(?:{_GROUP})*+"
)
_RAISING = re.compile(rf"(\{{)?\\text(super|sub)script\{{((?:[^{{}}]++|{_NESTED})*+)\}}(?(1)\}})")
_ADDRESS = re.compile(r"\\(?:href|url)\b")
_QUOTED = re.compile(r"``([^`\n]{1,300}?)''")
_MACRO = re.compile(r"\\([A-Za-z]+|.)")
_OWN_SIGNS = re.compile(r"(?<!\\)((?:\\\\)*)([%&#])")
_SCRIPT = re.compile(r"\\.|([\^_])\s*(\{|\\[A-Za-z]+|\\.|[^\s{}^_])")
# A macro's name may need a blank behind it where its sign needs none: `n\geq 1`.
_LOOSE = re.compile(
    r"(?<=[^\s,;:])([\xb1\xb7\xd7\xf7\u2190-\u21ff\u2208-\u220b\u2227-\u222a\u223c-\u226b"
    r"\u2282-\u2287\u22c5]) (?=\S)"
)
_ESCAPES = {
    **{f"\\{sign}": sign for sign in "%&_#${}"},
    **{f"\\{sign}": " " for sign in " ,;:"},
    **{f"\\{sign}": "" for sign in "!/@-"},
    "\\\\": "\\\\",
    "\\'": "'",
    "\\slash": "/",
    "\\textunderscore": "_",
    "\\deg": "\N{DEGREE SIGN}",
    "{\\deg}": "\N{DEGREE SIGN}",
    "^\\circ": "\N{DEGREE SIGN}",
    "^{\\circ}": "\N{DEGREE SIGN}",
}

_BRACKETED = re.compile(r"\([^()]+\)")
_RAISED_ALREADY = str.maketrans(
    {
        "\N{RING OPERATOR}": "\N{DEGREE SIGN}",
        "\N{DOWN TACK}": "\N{MODIFIER LETTER CAPITAL T}",
        "\N{ASTERISK OPERATOR}": "*",
        # Two primes become a quotation mark on the way here.
        "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
        **{sign: sign for sign in "*†‡⋆°'\N{PRIME}"},
    }
)
_SUPERSCRIPTS = _RAISED_ALREADY | str.maketrans(
    "0123456789+-\u2212=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW\u03b2\u03b3\u03b4\u03c6",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠ",
)
_SUBSCRIPTS = str.maketrans(
    "0123456789+-\u2212=()aehijklmnoprstuvx\u03b2\u03b3\u03c1\u03c6",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩ",
)


def has_tex(text: str) -> bool:
    """Tell whether a text has something that looks like TeX; money does not."""
    if "\\" not in text and "$" not in text and "``" not in text:
        return False
    return (
        any(body for _, body, _ in _formulas(text))
        or any(match.group() != "\\\\" for match in _FRAGMENT.finditer(text))
        or bool(_QUOTED.search(text))
    )


def readable(text: str) -> str:
    """Return `text` with its TeX shown in Unicode, as far as it is known; without controls."""
    if "\\" not in text and "$" not in text and "``" not in text:
        return _without_controls(text)
    return _readable(text)


@lru_cache(maxsize=256)
def _readable(text: str) -> str:
    parts = []
    done = 0
    for start, body, end in _formulas(text):
        shown = _shown_formula(body) if body else None
        parts += [text[done:start], text[start:end] if shown is None else shown]
        done = end
    text = "".join([*parts, text[done:]])
    text = _FRAGMENT.sub(lambda match: _shown_macro(match.group()), text)
    return _without_controls(_QUOTED.sub("\u201c\\1\u201d", text))


def raised(text: str) -> str:
    """Return plain text as a superscript: in signs of Unicode, else behind a circumflex."""
    return _script("^", text)


def lowered(text: str) -> str:
    """Return plain text as a subscript: in signs of Unicode, else behind a low line."""
    return _script("_", text)


def _without_controls(text: str) -> str:
    if text.replace("\n", "").isprintable():
        return text
    # A single line break parts paragraphs already.
    return clean_text(text.replace("\n", "\n\n"))


def _formulas(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield start, body and end of each formula; also of an escaped sign, without a body."""
    place = 0
    while match := _FORMULA.search(text, place):
        body = next(filter(None, match.groups()), "")
        place = match.end()
        if match["inline"] is not None and not _is_formula(body, text[place : place + 1]):
            place = match.start() + 1
        elif body:
            yield match.start(), body, place


def _is_formula(body: str, following: str) -> bool:
    """Tell whether what stands between two dollar signs is a formula, not prose between amounts.

    As Pandoc has it (its manual, extension tex_math_dollars) no blank stands within either sign,
    and no digit follows the last one; but a body with a sign of TeX in it may do so.
    """
    bare = body.strip()
    if not bare or len(bare) > LONGEST_FORMULA or _AMOUNT.match(bare):
        return False
    is_even = body[0].isspace() == body[-1].isspace()
    if _MATH_SIGNS.search(bare):
        return is_even or not _PROSE.search(_MACRO_WITH_TEXT.sub("", bare))
    if not any(char.isalnum() for char in bare):
        return is_even
    if following.isdigit() or _PROSE.search(bare):
        return False
    if bare[-1] in _OPEN_END and (bare[0].isdigit() or following.isalnum()):
        return False
    return is_even or bool(_SPACED_NUMBER.fullmatch(body))


@lru_cache(maxsize=4096)
def _shown_formula(body: str) -> str | None:
    """Return a formula in Unicode; None where it has to stay."""
    if len(body) > LONGEST_FORMULA or _depth(body) > DEEPEST:
        return None
    if not _MATH_SIGNS.search(body) and "~" not in body:
        return clean_line(body)
    shown = _converted(_with_scripts(body))
    return None if shown is None else _LOOSE.sub(r"\1", shown)


@lru_cache(maxsize=4096)
def _shown_macro(source: str) -> str:
    """Return a macro with its arguments in Unicode, or as it is."""
    sign = source if source in _ESCAPES else source.rstrip()
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if len(source) > LONGEST_MACRO or _depth(source) > DEEPEST:
        return source
    if raised := _RAISING.fullmatch(source):
        return _script("^" if raised[2] == "super" else "_", raised[3])
    if re.fullmatch(_BROKEN_GREEK, source):
        source = source.replace("{", "").replace("}", "")
    if _MACRO.findall(source)[0] not in _known():
        return source
    shown = _converted(source)
    return source if shown is None else shown


def _with_scripts(source: str) -> str:
    """Return TeX with what is raised or lowered in it in Unicode, where there are such signs."""
    if _ADDRESS.search(source):
        return source
    parts = []
    place = 0
    while match := _SCRIPT.search(source, place):
        parts.append(source[place : match.start()])
        sign, argument = match.groups()
        place = match.end()
        if sign is None:
            parts.append(match.group())
            continue
        if argument == "{":
            end = _closing(source, place)
            argument, place = source[place:end], end + 1
        parts.append(_script(sign, argument))
    return "".join([*parts, source[place:]])


def _script(sign: str, argument: str) -> str:
    shown = _converted(_with_scripts(argument))
    # What has a meaning to TeX would be read once more.
    if shown is None or any(char in "\\{}$%&#~" for char in shown):
        return f"{sign}{{{argument}}}"
    table = _SUPERSCRIPTS if sign == "^" else _SUBSCRIPTS
    if all(ord(char) in table for char in shown):
        return shown.translate(table)
    is_clear = shown.isalnum() or len(shown) == 1 or _BRACKETED.fullmatch(shown)
    return f"{sign}{shown}" if is_clear else f"{sign}({shown})"


def _closing(source: str, place: int) -> int:
    """Return where the group ends that began before `place`; the end of an open one."""
    depth = 1
    for match in re.compile(r"\\.|[{}]").finditer(source, place):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if not depth:
            return match.start()
    return len(source)


def _depth(source: str) -> int:
    depth = deepest = 0
    for char in source:
        if char == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif char == "}":
            depth -= 1
    return deepest


def _converted(source: str) -> str | None:
    """Return TeX as one line of text; None where it has an unknown macro with arguments."""
    if not _MATH_SIGNS.search(source) and "~" not in source:
        return clean_line(source)
    names = set(_MACRO.findall(source)) - _known()
    if any(re.search(rf"\\{re.escape(name)}\s*[{{\[]", source) for name in names):
        return None
    return _converter()(_OWN_SIGNS.sub(r"\1\\\2", source))


@cache
def _known() -> frozenset[str]:
    """Return the names of the macros that can be shown."""
    from store.texts.texmacros import known_macros

    return known_macros()


@cache
def _converter() -> Callable[[str], str | None]:
    # Imported here: only texts with TeX need it, and pylatexenc takes 30 ms.
    from store.texts.texmacros import converter

    return converter()

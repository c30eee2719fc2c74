"""Writing text as LaTeX that means just this text, whatever it holds.

The result has balanced braces, as BibTeX counts them (escaped ones too), no comment character and
no macro but known ones: a text can neither leave the braces that it is put in nor run anything.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from store.text import clean_line

# What LaTeX defines by itself or with amsmath and amssymb, which papers with such titles load.
_LETTERS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi
Sigma Upsilon Phi Psi Omega ell hbar imath jmath wp Re Im aleph partial nabla infty emptyset
varnothing
"""
_OPERATORS = """
times div cdot ast star circ bullet pm mp cap cup setminus wedge vee oplus ominus otimes odot dagger
ddagger amalg sum prod coprod int iint oint bigcap bigcup bigoplus bigotimes sqrt frac dfrac tfrac
binom log ln exp sin cos tan sinh cosh tanh arg max min sup inf lim limsup liminf det dim ker deg
gcd Pr mod bmod pmod operatorname
"""
_RELATIONS = """
leq le geq ge ll gg neq ne equiv sim simeq approx cong propto prec succ preceq succeq subset supset
subseteq supseteq in ni notin mid nmid parallel perp vdash models to gets mapsto leftarrow
rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow uparrow downarrow longrightarrow
longleftarrow longmapsto hookrightarrow nearrow searrow lesssim gtrsim leqslant geqslant not forall
exists neg lnot land lor top bot because therefore
"""
_SHAPES = """
mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathscr mathtt boldsymbol text textbf textit
textrm textsc textsf texttt hat widehat tilde widetilde bar vec dot ddot check acute grave breve
overline underline overrightarrow left right big Big bigg Bigg bigl bigr lbrace rbrace langle rangle
lfloor rfloor lceil rceil vert Vert lvert rvert lVert rVert ldots cdots dots vdots ddots quad qquad
prime angle triangle square Box checkmark flat sharp natural ensuremath displaystyle textstyle
"""
_TEXT_SYMBOLS = """
textbackslash textasciicircum textasciitilde textendash textemdash textquoteleft textquoteright
textquotedblleft textquotedblright textellipsis textbullet texttimes textdiv textdegree
textcopyright textregistered texttrademark texteuro textsterling textyen textcent textsection
textparagraph textdagger textdaggerdbl textmu textonehalf textonequarter textlnot textthreequarters
textonesuperior texttwosuperior textthreesuperior textperiodcentered textexclamdown
textquestiondown textrightarrow textleftarrow textordfeminine textordmasculine ae AE oe OE aa AA o
O l L ss i j c d b k r u v H t dh DH dj DJ th TH ng NG
"""
# Some of them are other letters in the table of pylatexenc: U+0171 is there u with an acute.
_ACCENTS = {"H": ("\N{COMBINING DOUBLE ACUTE ACCENT}", "oOuU")}
_MISTAKEN = frozenset("ĦħĸĿŀŦŧ")
"""Stand in it for letters with a macron or a dot, and for a small capital."""
_MATH_MACROS = frozenset((_LETTERS + _OPERATORS + _RELATIONS + _SHAPES).split())
_MACROS = _MATH_MACROS | frozenset(_TEXT_SYMBOLS.split())
_MATH_ESCAPES = frozenset(",;:! {}|%#&_$")

# Pandoc's rule (its manual, extension tex_math_dollars): no blank within either dollar sign and no
# digit after the last one, so that "$5 and $6" stays an amount.
_MATH = re.compile(r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)+)(?<!\s)\$(?![\d$])")
# Abstracts come with `50\%` in them, as their authors wrote it for TeX.
_ESCAPED = re.compile(r"\\([%#&_$])")
_MACRO = re.compile(r"\\([A-Za-z]+|.)")
# `^^5c` is a backslash to TeX; a script without its text is an error.
_FORBIDDEN_IN_MATH = re.compile(r"[%#&~\"]|[_^]\s*(?:[_^}]|$)")


def to_latex(text: str, *, keep_math: bool = True) -> str:
    """Return one line of LaTeX; TeX formulas stay formulas if they are whole and harmless."""
    text = clean_line(text)
    if not keep_math:
        return text.translate(_escapes())
    # Texts and bodies of formulas in turn.
    parts = _MATH.split(text)
    return "".join(
        _formula(part) if place % 2 else _ESCAPED.sub(r"\1", part).translate(_escapes())
        for place, part in enumerate(parts)
    )


def _formula(body: str) -> str:
    if not _is_harmless(body):
        return f"${body}$".translate(_escapes())
    # BibTeX counts braces that TeX has escaped, too.
    body = _MACRO.sub(lambda match: _BRACES.get(match.group(), match.group()), body)
    return f"${body}$" if _is_balanced(body) else f"${body}$".translate(_escapes())


_BRACES = {r"\{": r"\lbrace ", r"\}": r"\rbrace "}


def _is_harmless(body: str) -> bool:
    if not (body.isascii() and body.isprintable()):
        return False
    macros = _MACRO.findall(body)
    if not all(macro in _MATH_MACROS or macro in _MATH_ESCAPES for macro in macros):
        return False
    if macros.count("left") != macros.count("right"):
        return False
    return not _FORBIDDEN_IN_MATH.search(_MACRO.sub("x", body))


def _is_balanced(body: str) -> bool:
    depth = 0
    for char in body:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


@cache
def _escapes() -> dict[int, str]:
    """Return what stands for each character that LaTeX does not print as it is.

    It is the table of pylatexenc, less its macros that LaTeX does not define, its Cyrillic ones,
    which need a font encoding of their own, and Greek capitals turned into Latin ones: these
    characters stay, as biber and a Unicode engine read them. Each has braces around it: they end
    a macro's name, and BibTeX takes an accented letter within them for one letter.
    """
    # Imported here: only an export of BibTeX needs it.
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    known = {
        code: f"{{{latex}}}"
        for code, latex in get_builtin_uni2latex_dict().items()
        if "\\" in latex
        and chr(code) not in _MISTAKEN
        and not unicodedata.combining(chr(code))
        and all(
            macro in _MACROS or (len(macro) == 1 and not macro.isalpha())
            for macro in _MACRO.findall(latex)
        )
    }
    # pylatexenc writes braces as TeX escapes them, and straight quotation marks as closing ones.
    accented = {
        ord(unicodedata.normalize("NFC", letter + accent)): rf"{{\{macro}{{{letter}}}}}"
        for macro, (accent, letters) in _ACCENTS.items()
        for letter in letters
    }
    own = {"{": r"{\ensuremath{\lbrace}}", "}": r"{\ensuremath{\rbrace}}", '"': '{"}'}
    return known | accented | str.maketrans(own)

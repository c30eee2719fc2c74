"""The macros of TeX that can be shown, and what pylatexenc makes of them.

Importing this module imports pylatexenc; `store.texts.tex` does so when a text needs it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pylatexenc import latex2text, latexwalker
from pylatexenc.macrospec import std_macro

from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable

# Shown by their text alone: letters of a terminal are bold or slanted by its own means.
_STYLES = """
text textrm textnormal textbf textit textsl textsc textsf texttt emph underline uline mbox hbox
ensuremath mathrm mathbf mathit mathsf mathtt mathop mathbin mathrel boldsymbol bm operatorname
smash
"""
# They say how what follows looks, or how large it is.
_SWITCHES = """
rm bf it tt sf sc sl em cal bfseries itshape ttfamily boldmath displaystyle textstyle scriptstyle
small tiny large normalsize limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl
Bigr biggl biggr Biggl Biggr
"""
_WORDS = "arg deg det dim gcd hom ker lg Im Pr Re mod"
_SHOWN: dict[str, tuple[str, str]] = {
    **dict.fromkeys(_STYLES.split(), ("{", "%s")),
    **dict.fromkeys(_SWITCHES.split(), ("", "")),
    **{name: ("", name) for name in _WORDS.split()},
    "textcolor": ("[{{", "%(3)s"),
    "color": ("[{", ""),
    "binom": ("{{", "(%s choose %s)"),
    "pmod": ("{", "(mod %s)"),
    "bmod": ("", "mod"),
    "degree": ("", "°"),
    "colon": ("", ":"),
    "lbrace": ("", "{"),
    "rbrace": ("", "}"),
    "backslash": ("", "\\"),
    "\\": ("", " "),
    "newline": ("", " "),
    "-": ("", ""),
    "/": ("", ""),
    "@": ("", ""),
    "|": ("", "‖"),
    "space": ("", " "),
    "slash": ("", "/"),
    "textasciicircum": ("", "^"),
    "textasteriskcentered": ("", "*"),
    "textbar": ("", "|"),
    "textgreater": ("", ">"),
    "textless": ("", "<"),
    "textperiodcentered": ("", "·"),
    "textunderscore": ("", "_"),
    "ne": ("", "≠"),
    "gets": ("", "←"),
    "land": ("", "∧"),
    "lor": ("", "\N{LOGICAL OR}"),
    "neg": ("", "¬"),
    "bot": ("", "⊥"),
    "models": ("", "⊨"),
    "ddagger": ("", "‡"),
    "triangle": ("", "△"),
    "Box": ("", "□"),
    "checkmark": ("", "✓"),
    "xrightarrow": ("[{", "→"),
    "url": ("{", "%s"),
    "href": ("{{", "%(2)s <%(1)s>"),
    "TeX": ("", "TeX"),
    "LaTeX": ("", "LaTeX"),
}
"""By name: the arguments as pylatexenc writes them, and the text, with `%s` for an argument."""
_ACCENTS = {"widetilde": "tilde", "widehat": "hat", "overline": "bar"}
"""Wide ones, shown as the narrow ones."""
_WIDE = re.compile(rf"\\({'|'.join(_ACCENTS)})(?![A-Za-z])")
_FRACTIONS = ("frac", "dfrac", "tfrac", "nicefrac", "sfrac")
# What pylatexenc knows by name, but what means nothing here, or another thing in each document.
_STRANGE = """
input include today title author date maketitle item part chapter section subsection subsubsection
paragraph subparagraph hspace vspace includegraphics ref autoref cref Cref eqref cite citet citep
exercise uebung hint hints hinweis hinweise id Ident colorbox fcolorbox texorpdfstring begin end
"""
# TeX drops a blank behind a macro's name; readers of `2 \log n` like to see it.
_BLANKS = {"between-macro-and-chars": False, "between-latex-constructs": True}
_BETWEEN_NAMES = re.compile(r"\\([A-Za-z]+)\s+(?=\\)")
# What pylatexenc raises where its own table counts on arguments that its reader did not take.
_STUMBLES = (AttributeError, LookupError, OverflowError, TypeError, ValueError)


@cache
def known_macros() -> frozenset[str]:
    """Return the names of the macros that are shown otherwise than as they are written."""
    names = {
        spec.macroname for spec in latex2text.get_default_latex_context_db().iter_macro_specs()
    }
    return frozenset(names | _SHOWN.keys() | {*_FRACTIONS, "unicode"}) - {"", *_STRANGE.split()}


def converter() -> Callable[[str], str | None]:
    """Return what makes one line of text of TeX; it gives None for what can't be read."""
    reading = _reading()
    to_text = _ToText(_showing(), strict_latex_spaces=_BLANKS)

    def kept_blank(match: re.Match[str]) -> str:
        spec = reading.get_macro_spec(match[1])
        has_arguments = spec is not None and spec.args_parser.argspec
        return match.group() if has_arguments else f"\\{match[1]}{{}} "

    def convert(source: str) -> str | None:
        source = _WIDE.sub(lambda match: f"\\{_ACCENTS[match[1]]}", source)
        source = _BETWEEN_NAMES.sub(kept_blank, source)
        walker = latexwalker.LatexWalker(source, latex_context=reading, tolerant_parsing=False)
        try:
            nodes, *_ = walker.get_latex_nodes()
            text: str = to_text.nodelist_to_text(nodes)
        except (latexwalker.LatexWalkerError, RecursionError, *_STUMBLES):
            return None
        return clean_line(text)

    return convert


def _reading() -> Any:
    """Return the macros as pylatexenc reads them, with their arguments."""
    macros = latexwalker.get_default_latex_context_db()
    macros.add_context_category(
        "paperdeck",
        prepend=True,
        macros=[
            *(std_macro(name, arguments) for name, (arguments, _) in _SHOWN.items()),
            *(std_macro(name, "{{") for name in _FRACTIONS),
            std_macro("unicode", "{"),
        ],
    )
    return macros


def _showing() -> Any:
    """Return the macros as pylatexenc shows them; what is unknown stays as it is written."""
    macros = latex2text.get_default_latex_context_db()
    macros.add_context_category(
        "paperdeck",
        prepend=True,
        macros=[
            *(latex2text.MacroTextSpec(name, text) for name, (_, text) in _SHOWN.items()),
            *(latex2text.MacroTextSpec(name, _fraction) for name in _FRACTIONS),
            latex2text.MacroTextSpec("unicode", _character),
        ],
    )
    macros.set_unknown_macro_spec(latex2text.MacroTextSpec("", _as_written))
    return macros


class _ToText(latex2text.LatexNodes2Text):  # type: ignore[misc]  # pylatexenc ships no types
    def apply_simplify_repl(self, node: Any, simplify_repl: Any, what: str) -> Any:
        """Return the text that stands for a node; raise `ValueError` where arguments are missing.

        pylatexenc itself warns in its log then, which ends on the terminal, and shows the `%s`.
        """
        if isinstance(simplify_repl, str) and "%s" in simplify_repl:
            given = node.nodeargd.argnlist if node.nodeargd else ()
            if len(given or ()) != simplify_repl.count("%s"):
                raise ValueError(what)
        return super().apply_simplify_repl(node, simplify_repl, what)


def _fraction(node: Any, l2tobj: Any) -> str:
    parts = (l2tobj.node_arg_to_text(node, place).strip() for place in (0, 1))
    over, under = (part if len(part) == 1 or part.isalnum() else f"({part})" for part in parts)
    return f"{over}/{under}"


def _character(node: Any, l2tobj: Any) -> str:
    # As arXiv writes it: `\unicode{x2013}`.
    return chr(int(l2tobj.node_arg_to_text(node, 0).strip().removeprefix("x"), 16))


def _as_written(node: Any) -> str:
    return str(node.latex_verbatim())

# ruff: noqa: RUF001 formulas are written with signs that look like others
from __future__ import annotations

import json
import lzma
import subprocess
import sys
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import clean_text
from store.texts.tex import has_tex, readable
from store.texts.texmacros import known_macros

if TYPE_CHECKING:
    from pathlib import Path

JOINERS = "\u200c\u200d"
PIECES = (
    *("{", "}", "$", "$$", "\\(", "\\)", "\\[", "\\]", "^", "_", "\\\\", "\\", "[", "]", "\\'"),
    *(
        "x",
        "12",
        " ",
        "two words",
        "%",
        "&",
        "#",
        "~",
        "``",
        "''",
        "\n",
        "\x1b[0m",
        "\x00",
        "\u202e",
    ),
    *("\ue000", "\ud800", "\u4e00", "\\foo", "\\begin", "\\verb", "\\input", "\\unicode"),
)
FORMS = ("\\{}", "${{\\{}}}$", "$x\\{} y$", "$\\{}{{a}}$")
tex_like = st.lists(
    st.sampled_from(PIECES) | st.sampled_from(sorted(known_macros())).map("\\{}".format),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("$x^2$ and $x_{i}$", "x² and xᵢ"),
        ("$x_{i}^{n+1}$", "xᵢⁿ⁺¹"),
        ("$10^{-3}$", "10⁻³"),
        (r"$O(n^2 \log n)$", "O(n² log n)"),
        (r"${\cal O}(\sqrt{T})$", "O(√(T))"),
        (r"$\mathcal{L}_{\mathrm{KL}}$", "\u2112_KL"),
        (r"$e^{-\lambda t}$", "e^(-λ t)"),
        (r"$x^{2^k}$", "x^2ᵏ"),
        (r"$x_{ij}$, $x_{i,j}$, $10^{-5}$", "xᵢⱼ, x_(i,j), 10⁻⁵"),
        (r"$\pi^{(\pm)}$, $\pi^{\pm}$, $\pi^\pm$", "π^(±), π^±, π^±"),
        (r"$B^{\pm,0}$, $(a)^{(\mu)(\nu)}$", "B^(±,0), (a)^((μ)(ν))"),
        (r"$L_\infty$, $M_{\odot}$, $\nu_{\mu}$", "L_∞, M_⊙, ν_μ"),
        (r"$D_s^{(*)+}$, $K^{*0}$, $D^{(\ast)}$", "Dₛ⁽*⁾⁺, K*⁰, D⁽*⁾"),
        (r"$x^{\prime}$, $x^{\prime\prime}$, $\eta^{(\prime)}$", "x', x'', η⁽'⁾"),
        (r"$W^\top$, $x^*$, $90^\circ$, $90^{\circ}$", "Wᵀ, x*, 90°, 90°"),
        (r"$\frac{1}{2}$, $\frac{a+b}{c}$, $\frac12$", "1/2, (a+b)/c, 1/2"),
        (r"$\alpha\geq 1$, $3 \times 4$, $A\to B$", "α≥1, 3 × 4, A→B"),
        (r"$n \log \log n$, $A \times \mathbb{R}$", "n log log n, A × ℝ"),
        (r"$\hat{x}$, $\widetilde{O}(n)$", "x\u0302, \u00d5(n)"),
        (r"$\mathbb R^d$", "ℝᵈ"),
        (r"$\{a, b\}$, $\|v\|_2$", "{a, b}, ‖v‖₂"),
        (r"$1{,}000$, $50\%$, $50%$", "1,000, 50%, 50%"),
        (r"$n~+~1$", "n + 1"),
        ("a $k$-means, $ n $ of $<$5", "a k-means, n of <5"),
        (r"up to 10$\times$ faster, $\sim$5 s", "up to 10× faster, ∼5 s"),
        (r"by $ 4.8$% and $ \alpha$", "by 4.8% and α"),
        (r"\(x_1\), \[y_2\], $$z_3$$", "x₁, y₂, z₃"),
        (r"$\unicode{x2013}$", "\u2013"),
        (r"$\text{so $ far}$", r"$\text{so $ far}$"),
    ],
)
def test_formulas_are_shown_in_unicode(source: str, shown: str) -> None:
    assert readable(source) == unicodedata.normalize("NFC", shown)
    assert has_tex(source)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (
            r"\'etude, na\"{\i}ve, Erd\H{o}s, Gar\c{c}on, Fran\c cois",
            "étude, naïve, Erdős, Garçon, François",
        ),
        (r"S\o ren, {\o}re, Stra\ss e", "Søren, øre, Straße"),
        (r"\emph{one}, \textbf{two \textit{three}}", "one, two three"),
        (r"{\it leaning} and {\bf fat}", "leaning and fat"),
        (r"74\%, A\&B, snake\_case, \#1, \$5", "74%, A&B, snake_case, #1, $5"),
        (r"vs.\ them", "vs. them"),
        (r"360{\deg} and 3\deg and 4^\circ", "360° and 3° and 4°"),
        (r"\b{eta}-decay, \r{ho} = 1", "β-decay, ρ = 1"),
        (r"\href{https://example.org/a_b}{here}", "here <https://example.org/a_b>"),
        (r"\url{https://example.org/a_b?c=50%25}", "https://example.org/a_b?c=50%25"),
        (r"H\textsubscript{2}O, 2\textsuperscript{nd}", "H₂O, 2ⁿᵈ"),
        (r"H{\textsubscript{2}}O, 4{\textsuperscript{\textit{th}}}", "H₂O, 4ᵗʰ"),
        (r"5 {\textgreater} 3, 2 \textless{} 4, {\textless}b{\textgreater}", "5 > 3, 2 < 4, <b>"),
        (r"and\slash or, and{\slash}or, snake\textunderscore case", "and/or, and/or, snake_case"),
        (r"\textbf{50% & $x_1$}", "50% & x₁"),
        (r"\textcolor{red}{warm}", "warm"),
        ("a ``quoted'' word", "a \u201cquoted\u201d word"),
        (r"the user\'s words", "the user's words"),
    ],
)
def test_macros_and_accents_are_shown_in_unicode(source: str, shown: str) -> None:
    assert readable(source) == shown
    assert has_tex(source)


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5.",
        "between $5 and $10",
        "US$5 or A$6, from $48-$74 to $99-600 a month",
        "from $10K to $20K, and $5 million or 6$ more",
        "set $HOME and $PATH, or $HOME:$PATH",
        "some ~5% of 90 % snake_case x^2 {braces} # 1 & 2",
        "90$",
        "''closed'' but not opened",
        "",
        "One paragraph.\nAnother one.",
    ],
)
def test_money_and_plain_prose_stay(text: str) -> None:
    assert readable(text) == text
    assert not has_tex(text)


@pytest.mark.parametrize(
    "text",
    [
        r"\ours is better",
        r"\ours{} and {\ours} and \ours{x}",
        r"as \cite{knuth84} has it",
        r"$\Real{n}$",
        r"\begin{equation} x \end{equation}",
        r"C:\temp\users",
        r"a line break \n as some write it",
        "\\",
        r"\\",
        r"\textbf{open",
        r"\mathbf",
    ],
)
def test_unknown_macros_and_broken_ones_stay(text: str) -> None:
    assert readable(text) == text


def test_an_unknown_macro_without_arguments_leaves_the_formula_around_it_readable() -> None:
    assert readable(r"$\ours + \alpha$") == r"\ours + α"


def test_money_beside_formulas_stays() -> None:
    assert readable(r"for $5 and $\alpha$ of $10 each") == "for $5 and α of $10 each"


def test_a_paragraph_stays_apart() -> None:
    assert readable("First $x$.\nThen \\emph{y}.") == "First x.\nThen y."


@given(st.text() | tex_like)
def test_any_text_becomes_readable_without_controls(text: str) -> None:
    shown = readable(text)

    assert all(char in f"\n{JOINERS}" or unicodedata.category(char)[0] != "C" for char in shown)
    if not has_tex(text) and text.replace("\n", "").isprintable():
        assert shown == text


def test_nothing_is_said_beside_the_text(caplog: pytest.LogCaptureFixture) -> None:
    sources = [form.format(name) for name in sorted(known_macros()) for form in FORMS]
    assert not any("%s" in readable(source) for source in sources)

    assert not caplog.records


@pytest.mark.parametrize(
    "piece",
    ["$", r"\(", r"{\a", "$a", r"\textbf{", "``", "$5 ", "\\", "{", "a", r"\hat", "x^{", r"\'e"],
)
def test_a_text_made_to_take_long_takes_no_time_to_speak_of(piece: str) -> None:
    for text in (piece * 20_000, f"${piece * 200}$", f"${piece * 20_000}$"):
        readable(text)
        has_tex(text)


def test_a_text_without_tex_does_not_load_pylatexenc() -> None:
    code = (
        "import sys; from store.texts.tex import has_tex, readable; readable('It costs $5.');"
        "readable('x'); has_tex('$x$'); sys.exit('pylatexenc' in sys.modules)"
    )
    environ = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environ, check=False).returncode == 0


def test_what_stays_of_real_abstracts_is_money_and_macros_of_their_own(shared: Path) -> None:
    with lzma.open(shared / "data" / "scale" / "arxiv_daily.jsonl.xz", "rt") as lines:
        texts = [clean_text(json.loads(line)["abstract"]) for line in islice(lines, 4_000)]
    with_tex = [text for text in texts if has_tex(text)]
    shown = [readable(text) for text in with_tex]

    assert len(with_tex) > len(texts) / 10
    assert sum("\\" in text for text in shown) < len(shown) / 10
    assert sum("$" in text for text in shown) < len(shown) / 50
    assert all(readable(text) == text for text in texts if not has_tex(text))

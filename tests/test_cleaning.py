from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importers.cleaning import abstract_text, title_line
from store.text import clean_line


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Counting <i>sheep</i> in H<sub>2</sub>O", "Counting sheep in H₂O"),
        ("10<sup>-3</sup> and x<sup>Q</sup>", "10⁻³ and x^Q"),
        ("<jats:italic>In vivo</jats:italic>", "In vivo"),
        ('<span class="x">Sheep</span>', "Sheep"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
        ("A &amp; B &lt; C &eacute; &#233; &#xe9;", "A & B < C é é é"),
        ("Taylor &amp;amp; Francis", "Taylor & Francis"),
        ("&lt;i&gt;Sheep&lt;/i&gt;", "Sheep"),
        ("a < b and c > d", "a < b and c > d"),
        ("the <think> token and <UNK>", "the <think> token and <UNK>"),
        ("https://x.org/?a=1&copy=2", "https://x.org/?a=1&copy=2"),
        ("costs $5 and $6", "costs $5 and $6"),
        (r"$x<y$ and \foo{bar}", r"$x<y$ and \foo{bar}"),
        ("exam\u00adple and soft\u00ad\nware", "example and software"),
        ("main(cid:173) tain", "maintain"),
        ("e\u0301clair \ufb01ne", "éclair fine"),
        ("caf\u00c3\u00a9 and \u00e2\u20ac\u2122s", "café and \N{RIGHT SINGLE QUOTATION MARK}s"),
        ("10 Å” and Ã", "10 Å” and Ã"),
        ("Sheep\x00\x1b[31m", "Sheep"),
    ],
)
def test_marks_become_text_and_text_stays(source: str, text: str) -> None:
    assert title_line(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        (
            "<ns4:p>One <ns4:italic>flock</ns4:italic>.</ns4:p><ns4:p>Two.</ns4:p>",
            "One flock.\nTwo.",
        ),
        (
            '<AbstractText Label="AIMS" Of="x">We count.</AbstractText><AbstractText>They jump.',
            "AIMS: We count.\nThey jump.",
        ),
        (
            "5 &mgr;m, &Sgr; and &OHgr;, &nobody;",
            "5 \N{GREEK SMALL LETTER MU}m, \u03a3 and \u03a9, &nobody;",
        ),
        ("<jats:title>Abstract</jats:title>\n<jats:p>We count.</jats:p>", "We count."),
        ("Abstract: We count.", "We count."),
        ("AbstractYouth count.", "Youth count."),
        ("Abstract Background They jump.", "Background They jump."),
        ("Abstract reasoning is hard.", "Abstract reasoning is hard."),
        ("recog-\nnition of net-\r\nworks", "recognition of networks"),
        ("self-\nsupervised and state-of-the-\nart", "self-supervised and state-of-the-art"),
        ("fine-tuned, and fine-\ntuned again", "fine-tuned, and fine-tuned again"),
        ("a - b -\nc", "a - b - c"),
        ("in 2019-\n2020", "in 2019- 2020"),
    ],
)
def test_abstracts_lose_headings_and_broken_lines(source: str, text: str) -> None:
    assert abstract_text(source) == text


@given(st.text())
def test_what_comes_out_is_clean_and_of_one_line(text: str) -> None:
    line = title_line(text)
    assert line == clean_line(line)


@given(st.text(st.characters(exclude_characters="<>&-\u00ad\u00c2\u00c3\u20ac")))
def test_text_without_marks_is_only_cleaned(text: str) -> None:
    assert title_line(text) == clean_line(text.replace("(cid:173)", ""))

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import LONGEST_TERM, clean_line, clean_note, clean_text, fold, fold_title, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

# Any code point, and more often than chance would give the ones that cleaning is about.
AWKWARD = (
    "\x1b[]0m;\x07\\\x9b\x9d\x9c\x00\x7f\r\n\t\x0b\x85 \xa0\xad\u2028\u2029\u202e\u2066"
    "\u200b\u200d\ufeff\ufb01e\u0301\ud800\U000e0041\u0336\u034f\ufe0f\u2764\u0915\u200c\u1100\u1161"
)
texts = st.text(st.characters() | st.sampled_from(AWKWARD) | st.just("\ud83d"))
JOINERS = "\u200c\u200d"


@given(texts)
def test_a_cleaned_line_is_one_line_without_control_bidi_and_format_characters(text: str) -> None:
    line = clean_line(text)

    assert all(char in JOINERS or unicodedata.category(char)[0] != "C" for char in line)
    assert not set(line) & set("\u2028\u2029")
    assert line == " ".join(line.split())


@given(texts)
def test_a_cleaned_text_has_no_control_but_line_feeds_between_paragraphs(text: str) -> None:
    cleaned = clean_text(text)

    assert all(clean_line(line) == line and line for line in cleaned.split("\n") if cleaned)


@given(texts)
def test_a_cleaned_note_keeps_its_lines_and_has_no_control_but_their_ends(text: str) -> None:
    note = clean_note(text)

    assert all(char in JOINERS + "\n" or unicodedata.category(char)[0] != "C" for char in note)
    assert note == note.strip("\n")
    assert all(line == line.rstrip() for line in note.split("\n"))
    assert unicodedata.is_normalized("NFC", note)
    assert clean_note(note) == note


def spelled_out(text: str) -> str:
    """Put a control into a text and with it away from the short path of cleaning."""
    return f"{text}\x00"


@given(texts | st.text(st.characters(max_codepoint=126)))
def test_a_plain_text_is_cleaned_as_any_other(text: str) -> None:
    assert clean_line(text) == clean_line(spelled_out(text))
    assert clean_text(text) == clean_text(spelled_out(text))


@given(texts)
def test_a_cleaned_line_is_what_is_left_with_single_blanks(text: str) -> None:
    assert clean_line(text) == re.sub(r"\s+", " ", clean_text(text)).strip()


@given(texts | st.text("aA1\u00e9\u4e00\u30fb+#-_.'\u2019 "))
def test_a_titles_folded_form_is_its_words_without_the_compound_ones(title: str) -> None:
    terms = [token.term for token in tokens(title) if not token.is_compound]

    assert fold_title(title) == " ".join(terms)


@given(texts)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)


@given(texts)
def test_cleaning_a_cleaned_text_changes_nothing_in_its_words(text: str) -> None:
    cleaned = clean_text(text)

    assert clean_text(cleaned.replace("\n", "\n\n")) == cleaned


@given(texts)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_tokens_lie_in_the_text_in_order_and_are_folded(text: str) -> None:
    cleaned = clean_line(text)
    position = start = 0
    for token in tokens(cleaned):
        assert 0 <= start <= token.start < token.end <= len(cleaned)
        assert token.position >= position
        assert len(token.term) <= LONGEST_TERM
        word = fold(cleaned[token.start : token.end])[:LONGEST_TERM]
        assert token.term == word.replace("\u2019", "'")
        start, position = token.start, token.position


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n b\t\tc ", "a b c"),
        ("\x1b[31mred\x1b[0m alert", "red alert"),
        ("\x1b]0;a title\x07text", "text"),
        ("\x1b]52;c;aGk=\x1b\\text", "text"),
        ("\x9b31mred", "red"),
        ("right\u202eleft", "rightleft"),
        ("soft\xadhyphen", "softhyphen"),
        ("\ufeffmark", "mark"),
        ("lone \ud800 half", "lone half"),
        ("e\u0301te\u0301", "été"),
        ("e\u00ad\u0301 \u1100\x1a\u1161", "é 가"),
        ("\ufb01ne e\ufb03cient", "fine efficient"),
        ("zero\u200dwidth \u200csigns\ufe0f\u034f\u3164", "zerowidth signs"),
        (
            "by \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "by \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u0915\u094d\u200d\u0937 \u200d\u0937", "\u0915\u094d\u200d\u0937 \u0937"),
        ("heart \u2764\ufe0f\ufe0f 1\ufe0f\u20e3", "heart \u2764\ufe0f 1\ufe0f\u20e3"),
        (
            "heap o\u0330\u0331\u0332\u0333\u0316\u0317\u0318\u0319f",
            "heap o\u0330\u0331\u0332\u0333\u0316\u0317f",
        ),
        ("\u0336struck \u0336 and \u0336\u20ddringed", "struck and ringed"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("one\u2028two\x85three", "one two three"),
        ("GPT-[n] &amp; $x_1$", "GPT-[n] &amp; $x_1$"),
        ("\x00", ""),
    ],
)
def test_a_line_is_cleaned(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("wrapped\nline", "wrapped line"),
        ("one\n\ntwo", "one\ntwo"),
        ("one\r\n\r\n\r\ntwo  three\r\n", "one\ntwo three"),
        ("\n \n", ""),
    ],
)
def test_paragraphs_stay_apart_and_wrapped_lines_are_joined(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("García", "garcia"),
        ("STRASSE", fold("Straße")),
        ("Łukasz Øster", "lukasz oster"),
        ("self\u2010supervised", "self-supervised"),
        ("ﬁne", "fine"),
        ("\N{MATHEMATICAL BOLD CAPITAL A}1", "a1"),
    ],
)
def test_case_accents_and_forms_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_note_keeps_blanks_within_its_lines_and_lines_between() -> None:
    assert clean_note(" \n\n- one\n\n\n\t- a  b \r\n\u200bc\n \n") == "- one\n\n\n    - a  b\nc"


def test_a_compound_word_is_given_whole_and_by_its_parts() -> None:
    assert [
        (token.term, token.position, token.is_compound)
        for token in tokens("self-supervised learning")
    ] == [
        ("self-supervised", 0, True),
        ("self", 0, False),
        ("supervised", 1, False),
        ("learning", 2, False),
    ]


def test_characters_of_chinese_are_words_of_their_own() -> None:
    assert [token.term for token in tokens("图神经 net")] == ["图", "神", "经", "net"]


@pytest.mark.parametrize("text", ["C++ and C#", "c++ AND c#"])
def test_names_of_languages_keep_their_signs(text: str) -> None:
    assert [token.term for token in tokens(text)] == ["c++", "and", "c#"]


@pytest.mark.parametrize(
    ("title", "terms"),
    [
        ("Self-supervised audio", "self-supervised: self supervised, audio"),
        ("Self\u2010Supervised audio", "self-supervised: self supervised, audio"),
        ("Self\u2013supervised", "self, supervised"),
        ("State-of-the-art tagging", "state-of-the-art: state of the art, tagging"),
        ("Probing GPT-4o mini", "probing, gpt-4o: gpt 4o, mini"),
        ("What t5-small knows", "what, t5-small: t5 small, knows"),
        ("k-NN, twice", "k-nn: k nn, twice"),
        ("C++20 from F# and C", "c++, 20, from, f#, and, c"),
        ("3D scenes in 2.5D", "3d, scenes, in, 2.5d: 2 5d"),
        ("16:9 and 1,000 frames", "16, 9, and, 1, 000, frames"),
        ("A \u03b2-VAE with \u03b1 = 3", "a, \u03b2-vae: \u03b2 vae, with, \u03b1, 3"),
        # The micro sign is a Greek letter, and a symbol folds to the letter that it is
        ("\u00b5-law and \u03bc-law", "\u03bc-law: \u03bc law, and, \u03bc-law: \u03bc law"),
        ("\u03f5-greedy", "\u03b5-greedy: \u03b5 greedy"),
        ("\u2113\u2082-norm, R\u00b2, CO\u2082", "l2-norm: l2 norm, r2, co2"),
        # What is left of TeX
        ("$\\ell_2$-norm bounds", "ell_2: ell 2, norm, bounds"),
        ("$\\alpha$-divergence", "alpha, divergence"),
        ("In $O(n \\log n)$ time", "in, o, n, log, n, time"),
        ("A 10^{-3} error of R^2", "a, 10, 3, error, of, r, 2"),
        ("\u6df1\u5ea6\u5b66\u4e60 with BERT", "\u6df1, \u5ea6, \u5b66, \u4e60, with, bert"),
        ("\ud55c\uad6d\uc5b4BERT", "\ud55c, \uad6d, \uc5b4, bert"),
        ("\u30bf\u30ef\u30fc", "\u30bf, \u30ef, \u30fc"),
        ("Na\u00efve bridges by Schr\u00f6dinger", "naive, bridges, by, schrodinger"),
        ("The Erd\u0151s\u2013R\u00e9nyi graph", "the, erdos, renyi, graph"),
        ("Don\u2019t ask the U.S.", "don't: don t, ask, the, u.s: u s"),
        ("snake_case names", "snake_case: snake case, names"),
        ("Word\u2014dash & a/b", "word, dash, a, b"),
        ("\U0001d4aa(n) in \u211d", "o, n, in, r"),
        ("\u2211 \u2202 \u221e !", ""),
    ],
)
def test_the_words_of_a_title_are_those_that_it_is_found_by(title: str, terms: str) -> None:
    assert ", ".join(words_of(title)) == terms


def words_of(title: str) -> Iterator[str]:
    """Yield the words of a title, each compound with its parts: `gpt-4o: gpt 4o`."""
    found = list(tokens(title))
    assert [token.position for token in found if not token.is_compound] == [
        *range(sum(not token.is_compound for token in found))
    ]
    while found:
        token = found.pop(0)
        if not token.is_compound:
            yield token.term
            continue
        parts = []
        while found and found[0].end <= token.end:
            parts.append(found.pop(0).term)
        yield f"{token.term}: {' '.join(parts)}"


def test_a_very_long_word_is_cut_as_in_the_index() -> None:
    (token,) = tokens("x" * 500)

    assert (token.term, token.end) == ("x" * LONGEST_TERM, 500)


@pytest.mark.parametrize(
    "other",
    ["Attention: is all — you need!", "attention IS all you\nneed", "Attention-Is-All You Need"],
)
def test_spellings_of_one_title_fold_to_the_same(other: str) -> None:
    assert fold_title(other) == fold_title("Attention Is All You Need")

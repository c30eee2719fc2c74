from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importers.people import Whole, as_spoken, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ana García; Li Lei", ("Ana García", "Li Lei")),
        ("García, Ana; Lei, Li", ("Ana García", "Li Lei")),
        ("García, Ana and Lei, Li", ("Ana García", "Li Lei")),
        ("Ana García, Li Lei and Jan Berg", ("Ana García", "Li Lei", "Jan Berg")),
        ("Ana García, Li Lei, and Jan Berg", ("Ana García", "Li Lei", "Jan Berg")),
        ("Ana García, Li Lei", ("Ana García", "Li Lei")),
        ("García, Ana", ("Ana García",)),
        ("Liu R., Adler D.G.", ("R. Liu", "D.G. Adler")),
        ("Smith, J., Doe, A. B.", ("J. Smith", "A. B. Doe")),
        ("García A, Lei L.", ("A García", "L. Lei")),
        ("Adeli K.Lewis G. F.", ("K. Adeli", "G. F. Lewis")),
        ("John A.Smith", ("John A.Smith",)),
        ("['García, Ana', 'Lei, Li']", ("Ana García", "Li Lei")),
        ("Ana García | Li Lei", ("Ana García", "Li Lei")),
        ("van den Oord, Aaron", ("Aaron van den Oord",)),
        ("van den Oord, Aaron Gerard", ("Aaron Gerard van den Oord",)),
        ("Le Cun, Yann A.", ("Yann A. Le Cun",)),
        ("Van Morrison, Ana García", ("Van Morrison", "Ana García")),
        ("Garc&#xED;a, Ana; &Uuml;nal, Li", ("Ana García", "Li Ünal")),
        ("null", ()),
        ("Plato", ("Plato",)),
        ("Ana García et al.", ("Ana García et al.",)),
        ("", ()),
    ],
)
def test_the_names_of_a_text_are_told_apart(text: str, names: tuple[str, ...]) -> None:
    assert as_spoken(names_in(text), family_first=True) == names


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("van der Berg, Jan", "Jan van der Berg"),
        ("Smith, John, Jr.", "John Smith Jr."),
        ("Bal\\'azs, C.", "C. Balázs"),
        ('{\\"O}zel, B.', "B. Özel"),
        ("Lamb BT", "BT Lamb"),
        ("John Smith III", "John Smith III"),
        ("肖, 发民", "肖 发民"),
        ("Planck Collaboration", "Planck Collaboration"),
        ("Mart&iacute;n &amp; Co", "Martín & Co"),
        ("*Lei, Li*", "Li Lei"),
        ("Smith, JR", "JR Smith"),
        ("C. -P. Lei", "C.-P. Lei"),
        ("for the DES Collaboration", "DES Collaboration"),
        ("\u0301 C, titia", "titia C"),
        ("Lei,\u0301Ana", "Ana Lei"),
    ],
)
def test_a_name_is_written_as_it_is_spoken(name: str, spoken: str) -> None:
    assert as_spoken([name], family_first=True) == (spoken,)


def test_names_that_a_source_gives_as_spoken_are_not_turned() -> None:
    names = ("Mistral AI", "Karthik R")
    assert as_spoken(names) == names
    assert as_spoken(["García, Ana"]) == ("Ana García",)


def test_a_name_that_is_whole_stays_as_it_is() -> None:
    assert as_spoken([Whole("Sheep, Wool")]) == ("Sheep, Wool",)


def test_others_are_no_authors_and_nobody_is_one_twice() -> None:
    assert as_spoken(["Ana Lei", "others", "et al.", ":", "Ana Lei", " "]) == ("Ana Lei",)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    as_spoken(names_in(text))

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importers.people import as_spoken, names_in


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
        ("Plato", ("Plato",)),
        ("Ana García et al.", ("Ana García et al.",)),
        ("", ()),
    ],
)
def test_the_names_of_a_text_are_told_apart(text: str, names: tuple[str, ...]) -> None:
    assert as_spoken(names_in(text)) == names


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
    ],
)
def test_a_name_is_written_as_it_is_spoken(name: str, spoken: str) -> None:
    assert as_spoken([name]) == (spoken,)


def test_others_are_no_authors_and_nobody_is_one_twice() -> None:
    assert as_spoken(["Ana Lei", "others", "et al.", ":", "Ana Lei", " "]) == ("Ana Lei",)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    as_spoken(names_in(text))

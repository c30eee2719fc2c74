from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.names import Name, split_name


@pytest.mark.parametrize(
    ("text", "family", "given_name"),
    [
        ("Ana García", "García", "Ana"),
        ("Ana M. García", "García", "Ana M."),
        ("García, Ana M.", "García", "Ana M."),
        ("Yann Le Cun", "Le Cun", "Yann"),
        ("Le Cun, Yann", "Le Cun", "Yann"),
        ("Juan Carlos De la Cruz", "De la Cruz", "Juan Carlos"),
        ("JUAN DE LA CRUZ", "DE LA CRUZ", "JUAN"),
        ("Cruz, Juan de la", "de la Cruz", "Juan"),
        ("de la Cruz", "de la Cruz", ""),
        ("Ludwig van der Berg", "van der Berg", "Ludwig"),
        ("Maria von Tal Berg", "von Tal Berg", "Maria"),
        ("Marco Di Pietro", "Di Pietro", "Marco"),
        ("José Ortega y Gasset", "Ortega y Gasset", "José"),
        ("Quoc V. Le", "Le", "Quoc V."),
        ("Van Morrison", "Morrison", "Van"),
        ("Al Ben Bin Den Li", "Li", "Al Ben Bin Den"),
        ("ana garcía", "garcía", "ana"),
        ("Weinan E", "E", "Weinan"),
        ("Jean-Luc d'Ormesson", "d'Ormesson", "Jean-Luc"),
        ("李雷", "李雷", ""),
        ("李 雷", "李", "雷"),
        ("김 철수", "김", "철수"),
        ("雷 Lei", "Lei", "雷"),
        ("Smith, JR", "Smith", "JR"),
        ("van der Berg, SR", "van der Berg", "SR"),
        ("Plato", "Plato", ""),
        ("Plato,", "Plato", ""),
        (" Ana  García ", "García", "Ana"),
    ],
)
def test_the_family_name_is_told_from_the_given_one(
    text: str, family: str, given_name: str
) -> None:
    assert split_name(text) == Name(family, given_name)


@pytest.mark.parametrize(
    "text", ["John Smith Jr.", "John Smith, Jr.", "Smith, John, Jr.", "Smith, Jr., John"]
)
def test_a_suffix_stands_apart(text: str) -> None:
    assert split_name(text) == Name("Smith", "John", "Jr.")
    assert str(split_name(text)) == "Smith, John, Jr."


@pytest.mark.parametrize(
    "text",
    [
        "The ATLAS Collaboration",
        "ATLAS Collaboration",
        "Gemini Team",
        "Flock Team: Ana García",
        "Example University, Sheep Department",
        "Ana García, Li Lei, Plato",
        "",
        ",",
    ],
)
def test_what_is_no_person_stays_whole(text: str) -> None:
    assert split_name(text) == Name(text, is_collective=True)


@given(st.text() | st.text("Ab,. dev y").map(str.strip))
def test_no_character_but_blanks_and_commas_is_lost(text: str) -> None:
    def letters(part: str) -> list[str]:
        return sorted(part.replace(",", "").replace(" ", "").split())

    name = split_name(text)

    assert sorted("".join(letters(str(name)))) == sorted("".join(letters(text)))

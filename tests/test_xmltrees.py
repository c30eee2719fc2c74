from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from store.errors import SourceError
from store.importers.xmltrees import LARGEST_RECORD, elements, text_of

if TYPE_CHECKING:
    from pathlib import Path

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "sheep"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><a><p>&d;</p></a>'
)


def texts(content: str | bytes) -> list[str]:
    stored = content.encode() if isinstance(content, str) else content
    found = elements(io.BytesIO(stored), "name", frozenset({"p"}))
    return [text_of(one) for one in found]


def test_elements_come_one_by_one_whatever_is_around_them() -> None:
    assert texts("<a><b><p>One</p></b><p>T<i>w</i>o</p><c/></a>") == ["One", "Two"]
    assert texts("<p>One<p>within</p></p>") == ["Onewithin"]


def test_documents_that_were_joined_are_read_one_after_the_other() -> None:
    one = '<?xml version="1.0"?>\n<a><p>One</p></a>'
    assert texts(f"{one}\n{one}{one}\n") == ["One"] * 3
    for length in range(65480, 65560):
        assert len(texts(f"<a><p>{'x' * length}</p></a>{one}")) == 2


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a><p>&b;</p></a>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://example.org/x.dtd"> %b;]><a><p>x</p></a>',
    ],
)
def test_declared_entities_are_refused(content: str) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        texts(content)


def test_a_file_that_an_entity_names_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wolf")
    content = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]><a><p>&b;</p></a>'
    with pytest.raises(SourceError) as caught:
        texts(content)
    assert "wolf" not in str(caught.value)


def test_a_document_type_without_entities_is_let_through() -> None:
    doctype = '<!DOCTYPE a PUBLIC "-//NLM//DTD" "https://example.org/a.dtd">'
    assert texts(f"{doctype}<a><p>One&nbsp;two&eacute;</p></a>") == ["One\u00a0twoé"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<a><p>one\x0btwo &#x1;&#11; three</p></a>", ["one two    three"]),
        (b'<?xml version="1.0" encoding="utf-8"?><a><p>M\xfcller</p></a>', ["Müller"]),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a><p>M\xfcller</p></a>', ["Müller"]),
        (b'<?xml version="1.0" encoding="windows-1252"?><a><p>\x93x\x94</p></a>', ["“x”"]),
        (b'<?xml version="1.0" encoding="sheep"?><a><p>x</p></a>', ["x"]),
        (b"\xef\xbb\xbf<a><p>x</p></a>", ["x"]),
        (b"<a><p>Sheep &AMP; &LT;b&GT; &nvlt;</p></a>", ["Sheep & <b> <\u20d2"]),
    ],
)
def test_what_xml_does_not_allow_is_amended(content: bytes, found: list[str]) -> None:
    assert texts(content) == found


def test_an_entity_is_found_wherever_a_chunk_ends() -> None:
    for length in range(65500, 65545):
        assert texts(f"<a><p>{'x' * length}&eacute;</p></a>") == [f"{'x' * length}é"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<a><p>One</p><p>Tw", "is cut short: the XML ends in line 1"),
        ("<a>\n<p>One</p></b>", "is damaged: the XML breaks off at line 2, column 13"),
        ("<a><p>One</p>&sheep;</a>", "undefined entity"),
    ],
)
def test_damage_is_told_with_its_place_after_what_is_before_it(content: str, message: str) -> None:
    found = elements(io.BytesIO(content.encode()), "name", frozenset({"p"}))
    assert text_of(next(found)) == "One"
    with pytest.raises(SourceError, match=message):
        next(found)


def test_an_element_without_an_end_is_given_up() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.begins = True

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            text = b"<a><p>" if self.begins else b"sheep " * (size // 6)
            self.begins = False
            return text

    with pytest.raises(SourceError, match="record 1 has more than 8 MB and no end"):
        list(elements(Endless(), "name", frozenset({"p"})))  # type: ignore[arg-type]
    assert LARGEST_RECORD < 10**8


def test_entities_of_html_and_of_greek_letters_are_text() -> None:
    content = "<a><p>5 &mgr;m &AMP; x &LT; y &eacute;</p></a>"
    found = elements(io.BytesIO(content.encode()), "name", frozenset({"p"}))
    assert text_of(next(found)) == "5 \N{GREEK SMALL LETTER MU}m & x < y \u00e9"

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.identifiers import SCHEMES, looks_like_identifier, read_identifier


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2401.01234", "arxiv:2401.01234"),
        (" 2401.01234v3 ", "arxiv:2401.01234"),
        ("0704.0001", "arxiv:0704.0001"),
        ("arXiv:2401.01234v2", "arxiv:2401.01234"),
        ("arxiv: 2401.01234", "arxiv:2401.01234"),
        ("hep-th/9901001v1", "arxiv:hep-th/9901001"),
        ("math.GT/0309136", "arxiv:math.gt/0309136"),
        ("https://arxiv.org/abs/2401.01234v1", "arxiv:2401.01234"),
        ("http://arxiv.org/pdf/2401.01234v1.pdf", "arxiv:2401.01234"),
        ("https://arxiv.org/html/2401.01234?x=1", "arxiv:2401.01234"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv:hep-th/9901001"),
        ("https://huggingface.co/papers/2401.01234", "arxiv:2401.01234"),
        ("10.1000/XYZ.", "doi:10.1000/xyz"),
        ("10.1000/;.pdf", "doi:10.1000/;.pdf"),
        ('10.1000/;0%2bf"%ab', "doi:10.1000/;0+f"),
        ("doi:10.1000/xyz", "doi:10.1000/xyz"),
        ("https://doi.org/10.1000%2Fxyz", "doi:10.1000/xyz"),
        ("10.1000%2Fxyz", "doi:10.1000/xyz"),
        ("doi:10.1000%2F1521%281%291%3A1%3C1%3A%3AX%3E3", "doi:10.1000/1521(1)1:1<1::x>3"),
        ("10.1000/100%ff", "doi:10.1000/100%ff"),
        ("10.1000/a%0d%0abcc:x", "doi:10.1000/a%0d%0abcc:x"),
        ("https://doi.org/10.1000/a%2541", "doi:10.1000/aa"),
        ("10.1000/12.34/p397.pdf", "doi:10.1000/12.34"),
        ("10.1000/12.34/p397-noether.pdf", "doi:10.1000/12.34"),
        ("10.1000/v1/P16-1001.pdf", "doi:10.1000/v1/p16-1001"),
        ("https://doi.org/10.1000/xyz/full", "doi:10.1000/xyz"),
        ("10.1000/xyz?seq=1#metadata_tab", "doi:10.1000/xyz"),
        ("10.1000/xyz.pdf?seq=1", "doi:10.1000/xyz"),
        ('10.1000/xyz/a.pdf"}', "doi:10.1000/xyz/a"),
        ("10.1000/view?id=12", "doi:10.1000/view?id=12"),
        ('10.1000/xyz","publicationtitle":"Sheep"', "doi:10.1000/xyz"),
        ("10.1000/1521(1)1:1<1::X>3.0.CO;2-#", "doi:10.1000/1521(1)1:1<1::x>3.0.co;2-#"),
        ("10.1000/full", "doi:10.1000/full"),
        ("https://doi.org/10.48550/arXiv.2401.01234", "arxiv:2401.01234"),
        ("DOI:10.48550/arXiv.2401.01234v2.", "arxiv:2401.01234"),
        ("openreview:hP4dxXvvNc8", "openreview:hP4dxXvvNc8"),
        ("https://openreview.net/forum?id=hP4dxXvvNc8&noteId=1", "openreview:hP4dxXvvNc8"),
        ("acl:2021.acl-long.34", "acl:2021.acl-long.34"),
        ("https://aclanthology.org/P19-1001.pdf", "acl:P19-1001"),
        ("https://pubmed.ncbi.nlm.nih.gov/31452104/", "pubmed:31452104"),
    ],
)
def test_an_identifier_is_read_and_normalised(text: str, identifier: str) -> None:
    assert str(read_identifier(text)) == identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arxiv:",
        "31452104",
        "16:9",
        "BERT: pre-training",
        "2401.012345",
        "24.01234",
        "paperdeck:7",
        "doi:12345",
        "10.1000/.",
        "https://example.org/2401.01234",
        "https://example.org/papers",
        "javascript:alert(1)",
    ],
)
def test_other_text_is_no_identifier(text: str) -> None:
    assert read_identifier(text) is None


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    identifier = read_identifier(text)

    if identifier:
        assert identifier.scheme in SCHEMES
        assert read_identifier(str(identifier)) == identifier


@given(st.from_regex(r"\d{4}\.\d{4,5}(v\d+)?|10\.\d{4,9}/[a-zA-Z0-9.]+", fullmatch=True))
def test_an_identifier_written_out_is_read_as_itself(text: str) -> None:
    identifier = read_identifier(text)

    assert identifier is None or read_identifier(str(identifier)) == identifier


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("2401.01234", True),
        ("hep-th/9901001", True),
        ("arxiv:nonsense", True),
        ("https://example.org", True),
        ("diffusion", False),
        ("3.14", False),
        ("16:9", False),
    ],
)
def test_a_word_of_a_query_is_told_from_an_identifier(word: str, *, expected: bool) -> None:
    assert looks_like_identifier(word) is expected

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.links import (
    LONGEST_URL,
    has_code,
    honest_url,
    is_derivable,
    is_safe_url,
    links_from_column,
    links_of,
    links_to_column,
    page_link,
)
from store.models import Identifier, Link, LinkKind

ARXIV = Identifier("arxiv", "2401.01234")
DOI = Identifier("doi", "10.1000/xyz")
CODE = Link(LinkKind.CODE, "https://example.org/code")


def found(abstract: str) -> list[tuple[str, str]]:
    links = links_of(title="A title", abstract=abstract, given=(), identifiers=(), in_feed=False)
    return [(link.kind.value, link.url) for link in links if link.kind is not LinkKind.SEARCH]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "HTTPS://EXAMPLE.ORG/%20",
        "https://a.org/@b?c@d",
    ],
)
def test_plain_web_addresses_may_be_opened(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "https://",
        "https:///path",
        "javascript:alert(1)",
        "file:///tmp/a",
        "ftp://example.org",
        "data:text/html,hi",
        "https://example.org/a b",
        "https://example.org/\x1b[31m",
        "https://example.org/\u202egpj",
        "https://example.org/\n",
        "https://[",
        "https://arxiv.org@example.org/x",
        "https://arxiv.org:443@example.org/x",
        "https://@example.org/x",
        "https://example.org\\@arxiv.org/x",
        "https://example.org/a\\b",
        f"https://example.org/{'a' * LONGEST_URL}",
        "http://-oProxyCommand=touch/x",
        "https://-x",
        "--help",
        "https://example.org:99999/",
        "https://example.org:/",
        "https://[::1]known.org/",
        "https://known.org%00.example.org/",
        "https://ex\u200bample.org/",
        f"https://{'a' * 300}.org/",
        "https://b\xe9" + "c" * 80 + ".org/",
    ],
)
def test_other_addresses_may_not(url: str) -> None:
    assert not is_safe_url(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://\u0430pple.com/x", "https://xn--pple-43d.com/x"),
        ("https://b\xfccher.example:80/", "https://xn--bcher-kva.example:80/"),
        (
            "https://example.org/\u65e5?q=\xe4#\u05d0",
            "https://example.org/%E6%97%A5?q=%C3%A4#%D7%90",
        ),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
    ],
)
def test_an_address_shows_where_it_leads(url: str, shown: str) -> None:
    assert honest_url(url) == shown
    (link,) = links_of(
        title="", abstract="", given=[Link(LinkKind.PAGE, url)], identifiers=(), in_feed=False
    )
    assert link.url == shown


def test_an_identifier_leads_to_no_other_place() -> None:
    identifier = Identifier("doi", "10.1000/a\\@x\u05d0")
    (link,) = links_of(title="", abstract="", given=(), identifiers=[identifier], in_feed=False)
    assert link.url == "https://doi.org/10.1000/a%5C@x%D7%90"


@given(st.text() | st.text().map("https://".__add__))
def test_any_text_can_be_asked_whether_it_is_safe(url: str) -> None:
    if is_safe_url(url):
        assert honest_url(url).isascii()
        assert honest_url(honest_url(url)) == honest_url(url)
        assert url.isprintable()
        assert url.lower().startswith(("http://", "https://"))


def test_an_arxiv_paper_of_the_feed_has_its_page_pdf_and_arxiv_page() -> None:
    links = links_of(title="T", abstract="", given=(), identifiers=[ARXIV], in_feed=True)

    assert [link.kind for link in links] == [LinkKind.PAGE, LinkKind.PDF, LinkKind.ARXIV]
    assert links[0].url == "https://huggingface.co/papers/2401.01234"


def test_elsewhere_the_arxiv_page_is_its_page() -> None:
    links = links_of(title="T", abstract="", given=(), identifiers=[ARXIV], in_feed=False)

    assert [link.url for link in links] == [
        "https://arxiv.org/abs/2401.01234",
        "https://arxiv.org/pdf/2401.01234",
    ]


@pytest.mark.parametrize(
    ("identifier", "page"),
    [
        (DOI, "https://doi.org/10.1000/xyz"),
        (Identifier("openreview", "abcDEF12"), "https://openreview.net/forum?id=abcDEF12"),
        (Identifier("acl", "P19-1001"), "https://aclanthology.org/P19-1001/"),
        (Identifier("pubmed", "314"), "https://pubmed.ncbi.nlm.nih.gov/314/"),
    ],
)
def test_every_register_gives_a_page(identifier: Identifier, page: str) -> None:
    links = links_of(title="T", abstract="", given=(), identifiers=[identifier], in_feed=False)

    assert page_link(links) == Link(LinkKind.PAGE, page)


def test_given_links_come_before_derived_and_found_ones_and_each_is_shown_once() -> None:
    links = links_of(
        title="T",
        abstract="See https://example.org/code and https://example.org/more.",
        given=[CODE, Link(LinkKind.PROJECT, "javascript:alert(1)")],
        identifiers=[DOI],
        in_feed=False,
    )

    assert links == (
        CODE,
        Link(LinkKind.PAGE, "https://doi.org/10.1000/xyz"),
        Link(LinkKind.WEB, "https://example.org/more"),
    )


def test_a_paper_without_a_page_has_a_search_by_its_title_and_never_its_code_in_that_place() -> (
    None
):
    links = links_of(title="A & b?", abstract="", given=[CODE], identifiers=(), in_feed=True)

    page = page_link(links)
    assert page
    assert page.kind is LinkKind.SEARCH
    assert page.url.endswith("query=A+%26+b%3F")
    assert is_safe_url(page.url)


def test_no_links_have_no_page() -> None:
    assert page_link([CODE]) is None


@pytest.mark.parametrize(
    ("abstract", "links"),
    [
        ("Code: https://github.com/a/b.", [("code", "https://github.com/a/b")]),
        ("(see https://example.org/a)", [("web", "https://example.org/a")]),
        ("at https://example.org/a_(b), too", [("web", "https://example.org/a_(b)")]),
        ("[https://www.gitlab.com/a]", [("code", "https://www.gitlab.com/a")]),
        ("\\url{https://example.org/a}", [("web", "https://example.org/a")]),
        ("https://example.org/a https://example.org/a!", [("web", "https://example.org/a")]),
        ("at https://arxiv.org@example.org/x", []),
        ("no link, only http:// and example.org", []),
    ],
)
def test_addresses_are_found_in_the_abstract(abstract: str, links: list[tuple[str, str]]) -> None:
    assert found(abstract) == links


@given(st.text(), st.text())
def test_every_link_of_any_paper_may_be_opened(title: str, abstract: str) -> None:
    given_links = [Link(LinkKind.WEB, abstract)]
    for link in links_of(
        title=title, abstract=abstract, given=given_links, identifiers=(), in_feed=False
    ):
        assert is_safe_url(link.url)


LINKS = st.lists(
    st.builds(
        Link,
        st.sampled_from(LinkKind),
        st.sampled_from(
            ["https://github.com/a", "https://example.org/é", "https://doi.org/10.1000/xyz", "x"]
        ),
    ),
    max_size=3,
)
ABSTRACTS = st.text() | st.sampled_from(
    ["https://github.com/a", "https://www.GitLab.com/b", "https://github.com.example.org"]
)


@given(given_links=LINKS, abstract=ABSTRACTS, in_feed=st.booleans())
def test_code_is_what_a_link_to_code_leads_to(
    given_links: list[Link], abstract: str, *, in_feed: bool
) -> None:
    links = links_of(
        title="T", abstract=abstract, given=given_links, identifiers=[ARXIV, DOI], in_feed=in_feed
    )
    assert has_code(abstract, given_links) == any(link.kind is LinkKind.CODE for link in links)


@given(LINKS)
def test_links_are_kept_as_they_are(given_links: list[Link]) -> None:
    assert links_from_column(links_to_column(given_links)) == tuple(given_links)


def test_links_are_kept_as_compact_json() -> None:
    assert links_to_column([CODE]) == '[["code","https://example.org/code"]]'
    assert links_to_column([]) == "[]"


def test_a_link_that_follows_from_an_identifier_need_not_be_given() -> None:
    identifiers = (Identifier("arxiv", "2401.01234"),)
    derived = links_of(title="", abstract="", given=(), identifiers=identifiers, in_feed=True)
    assert all(is_derivable(link, identifiers) for link in derived)
    assert not is_derivable(Link(LinkKind.CODE, "https://github.com/a/b"), identifiers)

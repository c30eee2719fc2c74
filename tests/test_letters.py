"""Letters in all their forms, of records that would rather be markup, headers or decisions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from webpage import Page

from store.decisions.lines import EDITS_END, EDITS_HEADER, check_edits
from store.decisions.statements import Decision
from store.digests import Digest, Digested, Rise, Since
from store.errors import MailAddressError
from store.letters import wording
from store.letters.html import write_html
from store.letters.mail import as_text, letter, list_message, read_addresses, read_envelope
from store.letters.markdown import write_markdown_letter
from store.letters.plain import write_plain
from store.letters.todo import COLUMNS, write_todo
from store.models import Identifier, Link, LinkKind, Paper
from store.text import clean_line, clean_text

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=timezone(timedelta(hours=2)))
PAPER = Paper(
    key=7,
    title="Counting $\\alpha$ sheep",
    abstract="One of them. " * 30,
    authors=("Ana García", "李 雷", "Ben Li", "Eve"),
    identifiers=(Identifier("arxiv", "2401.01234"),),
    published="2024-01-02",
    listed="2024-01-03",
    listed_is_guess=False,
    votes=1,
    comments=None,
    links=(
        Link(LinkKind.PAGE, "https://example.org/page?a=1&b=2"),
        Link(LinkKind.PDF, "https://example.org/pdf"),
        Link(LinkKind.CODE, "javascript:alert(1)"),
    ),
    categories=(),
    keywords=(),
    venue="",
    organisation="",
    summary="",
    sightings=(),
    other_abstracts=(),
    provenance=(),
    tags=("inbox",),
    added="2026-03-12T08:00:00Z",
)
SINCE = Since(NOW - timedelta(days=7), is_day=True)
DIGEST = Digest("", SINCE, NOW, (Digested(PAPER),), 1, 0, 7)
RISEN = Digest("view:hot", SINCE, NOW, (Digested(PAPER), Digested(PAPER, Rise(12, 31))), 3, 1, 7)
ENVELOPE = read_envelope("Ana García <ana@example.org>, group@example.org", "me@example.org")

# Texts as an enemy would choose them, for each of the forms.
hostile = st.text(
    st.one_of(
        st.sampled_from("\\{}$%&#_^~\"'`@,;:=+-*[]()<>|!./ \n\t\r\x00\x1b\u2028\u202e"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
) | st.sampled_from(
    [
        "</a><script>alert(1)</script>",
        '" onmouseover="alert(1)',
        "<img src=https://example.org/x.gif>",
        "](javascript:alert(1))",
        "x\nBcc: all@example.org\n\nFrom here",
        "+starred -- arxiv:2401.00001",
        f"x\n{EDITS_END}\n{EDITS_HEADER}",
        "From ana Thu Mar 12 09:30:00 2026",
        "--===============",
        "&lt;b&gt; &amp;",
    ]
)
lines = hostile.map(clean_line)
papers = st.builds(
    replace,
    st.just(PAPER),
    title=lines,
    abstract=hostile.map(clean_text),
    authors=st.lists(lines.filter(bool), max_size=4).map(tuple),
    identifiers=st.sampled_from(
        [(), PAPER.identifiers, (Identifier("doi", "10.1000/<a>&'%0d%0abcc:x"),)]
    ),
    links=st.sampled_from(
        [
            (),
            PAPER.links,
            (Link(LinkKind.PAGE, 'https://example.org/"><b>(x)[y]'),),
            (Link(LinkKind.SEARCH, "https://example.org/search?q=%3Cb%3E"),),
        ]
    ),
)
digests = st.builds(
    Digest,
    hostile,
    st.just(SINCE),
    st.just(NOW),
    st.lists(st.builds(Digested, papers, st.none() | st.just(Rise(1, 2))), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda one: one.rise is not None))
    ),
    st.just(5),
    st.just(2),
    st.just(7),
)
many = settings(deadline=None, max_examples=25)


# What is said


def test_the_subject_counts_what_there_is_and_says_for_what() -> None:
    assert wording.subject(DIGEST) == "1 new paper, since 2026-03-05"
    assert wording.subject(RISEN) == (
        "3 new papers, 1 with twice the votes for view:hot, since 2026-03-05"
    )
    assert wording.left_out(RISEN) == "And 2 more."
    assert wording.left_out(DIGEST) == ""


def test_each_paper_is_there_for_a_reason() -> None:
    first, second = RISEN.papers
    assert wording.why(first, RISEN) == "new since 2026-03-05"
    assert wording.why(second, RISEN) == "12 votes when you decided, 31 now"
    assert [one.heading for one in wording.sections(RISEN)] == [
        "New since 2026-03-05",
        "Votes doubled since you decided",
    ]


def test_an_abstract_is_cut_between_words_and_tex_is_readable() -> None:
    assert wording.title(PAPER) == "Counting \u03b1 sheep"
    cut = wording.excerpt(PAPER)
    assert len(cut) <= wording.EXCERPT + 1
    assert cut.endswith(("them…", "of…", "One…"))
    assert wording.excerpt(replace(PAPER, abstract="Short.")) == "Short."
    assert len(wording.excerpt(replace(PAPER, abstract="李" * 500))) == wording.EXCERPT + 1


def test_only_links_that_are_safe_are_given() -> None:
    assert [link.label for link in wording.other_links(PAPER)] == ["PDF"]
    assert wording.page(replace(PAPER, links=())) is None


# Forms


def test_a_letter_in_markdown() -> None:
    text = "".join(write_markdown_letter(DIGEST))
    assert text.startswith(
        "# 1 new paper, since 2026-03-05\n\n## New since 2026-03-05\n\n"
        "- [Counting \u03b1 sheep](https://example.org/page?a=1&b=2)\\\n"
        "  Ana García, 李 雷, Ben Li et al.\n\n  One of them."
    )
    assert text.endswith(
        "\n\n  2024-01-03 · 1 vote · arxiv:2401.01234 · [PDF](https://example.org/pdf)"
        " · new since 2026-03-05\n"
    )


@many
@given(digests)
def test_markdown_shows_what_records_say_and_no_markup_of_theirs(digest: Digest) -> None:
    tokens = MarkdownIt("commonmark").parse("".join(write_markdown_letter(digest)))
    inline = [part for token in tokens for part in token.children or []]

    known = {"text", "text_special", "link_open", "link_close", "hardbreak"}
    assert {part.type for part in inline} <= known
    assert {token.tag for token in tokens} <= {"h1", "h2", "ul", "li", "p", ""}
    assert not {"html_block", "fence", "code_block"} & {token.type for token in tokens}
    text = "".join(part.content for part in inline)
    for one in digest.papers:
        assert wording.title(one.paper) in text
        assert wording.excerpt(one.paper) in text
    for part in inline:
        if part.type == "link_open":
            assert str(part.attrs["href"]).startswith("https://")


@many
@given(digests)
def test_html_shows_what_records_say_and_no_markup_of_theirs(digest: Digest) -> None:
    text = "".join(write_html(digest))
    page = Page(text)

    assert page.tags <= {
        *("html", "head", "meta", "title", "style", "body", "table", "tr", "td", "h1", "h2", "p"),
        "a",
    }
    assert page.attributes <= {
        *("lang", "charset", "name", "content", "class", "style", "role", "width", "cellpadding"),
        *("cellspacing", "border", "align", "dir", "href"),
    }
    assert all(re.fullmatch(r"https://[^\s\"'<>]+", link) for link in page.links)
    for one in digest.papers:
        assert " ".join(wording.title(one.paper).split()) in page.shown
        assert " ".join(wording.excerpt(one.paper).split()) in page.shown


def test_html_is_for_light_and_dark_and_fetches_nothing() -> None:
    text = "".join(write_html(RISEN))
    assert '<meta name="color-scheme" content="light dark">' in text
    assert "@media (prefers-color-scheme: dark)" in text
    for element in re.findall(r"<(?:h1|h2|p|a|td)\b[^>]*>", text.partition("<body")[2]):
        assert "style=" in element
    assert not re.search(r"url\(|@import|<link|<img|src=", text)


def test_a_letter_as_plain_text_fits_a_terminal_and_begins_no_message() -> None:
    digest = replace(RISEN, papers=(Digested(replace(PAPER, title="From here to there")),))
    text = "".join(write_plain(digest))

    assert "\n* From here to there\n" in text
    assert "\n  https://example.org/page?a=1&b=2\n  https://example.org/pdf\n" in text
    assert text.endswith("And 3 more.\n")
    assert max(map(len, text.splitlines())) <= 72


# E-mail

HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
]


@many
@given(digests)
def test_no_record_and_no_query_brings_a_header_or_a_part(digest: Digest) -> None:
    plain, html = "".join(write_plain(digest)), "".join(write_html(digest))
    text = as_text(letter(digest, ENVELOPE, plain, html))
    read = message_from_string(text, _class=EmailMessage, policy=default)

    assert text.isascii()
    assert max(map(len, text.splitlines())) < 998
    assert not re.search(r"^From ", text.partition("\n\n")[2], re.MULTILINE)
    assert sorted(read.keys()) == sorted(HEADERS)
    assert not read.defects
    parts = [part for part in read.iter_parts() if isinstance(part, EmailMessage)]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    # Where a subject is long, it begins on a line of its own.
    assert read["Subject"].strip() == clean_line(wording.subject(digest))
    assert read["To"] == "Ana García <ana@example.org>, group@example.org"
    assert parts[0].get_content().rstrip("\n") == plain.rstrip("\n")
    assert parts[1].get_content() == html


def test_a_message_says_when_from_whom_and_of_which_list_it_is() -> None:
    message = letter(RISEN, ENVELOPE, "plain", "<p>html</p>")

    assert message["Date"] == "Thu, 12 Mar 2026 09:30:00 +0200"
    assert re.fullmatch(r"<20260312093000\.[0-9a-f]{16}@example\.org>", message["Message-ID"])
    assert message["List-Id"] == "paperdeck digest <view-hot.digest.paperdeck.localhost>"
    assert message["From"] == "me@example.org"


def test_without_a_sender_a_letter_is_to_oneself() -> None:
    envelope = read_envelope("Ana <ana@example.org>, group@example.org")
    assert envelope.sender == Address("Ana", "ana", "example.org")
    with pytest.raises(MailAddressError, match="has one sender"):
        read_envelope("ana@example.org", "a@example.org, b@example.org")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ana@example.org", ["ana@example.org"]),
        ("Ana García <ana@example.org>", ["Ana García <ana@example.org>"]),
        ('"García, Ana" <ana@example.org>, b@c.d', ['"García, Ana" <ana@example.org>', "b@c.d"]),
        ("ana", ["ana"]),
    ],
)
def test_addresses_are_read(text: str, expected: list[str]) -> None:
    assert list(map(str, read_addresses(text))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana@example.org\nBcc: all@example.org",
        "ana@example.org\r\n\r\nbody",
        "ana@",
        "@example.org",
        "ana example.org",
        "Ana García",
        "anä@example.org",
        "<ana@example.org",
        "ana@example.org, ",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(MailAddressError):
        read_addresses(text)


@given(st.text())
def test_any_text_is_addresses_of_one_line_or_refused(text: str) -> None:
    try:
        found = read_addresses(text)
    except MailAddressError:
        return
    assert found
    assert not any("\n" in str(one) or "\r" in str(one) for one in found)


# A list of edits


def test_a_letter_as_a_list_has_a_line_for_each_paper() -> None:
    text = "".join(write_todo(RISEN))
    assert text.startswith(f"{EDITS_HEADER}\n# 3 new papers, 1 with twice the votes")
    assert "\n-- arxiv:2401.01234  # Counting \u03b1 sheep\n" in text
    assert text.endswith(f"\n# And 2 more.\n\n{EDITS_END}\n")
    assert max(map(len, text.splitlines())) <= COLUMNS


@many
@given(digests)
def test_no_record_writes_an_edit_of_its_own(digest: Digest) -> None:
    text = "".join(write_todo(digest))
    said, refused, _ = check_edits(text.splitlines())

    names = {one.paper.id for one in digest.papers}
    assert {one.target for one in said if isinstance(one, Decision)} == names
    assert all(isinstance(one, Decision) and not one.edit for one in said)
    assert text.splitlines().count(EDITS_END) == text.splitlines().count(EDITS_HEADER) == 1
    # Here, a paper may be there twice.
    assert bool(refused) == (len(names) < len(digest.papers))


def test_a_list_by_mail_is_plain_text_alone() -> None:
    text = "".join(write_todo(DIGEST))
    message = list_message(DIGEST, ENVELOPE, text)

    assert message.get_content_type() == "text/plain"
    assert message.get_content() == text

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.decisions.lines import EDITS_END, EDITS_HEADER
from store.decisions.replies import edit_lines
from store.errors import ReplyError

LIST = f"""\
{EDITS_HEADER}
# 2 new papers

-inbox -- arxiv:2401.00001  # Counting sheep
-- arxiv:2401.00002  # Goats

{EDITS_END}
"""
SAID = ["-inbox -- arxiv:2401.00001  # Counting sheep", "-- arxiv:2401.00002  # Goats"]


def said(text: str | bytes) -> list[str]:
    """Return the lines that say something."""
    data = text.encode() if isinstance(text, str) else text
    return [line for line in edit_lines(data) if line and not line.startswith("#")]


def quoted(text: str, mark: str = "> ") -> str:
    return "".join(f"{mark}{line}".rstrip() + "\n" for line in text.splitlines())


@pytest.mark.parametrize("mark", ["", "> ", ">", ">> ", "> > ", " > "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_is_read_quoted_or_not_and_with_any_line_ends(mark: str, end: str) -> None:
    assert said(quoted(LIST, mark).replace("\n", end)) == SAID


def test_what_stands_around_the_list_is_passed_over_and_lines_keep_their_numbers() -> None:
    text = f"Hello,\nAna wrote:\n{quoted(LIST)}\n--\n+a -- arxiv:2401.00009\n"
    lines = edit_lines(text.encode())

    assert said(text) == SAID
    assert lines[5] == SAID[0]
    assert not any(lines[:2] + lines[9:])


def test_lines_of_one_s_own_among_the_quoted_ones_count() -> None:
    text = quoted(LIST).replace("> -- arxiv:2401.00002", "+starred -- arxiv:2401.00002")

    assert said(text) == [SAID[0], "+starred -- arxiv:2401.00002  # Goats"]


def test_lines_without_a_head_are_all_read() -> None:
    assert said("+a -- arxiv:2401.00001\n> +b -- arxiv:2401.00002") == [
        "+a -- arxiv:2401.00001",
        "+b -- arxiv:2401.00002",
    ]
    assert said("\ufeff+a -- arxiv:2401.00001") == ["+a -- arxiv:2401.00001"]
    assert said(">>>>>>> theirs") == [">>>>>>> theirs"]


FULL = "-inbox -unread +starred -- arxiv:2401.00001  # Counting sheep in the"


def test_a_quoted_comment_that_was_wrapped_is_joined() -> None:
    assert edit_lines(f"> {FULL}\n> dark\n> -- arxiv:2401.00002".encode()) == [
        f"{FULL} dark",
        "",
        "-- arxiv:2401.00002",
    ]


@pytest.mark.parametrize(
    "following",
    ["dark", "> +a", "> -- arxiv:2401.00002", "> a -- arxiv:2401.00002", ">> dark", "> # dark"],
)
def test_what_may_be_more_than_the_rest_of_a_comment_is_not_joined(following: str) -> None:
    first, second = edit_lines(f"> {FULL}\n{following}".encode())

    assert (first, second) == (FULL, following.lstrip("> "))


def test_a_short_line_was_not_wrapped() -> None:
    assert said("> -- arxiv:2401.00001  # Sheep\n> dark") == [
        "-- arxiv:2401.00001  # Sheep",
        "dark",
    ]


@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_the_answer_is_read_from_a_whole_message(cte: str, charset: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "ana@example.org", "Re: 2 new papers"
    message.set_content(f"Größe\n{quoted(LIST)}", charset=charset, cte=cte)
    message.add_alternative("<p>+evil -- arxiv:2401.00009</p>", subtype="html")

    assert said(message.as_bytes()) == SAID
    assert said(b"From ana Thu Mar 12 09:30:00 2026\r\n" + message.as_bytes()) == SAID


def test_a_flowed_message_is_read_as_it_was_before_it_was_wrapped() -> None:
    text = f"> {EDITS_HEADER}\n>-inbox -- arxiv:2401.00001  # Counting \n> sheep\n> {EDITS_END}\n"
    head = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8;"

    assert said(f"{head} format=flowed\n\n{text}") == SAID[:1]
    assert said(f"{head} format=flowed; delsp=yes\n\n{text.replace('ing ', 'ing  ')}") == SAID[:1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"{LIST}\n{LIST}".encode(), "lists begin on line 1 and on line 9"),
        (LIST.replace(EDITS_END, "").encode(), "has no end: write '# end of edits'"),
        (b"+a -- arxiv:2401.00001\n\xff", "line 2: it is not UTF-8 text"),
        (
            b"From: a@example.org\nContent-Type: text/html\n\n<p>+a -- arxiv:2401.00001",
            "the message has no plain text",
        ),
        (
            b"From: a@example.org\nContent-Type: " + b"(" * 2_000 + b"\n\n+a -- arxiv:2401.00001",
            "nested too deeply: save the list alone",
        ),
    ],
)
def test_what_holds_no_list_for_certain_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReplyError, match=reason):
        edit_lines(data)


@given(st.binary() | st.binary().map(lambda data: b"From: a@example.org\n" + data))
def test_any_bytes_are_lines_or_refused(data: bytes) -> None:
    try:
        lines = edit_lines(data)
    except ReplyError:
        return
    assert not any("\n" in line for line in lines)

"""A letter as a whole e-mail message (RFC 5322), for `sendmail -t` and its like.

Of a record there is nothing in the headers; addresses are read and written anew, so that none can
bring a header of its own.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING

from store.errors import MailAddressError
from store.letters import wording
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.digests import Digest

_POLICY = default.clone(linesep="\n", max_line_length=78)
_LOCAL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_NOT_IN_LABELS = re.compile(r"[^a-z0-9]+")
_LONGEST_LABEL = 40
_BEGINS_MESSAGE = re.compile("^From ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a letter goes to, and who writes it."""

    to: tuple[Address, ...]
    sender: Address


def read_envelope(to: str, sender: str = "") -> Envelope:
    """Return the addresses in `to`, parted by commas, and that of the sender.

    Without a sender the reader writes to themselves. Raises `MailAddressError`.
    """
    addresses = read_addresses(to)
    senders = read_addresses(sender) if sender.strip() else addresses[:1]
    if len(senders) > 1:
        raise MailAddressError(sender, "is more than one address: a letter has one sender")
    return Envelope(addresses, senders[0])


def read_addresses(text: str) -> tuple[Address, ...]:
    """Return the addresses of a list parted by commas; raise `MailAddressError`."""
    if text != clean_line(text):
        # A line break could begin another header.
        raise MailAddressError(text, "has a line break, a control character or stray blanks")
    if not text.isascii() and not all(part.isascii() for part in re.findall(r"\S*@\S*", text)):
        raise MailAddressError(text, "has letters in its address that not all servers take")
    if _LOCAL_NAME.fullmatch(text):
        return (Address(username=text),)
    message = EmailMessage(policy=_POLICY)
    try:
        message["To"] = text
        header = message["To"]
        found: tuple[Address, ...] = tuple(header.addresses)
        defects: Sequence[Exception] = header.defects
    except (ValueError, IndexError) as error:
        raise MailAddressError(text, "is no address") from error
    if defects or not found or not all(one.username and one.domain for one in found):
        raise MailAddressError(text, "is no address")
    return found


def letter(digest: Digest, envelope: Envelope, plain: str, html: str) -> EmailMessage:
    """Return the message: as plain text and, for who wants that, as HTML."""
    message = _message(digest, envelope)
    message.set_content(plain, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def list_message(digest: Digest, envelope: Envelope, lines: str) -> EmailMessage:
    """Return the message that has a list of edits as its one text, so that an answer quotes it."""
    message = _message(digest, envelope)
    message.set_content(lines, charset="utf-8", cte="quoted-printable")
    return message


def as_text(message: EmailMessage) -> str:
    """Return a message as it is given to a mail program: ASCII, in lines as files have them."""
    # All parts are quoted-printable: a line that would begin a message in a mailbox is written so.
    return _BEGINS_MESSAGE.sub("=46rom ", message.as_bytes().decode("ascii"))


def _message(digest: Digest, envelope: Envelope) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = envelope.sender
    message["To"] = envelope.to
    message["Subject"] = wording.subject(digest)
    message["Date"] = digest.made_at
    domain = envelope.sender.domain or "localhost"
    moment = f"{digest.made_at:%Y%m%d%H%M%S}"
    message["Message-ID"] = f"<{moment}.{secrets.token_hex(8)}@{domain}>"
    # By which a mail program files them: RFC 2919, section 3, has `localhost` for such lists.
    label = _NOT_IN_LABELS.sub("-", digest.query.lower())[:_LONGEST_LABEL].strip("-") or "inbox"
    message["List-Id"] = f"paperdeck digest <{label}.digest.paperdeck.localhost>"
    message["Auto-Submitted"] = "auto-generated"
    return message

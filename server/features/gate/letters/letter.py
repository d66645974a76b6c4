"""The letter as a message (RFC 5322, MIME): a pure function of its record, so that every try sends the same bytes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from typing import Any, Final
from urllib.parse import urlsplit

from server.days import VIETNAM
from server.features.gate.letters import calendar, page
from server.features.gate.letters.content import Content
from server.features.gate.letters.picture import picture
from server.features.gate.letters.words import both, say, short_time
from sync import record
from sync.record import State

_POLICY: Final = policy.SMTP
"""CRLF line ends, headers in ASCII (RFC 2047): every server takes it, with SMTPUTF8 or without."""


def letter(id: str, state: State, *, sender: str) -> EmailMessage:
    """Return the message of the record `mail`, from the unit's name at the address `sender`."""
    values: Any = record.shown(state)
    content = Content.model_validate(_clean(values["content"]))
    sort, to = values["sort"], address(values["to"])
    host = urlsplit(content.origin).hostname
    message = EmailMessage(policy=_POLICY)
    _head(message, content, sort=sort, sender=sender, to=to)
    message["Date"] = datetime.fromtimestamp(values["queued_at"] // 1000, VIETNAM)
    message["Message-ID"] = f"<{id}@{host}>"
    code = None if content.code is None else picture(content.code)
    event = calendar.event(
        content, sort=sort, invitation=values["invitation"], sender=sender, to=to, at=values["queued_at"]
    )
    _fill(message, content, sort=sort, code=code, event=event, cid=f"code.{id}@{host}")
    _fix_boundaries(message, seed=id)
    return message


def address(text: str) -> str:
    """Return an address that fits any server: ASCII before the @, the host as in the DNS. Raises `ValueError`."""
    local, _, host = text.strip().rpartition("@")
    plain = f"{local}@{host.encode('idna').decode()}"
    if not plain.isascii() or any(each.isspace() or not each.isprintable() for each in plain):
        raise ValueError(f"expected an address of ASCII letters without spaces, got {text!r}")
    return Address(addr_spec=plain).addr_spec


def _head(message: EmailMessage, content: Content, *, sort: str, sender: str, to: str) -> None:
    language = content.language
    message["From"] = Address(content.unit.in_(language), addr_spec=sender)
    message["To"] = Address(content.name, addr_spec=to)
    message["Subject"] = say(language, f"subject.{sort}", title=content.title, when=short_time(content))
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = ", ".join(both(language))


def _fill(message: EmailMessage, content: Content, *, sort: str, code: bytes | None, event: bytes, cid: str) -> None:
    """Build mixed[alternative[plain, related[html, picture], calendar], picture, invite.ics]."""
    message.set_content(page.plain(content, sort=sort), cte="quoted-printable")
    message.add_alternative(page.html(content, sort=sort, cid=cid), subtype="html", cte="quoted-printable")
    if code is not None:
        shown = message.get_payload()[1]  # type: ignore[index]  # a multipart's payload is the list of its parts
        shown.add_related(code, "image", "png", cid=f"<{cid}>", disposition="inline", filename="ma-vao-cong.png")  # type: ignore[union-attr]
    method = calendar.METHODS[sort]
    message.add_alternative(event.decode(), subtype="calendar", cte="base64", params={"method": method})
    if code is not None:
        message.add_attachment(code, "image", "png", filename="ma-vao-cong.png")
    message.add_attachment(event, "application", "ics", filename="invite.ics")


def _fix_boundaries(message: MIMEPart, *, seed: str) -> None:
    """Derive boundaries from the id; `=_` can't stand in quoted-printable or base64 (RFC 2045, 6.7)."""
    mark = hashlib.sha256(seed.encode()).hexdigest()[:24]
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{mark}_{number}")


def _clean(content: Any) -> Any:
    """Make every text but the code one line without control characters: none can end a header or turn text around."""
    return {key: value if key == "code" else _texts(value, _CLEAN.get(key, _line)) for key, value in content.items()}


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _texts(each, change) for key, each in value.items()}
    return [_texts(each, change) for each in value] if isinstance(value, list) else value


def _line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text).split())


def _paragraphs(text: str) -> str:
    return "\n".join(_line(line) for line in text.strip().splitlines())


_CLEAN: Final = {"note": _paragraphs}

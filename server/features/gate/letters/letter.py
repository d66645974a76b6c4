"""The letter as a message (RFC 5322, MIME): a pure function of its record, so that every try sends the same bytes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime
from email import policy
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from server.days import VIETNAM
from server.features.gate.letters import calendar, page
from server.features.gate.letters.address import address
from server.features.gate.letters.content import Content
from server.features.gate.letters.picture import Picture, picture
from server.features.gate.letters.words import both, say, short_time
from server.mailing import Letter
from sync import record
from sync.record import State

_POLICY: Final = policy.compat32.clone(linesep="\r\n")
"""The older way of `email`, which makes the same letter for a fifth of the work of `EmailMessage`."""
_PICTURE: Final = "ma-vao-cong.png"
_EVENT: Final = "invite.ics"


def letter(id: str, state: State, *, sender: str) -> Letter:
    """Return the letter of a record `mail`, from its unit's name at the address `sender`, in ASCII and base64 only."""
    values: Any = record.shown(state)
    content = Content.model_validate(_clean(values["content"]))
    sort, language, at = values["sort"], content.language, values["queued_at"]
    to = address(values["to"])
    host = urlsplit(content.origin).hostname
    code = None if content.code is None else picture(content.code)
    event = calendar.event(content, sort=sort, invitation=values["invitation"], sender=sender, to=to, at=at)
    message = _many("mixed", id)
    message["From"] = f"{_encoded(content.unit.in_(language), 'From')} <{sender}>"
    message["To"] = f"{_encoded(content.name, 'To')} <{to}>"
    subject = say(language, f"subject.{sort}", title=content.title, when=short_time(content))
    message["Subject"] = _encoded(subject, "Subject")
    message["Date"] = format_datetime(datetime.fromtimestamp(at // 1000, VIETNAM))
    message["Message-ID"] = f"<{id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = ", ".join(both(language))
    message.attach(_readable(content, sort=sort, code=code, event=event, id=id))
    if code is not None:
        message.attach(_file(MIMEImage(code.png, "png", policy=_POLICY), _PICTURE))
    message.attach(_file(MIMEApplication(event, "ics", policy=_POLICY), _EVENT))
    return Letter(id=id, sender=sender, to=to, message_id=message["Message-ID"], data=message.as_bytes())


def _readable(content: Content, *, sort: str, code: Picture | None, event: bytes, id: str) -> Message:
    """Return alternative[plain, related[html, picture], calendar]: what mail programs show and act on."""
    cid = f"code.{id}@{urlsplit(content.origin).hostname}"
    readable = _many("alternative", id)
    readable.attach(_text(page.plain(content, sort=sort), "plain"))
    html = _text(page.html(content, sort=sort, cid=cid, width=code.shown if code else 0), "html")
    if code is None:
        readable.attach(html)
    else:
        related, shown = _many("related", id), MIMEImage(code.png, "png", policy=_POLICY)
        shown.add_header("Content-ID", f"<{cid}>")
        shown.add_header("Content-Disposition", "inline", filename=_PICTURE)
        related.attach(html)
        related.attach(shown)
        readable.attach(related)
    asks = _text(event.decode(), "calendar")
    asks.set_param("method", calendar.METHODS[sort])
    readable.attach(asks)
    return readable


def _many(sort: str, id: str) -> MIMEMultipart:
    """Return an empty multipart; its boundary follows from the id, and `=_` stands in no base64."""
    mark = hashlib.sha256(f"{sort} {id}".encode()).hexdigest()[:32]
    return MIMEMultipart(sort, boundary=f"=_{mark}", policy=_POLICY)


def _text(text: str, sort: str) -> MIMEText:
    return MIMEText(text, sort, "utf-8", policy=_POLICY)


def _file(part: Message, name: str) -> Message:
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _encoded(text: str, header: str) -> str:
    """Return the text as encoded words (RFC 2047), so that no text can be anything but text."""
    return Header(text, "utf-8", header_name=header, maxlinelen=75).encode()


def _clean(content: Any) -> Any:
    """Make every text but the code one line without control characters: none can turn the text around it."""
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

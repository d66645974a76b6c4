"""How a letter leaves: over SMTP, or as a file where no mail server is set up."""

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from server.config import SmtpServer

_WORDS: Final = 200
"""Characters of a server's words that are kept."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is handed over: `data` is the whole message with CRLF line ends, `id` that of its record."""

    id: str
    sender: str
    to: str
    message_id: str
    data: bytes


class Refused(Exception):
    """The server does not take this letter: never, or (`permanent` False) not now. Others may go on."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        super().__init__(words)
        self.permanent = permanent


class Trouble(Exception):
    """The way itself does not work now. `doubtful`: the letter was handed over whole and no answer came."""

    def __init__(self, words: str, *, doubtful: bool = False) -> None:
        super().__init__(words)
        self.doubtful = doubtful


class Transport(Protocol):
    """A way by which letters leave."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over; returning means it was taken. Raises `Refused` or `Trouble`."""
        ...

    def close(self) -> None:
        """End the connection, if there is one; the next letter opens another."""
        ...


class Folder:
    """Writes `<id>.eml` files: what a desk without a mail server can look at, and hand on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter) -> None:
        """Write the file whole or not at all."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._folder / f".{letter.id}.part"
            with part.open("wb") as file:
                file.write(letter.data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / f"{letter.id}.eml")
        except OSError as error:
            raise Trouble(f"the folder for letters can't be written: {error.strerror}") from error

    def close(self) -> None:
        """Have nothing to close."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for an answer, and for the one after the final dot, which must not be given up early: a server
    that takes a letter slowly still takes it (RFC 5321, 4.5.3.2.6; RFC 1047)."""

    answer: float = 60
    final: float = 600


class Smtp:
    """Hands letters over one connection, one by one (RFC 5321)."""

    def __init__(self, server: SmtpServer, *, name: str, patience: Patience = Patience()) -> None:
        self._server = server
        self._name = name
        self._patience = patience
        self._connection: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand the letter over.

        When the connection breaks after the final dot and before its answer, nobody can know whether the server took
        the letter: SMTP has no way to ask (RFC 1047). It is `Trouble(doubtful=True)`, and the letter is sent again with
        the same bytes and Message-ID, by which mail systems recognise a double: twice is better than never.
        """
        fresh = self._connection is None
        try:
            self._begin(letter)
        except Trouble:
            if fresh:
                raise
            self._begin(letter)  # servers end a connection after some letters; that is no trouble yet
        connection = self._connection
        assert connection is not None
        with self._heard():
            self._step(connection.rcpt(letter.to))
            self._step(connection.docmd("DATA"))
            connection.send(re.sub(rb"(?m)^\.", b"..", letter.data) + b".\r\n")
        with self._heard(doubtful=True):
            assert connection.sock is not None
            connection.sock.settimeout(self._patience.final)
            self._step(connection.getreply())
            connection.sock.settimeout(self._patience.answer)

    def close(self) -> None:
        """Take leave of the server."""
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it may be gone; then there is nobody to take leave of
                assert self._connection.sock is not None
                self._connection.sock.settimeout(5)
                self._connection.quit()
        self._drop()

    def _begin(self, letter: Letter) -> None:
        with self._heard():
            connection = self._connection or self._open()
            self._step(connection.mail(letter.sender), letter=False)

    def _open(self) -> smtplib.SMTP:
        server, secure = self._server, ssl.create_default_context()
        options: dict[str, Any] = {"local_hostname": self._name, "timeout": self._patience.answer}
        if server.tls == "tls":
            self._connection = smtplib.SMTP_SSL(server.host, server.port, context=secure, **options)
        else:
            self._connection = smtplib.SMTP(server.host, server.port, **options)
        assert self._connection.sock is not None
        self._connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if server.tls == "starttls":
            self._connection.starttls(context=secure)
        self._connection.ehlo_or_helo_if_needed()
        if server.user:
            self._connection.login(server.user, server.password)
        return self._connection

    @contextlib.contextmanager
    def _heard(self, *, doubtful: bool = False) -> Iterator[None]:
        """Keep the connection after a refused letter, drop it after anything worse, and say what was heard."""
        try:
            yield
        except Refused:
            self._reset()
            raise
        except Trouble:
            self._drop()
            raise
        except OSError as error:  # smtplib's own exceptions are of this class
            self._drop()
            raise Trouble(self._shown(_reason(error)), doubtful=doubtful) from error

    def _step(self, answer: tuple[int, bytes], *, letter: bool = True) -> None:
        """Go on after a positive answer; else say whether the letter or the way is refused."""
        code, words = answer
        if 200 <= code < 400:
            return
        said = self._shown(f"{code} {words.decode('utf-8', 'replace')}")
        if not letter or code == 421 or not 400 <= code < 600:
            raise Trouble(said)
        raise Refused(said, permanent=code >= 500)

    def _shown(self, words: str) -> str:
        """Return words that an officer may see: short, in one line, without the password."""
        if self._server.password:
            words = words.replace(self._server.password, "…")
        return " ".join("".join(each if each.isprintable() else " " for each in words).split())[:_WORDS]

    def _reset(self) -> None:
        """Make the connection fit for the next letter."""
        try:
            assert self._connection is not None
            self._step(self._connection.rset(), letter=False)
        except (OSError, Trouble):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the mail server does not accept the user and password"
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {words}"
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    return str(error) or type(error).__name__

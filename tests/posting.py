"""Letters for tests: what stands in the queue, a quick mailer, and the proof that nobody got two and nobody none."""

from __future__ import annotations

import base64
import hashlib
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import base45

from server.alone import Alone, FileLock
from server.config import SmtpServer
from server.features.gate.letters import Content, Words
from server.features.gate.letters.letter import letter
from server.mailing import MAIL, Letter, Mailer, Pace, Smtp, queue
from server.mailing.mailer import Compose
from server.mailing.transports import Patience, Transport
from server.store import Store, Transaction
from sync.record import State
from tests.conftest import BEGAN
from tests.smtp_sink import Sink

SENDER: Final = "moi@motcua.example"
QUICK: Final = Pace(poll=20, again=20, first=20, most=200, pause=10, longest_pause=50)
"""A pace at which a test does not wait; the real one is counted in minutes."""


def code(seed: str) -> str:
    """Return a text that looks like an invitation of 240 characters."""
    data = b"".join(hashlib.sha256(f"{seed}{number}".encode()).digest() for number in range(5))
    return f"MCI1:{base45.b45encode(data[:156]).decode()}"


def content(**changes: Any) -> Content:
    """Return what a letter of the demo city says."""
    given: dict[str, Any] = {
        "origin": "https://motcua.example",
        "language": "vi",
        "name": "Nguyễn Thị Hồng Hạnh",
        "unit": Words(vi="Ủy ban nhân dân phường Bến Thành", en="People's Committee of Bến Thành Ward"),
        "title": "Họp lấy ý kiến về chỉnh trang hẻm 53 Lê Thánh Tôn",
        "place": Words(vi="Trụ sở phường Bến Thành", en="Bến Thành Ward Office"),
        "address": "92 Nguyễn Trãi, phường Bến Thành",
        "gates": (Words(vi="Cổng chính", en="Main gate"), Words(vi="Cổng phụ", en="Side gate")),
        "starts": BEGAN + 86_400_000,
        "ends": BEGAN + 86_400_000 + 5_400_000,
        "opens": 30,
        "host": "Trần Thị Bích",
        "room": "Phòng họp A, tầng 2",
        "note": "Xin mang theo căn cước công dân.\nCó chỗ gửi xe.",
        "version": 1,
        "code": code("one"),
    }
    return Content(**given | changes)


def addressee(number: int) -> str:
    """Return the address of one of many addressees."""
    return f"nguoi-{number:04d}@dan.example"


def queue_letters(store: Store, count: int, *, now: int, first: int = 0) -> list[str]:
    """Queue one letter for each of many addressees, all in one transaction; return their addresses."""

    def job(transaction: Transaction) -> None:
        for number in range(first, first + count):
            invitation = f"0193c0de-0000-7000-8000-{number:012d}"
            queue(
                transaction,
                id=f"{invitation}-1",
                unit="ben-thanh",
                invitation=invitation,
                to=addressee(number),
                sort="invite",
                content=content(name=f"Nguyễn Văn {number}", code=code(str(number))).to_value(),
                now=now,
            )

    store.write(job)
    return [addressee(number) for number in range(first, first + count)]


def brief(id: str, state: State) -> Letter:
    """Return a short letter, for tests that are not about what a letter says."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = SENDER, str(state["to"].shown), "Giấy mời"
    message["Message-ID"] = f"<{id}@motcua.example>"
    message.set_content(".dot\n..dots\n" + base64.b64encode(id.encode()).decode() + "\n.\n")
    return Letter(
        id=id, sender=SENDER, to=str(state["to"].shown), message_id=message["Message-ID"], data=bytes(message)
    )


def whole(id: str, state: State) -> Letter:
    """Return the real letter."""
    return letter(id, state, sender=SENDER)


def mailer_to(
    sink: Sink,
    store: Store,
    folder: Path,
    *,
    compose: Compose = brief,
    pace: Pace = QUICK,
    final: float = 1.0,
    lock: Alone | None = None,
) -> Mailer:
    """Return a mailer that sends to the sink."""
    server = SmtpServer(host="127.0.0.1", port=sink.port, tls="none", user="", password="")
    smtp = Smtp(server, name="motcua.example", patience=Patience(answer=5, final=final))
    return mailer(smtp, store, folder, compose=compose, pace=pace, lock=lock)


def mailer(
    transport: Transport,
    store: Store,
    folder: Path,
    *,
    compose: Compose = brief,
    pace: Pace = QUICK,
    lock: Alone | None = None,
) -> Mailer:
    """Return a mailer on any transport, with the real clock."""
    return Mailer(
        store=store, compose=compose, transport=transport, lock=lock or FileLock(folder / "mail.lock"),
        now=lambda: time.time_ns() // 1_000_000, chance=random.random, pace=pace,
    )  # fmt: skip


@contextmanager
def at_work(*mailers: Mailer) -> Iterator[None]:
    """Let mailers work for the length of the block, each in a thread."""
    stopped = threading.Event()
    threads = [threading.Thread(target=each.run, args=(stopped,)) for each in mailers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def states(store: Store, state: str) -> list[dict[str, Any]]:
    """Return what the letters in a state show."""
    with store.read() as look:
        found = look.find(MAIL.name, "state", state, limit=100_000)
    return [{key: each.shown for key, each in record.items()} for _, record in found]


def sent(store: Store) -> int:
    """Return how many letters are marked as sent."""
    with store.read() as look:
        return look.count(MAIL.name, "state", "sent")


def prove_one_each(sink: Sink, people: list[str], *, doubles: int = 0) -> None:
    """Everyone has one letter by its Message-ID; at most `doubles` came twice, with the same bytes, and none of them
    after the sink had said that it took it (but for a sender who was killed before it heard or wrote that down)."""
    found = sink.by_addressee
    assert sorted(found) == sorted(people)
    for to, copies in found.items():
        assert {each.id for each in copies} == {copies[0].id}, to
        assert {each.data for each in copies} == {copies[0].data}, to
    assert len({copies[0].id for copies in found.values()}) == len(people)
    assert len(sink.received) - len(people) <= doubles

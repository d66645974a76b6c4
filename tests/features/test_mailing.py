"""Letters wait in the queue, leave by SMTP or as files, and their records say what became of them."""

from __future__ import annotations

import datetime
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from loadtests.service import REPOSITORY, Service
from server.config import SmtpServer
from server.mailing import Folder, Letter, Pace, Smtp, queue
from server.mailing.transports import Patience, Trouble
from server.store import Store, Transaction
from sync.record import State
from tests.cities import NewDemo
from tests.posting import (
    addressee,
    at_work,
    brief,
    content,
    mailer,
    mailer_to,
    prove_one_each,
    queue_letters,
    sent,
    states,
    whole,
)  # fmt: skip
from tests.smtp_sink import sinking

pytestmark = pytest.mark.both_engines

INVITATION = "0193c0de-0000-7000-8000-000000000000"


def now() -> int:
    return time.time_ns() // 1_000_000


def put(store: Store, id: str, *, sort: str = "invite", to: str = "an@dan.example") -> str:
    """Queue one letter of one invitation."""

    def job(transaction: Transaction) -> str:
        return queue(
            transaction, id=id, unit="ben-thanh", invitation=INVITATION, to=to, sort=sort,
            content=content().to_value(), now=now(),
        )  # fmt: skip

    return store.write(job)


def shown(store: Store, id: str) -> dict[str, Any]:
    with store.read() as look:
        return {key: each.shown for key, each in (look.get("mail", id) or {}).items()}


def test_a_letter_stands_in_the_feed_of_its_unit(store: Store) -> None:
    before = now()
    assert put(store, f"{INVITATION}-1") == f"{INVITATION}-1"
    letter = shown(store, f"{INVITATION}-1")
    assert letter["content"] == content().to_value()
    assert before <= letter["queued_at"] == letter["next_at"]
    assert {key: letter[key] for key in ("unit", "invitation", "to", "sort", "state", "attempts")} == {
        "unit": "ben-thanh", "invitation": INVITATION, "to": "an@dan.example", "sort": "invite", "state": "queued",
        "attempts": 0,
    }  # fmt: skip
    with store.read() as look:
        assert look.feeds_of("mail", f"{INVITATION}-1") == {"unit/ben-thanh"}


def test_a_letter_under_a_used_id_gets_another_id(store: Store) -> None:
    ids = [put(store, f"{INVITATION}-1") for _ in range(3)]
    assert ids == [f"{INVITATION}-1", f"{INVITATION}-1r2", f"{INVITATION}-1r3"]


def test_a_newer_letter_takes_the_place_of_one_that_waits(store: Store, tmp_path: Path) -> None:
    first, second = put(store, f"{INVITATION}-1"), put(store, f"{INVITATION}-2", sort="update")
    with sinking() as sink, at_work(mailer_to(sink, store, tmp_path)):
        sink.wait(lambda: sent(store) == 1)
    assert [each.id for each in sink.received] == [f"<{second}@motcua.example>"]
    assert shown(store, first)["state"] == "superseded"


def test_a_letter_that_was_sent_stays_sent_when_a_newer_one_comes(store: Store, tmp_path: Path) -> None:
    first = put(store, f"{INVITATION}-1")
    with sinking() as sink, at_work(mailer_to(sink, store, tmp_path)):
        sink.wait(lambda: sent(store) == 1)
        second = put(store, f"{INVITATION}-2", sort="cancel")
        sink.wait(lambda: sent(store) == 2)
    for id in (first, second):
        letter = shown(store, id)
        assert (letter["state"], letter["attempts"], letter["error"], letter["next_at"]) == ("sent", 1, None, None)
        assert letter["message_id"] == f"<{id}@motcua.example>"
        assert letter["queued_at"] <= letter["sent_at"] <= now()


def test_200_whole_letters_arrive(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sinking() as sink, at_work(mailer_to(sink, store, tmp_path, compose=whole)):
        began = time.monotonic()
        people = queue_letters(store, 200, now=now())
        sink.wait(lambda: sent(store) == 200)
        seconds = time.monotonic() - began
    prove_one_each(sink, people)
    assert sink.connections <= 3
    with capsys.disabled():
        print(f"\n200 letters from their records to the sink in {seconds:.1f} s")
    assert seconds < 30


def test_a_letter_that_is_not_taken_now_is_tried_again_with_the_same_bytes(store: Store, tmp_path: Path) -> None:
    put(store, f"{INVITATION}-1")
    with (
        sinking(faults={1: "cut after the dot, kept", 2: "451 at RCPT"}) as sink,
        at_work(mailer_to(sink, store, tmp_path, compose=whole, pace=Pace(poll=10, again=10, first=300, pause=10))),
    ):
        sink.wait(lambda: bool(states(store, "waiting")))
        waiting = states(store, "waiting")[0]
        sink.wait(lambda: sent(store) == 1)
    assert waiting["state"] == "queued"
    assert waiting["error"] == "Connection unexpectedly closed (it may have been taken all the same)"
    first, second = sink.received
    assert (first.data, first.answered, second.answered) == (second.data, False, True)
    assert shown(store, f"{INVITATION}-1")["attempts"] == 3


def test_waiting_doubles_up_to_an_hour() -> None:
    pace = Pace()
    assert [pace.delay(times, chance=0.5) // 1000 for times in (1, 2, 3, 7, 8, 1000)] == [30, 60, 120, 1920, 3600, 3600]
    assert [pace.delay(1, chance=chance) for chance in (0, 1)] == [27_000, 33_000]
    assert [pace.rest(times, chance=0.5) // 1000 for times in (1, 2, 7, 1000)] == [5, 10, 300, 300]


def test_a_letter_that_nobody_takes_for_days_fails(store: Store, tmp_path: Path) -> None:
    put(store, f"{INVITATION}-1")
    with sinking(faults=dict.fromkeys(range(1, 4), "451 at RCPT")) as sink:
        pace = Pace(poll=10, again=10, first=10, most=10, pause=10, give_up=1)
        with at_work(mailer_to(sink, store, tmp_path, pace=pace)):
            sink.wait(lambda: bool(states(store, "failed")))
    assert states(store, "failed")[0]["error"] == "451 4.7.1 greylisted, try again later"


def test_a_letter_that_cant_be_made_holds_nobody_up(store: Store, tmp_path: Path) -> None:
    queue_letters(store, 3, now=now())

    def compose(id: str, state: State) -> Letter:
        if state["to"].shown == addressee(1):
            raise ValueError("expected better content")
        return brief(id, state)

    with sinking() as sink, at_work(mailer_to(sink, store, tmp_path, compose=compose)):
        sink.wait(lambda: sent(store) == 2)
    assert [(each["to"], each["error"]) for each in states(store, "failed")] == [
        (addressee(1), "the letter could not be made")
    ]


def test_without_a_mail_server_letters_become_files(store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, 3, now=now())
    folder = tmp_path / "mail"
    with at_work(mailer(Folder(folder), store, tmp_path, compose=whole)):
        wait(lambda: sent(store) == 3)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"0193c0de-0000-7000-8000-{number:012d}-1.eml" for number in range(3)]
    read = [message_from_bytes(file.read_bytes(), policy=policy.SMTP) for file in files]
    assert [each["To"].addresses[0].addr_spec for each in read] == people
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cant_be_written_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("not a folder")
    with pytest.raises(Trouble, match="the folder for letters can't be written"):
        Folder(tmp_path / "mail").send(
            Letter(id="x", sender="a@b.example", to="c@d.example", message_id="<x>", data=b"")
        )


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate for localhost, and its key; it is trusted where SSL_CERT_FILE names it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    return files


def secured(certificate: tuple[Path, Path], *, at_once: bool) -> dict[str, Any]:
    """Return how a sink speaks TLS and asks for a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"motcua", b"sesam"), handled=False)

    how: dict[str, Any] = {"auth_required": True, "authenticator": check}
    return {**how, "listen_tls": context, "auth_require_tls": False} if at_once else {**how, "tls_context": context}


def smtp(port: int, tls: str, *, host: str = "localhost", password: str = "sesam") -> Smtp:
    server = SmtpServer(host=host, port=port, tls=tls, user="motcua", password=password)
    return Smtp(server, name="motcua.example", patience=Patience(answer=5, final=5))


LETTER = Letter(
    id="x", sender="moi@motcua.example", to="an@dan.example", message_id="<x@y>", data=b"Subject: x\r\n\r\n.x\r\n"
)


IN_TLS = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
"""aiosmtpd does not see that the whole connection is encrypted."""


@IN_TLS
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_letters_go_over_tls_with_a_password(tls: str, certificate: tuple[Path, Path]) -> None:
    with sinking(**secured(certificate, at_once=tls == "tls")) as sink:
        way = smtp(sink.port, tls)
        way.send(LETTER)
        way.close()
    assert [(each.to, each.data) for each in sink.received] == [("an@dan.example", LETTER.data)]


@IN_TLS
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_mail_server_with_a_foreign_certificate_gets_nothing(
    tls: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with sinking(**secured(certificate, at_once=tls == "tls")) as sink:
        with pytest.raises(Trouble, match="certificate verify failed"):
            smtp(sink.port, tls).send(LETTER)
        assert sink.mails == 0


def test_a_mail_server_of_another_name_gets_nothing(certificate: tuple[Path, Path]) -> None:
    how = secured(certificate, at_once=False)
    with sinking(**how) as sink, pytest.raises(Trouble, match="certificate verify failed"):
        smtp(sink.port, "starttls", host="127.0.0.1").send(LETTER)


def test_a_mail_server_without_tls_gets_no_password(certificate: tuple[Path, Path]) -> None:
    with sinking() as sink, pytest.raises(Trouble, match="STARTTLS extension not supported by server"):
        smtp(sink.port, "starttls").send(LETTER)


def test_a_wrong_password_is_said_and_not_shown(certificate: tuple[Path, Path]) -> None:
    with sinking(**secured(certificate, at_once=False)) as sink, pytest.raises(Trouble) as caught:
        smtp(sink.port, "starttls", password="wrong-sesam").send(LETTER)
    assert str(caught.value) == "the mail server does not accept the user and password"
    assert "sesam" not in repr(smtp(1, "starttls")._server)


def wait(fact: Any, *, seconds: float = 20) -> None:
    """Wait until a fact holds."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def running(tmp_path: Path, database: str, new_demo: NewDemo) -> Iterator[Service]:
    """The real service; where its letters go is up to the test."""
    service = new_demo(tmp_path / "city", workers=1, database=database)
    yield service
    service.kill()


@pytest.fixture
def beside(running: Service) -> Iterator[Store]:
    """The store of the real service, opened beside it."""
    with running.opened() as store:
        yield store


def alive(process: int) -> bool:
    """Say whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_service_sends_letters_and_starts_its_mailer_again(running: Service, beside: Store) -> None:
    with sinking() as sink:
        running.environment |= {
            "MOTCUA_SMTP": f"smtp://localhost:{sink.port}?tls=none", "MOTCUA_MAIL_FROM": "moi@motcua.example",
        }  # fmt: skip
        running.start()
        people = queue_letters(beside, 20, now=now())
        sink.wait(lambda: sent(beside) == 20)
        first = running.mailer
        assert first is not None
        os.kill(first, signal.SIGKILL)
        people += queue_letters(beside, 20, now=now(), first=20)
        sink.wait(lambda: sent(beside) == 40)
        assert running.mailer not in (None, first)
        prove_one_each(sink, people)
        assert sink.received[0].message["From"].addresses[0].addr_spec == "moi@motcua.example"
        with urllib.request.urlopen(f"{running.origin}/metrics") as answer:
            assert 'motcua_letters_total{result="sent"} 40.0' in answer.read().decode()
        mailer_process = running.mailer
        running.stop()
        assert mailer_process is not None
        assert not alive(mailer_process)


def test_without_configuration_the_service_writes_eml_files(running: Service, beside: Store) -> None:
    running.start()
    queue_letters(beside, 2, now=now())
    wait(lambda: sent(beside) == 2)
    files = sorted((running.data / "mail").glob("*.eml"))
    senders = {
        message_from_bytes(file.read_bytes(), policy=policy.SMTP)["From"].addresses[0].addr_spec for file in files
    }
    assert senders == {"motcua@localhost"}
    assert len(files) == 2


def test_the_mailer_ends_when_the_service_is_killed(running: Service) -> None:
    running.start()
    wait(lambda: running.mailer is not None)
    process, mailer_process = running._process, running.mailer
    assert process is not None
    assert mailer_process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait(lambda: not alive(mailer_process))


def test_the_mailer_of_its_own_ends_when_told(running: Service, beside: Store) -> None:
    command = [sys.executable, "-c", "from server.cli import main; main()", "mail"]
    process = subprocess.Popen(command, env=running.environment, cwd=REPOSITORY)
    queue_letters(beside, 1, now=now())
    wait(lambda: sent(beside) == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0

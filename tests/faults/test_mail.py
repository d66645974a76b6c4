"""The mail server breaks in the middle, and so does the mailer: nobody gets two letters, nobody none."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtests.service import REPOSITORY
from server.store import Store
from server.store.sqlite import SqliteStore
from tests.posting import addressee, at_work, mailer_to, prove_one_each, queue_letters, sent, states
from tests.smtp_sink import FAULTS, Sink, sinking

LETTERS = 200
PLACES = (1, 30, 31, 90, 150, 200)
"""The MAIL commands at which the sink breaks: the first, two in a row, the last."""


def now() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.fault
@pytest.mark.parametrize("fault", FAULTS)
def test_a_mail_server_that_breaks_gets_each_letter_once(fault: str, store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    with sinking(faults=dict.fromkeys(PLACES, fault)) as sink:
        with at_work(mailer_to(sink, store, tmp_path)):
            sink.wait(lambda: sent(store) == LETTERS, seconds=60)
        assert not sink.faults
        kept = len(PLACES) if fault.endswith("kept") else 0
        prove_one_each(sink, people, doubles=kept)
        prove_no_answered_letter_came_again(sink)
        attempts = sum(each["attempts"] for each in states(store, "sent"))
        assert attempts <= LETTERS + len(PLACES)


@pytest.mark.fault
def test_a_mail_server_that_goes_away_and_comes_back_gets_each_letter_once(store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    with sinking() as sink:
        with at_work(mailer_to(sink, store, tmp_path)):
            for part in (20, 80, 140):
                sink.wait(lambda part=part: len(sink.received) >= part)  # type: ignore[misc]
                sink.down()
                sink.wait(lambda: bool(states(store, "waiting")))
                sink.up()
            sink.wait(lambda: sent(store) == LETTERS)
        prove_one_each(sink, people, doubles=3)  # a letter may have been cut between its dot and the answer, each time


@pytest.mark.fault
def test_everything_breaks_at_once_and_each_letter_comes_once(store: Store, tmp_path: Path) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    people = queue_letters(store, LETTERS, now=now())
    usual = [fault for fault in FAULTS if not fault.startswith("deaf")]
    faults = {number: chance.choice(usual) for number in range(1, 2 * LETTERS) if chance.random() < 0.3}
    with sinking(faults=faults) as sink:
        with at_work(mailer_to(sink, store, tmp_path)):
            sink.wait(lambda: sent(store) == LETTERS, seconds=120)
        prove_one_each(sink, people, doubles=sum(not each.answered for each in sink.received))
        prove_no_answered_letter_came_again(sink)


@pytest.mark.fault
def test_addresses_that_do_not_exist_hold_nobody_up(store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    gone = {addressee(number) for number in range(0, LETTERS, 10)}
    with sinking(refused=gone) as sink:
        with at_work(mailer_to(sink, store, tmp_path)):
            sink.wait(lambda: sent(store) + len(states(store, "failed")) == LETTERS)
        prove_one_each(sink, sorted(set(people) - gone))
        assert sink.connections == 1
    failed = states(store, "failed")
    assert {each["to"] for each in failed} == gone
    assert failed[0]["error"] == f"550 5.1.1 <{failed[0]['to']}>: no such user here"
    assert all(each["attempts"] == 1 for each in failed)


@pytest.mark.fault
def test_two_mailers_at_once_send_each_letter_once(store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    other = SqliteStore(tmp_path / "data")
    with sinking() as sink:
        with at_work(mailer_to(sink, store, tmp_path), mailer_to(sink, other, tmp_path)):
            sink.wait(lambda: sent(store) == LETTERS)
        prove_one_each(sink, people)
        assert sink.connections <= LETTERS // 100 + 1
    other.close()


MAILER = """
import sys
from pathlib import Path
from server.beside import until_told
from server.store.sqlite import SqliteStore
from tests.posting import mailer_to
from tests.smtp_sink import Sink

class Port: port = int(sys.argv[2])

folder = Path(sys.argv[1])
mailer_to(Port(), SqliteStore(folder), folder).run(until_told(None))
"""


Start = Callable[[Sink, Path], "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start mailers, each in a process of its own; what they say is in `mailer.log`. None outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(sink: Sink, folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", MAILER, str(folder), str(sink.port)]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
        with (folder / "mailer.log").open("ab") as log:
            started.append(subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.fault
def test_a_mailer_that_is_killed_again_and_again_sends_each_letter(start: Start, store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    kills = (5, 60, 61, 130, 190)
    with sinking() as sink:
        for part in kills:
            process = start(sink, tmp_path / "data")
            sink.wait(lambda part=part: len(sink.received) >= part)  # type: ignore[misc]
            process.kill()
            process.wait()
        process = start(sink, tmp_path / "data")
        sink.wait(lambda: sent(store) == LETTERS)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        prove_one_each(sink, people, doubles=len(kills))
        print(f"{len(sink.received) - LETTERS} of {LETTERS} letters came twice after {len(kills)} kills")


@pytest.mark.fault
def test_two_mailers_of_which_one_is_killed(start: Start, store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    with sinking() as sink:
        processes = [start(sink, tmp_path / "data") for _ in range(2)]
        sink.wait(lambda: len(sink.received) >= 50)
        for process in processes:
            process.kill()
            process.wait()
            if sent(store) < LETTERS:
                processes.append(start(sink, tmp_path / "data"))
            if len(processes) == 4:
                break
        sink.wait(lambda: sent(store) == LETTERS)
        for process in processes:
            process.terminate()
            process.wait()
        prove_one_each(sink, people, doubles=2)


@pytest.mark.fault
def test_no_letter_leaves_while_the_disk_takes_no_more(start: Start, store: Store, tmp_path: Path) -> None:
    people = queue_letters(store, LETTERS, now=now())
    log = tmp_path / "data" / "mailer.log"
    with sinking() as sink:
        process = start(sink, tmp_path / "data")
        sink.wait(lambda: len(sink.received) >= 50)
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        sink.wait(lambda: log.read_text().count("mail_") >= 3)
        stopped_at = len(sink.received)
        process.kill()
        process.wait()
        process = start(sink, tmp_path / "data")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        sink.wait(lambda: log.read_text().count("mail_") >= 6 or process.poll() is not None)
        assert len(sink.received) == stopped_at
        if process.poll() is None:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        else:
            process = start(sink, tmp_path / "data")
        sink.wait(lambda: sent(store) == LETTERS)
        process.terminate()
        process.wait()
        prove_one_each(sink, people, doubles=1)


def prove_no_answered_letter_came_again(sink: Sink) -> None:
    """Once the sink has said that it took a letter, the letter does not come again."""
    told: set[str] = set()
    for each in sink.received:
        assert each.id not in told
        if each.answered:
            told.add(each.id)

"""The parts of the benchmark beside peers that need no peer."""

from __future__ import annotations

import gzip
import http.client
import http.server
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

from loadtests import crowd
from loadtests.drive import Driven
from loadtests.peers import pulling, records, report, used
from loadtests.peers.contender import Wire, whole
from loadtests.peers.creating import Created, check
from loadtests.peers.link import Link, Pipe, SlowLink
from loadtests.peers.ours import description_bytes, signed
from loadtests.peers.sync import Synced
from loadtests.peers.used import Process
from server.auth import Parts

DRIVEN = Driven(program="wrk", answers=100, failed=0, seconds=2.0, p50=5.0, p99=9.0)


@pytest.mark.parametrize("length", [0, 1, 7, 200, 1999])
def test_a_text_has_just_the_bytes_that_were_asked_for(length: int) -> None:
    one, other = (records.text(random.Random(seed), length=length) for seed in (1, 2))
    assert len(one.encode()) == len(other.encode()) == length
    assert one != other or length < 8


def test_what_is_signed_is_a_document_of_2_kB(city: Parts) -> None:
    (person, _), (neighbour, _) = crowd.make(city, 2)
    length = description_bytes(neighbour)
    one, other = (signed(person, random.Random(seed), length=length) for seed in (1, 2))
    assert [len(document.encode()) for document, _ in (one, other)] == [records.BYTES] * 2
    assert json.loads(one[0])["id"] != json.loads(other[0])["id"]
    assert len(json.loads(one[1])["batches"]) == 1


def test_requests_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = [
        records.request("POST", "/r", f'{{"name":"số {number}"}}', host="h:1", Authorization="Basic x", X_One="1")
        for number in range(3)
    ]
    records.write(tmp_path / "requests", iter(made))
    assert list(crowd.prepared(tmp_path / "requests")) == made
    head, _, body = made[0].partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
    assert b"X-One: 1" in head.split(b"\r\n")


def test_processor_time_is_that_of_whole_trees_and_counted_once() -> None:
    processes = {1: Process(0, 1000), 10: Process(1, 5), 11: Process(10, 7), 12: Process(11, 11), 20: Process(1, 100)}
    assert used.ticks(processes, [10]) == 23
    assert used.ticks(processes, [10, 11]) == 23
    assert used.ticks(processes, [11, 20]) == 118
    assert used.ticks(processes, [99]) == 0


@pytest.mark.parametrize(
    ("answer", "complete"),
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", True),
        (b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{", False),
        (b"HTTP/1.1 201 Created\r\nConte", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
    ],
)
def test_an_answer_is_measured_when_it_is_whole(answer: bytes, complete: bool) -> None:
    assert whole(answer) == (len(answer) if complete else 0)


@pytest.mark.parametrize("found", [100, 164])
def test_an_answer_counts_when_its_record_is_there(found: int) -> None:
    check("a store", DRIVEN, records=found, connections=64)


@pytest.mark.parametrize("found", [99, 165])
def test_records_that_are_fewer_or_more_than_the_answers_give_no_figure(found: int) -> None:
    with pytest.raises(RuntimeError, match=f"each of 100 answers, got {found}"):
        check("a store", DRIVEN, records=found, connections=64)


@pytest.mark.parametrize(("answers", "failed"), [(100, 1), (0, 0)])
def test_an_answer_that_is_no_success_gives_no_figure(answers: int, failed: int) -> None:
    driven = Driven(program="wrk", answers=answers, failed=failed, seconds=2.0, p50=5.0, p99=9.0)
    with pytest.raises(RuntimeError, match="expected success of a store"):
        check("a store", driven, records=answers, connections=64)


def test_a_pipe_sends_one_after_the_other_and_delivers_later() -> None:
    pipe = Pipe(rate=8_000, delay=0.5)
    assert pipe.send(1_000, now=10.0) == (11.0, 11.5)
    assert pipe.send(500, now=10.2) == (11.5, 12.0)
    assert pipe.send(0, now=20.0) == (20.0, 20.5)
    assert pipe.carried == 1_500


@pytest.fixture
def server() -> Iterator[Any]:
    class Answers(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = b"x" * 20_000
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_slow_link_takes_its_time_and_counts_what_it_carries(
    server: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    link = SlowLink(server.server_address[1], Link(round_trip=0.1, down=800_000, up=1e9))
    connection = http.client.HTTPConnection("127.0.0.1", link.port, timeout=30)
    began = time.perf_counter()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"x" * 20_000
    took = time.perf_counter() - began
    link.close()  # the connection is still open
    connection.close()
    assert not capfd.readouterr().err and not caplog.records
    assert 20_000 < link.down.carried < 20_500
    assert 0 < link.up.carried < 500
    # one round trip to connect, one to ask, and 0.2 s for the bytes; however busy the machine, never less
    assert took >= 0.4


@pytest.mark.parametrize(
    ("coding", "data"),
    [("", b"{}"), ("gzip", gzip.compress(b"{}", mtime=0)), ("br", brotli.compress(b"{}"))],
    ids=["plain", "gzip", "br"],
)
def test_what_a_browser_accepts_is_decoded(coding: str, data: bytes) -> None:
    assert pulling.decoded(data, coding) == b"{}"


def test_the_report_has_ratios_of_each_round() -> None:
    def part(a_second: float) -> Created:
        return Created(a_second=a_second, driven=DRIVEN, cpu=0.002, wire=Wire(request=4000, answer=300))

    rounds = [{"ours": part(ours), "theirs": part(theirs)} for ours, theirs in ((100, 50), (300, 100), (120, 30))]
    lines = report.created(rounds, ours=("ours",)).splitlines()
    assert "| ours | 100 | 300 | 120 | 120 | 5 | 9 | 2.00 |" in lines
    assert "| ours / theirs | 2.0 | 3.0 | 4.0 | 3.0 |" in lines
    assert "| theirs | 4,000 | 300 |" in lines
    assert all(one.count("|") == other.count("|") for one, other in itertools.pairwise(lines) if one and other)


def test_the_report_of_syncing_says_kilobytes() -> None:
    found = Synced(title="ours", requests=6, near=0.123, far=4.56, up=2_300, down=1_234_567, zipped=0)
    assert report.synced([found]).splitlines()[-1] == "| ours | 0.12 | 4.6 | 6 | 2 | 1235 |  |"

"""`POST /sync` is answered by the service itself as it is through Flask: the same words, whichever way it went."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any

import pytest

from loadtests import crowd
from loadtests.service import Service
from server.auth.sessions import COOKIE
from tests.cities import NewDemo
from tests.databases import NewDatabase

IGNORED = {"date", "server", "connection", "content-length"}


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, chosen_database: NewDatabase, new_demo: NewDemo
) -> Iterator[Service]:
    """A city with a resident, whose session's secret stands in `data/secret`."""
    service = new_demo(tmp_path_factory.mktemp("direct"), workers=1, database=chosen_database())
    parts = crowd.parts_of(service)
    ((_, secret),) = crowd.make(parts, 1)
    (service.data / "secret").write_text(secret)
    parts.store.close()
    service.start()
    yield service
    service.stop()


def said(service: Service, body: bytes, version: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    """Send one request; return the status, the headers, and the JSON without its time.

    What comes by HTTP/1.0 goes through Flask.
    """
    fields = {"Host": "localhost", "Origin": service.origin, "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(f"POST /sync HTTP/{version}\r\n{lines}\r\n".encode() + body)
        answer = HTTPResponse(connection)
        answer.begin()
        data = answer.read()
    found = {name.lower(): value for name, value in answer.getheaders()}
    whole = json.loads(gzip.decompress(data) if "content-encoding" in found else data)
    whole.pop("time", None)
    return answer.status, {name: value for name, value in found.items() if name not in IGNORED}, whole


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {}, 200),
        (b"{}", {"Accept-Encoding": "gzip, br"}, 200),
        (b"{}", {"Cookie": f"other=1; {COOKIE}=SECRET"}, 200),
        (b'{"cursors": {"person/x": 1}}', {"Cookie": f"{COOKIE}=SECRET"}, 403),
        (b'{"batches": ["x"]}', {"Cookie": f"{COOKIE}=SECRET"}, 200),
        (b'{"batches": ["x"]}', {"Cookie": f"{COOKIE}=nobody's"}, 401),
        (b'{"batches": ["x"]}', {}, 401),
        (b'{"limit": 0}', {}, 400),
        (b"", {}, 400),
        (b"{}", {"Origin": ""}, 403),
        (b"{}", {"Origin": "https://elsewhere.example"}, 403),
    ],
)
def test_both_ways_answer_alike(service: Service, body: bytes, headers: dict[str, str], status: int) -> None:
    secret = (service.data / "secret").read_text()
    headers = {name: value.replace("SECRET", secret) for name, value in headers.items()}
    direct, through_flask = (said(service, body, version, **headers) for version in ("1.1", "1.0"))
    assert direct == through_flask
    assert direct[0] == status


def test_a_body_in_chunks_is_read_whole(service: Service) -> None:
    chunked = b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    answer = said(service, chunked, "1.1", **{"Transfer-Encoding": "chunked", "Content-Length": ""})
    assert answer == said(service, b"{}", "1.1")


def test_more_than_a_request_may_have_is_refused(service: Service) -> None:
    status, _, whole = said(service, b" " * (2 * 1024 * 1024 + 1), "1.1")
    assert (status, whole["code"]) == (413, "too_large")


def test_a_connection_carries_one_request_after_another(service: Service) -> None:
    request = f"POST /sync HTTP/1.1\r\nHost: localhost\r\nOrigin: {service.origin}\r\nContent-Length: 2\r\n\r\n{{}}"
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(request.encode() * 3)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3

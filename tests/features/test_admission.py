"""Back-pressure: who is worked on, who waits, who is told to come again (SPEC.md T4)."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask

from server.admission import AT_ONCE, Admission
from server.direct import Direct
from server.errors import Problem
from tests.conftest import ORIGIN


class Now:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def waits(admission: Admission, number: int, held: threading.Event) -> list[threading.Thread]:
    """Let others come who hold their places until the event; return when all of them have a place or wait for one."""
    came = threading.Barrier(number + 1)

    def come() -> None:
        came.wait()
        with admission.place():
            held.wait(10)

    threads = [threading.Thread(target=come) for _ in range(number)]
    for thread in threads:
        thread.start()
    came.wait()
    return threads


def until(what: Any) -> None:
    """Poll a fact."""
    waiting = threading.Event()
    while not what():
        waiting.wait(0.001)


def test_those_who_find_no_place_wait_their_turn() -> None:
    admission, held = Admission(at_once=2, always=8), threading.Event()
    threads = waits(admission, 6, held)
    until(lambda: len(admission._waiting) == 4)
    assert not admission.full
    held.set()
    for thread in threads:
        thread.join()
    assert (admission._running, len(admission._waiting)) == (0, 0)


def test_who_would_wait_too_long_is_told_to_come_again_at_once() -> None:
    now = Now()
    admission, held = Admission(at_once=1, always=2, patience=1.0, clock=now), threading.Event()
    for _ in range(32 * 8):  # each answer takes three seconds
        with admission.place():
            now.at += 3.0
    with admission.place():
        threads = waits(admission, 1, held)
        until(lambda: admission._waiting)
        assert admission.full
        with pytest.raises(Problem) as caught, admission.place():
            pass
    assert (caught.value.code, caught.value.entry.status) == ("busy", HTTPStatus.SERVICE_UNAVAILABLE)
    held.set()
    threads[0].join()
    assert not admission.full


def test_a_database_that_stands_still_fills_no_memory_with_those_who_wait() -> None:
    now = Now()
    admission, held = Admission(at_once=1, always=2, clock=now), threading.Event()
    with admission.place():
        threads = waits(admission, 1, held)
        until(lambda: admission._waiting)
        assert not admission.full
        now.at += 2.5
        assert admission.full
    held.set()
    threads[0].join()


def test_T4_the_more_are_refused_the_longer_they_are_asked_to_wait() -> None:
    now = Now()
    admission = Admission(always=2, clock=now)
    for _ in range(32 * 8):
        with admission.place():
            now.at += 0.002
    asked = [admission.refusal().retry_after for _ in range(30_000)]
    assert asked[0] == 2
    assert asked[5_000] == 9
    assert asked == sorted(asked)
    assert asked[-1] == 30
    now.at += 60
    assert admission.refusal().retry_after == 2


def test_a_refusal_costs_no_look_at_the_request(web: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    direct: Direct = web.extensions["direct"]
    with ExitStack() as places:
        monkeypatch.setattr(type(direct.address.admission), "full", property(lambda _: True))
        for _ in range(AT_ONCE):
            places.enter_context(direct.address.admission.place())

        def read(_: int) -> bytes:
            raise AssertionError("expected the body not to be read")

        answer = direct({}, read, closes=lambda: False)
        through_flask = web.test_client().post("/sync", json={}, headers={"Origin": ORIGIN})
    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nRetry-After: 2\r\n" in answer
    assert b'"code": "busy", "retry": true' in answer
    assert through_flask.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert through_flask.json is not None
    assert through_flask.json["code"] == "busy"
    assert through_flask.headers["Retry-After"] == "2"

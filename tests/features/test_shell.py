"""How the built app is served: its routes, what browsers may keep, and what they may run."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.config import Config
from server.live.bus import Bus
from server.store import Store
from tests.conftest import Clock
from tests.features.test_hostile_requests import problem

INDEX = "<!doctype html><title>Một Cửa</title>"
SCRIPT = b"export const nothing = 0;" * 50
WASM = b"\x00asm\x01\x00\x00\x00"


@pytest.fixture
def browser(web: Flask, config: Config, store: Store, bus: Bus, clock: Clock) -> FlaskClient:
    """A browser before an app with files of every sort."""
    files = {
        "assets/main-AbC123.js": SCRIPT,
        "assets/main-AbC123.js.gz": gzip.compress(SCRIPT),
        "assets/main-AbC123.js.br": b"as if it were brotli",
        "assets/scan-1.wasm": WASM,
        "sw.js": b"self",
        "manifest.webmanifest": b"{}",
        "icons/192.png": b"\x89PNG",
    }
    for name, data in files.items():
        (config.pwa / name).parent.mkdir(exist_ok=True)
        (config.pwa / name).write_bytes(data)
    return create_app(config, store, bus, clock).test_client()


@pytest.mark.parametrize(
    "path",
    ["/", "/procedures", "/procedures/city-feedback", "/drafts/01a1ee56-5e0e/review", "/outbox", "/enrol", "/inbox/x"],
)
def test_every_route_of_the_app_is_its_one_page_and_asked_for_anew(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = browser.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/missing.js", "/assets/main-old.js", "/favicon.ico", "/drafts/x.json", "/sw.js.map"])
def test_a_file_that_is_not_there_is_no_page(browser: FlaskClient, path: str) -> None:
    assert problem(browser.get(path)) == "not_found"


def test_files_with_a_hash_in_their_name_are_kept_for_a_year(browser: FlaskClient) -> None:
    assert browser.get("/assets/main-AbC123.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("/sw.js", "/manifest.webmanifest", "/icons/192.png"):
        assert browser.get(path).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/assets/main-AbC123.js", "text/javascript; charset=utf-8"),
        ("/assets/scan-1.wasm", "application/wasm"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json; charset=utf-8"),
        ("/icons/192.png", "image/png"),
    ],
)
def test_files_say_what_they_are(browser: FlaskClient, path: str, content_type: str) -> None:
    assert browser.get(path).content_type == content_type


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None), ("", None), ("deflate", None)],
)
def test_the_smallest_form_that_the_browser_reads_is_sent(
    browser: FlaskClient, accepted: str, encoding: str | None
) -> None:
    answer = browser.get("/assets/main-AbC123.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.content_type == "text/javascript; charset=utf-8"
    data = gzip.decompress(answer.data) if encoding == "gzip" else answer.data
    assert data == (b"as if it were brotli" if encoding == "br" else SCRIPT)


def test_each_encoding_has_its_own_etag(browser: FlaskClient) -> None:
    tags = {
        browser.get("/assets/main-AbC123.js", headers={"Accept-Encoding": each}).headers["ETag"]
        for each in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


def test_an_encoding_that_the_browser_refuses_is_not_sent(browser: FlaskClient) -> None:
    answer = browser.get("/assets/main-AbC123.js", headers={"Accept-Encoding": "br;q=0, gzip;q=0"})
    assert answer.headers.get("Content-Encoding") is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda browser: browser.get("/"),
        lambda browser: browser.get("/assets/main-AbC123.js"),
        lambda browser: browser.get("/missing.js"),
        lambda browser: browser.get("/healthz"),
        lambda browser: browser.post("/sync"),
    ],
)
def test_every_answer_says_what_the_browser_may_run(browser: FlaskClient, ask: Callable[[FlaskClient], object]) -> None:
    headers = ask(browser).headers  # type: ignore[attr-defined]
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["style-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_over_https_browsers_are_told_to_stay_there(config: Config, store: Store, bus: Bus, clock: Clock) -> None:
    secure = config.model_copy(update={"origins": ("https://motcua.example",)})
    browser = create_app(secure, store, bus, clock).test_client()
    assert browser.get("/").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_an_app_that_was_not_built_is_a_problem_and_no_failure(
    config: Config, store: Store, bus: Bus, clock: Clock, tmp_path: Path
) -> None:
    browser = create_app(config.model_copy(update={"pwa": tmp_path / "none"}), store, bus, clock).test_client()
    assert problem(browser.get("/")) == "not_found"
    assert browser.get("/healthz").json == {"status": "ok"}
    assert browser.get("/readyz").json == {"status": "ready", "epoch": store.epoch}

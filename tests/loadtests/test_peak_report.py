"""The report of a rehearsal: one page that needs nothing else and says what was found."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from loadtests import generator, peak_report
from loadtests.findings import Findings
from loadtests.generator import Measured, Moment, Row
from loadtests.levels import Verdict
from loadtests.peak import Plan, Result
from loadtests.peak_report import Report
from loadtests.watching import Use

PLAN = Plan(scenario="storm", engine="postgresql", people=20_000, lasts=60)


def report(*, holds: bool = True, fault: str = "") -> Report:
    moments = [
        Moment(at=1000.0 + at, users=at * 300, per_second=400.0, failures=0.0, away=at / 2, p50=12, p95=None, p99=90)
        for at in range(70)
    ]
    uses = [Use(at=1000.0 + at, processes=4, rss=9**9, pss=300 * 2**20, cores=1.5) for at in range(70)]
    rows = [Row(name, 20_000, 0, 330.0, 12, 80, 90) for name in ("/sync outbox", "Aggregated")]
    measured = Measured(rows=tuple(rows), failures=(), moments=tuple(moments), spent=30.0)
    audit = Findings({"submissions in the store": 20_000}, [fault] if fault else [])
    result = Result(
        measured=measured, uses={"service": uses, "database": uses, "locust": uses}, seconds=70, audit=audit
    )
    verdict = Verdict("p95", "/sync outbox", 100 if holds else 50, 80, holds)
    return Report(plan=PLAN, result=result, verdicts=(verdict,), begun=datetime(2026, 11, 25, tzinfo=UTC))


class Page(HTMLParser):
    """What stands in a page, and whether its tags are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_needs_nothing_else_and_is_well_formed() -> None:
    text = peak_report.html(report())
    page = Page(text)
    assert page.open == [] and page.addresses == []
    assert not re.search(r"url\(|@import|<script", text)
    assert text.count("<svg") == 7


def test_the_page_says_in_both_languages_what_was_found() -> None:
    good, bad = (Page(peak_report.html(report(holds=holds))).text for holds in (True, False))
    assert "Đạt: hệ thống chịu được đợt này." in good and "Passed: the service stands up to this." in good
    assert (
        "Chưa đạt." in bad and "A phone sends what has waited: 95 % are answered within 80 ms; must be ≤ 50 ms." in bad
    )
    assert "20.000 điện thoại" in good and "20,000 phones" in good


def test_what_comes_from_outside_is_text() -> None:
    page = peak_report.html(report(fault="<img src=x>"))
    assert "&lt;img src=x&gt;" in page and "<img" not in page
    assert "1 faults" in page


def test_the_terminal_is_told_the_same() -> None:
    said = peak_report.markdown(report(holds=False, fault="lost"))
    assert "FAILED" in said and "| p95 | `/sync outbox` | ≤ 50 ms | 80 ms | missed |" in said and "lost" in said


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """What Locust writes, in small."""
    percents = "50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%"
    head = "Timestamp,User Count,Type,Name,Requests/s,Failures/s," + percents
    (tmp_path / "run_stats_history.csv").write_text(
        f"{head}\n1,5,POST,POST turned away (503),3.0,0.0,{','.join('1' * 11)}\n"
        f"1,5,POST,/sync no answer,1.0,0.0,{','.join('1' * 11)}\n"
        f"1,5,,Aggregated,9.0,0.5,{','.join(['N/A'] * 11)}\n2,6,,Aggregated,8.0,0.0,{','.join('7' * 11)}\n"
    )
    (tmp_path / "run_stats.csv").write_text(
        f"Type,Name,Request Count,Failure Count,Requests/s,{percents}\n,/sync,0,0,0,{','.join('0' * 11)}\n"
        f",Aggregated,9,1,4.5,{','.join('7' * 11)}\n"
    )
    (tmp_path / "run_failures.csv").write_text("Method,Name,Error,Occurrences\nPOST,/sync,json,2\n")
    (tmp_path / "run_exceptions.csv").write_text("Count,Message,Traceback,Nodes\n1,oops,x,local\n")
    return tmp_path / "run"


def test_what_locust_wrote_is_read(figures: Path) -> None:
    measured = generator.read(figures)
    assert [row.name for row in measured.rows] == ["Aggregated"]
    assert measured.failures == (("/sync", "json", 2), ("in the simulation", "oops", 1))
    first, second = measured.moments
    assert (first.away, first.failures, first.p95) == (4.0, 0.5, None)
    assert (second.away, second.users, second.p99) == (0.0, 6, 7.0)

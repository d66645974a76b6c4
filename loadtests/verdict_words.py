"""How verdicts on service levels, times and names of requests are said in a report."""

from __future__ import annotations

from html import escape

from loadtests.levels import Verdict
from loadtests.wording import MEASURES, REQUESTS, Words, amount, number


def sentence(verdict: Verdict) -> Words:
    """Say what was missed."""
    name = REQUESTS.get(verdict.of, Words(verdict.of, verdict.of))
    measure, reached, must = MEASURES[verdict.measure], got(verdict), bound(verdict)
    of = Words(f"{name.vi}: ", f"{name.en}: ") if verdict.of else Words("", "")
    return Words(
        f"{of.vi}{measure.vi} {reached.vi}; phải {must.vi}.", f"{of.en}{measure.en} {reached.en}; must be {must.en}."
    )


def bound(verdict: Verdict) -> Words:
    """Say what must be."""
    sign = "≥" if verdict.measure in ("per_second", "outboxes") else "≤"
    return Words(sign, sign) | said(verdict, verdict.bound)


def got(verdict: Verdict) -> Words:
    """Say what was reached."""
    if verdict.got is None:
        return Words("không đo được", "not measured")
    return said(verdict, verdict.got)


def said(verdict: Verdict, value: float) -> Words:
    """Write a value of a verdict's measure with its unit."""
    match verdict.measure:
        case "p95" | "p99":
            return time(value)
        case "errors" | "outboxes":
            return amount(value * 100, "%", 0 if value in (0, 1) else 2)
        case "memory":
            return amount(value, "MiB")
        case "seconds":
            return amount(value, "s")
        case "per_second":
            return number(value, 1)
        case "audit":
            return number(value)


def word(verdict: Verdict) -> Words:
    """Say in a word whether it holds."""
    if verdict.holds is None:
        return Words("không rõ", "unknown")
    return Words("đạt", "held") if verdict.holds else Words("không đạt", "missed")


def mark(verdict: Verdict) -> str:
    """Return the class that marks it in the page."""
    return {True: "held", False: "missed", None: "unknown"}[verdict.holds]


def time(ms: float) -> Words:
    """Write ms as ms or s."""
    return amount(ms, "ms") if ms < 1000 else amount(ms / 1000, "s", 1)


def code(name: str) -> str:
    """Return the name that a request has in the figures, as HTML, beneath what people call it."""
    return f"<code>{escape(name)}</code>" if name in REQUESTS and name != "Aggregated" else ""

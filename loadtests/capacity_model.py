"""What a city and a country need, reckoned from what one submission, check-in and pull cost. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HOUR: Final = 3600
WORKING_DAYS: Final = 250
"""In a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one of something costs: ms of processor, bytes on the wire, on the disk, in the log, in a backup."""

    web: float
    database: float
    up: float
    down: float
    disk: float
    log: float
    backup: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is assumed of people. Shares are of 1."""

    dossiers: float = 4.0
    """Dossiers that a person sends in a year, all of them here."""
    photographed: float = 0.5
    """Share of the dossiers with a photo."""
    openings: float = 0.1
    """Share of the people who open the app on a day."""
    pulls: float = 5.0
    """Pulls of each of them, in that day."""
    visits: float = 0.01
    """Share of the people who pass a gate on a working day, in and out."""
    peak_day: float = 5.0
    """What the busiest day, a deadline, has of a usual working day."""
    peak_hour: float = 0.2
    """Share of the busiest day that falls into its busiest hour."""
    burst: float = 2.0
    """What the busiest minutes have of that hour's mean."""
    load: float = 0.5
    """Share of a machine's processor that the peak may take: the rest is for what was not thought of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What so many people need: a second at the peak, cores, bit a second, bytes a year."""

    people: float
    submissions: float
    checkins: float
    pulls: float
    web_cores: float
    database_cores: float
    up: float
    down: float
    log: float
    disk: float
    attachments: float
    backup: float


def at_peak(a_day: float, habits: Habits) -> float:
    """Return how many a second come in the busiest minutes of the year, of what comes so often on a usual day."""
    return a_day * habits.peak_day * habits.peak_hour / HOUR * habits.burst


def needs(people: float, costs: Mapping[str, Cost], habits: Habits, *, photo: int) -> Needs:
    """Return what `people` need; `costs` are of "plain", "photo" (with `photo` bytes), "checkin" and "pull"."""
    year = {
        "plain": people * habits.dossiers * (1 - habits.photographed),
        "photo": people * habits.dossiers * habits.photographed,
        "checkin": people * habits.visits * 2 * WORKING_DAYS,
    }
    day = {name: count / WORKING_DAYS for name, count in year.items()}
    day["pull"] = people * habits.openings * habits.pulls
    peak = {name: at_peak(count, habits) for name, count in day.items()}

    def together(what: str, rates: Mapping[str, float]) -> float:
        return sum(rate * float(getattr(costs[name], what)) for name, rate in rates.items())

    return Needs(
        people=people,
        submissions=peak["plain"] + peak["photo"],
        checkins=peak["checkin"],
        pulls=peak["pull"],
        web_cores=together("web", peak) / 1000 / habits.load,
        database_cores=together("database", peak) / 1000 / habits.load,
        up=together("up", peak) * 8,
        down=together("down", peak) * 8,
        log=together("log", peak),
        disk=together("disk", year) - year["photo"] * photo,
        attachments=year["photo"] * photo,
        backup=together("backup", year),
    )


def text(found: Sequence[Needs], habits: Habits) -> str:
    """Say it as Markdown: what was assumed, how a peak comes of it, and what each needs."""
    some = found[0]
    a_day = some.people * habits.dossiers / WORKING_DAYS
    lines = [
        f"Assumed: {habits.dossiers:g} dossiers a person and year, all of them here, {habits.photographed:.0%} with a"
        f" photo; {habits.openings:.0%} of the people open the app on a day, with {habits.pulls:g} pulls each;"
        f" {habits.visits:.0%} pass a gate on a working day, in and out; the busiest day has {habits.peak_day:g} times"
        f" a usual one, {habits.peak_hour:.0%} of it in one hour, whose busiest minutes have {habits.burst:g} times its"
        f" mean; a peak may take {habits.load:.0%} of the processor.",
        "",
        f"For {some.people / 1e6:g} million: {some.people / 1e6:g} M × {habits.dossiers:g} / {WORKING_DAYS} working"
        f" days = {a_day:,.0f} dossiers on a usual day; × {habits.peak_day:g} × {habits.peak_hour:g} / {HOUR} s ×"
        f" {habits.burst:g} = {some.submissions:,.0f} a second at the peak.",
        "",
        "| needed | " + " | ".join(f"{each.people / 1e6:g} million" for each in found) + " |",
        "|---|" + "--:|" * len(found),
    ]
    rows: list[tuple[str, str, float, str]] = [
        ("submissions a second at the peak", "submissions", 1, ",.0f"),
        ("check-ins a second at the peak", "checkins", 1, ",.0f"),
        ("pulls a second at the peak", "pulls", 1, ",.0f"),
        ("cores of web processes", "web_cores", 1, ",.1f"),
        ("cores of the database", "database_cores", 1, ",.1f"),
        ("Mbit/s up at the peak", "up", 1e6, ",.0f"),
        ("Mbit/s down at the peak", "down", 1e6, ",.0f"),
        ("MB/s of the database's log at the peak", "log", 1e6, ",.1f"),
        ("TB of records a year", "disk", 1e12, ",.2f"),
        ("TB of attachments a year", "attachments", 1e12, ",.2f"),
        ("TB of backup a year", "backup", 1e12, ",.2f"),
    ]
    for name, what, unit, form in rows:
        lines.append(f"| {name} | " + " | ".join(format(getattr(each, what) / unit, form) for each in found) + " |")
    return "\n".join(lines)

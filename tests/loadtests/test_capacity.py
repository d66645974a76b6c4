"""The arithmetic of what a city needs, with numbers that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loadtests.capacity_model import Cost, Habits, at_peak, needs, text

NOTHING = Cost(web=0, database=0, up=0, down=0, disk=0, log=0, backup=0)
PLAIN = Cost(web=2, database=1, up=4000, down=3000, disk=10_000, log=20_000, backup=3000)
COSTS = {"plain": PLAIN, "photo": replace(PLAIN, disk=510_000, up=504_000), "checkin": NOTHING, "pull": NOTHING}
HABITS = Habits(dossiers=2.5, photographed=0.2, peak_day=4, peak_hour=0.25, burst=2, load=0.5)


def test_the_peak_is_a_share_of_the_busiest_day() -> None:
    assert at_peak(3600, HABITS) == 3600 * 4 * 0.25 / 3600 * 2


def test_a_city_needs_what_its_dossiers_cost() -> None:
    found = needs(1_000_000, COSTS, HABITS, photo=500_000)
    a_day = 1_000_000 * 2.5 / 250
    assert found.submissions == pytest.approx(a_day * 4 * 0.25 / 3600 * 2)
    assert found.web_cores == pytest.approx(found.submissions * 0.002 / 0.5)
    assert found.database_cores == pytest.approx(found.submissions * 0.001 / 0.5)
    assert found.attachments == pytest.approx(2_500_000 * 0.2 * 500_000)
    assert found.disk == pytest.approx(2_500_000 * 10_000)
    assert found.up == pytest.approx(found.submissions * (0.8 * 4000 + 0.2 * 504_000) * 8)
    assert found.backup == pytest.approx(2_500_000 * 3000)


def test_needs_grow_with_the_people() -> None:
    city, country = (needs(people, COSTS, Habits(), photo=500_000) for people in (10e6, 100e6))
    for what in ("submissions", "web_cores", "database_cores", "disk", "attachments", "up"):
        assert getattr(country, what) == pytest.approx(10 * getattr(city, what))


def test_pulls_and_check_ins_count_too() -> None:
    costs = {**dict.fromkeys(COSTS, NOTHING), "pull": replace(NOTHING, web=1), "checkin": replace(NOTHING, database=1)}
    found = needs(1_000_000, costs, HABITS, photo=0)
    assert found.web_cores == pytest.approx(found.pulls * 0.001 / 0.5)
    assert found.database_cores == pytest.approx(found.checkins * 0.001 / 0.5)


def test_the_report_shows_how_it_was_reckoned() -> None:
    said = text([needs(10e6, COSTS, Habits(), photo=500_000)], Habits())
    assert "10 M × 4 / 250 working days = 160,000 dossiers on a usual day; × 5 × 0.2 / 3600 s × 2 = 89 a second" in said

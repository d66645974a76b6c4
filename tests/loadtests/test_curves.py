"""The curves of a day, and when phones try again."""

from __future__ import annotations

import pytest

from loadtests.curves import EVENING, MORNING, STEADY, Curve
from loadtests.patience import delay


@pytest.mark.parametrize("curve", [MORNING, EVENING, STEADY])
def test_a_curve_covers_its_time_and_reaches_its_peak(curve: Curve) -> None:
    times = [time for time, _ in curve.points]
    assert times[0] == 0 and times[-1] == 1 and times == sorted(times)
    assert max(curve.at(step / 200) for step in range(201)) == 1
    assert all(0 < curve.at(step / 200) <= 1 for step in range(201))


def test_a_curve_is_straight_between_its_points() -> None:
    assert Curve([(0, 0), (0.5, 1), (1, 0)]).at(0.25) == 0.5
    assert Curve([(0, 0), (0.5, 1), (1, 0)]).at(2) == 0


def test_the_morning_has_two_peaks_and_the_evening_ends_in_one() -> None:
    assert MORNING.at(0.25) > 0.9 and MORNING.at(0.75) > 0.8 and MORNING.at(0.5) < 0.5
    assert EVENING.at(0.9) == 1 and EVENING.at(0.98) < 0.3


def test_T1_a_wait_is_anywhere_up_to_a_bound_that_doubles_from_a_second_to_five_minutes() -> None:
    assert [delay(failures, 1.0) for failures in (1, 2, 3, 9, 10, 50)] == [1, 2, 4, 256, 300, 300]
    assert delay(5, 0.0) == 0


def test_T4_what_the_server_asks_for_is_waited_for_and_the_jitter_comes_on_top() -> None:
    assert delay(1, 0.0, asked=7) == 7
    assert delay(1, 0.5, asked=7) == 10.5
    assert delay(6, 0.5, asked=2) == 2 + 16
    assert delay(12, 0.5, asked=2) == 2 + 30

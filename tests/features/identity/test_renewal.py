"""Which credentials make room for a new one: one of each on each phone, and twelve in all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.features.identity.renewal import MOST, RENEWED_BELOW, Held, giving_way

NOW = 1_795_000_000_000
DAY = 86_400_000


def one(id: str, *, days_left: float, device: str = "phone", profile: str = "gate") -> Held:
    exp = NOW + int(days_left * DAY)
    return Held(id=id, device=device, profile=profile, exp=exp // 1000, issued_at=exp - 30 * DAY)


def ways(*held: Held, device: str = "phone", profile: str = "gate") -> list[str]:
    return giving_way(held, device=device, profile=profile, now=NOW)


def test_one_that_runs_out_soon_stays_and_one_with_time_left_goes() -> None:
    assert ways(one("a", days_left=10.9)) == []
    assert ways(one("a", days_left=11.1)) == ["a"]
    assert ways(one("a", days_left=5), one("b", days_left=25)) == ["b"]


def test_other_profiles_and_other_phones_are_left_alone() -> None:
    assert ways(one("a", days_left=29, profile="age"), one("b", days_left=29, device="tablet")) == []


def test_the_thirteenth_takes_the_place_of_the_oldest() -> None:
    held = [one(f"{n:02}", days_left=12 + n, device=f"phone {n}") for n in range(MOST)]
    assert ways(*held) == ["00"]
    assert ways(*held, one("99", days_left=-1, device="gone")) == ["00"]
    assert ways(*held[1:]) == []


def test_one_that_was_renewed_goes_before_an_older_one_that_was_not() -> None:
    held = [one(f"{n:02}", days_left=1 + n / 10, device=f"phone {n}") for n in range(MOST - 2)]
    renewed = [one("old", days_left=8, device="tablet"), one("new", days_left=29, device="tablet")]
    assert ways(*held, *renewed) == ["old"]
    assert ways(*held, one("own", days_left=9), one("other", days_left=29, device="x")) == ["own"]


@given(
    st.lists(
        st.builds(
            one,
            st.uuids().map(str),
            days_left=st.floats(-1, 30),
            device=st.sampled_from("abcdef"),
            profile=st.sampled_from(("gate", "age", "full")),
        ),
        max_size=40,
    ),
    st.sampled_from("abcdef"),
    st.sampled_from(("gate", "age", "full")),
)
def test_never_more_than_twelve_and_nothing_goes_without_need(held: list[Held], device: str, profile: str) -> None:
    gone = giving_way(held, device=device, profile=profile, now=NOW)
    assert len(set(gone)) == len(gone)
    alive = {each.id: each for each in held if each.exp * 1000 > NOW}
    assert set(gone) <= alive.keys()
    left = len(alive) - len(gone) + 1
    assert left <= MOST
    for each in (alive[id] for id in gone):
        replaced = (each.device, each.profile) == (device, profile) and each.exp * 1000 - NOW > RENEWED_BELOW
        assert replaced or left == MOST

"""Many people at once on the real service: what is one person's stays that person's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from loadtests.crowd import now
from loadtests.person import FEEDBACK, PROCEDURE, Person
from loadtests.service import Service
from tests.cities import NewDemo

pytestmark = pytest.mark.both_engines


@pytest.fixture
def service(tmp_path: Path, database: str, new_demo: NewDemo) -> Iterator[Service]:
    service = new_demo(tmp_path / "data", workers=1, database=database)
    service.start()
    yield service
    service.kill()


def test_people_who_enrol_and_send_at_the_same_moment_are_never_taken_for_each_other(service: Service) -> None:
    def come(number: int) -> tuple[str, str]:
        browser = requests.Session()

        def post(path: str, body: Any) -> Any:
            answer = browser.post(service.origin + path, json=body, headers={"Origin": service.origin}, timeout=30)
            assert answer.ok, answer.text
            return answer.json() if answer.content else None

        person = Person(post, "localhost", service.origin, now, name=f"Người thứ {number}")
        person.register()
        person.enrol_device()
        person.sync()
        id, change = person.submission(PROCEDURE, FEEDBACK)
        (answer,) = person.sync(change)
        assert answer["refused"] == []
        me = browser.get(f"{service.origin}/auth/me", timeout=30).json()
        assert me["person"]["id"] == person.id
        assert me["person"]["name"] == person.name
        return person.id, str(person.records["receipt", id]["code"].shown)

    with ThreadPoolExecutor(24) as pool:
        came = list(pool.map(come, range(48)))
    assert len({person for person, _ in came}) == len({code for _, code in came}) == 48

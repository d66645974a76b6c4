"""What a request asks PostgreSQL for, counted: a journey more for each would be slow without being wrong."""

from __future__ import annotations

from typing import Any

import pytest

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.auth import Parts
from server.store.postgres import PostgresStore
from server.store.postgres.connections import Connections
from tests.databases import needs_postgresql

pytestmark = [needs_postgresql, pytest.mark.parametrize("engine", ["postgresql"])]


def sealed(resident: Person) -> str:
    _, change = resident.submission(PROCEDURE, FEEDBACK)
    return resident.device.batch([change], at=resident.now())


def test_a_submission_makes_two_journeys_beside_its_commit(
    city: Parts, resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident.exchange([sealed(resident)])  # the form is read once in each process
    lent, begins, take = list[str](), list[str](), Connections._take

    def counted(connections: Connections) -> Any:
        connection = take(connections)
        lent.append("connection")
        execute = type(connection).execute

        def run(*arguments: Any, **named: Any) -> Any:
            begins.extend(["commit"] * (arguments[0] == "BEGIN"))
            return execute(connection, *arguments, **named)

        monkeypatch.setattr(connection, "execute", run)
        return connection

    monkeypatch.setattr(Connections, "_take", counted)
    jws = sealed(resident)
    assert [answer["refused"] for answer in resident.exchange([jws])] == [[]]
    assert (len(lent), len(begins)) == (3, 1)


def test_every_statement_is_planned_once_and_goes_by_an_index(city: Parts, resident: Person) -> None:
    for _ in range(12):  # a statement is prepared when it comes the sixth time
        resident.exchange([sealed(resident)])
    assert isinstance(city.store, PostgresStore)
    planned = 0
    for connection in tuple(city.store._connections._idle):
        prepared = connection.execute(
            "SELECT name, statement, cardinality(parameter_types), custom_plans FROM pg_prepared_statements"
        ).fetchall()
        for name, statement, parameters, custom in prepared:
            assert custom == 0, statement
            if parameters:
                nothing = ", ".join(["NULL"] * parameters)
                plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN EXECUTE {name} ({nothing})"))
                assert "Seq Scan" not in plan, (statement, plan)
                assert "Bitmap" not in plan, (statement, plan)
                planned += 1
    assert planned >= 8

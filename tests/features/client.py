"""How people of tests send: through the application's own test client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from server.errors import Problem
from tests.conftest import ORIGIN


def post_with(client: FlaskClient) -> Callable[[str, Any], Any]:
    """Return how a person posts: JSON in, JSON out, a problem raised as `Problem`."""

    def post(path: str, body: Any) -> Any:
        answer = client.post(path, json=body, headers={"Origin": ORIGIN})
        if answer.status_code >= 400:
            raise Problem(answer.json["code"], answer.json.get("detail", ""))
        return answer.json if answer.data else None

    return post

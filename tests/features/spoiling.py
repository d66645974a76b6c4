"""Spoiling what is sent, and looking whether answers and store are sound after it."""

from __future__ import annotations

import copy
import json
import os
import random
import secrets
import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import Any

import pytest
from werkzeug.test import TestResponse

from loadtests.rows import rows
from server.config import Config
from server.errors import PROBLEMS
from sync import batch, canonical, record

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "3000"))
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**53 - 1, 2**53, -(2**63), 10**40, 1.5, -0.0, float("nan"), float("inf"), "", "0",
    "\x00", "\ud800", "é", "é", "<script>", "../..", "a" * 300, "A" * 43, "__proto__", "%s%n", "🙂" * 20, [], {}, [[]],
    [None], {"": None}, {"a": {"a": {}}}, [[[[[[[[[[1]]]]]]]]]], ["x"] * 600, {"document": "{}", "assertion": {}},
)  # fmt: skip


def seeded(capsys: pytest.CaptureFixture[str]) -> random.Random:
    """Return chance from `FUZZ_SEED`, or from a seed that no run had before, and print the seed."""
    seed = int(os.environ.get("FUZZ_SEED", secrets.randbits(32)))
    with capsys.disabled():
        print(f"\nFUZZ_SEED={seed}", end=" ")
    return random.Random(seed)


def spoil(value: Any, chance: random.Random) -> Any:
    """Return `value` with one place in it changed: another type, other text, a member less or more."""
    value = copy.deepcopy(value)
    holder: list[Any] = [value]
    place: tuple[Any, Any] = (holder, 0)
    while chance.random() < 0.85:
        inner = place[0][place[1]]
        if isinstance(inner, dict) and inner:
            place = (inner, chance.choice(sorted(inner, key=str)))
        elif isinstance(inner, list) and inner:
            place = (inner, chance.randrange(len(inner)))
        else:
            break
    parent, key = place
    now = parent[key]
    if isinstance(now, str) and now and chance.random() < 0.5:
        parent[key] = spoil_text(now, chance)
    elif isinstance(now, int) and chance.random() < 0.4:
        parent[key] = now + chance.choice((-1, 1, 2**20, -(2**31)))
    elif isinstance(parent, dict) and chance.random() < 0.2:
        del parent[key]
    elif isinstance(now, dict) and chance.random() < 0.4:
        now[chance.choice(["", "extra", "typ", "__proto__", "\ud800"])] = chance.choice(JUNK)
    elif isinstance(now, list) and chance.random() < 0.4:
        now.extend(now[:3] or [chance.choice(JUNK)])
    else:
        parent[key] = chance.choice(JUNK)
    return holder[0]


def spoil_text(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return chance.choice(
        [
            text[:at],
            text[at:],
            text[:at] + chance.choice('\x00A_-=.{}[]",:9é\ud800') + text[at + 1 :],
            text[:at] + text,
            text[:at] + text[at:].upper(),
        ]
    )


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        at = chance.randrange(len(found)) if found else 0
        what = chance.random()
        if what < 0.5 and found:
            found[at] ^= 1 << chance.randrange(8)
        elif what < 0.7:
            del found[at:]
        elif what < 0.85:
            del found[at : at + chance.randrange(1, 30)]
        else:
            found[at:at] = chance.randbytes(chance.randrange(1, 30))
    return bytes(found)


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def valid(answer: TestResponse) -> Any:
    """Return the JSON of an answer that keeps to the protocol: no failure, and each problem told as it should be."""
    assert answer.status_code < 500, answer.data
    if answer.status_code == 204:
        return None
    body = answer.get_json()
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert PROBLEMS[body["code"]].status == answer.status_code == body["status"]
    return body


def prove_whole(config: Config) -> None:
    """Check all that is stored: states decode, digests fit, and each feed ends at the number that it has counted to."""
    if not config.database:
        with sqlite3.connect(config.data / "motcua.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with rows(config.data, database=config.database) as read:
        for kind, id, text, digest in read("SELECT kind, id, state, digest FROM records"):
            state = record.from_json(json.loads(text))
            assert record.encode(state) == text.encode(), (kind, id)
            assert record.digest(state) == digest, (kind, id)
            canonical.decode(text.replace("\x00", ""))
        ends = dict(read("SELECT feed, max(seq) FROM entries GROUP BY feed"))
        assert ends == dict(read("SELECT feed, seq FROM feeds"))
        batches = list(read("SELECT device, seq, hash, jws FROM batches ORDER BY device, seq"))
        for _, chain in groupby(batches, key=itemgetter(0)):
            prev = ""
            for place, (_, seq, hash, jws) in enumerate(chain, start=1):
                parsed = batch.parse(jws)
                assert (parsed.seq, parsed.prev, parsed.hash) == (seq, prev, hash) == (place, prev, batch.hash_of(jws))
                prev = hash

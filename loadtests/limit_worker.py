"""One process of `limits.py`: takes its share of the prepared requests, many at a time in greenlets, as a worker does.

It says `ready`, waits for a line on its input, works, and prints how much it did as JSON.
"""

# ruff: noqa: E402  # everything else has to see the patched modules
from gevent import monkey

monkey.patch_all()

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import cbor2
import gevent
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from loadtests import crowd
from loadtests.limits import Share
from server import app, shards
from server.auth import Parts, acts
from server.exchange import Exchange, Request
from server.exchange.push import Push
from server.exchange.taking import Sender
from server.features.forms.submission import Submission
from server.kinds import Actor, Role
from server.store import Transaction
from sync import batch as batches
from sync import record
from sync.batch import unbase64url

_ES256 = ec.ECDSA(SHA256())
_PERSON = "person/"

Job = Callable[[], object]


def bodies(share: Share, path: str) -> Iterator[tuple[Actor, bytes]]:
    """Yield the prepared bodies of a share, each with the person who sends it."""
    for number, request in enumerate(crowd.prepared(Path(path))):
        if number % share.parts == share.part:
            body = request.partition(b"\r\n\r\n")[2]
            (feed,) = (feed for feed in json.loads(body)["cursors"] if feed.startswith(_PERSON))
            yield Actor(feed.removeprefix(_PERSON), Role.RESIDENT, None), body


def jobs(share: Share, parts: Parts, path: str) -> list[Job]:
    """Return one job for each body, ready to be timed."""
    kinds = app.kinds_of(parts)
    if share.level == "exchange":
        exchange = Exchange(parts.store, kinds, parts.credentials)
        return [partial(_exchange, exchange, actor, body) for actor, body in bodies(share, path)]
    batch_of = ((actor, json.loads(body)["batches"][0]) for actor, body in bodies(share, path))
    if share.level == "push":
        return [partial(_push, Push(parts.store, kinds, parts.credentials), actor, jws) for actor, jws in batch_of]
    return [_primitives(parts, actor, jws) for actor, jws in batch_of]


def _exchange(exchange: Exchange, actor: Actor, body: bytes) -> None:
    answer = exchange(Request.model_validate_json(body), crowd.Known(actor), now=crowd.now())
    if '"refused": []' not in answer:
        raise RuntimeError(f"expected a submission that is taken, got {answer[:500]}")


def _push(push: Push, actor: Actor, jws: str) -> None:
    answer = push(jws, Sender(actor=actor, now=crowd.now()))
    if answer.get("refused") != []:
        raise RuntimeError(f"expected a submission that is taken, got {answer}")


def _primitives(parts: Parts, actor: Actor, jws: str) -> Job:
    """Read all that can be read beforehand."""
    batch = batches.parse(jws)
    (change,) = batch.changes
    act = acts.read_act(change.value, Submission)
    with parts.store.read() as look:
        device: Any = look.get("device", batch.device)
        passkey: Any = look.get("passkey", acts.passkey_id(act.assertion.credential))
    jwk, cose = device["jwk"].shown, cbor2.loads(unbase64url(passkey["public_key"].shown))
    device_key, passkey_key = _key(unbase64url(jwk["x"]), unbase64url(jwk["y"])), _key(cose[-2], cose[-3])
    r, s = (int.from_bytes(half, "big") for half in (batch.signature[:32], batch.signature[32:]))
    device_signature, passkey_signature = encode_dss_signature(r, s), unbase64url(act.assertion.signature)
    client_data = hashlib.sha256(unbase64url(act.assertion.client_data)).digest()
    signed = unbase64url(act.assertion.authenticator_data) + client_data
    feeds = frozenset({f"person/{actor.person}", f"unit/{act.document.unit}"})

    def write(transaction: Transaction) -> None:
        transaction.put("submission", change.id, record.admit({}, change), feeds=feeds)

    def job() -> None:
        device_key.verify(device_signature, batch.signing_input, _ES256)
        passkey_key.verify(passkey_signature, signed, _ES256)
        parts.store.write(write)

    return job


def carry_out(todo: list[Job], *, together: int, seconds: float) -> int:
    """Do jobs in `together` greenlets until the time is over or all are done; return how many were."""
    waiting, end, done = iter(todo), time.perf_counter() + seconds, 0

    def work() -> None:
        nonlocal done
        for job in waiting:
            job()
            done += 1
            if time.perf_counter() > end:
                return

    for each in [gevent.spawn(work) for _ in range(together)]:
        each.get()
    return done


def _key(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)


def main() -> None:
    """Prepare, wait for the start, work, say how much was done."""
    share = Share(**json.loads(sys.argv[1]))
    shards.settle(share.part)
    parts = crowd.open_parts(Path(share.data), key=share.key, origin=share.origin, database=share.database)
    before, todo = jobs(share, parts, share.warm), jobs(share, parts, share.requests)
    carry_out(before, together=share.together, seconds=60)
    print("ready", flush=True)
    sys.stdin.readline()
    start, used = time.perf_counter(), time.process_time()
    done = carry_out(todo, together=share.together, seconds=share.seconds)
    said = {"done": done, "seconds": time.perf_counter() - start, "cpu": time.process_time() - used}
    print(json.dumps(said), flush=True)
    parts.store.close()


if __name__ == "__main__":
    main()

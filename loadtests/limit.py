"""One process of the in-process limits: what the machine can do with a submission when there is no HTTP around it.

It takes every n-th of the prepared requests, many at a time in greenlets, as a worker of the service does; it says
`ready`, waits for a line on its input, works, and prints how much it did as JSON. Levels, from the whole to the bare:

- `exchange`: parse the request, push, pull, make the answer;
- `push`: one batch: two P-256 verifications, all rules, join, signed receipt, durable commit;
- `primitives`: two verifications, a join, the rows of one record, a durable commit; nothing is parsed, no rule asked.
"""

# ruff: noqa: E402  # everything else has to see the patched modules
from gevent import monkey

monkey.patch_all()

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from gevent.pool import Pool

from loadtests import crowd
from server import app
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

LEVELS = ("exchange", "push", "primitives")
_ES256 = ec.ECDSA(SHA256())
_PERSON = "person/"

Job = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process does: `part` of `parts` of the `requests`, for up to `seconds`, `together` at a time."""

    level: str
    data: str
    key: str
    origin: str
    requests: str
    part: int
    parts: int
    seconds: float
    together: int

    def command(self) -> list[str]:
        """Return the command that runs this share in a process."""
        return [sys.executable, "-m", "loadtests.limit", json.dumps(asdict(self))]


def bodies(share: Share) -> Iterator[tuple[Actor, bytes]]:
    """Yield the prepared bodies of a share, each with the person who sends it."""
    for number, request in enumerate(crowd.prepared(Path(share.requests))):
        if number % share.parts == share.part:
            body = request.partition(b"\r\n\r\n")[2]
            (feed,) = (feed for feed in json.loads(body)["cursors"] if feed.startswith(_PERSON))
            yield Actor(feed.removeprefix(_PERSON), Role.RESIDENT, None), body


def jobs(share: Share, parts: Parts) -> list[Job]:
    """Return one job for each body, ready to be timed."""
    kinds = app.kinds_of(parts)
    if share.level == "exchange":
        return [partial(_exchange, Exchange(parts.store, kinds), actor, body) for actor, body in bodies(share)]
    batch_of = ((actor, json.loads(body)["batches"][0]) for actor, body in bodies(share))
    if share.level == "push":
        return [partial(_push, Push(parts.store, kinds), actor, jws) for actor, jws in batch_of]
    return [_primitives(parts, actor, jws) for actor, jws in batch_of]


def _exchange(exchange: Exchange, actor: Actor, body: bytes) -> None:
    answer = exchange(Request.model_validate_json(body), actor, now=crowd.now())
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


def _key(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)


def main() -> None:
    """Prepare, wait for the start, work, say how much was done."""
    share = Share(**json.loads(sys.argv[1]))
    parts = crowd.open_parts(Path(share.data), key=share.key, origin=share.origin)
    todo = iter(jobs(share, parts))
    print("ready", flush=True)
    sys.stdin.readline()
    done, start = 0, time.perf_counter()

    def work() -> None:
        nonlocal done
        for job in todo:
            job()
            done += 1
            if time.perf_counter() > start + share.seconds:
                return

    pool = Pool(share.together)
    workers = [pool.spawn(work) for _ in range(share.together)]
    for worker in workers:
        worker.get()
    print(json.dumps({"done": done, "seconds": time.perf_counter() - start}), flush=True)
    parts.store.close()


if __name__ == "__main__":
    main()

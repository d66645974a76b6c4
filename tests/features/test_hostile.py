"""Batches that no honest client makes: refused with a code, in bounded time, and the chain goes on (SPEC.md G5)."""

from __future__ import annotations

import base64
import json
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from loadtests.authenticator import Device
from loadtests.person import Person
from server import jwk
from server.errors import Problem
from sync import batch
from sync.batch import base64url
from tests.features.client import post_with
from tests.features.conftest import NewPerson

Payload = dict[str, Any]
Spoil = Callable[[Payload], object]

HONEST_SECONDS = 1.0
"""How long one hostile batch may take; the honest ones take a few ms."""


def payload_of(person: Person) -> Payload:
    """Return the payload of a batch that would be taken: it begins a draft."""
    change = {"kind": "draft", "id": person.new_id(), "key": "owner", "n": 1, "value": person.id, "at": 1}
    return {
        "seq": person.device.seq + 1,
        "prev": person.device.prev,
        "at": 1,
        "changes": [{**change, "context": {}}],
    }


def jws_of(device: Device, payload: bytes | str | Payload, header: bytes | str | Payload | None = None) -> str:
    """Sign any bytes as header and payload with the device's true key."""
    head = {"alg": "ES256", "kid": device.id, "typ": batch.TYPE} if header is None else header
    parts = [each if isinstance(each, bytes | str) else json.dumps(each) for each in (head, payload)]
    signing_input = ".".join(base64url(each.encode() if isinstance(each, str) else each) for each in parts)
    return f"{signing_input}.{base64url(jwk.sign(device.key, signing_input.encode()))}"


def answer_to(person: Person, jws: str) -> Any:
    began = time.monotonic()
    (answer,) = person.exchange([jws])
    assert time.monotonic() - began < HONEST_SECONDS
    return answer


def refused(person: Person, jws: str, code: str) -> None:
    """Expect the batch to be invalid and the chain to stand where it stood: an honest batch is taken after it."""
    assert answer_to(person, jws) == {"result": "invalid", "code": code, "retry": False}
    honest = jws_of(person.device, payload_of(person))
    assert answer_to(person, honest) == {"result": "ok", "seq": 1, "refused": []}


def _change(**values: Any) -> Spoil:
    return lambda payload: payload["changes"][0].update(values)


def _nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda p: p.update(changes=p["changes"] * 501), "batch_size"),
        (lambda p: p.update(changes=[]), "batch_size"),
        (lambda p: p.update(changes={}), "batch_shape"),
        (lambda p: p.update(changes=[None]), "change_shape"),
        (lambda p: p.update(seq=0), "batch_shape"),
        (lambda p: p.update(seq=-1), "batch_shape"),
        (lambda p: p.update(seq=True), "batch_shape"),
        (lambda p: p.update(seq="1"), "batch_shape"),
        (lambda p: p.update(seq=2**53), "json"),
        (lambda p: p.update(prev="A" * 43), "batch_shape"),
        (lambda p: p.update(seq=2, prev=""), "batch_shape"),
        (lambda p: p.update(seq=2, prev="A" * 42), "batch_shape"),
        (lambda p: p.update(at=0), "batch_shape"),
        (lambda p: p.update(extra=1), "batch_shape"),
        (lambda p: p.pop("at"), "batch_shape"),
        (_change(extra=1), "change_shape"),
        (lambda p: p["changes"][0].pop("at"), "change_shape"),
        (_change(kind="Draft"), "change_shape"),
        (_change(kind="d" * 33), "change_shape"),
        (_change(id="../../etc/passwd"), "change_shape"),
        (_change(id=""), "change_shape"),
        (_change(id="a\n"), "change_shape"),
        (_change(key="k" * 201), "change_shape"),
        (_change(key="answer/ô"), "change_shape"),
        (_change(key=None), "change_shape"),
        (_change(n=0), "change_shape"),
        (_change(n=True), "change_shape"),
        (_change(n="1"), "change_shape"),
        (_change(at=-5), "change_shape"),
        (_change(context=[]), "change_shape"),
        (_change(context={"": 1}), "change_shape"),
        (_change(context={"é": 1}), "change_shape"),
        (_change(context={"a": 0}), "change_shape"),
        (_change(context={"a": None}), "change_shape"),
        (_change(n=5, context={"a": 5}), "stamp_behind"),
        (_change(n=100, context={f"r{number}": 1 for number in range(33)}), "context_size"),
        (_change(value=_nested(17)), "value_depth"),
        (_change(value=_nested(40)), "json"),
        (_change(value="x" * 64 * 1024), "value_size"),
        (_change(value=unicodedata.normalize("NFD", "Nguyễn")), "value_text"),
        (_change(value={unicodedata.normalize("NFD", "ễ"): 1}), "value_text"),
        (_change(value="\ud800"), "value_text"),
        (_change(value={"\udfff": 1}), "value_text"),
        (_change(value=["\udc00\ud800"]), "value_text"),
        (_change(value=1.5), "json"),
        (_change(value=1e300), "json"),
        (_change(value=-(2**53)), "json"),
        (_change(value=float("nan")), "json"),
        (_change(value=float("-inf")), "json"),
    ],
)
def test_G5_B1_one_part_that_breaks_a_rule_makes_the_batch_invalid(resident: Person, spoil: Spoil, code: str) -> None:
    payload = payload_of(resident)
    spoil(payload)
    refused(resident, jws_of(resident.device, payload), code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null x",
        '{"seq":1,"seq":1,"prev":"","at":1,"changes":[]}',
        '{"seq":1,"prev":"","at":1,"changes":[{"kind":"draft","kind":"draft"}]}',
        '{"seq":1,"prev":"","at":1,"changes":[{"value":-0}]}',
        '{"seq":1.0,"prev":"","at":1,"changes":[]}',
        '{"seq":1e0,"prev":"","at":1,"changes":[]}',
        '{"seq":' + "9" * 100_000 + ',"prev":"","at":1,"changes":[]}',
        "[" * 100_000,
        "[" * 90_000 + "]" * 90_000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        '{"seq":1,"prev":"\n","at":1,"changes":[]}',
        '"' * 100_001,
        "\\" * 150_000,
        b'{"seq":1,"prev":"\xff","at":1,"changes":[]}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"\x00" * 1000,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_G5_R10_text_that_readers_disagree_on_is_not_json(resident: Person, text: bytes | str) -> None:
    refused(resident, jws_of(resident.device, text), "json")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"alg": "none"}, "batch_shape"),
        ({"alg": "RS256"}, "batch_shape"),
        ({"alg": "HS256"}, "batch_shape"),
        ({"alg": "es256"}, "batch_shape"),
        ({"alg": None}, "batch_shape"),
        ({"typ": "JWT"}, "batch_shape"),
        ({"typ": "motcua-receipt+jws"}, "batch_shape"),
        ({"kid": 7}, "batch_shape"),
        ({"kid": ""}, "batch_shape"),
        ({"kid": "A" * 44}, "batch_shape"),
        ({"kid": "../device"}, "batch_shape"),
        ({"kid": "server"}, "device_unknown"),
        ({"kid": "A" * 22}, "device_unknown"),
        ({"jwk": Device().jwk}, "batch_shape"),
        ({"crit": ["b64"], "b64": False}, "batch_shape"),
        ({"jku": "https://evil.example/keys"}, "batch_shape"),
    ],
    ids=lambda each: json.dumps(each)[:40],
)
def test_G5_B1_a_header_is_exactly_alg_kid_and_typ(resident: Person, more: Payload, code: str) -> None:
    header = {"alg": "ES256", "kid": resident.device.id, "typ": batch.TYPE} | more
    refused(resident, jws_of(resident.device, payload_of(resident), header), code)


def test_G5_B1_a_header_without_typ_is_refused(resident: Person) -> None:
    header = {"alg": "ES256", "kid": resident.device.id}
    refused(resident, jws_of(resident.device, payload_of(resident), header), "batch_shape")


Bend = Callable[[str, Person], str]


def _part(index: int, bend: Callable[[str], str]) -> Bend:
    def apply(jws: str, _: Person) -> str:
        parts = jws.split(".")
        parts[index] = bend(parts[index])
        return ".".join(parts)

    return apply


def _der(jws: str, person: Person) -> str:
    signing_input = jws.rsplit(".", 1)[0]
    signature = person.device.key.sign(signing_input.encode(), ec.ECDSA(hashes.SHA256()))
    return f"{signing_input}.{base64url(signature)}"


def _flipped(text: str) -> str:
    data = bytearray(base64.urlsafe_b64decode(text + "=="))
    data[len(data) // 2] ^= 1
    return base64url(bytes(data))


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda jws, _: jws.rsplit(".", 1)[0], "batch_shape"),
        (lambda jws, _: jws + ".", "batch_shape"),
        (lambda jws, _: jws + ".A.A", "batch_shape"),
        (lambda _, __: "", "batch_shape"),
        (lambda _, __: "..", "json"),
        (lambda _, __: "." * 200_000, "batch_shape"),
        (lambda jws, _: jws + "é", "batch_shape"),
        (lambda jws, _: jws + "=", "base64url"),
        (lambda jws, _: jws + "\n", "base64url"),
        (lambda jws, _: " " + jws, "base64url"),
        (_part(0, lambda text: text + "="), "base64url"),
        (_part(1, lambda text: text[:-1] + "/"), "base64url"),
        (_part(2, lambda text: text[:-1] + ("B" if text[-1] != "B" else "C")), "base64url"),  # stray bits
        (_part(2, lambda text: base64url(base64.urlsafe_b64decode(text + "==")[:-1])), "batch_shape"),
        (_part(2, lambda _: ""), "batch_shape"),
        (_part(2, lambda _: base64url(bytes(64))), "batch_signature"),
        (_part(2, lambda _: base64url(b"\xff" * 64)), "batch_signature"),
        (_part(2, _flipped), "batch_signature"),
        (_der, "batch_shape"),
        (lambda jws, _: jws + "A" * 256 * 1024, "batch_size"),
    ],
)
def test_G5_B1_a_batch_has_three_parts_in_one_spelling_and_a_true_signature(
    resident: Person, bend: Bend, code: str
) -> None:
    refused(resident, bend(jws_of(resident.device, payload_of(resident)), resident), code)


def test_G5_B1_a_batch_of_256_KiB_is_taken_and_one_letter_more_is_not(resident: Person) -> None:
    def of_size(size: int) -> str:
        payload = payload_of(resident)
        long = {**payload["changes"][0], "n": 2, "value": "x" * 60_000}
        payload["changes"] += [{**long, "key": f"answer/a{number}", "n": number} for number in range(2, 5)]
        head = json.dumps({"alg": "ES256", "kid": resident.device.id, "typ": batch.TYPE})
        others = len(base64url(head.encode())) + 2 + 86
        room = (size - others) * 3 // 4
        text = json.dumps(payload)
        return jws_of(resident.device, text + " " * (room - len(text)), head)

    assert len(of_size(256 * 1024)) == 256 * 1024
    assert answer_to(resident, of_size(256 * 1024 + 1))["code"] == "batch_size"
    assert answer_to(resident, of_size(256 * 1024)) == {"result": "ok", "seq": 1, "refused": []}


def test_G5_a_stolen_batch_moves_nobodys_chain(resident: Person, new_person: NewPerson, web: Flask) -> None:
    thief = new_person(name="Kẻ Trộm")
    stolen = jws_of(resident.device, payload_of(resident))
    assert answer_to(thief, stolen) == {"result": "invalid", "code": "device_foreign", "retry": False}
    forged = jws_of(thief.device, payload_of(thief), {"alg": "ES256", "kid": resident.device.id, "typ": batch.TYPE})
    assert answer_to(thief, forged) == {"result": "invalid", "code": "device_foreign", "retry": False}
    with pytest.raises(Problem, match="signed_out"):
        post_with(web.test_client())("/sync", {"batches": [stolen]})
    assert answer_to(resident, stolen) == {"result": "ok", "seq": 1, "refused": []}
    assert answer_to(thief, stolen)["code"] == "device_foreign"


def test_G5_forks_close_only_the_chain_of_the_device_that_makes_them(resident: Person, new_person: NewPerson) -> None:
    rogue = new_person(name="Kẻ Phá")
    payloads = [payload_of(rogue) for _ in range(2)]
    answers = rogue.exchange([jws_of(rogue.device, payload) for payload in payloads])
    assert [answer["result"] for answer in answers] == ["ok", "fork"]
    assert answer_to(resident, jws_of(resident.device, payload_of(resident)))["result"] == "ok"

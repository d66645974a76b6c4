"""Runs in `.venv/oracle`, with `cwt` and nothing of ours: verifies and signs COSE_Sign1 as another party would.

Reads {"verify": [{"hex", "jwk", "kid"}], "sign": [{"jwk", "header", "claims"}]} and writes what it found; CBOR's
maps and bytes stand in JSON as {"map": [[key, value]]} and {"hex": ...}.
"""

from __future__ import annotations

import json
import sys

import cbor2
import cwt
from cwt.utils import base64url_decode


def main() -> None:
    asked = json.load(sys.stdin)
    json.dump(
        {"verify": [_verify(**item) for item in asked["verify"]], "sign": [_sign(**item) for item in asked["sign"]]},
        sys.stdout,
    )


def _verify(hex: str, jwk: dict, kid: str) -> dict | None:
    """Return header and claims, or None when the message does not hold."""
    try:
        message = cbor2.CBORTag(18, cbor2.loads(bytes.fromhex(hex)))
        cose = cwt.COSE.new(verify_kid=bool(kid))
        header, _, payload = cose.decode_with_headers(message, [_key(jwk, bytes.fromhex(kid))])
        return {"header": _to_json(header), "claims": _to_json(cbor2.loads(payload))}
    except Exception:  # noqa: BLE001 - whatever it raises, it refused
        return None


def _sign(jwk: dict, header: dict, claims: dict) -> str:
    """Return the hex of an untagged message."""
    cose = cwt.COSE.new(deterministic_header=True)
    payload = cbor2.dumps(_from_json(claims), canonical=True)
    message = cose.encode(payload, _key(jwk, b""), protected=_from_json(header), out="cbor2/CBORTag")
    return cbor2.dumps(message.value).hex()


def _key(jwk: dict, kid: bytes) -> cwt.COSEKey:
    numbers = {-2: "x", -3: "y", -4: "d"}
    parts = {label: base64url_decode(jwk[name]) for label, name in numbers.items() if name in jwk}
    return cwt.COSEKey.new({1: 2, 3: -7, -1: 1, **parts, **({2: kid} if kid else {})})


def _to_json(value: object) -> object:
    if isinstance(value, dict):
        return {"map": [[_to_json(key), _to_json(item)] for key, item in value.items()]}
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _from_json(value: object) -> object:
    if isinstance(value, dict):
        if "hex" in value:
            return bytes.fromhex(value["hex"])
        return {_from_json(key): _from_json(item) for key, item in value["map"]}
    return value


if __name__ == "__main__":
    main()

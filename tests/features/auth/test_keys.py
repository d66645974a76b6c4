"""Keys: JWK and COSE are read strictly, thumbprints and signatures are those of the standards."""

from __future__ import annotations

import itertools
from typing import Any

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loadtests.authenticator import Passkey
from server import jwk
from server.auth import cose
from server.errors import Problem
from sync.batch import base64url
from sync.limits import Invalid

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = jwk.of_public(KEY.public_key())
DATA = b"what is signed"


def test_a_key_comes_back_from_its_jwk_and_is_named_by_its_thumbprint() -> None:
    assert jwk.public_key(PUBLIC).public_numbers() == KEY.public_key().public_numbers()
    assert len(jwk.thumbprint(PUBLIC)) == 43
    assert jwk.thumbprint(PUBLIC).startswith(jwk.device_id(PUBLIC))
    assert len(jwk.device_id(PUBLIC)) == 22


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        [],
        {**PUBLIC, "d": base64url(bytes(32))},
        {**PUBLIC, "crv": "P-384"},
        {**PUBLIC, "kty": "RSA"},
        {**PUBLIC, "x": base64url(bytes(32))},
        {**PUBLIC, "x": base64url(bytes(31))},
        {**PUBLIC, "x": str(PUBLIC["x"]) + "="},
        {**PUBLIC, "y": 7},
        {name: PUBLIC[name] for name in ("kty", "crv", "x")},
    ],
)
def test_a_jwk_that_is_no_public_point_of_P256_is_refused(spoilt: Any) -> None:
    with pytest.raises(Problem, match="act_shape"):
        jwk.public_key(spoilt)


def test_a_signature_is_64_bytes_and_of_its_key_and_data_alone() -> None:
    signature = jwk.sign(KEY, DATA)
    assert len(signature) == 64
    assert jwk.verify(PUBLIC, signature, DATA)
    assert not jwk.verify(PUBLIC, signature, DATA + b".")
    assert not jwk.verify(PUBLIC, signature + b"\0", DATA)
    assert not jwk.verify(PUBLIC, bytes(64), DATA)
    other = jwk.of_public(ec.generate_private_key(ec.SECP256R1()).public_key())
    assert not jwk.verify(other, signature, DATA)


def test_a_jws_is_read_as_one_type_and_one_algorithm() -> None:
    text = jwk.sign_jws(KEY, header={"typ": "a+jws"}, payload={"n": 1})
    opened = jwk.open_jws(text, typ="a+jws")
    assert (dict(opened.payload), opened.signed_by(PUBLIC)) == ({"n": 1}, True)
    for spoilt, typ in ((text, "b+jws"), (text + ".", "a+jws"), (text.replace(".", "..", 1), "a+jws")):
        with pytest.raises(Invalid):
            jwk.open_jws(spoilt, typ=typ)


def test_each_algorithm_that_we_ask_for_verifies() -> None:
    passkey = Passkey(rp="localhost", origin="http://localhost:8000")
    edwards = Ed25519PrivateKey.generate()
    modulus = rsa.generate_private_key(65537, 2048)
    n = modulus.public_key().public_numbers().n.to_bytes(256, "big")
    for key, signature in (
        (passkey.public_key(), passkey.key.sign(DATA, ec.ECDSA(hashes.SHA256()))),
        (cbor2.dumps({1: 1, 3: -8, -1: 6, -2: edwards.public_key().public_bytes_raw()}), edwards.sign(DATA)),
        (
            cbor2.dumps({1: 3, 3: -257, -1: n, -2: b"\x01\x00\x01"}),
            modulus.sign(DATA, padding.PKCS1v15(), hashes.SHA256()),
        ),
    ):
        cose.verifier(key)(signature, DATA)
        with pytest.raises(InvalidSignature):
            cose.verifier(key)(signature, DATA + b".")


def _ec(**changes: Any) -> bytes:
    numbers = KEY.public_key().public_numbers()
    members: dict[Any, Any] = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    return cbor2.dumps(members | {int(name.strip("_").replace("m", "-")): value for name, value in changes.items()})


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"\x04" + bytes(64),
        cbor2.dumps([]),
        _ec() + b"\0",
        _ec(_3=-8),
        _ec(_3=-35),
        _ec(m1=2),
        _ec(m2=bytes(32)),
        _ec(m2=bytes(31)),
        _ec(m4=b"a private part"),
        cbor2.dumps({1: 1, 3: -8, -1: 6, -2: bytes(31)}),
        cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 128, -2: b"\x01\x00\x01"}),
        cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 256, -2: b"\x03"}),
    ],
    ids=itertools.count(),  # the keys differ from run to run
)
def test_a_cose_key_of_another_kind_or_shape_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError):
        cose.verifier(key)

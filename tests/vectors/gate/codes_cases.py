"""The cases of `codes.json`: what each code says, byte by byte, and how a broken one is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import cbor2

from server.codes import base, challenge, credential, desk, invitation, names, presentation
from server.codes.challenge import Challenge
from server.codes.credential import Credential, Profile
from server.codes.desk import Desk
from server.codes.invitation import Invitation
from server.codes.presentation import Presentation
from server.codes.sign1 import parse
from tests.vectors.gate.signers import DISTRICT, HOLDER, PHONE, THIEF, WARD, Signer

NOW = 1_795_000_000
"""18 November 2026, in seconds."""

INVITATION = Invitation(
    kid=WARD.kid,
    exp=NOW + 3600,
    nbf=NOW - 3600,
    cti=bytes.fromhex("0102030405060708"),
    place=7,
    index=41,
    name="Nguyễn T. M. Khai",
    gates=0b11,
    entries=1,
    meeting=bytes.fromhex("a0b1c2"),
)
CLAIMED = Invitation(**{**asdict(INVITATION), "index": 42, "holder": HOLDER.jwk})
PHOTO = hashlib.sha256(b"a photo").digest()[:16]
GATE = Credential(
    kid=WARD.kid,
    exp=NOW + 86_400 * 20,
    iat=NOW - 86_400 * 10,
    holder=HOLDER.jwk,
    profile=Profile.GATE,
    index=5,
    name="Nguyễn Thị Minh Khai",
    photo=PHOTO,
)
AGE = Credential(**{**asdict(GATE), "profile": Profile.AGE, "index": 6, "name": None, "photo": None, "ages": 0b0111})
FULL = Credential(**{**asdict(GATE), "profile": Profile.FULL, "index": 7, "born": 1990_09_01, "ages": 0b0111})


def made() -> dict[str, Any]:
    return {
        "keys": {signer.name: signer.private_jwk for signer in (WARD, DISTRICT, HOLDER, THIEF, PHONE)},
        "texts": [_text(prefix, data) for prefix in base.PREFIXES for data in (b"", b"A", b"ietf!", bytes(range(256)))],
        "bad_texts": bad_texts(),
        "invitations": [
            _invitation("as mailed", INVITATION),
            _invitation("claimed", CLAIMED),
            _invitation("of the greatest numbers", LARGEST),
            _invitation("claimed by a key whose y is of the other sign", _of(CLAIMED, holder=_other_sign().jwk)),
        ],
        "credentials": [_credential(subject) for subject in (GATE, AGE, FULL)],
        "presentations": [
            _presentation("gate profile, at any place", GATE, Presentation(b"", "*", NOW)),
            _presentation("age profile, at one place", AGE, Presentation(b"", "7", NOW)),
            _presentation("full profile, in challenge mode", FULL, Presentation(b"", "7", NOW, bytes(range(8)))),
            _presentation("claimed invitation", CLAIMED, Presentation(b"", "7", NOW)),
        ],
        "challenges": [
            {"text": challenge.text(item), "place": item.place, "nonce": item.nonce.hex()}
            for item in (Challenge(7, bytes(range(8))), Challenge(65_535, bytes(8)))
        ],
        "desks": [_desk(Desk(PHONE.id, "01a1ed3e-0e00-7000-8000-00000000000a", NOW))],
        "bad_messages": [{"name": name, "hex": data.hex(), "reason": reason} for name, data, reason in bad_messages()],
        "names": [{"name": name, "bytes": room, "fitting": _fitting(name, room)} for name, room in NAMES],
    }


LARGEST = Invitation(
    kid=WARD.kid,
    exp=253_402_300_799,
    nbf=253_402_300_799,
    cti=b"\xff" * 8,
    place=2**32 - 1,
    index=2**32 - 1,
    name="Ễ" * 21,
    gates=0xFFFF,
    entries=255,
    meeting=b"\xff" * 3,
)

NAMES = [
    ("Nguyễn Thị Minh Khai", 40),
    ("Nguyễn Thị Minh Khai", 23),
    ("Nguyễn Thị Minh Khai", 19),
    ("Nguyễn Thị Minh Khai", 14),
    ("Nguyễn Thị Minh Khai", 6),
    ("  Trần \t Đại   Nghĩa ", 21),
    ("Công Tằng Tôn Nữ Thị Ngọc Hân", 21),
    ("H'Hen Niê", 21),
    ("Đỗ", 3),
    ("Nguye\u0302\u0303n", 8),
    ("Ánh" * 20, 21),
    ("x\u0323\u0302\u0301y\u0323\u0302\u0301z", 9),
    ("Nguyễn Văn 👩🏽‍🔧👩🏽‍🔧", 21),
    ("Nguyễn Văn 👩🏽‍🔧👩🏽‍🔧", 24),
]


def bad_texts() -> list[dict[str, str]]:
    good = base.encode_text(base.INVITATION, b"ietf!!")
    return [
        {"name": name, "text": text, "reason": reason}
        for name, text, reason in [
            ("nothing", "", "not_a_code"),
            ("another text", "https://motcua.example/claim", "not_a_code"),
            ("a prefix that does not exist", "MCI2:QED8WEX0", "not_a_code"),
            ("a prefix without its colon", "MCI1QED8WEX0", "not_a_code"),
            ("lower-case prefix", "mci1:QED8WEX0", "not_a_code"),
            ("a space before", f" {good}", "not_a_code"),
            ("a space after", f"{good} ", "malformed"),
            ("a line end after", f"{good}\n", "malformed"),
            ("a line end within", f"{good[:8]}\n{good[8:]}", "malformed"),
            ("lower-case Base45", good[:5] + good[5:].lower(), "malformed"),
            ("one character left over", "MCI1:QED8", "malformed"),
            ("three characters past 65535", "MCI1:GGX", "malformed"),
            ("two characters past 255", "MCI1:V5", "malformed"),
            ("letters outside the alphabet", "MCI1:QEÐ", "malformed"),
            ("digits of another script", "MCI1:QE\u0664", "malformed"),
            ("longer than any QR code", "MCI1:" + "0" * 4293, "malformed"),
        ]
    ]


def bad_messages() -> list[tuple[str, bytes, str]]:
    """Broken bytes of COSE_Sign1, with the reason; each has one fault only, and its signature holds where it can."""
    good = invitation.encode(INVITATION, WARD.sign)
    header, payload = {1: -7, 4: WARD.kid}, invitation.to_claims(INVITATION)
    raw_header, raw_payload = _cbor(header), _cbor(payload)
    details = _cbor(payload[-65537])
    at = len(raw_payload) - len(details)
    details_twice = raw_payload[:at] + b"\xa8\x01\x01" + details[1:]
    return [
        ("nothing", b"", "malformed"),
        ("cut short", good[:-1], "malformed"),
        ("a byte after the array", good + b"\x00", "trailing_bytes"),
        ("a second message after the first", good + good, "trailing_bytes"),
        ("a byte after the header", signed(raw_header + b"\x00", raw_payload), "trailing_bytes"),
        ("a byte after the claims", signed(raw_header, raw_payload + b"\xf6"), "trailing_bytes"),
        ("alg twice", signed(b"\xa3\x01\x26" + raw_header[1:], raw_payload), "duplicate_keys"),
        ("kid twice", signed(b"\xa3" + raw_header[1:3] + raw_header[3:] * 2, raw_payload), "duplicate_keys"),
        ("exp twice", signed(raw_header, b"\xa5" + raw_payload[1:7] + raw_payload[1:]), "duplicate_keys"),
        ("a detail twice", signed(raw_header, details_twice), "duplicate_keys"),
        ("an unprotected key twice", _array(raw_header, b"\xa2\x04\x00\x04\x00", raw_payload), "duplicate_keys"),
        ("kid unprotected as well", _array(raw_header, _cbor({4: WARD.kid}), raw_payload), "malformed"),
        ("alg ES384", signed(_cbor({**header, 1: -35}), raw_payload), "algorithm"),
        ("alg EdDSA", signed(_cbor({**header, 1: -8}), raw_payload), "algorithm"),
        ("alg HMAC", signed(_cbor({**header, 1: 5}), raw_payload), "algorithm"),
        ("alg none", signed(_cbor({**header, 1: 0}), raw_payload), "algorithm"),
        ("alg as text", signed(_cbor({**header, 1: "ES256"}), raw_payload), "algorithm"),
        ("no alg", signed(_cbor({4: WARD.kid}), raw_payload), "algorithm"),
        ("an empty header", signed(b"", raw_payload), "malformed"),
        ("a header that is no map", signed(b"\x80", raw_payload), "malformed"),
        ("claims that are no map", signed(raw_header, b"\x80"), "malformed"),
        ("no claims", _cbor([raw_header, {}, None, bytes(64)]), "malformed"),
        ("tagged as COSE_Sign1", b"\xd2" + good, "malformed"),
        ("tagged as a token", b"\xd8\x3d" + good, "malformed"),
        ("three parts", _cbor([raw_header, {}, raw_payload]), "malformed"),
        ("five parts", _cbor([raw_header, {}, raw_payload, bytes(64), bytes(64)]), "malformed"),
        ("a map", _cbor({1: raw_header}), "malformed"),
        ("a signature of 63 bytes", good.replace(b"\x58\x40", b"\x58\x3f")[:-1], "malformed"),
        ("a signature of 65 bytes", good.replace(b"\x58\x40", b"\x58\x41") + b"\x00", "malformed"),
        ("a signature in DER", _cbor([raw_header, {}, raw_payload, b"\x30\x44" + bytes(68)]), "malformed"),
        ("keys not sorted", signed(_cbor_pairs([(4, WARD.kid), (1, -7)]), raw_payload), "malformed"),
        ("claims not sorted", signed(raw_header, _cbor_pairs(list(reversed(payload.items())))), "malformed"),
        ("a length not in its shortest form", b"\x98\x04" + good[1:], "malformed"),
        ("a number not in its shortest form", signed(b"\xa2\x18\x01" + raw_header[2:], raw_payload), "malformed"),
        ("an array of indefinite length", b"\x9f" + good[1:] + b"\xff", "malformed"),
        ("a map of indefinite length", signed(raw_header, b"\xbf" + raw_payload[1:] + b"\xff"), "malformed"),
        ("bytes of indefinite length", b"\x84\x5f" + good[1:12] + b"\xff" + good[12:], "malformed"),
        ("a float", signed(raw_header, _cbor({**payload, 4: float(NOW)})), "malformed"),
        ("a float for a key", signed(raw_header, b"\xa1\xf9\x44\x00\x00"), "malformed"),
        ("null", signed(raw_header, _cbor({**payload, 4: None})), "malformed"),
        ("a date by its tag", signed(raw_header, _cbor({**payload, 4: cbor2.CBORTag(1, NOW)})), "malformed"),
        ("a text for a key", signed(raw_header, _cbor({**payload, "4": 1})), "malformed"),
        ("true for a key", signed(raw_header, b"\xa1\xf5\x00"), "malformed"),
        ("text that is not UTF-8", signed(raw_header, b"\xa1\x04\x62\xc3\x28"), "malformed"),
        ("a number past 2^53", signed(raw_header, _cbor({**payload, 4: 2**53})), "malformed"),
        ("a bignum", signed(raw_header, _cbor({**payload, 4: 2**70})), "malformed"),
        ("nested too deeply", signed(raw_header, b"\xa1\x04" + b"\x81" * 50 + b"\x00"), "malformed"),
        ("a length past the end", b"\x84\x5b\x00\x00\x00\xff\xff\xff\xff\xff", "malformed"),
        ("an array of 2^60 items", b"\x9b\x10\x00\x00\x00\x00\x00\x00\x00", "malformed"),
    ]


def signed(header: bytes, payload: bytes, signer: Signer = WARD) -> bytes:
    """Return a message over any bytes, with a signature that holds."""
    return _array(header, b"\xa0", payload, signer=signer)


def _array(header: bytes, unprotected: bytes, payload: bytes, *, signer: Signer = WARD) -> bytes:
    signature = signer.sign(_cbor(["Signature1", header, b"", payload]))
    return b"\x84" + _cbor(header) + unprotected + _cbor(payload) + _cbor(signature)


def _cbor(value: Any) -> bytes:
    data: bytes = cbor2.dumps(value, canonical=True)
    return data


def _cbor_pairs(pairs: list[tuple[int, Any]]) -> bytes:
    return bytes([0xA0 + len(pairs)]) + b"".join(_cbor(key) + _cbor(value) for key, value in pairs)


def _text(prefix: str, data: bytes) -> dict[str, str]:
    return {"prefix": prefix, "hex": data.hex(), "text": base.encode_text(prefix, data)}


def _of(subject: Any, **changes: Any) -> Any:
    return type(subject)(**{**asdict(subject), **changes})


def _other_sign() -> Signer:
    """A key whose y is odd where HOLDER's is even, or the other way round."""

    def odd(signer: Signer) -> int:
        return signer.key.public_key().public_numbers().y & 1

    return next(signer for signer in map(Signer, "abcdefgh") if odd(signer) != odd(HOLDER))


def _fields(subject: Any) -> dict[str, Any]:
    """Bytes in hex; `holder` stays a JWK."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(subject).items()}


def _message(data: bytes) -> dict[str, str]:
    """The parts that a builder in another language must arrive at; only its signature will differ."""
    message = parse(data)
    return {
        "hex": data.hex(),
        "signing_input": message.signing_input.hex(),
        "payload": message.payload.hex(),
        "signature": message.signature.hex(),
    }


def _invitation(name: str, subject: Invitation) -> dict[str, Any]:
    data = invitation.encode(subject, WARD.sign)
    return {"name": name, "key": "ward", "text": invitation.text(data), **_message(data), "fields": _fields(subject)}


def _credential(subject: Credential) -> dict[str, Any]:
    data = credential.encode(subject, WARD.sign)
    return {"name": subject.profile.name.lower(), "key": "ward", **_message(data), "fields": _fields(subject)}


def _presentation(name: str, issued: Invitation | Credential, subject: Presentation) -> dict[str, Any]:
    encode: Callable[..., bytes] = invitation.encode if isinstance(issued, Invitation) else credential.encode
    subject = _of(subject, issuer=encode(issued, WARD.sign))
    data = presentation.encode(subject, HOLDER.sign)
    return {
        "name": name,
        "key": "holder",
        "text": presentation.text(data),
        "id": presentation.id_of(parse(data)),
        **_message(data),
        "fields": _fields(subject),
    }


def _desk(subject: Desk) -> dict[str, Any]:
    data = desk.encode(subject, PHONE.sign)
    return {"key": "phone", "text": desk.text(data), **_message(data), "fields": _fields(subject)}


def _fitting(name: str, room: int) -> str:
    return names.fitting_name(name, lambda form: len(form.encode()) <= room)

"""Codes that can't be read or believed, and those whose claims break the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from server.codes import invitation
from tests.vectors.gate import packs_cases
from tests.vectors.gate.case import UNKNOWN, Case, case
from tests.vectors.gate.codes_cases import CLAIMED, INVITATION, NOW, bad_messages, bad_texts
from tests.vectors.gate.malformed import broken_credentials, broken_invitations, broken_presentations
from tests.vectors.gate.showing import bare, identified, presented, tampered
from tests.vectors.gate.signers import DISTRICT, STRANGER, THIEF, WARD


def unreadable() -> Iterator[Case]:
    for item in bad_texts():
        yield case(item["name"], item["text"], item["reason"], facts=UNKNOWN)
    card = "079190001234|025123456|Nguyễn Thị Minh Khai|01091990|Nữ|12 Lê Lợi, Quận 1, TP. Hồ Chí Minh|25042021"
    yield case("a citizen card", card, "card", facts=UNKNOWN)
    yield case("a citizen card, and no pack", card, "card", pack="none")
    yield case("a challenge", "MCC1:QED8WEX0", "not_a_code")
    yield case("a desk code", "MCD1:QED8WEX0", "not_a_code")
    yield case("an exchange of guards", "MCX1:QED8WEX0", "not_a_code")
    for name, data, reason in bad_messages():
        yield case(name, invitation.text(data), reason, facts=UNKNOWN)
        yield case(f"{name}, in a presentation", presented(data), reason)
    yield from (case(name, text, reason) for name, text, reason in tampered())


def unbelievable() -> Iterator[Case]:
    yield case("this phone has no pack yet", bare(), "no_pack", pack="none", facts=UNKNOWN)
    for name in packs_cases.made():
        if name.startswith(("trust", "no trust", "another root")):
            yield case(f"pack with {name}", bare(), "no_pack", pack=name)
    yield case("a key that no trust list names", bare(signer=STRANGER, kid=STRANGER.kid), "unknown_issuer")
    yield case("identity by such a key", identified(signer=STRANGER, kid=STRANGER.kid), "unknown_issuer")
    yield case("a stranger's signature under the ward's kid", bare(signer=STRANGER), "forged", facts=UNKNOWN)
    yield case("a district's signature under the ward's kid", bare(signer=DISTRICT), "forged")
    yield case("identity by a stranger under the ward's kid", identified(signer=STRANGER), "forged")
    good = invitation.encode(INVITATION, WARD.sign)
    yield case("the signature changed", invitation.text(good[:-1] + bytes([good[-1] ^ 1])), "forged")
    yield case("a signature of zeros", invitation.text(good[:-64] + bytes(64)), "forged")
    yield case("a signature of ones", invitation.text(good[:-64] + b"\xff" * 64), "forged")
    for name, change in {
        "name": {"name": "Nguyễn T. M. Khải"},
        "end": {"exp": INVITATION.exp + 86_400},
        "gates": {"gates": 0xFFFF},
        "entries": {"entries": 9},
        "status index": {"index": 40},
    }.items():
        altered = invitation.encode(replace(INVITATION, **change), lambda _: good[-64:])
        yield case(f"its {name} altered", invitation.text(altered), "forged", facts=UNKNOWN)
    yield case("altered identity", identified(altered={"name": "Nguyễn Thị Minh Khải"}), "forged")
    yield case("another key presents an identity", identified(by=THIEF), "holder", facts=UNKNOWN)
    yield case("another key presents a claimed invitation", presented(CLAIMED, by=THIEF), "holder")
    yield case("an invitation that nobody claimed, presented", presented(INVITATION), "holder")
    yield case("the holder's time altered", identified(holder_altered={"iat": NOW - 60}), "holder")
    yield case("the holder's place altered", identified(holder_altered={"audience": "8"}), "holder")


def malformed_claims() -> Iterator[Case]:
    for name, data in broken_invitations():
        yield case(f"invitation with {name}", invitation.text(data), "malformed", facts=UNKNOWN)
    for name, text in [*broken_credentials(), *broken_presentations()]:
        yield case(name, text, "malformed", facts=UNKNOWN)

"""What people hold on their phones: identities and claimed invitations, each bound to a holder key of one phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from server import jwk
from server.codes import credential as credentials
from server.codes import invitation as invitations
from server.codes.credential import Credential, Profile
from server.codes.invitation import Invitation
from server.errors import Problem
from server.issuers import Issuers
from server.kinds import Kind, Sort, of_person
from server.statuslists import INVALID, REISSUED, StatusLists, identities_of, invitations_of
from server.store import Reader, Transaction
from sync.batch import base64url, unbase64url
from sync.canonical import Value
from sync.limits import Invalid
from sync.record import State

LASTS: Final = 30 * 86_400
"""Seconds for which an identity credential is good, to the end of a day (UTC)."""
PROOF: Final = b"motcua/holder/v1\x00"
_DAY: Final = 86_400
_MOST: Final = 10_000
"""More credentials in force than a person has."""


def _index(state: State) -> Mapping[str, str]:
    """Find credentials by invitation, identities by person and month, and those in force by person and device too."""
    held = {name: str(state[name].shown) if "revoked_at" not in state else "" for name in ("person", "device")}
    if "invitation" in state:
        return held | {"invitation": str(state["invitation"].shown)}
    return held | {"month": _month(str(state["person"].shown), int(str(state["issued_at"].shown)))}


CREDENTIAL: Final = Kind(name="credential", sort=Sort.SERVED, feeds=of_person, index=_index)
"""What a unit signed for a holder key, under the key's RFC 7638 thumbprint.

Keys: `person device profile cose list index exp issued_at`, then `revoked_at`; `profile` is "invitation", "gate", "age"
or "full", `cose` base64url, `list` the id of a status list, `exp` in seconds. A claimed invitation has `invitation`,
`meeting` (ids), `place` (number) and `about`, what was known of the meeting, too.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose phone holds a key: the person, the device's id, and the key as a public JWK."""

    person: str
    device: str
    jwk: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The key's thumbprint, under which its credential stands."""
        return jwk.thumbprint(self.jwk)


def proven_holder(key: object, proof: object, *, record: str, person: str, device: str, look: Reader) -> Holder:
    """Return the holder of a key that has signed (base64url of r||s) `PROOF` and the id of the record that it is in.

    A key that does not prove itself is `holder_proof`; one that holds something, or is a device's, is `holder_taken`.
    What it holds is to be asked again (`check_free`) within the transaction.
    """
    try:
        jwk.public_key(key)
        signature = unbase64url(str(proof))
    except (Problem, Invalid) as error:
        raise Problem("holder_proof", f"expected a P-256 JWK and a signature: {error}") from error
    if not jwk.verify(key, signature, PROOF + record.encode()):
        raise Problem("holder_proof", "expected the holder key's signature over this record's id")
    assert isinstance(key, dict)
    holder = Holder(person=person, device=device, jwk=key)
    if look.get("device", jwk.device_id(key)) is not None:
        raise Problem("holder_taken", "expected a key that is no device's")
    check_free(holder, look)
    return holder


def check_free(holder: Holder, look: Reader) -> None:
    """Refuse (`holder_taken`) a key that holds something already."""
    if look.get("credential", holder.id) is not None:
        raise Problem("holder_taken", "expected a key that holds nothing")


class Credentials:
    """Signs credentials for holder keys and revokes them. It writes within the caller's transaction; `now` is ms."""

    def __init__(self, issuers: Issuers, statuslists: StatusLists) -> None:
        self._issuers = issuers
        self._statuslists = statuslists

    def issue_identity(
        self,
        holder: Holder,
        profile: Profile,
        *,
        unit: str,
        name: str,
        born: int,
        photo: bytes,
        ages: int,
        transaction: Transaction,
        now: int,
    ) -> str:
        """Sign what a profile discloses, good for `LASTS`; return its id. What it replaces, the caller revokes.

        `born` is the number yyyymmdd, `photo` 16 bytes of the SHA-256 of the JPEG, `ages` the flags. The name is
        shortened to fit; it must not be empty.
        """
        signer = self._issuers.signer(unit, transaction)
        # The second in which credentials were asked for would tell which of them are one person's.
        day = now // 1000 // _DAY * _DAY
        made = credentials.fitted(
            Credential(
                kid=signer.kid,
                exp=day + _DAY + LASTS,
                iat=day,
                holder=holder.jwk,
                profile=profile,
                index=self._statuslists.allocate(identities_of(unit), transaction),
                name=name,
                born=born,
                photo=photo,
                ages=ages,
            )
        )
        cose, sort = credentials.encode(made, signer.sign), profile.name.lower()
        values = _values(holder, sort, cose=cose, list=identities_of(unit), index=made.index, exp=made.exp, now=now)
        CREDENTIAL.serve(transaction, holder.id, values, now=now)
        return holder.id

    def issue_invitation(
        self,
        holder: Holder,
        invitation: Invitation,
        *,
        unit: str,
        record: str,
        extra: Mapping[str, Value],
        transaction: Transaction,
        now: int,
    ) -> str:
        """Sign an invitation for a holder key, in a new place of the list; what was claimed of it before is replaced.

        `invitation` is what the bare code says, `record` the id of the invitation, `extra` further keys for the
        wallet. Return the credential's id.
        """
        self.revoke_of_invitation(record, transaction, status=REISSUED, now=now)
        signer = self._issuers.signer(unit, transaction)
        index = self._statuslists.allocate(invitations_of(unit), transaction)
        made = replace(invitation, kid=signer.kid, index=index, holder=holder.jwk)
        cose, list_id = invitations.encode(made, signer.sign), invitations_of(unit)
        values = _values(holder, "invitation", cose=cose, list=list_id, index=index, exp=made.exp, now=now)
        CREDENTIAL.serve(transaction, holder.id, {**values, "invitation": record, **extra}, now=now)
        return holder.id

    def issued_to(self, person: str, *, look: Reader, now: int) -> int:
        """Return how many identity credentials a person got in these 30 days, revoked ones too."""
        return look.count("credential", "month", _month(person, now))

    def claimer(self, invitation: str, *, look: Reader) -> str | None:
        """Return the person who claimed an invitation last, in whatever issue of it."""
        claimed = [state for _, state in look.find("credential", "invitation", invitation, limit=_MOST)]
        last = max(claimed, key=lambda state: int(str(state["issued_at"].shown)), default=None)
        return None if last is None else str(last["person"].shown)

    def revoke(self, ids: Iterable[str], transaction: Transaction, *, now: int, status: int = INVALID) -> None:
        """Take credentials out of force, each with `status` in its list; others stay as they are."""
        for id in ids:
            state = transaction.get("credential", id)
            if state is not None and "revoked_at" not in state:
                CREDENTIAL.serve(transaction, id, {"revoked_at": now}, now=now)
                index = int(str(state["index"].shown))
                self._statuslists.set(str(state["list"].shown), {index: status}, transaction)

    def revoke_of_person(self, person: str, transaction: Transaction, *, now: int) -> None:
        """Revoke every identity credential of a person; invitations that they have claimed stay good."""
        found = transaction.find("credential", "person", person, limit=_MOST)
        self.revoke([id for id, state in found if "invitation" not in state], transaction, now=now)

    def revoke_of_device(self, device: str, transaction: Transaction, *, now: int) -> None:
        """Revoke all that a phone holds, when it is lost."""
        found = transaction.find("credential", "device", device, limit=_MOST)
        self.revoke([id for id, _ in found], transaction, now=now)

    def revoke_of_invitation(self, invitation: str, transaction: Transaction, *, now: int, status: int) -> None:
        """Revoke what was claimed of an invitation."""
        found = transaction.find("credential", "invitation", invitation, limit=_MOST)
        self.revoke([id for id, _ in found], transaction, now=now, status=status)


def _month(person: str, at: int) -> str:
    return f"{person}/{at // (LASTS * 1000)}"


def _values(
    holder: Holder, profile: str, *, cose: bytes, list: str, index: int, exp: int, now: int
) -> dict[str, Value]:
    return {
        "person": holder.person,
        "device": holder.device,
        "profile": profile,
        "cose": base64url(cose),
        "list": list,
        "index": index,
        "exp": exp,
        "issued_at": now,
    }

"""What became of each code: a unit's signed lists of states (Token Status List, draft-ietf-oauth-status-list)."""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from server import jwk
from server.config import Config
from server.issuers import Issuers
from server.kinds import Kind, Sort, by_key
from server.store import Reader, Store, Transaction
from sync.batch import base64url, unbase64url
from sync.canonical import Value
from sync.record import State

VALID: Final = 0
INVALID: Final = 1
"""Cancelled or revoked."""
REISSUED: Final = 12
"""A newer code of the same invitation takes its place."""
CLAIMED: Final = 13
"""The invitation was claimed into an app, which must show it."""

TYPE: Final = "statuslist+jwt"
FRESH: Final = 900
"""Seconds for which a list is as good as new (`ttl`); after that it is signed anew when someone asks."""
_LASTS: Final = 8 * 3600
"""Seconds after which a list is stale: a verdict that rests on it is then no longer green."""
_BITS: Final = 4
_LEAST: Final = 65_536
"""How long a list is at least, so that a phone without a network finds room in it for codes that it has not met yet."""
_BLOCK: Final = _LEAST // 2
"""Codes that are scattered among each other; half a list, so that the other half is room for those to come."""
_UNITS: Final = 10_000
"""More units than any city has."""


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"gate/{state['unit'].shown}" if state["sort"].shown == "invitation" else "gates"})


STATUSLIST: Final = Kind(name="statuslist", sort=Sort.SERVED, feeds=_feeds, index=by_key("sort"))
"""A list, under `invitation_<unit>` or `identity_<unit>`. Keys: `jwt` (the signed list), `unit`, `sort`."""


def invitations_of(unit: str) -> str:
    """Return the id of the list of a unit's invitations."""
    return f"invitation_{unit}"


def identities_of(unit: str) -> str:
    """Return the id of the list of the identity credentials that a unit issued."""
    return f"identity_{unit}"


class StatusLists:
    """Hands out places in lists and signs what becomes of them, once a transaction and only where something changed.

    A place that nothing was said of is valid, so that handing out places signs nothing until a list must grow.
    """

    def __init__(self, config: Config, store: Store, issuers: Issuers, now: Callable[[], int]) -> None:
        self._origin = config.origin
        self._secret = hmac.digest(config.key.encode(), b"motcua/statuslists/v1", "sha256")
        self._store = store
        self._issuers = issuers
        self._now = now

    def allocate(self, list_id: str, transaction: Transaction) -> int:
        """Return a free place of a list; it is valid. The unit's key is made if this is its first need of one."""
        index = self._scattered(list_id, transaction.next_number(f"statuslist/{list_id}") - 1)
        self.set(list_id, {index: VALID}, transaction)
        return index

    def _scattered(self, list_id: str, number: int) -> int:
        """Return where the code of this number stands, so that codes that were made together don't stand together.

        Two guards could otherwise tell by it that a proof of age and a name belong to one person. Each block of a list
        is permuted by a Feistel network over 16 bits, walked on until it ends within the block.
        """
        block, place = divmod(number, _BLOCK)
        while True:
            left, right = divmod(place, 256)
            for turn in range(4):
                mixed = hmac.digest(self._secret, f"{list_id}/{block}/{turn}/{right}".encode(), "sha256")
                left, right = right, left ^ mixed[0]
            place = left * 256 + right
            if place < _BLOCK:
                return block * _BLOCK + place

    def set(self, list_id: str, statuses: Mapping[int, int], transaction: Transaction) -> None:
        """Say what became of some places; the list is signed when the transaction ends."""

        def write(transaction: Transaction, every: Sequence[Mapping[int, int]]) -> None:
            self._write(list_id, {index: status for each in every for index, status in each.items()}, transaction)

        transaction.at_end(f"statuslist/{list_id}", statuses, write)

    def status(self, list_id: str, index: int, *, look: Reader) -> int | None:
        """Return what the signed list says of a place; None past its end, or when there is no such list."""
        state = look.get("statuslist", list_id)
        values = b"" if state is None else _values(_payload(state))
        return None if index >= 2 * len(values) else values[index // 2] >> _BITS * (index % 2) & 0xF

    def refresh(self, unit: str, transaction: Transaction) -> None:
        """Sign anew the unit's list of invitations and every unit's list of identities, where older than `FRESH`."""
        for id, state in self._aged(unit, transaction):
            self._sign(id, _values(_payload(state)), transaction)

    def freshen(self, unit: str) -> None:
        """Do as `refresh`, in a transaction of its own, and in none when there is nothing to do."""
        with self._store.read() as look:
            needed = any(self._aged(unit, look))
        if needed:
            self._store.write(lambda transaction: self.refresh(unit, transaction))

    def current(self, list_id: str) -> str | None:
        """Return a list no older than `FRESH`, signing it anew if need be; None when there is none."""
        with self._store.read() as look:
            state = look.get("statuslist", list_id)
        if state is not None and self._is_aged(state):
            self.freshen(str(state["unit"].shown))
            with self._store.read() as look:
                state = look.get("statuslist", list_id)
        return None if state is None else str(state["jwt"].shown)

    def _aged(self, unit: str, look: Reader) -> Iterable[tuple[str, State]]:
        own = look.get("statuslist", invitations_of(unit))
        if own is not None and self._is_aged(own):
            yield invitations_of(unit), own
        for id, state in look.find("statuslist", "sort", "identity", limit=_UNITS):
            if self._is_aged(state):
                yield id, state

    def _is_aged(self, state: State) -> bool:
        issued: int = _payload(state)["iat"]
        return self._now() >= (issued + FRESH) * 1000

    def _write(self, list_id: str, statuses: Mapping[int, int], transaction: Transaction) -> None:
        state = transaction.get("statuslist", list_id)
        before = b"" if state is None else _values(_payload(state))
        values = bytearray(before)
        while len(values) * 2 < _LEAST or len(values) <= max(statuses):
            values += bytes(max(len(values), _LEAST // 2))  # it doubles while the half is in use
        for index, status in statuses.items():
            shift = _BITS * (index % 2)  # the low half of a byte comes first
            values[index // 2] = values[index // 2] & ~(0xF << shift) | status << shift
        if values != before:
            self._sign(list_id, bytes(values), transaction)

    def _sign(self, list_id: str, values: bytes, transaction: Transaction) -> None:
        sort, _, unit = list_id.partition("_")
        self._issuers.ensure_in(unit, transaction)
        iat = self._now() // 1000
        payload: dict[str, Value] = {
            "sub": f"{self._origin}/statuslists/{list_id}",
            "iat": iat,
            "exp": iat + _LASTS,
            "ttl": FRESH,
            "status_list": {"bits": _BITS, "lst": base64url(zlib.compress(values, 9))},
        }
        kept: dict[str, Value] = {
            "jwt": self._issuers.sign_jws(unit, TYPE, payload, look=transaction),
            "unit": unit,
            "sort": sort,
        }
        STATUSLIST.serve(transaction, list_id, kept, now=self._now())


def _payload(state: State) -> Mapping[str, Any]:
    return jwk.open_jws(str(state["jwt"].shown), typ=TYPE).payload


def _values(payload: Mapping[str, Any]) -> bytes:
    """Return the list's bytes, two states in each."""
    return zlib.decompress(unbase64url(payload["status_list"]["lst"]))

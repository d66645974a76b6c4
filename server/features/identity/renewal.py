"""Which credentials make room for a new one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 12
"""Identity credentials of one person in force at once: three profiles on four phones."""
RENEWED_BELOW: Final = 11 * 86_400_000
"""With how much time left (ms) a phone may renew a credential and keep the old one as long as that lasts.

Phones renew when 10 days are left; a day more, because their clocks may be off.
"""


@dataclass(frozen=True, slots=True)
class Held:
    """An identity credential that was not revoked: `exp` in seconds, `issued_at` in ms."""

    id: str
    device: str
    profile: str
    exp: int
    issued_at: int


def giving_way(held: Sequence[Held], *, device: str, profile: str, now: int) -> list[str]:
    """Return the ids of the credentials that are revoked as `device` gets a new one of `profile`.

    An older one of the same profile on the same phone is left to run out when it has less than 11 days to go, which is
    when phones renew. The answer with the new one may be lost, and then the phone stands at a gate without a network
    and shows the old one: revoking it would refuse an honest person. It would gain nothing either, since its key is in
    the same phone; whatever revokes a phone or a person takes both. One with more time left is revoked: no renewal
    explains it, and a phone needs one of each.

    Past `MOST`, those go first that have a newer one beside them, then the oldest.
    """
    alive = [each for each in held if each.exp * 1000 > now]
    replaced = [each for each in alive if _same(each, device, profile) and each.exp * 1000 - now > RENEWED_BELOW]
    rest = sorted((each for each in alive if each not in replaced), key=lambda each: (each.issued_at, each.id))
    newest = {(each.device, each.profile): each for each in rest}
    newest.pop((device, profile), None)
    spare = [each for each in rest if newest.get((each.device, each.profile)) is not each]
    order = spare + [each for each in rest if each not in spare]
    return [each.id for each in [*replaced, *order[: max(0, len(rest) + 1 - MOST)]]]


def _same(held: Held, device: str, profile: str) -> bool:
    return (held.device, held.profile) == (device, profile)

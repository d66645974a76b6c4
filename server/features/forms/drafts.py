"""Drafts: forms that are being filled, by their owner and by whom the owner shares them with."""

from __future__ import annotations

from typing import Any, Final

from server.errors import Problem
from server.exchange import readers
from server.features.forms import sharing
from server.features.forms.draft_keys import file_of, part_of
from server.features.forms.sharing import owner_of, shown, stands
from server.kinds import Actor, Kind, Proposed, Sort
from server.store import Transaction
from sync.record import State

INVITED_DAYS: Final = 7
_LONGEST: Final = (INVITED_DAYS + 1) * 86_400_000
"""An invitation is good for a week; a phone's clock may be off by a day."""


def _check(proposed: Proposed) -> None:
    """A draft begins with its owner, who writes all of it; whom it is shared with writes answers only."""
    change, actor, state = proposed.change, proposed.actor, proposed.state
    if "owner" not in state:
        if change.key != "owner" or change.value != actor.person:
            raise Problem("write_forbidden", "expected a draft's first change to name its writer as owner")
        return
    mine = owner_of(state) == actor.person
    if not mine:
        _check_shared(actor, state)
    if change.key == "owner":
        raise Problem("record_closed", "expected a draft to keep its owner")
    part = part_of(change.key, change.value)
    if part == "hand":
        _check_hand(proposed)
    elif not mine:
        _check_co_editor(proposed, part)
    elif part in ("invite", "person", "unit"):
        _check_share(proposed)
    if part == "answer":
        _check_file(proposed)


def _check_shared(actor: Actor, state: State) -> None:
    own = sharing.own_shares(actor)
    if shown(state, "removed") is not True and any(stands(state, each) for each in own):
        return
    if any(each in state for each in own):
        raise Problem("share_ended")
    raise Problem("write_forbidden", "expected the draft's owner, or someone whom it is shared with")


def _check_co_editor(proposed: Proposed, part: str) -> None:
    """A co-editor writes answers until the owner has signed, and may leave."""
    change, state = proposed.change, proposed.state
    if change.key in sharing.own_shares(proposed.actor) and change.value is None:
        return
    if part not in ("answer", "row", "from"):
        raise Problem("owner_only", f"expected the draft's owner to write {change.key}")
    if shown(state, "submission") is not None:
        raise Problem("draft_sent")
    if _hand_key(change.replica) not in state:
        raise Problem("hand_missing", "expected a co-editor's device to say first whose hand it is")


def _check_hand(proposed: Proposed) -> None:
    """A device says whose it is, under its own id and nothing but the truth."""
    hand: Any = proposed.change.value
    actor = proposed.actor
    if proposed.change.key != _hand_key(proposed.change.replica):
        raise Problem("hand_foreign", "expected the key to name the device that writes")
    if (hand["person"], hand["name"]) != (actor.person, sharing.name_of(actor.person, proposed.look)):
        raise Problem("hand_foreign", "expected id and name of the person who writes")
    if hand.get("unit") not in (None, actor.unit):
        raise Problem("hand_foreign", "expected the unit of the person who writes")


def _check_file(proposed: Proposed) -> None:
    """A file must be there whole, and the writer's to read: to know its hash is not to have it (A1)."""
    file, look = file_of(proposed.change.value), proposed.look
    if file is None:
        return
    size = look.blob_size(file["sha256"]) if readers.may_read(look, file["sha256"], proposed.actor.feeds) else None
    if size is None:
        raise Problem("file_missing", f"expected the file {file['name']} to be there whole, sent by this person")
    if size != file["len"]:
        raise Problem("value_shape", f"expected {file['name']} to have {size} bytes, got {file['len']}")


def _check_share(proposed: Proposed) -> None:
    """The owner opens invitations, shares with desks, and takes back; people are put in by the server alone."""
    change, state = proposed.change, proposed.state
    if change.value is None:
        if change.key not in state:
            raise Problem("value_shape", "expected something to take back")
    elif change.key.startswith(sharing.INVITE):
        _check_invite(proposed)
    elif proposed.look.get("unit", change.key.removeprefix(sharing.UNIT)) is None:
        raise Problem("unit_unknown")
    elif not stands(state, change.key) and len(sharing.shares(state)) >= sharing.MOST:
        raise Problem("share_limit")


def _check_invite(proposed: Proposed) -> None:
    change, state, now = proposed.change, proposed.state, proposed.now
    invite: Any = change.value
    if change.key in state and not stands(state, change.key):
        raise Problem("invite_over", "expected an invitation that was used or taken back to stay so")
    if invite["until"] > now + _LONGEST:
        raise Problem("value_shape", f"expected an invitation to end within {INVITED_DAYS} days")
    others = (key for key in state if key.startswith(sharing.INVITE) and key != change.key and stands(state, key))
    if sum(_until(state, key) > now for key in others) >= sharing.MOST:
        raise Problem("share_limit")


def _share_file(proposed: Proposed, transaction: Transaction) -> None:
    """Let everyone who reads the draft read a file that was put into it."""
    change = proposed.change
    file = file_of(change.value) if change.key.startswith("answer/") else None
    if file is not None:
        transaction.share_blob(file["sha256"], readers.of_record("draft", change.id))


def _until(state: State, key: str) -> int:
    invite: Any = state[key].shown
    return int(invite["until"])


def _hand_key(replica: str) -> str:
    return f"hand/{replica.encode().hex()}"


DRAFT: Final = Kind(name="draft", sort=Sort.SHARED, feeds=sharing.feeds, check=_check, react=_share_file)
"""A form that is being filled. Keys: `owner procedure form_sha256 language submission removed`, and those that
`draft_keys.py` lists."""

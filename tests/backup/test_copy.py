"""Moving a city from one engine to the other while it serves."""

from __future__ import annotations

import pytest

from server.backup import BackupError
from server.backup.copying import Copied, copy
from tests.backup.conftest import NewPlace, Place, inhabit, keep_blob, log, put
from tests.databases import needs_postgresql

pytestmark = needs_postgresql
WAYS = [("sqlite", "postgresql"), ("postgresql", "sqlite")]


def copied(source: Place, target: Place) -> Copied:
    return copy(source.city(), target.city(), source_blobs=source.blobs, target_blobs=target.blobs)


@pytest.mark.parametrize(("engine", "other"), WAYS)
def test_F5_a_city_moves_and_phones_go_on_from_their_cursors(engine: str, other: str, new_place: NewPlace) -> None:
    source, target = new_place(engine), new_place(other)
    store = source.store()
    sha256 = inhabit(store)
    assert copied(source, target).whole
    put(store, "b", "bốn", feeds=("person/1",))
    log(store, "phone-1", 3)
    store.write(lambda transaction: transaction.take_ticket("link", "l", now=1))
    second = keep_blob(store, b"another photo")
    done = copied(source, target)
    assert not done.whole
    assert done.digests == source.digests() == target.digests()
    moved = target.store()
    assert moved.epoch == store.epoch
    assert moved.life == store.life
    assert (moved.blobs.read(sha256), moved.blobs.read(second)) == (b"photo", b"another photo")
    with store.read() as before, moved.read() as look:
        for feed in ("public", "person/1"):
            page = before.page(feed, after=0, limit=99, size=10**9)
            assert look.page(feed, after=0, limit=99, size=10**9) == page
        assert look.last_batch("phone-1") == before.last_batch("phone-1")
        assert look.ticket("session", "s", now=1) == "{}"
        assert look.ticket("link", "l", now=1) is None
    assert moved.write(lambda transaction: transaction.next_number("1022-261125")) == 2


@pytest.mark.parametrize(("engine", "other"), WAYS)
def test_a_target_that_is_no_copy_of_this_city_is_left_alone(engine: str, other: str, new_place: NewPlace) -> None:
    source, target = new_place(engine), new_place(other)
    inhabit(source.store())
    put(target.store(), "x", "own")
    with pytest.raises(BackupError, match="neither empty"):
        copied(source, target)
    copy_ = new_place(other)
    copied(source, copy_)
    put(copy_.store(), "x", "written there since")
    with pytest.raises(BackupError, match="neither empty"):
        copied(source, copy_)
    third, own = new_place(other), new_place(engine)
    copied(source, third)
    put(own.store(), "a", "another city")
    with pytest.raises(BackupError, match="another city"):
        copied(own, third)

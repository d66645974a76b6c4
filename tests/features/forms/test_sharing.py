"""A draft is shared with people and desks, filled by several, taken back, and signed by its owner alone."""

from __future__ import annotations

from loadtests.person import FEEDBACK, PROCEDURE, Person
from sync import record
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.forms.sharing import (
    begin,
    codes,
    everything_pulled,
    hand,
    has,
    invite,
    invite_key,
    join,
    let_in,
    new_secret,
    shown,
    take_back,
    write,
)

ROW = "01a1ed3e0e00a1b2c3d4"
DESK = "unit/1022"


def share_with_desk(owner: Person, id: str) -> None:
    assert codes(owner, write(owner, id, f"share/{DESK}", {"name": "Cổng 1022", "at": owner.now()})) == [""]


def test_who_takes_an_invitation_sees_the_draft_and_writes_answers_in_it(owner: Person, guest: Person) -> None:
    id, secret = begin(owner, topic="flood"), new_secret()
    codes(owner, invite(owner, id, secret))
    assert not has(guest, id)
    assert codes(guest, join(guest, id, secret)) == [""]
    assert shown(guest, id, "answer/topic") == "flood"
    assert (
        codes(
            guest,
            hand(guest, id),
            write(guest, id, "answer/place", "Trước số 12"),
            write(guest, id, f"row/children/{ROW}", True),
            write(guest, id, f"answer/children/{ROW}/name", "Lê Thị Na"),
            write(guest, id, f"from/children/{ROW}/name", "card/name"),
            write(guest, id, f"row/children/{ROW}/toys/{ROW}", True),
            write(guest, id, f"answer/children/{ROW}/toys/{ROW}/title", ["ball"]),
        )
        == [""] * 7
    )
    owner.sync()
    assert shown(owner, id, "answer/place") == "Trước số 12"
    assert shown(owner, id, f"share/person/{guest.id}")["name"] == guest.name
    assert shown(owner, id, invite_key(secret)) is None
    assert owner.digests()[f"draft/{id}"] == guest.digests()[f"draft/{id}"]


def test_an_invitation_is_good_once_and_for_a_week(
    owner: Person, guest: Person, new_person: NewPerson, clock: Clock
) -> None:
    id, secret, late = begin(owner), new_secret(), new_secret()
    assert codes(owner, invite(owner, id, secret), invite(owner, id, late)) == ["", ""]
    assert codes(guest, join(guest, id, secret)) == [""]
    third = new_person(name="Phạm Thị Cúc")
    assert codes(third, join(third, id, secret)) == ["invite_over"]
    clock.pass_(minutes=7 * 24 * 60)
    assert codes(third, join(third, id, late)) == ["invite_expired"]
    assert not everything_pulled(third)
    assert codes(owner, invite(owner, id, new_secret(), days=9)) == ["value_shape"]


def test_who_is_in_already_uses_nothing_up(owner: Person, guest: Person, new_person: NewPerson) -> None:
    id, secret = begin(owner), new_secret()
    let_in(owner, guest, id)
    codes(owner, invite(owner, id, secret))
    assert codes(guest, join(guest, id, secret)) == [""]
    assert codes(owner, join(owner, id, secret)) == [""]
    third = new_person(name="Phạm Thị Cúc")
    assert codes(third, join(third, id, secret)) == [""]


def test_an_invitation_that_was_taken_back_or_used_stays_closed(owner: Person, guest: Person) -> None:
    id, secret = begin(owner), new_secret()
    codes(owner, invite(owner, id, secret))
    assert codes(owner, write(owner, id, invite_key(secret), None)) == [""]
    assert codes(guest, join(guest, id, secret)) == ["invite_over"]
    assert codes(owner, invite(owner, id, secret)) == ["invite_over"]


def test_F4_taking_a_share_back_takes_the_draft_off_the_phone_and_refuses_later_writes(
    owner: Person, guest: Person
) -> None:
    id = begin(owner, topic="flood")
    let_in(owner, guest, id)
    offline = [write(guest, id, "answer/place", "Viết lúc mất mạng"), write(guest, id, f"row/children/{ROW}", True)]
    sealed = guest.device.batch(offline, at=guest.now())  # signed before the share was taken back
    assert codes(owner, take_back(owner, id, f"person/{guest.id}")) == [""]
    (answer,) = guest.exchange([sealed])
    assert [each["code"] for each in answer["refused"]] == ["share_ended"] * 2
    assert not has(guest, id)
    assert codes(owner, write(owner, id, "answer/topic", "power")) == [""]
    assert not everything_pulled(guest)
    owner.sync()
    assert "answer/place" not in owner.records["draft", id]


def test_who_was_taken_back_comes_in_again_by_a_new_invitation_only(owner: Person, guest: Person) -> None:
    id, secret = begin(owner), new_secret()
    codes(owner, invite(owner, id, secret))
    codes(guest, join(guest, id, secret))
    owner.sync()
    codes(owner, take_back(owner, id, f"person/{guest.id}"))
    assert codes(guest, join(guest, id, secret)) == ["invite_over"]
    let_in(owner, guest, id)
    assert codes(guest, write(guest, id, "answer/place", "Lại vào được")) == [""]


def test_a_co_editor_may_leave(owner: Person, guest: Person) -> None:
    id = begin(owner)
    let_in(owner, guest, id)
    assert codes(guest, take_back(guest, id, f"person/{guest.id}")) == [""]
    assert not has(guest, id)
    assert codes(guest, write(guest, id, "answer/topic", "flood")) == ["share_ended"]


def test_a_desks_officers_see_and_fill_what_is_shared_with_their_unit(
    owner: Person, officer: Person, new_person: NewPerson
) -> None:
    id = begin(owner, topic="flood")
    share_with_desk(owner, id)
    colleague, elsewhere = new_person("officer", "1022"), new_person("officer", "ben-thanh")
    for each in (officer, colleague):
        each.sync()
        assert shown(each, id, "answer/topic") == "flood"
    named = write(
        officer,
        id,
        f"hand/{officer.device.id.encode().hex()}",
        {"person": officer.id, "name": officer.name, "unit": "1022"},
    )
    assert codes(officer, named, write(officer, id, "answer/ward", "Phường Bến Thành")) == ["", ""]
    assert not everything_pulled(elsewhere)
    assert codes(elsewhere, write(elsewhere, id, "answer/ward", "x")) == ["write_forbidden"]
    owner.sync()
    assert shown(owner, id, "answer/ward") == "Phường Bến Thành"
    assert codes(owner, take_back(owner, id, DESK)) == [""]
    for each in (officer, colleague):
        each.sync()
        assert not has(each, id)
    assert codes(officer, write(officer, id, "answer/ward", "y")) == ["share_ended"]


def test_a_desk_may_hand_a_draft_back(owner: Person, officer: Person) -> None:
    id = begin(owner)
    share_with_desk(owner, id)
    officer.sync()
    assert codes(officer, take_back(officer, id, DESK)) == [""]
    assert not has(officer, id)


def test_R8_two_people_offline_keep_both_answers_to_one_question_and_all_others(owner: Person, guest: Person) -> None:
    id = begin(owner, topic="flood")
    let_in(owner, guest, id)
    mine = [write(owner, id, "answer/place", "Của chủ"), write(owner, id, "answer/ward", "Phường 1")]
    theirs = [write(guest, id, "answer/place", "Của khách"), write(guest, id, "answer/seen_on", "2026-11-17")]
    assert codes(guest, *theirs) == ["", ""]
    assert codes(owner, *mine) == ["", ""]
    guest.sync()
    for each in (owner, guest):
        place = each.records["draft", id]["answer/place"]
        assert {(head.value, head.replica) for head in place.heads} == {
            ("Của chủ", owner.device.id),
            ("Của khách", guest.device.id),
        }
        assert (shown(each, id, "answer/ward"), shown(each, id, "answer/seen_on")) == ("Phường 1", "2026-11-17")
    assert codes(guest, write(guest, id, "answer/place", "Chọn xong")) == [""]
    owner.sync()
    assert len(owner.records["draft", id]["answer/place"].heads) == 1


def test_R8_a_row_that_is_removed_here_and_edited_there_waits_for_a_person(owner: Person, guest: Person) -> None:
    id = begin(owner)
    let_in(owner, guest, id)
    row, name = f"row/children/{ROW}", f"answer/children/{ROW}/name"
    codes(owner, write(owner, id, row, True), write(owner, id, name, "Na"))
    guest.sync()
    removed = write(owner, id, row, None)
    edited = [write(guest, id, row, True), write(guest, id, name, "Lê Thị Na")]  # who edits says the row is there
    assert codes(guest, *edited) == ["", ""]
    assert codes(owner, removed) == [""]
    guest.sync()
    for each in (owner, guest):
        assert {head.value for head in each.records["draft", id][row].heads} == {None, True}
        assert shown(each, id, name) == "Lê Thị Na"
    assert codes(owner, write(owner, id, row, True)) == [""]
    assert [head.value for head in owner.records["draft", id][row].heads] == [True]


def test_only_the_owner_signs_and_later_answers_of_others_are_refused(owner: Person, guest: Person) -> None:
    id = begin(owner, **FEEDBACK)
    let_in(owner, guest, id)
    _, theirs = guest.submission(PROCEDURE, FEEDBACK, draft=id)
    assert codes(guest, theirs) == ["draft_signer"]
    submission, mine = owner.submission(PROCEDURE, FEEDBACK, draft=id)
    assert codes(owner, mine, write(owner, id, "submission", submission)) == ["", ""]
    assert ("receipt", submission) in owner.records
    assert codes(guest, write(guest, id, "answer/place", "Muộn rồi")) == ["draft_sent"]
    assert not has(guest, id)  # there is nothing left to help with


def test_a_draft_that_its_owner_removes_leaves_the_others_phones(owner: Person, guest: Person) -> None:
    id, secret = begin(owner), new_secret()
    let_in(owner, guest, id)
    assert codes(owner, invite(owner, id, secret), write(owner, id, "removed", True)) == ["", ""]
    guest.sync()
    assert not has(guest, id)
    assert codes(guest, write(guest, id, "answer/topic", "flood")) == ["share_ended"]
    assert codes(guest, join(guest, id, secret)) == [""]  # in already; but nothing is to be seen
    assert not everything_pulled(guest)


def test_two_phones_of_the_owner_do_not_bring_back_what_one_took_back(
    owner: Person, guest: Person, new_person: NewPerson
) -> None:
    id = begin(owner)
    share_with_desk(owner, id)
    key = f"share/{DESK}"
    state = owner.records["draft", id]
    again = record.write(
        state, kind="draft", id=id, key=key, replica=owner.device.id, value={"name": "1022", "at": 1}, at=1
    )
    second = new_person(name="x")
    second.passkey, second.cursors, second.records = owner.passkey, {}, {}
    second.sign_in()
    second.device = type(owner.device)()
    second.enrol_device()
    second.sync()
    assert codes(second, write(second, id, key, None)) == [""]
    late = {**again.to_json(), "n": again.n + 5}
    assert codes(owner, late) == [""]
    assert shown(owner, id, key) is not None
    officer = new_person("officer", "1022")
    assert not everything_pulled(officer)

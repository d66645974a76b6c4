"""Every answer that the guard can get: the reason, its word, and what to do next."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Word(StrEnum):
    """The large word on the guard's screen."""

    ADMIT = "ADMIT"
    CHECK = "CHECK"
    REFUSE = "REFUSE"


class Outcome(NamedTuple):
    """What a reason means for the guard. `next` stands for a text in the PWA."""

    word: Word
    next: str


OUTCOMES: Final[dict[str, Outcome]] = {
    # the text is no code that can be read
    "not_a_code": Outcome(Word.REFUSE, "ask_code"),
    "card": Outcome(Word.REFUSE, "ask_code"),
    "malformed": Outcome(Word.REFUSE, "ask_code"),
    "trailing_bytes": Outcome(Word.REFUSE, "call_officer"),
    "duplicate_keys": Outcome(Word.REFUSE, "call_officer"),
    "algorithm": Outcome(Word.REFUSE, "call_officer"),
    # it can't be believed
    "no_pack": Outcome(Word.CHECK, "refresh"),
    "unknown_issuer": Outcome(Word.REFUSE, "call_officer"),
    "forged": Outcome(Word.REFUSE, "call_officer"),
    "holder": Outcome(Word.REFUSE, "call_officer"),
    # it is not for here
    "other_place": Outcome(Word.REFUSE, "show_place"),
    "other_gate": Outcome(Word.REFUSE, "show_gate"),
    # it was not made now, by the phone in front of the guard
    "claimed": Outcome(Word.REFUSE, "open_app"),
    "challenge_missing": Outcome(Word.REFUSE, "challenge"),
    "challenge_wrong": Outcome(Word.REFUSE, "challenge"),
    "presentation_old": Outcome(Word.REFUSE, "ask_again"),
    "presentation_ahead": Outcome(Word.REFUSE, "challenge"),
    "replayed": Outcome(Word.REFUSE, "ask_again"),
    # it does not hold now
    "early": Outcome(Word.REFUSE, "wait"),
    "late": Outcome(Word.REFUSE, "call_host"),
    "expired": Outcome(Word.REFUSE, "call_officer"),
    "revoked": Outcome(Word.REFUSE, "call_host"),
    "reissued": Outcome(Word.REFUSE, "newest_code"),
    "used": Outcome(Word.REFUSE, "call_host"),
    "inside": Outcome(Word.REFUSE, "exit_first"),
    # it can't be told for sure
    "list_missing": Outcome(Word.CHECK, "refresh"),
    "list_stale": Outcome(Word.CHECK, "refresh"),
    "time_unsure": Outcome(Word.CHECK, "refresh"),
    "conflict": Outcome(Word.CHECK, "call_officer"),
    "not_inside": Outcome(Word.CHECK, "let_out"),
    # all is well
    "exit": Outcome(Word.ADMIT, "go_out"),
    "invitation": Outcome(Word.ADMIT, "go_in"),
    "age": Outcome(Word.ADMIT, "go_in"),
    "identity": Outcome(Word.ADMIT, "compare_photo"),
}

"""When a phone tries again (SPEC.md T1, T4): what the app does in `pwa/src/data/retry.ts`, in seconds."""

from __future__ import annotations

from typing import Final

_FIRST: Final = 1.0
_LONGEST: Final = 300.0
_LONGEST_ASKED: Final = 60.0


def delay(failures: int, chance: float, *, asked: float | None = None) -> float:
    """Return the seconds to wait after `failures` failed tries in a row, from 1 on; `chance` is in [0, 1).

    Full jitter: anywhere from nothing up to a bound that doubles from 1 s to 5 min. `asked` is what the server's
    Retry-After asked for: then it is at least that long, and the jitter comes on top, of a minute at most.
    """
    bound = min(_LONGEST, _FIRST * 2.0 ** min(failures - 1, 16))
    if asked is None:
        return chance * bound
    return asked + chance * max(asked, min(bound, _LONGEST_ASKED))

"""What `make peers` prints: tables that can stand in a document as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from loadtests.peers.creating import Created
from loadtests.peers.sync import COUNT, Synced

Round = Mapping[str, Created]
"""What each contender did in one round, by its title."""


def created(rounds: Sequence[Round], *, ours: Sequence[str]) -> str:
    """Return all rounds, medians and ratios; `ours` names the contenders that the others are held against."""
    numbers = [f"round {number + 1}" for number in range(len(rounds))]
    lines = _head("records created a second", [*numbers, "median", "p50 ms", "p99 ms", "CPU ms a record"])
    for title in rounds[0]:
        parts = [each[title] for each in rounds]
        figures = [*(f"{part.a_second:.0f}" for part in parts), f"{median(part.a_second for part in parts):.0f}"]
        figures += [f"{median(getattr(part.driven, name) for part in parts):.0f}" for name in ("p50", "p99")]
        figures += [f"{median(part.cpu for part in parts) * 1000:.2f}"]
        lines.append(_row(title, figures))
    peers = [title for title in rounds[0] if title not in ours]
    lines += ["", *_head("ours / theirs, within each round", [*numbers, "median"])]
    for one in ours:
        for other in peers:
            ratios = [each[one].a_second / each[other].a_second for each in rounds]
            lines.append(_row(f"{one} / {other}", [f"{ratio:.1f}" for ratio in (*ratios, median(ratios))]))
    lines += ["", *_head("bytes on the wire, heads included", ["request", "answer"])]
    for title, part in rounds[0].items():
        lines.append(_row(title, [f"{part.wire.request:,}", f"{part.wire.answer:,}"]))
    return "\n".join(lines)


def synced(found: Iterable[Synced]) -> str:
    """Return what syncing to a new phone took."""
    lines = _head(
        f"{COUNT:,} records to a new phone",
        ["s over loopback", "s over the slow link", "requests", "kB up", "kB down", "kB of bodies, gzipped"],
    )
    for each in found:
        kilobytes = [f"{size / 1000:.0f}" if size else "" for size in (each.up, each.down, each.zipped)]
        lines.append(_row(each.title, [f"{each.near:.2f}", f"{each.far:.1f}", str(each.requests), *kilobytes]))
    return "\n".join(lines)


def _head(title: str, columns: Sequence[str]) -> list[str]:
    return [_row(title, columns), "|---|" + "--:|" * len(columns)]


def _row(title: str, figures: Sequence[str]) -> str:
    return f"| {title} | {' | '.join(figures)} |"

"""The plots of a rehearsal's report: people, requests, times, errors, memory, processor."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Final

from loadtests.generator import Moment
from loadtests.peak import Result
from loadtests.plots import Series, plot
from loadtests.watching import Use
from loadtests.wording import Words

_MIB: Final = 2**20
BOUND_MIB: Final = 1024


def plots(result: Result) -> str:
    """Return the section with all plots."""
    moments, uses = result.measured.moments, result.uses
    figures = [
        _figure(Words("Số người", "People"), [_moments("", "a", moments, lambda each: float(each.users))], _whole),
        _figure(
            Words("Yêu cầu mỗi giây", "Requests a second"),
            [_moments("", "a", moments, lambda each: each.per_second)],
            _whole,
        ),
        _figure(
            Words("Thời gian trả lời, trong 10 giây gần nhất", "Time to the answer, over the last ten seconds"),
            [
                _moments("p50", "a", moments, lambda each: each.p50),
                _moments("p95", "b", moments, lambda each: each.p95),
                _moments("p99", "c", moments, lambda each: each.p99),
            ],
            _ms,
        ),
        _figure(
            Words("Lỗi và lượt hẹn lại, mỗi giây", "Errors and requests asked to come again, a second"),
            [
                _moments("lỗi / errors", "b", moments, lambda each: each.failures),
                _moments("hẹn lại / come again", "d", moments, lambda each: each.away),
            ],
            _whole,
            least=4,
        ),
    ]
    if uses["service"]:
        memory = [_uses("dịch vụ / service", "a", uses["service"], lambda each: each.pss / _MIB)]
        memory += [_uses("PostgreSQL", "b", uses["database"], lambda each: each.pss / _MIB)] if uses["database"] else []
        bound = Words("giới hạn 1 GiB", "bound of 1 GiB")
        figures.append(_figure(Words("Bộ nhớ (MiB)", "Memory (MiB)"), memory, _whole, bound=bound))
    cores = [(name, look, uses[group]) for name, look, group in _CORES if uses.get(group)]
    if cores:
        title = Words(
            f"Bộ xử lý (số nhân đang dùng, của {os.cpu_count()})", f"Processor (cores in use, of {os.cpu_count()})"
        )
        lines = [_uses(name, look, used, lambda each: each.cores) for name, look, used in cores]
        figures.append(_figure(title, lines, _whole, least=1))
    title = Words("Diễn biến", "As it went")
    return f'<section><h2>{title.html}</h2><div class="plots">{"".join(figures)}</div></section>'


_CORES: Final = (
    ("dịch vụ / service", "a", "service"),
    ("PostgreSQL", "b", "database"),
    ("người giả lập / simulated people", "d", "locust"),
)


def _moments(name: str, look: str, moments: Sequence[Moment], value: Callable[[Moment], float | None]) -> Series:
    return Series(name, look, [(each.at, value(each)) for each in moments])


def _uses(name: str, look: str, uses: Sequence[Use], value: Callable[[Use], float]) -> Series:
    return Series(name, look, [(each.at, value(each)) for each in uses])


def _figure(
    title: Words,
    series: Sequence[Series],
    value: Callable[[float], str],
    *,
    least: float = 0,
    bound: Words | None = None,
) -> str:
    keys = [f'<span class="key {each.look}">{_both(each.name).html}</span>' for each in series if each.name]
    keys += [] if bound is None else [f'<span class="key limit">{bound.html}</span>']
    drawn = plot(
        series,
        label=f"{title.vi} / {title.en}",
        value=value,
        least=least,
        bound=None if bound is None else float(BOUND_MIB),
    )
    return f"<figure><figcaption><b>{title.html}</b>{''.join(keys)}</figcaption>{drawn}</figure>"


def _both(name: str) -> Words:
    vi, slash, en = name.partition(" / ")
    return Words(vi, en if slash else vi)


def _whole(value: float) -> str:
    """Write a number as the SI does, which both languages read: thousands apart, a point before tenths."""
    text = f"{value:,.0f}" if value == int(value) or value >= 10 else f"{value:.1f}"
    return text.replace(",", "\u202f")


def _ms(value: float) -> str:
    return f"{_whole(value)} ms" if value < 1000 else f"{_whole(value / 1000)} s"

"""The report of a rehearsal: one HTML page that needs nothing else, and the same as Markdown for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from loadtests import peak_plots
from loadtests import verdict_words as words
from loadtests.levels import Verdict, passed
from loadtests.peak import Plan, Result
from loadtests.wording import AUDIT, MEASURES, REQUESTS, SCENARIOS, SHORT, STORIES, Words, amount, number

_STYLE: Final = Path(__file__).with_name("report.css")
_TICK: Final = '<path d="m4 13 5 5L20 6"/>'
_CROSS: Final = '<path d="M5 5l14 14M19 5 5 19"/>'
_MOST: Final = 20
ONCE: Final = "records of the kind "


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a report says."""

    plan: Plan
    result: Result
    verdicts: tuple[Verdict, ...]
    begun: datetime


def html(report: Report) -> str:
    """Return the page."""
    title = f"{SCENARIOS[report.plan.scenario].vi} · {SCENARIOS[report.plan.scenario].en}"
    sections = (_verdict, _tiles, _levels, _plots, _requests, _audit, _setting)
    main = "\n".join(section(report) for section in sections)
    body = f"{_head(report)}<main>{main}</main>"
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE.read_text()}</style></head><body>{body}</body></html>\n"
    )


def markdown(report: Report) -> str:
    """Return verdicts, requests and the audit as Markdown, in English."""
    plan, result = report.plan, report.result
    lines = [
        f"## {SCENARIOS[plan.scenario].en}, {plan.engine}: {'passed' if passed(report.verdicts) else 'FAILED'}",
        "",
        f"{plan.people} people, {plan.lasts:.0f} s, {plan.workers} web processes; it took {result.seconds:.0f} s,"
        f" getting ready {result.prepared:.0f} s.",
        "",
        "| level | of | bound | reached | |",
        "|---|---|--:|--:|---|",
    ]
    lines += [
        f"| {each.measure} | {f'`{each.of}`' if each.of else ''} | {words.bound(each).en} | {words.got(each).en}"
        f" | {words.word(each).en} |"
        for each in report.verdicts
    ]
    lines += [
        "",
        "| request | requests | failed | a second | p50 ms | p95 ms | p99 ms |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| `{row.name}` | {row.requests} | {row.failures} | {row.per_second:.1f}"
        f" | {row.p50:.0f} | {row.p95:.0f} | {row.p99:.0f} |"
        for row in result.measured.rows
    ]
    lines += [f"- {times} x `{name}`: {error}" for name, error, times in result.measured.failures[:_MOST]]
    lines += [
        "",
        f"Most memory: {_memory(result, 'service').en} (service), {_memory(result, 'database').en} (database).",
    ]
    lines += ["", "### Audit", "", "Not audited here." if result.audit is None else result.audit.text()]
    return "\n".join(lines)


def _head(report: Report) -> str:
    when = f"{report.begun:%d/%m/%Y %H:%M} UTC"
    title = Words("Một Cửa · Diễn tập ngày cao điểm", "Một Cửa · Rehearsal of a peak day")
    return (
        f"<header><div><p>{title.html}<small>{when}</small></p>"
        '<span class="languages" role="radiogroup" aria-label="Ngôn ngữ / Language">'
        '<label><input type="radio" name="in" id="in-vi" checked>Tiếng Việt</label>'
        '<label lang="en"><input type="radio" name="in" id="in-en">English</label></span></div></header>'
    )


def _verdict(report: Report) -> str:
    plan, good = report.plan, passed(report.verdicts)
    title = (
        Words("Đạt: hệ thống chịu được đợt này.", "Passed: the service stands up to this.")
        if good
        else Words("Chưa đạt.", "Not passed.")
    )
    people, lasts = number(plan.people), number(plan.lasts)
    story = Words(
        STORIES[plan.scenario].vi.format(people=people.vi, lasts=lasts.vi),
        STORIES[plan.scenario].en.format(people=people.en, lasts=lasts.en),
    )
    missed = [each for each in report.verdicts if each.holds is False]
    wrongs = "".join(f"<li>{words.sentence(each).html}</li>" for each in missed)
    return (
        f'<section class="verdict{"" if good else " failed"}"><svg viewBox="0 0 24 24" aria-hidden="true" fill="none"'
        f' stroke="currentColor" stroke-width="3" stroke-linecap="round">{_TICK if good else _CROSS}</svg><div>'
        f"<h1>{(SCENARIOS[plan.scenario].html)}<br>{title.html}</h1><p>{story.html}</p>"
        f"<p>{_outcome(report).html}</p>{f'<ul>{wrongs}</ul>' if wrongs else ''}</div></section>"
    )


def _outcome(report: Report) -> Words:
    """Say in plain words what became of what people sent."""
    found = report.result.audit
    if found is None:
        return Words("Kho dữ liệu được kiểm toán riêng.", "The store is audited apart.")
    if found.faults:
        return Words(
            f"Kiểm toán kho dữ liệu thấy {len(found.faults)} sai lệch.",
            f"The audit of the store found {len(found.faults)} faults.",
        )
    count = number(report.result.counts.get("batches", 0))
    return Words(
        f"Mọi điều máy chủ đã báo nhận ({count.vi} gói thay đổi) đều có trong kho, mỗi điều đúng một lần.",
        f"All that the server acknowledged ({count.en} batches of changes) is in the store, each exactly once.",
    )


def _tiles(report: Report) -> str:
    result, total = report.result, report.result.measured.rows[-1]
    counts = result.counts
    tiles = [
        (Words("hồ sơ đã nhận", "submissions taken"), number(counts.get("submissions", 0))),
        (Words("yêu cầu đã trả lời", "requests answered"), number(total.requests)),
        (Words("95 % được trả lời trong", "95 % are answered within"), words.time(total.p95)),
        (Words("bộ nhớ dịch vụ, cao nhất", "most memory of the service"), _memory(result, "service")),
        (Words("sai lệch khi kiểm toán", "faults in the audit"), _faults(result)),
    ]
    if checkins := _count(result, f"{ONCE}checkin, each taken once"):
        tiles[0] = (Words("lượt ra vào đã ghi", "check-ins taken"), number(checkins))
    if counts.get("files"):
        size = amount(counts["bytes"] / 1e6, "MB")
        name = Words(f"tệp đã gửi trọn, {size.vi}", f"files sent whole, {size.en}")
        tiles.insert(1, (name, number(counts["files"])))
    listed = "".join(f"<div><dt>{name.html}</dt><dd>{value.html}</dd></div>" for name, value in tiles)
    return f'<dl class="tiles">{listed}</dl>'


def _plots(report: Report) -> str:
    return peak_plots.plots(report.result)


def _levels(report: Report) -> str:
    """Return what must hold of all, a line each, and what must hold of each kind of request, as a table."""
    whole = "".join(
        f"<tr><th scope='row'>{MEASURES[each.measure].html}</th><td class='n'>{_held(each)}</td></tr>"
        for each in report.verdicts
        if not each.of
    )
    of = list(dict.fromkeys(each.of for each in report.verdicts if each.of))
    measures = [measure for measure in SHORT if any(each.measure == measure for each in report.verdicts)]
    found: dict[tuple[str, str], str] = {(each.of, each.measure): _held(each) for each in report.verdicts}
    rows = "".join(
        f"<tr><th scope='row'>{REQUESTS.get(name, Words(name, name)).html}{words.code(name)}</th>"
        + "".join(f"<td class='n'>{found.get((name, measure), '')}</td>" for measure in measures)
        + "</tr>"
        for name in of
    )
    columns = "".join(f"<th class='n'>{SHORT[measure].html}</th>" for measure in measures)
    return (
        f"<section><h2>{Words('Mức dịch vụ', 'Service levels').html}</h2><div class='sheet'><table><tbody>{whole}"
        f"</tbody></table></div><div class='sheet'><table><thead><tr><th></th>{columns}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _held(verdict: Verdict) -> str:
    word, bound = words.word(verdict).html, words.bound(verdict).html
    return (
        f"<span class='mark {words.mark(verdict)}'><span class='spoken'>{word}: </span>{words.got(verdict).html}</span>"
        f"<small>{bound}</small>"
    )


def _requests(report: Report) -> str:
    cells = "".join(
        f"<tr><th scope='row'>{REQUESTS.get(row.name, Words(row.name, row.name)).html}{words.code(row.name)}</th>"
        + "".join(f"<td class='n'>{each.html}</td>" for each in (number(row.requests), number(row.failures)))
        + f"<td class='n'>{number(row.per_second, 1).html}</td>"
        + "".join(f"<td class='n'>{words.time(each).html}</td>" for each in (row.p50, row.p95, row.p99))
        + "</tr>"
        for row in report.result.measured.rows
    )
    heads = [Words("số lần", "count"), Words("lỗi", "failed"), Words("mỗi giây", "a second")]
    columns = "".join(f"<th class='n'>{each.html}</th>" for each in heads)
    columns += "".join(f"<th class='n'>{each}</th>" for each in ("p50", "p95", "p99"))
    wrong = "".join(
        f"<li>{times} × <code>{escape(name)}</code>: {escape(error)}</li>"
        for name, error, times in report.result.measured.failures[:_MOST]
    )
    return (
        f"<section><details><summary>{Words('Từng loại yêu cầu', 'Each kind of request').html}</summary>"
        f"<div class='sheet'><table><thead><tr><th></th>{columns}</tr></thead><tbody>{cells}</tbody></table></div>"
        f"{f'<ul>{wrong}</ul>' if wrong else ''}</details></section>"
    )


def _audit(report: Report) -> str:
    found = report.result.audit
    title = f"<h2>{Words('Kiểm toán kho dữ liệu', 'Audit of the store').html}</h2>"
    if found is None:
        told = Words("Chưa làm ở đây: xem docs/rehearsals.md.", "Not done here: see docs/rehearsals.md.")
        return f"<section>{title}<p>{told.html}</p></section>"
    rows = "".join(
        f"<tr><td class='n'>{number(count).html}</td><td>{_audited(name).html}</td></tr>"
        for name, count in found.counts.items()
        if count
    )
    faults = "".join(f"<li class='missed'>{escape(fault)}</li>" for fault in found.faults[:_MOST])
    return (
        f"<section>{title}<div class='sheet'><table><tbody>{rows}</tbody></table></div>"
        f"{f'<ul>{faults}</ul>' if faults else ''}</section>"
    )


def _setting(report: Report) -> str:
    plan, result = report.plan, report.result
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[plan.engine]
    facts = [
        (Words("Cơ sở dữ liệu", "Database"), Words(engine, engine)),
        (Words("Tiến trình web", "Web processes"), number(plan.workers)),
        (Words("Kết nối mở chờ", "Idle live sockets"), number(plan.idle)),
        (Words("Thời gian cả đợt", "It took"), amount(result.seconds, "s")),
        *[(_PLACES[name], Words(value, value)) for name, value in result.machine.items()],
    ]
    listed = "".join(f"<dt>{name.html}</dt><dd>{value.html}</dd>" for name, value in facts)
    return (
        f"<section><h2>{Words('Máy và cách chạy', 'Machine and run').html}</h2><div class='sheet'>"
        f"<dl class='facts'>{listed}</dl></div></section>"
    )


_PLACES: Final = {
    "processor": Words("Bộ xử lý", "Processor"),
    "memory": Words("Bộ nhớ máy", "Memory of the machine"),
    "system": Words("Hệ thống", "System"),
    "commit": Words("Phiên bản mã nguồn", "Commit"),
}


def _memory(result: Result, group: str) -> Words:
    most = max((use.pss for use in result.uses[group]), default=None)
    return Words("–", "–") if most is None else amount(most / 2**20, "MiB")


def _faults(result: Result) -> Words:
    return Words("–", "–") if result.audit is None else number(len(result.audit.faults))


def _count(result: Result, name: str) -> int:
    return 0 if result.audit is None else result.audit.counts.get(name, 0)


def _audited(name: str) -> Words:
    if name.startswith(ONCE):
        kind = name.removeprefix(ONCE).partition(",")[0]
        return Words(f"bản ghi loại {kind}, mỗi bản ghi đúng một lần", name)
    return AUDIT.get(name, Words(name, name))

"""How fast a form is judged after a keystroke: `python -m loadtests.forms_bench`.

A form of 100 questions with conditions, calculations and constraints, five rows of a repeat among them, in a real
browser with its CPU slowed: from a draft's registers to what applies, what is computed and what is wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from statistics import median, quantiles
from typing import Any, Final

from playwright.sync_api import sync_playwright

from loadtests.sources import sources
from server.features.forms.form import parse
from setup.browser import installed

MODULE: Final = "/src/features/forms/testing/bench.ts"
ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
NOW: Final = 1_795_323_600_000
ROWS: Final = 5
PAGES: Final = 8


def main() -> None:
    """Print what came of one run."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.forms_bench", description=__doc__)
    parser.add_argument("--slower", type=int, default=4, help="how many times the CPU is slowed down (4)")
    parser.add_argument("--rounds", type=int, default=500, help="keystrokes (500)")
    options = parser.parse_args()
    form = heavy()
    typed = ["answer/p1_text", "answer/p3_count", "answer/p5_text", f"answer/members/{_id(3)}/member_age"]
    given = {"form": form, "values": registers(), "typed": typed, "rounds": options.rounds, "now": NOW}
    with sources(MODULE) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        page = browser.new_page()
        page.route(f"{origin}/blank", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto(f"{origin}/blank")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": options.slower})
        measured: Any = page.evaluate(
            "async ([module, given]) => (await import(module)).measure(given)", [MODULE, given]
        )
        browser.close()
    questions = len(parse(form).questions)
    print(f"{questions} questions, {ROWS} rows, {measured['parts']} parts that apply, CPU {options.slower}x slower")
    print(f"judged after a keystroke: {_line(measured['took'])}; the first time {measured['first']:.1f} ms")


def heavy() -> Any:
    """Return a form of 100 questions as JSON."""
    pages = [_page(number) for number in range(1, PAGES + 1)]
    pages[1]["questions"].append(
        {
            "type": "repeat",
            "name": "members",
            "label": _text("Member"),
            "questions": [
                _question("member_name", "text", required=True),
                _question("member_age", "integer", constraint=". >= 0 and . < 120"),
                _question("member_school", "text", relevant="${member_age} < 18"),
                _question("member_line", "calculate", calculation="concat(position(..), '. ', ${member_name})"),
            ],
        }
    )
    text = _text("A heavy form")
    return {
        "form": "motcua-form/2",
        "code": "heavy",
        "version": "1",
        "unit": "desk",
        "title": text,
        "summary": text,
        "fee": {"amount": "0"},
        "days": {"working": 1},
        "result": text,
        "bring": [],
        "authority": text,
        "notes": [],
        "choices": {
            "kinds": [{"name": name, "label": _text(name), "of": name[0]} for name in ("a1", "a2", "b1", "b2")]
        },
        "pages": pages,
    }


def registers() -> dict[str, Any]:
    """Return what a draft of the form holds when all is answered."""
    values: dict[str, Any] = {}
    for number in range(1, PAGES + 1):
        page = f"answer/p{number}_"
        values |= {f"{page}text": "Nguyễn Thị Ánh", f"{page}count": 30 + number, f"{page}price": "12.50"}
        values |= {
            f"{page}day": "2026-11-02",
            f"{page}kind": "a1",
            f"{page}more": ["a1", "a2"],
            f"{page}phone": "0901234567",
        }
        values |= {f"{page}why": "Vì thế", f"{page}other": "x", f"{page}ward": "Bến Thành"}
    for row in range(1, ROWS + 1):
        tail = f"members/{_id(row)}"
        values |= {
            f"row/{tail}": True,
            f"answer/{tail}/member_name": f"Người {row}",
            f"answer/{tail}/member_age": 9 * row,
        }
    return values


def _page(number: int) -> dict[str, Any]:
    name, before = f"p{number}_", f"p{max(number - 1, 1)}_"
    questions = [
        _question(f"{name}text", "text", required=True, constraint="string-length(.) <= 100"),
        _question(f"{name}count", "integer", constraint=". > 0 and . < 200"),
        _question(f"{name}price", "decimal", constraint="regex(., '[0-9]+([.][0-9]+)?')"),
        _question(f"{name}day", "date", constraint=". <= today()"),
        _question(f"{name}kind", "select_one", choices="kinds"),
        _question(
            f"{name}more", "select_multiple", choices="kinds", choice_filter=f"of = substr(${{{name}kind}}, 0, 1)"
        ),
        _question(f"{name}phone", "text", constraint="regex(., '0[0-9]{9}')", relevant=f"${{{name}count}} > 17"),
        _question(f"{name}why", "text", relevant=f"selected(${{{name}more}}, 'a2') or ${{{before}kind}} = 'b1'"),
        _question(f"{name}other", "text", relevant=f"${{{name}why}} != '' and not(${{{name}kind}} = 'b2')"),
        _question(f"{name}ward", "text", required=f"${{{name}other}} != ''"),
        _question(f"{name}sum", "calculate", calculation=f"${{{name}count}} * ${{{name}price}} + sum(${{member_age}})"),
        _question(
            f"{name}said",
            "calculate",
            calculation=f"concat(${{{name}text}}, ' ', format-date(${{{name}day}}, '%d/%m/%Y'))",
        ),
    ]
    return {"name": f"page_{number}", "label": _text(f"Page {number}"), "questions": questions}


def _question(name: str, type_: str, **members: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "label": _text(name), **members}


def _text(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def _id(row: int) -> str:
    return f"{NOW + row:012x}{row:08x}"


def _line(took: Sequence[float]) -> str:
    return f"p50 {median(took):.2f} ms, p95 {quantiles(took, n=20)[-1]:.2f} ms, at most {max(took):.2f} ms"


if __name__ == "__main__":
    main()

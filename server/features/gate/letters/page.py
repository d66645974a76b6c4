"""The letter as HTML and as plain text: no remote pictures, no tracking, readable on light and on dark."""

from __future__ import annotations

from html import escape
from typing import Final

from server.features.gate.letters.content import Content, Language
from server.features.gate.letters.words import both, facts, opens, say

_BODY: Final = "margin:0;padding:24px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
_CODE: Final = "display:block;max-width:100%;height:auto;border-radius:8px;image-rendering:pixelated"
_BUTTON: Final = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b57a4;color:#ffffff;"
    "font-weight:600;text-decoration:none"
)
_TABLE: Final = "width:100%;border-collapse:collapse;margin:16px 0"
_CELL: Final = "padding:8px 0;border-top:1px solid rgba(128,128,128,.4);text-align:left;vertical-align:top"
_NOTICE: Final = "margin:16px 0;padding:12px 16px;border-left:4px solid #d97706;font-weight:600"
_SMALL: Final = "margin:8px 0;font-size:14px"


def link(content: Content) -> str:
    """Return the address that puts the code into the app; what follows the `#` never leaves the phone.

    Everything but letters and digits is escaped: mail programs leave a full stop at the end out of a link.
    """
    fragment = "".join(each if each.isalnum() else f"%{ord(each):02X}" for each in content.code or "")
    return f"{content.origin}/claim#{fragment}"


def plain(content: Content, *, sort: str) -> str:
    """Return the letter as plain text."""
    return "\n\n----------\n\n".join(_plain(content, sort, language) for language in both(content.language)) + "\n"


def html(content: Content, *, sort: str, cid: str, width: int) -> str:
    """Return the letter as HTML; the code's picture is the part whose Content-ID is `cid`, shown `width` wide."""
    first, second = both(content.language)
    alt = escape(say(first, "code.alt"))
    image = f'<p><img src="cid:{cid}" width="{width}" alt="{alt}" style="{_CODE}"></p>'
    rule = '<hr style="margin:32px 0;border:0;border-top:1px solid rgba(128,128,128,.6)">'
    return (
        f'<!doctype html><html lang="{first}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(content.title)}</title><style>:root{{color-scheme:light dark}}</style></head>"
        f'<body style="{_BODY}"><div style="max-width:600px;margin:0 auto">'
        f"{_section(content, sort, first, image)}{rule}{_section(content, sort, second, '')}"
        "</div></body></html>\n"
    )


def _plain(content: Content, sort: str, language: Language) -> str:
    listed = "\n".join(f"{name}: {value}" for name, value in facts(content, language))
    parts = [*_opening(content, sort, language), listed]
    if content.code:
        parts += [
            say(language, "enter", opens=opens(content, language)),
            f"{say(language, 'app')}:\n{link(content)}",
        ]
    return "\n\n".join(parts + _closing(content, language))


def _section(content: Content, sort: str, language: Language, image: str) -> str:
    greeting, lead, *notices = _opening(content, sort, language)
    rows = "".join(
        f'<tr><th scope="row" style="{_CELL};padding-right:16px;font-weight:400;white-space:nowrap">{escape(name)}</th>'
        f'<td style="{_CELL};width:100%;font-weight:600">{_lines(value)}</td></tr>'
        for name, value in facts(content, language)
    )
    parts = [f"<p>{escape(greeting)}</p>", f"<p>{escape(lead)}</p>"]
    parts += [f'<p style="{_NOTICE}">{escape(notice)}</p>' for notice in notices]
    parts.append(f'<table style="{_TABLE}">{rows}</table>')
    if content.code:
        parts += _entering(content, language, image)
    parts += [f'<p style="{_SMALL}">{escape(line)}</p>' for line in _closing(content, language)]
    return f'<div lang="{language}">{"".join(parts)}</div>'


def _entering(content: Content, language: Language, image: str) -> list[str]:
    enter = f"<p>{escape(say(language, 'enter', opens=opens(content, language)))}</p>"
    button = f'<p><a href="{escape(link(content))}" style="{_BUTTON}">{escape(say(language, "app"))}</a></p>'
    return [enter, image, button]


def _opening(content: Content, sort: str, language: Language) -> list[str]:
    lines = [
        say(language, "greeting", name=content.name),
        say(language, f"lead.{sort}", unit=content.unit.in_(language)),
    ]
    return lines if sort == "invite" else [*lines, say(language, f"earlier.{sort}")]


def _closing(content: Content, language: Language) -> list[str]:
    keys = ("app.after", "personal", "mistake") if content.code else ("mistake.cancel",)
    return [say(language, key) for key in (*keys, "automatic")]


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())

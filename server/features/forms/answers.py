"""Single answers: when they are empty, their text in expressions, and whether they fit a question. Pure.

`answers.ts` is its twin. Times are `HH:MM`, moments `YYYY-MM-DDTHH:MM` in the form's zone, places `lat lon alt acc`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from server.features.forms.expressions import days
from server.features.forms.form import Choice, Form, Question
from sync.canonical import Value
from sync.limits import INTEGER

Answers: TypeAlias = Mapping[str, object]
"""Answers at any stage, by question; a repeat's are a list of such mappings, one a row."""

Code: TypeAlias = Literal[
    "answer_unknown",
    "answer_type",
    "answer_required",
    "answer_constraint",
    "answer_irrelevant",
    "answer_choice",
    "answer_calculation",
    "answer_rows",
    "answer_file",
]
Keeps: TypeAlias = Callable[[Choice], bool]

_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_COMPUTED: Final = re.compile(r"(-?)([0-9]+)\.([0-9]+)")
_INTEGER: Final = re.compile(r"-?[0-9]{1,16}")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PLACE: Final = re.compile(
    r"(-?[0-9]{1,3}(?:\.[0-9]{1,15})?) (-?[0-9]{1,3}(?:\.[0-9]{1,15})?)( -?[0-9]{1,5}(\.[0-9]{1,15})?){2}"
)
_LARGEST: Final = 10**10  # bytes of a file
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MIME: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}")
# Control characters, line separators and direction marks: with them a signed text could look other than it is.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_WORD: Final = re.compile(r"[^ \t\r\n]+")


def empty(answer: object) -> bool:
    """Whether nothing was answered: no value, no choice, or text of white space only (XPath's four characters)."""
    if isinstance(answer, str):
        return not answer.strip(" \t\r\n")
    return answer is None or answer == []


def text_of(answer: object) -> str:
    """Return an answer as an XForms instance holds it, a file as its name; what is no answer of any type is empty."""
    if isinstance(answer, str):
        return answer if answer.strip(" \t\r\n") else ""
    if answer is None:
        return ""
    if isinstance(answer, list):
        names = [name for name in answer if isinstance(name, str)]
        return " ".join(names) if len(names) == len(answer) else ""
    if isinstance(answer, dict):
        name = answer.get("name")
        return name if isinstance(name, str) else ""
    return str(answer) if _is_integer(answer) else ""


def typed(form: Form, question: Question, text: str) -> Value:
    """Return the answer that a text is, as a calculation or a default gives it; None for the empty text."""
    if empty(text):
        return None
    if question.type in ("select_multiple", "rank"):
        words = _WORD.findall(text)
        if question.type == "rank":
            return list(words)
        listed = [name for name in form.labels[question.choices or ""] if name in words]
        return [*listed, *(word for word in dict.fromkeys(words) if word not in listed)]
    if question.type == "integer" or (question.type == "range" and whole(question)):
        return int(text) if _INTEGER.fullmatch(text) and abs(int(text)) <= INTEGER else text
    return _decimal(text) if question.type in ("decimal", "range") else text


def _decimal(text: str) -> str:
    """Return a number that was computed with as many decimals as an answer can have; another text as it is."""
    match = _COMPUTED.fullmatch(text)
    if match is None:
        return text
    rest = match[3][:15].rstrip("0")
    return f"{match[1]}{match[2]}" + (f".{rest}" if rest else "")


def fault(form: Form, question: Question, answer: object, keeps: Keeps) -> Code | None:
    """Return what is wrong with the type of an answer that is not empty; `keeps` says which choices are offered."""
    match question.type:
        case "select_one":
            return _choice_fault(form, question, answer, keeps)
        case "select_multiple" | "rank":
            return _several_fault(form, question, answer, keeps)
        case "image" | "file" | "audio":
            return None if is_file(answer) and _media(question.type, answer) else "answer_file"
        case "range":
            return _range_fault(question, answer)
        case "integer":
            return None if _is_integer(answer) else "answer_type"
    return None if isinstance(answer, str) and _fits(question, answer) else "answer_type"


def is_file(answer: object) -> bool:
    """Whether an answer is `{name, type, len, sha256}`: what stands for an attachment."""
    if not isinstance(answer, dict) or answer.keys() != {"name", "type", "len", "sha256"}:
        return False
    name, type_, len_, sha256 = (answer[key] for key in ("name", "type", "len", "sha256"))
    named = isinstance(name, str) and 0 < len(name.encode("utf-16-le", "surrogatepass")) <= 400
    if not named or "/" in name or "\n" in name or "\t" in name or empty(name) or _CONTROL.search(name):
        return False
    sized = _is_integer(len_) and 0 < len_ <= _LARGEST
    return (
        sized
        and isinstance(type_, str)
        and _MIME.fullmatch(type_) is not None
        and isinstance(sha256, str)
        and _SHA256.fullmatch(sha256) is not None
    )


def whole(question: Question) -> bool:
    """Whether the answers to a range are integers: its start and step are."""
    parameters = question.parameters or {}
    return all(_INTEGER.fullmatch(str(parameters.get(name, ""))) for name in ("start", "step"))


def _fits(question: Question, answer: str) -> bool:
    shape = _SHAPES.get(question.type)
    if shape is not None:
        return shape(answer)
    return not _CONTROL.search(answer) and (question.appearance == "multiline" or "\n" not in answer)


def _is_moment(text: str) -> bool:
    return text[10:11] == "T" and days(text[:10]) is not None and _TIME.fullmatch(text[11:]) is not None


def _is_place(text: str) -> bool:
    place = _PLACE.fullmatch(text)
    return place is not None and abs(float(place[1])) <= 90 and abs(float(place[2])) <= 180


_SHAPES: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": lambda text: days(text) is not None,
    "time": lambda text: _TIME.fullmatch(text) is not None,
    "datetime": _is_moment,
    "decimal": lambda text: _DECIMAL.fullmatch(text) is not None,
    "geopoint": _is_place,
    "acknowledge": lambda text: text == "OK",
}


def _choice_fault(form: Form, question: Question, answer: object, keeps: Keeps) -> Code | None:
    if not isinstance(answer, str):
        return "answer_type"
    choice = form.choice_of[question.choices or ""].get(answer)
    return None if choice is not None and keeps(choice) else "answer_choice"


def _several_fault(form: Form, question: Question, answer: object, keeps: Keeps) -> Code | None:
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return "answer_type"
    choices = form.choice_of[question.choices or ""]
    if question.type == "rank":
        offered = [name for name, choice in choices.items() if keeps(choice)]
        return None if sorted(answer) == sorted(offered) else "answer_choice"
    in_order = [name for name, choice in choices.items() if name in answer and keeps(choice)]
    return None if answer == in_order else "answer_choice"


def _media(type_: str, answer: object) -> bool:
    return type_ == "file" or (isinstance(answer, dict) and str(answer["type"]).startswith(f"{type_}/"))


def _range_fault(question: Question, answer: object) -> Code | None:
    fits = _is_integer(answer) if whole(question) else isinstance(answer, str) and bool(_DECIMAL.fullmatch(answer))
    if not fits:
        return "answer_type"
    parameters = question.parameters or {}
    start, end, step = (scaled(str(parameters.get(name, "0"))) for name in ("start", "end", "step"))
    value = scaled(str(answer))
    return None if start <= value <= end and step and (value - start) % step == 0 else "answer_choice"


def scaled(decimal: str) -> int:
    """Return a decimal number times 10^15, exactly."""
    sign = -1 if decimal.startswith("-") else 1
    units, _, rest = decimal.removeprefix("-").partition(".")
    return sign * int(units + rest.ljust(15, "0"))


def _is_integer(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) <= INTEGER

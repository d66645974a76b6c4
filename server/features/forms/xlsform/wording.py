"""Why an expression can't be read, in words of both languages."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from server.features.forms.expressions.expression import ExpressionError
from server.features.forms.expressions.functions import FUNCTIONS
from server.features.forms.xlsform.outline import Names

_AT: Final = re.compile(r" at character \d+$")
_WORDS: Final = (
    (
        "expected a path to a question, group or repeat of the form",
        "cần một đường dẫn đến câu hỏi, nhóm hoặc phần lặp của biểu mẫu",
    ),
    ("expected a question, group or repeat", "cần một câu hỏi, nhóm hoặc phần lặp"),
    ("expected one of", "cần một trong các giá trị"),
    ("which is not supported in a pattern", "không được hỗ trợ trong mẫu"),
    ("in a pattern", "trong mẫu"),
    ("of a pattern", "của mẫu"),
    ("a pattern of", "một mẫu"),
    ("steps", "bước"),
    ("expected a value or a known function", "cần một giá trị hoặc một hàm có trong danh mục"),
    ("expected a part of an expression", "cần một phần của công thức"),
    ("expected an operator or the end", "cần một phép toán hoặc hết công thức"),
    ("expected a value", "cần một giá trị"),
    ("expected a name", "cần một tên"),
    ("expected '.' or a reference", "cần '.' hoặc ${tên}"),
    ("expected the end", "cần hết công thức ở đây"),
    ("expected last() in a predicate only", "last() chỉ dùng được trong ngoặc vuông"),
    ("expected at most", "cho phép nhiều nhất"),
    ("to have a reference", "có một ${tên}"),
    ("to have", "có"),
    ("arguments", "tham số"),
    ("characters", "ký tự"),
    ("levels", "lớp ngoặc"),
    ("parts", "phần"),
    ("got the end", "nhưng công thức đã hết"),
    ("got more", "nhưng có nhiều hơn"),
    ("got", "nhưng gặp"),
    ("expected", "cần"),
    (" to ", " đến "),
    (" or ", " hoặc "),
)


_NAME: Final = re.compile(r"[\w.:-]+")


def reason(error: ExpressionError, text: str, names: Names) -> tuple[str, dict[str, object]]:
    """Return the code of a message and its fields: the likeliest mistake, or else what the parser expected."""
    name = _NAME.match(text, error.at)
    if name and text[name.end() : name.end() + 1] == "(" and name[0] not in FUNCTIONS:
        close = get_close_matches(name[0], sorted(FUNCTIONS), n=1, cutoff=0.7)
        return "function_unknown" + ("_close" if close else ""), {"name": name[0], "close": close[0] if close else ""}
    if name and names.resolve(name[0]) is not None:
        return "name_bare", {"name": name[0]}
    if text[error.at : error.at + 1] == "$":
        return "reference_open", {"at": error.at + 1}
    if text[error.at : error.at + 1] in ("'", '"') and text.count(text[error.at]) % 2:
        return "quote_open", {"at": error.at + 1, "quote": text[error.at]}
    en = _AT.sub("", str(error))
    vi = en
    for word, meant in _WORDS:
        vi = vi.replace(word, meant)
    near = text[error.at : error.at + 20] or text[-20:]
    return "formula_unclear", {"at": error.at + 1, "near": near, "vi": vi, "en": en}

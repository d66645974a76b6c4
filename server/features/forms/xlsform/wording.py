"""The expression parser's reasons in both languages."""

from __future__ import annotations

import re
from typing import Final

from server.features.forms.expressions.expression import ExpressionError

_AT: Final = re.compile(r" at character \d+$")
_WORDS: Final = (
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


def reason(error: ExpressionError) -> tuple[str, str]:
    """Return why a text is no expression, in Vietnamese and in English, without the position."""
    en = _AT.sub("", str(error))
    vi = en
    for word, meant in _WORDS:
        vi = vi.replace(word, meant)
    return vi, en

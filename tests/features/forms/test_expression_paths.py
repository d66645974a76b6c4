"""Paths of XForms' authors become references, as ODK reads them (XForms, XPath Paths; repeats as in JavaRosa)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.forms.expressions import ExpressionError
from server.features.forms.expressions.paths import rewritten

PLACES = {
    "a": ("page",),
    "limit": ("page", "group"),
    "age": ("kids_page", "kids"),
    "sex": ("kids_page", "kids", "more"),
    "title": ("kids_page", "kids", "toys"),
    "kids": ("kids_page",),
    "toys": ("kids_page", "kids"),
}
REPEATS = ("kids", "toys")


@pytest.mark.parametrize(
    ("here", "text", "expected"),
    [
        ("a", "/data/page/a + 1", "${a} + 1"),
        ("a", "/anything/a", "${a}"),
        ("a", "../group/limit", "${limit}"),
        ("a", "./limit", "${limit}"),
        ("a", "//title", "${title}"),
        ("a", "  1 +  /data/a ", "  1 +  ${a}"),
        ("a", "${a}*2 - ../group/limit*3", "${a}*2 - ${limit}*3"),
        ("a", "/data/a div 2 mod ../group/limit", "${a} div 2 mod ${limit}"),
        ("a", "'a/b' = /data/a or \"../a\" = 'x'", "'a/b' = ${a} or \"../a\" = 'x'"),
        ("a", ". > 3 and selected(., 'x')", ". > 3 and selected(., 'x')"),
        ("a", "current()/. = current()/../a", ". = ${a}"),
        ("age", "../../a", "${a}"),
        ("age", "../more/sex = 'x'", "${sex} = 'x'"),
        ("age", "current()/../more/sex", "${sex}"),
        ("sex", "../../age", "${age}"),
        ("sex", "${age}/../more/sex", "${sex}"),
        ("age", "/data/kids/age", "${age}"),
        ("age", "sum(../../kids/age)", "sum(${kids}/age)"),
        ("age", "count(../../kids)", "count(${kids})"),
        ("a", "sum(/data/kids[position() < 3]/age)", "sum(${kids}[position() < 3]/age)"),
        ("a", "sum(/data/kids/more/sex)", "sum(${sex})"),
        ("a", "join(' ', ${kids}/more/sex)", "join(' ', ${kids}/sex)"),
        ("a", "/data/kids[2]/toys[1]/title", "${kids}[2]/toys[1]/title"),
        ("a", "/data/kids[age > current()/../a]/more/sex", "${kids}[${age} > current()/${a}]/sex"),
        ("a", "/data/kids[./age = 1 and ../kids/age = 2]", "${kids}[${age} = 1 and ${kids}/age = 2]"),
        (
            "age",
            "sum(../../kids[position() < position(current()/..)]/more/sex)",
            "sum(${kids}[position() < position(current()/..)]/sex)",
        ),
        ("a", "(/data/kids)[2]/age", "(${kids})[2]/age"),
        ("a", "${kids}[toys[title = 'x']]/age", "${kids}[${toys}[${title} = 'x']]/age"),
        ("age", "position(..)", "position(..)"),
        ("sex", "position(../..)", "position(${kids})"),
        ("title", "position(..) + position(../..)", "position(..) + position(${kids})"),
        ("title", "position(current()/..)", "position(..)"),
        ("a", "indexed-repeat(/data/kids/age, /data/kids, 2)", "indexed-repeat(${age}, ${kids}, 2)"),
        ("a", "jr:choice-name(${a}, ' /data/page/a ')", "jr:choice-name(${a}, '${a}')"),
        ("a", "jr:choice-name(selected-at(/data/a, 0), '../a')", "jr:choice-name(selected-at(${a}, 0), '${a}')"),
        ("a", "province = /data/a and name != ../group/limit", "province = ${a} and name != ${limit}"),
        ("a", "if(./a > 2, 3 div 4, 3 and 4)", "if(${a} > 2, 3 div 4, 3 and 4)"),
    ],
)
def test_a_path_becomes_a_reference(here: str, text: str, expected: str) -> None:
    assert rewritten(text, here=here, places=PLACES, repeats=REPEATS) == expected


def test_without_knowing_the_repeats_a_way_up_and_down_again_is_the_own_row() -> None:
    assert rewritten("sum(../../kids/age)", here="age", places=PLACES) == "sum(${age})"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("/data", 0),
        ("1 + /", 4),
        ("../nope", 3),
        ("/data/kids[nope/x = 1]/other", 23),
        ("../../../../a", 0),
        ("${kids}[2]/../a", 7),
        ("/data/kids/@age", 11),
        ("1 = /data/*", 4),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        rewritten(text, here="a", places=PLACES, repeats=REPEATS)
    assert refused.value.at == at


@given(st.text(alphabet="/.[]()$ {}akidsge'12=|*,+-", max_size=40), st.sampled_from(sorted(PLACES)))
def test_any_text_is_rewritten_or_refused_and_never_anything_else(text: str, here: str) -> None:
    try:
        rewritten(text, here=here, places=PLACES, repeats=REPEATS)
    except ExpressionError as refused:
        assert 0 <= refused.at <= len(text)

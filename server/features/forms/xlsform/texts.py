"""Texts in both languages, put together from the columns that have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from server.features.forms.xlsform.columns import Table, language_of
from server.features.forms.xlsform.problems import FILE, Cell, Findings, Place
from server.features.forms.xlsform.workbook import Row

BOTH: Final = ("vi", "en")
CHARACTERS: Final = 2_000
_MARKUP: Final = re.compile(r"\*\*|__|<[a-z/][^>]*>|^#+ |\]\(")
_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")

Text = dict[str, str]


class Texts:
    """Reads texts. A workbook without translations shows its one text in both languages, with a warning."""

    def __init__(self, tables: Iterable[Table], default: str, findings: Findings) -> None:
        named = {language for table in tables for language in table.languages}
        self._findings = findings
        self._default = language_of(default) if default else ""
        self.translated = set(BOTH) <= named or (self._default in BOTH and "" in named and len(named & {*BOTH}) > 0)
        self._spare = [self._default, *sorted(named - {*BOTH, "", self._default})]
        if not self.translated:
            findings.warn("translation_none", FILE)
        for language in sorted(named - {*BOTH, "", self._default}):
            findings.warn("language_unknown", FILE, name=language)

    def read(self, table: Table, row: Row, key: str, *, named: Callable[[str, Cell], str] | None = None) -> Text | None:
        """Return the text of a column in both languages; `named` turns what stands in `${...}` into a question."""
        found = table.texts(row, key)
        if self._default in BOTH and "" in found:
            found.setdefault(self._default, found[""])
        cells = {language: self._cell(found, language) for language in BOTH}
        if all(cell is None for cell in cells.values()):
            return None
        plain = found.get("")
        if self.translated and plain is not None and plain in cells.values() and self._default not in BOTH:
            header = Place(plain.place.sheet, 1, plain.place.column, plain.place.header)
            self._findings.warn("translation_one", header, name=plain.place.header)
        for language, cell in cells.items():
            if cell is None:
                other = cells["en" if language == "vi" else "vi"]
                assert other is not None
                cells[language] = other
                if self.translated:
                    self._findings.warn("translation_missing", other.place, language=language, got=other.text)
        return {language: self._clean(cell, named) for language, cell in cells.items() if cell is not None}

    def _cell(self, found: Mapping[str, Cell], language: str) -> Cell | None:
        spare = (*self._spare, "") if not self.translated else ("",)
        for name in (language, *spare):
            if name in found:
                return found[name]
        others = [cell for name, cell in found.items() if name not in BOTH]
        if self.translated:
            return None
        return others[0] if others else next(iter(found.values()), None)

    def _clean(self, cell: Cell, named: Callable[[str, Cell], str] | None) -> str:
        text, place = cell.text, cell.place
        if _CONTROL.search(text):
            if "\n" in text:
                self._findings.warn("text_lines", place)
            text = " ".join(_CONTROL.sub(" ", text).split())
        if _MARKUP.search(text):
            self._findings.warn("text_markup", place, got=text)
        if len(text) > CHARACTERS:
            self._findings.error("text_long", place, most=CHARACTERS, got=len(text))
            text = text[:CHARACTERS]
        if named is not None:
            return _REFERENCE.sub(lambda match: "${" + named(match[1], cell) + "}", text)
        if "${" in text:
            self._findings.error("text_reference", place)
        return text

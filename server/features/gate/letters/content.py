"""What a letter says: a snapshot, taken when it is queued, so that every try sends the same words."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Language: TypeAlias = Literal["vi", "en"]


class Words(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(frozen=True)

    vi: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the text in one language."""
        return self.vi if language == "vi" else self.en


class Content(BaseModel):
    """The snapshot. Times are ms since 1970; `opens` is minutes before `starts`; `entries` 0 means no bound.

    `code` is the text `MCI1:...`, None in a letter that cancels.
    """

    model_config = ConfigDict(frozen=True)

    origin: str
    language: Language
    name: str
    unit: Words
    title: str
    place: Words
    address: str
    gates: tuple[Words, ...]
    starts: int
    ends: int
    opens: int = 0
    host: str = ""
    room: str = ""
    note: str = ""
    entries: int = 1
    version: int
    code: str | None = Field(pattern=r"^[0-9A-Z $%*+./:-]+$")

    def to_value(self) -> dict[str, Any]:
        """Return what the record `mail` keeps under `content`."""
        return self.model_dump(mode="json")

"""One frozen configuration, read once from `MOTCUA_*` variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

_PREFIX: Final = "MOTCUA_"
_MIB: Final = 1024 * 1024


class ConfigError(ValueError):
    """The environment is not what was expected; the message is a sentence for whoever starts the service."""


class Config(BaseModel):
    """What the service is told from outside. Sizes are bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(default=Path("data"), description="the folder that holds all state")
    key: str = Field(min_length=32, description="the secret that encrypts issuer keys at rest, 32 characters or more")
    origins: tuple[str, ...] = Field(
        default=("http://localhost:8000",), description="web origins of the service, the present one first"
    )
    city: str = Field(default="Thành phố Hồ Chí Minh", description="the name of the city")
    pwa: Path = Field(default=Path(__file__).parent.parent / "pwa" / "dist", description="the folder of the built app")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    metrics_token: str = Field(default="", description="the bearer token that opens /metrics")
    blob_bytes: int = Field(default=32 * _MIB, ge=1, description="the largest attachment")
    request_bytes: int = Field(default=2 * _MIB, ge=1024, description="the largest request body")

    @field_validator("origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split(",")) if isinstance(value, str) else value

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
                raise ValueError(f"expected an origin such as https://motcua.example, got {origin!r}")
        return value

    @property
    def origin(self) -> str:
        """The origin that links point to."""
        return self.origins[0]

    @cached_property
    def rp(self) -> str:
        """The WebAuthn relying party id: the host of the present origin."""
        host = urlsplit(self.origin).hostname
        assert host is not None
        return host

    @property
    def secure(self) -> bool:
        """Whether cookies carry `Secure`."""
        return self.origin.startswith("https://")


def from_environment(environment: Mapping[str, str]) -> Config:
    """Read the `MOTCUA_*` variables. An unknown or bad one raises `ConfigError` with what was expected."""
    given = {
        name.removeprefix(_PREFIX).lower(): value for name, value in environment.items() if name.startswith(_PREFIX)
    }
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        raise ConfigError(" ".join(_sentence(each["loc"], each["msg"]) for each in error.errors())) from error


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = str(where[0])
    field = Config.model_fields.get(name)
    if field is None:
        known = ", ".join(f"{_PREFIX}{each.upper()}" for each in Config.model_fields)
        return f"{_PREFIX}{name.upper()} is not known; expected one of {known}."
    about = f" ({field.description})" if field.description else ""
    return f"{_PREFIX}{name.upper()}{about}: {message}."

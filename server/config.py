"""One frozen configuration, read once from `MOTCUA_*` variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

_PREFIX: Final = "MOTCUA_"
_MIB: Final = 1024 * 1024


class ConfigError(ValueError):
    """The environment is not what was expected; the message is a sentence for whoever starts the service."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server, as `MOTCUA_SMTP` names it. `tls` is "tls" from the start, "starttls", or "none"."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)


class Config(BaseModel):
    """What the service is told from outside. Sizes are bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(default=Path("data"), description="the folder that holds all state")
    database: str = Field(
        default="",
        pattern=r"^(postgres(ql)?://.+)?$",
        repr=False,
        description="postgresql://user:password@host/name for records in PostgreSQL; none for a file in the folder",
    )
    key: str = Field(min_length=32, description="the secret that encrypts issuer keys at rest, 32 characters or more")
    origins: tuple[str, ...] = Field(
        default=("http://localhost:8000",), description="web origins of the service, the present one first"
    )
    city: str = Field(default="Thành phố Hồ Chí Minh", description="the name of the city")
    pwa: Path = Field(default=Path(__file__).parent.parent / "pwa" / "dist", description="the folder of the built app")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    metrics_token: str = Field(default="", description="the bearer token that opens /metrics")
    smtp: SmtpServer | None = Field(
        default=None, description="the mail server, as smtp://user:password@host:587?tls=starttls or smtps://"
    )
    mail_from: str = Field(default="", description="the address that letters come from", validate_default=True)
    blob_bytes: int = Field(default=32 * _MIB, ge=1, description="the largest attachment")
    request_bytes: int = Field(default=2 * _MIB, ge=1024, description="the largest request body")
    drain: float = Field(default=0, ge=0, le=600, description="seconds from SIGTERM, during which /readyz says 503")

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

    @field_validator("smtp", mode="before")
    @classmethod
    def _read_smtp(cls, value: object) -> object:
        return (_smtp_server(value) if value else None) if isinstance(value, str) else value

    @field_validator("mail_from")
    @classmethod
    def _is_address(cls, value: str, info: ValidationInfo) -> str:
        if value or info.data.get("smtp") is not None:
            _check_address(value)
        return value

    @property
    def sender(self) -> str:
        """The address that letters come from."""
        return self.mail_from or f"motcua@{self.rp}"

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


def _smtp_server(url: str) -> SmtpServer:
    """Read the URL; no message repeats it, for it may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError("expected the port of MOTCUA_SMTP to be a number") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("expected smtp://host:587 or smtps://host, with user:password@ where needed")
    tls = "tls" if parts.scheme == "smtps" else parse_qs(parts.query).get("tls", ["starttls"])[-1]
    if tls not in ("tls", "starttls", "none") or (tls == "tls") != (parts.scheme == "smtps"):
        raise ValueError("expected ?tls=starttls or ?tls=none after smtp://")
    if parts.password and tls == "none" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("expected TLS where a password crosses the network")
    return SmtpServer(
        host=parts.hostname,
        port=port or {"tls": 465, "starttls": 587, "none": 25}[tls],
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _check_address(address: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", address):
        raise ValueError(f"expected an address such as motcua@city.example, got {address!r}")


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = str(where[0])
    field = Config.model_fields.get(name)
    if field is None:
        known = ", ".join(f"{_PREFIX}{each.upper()}" for each in Config.model_fields)
        return f"{_PREFIX}{name.upper()} is not known; expected one of {known}."
    about = f" ({field.description})" if field.description else ""
    return f"{_PREFIX}{name.upper()}{about}: {message}."

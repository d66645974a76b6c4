"""What the service is told from outside: a wrong word is a sentence for whoever starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from server.config import Config, ConfigError, SmtpServer, from_environment

KEY = "k" * 32
REPOSITORY = Path(__file__).parent.parent


def test_only_a_key_must_be_given() -> None:
    config = from_environment({"MOTCUA_KEY": KEY, "PATH": "/bin", "motcua_key": "x"})
    assert config.data == Path("data")
    assert (config.origin, config.rp, config.secure) == ("http://localhost:8000", "localhost", False)


def test_the_first_origin_is_the_present_one() -> None:
    origins = "https://motcua.example:8443,https://old.example"
    config = from_environment({"MOTCUA_KEY": KEY, "MOTCUA_ORIGINS": origins})
    assert config.origins == tuple(origins.split(","))
    assert (config.rp, config.secure) == ("motcua.example", True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOTCUA_KEY", "short", "the secret that encrypts issuer keys at rest"),
        ("MOTCUA_ORIGINS", "motcua.example", "expected an origin such as https://motcua.example, got 'motcua.example'"),
        ("MOTCUA_ORIGINS", "https://motcua.example/", "got 'https://motcua.example/'"),
        ("MOTCUA_ORIGINS", "https://a.example, https://b.example", "got ' https://b.example'"),
        ("MOTCUA_ORIGINS", "javascript://x", "expected an origin"),
        ("MOTCUA_ORIGINS", "", "expected an origin"),
        ("MOTCUA_LOG_LEVEL", "loud", "MOTCUA_LOG_LEVEL"),
        ("MOTCUA_SMTP", "mail.example:587", "expected smtp://host:587 or smtps://host"),
        ("MOTCUA_SMTP", "smtp://mail.example:many", "expected the port of MOTCUA_SMTP to be a number"),
        ("MOTCUA_SMTP", "smtp://mail.example?tls=maybe", "expected ?tls=starttls or ?tls=none after smtp://"),
        ("MOTCUA_SMTP", "smtp://an:x@mail.example?tls=none", "expected TLS where a password crosses the network"),
        ("MOTCUA_MAIL_FROM", "Một Cửa", "expected an address such as motcua@city.example"),
        ("MOTCUA_MAIL_FROM", "a@b.example\nBcc: c@d.example", "expected an address"),
        ("MOTCUA_BLOB_BYTES", "many", "the largest attachment"),
        ("MOTCUA_BLOB_BYTES", "0", "the largest attachment"),
        ("MOTCUA_REQUEST_BYTES", "1", "the largest request body"),
        ("MOTCUA_DATABSE", "x", "MOTCUA_DATABSE is not known; expected one of MOTCUA_DATA, MOTCUA_DATABASE"),
        ("MOTCUA_", "x", "is not known"),
    ],
)
def test_a_bad_variable_is_named_with_what_was_expected(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_environment({"MOTCUA_KEY": KEY, name: value})
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_missing_key_and_all_else_that_is_wrong_are_named_at_once() -> None:
    with pytest.raises(ConfigError, match=r"MOTCUA_LOG_LEVEL.*MOTCUA_KEY|MOTCUA_KEY.*MOTCUA_LOG_LEVEL"):
        from_environment({"MOTCUA_LOG_LEVEL": "loud"})


def test_a_secret_that_is_too_short_is_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        from_environment({"MOTCUA_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587, "starttls", "", "")),
        ("smtp://localhost:2525?tls=none", SmtpServer("localhost", 2525, "none", "", "")),
        ("smtp://localhost?tls=none", SmtpServer("localhost", 25, "none", "", "")),
        ("smtps://an%40b:p%3Ass%2F@mail.example", SmtpServer("mail.example", 465, "tls", "an@b", "p:ss/")),
        ("", None),
    ],
)
def test_a_mail_server_is_a_url(url: str, server: SmtpServer | None) -> None:
    given = {"MOTCUA_KEY": KEY, "MOTCUA_SMTP": url, "MOTCUA_MAIL_FROM": "motcua@city.example"}
    config = from_environment(given)
    assert (config.smtp, config.sender) == (server, "motcua@city.example")
    assert "p:ss/" not in repr(config)


def test_letters_come_from_the_present_origin_unless_told_otherwise() -> None:
    config = from_environment({"MOTCUA_KEY": KEY, "MOTCUA_ORIGINS": "https://motcua.example"})
    assert (config.smtp, config.sender) == (None, "motcua@motcua.example")


def test_a_mail_server_needs_an_address_that_letters_come_from() -> None:
    with pytest.raises(
        ConfigError, match=r"MOTCUA_MAIL_FROM.*expected an address such as motcua@city\.example, got ''"
    ):
        from_environment({"MOTCUA_KEY": KEY, "MOTCUA_SMTP": "smtp://mail.example"})


def test_a_bad_mail_server_does_not_show_its_password() -> None:
    with pytest.raises(ConfigError) as caught:
        from_environment({"MOTCUA_KEY": KEY, "MOTCUA_SMTP": "smtp://an:hunter2@mail.example/x"})
    assert "hunter2" not in str(caught.value)


def test_the_configuration_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Config(key=KEY).data = Path("elsewhere")  # type: ignore[misc]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_command_says_one_sentence_and_no_traceback(command: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environment |= {"MOTCUA_DATA": str(tmp_path), "MOTCUA_KEY": KEY, "MOTCUA_COLOUR": "red"}
    done = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", command],
        env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("motcua: MOTCUA_COLOUR is not known; expected one of MOTCUA_DATA")
    assert done.stderr.count("\n") == 1

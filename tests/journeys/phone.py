"""A phone as a journey needs it: a browser context with a passkey of its own, and a network that can go."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, expect

AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "hasPrf": True,
}
DESKTOP = {"width": 1280, "height": 800}
SMALL = {"width": 360, "height": 740}
READS = """async () => {
  const keys = await (await caches.open('motcua-app')).keys();
  return ['/worker-', '/zxing_reader-'].every((name) => keys.some(({ url }) => url.includes(name)));
}"""


def until(page: Page, condition: str) -> None:
    """Wait until a function that promises an answer says yes: `wait_for_function` takes the promise for a yes."""
    end = time.monotonic() + 30
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"expected within 30 s: {condition}"
        page.wait_for_timeout(50)


class Phone:
    """One browser context. `page` is the tab in hand; a virtual authenticator belongs to one tab, so it moves along."""

    def __init__(self, browser: Browser, origin: str, *, viewport: dict[str, int] = SMALL, dark: bool = False) -> None:
        self.origin = origin
        self.context: BrowserContext = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            base_url=origin,
        )
        self.context.set_default_timeout(15_000)
        self.errors: list[str] = []
        self._credentials: list[dict[str, Any]] = []
        self._offline = False
        self.page = self._open()

    def new_tab(self) -> Page:
        """Kill the tab without asking it, and open another one; passkeys and storage stay, as on a phone."""
        self.remember_passkeys()
        self.page.close(run_before_unload=False)
        self.page = self._open()
        return self.page

    def crash(self) -> Page:
        """Let the tab's process die, as on a phone that runs out of memory, and open another tab."""
        self.remember_passkeys()
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()
        self.page = self._open()
        return self.page

    def go(self, path: str) -> Page:
        """Open a route of the app."""
        self.page.goto(self.origin + path)
        return self.page

    def passkeys(self) -> list[dict[str, Any]]:
        """Return the passkeys that this phone has, as a password manager would carry them to another phone."""
        self.remember_passkeys()
        return self._credentials

    def add_passkeys(self, credentials: list[dict[str, Any]]) -> None:
        """Give this phone passkeys that were made on another one."""
        for credential in credentials:
            self._session.send(
                "WebAuthn.addCredential", {"authenticatorId": self._authenticator, "credential": credential}
            )

    def remember_passkeys(self) -> None:
        """Take note of the passkeys before the tab that holds the authenticator goes."""
        got = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._authenticator})
        self._credentials = got["credentials"]

    def forget_passkeys(self) -> None:
        """Lose the passkeys that this phone has."""
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self._authenticator})
        self._credentials = []

    def ready_offline(self) -> None:
        """Wait until the service worker has all that the app needs without network."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        expect(self.page.get_by_test_id("status")).to_be_visible()

    def ready_to_scan(self) -> None:
        """Wait until the worker also has what reads codes, which comes along in the background."""
        until(self.page, READS)

    def set_offline(self, offline: bool) -> None:
        """Cut or mend this phone's network, for pages and worker alike."""
        self._offline = offline
        self.context.set_offline(offline)
        self._override(offline)

    def close(self) -> None:
        """Put the phone away."""
        self.context.close()

    def _open(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text))
        self._session: CDPSession = self.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable", {"enableUI": False})
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self._authenticator: str = made["authenticatorId"]
        self.add_passkeys(self._credentials)
        self._session.send("Network.enable")
        if self._offline:
            self._override(True)
        return page

    def _override(self, offline: bool) -> None:
        # navigator.onLine flips back after a reload unless this session says so too
        values = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._session.send("Network.overrideNetworkState", values)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text and "WebSocket connection" not in text:
            self.errors.append(text)

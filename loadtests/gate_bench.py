"""How fast a guard's phone is: `python -m loadtests.gate_bench`.

A real service with a full unit, a real browser with its CPU slowed: how long a pack takes from the press of the button
until verdicts rest on it, what it weighs on the wire, and how long it is from a camera's frame to a verdict. The latter
runs on the page's own thread, because the browser slows no worker down.
"""

from __future__ import annotations

import argparse
import io
import math
import random
import tempfile
import time
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import cbor2
import requests
from PIL import Image
from playwright.sync_api import Browser, CDPSession, expect, sync_playwright

from loadtests.gate_unit import codes, fill
from loadtests.service import Service
from loadtests.sources import sources
from setup.browser import installed
from sync.batch import base64url
from tests.journeys import feedback, gate
from tests.journeys.film import picture
from tests.journeys.phone import Phone

MODULE: Final = "/src/features/gate/testing/bench.ts"
FRAME: Final = (1280, 720)
ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

# From the press of the button until the button is free again: all is stored, and the first time its signatures hold.
# The second figure is until the pack had come.
PRESSED: Final = """async () => {
  const button = document.querySelector('.actions .button');
  const isBusy = () => button.getAttribute('aria-disabled') === 'true';
  const rests = () => !isBusy() && document.querySelectorAll('.checks .yes').length >= 4;
  performance.clearResourceTimings();
  const began = performance.now();
  button.click();
  for (let late = false; !late && !isBusy(); late = performance.now() - began > 5_000) await new Promise(setTimeout);
  while (!rests()) {
    await new Promise(setTimeout);
    if (performance.now() - began > 60_000) throw new Error(document.querySelector('main').innerText);
  }
  const held = performance.now();
  const [pack] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/gate/pack'));
  return [held - began, pack.responseEnd - began];
}"""


def main() -> None:
    """Print what came of one run."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.gate_bench", description=__doc__)
    parser.add_argument("--slower", type=int, default=4, help="how many times the CPU is slowed down (4)")
    parser.add_argument("--statuses", type=int, default=50_000, help="places of the status list in use (50000)")
    parser.add_argument("--checkins", type=int, default=10_000, help="check-ins of the last hours (10000)")
    parser.add_argument("--frames", type=int, default=200, help="frames to read and judge (200)")
    parser.add_argument("--pwa", help="folder with the built app, if another one than pwa/dist")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(Path(folder), **({"pwa": options.pwa} if options.pwa else {}))
        service.command("demo")
        fill(service, unit=gate.UNIT, statuses=options.statuses, checkins=options.checkins)
        service.start()
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        print(f"{options.statuses:,} states, {options.checkins:,} check-ins, CPU {options.slower}x slower")
        pack = _pack(browser, service, slower=options.slower)
        for name, text in codes(service, unit=gate.UNIT, now=pack["time"]).items():
            print(f"{name}, {len(text)} characters: {_frames(browser, pack, text, options.frames, options.slower)}")
        browser.close()
        service.kill()


def _pack(browser: Browser, service: Service, *, slower: int) -> Any:
    """Pair a phone, print what its pack took, and return the pack."""
    phone = Phone(browser, service.origin)
    page = feedback.enrol(phone, service.command("enrol", "guard", "--unit", gate.UNIT).split()[-1], "Phạm Văn Dũng")
    phone.go("/gate/pair")
    page.get_by_label("Cửa chính").check()
    session = phone.context.new_cdp_session(page)
    wire = _on_the_wire(session)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    first, came = page.evaluate(PRESSED)
    expect(page.get_by_test_id("ready")).to_have_text("Sẵn sàng làm việc không cần mạng", timeout=120_000)
    again = [page.evaluate(PRESSED)[0] for _ in range(3)]
    service.stop()
    opened = _opened(phone, slower=slower)
    service.start()
    print(f"pack: {wire['/gate/pack'] / 1000:.0f} kB on the wire, verdicts rest on it", end=" ")
    print(f"{first:.0f} ms after the press ({came:.0f} ms until it came), on a later one after {median(again):.0f} ms")
    print(f"opened again with the server gone: {opened:.0f} ms to the camera")
    cookies = {each["name"]: each["value"] for each in phone.context.cookies()}
    pack = cbor2.loads(requests.get(f"{service.origin}/gate/pack", cookies=cookies, timeout=60).content)
    phone.close()
    return pack


def _opened(phone: Phone, *, slower: int) -> float:
    """Open the gate in a new tab; return the ms until its camera would be open."""
    page = phone.new_tab()
    phone.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    began = time.perf_counter()
    phone.go("/gate")
    page.get_by_test_id("scanner").wait_for()
    return 1000 * (time.perf_counter() - began)


def _on_the_wire(session: CDPSession) -> dict[str, int]:
    """Return a dict that is filled with the bytes that came for each path."""
    paths: dict[str, str] = {}
    bytes_: dict[str, int] = {}
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))

    def finished(event: dict[str, Any]) -> None:
        path = "/" + paths.get(event["requestId"], "").partition("://")[2].partition("/")[2]
        bytes_[path] = int(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    return bytes_


def _frames(browser: Browser, pack: Any, text: str, rounds: int, slower: int) -> str:
    """Return how long reading and judging frames of a code took."""
    states = [[each["kind"], each["state"]] for each in pack["records"] if each["kind"] in ("trust", "statuslist")]
    given = {
        "frames": [_address(frame) for frame in _held(text)],
        "pack": states,
        "columns": {key: value if key == "n" else base64url(value) for key, value in pack["checkins"].items()},
        "gate": {"unit": gate.UNIT, "place": 1, "bit": 0, "way": "in", "challenge": None},
        "time": pack["time"],
        "rounds": rounds,
    }
    with sources(MODULE) as origin:
        page = browser.new_context().new_page()
        page.route(f"{origin}/blank", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto(f"{origin}/blank")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        measured = page.evaluate("async ([module, given]) => (await import(module)).measure(given)", [MODULE, given])
        page.context.close()
    if set(measured["reasons"]) != {"ADMIT invitation"}:
        raise RuntimeError(f"expected every frame to admit, got {set(measured['reasons'])}")
    parts = ", ".join(f"{name} {_line(measured[name])}" for name in ("read", "judged"))
    again = sum(looks - 1 for looks in measured["looks"])
    return f"frame to verdict {_line(measured['both'])} ({parts}; {again} of {rounds} frames needed a second look)"


def _line(took: Sequence[float]) -> str:
    return f"p50 {median(took):.0f} ms, p95 {quantiles(took, n=20)[-1]:.0f} ms"


def _held(text: str) -> list[Image.Image]:
    """Return frames of a code on a phone that somebody holds out: turned, off the middle, in a grey room."""
    code = picture(text, module=6).convert("L")
    frames = []
    for step in range(8):
        room = Image.linear_gradient("L").resize(FRAME).point(lambda light: 60 + light // 4)
        side = round(FRAME[1] * (0.55 + 0.03 * step))
        turned = code.resize((side, side)).rotate(12 * math.sin(step), expand=True, fillcolor=235)
        room.paste(turned, ((FRAME[0] - turned.width) // 2 + 20 * (step - 4), (FRAME[1] - turned.height) // 2))
        frames.append(room.point(lambda light: min(255, max(0, light + random.randrange(-9, 10)))))
    return frames


def _address(frame: Image.Image) -> str:
    png = io.BytesIO()
    frame.convert("RGB").save(png, "PNG")
    return f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"


if __name__ == "__main__":
    main()

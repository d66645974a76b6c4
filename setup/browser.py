"""Makes sure that a Chromium is there for the tests: the machine's, Debian's, or Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PROGRAMS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
PACKAGES = ("chromium", "chromium-headless-shell", "fonts-noto-core")


def installed() -> str | None:
    """Return the path of a Chromium on this machine."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def shell() -> str | None:
    """Return the path of a Chromium without windows, which spends less on what nobody sees; else that of any."""
    return next((path for path in map(shutil.which, SHELLS) if path), installed())


def _apt(command: str, *packages: str, check: bool = True) -> bool:
    """Run apt-get where there is one and this is root; return whether it was run. `check` ends with what went wrong."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-y", "--no-install-recommends"] if packages else ["-qq"]
    quiet = None if check else subprocess.DEVNULL
    subprocess.run(
        ["apt-get", command, *options, *packages],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=quiet,
        check=check,
    )
    return True


def main() -> None:
    """Install a browser in the way that this machine allows, or say what to do."""
    if installed():
        if shell() == installed():
            _apt("install", "chromium-headless-shell", check=False)
        return
    if _apt("update") and _apt("install", *PACKAGES):
        return
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode:
        sys.exit("The browser tests need Chromium: install the package `chromium` of this system, then run again.")


if __name__ == "__main__":
    main()

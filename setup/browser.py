"""Makes sure that a Chromium is there for the tests: the machine's, Debian's, or Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PROGRAMS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-core")


def installed() -> str | None:
    """Return the path of a Chromium on this machine."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def main() -> None:
    """Install a browser in the way that this machine allows, or say what to do."""
    if installed():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=True)
        return
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode:
        sys.exit("The browser tests need Chromium: install the package `chromium` of this system, then run again.")


if __name__ == "__main__":
    main()

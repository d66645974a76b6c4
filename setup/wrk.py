"""Makes sure that wrk is there for the benchmark, where this machine allows; the benchmark also runs without it."""

from __future__ import annotations

import os
import shutil
import subprocess


def main() -> None:
    """Install wrk as root on Debian; else say what the benchmark will do instead."""
    if shutil.which("wrk"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "wrk"]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    if not shutil.which("wrk"):
        print("wrk is not installed; the benchmark will replay with Python, which takes more of the processor.")


if __name__ == "__main__":
    main()

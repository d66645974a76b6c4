"""Makes sure that PostgreSQL is there for the tests and benchmarks: the machine's, or Debian's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

MISSING = "PostgreSQL 14 or newer is not installed: install the package `postgresql` of this system."


def installed() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs on this machine."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    found.sort(key=lambda folder: int(folder.parent.name) if folder.parent.name.isdecimal() else 0)
    on_path = shutil.which("postgres")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None


def main() -> None:
    """Install it as root on Debian; else say what will be left out."""
    if installed():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "postgresql"]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    if not installed():
        print(f"{MISSING} Tests of that engine will be skipped.")


if __name__ == "__main__":
    main()

"""Makes sure that the `cwt` package is there for tests, in `.venv/oracle`: it wants an older cbor2 than we do."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / ".venv" / "oracle"
LOCK: Final = ROOT / "requirements-oracle.lock"
PYTHON: Final = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
_DONE: Final = FOLDER / LOCK.name


def main() -> None:
    """Install what the lock file names, unless just that was installed before."""
    if _DONE.exists() and _DONE.read_bytes() == LOCK.read_bytes():
        return
    venv.create(FOLDER, clear=True, with_pip=True)
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([PYTHON, "-m", "pip", "install", *options, "-r", LOCK], check=True)
    _DONE.write_bytes(LOCK.read_bytes())


if __name__ == "__main__":
    main()

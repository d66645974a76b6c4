"""The app's TypeScript as one file that Node runs: for tests that hold the two languages against each other."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PWA = Path(__file__).parents[1] / "pwa"


def bundled(source: str, folder: Path) -> list[str]:
    """Bundle `pwa/src/<source>` into `folder`; return the command that runs it."""
    node = shutil.which("node")
    bundler = PWA / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    assert node is not None, "expected node on the PATH"
    assert bundler.exists(), f"expected the packages of {PWA} to be installed (npm ci)"
    bundle = folder / f"{Path(source).stem}.mjs"
    command = [node, str(bundler), str(PWA / "src" / source), "--file", str(bundle)]
    subprocess.run([*command, "--format", "esm", "--platform", "node"], check=True, cwd=PWA, stdout=subprocess.DEVNULL)
    return [node, str(bundle)]

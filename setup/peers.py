"""Makes sure that the peers of `make peers` are there, in their own folders: Kinto and pouchdb-server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / ".venv" / "peers"
KINTO: Final = FOLDER / "python" / "bin"
MODULES: Final = FOLDER / "node" / "node_modules"
_LOCK: Final = ROOT / "requirements-peers.lock"
_PACKAGES: Final = ("package.json", "package-lock.json")


def node() -> str:
    """Return the program `node`."""
    found = shutil.which("node")
    if found is None:
        raise RuntimeError("expected node on the PATH")
    return found


def main() -> None:
    """Install what the lock files name, unless just that was installed before; else say why there is no comparison."""
    for name, install in (("Kinto", _kinto), ("pouchdb-server", _pouchdb)):
        try:
            install()
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"{name} can't be installed on this machine, so nothing can be compared with it: {error}")


def _kinto() -> None:
    done = FOLDER / _LOCK.name
    if _same(_LOCK, done):
        return
    venv.create(KINTO.parent, clear=True, with_pip=True)
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    subprocess.run([KINTO / "python", "-m", "pip", "install", *options, "-r", _LOCK], check=True)
    shutil.copy(_LOCK, done)


def _pouchdb() -> None:
    """Run no package's install script: the one that is needed, LevelDB's, brings programs for the usual machines."""
    source, target = ROOT / "loadtests" / "peers", MODULES.parent
    if all(_same(source / name, target / f"{name}.done") for name in _PACKAGES):
        return
    target.mkdir(parents=True, exist_ok=True)
    for name in _PACKAGES:
        shutil.copy(source / name, target)
    npm = [shutil.which("npm") or "npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run([*npm, "--loglevel=error"], cwd=target, check=True)
    for name in _PACKAGES:
        shutil.copy(source / name, target / f"{name}.done")


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    main()

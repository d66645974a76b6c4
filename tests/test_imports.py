"""Imports point down, features never look sideways, `sync` looks at nothing: planted violations are found."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gevent import monkey

REPOSITORY = Path(__file__).parent.parent
PURE = {
    "__future__", "base64", "binascii", "collections", "dataclasses", "functools", "hashlib", "json", "re", "typing",
    "unicodedata",
}  # fmt: skip
"""What `sync` may import: parts of the standard library without I/O, clock or chance."""


def imports(file: Path) -> set[str]:
    """Return the first names of what a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0] if node.level == 0 else "sync")
    return found


def test_sync_imports_nothing_but_pure_parts_of_the_standard_library() -> None:
    files = sorted((REPOSITORY / "sync").rglob("*.py"))
    assert len(files) >= 6
    for file in files:
        assert imports(file) <= PURE | {"sync"}, file


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Python tree in which violations can be planted."""
    folder = tmp_path_factory.mktemp("tree")
    for package in ("server", "sync"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / package, folder / package, ignore=ignored, copy_function=shutil.copy)
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=120)


def test_the_tree_as_it_is_keeps_the_rule(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "planted", "said"),
    [
        ("server/features/forms/rules.py", "from server.features import dossiers", "sideways"),
        ("server/features/dossiers/bundle.py", "import server.features.forms.rules", "sideways"),
        ("server/store/rows.py", "from server.exchange import pull", "point down"),
        ("server/exchange/pull.py", "from server.features import forms", "point down"),
        ("server/kinds.py", "from server.auth import Parts", "point down"),
        ("server/errors.py", "import server.app", "point down"),
        ("sync/record.py", "from server.errors import Problem", "point down"),
    ],
)
def test_a_planted_import_is_found(tree: Path, file: str, planted: str, said: str) -> None:
    place = tree / file
    before = place.read_text()
    place.write_text(f"{before}\n\ndef planted() -> None:\n    {planted}\n")
    try:
        done = lint_imports(tree)
    finally:
        place.write_text(before)
    assert done.returncode == 1, done.stdout
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(said in line for line in broken), done.stdout


PLANTED = {
    "src/features/forms/planted.ts": ("import '../dossiers/model.ts';", "sideways"),
    "src/features/account/planted.ts": ("export * from '../forms/model.ts';", "sideways"),
    "src/ui/planted.ts": ("import '../data/records.ts';", "ui may import itself, text, sync"),
    "src/data/planted.ts": ("export const late = import('../features/forms/model.ts');", "data may import"),
    "src/worker/planted.ts": ("import '../ui/router.tsx';", "worker may import"),
    "src/sync/planted.ts": ("import '../data/records.ts';", "sync may import itself, not data"),
    "src/sync/outward.ts": ("import 'idb';", "sync imports nothing, not even idb"),
    "src/text/planted.ts": ("import '../ui/match.ts';", "text may import itself"),
    "src/helpers/planted.ts": ("import '../ui/match.ts';", "is not one of the layers"),
}


def test_an_import_planted_in_the_app_is_found(tmp_path: Path) -> None:
    """ESLint runs the app's own rule; the rules that need types are left out, they need the whole project."""
    node, pwa = shutil.which("node"), REPOSITORY / "pwa"
    if node is None or not (pwa / "node_modules" / "eslint").exists():
        pytest.skip("the app's packages are not installed: make build")
    (tmp_path / "node_modules").symlink_to(pwa / "node_modules")
    shutil.copytree(pwa / "build", tmp_path / "build", copy_function=shutil.copy)
    shutil.copy(pwa / "eslint.config.js", tmp_path / "whole.config.js")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "eslint.config.js").write_text(
        "import tseslint from 'typescript-eslint';\n"
        "import whole from './whole.config.js';\n"
        "const ours = whole.filter((part) => part.plugins?.motcua);\n"
        "export default [{ files: ['**/*.{ts,tsx}'], languageOptions: { parser: tseslint.parser } }, ...ours];\n"
    )
    for name, (text, _) in PLANTED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    (tmp_path / "src/features/forms/sound.ts").write_text("import '../../data/records.ts';\nimport './model.ts';\n")
    done = subprocess.run(
        [node, "node_modules/eslint/bin/eslint.js", "-f", "json", "src"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    found: dict[str, list[Any]] = {
        str(Path(each["filePath"]).relative_to(tmp_path)): each["messages"] for each in json.loads(done.stdout)
    }
    assert found.pop("src/features/forms/sound.ts") == []
    assert found.keys() == PLANTED.keys()
    for name, (_, said) in PLANTED.items():
        (message,) = found[name]
        assert message["ruleId"] == "motcua/layers", name
        assert said in message["message"]


def test_what_the_tests_import_leaves_the_standard_library_as_it_is() -> None:
    """Locust patches it for gevent when it is imported: what needs it runs in processes of its own."""
    assert not monkey.is_module_patched("socket")

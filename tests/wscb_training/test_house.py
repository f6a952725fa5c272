"""The house of the design page stands: what lies where, what imports what, and no migration missing."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.core.management import call_command

BASE = Path(__file__).resolve().parents[2]
APPS = ["monitoring", "learning", "evaluations", "bookings", "courses", "accounts", "competence", "notifications"]
TOP_LEVEL = {
    *APPS, "wscb_training", "templates", "static", "tests", "benchmarks", "docs",
    "manage.py", "requirements.txt", "requirements-dev.txt", "docker-compose.yml", "Dockerfile", "Makefile",
    "README.md", "SECURITY.md", "pyproject.toml",
}  # fmt: skip
# A name that says nothing draws in what has no place; signals hide who calls whom.
NO_SUCH_FILE = {"utils.py", "helpers.py", "services.py", "signals.py", "common.py", "misc.py"}
LONGEST_FILE = 400


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Return every file that git knows of, or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=BASE, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("needs git, and a checkout made with it")
    return [Path(name) for name in listed.stdout.splitlines() if (BASE / name).is_file()]


def test_the_top_level_holds_what_the_design_lists(files):
    found = {path.parts[0] for path in files if not path.parts[0].startswith(".")}
    assert found <= TOP_LEVEL


def test_imports_go_down_the_house():
    lint_imports = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run([lint_imports, "--no-cache"], cwd=BASE, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_no_file_has_a_name_that_says_nothing(files):
    assert [str(path) for path in files if path.name in NO_SUCH_FILE] == []


def test_no_file_of_python_is_long(files):
    python = [path for path in files if path.suffix == ".py" and "migrations" not in path.parts]
    long = {str(path): n for path in python if (n := (BASE / path).read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_version_is_pinned():
    lines = [
        line.split("#")[0].strip()
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (BASE / name).read_text().splitlines()
    ]
    assert [line for line in lines if line and not re.match(r"-r |[\w.-]+(\[[\w,]+\])?==[\w.]+$", line)] == []


def test_the_lock_of_static_names_no_registry():
    assert '"resolved"' not in (BASE / "static/package-lock.json").read_text()


def test_every_package_that_is_imported_is_required(files):
    """So that what happens to be on one person's machine doesn't hide what is missing on all others."""
    required = {canonical(name) for name in re.findall(r"^([\w.-]+)", (BASE / "requirements.txt").read_text(), re.M)}
    of_module = packages_distributions()
    missing = {
        f"{path}: {module}"
        for path in files
        if path.suffix == ".py" and path.parts[0] in {*APPS, "wscb_training"}
        for module in modules_imported(BASE / path)
        if module in of_module and not required & {canonical(name) for name in of_module[module]}
    }
    assert missing == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def modules_imported(path: Path) -> set[str]:
    """Return the first parts of the names of the modules that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_ = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in plain | from_}

"""tools.machine.lock: what the code imports is declared, the locks hold all that is declared, and no address."""

import ast
import re
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.machine import lock

PARTS = ("utils", "tools", "docker", "tests", "benchmarks", "notebooks/source", "labs/source", "projects/source")
OPTIONAL = {"jax", "torch"}  # other backends of Keras, looked at only where somebody chose one; a benchmark installs torch itself
WRITTEN_BY_TESTS = {"long_functions"}
HUB_ONLY = {"nativeauthenticator": "jupyterhub-nativeauthenticator"}  # may not be installed where tests run
LOCKS = {one.path: one for one in lock.LOCKS}


def imported() -> dict[str, str]:
    """Return the module that each import of the code starts with, and one file that imports it."""
    found = {}
    for path in (path for part in PARTS for path in (lock.ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else \
                [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []  # fmt: skip
            found |= {full.split(".")[0]: str(path) for full in names}
            if isinstance(node, ast.ImportFrom) and node.module == "google":
                found |= {f"google.{one.name}": str(path) for one in node.names}
    return found


def of_this_course(module: str) -> bool:
    """Whether a module is the course's own: a room, or a file or folder beside another (docker/hub, tests/labs)."""
    return module in PARTS or any(path.suffix in (".py", "") for part in PARTS for path in (lock.ROOT / part).rglob(f"{module}*")
                                  if path.stem == module)  # fmt: skip


def names(lines: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_every_package_that_the_code_imports_is_declared():
    declared = names([line for one in lock.LOCKS for line in lock.asked_for(one)])
    distributions = metadata.packages_distributions()
    missing = {}
    for module, path in imported().items():
        if module in sys.stdlib_module_names or module in OPTIONAL | WRITTEN_BY_TESTS or of_this_course(module):
            continue
        brought_by = distributions.get(module, [HUB_ONLY.get(module, module)])
        if not declared & {canonicalize_name(name) for name in brought_by}:
            missing[module] = path
    assert missing == {}


@pytest.mark.parametrize("path", LOCKS)
def test_lock_holds_every_direct_dependency_with_digests_and_no_address(path):
    text = (lock.ROOT / path).read_text(encoding="utf-8")
    entries = re.findall(r"^(\S+==.*?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M)
    assert "://" not in text
    assert len(entries) == sum(line[0] not in " #" for line in text.splitlines())
    pinned = {str(Requirement(line).specifier) + canonicalize_name(Requirement(line).name) for line, _ in entries}
    wanted = [Requirement(line) for line in lock.asked_for(LOCKS[path])]
    assert {str(one.specifier) + canonicalize_name(one.name) for one in wanted} <= pinned


@pytest.mark.parametrize("path", [path for path, one in LOCKS.items() if one.agrees_with])
def test_locks_agree_on_every_version(path):
    def versions(file):
        return set(re.findall(r"^([\w.-]+==[^ ]+)", (lock.ROOT / file).read_text(encoding="utf-8"), re.M))

    course, other = versions("requirements.txt"), versions(path)
    shared = {line.split("==")[0] for line in course} & {line.split("==")[0] for line in other}
    assert {line for line in other if line.split("==")[0] in shared} <= course


def test_every_direct_dependency_is_pinned_and_says_what_for():
    text = (lock.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(
        r'^    "(.+?)",(.*)$', text[text.index("\ndependencies") : text.index("[project.optional")], re.M
    )
    assert len(lines) > 30
    for line, comment in lines:
        assert "==" in line
        assert comment.strip().startswith("# ")


def test_a_lock_with_an_address_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "compile_lines", lambda *_: None)
    monkeypatch.setattr(lock, "asked_for", lambda _: [])
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    (tmp_path / "one.txt").write_text("numpy @ https://example.invalid/numpy.whl\n")
    with pytest.raises(lock.LockError, match=r"one\.txt holds an address"):
        lock.write(lock.Lock("one.txt"), tmp_path / "uv", [])

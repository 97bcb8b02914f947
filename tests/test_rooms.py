"""The packages, called rooms: imports point one way, and nothing imports in a circle."""

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOR_ALL = {"utils.files"}  # of the standard library alone
MAY_IMPORT = {
    "utils.files": set(),
    "utils.notebook": set(),
    "utils.text": set(),
    "utils.data": {"utils.text", "utils.notebook"},
    "utils.models": {"utils.data", "utils.text", "utils.notebook"},
    "utils.detection": {"utils.models", "utils.data", "utils.notebook"},
    "tools.lessons": {"utils"},
    "tools.labs": {"tools.lessons", "utils"},
    "tools.machine": {"tools.lessons", "tools.labs", "utils"},
}
MAY_DRAW = {"utils.notebook.plots", "utils.notebook.diagrams", "utils.notebook.display", "utils.detection.drawing"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for package in ("utils", "tools") for path in sorted((ROOT / package).rglob("*.py"))}


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports anywhere in it, those of this project by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & MODULES.keys()) or {node.module}
    return found


IMPORTS = {name: imported(path) for name, path in MODULES.items()}


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("home", MAY_IMPORT)
def test_arrows_between_rooms_point_one_way(home):
    wrong = {
        f"{module} imports {other}"
        for module, others in IMPORTS.items() if room(module) == home
        for other in others if other.split(".")[0] in ("utils", "tools") and room(other) != home
        and not {room(other), other.split(".")[0]} & (MAY_IMPORT[home] | FOR_ALL)
    }  # fmt: skip
    assert wrong == set()


def test_every_module_stands_in_a_room():
    assert {room(module) for module in MODULES} - {"utils", "tools"} <= MAY_IMPORT.keys()


def test_no_module_imports_itself_by_way_of_others():
    graphlib.TopologicalSorter({module: others & MODULES.keys() - {module} for module, others in IMPORTS.items()}).prepare()


def test_only_a_few_modules_draw():
    drawing = {module for module, others in IMPORTS.items() if any(other.split(".")[0] == "matplotlib" for other in others)}
    assert {module for module in drawing if module.startswith("utils")} <= MAY_DRAW

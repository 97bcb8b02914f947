"""The folder where students work: `work/lessons`, `work/labs` and `work/projects`, filled from the course and never written over.

A notebook that a student has not touched is replaced when the course has a newer one; one in which a cell was changed or run is
left alone. Opening one is not touching it, though JupyterLab then notes the kernel in it and saves that by itself. To start a
notebook over, delete it (or move it away) and fill the folder again. Where a lab names a lesson, the copy leads to its workbook.
"""

import contextlib
import hashlib
import json
from pathlib import Path

from utils import files

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ".given.json"  # what was put here, by its digest


def offered(root: Path = ROOT) -> dict[str, Path]:
    """Return what the course gives students to work on: the name inside work/, and the file that it is copied from."""
    lessons = {f"lessons/{path.name}": path for path in sorted((root / "notebooks" / "workbook").glob("*.ipynb"))}
    lessons |= {f"projects/{path.name}": path for path in sorted((root / "projects").glob("*.ipynb"))}
    return lessons | {f"labs/{path.name}": path for path in sorted((root / "labs").glob("lab*.ipynb"))}


def fill(work: Path = ROOT / "work", root: Path = ROOT) -> list[str]:
    """Copy what is missing, replace what is untouched and old.

    Args:
        work: the student's folder; it is made.
        root: the course, which is only read.

    Returns:
        The names of those that the student has touched and of which the course has a newer version; they stay as they are.

    Raises:
        OSError: if the folder cannot be written.
    """
    for folder in ("lessons", "labs", "projects", "models"):  # models: where a lesson saves its network
        (work / folder).mkdir(parents=True, exist_ok=True)
    given, kept = _given(work), []
    for name, original in offered(root).items():
        copy, content = work / name, original.read_bytes().replace(b"](../notebooks/", b"](../lessons/")
        new, old = _digest(content), _digest(copy.read_bytes()) if copy.exists() else ""
        if old not in ("", new, given.get(name)):
            if given.get(name) != new:
                kept.append(name)
            continue
        if old != new:
            with files.atomic_write(copy) as unfinished:
                unfinished.write_bytes(content)
        given[name] = new
    with files.atomic_write(work / GIVEN) as unfinished:
        unfinished.write_text(json.dumps(given, indent=1), encoding="utf-8")
    return kept


def _given(work: Path) -> dict[str, str]:
    try:
        found = json.loads((work / GIVEN).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}  # lost or damaged: whatever differs from the course counts as the student's


def _digest(content: bytes) -> str:
    """Return the SHA-256 of a notebook's cells, with what they gave when they were run; of anything else, of its bytes."""
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
        cells = [[cell["cell_type"], "".join(cell["source"]), cell.get("outputs", []), cell.get("execution_count")]
                 for cell in json.loads(content)["cells"]]  # fmt: skip
        content = json.dumps(cells).encode()
    return hashlib.sha256(content).hexdigest()

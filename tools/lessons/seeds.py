"""Run lessons with several seeds and store what they measure in notebooks/measured/. See `make seeds`."""

import argparse
import copy
import datetime
import json
import platform
import re
import sys
import tempfile
from pathlib import Path

from tools.lessons import notebooks
from utils.data import environment
from utils.models import evaluation

PROFILE = "lesson"
PACKAGES = {"tensorflow": "tensorflow-cpu", "keras": "keras", "numpy": "numpy"}


def measure(notebook: notebooks.Notebook, seeds: int) -> str:
    """Run a lesson once for each seed and write its measured file; return a table of what was measured.

    Args:
        notebook: the lesson; its source runs, whatever is built from it.
        seeds: 2 or more; the runs have COURSE_SEED = 0 ... seeds - 1.

    Raises:
        notebooks.NotebookError: if a run fails, records nothing, or not what the others record; what was stored stays.

    Seeds that have run are kept in reports/ until all have: the next call with the same code goes on after them.
    """
    if seeds < 2:
        raise notebooks.NotebookError(f"expected at least 2 seeds, for a spread; found {seeds}. Say SEEDS=5")
    source = notebooks.read_source(notebook.source)  # read once: it may be edited meanwhile
    unfinished = notebook.source.parents[2] / "reports" / f"{notebook.name}.seeds.json"
    runs, seconds = _kept(unfinished, notebooks.code_digest(source), seeds)
    for seed in range(len(runs), seeds):
        try:
            found, took = _run(copy.deepcopy(source), notebook, seed)
        except notebooks.NotebookError as error:
            raise notebooks.NotebookError(f"{notebook.name} with COURSE_SEED={seed}: {error}") from None
        runs.append(found)
        seconds.append(took)
        print(f"{notebook.name}: seed {seed}, {len(found)} values in {took:.0f} s", file=sys.stderr, flush=True)
        kept = {"code_sha256": notebooks.code_digest(source), "runs": runs, "seconds": seconds}
        notebooks.write_text(unfinished, json.dumps(kept, ensure_ascii=False))
    names = list(runs[0])
    for seed, run in enumerate(runs):
        if odd := sorted(run.keys() ^ runs[0].keys()):
            raise notebooks.NotebookError(f"{notebook.name}: seeds 0 and {seed} differ in whether they record {odd[0]!r}. "
                                          "Record the same names whatever the seed")  # fmt: skip
    if not names:
        raise notebooks.NotebookError(f"{notebook.name} recorded nothing. Give it a profile.expect or profile.record")
    stored = {
        "lesson": notebook.name, "code_sha256": notebooks.code_digest(source), "profile": PROFILE, "seeds": list(range(seeds)),
        "date": datetime.date.today().isoformat(), "seconds": [round(took) for took in seconds], "machine": machine(),
        "quantities": {name: _summary([run[name] for run in runs]) for name in names},
    }  # fmt: skip
    unfinished.unlink(missing_ok=True)
    notebook.measured.parent.mkdir(exist_ok=True)
    notebooks.write_text(notebook.measured, json.dumps(stored, ensure_ascii=False, indent=1) + "\n")
    return table(stored)


def _kept(unfinished: Path, digest: str, seeds: int) -> tuple[list[dict], list[float]]:
    """Return what an interrupted measurement of the same code has left: values and seconds of its first seeds."""
    try:
        kept = json.loads(unfinished.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [], []
    if kept["code_sha256"] != digest:
        return [], []
    return kept["runs"][:seeds], kept["seconds"][:seeds]


def machine() -> dict[str, str | float]:
    """Return what a measured number depends on: cores, processor, versions."""
    versions = {name: environment.version(package) or "none" for name, package in PACKAGES.items()}
    return {"cores": environment.cpu_cores(), "processor": _processor(), "python": platform.python_version()} | versions


def table(stored: dict) -> str:
    """Return one line for each quantity: mean, standard deviation, lowest, highest, and how many seeds passed."""
    lines = [f"{stored['lesson']}: {len(stored['seeds'])} seeds; mean ± standard deviation (lowest … highest)"]
    for name, found in stored["quantities"].items():
        passed = found.get("passed")
        lines.append(
            f"  {name}: {found['mean']:.4g} ± {found['deviation']:.2g} ({min(found['values']):.4g} … "
            f"{max(found['values']):.4g})" + (f", {sum(passed)} of {len(passed)} within the bounds" if passed else "")
        )
    return "\n".join(lines)


def _run(nb, notebook: notebooks.Notebook, seed: int) -> tuple[dict[str, dict], float]:
    nb.cells = [cell for cell in nb.cells if notebooks.STORED not in cell.metadata.get("tags", [])]  # nothing may be stored yet
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder, "recorded")
        recorded.touch()
        seconds, _ = notebooks.execute(
            nb, profile=PROFILE, folder=notebook.built.parent, echo=notebooks.progress(f"{notebook.name}, seed {seed}"),
            settings={"COURSE_SEED": str(seed), "COURSE_RECORD": str(recorded)},
        )  # fmt: skip
        lines = recorded.read_text(encoding="utf-8").splitlines()
    return {line["what"]: line for line in map(json.loads, lines)}, seconds


def _summary(lines: list[dict]) -> dict:
    values = [line["value"] for line in lines]
    spread = evaluation.mean_and_spread(values)
    summary = {"values": values, "mean": spread.mean, "deviation": spread.deviation, "interval": [spread.low, spread.high]}
    passed = [line["passed"] for line in lines]
    return summary if None in passed else summary | {"passed": passed}


def _processor() -> str:
    names = re.findall(r"^model name\s*: (.+)$", environment.read(Path("/proc/cpuinfo")), re.M)
    return names[0] if names else platform.processor() or platform.machine()


@notebooks.command("seeds")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.seeds", description=__doc__)
    parser.add_argument("selection", help="notebook numbers or names such as 07 or 4,7")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args(arguments)
    for notebook in notebooks.find(options.selection):
        print(measure(notebook, options.seeds), flush=True)


if __name__ == "__main__":
    sys.exit(main())

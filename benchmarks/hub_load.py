"""Open servers for many students at once, run a lesson in each, and say what it takes: time, memory, failures.

    sudo .hub-venv/bin/python -m benchmarks.hub_load --users 8                # starts a hub of its own for the trial
    COURSE_HUB_LOAD_TOKEN=... .hub-venv/bin/python -m benchmarks.hub_load --hub https://hub.example.org --users 8

The hub of the second line must have been started with the same COURSE_HUB_LOAD_TOKEN. Users load-01, load-02 ... are made and
removed again. Memory is what the kernel and its server find of themselves, so it needs Linux there: the proportional share
(Pss), which counts what processes share once. Processor seconds do not depend on what else the machine was doing; seconds do.
"""

import argparse
import contextlib
import json
import math
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import mean

import requests

from tests.hub import trial
from tools.lessons import notebooks

COLUMNS = {  # of the table, and by how much a number is divided for it
    "server s": 1, "server cpu s": 1, "kernel s": 1, "kernel cpu s": 1, "lesson s": 1, "server MB": 1e6, "kernel MB": 1e6, "peak MB": 1e6,
}  # fmt: skip
MEASURE = """
import json, os, re
def look(pid):
    read = lambda name: open(f"/proc/{pid}/{name}").read()
    number = lambda name, file: int(re.search(rf"^{name}:\\s+(\\d+) kB", read(file), re.M)[1]) * 1024
    ticks = read("stat").rpartition(")")[2].split()[11:13]
    return [sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), number("Pss", "smaps_rollup"), number("VmHWM", "status")]
print(json.dumps([look(os.getppid()), look(os.getpid())]))
"""


def lesson_cells() -> list[str]:
    """Return the code of notebook 04: imports, data, training, prediction, saving."""
    return [cell.source for cell in notebooks.read_source(notebooks.find("04")[0].source).cells if cell.cell_type == "code"]


def run(student: trial.Person, cell: str) -> str:
    """Run a cell and return what it printed; raise HubError if the cell fails."""
    result = student.run(cell)
    if result.error:
        raise trial.HubError(f"a cell failed ({result.error}): {cell[:80]!r}")
    return result.printed


def one_student(student: trial.Person, profile: str) -> list[float]:
    """Start a server and a kernel, run the lesson, and return what the table shows: seconds and bytes."""
    times, cells = [time.perf_counter()], lesson_cells()
    student.start_server()
    times.append(time.perf_counter())
    student.start_kernel()
    run(student, f"import os; os.environ['COURSE_PROFILE'] = {profile!r}\n{cells[0]}")
    (server_cpu, *_), (kernel_cpu, *_) = json.loads(run(student, MEASURE))
    times.append(time.perf_counter())
    for cell in cells[1:]:
        run(student, cell)
    (_, server, _), (_, kernel, peak) = json.loads(run(student, MEASURE))
    times.append(time.perf_counter())
    seconds = [end - start for start, end in zip(times, times[1:], strict=False)]
    return [seconds[0], server_cpu, seconds[1], kernel_cpu, seconds[2], server, kernel, peak]


def load(address: str, token: str, users: int, profile: str) -> dict[str, list[float] | str]:
    """Return for each of so many students who begin at once what it took, or why it failed."""

    def of(name: str) -> list[float] | str:
        with trial.Person(address, name, token) as student:
            try:
                with contextlib.suppress(trial.HubError):  # who is left over from another trial is there already
                    student.call("POST", f"/hub/api/users/{name}")
                with contextlib.ExitStack() as at_the_end:
                    at_the_end.callback(student.call, "DELETE", f"/hub/api/users/{name}")
                    at_the_end.callback(student.stop_server)
                    return one_student(student, profile)
            except (trial.HubError, requests.RequestException) as error:
                return str(error)

    names = [f"load-{number:02}" for number in range(1, users + 1)]
    with ThreadPoolExecutor(users) as class_of_so_many:
        return dict(zip(names, class_of_so_many.map(of, names), strict=True))


def table(rows: dict[str, list[float] | str]) -> str:
    """Return what each student took, the mean, and the failures, as text."""
    well = [row for row in rows.values() if not isinstance(row, str)]
    means = [mean(column) for column in zip(*well, strict=True)]
    lines = ["  ".join(["student", *COLUMNS])]
    for name, row in [*rows.items(), *([("mean", means)] if well else [])]:
        numbers = [] if isinstance(row, str) else zip(row, COLUMNS.items(), strict=True)
        cells = [f"{value / unit:{len(column)}.{1 if unit == 1 else 0}f}" for value, (column, unit) in numbers] or [row]
        lines.append("  ".join([f"{name:7}", *cells]))
    return "\n".join([*lines, f"{len(rows) - len(well)} of {len(rows)} failed"])


def for_a_class(rows: dict[str, list[float] | str], students: int = 40, minutes: float = 2.0) -> str:
    """Return what a class of so many needs, computed from what few took, to see its first cell's result within so many minutes."""
    well = [row for row in rows.values() if not isinstance(row, str)]
    if not well:
        return "Nothing can be computed: every student failed."
    memory = students * max(row[5] + row[7] for row in well)
    cpu = students * mean(row[1] + row[3] for row in well)
    return (
        f"For {students} students: {memory / 1e9:.0f} GB of memory for this lesson, and {cpu:.0f} processor seconds until everybody's "
        f"first cell has run, that is {math.ceil(cpu / 60 / minutes)} cores to have it within {minutes:g} minutes."
    )


def main(arguments: list[str] | None = None) -> int:
    """Measure a hub, print the table, and return 0 if every student got through."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hub_load", description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="", help="a hub's address; when left out, one is started for the trial")
    parser.add_argument("--users", type=int, default=8, choices=range(1, 201), metavar="1..200")
    parser.add_argument("--profile", choices=("smoke", "lesson"), default="smoke", help="how much of the lesson is computed")
    options = parser.parse_args(arguments)
    token = os.environ.get("COURSE_HUB_LOAD_TOKEN", "") if options.hub else os.urandom(32).hex()
    if not token:
        parser.error("Set COURSE_HUB_LOAD_TOKEN to the token that the hub was started with.")
    try:
        with contextlib.ExitStack() as at_the_end:
            address = options.hub or at_the_end.enter_context(trial.running(["nobody"], {"COURSE_HUB_LOAD_TOKEN": token})).address
            rows = load(address, token, options.users, options.profile)
    except trial.HubError as error:
        print(f"hub_load: {error}", file=sys.stderr)
        return 1
    print(table(rows), for_a_class(rows), sep="\n\n")
    return int(any(isinstance(row, str) for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())

"""Open servers for many students at once, run a lesson in each, and say what it takes: time, memory, failures.

    sudo .hub-venv/bin/python -m benchmarks.hub_load --users 8                # starts a hub of its own for the trial
    sudo .hub-venv/bin/python -m benchmarks.hub_load --spawner docker         # in containers of the image COURSE_HUB_IMAGE
    sudo .hub-venv/bin/python -m benchmarks.hub_load --lesson 15 --profile lesson --checkpoints    # with what was trained before
    COURSE_HUB_LOAD_TOKEN=... .hub-venv/bin/python -m benchmarks.hub_load --hub https://hub.example.org --users 8

The hub of the last line must have been started with the same COURSE_HUB_LOAD_TOKEN. Users load-01, load-02 ... are
made and removed again; in containers their volumes stay (docker volume ls --filter name=course-work-load). Memory is
what the kernel and its server find of themselves, so it needs Linux there: the proportional share (Pss), which counts
what processes share once. Processor seconds do not depend on what else the machine was doing; seconds do.
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

FIGURES = (
    "server starts, s", "of which processor, s", "first cell has run, s", "of which processor, s", "the other cells, s",
    "memory of the server, MB", "memory of the kernel, MB", "at its peak, MB",
)  # fmt: skip
MEASURE = """
import json, os, re
def look(pid):
    read = lambda name: open(f"/proc/{pid}/{name}").read()
    number = lambda name, file: int(re.search(rf"^{name}:\\s+(\\d+) kB", read(file), re.M)[1]) / 1000
    ticks = read("stat").rpartition(")")[2].split()[11:13]
    return [sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), number("Pss", "smaps_rollup"), number("VmHWM", "status")]
print(json.dumps([look(os.getppid()), look(os.getpid())]))
"""


def lesson_cells(selection: str) -> list[str]:
    """Return the code of a lesson, or of several such as 4,7, without sliders, which wait for a hand."""
    return [cell.source for lesson in notebooks.find(selection) for cell in notebooks.read_source(lesson.source).cells
            if cell.cell_type == "code" and notebooks.TOUCH not in cell.metadata.get("tags", [])]  # fmt: skip


def one_student(student: trial.Person, cells: list[str], settings: dict[str, str]) -> list[float]:
    """Start a server and a kernel, run the lesson's cells with these settings, and return the figures."""
    times = [time.perf_counter()]
    student.start_server()
    times.append(time.perf_counter())
    student.start_kernel()
    student.run(f"import os; os.environ.update({settings!r})\n{cells[0]}")
    (server_cpu, *_), (kernel_cpu, *_) = json.loads(student.run(MEASURE))
    times.append(time.perf_counter())
    for cell in cells[1:]:
        student.run(cell)
    (_, server, _), (_, kernel, peak) = json.loads(student.run(MEASURE))
    start, first, rest = (end - start for start, end in zip(times, [*times[1:], time.perf_counter()], strict=True))
    return [start, server_cpu, first, kernel_cpu, rest, server, kernel, peak]


def load(address: str, token: str, users: int, cells: list[str], settings: dict[str, str]) -> dict[str, list[float] | str]:
    """Return for each of so many students who begin at once what it took, or why it failed."""

    def of(name: str) -> list[float] | str:
        with trial.Person(address, name, token) as student:
            try:
                with contextlib.suppress(trial.HubError):  # who is left over from another trial is there already
                    student.call("POST", f"/hub/api/users/{name}")
                with contextlib.ExitStack() as at_the_end:
                    at_the_end.callback(student.call, "DELETE", f"/hub/api/users/{name}")
                    at_the_end.callback(student.stop_server)
                    return one_student(student, cells, settings)
            except (trial.HubError, requests.RequestException) as error:
                return str(error)

    names = [f"load-{number:02}" for number in range(1, users + 1)]
    with ThreadPoolExecutor(users) as class_of_so_many:
        return dict(zip(names, class_of_so_many.map(of, names), strict=True))


def report(rows: dict[str, list[float] | str], students: int = 40, minutes: float = 2.0) -> str:
    """Return as text the figures, the failures, and what a class needs to have its first cell run in these minutes."""
    well = [row for row in rows.values() if not isinstance(row, str)]
    lines = [f"{name} failed: {row}" for name, row in rows.items() if isinstance(row, str)]
    if not well:
        return "\n".join([*lines, "Every student failed."])
    lines += [f"{'':26}{'mean':>8}{'most':>8}"]
    columns = zip(*well, strict=True)
    lines += [f"{name:26}{mean(all):8.1f}{max(all):8.1f}" for name, all in zip(FIGURES, columns, strict=True)]
    memory = students * max(row[5] + row[7] for row in well) / 1000
    cpu = students * mean(row[1] + row[3] for row in well)
    return "\n".join(lines) + (
        f"\n\nFor {students} students: {memory:.0f} GB of memory for this lesson, and {cpu:.0f} processor seconds "
        f"until everybody's first cell has run, that is {math.ceil(cpu / 60 / minutes)} cores to have it within "
        f"{minutes:g} minutes."
    )


def main(arguments: list[str] | None = None) -> int:
    """Measure a hub, print the report, and return 0 if every student got through."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hub_load", description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="", help="a hub's address; when left out, one is started for the trial")
    parser.add_argument("--spawner", choices=("local", "docker"), default="local", help="where servers of an own hub run")
    parser.add_argument("--users", type=int, default=8, choices=range(1, 201), metavar="1..200")
    parser.add_argument("--lesson", default="04", help="the number of the lesson that all run; 04 when left out")
    parser.add_argument("--profile", choices=("smoke", "lesson"), default="smoke", help="how much is computed")
    parser.add_argument("--checkpoints", action="store_true", help="load what `make checkpoints` has trained")
    options = parser.parse_args(arguments)
    settings = {"COURSE_PROFILE": options.profile, "COURSE_CHECKPOINTS": "1" if options.checkpoints else ""}
    token = os.environ.get("COURSE_HUB_LOAD_TOKEN", "") if options.hub else os.urandom(32).hex()
    if not token:
        parser.error("Set COURSE_HUB_LOAD_TOKEN to the token that the hub was started with.")
    try:
        cells = lesson_cells(options.lesson)
        with contextlib.ExitStack() as at_the_end:
            image = os.environ.get("COURSE_HUB_IMAGE", "")
            ours = {"COURSE_HUB_LOAD_TOKEN": token, "COURSE_HUB_SPAWNER": options.spawner, "COURSE_HUB_IMAGE": image}
            own = trial.running(["nobody"], ours)
            address = options.hub or at_the_end.enter_context(own).address
            rows = load(address, token, options.users, cells, settings)
    except (trial.HubError, notebooks.NotebookError) as error:
        print(f"hub_load: {error}", file=sys.stderr)
        return 1
    print(report(rows))
    return int(any(isinstance(row, str) for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())

"""Open servers for many students at once, run a lesson in each, and say what it takes: time, memory, failures.

    .hub-venv/bin/python -m tools.machine.hub_load --users 8                  # starts a hub of its own for the trial (as root)
    COURSE_HUB_LOAD_TOKEN=... python -m tools.machine.hub_load --hub https://hub.example.org --users 8

The hub of the second line must have been started with the same COURSE_HUB_LOAD_TOKEN. Users load-01, load-02 ... are made and
removed again. Memory is what the kernel and its server find of themselves, so it needs Linux there: the proportional share
(Pss), which counts what processes share once. Processor seconds do not depend on what else the machine was doing; seconds do.
"""

import argparse
import contextlib
import json
import math
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import requests

from tools.lessons import notebooks
from tools.machine.hub_client import Hub, HubError

LESSON = "04"
CLASS = 40
MEASURE = """
import json, os, re
def look(pid):
    read = lambda name: open(f"/proc/{pid}/{name}").read()
    number = lambda name, file: int(re.search(rf"^{name}:\\s+(\\d+) kB", read(file), re.M)[1]) * 1024
    ticks = read("stat").rpartition(")")[2].split()[11:13]
    return {"pss": number("Pss", "smaps_rollup"), "peak": number("VmHWM", "status"), "cpu": sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")}
print(json.dumps({"kernel": look(os.getpid()), "server": look(os.getppid())}))
"""


class Row(NamedTuple):
    """What one student's start and lesson took: seconds, processor seconds, bytes; `failure` is '' if all went well."""

    name: str
    server_seconds: float = 0.0
    server_cpu: float = 0.0
    kernel_seconds: float = 0.0
    kernel_cpu: float = 0.0
    lesson_seconds: float = 0.0
    server_memory: int = 0
    kernel_memory: int = 0
    kernel_peak: int = 0
    failure: str = ""


def lesson_cells() -> list[str]:
    """Return the code of notebook 04: imports, data, training, prediction, saving."""
    return [cell.source for cell in notebooks.read_source(notebooks.find(LESSON)[0].source).cells if cell.cell_type == "code"]


def one_student(address: str, token: str, name: str, cells: list[str], profile: str, ready: threading.Barrier) -> Row:
    """Start a server and a kernel, run the lesson, measure, and remove the user."""
    with Hub(address, token) as hub:
        try:
            hub.call("POST", f"/hub/api/users/{name}", expected=(201, 409))
            with contextlib.suppress(threading.BrokenBarrierError):
                ready.wait()  # the class begins at one moment
            row = _lesson(hub, name, cells, profile)
        except (HubError, requests.RequestException) as error:
            ready.abort()
            row = Row(name, failure=str(error))
        try:
            hub.stop_server(name)
            hub.call("DELETE", f"/hub/api/users/{name}")
        except (HubError, requests.RequestException) as error:
            row = row._replace(failure=row.failure or f"not removed: {error}")
        return row


def _lesson(hub: Hub, name: str, cells: list[str], profile: str) -> Row:
    start = time.perf_counter()
    server = hub.start_server(name)
    server_seconds, start = time.perf_counter() - start, time.perf_counter()
    kernel = server.start_kernel()
    first = kernel.run(f"import os; os.environ['COURSE_PROFILE'] = {profile!r}\n{cells[0]}")
    at_first = _measure(kernel)
    kernel_seconds, start = time.perf_counter() - start, time.perf_counter()
    for cell, result in [(cells[0], first), *((cell, kernel.run(cell)) for cell in cells[1:])]:
        if result.error:
            raise HubError(f"a cell of the lesson failed ({result.error}): {cell[:80]!r}")
    lesson_seconds = time.perf_counter() - start
    at_last = _measure(kernel)
    return Row(
        name, server_seconds, at_first["server"]["cpu"], kernel_seconds, at_first["kernel"]["cpu"], lesson_seconds,
        at_last["server"]["pss"], at_last["kernel"]["pss"], at_last["kernel"]["peak"],
    )  # fmt: skip


def _measure(kernel) -> dict:
    result = kernel.run(MEASURE)
    if result.error:
        raise HubError(f"memory cannot be measured there: {result.error}")
    return json.loads(result.printed)


def load(address: str, token: str, users: int, profile: str = "smoke") -> list[Row]:
    """Return a row for each of so many students who begin at the same moment."""
    cells, rows = lesson_cells(), []
    ready = threading.Barrier(users)

    def student(number: int) -> None:
        rows.append(one_student(address, token, f"load-{number:02}", cells, profile, ready))

    threads = [threading.Thread(target=student, args=(number,)) for number in range(1, users + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(rows)


def table(rows: list[Row]) -> str:
    """Return the rows and their mean as text."""
    head = ("student", "server s", "cpu s", "kernel s", "cpu s", "lesson s", "server MB", "kernel MB", "peak MB", "failure")
    well = [row for row in rows if not row.failure]
    lines = [[row.name, *(f"{value:.1f}" for value in row[1:6]), *(f"{value / 1e6:.0f}" for value in row[6:9]), row.failure or "-"]
             for row in rows]  # fmt: skip
    if well:
        means = [statistics.mean(column) for column in list(zip(*well, strict=True))[1:9]]
        lines.append(["mean", *(f"{value:.1f}" for value in means[:5]), *(f"{value / 1e6:.0f}" for value in means[5:]),
                      f"{len(rows) - len(well)} of {len(rows)}"])  # fmt: skip
    lines.insert(0, head)
    widths = [max(len(line[column]) for line in lines) for column in range(9)]
    numbers = ("  ".join(cell.rjust(width) for cell, width in zip(line[1:9], widths[1:], strict=True)) for line in lines)
    return "\n".join(f"{line[0]:{widths[0]}}  {of_line}  {line[9]}" for line, of_line in zip(lines, numbers, strict=True))


def for_a_class(rows: list[Row], students: int = CLASS, minutes: float = 2.0) -> str:
    """Return what a class of so many needs, computed from what few took.

    Args:
        rows: measured, at least one without failure.
        students: how many begin at the same moment.
        minutes: how long they may wait until everybody's first cell has run.

    Raises:
        ValueError: if no row is without failure.
    """
    well = [row for row in rows if not row.failure]
    if not well:
        raise ValueError("Nothing can be computed: every student failed.")
    memory = students * max(row.server_memory + row.kernel_peak for row in well)
    cpu = students * statistics.mean(row.server_cpu + row.kernel_cpu for row in well)
    return (
        f"For {students} students: {memory / 1e9:.0f} GB of memory for this lesson, and {cpu:.0f} processor seconds until everybody's "
        f"first cell has run, that is {math.ceil(cpu / 60 / minutes)} cores to have it within {minutes:g} minutes."
    )


@contextlib.contextmanager
def a_hub(address: str) -> Iterator[tuple[str, str]]:
    """Yield address and token: of the hub that runs there, or of one that is started for the trial.

    Raises:
        HubError: if a token is missing, or no trial is possible here.
    """
    if address:
        token = os.environ.get("COURSE_HUB_LOAD_TOKEN", "")
        if not token:
            raise HubError("Set COURSE_HUB_LOAD_TOKEN to the token that the hub was started with.")
        yield address, token
        return
    from tools.machine import hub_trial

    token = os.urandom(32).hex()
    with hub_trial.running(["nobody"], {"COURSE_HUB_LOAD_TOKEN": token}) as trial:
        yield trial.address, token


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.machine.hub_load", description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="", help="a hub's address; when left out, one is started for the trial")
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--profile", choices=("smoke", "lesson"), default="smoke", help="how much of the lesson is computed")
    options = parser.parse_args(arguments)
    if not 1 <= options.users <= 200:
        parser.error(f"--users is a number from 1 to 200, not {options.users}")
    try:
        with a_hub(options.hub) as (address, token):
            start = time.perf_counter()
            rows = load(address, token, options.users, options.profile)
            print(f"{table(rows)}\n\n{options.users} students in {time.perf_counter() - start:.0f} s")
    except HubError as error:
        print(f"hub_load: {error}", file=sys.stderr)
        return 1
    if all(row.failure for row in rows):
        return 1
    print(for_a_class(rows))
    return 1 if any(row.failure for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

"""What each lesson takes: seconds and memory as stored by `make render` in `lesson`, and three runs of `smoke` measured here."""

import json

from benchmarks.report import Found, Table, spread
from tools.lessons import notebooks


def smoke(lesson: notebooks.Notebook) -> tuple[float, float]:
    """Run a lesson's source in `smoke`; return seconds, start of the kernel included, and megabytes at most."""
    nb = notebooks.read_source(lesson.source)
    seconds, megabytes = notebooks.execute(
        nb,
        profile="smoke",
        folder=lesson.built.parent,
        settings=dict.fromkeys(("COURSE_SEED", "COURSE_RECORD", "COURSE_CHECKPOINTS"), ""),
    )
    return seconds, megabytes or float("nan")


def measure(quick: bool) -> Found:
    """Return one table, a row a lesson, and the five longest waits of a student."""
    rows, waits = [], []
    for lesson in notebooks.find()[: 2 if quick else None]:
        stored = json.loads(lesson.built.read_text("utf-8"))["metadata"]["course"]
        runs = [smoke(lesson) for _ in range(1 if quick else 3)]
        waits.append((stored["seconds"], lesson.name))
        rows.append(
            (
                lesson.name,
                str(stored["seconds"]),
                f"{stored.get('peak_megabytes', float('nan')):.0f}",
                spread([s for s, _ in runs], "{:.0f}"),
                spread([m for _, m in runs], "{:.0f}"),
            )
        )
    total = sum(seconds for seconds, _ in waits)
    longest = ", ".join(f"{name} ({seconds} s)" for seconds, name in sorted(waits, reverse=True)[:5])
    note = (
        f"`lesson` 是課本裡存的那一次，合計 {total / 60:.0f} 分鐘；等最久的是 {longest}。`smoke` 含核心啟動。<br>"
        f"`lesson` is the stored run, {total / 60:.0f} minutes in all; the longest waits are {longest}. "
        "`smoke` includes the kernel's start."
    )
    columns = ("", "lesson, s", "MB at most", "smoke, s", "MB at most")
    return Found([Table("每一課 · Every lesson", columns, rows, note)])

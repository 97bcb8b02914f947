"""Find out what is wrong with this machine, by symptom, and print what to do. See `make doctor`.

A check is a function that asks a machine (tools/machine/doctor_machine.py) and returns one finding. The checks are in
tools/machine/doctor_checks.py and, for the GPU, in tools/machine/doctor_gpu.py.
"""

import sys
from collections.abc import Callable, Iterable

from tools.machine import doctor_checks, doctor_gpu
from tools.machine.doctor_machine import Machine
from tools.machine.findings import NOTE, OK, PROBLEM, Finding, Text

MARKS = {OK: "✔", NOTE: "·", PROBLEM: "✘"}


Check = Callable[[Machine], Finding]


def examine(machine: Machine, checks: Iterable[Check]) -> list[Finding]:
    """Return the findings of all checks. A check that fails itself is a finding, not the end."""
    findings = []
    for check in checks:
        try:
            findings.append(check(machine))
        except Exception as error:  # a broken installation can raise anything; the other checks still help
            about = Text(check.__name__, (check.__doc__ or check.__name__).splitlines()[0].rstrip("."))
            what = Text(f"查不下去：{type(error).__name__}: {error}", f"cannot be checked: {type(error).__name__}: {error}")
            findings.append(Finding(about, PROBLEM, what, "make start"))
    return findings


def show(findings: list[Finding]) -> str:
    """Return the report: a line for what is well, a paragraph with the way out for what is not."""
    lines = []
    for finding in findings:
        head = f"{MARKS[finding.state]} {finding.about.zh} · {finding.about.en}"
        if finding.state == OK:
            lines.append(f"{head}: {finding.what.en}")
        else:
            lines += ["", head, f"    {finding.what.zh}", f"    {finding.what.en}"]
            lines += [f"    → {line}" for line in finding.fix.splitlines()]
            lines.append("")
    return "\n".join(lines).replace("\n\n\n", "\n\n").strip("\n")


def summary(findings: list[Finding]) -> str:
    """Return the last line of the report."""
    problems = sum(finding.state == PROBLEM for finding in findings)
    if problems:
        return (f"要處理的問題：{problems} 個。由上往下處理，再執行一次 make doctor。 "
                f"Problems: {problems}. Mend them from the top, then run make doctor again.")
    return "這台機器沒有問題。 Nothing is wrong with this machine."


def main(machine: Machine | None = None) -> int:
    """Print the report; return 1 if there is a problem."""
    findings = examine(machine or Machine(), [*doctor_checks.CHECKS, *doctor_gpu.CHECKS])
    print(f"{show(findings)}\n\n{summary(findings)}")
    return 1 if any(finding.state == PROBLEM for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())

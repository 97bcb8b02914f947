"""The Makefile: what `make` lists, and what a task says when something is missing."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def make(*arguments):
    """Run it without what the `make` around the tests hands on, such as VENV or NB."""
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
    )  # fmt: skip


def test_make_lists_at_most_twenty_tasks_by_who_needs_them():
    lines = make().stdout.splitlines()
    assert [line for line in lines if not line.startswith("  ")][:-1] == ["student", "instructor", "author"]
    tasks = [line.split()[1] for line in lines if line.startswith("  make ")]
    assert len(set(tasks)) == len(tasks) <= 20
    assert {"start", "test", "lab", "check-lab", "grade", "render"} <= set(tasks)


def test_make_help_all_lists_every_task():
    declared = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert [line.split()[1] for line in make("help-all").stdout.splitlines()] == declared


def test_make_without_python_says_which_is_needed():
    result = make("start", "PYTHON=")
    assert result.returncode
    assert "Python 3.11, 3.12 or 3.13 is needed and was not found" in result.stderr


@pytest.mark.parametrize("command", ["adopt", "mirror", "seeds"])
def test_make_asks_for_what_is_missing(command):
    result = make(command, "--old-file=environment")  # what is asked here needs no environment, and none is made
    assert result.returncode
    assert "Say wh" in result.stderr


def test_the_environment_may_lie_in_a_folder_with_a_space():
    lines = make("--dry-run", "check", "VENV=/tmp/a folder/venv").stdout.splitlines()
    assert '"/tmp/a folder/venv/bin/python" -m tools.lessons.check' in lines


def test_environment_settings_of_the_task_that_opens_jupyterlab_reach_it():
    line = make("--dry-run", "lab", "LAB=05", "PORT=8890", "BIND=0.0.0.0").stdout.splitlines()[-1]
    assert line.endswith('tools.machine.start --port "8890" --bind "0.0.0.0" --lab "05"')

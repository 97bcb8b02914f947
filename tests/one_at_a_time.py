"""A pytest plugin: of two runs over the lessons of one clone the second waits, since a lesson saves its network in models/.

The Makefile loads it with `-p one_at_a_time`. The lock ends with the process that holds it.
"""

import contextlib
from pathlib import Path

import filelock

LOCK = Path(__file__).resolve().parents[1] / "models" / ".lock"


def pytest_configure(config):
    if hasattr(config, "workerinput"):  # of a run that holds it
        return
    lock = filelock.FileLock(LOCK)
    with contextlib.suppress(OSError, NotImplementedError):  # a disk without locks, or for reading only
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            print("Another run over the lessons is on in this folder; this one waits for its end ...", flush=True)
            lock.acquire()
    config.add_cleanup(lock.release)

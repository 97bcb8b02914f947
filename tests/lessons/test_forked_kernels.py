"""The plugin that forks kernels for the smoke replay: each kernel is one of its own, and finds TensorFlow imported already."""

import json
import os
import signal
import subprocess
import sys
import threading

import forked_kernels
import nbformat
import pytest

from tools.lessons.notebooks import ROOT

pytestmark = pytest.mark.skipif(forked_kernels.context is None, reason="kernels are forked on Linux only")
REPLAY = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-kernel-name=python3", "-p", "forked_kernels",
          "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]  # fmt: skip
SAYS = "import json, os, pathlib, sys, threading; pathlib.Path({path!r}).write_text(json.dumps([{values}]))"


@pytest.fixture
def replay(tmp_path):
    """Replay notebooks of one cell each, which write what they see of the kernel, and return what each wrote."""

    def run(*values: str):
        for number, value in enumerate(values):
            code = SAYS.format(path=str(tmp_path / f"{number}.json"), values=value)
            cell = nbformat.v4.new_code_cell(code, execution_count=1)
            nb = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
            nbformat.write(nb, tmp_path / f"{number}.ipynb")
        subprocess.run([*REPLAY, *sorted(tmp_path.glob("*.ipynb"))], cwd=ROOT, check=True, capture_output=True, timeout=120)
        return [json.loads((tmp_path / f"{number}.json").read_text()) for number in range(len(values))]

    return run


@pytest.mark.slow
def test_kernels_have_tensorflow_at_once_and_nothing_of_one_another(replay, tmp_path):
    seen = "'keras' in sys.modules, os.getcwd(), hasattr(sys, 'left_here'), os.getpid(), os.getpgrp()"
    (first, second) = replay(f"{seen}, setattr(sys, 'left_here', True)", seen)
    assert first[:3] == second[:3] == [True, str(tmp_path), False]
    assert first[3] == first[4] != second[3] == second[4]


@pytest.mark.slow
def test_a_kernel_ends_when_its_test_run_is_killed(tmp_path):
    said = tmp_path / "said"
    os.mkfifo(said)  # reading it waits for the kernel to say its number, and again until no kernel holds it open
    cell = nbformat.v4.new_code_cell(f"import os, time; out = open({str(said)!r}, 'w'); print(os.getpid(), file=out, flush=True); "
                                     "time.sleep(600)", execution_count=1)
    nb = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
    nbformat.write(nb, tmp_path / "endless.ipynb")
    run = subprocess.Popen([*REPLAY, tmp_path / "endless.ipynb"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(said) as kernel:
        number = int(kernel.readline())
        run.kill()
        run.wait()
        watch = threading.Timer(60, os.kill, (number, signal.SIGKILL))
        watch.start()
        assert kernel.read() == ""  # its end
        assert watch.is_alive(), "the kernel had to be killed"
        watch.cancel()


def test_other_kernels_start_as_ever(monkeypatch):
    monkeypatch.setattr(forked_kernels, "start_kernel", lambda command, **keywords: (command, keywords))
    assert forked_kernels.launch_kernel(["R", "--slave"], cwd="/") == (["R", "--slave"], {"cwd": "/"})

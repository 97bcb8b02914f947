"""utils.notebook.kernel: harmless start-up lines go, everything else stays."""

import json
import subprocess
import sys

from utils.notebook import kernel

CHATTER = [
    b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
    b"I0000 00:00:1795438339.181039 9656 port.cc:153] oneDNN custom operations are on. You may see slightly different\n",
]
LINES = [*CHATTER, b"kept\n"]


def test_harmless_lines_are_dropped_and_others_kept():
    lines = [
        CHATTER[0],
        b"E0000 failed call to cuInit: CUDA_ERROR_NO_DEVICE\n",
        CHATTER[1],
        b"\xff\xfe odd bytes\n",
        b"no end",
    ]
    assert list(kernel.without_harmless_lines(lines)) == [lines[1], lines[3], lines[4]]


def test_what_c_code_prints_is_filtered_at_the_file_descriptor():
    code = (
        "import os, time, threading\nfrom utils.notebook import kernel\nold = os.dup(2)\nkernel.filter_stderr()\n"
        f"for line in {LINES!r}: os.write(2, line)\n"
        "os.dup2(old, 2)\n"  # closes the pipe's last writer, so that the filter reads to its end
        "[t.join() for t in threading.enumerate() if t.name == 'stderr filter']\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert result.returncode == 0
    assert result.stderr == b"kept\n"


def test_kernel_is_registered_for_every_notebook(tmp_path):
    spec = json.loads(kernel.install(tmp_path).read_text(encoding="utf-8"))
    assert (tmp_path / "share/jupyter/kernels/python3/kernel.json").exists()
    assert spec["argv"] == [sys.executable, "-m", "utils.notebook.kernel", "-f", "{connection_file}"]
    assert spec["env"] == {"TF_CPP_MIN_LOG_LEVEL": "3"}

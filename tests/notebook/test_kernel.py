"""utils.notebook.kernel: the kernel that every notebook finds, and what it keeps out of notebooks."""

import json
import sys

import nbclient
import nbformat

from utils.notebook import kernel


def test_kernel_is_registered_for_every_notebook(tmp_path):
    spec = json.loads(kernel.install(tmp_path).read_text(encoding="utf-8"))
    assert (tmp_path / "share/jupyter/kernels/python3/kernel.json").exists()
    assert spec["argv"] == [sys.executable, "-m", "utils.notebook.kernel", "-f", "{connection_file}"]
    assert spec["env"] == {"TF_CPP_MIN_LOG_LEVEL": "3"}


def test_what_c_code_writes_stays_out_of_the_notebook_and_what_python_prints_is_shown():
    cell = nbformat.v4.new_code_cell("import os, sys; os.write(2, b'oneDNN is on'); os.write(1, b'C'); print('kept', file=sys.stderr)")
    nb = nbclient.execute(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3")
    assert [(output.name, output.text) for output in nb.cells[0].outputs] == [("stderr", "kept\n")]

"""The settings of a student's server on the hub: local process, container or pod. It runs as the student.

The first start puts the lessons and labs into the student's own folder `course`; what is there already is never
overwritten. For a fresh copy of a lesson, rename or delete your own and start the server again.
"""

import contextlib
import shutil
import sys
from pathlib import Path

import nbformat
import nbformat.sign

COURSE = Path(__file__).resolve().parents[2]
sys.path.append(str(COURSE))

from tools.lessons import work  # noqa: E402


def prepare(home: Path, course: Path = COURSE) -> Path:
    """Fill a student's folder with what is not there yet, and return it.

    Args:
        home: the student's home folder.
        course: the course as it was installed, which the student may only read.
    """
    folder = home / "course"
    with contextlib.closing(nbformat.sign.NotebookNotary()) as notary:
        for part in ("notebooks", "labs", "models"):
            (folder / part).mkdir(parents=True, exist_ok=True)
            for original in sorted((course / part).glob("*.*")):  # files of this folder alone: no sources, no solutions
                copy = folder / part / original.name
                if original.is_file() and original.suffix in (".ipynb", ".md") and not copy.exists():
                    shutil.copyfile(original, copy)
                    if copy.suffix == ".ipynb":  # so that stored tables are shown as they were drawn
                        notary.sign(nbformat.read(copy, as_version=4))
    work.fill(folder / "work", course)
    return folder


def configure(c) -> None:
    """Set what belongs to a classroom, beyond docker/jupyter_server_config.py."""
    c.ServerApp.root_dir = str(prepare(Path.home()))
    c.LabApp.extension_manager = "readonly"
    # Kernels and their server meet at sockets in a folder of the student's own, not at ports that others could reach.
    c.KernelManager.transport = "ipc"
    # When a whole class starts its kernels at once, the last may take longer than Jupyter's default of a minute.
    c.MappingKernelManager.kernel_info_timeout = 300
    # A kernel that nobody looks at any more gives its memory back; one that computes, or is open in a browser, stays.
    c.MappingKernelManager.cull_idle_timeout = 1800
    c.MappingKernelManager.cull_interval = 120
    c.MappingKernelManager.cull_busy = False
    c.MappingKernelManager.cull_connected = False


if "get_config" in globals():  # Jupyter reads this file; tests import it
    load_subconfig(str(COURSE / "docker" / "jupyter_server_config.py"))  # noqa: F821 (Jupyter defines it)
    configure(get_config())  # noqa: F821

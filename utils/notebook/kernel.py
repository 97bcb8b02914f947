"""The Jupyter kernel of the course: an ordinary IPython kernel that keeps start-up chatter out of notebooks.

TensorFlow's C++ libraries log a few harmless lines while they load (one of them says that oneDNN is on, which is what we
want: switching it off makes convolutions about 1.7 times slower). They cannot be silenced by a setting, so this kernel
sends what C libraries print to the terminal that started Jupyter, without those lines. Everything else passes.

`python -m utils.notebook.kernel --install` registers it in the running environment; Jupyter starts it as
`python -m utils.notebook.kernel -f FILE`.
"""

import contextlib
import json
import os
import re
import sys
import threading
from pathlib import Path

HARMLESS = re.compile(
    rb"All log messages before absl::InitializeLog\(\) is called are written to STDERR"
    rb"|oneDNN custom operations are on\."
    rb"|Created TensorFlow Lite XNNPACK delegate for CPU"
)
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3"}  # TensorFlow's own log: errors only


def without_harmless_lines(lines):
    """Yield the lines that are worth reading.

    Args:
        lines: iterable of bytes, one line each.
    """
    return (line for line in lines if not HARMLESS.search(line))


def filter_stderr() -> None:
    """Pass what this process writes to file descriptor 2 on to the old one, line by line, without harmless lines."""
    terminal = os.dup(2)
    read_end, write_end = os.pipe()
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 1 << 20)  # so that a burst never waits for this thread
    os.dup2(write_end, 2)
    os.close(write_end)

    def forward() -> None:
        with os.fdopen(read_end, "rb") as lines:
            for line in without_harmless_lines(lines):
                os.write(terminal, line)

    threading.Thread(target=forward, name="stderr filter", daemon=True).start()


def install(prefix: Path) -> Path:
    """Register this kernel under the name `python3` below `prefix`, so that every notebook finds it.

    Args:
        prefix: an environment's root, such as `sys.prefix`.

    Returns:
        Path of the written kernel.json.
    """
    folder = prefix / "share" / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [sys.executable, "-m", "utils.notebook.kernel", "-f", "{connection_file}"],
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "metadata": {"debugger": True},
        "env": ENVIRONMENT,
    }
    path = folder / "kernel.json"
    path.write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
    return path


def main() -> None:
    if sys.argv[1:] == ["--install"]:
        print(f"kernel registered: {install(Path(sys.prefix))}")
        return
    from ipykernel.kernelapp import IPKernelApp

    filter_stderr()
    # Loopback sockets with a per-kernel key are Jupyter's default; its warning about them at every start is left out.
    IPKernelApp.launch_instance(capture_fd_output=False, log_level=40)


if __name__ == "__main__":
    main()

"""The Jupyter kernel of the course: an ordinary IPython kernel that keeps what C libraries log out of notebooks.

TensorFlow's C++ libraries log a few harmless lines while they load (one of them says that oneDNN is on, which is what we
want: switching it off makes convolutions about 1.7 times slower). Here they reach the terminal that started Jupyter, as
does everything else that is written to file descriptor 2; what Python prints is shown in the notebook.

`python -m utils.notebook.kernel --install` registers it in the running environment; Jupyter starts it as
`python -m utils.notebook.kernel -f FILE`.
"""

import json
import sys
from pathlib import Path

MODULE = "utils.notebook.kernel"
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3"}  # TensorFlow's own log: errors only
HELP = {
    "Python": "https://docs.python.org/3/", "NumPy": "https://numpy.org/doc/stable/", "pandas": "https://pandas.pydata.org/docs/",
    "Matplotlib": "https://matplotlib.org/stable/", "scikit-learn": "https://scikit-learn.org/stable/",
    "TensorFlow": "https://www.tensorflow.org/api_docs/python/tf", "Keras": "https://keras.io/api/",
}  # fmt: skip


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
        "argv": [sys.executable, "-m", MODULE, "-f", "{connection_file}"],
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
    from traitlets.config import Config

    links = [{"text": f"{name} 參考資料 · Reference", "url": address} for name, address in HELP.items()]  # in JupyterLab's Help menu
    # Loopback sockets with a per-kernel key are Jupyter's default; its warning about them at every start is left out.
    IPKernelApp.launch_instance(capture_fd_output=False, log_level=40, config=Config(IPythonKernel={"help_links": links}))


if __name__ == "__main__":
    main()

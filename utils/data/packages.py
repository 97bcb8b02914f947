"""Brings one file that is a package or lies in one: through pip, through npm, or from what is installed.

pip and npm run as they are configured on this machine. Nothing of what they bring is installed or executed.
"""

import contextlib
import errno
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from utils.data import download, verify
from utils.data.catalog import Asset, Source
from utils.data.download import SourceError

CLIENT_SECONDS = 300.0  # that pip or npm may take, besides the time for the bytes themselves
UNREACHABLE = ("establish a new connection", "Retrying (", "ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN",
               "ECONNRESET", "ERR_SOCKET_TIMEOUT")  # fmt: skip


def deliver(source: Source, asset: Asset, path: Path) -> None:
    """Write the package of a source of kind "pypi" or "npm" to `path`. pip has verified its hash then, npm has not.

    Raises:
        SourceError: if the client cannot deliver.
        OSError: if the disk is full or read-only.
    """
    download.check_proxies()
    connect, read = download.timeouts()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="client-") as folder:
        if source.kind == "pypi":
            suffix, wanted = ".whl", Path(folder) / "wanted.txt"
            wanted.write_text(f"{source.package}=={source.version} --hash=sha256:{asset.sha256}\n")
            _run("pip", [
                *(sys.executable, "-m", "pip", "download", "--requirement", str(wanted), "--require-hashes"),
                *("--dest", folder, "--no-deps", "--only-binary", ":all:"),  # a source package could run code
                "--ignore-requires-python",  # nothing of it is installed, so it need not run on this Python
                *("--no-input", "--disable-pip-version-check", "--progress-bar", "off"),
                *("--retries", "2", "--timeout", f"{connect:g}"),
            ], asset, folder)  # fmt: skip
        else:
            suffix, npm = ".tgz", shutil.which("npm")
            if npm is None:
                raise SourceError("npm is not installed (it comes with Node.js)")
            _run("npm", [
                *(npm, "pack", f"{source.package}@{source.version}", "--ignore-scripts", "--no-update-notifier"),
                *("--loglevel=error", f"--fetch-timeout={read * 1000:.0f}"),
                *("--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
            ], asset, folder)  # fmt: skip
        found = [file for file in Path(folder).glob(f"*{suffix}") if file.is_file() and not file.is_symlink()]
        if len(found) != 1:
            raise SourceError(f"expected one {suffix} file, got {len(found)}")
        os.replace(found[0], path)


def installed(source: Source) -> Path:
    """Return the path of the file of a source of kind "installed"; the package is not imported.

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


def _run(client: str, command: list[str], asset: Asset, folder: str) -> None:
    scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)  # what it leaves there is swept, too
    try:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | scratch, text=True, errors="replace",
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise SourceError(f"{client} cannot be started: {error.strerror}") from error
    output, start, seconds = None, time.monotonic(), CLIENT_SECONDS + asset.limit / download.SLOWEST
    with process, download.progress(asset) as bar:
        try:
            while output is None:
                try:
                    output, _ = process.communicate(timeout=0.5)
                except subprocess.TimeoutExpired:
                    if time.monotonic() - start > seconds:
                        raise SourceError(f"{client} did not end within {seconds:,.0f} seconds") from None
                    bar.update(_bytes_below(folder) - bar.n)
        except BaseException:
            process.kill()
            raise
    if "No space left on device" in output or "ENOSPC" in output:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if process.returncode:
        raise SourceError(_reason(client, output, asset) or f"{client} failed with exit status {process.returncode}")


def _bytes_below(folder: str) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # the client has moved or removed it meanwhile
                total += os.lstat(os.path.join(root, name)).st_size
    return total


def _reason(client: str, output: str, asset: Asset) -> str:
    """Return in one sentence why a client failed, or '' if it does not say."""
    if "No module named pip" in output:
        return "pip is missing in this Python (python -m ensurepip brings it back)"
    if any(sign in output for sign in UNREACHABLE):
        return f"{client} cannot connect to its package index"
    if found := re.search(r"^\s*Got\s+([0-9a-f]{64})", output, re.MULTILINE):
        return f"what arrived {verify.wrong_hash('sha256', asset.sha256, found[1])}"
    errors = re.findall(r"^(?:ERROR:|npm error|npm ERR!) +(?!code |A complete log)(\S.*)", output, re.MULTILINE)
    return f"{client} says: {' '.join(errors)[:300]}" if errors else ""

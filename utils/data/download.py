"""Brings one file from an address or from a mirror, which is an address or a folder.

The file lands in a folder of the caller's; what is in it is for the caller to verify. `COURSE_TIMEOUT` sets
the seconds to wait for a connection and for the next bytes.
"""

import errno
import os
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from utils.data.catalog import Asset

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
CHUNK = 1 << 18
PLAIN = {"Accept-Encoding": "identity"}  # the hash is of the file itself, not of what it unpacks to
MAGIC = {  # what a file of this kind begins with
    (".whl", ".zip", ".npz"): b"PK",
    (".gz", ".tgz"): b"\x1f\x8b",
    (".bz2",): b"BZh",
}
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


class SourceError(Exception):
    """This source could not deliver; the message is the reason, without the source's name."""


class StorageError(Exception):
    """The local disk does not take the file, so no other source could help."""


def from_address(url: str, asset: Asset, folder: Path) -> Path:
    """Put what `url` answers into `folder` under the asset's file name and return its path, not yet verified.

    Raises:
        SourceError: if the server cannot be reached, stalls, answers with an error or with something else
            than the file, closes early, or sends more bytes than the file has.
        StorageError: if the disk is full or read-only.
    """
    import requests

    path = folder / asset.filename
    connect, read = timeouts()
    try:
        with requests.get(url, stream=True, timeout=(connect, read), headers=PLAIN) as response:
            if response.status_code != 200:
                raise SourceError(f"the server answered {response.status_code} {response.reason}".rstrip())
            announced = response.headers.get("Content-Length", "")
            if asset.size is None and asset.digest is None and not announced.isdigit():
                raise SourceError("the server does not say how long the file is, and no hash is known")
            with _Receiver(asset, path) as receiver:
                for chunk in response.iter_content(CHUNK):
                    receiver.take(chunk)
    except requests.exceptions.ConnectTimeout:
        raise SourceError(f"no connection within {connect:g} seconds") from None
    except requests.exceptions.ReadTimeout:
        raise SourceError(f"the server sent nothing for {read:g} seconds") from None
    except requests.exceptions.ProxyError:
        raise SourceError("the proxy of HTTP_PROXY or HTTPS_PROXY refused the connection") from None
    except requests.exceptions.SSLError:
        raise SourceError("its certificate is not valid: the login page of your network?") from None
    except requests.exceptions.ConnectionError as error:
        if "timed out" in str(error).lower():  # requests' name for a stall in the middle of a file
            raise SourceError(f"the server sent nothing for {read:g} seconds") from None
        raise SourceError(f"cannot connect to {urlsplit(url).netloc}") from None
    except requests.exceptions.ChunkedEncodingError:
        raise SourceError("the server closed the connection in the middle of the file") from None
    except requests.exceptions.RequestException as error:
        raise SourceError(f"{type(error).__name__}: {error}") from None
    except OSError as error:
        raise explained(error, folder) from error
    return path


def from_mirror(mirror: str, asset: Asset, folder: Path) -> Path:
    """Like `from_address`, from a base address (http or https) or a folder that holds the asset's file."""
    if is_address(mirror):
        return from_address(_mirror_address(mirror, asset), asset, folder)
    original, copy = Path(mirror).expanduser() / asset.filename, folder / asset.filename
    if not original.parent.is_dir():
        raise SourceError("there is no such folder")
    try:
        with open(original, "rb") as file, _Receiver(asset, copy) as receiver:
            while chunk := file.read(CHUNK):
                receiver.take(chunk)
    except FileNotFoundError:
        raise SourceError(f"it does not hold {asset.filename}") from None
    except OSError as error:
        if error.filename == str(original):
            raise SourceError(f"it cannot be read: {error.strerror}") from error
        raise explained(error, folder) from error
    return copy


def mirror_has(mirror: str, asset: Asset) -> bool:
    """Tell whether a mirror holds the asset's file, without fetching it.

    Raises:
        SourceError: if the mirror cannot be reached.
    """
    if not is_address(mirror):
        return (Path(mirror).expanduser() / asset.filename).is_file()
    import requests

    try:
        return requests.head(_mirror_address(mirror, asset), timeout=timeouts()).status_code == 200
    except requests.exceptions.RequestException:
        raise SourceError(f"cannot connect to {urlsplit(mirror).netloc}") from None


def is_address(mirror: str) -> bool:
    """Tell whether a mirror is an address on a network rather than a folder."""
    return mirror.lower().startswith(("http://", "https://"))


def timeouts() -> tuple[float, float]:
    """Return the seconds to wait for a connection and for the next bytes.

    Raises:
        SourceError: if `COURSE_TIMEOUT` is no positive number.
    """
    text = os.environ.get("COURSE_TIMEOUT")
    if not text:
        return CONNECT_SECONDS, READ_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise SourceError(f"COURSE_TIMEOUT={text!r} is not a number of seconds above 0")
    return seconds, seconds


def progress(asset: Asset):
    """Return a progress bar in bytes on standard error; a terminal sees it move, a log gets few lines."""
    from tqdm import tqdm

    seconds = 0.1 if sys.stderr.isatty() else 5.0
    return tqdm(total=asset.size, unit="B", unit_scale=True, desc=asset.name, file=sys.stderr, leave=False,
                mininterval=seconds, delay=seconds)


def human_size(asset: Asset) -> str:
    """Return the size of the asset's file for people, for example '144.5 MB'."""
    if asset.size is None:
        return "size not published"
    return f"{asset.size / 1e6:,.1f} MB" if asset.size >= 1e6 else f"{asset.size / 1e3:,.1f} kB"


def explained(error: OSError, folder: Path) -> SourceError | StorageError:
    """Tell a full or read-only disk, which ends the attempt, from other trouble, which is one source's."""
    if error.errno in DISK_FULL:
        return StorageError(
            f"the disk of {folder} is full: free some space, or set COURSE_DATA to a folder on another disk"
        )
    if error.errno in NOT_WRITABLE:
        return StorageError(
            f"cannot write to {folder} ({error.strerror}): set COURSE_DATA to a folder that you may write to"
        )
    return SourceError(f"{error.strerror or error}")


class _Receiver:
    """Writes what arrives to `path`, shows progress, stops what is too long or evidently something else."""

    def __init__(self, asset: Asset, path: Path):
        self.asset, self.path, self.received = asset, path, 0

    def __enter__(self):
        self.file = open(self.path, "wb")  # noqa: SIM115 - closed in __exit__
        self.bar = progress(self.asset)
        return self

    def take(self, chunk: bytes) -> None:
        if self.received == 0:
            self.guess = other_kind(self.asset, chunk)
            if self.guess and self.asset.digest is None:  # where there is a hash, it decides
                raise SourceError(self.guess)
        self.received += len(chunk)
        if self.received > self.asset.limit:
            raise SourceError(self.guess or f"it sent more than the expected {self.asset.limit:,} bytes")
        self.file.write(chunk)
        self.bar.update(len(chunk))

    def __exit__(self, *_):
        self.bar.close()
        self.file.close()


def other_kind(asset: Asset, start: bytes) -> str:
    """Guess from its first bytes that something is not the asset's file; only words an error, for the hash decides.

    Args:
        start: at least the first few bytes that arrived.

    Returns:
        What it seems to be, or an empty string.
    """
    if start.lstrip()[:1] == b"<" and not asset.filename.endswith((".xml", ".html", ".svg")):
        return "it sent a web page instead of the file: the login page of your network?"
    for suffixes, magic in MAGIC.items():
        if asset.filename.endswith(suffixes) and not start.startswith(magic):
            return f"it sent something that is no {suffixes[0]} file"
    return ""


def _mirror_address(mirror: str, asset: Asset) -> str:
    return f"{mirror.rstrip('/')}/{quote(asset.filename)}"

"""Brings one file from an address or from a mirror, which is an address or a folder, as the settings say.

What arrives is for the caller to verify. `COURSE_TIMEOUT` sets the seconds to wait for a connection and for the
next bytes. The proxies of the environment are used, but not for a machine on the same network.
"""

import contextlib
import errno
import ipaddress
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from utils.data import catalog
from utils.data.catalog import Asset
from utils.data.settings import setting

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
SLOWEST = 1_000  # bytes a second; a source that sends less is given up
CHUNK = 1 << 18
PLAIN = {"Accept-Encoding": "identity"}  # the hash is of the file itself, not of what it unpacks to
MAGIC = {".whl": b"PK", ".zip": b"PK", ".npz": b"PK", ".gz": b"\x1f\x8b", ".tgz": b"\x1f\x8b", ".bz2": b"BZh"}
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


class SourceError(Exception):
    """This source could not deliver; the message is the reason, without the source's name."""


class RetryableError(SourceError, ValueError):
    """This source broke off or has a bad moment: worth a second try. pooch repeats after a ValueError."""


def from_address(url: str, asset: Asset, path: Path) -> None:
    """Write what `url` answers to `path`, with a progress bar.

    Raises:
        SourceError: if the server cannot be reached, stalls or trickles, answers with an error, closes early, or
            sends more bytes than the file has.
        OSError: if the disk does not take the file.
    """
    with contextlib.closing(_answer(url, asset)) as chunks:
        _write(chunks, asset, path)


def from_mirror(mirror: str, asset: Asset, path: Path) -> None:
    """Like `from_address`, from a base address (http or https) or a folder that holds the asset's file."""
    if is_address(mirror):
        return from_address(_mirror_address(mirror, asset), asset, path)
    try:
        original = open(mirror_folder(mirror) / asset.filename, "rb")  # noqa: SIM115 - closed by the next `with`
    except FileNotFoundError:
        raise SourceError(f"it does not hold {asset.filename}") from None
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}") from error
    with original:
        _write(iter(lambda: original.read(CHUNK), b""), asset, path)


def mirror_has(mirror: str, asset: Asset) -> bool:
    """Tell whether a mirror holds the asset's file, without fetching it.

    Raises:
        SourceError: if the mirror cannot be reached.
    """
    if not is_address(mirror):
        return (mirror_folder(mirror) / asset.filename).is_file()
    import requests

    address = _mirror_address(mirror, asset)
    try:
        return requests.head(address, timeout=timeouts(), proxies=proxies_for(address)).status_code == 200
    except requests.exceptions.RequestException:
        raise SourceError(f"cannot connect to {urlsplit(mirror).netloc}") from None


def is_address(mirror: str) -> bool:
    """Tell whether a mirror is an address on a network rather than a folder."""
    return mirror.lower().startswith(("http://", "https://"))


def mirror_folder(mirror: str) -> Path:
    """Return the folder that a mirror is; a relative one starts at the project.

    Raises:
        SourceError: if there is none; if it could be an address, the message says how to write that.
    """
    folder = folder_of(mirror)
    if not folder.is_dir():
        seems_address = re.match(r"[\w-]+(\.[\w-]+)*:\d+|[\w-]+(\.[\w-]+)+(/|$)", mirror)
        hint = f"; if it is an address, write http://{mirror}" if seems_address else ""
        raise SourceError(f"there is no such folder{hint}")
    return folder


def folder_of(text: str) -> Path:
    """Return the folder that a setting names: `~` is understood, a relative one starts at the project.

    Raises:
        SourceError: if it begins with the home of a user who does not exist.
    """
    try:
        return (catalog.PATH.parents[1] / Path(text).expanduser()).resolve()
    except RuntimeError:
        user = text.partition("/")[0]
        raise SourceError(f"{user} is the home folder of nobody on this machine; write the whole path") from None


def timeouts() -> tuple[float, float]:
    """Return the seconds to wait for a connection and for the next bytes.

    Raises:
        SourceError: if `COURSE_TIMEOUT` is no positive number.
    """
    text = setting("COURSE_TIMEOUT")
    if not text:
        return CONNECT_SECONDS, READ_SECONDS
    if not re.fullmatch(r"\d*\.?\d+", text) or not float(text):
        raise SourceError(f"COURSE_TIMEOUT={text!r} is not a number of seconds above 0")
    return float(text), float(text)


def proxies_for(url: str) -> dict[str, None]:
    """Return the proxies setting for requests: those of the environment (empty), or none for a machine of the local network.

    Raises:
        SourceError: if the address is malformed, or a proxy of the environment is.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise SourceError(f"this is not an address: {error}") from None
    try:
        near = ipaddress.ip_address(host).is_private
    except ValueError:
        near = "." not in host or host.endswith((".local", ".lan"))
    if near:
        return dict.fromkeys(("http", "https", "all"))
    check_proxies()
    return {}


def check_proxies() -> None:
    """Check that the proxies of the environment are addresses.

    Raises:
        SourceError: if one has no scheme; the message names the variable.
    """
    for name in os.environ:
        proxy = setting(name)
        if name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") and proxy and "://" not in proxy:
            raise SourceError(f"{name}={proxy} has no scheme; write {name}=http://{proxy}")


def progress(asset: Asset):
    """Return a progress bar in bytes on standard error; a terminal sees it move, a log gets few lines."""
    from tqdm import tqdm

    seconds = 0.1 if sys.stderr.isatty() else 5.0
    return tqdm(total=asset.size, unit="B", unit_scale=True, desc=asset.name, file=sys.stderr, leave=False,
                mininterval=seconds, delay=seconds)  # fmt: skip


def human_size(size: int | None) -> str:
    """Return a number of bytes for people, for example '144.5 MB'; None is a size that nobody publishes."""
    if size is None:
        return "size not published"
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"


def guess_kind(asset: Asset, start: bytes) -> str:
    """Return a guess at what a wrong file is, from its first bytes: '' if it could be the right kind."""
    if start.lstrip()[:1] == b"<" and not asset.filename.endswith((".xml", ".html", ".svg")):
        return "it seems to be a web page: the login page of your network?"
    suffix = Path(asset.filename).suffix
    return "" if start.startswith(MAGIC.get(suffix, b"")) else f"it is no {suffix} file"


def storage_problem(error: OSError, folder: Path, by: str = "set COURSE_DATA to") -> str:
    """Return what is wrong with the disk of `folder`, and what to do; `by` begins how another folder is named."""
    if error.errno in DISK_FULL:
        return f"the disk of {folder} is full: free some space, or {by} a folder on another disk"
    reason = error.strerror or error
    return f"cannot write to {folder} ({reason}): {by} a folder that you may write to"


def _write(chunks: Iterator[bytes], asset: Asset, path: Path) -> None:
    received = 0
    with open(path, "wb") as file, progress(asset) as bar:
        for chunk in chunks:
            received += len(chunk)
            if received > asset.limit:
                raise SourceError(f"it sent more than the expected {asset.limit:,} bytes")
            file.write(chunk)
            bar.update(len(chunk))


def _answer(url: str, asset: Asset) -> Iterator[bytes]:
    """Yield what the server sends as it arrives; give up when it is too slow for as long as it may be silent."""
    import requests
    import urllib3

    connect, read = timeouts()
    proxies, place, errors = proxies_for(url), urlsplit(url), requests.exceptions
    reasons = {  # the first that fits counts
        (errors.ConnectTimeout,): f"no connection within {connect:g} seconds",
        (errors.ReadTimeout, urllib3.exceptions.ReadTimeoutError): f"the server sent nothing for {read:g} seconds",
        (errors.ProxyError,): "the proxy of HTTP_PROXY or HTTPS_PROXY refused the connection; "
                              f"if none is needed, set NO_PROXY={place.hostname}",
        (errors.SSLError,): "its certificate is not valid: the login page of your network?",
        (errors.ConnectionError,): f"cannot connect to {place.netloc}",
    }  # fmt: skip
    try:
        with requests.get(url, stream=True, timeout=(connect, read), headers=PLAIN, proxies=proxies) as response:
            if response.status_code != 200:
                kind = RetryableError if response.status_code >= 500 else SourceError
                raise kind(f"the server answered {response.status_code} {response.reason}".rstrip())
            if asset.size is None and asset.digest is None and "Content-Length" not in response.headers:
                raise SourceError("the server does not say how long the file is, and no hash is known")
            since, received = time.monotonic(), 0
            while chunk := response.raw.read1(CHUNK, decode_content=False):
                received, elapsed = received + len(chunk), time.monotonic() - since
                if elapsed > read:
                    if received < SLOWEST * elapsed:
                        raise SourceError(f"the server sends less than {SLOWEST:,} bytes a second")
                    since, received = time.monotonic(), 0
                yield chunk
    except (errors.RequestException, urllib3.exceptions.HTTPError) as error:
        for kinds, reason in reasons.items():
            if isinstance(error, kinds):
                raise SourceError(reason) from None
        if isinstance(error, errors.RequestException):
            raise SourceError(f"{type(error).__name__}: {error}") from None
        raise RetryableError("the server closed the connection in the middle of the file") from None


def _mirror_address(mirror: str, asset: Asset) -> str:
    return f"{mirror.rstrip('/')}/{quote(asset.filename)}"

"""Reads single members out of archives and arrays out of pickles, without trusting either.

Nothing in an archive is ever imported or executed, and nothing is written under a name that the archive
chose.
"""

import bz2
import gzip
import io
import lzma
import pickle
import pickletools
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from utils.data.catalog import is_safe_path

CHUNK = 1 << 20
MEMO_LIMIT = 100_000  # things that a pickle may refer back to
UNPACKED_LIMIT = 16 << 30  # while looking for a member of a tar file, at most so many bytes are unpacked
NUMPY_GLOBALS = {  # all that pickled arrays need, whatever version of NumPy wrote them
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.numeric", "_frombuffer"),
    ("_codecs", "encode"),
}
DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
TAR_KINDS = {tarfile.SYMTYPE: "symbolic link", tarfile.LNKTYPE: "hard link", tarfile.DIRTYPE: "folder",
             tarfile.CHRTYPE: "device", tarfile.BLKTYPE: "device", tarfile.FIFOTYPE: "pipe"}


class ArchiveError(ValueError):
    """An archive or pickle is damaged, lacks what was asked for, or holds what we refuse to read."""


class LimitedReader(io.RawIOBase):
    """Reads from `stream` and refuses to go past `limit` bytes: a bomb is stopped while it unpacks."""

    def __init__(self, stream: BinaryIO, limit: int, what: str):
        self.stream, self.left, self.limit, self.what = stream, limit, limit, what

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self.stream.read(min(len(buffer), self.left + 1))
        self.left -= len(data)
        if self.left < 0:
            raise ArchiveError(f"{self.what} unpacks to more than the expected {self.limit:,} bytes")
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def open_member(archive: Path, member: str, limit: int) -> Iterator[BinaryIO]:
    """Open one regular file inside a wheel, zip or (compressed) tar archive for reading.

    Args:
        archive: the file on disk.
        member: its path inside the archive, with '/'.
        limit: the largest number of bytes that may come out of it.

    Raises:
        ArchiveError: if the archive is damaged; if the member is missing, is no regular file, or has an
            absolute name or one with '..'; and, while reading, if it unpacks to more than `limit` bytes.
    """
    if not is_safe_path(member):
        raise ArchiveError(f"refused the member name {member!r}: it leads out of the archive")
    with _explained(archive):
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as container, _open_in_zip(container, archive, member) as stream:
                yield _buffered(stream, limit, member)
        else:
            with _open_tar(archive) as container:
                for info in container:
                    if info.name == member:
                        with _open_in_tar(container, info) as stream:
                            yield _buffered(stream, limit, member)
                        return
            raise ArchiveError(f"{archive.name} has no member {member}")


def iter_tar(archive: Path, prefixes: tuple[str, ...], limit: int, total: int) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the regular files below `prefixes`, in the order of the archive.

    Args:
        archive: a (compressed) tar file.
        prefixes: what the names begin with.
        limit: the largest number of bytes of one file.
        total: the largest number of bytes of the whole archive when unpacked.

    Raises:
        ArchiveError: as `open_member`, for any member below `prefixes`.
    """
    with _explained(archive), _open_tar(archive, total) as container:
        for info in container:
            if info.isdir() or not info.name.startswith(prefixes):
                continue
            if not is_safe_path(info.name):
                raise ArchiveError(f"refused the member name {info.name!r}: it leads out of the archive")
            with _open_in_tar(container, info) as stream:
                content = _buffered(stream, limit, info.name).read()
            yield info.name, content


def load_numpy_pickle(path: Path, limit: int):
    """Return what a (gzip-compressed) pickle of NumPy arrays holds; Python 2 pickles are understood.

    Args:
        path: the file on disk.
        limit: the largest number of bytes that it may unpack to.

    Raises:
        ArchiveError: if it is damaged, larger, or names anything but NumPy arrays.
    """
    with open(path, "rb") as file:
        compressed = file.peek(2)[:2] == b"\x1f\x8b"
        limited = _buffered(gzip.GzipFile(fileobj=file) if compressed else file, limit, path.name)
        try:
            content = b"".join(iter(lambda: limited.read(CHUNK), b""))
            _refuse_to_set_aside_gigabytes(content, path)
            return _NumpyUnpickler(io.BytesIO(content), encoding="bytes").load()
        except ArchiveError:
            raise
        except Exception as error:  # a damaged pickle can raise anything
            raise ArchiveError(f"{path.name} is damaged: {type(error).__name__}: {error}") from error


def _refuse_to_set_aside_gigabytes(pickled: bytes, path: Path) -> None:
    """Read a pickle without executing it, since the unpickler believes whatever length or index stands in it."""
    for opcode, argument, _ in pickletools.genops(pickled):  # which stops at a length beyond the end
        if opcode.name in ("PUT", "BINPUT", "LONG_BINPUT") and argument > MEMO_LIMIT:
            raise ArchiveError(f"refused the pickle: {path.name} wants to remember {argument:,} things")


class _NumpyUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str):
        if (module, name) not in NUMPY_GLOBALS:
            raise ArchiveError(f"refused the pickle: it names {module}.{name}, which is no NumPy array")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


@contextmanager
def _explained(archive: Path):
    try:
        yield
    except ArchiveError:
        raise
    except DAMAGE as error:
        raise ArchiveError(f"{archive.name} is damaged or not what its name says: {error}") from error
    except OSError as error:
        if error.errno is not None:  # the disk's trouble, not the unpacker's complaint about the data
            raise
        raise ArchiveError(f"{archive.name} is damaged: {error}") from error


def _buffered(stream: BinaryIO, limit: int, what: str) -> io.BufferedReader:
    return io.BufferedReader(LimitedReader(stream, limit, what), CHUNK)


def _open_in_zip(container: zipfile.ZipFile, archive: Path, member: str) -> BinaryIO:
    try:
        info = container.getinfo(member)
    except KeyError:
        raise ArchiveError(f"{archive.name} has no member {member}") from None
    mode = info.external_attr >> 16
    if info.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
        raise ArchiveError(f"refused the member {member}: it is a {_kind(mode)}, not a regular file")
    if info.flag_bits & 1:
        raise ArchiveError(f"refused the member {member}: it is encrypted")
    return container.open(info)


def _open_in_tar(container: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    if not info.isreg():
        kind = TAR_KINDS.get(info.type, "special file")
        raise ArchiveError(f"refused the member {info.name}: it is a {kind}, not a regular file")
    return container.extractfile(info)


@contextmanager
def _open_tar(archive: Path, total: int = UNPACKED_LIMIT) -> Iterator[tarfile.TarFile]:
    with open(archive, "rb") as file:
        start = file.peek(6)
        openers = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
        stream = openers.get(start[:2], lambda raw: raw)(file)
        limited = _buffered(stream, total, archive.name)
        with tarfile.open(fileobj=limited, mode="r|") as container:
            yield container


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "symbolic link"
    return "folder" if stat.S_ISDIR(mode) or not mode else "device"

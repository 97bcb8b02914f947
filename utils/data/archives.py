"""Reads single members out of archives and arrays out of pickles, without trusting either.

Nothing in an archive is ever imported or executed, and nothing is written under a name that the archive
chose.
"""

import gzip
import io
import lzma
import math
import pickle
import pickletools
import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from utils.data.catalog import is_safe_path

MEMO_LIMIT = 100_000  # things that a pickle may refer back to
NUMPY_GLOBALS = {  # all that pickled arrays need, whatever version of NumPy wrote them
    *[("numpy", "dtype"), ("numpy", "ndarray"), ("_codecs", "encode")],
    *[(f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core")],
    *[(f"numpy.{core}.numeric", "_frombuffer") for core in ("core", "_core")],
}
TORCH_MAGIC = 0x1950A86A20F9469CFC6C  # with which torch.save began until version 1.6
TORCH_STORAGES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8", "IntStorage": "<i4"}
DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, OSError)


class ArchiveError(ValueError):
    """An archive or pickle is damaged, lacks what was asked for, or holds what we refuse to read."""


def unpack(archive: Path, member: str, limit: int, target: Path) -> None:
    """Write one regular file inside a wheel, zip or (compressed) tar archive to `target`.

    Args:
        archive: the file on disk.
        member: its path inside the archive, with '/'.
        limit: the largest number of bytes that may come out of it.
        target: the file to write.

    Raises:
        ArchiveError: if the archive is damaged; if the member is missing, is no regular file, has an absolute
            name or one with '..', or has more than `limit` bytes.
        OSError: if the disk does not take it.
    """
    with _explained(archive):
        for name, size, regular, opened in _entries(archive):
            if name == member:
                _check(member, size, limit, regular)
                with opened() as stream, open(target, "wb") as file:
                    return shutil.copyfileobj(stream, file, 1 << 20)
        raise ArchiveError(f"{archive.name} has no member {member}")


def members(archive: Path, names: str, limit: int, total: int) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the regular files whose whole name fits a pattern: of a tar file in its order, of a zip by name.

    Args:
        archive: a wheel, zip or (compressed) tar file.
        names: a regular expression.
        limit: the largest number of bytes of one file.
        total: the largest number of bytes of all files of the archive, those that do not fit included.

    Raises:
        ArchiveError: as `unpack`, for any member that fits; if there are more than `total` bytes.
    """
    with _explained(archive):
        unpacked = 0
        for name, size, regular, opened in _entries(archive):
            unpacked += size
            if unpacked > total:
                raise ArchiveError(f"{archive.name} unpacks to more than the expected {total:,} bytes")
            if re.fullmatch(names, name, re.DOTALL):
                _check(name, size, limit, regular)
                yield name, opened().read()


def _entries(archive: Path) -> Iterator[tuple[str, int, bool, Callable[[], BinaryIO]]]:
    """Yield of each member its name, stated size, whether it is a regular file, and what opens it."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as container:
            for info in sorted(container.infolist(), key=lambda info: info.filename):
                mode = info.external_attr >> 16
                yield info.filename, info.file_size, not stat.S_IFMT(mode) or stat.S_ISREG(mode), partial(container.open, info)
    else:
        with tarfile.open(archive) as container:
            for info in container:
                yield info.name, info.size, info.isreg(), partial(container.extractfile, info)


def load_numpy_pickle(path: Path, limit: int):
    """Return what a (gzip-compressed) pickle of NumPy arrays holds; Python 2 pickles are understood.

    Args:
        path: the file on disk.
        limit: the largest number of bytes that it may unpack to.

    Raises:
        ArchiveError: if it is damaged, larger, or names anything but NumPy arrays.
    """
    with open(path, "rb") as file, _explained(path, Exception):  # a damaged pickle can raise anything
        compressed = file.peek(2)[:2] == b"\x1f\x8b"
        content = (gzip.GzipFile(fileobj=file) if compressed else file).read(limit + 1)
        if len(content) > limit:
            raise ArchiveError(f"{path.name} unpacks to more than the expected {limit:,} bytes")
        _check_memory(content, path.name)
        return _NumpyUnpickler(io.BytesIO(content), encoding="bytes").load()


def load_idx(path: Path, limit: int) -> np.ndarray:
    """Return the array of bytes that a gzip-compressed IDX file holds, the format of MNIST's origin and of Fashion-MNIST.

    Args:
        path: the file on disk.
        limit: the largest number of bytes that it may unpack to.

    Raises:
        ArchiveError: if it is damaged, larger, or holds anything but bytes.
    """
    with _explained(path), gzip.open(path) as file:
        content = file.read(limit + 1)
        if len(content) > limit:
            raise ArchiveError(f"{path.name} unpacks to more than the expected {limit:,} bytes")
        if len(content) < 4 or content[:3] != b"\0\0\x08":  # two zeros, 8 for unsigned bytes, the number of axes
            raise ArchiveError(f"{path.name} is no IDX file of bytes: it begins with {content[:4].hex()}")
        start = 4 + 4 * content[3]
        return np.frombuffer(content, np.uint8, offset=start).reshape(np.frombuffer(content[4:start], ">u4")).copy()


def load_torch_arrays(path: Path, limit: int) -> dict[str, np.ndarray]:
    """Return the arrays of a file that PyTorch before 1.6 saved (a `state_dict`), by name. PyTorch is not needed.

    Such a file holds pickles (a magic number, a version, the machine's sizes, the tensors with names of their storages, the
    order of the storages), then the numbers of each storage.

    Args:
        path: the file on disk.
        limit: the largest number of bytes that it may have.

    Raises:
        ArchiveError: if it is damaged, larger, or names anything but tensors of real or whole numbers on the CPU.
    """
    content = path.read_bytes()
    if len(content) > limit:
        raise ArchiveError(f"{path.name} has {len(content):,} bytes, more than the expected {limit:,}")
    stream, places, storages = io.BytesIO(content), {}, {}

    def unpickle():
        start = stream.tell()
        _check_memory(stream, path.name)
        stream.seek(start)
        return _TorchUnpickler(stream, places).load()

    with _explained(path, Exception):
        if unpickle() != TORCH_MAGIC:
            raise ArchiveError(f"{path.name} is no file of PyTorch before 1.6: its first number is another")
        _version, _sizes, tensors, keys = (unpickle() for _ in range(4))
        for key in keys:
            kind, count = places[key]
            stored, start = int.from_bytes(stream.read(8), "little"), stream.tell()
            if stored != count:
                raise ArchiveError(f"{path.name} is damaged: storage {key} has {stored:,} numbers, not {count:,}")
            storages[key] = np.frombuffer(content, kind, count, start)
            stream.seek(start + storages[key].nbytes)
        return {name: tensor.of(storages[tensor.key]) for name, tensor in tensors.items()}


class _Tensor:
    """Where a tensor lies: the storage, the first number, its shape, and how far it is to the next along each axis."""

    def __init__(self, key, start, shape, strides, *_):
        self.key, self.start, self.shape, self.strides = key, start, shape, strides

    def of(self, storage: np.ndarray) -> np.ndarray:
        if min((self.start, *self.shape, *self.strides)) < 0 or math.prod(self.shape) > len(storage):
            raise ValueError(f"no tensor of {len(storage):,} numbers has the shape {self.shape} and the strides {self.strides}")
        last = self.start + sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))
        if last >= len(storage):
            raise ValueError(f"a tensor goes on behind the end of storage {self.key}")
        steps = [stride * storage.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(storage[self.start :], self.shape, steps).copy()


class _TorchUnpickler(pickle.Unpickler):
    def __init__(self, stream: BinaryIO, places: dict[str, tuple[str, int]]):
        super().__init__(stream)
        self._places = places

    def find_class(self, module: str, name: str):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in TORCH_STORAGES:
            return TORCH_STORAGES[name]
        raise ArchiveError(f"refused the pickle: it names {module}.{name}, which is no tensor")

    def persistent_load(self, found):
        word, kind, key, device, count, _ = found
        if (word, device) != ("storage", "cpu") or kind not in TORCH_STORAGES.values():
            raise ArchiveError(f"refused the pickle: expected a storage on the CPU, found {word!r} on {device!r}")
        self._places[key] = kind, count
        return key


def _check_memory(pickled: bytes | BinaryIO, name: str) -> None:
    for opcode, argument, _ in pickletools.genops(pickled):  # executes nothing; stops at too great a length
        if opcode.name in ("PUT", "BINPUT", "LONG_BINPUT") and argument > MEMO_LIMIT:
            raise ArchiveError(f"refused the pickle: {name} wants to remember {argument:,} things")


class _NumpyUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str):
        if (module, name) not in NUMPY_GLOBALS:
            raise ArchiveError(f"refused the pickle: it names {module}.{name}, which is no NumPy array")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def _check(member: str, size: int, limit: int, regular: bool) -> None:
    if not is_safe_path(member):
        raise ArchiveError(f"refused the member name {member!r}: it leads out of the archive")
    if not regular:
        raise ArchiveError(f"refused the member {member}: it is a link, folder or device, not a regular file")
    if size > limit:  # neither zipfile nor tarfile hands out more than the stated size
        raise ArchiveError(f"{member} has {size:,} bytes, more than the expected {limit:,}")


@contextmanager
def _explained(archive: Path, damage: type[Exception] | tuple[type[Exception], ...] = DAMAGE):
    try:
        yield
    except ArchiveError:
        raise
    except damage as error:
        if getattr(error, "errno", None) is not None:  # an error of the disk, not of the data
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ArchiveError(f"{archive.name} is damaged or not what its name says: {reason}") from error

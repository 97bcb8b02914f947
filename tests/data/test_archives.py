import contextlib
import gzip
import io
import os
import pickle
import stat
import sys
import tarfile
import tracemalloc
import types
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import tarred, zipped

from utils.data import archives
from utils.data.archives import ArchiveError

TEXT = b"hello, archive\n" * 100
NAME = "folder/file.txt"
NOISE = np.random.default_rng(0).bytes(50_000)


def read(archive, member=NAME, limit=10_000) -> bytes:
    target = archive.with_name("unpacked")
    archives.unpack(archive, member, limit, target)
    return target.read_bytes()


def read_all(archive, names="folder/.*", limit=10_000, total=100_000) -> list:
    return list(archives.members(archive, names, limit, total))


def make_zip(path, member=NAME, content=TEXT, mode=stat.S_IFREG | 0o644):
    info = zipfile.ZipInfo(member)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("other.txt", "something else")
        container.writestr(info, content)
    return path


def make_tar(path, member=NAME, content=TEXT, kind=tarfile.REGTYPE, mode="w:gz"):
    info = tarfile.TarInfo(member)
    info.type, info.linkname = kind, "/etc/passwd"
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    with tarfile.open(path, mode) as container:
        container.addfile(tarfile.TarInfo("other.txt"), io.BytesIO(b""))
        container.addfile(info, io.BytesIO(content))
    return path


def make_tar_xz(path, **options):
    return make_tar(path, mode="w:xz", **options)


# ------------------------------------------------------------------------------------------------------- one member


@pytest.mark.parametrize("mode", ["", "w:", "w:gz", "w:bz2", "w:xz"])
def test_member_is_read_however_the_archive_is_compressed(tmp_path, mode):
    assert read(make_tar(tmp_path / "a.bin", mode=mode) if mode else make_zip(tmp_path / "a.bin")) == TEXT


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.parametrize("name", ["../evil.txt", "folder/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a\nb"])
def test_member_name_that_leads_out_is_refused_even_where_it_exists_and_a_missing_one_is_named(tmp_path, make, name):
    with pytest.raises(ArchiveError, match="it leads out of the archive|has no member"):
        read(make(tmp_path / "a.bin", name), name)
    with pytest.raises(ArchiveError, match="a.bin has no member folder/none.txt"):
        read(tmp_path / "a.bin", "folder/none.txt")
    assert not (tmp_path / "unpacked").exists()


@pytest.mark.parametrize("make, option", [
    *[(make_tar, {"kind": kind}) for kind in
      (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)],
    *[(make_zip, {"mode": mode}) for mode in (stat.S_IFLNK | 0o777, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR)],
])  # fmt: skip
def test_member_that_is_no_regular_file_is_refused(tmp_path, make, option):
    archive = make(tmp_path / "a.bin", **option)
    with pytest.raises(ArchiveError, match="refused the member folder/file.txt: it is a link, folder or device"):
        read(archive)


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_bomb_is_refused_at_its_limit_before_anything_is_unpacked(tmp_path, make):
    archive = make(tmp_path / "bomb", content=bytes(5_000_000))
    assert archive.stat().st_size < 10_000
    with pytest.raises(ArchiveError, match="folder/file.txt has 5,000,000 bytes, more than the expected 4,999,999"):
        read(archive, limit=4_999_999)
    assert not (tmp_path / "unpacked").exists()
    assert len(read(archive, limit=5_000_000)) == 5_000_000


def test_zip_that_lies_about_a_size_is_not_unpacked_beyond_it(tmp_path):
    data = make_zip(tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(len(TEXT).to_bytes(4, "little"), (7).to_bytes(4, "little")))
    with pytest.raises(ArchiveError, match="a.zip is damaged"):
        read(tmp_path / "a.zip", limit=7)
    assert (tmp_path / "unpacked").stat().st_size <= 7


# ---------------------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("kept", [0.3, 0.6])
def test_tar_that_is_cut_short_is_damaged(tmp_path, mode, kept):
    whole = make_tar(tmp_path / "whole", content=NOISE, mode=mode).read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ArchiveError, match="cut is damaged|cut has no member"):
        read(tmp_path / "cut", limit=100_000)


@pytest.mark.parametrize("make", [make_zip, make_tar_xz])
def test_flipped_byte_is_noticed(tmp_path, make):
    data = bytearray(make(tmp_path / "a", content=NOISE).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(ArchiveError, match="a is damaged"):
        read(tmp_path / "a", limit=100_000)


@given(st.binary(max_size=600))
def test_anything_else_is_no_archive_and_said_in_one_line(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "anything.bin"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=r"anything.bin (is damaged|has no member).*\Z"):
        read(path)


def test_disk_error_is_not_blamed_on_the_archive(tmp_path):
    with pytest.raises(IsADirectoryError):
        archives.unpack(make_zip(tmp_path / "a.zip"), NAME, 10_000, tmp_path)


# ------------------------------------------------------------------------------------------------------ many members


def test_files_of_a_tar_that_fit_are_listed_in_its_order(tmp_path):
    names = ("top/neg/2.txt", "top/neg/1.txt", "top/other.txt", "top/pos/1.txt")
    (tmp_path / "a.tgz").write_bytes(tarred({name: name for name in names}))
    files = read_all(tmp_path / "a.tgz", "top/(neg|pos)/.+")
    assert files == [(name, name.encode()) for name in names if "other" not in name]


def test_files_whose_whole_name_fits_are_listed_in_the_order_of_their_names(tmp_path):
    names = ["b/en.json", "a/en.json", "a/en.json.bak", "x/a/en.json", "a/de.json"]
    (tmp_path / "a.zip").write_bytes(zipped({name: bytes(10) for name in names}))
    found = read_all(tmp_path / "a.zip", r"[ab]/en\.json", limit=10, total=50)
    assert found == [("a/en.json", bytes(10)), ("b/en.json", bytes(10))]


@pytest.mark.parametrize("options, complaint", [
    ({"member": "folder/../../evil.txt"}, "leads out of the archive"),
    ({"member": "folder/link.txt", "kind": tarfile.SYMTYPE}, "it is a link"),
    ({"member": "bomb", "content": bytes(20_000_000)}, "a.bin unpacks to more than the expected 100,000 bytes"),
])  # fmt: skip
def test_listing_refuses_what_is_no_file_below_the_prefix_and_a_bomb_outside_it(tmp_path, options, complaint):
    with pytest.raises(ArchiveError, match=complaint):
        read_all(make_tar(tmp_path / "a.bin", **options), ".*(evil|link).*")


@pytest.mark.parametrize("limit, total, complaint", [
    (9, 100, "a/1 has 10 bytes, more than the expected 9"),
    (10, 19, "a.zip unpacks to more than the expected 19 bytes"),
])  # fmt: skip
def test_listing_a_zip_stops_at_its_limits(tmp_path, limit, total, complaint):
    (tmp_path / "a.zip").write_bytes(zipped({"a/1": bytes(10), "a/2": bytes(10)}))
    with pytest.raises(ArchiveError, match=complaint):
        read_all(tmp_path / "a.zip", ".*", limit, total)


# ---------------------------------------------------------------------------------------------------------- pickles


class Evil:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_pickle_of_arrays_is_read(tmp_path, protocol, compress):
    arrays = (np.arange(6, dtype=np.float32).reshape(2, 3), np.array([1, 2]), np.array([True]))
    (tmp_path / "p").write_bytes(compress(pickle.dumps(arrays, protocol)))
    for found, expected in zip(archives.load_numpy_pickle(tmp_path / "p", 10_000), arrays, strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)


EVIL = [
    ("posix.system|nt.system", Evil(os.system, "touch evil")), ("builtins.eval|__builtin__.eval", Evil(eval, "1 + 1")),
    ("builtins.getattr|__builtin__.getattr", Evil(getattr, "text", "upper")), (r"numpy\S*\.load", Evil(np.load, "evil.npy")),
]  # fmt: skip


@pytest.mark.parametrize("global_name, evil", EVIL)
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_pickle_that_names_a_forbidden_global_is_refused(tmp_path, monkeypatch, global_name, evil, protocol):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").write_bytes(pickle.dumps([np.zeros(3), evil], protocol))
    with pytest.raises(ArchiveError, match=f"refused the pickle: it names ({global_name}), which is no NumPy array"):
        archives.load_numpy_pickle(tmp_path / "p", 10_000)
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_pickle_that_is_cut_short_or_a_bomb_is_refused(tmp_path, compress):
    data = compress(pickle.dumps(np.zeros(50_000)))
    (tmp_path / "p").write_bytes(data)
    with pytest.raises(ArchiveError, match="p unpacks to more than the expected 100,000 bytes"):
        archives.load_numpy_pickle(tmp_path / "p", 100_000)
    (tmp_path / "p").write_bytes(data[: len(data) // 2])
    with pytest.raises(ArchiveError, match="p is damaged"):
        archives.load_numpy_pickle(tmp_path / "p", 1_000_000)


@pytest.mark.parametrize("opcode", [b"r\xff\xff\xff\x7f", b"p2147483647\n", b"\x8e\0\0\0\0\1\0\0\0"])
def test_few_bytes_cannot_set_aside_gigabytes(tmp_path, opcode):
    (tmp_path / "p").write_bytes(b"\x80\x05N" + opcode + b"N.")
    tracemalloc.start()
    with contextlib.suppress(ArchiveError):
        archives.load_numpy_pickle(tmp_path / "p", 10_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


# ---------------------------------------------------------------------------------------------- arrays of PyTorch


class Storage:
    """What PyTorch pickles by name, and writes behind its pickles."""

    def __init__(self, key: str, numbers: np.ndarray):
        self.key, self.numbers = key, numbers


class Tensor:
    def __init__(self, storage, start, shape, strides):
        self.parts = storage, start, shape, strides, False, OrderedDict()

    def __reduce__(self):
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.parts


@pytest.fixture
def save_as_pytorch(tmp_path, monkeypatch):
    """Write a file as PyTorch before 1.6 does, from stand-ins for its names, which are gone when it is read."""

    def save(tensors, magic=archives.TORCH_MAGIC, device="cpu", kind="FloatStorage", cut=None):
        torch, inner = types.ModuleType("torch"), types.ModuleType("torch._utils")
        stored = type(kind, (), {"__module__": "torch"})
        setattr(torch, kind, stored)

        def _rebuild_tensor_v2():
            pass

        _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
        inner._rebuild_tensor_v2 = _rebuild_tensor_v2
        storages = {}

        class Pickler(pickle.Pickler):
            def persistent_id(self, thing):
                if isinstance(thing, Storage):
                    storages[thing.key] = thing.numbers
                    return "storage", stored, thing.key, device, len(thing.numbers), None
                return None

        stream = io.BytesIO()
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "torch", torch)
            patch.setitem(sys.modules, "torch._utils", inner)
            for part in (magic, 1001, {"little_endian": True}, tensors):
                Pickler(stream, 2).dump(part)
        pickle.dump(list(storages), stream, 2)
        for numbers in storages.values():
            stream.write(len(numbers).to_bytes(8, "little") + numbers.tobytes())
        path = tmp_path / "weights.pth"
        path.write_bytes(stream.getvalue()[:cut])
        return path

    return save


NUMBERS = np.arange(24, dtype="<f4")


def test_tensors_of_pytorch_are_read_whatever_their_strides(save_as_pytorch):
    storage = Storage("7", NUMBERS)
    path = save_as_pytorch(OrderedDict(whole=Tensor(storage, 0, (2, 3, 4), (12, 4, 1)), turned=Tensor(storage, 1, (3, 2), (1, 3)),
                                       one=Tensor(Storage("8", NUMBERS[:1] + 5), 0, (), ())))  # fmt: skip
    found = archives.load_torch_arrays(path, 10_000)
    np.testing.assert_array_equal(found["whole"], NUMBERS.reshape(2, 3, 4), strict=True)
    np.testing.assert_array_equal(found["turned"], NUMBERS[1:7].reshape(2, 3).T, strict=True)
    assert found["one"] == 5
    assert found["whole"].flags.writeable


@pytest.mark.parametrize("start, shape, strides", [
    (0, (25,), (1,)), (20, (2, 3), (3, 1)), (-1, (2,), (1,)), (10, (2,), (-1,)), (0, (2, 2), (1,)), (0, (10**9,), (0,)),
])  # fmt: skip
def test_a_tensor_outside_its_storage_is_refused(save_as_pytorch, start, shape, strides):
    path = save_as_pytorch({"w": Tensor(Storage("0", NUMBERS), start, shape, strides)})
    with pytest.raises(ArchiveError, match="weights.pth is damaged"):
        archives.load_torch_arrays(path, 10_000)


@pytest.mark.parametrize("options, limit, message", [
    ({"magic": 1}, 10_000, "no file of PyTorch before 1.6"),
    ({"device": "cuda:0"}, 10_000, "expected a storage on the CPU, found 'storage' on 'cuda:0'"),
    ({"kind": "UntypedStorage"}, 10_000, "names torch.UntypedStorage, which is no tensor"),
    ({"cut": -5}, 10_000, "is damaged"), ({}, 100, "bytes, more than the expected 100"),
])  # fmt: skip
def test_a_file_of_pytorch_that_is_another_or_cut_or_too_large_is_refused(save_as_pytorch, options, limit, message):
    path = save_as_pytorch({"w": Tensor(Storage("0", NUMBERS), 0, (24,), (1,))}, **options)
    with pytest.raises(ArchiveError, match=message):
        archives.load_torch_arrays(path, limit)


@pytest.mark.parametrize("global_name, evil", EVIL)
def test_a_file_of_pytorch_that_would_run_something_is_refused(save_as_pytorch, tmp_path, monkeypatch, global_name, evil):
    monkeypatch.chdir(tmp_path)
    path = save_as_pytorch({"w": evil})
    with pytest.raises(ArchiveError, match=f"refused the pickle: it names ({global_name}), which is no tensor"):
        archives.load_torch_arrays(path, 10_000)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.pth"]


@pytest.mark.parametrize("load", [archives.load_numpy_pickle, archives.load_torch_arrays])
@given(data=st.binary(max_size=200))
def test_any_bytes_make_arrays_or_an_archive_error(tmp_path_factory, load, data):
    path = tmp_path_factory.getbasetemp() / "pickle.bin"
    path.write_bytes(data)
    with contextlib.suppress(ArchiveError):
        load(path, 10_000)


# ----------------------------------------------------------------------------------------------------------- IDX files


def idx_file(tmp_path, header: bytes, rest: bytes = bytes(range(24))):
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(header + rest))
    return path


def test_idx_arrays_have_the_shape_that_the_file_states(tmp_path):
    path = idx_file(tmp_path, bytes([0, 0, 8, 3, *(0, 0, 0, 2), *(0, 0, 0, 3), *(0, 0, 0, 4)]))
    np.testing.assert_array_equal(archives.load_idx(path, 100), np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


@pytest.mark.parametrize("header, rest, complaint", [
    (bytes([0, 0, 8, 1, 0, 0, 0, 24]), bytes(90), "unpacks to more than the expected 50 bytes"),
    (bytes([0, 0, 13, 1, 0, 0, 0, 6]), bytes(24), "is no IDX file of bytes: it begins with 00000d01"),
    (b"<html>", b"", "is no IDX file of bytes"),
    (b"", b"", "is no IDX file of bytes"),
    (bytes([0, 0, 8, 1, 0, 0, 0, 25]), bytes(24), "is damaged or not what its name says"),
    (bytes([0, 0, 8, 9, 0, 0]), b"", "is damaged or not what its name says"),
])  # fmt: skip
def test_idx_files_that_are_damaged_too_large_or_of_other_numbers_are_refused(tmp_path, header, rest, complaint):
    with pytest.raises(ArchiveError, match=complaint):
        archives.load_idx(idx_file(tmp_path, header, rest), 50)


def test_an_idx_file_that_is_not_compressed_is_refused(tmp_path):
    path = tmp_path / "images.gz"
    path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 1, 7]))
    with pytest.raises(ArchiveError, match="is damaged or not what its name says"):
        archives.load_idx(path, 50)

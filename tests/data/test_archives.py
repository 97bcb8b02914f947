import contextlib
import gzip
import io
import pickle
import stat
import tarfile
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data import archives
from utils.data.archives import ArchiveError

TEXT = b"hello, archive\n" * 100


def read(archive, member="folder/file.txt", limit=10_000):
    with archives.open_member(archive, member, limit) as stream:
        return stream.read()


def make_zip(path, member="folder/file.txt", content=TEXT, mode=stat.S_IFREG | 0o644):
    info = zipfile.ZipInfo(member)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("other.txt", "something else")
        container.writestr(info, content)
    return path


def make_tar(path, member="folder/file.txt", content=TEXT, kind=tarfile.REGTYPE, mode="w:gz"):
    info = tarfile.TarInfo(member)
    info.type, info.linkname = kind, "/etc/passwd"
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    with tarfile.open(path, mode) as container:
        container.addfile(tarfile.TarInfo("other.txt"), io.BytesIO(b""))
        container.addfile(info, io.BytesIO(content))
    return path


def test_member_of_a_zip_is_read(tmp_path):
    assert read(make_zip(tmp_path / "a.whl")) == TEXT


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_member_of_a_tar_is_read_however_it_is_compressed(tmp_path, mode):
    assert read(make_tar(tmp_path / "a.tar", mode=mode)) == TEXT


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_missing_member_is_named(tmp_path, make):
    with pytest.raises(ArchiveError, match="a.bin has no member folder/none.txt"):
        read(make(tmp_path / "a.bin"), "folder/none.txt")


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.parametrize("name", ["../evil.txt", "folder/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a\\b", ""])
def test_member_name_that_leads_out_is_refused_even_where_it_exists(tmp_path, make, name):
    with pytest.raises(ArchiveError, match="refused the member name .* it leads out of the archive"):
        read(make(tmp_path / "a.bin", name or "x"), name)


@pytest.mark.parametrize("kind, word", [
    (tarfile.SYMTYPE, "symbolic link"), (tarfile.LNKTYPE, "hard link"), (tarfile.CHRTYPE, "device"),
    (tarfile.BLKTYPE, "device"), (tarfile.FIFOTYPE, "pipe"), (tarfile.DIRTYPE, "folder"),
])
def test_tar_member_that_is_no_regular_file_is_refused(tmp_path, kind, word):
    archive = make_tar(tmp_path / "a.tgz", kind=kind)
    with pytest.raises(ArchiveError, match=f"refused the member folder/file.txt: it is a {word}, not a regular"):
        read(archive)


@pytest.mark.parametrize("mode, word", [
    (stat.S_IFLNK | 0o777, "symbolic link"), (stat.S_IFCHR, "device"), (stat.S_IFIFO, "device"),
])
def test_zip_member_that_is_no_regular_file_is_refused(tmp_path, mode, word):
    archive = make_zip(tmp_path / "a.zip", content=b"/etc/passwd", mode=mode)
    with pytest.raises(ArchiveError, match=f"refused the member folder/file.txt: it is a {word}"):
        read(archive)


def test_folder_of_a_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as container:
        container.writestr("folder/", "")
    with pytest.raises(ArchiveError, match="refused the member name 'folder/'"):
        read(tmp_path / "a.zip", "folder/")


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_bomb_is_stopped_while_it_unpacks(tmp_path, make):
    archive = make(tmp_path / "bomb", content=bytes(50_000_000))
    assert archive.stat().st_size < 100_000
    with archives.open_member(archive, "folder/file.txt", 1_000_000) as stream:
        received = 0
        with pytest.raises(ArchiveError, match="folder/file.txt unpacks to more than the expected 1,000,000 bytes"):
            while chunk := stream.read(100_000):
                received += len(chunk)
    assert received <= 1_000_000


def test_bomb_before_the_member_is_stopped_too(tmp_path, monkeypatch):
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as container:
        bomb = tarfile.TarInfo("bomb")
        bomb.size = 20_000_000
        container.addfile(bomb, io.BytesIO(bytes(bomb.size)))
        container.addfile(tarfile.TarInfo("folder/file.txt"))
    files = archives.iter_tar(tmp_path / "a.tgz", ("folder/",), limit=100, total=1_000_000)
    with pytest.raises(ArchiveError, match="a.tgz unpacks to more than the expected 1,000,000 bytes"):
        list(files)


def test_exact_limit_is_enough(tmp_path):
    assert read(make_zip(tmp_path / "a.zip"), limit=len(TEXT)) == TEXT
    with pytest.raises(ArchiveError, match="more than the expected"):
        read(make_zip(tmp_path / "a.zip"), limit=len(TEXT) - 1)


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("kept", [0.3, 0.6])
def test_tar_that_is_cut_short_is_damaged(tmp_path, mode, kept):
    content = np.random.default_rng(0).bytes(50_000)
    whole = make_tar(tmp_path / "whole", content=content, mode=mode).read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ArchiveError, match="cut is damaged|cut has no member"):
        read(tmp_path / "cut", limit=100_000)


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_tar_with_a_flipped_byte_is_damaged(tmp_path, mode):
    content = np.random.default_rng(0).bytes(50_000)
    data = bytearray(make_tar(tmp_path / "a", content=content, mode=mode).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(ArchiveError, match="a is damaged"):
        assert read(tmp_path / "a", limit=100_000) == content
        list(archives.iter_tar(tmp_path / "a", ("",), 100_000, 1_000_000))  # gzip's checksum stands at its end


def test_zip_with_a_flipped_byte_is_damaged(tmp_path):
    content = np.random.default_rng(0).bytes(50_000)
    data = bytearray(make_zip(tmp_path / "a.zip", content=content).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ArchiveError, match="a.zip is damaged"):
        read(tmp_path / "a.zip", limit=100_000)


@given(st.binary(max_size=600))
def test_anything_else_is_no_archive(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "anything.bin"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="anything.bin (is damaged|has no member|unpacks)"):
        read(path)


def test_disk_error_of_the_reader_is_not_blamed_on_the_archive(tmp_path):
    archive = make_zip(tmp_path / "a.zip")
    with pytest.raises(OSError, match="No space left"), archives.open_member(archive, "folder/file.txt", 9_999):
        raise OSError(28, "No space left on device")


def test_files_below_a_prefix_are_listed_in_order(tmp_path):
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as container:
        for name in ("top/neg/2.txt", "top/neg/1.txt", "top/other.txt", "top/pos/1.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(name)
            container.addfile(info, io.BytesIO(name.encode()))
    files = archives.iter_tar(tmp_path / "a.tgz", ("top/neg/", "top/pos/"), limit=100, total=100_000)
    assert list(files) == [(name, name.encode()) for name in ("top/neg/2.txt", "top/neg/1.txt", "top/pos/1.txt")]


@pytest.mark.parametrize("name, kind, complaint", [
    ("top/../../evil.txt", tarfile.REGTYPE, "leads out of the archive"),
    ("top/link.txt", tarfile.SYMTYPE, "it is a symbolic link"),
    ("top/device", tarfile.CHRTYPE, "it is a device"),
])
def test_listing_refuses_what_is_no_file_below_the_prefix(tmp_path, name, kind, complaint):
    make_tar(tmp_path / "a.tgz", name, kind=kind)
    with pytest.raises(ArchiveError, match=complaint):
        list(archives.iter_tar(tmp_path / "a.tgz", ("top/",), limit=10_000, total=100_000))


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


@pytest.mark.parametrize("global_name, evil", [
    ("posix.system|nt.system", Evil(__import__("os").system, "touch evil")),
    ("builtins.eval|__builtin__.eval", Evil(eval, "1 + 1")),
    ("builtins.getattr|__builtin__.getattr", Evil(getattr, "text", "upper")),
    ("subprocess.Popen|commands.Popen", Evil(__import__("subprocess").Popen, ["touch", "evil"])),
    (r"numpy\S*\.load", Evil(np.load, "evil.npy")),
])
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_pickle_that_names_a_forbidden_global_is_refused(tmp_path, monkeypatch, global_name, evil, protocol):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").write_bytes(pickle.dumps([np.zeros(3), evil], protocol))
    with pytest.raises(ArchiveError, match=f"refused the pickle: it names ({global_name}), which is no NumPy array"):
        archives.load_numpy_pickle(tmp_path / "p", 10_000)
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_pickle_bomb_is_stopped(tmp_path):
    (tmp_path / "p").write_bytes(gzip.compress(pickle.dumps(np.zeros(5_000_000))))
    with pytest.raises(ArchiveError, match="p unpacks to more than the expected 1,000,000 bytes"):
        archives.load_numpy_pickle(tmp_path / "p", 1_000_000)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_pickle_that_is_cut_short_is_damaged(tmp_path, compress):
    data = compress(pickle.dumps(np.random.default_rng(0).normal(size=1000)))
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


@given(st.binary(max_size=200))
def test_any_bytes_make_arrays_or_an_archive_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "pickle.bin"
    path.write_bytes(data)
    with contextlib.suppress(ArchiveError):
        archives.load_numpy_pickle(path, 10_000)

"""What this machine offers the course, and what stands in its way: Python, packages, devices, memory, data.

On the command line `python -m utils.data.environment` prints the report, and ends with status 1 if something is
wrong.
"""

import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import psutil
from packaging.markers import default_environment
from packaging.requirements import Requirement

from utils.data import catalog, fetch, sources
from utils.notebook import profile
from utils.data.download import SourceError, human_size
from utils.data.verify import looks_right

PYTHON_VERSIONS = ((3, 11), (3, 13))  # first and last that the pinned packages exist for
MEMORY_FOR_LESSONS = 3e9
DISK_FOR_LESSONS = 1e9
CGROUP = Path("/sys/fs/cgroup")
SAME_MODULE = {"tensorflow-cpu": ("tensorflow", "tensorflow-rocm")}  # either brings `import tensorflow`


class Difference(NamedTuple):
    """A package that is not as requirements.txt asks; `found` is None where it is not installed."""

    package: str
    wanted: str
    found: str | None


class Devices(NamedTuple):
    """What networks compute on: the names of the GPUs, and if there are none, why."""

    gpus: list[str]
    why_none: str


def report() -> dict[str, str]:
    """Return what there is, one line each, in the order in which people ask for it.

    Imports the backend of Keras, which takes some seconds. A part that cannot be had is reported, not raised.
    """
    found = devices()
    return {
        "Python": f"{platform.python_version()} ({_python_home()})",
        "system": f"{platform.system()}, {platform.machine()}",
        "TensorFlow": _version("tensorflow-cpu") or "not installed",
        "Keras": _version("keras") or "not installed",
        "backend of Keras": backend(),
        "GPU": ", ".join(found.gpus) or f"none: {found.why_none}",
        "CPU cores": f"{cpu_cores():g}",
        "memory": f"{memory_bytes() / 1e9:.1f} GB",
        "free disk space": f"{_free_disk() / 1e9:.1f} GB",
        "profile": profile.name(),
        "data folder": _short(fetch.cache_folder()),
        "network": "forbidden by COURSE_OFFLINE" if fetch.is_offline() else "allowed",
    }


def data(edition: str = "lesson") -> list[dict[str, str]]:
    """Return one row for each data set and model of an edition: name, what, size, licence, here or not.

    A collection, such as the photos, is one row. Nothing is fetched or hashed.

    Raises:
        CatalogError: if data/catalog.toml is malformed.
    """
    groups: dict[str, list[catalog.Asset]] = {}
    for asset in catalog.load().values():
        if asset.edition == edition:
            groups.setdefault(asset.collection or asset.name, []).append(asset)
    return [
        {
            "name": name,
            "what": f"{len(assets)} files" if len(assets) > 1 else assets[0].title,
            "size": human_size(assets[0]) if len(assets) == 1 else _total_size(assets),
            "licence": "; ".join(dict.fromkeys(asset.licence for asset in assets)),
            "here": "yes" if all(map(is_here, assets)) else "no",
        }
        for name, assets in groups.items()
    ]


def _total_size(assets: list[catalog.Asset]) -> str:
    size = sum(asset.limit for asset in assets)
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"


def is_here(asset: catalog.Asset) -> bool:
    """Tell from names and sizes whether what the course reads of an asset is on this machine."""
    if asset.members:
        return all(looks_right(fetch.cached_path(asset, member), content)
                   for member, content in asset.members.items())
    return looks_right(fetch.cached_path(asset), asset) or _comes_with_a_package(asset)


def problems() -> list[str]:
    """Return what keeps the course from running as intended, each with the way out; empty if nothing does."""
    found = []
    first, last = PYTHON_VERSIONS
    if not first <= sys.version_info[:2] <= last:
        found.append(
            f"Python {platform.python_version()} is running; the course needs 3.{first[1]} to 3.{last[1]}. "
            f"Install one of them and run: make lab PYTHON=python3.{last[1]}"
        )
    wrong = packages_that_differ()
    if wrong:
        words = [f"{package} {there or 'is missing'} (wanted {wanted})" for package, wanted, there in wrong]
        more = " ..." if len(words) > 5 else ""
        found.append(f"Packages that are not as in requirements.txt ({len(words)}): "
                     f"{', '.join(words[:5])}{more}. Run: make lab")
    missing = [row["name"] for row in data() if row["here"] == "no"]
    if missing:
        found.append(f"Data that is not here yet: {', '.join(missing)}. It is fetched when a lesson asks for "
                     "it; to fetch all of it now, run: make data")
    if memory_bytes() < MEMORY_FOR_LESSONS:
        found.append(f"There are {memory_bytes() / 1e9:.1f} GB of memory; a lesson needs up to "
                     f"{MEMORY_FOR_LESSONS / 1e9:.0f} GB. Give the container or virtual machine more.")
    if _free_disk() < DISK_FOR_LESSONS:
        found.append(f"There are {_free_disk() / 1e9:.1f} GB free for {fetch.cache_folder()}; about "
                     f"{DISK_FOR_LESSONS / 1e9:.0f} GB is needed. Free some, or point COURSE_DATA elsewhere.")
    return found


def packages_that_differ(requirements: Path | None = None) -> list[Difference]:
    """Return the packages of requirements.txt that are missing or have another version.

    `tensorflow` counts as `tensorflow-cpu`, whose GPU variant it is. Options, the digests of files and lines for
    other systems are skipped.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    path = requirements or catalog.PATH.parents[1] / "requirements.txt"
    here = default_environment()
    differences = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip(" \t\\")
        if not line or line.startswith("-"):
            continue
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate(here):
            found = _version(wanted.name)
            if found is None or not wanted.specifier.contains(found, prereleases=True):
                differences.append(Difference(wanted.name, str(wanted.specifier), found))
    return differences


def backend() -> str:
    """Return the name of the library that Keras computes with, or why there is none."""
    try:
        import keras
    except Exception as error:  # a broken installation can raise anything; this is the place to say so
        return f"cannot be loaded: {type(error).__name__}: {error}"
    return keras.backend.backend()


def devices() -> Devices:
    """Return the GPUs that Keras's backend can use, or the reason why there are none."""
    name = backend()
    if name == "tensorflow":
        import tensorflow as tf

        gpus = [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name)
                for gpu in tf.config.list_physical_devices("GPU")]
        return Devices(gpus, "" if gpus else _why_tensorflow_has_no_gpu(tf.test.is_built_with_cuda()))
    if name == "jax":
        import jax

        gpus = [device.device_kind for device in jax.devices() if device.platform == "gpu"]
        return Devices(gpus, "" if gpus else "JAX sees only the CPU; for NVIDIA it needs jax[cuda12]")
    if name == "torch":
        import torch

        gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
        return Devices(gpus, "" if gpus else "PyTorch sees only the CPU")
    return Devices([], f"Keras's backend {name}")


def _why_tensorflow_has_no_gpu(built_with_cuda: bool) -> str:
    driver = shutil.which("nvidia-smi") is not None
    if not built_with_cuda:
        way_out = "; this machine has an NVIDIA driver: run make lab GPU=1" if driver else ""
        return f"this TensorFlow is built for the CPU{way_out}"
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden in ("", "-1"):
        return f"CUDA_VISIBLE_DEVICES={hidden!r} hides them; unset it"
    if not driver:
        return "no NVIDIA driver on this machine (nvidia-smi is missing)"
    return "TensorFlow cannot use the NVIDIA driver that is here; for its CUDA libraries run make lab GPU=1"


def cpu_cores() -> float:
    """Return how many cores this process may use; a container's limit and fractions of a core count."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _limit("cpu.max").partition(" ")
    return min(cores, int(quota) / int(period)) if quota.isdigit() and period.isdigit() else cores


def memory_bytes() -> int:
    """Return how much memory this process may use, in bytes; a container's limit counts."""
    total, limit = psutil.virtual_memory().total, _limit("memory.max")
    return min(total, int(limit)) if limit.isdigit() else total


def _limit(name: str) -> str:
    try:
        return (CGROUP / name).read_text().strip()
    except OSError:
        return ""


def _python_home() -> str:
    return "a virtual environment" if sys.prefix != sys.base_prefix else "the system's own"


def _short(folder: Path) -> str:
    """Return a folder as seen from the project; a saved report must not tell whose machine it was."""
    project = catalog.PATH.parents[1]
    return str(folder.relative_to(project)) if folder.is_relative_to(project) else "set by COURSE_DATA"


def _free_disk() -> int:
    folder = fetch.cache_folder()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _version(package: str) -> str | None:
    for name in (package, *SAME_MODULE.get(package, ())):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def _comes_with_a_package(asset: catalog.Asset) -> bool:
    for source in asset.sources:
        if source.kind == "installed":
            try:
                return looks_right(sources.installed(source), asset)
            except SourceError:
                continue
    return False


def main() -> int:
    """Print the report and the problems; return 1 if there are any."""
    for name, value in report().items():
        print(f"{name:18} {value}")
    found = problems()
    for problem in found:
        print(f"\n- {problem}")
    print(f"\nProblems: {len(found)}" if found else "\nEverything is ready.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

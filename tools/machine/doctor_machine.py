"""What `make doctor` can ask a machine. Tests put another machine in its place.

Standard library only: the doctor also runs where nothing has been installed yet.
"""

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from tools.machine import ports

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """This machine."""

    root = ROOT
    environment = os.environ
    system = platform.system()
    python_version = sys.version_info[:3]
    python_prefix = Path(sys.prefix)
    python = sys.executable

    def exists(self, path: str | Path) -> bool:
        """Whether there is something at a path."""
        return os.path.exists(path)

    def read(self, path: str | Path) -> str:
        """Return the text of a file, or '' if it cannot be read."""
        try:
            return Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def find(self, folder: str | Path, pattern: str) -> list[Path]:
        """Return what matches a pattern below a folder, sorted; nothing if there is no such folder."""
        return sorted(Path(folder).glob(pattern))

    def may(self, path: str | Path, permission: int) -> bool:
        """Whether this user may do something with a path; `os.R_OK`, `os.W_OK` or both."""
        return os.access(path, permission)

    def owner(self, path: str | Path) -> int:
        """Return the user id of a path's owner."""
        return os.stat(path).st_uid

    def user(self) -> int:
        """Return this user's id; 0 where users have none."""
        return os.geteuid() if hasattr(os, "geteuid") else 0

    def which(self, command: str) -> str | None:
        """Return the path of a command, or None."""
        return shutil.which(command)

    def run(self, command: list[str], seconds: float) -> tuple[int, str]:
        """Return exit status and output of a command; 124 if it takes longer than `seconds`, 127 if it is not there."""
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                  stdin=subprocess.DEVNULL, timeout=seconds, cwd=self.root)  # fmt: skip
        except subprocess.TimeoutExpired:
            return 124, ""
        except OSError as error:
            return 127, str(error)
        return done.returncode, done.stdout

    def version(self, package: str) -> str | None:
        """Return the version of an installed package, or None."""
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return None

    def free_disk(self, path: Path) -> int:
        """Return the free bytes of the disk that holds a path, or will hold it."""
        while not path.exists():
            path = path.parent
        return shutil.disk_usage(path).free

    def port_is_free(self, port: int) -> bool:
        """Whether nothing listens on a port of the loopback address."""
        return ports.is_free(port)

    def is_container(self) -> bool:
        """Whether this is inside a container."""
        marks = ("/.dockerenv", "/run/.containerenv")
        return any(map(self.exists, marks)) or "KUBERNETES_SERVICE_HOST" in self.environment

    def is_windows_linux(self) -> bool:
        """Whether this is the Windows Subsystem for Linux."""
        return "microsoft" in self.read("/proc/sys/kernel/osrelease").lower()

    # What the course's own modules know; they need the installed packages, so they are imported late.

    def packages_that_differ(self) -> list:
        """Return what `utils.data.environment.packages_that_differ` returns."""
        from utils.data import environment

        return environment.packages_that_differ()

    def data(self) -> list[dict[str, str]]:
        """Return a row for each data set of the lesson edition, as `utils.data.environment.data` does."""
        from utils.data import environment

        return environment.data()

    def damaged_data(self) -> dict[str, str]:
        """Return every cached file of the lesson edition whose bytes are wrong, with what is wrong."""
        from utils.data import catalog, fetch
        from utils.data.verify import problem_with

        found = {}
        for asset in catalog.load().values():
            if asset.edition == "lesson":
                files = {fetch.cached_path(asset): asset}
                files |= {fetch.cached_path(asset, member): content for member, content in asset.members.items()}
                for path, content in files.items():
                    if path.exists() and (problem := problem_with(path, content)):
                        found[str(path)] = problem
        return found

    def needs_npm(self) -> list[str]:
        """Return the data of the lesson edition that is not here and comes from npm."""
        from utils.data import catalog, environment

        return [asset.name for asset in catalog.load().values()
                if asset.edition == "lesson" and any(source.kind == "npm" for source in asset.sources)
                and not environment.is_here(asset)]  # fmt: skip

    def data_folder(self) -> Path:
        """Return the folder that data is fetched into."""
        chosen = self.environment.get("COURSE_DATA")
        return Path(chosen).expanduser().absolute() if chosen else self.root / "data" / "cache"

    def mirror_problem(self, mirror: str) -> str:
        """Return why a mirror cannot be used, or ''."""
        from utils.data import catalog, download

        asset = next(iter(catalog.load().values()))
        try:
            download.mirror_has(mirror, asset)
        except download.SourceError as error:
            return str(error)
        return "" if download.is_address(mirror) or Path(mirror).expanduser().is_dir() else "there is no such folder"

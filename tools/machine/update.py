"""Bring a new version of the course without touching what a student wrote. See `make update`.

Work stands in `work/`, which git does not see. Should somebody have changed the course's own files, a run lesson or an edited lab,
their copies go to `work/kept/` first, and the files become the course's again. An update that was cut off starts again from the beginning.
"""

import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tools.lessons import work

ROOT = work.ROOT


class UpdateError(Exception):
    """The course could not be updated; the message says what to do. Nothing of the student's is lost."""


def git(*arguments: str, root: Path) -> str:
    """Run git in the course's folder and return what it printed.

    Raises:
        UpdateError: if git is not there, or fails; with the last line that it said.
    """
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, errors="surrogateescape")
    except FileNotFoundError:
        raise UpdateError("git is not installed; install it, then run: make update") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise UpdateError(f"git {arguments[0]} failed: {said}")
    return done.stdout


def conflicting_files(root: Path) -> list[str]:
    """Return files of the course that somebody changed, and files of somebody's where the new version has one of its own."""
    changed = git("diff", "--name-only", "-z", "HEAD", root=root).split("\0")
    own = git("ls-files", "--others", "-z", root=root).split("\0")
    coming = set(git("ls-tree", "-r", "--name-only", "-z", "@{upstream}", root=root).split("\0"))
    return sorted({*changed, *(name for name in own if name in coming)} - {""})


def keep(names: list[str], root: Path) -> Path:
    """Copy files into a new folder of work/kept, and return it."""
    folder = root / "work" / "kept" / f"{datetime.now():%Y-%m-%d_%H.%M.%S.%f}"
    for name in names:
        if (root / name).is_file():  # a deleted one is not
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    return folder


def update(root: Path = ROOT) -> list[str]:
    """Bring the newest version; return what to tell.

    Raises:
        UpdateError: if this is no clone, the origin is not reached, or the clone holds commits of its own.
    """
    if not (root / ".git").exists():
        raise UpdateError(f"{root} is not a clone of the course (git clone makes one), so there is nothing to update from.")
    try:
        git("rev-parse", "--abbrev-ref", "@{upstream}", root=root)
    except UpdateError:
        raise UpdateError("this branch follows none of the course's; go back to it with: git switch main") from None
    git("fetch", "--quiet", root=root)
    own = git("log", "--oneline", "@{upstream}..HEAD", root=root).splitlines()
    if own:
        raise UpdateError(f"this clone holds {len(own)} commits of your own ({own[0]}); bring both together with: git pull --rebase")
    told = []
    if names := conflicting_files(root):
        folder = keep(names, root)
        told.append(f"{len(names)} files of the course had been changed; your versions are in {folder.relative_to(root)}: "
                    f"{', '.join(names[:5])}{' ...' if len(names) > 5 else ''}")  # fmt: skip
    before = git("rev-parse", "HEAD", root=root)
    git("reset", "--quiet", "--hard", "@{upstream}", root=root)  # which also ends a merge that was cut off
    if kept := work.fill(root / "work", root):
        told.append(f"newer versions of {', '.join(kept)} are there; yours stay. To take the new one, move yours away and "
                    "run: make update")  # fmt: skip
    commits = git("rev-list", "--count", f"{before.strip()}..HEAD", root=root).strip()
    return [*told, "The course is up to date." if commits == "0" else f"Updated: {commits} changes."]


def main() -> int:
    try:
        print("\n".join(update()))
    except (UpdateError, OSError) as error:
        print(f"update: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

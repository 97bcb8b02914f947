"""tools.machine.update: a new version comes from any state of a clone, and nothing that a student wrote is lost."""

import subprocess

import pytest

from tools.machine import update

LESSON, LAB, WORKBOOK = "notebooks/01_numpy.ipynb", "labs/lab01_arrays.ipynb", "notebooks/workbook/01_numpy.ipynb"


def git(folder, *arguments):
    names = ["-c", "user.name=A Student", "-c", "user.email=student@example.org"]
    subprocess.run(["git", "-C", str(folder), *names, *arguments], check=True, capture_output=True)


def publish(origin, edition, more=None):
    for name, text in ({LESSON: edition, LAB: edition, WORKBOOK: edition, ".gitignore": "work/\n"} | (more or {})).items():
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        (origin / name).write_text(text, encoding="utf-8")
    git(origin, "add", "--all")
    git(origin, "commit", "--message", edition)


@pytest.fixture
def clone(tmp_path):
    """A student's clone of the first edition; `publish(clone.origin, ...)` makes another."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "--initial-branch", "main")
    publish(origin, "first")
    git(tmp_path, "clone", str(origin), "a folder")
    update.update(tmp_path / "a folder")
    return tmp_path / "a folder"


@pytest.fixture
def origin(clone):
    return clone.parent / "origin"


def kept(clone, name):
    (found,) = (clone / "work" / "kept").glob(f"*/{name}")
    return found.read_text(encoding="utf-8")


def status(clone):
    done = subprocess.run(["git", "-C", str(clone), "status", "--porcelain"], capture_output=True, text=True, check=True)
    return done.stdout


def test_an_untouched_clone_follows_the_course_and_so_does_its_work(clone, origin):
    publish(origin, "second")
    assert update.update(clone) == ["Updated: 1 changes."]
    assert (clone / LESSON).read_text() == (clone / "work/lessons/01_numpy.ipynb").read_text() == "second"
    assert update.update(clone) == ["The course is up to date."]


def test_work_is_not_touched_and_git_does_not_see_it(clone, origin):
    (clone / "work/labs/lab01_arrays.ipynb").write_text("my lab", encoding="utf-8")
    assert status(clone) == ""
    publish(origin, "second")
    assert "newer versions of labs/lab01_arrays.ipynb are there; yours stay" in update.update(clone)[0]
    assert (clone / "work/labs/lab01_arrays.ipynb").read_text() == "my lab"
    assert (clone / LAB).read_text() == "second"


def test_a_lesson_that_was_run_and_a_lab_that_was_edited_in_place_are_kept(clone, origin):
    (clone / LESSON).write_text("with my outputs", encoding="utf-8")
    (clone / LAB).write_text("my lab", encoding="utf-8")
    git(clone, "add", LAB)
    publish(origin, "second")
    assert "2 files of the course had been changed; your versions are in work/kept/" in update.update(clone)[0]
    assert (kept(clone, LESSON), kept(clone, LAB)) == ("with my outputs", "my lab")
    assert (clone / LESSON).read_text() == (clone / LAB).read_text() == "second"
    assert status(clone) == ""


def test_an_update_that_was_cut_off_is_begun_again(clone, origin):
    (clone / LAB).write_text("my lab", encoding="utf-8")
    git(clone, "stash")
    publish(origin, "second")
    git(clone, "pull")
    with pytest.raises(subprocess.CalledProcessError):
        git(clone, "stash", "pop")  # conflicts, and leaves the file half merged
    publish(origin, "third")
    update.update(clone)
    assert "my lab" in kept(clone, LAB)
    assert (clone / LAB).read_text() == "third"
    assert status(clone) == ""


def test_a_deleted_file_comes_back_and_an_own_one_where_the_new_version_has_one_is_kept(clone, origin):
    (clone / "notebooks/02_pandas.ipynb").write_text("mine", encoding="utf-8")
    (clone / "notebooks/my_notes.txt").write_text("notes", encoding="utf-8")
    (clone / LESSON).unlink()
    update.update(clone)
    assert (clone / LESSON).read_text() == "first"
    publish(origin, "second", {"notebooks/02_pandas.ipynb": "second"})
    update.update(clone)
    assert kept(clone, "notebooks/02_pandas.ipynb") == "mine"
    assert (clone / "notebooks/02_pandas.ipynb").read_text() == "second"
    assert (clone / "notebooks/my_notes.txt").read_text() == "notes"


def test_commits_of_ones_own_are_not_thrown_away(clone, origin):
    (clone / LAB).write_text("mine", encoding="utf-8")
    git(clone, "commit", "--all", "--message", "my own")
    publish(origin, "second")
    with pytest.raises(update.UpdateError, match=r"1 commits of your own .*my own.*git pull --rebase"):
        update.update(clone)
    assert (clone / LAB).read_text() == "mine"


def test_an_origin_that_is_not_reached_is_said(clone, origin):
    origin.rename(origin.with_name("gone"))
    with pytest.raises(update.UpdateError, match="git fetch failed"):
        update.update(clone)


def test_a_folder_that_is_no_clone_and_a_branch_that_follows_none_are_named(clone, tmp_path, monkeypatch, capsys):
    with pytest.raises(update.UpdateError, match="is not a clone of the course"):
        update.update(tmp_path)
    git(clone, "switch", "--create", "mine")
    with pytest.raises(update.UpdateError, match="git switch main"):
        update.update(clone)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(update.UpdateError, match="git is not installed"):
        update.git("status", root=clone)

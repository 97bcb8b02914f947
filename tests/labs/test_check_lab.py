"""tools.labs.check_lab: a student sees which steps pass, and what is wrong with the others."""

import nbformat
import pytest

from labs import tiny
from tools.labs import build, check_lab

RIGHT = {"step1": "def one(): return 1", "step2": "two = 2", "step3": "def three(): return 3"}


@pytest.fixture
def project(tmp_path):
    build.build(tiny.write(tmp_path))
    return tmp_path


def solve(project, **answers):
    path = project / "labs/lab05_tiny.ipynb"
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        cell.source = answers.get(build.grade_id(cell), cell.source)
    nbformat.write(nb, path)


def checked(project, capsys, *more):
    status = check_lab.main(["05", "--root", str(project), *more])
    return status, capsys.readouterr()


def test_solved_lab_passes_with_all_points(project, capsys):
    solve(project, **RIGHT)
    status, said = checked(project, capsys)
    assert status == 0
    assert said.out.splitlines() == [
        "練習 05：小練習 · Lab 05: A tiny lab", "  [PASS] 步驟 1 · Step 1: 2/2", "  [PASS] 步驟 2 · Step 2: 3/3",
        "  [PASS] 步驟 3 · Step 3: 5/5", "  合計 · Total: 10/10",
    ]  # fmt: skip


def test_untouched_lab_says_of_each_step_that_it_is_not_written(project, capsys):
    status, said = checked(project, capsys)
    assert status == 1
    lines = said.out.splitlines()
    for number, points, at in ((1, 2, 1), (2, 3, 3), (3, 5, 5)):
        assert lines[at] == f"  [    ] 步驟 {number} · Step {number}: 0/{points}"
        assert lines[at + 1].strip().startswith(f"步驟 {number} 還沒寫：把這一行換成你的程式。 Step {number} is not written yet")
    assert lines[-1] == "  合計 · Total: 0/10"


def test_each_kind_of_failure_is_said_in_its_first_line(project, capsys):
    solve(project, step1="def one(): return 2", step2="two = 1 / 0", step3="import os\nos._exit(1)")
    status, said = checked(project, capsys)
    assert status == 1
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[2] == "要的是一。 One is wanted."
    assert lines[4] == "ZeroDivisionError: division by zero"
    assert lines[6] == "核心中途停了，可能是記憶體不夠，或程式自己結束了。 The kernel died: too little memory, or the code ended it."


def test_cell_without_end_is_stopped_and_other_cells_that_fail_or_are_missing_are_named(project, capsys):
    solve(project, **RIGHT | {"step1": "while True: pass"})
    path = project / "labs/lab05_tiny.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells = [cell for cell in nb.cells if build.grade_id(cell) != "step2_check"]
    nb.cells.insert(1, nbformat.v4.new_code_cell("import no_such_module"))
    nbformat.write(nb, path)
    status, said = checked(project, capsys, "--seconds", "2")
    assert status == 1
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[1] == "第 2 格有錯 · cell 2 fails: ModuleNotFoundError: No module named 'no_such_module'"
    assert "跑了超過 2 秒，被停了下來。 This cell took longer than 2 seconds and was stopped." in lines[3]
    assert lines[5] == "檢查這一步的那一格不見了。 The cell that checks this step is missing."
    assert lines[6] == "[PASS] 步驟 3 · Step 3: 5/5"


def test_wrong_answer_has_a_name_and_a_step_to_look_at_again(project, capsys):
    (project / "notebooks/source").mkdir(parents=True)
    (project / "notebooks/source/01_lesson.py").write_text("# ## 步驟 2：加 · Step 2: Add\n", encoding="utf-8")
    (project / "labs/source/lab05_tiny.wrong.py").write_text(
        '# %% replaces="step1" hint="One is wanted" means_zh="不知道一" means_en="Does not know one" repeat="01:2"\ndef one(): return 7\n',
        encoding="utf-8")
    solve(project, **RIGHT | {"step1": "def one(): return 7", "step2": "raise ValueError('One is wanted')"})
    lines = [line.strip() for line in checked(project, capsys)[1].out.splitlines()]
    assert lines[2:6] == ["要的是一。 One is wanted.", "也許是 · Perhaps: 不知道一 · Does not know one",
                          "再看一次 · Look again: 第 01 課步驟 2：加 · lesson 01, Step 2: Add", "[    ] 步驟 2 · Step 2: 0/3"]  # fmt: skip
    assert lines[6:8] == ["ValueError: One is wanted", "[PASS] 步驟 3 · Step 3: 5/5"]
    solve(project, step1="def one(): pass")
    lines = [line.strip() for line in checked(project, capsys)[1].out.splitlines()]
    assert lines[3] == "也許是 · Perhaps: 沒有傳回結果，多半是忘了 return · Gives no result: mostly a forgotten return"


@pytest.mark.parametrize(("content", "said"), [
    (None, "lab05_tiny.ipynb is missing. Get it back with: git checkout lab05_tiny.ipynb"),
    (b"", "lab05_tiny.ipynb is not a notebook (NotJSONError). Open it in JupyterLab and save it"),
    (b"\x89PNG", "lab05_tiny.ipynb is not a notebook (UnicodeDecodeError)"),
    (b'{"hello": 1}', "lab05_tiny.ipynb is not a notebook ("),
])
def test_missing_or_broken_notebook_is_one_sentence(project, capsys, content, said):
    path = project / "labs/lab05_tiny.ipynb"
    path.unlink() if content is None else path.write_bytes(content)
    status, printed = checked(project, capsys)
    assert status == 1
    assert said in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(("lab", "said"), [
    ("77", "There is no lab '77'. Give a number such as LAB=08; there are: 05"), ("", "Say which: make check-lab LAB=08"),
])
def test_unknown_lab_is_one_sentence(project, capsys, lab, said):
    assert check_lab.main([lab, "--root", str(project)]) == 1
    assert said in capsys.readouterr().err

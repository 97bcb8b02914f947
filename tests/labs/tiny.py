"""A lab of three steps, and a wrong answer to each."""

from pathlib import Path

from tools.labs import build

MARKS = '"schema_version": 3, "task": false'
LAB = f'''# %% [markdown]
# # 練習 05：小練習 · Lab 05: A tiny lab

# %% nbgrader={{"grade": false, "grade_id": "imports", "locked": true, "solution": false, {MARKS}}}
from utils.notebook import checks

# %% nbgrader={{"grade": false, "grade_id": "step1", "locked": false, "solution": true, {MARKS}}}
def one():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "step1_check", "locked": true, "points": 2, "solution": false, {MARKS}}}
checks.close(one(), 1, "一。 One.", "要的是一。 One is wanted.\\nMore about it.")

# %% nbgrader={{"grade": false, "grade_id": "step2", "locked": false, "solution": true, {MARKS}}}
### BEGIN SOLUTION
two = one() + 1
### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "solution": false, {MARKS}}}
checks.that(two == 2, "二。 Two.", "要的是二。 Two is wanted.")

# %% nbgrader={{"grade": false, "grade_id": "step3", "locked": false, "solution": true, {MARKS}}}
def three():
    ### BEGIN SOLUTION
    return 3
    ### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "solution": false, {MARKS}}}
checks.that(three() == 3, "三。 Three.", "要的是三。 Three is wanted.")
'''
WRONG = '''# %% replaces="step1" hint="要的是一"
def one():
    return 7

# %% replaces="step2" hint="Two is wanted"
two = 7

# %% replaces="step3" hint="要的是三"
def three():
    return 7
'''


def write(root: Path) -> build.Lab:
    """Write the lab into a project of the test's own."""
    folder = root / "labs" / "source"
    folder.mkdir(parents=True)
    (folder / "lab05_tiny.py").write_text(LAB, encoding="utf-8")
    (folder / "lab05_tiny.wrong.py").write_text(WRONG, encoding="utf-8")
    return build.find(root=root)[0]

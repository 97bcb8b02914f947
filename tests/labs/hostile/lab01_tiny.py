# %% [markdown]
# # 練習 01：小練習 · Lab 01: A tiny lab

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from utils.notebook import checks

GOAL = 0.5  # the largest error of step 3

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
checks.close(one(), 1, "一 / one", "要的是一。 One is wanted.")

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
x = np.arange(1.0, 5.0)
before = x.copy()
checks.close(double(x), 2 * x, "兩倍 / twice as much", "兩倍。 Twice as much.")
checks.unchanged(x, before, "原來的沒變 / unchanged", "不能改。 Leave x as it is.")
### BEGIN HIDDEN TESTS
checks.close(double(np.array([5.0])), [10], "大的也對 / larger ones, too", "大一點也要對。 Larger ones, too.")
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "helper", "locked": true, "schema_version": 3, "solution": false, "task": false}
def line(seed):
    """Return points of a line."""
    inputs = np.random.default_rng(seed).normal(size=20)
    return inputs, 3 * inputs + 1

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learn(inputs, outputs):
    ### BEGIN SOLUTION
    slope, middle = np.polyfit(inputs, outputs, 1)
    return lambda inputs: slope * inputs + middle
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def learned(*examples):
    return learn(*examples)


predict = learned(*line(1))
checks.that(callable(predict), "函式 / a function", f"要一個函式，不是 {predict!s:.80}。 A function is wanted, not {predict!s:.80}.")
inputs, outputs = line(2)
error = float(np.abs(np.asarray(predict(inputs)) - outputs).max())
checks.that(error < GOAL, "學會了 / learnt", "還沒學會。 Not learnt yet.")

# %% [markdown]
# # 練習 08：親手反向傳播一個 RNN · Lab 08: Backpropagate an RNN by hand
#
# 目標：自己寫 RNN 的前向與反向傳播，讓有限差分當裁判；再裁剪爆炸的梯度，把一個很容易炸開的 RNN 訓練起來。
#
# Goal: write the way forward and the way back of an RNN yourself, with finite differences as the judge; then clip exploding gradients, and train an
# RNN that blows up easily.
#
# ⏱ 約 75 分鐘 · about 75 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [08](../notebooks/08_recurrent_networks.ipynb) 課 · lesson [08](../notebooks/08_recurrent_networks.ipynb) |
# | 資料 · Data | 沒有，全是亂數；不用 TensorFlow · none, random numbers only; no TensorFlow |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 前向：一次讀一批序列 · forward: read a batch of sequences | 3 |
# | 2 | 反向：沿著時間算梯度 · backward: gradients through time | 5 |
# | 3 | 裁剪，再訓練到會 · clip, and train until it knows | 4 |
#
# 第 08 課一次只算一個句子，向量直著放。這裡一次算一批，向量**橫著放**，和 Keras 一樣：
#
# Lesson 08 took one sentence at a time, with vectors as columns. Here it is a batch at a time, and vectors are **rows**, as in Keras:
#
# $$h_t = \tanh(x_t U + h_{t-1} W + b), \qquad h_{-1} = 0$$

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from utils.models import recurrent
from utils.notebook import checks, profile

profile.seed(5)


def make_rnn(batch, time, input_dim, units, seed):
    """Return x (batch, time, input_dim) and weights U (input_dim, units), W (units, units), b (units,), all random."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(batch, time, input_dim))
    U, W, b = (random.normal(size=shape) / 2 for shape in ((input_dim, units), (units, units), (units,)))
    return x, U, W, b


# %% [markdown]
# ## 步驟 1：前向傳播（3 分）· Step 1: Forward (3 points)
#
# 從第一步走到最後一步，把每一步的狀態都留下來。一批裡的每個序列各走各的，都從 0 出發。
#
# Go from the first step to the last and keep the state of every step. Each sequence of the batch goes its own way, and all start at 0.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `x[:, t]` 是整批資料在第 $t$ 步的輸入，形狀是（批次，輸入）。先把形狀寫在紙上：誰乘誰，中間那一維才會對上？
#
# `x[:, t]` is the input of the whole batch at step $t$, of shape (batch, input). Write the shapes on paper first: which product makes the inner
# sizes meet?
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(x, U, W, b):
    """Return the states of an RNN, h_t = tanh(x_t U + h_{t-1} W + b), starting at 0.

    Args:
        x: (batch, time, input_dim). U: (input_dim, units). W: (units, units). b: (units,).

    Returns:
        (batch, time, units), the state after every step.
    """
    ### BEGIN SOLUTION
    h = np.zeros((len(x), len(W)))
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U + h @ W + b)
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
x, U, W, b = make_rnn(batch=3, time=6, input_dim=2, units=4, seed=1)
states = forward(x, U, W, b)
checks.that(np.shape(states) == (3, 6, 4), "形狀是（批次，時間，單元）/ the shape is (batch, time, units)",
            f"3 個序列、6 步、4 個單元，形狀應該是 (3, 6, 4)，現在是 {np.shape(states)} / "
            f"3 sequences, 6 steps, 4 units: the shape should be (3, 6, 4), and is {np.shape(states)}")
checks.close(states[:, 0], np.tanh(x[:, 0] @ U + b), "第一步對了 / the first step is right",
             "第一步就不對。之前的狀態是 0，只剩輸入和偏差值 / "
             "the first step is wrong already. The state before it is 0, which leaves the input and the bias")
one_before = states[:, 0]
checks.close(states[:, 1], np.tanh(x[:, 1] @ U + one_before @ W + b), "第二步記得第一步 / the second step remembers the first",
             "第二步不對：前一個狀態有進來嗎？是 $hW$，不是 $Wh$ 也不是 $hW^T$ / "
             "the second step is wrong: does the state before come in? It is $hW$, neither $Wh$ nor $hW^T$")
reference = recurrent.RNN(2, 4)
reference.set_weights([U, W, b])
checks.close(states, reference.forward(x)[0], "六步都和 utils.models.recurrent 一樣 / all six steps agree with utils.models.recurrent",
             "前兩步對，後面不對：每一步用的是前一步的狀態嗎？/ the first two steps are right and later ones not: does each use the state before it?")
checks.close(forward(x[1:2], U, W, b)[0], states[1], "序列之間互不干擾 / sequences do not disturb one another",
             "同一個序列，單獨讀和放在一批裡讀，結果不同：序列之間漏了東西 / "
             "a sequence read alone gives other states than in its batch: something leaks between sequences")
### BEGIN HIDDEN TESTS
for size in ((1, 1, 1, 1, 2), (5, 40, 3, 2, 3), (2, 9, 7, 6, 4)):
    x, U, W, b = make_rnn(*size)
    reference = recurrent.RNN(size[2], size[3])
    reference.set_weights([U, W, b])
    checks.close(forward(x, U, W, b), reference.forward(x)[0], f"大小 {size[:4]} 也對 / right for size {size[:4]}",
                 f"大小 {size[:4]} 時不對 / wrong for size {size[:4]}")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：反向傳播（5 分）· Step 2: Backward (5 points)
#
# 每一步的狀態都可能影響損失：`d_states[:, t]` 是 $\partial E/\partial h_t$ 裡**直接**來自第 $t$ 步的那一份。$h_t$ 還會透過 $h_{t+1}$、$h_{t+2}$ …… 影響損失，那幾份要從後面往前傳。
#
# 從最後一步往回走，每一步問三件事：這一步的 $h_t$ 一共收到多少？穿過 tanh 之後剩多少？這些要分給誰（$U$、$W$、$b$、$x_t$、前一步）？
#
# 裁判是有限差分：把每個數字動一點點，看損失變多少。它不知道公式，也不會被騙。
#
# Every state may act on the loss: `d_states[:, t]` is the part of $\partial E/\partial h_t$ that comes **straight** from step $t$. But $h_t$
# acts on the loss by way of $h_{t+1}$, $h_{t+2}$ ... as well, and those parts have to be carried back from later steps.
#
# Walk from the last step to the first, and ask three things at each: how much reaches $h_t$ in all? How much is left behind the tanh? And who gets
# it ($U$, $W$, $b$, $x_t$, the step before)?
#
# The judge is finite differences: move every number a little and see what the loss does. It knows no formula and cannot be fooled.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# tanh 的導數可以用它自己的輸出寫出來，所以只要 `states`，不用再算一次前向。前向乘的是 $W$；反向時，形狀會告訴你要乘什麼。
#
# The derivative of tanh can be written with its own output, so `states` is enough; there is no need to go forward again. Forward we multiplied
# by $W$; on the way back the shapes tell you by what.
#
# </details>
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 先只做一步（`time=1`）的情形，檢查過了再加上迴圈。$\partial E/\partial W$ 用的是**前一步**的狀態，第一步之前的狀態是 0。
#
# Do the case of a single step (`time=1`) first, and add the loop when its checks pass. $\partial E/\partial W$ takes the state **before** the step, and
# before the first step that is 0.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(d_states, x, states, U, W):
    """Backpropagate through time; return the gradients of the loss E.

    Args:
        d_states: (batch, time, units), what the loss at each step says about its state.
        x: (batch, time, input_dim), the inputs. states: (batch, time, units), the states that they gave.
        U: (input_dim, units). W: (units, units). Nothing handed in is changed.

    Returns:
        Four arrays, dE/dU, dE/dW, dE/db and dE/dx, shaped like U, W, b and x; summed over the batch and over time.
    """
    ### BEGIN SOLUTION
    d_U, d_W, d_b, d_x = np.zeros_like(U), np.zeros_like(W), np.zeros(len(W)), np.zeros_like(x)
    from_later = np.zeros_like(states[:, 0])
    for t in reversed(range(x.shape[1])):
        d_z = (1 - states[:, t] ** 2) * (d_states[:, t] + from_later)
        d_U += x[:, t].T @ d_z
        if t > 0:
            d_W += states[:, t - 1].T @ d_z
        d_b += d_z.sum(axis=0)
        d_x[:, t] = d_z @ U.T
        from_later = d_z @ W.T
    return d_U, d_W, d_b, d_x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def judge(size, at, hint):
    """Compare `backward` with finite differences, the loss being a random sum of the states at the steps `at`."""
    x, U, W, b = make_rnn(*size)
    weights = np.zeros((*x.shape[:2], len(W)))  # dE/dh of the loss below
    weights[:, at] = np.random.default_rng(9).normal(size=weights[:, at].shape)

    def states():
        cell = recurrent.RNN(size[2], size[3])
        cell.set_weights([U, W, b])
        return cell.forward(x)[0]

    kept = [array.copy() for array in (weights, x, states(), U, W)]
    given = [array.copy() for array in kept]
    found = backward(*given)
    checks.that(isinstance(found, tuple | list) and [np.shape(a) for a in found] == [a.shape for a in (U, W, b, x)],
                f"大小 {size[:4]}：四個梯度的形狀都對 / size {size[:4]}: four gradients of the right shapes",
                "要傳回四個陣列，形狀依序和 U、W、b、x 相同 / return four arrays, shaped like U, W, b and x in this order")
    checks.unchanged(given, kept, "交進來的陣列沒被改 / nothing handed in was changed",
                     "交進來的陣列被改掉了：小心 `+=` / an array handed in was changed: mind `+=`")
    for name, gradient, array in zip(("U", "W", "b", "x"), found, (U, W, b, x), strict=True):
        expected = recurrent.numerical_gradient(lambda: np.sum(weights * states()), array)
        if name == "W" and size[1] == 1:
            checks.close(gradient, expected, "只有一步時 dE/dW 是 0 / with a single step dE/dW is 0",
                         "只有一步時，W 乘的是 0，它的梯度應該是 0：用的是前一步的狀態嗎？/ "
                         "with a single step W multiplies 0, so its gradient should be 0: did you take the state before the step?")
            continue
        error = recurrent.relative_error(gradient, expected)
        checks.that(error < 1e-6, f"dE/d{name} 和有限差分一樣 / dE/d{name} agrees with finite differences",
                    f"dE/d{name} 和有限差分的相對誤差是 {error:.1g}。{hint[0]} / "
                    f"dE/d{name} differs from finite differences by {error:.1g} (relative). {hint[1]}")


judge((1, 1, 2, 3, 1), slice(None), ("只有一步、一個序列：檢查 tanh 的斜率", "A single step, a single sequence: look at the slope of tanh"))
judge((4, 1, 2, 3, 2), slice(None), ("只有一步、四個序列：一批要加起來，不是平均", "A single step, four sequences: a batch adds up, it is no mean"))
judge((1, 5, 2, 3, 3), slice(-1, None), ("五步，只有最後一步有誤差：它有沿著時間往傳回嗎？傳的時候乘了什麼？",
                                         "Five steps with an error at the last one only: does it travel back in time, and times what?"))
judge((3, 6, 2, 4, 4), slice(None), ("每一步都有誤差：自己的和後面傳來的有加在一起嗎？",
                                     "Errors at every step: are its own and those from later added?"))
### BEGIN HIDDEN TESTS
for size in ((2, 12, 3, 5, 5), (5, 3, 1, 1, 6), (1, 2, 4, 2, 7)):
    judge(size, slice(None), ("換一個大小就不對", "With another size it is wrong"))
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：裁剪，再訓練（4 分）· Step 3: Clip, then train (4 points)
#
# 任務：讀 30 個介於 −1 和 1 的數字，最後說出它們的和（除以 $\sqrt{30}$）。這個 RNN 一開始的 $W$ 是正交矩陣的 1.5 倍，梯度每往回一步就可能變大：學習率 0.3、不裁剪，誤差很快就衝到無限大。
#
# 1. 寫 `clip`：把**所有**梯度當成一個長向量，比 `longest` 長才縮短，方向不變。
# 2. 寫 `train`：學習率、步數、裁剪的長度、最佳化的方法，全部由你決定。
#
# 打分數用的是你沒看過的序列。永遠回答 0 的均方誤差大約是 0.33，你要降到 **0.05** 以下。
#
# The task: read 30 numbers between −1 and 1, and say their sum in the end (divided by $\sqrt{30}$). At the start $W$ is 1.5 times an orthogonal matrix: a
# gradient may grow with every step back. At a learning rate of 0.3, without clipping, the error soon runs off to infinity.
#
# 1. Write `clip`: take **all** gradients together as one long vector, shorten it if it is longer than `longest`, and keep its direction.
# 2. Write `train`: learning rate, number of steps, length to clip at, way to optimise, all are yours to choose.
#
# The score is measured on sequences that you have not seen. Who always answers 0 has an error (mean square) of about 0.33; get below **0.05**.
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 損失忽然跳高又下不來，就是一步跨得太大：把裁剪的長度或學習率改小，也可以讓學習率越來越小。每一步抽新的一批，序列多一點，梯度就穩一點。每次改一樣，印出每 100 步的損失來看。
#
# If the loss jumps up and stays there, a step was too long: clip shorter, learn slower, or let the learning rate shrink as you go. Draw a new batch at each
# step; more sequences make a steadier gradient. Change one thing at a time, and print the loss every 100 steps.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "task", "locked": true, "schema_version": 3, "solution": false, "task": false}
LENGTH, UNITS = 30, 16
MOST_STEPS = profile.choose(smoke=800, lesson=3_000, full=10_000)  # as many steps as you may take
GOAL = profile.choose(smoke=0.10, lesson=0.05, full=0.05)  # the mean squared error to get below
print(f"At most {MOST_STEPS} steps, error below {GOAL}")


def draw(batch, random):
    """Return sequences (batch, 30, 1) and their sums, divided by the square root of 30, (batch, 1)."""
    x = random.uniform(-1, 1, (batch, LENGTH, 1))
    return x, x.sum(axis=1) / np.sqrt(LENGTH)


def new_network(seed):
    """Return an RNN whose W is too large, and V (16, 1) that makes the answer of its last state."""
    cell = recurrent.RNN(1, UNITS, seed=seed)
    cell.W *= 1.5
    return cell, np.random.default_rng(seed).normal(size=(UNITS, 1)) / 4


def error_and_gradients(cell, V, x, y):
    """Return the mean squared error and its gradients for [cell.U, cell.W, cell.b, V], without changing anything."""
    states, trace = cell.forward(x)
    error = states[:, -1] @ V - y
    d_states = np.zeros_like(states)
    d_states[:, -1] = 2 * error @ V.T / len(x)
    found = cell.backward(d_states, trace)
    return np.mean(error**2), [found.U, found.W, found.b, 2 * states[:, -1].T @ error / len(x)]


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip(gradients, longest):
    """Return the gradients, scaled down together if their common length is more than `longest`.

    Args:
        gradients: list of arrays of any shapes; they are not changed. longest: a number above 0.

    Returns:
        List of arrays of the same shapes. The length is the square root of the sum of all squares, over all arrays.
    """
    ### BEGIN SOLUTION
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * min(1, longest / max(length, 1e-300)) for gradient in gradients]
    ### END SOLUTION


def train(cell, V, most_steps):
    """Train cell.U, cell.W, cell.b and V, changing them in place, for at most `most_steps` steps.

    Use `draw` for new sequences, `error_and_gradients` for what to do, and `clip`.

    Args:
        cell, V: as `new_network` gives them. most_steps: how many gradients you may compute.
    """
    ### BEGIN SOLUTION
    random = np.random.default_rng(0)
    for step in range(most_steps):
        _, gradients = error_and_gradients(cell, V, *draw(64, random))
        rate = 0.2 * (1 - step / most_steps)
        for weight, gradient in zip((cell.U, cell.W, cell.b, V), clip(gradients, 0.5), strict=True):
            weight -= rate * gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_clip(gradients, longest, length):
    """Check `clip` on arrays whose common length is `length`."""
    kept = [gradient.copy() for gradient in gradients]
    found = clip(gradients, longest)
    checks.that(len(found) == len(kept) and all(np.shape(a) == b.shape for a, b in zip(found, kept, strict=True)),
                "形狀沒變 / the shapes are kept", "clip 應該傳回一樣多、形狀一樣的陣列 / clip should return as many arrays, of the same shapes")
    checks.unchanged(gradients, kept, "交進來的梯度沒被改 / the gradients handed in are unchanged",
                     "交進來的梯度被改掉了：傳回新的陣列 / the gradients handed in were changed: return new arrays")
    flat, old = (np.concatenate([np.ravel(array) for array in arrays]) for arrays in (found, kept))
    checks.close(np.linalg.norm(flat), min(length, longest), f"長度 {length:g}，最長 {longest:g} / length {length:g}, at most {longest:g}",
                 f"所有梯度合起來長 {length:g}，最長可以 {longest:g}：長度要一起量，太長才縮短 / "
                 f"all gradients together are {length:g} long, {longest:g} is allowed: measure them together, and shorten only what is too long")
    checks.close(flat, old * min(1, longest / length) if length else old, "方向沒變 / the direction is kept",
                 "方向變了：每個數字要乘上同一個比例 / the direction changed: every number has to be scaled by the same factor")


check_clip([np.array([[3.0, 0.0]]), np.array([0.0, 4.0, 12.0])], longest=1.0, length=13.0)
check_clip([np.array([0.3]), np.array([[0.4]])], longest=1.0, length=0.5)
check_clip([np.zeros((2, 2)), np.zeros(3)], longest=1.0, length=0.0)


@checks.beside_your_code
def trained(seed, most_steps):
    """Train a new network; return how many gradients that took, and its weights U, W, b and V."""
    steps = 0
    own = error_and_gradients

    def counted(*arguments):
        nonlocal steps
        steps += 1
        return own(*arguments)

    globals()["error_and_gradients"] = counted
    try:
        cell, V = new_network(seed)
        with np.errstate(over="ignore", invalid="ignore"):  # what blows up is told below
            train(cell, V, most_steps)
    finally:
        globals()["error_and_gradients"] = own
    return steps, [cell.U, cell.W, cell.b, V]


def check_training(seed, test_seed):
    """Train a new network and measure it on sequences that nobody has seen."""
    steps, weights = trained(seed, MOST_STEPS)
    checks.that(steps <= MOST_STEPS, f"走了 {steps} 步 / {steps} steps taken",
                f"走了 {steps} 步，最多可以 {MOST_STEPS} 步 / {steps} steps were taken, {MOST_STEPS} are allowed")
    cell, V = new_network(seed)
    start, _ = error_and_gradients(cell, V, *draw(2_000, np.random.default_rng(test_seed)))
    checks.that([np.shape(weight) for weight in weights] == [weight.shape for weight in (cell.U, cell.W, cell.b, V)],
                "權重的形狀沒變 / the weights have kept their shapes", "權重的形狀變了：U、W、b、V 要和原來一樣大 / the weights have other shapes than before")
    cell.U, cell.W, cell.b, V = (np.asarray(weight, dtype=float) for weight in weights)
    with np.errstate(over="ignore", invalid="ignore"):
        error, _ = error_and_gradients(cell, V, *draw(2_000, np.random.default_rng(test_seed)))
    checks.that(error != start, "權重動過了 / the weights have moved",
                "權重完全沒變：要就地改（`weight -= ...`），`weight = weight - ...` 只改了名字 / "
                "the weights are just as before: change them in place (`weight -= ...`); `weight = weight - ...` only moves a name")
    checks.that(error < GOAL, f"沒看過的序列，誤差 {error:.4f}，低於 {GOAL} / error {error:.4f} on unseen sequences, below {GOAL}",
                f"沒看過的序列，誤差是 {error:.3g}，要低於 {GOAL}（永遠回答 0 是 0.33）：炸開了、還沒學完、還是只背了幾個序列？/ "
                f"on unseen sequences the error is {error:.3g}, and should be below {GOAL} (always 0 gives 0.33): did it blow up, is it not done yet, "
                "or did it learn a few sequences by heart?")


check_training(seed=1, test_seed=100)
### BEGIN HIDDEN TESTS
check_clip([np.full((3, 4), -2.0), np.full(4, 2.0)], longest=0.25, length=8.0)
check_training(seed=2, test_seed=200)
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=08`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：把 `LENGTH` 改成 150，同一套設定還學得會嗎？這次的毛病是爆炸還是消失，你怎麼量？裁剪幫得上忙嗎？
#
# In a terminal run `make check-lab LAB=08`: it says which steps pass.
#
# 🤔 To think further: with a `LENGTH` of 150, do the same settings still learn? Is the trouble exploding or vanishing now, and how would you measure it? Does
# clipping help?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 學得會一些，到不了目標：參考解答用同一套設定（一個 seed），誤差停在 0.14；30 步時是 0.01，永遠回答 0 是 0.33。
#
# 毛病是爆炸。量法：算損失對每一步輸入的梯度（步驟 2 的 `d_x`），比第一步和最後一步的長度。訓練之前，30 步時第一步是最後一步的 11 倍，150 步時約 6,000 倍；所有梯度合起來的長度，從 1.6 變成 900 多。如果比值遠小於 1，才是消失。
#
# 裁剪有幫忙：不裁剪，第一步就飛走了；裁剪後至少在學。但它只縮短，不改方向，而方向幾乎全由最早的幾步決定，後面的步數很難插上話。猜「裁剪治好了爆炸，多長都行」的人忘了這一半。要治本，就要改 $W$ 的起點，或換成 LSTM（第 09 課）。
#
# They learn something and miss the goal: with the same settings and one seed the sample solution ends at an error of 0.14; with 30 steps it was 0.01, and who always answers 0 has 0.33.
#
# The trouble is exploding. To measure it, work out the gradient of the loss by the input of each step (`d_x` of step 2), and compare its length at the first step and at the last. Before training, the first has 11 times that of the last with 30 steps, and about
# 6,000 times with 150; all gradients together grow from a length of 1.6 to more than 900. A ratio far below 1 would be vanishing.
#
# Clipping helps: without it the first step flies off, and with it the network learns at least. But it shortens, and leaves the direction, which the earliest steps decide nearly alone; later ones hardly have a say. Who thought that clipping cures exploding at any
# length forgot this half. The cure is another start of $W$, or an LSTM (lesson 09).
#
# </details>

# %% [markdown]
# # 練習 09：親手算 LSTM 的閘門 · Lab 09: LSTM gates by hand
#
# 目標：寫出一步的 LSTM，讓它讀完長短不一的序列；最後不訓練，自己**挑**權重，做一台會記住一個位元的小機器。
#
# Goal: write one step of an LSTM, and let it read sequences of different lengths; then, without training, **choose** the weights of a little
# machine that remembers one bit.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [09](../notebooks/09_lstm.ipynb) 課 · lesson [09](../notebooks/09_lstm.ipynb) |
# | 資料 · Data | 沒有；不用 TensorFlow · none; no TensorFlow |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 一步的 LSTM · one step of an LSTM | 3 |
# | 2 | 讀完一批長短不一的序列 · read a batch of sequences of different lengths | 4 |
# | 3 | 自己挑權重：記住一個位元 · choose weights: remember one bit | 5 |
#
# $$c' = \tanh(z)\,\sigma(z_i) + c\,\sigma(z_f) \qquad\qquad h' = \tanh(c')\,\sigma(z_o)$$
#
# $c$ 是記憶，$h$ 是狀態，也就是給外面看的輸出；加上一撇是這一步的新值。
#
# $c$ is the memory, $h$ the state, which is also the output; a prime marks the new value of this step.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from utils.models import recurrent
from utils.notebook import checks

# %% [markdown]
# ## 步驟 1：一步（3 分）· Step 1: One step (3 points)
#
# 四個數 $z_i, z_f, z, z_o$ 都是 $x_t U + h_{t-1} W + b$ 的一段，依 Keras 的順序並排。$\sigma$ 是 sigmoid。一批裡的向量是列。
#
# The four numbers $z_i, z_f, z, z_o$ are parts of $x_t U + h_{t-1} W + b$ and stand side by side in Keras's order. $\sigma$ is the sigmoid. The vectors
# of a batch are rows.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `np.split(z, 4, axis=-1)` 把最後一維平分成四段。先寫 $c'$；$h'$ 用的是**新的**記憶。
#
# `np.split(z, 4, axis=-1)` cuts the last axis into four equal parts. Write $c'$ first; $h'$ takes the **new** memory.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step(x_t, h, c, U, W, b):
    """Go one step of an LSTM.

    Args:
        x_t: (batch, input_dim), the input. h, c: (batch, units), state and memory of the step before.
        U: (input_dim, 4 * units). W: (units, 4 * units). b: (4 * units,). Blocks in the order z_i, z_f, z, z_o.

    Returns:
        Two arrays (batch, units): the new state h' and the new memory c'.
    """
    ### BEGIN SOLUTION
    z_i, z_f, z, z_o = np.split(x_t @ U + h @ W + b, 4, axis=-1)
    c = np.tanh(z) * recurrent.sigmoid(z_i) + c * recurrent.sigmoid(z_f)
    return np.tanh(c) * recurrent.sigmoid(z_o), c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def gates(z_i, z_f, z, z_o, c):
    """Go one step in which four numbers are given by the bias alone; return the new h and c."""
    b = np.array([z_i, z_f, z, z_o], dtype=float)
    h, c = lstm_step(np.zeros((1, 1)), np.zeros((1, 1)), np.array([[float(c)]]), np.zeros((1, 4)), np.zeros((1, 4)), b)
    return np.ravel(h), np.ravel(c)


SHUT, OPEN = -40.0, 40.0  # the sigmoid of these is 0 and 1
checks.close(gates(SHUT, OPEN, 0.7, SHUT, c=0.5)[1], [0.5], "輸入閘關、遺忘閘開：記憶原封不動 / input gate shut, forget gate open: the memory is kept",
             "輸入閘關、遺忘閘開，記憶應該不變：四段的順序對嗎？傳回的是先 h' 後 c' 嗎？開著的遺忘閘是記住 / "
             "with the input gate shut and the forget gate open the memory should stay: is the order of the blocks right? Do you return h' first, then c'? An open forget gate remembers")
checks.close(gates(OPEN, SHUT, 0.7, SHUT, c=0.5)[1], np.tanh([0.7]), "輸入閘開、遺忘閘關：舊的換成新的 / input gate open, forget gate shut: the new replaces the old",
             "輸入閘開、遺忘閘關，記憶應該變成 tanh(z) / with the input gate open and the forget gate shut the memory should become tanh(z)")
checks.close(gates(OPEN, OPEN, 0.7, SHUT, c=0.5)[1], 0.5 + np.tanh([0.7]), "兩道閘門都開：記憶是累加的 / both open: the memory adds up",
             "兩道閘門都開，新的要加在舊的上面 / with both open, the new is added to the old")
checks.close(gates(SHUT, OPEN, 0.7, OPEN, c=0.5)[0], np.tanh([0.5]), "輸出閘開：說出 tanh(c') / output gate open: it says tanh(c')",
             "輸出閘開，h 應該是 tanh(c')：是新的記憶，而且要再過一次 tanh / "
             "with the output gate open, h should be tanh(c'): of the new memory, and through tanh once more")
checks.close(gates(SHUT, OPEN, 0.7, SHUT, c=0.5)[0], [0], "輸出閘關：什麼也不說 / output gate shut: it says nothing",
             "輸出閘關，h 應該是 0 / with the output gate shut, h should be 0")


def compare(batch, input_dim, units, seed):
    """Compare a random step with that of utils.models.recurrent."""
    random = np.random.default_rng(seed)
    cell = recurrent.LSTM(input_dim, units)
    cell.set_weights([random.normal(size=weight.shape) for weight in cell.get_weights()])
    x_t, h, c = (random.normal(size=(batch, size)) for size in (input_dim, units, units))
    (expected_h, expected_c), _ = cell.step(x_t @ cell.U + cell.b, np.stack([h, c]))
    found_h, found_c = lstm_step(x_t, h.copy(), c.copy(), cell.U, cell.W, cell.b)
    size = f"{batch} × {input_dim} → {units}"
    checks.close(found_c, expected_c, f"{size}：c' 正確 / c' is right",
                 f"{size}：c' 和 utils.models.recurrent 不同。閘門有沒有看到 x 和 h？/ c' differs from utils.models.recurrent. Do the gates see both x and h?")
    checks.close(found_h, expected_h, f"{size}：h' 正確 / h' is right",
                 f"{size}：h' 和 utils.models.recurrent 不同 / h' differs from utils.models.recurrent")


compare(batch=1, input_dim=1, units=1, seed=1)
compare(batch=3, input_dim=2, units=4, seed=2)
### BEGIN HIDDEN TESTS
compare(batch=7, input_dim=5, units=3, seed=3)
compare(batch=2, input_dim=4, units=9, seed=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：讀完一批序列（4 分）· Step 2: Read a batch of sequences (4 points)
#
# 句子長短不一，短的後面補 0。補上的空位不是真的：句子結束之後，記憶和輸出都要**停在最後一個真的步驟**，不再變。
#
# 走一步的函式 `step` 是交進來的，步驟 1 沒做完也能做這一步。
#
# Sentences differ in length, and short ones are filled up with zeros. The filling is not real: once a sentence is over, its memory and its output have
# to **stay as they were at its last real step**.
#
# The function that goes one step, `step`, is handed in, so you can do this step even if step 1 is not done.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 每一步先讓整批都走，再用 `np.where` 選：還沒結束的拿新的，結束的留舊的。形狀 `(batch,)` 的條件要多一維，才能和 `(batch, units)` 對上。
#
# At every step let the whole batch go, then choose with `np.where`: the new one where a sentence is still going, the old one where it is over. A condition of
# shape `(batch,)` needs one more axis to go with `(batch, units)`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def read(step, x, lengths, units):
    """Read a batch of sequences of different lengths.

    Args:
        step: a function; step(x_t, h, c) returns the new h and c. x_t is (batch, input_dim); h and c are (batch, units).
        x: (batch, time, input_dim), filled up behind the end of a sequence. lengths: (batch,) whole numbers, 1 ... time.
        units: size of h and c, which start at 0.

    Returns:
        Two arrays: the states h of every step, (batch, time, units), and the memories c at the end, (batch, units).
        Behind the end of a sequence both stay as they were at its last real step.
    """
    ### BEGIN SOLUTION
    h, c = np.zeros((2, len(x), units))
    outputs = []
    for t in range(x.shape[1]):
        new_h, new_c = step(x[:, t], h, c)
        real = (t < np.asarray(lengths))[:, None]
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
        outputs.append(h)
    return np.stack(outputs, axis=1), c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def add(x_t, h, c):
    """A step that is easy to follow: the memory adds up the inputs, the output is the memory before this step."""
    return c.copy(), c + x_t


numbers = np.array([[1.0, 2, 3, 4], [10, 20, 0, 0]])[:, :, None]
outputs, memory = read(add, numbers, np.array([4, 4]), units=1)
checks.that(np.shape(outputs) == (2, 4, 1) and np.shape(memory) == (2, 1), "形狀正確 / the shapes are right",
            f"2 個序列、4 步、1 個單元：應該得到 (2, 4, 1) 和 (2, 1)，現在是 {np.shape(outputs)} 和 {np.shape(memory)} / "
            f"2 sequences, 4 steps, 1 unit: expected (2, 4, 1) and (2, 1), found {np.shape(outputs)} and {np.shape(memory)}")
checks.close(outputs[0, :, 0], [0, 1, 3, 6], "每一步都拿到前一步的記憶 / every step gets the memory of the one before",
             "第一個序列的輸出不對：h 和 c 有沒有弄反？每一步都從前一步的 c 出發嗎？/ "
             "the outputs of the first sequence are wrong: are h and c mixed up? Does each step start from the c before it?")
checks.close(memory[:, 0], [10, 30], "最後的記憶正確 / the memories at the end are right", "最後的記憶不對 / the memories at the end are wrong")

filled = np.array([[1.0, 2, 3, 4], [10, 20, 99, 99]])[:, :, None]  # 99: filling, not real
outputs, memory = read(add, filled, np.array([4, 2]), units=1)
checks.close(memory[:, 0], [10, 30], "空位不影響記憶 / filling does not touch the memory",
             "第二個序列只有 2 步是真的，後面的空位卻進了記憶 / only 2 steps of the second sequence are real, yet the filling got into its memory")
checks.close(outputs[1, :, 0], [0, 10, 10, 10], "結束之後，輸出停在最後一個真的步驟 / behind the end the output stays as it was",
             "第二個序列結束之後，輸出應該停在第 2 步的樣子，不是 0，也不是繼續變 / "
             "behind the end of the second sequence the output should stay as at step 2: not 0, and not changing")


def compare_reading(batch, time, input_dim, units, seed):
    """Compare with utils.models.recurrent on random sequences."""
    random = np.random.default_rng(seed)
    cell = recurrent.LSTM(input_dim, units, seed=seed)
    x, lengths = random.normal(size=(batch, time, input_dim)), random.integers(1, time + 1, batch)
    expected, trace = cell.forward(x, mask=np.arange(time) < lengths[:, None])

    def step(x_t, h, c):
        (h, c), _ = cell.step(x_t @ cell.U + cell.b, np.stack([h, c]))
        return h, c

    outputs, memory = read(step, x, lengths, units)
    size = f"{batch} × {time} × {input_dim} → {units}"
    checks.close(outputs, expected, f"{size}：輸出和 utils.models.recurrent 一樣 / outputs agree with utils.models.recurrent",
                 f"{size}：輸出和 utils.models.recurrent 不同 / outputs differ from utils.models.recurrent")
    checks.close(memory, trace.states[-1, 1], f"{size}：記憶也一樣 / so do the memories",
                 f"{size}：記憶和 utils.models.recurrent 不同 / memories differ from utils.models.recurrent")


compare_reading(batch=4, time=7, input_dim=2, units=3, seed=1)
### BEGIN HIDDEN TESTS
compare_reading(batch=1, time=1, input_dim=3, units=2, seed=2)
compare_reading(batch=9, time=30, input_dim=1, units=5, seed=3)
outputs, memory = read(add, filled[::-1], np.array([2, 4]), units=1)
checks.close(memory[:, 0], [30, 10], "換個順序也對 / right in another order, too", "換個順序就不對 / wrong in another order")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：記住一個位元（5 分）· Step 3: Remember one bit (5 points)
#
# 做一台機器，每一步讀兩個數：
# - $x_1$：一個位元，0 或 1；
# - $x_2$：1 是「把這個位元記下來，忘掉以前的」，0 是「別理它」。
#
# 第一步的 $x_2$ 一定是 1。之後的位元大多是干擾，不可以改變記憶；下一個 $x_2 = 1$ 到了，才換成新的位元。
#
# 每一步**都要說出**現在記得的位元，看第一個單元的輸出 $h$：記得 1，$h > 0.5$；記得 0，$h < -0.5$。記得住 1,000 步才算。
#
# 不要訓練，直接寫下 $U$、$W$、$b$。單元要幾個都行，一個就夠。第 09 課的加法機用恆等函數，這裡是公式裡的 tanh：想一想 $c$ 和 $h$ 最大能到多少。
#
# Build a machine that reads two numbers at each step:
# - $x_1$, a bit, 0 or 1;
# - $x_2$, 1 for "keep this bit and forget the one before", 0 for "ignore it".
#
# At the first step $x_2$ is always 1. Most bits that follow are distraction and must not touch the memory; only with the next $x_2 = 1$ does the new bit take
# its place.
#
# At **every** step the machine has to say which bit it holds, by the output $h$ of its first unit: $h > 0.5$ for 1, $h < -0.5$ for 0. It has to last for 1,000
# steps.
#
# No training: write $U$, $W$ and $b$ down. Use as many units as you like; one will do. The adding machine of lesson 09 had the identity; here it is tanh, as in the
# formula: think of how large $c$ and $h$ can become.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 四道題目，一道一道來。$x_1$ 是 0 或 1 時，$z$ 要是負的或正的。$x_2 = 1$ 時，輸入閘該開還是關？遺忘閘呢？$x_2 = 0$ 時呢？輸出閘什麼時候開？想關緊或開大，數字就要大。
#
# Four questions, one by one. For an $x_1$ of 0 or 1, $z$ should be negative or positive. With $x_2 = 1$, is the input gate open or shut? And the forget gate?
# With $x_2 = 0$? When is the output gate open? To shut a gate tight or open it wide takes large numbers.
#
# </details>
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 在紙上畫一張 2 × 4 的表：列是 $x_1, x_2$，欄是 $z_i, z_f, z, z_o$，下面再加一列偏差值。撐不到 1,000 步？算算看 $\sigma(z_f)^{1000}$。
#
# Draw a table of 2 × 4 on paper: rows $x_1, x_2$, columns $z_i, z_f, z, z_o$, and one row more for the bias. It does not last for 1,000 steps? Work out
# $\sigma(z_f)^{1000}$.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_bit_machine():
    """Return weights U, W, b of an LSTM (tanh) that holds one bit.

    Returns:
        U: (2, 4 * units). W: (units, 4 * units). b: (4 * units,). Blocks in the order z_i, z_f, z, z_o; units is at least 1.
    """
    ### BEGIN SOLUTION
    U = [[0, 0, 40, 0],  # x_1: z_i, z_f, z, z_o
         [40, -80, 0, 0]]  # x_2
    return np.array(U), np.zeros((1, 4)), np.array([-20, 40, -20, 40])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def say(bits, stores):
    """Let the machine read; return what its first unit says, (batch, time)."""
    U, W, b = (np.asarray(weight, dtype=float) for weight in one_bit_machine())
    units = b.size // 4
    checks.that(units >= 1 and b.shape == (4 * units,) and U.shape == (2, 4 * units) and W.shape == (units, 4 * units),
                f"權重的形狀正確，{units} 個單元 / the weights have the right shapes, units: {units}",
                f"形狀應該是 (2, 4n)、(n, 4n)、(4n,)，現在是 {U.shape}、{W.shape}、{b.shape} / "
                f"the shapes should be (2, 4n), (n, 4n), (4n,), and are {U.shape}, {W.shape}, {b.shape}")
    cell = recurrent.LSTM(2, units)
    cell.set_weights([U, W, b])
    return cell.forward(np.stack([bits, stores], axis=-1))[0][:, :, 0]


def holds(bits, stores, passed, hint):
    """Check that the machine says, at every step, the bit that was stored last."""
    time = np.arange(bits.shape[1])
    last = np.maximum.accumulate(np.where(stores == 1, time, 0), axis=1)  # the step of the last x_2 = 1
    wanted = np.take_along_axis(bits, last, axis=1)
    said = say(bits, stores)
    wrong = ~np.where(wanted == 1, said > 0.5, said < -0.5)
    where = f"{wrong.mean():.0%}"
    if wrong.any():
        row, t = np.argwhere(wrong)[0]
        where += f", t = {t}: h = {said[row, t]:.2f}"
    checks.that(not wrong.any(), passed, f"{hint} [{where}]")


holds(np.array([[1.0], [0.0]]), np.ones((2, 1)), "馬上說得出剛記下的位元 / it says a bit that was just stored",
      "剛記下就說不出來：0 要說成負的，1 要說成正的，都要超過 0.5 / it cannot say a bit that was just stored: negative for 0, positive for 1, beyond 0.5")
steps = 1_000
first = np.zeros((2, steps))
first[:, 0] = 1
same = np.array([[1.0], [0.0]]) * np.ones(steps)
holds(same, first, f"沒有干擾時記得住 {steps:,} 步 / it remembers for {steps:,} steps without distraction",
      "沒有干擾也忘了：x_2 = 0 時，遺忘閘開得夠大嗎？/ it forgets even without distraction: is the forget gate open wide enough while x_2 = 0?")
random = np.random.default_rng(1)
bits = random.integers(0, 2, (20, steps)).astype(float)
holds(bits, np.tile(first[:1], (20, 1)), "干擾改變不了記憶 / distraction does not touch the memory",
      "x_2 = 0 的位元也進了記憶：輸入閘關得夠緊嗎？/ bits with x_2 = 0 get into the memory: is the input gate shut tight enough?")
stores = (random.random((20, steps)) < 0.1).astype(float)
stores[:, 0] = 1
holds(bits, stores, "x_2 = 1 時換成新的位元 / with x_2 = 1 the new bit takes its place",
      "x_2 = 1 時沒有換成新的位元：舊的有沒有忘掉？/ with x_2 = 1 the new bit does not take its place: is the old one forgotten?")
### BEGIN HIDDEN TESTS
random = np.random.default_rng(2)
for share, steps in ((0.0, 1_000), (0.003, 1_000), (0.5, 300), (1.0, 50)):
    bits = random.integers(0, 2, (30, steps)).astype(float)
    stores = (random.random((30, steps)) < share).astype(float)
    stores[:, 0] = 1
    holds(bits, stores, f"{steps} 步，x_2 = 1 的有 {share:.1%} / {steps} steps, {share:.1%} of them with x_2 = 1",
          f"{steps} 步，x_2 = 1 的有 {share:.1%}，就不行了 / it fails at {steps} steps, {share:.1%} of them with x_2 = 1")
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=09`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：你的機器不必訓練。如果改用梯度下降從你的權重出發，閘門都開到底或關到底，sigmoid 的斜率是多少？這樣的權重還學得動嗎？
#
# In a terminal run `make check-lab LAB=09`: it says which steps pass.
#
# 🤔 To think further: your machine needs no training. If gradient descent started from your weights, with every gate wide open or tightly shut, what would the slope
# of the sigmoid be? Could such weights still learn?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 斜率是 $\sigma(z)\,(1-\sigma(z))$，大約 $e^{-|z|}$：$z = 20$ 時約 $2\times10^{-9}$，$z = 40$ 時約 $4\times10^{-18}$，電腦算出來就是 0。幾乎學不動：閘門的權重，梯度都要乘上這個數，學習率 0.1 走一步，等於沒走。
#
# 猜「已經完美了，學得最快」的人，把輸出的好壞和斜率弄混了：sigmoid 在 $z = 0$ 斜率最大，也只有 1/4；越確定越平。所以訓練從小的隨機權重開始，閘門半開，還有得調。你的機器記得住，是因為 $c$ 那條路上的因數是 1；那是記憶的路，不是閘門權重的路。
#
# It is $\sigma(z)\,(1-\sigma(z))$, about $e^{-|z|}$: some $2\times10^{-9}$ at $z = 20$, and $4\times10^{-18}$ at $z = 40$, which a computer works out as 0. They could hardly learn: the gradient of every
# weight of a gate is multiplied by this number, and a step at a rate of 0.1 is no step at all.
#
# Who thought that it is perfect and so learns fastest mixed up a good output and a slope: the sigmoid is steepest at $z = 0$, with a slope of just 1/4, and the surer it is, the flatter. That
# is why training starts from small random weights: the gates are half open and can go either way. Your machine remembers because the factor on the way of $c$ is 1; that is the way of the
# memory, not of the gates' weights.
#
# </details>

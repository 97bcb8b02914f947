# %% [markdown]
# # 練習 05：想要幾層，就有幾層 · Lab 05: As many layers as you like
#
# 目標：把第 05 課的 `backward` 改成 tanh 的，再改成任意多層的，每個梯度都讓有限差分當裁判；最後用自己的程式，分開兩條纏在一起的螺旋。
#
# Goal: change the `backward` of lesson 05 into one for tanh, then into one for any number of layers, with finite differences as the judge of every
# gradient; and part two tangled spirals with your own code.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [05](../notebooks/05_backpropagation.ipynb) 課 · lesson [05](../notebooks/05_backpropagation.ipynb) |
# | 資料 · Data | 自己算出來的點，不用下載；不用 TensorFlow · points that we compute; nothing to download, no TensorFlow |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | ReLU 換成 tanh · tanh in place of ReLU | 3 |
# | 2 | 任意多層：往前，再往回 · any number of layers: forward, then backward | 5 |
# | 3 | 訓練，分開兩條螺旋 · train, and part two spirals | 4 |
#
# 形狀和第 05 課一樣：一列是一筆資料，`weights` 是串列 `[W1, b1, W2, b2, …]`，標籤 `y` 是 $(n, 1)$ 的 0 和 1。損失是交叉熵的平均，用最後的 $z$ 算。
#
# Shapes are those of lesson 05: a row is one example, `weights` is a list `[W1, b1, W2, b2, …]`, and the labels `y` are $(n, 1)$, 0 or 1. The loss is the
# mean cross-entropy, worked out from the last $z$.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from utils.notebook import checks, profile

profile.seed(5)


def sigmoid(z):
    """Return 1 / (1 + e^−z); no power of e overflows."""
    return (1 + np.tanh(z / 2)) / 2


def mean_loss(z, y):
    """Return the mean cross-entropy; z and y have the shape (n, 1)."""
    return np.mean(np.logaddexp(0, z) - y * z)


def random_weights(sizes, seed):
    """Return [W1, b1, W2, b2, …] for layers of these sizes, such as (2, 8, 1); every number is random."""
    random = np.random.default_rng(seed)
    shapes = [shape for pair in zip(sizes, sizes[1:], strict=False) for shape in (pair, pair[1:])]
    return [random.normal(0, 1, shape) for shape in shapes]


def random_points(n, inputs, seed):
    """Return x (n, inputs) and y (n, 1)."""
    random = np.random.default_rng(seed)
    return random.normal(size=(n, inputs)), random.integers(0, 2, (n, 1)) * 1.0


def by_finite_differences(loss, weights, step=1e-5):
    """Move each number of each array alone, and return how much loss(weights) changes."""
    weights = [w.copy() for w in weights]
    gradients = [np.zeros_like(w) for w in weights]
    for w, gradient in zip(weights, gradients, strict=True):
        for place in np.ndindex(w.shape):
            kept = w[place]
            w[place] = kept + step
            above = loss(weights)
            w[place] = kept - step
            gradient[place] = (above - loss(weights)) / (2 * step)
            w[place] = kept
    return gradients


def forward_tanh(weights, x):
    """Return h (n, hidden) and z2 (n, 1) of two layers with tanh between them."""
    W1, b1, W2, b2 = weights
    h = np.tanh(x @ W1 + b1)
    return h, h @ W2 + b2


# %% [markdown]
# ## 步驟 1：ReLU 換成 tanh（3 分）· Step 1: tanh in place of ReLU (3 points)
#
# `forward_tanh` 在上面，已經寫好。你來寫往回走的那一半：損失對 `W1`、`b1`、`W2`、`b2` 的梯度。第 05 課的 `backward` 裡，只有一行跟激勵函數有關。
#
# `forward_tanh` stands above. Write the way back: the gradients of the loss by `W1`, `b1`, `W2`, `b2`. In `backward` of lesson 05 only one line
# knows which activation it is.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# tanh 的斜率可以用它自己的輸出寫：$1 - h^2$。ReLU 那裡乘的是 0 或 1，這裡乘的是這個數。
#
# The slope of tanh can be written with its own output: $1 - h^2$. Where ReLU multiplied by 0 or 1, multiply by that.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_tanh(weights, x, y):
    """Return the gradients of mean_loss for the network of forward_tanh.

    Args:
        weights: [W1 (inputs, hidden), b1 (hidden,), W2 (hidden, 1), b2 (1,)]; they are not changed.
        x: (n, inputs). y: (n, 1), 0 or 1.

    Returns:
        List of four arrays, shaped like W1, b1, W2, b2.
    """
    ### BEGIN SOLUTION
    W2 = weights[2]
    h, z2 = forward_tanh(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = d_z2 @ W2.T * (1 - h**2)
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_tanh(n, inputs, hidden, seed):
    """Check `backward_tanh` against finite differences, the second layer first."""
    weights, (x, y) = random_weights((inputs, hidden, 1), seed), random_points(n, inputs, seed)
    before = [w.copy() for w in weights]
    found = backward_tanh(weights, x, y)
    checks.that(len(found) == 4 and [np.shape(g) for g in found] == [w.shape for w in before], "四個梯度，形狀都對。 Four gradients, of the right shapes.",
                "要傳回四個梯度，順序是 W1、b1、W2、b2，形狀和參數一樣。 "
                "Return four gradients, in the order W1, b1, W2, b2, shaped like the parameters.")
    checks.unchanged(weights, before, "權重沒被改。 The weights are as they were.",
                     "交進來的權重被改掉了：這裡只算梯度，還不要走。 The weights were changed: work out gradients here, and take no step yet.")
    truth = by_finite_differences(lambda moved: mean_loss(forward_tanh(moved, x)[1], y), before)
    checks.that(not np.allclose(found[3], n * truth[3]), "平均有算進去。 The mean is there.",
                "梯度大了 n 倍：損失是平均，所以要除以筆數。 The gradients are n times too large: the loss is a mean, so divide by the number of examples.")
    checks.close(np.concatenate([np.ravel(found[2]), np.ravel(found[3])]), np.concatenate([np.ravel(truth[2]), np.ravel(truth[3])]),
                 "第二層對了。 The second layer is right.",
                 "第二層就不對：從 p − y 開始，W2 的那一份再乘 h。 The second layer is wrong already: begin with p − y; the share of W2 takes h as well.")
    h = np.tanh(x @ before[0] + before[1])
    to_h = (sigmoid(h @ before[2] + before[3]) - y) / n @ before[2].T
    checks.that(not np.allclose(found[1], to_h.sum(axis=0)), "tanh 的斜率有算進去。 The slope of tanh is there.",
                "少了 tanh 的斜率：d_h 還要穿過 tanh 才到 z1。 The slope of tanh is missing: from h the way to z1 goes through tanh.")
    checks.that(not np.allclose(found[1], (to_h * (h > 0)).sum(axis=0)), "不是 ReLU 的斜率。 It is not the slope of ReLU.",
                "那是 ReLU 的斜率（0 或 1），這裡換成 tanh 了。 That is the slope of ReLU, 0 or 1; here it is tanh.")
    checks.close(np.concatenate([np.ravel(found[0]), np.ravel(found[1])]), np.concatenate([np.ravel(truth[0]), np.ravel(truth[1])]),
                 f"{sum(w.size for w in before)} 個導數都和有限差分一樣。 All {sum(w.size for w in before)} derivatives agree with finite differences.",
                 "第一層不對：兩個因數是 W2，和 tanh 的斜率；斜率看的是 tanh 的輸出。 "
                 "The first layer is wrong: its two factors are W2 and the slope of tanh, which is written with the output of tanh.")


check_tanh(n=6, inputs=2, hidden=3, seed=1)
### BEGIN HIDDEN TESTS
check_tanh(n=9, inputs=4, hidden=5, seed=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：任意多層（5 分）· Step 2: Any number of layers (5 points)
#
# 現在 `weights` 可以是兩個、四個、六個……陣列：一層、兩層、三層。每兩層**之間**有一個 ReLU，最後一層之後沒有。寫兩個函式：`scores` 往前走，傳回最後的 $z$；`backward` 傳回每一個陣列的梯度，順序和 `weights` 一樣。
#
# 往回走的迴圈裡，每一層做同樣的三件事：用手上的 `d_z` 算出這一層的 `W` 和 `b` 的梯度；把它乘過 `W`，交給前一層；再乘上前一層 ReLU 的斜率。
#
# Now `weights` may hold two, four, six … arrays: one layer, two, three. There is a ReLU **between** every two layers and none after the last. Write
# two functions: `scores` goes forward and returns the last $z$; `backward` returns the gradient of each array, in the order of `weights`.
#
# In the loop of the way back each layer does the same three things: from the `d_z` at hand it gets the gradients of its `W` and `b`; it hands `d_z`
# on through `W` to the layer before; and there it takes the slope of that layer's ReLU.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 往前走時，把每一層的**輸入**都放進一個串列：第一層的輸入是 `x`，後面每層的輸入是前一層的 `h`。往回走時，`W` 的梯度要用的就是它；而且 `h > 0` 剛好就是前一個 ReLU 的斜率。
#
# Going forward, put the **input** of each layer into a list: that of the first layer is `x`, and of each later one the `h` before it. On the way back the
# gradient of `W` takes just that; and `h > 0` happens to be the slope of the ReLU before.
#
# </details>
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# `for k in reversed(range(0, len(weights), 2))` 從最後一層走到第一層，`weights[k]` 是 `W`，`weights[k + 1]` 是 `b`。先讓一層的檢查通過，再加上迴圈。
#
# `for k in reversed(range(0, len(weights), 2))` goes from the last layer to the first; `weights[k]` is `W` and `weights[k + 1]` is `b`. Get the check of one
# layer to pass first, then add the loop.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scores(weights, x):
    """Return the last z, (n, 1), of a network with any number of layers and ReLU between them.

    Args:
        weights: [W1, b1, W2, b2, …, Wk, bk], k at least 1. x: (n, inputs).
    """
    ### BEGIN SOLUTION
    h = x
    for k in range(0, len(weights) - 2, 2):
        h = np.maximum(0, h @ weights[k] + weights[k + 1])
    return h @ weights[-2] + weights[-1]
    ### END SOLUTION


def backward(weights, x, y):
    """Return the gradients of mean_loss(scores(weights, x), y), one array for each of `weights`, which are not changed."""
    ### BEGIN SOLUTION
    inputs = [x]
    for k in range(0, len(weights) - 2, 2):
        inputs.append(np.maximum(0, inputs[-1] @ weights[k] + weights[k + 1]))
    d_z = (sigmoid(inputs[-1] @ weights[-2] + weights[-1]) - y) / len(x)
    gradients = []
    for k in reversed(range(0, len(weights), 2)):
        h = inputs[k // 2]
        gradients = [h.T @ d_z, d_z.sum(axis=0), *gradients]
        d_z = d_z @ weights[k].T * (h > 0)
    return gradients
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def right_scores(weights, x):
    """The same as `scores`, for the checks."""
    for k in range(0, len(weights), 2):
        x = x @ weights[k] + weights[k + 1]
        x = np.maximum(0, x) if k + 2 < len(weights) else x
    return x


def check_layers(sizes, n, seed):
    """Check `scores` and `backward` on a network of these sizes, the last layer first."""
    weights, (x, y) = random_weights(sizes, seed), random_points(n, sizes[0], seed)
    before, layers = [w.copy() for w in weights], len(sizes) - 1
    expected = right_scores(before, x)
    found = scores(weights, x)
    checks.that(np.shape(found) != (n, 1) or not np.allclose(found, np.maximum(0, expected)) or np.allclose(found, expected),
                f"{sizes}：最後沒有 ReLU。 {sizes}: no ReLU at the end.",
                "負的分數都變成 0 了：最後一層之後沒有 ReLU。 All negative scores became 0: there is no ReLU after the last layer.")
    checks.close(found, expected, f"{sizes}：分數對了。 {sizes}: the scores are right.",
                 f"{layers} 層的分數不對：每一層是 h @ W + b，兩層之間各有一個 ReLU。 "
                 f"The scores of {layers} layers are wrong: each layer is h @ W + b, with a ReLU between every two.")
    gradients = backward(weights, x, y)
    checks.that(len(gradients) == len(before) and [np.shape(g) for g in gradients] == [w.shape for w in before],
                "梯度的個數和形狀都對。 As many gradients as arrays, of their shapes.",
                "每個陣列要有一個梯度，順序和 weights 一樣，形狀也一樣。 One gradient for each array, in the order of weights and of its shape.")
    checks.unchanged(weights, before, "權重沒被改。 The weights are as they were.",
                     "交進來的權重被改掉了：這裡只算梯度，還不要走。 The weights were changed: work out gradients here, and take no step yet.")
    truth = by_finite_differences(lambda moved: mean_loss(right_scores(moved, x), y), before)
    for layer in range(layers, 0, -1):
        both = [np.concatenate([np.ravel(g) for g in pair]) for pair in (gradients[2 * layer - 2 : 2 * layer], truth[2 * layer - 2 : 2 * layer])]
        hint = {
            0: "最後一層不對：d_z 從 (p − y) / n 開始，W 的梯度再乘上這一層的輸入。 "
               "The last layer is wrong: d_z begins as (p − y) / n, and the gradient of W takes the input of this layer.",
            1: "倒數第二層不對：乘過最後一層的 W，再乘這裡 ReLU 的斜率（0 或 1）。 "
               "The last layer but one is wrong: go through the W of the last layer, then take the slope of the ReLU here, 0 or 1.",
        }.get(layers - layer, "再往前的層不對：每走一層，d_z 都要換成新的，乘的也是那一層自己的 W。 "
                              "Layers further forward are wrong: at every layer d_z is a new one, and the W is that layer's own.")  # fmt: skip
        checks.close(*both, f"{sizes}：第 {layer} 層的梯度對了。 {sizes}: the gradients of layer {layer} are right.", hint, tolerance=1e-5)


check_layers((2, 1), n=5, seed=1)
check_layers((2, 6, 1), n=8, seed=2)
check_layers((3, 5, 4, 1), n=8, seed=3)
### BEGIN HIDDEN TESTS
check_layers((2, 4, 5, 3, 1), n=7, seed=4)
check_layers((1, 3, 3, 3, 3, 1), n=10, seed=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：分開兩條螺旋（4 分）· Step 3: Part two spirals (4 points)
#
# 兩條螺旋纏在一起，一條直線幾乎幫不上忙。寫 `train(x, y, most_steps)`：自己決定有幾層、多寬、起點、學習率、怎麼走（SGD、動量法、Adam 都可以），用步驟 2 的 `backward` 訓練，傳回權重。要求：**沒看過的**點答對 95 % 以上。
#
# Two spirals are tangled, and a straight line is hardly of use. Write `train(x, y, most_steps)`: layers, widths, start, rate and the way to walk (SGD,
# momentum, Adam) are yours; train with the `backward` of step 2 and return the weights. The goal: 95 % right on points that it has **not seen**.

# %% nbgrader={"grade": false, "grade_id": "spirals", "locked": true, "schema_version": 3, "solution": false, "task": false}
MOST_STEPS = 2_000  # updates that you may take
GOAL = 0.95  # right answers on unseen points


def spirals(n, seed):
    """Return n points of two spirals, x (n, 2), and which of the two each belongs to, y (n, 1), 0 or 1."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2 * 1.0
    way = random.uniform(0.2, 1, n)  # how far out
    angle = 2.5 * np.pi * way + np.pi * y
    x = 2 * way[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]) + random.normal(0, 0.08, (n, 2))
    return x, y[:, None]


# %% [markdown]
# 第一件事：畫出來看看，或印出損失。一開始的損失應該在 $\ln 2 \approx 0.69$ 附近，不然就是起點太大。
#
# Before all, draw it, or print the loss. At the start it should be about $\ln 2 \approx 0.69$; if not, the start is too large.
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 起點的大小看第 05 課步驟 9：標準差 $\sqrt{2/n}$，$n$ 是這一層有幾個輸入；偏差值從 0 開始。學習率從 0.1 開始，每次乘 3 試試看。
#
# For the size of the start see step 9 of lesson 05: a standard deviation of $\sqrt{2/n}$, where $n$ is the number of inputs of the layer; biases start at 0.
# Begin with a rate of 0.1, and try three times as much each time.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(x, y, most_steps):
    """Return the weights of a network, trained on x (n, 2) and y (n, 1) in at most `most_steps` updates.

    Returns:
        [W1 (2, …), b1, …, Wk (…, 1), bk], as `scores` takes them.
    """
    ### BEGIN SOLUTION
    random, weights = np.random.default_rng(0), []
    for before, after in ((2, 16), (16, 16), (16, 1)):
        weights += [random.normal(0, np.sqrt(2 / before), (before, after)), np.zeros(after)]
    for _ in range(most_steps):
        for w, gradient in zip(weights, backward(weights, x, y), strict=True):
            w -= 0.3 * gradient
    return weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_training(seed, test_seed):
    """Train on 400 points and count what is right on 1,000 others."""
    x, y = spirals(400, seed)
    weights = [np.asarray(w, dtype=float) for w in train(x, y, MOST_STEPS)]
    checks.that(len(weights) >= 2 and len(weights) % 2 == 0 and weights[0].shape[:1] == (2,) and weights[-1].shape == (1,),
                "權重的形狀合得起來。 The shapes of the weights fit.",
                "要傳回 [W1, b1, …, Wk, bk]：W1 有 2 列，最後的 b 只有一個數。 Return [W1, b1, …, Wk, bk]: W1 has 2 rows, the last b one number.")
    checks.that(all(np.isfinite(w).all() for w in weights), "每個權重都是數。 Every weight is a number.",
                "權重變成 NaN 或無限大：學習率太大，或起點太大。 Weights became NaN or infinite: the rate or the start is too large.")
    checks.that(len(weights) > 2, f"有 {len(weights) // 2} 層。 {len(weights) // 2} layers.",
                "只有一層，界線就是一條直線，螺旋分不開。 With one layer the border is a straight line, and spirals cannot be parted.")
    alike = len(np.unique(weights[0].round(6), axis=1).T) == 1 and weights[0].shape[1] > 1
    checks.that(not alike, "隱藏神經元各學各的。 The hidden neurons learn different things.",
                "第一層的神經元全都一樣：起點要隨機，它們才分得開。 All neurons of the first layer are alike: only a random start lets them part.")
    known, unseen = ((right_scores(weights, inputs) > 0) == (labels == 1) for inputs, labels in ((x, y), spirals(1_000, test_seed)))
    checks.that(np.mean(unseen) >= GOAL, f"沒看過的點答對 {np.mean(unseen):.1%}。 {np.mean(unseen):.1%} of unseen points are right.",
                f"沒看過的點只答對 {np.mean(unseen):.1%}，看過的 {np.mean(known):.1%}，要 {GOAL:.0%}：還在走，還是卡住了？調學習率、起點，或多幾個神經元。 "
                f"{np.mean(unseen):.1%} of unseen points are right, {np.mean(known):.1%} of those seen; {GOAL:.0%} is the goal. Still on its way, or stuck? Try another "
                "rate, another start, or more neurons.")


check_training(seed=1, test_seed=100)
### BEGIN HIDDEN TESTS
check_training(seed=2, test_seed=200)
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=05`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：把步驟 3 的訓練點從 400 個減到 40 個，看過的點還答得對嗎？沒看過的呢？
#
# In a terminal run `make check-lab LAB=05`: it says which steps pass.
#
# 🤔 To think further: with 40 training points in place of 400 in step 3, are the points that it has seen still right? And those it has not?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看過的全對，沒看過的變差。參考解答用五個 seed 試：40 個訓練點，看過的每次都是 100 %，沒看過的 90 % 到 96 %；400 個訓練點，沒看過的 99 % 以上。
#
# 網路有三百多個參數，40 個點很容易全部配合；點和點之間的空白，界線想怎麼走就怎麼走，不一定照著螺旋。猜「看過的全對，就學會了」的人，看的是背了多少；學會沒有，要問沒看過的點。點越多，空白越少，界線就只剩一種畫法。
#
# Those it has seen are all right, the others get worse. With the sample solution and five seeds: of 40 training points 100 % were right every time, of unseen ones 90 % to 96 %; with 400 training points, 99 % or more of the unseen
# ones.
#
# The network has more than three hundred parameters and easily suits 40 points; in the gaps between them its border goes where it likes, and not always along the spiral. Who took "all seen points are right" for "it has learned"
# looked at what was learned by heart; to know the rest, ask points that it has not seen. The more points, the smaller the gaps, until there is one way left to draw the border.
#
# </details>

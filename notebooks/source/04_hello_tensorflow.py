# %% [markdown] slideshow={"slide_type": "slide"}
# # 04 Hello TensorFlow：從一個神經元到手寫數字 · From one neuron to handwritten digits
#
# 🗺 一個神經元，再到全連接網路讀 MNIST · One neuron, then a dense network on MNIST
#
# 先讓一個神經元學會一條直線，看清楚「訓練」到底在做什麼；再用同樣的方法，讓 266 個神經元學會認數字。
#
# 上完這一課，你可以
# 1. 用 Keras 建立、訓練、評估、儲存、載入一個類神經網路；
# 2. 說出訓練資料、驗證資料、測試資料各做什麼，並用提早停止（early stopping）防止過度擬合；
# 3. 看懂 softmax 的輸出，並找出模型錯在哪裡。
#
# First one neuron learns a straight line, so that we see what "training" really does. Then the same method teaches 266 neurons to
# read digits.
#
# After this lesson you can
# 1. build, train, evaluate, save and load a neural network in Keras;
# 2. say what training, validation and test data are for, and prevent overfitting by early stopping;
# 3. read what a softmax puts out, and find where a model goes wrong.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [01](01_numpy.ipynb)：陣列、廣播、切片；[03](03_scikit_learn.ipynb)：訓練資料和測試資料；導數，忘了就看[數學小抄](../docs/primer.md) · [01](01_numpy.ipynb): arrays, broadcasting, slices; [03](03_scikit_learn.ipynb): training and test data; the derivative, or the [primer](../docs/primer.md) |
# | 學習時間 · Study time | 約 75 分鐘，含空格和問題 · about 75 minutes, with gaps and questions |
# | 資料 · Data | MNIST，70,000 張手寫數字（LeCun、Cortes、Burges，CC BY-SA 3.0） · MNIST, 70,000 handwritten digits (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 投影片 · Slides | 「Lab - TensorFlow: Hello World!!」：下載資料、查看訓練資料、查看多筆、批次讀取 · download the data, look at one, look at many, read in batches |

# %% slideshow={"slide_type": "skip"}
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.metrics import confusion_matrix

from utils.data import datasets
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=4_000, lesson=55_000, full=55_000)  # images to learn from
EPOCHS = profile.choose(smoke=2, lesson=15, full=50)  # at most; early stopping may end sooner
PATIENCE = profile.choose(smoke=2, lesson=2, full=5)  # epochs without improvement before we stop
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：六個點、一個神經元 · Step 1: Six points, one neuron
#
# 六個點都在直線 $y = 2x - 1$ 上。程式不知道這條規則，只看得到點。
#
# 一個神經元（neuron）算的是 $\hat{y} = w x + b$：一個權重（weight）$w$，一個偏差值（bias）$b$。我們從 $w = 0$、$b = 0$ 出發。
#
# All six points lie on the line $y = 2x - 1$. The program does not know this rule; it only sees the points.
#
# One neuron computes $\hat{y} = w x + b$: one weight $w$, one bias $b$. We start at $w = 0$, $b = 0$.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
x = np.array([[-1.0], [0.0], [1.0], [2.0], [3.0], [4.0]])
y = 2 * x - 1

neuron = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Dense(1, kernel_initializer="zeros", bias_initializer="zeros"),
])
print("parameters:", neuron.count_params())
print("prediction for x = 10 before training:", neuron.predict(np.array([[10.0]]), verbose=0).item())

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：訓練就是往下走 · Step 2: Training means walking downhill
#
# 損失（loss）量「錯多少」。這裡用均方誤差：
#
# $$L(w, b) = \frac{1}{6}\sum_{i=1}^{6} (w x_i + b - y_i)^2$$
#
# 導數（derivative）說的是：$w$ 加一點點，損失變多少？把 $L$ 對 $w$ 微分，$b$ 當成常數；外層平方的導數是 2 倍括號，內層再乘上 $x_i$：
#
# $$\frac{\partial L}{\partial w} = \frac{2}{6}\sum_{i=1}^{6} (w x_i + b - y_i)\, x_i, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{6}\sum_{i=1}^{6} (w x_i + b - y_i)$$
#
# 兩個導數合起來叫梯度（gradient），指向損失上升最快的方向。梯度下降（gradient descent）每一步都往**反方向**走一小段，步伐大小由學習率（learning rate）$\eta$ 決定：
#
# $$w \leftarrow w - \eta\,\frac{\partial L}{\partial w}, \qquad b \leftarrow b - \eta\,\frac{\partial L}{\partial b}$$
#
# The loss measures how wrong we are; here it is the mean squared error $L$.
#
# A derivative says how much the loss changes when $w$ grows
# a little. Differentiate $L$ by $w$, with $b$ as a constant: the square outside gives twice the bracket, what is inside gives another factor $x_i$:
#
# Together they are the gradient, which points where the loss rises fastest. Each step of gradient descent goes a little way in the
# **opposite** direction. How far is set by the learning rate $\eta$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 先用紙筆算一次。在起點 $w = 0$、$b = 0$，預測全是 0，所以誤差（預測減正解）就是 $-y$：
#
# Work it out on paper once. At the start, $w = 0$ and $b = 0$, every prediction is 0, so the error (prediction minus truth) is $-y$:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
error = 0 * x + 0 - y  # prediction minus truth
rows = np.hstack([x, y, error, error * x])
display.table([*rows.astype(int).tolist(), ["sum", "", *rows[:, 2:].sum(axis=0).astype(int)]],
              columns=["x", "y", "error", "error · x"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 把總和乘上 $\frac{2}{6}$：
#
# $$\frac{\partial L}{\partial w} = \frac{2}{6} \times (-53) \approx -17.67, \qquad
# \frac{\partial L}{\partial b} = \frac{2}{6} \times (-12) = -4$$
#
# 兩個都是負的：$w$ 和 $b$ 變大，損失會變小。學習率取 0.01，第一步走到 $w = 0.01 \times 17.67 \approx 0.177$、$b = 0.04$。
#
# ✏️ 把公式寫成函式，任何 $w$、$b$ 都能算：先算六個點的誤差，再傳回兩個導數（先 $w$，後 $b$）。
#
# Take the sums times $\frac{2}{6}$:
#
# Both derivatives are negative: the loss falls when $w$ and $b$ grow. With a learning rate of 0.01 the
# first step leads to $w = 0.01 \times 17.67 \approx 0.177$ and $b = 0.04$.
#
# ✏️ Write the formulas as a function, for any $w$ and $b$: first the errors of the six points, then return the two derivatives (that of $w$
# first).

# %% gap="gradient" slideshow={"slide_type": "fragment"}
def gradient(w, b):
    """Return the derivatives of the loss by w and by b, over the six points x, y."""
    ### BEGIN SOLUTION
    error = w * x + b - y  # prediction minus truth, for all six points
    return 2 * np.mean(error * x), 2 * np.mean(error)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = gradient(0.0, 0.0)
checks.that(isinstance(found, tuple | list | np.ndarray) and len(found) == 2, "兩個導數都有。 Both derivatives are there.",
            "要傳回兩個數：先 w 的導數，再 b 的導數。 Return two numbers: the derivative by w, then that by b.")
checks.that(np.size(found) == 2, "每個導數是一個數。 Each derivative is one number.",
            "六個點各有各的誤差，導數只有一個：要平均。 Each of the six points has its own error; the derivative is their mean, one number.")
checks.that(not np.allclose(found[0], found[1]), "w 的導數和 b 的不同。 The derivative by w is not that by b.",
            "對 w 微分時，括號裡的 w·x 會多給一個 x。 Differentiating by w, the w·x in the bracket gives another factor x.")
checks.that(bool(found[0] < 0 and found[1] < 0), "正負號對了：兩個都往下。 The signs are right: downhill for both.",
            "在起點兩個導數都是負的：誤差是「預測減正解」。 "
            "At the start both derivatives are negative: the error is prediction minus truth.")
checks.close([gradient(0.0, 0.0), gradient(3.0, 1.0)], [[-53 / 3, -4], [49 / 3, 7]],
             "和紙筆算的一樣。 As worked out on paper.",
             "差了一個倍數：平方的導數有一個 2，六個點要平均。 Off by a factor: the square gives a 2, and six points are averaged.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 訓練就是重複這件事：算梯度，走一小步。
#
# ✏️ 寫出走一步的兩行：`w` 和 `b` 各減去「學習率 `RATE` 乘上自己的導數」。
#
# Training is only this, again and again: find the gradient, take a small step.
#
# ✏️ Write the two lines of a step: `w` and `b` each go down by the learning rate `RATE` times their own derivative.

# %% gap="step" slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
STEPS = 500
RATE = 0.01

w, b = 0.0, 0.0
path = [(w, b)]
for _ in range(STEPS):
    gradient_w, gradient_b = gradient(w, b)
    ### BEGIN SOLUTION
    w -= RATE * gradient_w
    b -= RATE * gradient_b
    ### END SOLUTION
    path.append((w, b))
path = np.array(path)
print("first steps (w, b):", *(tuple(map(float, place)) for place in path[:4].round(3)))

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(bool((path[1] != 0).all()), "w 和 b 都動了。 Both w and b have moved.",
            "w 和 b 都要更新，一個一行。 Both w and b have to be updated, a line each.")
checks.that(bool((path[1] > 0).all()), "方向對了，往損失變小的那邊。 The right way: to where the loss is smaller.",
            "走反了：梯度指向損失上升的方向，要減，不是加。 The wrong way: the gradient points uphill, so subtract it.")
checks.close(path[1], RATE * np.array([53 / 3, 4]), "第一步和紙筆算的一樣。 The first step is as worked out on paper.",
             "步伐大小不對：導數要乘上學習率 RATE。 The step has the wrong size: the derivative is multiplied by the rate, RATE.")
checks.close(path[2], path[1] - RATE * np.array(gradient(*path[1])),
             "第二步從第一步的地方接著走。 The second step goes on from where the first ended.",
             "每一步都要從現在的 w、b 出發，不是從 0 重來。 Each step starts at the present w and b, not at 0 again.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Keras 做的是同一件事：`compile` 選好損失和走法，`train_on_batch` 走一步；導數由它自動算。走完 500 步，兩邊的權重應該一樣。
#
# Keras does the same: `compile` chooses the loss and the way to walk, `train_on_batch` takes one step; it finds the derivatives by itself.
# After 500 steps both should have the same weights.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
neuron.compile(optimizer=keras.optimizers.SGD(learning_rate=RATE), loss="mse")
largest = 0.0
for step in range(1, STEPS + 1):
    neuron.train_on_batch(x, y)
    here = [weight.item() for weight in neuron.get_weights()]
    largest = max(largest, np.abs(here - path[step]).max())
print("our loop, after 500 steps (w, b):", *path[-1].round(3).tolist())
print("Keras, after 500 steps (w, b):   ", *np.round(here, 3).tolist())
print("they differ by less than 0.00001 at every step:", bool(largest < 1e-5))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 神經元只看過 $x = -1 \dots 4$。訓練 500 步以後，它對 $x = 10$ 會回答多少？剛好 19 嗎？先猜，再執行。
#
# 🤔 The neuron has seen only $x = -1 \dots 4$. After 500 steps, what will it say for $x = 10$? Exactly 19? Guess first.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 18.98，不是 19。500 步以後 $w = 1.997$、$b = -0.992$，都還沒走到 2 和 −1，所以 $10w + b$ 差了一點。猜 19 的人已經知道規則，神經元只知道六個點，而且還在路上。以為「沒看過的 $x$ 就亂猜」也不對：學到的是一條線，往外延伸照樣能算，前提是那裡也真的是直線。
#
# 18.98, not 19. After 500 steps $w = 1.997$ and $b = -0.992$ have not yet reached 2 and −1, so $10w + b$ falls short. Who said 19 knows
# the rule; the neuron knows six points and is still on its way. Nor does it guess blindly at an $x$ it has not seen: it has learned a
# line, and a line goes on, provided that the truth is a line out there too.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
answer = neuron.predict(np.array([[10.0]]), verbose=0).item()
w, b = (float(weight.item()) for weight in neuron.get_weights())
print(f"w = {w:.3f}, b = {b:.3f}, prediction for x = 10: {answer:.2f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：為什麼不是 19？ · Step 3: Why not 19?
#
# 有人說「因為類神經網路處理的是機率」。**不對**：這裡沒有任何隨機，重跑一百次答案都一樣。真正的原因是路還沒走完。
#
# 看左圖：損失像一條又長又窄的山谷。第一段路很快就衝進谷底，接著沿著谷底慢慢走。右圖：越靠近 19，走得越慢。
#
# Some say "because neural networks deal in probabilities". **No**: nothing here is random, and a hundred runs give the same
# answer. The true reason: we stopped on the way.
#
# Left: the loss is a long, narrow valley. The first steps rush down to its floor, the others creep along it. Right: the closer
# to 19, the slower it gets.

# %% alt={"zh": "左：損失的等高線是一條斜的狹長山谷，路線先橫著衝進谷底，再沿谷底走向星星。右：預測值起初很快上升，接近 19 之後越來越慢。", "en": "Left: the contours of the loss are a long slanting valley; the path rushes into it and then creeps along its floor to the star. Right: the prediction rises fast at first, and ever more slowly as it nears 19."} slideshow={"slide_type": "fragment"}
weights, biases = np.meshgrid(np.linspace(-0.2, 3, 200), np.linspace(-1.6, 1.0, 200))
loss_surface = np.mean((weights[..., None] * x.ravel() + biases[..., None] - y.ravel()) ** 2, axis=-1)

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
left.contourf(weights, biases, np.log10(loss_surface + 1e-3), levels=14, cmap="Blues_r")
left.plot(*path.T, color=plots.COLORS[1])
label = {"xytext": (9, 3), "textcoords": "offset points", "fontsize": 10,
         "bbox": {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}}
for step in (0, 5, 50, 150, STEPS):
    left.plot(*path[step], "o", color=plots.COLORS[1], markersize=5)
    left.annotate(f"step {step}", path[step], **label)
left.plot(2, -1, "*", color="gold", markersize=14, markeredgecolor="black", markeredgewidth=0.5)
left.set(xlabel="weight w", ylabel="bias b", title="log10(loss) and our way (star: the goal)")
right.plot(path @ [10, 1])
right.axhline(19, color=plots.COLORS[2], linestyle="--", linewidth=1)
right.text(0, 19.1, "19", color=plots.COLORS[2])
right.set(xlabel="step", ylabel="prediction for x = 10", ylim=(14, 20))
right.set_title("fast at first, then slow")
plt.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# 換你走走看。先猜：`rate` 是多大時，路不再走向星星，而是越走越遠？在 JupyterLab 執行下一格，再拉 `rate` 和 `steps`，看點落在哪裡。
#
# Now walk yourself. Guess first: how large must `rate` be for the way to lead ever farther from the star? Run the next cell in JupyterLab, then move
# `rate` and `steps`, and see where the points fall.

# %% slideshow={"slide_type": "skip"} tags=["touch"]
from ipywidgets import interact


@interact(rate=(0.01, 0.2, 0.01), steps=(0, 100))
def walk(rate=0.01, steps=20):
    way = [np.zeros(2)]
    for _ in range(steps):
        way.append(way[-1] - rate * np.array(gradient(*way[-1])))
    plt.contourf(weights, biases, np.log10(loss_surface + 1e-3), levels=14, cmap="Blues_r")
    plt.plot(2, -1, "*", *np.transpose(way), ".-", color=plots.COLORS[1], scalex=False, scaley=False)
    plt.title(f"after {steps} steps: x = 10 gives {way[-1] @ [10, 1]:.3g}")
    plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 這個「慢」算得出來：山谷有兩個方向，每走一步，一個方向的誤差剩下 88.7 %，另一個剩下 99.0 %。走 500 步以後，前者一點也不剩，後者還剩 0.56 %，所以答案停在 18.98。
#
# This slowness can be computed: the valley has two directions, and each step leaves 88.7 % of the error in one and 99.0 % in the other.
# After 500 steps nothing is left of the first and 0.56 % of the second; so the answer stands at 18.98.
#
# <details><summary>選讀 · Optional：這些百分比從哪裡來（需要線性代數） · where these percentages come from (linear algebra)</summary>
#
# 把 $x$ 和 1 並排成矩陣 $X$，與目標的距離是 $e = (w - 2,\; b + 1)$。均方誤差的梯度剛好是 $H e$，其中 $H = \frac{2}{6} X^\top X$，所以每一步都乘上同一個矩陣 $I - \eta H$：
#
# $$e_{t+1} = (I - \eta H)\, e_t \quad\Longrightarrow\quad e_{500} = (I - \eta H)^{500}\, e_0$$
#
# 特徵值（eigenvalue）是矩陣在它的兩個特別方向上的倍率，也就是每一步剩下的誤差。
#
# Put $x$ and 1 side by side as a matrix $X$; the distance to the goal is $e = (w - 2,\; b + 1)$. The gradient of the mean squared error
# is exactly $H e$ with $H = \frac{2}{6} X^\top X$, so every step multiplies by the same matrix $I - \eta H$. Its eigenvalues, the
# factors along its two special directions, tell how much of the error each step leaves.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
X = np.hstack([x, np.ones_like(x)])
H = 2 / 6 * X.T @ X
one_step = np.eye(2) - RATE * H
slow, fast = sorted(np.linalg.eigvalsh(one_step), reverse=True)
print(f"each step leaves {fast:.1%} of the error in one direction and {slow:.1%} in the other")
print(f"after {STEPS} steps: {fast**STEPS:.0%} and {slow**STEPS:.2%}")

goal = np.array([2.0, -1.0])
after_500 = goal + np.linalg.matrix_power(one_step, STEPS) @ (path[0] - goal)
print(f"formula, {STEPS} steps:  x = 10 gives {after_500 @ [10, 1]:.2f}")
print(f"neuron,  {STEPS} steps:  x = 10 gives {answer:.2f}")
exact, *_ = np.linalg.lstsq(X, y.ravel())
print(f"least squares, solved:  x = 10 gives {exact @ [10, 1]:.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 公式、神經元、最小平方法三者對得起來：19 是終點，18.98 是走了 500 步的位置。
#
# 🤔 要讓答案到達 18.999，大約要幾步？學習率調到 0.2 會怎樣？（提示：$1 - 0.2 \times 11.3$ 的絕對值比 1 大還是小？）改上面的 `STEPS` 和 `RATE` 試試看。
#
# Formula, neuron and least squares agree: 19 is the end of the road, 18.98 is where 500 steps take us.
#
# 🤔 About how many steps until the answer reaches 18.999? What happens at a learning rate of 0.2? (Hint: is the absolute value
# of $1 - 0.2 \times 11.3$ more or less than 1?) Change `STEPS` and `RATE` above and see.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）大約 780 步（我們算出來是第 782 步）。剩下的誤差每步只縮成 99.0 %，要再縮小一位數，得再走兩百多步。猜好幾千步的人，可能以為每多一位數，步數就要乘 10；其實只要再**加**一樣多步。
#
# （2）發散。$1 - 0.2 \times 11.3 = -1.26$，絕對值大於 1：每一步都跨過谷底，落在更遠的對面。$x = 10$ 的答案先是 36、−8、49，第 10 步是 −140，第 100 步已經是 −1.7 × 10¹¹。猜「快 20 倍」的人忘了步伐有上限；這裡的上限是 $2 / 11.3 \approx 0.177$。
#
# (1) About 780 (we find step 782). What is left shrinks to 99.0 % a step, so one more digit takes some two hundred more steps. Who guessed
# many thousands may have thought that each digit multiplies the steps by 10; it only **adds** the same number again.
#
# (2) It diverges. $1 - 0.2 \times 11.3 = -1.26$ has an absolute value above 1: each step oversteps the floor and lands farther off on the
# other side. The answer for $x = 10$ is 36, −8, 49, then −140 at step 10 and −1.7 × 10¹¹ at step 100. Who guessed "20 times faster"
# forgot that a stride has a limit, here $2 / 11.3 \approx 0.177$.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：下載資料 · Step 4: Download the data
#
# 直線可以解方程式。手寫數字沒有方程式，只能從例子學。MNIST 有 60,000 張訓練影像、10,000 張測試影像，第一次執行時下載，並核對雜湊值；之後離線也能用。
#
# A line can be solved for. Handwriting has no equation; it must be learned from examples. MNIST has 60,000 training images and
# 10,000 test images. The first run downloads them and checks their hash; after that it works offline.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
print(datasets.describe("mnist"))
display.table(
    [(name, str(a.shape), str(a.dtype), f"{a.min()} … {a.max()}") for name, a in
     [("x_train", x_train), ("y_train", y_train), ("x_test", x_test), ("y_test", y_test)]],
    columns=["array", "shape", "type", "values"],
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：查看一筆訓練資料 · Step 5: Look at one training image
#
# 對電腦來說，影像就是一張數字表：0 是白紙，255 是最濃的墨水。瞇起眼睛，你看得出這是幾嗎？
#
# To a computer an image is a table of numbers: 0 is paper, 255 the blackest ink. Squint: can you see which digit this is?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for row in x_train[0][5:25, 4:25]:
    print(" ".join(f"{pixel:3d}" for pixel in row))

# %% alt={"zh": "28×28 的格子，白底上深淺不一的灰色方塊排成一個 5，旁邊的色條從 0 的白到 255 的黑。", "en": "A grid of 28×28 in which grey squares on white make a 5; the bar beside it goes from white at 0 to black at 255."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(3.4, 3.2))
picture = axis.imshow(x_train[0], cmap="gray_r")
figure.colorbar(picture, label="pixel value")
axis.set_title(f"x_train[0], label y_train[0] = {y_train[0]}")
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：查看多筆影像與標籤 · Step 6: Look at many images and labels
#
# 訓練之前一定要先看資料。標籤（label）對嗎？各個數字的數量差不多嗎？
#
# Always look at the data before training. Are the labels right? Is there about as much of every digit?

# %% alt={"zh": "三排共三十個手寫數字，白底黑字，上方是標籤。粗細、傾斜和寫法都不同，十種數字都出現過。", "en": "Thirty handwritten digits in three rows, black on white, each under its label. Thickness, slant and style differ, and all ten digits occur."} slideshow={"slide_type": "fragment"}
plots.image_grid(x_train[:30], titles=y_train[:30], cmap="gray_r", scale=0.95)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
display.table(
    [["training", *np.bincount(y_train)], ["test", *np.bincount(y_test)]],
    columns=["images", *map(str, range(10))],
)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果有人什麼都不學，永遠回答「1」，測試準確率是多少？任何模型至少要贏過它。
#
# 🤔 Somebody learns nothing and always answers "1". What is their test accuracy? Every model must beat at least that.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 11.35 %：10,000 張測試影像裡有 1,135 張是 1。猜 10 % 的人假設每個數字一樣多；這裡 1 最多、5 最少。資料越不平均，這種「什麼都不學」的準確率就越高，所以要先算它。
#
# 11.35 %: 1,135 of the 10,000 test images are a 1. Who said 10 % took all digits to be equally many; here the 1 is the most frequent and
# the 5 the least. The more uneven the data, the more such a know-nothing scores; so work that out first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：批次讀取 · Step 7: Read in batches
#
# 60,000 張一起算太慢，一次一張又太抖，所以一次拿一批（batch）。有兩種寫法：切片，或 `tf.data`（打亂、分批、一邊訓練一邊準備下一批）。
#
# All 60,000 at once are slow, one at a time is jittery, so we take a batch. There are two ways: a
# slice, or `tf.data` (shuffle, batch, prepare the next batch while training).

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
first_batch = x_train[0:100], y_train[0:100]
print("slice:  ", first_batch[0].shape, first_batch[1].shape)

batches = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(60_000, seed=7).batch(100)
images, labels = next(iter(batches))
print("tf.data:", tuple(images.shape), tuple(labels.shape), "batches in one epoch:", len(batches))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 資料放得進記憶體時，`model.fit(x, y, batch_size=...)` 會自己打亂、分批，所以下面直接給它陣列。
#
# 🤔 一批 128 張，55,000 張要分成幾批？最後一批有幾張？
#
# When the data fits in memory, `model.fit(x, y, batch_size=...)` shuffles and batches by itself, so below we hand it arrays.
#
# 🤔 In batches of 128, how many batches do 55,000 images make? How many images are in the last one?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）430 批：55,000 ÷ 128 = 429.7，無條件進位。
#
# （2）最後一批有 55,000 − 429 × 128 = 88 張。答 429 的人把最後不滿的一批丟掉了；`fit` 不會丟，訓練時螢幕上的 `430/430` 就是它。
#
# (1) 430: 55,000 ÷ 128 = 429.7, rounded up.
#
# (2) The last one has 55,000 − 429 × 128 = 88. Who said 429 threw the last, unfilled batch away; `fit` does not: it is the `430/430` that
# it prints while training.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：分出驗證資料 · Step 8: Set validation data aside
#
# | 資料 · data | 用途 · purpose | 比喻 · like |
# |---|---|---|
# | 訓練 · training | 調整權重 · to adjust the weights | 習題 · exercises |
# | 驗證 · validation | 決定何時停、選哪個模型 · to decide when to stop, which model to take | 模擬考 · a mock exam |
# | 測試 · test | 最後考一次 · to measure once, at the end | 正式考試 · the exam |
#
# 用習題的分數當作實力，或拿考題來練習，都是騙自己。我們把訓練影像的最後 5,000 張留作驗證。這一刀公平嗎？看看每個數字都有沒有。
#
# To take your score on the exercises for your skill, or to practise on the exam, is to fool yourself. We keep the last 5,000
# training images for validation. Is this a fair cut? See whether every digit is in it.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 用切片分出兩份，影像和標籤要切在同一個地方：`x_val`、`y_val` 是最後 5,000 張；`x_fit`、`y_fit` 是開頭的 `TRAIN_SIZE` 張（開頭那格設的，上課時是 55,000）。
#
# ✏️ Cut two parts out by slices, images and labels at the same place: `x_val` and `y_val` are the last 5,000; `x_fit` and `y_fit` the first
# `TRAIN_SIZE` (set at the top; 55,000 in class).

# %% gap="validation" slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
### BEGIN SOLUTION
x_val, y_val = x_train[55_000:], y_train[55_000:]
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]
### END SOLUTION
print("validation:", x_val.shape, "test:", x_test.shape)
print("images of each digit in the validation set:", np.bincount(y_val).tolist())

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(not np.shares_memory(x_val, x_test), "沒有動到考題。 The exam is untouched.",
            "驗證資料不能從測試影像拿：那是正式考試的題目。 Validation must not come from the test images: those are the exam.")
checks.that(len(x_val) == len(y_val) == 5_000, "驗證資料有 5,000 張。 5,000 images for validation.",
            "驗證資料要 5,000 張，看看切片的起點。 Validation has 5,000 images: look at where your slice starts.")
checks.that(not np.shares_memory(x_fit, x_val), "習題和模擬考沒有重疊。 Exercises and mock exam do not overlap.",
            "有些影像同時在訓練和驗證裡：模擬考考的是背過的題目。 "
            "Some images are in both parts: the mock exam would ask what was learned by heart.")
checks.that(np.array_equal(y_val, y_train[55_000:]) and np.array_equal(y_fit, y_train[:TRAIN_SIZE]),
            "標籤跟著影像走。 The labels go with their images.",
            "標籤和影像要切在同一個地方，不然每張圖都配到別人的答案。 "
            "Cut labels and images at the same place, or every image gets somebody else's answer.")
checks.that(np.array_equal(x_val, x_train[55_000:]) and np.array_equal(x_fit, x_train[:TRAIN_SIZE]),
            "兩份都對了。 Both parts are right.",
            "驗證是最後 5,000 張，訓練是開頭的 TRAIN_SIZE 張。 Validation is the last 5,000, training the first TRAIN_SIZE.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：建立模型 · Step 9: Build the model
#
# ```
# 28×28 pixels → Rescaling 1/255 → Flatten 784 → Dense 256, relu → Dense 10, softmax
# ```
#
# `Rescaling` 把像素除以 255。它是**模型的一部分**：訓練、評估、上線時都用同一個前處理，誰都忘不了。
#
# 為什麼要兩層 `Dense`？一個神經元只會「加權再相加」，把很多個接在一起，還是加權再相加，等於只有一層。所以第一層後面加上 relu：$\text{relu}(z) = \max(z, 0)$，負的變成 0，正的不變。這個小小的轉折，讓兩層合起來能畫出一層畫不出的界線。第二層把 256 個結果合成十個分數，一個數字一個。
#
# 🤔 每個神經元對每個輸入有一個權重，再加一個偏差值。先用紙筆算這個模型有幾個參數，再執行。
#
# `Rescaling` divides the pixels by 255. It is **part of the model**: training, evaluation and use share one preprocessing, and
# nobody can forget it.
#
# Why two `Dense` layers? A neuron only weighs and adds, and many of them in a row still only weigh and add: no more than one layer. So a
# relu follows the first: $\text{relu}(z) = \max(z, 0)$ makes negative numbers 0 and leaves positive ones. This little bend lets two
# layers draw borders that one cannot. The second layer makes ten scores of the 256 results, one for each digit.
#
# 🤔 Each neuron has one weight for each input, and one bias. Work out by hand how many parameters this model has, then run.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 203,530 個。第一層 784 × 256 + 256 = 200,960 個，第二層 256 × 10 + 10 = 2,570 個。`Rescaling` 和 `Flatten` 只是算一算、排一排，沒有要學的數。最常漏掉的是偏差值：每個神經元一個，共 266 個；也有人只算 784 × 10，忘了中間隔著 256 個神經元。
#
# 203,530. The first layer has 784 × 256 + 256 = 200,960, the second 256 × 10 + 10 = 2,570. `Rescaling` and `Flatten` only compute and
# rearrange; they have nothing to learn. Most often the biases are forgotten, one for each of the 266 neurons; some count 784 × 10 and
# forget the 256 neurons between.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(256, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
by_hand = (784 * 256 + 256) + (256 * 10 + 10)
print(f"by hand: {by_hand:,}   Keras: {model.count_params():,}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：softmax 到底做什麼？ · Step 10: What does softmax do?
#
# 常聽人說「softmax 挑出最大的」。**不是**。它把十個任意的數（logits）$z$ 變成十個機率，全部大於 0，加起來等於 1，順序不變：
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# 挑出最大的是 `argmax`。softmax 保留了「有多確定」，損失函數才有東西可學：交叉熵（cross-entropy）是 $-\log p_{\text{正解}}$。
#
# People say that softmax "picks the biggest". **It does not.** It turns ten arbitrary numbers (logits) $z$ into ten
# probabilities: all above 0, adding up to 1, in the same order.
#
# Picking the biggest is `argmax`. Softmax keeps how sure the
# model is, and that is what the loss learns from: cross-entropy is $-\log p_{\text{right answer}}$.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把上面的公式寫成 `softmax(z)`。`z` 是一維陣列，有幾個分數就傳回幾個機率。
#
# ✏️ Write the formula above as `softmax(z)`. `z` is an array of one dimension; as many probabilities come out as scores went in.

# %% gap="softmax" slideshow={"slide_type": "fragment"}
def softmax(z):
    """Return scores (logits) as probabilities."""
    ### BEGIN SOLUTION
    return np.exp(z) / np.exp(z).sum()
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
scores = np.array([-2.0, 1.0, 3.0])
found = softmax(scores)
checks.that(np.shape(found) == (3,), "三個分數，三個機率。 Three scores, three probabilities.",
            "要傳回一樣多個數；挑出最大的是 argmax，不是 softmax。 "
            "As many numbers come out as went in; picking the largest is argmax, not softmax.")
checks.that(bool(np.min(found) > 0), "全部大於 0。 All are above 0.",
            "每個機率都大於 0，連分數是負的也一樣：先取 e 的次方。 "
            "Every probability is above 0, for a negative score too: raise e to it first.")
checks.close(np.sum(found), 1.0, "加起來是 1。 They add up to 1.", "加起來不是 1：要除以全部的總和。 They do not add up to 1: divide by the sum of all.")
checks.close(found, [0.0059, 0.1185, 0.875601], "三個機率都對。 All three are right.",
             "分子和分母都是 e 的次方，次方就是分數本身。 Above and below stand powers of e, and the exponent is the score itself.",
             tolerance=1e-5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 再寫交叉熵：`p` 是所有的機率，`label` 是正確答案的編號。給正解的機率越小，損失越大。
#
# ✏️ Then the cross-entropy: `p` holds all probabilities, `label` is the number of the right answer. The less probability the right answer
# got, the larger the loss.

# %% gap="cross_entropy" slideshow={"slide_type": "fragment"}
def cross_entropy(p, label):
    """Return the loss of one example with probabilities p and right answer `label`."""
    ### BEGIN SOLUTION
    return -np.log(p[label])
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
given = np.array([0.7, 0.2, 0.1])
checks.that(np.size(cross_entropy(given, 1)) == 1, "一個例子，一個損失。 One example, one loss.",
            "只看正解的那一個機率：用 label 把它選出來。 Only one probability counts, that of the right answer: select it by label.")
checks.that(bool(cross_entropy(given, 0) > 0), "損失是正的。 The loss is positive.",
            "機率小於 1，取 log 是負的；損失要是正的。 The log of a probability below 1 is negative; a loss is positive.")
checks.that(bool(cross_entropy(given, 2) > cross_entropy(given, 0)), "給正解的機率越小，損失越大。 Less for the right answer, more loss.",
            "換一個正解，損失就要不同：看的是正解的機率，不是最大的機率。 "
            "With another right answer the loss is another: what counts is the probability of the right answer, not the largest.")
checks.close([cross_entropy(given, k) for k in range(3)], [0.356675, 1.609438, 2.302585], "三種正解都對。 Right for all three answers.",
             "是機率的 log（以 e 為底），不是 1 減機率。 It is the log of the probability (to the base e), not one minus it.", tolerance=1e-5)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
z = np.array([2.0, 1.0, 0.1])
p = softmax(z)
print("softmax:", p.round(3), " sum:", p.sum().round(6))
print("argmax: ", p.argmax(), " (this one picks)")
print("loss if class 0 is right:", cross_entropy(p, 0).round(3), "  if class 2 is right:", cross_entropy(p, 2).round(3))
print("loss of a model that knows nothing, -log(1/10):", np.log(10).round(3))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 下面的 `compile` 選三樣東西：
# - `loss`：交叉熵。名字裡的 `sparse`（稀疏）是說標籤直接寫 0…9，不必寫成十個 0 和 1。
# - `optimizer`：Adam，一種梯度下降，會自動替每個權重調整步伐，常常比固定的步伐省事。第 10 課會讓它和 SGD 賽跑。
# - `metrics`：順便報告準確率；訓練時不用它，因為它沒有斜坡可以走。
#
# 203,530 個導數不必自己推：Keras 從損失往回，一層一層用連鎖律（chain rule）算出來，叫做反向傳播（backpropagation）。下一課會自己寫一次。
#
# The `compile` below chooses three things:
# - `loss`: cross-entropy. `sparse` in its name means that a label is written as 0…9 and not as ten zeros and ones.
# - `optimizer`: Adam, a kind of gradient descent that fits the stride to each weight by itself, often with less trouble than a fixed
#   stride. Lesson 10 lets it race against SGD.
# - `metrics`: to report the accuracy as well; it is not used in training, since it has no slope to walk down.
#
# Nobody has to derive 203,530 derivatives: Keras goes back from the loss, layer by layer, by the chain rule. This is called
# backpropagation, and in the next lesson you will write it yourself.

# %% slideshow={"slide_type": "fragment"}
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
untrained_loss, untrained_accuracy = model.evaluate(x_val, y_val, batch_size=1000, verbose=0)
print(f"before training: loss {untrained_loss:.2f}, accuracy {untrained_accuracy:.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 還沒訓練的模型，損失和 $\ln 10$ 差多少？準確率為什麼離 0.1 不遠，卻不是剛好 0.1？如果你的模型一開始損失就是 20，哪裡可能寫錯了？
#
# 🤔 How far is the untrained loss from $\ln 10$? Why is the accuracy not far from 0.1, yet not 0.1? If your model began with a loss of
# 20, what might be wrong?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）差不到一成：上面印的是 2.46，$\ln 10$ 是 2.30。剛開始的權重很小，十個機率差不多大。比 2.30 高一點，是因為它的一點點偏好和正解無關：偏錯時多扣的，比偏對時少扣的多。
#
# （2）亂數權重對每一類的偏好不一樣，而且對每張影像都偏同樣的幾類，所以不是剛好 0.1；換一個種子就會換一個數。以為「亂猜就剛好 0.1」的人，想的是每張影像都重新擲骰子。
#
# （3）先懷疑輸入沒有縮放，再懷疑輸出不是機率。我們試了五個種子：拿掉 `Rescaling`，損失從 117 到 210；拿掉 softmax，從 7.2 到 9.5。損失很大不是「還沒學」，而是「很有把握地亂說」：什麼都不知道的模型，損失應該在 2.3 左右。
#
# (1) By less than a tenth: 2.46 is printed above, and $\ln 10$ is 2.30. The first weights are small, so the ten probabilities are nearly
# equal. It is a little more than 2.30 because its small preferences have nothing to do with the truth, and where they are wrong they
# cost more than they save where they are right.
#
# (2) Random weights prefer some classes, and the same few for every image, so that it is not 0.1; another seed gives another number. Who
# expected 0.1 thought of a die that is thrown anew for every image.
#
# (3) First suspect input that is not scaled, then output that is no probability. We tried five seeds: without `Rescaling` the loss is 117 to
# 210, without the softmax 7.2 to 9.5. A large loss does not mean "has not learned yet", it means "talks nonsense and is sure of it": a
# model that knows nothing should stand near 2.3.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：訓練，並在該停的時候停 · Step 11: Train, and stop in time
#
# 一個訓練週期（epoch）是把訓練資料看完一遍。`EarlyStopping` 是一個回呼（callback）：每個訓練週期結束時看驗證損失，連續幾次沒有進步就停，並**把最好的權重拿回來**。
#
# One epoch is one pass over the training data. `EarlyStopping` is a callback: after each epoch it looks at the validation loss;
# if that has not improved for some epochs it stops, and **brings the best weights back**.

# %% slideshow={"slide_type": "fragment"}
stop_in_time = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=PATIENCE, restore_best_weights=True)
history = model.fit(
    x_fit, y_fit, batch_size=128, epochs=EPOCHS,
    validation_data=(x_val, y_val), callbacks=[stop_in_time], verbose=2,
)

# %% alt={"zh": "左是損失，右是準確率，橫軸是訓練週期。訓練的線一路變好，驗證的線大約第五個週期以後就平了。", "en": "Loss on the left, accuracy on the right, by epoch. Training goes on improving; validation is flat from about the fifth epoch on."} slideshow={"slide_type": "fragment"}
plots.history(history)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 兩條線從哪裡開始分開？訓練損失還在下降，驗證損失卻不降了：模型開始背答案，這就是過度擬合（overfitting）。
#
# 🤔 Where do the two curves part? The training loss still falls, the validation loss no longer does: the model begins to learn
# the answers by heart. That is overfitting.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 大約從第 4 個訓練週期開始：訓練損失 0.071，比驗證損失 0.077 低，之後差距越來越大。驗證損失在第 7 個訓練週期最低（0.0706），接著兩次沒有進步，第 9 個就停了，而且拿回第 7 個的權重。常見的錯誤答案是「驗證準確率」不動就是過度擬合：它在 0.981 左右晃，標準誤有 0.002，看不出來；損失還看「多有把握」，比較早有反應。驗證損失只在最後略微上升（0.0706 → 0.0721），所以這裡只是剛開始背答案。
#
# From about epoch 4: there the training loss, 0.071, is below the validation loss, 0.077, and the gap keeps growing. The validation loss
# is lowest in epoch 7 (0.0706); after two epochs without progress training stops at epoch 9 and takes back the weights of epoch 7.
# A usual mistake is to judge by validation accuracy: it stays about 0.981 with a standard error of 0.002, and shows nothing; the loss also
# sees how sure the model is, and tells earlier. It rises only a little in the end (0.0706 → 0.0721): the learning by heart has just begun.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：用全部 10,000 張測試 · Step 12: Test on all 10,000 images
#
# 模型到這裡才第一次見到測試資料。準確率本身也是估計，$n$ 張影像的標準誤是 $\sqrt{p(1-p)/n}$。
#
# Here the model meets the test data for the first time. An accuracy is itself an estimate; on $n$ images its standard error is
# $\sqrt{p(1-p)/n}$.

# %% slideshow={"slide_type": "fragment"}
test_loss, test_accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)
standard_error = np.sqrt(test_accuracy * (1 - test_accuracy) / len(x_test))
print(f"test accuracy on {len(x_test):,} images: {test_accuracy:.4f} ± {standard_error:.4f}")
print(f"wrong: {round(len(x_test) * (1 - test_accuracy))} images")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 13：它錯在哪裡？ · Step 13: What does it get wrong?
#
# 準確率只是一個數字；看錯誤才知道模型會什麼、不會什麼。下面是模型最有把握、卻答錯的影像。標題是「正解→回答」和它給的機率。
#
# Accuracy is one number; the errors tell what a model can and cannot do. Below are the images that it got wrong while being
# most sure. The title says "truth→answer", and the probability it gave.

# %% alt={"zh": "二十個認錯的手寫數字，機率都接近 1。有些是人也會猶豫的：7 寫得像 2，1 粗得像 8。", "en": "Twenty digits that were misread, all with a probability near 1. Some would make people hesitate, too: a 7 like a 2, a 1 as thick as an 8."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
probabilities = model.predict(x_test, batch_size=1000, verbose=0)
answers = probabilities.argmax(axis=1)
wrong = np.flatnonzero(answers != y_test)
worst = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:20]
titles = [f"{y_test[i]}→{answers[i]}\n{probabilities[i].max():.2f}" for i in worst]
plots.image_grid(x_test[worst], titles=titles, cmap="gray_r", scale=0.95)

# %% alt={"zh": "10×10 的表，橫的是預測，直的是真正的數字。錯誤很少；顏色最深的是 4 當成 9，其次是 7 當成 2。", "en": "A table of 10×10, predicted across, true digits down. Errors are few; the darkest is 4 taken for 9, then 7 for 2."} slideshow={"slide_type": "subslide"}
plots.confusion(confusion_matrix(y_test, answers), range(10), title="test images, errors coloured")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 哪兩個數字最常弄混？上面的影像裡，有幾張連你也不確定？
#
# 🤔 Which two digits are confused most? How many of the images above would you not be sure of yourself?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）4 和 9 一共弄混 18 次，2 和 7 是 17 次；只差一次，誰多誰少說不準。單看一格，最多的是「4 看成 9」，13 次。只看一格就下結論，會漏掉反方向：「9 看成 4」還有 5 次，要兩格相加。
#
# （2）沒有標準答案，請自己數。有幾張（例如第一列第二張）筆畫殘缺，人也會猶豫；也有幾張人一看就懂，例如那幾個中間有一橫的 7。不要以為「機率 0.99 就是對的」：這 207 個錯誤裡，有 56 個它的把握超過 0.9。
#
# (1) 4 and 9 are taken for one another 18 times, 2 and 7 17 times; with one apart, nobody can say which is worse. The largest single cell is
# "4 read as 9", 13 times. To look at one cell alone misses the other way round: "9 read as 4" adds 5, so add both cells.
#
# (2) There is no right answer; count yourself. Some (the second in the first row) have broken strokes that make a human hesitate; others
# anybody can read, such as the 7s with a bar. Do not think that "0.99" means right: of these 207 errors it was more than 0.9 sure in 56.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 還有一件事它完全不懂：把測試影像往右移幾個像素，左邊補上白紙，人看起來還是同一個字。只用右邊至少有四欄空白的影像，筆畫才不會被切掉。
#
# There is something it does not understand at all: move the test images some pixels to the right, with white paper coming in on the left.
# A human still sees the same digit. We take only images with at least four white columns on the right, so that no stroke is cut off.

# %% slideshow={"slide_type": "fragment"}
def move_right(images, pixels):
    """Push white columns in from the left; what passes the right edge is gone."""
    return np.pad(images, [(0, 0), (0, 0), (pixels, 0)])[:, :, :28]


keep_all_ink = (x_test[:, :, 24:] == 0).all(axis=(1, 2))  # 4 white columns on the right
x_movable, y_movable = x_test[keep_all_ink], y_test[keep_all_ink]
shifts = [0, 1, 2, 3, 4]
shifted = [model.evaluate(move_right(x_movable, s), y_movable, batch_size=1000, verbose=0)[1] for s in shifts]
print(f"{len(x_movable):,} test images that lose no ink in any of these moves")
display.table([["test accuracy", *(f"{a:.3f}" for a in shifted)],
               ["standard error", *(f"{np.sqrt(a * (1 - a) / len(y_movable)):.3f}" for a in shifted)]],
              columns=["pixels to the right", *map(str, shifts)])

# %% [markdown] slideshow={"slide_type": "fragment"}
# `Flatten` 把影像變成 784 個不相干的數，每個像素有自己的權重，所以學到的是「位置」而不是「形狀」。第 06 課的卷積正是為此而生。
#
# `Flatten` turns the image into 784 unrelated numbers, each pixel with weights of its own; so the net learns places, not shapes.
# This is what the convolutions of lesson 06 are for.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 14：儲存、載入、使用 · Step 14: Save, load, use
#
# `.keras` 檔案裡有結構、權重、前處理，和編譯設定。載入後直接給它**原始的 0…255 像素**。
#
# A `.keras` file holds the structure, the weights, the preprocessing and the compile settings. After loading, give it the
# **raw pixels, 0…255**.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
file = Path("../models/hello_mnist.keras")
model.save(file)
loaded = keras.models.load_model(file)

again = loaded.predict(x_test, batch_size=1000, verbose=0)
print("same probabilities after loading:", np.allclose(again, probabilities, atol=1e-6))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果使用的人自作聰明，先除以 255 再交給這個模型，會發生什麼事？
#
# 🤔 What if a clever user divides by 255 first and then hands the image to this model?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 準確率從 0.979 掉到 0.089：10,000 張影像全部回答 5。模型裡的 `Rescaling` 又除了一次，像素變成 0 到 0.004，每張圖在它眼裡幾乎都是白紙，剩下的只有偏差值，所以答案都一樣；0.089 就是 5 在測試影像裡的比例（892 張）。猜「只是變暗一點，應該還認得」的人想的是人眼：人會自動適應亮度，網路不會。要注意它並不會報錯，只有最大的機率（0.25 以下）看得出不對勁。
#
# The accuracy falls from 0.979 to 0.089: it answers 5 for all 10,000 images. The `Rescaling` in the model divides once more, the pixels
# become 0 to 0.004, and every image looks like blank paper to it; only the biases are left to speak, and they always say the same. 0.089 is
# the share of 5s in the test set (892). Who guessed "a little darker, still readable" thought of human eyes, which adapt; a net does not.
# Note that no error is raised: only the largest probability, never above 0.25, looks wrong.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
divided_twice = loaded.predict(x_test / 255, batch_size=1000, verbose=0)
twice = divided_twice.argmax(axis=1)
print(f"raw pixels:            accuracy {test_accuracy:.3f}")
print(f"divided by 255 twice:  accuracy {(twice == y_test).mean():.3f}, largest probability {divided_twice.max():.2f}")
print("how often it answers 0 … 9:", np.bincount(twice, minlength=10).tolist())

# %% slideshow={"slide_type": "fragment"}
profile.expect("w of the neuron", w, at_least=1.99, at_most=2.0)
profile.expect("test accuracy on 10,000 images", test_accuracy,
               at_least=profile.choose(smoke=0.80, lesson=0.975, full=0.975))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 訓練就是沿著損失往下走；走到哪裡停，答案就在哪裡。18.98 不是機率，是還沒走完的路。
# - 訓練、驗證、測試資料各司其職；驗證損失不再下降就停，測試準確率只在最後量一次。
# - 前處理是模型的一部分；softmax 給的是機率，`argmax` 才是選擇。
#
# - Training is walking down the loss, and the answer is where you stop. 18.98 is not chance but a road not walked to its end.
# - Training, validation and test data each have one job; stop when the validation loss no longer falls, measure test accuracy once.
# - Preprocessing is part of the model; softmax gives probabilities, `argmax` makes the choice.
#
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 文字寫 $3x + 1$，程式卻是 $2x - 1$；答案不是整數被歸因於「機率」。我們用公式算出同一個數。
# - 說 softmax「挑出最大值」；把訓練準確率當作準確率；預測時忘了除以 255；文字和程式畫的不是同一張圖；最後一格關掉自己的 Jupyter kernel。
# - 指標叫 `acc`；今天是 `accuracy`。`input_data.read_data_sets` 和 `next_batch` 已不存在。
#
# - The text said $3x + 1$ where the code had $2x - 1$, and blamed "probability" for an answer that is not whole. We compute the
#   same number by formula.
# - Softmax was said to "pick the biggest"; training accuracy was taken for accuracy; predictions forgot the 1/255; text and code
#   showed different images; the last cell killed its own Jupyter kernel.
# - The metric was called `acc`; today it is `accuracy`. `input_data.read_data_sets` and `next_batch` are gone.
#
# </details>
#
# ## 練習 · Lab
#
# 網路裡那二十多萬個導數是怎麼算出來的？接著讀[反向傳播](05_backpropagation.ipynb)，從一個數開始，自己寫出來。
#
# How are the two hundred thousand derivatives of a network found? Go on with [backpropagation](05_backpropagation.ipynb) and write it yourself,
# beginning with one number.
#
# [練習 04a](../labs/lab04a_house_prices.ipynb)「用一個神經元預測房價」，以及[練習 06a](../labs/lab06a_stop_at_99.ipynb)「驗證準確率到 99 % 就停的回呼」。
#
# [Lab 04a](../labs/lab04a_house_prices.ipynb), house prices with one neuron; and [lab 06a](../labs/lab06a_stop_at_99.ipynb), a callback that stops at 99 % on real validation data.
#
# ## 參考資料 · References
#
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791), Proceedings of the IEEE 86, 1998 · MNIST 的出處 · the origin of MNIST
# - I. Goodfellow, Y. Bengio, A. Courville, [Deep Learning](https://www.deeplearningbook.org/), 2016：梯度下降（4.3 節）、softmax（6.2.2 節）、提早停止（7.8 節） · gradient descent (section 4.3), softmax (6.2.2), early stopping (7.8)
# - Keras：[訓練與評估](https://keras.io/guides/training_with_built_in_methods/)、[儲存與載入](https://keras.io/guides/serialization_and_saving/) · training and evaluation, saving and loading
# - TensorFlow：[tf.data](https://www.tensorflow.org/guide/data)，建立輸入管線 · building input pipelines

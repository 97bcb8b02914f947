# %% [markdown] slideshow={"slide_type": "slide"}
# # 05 反向傳播：一個數一個數地學 · Backpropagation: learning one number at a time
#
# 🗺 從一個權重的斜率，到自己寫的兩層網路 · From the slope of one weight to a two-layer network of your own
#
# 網路怎麼學？把每個權重動一點點，看損失變多少，往變小的那邊走。這一課從一個數開始，每一行都看得到，最後親手訓練出一個分得開兩彎月亮的網路。
#
# 上完這一課，你可以
# 1. 用紙筆算出損失對一個權重的導數，並用有限差分驗算；
# 2. 用 NumPy 從頭寫出兩層網路：往前算、往回算、訓練，結果和 Keras 一樣；
# 3. 寫出 SGD、動量法、Adam，並從損失的樣子看出訓練哪裡壞了。
#
# How does a network learn? Move each weight a little, see how much the loss changes, and go the way in which it gets smaller. This lesson
# starts from one number, shows every line, and ends with a network, trained by your own code, that tells two moons apart.
#
# After this lesson you can
# 1. work out by hand the derivative of a loss by one weight, and check it by finite differences;
# 2. write a two-layer network from nothing in NumPy: forward, backward, training, with the same results as Keras;
# 3. write SGD, momentum and Adam, and tell from the loss what is wrong with a training.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | Python 的函式與迴圈、高中的導數、[04](04_hello_tensorflow.ipynb) 的六個點、學習率與交叉熵；導數、連鎖律、矩陣乘法忘了，先看[數學小抄](../docs/primer.md) · functions and loops of Python, the derivative of school, the six points, the learning rate and the cross-entropy of [04](04_hello_tensorflow.ipynb); forgotten derivative, chain rule or matrix product: read the [primer](../docs/primer.md) first |
# | 學習時間 · Study time | 約 150 分鐘，含空格和問題，可以分兩次 · about 150 minutes, with gaps and questions; two sittings are fine |
# | 資料 · Data | scikit-learn 產生的兩彎月亮，不需下載 · two moons made by scikit-learn; no download |
# | 投影片 · Slides | 補投影片的空白：RNN 的投影片用了 back-propagation，卻沒有講 · fills a gap: the RNN slides use back-propagation, and never explain it |

# %% slideshow={"slide_type": "skip"}
import math

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression

from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
STEPS = profile.choose(smoke=800, lesson=2_000, full=5_000)    # updates of our network, step 7
RACE_STEPS = profile.choose(smoke=60, lesson=300, full=1_000)  # updates in the race of step 8
TUNING = profile.choose(smoke=2, lesson=5, full=10)            # starts on which a learning rate is chosen
STARTS = profile.choose(smoke=3, lesson=10, full=20)           # other starts, on which the race is run
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：一個數 · Step 1: One number
#
# [04](04_hello_tensorflow.ipynb) 的六個點在直線 $y = 2x - 1$ 上。這裡更簡單：偏差值固定是 −1，只有**一個**權重 $w$ 要學。損失還是均方誤差：
#
# $$L(w) = \frac16\sum_{i=1}^{6} (w x_i - 1 - y_i)^2$$
#
# 用紙筆算 $w = 0$ 的斜率。平方的導數是「2 倍的括號」，括號裡的 $w x_i$ 再給一個 $x_i$：
#
# $$\frac{dL}{dw} = \frac16\sum_{i=1}^{6} 2\,(w x_i - 1 - y_i)\,x_i$$
#
# The six points of [04](04_hello_tensorflow.ipynb) lie on the line $y = 2x - 1$. Here it is even simpler: the bias stays −1, and **one**
# weight $w$ is to be learned. The loss is the mean squared error again.
#
# Work out the slope at $w = 0$ by hand. The derivative of a square is twice the bracket; the $w x_i$ inside gives another $x_i$.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
six_x = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0])
six_y = 2 * six_x - 1


def squared_loss(w):
    """Return the mean squared error of w * x - 1 on the six points."""
    return np.mean((w * six_x - 1 - six_y) ** 2)


error = 0 * six_x - 1 - six_y  # at w = 0
display.table(list(zip(six_x, six_y, error, 2 * error * six_x, strict=True)),
              columns=["x", "y", "error at w = 0", "2 · error · x"])
print("mean of the last column:", np.mean(2 * error * six_x).round(3))

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把公式寫成函式，任何 $w$ 都能算。
#
# ✏️ Write the formula as a function, for any $w$.

# %% gap="slope" slideshow={"slide_type": "fragment"}
def slope(w):
    """Return the derivative of squared_loss at w, by the formula."""
    ### BEGIN SOLUTION
    return np.mean(2 * (w * six_x - 1 - six_y) * six_x)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(not np.allclose(slope(0.0), np.mean(2 * error)), "括號裡的 x 有算進去。 The x inside the bracket is there.",
            "微分時，括號裡的 w·x 會多給一個 x。 Differentiating the bracket leaves a factor x.")
checks.that(np.sum(slope(0.0)) < 0, "方向對了：w 變大，損失變小。 The sign is right: the loss falls when w grows.",
            "在 w = 0，w 變大損失會變小，斜率應該是負的：誤差是「預測 − 正解」。 "
            "At w = 0 the loss falls as w grows, so the slope is negative: the error is prediction minus truth.")
checks.close([slope(0.0), slope(3.0)], [-62 / 3, 31 / 3], "斜率和紙筆算的一樣。 The slope is as worked out by hand.",
             "平方的導數有一個 2，最後要平均六個點。 The derivative of a square has a 2, and the six points are averaged.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 公式對不對，有一個永遠可靠的驗算：真的把 $w$ 往兩邊各動一點點，看損失差多少。這叫**有限差分**（finite difference）。這一課每一個導數都這樣驗算。
#
# There is a check that never fails you: really move $w$ a little to both sides, and see how much the loss differs. This is a **finite
# difference**. Every derivative of this lesson is checked so.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
step = 1e-4
for w in (0.0, 1.0, 3.0):
    moved = (squared_loss(w + step) - squared_loss(w - step)) / (2 * step)
    print(f"w = {w}: formula {slope(w):8.4f}   finite difference {moved:8.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 學習就是一行：`w -= rate * slope(w)`。
#
# 🤔 在 $w = 0$，斜率是 −20.67。學習率是 0.1，走一步以後 $w$ 是多少？目標是 2，走過頭了嗎？
#
# Learning is one line: `w -= rate * slope(w)`.
#
# 🤔 At $w = 0$ the slope is −20.67. With a learning rate of 0.1, where is $w$ after one step? The goal is 2: is that too far?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# $0 - 0.1 \times (-20.67) = 2.067$，稍微走過頭 0.067，下一步會走回來。猜 −2.067 的人忘了是**減**去負數；斜率是負的，就往右走。
#
# $0 - 0.1 \times (-20.67) = 2.067$, too far by 0.067; the next step comes back. Who said −2.067 forgot that a negative number is
# **subtracted**: where the slope is negative, we go right.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def walk(rate, steps=12):
    """Return every w on the way from 0."""
    w = 0.0
    path = [w]
    for _ in range(steps):
        w -= rate * slope(w)
        path.append(w)
    return np.array(path)


for rate in (0.01, 0.1, 0.2):
    print(f"rate {rate:<4}:", *(f"{w:6.3f}" for w in walk(rate)[:7]), "…", f"{walk(rate)[-1]:6.3f}")

# %% alt={"zh": "三條一樣的拋物線，從同一點出發。左：小步慢慢往下，還沒到底。中：一步就差不多到底。右：在兩邊來回跳，越跳越高。", "en": "Three equal parabolas and one start. Left: small steps downhill that do not reach the floor. Middle: there in about one step. Right: from side to side, higher each time."} slideshow={"slide_type": "fragment"}
valley = np.linspace(-2.6, 6.6, 200)
figure, axes = plt.subplots(1, 3, figsize=(11, 3.3), sharey=True)
titles = ("too small: 0.01", "about right: 0.1", "too large: 0.2")
for axis, rate, title in zip(axes, (0.01, 0.1, 0.2), titles, strict=True):
    path = walk(rate)
    axis.plot(valley, [squared_loss(w) for w in valley], color="#999999", linewidth=1.5)
    axis.plot(path, [squared_loss(w) for w in path], "o-", color=plots.COLORS[1], markersize=5, linewidth=1)
    axis.annotate("start", (0, squared_loss(0)), xytext=(-36, -6), textcoords="offset points")
    axis.set(xlabel="weight w", title=title)
axes[0].set_ylabel("loss L(w)")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 學習率 0.2 的點越跳越高。0.19 呢？界線在哪裡？（提示：$L'(w) = \frac{31}{3}(w - 2)$，所以一步之後 $w - 2$ 變成幾倍？）
#
# 🤔 At a rate of 0.2 the points climb. And at 0.19? Where is the border? (Hint: $L'(w) = \frac{31}{3}(w - 2)$; so by what is $w - 2$
# multiplied in one step?)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 界線是 $6/31 \approx 0.1935$，所以 0.19 還會到，只是左右跳很久。每一步 $w - 2$ 乘上 $1 - \frac{31}{3}\,\eta$：0.1 是 −0.03，0.19 是 −0.96，0.2 是 −1.07。絕對值小於 1 才會越來越小。以為「0.19 和 0.2 差不多」的人沒看到：一個每步縮小一點，一個每步放大一點，走一百步就天差地遠。
#
# The border is $6/31 \approx 0.1935$: 0.19 still arrives, after much jumping to and fro. Each step multiplies $w - 2$ by
# $1 - \frac{31}{3}\,\eta$: −0.03 at 0.1, −0.96 at 0.19, −1.07 at 0.2. It shrinks only where the absolute value is below 1. Who thought
# that 0.19 and 0.2 are much the same missed that one shrinks a little each step and the other grows a little; a hundred steps make
# that a world of difference.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：三個彎 · Step 2: Three ways to bend
#
# 神經元先算加權總和 $z$，再交給**激勵函數**（activation function）。最常見的有三個，都很短：
#
# | 名字 · Name | 函數 · Function | 導數 · Derivative |
# |---|---|---|
# | ReLU | $\max(0, z)$ | $z > 0$ 是 1，$z < 0$ 是 0 · 1 where $z > 0$, 0 where $z < 0$ |
# | sigmoid | $\sigma(z) = \frac{1}{1 + e^{-z}}$，在 0 和 1 之間 · between 0 and 1 | $\sigma(z)\,(1 - \sigma(z))$ |
# | tanh | $\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}$，在 −1 和 1 之間 · between −1 and 1 | $1 - \tanh^2 z$ |
#
# ReLU 在 $z = 0$ 有一個尖角，那裡沒有導數；程式約定用 0，實際上幾乎碰不到。別的激勵函數，以及什麼時候用哪一個，在[數學小抄](../docs/primer.md)的附錄。
#
# A neuron works out a weighted sum $z$ and hands it to an **activation function**. The three usual ones are short. ReLU has a corner
# at $z = 0$ and no derivative there; programs agree on 0, and in practice hardly ever meet it.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2  # equals 1 / (1 + e^−z), and no e^1000 can overflow


activations = {  # name: (function, derivative)
    "ReLU": (lambda z: np.maximum(0, z), lambda z: np.where(z > 0, 1.0, 0.0)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}
places = np.array([-2.0, -0.5, 0.5, 2.0])
for name, (function, derivative) in activations.items():
    moved = (function(places + step) - function(places - step)) / (2 * step)
    print(f"{name:8} derivative {derivative(places).round(3)}, finite difference {moved.round(3)}")

# %% alt={"zh": "三條實線：ReLU 在 0 轉折後直線上升，sigmoid 從 0 緩緩升到 1，tanh 從 −1 升到 1。虛線的導數：ReLU 從 0 跳到 1；另外兩個是 0 附近的小山，sigmoid 的最高只有四分之一。", "en": "Solid lines: ReLU turns upwards at 0, sigmoid climbs from 0 to 1, tanh from −1 to 1. Dashed, the derivatives: for ReLU a jump from 0 to 1, for the others a hump around 0, that of sigmoid only a quarter high."} slideshow={"slide_type": "fragment"}
line = np.linspace(-5, 5, 401)
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2))
for axis, (name, (function, derivative)) in zip(axes, activations.items(), strict=True):
    axis.plot(line, function(line), color=plots.COLORS[0], label="function")
    axis.plot(line, derivative(line), color=plots.COLORS[1], linestyle="--", label="derivative")
    axis.set(title=name, xlabel="z", ylim=(-1.1, 2.1))
    axis.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
axes[0].legend(loc="lower left")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 sigmoid 的斜率最大是多少，在哪裡？如果十個 sigmoid 接成一串，斜率相乘，最多剩下多少？
#
# 🤔 What is the greatest slope of the sigmoid, and where? In a chain of ten sigmoids the slopes multiply: how much is left at most?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 最大是 1/4，在 $z = 0$。十個相乘最多是 $(1/4)^{10}$，約百萬分之一，這還沒算權重。所以很深的網路中間多半用 ReLU：它的斜率是剛好 1（或 0）。猜斜率最大是 1 的人看的是**高度**，1 是 sigmoid 的上限，不是它的斜率。
#
# It is 1/4, at $z = 0$. Ten of them multiply to at most $(1/4)^{10}$, about a millionth, the weights aside. So deep networks mostly
# use ReLU inside: its slope is 1 (or 0). Who said that the greatest slope is 1 looked at the **height**: 1 is the sigmoid's upper
# limit, not its slope.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：為什麼要兩層？ · Step 3: Why a second layer?
#
# 600 個點排成兩彎月亮：400 個用來訓練，200 個最後用來測試。一個神經元加 sigmoid，就是**邏輯斯迴歸**（logistic regression）：它給出「屬於第 1 類」的機率 $p$。機率剛好一半的地方是 $w_1 x_1 + w_2 x_2 + b = 0$，那是一條**直線**。
#
# 600 points make two moons: 400 to train on, 200 for a test at the end. One neuron with a sigmoid is **logistic regression**: it gives the
# probability $p$ of class 1. Where that is one half, $w_1 x_1 + w_2 x_2 + b = 0$, and this is a **straight line**.

# %% slideshow={"slide_type": "fragment"}
points, moon = make_moons(n_samples=600, noise=0.15, random_state=profile.chosen_seed(7))
x_train, x_test = points[:400], points[400:]              # (400, 2), (200, 2)
y_train, y_test = moon[:400, None] * 1.0, moon[400:, None] * 1.0  # (400, 1), (200, 1): 0.0 or 1.0
one_neuron = LogisticRegression(C=1e6).fit(x_train, y_train[:, 0])  # C so large: no penalty on the weights
line_accuracy = one_neuron.score(x_test, y_test[:, 0])
print(f"one neuron: {one_neuron.score(x_train, y_train[:, 0]):.3f} of the training points right, "
      f"{line_accuracy:.3f} of the test points")

# %% alt={"zh": "兩彎月亮的點和一條斜的黑線。直線切過兩彎月亮，各有一些點落在錯的一邊。", "en": "Points in two moons and one slanting black line. The line cuts through both moons, and each has points on the wrong side."} slideshow={"slide_type": "fragment"}
side_1, side_2 = np.meshgrid(np.linspace(-1.7, 2.7, 150), np.linspace(-1.3, 1.8, 110))
plane = np.column_stack([side_1.ravel(), side_2.ravel()])  # (16500, 2): every place of the picture


def draw(axis, probability, title):
    """Shade the plane by the probability of class 1, draw its border at one half, and the training points."""
    axis.contourf(side_1, side_2, probability.reshape(side_1.shape), levels=np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.6)
    axis.contour(side_1, side_2, probability.reshape(side_1.shape), levels=[0.5], colors="black", linewidths=2)
    for value, marker in enumerate("os"):
        chosen = x_train[y_train[:, 0] == value]
        axis.scatter(*chosen.T, s=13, marker=marker, color=plots.COLORS[value], edgecolor="white", linewidth=0.3)
    axis.set(title=title, xlabel="x1", xlim=(-1.7, 2.7), ylim=(-1.3, 1.8))


figure, axis = plt.subplots(figsize=(5.2, 3.6))
draw(axis, one_neuron.predict_proba(plane)[:, 1], "one neuron: a straight border")
axis.set_ylabel("x2")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再加一層會不會好一點？如果中間**沒有**激勵函數，不會。$(xW_1 + b_1)W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2)$：兩層合起來還是一個神經元。
#
# Does another layer help? **Without** an activation in between, no: by the formula above, two layers together are one neuron again.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
random = np.random.default_rng(0)
W1, b1 = random.normal(size=(2, 100)), random.normal(size=100)
W2, b2 = random.normal(size=(100, 1)), random.normal(size=1)
x = np.array([[0.3, -1.2]])
print("two layers:", ((x @ W1 + b1) @ W2 + b2).round(6))
print("one layer: ", (x @ (W1 @ W2) + (b1 @ W2 + b2)).round(6), " weights:", (W1 @ W2).size, "instead of", W1.size + W2.size)
print("with ReLU: ", (np.maximum(0, x @ W1 + b1) @ W2 + b2).round(6))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 有人把 100 層、每層 100 個神經元接起來，忘了寫激勵函數。它在月亮上最高能到幾 %？
#
# 🤔 Somebody joins 100 layers of 100 neurons and forgets the activations. How many per cent can it reach on the moons?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 和一個神經元一樣，大約 88 %。不管幾層，直線乘直線還是直線。猜「參數多，總會好一點」的人忘了：這些參數只是同一條直線的不同寫法。要彎，中間就要有 ReLU 這類的函數。
#
# As much as one neuron, about 88 %. However many layers, lines of lines are lines. Who thought that more parameters must help a
# little forgot that they are only other ways to write the same line. To bend, it needs something like ReLU in between.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：連鎖律，每個因數都是一個數 · Step 4: The chain rule, every factor a number
#
# 最小的兩層網路：一個輸入、一個隱藏（hidden）神經元、一個輸出。正確答案是 1，損失是交叉熵 $L = -\ln p$。
#
# $$x \;\to\; z_1 = w_1 x + b_1 \;\to\; h = \tanh z_1 \;\to\; z_2 = w_2 h + b_2 \;\to\; p = \sigma(z_2) \;\to\; L = -\ln p$$
#
# 先往前（forward）算，每一步記下來。
#
# The smallest network of two layers: one input, one hidden neuron, one output. The right answer is 1, and the loss is the cross-entropy $L = -\ln p$.
#
# First go forward, and keep every number.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
x, w1, b1, w2, b2 = 1.5, 0.8, -0.2, -1.5, 0.5


def tiny(w1, b1, w2, b2):
    """Return all numbers on the way from x to the loss: z1, h, z2, p, L."""
    z1 = w1 * x + b1
    h = math.tanh(z1)
    z2 = w2 * h + b2
    p = 1 / (1 + math.exp(-z2))
    return z1, h, z2, p, -math.log(p)


z1, h, z2, p, L = tiny(w1, b1, w2, b2)
display.table([(round(z1, 4), round(h, 4), round(z2, 4), round(p, 4), round(L, 4))],
              columns=["z1 = w1·x + b1", "h = tanh z1", "z2 = w2·h + b2", "p = sigmoid z2", "L = −ln p"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# 現在往回（backward）走。每一段路只問一句：**後面那個數，隨前面那個數變多少？** 答案都是一個數，而且往前算時已經有了全部材料。
#
# Now walk backward. Each piece of road asks one thing: **how much does the later number change with the earlier one?** Each answer is a
# number, and going forward has left us all we need for it.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
dL_dp = -1 / p
dp_dz2 = p * (1 - p)
dz2_dw2, dz2_dh = h, w2
dh_dz1 = 1 - h**2
dz1_dw1 = x
display.table(
    [["number", *(round(d, 4) for d in (dL_dp, dp_dz2, dz2_dw2, dz2_dh, dh_dz1, dz1_dw1))],
     ["formula", "−1/p", "p(1 − p)", "h", "w2", "1 − h²", "x"]],
    columns=["factor", "dL/dp", "dp/dz2", "dz2/dw2", "dz2/dh", "dh/dz1", "dz1/dw1"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# **連鎖律**（chain rule）：沿著路把因數**相乘**。從 $L$ 走到 $w_2$ 經過三段，走到 $w_1$ 經過五段。
#
# ✏️ 寫出這兩個乘積，叫它們 `dL_dw2` 和 `dL_dw1`。
#
# The **chain rule**: **multiply** the factors along the road. From $L$ to $w_2$ there are three pieces, to $w_1$ there are five.
#
# ✏️ Write the two products, and call them `dL_dw2` and `dL_dw1`.

# %% gap="chain" slideshow={"slide_type": "fragment"}
dL_dz2 = dL_dp * dp_dz2  # the first two pieces, shared by both roads
### BEGIN SOLUTION
dL_dw2 = dL_dz2 * dz2_dw2
dL_dw1 = dL_dz2 * dz2_dh * dh_dz1 * dz1_dw1
### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
moved_w2 = (tiny(w1, b1, w2 + step, b2)[-1] - tiny(w1, b1, w2 - step, b2)[-1]) / (2 * step)
moved_w1 = (tiny(w1 + step, b1, w2, b2)[-1] - tiny(w1 - step, b1, w2, b2)[-1]) / (2 * step)
checks.close(dL_dw2, moved_w2, "dL/dw2 和有限差分一樣。 dL/dw2 agrees with the finite difference.",
             "到 w2 的路有三段：L → p → z2 → w2，因數要相乘，不是相加。 "
             "The road to w2 has three pieces, L → p → z2 → w2; factors multiply, they do not add.")
checks.that(abs(dL_dw1 * dz2_dh - moved_w1) > 1e-6, "到 w1 的路經過 h。 The road to w1 goes through h.",
            "少了一段：z2 是經由 h 才受 w1 影響的，那一段的斜率是 w2。 "
            "One piece is missing: w1 reaches z2 through h, and the slope of that piece is w2.")
checks.that(abs(dL_dw1 * dh_dz1 - moved_w1) > 1e-6, "也經過 tanh。 And through tanh.",
            "少了 tanh 的斜率 1 − h²。 The slope of tanh, 1 − h², is missing.")
checks.close(dL_dw1, moved_w1, "dL/dw1 和有限差分一樣。 dL/dw1 agrees with the finite difference.",
             "到 w1 的路有五段：L → p → z2 → h → z1 → w1；每段用一次。 "
             "The road to w1 has five pieces, L → p → z2 → h → z1 → w1; take each of them once.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"dL/dw2 = {dL_dw2:.4f}, dL/dw1 = {dL_dw1:.4f}")
print(f"dL/dz2 = {dL_dz2:.4f}, and p − 1 = {p - 1:.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 第二行不是巧合：$-\frac1p \cdot p(1-p) = p - 1$。答案是 0 的時候損失是 $-\ln(1-p)$，同樣算一次得到 $p - 0$。合起來一句話：
#
# $$\frac{\partial L}{\partial z_2} = p - y$$
#
# 「預測減正解」，和步驟 1 的誤差一樣簡單。後面會一直用到。
#
# 🤔 如果正確答案是 0，$p$ 還是 0.3447，$\partial L/\partial z_2$ 的正負號會怎樣？這一步會把 $z_2$ 往哪邊推？
#
# The second line is no accident: $-\frac1p \cdot p(1-p) = p - 1$. Where the answer is 0, the loss is $-\ln(1-p)$, and the same work gives $p - 0$. In one sentence:
#
# Prediction minus truth, as simple as the error of step 1. We shall use it all the time.
#
# 🤔 If the right answer were 0, with $p$ still 0.3447, what sign has $\partial L/\partial z_2$? Which way does a step push $z_2$?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 變成正的：$p - y = 0.3447 - 0 = +0.3447$。我們往梯度的反方向走，所以 $z_2$ 往下推，$p$ 變小，離 0 更近。說「往上推」的人把梯度的方向當成走的方向；中間有一個負號。
#
# Positive: $p - y = 0.3447 - 0 = +0.3447$. We step against the gradient, so $z_2$ is pushed down, $p$ becomes smaller, nearer to 0. Who
# said "up" took the gradient's direction for ours; there is a minus in between.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：會自己往回走的數 · Step 5: Numbers that walk back by themselves
#
# 手算五段還可以，五萬段不行。但規則很簡單，可以交給程式：**每個數記得自己從哪些數來，每條路的斜率是多少**。要往回走時，從損失開始，一站一站把斜率乘下去。這叫**自動微分**（automatic differentiation）。
#
# 想法來自 Karpathy 的 micrograd；程式是這一課自己寫的。
#
# Five pieces can be done by hand, fifty thousand cannot. But the rule is simple enough for a program: **each number remembers which
# numbers it came from, and the slope of each road**. To walk back, start at the loss and multiply the slopes, stop by stop. This is
# **automatic differentiation**. The idea is that of Karpathy's micrograd; the code is this lesson's own.

# %% slideshow={"slide_type": "fragment"}
class Value:
    """A number with its roads back: pairs of (the Value it came from, the slope along that road)."""

    def __init__(self, data, roads=()):
        self.data, self.roads = float(data), roads
        self.grad = 0.0  # how much the end changes with this number; backward() fills it in

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    __radd__, __rmul__ = __add__, __mul__  # 2 * a as well as a * 2

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t**2)])

    def relu(self):
        return Value(max(0.0, self.data), [(self, float(self.data > 0))])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])


def in_order(end):
    """Return every Value that `end` was made from, each after the ones it came from."""
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent, _ in value.roads:
                visit(parent)
            order.append(value)

    visit(end)
    return order

# %% [markdown] slideshow={"slide_type": "subslide"}
# 還差往回走的那一行。走到一個數時，它的 `grad` 已經算好；它要沿每條路，把「自己的 `grad` × 這條路的斜率」交給上一站。
#
# 小心：同一個數可能被用兩次，例如 $a \cdot a$。**路與路之間要相加。**
#
# ✏️ 寫出那一行。
#
# One line is missing, the one that walks back. When we come to a number, its `grad` is known. Along each road it hands its `grad` times
# the slope of that road to the number before. Careful: a number may be used twice, as in $a \cdot a$. **Over several roads we add.**
#
# ✏️ Write that line.

# %% gap="roads" slideshow={"slide_type": "fragment"}
def backward_from(end):
    """Fill in `grad` of every Value that `end` was made from."""
    end.grad = 1.0  # the end changes with itself by a factor of 1
    for value in reversed(in_order(end)):
        for parent, slope_of_road in value.roads:
            ### BEGIN SOLUTION
            parent.grad += value.grad * slope_of_road
            ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
a = Value(2.0)
backward_from((a * 3.0) * 5.0)
checks.close(a.grad, 15.0, "沿著路相乘。 Along a road the slopes multiply.",
             "要用 value.grad 乘上這條路的斜率，不能只拿斜率。 Take value.grad times the slope of the road, not the slope alone.")
a = Value(3.0)
backward_from(a * a + a)
checks.close(a.grad, 7.0, "路與路之間相加。 Over several roads we add.",
             "a 有三條路，後來的不能蓋掉先來的：用加的。 "
             "There are three roads to a, and the later must not wipe out the earlier: add them.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 驗算兩次：用有限差分，也用 TensorFlow 的 `tf.GradientTape`。錄影帶（tape）做的就是同一件事：往前算時錄下每一步，再倒帶回來。
#
# We check it twice: by finite differences, and by TensorFlow's `tf.GradientTape`. The tape does just this: it records every step
# forward, and is played back.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def formula(a, b, tanh, relu, exp, log):
    """Something with every operation, a and b used several times."""
    return tanh(a * b + a) + relu(b * b) * exp(a) + log(a + 3.0)


a, b = Value(0.7), Value(-1.3)
backward_from(formula(a, b, Value.tanh, Value.relu, Value.exp, Value.log))

plain = (math.tanh, lambda z: max(0.0, z), math.exp, math.log)
by_moving = [(formula(0.7 + step, -1.3, *plain) - formula(0.7 - step, -1.3, *plain)) / (2 * step),
             (formula(0.7, -1.3 + step, *plain) - formula(0.7, -1.3 - step, *plain)) / (2 * step)]

ta, tb = tf.Variable(0.7, dtype="float64"), tf.Variable(-1.3, dtype="float64")
with tf.GradientTape() as tape:
    end = formula(ta, tb, tf.tanh, tf.nn.relu, tf.exp, tf.math.log)
by_tape = [gradient.numpy() for gradient in tape.gradient(end, [ta, tb])]
display.table([[name, *(f"{number:.6f}" for number in numbers)] for name, numbers in
               [("our Value", (a.grad, b.grad)), ("finite difference", by_moving), ("GradientTape", by_tape)]],
              columns=["", "by a", "by b"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# 步驟 4 的小網路，現在一行一行寫，導數自己出來。$-\ln\sigma(z) = \ln(1 + e^{-z})$，所以加、乘、exp、log 就夠了。
#
# The tiny network of step 4 again: write it down, and the derivatives come by themselves. Since $-\ln\sigma(z) = \ln(1 + e^{-z})$, plus,
# times, exp and log are enough.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
v1, c1, v2, c2 = (Value(number) for number in (w1, b1, w2, b2))
hidden = (v1 * x + c1).tanh()
loss_value = ((-1.0 * (v2 * hidden + c2)).exp() + 1.0).log()
backward_from(loss_value)
print(f"loss {loss_value.data:.4f}, made from {len(in_order(loss_value))} numbers")
print(f"Value:   dL/dw1 = {v1.grad:.4f}, dL/dw2 = {v2.grad:.4f}")
print(f"by hand: dL/dw1 = {dL_dw1:.4f}, dL/dw2 = {dL_dw2:.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 為什麼要用 `reversed(in_order(end))` 的順序？如果一個數還沒收齊每一條路，就先往前站交，會怎樣？
#
# 🤔 Why the order `reversed(in_order(end))`? What if a number handed on before every road had brought its share?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一個數要先收齊後面所有的路，它的 `grad` 才是對的，才可以往前交。`in_order` 讓每個數排在它的來源之後，反過來走就保證這件事（拓撲順序，topological order）。太早交，晚到的那份就永遠傳不到前面。以為「反正最後都會加進去」的人忘了：每個數只交一次。
#
# A number must have gathered from every road behind it before its `grad` is right and can be handed on. `in_order` puts each number after
# the ones it came from; walking in reverse guarantees it (a topological order). If it hands on too early, what comes late never gets
# further. Who thought that all is added in the end forgot that each number hands on only once.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：同一件事，用矩陣 · Step 6: The same in matrices
#
# 一個數一個數算，很慢。把 8 個隱藏神經元的權重並排成矩陣，一批資料一次算完。一列是一筆資料，先看形狀：
#
# | 名字 · Name | 形狀 · Shape | 意思 · Meaning |
# |---|---|---|
# | $x$ | $(n, 2)$ | $n$ 個點 · $n$ points |
# | $W_1, b_1$ | $(2, 8), (8,)$ | 第一層 · first layer |
# | $z_1 = xW_1 + b_1,\ h = \max(0, z_1)$ | $(n, 8)$ | 隱藏層 · hidden layer |
# | $W_2, b_2$ | $(8, 1), (1,)$ | 第二層 · second layer |
# | $z_2 = hW_2 + b_2$ | $(n, 1)$ | $p = \sigma(z_2)$ 是機率 · is the probability |
#
# 損失是交叉熵的平均。用 $z_2$ 寫比較穩：一筆的損失是 $\ln(1 + e^{z_2}) - y\,z_2$，`np.logaddexp(0, z)` 就是 $\ln(1 + e^{z})$。步驟 9 會看到為什麼。
#
# Number by number is slow. Put the weights of 8 hidden neurons side by side as a matrix, and a whole batch is worked out at once. A row is one
# example; look at the shapes first. The loss is the mean cross-entropy. It is safer in terms of $z_2$: for one example,
# $\ln(1 + e^{z_2}) - y\,z_2$, where `np.logaddexp(0, z)` is $\ln(1 + e^{z})$. Step 9 shows why.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def new_weights(seed, hidden=8):
    """Return random [W1, b1, W2, b2]; step 9 explains the sizes."""
    random = np.random.default_rng(seed)
    return [random.normal(0, np.sqrt(2 / 2), (2, hidden)), np.zeros(hidden),
            random.normal(0, np.sqrt(2 / hidden), (hidden, 1)), np.zeros(1)]


def forward(weights, x):
    W1, b1, W2, b2 = weights
    z1 = x @ W1 + b1        # (n, 2) @ (2, 8) + (8,) → (n, 8)
    h = np.maximum(0, z1)   # (n, 8)
    z2 = h @ W2 + b2        # (n, 8) @ (8, 1) + (1,) → (n, 1)
    return z1, h, z2


def loss(weights, x, y):
    z2 = forward(weights, x)[-1]
    return np.mean(np.logaddexp(0, z2) - y * z2)


def accuracy(weights, x, y):
    return np.mean((forward(weights, x)[-1] > 0) == (y == 1))  # z2 > 0 means p > 1/2


print("numbers to learn:", sum(w.size for w in new_weights(0)), " ln 2 =", round(math.log(2), 4))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 往回走，還是步驟 4 的那幾段：$p - y$；乘 $h$ 給 $W_2$；乘 $W_2$ 給 $h$；乘 ReLU 的斜率給 $z_1$；乘 $x$ 給 $W_1$。損失是平均，所以要除以 $n$。
#
# 不必背轉置（`.T`）在哪裡：**梯度和它的參數形狀一樣**，只有一種乘法合得起來。
#
# ✏️ 寫出 `d_z1`：形狀是 $(n, 8)$。
#
# Backward goes the pieces of step 4 again: $p - y$; times $h$ for $W_2$; times $W_2$ for $h$; times the slope of ReLU for $z_1$; times $x$ for
# $W_1$. The loss is a mean, so we divide by $n$. No need to remember where the transpose (`.T`) goes: **a gradient has the shape of its
# parameter**, and only one product fits.
#
# ✏️ Write `d_z1`, of shape $(n, 8)$.

# %% gap="hidden" slideshow={"slide_type": "fragment"}
def backward(weights, x, y):
    """Return the gradients of the loss by W1, b1, W2, b2."""
    W1, b1, W2, b2 = weights
    z1, h, z2 = forward(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)  # (n, 1)
    d_W2 = h.T @ d_z2                  # (8, n) @ (n, 1) → (8, 1)
    d_b2 = d_z2.sum(axis=0)            # (1,)
    ### BEGIN SOLUTION
    d_h = d_z2 @ W2.T                  # (n, 1) @ (1, 8) → (n, 8)
    d_z1 = d_h * (z1 > 0)              # (n, 8)
    ### END SOLUTION
    d_W1 = x.T @ d_z1                  # (2, n) @ (n, 8) → (2, 8)
    d_b1 = d_z1.sum(axis=0)            # (8,)
    return [d_W1, d_b1, d_W2, d_b2]

# %% slideshow={"slide_type": "fragment"} tags=["check"]
def by_finite_differences(weights, x, y, step=1e-6):
    """Move each number alone, and see how much the loss changes."""
    gradients = [np.zeros_like(w) for w in weights]
    for w, gradient in zip(weights, gradients, strict=True):
        for place in np.ndindex(w.shape):
            kept = w[place]
            w[place] = kept + step
            above = loss(weights, x, y)
            w[place] = kept - step
            gradient[place] = (above - loss(weights, x, y)) / (2 * step)
            w[place] = kept
    return gradients


trial, batch = new_weights(3), (x_train[:20], y_train[:20])
moved = by_finite_differences(trial, *batch)
by_rule = backward(trial, *batch)
unmasked = batch[0].T @ ((sigmoid(forward(trial, batch[0])[2]) - batch[1]) / 20 @ trial[2].T)
checks.that(by_rule[0].shape == (2, 8), "形狀對了。 The shape is right.",
            "d_z1 每一筆、每個隱藏神經元各一個數。 d_z1 has one number for each example and each hidden neuron.")
checks.that(not np.allclose(by_rule[0], unmasked), "ReLU 的斜率有算進去。 The slope of ReLU is there.",
            "z1 < 0 的地方 ReLU 是平的，斜率是 0，梯度過不去。 Where z1 < 0 ReLU is flat: its slope is 0, and no gradient passes.")
checks.that(all(np.allclose(*pair, atol=1e-7) for pair in zip(by_rule, moved, strict=True)),
            "33 個導數都和有限差分一樣。 All 33 derivatives agree with finite differences.",
            "只有兩個因數：第二層的權重 W2，和 ReLU 的斜率（0 或 1，看的是 z1）。 "
            "There are two factors: the weights W2 of the second layer, and the slope of ReLU, 0 or 1 by z1.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `d_b1` 為什麼要 `sum(axis=0)`，把 $n$ 筆加起來？
#
# 🤔 Why does `d_b1` take `sum(axis=0)`, adding up the $n$ examples?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 同一個偏差值被 $n$ 筆資料各用一次，所以從損失到它有 $n$ 條路，路與路之間相加（步驟 5）。$W_1$ 也是，只是加總藏在矩陣乘法裡。想用 `mean` 的人會多除一次 $n$；平均已經在 `d_z2` 做過了。
#
# Each of the $n$ examples uses the same bias, so there are $n$ roads from the loss to it, and over roads we add (step 5). So it is with
# $W_1$, where the sum hides in the matrix product. Who would take `mean` divides by $n$ twice: `d_z2` has done it already.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再讓 TensorFlow 和 Keras 當證人：同樣的權重，梯度要一樣，走一步以後也要一樣。還沒經過 sigmoid 的 $z_2$，它們叫 logits；`from_logits=True` 是說損失直接用它算，就像步驟 6 開頭的 `loss`。Keras 用 32 位元的數，所以容許百萬分之一的差。
#
# Now TensorFlow and Keras are our witnesses: with the same weights the gradients must be the same, and so must the weights after one step.
# What we call $z_2$, before the sigmoid, they call logits; `from_logits=True` says that the loss is worked out from it, like `loss` at the start
# of step 6. Keras works with numbers of 32 bits, so we allow a millionth.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
weights = new_weights(3)
variables = [tf.Variable(w) for w in weights]
with tf.GradientTape() as tape:
    T1, c1, T2, c2 = variables
    z2 = tf.nn.relu(x_train @ T1 + c1) @ T2 + c2
    tape_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y_train, z2))
pairs = list(zip(backward(weights, x_train, y_train), tape.gradient(tape_loss, variables), strict=True))
print("as the tape, to 1e-12:", all(np.allclose(ours, tape, atol=1e-12) for ours, tape in pairs))

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.set_weights(weights)
model.compile(optimizer=keras.optimizers.SGD(0.5), loss=keras.losses.BinaryCrossentropy(from_logits=True))
model.train_on_batch(x_train, y_train)
stepped = [w - 0.5 * gradient for w, gradient in zip(weights, backward(weights, x_train, y_train), strict=True)]
difference = max(np.abs(ours - theirs).max() for ours, theirs in zip(stepped, model.get_weights(), strict=True))
print("as Keras after one step, to 1e-6:", bool(difference < 1e-6))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：訓練 · Step 7: Train
#
# 整個訓練只有三行：往前往回算出梯度，每個權重走一小步，重複。和步驟 1 的那一行是同一件事，只是有 33 個數。
#
# The whole training is three lines: gradients by going forward and backward, a small step for each weight, and again. It is the line of
# step 1, with 33 numbers.

# %% slideshow={"slide_type": "fragment"}
RATE = 1.0

start = new_weights(profile.chosen_seed(4))
weights = [w.copy() for w in start]
losses = []
for _ in range(STEPS):
    for w, gradient in zip(weights, backward(weights, x_train, y_train), strict=True):
        w -= RATE * gradient
    losses.append(loss(weights, x_train, y_train))

network_accuracy = accuracy(weights, x_test, y_test)
for number in (1, 10, 100, STEPS):
    print(f"after {number:4} steps: training loss {losses[number - 1]:.4f}")
print(f"test points right: one neuron {line_accuracy:.3f}, our two-layer network {network_accuracy:.3f}")

# %% alt={"zh": "左：直的界線切過兩彎月亮。右：界線由幾段直線接成，順著月亮彎，在紫色虛線經過的地方轉折。", "en": "Left: a straight border cuts both moons. Right: a border of straight pieces follows them and turns where it meets the purple dashed lines."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
draw(axes[0], one_neuron.predict_proba(plane)[:, 1], "one neuron")
draw(axes[1], sigmoid(forward(weights, plane)[-1]), "8 hidden neurons, each with its line (dashed)")
W1, b1 = weights[:2]
for k in range(8):
    axes[1].contour(side_1, side_2, (plane @ W1[:, k] + b1[k]).reshape(side_1.shape), levels=[0],
                    colors=plots.COLORS[3], linestyles="dashed", linewidths=1)
axes[0].set_ylabel("x2")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 每個隱藏神經元都有一條線：一邊是 0，另一邊往上斜。下面一個一個看。輸出只是把這八張「摺紙」乘上各自的權重加起來，所以界線由直線段拼成，在虛線的地方轉彎。
#
# Each hidden neuron has a line: 0 on one side, a rising slope on the other. Here they are, one by one. The output adds up these eight folded
# sheets, each with its weight. So the border is made of straight pieces and bends where it crosses a dashed line.

# %% alt={"zh": "八張小圖，每張是一個隱藏神經元的輸出：一邊是 0（很淡），另一邊越遠越綠，方向各不相同。有一張幾乎全是 0。兩彎月亮的點畫在上面。", "en": "Eight small maps, each the output of a hidden neuron: pale where it is 0, and greener the farther to its other side, each in its own direction. One is 0 almost everywhere. The points of the moons lie on top."} slideshow={"slide_type": "fragment"}
sheets = forward(weights, plane)[1]
figure, axes = plt.subplots(2, 4, figsize=(10.5, 4.6), sharex=True, sharey=True)
for k, axis in enumerate(axes.flat):
    axis.contourf(side_1, side_2, sheets[:, k].reshape(side_1.shape), levels=np.linspace(0, 8, 17), cmap="Greens", extend="max")
    for value in (0, 1):
        axis.scatter(*x_train[y_train[:, 0] == value].T, s=3, color=plots.COLORS[value])
    axis.set_title(f"hidden {k}, weight to output {weights[2][k, 0]:+.1f}", fontsize=10)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果只有 2 個隱藏神經元，界線最多能轉幾次彎？分得開兩彎月亮嗎？（把 `new_weights(…, hidden=2)` 拿來試。）
#
# 🤔 With only 2 hidden neurons, how often can the border bend at most? Is it enough for the two moons? (Try `new_weights(…, hidden=2)`.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 最多三段、轉兩次彎：兩條線把平面切成四塊，兩個神經元都是 0 的那一塊裡沒有界線，其他三塊各一段。我們試了 10 個起點、各走 3000 步，測試準確率都是 87–89 %，和一條直線差不多；3 個神經元時，10 次有 3 次到 98 % 以上。說「兩個彎就夠畫 S 形」的人有道理，但畫得出來不等於**學得到**：梯度下降常停在別的地方，多幾個神經元比較容易找到路。
#
# At most three pieces, two bends: two lines cut the plane in four; where both neurons are 0 there is no border, and the other three parts have
# one piece each. We tried 10 starts of 3000 steps: 87–89 % of the test points each time, much like a line. With 3 neurons, 3 of 10 reached
# 98 % or more. Who said that two bends are enough for an S has a point, but what can be drawn is not always **found**: gradient descent often
# stops elsewhere, and some more neurons make the way easier to find.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：怎麼走：SGD、動量法、Adam · Step 8: How to walk: SGD, momentum, Adam
#
# 梯度說了方向，**最佳化器**（optimiser）決定怎麼走。每一步只看一小批（batch）資料的，叫隨機梯度下降（SGD, stochastic gradient descent）。
#
# - **SGD**：$w \leftarrow w - \eta\,g$。
# - **動量法**（momentum）：像滾下坡的球，記得上一步的速度：$v \leftarrow 0.9\,v - \eta\,g$，$w \leftarrow w + v$。
# - **Adam**：記住梯度的平均 $m$ 和平方的平均 $s$，每個權重有自己的步伐：$w \leftarrow w - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)$。一開始 $m$、$s$ 都從 0 開始，偏小，所以 $\hat m = m / (1 - 0.9^t)$、$\hat s = s / (1 - 0.999^t)$ 補回來；程式把兩個合成一個 `correction`。
#
# ✏️ 動量法的兩行由你寫。`state` 是字典，`state.get(k, 0.0)` 是第 $k$ 個參數上次的速度，第一次是 0。
#
# The gradient tells the direction, the **optimiser** how to go. Looking at a small batch in each step is stochastic gradient descent, SGD.
#
# - **SGD** steps against the gradient $g$.
# - **Momentum** is a ball rolling down, with the speed $v$ of the step before.
# - **Adam** keeps the mean $m$ of the gradient and the mean $s$ of its square, so each weight has a stride of its own. Both start at 0 and
#   are too small at first; $\hat m = m / (1 - 0.9^t)$ and $\hat s = s / (1 - 0.999^t)$ make up for it. The code joins both as `correction`.
#
# ✏️ The two lines of momentum are yours. `state` is a dictionary; `state.get(k, 0.0)` is the last speed of parameter $k$, 0 at first.

# %% slideshow={"slide_type": "fragment"}
def sgd(weights, gradients, state, rate):
    for w, g in zip(weights, gradients, strict=True):
        w -= rate * g


def adam(weights, gradients, state, rate):
    t = state["t"] = state.get("t", 0) + 1
    for k, (w, g) in enumerate(zip(weights, gradients, strict=True)):
        m = state["mean", k] = 0.9 * state.get(("mean", k), 0.0) + 0.1 * g
        s = state["square", k] = 0.999 * state.get(("square", k), 0.0) + 0.001 * g**2
        correction = math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        w -= rate * correction * m / (np.sqrt(s) + 1e-7)

# %% gap="momentum" slideshow={"slide_type": "fragment"}
def momentum(weights, gradients, state, rate):
    for k, (w, g) in enumerate(zip(weights, gradients, strict=True)):
        ### BEGIN SOLUTION
        state[k] = 0.9 * state.get(k, 0.0) - rate * g
        w += state[k]
        ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
ball, state = [np.array([1.0])], {}
momentum(ball, [np.array([2.0])], state, 0.1)
checks.close(ball[0], [0.8], "第一步和 SGD 一樣。 The first step is that of SGD.",
             "從 0 開始的第一步應該是 −rate·g，而且要改到 w 本身。 "
             "From rest, the first step is −rate·g; and w itself must change (w += …).")
momentum(ball, [np.array([0.0])], state, 0.1)
checks.that(abs(ball[0][0] - 0.8) > 1e-9, "沒有坡，球還在滾。 On the flat, the ball rolls on.",
            "梯度是 0 時球還要滾：速度要存進 state[k]，下次再用。 "
            "Where the gradient is 0 the ball rolls on: keep the speed in state[k] for the next step.")
checks.close(ball[0], [0.62], "速度剩下九成。 Nine tenths of the speed are left.",
             "沒有梯度時，速度每步乘 0.9。 Without a gradient, each step leaves 0.9 of the speed.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
theirs = {sgd: keras.optimizers.SGD(0.5), momentum: keras.optimizers.SGD(0.1, momentum=0.9), adam: keras.optimizers.Adam(0.05)}
for ours, optimizer in theirs.items():
    mine, state = new_weights(3), {}
    variables = [keras.Variable(w) for w in mine]
    largest = 0.0
    for number in range(20):
        batch = slice(20 * number, 20 * number + 20)
        optimizer.apply(backward([v.numpy() for v in variables], x_train[batch], y_train[batch]), variables)
        ours(mine, backward(mine, x_train[batch], y_train[batch]), state, float(optimizer.learning_rate.numpy()))
        largest = max(largest, *(np.abs(w - v.numpy()).max() for w, v in zip(mine, variables, strict=True)))
    print(f"{ours.__name__:8} as Keras for 20 steps, to 1e-5: {largest < 1e-5}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 Adam 的**第一步**，每個權重走多遠？梯度是 0.001 和是 1000，差幾倍？
#
# 🤔 How far does each weight go in Adam's **first** step? With a gradient of 0.001, and with one of 1000?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 幾乎一樣遠，都是學習率 $\eta$。第一步補回來以後 $\hat m = g$、$\hat s = g^2$，所以 $\hat m / \sqrt{\hat s} = g/|g| = \pm 1$：只剩方向。猜「差百萬倍」的人想的是 SGD。所以 Adam 的學習率有直接的意思：每個權重一步大約走多遠。
#
# Almost the same: the learning rate $\eta$. After the correction the first step has $\hat m = g$ and $\hat s = g^2$, so
# $\hat m / \sqrt{\hat s} = g/|g| = \pm 1$, the direction alone. Who said "a million times" thought of SGD. So Adam's learning rate has a
# plain meaning: about how far a weight goes in a step.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 公平的比賽：同樣的起點、同樣的批次、同樣的步數。學習率各自先調：在**另外幾個**起點上試，取訓練損失中位數最低的。
#
# A fair race: same starts, same batches, same number of steps. Each first gets its own learning rate, the one with the lowest median
# training loss on **other** starts.

# %% slideshow={"slide_type": "fragment"}
def run(optimiser, rate, seed, steps=None, batch=40):
    """Return the trained weights and the training loss after each step."""
    weights, state, random, losses = new_weights(seed), {}, np.random.default_rng(seed), []
    for _ in range(steps or RACE_STEPS):
        chosen = random.integers(0, len(x_train), batch)
        optimiser(weights, backward(weights, x_train[chosen], y_train[chosen]), state, rate)
        losses.append(loss(weights, x_train, y_train))
    return weights, losses


rates = {sgd: (0.3, 1, 3, 10), momentum: (0.03, 0.1, 0.3, 1), adam: (0.01, 0.03, 0.1, 0.3)}
tuned, best = {}, {}
for optimiser, choices in rates.items():
    tuned[optimiser] = [np.median([run(optimiser, rate, 100 + k)[1][-1] for k in range(TUNING)]) for rate in choices]
    best[optimiser] = choices[int(np.argmin(tuned[optimiser]))]
display.table([[o.__name__, *(f"{r}: {t:.3f}" for r, t in zip(rates[o], tuned[o], strict=True)), best[o]] for o in rates],
              columns=["median loss at each rate", "1", "2", "3", "4", "chosen"])

# %% slideshow={"slide_type": "fragment"}
race = {optimiser: [run(optimiser, rate, k) for k in range(STARTS)] for optimiser, rate in best.items()}
rows = []
for optimiser, runs in race.items():
    last = [losses[-1] for _, losses in runs]
    right = [accuracy(weights, x_test, y_test) for weights, _ in runs]
    rows.append([optimiser.__name__, best[optimiser], *(f"{f(v):.3f}" for v in (last, right) for f in (np.min, np.median, np.max))])
display.table(rows, columns=["optimiser", "rate", "loss: min", "median", "max", "accuracy: min", "median", "max"])

# %% alt={"zh": "左：三條損失曲線一起下降，最後差不多低，帶子很寬。右：最合適的學習率各不相同，SGD 的比 Adam 大十倍以上；離得太遠，損失就大很多。", "en": "Left: three loss curves fall together and end about equally low, in wide bands. Right: each wants its own learning rate, SGD more than ten times that of Adam; far from it the loss is much larger."} slideshow={"slide_type": "fragment"}
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.6))
for color, marker, (optimiser, runs) in zip(plots.COLORS, "os^", race.items(), strict=False):
    curves = np.array([losses for _, losses in runs])
    steps = np.arange(1, curves.shape[1] + 1)
    left.plot(steps, np.median(curves, axis=0), color=color, label=f"{optimiser.__name__}, rate {best[optimiser]}")
    left.fill_between(steps, curves.min(axis=0), curves.max(axis=0), color=color, alpha=0.15)
    right.plot(rates[optimiser], tuned[optimiser], marker=marker, color=color, label=optimiser.__name__)
left.set(xlabel="step", ylabel="training loss", yscale="log", title="each at its best rate: median, min to max")
left.legend(loc="lower left")
right.set(xlabel="learning rate", ylabel="loss at the end (median)", xscale="log", yscale="log", title="how much the rate matters")
right.legend(loc="upper center")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 各自調好學習率以後，三個的終點幾乎一樣；差別比起點造成的小得多，十個起點裡有一個，三種走法都卡在一條直線附近（損失約 0.2）。所以這裡**不能說**誰比較好。看得出來的是：適合的學習率差很多。動量法的大約是 SGD 的十分之一，因為速度會累積成 $1 + 0.9 + 0.81 + \dots = 10$ 倍。沒調學習率就比最佳化器，比的其實是學習率。
#
# Each at its tuned rate, the three end in almost the same place. They differ much less than starts do: from one start in ten all three stay
# stuck near a line (a loss of about 0.2). So we **cannot say** here which is better. What we can see: the right rates are far apart. That of momentum is
# about a tenth of SGD's, since speed adds up to $1 + 0.9 + 0.81 + \dots = 10$ times. Comparing optimisers without tuning their rates compares rates.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：哪裡會出錯 · Step 9: What goes wrong
#
# **起點。** 同樣的網路、同樣的資料、同樣走 1000 步，只改起點和學習率：
#
# **The start.** Same network, same data, 1000 steps each; only start and learning rate differ:

# %% slideshow={"slide_type": "fragment"}
def outcome(weights, rate, steps=1000):
    """Return loss before, loss after, accuracy, how many of the 8 hidden units differ, how many are dead."""
    weights = [w.copy() for w in weights]
    before = loss(weights, x_train, y_train)
    for _ in range(steps):
        sgd(weights, backward(weights, x_train, y_train), {}, rate)
    different = len(np.unique(weights[0].round(6), axis=1).T)
    dead = int((forward(weights, x_train)[1].max(axis=0) == 0).sum())
    return [f"{before:.3f}", f"{loss(weights, x_train, y_train):.3f}",
            f"{accuracy(weights, x_train, y_train):.2f}", different, dead]


usual = new_weights(4)
starts = {
    "as in step 7": (usual, 1.0),
    "all zero": ([0 * w for w in usual], 1.0),
    "all 0.5": ([0 * w + 0.5 for w in usual], 1.0),
    "10 times too large": ([10 * w for w in usual], 1.0),
    "rate far too small": (usual, 0.001),
    "rate far too large": (usual, 30.0),
}
display.table([[name, *outcome(*chosen)] for name, chosen in starts.items()],
              columns=["start", "loss before", "after 1000", "accuracy", "different units", "dead units"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# - **全部是 0**：$h = 0$、$W_2 = 0$，所有權重的梯度都是 0。損失停在 $\ln 2 \approx 0.693$，也就是永遠回答「一半一半」。
# - **全部一樣**：八個隱藏神經元收到一樣的梯度，永遠一樣，等於只有一個。所以起點要**隨機**，打破對稱。
# - **太大**：一開始就非常有把握地答錯，損失約 30，而不是 0.7 左右。這裡的網路小，後來救得回來；深的網路常常救不回來。
# - **學習率太小**：還在走。**太大**：八個神經元多半被推到 0 的那一邊（dead，「死」了）：斜率是 0，再也回不來。
#
# - **All zero**: $h = 0$ and $W_2 = 0$, so every weight's gradient is 0. The loss stays at $\ln 2 \approx 0.693$: "half and half" for ever.
# - **All the same**: the eight hidden neurons get the same gradient and stay the same; they are worth one. So a start must be **random**, to
#   break the symmetry.
# - **Too large**: very sure and wrong from the start, a loss of about 30 where about 0.7 is usual. This small network recovers; a deep one
#   often does not.
# - **Rate too small**: still on its way. **Too large**: most of the eight neurons are pushed to their side of 0 ("dead"): their slope is 0, and
#   there is no way back.
#
# 🤔 訓練 1000 步，損失一直是 0.693，一動也不動。說出兩個可能的原因，和分辨它們的方法。
#
# 🤔 After 1000 steps the loss is still 0.693 and does not move. Name two possible causes, and how to tell them apart.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 梯度是 0，或是步伐太小（也可能是標籤被打亂，學不到東西）。印出每個參數梯度的大小：權重的梯度全是 0，就是起點為零或 ReLU 全死了；不是 0，就把學習率乘 10 再試；還是不動，看看 $x$ 和 $y$ 有沒有對齊。直接回答「要訓練更久」的人先看梯度：0 乘多少步都是 0。
#
# Either the gradient is 0, or the steps are too small (or the labels are shuffled, and there is nothing to learn). Print the size of each
# parameter's gradient. Zero for all weights: zero start, or all ReLUs dead. Not zero: try ten times the rate. Still no movement: see whether
# $x$ and $y$ belong together. Who said "train longer" should look first: any number of steps times 0 is 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# **NaN。** 電腦的數有限。$z = 40$ 時 $\sigma(z)$ 剛好變成 1，$\ln(1 - p)$ 就是 $-\infty$；再乘 0，得到 NaN（不是一個數），下一步所有權重都是 NaN。步驟 6 的 `logaddexp` 沒有這個問題。
#
# **NaN.** A computer's numbers are finite. At $z = 40$, $\sigma(z)$ becomes exactly 1, and $\ln(1 - p)$ is $-\infty$. Times 0 that is NaN, "not a
# number", and after the next step so are all weights. The `logaddexp` of step 6 has no such trouble.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
z, y = np.array([2.0, 40.0, 40.0]), np.array([1.0, 1.0, 0.0])
p = sigmoid(z)
with np.errstate(divide="ignore", invalid="ignore"):  # NumPy would warn, rightly
    print("by the formula:", -(y * np.log(p) + (1 - y) * np.log(1 - p)).round(4))
print("by logaddexp:  ", (np.logaddexp(0, z) - y * z).round(4))

# %% [markdown] slideshow={"slide_type": "subslide"}
# **權重要多大？** 一個神經元把 $n$ 個數加起來，$n$ 越大，和就越大。所以權重的標準差要像 $1/\sqrt{n}$。ReLU 砍掉一半，補一個 2：$\sqrt{2/n}$，叫 He 起始值；`new_weights` 用的就是它。tanh 常用 Glorot 起始值 $\sqrt{2/(n_{\text{in}} + n_{\text{out}})}$。往下十層看看：左邊是 ReLU 的輸出大小；右邊是 tanh 的平均斜率，權重太大就**飽和**（saturation）：斜率接近 0，梯度過不去。
#
# **How large should weights be?** A neuron adds up $n$ numbers; the more of them, the larger the sum. So the weights' standard deviation
# should go as $1/\sqrt{n}$. ReLU cuts away half, which a 2 makes up for: $\sqrt{2/n}$, the start of He, used in `new_weights`. For tanh the usual
# start is Glorot's, $\sqrt{2/(n_{\text{in}} + n_{\text{out}})}$. Look down ten layers. Left: the size of what ReLU puts out. Right: the mean
# slope of tanh. Weights too large **saturate** it: the slope comes near 0, and no gradient passes.

# %% alt={"zh": "左：十層 ReLU，權重減半，訊號每層都縮；加倍就每層都脹；剛好的那一條是平的。右：tanh 剩下的斜率，權重加倍時只有一半左右，另外兩條接近 1。", "en": "Left: ten layers of ReLU; with half the weights the signal shrinks at every layer, with double it grows, and the right size keeps it level. Right: the slope left by tanh; with double weights only about a half, the other two near 1."} slideshow={"slide_type": "fragment"}
random = np.random.default_rng(0)
signal = random.normal(size=(500, 100))
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
for color, marker, scale in zip(plots.COLORS, "os^", (0.5, 1, 2), strict=False):
    h_relu = h_tanh = signal
    sizes, slopes = [], []
    for _ in range(10):
        W = random.normal(size=(100, 100)) * scale
        h_relu = np.maximum(0, h_relu @ W * np.sqrt(2 / 100))       # He
        h_tanh = np.tanh(h_tanh @ W * np.sqrt(2 / (100 + 100)))     # Glorot
        sizes.append(np.sqrt(np.mean(h_relu**2)))
        slopes.append(np.mean(1 - h_tanh**2))
    left.plot(range(1, 11), sizes, marker=marker, color=color, label=f"{scale} × He")
    right.plot(range(1, 11), slopes, marker=marker, color=color, label=f"{scale} × Glorot")
left.set(xlabel="layer", ylabel="root mean square of h", yscale="log", title="ReLU: size of the signal")
right.set(xlabel="layer", ylabel="mean of 1 − h²", ylim=(0, 1.05), title="tanh: slope that is left")
left.legend()
right.legend(loc="lower right")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# **一批要多大？** 一批的梯度是全部資料梯度的估計。批次越小越便宜，也越抖。抖多少？每種大小抽 300 批，量一量它離真正的梯度多遠。
#
# **How large a batch?** The gradient of a batch estimates that of all data. Smaller batches are cheaper and shakier. By how much? Draw 300
# batches of each size, and measure how far their gradients are from the true one.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def flat(gradients):
    return np.concatenate([g.ravel() for g in gradients])


random, place = np.random.default_rng(0), new_weights(4)
truth = flat(backward(place, x_train, y_train))
rows = []
for size in (1, 4, 16, 64):
    away = [np.linalg.norm(flat(backward(place, x_train[chosen], y_train[chosen])) - truth)
            for chosen in random.integers(0, len(x_train), (300, size))]
    rows.append([size, 400 // size, round(np.sqrt(np.mean(np.square(away))) / np.linalg.norm(truth), 2)])
display.table(rows, columns=["batch", "steps in an epoch", "error of the gradient / its length"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 從一批 4 筆變成 16 筆，誤差變成幾分之一？要再準一倍，一批要幾筆？
#
# 🤔 From a batch of 4 to one of 16, what becomes of the error? For twice the precision again, how many are needed?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 大約一半；再準一倍要 64 筆。平均的誤差像 $1/\sqrt{n}$：四倍的資料，才準一倍。猜「16 筆就準四倍」的人漏了根號。所以批次很大不划算：算四倍久，只準一倍；小批次可以多走幾步。
#
# About a half; twice as precise again takes 64. The error of a mean goes as $1/\sqrt{n}$: four times the data for twice the precision. Who
# said "16 are four times as precise" left out the root. So very large batches do not pay: four times the work for twice the precision; with
# small ones we take more steps instead.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# | 症狀 · What you see | 多半是 · Most likely | 先看 · Look first at |
# |---|---|---|
# | 一開始損失約 20 或更大 · loss of 20 or more at the start | 起始權重太大，或輸入沒有縮放 · weights too large, or input not scaled | 起點的損失，該約是 $\ln(\text{類別數})$ · the loss at the start, about $\ln$ (number of classes) |
# | 停在 $\ln 2$（十類是 $\ln 10$） · stuck at $\ln 2$ ($\ln 10$ with ten classes) | 權重是 0、ReLU 死了、標籤亂了 · zero weights, dead ReLUs, shuffled labels | 每一層的梯度 · the gradient of each layer |
# | 損失上下亂跳或變大 · loss jumps or grows | 學習率太大 · rate too large | 學習率除以 10 · a tenth of the rate |
# | NaN | 對 0 取 log、$e$ 的次方太大 · log of 0, $e$ to a large power | 損失用 logits 算 · a loss from logits |
# | 慢慢下降，一直下降 · falls slowly, on and on | 學習率太小 · rate too small | 學習率乘 3 · three times the rate |

# %% slideshow={"slide_type": "fragment"}
profile.expect("test accuracy of one neuron", line_accuracy, at_least=0.82, at_most=0.92)
profile.expect("test accuracy of our network", network_accuracy, at_least=profile.choose(smoke=0.9, lesson=0.97, full=0.97))
profile.expect("median loss of the worst optimiser", max(np.median([run_losses[-1] for _, run_losses in runs]) for runs in race.values()),
               at_most=profile.choose(smoke=0.4, lesson=0.1, full=0.1))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 學習就是 `w -= rate * slope`；一個權重這樣，三十三個、三百萬個也這樣。
# - 反向傳播是連鎖律：沿著路相乘，路與路之間相加。每個導數都可以用有限差分驗算。
# - 中間的激勵函數讓界線能彎；起點要隨機、大小要對，學習率要調，損失的樣子會告訴你哪裡壞了。
#
# - Learning is `w -= rate * slope`: for one weight, for thirty-three, for three million.
# - Backpropagation is the chain rule: multiply along a road, add over roads. Finite differences check every derivative.
# - The activation in between lets the border bend. A start must be random and of the right size, a rate must be tuned, and the loss tells
#   what is wrong.
#
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 投影片提到 back-propagation，用在 RNN 的訓練（BPTT）和梯度消失，但沒有算過一次。這一課補上。
# - 投影片請讀者參考附錄的激勵函數，並說 LSTM 用 ReLU 代替 tanh 或 sigmoid；這裡把三個函數和導數都畫出來。
#
# - The slides name back-propagation where RNNs are trained (BPTT) and where gradients vanish, but never work it out once. This lesson does.
# - They refer to an appendix for activation functions, and speak of ReLU in place of tanh or sigmoid for LSTMs; here all three are drawn,
#   with their derivatives.
#
# </details>
#
# ## 練習 · Lab
#
# 先把這一課的五個空格自己寫完。[練習 05](../labs/lab05_layers_of_your_own.ipynb)：把 ReLU 換成 tanh，再讓 `backward` 走得過任意多層，最後用它分開兩條螺旋。還可以試：用 `Value` 訓練步驟 1 的直線。學過 RNN 以後，[練習 08](../labs/lab08_backpropagate_an_rnn.ipynb) 讓你沿時間反向傳播。
#
# First fill the five gaps of this lesson yourself. [Lab 05](../labs/lab05_layers_of_your_own.ipynb) puts tanh in place of ReLU, takes `backward` through any
# number of layers, and parts two spirals with it. You may also train the line of step 1 with `Value`. After the lesson on RNNs,
# [lab 08](../labs/lab08_backpropagate_an_rnn.ipynb) takes backpropagation through time.
#
# ## 參考資料 · References
#
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams, [Learning representations by back-propagating errors](https://doi.org/10.1038/323533a0), Nature 323, 1986
# - D. P. Kingma, J. Ba, [Adam: A method for stochastic optimization](https://doi.org/10.48550/arXiv.1412.6980), ICLR 2015
# - X. Glorot, Y. Bengio, [Understanding the difficulty of training deep feedforward neural networks](https://proceedings.mlr.press/v9/glorot10a.html), AISTATS 2010
# - K. He, X. Zhang, S. Ren, J. Sun, [Delving deep into rectifiers](https://doi.org/10.1109/ICCV.2015.123), ICCV 2015
# - I. Goodfellow, Y. Bengio, A. Courville, [Deep Learning](https://www.deeplearningbook.org/), 2016：第 6 章，前饋網路與反向傳播 · chapter 6, feedforward networks and backpropagation
# - M. Nielsen, [Neural Networks and Deep Learning](http://neuralnetworksanddeeplearning.com/), 2015：第 2 章，反向傳播怎麼運作 · chapter 2, how backpropagation works
# - A. Karpathy, [micrograd](https://github.com/karpathy/micrograd)：步驟 5 的想法 · the idea of step 5

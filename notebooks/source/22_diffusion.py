# %% [markdown] slideshow={"slide_type": "slide"}
# # 22 擴散模型：從雜訊裡一步一步洗出數字 · Diffusion: digits washed out of noise, step by step
#
# 🗺 同一個去雜訊器，問二十次：糊的猜測變成新的數字 · One denoiser asked twenty times: blurred guesses become new digits
#
# 上一課的去雜訊器遇到看不清楚的地方，就交出灰色。這一課把一張圖弄髒到**只剩雜訊**，再請同一種網路洗乾淨。只洗一次，得到一團灰；一次只洗一點點，洗很多次，就得到一個沒有人寫過的數字。這就是擴散模型（diffusion model）。
#
# 上完這一課，你可以
# 1. 用數字說明：為什麼一次去雜訊一定糊，很多小步卻不糊；
# 2. 在答案算得出來的一維資料上，寫出雜訊排程、訓練樣本和抽樣，並把學到的和真的畫在一起；
# 3. 訓練一個會畫數字的小網路，和 VAE 比品質，並檢查它有沒有抄襲訓練影像。
#
# Where the last lesson's denoiser could not tell, it returned grey. This lesson spoils a picture until **nothing but noise** is left, and asks the same kind
# of network to clean it. Cleaned once, it is a grey smear; cleaned a little at a time, many times, it is a digit that nobody ever wrote. That is a
# diffusion model.
#
# After this lesson you can
# 1. show in numbers why denoising in one go must blur, and why many small steps do not;
# 2. write noise schedule, training examples and sampling for one-dimensional data whose truth can be worked out, and draw what was learned beside what is true;
# 3. train a small network that draws digits, compare its quality with a VAE's, and check whether it copies training images.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [21](21_denoising_autoencoder.ipynb) 的去雜訊；[20](20_autoencoder.ipynb) 的 VAE（步驟 11）；[06](06_convolutions.ipynb) 的卷積；常態分布 · denoising of [21](21_denoising_autoencoder.ipynb); the VAE of [20](20_autoencoder.ipynb), for step 11; convolutions of [06](06_convolutions.ipynb); the normal distribution |
# | 學習時間 · Study time | 約 85 分鐘，含空格和問題 · about 85 minutes, with gaps and questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0）· MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 硬體 · Hardware | 兩個 CPU 核心就夠；有 GPU 會更快 · two CPU cores are enough; a GPU is faster |
# | 投影片 · Slides | 沒有；原課程停在附錄的去雜訊 Autoencoder · none; the original course stops at the De-noise Autoencoder of its appendix |

# %% slideshow={"slide_type": "skip"}
import time
from itertools import pairwise

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from scipy import special, stats
from sklearn.metrics import euclidean_distances

from utils.data import datasets
from utils.models import autoencoder, diffusion, evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_IMAGES = profile.choose(smoke=2_000, lesson=55_000, full=55_000)
VALID_IMAGES = profile.choose(smoke=500, lesson=5_000, full=5_000)  # the last ones of the training set: what choices are made on
POINTS = profile.choose(smoke=500, lesson=20_000, full=55_000)      # training images that the exact guess of steps 3 and 8 looks at
LINE_EPOCHS = profile.choose(smoke=1, lesson=80, full=200)          # of the network on the line, step 7
EPOCHS = profile.choose(smoke=1, lesson=10, full=100)               # of the network that draws digits
CODE_EPOCHS = profile.choose(smoke=1, lesson=12, full=100)          # of the network that draws codes, step 11
WIDTH = profile.choose(smoke=32, lesson=384, full=1024)
RIVAL_EPOCHS = profile.choose(smoke=1, lesson=6, full=60)           # of VAE and autoencoder
JUDGE_EPOCHS = profile.choose(smoke=1, lesson=2, full=6)            # of the classifier that judges
SAMPLES = profile.choose(smoke=100, lesson=1_000, full=5_000)
STEPS = profile.choose(smoke=4, lesson=20, full=50)
BATCH = 128
FIRST = 0.98  # where sampling begins: at t = 1 nothing is left of the data, and one would divide by 0
JIT = profile.choose(smoke=False, lesson="auto", full="auto")       # does not pay for a few steps
SEED = profile.chosen_seed(22)
profile.seed(22)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：雜訊要加多少 · Step 1: How much noise
#
# 上一課把雜訊**加上去**，圖還在，只是髒了。這裡要一路走到「只剩雜訊」，所以一邊加雜訊，一邊把圖**調淡**：
#
# The last lesson *added* noise: the picture stayed and got dirty. Here we go on until nothing but noise is left, so while noise is added the picture *fades*:
#
# $$x_t = a_t\,x_0 + s_t\,\epsilon$$
#
# $x_0$ 是乾淨的資料，$\epsilon$ 是標準常態亂數，$t$ 從 0（乾淨）走到 1（雜訊）。$a_t=\cos\frac{\pi t}{2}$、$s_t=\sin\frac{\pi t}{2}$ 是兩者的份量，這叫**雜訊排程**（noise schedule）。
#
# 用數字算一次：$a=0.8$、$s=0.6$（$t$ 約 0.41），像素是 1，亂數是 0.5，就得到 $0.8\times1+0.6\times0.5=1.1$。
#
# $x_0$ is the clean data, $\epsilon$ a standard normal number, and $t$ runs from 0 (clean) to 1 (noise). The shares of the two, $a_t=\cos\frac{\pi t}{2}$ and
# $s_t=\sin\frac{\pi t}{2}$, are the **noise schedule**.
#
# Once in numbers: with $a=0.8$ and $s=0.6$ ($t$ about 0.41), a pixel of 1 and a random number of 0.5 make $0.8\times1+0.6\times0.5=1.1$.

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這一課的資料都排成 (筆數, 維度)。每一筆有自己的 $t$，所以 `t` 的形狀是 (筆數, 1)，也可以只是一個數。
#
# ✏️ 寫出 `spoil`。`np.cos`、`np.sin`、`np.pi` 都能用。
#
# All data of this lesson have the shape (examples, dimensions). Each example has a $t$ of its own, so `t` is (examples, 1), or a single number.
#
# ✏️ Write `spoil`, with `np.cos`, `np.sin` and `np.pi`.


# %% gap="spoil" slideshow={"slide_type": "fragment"}
def spoil(clean, noise, t):
    """Return what data and standard normal noise, both (n, d), have become at time t, 0 ... 1."""
    ### BEGIN SOLUTION
    return np.cos(np.pi * t / 2) * clean + np.sin(np.pi * t / 2) * noise
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
at_08 = 2 / np.pi * np.arccos(0.8)
pair_of_numbers = np.random.default_rng(1).standard_normal((2, 50_000, 1))
checks.close(spoil(np.array([[3.0]]), np.array([[9.0]]), 0.0), [[3.0]], "t = 0 是乾淨的。 Clean at t = 0.",
             "t = 0 應該原封不動：資料乘的是餘弦嗎？ At t = 0 nothing should change: is it the cosine that multiplies the data?")
checks.that(np.abs(np.var(spoil(*pair_of_numbers, 0.5)) - 1) < 0.05, "變異數守住了。 The variance is kept.",
            "資料和雜訊的變異數都是 1，半路上卻不是 1：份量的平方和要是 1，不是份量的和。 Data and noise have variance 1, but half-way it is not 1: "
            "the squares of the shares should add up to 1, not the shares.")
checks.close(spoil(np.array([[1.0], [1.0]]), np.array([[0.5], [0.5]]), np.array([[at_08], [1.0]])), [[1.1], [0.5]],
             "1.1，和手算一樣。 1.1, as by hand.", "角度是 πt/2，不是 t 也不是 πt。 The angle is πt/2, neither t nor πt.", 1e-5)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 數字縮成 14 × 14（2 × 2 個像素取平均），像素換成 −1 到 1。圖小四倍，兩個核心才來得及。
#
# Digits are shrunk to 14 × 14 (means of 2 × 2 pixels), with pixels from −1 to 1. A quarter of the pixels is what two cores can manage.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
SIDE = 14
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()


def shrink(images):
    """Return images (n, 28, 28), 0 ... 255, as rows (n, 196) of 14 × 14 pixels, -1 ... 1."""
    summed = sum(images[:, row::2, column::2].astype("float32") for row in (0, 1) for column in (0, 1))
    return summed.reshape(-1, SIDE * SIDE) / 4 / 127.5 - 1


x_train, x_test = shrink(x_train), shrink(x_test)
print("train", x_train.shape, " test", x_test.shape, f" values {x_train.min():g} to {x_train.max():g}")

# %% slideshow={"slide_type": "skip"}
x_train, x_valid = x_train[:TRAIN_IMAGES], x_train[-VALID_IMAGES:]  # no image is in both
y_train, y_valid = y_train[:TRAIN_IMAGES], y_train[-VALID_IMAGES:]


def draw_rows(rows, columns):
    """Show rows of 14 × 14 pictures, each row with its name on the left, each column with its own above."""
    figure, axes = plt.subplots(len(rows), 1, figsize=(9.5, 0.25 + 0.78 * len(rows)))
    for axis, (name, images) in zip(np.atleast_1d(axes), rows.items(), strict=True):
        axis.imshow(np.hstack(np.reshape(images, (-1, SIDE, SIDE))), vmin=-1, vmax=1)
        axis.set(xticks=SIDE * np.arange(len(columns)) + SIDE / 2, xticklabels=columns, yticks=[])
        axis.tick_params(length=0, labeltop=True, labelbottom=False, labelsize=9)
        axis.spines[:].set_visible(False)
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        columns = [""] * len(columns)
    plt.show()


# %% alt={"zh": "一個數字在十個時間的樣子：t = 0 很清楚，0.4 還認得出來，0.8 以後幾乎只剩雜訊。", "en": "One digit at ten times: clear at t = 0, still readable at 0.4, hardly anything but noise from 0.8 on."} slideshow={"slide_type": "fragment"}
TIMES = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.95])
one = x_valid[:1]
noise = np.random.default_rng(3).standard_normal((len(TIMES), one.shape[1]))
noised = spoil(np.repeat(one, len(TIMES), axis=0), noise, TIMES[:, None])
draw_rows({"noised": noised}, [f"t = {t:g}" for t in TIMES])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 上一課的 $x+\sigma\epsilon$ 也可以把 $\sigma$ 一直加大。為什麼這裡要把圖調淡，讓 $a_t^2+s_t^2=1$？
#
# 🤔 The $x+\sigma\epsilon$ of the last lesson could also go on with a larger and larger $\sigma$. Why fade the picture, so that $a_t^2+s_t^2=1$?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 為了讓數字的大小不變：資料的變異數是 1，任何時間的變異數也都是 1，同一個網路才好處理每一個 $t$；而且終點正好是標準常態，之後要從那裡抽樣。一直加大 $\sigma$ 也行得通（有的論文就這樣做），但輸入會越來越大，要另外除回來。以為「調淡只是為了好看」的人，忘了網路怕忽大忽小的輸入。
#
# To keep numbers of one size: data of variance 1 have variance 1 at every time, so one network can serve every $t$; and the end is exactly the standard
# normal, from which we shall draw. A growing $\sigma$ works as well (some papers do it), but then inputs grow and must be divided again. Who took fading for
# decoration forgot that networks dislike inputs of very different size.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：最好的猜測是平均 · Step 2: The best guess is a mean
#
# 先看最小的世界：資料只有兩種，−1 和 +1，一樣常見。$a=0.8$、$s=0.6$ 時看到 $x_t=0.2$。原來是哪一個？
#
# - 如果是 +1，雜訊要把 0.8 變成 0.2，差 −0.6；可能性是 $e^{-0.6^2/(2\cdot0.6^2)}=e^{-0.5}=0.607$。
# - 如果是 −1，雜訊要把 −0.8 變成 0.2，差 1；可能性是 $e^{-1^2/(2\cdot0.6^2)}=e^{-1.389}=0.249$。
#
# 除以總和，+1 的機率是 0.709，−1 是 0.291。要平方誤差最小，就猜平均：$0.709-0.291=0.417$。
#
# Take the smallest world: data are −1 or +1, as often. At $a=0.8$, $s=0.6$ we see $x_t=0.2$. Which was it?
#
# - If +1, noise has turned 0.8 into 0.2, by −0.6; the likelihood is $e^{-0.6^2/(2\cdot0.6^2)}=e^{-0.5}=0.607$.
# - If −1, noise has turned −0.8 into 0.2, by 1; the likelihood is $e^{-1^2/(2\cdot0.6^2)}=e^{-1.389}=0.249$.
#
# Divided by their sum, +1 has the probability 0.709 and −1 has 0.291. The least squared error is that of the mean, $0.709-0.291=0.417$.

# %% [markdown] slideshow={"slide_type": "fragment"}
# 0.417 從來沒有出現在資料裡！它就是「糊」：兩個清楚的答案的平均。
#
# ✏️ 寫成函式，給任意多個點、任意多維。`squares` 已經算好：每個 `noisy` 和每個調淡的點 $a_tp$ 的距離平方，形狀是 (n, m)。機率用 `special.softmax(..., axis=1)`：它取指數、再除以總和，不會溢位。
#
# 0.417 does not occur in the data at all! That is what blur is: the mean of two sharp answers.
#
# ✏️ Make it a function, for any number of points and dimensions. `squares` is there: squared distances of each `noisy` from each faded point $a_tp$, shape
# (n, m). For probabilities take `special.softmax(..., axis=1)`: it takes exponentials and divides by their sum, without overflow.


# %% gap="guess" slideshow={"slide_type": "fragment"}
def best_guess(noisy, t, points):
    """Return the mean (n, d) of the points (m, d), equally common, that may have become noisy (n, d) at time t."""
    a, s = diffusion.rates(t)
    squares = euclidean_distances(noisy, a * points, squared=True)
    ### BEGIN SOLUTION
    probabilities = special.softmax(-squares / (2 * s**2), axis=1)
    return probabilities @ points
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
two_points, seen = np.array([[-1.0], [1.0]]), np.linspace(-2, 2, 9)[:, None]
answer, (a, s) = np.asarray(best_guess(seen, 0.6, two_points)), diffusion.rates(0.6)
checks.that(answer.shape == (9, 1), "一個輸入一個猜測。 A guess for each input.",
            f"9 個輸入要有 9 個猜測，形狀 (9, 1)，你的是 {answer.shape}。 9 inputs give 9 guesses, shape (9, 1); yours is {answer.shape}.")
checks.that(not np.isin(np.delete(answer, 4), [-1, 1]).all(), "不是最近的點。 Not the nearest point.",
            "你給的是最近的那一點；平方誤差最小的是**平均**。 You return the nearest point; the least squared error is that of the *mean*.")
checks.that(np.abs(answer).max() <= 1 + 1e-9, "猜測在兩點之間。 The guess lies between the points.",
            "平均不可能超出兩點之外：機率加起來是 1 嗎？ A mean cannot lie outside the points: do the probabilities add up to 1?")
checks.close(answer, np.tanh(a * seen / s**2), "和公式 tanh(a·x/s²) 一樣。 The same as the formula tanh(a·x/s²).",
             "指數裡是 −距離平方 ÷ (2 s²)：負號、2 和平方都在嗎？ In the exponent stands −squared distance ÷ (2 s²): are the minus, the 2 and the square there?", 1e-6)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print("seen 0.2 at a = 0.8, s = 0.6; best guess", round(float(best_guess(np.array([[0.2]]), at_08, two_points)[0, 0]), 3))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：數字的最好猜測也糊 · Step 3: For digits the best guess blurs as well
#
# 同一個函式可以用在圖上：把兩萬張訓練影像當成「點」，請它猜一張**驗證**影像。這裡沒有網路，這就是「如果世上只有這兩萬張圖」的最好答案。
#
# The same function works on pictures: let 20,000 training images be the points and have it guess a **validation** image. There is no network here. If these
# 20,000 were all the pictures in the world, this is the best possible answer.

# %% alt={"zh": "上排是越來越髒的同一個數字，下排是最好的猜測：雜訊少時是一張清楚的訓練影像，雜訊多時變成許多數字疊在一起的灰影。", "en": "Above, one digit with more and more noise; below, the best guess: a sharp training image where there is little noise, a grey overlay of many digits where there is much."} slideshow={"slide_type": "fragment"}
points = x_train[:POINTS]
guesses = np.vstack([best_guess(noised[k:k + 1], t, points) for k, t in enumerate(TIMES) if t > 0])
draw_rows({"noised": noised[1:], "best guess": guesses}, [f"t = {t:g}" for t in TIMES[1:]])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 雜訊多的時候，很多影像都「可能是它」，最好的猜測就是它們的平均。所以上一課的灰色**不是網路不夠好**：只准交一張圖、只看平方誤差，最好的答案本來就糊。
#
# 🤔 左邊（$t$ 小）的猜測很清楚，可是它是一張**訓練**影像，不是原來那張。為什麼？
#
# With much noise, many images may have been it, and the best guess is their mean. So the grey of the last lesson was **not a network's fault**: with one picture to
# hand in, and squared errors to pay, the best answer is blurred.
#
# 🤔 On the left, at a small $t$, the guess is sharp, but it is a **training** image and not the one that was noised. Why?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為這個猜測只認識訓練影像，驗證影像不在裡面；它只能給最近的那幾張的平均。$s$ 小的時候，距離平方要除以很小的 $2s^2$，最近的一張的機率幾乎是 1，所以看起來就是那一張。猜「雜訊小就能還原」的人，想成了會學筆畫的網路；這個函式什麼也沒學，只會查表。步驟 8 會看到這件事的後果。
#
# Because this guess knows training images only, and the validation image is not among them; it can return no more than a mean of the nearest. With a small $s$,
# squared distances are divided by a tiny $2s^2$, the nearest image has a probability of almost 1, and the mean is that image. Who expected the original back was
# thinking of a network that learns strokes; this function learns nothing, it looks things up. Step 8 shows what comes of that.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：只走一小步 · Step 4: Take a small step only
#
# 猜測糊，那就不要全信：往它走**一小步**，雜訊少一點，再猜一次。
#
# 有了猜測 $\hat x$，也就猜得出雜訊：$x_t=a\hat x+s\hat\epsilon$，所以 $\hat\epsilon=(x_t-a\hat x)/s$。下一個時間用**同樣的** $\hat x$ 和 $\hat\epsilon$，只換份量：
#
# If the guess is blurred, do not trust it all the way: go *a small step* towards it, to a little less noise, and guess again.
#
# With a guess $\hat x$ there is a guess of the noise: $x_t=a\hat x+s\hat\epsilon$, hence $\hat\epsilon=(x_t-a\hat x)/s$. The next time has **the same** $\hat x$ and
# $\hat\epsilon$, in other shares:
#
# $$x_{t'}=a_{t'}\,\hat x+s_{t'}\,\hat\epsilon$$

# %% [markdown] slideshow={"slide_type": "fragment"}
# 接著步驟 2 的數字算：$\hat x=0.417$，$\hat\epsilon=(0.2-0.8\times0.417)/0.6=-0.223$。走到 $a'=0.96$、$s'=0.28$：$0.96\times0.417-0.28\times0.223=0.338$。再猜一次，這次的猜測是 0.9995，幾乎就是 +1！
#
# ✏️ 寫出一步。`diffusion.rates(t)` 給 $a_t$ 和 $s_t$。這種不加新雜訊的走法叫 **DDIM**。
#
# On with the numbers of step 2: $\hat x=0.417$ and $\hat\epsilon=(0.2-0.8\times0.417)/0.6=-0.223$. The next place, at $a'=0.96$ and $s'=0.28$, is
# $0.96\times0.417-0.28\times0.223=0.338$. Guess again: this time it is 0.9995, as good as +1!
#
# ✏️ Write a step; `diffusion.rates(t)` gives $a_t$ and $s_t$. Walking like this, without any new noise, is called **DDIM**.


# %% gap="step" slideshow={"slide_type": "fragment"}
def step(noisy, guess, t, t_next):
    """Return where noisy (n, d) of time t goes at an earlier time, given the guess (n, d) of its data."""
    (a, s), (a_next, s_next) = diffusion.rates(t), diffusion.rates(t_next)
    ### BEGIN SOLUTION
    noise = (noisy - a * guess) / s
    return a_next * guess + s_next * noise
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
at_096 = 2 / np.pi * np.arccos(0.96)
tried, known = np.random.default_rng(2).standard_normal((2, 6, 3))
once = np.asarray(step(spoil(known, tried, at_08), known, at_08, at_096))
checks.that(not np.allclose(once, spoil(known, tried, at_08)), "有走動。 It moves.", "還在原地：拆開用舊的份量，組回去用新的。 It stands still: take apart by the old shares, put together by the new.")
checks.that(not np.allclose(once, known) and not np.allclose(once, 0.96 * known), "雜訊還留著一些。 Some noise stays.",
            "一步就把雜訊全丟了；要留下 s' 份。 All noise is gone in one step; a share s' should stay.")
checks.close(once, spoil(known, tried, at_096), "同樣的資料和雜訊，新的份量。 The same data and noise, in new shares.",
             "雜訊是 (noisy − a·guess) ÷ s，用**舊**的份量；然後用新的份量組回去。 The noise is (noisy − a·guess) ÷ s, by the *old* shares; then put both together by the new ones.")


# %% [markdown] slideshow={"slide_type": "subslide"}
# 抽樣（sampling）就是一直走下去：從純雜訊出發，時間從 0.98 均勻地走到 0。整個迴圈只有這幾行，後面畫數字也用它。
#
# Sampling is to walk on and on: start from pure noise, and let time go evenly from 0.98 to 0. These few lines are the whole loop, for digits as well.


# %% slideshow={"slide_type": "fragment"}
def sample(guess, start, steps, first=FIRST):
    """Walk from noise (n, d) to data; return all places on the way, (steps + 1, n, d). guess(x, t) gives the data."""
    places = [start]
    for t, t_next in pairwise(np.linspace(first, 0, steps + 1)):
        places.append(step(places[-1], guess(places[-1], t), t, t_next))
    return np.array(places)


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for steps in (1, 2, 3, 10):
    walk = sample(lambda x, t: best_guess(x, t, two_points), np.array([[0.2], [-0.7]]), steps, first=at_08)
    print(f"{steps:2} steps: from 0.2 to {walk[-1, 0, 0]:+.3f}, from -0.7 to {walk[-1, 1, 0]:+.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 一步到底就是步驟 2 的 0.417；兩步就到了 +1。每走一小步，雜訊少一點，可能的答案也少一點，下一次的猜測就更清楚。
#
# 🤔 從 0.2 出發一定到 +1。那麼新的東西從哪裡來？這個走法裡，亂數只在哪裡出現？
#
# One step all the way is the 0.417 of step 2; two steps arrive at +1. With each small step there is a little less noise, fewer answers remain possible, and the
# next guess is sharper.
#
# 🤔 From 0.2 it always ends at +1. Where then does anything new come from? Where in this walk is there chance at all?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 只在起點。走法是固定的，同樣的起點走到同樣的終點；抽很多個起點，就得到很多個不同的樣本，像把一張雜訊「翻譯」成一筆資料。最早的做法（DDPM）每一步還加一點新的亂數，步驟也要多得多。猜「每一步都擲骰子」的人說的是 DDPM，不是這裡的 DDIM。
#
# At the start alone. The walk is fixed, and the same start ends in the same place; many starts give many samples, as if noise were translated into data. The
# first method (DDPM) also adds some new noise at every step, and takes many more of them. Who thought of dice at every step described DDPM, not this DDIM.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：在線上看全部 · Step 5: On a line all can be seen
#
# 資料換成一維的三團：一半在 −1.2 附近，三成在 0.2，兩成在 1.3。每一團是常態分布，所以最好的猜測有公式。先看只有一團的：平均 $m$、變異數 $v$，
#
# Now the data are three heaps on a line: half near −1.2, three tenths near 0.2, two tenths near 1.3. Each is normal, so the best guess has a formula. First for
# one heap alone, of mean $m$ and variance $v$:
#
# $$\hat x=m+\frac{a\,v}{a^2v+s^2}\,(x_t-a\,m)$$
#
# 用數字：$m=0$、$v=1$、$a=0.8$、$s=0.6$，看到 0.2 就猜 $\frac{0.8}{0.64+0.36}\times0.2=0.16$，比看到的更靠近平均。三團就照可能性取平均，`diffusion.Mixture` 幫你算。
#
# In numbers: with $m=0$, $v=1$, $a=0.8$ and $s=0.6$, seeing 0.2 makes us guess $\frac{0.8}{0.64+0.36}\times0.2=0.16$, nearer to the mean than what was seen. With
# three heaps their guesses are averaged by likelihood; `diffusion.Mixture` does it.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
heaps = diffusion.Mixture([0.5, 0.3, 0.2], [-1.2, 0.2, 1.3], [0.2, 0.1, 0.15])
print("one heap:", diffusion.Mixture([1], [0], [1]).guess(np.array([0.2]), at_08).round(3), " three heaps:", heaps.guess(np.array([0.2]), at_08).round(3))

# %% slideshow={"slide_type": "subslide"}
start = np.random.default_rng(SEED).standard_normal((5_000, 1))
walk = sample(heaps.guess, start, 100)
many = np.quantile(start, np.linspace(0.02, 0.98, 40))  # evenly from the heap of starts
few = sample(heaps.guess, many[:, None], 100)
line = np.linspace(-2.2, 2.2, 400)

# %% alt={"zh": "左圖：四十條從雜訊走到資料的路，先擠在一起，後來分成三束。右圖：五千個終點的長條圖和真正的密度曲線重合，有三個峰。", "en": "Left: forty paths from noise to data, together at first, then parting into three bundles. Right: a histogram of five thousand ends lies on the curve of the true density, with three peaks."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), width_ratios=(1.6, 1))
axes[0].plot(np.linspace(FIRST, 0, 101), few[..., 0], color=plots.COLORS[0], lw=0.8)
axes[0].set(xlabel="time t (noise on the left, data on the right)", ylabel="x", xlim=(1, 0), ylim=(-2.6, 2.6))
axes[1].hist(walk[-1, :, 0], bins=80, density=True, color="#bbbbbb", label="5,000 samples")
axes[1].plot(line, heaps.density(line), color=plots.COLORS[1], label="true density")
axes[1].set(xlabel="x", ylabel="density")
axes[1].legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 走得夠細，終點的分布就是資料的分布。要多細？量一量：樣本和資料的分布差多少，用**搬土距離**（Wasserstein distance）：把一堆土搬成另一堆，平均每一粒要搬多遠。
#
# 🤔 先猜：只走**一步**，五千個樣本會落在哪裡？
#
# With steps fine enough, the ends are spread as the data are. How fine is that? Measure how far samples and data are apart by the **Wasserstein distance**: to turn one heap
# of earth into the other, how far is a grain carried on average?
#
# 🤔 Guess first: with **one** step, where do the five thousand samples lie?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 幾乎全在資料的平均附近：$0.5\times(-1.2)+0.3\times0.2+0.2\times1.3=-0.28$，那裡幾乎沒有資料。純雜訊什麼也沒透露，最好的猜測就是總平均。下面的表第一列就是它。猜「落在最近的一團」的人，忘了一步到底交出的是平均。
#
# Nearly all near the mean of the data, $0.5\times(-1.2)+0.3\times0.2+0.2\times1.3=-0.28$, where there are hardly any data. Pure noise tells nothing, so the best guess is the
# overall mean. The first row of the table below is just that. Who guessed "in the nearest heap" forgot that one step all the way hands in a mean.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
truth = heaps.draw(50_000, seed=4)
rows = []
for steps in (1, 2, 5, 10, 20, 50, 100):
    ends = sample(heaps.guess, start, steps)[-1, :, 0]
    rows.append((steps, float(ends.mean()), float(ends.std()), float(stats.wasserstein_distance(ends, truth))))
rows.append(("real data", float(truth.mean()), float(truth.std()), float(stats.wasserstein_distance(heaps.draw(5_000, seed=SEED), truth))))
display.table(rows, columns=["steps", "mean", "standard deviation", "Wasserstein distance"], digits=3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：往哪裡比較像資料：分數 · Step 6: Which way is more like data: the score
#
# 換一個角度看同一個猜測。$p_t(x)$ 是時間 $t$ 時 $x$ 的密度；它的對數的斜率叫**分數**（score），指向「比較像資料」的方向。猜測和分數是同一件事：
#
# Here is another view of the same guess. Let $p_t(x)$ be the density of $x$ at time $t$; the slope of its logarithm is the **score**, and it points to where
# $x$ would be more like data. Guess and score are one:
#
# $$\frac{d}{dx}\log p_t(x)=\frac{a\,\hat x-x}{s^2}=-\frac{\hat\epsilon}{s}$$
#
# 用數字：$a=0.8$、$s=0.6$、$x=0.2$、$\hat x=0.417$，分數是 $(0.8\times0.417-0.2)/0.36=0.372$：往右。
#
# In numbers: with $a=0.8$, $s=0.6$, $x=0.2$ and $\hat x=0.417$ the score is $(0.8\times0.417-0.2)/0.36=0.372$: to the right.
#
# ✏️ 寫出 `score`。檢查格會拿它和密度的**有限差分**比（[05](05_backpropagation.ipynb) 用過）。
#
# ✏️ Write `score`. The check compares it with **finite differences** of the density (as in [05](05_backpropagation.ipynb)).


# %% gap="score" slideshow={"slide_type": "fragment"}
def score(noisy, guess, t):
    """Return the slope of the log density at noisy, time t, given the best guess of its data."""
    a, s = diffusion.rates(t)
    ### BEGIN SOLUTION
    return (a * guess - noisy) / s**2
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
x, t, small = np.linspace(-2, 2, 9), 0.4, 1e-5
slopes = (np.log(heaps.density(x + small, t)) - np.log(heaps.density(x - small, t))) / (2 * small)
answer = np.asarray(score(x, heaps.guess(x, t), t))
checks.that(not np.allclose(answer, -slopes, atol=1e-3), "往資料走。 Towards the data.",
            "方向反了：分數指向猜測，不是離開它。 The wrong way: the score points towards the guess, not away.")
checks.that(not np.allclose(answer, slopes * diffusion.rates(t)[1], atol=1e-3), "除以變異數。 Divided by the variance.",
            "要除的是 s²，你除了 s。 Divide by s², not by s.")
checks.close(answer, slopes, "和有限差分一樣。 The same as finite differences.",
             "分子是調淡的猜測減 x：a 乘上去了嗎？ Above stands the faded guess minus x: has it been multiplied by a?", 1e-4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：把猜測交給網路 · Step 7: Let a network guess
#
# 真正的資料沒有公式，所以用網路來猜。訓練和上一課一樣：弄髒，要它洗乾淨。只有三處不同：$t$ 每一筆都隨機；$t$ 也放進去，讓它知道有多髒；答案是**雜訊** $\epsilon$，不是乾淨的資料。（有了雜訊就有乾淨的：$\hat x=(x_t-s\hat\epsilon)/a$。）損失是雜訊的均方誤差。
#
# Real data have no formula, so a network must guess. It is trained as in the last lesson: spoil, and have it cleaned. There are three changes. Every example has a random $t$; $t$
# goes in as well, to say how noisy it is; and the answer is the **noise** $\epsilon$, not the clean data. (Either gives the other: $\hat x=(x_t-s\hat\epsilon)/a$.) The loss is the mean squared
# error of the noise.
#
# 用數字：像素 1、雜訊 0.5、$a=0.8$、$s=0.6$，放進去的是 1.1，答案是 0.5；網路說 0.4，損失就是 $0.1^2=0.01$，它猜的乾淨像素是 $(1.1-0.6\times0.4)/0.8=1.075$。
#
# In numbers: a pixel of 1 and noise of 0.5 at $a=0.8$, $s=0.6$ put in 1.1, and the answer is 0.5. If the network says 0.4, the loss is $0.1^2=0.01$, and its guess of the
# clean pixel $(1.1-0.6\times0.4)/0.8=1.075$.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出訓練樣本：每一列抽**自己的** $t$（0 到 1 均勻，`random.uniform(0, 1, 形狀)`，形狀 (n, 1)）和標準常態雜訊，傳回 `(髒的, t), 雜訊`。用你的 `spoil`。
#
# ✏️ Write the training examples: for each row draw a $t$ **of its own** (uniform from 0 to 1, `random.uniform(0, 1, shape)`, shape (n, 1)) and standard normal noise; return
# `(noisy, t), noise`. Use your `spoil`.


# %% gap="pair" slideshow={"slide_type": "fragment"}
def pair(clean, random):
    """Return what goes into the network in training, (noisy (n, d), times (n, 1)), and what should come out (n, d)."""
    ### BEGIN SOLUTION
    t = random.uniform(0, 1, (len(clean), 1))
    noise = random.standard_normal(clean.shape)
    return (spoil(clean, noise, t), t), noise
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
given = np.random.default_rng(5).choice([-1.0, 1.0], (4_000, 2))
(goes_in, when), comes_out = pair(given.copy(), np.random.default_rng(6))
checks.that(np.shape(when) == (4_000, 1) and np.std(when) > 0.2, "每一列有自己的 t。 Each row has a t of its own.",
            f"t 的形狀應該是 (4000, 1)，而且每一列不同；你的是 {np.shape(when)}，標準差 {np.std(when):.2f}。 "
            f"t should have the shape (4000, 1) and differ from row to row; yours is {np.shape(when)} with a standard deviation of {np.std(when):.2f}.")
checks.that(not np.allclose(comes_out, given), "答案不是乾淨的資料。 The answer is not the clean data.",
            "你的答案是乾淨的資料；這裡要網路猜的是雜訊。 Your answer is the clean data; here the network should guess the noise.")
checks.that(np.abs(np.std(comes_out) - 1) < 0.05, "標準常態雜訊。 Standard normal noise.",
            f"雜訊的標準差應該是 1，你的是 {np.std(comes_out):.2f}。 The noise should have a standard deviation of 1; yours has {np.std(comes_out):.2f}.")
checks.close(goes_in, spoil(given, comes_out, when), "答案正是加進去的雜訊。 The answer is the noise that went in.",
             "答案不是加進去的那一份雜訊：抽一次，用兩次。 The answer is not the noise that went in: draw once, use it twice.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一個數 $t$ 直接放進網路，變化太慢；先換成快慢不同的波（sin 和 cos），網路才容易分辨 0.20 和 0.25。這叫**時間嵌入**（time embedding）。
#
# 還有一個陷阱：$\hat x=(x_t-s\hat\epsilon)/a$ 要除以 $a$。$t=0.98$ 時 $a=0.031$，雜訊只猜錯 0.01，$\hat x$ 就錯 0.32！所以讓網路只算一個修正 $f$，再組成 $\hat\epsilon=s\,x_t+a\,f$：$t=1$ 時看到的就是雜訊，一定對；誤差乘上 $a$，再除以 $a$，就不會放大。
#
# A single number $t$ changes too slowly for a network; as waves of several speeds (sin and cos), 0.20 and 0.25 are easy to tell apart. This is the **time embedding**.
#
# There is one more trap: $\hat x=(x_t-s\hat\epsilon)/a$ divides by $a$. At $t=0.98$, $a=0.031$, and noise that is off by 0.01 puts $\hat x$ off by 0.32! So let the network work out a correction $f$ only, and take
# $\hat\epsilon=s\,x_t+a\,f$. At $t=1$ what is seen is the noise, and that is right for certain; errors are multiplied by $a$ before they are divided by it, and do not grow.


# %% slideshow={"slide_type": "fragment"}
def waves(t, count=8):
    """Return sin and cos of πt, 2πt ... of times (n, 1), as (n, 2 · count)."""
    angles = t * (np.pi * np.arange(1, count + 1, dtype="float32"))
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def noise_of(noisy, t, correction):
    """Return a guess of the noise that is sure to be right at t = 1, whatever the correction."""
    return ops.sin(np.pi / 2 * t) * noisy + ops.cos(np.pi / 2 * t) * correction


def line_network():
    noisy, t = keras.Input((1,)), keras.Input((1,))
    hidden = layers.Concatenate()([noisy, waves(t)])
    for _ in range(3):
        hidden = layers.Dense(128, "silu")(hidden)
    return keras.Model([noisy, t], noise_of(noisy, t, layers.Dense(1)(hidden)))


# %% slideshow={"slide_type": "subslide"}
def train(network, clean, epochs, peak_rate, batch=BATCH):
    """Train a network to guess the noise, with fresh times and noise in every epoch; return the loss of each."""
    steps = epochs * -(-len(clean) // batch)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=steps - steps // 20, warmup_target=peak_rate, warmup_steps=steps // 20
    )
    network.compile(keras.optimizers.Adam(rate, beta_2=0.99), "mse", jit_compile=JIT)
    random, losses = np.random.default_rng(SEED + 1), []  # not the seed that drew the data
    for _ in range(epochs):
        history = network.fit(*pair(clean, random), batch_size=batch, verbose=0)
        losses.append(history.history["loss"][0])
    return losses


def guess_by(network, low=-np.inf, high=np.inf):
    """Return the function that guesses data by a network that guesses noise; data are known to lie in low ... high."""
    def guess(noisy, t):
        a, s = diffusion.rates(t)
        noise = network.predict_on_batch([noisy, np.full((len(noisy), 1), t)])
        return np.clip((noisy - s * noise) / a, low, high)

    return guess


# %% slideshow={"slide_type": "fragment"}
line_model = line_network()
line_data = heaps.draw(20_000, seed=SEED)[:, None]
losses = train(line_model, line_data, LINE_EPOCHS, peak_rate=0.003, batch=256)
print(f"loss {losses[0]:.3f} after the first epoch, {losses[-1]:.3f} after the last")

# %% alt={"zh": "三個時間的分數，真的和學到的畫在一起：有資料的地方兩條線幾乎重合，時間最早的那一張在兩團之間的空地上差得比較多。", "en": "The score at three times, true and learned together: the lines almost coincide where there are data; at the earliest time they part more in the gaps between the heaps."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 3, figsize=(10, 3.3))
for axis, t in zip(axes, (0.1, 0.3, 0.7), strict=True):
    x = np.linspace(-2.5, 2.5, 300)[:, None]
    density = heaps.density(x[:, 0], t)
    true_score, learned = (score(x, guess(x, t), t) for guess in (heaps.guess, guess_by(line_model)))
    axis.fill_between(x[:, 0], 0, density / density.max() * np.abs(true_score).max(), color="#dddddd", label="density (its own scale)")
    axis.plot(x, true_score, color=plots.COLORS[1], label="true score")
    axis.plot(x, learned, color=plots.COLORS[0], ls="--", label="learned score")
    axis.set(title=f"t = {t}", xlabel="x")
axes[0].legend(fontsize=8)
plt.show()

# %% slideshow={"slide_type": "fragment"}
ends = sample(guess_by(line_model), start, 100)[-1, :, 0]
line_distance = stats.wasserstein_distance(ends, truth)
print(f"100 steps by the network: Wasserstein distance {line_distance:.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 損失最後停下來，不會到 0。是網路不夠好嗎？
#
# 🤔 The loss levels off and never gets to 0. Is the network not good enough?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不是。就算用公式的最好猜測，雜訊也猜不準：看到 0.2，原來可能是好幾個值。損失的下限是「猜不到的部分」的變異數。$t$ 接近 0 時，雜訊幾乎看不出來，損失接近 1；$t$ 接近 1 時，看到的就是雜訊，損失接近 0。所以這個損失的大小本身不說明好壞，要和公式的最好猜測比，或看樣本。
#
# No. Even the best guess of the formula cannot tell the noise exactly: what is seen as 0.2 may have been several values. The floor of the loss is the variance of what
# cannot be known. Near $t=0$ the noise hardly shows and the loss is near 1; near $t=1$ what is seen is the noise, and the loss is near 0. So the size of this loss says
# little by itself; compare with the formula's best guess, or look at samples.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：完美的網路只會抄 · Step 8: A perfect network would only copy
#
# 訓練資料有限，損失最小的猜測是哪一個？就是步驟 2 的 `best_guess`：它對這些訓練影像是**最佳解**，沒有網路贏得過。那就用它畫數字：
#
# With so many training images and no more, which guess has the least loss? The `best_guess` of step 2: for these images it is the **optimum**, and no network beats it. So let it
# draw digits:

# %% alt={"zh": "上排是用最佳猜測畫出來的十個數字，很清楚；下排是最近的訓練影像，和上排一模一樣。", "en": "Above, ten digits drawn by the optimal guess, all sharp; below, the nearest training images, identical to them."} slideshow={"slide_type": "fragment"}
digits_start = np.random.default_rng(SEED).standard_normal((SAMPLES, SIDE * SIDE)).astype("float32")
copied = sample(lambda x, t: best_guess(x, t, points), digits_start[:10], 20)[-1]


def nearest(images, others):
    """Return for each image the distance to the nearest of the others, and which it is."""
    images, others = np.asarray(images, "float32"), np.asarray(others, "float32")
    which = (images @ others.T - (others**2).sum(axis=1) / 2).argmax(axis=1)  # |x - y|² is |x|² - 2x·y + |y|²
    return np.linalg.norm(images - others[which], axis=1), which


apart, which = nearest(copied, points)
print(f"largest distance to the nearest training image: {apart.max():.4f}")
draw_rows({"samples": copied, "nearest": points[which]}, [""] * 10)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 很清楚，距離是 0：全是抄的！所以「損失越小越好」在這裡**不成立**。會畫新的數字，只能靠網路做不到最佳：例如它太小，或每張圖只看過幾次，得把相近的圖歸納在一起。
#
# 🤔 那麼一個很大的網路，在很少的影像上訓練很久，會怎樣？要怎麼檢查？
#
# All sharp, and at a distance of 0: every one is copied! So here "the smaller the loss, the better" **does not hold**. New digits can come only from what keeps a network from the
# optimum: it is too small, say, or has seen each image a few times only, and must lump similar images together.
#
# 🤔 What then of a very large network, trained for long on few images? How would you check?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它會越來越接近最佳解，也就是開始抄。大型擴散模型真的被發現會吐出訓練裡的照片，尤其是重複很多次的。檢查的辦法：量每個樣本到最近訓練影像的距離，再和**沒看過的真影像**的距離比（步驟 11 就這樣做）。樣本近得不像話，就是抄。覺得「大網路一定比較有創意」的人，把品質和新意當成同一件事。
#
# It comes closer to the optimum, which is to copy. Large diffusion models have indeed been found to return photos of their training, above all such as occur in it many times.
# To check: take each sample's distance to the nearest training image, and compare with the distances of **real images not trained on** (step 11 does so). Samples that are
# much nearer are copies. Who expects a large network to be more creative takes quality for novelty.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：會猜數字的網路 · Step 9: A network that guesses digits
#
# 網路和步驟 7 的一樣，只是寬一點，並用**殘差**（[06](06_convolutions.ipynb)）接起來：每一塊只算一個修正，加回原來的值上；時間嵌入加進每一塊。`through` 是另一條捷徑：每個像素看到的值，按 $t$ 放大或縮小，直接送到輸出。論文多用卷積的 U-Net（[21](21_denoising_autoencoder.ipynb) 步驟 7），畫得更好；兩個核心來不及，所以這裡用全連接。
#
# The network is that of step 7, only wider, and joined by **residuals** (as in [06](06_convolutions.ipynb)): each block works out a correction that is added to what came in, and the time embedding
# goes into every block. `through` is one more shortcut: each pixel as it is seen, scaled by $t$, goes straight to the output. Papers mostly take a convolutional U-Net (step 7 of [21](21_denoising_autoencoder.ipynb)), which draws better; it is too slow for two cores, and so this one is dense.

# %% slideshow={"slide_type": "fragment"}
def residual_network(size, width):
    """Return a network that guesses the noise of (noisy (n, size), t (n, 1))."""
    noisy, t = keras.Input((size,)), keras.Input((1,))
    when = layers.Dense(128, "silu")(waves(t))
    hidden = layers.Dense(width)(noisy)
    for _ in range(3):
        news = layers.Dense(width, "silu")(layers.Add()([hidden, layers.Dense(width)(when)]))
        hidden = layers.Add()([hidden, layers.Dense(width)(news)])
    through = layers.Multiply()([noisy, layers.Dense(size)(when)])  # each pixel as it is seen, more or less of it by t
    return keras.Model([noisy, t], noise_of(noisy, t, layers.Add()([layers.Dense(size)(ops.silu(hidden)), through])))


# %% slideshow={"slide_type": "subslide"}
profile.seed(22)
network = residual_network(SIDE * SIDE, WIDTH)
started = time.perf_counter()
losses = train(network, x_train, EPOCHS, peak_rate=0.001)
network_seconds = time.perf_counter() - started
print(f"{network.count_params():,} parameters, {EPOCHS} epochs in {network_seconds:.0f} s; "
      f"loss {losses[0]:.3f} after the first epoch, {losses[-1]:.3f} after the last")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 網路說的雜訊換成乾淨的圖時，把像素截在 −1 到 1：沒有像素會超出這個範圍。下面是兩趟路的途中，各兩排：現在的圖 $x_t$，和此刻的猜測 $\hat x$。
#
# When the network's noise is turned into a clean picture, pixels are cut at −1 and 1; none lies outside. Below are two walks, two rows each: the picture as it is, $x_t$,
# and the guess $\hat x$ at that moment.

# %% alt={"zh": "兩個數字怎麼形成：圖由雜訊慢慢變成數字，每一刻的猜測由一團灰影變成清楚的筆畫。", "en": "How two digits form: noise slowly becomes a digit, and the guess of each moment turns from a grey smear into clear strokes."} slideshow={"slide_type": "fragment"}
guess_digits = guess_by(network, -1, 1)
walk = sample(guess_digits, digits_start, STEPS)
times, shown = np.linspace(FIRST, 0, STEPS + 1), np.unique(np.linspace(0, STEPS - 1, 10).astype(int))
guesses = np.array([guess_digits(walk[k, :2], times[k]) for k in shown])
draw_rows({"x at t": walk[shown, 0], "guess": guesses[:, 0], "x, another": walk[shown, 1], "its guess": guesses[:, 1]},
          [f"t = {times[k]:.2f}" for k in shown])

# %% alt={"zh": "六十個網路畫出來的數字，有些認得出來，有些筆畫斷掉或什麼也不像。", "en": "Sixty digits drawn by the network, some readable, some with broken strokes or like nothing."} slideshow={"slide_type": "subslide"}
samples = {"diffusion": walk[-1]}
plots.image_grid(samples["diffusion"][:60].reshape(-1, SIDE, SIDE), columns=15, scale=0.7, vmin=-1, vmax=1)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：請一位評審 · Step 10: Appoint a judge
#
# [20](20_autoencoder.ipynb) 的尺用像素數距離，結果獎勵了平均、糊的圖：真的數字分數反而差。這裡換一把：訓練一個像 [06](06_convolutions.ipynb) 那樣的卷積分類器，量三件事。
#
# - **有把握**：分類器對多少樣本有九成以上的把握？真的數字幾乎都有。
# - **像不像整體**：分類器最後一個隱藏層的 64 個數，樣本和真的數字的平均與共變異數差多少？這是 **Fréchet 距離**，越小越好；糊的、少畫幾種的，都會被扣分。
# - **抄襲**：到最近的訓練影像多遠？
#
# The ruler of [20](20_autoencoder.ipynb) counted pixels, and rewarded average, blurred pictures: real digits scored worse. Here is another: train a convolutional classifier as in
# [06](06_convolutions.ipynb), and measure three things.
#
# - **sure**: of how many samples is the classifier at least 90 % sure? Of real digits it mostly is.
# - **like the whole**: in the 64 numbers of its last hidden layer, how far apart are means and covariances of samples and real digits? This is the **Fréchet distance**; less is better, and both blur and
#   missing kinds of digits cost.
# - **copying**: how far is the nearest training image?

# %% [markdown] slideshow={"slide_type": "fragment"}
# 用一維的數字算一次：一邊平均 2、標準差 2，另一邊平均 5、標準差 4，Fréchet 距離是 $(2-5)^2+(2-4)^2=13$。64 維的公式把標準差換成共變異數矩陣，意思一樣。
#
# Once in one dimension: with means 2 and 5 and standard deviations 2 and 4 the Fréchet distance is $(2-5)^2+(2-4)^2=13$. In 64 dimensions covariance matrices stand in place of the standard
# deviations, and it means the same.

# %% slideshow={"slide_type": "fragment"}
judge = keras.Sequential([
    keras.Input((SIDE * SIDE,)), layers.Reshape((SIDE, SIDE, 1)),
    layers.Conv2D(16, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
    layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(10, "softmax"),
])
judge.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
judge.fit(x_train, y_train, batch_size=BATCH, epochs=JUDGE_EPOCHS, verbose=0)
judge_accuracy = judge.evaluate(x_valid, y_valid, batch_size=1000, verbose=0)[1]
features = keras.Model(judge.inputs[0], judge.layers[-2].output)
print(f"the judge has a validation accuracy of {judge_accuracy:.1%}")


# %% slideshow={"slide_type": "subslide"}
def quality(images, real):
    """Return the share of images that the judge is sure of, and their Fréchet distance from real ones."""
    sure = np.mean(autoencoder.in_batches(judge, images).max(axis=1) > 0.9)
    seen, true = autoencoder.in_batches(features, images), autoencoder.in_batches(features, real)
    return float(sure), diffusion.frechet_distance(seen, true)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：和 VAE 比 · Step 11: Against a VAE
#
# 對手是 [20](20_autoencoder.ipynb) 的兩種畫法：**VAE**，和「普通自編碼器，碼從配好的常態分布抽」。同樣的影像；碼用 16 個數字，比第 20 課的四個多，畫得比較細。VAE 的寫法和第 20 課一樣。
#
# The rivals are the two ways of [20](20_autoencoder.ipynb): the **VAE**, and a plain autoencoder whose codes are drawn from a fitted normal distribution. They get the same images, and codes of 16
# numbers, more than the four of lesson 20, to draw finer. The VAE is written as in lesson 20.


# %% slideshow={"slide_type": "fragment"}
class Sampling(layers.Layer):
    """Draw a code from N(mean, exp(log_variance)), and charge for straying from N(0, 1)."""

    def __init__(self, **options):
        super().__init__(**options)
        self.random = keras.random.SeedGenerator(SEED)

    def call(self, mean, log_variance):
        self.add_loss(ops.mean(-0.5 * ops.sum(1 + log_variance - mean**2 - ops.exp(log_variance), axis=-1)))
        return mean + ops.exp(log_variance / 2) * keras.random.normal(ops.shape(mean), seed=self.random)


def fit_rival(model, loss, epochs, images):
    """Train a model to return its input, by lesson 20's course of the learning rate."""
    steps = epochs * -(-len(images) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=steps - steps // 20, warmup_target=0.003, warmup_steps=steps // 20
    )
    model.compile(keras.optimizers.Adam(rate, beta_2=0.99), loss, jit_compile=JIT)
    model.fit(images, images, batch_size=BATCH, epochs=epochs, verbose=0)


# %% slideshow={"slide_type": "subslide"}
grey_train = (x_train + 1) / 2  # 0 ... 1, as the outputs of a sigmoid
draws = np.random.default_rng(SEED)


def by_vae(numbers, epochs):
    """Train a VAE and return new images (SAMPLES, 196), -1 ... 1."""
    image = keras.Input((SIDE * SIDE,))
    hidden = layers.Dense(256, "silu")(layers.Dense(512, "silu")(image))
    code = Sampling()(layers.Dense(numbers)(hidden), layers.Dense(numbers)(hidden))
    decoder = keras.Sequential([
        keras.Input((numbers,)), layers.Dense(256, "silu"), layers.Dense(512, "silu"), layers.Dense(SIDE * SIDE, "sigmoid")])
    fit_rival(keras.Model(image, decoder(code)),
              lambda true, output: SIDE * SIDE * keras.losses.binary_crossentropy(true, output), epochs, grey_train)
    return 2 * autoencoder.in_batches(decoder, draws.standard_normal((SAMPLES, numbers)).astype("float32")) - 1


# %% slideshow={"slide_type": "fragment"}
CODES = 16
profile.seed(22)
started = time.perf_counter()
samples["VAE"] = by_vae(CODES, RIVAL_EPOCHS)
vae_seconds = time.perf_counter() - started

squares = grey_train.reshape(-1, SIDE, SIDE)
coder = autoencoder.build((SIDE, SIDE), hidden_dims=(512, 256), code_dim=CODES)
fit_rival(coder, "mse", RIVAL_EPOCHS, squares)
codes = coder.encode(squares)
drawn = draws.multivariate_normal(codes.mean(axis=0), np.cov(codes, rowvar=False), SAMPLES)
samples["autoencoder, fitted normal"] = 2 * coder.decode(drawn).reshape(-1, SIDE * SIDE) - 1
print(f"training and drawing: VAE {vae_seconds:.0f} s; training alone: diffusion {network_seconds:.0f} s")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 常態分布配不好自編碼器的碼：碼有它自己的形狀。那就讓**擴散模型來抽碼**：同樣的網路、同樣的迴圈，資料換成 16 個數字的碼（每個數字先減平均、除以標準差），抽到的碼再解碼成圖。要洗的只有 16 個數，不是 196 個像素，便宜得多。
#
# A normal distribution is a poor fit to an autoencoder's codes, which have a shape of their own. So let **diffusion draw the codes**: the same network and loop, with codes of 16 numbers for data (each
# minus its mean, over its standard deviation), and the codes that come out are decoded. There are 16 numbers to clean and not 196 pixels, which is much cheaper.

# %% slideshow={"slide_type": "fragment"}
profile.seed(22)
centre, spread = codes.mean(axis=0), codes.std(axis=0)
started = time.perf_counter()
code_network = residual_network(CODES, WIDTH // 2)
train(code_network, (codes - centre) / spread, CODE_EPOCHS, peak_rate=0.002, batch=256)
print(f"{code_network.count_params():,} parameters, {CODE_EPOCHS} epochs in {time.perf_counter() - started:.0f} s")
drawn = sample(guess_by(code_network), draws.standard_normal((SAMPLES, CODES)), STEPS)[-1]
samples["diffusion of codes"] = 2 * coder.decode(spread * drawn + centre).reshape(-1, SIDE * SIDE) - 1

# %% alt={"zh": "五排各十二個數字：擴散模型、VAE、自編碼器配常態、在碼裡擴散的樣本，最下排是真的測試影像。", "en": "Five rows of twelve digits: samples of the diffusion model, the VAE, the autoencoder with a fitted normal, diffusion of codes, and real test images at the bottom."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
draw_rows({name: images[:12] for name, images in samples.items()} | {"real": x_test[:12]}, [""] * 12)

# %% slideshow={"slide_type": "subslide"}
samples["real: validation images"] = x_valid[:SAMPLES]
rows, distances = [], {}
for name, images in samples.items():
    (sure, frechet), (distances[name], _) = quality(images, x_test), nearest(images, x_train)
    rows.append((name, sure, frechet, float(distances[name].mean()), float(distances[name].min())))
    for what, value in zip(("sure", "Fréchet distance, test", "distance to the nearest training image"), rows[-1][1:4], strict=True):
        profile.record(f"{what}, {name}", value)
judged = {row[0]: row[1:] for row in rows}
display.table([(name, f"{evaluation.share(round(sure * len(samples[name])), len(samples[name])):.1%}", *others) for name, sure, *others in rows],
              columns=["samples", "judge is sure (95 %)", "Fréchet distance", "nearest training image: mean", "least"], digits=3)

# %% alt={"zh": "四種影像到最近訓練影像的距離分布，沒有一條碰到 0。", "en": "How far four kinds of images are from the nearest training image; none of the curves touches 0."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.2))
for (name, apart), line_style in zip(distances.items(), ("-", "--", ":", ":", "-."), strict=True):
    if "fitted" not in name:
        axis.hist(apart, bins=np.linspace(0, 8, 65), histtype="step", lw=2, ls=line_style, label=name)
axis.set(xlabel="distance to the nearest training image", ylabel="images")
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 先看抄襲：在碼裡擴散的樣本，到最近訓練影像平均 3.05，最近的 0.62；真的驗證影像是 3.08 和 0.64。幾乎一樣，沒有抄的跡象。
#
# 再看品質（每種只訓練了**一次**，括號是這 1,000 個樣本的區間）：
#
# - 在碼裡擴散最好：Fréchet 距離約 5，配常態的約 18，碼和解碼器都一樣，差別只在怎麼抽；
# - 在像素上擴散約 21，有把握的 54.7 % 和 VAE 的 53.0 % 分不出高下，訓練的時間卻是 VAE 的三倍上下；
# - 誰都還比不上真的數字（約 1）。VAE 的筆畫糊，約 40。
#
# 換三個種子，整課重跑：Fréchet 距離，在碼裡擴散 4.8 到 6.1，配常態的 19.5 到 23.7，在像素上擴散 20.7 到 28.4，VAE 36.3 到 44.6，名次每次都一樣；在像素上擴散有把握的 49 % 到 56 %，VAE 56 % 到 59 %，三次都是 VAE 高一點。
#
# 對手沒有另外調過碼的大小、也沒有訓練到一樣久，所以「VAE 比較差」只說到這些設定為止。
#
# Copying first: samples by diffusion of codes are 3.05 from the nearest training image on average, the nearest 0.62; real validation images have 3.08 and 0.64. That is nearly the same, and no sign of copying.
#
# Now quality (each was trained *once*; the brackets are intervals over these 1,000 samples):
#
# - diffusion of codes is best: a Fréchet distance of about 5, against about 18 with a fitted normal, whose codes and decoder are the same: only the drawing differs;
# - diffusion of pixels has about 21; its 54.7 % of sure samples cannot be told from the VAE's 53.0 %, and its training took about three times as long;
# - none comes up to real digits (about 1). The VAE's strokes are blurred, and it has about 40.
#
# With three other seeds for the whole lesson: Fréchet distances are 4.8 to 6.1 by diffusion of codes, 19.5 to 23.7 with a fitted normal, 20.7 to 28.4 by diffusion of pixels and 36.3 to 44.6 for the VAE, in this order each time;
# of the samples 49 to 56 % are sure by diffusion of pixels, 56 to 59 % by the VAE, which was a little ahead all three times.
#
# The rivals' code size was not tuned, nor were they trained for as long; so "the VAE is worse" holds for these settings and no further.
#
# 🤔 在像素上擴散的樣本離訓練影像**比真的影像還遠**（3.80 對 3.08）。這表示它最有創意嗎？
#
# 🤔 Samples of diffusion of pixels lie **farther** from training images than real ones do (3.80 against 3.08). Does that make it the most creative?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不是。圖上看得到灰點和斷掉的筆畫：離得遠，是因為畫壞了，離**所有**的數字都遠。太近是抄，太遠是畫壞，和真的影像一樣遠才像樣；而且距離要和品質一起看。糊也會把距離拉近，因為平均的形狀離每一張都近。
#
# No. The pictures show grey specks and broken strokes: they are far because they are spoiled, and far from *all* digits. Too near is copied, too far is spoiled, and as far as real images is right; and distances have
# to be read together with quality. Blur also brings things nearer, since an average shape is near to everything.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：要問幾次才夠 · Step 12: How many times must it be asked
#
# 每一步問網路一次，步數就是價錢。同樣的網路和起點，只改步數，在驗證影像上量，像素和碼各一次。
#
# Each step asks the network once, so the number of steps is the price. The same networks and starts, another number of steps, judged on validation images, for pixels and for codes.
#
# 🤔 先猜：最糊的是一步。由 20 步加到 50 步，還會好多少？
#
# 🤔 Guess first: one step is the most blurred. How much better do 50 steps make it than 20?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一點點。碼由 1 步的 105 降到 5 步的 9.35、20 步的 5.10、50 步的 4.41；像素由 119 降到 25.0、18.7、17.5。步數少，每一步跨得太大，走的是直線，真正的路是彎的；步數夠多以後，剩下的誤差主要是網路的，再多問幫助很小。猜「多問一倍半，就好一倍半」的人，忘了網路自己也會錯。
#
# A little. For codes it falls from 105 with 1 step to 9.35 with 5, 5.10 with 20 and 4.41 with 50; for pixels from 119 to 25.0, 18.7 and 17.5. With few steps each is too long: it goes straight where the way bends. Once there are
# enough, most of what is left is the network's own error, and asking more helps little. Who expected it to get better in proportion forgot that the network errs as well.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
COUNTS = profile.choose(smoke=(1, 2, 4), lesson=(1, 2, 3, 5, 10, 20, 50), full=(1, 2, 3, 5, 10, 20, 50, 100))
codes_start = draws.standard_normal((SAMPLES, CODES))
by_count = {"pixels": {}, "codes": {}}
for steps in COUNTS:
    drawn = sample(guess_by(code_network), codes_start, steps)[-1]
    by_steps = {"pixels": walk[-1] if steps == STEPS else sample(guess_digits, digits_start, steps)[-1],
                "codes": 2 * coder.decode(spread * drawn + centre).reshape(-1, SIDE * SIDE) - 1}
    for name, images in by_steps.items():
        by_count[name][steps] = quality(images, x_valid)
        profile.record(f"Fréchet distance, validation, {name}, {steps} steps", by_count[name][steps][1])
display.table([(steps, *(by_count[name][steps][1] for name in by_count)) for steps in COUNTS],
              columns=["steps", *(f"Fréchet distance, {name}" for name in by_count)], digits=3)

# %% alt={"zh": "步數由 1 增加到 50，像素和碼的 Fréchet 距離都先快速下降，之後變平；有把握的比例相反，先升後平。", "en": "From 1 to 50 steps the Fréchet distances of pixels and of codes fall fast at first and then level off; the share the judge is sure of rises and levels off."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 2, figsize=(9, 3.2))
real = quality(x_test[:SAMPLES], x_valid)
for axis, k, label in ((axes[0], 1, "Fréchet distance"), (axes[1], 0, "share the judge is sure of")):
    for (name, found), mark in zip(by_count.items(), ("o-", "s--"), strict=True):
        axis.plot(COUNTS, [found[steps][k] for steps in COUNTS], mark, label=f"diffusion of {name}")
    axis.axhline(real[k], color="#6b6b6b", ls=":", label="real digits")
    axis.set(xscale="log", xlabel="steps", ylabel=label, xticks=COUNTS, xticklabels=COUNTS)
    axis.minorticks_off()
axes[0].set(yscale="log")
axes[0].legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 13：這個領域後來去了哪裡 · Step 13: Where the field went
#
# 今天畫圖的模型用的還是這個迴圈，只多了三樣：
#
# - **更好的網路**：大的 U-Net 或 transformer，而不是我們的幾層；
# - **在碼裡去雜訊**：先用 VAE 把影像壓小，在碼的空間走完，再解碼（latent diffusion）；
# - **聽話**：把類別或一句話也交給網路，像我們交 $t$ 一樣；[17](17_attention.ipynb) 的注意力讓每一處看句子裡該看的詞。
#
# Today's picture models still run this loop, with three additions:
#
# - **better networks**: large U-Nets or transformers instead of our few layers;
# - **denoising codes**: a VAE first makes the picture small, the walk takes place among codes, and the end is decoded (latent diffusion);
# - **doing as told**: a class or a sentence goes into the network as $t$ does; attention, as in [17](17_attention.ipynb), lets each place look at the words that matter.
#
# <details><summary>選讀：DDPM 的寫法 · Optional: how DDPM writes it</summary>
#
# 論文裡時間是 1 到 1000 的整數，$\bar\alpha_t$ 就是我們的 $a_t^2$，所以 $x_t=\sqrt{\bar\alpha_t}\,x_0+\sqrt{1-\bar\alpha_t}\,\epsilon$。每一步先走到我們的方向，再加一點新雜訊；新雜訊取 0 就是 DDIM。損失 $\|\epsilon-\hat\epsilon\|^2$ 和這裡一樣。
#
# In the papers time is an integer from 1 to 1000 and $\bar\alpha_t$ is our $a_t^2$, so that $x_t=\sqrt{\bar\alpha_t}\,x_0+\sqrt{1-\bar\alpha_t}\,\epsilon$. Each step also adds some new noise; with none of it, it is
# DDIM. The loss $\|\epsilon-\hat\epsilon\|^2$ is the one used here.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 檢查 · Check
#
# 目標：在線上，學到的模型離資料不遠；在碼裡擴散，Fréchet 距離不到配好的常態的 0.7 倍，也不到自己只走一步的 0.8 倍。
#
# The goal: on the line the learned model comes close to the data; and the Fréchet distance of diffusion of codes is at most 0.7 times the fitted normal's, and 0.8 times its own with one step.

# %% slideshow={"slide_type": "fragment"}
profile.expect("Wasserstein distance on the line, learned", line_distance, at_most=profile.choose(smoke=1, lesson=0.15, full=0.1))
profile.expect("Fréchet distance of diffusion of codes as a share of the fitted normal's",
               judged["diffusion of codes"][1] / judged["autoencoder, fitted normal"][1], at_most=profile.choose(smoke=9, lesson=0.7, full=1))
profile.expect(f"Fréchet distance of codes, {STEPS} steps as a share of one step's", by_count["codes"][STEPS][1] / by_count["codes"][1][1],
               at_most=profile.choose(smoke=9, lesson=0.8, full=0.5))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 一次去雜訊一定糊：平方誤差最小的答案是所有可能的平均。一次走一小步，可能性一步步變少，就不糊了。<br>Denoising in one go must blur: the answer of least squared error is the mean of all that it could be. Small steps leave fewer and fewer possibilities, and the blur goes.
# - 網路學的是猜雜訊；猜雜訊、猜乾淨的圖、知道往哪裡走，是同一件事。<br>The network learns to guess the noise; to guess noise, to guess the clean picture and to know which way to go are one thing.
# - 損失最小的網路只會抄，所以品質和距離要一起看，並和真的影像比。在碼裡擴散又便宜又好：這一次，Fréchet 距離約是配常態的四分之一。<br>The network of least loss would only copy, so read quality and distances together, against real images. Diffusion of codes is cheap and good: in this run its Fréchet distance is about a quarter of the fitted normal's.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Unfold</summary>
#
# 原課程（2018–2019）沒有這一課：擴散模型的論文 2015 年就有，2020 年才畫得好。它的附錄停在去雜訊的自編碼器，我們從那裡接下去。
#
# The original course (2018–2019) has nothing on this: the idea was published in 2015 and drew well from 2020 on. Its appendix stops at the denoising autoencoder, and that is where we go on.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 22](../labs/lab22_diffusion_of_your_own.ipynb)「自己寫擴散」：雜訊排程、最好的猜測、抽樣，三個函式，用答案算得出來的資料檢查。
#
# [Lab 22](../labs/lab22_diffusion_of_your_own.ipynb), diffusion of your own: schedule, best guess and sampling are three functions, checked on data whose answer is known.
#
# ## 參考資料 · References
#
# - J. Sohl-Dickstein et al., [Deep unsupervised learning using nonequilibrium thermodynamics](https://arxiv.org/abs/1503.03585), ICML 2015：想法的開始 · where the idea began
# - J. Ho, A. Jain, P. Abbeel, [Denoising diffusion probabilistic models](https://arxiv.org/abs/2006.11239), NeurIPS 2020：猜雜訊的損失 · the loss that guesses noise
# - J. Song, C. Meng, S. Ermon, [Denoising diffusion implicit models](https://arxiv.org/abs/2010.02502), ICLR 2021：步驟 4 的走法 · the step of step 4
# - Y. Song et al., [Score-based generative modeling through stochastic differential equations](https://arxiv.org/abs/2011.13456), ICLR 2021：步驟 6 的分數 · the score of step 6
# - M. Heusel et al., [GANs trained by a two time-scale update rule](https://arxiv.org/abs/1706.08500), NIPS 2017：Fréchet 距離，用的是另一個網路 · the Fréchet distance, of another network's features
# - N. Carlini et al., [Extracting training data from diffusion models](https://arxiv.org/abs/2301.13188), 2023：步驟 8 的抄襲 · the copying of step 8
# - R. Rombach et al., [High-resolution image synthesis with latent diffusion models](https://arxiv.org/abs/2112.10752), CVPR 2022

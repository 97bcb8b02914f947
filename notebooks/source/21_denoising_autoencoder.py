# %% [markdown] slideshow={"slide_type": "slide"}
# # 21 去雜訊自編碼器：弄髒再洗乾淨 · Denoising autoencoders: spoil it, then clean it
#
# 🗺 雜訊進、乾淨出；幫分類器擦眼鏡 · Noise in, clean out; glasses for a classifier
#
# 上一課的自編碼器把輸入原樣還給你。這一課先把輸入弄髒，再要網路交出**沒弄髒**的那一張。就改這麼一點，它學會了新的本事。
#
# 上完這一課，你可以
# 1. 做出三種強度已知的雜訊，並用 PSNR 量出洗掉了多少；
# 2. 訓練一個去雜訊自編碼器（denoising autoencoder），和 OpenCV 的濾波器、和最好的線性去雜訊器公平地比一場；
# 3. 檢驗投影片的說法：放在分類器前面，真的能「抑制雜訊」嗎？能當正則化嗎？
#
# The autoencoder of the last lesson hands its input back. In this one the input is spoiled first, and the network must return the **unspoiled** image. That small change teaches it a new skill.
#
# After this lesson you can
# 1. make three kinds of noise of known strength, and measure in PSNR how much was cleaned away;
# 2. train a denoising autoencoder, and compare it fairly with filters from OpenCV and with the best linear denoiser;
# 3. test what the slides claim: in front of a classifier, does it "suppress noise"? Does it regularise?
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [20](20_autoencoder.ipynb) 的自編碼器；[06](06_convolutions.ipynb) 的卷積（步驟 7）；矩陣乘法（[數學小抄](../docs/primer.md)） · the autoencoder of [20](20_autoencoder.ipynb); convolutions of [06](06_convolutions.ipynb), for step 7; the matrix product ([primer](../docs/primer.md)) |
# | 學習時間 · Study time | 約 85 分鐘，含空格和問題 · about 85 minutes, with gaps and questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0）· MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 硬體 · Hardware | 兩個 CPU 核心就夠；有 GPU 會更快 · two CPU cores are enough; a GPU is faster |
# | 投影片 · Slides | 附錄 去雜訊 (De-noise) Autoencoder、Lab – De-noise Autoencoder · appendix De-noise Autoencoder, Lab – De-noise Autoencoder |

# %% slideshow={"slide_type": "skip"}
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from utils.data import datasets
from utils.models import autoencoder, evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_IMAGES = profile.choose(smoke=2_000, lesson=55_000, full=55_000)
VALID_IMAGES = profile.choose(smoke=500, lesson=5_000, full=5_000)  # the last ones of the training set
TEST_IMAGES = profile.choose(smoke=500, lesson=10_000, full=10_000)
REFIT_IMAGES = profile.choose(smoke=2_000, lesson=20_000, full=55_000)  # on which the linear denoiser is fitted again and again
EPOCHS = profile.choose(smoke=2, lesson=3, full=20)         # of the denoiser for one sigma
MIXED_EPOCHS = profile.choose(smoke=1, lesson=2, full=20)   # of the denoiser for every kind of noise
UNET_EPOCHS = profile.choose(smoke=1, lesson=2, full=13)    # about as many seconds as EPOCHS of the denoiser
MOST_EPOCHS = profile.choose(smoke=1, lesson=8, full=40)   # of a classifier, unless it stops improving before
REPEATS = profile.choose(smoke=1, lesson=3, full=10)        # of the experiment with few labels
BATCH = 128
JIT = profile.choose(smoke=False, lesson="auto", full="auto")  # does not pay for a few steps
profile.seed(16)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：加上雜訊 · Step 1: Add noise
#
# 雜訊是我們自己加的，所以答案（乾淨的圖）就在手上。三種雜訊，三種麻煩：
#
# - **高斯雜訊**（Gaussian）：每個像素加上標準差 $\sigma$ 的常態亂數，再截到 0 到 1 之間；
# - **椒鹽雜訊**（salt and pepper）：一部分像素直接變成全黑或全白；
# - **遮住一塊**：一個方塊整個看不到。
#
# We add the noise ourselves, so the answer (the clean image) is at hand. Three kinds, three troubles:
#
# - **Gaussian**: each pixel gets a normal random number of standard deviation $\sigma$, cut off at 0 and 1;
# - **salt and pepper**: some pixels turn black or white;
# - **a blocked square**: one square cannot be seen at all.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, x_test = x_train.astype("float32") / 255, x_test.astype("float32") / 255
print("train", x_train.shape, " test", x_test.shape, f" values {x_train.min():g} to {x_train.max():g}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出高斯雜訊：每張圖的每個像素都加上**自己的**一個常態亂數（`random.standard_normal(形狀)` 給標準常態的），標準差是 `sigma`，最後截到 0 到 1 之間。
#
# ✏️ Write the Gaussian noise: every pixel of every image gets a normal random number **of its own** (`random.standard_normal(shape)` gives standard
# ones) of standard deviation `sigma`; cut off at 0 and 1.


# %% gap="noise" slideshow={"slide_type": "fragment"}
def add_noise(images, sigma, random):
    """Return images plus normal noise of standard deviation sigma, cut off at 0 and 1."""
    ### BEGIN SOLUTION
    return np.clip(images + sigma * random.standard_normal(images.shape), 0, 1)
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
grey = np.full((300, 28, 28), 0.5, "float32")
spoiled = np.asarray(add_noise(grey.copy(), 0.1, np.random.default_rng(1)))
checks.that(spoiled.shape == grey.shape, "形狀不變。 The shape stays.",
            f"形狀應該不變，你的是 {spoiled.shape}。 The shape should stay as it was; yours is {spoiled.shape}.")
checks.that(spoiled.std(axis=0).min() > 0.02, "每張圖有自己的雜訊。 Each image has noise of its own.",
            "每張圖的雜訊都一樣：亂數的形狀要和整批影像一樣。 All images got the same noise: draw as many numbers as there are pixels in the whole batch.")
checks.that(spoiled.std(axis=(1, 2)).min() > 0.02, "每個像素有自己的雜訊。 Each pixel has noise of its own.",
            "一張圖的所有像素都加了同一個數。 All pixels of an image got the same number.")
checks.that(np.abs(spoiled.std() - 0.1) < 0.005, "標準差對了。 The standard deviation is right.",
            f"sigma 是 0.1，雜訊的標準差卻是 {spoiled.std():.3f}：要乘 sigma 本身。 "
            f"sigma is 0.1, but the noise has a standard deviation of {spoiled.std():.3f}: multiply by sigma itself.")
strong = np.asarray(add_noise(grey.copy(), 2.0, np.random.default_rng(1)))
checks.that(strong.min() >= 0 and strong.max() <= 1, "截在 0 到 1。 Cut off at 0 and 1.",
            "有像素小於 0 或大於 1，要截掉。 Some pixels are below 0 or above 1: cut them off.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 接下來用課程的版本，做的事一樣，只是省記憶體，也會檢查輸入；另外兩種雜訊也在那裡。
#
# From here on we use the course's version, which does the same in less memory and checks its input; the other two kinds of noise are there as well.

# %% alt={"zh": "十個數字畫四次：乾淨的、撒滿灰色雜點的、散著白點和黑點的、各被一個灰色方塊蓋住一角的。", "en": "Ten digits four times: clean, covered with grey noise, strewn with white and black dots, and each with a grey square over a part of it."} slideshow={"slide_type": "subslide"}
examples = x_test[:10]
rows = {
    "clean": examples,
    "Gaussian, sigma 0.4": autoencoder.gaussian_noise(examples, 0.4, seed=1),
    "salt and pepper, 20 %": autoencoder.salt_and_pepper(examples, 0.2, seed=1),
    "a square of 10 × 10": autoencoder.block_square(examples, 10, seed=1),
}


def draw_rows(rows):
    """Show rows of images, each row with its name on the left."""
    figure, axes = plt.subplots(len(rows), 1, figsize=(9.5, 0.78 * len(rows)))
    for axis, (name, images) in zip(axes, rows.items(), strict=True):
        axis.imshow(np.hstack(list(images)), vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
    plt.show()


draw_rows(rows)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 你認得出每一個數字嗎？你的眼睛和大腦剛才就做了一次「去雜訊」。
#
# 🤔 Can you tell every digit? Your eyes and brain have just done some denoising.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 大多認得出。你沒有看過這幾張乾淨的圖，用的是「數字長什麼樣」的記憶，去雜訊器學的也是這個。認不出的那幾張，可能的答案不只一個，猜錯不丟臉：資訊真的不見了。
#
# Most of them. You have never seen these pictures clean; you use your memory of what digits look like, and that is what a
# denoiser learns. Where you cannot tell, more than one answer fits; the information is really gone.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：用分貝量乾淨 · Step 2: Measure cleanliness in decibels
#
# 峰值訊雜比（peak signal-to-noise ratio, PSNR）把均方誤差換成分貝，越大越乾淨。像素最大值是 1：
#
# The peak signal-to-noise ratio (PSNR) turns the mean squared error into decibels; more is cleaner. The largest pixel value is 1:
#
# $$\text{PSNR}=10\,\log_{10}\frac{1^2}{\text{MSE}}$$
#
# 每多 10 dB，誤差變成十分之一；每多 3 dB，大約減半。
#
# 10 dB more means a tenth of the error; 3 dB more, about half.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把公式寫成函式。MSE 是所有影像、所有像素一起平均。
#
# ✏️ Write the formula as a function. The MSE is a mean over all pixels of all images.


# %% gap="psnr" slideshow={"slide_type": "fragment"}
def psnr(reference, images):
    """Return the peak signal-to-noise ratio in dB; pixel values are 0 ... 1."""
    ### BEGIN SOLUTION
    return 10 * np.log10(1 / np.mean((images - reference) ** 2))
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
left, right = np.random.default_rng(1).random((2, 5, 28, 28))
answer = psnr(left, right)
checks.that(np.shape(answer) == (), "所有影像一起，一個數。 One number for all images together.",
            "應該只有一個數：所有像素一起平均。 It should be one number: the mean over all pixels.")
checks.that(psnr(left, left + 0.01) > psnr(left, left + 0.1), "越像，分貝越多。 The more alike, the more decibels.",
            "誤差變小，分貝應該變多：是 1 除以 MSE。 A smaller error should give more decibels: it is 1 divided by the MSE.")
checks.that(not np.isclose(psnr(left, left + 0.1), 10), "用的是平方誤差。 Squared errors are used.",
            "每個像素差 0.1，MSE 是 0.01，應該是 20 dB；你取了平方根或絕對值。 "
            "Every pixel off by 0.1 is an MSE of 0.01 and 20 dB; you took a root or absolute values.")
checks.close(answer, autoencoder.psnr(left, right), "和課程的版本一樣。 The same as the course's version.",
             "對數要以 10 為底，前面乘 10，裡面是平均，不是總和。 The logarithm has base 10 and a factor 10 before it; inside is a mean, not a sum.", 1e-4)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
black = np.zeros((1, 28, 28))
print("every pixel off by 0.1:", round(autoencoder.psnr(black, black + 0.1), 2), "dB")
for sigma in (0.2, 0.4, 0.6, 0.8):
    noisy = autoencoder.gaussian_noise(x_test[:500], sigma, seed=2)
    print(f"sigma {sigma}: {autoencoder.psnr(x_test[:500], noisy):.1f} dB")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 沒有截斷的話，$\sigma=0.4$ 的 MSE 是 $0.4^2=0.16$，也就是 8 dB。為什麼實際上比較好？（想想黑色的背景。）
#
# 🤔 Without the cut, $\sigma=0.4$ gives an MSE of $0.4^2=0.16$, which is 8 dB. Why is it better in fact? (Think of the black background.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為截斷把一部分雜訊切掉了。背景是 0，雜訊有一半是負的，截回 0 就完全沒有誤差；白色筆畫上，超過 1 的那一半也被切掉。只有不會碰到 0 或 1 的像素才真的是 $0.16$，這種像素很少。猜「算錯了」的人忘了影像的值有範圍。
#
# Because the cut takes part of the noise away. The background is 0; half of its noise is negative, and cut back to 0 it costs
# nothing. On white strokes the half above 1 goes in the same way. Only pixels that reach neither 0 nor 1 keep $0.16$, and
# there are few. Who guessed a mistake in the sum forgot that pixel values have a range.
#
# </details>

# %% slideshow={"slide_type": "skip"}
SIGMA = 0.4
x_valid, y_valid = x_train[-VALID_IMAGES:], y_train[-VALID_IMAGES:]  # to see when a classifier stops improving
x_train, y_train = x_train[:TRAIN_IMAGES], y_train[:TRAIN_IMAGES]  # no image is in both
x_test, y_test = x_test[:TEST_IMAGES], y_test[:TEST_IMAGES]
noisy_test = autoencoder.gaussian_noise(x_test, SIGMA, seed=2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：不用學習的對手 · Step 3: Rivals that need no learning
#
# 公平的比賽要有像樣的對手。OpenCV 有兩個經典的濾波器：
#
# - **中值濾波**（median）：每個像素換成鄰居的中位數；
# - **高斯模糊**（Gaussian blur）：每個像素換成鄰居的加權平均。
#
# 為了公平：
#
# 1. 濾波器的大小在**訓練**影像上挑最好的，不是在測試影像上挑；
# 2. 截斷讓黑色背景變成灰色，所以再幫它們做一次亮度校正 $a\cdot x+b$，$a$、$b$ 也由訓練影像決定。
#
# A fair race needs decent rivals. OpenCV has two classics:
#
# - the **median** filter replaces each pixel by the median of its neighbours;
# - the **Gaussian blur** replaces it by their weighted mean.
#
# To be fair:
#
# 1. their sizes are chosen on **training** images, not on test images;
# 2. the cut turned the black background grey, so they also get a correction of brightness $a\cdot x+b$, with $a$ and $b$ from training images.


# %% slideshow={"slide_type": "fragment"}
def median(images, size):
    return np.stack([cv2.medianBlur(image, size) for image in images])


def blur(images, width):
    return np.stack([cv2.GaussianBlur(image, (0, 0), width) for image in images])


class Filter:
    """A filter from OpenCV with the setting and the line a·x + b that suit some clean images best."""

    def __init__(self, function, settings, noisy, clean):
        trials = {}
        for setting in settings:
            filtered = function(noisy, setting)
            line = np.polyfit(filtered.ravel(), clean.ravel(), 1)
            trials[setting] = (autoencoder.psnr(clean, self.brighten(filtered, line)), line)
        self.function, self.setting = function, max(trials, key=lambda setting: trials[setting][0])
        self.line = trials[self.setting][1]

    @staticmethod
    def brighten(images, line):
        return np.clip(np.polyval(line, images), 0, 1).astype("float32")

    def __call__(self, images, corrected=True):
        filtered = self.function(images, self.setting)
        return self.brighten(filtered, self.line) if corrected else filtered


# %% slideshow={"slide_type": "subslide"}
clean_few = x_train[:1000]
noisy_few = autoencoder.gaussian_noise(clean_few, SIGMA, seed=3)
SIZES, BLURS = (3, 5), (0.6, 0.8, 1.0, 1.2, 1.4)
best_median = Filter(median, SIZES, noisy_few, clean_few)
best_blur = Filter(blur, BLURS, noisy_few, clean_few)
print(f"best median filter: {best_median.setting} × {best_median.setting} pixels")
print(f"best blur: a width of {best_blur.setting} pixels")

results = {
    "noisy": noisy_test,
    "median": best_median(noisy_test, corrected=False),
    "Gaussian blur": best_blur(noisy_test, corrected=False),
    "median, corrected": best_median(noisy_test),
    "Gaussian blur, corrected": best_blur(noisy_test),
}
decibels = {name: autoencoder.psnr(x_test, images) for name, images in results.items()}
display.table(decibels, columns=[f"sigma {SIGMA}, {len(x_test):,} test images", "PSNR in dB"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只是校正亮度，高斯模糊就多了 3 dB 以上，從輸給中值濾波變成贏過它！以後看到「我們的網路打敗了高斯模糊」，先問一句：對手有沒有盡全力？
#
# 🤔 濾波器開大一點，雜訊少一點，但筆畫會怎麼樣？
#
# Correcting the brightness alone is worth more than 3 dB to the Gaussian blur: it had lost to the median filter and now beats it! Whenever you read "our network beats the Gaussian blur", ask whether the rival was allowed to do its best.
#
# 🤔 A wider filter leaves less noise. What does it do to the strokes?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 筆畫會變粗、變灰，細的地方會斷。濾鏡把附近的像素平均（或取中位數），雜訊和筆畫一起被抹平，因為它不知道哪個是哪個。所以大小要挑：雜訊越強，越值得開大。猜「只有雜訊會少」的人，把濾鏡想成認得數字了。
#
# Strokes get thicker and greyer, and thin parts break. A filter averages neighbours, or takes their median; noise and strokes
# are smoothed alike, since it cannot tell one from the other. So the width is a choice: the more noise, the wider it pays to
# go. Who guessed that only the noise goes thought that the filter knows digits.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：最好的線性對手 · Step 4: The best linear rival
#
# 濾波器不知道數字長什麼樣子。一個懂得學、但只會「加權總和」的對手呢？讓**每一個**輸出像素都是全部 784 個髒像素的加權總和，再加一個常數：
#
# $$\hat X = A\,W$$
#
# $A$ 的每一列是一張髒圖（784 個像素，最後補一個 1，讓常數也有權重），$W$ 是 785 × 784 的權重。要 $\hat X$ 和乾淨的圖 $X$ 平方差最小，不用訓練，一次就解得出來：讓誤差對 $W$ 的導數是 0，就得到**正規方程式**（normal equations）：
#
# $$A^{\top}A\,W=A^{\top}X$$
#
# A filter does not know what digits look like. What about a rival that does learn, but only weighted sums? Let **every** output pixel be a weighted sum of all
# 784 noisy pixels plus a constant:
#
# Each row of $A$ is a noisy image (784 pixels, and a 1 at the end, so that the constant has a weight as well);
# $W$ holds 785 × 784 weights. The $W$ with the smallest squared error needs no training, it is solved for at once: set the derivative of the error to 0, and out
# come the **normal equations**:
#
# <details><summary>選讀：為什麼 · Optional: why</summary>
#
# 平方誤差是 $\|AW-X\|^2$，對 $W$ 的導數是 $2A^{\top}(AW-X)$；令它等於 0，移項就是上面的式子。
#
# The squared error is $\|AW-X\|^2$, and its derivative by $W$ is $2A^{\top}(AW-X)$. Set it to 0 and move a term: there they are.
#
# </details>
#
# ✏️ 寫出解。`np.linalg.solve(M, N)` 解 $MW=N$。有的像素永遠是黑的，$A^{\top}A$ 就沒有反矩陣，所以給它加上很小的 `small`。
#
# ✏️ Write the solution. `np.linalg.solve(M, N)` solves $MW=N$. Some pixels are always black and leave $A^{\top}A$ without an inverse; so add the tiny `small`
# to it.


# %% gap="linear" slideshow={"slide_type": "fragment"}
def least_squares(A, X):
    """Return the W (columns of A, columns of X) for which A @ W is closest to X in squared error."""
    small = 1e-4 * len(A) * np.eye(A.shape[1])
    ### BEGIN SOLUTION
    return np.linalg.solve(A.T @ A + small, A.T @ X)
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
A_tried = np.random.default_rng(1).normal(size=(2_000, 5)) @ np.triu(np.ones((5, 5)))
X_tried = A_tried @ np.arange(15.0).reshape(5, 3) + np.random.default_rng(2).normal(size=(2_000, 3))
answer = np.asarray(least_squares(A_tried, X_tried))
checks.that(answer.shape == (5, 3), "形狀對。 The shape is right.",
            f"A 有 5 欄、X 有 3 欄，W 應該是 (5, 3)，你的是 {answer.shape}。 "
            f"A has 5 columns and X has 3, so W should be (5, 3); yours is {answer.shape}.")
checks.that(np.abs(answer).max() < 100, "真的解了方程式。 The equations were solved.",
            "右邊還沒有「除以」左邊的 AᵀA。 The right side has not been divided, so to speak, by AᵀA on the left.")
checks.that(not np.allclose(answer, A_tried.T @ X_tried / np.square(A_tried).sum(axis=0)[:, None], atol=0.1),
            "像素之間的關聯算進去了。 Pixels are not taken one by one.",
            "每一欄各除各的，就忘了欄和欄有關聯。 Each column divided by itself forgets that columns vary together.")
checks.close(answer, np.linalg.lstsq(A_tried, X_tried, rcond=None)[0], "和 NumPy 的最小平方法一樣。 The same as NumPy's least squares.",
             "解不對：左邊是 AᵀA，右邊是 AᵀX。 The solution is wrong: AᵀA stands on the left, AᵀX on the right.", 0.05)


# %% slideshow={"slide_type": "subslide"}
class Linear:
    """The linear denoiser that is best on some noisy images and their clean originals."""

    def __init__(self, noisy, clean):
        self.weights = least_squares(self.rows(noisy), clean.reshape(len(clean), -1)).astype("float32")

    @staticmethod
    def rows(images):
        return np.column_stack([images.reshape(len(images), -1), np.ones(len(images), "float32")])

    def __call__(self, images):
        return np.clip(self.rows(images) @ self.weights, 0, 1).reshape(images.shape)


best_linear = Linear(autoencoder.gaussian_noise(x_train, SIGMA, seed=8), x_train)
results["linear"] = best_linear(noisy_test)
decibels["linear"] = autoencoder.psnr(x_test, results["linear"])
display.table(decibels, columns=[f"sigma {SIGMA}, {len(x_test):,} test images", "PSNR in dB"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 沒有隱藏層、沒有訓練、幾秒就算完，它比最好的濾波器又多了約 1.9 dB：因為它從訓練影像學到了哪些像素常常一起亮。之後要贏的是它，不是高斯模糊。
#
# 🤔 它有 785 × 784 個權重，濾波器只有兩、三個設定。這樣比公平嗎？
#
# No hidden layer, no training, done in seconds, and about 1.9 dB above the best filter: from the training images it learned which pixels light up together. It is
# this one that has to be beaten, not the Gaussian blur.
#
# 🤔 It has 785 × 784 weights, a filter two or three settings. Is that fair?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 要看比什麼。對濾波器來說不公平：它不看訓練影像，換成照片也能用，這個線性對手只會洗 28 × 28 的數字。對去雜訊器來說才公平：同樣的訓練影像、同樣的任務，差別只在有沒有非線性的隱藏層。猜「參數多就是作弊」的人，忘了去雜訊器的參數還要多一倍半。
#
# It depends on the question. Not fair to the filters, which look at no training images and work on any photo; this rival cleans digits of 28 × 28 only.
# Fair to the denoiser: the same training images, the same task, and nothing but a nonlinear hidden layer between them. Who took many parameters for
# cheating forgot that the denoiser has two and a half times as many.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：訓練去雜訊器 · Step 5: Train the denoiser
#
# 類別和上一課的完全一樣，但這次的碼有 1,024 個數字，比 784 還多。普通的自編碼器這樣做，照抄就行了；去雜訊的不行，因為輸入和答案不一樣，照抄會把雜訊也抄進去。
#
# 每個訓練週期都重新加一次雜訊。網路永遠看不到同一張髒圖，也就背不起來。
#
# ✏️ 這一課的關鍵就在這一行：訓練時，什麼放進去，什麼當答案？`spoil` 是把影像弄髒的函式。
#
# The class is the last lesson's, but the code now has 1,024 numbers, more than 784. A plain autoencoder could then simply copy. A denoising one cannot: its input is not its answer, and a copy would keep the noise.
#
# Every epoch gets fresh noise. The network never sees a noisy image twice, so it cannot learn one by heart.
#
# ✏️ This line is what the lesson is about: in training, what goes in, and what is the answer? `spoil` is a function that makes images noisy.


# %% gap="pair" slideshow={"slide_type": "fragment"}
def pair(images, spoil):
    """Return what goes into the network in training, and what should come out."""
    ### BEGIN SOLUTION
    return spoil(images), images
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
random = np.random.default_rng(1)
given = x_train[:20]
goes_in, comes_out = pair(given.copy(), lambda images: autoencoder.gaussian_noise(images, 0.4, random))
checks.that(not np.allclose(goes_in, given), "放進去的是髒的。 What goes in is noisy.",
            "放進去的還是乾淨的圖，網路只要照抄。 What goes in is still clean; the network need only copy.")
checks.that(not np.allclose(goes_in, comes_out), "答案和輸入不一樣。 The answer is not the input.",
            "輸入和答案一樣髒，網路會學著照抄雜訊。 Input and answer are equally noisy; the network would learn to copy noise.")
checks.close(comes_out, given, "答案是乾淨的。 The answer is clean.",
             "答案也被弄髒了：要它交出沒弄髒的那一張。 The answer is noisy as well: it should be the unspoiled image.")


# %% slideshow={"slide_type": "fragment"}
def train(model, spoil, epochs, peak_rate=0.004, jit=JIT):
    """Train a model to turn spoil(images) back into images, with fresh noise in every epoch."""
    steps = epochs * -(-len(x_train) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=steps - steps // 20, warmup_target=peak_rate, warmup_steps=steps // 20
    )
    model.compile(keras.optimizers.Adam(rate, beta_2=0.99), "binary_crossentropy", jit_compile=jit)
    for _ in range(epochs):
        model.fit(*pair(x_train, spoil), batch_size=BATCH, verbose=2)


def clean(model, images):
    return autoencoder.in_batches(model, images)


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def build_dense():
    return autoencoder.build(hidden_dims=(), code_dim=1024, code_activation="silu")


denoiser = build_dense()
print(f"784 -> {denoiser.code_dim} -> 784: {denoiser.count_params():,} parameters")

# %% slideshow={"slide_type": "fragment"}
generator = np.random.default_rng(profile.chosen_seed(16))
started = time.perf_counter()
train(denoiser, lambda images: autoencoder.gaussian_noise(images, SIGMA, generator), EPOCHS)
denoiser_seconds = time.perf_counter() - started

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：檢視結果 · Step 6: Look at the result
#
# 上：髒的。中：洗過的。下：乾淨的。
#
# Above: noisy. Middle: cleaned. Below: clean.

# %% alt={"zh": "上排的雜點蓋住數字，中排幾乎沒有雜點，和下排的乾淨圖很像，只是筆畫邊緣軟一點，有一個 9 缺了一截。", "en": "In the upper row noise covers the digits; the middle row has hardly any and is much like the clean row below, with softer edges and a gap in one 9."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
results["denoiser"] = clean(denoiser, noisy_test)
draw_rows({"noisy": noisy_test[:10], "cleaned": results["denoiser"][:10], "clean": x_test[:10]})

# %% slideshow={"slide_type": "fragment"}
decibels["denoiser"] = autoencoder.psnr(x_test, results["denoiser"])
for name, value in decibels.items():
    profile.record(f"PSNR in dB, {name}", value)
display.table(
    [(name, value, value - decibels["noisy"]) for name, value in decibels.items()],
    columns=[f"sigma {SIGMA}, {len(x_test):,} test images", "PSNR in dB", "gain in dB"],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一個平均值蓋住一萬張圖。每一張都變乾淨了嗎？（下面的區間只說換一批測試影像會怎樣；去雜訊器這裡只訓練了一次。）
#
# One average hides ten thousand images. Did each of them become cleaner? (The interval below is about other test images only; the denoiser was trained once here.)

# %% alt={"zh": "三座直方圖。雜訊圖集中在 11 dB 左右；線性對手在 19 左右；去雜訊器再往右一點，比較寬，和線性的有重疊。", "en": "Three histograms. The noisy images are near 11 dB; the linear rival is around 19; the denoiser lies a little further right, is wider, and overlaps with the linear one."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3))
bins = np.arange(9, 31, 0.25)
one_by_one = {name: autoencoder.psnr(x_test, results[name], per_image=True)
              for name in ("noisy", "linear", "denoiser")}
for name, values in one_by_one.items():
    axis.hist(values, bins=bins, alpha=0.75, label=name)
axis.set(xlabel="PSNR of one image in dB", ylabel="images")
axis.legend()
plt.show()
behind = np.mean(one_by_one["denoiser"] < one_by_one["linear"])
print(f"the linear rival does better than the denoiser on {behind:.1%} of the images")
ahead = evaluation.paired_difference(one_by_one["denoiser"], one_by_one["linear"])
print(f"denoiser minus linear, mean over images: {ahead:+.2f} dB (95 %)")

# %% alt={"zh": "洗得最差的十張。中排的 2、5、6、8 斷了或少了筆畫；下排的乾淨圖筆畫多而細，比一般的數字難。", "en": "The ten that were cleaned worst. In the middle row strokes are broken or missing; the clean digits below have many or odd strokes."} slideshow={"slide_type": "subslide"}
worst = np.argsort(one_by_one["denoiser"])[:10]
draw_rows({"noisy": noisy_test[worst], "cleaned": results["denoiser"][worst], "clean": x_test[worst]})

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最差的十張：雜訊都洗掉了，但有些筆畫變糊了、不見了，或是換了樣子。洗過的圖不是原圖，而是網路的**猜測**。
#
# 🤔 如果這是一張 X 光片，你願意用它來去雜訊嗎？
#
# The ten worst: the noise is gone, but some strokes are blurred, lost or changed. A cleaned image is not the original; it is the network's **guess**.
#
# 🤔 If this were an X-ray, would you let it clean the picture?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不願意，至少不能只看洗過的那一張。網路填的是「訓練資料裡常見的樣子」，罕見的病灶正好不常見，可能被洗掉，也可能無中生有。可以用的做法是：原圖並排、標出改了多少的地方，而且要在有病灶的影像上量過。
#
# No, at least not with the cleaned picture alone. The network fills in what is common in its training data, and a rare lesion
# is just what is not common: it may be wiped away, or one may be invented. What can be done: show the original beside it, mark
# where much was changed, and measure on images that have lesions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：同一件事，用卷積 · Step 7: The same with convolutions
#
# 雜訊是局部的，卷積看的也是局部。下面是一個迷你的 U-Net：縮小兩次，再放大兩次，並把縮小前的細節接回來。參數只有上面那個網路的一百多分之一。
#
# Noise is local, and so is what a convolution looks at. Here is a tiny U-Net: shrink twice, grow twice, and bring back the details from before. It has less than a
# hundredth of the parameters above.

# %% slideshow={"slide_type": "fragment"}
same = {"padding": "same", "activation": "silu"}


def build_unet():
    image = keras.Input((28, 28))
    pixels = layers.Reshape((28, 28, 1))(image)
    half = layers.Conv2D(12, 3, strides=2, **same)(pixels)              # 14 × 14 × 12
    quarter = layers.Conv2D(24, 3, strides=2, **same)(half)             # 7 × 7 × 24
    quarter = layers.Conv2D(24, 3, **same)(quarter)
    back = layers.Conv2DTranspose(12, 3, strides=2, **same)(quarter)    # 14 × 14 × 12
    back = layers.Concatenate()([back, half])                           # the details from before
    output = layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(back)
    return keras.Model(image, layers.Reshape((28, 28))(output))


def fresh_noise(images):
    return autoencoder.gaussian_noise(images, SIGMA, generator)


# %% slideshow={"slide_type": "subslide"}
unet = build_unet()
started = time.perf_counter()
# On a CPU, TensorFlow's own convolutions are faster than those that XLA compiles.
train(unet, fresh_noise, UNET_EPOCHS, peak_rate=0.006, jit=False)
seconds = {"denoiser": denoiser_seconds, "U-Net": time.perf_counter() - started}
if profile.measuring():  # too long for the lesson: both with twice the epochs, from the start
    longer, longer_unet = build_dense(), build_unet()
    train(longer, fresh_noise, 2 * EPOCHS)
    train(longer_unet, fresh_noise, 2 * UNET_EPOCHS, peak_rate=0.006, jit=False)
    profile.record("PSNR in dB, denoiser, twice the epochs", autoencoder.psnr(x_test, clean(longer, noisy_test)))
    profile.record("PSNR in dB, U-Net, twice the epochs", autoencoder.psnr(x_test, clean(longer_unet, noisy_test)))

results["U-Net"] = clean(unet, noisy_test)
decibels["U-Net"] = autoencoder.psnr(x_test, results["U-Net"])
profile.record("PSNR in dB, U-Net", decibels["U-Net"])
display.table([(name, model.count_params(), epochs, seconds[name], decibels[name])
               for name, model, epochs in (("denoiser", denoiser, EPOCHS), ("U-Net", unet, UNET_EPOCHS))],
              columns=["", "parameters", "epochs", "seconds", "PSNR in dB"])
ahead = evaluation.paired_difference(one_by_one["denoiser"], autoencoder.psnr(x_test, results["U-Net"], per_image=True))
print(f"denoiser minus U-Net, mean over images: {ahead:+.2f} dB (95 %)")

# %% slideshow={"slide_type": "fragment"} tags=["stored"]
stored = {(name, budget): profile.measured("denoising_autoencoder", f"PSNR in dB, {name}{budget}")
          for name in ("denoiser", "U-Net") for budget in ("", ", twice the epochs")}
display.table([(name, *(f"{stored[name, budget].mean:.2f} ± {stored[name, budget].deviation:.2f}" for budget in ("", ", twice the epochs")))
               for name in ("denoiser", "U-Net")], columns=["PSNR in dB", "epochs as here", "twice as many"], caption=stored["denoiser", ""].source)
for budget in ("", ", twice the epochs"):
    gain = evaluation.mean_and_spread(np.subtract(stored["denoiser", budget].values, stored["U-Net", budget].values))
    print(f"denoiser minus U-Net{budget}: {gain.mean:+.2f} dB ({gain.low:+.2f} to {gain.high:+.2f}, 95 %, over seeds)")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這一次，U-Net 輸 0.16 dB，區間不含 0。可是區間只說換一批測試影像會怎樣。表裡是三個別的種子：週期數照這裡的（3 和 2），U-Net 是 20.52 到 20.62，去雜訊器 20.50 到 20.53，差的區間含 0；週期加倍，兩邊都多 0.3 dB 左右，都約 20.85。兩次都分不出高下。所以這一次的「輸」多半是起點的運氣；U-Net 的參數不到百分之一，卻看不出洗得比較差。加倍還有進步，表示兩邊都還沒訓練到底，底在哪裡這裡沒有量。
#
# In this run the U-Net loses by 0.16 dB, and the interval leaves out 0. But that interval speaks of other test images only. The table has three other seeds: with epochs as here (3 and 2) the U-Net has 20.52 to 20.62 and the denoiser 20.50 to 20.53, and the interval
# of the difference holds 0; with twice as many both gain about 0.3 dB and reach about 20.85. Neither time can they be told apart. So this defeat is most likely the luck of the start: with less than a hundredth of the
# parameters, the U-Net is not seen to clean worse. That doubling still helps means that neither has been trained to the end; where the end is, was not measured here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：別種雜訊 · Step 8: Other kinds of noise
#
# 上面的去雜訊器只見過 $\sigma=0.4$ 的高斯雜訊。再訓練一個「什麼都見過」的：一半的影像加高斯雜訊，$\sigma$ 從 0 到 0.8 隨機；四分之一加椒鹽；四分之一遮住一塊。
#
# The denoiser above has seen Gaussian noise of $\sigma=0.4$ and nothing else. Train another that has "seen it all": half the images get Gaussian noise with a random $\sigma$ from 0 to 0.8, a quarter salt and pepper, a quarter a blocked square.


# %% slideshow={"slide_type": "fragment"}
def mixture(images):
    """Spoil each image by one kind of noise, drawn at random."""
    kind = generator.integers(0, 4, len(images))
    spoiled = autoencoder.gaussian_noise(images, generator.uniform(0, 0.8, len(images)), generator)
    salted, covered = kind == 2, kind == 3
    fraction = generator.uniform(0, 0.4, salted.sum())
    spoiled[salted] = autoencoder.salt_and_pepper(images[salted], fraction, generator)
    spoiled[covered] = autoencoder.block_square(images[covered], 10, generator)
    return spoiled


all_rounder = build_dense()
train(all_rounder, mixture, MIXED_EPOCHS)

# %% slideshow={"slide_type": "subslide"}
kinds = {
    "Gaussian, sigma 0.4": lambda images, seed: autoencoder.gaussian_noise(images, SIGMA, seed),
    "salt and pepper, 20 %": lambda images, seed: autoencoder.salt_and_pepper(images, 0.2, seed),
    "a square of 10 × 10": lambda images, seed: autoencoder.block_square(images, 10, seed),
}
rows, spoiled_by, cleaned_by = [], {}, {}
for name, spoil in kinds.items():
    spoiled_by[name], few, many = spoil(x_test, 4), spoil(clean_few, 5), spoil(x_train[:REFIT_IMAGES], 5)
    cleaned_by[name] = clean(all_rounder, spoiled_by[name])
    candidates = {
        "noisy": spoiled_by[name],
        "median": Filter(median, SIZES, few, clean_few)(spoiled_by[name]),
        "Gaussian blur": Filter(blur, BLURS, few, clean_few)(spoiled_by[name]),
        "linear": Linear(many, x_train[:REFIT_IMAGES])(spoiled_by[name]),
        "denoiser for 0.4": clean(denoiser, spoiled_by[name]),
        "all-rounder": cleaned_by[name],
    }
    measured = {kind: autoencoder.psnr(x_test, images) for kind, images in candidates.items()}
    for kind in ("linear", "denoiser for 0.4", "all-rounder"):
        profile.record(f"PSNR in dB, {name}, {kind}", measured[kind])
    rows.append({"PSNR in dB": name} | measured)
display.table(rows, digits=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩個濾波器和線性對手，都針對每一種雜訊重新配過。線性對手在方塊那一列，和只練過高斯雜訊的去雜訊器差不多。椒鹽雜訊是中值濾波的強項，它在那一列贏過高斯模糊。
#
# 🤔 只練過高斯雜訊的去雜訊器，從沒見過椒鹽，卻也洗得很好。它學會的是「雜訊的樣子」，還是「數字的樣子」？
#
# Both filters and the linear rival were fitted anew to each kind. In the row of the square the linear one does about as well as the denoiser that knows Gaussian noise only. Salt and pepper is the median filter's home ground: in that row it beats the blur.
#
# 🤔 The denoiser that practised Gaussian noise never saw salt and pepper, yet cleans it well. Did it learn what noise looks like, or what digits look like?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 主要是「數字的樣子」。它沒見過椒鹽，如果學的是高斯雜訊的樣子，就不會知道怎麼處理。它的輸出是一張像數字的圖，蓋掉的點由旁邊的筆畫推出來。不過也不是什麼雜訊都行：離訓練時越遠，錯得越多，後面的方塊就是例子。
#
# Mostly what digits look like. It never saw salt and pepper; had it learned the look of Gaussian noise, it would not know what
# to do. Its output is a picture like a digit, and covered points follow from the strokes beside them. Still, not every noise
# will do: the farther from its training, the more it errs, as the square below shows.
#
# </details>

# %% alt={"zh": "椒鹽和方塊兩種雜訊，各一排髒的、一排洗過的，最下面是乾淨的。椒鹽洗得乾淨；方塊的地方留下一團灰，被蓋住的筆畫只補回一部分。", "en": "Salt and pepper, and squares: a row spoiled and a row cleaned of each, and the clean row at the bottom. The dots are removed well; where a square was a grey smear stays, and the hidden stroke comes back only in part."} slideshow={"slide_type": "subslide"}
salt, square = "salt and pepper, 20 %", "a square of 10 × 10"
draw_rows({
    "salt and pepper": spoiled_by[salt][:10], "all-rounder": cleaned_by[salt][:10],
    "square": spoiled_by[square][:10], "all-rounder ": cleaned_by[square][:10], "clean": x_test[:10],
})

# %% [markdown] slideshow={"slide_type": "fragment"}
# 方塊裡的像素完全沒有線索，只能靠外面的筆畫去猜。補上去的地方常常灰灰的：答案不只一種時，平均最不容易錯得離譜，網路就交出平均。
#
# 🤔 如果你寧可要一個清楚但可能錯的答案，訓練目標要怎麼改？
#
# Inside the square the pixels hold no clue, so the strokes outside are all there is to guess from. The patch often comes out grey: where several answers are possible their average is never far off, and so the network returns it.
#
# 🤔 If you would rather have one sharp answer that may be wrong, how would you change the goal of training?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不要再要求「每個像素平均最接近」。均方誤差和交叉熵在有好幾個可能答案時，最好的輸出是平均，也就是灰色。要一個清楚的答案，可以讓另一個網路判斷輸出像不像真的數字（GAN），或一步一步取樣（擴散模型）。代價是：清楚，但可能是清楚的錯。
#
# Stop asking for the nearest value of every pixel on average. Under squared error or cross-entropy, where several answers are
# possible, the best output is their mean: grey. For one sharp answer, let a second network judge whether the output looks like
# a real digit (GAN), or sample step by step (diffusion). The price: sharp, and perhaps sharply wrong.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：沒訓練過的 σ · Step 9: A sigma it was not trained on
#
# 真實世界不會告訴你 $\sigma$ 是多少。只練過 0.4 的去雜訊器，遇到更乾淨、更髒的圖會怎樣？對手們占了便宜：高斯模糊和線性對手都知道 $\sigma$，在每一個 $\sigma$ 重新配一次。
#
# The real world does not tell you $\sigma$. How does the denoiser that has practised 0.4 alone do on cleaner and on noisier images? The rivals are given an
# advantage: blur and linear rival know $\sigma$, and are fitted anew to each.

# %% slideshow={"slide_type": "fragment"}
fitted = {SIGMA: {"Gaussian blur": best_blur, "linear": best_linear}}


def refitted(sigma):
    """Return the blur and the linear denoiser that suit this sigma, fitted on training images."""
    if sigma not in fitted:
        many = x_train[:REFIT_IMAGES]
        noisy = autoencoder.gaussian_noise(many, sigma, seed=9)
        fitted[sigma] = {"Gaussian blur": Filter(blur, BLURS, noisy[:1000], many[:1000]), "linear": Linear(noisy, many)}
    return fitted[sigma]


sigmas = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
curves = {}
for sigma in sigmas:
    noisy = autoencoder.gaussian_noise(x_test[:2000], sigma, seed=6)
    candidates = {"noisy": noisy}
    candidates |= {f"{name}, fitted to each sigma": rival(noisy) for name, rival in refitted(sigma).items()}
    candidates |= {"denoiser for 0.4": clean(denoiser, noisy), "all-rounder (0 to 0.8)": clean(all_rounder, noisy)}
    for name, images in candidates.items():
        curves.setdefault(name, []).append(autoencoder.psnr(x_test[:2000], images))

# %% alt={"zh": "五條線，PSNR 對雜訊的 σ，全都往右下。雜訊很小時線性對手最高，只練過 0.4 的去雜訊器比不洗還差；0.3 以上兩個去雜訊器領先，差距在最右邊變小。", "en": "Five lines of PSNR by sigma, all falling. With little noise the linear rival is highest, and the denoiser for 0.4 is worse than no cleaning; from 0.3 on the two denoisers lead, by less at the far right."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.8))
styles = (("#6b6b6b", ":"), (plots.COLORS[2], "--"), (plots.COLORS[3], "--"), (plots.COLORS[0], "-"), (plots.COLORS[1], "-"))
for (name, values), (color, line) in zip(curves.items(), styles, strict=True):
    axis.plot(sigmas, values, marker="o", markersize=4, color=color, ls=line, label=name)
axis.axvline(SIGMA, color="#999999", lw=1, ls=":")
axis.set(xlabel="sigma of the noise", ylabel="PSNR in dB")
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 藍線（只練 0.4）在 0.4 附近略勝橘線，不過兩邊各只練了一次、練的週期數也不同，這麼小的差別算不得準；離得越遠，什麼都練過的橘線越划算，連沒練過的 0.9 和 1.0 也一樣。
#
# 線性對手知道 $\sigma$，雜訊小的時候它最好：幾乎照抄就行了。從 0.3 開始，它才輸給橘線；到 0.9，只練過 0.4 的藍線又輸給它。最左邊，雜訊小到某個程度以下，兩個網路洗過的圖，**還不如不洗**。
#
# 🤔 雜訊很小的時候，為什麼洗過反而更糟？（它的輸出要再畫一次整張圖。）
#
# The blue line (0.4 alone) is slightly ahead of the orange one near 0.4, but each was trained once and for another number of epochs, so that so small a gap decides nothing.
# The farther from there, the more the orange one pays, which has practised many, even at 0.9 and 1.0, which it has not.
#
# The linear rival knows $\sigma$, and where there is little noise it is best: almost copying will do. From 0.3 on it loses to the orange line; at 0.9 the blue
# one, which practised 0.4 alone, loses to it again. At the far left, below a certain noise, the two networks' cleaned images are **worse than untouched ones**.
#
# 🤔 When there is little noise, why does cleaning make it worse? (The network has to draw the whole picture again.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為它把整張圖重畫一次，而重畫有自己的誤差。雜訊比這個誤差還小的時候，什麼都不做比較好。猜「洗過總是比較乾淨」的人，把去雜訊器想成只動雜訊；它不知道哪些像素本來就是對的。
#
# Because it draws the whole picture again, and drawing has an error of its own. When the noise is smaller than that, doing
# nothing is better. Who guessed that cleaned is always cleaner thought that the denoiser touches the noise alone; it does not
# know which pixels were right to begin with.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：放在分類器前面 · Step 10: In front of a classifier
#
# 投影片說：把去雜訊自編碼器加到一般的網路前面，「這個 Neural Network 就擁有了抑制雜訊的功用」。來檢驗。
#
# 分類器只用乾淨的圖訓練。另外再訓練一個同樣的分類器，直接用加了雜訊的圖訓練，這是最該比的對手。
#
# The slides say: put a denoising autoencoder in front of an ordinary network, and it "gains the ability to suppress noise". Let us test that.
#
# The classifier is trained on clean images only. A second one of the same kind is trained on noisy images directly: the rival that matters most.


# %% slideshow={"slide_type": "fragment"}
def train_classifier(spoil):
    """Train a classifier on spoiled images until it stops improving on spoiled validation images; return the best one."""
    model = keras.Sequential([
        keras.Input((28, 28)), layers.Flatten(),
        layers.Dense(256, "relu"), layers.Dense(10, "softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=JIT)
    watched, history = spoil(x_valid), []
    while len(history) < MOST_EPOCHS and (not history or len(history) - np.argmax(history) <= 2):  # two epochs without a new best end it
        model.fit(spoil(x_train), y_train, batch_size=BATCH, verbose=0)
        history.append(accuracy(model, watched, y_valid))
        if history[-1] > max(history[:-1], default=0):
            best_weights = model.get_weights()
    print(f"stopped after {len(history)} epochs; the best had a validation accuracy of {max(history):.1%}")
    model.set_weights(best_weights)
    return model


def accuracy(model, images, labels):
    return float(np.mean(autoencoder.in_batches(model, images).argmax(axis=1) == labels))


classifier = train_classifier(lambda images: images)
noise_trained = train_classifier(lambda images: autoencoder.gaussian_noise(
    images, generator.uniform(0, 0.8, len(images)), generator
))


# %% slideshow={"slide_type": "subslide"}
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8)
COLUMNS = ("classifier alone", "Gaussian blur first", "linear first", "denoiser for 0.4 first",
           "all-rounder first", "trained on noise, alone")
rows = []
for sigma in LEVELS:
    noisy = autoencoder.gaussian_noise(x_test, sigma, seed=7)
    rivals = [rival(noisy) for rival in refitted(sigma).values()] if sigma else [noisy, noisy]  # without noise they do nothing
    prepared = (noisy, *rivals, clean(denoiser, noisy), clean(all_rounder, noisy))
    values = [accuracy(classifier, images, y_test) for images in prepared]
    rows.append([*values, accuracy(noise_trained, noisy, y_test)])
accuracies = np.array(rows)
for sigma in (0.2, 0.6):
    for name, value in zip(COLUMNS, accuracies[LEVELS.index(sigma)], strict=True):
        profile.record(f"accuracy at sigma {sigma}, {name}", value)
display.table(
    [(f"{sigma:g}", *(f"{value:.1%}" for value in row))
     for sigma, row in zip(LEVELS, accuracies, strict=True)],
    columns=["sigma", *COLUMNS],
)

# %% alt={"zh": "六條線，準確率對雜訊的 σ。分類器單獨用掉得最快，0.8 時剩四分之一左右；高斯模糊和線性居中；兩個去雜訊器和直接用雜訊訓練的最高，幾乎重疊。", "en": "Six lines of accuracy by sigma. The classifier alone falls fastest, to about a quarter at 0.8; blur and linear are in between; the two denoisers and the classifier trained on noise are highest and nearly coincide."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.8))
styles = ("#6b6b6b", plots.COLORS[2], plots.COLORS[3], plots.COLORS[0], plots.COLORS[1], plots.COLORS[5])
for name, values, color in zip(COLUMNS, accuracies.T, styles, strict=True):
    axis.plot(LEVELS, values, marker="o", markersize=5, color=color, label=name,
              ls="--" if "trained" in name else "-")
axis.set(xlabel="sigma of the noise", ylabel="test accuracy", ylim=(0, 1.02))
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 投影片說得對：分類器一個權重都沒改，前面加上去雜訊器，準確率就救回來了。但也要老實說三件事：
#
# - 沒有雜訊時，它會讓準確率掉大約一個百分點；
# - 雜訊不大時（$\sigma=0.2$），高斯模糊或線性對手就夠了，它們不用訓練網路；
# - 直接用髒圖訓練同一個分類器（虛線），也救回絕大部分：$\sigma=0.6$ 時是 90.5 %，去雜訊器是 92.7 %。而且它跑滿 8 個訓練週期的上限，還沒有停止進步，差距可能更小。
#
# 🤔 去雜訊器比分類器大好幾倍，訓練也久得多。這場比賽公平嗎？什麼時候你根本**不能**重新訓練分類器？
#
# The slides are right: not one weight of the classifier changed, and a denoiser in front brings its accuracy back. But honesty asks for three remarks:
#
# - without noise it costs about a point of accuracy;
# - where there is little noise ($\sigma=0.2$), a Gaussian blur or the linear rival is enough, and neither trains a network;
# - training the same classifier on noisy images (dashed) regains most of the loss as well: 90.5 % at $\sigma=0.6$, against 92.7 % with the denoiser. It also used up its
#   limit of 8 epochs and had not stopped improving, so the gap may be smaller still.
#
# 🤔 The denoiser is several times larger than the classifier and trains far longer. Is this race fair? And when can you **not** retrain the classifier at all?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不公平：去雜訊器的參數和訓練時間都多得多，所以這裡不能說「去雜訊比重新訓練好」。要公平，兩邊要有一樣的參數、資料和訓練時間。不能重新訓練的情況很常見：分類器是別人的服務，沒有權重；它已經通過認證，不准改；或同一個去雜訊器要放在很多個分類器前面。
#
# It is not: the denoiser has far more parameters and training, so we cannot say that denoising beats retraining. A fair race
# gives both the same parameters, data and time. Cases in which you cannot retrain are common: the classifier is somebody's
# service and you have no weights; it is certified and must not change; or one denoiser stands in front of many classifiers.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：當作正則化 · Step 11: As regularisation
#
# 投影片的最後一個說法：去雜訊「可以當作一種 Regularization 的方法」。標籤很少的時候最看得出來。只給 500 個標籤，換不同的 500 個做幾次，在**乾淨**的測試影像上比：
#
# - **一般**：直接訓練；
# - **訓練時加雜訊**：同樣的網路，每一步的輸入都加 $\sigma=0.4$ 的雜訊；
# - **去雜訊器的編碼器**：第一層換成步驟 5 的編碼器（它看過全部訓練影像，但沒看過標籤），固定不動；
# - **沒訓練過的編碼器**：形狀相同、權重隨機。少了這個對照，就分不出功勞是「學到的」還是「層比較寬」。
#
# The slides' last claim: denoising "can serve as a method of regularisation". That shows best when labels are few. With 500 labels only, a few times over with another 500, compared on **clean** test images:
#
# - **plain**: trained as it is;
# - **noise in training**: the same network, with noise of $\sigma=0.4$ on the input at every step;
# - **encoder of the denoiser**: the first layer is the encoder of step 5, frozen (it has seen all training images, but no label);
# - **untrained encoder**: the same shape with random weights. Without it one cannot tell whether credit is due to learning or to a wider layer.


# %% slideshow={"slide_type": "fragment"}
FEW_LABELS, FEW_EPOCHS = 500, profile.choose(smoke=1, lesson=6, full=6)


def fit_few(body, inputs, labels, test_inputs):
    """Train a classifier on few labelled inputs and return its accuracy on the test set."""
    model = keras.Sequential([keras.Input(inputs.shape[1:]), *body, layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", jit_compile=False)
    often = np.tile(np.arange(len(inputs)), 10)  # ten passes in one epoch: Keras takes a pause after each
    model.fit(inputs[often], labels[often], batch_size=50, epochs=FEW_EPOCHS, verbose=0)
    return accuracy(model, test_inputs, y_test)


untrained = build_dense()
bodies = {  # name: (what makes its inputs, which stays as it is; layers that are trained)
    "plain": (lambda images: images, lambda: [layers.Flatten(), layers.Dense(256, "relu")]),
    "noise in training": (lambda images: images, lambda: [layers.GaussianNoise(SIGMA), layers.Flatten(), layers.Dense(256, "relu")]),
    "encoder of the denoiser": (denoiser.encode, list),
    "untrained encoder": (untrained.encode, list),
}
test_inputs = {name: prepare(x_test) for name, (prepare, _) in bodies.items()}
few_results = {name: [] for name in bodies}
for repeat in range(REPEATS):
    draw = 100 * profile.chosen_seed(0) + repeat
    labelled = np.random.default_rng(draw).choice(len(x_train), FEW_LABELS, replace=False)
    for name, (prepare, body) in bodies.items():
        keras.utils.set_random_seed(draw)
        few_results[name].append(fit_few(body(), prepare(x_train[labelled]), y_train[labelled], test_inputs[name]))
for name in ("noise in training", "encoder of the denoiser", "untrained encoder"):
    profile.record(f"accuracy with few labels, {name} minus plain", np.mean(few_results[name]) - np.mean(few_results["plain"]))

# %% slideshow={"slide_type": "subslide"}
display.table(
    [(name, f"{np.mean(values):.1%}", f"{min(values):.1%} to {max(values):.1%}",
      f"{sum(a > b for a, b in zip(values, few_results['plain'], strict=True))} of {REPEATS}")
     for name, values in few_results.items()],
    columns=[f"{FEW_LABELS} labels, {REPEATS} draws", "mean test accuracy", "lowest to highest", "draws ahead of plain"],
)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 去雜訊器的編碼器三次都贏過一般的，平均多 1.1 個百分點；訓練時加雜訊三次贏兩次，平均只多 0.4。才抽三次，就算擲硬幣，也有八分之一的機會三次全贏。整課再用三個別的種子各做一遍（每遍抽三次取平均），編碼器多 0.9 到 1.4 個百分點，加雜訊多 0.3 到 0.6，沒訓練過的編碼器少 1.9 到 2.6：方向每次都一樣，所以有幫助，只是不多。有幫助的理由是：雜訊讓網路不能只記住那 500 張；去雜訊器的編碼器帶來它從沒有標籤的影像學到的東西。沒訓練過的編碼器比一般的還差，可見光是一層又寬又隨機的網路並不夠。
#
# 🤔 如果給 5,000 個標籤，你猜這個差距會變大還是變小？把 `FEW_LABELS` 改成 5_000 試試看（時間約十倍）。
#
# The denoiser's encoder beats plain in all three draws, by 1.1 points on average; noise in training does in two of three, by 0.4. Three draws are few: a coin wins all three one time in eight. With three other seeds for the whole lesson (each the mean of three draws) the encoder gains 0.9 to 1.4 points, noise 0.3 to 0.6, and the untrained encoder loses 1.9 to 2.6: the same direction every time, so they help, a little. Why they should: noise keeps the network from memorising the 500 images, and the denoiser's encoder brings what it learned from images without labels. The untrained
# encoder does worse than plain, so a wide random layer alone is not enough.
#
# 🤔 With 5,000 labels, would the gap grow or shrink? Set `FEW_LABELS` to 5_000 and see (about ten times as long).

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 理論上會變小：標籤越多，記住它們就越不容易，正則化能幫的就越少。這裡的差距本來就只有大約一個百分點，而且每次抽的範圍互相重疊，所以一次試驗看不出來；要多抽幾次，並且畫出範圍。
#
# In theory it shrinks: more labels are harder to memorise, so regularisation has less to mend. The gap here is only about a
# point to begin with, and the ranges of the draws overlap, so one trial cannot show it; take several draws and look at the
# ranges.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 檢查 · Check
#
# 目標：$\sigma=0.4$ 時洗到 20 dB 以上、比髒圖多 6 dB 以上、比最好的對手多 1.2 dB 以上；$\sigma=0.6$ 時把分類器的準確率救回至少 10 個百分點。
#
# The goal: at $\sigma=0.4$ at least 20 dB, at least 6 dB above the noisy images, and at least 1.2 dB above the best rival; at $\sigma=0.6$ at least 10 points of the classifier's accuracy regained.

# %% slideshow={"slide_type": "fragment"}
best_rival = max(value for name, value in decibels.items() if name not in ("noisy", "denoiser", "U-Net"))
at_06 = dict(zip(COLUMNS, accuracies[LEVELS.index(0.6)], strict=True))
best_cleaned = max(at_06["denoiser for 0.4 first"], at_06["all-rounder first"])

gain = decibels["denoiser"] - decibels["noisy"]
lead = decibels["denoiser"] - best_rival
regained = best_cleaned - at_06["classifier alone"]
profile.expect("PSNR after cleaning, dB", decibels["denoiser"],
               at_least=profile.choose(smoke=12, lesson=20, full=20.5))
profile.expect("PSNR gained over noisy, dB", gain, at_least=profile.choose(smoke=1, lesson=6, full=6))
profile.expect("dB, denoiser above the best rival", lead, at_least=profile.choose(smoke=-9, lesson=1.2, full=1.5))
profile.expect("accuracy gained at sigma 0.6", regained,
               at_least=profile.choose(smoke=-0.5, lesson=0.1, full=0.1))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 弄髒輸入、答案不變，網路就得學會「數字應該長什麼樣子」，不能照抄。<br>Spoil the input and keep the answer: the network must learn what digits look like, and cannot copy.
# - 贏過對手之前，先讓對手盡全力：校正亮度，高斯模糊就多了 3 dB 以上；一次就解得出來的線性對手，又比它好約 1.9 dB。<br>Before you beat a rival, let it do its best: brightness corrected, the Gaussian blur gains more than 3 dB; the linear rival, solved for at once, is another 1.9 dB better.
# - 放在分類器前面有效，而且分類器不用重新訓練；沒有雜訊時，要付一點代價。<br>In front of a classifier it works, and the classifier need not be retrained; without noise it costs a little.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Unfold</summary>
#
# - 它讓大家**看**圖有沒有變乾淨；這裡用全部 10,000 張測試影像的 PSNR 來說話，旁邊還有濾波器和最好的線性去雜訊器。<br>It let you *see* that pictures became cleaner; here the PSNR of all 10,000 test images speaks, next to filters and the best linear denoiser.
# - 「放在分類器前面」和「當正則化」只寫在投影片上，沒有做過；這裡兩個都做了實驗，也寫出它們的代價。<br>"In front of a classifier" and "as regularisation" stood on a slide, untried; here both are tested, and their price is told.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 20](../labs/lab20_code_of_four.ipynb)「更好的四個數字」的最後一步可以用上這一課：訓練時加雜訊，會讓四個數字的碼變好還是變差？
#
# [Lab 20](../labs/lab20_code_of_four.ipynb), a better code of four numbers: this lesson helps with its last step. Does noise during training make a code of four numbers better or worse?
#
# 接下來：[22](22_diffusion.ipynb) 請去雜訊器一次只洗一點點，洗很多次；從純雜訊出發，就畫出新的數字。
#
# Where the field went: in [22](22_diffusion.ipynb) a denoiser cleans a little at a time, many times over; begun from pure noise, that draws new digits.
#
# ## 參考資料 · References
#
# - P. Vincent et al., [Extracting and composing robust features with denoising autoencoders](https://doi.org/10.1145/1390156.1390294), ICML 2008
# - P. Vincent et al., [Stacked denoising autoencoders](https://www.jmlr.org/papers/v11/vincent10a.html), *JMLR* 11, 2010：為什麼碼可以比輸入還寬 · why a code may be wider than its input
# - O. Ronneberger, P. Fischer, T. Brox, [U-Net](https://arxiv.org/abs/1505.04597), MICCAI 2015
# - J. Ho, A. Jain, P. Abbeel, [Denoising diffusion probabilistic models](https://arxiv.org/abs/2006.11239), NeurIPS 2020：一步一步去雜訊，就能畫出新的圖 · denoise step by step, and new pictures appear
# - OpenCV：[影像平滑](https://docs.opencv.org/4.x/d4/d13/tutorial_py_filtering.html) · OpenCV: smoothing images

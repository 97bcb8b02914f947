# %% [markdown] slideshow={"slide_type": "slide"}
# # 20 自編碼器：把一張圖壓成四個數字 · Autoencoders: a picture in four numbers
#
# 🗺 四個數字能記住一張圖的多少？ · How much of a picture fits in four numbers?
#
# 一張手寫數字有 784 個像素。如果只准你用**四個數字**告訴朋友它長什麼樣子，你會挑哪四個？
#
# 上完這一課，你可以
# 1. 用 Keras 寫一個自編碼器（autoencoder），並把編碼器（encoder）單獨拿出來用；
# 2. 拿平均影像和 PCA 當對照，誠實地說出四個數字做得到什麼、做不到什麼；
# 3. 看懂壓縮碼（code）的地圖，在上面散步，還能用變分自編碼器（VAE）畫出沒有人寫過的數字。
#
# A handwritten digit has 784 pixels. If you could tell a friend what it looks like in **four numbers** only, which four would you choose?
#
# After this lesson you can
# 1. write an autoencoder in Keras, and use its encoder on its own;
# 2. say honestly what four numbers can and cannot do, with the mean image and PCA to compare with;
# 3. read a map of the codes, walk across it, and draw digits that nobody ever wrote, with a variational autoencoder (VAE).
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [03](03_scikit_learn.ipynb) 的 PCA；[04](04_hello_tensorflow.ipynb) 的 `fit` 和驗證影像；[06](06_convolutions.ipynb) 的卷積（步驟 10） · PCA of [03](03_scikit_learn.ipynb); `fit` and validation images of [04](04_hello_tensorflow.ipynb); convolutions of [06](06_convolutions.ipynb), for step 10 |
# | 學習時間 · Study time | 約 95 分鐘，含空格和問題 · about 95 minutes, with gaps and questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0）· MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 硬體 · Hardware | 兩個 CPU 核心就夠；有 GPU 會更快 · two CPU cores are enough; a GPU is faster |
# | 投影片 · Slides | 附錄 Autoencoder（1/2、2/2）、Lab – Autoencoder（1/4 到 4/4）· appendix Autoencoder (1/2, 2/2), Lab – Autoencoder (1/4 to 4/4) |

# %% slideshow={"slide_type": "skip"}
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

from utils.data import datasets
from utils.models import autoencoder, evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_IMAGES = profile.choose(smoke=2_000, lesson=55_000, full=55_000)
VALID_IMAGES = profile.choose(smoke=500, lesson=5_000, full=5_000)  # the last ones of the training set
TEST_IMAGES = profile.choose(smoke=1_000, lesson=10_000, full=10_000)
EPOCHS = profile.choose(smoke=2, lesson=7, full=20)           # of the main model
SHORT_EPOCHS = profile.choose(smoke=1, lesson=3, full=10)     # of each side experiment
COMPARED_IMAGES = profile.choose(smoke=500, lesson=10_000, full=55_000)  # in the race of step 10
COMPARED_EPOCHS = profile.choose(smoke=1, lesson=6, full=20)
SAMPLES = profile.choose(smoke=50, lesson=500, full=2_000)  # new digits to be judged in step 11
COMPONENTS = profile.choose(smoke=20, lesson=40, full=40)     # of PCA
MAP_POINTS = profile.choose(smoke=300, lesson=2_000, full=5_000)  # t-SNE is slow
TSNE_STEPS = profile.choose(smoke=250, lesson=500, full=1_000)
BATCH = 128
JIT = profile.choose(smoke=False, lesson="auto", full="auto")  # does not pay for a few steps
profile.seed(15)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：讀取資料 · Step 1: Load the data
#
# 像素是 0 到 255 的整數，除以 255 變成 0 到 1。之後所有的誤差都用這個尺度來量。
#
# Pixels are whole numbers from 0 to 255; divided by 255 they lie in 0 to 1. All errors below are measured on that scale.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, x_test = x_train.astype("float32") / 255, x_test.astype("float32") / 255
print("train", x_train.shape, " test", x_test.shape, f" values {x_train.min():g} to {x_train.max():g}")

# %% slideshow={"slide_type": "skip"}
x_train, x_valid = x_train[:TRAIN_IMAGES], x_train[-VALID_IMAGES:]  # no image is in both
x_test, y_test = x_test[:TEST_IMAGES], y_test[:TEST_IMAGES]


def mse(images, reference):
    """Mean squared error over all pixels of all images."""
    return float(np.mean((images - reference) ** 2))


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：先立對照組 · Step 2: Baselines first
#
# 模型再差，也該贏過這兩個對手：
#
# - **平均影像**：不管看到什麼，一律回答所有訓練影像的平均。它用了 0 個數字。
# - **PCA**：最好的**線性**壓縮。四個成分就是四個數字，和我們的自編碼器一樣多。
#
# 少了對照組，「誤差 0.0257」只是一個數字，你不知道它是好是壞。
#
# Even a poor model should beat these two:
#
# - **The mean image**: whatever it sees, it answers with the mean of all training images. It uses 0 numbers.
# - **PCA**: the best *linear* compression. Four components are four numbers, as many as our autoencoder gets.
#
# Without a baseline, "an error of 0.0257" is just a number: you cannot tell whether it is good.

# %% slideshow={"slide_type": "fragment"}
flat_train, flat_test = x_train.reshape(-1, 784), x_test.reshape(-1, 784)
pca = PCA(COMPONENTS, random_state=15).fit(flat_train)
scores = pca.transform(flat_test)  # (images, COMPONENTS): the numbers that stand for each image
print("pca.mean_", pca.mean_.shape, " pca.components_", pca.components_.shape, " scores", scores.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `scores` 的第 $k$ 欄，是每張圖在第 $k$ 個成分上的數字；`pca.components_` 的每一列是一個成分，也就是一張有 784 個像素的圖。
#
# ✏️ 寫出還原：拿前 `numbers` 個數字，乘上前 `numbers` 個成分，加起來，再把 `pca.mean_` 加回去。結果可能小於 0 或大於 1，而像素不會，所以最後用 `np.clip` 截到 0 到 1 之間。不截，就是讓對手吃虧。
#
# Column $k$ of `scores` holds each image's number for component $k$; each row of `pca.components_` is a component, a picture of 784 pixels.
#
# ✏️ Write the way back: the first `numbers` numbers times the first `numbers` components, added up, plus `pca.mean_`. The result may be below 0
# or above 1, and no pixel is, so cut it at 0 and 1 with `np.clip`. Not to cut would put the rival at a disadvantage.


# %% gap="rebuild" slideshow={"slide_type": "fragment"}
def rebuild(scores, numbers):
    """Return the images (n, 784), values 0 ... 1, that the first few numbers of each row of scores stand for."""
    ### BEGIN SOLUTION
    images = scores[:, :numbers] @ pca.components_[:numbers] + pca.mean_
    return np.clip(images, 0, 1)
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
kept = np.where(np.arange(COMPONENTS) < 4, scores[:50], 0)  # scikit-learn's way: the other numbers are 0
got, uncut = rebuild(scores[:50], 4), pca.inverse_transform(kept)
checks.that(np.shape(got) == (50, 784), "每張圖有 784 個像素。 784 pixels for each image.",
            f"50 張圖應該還原成 (50, 784)，你的是 {np.shape(got)}。 50 images should come back as (50, 784); yours are {np.shape(got)}.")
checks.that(not np.allclose(got, np.clip(uncut - pca.mean_, 0, 1), atol=1e-3), "平均加回去了。 The mean is back.",
            "PCA 先減去平均才找成分，還原時要加回去。 PCA subtracted the mean before it looked for components; add it again.")
checks.that(not np.allclose(got, np.clip(pca.inverse_transform(scores[:50]), 0, 1), atol=1e-3), "只用了前 4 個數字。 Only the first 4 numbers.",
            "說好只用前 numbers 個數字：scores 和成分都要切。 Only the first `numbers` may be used: slice the scores and the components.")
checks.that(np.min(got) >= 0 and np.max(got) <= 1, "像素都在 0 到 1 之間。 Every pixel lies in 0 to 1.",
            "有像素小於 0 或大於 1，要截掉。 Some pixels are below 0 or above 1: cut them.")
checks.close(got, np.clip(uncut, 0, 1), "和 scikit-learn 一樣。 The same as scikit-learn.",
             "還原的圖不對：數字乘成分（矩陣乘法），再加平均。 The images are wrong: numbers times components (a matrix product), plus the mean.", 1e-4)

# %% slideshow={"slide_type": "fragment"}
mean_error = mse(flat_test, pca.mean_)
pca_errors = np.array([mse(rebuild(scores, numbers), flat_test) for numbers in range(1, COMPONENTS + 1)])
pca4_error = pca_errors[3]
pca4_images = rebuild(scores, 4).reshape(-1, 28, 28)

display.table(
    {"mean image, 0 numbers": mean_error, "PCA, 4 numbers": pca4_error}, columns=["", "test MSE"]
)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 PCA 只能把四張固定的圖按比例加起來。你猜它重建的 4 會像什麼？
#
# 🤔 PCA can only add up four fixed pictures in some proportion. What do you think its 4 will look like?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 大多像一團糊掉的 9：四張固定的圖不夠拼出一個 4。步驟 5 的第三列看得到。PCA 的四個成分要照顧所有數字，留下的是大家共有的粗略形狀，而 4 和 9 在這裡幾乎一樣。猜「會是一個比較模糊的 4」的人，以為損失的只是清晰度；其實丟掉的是分辨 4 和 9 的那一部分。
#
# Mostly like a smeared 9: four fixed pictures are too few to put a 4 together. The third row of step 5 shows it. PCA's
# four components serve all digits at once; what they keep is the coarse shape, in which 4 and 9 are almost one. Who
# guessed "a 4, only less sharp" took sharpness for the only loss; what tells a 4 from a 9 is lost too.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：自編碼器類別 · Step 3: The autoencoder class
#
# 編碼器一層比一層窄，最後只剩 `code_dim` 個數字。解碼器（decoder）是它的鏡像，把數字變回影像。和以前的深度神經網路（DNN）差不多，只是中間特別窄。
#
# 投影片「額外把 encoder 拿出來」，這裡也一樣：`encode` 和 `decode` 可以分開用。
#
# The encoder narrows layer by layer until only `code_dim` numbers are left. The decoder is its mirror image and turns numbers back into a picture. It is
# the deep network you know, with a narrow waist.
#
# The slides "output the encoder as well". So do we: `encode` and `decode` can be used apart.

# %% slideshow={"slide_type": "fragment"}
display.source(autoencoder.Autoencoder.__init__)

# %% slideshow={"slide_type": "subslide"}
display.source(autoencoder.Autoencoder.call)

# %% slideshow={"slide_type": "fragment"}
display.source(autoencoder.Autoencoder.encode)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 程式裡的 `dense` 是 `layers.Dense` 加上正則化（regularization）；正則化在步驟 6 才用到。
#
# 🤔 編碼器是 784 → 384 → 256 → 128 → 4。先算出全部有幾個參數（別忘了偏差值），再執行下一格。
#
# In this code `dense` is `layers.Dense` with a regulariser, which waits until step 6.
#
# 🤔 The encoder goes 784 → 384 → 256 → 128 → 4. Work out the number of parameters of the whole model (mind the biases), then run the next cell.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 867,604 個。每一層是「輸入 × 輸出 + 輸出個偏差值」。編碼器：301,440 + 98,560 + 32,896 + 516 = 433,412；解碼器：640 + 33,024 + 98,688 + 301,840 = 434,192。得到 865,280 的人忘了偏差值；拿編碼器乘以 2 得到 866,824 的人，忘了鏡像的偏差值跟著**輸出**走：解碼器最後一層有 784 個，編碼器只有 4 個。
#
# 867,604. A layer has inputs × outputs weights and one bias for each output. Encoder: 301,440 + 98,560 + 32,896 + 516 =
# 433,412; decoder: 640 + 33,024 + 98,688 + 301,840 = 434,192. Who found 865,280 forgot the biases. Who doubled the
# encoder to 866,824 forgot that biases go with the *outputs*: the decoder's last layer has 784, the encoder's has 4.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
model = autoencoder.build(hidden_dims=(384, 256, 128), code_dim=4)
for part in (model.encoder, model.decoder, model):
    print(f"{part.name:12}{part.count_params():>9,} parameters")
print(f"one image: {28 * 28} numbers -> {model.code_dim}, {28 * 28 // model.code_dim} times fewer")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：輸入就是答案 · Step 4: The input is the answer
#
# 不需要標籤。影像 $x$ 壓成碼 $z=f(x)$，再解回 $\hat x=g(z)$，要它和 $x$ 越像越好：
#
# No labels are needed. An image $x$ becomes a code $z=f(x)$ and then $\hat x=g(z)$, which should be as close to $x$ as possible:
#
# $$\text{MSE}=\frac{1}{784}\sum_{i=1}^{784}\bigl(x_i-\hat x_i\bigr)^2$$
#
# 學習率先慢慢升高，再沿著餘弦曲線降到 0，這樣通常比固定的學習率收斂得快（這裡沒有另外比較）。碼表只計訓練的時間，不計評量。
#
# The learning rate warms up and then follows a cosine down to 0, which usually converges faster than a constant one (not compared here). The stopwatch counts training only, not the evaluation.


# %% slideshow={"slide_type": "fragment"}
class Stopwatch(keras.callbacks.Callback):
    """After each epoch, note the seconds of training so far and the error on validation images."""

    def on_train_begin(self, logs=None):
        self.seconds, self.errors, self.spent = [], [], 0.0
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.spent += time.perf_counter() - self.started
        self.seconds.append(self.spent)
        self.errors.append(mse(self.model.reconstruct(x_valid), x_valid))
        self.started = time.perf_counter()


# %% slideshow={"slide_type": "subslide"}
def train(model, epochs, images=None, loss="mse", peak_rate=0.003, jit=JIT, **options):
    """Train a model to return its input, x_train unless images are given; the learning rate rises, then falls along a cosine."""
    images = x_train if images is None else images
    steps = epochs * -(-len(images) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=steps - steps // 20, warmup_target=peak_rate, warmup_steps=steps // 20
    )
    model.compile(keras.optimizers.Adam(rate, beta_2=0.99), loss, jit_compile=jit)
    return model.fit(images, images, batch_size=BATCH, epochs=epochs, **options)


stopwatch = Stopwatch()
_ = train(model, EPOCHS, verbose=2, callbacks=[stopwatch])

# %% [markdown] slideshow={"slide_type": "subslide"}
# 每個訓練週期（epoch）之後，在 5,000 張**驗證影像**上量一次。它們是從訓練集最後面切出來的，沒有拿來訓練。測試影像只用來報告結果，不拿來挑任何東西；訓練時一次也沒看。
#
# After each epoch the error is measured on 5,000 **validation images**, split off the end of the training set and not trained on. The test
# images only report results and choose nothing; training never looks at them.

# %% alt={"zh": "自編碼器的驗證誤差隨訓練時間下降，大約半分鐘越過目標的點線，之後變平。PCA 的虛線高高在上。", "en": "The autoencoder's validation error falls with training time, passes the dotted goal after about half a minute and levels off. The dashed line of PCA is far above."} slideshow={"slide_type": "fragment"}
GOAL = 0.0257  # the test MSE to be passed: what a network of 2018 reached after 20 epochs

figure, axis = plt.subplots(figsize=(6.4, 3.4))
axis.plot(stopwatch.seconds, stopwatch.errors, marker="o", label="autoencoder, 4 numbers")
axis.axhline(pca4_error, color=plots.COLORS[1], ls="--", label="PCA, 4 numbers (test)")
axis.axhline(GOAL, color=plots.COLORS[2], ls=":", label="goal")
axis.set(xlabel="seconds of training", ylabel="validation MSE", ylim=(0.02, None))
axis.legend()
plt.show()

# %% slideshow={"slide_type": "fragment"}
reconstructed = model.reconstruct(x_test)
error = mse(reconstructed, x_test)
reached = [s for s, e in zip(stopwatch.seconds, stopwatch.errors, strict=True) if e <= GOAL]
seconds_to_goal = reached[0] if reached else float("inf")
print(f"validation MSE {stopwatch.errors[-1]:.4f} after {stopwatch.seconds[-1]:.0f} s; "
      f"the goal of {GOAL} was passed after {seconds_to_goal:.0f} s")
print(f"test MSE {error:.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 曲線最後為什麼變平？是四個數字不夠用，還是學習率已經降到 0？你會怎麼分辨？
#
# 🤔 Why does the curve flatten at the end: are four numbers too few, or has the learning rate reached 0? How would you tell?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 只看這條曲線分不出來：學習率降到 0，任何模型的曲線都會變平。要分辨，就一次只改一件事，各自**重新**訓練：先把 `EPOCHS` 加倍，再把 `code_dim` 改成 8。加倍就變好，表示原來還沒訓練完；加倍沒用、8 個數字才有用，表示四個數字是瓶頸。直接接著 `fit` 沒有用，因為學習率已經是 0 了。挑選時，請看從訓練集切出來的驗證影像，不要看測試集。
#
# This curve alone cannot tell: once the learning rate is 0, the curve of any model is flat. Change one thing at a time
# and train *anew*: first double `EPOCHS`, then set `code_dim` to 8. If doubling helps, training had not ended. If it
# does not and 8 numbers do, four numbers are the bottleneck. To go on with `fit` shows nothing, for the rate is already
# 0. If you choose by what you see, look at validation images split off from training, not at the test set.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：上排進去，下排出來 · Step 5: What goes in, what comes out
#
# 第一列是原圖，第二列是自編碼器，第三列是 PCA。後兩列看到的都只有四個數字。
#
# First row: originals. Second: autoencoder. Third: PCA. The last two saw only four numbers for each image.

# %% alt={"zh": "三排各十二個數字。第一排清楚；第二排稍微模糊，但多半認得出來；第三排糊成一團，好幾個認不出來。", "en": "Three rows of twelve digits. The first is sharp; the second a little blurred but mostly readable; the third smeared, and several cannot be read."} slideshow={"slide_type": "fragment"}
columns = 12
plots.image_grid(
    [*x_test[:columns], *reconstructed[:columns], *pca4_images[:columns]],
    columns=columns, vmin=0, vmax=1,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# PCA 要用多少個數字，才追得上自編碼器的四個？
#
# How many numbers does PCA need to match the autoencoder's four?

# %% slideshow={"slide_type": "fragment"}
enough = np.flatnonzero(pca_errors <= error)
profile.record("numbers of PCA that are as good", enough[0] + 1 if len(enough) else COMPONENTS)
match = f"{enough[0] + 1}" if len(enough) else f"more than {COMPONENTS}"
display.table(
    [("mean image", "0", mean_error), ("PCA", "4", pca4_error),
     ("autoencoder", "4", error), ("PCA, as good as that", match, error)],
    columns=["", "numbers per image", "test MSE"],
)

# %% alt={"zh": "PCA 的測試誤差隨碼的長度下降。自編碼器是 4 個數的一個點，橫的點線顯示 PCA 要大約 18 個數才降到一樣低。", "en": "The test error of PCA falls with the length of the code. The autoencoder is one point at 4 numbers; the dotted level shows that PCA gets as low with about 18."} slideshow={"slide_type": "subslide"}
figure, axis = plt.subplots(figsize=(6.4, 3.2))
axis.plot(np.arange(0, COMPONENTS + 1), [mean_error, *pca_errors], color=plots.COLORS[1], label="PCA")
axis.plot(4, error, "o", markersize=9, color=plots.COLORS[0], label="autoencoder")
axis.axhline(error, color=plots.COLORS[0], lw=1, ls=":")
axis.set(xlabel="numbers in the code", ylabel="test MSE", ylim=(0, None))
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 平均誤差會藏住失敗的例子。下面是重建得最差的 12 張：
#
# An average hides its failures. These are the 12 worst reconstructions:

# %% alt={"zh": "上排十二張原圖，下排的重建像另一個數字：2 變成 6，3 變成 6，9 變成 0。原圖多半歪斜或很粗。", "en": "Twelve originals above; the reconstructions below look like other digits: a 2 becomes a 6, a 3 a 6, a 9 a 0. Most originals are slanted or thick."} slideshow={"slide_type": "fragment"}
worst = np.argsort(-np.mean((reconstructed - x_test) ** 2, axis=(1, 2)))[:columns]
plots.image_grid([*x_test[worst], *reconstructed[worst]], columns=columns, vmin=0, vmax=1)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 四個數字大多夠說出「這是哪個數字、多斜、多粗」，不夠說出每個人的筆跡。
#
# 🤔 有些圖重建之後變成了**別的數字**。編碼器沒看過標籤，這算錯嗎？
#
# Four numbers can mostly say which digit it is, how slanted and how bold. They cannot say whose hand wrote it.
#
# 🤔 Some images come back as **another digit**. The encoder never saw a label: is that a mistake?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 照它的目標來說不算錯：目標只有像素誤差，沒有「保住是哪個數字」。四個數字裝不下整張圖時，它交出平均最像的那一張；一個少見的粗 9，像素上可能和某個 0 或 6 最接近。照使用者的目標來說，可能就是大錯。猜「它分類錯了」的人，把訓練時沒給過的目標算到它頭上；要它保住數字，就得把這件事寫進損失。
#
# By its own goal, no: the goal is the error in pixels, and "stay the same digit" is not part of it. When four numbers
# cannot hold the picture, it returns what is closest on average; a rare, bold 9 may be closest to some 0 or 6 in
# pixels. For whoever uses it, that may be a bad mistake all the same. "It misclassified" charges it with a goal that it
# was never given; if the digit must survive, the loss has to say so.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：權重消去正則化 · Step 6: The weight-elimination regulariser
#
# 投影片用的是 weight elimination。損失後面再加上一項：
#
# The slides use weight elimination. It adds a term to the loss:
#
# $$\text{loss}=\text{MSE}+\alpha\sum_i\frac{w_i^2}{1+w_i^2}$$
#
# 權重小的時候，$w^2/(1+w^2)\approx w^2$，和 L2 一樣把它往 0 拉。權重大的時候，這一項最多就是 1，再大也不多罰。所以它會留下少數大的權重，清掉許多小的。
#
# For a small weight $w^2/(1+w^2)\approx w^2$, and it is pulled to 0 as by L2. For a large one the price is at most 1, however large it grows. So a few large weights stay and many small ones go.

# %% slideshow={"slide_type": "fragment"}
display.source(autoencoder.WeightElimination)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
weights = np.array([0, 0.1, 1, 10])
print("w", "w²", "w² / (1 + w²)", sep="\t")
for w in weights:
    print(f"{w:g}", f"{w**2:g}", f"{w**2 / (1 + w**2):.4f}", sep="\t")
tensor = ops.convert_to_tensor(weights, "float32")
print("Keras, all four, alpha 1:", round(float(autoencoder.WeightElimination(alpha=1)(tensor)), 4))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 接下來用小一點的網路（784-128-32-4）做三次，只有 $\alpha$ 不同。
#
# 小心一個陷阱：`loss` **包含**罰項。拿有罰項的 loss 去比沒有罰項的 loss，比的不是同一件事。要比，就拿重建誤差比重建誤差。
#
# Now a smaller network (784-128-32-4), three times, with nothing but $\alpha$ changed.
#
# Mind the trap: `loss` **includes** the penalty. A loss with a penalty and a loss without are not the same quantity. Compare reconstruction error with reconstruction error.

# %% slideshow={"slide_type": "fragment"}
SMALL = 0.01  # below this size a weight counts as gone


def kernels(model):
    return np.concatenate([w.ravel() for w in model.get_weights() if w.ndim == 2])


def error_without_small_weights(model):
    """Test error after every weight below SMALL was set to exactly 0."""
    saved = model.get_weights()
    model.set_weights([np.where((w.ndim == 2) & (np.abs(w) < SMALL), 0, w) for w in saved])
    found = mse(model.reconstruct(x_test), x_test)
    model.set_weights(saved)
    return found


# %% slideshow={"slide_type": "fragment"}
rows, histograms = [], {}
for alpha in (0, 1e-5, 1e-3):
    profile.seed(15)
    regularizer = autoencoder.WeightElimination(alpha)
    regularised = autoencoder.build(hidden_dims=(128, 32), regularizer=regularizer)
    train(regularised, SHORT_EPOCHS, verbose=0)
    reconstruction = mse(regularised.reconstruct(x_test), x_test)
    histograms[alpha] = kernels(regularised)
    penalty = float(regularizer(ops.convert_to_tensor(histograms[alpha])))
    rows.append({
        "alpha": f"{alpha:g}", "loss": reconstruction + penalty,
        "= reconstruction": reconstruction, "+ penalty": penalty,
        f"weights below {SMALL}": f"{np.mean(np.abs(histograms[alpha]) < SMALL):.0%}",
        "error without those": error_without_small_weights(regularised),
    })
display.table(rows, digits=3)

# %% alt={"zh": "三張權重的直方圖，直軸是對數。alpha 越大，山越窄，越多權重擠在 0 附近；最大的那張只剩一根尖峰和零星的幾條。", "en": "Three histograms of weights on a log scale. The larger alpha, the narrower the hump and the more weights crowd near 0; at the largest there is a spike and a few stray bars."} slideshow={"slide_type": "subslide"}
figure, axes = plt.subplots(1, 3, figsize=(9.6, 2.8), sharex=True, sharey=True)
for axis, (alpha, values), color in zip(axes, histograms.items(), plots.COLORS, strict=False):
    axis.hist(values, bins=np.linspace(-0.6, 0.6, 61), color=color)
    axis.set(title=f"alpha = {alpha:g}", xlabel="weight", yscale="log")
axes[0].set_ylabel("number of weights")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 罰項確實把權重清到 0 附近；$\alpha=10^{-5}$ 時，一半以上的權重小到可以真的歸零，誤差只多一點點：網路變稀疏了。代價是重建變差。到了 $\alpha=0.001$，罰項贏過一切，網路幾乎只會回答平均影像（拿它的誤差和步驟 2 比比看）。
#
# 🤔 只看 `loss` 那一欄，你會以為發生了什麼事？
#
# The penalty does clear weights to about 0; at $\alpha=10^{-5}$ more than half are so small that setting them to exactly 0 costs very little: the network is sparse. The price is a worse reconstruction. At
# $\alpha=0.001$ the penalty wins outright and the network answers with little more than the mean image (compare its error with step 2).
#
# 🤔 Looking at the `loss` column alone, what would you believe had happened?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 會以為重建變得比實際上更差，到 $\alpha=0.001$ 甚至比平均影像還差（0.0743 對 0.0675）。其實那 0.0743 裡有 0.0076 是罰項，重建誤差是 0.0667，仍比平均影像好一點點。$\alpha=10^{-5}$ 時，loss 多了 0.0053，其中 0.0022 才是重建。常見的錯是把 loss 當成「圖有多不像」；有罰項時，它還包含「權重有多大」。
#
# That reconstructions became worse than they are, and at $\alpha=0.001$ even worse than the mean image (0.0743 against
# 0.0675). But 0.0076 of that 0.0743 is penalty; the reconstruction error is 0.0667, still a little better than the mean
# image. At $\alpha=10^{-5}$ the loss is up by 0.0053, of which reconstruction is only 0.0022. The usual mistake is to
# read the loss as "how unlike the pictures are"; with a penalty it also says how large the weights are.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：壓縮碼長什麼樣子 · Step 7: What the codes look like
#
# 四維畫不出來，投影片用兩種方法攤成平面：
#
# - **PCA**：線性，像從一個方向看過去的影子，遠近會失真；
# - **t-SNE**：盡量讓原本的鄰居還是鄰居，群看得更清楚。但群和群的**距離**、群的**大小**都不能當真。
#
# 漂亮的圖會騙人，所以每張圖配兩個數字：用鄰居猜標籤的準確率（5-NN，自己不算），以及輪廓係數（silhouette，−1 到 1）。
#
# Four dimensions cannot be drawn. The slides flatten them in two ways:
#
# - **PCA** is linear, like a shadow seen from one side; distances suffer;
# - **t-SNE** tries to keep neighbours together, so groups show better. But **distances** between groups and their **sizes** mean nothing.
#
# Pretty pictures deceive, so each gets two numbers: how often its neighbours guess a point's label (5-NN, itself left out), and the silhouette (−1 to 1).


# %% slideshow={"slide_type": "fragment"}
def neighbours_accuracy(points, labels):
    """Share of points whose five nearest others vote for their label."""
    _, nearest = NearestNeighbors(n_neighbors=5).fit(points).kneighbors()  # itself left out
    votes = np.eye(10)[labels[nearest]].sum(axis=1)
    return float(np.mean(votes.argmax(axis=1) == labels))


some, digits = x_test[:MAP_POINTS], y_test[:MAP_POINTS]
codes = model.encode(some)
code_pca = PCA(2).fit_transform(codes)
code_tsne = TSNE(max_iter=TSNE_STEPS, random_state=15).fit_transform(codes)
pixel_pca = pca.transform(some.reshape(-1, 784))

# %% slideshow={"slide_type": "fragment"}
spaces = {
    "pixels": (784, some.reshape(-1, 784)), "PCA of the pixels": (4, pixel_pca[:, :4]),
    "autoencoder code": (4, codes), "its PCA (left)": (2, code_pca),
    "its t-SNE (right)": (2, code_tsne),
}
guessed = {name: neighbours_accuracy(points, digits) for name, (_, points) in spaces.items()}
for name in ("pixels", "PCA of the pixels", "autoencoder code"):
    profile.record(f"5-NN accuracy, {name}", guessed[name])
display.table(
    [(name, size, guessed[name], float(silhouette_score(points, digits))) for name, (size, points) in spaces.items()],
    columns=["space", "numbers", "5-NN accuracy", "silhouette"], digits=3,
)


# %% alt={"zh": "同一批碼的兩張圖，顏色是數字。左邊擠在一起，好幾個數字重疊；右邊分成一群一群，只有 4 和 9 相連，3、5、8 靠在一起。", "en": "The same codes twice, coloured by digit. On the left they crowd and several digits overlap; on the right there are groups, with only 4 and 9 joined and 3, 5, 8 close together."} slideshow={"slide_type": "subslide"}
def draw_map(axis, points, labels, title=""):
    """Scatter points coloured by digit, with each digit's name at its median."""
    axis.scatter(*points.T, c=labels, cmap="tab10", vmin=-0.5, vmax=9.5, s=5, alpha=0.7)
    for digit in range(10):
        axis.text(*np.median(points[labels == digit], axis=0), str(digit), fontsize=15,
                  ha="center", va="center", bbox={"facecolor": "white", "alpha": 0.75,
                                                  "edgecolor": "none", "boxstyle": "circle,pad=0.1"})
    axis.set(title=title, xticks=[], yticks=[])


figure, axes = plt.subplots(1, 2, figsize=(10, 4.8))
draw_map(axes[0], code_pca, digits, "code, PCA to 2 dimensions")
draw_map(axes[1], code_tsne, digits, "code, t-SNE to 2 dimensions")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 自編碼器從沒看過標籤，它的四個數字卻比 PCA 的四個更能分辨數字，和全部 784 個像素差不多。
#
# 🤔 t-SNE 的輪廓係數比四維的碼還高。資訊不可能變多，那是什麼變了？
#
# The autoencoder never saw a label, yet its four numbers tell digits apart far better than PCA's four, and about as well as all 784 pixels.
#
# 🤔 t-SNE has a higher silhouette than the four-dimensional code itself. It cannot hold more information, so what has changed?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 變的是距離，不是資訊：t-SNE 把鄰居拉得更近，把群和群推得更開。輪廓係數只看距離，所以從 0.156 升到 0.275；看鄰居的 5-NN 準確率沒有變高（0.879 對 0.872）。猜「t-SNE 分得更清楚，所以更好」的人，把畫圖時加進去的空白當成了資料裡的空白。
#
# The distances, not the information: t-SNE draws neighbours closer and pushes groups apart. The silhouette looks at
# distances alone and rises from 0.156 to 0.275; the 5-NN accuracy, which looks at neighbours, does not rise (0.879 and 0.872). "t-SNE
# separates better, so it is better" takes the gaps that the drawing put in for gaps in the data.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：只用兩個數字 · Step 8: Two numbers only
#
# 碼只有兩維，就可以直接畫，不必再壓一次。還可以反過來：在平面上取一格一格的點，逐一解碼。
#
# A code of two numbers can be drawn as it is. And the other way round: take a grid of points on the plane and decode each.

# %% slideshow={"slide_type": "fragment"}
profile.seed(15)
flat_model = autoencoder.build(hidden_dims=(256, 128, 64), code_dim=2)
train(flat_model, SHORT_EPOCHS, verbose=0)
flat_codes = flat_model.encode(x_test)
flat_error = mse(flat_model.decode(flat_codes), x_test)
print(f"test MSE with 2 numbers {flat_error:.4f}; with 4 it was {error:.4f}")

# %% alt={"zh": "左：測試影像在平面上的位置，0 在右下、1 在上、7 在左上，中間混雜。右：18×18 格解碼出來的數字，位置和左圖對應，從一種慢慢變成另一種。", "en": "Left: where test images lie, 0 at the lower right, 1 at the top, 7 at the upper left, and a mixture in the middle. Right: a grid of 18×18 decoded digits, placed as on the left, each kind passing slowly into the next."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
SIDE = 18
spread = np.sort(flat_codes, axis=0)  # axes are drawn by rank: crowded places get more room
places = np.linspace(0.05, 0.95, SIDE)
across, up = np.quantile(spread, places, axis=0).T
grid = np.array([(x, y) for y in up[::-1] for x in across])
tiles = flat_model.decode(grid).reshape(SIDE, SIDE, 28, 28)
ranks = [np.searchsorted(spread[:, k], flat_codes[:MAP_POINTS, k]) / len(spread) for k in (0, 1)]

figure, axes = plt.subplots(1, 2, figsize=(10, 5))
draw_map(axes[0], np.transpose(ranks), digits, "where the test images lie")
edges = (1.5 * places[0] - 0.5 * places[1], 1.5 * places[-1] - 0.5 * places[-2])  # of the outer tiles
axes[0].set(xlim=edges, ylim=edges, aspect="equal")
axes[1].imshow(tiles.transpose(0, 2, 1, 3).reshape(SIDE * 28, SIDE * 28), vmin=0, vmax=1)
axes[1].set(title="what each place decodes to", xticks=[], yticks=[])
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩張圖是同一個平面，同一個位置可以對著看（座標軸用名次畫，擁擠的地方才看得清楚）。數字之間有一條條模糊的邊界。
#
# 🤔 找一個「不像任何數字」的格子。左圖的那個位置有點嗎？
#
# Both pictures show one plane, place by place (its axes are drawn by rank, to give crowded places room). Blurry borders run between the digits.
#
# 🤔 Find a tile that looks like no digit. Are there any points at that place on the left?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 有兩種。右圖最上緣、中間偏右那幾格灰灰的，什麼也不像；左圖的那裡幾乎沒有點，解碼器沒練習過那種碼，只能亂猜。數字交界處的模糊格子則不同：那裡常有點，而且好幾種數字擠在一起，所以解碼器交出它們的平均。猜「平面上每一點都是某個數字」的人，忘了損失只管訓練影像的碼落在哪裡，別處沒有人管。
#
# There are two kinds. At the top edge, a little right of the middle, some tiles are grey and like nothing: on the left
# hardly a point lies there, so the decoder never practised such codes. Blurred tiles on the borders are another matter:
# points often do lie there, of several digits at once, and the decoder returns their average. "Every point of the plane
# is some digit" forgets that the loss cares only for places where codes of training images fall.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：從一個數字走到另一個 · Step 9: Walk from one digit to another
#
# 回到四個數字的模型。上排直接混合兩張圖的**像素**；下排混合它們的**碼**，再解碼：$z_t=(1-t)\,z_a+t\,z_b$。
#
# Back to the model with four numbers. Above, the **pixels** of two images are mixed; below, their **codes** are mixed and decoded: $z_t=(1-t)\,z_a+t\,z_b$.

# %% slideshow={"slide_type": "fragment"}
first, second = (x_test[np.flatnonzero(y_test == digit)[0]] for digit in (7, 3))
t = np.linspace(0, 1, 11)[:, None]  # (11, 1): 0 at the first image, 1 at the second
mixed_pixels = (1 - t[..., None]) * first + t[..., None] * second  # (11, 28, 28)

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出下排：`walked` 是 11 張圖 (11, 28, 28)，第一張是 `first` 重建的樣子，最後一張是 `second` 的。先編碼，再混合，再解碼。`model.encode` 要一批影像，兩張可以用 `np.stack([first, second])`。
#
# ✏️ Write the lower row: `walked` holds 11 images (11, 28, 28), from the reconstruction of `first` to that of `second`. Encode, then mix, then
# decode. `model.encode` wants a batch of images; `np.stack([first, second])` makes one of the two.

# %% gap="walk" slideshow={"slide_type": "fragment"}
### BEGIN SOLUTION
code_first, code_second = model.encode(np.stack([first, second]))
walked = model.decode((1 - t) * code_first + t * code_second)
### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
ends = model.reconstruct(np.stack([first, second]))
checks.that(np.shape(walked) == (11, 28, 28), "十一張圖。 Eleven images.",
            f"walked 的形狀應該是 (11, 28, 28)，你的是 {np.shape(walked)}。混好的碼解碼了嗎？ "
            f"walked should have the shape (11, 28, 28); yours is {np.shape(walked)}. Were the mixed codes decoded?")
checks.that(not np.allclose(walked, ends[::-1][[0] * 10 + [1]], atol=1e-3) and np.abs(walked[0] - ends[0]).max() < 1e-3,
            "從第一張出發。 It starts at the first image.",
            "t = 0 應該是第一張：乘 1 − t 的是誰？ At t = 0 it should be the first image: which one is multiplied by 1 − t?")
checks.that(not np.allclose(walked, (1 - t[..., None]) * ends[0] + t[..., None] * ends[1], atol=1e-4),
            "混的不是解碼後的圖。 Not the decoded images were mixed.",
            "你先解碼才混合，混到的還是像素。 You decoded first and mixed after that, which mixes pixels again.")
checks.that(not np.allclose(walked, model.reconstruct(mixed_pixels), atol=1e-4), "混的不是像素。 Not the pixels were mixed.",
            "你先混合像素才編碼；要先編碼，再混合碼。 You mixed pixels and encoded after that; encode first, then mix the codes.")
checks.close(model.encode(walked[[0, -1]]), model.encode(ends), "終點是第二張。 It ends at the second image.",
             "最後一張應該是第二張重建的樣子。 The last one should be the reconstruction of the second.", 0.05)

# %% alt={"zh": "從 7 走到 3 的兩排。上排中間兩個數字疊在一起，都看得到。下排的 7 慢慢變形，中途像 9 和 4，沒有重影，最後是一個糊的 3。", "en": "Two ways from a 7 to a 3. In the upper row both digits show through one another half-way. In the lower row the 7 changes its shape, is like a 9 and a 4 on the way, without a double image, and ends as a blurred 3."} slideshow={"slide_type": "fragment"}
plots.image_grid([*mixed_pixels, *walked], columns=11, vmin=0, vmax=1)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 上排是兩張疊在一起的投影片。下排的每一步大多是一筆畫得出來的字，途中還可能經過別的數字。
#
# 🤔 為什麼碼的中點像一個字，像素的中點卻不像？
#
# Above, two transparencies lie on each other. Below, most steps look like something a pen could write, and the path may pass other digits.
#
# 🤔 Why is the midpoint of the codes a character, and the midpoint of the pixels not?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為解碼器練習的是「碼 → 像數字的圖」，而像素的平均只是把兩組筆畫疊起來。鄰近的碼也用過，所以兩個碼之間的點常常也落在有資料的地方；兩張圖的像素平均幾乎從不出現在資料裡。這不是保證：這條路上就有好幾步是糊的，還經過了像 9 和 4 的圖。猜「碼比較少，所以比較平滑」只說對一半：重點是解碼器學過什麼樣的圖，而不是數字有幾個。
#
# Because the decoder has practised turning codes into digit-like pictures, while a mean of pixels just lays two sets of
# strokes on each other. Between two codes there are often codes of other images; a mean of two images hardly ever
# occurs in the data. It is no guarantee: on this very path several steps are smears, and some look like a 9 or a 4. "Fewer
# numbers, so smoother" is half the truth: what counts is which pictures the decoder has learned, not how many numbers
# there are.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：換成卷積 · Step 10: With convolutions
#
# 影像適合用卷積（convolution）嗎？換掉編碼器和解碼器只要幾行。要比，就公平地比：同樣的 10,000 張影像、同樣的損失（MSE）、同樣的學習率變化、同樣 6 個訓練週期。那「一樣大」要怎麼算？有兩種算法：
#
# - **參數一樣多**：記住的數一樣多。卷積有 23,685 個參數，全連接（dense）的中間層就只能有 15 個神經元；
# - **乘法一樣多**：算的次數一樣多。卷積的濾鏡每個位置都要用一次，一張圖約 52 萬次乘法，全連接的中間層可以有 330 個神經元。
#
# 所以卷積有兩個對手。
#
# Do convolutions suit images? Exchanging encoder and decoder takes a few lines. To compare, compare fairly: the same 10,000 images, the same loss
# (MSE), the same course of the learning rate, the same 6 epochs. And what is "the same size"? There are two ways to count:
#
# - **as many parameters**: as many numbers to store. The convolutional model has 23,685; a dense one may then have 15 hidden neurons;
# - **as many multiplications**: as much to compute. A filter is used again at every place, about 520,000 multiplications for an image; a dense model
#   may then have 330 hidden neurons.
#
# So there are two rivals.

# %% slideshow={"slide_type": "fragment"}
same = {"padding": "same", "activation": "silu"}


def convolutional():
    return keras.Sequential([
        keras.Input((28, 28)), layers.Reshape((28, 28, 1)),
        layers.Conv2D(16, 3, strides=2, **same),                        # 14 × 14 × 16
        layers.Conv2D(32, 3, strides=2, **same),                        # 7 × 7 × 32
        layers.Flatten(), layers.Dense(4, name="code"),
        layers.Dense(7 * 7 * 32, activation="silu"), layers.Reshape((7, 7, 32)),
        layers.Conv2DTranspose(16, 3, strides=2, **same),               # 14 × 14 × 16
        layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
        layers.Reshape((28, 28)),
    ])


contestants = {
    "convolutional": convolutional,
    "dense, as many parameters": lambda: autoencoder.build(hidden_dims=(15,)),
    "dense, as many multiplications": lambda: autoencoder.build(hidden_dims=(330,)),
}


# %% slideshow={"slide_type": "subslide"}
rows, returned, errors = [], {}, {}
for name, build in contestants.items():
    profile.seed(15)
    rival = build()
    jit = False if build is convolutional else JIT  # on a CPU, TensorFlow's own convolutions are faster than XLA's
    started = time.perf_counter()
    train(rival, COMPARED_EPOCHS, x_train[:COMPARED_IMAGES], peak_rate=0.005, jit=jit, verbose=0)
    seconds = time.perf_counter() - started
    returned[name] = autoencoder.in_batches(rival, x_test)
    errors[name] = np.mean((returned[name] - x_test) ** 2, axis=(1, 2))  # one for each test image
    profile.record(f"test MSE, {name}", errors[name].mean())
    rows.append((name, rival.count_params(), seconds, float(errors[name].mean())))
display.table(rows, columns=["4 numbers", "parameters", "seconds of training", "test MSE"], digits=3)

# %% alt={"zh": "四排：原圖、卷積、參數一樣多的全連接、乘法一樣多的全連接。第二、三排都很糊，第四排最清楚。", "en": "Four rows: originals, convolutional, dense with as many parameters, dense with as many multiplications. The second and third are very blurred, the fourth is sharpest."} slideshow={"slide_type": "fragment"}
for name in list(contestants)[1:]:
    difference = evaluation.paired_difference(errors[name][:2000], errors["convolutional"][:2000])
    print(f"{name}, minus convolutional: {difference:+.4f} (95 %, 2,000 test images)")
plots.image_grid([*x_test[:columns], *(image for images in returned.values() for image in images[:columns])],
                 columns=columns, vmin=0, vmax=1)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 「卷積比較好」要說清楚是哪一種一樣多，才有意義。參數一樣多，卷積的誤差小（0.0428 對 0.0466）；乘法一樣多，全連接的小（0.0360），不過它記的數是卷積的 22 倍。區間（95 %）說的是這三個**訓練好的**網路：換一批測試影像，差別還在不在。換一個起點重新訓練，誤差還會動，這裡各只訓練了一次；事先另外換了三個起點，名次都一樣：卷積 0.041 到 0.042，參數一樣多的 0.047 到 0.049，乘法一樣多的 0.036 到 0.037。訓練得更久、影像更多，還是可能不同。所以結論只到這裡為止。
#
# 🤔 和參數一樣多的全連接相比，卷積花的時間長得多（而且全連接那幾秒裡，有一大部分是啟動和編譯）。時間花到哪裡去了？
#
# "Convolutions are better" means something only once it is said what is equal. With as many parameters the convolutional error is smaller (0.0428 against 0.0466);
# with as many multiplications the dense one is (0.0360), though that network stores 22 times as many numbers. The intervals (95 %) are about these three **trained** networks: whether the difference would stand with other test images. Another start moves the errors too, and
# each was trained once here; three other starts, run beforehand, gave the same order: convolutional 0.041 to 0.042, as many parameters 0.047 to 0.049, as many multiplications 0.036 to
# 0.037. Longer training and more images may still differ. So this is as far as the conclusion goes.
#
# 🤔 The convolutional model takes much longer than the dense one of as many parameters (whose few seconds are in good part starting up and compiling). Where does it spend the time?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 花在重複使用權重上：同一個 3 × 3 濾鏡，要在每個位置各算一次。數一數一張圖的乘法：卷積模型約 52 萬次，參數一樣多的全連接只有約 2.4 萬次，因為它的每個權重只用一次。而且同樣一次乘法，大矩陣相乘通常比小卷積更能用滿 CPU。猜「參數一樣多，所以一樣快」的人，把「記幾個數」和「算幾次」當成同一件事。
#
# In using the same weights again and again: a 3 × 3 filter is computed once at every place. Count the multiplications of one image: about 520,000 in
# the convolutional model, and about 24,000 in the dense one of as many parameters, where each weight is used once. Besides, large matrix products
# usually keep a CPU busier than small convolutions do. "As many parameters, so as fast" takes how much is stored for how much is computed.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：這個領域後來去了哪裡 · Step 11: Where the field went
#
# 想畫**新的**數字，就要知道該解哪些碼。普通的自編碼器沒有規定碼放在哪裡，只好事後去看：量出所有訓練影像的碼的平均和共變異數，再從有同樣平均和共變異數的常態分布抽。
#
# 共變異數說的是：每個數散得多開，哪些數一起變大。`np.linalg.cholesky` 由它給出一個矩陣 $L$，標準常態亂數乘上 $L$，就有同樣的共變異數。會矩陣乘法就夠了。
#
# ✏️ 寫出 `place`：`draws` 的每一列是四個標準常態亂數，把它們變成和 `codes` 有同樣平均、同樣共變異數的碼。注意這裡一列是一個碼，所以乘在右邊的是 $L$ 的轉置。
#
# To draw a **new** digit you must know which codes to decode. A plain autoencoder makes no rule about where codes lie, so we have to look
# afterwards: take the mean and the covariance of the codes of all training images, and draw from a normal distribution that has the same.
#
# Covariance says how far each number spreads, and which of them grow together. From it `np.linalg.cholesky` makes a matrix $L$; standard normal
# numbers times $L$ have that same covariance. The matrix product is all you need.
#
# ✏️ Write `place`: each row of `draws` holds four standard normal numbers; turn them into codes of the same mean and covariance as `codes`.
# Mind that a code is a row here, so what stands on the right is the transpose of $L$.
#
# <details><summary>選讀：為什麼 · Optional: why</summary>
#
# 標準常態亂數 $\epsilon$ 的共變異數是單位矩陣。乘上 $L$，共變異數就變成 $LL^{\top}$，而 $L$ 正是為了 $LL^{\top}=C$ 算出來的，$C$ 是碼的共變異數。
#
# Standard normal numbers $\epsilon$ have the identity as their covariance. Times $L$ they have $LL^{\top}$, and $L$ is worked out just so that
# $LL^{\top}=C$, the covariance of the codes.
#
# </details>


# %% gap="place" slideshow={"slide_type": "fragment"}
def place(draws, codes):
    """Return standard normal draws (n, k), moved to where codes (m, k) lie: the same mean and covariance."""
    L = np.linalg.cholesky(np.cov(codes, rowvar=False))
    ### BEGIN SOLUTION
    return codes.mean(axis=0) + draws @ L.T
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
pretend = np.random.default_rng(3).normal(size=(4_000, 3)) @ [[2.0, 1.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 0.3]] + [5, -3, 1]
placed = place(np.random.default_rng(4).normal(size=(40_000, 3)), pretend)
checks.that(np.shape(placed) == (40_000, 3), "每個亂數一個碼。 A code for each draw.",
            f"40,000 列亂數應該變成 40,000 個碼，你的形狀是 {np.shape(placed)}。 "
            f"40,000 draws should become 40,000 codes; your shape is {np.shape(placed)}.")
checks.that(np.abs(placed.mean(axis=0) - pretend.mean(axis=0)).max() < 0.3, "中心對了。 The centre is right.",
            "中心不在碼的平均。 Its centre is not the mean of the codes.")
checks.that(np.abs(placed.var(axis=0) / pretend.var(axis=0) - 1).max() < 0.05, "散得一樣開。 It spreads as far.",
            "每個方向散開的程度和碼不一樣：乘的是 L，還是 L 的轉置，還是共變異數本身？ "
            "It spreads otherwise than the codes: did you multiply by L, by its transpose, or by the covariance itself?")
checks.that(np.abs(np.corrcoef(placed, rowvar=False) - np.corrcoef(pretend, rowvar=False)).max() < 0.05,
            "方向之間的關聯也在。 So do the numbers vary together.",
            "單獨看每個數都對，但它們應該一起變動：只乘標準差不夠。 "
            "Each number alone is right, but they should vary together: standard deviations alone are not enough.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **變分自編碼器**（variational autoencoder, VAE）一開始就規定碼放在哪裡。編碼器不給一個點，而是給一小團：平均 $\mu$ 和變異數 $\sigma^2$。碼從那一團裡抽；每一團離標準常態越遠，罰得越多。這樣一來，之後要畫新的數字，直接抽標準常態亂數就行。
#
# 麻煩的是：「抽一個亂數」沒有導數，梯度到這裡就斷了。辦法是把抽樣改寫成 $z=\mu+\sigma\epsilon$，$\epsilon$ 是標準常態亂數。隨機全在 $\epsilon$ 裡，對 $\mu$ 和 $\sigma$ 來說這只是加法和乘法，梯度就過得去了。這叫**重參數化技巧**（reparameterisation trick）。
#
# ✏️ 寫出這一行。編碼器給的是 $\log\sigma^2$（這樣它可以是任何數），你要的是 $\sigma$。張量用 `ops.exp`。
#
# A **variational autoencoder** (VAE) makes the rule beforehand. Its encoder gives not a point but a small cloud, with mean $\mu$ and variance
# $\sigma^2$. The code is drawn from that cloud, and a cloud pays the more, the farther it is from the standard normal distribution. To draw a new
# digit later, standard normal numbers will then do.
#
# The trouble: to draw a random number has no derivative, and gradients end there. The way out is to write the draw as $z=\mu+\sigma\epsilon$ with a
# standard normal $\epsilon$. All the chance is in $\epsilon$; for $\mu$ and $\sigma$ it is an addition and a multiplication, and gradients pass. This
# is the **reparameterisation trick**.
#
# ✏️ Write this line. The encoder gives $\log\sigma^2$ (which may be any number), and you need $\sigma$. For tensors it is `ops.exp`.


# %% gap="draw" slideshow={"slide_type": "fragment"}
def draw(mean, log_variance, epsilon):
    """Return codes drawn from N(mean, exp(log_variance)) by standard normal numbers epsilon, all of one shape."""
    ### BEGIN SOLUTION
    return mean + ops.exp(log_variance / 2) * epsilon
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
pretend_mean, pretend_log = np.float32([[1.0, -2.0]]), np.log(np.float32([[9.0, 0.25]]))  # standard deviations 3 and 0.5
middle = ops.convert_to_numpy(draw(pretend_mean, pretend_log, np.zeros((1, 2), "float32")))
away = ops.convert_to_numpy(draw(pretend_mean, pretend_log, np.ones((1, 2), "float32"))) - middle
checks.that(not np.allclose(away, 0), "亂數有用到。 The random numbers are used.",
            "epsilon 變了，碼卻不變：忘了乘 epsilon？ The code does not change with epsilon: is the factor epsilon missing?")
checks.close(middle, pretend_mean, "epsilon 是 0，就在中心。 At epsilon 0 the code is the centre.",
             "epsilon 是 0 時，碼應該正好是平均。 With epsilon 0 the code should be the mean itself.")
checks.that(not np.allclose(away, [[9.0, 0.25]]), "不是變異數。 Not the variance.",
            "你乘的是變異數 σ²；要的是標準差，也就是它的平方根。 You multiplied by the variance σ²; its square root is wanted.")
checks.close(away, [[3.0, 0.5]], "走 epsilon 個標準差。 epsilon standard deviations away.",
             "epsilon 是 1，應該離中心正好一個標準差；log σ² 要怎麼變成 σ？ "
             "With epsilon 1 it should be one standard deviation away; how does log σ² become σ?", 1e-5)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 「離標準常態多遠」用 **KL 散度**（Kullback–Leibler divergence）來量：一團正好是標準常態時是 0，越不像越大。
#
# How far a cloud is from the standard normal is measured by the **Kullback–Leibler divergence**: 0 for the standard normal itself, and the more, the
# less alike they are.
#
# <details><summary>選讀：公式 · Optional: the formula</summary>
#
# 兩個常態分布之間的 KL 散度算得出來。對 $N(\mu,\sigma^2)$ 和 $N(0,1)$，把每個碼的數字加起來：
#
# Between normal distributions the divergence can be worked out. For $N(\mu,\sigma^2)$ and $N(0,1)$, added up over the numbers of a code:
#
# $$D_{\text{KL}}=-\tfrac12\sum_j\bigl(1+\log\sigma_j^2-\mu_j^2-\sigma_j^2\bigr)$$
#
# 重建的交叉熵加上 $D_{\text{KL}}$，平均起來就是 $-\log p(x)$ 的上界（Kingma、Welling，2013）；這裡的 $p(x)$ 是模型認為會出現這張圖的機率。
#
# The cross-entropy of the reconstruction plus $D_{\text{KL}}$ is, on average, an upper bound on $-\log p(x)$ (Kingma, Welling, 2013), where $p(x)$ is
# the probability that the model gives to this picture.
#
# </details>


# %% slideshow={"slide_type": "fragment"}
class Sampling(layers.Layer):
    """Draw a code from N(mean, exp(log_variance)), and charge for straying from N(0, 1)."""

    def __init__(self, **options):
        super().__init__(**options)
        self.random = keras.random.SeedGenerator(profile.chosen_seed(15))

    def call(self, mean, log_variance):
        divergence = -0.5 * ops.sum(1 + log_variance - mean**2 - ops.exp(log_variance), axis=-1)
        self.add_loss(ops.mean(divergence))
        return draw(mean, log_variance, keras.random.normal(ops.shape(mean), seed=self.random))


# %% [markdown] slideshow={"slide_type": "subslide"}
# 重建的損失也要是真正的機率。像素只有黑、白兩種時，輸出 $p_i$ 就是「第 $i$ 個像素是白的」的機率，交叉熵正好是負對數概似（negative log-likelihood）。灰階像素就不行：就算重建得一模一樣，交叉熵也不是 0。所以先把數字變成黑白（超過 0.5 算白）。
#
# The loss of the reconstruction has to be a true probability as well. If pixels are black or white, the output $p_i$ is the probability that pixel $i$ is
# white, and cross-entropy is exactly the negative log-likelihood. With grey pixels it is not: even a perfect reconstruction does not cost 0. So first
# make the digits black and white (above 0.5 is white).

# %% slideshow={"slide_type": "fragment"}
profile.seed(15)
bw_train, bw_test = (x_train > 0.5).astype("float32"), (x_test > 0.5).astype("float32")
image = keras.Input((28, 28))
hidden = layers.Dense(128, "silu")(layers.Dense(256, "silu")(layers.Flatten()(image)))
mean, log_variance = layers.Dense(4)(hidden), layers.Dense(4)(hidden)
code = Sampling()(mean, log_variance)
vae_decoder = keras.Sequential([
    keras.Input((4,)), layers.Dense(128, "silu"), layers.Dense(256, "silu"),
    layers.Dense(784, "sigmoid"), layers.Reshape((28, 28)),
])
vae = keras.Model(image, vae_decoder(code))
vae_encoder = keras.Model(image, [mean, log_variance])


def nats(images, outputs):
    """Negative log-likelihood of black and white images: the cross-entropy, summed over the pixels of each."""
    row_means = keras.losses.binary_crossentropy(images, outputs)  # Keras averages the last axis
    return 28 * ops.sum(row_means, axis=-1)


# %% slideshow={"slide_type": "subslide"}
train(vae, profile.choose(smoke=1, lesson=4, full=30), bw_train, loss=nats, verbose=0)
bound = vae.evaluate(bw_test, bw_test, batch_size=1000, verbose=0)
white = np.broadcast_to(np.clip(bw_train.mean(axis=0), 0.001, 0.999), bw_test.shape)  # how often each pixel is white
apart = float(ops.mean(nats(bw_test, white)))
profile.record("VAE: upper bound on -log p, test, nats", bound)
display.table({"every pixel on its own": apart, "VAE (upper bound)": bound}, columns=["", "-log p(image), nats, test"], digits=5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 單位是 nat：機率取自然對數。第一列是對照組：每個像素各猜各的，只記住「這裡有幾成的圖是白的」。VAE 少了約 82 nat（換三個起點是 80 到 82），也就是說，它給真正數字的機率（取幾何平均）至少是對照組的 $e^{82}$ 倍。這個上界可以和同樣把 MNIST 截成黑白、同樣 784 個像素的論文比；用別的方法變黑白的（例如按灰階擲骰子），就不能比。
#
# The unit is the nat: natural logarithms of probabilities. The first row is a baseline: each pixel guesses for itself, knowing only in what share of the
# images it is white. The VAE needs about 82 nats less (80 to 82 with three other starts): in the geometric mean it gives real digits a probability at least $e^{82}$ times as large. The bound
# compares with papers that cut MNIST to black and white in the same way; it does not with those that do it otherwise (by rolling dice on the grey values).

# %% [markdown] slideshow={"slide_type": "subslide"}
# 規定有沒有用？抽出來的碼，平均應該接近 0、標準差接近 1。小心：抽出來的碼散得比每一團的**中心** $\mu$ 還開，因為每一團自己也有寬度。兩份加起來才是全部：
#
# $$\text{Var}(z)=\text{Var}(\mu)+\text{E}[\sigma^2]$$
#
# ✏️ 寫出這個變異數：`mean` 和 `log_variance` 的形狀都是（影像數, 4），答案是 4 個數。
#
# Does the rule work? The codes that are drawn should have a mean near 0 and a standard deviation near 1. Mind that they spread farther than the clouds'
# *centres* $\mu$, since each cloud has a width of its own. Both parts together make the formula above.
#
# ✏️ Write this variance: `mean` and `log_variance` both have the shape (images, 4), and the answer is 4 numbers.


# %% gap="variance" slideshow={"slide_type": "fragment"}
def drawn_variance(mean, log_variance):
    """Return the variance (k,) of codes drawn from N(mean, exp(log_variance)), both (n, k), a code for each row."""
    ### BEGIN SOLUTION
    return mean.var(axis=0) + np.exp(log_variance).mean(axis=0)
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
centres, logs = np.array([[0.0, 3.0], [2.0, 3.0]]), np.log([[4.0, 1.0], [16.0, 0.25]])
answer = np.asarray(drawn_variance(centres, logs))
checks.that(answer.shape == (2,), "一個方向一個數。 A number for each direction.",
            f"兩個方向要有兩個數，你的形狀是 {answer.shape}：要沿著影像平均。 "
            f"Two directions give two numbers; your shape is {answer.shape}: average over the images.")
checks.that(not np.allclose(answer, [1, 0]), "每一團的寬度算進去了。 The clouds' own width is there.",
            "這只是中心散得多開；每一團自己的 σ² 還沒加。 This is how far the centres spread; the clouds' own σ² is missing.")
checks.that(not np.allclose(answer, [10, 0.625]), "中心散開也算進去了。 The spread of the centres is there.",
            "這只是各團自己的寬度；中心散開的部分還沒加。 This is the clouds' own width alone; the spread of the centres is missing.")
checks.close(answer, [11, 0.625], "兩份都在。 Both parts are there.",
             "要加的是變異數：σ² 的平均，不是 σ 的平均，也不是 log σ² 的。 "
             "What is added are variances: the mean of σ², not of σ, nor of log σ².")

# %% slideshow={"slide_type": "fragment"}
all_codes = model.encode(x_train)
vae_means, vae_logs = (ops.convert_to_numpy(part) for part in vae_encoder(bw_train))
rows = (("autoencoder: codes", all_codes.mean(axis=0), all_codes.std(axis=0)),
        ("VAE: centres of the clouds", vae_means.mean(axis=0), vae_means.std(axis=0)),
        ("VAE: codes that are drawn", vae_means.mean(axis=0), np.sqrt(drawn_variance(vae_means, vae_logs))))
display.table([(name, *(f"{m:+.1f} ± {s:.2f}" for m, s in zip(means, spreads, strict=True))) for name, means, spreads in rows],
              columns=["mean ± standard deviation", "z1", "z2", "z3", "z4"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 規定有用，但不完全：平均幾乎是 0，標準差約 1.2，還沒到 1。第二列和第三列幾乎一樣，因為每一團都很窄（$\sigma$ 大約 0.15），散開的幾乎全是中心。普通自編碼器的碼散得開好幾倍，中心也不在 0。
#
# The rule works, though not quite: means are almost 0, and standard deviations about 1.2, not yet 1. The second and third rows are almost alike because each cloud is
# narrow ($\sigma$ about 0.15): nearly all of the spread is that of the centres. The plain autoencoder's codes spread several times farther, and not around 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再來抽樣。同樣的 12 組標準常態亂數，走三條路：直接給普通自編碼器的解碼器；先用 `place` 搬到它的碼所在的地方，再解碼；給 VAE 的解碼器。第四列是每個 VAE 樣本在訓練集裡最像的影像：如果一模一樣，那只是背書。
#
# Now draw samples. The same 12 sets of standard normal numbers take three ways: straight to the plain autoencoder's decoder; moved by `place` to where its
# codes lie, then decoded; to the VAE's decoder. The fourth row shows the training image nearest to each VAE sample: if they were identical, it would
# merely recite.

# %% alt={"zh": "四排各十二張。第一排多半是暗淡的雜斑；第二排和第三排像手寫數字，有幾張看不出是什麼；第四排是真的訓練影像，和第三排像，但不一樣。", "en": "Four rows of twelve. The first is mostly dim smudges; the second and third look like handwritten digits, a few of them unreadable; the fourth are true training images, like the third but not the same."} slideshow={"slide_type": "fragment"}
draws = np.random.default_rng(profile.chosen_seed(15)).standard_normal((SAMPLES, 4)).astype("float32")
samples = {
    "autoencoder, standard normal": model.decode(draws),
    "autoencoder, fitted normal": model.decode(place(draws, all_codes)),
    "VAE, standard normal": autoencoder.in_batches(vae_decoder, draws),
}
recited = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(bw_train.reshape(-1, 784))
nearest = recited.kneighbors(samples["VAE, standard normal"][:columns].reshape(-1, 784) > 0.5, return_distance=False)
plots.image_grid(
    [*(image for rows in samples.values() for image in rows[:columns]), *bw_train[nearest[:, 0]]],
    columns=columns, vmin=0, vmax=1,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 眼睛看十二張不算數。各畫 500 張，量兩件事，都數「變成黑白之後，有幾個像素不同」：
#
# - **像不像**：每個樣本，離最像它的**訓練影像**多遠？
# - **齊不齊**：每張**測試影像**，離最像它的樣本多遠？只會畫一種數字的模型，這裡會很差。
#
# 表的最後一列是對照：拿 500 張真的訓練影像當樣本。它們離最像的訓練影像當然是 0，那一格空著。
#
# Looking at twelve proves nothing. Draw 500 each and measure two things, both in pixels that differ once all is black and white:
#
# - **fidelity**: how far is each sample from the **training image** most like it?
# - **coverage**: how far is each **test image** from the sample most like it? A model that draws one digit only does badly here.
#
# The last row is for comparison: 500 real training images taken as samples. The nearest training image to each is itself, so that place stays empty.


# %% slideshow={"slide_type": "fragment"}
def pixels_apart(images, others):
    """Return for each image how many pixels differ from the nearest of the others, all black and white."""
    flat_images, flat_others = ((pictures > 0.5).reshape(-1, 784).astype("float32") for pictures in (images, others))
    search = NearestNeighbors(n_neighbors=1, algorithm="brute", metric="sqeuclidean").fit(flat_others)
    return search.kneighbors(flat_images)[0][:, 0]


fidelity = {name: pixels_apart(drawn, x_train) for name, drawn in samples.items()}
coverage = {name: pixels_apart(x_test[:1000], drawn) for name, drawn in samples.items()}
for name in samples:
    profile.record(f"fidelity, {name}", fidelity[name].mean())
    profile.record(f"coverage, {name}", coverage[name].mean())
display.table(
    [*((name, float(fidelity[name].mean()), float(coverage[name].mean())) for name in samples),
     ("real digits", None, float(pixels_apart(x_test[:1000], x_train[:SAMPLES]).mean()))],
    columns=["samples", "fidelity: pixels apart", "coverage: pixels apart"], digits=3)

# %% slideshow={"slide_type": "fragment"}
moved, variational = "autoencoder, fitted normal", "VAE, standard normal"
print(f"fidelity, fitted minus VAE: {evaluation.paired_difference(fidelity[moved], fidelity[variational]):+.1f} pixels (95 %)")
print(f"coverage, fitted minus VAE: {evaluation.paired_difference(coverage[moved], coverage[variational]):+.1f} pixels (95 %)")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 圖的第一列最差，但那不是解碼器的錯：亂數根本沒落在碼所在的地方，畫來畫去只有幾種樣子，所以「齊不齊」差很多（83 個像素）。第二列用 `place` 搬過去，就公平多了。結果不討好：第二列和第三列的 VAE，「像不像」分不出高下（區間跨過 0），「齊不齊」普通自編碼器還少了約 2 個像素。所以**這裡不能說 VAE 畫得比較好**；它的好處是碼的位置事先講好，還有一個算得出來的機率。
#
# 這是各訓練一次的結果，VAE 的網路也比較小、訓練週期比較少。事先另外換了三個起點：「齊不齊」三次都是普通自編碼器好，只好 0.4 到 1.6 個像素；「像不像」三次都是 VAE 好，好 0.4 到 3.3 個。各有一樣好，都不多。
#
# 還要小心這把尺：真正的數字「齊不齊」是 58，反而比兩個模型差！糊一點、平均一點的字，離每個人的字都比較近。這把尺獎勵平均，不獎勵真實。
#
# 今天的生成模型把這個想法疊得很高：Stable Diffusion 就先用一個 VAE 壓縮影像，再在碼的空間裡去雜訊，而去雜訊正是下一課。
#
# 🤔 如果把 KL 那一項乘上 10，重建和樣本各會怎麼變？乘上 0 呢？
#
# The first row of pictures is the worst, and the decoder is not to blame: the numbers do not fall where the codes are, so that it draws a few shapes only, and coverage
# is far worse (83 pixels). In the second, `place` has moved them there, which is much fairer. The outcome is unwelcome: in fidelity the second row and the VAE of the
# third cannot be told apart (the interval spans 0), and in coverage the plain autoencoder is even about 2 pixels better. So **this does not say that the VAE draws
# better**; what it offers is that the place of the codes is agreed beforehand, and a probability that can be worked out.
#
# Each was trained once, and the VAE's network is smaller and had fewer epochs. With three other starts, run beforehand, the plain autoencoder was better in coverage each time, by 0.4 to 1.6 pixels only, and the VAE
# in fidelity, by 0.4 to 3.3: each has one thing that it does better, and not by much.
#
# Mind the ruler as well: real digits have a coverage of 58, worse than both models! A blurred, average shape is closer to everybody's hand. This ruler rewards the
# average, not the real.
#
# Today's image generators build high on this idea: Stable Diffusion first compresses a picture with a VAE and then removes noise in the space of codes. Removing noise is the next lesson.
#
# 🤔 If the KL term were multiplied by 10, what would happen to reconstructions and samples? And by 0?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 理論預期：乘 10，碼更貼近標準常態，重建更糊，樣本也更像「平均的數字」；有些碼甚至可能不再帶任何資訊。乘 0，沒有人罰 $\sigma$ 太小，它會縮向 0，幾乎變回普通的自編碼器：重建較好，但標準常態的亂數不再對得上碼的位置，要先用 `place` 搬過去。猜「KL 越大，樣本越好」只看到一半：碼再整齊，沒裝東西也畫不出細節。這裡沒有做這個實驗；想試，就在 `add_loss` 那一行乘上 10 或 0，看步驟 11 的表和那幾列圖。
#
# What theory expects: times 10, codes come closer to the standard normal, reconstructions blur, and samples look more
# like average digits; some of the four numbers may stop carrying anything. Times 0, nothing charges for a small
# $\sigma$; it shrinks towards 0 and the model is almost a plain autoencoder: better reconstructions, but standard
# normal draws no longer hit where the codes are, and have to be moved there by `place`. "More KL, better samples" sees one half: codes
# in perfect order that hold nothing draw no details. We did not run this; to try, multiply by 10 or 0 in the line with
# `add_loss` and look at step 11's tables and rows of pictures.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 檢查 · Check
#
# 目標：6 個訓練週期之內，驗證誤差低於 0.0257；結束時測試誤差更低，而且要贏過 PCA。
#
# The goal: a validation error below 0.0257 within 6 epochs, a still lower test error at the end, and below PCA's.

# %% slideshow={"slide_type": "fragment"}
profile.expect("test MSE, 4 numbers", error,
               at_most=profile.choose(smoke=0.075, lesson=0.0250, full=0.0240))
profile.expect("test MSE as a share of PCA's", error / pca4_error,
               at_most=profile.choose(smoke=1.6, lesson=0.6, full=0.6))
if profile.name() != "smoke":  # which sees too few images to get there
    profile.expect("epochs until the goal was passed, validation", 1 + sum(e > GOAL for e in stopwatch.errors),
                   at_most=profile.choose(smoke=0, lesson=6, full=8))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# VAE（[Kingma 與 Welling](https://arxiv.org/abs/1312.6114)，2013）一步就從亂數解碼成圖，圖也就容易糊。[Ho 等人](https://arxiv.org/abs/2006.11239)（2020）改成很多小步，每一步只去掉一點雜訊，叫擴散模型（diffusion model）；[Rombach 等人](https://arxiv.org/abs/2112.10752)（2022）讓它在自編碼器的碼裡面走，Stable Diffusion 就是這樣畫圖的。第 22 課從頭做一個。
#
# A VAE ([Kingma and Welling](https://arxiv.org/abs/1312.6114), 2013) goes from random numbers to a picture in one step, and its pictures tend to blur. [Ho et
# al.](https://arxiv.org/abs/2006.11239) (2020) take many small steps, each of which removes a little noise: a diffusion model. [Rombach et
# al.](https://arxiv.org/abs/2112.10752) (2022) let it walk among the codes of an autoencoder, and so Stable Diffusion draws. Lesson 22 builds one from
# the beginning.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 輸入就是答案：不用標籤，網路也能學會壓縮；`encode` 和 `decode` 可以分開用。<br>The input is the answer: a network learns to compress without labels, and `encode` and `decode` can be used apart.
# - 以測試 MSE 來看，四個非線性的數字抵得上 18 個 PCA 成分（這一次和另外三個起點都是）；它們大多說得出「哪個數字」，說不出「誰寫的」。<br>By test MSE four nonlinear numbers were worth 18 PCA components, in this run and with three other starts; they mostly tell which digit, not whose hand.
# - 比較之前先問「比的是同一個量嗎？」：loss 加了罰項，就只能拿重建誤差來比。<br>Before you compare, ask whether it is the same quantity: once a loss holds a penalty, compare reconstruction errors.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Unfold</summary>
#
# - 它用 784-512-32-4、ReLU、每批 8 張、Adam 0.0005，每個週期 30 到 90 秒，20 個週期後測試 MSE 是 0.0257（[Autoencoder.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/Autoencoder.ipynb) 存下來的輸出）：步驟 4 的目標就是這個數。這裡用 SiLU、每批 128 張、會升降的學習率，網路也比較深；一次改了好幾件，分不出各有多少功勞。<br>It used 784-512-32-4, ReLU, batches of 8, Adam 0.0005, 30 to 90 seconds an epoch: test MSE 0.0257 after 20 epochs (stored output of its [Autoencoder.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/Autoencoder.ipynb)), which is the goal of step 4. SiLU, batches of 128, a learning rate that rises and falls and a deeper network are ours; so many changes at once do not tell what each is worth.
# - 它用 $\alpha=0.001$，罰項除以權重的個數；並拿有罰項的 loss 和沒有罰項的 loss 相比，那不是同一個量。<br>It used $\alpha=0.001$ with a penalty divided by the number of weights, and compared a loss with the penalty to one without: not the same quantity.
# - 它沒有對照組。沒有平均影像和 PCA，就看不出四個數字做得好不好。<br>It had no baseline; without the mean image and PCA nobody can tell whether four numbers did well.
# - 它只用眼睛看分群的圖；這裡每張圖都有數字。<br>It judged the maps of codes by eye; here each has its numbers.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 20](../labs/lab20_code_of_four.ipynb)「更好的四個數字」：自己寫 PCA 和自編碼器，讓四個數字的測試 MSE 不超過 0.0250；能比這一課更低更好。
#
# [Lab 20](../labs/lab20_code_of_four.ipynb), a better code of four numbers: write PCA and an autoencoder of your own and reach a test MSE of 0.0250 at most;
# below this lesson's is better still.
#
# 接下來：[22](22_diffusion.ipynb) 讓擴散模型和這裡的 VAE 畫同樣的數字，比一比誰畫得像。
#
# Where the field went: in [22](22_diffusion.ipynb) a diffusion model and this VAE draw the same digits, and are compared.
#
# ## 參考資料 · References
#
# - G. E. Hinton, R. R. Salakhutdinov, [Reducing the dimensionality of data with neural networks](https://doi.org/10.1126/science.1127647), *Science* 313, 2006：深的自編碼器與 PCA 的比較 · deep autoencoders against PCA
# - A. S. Weigend, D. E. Rumelhart, B. A. Huberman, [Generalization by weight-elimination with application to forecasting](https://proceedings.neurips.cc/paper/1990/hash/bc6dc48b743dc5d013b1abaebd2faed2-Abstract.html), NIPS 3, 1990：步驟 6 的罰項 · the penalty of step 6
# - L. van der Maaten, G. Hinton, [Visualizing data using t-SNE](https://jmlr.org/papers/v9/vandermaaten08a.html), *JMLR* 9, 2008
# - M. Wattenberg, F. Viégas, I. Johnson, [How to use t-SNE effectively](https://doi.org/10.23915/distill.00002), *Distill*, 2016：為什麼群的大小和距離不能當真 · why sizes and distances of groups mean nothing
# - D. P. Kingma, M. Welling, [Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114), 2013
# - R. Rombach et al., [High-resolution image synthesis with latent diffusion models](https://arxiv.org/abs/2112.10752), 2022

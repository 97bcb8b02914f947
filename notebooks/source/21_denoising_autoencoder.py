# %% [markdown] slideshow={"slide_type": "slide"}
# # 21 去雜訊自編碼器：弄髒再洗乾淨 · Denoising autoencoders: spoil it, then clean it
#
# 🗺 雜訊進、乾淨出；幫分類器擦眼鏡 · Noise in, clean out; glasses for a classifier
#
# 上一課的自編碼器把輸入原樣還給你。這一課先把輸入弄髒，再要網路交出**沒弄髒**的那一張。就改這麼一點，它學會了新的本事。
#
# 上完這一課，你可以
# 1. 做出三種強度已知的雜訊，並用 PSNR 量出洗掉了多少；
# 2. 訓練一個去雜訊自編碼器（denoising autoencoder），和 OpenCV 的濾波器公平地比一場；
# 3. 檢驗投影片的說法：放在分類器前面，真的能「抑制雜訊」嗎？能當正則化嗎？
#
# The autoencoder of the last lesson hands its input back. In this one the input is spoiled first, and the network must return the **unspoiled** image. That small change teaches it a new skill.
#
# After this lesson you can
# 1. make three kinds of noise of known strength, and measure in PSNR how much was cleaned away;
# 2. train a denoising autoencoder, and compare it fairly with filters from OpenCV;
# 3. test what the slides claim: in front of a classifier, does it "suppress noise"? Does it regularise?
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0）· MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 硬體 · Hardware | 兩個 CPU 核心就夠；有 GPU 會更快 · two CPU cores are enough; a GPU is faster |
# | 投影片 · Slides | 附錄 去雜訊 (De-noise) Autoencoder、Lab – De-noise Autoencoder · appendix De-noise Autoencoder, Lab – De-noise Autoencoder |

# %% slideshow={"slide_type": "skip"}
import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from utils.data import datasets
from utils.models import autoencoder
from utils.notebook import display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_IMAGES = profile.choose(smoke=2_000, lesson=60_000, full=60_000)
TEST_IMAGES = profile.choose(smoke=500, lesson=10_000, full=10_000)
EPOCHS = profile.choose(smoke=2, lesson=3, full=20)         # of the denoiser for one sigma
MIXED_EPOCHS = profile.choose(smoke=1, lesson=2, full=20)   # of the denoiser for every kind of noise
UNET_EPOCHS = profile.choose(smoke=1, lesson=1, full=10)
CLASSIFIER_EPOCHS = profile.choose(smoke=1, lesson=3, full=10)
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

# %% slideshow={"slide_type": "fragment"}
display.source(autoencoder.gaussian_noise)

# %% slideshow={"slide_type": "subslide"}
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
x_train, y_train = x_train[:TRAIN_IMAGES], y_train[:TRAIN_IMAGES]  # all, except in smoke
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
# ## 步驟 4：訓練去雜訊器 · Step 4: Train the denoiser
#
# 類別和上一課的完全一樣，但這次的碼有 1,024 個數字，比 784 還多。普通的自編碼器這樣做，照抄就行了；去雜訊的不行，因為輸入和答案不一樣，照抄會把雜訊也抄進去。
#
# 每個訓練週期都重新加一次雜訊。網路永遠看不到同一張髒圖，也就背不起來。
#
# The class is the last lesson's, but the code now has 1,024 numbers, more than 784. A plain autoencoder could then simply copy. A denoising one cannot: its input is not its answer, and a copy would keep the noise.
#
# Every epoch gets fresh noise. The network never sees a noisy image twice, so it cannot learn one by heart.


# %% slideshow={"slide_type": "fragment"}
def train(model, spoil, epochs, peak_rate=0.004, jit=JIT):
    """Train a model to turn spoil(images) back into images, with fresh noise in every epoch."""
    steps = epochs * -(-len(x_train) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=steps - steps // 20, warmup_target=peak_rate, warmup_steps=steps // 20
    )
    model.compile(keras.optimizers.Adam(rate, beta_2=0.99), "binary_crossentropy", jit_compile=jit)
    for _ in range(epochs):
        model.fit(spoil(x_train), x_train, batch_size=BATCH, verbose=2)


def clean(model, images):
    return autoencoder.in_batches(model, images)


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
denoiser = autoencoder.build(hidden_dims=(), code_dim=1024, code_activation="silu")
print(f"784 -> {denoiser.code_dim} -> 784: {denoiser.count_params():,} parameters")

# %% slideshow={"slide_type": "fragment"}
generator = np.random.default_rng(16)
train(denoiser, lambda images: autoencoder.gaussian_noise(images, SIGMA, generator), EPOCHS)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：檢視結果 · Step 5: Look at the result
#
# 上：髒的。中：洗過的。下：乾淨的。
#
# Above: noisy. Middle: cleaned. Below: clean.

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"]
results["denoiser"] = clean(denoiser, noisy_test)
draw_rows({"noisy": noisy_test[:10], "cleaned": results["denoiser"][:10], "clean": x_test[:10]})

# %% slideshow={"slide_type": "fragment"}
decibels["denoiser"] = autoencoder.psnr(x_test, results["denoiser"])
display.table(
    [(name, value, value - decibels["noisy"]) for name, value in decibels.items()],
    columns=[f"sigma {SIGMA}, {len(x_test):,} test images", "PSNR in dB", "gain in dB"],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一個平均值蓋住一萬張圖。每一張都變乾淨了嗎？
#
# One average hides ten thousand images. Did each of them become cleaner?

# %% slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3))
bins = np.arange(9, 31, 0.25)
one_by_one = {name: autoencoder.psnr(x_test, results[name], per_image=True)
              for name in ("noisy", "Gaussian blur, corrected", "denoiser")}
for name, values in one_by_one.items():
    axis.hist(values, bins=bins, alpha=0.75, label=name)
axis.set(xlabel="PSNR of one image in dB", ylabel="images")
axis.legend()
plt.show()
behind = np.mean(one_by_one["denoiser"] < one_by_one["Gaussian blur, corrected"])
print(f"the blur does better than the denoiser on {behind:.1%} of the images")

# %% slideshow={"slide_type": "subslide"}
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 步驟 6：同一件事，用卷積 · Step 6: The same with convolutions
#
# 雜訊是局部的，所以卷積很拿手。下面是一個迷你的 U-Net：縮小兩次，再放大兩次，並把縮小前的細節接回來。參數只有上面那個網路的一百多分之一，只訓練一個週期。
#
# Noise is local, so convolutions are good at it. Here is a tiny U-Net: shrink twice, grow twice, and bring back the details from before. It has less than a hundredth of the parameters above and trains for one epoch.

# %% slideshow={"slide_type": "fragment"}
same = {"padding": "same", "activation": "silu"}
image = keras.Input((28, 28))
pixels = layers.Reshape((28, 28, 1))(image)
half = layers.Conv2D(12, 3, strides=2, **same)(pixels)              # 14 × 14 × 12
quarter = layers.Conv2D(24, 3, strides=2, **same)(half)             # 7 × 7 × 24
quarter = layers.Conv2D(24, 3, **same)(quarter)
back = layers.Conv2DTranspose(12, 3, strides=2, **same)(quarter)    # 14 × 14 × 12
back = layers.Concatenate()([back, half])                           # the details from before
output = layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(back)
unet = keras.Model(image, layers.Reshape((28, 28))(output))

# On a CPU, TensorFlow's own convolutions are faster than those that XLA compiles.
train(unet, lambda images: autoencoder.gaussian_noise(images, SIGMA, generator), UNET_EPOCHS,
      peak_rate=0.006, jit=False)
decibels["U-Net"] = autoencoder.psnr(x_test, clean(unet, noisy_test))
display.table(
    [("dense", denoiser.count_params(), EPOCHS, decibels["denoiser"]),
     ("U-Net", unet.count_params(), UNET_EPOCHS, decibels["U-Net"])],
    columns=["denoiser", "parameters", "epochs", "PSNR in dB"],
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：別種雜訊 · Step 7: Other kinds of noise
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


all_rounder = autoencoder.build(hidden_dims=(), code_dim=1024, code_activation="silu")
train(all_rounder, mixture, MIXED_EPOCHS)

# %% slideshow={"slide_type": "subslide"}
kinds = {
    "Gaussian, sigma 0.4": lambda images, seed: autoencoder.gaussian_noise(images, SIGMA, seed),
    "salt and pepper, 20 %": lambda images, seed: autoencoder.salt_and_pepper(images, 0.2, seed),
    "a square of 10 × 10": lambda images, seed: autoencoder.block_square(images, 10, seed),
}
rows, spoiled_by, cleaned_by = [], {}, {}
for name, spoil in kinds.items():
    spoiled_by[name], few = spoil(x_test, 4), spoil(clean_few, 5)
    cleaned_by[name] = clean(all_rounder, spoiled_by[name])
    candidates = {
        "noisy": spoiled_by[name],
        "median": Filter(median, SIZES, few, clean_few)(spoiled_by[name]),
        "Gaussian blur": Filter(blur, BLURS, few, clean_few)(spoiled_by[name]),
        "denoiser for 0.4": clean(denoiser, spoiled_by[name]),
        "all-rounder": cleaned_by[name],
    }
    measured = {kind: autoencoder.psnr(x_test, images) for kind, images in candidates.items()}
    rows.append({"PSNR in dB": name} | measured)
display.table(rows, digits=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩個濾波器都針對每一種雜訊重新挑過大小、校正過亮度。椒鹽雜訊是中值濾波的強項，它在那一列贏過高斯模糊。
#
# 🤔 只練過高斯雜訊的去雜訊器，從沒見過椒鹽，卻也洗得很好。它學會的是「雜訊的樣子」，還是「數字的樣子」？
#
# Both filters were fitted anew to each kind, size and brightness. Salt and pepper is the median filter's home ground: in that row it beats the blur.
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

# %% slideshow={"slide_type": "subslide"}
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
# ## 步驟 8：沒訓練過的 σ · Step 8: A sigma it was not trained on
#
# 真實世界不會告訴你 $\sigma$ 是多少。只練過 0.4 的去雜訊器，遇到更乾淨、更髒的圖會怎樣？
#
# The real world does not tell you $\sigma$. How does the denoiser that has practised 0.4 alone do on cleaner and on noisier images?

# %% slideshow={"slide_type": "fragment"}
sigmas = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
models = {"denoiser for 0.4": denoiser, "all-rounder (0 to 0.8)": all_rounder}
curves = {name: [] for name in ("noisy", "Gaussian blur fitted to 0.4", *models)}
for sigma in sigmas:
    noisy = autoencoder.gaussian_noise(x_test[:2000], sigma, seed=6)
    candidates = {"noisy": noisy, "Gaussian blur fitted to 0.4": best_blur(noisy)}
    candidates |= {name: clean(model, noisy) for name, model in models.items()}
    for name, images in candidates.items():
        curves[name].append(autoencoder.psnr(x_test[:2000], images))

# %% slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.8))
colors = ("#6b6b6b", plots.COLORS[2], plots.COLORS[0], plots.COLORS[1])
for (name, values), color in zip(curves.items(), colors, strict=True):
    axis.plot(sigmas, values, marker="o", markersize=4, color=color, label=name)
axis.axvline(SIGMA, color="#999999", lw=1, ls=":")
axis.set(xlabel="sigma of the noise", ylabel="PSNR in dB")
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 藍線（只練 0.4）在 0.4 附近略勝一籌，不過兩邊各只練了一次、練的週期數也不同，這麼小的差別算不得準；離得越遠，什麼都練過的橘線就越划算，連沒練過的 0.9 和 1.0 也一樣。最左邊，雜訊小到某個程度以下，**不處理反而最好**。
#
# 🤔 雜訊很小的時候，為什麼洗過反而更糟？（它的輸出要再畫一次整張圖。）
#
# The blue line (0.4 alone) is slightly ahead near 0.4, but each was trained once and for another number of epochs, so that so small a gap decides nothing. The farther from there, the more the orange one pays, which has practised many, even at 0.9 and 1.0, which it has not. At the far left, below a certain noise,
# **leaving the image alone is best**.
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
# ## 步驟 9：放在分類器前面 · Step 9: In front of a classifier
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
    model = keras.Sequential([
        keras.Input((28, 28)), layers.Flatten(),
        layers.Dense(256, "relu"), layers.Dense(10, "softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=JIT)
    for _ in range(CLASSIFIER_EPOCHS):
        model.fit(spoil(x_train), y_train, batch_size=BATCH, verbose=2)
    return model


classifier = train_classifier(lambda images: images)
noise_trained = train_classifier(lambda images: autoencoder.gaussian_noise(
    images, generator.uniform(0, 0.8, len(images)), generator
))


def accuracy(model, images):
    return float(np.mean(autoencoder.in_batches(model, images).argmax(axis=1) == y_test))


# %% slideshow={"slide_type": "subslide"}
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8)
COLUMNS = ("classifier alone", "Gaussian blur first", "denoiser for 0.4 first",
           "all-rounder first", "trained on noise, alone")
rows = []
for sigma in LEVELS:
    noisy = autoencoder.gaussian_noise(x_test, sigma, seed=7)
    prepared = (noisy, best_blur(noisy), clean(denoiser, noisy), clean(all_rounder, noisy))
    values = [accuracy(classifier, images) for images in prepared]
    rows.append([*values, accuracy(noise_trained, noisy)])
accuracies = np.array(rows)
display.table(
    [(f"{sigma:g}", *(f"{value:.1%}" for value in row))
     for sigma, row in zip(LEVELS, accuracies, strict=True)],
    columns=["sigma", *COLUMNS],
)

# %% slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.8))
styles = ("#6b6b6b", plots.COLORS[2], plots.COLORS[0], plots.COLORS[1], plots.COLORS[3])
for name, values, color in zip(COLUMNS, accuracies.T, styles, strict=True):
    axis.plot(LEVELS, values, marker="o", markersize=5, color=color, label=name,
              ls="--" if "trained" in name else "-")
axis.set(xlabel="sigma of the noise", ylabel="test accuracy", ylim=(0, 1.02))
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 投影片說得對：分類器一個權重都沒改，前面加上去雜訊器，準確率就救回來了。但也要老實說三件事：
#
# - 沒有雜訊時，它會讓準確率掉一點；
# - 雜訊不大時（$\sigma=0.2$），一個不用訓練的高斯模糊就夠了；
# - 直接用髒圖訓練同一個分類器（虛線），只多花幾秒，也救回大半。
#
# 🤔 去雜訊器比分類器大好幾倍，訓練也久得多。這場比賽公平嗎？什麼時候你根本**不能**重新訓練分類器？
#
# The slides are right: not one weight of the classifier changed, and a denoiser in front brings its accuracy back. But honesty asks for three remarks:
#
# - without noise it costs a little accuracy;
# - where there is little noise ($\sigma=0.2$), a Gaussian blur that needs no training is enough;
# - training the same classifier on noisy images (dashed) takes only a few seconds and regains most of the loss.
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
# ## 步驟 10：當作正則化 · Step 10: As regularisation
#
# 投影片的最後一個說法：去雜訊「可以當作一種 Regularization 的方法」。標籤很少的時候最看得出來。只給 500 個標籤，換不同的 500 個做幾次，在**乾淨**的測試影像上比：
#
# - **一般**：直接訓練；
# - **訓練時加雜訊**：同樣的網路，每一步的輸入都加 $\sigma=0.4$ 的雜訊；
# - **去雜訊器的編碼器**：第一層換成步驟 4 的編碼器（它看過全部訓練影像，但沒看過標籤），固定不動；
# - **沒訓練過的編碼器**：形狀相同、權重隨機。少了這個對照，就分不出功勞是「學到的」還是「層比較寬」。
#
# The slides' last claim: denoising "can serve as a method of regularisation". That shows best when labels are few. With 500 labels only, a few times over with another 500, compared on **clean** test images:
#
# - **plain**: trained as it is;
# - **noise in training**: the same network, with noise of $\sigma=0.4$ on the input at every step;
# - **encoder of the denoiser**: the first layer is the encoder of step 4, frozen (it has seen all training images, but no label);
# - **untrained encoder**: the same shape with random weights. Without it one cannot tell whether credit is due to learning or to a wider layer.


# %% slideshow={"slide_type": "fragment"}
FEW_LABELS, FEW_EPOCHS = 500, profile.choose(smoke=1, lesson=6, full=6)


def fit_few(body, labelled):
    """Train a classifier on few labelled images and return its accuracy on clean test images."""
    model = keras.Sequential([keras.Input((28, 28)), *body, layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", jit_compile=False)
    often = np.tile(labelled, 10)  # ten passes in one epoch: Keras takes a pause after each
    model.fit(x_train[often], y_train[often], batch_size=50, epochs=FEW_EPOCHS, verbose=0)
    return accuracy(model, x_test)


untrained = autoencoder.build(hidden_dims=(), code_dim=1024, code_activation="silu")
denoiser.encoder.trainable = untrained.encoder.trainable = False
bodies = {
    "plain": lambda: [layers.Flatten(), layers.Dense(256, "relu")],
    "noise in training": lambda: [
        layers.GaussianNoise(SIGMA), layers.Flatten(), layers.Dense(256, "relu"),
    ],
    "encoder of the denoiser": lambda: [denoiser.encoder],
    "untrained encoder": lambda: [untrained.encoder],
}
few_results = {name: [] for name in bodies}
for repeat in range(REPEATS):
    labelled = np.random.default_rng(repeat).choice(len(x_train), FEW_LABELS, replace=False)
    for name, body in bodies.items():
        keras.utils.set_random_seed(repeat)
        few_results[name].append(fit_few(body(), labelled))

# %% slideshow={"slide_type": "subslide"}
display.table(
    [(name, f"{np.mean(values):.1%}", f"{min(values):.1%} to {max(values):.1%}")
     for name, values in few_results.items()],
    columns=[f"{FEW_LABELS} labels, {REPEATS} draws", "mean test accuracy", "lowest to highest"],
)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 在這裡，兩種做法平均都多了一個百分點左右，但只抽了幾次，範圍還互相重疊，所以只能說「可能有幫助」。有幫助的理由是：雜訊讓網路不能只記住那 500 張；去雜訊器的編碼器帶來它從沒有標籤的影像學到的東西。沒訓練過的編碼器比一般的還差，可見光是一層又寬又隨機的網路並不夠。
#
# 🤔 如果給 5,000 個標籤，你猜這個差距會變大還是變小？把 `FEW_LABELS` 改成 5_000 試試看（時間約十倍）。
#
# Here both gain about a point on average, but there were only a few draws and their ranges overlap, so all we can say is that they may help. Why they should: noise keeps the network from memorising the 500 images, and the denoiser's encoder brings what it learned from images without labels. The untrained
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 檢查 · Check
#
# 目標：$\sigma=0.4$ 時洗到 20 dB 以上、比髒圖多 6 dB 以上、贏過校正後的濾波器；$\sigma=0.6$ 時把分類器的準確率救回至少 10 個百分點。
#
# The goal: at $\sigma=0.4$ at least 20 dB, at least 6 dB above the noisy images, and above the corrected filters; at $\sigma=0.6$ at least 10 points of the classifier's accuracy regained.

# %% slideshow={"slide_type": "fragment"}
best_filter = max(value for name, value in decibels.items() if "median" in name or "blur" in name)
at_06 = dict(zip(COLUMNS, accuracies[LEVELS.index(0.6)], strict=True))
best_cleaned = max(at_06["denoiser for 0.4 first"], at_06["all-rounder first"])

gain = decibels["denoiser"] - decibels["noisy"]
lead = decibels["denoiser"] - best_filter
regained = best_cleaned - at_06["classifier alone"]
profile.expect("PSNR after cleaning, dB", decibels["denoiser"],
               at_least=profile.choose(smoke=12, lesson=20, full=20.5))
profile.expect("PSNR gained over noisy, dB", gain, at_least=profile.choose(smoke=1, lesson=6, full=6))
profile.expect("PSNR above the best filter, dB", lead,
               at_least=profile.choose(smoke=-6, lesson=2, full=2))
profile.expect("accuracy gained at sigma 0.6", regained,
               at_least=profile.choose(smoke=-0.5, lesson=0.1, full=0.1))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 弄髒輸入、答案不變，網路就得學會「數字應該長什麼樣子」，不能照抄。<br>Spoil the input and keep the answer: the network must learn what digits look like, and cannot copy.
# - 贏過對手之前，先讓對手盡全力：校正亮度，高斯模糊就多了 3 dB 以上。<br>Before you beat a rival, let it do its best: brightness corrected, the Gaussian blur gains more than 3 dB.
# - 放在分類器前面有效，而且分類器不用重新訓練；沒有雜訊時，要付一點代價。<br>In front of a classifier it works, and the classifier need not be retrained; without noise it costs a little.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 它讓大家**看**圖有沒有變乾淨；這裡用全部 10,000 張測試影像的 PSNR 來說話，旁邊還有不用學習的濾波器。<br>It let you *see* that pictures became cleaner; here the PSNR of all 10,000 test images speaks, next to filters that need no learning.
# - 「放在分類器前面」和「當正則化」只寫在投影片上，沒有做過；這裡兩個都做了實驗，也寫出它們的代價。<br>"In front of a classifier" and "as regularisation" stood on a slide, untried; here both are tested, and their price is told.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# 練習 20「更好的四個數字」的最後一步可以用上這一課：訓練時加雜訊，會讓四個數字的碼變好還是變差？
#
# Lab 20, a better code of four numbers: this lesson helps with its last step. Does noise during training make a code of four numbers better or worse?
#
# ## 參考資料 · References
#
# - P. Vincent et al., [Extracting and composing robust features with denoising autoencoders](https://doi.org/10.1145/1390156.1390294), ICML 2008
# - P. Vincent et al., [Stacked denoising autoencoders](https://www.jmlr.org/papers/v11/vincent10a.html), *JMLR* 11, 2010：為什麼碼可以比輸入還寬 · why a code may be wider than its input
# - O. Ronneberger, P. Fischer, T. Brox, [U-Net](https://arxiv.org/abs/1505.04597), MICCAI 2015
# - J. Ho, A. Jain, P. Abbeel, [Denoising diffusion probabilistic models](https://arxiv.org/abs/2006.11239), NeurIPS 2020：一步一步去雜訊，就能畫出新的圖 · denoise step by step, and new pictures appear
# - OpenCV：[影像平滑](https://docs.opencv.org/4.x/d4/d13/tutorial_py_filtering.html) · OpenCV: smoothing images

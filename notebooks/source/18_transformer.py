# %% [markdown] slideshow={"slide_type": "slide"}
# # 18 Transformer：一個看得完的 GPT · The transformer: a GPT that fits on one screen
#
# 🗺 一個小 GPT：遮罩、位置、殘差，一樣一樣拿掉；記住鍵和值；和 LSTM、數數公平比較 · A small GPT: mask, positions, shortcuts, each taken out once; keys and values kept; a fair race with LSTM and counts
#
# 今天的語言模型都是 transformer：沒有遞迴，只有注意力，一層一層疊起來。這一課蓋一個很小的，二十幾行，每一行都拆開來看；然後用第 16 課的字母、第 16 課的尺，老實量它好不好。
#
# 上完這一課，你可以
# 1. 用 NumPy 寫出 GPT 的每一個零件：多頭、因果遮罩、位置、層正規化、殘差，結果和 Keras 一樣；
# 2. 說出每個零件做什麼，以及拿掉它損失會怎樣；
# 3. 把鍵和值留下來（key–value cache），寫得更快而一字不差；並公平地和 LSTM、n-gram 比較。
#
# All language models of today are transformers: no recurrence, only attention, layer upon layer. This lesson builds a very small one, of some twenty lines,
# and takes every line apart; then it is measured honestly, on the letters of lesson 16 with the ruler of lesson 16.
#
# After this lesson you can
# 1. write each part of a GPT in NumPy: heads, causal mask, positions, layer normalisation, shortcuts, equal to Keras;
# 2. say what each part is for, and what happens to the loss without it;
# 3. keep keys and values (a key–value cache) to write faster and the very same text; and compare fairly with an LSTM and with n-grams.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [06](06_convolutions.ipynb) 的殘差塊與批次正規化；[16](16_text_generator.ipynb) 的字母、位元數、抽樣；[17](17_attention.ipynb) 的注意力頭與遮罩 · residual blocks and batch normalisation of [06](06_convolutions.ipynb); letters, bits and sampling of [16](16_text_generator.ipynb); the attention head and masks of [17](17_attention.ipynb) |
# | 學習時間 · Study time | 約 90 分鐘，含空格和問題；選讀另計 · about 90 minutes, with gaps and questions; optional parts not counted |
# | 資料 · Data | 英文維基百科 106 篇文章，27 種字母（CC BY-SA）；`full`：text8（M. Mahoney） · 106 articles of the English Wikipedia in 27 letters (CC BY-SA); `full`: text8 (M. Mahoney) |
# | 投影片 · Slides | 沒有；2018 年的投影片停在 LSTM · none; the slides of 2018 end with the LSTM |

# %% slideshow={"slide_type": "skip"}
import textwrap
import time
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.models import attention, charlm, evaluation, transformer
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
LETTERS_USED = profile.choose(smoke=120_000, lesson=None, full=None)  # of the text; None: all
TEST_SIZE = profile.choose(smoke=20_000, lesson=150_000, full=5_000_000)  # letters at the end, as in lesson 16
VALIDATION_SIZE = profile.choose(smoke=10_000, lesson=50_000, full=500_000)  # letters before them
CONTEXT = profile.choose(smoke=16, lesson=32, full=256)  # letters that the network sees at once
WIDTH, BLOCKS, HEADS = profile.choose(smoke=(16, 1, 2), lesson=(64, 3, 4), full=(512, 8, 8))
BATCH = profile.choose(smoke=32, lesson=32, full=128)  # windows of a batch
TRAIN_LETTERS = profile.choose(smoke=20_000, lesson=2_600_000, full=400_000_000)  # letters read while training
RATE = profile.choose(smoke=3e-3, lesson=1e-2, full=6e-4)
REPORTS = 5  # looks at the validation text while training
WATCHED = profile.choose(smoke=2_000, lesson=20_000, full=100_000)  # letters of it that are looked at then
AT_ONCE = profile.choose(smoke=2, lesson=4, full=32)  # batches that Keras takes in one go
SMALL, SMALL_LETTERS = profile.choose(smoke=((8, 1, 2), 10_000), lesson=((48, 2, 4), 400_000), full=((48, 2, 4), 400_000))  # for step 8
JIT = profile.choose(smoke=False, lesson=False, full=True)  # compiled by XLA: worth its minute on a GPU
ORDER = profile.choose(smoke=4, lesson=6, full=8)  # the n-grams to beat
ROOM = profile.choose(smoke=64, lesson=512, full=512)  # letters, for the clock of step 9
CHECKPOINT = profile.choose(smoke=None, lesson=None, full=Path("../models/18_transformer.keras"))  # to go on after a break
SEED = profile.chosen_seed(18)
profile.seed(18)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：同樣的字母，同樣的尺 · Step 1: The same letters, the same ruler
#
# 文字、切法、尺都和[第 16 課](16_text_generator.ipynb)一樣：最後 150,000 個字母是測試資料，前面 50,000 個是驗證資料；分數是每個字母的位元數（bits），越小越好。要贏的是兩個對手：LSTM（18 萬個參數），和只會數數的 6-gram。我們的 GPT 參數比 LSTM 少一點，讀 260 萬個字母；LSTM 有讀 260 萬和 520 萬個的兩種，都存著三個種子的分數。
#
# Text, split and ruler are those of [lesson 16](16_text_generator.ipynb): the last 150,000 letters are for the test, the 50,000 before them for validation; the score is bits per letter, the fewer
# the better. There are two rivals: the LSTM, of 180 thousand parameters, and the 6-grams, which only count. Our GPT has a few parameters less than the LSTM and reads 2.6 million letters; of the LSTM there are stored scores, of three seeds each, after 2.6 and after
# 5.2 million.

# %% slideshow={"slide_type": "fragment"}
ids = charlm.encode(datasets.load_letters()[:LETTERS_USED])
train_ids = ids[:-TEST_SIZE - VALIDATION_SIZE]
val_ids, test_ids = ids[-TEST_SIZE - VALIDATION_SIZE:-TEST_SIZE], ids[-TEST_SIZE:]
counts = charlm.NgramModel(ORDER, train_ids)
print(f"{len(train_ids):,} letters to learn from, {len(val_ids):,} to choose by, {len(test_ids):,} for the test")
print(f"validation, {ORDER}-grams: {counts.bits_per_character(val_ids):.3f} bits a letter")
for letters, name in (("2.6", "half the letters"), ("5.2", "as in this lesson")):
    print(f"validation, LSTM of lesson 16 after {letters} million letters: {profile.measured('text_generator', name):.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 LSTM 的狀態可以一直帶下去。我們的 GPT 一次只看一個**視窗**（window），32 個字母，看完什麼都不留。6-gram 看 5 個。誰的眼光最遠？看得遠就一定猜得準嗎？
#
# 🤔 An LSTM carries its state on and on. Our GPT sees one **window** of 32 letters at a time and keeps nothing afterwards. The 6-grams see 5. Who looks furthest, and does further mean
# better?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 照構造，LSTM 最遠，沒有上限；GPT 最多 32 個；6-gram 5 個。但看得到不等於學得會：LSTM 訓練時梯度也只走 32 個字母，遠處的事要靠狀態一步一步傳，傳著傳著就淡了。第 16 課看得最近的 6-gram 反而贏。猜「看得遠就贏」的人，忘了參數要從資料裡學，資料和時間都有限。
#
# By construction the LSTM, without limit; the GPT at most 32, the 6-grams 5. But to be able to see is not to have learned: in training the LSTM's gradients go back 32 letters as well, and what is far away must be handed on step
# by step and fades. In lesson 16 the 6-grams, which see least, won. Who guessed that further is better forgot that parameters are learned from data, of which, as of time, there is only so much.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：自己看自己，好幾顆頭 · Step 2: Self-attention, with several heads
#
# 第 17 課的解碼器看原句。這裡沒有原句：每個字母看**同一段文字**裡前面的字母，查詢、鍵、值都從同一個 $x$ 來，叫**自注意力**（self-attention）。$x$ 的一列是一個字母，寬度（width）是它的數字個數。
#
# 一顆頭一次只能有一種看法：「上一個空白在哪裡」和「前面有沒有 q」要兩種權重。所以把寬度切成幾份，一顆頭一份，各看各的，最後接回去，再乘一個矩陣 $W_o$。
#
# ✏️ 寫出切開的那一行：$x$ 是（字母數，寬度），切成（頭數，字母數，寬度 ÷ 頭數）。第 0 顆頭拿每個字母的**前面幾個數**。
#
# The decoder of lesson 17 looked at a source. Here there is none: each letter looks at the earlier letters of **the same text**. Queries, keys and values all come from one $x$; this is
# **self-attention**. A row of $x$ is a letter, and the width is how many numbers a letter has.
#
# One head looks in one way at a time: "where was the last space" and "was there a q" need different weights. So the width is cut into parts, one for each head; each looks for itself, and in the end they
# are joined and multiplied by a matrix $W_o$.
#
# ✏️ Write the line that cuts: $x$ is (letters, width), and becomes (heads, letters, width / heads). Head 0 gets **the first numbers** of each letter.

# %% gap="split" slideshow={"slide_type": "fragment"}
def split(x, heads):
    """Cut (letters, width) into (heads, letters, width / heads)."""
    letters, width = x.shape
    ### BEGIN SOLUTION
    return x.reshape(letters, heads, width // heads).transpose(1, 0, 2)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = split(np.arange(12).reshape(3, 4), 2)
checks.that(np.shape(found) == (2, 3, 2), "兩顆頭，三個字母，每個兩個數。 Two heads, three letters, two numbers each.",
            "形狀要是（頭數，字母數，寬度 ÷ 頭數）。 The shape is (heads, letters, width / heads).")
checks.that(found[0, 1, 0] != 2, "一顆頭拿到的是每個字母的一部分。 A head gets a part of every letter.",
            "直接 reshape 成（頭數，字母數，…）會把字母拆散：先切寬度，再換軸。 To reshape to (heads, letters, …) at once tears letters apart: cut the width first, then swap axes.")
checks.close(found, [[[0, 1], [4, 5], [8, 9]], [[2, 3], [6, 7], [10, 11]]], "切對了。 Cut rightly.",
             "第 0 顆頭要拿每個字母的前面幾個數，連續的。 Head 0 gets the first numbers of each letter, next to one another.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 第 17 課的 `attention.attend` 一次可以算好幾顆頭。**因果遮罩**（causal mask）是右上三角：第 $i$ 個字母只准看第 1 到第 $i$ 個。
#
# `attention.attend` of lesson 17 does several heads at once. The **causal mask** takes away the upper right triangle: letter $i$ may look at letters 1 to $i$ only.

# %% slideshow={"slide_type": "fragment"}
def self_attention(x, Wq, Wk, Wv, Wo, heads):
    """Let every letter look at itself and at those before it: (letters, width) to the same."""
    may_look = np.tril(np.ones((len(x), len(x)), bool))
    seen, _ = attention.attend(split(x @ Wq, heads), split(x @ Wk, heads), split(x @ Wv, heads), may_look)
    return seen.transpose(1, 0, 2).reshape(x.shape) @ Wo  # the heads side by side again


random = np.random.default_rng(0)
x = random.normal(size=(5, 8))
layer = keras.layers.MultiHeadAttention(num_heads=2, key_dim=4, use_bias=False)
theirs = keras.ops.convert_to_numpy(layer(x[None], x[None], use_causal_mask=True))[0]
W = [keras.ops.convert_to_numpy(weight).reshape(8, 8) for weight in layer.weights]  # Wq, Wk, Wv, Wo
profile.expect("two heads, largest difference from Keras", np.abs(self_attention(x, *W, heads=2) - theirs).max(), at_most=1e-5)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
changed = x.copy()
changed[3] += 1.0  # another letter 4
same = np.isclose(self_attention(changed, *W, heads=2), self_attention(x, *W, heads=2)).all(axis=1)
print("letters 1 to 5 see the same when letter 4 is another:", same.tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 所以一個 32 個字母的視窗是 32 題：每個位置都猜下一個，誰也看不到自己的答案，一次全部算完。LSTM 要一個接一個讀。
#
# 🤔 寬度 64，1 顆頭改成 4 顆，$W_q, W_k, W_v, W_o$ 一共多了幾個權重？
#
# So a window of 32 letters is 32 exercises: each place guesses the next letter, none sees its own answer, and all are computed at once. An LSTM has to read one after the other.
#
# 🤔 With a width of 64, how many more weights do $W_q, W_k, W_v, W_o$ have with 4 heads than with 1?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 0 個。四個矩陣都是 64 × 64，切成幾份都一樣；多頭只是把同樣的數分組，各做各的 softmax。猜 4 倍的人以為每顆頭都有一整組 64 × 64；其實一顆頭只分到 16 欄。
#
# None. All four matrices are 64 × 64, however they are cut: several heads only group the same numbers and give each group a softmax of its own. Who guessed four times as many thinks that every head has all of
# 64 × 64; a head has only 16 columns.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：順序要另外告訴它 · Step 3: Order has to be told
#
# 注意力是加權總和，加起來的東西沒有順序。把前面四個字母打亂，最後一個字母看到的完全一樣：
#
# Attention is a weighted sum, and a sum knows no order. Shuffle the first four letters, and the last one sees exactly the same:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
order = [2, 0, 3, 1, 4]
places = random.normal(size=(5, 8))  # a vector for each place
print("without positions, the last letter sees the same:", np.allclose(self_attention(x[order], *W, heads=2)[-1], self_attention(x, *W, heads=2)[-1]))
print("with positions added:                            ",
      np.allclose(self_attention(x[order] + places, *W, heads=2)[-1], self_attention(x + places, *W, heads=2)[-1]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 做法最簡單的一種：每個位置有一個**學來的向量**，加在字母的向量上。第 17 課的 transformer 用的就是這個 `attention.Positions`；這裡讓它從一組波長不同的正弦、餘弦開始學，鄰近的位置一開始就像。代價是視窗之外沒有向量：它讀不了第 33 個字母。
#
# The simplest cure: each place has a **learned vector**, which is added to that of the letter, by `attention.Positions` as in the transformer of lesson 17. Here these vectors start as sines and cosines of different wavelengths, so that places close by are alike from the beginning. The price: beyond the window there is no vector, and
# a letter 33 cannot be read.
#
# <details><summary>選讀 · Optional：旋轉位置、分組查詢，今天的大模型怎麼做 · rotary positions and grouped queries, as large models do it today</summary>
#
# **旋轉位置**（rotary positions）不加向量，而是把查詢和鍵裡的數兩個兩個一組，當成平面上的箭頭，照位置 $t$ 轉一個角度 $t\,\theta$。兩支箭頭的內積只看夾角，所以分數只看**相隔多遠** $i - j$：
#
# $$\langle R(i\theta)\,q,\; R(j\theta)\,k\rangle = \langle R((i-j)\theta)\,q,\; k\rangle$$
#
# 不同的組用不同的 $\theta$，快的分得出近處，慢的分得出遠處。它沒有要學的數，也不必先說最長多長。
#
# **分組查詢**（grouped queries）：留著的鍵和值（步驟 9）很占記憶體。幾顆頭的查詢合用同一組鍵和值，就省下好幾倍，準確度少一點點。
#
# **Rotary positions** add nothing. They take the numbers of queries and keys two by two as arrows in a plane, and turn each by an angle $t\,\theta$ that goes with its place $t$. The dot product of two arrows depends on the angle between them
# alone, and so the score depends on **how far apart** they are, $i - j$, as the formula says. Different pairs have different $\theta$: fast ones tell near places apart, slow ones far ones. Nothing is learned, and no longest text must be fixed.
#
# **Grouped queries**: the keys and values that are kept (step 9) take much memory. Several heads share one set of keys and values; that saves a multiple, for a little accuracy.
#
# ```python
# def rotate(x, places, base=10_000):          # x: (letters, even width)
#     half = x.shape[-1] // 2
#     angles = places[:, None] * base ** (-np.arange(half) / half)
#     a, b = x[:, :half], x[:, half:]
#     return np.hstack([a * np.cos(angles) - b * np.sin(angles), a * np.sin(angles) + b * np.cos(angles)])
# ```
#
# </details>
#
# 🤔 「the cat sat」和「the sat cat」：一個沒有位置、只有一層的 GPT，寫下一個字母時分得出來嗎？（小心：兩句的最後一個字母都是 t。）
#
# 🤔 "the cat sat" and "the sat cat": could a GPT of one block without positions tell them apart when it writes the next letter? (Careful: both end in t.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 分不出來。兩句的字母一樣多、一樣種類，最後一個都是 t：查詢一樣，被看的鍵和值只是換了順序，加起來一樣。猜「分得出來，因為遮罩有方向」的人對了一半：遮罩讓**中間**的字母看到不同的東西，所以疊到第二層，最後一個字母就分得出來了。步驟 8 會看到，沒有位置的兩層網路沒有全垮。
#
# No. Both have the same letters, the last is t in both: the query is the same, the keys and values that are looked at only change places, and their sum stays. Who said yes because a mask has a direction is half right: the mask lets the letters
# **in between** see different things, so with a second block the last letter can tell. Step 8 shows that two blocks without positions do not break down altogether.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：捷徑與層正規化 · Step 4: Shortcuts and layer normalisation
#
# 注意力把字母之間的消息收進來；接著每個字母自己想一想：一個兩層的小網路，先變寬 4 倍，過 ReLU，再變回來，叫**前饋**（feed-forward）。這兩步合起來是一個**區塊**（block），疊好幾個。
#
# 疊得深，就需要第 06 課的捷徑：輸出是輸入**加上**修正（殘差）。還需要把每個字母的數拉回同樣的大小：**層正規化**（layer normalisation）。對一個字母的那一列數，
#
# $$\operatorname{norm}(x) = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# $\mu$、$\sigma^2$ 是**這一個字母**的平均和變異數，$\gamma$（scale）、$\beta$（shift）是學來的，$\epsilon = 0.001$ 防止除以 0。
#
# ✏️ 把這條公式寫成 `norm`。
#
# Attention gathers news from other letters; then each letter thinks for itself: a small network of two layers, first four times as wide, through a ReLU, and back again, called **feed-forward**. The two steps are a **block**, and
# several are stacked.
#
# Deep stacks need the shortcut of lesson 06: the output is the input **plus** a correction (a residual). And the numbers of a letter must be brought back to one size: **layer normalisation**. For the row of one letter,
#
# $\mu$ and $\sigma^2$ are mean and variance of **this one letter**, $\gamma$ (scale) and $\beta$ (shift) are learned, and $\epsilon = 0.001$ prevents a division by 0.
#
# ✏️ Write this formula as `norm`.

# %% gap="norm" slideshow={"slide_type": "fragment"}
def norm(x, scale, shift, epsilon=1e-3):
    """Normalise each row of (letters, width)."""
    ### BEGIN SOLUTION
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return scale * (x - mean) / np.sqrt(variance + epsilon) + shift
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
rows, one, zero = np.array([[1.0, 2.0, 3.0], [10.0, 30.0, 50.0]]), np.ones(3), np.zeros(3)
found = norm(rows, one, zero)
checks.that(np.shape(found) == (2, 3), "形狀不變。 The shape stays.", "要傳回一樣大小的陣列。 Return an array of the same shape.")
checks.that(bool(np.allclose(np.mean(found, axis=1), 0)), "每個字母的平均是 0。 Each letter has mean 0.",
            "平均要在**一個字母**的數裡算（axis=-1），不是跨字母。 Take the mean over the numbers **of one letter** (axis=-1), not over letters.")
checks.that(bool(np.allclose(np.std(found[1]), 1, atol=1e-3)), "標準差是 1。 The standard deviation is 1.",
            "除以的是標準差，變異數的平方根。 Divide by the standard deviation, the root of the variance.")
checks.close(norm(rows, 2 * one, one), 2 * found + 1, "scale 和 shift 也對。 Scale and shift are right too.",
             "先正規化，再乘 scale、加 shift。 Normalise first, then times scale, plus shift.")
checks.close(norm(np.full((1, 3), 7.0), one, zero), np.zeros((1, 3)), "數都一樣也不會除以 0。 Equal numbers do not divide by 0.",
             "epsilon 要加在根號裡。 Epsilon goes under the root.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第 06 課的批次正規化，平均是跨**一批**算的。為什麼語言模型不用它？
#
# 🤔 Batch normalisation, of lesson 06, takes means over **a batch**. Why do language models not use it?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為一批裡有後面的字母，也有別的文章：跨它們算平均，第 3 個字母的輸出就沾到第 4 個字母，遮罩白做了；寫文章時一次只有一個字母，更沒有一批可以算。層正規化只用一個字母自己的數。猜「因為太慢」的人：兩種一樣快。
#
# Because a batch holds later letters, and other texts: with a mean over these, the output for letter 3 knows of letter 4, and the mask is in vain; and in writing there is one letter at a time and no batch at all. Layer normalisation uses the
# numbers of one letter alone. Who guessed that it is too slow: both take about the same time.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 先正規化，再看（想），再加回去；捷徑上什麼都不做。這樣叫 **pre-norm**：從最後一層到第一層，有一條路只有加法，梯度走得過去。
#
# ✏️ 寫出區塊的兩行：先 `attend`，再 `think`。
#
# Normalise first, then look (or think), then add; on the shortcut itself nothing is done. This is called **pre-norm**: from the last block to the first there is one road of additions alone, on which gradients get through.
#
# ✏️ Write the two lines of a block: first `attend`, then `think`.

# %% gap="block" slideshow={"slide_type": "fragment"}
def block(x, norm_1, attend, norm_2, think):
    """One block; the four functions go from (letters, width) to the same."""
    ### BEGIN SOLUTION
    x = x + attend(norm_1(x))
    return x + think(norm_2(x))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
def tried(norm_1=lambda x: x / 10, attend=lambda x: x + 1, norm_2=lambda x: 2 * x, think=lambda x: x**2):
    """A block with functions simple enough to work out by hand: 10 → 10 + (1 + 1) = 12, and 12 + 24² = 588."""
    return block(np.array([[10.0, 20.0]]), norm_1, attend, norm_2, think)


nothing = tried(attend=lambda x: 0 * x, think=lambda x: 0 * x)
checks.that(not np.allclose(nothing, 0), "捷徑在。 The shortcut is there.",
            "沒有修正時，輸出應該就是輸入：捷徑不見了。 With no corrections the output is the input: the shortcut is missing.")
checks.close(nothing, [[10, 20]], "捷徑上沒有正規化。 Nothing is normalised on the shortcut.",
             "正規化只放在 attend 和 think 的前面，捷徑上的 x 不動。 Normalise only what attend and think get; leave x on the shortcut alone.")
checks.close(tried(think=lambda x: 0 * x), [[12, 23]], "先正規化，再看。 Normalised, then looked.",
             "attend 收到的要是 norm_1(x)。 attend gets norm_1(x).")
checks.close(tried(), [[588, 2139]], "再想，想的是看過之後的 x。 Then it thinks, of the x after looking.",
             "think 收到的要是**加過 attend 之後**的 x，用 norm_2。 think gets the x **after** attend was added, through norm_2.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：整個 GPT · Step 5: The whole GPT
#
# 零件都齊了：字母的向量，加上位置；幾個區塊；最後再正規化一次，變成 27 個分數。`without` 是給步驟 8 用的，先當它不存在。
#
# All parts are there: a vector for the letter, plus its place; some blocks; one norm at the end, and 27 scores. `without` is for step 8; read it as if it were not there.

# %% slideshow={"slide_type": "fragment"}
display.source(transformer.build)

# %% slideshow={"slide_type": "fragment"}
if CHECKPOINT and CHECKPOINT.exists():
    network = keras.models.load_model(CHECKPOINT)
else:
    network = transformer.build(context=CONTEXT, width=WIDTH, blocks=BLOCKS, heads=HEADS)
parts = {"letters and places": (27 + CONTEXT) * WIDTH, "attention": BLOCKS * 4 * WIDTH**2,
           "feed-forward": BLOCKS * (8 * WIDTH**2 + 5 * WIDTH), "norms": (2 * BLOCKS + 1) * 2 * WIDTH, "scores": 27 * WIDTH + 27}
display.table([[name, f"{number:,}", f"{number / network.count_params():.0%}"] for name, number in parts.items()],
              columns=["part", "numbers to learn", "share"],
              caption=f"{network.count_params():,} numbers; counted by hand {sum(parts.values()):,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 視窗從 32 變成 64，參數多多少？訓練一個視窗的計算呢？
#
# 🤔 With a window of 64 in place of 32, how many more numbers are there to learn? And how much more work is one window?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 參數只多 32 個位置向量，$32 \times 64 = 2{,}048$ 個，約 1 %。計算：矩陣的部分變 2 倍（字母變 2 倍）；注意力的分數是字母數的平方，變 4 倍。猜「參數變 4 倍」的人，把分數當成了權重：分數是算出來的，不是學來的。
#
# Only 32 vectors of places more, $32 \times 64 = 2{,}048$ numbers, some 1 %. The work: twice for the matrices, as there are twice as many letters; four times for the scores of attention, which go with the square. Who said that four times
# as many are learned took scores for weights: scores are computed, not learned.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：訓練 · Step 6: Train
#
# 從訓練文字裡隨機挑位置，切出視窗；答案是錯開一格的同一段（第 16 課）。Keras 的 `fit` 一次走 4 批（`steps_per_execution`），少跑回 Python。
#
# Windows are cut out of the training text at random places; the answers are the same run, one letter on (lesson 16). Keras's `fit` takes 4 batches in one go (`steps_per_execution`), so that it returns to Python less often.

# %% slideshow={"slide_type": "fragment"}
def train(network, letters, checkpoint=None):
    """Train on so many letters; REPORTS times yield (letters read, bits on the validation text, seconds of this run)."""
    size = letters // (REPORTS * BATCH * CONTEXT * AT_ONCE) * AT_ONCE * BATCH  # windows between two reports
    if not network.compiled:
        attention.compile_for(network, REPORTS * size // BATCH, RATE, steps_per_execution=AT_ONCE, jit_compile=JIT)
    seconds = 0.0
    for report in range(int(network.optimizer.iterations) * BATCH // size, REPORTS):  # 0, or where a checkpoint stopped
        reads, answers = transformer.windows(train_ids, CONTEXT, size, [SEED, report])
        start = time.perf_counter()
        network.fit(reads, answers, batch_size=BATCH, shuffle=False, verbose=0)
        seconds += time.perf_counter() - start
        if checkpoint:
            network.save(checkpoint)  # with the optimizer's memory
        yield (report + 1) * size * CONTEXT, transformer.letter_bits(network, val_ids[:WATCHED], CONTEXT).mean(), seconds


curve = []
for letters, bits, seconds in train(network, TRAIN_LETTERS, CHECKPOINT):
    curve.append((letters / 1e6, bits))
    sample = transformer.generate(network, " ", 60, seed=3)
    print(f"{letters / 1e6:5.1f} million letters, {seconds:4.0f} s, {bits:.2f} bits |{sample}")
val_bits = transformer.letter_bits(network, val_ids, CONTEXT).mean()
profile.record("bits per letter, validation", val_bits)
print(f"all of the validation text: {val_bits:.3f} bits a letter")

# %% alt={"zh": "驗證資料的位元數隨著讀過的字母下降；三條橫線是 LSTM、4-gram 和 6-gram。", "en": "Bits on the validation text fall with the letters read; horizontal lines show the LSTM, 4-grams and 6-grams."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
figure, ax = plt.subplots(figsize=(7.5, 3.8))
ax.plot(*np.transpose(curve), "o-", color=plots.COLORS[1], label=f"GPT, {network.count_params():,} numbers")
rivals = {"LSTM, as many letters": (profile.measured("text_generator", "half the letters").mean, ":")}
rivals |= {f"counting {order}-grams": (counts.bits_per_character(val_ids, order), style) for order, style in ((4, "-."), (ORDER, "--"))}
for name, (bits, style) in rivals.items():
    ax.axhline(bits, color="#555555", linestyle=style, label=name)
ax.set(xlabel="million letters read", ylabel="bits per letter, validation")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 曲線上的點看的是驗證資料的前 20,000 個字母，橫線是全部 50,000 個；GPT 在全部上的分數印在上面。
#
# The points of the curve are from the first 20,000 letters of the validation text, the lines from all 50,000; the GPT's score on all of them is printed above.
#
# 訓練好的網路，和我們手寫的零件算的一樣嗎？把 Keras 的權重搬過來，用 `norm`、`self_attention`、`block` 從頭算一次：
#
# Is the trained network the same as our parts by hand? Take Keras's weights, and compute it all with `norm`, `self_attention` and `block`:

# %% slideshow={"slide_type": "fragment"}
(letter_table,), (place_table,), *rest, last_norm, last = [layer.get_weights() for layer in network.layers if layer.weights]


def gpt_by_hand(ids):
    """Return the scores for what follows each letter, (letters, 27)."""
    x = letter_table[ids] + place_table[:len(ids)]
    for k in range(0, len(rest), 5):
        scale_1, heads, scale_2, up, down = rest[k:k + 5]
        matrices = [weight.reshape(WIDTH, WIDTH) for weight in heads]
        x = block(x, lambda x, s=scale_1: norm(x, *s), lambda x, m=matrices: self_attention(x, *m, HEADS),
                  lambda x, s=scale_2: norm(x, *s), lambda x, u=up, d=down: np.maximum(x @ u[0] + u[1], 0) @ d[0] + d[1])
    return norm(x, *last_norm) @ last[0] + last[1]


some = val_ids[:CONTEXT]
profile.expect("whole GPT by hand, largest difference of a score from Keras",
               np.abs(gpt_by_hand(some) - network.predict_on_batch(some[None])[0]).max(), at_most=1e-3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：每個字母只算一次 · Step 7: Every letter once
#
# 一個視窗開頭的字母幾乎沒有前文，分數一定差；只算這些不公平，每個字母都開一個新視窗又太慢。折衷：視窗每次往前**半個**，除了第一個視窗，每個視窗只算**後半**。這樣每個字母剛好算一次，前面至少有 16 個字母。
#
# ✏️ `found` 的一列是一個視窗，一欄是視窗裡的一個位置；第 $k$ 個視窗從第 $k \times$ 半個視窗開始。傳回每個字母一次，照順序。
#
# The first letters of a window have hardly anything before them and score badly; to count these would be unfair, and a new window for every letter too slow. A compromise: each window is **half** a window further on, and of all but the first only
# **the second half** counts. So each letter is counted exactly once, with at least 16 letters before it.
#
# ✏️ A row of `found` is a window, a column a place in it; window $k$ begins at $k$ times half a window. Return each letter once, in order.

# %% gap="once" slideshow={"slide_type": "fragment"}
def each_letter_once(found):
    """From (windows, letters of a window) to one number for each letter of the text."""
    half = found.shape[1] // 2
    ### BEGIN SOLUTION
    return np.concatenate([found[0], found[1:, half:].ravel()])
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
labels = np.array([[10 * window + place for place in range(4)] for window in range(3)])  # letter 2 * window + place of the text
got = np.asarray(each_letter_once(labels))
checks.that(got.shape == (8,), "8 個字母，各一次。 8 letters, each once.",
            "三個視窗、每個 4 個字母、一半重疊，文字一共 8 個字母：第一個視窗整個都要。 Three windows of 4, each overlapping by half, are 8 letters: the first window counts as a whole.")
checks.that(got[4] != 10, "前文至少有半個視窗。 At least half a window stands before each.",
            "要留的是後半，前文多的那一半。 Keep the second half, which has more before it.")
checks.close(got, [0, 1, 2, 3, 12, 13, 22, 23], "對了。 Right.", "順序要和文字一樣。 The order is that of the text.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `transformer.letter_bits` 就是這樣量的。現在打開測試資料，只這一次，和第 16 課算同樣那些字母：
#
# `transformer.letter_bits` measures just so. Now open the test text, this once, on the same letters as in lesson 16:

# %% slideshow={"slide_type": "fragment"}
gpt = transformer.letter_bits(network, test_ids, CONTEXT)
streams = len(gpt) // 64 * 64  # lesson 16 scored 64 streams of equal length
gpt, counted = gpt[:streams], -np.log2(counts.probabilities(test_ids))[1:streams + 1]
lstm = profile.measured("text_generator", "bits per character on unseen letters")
display.table([["27 letters, all alike", f"{np.log2(27):.3f}"], [f"counting {ORDER}-grams", f"{counted.mean():.3f}"],
               ["LSTM of lesson 16, 5.2 million letters, three seeds", f"{lstm.mean:.3f} ± {lstm.deviation:.3f}"], ["GPT, 2.6 million letters, this run", f"{gpt.mean():.3f}"]],
              columns=["model", "bits a letter"], caption=f"on the same {streams:,} letters never seen")

# %% slideshow={"slide_type": "fragment"}
gap = evaluation.paired_difference(gpt.reshape(64, -1).mean(axis=1), counted.reshape(64, -1).mean(axis=1))
print(f"GPT minus {ORDER}-grams: {gap:+.3f} bits (interval of 95 %, 64 parts of the text drawn again)")
profile.record("bits that the counts save compared with the GPT", gap.value)

# %% slideshow={"slide_type": "fragment"}
def stored(what):
    return profile.measured("transformer", what)


rows = [["GPT, 2.6 million letters", stored("bits per letter, validation"), stored("bits per letter on unseen letters, GPT")],
        ["LSTM, 2.6 million letters", profile.measured("text_generator", "half the letters"), None],
        ["LSTM, 5.2 million letters", profile.measured("text_generator", "as in this lesson"), lstm]]
display.table([[name, *(f"{found.mean:.3f} ± {found.deviation:.3f}" if found else "–" for found in both)] for name, *both in rows],
              columns=["model", "bits, validation", "bits, test"], caption="three seeds each: mean ± standard deviation")

# %% [markdown] slideshow={"slide_type": "fragment"}
# **GPT 輸了。** 測試資料上，它要約 2.17 個位元（三個種子的平均）；6-gram 只要 1.89，讀了 520 萬個字母的 LSTM 是 1.95。這樣比，LSTM 多讀了一倍；所以在驗證資料上再和讀一樣多（260 萬個）的 LSTM 比：GPT 約 2.14，LSTM 約 2.04，三個種子的範圍沒有重疊，還是輸。參數只差一成多（GPT 少），不像是原因。
#
# 可能的原因有兩個，這裡沒有分開量：LSTM 和 n-gram 天生就知道「剛才那個字母」最要緊，GPT 的位置要從頭學；計分時 GPT 只看得到前面 16 到 32 個字母，LSTM 的狀態一路帶著。也要說調了多少：GPT 的學習率在 0.004 到 0.012 之間試過四種，視窗試過 32 和 64，都是短短的一次訓練，看驗證資料。先前還試過一個更寬的設計（寬 96，視窗 96，訓練 110 秒），到 2.21，更差。別的設計會不會贏，這裡不知道。
#
# **The GPT loses.** On the test text it needs about 2.17 bits (mean of three seeds); the 6-grams need 1.89, and the LSTM after 5.2 million letters 1.95. That LSTM read twice as much; so compare, on the validation text, with the LSTM that read as much (2.6 million): the GPT needs about 2.14, the LSTM about 2.04, and the ranges of
# three seeds do not overlap. It still loses. The GPT has a little more than a tenth fewer parameters, which is hardly the cause.
#
# Two causes are likely, and not told apart here: an LSTM and n-grams know by construction that the letter just read matters most, while a GPT has to learn its places from nothing; and when it is scored, the GPT sees the last 16 to 32 letters only, while the LSTM carries its state along. As to tuning: for the GPT four rates between 0.004 and
# 0.012 were tried, and windows of 32 and 64, each in one short training, by the validation text. An earlier, wider design (width 96, windows of 96, 110 seconds of training) came to 2.21, which is worse. Whether another design would win is not known here.
#
# 🤔 「transformer 輸給 LSTM」，可以這樣寫進報告嗎？
#
# 🤔 "Transformers lose against LSTMs": could you write that in a report?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不行。量到的是：這個大小、這麼多字母、這一份文字、這樣調，三個種子。別人用多得多的計算，結果反過來（步驟 10）。注意力的好處是一次算完整段，適合很大的 GPU；它要很多文字才學得到 LSTM 天生就有的東西。猜「可以，因為差距很清楚」的人，把「這個比較很可靠」當成了「到處都成立」。
#
# No. What was measured is this size, so many letters, this text, so much tuning, three seeds. With very much more computing others found the opposite (step 10). The strength of attention is that a whole text is computed at once, which suits large GPUs; it takes much text to learn what an LSTM has by construction. Who said yes, as the gap is clear, took a sure
# comparison for one that holds everywhere.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：一次拿掉一樣 · Step 8: Take out one part at a time
#
# 零件這麼多，都有用嗎？一次拿掉一樣，其他不動。用一個更小的 GPT（寬 48，2 個區塊，40 萬個字母），三個種子各訓練一次；太久，所以事先量好存起來。
#
# 🤔 先猜：拿掉遮罩、位置、注意力、前饋、捷徑、正規化，哪一樣傷得最重？哪一樣的**損失**反而最漂亮？
#
# So many parts: is each of use? Take out one at a time and leave the rest. A still smaller GPT (width 48, 2 blocks, 400,000 letters) is trained, with three seeds each; that takes too long for the lesson, so it was measured before and stored.
#
# 🤔 Guess first: mask, positions, attention, feed-forward, shortcuts, norms: whose absence hurts most? And whose makes the **loss** look best?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 傷得最重的是**捷徑**：幾乎只學會每個字母有多常見（約 4.0 個位元；1-gram 是 4.1）。其次是**注意力**：看不到別的字母，只能從這一個猜下一個，約 3.4，正是 2-gram 的分數。損失最漂亮的是**沒有遮罩**：約 0.2，因為答案就在右邊；真的要寫時約 3.6，比 2-gram 還差。猜「遮罩拿掉會變好，因為看得更多」的人，只看了損失，沒有想它在量什麼。
#
# Worst is to lose the **shortcuts**: then hardly more is learned than how common each letter is (about 4.0 bits; counting single letters needs 4.1). Next is **attention**: unable to see other letters, it guesses the next from this one alone, about 3.4, just the score of pairs. The best loss is that **without the mask**, about 0.2, for the answer stands on the right; when it has to write, it is about 3.6, worse than pairs. Who
# guessed that seeing more makes it better looked at the loss alone and not at what it measures.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
def bits_of_the_last(network):
    """Bits of the letter after a window, when nothing that follows is there to be seen: as in writing."""
    reads, answers = transformer.windows(val_ids, CONTEXT, 2_000, seed=8)
    scores = network.predict(reads, batch_size=100, verbose=0)[:, -1].astype(float)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return -np.log2(powers[range(len(powers)), answers[:, -1]] / powers.sum(axis=1)).mean()


WITHOUT = ("nothing", *transformer.PARTS)
if profile.measuring():  # too long for the lesson: trained by make seeds alone
    for part in WITHOUT:
        keras.utils.set_random_seed(SEED)
        width, blocks, heads = SMALL
        rival = transformer.build(context=CONTEXT, width=width, blocks=blocks, heads=heads, without=() if part == "nothing" else (part,))
        for report, (_, bits, _) in enumerate(train(rival, SMALL_LETTERS), start=1):
            profile.record(f"without {part}, report {report}", bits)
        profile.record(f"without {part}, as in writing", bits_of_the_last(rival))

# %% alt={"zh": "每拿掉一樣零件，一條驗證損失的曲線；沒有遮罩的接近 0。", "en": "One curve of the validation loss for each part that is missing; without the mask it falls close to 0."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(8, 4.2))
for part, mark, color in zip(WITHOUT, "ovs^DPX", plots.COLORS, strict=False):
    means = [stored(f"without {part}, report {report}").mean for report in range(1, REPORTS + 1)]
    ax.plot(np.arange(1, REPORTS + 1) / REPORTS, means, marker=mark, color=color, markersize=6, label=f"without {part}")
ax.set(xlabel="share of 400,000 letters read", ylabel="bits per letter, validation", ylim=(0, None))
ax.legend(fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% slideshow={"slide_type": "fragment"}
display.table([[part, *(f"{found.mean:.2f} ± {found.deviation:.2f}" for found in (stored(f"without {part}, report {REPORTS}"),
                                                                                  stored(f"without {part}, as in writing")))]
               for part in WITHOUT], columns=["without", "bits, all places", "bits, as in writing: nothing later is there"],
              caption="three seeds: mean ± standard deviation")

# %% [markdown] slideshow={"slide_type": "fragment"}
# - **位置**：沒有位置，約 3.3，比沒有注意力好一點點，但還是輸很多。<br>**Positions**: without, about 3.3, a little better than without attention, but far behind.
# - **前饋**：差約 0.15。<br>**Feed-forward**: about 0.15 worse.
# - **正規化**：意外，拿掉反而好約 0.13，三個種子都是。也許是因為這裡只有兩個區塊，數字還不會越疊越大；正規化是替深的網路準備的，這一課沒有量深的。<br>**Norms**: a surprise, without them it is about 0.13 better, with all three seeds. Perhaps numbers do not grow from block to block yet, with two blocks only; norms are meant for deep networks, which this lesson did not measure.
#
# 這些數字屬於兩個區塊、40 萬個字母、同一個學習率。少了一樣的網路也許要別的學習率才公平；我們沒有替它們另外調。
#
# These numbers belong to two blocks, 400,000 letters and one learning rate. A network that lacks a part might want another rate to be fair; none was tuned for it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：寫字，並且記住 · Step 9: Write, and remember
#
# 寫文章的迴圈和第 16 課一樣：讀、抽一個、接上去、再讀。但 LSTM 有狀態，新字母讀一個就好；GPT 沒有，每寫一個字母，就把整個視窗**重算一次**，前面的字母卻沒有變。
#
# 因為遮罩，前面字母的一切都和後面無關：它們的鍵和值算過一次就不會變，留著就好。這叫**鍵值快取**（key–value cache）。新字母只算自己那一列：一個查詢，看所有留著的鍵。
#
# ✏️ 寫出一顆頭的一步：把新字母的鍵和值接在留著的後面（`np.vstack`），再看。`kept` 是（鍵，值），一列一個字母。
#
# The loop that writes is that of lesson 16: read, draw one, append, read again. But an LSTM has a state and reads the new letter only. A GPT has none: for each letter it computes the whole window **anew**, though the letters before have not
# changed.
#
# Because of the mask, nothing about earlier letters depends on later ones: their keys and values, computed once, never change. Keep them; this is a **key–value cache**. The new letter computes its own row alone: one query, which looks at all keys that
# are kept.
#
# ✏️ Write one step of one head: append key and value of the new letter to those kept (`np.vstack`), then look. `kept` is (keys, values), a row for each letter.

# %% gap="cache" slideshow={"slide_type": "fragment"}
def read_one(new, kept, Wq, Wk, Wv):
    """Read one more letter, (1, width): return what it sees, and the keys and values with its own."""
    keys, values = kept
    ### BEGIN SOLUTION
    keys, values = np.vstack([keys, new @ Wk]), np.vstack([values, new @ Wv])
    seen, _ = attention.attend(new @ Wq, keys, values)
    ### END SOLUTION
    return seen, (keys, values)

# %% slideshow={"slide_type": "fragment"} tags=["check"]
Wq, Wk, Wv = random.normal(size=(3, 8, 4))
kept, one_by_one = (np.empty((0, 4)), np.empty((0, 4))), []
first, kept = read_one(x[:1], kept, Wq, Wk, Wv)
checks.that(np.shape(kept[0]) == np.shape(kept[1]) == (1, 4), "讀了一個，留下一列。 One letter read, one row kept.",
            "每讀一個字母，鍵和值都要多一列，而且要是乘過 Wk、Wv 的。 With each letter keys and values get one row more, multiplied by Wk and Wv.")
checks.close(first, x[:1] @ Wv, "第一個字母看得到自己。 The first letter sees itself.",
             "先接上自己的鍵和值，再看：字母也看自己。 Append its own key and value first, then look: a letter sees itself, too.")
one_by_one = [first]
for place in range(1, 5):
    seen, kept = read_one(x[place:place + 1], kept, Wq, Wk, Wv)
    one_by_one.append(seen)
checks.that(np.shape(kept[0]) == (5, 4), "五個字母，五列。 Five letters, five rows.",
            "前面的鍵和值要留著，新的接在後面。 Earlier keys and values stay, new ones are appended.")
checks.close(np.vstack(one_by_one), attention.attend(x @ Wq, x @ Wk, x @ Wv, np.tril(np.ones((5, 5), bool)))[0],
             "和整段一次算完全一樣，遮罩也不用了。 The very same as the full pass, and no mask is needed.",
             "查詢是新字母的（Wq），鍵是 Wk，值是 Wv。 The query is the new letter's (Wq), keys are by Wk, values by Wv.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `transformer.Reader` 對每個區塊、每顆頭都這樣做。一次讀完、一個一個讀，應該一樣：
#
# `transformer.Reader` does this for every block and head. Read at once or one by one, it should be the same:

# %% slideshow={"slide_type": "fragment"}
reader = transformer.Reader(network)
pieces = np.vstack([reader.read(some[place:place + 1]) for place in range(CONTEXT)])
profile.expect("letter by letter with kept keys and values, largest difference of a score from Keras's full pass",
               np.abs(pieces - network.predict_on_batch(some[None])[0]).max(), at_most=1e-3)

# %% alt={"zh": "讀第 t 個字母的毫秒數：重算整段的越來越久，有快取的幾乎不變。", "en": "Milliseconds to read letter t: computed anew it takes longer and longer, with the cache it hardly changes."} slideshow={"slide_type": "fragment"}
roomy = transformer.build(context=ROOM, width=WIDTH, blocks=BLOCKS, heads=HEADS)  # untrained: as fast as if it were
reader, text = transformer.Reader(roomy), np.resize(some, ROOM)


def milliseconds(before, new):
    """Read `before` letters, then return the best of five times for `new` more."""
    times = []
    for _ in range(5):
        reader.forget()
        if before:
            reader.read(text[:before])
        start = time.perf_counter()
        reader.read(text[before:before + new])
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


lengths = np.unique(np.geomspace(4, ROOM, 8).astype(int))
anew, cached = [milliseconds(0, t) for t in lengths], [milliseconds(t - 1, 1) for t in lengths]
figure, ax = plt.subplots(figsize=(7, 3.6))
ax.plot(lengths, anew, "o-", label="all letters anew")
ax.plot(lengths, cached, "s--", label="keys and values kept")
ax.set(xlabel="t, letters so far", ylabel="ms for the next letter", ylim=(0, None))
ax.legend()
plt.show()
print(f"letter {ROOM}: {anew[-1]:.1f} ms anew, {cached[-1]:.2f} ms with the cache")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 有了快取，第 $t$ 個字母的計算還是和 $t$ 有關嗎？寫完 $t$ 個字母，分數一共算幾個？
#
# 🤔 With the cache, does the work for letter $t$ still depend on $t$? And how many scores are computed for $t$ letters in all?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 還是有關，但很輕：矩陣乘法只做一列，和 $t$ 無關；分數有 $t$ 個，跟著 $t$ 長。全部是 $1 + 2 + \dots + t = t(t+1)/2$ 個分數（每顆頭、每個區塊）。不快取的話，第 $t$ 步要重算 $t \times t$ 個分數，全部約 $t^3/3$。代價是記憶體：每個字母要留 2 × 區塊數 × 寬度個數。猜「快取讓它和 LSTM 一樣，每步固定」的人，忘了要看的鍵越來越多。
#
# It does, but lightly: matrices multiply one row, whatever $t$ is; there are $t$ scores, which grows. In all $1 + 2 + \dots + t = t(t+1)/2$ scores (for each head and block). Without the cache, step $t$ computes $t \times t$ of them, in all some $t^3/3$. The price is memory: 2 ×
# blocks × width numbers are kept for each letter. Who guessed a constant step as in an LSTM forgot that there are more and more keys to look at.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 抽樣和第 16 課共用：溫度、top-k、top-p。視窗滿了怎麼辦？重讀最後半個視窗，再往下寫。
#
# The draw is that of lesson 16: temperature, top-k, top-p. And when the window is full? The last half of it is read anew, and writing goes on.

# %% slideshow={"slide_type": "fragment"}
for options in ({"temperature": 0}, {"temperature": 0.7}, {"temperature": 1.0}, {"top_k": 3}, {"top_p": 0.9}):
    written = transformer.generate(network, "the ", 200, seed=5, **options)
    print(options, *textwrap.wrap(written, 100), sep="\n   ")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 換成你的開頭；它只認得 27 種字母：
#
# Take a beginning of your own; it knows 27 letters only:

# %% slideshow={"slide_type": "fragment"}
for start in ("taipei is ", "Taipei", "臺北", ""):
    try:
        print(transformer.generate(network, start, 120, temperature=0.7, seed=2))
    except ValueError as error:
        print("ValueError:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：給它更多 · Step 10: Give it more
#
# 訓練要多少計算？每讀一個字母，往前每個參數約 2 次運算（乘和加），往回約 4 次：一共大約 6 × 參數 × 字母數。
#
# How much work is training? For each letter, every parameter takes about 2 operations forward (times and plus) and 4 backward: some 6 × parameters × letters in all.

# %% slideshow={"slide_type": "fragment"}
display.table([[name, f"{size:,}", f"{letters:,}", f"{6 * size * letters:.1e}"] for name, size, letters in (
    ("this run", network.count_params(), TRAIN_LETTERS), ("the profile full", 8 * 12 * 512**2, 400_000_000))],
              columns=["training", "parameters (about)", "letters read", "operations (about)"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# `COURSE_PROFILE=full` 用同一份程式，換成 text8、寬 512、8 個區塊、視窗 256、4 億個字母，給 GPU 跑；中斷了會從 `models/18_transformer.keras` 接著跑。**我們沒有 GPU，這個規模沒有量過**，所以這裡不說它會到多少。別人在 text8 上訓練 64 層的 transformer，到 1.13 位元；同樣的資料，大的 LSTM 到 1.43。那是另一批測試文字，不能和上面的表相減。
#
# `COURSE_PROFILE=full` runs the same code with text8, width 512, 8 blocks, windows of 256 and 400 million letters, for a GPU; interrupted, it goes on from `models/18_transformer.keras`. **We had no GPU, and this scale was not measured**, so nothing is said here of what
# it reaches. Others trained a transformer of 64 layers on text8 and came to 1.13 bits; on the same data a large LSTM came to 1.43. That is another test text, and cannot be subtracted from the table above.
#
# 🤔 一張一秒能做 $10^{13}$ 次運算的 GPU，`full` 至少要跑多久？
#
# 🤔 With a GPU of $10^{13}$ operations a second, how long does `full` take at least?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 約 $6 \times 2.5 \times 10^7 \times 4 \times 10^8 = 6 \times 10^{16}$ 次運算，除以 $10^{13}$ 是 6,000 秒，不到兩小時；實際上 GPU 常常只用到三到五成，所以幾小時。猜「資料 140 倍，所以時間 140 倍」的人，忘了參數也大了。
#
# About $6 \times 2.5 \times 10^7 \times 4 \times 10^8 = 6 \times 10^{16}$ operations, over $10^{13}$ are 6,000 seconds, less than two hours; a GPU seldom reaches more than a third to a half of that, so some hours. Who multiplied by the letters alone forgot that there are more
# parameters as well.
#
# </details>

# %% slideshow={"slide_type": "skip"}
hint = "restart and run all; if you changed the network or the letters, bounds are for the course's"
profile.expect("bits per letter on unseen letters, GPT", gpt.mean(), at_most=profile.choose(smoke=4.8, lesson=2.5, full=1.8), hint=hint)
profile.expect("letters never seen that were scored", len(gpt), at_least=profile.choose(smoke=19_000, lesson=149_952, full=4_900_000))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - GPT 是注意力加前饋，一層一層疊；因果遮罩讓每個位置都是一題，位置向量給順序，捷徑和正規化讓它學得動。<br>A GPT is attention and feed-forward, block upon block; the causal mask makes each place an exercise, vectors of places give order, shortcuts and norms let it learn.
# - 有遮罩，前面的鍵和值就不會變：留著，寫得快而且一字不差。<br>With the mask, earlier keys and values never change: keep them, and it writes faster and the very same.
# - 這麼小、字母這麼少，GPT 輸給 LSTM，也輸給數數。說清楚量了什麼，比贏重要。<br>So small and with so few letters, the GPT loses against the LSTM and against counting. To say what was measured matters more than to win.
#
# 接下來：別人用大量文字訓練好的 transformer，拿來用。
#
# Next: transformers that others have trained on very much text, put to use.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# 原課程沒有 transformer：語言的部分到 LSTM 為止。這一課是新的；字母、切法、尺和對手都來自改寫後的第 16 課。
#
# The original course had no transformer: its part on language ended with the LSTM. This lesson is new; letters, split, ruler and rivals come from lesson 16 as it is now.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 18](../labs/lab18_zhuyin_input.ipynb)「注音輸入法」：打注音，用語言模型猜字，Viterbi 找整串最好的寫法。
#
# [Lab 18](../labs/lab18_zhuyin_input.ipynb), a Zhuyin input method: type syllables, let a language model guess the characters, and find the best whole run by Viterbi.
#
# ## 參考資料 · References
#
# - A. Vaswani et al., [Attention Is All You Need](https://arxiv.org/abs/1706.03762), NeurIPS 2017
# - A. Radford et al., [Language Models are Unsupervised Multitask Learners](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf), 2019（GPT-2）
# - R. Xiong et al., [On Layer Normalization in the Transformer Architecture](https://arxiv.org/abs/2002.04745), ICML 2020（pre-norm）
# - A. Haviv et al., [Transformer Language Models without Positional Encodings Still Learn Positional Information](https://arxiv.org/abs/2203.16634), 2022
# - J. Su et al., [RoFormer: Enhanced Transformer with Rotary Position Embedding](https://arxiv.org/abs/2104.09864), 2021
# - J. Ainslie et al., [GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints](https://arxiv.org/abs/2305.13245), EMNLP 2023
# - R. Al-Rfou et al., [Character-Level Language Modeling with Deeper Self-Attention](https://arxiv.org/abs/1808.04444), 2019（text8：1.13）
# - T. Cooijmans et al., [Recurrent Batch Normalization](https://arxiv.org/abs/1603.09025), 2017（text8，LSTM：1.43）
# - A. Karpathy, [nanoGPT](https://github.com/karpathy/nanoGPT)（同樣的想法，更大 · the same idea, larger）

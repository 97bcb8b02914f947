# %% [markdown] slideshow={"slide_type": "slide"}
# # 06 卷積：在影像上滑動的小窗 · Convolutions: a small window that slides over the image
#
# 🗺 手算卷積與池化，再讓測試準確率超過 99 % · Convolve by hand, then pass 99 % on the test set
#
# 第 04 課的網路把影像攤平，筆畫移動幾個像素就認不出來。卷積讓同一組小權重滑過整張影像：在哪裡看到一條邊，都是同一條邊。
#
# 上完這一課，你可以
# 1. 用紙筆算一個 3×3 濾鏡的輸出，並分清楚互相關（cross-correlation）和卷積（convolution）；
# 2. 在看 `model.summary()` 之前，自己推出每一層的形狀和參數個數；
# 3. 畫出網路學到的濾鏡和特徵圖，並說出它還錯在哪裡；
# 4. 說出批次正規化和殘差塊各做什麼，深的網路為什麼需要它們。
#
# The network of lesson 04 flattened the image; move the strokes a few pixels and it was lost. A convolution slides one small set of
# weights over the whole image: an edge is the same edge wherever it appears.
#
# After this lesson you can
# 1. compute the output of a 3×3 filter by hand, and tell cross-correlation from convolution;
# 2. derive every layer's shape and number of parameters before `model.summary()` shows them;
# 3. draw the filters and feature maps that the net has learned, and say what it still gets wrong;
# 4. say what batch normalisation and a residual block do, and why deep networks need them.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [01](01_numpy.ipynb)：切片、`reshape`、`axis`；[04](04_hello_tensorflow.ipynb)：訓練、驗證、softmax；[05](05_backpropagation.ipynb)：ReLU、連鎖律、起始權重 · [01](01_numpy.ipynb): slices, `reshape`, `axis`; [04](04_hello_tensorflow.ipynb): training, validation, softmax; [05](05_backpropagation.ipynb): ReLU, the chain rule, initial weights |
# | 學習時間 · Study time | 約 75 分鐘，含空格和問題 · about 75 minutes, with gaps and questions |
# | 資料 · Data | 照片「camera」（scikit-image，CC0）；MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0） · the photo "camera" (scikit-image, CC0); MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 投影片 · Slides | 「CNN – Logical Flow」：32×32 → 32 張 → 16×16 → 64 張 → 8×8 · 32×32 → 32 maps → 16×16 → 64 maps → 8×8 |

# %% slideshow={"slide_type": "skip"}
import math

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from matplotlib.patches import Rectangle
from sklearn.metrics import confusion_matrix

from utils.data import datasets
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=2_560, lesson=55_000, full=55_000)  # images to learn from
EPOCHS = profile.choose(smoke=2, lesson=3, full=25)
AUGMENT = profile.choose(smoke=False, lesson=False, full=True)  # turn, move and zoom the training images
TEST_SIZE = profile.choose(smoke=2_000, lesson=10_000, full=10_000)
BLOCKS = profile.choose(smoke=4, lesson=16, full=16)  # blocks of two convolutions in step 11
STARTS = profile.choose(smoke=2, lesson=5, full=10)   # random starts of each stack in step 11
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：手算一個 3×3 濾鏡 · Step 1: A 3×3 filter by hand
#
# 濾鏡（filter，也叫 kernel）是一個小陣列。把它蓋在影像的一角，對應的數字相乘，再全部加起來，就得到**一個**輸出。往旁邊移一格，再算一次。
#
# $$y_{i,j} = \sum_{a=0}^{2}\sum_{b=0}^{2} k_{a,b}\; x_{i+a,\,j+b}$$
#
# A filter (or kernel) is a small array. Lay it on a corner of the image, multiply the numbers that meet, add everything up: that is
# **one** output. Move one place on and do it again.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
photo = datasets.load_photos()["camera"][:, :, 0].astype("int64")  # a grey photo: one channel is enough
kernel = np.array([[-1, 0, 1],
                   [-2, 0, 2],
                   [-1, 0, 1]])  # right side minus left side: finds vertical edges

window = photo[227:230, 301:304]
print("photo:", photo.shape)
print("3×3 window of the photo:", *window, sep="\n")
print("times the filter:", *(window * kernel), sep="\n")
print("added up:", (window * kernel).sum())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果這個 3×3 窗格裡全是同一個灰色，輸出是多少？整張照片是 512×512，濾鏡是 3×3，窗格可以放在幾個位置？
#
# 🤔 If the window were all one grey, what would come out? The photo is 512×512 and the filter 3×3: at how many places does it fit?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）輸出是 0。濾鏡的九個權重加起來是 0，每個權重乘上同一個灰色，加起來也是 0：沒有邊，就沒有反應。猜「就是那個灰色」的人，想的是取平均的濾鏡；那種濾鏡的權重加起來是 1。
#
# （2）510 × 510 = 260,100 個。左上角可以放在第 0 到第 509 列，一共 512 − 3 + 1 = 510 列，欄也一樣。猜 512 或 170 都不對：貼著邊再往外就超出照片了；窗格每次只移一格，彼此重疊，不是一塊接一塊。
#
# (1) Zero. The nine weights add up to 0, so each times the same grey adds up to 0 as well: no edge, no answer. Who guessed "that
# grey" had a filter in mind that takes the mean; its weights add up to 1.
#
# (2) At 510 × 510 = 260,100 places. The upper left corner can stand in rows 0 to 509, that is 512 − 3 + 1 = 510 rows, and as many
# columns. Neither 512 nor 170: beyond the border the window would leave the photo, and it moves one place at a time, so that
# windows overlap.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩個迴圈走遍每個位置，`output[i, j]` 是左上角在第 `i` 列、第 `j` 欄時的輸出。
#
# ✏️ 寫出迴圈裡的那一行：切出窗格，和濾鏡逐格相乘，再全部加起來。
#
# Two loops go to every place; `output[i, j]` is what comes out with the window's upper left corner in row `i`, column `j`.
#
# ✏️ Write the line inside the loops: cut the window out, multiply it by the filter place by place, add everything up.

# %% gap="window" slideshow={"slide_type": "fragment"}
def cross_correlate(image, kernel):
    """Slide a square kernel over an image, without padding."""
    size = len(kernel)
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            ### BEGIN SOLUTION
            output[i, j] = (image[i:i + size, j:j + size] * kernel).sum()
            ### END SOLUTION
    return output

# %% slideshow={"slide_type": "fragment"} tags=["check"]
tiny, corner = np.arange(16).reshape(4, 4) ** 2, np.array([[1, 2, 0], [0, 0, 0], [0, 0, 3]])
found = cross_correlate(tiny, corner)
checks.that(found.any(), "輸出不是空的。 The output is filled.", "輸出全是 0：結果要寫進 output[i, j]。 All is 0: write the result to output[i, j].")
checks.that(found[0, 0] != 660, "逐格相乘。 Multiplied place by place.",
            "逐格相乘用 *；@ 是矩陣乘法，會把列和欄混在一起。 Place by place is *; the matrix product @ mixes rows with columns.")
checks.that(found[0, 0] not in (262, 332), "濾鏡照原樣放上去。 The filter lies as it is.",
            "濾鏡不翻轉，也不轉置：左上角的權重配左上角的像素。 "
            "The filter is neither turned over nor transposed: its upper left weight meets the upper left pixel.")
checks.close(found[0, 0], 302, "左上角的窗格對了。 The window in the upper left is right.",
             "手算左上角：1 × 0 + 2 × 1 + 3 × 100，乘完要全部加起來，不是平均。 "
             "By hand, upper left: 1 × 0 + 2 × 1 + 3 × 100; the products are added up, not averaged.")
checks.close(found, [[302, 372], [654, 772]], "四個位置都對。 All four places are right.",
             "先列後欄：i 往下，是第一軸；j 往右，是第二軸。 Rows first, then columns: i goes down, the first axis; j right, the second.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
edges = cross_correlate(photo, kernel)
print(photo.shape, "→", edges.shape, "  at row 227, column 301:", edges[227, 301])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：互相關、卷積、轉置 · Step 2: Cross-correlation, convolution, transpose
#
# 剛才算的是**互相關**。數學上的**卷積**會先把濾鏡上下、左右都翻轉，再做同樣的事：
#
# $$(k * x)_{i,j} = \sum_{a,b} k_{2-a,\,2-b}\; x_{i+a,\,j+b}$$
#
# 深度學習的「卷積層」其實都是互相關；權重是學來的，翻不翻轉沒有差別。但濾鏡若是自己設計的，就要分清楚。
#
# **轉置**又是另一回事：它把「左右」換成「上下」，直邊的濾鏡變成橫邊的濾鏡。程式裡把列和欄的先後寫反，就會不小心轉置。
#
# What we just did is **cross-correlation**. A **convolution** in mathematics first turns the filter over, up-down and left-right, and
# then does the same.
#
# The "convolution layers" of deep learning are all cross-correlations; as their weights are learned, turning makes
# no difference. With a filter of your own design it does.
#
# The **transpose** is something else again: it swaps left-right with up-down, so that a filter for vertical edges becomes one for
# horizontal edges. A program that mixes up row and column transposes by accident.

# %% alt={"zh": "攝影師的照片和三張邊緣圖，紅是正、藍是負。前兩張是直的邊，紅藍對調；第三張換成橫的邊。", "en": "The photo of a cameraman and three maps of edges, red positive and blue negative. The first two show upright edges with red and blue swapped; the third shows level ones."} slideshow={"slide_type": "fragment"}
versions = {
    "cross-correlation: as it is": kernel,
    "convolution: turned over": kernel[::-1, ::-1],
    "transposed": kernel.T,
}
figure, axes = plt.subplots(1, 4, figsize=(11, 3.1))
axes[0].imshow(photo[40:340, 130:430])
axes[0].set_title("photo (grey 0…255)")
for axis, (title, version) in zip(axes[1:], versions.items(), strict=True):
    found = cross_correlate(photo[40:340, 130:430], version)
    shades = axis.imshow(found, cmap="RdBu_r", vmin=-500, vmax=500)
    axis.set_title(title)
for axis in axes:
    axis.set_axis_off()
figure.colorbar(shades, ax=axes[3], label="output", shrink=0.8)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 第二張圖（互相關）：紅色是左暗右亮，藍色是左亮右暗。卷積的結果和互相關差一個正負號，因為這個濾鏡翻轉之後剛好是自己的負值。
#
# 🤔 看最右邊那張：外套的直邊去哪裡了？什麼樣的濾鏡，轉置以後和自己一樣？
#
# In the second picture (cross-correlation) red is dark on the left and bright on the right, blue the other way. Convolution differs
# from cross-correlation by its sign, because this filter turned over is its own negative.
#
# 🤔 Look at the last picture: where have the vertical edges of the coat gone? What kind of filter equals its own transpose?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）不見了：轉置後的濾鏡是「下面減上面」。沿著一條直邊，上面和下面一樣亮，相減是 0；只有橫邊和斜邊留下來。
#
# （2）以左上到右下的對角線對稱的濾鏡，也就是 $k_{a,b} = k_{b,a}$。例如九個都是 1/9 的模糊濾鏡。常見的錯誤答案是「左右對稱」：轉置後的這個濾鏡（上 −1 −2 −1，中 0 0 0，下 1 2 1）左右對稱，再轉置一次卻變回原來的直邊濾鏡。
#
# (1) They are gone: the transposed filter takes bottom minus top. Along a vertical edge top and bottom are equally bright, and the
# difference is 0. Horizontal and slanting edges stay.
#
# (2) One that is symmetric about the diagonal from upper left to lower right, $k_{a,b} = k_{b,a}$; the blur with nine times 1/9 is one.
# The usual wrong answer is "left-right symmetric": our transposed filter (−1 −2 −1 above, 0 0 0, 1 2 1 below) is that, and yet its
# transpose is the filter for vertical edges again.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：交給 Conv2D，一個數字都不差 · Step 3: The same by Conv2D, to the last digit
#
# `Conv2D` 的權重形狀是（高，寬，輸入張數，輸出張數）。把我們的濾鏡放進去，結果應該和迴圈相同；如果它做的是卷積，正負號就會相反。像素和權重都是小整數，`float32` 存得下，不必四捨五入，所以這裡可以要求**一個數字都不差**。
#
# The weights of a `Conv2D` have the shape (height, width, maps in, maps out). With our filter inside, the result should be that of
# the loop; if it did convolution, the sign would be the opposite. Pixels and weights are small whole numbers, which a `float32` holds
# without rounding, so here we may ask for equality **to the last digit**.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
layer = keras.layers.Conv2D(filters=1, kernel_size=3, use_bias=False)
layer.build((None, *photo.shape, 1))
layer.set_weights([kernel.reshape(3, 3, 1, 1)])

batch = photo[None, :, :, None].astype("float32")  # images × height × width × channels
by_keras = keras.ops.convert_to_numpy(layer(batch))[0, :, :, 0]  # as it comes, nothing rounded
turned_over = cross_correlate(photo, kernel[::-1, ::-1])
print("weights:", layer.get_weights()[0].shape, "  output:", by_keras.shape, by_keras.dtype)
print("largest difference from our own loop:   ", np.abs(by_keras - edges).max())
print("largest difference from the convolution:", np.abs(by_keras - turned_over).max())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 沒有補邊（`padding="valid"`）時，3×3 的輸出少了一圈。`padding="same"` 先在外圍補 0；步幅（stride，每次移幾格）是 1 的時候，輸出就和輸入一樣大。步幅更大時還是會變小：步幅 $s$ 的輸出是 $\lceil n/s \rceil$。通則是：輸入 $n$、濾鏡 $k$、每邊補 $p$、步幅 $s$：
#
# $$n_{\text{out}} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# Without padding (`padding="valid"`) the output of a 3×3 filter loses its rim. `padding="same"` puts zeros around first; at a stride
# (how far the filter moves each time) of 1 the output is then as large as the input. At a larger stride it still shrinks, to
# $\lceil n/s \rceil$. The general rule, for input $n$, kernel $k$, padding $p$ on each side and stride $s$, is the one above.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把公式寫成函式；$\lfloor\ \rfloor$ 是無條件捨去，Python 的整數除法 `//` 就是它。
#
# ✏️ Write the rule as a function; $\lfloor\ \rfloor$ means to round down, as Python's integer division `//` does.

# %% gap="size" slideshow={"slide_type": "fragment"}
def output_size(n, k, p=0, s=1):
    """Return how many places a kernel of length k has on n pixels with padding p on each side and stride s."""
    ### BEGIN SOLUTION
    return (n + 2 * p - k) // s + 1
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.close(output_size(5, 3), 3, "5 個像素上，3 格寬的濾鏡有 3 個位置。 On 5 pixels a kernel of 3 has 3 places.",
             "畫五格數數看：起點也算一個位置，所以最後要加 1。 Draw five boxes and count: the first place counts too, hence the 1 at the end.")
checks.close(output_size(5, 3, p=1), 5, "兩邊各補 1，大小不變。 With 1 on each side the size stays.",
             "補邊是兩邊都補，所以是 2p。 Padding comes on both sides, so it is 2p.")
checks.close(output_size(7, 3, s=2), 3, "步幅 2 也對。 Right for a stride of 2.",
             "步幅 s 是除數：位置變稀了。 The stride s divides: the places are farther apart.")
checks.close(output_size(28, 3, p=1, s=2), 14, "不能整除時捨去。 Rounded down where it does not divide.",
             "濾鏡不能有半個位置：先整除，再加 1。 There is no half place: divide rounding down, then add 1.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
rows = []
for n, k, padding, s in [(512, 3, "valid", 1), (512, 3, "same", 1), (28, 5, "valid", 1), (33, 3, "valid", 2),
                         (28, 3, "same", 2)]:
    conv = keras.layers.Conv2D(1, k, strides=s, padding=padding)
    p = (k - 1) // 2 if padding == "same" else 0  # for odd k: as much on each side
    rows.append([n, k, padding, s, output_size(n, k, p, s), conv.compute_output_shape((1, n, n, 1))[1]])
display.table(rows, columns=["input", "kernel", "padding", "stride", "formula", "Keras"])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：池化 · Step 4: Pooling
#
# 最大池化（max pooling）把影像切成 2×2 的小塊，每塊只留最大的，影像變成四分之一大。程式用 `reshape` 把 4×4 拆成四個軸：第幾列的塊、塊內第幾列、第幾欄的塊、塊內第幾欄；對「塊內」的兩個軸取最大值就好。
#
# Max pooling cuts the image into blocks of 2×2 and keeps only the largest number of each; the image shrinks to a quarter. The code
# uses `reshape` to split 4×4 into four axes: row of blocks, row in the block, column of blocks, column in the block. It takes the
# maximum over the two axes "in the block".

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
small = np.array([[1, 3, 2, 0],
                  [4, 2, 0, 1],
                  [0, 0, 5, 6],
                  [1, 0, 7, 8]])
blocks = small.reshape(2, 2, 2, 2)  # block row, row in block, block column, column in block
largest = blocks.max(axis=(1, 3))
print("max of each block:", *largest, sep="\n")
print("mean of each block:", *blocks.mean(axis=(1, 3)), sep="\n")

pooled = keras.layers.MaxPooling2D(2)(small.reshape(1, 4, 4, 1).astype("float32"))
by_keras_pooled = keras.ops.convert_to_numpy(pooled)[0, :, :, 0]
print("same as MaxPooling2D:", np.array_equal(by_keras_pooled, largest))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 池化層有幾個要學的參數？
#
# 🤔 How many parameters does a pooling layer learn?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 0 個。取最大值沒有權重，塊的大小是我們選的（超參數），不是學來的。猜 4 的人把 2×2 的塊當成 2×2 的濾鏡了：濾鏡的四個數會乘上去，這裡沒有東西可乘。
#
# None. Taking a maximum has no weights; the size of a block is chosen by us (a hyperparameter), not learned. Who guessed 4 took the
# 2×2 block for a 2×2 filter: a filter has numbers to multiply with, and here nothing is multiplied.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### 卷積和池化之間：ReLU · Between convolution and pooling: ReLU
#
# 卷積之後，每個數 $z$ 都經過 $\text{relu}(z) = \max(z, 0)$：負的變成 0，正的不變。為什麼要多這一步？兩個卷積直接相接，只等於**一個**比較大的卷積，多一層等於沒有；中間夾了 ReLU 就不是了。
#
# After a convolution every number $z$ goes through $\text{relu}(z) = \max(z, 0)$: negative ones become 0, positive ones stay. Why this
# step? Two convolutions in a row are only **one** larger convolution, and the second layer gains nothing; with a ReLU between them
# they are more.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
part = photo[200:300, 250:350]
first = cross_correlate(part, kernel)
second = cross_correlate(first, kernel.T)  # one filter after the other

larger = np.zeros((5, 5), int)  # the two filters as one of 5×5
for i in range(3):
    for j in range(3):
        larger[i:i + 3, j:j + 3] += kernel[i, j] * kernel.T
print("two in a row equal one of 5×5:", np.array_equal(second, cross_correlate(part, larger)))

kept = np.maximum(first, 0)  # ReLU
print("and with ReLU between them:   ", np.array_equal(cross_correlate(kept, kernel.T), second))
print(f"ReLU has set {(first < 0).mean():.0%} of this map to 0: the places that are brighter on the left")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：投影片的流程，先自己推 · Step 5: The slide's flow, derived first
#
# MNIST 是 28×28，四周補 2 圈 0，就是投影片的 32×32。接著：
#
# MNIST is 28×28; two rims of zeros make it the 32×32 of the slide. Then:

# %% slideshow={"slide_type": "skip"}
def draw_flow(stages):
    """Draw stacks of maps: (arrow that leads here, height, width, sheets shown, name)."""
    figure, axis = plt.subplots(figsize=(11, 3))
    x = 0.0
    for arrow, height, width, sheets, name in stages:
        if arrow:
            axis.annotate("", (x + 1.3, 0), (x, 0), arrowprops={"arrowstyle": "->", "color": "#555555"})
            axis.text(x + 0.62, 0.12, arrow, ha="center", va="bottom", fontsize=10)
            x += 1.4
        color = plots.COLORS[0] if sheets > 1 or height == width else plots.COLORS[2]
        for shift in 0.08 * np.arange(sheets)[::-1]:
            corner = (x + shift, shift - height / 2)
            axis.add_patch(Rectangle(corner, width, height, ec="white", lw=0.8, fc=color))
        axis.text(x + width / 2, -height / 2 - 0.12, name, ha="center", va="top", fontsize=10)
        x += width + 0.08 * sheets + 0.05
    axis.set(xlim=(-0.2, x + 0.3), ylim=(-1.9, 1.7), aspect="equal")
    axis.set_axis_off()
    plt.show()


# %% alt={"zh": "方塊由左到右越來越小、越來越多：一張 32×32，32 張 32×32，32 張 16×16，64 張 16×16，64 張 8×8，最後是 128 個和 10 個數。", "en": "Squares from left to right, ever smaller and more: one of 32×32, 32 of 32×32, 32 of 16×16, 64 of 16×16, 64 of 8×8, then 128 numbers and 10."} slideshow={"slide_type": "fragment"}
draw_flow([
    ("", 2, 2, 1, "32×32\n1 image"),
    ("first\nconvolution", 2, 2, 6, "32×32\n32 maps"),
    ("first\npooling", 1, 1, 6, "16×16\n32 maps"),
    ("second\nconvolution", 1, 1, 10, "16×16\n64 maps"),
    ("second\npooling", 0.5, 0.5, 10, "8×8\n64 maps"),
    ("dense", 2.2, 0.18, 1, "128"),
    ("softmax", 0.8, 0.18, 1, "10"),
])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 拿出紙筆。第一個卷積：每個濾鏡 3×3，看 1 張影像，加一個偏差值，共 32 個濾鏡，有幾個參數？第二個卷積的每個濾鏡要看**全部 32 張**特徵圖（feature map），又有幾個？哪一層的參數最多？
#
# 🤔 Take paper and pencil. First convolution: each filter is 3×3, sees 1 image, has one bias; there are 32 filters. How many parameters?
# Each filter of the second convolution sees **all 32** feature maps: how many there? Which layer has the most?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）第一個卷積 320 個：每個濾鏡 3×3×1 個權重加 1 個偏差值，是 10 個，共 32 個濾鏡。
#
# （2）第二個卷積 18,496 個：每個濾鏡 3×3×32 + 1 = 289 個，共 64 個濾鏡。答 640 的人忘了濾鏡是立體的：它一次看 32 張特徵圖，每一張都有自己的 3×3。
#
# （3）最多的是第一個 `Dense` 層，524,416 個，占全部的 96 %：8×8×64 = 4,096 個輸入，每一個都接到 128 個神經元。影像的大小不影響卷積的參數，卻會影響這一層。
#
# (1) The first convolution has 320: 3×3×1 weights and 1 bias make 10 for a filter, and there are 32 filters.
#
# (2) The second has 18,496: 3×3×32 + 1 = 289 for a filter, and there are 64. Who answered 640 forgot that a filter is deep: it looks at
# 32 maps at once, with a 3×3 of its own for each.
#
# (3) The most are in the first `Dense` layer: 524,416, or 96 %, since each of the 8×8×64 = 4,096 inputs is wired to 128 neurons. The size
# of the image does not matter to the parameters of a convolution; to this layer it does.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫成函式：`size`×`size` 的濾鏡，`maps_in` 張進，`filters` 個濾鏡，一共有幾個參數？
#
# ✏️ As a function: filters of `size`×`size`, `maps_in` maps in, `filters` of them: how many parameters in all?

# %% gap="parameters" slideshow={"slide_type": "fragment"}
def conv_parameters(size, maps_in, filters):
    """Return how many weights and biases a convolution layer has."""
    ### BEGIN SOLUTION
    return (size * size * maps_in + 1) * filters
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(conv_parameters(3, 2, 1) != conv_parameters(3, 1, 1), "輸入的張數有算進去。 The maps that come in are counted.",
            "每個濾鏡對每一張輸入都有自己的一組權重。 A filter has weights of its own for each map that comes in.")
checks.that(conv_parameters(3, 1, 1) != 9, "偏差值有算進去。 The bias is counted.", "忘了偏差值。 The bias is missing.")
checks.close(conv_parameters(3, 1, 32), 320, "第一個卷積 320 個。 The first convolution has 320.",
             "每個濾鏡各有一個偏差值，不是全部共用一個。 Each filter has a bias of its own; they do not share one.")
checks.close(conv_parameters(3, 32, 64), 18_496, "第二個卷積 18,496 個。 The second has 18,496.",
             "先算一個濾鏡有幾個，再乘上濾鏡的個數。 First count one filter, then multiply by how many there are.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
derived = [
    ["padding", (32, 32, 1), 0],
    ["first_convolution", (32, 32, 32), conv_parameters(3, 1, 32)],
    ["first_pooling", (16, 16, 32), 0],
    ["second_convolution", (16, 16, 64), conv_parameters(3, 32, 64)],
    ["second_pooling", (8, 8, 64), 0],
    ["flat", (8 * 8 * 64,), 0],
    ["dense", (128,), (8 * 8 * 64 + 1) * 128],
    ["digits", (10,), (128 + 1) * 10],
]
total = sum(parameters for *_, parameters in derived)
display.table([[name, str(shape), n, f"{n / total:.1%}"] for name, shape, n in derived]
              + [["total", "", total, "100.0%"]], columns=["layer", "output", "parameters", "share"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# 推好了，才請 Keras 出場。
#
# Only now do we ask Keras.

# %% slideshow={"slide_type": "fragment"}
layers = keras.layers
changes = [  # only active while training
    layers.RandomTranslation(0.08, 0.08, fill_mode="constant"),
    layers.RandomRotation(0.03, fill_mode="constant"),
    layers.RandomZoom(0.1, fill_mode="constant"),
]
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Rescaling(1 / 255, name="rescaling"),
    *(changes if AUGMENT else []),
    layers.ZeroPadding2D(2, name="padding"),
    layers.Conv2D(32, 3, padding="same", activation="relu", name="first_convolution"),
    layers.MaxPooling2D(2, name="first_pooling"),
    layers.Conv2D(64, 3, padding="same", activation="relu", name="second_convolution"),
    layers.MaxPooling2D(2, name="second_pooling"),
    layers.Flatten(name="flat"),
    layers.Dense(128, activation="relu", name="dense"),
    layers.Dropout(0.4, name="dropout"),
    layers.Dense(10, activation="softmax", name="digits"),
], name="logical_flow")
model.summary()

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for name, shape, parameters in derived:
    built = model.get_layer(name)
    assert built.output.shape[1:] == shape, (name, built.output.shape)
    assert built.count_params() == parameters, (name, built.count_params())
print(f"all {len(derived)} shapes and parameter counts as derived; {model.count_params():,} parameters")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩個卷積層合起來不到全部參數的 4 %，做的計算卻最多：同樣的權重在每個位置都用一次。一張影像的乘法，卷積做了大約 500 萬次，兩個 `Dense` 層大約 53 萬次。第 04 課的攤平網路有 203,530 個參數。
#
# `Dropout` 在訓練時隨機關掉 40 % 的神經元，逼網路不要只靠少數幾個；它沒有參數，測試時自動停用。
#
# Together the two convolutions have less than 4 % of the parameters, yet they do most of the computing: the same weights are used at
# every place. For one image the convolutions multiply about 5 million times, the two `Dense` layers about 530 thousand times. The flat
# network of lesson 04 had 203,530 parameters.
#
# `Dropout` switches off a random 40 % of the neurons while training, so that the net cannot rely on a few; it has no parameters, and
# rests at test time.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：訓練 · Step 6: Train
#
# 和第 04 課一樣，最後 5,000 張訓練影像留作驗證。學習率從 0.003 沿餘弦曲線降到 0：開始時大步走，快到谷底時步子小，才不會在谷底兩邊跳來跳去。`full` 規模還會隨機移動、旋轉、縮放訓練影像（資料擴增，data augmentation）。
#
# As in lesson 04 the last 5,000 training images are kept for validation. The learning rate falls from 0.003 to 0 along a cosine: long
# strides at first, and small ones near the floor of the valley, so as not to jump from one of its sides to the other. The `full`
# profile also moves, turns and zooms the training images at random (data augmentation).

# %% slideshow={"slide_type": "fragment"}
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, x_test = x_train[..., None], x_test[..., None]  # one channel
x_val, y_val = x_train[55_000:], y_train[55_000:]
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]
x_test, y_test = x_test[:TEST_SIZE], y_test[:TEST_SIZE]
print(datasets.describe("mnist"))

steps = EPOCHS * math.ceil(len(x_fit) / 128)  # batches in all epochs
model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.003, steps)),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_fit, y_fit, batch_size=128, epochs=EPOCHS,
                    validation_data=(x_val, y_val), verbose=2)

# %% alt={"zh": "三個訓練週期的損失和準確率。訓練的線改善很多；驗證的線一開始就好，到最後都略勝訓練。", "en": "Loss and accuracy over three epochs. Training improves much; validation is good from the start and stays a little better than training."} slideshow={"slide_type": "fragment"}
plots.history(history)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 驗證準確率為什麼比訓練準確率還高？（提示：兩個原因，一個和 Dropout 有關，一個和「什麼時候量」有關。）
#
# 🤔 Why is the validation accuracy higher than the training accuracy? (Hint: two reasons, one to do with Dropout, one with when it is
# measured.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為 `fit` 印的訓練準確率是在比較難的條件下量的，不是因為驗證影像比較簡單。
#
# （1）訓練時 Dropout 隨機關掉 40 % 的神經元，驗證時全部都在。
#
# （2）訓練準確率是整個訓練週期的平均，包括剛開始還不太會的時候；驗證準確率是訓練週期結束時才量的。
#
# 下一格用同樣的條件再量一次訓練影像：這時訓練影像就不輸給驗證影像了（0.993 對 0.992）。常見的錯誤猜想是「驗證影像比較簡單」；如果是那樣，同條件再量，驗證影像還是會比較高。
#
# Because `fit` measures the training accuracy under harder conditions, not because the validation images are easier.
#
# (1) While training, Dropout switches off 40 % of the neurons; for validation they all work.
#
# (2) The training accuracy is the mean over the epoch, its clumsy beginning included; the validation accuracy is measured at its end.
#
# The next cell measures training images again, under the conditions of validation: now they do no worse (0.993 against 0.992). The
# usual wrong guess is that the validation images are easier; if they were, they would still be ahead under the same conditions.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
_, train_accuracy = model.evaluate(x_fit[:10_000], y_fit[:10_000], batch_size=500, verbose=0)
print(f"training images, as `fit` reports them:       {history.history['accuracy'][-1]:.4f}")
print(f"training images, after training, no Dropout:  {train_accuracy:.4f}")
print(f"validation images, after training, no Dropout: {history.history['val_accuracy'][-1]:.4f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：測試 · Step 7: Test
#
# 測試影像到這裡才第一次出場，只量一次，附上標準誤。
#
# The test images appear here for the first time, are measured once, and the standard error stands beside.

# %% slideshow={"slide_type": "fragment"}
probabilities = model.predict(x_test, batch_size=500, verbose=0)
answers = probabilities.argmax(axis=1)
accuracy = (answers == y_test).mean()
error = np.sqrt(accuracy * (1 - accuracy) / len(y_test))
print(f"test accuracy on {len(y_test):,} images: {accuracy:.4f} ± {error:.4f}")
print(f"wrong: {(answers != y_test).sum()} images")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：它學到了什麼？ · Step 8: What has it learned?
#
# 第一層的 32 個濾鏡，一開始是亂數。紅色是正的權重，藍色是負的。一邊紅、一邊藍的，就像步驟 1 的邊緣偵測器；不是每個濾鏡都看得出在找什麼。
#
# The 32 filters of the first layer began as random numbers. Red weights are positive, blue ones negative. Those with red on one side and
# blue on the other are edge detectors like that of step 1; not every filter shows what it looks for.

# %% alt={"zh": "32 個 3×3 的小方塊，由紅到藍。有些一邊紅、一邊藍，像邊緣偵測器；其他看不出規律。", "en": "32 little squares of 3×3 from red to blue. Some are red on one side and blue on the other, like edge detectors; others show no pattern."} slideshow={"slide_type": "fragment"}
filters = model.get_layer("first_convolution").get_weights()[0][:, :, 0, :]  # 3 × 3 × 32
largest = np.abs(filters).max()
plots.image_grid(np.moveaxis(filters, -1, 0), columns=16, scale=0.65,
                 cmap="RdBu_r", vmin=-largest, vmax=largest)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 同一個數字經過每一層的樣子：一張影像變成 32 張特徵圖，再變成 64 張更小、更抽象的。越亮表示「這裡有我要找的東西」。
#
# One digit on its way through the layers: one image becomes 32 feature maps, then 64 smaller and more abstract ones. Bright means:
# here is what I look for.

# %% alt={"zh": "左上角是一個 5，右邊四排是它在四層的八張特徵圖。前兩排還看得出 5 的筆畫，後兩排越來越小，只剩零散的亮塊。", "en": "A 5 in the corner, and four rows of eight of its feature maps, one row a layer. The strokes of the 5 still show in the first two; the last two are smaller, with scattered bright blocks."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
example = np.flatnonzero((y_test == 5) & (answers == y_test))[0]
stages = ["padding", "first_convolution", "first_pooling", "second_convolution", "second_pooling"]
outputs = {name: model.get_layer(name).output for name in stages}
peek = keras.Model(model.inputs[0], outputs)  # the same layers and weights; it answers with every stage
maps = peek.predict(x_test[example:example + 1], verbose=0)
maps = {name: values[0] for name, values in maps.items()}  # one image: its maps

figure, axes = plt.subplots(4, 9, figsize=(10.5, 4.9))
for row, name in zip(axes, stages[1:], strict=True):
    row[0].imshow(maps["padding"][:, :, 0])
    row[0].set_title("digit" if name == "first_convolution" else "")
    strongest = np.argsort(-maps[name].sum(axis=(0, 1)))[:8]  # the eight maps with the most activity
    for axis, channel in zip(row[1:], strongest, strict=True):
        axis.imshow(maps[name][:, :, channel], cmap="viridis")
        axis.set_title(f"map {channel}", fontsize=8, pad=2)
    shape = "×".join(map(str, maps[name].shape))
    row[1].set_ylabel(name.replace("_", "\n") + "\n" + shape, fontsize=9, rotation=0, ha="right", va="center")
for axis in axes.flat:
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
for axis in axes[1:, 0]:
    axis.set_visible(False)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 哪張特徵圖只在直邊發亮？哪張只在橫邊？把 `example` 換成別的數字，同一張特徵圖找的是不是同一種東西？
#
# 🤔 Which map lights up only on vertical edges, which only on horizontal ones? Take another digit for `example`: does the same map look
# for the same thing?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）看第一列。這張 5 的八張特徵圖裡，第 3 張幾乎只在筆畫的**下緣**發亮（橫邊）；它的濾鏡上面紅、下面藍，找的正是「上亮下暗」。只找直邊的不在這八張裡：這裡只畫出反應最大的八張。回頭看濾鏡，第二列第 8 個（第 23 號）左藍右紅，才是找直邊的。
#
# （2）是同一種東西。第 $k$ 張特徵圖永遠是第 $k$ 個濾鏡算出來的，權重不因影像而變。要看編號，不要看位置：圖是依反應大小排的，換一個數字，順序就變了。越後面的層，一張特徵圖混合了前面很多張，就越難說它在找什麼。
#
# (1) Look at the first row. Of the eight maps of this 5, map 3 lights up almost only on the **lower** edges of the strokes (horizontal ones);
# its filter is red above and blue below, so it looks for bright above dark. None of the eight looks for vertical edges alone: only the
# eight with the most activity are drawn. Among the filters, the eighth of the second row (number 23), blue left and red right, does.
#
# (2) It does. Map $k$ always comes from filter $k$, whose weights do not change with the image. Go by the number and not by the place: maps are
# sorted by activity, and another digit brings another order. In later layers a map mixes many earlier ones and is harder to name.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：它錯在哪裡？ · Step 9: What does it get wrong?
#
# 最有把握、卻答錯的影像（正解→回答，機率）。
#
# The images it got wrong while being most sure (truth→answer, probability).

# %% alt={"zh": "二十個認錯的手寫數字，附上正解、回答和機率。有些很潦草：6 的圈沒收好，7 中間多一橫。", "en": "Twenty digits that were misread, each with truth, answer and probability. Some are careless: a 6 whose loop is not closed, a 7 with a bar across."} slideshow={"slide_type": "fragment"}
wrong = np.flatnonzero(answers != y_test)
worst = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:20]
titles = [f"{y_test[i]}→{answers[i]}\n{probabilities[i].max():.2f}" for i in worst]
plots.image_grid(x_test[worst], titles=titles, cmap="gray_r", scale=0.95)

# %% alt={"zh": "10×10 的表，橫的是預測，直的是真正的數字。對角線以外幾乎都是 0；最多的錯是 2 當成 7，只有幾張。", "en": "A table of 10×10, predicted across, true digits down. Off the diagonal nearly all is 0; the most frequent error is 2 taken for 7, a few images."} slideshow={"slide_type": "subslide"}
plots.confusion(confusion_matrix(y_test, answers), range(10), title="test images, errors coloured")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 第 04 課留下的問題：把測試影像往右移，它還認得嗎？左邊補上白紙；只用右邊至少有四欄空白的影像，筆畫才不會被切掉。
#
# The question that lesson 04 left open: move the test images to the right, does it still read them? White paper comes in on the left;
# we take only images with at least four white columns on the right, so that no stroke is cut off.

# %% slideshow={"slide_type": "fragment"}
def move_right(images, pixels):
    """Push white columns in from the left; what passes the right edge is gone."""
    return np.pad(images, [(0, 0), (0, 0), (pixels, 0), (0, 0)])[:, :, :28]


keep_all_ink = (x_test[:, :, 24:] == 0).all(axis=(1, 2, 3))  # 4 white columns on the right
x_movable, y_movable = x_test[keep_all_ink], y_test[keep_all_ink]
shifts = [0, 1, 2, 3, 4]
shifted = [model.evaluate(move_right(x_movable, s), y_movable, batch_size=500, verbose=0)[1] for s in shifts]
print(f"{len(x_movable):,} test images that lose no ink in any of these moves")
display.table([["test accuracy", *(f"{a:.3f}" for a in shifted)],
               ["standard error", *(f"{np.sqrt(a * (1 - a) / len(y_movable)):.3f}" for a in shifted)]],
              columns=["pixels to the right", *map(str, shifts)])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 往右移一個像素，每一層的輸出改變多少？（改變的長度，除以原來的長度。）
#
# By how much does the output of each layer change, one pixel to the right? (The length of the change by the length of what was there.)

# %% slideshow={"slide_type": "fragment"}
here = peek.predict(x_movable[:1000], verbose=0)
moved = peek.predict(move_right(x_movable[:1000], 1), verbose=0)
for name in stages:
    print(f"{name:18} changes by {np.linalg.norm(moved[name] - here[name]) / np.linalg.norm(here[name]):.0%}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 移動四個像素，第 04 課攤平的網路只剩 0.345，這個網路還有 0.648（兩個都只訓練一次），但也不是不受影響。卷積讓特徵跟著移動，池化把改變壓小（66 % → 51 %，66 % → 49 %）；可是到了最後，移動一個像素還是讓特徵改變了大約一半，而 `Dense` 層對每個位置各有一組權重，它認的是位置。
#
# 🤔 要讓它移動四個像素也不怕，你會改模型，還是改訓練資料？
#
# After four pixels the flat network of lesson 04 is down to 0.345, this one to 0.648 (each trained once); so it is not untouched either.
# Convolutions let the features move along, and pooling makes the change smaller (66 % → 51 %, 66 % → 49 %); but in the end one pixel still
# changes the features by about a half, and the `Dense` layer has weights of its own for every place: it knows places.
#
# 🤔 To make it safe against four pixels, would you change the model or the training data?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩條路都走得通。我們各試一次（只訓練一個訓練週期、只跑一次，用全部 10,000 張測試影像，移 0 個與 4 個像素）：
#
# （1）什麼都不改：0.987 → 0.590。
#
# （2）改資料，訓練影像隨機左右移動最多 4 個像素：0.983 → 0.975。`full` 規模的資料擴增就是這一招。
#
# （3）改模型，`Flatten` 換成 `GlobalMaxPooling2D`，每張特徵圖只留最大值，不管在哪裡：0.945 → 0.946，參數只剩 28,426 個。位置完全不影響了，但同樣只練一個訓練週期，準確率也低了一截：筆畫在哪裡，有時正是線索。
#
# 常見的錯誤答案是「再多幾層卷積」：卷積只會跟著移動，最後接上 `Flatten` 和 `Dense`，位置還是會被認出來。
#
# Either way works. We tried each once (one epoch, one run, all 10,000 test images, moved by 0 and by 4 pixels):
#
# (1) Nothing changed: 0.987 → 0.590.
#
# (2) The data changed, training images moved left or right by up to 4 pixels: 0.983 → 0.975. This is what data augmentation in the `full`
# profile does.
#
# (3) The model changed, `GlobalMaxPooling2D` in place of `Flatten`, which keeps the largest value of each map wherever it is: 0.945 → 0.946,
# with only 28,426 parameters. The place no longer matters, but after the same one epoch it reads less well: where a stroke is can be a clue.
#
# The usual wrong answer is "more convolutions": they only move along, and behind `Flatten` a `Dense` layer still knows the place.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：批次正規化 · Step 10: Batch normalisation
#
# 這個網路只有兩層卷積。疊到幾十層時，數字一路相乘，不是越來越大，就是越來越小。**批次正規化**（batch normalisation）在中間插一層，把大小拉回來。每個通道（channel，一張特徵圖）各做一次：在**這一批的所有影像、所有位置**上算平均 $\mu$ 和變異數 $\sigma^2$，減掉、除掉，再放大 $\gamma$ 倍、平移 $\beta$：
#
# $$\hat{z} = \frac{z - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y = \gamma\,\hat{z} + \beta$$
#
# $\gamma$ 和 $\beta$ 是學來的，一個通道各一個；$\epsilon$ 是很小的數，怕除以 0。
#
# This network has only two convolutions. In a stack of dozens, numbers are multiplied all the way and grow or shrink without end. **Batch
# normalisation** is a layer in between that brings their size back. For each channel (a feature map) it takes the mean $\mu$ and the variance
# $\sigma^2$ over **all images of the batch and all places**, subtracts and divides, then stretches by $\gamma$ and shifts by $\beta$.
#
# These two are learned, one of each for a channel; the small $\epsilon$ guards against division by 0.
#
# ✏️ 寫出來。`z` 的形狀是（影像，高，寬，通道），`gamma`、`beta` 各有一個通道一個數。
#
# ✏️ Write it. `z` has the shape (images, height, width, channels); `gamma` and `beta` hold one number for each channel.

# %% gap="normalise" slideshow={"slide_type": "fragment"}
def batch_norm(z, gamma, beta, epsilon=0.001):
    """Normalise each channel over a batch, then scale and shift it."""
    ### BEGIN SOLUTION
    mean = z.mean(axis=(0, 1, 2))
    variance = z.var(axis=(0, 1, 2))
    return gamma * (z - mean) / np.sqrt(variance + epsilon) + beta
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
trial = np.random.default_rng(0).normal(3.0, [1.0, 20.0], size=(6, 4, 4, 2))  # the second channel is 20 times as wide
plain = batch_norm(trial, np.ones(2), np.zeros(2))
checks.that(np.shape(plain) == trial.shape, "形狀不變。 The shape stays.",
            "輸出和輸入一樣大，只有數字變了。 What comes out has the shape of what went in; only the numbers change.")
checks.that(bool(np.abs(plain.mean(axis=(0, 1, 2))).max() < 1e-6), "每個通道的平均是 0。 Each channel has mean 0.",
            "每個通道要減自己的平均：除了通道，其他三軸都平均掉。 "
            "Each channel loses its own mean: average over the three axes that are not the channel.")
for axes, hint in (((0,), "每個位置各算了一次；位置也要一起平均。 One mean for each place: the places are averaged as well."),
                   ((1, 2), "每張影像各算了一次；整批要一起平均。 One mean for each image: the batch is averaged as a whole.")):
    alone = (trial - trial.mean(axis=axes, keepdims=True)) / np.sqrt(trial.var(axis=axes, keepdims=True) + 0.001)
    checks.that(not np.allclose(plain, alone), "平均的範圍對了。 Averaged over the right things.", hint)
checks.that(bool(np.abs(plain.std(axis=(0, 1, 2)) - 1).max() < 0.01), "每個通道的標準差是 1。 Each channel has standard deviation 1.",
            "除的是標準差，也就是變異數開根號；每個通道各一個。 "
            "Divide by the standard deviation, the root of the variance, one for each channel.")
checks.close(batch_norm(trial, np.array([2.0, 3.0]), np.array([5.0, -1.0])), plain * [2, 3] + [5, -1],
             "放大和平移也對。 Scale and shift are right.",
             "正規化之後，再乘 gamma、加 beta。 After normalising, multiply by gamma and add beta.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 拿一批真的數字來對：128 張測試影像，第一個卷積的結果，還沒過 ReLU。
#
# Now on a real batch: what the first convolution makes of 128 test images, before the ReLU.

# %% slideshow={"slide_type": "fragment"}
first = model.get_layer("first_convolution")
padded = peek.predict(x_test[:128], verbose=0)["padding"]
z = keras.ops.convert_to_numpy(keras.ops.conv(padded, first.kernel, padding="same") + first.bias)  # 128 × 32 × 32 × 32

random = np.random.default_rng(7)
gamma, beta = random.uniform(0.5, 2, 32).astype("float32"), random.normal(size=32).astype("float32")
normalise = keras.layers.BatchNormalization()
normalise.build(z.shape)
normalise.set_weights([gamma, beta, np.zeros(32), np.ones(32)])  # the last two: moving mean and variance
by_keras_norm = keras.ops.convert_to_numpy(normalise(z, training=True))
by_hand_norm = batch_norm(z.astype(float), gamma, beta)  # float64: NumPy adds 131,072 float32 numbers up less exactly
norm_difference = np.abs(by_hand_norm - by_keras_norm).max() / np.abs(by_keras_norm).max()
print("standard deviation of the 32 channels before:", f"{z.std(axis=(0, 1, 2)).min():.2f} … {z.std(axis=(0, 1, 2)).max():.2f}")
print(f"largest difference, ours from BatchNormalization in training: {norm_difference:.1e} of the largest number")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 差別只剩 `float32` 的捨入。
#
# 🤔 訓練時一批有 128 張；真正使用時，常常一次只來一張。這時候要減誰的平均？
#
# Only the rounding of `float32` is left.
#
# 🤔 In training a batch has 128 images; in use they often come one at a time. Whose mean is to be subtracted then?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 減訓練時記下來的平均。`BatchNormalization` 每訓練一批，就把那一批的平均和變異數混進一份「移動平均」裡（預設留 0.99 的舊值，加 0.01 的新值）；使用時（`training=False`，也就是 `predict`）用的是這一份。所以它有四組數：$\gamma$、$\beta$ 是學的，移動平均和移動變異數是記的。猜「減那一張自己的平均」的人要小心：那樣的話，同一張圖和誰放在同一批，答案就會不一樣，而且只要一批裡的東西很像，差別就被抹掉了。忘了切換模式，正是實務上常見的錯。
#
# That of training. With each training batch `BatchNormalization` mixes the batch's mean and variance into running averages (0.99 of the old, 0.01
# of the new unless told otherwise), and in use (`training=False`, as in `predict`) it takes those. So it holds four sets of numbers: $\gamma$ and
# $\beta$ are learned, the moving mean and variance are kept.
# Who would subtract the image's own mean should take care: then the answer for an image depends on who shares its batch, and what the images
# of a batch have in common is wiped out. To forget to switch the mode is a usual mistake in practice.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：殘差塊 · Step 11: The residual block
#
# 疊得深還有另一個麻煩：梯度要從損失一路乘回第一層（[05](05_backpropagation.ipynb) 的連鎖律）。**殘差塊**（residual block）多接一條捷徑（skip connection），把輸入原封不動加到輸出上：
#
# $$h_{\text{out}} = h + f(h)$$
#
# $f$ 是裡面的兩個卷積，只要學「該改多少」（殘差）。往回走時，這一塊的斜率從 $f'$ 變成 $1 + f'$：那個 1 就是捷徑。
#
# Depth has another trouble: the gradient is multiplied all the way from the loss to the first layer (the chain rule of
# [05](05_backpropagation.ipynb)). A **residual block** adds a skip connection, which puts the input, as it is, on top of the output.
#
# $f$ is
# the two convolutions inside; they only learn how much to change (the residual). On the way back the slope of the block is $1 + f'$
# instead of $f'$: the 1 is the skip.
#
# 先用一個數試。20 塊，每一塊的 $f'$ 是 −0.3 到 0.3 之間的亂數。
#
# ✏️ 寫出第一層拿到的斜率：`plain_slope` 沒有捷徑，`skip_slope` 每一塊都有。
#
# First with single numbers: 20 blocks, each with a random $f'$ between −0.3 and 0.3.
#
# ✏️ Write the slope that reaches the first layer: `plain_slope` without skips, `skip_slope` with one in each block.

# %% gap="skip" slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
slopes = np.random.default_rng(7).uniform(-0.3, 0.3, 20)  # f' of each of the 20 blocks
### BEGIN SOLUTION
plain_slope = np.prod(slopes)
skip_slope = np.prod(1 + slopes)
### END SOLUTION
print(f"without skips {plain_slope:.1e}, with skips {skip_slope:.2f}")

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(not np.isclose(plain_slope, slopes.sum()), "斜率是相乘的。 The slopes are multiplied.",
            "連鎖律：沿著同一條路，斜率相乘，不是相加。 The chain rule: along one road slopes multiply, they do not add.")
checks.close(plain_slope * 1e20, np.prod(slopes) * 1e20, "沒有捷徑的對了。 Right without skips.",
             "20 個斜率全部相乘。 Multiply all 20 slopes.")
checks.that(not np.isclose(skip_slope, 1 + np.prod(slopes)), "每一塊各有自己的捷徑。 Each block has its own skip.",
            "捷徑是每一塊都有一條，不是整串只有一條：1 要加在每個斜率上，再相乘。 "
            "There is a skip in every block, not one for the whole stack: add the 1 to each slope, then multiply.")
checks.close(skip_slope, np.prod(1 + slopes), "有捷徑的也對了。 Right with skips.",
             "每一塊的斜率是 1 + f'，20 塊相乘。 The slope of a block is 1 + f'; multiply 20 of them.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 乘開 $(1 + f_1')(1 + f_2')\cdots$，第一項永遠是 1：有一條路從頭到尾都沒有乘過任何東西。
#
# 真的網路也這樣嗎？下面搭一疊 `BLOCKS` 塊，每塊兩個卷積，16 個通道。同樣的結構，只換捷徑和批次正規化的有無；餵同一批 128 張訓練影像，量損失對**每一層權重**的梯度有多長。每一種換五個亂數起點。
#
# Multiply $(1 + f_1')(1 + f_2')\cdots$ out, and the first term is 1: there is a road on which nothing is multiplied at all.
#
# Is it so in a real network? Below, a stack of `BLOCKS` blocks, two convolutions each, 16 channels: the same structure, with or without skips
# and batch normalisation. All get the same batch of 128 training images, and we measure how long the gradient of the loss is for **the
# weights of each layer**, from five random starts each.

# %% slideshow={"slide_type": "fragment"}
def residual_block(h, skip, normalise, start):
    """Hand h to two convolutions, and add it to what they make of it if there is a skip."""
    f = h
    for _ in range(2):
        if normalise:
            f = layers.BatchNormalization()(f)
        f = layers.ReLU()(f)
        f = layers.Conv2D(16, 3, padding="same", kernel_initializer=start)(f)
    return h + f if skip else f


def deep_stack(skip, normalise, start="glorot_uniform"):
    inputs = keras.Input((28, 28, 1))
    h = layers.Conv2D(16, 3, strides=2, padding="same", kernel_initializer=start)(inputs)
    for _ in range(BLOCKS):
        h = residual_block(h, skip, normalise, start)
    if normalise:
        h = layers.BatchNormalization()(h)
    h = layers.GlobalAveragePooling2D()(layers.ReLU()(h))
    return keras.Model(inputs, layers.Dense(10)(h))


def gradient_lengths(stack):
    """Return the length of the loss's gradient by the weights of each convolution, first layer first."""
    kernels = [layer.kernel for layer in stack.layers if isinstance(layer, layers.Conv2D)]
    with tf.GradientTape() as tape:
        logits = stack(x_train[:128] / 255, training=True)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y_train[:128], logits)
    return [float(tf.norm(gradient)) for gradient in tape.gradient(loss, kernels)]

# %% slideshow={"slide_type": "fragment"}
stacks = {"plain": (False, False), "plain, start of He": (False, False, "he_normal"), "normalised": (False, True),
          "skips": (True, False), "skips, normalised": (True, True)}
lengths = {}
for name, kind in stacks.items():
    lengths[name] = []
    for number in range(STARTS):
        keras.utils.set_random_seed(profile.chosen_seed(7) + 100 * number)
        lengths[name].append(gradient_lengths(deep_stack(*kind)))
lengths = {name: np.array(runs) for name, runs in lengths.items()}  # starts × layers
display.table([[name, *(f"{value:.1e}" for value in (runs[:, 0].min(), np.median(runs[:, 0]), runs[:, 0].max()))]
               for name, runs in lengths.items()],
              columns=[f"gradient at the first of {2 * BLOCKS + 1} layers", "smallest", "median", f"largest of {STARTS} starts"])

# %% alt={"zh": "五條線，梯度的長度對層號，對數座標。什麼都不加的那條最低，約 10⁻⁷；換成 He 的起始值高了好幾個數量級，範圍很寬；只有正規化的那條越靠前面的層越大；有捷徑的兩條大致是平的。", "en": "Five lines, length of the gradient by layer, on a log scale. The plain stack is lowest, near 10⁻⁷; the start of He lifts it by orders of magnitude, with a wide range; normalisation alone grows towards the first layers; the two with skips are about level."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(9, 4.2))
for (name, runs), color, marker in zip(lengths.items(), plots.COLORS, "os^vD", strict=False):
    numbers = np.arange(1, runs.shape[1] + 1)
    axis.plot(numbers, np.median(runs, axis=0), color=color, marker=marker, markersize=4, label=name)
    axis.fill_between(numbers, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.15, linewidth=0)
axis.set(yscale="log", xlabel="layer (1: the first, farthest from the loss)", ylabel="length of the gradient",
         title=f"median and range of {STARTS} random starts")
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 左邊是第一層，右邊靠近損失。
# - 什麼都沒有（plain）：第一層只拿到約 $10^{-7}$，走一步等於沒動；別層也差不多。權重的梯度是「往前的訊號」乘「往回的梯度」：訊號越往右越小，梯度越往左越小，所以哪一層都逃不掉。
# - 起點換成 He（[05](05_backpropagation.ipynb)）：大小救回來了，卻要看運氣，五個起點從約 0.001 到約 1。
# - 只有批次正規化：往回走時越來越大，第一層約 10，最後一層只有約 0.2。
# - 只有捷徑：約 0.05 到 1。
# - 兩個都有：五個起點都在約 0.2 到 0.3。正規化管大小，捷徑管路。
#
# 這裡量的是訓練之前的一刻，不是成績：梯度到得了，是學得動的條件，還不是學得好的證據。
#
# On the left is the first layer; the loss is beyond the right end.
# - Nothing added (plain): only about $10^{-7}$ reaches the first layer, and a step hardly moves it; the others fare no better. The gradient of a
#   weight is the signal on its way forward times the gradient on its way back: the first shrinks to the right, the second to the left, and no
#   layer escapes.
# - The start of He ([05](05_backpropagation.ipynb)): the size is back, but it takes luck: from about 0.001 to about 1 over five starts.
# - Batch normalisation alone: it grows on the way back, to about 10 at the first layer from about 0.2 at the last.
# - Skips alone: about 0.05 to 1.
# - Both: about 0.2 to 0.3 from all five starts. Normalisation looks after the size, the skips after the road.
#
# This is the moment before training, not a score: a gradient that arrives is what learning needs, not yet proof that it goes well.
#
# 🤔 捷徑讓網路多了幾個參數？如果每個 $f$ 的卷積權重全是 0，有捷徑和沒有捷徑的網路，各會把輸入變成什麼？
#
# 🤔 How many parameters does a skip add? If the convolutions of every $f$ had weights of 0 only, what would become of the input, with skips
# and without?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）0 個：捷徑只做加法。答「16 個」或更多的人，想的是另外再接一個卷積；只有在張數或大小改變、兩邊加不起來的時候，才需要那樣做。
#
# （2）有捷徑的，每一塊都輸出 $h + 0 = h$，輸入原樣傳到最後；沒有捷徑的，第一塊就輸出 0，後面什麼都不知道。所以多疊一塊殘差塊，最差不過是「什麼都不做」，多疊一塊普通的，卻可能把訊息弄丟。
#
# (1) None: a skip only adds. Who said 16 or more thought of another convolution on the skip; that is needed only where the number or the
# size of the maps changes, so that the two do not fit together.
#
# (2) With skips each block puts out $h + 0 = h$, and the input arrives as it was; without, the first block puts out 0, and the rest knows
# nothing. So one more residual block can at worst "do nothing", where one more plain block may lose the message.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# **這個領域後來怎麼走**：2015 年，ResNet 用殘差塊疊到 152 層；之後看圖的深網路，連同讀文字的 transformer，幾乎都有捷徑。也很少人再從亂數學起，多半拿在大量照片上訓練好的網路來改。
#
# **Where the field went from here**: in 2015 ResNet stacked residual blocks 152 layers deep; nearly all deep networks that came after, for
# pictures and, with the transformer, for text, have skips. And few people start from random weights any more: mostly one takes a network that
# was trained on very many photos, and adapts it.

# %% slideshow={"slide_type": "fragment"}
profile.expect("largest difference of Conv2D from our loop", np.abs(by_keras - edges).max(), at_most=1e-3)
profile.expect("largest difference of batch_norm from Keras, by the largest number", norm_difference, at_most=1e-3)
profile.expect("gradient at the first layer, skips and normalised, against plain",
               lengths["skips, normalised"][:, 0].min() / lengths["plain"][:, 0].max(),
               at_least=profile.choose(smoke=1, lesson=10_000, full=10_000))
profile.expect(f"test accuracy on {len(y_test):,} images", accuracy,
               at_least=profile.choose(smoke=0.8, lesson=0.988, full=0.9945))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# 2012 年，AlexNet（[Krizhevsky 等人](https://proceedings.neurips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html)）用卷積贏得 ImageNet 的比賽，那裡有一百多萬張彩色照片；之後看圖的網路大多用卷積。步驟 11 的殘差塊來自 [He 等人](https://doi.org/10.1109/CVPR.2016.90)（2016）。第 07 課把卷積用在彩色影像上，並借用別人訓練好的網路；第 28 課把這一課的網路縮小，放到別的程式裡用。
#
# In 2012 AlexNet ([Krizhevsky et al.](https://proceedings.neurips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html)) won the contest of
# ImageNet, with its more than a million colour photos, by convolutions, and most networks for pictures have used them since. The residual block of
# step 11 is by [He et al.](https://doi.org/10.1109/CVPR.2016.90) (2016). Lesson 07 takes convolutions to colour and borrows a network that others
# have trained; lesson 28 makes the network of this lesson smaller, for use in other programs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 卷積層用同一組小權重滑過整張影像，和我們的迴圈一個數字都不差；形狀和參數可以先推再看：卷積層參數很少，`Dense` 層很多。
# - 學到的濾鏡裡有些像邊緣偵測器，有些說不出名字；影像移動一個像素幾乎不影響，移動四個就錯很多，因為 `Dense` 層認位置。
# - 疊得深，梯度要走得回第一層：批次正規化管大小，殘差塊的捷徑留一條什麼都不乘的路。
#
# - A convolution slides one small set of weights over the whole image, equal to our loop to the last digit. Shapes and parameters can be derived
#   before one looks: few parameters in the convolutions, many in the `Dense` layer.
# - Some of the learned filters look like edge detectors, some have no name. A move by one pixel hardly matters, one by four costs a lot,
#   since the `Dense` layer knows places.
# - In a deep stack the gradient must find its way back to the first layer: batch normalisation looks after its size, and the skips of residual
#   blocks keep a road on which nothing is multiplied.
#
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 「照片上的卷積」那一課把座標的先後寫反，濾鏡等於被轉置，直邊和橫邊因此互換。
# - 投影片只有流程圖，沒有程式；我們照著它建模型，並逐層核對。
# - 原練習要求「訓練準確率 99.8 %」。訓練準確率可以靠背答案達到；我們只看測試影像。
#
# - Its lesson on filtering a photo mixed up its coordinates, which transposes the filter and so swaps
#   vertical and horizontal edges.
# - The slide had a flow chart and no code; we build the model from it and check it layer by layer.
# - The exercise asked for 99.8 % training accuracy, which can be had by learning the answers by heart; we look at test images only.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 06b](../labs/lab06b_one_convolution.ipynb)「只用一個卷積層，測試準確率達到 99 %」。同一程度的還有[練習 06a](../labs/lab06a_stop_at_99.ipynb)「驗證準確率到 99 % 就停」和[練習 06c](../labs/lab06c_repair_shop.ipynb)「修理店」，十個壞掉的訓練等你修。
#
# [Lab 06b](../labs/lab06b_one_convolution.ipynb): one convolution layer, to 99 % on the test images. At the same level stand
# [lab 06a](../labs/lab06a_stop_at_99.ipynb), stop at 99 % on validation data, and [lab 06c](../labs/lab06c_repair_shop.ipynb), the repair shop, with ten
# trainings to mend.
#
# 接下來：[28](28_export_and_serve.ipynb) 把這個網路帶出筆記本，放進一個可以畫數字的網頁。
#
# Further on: in [28](28_export_and_serve.ipynb) this network leaves the notebook, for a page on which you draw digits.
#
# ## 參考資料 · References
#
# - V. Dumoulin, F. Visin, [A guide to convolution arithmetic for deep learning](https://arxiv.org/abs/1603.07285), 2016 · 輸出大小的公式 · the rule for output sizes
# - I. Goodfellow, Y. Bengio, A. Courville, [Deep Learning](https://www.deeplearningbook.org/), 2016，9.1 節 · section 9.1：互相關與卷積 · cross-correlation and convolution
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791), 1998
# - S. Ioffe, C. Szegedy, [Batch normalization](https://proceedings.mlr.press/v37/ioffe15.html), ICML 2015
# - K. He, X. Zhang, S. Ren, J. Sun, [Deep residual learning for image recognition](https://doi.org/10.1109/CVPR.2016.90), CVPR 2016; [Identity mappings in deep residual networks](https://arxiv.org/abs/1603.05027), ECCV 2016 · 這一課的順序：正規化、ReLU、卷積 · the order used here: normalise, ReLU, convolve
# - N. Srivastava et al., [Dropout](https://jmlr.org/papers/v15/srivastava14a.html), Journal of Machine Learning Research 15, 2014
# - A. Géron, *Hands-On Machine Learning*, 3rd ed., 第 14 章 · chapter 14：小型 CNN 在 MNIST 上 99.14 % · a small CNN reaches 99.14 % on MNIST

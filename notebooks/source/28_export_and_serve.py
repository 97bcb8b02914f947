# %% [markdown] slideshow={"slide_type": "slide"}
# # 28 匯出與服務：讓網路離開筆記本 · Export and serve: a network leaves the notebook
#
# 🗺 8 位元、LiteRT、ONNX、一個能畫數字的網頁、一個 HTTP 服務 · 8 bits, LiteRT, ONNX, a page to draw digits on, an HTTP service
#
# 網路訓練好了，然後呢？要給手機、網頁、別的程式用，檔案要小、回答要快，而且還要答得一樣。這一課把第 06 課的網路帶出筆記本：每一種帶法都量大小、快慢、準確率。最後做一個網頁，在上面畫一個數字，看它怎麼讀。
#
# 上完這一課，你可以
# 1. 手算 8 位元量化（quantisation）：比例、零點、捨入誤差，並用整數做完一層；
# 2. 把同一個網路匯出成 LiteRT 和 ONNX，並排比較大小、延遲（latency）、準確率，用成對檢定說差別算不算數；
# 3. 開一個 HTTP 服務，拒絕壞的輸入，量它一秒能答幾次；
# 4. 說出「訓練時怎麼準備資料，使用時就要怎麼準備」為什麼重要，並量出差多少。
#
# The network is trained; what now? For a phone, a web page or another program, its file should be small, its answers quick, and still
# the same. In this lesson the network of lesson 06 leaves the notebook. For each way out we measure size, speed and accuracy. In the end
# there is a page on which you draw a digit and see how it is read.
#
# After this lesson you can
# 1. quantise to 8 bits by hand: scale, zero point, rounding error, and compute a whole layer in integers;
# 2. export one network to LiteRT and to ONNX, compare size, latency and accuracy side by side, and tell by a paired test whether a
#    difference counts;
# 3. open an HTTP service, refuse bad input, and measure how often a second it answers;
# 4. say why data must be prepared in use as they were in training, and measure what it costs when they are not.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [06](06_convolutions.ipynb)：卷積、池化、這個網路；[01](01_numpy.ipynb)：形狀、軸、整數與浮點數；[03](03_scikit_learn.ipynb)：準確率與信賴區間 · [06](06_convolutions.ipynb): convolution, pooling, this network; [01](01_numpy.ipynb): shapes, axes, integers and floats; [03](03_scikit_learn.ipynb): accuracy and confidence intervals |
# | 學習時間 · Study time | 約 80 分鐘，含空格和問題 · about 80 minutes, with gaps and questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0） · MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 投影片 · Slides | 原課程沒有這一段 · the original course has nothing on this |

# %% slideshow={"slide_type": "skip"}
import math
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
import tensorflow as tf
from onnx import TensorProto, checker, helper, numpy_helper
from scipy import ndimage

from utils.data import datasets, environment
from utils.files import atomic_write
from utils.models import evaluation, export, serving
from utils.notebook import checks, display, plots, profile

tf.get_logger().setLevel("ERROR")  # no line for each file that is exported

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=2_560, lesson=55_000, full=55_000)  # images to learn from
EPOCHS = profile.choose(smoke=1, lesson=2, full=12)
VALIDATION_SIZE = profile.choose(smoke=500, lesson=5_000, full=5_000)
TEST_SIZE = profile.choose(smoke=500, lesson=10_000, full=10_000)
DRAWN = profile.choose(smoke=300, lesson=5_000, full=10_000)  # of them, for the four ways to draw of step 9
ROUNDS = profile.choose(smoke=3, lesson=200, full=1_000)    # how often one picture is timed
BATCH_ROUNDS = profile.choose(smoke=2, lesson=30, full=200)  # how often 64 pictures are
REQUESTS = profile.choose(smoke=16, lesson=800, full=4_000)  # to the service, of all clients together
THREADS = max(1, int(environment.cpu_cores()))               # for LiteRT and ONNX Runtime
FOLDER = Path("../reports/28_export_and_serve")              # what is exported lies here
FOLDER.mkdir(parents=True, exist_ok=True)
profile.seed(28)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：第 06 課的網路，再訓練一次 · Step 1: The network of lesson 06, trained once more
#
# 一樣的層、一樣的學習率，只是少練一點。最後 5,000 張訓練影像留作驗證，測試影像留到步驟 6。
#
# The same layers and the same learning rate, trained a little shorter. The last 5,000 training images are kept for validation; the test
# images wait until step 6.

# %% slideshow={"slide_type": "fragment"}
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()


def ready(images):
    """Return images as the network takes them: one channel, float32, 0 (paper) … 255 (ink)."""
    return images[..., None].astype(np.float32)


x_val, y_val = ready(x_train[55_000:][:VALIDATION_SIZE]), y_train[55_000:][:VALIDATION_SIZE]
x_fit, y_fit = ready(x_train[:TRAIN_SIZE]), y_train[:TRAIN_SIZE]
x_test, y_test = ready(x_test[:TEST_SIZE]), y_test[:TEST_SIZE]

layers = keras.layers


def network():
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255, name="rescaling"),
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

# %% slideshow={"slide_type": "fragment"}
model = network()
steps = EPOCHS * math.ceil(len(x_fit) / 128)
model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.003, steps)),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_fit, y_fit, batch_size=128, epochs=EPOCHS, validation_data=(x_val, y_val), verbose=2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 存檔。一次存整個模型，一次只存回答問題要用的部分：重建一個一樣的網路，搬權重過去，不帶最佳化器。
#
# 🤔 先猜：網路有 544,522 個參數，每個是 4 個位元組的 `float32`。兩個檔案各大約多大？
#
# Save it: once whole, and once with only what is needed to answer. For that we build the same network anew and carry the weights over,
# without the optimiser.
#
# 🤔 Guess first: the network has 544,522 parameters, each a `float32` of 4 bytes. How large, roughly, will the two files be?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 只存權重的約 2.2 MB：544,522 × 4 = 2,178,088 個位元組。整個模型約 6.6 MB，是三倍：Adam 替每個參數記兩個數（動量和梯度平方的平均，[05](05_backpropagation.ipynb)），接著訓練才用得到。兩個都猜 2.2 MB 的人，忘了最佳化器也有記憶；要交出去的檔案，先把它拿掉。
#
# About 2.2 MB with weights alone: 544,522 × 4 = 2,178,088 bytes. The whole model is three times as large, about 6.6 MB: for each parameter Adam keeps two
# numbers more (the momentum and the mean of the squared gradient, [05](05_backpropagation.ipynb)), which only further training needs. Who guessed 2.2 MB for
# both forgot that an optimiser remembers; take it out of what you hand over.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
def same_network():
    """Return the network with the same weights and without an optimiser."""
    copy = network()
    copy.set_weights(model.get_weights())
    return copy


model.save(FOLDER / "trained.keras")
original = same_network()
original.save(FOLDER / "float.keras")
for name in ("trained.keras", "float.keras"):
    print(f"{name:14} {(FOLDER / name).stat().st_size:>10,} bytes, {(FOLDER / name).stat().st_size / model.count_params():.1f} a parameter")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：一個數只給 8 位元 · Step 2: Eight bits for a number
#
# `float32` 用 32 位元記一個數。`int8` 只有 8 位元，能記 −128 到 127，一共 256 個整數。**量化**就是把一段實數，對到這 256 格：$s$ 是**比例**（scale）：一格有多寬。$z$ 是**零點**（zero point）：實數 0 落在哪一個整數上。0 一定要剛好落在格子上，因為補邊、ReLU 都會產生很多個 0。
#
# $$q = \text{round}(x / s) + z, \qquad x \approx s\,(q - z)$$
#
# A `float32` holds a number in 32 bits. An `int8` has 8: the 256 integers from −128 to 127. To **quantise** is to lay a stretch of real numbers
# on these 256 places. $s$ is the **scale**, the width of a step. $z$ is the **zero point**, the integer on which the real 0 falls. It has to fall on one
# exactly, for padding and ReLU make very many zeros.
#
# ✏️ 最小值 `low` 要對到 −128，最大值 `high` 要對到 127。寫出 `scale` 和 `zero`（整數）。
#
# ✏️ The least value, `low`, goes to −128, the greatest, `high`, to 127. Write `scale`, and `zero` as an integer.

# %% gap="scale" slideshow={"slide_type": "fragment"}
def scale_and_zero(low, high):
    """Return the scale and the zero point that spread low … high over -128 … 127."""
    low, high = min(low, 0.0), max(high, 0.0)  # 0 has to be among them
    ### BEGIN SOLUTION
    scale = (high - low) / 255
    zero = round(-128 - low / scale)
    ### END SOLUTION
    return scale, zero

# %% slideshow={"slide_type": "fragment"} tags=["check"]
scale, zero = scale_and_zero(0.0, 510.0)
checks.that(not math.isclose(scale, 510 / 256), "步數對了。 The number of steps is right.",
            "256 個整數之間只有 255 步。 Between 256 integers there are 255 steps.")
checks.close(scale, 2.0, "一格是 2。 A step is 2.", "從 −128 走到 127，要走完 high − low。 From −128 to 127 the way is high − low.")
checks.that(zero not in (0, 128), "零點算進了 −128。 The zero point counts from −128.",
            "整數從 −128 開始，不是從 0 開始。 The integers begin at −128, not at 0.")
checks.close(zero, -128, "low 對到 −128。 low falls on −128.", "low / scale 加上 zero 要等於 −128。 low / scale plus zero must be −128.")
checks.that(scale_and_zero(-1.0, 4.1)[1] != -178, "正負號對了。 The sign is right.",
            "正負號反了：low / scale 加上 zero 等於 −128，移項以後是減。 The sign is wrong: low / scale plus zero is −128; brought over, it is subtracted.")
checks.close(scale_and_zero(-1.0, 4.1)[1], -78, "兩邊不一樣長的也對。 Right for unequal sides.", "先除以 scale，再取整數。 Divide by the scale, then round.")
checks.that(isinstance(scale_and_zero(-1.0, 4.1)[1], int), "零點是整數。 The zero point is an integer.", "0 要剛好落在格子上：用 round()。 0 must fall on a place: use round().")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ✏️ 再來是量化本身。照公式除、取整、加零點；超出範圍的夾在 −128 和 127，最後才轉成 `np.int8`。
#
# ✏️ Now quantise. Divide, round and add the zero point by the formula; what lies outside is held at −128 or 127; then turn it into `np.int8`.

# %% gap="quantise" slideshow={"slide_type": "fragment"}
def quantise(x, scale, zero):
    """Return an array as int8."""
    ### BEGIN SOLUTION
    return np.clip(np.round(x / scale) + zero, -128, 127).astype(np.int8)
    ### END SOLUTION


def real(q, scale, zero):
    """Return what the integers stand for."""
    return scale * (q.astype(np.float32) - zero)

# %% slideshow={"slide_type": "fragment"} tags=["check"]
trial = quantise(np.array([-1.0, 0.0, 0.018, 0.022, 4.1]), 0.02, -78)
checks.that(getattr(trial, "dtype", None) == np.int8, "型別是 int8。 The type is int8.", "最後用 .astype(np.int8)。 End with .astype(np.int8).")
checks.that(trial[2] != -78 and trial[3] != -76, "四捨五入了。 Rounded.", "astype 直接去掉小數；先用 np.round。 astype cuts decimals off; use np.round first.")
checks.close(trial[:4], [-128, -78, -77, -77], "範圍內的對了。 Right within the range.", "除以 scale，取整，再加 zero。 Divide by the scale, round, then add zero.")
checks.close(quantise(np.array([99.0, -99.0]), 0.02, -78), [127, -128], "超出範圍的夾住了。 What lies outside is held.",
             "int8 會繞回去，99 會變成別的數；轉型之前先用 np.clip。 int8 wraps around, and 99 turns into something else; np.clip before the cast.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：量化一層，用整數算完 · Step 3: Quantise one layer and compute it in integers
#
# 拿參數最多的 `dense` 層：4,096 × 128 個權重，占全部的 96 %。權重有正有負，差不多對稱，所以零點用 0。
#
# Take the layer with the most parameters, `dense`: 4,096 × 128 weights, 96 % of all. Weights are positive and negative, nearly alike on both
# sides, so their zero point is 0.

# %% slideshow={"slide_type": "fragment"}
weights, bias = original.get_layer("dense").get_weights()
one_scale = np.abs(weights).max() / 127  # zero point 0: as far up as down
stored = quantise(weights, one_scale, 0)
error = real(stored, one_scale, 0) - weights
print(f"weights from {weights.min():.3f} to {weights.max():.3f}; one step is {one_scale:.5f}")
print(f"{weights.nbytes:,} bytes → {stored.nbytes:,} bytes")
print(f"largest rounding error: {np.abs(error).max() / one_scale:.3f} steps; root mean square: {error.std() / one_scale:.3f} steps")
print(f"different integers in use: {len(np.unique(stored))} of 256; half of the weights lie within ±{np.median(np.abs(stored)):.0f}")

# %% slideshow={"slide_type": "fragment"} alt={"zh": "左：權重的分布，是尖尖的一座山，大多在零附近，只有極少數很遠。右：捨入誤差的分布，從負半格到正半格幾乎一樣高。", "en": "Left: the weights, a sharp peak about zero with very few far away. Right: the rounding errors, nearly level from minus half a step to plus half a step."}
figure, axes = plt.subplots(1, 2, figsize=(9, 3))
axes[0].hist(stored.ravel(), bins=np.arange(-128.5, 128.5), color=plots.COLORS[0])
axes[0].set(xlabel="integer", ylabel="weights", yscale="log", title="which of the 256 integers are used")
axes[1].hist((error / one_scale).ravel(), bins=50, color=plots.COLORS[1])
axes[1].set(xlabel="rounding error, in steps", ylabel="weights", title="rounding error")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 捨入誤差最多半格。如果誤差在 −½ 到 ½ 格之間均勻分布，均方根是 $1/\sqrt{12} \approx 0.289$ 格。
#
# 🤔 假設 52 萬個權重裡，有**一個**變成原來最大值的十倍。其他權重的捨入誤差會怎樣？怎麼補救？
#
# A rounding error is half a step at most. Spread evenly from −½ to ½, errors have a root mean square of $1/\sqrt{12} \approx 0.289$ steps.
#
# 🤔 Suppose **one** of the 520,000 weights became ten times the largest. What happens to the rounding errors of all others? What is the remedy?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 全部變成十倍。比例由最大的那個決定，一格寬十倍，半格的誤差也就大十倍，大部分權重只剩下中間二十幾個整數可用。補救是把比例分開：每個輸出（每一欄）一個比例，那個大權重只害自己那一欄。這叫**每通道量化**（per-channel），LiteRT 和 Keras 都這樣做。猜「只有那一個不準」的人，忘了大家共用一把尺。
#
# They grow tenfold, all of them. The largest sets the scale: a step is ten times as wide, so is the error of half a step, and most weights are left with a
# couple of dozen integers in the middle. The remedy is a scale for each output (each column), so that the large weight spoils its own column only. It is called
# **per-channel** quantisation, and LiteRT and Keras both do it. Who said "only that one suffers" forgot that all share one ruler.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 現在用整數算這一層。輸入是第二次池化後的 4,096 個數，ReLU 之後都不是負的；範圍由 500 張訓練影像決定，這一步叫**校準**（calibration）。總和裡全是整數；算完再乘一次 $s_x s_w$，加上偏差值。
#
# $$x W \approx s_x\, s_w \sum_i (q_{x,i} - z_x)\, q_{w,i}$$
#
# Now the layer in integers. Its input is the 4,096 numbers after the second pooling, none negative after the ReLU. Their range is taken from 500
# training images; that is called **calibration**. Within the sum everything is an integer; at the end it is multiplied by $s_x s_w$ once, and the bias is
# added.

# %% slideshow={"slide_type": "fragment"}
to_dense = keras.Model(original.inputs, original.get_layer("flat").output)
x_scale, x_zero = scale_and_zero(0.0, float(to_dense.predict(x_fit[:500], verbose=0).max()))

inputs = to_dense.predict(x_val[:500], verbose=0)  # 500 × 4096
exact = inputs @ weights + bias
steps_from_zero = quantise(inputs, x_scale, x_zero).astype(np.int32) - x_zero
column_scales = np.abs(weights).max(axis=0) / 127  # 128 scales, one for each output
for name, w_scale in (("one scale for all", one_scale), ("one scale a column", column_scales)):
    total = steps_from_zero @ quantise(weights, w_scale, 0).astype(np.int32)  # integers only
    in_integers = x_scale * w_scale * total + bias
    error = np.sqrt(np.mean((in_integers - exact) ** 2)) / exact.std()
    print(f"{name:19} root mean square error {error:.2%} of the outputs' standard deviation; largest sum {np.abs(total).max():,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 兩個 `int8` 相乘，加 4,096 次。為什麼總和要用 `int32`，不能用 `int16`（最大 32,767）？
#
# 🤔 Two `int8` numbers are multiplied and 4,096 such products added up. Why must the sum be an `int32`, and not an `int16`, whose largest is 32,767?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 裝不下。`q − z` 最大 255，權重最大 127，一個乘積就可能有 32,385，幾乎用完 `int16`；4,096 個最多約 1.3 億，`int32`（約 21 億）裝得下。上面印出的最大總和就已經超過 32,767。猜「`int8` 就夠」的人把存放和計算混在一起了：存的時候 8 位元，加的時候要 32 位元，這正是晶片上 8 位元乘法器的做法。
#
# It would not fit. `q − z` is at most 255 and a weight at most 127, so one product can be 32,385 and nearly fills an `int16`; 4,096 of them can reach about 130
# million, within an `int32`, which goes to some 2.1 billion. The largest sum printed above is already beyond 32,767. Who found `int8` enough mixed up
# storing and computing: stored in 8 bits, added up in 32, which is just what the 8-bit multipliers of a chip do.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：Keras 和 LiteRT 來做 · Step 4: Let Keras and LiteRT do it
#
# Keras 一行就能量化。它的 `int8` 只管 `Dense` 這類矩陣相乘的層；卷積留在 `float32`。參數有 96 % 在 `dense`，所以檔案還是小很多。
#
# Keras quantises in one line. Its `int8` covers layers of matrix products, such as `Dense`; convolutions stay `float32`. As 96 % of the
# parameters are in `dense`, the file still shrinks a lot.

# %% slideshow={"slide_type": "fragment"}
keras_int8 = same_network()
keras_int8.quantize("int8", filters=["dense", "digits"])
keras_int8.save(FOLDER / "int8.keras")
for layer in keras_int8.layers:
    if layer.weights:
        print(f"{layer.name:20} {layer.dtype_policy.name:18} kernel: {np.dtype(str(layer.kernel.dtype))}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **LiteRT**（以前叫 TensorFlow Lite）是手機和小裝置用的。`model.export` 叫 TensorFlow 的 `TFLiteConverter` 轉檔，然後用 `ai_edge_litert` 這個小小的套件執行，不需要 TensorFlow。我們轉三種：
#
# | | 權重 · weights | 層與層之間 · between layers |
# |---|---|---|
# | float | `float32` | `float32` |
# | int8 weights | `int8` | `float32` |
# | int8 | `int8` | `int8`，要校準 · needs calibration |
#
# **LiteRT**, once TensorFlow Lite, is made for phones and small devices. `model.export` has TensorFlow's `TFLiteConverter` write the file, and the small
# package `ai_edge_litert` runs it, without TensorFlow. We make the three kinds of the table above.

# %% slideshow={"slide_type": "fragment"}
def calibration():
    """Yield a few training images, one at a time; the converter watches the ranges."""
    for image in x_fit[:200]:
        yield [image[None]]


small = {"optimizations": [tf.lite.Optimize.DEFAULT]}
whole = small | {"representative_dataset": calibration, "experimental_enable_resource_variables": False,
                 "target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]}}
for name, settings in (("float", {}), ("int8_weights", small), ("int8", whole)):
    original.export(FOLDER / f"{name}.tflite", format="litert", verbose=False, **settings)
    print(f"{name:13} {(FOLDER / f'{name}.tflite').stat().st_size:>9,} bytes")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：自己寫一個 ONNX 檔 · Step 5: An ONNX file by hand
#
# **ONNX** 是各家框架交換網路的格式。打開來看，裡面只有兩樣東西：一串**節點**（做什麼、輸入叫什麼、輸出叫什麼），和一堆有名字的**陣列**。自己寫一次就懂了。
#
# 有一個陷阱：Keras 把影像排成（張，高，寬，圖），ONNX 的 `Conv` 要（張，圖，高，寬）。濾鏡也不同：Keras 是（高，寬，進，出），ONNX 要（出，進，高，寬）。卷積做完，`Flatten` 之前還要轉回 Keras 的順序，因為 `dense` 的 4,096 個權重是照那個順序學的。
#
# ✏️ 寫出兩個軸的順序，給 `transpose` 用：濾鏡的叫 `FILTER_AXES`，卷積之後轉回去的叫 `BACK_AXES`。
#
# **ONNX** is the format in which frameworks hand networks to one another. Inside there are two things only: a list of **nodes** (what to do, what its inputs and
# outputs are called) and **arrays** with names. Write one, and you know it.
#
# There is one trap. Keras lays pictures out as (picture, height, width, map); the `Conv` of ONNX wants (picture, map, height, width). Filters differ too:
# (height, width, in, out) in Keras, (out, in, height, width) in ONNX. And after the convolutions, before `Flatten`, all must go back into the order of Keras, since
# the 4,096 weights of `dense` were learned in that order.
#
# ✏️ Write the two orders of axes, as `transpose` takes them: `FILTER_AXES` for the filters, `BACK_AXES` for the way back after the convolutions.

# %% gap="axes" slideshow={"slide_type": "fragment"}
### BEGIN SOLUTION
FILTER_AXES = (3, 2, 0, 1)  # (height, width, in, out) → (out, in, height, width)
BACK_AXES = (0, 2, 3, 1)    # (picture, map, height, width) → (picture, height, width, map)
### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
turned = np.empty((3, 5, 7, 11)).transpose(FILTER_AXES).shape  # height 3, width 5, 7 maps in, 11 out
checks.that(turned[:2] == (11, 7), "出、進排在前面。 Out and in come first.",
            "transpose 的第 k 個數，說的是新的第 k 軸從舊的哪一軸來；第一個要是「出」。 Number k of transpose says from which old axis the new axis k comes; the first is out.")
checks.that(turned[2:] == (3, 5), "高還是在寬前面。 Height still stands before width.",
            "高和寬對調了，濾鏡會被轉置（第 06 課的錯）。 Height and width are swapped: that transposes the filter, the mistake of lesson 06.")
turned = np.empty((2, 64, 8, 9)).transpose(BACK_AXES).shape  # 2 pictures, 64 maps, height 8, width 9
checks.that(turned != (2, 64, 8, 9), "轉回來了。 Turned back.", "這樣什麼都沒有變；圖要排到最後。 This changes nothing; the maps go last.")
checks.that(turned == (2, 8, 9, 64), "回到 Keras 的順序。 Back in the order of Keras.",
            "要變成（張，高，寬，圖）：圖在最後，高在寬前面。 It should be (picture, height, width, map): maps last, height before width.")

# %% slideshow={"slide_type": "fragment"}
def array(name, values):
    """Return an array with a name, as an ONNX file holds it."""
    return numpy_helper.from_array(np.ascontiguousarray(values), name)


(k1, b1), (k2, b2), (w3, b3), (w4, b4) = (layer.get_weights() for layer in original.layers if layer.weights)
arrays = [array("one_255th", np.float32(1 / 255)),
          array("k1", k1.transpose(FILTER_AXES)), array("b1", b1), array("k2", k2.transpose(FILTER_AXES)), array("b2", b2),
          array("w3", w3), array("b3", b3), array("w4", w4), array("b4", b4)]
node = helper.make_node
nodes = [
    node("Mul", ["picture", "one_255th"], ["scaled"]),
    node("Transpose", ["scaled"], ["maps_first"], perm=(0, 3, 1, 2)),
    node("Conv", ["maps_first", "k1", "b1"], ["first"], pads=[3, 3, 3, 3]),  # 2 of the padding and 1 of "same"
    node("Relu", ["first"], ["first_relu"]),
    node("MaxPool", ["first_relu"], ["first_pooling"], kernel_shape=[2, 2], strides=[2, 2]),
    node("Conv", ["first_pooling", "k2", "b2"], ["second"], pads=[1, 1, 1, 1]),
    node("Relu", ["second"], ["second_relu"]),
    node("MaxPool", ["second_relu"], ["second_pooling"], kernel_shape=[2, 2], strides=[2, 2]),
    node("Transpose", ["second_pooling"], ["maps_last"], perm=BACK_AXES),
    node("Flatten", ["maps_last"], ["flat"], axis=1),
    node("Gemm", ["flat", "w3", "b3"], ["dense"]),  # a matrix product and an addition
    node("Relu", ["dense"], ["dense_relu"]),
    node("Gemm", ["dense_relu", "w4", "b4"], ["sums"]),
    node("Softmax", ["sums"], ["probabilities"], axis=1),
]

# %% slideshow={"slide_type": "fragment"}
graph = helper.make_graph(
    nodes, "logical_flow", initializer=arrays,
    inputs=[helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["pictures", 28, 28, 1])],
    outputs=[helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["pictures", 10])])
by_hand = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)  # which vocabulary the nodes are from
checker.check_model(by_hand, full_check=True)
(FOLDER / "float.onnx").write_bytes(by_hand.SerializeToString())

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = THREADS
session = onnxruntime.InferenceSession(FOLDER / "float.onnx", options, providers=["CPUExecutionProvider"])
by_keras = original.predict(x_val[:500], verbose=0)
onnx_difference = np.abs(session.run(None, {"picture": x_val[:500]})[0] - by_keras).max()
print(f"{len(nodes)} nodes, {len(arrays)} arrays, {(FOLDER / 'float.onnx').stat().st_size:,} bytes; largest difference from Keras {onnx_difference:.1e}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：並排量 · Step 6: Side by side
#
# 同一組測試影像，每一種帶法都答一次。測試影像到這裡才打開；這裡不選模型，只報告。
#
# Every way out answers the same test images. They are opened only here, and nothing is chosen by them: we report.

# %% slideshow={"slide_type": "fragment"}
compiled = tf.function(lambda x: original(x, training=False), autograph=False)
compiled_int8 = tf.function(lambda x: keras_int8(x, training=False), autograph=False)
lite = {name: export.Lite((FOLDER / f"{name}.tflite").read_bytes(), THREADS) for name in ("float", "int8_weights", "int8")}
runs = {  # each takes pictures and gives probabilities; beside it, its file
    "Keras": (lambda x: compiled(x).numpy(), "float.keras"),
    "Keras int8": (lambda x: compiled_int8(x).numpy(), "int8.keras"),
    "LiteRT": (lite["float"], "float.tflite"),
    "LiteRT int8 weights": (lite["int8_weights"], "int8_weights.tflite"),
    "LiteRT int8": (lite["int8"], "int8.tflite"),
    "ONNX": (lambda x: session.run(None, {"picture": x})[0], "float.onnx"),
}


def answers_of(run, pictures):
    """Return the probabilities of many pictures, 250 at a time: the maps between the layers take memory."""
    return np.concatenate([run(pictures[i:i + 250]) for i in range(0, len(pictures), 250)])


answers = {name: answers_of(run, x_test) for name, (run, _) in runs.items()}

# %% slideshow={"slide_type": "fragment"}
right = {name: found.argmax(axis=1) == y_test for name, found in answers.items()}
rows = []
for name, (_, file) in runs.items():
    versus = evaluation.mcnemar(right["Keras"], right[name])
    same = np.mean(answers[name].argmax(axis=1) == answers["Keras"].argmax(axis=1))
    rows.append([name, f"{(FOLDER / file).stat().st_size / 1000:,.0f}", f"{evaluation.share(int(right[name].sum()), len(y_test)):.4f}",
                 f"{same:.2%}", f"{np.abs(answers[name] - answers['Keras']).max():.1e}",
                 f"{versus.only_first} : {versus.only_second} (p = {versus.p_value:.2f})"])
display.table(rows, columns=["", "kB", "test accuracy (95 %)", "same answer", "probability, at most off by", "alone right"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 「答案一樣」「機率最多差多少」都是和 Keras 比。最後一欄是 McNemar 檢定（[15](15_imdb_sentiment.ipynb)）：只看**一對一錯**的影像，前一個數是只有 Keras 對的，後一個是只有這一種對的。
#
# 檔案變成約四分之一，10,000 張裡只有幾張答得不一樣；機率最多動了約 0.04。這些影像分不出誰比較準。
#
# The files shrink to about a quarter, and of 10,000 answers only a few change; a probability moves by about 0.04 at most. These images cannot tell which of the networks is more accurate.
#
# 🤔 兩個準確率的區間幾乎完全重疊，就可以說它們一樣好嗎？為什麼要看「一對一錯」的影像？
#
# "Same answer" and "probability, at most off by" compare with Keras. The last column is McNemar's test ([15](15_imdb_sentiment.ipynb)), which looks only at images that
# **one has right and the other wrong**: first those that Keras alone has right, then those that only this one has.
#
# 🤔 The intervals of two accuracies overlap almost entirely. May we say that they are equally good? Why look at images that one alone has right?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不行，區間重疊不是「一樣好」的證據。兩邊答的是同樣的影像，大部分難題兩邊一起錯，那一部分的隨機互相抵銷；真正能分高下的，是一對一錯的那幾張。例如 30 張裡面 29 張都是同一邊對，準確率只差 0.3 %，區間照樣重疊，成對檢定卻看得很清楚。反過來，p 大也只說「這 10,000 張分不出來」，不是「一樣」。
#
# No, overlap is no proof of being equal. Both answered the same images, and on most of the hard ones both fail together; that part of chance cancels. What can
# tell them apart is the few images that one alone has right. If of 30 such images 29 favour the same side, the accuracies differ by 0.3 % only and the intervals
# still overlap, yet the paired test sees it plainly. The other way round, a large p only says "these 10,000 cannot tell", not "the same".
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 快慢。一次一張，像手機或服務；一次 64 張，像半夜處理一整批。每一輪輪流量，電腦忽然忙起來，大家一起倒楣。看**中位數**，也看 **p95**：二十次裡最慢的那一次至少有多慢。
#
# Speed. One picture at a time, as on a phone or in a service; and 64 at once, as in a nightly batch. They are timed in turns, so that a busy moment of the
# computer meets them all. Look at the **median**, and at **p95**: one call in twenty is at least that slow.

# %% slideshow={"slide_type": "fragment"}
one, batch = x_val[:1], x_val[:64]
times = {}
for size, pictures, rounds in ((1, one, ROUNDS), (64, batch, BATCH_ROUNDS)):
    slow = {"Keras, predict": lambda x=pictures: original.predict(x, verbose=0)}  # so slow that fewer rounds must do
    quick = {name: lambda run=run, x=pictures: run(x) for name, (run, _) in runs.items()}
    times[size] = export.milliseconds(slow, 2 + rounds // 10) | export.milliseconds(quick, rounds)
rows = [[name, *(f"{value:.2f}" for size in (1, 64) for value in (np.median(times[size][name]), np.percentile(times[size][name], 95))),
         f"{np.median(times[64][name]) / 64:.3f}"] for name in times[1]]
display.table(rows, columns=["milliseconds", "1 picture", "p95", "64 pictures", "p95", "of 64, each"])

# %% slideshow={"slide_type": "fragment"} alt={"zh": "每一種帶法一列的對數圖：圓點是一張的中位數，線拉到 p95；方塊是 64 張平均每張的時間。Keras 的 predict 最右邊。", "en": "One row for each way out, logarithmic: a dot for the median of one picture with a line to its p95, a square for 64 pictures, per picture. Keras with predict is farthest right."}
figure, axis = plt.subplots(figsize=(8, 3.2))
for row, name in enumerate(times[1]):
    median, slow = np.percentile(times[1][name], [50, 95])
    axis.plot([median, slow], [row, row], color=plots.COLORS[0], marker="o", markevery=[0], label="one at a time: median, line to p95" if not row else None)
    axis.plot(np.median(times[64][name]) / 64, row, color=plots.COLORS[1], marker="s", linestyle="none", label="64 at once, per picture" if not row else None)
axis.set(yticks=range(len(times[1])), yticklabels=list(times[1]), xscale="log", xlabel="milliseconds")
axis.invert_yaxis()
axis.legend(loc="upper center", bbox_to_anchor=(0.4, 1.3), ncols=2)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `model.predict` 和編譯過的 `tf.function` 跑的是同一個網路。一張影像的時間為什麼差那麼多？64 張的時候呢？
#
# 🤔 `model.predict` and the compiled `tf.function` run the same network. Why do they differ so much for one picture? And for 64?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 時間大多花在網路之外。`predict` 每次都要準備資料管線、迴圈、回呼，這筆費用一張也要付；一張影像的乘法只有五百多萬次，很快就做完。64 張要付的多一些（`predict` 分成兩批），但沒有多到 64 倍；分攤以後，差距就小了。所以量延遲要量**真正會用的那一種叫法**；拿 `predict` 一次一張去比，量到的是 Python，不是網路。猜「predict 用了不同的網路」的人可以看上一張表：答案一樣。
#
# Most of the time is spent outside the network. With every call `predict` sets up a data pipeline, a loop and callbacks, a charge to be paid for a single picture as well, while
# the five million multiplications of one picture are soon done. For 64 it is somewhat more (`predict` makes two batches of them), but not 64 times; shared by 64, it matters less. So measure the call that you **will really use**: one
# picture at a time by `predict`, you time Python and not the network. Who suspected another network inside `predict` may look at the table before: the answers are the same.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：在瀏覽器裡跑 · Step 7: In the browser
#
# 網頁要怎麼跑這個網路？現成的 TensorFlow.js 4.22.0 的 `tf.min.js` 是 1,469,843 個位元組（下載包 30 MB）。我們只需要補邊、卷積、池化、`Dense`、softmax：自己寫，不到六十行 JavaScript。權重以 base64 寫在網頁裡，所以一個檔案就夠，不必連網，用 `file://` 打開也能用。
#
# How is a page to run it? TensorFlow.js 4.22.0 is ready made: its `tf.min.js` has 1,469,843 bytes (the package to fetch, 30 MB). We only need padding, convolution,
# pooling, `Dense` and softmax: fewer than sixty lines of JavaScript of our own. The weights stand in the page as base64, so one file is enough; it needs no
# network and opens from `file://`.

# %% slideshow={"slide_type": "fragment"}
examples = np.stack([x_val[np.flatnonzero(y_val == digit)[0], :, :, 0] for digit in range(10)]).astype(np.uint8)
page = export.digit_page(original, examples)
with atomic_write(FOLDER / "draw_a_digit.html") as file:
    file.write_text(page, encoding="utf-8")

program = page.split("// ---- ")[1]  # the part that is the network
print(f"page {len(page.encode()):,} bytes; network in JavaScript: {len(program.encode()):,} bytes, {program.count(chr(10))} lines")
display.web_page(FOLDER / "draw_a_digit.html", height=760)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 畫幾個數字，看機率和特徵圖怎麼變。手邊沒有滑鼠，就用 Tab 鍵選例子。課程的測試用真的瀏覽器打開這一頁，和 Keras 比：同一個數字，機率差不到 0.0001。
#
# 🤔 把「先擺正、縮放」的勾拿掉，在角落畫一個小小的數字。它讀成什麼？為什麼？（步驟 9 量給你看。）
#
# Draw some digits and watch the probabilities and the feature maps. Without a mouse, choose an example with the Tab key. A test of the course opens this page in a real
# browser and compares it with Keras: the same digit, probabilities within 0.0001.
#
# 🤔 Take the tick of "first centre and scale it" away, and draw a small digit in a corner. What does it read, and why? (Step 9 measures it.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 多半讀錯：步驟 9 量到，又小又隨便放的數字，五個裡大約錯四個。網路只看過擺在正中央、長邊 20 個像素的數字；角落裡的小數字對它來說是沒見過的東西。`Dense` 層認位置（[06](06_convolutions.ipynb)），softmax 又一定要在十個答案裡選，它不會說「這不是我看得懂的」；有些錯的答案，機率還很高。覺得「網路太笨」的人換個角度想：錯的是給它的資料，不是網路。
#
# Mostly something wrong: as step 9 measures, of small digits put anywhere about four in five. The network has seen only digits in the middle, 20 pixels along their longer side; a small one in a corner is
# nothing it knows. A `Dense` layer knows places ([06](06_convolutions.ipynb)), and the softmax has to pick one of ten; it cannot say "this is nothing that I can read", and some of the wrong answers even have a high
# probability. Who finds the network stupid should turn it round: what is wrong is the data that it is given.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：開一個 HTTP 服務 · Step 8: An HTTP service
#
# 別的程式可以用網路來問：用 POST 送 JSON，`{"picture": [[0, 0, …], …]}`，收到機率。外面送來的東西**什麼都可能**：少一列、文字、NaN、三百萬個數。每一種都要用一句話拒絕，不能讓服務倒下，也不能默默算出一個答案。
#
# ✏️ 前面幾行已經寫好。補上三個檢查，不對就 `raise ValueError("一句話")`：形狀是 `(28, 28)`；沒有 NaN 和無限大；都在 0 到 255 之間。
#
# Another program asks over HTTP: it POSTs JSON, `{"picture": [[0, 0, …], …]}`, and gets probabilities. From outside there may come **anything**: a row too few, words, NaN, three million
# numbers. Each must be refused with a sentence; the service must neither fall over nor quietly compute an answer.
#
# ✏️ The first lines are there. Add three checks that `raise ValueError("a sentence")`: the shape is `(28, 28)`; there is no NaN and nothing infinite; all lie from 0 to 255.

# %% gap="read" slideshow={"slide_type": "fragment"}
def read_picture(question):
    """Return a picture, float32 1×28×28×1, from what the JSON of a request says."""
    if not isinstance(question, dict) or "picture" not in question:
        raise ValueError('Expected {"picture": [[...], ...]}: 28 rows of 28 numbers.')
    try:
        picture = np.array(question["picture"])
    except ValueError:
        raise ValueError("Expected rows of equal length.") from None
    if picture.dtype.kind not in "iuf":
        raise ValueError("Expected numbers alone; found something else among them.")
    ### BEGIN SOLUTION
    if picture.shape != (28, 28):
        raise ValueError(f"Expected 28 rows of 28 numbers, found the shape {picture.shape}.")
    if not np.isfinite(picture).all():
        raise ValueError("Expected finite numbers, found NaN or infinity.")
    if picture.min() < 0 or picture.max() > 255:
        raise ValueError(f"Expected 0 (paper) to 255 (ink), found {picture.min():g} to {picture.max():g}.")
    ### END SOLUTION
    return picture.astype(np.float32).reshape(1, 28, 28, 1)

# %% slideshow={"slide_type": "fragment"} tags=["check"]
def refused(*spots, shape=(28, 28)):
    """Whether a picture is refused, with (row, column, value) put in."""
    picture = np.full(shape, 7.0)
    for row, column, value in spots:
        picture[row, column] = value
    try:
        return read_picture({"picture": picture.tolist()}) is None
    except ValueError as error:
        return bool(str(error))


checks.that(refused(shape=(27, 28)), "少一列會被拒絕。 A row too few is refused.", "27 列也收了：看 picture.shape。 27 rows were taken: look at picture.shape.")
checks.that(refused(shape=(28, 29)), "多一欄也會。 So is a column too many.", "len() 只數列；欄也要對。 len() counts rows only; the columns must be right too.")
checks.that(refused((3, 4, 255.5)) and refused((3, 4, -1)), "超出範圍會被拒絕。 What is out of range is refused.",
            "有一個數超出 0 到 255，卻收下了。 One number outside 0 to 255 was accepted.")
checks.that(not refused((0, 0, 255), (1, 1, 0)), "0 和 255 都可以。 0 and 255 are fine.", "好的影像被拒絕了：訓練用的是 0 到 255，不是 0 到 1。 A good picture was refused: training used 0 to 255, not 0 to 1.")
checks.that(refused((9, 9, math.nan)), "NaN 會被拒絕。 NaN is refused.",
            "NaN 和任何數比較都是 False，所以範圍檢查擋不住它；用 np.isfinite。 Every comparison with NaN is False, so that no check of a range stops it; use np.isfinite.")
checks.close(read_picture({"picture": np.eye(28).tolist()})[0, :, :, 0], np.eye(28), "好的影像原封不動。 A good picture comes through as it is.", "不要改動數字。 Do not change the numbers.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# `serving.serve` 用標準函式庫的 `http.server` 開一個服務，每條連線一個執行緒（thread）。它先看長度（太長就 413），再讀 JSON（壞的就 400），再交給 `read_picture`；`ValueError` 的那一句話會送回給客戶端。
#
# `serving.serve` opens a service with `http.server` of the standard library, a thread for each connection. It first looks at the length (too long: 413), then reads the JSON (broken: 400), then
# hands it to `read_picture`; the sentence of a `ValueError` goes back to the client.

# %% slideshow={"slide_type": "fragment"}
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1  # the service has threads of its own
served = onnxruntime.InferenceSession(FOLDER / "float.onnx", options, providers=["CPUExecutionProvider"])


def answer(picture):
    """Return what the service says of a picture."""
    found = served.run(None, {"picture": picture})[0][0]
    return {"digit": int(found.argmax()), "probabilities": [round(float(value), 6) for value in found]}


good = {"picture": x_val[0, :, :, 0].astype(int).tolist()}
bad = {
    "27 rows": {"picture": good["picture"][:27]}, "a row of 3": {"picture": [*good["picture"][:27], [1, 2, 3]]},
    "256": {"picture": [[256] * 28] * 28}, "NaN": {"picture": [[math.nan] * 28] * 28}, "words": {"picture": [["ink"] * 28] * 28},
    "no picture": {"pictures": []}, "no JSON": b"picture=7", "not UTF-8": b"\xff\xfe", "deep JSON": b"[" * 60_000, "3 million numbers": b"[" + b"0," * 3_000_000,
}
with serving.serve(read_picture, answer) as address:
    status, told = serving.ask(address, good)
    print(status, {"digit": told["digit"], "probability": max(told["probabilities"])}, "the label says", y_val[0])
    refusals = [[name, *serving.ask(address, body)] for name, body in bad.items()]
    still = serving.ask(address, good)[0]
display.table([[name, status, told["error"]] for name, status, told in refusals], columns=["sent", "status", "answer"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# 它撐得住多少人？讓 1、4、8 個客戶端同時問，每個一收到答案就再問。客戶端在另一個行程（process）裡，才不會和服務搶同一個 Python。
#
# How many can it serve? Let 1, 4 and 8 clients ask at once, each again as soon as it has its answer. They run in another process, so that they do not share one Python
# with the service.

# %% slideshow={"slide_type": "fragment"}
loads = {}
with serving.serve(read_picture, answer) as address:
    serving.load(address, good, 1, 8)  # to warm up
    for clients in (1, 4, 8):
        loads[clients] = serving.load(address, good, clients, REQUESTS)
display.table([[clients, f"{load.per_second:.0f}", f"{np.median(load.milliseconds):.2f}", f"{np.percentile(load.milliseconds, 95):.2f}"]
               for clients, load in loads.items()], columns=["clients", "requests a second", "median, ms", "p95, ms"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 客戶端變成 8 倍，一秒的回答數沒有變成 8 倍，等待時間卻變長了。時間花到哪裡去了？
#
# 🤔 With 8 times the clients there are not 8 times the answers, but everyone waits longer. Where does the time go?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 花在排隊。一次回答裡，網路只占一部分（和步驟 6 的延遲比一比），其餘是 HTTP 和 JSON，都是 Python；一個行程裡同一時間只有一個執行緒在跑 Python（GIL），核心又只有兩個，還要分給客戶端。每秒能答的次數到頂以後，多來的人只能等：8 個人排隊，等待約是一個人的好幾倍。要更快，就多開幾個行程，或把同時到的影像併成一批再算。猜「網路太慢」的人，可以拿步驟 6 的延遲來比。
#
# In the queue. Of one answer the network is only a part (compare with the latency of step 6); the rest is HTTP and JSON, which is Python, and in one process only one thread runs Python at a time (the GIL); there are
# but two cores, and the clients need their share. Once the service answers as often as it can, more clients only wait: with 8 in the queue the wait is several times that of one. To be faster, run several
# processes, or put pictures that arrive together into one batch. Who blamed the network may compare with the latency of step 6.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：準備資料的方式變了 · Step 9: When data are prepared in another way
#
# MNIST 的數字不是隨便畫的。當年先把每個數字縮到長邊 20 個像素，再讓**重心**（centre of mass）落在 28×28 中央的第 14 列、第 14 欄那一格裡。網頁上的人不會這樣畫。訓練時一種準備法，使用時另一種，叫做**前處理漂移**（preprocessing drift）：程式不會報錯，只會答錯。
#
# 重心是墨水的平均位置。第 $i$ 列的中心在 $i + \frac12$，它的墨水是 $m_i$：
#
# $$c_{\text{row}} = \frac{\sum_i (i + \tfrac12)\, m_i}{\sum_i m_i}$$
#
# ✏️ 那一格的中心在 14.5。要移動幾列、幾欄（整數），重心才會離它最近？
#
# The digits of MNIST were not drawn just anyhow. Each was scaled to 20 pixels along its longer side, and put so that its **centre of mass** lies in the pixel of row 14 and column 14. People on a page do not
# draw like that. Preparing data in one way for training and in another in use is **preprocessing drift**: no error is raised, only wrong answers are given.
#
# The centre of mass is the mean place of the ink; row $i$ has its middle at $i + \frac12$, and $m_i$ is the ink in it.
#
# ✏️ The middle of that pixel is at 14.5. By how many rows and columns, as integers, must a digit move to bring its centre nearest to it?

# %% gap="centre" slideshow={"slide_type": "fragment"}
def move_by(picture):
    """Return (rows down, columns right) that bring the centre of mass of 28×28 pixels nearest to 14.5."""
    ### BEGIN SOLUTION
    ink = picture.sum()
    row = picture.sum(axis=1) @ (np.arange(28) + 0.5) / ink
    column = picture.sum(axis=0) @ (np.arange(28) + 0.5) / ink
    return round(14.5 - row), round(14.5 - column)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
trial = np.zeros((28, 28))
trial[2:5, 20:27] = 100.0  # rows 2 … 4: middle 3.5; columns 20 … 26: middle 23.5
moved = move_by(trial)
checks.that(tuple(moved) != (-9, 11), "列在前。 Rows first.", "列和欄對調了：往下幾列在前。 Rows and columns are swapped: rows down come first.")
checks.that(tuple(moved) != (-11, 9), "方向對了。 The direction is right.", "方向反了：重心在上面，就要往下移，是正的。 The wrong way: with its centre high up it must move down, which is positive.")
checks.that(tuple(moved) != (10, -10), "半個像素也對。 Right to half a pixel.", "第 i 列的中心在 i + ½，第 14 格的中心就在 14.5。 With row i in the middle of i and i + 1, the middle of pixel 14 is 14.5.")
checks.close(moved, (11, -9), "一塊方塊移對了。 A block is moved right.", "14.5 減重心；重心是墨水加權的平均位置，除以全部的墨水。 14.5 minus the centre, the mean place weighted by ink: divide by all of it.")
trial[17, 8] = 4200.0  # twice the ink of the block, in one spot
checks.close(move_by(trial), (2, 1), "深的墨水比較重。 Darker ink weighs more.", "每個像素要乘上它的墨水，不是只數有墨水的像素。 Each pixel counts by its ink; do not just count pixels that have some.")

# %% slideshow={"slide_type": "fragment"}
moves = np.array([move_by(image[:, :, 0]) for image in x_fit[:2_000]])
print(f"of 2,000 training digits, {np.mean((moves == 0).all(axis=1)):.0%} already have their centre in that pixel")

# %% [markdown] slideshow={"slide_type": "subslide"}
# `export.centred` 做完整的準備：剪下有墨水的部分，縮到長邊 20，移重心；網頁裡的 JavaScript 做一樣的事。拿前 5,000 張測試影像來試四種「別人的畫法」：
#
# - 原樣：照 MNIST 的樣子；
# - 偏了：在 28×28 裡隨便放，不切到墨水；
# - 粗筆：每個像素取周圍 3×3 最深的；
# - 小：紙是兩倍大，隨便放在哪裡，整張縮成 28×28。
#
# `export.centred` prepares a digit in full: it cuts out what has ink, scales its longer side to 20, and moves the centre of mass; the JavaScript of the page does the same. Four ways to
# draw, on the first 5,000 test images:
#
# - as it is: as MNIST has it;
# - off-centre: anywhere within 28×28, no ink cut off;
# - thick pen: each pixel takes the darkest of the 3×3 around it;
# - small: on paper twice as large, anywhere, and the whole sheet made 28×28.

# %% slideshow={"slide_type": "fragment"}
random = np.random.default_rng(profile.chosen_seed(28))


def off_centre(image):
    """Put a digit anywhere in its field without losing ink."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    field, (row, column) = np.zeros_like(image), (random.integers(0, 29 - side) for side in ink.shape)
    field[row:row + ink.shape[0], column:column + ink.shape[1]] = ink
    return field


def on_large_paper(image):
    """Put a field anywhere on paper of twice its size."""
    paper, (row, column) = np.zeros((56, 56), image.dtype), random.integers(0, 29, 2)
    paper[row:row + 28, column:column + 28] = image
    return paper


digits = x_test[:DRAWN, :, :, 0]
papers = {
    "as it is": digits,
    "off-centre": np.stack([off_centre(image) for image in digits]),
    "thick pen": ndimage.grey_dilation(digits, size=(1, 3, 3)),
    "small": np.stack([on_large_paper(image) for image in digits]),
}
fields = {}  # what the network is shown, with and without the preparation of MNIST
for name, drawn in papers.items():
    fields[name, "shrunk"] = drawn if drawn.shape[1] == 28 else np.stack([export.resized(paper, 28, 28) for paper in drawn])
    fields[name, "centred"] = np.stack([export.centred(paper) for paper in drawn])

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"] alt={"zh": "原樣一列，其他三種畫法各兩列：直接縮成 28×28 的，和擺正縮放之後的。擺正之後，偏的和小的都回到中央、一樣大；粗筆還是粗的。", "en": "A row of digits as they are, then two rows for each of three other ways to draw: simply made 28×28, and after centring and scaling. Off-centre and small digits are back in the middle and of one size; the thick pen stays thick."}
rows = [row for row in fields if row != ("as it is", "centred")]  # the same as uncentred
shown = [np.pad(image, 1, constant_values=60) for row in rows for image in fields[row][:9]]  # with a grey rim
titles = [", ".join(row) if place == 4 else "" for row in rows for place in range(9)]
plots.image_grid(shown, titles=titles, columns=9, cmap="gray_r", scale=0.75, vmin=0, vmax=255)

# %% slideshow={"slide_type": "fragment"}
hits, sure = {}, {}
for (name, way), pictures in fields.items():
    probabilities = answers_of(lite["float"], ready(pictures))
    hits[name, way] = probabilities.argmax(axis=1) == y_test[:DRAWN]
    sure[name, way] = probabilities.max(axis=1)
wrong = ~hits["small", "shrunk"]
print(f"small, simply made 28×28: {wrong.sum():,} wrong; the probability of the wrong answer is above 0.8 in {np.mean(sure['small', 'shrunk'][wrong] > 0.8):.0%} of them")
rows = []
for name in papers:
    shrunk, mended = hits[name, "shrunk"], hits[name, "centred"]
    versus = evaluation.mcnemar(shrunk, mended)
    rows.append([name, *(f"{evaluation.share(int(found.sum()), len(found)):.3f}" for found in (shrunk, mended)),
                 f"{versus.only_first} : {versus.only_second} (p = {versus.p_value:.2g})"])
display.table(rows, columns=["drawn", "accuracy, simply made 28×28", "accuracy, centred as MNIST", "alone right"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 偏了，準確率從約 0.99 掉到不到一半；小，只剩五分之一；擺正以後兩個都回來了，因為它們和原樣的差別，正好是擺正去掉的那一種。網路一個權重都沒有變。（`p = 0` 是小到浮點數裝不下，不是不可能。）
#
# Off-centre, the accuracy falls from about 0.99 to less than a half; small, to a fifth. Centring brings both back, since what sets them apart from the originals is just what it takes away. Not one weight
# of the network has changed. (`p = 0` means too small for a float to hold, not impossible.)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 「粗筆」擺正之後，能不能完全救回來？如果要讓網路不怕筆的粗細，你會改準備資料的方式，還是改訓練資料？
#
# 🤔 Does centring mend the thick pen entirely? To make the network safe against pens of any width, would you change the preparation or the training data?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）不能。粗筆讓準確率從約 0.987 掉到約 0.95，擺正之後沒有回來：一對一錯的影像，兩邊差不多，檢定看不出差別（另外換三個種子訓練，擺正之後每次還少 0.6 到 0.7 個百分點）。粗筆的數字位置和大小本來就差不多對；粗的是筆畫，擺正不會把筆畫變細。
#
# （2）兩條路都走得通，但各有代價。改準備資料：把筆畫磨細（thinning），細的筆、抖的筆就可能斷掉。改訓練資料：訓練時也隨機加粗、變細，網路自己學會不在意；`full` 規模的第 06 課就是這樣對付位置的。哪一條好，要用驗證影像量了才算。猜「擺正什麼都能救」的人，把「準備資料」想成萬能；它只能去掉它認得的那一種差別。
#
# (1) No. The thick pen takes the accuracy from about 0.987 to about 0.95, and centring does not bring it back: of the images that one alone has right, both sides have about as many, and the test sees no
# difference (with three other seeds centring even lost 0.6 to 0.7 points each time). A digit of a thick pen has nearly the right place and size; its strokes are thick, and centring thins nothing.
#
# (2) Both can work, at a price. Change the preparation: thin the strokes, and fine or shaky ones may break. Change the training data: make strokes thicker and thinner at random, and the network learns not
# to mind, as lesson 06 in its `full` profile does with places. Which is better is for validation images to say.
# Who guessed that centring mends everything takes preparation for a cure-all; it removes only the kind of difference that it knows.
#
# </details>

# %% slideshow={"slide_type": "skip"}
agreement = {name: np.mean(found.argmax(axis=1) == answers["Keras"].argmax(axis=1)) for name, found in answers.items()}
share_right = {place: found.mean() for place, found in hits.items()}
profile.expect("test accuracy of the network", right["Keras"].mean(), at_least=profile.choose(smoke=0.4, lesson=0.986, full=0.99))
profile.expect("largest difference of the ONNX file from Keras", onnx_difference, at_most=1e-4)
profile.expect("largest difference of LiteRT float from Keras", np.abs(answers["LiteRT"] - answers["Keras"]).max(), at_most=1e-4)
profile.expect("least agreement of a quantised network with Keras", min(agreement.values()), at_least=profile.choose(smoke=0.9, lesson=0.995, full=0.995))
profile.expect("size of LiteRT int8, of the float file", (FOLDER / "int8.tflite").stat().st_size / (FOLDER / "float.tflite").stat().st_size, at_most=0.3)
profile.record("accuracy that centring adds to a thick pen", share_right["thick pen", "centred"] - share_right["thick pen", "shrunk"])
profile.expect("accuracy that is lost off-centre", share_right["as it is", "shrunk"] - share_right["off-centre", "shrunk"], at_least=0.1)
profile.expect("accuracy off-centre after centring, below that of digits as they are",
               share_right["as it is", "shrunk"] - share_right["off-centre", "centred"], at_most=profile.choose(smoke=0.1, lesson=0.01, full=0.01))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 量化是一把 256 格的尺：比例、零點、最多半格的誤差；用 `int8` 存，用 `int32` 加。<br>To quantise is to use a ruler of 256 places: scale, zero point, half a step of error at most; stored in `int8`, added in `int32`.
# - 匯出以後要量：大小、真正那種叫法的延遲、準確率，還有逐張比對；檔案小了，答案是不是還一樣，要用成對檢定說。<br>After exporting, measure: size, latency of the call that you will use, accuracy, and case by case; whether a smaller file answers the same is for a paired test to say.
# - 使用時的資料要和訓練時同樣準備；外面來的輸入一律先檢查，再回答。<br>Data in use must be prepared as in training; what comes from outside is checked before it is answered.
#
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# 原課程的網路都留在筆記本裡，沒有談匯出、量化或服務；當年要把 TensorFlow 1 的網路帶出去，要先「凍結」圖。它的物件偵測練習用的正是別人凍結好的圖（[24](24_object_detection_change_model.ipynb)）。
#
# The networks of the original course stayed in their notebooks; it said nothing of exporting, quantising or serving. In those days a network of TensorFlow 1 left by way of a
# "frozen" graph, and its labs on object detection used graphs that others had frozen ([24](24_object_detection_change_model.ipynb)).
#
# </details>
#
# ## 練習 · Lab
#
# 先寫完五個空格。接著可以試：把服務改成一次收好幾張影像，每秒能答幾張？把網路換成「只有一個卷積層」的那個（練習 06b），檔案剩多大？用 `RandomTranslation` 訓練，步驟 9 的表怎麼變？
#
# First fill the five gaps. Then try: let the service take several pictures at once; how many a second does it answer? Put in the network with one convolution (lab 06b): how large is its file?
# Train with `RandomTranslation`: what becomes of the table of step 9?
#
# ## 參考資料 · References
#
# - B. Jacob et al., [Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference](https://arxiv.org/abs/1712.05877), CVPR 2018 · 比例、零點、整數算術 · scale, zero point, integer arithmetic
# - R. Krishnamoorthi, [Quantizing deep convolutional networks for efficient inference](https://arxiv.org/abs/1806.08342), 2018 · 每通道量化 · per-channel quantisation
# - [ONNX: operators](https://onnx.ai/onnx/operators/) · 每個節點做什麼 · what each node does
# - [LiteRT](https://ai.google.dev/edge/litert), [ONNX Runtime](https://onnxruntime.ai/docs/)
# - Y. LeCun, C. Cortes, C. J. C. Burges, [The MNIST database of handwritten digits](http://yann.lecun.com/exdb/mnist/) · 縮到 20×20，重心放中央 · scaled to 20×20, centre of mass in the middle
# - D. Sculley et al., [Hidden Technical Debt in Machine Learning Systems](https://papers.nips.cc/paper/5656-hidden-technical-debt-in-machine-learning-systems), NeurIPS 2015 · 模型以外的事 · all that is not the model

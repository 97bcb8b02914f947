# %% [markdown]
# # 練習 06b：只用一個卷積層，測試準確率 99 % · Lab 06b: One convolution layer, 99 % on the test images
#
# 目標：先會算卷積層的大小與參數，再自己寫卷積與池化，最後只用**一個**卷積層，讓沒看過的測試影像有 99 % 答對。
#
# Goal: work out sizes and parameters of a convolution, write convolution and pooling yourself, and then get 99 % of unseen test images right with **one** convolution layer.
#
# ⏱ 約 75 分鐘 · about 75 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [06](../notebooks/06_convolutions.ipynb) 課 · lesson [06](../notebooks/06_convolutions.ipynb) |
# | 資料 · Data | MNIST，70,000 張手寫數字 · MNIST, 70,000 handwritten digits |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 輸出多大？參數幾個？ · how large, how many parameters? | 3 |
# | 2 | 自己寫卷積與池化 · convolution and pooling by hand | 4 |
# | 3 | 一個卷積層，99 % · one convolution layer, 99 % | 5 |
#
# 原課程的練習要求「訓練準確率 99.8 %」。那可以靠背答案達到，所以這裡只看測試影像。
#
# The original course asked for 99.8 % on the *training* images. Learning answers by heart will do for that, so here test images alone count.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import keras
import numpy as np

from utils.data import datasets
from utils.notebook import checks, profile

TRAIN_SIZE = profile.choose(smoke=5_000, lesson=55_000, full=55_000)
VALIDATION_SIZE = profile.choose(smoke=1_000, lesson=5_000, full=5_000)
TEST_SIZE = profile.choose(smoke=2_000, lesson=10_000, full=10_000)
MOST_EPOCHS = profile.choose(smoke=4, lesson=8, full=20)
GOAL = profile.choose(smoke=0.93, lesson=0.99, full=0.99)  # accuracy on the test images
profile.seed(4)


# %% [markdown]
# ## 步驟 1：大小與參數（3 分）· Step 1: Sizes and parameters (3 points)
#
# 一個卷積層有 `filters` 個濾鏡，每個是 `kernel` × `kernel`，看得到**所有**輸入通道，各有一個偏差值。`stride` 是每次移動幾個像素。`padding` 有兩種：
# - `"valid"`：不補邊，濾鏡要完全在影像裡；
# - `"same"`：四周補 0，補到 `stride` 是 1 時輸出和輸入一樣大。
#
# 不用 Keras，用紙筆和整數運算。
#
# A convolution layer has `filters` filters, each `kernel` × `kernel`, that see **all** input channels and have one bias each. `stride` says how many pixels they move at a time.
# `padding` is one of two:
# - `"valid"`: no rim, a filter must lie within the image;
# - `"same"`: zeros around, so many that with a `stride` of 1 the output is as large as the input.
#
# Without Keras: pencil, paper and whole numbers.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 把 28 個像素畫成一排，3 個一組的濾鏡有幾個位置可以放？每次移 2 格呢？最後放不下的就不算。`same` 的時候，第一個位置永遠算數，除不盡要進位。
#
# Draw 28 pixels in a row: at how many places can a filter of 3 stand? And moving by 2? What does not fit in the end does not count. With `same` the first place always counts, and a
# remainder is rounded up.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolution_facts(height, width, channels, filters, kernel, stride=1, padding="valid"):
    """Return the size of a convolution's output and its number of parameters.

    Args:
        height, width, channels: of the input. filters: how many. kernel: side of a filter, in pixels, not above height or width.
        stride: pixels to move at a time. padding: "valid" or "same".

    Returns:
        (height, width, parameters): whole numbers; the output has `filters` channels.
    """
    ### BEGIN SOLUTION
    parameters = (kernel * kernel * channels + 1) * filters
    if padding == "same":
        return -(-height // stride), -(-width // stride), parameters
    return (height - kernel) // stride + 1, (width - kernel) // stride + 1, parameters
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def agrees(height, width, channels, filters, kernel, stride, padding, hint):
    """Compare with a layer of Keras."""
    layer = keras.layers.Conv2D(filters, kernel, strides=stride, padding=padding)
    _, *size, _ = layer.compute_output_shape((None, height, width, channels))
    layer.build((None, height, width, channels))
    found = convolution_facts(height, width, channels, filters, kernel, stride, padding)
    what = f"{height}×{width}×{channels}, {filters} filters {kernel}×{kernel}, stride {stride}, {padding}"
    checks.that(isinstance(found, tuple | list) and len(found) == 3, f"{what}: {found}", f"要傳回三個數（高、寬、參數），得到 {found!r:.60} / "
                f"return three numbers (height, width, parameters); found {found!r:.60}")
    checks.close(found[:2], size, "大小和 Keras 一樣 / the size is that of Keras", f"{what}：大小不是 {tuple(found[:2])}。{hint} / the size is wrong")
    checks.close(found[2], layer.count_params(), "參數和 Keras 一樣多 / as many parameters as Keras has",
                 f"{what}：參數不是 {found[2]} 個。每個濾鏡看得到所有通道嗎？有偏差值嗎？/ the number of parameters is wrong: does each filter see all channels, and has it a bias?")


agrees(28, 28, 1, 32, 3, 1, "valid", "數一數濾鏡有幾個位置可以放 · count the places where a filter can stand")
agrees(28, 28, 3, 8, 5, 1, "valid", "數一數濾鏡有幾個位置可以放 · count the places where a filter can stand")
agrees(32, 20, 1, 4, 3, 1, "same", "same 的時候，stride 是 1，大小不變 · with `same` and a stride of 1 the size stays")
agrees(28, 28, 1, 4, 3, 2, "valid", "每次移 2 格，最後放不下的不算 · moving by 2, what does not fit in the end does not count")
agrees(27, 28, 2, 4, 3, 2, "same", "same 的時候，除不盡要進位 · with `same` a remainder is rounded up")
### BEGIN HIDDEN TESTS
for case in ((10, 11, 5, 7, 4, 3, "valid"), (10, 11, 5, 7, 4, 3, "same"), (7, 7, 1, 1, 7, 1, "valid"), (64, 48, 16, 32, 1, 2, "valid"), (13, 9, 2, 3, 5, 4, "same")):
    agrees(*case, "換一個大小就不對 · with another size it is wrong")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：自己寫卷積與池化（4 分）· Step 2: Convolution and pooling by hand (4 points)
#
# `convolve`：濾鏡滑過影像（stride 1，valid），每個位置把對應的像素與權重相乘、加總，再加偏差值。濾鏡**不翻轉**：深度學習的「卷積」其實是互相關（cross-correlation）。
#
# `max_pool`：切成 `size` × `size` 的小格，各留最大的。最後不滿一格的丟掉。
#
# 可以用迴圈，但請對濾鏡的位置或格子跑迴圈，不要對每一張影像跑。
#
# `convolve`: filters slide over the images (stride 1, valid); at each place multiply pixels by weights, add them up, and add the bias. Filters are **not turned over**: what deep
# learning calls a convolution is a cross-correlation.
#
# `max_pool`: cut into squares of `size` × `size` and keep the largest number of each. Drop what does not fill a square at the end.
#
# Loops are fine, but loop over the places of a filter, or over its cells, not over images.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 換個方向想：濾鏡的格子（第 `row` 列、第 `column` 欄）乘的，是整張影像移動 `row`、`column` 之後的一塊，形狀正好和輸出一樣。3 × 3 的濾鏡只要九次整塊的加法。
#
# Turn it round: the cell of a filter at `row`, `column` multiplies a block of the image moved by `row` and `column`, and that block has the shape of the output. A filter of
# 3 × 3 takes nine additions of whole blocks.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolve(images, kernels, biases):
    """Slide filters over images, as a convolution layer does (stride 1, valid, no activation).

    Args:
        images: (n, height, width). kernels: (rows, columns, filters). biases: (filters,).

    Returns:
        (n, height - rows + 1, width - columns + 1, filters).
    """
    ### BEGIN SOLUTION
    rows, columns, _ = kernels.shape
    height, width = images.shape[1] - rows + 1, images.shape[2] - columns + 1
    maps = np.zeros((len(images), height, width, len(biases))) + biases
    for row in range(rows):
        for column in range(columns):
            maps += images[:, row:row + height, column:column + width, None] * kernels[row, column]
    return maps
    ### END SOLUTION


def max_pool(maps, size):
    """Keep the largest number of each square of `size` × `size`.

    Args:
        maps: (n, height, width, filters). size: a whole number from 1 to height and width.

    Returns:
        (n, height // size, width // size, filters).
    """
    ### BEGIN SOLUTION
    n, height, width, filters = maps.shape
    height, width = height // size, width // size
    return maps[:, :height * size, :width * size].reshape(n, height, size, width, size, filters).max(axis=(2, 4))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
step = np.zeros((1, 4, 5))
step[:, :, 3:] = 1.0  # dark on the left, light on the right
found = np.asarray(convolve(step, np.array([[[-1.0], [1.0]]]), np.zeros(1)))
checks.that(found.shape == (1, 4, 4, 1), "形狀是（張數，高，寬，濾鏡）/ the shape is (images, height, width, filters)",
            f"4×5 的影像、1×2 的濾鏡，形狀應該是 (1, 4, 4, 1)，現在是 {found.shape} / an image of 4×5 and a filter of 1×2 should give (1, 4, 4, 1), and give {found.shape}")
checks.close(found[0, :, :, 0], [[0, 0, 1, 0]] * 4, "找到從暗到亮的邊 / it finds the edge from dark to light",
             "從暗到亮的邊應該得到 +1，在第 3 個位置：濾鏡翻轉了嗎？列和欄弄反了嗎？/ "
             "the edge from dark to light should give +1 at the third place: was the filter turned over, or rows taken for columns?")


def like_keras(n, height, width, rows, columns, filters, seed):
    """Compare `convolve` and `max_pool` with layers of Keras on random numbers."""
    random = np.random.default_rng(seed)
    images, kernels, biases = (random.normal(size=shape) for shape in ((n, height, width), (rows, columns, filters), (filters,)))
    layer = keras.layers.Conv2D(filters, (rows, columns))
    layer.build((None, height, width, 1))
    layer.set_weights([kernels[:, :, None, :], biases])
    expected = keras.ops.convert_to_numpy(layer(images[..., None].astype("float32")))
    what = f"{n} × {height}×{width}, {filters} × {rows}×{columns}"
    checks.close(convolve(images, kernels, biases), expected, f"{what}：卷積和 Keras 一樣 / convolution as in Keras",
                 f"{what}：卷積和 Keras 不同。偏差值加了嗎？每個濾鏡只加自己的嗎？/ the convolution differs from Keras. Is the bias added, to each filter its own?", tolerance=1e-4)
    for size in (1, 2, 3):
        if size <= min(expected.shape[1:3]):
            pooled = keras.ops.convert_to_numpy(keras.layers.MaxPooling2D(size)(expected))
            checks.close(max_pool(expected.astype(float), size), pooled, f"{size}×{size} 的池化和 Keras 一樣 / pooling {size}×{size} as in Keras",
                         f"{expected.shape[1]}×{expected.shape[2]} 用 {size}×{size} 池化，和 Keras 不同：是最大的嗎？最後不滿一格的丟掉了嗎？/ "
                         f"pooling {expected.shape[1]}×{expected.shape[2]} by {size}×{size} differs from Keras: is it the largest? Is what does not fill a square dropped?")


like_keras(n=2, height=6, width=8, rows=3, columns=3, filters=1, seed=1)
like_keras(n=3, height=7, width=9, rows=2, columns=4, filters=5, seed=2)
### BEGIN HIDDEN TESTS
like_keras(n=1, height=5, width=5, rows=5, columns=5, filters=2, seed=3)
like_keras(n=20, height=28, width=28, rows=5, columns=5, filters=6, seed=4)
like_keras(n=4, height=9, width=4, rows=1, columns=3, filters=3, seed=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：一個卷積層，99 %（5 分）· Step 3: One convolution layer, 99 % (5 points)
#
# 設計並訓練一個網路，裡面**剛好一個**卷積層。池化、Dropout、全連接、學習率怎麼變，都由你決定。測試影像只有檢查的程式有，你有訓練和驗證影像；用驗證準確率挑設計。
#
# 99 % 並不寬鬆：10,000 張裡最多錯 100 張。
#
# Design and train a network with **exactly one** convolution layer. Pooling, dropout, dense layers, how the learning rate changes: all yours to choose. Only the check has the test images;
# you have images to train on and to validate with. Let the validation accuracy choose the design.
#
# 99 % is not generous: at most 100 wrong of 10,000.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 只有一次機會看形狀，濾鏡不妨大一點（5 × 5、7 × 7），讓它看得到整個彎，不只是邊。參數最多的是 `Flatten` 之後那一層：池化大一點，它就小很多。
#
# There is just one chance to look at shapes, so larger filters (5 × 5, 7 × 7) help: they see a whole bend, and not just an edge. Most parameters are in the layer behind `Flatten`: with
# larger pooling it gets much smaller.
#
# </details>
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 最後幾個週期的準確率跳來跳去，是步伐太大：讓學習率沿 `keras.optimizers.schedules.CosineDecay` 降到 0。訓練準確率遠高於驗證準確率：`Dropout` 多一點。像素是 0 到 255，`Rescaling` 要是模型的一部分。
#
# If the accuracy jumps about in the last epochs, the steps are too long: let the learning rate fall to 0 along `keras.optimizers.schedules.CosineDecay`. If training is far above
# validation: more `Dropout`. Pixels are 0 to 255, and `Rescaling` has to be part of the model.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(x_fit, y_fit, x_val, y_val, most_epochs):
    """Build a network with exactly one convolution layer, and train it.

    Args:
        x_fit, x_val: (n, 28, 28, 1) uint8, 0 ... 255. y_fit, y_val: (n,) uint8, 0 ... 9. Never train on x_val.
        most_epochs: train for so many epochs at most.

    Returns:
        The trained keras model: raw pixels (n, 28, 28, 1) in, ten scores or probabilities (n, 10) out.
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(48, 7, activation="relu"),
        layers.MaxPooling2D(3),
        layers.Flatten(),
        layers.Dropout(0.25),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.4),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    batch_size = 64 if len(x_fit) < 10_000 else 128
    epochs = min(most_epochs, 6)
    rate = keras.optimizers.schedules.CosineDecay(0.002, epochs * -(-len(x_fit) // batch_size))
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_fit, y_fit, batch_size=batch_size, epochs=epochs, validation_data=(x_val, y_val), verbose=2)
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def trained(*arguments):
    """Let `train` work from a fixed seed; return what it returns."""
    profile.seed(4)
    return train(*arguments)


@checks.beside_your_code
def convolutions(model):
    """Return the names of a model's convolution layers, those of models inside it too; None if it is no model with weights."""
    if not isinstance(model, keras.Model) or not model.count_params():
        return None
    names, layers = [], list(model.layers)
    while layers:
        layer = layers.pop(0)
        layers += getattr(layer, "layers", [])
        names += [layer.name] if "Conv" in type(layer).__name__ else []
    return names


@checks.beside_your_code
def scores_of(model, images):
    """Return what a model says of images."""
    return model.predict(images, batch_size=500, verbose=0)


(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, x_test, y_test = x_train[..., None], x_test[:TEST_SIZE, ..., None], y_test[:TEST_SIZE]
model = trained(x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE], x_train[-VALIDATION_SIZE:], y_train[-VALIDATION_SIZE:], MOST_EPOCHS)
names = convolutions(model)
checks.that(names is not None, "得到一個模型 / there is a model",
            f"要傳回訓練好的 keras 模型，得到 {type(model).__name__} / return the trained keras model; found {type(model).__name__}")
checks.that(len(names) == 1, "剛好一個卷積層 / exactly one convolution layer",
            f"應該剛好有一個卷積層，現在有 {len(names)} 個：{names} / there should be exactly one convolution layer, and there are {len(names)}")
scores = np.asarray(scores_of(model, x_test))
checks.that(scores.shape == (len(x_test), 10), "每張影像十個分數 / ten scores for each image",
            f"每張影像要有十個分數，形狀應該是 {(len(x_test), 10)}，現在是 {scores.shape} / ten scores for each image, of shape {(len(x_test), 10)}; found {scores.shape}")
accuracy = float((scores.argmax(axis=1) == y_test).mean())
advice = "看訓練與驗證準確率：兩個都低，是還沒學會；只有驗證低，是背答案 / look at training and validation accuracy: both low means not learnt yet, validation alone means by heart"
if accuracy < GOAL and (scores_of(model, x_test / 255).argmax(axis=1) == y_test).mean() > accuracy + 0.02:
    advice = "除以 255 之後再交給它，反而比較準：前處理要是模型的一部分 / divided by 255 first, the images come out better: preprocessing has to be part of the model"
error = np.sqrt(accuracy * (1 - accuracy) / len(x_test))
checks.that(accuracy >= GOAL, f"測試準確率 {accuracy:.4f} ± {error:.4f}，至少 {GOAL} / test accuracy {accuracy:.4f} ± {error:.4f}, {GOAL} at least",
            f"測試準確率是 {accuracy:.4f}，要到 {GOAL} / the test accuracy is {accuracy:.4f}, and {GOAL} is needed. {advice}")

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=06b`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：你一邊改設計、一邊看測試準確率，改到第二十次終於 99 %。這個數字還能信嗎？第 06 課的網路有兩個卷積層，它錯的影像和你的網路錯的，是同一批嗎？
#
# In a terminal run `make check-lab LAB=06b`: it says which steps pass.
#
# 🤔 To think further: suppose you changed the design twenty times with an eye on the test accuracy, until it said 99 %. Can you still believe that number? The network of lesson 06 has
# two convolutions: does it get the same images wrong as yours?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不能。看著它改設計，測試影像就變成了驗證影像。如果二十個設計其實一樣好，運氣又各自獨立，最好的那一次平均會高 1.9 個標準誤；10,000 張、99 % 的標準誤約 0.1 個百分點，所以大約多 0.2。影像是同一批，運氣不完全獨立，會少一點，但總是往好看的那一邊。要一個能信的數字，就要一批沒看過的影像，而且只量一次。
#
# 第二題請自己數：兩個網路各列出錯的編號，用 `np.intersect1d` 看有幾個相同。如果各錯 100 張、互不相干，只會有 100 × 100 ÷ 10,000 = 1 張相同；通常多得多，因為寫得難認的影像對誰都難。也不會完全相同，所以把兩個網路的機率平均起來，往往比各自都準。
#
# 說「我沒有拿測試影像訓練，所以沒事」的人忘了：你的眼睛也是訓練的一部分。
#
# No. A design that was changed with an eye on the test images has made validation images of them. If all twenty designs were equally good, with luck of their own each, the best of them would be 1.9 standard errors too high
# on average; for 99 % of 10,000 images the standard error is about 0.1 points, so that is about 0.2. As the images are the same, luck is not quite independent and it is less, but always on the pretty side. For a number to
# believe in one needs images that were never looked at, measured once.
#
# Count the second one yourself: list the numbers of the images that each network gets wrong, and see with `np.intersect1d` how many are the same. If each got 100 wrong, independently, it would be 100 × 100 ÷ 10,000 = 1 image;
# mostly it is far more, as badly written digits are hard for everybody. Nor are they all the same, and so the mean of both networks' probabilities is often more accurate than either.
#
# Who said that no test image was trained on forgot that your own eyes are part of the training.
#
# </details>

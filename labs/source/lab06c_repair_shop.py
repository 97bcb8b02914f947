# %% [markdown]
# # 練習 06c：修理店 · Lab 06c: Repair shop
#
# 目標：十個訓練都壞了，程式卻沒有報錯。從數字看出哪裡不對，說出毛病的名字，再把它修好。
#
# Goal: ten trainings are broken, and no program complains. See from the numbers what is wrong, call the fault by its name, and mend it.
#
# ⏱ 約 75 分鐘 · about 75 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [03](../notebooks/03_scikit_learn.ipynb) 到 [06](../notebooks/06_convolutions.ipynb) 課；第 [05](../notebooks/05_backpropagation.ipynb) 課最後的症狀表很有用 · lessons [03](../notebooks/03_scikit_learn.ipynb) to [06](../notebooks/06_convolutions.ipynb); the table of symptoms at the end of lesson [05](../notebooks/05_backpropagation.ipynb) helps |
# | 資料 · Data | MNIST 的 3,000 張，其他自己產生 · 3,000 images of MNIST; the rest is made here |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 資料：病人 A、B、C · the data: patients A, B, C | 3 |
# | 2 | 網路和它的數字：病人 D 到 H · the network and its numbers: patients D to H | 5 |
# | 3 | 評分：病人 I、J · the judging: patients I, J | 4 |
#
# 每一步都一樣：先看壞掉的函式（名字是 `broken_…`）和它的症狀；`names_…` 傳回每個病人的毛病；最後把函式抄下來，修好，去掉 `broken_`。壞的通常只有一行。毛病的名字從這張表裡選，有四個用不到：
#
# Every step goes the same way: look at the broken functions (`broken_…`) and their symptoms; let `names_…` return the fault of each patient; then copy each
# function, mend it, and drop `broken_`. Usually one line is wrong. Take the names from this table; four of them are not needed:
#
# | 名字 · Name | 毛病 · Fault |
# |---|---|
# | `"axis"` | softmax 沿著錯的方向加總 · softmax adds up along the wrong axis |
# | `"dead"` | 學習率太大，ReLU 全部停在 0 · the rate is so large that the ReLUs are stuck at 0 |
# | `"labels"` | 訓練標籤亂了，和影像對不起來 · the training labels are in disorder and do not belong to the images |
# | `"leak"` | 驗證標籤混進了訓練 · validation labels got into the training |
# | `"logits"` | 損失函數以為拿到機率，其實是分數（logits） · the loss expects probabilities and gets scores (logits) |
# | `"mask"` | 遮罩遮住了不該遮的 · the mask hides what it should show |
# | `"overfit"` | 網路太大，把訓練資料背起來 · the network is too large and learns the training data by heart |
# | `"overflow"` | $e$ 的次方太大，電腦的數裝不下 · a power of $e$ is too large for a computer's numbers |
# | `"rate"` | 學習率太小 · the learning rate is too small |
# | `"scaling"` | 新資料忘了縮放 · somebody forgot to scale the new data |
# | `"short"` | 訓練週期太少 · too few epochs |
# | `"sorted"` | 資料還照標籤排著，就切開了 · data was cut while it was sorted by label |
# | `"test"` | 測試資料決定了什麼時候停 · the test data decided when to stop |
# | `"zeros"` | 起始權重都是 0 · all weights start at 0 |

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import hashlib

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from utils.data import datasets
from utils.notebook import checks, display, profile

EPOCHS = profile.choose(smoke=4, lesson=5, full=5)
FAULTS = ["axis", "dead", "labels", "leak", "logits", "mask", "overfit", "overflow", "rate", "scaling", "short", "sorted", "test", "zeros"]
profile.seed(6)

(x_train, y_train), _ = datasets.load_mnist()
pixels, digits = x_train[:3_000].reshape(-1, 784).astype("float32"), y_train[:3_000].astype(int)


def dense(outputs=10, activation="softmax", hidden=32, **settings):
    """Return a network: 784 pixels, a hidden layer of ReLUs, and an output layer; `settings` go to both layers."""
    return keras.Sequential([
        keras.Input((784,)),
        keras.layers.Dense(hidden, activation="relu", **settings),
        keras.layers.Dense(outputs, activation=activation, **settings),
    ])  # fmt: skip


def check_names(found, sealed, clues):
    """Check the faults named for some patients against their seals, so that the answer does not stand here to be read."""
    checks.that(isinstance(found, dict) and sorted(found) == sorted(sealed), f"{len(sealed)} 個病人都有名字 / {len(sealed)} patients are named",
                f"要傳回一個字典，鍵是 {', '.join(sealed)} / return a dictionary whose keys are {', '.join(sealed)}")
    for patient, seal in sealed.items():
        name = found[patient]
        checks.that(name in FAULTS, f"{patient}：{name} 在表上 / {patient}: {name} is on the list",
                    f"病人 {patient}：{name!r} 不在表上 / patient {patient}: {name!r} is not on the list")
        checks.that(hashlib.sha256(f"{patient} {name}".encode()).hexdigest()[:8] == seal, f"{patient} 是 {name} / {patient} is {name}",
                    f"病人 {patient} 不是 {name}。{clues[patient]}")


# %% [markdown]
# ## 步驟 1：資料（3 分）· Step 1: The data (3 points)
#
# - **病人 A** `scaled`：訓練影像和新影像都要縮放，網路才看得懂。
# - **病人 B** `best_columns`：2,000 個欄位裡，挑出和標籤最有關係的 20 個。前 `n_fit` 列是訓練資料，其他是驗證資料。
# - **病人 C** `batch`：句子有長有短，補上 0 才排得成一個陣列。**遮罩**（mask）說哪些位置是真的詞（True），哪些是補的（False）；網路只看遮罩是 True 的地方。詞的編號從 1 開始。
#
# 「真的是亂猜」也算線索：B 的資料和標籤都是丟硬幣丟出來的，誰也不可能猜對七成。
#
# - **Patient A**, `scaled`: training images and new ones have to be scaled, or the network cannot read them.
# - **Patient B**, `best_columns`: of 2,000 columns, pick the 20 that have most to do with the label. The first `n_fit` rows are for training, the others for validation.
# - **Patient C**, `batch`: sentences differ in length; filled up with 0 they fit into one array. The **mask** says which places hold a word (True) and which are filling (False); the network looks
#   only where the mask is True. Words are numbered from 1.
#
# That something is pure guessing is a clue, too: B's data and labels are tossed coins, and nobody can be right seven times in ten.

# %% nbgrader={"grade": false, "grade_id": "patients1", "locked": true, "schema_version": 3, "solution": false, "task": false}
def broken_scaled(x_fit, x_new):  # patient A
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, x_new


def broken_best_columns(x, y, n_fit, k):  # patient B
    together = np.abs((x - x.mean(axis=0)).T @ (y - y.mean()))  # how far each column goes up and down with the label
    return np.sort(np.argsort(together)[-k:])


def broken_batch(texts, length):  # patient C
    ids = np.zeros((len(texts), length), int)
    mask = np.zeros((len(texts), length), bool)
    for row, text in enumerate(texts):
        text = text[:length]
        ids[row, length - len(text):] = text
        mask[row, :len(text)] = True
    return ids, mask


def show_a(scale):
    """Train on 2,000 images; show accuracy and loss on them and on 1,000 others."""
    x_fit, x_val = scale(pixels[:2_000], pixels[2_000:])
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_fit, digits[:2_000], epochs=EPOCHS, verbose=0)
    seen, new = model.evaluate(x_fit, digits[:2_000], verbose=0), model.evaluate(x_val, digits[2_000:], verbose=0)
    return [f"accuracy {seen[1]:.2f}, loss {seen[0]:.2f}", f"accuracy {new[1]:.2f}, loss {new[0]:.2f}"]


def linear(x, y, n_fit):
    """Show a linear classifier's accuracy on the first n_fit rows, which it learns, and on the others."""
    model = LogisticRegression().fit(x[:n_fit], y[:n_fit])
    return [f"accuracy {model.score(part, answers):.2f}" for part, answers in ((x[:n_fit], y[:n_fit]), (x[n_fit:], y[n_fit:]))]


def show_b(choose):
    """Choose 20 of 2,000 columns of noise; the labels are noise, too."""
    random = np.random.default_rng(0)
    x, y = random.normal(size=(200, 2_000)), random.integers(0, 2, 200)
    return linear(x[:, choose(x, y, 120, 20)], y, 120)


def show_c(make):
    """Sentences of 3 to 6 words out of 30, the first of which says whether it is praise: words 1 to 5 are, 6 to 10 are not."""
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 400)
    texts = [[int(random.integers(1, 6) + 5 * label), *random.integers(11, 31, random.integers(2, 6)).tolist()] for label in y]
    ids, mask = make(texts, 12)
    counts = np.array([np.bincount(row[seen], minlength=31) for row, seen in zip(ids, mask, strict=True)])
    return linear(counts, y, 240)


display.table([["A", *show_a(broken_scaled)], ["B", *show_b(broken_best_columns)], ["C", *show_c(broken_batch)]],
              columns=["patient", "training data", "validation data"])

# %% [markdown]
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 把函式的結果印出來看。A：兩個結果的平均和標準差。C：`ids[0]` 和 `mask[0]` 上下對著看。
#
# Print what the functions return. A: mean and standard deviation of both results. C: `ids[0]` and `mask[0]`, one above the other.
#
# </details>
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# B：算 `together` 的時候，用到了哪些列的標籤？驗證資料的標籤，在評分之前誰都不可以看，挑欄位的人也不可以。
#
# B: the labels of which rows go into `together`? Nobody may see the labels of the validation data before the judging, not even who picks columns.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def names_1():
    """Return the faults: {"A": a name of the table, "B": ..., "C": ...}."""
    ### BEGIN SOLUTION
    return {"A": "scaling", "B": "leak", "C": "mask"}
    ### END SOLUTION


def scaled(x_fit, x_new):
    """Scale training data to mean 0 and deviation 1, and new data in the very same way.

    Args:
        x_fit: (n, features) to train on. x_new: (m, features), others. Neither is changed.

    Returns:
        (scaled x_fit, scaled x_new)
    """
    ### BEGIN SOLUTION
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation
    ### END SOLUTION


def best_columns(x, y, n_fit, k):
    """Return the numbers of the k columns that have most to do with the label.

    Args:
        x: (n, columns). y: (n,) of 0 and 1. The first n_fit rows are for training, all others for validation.
        k: how many columns to pick.
    """
    ### BEGIN SOLUTION
    x, y = x[:n_fit], y[:n_fit]
    together = np.abs((x - x.mean(axis=0)).T @ (y - y.mean()))
    return np.sort(np.argsort(together)[-k:])
    ### END SOLUTION


def batch(texts, length):
    """Put texts into one array, filled up with 0.

    Args:
        texts: lists of word numbers, 1 or more. length: places in a row; of a longer text the first `length` words are kept.

    Returns:
        (ids, mask): arrays (texts, length); ids of int, mask of bool, True where a word of the text stands.
    """
    ### BEGIN SOLUTION
    ids = np.zeros((len(texts), length), int)
    mask = np.zeros((len(texts), length), bool)
    for row, text in enumerate(texts):
        text = text[:length]
        ids[row, :len(text)] = text
        mask[row, :len(text)] = True
    return ids, mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check_names(names_1(), {"A": "25845e06", "B": "1da0260b", "C": "9ba7bb67"}, {
    "A": "訓練資料上很好，所以學得會；新資料的損失大到離譜：進去的數字一樣大嗎？ It is good on the training data, so it can learn; the loss on new data is absurd: are the numbers "
         "that go in of the same size?",
    "B": "標籤是丟硬幣丟的，驗證準確率卻遠高於一半。要先知道答案，才做得到。 The labels are tossed coins, yet validation is far above one half. That takes knowing the answers.",
    "C": "連訓練資料都學不好，第一個詞明明就說了答案。網路看得到那個詞嗎？ Even the training data is not learned, though the first word tells. Can the network see that word?",
})


def check_scaled(x_fit, x_new):
    """Check `scaled` on data whose new part is unlike the training part."""
    kept = x_fit.copy(), x_new.copy()
    got = scaled(x_fit, x_new)
    checks.that(isinstance(got, tuple | list) and len(got) == 2, "A 傳回兩樣 / A returns two things", "A：要傳回（訓練資料，新資料）/ A: return (training data, new data)")
    checks.unchanged((x_fit, x_new), kept, "A 沒有動到原來的資料 / A leaves the data as it was", "A：交進來的陣列被改了 / A: the arrays handed in were changed")
    fit, new = np.asarray(got[0], float), np.asarray(got[1], float)
    together = np.concatenate([x_fit, x_new])
    checks.that(not np.allclose(fit, (x_fit - together.mean()) / together.std()), "A 的尺只看訓練資料 / A's yardstick is the training data alone",
                "A：平均和標準差裡混進了新資料，那也是洩漏 / A: new data went into mean and deviation, which is a leak as well")
    checks.close(fit, (x_fit - x_fit.mean()) / x_fit.std(), "A 的訓練資料縮放對了 / A scales the training data rightly",
                 "A：訓練資料縮放後，平均要是 0，標準差要是 1 / A: scaled training data has mean 0 and deviation 1", tolerance=1e-3)
    checks.that(not np.allclose(new, x_new), "A 縮放了新資料 / A scales the new data", "A：新資料還是原來的樣子 / A: the new data is as it was")
    checks.that(not np.allclose(new, (x_new - x_new.mean()) / x_new.std(), atol=1e-3), "A 用同一把尺 / A takes one yardstick",
                "A：新資料用了自己的平均和標準差；一張全黑的影像會變成什麼？要用訓練資料的那一把尺 / "
                "A: the new data was scaled by its own mean and deviation; what would become of a black image? Take the yardstick of the training data")
    checks.close(new, (x_new - x_fit.mean()) / x_fit.std(), "A 的新資料縮放對了 / A scales the new data rightly",
                 "A：新資料要和訓練資料做一模一樣的事 / A: do to the new data exactly what is done to the training data", tolerance=1e-3)


def check_columns(n, columns, n_fit, k, seed):
    """Check `best_columns` on noise into which some columns are planted that follow the labels of the training rows."""
    random = np.random.default_rng(seed)
    x, y = random.normal(size=(n, columns)), random.integers(0, 2, n)
    planted = np.sort(random.choice(columns, k, replace=False))
    x[:n_fit, planted] += 4 * y[:n_fit, None]
    got = np.asarray(best_columns(x, y, n_fit, k))
    checks.that(got.shape == (k,), f"B 挑了 {k} 欄 / B picks {k} columns", f"B：要挑 {k} 欄，得到的形狀是 {got.shape} / B: {k} columns are wanted; the shape is {got.shape}")
    other = y.copy()
    other[n_fit:] = 1 - other[n_fit:]
    louder = x.copy()
    louder[n_fit:] *= 50 * (2 * y[n_fit:, None] - 1)
    again = np.asarray(best_columns(louder, other, n_fit, k))
    checks.that(np.array_equal(np.sort(got), np.sort(again)), "B 的選擇和驗證資料無關 / B's choice does not depend on the validation data",
                "B：只改了驗證資料，選出來的欄位就變了：誰偷看了？ / B: the validation data alone was changed, and so did the choice: who peeped?")
    checks.that(np.array_equal(np.sort(got), planted), "B 找到真的有關的欄 / B finds the columns that matter",
                "B：沒挑到和訓練標籤最有關係的欄：還是要照 together 的大小挑 / B: the columns closest to the training labels were not picked: still choose by the size of together")


def check_batch(texts, length):
    """Check `batch`: every place that the mask shows, and no other, holds the words of the text in their order."""
    got = batch(texts, length)
    checks.that(isinstance(got, tuple | list) and len(got) == 2, "C 傳回兩樣 / C returns two things", "C：要傳回（ids, mask）/ C: return (ids, mask)")
    ids, mask = np.asarray(got[0]), np.asarray(got[1]).astype(bool)
    checks.that(ids.shape == mask.shape == (len(texts), length), f"C 的形狀是 {ids.shape} / C's shape is {ids.shape}",
                f"C：形狀應該是 {(len(texts), length)}，得到 {ids.shape} 和 {mask.shape} / C: the shape should be {(len(texts), length)}; it is {ids.shape} and {mask.shape}")
    checks.that(not (mask & (ids == 0)).any(), "C 的遮罩不放補的 0 進來 / C's mask lets no filling in",
                "C：遮罩放了補的 0 進來：補在哪一邊，遮罩就遮哪一邊 / C: the mask lets filling in: it has to hide the side that was filled")
    checks.that(not (~mask & (ids != 0)).any(), "C 的每個詞都看得到 / C shows every word", "C：有詞被遮住了 / C: words are hidden")
    for text, row, seen in zip(texts, ids, mask, strict=True):
        checks.that(row[seen].tolist() == list(text[:length]), f"C 的 {len(text)} 個詞照原來的順序 / C keeps {len(text)} words in order",
                    f"C：網路看到的是 {row[seen].tolist()}，句子是 {text}，最多 {length} 個詞 / C: the network sees {row[seen].tolist()} of {text}, at most {length} words")


random = np.random.default_rng(2)
check_scaled(random.normal(30, 12, (50, 4)), random.normal(80, 3, (20, 4)))
check_columns(n=120, columns=60, n_fit=80, k=5, seed=0)
check_batch([[5, 6, 7], [8], [1, 2, 3, 4, 9]], length=5)
### BEGIN HIDDEN TESTS
check_scaled(random.normal(-3, 0.5, (31, 7)), random.normal(4, 9, (11, 7)))
check_columns(n=300, columns=40, n_fit=100, k=3, seed=4)
check_batch([[3] * 9, [], [4, 2]], length=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：網路和它的數字（5 分）· Step 2: The network and its numbers (5 points)
#
# - **病人 D** `compiled`：還沒訓練，損失就是 $\ln 10 \approx 2.3$ 的好幾倍。
# - **病人 E** `cross_entropy`：從分數 `z`（$n$ 列、每類一欄，還沒做 softmax）算交叉熵的平均。影像的像素是 0 到 255 時，答案是 NaN。
# - **病人 F** `fresh`：訓練了五個週期，損失還是 $\ln 10$。
# - **病人 G** `softmax`：同一張影像，單獨問和放在一批裡問，答案不一樣。
# - **病人 H** `trained`：一樣停在 $\ln 10$ 附近，病因和 F 不同：看看隱藏單元在訓練**之前**和**之後**。
#
# D、F、H 都用上面的 `dense` 做網路：你也可以用它，參數要改就改。
#
# - **Patient D**, `compiled`: before any training its loss is several times $\ln 10 \approx 2.3$.
# - **Patient E**, `cross_entropy`: the mean cross-entropy from scores `z` ($n$ rows, a column for each class, before softmax). With pixels of 0 to 255 it says NaN.
# - **Patient F**, `fresh`: after five epochs the loss is still $\ln 10$.
# - **Patient G**, `softmax`: the same image gets one answer when asked alone, and another one in a batch.
# - **Patient H**, `trained`: also stuck near $\ln 10$, and not for the reason of F: look at the hidden units **before** training, and **after**.
#
# D, F and H make their networks with `dense`, above. Use it as well, with other arguments where they need to change.

# %% nbgrader={"grade": false, "grade_id": "patients2", "locked": true, "schema_version": 3, "solution": false, "task": false}
def broken_compiled():  # patient D
    model = dense(activation=None)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def broken_cross_entropy(z, y):  # patient E
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean()


def broken_fresh():  # patient F
    model = dense(kernel_initializer="zeros")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def broken_softmax(z):  # patient G
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def broken_trained(x, y, epochs):  # patient H
    model = dense(hidden=64)
    model.compile(keras.optimizers.SGD(learning_rate=5.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, verbose=0)
    return model


def always_0(model, x):
    """Return the share of the hidden units that are 0 for every image."""
    hidden = next(layer for layer in model.layers if layer.get_weights())
    return float((np.array(hidden(x)).max(axis=0) == 0).mean())


def show_training(name, make, train):
    """Train a network; show its loss and its dead hidden units before and after."""
    x, y = pixels[:2_000] / 255, digits[:2_000]
    model = make()
    loss_before, zero_before = model.evaluate(x, y, verbose=0)[0], always_0(model, x)
    model = train(model, x, y)
    loss, accuracy = model.evaluate(x, y, verbose=0)
    return [name, f"{loss_before:.2f}", f"{loss:.2f}", f"{accuracy:.2f}", f"{zero_before:.0%}", f"{always_0(model, x):.0%}"]


def fitted(model, x, y):
    """Train a network and return it."""
    model.fit(x, y, epochs=EPOCHS, verbose=0)
    return model


def untrained():
    """Return the network of patient H as it is before its training."""
    model = dense(hidden=64)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


keras.utils.set_random_seed(6)
scores = np.random.default_rng(0).normal(size=(50, 784)) @ np.random.default_rng(1).normal(size=(784, 10)) / 14  # of 50 images
with np.errstate(all="ignore"):
    print(f"E  cross-entropy of the scores: {broken_cross_entropy(scores, digits[:50]):.2f}; of scores 255 times as large: "
          f"{broken_cross_entropy(255 * scores, digits[:50]):.2f}")
print(f"G  the first image alone:    {broken_softmax(scores[:1])[0].round(2)}\n   the same, in a batch of 50: {broken_softmax(scores)[0].round(2)}")
display.table([
    show_training("D", broken_compiled, fitted),
    show_training("F", broken_fresh, fitted),
    show_training("H", untrained, lambda model, x, y: broken_trained(x, y, EPOCHS)),
], columns=["patient", "loss before", "loss after", "accuracy after", "units always 0, before", "after"])  # fmt: skip

# %% [markdown]
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# D：最後一層的輸出加起來是 1 嗎？可不可以是負的？損失函數有一個參數 `from_logits`。E：$e^{1000}$ 是多少？每一列減掉自己的最大值，softmax 不變。但這樣還不夠：機率小到變成 0 的時候，$\ln 0$ 呢？先把 $\ln$ 乘開：$\ln p_k = z_k - \ln \sum_j e^{z_j}$。
#
# D: do the outputs of the last layer add up to 1? May they be negative? The loss has an argument `from_logits`. E: how much is $e^{1000}$? Subtract from each row its own largest number; softmax
# stays the same. That is not all: when a probability becomes so small that it is 0, what is $\ln 0$? Work out the logarithm first: $\ln p_k = z_k - \ln \sum_j e^{z_j}$.
#
# </details>
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# F：權重是 0，隱藏單元就是 0，ReLU 在那裡的斜率也是 0。全部設成同一個數也不行，想想為什麼。G：一張影像的十個機率，加起來要是 1。H：第 05 課的表裡，哪一欄太大？
#
# F: with weights of 0 the hidden units are 0, and so is the slope of ReLU there. To set all to one and the same number does not help either; think why. G: the ten probabilities of an image have to add up to 1. H: what is too large, in the table of lesson 05?
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def names_2():
    """Return the faults: {"D": a name of the table, "E": ..., "F": ..., "G": ..., "H": ...}."""
    ### BEGIN SOLUTION
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}
    ### END SOLUTION


def compiled():
    """Return a network for 784 pixels of 0 ... 1 and labels 0 ... 9, compiled with a cross-entropy that fits; not trained."""
    ### BEGIN SOLUTION
    model = dense(activation=None)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model
    ### END SOLUTION


def cross_entropy(z, y):
    """Return the mean of -ln(probability of the right class).

    Args:
        z: (n, classes) scores of any size, before softmax. y: (n,) labels, 0 ... classes - 1.
    """
    ### BEGIN SOLUTION
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean()
    ### END SOLUTION


def fresh():
    """Return a compiled network for 784 pixels of 0 ... 1 that can learn; not trained."""
    ### BEGIN SOLUTION
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
    ### END SOLUTION


def softmax(z):
    """Turn scores (n, classes) into probabilities (n, classes), for each row on its own."""
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


def trained(x, y, epochs):
    """Train a network with a hidden layer of ReLUs by SGD, and return it.

    Args:
        x: (n, 784) of 0 ... 1. y: (n,) labels 0 ... 9. epochs: how often to go through them.
    """
    ### BEGIN SOLUTION
    model = dense(hidden=64)
    model.compile(keras.optimizers.SGD(learning_rate=0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, verbose=0)
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check_names(names_2(), {"D": "c0eba3f6", "E": "57ed2d5d", "F": "1c4e4d7b", "G": "4b0e4bb1", "H": "9dba0b9a"}, {
    "D": "還沒訓練就這麼大，和訓練多久、學習率都無關：損失函數拿到的是什麼？ It is large before any training, so neither rate nor epochs are to blame: what does the loss get?",
    "E": "分數小的時候對，大 255 倍就 NaN。$e$ 的幾次方會出事？ Small scores are fine, 255 times as large they give NaN. Which power of $e$ goes wrong?",
    "F": "訓練之前，隱藏單元就都是 0。是誰讓它們這樣開始的？ The hidden units are 0 before any training. What made them start like that?",
    "G": "單獨問，十個機率都是 1。它們和誰一起加成 1？ Asked alone, all ten probabilities are 1. With whom do they add up to 1?",
    "H": "訓練之前單元還活著，訓練之後都是 0。哪一步把它們推過去的？ Before training the units are alive, afterwards they are all 0. What pushed them there?",
})


@checks.beside_your_code
def looked_at(which, x, y, epochs):
    """Make a network and train it; return what it says before and after, and what it believes its losses are; None without a network."""
    profile.seed(5)
    model = compiled() if which == "D" else fresh()
    if not isinstance(model, keras.Model):
        return None
    found = [(np.array(model(x)), model.evaluate(x, y, verbose=0, return_dict=True)["loss"])]
    model.fit(x, y, epochs=epochs, verbose=0)
    found.append((np.array(model(x)), model.evaluate(x, y, verbose=0, return_dict=True)["loss"]))
    kernel = next(layer for layer in model.layers if layer.get_weights()).get_weights()[0]
    return found, kernel


def judged(outputs, y):
    """Return the cross-entropy of a network's outputs, be they probabilities or scores, which of the two they are, and the accuracy."""
    probabilities = bool((outputs >= 0).all() and np.allclose(outputs.sum(axis=1), 1, atol=1e-3))
    z = np.log(np.maximum(outputs, 1e-7)) if probabilities else outputs
    z = z - z.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()
    return float(loss), probabilities, float((outputs.argmax(axis=1) == y).mean())


def check_compiled(x, y, epochs):
    """Check that the loss of D's network is the cross-entropy of what it puts out, before and after training."""
    got = looked_at("D", x, y, epochs)
    checks.that(got is not None, "D 是網路 / D is a network", "D：要傳回 compile 過的網路：return 了嗎？ / D: return the compiled network: is there a `return`?")
    (before, loss_before), (after, loss_after) = got[0]
    one = bool(((before >= 0) & (before <= 1)).all()) and not np.allclose(before.sum(axis=1), 1, atol=1e-3)
    checks.that(not one, "D 的輸出是機率或分數 / D puts out probabilities or scores",
                "D：十個數都在 0 和 1 之間，加起來卻不是 1：十類選一類，用哪個激勵函數？ / D: ten numbers from 0 to 1 that do not add up to 1: which activation picks one class of ten?")
    checks.that(abs(loss_before - judged(before, y)[0]) < 0.05, f"D 的損失 {loss_before:.2f} → {loss_after:.2f} / D's loss {loss_before:.2f} → {loss_after:.2f}",
                f"D：輸出是分數，損失函數當成機率：它說 {loss_before:.1f}，應該是 {judged(before, y)[0]:.1f} / "
                f"D: the outputs are scores, and the loss takes them for probabilities: it says {loss_before:.1f} and should say {judged(before, y)[0]:.1f}")
    checks.that(judged(after, y)[2] > 0.8, f"D 學會了：{judged(after, y)[2]:.2f} / D learns: {judged(after, y)[2]:.2f}",
                f"D：損失對了，準確率卻只有 {judged(after, y)[2]:.2f} / D: the loss is right, and the accuracy just {judged(after, y)[2]:.2f}")


def check_cross_entropy(z, y):
    """Check E's number, with a sentence for NaN, infinity and cut-off probabilities."""
    with np.errstate(all="ignore"):
        got = cross_entropy(z.copy(), y.copy())
    down = z - z.max(axis=1, keepdims=True)
    every = np.log(np.exp(down).sum(axis=1)) - down[np.arange(len(y)), y]
    size = np.abs(z).max()
    got = np.asarray(got if got is not None else np.nan, float)
    checks.that(got.shape == () and not np.isnan(got), f"E 在分數約 {size:.0f} 時是數 / E is a number for scores of about {size:.0f}",
                f"E：分數約 {size:.0f} 時，得到的不是一個數：無限大除以無限大，或忘了 return？ / E: for scores of about {size:.0f} it is no number: infinity over infinity, or no `return`?")
    checks.that(bool(np.isfinite(got)), "E 是有限的 / E is finite", "E：答案是無限大：機率小到變成 0，再取 log。可以不算出機率就算 log 嗎？ / "
                "E: the answer is infinite: a probability became 0, and then came the log. Can you have the log without the probability?")
    checks.that(not (every.mean() > 40 and got < 40), "E 沒有把大錯說小 / E does not make large errors small",
                "E：有限了，但太小：很離譜的錯被截掉了（clip、加 1e-9 或 nan_to_num？），那些影像就沒有梯度 / "
                "E: finite, and too small: gross errors were cut off (clip, 1e-9 added, nan_to_num?), and such images get no gradient")
    checks.close(got, every.mean(), "E 的數字對 / E's number is right", "E：數字不對：每一列減自己的最大值，最後取平均？ / E: the number is wrong: does each row lose its own maximum, and is it a mean?",
                 tolerance=1e-6 * max(1, size))


def check_fresh(x, y, epochs):
    """Check that F's weights are not 0, not all the same, and that it learns."""
    got = looked_at("F", x, y, epochs)
    checks.that(got is not None, "F 是網路 / F is a network", "F：要傳回 compile 過的網路：return 了嗎？ / F: return the compiled network: is there a `return`?")
    (_, (after, _)), kernel = got
    checks.that(bool(np.abs(kernel).max() > 0), "F 的第一層動了 / F's first layer moves",
                "F：訓練之後，第一層的權重還是 0：只換學習率、週期或另一層沒有用 / F: after training the first layer's weights are still 0: another rate, more epochs, or the other layer alone do not help")
    checks.that(bool(np.ptp(kernel, axis=1).max() > 1e-3), "F 的單元各不相同 / F's units differ",
                f"F：{kernel.shape[1]} 個隱藏單元一模一樣，等於只有一個：起點要不一樣 / F: the {kernel.shape[1]} hidden units are all the same, and so count as one: they have to start differently")
    checks.that(judged(after, y)[2] > 0.8, f"F 學會了：{judged(after, y)[2]:.2f} / F learns: {judged(after, y)[2]:.2f}",
                f"F：準確率只有 {judged(after, y)[2]:.2f} / F: the accuracy is just {judged(after, y)[2]:.2f}")


def check_softmax(z):
    """Check G's probabilities: rows that add up to 1, and no row that depends on another."""
    got = np.asarray(softmax(z.copy()), float)
    checks.that(got.shape == z.shape, f"G 的形狀是 {z.shape} / G's shape is {z.shape}", f"G：形狀應該是 {z.shape}，得到 {got.shape} / G: the shape should be {z.shape}; it is {got.shape}")
    checks.that(np.allclose(got.sum(axis=1), 1), "G 的每一列加起來是 1 / G's rows add up to 1",
                f"G：第一張影像的機率加起來是 {got[0].sum():.3f}：沿哪個方向加總？少了 keepdims，除的就是別列的總和 / "
                f"G: the first image's probabilities add up to {got[0].sum():.3f}: along which axis do you add? Without keepdims each is divided by another row's sum")
    alone = np.concatenate([np.asarray(softmax(row[None].copy()), float) for row in z])
    checks.close(got, alone, "G 單獨問、一起問都一樣 / G says the same alone and in a batch", "G：同一張影像，旁邊換了別的影像，答案就變了 / G: the same image gets another answer beside other images")
    checks.close(got, np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), "G 的機率對 / G's probabilities are right", "G：加起來是 1，但大小不對：分數要先取 $e$ 的次方 / "
                 "G: they add up to 1 but are not right: scores go through powers of $e$ first")


@checks.beside_your_code
def revived(x, y, epochs):
    """Return the share of hidden units that say the same of every image after H's training, and its outputs; None without a network."""
    profile.seed(5)
    model = trained(x, y, epochs)
    if not isinstance(model, keras.Model):
        return None
    hidden = next(layer for layer in model.layers if layer.get_weights())
    units = np.array(keras.Model(model.inputs[0], hidden.output)(x))
    return float((np.ptp(units, axis=0) == 0).mean()), np.array(model(x))


def check_trained(x, y, epochs):
    """Check that H's units are alive and that it learns."""
    got = revived(x, y, epochs)
    checks.that(got is not None, "H 是網路 / H is a network", "H：要傳回訓練好的網路：return 了嗎？ / H: return the trained network: is there a `return`?")
    dead, outputs = got
    accuracy = judged(outputs, y)[2]
    checks.that(dead < 0.3, f"H 的單元活著，只有 {dead:.0%} 不動 / H's units are alive; {dead:.0%} are stuck",
                f"H：{dead:.0%} 的隱藏單元對每張影像都一樣：更多單元、更多週期都救不回來，要讓它們不死 / "
                f"H: {dead:.0%} of the hidden units say the same of every image: more units or more epochs do not bring them back; keep them from dying")
    checks.that(accuracy > 0.8, f"H 學會了：{accuracy:.2f} / H learns: {accuracy:.2f}",
                f"H：單元活著，準確率卻只有 {accuracy:.2f}：一步是不是走得太小了？ / H: the units are alive, and the accuracy is just {accuracy:.2f}: are the steps too small now?")


x_some, y_some = pixels[:1_500] / 255, digits[:1_500]
random = np.random.default_rng(3)
check_cross_entropy(random.normal(size=(10, 10)), random.integers(0, 10, 10))  # what needs no training comes first
check_cross_entropy(1_000 * random.normal(size=(10, 10)), random.integers(0, 10, 10))
check_softmax(random.normal(size=(10, 10)))
check_compiled(x_some, y_some, epochs=5)
check_fresh(x_some, y_some, epochs=5)
check_trained(x_some, y_some, epochs=5)
### BEGIN HIDDEN TESTS
check_cross_entropy(random.normal(size=(7, 3)) - 2_000, random.integers(0, 3, 7))
check_softmax(random.normal(size=(4, 6)) * 5)
check_trained(pixels[1_500:] / 255, digits[1_500:], epochs=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：評分（4 分）· Step 3: The judging (4 points)
#
# - **病人 I** `split`：500 則影評，前 250 則說好（1），後 250 則說不好（0）。切 200 則來驗證。
# - **病人 J** `stopped`：訓練一個網路，成績不再進步就停，最後報告**測試**準確率。它報告的是看了很多次裡最好的一次，平均起來太高；只跑一次，不一定看得出來。修好之後多報一個數：標準誤 $\sqrt{a(1-a)/n}$，$a$ 是測試準確率，$n$ 是測試影像數。
#
# - **Patient I**, `split`: of 500 reviews the first 250 praise (1), the last 250 do not (0). 200 are set aside for validation.
# - **Patient J**, `stopped`: train a network, stop when it gets no better, report the **test** accuracy. What it reports is the best of many looks, which is too good on average; one run need not show it. Mended, it reports one number more: the standard error
#   $\sqrt{a(1-a)/n}$, where $a$ is the test accuracy and $n$ the number of test images.

# %% nbgrader={"grade": false, "grade_id": "patients3", "locked": true, "schema_version": 3, "solution": false, "task": false}
def broken_split(x, y, n_val, seed):  # patient I
    return (x[:-n_val], y[:-n_val]), (x[-n_val:], y[-n_val:])


def broken_stopped(model, fit, val, test, most_epochs):  # patient J
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)
    history = model.fit(*fit, epochs=most_epochs, validation_data=test, callbacks=[stop], verbose=0)
    return max(history.history["val_accuracy"])


labels = np.repeat([1, 0], 250)
(_, y_left), (_, y_val) = broken_split(np.arange(500), labels, 200, seed=0)
print(f"I  training: {np.mean(y_left == 1):.0%} praise; validation: {np.mean(y_val == 1):.0%} praise. "
      f"A model that always says no: accuracy {np.mean(y_val == 0):.2f}")
images, parts = pixels / 255, ((0, 300), (300, 450), (450, 600))
small = [(images[start:end], digits[start:end]) for start, end in parts]
keras.utils.set_random_seed(6)
network = dense()
network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
reported = broken_stopped(network, *small, most_epochs=25)
print(f"J  reported: {reported:.3f}; on 2,400 images that it has never seen: {network.evaluate(images[600:], digits[600:], verbose=0)[1]:.3f}")

# %% [markdown]
# <details><summary>💡 提示 5 · Hint 5</summary>
#
# I：第 03 課切資料之前做了什麼？打散**編號**，影評和標籤用同一組編號。J：三份資料各做一件事：一份調權重，一份決定何時停，一份最後量一次。
#
# I: what did lesson 03 do before it cut the data? Shuffle **numbers**, and use the same ones for reviews and labels. J: three parts of the data, one task each: to fit the weights, to decide
# when to stop, to be measured once at the end.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def names_3():
    """Return the faults: {"I": a name of the table, "J": ...}."""
    ### BEGIN SOLUTION
    return {"I": "sorted", "J": "test"}
    ### END SOLUTION


def split(x, y, n_val, seed):
    """Set n_val examples aside at random; the same seed gives the same ones.

    Args:
        x, y: arrays of n examples and of their labels, in any order. n_val: 1 ... n - 1.

    Returns:
        ((x_fit, y_fit), (x_val, y_val))
    """
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(len(x))
    fit, val = order[n_val:], order[:n_val]
    return (x[fit], y[fit]), (x[val], y[val])
    ### END SOLUTION


def stopped(model, fit, val, test, most_epochs):
    """Train a compiled network until it gets no better, then measure it.

    Args:
        model: compiled with metrics=["accuracy"]. fit, val, test: (images, labels) each. most_epochs: stop then at the latest.

    Returns:
        (test accuracy, its standard error)
    """
    ### BEGIN SOLUTION
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)
    model.fit(*fit, epochs=most_epochs, validation_data=val, callbacks=[stop], verbose=0)
    accuracy = model.evaluate(*test, verbose=0)[1]
    return accuracy, np.sqrt(accuracy * (1 - accuracy) / len(test[1]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check_names(names_3(), {"I": "ec152234", "J": "ce99c0e4"}, {
    "I": "驗證資料裡全是不好的，訓練資料裡大多是好的。切的時候，資料排成什麼樣子？ All of the validation data is negative, most of the training data is not. In which order was the data when it was cut?",
    "J": "訓練、停止、報告，各用了哪一份資料？ Which part of the data was used to train, to stop, to report?",
})


def check_split(n, n_val, seed):
    """Check a split of reviews sorted by label; review i holds the number i."""
    x, y = np.arange(n)[:, None], np.repeat([1, 0], [n // 2, n - n // 2])
    (x_fit, y_fit), (x_val, y_val) = split(x, y, n_val, seed)
    sizes = [len(part) for part in (x_val, y_val, x_fit, y_fit)]
    checks.that(sizes == [n_val] * 2 + [n - n_val] * 2, f"I：{sizes[2]} 和 {sizes[0]} 則 / I: {sizes[2]} and {sizes[0]} reviews",
                f"I：x_val、y_val、x_fit、y_fit 有 {sizes} 則 / I: x_val, y_val, x_fit, y_fit hold {sizes}")
    seen = sorted(np.concatenate([x_fit[:, 0], x_val[:, 0]]).tolist())
    checks.that(seen == list(range(n)), "I：每則剛好在一邊 / I: each review is on one side",
                f"I：有 {n - len(set(seen))} 則不見了，另一些出現兩次：兩邊重疊了 / I: {n - len(set(seen))} reviews are missing and others occur twice: the two sides overlap")
    checks.that(all(np.array_equal(y[part[:, 0]], answers) for part, answers in ((x_fit, y_fit), (x_val, y_val))), "I：標籤跟著影評 / I: labels stay with their reviews",
                "I：標籤和影評對不起來：各打散各的了嗎？ / I: labels and reviews no longer match: was each shuffled on its own?")
    share = float(np.mean(y_val))
    checks.that(abs(share - 0.5) < 3 / np.sqrt(n_val), f"I：驗證資料有 {share:.0%} 說好 / I: {share:.0%} of the validation data praise",
                f"I：驗證資料裡說好的是 {share:.0%}，全部資料是一半：切之前打散了嗎？ / I: {share:.0%} of the validation data praise, and half of all do: did you shuffle before the cut?")
    again, other = split(x, y, n_val, seed)[1][0], split(x, y, n_val, seed + 1)[1][0]
    checks.that(np.array_equal(again, x_val) and not np.array_equal(np.sort(other, axis=0), np.sort(x_val, axis=0)), "I：seed 決定切法 / I: the seed decides the cut",
                "I：同樣的 seed 要切得一樣，換一個 seed 要不一樣 / I: the same seed has to give the same cut, another seed another one")


@checks.beside_your_code
def run(fit, val, test, most_epochs):
    """Let `stopped` train a fresh network; return what it reports, all weights, the test accuracy, and how many epochs it took."""
    profile.seed(5)
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    reported = stopped(model, fit, val, test, most_epochs)
    return reported, np.concatenate([part.ravel() for part in model.get_weights()]), model.evaluate(*test, verbose=0)[1], len(model.history.epoch)


def check_stopped(fit, val, test, most_epochs):
    """Check that J listens to the validation data, not to the test data, and reports what it should."""
    def with_wrong_labels(part):
        return part[0], (part[1] + np.arange(len(part[1])) % 9 + 1) % 10

    reported, weights, accuracy, epochs = run(fit, val, test, most_epochs)
    deaf = run(fit, val, with_wrong_labels(test), most_epochs)[1]
    checks.that(np.allclose(weights, deaf, atol=1e-2), "J：測試標籤不影響訓練 / J: test labels have no say in training",
                "J：只改了測試標籤，學到的權重就變了：訓練或停止時用到了測試資料 / J: with other test labels the weights came out differently: training or stopping used the test data")
    other = run(fit, with_wrong_labels(val), test, most_epochs)[1]
    checks.that(not np.allclose(weights, other, atol=1e-2) and epochs < most_epochs, f"J：驗證資料喊停，{epochs} 個週期 / J: the validation data says stop, after {epochs} epochs",
                f"J：走了 {epochs} 個週期；改了驗證標籤，結果要不同：停止時看驗證資料了嗎？ / J: it took {epochs} epochs; with other validation labels the outcome has to change: does stopping look at them?")
    checks.that(isinstance(reported, tuple | list) and len(reported) == 2, "J：報告兩個數 / J: two numbers are reported", "J：要傳回（測試準確率，標準誤）/ J: return (test accuracy, standard error)")
    checks.close(reported[0], accuracy, f"J：報告的是測試準確率 {accuracy:.3f} / J: the test accuracy {accuracy:.3f} is reported",
                 "J：報告的不是測試準確率：停止用的最高分不能當成績 / J: what is reported is not the test accuracy: the best score of stopping is no result", tolerance=1e-4)
    error = np.sqrt(accuracy * (1 - accuracy) / len(test[1]))
    checks.close(reported[1], error, f"J：± {error:.3f}", "J：標準誤不對：n 是測試影像的數目，最後開根號 / J: the standard error is off: n is the number of test images, and a root comes last", tolerance=1e-4)


check_split(n=500, n_val=200, seed=0)
check_stopped(*small, most_epochs=40)
### BEGIN HIDDEN TESTS
check_split(n=1_001, n_val=100, seed=7)
check_stopped((images[600:900], digits[600:900]), (images[900:1_000], digits[900:1_000]), (images[1_000:1_250], digits[1_000:1_250]), most_epochs=40)
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=06c`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：十個病人裡，哪些不看訓練曲線也找得到？你自己的程式，開始訓練之前可以先檢查哪三件事？
#
# In a terminal run `make check-lab LAB=06c`: it says which steps pass.
#
# 🤔 To think further: which of the ten could be found without looking at a training curve? In a program of your own, which three things would you check before you train at all?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 大部分都找得到。A、B、C、E、G、I 是純函式，連訓練都不必：給它一個小輸入，把結果印出來看。D 看第一步之前的損失，F 看第一步之前的隱藏單元，J 看程式把哪一份資料交給誰。真的要比較訓練前後的，只有 H。
#
# 訓練前先檢查三件事：一、看幾筆真的要進網路的資料：數字大小、標籤對不對得上、每一份裡各類各有多少。二、第一步之前的損失：十類應該在 $\ln 10 \approx 2.3$ 附近，隱藏單元也要各不相同。三、拿 20 筆資料給它背，損失要降到接近 0；背不起來，就不必訓練大的。
#
# 先看曲線的人，看到的多半是「不降」，十種毛病都長這樣；從資料開始看，一次排除一種。
#
# Most of them. A, B, C, E, G and I are plain functions and need no training at all: hand them something small and print what they return. For D see the loss before the first step, for F
# the hidden units before the first step, for J which part of the data the program hands to whom. Only H needs a look before training and one after.
#
# Three checks before you train. One: look at some examples as they enter the network, at the size of the numbers, at whether the labels belong to them, at how many of each class are in
# each part. Two: the loss before the first step should be near $\ln 10 \approx 2.3$ for ten classes, and the hidden units should differ. Three: let it learn 20 examples by heart; the loss must
# come close to 0, and if it does not, a large training is no use yet.
#
# Who starts with the curve mostly sees that it does not fall, and so it looks for many faults; starting from the data, one fault at a time is ruled out.
#
# </details>

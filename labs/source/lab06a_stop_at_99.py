# %% [markdown]
# # 練習 06a：驗證準確率到 99 % 就停 · Lab 06a: Stop at 99 % with a callback
#
# 目標：自己分出驗證資料，自己寫一個回呼（callback），讓訓練在**驗證**準確率到達目標的那一刻停下來；測試影像只在最後量一次。
#
# Goal: set validation data aside yourself, write a callback yourself, and let training stop the moment the **validation** accuracy reaches the target; the test
# images are measured once, at the end.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [04](../notebooks/04_hello_tensorflow.ipynb) 課；步驟 3 也可以用第 [06](../notebooks/06_convolutions.ipynb) 課的卷積 · lesson [04](../notebooks/04_hello_tensorflow.ipynb); for step 3 you may use the convolutions of lesson [06](../notebooks/06_convolutions.ipynb) |
# | 資料 · Data | MNIST，70,000 張手寫數字 · MNIST, 70,000 handwritten digits |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 公平地切一刀 · a fair cut | 3 |
# | 2 | 會喊停的回呼 · a callback that says stop | 4 |
# | 3 | 訓練到 99 % · train to 99 % | 5 |
#
# 常見的寫法是看 `accuracy` 到 99 % 就停。那是**訓練**準確率，背答案就到得了。我們看的是沒拿來訓練的影像。
#
# The usual recipe stops when `accuracy` reaches 99 %. That is the accuracy on the **training** data, and learning answers by heart will do. We look at images that were not
# trained on.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from types import SimpleNamespace

import keras
import numpy as np

from utils.data import datasets
from utils.notebook import checks, profile

TRAIN_SIZE = profile.choose(smoke=6_000, lesson=55_000, full=55_000)
VALIDATION_SIZE = profile.choose(smoke=1_000, lesson=5_000, full=5_000)
TARGET = profile.choose(smoke=0.96, lesson=0.99, full=0.99)  # validation accuracy
TEST_SIZE = profile.choose(smoke=2_000, lesson=10_000, full=10_000)
MOST_EPOCHS = profile.choose(smoke=12, lesson=15, full=40)
profile.seed(3)

# %% [markdown]
# ## 步驟 1：公平地切一刀（3 分）· Step 1: A fair cut (3 points)
#
# 驗證資料要像沒看過的新資料，所以：先打散再切；每張影像只在一邊，一張都不能少；影像和標籤要一起走；同樣的 `seed` 每次切出一樣的結果。交進來的陣列不可以被打亂。
#
# Validation data should be like new data. So: shuffle, then cut; each image is on one side only, and none is missing; images and labels go together; the same `seed`
# always gives the same cut. The arrays handed in must not be shuffled themselves.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 不要打散影像，打散**編號**：`np.random.default_rng(seed).permutation(n)` 給你 0 到 n−1 的一種隨機次序。同一組編號可以拿影像，也可以拿標籤。
#
# Do not shuffle the images, shuffle **numbers**: `np.random.default_rng(seed).permutation(n)` gives 0 to n−1 in a random order. The same numbers pick images and labels.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split(x, y, validation_size, seed):
    """Split examples at random into some to train on and some to validate with.

    Args:
        x: array of n examples, (n, ...). y: their n labels. Neither is changed.
        validation_size: how many to set aside, 1 ... n - 1. seed: the same number gives the same split.

    Returns:
        ((x_fit, y_fit), (x_val, y_val)); x_val holds `validation_size` examples, x_fit all others.
    """
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(len(x))
    fit, val = order[validation_size:], order[:validation_size]
    return (x[fit], y[fit]), (x[val], y[val])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_split(n, validation_size, classes, seed):
    """Check a split of n examples sorted by label; example i holds the number i, and so its label is known."""
    x, y = np.arange(n)[:, None] * np.array([1, 1000]), np.arange(n) * classes // n
    kept = x.copy(), y.copy()
    (x_fit, y_fit), (x_val, y_val) = split(x, y, validation_size, seed)
    checks.unchanged((x, y), kept, "交進來的陣列沒被打亂 / the arrays handed in are unchanged",
                     "交進來的陣列被打亂了：打散編號，不要打散原來的陣列 / the arrays handed in were shuffled: shuffle numbers, not the arrays")
    sizes = [len(part) for part in (x_val, y_val, x_fit, y_fit)]
    checks.that(sizes == [validation_size] * 2 + [n - validation_size] * 2, f"{n} 筆分成 {sizes[2]} 和 {sizes[0]} / {n} become {sizes[2]} and {sizes[0]}",
                f"{n} 筆、驗證 {validation_size} 筆：x_val、y_val、x_fit、y_fit 有 {sizes} 筆 / of {n} with {validation_size} to validate, x_val, y_val, x_fit, y_fit hold {sizes}")
    seen = sorted(np.concatenate([x_fit[:, 0], x_val[:, 0]]).tolist())
    checks.that(seen == list(range(n)), "每一筆剛好在一邊 / each example is on one side",
                f"有 {n - len(set(seen))} 筆不見了，另一些出現了兩次：兩邊不可以重疊 / {n - len(set(seen))} examples are missing and others occur twice: the two sides must not overlap")
    together = all(np.array_equal(part_x[:, 0] * classes // n, part_y) for part_x, part_y in ((x_fit, y_fit), (x_val, y_val)))
    checks.that(together, "標籤跟著自己的影像 / labels stay with their images", "標籤和影像對不起來了：兩者要用同一個次序 / labels and images no longer match: both need the same order")
    counts = np.bincount(y_val, minlength=classes)
    fair = validation_size / classes
    checks.that(bool((np.abs(counts - fair) < 6 * np.sqrt(fair)).all()), f"驗證資料裡各類別有 {counts.tolist()} 筆 / classes in the validation data: {counts.tolist()}",
                f"資料依標籤排好時，驗證資料裡各類別有 {counts.tolist()} 筆，不公平：切之前打散了嗎？/ "
                f"with data sorted by label, the classes in the validation data number {counts.tolist()}, which is not fair: did you shuffle before the cut?")
    again, other = split(x, y, validation_size, seed)[1][0], split(x, y, validation_size, seed + 1)[1][0]
    checks.that(np.array_equal(again, x_val), "同樣的 seed，同樣的結果 / the same seed, the same split", "同樣的 seed 切了兩次，結果不同 / the same seed gave two different splits")
    checks.that(not np.array_equal(np.sort(other[:, 0]), np.sort(x_val[:, 0])), "換一個 seed，結果不同 / another seed, another split",
                "換了 seed，切出來卻一樣：seed 有用到嗎？/ another seed gave the same split: is it used?")


check_split(n=1_000, validation_size=200, classes=10, seed=3)
### BEGIN HIDDEN TESTS
check_split(n=777, validation_size=400, classes=3, seed=11)
check_split(n=5_000, validation_size=1_000, classes=10, seed=0)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：會喊停的回呼（4 分）· Step 2: A callback that says stop (4 points)
#
# 每個訓練週期結束，Keras 呼叫回呼的 `on_epoch_end(epoch, logs)`。`logs` 是字典，有 `accuracy`、`loss`；有驗證資料時還有 `val_accuracy`、`val_loss`。把 `self.model.stop_training` 設成 `True`，訓練就在這個週期之後停。
#
# - 驗證準確率**到達**目標（相等也算）就停，並把 `stopped_epoch` 設成一共訓練了幾個週期。`epoch` 從 0 數起。
# - 沒到就什麼都不做。
# - 沒有 `val_accuracy`，表示使用的人忘了給驗證資料：丟出 `ValueError`，用一句話說怎麼辦。悶不吭聲地一直訓練最糟。
#
# After each epoch Keras calls the callback's `on_epoch_end(epoch, logs)`. `logs` is a dictionary with `accuracy` and `loss`, and with validation data `val_accuracy` and
# `val_loss` too. Set `self.model.stop_training` to `True`, and training ends after this epoch.
#
# - Stop when the validation accuracy **reaches** the target (equal counts), and set `stopped_epoch` to the number of epochs trained. `epoch` counts from 0.
# - Otherwise do nothing.
# - Without `val_accuracy` somebody forgot the validation data: raise a `ValueError` that says in a sentence what to do. To train on in silence would be worst.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 三種情形，兩個 `if` 就寫完了。先處理「沒有」的情形：`"val_accuracy" in logs`。
#
# Three cases, so a few lines with `if` will do. Take the missing one first: `"val_accuracy" in logs`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
class StopAtTarget(keras.callbacks.Callback):
    """Stop training when the validation accuracy reaches a target.

    Attributes:
        target: accuracy to reach, 0 ... 1.
        stopped_epoch: how many epochs were trained when the target was reached; None before.
    """

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        """Look at the validation accuracy of the epoch that has ended, and stop if it is high enough.

        Args:
            epoch: number of the epoch, from 0 on. logs: name -> value, such as "val_accuracy" -> 0.97.

        Raises:
            ValueError: if there is no validation accuracy; it says what to do.
        """
        ### BEGIN SOLUTION
        if "val_accuracy" not in (logs or {}):
            raise ValueError("StopAtTarget needs validation data: call model.fit(..., validation_data=(x_val, y_val)) with metrics=['accuracy'].")
        if logs["val_accuracy"] >= self.target:
            self.stopped_epoch = epoch + 1
            self.model.stop_training = True
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def after(target, *epochs):
    """Show a callback the (accuracy, val_accuracy) of some epochs, until it stops; return whether it did, and its stopped_epoch."""
    callback, model = StopAtTarget(target), SimpleNamespace(stop_training=False)
    callback.set_model(model)
    for number, (accuracy, val_accuracy) in enumerate(epochs):
        callback.on_epoch_end(number, {"accuracy": accuracy, "loss": 0.1, "val_accuracy": val_accuracy, "val_loss": 0.1})
        if model.stop_training:
            break
    return bool(model.stop_training), callback.stopped_epoch


stopped, epoch = after(0.9, (0.5, 0.6), (0.8, 0.85))
checks.that(not stopped and epoch is None, "沒到目標，繼續訓練 / below the target training goes on",
            "驗證準確率 0.85 還沒到 0.9，卻停了，或設了 stopped_epoch / at a validation accuracy of 0.85 it stopped short of 0.9, or set stopped_epoch")
stopped, epoch = after(0.9, (0.95, 0.6), (0.99, 0.85))
checks.that(not stopped, "訓練準確率高不算數 / a high training accuracy does not count",
            "訓練準確率 0.99、驗證準確率 0.85，不該停：看的是哪一個？/ with 0.99 in training and 0.85 in validation it should not stop: which one do you look at?")
stopped, epoch = after(0.9, (0.5, 0.6), (0.8, 0.85), (0.82, 0.93), (0.9, 0.95))
checks.that(stopped, "到了就停 / it stops when the target is reached",
            "驗證準確率 0.93 超過 0.9，沒有停：`self.model.stop_training` 設了嗎？/ at a validation accuracy of 0.93 it did not stop at 0.9: is `self.model.stop_training` set?")
checks.that(epoch is not None, "stopped_epoch 有設 / stopped_epoch is set",
            "訓練停了，物件的 stopped_epoch 卻還是 None：少了 `self.`，只是這個函式自己的變數 / "
            "training stopped, and stopped_epoch of the object is still None: without `self.` it is a variable of this function alone")
checks.that(epoch == 3, "stopped_epoch 是 3 / stopped_epoch is 3",
            f"第三個週期到達目標，stopped_epoch 應該是 3，現在是 {epoch}：epoch 從 0 數起 / "
            f"the target was reached in the third epoch, so stopped_epoch should be 3, and is {epoch}: `epoch` counts from 0")
stopped, epoch = after(0.9, (0.5, 0.9))
checks.that(stopped, "剛好到達也算 / exactly at the target counts", "驗證準確率剛好等於目標，也要停 / exactly at the target it has to stop, too")
stopped, epoch = after(0.5, (0.1, 0.2), (0.4, 0.51))
checks.that(stopped and epoch == 2, "目標由 target 決定 / the target is the one given",
            "目標是 0.5 時，0.51 沒有停：用的是 self.target 嗎？/ with a target of 0.5 it did not stop at 0.51: do you use self.target?")


@checks.beside_your_code
def complaint():
    """Return the message of the ValueError that comes without validation data, or an empty text."""
    callback = StopAtTarget(0.9)
    callback.set_model(SimpleNamespace(stop_training=False))
    try:
        callback.on_epoch_end(0, {"accuracy": 0.99, "loss": 0.1})
    except (ValueError, KeyError, TypeError) as error:
        return str(error) if isinstance(error, ValueError) else ""
    return ""


message = complaint()
checks.that("validation" in message.lower() or "驗證" in message, f"沒有驗證資料時說：{message} / so it says without validation data",
            "沒有 val_accuracy 時，要丟出 ValueError，訊息裡說明需要驗證資料（validation data）/ "
            "without val_accuracy raise a ValueError whose message speaks of validation data")


@checks.beside_your_code
def in_a_real_fit(target, epochs):
    """Train a model whose validation accuracy climbs from 0 to 1; return the callback's stopped_epoch and the accuracies."""
    x = np.linspace(-1, 1, 40)[:, None]
    y = (x[:, 0] > 0).astype("float32")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, "sigmoid", kernel_initializer=keras.initializers.Constant(-3.0))])
    model.compile(keras.optimizers.SGD(2.0), "binary_crossentropy", metrics=["accuracy"])
    callback = StopAtTarget(target)
    history = model.fit(x, y, batch_size=40, epochs=epochs, validation_data=(x, y), callbacks=[callback], verbose=0)
    return callback.stopped_epoch, history.history["val_accuracy"]


epoch, accuracies = in_a_real_fit(0.9, epochs=60)
checks.that(len(accuracies) < 60 and accuracies[-1] >= 0.9 and max(accuracies[:-1]) < 0.9 and epoch == len(accuracies),
            f"真的訓練時，{len(accuracies)} 個週期後停下 / in a real training it stops after {len(accuracies)} epochs",
            f"真的訓練時沒有停對：走了 {len(accuracies)} 個週期，最後是 {accuracies[-1]:.2f} / in a real training it stopped wrongly: {len(accuracies)} epochs, {accuracies[-1]:.2f} at the end")
### BEGIN HIDDEN TESTS
epoch, accuracies = in_a_real_fit(1.1, epochs=5)
checks.that(len(accuracies) == 5 and epoch is None, "到不了的目標，走完全部週期 / a target out of reach: all epochs are trained",
            "目標到不了時，應該走完全部週期 / with a target out of reach all epochs should be trained")
stopped, epoch = after(0.75, (0.7, 0.7499), (0.7, 0.7501))
checks.that(stopped and epoch == 2, "差一點點也不算到 / a little below is below", "0.7499 不到 0.75，0.7501 才到 / 0.7499 is below 0.75, 0.7501 is not")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：訓練到 99 %（5 分）· Step 3: Train to 99 % (5 points)
#
# 第 04 課的全連接網路，驗證準確率大約到 98 % 就上不去了，訓練準確率卻早就超過 99 %。請**你**設計一個網路，讓驗證準確率真的到 99 %，並在那一刻停下來。幾層、幾個單元、學習率、批次大小，都由你決定。
#
# 測試影像你拿不到：檢查的程式在最後量一次，要求不低於目標太多。
#
# The dense network of lesson 04 gets stuck at a validation accuracy of about 98 %, while its training accuracy is long past 99 %. Design a network of **your own** whose validation
# accuracy really reaches 99 %, and stop at that moment. Layers, units, learning rate, batch size: all yours to choose.
#
# You do not get the test images: the check measures them once, at the end, and wants them not far below the target.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 訓練準確率高、驗證準確率低，就是背答案。三種藥：`Dropout`；訓練時隨機移動影像（`RandomTranslation`，前面先放 `Reshape((28, 28, 1))`：少了通道那一維，它會把整批當成一張影像），讓它每次都看到沒見過的；或第 06 課的卷積層。我們試過：全連接加上前兩種，停在 99 % 前一點點；卷積最快到。
#
# High in training and low in validation means learning by heart. Three remedies: `Dropout`; moving the images at random while training (`RandomTranslation`, behind a `Reshape((28, 28, 1))`: without a channel axis it takes the whole batch for one image), so that it always sees
# new ones; or the convolutions of lesson 06. We tried: a dense network with the first two came to just below 99 %; convolutions get there soonest.
#
# </details>
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 像素是 0 到 255：先放一層 `Rescaling(1 / 255)`。`compile` 時要有 `metrics=["accuracy"]`。回呼用步驟 2 的 `StopAtTarget`；還沒寫好也可以在這裡另外寫一個。
#
# Pixels are 0 to 255: begin with a layer `Rescaling(1 / 255)`. `compile` needs `metrics=["accuracy"]`. Take `StopAtTarget` of step 2; if it is not done, write another callback here.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Build a network, and train it until its validation accuracy reaches the target.

    Args:
        x_fit, x_val: (n, 28, 28) uint8, 0 ... 255. y_fit, y_val: (n,) uint8, 0 ... 9. Never train on x_val.
        target: validation accuracy to stop at. most_epochs: give up after so many.

    Returns:
        (model, history): the compiled keras model, as it was when training stopped, and what its one call of `fit` returned.
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28)),
        layers.Rescaling(1 / 255),
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    batch_size = 64 if len(x_fit) < 10_000 else 128
    history = model.fit(x_fit, y_fit, batch_size=batch_size, epochs=most_epochs, validation_data=(x_val, y_val),
                        callbacks=[StopAtTarget(target)], verbose=2)
    return model, history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def trained(*arguments):
    """Let `train` work from a fixed seed; return its model, whether that is one, and the val_accuracy of every epoch; or None."""
    profile.seed(3)
    outcome = train(*arguments)
    if not isinstance(outcome, tuple | list) or len(outcome) != 2:
        return None
    model, history = outcome
    return model, isinstance(model, keras.Model), getattr(history, "history", {}).get("val_accuracy", [])


@checks.beside_your_code
def scores(model, images):
    """Return what a model says of images."""
    return model.predict(images, batch_size=1000, verbose=0)


def accuracy_on(images, labels):
    """Return the share of images that the model gets right."""
    return float((np.reshape(scores(model, images), (len(images), -1)).argmax(axis=1) == labels).mean())


(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_val, y_val = x_train[-VALIDATION_SIZE:], y_train[-VALIDATION_SIZE:]  # as in lesson 04
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]
x_test, y_test = x_test[:TEST_SIZE], y_test[:TEST_SIZE]
outcome = trained(x_fit, y_fit, x_val, y_val, TARGET, MOST_EPOCHS)
checks.that(outcome is not None, "傳回了兩樣東西 / two things were returned",
            "要傳回兩樣東西：（模型，fit 的結果）/ return two things: (model, what fit returned)")
model, is_model, curve = outcome
checks.that(is_model and len(curve) > 0, f"有模型，也有 {len(curve)} 個週期的 val_accuracy / there is a model, and val_accuracy of {len(curve)} epochs",
            "要傳回（模型，fit 的結果），而且 fit 的結果裡要有 val_accuracy：metrics 和 validation_data 都給了嗎？/ "
            "return (model, what fit returned) with val_accuracy in it: did you give metrics and validation_data?")
measured = accuracy_on(x_val, y_val)
checks.that(abs(measured - curve[-1]) < 0.002, "val_accuracy 真的是在驗證資料上量的 / val_accuracy was measured on the validation data",
            f"最後的 val_accuracy 是 {curve[-1]:.4f}，在 x_val 上量卻是 {measured:.4f}：validation_data 給的是 x_val、y_val 嗎？/ "
            f"the last val_accuracy is {curve[-1]:.4f}, but x_val gives {measured:.4f}: did you pass x_val, y_val as validation_data?")
checks.that(len(curve) <= MOST_EPOCHS and curve[-1] >= TARGET, f"{len(curve)} 個週期，驗證準確率 {curve[-1]:.4f} / {len(curve)} epochs, validation accuracy {curve[-1]:.4f}",
            f"{len(curve)} 個週期之後驗證準確率是 {curve[-1]:.4f}，目標是 {TARGET}，最多 {MOST_EPOCHS} 個週期 / "
            f"after {len(curve)} epochs the validation accuracy is {curve[-1]:.4f}; the target is {TARGET}, within {MOST_EPOCHS} epochs")
checks.that(all(value < TARGET for value in curve[:-1]), "一到目標就停 / it stopped when the target was reached",
            "驗證準確率早就到了，訓練卻沒停：回呼交給 fit 了嗎？/ the validation accuracy had reached the target earlier, and training went on: did fit get the callback?")
accuracy = accuracy_on(x_test, y_test)
error = np.sqrt(accuracy * (1 - accuracy) / len(x_test))
checks.that(accuracy >= TARGET - profile.choose(smoke=0.06, lesson=0.01, full=0.01), f"測試準確率 {accuracy:.4f} ± {error:.4f} / test accuracy {accuracy:.4f} ± {error:.4f}",
            f"測試準確率只有 {accuracy:.4f}，比驗證低太多：驗證資料有沒有被拿去訓練？/ "
            f"the test accuracy is just {accuracy:.4f}, far below validation: was the validation data trained on?")

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=06a`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：我們在驗證準確率「第一次」碰到 99 % 的時候停，運氣好也會碰到。測試準確率比它高還是低？換五個 seed 各訓練一次，平均起來呢？
#
# In a terminal run `make check-lab LAB=06a`: it says which steps pass.
#
# 🤔 To think further: we stop when the validation accuracy touches 99 % for the **first** time, and luck may do that. Is the test accuracy above it or below? And on average, if you
# train with five seeds?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一次訓練，高低都可能；平均起來，測試多半低一點。驗證準確率 99 %、5,000 張影像，標準誤約 0.14 個百分點；測試 10,000 張，約 0.10。兩者差距的標準誤約 0.17，所以差 0.1、0.2 個百分點，一次看不出什麼。
#
# 平均會低，是因為停的時刻是挑過的：準確率每個週期上下跳，第一次碰到 99 % 的那一刻，運氣多半是好的；測試影像沒有跟著好運。還有一份平均不掉：五個 seed 用的是同一批驗證影像，如果它剛好比測試影像簡單或難，五次都偏同一邊。
#
# 猜「驗證說 99 %，測試就是 99 %」的人忘了：拿來決定什麼時候停的數字，已經被挑過，不能再當成績。
#
# In one training it may be either; on average the test accuracy is mostly a little below. At 99 % of 5,000 validation images the standard error is about 0.14 points, of 10,000 test images about 0.10. That of the
# difference is about 0.17, so a gap of 0.1 or 0.2 points in one run says little.
#
# On average it is lower because the moment to stop was chosen: the accuracy jumps about from epoch to epoch, and when it touches 99 % for the first time, luck was mostly good; the test images had no share in that luck.
# One part does not average out: all five seeds use the same validation images, and if these happen to be easier or harder than the test images, all five are off to the same side.
#
# Who thought that 99 % in validation is 99 % on the test forgot that a number which decided when to stop was chosen, and can no longer be the mark.
#
# </details>

# %% [markdown]
# # 練習 07b：TF2 Labs 的三個題目 · Lab 07b: The three tasks of the TF2 Labs
#
# 目標：用第 07 課的工具，回答投影片裡 TF2 Labs 的三個問題：準確率到了就停；電腦畫的學得會，換一種畫風呢？影像太少的時候，怎麼壓住過度擬合？
#
# Goal: answer the three questions of the slides' TF2 Labs with the tools of lesson 07. How does one stop at an accuracy? What is learned from drawings by computer worth in another hand? What helps against overfitting when pictures are few?
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [07](../notebooks/07_colour_and_transfer.ipynb) 課的步驟 1 到 4；第 [04](../notebooks/04_hello_tensorflow.ipynb) 課的回呼 · steps 1 to 4 of lesson [07](../notebooks/07_colour_and_transfer.ipynb); callbacks of lesson [04](../notebooks/04_hello_tensorflow.ipynb) |
# | 資料 · Data | MNIST；Google 和 Twitter 的表情符號。`full` 規模用 TF2 Labs 自己的資料：Fashion-MNIST、horses or humans、cats v dogs · MNIST; emoji by Google and by Twitter. The `full` profile takes the TF2 Labs' own data: Fashion-MNIST, horses or humans, cats v dogs |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 準確率到了就停，但不靠運氣 · stop at an accuracy, and not by luck | 3 |
# | 2 | 自己的畫風，另一種畫風 · one's own hand and another | 4 |
# | 3 | 資料擴增，壓住過度擬合 · augmentation against overfitting | 5 |

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from types import SimpleNamespace

import keras
import numpy as np
from keras import layers

from utils.data import datasets
from utils.notebook import checks, profile

TRAINED = profile.choose(smoke=600, lesson=6_000, full=55_000)   # of 60,000 images 28 × 28, step 1
VALIDATED = profile.choose(smoke=1_000, lesson=5_000, full=5_000)
GOAL = profile.choose(smoke=0.7, lesson=0.95, full=0.9)          # accuracy at which to stop, step 1
MOST_EPOCHS = profile.choose(smoke=6, lesson=15, full=30)
SIZE = profile.choose(smoke=32, lesson=32, full=64)              # pixels of a side, steps 2 and 3
EPOCHS = profile.choose(smoke=2, lesson=30, full=60)
SHARE = profile.choose(smoke=1.3, lesson=0.9, full=0.8)          # of the loss without augmentation, at most, step 3
profile.seed(7)


# %% [markdown]
# ## 步驟 1：準確率到了就停，但不靠運氣（3 分）· Step 1: Stop at an accuracy, and not by luck (3 points)
#
# Fashion-MNIST 那一題問：準確率到了，怎麼讓訓練停下來？答案是回呼。可是準確率會跳動，「第一次碰到」也許只是運氣好。寫一個要**連續**到達的回呼：
# - `logs[monitor]` 連續 `times` 個訓練週期都**到達** `goal`（相等也算），才停。中間只要有一次沒到，就從頭數起。
# - 同一個回呼可以用在第二次訓練。每次訓練開始時，Keras 呼叫 `on_train_begin`：從頭數起。
#
# The task of Fashion-MNIST asks how training can stop when the accuracy is high enough. By a callback. But accuracy jumps up and down, and to touch a goal once may be luck. Write a callback that asks for **several in a row**:
# - Stop when `logs[monitor]` has **reached** `goal` (equal counts) in `times` epochs one after another. Whenever it falls below, count from the beginning.
# - One callback may serve a second training. Keras calls `on_train_begin` when a training starts: count from the beginning.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 用 `self.reached` 數「到現在連續到達幾次」：到達就加 1，沒到就變 0。停下來是 `self.model.stop_training = True`。
#
# Count in `self.reached` how many epochs in a row have reached the goal: one more if it is reached, 0 if not. To stop is `self.model.stop_training = True`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
class StopAtGoal(keras.callbacks.Callback):
    """Stop training when a value has reached a goal in several epochs, one after another."""

    def __init__(self, goal, monitor="val_accuracy", times=2):
        """Remember the goal.

        Args:
            goal: to reach, 0 ... 1. monitor: the name of the value in `logs`. times: epochs in a row, 1 or more.
        """
        super().__init__()
        self.goal, self.monitor, self.times = goal, monitor, times

    def on_train_begin(self, logs=None):
        """Begin to count anew."""
        ### BEGIN SOLUTION
        self.reached = 0
        ### END SOLUTION

    def on_epoch_end(self, epoch, logs=None):
        """Look at the value of the epoch that has ended, and stop if the goal is reached often enough."""
        ### BEGIN SOLUTION
        self.reached = self.reached + 1 if logs[self.monitor] >= self.goal else 0
        if self.reached >= self.times:
            self.model.stop_training = True
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "images", "locked": true, "schema_version": 3, "solution": false, "task": false}
(images, kinds), _ = datasets.load_fashion_mnist() if profile.name() == "full" else datasets.load_mnist()
learned, validated = (images[:TRAINED], kinds[:TRAINED]), (images[-VALIDATED:], kinds[-VALIDATED:])


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def after(goal, times, monitor, *trainings):
    """Show one callback the values of some trainings; return after how many epochs it stopped each, 0 where it did not."""
    callback, found = StopAtGoal(goal, monitor, times), []
    for values in trainings:
        model = SimpleNamespace(stop_training=False)
        callback.set_model(model)
        callback.on_train_begin({})
        for epoch, value in enumerate(values):
            callback.on_epoch_end(epoch, {"accuracy": 1.0, "val_accuracy": 1.0, monitor: value})
            if model.stop_training:
                break
        found.append(epoch + 1 if model.stop_training else 0)
    return found


def check_stops(monitor):
    """Check after which epoch a callback stops that looks at this value."""
    checks.that(after(0.9, 1, monitor, (0.5, 0.8, 0.95, 0.99)) == [3], f"{monitor} 到了就停 / it stops when {monitor} reaches the goal",
                f"目標 0.9，{monitor} 依序是 0.5、0.8、0.95：要在第三個週期停。看的是 self.monitor 嗎？/ "
                f"with a goal of 0.9 and {monitor} at 0.5, 0.8, 0.95 it should stop after the third epoch: do you look at self.monitor?")
    checks.that(after(0.9, 1, monitor, (0.5, 0.9, 0.99)) == [2], "剛好到達也算 / exactly at the goal counts", "剛好等於目標，也算到達 / a value exactly at the goal has reached it")
    checks.that(after(0.9, 2, monitor, (0.95, 0.96, 0.99)) == [2], "連續兩次才停 / it waits for two in a row", "times 是 2：到達一次還不能停，連續兩次才停 / with times at 2 one is not enough: it stops after two in a row")
    checks.that(after(0.9, 2, monitor, (0.95, 0.5, 0.95, 0.5, 0.92, 0.93)) == [6], "沒到就重新數 / below the goal it counts anew",
                "0.95、0.5、0.95：中間掉下去了，不是連續兩次。沒到的時候要重新數 / 0.95, 0.5, 0.95 is not two in a row: below the goal, count anew")
    checks.that(after(0.9, 2, monitor, (0.5, 0.95), (0.95, 0.5, 0.5)) == [0, 0], "第二次訓練從頭數 / a second training counts from the beginning",
                "第一次訓練留下的次數，算到第二次訓練裡去了：on_train_begin 要從頭數 / the count of the first training went on in the second: on_train_begin should begin anew")


check_stops("val_accuracy")


@checks.beside_your_code
def trained_until(goal, monitor, times, learned, validated, epochs, seed):
    """Train a small network with the callback; return its accuracy and validation accuracy after each epoch."""
    profile.seed(seed)
    model = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    history = model.fit(*learned, batch_size=64, epochs=epochs, validation_data=validated, callbacks=[StopAtGoal(goal, monitor, times)], verbose=0)
    return history.history["accuracy"], history.history["val_accuracy"]


for monitor, times in (("accuracy", 1), ("val_accuracy", 2)):
    curves = trained_until(GOAL, monitor, times, learned, validated, MOST_EPOCHS, 7)
    reached = np.array(curves[("accuracy", "val_accuracy").index(monitor)]) >= GOAL
    in_a_row = [epoch + 1 for epoch in range(times - 1, len(reached)) if reached[epoch + 1 - times:epoch + 1].all()]
    checks.that(len(reached) == (in_a_row or [MOST_EPOCHS])[0],
                f"看 {monitor}：{len(reached)} 個週期，訓練 {curves[0][-1]:.3f}，驗證 {curves[1][-1]:.3f} / by {monitor}: {len(reached)} epochs, training {curves[0][-1]:.3f}, validation {curves[1][-1]:.3f}",
                f"真的訓練時，看 {monitor} 沒有停對 / in a real training that looks at {monitor} it did not stop at the right epoch")
### BEGIN HIDDEN TESTS
check_stops("accuracy")
checks.that(after(0.7, 3, "val_accuracy", (0.8, 0.8, 0.6, 0.7, 0.7), (0.7, 0.71, 0.72, 0.9)) == [0, 3], "三次也對 / three in a row are right, too", "times 是 3 的時候數錯了 / with times at 3 the count is off")
### END HIDDEN TESTS

# %% [markdown]
# 🤔 上面兩行是同一個網路。看**訓練**準確率停的那一次，驗證準確率到目標了嗎？要停，該看哪一個？
#
# 🤔 The last two lines are of the same network. When it stopped by its **training** accuracy, had validation reached the goal? Which of the two should decide when to stop?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看你那兩行。訓練準確率是在**學過的**影像上算的，網路可以把它們背起來，所以它到了，不表示沒看過的也到了；而且它是一個週期裡邊學邊算的平均，週期剛開始時的網路還比較差，所以早期也可能反而低於驗證。要知道的是「遇到沒看過的有多準」，就看驗證準確率。猜「兩個差不多，看哪個都行」的人，把 `GOAL` 提高到 0.99 再試一次：訓練的多半還到得了，驗證的不一定。
#
# Look at your two lines. Training accuracy is counted on pictures that are **learned from**, which the network may know by heart, so that reaching the goal there does not mean reaching it on others. It is also a mean over an epoch of learning, in which the early network was worse, so that it can even be below validation at first. What one wants to know is how right it is on pictures not seen: look at validation. Who took the two for much the same: raise `GOAL` to 0.99; training mostly still gets there, validation need not.
#
# </details>

# %% [markdown]
# ## 步驟 2：自己的畫風，另一種畫風（4 分）· Step 2: One's own hand and another (4 points)
#
# horses or humans 的影像是電腦畫的：五百多張人、五百張馬。問題是：學會了，能認得**別人畫的**嗎？下一格在 `lesson` 規模用表情符號來問：學 Google 畫的人和動物，再考 Google 和 Twitter 畫的、都沒學過的。（`full` 規模用 horses or humans：考訓練那一批留下來的，和另一批人、另一批馬。）
#
# 人比動物多，一律答「人」就有七成。所以算**平衡準確率**（balanced accuracy）：每一種各自答對幾成，再平均。一律答「人」只有 0.5。
#
# 寫 `compare_hands(own, other)`：兩邊都是 `(chances, labels)`；機率 0.5 **以上**就是答 1。傳回（自己的、另一種的、掉了多少 = 自己的 − 另一種的）。`chances` 直接來自 `predict`，形狀是 `(n, 1)`。
#
# The pictures of horses or humans were drawn by computer, some five hundred people and five hundred horses. Does a network that has learned them know what **another** has drawn? In the `lesson` profile the next cell asks with emoji: learn people and animals from Google's, and be examined on Google's and on
# Twitter's, neither of them learned from. (The `full` profile takes horses or humans: what was kept of the same drawings, and other people and other horses.)
#
# There are more people than animals, so always to answer "person" is right seven times in ten. Hence the **balanced accuracy**: the share of right answers within each kind, averaged. Always to answer "person" has 0.5.
#
# Write `compare_hands(own, other)`: each side is `(chances, labels)`; a chance of 0.5 **or more** is the answer 1. Return (own, other, what is lost = own − other). `chances` comes right from `predict`, in the shape `(n, 1)`.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# `(n, 1)` 和 `(n,)` 相比，NumPy 會給你 `(n, n)`，而且不會說有錯。先把 `chances` 攤平。算一邊的時候寫成一個小函式，兩邊各用一次。
#
# Compare `(n, 1)` with `(n,)`, and NumPy gives `(n, n)` without a word. Flatten `chances` first. Write a small function for one side and use it twice.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compare_hands(own, other):
    """Return the balanced accuracy in one's own hand, in the other, and what is lost.

    Args:
        own, other: (chances, labels) each: chances that the label is 1, (n, 1); labels 0 or 1, (n,), some of both.
    """
    ### BEGIN SOLUTION
    def balanced(chances, labels):
        right = (chances.ravel() >= 0.5) == labels
        return np.mean([right[labels == kind].mean() for kind in (0, 1)])

    return balanced(*own), balanced(*other), balanced(*own) - balanced(*other)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "hands", "locked": true, "schema_version": 3, "solution": false, "task": false}
def people_or_animals(part, hand):
    """Return the emoji of two groups by one hand, 32 × 32, and whether each is of people."""
    people, animals = (datasets.EMOJI_GROUPS.index(name) for name in ("People & Body", "Animals & Nature"))
    chosen = np.isin(part.groups, (people, animals))
    pictures = getattr(part, hand)[chosen]
    small = pictures.reshape(len(pictures), 32, 2, 32, 2, 3).mean(axis=(2, 4)).round().astype(np.uint8)
    return small, (part.groups[chosen] == people).astype(np.uint8)


def network(size, changes=()):
    """Return an untrained network: pictures 0 ... 255 in, the chance of label 1 out. `changes` are active in training only."""
    inputs = keras.Input((size, size, 3))
    h = layers.Rescaling(1 / 127.5, -1)(inputs)
    for change in changes:
        h = change(h)
    for width in (16, 32, 64):
        h = layers.MaxPooling2D()(layers.Conv2D(width, 3, padding="same", activation="relu")(h))
    h = layers.Dense(64, activation="relu")(layers.Flatten()(h))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(h))


def chances_of(model, learned, exams, epochs):
    """Train a network and return its chances, (n, 1), for the pictures that it learned from and for each exam."""
    model.compile("adam", "binary_crossentropy")
    model.fit(*learned, batch_size=32, epochs=epochs, verbose=0)
    return [np.asarray(model.predict(pictures, verbose=0)) for pictures in (learned[0], *exams)]


if profile.name() == "full":
    (pictures, labels), other = datasets.load_horses_or_humans(SIZE)
    drawn, own = (pictures[:900], labels[:900]), (pictures[900:], labels[900:])
else:
    training, _, test = datasets.load_emoji()
    drawn, own, other = people_or_animals(training, "google"), people_or_animals(test, "google"), people_or_animals(test, "twitter")
profile.seed(7)
_, own_chances, other_chances = chances_of(network(SIZE), drawn, (own[0], other[0]), EPOCHS)
print(len(drawn[0]), "pictures to learn from,", len(own[0]), "in the same hand,", len(other[0]), "in another")


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def right_in_part(number, ones, right_zeros, right_ones, seed):
    """Return chances and labels in random order, of which so many of either kind are right."""
    labels = np.arange(number) < ones
    answers = np.where(labels, np.arange(number) < right_ones, np.arange(number) - ones >= right_zeros)
    order = np.random.default_rng(seed).permutation(number)
    chances = np.random.default_rng(seed).uniform(0.05, 0.4, number) + 0.5 * answers
    return chances[order][:, None], labels[order].astype(np.uint8)


def check_hands(own, other, expected):
    """Compare with the shares that were put in."""
    given, before = (own, other), tuple(tuple(array.copy() for array in side) for side in (own, other))
    found = compare_hands(*given)
    checks.unchanged(given, before, "交進來的沒被動到 / what was handed in is unchanged", "交進來的陣列被改掉了 / the arrays handed in were changed")
    checks.that(isinstance(found, tuple | list) and len(found) == 3, "傳回三個數 / three numbers came back", "要傳回三個數：自己的、另一種的、掉了多少 / return three numbers: own, other, what is lost")
    checks.that(np.size(found[0]) == 1 and 0 <= float(np.ravel(found[0])[0]) <= 1, "準確率在 0 到 1 之間 / an accuracy is within 0 and 1", "準確率應該是一個 0 到 1 的數 / an accuracy should be one number from 0 to 1")
    plain = np.mean((own[0].ravel() >= 0.5) == own[1])
    crossed = np.mean([((own[0] >= 0.5) == own[1])[own[1] == kind].mean() for kind in (0, 1)])
    value = float(np.ravel(found[0])[0])
    checks.that(abs(value - plain) > 1e-6, "少的那一種算一半 / the smaller kind counts one half", "這是一般的準確率：多的那一種佔便宜。每一種各自算，再平均 / this is the plain accuracy, in which the larger kind weighs more: take the share within each kind, then their mean")
    checks.that(abs(value - crossed) > 1e-6, "一張對一個標籤 / each picture against its own label", "每一張都和所有的標籤比了：chances 是 (n, 1)，labels 是 (n,) / each picture was compared with all labels: chances is (n, 1), labels (n,)")
    checks.close(found[0], expected[0], "自己的畫風對了 / one's own hand is right", "自己的畫風算錯了：每一種答對幾成？0.5 算答 1 / one's own hand is off: what share is right within each kind? 0.5 is the answer 1")
    checks.close(found[1], expected[1], "另一種畫風也對 / the other hand is right, too", "另一種畫風算錯了：用的是它自己的標籤嗎？/ the other hand is off: did it get its own labels?")
    checks.close(found[2], expected[0] - expected[1], "掉了多少也對 / so is what is lost", "掉了多少 = 自己的 − 另一種的，變好的時候是負的 / what is lost is own − other, below 0 where it got better")


check_hands(right_in_part(100, 70, 15, 63, 1), right_in_part(60, 20, 24, 10, 2), (0.7, 0.55))
lost = compare_hands((own_chances, own[1]), (other_chances, other[1]))
checks.that(len(lost) == 3, f"同一種畫風 {lost[0]:.3f}，另一種 {lost[1]:.3f} / in the same hand {lost[0]:.3f}, in the other {lost[1]:.3f}", "要傳回三個數 / return three numbers")
### BEGIN HIDDEN TESTS
check_hands(right_in_part(50, 10, 20, 10, 3), right_in_part(80, 30, 45, 30, 4), (0.75, 0.95))
edge = np.array([[0.5], [0.5], [0.1], [0.9]]), np.array([1, 0, 0, 1], np.uint8)
checks.close(compare_hands(edge, edge), (0.75, 0.75, 0), "剛好 0.5 是答 1 / exactly 0.5 is the answer 1", "剛好 0.5 應該是答 1 / exactly 0.5 should be the answer 1")
### END HIDDEN TESTS

# %% [markdown]
# 🤔 用自己畫風的驗證影像，說得準另一種畫風的分數嗎？要選哪一個網路的時候，手上沒有另一種畫風的標籤，怎麼辦？
#
# 🤔 Does validation in one's own hand foretell the score in another? And what can be done if a choice has to be made with no labels of the other hand?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不太準。自己畫風的分數比另一種畫風高，高多少，要考了才知道；兩個網路在自己畫風裡的名次，換了畫風也可能倒過來。沒有另一種畫風的標籤，就不要拿自己畫風的第三位小數來選：選簡單的、擴增過的；或者先想辦法標幾十張另一種畫風的，只用來選，不用來訓練。猜「驗證影像沒看過，所以很準」的人忘了：沒看過，可是同一個人畫的。
#
# Not well. The score in one's own hand is above that in another, by how much only an exam can tell; and of two networks the better one at home may be the worse one abroad. Without labels of the other hand, do not choose by the third decimal at home: take the simpler one, the augmented one; or label a few dozen pictures of the other hand, to choose by and not to learn from. Who trusted validation because its pictures are unseen forgot that they are by the same hand.
#
# </details>

# %% [markdown]
# ## 步驟 3：資料擴增，壓住過度擬合（5 分）· Step 3: Augmentation against overfitting (5 points)
#
# cats v dogs 只有兩千張照片。網路很快就背熟了，沒看過的卻越錯越有把握：損失一直升。TF2 Labs 用 `ImageDataGenerator` 擴增，它已經停用；現在是放在網路裡的層。
#
# 寫 `changes()`：傳回一串 Keras 的層，訓練時隨機改變影像，答案不變。
# - 進來的影像是 −1 到 1，1 是白；出去也要在 −1 到 1。只在訓練時改，考試時原樣出去。
# - 同一張影像要變得出很多種：只翻轉只有兩種，不夠。
# - 東西不會上下顛倒；移動之後空出來的地方是**白**的，所以全白的影像出去還是全白。
# - 同樣的網路，從同樣的起點、訓練一樣久：沒學過的影像，損失最多是沒有擴增時的 `SHARE` 倍。
#
# （`lesson` 規模的影像和步驟 2 一樣，考兩種畫風；`full` 規模是 cats v dogs。）
#
# cats v dogs has two thousand photos. A network soon knows them by heart, and grows ever surer where it is wrong on others: the loss climbs. The TF2 Labs augment by `ImageDataGenerator`, which is deprecated; today these are layers in the network.
#
# Write `changes()`: it returns a list of Keras layers that change pictures at random in training, and leave the answer alone.
# - Pictures come in as −1 to 1, where 1 is white, and go out within −1 to 1. They are changed in training only; in an exam they pass as they are.
# - One picture comes out in many ways: mirroring alone makes two, which is not enough.
# - Nothing is turned upside down; what a move leaves empty is **white**, so a white picture stays white all over.
# - The same network, from the same start and trained as long: its loss on pictures not learned from is at most `SHARE` of the loss without augmentation.
#
# (In the `lesson` profile the pictures are those of step 2, examined in both hands; in `full` they are cats v dogs.)
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 第 07 課步驟 4 的 `changes` 就有兩種，連空出來的地方填什麼都有。`layers.RandomRotation`、`layers.RandomZoom` 也可以試；改太多，網路就學不動了。
#
# `changes` in step 4 of lesson 07 has two of them, and says what to put where a move leaves nothing. Try `layers.RandomRotation` and `layers.RandomZoom` as well; with too much of it the network learns nothing.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def changes():
    """Return layers that change pictures of -1 ... 1 at random, in training only."""
    ### BEGIN SOLUTION
    white = {"fill_mode": "constant", "fill_value": 1.0}
    return [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, **white)]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "pets", "locked": true, "schema_version": 3, "solution": false, "task": false}
if profile.name() == "full":
    few, exam = datasets.load_cats_and_dogs(SIZE)
    profile.seed(7)
    _, exam_chances = chances_of(network(SIZE), few, (exam[0],), EPOCHS)
else:
    few, exam = drawn, tuple(np.concatenate(pair) for pair in zip(own, other, strict=True))
    exam_chances = np.concatenate([own_chances, other_chances])


def loss_of(chances, labels):
    """Return the cross-entropy: the mean of -log of the chance that the right label got."""
    chances = np.clip(np.asarray(chances, dtype=float).ravel(), 1e-7, 1 - 1e-7)
    return -np.log(np.where(labels == 1, chances, 1 - chances)).mean()


print(len(few[0]), "pictures to learn from; loss on", len(exam[0]), f"others without augmentation: {loss_of(exam_chances, exam[1]):.2f}")


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def changed(pictures, training, seed):
    """Return what the layers make of pictures of -1 ... 1, and how many layers there are, -1 if it is no list."""
    profile.seed(seed)
    found, h = changes(), pictures
    if not isinstance(found, list | tuple) or not all(isinstance(layer, keras.Layer) for layer in found):
        return pictures, -1
    for layer in found:
        h = layer(h, training=training)
    return keras.ops.convert_to_numpy(h), len(found)


def check_changes(size, seed):
    """Look at what becomes of a picture of a dark roof over a lighter wall on the left, and of a white one."""
    one = np.ones((size, size, 3), np.float32)
    one[size // 4:3 * size // 8, size // 4:-size // 4] = -1
    one[3 * size // 8:-size // 4, size // 4:size // 2] = 0.4
    pictures, white = np.repeat(one[None], 64, axis=0), np.ones((64, size, size, 3), np.float32)
    found, number = changed(pictures, True, seed)
    checks.that(number >= 1, f"{number} 層 / {number} layers", "changes 要傳回一串 Keras 的層，至少一層 / changes should return a list of Keras layers, at least one")
    checks.that(found.shape == pictures.shape, "形狀不變 / the shape stays", f"影像的形狀變成 {found.shape[1:]} / the shape of a picture became {found.shape[1:]}")
    checks.close(changed(pictures, False, seed)[0], pictures, "考試時原樣出去 / in an exam pictures pass as they are", "不在訓練的時候，影像也被改了 / pictures are changed outside of training, too", tolerance=1e-5)
    different = len({picture.tobytes() for picture in found})
    checks.that(different >= 16, f"64 次有 {different} 種 / {different} kinds in 64", f"同一張影像改了 64 次，只有 {different} 種：還背得起來 / the same picture, changed 64 times, came in {different} kinds: that can be learned by heart")
    checks.that(bool(np.abs(found).max() <= 1.001), "還在 −1 到 1 / still within −1 to 1", "出去的影像超出 −1 到 1：明暗的層要知道範圍 / pictures leave −1 to 1: a layer for brightness has to know the range")
    checks.that(bool(changed(white, True, seed)[0].min() > 0.9), "空出來的地方是白的 / what is left empty is white", "全白的影像，改了之後有不白的地方：空出來的要填 1 / a white picture is no longer white all over: fill what is left empty with 1")
    rows = (found.max(axis=(1, 2, 3))[:, None, None, None] - found).mean(axis=(2, 3))  # how dark each row is
    places = np.arange(size) - (rows @ np.arange(size) / rows.sum(axis=1))[:, None]
    checks.that(bool(((rows * places**3).sum(axis=1) > 0).all()), "沒有上下顛倒 / nothing is upside down",
                "有的影像上下顛倒了：照片裡的動物不會這樣 / some pictures are upside down: animals in photos are not")


check_changes(32, 1)


@checks.beside_your_code
def chances_with_changes(learned, exam_pictures, epochs, seed):
    """Train the network with the layers; return its chances for what it learned from, and for the exam."""
    profile.seed(seed)
    return chances_of(network(learned[0].shape[1], changes()), learned, (exam_pictures,), epochs)


known, examined = chances_with_changes(few, exam[0], EPOCHS, 7)
before, after_changes = loss_of(exam_chances, exam[1]), loss_of(examined, exam[1])
checks.that(after_changes <= SHARE * before,
            f"沒學過的影像，損失從 {before:.2f} 變成 {after_changes:.2f}；學過的是 {loss_of(known, few[1]):.2f} / loss on pictures not learned from: {before:.2f} before, {after_changes:.2f} now; on those learned from {loss_of(known, few[1]):.2f}",
            f"沒學過的影像，損失從 {before:.2f} 變成 {after_changes:.2f}，要到 {SHARE * before:.2f} 以下：改得太少，還是太多？/ the loss on pictures not learned from went from {before:.2f} to {after_changes:.2f}, and {SHARE * before:.2f} or less is wanted: is it changed too little, or too much?")
### BEGIN HIDDEN TESTS
check_changes(48, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=07b`，它會告訴你哪些步驟通過了。
#
# 連得上網路、電腦夠快的人，可以用 TF2 Labs 自己的資料：`make data NB=07 EDITION=full` 下載約 1 GB，再用 `COURSE_PROFILE=full` 打開這個練習。cats v dogs 只准用在非商業的研究，不能再公開。
#
# In a terminal run `make check-lab LAB=07b`: it says which steps pass.
#
# With a network and a fast machine you can take the TF2 Labs' own data: `make data NB=07 EDITION=full` fetches about 1 GB; then open this lab with `COURSE_PROFILE=full`. cats v dogs is for non-commercial research only and must not be published again.

# %% [markdown]
# 🤔 再想一步：擴增之後，學過的影像，損失反而變高了。這是壞事嗎？
#
# 🤔 To think further: with augmentation the loss on pictures that were learned from has risen. Is that bad?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不是。網路每次看到的都是改過的影像，沒辦法一張一張背，所以學過的也答得沒那麼滿；換來的是沒看過的損失變低。要看的是**沒看過的**那一個，兩個之間的距離也變小了。猜「損失越低越好」的人要先問：是誰的損失？不過擴增太多也不行：學過的和沒看過的**都**變高，就是改過頭了。
#
# No. The network sees changed pictures each time and cannot learn them one by one by heart, so that it is less sure of those it learned from; in exchange the loss on unseen pictures falls. It is the **unseen** that counts, and the two are closer now. Who thinks that the lower a loss, the better, should first ask whose loss. Still, there is too much of it: when **both** rise, learned and unseen, the changes went too far.
#
# </details>


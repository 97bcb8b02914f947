# %% [markdown]
# # 練習 07a：另一種畫風 · Lab 07a: The second hand
#
# 目標：自己寫資料擴增和標準化，再用借來的特徵和 90 個標籤，認出**另一位畫家**畫的、**沒學過的**表情符號。
#
# Goal: write augmentation and standardising yourself, then use borrowed features and 90 labels to recognise emoji **by another hand** that were **not learned from**.
#
# ⏱ 約 45 分鐘 · about 45 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [07](../notebooks/07_colour_and_transfer.ipynb) 課 · lesson [07](../notebooks/07_colour_and_transfer.ipynb) |
# | 資料 · Data | 表情符號：Google Noto、Twitter Twemoji；EfficientNet-lite0 的權重 · emoji: Noto of Google, Twemoji of Twitter; weights of EfficientNet-lite0 |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 翻轉與明暗 · mirror and brighten | 4 |
# | 2 | 標準化，只看訓練資料 · standardise by training data alone | 3 |
# | 3 | 90 個標籤，考另一種畫風 · 90 labels, tested on the other hand | 5 |

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from utils.data import datasets
from utils.models import efficientnet
from utils.notebook import checks, profile

TRAINING = profile.choose(smoke=150, lesson=None, full=None)  # of Google's pictures; None: all
TESTED = profile.choose(smoke=150, lesson=None, full=None)    # of Twitter's
SIZE = profile.choose(smoke=64, lesson=64, full=224)          # pixels that the borrowed network sees
GOAL = profile.choose(smoke=0.28, lesson=0.29, full=0.35)  # the largest group alone: about 0.22
LABELS = 90
profile.seed(7)


# %% [markdown]
# ## 步驟 1：翻轉與明暗（4 分）· Step 1: Mirror and brighten (4 points)
#
# 影像是 `uint8`，0 到 255，形狀（張、列、欄、3）。對**每一張**：
# - 有一半的機會左右翻轉；
# - 乘上一個自己的亂數，在 0.7 到 1.3 之間均勻分布；整張、三個通道都用同一個數。超過 255 的就是 255。
#
# 傳回新的 `uint8` 陣列，原來的不能動。亂數都從 `random`（`np.random.Generator`）拿。
#
# Pictures are `uint8`, 0 to 255, of shape (pictures, rows, columns, 3). For **each** picture:
# - mirror it left to right with a chance of one half;
# - multiply it by a random number of its own, uniform from 0.7 to 1.3, the same for the whole picture and all three channels. What is above 255 becomes 255.
#
# Return a new `uint8` array and leave the given one alone. All random numbers come from `random`, an `np.random.Generator`.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `uint8` 裡 200 × 1.3 不是 260，也不是 255：轉回 `uint8` 的時候會繞回 4。先用小數算，切到 0 到 255，四捨五入，最後才轉回去。
#
# In `uint8`, 200 × 1.3 is neither 260 nor 255: turned back to `uint8` it wraps around to 4. Work with fractions, cut to 0 to 255, round, and turn back last.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vary(pictures, random):
    """Return each picture mirrored with a chance of one half, and brightened or darkened by its own factor 0.7 ... 1.3.

    Args:
        pictures: uint8, (n, rows, columns, 3). random: an np.random.Generator.
    """
    ### BEGIN SOLUTION
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.7, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * factors[:, None, None, None]
    return np.clip(changed, 0, 255).round().astype(np.uint8)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def examine(rows, columns, seed):
    """Vary many small pictures whose left column is red and whose last row is dark, and look at what came back."""
    one = np.full((rows, columns, 3), 220, np.uint8)
    one[:, 0] = 190, 95, 38
    one[-1] = one[-1] // 2
    given = np.repeat(one[None], 600, axis=0)
    before = given.copy()
    found = np.asarray(vary(given, np.random.default_rng(seed)))
    checks.unchanged(given, before, "原來的沒被動到 / the given pictures are untouched", "原來的陣列被改掉了，先複製 / the given array was changed; copy first")
    checks.that(found.shape == given.shape and found.dtype == np.uint8, "形狀與型別都對 / shape and type are right",
                f"應該是 uint8 {given.shape}，得到 {found.dtype} {found.shape} / expected uint8 of that shape")
    left, right = found[:, 0, 0].astype(int), found[:, 0, -1].astype(int)
    red = lambda pixel: pixel[:, 0] > 1.5 * pixel[:, 1]  # noqa: E731
    swapped = (left[:, 2] > left[:, 0]).any() or (right[:, 2] > right[:, 0]).any()
    checks.that(not swapped, "顏色沒被調換 / colours are not swapped", "紅色變成藍色：最後一軸是通道，不要倒過來 / red became blue: the last axis holds channels, leave it")
    checks.that(bool(np.median(found[:, -1, 1]) < np.median(found[:, 0, 1])), "沒有上下顛倒 / not upside down", "影像上下顛倒了：要倒過來的是欄 / upside down: columns are to be reversed")
    checks.that(bool((red(left) ^ red(right)).all()), "紅的那一欄在左邊或右邊 / the red column is at the left or at the right", "翻轉之後，紅的那一欄不見了 / the red column is gone after mirroring")
    share = red(right).mean()
    checks.that(0.4 < share < 0.6, f"翻轉的有 {share:.0%} / {share:.0%} are mirrored", f"翻轉的有 {share:.0%}，應該約一半，而且每一張自己決定 / {share:.0%} are mirrored; each should decide for itself, by one half")
    grey = found[:, 0, 1, 0].astype(int)  # was 220
    checks.that(grey.min() >= 153, "沒有繞回去的 / nothing wrapped around", f"220 變成了 {grey.min()}：uint8 放不下就繞回去，或是變得太暗 / 220 became {grey.min()}: it wrapped around in uint8, or was darkened too much")
    checks.that(len(np.unique(grey)) > 60, "每一張有自己的明暗 / each picture has its own factor", "明暗只有幾種：每一張要自己抽一個 / too few factors: each picture draws its own")
    checks.that(grey.max() == 255 and 0.15 < (grey == 255).mean() < 0.36, "太亮的停在 255 / what is too bright stops at 255",
                "220 乘上 1.16 以上的應該停在 255 / 220 times more than 1.16 should stop at 255")
    dim = found[:, -1, 1, 0].astype(int)  # was 110: never cut off
    checks.that(bool((np.abs(np.where(grey < 255, 2 * dim - grey, 0)) <= 2).all()), "整張用同一個數 / one factor for the whole picture",
                "同一張影像裡，亮處和暗處乘的數不同 / within a picture, bright and dark places got different factors")
    checks.that(bool((dim.min() < 80) & (dim.max() > 140) & (abs(dim.mean() - 110) < 4)), "0.7 到 1.3，平均 1 / 0.7 to 1.3, 1 on average",
                "亂數應該均勻分布在 0.7 到 1.3 / the factor should be uniform from 0.7 to 1.3")


examine(4, 6, 0)
### BEGIN HIDDEN TESTS
examine(7, 5, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：標準化，只看訓練資料（3 分）· Step 2: Standardise by training data alone (3 points)
#
# 每一欄是一個特徵。減掉**訓練資料**那一欄的平均，除以訓練資料的標準差；`other` 也用同樣的兩個數。整欄都一樣的特徵，標準差是 0：結果要是 0，不是 NaN。
#
# Each column is a feature. Subtract the mean of **the training data** in that column and divide by their standard deviation; `other` takes the same two numbers. A feature that never changes has a standard deviation of 0: its
# result should be 0, not NaN.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 標準差是 0 的地方，改成除以 1：減掉平均之後，訓練資料那一欄已經是 0 了。
#
# Where the standard deviation is 0, divide by 1 instead: with the mean gone, that column of the training data is 0 already.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardise(train, other):
    """Return (train, other), both standardised by the mean and standard deviation of train.

    Args:
        train: (n, features). other: (m, features).
    """
    ### BEGIN SOLUTION
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    return (train - mean) / deviation, (other - mean) / deviation
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def compare(train, other):
    """Compare with the definition, column by column."""
    found = standardise(train.copy(), other.copy())
    checks.that(isinstance(found, tuple | list) and len(found) == 2, "傳回兩個陣列 / two arrays came back", "要傳回（訓練、其他）兩個陣列 / return two arrays, (train, other)")
    changing = train.std(axis=0) > 0
    checks.that(bool(np.isfinite(found[0]).all() and np.isfinite(found[1]).all()), "沒有 NaN / no NaN", "不變的那一欄除以 0 了 / the column that never changes was divided by 0")
    checks.that(not np.allclose(np.mean(found[1][:, changing], axis=0), 0, atol=0.05), "沒有偷看 / no peeking",
                "other 的平均變成 0：它用了自己的平均，應該用訓練資料的 / other has a mean of 0: it used its own, and should use that of the training data")
    mean, deviation = train.mean(axis=0), np.where(changing, train.std(axis=0), 1)
    checks.close(found[0], (train - mean) / deviation, "訓練資料對了 / the training data are right", "一欄一個平均、一個標準差，不是整個陣列一個 / one mean and one deviation for each column, not for the whole array", tolerance=1e-5)
    checks.close(found[1], (other - mean) / deviation, "其他的也對 / the others are right", "other 要減訓練資料的平均、除以訓練資料的標準差 / take the mean and deviation of the training data for other", tolerance=1e-5)


random = np.random.default_rng(1)
compare(random.normal(3, [1, 5, 0, 0.1], (50, 4)), random.normal(5, [1, 5, 0, 0.1], (20, 4)))
### BEGIN HIDDEN TESTS
compare(random.normal(-2, [0, 9, 2], (30, 3)), random.normal(0.5, [0, 1, 2], (7, 3)))
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：90 個標籤，考另一種畫風（5 分）· Step 3: 90 labels, tested on the other hand (5 points)
#
# 下一格把影像變成 EfficientNet-lite0 的 1,280 個特徵，要等幾秒。`google_features` 和 `google_groups` 是 90 個有標籤的 Google 表情符號，九組各約十個；`twitter_features` 是沒學過的表情符號，由 Twitter 畫的。
#
# The next cell turns pictures into the 1,280 features of EfficientNet-lite0, which takes some seconds. `google_features` and `google_groups` are 90 labelled emoji by Google, about ten of each of nine groups; `twitter_features` are emoji that are not
# learned from, drawn by Twitter.

# %% nbgrader={"grade": false, "grade_id": "features", "locked": true, "schema_version": 3, "solution": false, "task": false}
training, _, test = datasets.load_emoji()
all_features = efficientnet.features(training.google[:TRAINING], size=SIZE)
all_groups = training.groups[:TRAINING]
twitter_features, twitter_groups = efficientnet.features(test.twitter[:TESTED], size=SIZE), test.groups[:TESTED]


def draw(seed):
    """Return the numbers of 90 pictures, as many of each group as can be."""
    order = np.random.default_rng(seed).permutation(len(all_groups))
    turn = np.zeros(len(order), int)
    for group in range(9):
        own = order[all_groups[order] == group]
        turn[own] = np.arange(len(own))
    return order[np.argsort(turn[order], kind="stable")][:LABELS]


chosen = draw(0)
google_features, google_groups = all_features[chosen], all_groups[chosen]
print(google_features.shape, twitter_features.shape, "the largest group:", f"{np.bincount(twitter_groups).max() / len(twitter_groups):.2f}")

# %% [markdown]
# 寫 `learn`：拿到有標籤的特徵，傳回一個函式，它把特徵變成組的編號。用什麼方法都行，scikit-learn 也可以；只能從給的 90 個學。測試準確率達到 `GOAL` 就過關（換另外 90 個標籤也要過）。一律猜最多的那一組只有 0.2 左右；換了畫風，又只有 90 個標籤，這一題不容易。
#
# Write `learn`: it gets labelled features and returns a function that makes group numbers of features. Any method will do, scikit-learn as well, but it may learn from the given 90 alone. A test accuracy of `GOAL` passes, with another 90 labels too. Always to guess the largest group gives about 0.2; in another hand, with 90 labels, this is no easy task.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 步驟 2 的 `standardise`，再接 scikit-learn 的 `LogisticRegression`，就夠了。傳回的函式要記得訓練資料的平均和標準差，不能拿測試資料重算。
#
# `standardise` of step 2 and then scikit-learn's `LogisticRegression` will do. The function that you return must remember mean and standard deviation of the training data, and not compute them again from the test.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learn(features, groups):
    """Return a function that makes group numbers (n,) of features (n, 1280).

    Args:
        features: (labels, 1280). groups: (labels,), 0 ... 8.
    """
    ### BEGIN SOLUTION
    from sklearn.linear_model import LogisticRegression

    scaled, _ = standardise(features, features)
    regression = LogisticRegression(C=3e-3, max_iter=500).fit(scaled, groups)
    return lambda others: regression.predict(standardise(features, others)[1])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def accuracy_with(labels):
    """Learn from these labels and return the share of right answers on the second hand."""
    predict = learn(all_features[labels].copy(), all_groups[labels].copy())
    checks.that(callable(predict), "得到一個函式 / a function came back", f"learn 要傳回一個函式，得到 {type(predict).__name__} / learn should return a function")
    found = np.asarray(predict(twitter_features.copy()))
    checks.that(found.shape == twitter_groups.shape, "一張一個答案 / one answer a picture", f"要 {twitter_groups.shape} 個組的編號，得到 {found.shape} / expected one group number a picture")
    alone = np.asarray(predict(twitter_features[:7].copy()))
    checks.that(np.array_equal(alone, found[:7]), "答案和一起來的影像無關 / an answer does not depend on the pictures beside it",
                "同樣的影像，少了別的影像，答案就變了：標準化偷看了測試資料嗎？/ the same pictures get other answers without the rest: does standardising peek at the test data?")
    return (found == twitter_groups).mean()


reached = accuracy_with(chosen)
checks.that(reached >= GOAL, f"另一種畫風答對 {reached:.1%} / {reached:.1%} right in the second hand",
            f"答對 {reached:.1%}，還沒到 {GOAL:.0%}：九組都學到了嗎？/ {reached:.1%} right, not yet {GOAL:.0%}: were all nine groups learned?")
### BEGIN HIDDEN TESTS
for seed in (1, 2):
    reached = accuracy_with(draw(seed))
    checks.that(reached >= GOAL - 0.03, f"換 90 個標籤也有 {reached:.1%} / {reached:.1%} with another 90 labels",
                f"換 90 個標籤就只有 {reached:.1%} / with another 90 labels only {reached:.1%}")
### END HIDDEN TESTS

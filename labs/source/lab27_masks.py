# %% [markdown]
# # 練習 27：替遮罩打分數 · Lab 27: Marking masks
#
# 分割模型替每個像素選一個類別。打分數的程式很短，卻到處是陷阱：沒出現的類別、空的遮罩、被背景淹沒的平均。
#
# 目標：從遮罩算出每一類的 IoU 和 Dice，算一整批影像的平均，最後把一張壞掉的遮罩修好。
#
# A segmentation model chooses a class for every pixel. The program that marks it is short and full of traps: classes that do not occur, empty masks, means that drown in
# background.
#
# Goal: work out IoU and Dice per class from masks, the mean over a set of pictures, and in the end mend a spoiled mask.
#
# ⏱ 約 50 分鐘 · about 50 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [27](../notebooks/27_segmentation.ipynb) 課「影像分割」 · lesson [27](../notebooks/27_segmentation.ipynb), segmentation |
# | 資料 · Data | 自己算出來的遮罩，不用下載 · masks that we compute; nothing to download |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 每一類的 IoU 和 Dice · IoU and Dice per class | 3 |
# | 2 | 一批影像的平均 · the mean over a set | 3 |
# | 3 | 開放題：修好遮罩 · open: mend a mask | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import cv2
import matplotlib.pyplot as plt
import numpy as np

from utils.notebook import checks, profile

PICTURES = profile.choose(smoke=6, lesson=20, full=60)  # spoiled masks in step 3
profile.seed(27)

# %% [markdown]
# ## 步驟 1：一類一類算（3 分） · Step 1: Class by class (3 points)
#
# 遮罩是整數陣列：0 是背景，1 … `classes` 是物件的類別。傳回兩串，各有 `classes` 個數字：第一個是類別 1 的。
#
# 兩張遮罩裡都沒有的類別，0 除以 0 沒有意義：給 NaN，表示「這一類沒考」。只有一邊有的，是 0。
#
# A mask is an array of whole numbers: 0 is background, 1 … `classes` are the classes of objects. Return two lists of `classes` numbers each; the first belongs to class 1.
#
# For a class that neither mask has, 0 over 0 means nothing: give NaN, for "this class was not examined". A class that only one of them has gets 0.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `mask == kind` 是一張真假的遮罩；兩張真假遮罩的 `&` 是交集，`|` 是聯集，`.sum()` 數有幾個 True。
#
# `mask == kind` is a mask of True and False; of two such masks, `&` is the intersection and `|` the union, and `.sum()` counts what is True.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def iou_and_dice(truth, answer, classes):
    """Mark a mask.

    Args:
        truth, answer: whole numbers, arrays of the same shape; 0 is background.
        classes: how many classes there are beside the background, at least 1.

    Returns:
        Two arrays of `classes` numbers, IoU and Dice of the classes 1 ... classes; NaN where neither mask has the class.
    """
    ### BEGIN SOLUTION
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            both = (a & b).sum()
            iou[kind - 1], dice[kind - 1] = both / (a | b).sum(), 2 * both / (a.sum() + b.sum())
    return iou, dice
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def both_of(truth, answer, classes):
    """Return what `iou_and_dice` says as two arrays; NaN in place of a division by zero."""
    with np.errstate(all="ignore"):
        result = iou_and_dice(np.array(truth), np.array(answer), classes)
    checks.that(isinstance(result, tuple | list) and len(result) == 2 and all(np.shape(part) == (classes,) for part in result),
                "兩串數字，每類一個 / two lists, a number for each class",
                "要傳回兩串，各有 classes 個數字；背景不算。 / Return two lists of `classes` numbers each; the background has none.")
    return [np.asarray(part, float) for part in result]


iou, dice = both_of([[1, 1, 1, 0], [2, 2, 0, 0]], [[0, 1, 1, 1], [2, 2, 0, 0]], 2)
checks.close(iou, [2 / 4, 1], "IoU 對了 / IoU is right",
             "聯集裡，兩邊都有的像素只數一次；別類的像素不算。 / In the union, pixels of both count once; pixels of other classes do not count.")
checks.close(dice, [4 / 6, 1], "Dice 對了 / Dice is right",
             "Dice 是交集的兩倍，除以兩邊像素數的和。 / Dice is twice the intersection over the sum of both sizes.")
iou, dice = both_of([[1, 0], [0, 0]], [[0, 0], [2, 0]], 3)
checks.close([*iou[:2], *dice[:2]], [0, 0, 0, 0], "只有一邊有的是 0 / a class of one side only is 0",
             "只有一邊有的類別是 0：漏掉或多說，都不能不算。 / A class that only one side has is 0: missed or made up, it counts.")
checks.that(bool(np.isnan(iou[2]) and np.isnan(dice[2])), "兩邊都沒有的是 NaN / a class of neither side is NaN",
            "兩邊都沒有的類別要給 NaN，不是 0，也不是 1。 / A class that neither side has is NaN, not 0 and not 1.")


def check_marks(seed):
    """Check on random masks that Dice follows from IoU, that sides can be swapped, and that perfect is 1."""
    generator = np.random.default_rng(seed)
    truth, answer = generator.integers(0, 4, (2, 3, 20, 30))
    iou, dice = both_of(truth, answer, 3)
    counts = [[((truth == k) & (answer == k)).sum(), ((truth == k) | (answer == k)).sum()] for k in (1, 2, 3)]
    checks.close(iou, [a / b for a, b in counts], "隨機的遮罩也對 / random masks are right",
                 "三維的遮罩（一疊）也要能算：數的是全部像素。 / It must work for stacks of masks as well: count all their pixels.")
    checks.close(dice, 2 * iou / (1 + iou), "Dice = 2 IoU / (1 + IoU)", "Dice 和 IoU 對不起來。 / Dice and IoU do not belong together.")
    checks.close(both_of(answer, truth, 3)[0], iou, "交換兩邊，一樣 / swapping the sides changes nothing", "交換兩邊之後答案變了。 / The answer changes when the sides are swapped.")


check_marks(1)

### BEGIN HIDDEN TESTS
check_marks(101)
checks.close(both_of(np.full((5, 5), 4), np.full((5, 5), 4), 4)[1][3], 1, "整張都是同一類也對 / a mask full of one class is right",
             "整張都是同一類時不對。 / Wrong for a mask that is full of one class.")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：一批影像（3 分） · Step 2: A set of pictures (3 points)
#
# 一批影像的「平均 Dice」有兩種算法：每張影像先算好再平均，或把所有像素倒在一起算一次。這裡用第一種：
#
# 1. 每張影像：有考的類別（不是 NaN）的 Dice 平均；
# 2. 一類都沒考的影像（兩張遮罩都是空的）不算；
# 3. 剩下的影像再平均。全部都不算時，傳回 NaN。
#
# There are two ways to a "mean Dice" of a set: picture by picture and then the mean, or all pixels in one heap. Here it is the first:
#
# 1. for each picture, the mean Dice of the classes that were examined (not NaN);
# 2. pictures in which none was (both masks are empty) do not count;
# 3. the mean over the pictures that are left. If there are none, return NaN.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# `np.nanmean` 會跳過 NaN，但全部都是 NaN 時會警告；先用 `np.isnan(...)` 挑掉。`mean_dice` 裡可以用你的 `iou_and_dice`。
#
# `np.nanmean` skips NaN, and warns where all are NaN; leave those out first, by `np.isnan(...)`. You may use your `iou_and_dice` in `mean_dice`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_dice(truths, answers, classes):
    """Return the mean Dice over pictures.

    Args:
        truths, answers: (pictures, height, width), whole numbers; 0 is background.
        classes: how many classes there are beside the background.

    Returns:
        A number, 0 ... 1; NaN if no picture counts.
    """
    ### BEGIN SOLUTION
    means = []
    for truth, answer in zip(truths, answers, strict=True):
        dice = iou_and_dice(truth, answer, classes)[1]
        examined = dice[~np.isnan(dice)]
        if len(examined):
            means.append(examined.mean())
    return float(np.mean(means)) if means else float("nan")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
empty = np.zeros((2, 4), int)
first, first_answer = np.array([[1, 1, 0, 0], [0, 0, 2, 2]]), np.array([[1, 1, 0, 0], [0, 0, 2, 0]])  # Dice 1 and 2/3
second, second_answer = np.array([[1, 0, 0, 0], [0, 0, 0, 0]]), np.array([[0, 0, 0, 0], [0, 0, 0, 0]])  # missed: 0
checks.close(mean_dice(np.array([first]), np.array([first_answer]), 3), (1 + 2 / 3) / 2, "一張影像：有考的類別平均 / one picture: the mean of what was examined",
             "類別 3 沒考，不能當 0，也不能當 1。 / Class 3 was not examined; it is neither 0 nor 1.")
checks.close(mean_dice(np.array([first, second]), np.array([first_answer, second_answer]), 3), 5 / 12, "兩張影像各一票 / each picture has one vote",
             "要先一張一張算，再平均；不是把所有像素倒在一起，也不是把所有類別倒在一起。 / Picture by picture, then the mean: not all pixels in one heap, nor all classes.")
checks.close(mean_dice(np.array([first, empty]), np.array([first_answer, empty]), 3), 5 / 6, "空的影像不算 / an empty picture does not count",
             "兩張遮罩都空的影像不算：它不是 0 分，也不是滿分。 / A picture whose masks are both empty does not count: it is no 0 and no 1.")
checks.that(bool(np.isnan(mean_dice(np.array([empty]), np.array([empty]), 3))), "全部都不算時是 NaN / NaN where none counts",
            "沒有影像可算時要傳回 NaN。 / Return NaN where no picture counts.")

### BEGIN HIDDEN TESTS
checks.close(mean_dice(np.array([empty, second, first, empty]), np.array([second, second, first_answer, empty]), 2), (0 + 1 + 5 / 6) / 3,
             "多說的也要算 / what was made up counts", "答案是空的、模型卻說有的影像，是 0 分。 / A picture where the model makes something up gets 0.")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：修好遮罩（4 分） · Step 3: Mend a mask (4 points)
#
# 一個模型的答案大致對，但撒滿了雜點：物件裡有小洞，背景上有碎屑，類別也有零星的錯。你來寫 `mend`：拿到一張壞的遮罩，傳回修好的。
#
# 評分：平均 Dice（用你的 `mean_dice` 的規則），要把壞掉的部分至少補回七成，也就是離 1 的距離縮短 70 %。
#
# The answers of a model are roughly right but full of specks: small holes in objects, crumbs on the background, single wrong classes. You write `mend`: given a spoiled
# mask, return a better one.
#
# The mark: mean Dice, by the rules of step 2. At least seven tenths of the damage must be made good: the distance from 1 must shrink by 70 %.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 問問鄰居：一個像素換成附近最多的類別。`cv2.blur((mask == kind).astype(np.float32), (5, 5))` 是附近有多少比例屬於 `kind`；每類算一張，疊起來取最大的。太小的碎塊可以用 `cv2.connectedComponentsWithStats` 找出來。
#
# Ask the neighbours: give a pixel the class that is commonest around it. `cv2.blur((mask == kind).astype(np.float32), (5, 5))` is the share of `kind` nearby; make one for
# each class, stack them, take the largest. Crumbs can be found by `cv2.connectedComponentsWithStats`.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "spoiled", "locked": true, "schema_version": 3, "solution": false, "task": false}
def make_picture(generator):
    """Make a true mask of 64 × 64 with ellipses of three classes, and what is left of it."""
    truth = np.zeros((64, 64), np.uint8)
    for _ in range(generator.integers(2, 6)):
        centre, axes = generator.integers(8, 56, 2).tolist(), generator.integers(5, 14, 2).tolist()
        cv2.ellipse(truth, centre, axes, float(generator.uniform(0, 180)), 0, 360, int(generator.integers(1, 4)), -1)
    answer = truth.copy()
    specks = generator.random(truth.shape) < 0.12
    answer[specks] = generator.integers(0, 4, specks.sum())
    for _ in range(6):  # crumbs and holes
        row, column = generator.integers(0, 61, 2)
        answer[row : row + 2, column : column + 3] = generator.integers(0, 4)
    return truth, answer


def make_pictures(seed):
    """Make PICTURES of them: true masks and spoiled ones."""
    generator = np.random.default_rng(seed)
    truths, answers = zip(*(make_picture(generator) for _ in range(PICTURES)), strict=True)
    return np.array(truths), np.array(answers)


practice = make_pictures(seed=1)
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8))
for axis, mask, name in zip(axes, (practice[0][0], practice[1][0], practice[0][1], practice[1][1]), ("truth", "spoiled") * 2, strict=True):
    axis.imshow(mask, cmap="tab10", vmin=0, vmax=9)
    axis.set(title=name, xticks=[], yticks=[])
plt.show()


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mend(mask):
    """Return a better mask.

    Args:
        mask: (height, width), uint8, classes 0 ... 3.

    Returns:
        A mask of that shape, whole numbers 0 ... 3.
    """
    ### BEGIN SOLUTION
    votes = [cv2.GaussianBlur((mask == kind).astype(np.float32), (7, 7), 2) for kind in range(4)]
    return np.argmax(votes, axis=0).astype(np.uint8)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def mark(truths, answers):
    """Return the mean Dice by the rules of step 2."""
    means = []
    for truth, answer in zip(truths, answers, strict=True):
        kinds = [k for k in (1, 2, 3) if (truth == k).any() or (answer == k).any()]
        means.append(np.mean([2 * ((truth == k) & (answer == k)).sum() / ((truth == k).sum() + (answer == k).sum()) for k in kinds]))
    return float(np.mean(means))


def check_mending(pictures, share=0.7):
    """Check what `mend` returns, then its mark."""
    truths, spoiled = pictures
    mended = [np.asarray(mend(mask.copy())) for mask in spoiled]
    checks.that(all(one.shape == (64, 64) and one.dtype.kind in "iu" and one.min() >= 0 and one.max() <= 3 for one in mended),
                "遮罩的形狀和類別都對 / shape and classes are right", "要傳回一樣大的整數遮罩，類別 0 到 3。 / Return a mask of the same size, whole numbers from 0 to 3.")
    before, after = mark(truths, spoiled), mark(truths, mended)
    made_good = (after - before) / (1 - before)
    checks.that(made_good >= share, f"Dice {before:.3f} → {after:.3f}，補回 {made_good:.0%} / {made_good:.0%} made good",
                f"Dice {before:.3f} → {after:.3f}，只補回 {made_good:.0%}，要 {share:.0%}：一個像素和它的鄰居多半同類，小碎屑要看得夠遠才分得出來。 / "
                f"Dice {before:.3f} → {after:.3f}: {made_good:.0%} made good, {share:.0%} is wanted. A pixel is mostly of its neighbours' class, and to tell a crumb one must look far enough.")


check_mending(practice)

### BEGIN HIDDEN TESTS
check_mending(make_pictures(seed=127), share=0.6)  # chance must not decide
### END HIDDEN TESTS

# %% [markdown]
# ## 檢查與想一想 · Check, and think further
#
# 在終端機執行 `make check-lab LAB=27`，看看哪幾步過了。
#
# 🤔 你的 `mend` 會不會把細的東西（電線、筆畫）也抹掉？第 27 課的網路不需要這一步，為什麼？
#
# Run `make check-lab LAB=27` in a terminal to see which steps pass.
#
# 🤔 Would your `mend` wipe out thin things, too, such as wires and strokes? The network of lesson 27 needs no such step; why?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 會。參考解答問的是附近 7 × 7 的鄰居：我們給它一條直線，寬 1 或 2 個像素，整條都不見；寬 3 個像素以上，留下九成以上。細的東西，鄰居大多是背景，投票永遠輸；對它來說，細線和碎屑長得一樣。
#
# 第 27 課的網路不是投票，是學的：每個像素的答案看很大一塊影像，訓練時看的就是數字的筆畫，漏掉就要扣分；而且它看的是影像，不只是遮罩，影像裡筆畫和雜點不一樣。猜「網路一定也會抹平」的人有一半對：如果它先把影像縮得太小，細的東西在裡面就不見了，所以才要跳接（skip connection）把大張的細節接回來。
#
# Yes. The sample solution asks the neighbours in 7 × 7 pixels. We gave it a straight line: 1 or 2 pixels wide it was gone altogether, from 3 pixels on more than nine tenths were left. Around a thin thing most
# neighbours are background, so it loses every vote; to this rule a thin line and a crumb are alike.
#
# The network of lesson 27 does not vote, it has learned: the answer for each pixel looks at a large piece of the picture, it was trained on the strokes of digits and paid for each that it left out. And it sees
# the picture, not just a mask, and in the picture a stroke is unlike a speck. Who thought that a network smooths, too, is half right: where it first shrinks the picture too far, thin things get lost inside; that is why skip
# connections bring the details back.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# # 26 自己訓練一個偵測器 · Train a detector of your own
#
# 🗺 從零訓練一個小 SSD · Train a small SSD from scratch
#
# 前三課用的都是別人訓練好的模型。這一課從零開始：場景自己做，方框自己算，SSD 自己訓練，最後用 mAP 替自己打分數。
#
# 上完這一課，你可以
# 1. 寫出錨框（anchor）的配對、難負樣本和精確率–召回率曲線，每一樣都只有幾行；
# 2. 在兩個 CPU 核心上，幾分鐘內訓練出一個在沒看過的場景上也管用的偵測器；
# 3. 用同樣的門檻、同樣的 NMS，和「拿分類器到處滑動」的老辦法比一比，也說得出「背景」這一類值多少。
#
# The last three lessons used models that others had trained. This one starts from nothing: we make the scenes, compute the boxes, train
# an SSD and mark it by mAP.
#
# After this lesson you can
# 1. write the matching of anchors, hard negatives and the precision-recall curve, a few lines each;
# 2. train a detector within minutes on two CPU cores that works on scenes it has never seen;
# 3. compare it, at the same threshold and with the same NMS, with the old way of sliding a classifier over the picture, and say what a
#    class for the background is worth.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [06](06_convolutions.ipynb) 的卷積網路，[05](05_backpropagation.ipynb) 的交叉熵和學習率，[23](23_object_detection.ipynb) 的方框、IoU 和 NMS · convolutional networks of [06](06_convolutions.ipynb), cross-entropy and learning rate of [05](05_backpropagation.ipynb), boxes, IoU and NMS of [23](23_object_detection.ipynb) |
# | 學習時間 · Study time | 約 75 分鐘，含空格和問題 · about 75 minutes, with gaps and questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0），拼成有雜物的場景 · MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0), composed into scenes with clutter |
# | 硬體 · Hardware | 兩個 CPU 核心就夠；有 GPU 會更快 · two CPU cores are enough; a GPU is faster |
# | 投影片 · Slides | 物件偵測 Labs 的延伸：SSD 是怎麼來的（新增） · beyond the object detection labs: where SSD comes from (new) |

# %% slideshow={"slide_type": "skip"}
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from utils.data import datasets
from utils.detection import metrics, scenes, ssd
from utils.detection.detector import Detector, as_detections
from utils.models import evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAINING_SCENES = profile.choose(smoke=160, lesson=4000, full=20000)
VALIDATION_SCENES = profile.choose(smoke=40, lesson=300, full=1000)
TEST_SCENES = profile.choose(smoke=40, lesson=300, full=1000)
EPOCHS = profile.choose(smoke=2, lesson=4, full=12)
RIVAL_SCENES = profile.choose(smoke=160, lesson=1600, full=10000)  # of the training scenes, for step 9 under make seeds
WINDOW_SCENES = profile.choose(smoke=20, lesson=400, full=3000)  # of the training scenes, to cut windows from
SLIDING_SCENES = profile.choose(smoke=5, lesson=40, full=300)  # of the test scenes, for the old way, which is slow
SEED = profile.chosen_seed(20)
profile.seed(20)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：場景 · Step 1: Scenes
#
# 每個場景 96 × 96，有一到五個手寫數字，大小不一，還撒了八塊數字碎片當**雜物**。碎片也是筆畫，所以「有墨水」不等於「有數字」。方框緊貼著墨水。
#
# 場景分三份。**訓練**場景用 MNIST 前 50,000 張訓練圖；**驗證**場景用剩下的 10,000 張，一路上看的都是它；**測試**場景用測試圖，等一切都決定了，最後才打開一次。測試圖和訓練圖沒有同一個人寫的字；驗證用的數字雖然沒有訓練過，卻可能是同一個人寫的。
#
# A scene has 96 × 96 pixels and one to five handwritten digits of different sizes, with eight pieces of digits as **clutter**. Pieces are
# strokes too, so "there is ink" does not mean "there is a digit". Boxes are tight around the ink.
#
# Scenes come in three sets. **Training** scenes use the first 50,000 of MNIST's training images; **validation** scenes the other 10,000,
# and they are what we look at on the way; **test** scenes use the test images, and are opened once, at the end, when all is decided. Nobody
# wrote for both training and test images; validation digits were not trained on, but may be by the same hands.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, y_train, x_validation, y_validation = x_train[:50_000], y_train[:50_000], x_train[50_000:], y_train[50_000:]
example_scenes, example_truths = scenes.make_scenes(x_train, y_train, 8, seed=1)
print(example_scenes.shape, example_scenes.dtype)
print("digits in the first four:", [truth.data["class_name"].tolist() for truth in example_truths[:4]])


# %% alt={"zh": "八個黑底的場景，各有一到四個大小不同的手寫數字，綠框貼著它們；旁邊散著沒有框的筆畫碎片。", "en": "Eight black scenes with one to four handwritten digits of various sizes in tight green boxes; pieces of strokes without a box are scattered around."} slideshow={"slide_type": "fragment"}
def draw(axis, scene, boxes, color="#d9541e", names=True, linestyle="-"):
    """Draw a scene and boxes with their classes and scores."""
    axis.imshow(scene, cmap="gray", vmin=0, vmax=255)
    axis.axis("off")
    for i, (left, top, right, bottom) in enumerate(boxes.xyxy - 0.5):
        axis.add_patch(plt.Rectangle((left, top), right - left, bottom - top, fill=False, ec=color, lw=1.5, ls=linestyle))
        if names:
            score = "" if boxes.confidence is None else f" {boxes.confidence[i]:.2f}"
            axis.text(left, top - 1, boxes.data["class_name"][i] + score, color=color, fontsize=8, va="bottom")


figure, axes = plt.subplots(2, 4, figsize=(9, 4.6))
for axis, scene, truth in zip(axes.flat, example_scenes, example_truths, strict=True):
    draw(axis, scene, truth, color="#3a8f4d")
plt.show()

# %% slideshow={"slide_type": "skip"}
start = time.perf_counter()
train_scenes, train_truths = scenes.make_scenes(x_train, y_train, TRAINING_SCENES, seed=3 * SEED)
validation_scenes, validation_truths = scenes.make_scenes(x_validation, y_validation, VALIDATION_SCENES, seed=3 * SEED + 1)
print(f"{TRAINING_SCENES + VALIDATION_SCENES:,} scenes in {time.perf_counter() - start:.0f} s, "
      f"{sum(map(len, train_truths)):,} digits to learn from")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：IoU · Step 2: IoU
#
# 兩個方框有多像？交集的面積除以聯集的面積：
#
# How alike are two boxes? The area of the intersection over the area of the union:
#
# $$\mathrm{IoU}(A, B) = \frac{|A \cap B|}{|A \cup B|}$$

# %% alt={"zh": "一藍一橘兩個一樣大的方塊，五次，越移越開：從完全重疊，到只剩一角相碰，數字從 1 降到 0。", "en": "A blue and an orange square of one size, five times and ever farther apart: from lying on one another to touching at a corner, while the number falls from 1 to 0."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 5, figsize=(9.5, 2.2))
for axis, shift in zip(axes, (0, 2, 5, 10, 20), strict=True):
    first, second = np.array([0, 0, 20, 20]), np.array([shift, shift, 20 + shift, 20 + shift])
    for box, color in ((first, plots.COLORS[0]), (second, plots.COLORS[1])):
        axis.add_patch(plt.Rectangle(box[:2], 20, 20, alpha=0.45, color=color))
    overlap = metrics.iou([first], [second])[0, 0]
    axis.set(xlim=(-1, 41), ylim=(41, -1), aspect="equal", title=f"IoU {overlap:.2f}")
    axis.axis("off")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 邊長 20 的方框，往右下移 5 個像素，IoU 就掉到 0.4 以下。慣例說 0.5 以上才算找到，這算嚴格還是寬鬆？
#
# 🤔 Moved by 5 pixels to the right and down, a box of side 20 falls below an IoU of 0.4. By convention 0.5 counts as found. Is that strict
# or generous?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩個都對，看你在意什麼：用眼睛看算寬鬆，用像素算、物件又小，就算嚴格。往右下各移 5 個像素，交集是 15 × 15 = 225，聯集是 800 − 225 = 575，IoU 是 0.39：每個方向只差四分之一，就不算找到了。同樣的 5 個像素，放在邊長 200 的方框上，IoU 還有 0.9 左右。常見的誤會是「IoU 0.5 等於蓋住一半」：兩個一樣大的方框要 0.5，得重疊三分之二。要更嚴格，就把 0.5 到 0.95 的門檻都算一遍再平均，COCO 就是這樣。
#
# Both, as you look at it: to the eye it is generous; counted in pixels it is strict for small objects. Moved by 5 each way the
# intersection is 15 × 15 = 225, the union 800 − 225 = 575, and the IoU 0.39: a quarter of the side each way, and the box no
# longer counts. The same 5 pixels on a box of side 200 leave an IoU of about 0.9. A usual mistake is "0.5 means half covered":
# two boxes of one size need two thirds in common. To be stricter, average over thresholds from 0.5 to 0.95, as COCO does.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：錨框 · Step 3: Anchors
#
# 網路的輸出數目是固定的，場景裡有幾個數字卻不一定。SSD 的辦法：先在固定的位置擺滿**錨框**，大小和形狀各幾種，然後問每一個錨框兩個問題：「你這裡是什麼？」（可以答「背景」）、「你該怎麼移動、縮放才會剛好？」
#
# A network has a fixed number of outputs, a scene any number of digits. SSD's way out: put **anchors** in fixed places, in a few sizes
# and shapes, and ask each of them two questions: "what is here?" ("background" is an answer) and "how must you move and grow to fit?"

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
anchors = ssd.make_anchors()
for cells, heights in ssd.GRIDS.items():
    print(f"{cells} × {cells} cells × heights {heights} × widths {ssd.ASPECTS} of the height"
          f" = {cells**2 * len(heights) * len(ssd.ASPECTS)} anchors")
print("together", len(anchors))

# %% [markdown] slideshow={"slide_type": "fragment"}
# **配對**（matching）：哪一個錨框負責哪一個數字？每個錨框看看自己和誰的 IoU 最大，達到 0.5 就負責那個數字，不到就是背景。
#
# ✏️ 寫出 `responsible`。`overlap` 一列是一個錨框，一欄是一個數字，格子裡是它們的 IoU。每個錨框一個答案：數字的編號（第幾欄），背景是 −1。
#
# **Matching**: which anchor is responsible for which digit? Each anchor looks for the digit with which its IoU is largest; from 0.5 on it is
# responsible for that digit, below it is background.
#
# ✏️ Write `responsible`. A row of `overlap` is an anchor, a column is a digit, and in the cell is their IoU. One answer for each anchor: the
# number of the digit (which column), or −1 for background.

# %% gap="matching" slideshow={"slide_type": "fragment"}
def responsible(overlap):
    """Return for each anchor the digit that it is responsible for, or -1: (anchors, digits) to (anchors,)."""
    ### BEGIN SOLUTION
    return np.where(overlap.max(axis=1) >= 0.5, overlap.argmax(axis=1), -1)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
overlaps = np.array([[0.7, 0.2], [0.1, 0.9], [0.4, 0.3], [0.6, 0.8], [0.5, 0.0]])  # five anchors, two digits
answer = np.asarray(responsible(overlaps))
checks.that(answer.shape == (5,), "一個錨框一個答案。 One answer for each anchor.",
            "五個錨框要有五個答案：錨框在列，往哪個方向找最大的？ Five anchors need five answers: anchors are rows, so along which axis is the maximum?")
checks.close(answer[2], -1, "誰都不夠像的錨框是背景。 An anchor that overlaps nobody enough is background.",
             "第三個錨框最多只有 0.4，應該是背景。 The third anchor reaches 0.4 at most: that is background.")
checks.close(answer[4], 0, "剛好 0.5 也算。 Exactly 0.5 counts.", "達到 0.5 就算，包括剛好 0.5。 From 0.5 on, and 0.5 itself is included.")
checks.close(answer[[0, 1, 3]], [0, 1, 1], "每個錨框都負責重疊最多的數字。 Each anchor has the digit that it overlaps most.",
             "答案是數字的編號，要選 IoU 最大的那一欄，不是第一個夠大的。 "
             "The answer is the number of a digit: the column with the largest IoU, not the first that is large enough.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這樣夠嗎？數一數：有多少數字，沒有任何錨框負責？
#
# Is that enough? Let us count the digits for which no anchor is responsible.

# %% slideshow={"slide_type": "fragment"}
shown = train_truths[:300]
lonely = sum(len(truth) - len(set(responsible(metrics.iou(anchors, truth.xyxy)).tolist()) - {-1}) for truth in shown)
print(f"{lonely} of {sum(map(len, shown))} digits have no anchor of their own")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這些數字的答案裡根本沒有它，網路再會學也學不到。所以 `match_anchors` 再加一條：每個數字另外分到一個最合的錨框，就算 IoU 不到 0.5。兩個數字搶同一個錨框時，IoU 大的先選，另一個拿次好的。
#
# Such a digit is missing from the answers, and no network could learn it. So `match_anchors` adds a rule: every digit also gets an anchor
# that suits it best, even below an IoU of 0.5. Where two want the same anchor, the larger IoU goes first and the other takes its next best.

# %% slideshow={"slide_type": "fragment"}
display.source(ssd.match_anchors)

# %% alt={"zh": "同一個場景三次。左：許多藍框，有大有小，鋪滿整張圖。中：只剩幾個橘框，圍著 7、6、1。右：三個數字的綠框。", "en": "One scene three times. Left: many blue boxes, large and small, all over it. Middle: a few orange ones around the 7, the 6 and the 1. Right: the green boxes of the three digits."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 3, figsize=(9.5, 3.3))
scene, truth = example_scenes[0], example_truths[0]
chosen = ssd.match_anchors(anchors, truth.xyxy)
some = np.random.default_rng(0).choice(len(anchors), 60, replace=False)
matched = np.flatnonzero(chosen >= 0)
nobody = np.zeros(len(anchors), int)
for axis, shown, color in zip(axes, (some, matched), ("#7aa6d8", "#d9541e"), strict=False):
    draw(axis, scene, as_detections(anchors[shown], nobody[shown], scenes.DIGIT_NAMES), color, names=False)
draw(axes[2], scene, truth, "#3a8f4d")
titles = "60 of the anchors", f"{len(matched)} matched anchors", "the truth"
for axis, title in zip(axes, titles, strict=True):
    axis.set_title(title)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 錨框學的不是座標，而是**差多少**：中心移動了錨框寬高的幾分之幾，寬高放大了幾倍（取對數）。這樣大數字和小數字的答案一樣大。程式再把它們除以 0.1（位置）和 0.2（大小），讓答案大約是 1 的大小。
#
# An anchor does not learn coordinates but **differences**: by which share of its size the centre moves, and by which factor (its
# logarithm) it grows. So the answers for large and small digits are of one size. The code then divides by 0.1 (place) and 0.2 (size), which
# brings them to about the size of 1.
#
# $$t_x = \frac{x - x_a}{w_a},\quad t_y = \frac{y - y_a}{h_a},\quad t_w = \log\frac{w}{w_a},\quad t_h = \log\frac{h}{h_a}$$

# %% slideshow={"slide_type": "fragment"}
def centre_form(box):
    """Turn left, top, right, bottom into the centre x, y, and width and height."""
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把四個公式寫成 `offsets`（先不除以 0.1 和 0.2）。`centre_form` 給你方框的中心和寬高。
#
# ✏️ Write the four formulas as `offsets` (without the 0.1 and 0.2). `centre_form` gives centre, width and height of a box.

# %% gap="offsets" slideshow={"slide_type": "fragment"}
def offsets(box, anchor):
    """Return t_x, t_y, t_w, t_h: how the anchor must move and grow to become the box."""
    x, y, width, height = centre_form(box)
    x_a, y_a, width_a, height_a = centre_form(anchor)
    ### BEGIN SOLUTION
    return [(x - x_a) / width_a, (y - y_a) / height_a, np.log(width / width_a), np.log(height / height_a)]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
small, twice = offsets([13, 10, 23, 50], [10, 10, 20, 50]), offsets([26, 20, 46, 100], [20, 20, 40, 100])
checks.that(np.shape(small) == (4,), "四個數字。 Four numbers.", "要傳回四個數字：t_x、t_y、t_w、t_h。 Return four numbers: t_x, t_y, t_w, t_h.")
checks.that(float(small[0]) > 0, "往右是正的。 To the right is positive.",
            "方框在錨框右邊，t_x 應該是正的：方框減錨框。 The box is to the right of the anchor, so t_x is positive: box minus anchor.")
checks.close(twice, small, "全部放大兩倍，答案不變。 Twice as large, the same answer.",
             "方框和錨框一起放大兩倍，答案變了：移動要除以錨框的大小。 "
             "The answer changes when box and anchor are enlarged together: divide the move by the size of the anchor.")
checks.close(offsets([0, 0, 20, 10], [0, 0, 20, 10]), [0, 0, 0, 0], "已經一樣的，什麼都不用改。 Nothing to change where they agree.",
             "一樣大時，「放大幾倍」的對數應該是 0。 Where the sizes agree, the logarithm of the factor is 0.")
checks.close(offsets([10, 20, 30, 30], [0, 0, 10, 40]), [1.5, 0.125, np.log(2), np.log(0.25)], "四個公式都對。 All four formulas are right.",
             "x 除以錨框的寬，y 除以錨框的高，不是方框自己的寬高。 x goes by the anchor's width, y by its height, not by those of the box.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
target = ssd.make_target(truth, anchors)
print("target of one scene:", target.shape)
back = ssd.decode(target[matched, 1:], anchors[matched])
print("decoded again, all boxes exact:", bool(np.allclose(back, truth.xyxy[chosen[matched]], atol=1e-3)))
mine = offsets(truth.xyxy[chosen[matched[0]]], anchors[matched[0]])
print("yours, divided by 0.1 and 0.2, is in the target:", bool(np.allclose(mine / ssd.VARIANCES, target[matched[0], 1:], atol=1e-4)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：網路 · Step 4: The network
#
# 八層卷積，邊走邊縮小。12 × 12 的特徵圖負責小數字，6 × 6 的負責大數字；每個格子、每個錨框輸出 11 個類別分數和 4 個差值。看**一次**就全部回答，所以叫 single shot。
#
# Eight convolutions that shrink the picture on the way. The 12 × 12 features answer for small digits, the 6 × 6 for large ones; each anchor
# of each cell gives 11 class scores and 4 differences. One look answers everything, hence "single shot".

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
model = ssd.build_ssd()
print(model.input_shape, "→", model.output_shape, f"{model.count_params():,} parameters")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：損失 · Step 5: The loss
#
# $$L = \frac{1}{N}\left(L_{\text{class}} + L_{\text{box}}\right)$$
#
# $N$ 是配到數字的錨框數。$L_{\text{box}}$ 只算配到的（背景沒有方框可學）。$L_{\text{class}}$ 有個麻煩：一千個錨框裡，平均不到八個不是背景。SSD 的辦法是背景只挑**最難的**：最像數字的那些，數目是配到的三倍，其餘不算。
#
# $N$ is the number of matched anchors. $L_{\text{box}}$ counts matched ones only (the background has no box to learn). $L_{\text{class}}$
# has a difficulty: of a thousand anchors, fewer than eight on average are not background. SSD's way is to count only the **hardest** of the
# background, those that look most like digits, three for each match, and none of the rest.

# %% slideshow={"slide_type": "fragment"}
train_targets = np.stack([ssd.make_target(truth, anchors) for truth in train_truths])
validation_targets = np.stack([ssd.make_target(truth, anchors) for truth in validation_truths])
share = (train_targets[..., 0] > 0).mean()
print(f"{share:.1%} of the anchors hold a digit; always answering 'background' would be right for {1 - share:.1%}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出 `hardest`。`loss` 是一個場景裡每個錨框的分類損失，`matched` 說它有沒有配到數字。傳回一樣長的 True／False：沒配到、損失最大的那幾個是 True，數目是配到的三倍。（損失大，就是「明明是背景，網路卻說像數字」。）
#
# ✏️ Write `hardest`. `loss` is the class loss of each anchor of one scene, `matched` says whether it has a digit. Return as many True and
# False: True for those without a digit whose loss is largest, three times as many as have one. (A large loss means: it is background, and
# the network says that it looks like a digit.)

# %% gap="hardest" slideshow={"slide_type": "fragment"}
def hardest(loss, matched):
    """Mark the hardest of the background, three for each matched anchor: (anchors,) and (anchors,) to (anchors,)."""
    ### BEGIN SOLUTION
    order = np.argsort(np.where(matched, np.inf, -loss))  # hardest background first, matched ones last
    chosen = np.zeros(len(loss), bool)
    chosen[order[: 3 * matched.sum()]] = True
    return chosen
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
example_loss = np.array([9.0, 0.2, 5.0, 0.1, 4.0, 3.0, 0.3, 8.0, 2.0, 1.0])
marked = np.asarray(hardest(example_loss, np.arange(10) == 0))  # the first anchor has a digit
checks.that(marked.dtype == bool and marked.shape == (10,), "每個錨框都說了要不要。 Every anchor is told yes or no.",
            "要傳回和錨框一樣多的 True 或 False。 Return True or False, one for each anchor.")
checks.that(not marked[0], "配到數字的不算背景。 A matched anchor is not background.",
            "第一個錨框配到數字了，不能又當背景。 The first anchor has a digit; it cannot be background as well.")
checks.that(marked.sum() == 3, "配到一個，背景挑三個。 Three for the one match.",
            "配到一個，就只挑三個背景。 For one match, three of the background, no more and no fewer.")
checks.that(marked[[2, 4, 7]].all(), "挑的是最難的。 They are the hardest.",
            "難的是損失**大**的：網路把背景看成數字。 Hard means a **large** loss: the network takes background for a digit.")
checks.that(np.sum(hardest(example_loss, np.arange(10) < 2)) == 6, "配到兩個，就挑六個。 Six for two matches.",
            "配到兩個的時候要挑六個：數目跟著配到的走。 For two matches there should be six: the number follows the matches.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 程式裡的版本一次處理整批場景，做的事一樣。
#
# The version in the program does the same for a whole batch of scenes at once.

# %% slideshow={"slide_type": "fragment"}
display.source(ssd.hardest_negatives)

# %% slideshow={"slide_type": "fragment"}
display.source(ssd.ssd_loss)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：訓練 · Step 6: Train
#
# 普通的 `fit`：Adam，學習率照餘弦曲線降到零。這條曲線你可以看著調參數：驗證場景本來就是給你挑東西用的，測試場景還沒打開。
#
# An ordinary `fit`: Adam, with a learning rate that follows a cosine down to zero. Tune by this curve as you like: validation scenes are
# there to choose by, and the test scenes are still closed.

# %% slideshow={"slide_type": "fragment"}
schedule = keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=EPOCHS * -(-TRAINING_SCENES // 32))
model.compile(keras.optimizers.Adam(schedule), loss=ssd.ssd_loss, jit_compile=False)  # XLA is slower here, on CPUs
start = time.perf_counter()
history = model.fit(train_scenes[..., None] / np.float32(255), train_targets, batch_size=32, epochs=EPOCHS, verbose=2,
                    validation_data=(validation_scenes[..., None] / np.float32(255), validation_targets))
training_seconds = time.perf_counter() - start
print(f"trained for {training_seconds:.0f} s")

# %% alt={"zh": "四個訓練週期的損失，訓練和驗證都下降；第三個週期起訓練低於驗證。", "en": "Loss over four epochs; training and validation both fall, and from the third epoch on training is the lower."} slideshow={"slide_type": "fragment"}
plots.history(history, metrics=["loss"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 驗證損失比訓練損失高還是低？第一個訓練週期的驗證損失為什麼有時很糟？（提示：批次正規化的移動平均）
#
# 🤔 Is the validation loss above or below the training loss? Why may the first epoch's be bad? (Hint: the moving averages of batch
# normalisation.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看上面印出的數字：開頭的訓練週期，驗證損失比較低；後面就比較高。訓練損失是整個訓練週期**邊學邊算**的平均，剛開始的壞成績也算進去；驗證損失是週期結束後才算，所以開頭會比較低。之後模型越來越熟悉訓練場景，驗證損失就比較高。第一個週期有時很糟，是因為驗證時用批次正規化的**移動平均**，更新次數少時還沒追上快速變動的權重。常見的誤會是「驗證比訓練低，一定算錯了」，或「驗證比訓練高，就該停了」：這裡驗證損失到最後都還在下降。
#
# Look at the numbers above: below it in the first epochs, above it later. The training loss is a mean taken **while** the network learns,
# the bad start included; the validation loss comes at the end of the epoch, so it is lower at first. Later the network knows the training
# scenes better than others. The first epoch may be bad because validation uses the **moving averages** of batch normalisation, which after
# few updates lag behind weights that change fast. Usual mistakes: "validation below training must be an error", and "validation above
# training means stop": here the validation loss still falls at the end.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：看結果 · Step 7: Look
#
# 驗證場景，沒有拿來訓練過。橘色是預測（門檻 0.3，NMS 之後），綠色虛線是答案。
#
# Validation scenes, which were not trained on. Orange: predictions above 0.3, after NMS. Green and dashed: the truth.

# %% alt={"zh": "八個場景，橘框是預測，綠色虛線是答案。大部分重合；有兩個細長的 1 沒找到，也有同一個數字框了兩次。", "en": "Eight scenes, predictions in orange and the truth in dashed green. Most coincide; two thin 1s are missed, and some digits have two boxes."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
detector = ssd.SsdDetector(model)
figure, axes = plt.subplots(2, 4, figsize=(9, 4.8))
for axis, scene, truth in zip(axes.flat, validation_scenes, validation_truths, strict=False):
    draw(axis, scene, truth, "#3a8f4d", names=False, linestyle="--")
    draw(axis, scene, detector.detect(scenes.as_rgb(scene)))
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：mAP · Step 8: mAP
#
# 一類一類算。把這一類所有的預測按分數由高到低排，一個一個放進來。每放一個，就算兩件事：
#
# - **精確率**（precision）：放進來的預測裡，對的占多少？
# - **召回率**（recall）：真正的數字裡，找到了多少？
#
# 畫出來就是**精確率–召回率曲線**，曲線下的面積是**平均精確率**（AP）。十類的 AP 再平均，就是 **mAP**。同一個數字被說中兩次，第二次算錯。
#
# ✏️ 寫出 `precision_and_recall`。`right` 由分數高的排到低的，對的是 True；`objects` 是真正的數字有幾個。
#
# Class by class: sort all predictions of the class by score and let them in one at a time. After each, work out two things:
#
# - **precision**: what share of the predictions let in is right?
# - **recall**: what share of the true digits has been found?
#
# That is the **precision-recall curve**; the area under it is the **average precision** (AP). The mean over the ten classes is **mAP**. If
# one digit is found twice, the second is wrong.
#
# ✏️ Write `precision_and_recall`. `right` goes from the highest score to the lowest, True where right; `objects` is the number of true digits.

# %% gap="curve" slideshow={"slide_type": "fragment"}
def precision_and_recall(right, objects):
    """Return precision and recall after each prediction: (predictions,) of True and False to two of that length."""
    ### BEGIN SOLUTION
    hits = np.cumsum(right)
    return hits / np.arange(1, len(hits) + 1), hits / objects
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
precision, recall = precision_and_recall(np.array([True, False, True, True, False]), 4)
checks.that(np.shape(precision) == np.shape(recall) == (5,), "每放一個就有一個點。 A point for every prediction.",
            "五個預測要有五個點：每放進一個就算一次，不是最後才算。 "
            "Five predictions give five points: work it out after each, not once at the end.")
checks.close(recall[-1], 0.75, "四個裡找到三個。 Three of four are found.",
             "召回率的分母是真正的數字有幾個。 Recall divides by the number of true digits.")
checks.close(recall, [0.25, 0.25, 0.5, 0.75, 0.75], "召回率只升不降。 Recall never falls.",
             "召回率要一路累加對的個數。 Recall adds up the right ones on the way.")
checks.close(precision, [1, 1 / 2, 2 / 3, 3 / 4, 3 / 5], "精確率對了。 Precision is right.",
             "精確率的分母是「到現在放進來幾個」，第一個之後是 1，第二個之後是 2。 "
             "Precision divides by how many were let in so far: 1 after the first, 2 after the second.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# IoU 0.5 就算找到，對方框很寬容；這樣算的 mAP，COCO 寫成 **AP@.50**。COCO 的主要分數 **AP@[.50:.95]** 把門檻從 0.50 一路加到 0.95，十個門檻各算一次再平均；框得越準，分數越高。
#
# An IoU of 0.5 is generous to boxes; COCO calls this mAP **AP@.50**. COCO's main measure, **AP@[.50:.95]**, raises the threshold from 0.50
# to 0.95 in ten steps and takes the mean: the tighter the boxes, the higher it is.

# %% slideshow={"slide_type": "fragment"}
patient = ssd.SsdDetector(model, score_threshold=0.05)
predictions = patient.detect_all(validation_scenes)
result = metrics.mean_average_precision(predictions, validation_truths)
strict_result = metrics.average_over_thresholds(predictions, validation_truths)
reference = metrics.supervisions_maps(predictions, validation_truths)
display.table([("ours", result.value, strict_result), ("supervision", *reference)],
              columns=[f"{VALIDATION_SCENES} validation scenes", "AP@.50", "AP@[.50:.95]"], digits=4)

# %% slideshow={"slide_type": "fragment"}
fours, scores = [], []  # by your own curve: the AP of the digit 4
for predicted, truth in zip(predictions, validation_truths, strict=True):
    fours += (metrics.match(predicted, truth) >= 0)[predicted.class_id == 4].tolist()
    scores += predicted.confidence[predicted.class_id == 4].tolist()
best_first = np.argsort(-np.array(scores), kind="stable")
precision, recall = precision_and_recall(np.array(fours)[best_first], sum(int((truth.class_id == 4).sum()) for truth in validation_truths))
print(f"AP of the digit 4: yours {metrics.average_precision(recall, precision):.4f}, ours {result.per_class[4]:.4f}")

# %% alt={"zh": "十個數字各一條精確率對召回率的線。大多先貼著 1，召回率過了八、九成才往下掉；9 那一條掉得最早。", "en": "A line of precision by recall for each of ten digits. Most keep near 1 and fall when recall passes 80 or 90 %; that of 9 falls earliest."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.6))
for digit, (recall, precision) in result.curves.items():
    axis.plot(recall, precision, linewidth=1.4, label=f"{digit}: {result.per_class[digit]:.2f}", color=plt.cm.tab10(digit))
axis.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.05), title=f"AP@.50 = {result.value:.3f}")
axis.legend(title="digit: AP", loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 哪個數字的 AP 最低？看看它和誰長得像，或是它的方框有什麼特別。
#
# 🤔 Which digit has the lowest AP? Whom does it resemble, or what is special about its box?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看圖例最小的那個。常在後面的是 1、8、9：9 和 4、7 像；1 的方框又窄又長，歪幾個像素 IoU 就掉得快，而且直直的碎片看起來就像 1。這些是合理的猜測，不是證明：把錯的方框拿出來分成「認錯類別」「框歪」「把雜物當數字」三堆數一數才知道。常見的錯是拿一次的名次當定論：只有一次訓練、300 個場景，差 0.01 分不出高下，換個種子最後一名可能就換人。
#
# See the smallest in the legend. Often behind are 1, 8 and 9: a 9 resembles 4 and 7; the box of a 1 is narrow, so that a few pixels cost much
# IoU, and straight pieces of clutter look like a 1. These are fair guesses, not proof: sort the wrong boxes into "wrong class", "crooked
# box" and "clutter taken for a digit", and count. A usual mistake is to trust the order of a single run: with one training and 300
# scenes 0.01 is no difference, and another seed may put another digit last.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 失敗的樣子 · What failure looks like
#
# 錯得最多的八個驗證場景，門檻 0.3。綠色虛線是答案。
#
# The eight validation scenes with the most mistakes, at a threshold of 0.3. Green and dashed: the truth.

# %% alt={"zh": "錯得最多的八個場景。常見的是同一個數字疊了兩三個橘框，或小小的 9、5、7 只有綠色虛線，沒有找到。", "en": "The eight scenes with most mistakes. Often two or three orange boxes lie on one digit, or a small 9, 5 or 7 has only the dashed green box and was missed."} slideshow={"slide_type": "fragment"}
kept = [found[found.confidence >= 0.3] for found in predictions]
mistakes = []
for found, truth in zip(kept, validation_truths, strict=True):
    pairs = metrics.match(found, truth)
    mistakes.append(int((pairs < 0).sum()) + len(truth) - int((pairs >= 0).sum()))
figure, axes = plt.subplots(2, 4, figsize=(9, 4.8))
for axis, i in zip(axes.flat, np.argsort(mistakes, kind="stable")[::-1][:8], strict=True):
    draw(axis, validation_scenes[i], validation_truths[i], "#3a8f4d", names=False, linestyle="--")
    draw(axis, validation_scenes[i], kept[i])
plt.show()
print(f"{sum(m == 0 for m in mistakes)} of {VALIDATION_SCENES} scenes have no mistake at all")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：背景一定要挑難的嗎？ · Step 9: Must the background be the hardest?
#
# 三種做法，差別只在背景怎麼算進分類的損失：
#
# - **只挑最難的**，SSD 的辦法；
# - **全部都算**；
# - **focal loss**：全部都算，但答得越有把握、越正確的，權重越小：乘上 $(1-p)^2$，$p$ 是正確類別的機率。
#
# Three ways that differ only in how the background enters the class loss:
#
# - **only the hardest**, SSD's way;
# - **all of it**;
# - **focal loss**: all of it, but the surer and the more right an answer, the less it weighs: it is multiplied by $(1-p)^2$, where $p$ is
#   the probability of the right class.

# %% slideshow={"slide_type": "fragment"}
def all_negatives(target, answer):
    """The SSD loss with all the background."""
    class_loss, box_loss, _, count = ssd.losses(target, answer)
    return ops.sum(class_loss + box_loss, axis=1) / count


def focal(target, answer):
    """The SSD loss with focal loss for the classes; 0.75 and 0.25 weigh digits and background."""
    class_loss, box_loss, matched, count = ssd.losses(target, answer)
    weight = (0.25 + 0.5 * matched) * (1 - ops.exp(-class_loss)) ** 2  # e^−loss is the probability of the right class
    return ops.sum(weight * class_loss + box_loss, axis=1) / count


# %% [markdown] slideshow={"slide_type": "fragment"}
# 三種都從頭訓練要好幾分鐘，所以這裡只印出事先量好的（`make seeds`）：每一種用
# 1,600 個訓練場景訓練四個訓練週期，三個種子，在驗證場景上打分數。學習率事先在另一批場景上各自試過（0.003 和 0.006；前兩種還試了 0.0015），focal loss 另外試了三種權重；0.006 對三種都不吃虧。
#
# Training all three from nothing takes minutes, so what is printed here was measured before (`make seeds`): each
# trained on 1,600 training scenes for four epochs, with three seeds, and was marked on validation scenes. Rates had been tried for each on other
# scenes (0.003 and 0.006, and 0.0015 for the first two), and three weightings for focal loss; 0.006 is no handicap to any of the three.

# %% slideshow={"slide_type": "fragment"}
WAYS = {"only the hardest": (ssd.ssd_loss, 6e-3), "all of it": (all_negatives, 6e-3), "focal loss": (focal, 6e-3)}  # and rates
if profile.measuring():  # too long for the lesson: trained by make seeds alone
    for way, (loss, rate) in WAYS.items():
        profile.seed(20)
        rival = ssd.build_ssd()
        slower = keras.optimizers.schedules.CosineDecay(rate, decay_steps=EPOCHS * -(-RIVAL_SCENES // 32))
        rival.compile(keras.optimizers.Adam(slower), loss=loss, jit_compile=False)
        rival.fit(train_scenes[:RIVAL_SCENES, ..., None] / np.float32(255), train_targets[:RIVAL_SCENES], batch_size=32, epochs=EPOCHS,
                  verbose=0)
        answers = ssd.SsdDetector(rival, score_threshold=0.05).detect_all(validation_scenes)
        profile.record(f"{way}: AP@.50", metrics.mean_average_precision(answers, validation_truths).value)
        profile.record(f"{way}: AP@[.50:.95]", metrics.average_over_thresholds(answers, validation_truths))
stored = {way: [profile.measured("train_a_detector", f"{way}: {what}") for what in ("AP@.50", "AP@[.50:.95]")] for way in WAYS}
display.table([(way, *(f"{found.mean:.3f} ± {found.deviation:.3f}" for found in both)) for way, both in stored.items()],
              columns=["background", "AP@.50", "AP@[.50:.95]"], caption=stored["focal loss"][0].source)

# %% slideshow={"slide_type": "fragment"}
for way in ("all of it", "focal loss"):
    ahead = np.subtract(stored[way][1].values, stored["only the hardest"][1].values)
    if len(ahead) > 1:  # none while the seeds are still being measured
        spread = evaluation.mean_and_spread(ahead)
        print(f"{way} − only the hardest, AP@[.50:.95]: {spread.mean:+.3f}, 95 % interval {spread.low:+.3f} to {spread.high:+.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 訓練得這麼短，三個種子的名次都一樣：只挑最難的最好，focal loss 居中，全部都算最差。兩個區間都不含 0；只挑最難的贏 focal loss，區間離 0 不遠，三個種子說不準差多少。說得通的解釋：全部都算的話，一千個背景錨框蓋過不到八個數字，網路先學會的是「什麼都沒有」。
#
# 但這只是兩百步的訓練。focal loss 出名的 RetinaNet 訓練了九萬步，起始的偏差值也特別調過；給足時間，名次會不會變，這裡沒有量。
#
# With so little training the order is the same with all three seeds: only the hardest is best, focal loss in the middle, all of it last. Neither
# interval holds 0; that of the lead over focal loss comes close to it, and three seeds do not say how large this lead is. An explanation that makes sense: counted in full, a thousand anchors of background drown fewer than eight digits, and
# what the network learns first is "there is nothing".
#
# But these are two hundred steps. RetinaNet, which made focal loss known, was trained for ninety thousand, from starting biases set for the
# purpose; whether the order changes with enough time was not measured here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 老辦法：滑動分類器 · The old way: slide a classifier
#
# 第 06 課的卷積網路認單一數字有 99 % 左右（這裡為了省時間，另外訓練一個，只跑一個訓練週期，約 97 %）。那何必這麼麻煩？拿它在場景上到處滑，大小各滑一遍不就好了？
#
# The convolutional network of lesson 06 tells single digits with about 99 % (to save time we train another one here, for one epoch, to
# about 97 %). So why the trouble? Just slide it over the scene, once for every size.

# %% slideshow={"slide_type": "fragment"}
def cut_windows(scene, sizes=(24, 32, 42), stride=3):
    """Cut windows of some sizes out of a scene: their pictures, n × 28 × 28, and the boxes around their ink, (n, 4)."""
    windows, boxes = [], []
    for size in sizes:
        for top in range(0, scenes.SIDE - size + 1, stride):
            for left in range(0, scenes.SIDE - size + 1, stride):
                window = scene[top : top + size, left : left + size]
                ink = window[2:-2, 2:-2] >= scenes.INK
                if ink.sum() >= 20:
                    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
                    windows.append(cv2.resize(window, (28, 28), interpolation=cv2.INTER_AREA))
                    boxes.append([left + columns[0] + 2, top + rows[0] + 2, left + columns[-1] + 3, top + rows[-1] + 3])
    return np.array(windows, np.uint8).reshape(-1, 28, 28), np.array(boxes, np.float32).reshape(-1, 4)


class SlidingClassifier(Detector):
    """A classifier of windows as a Detector, so that threshold, NMS and clock are those of the SSD."""

    def __init__(self, classifier, score_threshold=0.3, iou_threshold=0.45):
        super().__init__(scenes.DIGIT_NAMES, score_threshold, iou_threshold)
        self.classifier = classifier

    def _predict(self, image):
        windows, boxes = cut_windows(image[..., 0])
        if not len(windows):
            return boxes, np.zeros(0), np.zeros(0, int)
        odds = self.classifier.predict_on_batch(windows[..., None] / np.float32(255))[:, :10]  # an eleventh class is no digit
        window, class_ids = np.nonzero(odds >= self.score_threshold)
        return boxes[window], odds[window, class_ids], class_ids


def train_classifier(images, labels, classes):
    """Train a small convolutional network for one epoch, on its examples in random order."""
    order = np.random.default_rng(SEED).permutation(len(images))
    classifier = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu", padding="same"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu", padding="same"), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dropout(0.5), layers.Dense(classes, activation="softmax"),
    ])
    classifier.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    classifier.fit(images[order][..., None] / np.float32(255), labels[order], batch_size=128, verbose=2)
    return classifier


count = profile.choose(smoke=2000, lesson=30000, full=50000)
digits_only = train_classifier(x_train[:count], y_train[:count], 10)
accuracy = digits_only.evaluate(x_validation[..., None] / np.float32(255), y_validation, batch_size=500, verbose=0)[1]
print(f"on single digits: {accuracy:.3f}")

# %% alt={"zh": "四個場景，每個數字和碎片上都疊著一大堆紫色方框，大小不一，分數都很高，分不出哪個才對。", "en": "Four scenes with heaps of purple boxes of all sizes on digits and clutter alike, all with high scores; none stands out as the right one."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 4, figsize=(9, 2.6))
for axis, scene in zip(axes, validation_scenes, strict=False):
    draw(axis, scene, SlidingClassifier(digits_only, score_threshold=0.9).detect(scenes.as_rgb(scene)), "#8652a8")
figure.suptitle("the sliding classifier, scores above 0.9")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 分類器從來沒看過「不是數字」的東西，十類加起來一定是 1，所以碎片、半個數字，它也會**很有把握**地說是某個數字。
#
# 🤔 替分類器加上第十一類「都不是」，訓練資料要從哪裡來？
#
# The classifier has never seen anything that is **not** a digit, and its ten classes always add up to 1, so it calls pieces and halves some
# digit, and is sure of it.
#
# 🤔 Give the classifier an eleventh class, "none of these". Where would its training data come from?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 從**訓練場景**裡剪：視窗和每個數字的 IoU 都很低的，就標成「都不是」：雜物、半個數字、兩個數字中間的空隙。常見的錯誤答案是「隨便找些照片或雜訊」：那些和場景裡會遇到的不像，碎片還是會被當成數字。也不能從驗證或測試場景剪，不然等於先看過考題。
#
# From the **training** scenes: cut windows whose IoU with every digit is low and call them "none": clutter, half digits, the gap between
# two. The usual wrong answer is "any photos, or noise": they do not look like what the scenes hold, and pieces would still be taken for
# digits. Nor may they come from validation or test scenes: that would be seeing the exam beforehand.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 第十一類 · The eleventh class
#
# ✏️ 哪些視窗是背景？`overlap` 一列是一個視窗，一欄是一個數字。和**每一個**數字的 IoU 都小於 0.3 的，才是背景。寫出 `is_background`。
#
# ✏️ Which windows are background? A row of `overlap` is a window, a column a digit. Background is what has an IoU below 0.3 with **every**
# digit. Write `is_background`.

# %% gap="background" slideshow={"slide_type": "fragment"}
def is_background(overlap):
    """Say of each window whether it is far from every digit: (windows, digits) to (windows,) of True and False."""
    ### BEGIN SOLUTION
    return overlap.max(axis=1) < 0.3
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
overlaps = np.array([[0.0, 0.1], [0.0, 0.9], [0.8, 0.0], [0.2, 0.2], [0.3, 0.1]])
far = np.asarray(is_background(overlaps))
checks.that(far.shape == (5,) and far.dtype == bool, "每個視窗都說了是不是。 Every window is told yes or no.",
            "五個視窗要有五個 True 或 False：視窗在列。 Five windows need five times True or False: windows are rows.")
checks.that(not far[[1, 2]].any(), "有數字的視窗不是背景。 A window with a digit is no background.",
            "第二、三個視窗和某個數字很像：只要有**一個**數字夠近，就不是背景。 "
            "The second and third window hold a digit: **one** digit that is near is enough to be no background.")
checks.that(far[[0, 3]].all(), "離每個數字都遠的是背景。 Far from every digit is background.",
            "第一、四個視窗離每個數字都遠，應該是背景。IoU 不要加起來。 "
            "The first and fourth window are far from every digit and should be background. Do not add IoUs up.")
checks.that(not far[4], "剛好 0.3 不算。 Exactly 0.3 is not.", "要**小於** 0.3，剛好 0.3 不算。 It must be **below** 0.3; 0.3 itself is not.")

# %% slideshow={"slide_type": "fragment"}
random, background, spare = np.random.default_rng(SEED), [], []
for scene, truth in zip(train_scenes[:WINDOW_SCENES], train_truths, strict=False):
    windows, boxes = cut_windows(scene)
    far = random.permutation(windows[is_background(metrics.iou(boxes, truth.xyxy))])
    background.append(far[:20])  # twenty of each scene
    spare.append(far[20:120] if profile.measuring() else far[:0])
background = np.concatenate(background)
print(f"{len(background):,} windows of background from {WINDOW_SCENES} training scenes")


def with_background(windows):
    """Train with an eleventh class, 10: digits, and windows that hold none."""
    return train_classifier(np.concatenate([x_train[:count], windows]), np.append(y_train[:count], np.full(len(windows), 10)), 11)


eleven = with_background(background)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 打開測試場景 · Open the test scenes
#
# 都決定了，現在才做測試場景，只打開這一次。三個偵測器用**同樣**的門檻 0.05、同樣一類一類做的 NMS（IoU 0.45）、同一個碼錶：分數和毫秒量的是同一個偵測器。
#
# All is decided; now the test scenes are made, and opened this once. The three detectors have **the same** threshold of 0.05, the same NMS
# class by class (IoU 0.45), and the same clock: marks and milliseconds are those of one and the same detector.

# %% slideshow={"slide_type": "fragment"}
test_scenes, test_truths = scenes.make_scenes(x_test, y_test, TEST_SCENES, seed=3 * SEED + 2)
few_truths = test_truths[:SLIDING_SCENES]


def examine(detector):
    """Return AP@.50, AP@[.50:.95] and the median of milliseconds per scene, on the first test scenes."""
    pictures, found, took = [scenes.as_rgb(scene) for scene in test_scenes[:SLIDING_SCENES]], [], []
    detector.detect(pictures[0])  # the first call is slower
    for picture in pictures:
        start = time.perf_counter()
        found.append(detector.detect(picture))
        took.append(1000 * (time.perf_counter() - start))
    return metrics.mean_average_precision(found, few_truths).value, metrics.average_over_thresholds(found, few_truths), round(np.median(took))


marks = {"sliding, 10 classes": examine(SlidingClassifier(digits_only, 0.05)),
         "sliding, 11 classes": examine(SlidingClassifier(eleven, 0.05)), "SSD": examine(patient)}
display.table([(name, *mark) for name, mark in marks.items()], columns=[f"{SLIDING_SCENES} test scenes", "AP@.50", "AP@[.50:.95]", "ms per scene"],
              digits=3)

# %% slideshow={"slide_type": "fragment"}
answers = patient.detect_all(test_scenes)
test_result = metrics.mean_average_precision(answers, test_truths).value
strict_test_result = metrics.average_over_thresholds(answers, test_truths)
display.table([("validation", result.value, strict_result), ("test", test_result, strict_test_result)],
              columns=["SSD, all scenes", "AP@.50", "AP@[.50:.95]"], digits=3)

# %% slideshow={"slide_type": "fragment"}
profile.record("sliding, 10 classes: AP@.50", marks["sliding, 10 classes"][0])
profile.record("sliding, 11 classes: AP@.50", marks["sliding, 11 classes"][0])
profile.record("SSD on the same scenes: AP@.50", marks["SSD"][0])
if profile.measuring():  # one round of hard negatives for the classifier, too
    spare = np.concatenate(spare)
    surely_none = eleven.predict(spare[..., None] / np.float32(255), batch_size=1000, verbose=0)[:, 10]
    mined = with_background(np.concatenate([background, spare[np.argsort(surely_none)[: len(background)]]]))
    profile.record("sliding, 11 classes, hardest windows added: AP@.50", examine(SlidingClassifier(mined, 0.05))[0])
rows = [(name, profile.measured("train_a_detector", f"{name}: AP@.50")) for name in
        ("sliding, 10 classes", "sliding, 11 classes", "sliding, 11 classes, hardest windows added", "SSD on the same scenes")]
display.table([(name, f"{found.mean:.3f} ± {found.deviation:.3f}") for name, found in rows], columns=["", "AP@.50"],
              caption=rows[0][1].source)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 差距有多少來自「背景」這一類？同樣的視窗、同樣的門檻和 NMS，只多教一類「都不是」，就追回將近一半的差距。再加一輪最難的視窗，三個種子平均多 0.04，晃動卻幾乎一樣大，分不出有沒有進步。剩下的差距，有方框怎麼來（SSD 會移動、縮放錨框，滑動的只能用視窗裡墨水的邊，旁邊有雜物就歪了）、看多大的範圍、在什麼影像上訓練；哪一樣占多少，這裡沒有分開量。
#
# 慢也慢在同一個地方：滑動要一個視窗一個視窗剪、縮放、分類，SSD 看一次就回答全部。
#
# How much of the gap is the background class? With the same windows, threshold and NMS, one more class, "none of these", makes up nearly half of it.
# Another round with the hardest windows adds 0.04 on average over three seeds, which vary by almost as much: it cannot be told from nothing. What is left has to do with where boxes come from (SSD moves
# and enlarges its anchors; a window has only the edges of its ink, crooked where clutter is near), how much is in view, and which images were
# trained on; how much each of these makes was not measured apart.
#
# The time goes the same way: sliding cuts, resizes and classifies window by window; SSD looks once and answers all.

# %% slideshow={"slide_type": "skip"}
profile.expect("AP@.50 on test scenes", round(test_result, 3), at_least=profile.choose(smoke=0.0, lesson=0.85, full=0.93))
profile.expect("AP@[.50:.95] on test scenes", round(strict_test_result, 3), at_least=profile.choose(smoke=0.0, lesson=0.5, full=0.6))
profile.expect("lead over the sliding classifier with 11 classes", round(marks["SSD"][0] - marks["sliding, 11 classes"][0], 3),
               at_least=profile.choose(smoke=-1.0, lesson=0.05, full=0.05))
profile.expect("gain of the eleventh class", round(marks["sliding, 11 classes"][0] - marks["sliding, 10 classes"][0], 3),
               at_least=profile.choose(smoke=-1.0, lesson=0.1, full=0.1))
profile.expect("difference from supervision's AP@.50", round(abs(result.value - reference[0]), 6), at_most=1e-4)
profile.expect("difference from supervision's AP@[.50:.95]", round(abs(strict_result - reference[1]), 6), at_most=1e-4)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# 錨框和 NMS 後來都有人拿掉：CenterNet（[Zhou 等人](https://arxiv.org/abs/1904.07850)，2019）只找中心點，DETR（[Carion 等人](https://arxiv.org/abs/2005.12872)，2020）用 transformer 一次說出所有方框。另一條路不畫方框，改問每一個像素屬於誰，例如 U-Net（[Ronneberger 等人](https://arxiv.org/abs/1505.04597)，2015）：那是第 27 課。
#
# Anchors and NMS were both done without later: CenterNet ([Zhou et al.](https://arxiv.org/abs/1904.07850), 2019) looks for centres only, DETR ([Carion
# et al.](https://arxiv.org/abs/2005.12872), 2020) says all boxes at once with a transformer. Another road leaves boxes and asks of every pixel whose it
# is, like U-Net ([Ronneberger et al.](https://arxiv.org/abs/1505.04597), 2015): that is lesson 27.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 錨框把「找幾個都行」變成固定數目的小問題：是什麼、差多少。<br>Anchors turn "any number of objects" into a fixed number of small questions: what, and by how much.
# - 背景太多：短短的訓練裡，只挑最難的勝過 focal loss，也勝過全部都算；替滑動分類器加上「都不是」，就追回將近一半的差距。<br>There is much background: in a short training, only the hardest beats focal loss and all of it; and a class "none of these" makes up nearly half of what the sliding classifier lacks.
# - mAP 看得到重複、漏掉、錯類，AP@[.50:.95] 還看得到框歪；分類準確率只看得到錯類。<br>mAP sees doubles, misses and wrong classes, AP@[.50:.95] crooked boxes as well; accuracy sees wrong classes only.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 原課程只**使用**偵測器，沒有訓練，也沒有任何分數。這一課是新的。<br>The original only **used** detectors; it trained none and gave no score. This lesson is new.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 23](../labs/lab23_iou_and_nms.ipynb)「IoU 與 NMS」。想再多做一點：用 focal loss 訓練久一點（`EPOCHS` 調大），追得上嗎？在驗證場景上看，測試場景別再打開。
#
# [Lab 23](../labs/lab23_iou_and_nms.ipynb), IoU and NMS. To go further: train with focal loss for longer (a larger `EPOCHS`). Does it catch up? Look at validation scenes,
# and leave the test scenes closed.
#
# 接下來：同樣的場景，[27](27_segmentation.ipynb) 不畫方框，直接說每個像素是哪個數字。
#
# Outlook: on the same scenes, [27](27_segmentation.ipynb) draws no boxes but says of every pixel which digit it belongs to.
#
# ## 參考資料 · References
#
# - W. Liu et al., [SSD: Single Shot MultiBox Detector](https://arxiv.org/abs/1512.02325), ECCV 2016
# - T.-Y. Lin et al., [Focal Loss for Dense Object Detection](https://arxiv.org/abs/1708.02002), ICCV 2017：RetinaNet
# - A. Shrivastava, A. Gupta, R. Girshick, [Training Region-based Object Detectors with Online Hard Example Mining](https://arxiv.org/abs/1604.03540), CVPR 2016
# - V. Mnih et al., [Recurrent Models of Visual Attention](https://arxiv.org/abs/1406.6247), 2014：雜物 MNIST · cluttered MNIST
# - M. Everingham et al., [The PASCAL Visual Object Classes (VOC) Challenge](https://doi.org/10.1007/s11263-009-0275-4), *IJCV* 88, 2010

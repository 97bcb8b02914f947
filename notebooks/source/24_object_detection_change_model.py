# %% [markdown] slideshow={"slide_type": "slide"}
# # 24 換一個模型：更快，還是更好？ · Change the model: faster, or better?
#
# 🗺 換模型：更快還是更好？ · Swap the model: faster or better?
#
# 換一個偵測器，只要改一個名字。換了之後是更好，還是只是不一樣？更快多少？這一課把兩個模型放在同一批照片上，量給你看，也量一量：十張照片到底能說到什麼程度。
#
# 上完這一課，你可以
# 1. 用一行換掉偵測器，因為它們的介面相同；
# 2. 並排比較兩個模型的時間、找到的物件、彼此不同意的地方；
# 3. 讀懂「速度對品質」的圖，自己把權重量化（quantisation）成 8 位元，並用重抽照片算出「差多少才算數」。
#
# To change the detector is to change a name. Is the new one better, or only different? How much faster? In this lesson two models see the
# same photos, and we measure; and we measure how much ten photos can tell at all.
#
# After this lesson you can
# 1. swap a detector in one line, as they share one interface;
# 2. compare two models side by side: time, objects found, disagreements;
# 3. read a figure of speed against quality, turn weights into 8 bits yourself (quantisation), and tell by drawing photos again which
#    difference counts.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [23](23_object_detection.ipynb)：方框、分數、IoU、NMS；[01](01_numpy.ipynb)：切片、遮罩、四捨五入 · boxes, scores, IoU and NMS of [23](23_object_detection.ipynb); slices, masks and rounding of [01](01_numpy.ipynb) |
# | 學習時間 · Study time | 約 50 分鐘，含空格和問題 · about 50 minutes, with gaps and questions |
# | 資料 · Data | 十張照片（CC0、公有領域、CC BY 2.0；`motorcycle` 可自由使用，請引用 Scharstein 等人；作者見 `data/catalog.toml`），方框由我們手繪（CC0） · ten photos (CC0, public domain, CC BY 2.0; `motorcycle` free to use, cite Scharstein et al.; authors in `data/catalog.toml`), boxes drawn by us (CC0) |
# | 模型 · Models | CenterNet、NanoDet-g（V. Mandic：Human，MIT 授權）；`full`：SSD MobileNet v1、Faster R-CNN NAS（TensorFlow，Apache-2.0） · (MIT licence); in `full` SSD MobileNet v1 and Faster R-CNN NAS (TensorFlow, Apache-2.0) |
# | 投影片 · Slides | 物件偵測 Labs：object_detection_changed_model（1/2、2/2） · object detection labs, object_detection_changed_model (1/2, 2/2) |

# %% slideshow={"slide_type": "skip"}
import time

import cv2
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.data.fetch import FetchError
from utils.detection import drawing, metrics, zoo
from utils.detection.detector import as_detections
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
EVERY = profile.choose(smoke=3, lesson=1, full=1)  # every third photo, or all, in step 4
REPEATS = profile.choose(smoke=1, lesson=3, full=10)  # how often each photo is timed
RESAMPLES = profile.choose(smoke=20, lesson=400, full=5000)  # draws of the photos in step 5
SIZES = profile.choose(smoke=(192, 512), lesson=(192, 384, 512, 640), full=(192, 256, 320, 384, 448, 512, 640, 768))
profile.seed(18)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：兩個模型，一個介面 · Step 1: Two models, one interface
#
# | | CenterNet | NanoDet-g |
# |---|---|---|
# | 怎麼想 · idea | 物件是一個點 · an object is a point | 每一格都說出類別和四邊 · every cell gives a class and four sides |
# | 輸入 · input | 512 × 512，RGB，補黑邊 · padded | 416 × 416，BGR，拉成正方形 · stretched |
# | 權重 · weights | 約 200 萬個 · about 2 million | 約 380 萬個 · about 3.8 million |
#
# 顏色順序、大小、輸出的格式全都不同，但這些是模型自己的事。對外只有一個動作：`detect`。
#
# Colour order, size and the form of the output all differ, but that is the models' own business. From outside there is one move: `detect`.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
photos, truth = datasets.load_photos(), drawing.true_boxes()
detectors = {name: zoo.load(name, engine="tflite") for name in ("centernet", "nanodet")}
for name, detector in detectors.items():
    print(f"{name}: {len(detector.names)} classes, input {detector.input_size} × {detector.input_size}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：並排看 · Step 2: Side by side
#
# 先猜：比較大的模型一定比較準嗎？
#
# Guess first: is the larger model always the better one?

# %% alt={"zh": "同一張貓臉特寫。左邊的模型給兩個貓的方框；右邊的說整張是人，又是狗，還把一隻眼睛當成手機。", "en": "One close-up of a cat's face. The model on the left gives two boxes of cat; the one on the right calls the whole a person and a dog, and an eye a cell phone."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
found = {model: {name: detector.detect(photo) for name, photo in photos.items()}
         for model, detector in detectors.items()}
figure, axes = plt.subplots(1, 2, figsize=(7.5, 2.7))
for axis, model in zip(axes, detectors, strict=True):
    axis.imshow(drawing.annotate(photos["cat"], found[model]["cat"]), interpolation="antialiased")
    axis.set_title(model)
    axis.axis("off")
plt.show()

# %% alt={"zh": "三張照片，左欄 CenterNet，右欄 NanoDet。人和杯子兩邊都找到了；右欄多了不對的東西：咖啡周圍的馬桶、攝影師胸前的手機、鏡頭旁的卡車。", "en": "Three photos, CenterNet on the left, NanoDet on the right. Both find persons and cup; the right column adds things that are wrong: a toilet around the coffee, a cell phone on the cameraman's chest, a truck by his lens."} slideshow={"slide_type": "subslide"}
pictures = {}
for name in ("coffee", "camera", "grace_hopper"):
    for model in detectors:
        pictures[f"{model}: {name}"] = drawing.annotate(photos[name], found[model][name])
drawing.gallery(pictures, columns=2, width=9)

# %% [markdown] slideshow={"slide_type": "fragment"}
# NanoDet 在貓身上疊了好幾個框，人、貓、狗都有。NMS 一類一類做，所以它們誰也壓不掉誰。
#
# 🤔 如果改成不分類別的 NMS，這張會變對還是變錯？
#
# NanoDet puts several boxes on the cat: person, cat and dog among them. NMS works class by class, so that none suppresses another.
#
# 🤔 With an NMS that ignores classes, would this photo turn out right or wrong?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 會變**錯**：「人」的分數最高（0.56），它會留下，幾乎重疊的貓（0.42）和狗（0.40）都被壓掉。NMS 只看分數和重疊，不知道誰才對；第一名錯了，它就把對的丟掉。常見的誤會是「框少了，所以變好了」：框是少了，正確的那一個也沒了。小小的「手機」框和大框的 IoU 很小，還會留著。
#
# **Wrong**: "person" has the highest score (0.56) and stays; cat (0.42) and dog (0.40), which nearly coincide with it, are
# suppressed. NMS knows scores and overlap, not who is right; if the first is wrong, the right one goes. A usual mistake is "fewer
# boxes, so it is better": fewer they are, but the right one is gone. The little "cell phone" overlaps the large box by a small
# IoU only, and stays.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：數 · Step 3: Count
#
# 找到（類別對、IoU ≥ 0.5）、漏掉、多出來，還有時間。時間取**最快**的一次：電腦上別的程式只會讓它變慢，不會讓它變快。
#
# Found (right class, IoU at least 0.5), missed, extra, and the time. Of the times we take the **fastest**: other programs on the machine
# can only make it slower, never faster.


# %% slideshow={"slide_type": "fragment"}
def milliseconds(detector, images, repeats=REPEATS):
    """Time of one image, the whole way from pixels to boxes: the fastest call, as other programs can only make it slower."""
    for image in images[:3]:
        detector.detect(image)  # the first calls are slower
    times = []
    for image in images * repeats:
        start = time.perf_counter()
        detector.detect(image)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.min(times))


rows = []
for model, detector in detectors.items():
    matched = {name: metrics.match(found[model][name], truth[name]) for name in photos}
    hits = sum(int((m >= 0).sum()) for m in matched.values())
    extra = sum(int((m < 0).sum()) for m in matched.values())
    rows.append((model, round(milliseconds(detector, list(photos.values())), 1), hits,
                 sum(map(len, truth.values())) - hits, extra))
display.table(rows, columns=["model", "ms per image", "found", "missed", "extra"])

# %% slideshow={"slide_type": "subslide"}
rows = []
for name in photos:
    first, second = (found[model][name] for model in detectors)
    pairs = metrics.match(first, second)
    only_first = [str(first.data["class_name"][i]) for i in np.flatnonzero(pairs < 0)]
    only_second = [str(second.data["class_name"][j]) for j in range(len(second)) if j not in pairs]
    rows.append((name, int((pairs >= 0).sum()), ", ".join(only_first) or "–", ", ".join(only_second) or "–"))
display.table(rows, columns=["photo", "both", "only centernet", "only nanodet"], caption="where the two disagree")

# %% [markdown] slideshow={"slide_type": "fragment"}
# - 以門檻 0.3 來看，找到的一樣多，NanoDet 卻多出一大堆。是它比較差嗎？不一定：兩個模型的分數**不是同一把尺**，同樣是 0.3，意思不同。
#   要公平，就不要固定門檻，而要看「分數排序」排得好不好；下一步用的 mAP 就是這樣。
# - 在這十張照片上，兩個模型都說有的，都對；只有一個說有的，大多是錯的。
#
# 🤔 你能不能用這件事，把兩個普通的模型拼成一個比較可靠的？代價是什麼？
#
# - At a threshold of 0.3 both find as many, but NanoDet says a lot more besides. Is it worse? Not necessarily: their scores are **not on one scale**, and 0.3
#   means one thing for one and another for the other. To be fair, fix no threshold and look at how well scores are ordered; that is what
#   mAP does in the next step.
# - On these ten photos, what both say is right; what only one says is mostly wrong.
#
# 🤔 Could you use that to make one reliable model out of two ordinary ones? At what price?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 可以：只留兩個模型**都**說有的（類別相同、IoU 夠大）；下一格就來寫。代價是兩份時間，而且一個模型漏了，就一定漏：精確率上升，召回率只會降不會升。常見的誤會是「兩個模型找到的會更多」：那要取聯集，錯的也會跟著加起來。十張照片也說不準：兩個模型也可能一起犯同一個錯。
#
# Yes: keep only what **both** say (same class, enough IoU); the next gap does it. The price is twice the time, and what either
# misses is missed: precision rises, recall can fall but not rise. A usual mistake is "two models find more": that takes the union, and
# then mistakes add up as well. Nor do ten photos settle it: two models may make the same mistake together.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ✏️ 寫出 `agreed`：只留第一個模型的框裡，第二個也說有的。`metrics.match(first, second)` 替 `first` 的每一個框，說出它配到 `second` 的第幾個，沒配到就是 −1。
#
# ✏️ Write `agreed`: of the first model's boxes keep those that the second says, too. `metrics.match(first, second)` says for each box of
# `first` which one of `second` it is paired with, or −1 if with none.

# %% gap="agreed" slideshow={"slide_type": "fragment"}
def agreed(first, second):
    """Return those detections of the first model that the second confirms."""
    pairs = metrics.match(first, second)
    ### BEGIN SOLUTION
    return first[pairs >= 0]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
words = {0: "cat", 1: "dog", 2: "cup"}
here = as_detections([[0, 0, 40, 40], [0, 0, 40, 40], [60, 0, 80, 20]], [0, 1, 2], words, [0.9, 0.5, 0.8])  # a cat, a dog, a cup
there = as_detections([[2, 0, 42, 40], [61, 0, 81, 20]], [0, 2], words, [0.4, 0.3])  # the cat, the cup
kept = agreed(here, there)
kept = sorted(str(word) for word in kept.data["class_name"]) if hasattr(kept, "xyxy") else kept
checks.that(isinstance(kept, list), "留下的是方框。 What is kept are boxes.",
            "要傳回 `first` 的一部分：用方括號挑。 Return a part of `first`: select with square brackets.")
checks.that("dog" not in kept, "只有一個模型說的狗不見了。 The dog, which one model says, is gone.",
            "狗只有一個模型說有，不該留下；−1 是「沒配到」。 Only one model says the dog, so it goes; −1 means paired with none.")
checks.that("cat" in kept, "配到 0 號的貓還在。 The cat, paired with number 0, is there.",
            "貓配到的是第 0 個：0 也是編號，不是「沒有」。 The cat is paired with number 0: 0 is a number, not nothing.")
checks.that(kept == ["cat", "cup"], "貓和杯子，各一次。 The cat and the cup, once each.",
            "應該剛好留下貓和杯子。 Just the cat and the cup should be left.")

# %% slideshow={"slide_type": "fragment"}
both = {name: agreed(found["centernet"][name], found["nanodet"][name]) for name in photos}
rows = []
for label, boxes in (*found.items(), ("both", both)):
    right = sum(int((metrics.match(boxes[name], truth[name]) >= 0).sum()) for name in photos)
    rows.append((label, sum(map(len, boxes.values())), right, sum(map(len, truth.values())) - right))
display.table(rows, columns=["who says so", "boxes", "right", "missed"])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：速度對品質 · Step 4: Speed against quality
#
# 同一個 CenterNet，可以看大圖，也可以看小圖：它全是卷積，邊長是 32 的倍數都行。小圖快，但小東西會不會消失？
#
# 還有**量化**：權重本來是 32 位元的浮點數，換成 8 位元的整數，模型檔就小到約四分之一。做法只有一件事：找一個**刻度**，讓絕對值最大的權重剛好是
# 127，每個權重就四捨五入到第幾格。
#
# ✏️ 寫出 `quantise`：傳回 −127 到 127 的整數（`int8`），和一格代表多少。
#
# One and the same CenterNet can look at a large or at a small picture: it is all convolutions, any multiple of 32 will do. Small is fast,
# but do small things vanish?
#
# And there is **quantisation**: weights as 8-bit integers in place of 32-bit floats, a file of about a quarter. It takes one thing: a
# **scale** on which the weight of largest absolute value is 127; every weight is then rounded to the nearest mark.
#
# ✏️ Write `quantise`: return whole numbers from −127 to 127 (`int8`), and how much one mark is worth.

# %% gap="quantise" slideshow={"slide_type": "fragment"}
def quantise(weights):
    """Turn floats into int8, -127 ... 127, and the step with which numbers * step comes close to the weights."""
    ### BEGIN SOLUTION
    step = np.abs(weights).max() / 127
    return np.round(weights / step).astype(np.int8), step
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
weights = np.array([0.031, -0.254, 0.1, 0.0, -0.0079, 0.2], np.float32)
numbers, step = quantise(weights)
checks.that(np.asarray(numbers).dtype == np.int8, "每個權重是一個 8 位元整數。 Each weight is an integer of 8 bits.",
            "要傳回 `int8` 的整數。 The numbers should be `int8`.")
checks.close(step, 0.254 / 127, "一格是 0.002。 One mark is 0.002.",
             "127 格要蓋到絕對值最大的權重，它在這裡是負的。 127 marks must reach the largest absolute value, which is negative here.", 1e-8)
checks.that(np.abs(numbers * step - weights).max() <= step / 2 + 1e-8, "最多差半格。 Off by half a mark at most.",
            "有的權重差了半格以上：直接轉成整數會把小數砍掉，要先四捨五入。 "
            "Some weight is off by more than half a mark: a plain conversion cuts fractions off; round first.")
print(numbers, "→", (numbers * step).round(4))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 十張照片太少，所以每張再加兩個版本：左右鏡像，以及縮成一半放在灰底上。縮小用**面積平均**（`cv2.INTER_AREA`）；每隔一個像素丟一個的話，細線會斷掉，量到的就不只是「變小」。照片動了，答案的方框也要跟著動。
#
# ✏️ 寫出 `mirrored_boxes`：照片左右翻轉以後，方框（左、上、右、下）跑到哪裡？
#
# Ten photos are few, so each gets two more versions: mirrored, and at half its size on grey. It is shrunk **by area** (`cv2.INTER_AREA`);
# to drop every second pixel would break thin lines, and more than "smaller" would be measured. Where a photo moves, its true boxes move.
#
# ✏️ Write `mirrored_boxes`: when a photo is turned left to right, where do its boxes (left, top, right, bottom) go?

# %% gap="mirror" slideshow={"slide_type": "fragment"}
def mirrored_boxes(boxes, width):
    """Return the boxes (n, 4) of a photo of that width, turned left to right."""
    ### BEGIN SOLUTION
    return np.column_stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]])
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
turned = np.asarray(mirrored_boxes(np.array([[10.0, 20, 30, 60], [0, 0, 100, 50]]), 100))
checks.that(turned.shape == (2, 4), "一個方框還是四個數字。 A box is still four numbers.", "要傳回 n × 4 的陣列。 Return an array of n × 4.")
checks.that((turned[:, 2] > turned[:, 0]).all(), "右邊還是在左邊的右邊。 Right is still to the right of left.",
            "左邊比右邊還大：翻轉以後，原來的**右邊**變成左邊。 The left side lies beyond the right: after turning, the old **right** is the new left.")
checks.close(turned[:, [1, 3]], [[20, 60], [0, 50]], "上下沒有動。 Top and bottom stay.", "左右翻轉，上下不動。 Left and right turn; top and bottom stay.")
checks.close(turned, [[70, 20, 90, 60], [0, 0, 100, 50]], "方框跟著照片翻過去了。 The boxes turned with the photo.",
             "離左邊 10，翻轉以後離**右邊**10：要用到照片的寬。 What was 10 from the left is 10 from the **right**: it takes the width of the photo.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 品質用 mAP@0.5（平均精確率的平均，第 26 課細說）：全部一起算一次，三個版本再分開各算一次。
#
# Quality is mAP@0.5 (mean average precision; lesson 26 has the details): once for all together, and once for each of the three versions.

# %% slideshow={"slide_type": "fragment"}
VERSIONS = ("as it is", "mirrored", "half size")
examples, owner = [], []  # pictures with their true boxes, and the number of the photo that each is of
for number, (name, photo) in enumerate(list(photos.items())[::EVERY]):
    height, width = photo.shape[:2]
    boxes, kinds = truth[name].xyxy, truth[name].class_id
    small, half = np.full_like(photo, 127), cv2.resize(photo, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    top, left = height // 4, width // 4
    small[top : top + half.shape[0], left : left + half.shape[1]] = half
    shrunk = boxes / 2 + [left, top, left, top]
    for picture, moved in ((photo, boxes), (photo[:, ::-1].copy(), mirrored_boxes(boxes, width)), (small, shrunk)):
        examples.append((picture, as_detections(moved, kinds, detectors["centernet"].names)))
        owner.append(number)
owner, answers, true_answers = np.array(owner), {}, [boxes for _, boxes in examples]
print(len(examples), "pictures with", sum(map(len, true_answers)), "objects")


def quality(model, chosen):
    """mAP at IoU 0.5 of a model's answers on the chosen pictures, by their numbers."""
    return metrics.mean_average_precision([answers[model][i] for i in chosen], [true_answers[i] for i in chosen]).value


def point(label, name, **options):
    detector = zoo.load(name, score_threshold=0.05, **options)
    answers[label] = [detector.detect(picture) for picture, _ in examples]
    size = getattr(detector.function, "size", None)
    everything = np.arange(len(examples))
    return {"model": label, "ms": round(milliseconds(detector, list(photos.values())[::EVERY], 2)), "mAP@0.5": quality(label, everything),
            **{version: quality(label, everything[i::3]) for i, version in enumerate(VERSIONS)}, "MB": size and size / 1e6}


points = [point(f"CenterNet {size}", "centernet", input_size=size) for size in SIZES]
points += [point(f"CenterNet 512, {label}", "centernet", engine=engine) for label, engine in
           (("graph", "graph"), ("8 bits", "tflite-quantised"))]
points += [point(f"NanoDet 416, {label}", "nanodet", engine=engine) for label, engine in
           (("graph", "graph"), ("float", "tflite"), ("8 bits", "tflite-quantised"))]
display.table(points, digits=2)

# %% alt={"zh": "時間對 mAP。CenterNet 的線隨輸入變大先升後平；NanoDet 的三個點略高一些；8 位元的 CenterNet 又慢又低，在最右邊。", "en": "mAP against time. The line of CenterNet rises with input size and then flattens; the three points of NanoDet are a little higher; CenterNet in 8 bits is both slow and lower, at the far right."} slideshow={"slide_type": "subslide"}
figure, axis = plt.subplots(figsize=(8, 4.2))
curve = points[: len(SIZES)]
axis.plot([p["ms"] for p in curve], [p["mAP@0.5"] for p in curve], marker="o",
          label="CenterNet, float, by input size")
for p, size in zip(curve, SIZES, strict=True):
    axis.annotate(str(size), (p["ms"], p["mAP@0.5"]), xytext=(4, -13), textcoords="offset points", fontsize=9)
for p, marker in zip(points[len(SIZES) :], "s^sD^", strict=True):
    axis.scatter(p["ms"], p["mAP@0.5"], marker=marker, s=70, zorder=3, label=p["model"],
                 color=plots.COLORS[1 if p["model"].startswith("Center") else 2],
                 alpha=0.55 if "graph" in p["model"] else 1)
axis.set(xlabel="ms per image (two CPU cores)", ylabel="mAP@0.5 on our pictures", ylim=(0, 1), xlim=(0, None))
axis.legend(loc="lower right", fontsize=9)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# - 由左往右沿著線走：圖越大越慢。最小的輸入（192）在三種版本上都最低。從 384 到 640 就忽高忽低：縮小版是 0.65、0.70、0.60，並沒有越看越清楚。
#   你可能會想說「縮成一半的物件要夠多像素才看得到」，可是這張表**撐不起**這句話：每一格只有 12 個物件，差一個物件就差好幾個百分點；
#   而且 192 那一列，輸的不只縮小版，原圖和鏡像也一起輸。
# - （圖例裡 graph 是 TensorFlow 的圖，其餘都是 TensorFlow Lite。）8 位元的 NanoDet 比同樣用 Lite 的浮點版明顯快；8 位元的 CenterNet 卻更慢。
#   兩個網路用的層不同，不是每一種層換成 8 位元都划算。**量化快不快，要量了才知道。**
# - 誠實說：36 個物件其實是 12 個物件各看三次，來自十張照片。點和點之間的差距有多少是運氣？步驟 5 來算。
#
# 🤔 要在樹莓派上數路過的車，你選哪一點？要幫醫師找腫瘤呢？
#
# - Along the line from left to right: larger is slower. The smallest input (192) is lowest on all three versions. From 384 to 640 the marks go
#   up and down: 0.65, 0.70 and 0.60 at half size, no clearer with more pixels. One would like to say that objects at half their size need
#   enough pixels, but this table does **not** carry it: each cell rests on 12 objects, and one object is several points; and in the row of 192 the shrunk
#   pictures are not the only ones to lose: originals and mirrored ones lose as well.
# - (In the legend, graph is TensorFlow's own graph, all others are TensorFlow Lite.) NanoDet in 8 bits is clearly faster than in float
#   with the same Lite; CenterNet in 8 bits is slower. The two are made of different layers, and not every layer gains by 8 bits.
#   **Whether quantisation is faster has to be measured.**
# - To be honest: the 36 objects are 12, seen three times each, from ten photos. How much of the distance between points is luck? Step 5 works it out.
#
# 🤔 Which point would you take to count cars with a Raspberry Pi? And which to find tumours for a doctor?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 數車選**夠快的**那一點：路過的車會出現在很多影格裡，漏一格還有下一格，所以 8 位元的 NanoDet 或小圖的 CenterNet 值得先試；找腫瘤選**品質最高的**，多等幾秒沒關係。但這張圖只能當起點：時間是這台電腦的，樹莓派要自己量；品質是十張照片的，車和腫瘤都要用自己的資料量，醫療影像更要換成專門訓練的模型。常見的誤會是「選最右上角的就好」：沒有一點對所有用途都最好。找腫瘤還要把門檻調低，因為漏掉比誤報貴。
#
# For cars one that is **fast enough**: a passing car is in many frames, and what one frame misses the next may find; NanoDet in 8
# bits or CenterNet with a small input are worth trying first. For tumours the **best quality**; a few seconds more do not matter.
# But the figure is only where you start: its times are this machine's, so measure on the Pi; its quality is that of ten photos,
# so measure on cars and on tumours, and for those use a model trained for them. A usual mistake is "take the corner": no point is
# best for every use. For tumours lower the threshold too, since a miss costs more than a false alarm.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：差多少才算數？ · Step 5: Which difference counts?
#
# 換十張別的照片，分數就會變。手上只有這十張，怎麼知道會變多少？**自助法**（bootstrap）：從十張裡**抽十次，抽了放回去**，有的照片出現兩次，有的沒出現，當成「另一批照片」再算一次分數。重複幾百次，看差距怎麼晃。
#
# 三個重點：兩個模型要用**同一批**抽到的照片；一張照片的三個版本不是三份新證據，要**一起**抽；抽了要放回去。
#
# ✏️ 寫出 `draw_again`：用 `random.integers` 抽照片的編號，傳回抽到的照片的**所有**版本是第幾張圖。`owner[i]` 是第 i 張圖屬於哪張照片。
#
# Ten other photos would give other marks. With these ten alone, how do we know how far off? By the **bootstrap**: draw ten times from the
# ten, **putting each back**, so that some photos come twice and some not at all; take that for "another set of photos" and mark again.
# Do it some hundred times, and see how the difference sways.
#
# Three points: both models get **the same** photos drawn; the three versions of a photo are not three new pieces of evidence, so they are
# drawn **together**; and what was drawn goes back.
#
# ✏️ Write `draw_again`: draw numbers of photos with `random.integers`, and return the numbers of the pictures that are **any** version of
# them. `owner[i]` says which photo picture i is of.

# %% gap="resample" slideshow={"slide_type": "fragment"}
def draw_again(owner, random):
    """Draw as many photos as there are, with replacement; return the numbers of all their pictures, repeated as drawn."""
    count = owner.max() + 1  # photos
    ### BEGIN SOLUTION
    drawn = random.integers(count, size=count)
    return np.concatenate([np.flatnonzero(owner == number) for number in drawn])
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
twenty = np.repeat(np.arange(20), 3)  # twenty photos, three versions each
pictures_drawn = np.asarray(draw_again(twenty, np.random.default_rng(0)))
times = np.bincount(pictures_drawn, minlength=60)
checks.that(pictures_drawn.shape == (60,), "和原來一樣多張。 As many pictures as before.",
            "抽二十張照片，每張三個版本，一共六十張圖；抽到兩次的要出現兩次。 "
            "Twenty photos of three versions make sixty pictures; what is drawn twice counts twice.")
checks.that((times[::3] == times[1::3]).all() and (times[::3] == times[2::3]).all(), "一張照片的三個版本同進同出。 The versions of a photo stay together.",
            "一張照片的三個版本被拆開了：要抽的是照片，不是圖。 The versions of a photo were torn apart: draw photos, not pictures.")
checks.that(times.max() > 1 and times.min() == 0, "有的抽到兩次，有的沒抽到。 Some came twice, some not at all.",
            "每張都剛好一次，那就只是換了順序：抽了要放回去。 Each came exactly once, which only shuffles: put back what was drawn.")

# %% slideshow={"slide_type": "fragment"}
def difference(first, second):
    """Return mAP of the first less that of the second: on all pictures, and an interval of 95 % over photos."""
    random, gaps = np.random.default_rng(profile.chosen_seed(18)), []
    while len(gaps) < RESAMPLES:
        chosen = draw_again(owner, random)
        if any(len(true_answers[i]) for i in chosen):  # a draw without any object has no mAP
            gaps.append(quality(first, chosen) - quality(second, chosen))
    everything = np.arange(len(examples))
    return quality(first, everything) - quality(second, everything), *np.quantile(gaps, [0.025, 0.975])


pairs = [("NanoDet 416, float", "CenterNet 512"), ("CenterNet 512", f"CenterNet {SIZES[0]}"), ("NanoDet 416, 8 bits", "NanoDet 416, float")]
gaps = {pair: difference(*pair) for pair in pairs}
display.table([(f"{first} − {second}", *(f"{value:+.2f}" for value in gap)) for (first, second), gap in gaps.items()],
              columns=["", "mAP@0.5", "from", "to"], caption=f"intervals of 95 % over {owner.max() + 1} photos, {RESAMPLES} draws")

# %% [markdown] slideshow={"slide_type": "fragment"}
# - **NanoDet 對 CenterNet**：領先 0.05，區間從 −0.06 到 +0.10，0 在裡面。這十張照片分不出誰比較好。
# - **512 對 192**：領先 0.14，區間從 +0.01 到 +0.27，剛好離開 0，很勉強；照下面說的，區間還太窄，所以連這個差別也不算穩。
# - **8 位元對浮點**：差 0.00，區間從 −0.01 到 +0.01，窄得多。兩邊看**同樣的**照片，答案又幾乎一樣，照片的運氣就互相抵消；這是成對比較的好處。
#
# 照片只有十張，自助法的區間通常還太窄：它只認得這十張，不知道世界上還有別種照片。
#
# 🤔 把十張照片加到一千張，區間會變成多寬？
#
# - **NanoDet against CenterNet**: a lead of 0.05, interval −0.06 to +0.10, with 0 inside. These ten photos cannot say which is better.
# - **512 against 192**: a lead of 0.14, interval +0.01 to +0.27, barely clear of 0; and as the interval is too narrow, as told below, even this difference is not certain.
# - **8 bits against float**: 0.00, interval −0.01 to +0.01, far narrower. Both see **the same** photos and answer nearly alike, so the luck of
#   the photos cancels out; that is what pairing is good for.
#
# With ten photos, the interval of a bootstrap is usually still too narrow: it knows these ten only, and not what other photos there are.
#
# 🤔 With a thousand photos in place of ten, how wide would the interval be?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 大約變成十分之一：照片多了一百倍，區間的寬度除以 $\sqrt{100} = 10$。常見的錯誤答案是「百分之一」；也有人說「每張多做幾個版本就好」，可是鏡像和縮小是**同一張**照片，帶來的新消息很少，抽的時候也是整張一起抽。要縮小區間，得找新的照片來標。
#
# About a tenth: with a hundred times the photos the width is divided by $\sqrt{100} = 10$. A usual wrong answer is "a hundredth"; another is
# "just make more versions of each": but mirrored and shrunk it is **the same** photo, which brings little news and is drawn as one. To
# narrow the interval, label new photos.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 公布的數字 · Published numbers
#
# 兩個有名的模型，官方模型表上的數字（COCO 上的 mAP，別人的顯示卡上的時間）。和我們的數字**不能**直接比：資料、機器、IoU 門檻都不同。
#
# Two well-known models, from the models' own table (mAP on COCO, time on somebody's graphics card). **Not** to be compared with our numbers directly: data,
# machine and IoU threshold all differ.

# %% slideshow={"slide_type": "fragment"}
published = [("SSD MobileNet v1", 30, "21", "TensorFlow 1 detection model zoo"),
             ("Faster R-CNN NAS", 1833, "43", "TensorFlow 1 detection model zoo"),
             ("NanoDet-g, 416", None, "22.9", "NanoDet, README"),
             ("CenterNet, MobileNetV3", None, "–", "not published")]
display.table(published, columns=["model", "ms", "COCO mAP", "who says so"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 60 倍的時間，換兩倍的 mAP。在 `full` 設定下，這兩個模型會真的下載來跑（要連得到 TensorFlow 的下載站；第二個超過 1 GB）。
#
# Sixty times the time for twice the mAP. In the profile `full` the two are fetched and run (TensorFlow's download site must be reachable;
# the second is larger than 1 GB).

# %% slideshow={"slide_type": "fragment"}
originals = profile.choose(smoke=(), lesson=(), full=("ssd_mobilenet_v1", "faster_rcnn_nas"))
rows = []
for name in originals:
    try:
        detector = zoo.load(name, score_threshold=0.05)
    except FetchError as error:
        print(f"{name} is left out: {error}\n")
        continue
    answers[name] = [detector.detect(picture) for picture, _ in examples]
    rows.append((name, round(milliseconds(detector, list(photos.values()), 1), 1), quality(name, np.arange(len(examples)))))
if rows:
    display.table(rows, columns=["model", "ms per image, here", "mAP@0.5 on our pictures"])
elif not originals:
    print("Run with COURSE_PROFILE=full to measure SSD MobileNet v1 and Faster R-CNN NAS here.")

# %% slideshow={"slide_type": "skip"}
by_name = {p["model"]: p for p in points}
profile.expect("quality lost from 512 to the smallest input",
               round(by_name["CenterNet 512"]["mAP@0.5"] - points[0]["mAP@0.5"], 3), at_least=0.05)
profile.expect("quality that 8 bits cost NanoDet",
               round(by_name["NanoDet 416, graph"]["mAP@0.5"] - by_name["NanoDet 416, 8 bits"]["mAP@0.5"], 3), at_most=0.1)
profile.expect("mAP@0.5 of CenterNet on our pictures", round(by_name["CenterNet 512"]["mAP@0.5"], 3), at_least=0.45)
profile.expect("size of NanoDet in 8 bits, as a share of float",
               round(by_name["NanoDet 416, 8 bits"]["MB"] / by_name["NanoDet 416, float"]["MB"], 3), at_most=0.35)
profile.expect("NanoDet's lead over CenterNet, lower end of its interval", round(float(gaps[pairs[0]][1]), 3),
               at_most=profile.choose(smoke=1.0, lesson=0.0, full=0.0))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 介面相同，換模型就只是換一個名字。<br>With one interface, changing the model is changing a name.
# - 「更好」要說清楚：在什麼資料上、用什麼量、差多少、區間多寬。十張照片分不出這兩個模型。<br>Say what "better" means: on which data, by which measure, by how much, and with what interval. Ten photos do not tell these two models apart.
# - 輸入大小和量化都是旋鈕；轉之前猜，轉之後量。<br>Input size and quantisation are knobs: guess before you turn them, measure after.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 第二本筆記本是第一本的複本，只改一行；兩個模型從來沒有放在一起比。<br>The second notebook was a copy of the first with one line changed; the two models were never set side by side.
# - 30 ms 和 1,833 ms 是抄來的，沒有在自己的機器上量（[object_detection_changed_model.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/object_detection_changed_model.ipynb)）。<br>30 ms and 1,833 ms were copied, not measured on a machine at hand ([object_detection_changed_model.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/object_detection_changed_model.ipynb)).
# - 結論只有「還是會有誤判，不過感覺起來可以接受」。<br>Its conclusion: "there are still mistakes, but it feels acceptable".
#
# </details>
#
# ## 練習 · Lab
#
# [練習 23](../labs/lab23_iou_and_nms.ipynb)「IoU 與 NMS」。做完步驟 2，再呼叫一次自己的 `nms`，`class_ids` 全填 0，就是不分類別的 NMS。
#
# [Lab 23](../labs/lab23_iou_and_nms.ipynb), IoU and NMS. After step 2 call your `nms` once more with all `class_ids` 0: that is an NMS that ignores classes.
#
# ## 參考資料 · References
#
# - J. Huang et al., [Speed/accuracy trade-offs for modern convolutional object detectors](https://arxiv.org/abs/1611.10012), CVPR 2017
# - [TensorFlow 1 Detection Model Zoo](https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/tf1_detection_zoo.md) · 原課程的表 · the original course's table
# - R. Lyu, [NanoDet](https://github.com/RangiLyu/nanodet)；X. Li et al., [Generalized Focal Loss](https://arxiv.org/abs/2006.04388), 2020
# - B. Zoph et al., [Learning Transferable Architectures](https://arxiv.org/abs/1707.07012), CVPR 2018 (NAS)
# - B. Jacob et al., [Quantization and Training of Neural Networks](https://arxiv.org/abs/1712.05877), CVPR 2018

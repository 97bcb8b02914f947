# %% [markdown] slideshow={"slide_type": "slide"}
# # 24 換一個模型：更快，還是更好？ · Change the model: faster, or better?
#
# 🗺 換模型：更快還是更好？ · Swap the model: faster or better?
#
# 原課程換模型只改了一行，然後說「大部分的結果都很不錯」。多不錯？多慢？這一課把兩個模型放在同一批照片上，量給你看。
#
# 上完這一課，你可以
# 1. 用一行換掉偵測器，因為它們的介面相同；
# 2. 並排比較兩個模型的時間、找到的物件、彼此不同意的地方；
# 3. 讀懂「速度對品質」的圖，知道輸入大小和量化（quantisation）各換來什麼好處。
#
# The original course changed the model in one line and said "most results are quite good". How good, and how slow? In this lesson two
# models see the same photos, and we measure.
#
# After this lesson you can
# 1. swap a detector in one line, as they share one interface;
# 2. compare two models side by side: time, objects found, disagreements;
# 3. read a figure of speed against quality, and say what input size and quantisation buy.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | 十張照片（CC0、公有領域、CC BY 2.0；`motorcycle` 可自由使用，請引用 Scharstein 等人；作者見 `data/catalog.toml`），方框由我們手繪（CC0） · ten photos (CC0, public domain, CC BY 2.0; `motorcycle` free to use, cite Scharstein et al.; authors in `data/catalog.toml`), boxes drawn by us (CC0) |
# | 模型 · Models | CenterNet、NanoDet-g（V. Mandic：Human，MIT 授權）；`full`：SSD MobileNet v1、Faster R-CNN NAS（TensorFlow，Apache-2.0） · (MIT licence); in `full` SSD MobileNet v1 and Faster R-CNN NAS (TensorFlow, Apache-2.0) |
# | 投影片 · Slides | 物件偵測 Labs：object_detection_changed_model（1/2、2/2） · object detection labs, object_detection_changed_model (1/2, 2/2) |

# %% slideshow={"slide_type": "skip"}
import time

import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.data.fetch import FetchError
from utils.detection import drawing, metrics, zoo
from utils.detection.detector import as_detections
from utils.notebook import display, plots, profile

# %% slideshow={"slide_type": "skip"}
EVERY = profile.choose(smoke=3, lesson=1, full=1)  # every third photo, or all, in step 4
REPEATS = profile.choose(smoke=1, lesson=3, full=10)  # how often each photo is timed
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

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"]
found = {model: {name: detector.detect(photo) for name, photo in photos.items()}
         for model, detector in detectors.items()}
figure, axes = plt.subplots(1, 2, figsize=(7.5, 2.7))
for axis, model in zip(axes, detectors, strict=True):
    axis.imshow(drawing.annotate(photos["cat"], found[model]["cat"]), interpolation="antialiased")
    axis.set_title(model)
    axis.axis("off")
plt.show()

# %% slideshow={"slide_type": "subslide"}
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
# 找到（類別對、IoU ≥ 0.5）、漏掉、多出來，還有時間。
#
# Found (right class, IoU at least 0.5), missed, extra, and the time.


# %% slideshow={"slide_type": "fragment"}
def milliseconds(detector, images, repeats=REPEATS):
    """Median time of one image, the whole way from pixels to boxes."""
    for image in images[:3]:
        detector.detect(image)  # the first calls are slower
    times = []
    for image in images * repeats:
        start = time.perf_counter()
        detector.detect(image)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times))


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
# - 找到的一樣多，NanoDet 卻多出一大堆。是它比較差嗎？不一定：兩個模型的分數**不是同一把尺**，同樣是 0.3，意思不同。
#   要公平，就不要固定門檻，而要看「分數排序」排得好不好；下一步用的 mAP 就是這樣。
# - 在這十張照片上，兩個模型都說有的，都對；只有一個說有的，大多是錯的。
#
# 🤔 你能不能用這件事，把兩個普通的模型拼成一個比較可靠的？代價是什麼？
#
# - Both find as many, but NanoDet says a lot more besides. Is it worse? Not necessarily: their scores are **not on one scale**, and 0.3
#   means one thing for one and another for the other. To be fair, fix no threshold and look at how well scores are ordered; that is what
#   mAP does in the next step.
# - On these ten photos, what both say is right; what only one says is mostly wrong.
#
# 🤔 Could you use that to make one reliable model out of two ordinary ones? At what price?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 可以：只留兩個模型**都**說有的（類別相同、IoU 夠大）。在這十張照片上，兩個都說的有 8 個，各自多出來的 4 個和 17 個全部消失。代價是兩份時間（這裡約 24 加 31 毫秒），而且一個模型漏了，就一定漏：精確率上升，召回率只會降不會升。常見的誤會是「兩個模型找到的會更多」：那要取聯集，錯的也會跟著加起來。十張照片也說不準：兩個模型也可能一起犯同一個錯。
#
# Yes: keep only what **both** say (same class, enough IoU). On these ten photos that is 8 boxes, and the 4 and 17 extra ones are
# gone. The price is twice the time (here about 24 and 31 ms), and what either misses is missed: precision rises, recall can fall
# but not rise. A usual mistake is "two models find more": that takes the union, and then mistakes add up as well. Nor do ten
# photos settle it: two models may make the same mistake together.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：速度對品質 · Step 4: Speed against quality
#
# 同一個 CenterNet，可以看大圖，也可以看小圖：它全是卷積，邊長是 32 的倍數都行。小圖快，但小東西可能會消失。
# 還有**量化**：把權重從 32 位元浮點數換成 8 位元整數，模型檔小到約四分之一。
#
# 十張照片太少，所以每張再加兩個版本：左右鏡像，以及縮成一半放在灰底上。品質用 mAP@0.5（平均精確率的平均，第 26 課細說）。
#
# One and the same CenterNet can look at a large or at a small picture: it is all convolutions, any multiple of 32 will do. Small is fast,
# but small things may vanish. And there is **quantisation**: weights as 8-bit integers in place of 32-bit floats, a file of about a quarter.
#
# Ten photos are few, so each gets two more versions: mirrored, and at half its size on grey. Quality is mAP@0.5 (mean average precision;
# lesson 26 has the details).

# %% slideshow={"slide_type": "fragment"}
examples = []
for name, photo in list(photos.items())[::EVERY]:
    height, width = photo.shape[:2]
    boxes, kinds = truth[name].xyxy, truth[name].class_id
    small = np.full_like(photo, 127)
    half = photo[::2, ::2]
    top, left = height // 4, width // 4
    small[top : top + half.shape[0], left : left + half.shape[1]] = half
    mirrored = np.column_stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]])
    shrunk = boxes / 2 + [left, top, left, top]
    for picture, moved in ((photo, boxes), (photo[:, ::-1].copy(), mirrored), (small, shrunk)):
        examples.append((picture, as_detections(moved, kinds, detectors["centernet"].names)))
print(len(examples), "pictures with", sum(len(boxes) for _, boxes in examples), "objects")


def quality(detector):
    """mAP at IoU 0.5 on the examples."""
    answers = [detector.detect(picture) for picture, _ in examples]
    return metrics.mean_average_precision(answers, [boxes for _, boxes in examples]).value


def point(label, name, **options):
    detector = zoo.load(name, score_threshold=0.05, **options)
    size = getattr(detector.function, "size", None)
    return {"model": label, "ms": milliseconds(detector, list(photos.values())[::EVERY], 1),
            "mAP@0.5": quality(detector), "MB": size and size / 1e6}


points = [point(f"CenterNet {size}", "centernet", input_size=size) for size in SIZES]
points += [point(f"CenterNet 512, {label}", "centernet", engine=engine) for label, engine in
           (("graph", "graph"), ("8 bits", "tflite-quantised"))]
points += [point(f"NanoDet 416, {label}", "nanodet", engine=engine) for label, engine in
           (("graph", "graph"), ("float", "tflite"), ("8 bits", "tflite-quantised"))]
display.table(points, digits=3)

# %% slideshow={"slide_type": "subslide"}
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
# - 由左往右沿著線走：圖越大越慢；最小的輸入品質最低，其餘的差別小到說不準。這張圖把原圖、鏡像和縮小版混在一起算，
#   看不出輸的是不是縮小的物件；想知道，就三種版本分開算 mAP。
# - （圖例裡 graph 是 TensorFlow 的圖，其餘都是 TensorFlow Lite。）8 位元的 NanoDet 比同樣用 Lite 的浮點版明顯快，品質幾乎沒變；8 位元的 CenterNet 卻沒有變快，說不定還更慢。兩個網路用的層不同，
#   不是每一種層換成 8 位元都划算。**量化快不快，要量了才知道。**
# - 誠實說：36 個物件其實是 12 個物件各看三次，來自十張照片，差一個物件就差了好幾個百分點。這張圖能提醒「太小可能不好」，
#   不能說哪個模型比較好：NanoDet 領先的 0.08，換十張照片就可能消失。
#
# 🤔 要在樹莓派上數路過的車，你選哪一點？要幫醫師找腫瘤呢？
#
# - Along the line from left to right: larger is slower. The smallest input has the lowest quality; the differences among the others are
#   too small to tell. The figure mixes originals, mirrored and shrunk pictures, so it cannot say whether the shrunk objects are what is
#   lost; to find out, compute mAP for each of the three apart.
# - (In the legend, graph is TensorFlow's own graph, all others are TensorFlow Lite.) NanoDet in 8 bits is clearly faster than in float
#   with the same Lite, and hardly worse; CenterNet in 8 bits is no faster, and may be slower. The two are made of
#   different layers, and not every layer gains by 8 bits. **Whether quantisation is faster has to be measured.**
# - To be honest: the 36 objects are 12, seen three times each, from ten photos, and one object is several points. The figure can warn
#   that too small may be bad; it cannot say which model is better: NanoDet's lead of 0.08 may be gone with ten other photos.
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
# ## 原課程的兩個模型 · The original course's two models
#
# 官方模型表（COCO 上的 mAP，別人的顯示卡上的時間）。和我們的數字**不能**直接比：資料、機器、IoU 門檻都不同。
#
# From the models' own table (mAP on COCO, time on somebody's graphics card). **Not** to be compared with our numbers directly: data,
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
    rows.append((name, round(milliseconds(detector, list(photos.values()), 1), 1), quality(detector)))
if rows:
    print(display.table(rows, columns=["model", "ms per image, here", "mAP@0.5 on our pictures"]))
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 介面相同，換模型就只是換一個名字。<br>With one interface, changing the model is changing a name.
# - 「更好」要說清楚：在什麼資料上、用什麼量、差幾個物件。<br>Say what "better" means: on which data, by which measure, by how many objects.
# - 輸入大小和量化都是旋鈕；轉之前猜，轉之後量。<br>Input size and quantisation are knobs: guess before you turn them, measure after.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 第二本筆記本是第一本的複本，只改一行；兩個模型從來沒有放在一起比。<br>The second notebook was a copy of the first with one line changed; the two models were never set side by side.
# - 30 ms 和 1,833 ms 是抄來的，沒有在自己的機器上量。<br>30 ms and 1,833 ms were copied, not measured on a machine at hand.
# - 結論只有「還是會有誤判，不過感覺起來可以接受」。<br>Its conclusion: "there are still mistakes, but it feels acceptable".
#
# ## 練習 · Lab
#
# 練習 23「IoU 與 NMS」。做完步驟 2，再呼叫一次自己的 `nms`，`class_ids` 全填 0，就是不分類別的 NMS。
#
# Lab 23, IoU and NMS. After step 2 call your `nms` once more with all `class_ids` 0: that is an NMS that ignores classes.
#
# ## 參考資料 · References
#
# - J. Huang et al., [Speed/accuracy trade-offs for modern convolutional object detectors](https://arxiv.org/abs/1611.10012), CVPR 2017
# - [TensorFlow 1 Detection Model Zoo](https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/tf1_detection_zoo.md) · 原課程的表 · the original course's table
# - R. Lyu, [NanoDet](https://github.com/RangiLyu/nanodet)；X. Li et al., [Generalized Focal Loss](https://arxiv.org/abs/2006.04388), 2020
# - B. Zoph et al., [Learning Transferable Architectures](https://arxiv.org/abs/1707.07012), CVPR 2018 (NAS)
# - B. Jacob et al., [Quantization and Training of Neural Networks](https://arxiv.org/abs/1712.05877), CVPR 2018

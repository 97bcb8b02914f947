# %% [markdown] slideshow={"slide_type": "slide"}
# # 23 物件偵測：是什麼，在哪裡 · Object detection: what is where
#
# 🗺 載入現成的偵測器，畫框，看它漏了什麼 · Load a detector, draw boxes, see what it misses
#
# 分類只回答「這張圖是什麼」。偵測還要回答「在哪裡、有幾個」：每個物件一個方框、一個名字、一個分數。
#
# 上完這一課，你可以
# 1. 載入別人訓練好的偵測模型，在真實照片上找出物件並畫出來；
# 2. 說出模型真正輸出的是什麼，以及門檻和 NMS 怎麼把它變成方框；
# 3. 用 IoU 對照人工標註的方框，說出模型找到了什麼、漏了什麼、認錯了什麼。
#
# A classifier answers "what is in this picture". A detector also answers "where, and how many": a box, a name and a score for
# every object.
#
# After this lesson you can
# 1. load a detector that others have trained, find objects in real photos and draw them;
# 2. say what the network really puts out, and how a threshold and NMS turn that into boxes;
# 3. compare with boxes made by hand, by IoU, and say what was found, missed and mistaken.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | 十張照片（CC0、公有領域、CC BY 2.0；`motorcycle` 可自由使用，請引用 Scharstein 等人；作者見 `data/catalog.toml`），方框由我們手繪（CC0） · ten photos (CC0, public domain, CC BY 2.0; `motorcycle` free to use, cite Scharstein et al.; authors in `data/catalog.toml`), boxes drawn by us (CC0) |
# | 模型 · Model | CenterNet + MobileNetV3，COCO 80 類（V. Mandic：Human，MIT 授權） · 80 classes of COCO (V. Mandic: Human, MIT licence) |
# | 投影片 · Slides | 物件偵測 Labs：object_detection_tutorial（1/4 到 4/4） · object detection labs, object_detection_tutorial (1/4 to 4/4) |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：匯入套件 · Step 1: Imports
#
# 原課程要先下載整個 TensorFlow Models，再改 `sys.path`。今天只要這幾行。
#
# The original course had you download all of TensorFlow Models and change `sys.path`. Today these lines are enough.

# %% slideshow={"slide_type": "fragment"}
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.detection import centernet, drawing, labels, metrics, zoo
from utils.detection.detector import as_detections
from utils.notebook import display, plots, profile

# %% slideshow={"slide_type": "skip"}
REPEATS = profile.choose(smoke=1, lesson=5, full=20)  # how often each photo is timed
profile.seed(17)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 先看照片，**不要**看模型的答案。你看到哪些東西？寫下來，等一下和模型比。
#
# Look at the photos first, **before** the model's answers. What do you see? Write it down and compare with the model later.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
photos = datasets.load_photos()
print({name: photo.shape for name, photo in photos.items()})
print(photos["cat"].dtype, "RGB, 0 ... 255")

# %% slideshow={"slide_type": "fragment"}
drawing.gallery(photos)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：準備模型 · Step 2: The model
#
# 從零訓練一個 COCO 偵測器要好幾天，所以我們**讀進**別人的成果。這個模型原本是給瀏覽器用的（TensorFlow.js 格式）：
# 一個 JSON 檔寫著「先做哪一步、再做哪一步」，一個二進位檔放權重，每個權重 16 位元（float16）。
# 圖（graph）本身就是 TensorFlow 的 GraphDef，所以一個函式就讀得回來。
#
# Training a COCO detector from nothing takes days, so we **read** what others have trained. This one was made for browsers (the
# format of TensorFlow.js): a JSON file says which step follows which, a binary file holds the weights, 16 bits each (float16). The
# graph is a TensorFlow GraphDef, so a function of ours can read it back.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
detector = zoo.load("centernet")
graph = zoo.load("centernet", engine="graph").function
kinds = {}
for node in graph.graph_def.node:
    kinds[node.op] = kinds.get(node.op, 0) + 1
print(len(graph.graph_def.node), "nodes of", len(kinds), "kinds; the most frequent:")
print(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:8])
print("input ", graph.inputs, graph.input_shapes[0].as_list())
print("output", graph.outputs)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `detector` 是同一個模型，轉成 TensorFlow Lite，在 CPU 上比較快。原課程的模型是「凍結圖」（frozen graph）：變數都換成常數、存成一個檔；
# 我們的讀法其實也一樣，權重最後都變成常數。
#
# 🤔 為什麼做預測時可以把變數換成常數，訓練時卻不行？
#
# `detector` is the same network converted to TensorFlow Lite, which is faster on CPUs. The original course's model was a frozen
# graph: all variables replaced by constants, in one file. Ours ends up the same way, its weights become constants.
#
# 🤔 Why may variables become constants for prediction, but not for training?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為做預測時權重不再改變，訓練時卻每一步都要改它。變數的意思是「之後還能寫入」；預測只讀不寫，換成常數答案一樣，還能事先合併運算、存成一個檔。訓練要把更新後的值寫回去，常數沒有地方可以寫。常見的誤會是「常數不能算梯度」：對常數也能微分，只是算出來的梯度沒有東西可以更新。
#
# Because prediction never changes the weights, and training changes them at every step. A variable is something that can be
# written to later; prediction only reads, so constants give the same answer, can be folded together beforehand and fit into one
# file. Training has to write the new value back, and a constant has no place for it. A usual mistake is "a constant has no
# gradient": one can differentiate by a constant too, but then the gradient has nothing to update.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：標籤對照表 · Step 3: The label map
#
# 模型只認得數字。數字是什麼意思，要靠**標籤對照表**（label map）。投影片說有兩種情況：
#
# - **有**對照表：讀一個 `.pbtxt` 檔。
# - **沒有**對照表：如果模型是用 COCO 訓練的，就用大家公認的編號。
#
# A network knows numbers only; what they mean is said by a **label map**. The slides name two cases. **Present**: read a `.pbtxt`
# file. **Absent**: if the model was trained on COCO, use COCO's well-known numbers.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
text = """
item { id: 1  name: "/m/01g317"  display_name: "person" }
item { id: 17 name: "/m/01yrx"   display_name: "cat" }
"""
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "two_classes.pbtxt")
    path.write_text(text)
    print("present:", labels.read_label_map(path))
built_in = labels.coco_label_map()
print("absent: ", len(built_in), "classes, numbers", min(built_in), "to", max(built_in))
print("gaps:   ", sorted(set(range(1, 91)) - set(built_in)))
number = next(number for number, name in built_in.items() if name == "cat")
print(f"cat ({labels.chinese('cat')}): {number} of COCO, {labels.COCO_NAMES.index('cat')} of this network")

# %% [markdown] slideshow={"slide_type": "fragment"}
# COCO 原本計畫 91 類，公布時少了幾類，所以編號有**空洞**。有的模型照原編號（1 到 90），有的從 0 連續編到 79。
#
# 🤔 拿錯對照表，程式不會出錯，只是「貓」變成別的東西。你要怎麼發現？
#
# COCO planned 91 classes and published fewer, so its numbers have **gaps**. Some models keep the numbers 1 to 90, others count from 0 to
# 79 without gaps.
#
# 🤔 With the wrong label map nothing crashes; the cat just becomes something else. How would you notice?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 拿幾張你**知道答案**的照片來試，看名字對不對。方框很準、分數也不低，名字卻總是錯成同一個東西，就是對照表拿錯了：在這裡貓是 COCO 的 17 號，卻是這個網路的 15 號。只看分數或方框發現不了，因為對照表最後才用到，它們完全不受影響；檢查編號的範圍（0 到 79，還是 1 到 90）也有幫助，但不夠。
#
# Try a few photos whose answers you **know**, and read the names. Good boxes, fair scores, and always the same wrong name: that
# is a wrong label map. Here the cat is number 17 of COCO, but 15 of this network. Scores and boxes cannot tell you, since the map
# comes last and leaves them as they are. Checking the range of the numbers (0 to 79, or 1 to 90) helps, but is not enough.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：偵測 · Step 4: Detect
#
# 一行：給一張 RGB 影像，得到方框（左、上、右、下，單位是這張影像的像素）、分數、類別。
#
# One line: an RGB picture goes in; boxes (left, top, right, bottom, in pixels of that picture), scores and classes come out.

# %% slideshow={"slide_type": "fragment"}
found = detector.detect(photos["grace_hopper"])
rows = [(name, labels.chinese(name), round(float(score), 2), str(box.round().astype(int).tolist()))
        for name, score, box in zip(found.data["class_name"].tolist(), found.confidence, found.xyxy, strict=True)]
display.table(rows, columns=["class", "類別", "score", "left, top, right, bottom"])

# %% slideshow={"slide_type": "subslide"} tags=["thumbnail"]
answers = {name: detector.detect(photo) for name, photo in photos.items()}
figure, axis = plt.subplots(figsize=(5.2, 3.6))
axis.imshow(drawing.annotate(photos["motorcycle"], answers["motorcycle"]), interpolation="antialiased")
axis.axis("off")
plt.show()

# %% slideshow={"slide_type": "fragment"}
chosen = ("astronaut", "coffee", "cat", "grace_hopper", "horse", "camera")
drawing.gallery({name: drawing.annotate(photos[name], answers[name]) for name in chosen}, columns=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 和你一開始寫下的比一比。模型漏了什麼？它的名單裡有沒有「火箭」和「寶塔」？
#
# 🤔 Compare with what you wrote down. What did it miss? Are "rocket" and "pagoda" on its list of 80 at all?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 沒有：COCO 的 80 類裡沒有火箭，也沒有寶塔，所以它**不可能**說出這兩個名字。在名單裡卻漏掉的，是杯碟上的湯匙、餐桌（框得不對）、機車後面的長椅和腳踏車。分清楚這兩種「漏」：降低門檻只可能救回名單裡的；名單外的，要換模型或重新訓練。常見的誤會是「看不懂就會不說」，其實它也可能拿名單裡的別的名字來用。
#
# No: the 80 classes of COCO hold neither rockets nor pagodas, so it **cannot** say these names. On its list and missed all the
# same: the spoon on the saucer, the table (badly boxed), the bench and the bicycle behind the motorcycle. Keep the two kinds
# apart: a lower threshold can only bring back what is on the list; the rest needs another model or new training. A usual mistake
# is "what it does not know, it leaves out": it may just as well use another name of its list.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 打開盒子：後處理之前 · Inside: before post-processing
#
# CenterNet 沒有直接輸出方框。它輸出兩疊 128 × 128 的圖：
#
# - **熱圖**（heat map）：80 張，每類一張。某一格多亮，就是「有個物件的**中心**在這裡」的把握。
# - **邊距圖**：4 張，從這一格到方框左、上、右、下的距離。
#
# CenterNet does not put out boxes. It puts out two stacks of 128 × 128 maps. The **heat maps**, one for each of 80 classes: how
# sure it is that the **centre** of an object lies in that cell. And four maps of **distances** from that cell to the left, top,
# right and bottom of its box.

# %% slideshow={"slide_type": "fragment"}
photo = photos["grace_hopper"]
heat, sides, fit = detector.heat_map(photo)
square, _ = centernet.letterbox(photo, detector.input_size)
tie = labels.COCO_NAMES.index("tie")
panels = [("input, 512 × 512", square), ("heat: person", heat[..., 0]), ("heat: tie", heat[..., tie]),
          ("distance to the left", sides[..., 0]), ("distance to the top", sides[..., 1])]
figure, axes = plt.subplots(1, 5, figsize=(12, 2.9))
for axis, (title, panel) in zip(axes, panels, strict=True):
    image = axis.imshow(panel, cmap=None if panel.ndim == 3 else "magma", vmin=0, interpolation="antialiased")
    axis.set_title(title, fontsize=10)
    axis.axis("off")
    if panel.ndim == 2:
        figure.colorbar(image, ax=axis, shrink=0.7)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 照片不是正方形，所以先等比例縮小、兩側補黑（letterbox）；直接拉成正方形的話，人會變胖，貓會被認成狗。
# 熱圖上的**峰**（不低於八個鄰居的格子）就是物件，再從邊距圖讀出四邊，方框就有了。全部的程式只有這些：
#
# The photo is not square, so it is shrunk in proportion and padded with black (letterbox); stretched to a square, people grow fat and
# this cat is taken for a dog. A **peak** of the heat map, a cell that no neighbour exceeds, is an object; its four distances make the
# box. This is all of it:

# %% slideshow={"slide_type": "fragment"}
display.source(centernet.decode)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 分數門檻 · The score threshold
#
# 分數多高才算數？把門檻從高往低移，看看方框怎麼變多。
#
# How high a score counts? Move the threshold down and watch the boxes come.

# %% slideshow={"slide_type": "fragment"}
everything = zoo.load("centernet", score_threshold=0.05)
loose = everything.detect(photos["coffee"])
pictures = {}
for threshold in (0.5, 0.3, 0.08):
    kept = loose[loose.confidence >= threshold]
    pictures[f"score ≥ {threshold}: {len(kept)} boxes"] = drawing.annotate(photos["coffee"], kept, "zh")
drawing.gallery(pictures, columns=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 門檻高：說的都對，但漏掉湯匙。門檻低：湯匙和餐桌出現了，一堆胡說也出現了。把十張照片合起來數，這個取捨就是一條曲線：
# **精確率**（precision，說出來的有多少是對的）對**召回率**（recall，該找的找到多少）。「對」的意思是類別相同，而且 **IoU** ≥ 0.5。
#
# High: what it says is right, but it misses the spoon. Low: spoon and table appear, and so does nonsense. Counted over all ten photos the
# trade is a curve: **precision** (how much of what it says is right) against **recall** (how much of what is there it finds). "Right"
# means the right class and an **IoU** of at least 0.5 with the box drawn by hand.

# %% slideshow={"slide_type": "subslide"}
display.source(metrics.iou)

# %% slideshow={"slide_type": "fragment"}
truth = drawing.true_boxes()
all_found = {name: everything.detect(photo) for name, photo in photos.items()}
right = np.concatenate([metrics.match(all_found[name], truth[name]) >= 0 for name in photos])
scores = np.concatenate([all_found[name].confidence for name in photos])
objects = sum(len(boxes) for boxes in truth.values())
thresholds = np.arange(0.05, 0.85, 0.01)
kept = np.array([(scores >= t).sum() for t in thresholds])
hits = np.array([right[scores >= t].sum() for t in thresholds])
figure, axis = plt.subplots(figsize=(7, 3.4))
axis.plot(thresholds[kept > 0], (hits / np.maximum(kept, 1))[kept > 0], label="precision")
axis.plot(thresholds, hits / objects, label="recall")
axis.axvline(detector.score_threshold, color="#888888", linestyle="--", linewidth=1)
axis.set(xlabel="score threshold", ylim=(0, 1.05), title=f"{objects} objects in ten photos, CenterNet")
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 自駕車要找行人，你選高門檻還是低門檻？相簿要自動加標籤呢？
#
# 🤔 A car looks for pedestrians: high threshold or low? An album adds tags by itself: and there?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 自駕車選低的，相簿選高的：看哪一種錯比較貴。漏掉一個行人會出人命，多踩一次煞車只是不舒服，所以要召回率；相簿貼錯標籤惹人厭，少貼一個沒人在意，所以要精確率。常見的誤會是「0.5 最中立」：分數不一定是機率，這張圖裡門檻大約 0.35 時精確率就已經是 1（只有 12 個物件，別太當真）。自駕車也不能低到底：一直誤煞同樣危險，所以還會看連續好幾個影格、別的感測器。
#
# Low for the car, high for the album: ask which mistake costs more. A missed pedestrian costs a life and a needless touch of the
# brake only comfort, so the car wants recall. A wrong tag annoys and a missing one is hardly noticed, so the album wants
# precision. A usual mistake is "0.5 is neutral": a score need not be a probability, and in this figure precision is 1 from about
# 0.35 on (with 12 objects, do not lean on it). Nor can the car go down to 0: braking for nothing is dangerous too, so it also
# looks at several frames and at other sensors.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 非極大值抑制（NMS） · Non-maximum suppression (NMS)
#
# 同一個物件可能有好幾個相近的峰。NMS 很簡單：留下分數最高的，把和它重疊太多的同類方框丟掉，再看剩下的。
# CenterNet 只取峰，已經替 NMS 做掉大半：下面這匹馬本來就只有兩個框。不找峰、每一格都輸出方框的模型（像下一課的 NanoDet）更需要 NMS。
#
# One object may have several peaks close together. NMS is simple: keep the best, drop the boxes of the same class that overlap it too
# much, go on with the rest. CenterNet takes peaks only, which does most of the work of NMS: the horse below has two boxes to begin
# with. Models without peaks, where every cell gives a box (as NanoDet of the next lesson), need NMS more.

# %% slideshow={"slide_type": "fragment"}
display.source(metrics.nms)

# %% slideshow={"slide_type": "fragment"}
heat, sides, fit = detector.heat_map(photos["horse"])
boxes, box_scores, class_ids = centernet.decode(heat, sides, 0.2)
boxes = np.clip(fit.back(boxes), 0, [photos["horse"].shape[1], photos["horse"].shape[0]] * 2)
pictures = {}
for iou_threshold in (1.0, 0.9, 0.5):
    keep = metrics.nms(boxes, box_scores, class_ids, iou_threshold)
    result = as_detections(boxes[keep], class_ids[keep], detector.names, box_scores[keep])
    pictures[f"IoU threshold {iou_threshold}: {len(keep)} boxes"] = drawing.annotate(photos["horse"], result, "zh")
drawing.gallery(pictures, columns=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 兩個人擁抱，方框幾乎重疊。IoU 門檻太低會怎樣？為什麼 NMS 要**一類一類**做？
#
# 🤔 Two people hug, and their boxes nearly coincide. What does a low IoU threshold do to them? And why does NMS work **class by class**?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 門檻太低，兩個人會只剩一個：他們的 IoU 超過門檻，分數低的就被當成重複的丟掉。NMS 不看影像，只看方框，分不出「同一個人的兩個框」和「兩個人各一個框」。一類一類做，是因為不同類的物件本來就會重疊：領帶在人身上、騎士在馬上；全部放在一起，就可能互相壓掉。常見的誤會是「門檻越低越乾淨越好」：這張圖只有一匹馬，看不出代價。
#
# With a low threshold one of the two disappears: their IoU exceeds it, so the lower score is dropped as a double. NMS sees boxes,
# not pictures; it cannot tell two boxes of one person from one box each of two. Class by class, because things of different
# classes do overlap: a tie on a person, a rider on a horse; taken together, one might suppress the other. A usual mistake is "the
# lower, the cleaner, the better": with only one horse in the picture the price does not show.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 找到、漏掉、認錯 · Found, missed, mistaken
#
# 現在逐張對答案。「漏掉」是人工方框沒有被任何預測對上；「多出來」是預測沒有對上任何人工方框。
#
# Now the marks, photo by photo. Missed: a hand-made box that no prediction matches. Extra: a prediction that matches no hand-made box.

# %% slideshow={"slide_type": "fragment"}
rows = []
for name in photos:
    matched = metrics.match(answers[name], truth[name])
    names, true_names = answers[name].data["class_name"], truth[name].data["class_name"]
    overlap = metrics.iou(answers[name].xyxy, truth[name].xyxy)
    rows.append((
        name,
        ", ".join(f"{names[i]} (IoU {overlap[i, j]:.2f})" for i, j in enumerate(matched) if j >= 0) or "–",
        ", ".join(true_names[j] for j in range(len(true_names)) if j not in matched) or "–",
        ", ".join(names[i] for i, j in enumerate(matched) if j < 0) or "–",
    ))
display.table(rows, columns=["photo", "found", "missed", "extra"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# - 七張照片的主角都找到了（`horse` 是剪影，算不上真正的照片）。十張照片太少，說不出一般的規律。漏的是小的、被擋住的（機車後面的長椅和腳踏車、杯碟上的湯匙）。
# - 湖上的小船被當成**鳥**：只有五個像素寬，換成你也未必認得出來。我們的答案也沒有畫這些船，所以只記了「多出來」，沒有記「漏掉」。
# - 餐桌佔滿整張照片，方框卻只框住杯子和湯匙：類別對了，IoU 不到 0.5，所以不算。
#
# 🤔 `flower` 裡一個物件也沒有，正確答案就是「沒有」。如果評分只看照片裡**有**的物件，會鼓勵模型做什麼壞事？
#
# - In seven photos the main object is found (`horse` is a silhouette, hardly a photo). Ten photos are too few for a rule. It misses what
#   is small or half hidden: bench and bicycle behind the motorcycle, the spoon on the saucer.
# - Boats on the lake are taken for **birds**: five pixels wide, you might not know them either. Our own answers
#   leave these boats out, so they count as extra only, not as missed.
# - The table fills the photo, but the box holds only cup and spoon: right class, IoU below 0.5, so it does not count.
#
# 🤔 `flower` holds none of the 80, and "nothing" is the right answer. If marks were given for objects that **are** there only, what bad
# habit would a model learn?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 會鼓勵模型**亂說**：什麼都說有，總會說中，說錯又不扣分。只看「有的物件找到多少」就是只看召回率；到處畫滿方框，召回率很高，精確率卻很低。所以空的照片也要計分：在 `flower` 上多說一個就是一個錯，這裡它一個也沒說。常見的誤會是「沒有物件就沒有東西可評」，其實它評的正是誤報。
#
# To **babble**: say that everything is there, and some of it will be right, while mistakes cost nothing. Marks for what is there
# measure recall alone; boxes all over the picture give high recall and low precision. So empty photos must count too: every box
# on `flower` is a mistake, and here it made none. A usual mistake is "no objects, nothing to mark": false alarms are exactly what
# such a photo marks.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 要花多少時間 · How long it takes
#
# 整條路都算進去：縮放、網路、解碼、NMS。
#
# The whole way counts: resizing, network, decoding, NMS.

# %% slideshow={"slide_type": "fragment"}
for photo in photos.values():
    detector.detect(photo)  # the first calls are slower
times = []
for photo in [*photos.values()] * REPEATS:
    start = time.perf_counter()
    detector.detect(photo)
    times.append(1000 * (time.perf_counter() - start))
figure, axis = plt.subplots(figsize=(7, 2.2))
axis.hist(times, bins=25, color=plots.COLORS[0])
median = np.median(times)
axis.set(xlabel="ms per image", ylabel="images", title=f"median {median:.0f} ms, or {1000 / median:.0f} images a second")
plt.show()

# %% slideshow={"slide_type": "skip"}
expected = {"astronaut": "person", "camera": "person", "cat": "cat", "coffee": "cup", "grace_hopper": "person",
            "horse": "horse", "motorcycle": "motorcycle"}
overlaps = []
for name, kind in expected.items():
    found = answers[name]
    same_class = found.xyxy[found.data["class_name"] == kind]
    overlaps.append(metrics.iou(same_class, truth[name].xyxy).max(initial=0))
profile.expect("photos whose main object is found, of 7", sum(overlap >= 0.5 for overlap in overlaps),
               at_least=7, hint="are the photos RGB and uint8, 0 ... 255?")
profile.expect("mean IoU with the hand-made boxes", np.mean(overlaps), at_least=0.8)
profile.expect("detections on the flower, where there is nothing", len(answers["flower"]), at_most=0)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 偵測 = 方框 + 類別 + 分數；類別只是數字，要有對的標籤對照表才有意義。<br>A detection is a box, a class and a score; the class is a number that only the right label map explains.
# - 網路輸出的是熱圖和邊距，方框是後處理做出來的：找峰、門檻、NMS。<br>The network puts out heat maps and distances; boxes are made afterwards: peaks, a threshold, NMS.
# - 門檻是取捨，不是真理；要說模型好不好，先有人工方框，再用 IoU 數。<br>A threshold is a trade, not a truth; to judge a detector, draw boxes by hand and count by IoU.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 它只能在 TensorFlow Models 的資料夾裡執行，每張影像開一個 session，還用 `getdata` 一個像素一個像素讀圖。<br>It ran only inside the TensorFlow Models tree, opened a session for every image and read pictures pixel by pixel with `getdata`.
# - 它說「速度非常快，但是精確度似乎不是非常好」，但沒有計時，也沒有計分。<br>It said "very fast, but accuracy does not seem very good", and neither timed nor scored.
# - 它的 SSD MobileNet v1 現在也能用：`zoo.load("ssd_mobilenet_v1")`，要連得到 TensorFlow 的下載站。下一課會用。<br>Its SSD MobileNet v1 still works, `zoo.load("ssd_mobilenet_v1")`, where TensorFlow's download site is reachable. The next lesson uses it.
#
# ## 練習 · Lab
#
# 練習 23「IoU 與 NMS」：自己寫這兩個函式。
#
# Lab 23, IoU and NMS: write the two functions yourself.
#
# ## 參考資料 · References
#
# - X. Zhou, D. Wang, P. Krähenbühl, [Objects as Points](https://arxiv.org/abs/1904.07850), 2019 (CenterNet)
# - T.-Y. Lin et al., [Microsoft COCO: Common Objects in Context](https://arxiv.org/abs/1405.0312), 2014
# - M. Everingham et al., [The PASCAL Visual Object Classes (VOC) Challenge](https://doi.org/10.1007/s11263-009-0275-4), *IJCV* 88, 2010
# - V. Mandic, [Human](https://github.com/vladmandic/human) · 模型 · the model
# - Roboflow, [supervision](https://supervision.roboflow.com/) · 畫方框 · draws the boxes

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
# | 先備知識 · What you need | [01](01_numpy.ipynb) 的切片和布林索引；[06](06_convolutions.ipynb) 的特徵圖 · slices and Boolean indexing of [01](01_numpy.ipynb); feature maps of [06](06_convolutions.ipynb) |
# | 學習時間 · Study time | 約 60 分鐘，含空格和問題 · about 60 minutes, with gaps and questions |
# | 資料 · Data | 十張照片（CC0、公有領域、CC BY 2.0；`motorcycle` 可自由使用，請引用 Scharstein 等人；作者見 `data/catalog.toml`），方框由我們手繪（CC0） · ten photos (CC0, public domain, CC BY 2.0; `motorcycle` free to use, cite Scharstein et al.; authors in `data/catalog.toml`), boxes drawn by us (CC0) |
# | 模型 · Model | CenterNet + MobileNetV3，COCO 80 類（V. Mandic：Human，MIT 授權） · 80 classes of COCO (V. Mandic: Human, MIT licence) |
# | 投影片 · Slides | 物件偵測 Labs：object_detection_tutorial（1/4 到 4/4） · object detection labs, object_detection_tutorial (1/4 to 4/4) |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：匯入套件 · Step 1: Imports
#
# 只要這幾行，不必下載別人的整個原始碼。
#
# These lines are enough; nobody's source tree has to be downloaded.

# %% slideshow={"slide_type": "fragment"}
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.detection import centernet, drawing, labels, metrics, zoo
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
REPEATS = profile.choose(smoke=1, lesson=5, full=20)  # how often each photo is timed
profile.seed(17)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 先看照片，**不要**看模型的答案。你看到哪些東西？寫下來，等一下和模型比。（`horse` 是一張剪影，其實不是照片。）
#
# Look at the photos first, **before** the model's answers. What do you see? Write it down and compare with the model later. (`horse` is a silhouette, not
# really a photo.)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
photos = datasets.load_photos()
print({name: photo.shape for name, photo in photos.items()})
print(photos["cat"].dtype, "RGB, 0 ... 255")

# %% alt={"zh": "十張照片：太空人、攝影師、貓臉、中國亭閣、咖啡杯、橘色的花、戴軍帽的女軍官、馬的黑色剪影、紅色機車、夜裡的火箭。", "en": "Ten photos: an astronaut, a cameraman, a cat's face, a Chinese pavilion, a cup of coffee, an orange flower, a woman officer in uniform, the black silhouette of a horse, a red motorcycle, a rocket at dusk."} slideshow={"slide_type": "fragment"}
drawing.gallery(photos)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：準備模型 · Step 2: The model
#
# 從零訓練一個 COCO 偵測器要好幾天，所以我們**讀進**別人的成果。這個模型原本是給瀏覽器用的（TensorFlow.js 格式）：一個 JSON 檔寫著「先做哪一步、再做哪一步」，一個二進位檔放權重，每個權重 16 位元（float16）。圖（graph）本身就是 TensorFlow 的 GraphDef，所以一個函式就讀得回來。
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
# `detector` 是同一個模型，轉成 TensorFlow Lite，在 CPU 上比較快。這樣的圖叫「凍結圖」（frozen graph）：變數都換成常數，和權重一起存成檔案。
#
# 🤔 為什麼做預測時可以把變數換成常數，訓練時卻不行？
#
# `detector` is the same network converted to TensorFlow Lite, which is faster on CPUs. Such a graph is called a frozen graph: all variables are replaced by
# constants and stored with the weights.
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

# %% alt={"zh": "車庫裡一輛紅色機車，一個方框貼著整輛車，寫著機車 motorcycle 0.70。", "en": "A red motorcycle in a garage, with a box close around it that says 機車 motorcycle 0.70."} slideshow={"slide_type": "subslide"} tags=["thumbnail"]
answers = {name: detector.detect(photo) for name, photo in photos.items()}
figure, axis = plt.subplots(figsize=(5.2, 3.6))
axis.imshow(drawing.annotate(photos["motorcycle"], answers["motorcycle"]), interpolation="antialiased")
axis.axis("off")
plt.show()

# %% alt={"zh": "六張照片和找到的方框：兩個人、杯子、貓、馬、攝影師都框到了。咖啡杯下多了一個把握很低的「餐桌」，女軍官身上多一個「領帶」。", "en": "Six photos with boxes: two persons, the cup, the cat, the horse and the cameraman are found. Below the cup there is an unsure dining table, on the officer an unsure tie."} slideshow={"slide_type": "fragment"}
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

# %% alt={"zh": "一張補成正方形的人像，和四張暗色的圖。兩張熱圖各只有一個亮點，一個在臉的下方，一個在領口；兩張邊距圖是大片的亮塊。", "en": "A portrait made square, and four dark maps. The two heat maps have one bright spot each, one below the face and one at the collar; the two maps of distances are broad bright patches."} slideshow={"slide_type": "fragment"}
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
#
# 熱圖上的**峰**就是物件：一格的值夠高，而且八個鄰居沒有一個比它高。
#
# ✏️ 寫出這個條件。`around` 的第 0 軸有九張圖：每一格自己，和它的八個鄰居。
#
# The photo is not square, so it is shrunk in proportion and padded with black (letterbox); stretched to a square, people grow fat and
# this cat is taken for a dog.
#
# A **peak** of the heat map is an object: a cell whose value is high enough, and that none of its eight neighbours exceeds.
#
# ✏️ Write this condition. Axis 0 of `around` holds nine maps: each cell itself, and its eight neighbours.


# %% gap="peaks" slideshow={"slide_type": "fragment"}
def peaks(heat, threshold):
    """Return (rows, columns), True where a heat map reaches the threshold and no neighbour is higher."""
    rows, columns = heat.shape
    padded = np.pad(heat, 1)
    around = np.stack([padded[dy:dy + rows, dx:dx + columns] for dy in range(3) for dx in range(3)])  # (9, rows, columns)
    ### BEGIN SOLUTION
    return (heat >= around.max(axis=0)) & (heat >= threshold)
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
hills = np.array([[0.1, 0.2, 0.1, 0.0, 0.0, 0.2],
                  [0.2, 0.9, 0.4, 0.1, 0.1, 0.1],
                  [0.1, 0.3, 0.2, 0.5, 0.1, 0.0],
                  [0.0, 0.1, 0.1, 0.2, 0.1, 0.0]])
answer = np.asarray(peaks(hills, 0.3))
checks.that(answer.shape == hills.shape, "每一格一個答案。 An answer for each cell.",
            f"應該每一格一個答案，形狀 {hills.shape}，你的是 {answer.shape}：最大值要沿著第 0 軸取。 "
            f"There should be an answer for each cell, shape {hills.shape}; yours is {answer.shape}: take the maximum along axis 0.")
checks.that(bool(answer[1, 1]), "0.9 是峰。 0.9 is a peak.",
            "0.9 是峰，你卻沒找到。`around` 也包含這一格自己，所以它最多和最大值相等。 "
            "0.9 is a peak, and you missed it. `around` holds the cell itself as well, so it can at most equal the maximum.")
checks.that(bool(answer[2, 3]), "旁邊的小山也算。 The smaller hill counts as well.",
            "0.5 比它的八個鄰居都高，也是峰：比的是鄰居，不是整張圖的最大值。 "
            "0.5 is higher than its eight neighbours, a peak too: compare with neighbours, not with the highest of the whole map.")
checks.that(not answer[1, 2], "山坡不是峰。 A slope is no peak.",
            "0.4 的鄰居有 0.9，它在山坡上，不是峰。 0.4 has the neighbour 0.9: it lies on a slope and is no peak.")
checks.that(not answer[0, 5] and answer.sum() == 2, "太低的不算。 Low ones do not count.",
            "0.2 雖然比鄰居高，卻不到門檻 0.3。 0.2 is higher than its neighbours, but below the threshold 0.3.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 有了峰，再從邊距圖讀出四個距離，方框就有了。熱圖的一格是輸入的 4 個像素，所以第 `row` 列、第 `column` 欄的中心，在輸入裡是 $y = 4 \times$ `row`、$x = 4 \times$ `column`。
#
# ✏️ 寫出方框的四邊，順序是左、上、右、下。
#
# A peak and its four distances make the box. A cell of the map is 4 pixels of the input, so the centre in row `row` and column `column` lies at
# $y = 4 \times$ `row`, $x = 4 \times$ `column` of the input.
#
# ✏️ Write the four sides of the box, in the order left, top, right, bottom.


# %% gap="box" slideshow={"slide_type": "fragment"}
def box_at(row, column, sides):
    """Return [left, top, right, bottom] in input pixels of the object whose centre is in a cell; sides is (rows, columns, 4)."""
    to_left, to_top, to_right, to_bottom = sides[row, column]
    ### BEGIN SOLUTION
    x, y = 4 * column, 4 * row
    return [x - to_left, y - to_top, x + to_right, y + to_bottom]
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
distances = np.zeros((8, 8, 4))
distances[2, 5] = [3, 1, 10, 20]  # centre at x = 20, y = 8
answer = np.asarray(box_at(2, 5, distances), dtype=float)
checks.that(answer.shape == (4,) and answer[2] > answer[0] and answer[3] > answer[1],
            "左比右小，上比下小。 Left is less than right, top than bottom.",
            "方框翻過來了：左邊和上邊要減，右邊和下邊要加。 The box is turned over: subtract for left and top, add for right and bottom.")
checks.that(not np.allclose(answer, [5, 19, 18, 40]), "列是 y，欄是 x。 Rows are y, columns are x.",
            "x 和 y 對調了：欄決定左右，列決定上下。 x and y are exchanged: the column says left and right, the row up and down.")
checks.that(not np.allclose(answer, [2, 1, 15, 22]), "格換成了像素。 Cells became pixels.",
            "一格是 4 個像素，中心要乘 4。 A cell is 4 pixels: multiply the centre by 4.")
checks.close(answer, [17, 7, 30, 28], "方框對了。 The box is right.",
             "左 = x − 左距，上 = y − 上距，右、下呢？ Left is x minus the distance to the left, top likewise with y; and right and bottom?")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
centres = np.argwhere(peaks(heat[..., 0], detector.score_threshold))
for row, column in centres:
    box = fit.back(np.array([box_at(row, column, sides)]))[0]  # from the square back to the photo
    print(f"person, cell ({row}, {column}): left, top, right, bottom of the photo {box.round().astype(int).tolist()}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 和步驟 4 的表比一比：同一個人（方框最後還會截在照片裡面）。課程的版本對 80 張熱圖一次做完，不過做的就是這兩件事：
#
# Compare with the table of step 4: the same person (in the end boxes are also cut off at the edge of the photo). The course's version does all 80 maps at once, but
# these two things are all it does:

# %% slideshow={"slide_type": "fragment"}
display.source(centernet.decode)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 分數門檻 · The score threshold
#
# 分數多高才算數？把門檻從高往低移，看看方框怎麼變多。
#
# How high a score counts? Move the threshold down and watch the boxes come.

# %% alt={"zh": "同一杯咖啡，門檻由高到低。先只有杯子一個方框，接著多一個餐桌，最低時有七個，湯匙、叉子、碗都出來了，互相重疊。", "en": "The same cup of coffee at three thresholds. At first there is one box, the cup; then a dining table; at the lowest seven that overlap, with spoon, fork and bowl among them."} slideshow={"slide_type": "fragment"}
everything = zoo.load("centernet", score_threshold=0.05)
loose = everything.detect(photos["coffee"])
pictures = {}
for threshold in (0.5, 0.3, 0.08):
    kept = loose[loose.confidence >= threshold]
    pictures[f"score ≥ {threshold}: {len(kept)} boxes"] = drawing.annotate(photos["coffee"], kept, "zh")
drawing.gallery(pictures, columns=3)

# %% [markdown] slideshow={"slide_type": "skip"}
# 換你拉。先猜：把門檻降到多低，咖啡杯旁邊的湯匙才會出現？在 JupyterLab 執行下一格，拉 `threshold`，換別的照片，看先多出來的是真的東西，還是胡說。
#
# Now you. Guess first: how low must the threshold be for the spoon beside the cup to appear? Run the next cell in JupyterLab, move `threshold`, take other
# photos, and see what comes first: things that are there, or nonsense.

# %% slideshow={"slide_type": "skip"} tags=["touch"]
from ipywidgets import interact


@interact(name=list(photos), threshold=(0.05, 0.95, 0.05))
def boxes(name="coffee", threshold=0.3):
    found = everything.detect(photos[name])
    kept = found[found.confidence >= threshold]
    return drawing.gallery({f"score ≥ {threshold:.2f}: {len(kept)} boxes": drawing.annotate(photos[name], kept)}, columns=1, width=6)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 門檻高：說的都對，但漏掉湯匙。門檻低：湯匙和餐桌出現了，一堆胡說也出現了。把十張照片合起來數，這個取捨就是一條曲線：**精確率**（precision，說出來的有多少是對的）對**召回率**（recall，該找的找到多少）。「對」的意思是類別相同，而且 **IoU** ≥ 0.5。
#
# High: what it says is right, but it misses the spoon. Low: spoon and table appear, and so does nonsense. Counted over all ten photos the
# trade is a curve: **precision** (how much of what it says is right) against **recall** (how much of what is there it finds). "Right"
# means the right class and an **IoU** of at least 0.5 with the box drawn by hand.

# %% slideshow={"slide_type": "subslide"}
display.source(metrics.iou)

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出這兩個數。`scores` 是所有方框的分數，`right` 說每個方框對不對（True 或 False），`objects` 是真正有幾個物件。只算分數到達門檻的。
#
# ✏️ Write the two numbers. `scores` are the scores of all boxes, `right` says of each whether it is right (True or False), `objects` is how many objects
# there really are. Only boxes that reach the threshold count.


# %% gap="rates" slideshow={"slide_type": "fragment"}
def precision_and_recall(scores, right, objects, threshold):
    """Return both for the boxes whose score reaches the threshold; there is at least one."""
    ### BEGIN SOLUTION
    said = scores >= threshold
    return right[said].mean(), right[said].sum() / objects
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
pretend_scores, pretend_right = np.array([0.9, 0.8, 0.4, 0.3, 0.2]), np.array([True, False, True, False, False])
precision, recall = precision_and_recall(pretend_scores, pretend_right, 8, 0.3)
checks.that(not np.isclose(precision, 0.4), "門檻用上了。 The threshold is used.",
            "你把低於門檻的方框也算進去了。 You counted the boxes below the threshold as well.")
checks.that(not np.isclose(recall, 1), "召回率的分母是真正的物件。 Recall is divided by the objects that are there.",
            "召回率要除以**真正有的**物件數，不是說對的數目：漏掉的從沒被說出來。 "
            "Divide recall by the number of objects that **are there**, not of those found: what was missed was never said.")
checks.that(not (np.isclose(precision, 0.25) and np.isclose(recall, 0.5)), "順序對了。 The order is right.",
            "兩個數對調了：先精確率，再召回率。 The two are exchanged: precision first, then recall.")
checks.close([precision, recall], [0.5, 0.25], "說了四個，對兩個；八個裡找到兩個。 Four said, two right; two of eight found.",
             "精確率：說對的 ÷ 說出來的。召回率：說對的 ÷ 真正有的。 Precision: right ones by those said. Recall: right ones by those there.")

# %% alt={"zh": "門檻越高，精確率的實線越高，過了 0.3 不久就到 1；召回率的虛線越來越低，最後只剩一成。", "en": "The higher the threshold, the higher the solid line of precision, which is 1 soon after 0.3; the dashed line of recall sinks, to a tenth in the end."} slideshow={"slide_type": "fragment"}
truth = drawing.true_boxes()
all_found = {name: everything.detect(photo) for name, photo in photos.items()}
right = np.concatenate([metrics.match(all_found[name], truth[name]) >= 0 for name in photos])
scores = np.concatenate([all_found[name].confidence for name in photos])
objects = sum(len(boxes) for boxes in truth.values())
thresholds = np.arange(0.05, scores.max(), 0.01)
rates = np.array([precision_and_recall(scores, right, objects, threshold) for threshold in thresholds])
figure, axis = plt.subplots(figsize=(7, 3.4))
axis.plot(thresholds, rates[:, 0], label="precision")
axis.plot(thresholds, rates[:, 1], label="recall", linestyle="--")
axis.axvline(detector.score_threshold, color="#888888", linestyle=":", linewidth=1)
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
# CenterNet 只留下峰，一個物件大多只剩一個框。不找峰的模型就不同了：下一課的 NanoDet 有三種大小的格子，**每一格**都可以輸出方框，同一個人旁邊的好幾格都會說「這裡有人」。
#
# NMS 很簡單：留下分數最高的，把和它重疊太多的同類方框丟掉，再從剩下的裡面選最高的，一直做到沒有為止。
#
# ✏️ 寫出一回合：`best` 是剛留下的那一個，`rest` 是還沒處理的（都是編號），`overlap[i, j]` 是 `i` 和 `j` 的 IoU。哪些 `rest` 可以留到下一回合？
#
# CenterNet keeps peaks only, which mostly leaves one box for each object. Models without peaks are another matter: NanoDet of the next lesson has grids of three
# sizes, and **every cell** may give a box; several cells near one person will all say that there is one.
#
# NMS is simple: keep the best box, drop those of its class that overlap it too much, then take the best of what is left, and so on until none is left.
#
# ✏️ Write one round: `best` is the box just kept, `rest` those not yet dealt with (all are indices), `overlap[i, j]` is the IoU of `i` and `j`. Which of `rest` go
# on to the next round?


# %% gap="suppress" slideshow={"slide_type": "fragment"}
def survivors(overlap, best, rest, iou_threshold):
    """Return those indices of rest whose box overlaps that of best by the threshold at most."""
    ### BEGIN SOLUTION
    return rest[overlap[best, rest] <= iou_threshold]
    ### END SOLUTION


# %% slideshow={"slide_type": "fragment"} tags=["check"]
table_of_iou = np.array([[1.0, 0.7, 0.1, 0.5, 0.0],
                         [0.7, 1.0, 0.6, 0.2, 0.0],
                         [0.1, 0.6, 1.0, 0.8, 0.3],
                         [0.5, 0.2, 0.8, 1.0, 0.9],
                         [0.0, 0.0, 0.3, 0.9, 1.0]])
answer = survivors(table_of_iou, 3, np.array([0, 2, 4]), 0.5)
checks.that(not np.array_equal(answer, [2, 4]), "重疊太多的丟掉了。 What overlaps too much is dropped.",
            "反了：要留下的是重疊**少**的。 The wrong way round: those that overlap **little** stay.")
checks.that(np.asarray(answer).dtype != bool, "留下的是編號。 What stays are indices.",
            "你傳回的是 True、False；要的是 `rest` 裡留下的編號。 You returned True and False; the indices of `rest` that stay are wanted.")
other = survivors(table_of_iou, 0, np.array([2, 4, 1]), 0.5)
checks.that(not np.array_equal(other, [0, 1]), "編號是方框的編號。 The indices are those of boxes.",
            "你傳回的是在 rest 裡的位置，不是方框的編號。 You returned places in rest, not the indices of the boxes.")
checks.that(len(np.atleast_1d(answer)) == 1, "剛好到門檻的留下。 At the threshold itself it stays.",
            "IoU 剛好等於門檻的也留下：只丟掉**超過**門檻的。 An IoU equal to the threshold stays: only those **above** it are dropped.")
checks.that(np.array_equal(answer, [0]) and np.array_equal(other, [2, 4]), "這一回合對了。 This round is right.",
            "要看的是每個 rest 和 best 的 IoU：overlap 的哪一列、哪幾欄？ Look at the IoU of each of rest with best: which row of overlap, which columns?")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 整個 NMS 就是把這一回合一直做下去。不同類的方框，IoU 先當成 0，所以只有同類的會互相丟掉。
#
# The whole of NMS is this round, again and again. Between boxes of different classes the IoU is set to 0 first, so that only boxes of one class drop one another.

# %% slideshow={"slide_type": "fragment"}
display.source(metrics.nms)

# %% alt={"zh": "同一張人像兩次。左邊不做 NMS，人和領帶的方框疊了二十幾個；右邊剩三個：一個大的人、一個窄的人、一個領帶。", "en": "The same portrait twice. On the left, without NMS, more than twenty boxes of person and tie lie on one another; on the right three are left: a large person, a narrow one, and a tie."} slideshow={"slide_type": "fragment"}
nanodet = zoo.load("nanodet", engine="tflite")
pictures, counts = {}, {}
for iou_threshold in (1.0, 0.5):  # no IoU is above 1.0: nothing is dropped
    nanodet.iou_threshold = iou_threshold
    counts[iou_threshold] = {name: len(nanodet.detect(photo)) for name, photo in photos.items()}
    result = nanodet.detect(photos["grace_hopper"])
    pictures[f"NanoDet, IoU threshold {iou_threshold}: {len(result)} boxes"] = drawing.annotate(photos["grace_hopper"], result, "zh")
drawing.gallery(pictures, columns=2, width=7)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 十張照片都數一次，分數門檻都是 0.3。CenterNet 那三欄分別是：熱圖上有幾格到達門檻、其中幾個是峰、峰變成的方框再經過 NMS 還剩幾個。
#
# Now count in all ten photos, with a score threshold of 0.3 for both. The three columns of CenterNet: cells of the heat maps that reach the threshold, peaks among
# them, and boxes of these peaks that NMS leaves.

# %% slideshow={"slide_type": "fragment"}
rows = []
for name, photo in photos.items():
    heat, sides, _ = detector.heat_map(photo)
    warm = heat >= detector.score_threshold
    tops = [peaks(heat[..., kind], detector.score_threshold).sum() for kind in np.flatnonzero(warm.any(axis=(0, 1)))]
    rows.append((name, counts[1.0][name], counts[0.5][name], int(warm.sum()), int(sum(tops)), len(answers[name])))
before, after, cells, peaked, left = (sum(column) for column in list(zip(*rows, strict=True))[1:])
rows.append(("all", before, after, cells, peaked, left))
display.table(rows, columns=["photo", "NanoDet: boxes", "after NMS", "CenterNet: cells", "peaks", "after NMS "])

# %% [markdown] slideshow={"slide_type": "fragment"}
# NanoDet 的 137 個框，NMS 丟掉一百多個，剩 25 個；沒有 NMS，它根本不能用。CenterNet 有 315 格到達門檻，光是「只留峰」就剩 15 個，NMS 只再丟掉 3 個：峰幾乎代替了 NMS。剩下的不一定對，NMS 只管重複，不管對錯（下一節就來對答案）。
#
# Of NanoDet's 137 boxes NMS drops over a hundred and leaves 25; without it the detector is of no use. In CenterNet 315 cells reach the threshold; to keep peaks only
# leaves 15, and NMS drops just 3 more: peaks have almost replaced NMS. What is left need not be right. NMS sees to doubles, not to mistakes (the next section marks
# them).

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 兩個人擁抱，方框幾乎重疊。IoU 門檻太低會怎樣？為什麼 NMS 要**一類一類**做？
#
# 🤔 Two people hug, and their boxes nearly coincide. What does a low IoU threshold do to them? And why does NMS work **class by class**?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 門檻太低，兩個人會只剩一個：他們的 IoU 超過門檻，分數低的就被當成重複的丟掉。NMS 不看影像，只看方框，分不出「同一個人的兩個框」和「兩個人各一個框」。一類一類做，是因為不同類的物件本來就會重疊：領帶在人身上、騎士在馬上；全部放在一起，就可能互相壓掉。常見的誤會是「門檻越低越乾淨越好」：這張圖只有一個人，看不出代價。
#
# With a low threshold one of the two disappears: their IoU exceeds it, so the lower score is dropped as a double. NMS sees boxes,
# not pictures; it cannot tell two boxes of one person from one box each of two. Class by class, because things of different
# classes do overlap: a tie on a person, a rider on a horse; taken together, one might suppress the other. A usual mistake is "the
# lower, the cleaner, the better": with only one person in the picture the price does not show.
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
# - 有主角的七張（六張照片，和 `horse` 那張剪影），主角都找到了。十張太少，說不出一般的規律。漏的是小的、被擋住的（機車後面的長椅和腳踏車、杯碟上的湯匙）。
# - 湖上的小船被當成**鳥**：只有五個像素寬，換成你也未必認得出來。我們的答案也沒有畫這些船，所以只記了「多出來」，沒有記「漏掉」。
# - 餐桌占滿整張照片，方框卻只框住杯子和湯匙：類別對了，IoU 不到 0.5，所以不算。
#
# 🤔 `flower` 裡一個物件也沒有，正確答案就是「沒有」。如果評分只看照片裡**有**的物件，會鼓勵模型做什麼壞事？
#
# - In all seven that have a main object (six photos and `horse`, the silhouette) it is found. Ten are too few for a rule. It misses what
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

# %% alt={"zh": "每張圖所花毫秒數的直方圖。大多在 44 到 49 之間，右邊有零星幾張慢一點。", "en": "A histogram of milliseconds per image. Most lie between 44 and 49; a few stragglers are slower."} slideshow={"slide_type": "fragment"}
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# 方框只說大概在哪裡。FCN（[Long 等人](https://arxiv.org/abs/1411.4038)，2015）和 U-Net（[Ronneberger 等人](https://arxiv.org/abs/1505.04597)，2015）替每一個像素分類；Mask R-CNN（[He 等人](https://arxiv.org/abs/1703.06870)，2017）在每個方框裡再畫出輪廓。第 27 課做一個小的 U-Net，再把人從照片裡剪下來。
#
# A box says roughly where. FCN ([Long et al.](https://arxiv.org/abs/1411.4038), 2015) and U-Net ([Ronneberger et
# al.](https://arxiv.org/abs/1505.04597), 2015) give every pixel a class; Mask R-CNN ([He et al.](https://arxiv.org/abs/1703.06870), 2017) draws an
# outline inside each box. Lesson 27 builds a small U-Net and then cuts persons out of photos.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 偵測 = 方框 + 類別 + 分數；類別只是數字，要有對的標籤對照表才有意義。<br>A detection is a box, a class and a score; the class is a number that only the right label map explains.
# - 網路輸出的是熱圖和邊距，方框是後處理做出來的：找峰、門檻、NMS。<br>The network puts out heat maps and distances; boxes are made afterwards: peaks, a threshold, NMS.
# - 門檻是取捨，不是真理；要說模型好不好，先有人工方框，再用 IoU 數。<br>A threshold is a trade, not a truth; to judge a detector, draw boxes by hand and count by IoU.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Unfold</summary>
#
# - 它只能在 TensorFlow Models 的資料夾裡執行，每張影像開一個 session，還用 `getdata` 一個像素一個像素讀圖。<br>It ran only inside the TensorFlow Models tree, opened a session for every image and read pictures pixel by pixel with `getdata`.
# - 它說「速度非常快，但是精確度似乎不是非常好」，但沒有計時，也沒有計分。<br>It said "very fast, but accuracy does not seem very good", and neither timed nor scored.
# - 它的 SSD MobileNet v1 現在也能用：`zoo.load("ssd_mobilenet_v1")`，要連得到 TensorFlow 的下載站。下一課會用。<br>Its SSD MobileNet v1 still works, `zoo.load("ssd_mobilenet_v1")`, where TensorFlow's download site is reachable. The next lesson uses it.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 23](../labs/lab23_iou_and_nms.ipynb)「IoU 與 NMS」：自己寫這兩個函式。
#
# [Lab 23](../labs/lab23_iou_and_nms.ipynb), IoU and NMS: write the two functions yourself.
#
# 接下來：方框裡還有背景。[27](27_segmentation.ipynb) 替每個像素選類別，把人從照片裡剪出來。
#
# Outlook: there is background in every box. [27](27_segmentation.ipynb) chooses a class for each pixel and cuts people out of photos.
#
# ## 參考資料 · References
#
# - X. Zhou, D. Wang, P. Krähenbühl, [Objects as Points](https://arxiv.org/abs/1904.07850), 2019 (CenterNet)
# - T.-Y. Lin et al., [Microsoft COCO: Common Objects in Context](https://arxiv.org/abs/1405.0312), 2014
# - M. Everingham et al., [The PASCAL Visual Object Classes (VOC) Challenge](https://doi.org/10.1007/s11263-009-0275-4), *IJCV* 88, 2010
# - V. Mandic, [Human](https://github.com/vladmandic/human) · 模型 · the model
# - Roboflow, [supervision](https://supervision.roboflow.com/) · 畫方框 · draws the boxes

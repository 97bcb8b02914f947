# %% [markdown] slideshow={"slide_type": "slide"}
# # 25 影片與攝影機：逐影格偵測 · Video and camera: detect frame by frame
#
# 🗺 影片與攝影機：讀、偵測、追蹤、寫 · Video and camera: read, detect, track, write
#
# 影片只是一張接一張的影像。把上一課的偵測器放進迴圈就好？差不多，但魔鬼藏在細節裡：顏色順序、每秒幾個影格、編碼格式、忘了關的攝影機。
#
# 上完這一課，你可以
# 1. 讀影片檔、網址或攝影機，逐影格偵測、畫框、寫成瀏覽器播得出來的影片；
# 2. 檢查輸出：進來幾個影格就出去幾個影格，速率和大小不變，紅色還是紅色；
# 3. 用 IoU 追蹤物件、給它編號，數一數影片裡到底出現過幾個，也看到兩個人交錯時編號怎麼互換、靠什麼救回來。
#
# A video is one image after another. So put the detector of the last lesson into a loop? Nearly, but the devil is in the details:
# the order of colours, the frame rate, the codec, a camera that nobody closed.
#
# After this lesson you can
# 1. read a video file, an address or a camera, detect and draw frame by frame, and write a video that browsers play;
# 2. check the result: as many frames out as in, rate and size kept, red still red;
# 3. track objects by IoU, give them numbers, count how many there were; and see how numbers change places where two people cross, and
#    what cures it.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [23](23_object_detection.ipynb)：方框、分數、IoU；[01](01_numpy.ipynb)：切片、廣播、`np.minimum`；Python 的 `with` · boxes, scores and IoU of [23](23_object_detection.ipynb); slices, broadcasting and `np.minimum` of [01](01_numpy.ipynb); Python's `with` |
# | 學習時間 · Study time | 約 50 分鐘，含空格和問題 · about 50 minutes, with gaps and questions |
# | 資料 · Data | 一段我們用五張照片拍成的影片（CC0、公有領域；`motorcycle` 引用 Scharstein 等人）；有攝影機也可以 · a video that we make from five photos (CC0, public domain; `motorcycle` by Scharstein et al.); a camera if you have one |
# | 模型 · Model | CenterNet + MobileNetV3（V. Mandic：Human，MIT 授權） · (V. Mandic: Human, MIT licence) |
# | 投影片 · Slides | 物件偵測 Labs：stream.ipynb，步驟 1 到 4 · object detection labs, stream.ipynb, steps 1 to 4 |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：匯入套件 · Step 1: Imports

# %% slideshow={"slide_type": "fragment"}
import sys
import tempfile
import time
from pathlib import Path

import cv2
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from utils.data import datasets
from utils.detection import drawing, metrics, video, zoo
from utils.detection.detector import as_detections, channel_order
from utils.detection.tracking import IouTracker
from utils.notebook import checks, display, profile

# %% slideshow={"slide_type": "skip"}
SECONDS = profile.choose(smoke=2, lesson=8, full=30)  # length of the video
SOURCE = None  # None: the video made below. Or a path, an address, or a camera's number such as 0
RATE = 15  # frames a second
WIDTH, HEIGHT = 480, 270
CROSSING = 60  # frames in which one person walks past another
profile.seed(19)
folder = Path(tempfile.mkdtemp())

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：一段知道答案的影片 · Step 2: A video whose answers we know
#
# 網路上的影片沒有標準答案。我們自己拍：五張照片排成一條長捲軸，攝影機由左往右平移（pan），一邊拉近又拉遠（zoom）。因為運鏡是我們算的，每個影格裡每個物件在哪裡，我們都知道。
#
# Videos from the net come without answers. So we shoot our own: five photos side by side on a long scroll; the camera pans from
# left to right and zooms in and out on the way. As we compute the motion, we know where every object is in every frame.

# %% slideshow={"slide_type": "fragment"}
photos, truth = datasets.load_photos(), drawing.true_boxes(include_hard=False)
strip, strip_boxes, strip_classes, left = [], [], [], 0
for name in ("motorcycle", "cat", "horse", "camera", "grace_hopper"):
    scale = 360 / photos[name].shape[0]
    picture = cv2.resize(photos[name], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    strip_boxes += [box * scale + [left, 0, left, 0] for box in truth[name].xyxy[:1]]  # one object of each photo
    strip_classes += truth[name].class_id[:1].tolist()
    strip.append(picture)
    left += picture.shape[1]
strip, strip_boxes = np.concatenate(strip, axis=1), np.array(strip_boxes)


def camera_at(progress):
    """Return the 2 × 3 matrix from the scroll to the frame: the motion of the camera, for a progress of 0 ... 1."""
    zoom = HEIGHT / 360 * (1 + 0.25 * np.sin(4 * np.pi * progress) ** 2)
    half = WIDTH / zoom / 2
    centre = half + progress * (strip.shape[1] - 2 * half)
    return np.array([[zoom, 0, WIDTH / 2 - zoom * centre], [0, zoom, HEIGHT / 2 - zoom * 180]])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 矩陣的左上角是放大幾倍，最後一欄是放大之後往右、往下移多少。捲軸上的方框照同樣的辦法，就變成影格裡的方框。
#
# ✏️ 寫出 `in_frame`：方框是左、上、右、下，`matrix[0, 0]` 是倍率，`matrix[:, 2]` 是移動的 (x, y)。
#
# In the corner of the matrix stands by how much to enlarge, in its last column how far to move right and down afterwards. Boxes on the
# scroll become boxes in the frame in the same way.
#
# ✏️ Write `in_frame`: boxes are left, top, right, bottom; `matrix[0, 0]` is the factor, `matrix[:, 2]` the move (x, y).

# %% gap="camera" slideshow={"slide_type": "fragment"}
def in_frame(boxes, matrix):
    """Turn boxes on the scroll into boxes in the frame: (n, 4) to (n, 4)."""
    ### BEGIN SOLUTION
    return boxes * matrix[0, 0] + np.tile(matrix[:, 2], 2)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
moved = np.asarray(in_frame(np.array([[10.0, 20, 30, 60]]), np.array([[2.0, 0, -5], [0, 2.0, 7]])))
checks.that(moved.shape == (1, 4), "一個方框還是四個數字。 A box is still four numbers.", "要傳回 n × 4 的陣列。 Return an array of n × 4.")
checks.close(moved[0, 2:] - moved[0, :2], [40, 80], "放大兩倍。 Twice as large.",
             "方框應該變成兩倍大：四個數字都要乘，左右移同樣多，上下移同樣多。 "
             "The box should be twice as large: multiply all four; left and right move alike, and so do top and bottom.")
checks.close(moved, [[15, 47, 55, 127]], "先放大，再移動。 Enlarged first, then moved.",
             "順序是先乘倍率，再加上移動；x 加在左右，y 加在上下。 First the factor, then the move; x goes to left and right, y to top and bottom.")


# %% alt={"zh": "一條長長的橫幅，由左到右接著五張照片：紅色機車、貓臉、馬的剪影、攝影師、女軍官。", "en": "One long strip of five photos, left to right: a red motorcycle, a cat's face, the silhouette of a horse, a cameraman, a woman officer."} slideshow={"slide_type": "fragment"}
def true_objects(progress):
    """Return the objects of which at least 60 % can be seen, with boxes in the frame."""
    corners = in_frame(strip_boxes, camera_at(progress))
    seen = np.clip(corners, 0, [WIDTH, HEIGHT, WIDTH, HEIGHT])
    area = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (seen, corners)]
    visible = np.flatnonzero(area[0] >= 0.6 * area[1])
    boxes = as_detections(seen[visible], np.array(strip_classes)[visible], detector.names)
    boxes.tracker_id = visible + 1
    return boxes


detector = zoo.load("centernet")
moments = np.linspace(0, 1, SECONDS * RATE)
original = folder / "scroll.mp4"
with video.Writer(original, RATE) as out:
    for progress in moments:
        out.write(cv2.warpAffine(strip, camera_at(progress), (WIDTH, HEIGHT), flags=cv2.INTER_AREA))
drawing.gallery({"the scroll": strip}, columns=1, width=9)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：開啟來源 · Step 3: Open the source
#
# `video.open_source(...)` 只有一個參數：檔案路徑、網址，或攝影機編號（0 是第一台）。沒有攝影機時，它會說一句話，然後改用檔案。
#
# `video.open_source(...)` takes one argument: a path, an address, or the number of a camera (0 is the first). If there is no camera it
# says so and uses the file instead.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with video.open_source(97, instead=original) as source:
    print(f"{float(source.rate):g} frames a second, {source.width} × {source.height} pixels")
    first = next(iter(source))
print(first.shape, first.dtype)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 先小心一件事：RGB 還是 BGR？ · One thing first: RGB or BGR?
#
# OpenCV 讀進來的影像是**藍、綠、紅**（BGR），模型學的是**紅、綠、藍**（RGB）。把 BGR 直接送進 RGB 的模型，程式不會出錯，只是答案悄悄變差。
#
# ✏️ 寫出 `other_order`：把一個影格（高 × 寬 × 3）的三個顏色倒過來排，影像本身不動。
#
# OpenCV reads **blue, green, red** (BGR); the network learnt **red, green, blue** (RGB). Feed BGR to an RGB network and nothing crashes;
# only the answers get quietly worse.
#
# ✏️ Write `other_order`: reverse the three colours of a frame (height × width × 3), and leave the picture where it is.

# %% gap="colours" slideshow={"slide_type": "fragment"}
def other_order(frame):
    """Turn RGB into BGR, or BGR into RGB."""
    ### BEGIN SOLUTION
    return frame[:, :, ::-1]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
tiny = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)  # two rows of two pixels
turned = np.asarray(other_order(tiny))
checks.that(turned.shape == (2, 2, 3), "形狀沒變。 The shape is the same.", "形狀應該和原來一樣。 The shape should stay as it was.")
checks.that(set(turned[0, 0].tolist()) == {0, 1, 2}, "像素留在原地。 Pixels stay in their places.",
            "左上角的像素跑掉了：反過來的是最後一個軸，不是列，也不是欄。 "
            "The pixel of the corner has moved: it is the last axis that turns, not rows, not columns.")
checks.close(turned[0, 0], [2, 1, 0], "紅和藍對調，綠不動。 Red and blue change places, green stays.",
             "紅和藍要對調，綠留在中間。 Red and blue change places; green stays in the middle.")

# %% alt={"zh": "左邊的貓顏色正常，方框寫貓；右邊紅藍對調，整張發藍，同一個方框卻寫狗。", "en": "On the left a cat in its natural colours, and the box says cat; on the right red and blue are swapped, all is bluish, and the box says dog."} slideshow={"slide_type": "fragment"}
cat, coloured = photos["cat"], [photos[name] for name in ("cat", "coffee", "motorcycle", "grace_hopper")]
swapped = np.ascontiguousarray(other_order(cat))
print("these photos look like", channel_order(detector, coloured), "and swapped like",
      channel_order(detector, [other_order(photo) for photo in coloured]))
drawing.gallery({"RGB": drawing.annotate(cat, detector.detect(cat)),
                 "BGR given for RGB": drawing.annotate(swapped, detector.detect(swapped))}, columns=2, width=8)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 分數沒變，名字卻從貓變成了狗。換成 `horse` 或 `camera`，對調紅和藍卻什麼都不會變，為什麼？（提示：這兩張照片有顏色嗎？）
#
# 🤔 The score is the same, but the cat has become a dog. With `horse` or `camera`, swapping red and blue changes nothing at all. Why?
# (Hint: is there any colour in these two?)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為這兩張沒有顏色：每個像素的紅、綠、藍都一樣，對調之後還是**同一張**影像，答案當然不變。`horse` 是黑白剪影，`camera` 是灰階照片。常見的錯誤答案是「模型不看顏色」；貓變成狗，正好說明它會看。所以要檢查顏色順序，得用**有顏色**的照片；也不能只看分數，這裡分數沒變，錯的是名字。
#
# Because they have no colour: red, green and blue are equal in every pixel, so that swapping gives **the same** picture and the
# same answer. `horse` is a black and white silhouette, `camera` a grey photo. The usual wrong answer is "the network ignores
# colour"; the cat that becomes a dog shows that it does not. So check the order of colours with **coloured** photos, and not by
# scores alone: here the score stayed, and the name was wrong.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：讀 → 偵測 → 畫 → 寫 · Step 4: Read → detect → draw → write
#
# 兩個 `with` 保證不論發生什麼事，檔案都會寫完、攝影機都會放開。進度條右邊就是現在每秒處理幾個影格。**追蹤**（tracking）很簡單：這一影格的方框和上一影格的方框類別相同、IoU 夠大，就是同一個物件，沿用它的編號。
#
# The two `with` see to it that the file is finished and the camera freed, whatever happens. The bar shows the frames a second as they
# go by. **Tracking** is simple: a box of the same class that overlaps a box of the frame before by enough IoU is the same object, and
# keeps its number.

# %% slideshow={"slide_type": "fragment"}
display.source(IouTracker.update)


# %% slideshow={"slide_type": "fragment"}
def process(source, path, stop_after=None):
    """Detect, track and draw every frame of `source`; return what was found in each, and seconds per frame."""
    tracker, found, seconds = IouTracker(iou_threshold=0.3, patience=RATE // 2), [], []
    with source, video.Writer(path, source.rate) as out:
        for frame in tqdm(source, total=source.frames or None, unit=" frames", mininterval=1,
                          file=sys.stdout, disable=stop_after is not None):
            start = time.perf_counter()
            found.append(tracker.update(detector.detect(frame)))
            out.write(drawing.annotate(frame, found[-1], "zh"))
            seconds.append(time.perf_counter() - start)
            if stop_after and len(found) == stop_after:
                raise KeyboardInterrupt  # as if you had pressed the stop button
    return found, seconds


result = folder / "detected.mp4"
found, seconds = process(video.open_source(original if SOURCE is None else SOURCE, instead=original), result)

# %% slideshow={"slide_type": "subslide"}
video.Inline(result)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 看影片：哪裡會閃爍？兩張照片交界的地方發生了什麼事？
#
# 🤔 Watch it: where does it flicker? What happens where two photos meet?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 框會閃，主要在分數靠近門檻的地方：這一影格剛好過，下一影格剛好沒過。後面的時間軸上，馬有兩小段沒找到（39 個影格找到 34 個），其餘四個物件每個影格都找到；只閃一下的多半是多出來的框。交界處兩張照片各只露出一部分，還多了一條世界上沒有的直邊：模型看到的是半隻貓、半匹馬，容易叫錯名字。常見的誤會是「影像變了才會閃」：偵測器一影格一影格各看各的，不記得前一影格，運鏡稍微一動，分數就會上下跳。
#
# Boxes flicker mainly where the score is close to the threshold: just above it in one frame, just below in the next. In the
# timeline further down the horse is lost twice for a moment (found in 34 of 39 frames) and the other four in none; what blinks
# once is mostly an extra box. Where two photos meet only a part of each is in view, beside a straight edge that the world does
# not have: half a cat, half a horse, easily misnamed. A usual mistake is "it flickers when the scene changes": the detector looks
# at each frame alone and remembers nothing, so a small move of the camera is enough to move the score.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 檢查輸出 · Check the result
#
# 「影片播得出來」不等於「寫對了」。重新打開輸出，逐項核對。
#
# "It plays" is not "it is right". Open the result again and compare, item by item.

# %% slideshow={"slide_type": "fragment"}
with video.open_source(original) as before, video.open_source(result) as after:
    rows = [("frames a second", float(before.rate), float(after.rate)), ("width", before.width, after.width),
            ("height", before.height, after.height)]
    inputs, outputs = list(before), list(after)
rows.append(("frames", len(inputs), len(outputs)))
for channel, colour in enumerate(("red", "green", "blue")):
    rows.append((f"mean {colour}", float(np.mean([f[..., channel].mean() for f in inputs])),
                 float(np.mean([f[..., channel].mean() for f in outputs]))))
display.table(rows, columns=["", "in", "out"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果紅和藍的平均對調了，你會猜哪裡出了錯？
#
# 🤔 If the means of red and blue had changed places, where would you look for the mistake?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 先查**寫檔**的那一端：陣列是 RGB，卻當成 BGR 寫出去（或讀進來時就反了，寫出去沒有反回來）。三個平均裡綠色不變、紅藍互換，就是通道順序錯了的指紋；壓縮或畫框只會讓平均差一點點，像這裡紅色的 138.4 變成 135.1。常見的誤會是怪模型：偵測器只給方框，不會改像素。也要小心：讀和寫**各反一次**，平均會看起來正常，可是模型看到的還是反的；所以上面還要用 `channel_order` 另外檢查。
#
# First where the file is **written**: an array in RGB written as if it were BGR (or reversed on reading, and not back again).
# Green stays, red and blue change places: that is the fingerprint of a wrong order of channels. Compression and drawn boxes shift
# means a little only, as red here from 138.4 to 135.1. A usual mistake is to blame the model: a detector gives boxes and changes
# no pixel. Take care: reversed **both** on reading and on writing the means look right, and yet the network saw the wrong order;
# that is why `channel_order` looks separately.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 和答案比 · Compare with the truth
#
# 每個影格都有答案，所以可以數：該看到的，看到了多少？編號有沒有中途換人？五個物件，追蹤器數成幾個？
#
# Every frame has its answer, so we can count. How much of what could be seen was found? Did a number change on the way? There are five
# objects: how many did the tracker count?

# %% slideshow={"slide_type": "fragment"}
seen_frames, found_frames, numbers = np.zeros(5, int), np.zeros(5, int), [[] for _ in range(5)]
timeline = np.full((5, len(moments)), np.nan)
for i, (progress, boxes) in enumerate(zip(moments, found, strict=True)):
    objects = true_objects(progress)
    matched = metrics.match(boxes, objects)
    for k, number in enumerate(objects.tracker_id - 1):
        seen_frames[number] += 1
        timeline[number, i] = 0
        if k in matched:
            found_frames[number] += 1
            timeline[number, i] = 1
            numbers[number].append(int(boxes.tracker_id[np.flatnonzero(matched == k)[0]]))
names = [detector.names[kind] for kind in strip_classes]
got = [", ".join(f"#{number}" for number in dict.fromkeys(list_)) or "–" for list_ in numbers]
rows = [(f"{i + 1} {names[i]}", seen_frames[i], found_frames[i], got[i]) for i in range(5)]
tracks, lengths = np.unique(np.concatenate([boxes.tracker_id for boxes in found]), return_counts=True)
lasting = tracks[lengths >= RATE]
display.table(rows, columns=["object", "frames with it", "frames found in", "numbers it got"],
              caption=f"5 objects in truth, {len(tracks)} tracks, {len(lasting)} of them a second or longer")

# %% alt={"zh": "五個物件各一條時間線，先後在八秒內出現。幾乎全是綠的；只有馬在剛出現和中間有幾格橘色，沒找到。", "en": "A time line for each of five objects, which come one after another within eight seconds. Nearly all is green; only the horse has a few orange marks, at its start and in the middle, where it was missed."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
figure, axis = plt.subplots(figsize=(7.5, 2.4))
for number in range(5):
    for value, color in ((0, "#d9541e"), (1, "#3a8f4d")):
        at = np.flatnonzero(timeline[number] == value)
        axis.scatter(at / RATE, np.full(len(at), number), marker="|", s=160, color=color, linewidths=3)
axis.set(yticks=range(5), yticklabels=names, ylim=(4.6, -0.6), xlabel="seconds",
         title="green: found, orange: in the picture, but not found")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 編號比物件多，雖然五個物件各只拿到一個編號（短暫沒找到也不換號，這是 `patience` 的功勞）。多出來的有三種來源：**認錯**（例如三腳架、只露出一部分的貓和馬）、**答案裡沒列的真物件**（領帶；每張照片我們只記一個物件），和**斷掉**（方框小，隔一個影格再找到時 IoU 已經不夠，就拿到新編號）。多出來的多半一閃即逝：只數活了一秒以上的，這裡剛好是 5 個；但這只是一支影片，數目對了也不保證就是那五個物件。
#
# 🤔 把 `patience` 調大，斷掉的會變少；壞處是什麼？
#
# There are more numbers than objects, although each of the five got one number only (lost for a moment it keeps its own, thanks to
# `patience`). The extra ones have three sources: **mistakes** (such as the tripod, or a cat or horse of which only a part is in view), **real
# objects that our answers leave out** (the tie: we noted one object for each photo), and **breaks** (a small box, found again after one
# frame, overlaps too little and gets a new number). Most are gone in a flash: those that live for a second or longer are
# five here. But this is one video, and the right number need not mean the right five objects.
#
# 🤔 A larger `patience` breaks fewer tracks. What is the price?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 壞處是**認錯人**：物件已經離開了，編號還在原地等，同類的新物件剛好出現在那裡，就接走舊編號，於是數少了。這個追蹤器只記得最後一個方框，等得越久，物件走得越遠，IoU 也越不夠，多等未必有用。常見的誤會是「等得久總是比較安全」。這支影片裡沒有兩個物件交錯，看不出編號被接走；下一步就拍一段會交錯的。
#
# The price is **mistaken identity**: the object has gone, its number still waits in that place, and a new object of the class
# that turns up there takes it over; the count comes out too low. This tracker remembers only the last box: the longer it waits,
# the further the object has moved and the smaller the IoU, so waiting longer may not even help. A usual mistake is "waiting is
# always the safer way". Nothing crosses in
# this video, so it cannot show a number taken over; the next step shoots one in which somebody passes.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：擦身而過 · Step 5: Walking past
#
# 兩個人，同一類。一位站著不動，另一位從左走到右，從前面經過。四秒鐘，背景是灰的。被擋住的人有一陣子沒有方框，他的編號留在原地等。
#
# 先猜：走過去之後，站著的人還是原來的編號嗎？
#
# Two people, one class. One stands still, the other walks past in front, from left to right, within four seconds, on grey. For a while
# the one behind has no box, and the number waits where the box was last.
#
# Guess first: afterwards, has the one who stands still the same number?

# %% alt={"zh": "灰底上的四個影格。太空人從左走到右；第 22 格開始擋住站著的女軍官，第 30 格完全蓋住她，第 59 格已經走過去。", "en": "Four frames on grey. The astronaut moves from left to right, begins to cover the standing officer in frame 22, hides her altogether in frame 30, and is past her in frame 59."} slideshow={"slide_type": "fragment"}
def cut_out(name):
    """Return the person of a photo, 180 × 120 pixels."""
    left, top, right, bottom = truth[name].xyxy[0].astype(int)
    return cv2.resize(photos[name][top:bottom, left:right], (120, 180), interpolation=cv2.INTER_AREA)


walker, stander = cut_out("astronaut"), cut_out("grace_hopper")
crossing, places = [], []  # frames; the two true boxes of each, the walker's first
for progress in np.linspace(0, 1, CROSSING):
    frame, boxes = np.full((HEIGHT, WIDTH, 3), 127, np.uint8), []
    for person, left in ((stander, (WIDTH - 120) // 2), (walker, round(progress * (WIDTH - 120)))):
        frame[HEIGHT - 180 :, left : left + 120] = person
        boxes.insert(0, [left, HEIGHT - 180, left + 120, HEIGHT])
    crossing.append(frame)
    places.append(boxes)
people = [detector.detect(frame) for frame in crossing]
people = [boxes[boxes.data["class_name"] == "person"] for boxes in people]
drawing.gallery({f"frame {i}": crossing[i] for i in (0, 22, 30, 59)}, columns=4, width=9)

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 一個人先後拿到的編號排成一串，例如 `[1, 1, 2, 2]`。換了幾次？寫出 `switches`：相鄰兩個不一樣，就算換一次。
#
# ✏️ The numbers that one person got, one after the other, are a list such as `[1, 1, 2, 2]`. How often did it change? Write `switches`: it
# changes wherever two neighbours differ.

# %% gap="switches" slideshow={"slide_type": "fragment"}
def switches(numbers):
    """Return how often a person's number changed."""
    ### BEGIN SOLUTION
    return sum(before != after for before, after in zip(numbers, numbers[1:], strict=False))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.close(switches([4, 4, 4]), 0, "沒換過是 0。 Never changed is 0.", "一直是同一個編號，就沒有換過：幾個編號，和換了幾次，差一。 "
             "One number all along means no change: the count of numbers is one more than that of changes.")
checks.close(switches([1, 1, 2, 2]), 1, "換一次。 Changed once.", "1, 1, 2, 2 只在中間換了一次。 1, 1, 2, 2 changes once, in the middle.")
checks.close(switches([1, 2, 1, 1]), 2, "換走又換回來，是兩次。 Away and back again is twice.",
             "換走又換回來要算兩次：比的是**相鄰**的兩個，不是有幾種編號。 "
             "Away and back counts twice: compare **neighbours**; it is not how many different numbers there are.")
checks.close([switches([]), switches([7])], [0, 0], "空的和只有一個的也對。 None or one is right, too.",
             "沒有編號或只有一個時是 0。 It is 0 for none or one.")

# %% slideshow={"slide_type": "fragment"}
def whose(boxes, two_places):
    """Say whose each box is: 0 the walker's, 1 the stander's, -1 where it fits neither, or both as one hides the other."""
    overlap = metrics.iou(boxes.xyxy, two_places)
    clear = (overlap.max(axis=1) > 0.5) & (np.abs(overlap[:, 0] - overlap[:, 1]) > 0.1)
    return np.where(clear, overlap.argmax(axis=1), -1)


def follow(step):
    """Track every `step`-th frame; return the numbers of walker and stander, and how many tracks were started."""
    tracker, got = IouTracker(iou_threshold=0.3, patience=RATE // step), ([], [])
    for i in range(0, CROSSING, step):
        boxes = tracker.update(people[i])
        for person, number in zip(whose(boxes, places[i]), boxes.tracker_id, strict=True):
            if person >= 0:
                got[person].append(int(number))
    return *got, tracker.started


rows = []
for step in (1, 2, 3, 4, 5, 6):
    *both, started = follow(step)
    rows.append((f"{RATE / step:.3g}", *(" → ".join(f"#{number}" for number in dict.fromkeys(numbers)) for numbers in both),
                 sum(map(switches, both)), started))
display.table(rows, columns=["frames a second", "walker", "stander", "switches", "tracks"], caption="two people")

# %% [markdown] slideshow={"slide_type": "fragment"}
# - **每秒 5 個影格以上**：站著的人被擋住前，只剩右半邊看得到；出來時先露出左半邊，和最後的方框重疊太少（每秒 15 個影格時 IoU 只有 0.18），接不上，
#   就拿到新編號。兩個人，數成三個。
# - **每秒 3.75 個影格以下**：走路的人一步走很遠。3.75 時，有一個影格他和自己上一個方框的 IoU 是 0.67，和站著的人留在原地的方框卻是 0.68，就拿走了別人的編號；
#   站著的人出來時，旁邊剛好是走路的人留下的編號，就撿了起來。兩個編號**互換了**（identity switch）。
#
# 🤔 每秒影格少的時候，追蹤器數出「兩個人」，答案正確。那還有什麼問題？
#
# - **At 5 frames a second or more**: before the stander is hidden, only the right half can be seen; what comes out first is the left half, which
#   overlaps the last box too little (an IoU of 0.18 at 15 frames a second). It cannot be joined and gets a new number: two people, counted as three.
# - **At 3.75 or fewer** the walker moves far from one frame to the next. At 3.75 there is a frame where the walker's IoU with their own last box is 0.67,
#   but 0.68 with the box that the stander left behind, and so they take that number; the stander comes out beside the number that the walker
#   left, and picks it up. The two numbers **changed places** (an identity switch).
#
# 🤔 With few frames a second the tracker counts two people, which is right. So what is wrong?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 人數對了，**人**不對：1 號和 2 號互換了。要問「誰走了過去」「誰在門口站了一分鐘」，答案就會張冠李戴。常見的誤會是「數目對，追蹤就對」；所以評量追蹤除了數目，還要數編號換了幾次。也有人想把
# `patience` 調大或調小：它只決定等多久，決定不了誰是誰。
#
# The count is right, **who** is who is not: numbers 1 and 2 changed places. Ask "who walked past?" or "who stood at the door for a minute?"
# and the answer names the wrong person. A usual mistake is "the count is right, so the tracking is right"; that is why trackers are also
# judged by their switches. Nor does `patience` help, longer or shorter: it says how long to wait, not who is who.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 怎麼救？ · What cures it?
#
# - **預測移動**：走路的人下一個影格會在哪裡，可以從他的速度猜；用猜的位置去配，而不是用最後看到的位置。SORT 用**卡爾曼濾波**（Kalman filter）做這件事。
# - **比對外觀**（re-identification，ReID）：記住每個人的樣子，出現時比一比像誰。DeepSORT 用一個網路把人變成向量來比。
# - **連低分的方框也用**：快被擋住的人，方框還在，只是分數低。ByteTrack 先配高分的，再拿低分的去接還沒配到的。
#
# 外觀可以粗略試一下：把紅、綠、藍各分成四段，數一數方框裡每種顏色占多少，就是一張 64 格的**顏色直方圖**（加起來是 1）。兩張直方圖的**交集**：每一種顏色取比較小的那個，全部加起來。完全一樣是 1，沒有共同的顏色是 0。
#
# ✏️ 寫出 `alike`。
#
# - **Predict the motion**: where somebody will be in the next frame can be guessed from their speed; match with the guess, not with the
#   place where they were last. SORT does it with a **Kalman filter**.
# - **Compare looks** (re-identification, ReID): remember what each looks like, and see whom a new box resembles. DeepSORT has a network
#   that turns a person into a vector for that.
# - **Use boxes of low score, too**: somebody who is nearly hidden still has a box, only with a low score. ByteTrack matches the high scores
#   first, then continues what is left with low ones.
#
# Looks can be tried in a rough way: divide red, green and blue into four ranges each and count what share of a box has which colour; that is a
# **colour histogram** of 64 bins, which add up to 1. The **intersection** of two histograms: of every colour take the smaller share, and add
# all up. It is 1 for the same, and 0 where no colour is shared.
#
# ✏️ Write `alike`.

# %% gap="looks" slideshow={"slide_type": "fragment"}
def colours(frame, box):
    """Return the colour histogram of a box: (64,), which adds up to 1."""
    left, top, right, bottom = box.astype(int)
    levels = frame[top:bottom, left:right].reshape(-1, 3) // 64  # 0 ... 3 for each of red, green and blue
    return np.bincount(levels @ [16, 4, 1], minlength=64) / len(levels)


def alike(first, second):
    """Return the intersection of two histograms, 0 ... 1."""
    ### BEGIN SOLUTION
    return np.minimum(first, second).sum()
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
red, blue, mixed = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0]), np.array([0.5, 0.3, 0.2])
checks.that(np.ndim(alike(red, mixed)) == 0, "一個數字。 One number.", "兩張直方圖比出**一個**數字：最後要加起來。 Two histograms give **one** number: add up at the end.")
checks.close(alike(mixed, mixed), 1.0, "自己和自己是 1。 Anything is 1 with itself.",
             "和自己比應該是 1：每種顏色取小的，不是相乘，也不是相減。 With itself it should be 1: of each colour the smaller share, no product, no difference.")
checks.close(alike(red, blue), 0.0, "沒有共同的顏色是 0。 No shared colour is 0.", "純紅和純藍沒有共同的顏色：要取**小**的那個。 "
             "Pure red and pure blue share nothing: it is the **smaller** that counts.")
checks.close([alike(red, mixed), alike(mixed, red)], [0.5, 0.5], "有一半的紅是共同的。 Half of the red is shared.",
             "純紅和一半紅，共同的是 0.5。 Pure red and half red have 0.5 in common.")

# %% slideshow={"slide_type": "fragment"}
looks = [colours(crossing[0], np.array(places[0][person])) for person in (0, 1)]  # as they look at first
by_looks = [[], []]
for frame, boxes, two_places in zip(crossing, people, places, strict=True):
    for person, box in zip(whose(boxes, two_places), boxes.xyxy, strict=True):
        if person >= 0:
            by_looks[person].append(1 + int(np.argmax([alike(colours(frame, box), look) for look in looks])))
last = [[alike(colours(crossing[-1], np.array(places[-1][person])), look) for look in looks] for person in (0, 1)]
display.table([(name, *values, switches(numbers)) for name, values, numbers in zip(("walker", "stander"), last, by_looks, strict=True)],
              columns=["last frame", "like the walker at first", "like the stander at first", "switches, by looks alone"], digits=2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只看顏色，兩個人從頭到尾都沒有認錯。不過這兩個人衣服的顏色差很多；兩個穿制服的人，或者燈光一變，顏色直方圖就分不出來，所以真正的 ReID 用訓練過的網路。預測移動和 ByteTrack 這裡只介紹名字，沒有量；練習 25 會讓你自己想辦法。
#
# By colours alone, neither is ever taken for the other. But their clothes differ much; two people in uniform, or another light, and colour
# histograms cannot tell, which is why real ReID has a trained network. Predicted motion and ByteTrack are only named here, not measured; lab 25
# leaves it to you to find a way.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 按下停止 · Press stop
#
# 長影片處理到一半，你按了停止鍵。檔案還能播嗎？`with` 離開時會把檔案收尾：
#
# Half-way through a long video you press the stop button. Is the file still good? On the way out, `with` finishes it:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
interrupted = folder / "interrupted.webm"
source = video.open_source(original)
try:
    process(source, interrupted, stop_after=12)
except KeyboardInterrupt:
    with video.open_source(interrupted) as again:
        print("stopped after 12 frames; the file plays", len(list(again)), "frames")
print("source released:", source._container is None)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 你的攝影機 · Your camera
#
# 把最上面的 `SOURCE` 改成 `0`，從頭執行到影片那一格，就會用你的攝影機，按停止鍵結束；後面的對答案只適用於我們自己的影片。（在雲端或容器裡執行時，程式看不到你的攝影機。）
#
# Set `SOURCE` at the top to `0` and run from the start up to the video to use your camera; stop it with the stop button. What comes
# after, the comparison with the truth, is for our own video only. (On a server or in a
# container the program cannot see your camera.)

# %% slideshow={"slide_type": "skip"}
recall = found_frames.sum() / seen_frames.sum()
frames_a_second = 1 / np.median(seconds)
print(f"detect, track, draw and write: {frames_a_second:.0f} frames a second")
profile.expect("frames out minus frames in", len(outputs) - len(inputs), at_least=0, at_most=0)
profile.expect("share of visible objects that were found", round(float(recall), 3), at_least=0.7)
profile.expect("objects found at least once, of 5", int((found_frames > 0).sum()), at_least=5)
profile.expect("switches where one walks past, by IoU, at a quarter of the rate", sum(map(switches, follow(4)[:2])), at_least=2)
profile.expect("switches where one walks past, by looks", sum(map(switches, by_looks)), at_most=0)
profile.expect("tracks of a second or longer, for 5 objects", len(lasting),
               at_least=profile.choose(smoke=0, lesson=3, full=4), at_most=profile.choose(smoke=8, lesson=8, full=12))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 影片 = 影像的迴圈；難的是邊緣：顏色順序、速率、編碼、收尾。<br>A video is a loop over images; what is hard are the edges: colour order, rate, codec, closing.
# - 輸出要驗：影格數、速率、大小、顏色；自己做的影片有標準答案。<br>Check the output: frames, rate, size, colours; a video of your own has known answers.
# - 用 IoU 就能追蹤，但擦身而過時編號會換人；這裡比對外觀救得回來；預測移動和低分的方框是另外兩種常用的辦法，這一課沒有量。<br>IoU is enough to track, but numbers change hands where people pass; here comparing looks cured it; predicted motion and boxes of low score are two more usual ways, not measured in this lesson.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 它把**影格數**當成**每秒影格數**，開了輸出檔之後才設定大小，用的編碼瀏覽器不會播。<br>It took the **number** of frames for the frame **rate**, set the size after opening the output with another, and used a codec that no browser plays.
# - 它把 BGR 的影像送進 RGB 的模型。<br>It fed BGR frames to an RGB network.
# - 檔案打不開時，它什麼都不寫，也什麼都不說。<br>If the file could not be opened it wrote nothing, and said nothing.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 25](../labs/lab25_count_in_video.ipynb)「數一數影片裡的物件」。
#
# [Lab 25](../labs/lab25_count_in_video.ipynb), count objects in a video.
#
# ## 參考資料 · References
#
# - E. Bochinski, V. Eiselein, T. Sikora, [High-Speed Tracking-by-Detection Without Using Image Information](https://doi.org/10.1109/AVSS.2017.8078516), AVSS 2017
# - A. Bewley et al., [Simple Online and Realtime Tracking](https://arxiv.org/abs/1602.00763) (SORT), 2016；N. Wojke, A. Bewley, D. Paulus, [DeepSORT](https://arxiv.org/abs/1703.07402), 2017；Y. Zhang et al., [ByteTrack](https://arxiv.org/abs/2110.06864), 2022
# - X. Zhou, D. Wang, P. Krähenbühl, [Objects as Points](https://arxiv.org/abs/1904.07850), 2019
# - [PyAV](https://pyav.basswood-io.com/)、[FFmpeg](https://ffmpeg.org/)：讀寫影片 · read and write video
# - MDN，[瀏覽器支援的影片編碼](https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Formats/Video_codecs) · video codecs that browsers play

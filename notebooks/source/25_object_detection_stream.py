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
# 3. 用 IoU 追蹤物件、給它編號，數一數影片裡到底出現過幾個。
#
# A video is one image after another. So put the detector of the last lesson into a loop? Nearly, but the devil is in the details:
# the order of colours, the frame rate, the codec, a camera that nobody closed.
#
# After this lesson you can
# 1. read a video file, an address or a camera, detect and draw frame by frame, and write a video that browsers play;
# 2. check the result: as many frames out as in, rate and size kept, red still red;
# 3. track objects by IoU, give them numbers, and count how many there were.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
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
from utils.notebook import display, profile

# %% slideshow={"slide_type": "skip"}
SECONDS = profile.choose(smoke=2, lesson=8, full=30)  # length of the video
SOURCE = None  # None: the video made below. Or a path, an address, or a camera's number such as 0
RATE = 15  # frames a second
WIDTH, HEIGHT = 480, 270
profile.seed(19)
folder = Path(tempfile.mkdtemp())

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：一段知道答案的影片 · Step 2: A video whose answers we know
#
# 網路上的影片沒有標準答案。我們自己拍：五張照片排成一條長捲軸，攝影機由左往右平移（pan），一邊拉近又拉遠（zoom）。
# 因為運鏡是我們算的，每個影格裡每個物件在哪裡，我們都知道。
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


def true_objects(progress):
    """Return the objects of which at least 60 % can be seen, with boxes in the frame."""
    matrix = camera_at(progress)
    corners = strip_boxes * matrix[0, 0] + np.tile(matrix[:, 2], 2)
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
# OpenCV 讀進來的影像是**藍、綠、紅**（BGR），模型學的是**紅、綠、藍**（RGB）。原課程直接把 BGR 送進 RGB 的模型。
# 程式不會出錯，只是答案悄悄變差：
#
# OpenCV reads **blue, green, red** (BGR); the network learnt **red, green, blue** (RGB). The original course fed BGR frames to an RGB
# network. Nothing crashes, only the answers get quietly worse:

# %% slideshow={"slide_type": "fragment"}
cat, coloured = photos["cat"], [photos[name] for name in ("cat", "coffee", "motorcycle", "grace_hopper")]
swapped = np.ascontiguousarray(cat[:, :, ::-1])
print("these photos look like", channel_order(detector, coloured), "and swapped like",
      channel_order(detector, [photo[:, :, ::-1] for photo in coloured]))
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
# 兩個 `with` 保證不論發生什麼事，檔案都會寫完、攝影機都會放開。進度條右邊就是現在每秒處理幾個影格。
# **追蹤**（tracking）很簡單：這一影格的方框和上一影格的方框類別相同、IoU 夠大，就是同一個物件，沿用它的編號。
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

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"]
figure, axis = plt.subplots(figsize=(7.5, 2.4))
for number in range(5):
    for value, color in ((0, "#d9541e"), (1, "#3a8f4d")):
        at = np.flatnonzero(timeline[number] == value)
        axis.scatter(at / RATE, np.full(len(at), number), marker="|", s=160, color=color, linewidths=3)
axis.set(yticks=range(5), yticklabels=names, ylim=(4.6, -0.6), xlabel="seconds",
         title="green: found, orange: in the picture, but not found")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 編號比物件多，雖然五個物件各只拿到一個編號（短暫沒找到也不換號，這是 `patience` 的功勞）。多出來的有三種來源：**認錯**（例如三腳架、
# 只露出一部分的貓和馬）、**答案裡沒列的真物件**（領帶；每張照片我們只記一個物件），和**斷掉**（方框小，隔一個影格再找到時 IoU 已經不夠，就拿到新編號）。
# 多出來的多半一閃即逝：只數活了一秒以上的，這裡剛好是 5 個；但這只是一支影片，數目對了也不保證就是那五個物件。
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
# 壞處是**認錯人**：物件已經離開了，編號還在原地等，同類的新物件剛好出現在那裡，就接走舊編號，於是數少了。這個追蹤器只記得最後一個方框，等得越久，物件走得越遠，IoU 也越不夠，多等未必有用。常見的誤會是「等得久總是比較安全」。兩個同類物件交錯時，編號也可能互換，`patience` 治不了；要靠預測移動（SORT 的卡爾曼濾波）、比對外觀（DeepSORT），或連低分的框也拿來接（ByteTrack）。這支影片沒有交錯，試不出來。
#
# The price is **mistaken identity**: the object has gone, its number still waits in that place, and a new object of the class
# that turns up there takes it over; the count comes out too low. This tracker remembers only the last box: the longer it waits,
# the further the object has moved and the smaller the IoU, so waiting longer may not even help. A usual mistake is "waiting is
# always the safer way". When two objects of one class cross, numbers may change places as well, and `patience` is no cure. Cures
# predict the motion (the Kalman filter of SORT), compare looks (DeepSORT) or use boxes of low score too (ByteTrack). Nothing
# crosses in our video, so it cannot show this.
#
# </details>

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
profile.expect("tracks of a second or longer, for 5 objects", len(lasting),
               at_least=profile.choose(smoke=0, lesson=3, full=4), at_most=profile.choose(smoke=8, lesson=8, full=12))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 影片 = 影像的迴圈；難的是邊緣：顏色順序、速率、編碼、收尾。<br>A video is a loop over images; what is hard are the edges: colour order, rate, codec, closing.
# - 輸出要驗：影格數、速率、大小、顏色；自己做的影片有標準答案。<br>Check the output: frames, rate, size, colours; a video of your own has known answers.
# - 用 IoU 就能追蹤；編號多於物件，主要是認錯和斷線造成的。<br>IoU is enough to track; more numbers than objects come mostly from mistakes and breaks.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 它把**影格數**當成**每秒影格數**，開了輸出檔之後才設定大小，用的編碼瀏覽器不會播。<br>It took the **number** of frames for the frame **rate**, set the size after opening the output with another, and used a codec that no browser plays.
# - 它把 BGR 的影像送進 RGB 的模型。<br>It fed BGR frames to an RGB network.
# - 檔案打不開時，它什麼都不寫，也什麼都不說。<br>If the file could not be opened it wrote nothing, and said nothing.
#
# ## 練習 · Lab
#
# 練習 25「數一數影片裡的物件」。
#
# Lab 25, count objects in a video.
#
# ## 參考資料 · References
#
# - E. Bochinski, V. Eiselein, T. Sikora, [High-Speed Tracking-by-Detection Without Using Image Information](https://doi.org/10.1109/AVSS.2017.8078516), AVSS 2017
# - X. Zhou, D. Wang, P. Krähenbühl, [Objects as Points](https://arxiv.org/abs/1904.07850), 2019
# - [PyAV](https://pyav.basswood-io.com/)、[FFmpeg](https://ffmpeg.org/)：讀寫影片 · read and write video
# - MDN，[瀏覽器支援的影片編碼](https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Formats/Video_codecs) · video codecs that browsers play

# %% [markdown] slideshow={"slide_type": "slide"}
# # 01 NumPy：用陣列思考 · NumPy: thinking in arrays
#
# 🗺 建立、切割、廣播；檢視與副本 · Create, slice, broadcast; views and copies
#
# 影像、聲音、文字，進了類神經網路都是陣列（array）。學會陣列，後面每一課都會輕鬆。
#
# 上完這一課，你可以
# 1. 建立、讀寫、切割、重組陣列，並看懂廣播（broadcasting）；
# 2. 分辨檢視（view）與副本（copy），不會一不小心改壞原始資料；
# 3. 把一張手寫數字當成陣列來操作，並用十張「平均臉」做出第一個分類器。
#
# Pictures, sound and text are all arrays once they enter a neural network. Learn arrays, and every later lesson gets easier.
#
# After this lesson you can
# 1. create, store, slice and rearrange arrays, and read broadcasting;
# 2. tell a view from a copy, and never spoil your data by accident;
# 3. handle a handwritten digit as an array, and build a first classifier out of ten "average faces".
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | Python 的變數、串列、迴圈、函式；[00](00_welcome.ipynb)：怎麼執行儲存格 · variables, lists, loops and functions of Python; [00](00_welcome.ipynb): how to run a cell |
# | 學習時間 · Study time | 約 150 分鐘，含空格和問題；步驟 8 是適合休息的地方 · about 150 minutes, with gaps and questions; step 8 is a good place for a break |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0）；其他數字都在課堂上現做 · MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0); all other numbers are made in class |
# | 硬體 · Hardware | 不需要 GPU · no GPU needed |
# | 投影片 · Slides | 「前言 - NumPy」速查表的內容，執行給你看，錯的更正 · what the NumPy cheat sheet shows, run and, where wrong, corrected |

# %% slideshow={"slide_type": "skip"}
import contextlib
import functools
import io
import math
import tempfile
import timeit
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
COUNT = profile.choose(smoke=100_000, lesson=1_000_000, full=10_000_000)  # numbers to add in step 15
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 開始之前：兩個小工具 · Before we start: two small tools
#
# 這一課會故意犯錯。`expected_error` 把錯誤印成一行；`draw` 把陣列畫成方格。兩個都不用背。
#
# This lesson makes mistakes on purpose. `expected_error` prints an error in one line; `draw` draws an array as boxes.
# You need not remember either.


# %% slideshow={"slide_type": "fragment"}
@contextlib.contextmanager
def expected_error():
    """Run a block that should fail, and print its error in one line."""
    try:
        yield
    except Exception as error:
        print(f"{type(error).__name__}: {str(error).splitlines()[0]}")
    else:
        print("no error at all")


# %% slideshow={"slide_type": "skip"}
def draw(ax, array, title="", chosen=True, color=plots.COLORS[0]):
    """Draw an array as a grid of boxes. The boxes that are `chosen` are filled, the others pale."""
    array = np.atleast_2d(array)
    chosen = np.broadcast_to(chosen, array.shape)
    for (row, column), value in np.ndenumerate(array):
        strength, ink = (1, "white") if chosen[row, column] else (0.12, "#8b95a1")
        box = plt.Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, color=color, lw=0, alpha=strength)
        ax.add_patch(box)
        ax.text(column + 0.5, row + 0.52, f"{value:g}", ha="center", va="center", color=ink)
    ax.set_title(title, fontfamily="DejaVu Sans Mono", fontsize=10)
    ax.set(xlim=(0, array.shape[1]), ylim=(array.shape[0], 0), aspect="equal")
    ax.set_axis_off()


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：建立陣列 · Step 1: Create arrays
#
# 陣列（array）是一整塊同型別的值，多半是數字，外加一個形狀（shape）：每一軸（axis）的長度。一維像一排座位，二維像一間教室，三維像疊起來的好幾間教室。
#
# 臺灣的說法：橫的是列（row），直的是欄（column）。
#
# An array is one block of values of one type, mostly numbers, plus a shape: the length of each axis. One dimension is a row of
# seats, two a classroom, three several classrooms stacked up.
#
# Rows run across, columns run down.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
a = np.array([1, 2, 3])
b = np.array([(1.5, 2, 3), (4, 5, 6)], dtype=float)
c = np.array([[(1.5, 2, 3), (4, 5, 6)], [(3, 2, 1), (4, 5, 6)]], dtype=float)

for name, array in {"a": a, "b": b, "c": c}.items():
    print(f"{name}: shape {array.shape}", array, sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `c` 有幾個數字？先從形狀心算，再數數看。
#
# 🤔 How many numbers does `c` hold? Work it out from the shape, then count.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 12 個：形狀是 (2, 2, 3)，2 × 2 × 3 = 12。`c.size` 會告訴你同樣的數字。常見的錯誤是把形狀加起來（2 + 2 + 3 = 7），或以為 `len(c)` 是答案；`len(c)` 只是第一軸的長度 2。
#
# 12: the shape is (2, 2, 3), and 2 × 2 × 3 = 12; `c.size` says the same. A common wrong way is to add the lengths (2 +
# 2 + 3 = 7), or to take `len(c)`, which is only the length of the first axis, 2.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 投影片的速查表上，`c` 少了一對中括號。外層少一層，NumPy 就把第二個串列當成「型別」了：
#
# On the slides' cheat sheet, `c` lacks a pair of brackets. Without the outer pair, NumPy takes the second list for the *type*:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    np.array([(1.5, 2, 3), (4, 5, 6)], [(3, 2, 1), (4, 5, 6)])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 只看這個錯誤訊息，你猜得到是少了中括號嗎？
#
# 🤔 From this message alone, would you have guessed that brackets are missing?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 幾乎猜不到：訊息說的是「欄位」（field），完全沒提到中括號。NumPy 把第二個引數當成型別 `dtype`；一個串列在那裡的意思是「有好幾個欄位的型別」，所以它抱怨欄位寫得不對。錯誤訊息說的是 NumPy **走到哪裡**走不下去，不是你**哪裡**打錯；看不懂時，先數數函式收到了幾個引數。
#
# Hardly: it speaks of a field and never of brackets. NumPy takes the second argument for the type, `dtype`; a list
# there means "a type with several fields", so it complains about a field. A message tells where NumPy *got stuck*, not
# what you *mistyped*; when it makes no sense, count the arguments that the function got.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 先占位置 · Placeholders
#
# 很多陣列不是一個一個打出來的，而是先開好空間再填。注意：`arange` 要你給**間隔**，`linspace` 要你給**個數**。
#
# Most arrays are not typed in: you reserve room and fill it. Note that `arange` takes the *step*, `linspace` the *count*.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
d = np.arange(10, 25, 5)
print(f"{d = }")
print(f"{np.linspace(0, 2, 9) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `np.arange(10, 25, 5)` 為什麼沒有 25？`np.linspace(0, 2, 9)` 又為什麼有 2？
#
# 🤔 Why is 25 not in `np.arange(10, 25, 5)`, while 2 is in `np.linspace(0, 2, 9)`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# `arange` 不含終點，`linspace` 預設含終點。`arange` 和 Python 的 `range`、切片一樣，走到**小於** stop 為止，所以 10、15、20 之後就停；`linspace` 要在兩端之間平均放 9 個點，頭尾都算，間隔是 2 ÷ 8 = 0.25。容易錯的是把 9 當成間隔數：9 個點之間只有 8 段。不要終點，就寫 `endpoint=False`。
#
# `arange` leaves the end out; `linspace` includes it by default. Like Python's `range` and like slices, `arange` goes
# on while it is *below* stop, so it ends with 10, 15, 20; `linspace` spreads 9 points evenly, both ends among them, in
# steps of 2 ÷ 8 = 0.25. A common slip is to take 9 for the number of steps: between 9 points there are 8. To leave the
# end out, say `endpoint=False`.
#
# </details>

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
print(np.zeros((3, 4)))
print(np.ones((2, 3, 4), dtype=np.int16))

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
e = np.full((2, 2), 7)
f = np.eye(2)
print("e", e, "f", f, sep="\n")

# %% [markdown] slideshow={"slide_type": "subslide"}
# `np.empty` 只開空間、不清空，裡面是記憶體剛好留下的內容。先寫再讀！所以這裡只看它的形狀。
#
# `np.empty` reserves room without clearing it: it holds whatever was left in memory. Write before you read! Here we only look
# at its shape.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
np.empty((3, 2)).shape

# %% [markdown] slideshow={"slide_type": "fragment"}
# 亂數呢？速查表的 `np.random.random` 用的是整個程式共用的狀態。今天的寫法是自己開一個產生器，給它種子（seed）；別人用同一版 NumPy 重跑，就會得到同樣的數字。
#
# And random numbers? The sheet's `np.random.random` draws from a state shared by the whole program. Today you make your own
# generator with a seed, and whoever runs it again with the same NumPy gets the same numbers.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
rng = np.random.default_rng(7)
rng.random((2, 2))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 再執行一次上面這一格，數字會變嗎？如果只重跑第二行呢？
#
# 🤔 Run the cell above again: do the numbers change? And if you repeat only its second line?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 整格重跑：不變。第一行又做了一個種子是 7 的新產生器，一切從頭開始。
# 2. 只重跑第二行：會變。產生器記得自己抽到哪裡了，接著抽下四個，第一個是 0.30016628…。容易錯的是以為種子讓每一次抽都一樣；種子固定的是整個**順序**，不是每一次抽的結果。
#
# 1. The whole cell: no change. Its first line makes a new generator with seed 7, and all starts over.
# 2. Only the second line: yes. The generator remembers how far it is and draws the next four; the first is 0.30016628….
#    It is easy to think that a seed makes every draw the same; it fixes the *sequence*, not each draw.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：存檔與讀檔 · Step 2: Save and load
#
# `.npy` 存一個陣列，`.npz` 存好幾個。型別和形狀都寫在檔案裡，讀回來一模一樣。檔案放在暫存資料夾，用完就刪。
#
# `.npy` keeps one array, `.npz` several. Type and shape are in the file, so what you read is what you saved. The files go to
# a temporary folder that we delete afterwards.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
temporary = tempfile.TemporaryDirectory()
folder = Path(temporary.name)

np.save(folder / "my_array", a)                      # the name gets .npy
np.load(folder / "my_array.npy")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
np.savez(folder / "array.npz", a, scores=b)          # arrays without a name become arr_0, arr_1 ...
with np.load(folder / "array.npz") as archive:
    print({name: archive[name].shape for name in archive.files})

# %% [markdown] slideshow={"slide_type": "subslide"}
# 文字檔人也看得懂，但型別沒有寫進去：整數讀回來變成浮點數。
#
# A text file can be read by people too, but it does not keep the type: integers come back as floats.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
np.savetxt(folder / "myarray.txt", a, delimiter=" ")
print((folder / "myarray.txt").read_text())
print(f"{np.loadtxt(folder / 'myarray.txt') = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
np.savetxt(folder / "integers.txt", a, fmt="%d")     # you choose how it is written ...
np.loadtxt(folder / "integers.txt", dtype=int)       # ... and as what it is read

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 有缺值的 CSV · A CSV with missing values
#
# 真實的表格會有空格。`loadtxt` 一遇到就停下來：
#
# Real tables have empty cells. `loadtxt` stops at the first one:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
path = folder / "my_file.csv"
path.write_text("day,temperature,rain\n1,27.5,0\n2,,12.5\n3,29,\n", encoding="utf-8")

with expected_error():
    np.loadtxt(path, delimiter=",", skiprows=1)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `genfromtxt` 會填成 `nan`（not a number，不是數字）：
#
# `genfromtxt` fills in `nan` (not a number):

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
weather = np.genfromtxt(path, delimiter=",", skip_header=1)
weather

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{weather.mean(axis=0) = }")
print(f"{np.nanmean(weather, axis=0) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只要有一個 `nan`，平均就是 `nan`：NumPy 寧可說不知道，也不亂猜。要略過缺值，得自己說 `nanmean`。
#
# 🤔 缺的雨量如果補 0，平均會變高還是變低？這樣補合理嗎？
#
# One `nan` is enough to make the mean `nan`: NumPy would rather say "unknown" than guess. To skip the holes you must say so: `nanmean`.
#
# 🤔 If you filled the missing rain with 0, would the mean go up or down? Would that be reasonable?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 會變低：從 6.25 降到約 4.17。`nanmean` 算的是 (0 + 12.5) ÷ 2；補 0 之後是 (0 + 12.5 + 0) ÷ 3，總和沒變，卻多除了一天。這樣補通常不合理：「沒有紀錄」不等於「沒下雨」。除非你知道儀器只在下雨時才寫數字，那時候補 0 才是對的。
#
# It goes down: from 6.25 to about 4.17. `nanmean` takes (0 + 12.5) ÷ 2; filled with 0 it is (0 + 12.5 + 0) ÷ 3: the sum
# is the same, but it is shared by one more day. Mostly that is not reasonable: "no record" is not "no rain". It would
# be right only if you knew that the gauge writes a number only when it rains.
#
# </details>

# %% slideshow={"slide_type": "skip"}
temporary.cleanup()  # the files are gone

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：資料型別 · Step 3: Data types
#
# 一個陣列只有一種型別（dtype），每個元素占一樣多的位元組（byte）。它快，這是一個原因；整數會溢位（overflow，大到放不下），也是因為這樣。
#
# An array has one type (dtype), and each element takes the same number of bytes. That is one reason why it is fast, and why integers can
# overflow: become too large to fit.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
types = (np.int64, np.float32, np.float64, np.complex128, np.bool_, object, np.bytes_, np.str_)
rows = []
for kind in types:
    sample = np.array([0, 1], dtype=kind)
    rows.append((kind.__name__, sample.itemsize, str(sample)))
display.table(rows, columns=["type", "bytes each", "[0, 1] in this type"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 速查表寫 `np.float32` 是雙精度、複數是「128 個浮點數」。更正：`float32` 是**單**精度，`float64` 才是雙精度；`complex128` 是 128 個**位元**，也就是兩個 64 位元浮點數。`object` 的 8 個位元組只是位址，物件本身放在別處。
#
# 🤔 字串 `'0'` 為什麼要 4 個位元組，`b'0'` 卻只要 1 個？
#
# The sheet calls `np.float32` double precision, and a complex number "128 floats". Corrected: `float32` is *single* precision,
# `float64` is double; `complex128` is 128 *bits*, which is two 64-bit floats. The 8 bytes of `object` are only an address; the object
# itself is elsewhere.
#
# 🤔 Why does the text `'0'` take 4 bytes and `b'0'` only 1?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# `np.str_` 用固定 4 個位元組存每個字（UTF-32），這樣任何文字都放得下；`np.bytes_` 存的是原始的位元組，這裡只有一個。換成中文也一樣：`np.array(['學'])` 的每個元素也是 4 個位元組。常見的誤會是把它和檔案混在一起：UTF-8 的檔案裡，`0` 占 1 個位元組，`學` 占 3 個；陣列要每格一樣大，才能一跳就跳到第 n 格。
#
# `np.str_` keeps each character in 4 bytes (UTF-32), so that any script fits; `np.bytes_` keeps raw bytes, here a
# single one. Chinese takes no more: an element of `np.array(['學'])` has 4 bytes too. The usual mix-up is with files: in
# UTF-8 `0` takes 1 byte and `學` 3; an array needs elements of one size, so that it can jump straight to the n-th.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 影像的像素是 `uint8`，只放得下 0 到 255。超過會怎樣？
#
# A pixel of a picture is `uint8`: it holds 0 to 255. What happens beyond?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
pixels = np.array([0, 100, 200], dtype=np.uint8)
pixels + pixels

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    pixels + 300
print(f"{pixels.astype(int) + 300 = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 200 + 200 = 144？像里程表一樣繞回來了，而且沒有任何警告。常數 300 根本放不進 `uint8`，NumPy 2 直接拒絕。
#
# 🤔 把照片調亮之後，最亮的地方為什麼可能突然變黑？
#
# 200 + 200 = 144? It wrapped round like an odometer, without a word. The constant 300 does not fit `uint8` at all, and NumPy 2
# refuses it.
#
# 🤔 Why may the brightest part of a photo turn black when somebody brightens it?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為亮的像素超過 255 就繞回來，變成很小的數。例如 200 加 100 應該是 300，`uint8` 存成 300 − 256 = 44，幾乎是黑的；比較暗的 100 加 100 是 200，反而真的變亮。直覺以為「最多停在 255」，可是 NumPy 的整數不會自動停：要先轉成 `int`，加完再用 `np.clip` 截在 0 到 255。
#
# Because bright pixels pass 255 and wrap round to small numbers. 200 plus 100 should be 300; `uint8` keeps 300 − 256 =
# 44, nearly black, while a darker 100 becomes 200 and does get brighter. One expects it to stop at 255, but NumPy's
# integers do not stop by themselves: turn to `int` first, add, then `np.clip` to 0 … 255.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：檢查陣列、查說明 · Step 4: Inspect, and ask for help
#
# 程式出錯時，先看形狀和型別。大部分的問題一看就知道。
#
# When a program fails, look at shape and type first. Most problems show there.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{a.shape = }, {len(a) = }")
print(f"{b.ndim = }, {e.size = }")
print(f"{b.dtype = }, {b.dtype.name = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
b.astype(int)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `b` 裡的 1.5 變成多少？這是四捨五入嗎？試試 `np.array([-1.5]).astype(int)`。
#
# 🤔 What became of the 1.5 in `b`? Is that rounding? Try `np.array([-1.5]).astype(int)`.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 變成 1。
# 2. 不是四捨五入：`astype(int)` 直接丟掉小數，往 0 靠。所以 −1.5 變成 −1，1.9 也變成 1。如果猜 −2，你想的是「往下取整」（`np.floor`）；要最接近的整數，用 `np.rint`，它遇到剛好一半時取偶數，2.5 變成 2。
#
# 1. It became 1.
# 2. No: `astype(int)` drops the decimals, towards 0. So −1.5 becomes −1, and 1.9 becomes 1 as well. If you guessed −2,
#    you thought of rounding down (`np.floor`); for the nearest integer use `np.rint`, which takes the even one at
#    exactly half: 2.5 becomes 2.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 用法不必背，會查就好。在 Jupyter 裡最快的是 `np.sort?`；在任何地方都能用的是 `np.info`。說明很長，這裡只印第一行。
#
# You need not remember how to use everything; know how to look it up. In Jupyter the fastest is `np.sort?`; `np.info` works anywhere.
# The text is long: here is its first line.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
manual = io.StringIO()
np.info(np.ndarray.dtype, output=manual)
print(manual.getvalue().splitlines()[0])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 說明總共有幾行？把上面的 `[0]` 拿掉，改用 `len` 數數看。
#
# 🤔 How many lines are there in all? Take away the `[0]` above and count them with `len`.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 在這門課的 NumPy 2.4 裡是 33 行：`len(manual.getvalue().splitlines())`。別的版本可能不同，因為說明會一直改。如果你得到大得多的數字，你數的多半是字元：`len(manual.getvalue())` 數的是字元，要先用 `splitlines()` 切成行。
#
# 33 with the NumPy 2.4 of this course: `len(manual.getvalue().splitlines())`. Another version may differ, since manuals
# get edited. If you got a far larger number, you probably counted characters: `len(manual.getvalue())` does; cut it
# with `splitlines()` first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：算術與廣播 · Step 5: Arithmetic and broadcasting
#
# 運算符號對**每個元素**各做一次，不必寫迴圈。
#
# An operator works on *each element*; no loop is needed.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
g = a - b
results = {"a - b": g, "b + a": b + a, "a / b": a / b, "a * b": a * b}
for text, result in results.items():
    print(text, result.round(3), sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 每個符號都有一個函式，結果一樣：
#
# Each operator has a function that does the same:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
functions = [np.subtract(a, b), np.add(b, a), np.divide(a, b), np.multiply(a, b)]
[np.array_equal(one, other) for one, other in zip(results.values(), functions, strict=True)]

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `a` 是 3 個數字，`b` 是 2×3。形狀不同，為什麼能相減？
#
# 🤔 `a` has 3 numbers, `b` is 2×3. The shapes differ: why can they be subtracted?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為廣播：`a` 的 (3,) 和 `b` 的 (2, 3) 靠右對齊，3 對 3 相等；`a` 缺的那一軸算 1，於是 `a` 對 `b` 的每一列各減一次。不是因為「總數可以整除」：有 2 個數字的陣列就不能和 `b` 相減，雖然 6 除得盡 2。看的是每一軸，從右邊看起。
#
# By broadcasting: aligned at the right, the (3,) of `a` meets the (2, 3) of `b`; 3 equals 3, the axis that `a` lacks
# counts as 1, and so `a` is used for each row of `b`. It is not that 6 can be divided by 3: an array of 2 numbers does
# not go with `b`, though 6 divides by 2. Look at each axis, from the right.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 廣播畫給你看 · Broadcasting, drawn
#
# 規則只有一條：兩個形狀**靠右對齊**，每一軸（axis）必須相等，或者其中一個是 1（沒有也算 1）。長度是 1 的軸會「影印」到對方的長度。
#
# 淡色的格子就是影印出來的，實際上不占記憶體；相加的結果當然要占。
#
# There is one rule: align the two shapes *at the right*; along each axis they must be equal, or one of them 1 (absent counts as 1).
# An axis of length 1 is "photocopied" to the other's length.
#
# The pale boxes are the copies; they take no memory. The sum does, of course.

# %% slideshow={"slide_type": "skip"}
def draw_sum(axes, left_name, left, right_name, right):
    """Draw left + right = sum in five panels; what broadcasting copies is pale."""
    total = left + right
    for ax, sign in ((axes[1], "+"), (axes[3], "=")):
        ax.text(0.5, 0.5, sign, ha="center", va="center", fontsize=24)
        ax.set_axis_off()
    blue, orange, green = plots.COLORS[:3]
    parts = ((axes[0], left_name, left, blue), (axes[2], right_name, right, orange))
    for ax, name, part, color in parts:
        is_original = np.zeros(total.shape, dtype=bool)
        is_original[tuple(slice(size) for size in np.atleast_2d(part).shape)] = True
        draw(ax, np.broadcast_to(part, total.shape), f"{name} {part.shape}", is_original, color)
    draw(axes[4], total, f"sum {total.shape}", color=green)


# %% alt={"zh": "上排：一列三個數往下影印成兩列，和 2×3 的表相加。下排：三個數的一欄往右影印，一列三個數往下影印，相加成 3×3。淡色的格子是影印出來的。", "en": "Above, a row of three numbers is copied downwards and added to a table of 2×3. Below, a column of three is copied to the right and a row of three downwards, and their sum is 3×3. The copies are pale."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
column = np.array([[10], [20], [30]])

layout = {"width_ratios": [3, 0.5, 3, 0.5, 3], "height_ratios": [2, 3], "hspace": 0.08}
figure, axes = plt.subplots(2, 5, figsize=(9, 5), gridspec_kw=layout)
draw_sum(axes[0], "a", a, "b", b)
draw_sum(axes[1], "column", column, "a", a)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 九九乘法表也是這樣來的。要怎麼用兩個 `np.arange(1, 10)` 和一個 `*` 做出來？
#
# 🤔 The multiplication table works the same way. How do you make it from two `np.arange(1, 10)` and one `*`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 讓其中一個站起來變成欄：`np.arange(1, 10)[:, np.newaxis] * np.arange(1, 10)`。(9, 1) 和 (9,) 對齊後是 (9, 9)，第 i 列第 j 欄是兩個數的乘積。如果直接相乘兩個 (9,)，只會得到九個平方數 1、4、…、81：形狀本來就相等，沒有東西需要廣播。
#
# Stand one of them up as a column: `np.arange(1, 10)[:, np.newaxis] * np.arange(1, 10)`. (9, 1) and (9,) give (9, 9),
# each box the product of its row's and its column's number. Multiply the two (9,) as they are, and you get only the
# nine squares 1, 4, …, 81: the shapes are equal, so nothing is broadcast.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 靠右對不齊，就會失敗。`b` 的兩列各有一個平均，共 2 個數字；`b` 是 2×3，最右邊是 2 對 3，不行：
#
# If they do not match from the right, it fails. The two rows of `b` have two means; `b` is 2×3; at the right, 2 meets 3:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
row_means = b.mean(axis=1)
with expected_error():
    b - row_means

# %% [markdown] slideshow={"slide_type": "fragment"}
# 多加一軸，變成 2×1 就行了。彙總時說 `keepdims=True`，那一軸就會以長度 1 留下來，效果相同。
#
# Add an axis to make it 2×1, and it works. Say `keepdims=True` when you aggregate, and the axis stays with length 1: the same.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{row_means[:, np.newaxis].shape = }, {b.mean(axis=1, keepdims=True).shape = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫成函式：每一**列**減去自己的平均，傳回新的表，傳進來的那張不變。
#
# ✏️ As a function: each *row* loses its own mean. Return a new table; the one handed in stays as it is.

# %% gap="centred" slideshow={"slide_type": "fragment"}
def centred(table):
    """Return the table with each row's mean taken off that row."""
    ### BEGIN SOLUTION
    return table - table.mean(axis=1, keepdims=True)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
marks = np.array([[60.0, 70.0, 80.0], [90.0, 100.0, 50.0], [10.0, 20.0, 60.0]])
before = marks.copy()
found = centred(marks)
checks.that(np.shape(found) == (3, 3), "形狀不變。 The shape stays.", "要傳回和輸入一樣大的表。 Return a table as large as the one that came in.")
checks.unchanged(marks, before, "傳進來的表沒有被改。 The table that came in is as it was.",
                 "-= 會寫進原來的記憶體，改掉別人的表；用減法做一個新的。 "
                 "-= writes into the caller's memory; subtract, which makes a new table.")
checks.that(not np.allclose(found, marks - marks.mean()), "每一列用自己的平均。 Each row uses its own mean.",
            "現在減的是整張表的平均；要說沿哪一軸平均。 This takes off the mean of the whole table: say along which axis.")
checks.that(not np.allclose(found, marks - marks.mean(axis=0)), "是列的平均。 The means are those of the rows.",
            "現在每一欄的平均變成 0 了。axis 說的是會消失的那一軸。 Now each column has mean 0. The axis you name is the one that disappears.")
checks.that(not np.allclose(found, marks - marks.mean(axis=1)), "平均站成一欄，對到自己的列。 The means stand in a column, beside their rows.",
            "這張表是 3×3，所以不報錯，但三個平均橫著排，減到別的列去了。讓它們站成一欄。 "
            "The table is 3×3, so nothing fails, but the three means lie in a row and go to the wrong ones. Stand them up as a column.")
checks.close(found, [[-10, 0, 10], [10, 20, -30], [-20, -10, 30]], "每一列的平均都是 0。 Every row has mean 0.",
             "減的是平均，不是別的。 What is taken off is the mean, nothing else.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(centred(b).round(3))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 形狀 (8, 1, 6) 和 (7, 1) 相加，結果是什麼形狀？
#
# 🤔 Add shapes (8, 1, 6) and (7, 1): what shape is the result?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (8, 7, 6)。靠右對齊：6 對 1 得 6，1 對 7 得 7，8 對「沒有」得 8。如果你覺得不能相加，大概是從左邊對齊了（8 對 7）；缺的軸永遠補在左邊。注意結果有 336 個數字，比兩個輸入（48 和 7）都大得多。
#
# (8, 7, 6). From the right: 6 with 1 gives 6, 1 with 7 gives 7, 8 with nothing gives 8. If you think it cannot be done,
# you aligned at the left (8 with 7); missing axes are always put in at the left. Note that the result has 336 numbers,
# far more than either input (48 and 7).
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 數學函式與點積 · Functions, and the dot product
#
# `np.exp` 這類函式也是逐元素計算。
#
# Functions such as `np.exp` work on each element too.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
results = {"np.exp(b)": np.exp(b), "np.sqrt(b)": np.sqrt(b), "np.sin(b)": np.sin(b),
           "np.cos(b)": np.cos(b), "np.log(a)": np.log(a)}
rows = [(text, str(result.round(2).tolist())) for text, result in results.items()]
display.table(rows, columns=["function", "result, rounded"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# `dot` 不一樣：對二維陣列，它是矩陣乘法，左邊的列乘以右邊的欄再加總。類神經網路裡最基本的一層，核心就是這一步。今天多半寫成 `@`。
#
# `dot` is different: for two-dimensional arrays it is the matrix product, a row on the left times a column on the right, summed. It is
# the heart of the most basic layer of a neural network. Today it is mostly written `@`.
#
# $$(EF)_{ij} = \sum_k E_{ik}\,F_{kj}$$
#
# $i$ 是列，$j$ 是欄，$k$ 走過中間那一軸。 · $i$ is the row, $j$ the column, and $k$ runs along the axis between.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(e.dot(f))
print(f"{np.array_equal(e.dot(f), e @ f) = }")
print(f"{np.array_equal(e.dot(f), e * f) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `e @ f` 為什麼和 `e` 一樣？`e * f` 又會是什麼？
#
# 🤔 Why does `e @ f` equal `e`? And what is `e * f`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. `f` 是單位矩陣（`np.eye`）：乘上它等於什麼都沒做，就像數字乘以 1。
# 2. `e * f` 是每格各乘：`[[7, 0], [0, 7]]`，對角線以外都乘到 0。容易錯的是把 `*` 當成矩陣乘法；在 NumPy 裡，`*` 永遠是逐元素，矩陣乘法是 `@`。
#
# 1. `f` is the identity matrix (`np.eye`): to multiply by it changes nothing, as with the number 1.
# 2. `e * f` multiplies box by box: `[[7, 0], [0, 7]]`; off the diagonal all meets a 0. It is easy to take `*` for the
#    matrix product; in NumPy arrays `*` is always by element, and the matrix product is `@`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：比較 · Step 6: Compare
#
# 比較也是逐元素，得到布林（boolean）陣列。要問「整個都一樣嗎」，用 `array_equal`。
#
# Comparison works on each element too and gives booleans. To ask "is all of it the same?", use `array_equal`.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(a == b)
print(f"{a < 2 = }")
print(f"{np.array_equal(a, b) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 浮點數有捨入誤差，要問「夠不夠接近」；`nan` 則連自己都不等於自己。
#
# Floats have rounding errors: ask "close enough?". And `nan` does not even equal itself.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{0.1 + 0.2 == 0.3 = }, {np.allclose(0.1 + 0.2, 0.3) = }")
print(f"{weather[1] == np.nan = }")
print(f"{np.isnan(weather[1]) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 想數出 `weather` 有幾個缺值，要怎麼寫？
#
# 🤔 How do you count the missing values in `weather`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# `np.isnan(weather).sum()`，答案是 2。`isnan` 給布林陣列，加總時 `True` 算 1。最容易寫的 `(weather == np.nan).sum()` 會得到 0：`nan` 不等於任何東西，連自己也不等於。
#
# `np.isnan(weather).sum()`, which is 2. `isnan` gives booleans, and in a sum `True` counts as 1. What one writes first,
# `(weather == np.nan).sum()`, gives 0: `nan` equals nothing, not even itself.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：彙總 · Step 7: Aggregate
#
# 把很多數字變成一個。
#
# Many numbers become one.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{a.sum() = }")
print(f"{a.min() = }")
print(f"{a.mean() = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `np.int64(6)` 是 NumPy 2 的新樣子：單一個數字也會說出自己的型別。用 `print(a.sum())` 就只印 6。
#
# `np.int64(6)` is how NumPy 2 shows a single number: it tells its type. `print(a.sum())` prints just 6.

# %% [markdown] slideshow={"slide_type": "subslide"}
# `axis` 是**會消失的那一軸**：`axis=0` 把上下的列壓成一列，`axis=1` 把左右的欄壓成一欄。
#
# `axis` names the axis that *disappears*: `axis=0` squashes the rows into one, `axis=1` the columns.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{b.max(axis=0) = }")
print(f"{b.max(axis=1) = }")
print(b.cumsum(axis=1))

# %% alt={"zh": "左上是 2 列 3 欄的表。它的下方是三個數，每欄的最大值；它的右邊是兩個數，每列的最大值。", "en": "A table of 2 rows and 3 columns. Below it stand three numbers, the largest of each column; to its right two, the largest of each row."} slideshow={"slide_type": "fragment"}
layout = {"width_ratios": [3, 1], "height_ratios": [2, 1], "hspace": 0.08, "wspace": 0.5}
figure, axes = plt.subplots(2, 2, figsize=(4.6, 3), gridspec_kw=layout)
draw(axes[0, 0], b, "b (2, 3)")
draw(axes[1, 0], b.max(axis=0), "b.max(axis=0) (3,)", color=plots.COLORS[1])
draw(axes[0, 1], b.max(axis=1)[:, np.newaxis], "b.max(axis=1) (2,)", color=plots.COLORS[2])
axes[1, 1].set_axis_off()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `c` 的形狀是 (2, 2, 3)。`c.sum(axis=1)` 的形狀是什麼？`cumsum` 為什麼沒有讓軸消失？
#
# 🤔 `c` has shape (2, 2, 3). What is the shape of `c.sum(axis=1)`? Why did `cumsum` not make an axis disappear?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. (2, 3)：三個軸是 (2, 2, 3)，中間那一軸消失。常見的錯誤是把 `axis=1` 當成「留下第 1 軸」；它說的是**被加掉**的那一軸。
# 2. `cumsum` 是累計：每一步的小計都留著，所以有幾個數字進去，就有幾個出來，形狀不變。`b.cumsum(axis=1)` 每一列的最後一個，才是 `b.sum(axis=1)` 的答案。
#
# 1. (2, 3): the axes are (2, 2, 3), and the middle one goes. A common slip is to read `axis=1` as "keep axis 1"; it
#    names the axis that is *added up*.
# 2. `cumsum` keeps a running total: every subtotal stays, so as many numbers come out as went in, and the shape is the
#    same. The last number in each row of `b.cumsum(axis=1)` is what `b.sum(axis=1)` gives.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 不是每個彙總都是方法 · Not every aggregate is a method
#
# 中位數（median）是排在正中間的值；相關係數（correlation coefficient）從 −1 到 1，說兩列數字是不是一起升降。速查表寫 `b.median()` 和 `a.correlcoef()`，但陣列沒有這樣的方法，改正拼字也沒有：
#
# The median is the value in the middle; the correlation coefficient, from −1 to 1, tells whether two rows of numbers rise and fall
# together. The sheet says `b.median()` and `a.correlcoef()`, but arrays have no such methods, not with the spelling mended either:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    b.median()
with expected_error():
    a.corrcoef()

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{np.median(b) = }")
print(np.corrcoef(b).round(3))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `np.corrcoef(b)` 的對角線為什麼一定是 1？
#
# 🤔 Why is the diagonal of `np.corrcoef(b)` always 1?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 對角線是每一列和**自己**的相關，自己和自己完全一起升降，所以是 1。`np.corrcoef` 把 `b` 的每一列當成一個變數，兩列就有 2×2 張表；0.982 是第 0 列和第 1 列的相關。「一定」有一個例外：一列的數字如果全部相同，標準差是 0，除以 0 得到 `nan`。
#
# The diagonal holds each row's correlation with *itself*, and a thing rises and falls exactly with itself: 1.
# `np.corrcoef` takes each row of `b` for a variable, so two rows make a table of 2×2; 0.982 is row 0 with row 1.
# "Always" has one exception: if all the numbers of a row are the same, its standard deviation is 0, and 0 divided by 0
# gives `nan`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 標準差（standard deviation）有兩種。`np.std` 除以 $n$，加上 `ddof=1` 就除以 $n-1$：
#
# There are two standard deviations. `np.std` divides by $n$; with `ddof=1`, by $n-1$:
#
# $$\sigma = \sqrt{\frac{1}{n}\sum_i (x_i-\mu)^2} \qquad s = \sqrt{\frac{1}{n-1}\sum_i (x_i-\mu)^2}$$
#
# $x_i$ 是第 $i$ 個數字，$\mu$ 是平均，$n$ 是個數。 · $x_i$ is the $i$-th number, $\mu$ the mean, $n$ how many there are.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{np.std(b) = :.4f}")
print(f"{np.std(b, ddof=1) = :.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 下一課的 pandas 預設除以 $n-1$。
#
# 🤔 同一份資料，兩個套件算出不同的答案，哪一個「錯」了？
#
# pandas, next lesson, divides by $n-1$ by default.
#
# 🤔 The same data and two answers: which package is "wrong"?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 都沒有錯，問的問題不同。如果這些數字就是全部，除以 $n$；如果它們是從更大的一群抽出來的樣本，除以 $n-1$ 才不會把那一群的變異數估得太小。這裡只有六個數字，差別看得見（1.592 對 1.744）；$n$ 很大時幾乎一樣。真正的錯是沒說用了哪一個，就拿兩邊的數字來比。
#
# Neither: they answer different questions. If these numbers are all there is, divide by $n$; if they are a sample from
# something larger, $n-1$ keeps you from estimating that thing's variance too small. With six numbers it shows (1.592
# against 1.744); with many the two are nearly the same. The real mistake is to compare numbers without saying which one
# was used.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：檢視與副本 · Step 8: Views and copies
#
# NumPy 最會害人的就是這裡。老師想看看第一位學生各科和自己平均的差距，並不想改成績：
#
# This is where NumPy bites most. A teacher wants to see how the first student's marks differ from that student's mean,
# and does not want to change them:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
scores = np.array([[60.0, 70.0, 80.0], [90.0, 100.0, 50.0]])
first = scores[0]
first -= first.mean()          # only a look at the first student?
scores

# %% [markdown] slideshow={"slide_type": "fragment"}
# 原始成績毀了！切片是檢視：`first` 只是一扇窗，看到的是同一塊記憶體。NumPy 這樣設計是為了快，因為不必搬資料。想要自己的一份，就說 `.copy()`：
#
# The marks are ruined! A slice is a view: `first` is a window onto the same memory. NumPy does this for speed: nothing is moved.
# If you want your own, say `.copy()`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
scores = np.array([[60.0, 70.0, 80.0], [90.0, 100.0, 50.0]])
first = scores[0].copy()
first -= first.mean()
print(first, scores, sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果把 `first -= first.mean()` 改成 `first = first - first.mean()`，不加 `.copy()` 會出事嗎？
#
# 🤔 If `first -= first.mean()` were `first = first - first.mean()`, would it go wrong without `.copy()`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不會出事，`scores` 保持原樣。`first - first.mean()` 先算出一個**新**陣列，`=` 再把名字 `first` 貼到新陣列上；原來的記憶體沒人去寫。`-=` 則是在原來的記憶體上改。容易錯的是以為兩種寫法只是長短不同：對一般數字是，對陣列不是。
#
# No, `scores` stays as it was. `first - first.mean()` makes a *new* array, and `=` only moves the name `first` to it;
# nobody writes into the old memory. `-=` does write into it. It is easy to think that one is merely short for the
# other: for plain numbers so, for arrays not.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 哪些給檢視，哪些給副本？不用背，問 `np.shares_memory`：
#
# Which operations give a view, which a copy? Do not memorise it; ask `np.shares_memory`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
h = a.view()
candidates = {
    "a.view()": h, "a[0:2]": a[0:2], "a[::-1]": a[::-1], "a.reshape(3, 1)": a.reshape(3, 1),
    "a.ravel()": a.ravel(), "a.flatten()": a.flatten(), "np.copy(a)": np.copy(a),
    "a.copy()": a.copy(), "a[[0, 1]]": a[[0, 1]], "a[a < 3]": a[a < 3], "a + 0": a + 0,
}
rows = [(text, "view" if np.shares_memory(a, part) else "copy") for text, part in candidates.items()]
display.table(rows, columns=["expression", "gives a"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `a[0:2]` 是檢視，`a[[0, 1]]` 是副本，裡面的值卻一樣。為什麼？（提示：檢視只記得起點、間隔和長度。）
#
# 🤔 `a[0:2]` is a view and `a[[0, 1]]` a copy, though the values are the same. Why? (Hint: a view remembers only start, step and
# length.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為任意的索引串列沒辦法用「起點、間隔、長度」說清楚，只好抄一份。`0:2` 是從 0 起、每隔 1、共 2 個，記三個數就夠；`[0, 1]` 剛好也能這樣說，但 NumPy 不去檢查內容：串列也可能是 `[0, 0, 2]`。所以決定檢視或副本的是**寫法**，不是值；布林索引也一樣是副本。
#
# Because a list of indices cannot in general be told by start, step and length, so it is copied. `0:2` is "from 0, step
# 1, two of them", three numbers; `[0, 1]` happens to fit that too, but NumPy does not look at what is in the list: it
# might be `[0, 0, 2]`. So the *way of writing* decides, not the values; a boolean index gives a copy too.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：排序 · Step 9: Sort
#
# `np.sort(heights)` 給你一個新陣列；`heights.sort()` 就地排序，傳回 `None`。
#
# `np.sort(heights)` gives you a new array; `heights.sort()` sorts in place and returns `None`.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
heights = np.array([172, 158, 181])
print(f"{np.sort(heights) = }")
print(f"{heights = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
names = np.array(["Mei", "An", "Bo"])
order = np.argsort(heights)            # the order that sorts the heights ...
print(f"{order = }, {names[order] = }")  # ... also puts their owners in order

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
result = heights.sort()                # the classic mistake
print(f"{heights = }, {result = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `heights = heights.sort()` 之後，`heights` 是什麼？
#
# 🤔 After `heights = heights.sort()`, what is `heights`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 是 `None`。`heights.sort()` 把陣列就地排好，然後傳回 `None`；`=` 又把名字 `heights` 指到這個 `None`，排好的陣列就沒有名字可以叫了。寫 `heights.sort()` 就好，或者 `heights = np.sort(heights)`。Python 的串列也一樣：`list.sort()` 傳回 `None`，`sorted()` 給新的。
#
# `None`. `heights.sort()` sorts in place and returns `None`; then `=` gives the name `heights` to that `None`, and the
# sorted array has no name left. Write `heights.sort()` alone, or `heights = np.sort(heights)`. Python's lists do the
# same: `list.sort()` returns `None`, `sorted()` gives a new one.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 多維陣列要說沿哪一軸排。`axis=0` 在兩層之間比較，小的到上面那一層：
#
# With more dimensions, say along which axis. `axis=0` compares the two layers; the smaller goes to the first:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
c_sorted = c.copy()
c_sorted.sort(axis=0)
print("before:", c, "after:", c_sorted, sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 原本在同一列的三個數字，排序後還在同一列嗎？如果一列是一位學生的成績，會出什麼事？
#
# 🤔 Are the three numbers of a row still together? If a row were one student's marks, what has gone wrong?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 不一定。`axis=0` 在每個位置各自比較上下兩層：原來的 `[3, 2, 1]` 拆散了，1 去了上層，3 留在下層，結果上層的第一列是 `[1.5, 2, 1]`。
# 2. 學生的成績會混在一起：每一科各自排序，某一列不再屬於任何一位學生。要整列一起搬，就用上面的 `argsort`：先決定順序，再用 `[order]` 取整列。
#
# 1. Not always. With `axis=0` each place compares the two layers on its own: the row `[3, 2, 1]` was torn apart, its 1
#    went to the first layer and its 3 stayed, so the first row there is now `[1.5, 2, 1]`.
# 2. The students' marks are mixed: each subject was sorted alone, and a row belongs to no student any more. To move
#    whole rows use `argsort`, as above: find the order first, then take rows with `[order]`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：取出一部分 · Step 10: Take a part
#
# 取一個元素用索引，取一段用切片 `start:stop:step`（不含 stop），軸與軸之間用逗號。
#
# One element: an index. A stretch: a slice `start:stop:step` (stop is left out). Commas separate axes.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{a[2] = }")
print(f"{b[1, 2] = }, {b[1][2] = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{a[0:2] = }")
print(f"{b[0:2, 1] = }, {b[:, 1] = }")
print(f"{b[:1] = }")
print(f"{a[::-1] = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 速查表說 `b[1,2]` 在第 0 列，其實是第 1 列、第 2 欄：NumPy 從 0 開始數。
#
# 🤔 `b[:1]` 和 `b[0]` 的形狀一樣嗎？
#
# The sheet says that `b[1,2]` is in row 0; it is in row 1, column 2. NumPy counts from 0.
#
# 🤔 Have `b[:1]` and `b[0]` the same shape?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不一樣：`b[:1]` 是 (1, 3)，`b[0]` 是 (3,)。切片留下那一軸（長度 1），單一個索引讓那一軸消失。數字相同，所以印出來很容易看錯，差別只是一層中括號；後面的網路常要一「批」圖，只有一張時也得用 `[:1]`。
#
# No: `b[:1]` is (1, 3), `b[0]` is (3,). A slice keeps the axis (with length 1); a single index makes it disappear. The
# numbers are the same, and printed they differ only by one pair of brackets; networks will want a *batch* of pictures,
# and for a single one you then need `[:1]`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# `...` 代表「其餘的軸全都要」，不管有幾軸：
#
# `...` means "all the other axes", however many there are:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(c[1, ...])
print(f"{np.array_equal(c[1, ...], c[1, :, :]) = }")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 布林索引 · Boolean indexing
#
# 布林陣列說「要哪些」。兩個條件要用 `&`、`|`，而且各自加括號。
#
# Booleans say *which*. Two conditions are joined with `&` or `|`, each in parentheses.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{a[a < 2] = }")
print(f"{b[(b > 2) & (b < 6)] = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    b[b > 2 and b < 6]

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `and` 為什麼不行？（提示：六個布林值放在一起，算真還是算假？）
#
# 🤔 Why does `and` fail? (Hint: are six booleans together true or false?)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# `and` 要把左邊**整個**變成一個真或假，可是六個布林值沒有唯一的答案：是「全部都真」還是「有一個真」？NumPy 不替你選，就報錯。`&` 則是逐元素，六個各算各的。括號也不能省：`&` 比 `>` 先算，`b > 2 & b < 6` 會先算 `2 & b`。
#
# `and` needs *one* true or false from its whole left side, and six booleans have no single answer: are all true, or is
# any? NumPy does not choose for you and fails. `&` works on each element, six answers for six. The parentheses are
# needed too: `&` binds tighter than `>`, so `b > 2 & b < 6` starts with `2 & b`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 花式索引 · Fancy indexing
#
# 整數串列說「依什麼順序、要哪些」，可以重複。兩個串列並排會**配對**，取出四個點：(1,0)、(0,1)、(1,2)、(0,0)。
#
# Lists of integers say *which, in what order*, and may repeat. Two lists side by side *pair up* and pick four points:
# (1,0), (0,1), (1,2), (0,0).

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
b[[1, 0, 1, 0], [0, 1, 2, 0]]

# %% [markdown] slideshow={"slide_type": "fragment"}
# 想要「這些列」和「這些欄」交叉成的小表格，就分兩步取，或用 `np.ix_`：
#
# For the small table where *these rows* cross *these columns*, take it in two steps, or use `np.ix_`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(b[[1, 0, 1, 0]][:, [0, 1, 2, 0]])
print(np.array_equal(b[[1, 0, 1, 0]][:, [0, 1, 2, 0]], b[np.ix_([1, 0, 1, 0], [0, 1, 2, 0])]))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 畫出來最清楚。深色是被取到的格子：
#
# A picture says it best. The dark boxes are taken:

# %% alt={"zh": "同一張 4×6 的表畫六次，取到的格子塗深色：一整列、一整欄、中間一塊、隔列又倒著隔欄的六格、5 的倍數，以及分散的三格。", "en": "One table of 4×6, six times, with the boxes that are taken in dark: a row, a column, a block in the middle, six boxes from every other row and every other column backwards, the multiples of 5, and three single boxes."} slideshow={"slide_type": "fragment"}
m = np.arange(24).reshape(4, 6)
examples = {
    "m[1]": np.s_[1], "m[:, 4]": np.s_[:, 4], "m[1:3, 2:5]": np.s_[1:3, 2:5],
    "m[::2, ::-2]": np.s_[::2, ::-2], "m[m % 5 == 0]": m % 5 == 0,
    "m[[0, 1, 3], [5, 2, 0]]": np.s_[[0, 1, 3], [5, 2, 0]],
}
figure, axes = plt.subplots(2, 3, figsize=(9, 4.6), gridspec_kw={"hspace": 0.06, "wspace": 0.06})
for ax, (text, where) in zip(axes.flat, examples.items(), strict=True):
    chosen = np.zeros(m.shape, dtype=bool)
    chosen[where] = True
    draw(ax, m, text, chosen)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `m[::2, ::-2]` 取到的數字是什麼順序？圖上看不出來，自己執行看看。
#
# 🤔 In which order does `m[::2, ::-2]` give its numbers? The picture does not tell; run it.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# `[[5, 3, 1], [17, 15, 13]]`：列是第 0、2 列，由上往下；欄從最後一欄起，每隔一欄，由右往左。圖只畫「有沒有被取到」，所以看不出順序。如果猜 `[4, 2, 0]`，是忘了負的間隔從**最後一個**（第 5 欄）開始數。
#
# `[[5, 3, 1], [17, 15, 13]]`: rows 0 and 2, downwards; columns from the last one, every other, leftwards. The picture
# shows only *whether* a box is taken, so it cannot tell the order. If you guessed `[4, 2, 0]`: with a negative step one
# starts at the *last* column, number 5.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：改變形狀 · Step 11: Change the shape
#
# 轉置（transpose）把列變成欄：
#
# Transposing turns rows into columns:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
i = np.transpose(b)
print(i)
print(f"{np.array_equal(i.T, b) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `ravel` 拉成一維；`reshape` 依原來的順序重新排列；`-1` 的意思是「這個你幫我算」。
#
# `ravel` flattens; `reshape` lays the numbers out anew in the same order; `-1` means "work this one out for me".

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(g.ravel())
print(g.reshape(3, -1))
print(f"{np.array_equal(g.reshape(3, -1), g.T) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `g.reshape(3, -1)` 和 `g.T` 的形狀都是 3×2，內容卻不同，差在哪裡？要把照片轉成直的，該用哪一個？
#
# 🤔 `g.reshape(3, -1)` and `g.T` are both 3×2, but not the same. What differs? Which one turns a photo on its side?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. `reshape` 保持讀的順序，每兩個換一列；`T` 讓列和欄互換，第 i 列第 j 欄的數字去了第 j 列第 i 欄。
# 2. 要把照片的列變成欄，用 `T`；`reshape` 會把每一列的像素接到下一列去，照片就花了。嚴格說，`T` 還順便左右翻了（沿對角線鏡射），看前面 `digit.T` 那種圖就知道；要真的轉 90 度，用 `np.rot90`。
#
# 1. `reshape` keeps the reading order and breaks the line after every two; `T` exchanges rows and columns: the number
#    in row i, column j goes to row j, column i.
# 2. To make a photo's rows its columns, use `T`; `reshape` would run each row's pixels on into the next, and the photo
#    becomes a mess. Strictly, `T` also mirrors it (at the diagonal), as `digit.T` in step 14 will show; a true quarter
#    turn is `np.rot90`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 增加與刪除 · Add and remove
#
# `h.resize` 就地改大小，多的補 0。但還有別的檢視看著它的時候不能改：
#
# `h.resize` changes the size in place and pads with 0. But not while a view is still looking at it:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
h = b.copy()
window = h[0]
with expected_error():
    h.resize((2, 6))

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
del window
h.resize((2, 6))
print(h)
print(np.resize(b, (2, 6)))            # the function gives a new array and repeats instead

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
print(f"{np.append(h, g).shape = }")
print(f"{np.insert(a, 1, 5) = }")
print(f"{np.delete(a, [1]) = }")
print(f"{a = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    np.delete(a, [11])                 # a misprint on the sheet

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這三個函式都給**新**陣列，`a` 沒有變。`np.append` 每次都做一個新陣列，所以在迴圈裡一直 `append`，每次都要整個重抄一遍。
#
# 🤔 `h` 是 2×6，`g` 是 2×3，`np.append(h, g)` 為什麼是 (18,)？要收集 1,000 筆結果，你會怎麼做？
#
# These three give *new* arrays; `a` is as before. `np.append` makes a new array every time, so in a loop it copies everything each time.
#
# 🤔 `h` is 2×6 and `g` is 2×3: why is `np.append(h, g)` of shape (18,)? How would you collect 1,000 results?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 沒給 `axis`，`np.append` 就先把兩個都拉成一維再接：12 + 6 = 18。給 `axis=1` 就得到 (2, 9)。
# 2. 先放進 Python 的串列（`results.append(x)`），最後一次 `np.array(results)` 或 `np.stack(results)`；知道有 1,000 筆，也可以先 `np.empty(1000)` 再一格一格填。在迴圈裡 `np.append` 也會對，但第 1,000 次要重抄前面 999 筆，總共抄了約五十萬筆。
#
# 1. Without `axis`, `np.append` flattens both first and then joins: 12 + 6 = 18. With `axis=1` you get (2, 9).
# 2. Put them into a Python list (`results.append(x)`), and at the end say `np.array(results)` or `np.stack(results)`
#    once; if you know that there will be 1,000, you can also make `np.empty(1000)` and fill it. `np.append` in a loop
#    gives the right result too, but the 1,000th time it copies the 999 before, about half a million copies in all.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：合併與分割 · Step 12: Combine and split
#
# v 是垂直（vertical，往下疊），h 是水平（horizontal，往右接）。
#
# v is vertical (stack down), h is horizontal (join right).

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(np.concatenate((a, d), axis=0))
print(np.vstack((a, b)))
print(np.hstack([e, f]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# `column_stack` 把一維陣列當成欄，`np.c_` 也是；`np.r_` 則沿第一軸接起來，像 `concatenate`。後兩個用中括號，所以裡面可以寫切片：
#
# `column_stack` takes one-dimensional arrays as columns, and so does `np.c_`; `np.r_` joins along the first axis, like `concatenate`.
# These two use square brackets, so slices may stand inside:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(np.column_stack((a, d)))
print(f"{np.array_equal(np.c_[a, d], np.column_stack((a, d))) = }")
print(np.r_[e, f])
print(f"{np.r_[a, 7:10] = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `np.vstack((a, d))` 和 `np.column_stack((a, d))` 是什麼關係？
#
# 🤔 How are `np.vstack((a, d))` and `np.column_stack((a, d))` related?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 互為轉置：`np.vstack((a, d)).T` 就是 `np.column_stack((a, d))`。前者把兩個陣列當成兩**列**，形狀 (2, 3)；後者當成兩**欄**，形狀 (3, 2)。容易和 `hstack` 弄混：`np.hstack((a, d))` 對一維陣列是頭尾相接，得到 (6,)。
#
# Each is the other's transpose: `np.vstack((a, d)).T` is `np.column_stack((a, d))`. The first takes the two arrays as
# *rows*, shape (2, 3), the second as *columns*, (3, 2). Do not mix it up with `hstack`: for one-dimensional arrays
# `np.hstack((a, d))` joins end to end and gives (6,).
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 分割剛好相反。不能平分就報錯；`array_split` 允許最後一份比較小。
#
# Splitting is the reverse. If it does not divide evenly, it fails; `array_split` lets the last part be smaller.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{np.hsplit(a, 3) = }")
front, back = np.vsplit(c, 2)
print(f"{front.shape = }")
print(back)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    np.hsplit(a, 2)
print(f"{np.array_split(a, 2) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 訓練類神經網路時，資料會切成一批一批（batch）。
#
# 🤔 60,000 張圖，每批 128 張，最後一批有幾張？
#
# To train a neural network, data is cut into batches.
#
# 🤔 60,000 pictures in batches of 128: how many are in the last one?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 96 張。60,000 ÷ 128 是 468 批還剩 96（`60000 % 128`），所以一共 469 批，最後一批比較小。如果答 128，是假設除得盡；如果答 468 批，就漏掉了剩下的 96 張。
#
# 96 pictures: 60,000 ÷ 128 gives 468 batches and leaves 96 (`60000 % 128`), so there are 469 batches and the last is
# smaller. To say 128 assumes that it divides evenly; to say 468 batches forgets the 96 that are left.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 13：當年與現在 · Step 13: Then and now
#
# 投影片用的是當年的速查表。下表左欄照抄；中間是這台電腦上的 NumPy **剛才真正的回答**；右欄是今天的寫法。
#
# The slides carry the sheet of its day. Below, the left column copies it; the middle is what NumPy on this computer *has just
# answered*; the right is today's way.

# %% slideshow={"slide_type": "skip"}
THEN_AND_NOW = [
    ("np.array([(1.5,2,3), (4,5,6)], [(3,2,1), (4,5,6)])",
     "np.array([[(1.5,2,3), (4,5,6)], [(3,2,1), (4,5,6)]])"),
    ("np.random.random((2,2)).shape", "rng.random((2, 2)).shape"),
    ("np.complex", "np.complex128"),
    ("np.bool", "np.bool_"),
    ("np.object", "object"),
    ("np.string_", "np.bytes_"),
    ("np_unicode_", "np.str_"),
    ("np.unicode_", "np.str_"),
    ("np.NaN", "np.nan"),
    ("b.median()", "np.median(b)"),
    ("a.correlcoef()", "np.corrcoef(b)"),
    ("a.corrcoef()", "np.corrcoef(b)"),
    ("a[1:2]", "a[::-1]"),
    ("b[:,1]", "b[:1]"),
    ("g.reshape(3,-2)", "g.reshape(3, -1)"),
    ("np.delete(a,[11])", "np.delete(a, [1])"),
]


# %% slideshow={"slide_type": "skip"}
def outcome(code):
    """Run one line of code; return its result, or its error, as one line."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return " ".join(repr(eval(code)).split())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for _, now in THEN_AND_NOW:
    eval(now)                          # today's way runs, or this cell stops here
rows = [(then, outcome(then), now) for then, now in THEN_AND_NOW]
display.table(rows, columns=["then", f"NumPy {np.__version__} says", "now"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# 三個值得注意的地方：
# - `np.bool` 在 1.24 版被拿掉，2.0 版又回來，但已經不是 Python 的 `bool`，而是 NumPy 自己的型別。
# - `a[1:2]`、`b[:,1]` 能跑，卻不是速查表要的（它要的是反轉，和第 0 列）。
# - `reshape(3,-2)` 竟然也能跑！說明文件只保證 `-1`，別的負數哪天失效都不奇怪。
#
# 🤔 哪一種比較危險：會報錯的，還是能跑但意思不同的？
#
# Three things to note:
# - `np.bool` was removed in 1.24 and came back in 2.0, no longer as Python's `bool` but as NumPy's own type.
# - `a[1:2]` and `b[:,1]` run, but are not what the sheet wants (the reversed array, and row 0).
# - `reshape(3,-2)` runs as well! The manual promises only `-1`; do not be surprised if other negative numbers fail one day.
#
# 🤔 Which is more dangerous: what fails, or what runs and means something else?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 能跑但意思不同的。會報錯的，你當場就知道；`b[:,1]` 安靜地給你一欄，你以為拿到第 0 列，錯的數字就一路算到最後。所以程式「沒有錯誤訊息」不等於「對」：對得出答案的小例子、形狀和總和，都值得檢查。
#
# What runs and means something else. A failure tells you on the spot; `b[:,1]` silently hands you a column where you
# wanted row 0, and the wrong numbers travel on to the end. So "no error" is not "right": check with a small case whose
# answer you know, with shapes, with totals.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 14：一張圖就是一個陣列 · Step 14: A picture is an array
#
# MNIST 有 60,000 張手寫數字供訓練、10,000 張供測試，每張 28×28 個像素。接下來幾乎只用剛學過的東西。新面孔有五個，各做一件小事：`clip` 把超出範圍的值截掉，`stack` 疊出新的一軸，`bincount` 數 0、1、2… 各出現幾次，`argmin` 說最小的在第幾個，`flatnonzero` 列出 `True` 在哪裡。
#
# MNIST has 60,000 handwritten digits to train on and 10,000 to test, 28×28 pixels each. Nearly all that follows is what you have just
# learned. Five are new, and each does one small thing: `clip` cuts off what is out of range, `stack` piles up a new axis, `bincount`
# counts the 0s, 1s, 2s …, `argmin` tells where the smallest is, `flatnonzero` where `True` stands.

# %% slideshow={"slide_type": "fragment"}
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(datasets.describe("mnist"))
print(f"{x_train.shape = }, {x_train.dtype = }")
print(f"{x_test.shape = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
digit = x_train[0]
print(digit[5:15, 7:22])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 這是數字的上半部。看得出是幾嗎？（瞇起眼睛，數值大的地方是亮的。）
#
# 🤔 This is the upper half of a digit. Can you tell which? (Squint: large values are bright.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 是 5：`y_train[0]` 就是 5。上面一橫在右邊，左邊往下，中間再彎向右下，是 5 的上半部。看不出來也很正常：往左勾回來的那一筆被切掉了，而且人不習慣讀數字的方塊。網路看到的卻只有這樣一塊數字。
#
# It is a 5: `y_train[0]` says so. A bar at the top right, then down on the left, then bending to the lower right: the
# upper half of a 5. No shame if you could not: the stroke that hooks back to the left is cut off, and people do not
# read blocks of numbers. A network sees nothing else.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 裁切、縮小、翻轉、負片，都只是索引和算術。最後兩張是步驟 3 的陷阱和解法：直接加 100，筆畫從 253 繞回 97，和背景的 100 幾乎一樣灰；先換成 `int` 再截在 255，才真的變亮。
#
# Cropping, shrinking, flipping and negatives are nothing but indexing and arithmetic. The last two show the trap of step 3 and its
# cure: add 100, and the strokes wrap round from 253 to 97, nearly the same grey as the background, 100; turn to `int` first and clip at
# 255, and the picture really gets brighter.
#
# ✏️ 把這個解法寫成函式：每個像素加 `by`，超過 255 的停在 255。`image` 的型別是 `uint8`。
#
# ✏️ Write the cure as a function: each pixel goes up by `by`, and what passes 255 stays at 255. `image` is of type `uint8`.

# %% gap="brighter" slideshow={"slide_type": "fragment"}
def brighter(image, by):
    """Return an image of type uint8 with `by` added to each pixel, at most 255."""
    ### BEGIN SOLUTION
    return np.clip(image.astype(int) + by, 0, 255)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
pixels = np.array([0, 100, 200, 255], dtype=np.uint8)
found = brighter(pixels, 100)
checks.that(np.shape(found) == (4,), "四個像素進，四個像素出。 Four pixels in, four out.", "要傳回和輸入一樣大的陣列。 Return an array as large as the one that came in.")
checks.that(found[2] != 44, "200 加 100 沒有繞回來。 200 plus 100 did not wrap round.",
            "200 + 100 變成 44：`uint8` 在加的時候就繞回來了，之後再截、再轉型都來不及。先換型別，再加。 "
            "200 + 100 became 44: `uint8` wraps in the sum, and clipping or converting afterwards is too late. First the type, then the sum.")
checks.that(np.max(found) <= 255, "最亮停在 255。 The brightest stays at 255.", "像素最大是 255，超過的要截掉。 A pixel is at most 255: cut off what is above.")
checks.close(found, [100, 200, 255, 255], "四個都對。 All four are right.", "每個像素都加同樣多，只有太大的停在 255。 All pixels go up by the same; only those too large stop at 255.")

# %% alt={"zh": "一個手寫的 5 和它的九種變化：裁切、縮小、上下翻、左右翻、轉置、負片、黑白。最後兩張都加了亮度：一張的筆畫變灰，和背景混在一起，另一張的筆畫仍是白的。", "en": "A handwritten 5 and nine versions of it: cropped, shrunk, upside down, mirrored, transposed, as a negative, in black and white. The last two are brightened: in one the strokes turn as grey as the background, in the other they stay white."} slideshow={"slide_type": "fragment"}
variants = {
    "digit": digit, "digit[4:24, 4:24]": digit[4:24, 4:24], "digit[::2, ::2]": digit[::2, ::2],
    "digit[::-1]": digit[::-1], "digit[:, ::-1]": digit[:, ::-1], "digit.T": digit.T,
    "255 - digit": 255 - digit, "(digit > 127) * 255": (digit > 127) * 255,
    "digit + 100": digit + 100, "clipped at 255": brighter(digit, 100),
}
plots.image_grid(variants.values(), titles=list(variants), columns=5, scale=1.6, vmin=0, vmax=255)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 這十張裡，哪幾張是檢視？如果把 `digit[4:24, 4:24]` 全部寫成 0，訓練資料會怎樣？
#
# 🤔 Which of these ten are views? If you wrote 0 into all of `digit[4:24, 4:24]`, what would become of the training data?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 前六張：`digit` 本身（它是 `x_train[0]`）、裁切、縮小、兩種翻轉和 `digit.T`。後四張用了算術、比較或 `clip`，都是新陣列。
# 2. 訓練資料的第一張圖中間會被塗黑：檢視就是同一塊記憶體，`x_train[0]` 跟著變。容易錯的是以為 `digit` 是「取出來的一份」；它只是一扇窗。要塗鴉，先 `digit = x_train[0].copy()`。
#
# 1. The first six: `digit` itself (it is `x_train[0]`), the crop, the shrunk one, the two flips and `digit.T`. The last
#    four use arithmetic, a comparison or `clip`, and are new arrays.
# 2. The middle of the first training picture would be black: a view is the same memory, so `x_train[0]` changes with
#    it. It is easy to think that `digit` was taken out; it is only a window. To scribble, say `digit =
#    x_train[0].copy()` first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 每個數字的平均臉 · The average face of each digit
#
# 布林索引挑出同一類的圖，`mean(axis=0)` 讓「第幾張」那一軸消失，剩下一張 28×28 的平均。
#
# A boolean index picks one class; `mean(axis=0)` makes the axis "which picture" disappear and leaves one average of 28×28.
#
# ✏️ 寫出一個數字的平均臉：從 `x_train` 挑出標籤是 `label` 的圖，平均成一張。
#
# ✏️ Write the mean face of one digit: pick the pictures of `x_train` whose label is `label`, and average them into one.

# %% gap="mean_face" slideshow={"slide_type": "fragment"}
def mean_face(label):
    """Return the average picture, 28×28, of one digit in the training data."""
    ### BEGIN SOLUTION
    return x_train[y_train == label].mean(axis=0)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
found = mean_face(3)
checks.that(np.shape(found) == (28, 28), "一張 28×28 的圖。 One picture of 28×28.",
            f"形狀是 {np.shape(found)}，該是 (28, 28)：只讓「第幾張」那一軸消失。 "
            f"The shape is {np.shape(found)} and should be (28, 28): only the axis \"which picture\" disappears.")
checks.that(not np.allclose(found, x_train[3]), "不是第 3 張圖。 It is not picture number 3.",
            "x_train[label] 是第幾張圖，不是哪個數字；要用標籤挑。 x_train[label] is a picture's number, not its digit: pick by the labels.")
checks.that(not np.allclose(found, x_train.mean(axis=0)), "只用了 3。 Only the 3s are in it.",
            "所有數字都混在一起了：先挑出這個數字的圖，再平均。 All digits are mixed: pick those of this digit first, then average.")
checks.close(np.sum(found), x_train[y_train == 3].sum() / (y_train == 3).sum(), "3 的平均臉對了。 The mean face of 3 is right.",
             "墨水的總量不對：是平均，不是總和或中位數。 There is too much or too little ink: take the mean, not a sum or a median.", tolerance=1e-3)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
means = np.stack([mean_face(label) for label in range(10)])
print(f"{means.shape = }")
print(f"{np.bincount(y_train) = }")

# %% alt={"zh": "十張模糊的數字，從 0 到 9，都認得出來。0 的輪廓最清楚，人人寫法不同的筆畫糊成一片灰。", "en": "Ten blurred digits from 0 to 9, all of them readable. The outline of the 0 is sharpest; strokes that people write differently blur into grey."} slideshow={"slide_type": "fragment"}
plots.image_grid(means, titles=range(10), columns=5, scale=1.6)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩張平均臉相減，差的平方加總再開根號，就是距離。在全部 45 對裡，4 和 9 最像（約 634），0 和 1 最不像（約 1,928）。
#
# 🤔 每張平均臉都有點模糊，0 比較清楚，5 特別糊。模糊代表什麼？
#
# Take one mean face from another; the differences, squared, summed and rooted, are their distance. Of all 45 pairs 4 and 9 are the
# most alike (about 634), 0 and 1 the least (about 1,928).
#
# 🤔 Each mean face is a little blurred; 0 is clearer, 5 especially blurred. What does blur tell you?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 模糊代表同一個數字的寫法彼此不同：筆畫不在同一個地方，平均起來就變成一片灰。量得出來：平均臉的亮度平方和，和單張圖平均的亮度平方和相比，0 還留下 58 %，5 只剩 44 %（每一張都一樣時會是 100 %）。容易誤會成「圖片本身拍得不清楚」；每一張原圖都很銳利，糊的是平均。
#
# Blur means that people write that digit differently: the strokes are not in the same place, and their mean is a grey
# smear. It can be measured: of the squared brightness that a picture has on average, the mean face keeps 58 % for 0 and
# only 44 % for 5 (were all pictures the same, 100 %). It does not mean that the pictures are unclear: each one is
# sharp; it is the mean that is not.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 第一個分類器 · A first classifier
#
# 一張新的圖，離哪張平均臉最近，就猜那個數字。只需要減法、平方、加總，再加上廣播。
#
# For a new picture, guess the digit whose mean is nearest. All it takes is subtraction, squares and sums, with broadcasting.
#
# $$\hat{y} = \arg\min_k \sum_{i} (x_i - m_{k,i})^2$$
#
# $x_i$ 是新圖的第 $i$ 個像素，$m_{k,i}$ 是數字 $k$ 的平均臉的第 $i$ 個像素；$\arg\min_k$ 是「讓後面最小的那個 $k$」，就是程式裡的 `argmin`；$\hat{y}$ 是猜的答案。
#
# $x_i$ is pixel $i$ of the new picture, $m_{k,i}$ pixel $i$ of the mean face of digit $k$; $\arg\min_k$ is "the $k$ that makes the rest
# smallest", `argmin` in the code; $\hat{y}$ is the guess.
#
# ✏️ 先寫「一張平均臉到每張圖的距離」：`pictures` 的形狀是（張數，784），`mean` 是 (784,)，傳回一張圖一個數。
#
# ✏️ First the distances of one mean face from every picture: `pictures` has the shape (how many, 784), `mean` is (784,); return one number
# a picture.

# %% gap="distance" slideshow={"slide_type": "fragment"}
def squared_distance(pictures, mean):
    """Return the sum of squared differences between each picture and a mean face."""
    ### BEGIN SOLUTION
    return ((pictures - mean) ** 2).sum(axis=1)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
three = np.array([[0.0, 0.0], [3.0, 4.0], [2.0, -1.0]])
found = squared_distance(three, np.array([1.0, 1.0]))
checks.that(np.shape(found) == (3,), "一張圖一個距離。 One distance a picture.",
            f"三張圖要得到三個數，現在的形狀是 {np.shape(found)}：加掉的是像素那一軸。 "
            f"Three pictures give three numbers, not the shape {np.shape(found)}: it is the axis of the pixels that is added up.")
checks.that(bool(np.min(found) >= 0), "距離不是負的。 No distance is negative.",
            "差有正有負，直接相加會互相抵消：先平方。 Differences of both signs cancel in a sum: square them first.")
checks.that(not np.allclose(found, [4, 25, 1]), "先平方，再加總。 Squared first, then added.",
            "每個像素的差先各自平方，再加起來；不是加完才平方。 Each pixel's difference is squared before adding, not the sum afterwards.")
checks.close(found, [2, 13, 5], "三個距離都對。 All three are right.",
             "公式是平方和：不開根號，也不平均。 The formula is a sum of squares: no root, no mean.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
x = x_test.reshape(-1, 784).astype(np.float32)
flat_means = means.reshape(10, 784).astype(np.float32)

distances = np.stack([squared_distance(x, mean) for mean in flat_means], axis=1)
predicted = distances.argmin(axis=1)
print(f"{x.shape = } - {flat_means[0].shape = }  ->  {distances.shape = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
is_right = predicted == y_test
accuracy = is_right.mean()
print(f"{accuracy = :.3f}")
print(*(f"{label}: {is_right[y_test == label].mean():.2f}" for label in range(10)), sep="   ")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只算了十張平均，沒有網路，10,000 張測試圖就猜對約 82 %；瞎猜只有 10 % 左右。抽樣誤差約 ±0.008：同一個分類器遇到同樣來源的圖，真正的準確率大約在 0.812 到 0.828 之間（95 % 信賴區間，第 04 課會再講）。記住這個數字，後面的網路都得贏過它。
#
# 🤔 這一萬張裡，5 猜得最差。它最常被當成哪個數字？從平均臉看得出原因嗎？
#
# Nothing but ten means, no network, and about 82 % of the 10,000 test pictures are right; blind guessing gives about 10 %. The
# error of the sample is about ±0.008: on pictures from the same source this classifier's true accuracy lies between about 0.812
# and 0.828 (a 95 % confidence interval; more in lesson 04). Remember this number: the networks to come must beat it.
#
# 🤔 Of these ten thousand, the 5s do worst. Which digit are they mostly taken for? Can you see why from the mean faces?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 最常被當成 3：892 張 5 裡有 118 張，其次是 1，有 63 張。看平均臉：5 是最糊的一張，而 3 和 8 是離它最近的兩張（距離約 795 和 791），下半部的彎幾乎重疊。但「離得近」不是全部：8 和 3 一樣近，卻只搶走 27 張。1 搶得多，因為它的平均臉最暗，筆畫細的圖和暗的臉差距小；量過：把亮度的差別除掉、只比形狀，就從 63 張降到 25 張。
#
# Mostly for a 3: 118 of the 892 pictures of a 5; next comes 1, with 63. Look at the means: 5 is the most blurred, and 3
# and 8 are the two nearest to it (about 795 and 791), with nearly the same bend below. But being near is not all: 8 is
# as near as 3 and takes only 27. 1 takes so many since its mean face is the darkest, and a picture with thin strokes
# differs little from a dark one; measured with brightness divided out, so that only shape counts, the 63 become 25.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 看看前十個錯誤：上排是圖（真正的數字），下排是它被認成的那張平均臉。
#
# Look at the first ten mistakes: above, the picture (with its true digit); below, the mean face it was taken for.

# %% alt={"zh": "上排十個手寫數字，下排是它們各自被認成的模糊平均臉，十對都不同。例如一個扁的 5 被認成 2，斜的 1 被認成 5。", "en": "Ten handwritten digits, and under each the blurred mean face that it was taken for; in no pair do they agree. A flat 5, for instance, was taken for a 2, and a slanting 1 for a 5."} slideshow={"slide_type": "fragment"}
wrong = np.flatnonzero(~is_right)[:10]
titles = [f"true {label}" for label in y_test[wrong]]
titles += [f"guess {label}" for label in predicted[wrong]]
plots.image_grid([*x_test[wrong], *means[predicted[wrong]]], titles=titles, columns=10)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 有幾張連你也會猜錯？平均臉看不到什麼？（想想傾斜、粗細、位置。）
#
# 🤔 How many would you have got wrong too? What can a mean face not see? (Think of slant, thickness, position.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 因人而異，沒有標準答案；數數看，把你認得的也寫下來。
# 2. 平均臉只比「同一個位置亮不亮」，不知道筆畫可以移動、傾斜、變粗。量過：測試圖全部右移 2 個像素，準確率從 0.82 掉到 0.63，移 3 個像素只剩 0.41；把筆畫每邊加粗一個像素，是 0.69；往同一個方向轉 20 度，是 0.65 到 0.69。同樣移過的圖，你還是認得出來。收集更多圖幫助不大：用 6,000 張訓練圖算平均是 0.81，用 60,000 張也只有 0.82。
#
# 1. That depends on you; count them, and note which ones you can read.
# 2. A mean face only compares brightness at the same place; it does not know that strokes move, lean and thicken.
#    Measured: shift all test pictures right by 2 pixels, and accuracy falls from 0.82 to 0.63, by 3 to 0.41; thicken
#    the strokes by a pixel on each side: 0.69; turn all by 20 degrees one way or the other: 0.65 to 0.69. You would
#    still read the shifted ones. More pictures do not help much: means of 6,000 training pictures give 0.81, of 60,000
#    only 0.82.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 15：為什麼要向量化 · Step 15: Why vectorise
#
# 同樣是算平方和，寫兩種。迴圈裡，每個數字都是一個 Python 物件，每次乘、每次加都要先看型別、再做出新的物件；NumPy 整個陣列只看一次型別，然後交給編譯好的程式一口氣算完。
#
# One sum of squares, written twice. In a loop each number is a Python object, and each product and each sum first looks at the types
# and then makes a new object; NumPy looks at the type once for the whole array, then runs through it in compiled code.

# %% slideshow={"slide_type": "fragment"}
def loop(numbers):
    total = 0.0
    for number in numbers:
        total += number * number
    return total


def vectorised(numbers):
    return (numbers * numbers).sum()


# %% slideshow={"slide_type": "fragment"}
many = np.random.default_rng(7).random(COUNT)
runs = {"loop over a list": functools.partial(loop, many.tolist()),
        "loop over an array": functools.partial(loop, many),
        "NumPy": functools.partial(vectorised, many)}

seconds = {name: min(timeit.repeat(run, number=1, repeat=3)) for name, run in runs.items()}
rows = [(name, f"{1000 * s:.2f}", f"{s / seconds['NumPy']:.0f}×") for name, s in seconds.items()]
display.table(rows, columns=[f"{COUNT:,} numbers", "milliseconds", "NumPy is faster by"])

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
answers = [run() for run in runs.values()]
print(f"the same answer: {all(math.isclose(answer, answers[0]) for answer in answers)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 答案一樣（到浮點數的捨入誤差為止），時間卻差了幾十倍，甚至上百倍；倍數隨電腦而變，看你自己的表格。最慢的是用迴圈走訪**陣列**：每取一個元素，都要包成一個 NumPy 物件。
#
# 🤔 60,000 張 28×28 的圖，每張看 10 遍，用迴圈大約要多久？
#
# The answers agree (but for rounding); the times differ by a factor of dozens, even more than a hundred. The factor depends on
# the machine: look at your own table. Slowest is a loop over an *array*: each element must be wrapped as a NumPy object.
#
# 🤔 60,000 pictures of 28×28, each seen 10 times: about how long would a loop take?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 60,000 × 784 × 10 大約是 4.7 億個數字，也就是 470 個一百萬：把你表格裡的毫秒乘上 470。走訪串列一百萬個要 23 毫秒的電腦，就大約要 11 秒；NumPy 不到半秒。常見的錯誤是忘了乘 784：一張圖不是一個數字。而且這裡每個數字只做一次乘法；真的網路裡，每個像素要乘好多個權重。
#
# 60,000 × 784 × 10 is about 470 million numbers, 470 times a million: multiply the milliseconds of your table by 470.
# A machine that needs 23 milliseconds for a loop over a list of a million takes about 11 seconds; with NumPy it is less
# than half a second. A common slip is to forget the 784: a picture is not one number. And here each number meets one
# multiplication; in a real network each pixel meets many weights.
#
# </details>

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
profile.expect("accuracy of the nearest mean, 10,000 images", round(accuracy, 3), at_least=0.815,
               hint="look at the shape of `means`; it should be (10, 28, 28)")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 陣列是一塊同型別的值，加上形狀；形狀靠右對得齊，就能廣播。<br>An array is a block of values of one type, plus a shape; shapes that match from the right broadcast.
# - 切片是檢視，寫進去會動到原始資料；要自己的一份就 `.copy()`。<br>A slice is a view: writing to it changes the original. For your own, `.copy()`.
# - 少寫迴圈，整個陣列交給 NumPy 一次算完，通常又短又快。<br>Write fewer loops: hand NumPy the whole array; mostly it is shorter and faster.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 速查表是一張不能執行的投影片：`c` 少了括號、`a.correlcoef()` 不存在，要自己試了才會發現。<br>The sheet was a slide that cannot be run: the missing brackets of `c` and the invented `a.correlcoef()` show only when you try.
# - 沒有廣播的圖，也只用一句話帶過檢視與副本；這一課在這兩處多花了時間。<br>It had no picture of broadcasting, and one line each on views and copies; this lesson spends more time on both.
# - 速查表裡只有小數字；這裡馬上用在真的影像上，還量了準確率和速度。<br>It showed small numbers only; here they meet real pictures at once, with accuracy and speed measured.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 02](../labs/lab02_arrays_and_tables.ipynb)「陣列與表格」：用這一課的陣列和下一課的表格，回答一個你自己提出的鐵達尼號問題。
#
# [Lab 02](../labs/lab02_arrays_and_tables.ipynb), arrays and tables: answer a question of your own about the Titanic, with the arrays of this lesson and the tables of
# the next.
#
# ## 參考資料 · References
#
# - NumPy 使用手冊：[廣播](https://numpy.org/doc/stable/user/basics.broadcasting.html)、[索引](https://numpy.org/doc/stable/user/basics.indexing.html)、[副本與檢視](https://numpy.org/doc/stable/user/basics.copies.html) · NumPy user guide: broadcasting, indexing, copies and views
# - [NumPy 2.0 移轉指南](https://numpy.org/doc/stable/numpy_2_0_migration_guide.html) · NumPy 2.0 migration guide
# - C. R. Harris et al., [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2), *Nature* 585, 2020
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791), 1998 (MNIST)
# - 投影片所用的速查表 · The sheet on the slides: <https://github.com/kailashahirwar/cheatsheets-ai>

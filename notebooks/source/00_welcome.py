# %% [markdown] slideshow={"slide_type": "slide"}
# # 00 歡迎 · Welcome
#
# 🗺 認識筆記本、執行順序與這台電腦 · Cells, running order, and what this machine has
#
# 這門課用可以執行的筆記本（notebook）學深度學習：從一個神經元，到會認數字、懂評論、寫文章、翻譯、在照片裡找東西的網路。你看到的每一個結果都是程式跑出來的，在自己的電腦上也能重跑（時間會不同，訓練的結果最後一兩位也可能不同）。
#
# 上完這一課，你可以
# 1. 執行、修改、新增儲存格（cell），並知道什麼時候該重新啟動核心（kernel）；
# 2. 使用魔術指令（magic）計時、畫圖、下系統指令；
# 3. 看懂環境報告：這台電腦有什麼、缺什麼、缺的怎麼補。
#
# This course teaches deep learning in notebooks that you run: from one neuron to networks that read digits, understand
# reviews, write text, translate and find things in photos. Every result you see comes from code that you can run again on your own machine
# (times will differ, and the last digit or two of what was trained may).
#
# After this lesson you can
# 1. run, change and add cells, and know when to restart the kernel;
# 2. use magics to time code, to draw, and to give commands to the system;
# 3. read the environment report: what this machine has, what is missing, and how to get it.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | 會用瀏覽器；最好寫過一點 Python（變數、迴圈、函式） · a browser; some Python helps (variables, loops, functions) |
# | 學習時間 · Study time | 約 40 分鐘，含問題 · about 40 minutes, with questions |
# | 資料 · Data | MNIST（LeCun、Cortes、Burges，CC BY-SA 3.0），只檢查在不在 · MNIST (LeCun, Cortes, Burges, CC BY-SA 3.0), only to see that it is there |
# | 投影片 · Slides | 「前言」：課程大綱、工具鏈、Jupyter Notebook；「Create a container」 · introduction: outline, toolchain, Jupyter Notebook, creating a container |

# %% slideshow={"slide_type": "skip"}
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from utils.data import datasets, environment
from utils.notebook import display, plots, profile

# %% [markdown] slideshow={"slide_type": "skip"}
# 上一格載入這一課要用的套件。下一格決定「跑多少」，每一課的開頭都有：
# - `profile.choose(smoke=…, lesson=…, full=…)` 依規模（profile）三選一：`smoke` 只看會不會動，`lesson` 上課用（預設），`full` 最大。沒有特別設定，就拿到 `lesson=` 後面的值。步驟 7 會說怎麼換。
# - `profile.seed(7)` 固定隨機數的起點（種子），重跑時才會抽到同樣的數字。
#
# The cell above loads the packages of this lesson. The next one says how much work is done; every lesson begins with one:
# - `profile.choose(smoke=…, lesson=…, full=…)` picks one of three by the profile: `smoke` only shows that it runs, `lesson` is for class
#   (the default), `full` is the largest. If you set nothing, you get the value after `lesson=`. Step 7 says how to change it.
# - `profile.seed(7)` fixes where random numbers start (the seed), so that a rerun draws the same ones.

# %% slideshow={"slide_type": "skip"}
EPOCHS = profile.choose(smoke=40, lesson=60, full=60)
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：課程地圖 · Step 1: The map
#
# | 課 · Lessons | 主題 · Topic | 你會回答的問題 · A question you will answer |
# |---|---|---|
# | 01 – 03 | 工具：NumPy、pandas、scikit-learn · tools | 鐵達尼號上誰活了下來？ · Who survived the Titanic? |
# | 04 – 07 | 第一個網路、反向傳播、卷積、借來的權重 · first networks, backpropagation, convolutions, borrowed weights | 一堆像素怎麼變成一個數字？ · How do pixels become a digit? |
# | 08 – 10 | RNN 與 LSTM · RNN and LSTM | 網路怎麼記得前面讀過什麼？ · How does a net remember what it has read? |
# | 11 – 13 | 文字與詞向量 · text and word vectors | 「國王 − 男人 + 女人」是什麼？ · What is king − man + woman? |
# | 14 – 16 | 情緒分析、文字產生 · sentiment, text generation | 這篇影評是褒是貶？ · Is this review praise or blame? |
# | 17 – 19 | 注意力、Transformer、預先訓練的語言模型 · attention, transformers, pretrained language models | 不看字面，怎麼找到意思相近的文章？ · How do you find a text by what it means? |
# | 20 – 22 | 自編碼器、擴散模型 · autoencoders, diffusion | 網路怎麼畫出沒看過的數字？ · How does a net draw a digit that it has never seen? |
# | 23 – 27 | 物件偵測、影像分割 · object detection, segmentation | 照片裡有什麼？在哪裡？ · What is in the photo, and where? |
# | 28 | 匯出與上線 · export and serving | 網路怎麼放進瀏覽器？ · How does a net get into a browser? |
#
# 每一課的連結在這一頁的最後。
#
# 每一課都一樣：為什麼 → 程式 → 看結果 → 🤔 問你一個問題。先自己想，再打開下面的「解答」。中文在前，英文在後，說的是同一件事。每一課最後都有 `[PASS]`：結果達到標準，才算跑完。
#
# Links to all lessons are at the end of this page.
#
# Every lesson goes: why → code → look at the result → 🤔 a question for you. Think first, then open the answer below it. Chinese
# comes first, English after it, saying the same. Each ends in `[PASS]`: a lesson has run when its result is good enough.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：兩種儲存格 · Step 2: Two kinds of cells
#
# **Markdown 儲存格**放文字和公式，就像這一格：$h_t = \tanh(U x_t + W h_{t-1})$（現在看不懂沒關係，那是後面 RNN 的公式）。點兩下可以編輯，按 `Shift` + `Enter` 變回來。
#
# **程式儲存格**放程式。按 `Shift` + `Enter` 執行：最後一行的值會自動顯示，`print` 也可以。
#
# A **Markdown cell** holds text and formulas, like this one: $h_t = \tanh(U x_t + W h_{t-1})$ (no need to understand it yet: it
# belongs to the RNNs that come later). Double-click to edit it, `Shift` + `Enter` to show it again.
#
# A **code cell** holds code. `Shift` + `Enter` runs it: the value of its last line is shown by itself; `print` works, too.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print("hello, 深度學習")
1 + 1

# %% [markdown] slideshow={"slide_type": "fragment"}
# | 按鍵 · Keys | 作用 · What it does |
# |---|---|
# | `Shift` + `Enter` | 執行，跳到下一格 · run, go to the next cell |
# | `Ctrl` + `Enter` | 執行，留在原地 · run and stay |
# | `Esc`，然後 `A` / `B` | 在上面／下面新增一格 · new cell above / below |
# | `Esc`，然後 `M` / `Y` | 變成 Markdown／程式 · make it Markdown / code |
# | `Esc`，然後 `D` `D` | 刪除這一格（`Z` 復原） · delete the cell (`Z` brings it back) |
# | `Tab`，`Shift` + `Tab` | 補完名字，看說明 · complete a name, see its help |
#
# 選單一開始是中文。要換語言：「設定」→「語言」（英文選單裡是 Settings → Language），選「中文 (繁體, 台灣)」或「English」。
#
# The menus begin in Chinese. To change their language: 「設定」 → 「語言」 (in English menus Settings → Language), then 「中文 (繁體, 台灣)」 or "English".

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：執行順序 · Step 3: The order of running
#
# 核心（kernel）是背後那個 Python，記得你執行過的每一格，**照你執行的順序**，不是照頁面的順序。左邊的 `[3]` 就是第幾個執行的。
#
# The kernel is the Python behind the page. It remembers every cell you ran, **in the order in which you ran them**, not in the order
# of the page. The `[3]` on the left tells which one it was.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
counter = 0
counter

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
counter = counter + 1
counter

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 把上面那一格再執行兩次，`counter` 是多少？現在回去執行它的上一格，再執行它一次呢？頁面上的程式一個字都沒變，結果卻不同。
#
# 🤔 Run the cell above twice more: what is `counter` now? Then run the cell before it, and this one once. Not a letter of the page
# has changed, yet the result has.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 3：它原本是 1，再執行兩次各加 1。
# 2. 1：上一格把 `counter` 設回 0，這一格再加 1。常見的錯誤是以為執行一格會「從頭算起」；核心記得上一次的值，只看你按了哪幾格、照什麼順序。看左邊的 `[ ]` 就知道順序。
#
# 1. 3: it was 1, and each run adds 1.
# 2. 1: the cell before sets `counter` back to 0, and this one adds 1. The usual mistake is to think that a cell "starts
#    over"; the kernel keeps the last value, and all that matters is which cells you ran, in which order. The `[ ]` on
#    the left shows it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 用到還沒定義的名字，就會出現錯誤。錯誤訊息從**最後一行**讀起：它說了什麼錯，上面說在哪裡。
#
# Use a name that does not exist yet, and there is an error. Read it from its **last line**: that says what is wrong; the lines above
# say where.

# %% slideshow={"slide_type": "fragment"} tags=["raises-exception"]
def double():
    return 2 * number


double()

# %% slideshow={"slide_type": "fragment"}
number = 21

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 現在回去再執行一次 `double()` 那一格。錯誤為什麼不見了？如果把作業交給同學，他從第一格開始跑，會看到什麼？
#
# 🤔 Now go back and run the cell with `double()` again. Why is the error gone? If you hand this to a classmate who runs it from the
# first cell, what will they see?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 因為核心現在認得 `number` 了：你執行過 `number = 21`，`double()` 執行的時候才去找這個名字，得到 42。
# 2. 同學會看到同樣的 `NameError`：照頁面的順序，`double()` 執行的時候 `number` 還不存在。「在我這裡可以跑」只表示你的核心裡剛好有它。把 `number = 21` 移到 `double()` 前面，才是真的修好。
#
# 1. Because the kernel knows `number` now: you ran `number = 21`, and `double()` looks for the name only when it runs.
#    It gives 42.
# 2. The same `NameError`: in the order of the page, `number` does not exist yet when `double()` runs. "It works for me"
#    only says that your kernel happens to hold it. Move `number = 21` above `double()`, and it is really mended.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# 弄亂了怎麼辦？**核心 → 重新啟動核心並執行所有儲存格**（英文選單裡是 Kernel → Restart Kernel and Run All Cells）：忘掉一切，從第一格照順序跑到最後。交作業之前一定要做一次；我們的自動測試做的也是這件事。程式跑太久，按 ■ 中斷。
#
# When things get muddled: **Kernel → Restart Kernel and Run All Cells** forgets everything and runs from the first cell to the last,
# in order. Do it before you hand in anything; our automatic tests do the same. If code runs too long, ■ interrupts it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：魔術指令 · Step 4: Magics
#
# 開頭是 `%`（一行）或 `%%`（整格）的不是 Python，是 Jupyter 的魔術指令。
#
# What begins with `%` (one line) or `%%` (a whole cell) is not Python but a magic of Jupyter.
#
# | 指令 · Magic | 作用 · What it does |
# |---|---|
# | `%timeit` | 重複執行很多次，量平均時間 · runs code many times and gives the mean time |
# | `%%time` | 整格執行一次，量時間 · runs the cell once and gives its time |
# | `%matplotlib inline` | 圖畫在頁面裡（現在是預設，不必再寫） · figures in the page (the default today; no need to write it) |
# | `!command` | 交給系統的命令列 · hands a command to the system's shell |
# | `%cd folder` | 換資料夾；**之後**所有的相對路徑都跟著變 · changes the folder; every relative path changes **from then on** |
# | `%pip install` | 裝到**這個核心**的 Python（`!pip` 可能裝到別的） · installs for **this kernel's** Python (`!pip` may hit another one) |
# | `name?` | 看說明 · shows help |

# %% slideshow={"slide_type": "fragment"}
numbers = list(range(10_000))
array = np.arange(10_000)

# %timeit -n 200 -r 5 sum(numbers)
# %timeit -n 200 -r 5 array.sum()

# %% slideshow={"slide_type": "fragment"}
# %%time
product = np.random.default_rng(7).random((1000, 1000)) @ np.ones((1000, 1000))

# %% slideshow={"slide_type": "fragment"}
# !echo hello from the shell

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `sum` 加一萬個數要多久？NumPy 快幾倍？`%%time` 印出的 CPU time 為什麼可能比 Wall time 大？
#
# 🤔 How long does `sum` take for ten thousand numbers? How many times faster is NumPy? Why can the CPU time that `%%time` prints be
# larger than the wall time?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 存下來的這次執行：`sum` 大約 47 微秒（μs，百萬分之一秒）。你的電腦會不同。
# 2. NumPy 大約 2.2 微秒，快了二十倍左右。
# 3. Wall time 是牆上的鐘走了多久；CPU time 把**每個 CPU 核心**忙的時間加起來。矩陣乘法會同時用好幾個 CPU 核心，兩個 CPU 核心各忙 1 秒，CPU time 就是 2 秒，牆上只過 1 秒。以為 CPU time 一定比較小的人，想的是只有一個 CPU 核心；程式在等檔案或網路時，CPU time 才會小得多。
#
# 1. In the stored run: `sum` takes about 47 microseconds (μs, millionths of a second). Your machine differs.
# 2. NumPy takes about 2.2, some twenty times faster.
# 3. Wall time is what a clock on the wall shows; CPU time adds up how long *each core* was busy. The matrix product
#    uses several cores at once: two cores busy for 1 second are 2 seconds of CPU time in 1 second on the wall. Who
#    thinks that CPU time must be smaller has a single core in mind; it is much smaller when a program waits for files
#    or the network.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：六個工具 · Step 5: Six tools
#
# | 工具 · Tool | 一句話 · In one line | 課 · Lesson |
# |---|---|---|
# | NumPy | 陣列和數學，一切的基礎 · arrays and their mathematics, under everything else | 01 |
# | pandas | 有欄名的表格：清理、合併、統計 · tables with named columns: clean, join, summarise | 02 |
# | scikit-learn | 經典的機器學習，和公平的評分 · classical machine learning, and fair marks | 03 |
# | Matplotlib | 畫圖 · figures | 03 |
# | TensorFlow | 引擎：張量（tensor）、自動微分、GPU · the engine: tensors, automatic gradients, GPUs | 04 – |
# | Keras | 用層（layer）搭網路，訓練它 · builds networks from layers and trains them | 04 – |
#
# 六個一起上場：scikit-learn 產生兩彎月亮，pandas 看一眼，Keras（底下是 TensorFlow）學會分開它們，NumPy 和 Matplotlib 畫出結果。
#
# **這是預告，不必看懂每一行。** 表格的指令第 02 課教；`Dense`、`relu`、`sigmoid`、`Adam`、`loss` 從第 04 課起一個一個教。現在只要執行，看數字和圖。
#
# All six at once: scikit-learn makes two moons, pandas takes a look, Keras (on TensorFlow) learns to tell them apart, NumPy and
# Matplotlib draw the result.
#
# **This is a teaser; you need not understand every line.** Lesson 02 teaches the commands for tables; `Dense`, `relu`, `sigmoid`,
# `Adam` and `loss` are taught one by one from lesson 04 on. For now run it, and look at the numbers and the picture.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
points, moon = make_moons(n_samples=600, noise=0.15, random_state=7)
table = pd.DataFrame(points, columns=["x", "y"]).assign(moon=moon)
table.groupby("moon").agg(count=("x", "size"), mean_x=("x", "mean"), mean_y=("y", "mean")).round(2)

# %% slideshow={"slide_type": "fragment"}
train_points, test_points, train_moon, test_moon = train_test_split(
    points, moon, test_size=200, random_state=7)
line = LogisticRegression().fit(train_points, train_moon)

network = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
network.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
network.fit(train_points, train_moon, epochs=EPOCHS, batch_size=50, verbose=0)
_, network_accuracy = network.evaluate(test_points, test_moon, verbose=0)
print(f"straight line (scikit-learn): {line.score(test_points, test_moon):.3f} of the test points right")
print(f"small network (Keras):        {network_accuracy:.3f}")

# %% alt={"zh": "兩張圖畫同樣兩彎月亮的點，底色是屬於第二彎的機率。左圖的界線是直的，兩彎都被切到；右圖的界線跟著月亮彎，幾乎沒有點站錯邊。", "en": "The same points in two moons, twice, on shades that give the probability of the second moon. On the left the border is straight and cuts both moons; on the right it bends along them, and hardly a point is on the wrong side."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
grid_x, grid_y = np.meshgrid(np.linspace(-1.6, 2.6, 120), np.linspace(-1.2, 1.7, 90))
grid = np.column_stack([grid_x.ravel(), grid_y.ravel()])
answers = {
    "scikit-learn：一條直線 · a straight line": line.predict_proba(grid)[:, 1],
    "Keras：一個小網路 · a small network": network.predict(grid, batch_size=2000, verbose=0)[:, 0],
}
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
for axis, (title, answer) in zip(axes, answers.items(), strict=True):
    shades = axis.contourf(grid_x, grid_y, answer.reshape(grid_x.shape), levels=np.linspace(0, 1, 11),
                           cmap="RdBu_r", alpha=0.7)
    for value, color in enumerate((plots.COLORS[0], plots.COLORS[1])):
        chosen = test_points[test_moon == value]
        axis.scatter(*chosen.T, s=14, color=color, edgecolor="white", linewidth=0.4)
    axis.set(title=title, xlabel="x")
axes[0].set_ylabel("y")
figure.colorbar(shades, ax=axes, label="probability of the second moon")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 直線為什麼分不開這兩彎月亮？網路的界線為什麼可以彎？把 `relu` 換成 `linear` 再跑一次，界線變成什麼樣子？
#
# 🤔 Why can a straight line not part these moons? Why can the network's border bend? Replace `relu` by `linear` and run again: what
# does the border look like now?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 兩彎月亮互相勾住：不管直線怎麼放，總有一彎的尖端落在錯的那一邊。就算看著 200 個測試點挑線，最好的直線也只對 89 %；scikit-learn 從訓練點學到的那一條對 87.5 %。
# 2. 每個 `relu` 單元在一條線的一邊是 0、另一邊才往上升，等於折了一下；很多折加起來，界線就能轉彎。
# 3. 又變回一條直線：換成 `linear` 之後，一層接一層還是一個線性式子，層數再多也不會彎。三個種子都只對約 88 %，`relu` 用六個種子都對 98 % 以上。以為「層多就會彎」的人，漏掉了真正讓它彎的是 `relu`。
#
# 1. The moons hook into each other: however you place the line, the tip of one is on the wrong side. Even if you choose
#    it with the 200 test points in view, the best line gets only 89 % right; the one that scikit-learn learnt from the
#    training points gets 87.5 %.
# 2. Each `relu` unit is 0 on one side of a line and rises on the other: it makes a fold. Many folds added up can turn
#    the border.
# 3. A straight line again: with `linear`, one layer after another is still one linear formula, however many there are.
#    Three seeds gave only about 88 %; with `relu` six seeds all gave 98 % or more. "More layers can bend" leaves out
#    what does the bending: the `relu`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：容器實驗，用說的（選讀） · Step 6: The container lab, in words (optional)
#
# 第一天可以跳過這一步；用 `make start` 打開課程的人不需要容器。
#
# Skip this step on your first day if you like: whoever opens the course with `make start` needs no container.
#
# 「在我的電腦上可以跑啊！」**容器**（container）就是為了這句話發明的：把程式、套件、設定裝進一個箱子，到哪一台電腦打開都一樣。
#
# "But it works on my machine!" Containers were invented for this sentence: program, packages and settings travel in one box, and the
# box is the same on every computer.
#
# | 名詞 · Word | 意思 · Meaning | 比喻 · Like |
# |---|---|---|
# | 映像檔 · image | 做好的箱子，唯讀 · the packed box, read-only | 照食譜做好的冷凍便當 · a frozen meal made to a recipe |
# | 容器 · container | 從映像檔開出來、正在跑的一份 · one running copy of an image | 微波好、正在吃的那一份 · the one you are eating |
# | `Dockerfile` | 怎麼做出映像檔 · how the image is made | 食譜 · the recipe |
# | 連接埠 · port | 從瀏覽器連進容器的門 · the door through which a browser gets in | 取餐口 · the hatch |
# | 掛載 · volume | 容器裡外共用的資料夾；容器刪了，它還在 · a folder shared with the outside; it outlives the container | 自己帶的餐具 · your own cutlery |
#
# 投影片的實驗有三步：建立容器、在裡面 `git clone` 課程、打開 Jupyter。少了掛載，容器一刪，作業就跟著不見；少了 GPU 參數，容器看不到顯示卡。練習 00 會讓你親手做一遍，並用程式檢查。
#
# The slides' lab has three steps: create a container, `git clone` the course in it, open Jupyter. Without a volume your work goes when
# the container goes; without the GPU option the container does not see the graphics card. In lab 00 you do it yourself, and a script
# checks it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：環境報告 · Step 7: The environment report
#
# 這台電腦有什麼？`GPU` 那一列如果是 none，後面會說原因。沒有 GPU 也沒關係：每一課都在只有兩個 CPU 核心的機器上量過時間。
#
# What does this machine have? If the line `GPU` says none, it also says why. No GPU is no harm: every lesson was timed on a machine with
# two CPU cores.

# %% slideshow={"slide_type": "fragment"}
display.table(environment.report())

# %% slideshow={"slide_type": "fragment"}
matrix = keras.random.normal((1500, 1500), seed=7)
seconds = []
for _ in range(5):
    start = time.perf_counter()
    keras.ops.convert_to_numpy(keras.ops.matmul(matrix, matrix))  # to NumPy: wait until it is done
    seconds.append(time.perf_counter() - start)
print(f"1500×1500 matrix product: {1000 * min(seconds):.1f} ms, "
      f"{2 * 1500**3 / min(seconds) / 1e9:,.0f} billion operations a second")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 資料在不在？ · Is the data here?
#
# 課程的資料和模型第一次用到時才下載，並核對雜湊值；之後離線也能上課。想一次全部抓好：在終端機執行 `make data`。
#
# Data and models are fetched when first used, and their hash is checked; from then on you can work offline. To fetch everything now,
# run `make data` in a terminal.

# %% slideshow={"slide_type": "fragment"}
display.table(environment.data(), columns=["name", "what", "size", "here"])

# %% slideshow={"slide_type": "fragment"}
problems = environment.problems()
for problem in problems:
    print("-", problem)
print("problems found:", len(problems))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 四個開關 · Four switches
#
# 第一天用不到，需要時再回來查。啟動 Jupyter **之前**用環境變數設定，例如 `COURSE_PROFILE=full make start`。
#
# You need none of them on your first day; come back when you do. Set them as environment variables **before** you start Jupyter, for
# example `COURSE_PROFILE=full make start`.
#
# | 變數 · Variable | 作用 · What it does |
# |---|---|
# | `COURSE_PROFILE` | 規模：`smoke` 幾秒鐘，只看會不會動；`lesson` 上課用，一課約兩分半鐘以內（預設）；`full` 原論文或原課程的規模 · the profile: `smoke` takes seconds and only shows that it runs; `lesson` is for class, about two and a half minutes a lesson at most (the default); `full` is the scale of the originals |
# | `COURSE_DATA` | 資料放哪裡 · where data is kept |
# | `COURSE_MIRROR` | 老師分享資料的資料夾或網址 · a folder or address where an instructor shares the data |
# | `COURSE_OFFLINE=1` | 不准連網路 · no network |

# %% slideshow={"slide_type": "fragment"}
(x_train, _), (x_test, _) = datasets.load_mnist()
profile.expect("MNIST images on this machine", len(x_train) + len(x_test), at_least=70_000)
profile.expect("packages that differ from requirements.txt",
               len(environment.packages_that_differ()), at_most=0,
               hint="Run make start in a terminal; it installs what is pinned.")
profile.expect("accuracy of the small network", network_accuracy, at_least=0.95)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 儲存格照你執行的順序生效；弄亂了就重新啟動核心並執行所有儲存格。
# - `%timeit` 計時，`!` 下系統指令，`%cd` 會改變之後所有的相對路徑。
# - 環境報告告訴你有什麼、缺什麼、怎麼補；三個 `[PASS]` 表示你準備好了。
#
# - Cells take effect in the order in which you run them; when muddled, Restart Kernel and Run All Cells.
# - `%timeit` measures, `!` speaks to the system, `%cd` changes every relative path after it.
# - The environment report says what is here, what is missing and how to get it; three `[PASS]` mean that you are ready.
#
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 原課程開一個容器，裡面大多是 TensorFlow 1 的程式；今天的 TensorFlow 已經不能直接執行它們。我們把每個套件的版本寫死，並用自動測試重跑每一本筆記本。
# - 每個練習從一個網址下載自己的資料；網址一改，那個練習就跑不動。這裡的資料有雜湊值、有鏡像、可離線。
# - 有一本筆記本的最後一格會關掉自己的核心。請不要這樣；想省記憶體，用選單「核心」→「關閉核心」。
#
# - The original started a container, most of whose code was for TensorFlow 1; today's TensorFlow does not run it as it is. We pin
#   the version of every package and replay every notebook in automatic tests.
# - Each lab downloaded its data from one address; when that changed, the lab stopped. Here data has hashes and mirrors, and works
#   offline.
# - The last cell of one notebook killed its own kernel. Please do not; to save memory use the menu Kernel → Shut Down Kernel.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 00](../labs/lab00_container.ipynb)「容器」：建立、執行、掛載資料。現在先做一個小的：在這一頁最後新增一格程式和一格 Markdown，寫下你希望這門課教會你的一件事。
#
# [Lab 00](../labs/lab00_container.ipynb), the container: build it, run it, mount data. For now a small one: add a code cell and a Markdown cell at the end of this
# page, and write down one thing you hope to learn here.
#
# ## 參考資料 · References
#
# - JupyterLab：[使用說明](https://jupyterlab.readthedocs.io/en/stable/user/interface.html) · its user guide
# - IPython：[內建魔術指令](https://ipython.readthedocs.io/en/stable/interactive/magics.html) · built-in magics
# - Keras：[認識 Keras](https://keras.io/about/) · about Keras
# - Docker：[什麼是容器？](https://docs.docker.com/get-started/docker-overview/) · what is a container?
# - A. Rule et al., [Ten simple rules for writing and sharing computational analyses in Jupyter Notebooks](https://doi.org/10.1371/journal.pcbi.1007007), PLOS Computational Biology 15, 2019

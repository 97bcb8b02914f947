# %% [markdown] slideshow={"slide_type": "slide"}
# # 10 用 LSTM 讀數字 · Reading digits with an LSTM
#
# 🗺 一列一步：LSTM 由上往下讀數字 · One row a step: an LSTM reads digits from top to bottom
#
# 影像不一定要一眼看完。這一課讓網路像讀書一樣，由上往下一列一列讀：28 列就是 28 個時間步。
#
# 上完這一課，你可以
# 1. 把任何資料排成「批次 × 時間步 × 特徵」，交給遞迴式神經網路；
# 2. 用紙筆算出 LSTM 的參數個數，並和 Keras 對照；
# 3. 說出學習率太小的 SGD 為什麼走了很多步還學不會，以及 128 張影像的考卷為什麼不可靠、兩個模型該怎麼比。
#
# A picture need not be taken in at one glance. Here the net reads it like a book, row by row from the top: 28 rows are 28 time
# steps.
#
# After this lesson you can
# 1. arrange any data as batch × time steps × features for a recurrent network;
# 2. work out by hand how many parameters an LSTM has, and compare with Keras;
# 3. say why SGD with too small a rate has learned little after many steps, why an exam of 128 images is not to be relied on, and how to
#    compare two models.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [04](04_hello_tensorflow.ipynb) 的訓練、驗證、測試與標準誤；[05](05_backpropagation.ipynb) 的學習率與 Adam；[09](09_lstm.ipynb) 的狀態、記憶與三道閘門 · training, validation, test and standard error of [04](04_hello_tensorflow.ipynb); learning rate and Adam of [05](05_backpropagation.ipynb); state, memory and the three gates of [09](09_lstm.ipynb) |
# | 學習時間 · Study time | 約 70 分鐘，含空格和問題 · about 70 minutes, with gaps and questions |
# | 資料 · Data | MNIST，70,000 張手寫數字（LeCun、Cortes、Burges，CC BY-SA 3.0） · MNIST, 70,000 handwritten digits (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 投影片 · Slides | 「Lab – RNN.ipynb」步驟 1 到 5：資料預處理、建立模型、訓練模型、評估模型準確率、進行預測 · steps 1 to 5: data, model, training, accuracy, prediction |

# %% slideshow={"slide_type": "skip"}
import math

import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.models import evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=2_560, lesson=55_000, full=55_000)  # images to learn from
EPOCHS = profile.choose(smoke=2, lesson=4, full=20)
RACE_STEPS = profile.choose(smoke=5, lesson=100, full=10_000)
BATCH_SIZE = 128
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：資料預處理 · Step 1: Prepare the data
#
# 一張圖是 28 × 28 的陣列，剛好就是「28 個時間步，每步 28 個特徵」，一個數字都不用搬。
#
# An image is an array of 28 × 28, which is "28 time steps of 28 features" as it stands. Not a number has to be moved.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_val, y_val = x_train[55_000:], y_train[55_000:]  # to watch over the training
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]
print(datasets.describe("mnist"))
print("one batch:", x_fit[:BATCH_SIZE].shape, "= images × time steps × features")

# %% alt={"zh": "左：手寫的 7，四條色帶標出第 6、8、12、20 列。右：那四列各畫成一排長條；第 6 列全空，第 8 列是 7 的橫筆，很長，後兩列只有三四格。", "en": "Left: a handwritten 7 with bands over rows 6, 8, 12 and 20. Right: those rows as bars; row 6 is empty, row 8 the long top stroke of the 7, the last two three or four cells wide."} slideshow={"slide_type": "fragment"}
digit, steps = x_test[0], (6, 8, 12, 20)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), width_ratios=(1, 1.6))
left.imshow(digit, cmap="gray_r")
left.set(title=f"x_test[0], a {y_test[0]}", ylabel="row = time step", xlabel="column = feature")
for place, (step, color) in enumerate(zip(steps, plots.COLORS, strict=False)):
    left.axhspan(step - 0.5, step + 0.5, color=color, alpha=0.35)
    right.bar(np.arange(28), digit[step] / 255 * 0.85, bottom=-place, color=color)
right.set_yticks([-i for i in range(4)], [f"$x_{{{step}}}$" for step in steps])
right.set(title="what the LSTM sees at four of its 28 time steps", xlabel="feature", xlim=(-0.7, 27.7))
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 不只影像。遞迴式網路吃的都是「批次 × 時間步 × 特徵」，別的資料就要自己排。
#
# ✏️ 兩個感測器（溫度、濕度）各記了 100 個時刻，存成 (2, 100) 的陣列，一個感測器一列。把它切成一段 20 步的序列，一段接一段，形狀是 (5, 20, 2)：每一步有兩個特徵，就是兩個感測器在**同一個時刻**的讀數。寫之前先猜：直接 `reshape` 成 (5, 20, 2)，形狀對了，內容對嗎？
#
# This holds not for images alone. A recurrent net always takes batch × time steps × features, and other data have to be put in order.
#
# ✏️ Two sensors (temperature, humidity) recorded 100 moments each, an array (2, 100) with a row for each sensor. Cut it into sequences of 20
# steps, one after the other, of shape (5, 20, 2): a step has two features, what the two sensors read at the **same moment**. Guess first:
# a `reshape` straight to (5, 20, 2) has the right shape. Has it the right contents?

# %% gap="as_sequences" slideshow={"slide_type": "fragment"}
def as_sequences(readings, steps):
    """Cut recordings (sensors, moments) into sequences (batch, steps, sensors), one after the other in time."""
    ### BEGIN SOLUTION
    return readings.T.reshape(-1, steps, len(readings))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
moments = np.arange(100)
sequences = as_sequences(np.array([moments, 1000 + moments]), 20)  # sensor 0 reads 0, 1, 2 …; sensor 1 reads 1000, 1001 …
checks.that(np.shape(sequences) == (5, 20, 2), "形狀是 (5, 20, 2)。 The shape is (5, 20, 2).",
            f"2 個感測器、100 個時刻、一段 20 步，形狀應該是 (5, 20, 2)，現在是 {np.shape(sequences)}。 "
            f"With 2 sensors, 100 moments and 20 steps the shape is (5, 20, 2); this is {np.shape(sequences)}.")
checks.close(sequences[0][0], [0, 1000], "一步裡是同一個時刻的兩個感測器。 A step holds both sensors at one moment.",
             "第一步的兩個特徵，應該是兩個感測器在時刻 0 的讀數。`reshape` 只把一長串數字重新分段，不會交換軸：先讓時間排在前面。 "
             "The two features of the first step are what both sensors read at moment 0. `reshape` only cuts one long row of numbers anew "
             "and swaps no axes: put time first.")
checks.close(sequences[1][0], [20, 1020], "一段接一段。 One sequence follows the other.",
             "第二段要從時刻 20 開始：一段裡的 20 步是連續的。 The second sequence begins at moment 20: its 20 steps are in a row.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果改成一欄一欄讀（由左往右），要改哪一行程式？準確率會變嗎？
#
# 🤔 To read column by column instead, from left to right, which line would you change? Would the accuracy change?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）在 `load_mnist()` 那一行之後加一行，把後兩個軸對調：`x_train, x_test = x_train.transpose(0, 2, 1), x_test.transpose(0, 2, 1)`。訓練和測試都要換；模型不用改，因為還是 28 步、每步 28 個數。只改模型的 `Input`，或用 `reshape`，都不對：`reshape` 只重新分段，不會把列變成欄。
#
# （2）幾乎不變。我們照這樣訓練了一次，測試準確率是 0.987，標準誤約 0.001；只有一次，看不出哪一種讀法比較好。以為會差很多的人，想的是人的閱讀習慣；對網路來說，筆畫不論從哪一邊來，都只是 28 個步驟。
#
# (1) After the line with `load_mnist()` add one that swaps the last two axes: `x_train, x_test = x_train.transpose(0, 2, 1),
# x_test.transpose(0, 2, 1)`, in training and test alike. The model stays, for it still has 28 steps of 28 numbers. To change its
# `Input`, or to `reshape`, would be wrong: `reshape` only cuts the row of numbers anew and makes no columns of rows.
#
# (2) Hardly. We trained it so once: the test accuracy was 0.987, with a standard error of about 0.001; one run is too little to say which
# way of reading is better. Who expected much thought of how people read; to the net, strokes come in 28 steps from either side.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：建立模型 · Step 2: Build the model
#
# 先複習第 09 課。LSTM（長短期記憶）帶著兩樣東西往下讀：狀態（state）$h_t$，也是它的輸出；和細胞（cell）$c_t$，它的長期記憶。各 128 個數。每讀一列，四組權重各看一次「這一列」$x_t$ 和「上一步的狀態」$h_{t-1}$，算法都一樣，只是權重不同：
#
# $$z = U x_t + W h_{t-1} + b$$
#
# 其中一組提出要記的新內容，叫候選值（candidate）。另外三組是閘（gate），也就是 0 到 1 之間的數，決定放多少過去：輸入閘管新的記多少，遺忘閘管舊的留多少，輸出閘管這一步說出多少。每一道怎麼開關，[第 09 課](09_lstm.ipynb)逐一算過；這一課只要記得「有四組，大小都一樣」。
#
# 讀完第 28 列，只留最後的 $h_{28}$，交給十個神經元和 softmax。
#
# Lesson 09 in short: an LSTM (long short-term memory) carries two things along: the state $h_t$, which is also its output, and the cell $c_t$, its long
# memory; 128 numbers each. At every row four sets of weights look at this row $x_t$ and at the last state $h_{t-1}$, all by the formula
# above, each with weights of its own.
#
# One set proposes what to remember, the candidate. The other three are gates, numbers between 0 and 1 that say how much may pass: the
# input gate how much of the new is written down, the forget gate how much of the old is kept, the output gate how much is told at this
# step. [Lesson 09](09_lstm.ipynb) worked each of them out; here it is enough that there are four sets of the same size.
#
# After row 28 only the last $h_{28}$ is kept and handed to ten neurons with a softmax.

# %% slideshow={"slide_type": "fragment"}
def build_model():
    return keras.Sequential([
        keras.Input((28, 28)),                           # 28 time steps, 28 features each
        keras.layers.Rescaling(1 / 255),                 # pixels 0…255 become 0…1
        keras.layers.LSTM(128),                          # only the last output is kept
        keras.layers.Dense(10, activation="softmax"),
    ])


model = build_model()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第 09 課算過這麼大的 LSTM；別翻回去，自己再算一次。$x_t$ 有 28 個數，$h_{t-1}$ 有 128 個數，一組權重有幾個參數？四組呢？28 個時間步要不要再乘 28？
#
# 🤔 Lesson 09 counted an LSTM of this size; do not turn back, work it out again. $x_t$ has 28 numbers and $h_{t-1}$ has 128: how many parameters are in one set? In four?
# Must we multiply by 28 for the 28 time steps?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）一組 20,096 個：$U$ 有 28×128 = 3,584 個，$W$ 有 128×128 = 16,384 個，$b$ 有 128 個。
#
# （2）四組是 80,384 個。
#
# （3）不必再乘 28。每個時間步用的是**同一組**權重，像同一個人把 28 列讀完，不是 28 個人各讀一列。最常漏掉的是 $W$：網路不只看這一列，還看自己上一步的 128 個數。
#
# (1) One set has 20,096: 28×128 = 3,584 in $U$, 128×128 = 16,384 in $W$, and 128 in $b$.
#
# (2) Four sets have 80,384.
#
# (3) No. Every time step uses the **same** weights, as one person reads all 28 rows, not 28 persons one row each. What is forgotten most
# often is $W$: the net looks at this row and also at its own 128 numbers of the step before.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把你的算法寫成函式：`features` 個輸入、`units` 個單元的 LSTM，一共有幾個參數？
#
# ✏️ Write down how you counted: how many parameters has an LSTM with `features` inputs and `units` units, all in all?

# %% gap="lstm_parameters" slideshow={"slide_type": "fragment"}
def lstm_parameters(features, units):
    """Return how many numbers an LSTM learns."""
    ### BEGIN SOLUTION
    return 4 * (features * units + units * units + units)  # U, W, b, in four sets
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
count = lstm_parameters(28, 128)
checks.that(count != 28 * 128 + 128 * 128 + 128, "不只一組。 There is more than one set.",
            "你算的是一組；一個候選值加三道閘門，一共幾組？ This is one set. A candidate and three gates: how many sets are there?")
checks.that(count != 4 * (28 * 128 + 128), "狀態也看自己。 The state looks at itself.",
            "少了 W：每一組也要看上一步的狀態，有 `units` 個數。 W is missing: each set also looks at the last state of `units` numbers.")
checks.that(count != 4 * (28 * 128 + 128 * 128), "偏差值也算。 Biases count.",
            "每一組還有偏差值，一個單元一個。 Each set has biases, too, one for each unit.")
checks.close([count, lstm_parameters(3, 5)], [80_384, 180], "參數個數對了，和時間步數無關。 The count is right, and has no time steps in it.",
             "每組有 U、W、b，形狀寫在紙上再加；28 個時間步共用同一組，不必再乘。 "
             "Each set has U, W and b: write down their shapes and add. All 28 time steps share them, so do not multiply by 28.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
rescaling, lstm, dense = model.layers
by_hand = lstm_parameters(28, 128)
display.table([
    ["LSTM, one set: U 28×128 + W 128×128 + b 128", by_hand // 4, None],
    ["LSTM, four sets", by_hand, lstm.count_params()],
    ["Dense: 128×10 + 10", 128 * 10 + 10, dense.count_params()],
    ["the whole model", by_hand + 128 * 10 + 10, model.count_params()],
], columns=["part", "by hand", "Keras"])

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
U, W, b = lstm.get_weights()
print("U", U.shape, " W", W.shape, " b", b.shape, " (four sets side by side)")
print("start of b: input", b[:128].mean(), " forget", b[128:256].mean(), " candidate", b[256:384].mean(),
      " output", b[384:].mean())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 參數和時間步數**無關**：每一列用的是同一組權重。遺忘閘的偏差值從 1 開始，也就是先別急著忘（第 09 課步驟 3）。
#
# The number of parameters does **not** depend on the number of time steps: every row uses the same weights. The forget gate's
# bias starts at 1, which means: do not forget in a hurry (step 3 of lesson 09).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：訓練模型 · Step 3: Train the model
#
# ### 先賽跑：SGD 還是 Adam？ · First a race: SGD or Adam?
#
# 最佳化器和學習率有多要緊？三位選手從**同一組權重**出發，看**同一批資料**，走一樣多步。
#
# How much do optimiser and learning rate matter? Three runners start from the **same weights**, see the **same batches** and take equally
# many steps.

# %% slideshow={"slide_type": "fragment"}
runners = {
    "SGD 0.001": keras.optimizers.SGD(0.001),
    "SGD 0.1": keras.optimizers.SGD(0.1),
    "Adam 0.005": keras.optimizers.Adam(0.005),
}
start = model.get_weights()
order = np.random.default_rng(7).integers(0, TRAIN_SIZE, size=(RACE_STEPS, BATCH_SIZE))
losses, distances, scores = {}, {}, {}
for name, optimizer in runners.items():
    runner = build_model()
    runner.set_weights(start)
    runner.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    losses[name] = [float(runner.train_on_batch(x_fit[batch], y_fit[batch])) for batch in order]
    moved = zip(runner.get_weights(), start, strict=True)
    distances[name] = np.sqrt(sum(np.sum((now - before) ** 2) for now, before in moved))
    scores[name] = np.mean(runner.predict(x_val, batch_size=1000, verbose=0).argmax(axis=1) == y_val)

# %% alt={"zh": "三條損失曲線。SGD 0.001 黏在 ln 10 的虛線上；SGD 0.1 慢慢下降；Adam 很快降到 0.5 以下。", "en": "Three loss curves. SGD at 0.001 sticks to the dotted line at ln 10; SGD at 0.1 comes down slowly; Adam is soon below 0.5."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3.4))
window = max(1, RACE_STEPS // 15)
for name, curve in losses.items():
    axis.plot(np.convolve(curve, np.ones(window) / window, mode="valid"), label=name)
axis.axhline(np.log(10), color="#999999", linestyle=":", linewidth=1)
axis.text(0, np.log(10) + 0.05, "ln 10: knows nothing", color="#777777", fontsize=10)
axis.set(xlabel="step", ylabel=f"training loss, mean of {window} steps", ylim=(0, 2.7))
axis.legend()
plt.show()

# %% slideshow={"slide_type": "fragment"}
display.table(
    [[name, losses[name][0], np.mean(losses[name][-window:]), scores[name], distances[name]]
     for name in runners],
    columns=["optimiser", "first loss", f"loss, last {window} steps", "validation accuracy",
             "how far the weights moved"],
    digits=3,
)

# %% [markdown] slideshow={"slide_type": "fragment"}
# SGD 0.001 的問題是**步伐太小**：同樣走 100 步（`full` 走 10,000 步），別的選手已經走遠，它的權重幾乎沒離開起點。Adam 為每個權重記下梯度的平均大小並除以它，所以不論梯度是大是小，每個權重每步走的距離大致在一個學習率以內，梯度小的權重也走得動。這裡的三個學習率不是各自調到最好的，所以別讀成「Adam 一定比 SGD 好」。
#
# 🤔 SGD 0.1 比 SGD 0.001 快得多。那為什麼不乾脆用 SGD 10？
#
# The trouble of SGD 0.001 is that its **steps are too small**: after the same 100 steps (10,000 in `full`) the others are far away, and
# its weights have hardly left the start. Adam keeps the average size of each weight's gradient and divides by it, so that, however
# large or small its gradient, a weight moves by up to about one learning rate a step, and those with small gradients get on as well.
# None of the three rates is tuned to its best, so do not read this as "Adam always beats SGD".
#
# 🤔 SGD 0.1 is much faster than SGD 0.001. Why not simply take SGD 10?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為步伐太大會一步跨過谷底，跳到更高的對面去。我們試了（同樣的起點、同樣的 100 步）：SGD 10 的損失從 2.3 最高跳到 306，最後 6 步平均還有 192；SGD 1 反而很好，最後 6 步平均 0.83。梯度只說「這裡往哪邊下坡」，走太遠就不算數了。以為「越大越快」只對了一半：在學習率夠小的時候才成立，過了某個大小就發散，就像第 04 課把 `RATE` 改成 0.2。
#
# Because too long a stride oversteps the floor of the valley and lands higher up on the other side. We tried (same start, same 100
# steps): with SGD 10 the loss rises from 2.3 up to 306, and the last 6 steps have 192 on average; SGD 1 does well, 0.83. The gradient
# tells the way down from here; far away it no longer holds. "The larger the faster" is half true: while the rate is small. Beyond some
# size it diverges, as the `RATE` of 0.2 does in lesson 04.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 正式訓練 · The real training
#
# 用 Adam，學習率從 0.005 沿餘弦曲線降到 0：先大步趕路，最後小步收尾。
#
# With Adam, and a learning rate that falls from 0.005 to 0 along a cosine: long strides first, small steps at the end.

# %% slideshow={"slide_type": "fragment"}
steps_in_all = EPOCHS * math.ceil(len(x_fit) / BATCH_SIZE)  # batches in all epochs
schedule = keras.optimizers.schedules.CosineDecay(0.005, steps_in_all)
model.compile(optimizer=keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
weights_before = []  # the weights at the start of every epoch; step 4 needs the last
remember = keras.callbacks.LambdaCallback(
    on_epoch_begin=lambda epoch, logs: weights_before.append(model.get_weights()))
history = model.fit(x_fit, y_fit, batch_size=BATCH_SIZE, epochs=EPOCHS,
                    validation_data=(x_val, y_val), callbacks=[remember], verbose=2)

# %% alt={"zh": "四個訓練週期的損失和準確率。兩條線都一路變好，訓練的線最後超過驗證。", "en": "Loss and accuracy over four epochs. Both lines keep improving; in the end training overtakes validation."} slideshow={"slide_type": "fragment"}
plots.history(history)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 一個訓練週期是 430 步。`full` 規模的賽跑走 10,000 步，相當於幾個訓練週期？這裡正式訓練用了幾個？
#
# 🤔 One epoch is 430 steps. The race of the `full` profile takes 10,000 steps: how many epochs is that? How many did the real training use?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 10,000 ÷ 430 ≈ 23 個訓練週期；我們（`lesson` 規模）只用 4 個，也就是 1,720 步。SGD 0.001 我們另外走完 10,000 步，測試準確率只有約 0.42：不是練得不夠久，而是每一步走得太小。猜 10,000 的人把「步」和「訓練週期」弄混了：一步只看一批 128 張，一個訓練週期把 55,000 張全看一遍。
#
# 10,000 ÷ 430 ≈ 23 epochs; we (in the `lesson` profile) use 4, or 1,720 steps. We let SGD 0.001 take all 10,000, and its test accuracy was only
# about 0.42: it was not trained too short a time; each of its steps was too small. Who guessed 10,000 mixed up steps and epochs: a step sees one batch of 128, an epoch all 55,000 images.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：評估模型準確率 · Step 4: Measure the accuracy
#
# 同樣是 0.867，考 128 張得來的，和考 10,000 張得來的，可靠程度差多少？$n$ 張影像、準確率 $p$ 的標準誤（standard error）是
#
# $$\text{SE} = \sqrt{\frac{p\,(1-p)}{n}}$$
#
# ✏️ 把公式寫成函式。先猜：影像多 100 倍，標準誤會變成幾分之一？
#
# An accuracy of 0.867 may come from 128 images or from 10,000. How much more is the second to be relied on? The formula is that of the
# standard error of accuracy $p$ on $n$ images.
#
# ✏️ Write it as a function. Guess first: with 100 times as many images, what becomes of the standard error?

# %% gap="standard_error" slideshow={"slide_type": "fragment"}
def standard_error(accuracy, n):
    """Return the standard error of an accuracy that was measured on n images."""
    ### BEGIN SOLUTION
    return np.sqrt(accuracy * (1 - accuracy) / n)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = standard_error(0.5, 100)
checks.that(not np.allclose(np.sum(found), 0.0025), "有開根號。 The root is there.",
            "這是變異數：標準誤還要開根號。 This is the variance: the standard error is its root.")
checks.that(not np.allclose(np.sum(found), 0.005), "n 在根號裡面。 n is inside the root.",
            "n 也在根號裡：影像多四倍，標準誤才減半。 n is inside the root as well: four times the images halve the error.")
checks.close([found, standard_error(0.9, 900), standard_error(1.0, 50)], [0.05, 0.01, 0], "標準誤對了。 The standard error is right.",
             "根號裡是 p 乘 (1 − p)，除以 n；全對的考卷，這個公式給 0。 "
             "Inside the root stands p times (1 − p), over n; for an exam without a mistake this formula gives 0.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"0.867 on    128 images: ± {standard_error(0.867, 128):.3f}")
print(f"0.867 on 10,000 images: ± {standard_error(0.867, 10_000):.3f}")

# %% slideshow={"slide_type": "fragment"}
probabilities = model.predict(x_test, batch_size=1000, verbose=0)
answers = probabilities.argmax(axis=1)
is_right = answers == y_test
accuracy = is_right.mean()
error = standard_error(accuracy, len(is_right))
print(f"test accuracy on all {len(is_right):,} images: {accuracy:.4f} ± {error:.4f}")

shuffled = np.random.default_rng(7).permutation(is_right)
exams = shuffled[:78 * 128].reshape(78, 128).mean(axis=1)  # 78 exams of 128 images each
print(f"78 small exams of 128 images: from {exams.min():.3f} to {exams.max():.3f}, spread {exams.std():.4f}")
print(f"the formula says for 128 images: {standard_error(accuracy, 128):.4f}")
for name, half in [("first", is_right[:5000]), ("last", is_right[5000:])]:
    print(f"{name} 5,000 of the file: {half.mean():.4f} ± {standard_error(half.mean(), 5000):.4f}")

# %% alt={"zh": "長條是 78 次小考的成績，從 0.94 左右散到 1.00；直線是一次大考的成績，落在中間偏右。", "en": "Bars for the marks of 78 small exams, spread from about 0.94 to 1.00; a vertical line for the mark of one large exam, among the tallest bars."} slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3))
marks, counts = np.unique(exams, return_counts=True)
axis.bar(marks, counts, width=0.9 / 128, color=plots.COLORS[0], label="78 exams of 128 images, same model")
axis.axvline(accuracy, color=plots.COLORS[1], label="one exam of 10,000 images")
axis.set(xlabel="accuracy", ylabel="number of exams", ylim=(0, counts.max() * 1.5))
axis.legend(loc="upper left")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 同一個模型，只是換一份 128 題的考卷，分數就差這麼多。兩個模型差 0.01，用 128 張根本分不出來。而且不能只取**前** 128 張：測試檔案的前後兩半難度不同，差距是標準誤的好幾倍，前面的影像不是隨機樣本。
#
# 兩個分數相減，兩邊的誤差都算在內。如果兩個模型考的是**不同**的影像，差距的標準誤是 $\sqrt{\text{SE}_1^2 + \text{SE}_2^2}$，大約是單一分數的 $\sqrt{2}$ 倍。
#
# 🤔 兩個模型考不同的影像，要分出 0.985 和 0.987，各需要大約幾張？（讓差距至少是「差距的標準誤」的兩倍。）
#
# One and the same model; only the 128 questions differ, and look how the marks scatter. With 128 images nobody can tell apart two
# models that differ by 0.01. Nor would it do to take the **first** 128: the two halves of the test file are not equally hard, by several
# standard errors, so its first images are no random sample.
#
# The difference of two scores carries the errors of both. If the models sit **different** images, the standard error of the gap is
# $\sqrt{\text{SE}_1^2 + \text{SE}_2^2}$, about $\sqrt{2}$ times that of one score.
#
# 🤔 Two models sit different images. About how many does each need, to tell 0.985 from 0.987? (Make the gap at least twice the standard
# error of the gap.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 各大約 27,600 張，比整份測試檔案還多。$0.985 \times 0.015 + 0.987 \times 0.013 \approx 0.0276$，要 $2\sqrt{0.0276 / n} \le 0.002$，所以 $n \approx 27{,}600$。最常見的錯誤是只算一邊的標準誤，得到大約 14,800，少了將近一半：差距的誤差比單一分數大 $\sqrt{2}$ 倍，張數就要兩倍。如果兩個模型考**同一批**影像，而且大多答得一樣，需要的張數少得多，下一格就是。
#
# About 27,600 each, more than the whole test file has. $0.985 \times 0.015 + 0.987 \times 0.013 \approx 0.0276$, and
# $2\sqrt{0.0276 / n} \le 0.002$ gives $n \approx 27{,}600$. The usual mistake takes the standard error of one side alone and finds about
# 14,800, little more than half: the error of the gap is $\sqrt{2}$ times as large, so twice as many images are needed. If both models sit
# the **same** images and mostly agree, far fewer will do: see the next cell.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 同一份考卷，比兩個模型 · Two models, one exam
#
# 兩個模型考**同一批**影像時，有更好的比法。兩個都對、或兩個都錯的影像，分不出高下；只有「一個對、一個錯」的影像才有話說。如果兩個模型一樣好，這些影像應該像丟銅板，各贏一半。McNemar 檢定算的就是：銅板會不會剛好偏成這樣？
#
# 我們拿最後一個訓練週期「之前」和「之後」的權重來比：多練的這一個週期，看得出差別嗎？
#
# When two models sit the **same** exam there is a better way. Images that both get right, or both wrong, cannot tell them apart; only
# those that one alone gets right can. If the models were equally good, these would fall like coins, half to each. McNemar's test asks:
# would coins fall so unequally?
#
# We compare the weights before and after the last epoch: does this one more epoch make a difference that can be seen?
#
# ✏️ 先數：兩個模型在每張影像上對或錯（True 或 False），只有第一個對的有幾張？只有第二個對的有幾張？`~` 是「不」，`&` 是「而且」。
#
# ✏️ Count first. Given for each image whether either model is right (True or False): how many does only the first get right, how many
# only the second? `~` is "not", `&` is "and".

# %% gap="only_one_right" slideshow={"slide_type": "fragment"}
def only_one_right(first, second):
    """Return how many images only the first model gets right, and how many only the second."""
    ### BEGIN SOLUTION
    return np.sum(first & ~second), np.sum(second & ~first)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
one, other = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 1, 0]]) == 1
one, other = np.append(one, [True, True]), np.append(other, [False, False])
found = only_one_right(one, other)
checks.that(np.shape(found) == (2,), "兩個數。 Two numbers.",
            "要兩個數：只有第一個對的、只有第二個對的。 Two numbers are wanted: only the first right, and only the second.")
checks.that(tuple(found) != (5, 3), "兩個都對的不算。 Images that both get right do not count.",
            "你數的是各自對幾張；兩個都對的影像分不出高下，要扣掉。 "
            "You counted what each gets right; images that both get right tell nothing, and must not count.")
checks.close(found, [3, 1], "說得上話的影像數對了。 The images that have a say are counted.",
             "第一個數是「第一個對、而且第二個錯」；第二個數反過來。 The first number is first right and second wrong; the second the other way round.")

# %% slideshow={"slide_type": "fragment"}
earlier = build_model()
earlier.set_weights(weights_before[-1])
was_right = earlier.predict(x_test, batch_size=1000, verbose=0).argmax(axis=1) == y_test
test = evaluation.mcnemar(is_right, was_right)
print(f"before the last epoch {was_right.mean():.4f}, after it {accuracy:.4f}")
only_after, only_before = only_one_right(is_right, was_right)
print(f"right only after it: {only_after} images, only before it: {only_before} images")
print(f"coins would fall as unequally with a probability of {test.p_value:.2g}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 10,000 張裡只有 72 張說得上話，41 比 31。公正的銅板偏成這樣（或更偏）的機率是 29 %，一點也不稀奇，所以**還不能說**最後一個訓練週期真的有幫助；也不能說沒有。同一份考卷的好處在誤差：差距 0.0010，標準誤大約是 $\sqrt{72} / 10{,}000 \approx 0.0008$；如果考的是不同影像，標準誤會是 0.0017，大一倍。
#
# Of 10,000 images only 72 have a say, 41 against 31. Fair coins fall so unequally, or more so, with a probability of 29 %. That is
# nothing unusual: we **cannot yet say** that the last epoch helped, nor that it did not. What the same exam brings is a smaller error: the
# gap is 0.0010 and its standard error about $\sqrt{72} / 10{,}000 \approx 0.0008$; with different images it would be 0.0017, twice as large.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：進行預測 · Step 5: Predict
#
# 先看它最有把握、卻答錯的影像（正解→回答，機率）。
#
# First the images it got wrong while being most sure (truth→answer, probability).

# %% alt={"zh": "二十個認錯的手寫數字，附上正解、回答和機率。最常見的是 5 被當成 3，字跡多半潦草。", "en": "Twenty digits that were misread, each with truth, answer and probability. The most frequent is a 5 taken for a 3, and most are carelessly written."} slideshow={"slide_type": "fragment"}
wrong = np.flatnonzero(~is_right)
worst = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:20]
titles = [f"{y_test[i]}→{answers[i]}\n{probabilities[i].max():.2f}" for i in worst]
plots.image_grid(x_test[worst], titles=titles, cmap="gray_r", scale=0.95)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 讀到第幾列才知道？ · After which row does it know?
#
# LSTM 每一步都有輸出，只是我們只留最後一個。用同樣的權重，改成 `return_sequences=True`，就能在每一列之後都問一次：「現在看起來像幾？」
#
# An LSTM has an output at every step; we kept only the last. With the same weights and `return_sequences=True` we can ask after
# every row: what does it look like so far?

# %% slideshow={"slide_type": "fragment"}
asked_every_row = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.LSTM(128, return_sequences=True),
    keras.layers.Dense(10, activation="softmax"),    # the same ten neurons at every time step
])
asked_every_row.set_weights(model.get_weights())
by_row = asked_every_row.predict(x_test, batch_size=1000, verbose=0)
print("images × time steps × classes:", by_row.shape)
print("last step equals the model above:", np.allclose(by_row[:, -1], probabilities, atol=1e-4))

# %% alt={"zh": "9、5、2 三個手寫數字，旁邊各有一張逐列的機率圖。上半部猜得很散，甚至先猜錯；讀到下面某一列，深色才集中到對的數字。", "en": "A 9, a 5 and a 2, each beside a map of its probabilities row by row. In the upper half the guesses are spread, even wrong; only at some row further down does the dark settle on the right digit."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
examples = [np.flatnonzero((y_test == d) & is_right)[0] for d in (9, 5, 2)]
figure, axes = plt.subplots(1, 6, figsize=(10.5, 3.9), width_ratios=(1.25, 1) * 3)
for picture, bars, i in zip(axes[::2], axes[1::2], examples, strict=True):
    picture.imshow(x_test[i], cmap="gray_r", aspect="auto")
    picture.set(title=f"a {y_test[i]}", xticks=[], ylabel="rows read")
    shades = bars.imshow(by_row[i], cmap="Blues", vmin=0, vmax=1, aspect="auto")
    bars.set(title="what it thinks", xticks=range(10), yticks=[], xlabel="digit")
    bars.tick_params(axis="x", labelsize=8, length=0)
figure.colorbar(shades, ax=axes, label="probability", shrink=0.8)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這是三張影像。一萬張呢？
#
# ✏️ `by_row` 的形狀是（影像, 時間步, 類別）。算出讀完每一列之後的準確率，28 個數，放進 `correct_by_row`。先想好兩件事：機率最大的類別要沿哪一軸找？準確率要沿哪一軸平均？`y_test` 一張影像只有一個答案，`y_test[:, None]` 讓它和 28 步對齊。
#
# These are three images. And all ten thousand?
#
# ✏️ `by_row` has the shape (images, time steps, classes). Work out the accuracy after each row, 28 numbers, as `correct_by_row`. Settle two
# things first: along which axis is the likeliest class to be found, and along which is the mean to be taken? `y_test` has one answer an
# image; `y_test[:, None]` lines it up with the 28 steps.

# %% gap="correct_by_row" slideshow={"slide_type": "fragment"}
### BEGIN SOLUTION
correct_by_row = (by_row.argmax(axis=2) == y_test[:, None]).mean(axis=0)
### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(np.shape(correct_by_row) != (10,), "沿著類別找最大的。 The likeliest is sought among the classes.",
            "得到 10 個數：你沿著時間找最大的了；類別是最後一軸。 Ten numbers: you sought the largest along time. Classes are the last axis.")
checks.that(np.shape(correct_by_row) != (len(y_test),), "對影像平均。 The mean goes over the images.",
            "得到一張影像一個數：要沿著影像平均，留下時間。 One number for each image: average over the images and keep time.")
checks.that(np.shape(correct_by_row) == (28,), "一列一個準確率。 One accuracy for each row.",
            f"應該是 28 個數，現在的形狀是 {np.shape(correct_by_row)}：每一步都要留著。 "
            f"There should be 28 numbers; the shape is {np.shape(correct_by_row)}: keep every step.")
checks.close(correct_by_row[-1], accuracy, "讀完 28 列，和步驟 4 一樣。 After all 28 rows it is that of step 4.",
             "讀完最後一列的準確率，應該等於步驟 4 的測試準確率。 After the last row it should equal the test accuracy of step 4.", tolerance=2e-3)

# %% alt={"zh": "準確率和正解的平均機率，對讀了幾列。前面十七列左右都在一成上下，接著陡升，到第 27 列接近 1。", "en": "Accuracy and mean probability of the right digit by rows read. For some seventeen rows both are around a tenth, then they rise steeply, to nearly 1 at row 27."} slideshow={"slide_type": "subslide"}
sure_by_row = by_row[np.arange(len(y_test)), :, y_test].mean(axis=0)
figure, axis = plt.subplots(figsize=(7, 3.4))
read = np.arange(1, 29)
axis.plot(read, correct_by_row, marker="o", markersize=4, label="accuracy")
axis.plot(read, sure_by_row, marker="o", markersize=4, label="mean probability of the right digit")
axis.axhline(0.1, color="#999999", linestyle=":", linewidth=1)
axis.set(xlabel="rows read", ylabel="10,000 test images", ylim=(0, 1.03))
axis.legend()
plt.show()

# %% slideshow={"slide_type": "fragment"}
shown = [8, 12, 16, 18, 20, 22, 24, 26, 28]
inked = (x_test > 0).any(axis=2).mean(axis=0)  # share of the images that have ink in the row
print("right more often than not from row", read[correct_by_row > 0.5][0], "on")
display.table([["accuracy", *(f"{correct_by_row[row - 1]:.3f}" for row in shown)],
               ["images with ink in this row", *(f"{inked[row - 1]:.0%}" for row in shown)]],
              columns=["rows read", *map(str, shown)])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 要公平：這個網路只學過「讀完 28 列再回答」，中途被問是它沒練過的題目。
#
# 🤔 為什麼讀了一大半，還幾乎都是亂猜？（想想它學過的是什麼題目。）讀到第幾列準確率超過一半？最後幾列通常是白紙，準確率卻還在動，為什麼？
#
# To be fair: this net has only learned to answer after row 28; to be asked earlier is a question it never practised.
#
# 🤔 Why is it little better than guessing until well past the middle? (Think of what it was trained to do.) After which row is it right
# more often than not? The last rows are mostly blank paper; why does the accuracy still change there?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）因為它學的題目是「讀完 28 列再回答」，訓練時只有最後一步的答案會被打分數；中途的狀態只要對後面有用就好，不必讓那十個神經元看得懂。以為「還沒看到線索」就錯了：讀完第 20 列時它只對 0.28，但我們拿同樣的前 20 列重新訓練一個網路，題目改成「讀完 20 列就回答」，準確率是 0.983（只跑一次）。線索早就在了，只是沒人要它先說。
#
# （2）第 22 列開始（0.60）；第 20 列還只有 0.28。
#
# （3）因為空白的一列也是一步：$x_t$ 是 0，$W h_{t-1} + b$ 還在，狀態照樣更新。網路練的是「在第 28 步準備好答案」，最後幾步它還在整理：最後一列只有 1 % 的影像有墨水，但從第 26 列到第 28 列，準確率還從 0.979 升到 0.985。
#
# (1) Because it was trained to answer after row 28: only the answer of the last step was ever marked. The states before need only be of use
# later; the ten neurons need not be able to read them. "It has seen no clue yet" is wrong: after row 20 it is right for 0.28 of the
# images, but a net that we trained on the same first 20 rows, to answer after them, reached 0.983 (one run). The clues were there;
# nobody asked for them early.
#
# (2) From row 22 on (0.60); after row 20 it is still 0.28.
#
# (3) Because a blank row is a step as well: $x_t$ is 0, but $W h_{t-1} + b$ is not, and the state goes on changing. The net has practised to
# be ready at step 28, and is still busy in the last steps: only 1 % of the images have ink in the last row, and yet the accuracy rises
# from 0.979 to 0.985 between rows 26 and 28.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 列的順序重要嗎？ · Does the order of the rows matter?
#
# 不重新訓練，只在考試時改變列的順序。
#
# No new training; only at the exam the rows come in another order.

# %% slideshow={"slide_type": "fragment"}
shuffled_rows = np.random.default_rng(profile.chosen_seed(7)).permutation(28)
orders = {
    "as trained": np.arange(28),
    "from bottom to top": np.arange(28)[::-1],
    "shuffled, the same for all": shuffled_rows,
}
rows = []
for name, row_order in orders.items():
    _, score = model.evaluate(x_test[:, row_order], y_test, batch_size=1000, verbose=0)
    rows.append([name, round(score, 3)])
display.table(rows, columns=["order of the rows", "test accuracy"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 **實驗**：把訓練、驗證、測試影像的列都換成同一個順序 `[:, shuffled_rows]`，重新訓練。準確率會回來嗎？第 06 課的卷積網路做得到嗎？再試試只給前 20 列 `[:, :20]`（`Input` 也要改），要付出多少準確率？先寫下你的預測。
#
# 🤔 **Experiment**: put the rows of the training, validation and test images into the one order `[:, shuffled_rows]` and train
# again. Does the accuracy come back? Could the convolutional net of lesson 06 do this? Then give it only the first 20 rows,
# `[:, :20]` (change `Input` as well): what does that cost? Write your prediction down first.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# （1）大部分回來了，但沒有全部：下一格做了這個實驗，0.977，比原來少約 0.009（95 % 區間 0.006 到 0.011；區間只算影像的運氣，兩個網路都只訓練一次；另外換五個種子，連列的順序和兩個網路都換，少 0.012 到 0.020，五次都少）。網路可以照任何固定的順序學，因為同一列永遠在同一步；少掉的可能是「上下相鄰的列也在時間上相鄰」這個方便。猜「會退回 0.2」的人，想的是沒有重新訓練的時候。
#
# （2）做得到，也付出代價。第 06 課的網路只練一個訓練週期、各跑一次：0.987 變成 0.972。濾鏡看不到真正的上下鄰居了，但左右鄰居還在，`Dense` 層也可以照位置學。猜「完全學不會」就太悲觀了。
#
# （3）很少：我們訓練一次，0.983 對 0.985。差 0.002，而兩個分數相減的標準誤大約 0.002，只跑一次，還不能說最後 8 列值多少。
#
# (1) Most of it, not all: the next cell does the experiment and finds 0.977, which is about 0.009 less (95 % interval 0.006 to 0.011; it covers the
# luck of the images only, each net was trained once; five other seeds, each with another order of rows and both nets trained anew, lost 0.012 to 0.020,
# every time). A net can learn any fixed order, for a row always comes at the same step; what is
# lost may be that rows which are neighbours on paper were neighbours in time. Who guessed "back to 0.2" thought of no new training.
#
# (2) It could, at a price. The net of lesson 06, one epoch and one run each: 0.987 became 0.972. Filters no longer see the true neighbours
# above and below, but those left and right are there, and the `Dense` layer can learn by place. "It learns nothing" is too dark.
#
# (3) Little: trained once, 0.983 against 0.985. The gap is 0.002 and the standard error of a difference about 0.002; from one run we cannot
# say what the last 8 rows are worth.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
again = build_model()
schedule = keras.optimizers.schedules.CosineDecay(0.005, steps_in_all)
again.compile(optimizer=keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
again.fit(x_fit[:, shuffled_rows], y_fit, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)

again_right = again.predict(x_test[:, shuffled_rows], batch_size=1000, verbose=0).argmax(axis=1) == y_test
lost = evaluation.paired_difference(is_right, again_right)  # resamples the images: same images for both
profile.record("accuracy lost by shuffling the rows", lost.value)
print(f"rows as they are {accuracy:.4f}, shuffled {again_right.mean():.4f}")
print(f"lost by shuffling, with a 95 % interval: {lost:.4f}")

# %% slideshow={"slide_type": "fragment"}
profile.expect("loss of SGD 0.001 above that of Adam, after as many steps",
               np.mean(losses["SGD 0.001"][-window:]) - np.mean(losses["Adam 0.005"][-window:]),
               at_least=profile.choose(smoke=0.05, lesson=1.0, full=1.0))
profile.expect("test accuracy on 10,000 images", accuracy,
               at_least=profile.choose(smoke=0.5, lesson=0.982, full=0.987))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 一張圖可以是一段序列：列是時間步，像素是特徵；LSTM 的參數個數與時間步數無關，128 個單元配 28 個特徵是 80,384 個。
# - 最佳化器和學習率決定「走不走得到」；同樣的步數，SGD 0.001 幾乎還在原地。
# - 準確率要附標準誤：128 張的考卷，分數會差好幾個百分點；兩個模型考同一份考卷時，只比「一個對、一個錯」的影像。
#
# - A picture can be a sequence: rows are time steps, pixels are features. An LSTM's parameters do not depend on the number of
#   steps; 128 units on 28 features have 80,384.
# - Optimiser and learning rate decide whether you arrive at all; after as many steps SGD 0.001 has hardly left the start.
# - An accuracy needs its standard error: on an exam of 128 images the marks scatter by several points. Two models on one exam are
#   compared by the images that one alone gets right.
#
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>和原課程比 · Compared with the original course</summary>
#
# - 用 SGD、學習率 0.001，10,000 步後是 0.867（[RNN.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/RNN.ipynb) 最後一行輸出）；而且只用 128 張影像來量，標準誤約 0.03。我們用 Adam 和學習率排程，量全部 10,000 張。
# - 沒有驗證資料，沒有種子，每次跑出來都不一樣。
# - 我們重跑過它的配方，各一次：10,000 步之後，從 Keras 的起始權重出發，10,000 張測試影像的準確率約 0.42；照原課程把輸出層權重設成標準差 1 的亂數（梯度因此大很多），約 0.82。它在 128 張上的 0.867 與後者差不到兩個標準誤。
# - 影像先壓成 784 個數，再 `reshape` 回 28 × 28；這裡直接用。它的 `forget_bias=1.0` 就是 Keras 的預設。
# - `placeholder`、`Session`、`BasicLSTMCell`、`static_rnn` 都已不存在；今天四行就寫完模型。
#
# - It used SGD at 0.001 and had 0.867 after 10,000 steps (last line of output of its
#   [RNN.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/RNN.ipynb)), measured on 128 images
#   with a standard error of about 0.03. We use Adam with a schedule, and measure on all 10,000.
# - It had no validation data and no seed, so that every run differed.
# - We ran its recipe again, once each: after 10,000 steps from Keras's starting weights the accuracy on 10,000 test images is about
#   0.42; with output weights of standard deviation 1, as the original had them (which makes the gradients much larger), about 0.82. Its
#   0.867 on 128 images is less than two standard errors from the latter.
# - It flattened the images to 784 numbers and reshaped them to 28 × 28; here they are used as they are. Its `forget_bias=1.0` is Keras's
#   default.
# - `placeholder`, `Session`, `BasicLSTMCell` and `static_rnn` are gone; today the model is four lines.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 08](../labs/lab08_backpropagate_an_rnn.ipynb)「親手反向傳播一個 RNN」和[練習 09](../labs/lab09_lstm_gates.ipynb)「親手算 LSTM 的閘門」，還沒做的話，現在正是時候：這一課用到的，那裡都要自己寫。
#
# If [lab 08](../labs/lab08_backpropagate_an_rnn.ipynb), backpropagate an RNN by hand, and [lab 09](../labs/lab09_lstm_gates.ipynb), LSTM gates by
# hand, are still to do, now is the time: what this lesson used, you write there yourself.
#
# ## 參考資料 · References
#
# - S. Hochreiter, J. Schmidhuber, [Long short-term memory](https://doi.org/10.1162/neco.1997.9.8.1735), Neural Computation 9, 1997
# - F. A. Gers, J. Schmidhuber, F. Cummins, [Learning to forget](https://doi.org/10.1162/089976600300015015), Neural Computation 12, 2000 · 遺忘閘 · the forget gate
# - D. P. Kingma, J. Ba, [Adam: a method for stochastic optimization](https://arxiv.org/abs/1412.6980), ICLR 2015
# - I. Loshchilov, F. Hutter, [SGDR: stochastic gradient descent with warm restarts](https://arxiv.org/abs/1608.03983), ICLR 2017 · 餘弦學習率 · the cosine schedule
# - Q. McNemar, [Note on the sampling error of the difference between correlated proportions or percentages](https://doi.org/10.1007/BF02295996), Psychometrika 12, 1947 · 同一份考卷上比兩個模型 · comparing two models on one exam
# - R. Atienza, Deep-Learning-Experiments：同樣的作法，LSTM 256、20 個訓練週期，[Adam 98.8 %](https://github.com/roatienza/Deep-Learning-Experiments/blob/5006f19e16d5f5c76919d00015707be9a3917652/keras/rnn/cudnnlstm-mnist.ipynb)、[SGD 96.2 %](https://github.com/roatienza/Deep-Learning-Experiments/blob/9ff6ee0ee9aeba9dc5b6a1fc03537f0b90ab15e8/versions/2020/rnn/code/cudnnlstm-mnist.ipynb)，都是存下來的輸出 · the same task with LSTM 256 and 20 epochs: Adam 98.8 %, SGD 96.2 %, as in the stored outputs
# - Keras：[LSTM](https://keras.io/api/layers/recurrent_layers/lstm/)

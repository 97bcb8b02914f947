# %% [markdown] slideshow={"slide_type": "slide"}
# # 07 用 LSTM 讀數字 · Reading digits with an LSTM
#
# 🗺 一列一步：LSTM 由上往下讀數字 · One row a step: an LSTM reads digits from top to bottom
#
# 影像不一定要一眼看完。這一課讓網路像讀書一樣，由上往下一列一列讀：28 列就是 28 個時間步。
#
# 上完這一課，你可以
# 1. 把任何資料排成「批次 × 時間步 × 特徵」，交給遞迴式神經網路；
# 2. 用紙筆算出 LSTM 的參數個數，並和 Keras 對照；
# 3. 說出原課程訓練 10,000 步卻只有 0.867 的原因（最佳化器太慢），以及這個數字為什麼不可靠（考卷太小）。
#
# A picture need not be taken in at one glance. Here the net reads it like a book, row by row from the top: 28 rows are 28 time
# steps.
#
# After this lesson you can
# 1. arrange any data as batch × time steps × features for a recurrent network;
# 2. work out by hand how many parameters an LSTM has, and compare with Keras;
# 3. say why the original course reached only 0.867 after 10,000 steps (a slow optimiser), and why that number is not to be relied on (a small exam).
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | MNIST，70,000 張手寫數字（LeCun、Cortes、Burges，CC BY-SA 3.0） · MNIST, 70,000 handwritten digits (LeCun, Cortes, Burges, CC BY-SA 3.0) |
# | 投影片 · Slides | 「Lab – RNN.ipynb」步驟 1 到 5：資料預處理、建立模型、訓練模型、評估模型準確率、進行預測 · steps 1 to 5: data, model, training, accuracy, prediction |

# %% slideshow={"slide_type": "skip"}
import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.notebook import display, plots, profile

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=2_560, lesson=55_000, full=55_000)  # images to learn from
EPOCHS = profile.choose(smoke=2, lesson=4, full=20)
RACE_STEPS = profile.choose(smoke=5, lesson=100, full=10_000)  # the original took 10,000 steps
BATCH_SIZE = 128
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：資料預處理 · Step 1: Prepare the data
#
# 一張圖是 28 × 28 的陣列，剛好就是「28 個時間步，每步 28 個特徵」，一個數字都不用搬。投影片先把影像壓成 784 個數，再 `reshape` 回來；我們直接用。
#
# An image is an array of 28 × 28, which is "28 time steps of 28 features" as it stands. The slides flattened it to 784 numbers
# and reshaped it back; we use it as it is.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_val, y_val = x_train[55_000:], y_train[55_000:]  # to watch over the training
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]
print(datasets.describe("mnist"))
print("one batch:", x_fit[:BATCH_SIZE].shape, "= images × time steps × features")

# %% slideshow={"slide_type": "fragment"}
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
# 🤔 如果改成一欄一欄讀（由左往右），要改哪一行？準確率會變嗎？
#
# 🤔 To read column by column instead, from left to right, which line would you change? Would the accuracy change?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：建立模型 · Step 2: Build the model
#
# LSTM 記住兩樣東西：輸出 $h_t$ 和記憶 $c_t$，各 128 個數。每讀一列，四組權重各看一次「這一列」和「上一步的輸出」：
#
# $$z = U x_t + W h_{t-1} + b \quad\text{四組：輸入門、遺忘門、候選值、輸出門}$$
#
# 讀完第 28 列，只留最後的 $h_{28}$，交給十個神經元和 softmax。
#
# An LSTM keeps two things: the output $h_t$ and the memory $c_t$, 128 numbers each. At every row, four sets of weights look at
# this row and at the last output: input gate, forget gate, candidate, output gate. After row 28 only the last $h_{28}$ is kept
# and handed to ten neurons with a softmax.

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
# 🤔 先別看下一格。$x_t$ 有 28 個數，$h_{t-1}$ 有 128 個數，一組權重有幾個參數？四組呢？28 個時間步要不要再乘 28？
#
# 🤔 Do not look at the next cell yet. $x_t$ has 28 numbers and $h_{t-1}$ has 128: how many parameters are in one set? In four?
# Must we multiply by 28 for the 28 time steps?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
rescaling, lstm, dense = model.layers
one_set = 28 * 128 + 128 * 128 + 128  # U, W, b
display.table([
    ["LSTM, one set: U 28×128 + W 128×128 + b 128", one_set, None],
    ["LSTM, four sets", 4 * one_set, lstm.count_params()],
    ["Dense: 128×10 + 10", 128 * 10 + 10, dense.count_params()],
    ["the whole model", 4 * one_set + 128 * 10 + 10, model.count_params()],
], columns=["part", "by hand", "Keras"])

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
U, W, b = lstm.get_weights()
print("U", U.shape, " W", W.shape, " b", b.shape, " (four sets side by side)")
print("start of b: input", b[:128].mean(), " forget", b[128:256].mean(), " candidate", b[256:384].mean(),
      " output", b[384:].mean())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 參數和時間步數**無關**：每一列用的是同一組權重。遺忘門的偏差值從 1 開始，也就是先別急著忘；投影片的 `forget_bias=1.0` 就是它。
#
# The number of parameters does **not** depend on the number of time steps: every row uses the same weights. The forget gate's
# bias starts at 1, which means: do not forget in a hurry. It is the `forget_bias=1.0` of the slides.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：訓練模型 · Step 3: Train the model
#
# ### 先賽跑：SGD 還是 Adam？ · First a race: SGD or Adam?
#
# 原課程用 SGD，學習率 0.001。我們讓三位選手從**同一組權重**出發，看**同一批資料**，走一樣多步。
#
# The original course used SGD with a learning rate of 0.001. Three runners start from the **same weights**, see the **same
# batches** and take equally many steps.

# %% slideshow={"slide_type": "fragment"}
runners = {
    "SGD 0.001 (the original)": keras.optimizers.SGD(0.001),
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

# %% slideshow={"slide_type": "fragment"}
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
# 原課程的問題是**步伐太小**：同樣走 100 步（`full` 走 10,000 步），別的選手已經走遠，它的權重幾乎沒離開起點。Adam 為每個權重記下梯度的平均大小並除以它，所以每個權重每步大約走一個學習率那麼遠，梯度小也不怕。
#
# 🤔 SGD 0.1 比 SGD 0.001 快得多。那為什麼不乾脆用 SGD 10？
#
# The original's trouble is that its **steps were too small**: after the same 100 steps (10,000 in `full`) the others are far away,
# and its weights have hardly left the start. Adam keeps the average size of each weight's gradient and divides by it, so that each weight moves by about the
# learning rate, however small its gradient.
#
# 🤔 SGD 0.1 is much faster than SGD 0.001. Why not simply take SGD 10?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 正式訓練 · The real training
#
# 用 Adam，學習率從 0.005 沿餘弦曲線降到 0：先大步趕路，最後小步收尾。
#
# With Adam, and a learning rate that falls from 0.005 to 0 along a cosine: long strides first, small steps at the end.

# %% slideshow={"slide_type": "fragment"}
steps_in_all = EPOCHS * -(-len(x_fit) // BATCH_SIZE)
schedule = keras.optimizers.schedules.CosineDecay(0.005, steps_in_all)
model.compile(optimizer=keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
history = model.fit(x_fit, y_fit, batch_size=BATCH_SIZE, epochs=EPOCHS,
                    validation_data=(x_val, y_val), verbose=2)

# %% slideshow={"slide_type": "fragment"}
plots.history(history)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 一個訓練週期是 430 步。原課程的 10,000 步相當於幾個訓練週期？我們用了幾個？
#
# 🤔 One epoch is 430 steps. How many epochs are the original's 10,000 steps? How many did we use?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：評估模型準確率 · Step 4: Measure the accuracy
#
# 原課程只考 128 張。我們考全部 10,000 張。差別有多大？$n$ 張影像、準確率 $p$ 的標準誤（standard error）是
#
# $$\text{SE} = \sqrt{\frac{p\,(1-p)}{n}}$$
#
# The original examined 128 images; we examine all 10,000. What difference does it make? It is in the standard error above, for
# accuracy $p$ on $n$ images.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def standard_error(accuracy, n):
    return np.sqrt(accuracy * (1 - accuracy) / n)


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
print(f"first 5,000 of the file: {is_right[:5000].mean():.4f}")
print(f"last 5,000 of the file:  {is_right[5000:].mean():.4f}")

# %% slideshow={"slide_type": "fragment"}
figure, axis = plt.subplots(figsize=(7, 3))
marks, counts = np.unique(exams, return_counts=True)
axis.bar(marks, counts, width=0.9 / 128, color=plots.COLORS[0], label="78 exams of 128 images, same model")
axis.axvline(accuracy, color=plots.COLORS[1], label="one exam of 10,000 images")
axis.set(xlabel="accuracy", ylabel="number of exams", ylim=(0, counts.max() * 1.5))
axis.legend(loc="upper left")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 同一個模型，只是換一份 128 題的考卷，分數就差這麼多。兩個模型差 0.01，用 128 張根本分不出來。何況原課程取的是**前** 128 張：測試檔案的前後兩半難度不同，前 128 張不是隨機樣本。
#
# 🤔 要分出 0.985 和 0.987，大約需要幾張測試影像？（讓標準誤小於差距的一半。）
#
# One and the same model; only the 128 questions differ, and look how the marks scatter. With 128 images nobody can tell apart two
# models that differ by 0.01. Moreover the original took the **first** 128: the two halves of
# the test file are not equally hard, so the first 128 are no random sample.
#
# 🤔 About how many test images do you need to tell 0.985 from 0.987? (Make the standard error less than half the gap.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：進行預測 · Step 5: Predict
#
# 先看它最有把握、卻答錯的影像（正解→回答，機率）。
#
# First the images it got wrong while being most sure (truth→answer, probability).

# %% slideshow={"slide_type": "fragment"}
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

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"]
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

# %% slideshow={"slide_type": "subslide"}
correct_by_row = (by_row.argmax(axis=2) == y_test[:, None]).mean(axis=0)
sure_by_row = by_row[np.arange(len(y_test)), :, y_test].mean(axis=0)
figure, axis = plt.subplots(figsize=(7, 3.4))
read = np.arange(1, 29)
axis.plot(read, correct_by_row, marker="o", markersize=4, label="accuracy")
axis.plot(read, sure_by_row, marker="o", markersize=4, label="mean probability of the right digit")
axis.axhline(0.1, color="#999999", linestyle=":", linewidth=1)
axis.set(xlabel="rows read", ylabel="10,000 test images", ylim=(0, 1.03))
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 要公平：這個網路只學過「讀完 28 列再回答」，中途被問是它沒練過的題目。
#
# 🤔 為什麼讀了一大半，還幾乎都是亂猜？（想想它學過的是什麼題目。）讀到第幾列準確率超過一半？最後幾列通常是白紙，準確率卻還在動，為什麼？
#
# To be fair: this net has only learned to answer after row 28; to be asked earlier is a question it never practised.
#
# 🤔 Why is it little better than guessing until well past the middle? (Think of what it was trained to do.) After which row is it right more often than not? The last rows
# are mostly blank paper; why does the accuracy still change there?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 列的順序重要嗎？ · Does the order of the rows matter?
#
# 不重新訓練，只在考試時改變列的順序。
#
# No new training; only at the exam the rows come in another order.

# %% slideshow={"slide_type": "fragment"}
shuffled_rows = np.random.default_rng(7).permutation(28)
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
# 🤔 **實驗**：把訓練、驗證、測試影像的列都換成同一個順序 `[:, shuffled_rows]`，重新訓練。準確率會回來嗎？第 05 課的卷積網路做得到嗎？再試試只給前 20 列 `[:, :20]`（`Input` 也要改），要付出多少準確率？先寫下你的預測。
#
# 🤔 **Experiment**: put the rows of the training, validation and test images into the one order `[:, shuffled_rows]` and train
# again. Does the accuracy come back? Could the convolutional net of lesson 05 do this? Then give it only the first 20 rows,
# `[:, :20]` (change `Input` as well): what does that cost? Write your prediction down first.

# %% slideshow={"slide_type": "fragment"}
display.table([
    ["original, 2018", "SGD 0.001", 10_000, 128, 0.867, standard_error(0.867, 128)],
    ["here", "Adam, cosine", steps_in_all, len(is_right), accuracy, error],
], columns=["course", "optimiser", "steps", "test images", "accuracy", "standard error"], digits=3)

# %% slideshow={"slide_type": "fragment"}
profile.expect("loss of SGD 0.001 above that of Adam, after as many steps",
               np.mean(losses["SGD 0.001 (the original)"][-window:]) - np.mean(losses["Adam 0.005"][-window:]),
               at_least=profile.choose(smoke=0.05, lesson=1.0, full=1.0))
profile.expect("test accuracy on 10,000 images", accuracy,
               at_least=profile.choose(smoke=0.5, lesson=0.982, full=0.987))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 一張圖可以是一段序列：列是時間步，像素是特徵；LSTM 的參數個數與時間步數無關，128 個單元配 28 個特徵是 80,384 個。
# - 最佳化器和學習率決定「走不走得到」；同樣的步數，SGD 0.001 幾乎還在原地。
# - 準確率要附標準誤：128 張的考卷，分數會差好幾個百分點。
#
# - A picture can be a sequence: rows are time steps, pixels are features. An LSTM's parameters do not depend on the number of
#   steps; 128 units on 28 features have 80,384.
# - Optimiser and learning rate decide whether you arrive at all; after as many steps SGD 0.001 has hardly left the start.
# - An accuracy needs its standard error: on an exam of 128 images the marks scatter by several points.
#
# ## 原課程的不同之處 · What the original course did differently
#
# - 用 SGD、學習率 0.001，10,000 步後停在 0.867；而且只用 128 張影像來量，標準誤約 0.03。我們用 Adam 和學習率排程，量全部 10,000 張。
# - 沒有驗證資料，沒有種子，每次跑出來都不一樣。
# - 我們重跑過它的配方：10,000 步之後，從 Keras 的起始權重出發，10,000 張測試影像的準確率約 0.42；照原課程把輸出層權重設成標準差 1 的亂數（梯度因此大很多），約 0.82。它在 128 張上的 0.867 與此相符。
# - `placeholder`、`Session`、`BasicLSTMCell`、`static_rnn` 都已不存在；今天四行就寫完模型。
#
# - It used SGD at 0.001 and stood at 0.867 after 10,000 steps, measured on 128 images with a standard error of about 0.03. We
#   use Adam with a schedule, and measure on all 10,000.
# - It had no validation data and no seed, so that every run differed.
# - We ran its recipe again: after 10,000 steps from Keras's starting weights the accuracy on 10,000 test images is about 0.42; with
#   output weights of standard deviation 1, as the original had them (which makes the gradients much larger), about 0.82. Its 0.867
#   on 128 images agrees with that.
# - `placeholder`, `Session`, `BasicLSTMCell` and `static_rnn` are gone; today the model is four lines.
#
# ## 練習 · Lab
#
# 練習 05「親手反向傳播一個 RNN」和練習 08「親手算 LSTM 的門」。第 06 課解釋梯度為什麼會消失，第 11 課打開 LSTM 的蓋子。
#
# Lab 05, backpropagate an RNN by hand; and lab 08, LSTM gates by hand. Lesson 06 explains why gradients vanish, lesson 11 opens the
# LSTM.
#
# ## 參考資料 · References
#
# - S. Hochreiter, J. Schmidhuber, [Long short-term memory](https://doi.org/10.1162/neco.1997.9.8.1735), Neural Computation 9, 1997
# - F. A. Gers, J. Schmidhuber, F. Cummins, [Learning to forget](https://doi.org/10.1162/089976600300015015), Neural Computation 12, 2000 · 遺忘門 · the forget gate
# - D. P. Kingma, J. Ba, [Adam: a method for stochastic optimization](https://arxiv.org/abs/1412.6980), ICLR 2015
# - I. Loshchilov, F. Hutter, [SGDR: stochastic gradient descent with warm restarts](https://arxiv.org/abs/1608.03983), ICLR 2017 · 餘弦學習率 · the cosine schedule
# - R. Atienza, [Deep-Learning-Experiments](https://github.com/roatienza/Deep-Learning-Experiments)：同樣的作法，LSTM 256、20 個訓練週期，Adam 約 98.9 %、SGD 96.2 % · the same task with LSTM 256 and 20 epochs: Adam about 98.9 %, SGD 96.2 %
# - Keras：[LSTM](https://keras.io/api/layers/recurrent_layers/lstm/)

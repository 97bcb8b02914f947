# %% [markdown] slideshow={"slide_type": "slide"}
# # 11 長短期記憶 · Long short-term memory (LSTM)
#
# 🗺 閘門逐一手算；RNN、GRU、LSTM 誰記得久 · Gates by hand; which of RNN, GRU and LSTM remembers
#
# 遞迴式神經網路每讀一個字，就把狀態整個改寫一次。字一多，開頭就忘了。LSTM 另外準備一格記憶，配上三道門：何時寫、何時留、何時讀，都由網路自己學。
#
# 上完這一課，你可以
# 1. 用紙筆算出 LSTM 每一道門、每一格記憶的值，並和 Keras 對到小數點後五位；
# 2. 說明梯度為什麼能在記憶裡走得遠，以及靠的為什麼不是 ReLU；
# 3. 量出 RNN、GRU、LSTM 各記得多久，還有怎麼讓它們記得更久。
#
# With every word, a recurrent network rewrites its whole state. After many words the beginning is forgotten. An LSTM keeps
# a memory beside it, with three gates: when to write, when to keep and when to read, all learned.
#
# After this lesson you can
# 1. work out every gate and memory of an LSTM by hand, and agree with Keras to five decimals;
# 2. say why a gradient gets far through the memory, and why that is not ReLU's doing;
# 3. measure how long RNN, GRU and LSTM remember, and make them remember longer.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | 兒童界披頭四的故事與記憶測驗，都在課堂上產生，不需下載 · the story of four friends and a memory test, both generated in class; no download |
# | 投影片 · Slides | 「Long Short-Term Memory (LSTM)」簡介、應用、兒童界披頭四、原理 1–6 · the LSTM pages: introduction, applications, the four friends, principles 1–6 |

# %% slideshow={"slide_type": "skip"}
import re

import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.models import recurrent
from utils.notebook import diagrams, display, plots, profile

# %% slideshow={"slide_type": "skip"}
STORIES = profile.choose(smoke=300, lesson=2_000, full=20_000)              # to learn from, step 6
STORY_EPOCHS = profile.choose(smoke=2, lesson=8, full=20)
LENGTHS = profile.choose(smoke=(5, 20), lesson=(10, 20, 40, 80), full=(10, 20, 40, 80, 160, 320))
TRIALS = profile.choose(smoke=1, lesson=3, full=5)                          # for each length, step 7
UPDATES = profile.choose(smoke=60, lesson=250, full=1_000)                  # at most, step 7
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：一次一道門 · Step 1: One gate at a time
#
# 輸入是現在的字 $x_t$ 和上一步的輸出 $a_{t-1}$。它們各自乘上權重，算出四個數字：$z$、$z_i$、$z_f$、$z_o$。
#
# | | 中文 | English |
# |---|---|---|
# | $g(z)$ | 想寫進去的內容 | what could be written |
# | $f(z_i)$ | 輸入門（input gate）：要寫多少 | how much of it is written |
# | $f(z_f)$ | 遺忘門（forget gate）：舊記憶留多少 | how much of the old memory is kept |
# | $f(z_o)$ | 輸出門（output gate）：讓外面看到多少 | how much of the memory is shown |
#
# $$c' = g(z)\,f(z_i) + c\,f(z_f) \qquad\qquad a = h(c')\,f(z_o)$$
#
# $f$ 是 sigmoid，值在 0（關）與 1（開）之間；$g$ 和 $h$ 通常是 tanh。小心：遺忘門「開」，代表記得。
#
# The input is the word of now, $x_t$, with the output of the step before, $a_{t-1}$. Times weights, they give four numbers:
# $z$, $z_i$, $z_f$, $z_o$. $f$ is a sigmoid between 0 (shut) and 1 (open); $g$ and $h$ are usually tanh. Mind: a forget
# gate that is open remembers.

# %% slideshow={"slide_type": "fragment"}
diagrams.lstm_step_by_step()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 只有第 1 格的話，記憶每一步都被新內容蓋掉，那不就是 RNN？是哪一道門讓記憶可以「累加」？
#
# 🤔 With picture 1 alone, the memory is overwritten at every step: just an RNN. Which gate lets the memory add up?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：用手算一段序列 · Step 2: Work a sequence by hand
#
# 做一台小小的加法機。每一步輸入三個數字：
# - $x_1$：要記的數；
# - $x_2$：指令，1 是「加進記憶」，−1 是「清空」，0 是「別動」；
# - $x_3$：1 是「報出來」。
#
# 不用訓練，權重直接寫下來就好。這裡讓 $g$、$h$ 是恆等函式，好用心算：
#
# $$z = x_1 \qquad z_i = 100x_2-10 \qquad z_f = 100x_2+10 \qquad z_o = 100x_3-10$$
#
# Let us build a little adding machine. Each step has three inputs: $x_1$, the number; $x_2$, the command, 1 for "add it to
# the memory", −1 for "clear", 0 for "leave it"; and $x_3$, 1 for "say it aloud". No training: we write the weights down.
# Here $g$ and $h$ are the identity, so that you can do it in your head.
#
# 🤔 遮住下一格的結果，先自己填：每一步的 $c'$ 和 $a$ 是多少？
#
# 🤔 Cover the result below and fill in $c'$ and $a$ for each step first.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
sequence = [(2, 1, 0), (5, 1, 0), (9, 0, 0), (4, 0, 1), (1, -1, 0), (6, 1, 1)]


def f(z):
    """The gate's sigmoid, 0 (shut) to 1 (open)."""
    return 1 / (1 + np.exp(-z))


c, rows = 0.0, []
for x1, x2, x3 in sequence:
    z, z_i, z_f, z_o = x1, 100 * x2 - 10, 100 * x2 + 10, 100 * x3 - 10
    c = z * f(z_i) + c * f(z_f)
    a = c * f(z_o)
    rows.append([x1, x2, x3, z, z_i, z_f, z_o, *(round(float(v), 2) for v in (f(z_i), f(z_f), f(z_o), c, a))])
display.table(rows, ["x_1", "x_2", "x_3", "z", "z_i", "z_f", "z_o", "f(z_i)", "f(z_f)", "f(z_o)", "c'", "a"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 2 寫進去，5 加上去，9 不理會，記憶是 7，第四步報出來。清空之後，6 寫進去，馬上報出來。
#
# 2 goes in, 5 is added, 9 is ignored; the memory holds 7 and the fourth step says so. It is cleared, 6 goes in and is said
# at once.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 換 `utils.models.recurrent` 來算。它的四組權重依 Keras 的順序並排：$z_i$、$z_f$、$z$、$z_o$。一步就這麼短：
#
# Now let `utils.models.recurrent` do it. Its four sets of weights stand side by side in Keras's order: $z_i$, $z_f$, $z$, $z_o$.
# One step is this short:

# %% slideshow={"slide_type": "fragment"}
display.source(recurrent.LSTM.step)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
U = np.array([[0, 0, 1, 0],              # x_1:  z_i  z_f  z  z_o
              [100, 100, 0, 0],          # x_2
              [0, 0, 0, 100]])           # x_3
machine = recurrent.LSTM(input_dim=3, units=1, activation="linear")
machine.set_weights([U, np.zeros((1, 4)), [-10, 10, 0, -10]])
x = np.array([sequence], dtype=float)    # (1 sequence, 6 steps, 3 numbers)
a, trace = machine.forward(x)
print("c':", trace.over_time("c")[0, :, 0].round(2) + 0.0)
print("a: ", a[0, :, 0].round(2) + 0.0)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再把同一組權重交給 Keras 的 LSTM。加法機之外，也試一個權重隨機、用 tanh 的 LSTM，這次反過來，把 Keras 的權重搬到我們這裡。
#
# Give the same weights to Keras's LSTM. Besides the adding machine, try an LSTM with random weights and tanh, this time the
# other way round: Keras's weights come to us.

# %% slideshow={"slide_type": "fragment"}
theirs = keras.layers.LSTM(1, activation="linear", return_sequences=True)
theirs.build((None, None, 3))
theirs.set_weights(machine.get_weights())
difference = np.abs(keras.ops.convert_to_numpy(theirs(x.astype("float32"))) - a).max()
profile.expect("adding machine, largest difference from Keras", difference, at_most=1e-5)

theirs = keras.layers.LSTM(5, return_sequences=True, bias_initializer="random_normal")
long_x = np.random.default_rng(0).normal(size=(4, 50, 3))
outputs = keras.ops.convert_to_numpy(theirs(long_x.astype("float32")))
ours = recurrent.LSTM(3, 5)
ours.set_weights(theirs.get_weights())
profile.expect("random LSTM over 50 steps, largest difference from Keras",
               np.abs(ours.forward(long_x)[0] - outputs).max(), at_most=1e-5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 把 $z_f$ 的偏差值從 10 改成 0，再算一次。加法機壞在哪一步？
#
# 🤔 Change the bias of $z_f$ from 10 to 0 and run again. At which step does the machine break?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：誤差為什麼能走遠 · Step 3: Why the error gets far
#
# 看公式 $c' = g(z)f(z_i) + c\,f(z_f)$。沿著記憶往回走一步，只乘一個數字：
#
# $$\frac{\partial c'}{\partial c} = f(z_f) \qquad\Rightarrow\qquad \frac{\partial c_T}{\partial c_k} = \prod_{t=k+1}^{T} f(z_{f,t})$$
#
# 沒有 $W$，沒有 $f'$，只有遺忘門。門開著，$f(z_f)\approx1$，誤差就幾乎原封不動，這就是投影片說的 constant error。（$c$ 也會經由 $a$ 影響下一步的門，那條路仍要乘 $W$；這裡說的是直達的那一條。）
#
# 門開多大才夠？開始訓練前，$z_f$ 大約等於它的偏差值 $b_f$：
#
# Look at $c' = g(z)f(z_i) + c\,f(z_f)$. A step back along the memory multiplies by one number only. No $W$, no $f'$, just
# the forget gate. While the gate is open, $f(z_f)\approx1$, and the error passes nearly untouched: that is the slides'
# constant error. ($c$ also acts on the next gates by way of $a$; that road still meets $W$. Here we speak of the direct
# one.) How far must the gate be open? Before training, $z_f$ is about its bias $b_f$:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
display.table([[b, *(f"{f(b) ** steps:.3g}" for steps in (1, 10, 100, 1000))] for b in (0, 1, 3, 5, 7)],
              ["b_f", "f(b_f): one step", "10 steps", "100 steps", "1,000 steps"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# Keras 的預設是 $b_f=1$（`unit_forget_bias=True`）：一百步之後只剩 $10^{-14}$。「LSTM 能記一千步」要門真的開著才算數。
#
# Keras starts with $b_f=1$ (`unit_forget_bias=True`): after a hundred steps $10^{-14}$ is left. "An LSTM remembers a
# thousand steps" holds only if the gate is really open.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 更正：不是 ReLU 的功勞 · A correction: not ReLU's doing
#
# 投影片說，LSTM 解決梯度消失的辦法是「使用 ReLU 代替 tanh 或 sigmoid」，因為 ReLU 的導數是 0 或 1。我們來量量看：梯度沿著時間往回走，最後還剩多少？左邊是 RNN，右邊是 LSTM；實線用 tanh，虛線用 ReLU。
#
# The slides say that the LSTM's cure for vanishing gradients is "ReLU instead of tanh or sigmoid", for its derivative is 0
# or 1. Let us measure how much of a gradient is left on its way back: RNNs on the left, LSTMs on the right; solid lines
# with tanh, dashed ones with ReLU.

# %% slideshow={"slide_type": "fragment"}
def gradient_lengths(cell, part, steps=100, batch=16):
    """Length of dE/d state, 1, 2, 3 ... steps before the end, relative to the first (geometric mean)."""
    random = np.random.default_rng(0)
    cell.U *= 0.1
    outputs, trace = cell.forward(random.normal(size=(batch, steps + 1, cell.input_dim)))
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, -1] = 1.0
    lengths = np.linalg.norm(cell.backward(d_outputs, trace).states[1:-1, part], axis=-1)
    lengths = np.exp(np.log(lengths + 1e-300).mean(axis=1))[::-1]
    return lengths / lengths[0]


def rnn(activation, gain):
    """An RNN of 32 units whose W is random, of a given size."""
    cell = recurrent.RNN(8, 32, activation=activation)
    cell.W = gain * np.random.default_rng(1).normal(size=(32, 32)) / np.sqrt(32)
    return cell


MEMORY = recurrent.LSTM.parts.index("c")
rnn_lengths = {(gain, activation): gradient_lengths(rnn(activation, gain), 0)
               for gain in (0.7, 1.0, 2.0) for activation in ("tanh", "relu")}
lstm_lengths = {(bias, activation): gradient_lengths(
    recurrent.LSTM(8, 32, forget_bias=bias, activation=activation), MEMORY)
    for bias in (0, 1, 3, 5) for activation in ("tanh", "relu")}

# %% slideshow={"slide_type": "fragment"}
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), sharey=True)
for axes, measured, name, title in ((left, rnn_lengths, "size of W", "RNN"),
                                    (right, lstm_lengths, "forget bias b_f", "LSTM, along the memory c")):
    settings = sorted({setting for setting, _ in measured})
    for setting, color in zip(settings, plots.COLORS, strict=False):
        for activation, style in (("tanh", "-"), ("relu", "--")):
            axes.plot(range(1, 101), measured[setting, activation], style, color=color,
                      label=f"{setting}" if style == "-" else None)
    axes.set(title=title, yscale="log", ylim=(1e-16, 1e8), xlabel="steps back from the error")
    axes.legend(title=name, loc="lower left")
left.set_ylabel("gradient left")
right.plot([], [], "-", color="#555555")
right.text(99, 3e6, "solid: tanh      dashed: ReLU", ha="right", color="#555555")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 左圖：RNN 換成 ReLU，不是消失得更快，就是爆炸得更兇。右圖：換成 ReLU 也救不了；$b_f$ 是 0 或 1 時，虛線（ReLU）掉得比實線（tanh）還快，一百步後少了兩、三個數量級。換遺忘門的偏差值，差別大得多：斜率主要由它決定，因為直達的那條路根本不經過 $g$ 和 $h$。何況 ReLU 讓 $c$ 可以無限長大，GPU 上的 cuDNN 快速版 LSTM 也只支援 tanh。
#
# On the left: with ReLU an RNN vanishes faster or explodes harder. On the right: ReLU is no cure. With
# $b_f$ of 0 or 1 the dashed lines (ReLU) fall even faster than the solid ones (tanh), by two or three orders of magnitude after
# a hundred steps. The forget bias makes far more difference: it mainly sets the slope. The direct road does not even pass through $g$ or
# $h$. Besides, with ReLU $c$ can grow without bound, and cuDNN's fast LSTM on GPUs knows only tanh.
#
# 🤔 $b_f=1$ 時，直達的路一百步只剩 $10^{-14}$，圖上卻剩得比較多。多的是從哪條路來的？
#
# 🤔 With $b_f=1$ the direct road leaves $10^{-14}$ after a hundred steps, yet the figure shows more. By which road did the
# rest come?

# %% slideshow={"slide_type": "skip"}
for name, (bias, bounds) in {"open": (5, {"at_least": 0.1}), "half shut": (0, {"at_most": 1e-12})}.items():
    for activation in ("tanh", "relu"):
        profile.expect(f"forget gate {name}, {activation}: gradient left after 100 steps",
                       lstm_lengths[bias, activation][-1], **bounds)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：兩位親戚 · Step 4: Two relatives
#
# - **窺視孔（peephole）**：門除了看 $x_t$ 和 $a_{t-1}$，還直接看記憶：$z_f$、$z_i$ 看舊的 $c$，$z_o$ 看新的 $c'$（紅色虛線）。
# - **GRU**：把記憶和輸出合而為一，叫 $h$。一道門 $z$ 管兩件事：留 $f(z)$，寫 $1-f(z)$。另一道門 $r$ 決定寫的時候要參考多少舊的 $h$。
#
# $$h' = f(z)\,h + \bigl(1-f(z)\bigr)\,g$$
#
# - **Peepholes**: besides $x_t$ and $a_{t-1}$ the gates look straight at the memory: $z_f$ and $z_i$ at the old $c$, $z_o$
#   at the new $c'$ (red, dashed).
# - **GRU**: memory and output become one, called $h$. One gate $z$ does two jobs: keep $f(z)$, write $1-f(z)$. Another, $r$,
#   says how much of the old $h$ to consult when writing.

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"]
diagrams.lstm_peephole_gru()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 在 GRU 的圖上，用手指從 $h$ 走到 $h'$：一樣只有一個乘號、一個加號。它也是「累加」的記憶。
#
# In the GRU, run your finger from $h$ to $h'$: again one × and one +. Its memory is additive too.

# %% slideshow={"slide_type": "fragment"}
theirs = keras.layers.GRU(5, return_sequences=True, bias_initializer="random_normal")
outputs = keras.ops.convert_to_numpy(theirs(long_x.astype("float32")))
ours = recurrent.GRU(3, 5)
ours.set_weights(theirs.get_weights())
profile.expect("GRU over 50 steps, largest difference from Keras",
               np.abs(ours.forward(long_x)[0] - outputs).max(), at_most=1e-5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 輸入 28 個數字、128 個單元。RNN 有幾個參數？LSTM 和 GRU 呢？先算再執行。（Keras 預設的 GRU 和圖上順序不同：先算 $Wh$ 加偏差值，再乘 $f(r)$，所以有兩組偏差值，輸入一組、狀態一組。）
#
# 🤔 With 28 inputs and 128 units, how many parameters has an RNN? And LSTM and GRU? Work it out first. (Keras's default
# GRU differs in order from the picture: it computes $Wh$ plus a bias first and multiplies by $f(r)$ after, so it has two sets of
# biases, one for the input and one for the state.)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for kind in (recurrent.RNN, recurrent.GRU, recurrent.LSTM):
    count = sum(weight.size for weight in kind(28, 128).get_weights())
    print(f"{kind.__name__:4}  {kind.blocks} blocks  {count:>6,} parameters")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：疊起來 · Step 5: Stack them
#
# LSTM 也可以疊好幾層（multiple-layer LSTM）：第一層的輸出 $a^{(1)}_t$ 是第二層的輸入，每一層各有自己的記憶 $c$ 和四組權重。輸入 $d$ 個數字、$n$ 個單元的一層，有 $4\,(dn+nn+n)$ 個參數。
#
# LSTMs can be stacked (multiple-layer LSTM): the output $a^{(1)}_t$ of the first layer is the input of the second, and each
# layer has a memory $c$ and four sets of weights of its own. A layer with $d$ inputs and $n$ units has $4\,(dn+nn+n)$
# parameters.

# %% slideshow={"slide_type": "fragment"}
diagrams.unfolded_rnn(["小波", "站在", "拉拉", "旁邊"], layers=2, state="a", handed_on="c")

# %% slideshow={"slide_type": "fragment"}
stack = keras.Sequential([
    keras.Input((None, 3)),
    keras.layers.LSTM(5, return_sequences=True),     # the whole sequence goes up to the next layer
    keras.layers.LSTM(4, return_sequences=True),
])
signal = long_x                                      # (batch, time, 3)
for layer in stack.layers:
    cell = recurrent.LSTM(signal.shape[-1], layer.units)
    cell.set_weights(layer.get_weights())
    signal, _ = cell.forward(signal)
    print(f"{layer.count_params()} parameters, output {signal.shape}")
difference = np.abs(keras.ops.convert_to_numpy(stack(long_x.astype("float32"))) - signal).max()
profile.expect("stacked LSTM, largest difference from Keras", difference, at_most=1e-5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 用公式驗算 180 和 160。第一層如果忘了寫 `return_sequences=True`，第二層會收到什麼？
#
# 🤔 Check 180 and 160 with the formula. If the first layer lacked `return_sequences=True`, what would the second one get?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：兒童界披頭四 · Step 6: The story of four friends
#
# 小波、拉拉、迪西、丁丁在排隊。故事只用六個詞：
#
# > 小波站在拉拉旁邊 拉拉站在迪西旁邊 迪西站在丁丁旁邊 …
#
# 規矩有三條，正好對應三種可能的錯：
#
# | | 錯在哪裡 | what is wrong |
# |---|---|---|
# | 小波站在拉拉**站在**迪西 … | 句子沒收尾又「站在」 | the sentence never ends |
# | 丁丁站在**丁丁**旁邊 | 自己站在自己旁邊 | next to oneself |
# | 小波站在拉拉旁邊 **迪西**站在 … | 下一句沒有從拉拉接下去 | the next sentence does not go on with 拉拉 |
#
# 前兩種就是投影片舉的例子。投影片說 RNN「可能會」犯這些錯。真的嗎？我們訓練三個網路來猜下一個詞，再讓它們自己說故事，數一數。
#
# 小波, 拉拉, 迪西 and 丁丁 stand in line, and six words tell their story. There are three rules, hence three ways to go
# wrong; the first two are the slides' examples. The slides say that an RNN "may" make them. Does it? We train three
# networks to guess the next word, let them tell stories of their own, and count.

# %% slideshow={"slide_type": "fragment"}
NAMES = ["小波", "拉拉", "迪西", "丁丁"]
WORDS = [*NAMES, "站在", "旁邊"]
random = np.random.default_rng(7)


def make_stories(count, sentences=5):
    """Return word numbers, (count, 4 * sentences); who stands next to whom is drawn at random."""
    stories = np.tile([0, 4, 0, 5], (count, sentences))
    who = random.integers(0, 4, count)
    for sentence in range(sentences):
        stories[:, 4 * sentence] = who
        who = (who + random.integers(1, 4, count)) % 4           # anyone but oneself
        stories[:, 4 * sentence + 2] = who
    return stories


def text_of(story):
    """Word numbers to text."""
    return "".join(WORDS[number] for number in story)


stories = make_stories(STORIES)
print(text_of(stories[0]))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 三個網路一樣寬（8 個單元），差別只在記憶：
# - `one word`：前饋網路，只看得到現在這個詞；
# - `RNN`、`LSTM`：看得到現在這個詞，還有自己的狀態。
#
# 說故事時，我們把 Keras 訓練好的權重搬進 `utils.models.recurrent`，一步一個詞，照它給的機率抽出下一個詞。
#
# Three networks equally wide (8 units) that differ only in memory: `one word` is feed-forward and sees this word alone;
# `RNN` and `LSTM` see this word and their own state. To tell a story, we move the weights that Keras learned into
# `utils.models.recurrent` and draw word after word from the probabilities it gives.

# %% slideshow={"slide_type": "fragment"}
ONE_HOT = np.eye(6, dtype="float32")


def train_storyteller(layer, epochs):
    """Train a network to guess the next word; return its weights after every epoch."""
    profile.seed(7)
    model = keras.Sequential([keras.Input((None, 6)), layer, keras.layers.Dense(6, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    kept = []
    model.fit(ONE_HOT[stories[:, :-1]], stories[:, 1:], batch_size=32, epochs=epochs, verbose=0, callbacks=[
        keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()))])
    return kept


def tell(weights, cell=None, count=200, words=61):
    """Let a network tell `count` stories, drawing every word from its probabilities."""
    *hidden, V, b = weights
    random = np.random.default_rng(1)
    told = [random.integers(0, 4, count)]
    if cell:
        cell.set_weights(hidden)
        state = np.zeros((len(cell.parts), count, cell.units))
    for _ in range(words - 1):
        x = ONE_HOT[told[-1]]
        if cell:
            state, _ = cell.step(x @ cell.U + cell.b, state)
        output = state[0] if cell else np.tanh(x @ hidden[0] + hidden[1])
        scores = np.exp(output @ V + b)
        chance = scores.cumsum(axis=1) / scores.sum(axis=1, keepdims=True)
        told.append((chance < random.random((count, 1))).sum(axis=1).clip(max=5))
    return [text_of(story) for story in np.stack(told, axis=1)]


# %% slideshow={"slide_type": "fragment"}
SOMEONE = "小波|拉拉|迪西|丁丁"
MISTAKES = {
    "never ends": rf"站在(?:{SOMEONE})(?=站在)",                         # 小波站在拉拉站在 ...
    "next to oneself": rf"({SOMEONE})站在(?=\1)",                        # 丁丁站在丁丁 ...
    "does not go on": rf"站在({SOMEONE})旁邊(?!$|\1)",                   # 小波站在拉拉旁邊迪西 ...
    "other": rf"(?:站在|旁邊)(?=站在|旁邊)|(?:{SOMEONE})(?={SOMEONE})|(?<!站在)(?:{SOMEONE})(?=旁邊)",
}


def mistakes_per_100_sentences(texts):
    """Count each kind of mistake."""
    sentences = sum(text.count("站在") for text in texts)
    return {kind: 100 * sum(len(re.findall(pattern, text)) for text in texts) / sentences
            for kind, pattern in MISTAKES.items()}


for example in ("小波站在拉拉站在迪西", "丁丁站在丁丁旁邊", text_of(stories[0])):
    print(example[:20], mistakes_per_100_sentences([example]))

# %% slideshow={"slide_type": "fragment"}
makers = {
    "one word": (lambda: keras.layers.Dense(8, activation="tanh"), None),
    "RNN": (lambda: keras.layers.SimpleRNN(8, return_sequences=True), recurrent.RNN(6, 8)),
    "LSTM": (lambda: keras.layers.LSTM(8, return_sequences=True), recurrent.LSTM(6, 8)),
}
learned = {name: train_storyteller(make(), STORY_EPOCHS) for name, (make, _) in makers.items()}
told = {name: [tell(weights, makers[name][1]) for weights in kept] for name, kept in learned.items()}
for name in makers:
    print(f"{name:9}", told[name][-1][0][:46])

# %% slideshow={"slide_type": "fragment"}
counted = {name: [mistakes_per_100_sentences(texts) for texts in epochs] for name, epochs in told.items()}
figure, panels = plt.subplots(1, 3, figsize=(12, 3.8), sharey=True)
for panel, (kind, example) in zip(panels, {"never ends": "小波站在拉拉站在迪西", "next to oneself": "丁丁站在丁丁旁邊",
                                           "does not go on": "小波站在拉拉旁邊迪西站在"}.items(), strict=True):
    for name, style in zip(makers, ["o-", "s-", "D-"], strict=True):
        panel.plot(range(1, STORY_EPOCHS + 1), [epoch[kind] for epoch in counted[name]], style, label=name)
    panel.set(title=f"{kind}\n{example}", xlabel="epochs of training", ylim=(-2, 75))
    panel.xaxis.get_major_locator().set_params(integer=True)
panels[0].set_ylabel("mistakes per 100 sentences")
panels[1].legend(loc="upper center")
plt.show()

# %% slideshow={"slide_type": "fragment"}
display.table([[name, *(round(counted[name][-1][kind], 1) for kind in MISTAKES)] for name in makers],
              ["network", *MISTAKES], caption="after training: mistakes per 100 sentences")

# %% slideshow={"slide_type": "skip"}
for name in ("RNN", "LSTM"):
    slide_mistakes = counted[name][-1]["never ends"] + counted[name][-1]["next to oneself"]
    profile.expect(f"{name}: the slides' mistakes per 100 sentences", slide_mistakes,
                   at_most=profile.choose(smoke=100, lesson=8, full=2))
profile.expect("one word: never ends, per 100 sentences", counted["one word"][-1]["never ends"],
               at_least=profile.choose(smoke=5, lesson=35, full=40))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 投影片的錯，只看一個詞的網路一直在犯，訓練再久也沒用：讀到「拉拉」，它無從知道這是句子的開頭還是結尾，只好各猜一半；讀到「站在」，它也忘了前面是誰，平均四次有一次猜到同一個人。RNN 和 LSTM 剛開始訓練時也會犯，之後就愈來愈少。
#
# 這個故事，除了現在這個詞，只要再記住前一個詞，RNN 已經夠用，LSTM 沒有更好。要分出高下，得記得更久。
#
# The network that sees one word keeps making the slides' mistakes, however long it trains: at 拉拉 it cannot know whether a
# sentence begins or ends, and guesses half and half; at 站在 it has forgotten who came before, and one guess in four is the
# same friend. RNN and LSTM make them too when training begins, and then less and less.
#
# Besides the present word, this story asks to remember only the one before. An RNN is enough, and an LSTM no better. To tell
# them apart, they must remember longer.
#
# 🤔 為什麼「never ends」最後停在五十附近，「next to oneself」停在二十五附近？算得出來嗎？
#
# 🤔 Why does "never ends" settle near fifty and "next to oneself" near twenty-five? Can you work it out?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：記得多久 · Step 7: How long is long?
#
# 出一個純粹考記憶的題目：第一個符號是四個人名之一，後面跟著 $T-1$ 個亂七八糟的符號，最後問「一開始是誰？」亂猜可以對四分之一。$T$ 愈長，愈難。
#
# 參賽的有 RNN、GRU、LSTM（都用 Keras 的起始值），還有兩位「門先調好」的選手：
# - LSTM：遺忘門的偏差值 $b_f=\ln T$，輸入門的偏差值 $b_i=-\ln T$。一開始就大致記 $T$ 步，而且不隨便亂寫。
# - GRU：更新門的偏差值設成 $\ln T$，效果相同。
#
# 訓練的是我們自己的 `utils.models.recurrent`，最佳化器 Adam 也只要六行。
#
# A test of nothing but memory: the first symbol is one of four names, $T-1$ symbols of noise follow, and at the end we ask
# who came first. Guessing gets a quarter right. The longer $T$, the harder. RNN, GRU and LSTM take part, started as Keras
# starts them, and two with their gates set beforehand. The LSTM has forget bias $b_f=\ln T$ and input bias $b_i=-\ln T$: it
# starts out remembering for about $T$ steps and does not write at random. The GRU has $\ln T$ as the bias of its update
# gate, to the same effect. What we train is our own `utils.models.recurrent`; the optimiser, Adam, takes six lines.

# %% slideshow={"slide_type": "fragment"}
SYMBOLS, UNITS = 4 + 6, 16                                   # four names, six kinds of noise


def lstm_set_for(length, seed):
    """An LSTM that starts out remembering for about `length` steps."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    cell.b[:UNITS] = -np.log(length)
    return cell


def gru_set_for(length, seed):
    """A GRU that starts out remembering for about `length` steps."""
    cell = recurrent.GRU(SYMBOLS, UNITS, seed=seed)
    cell.b[0, :UNITS] = np.log(length)
    return cell


contestants = {
    "RNN": lambda length, seed: recurrent.RNN(SYMBOLS, UNITS, seed=seed),
    "GRU": lambda length, seed: recurrent.GRU(SYMBOLS, UNITS, seed=seed),
    "LSTM": lambda length, seed: recurrent.LSTM(SYMBOLS, UNITS, seed=seed),
    "GRU, gates set": gru_set_for,
    "LSTM, gates set": lstm_set_for,
}


def questions(count, length, random):
    """Return sequences (count, length, SYMBOLS) of one-hot vectors, and which name came first (count,)."""
    symbols = random.integers(4, SYMBOLS, (count, length))
    symbols[:, 0] = random.integers(0, 4, count)
    return np.eye(SYMBOLS)[symbols], symbols[:, 0]


# %% slideshow={"slide_type": "fragment"}
def adam(weights, moments, gradients, t, rate=0.01):
    """One step of Adam (Kingma and Ba, 2015) with the gradient clipped at length 1."""
    shrink = min(1, 1 / np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)))
    for w, (m, v), g in zip(weights, moments, gradients, strict=True):
        m += 0.1 * (shrink * g - m)
        v += 0.001 * ((shrink * g) ** 2 - v)
        w -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def remember_first(cell, length, seed, batch=32):
    """Train until the answers are sure or UPDATES are used up; return the accuracy on 500 new questions."""
    random = np.random.default_rng(seed)
    V = random.normal(size=(UNITS, 4)) / np.sqrt(UNITS)
    weights = [cell.U, cell.W, cell.b, V]
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    sure = 0
    for t in range(1, UPDATES + 1):
        x, first = questions(batch, length, random)
        outputs, trace = cell.forward(x)
        scores = np.exp(outputs[:, -1] @ V)
        error = scores / scores.sum(axis=1, keepdims=True) - np.eye(4)[first]     # softmax, cross-entropy
        d_outputs = np.zeros_like(outputs)
        d_outputs[:, -1] = error @ V.T / batch
        found = cell.backward(d_outputs, trace)
        adam(weights, moments, [found.U, found.W, found.b, outputs[:, -1].T @ error / batch], t)
        sure = sure + 1 if np.abs(error).max() < 0.1 else 0
        if sure == 5:
            break
    x, first = questions(500, length, random)
    return np.mean((cell.forward(x)[0][:, -1] @ V).argmax(axis=1) == first)


accuracy = {name: np.array([[remember_first(make(length, seed), length, seed) for seed in range(TRIALS)]
                            for length in LENGTHS]) for name, make in contestants.items()}

# %% slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(figsize=(8, 4.4))
colors = [plots.COLORS[7], plots.COLORS[0], plots.COLORS[1]]
for (name, values), color, style in zip(accuracy.items(), [*colors, *colors[1:]], ["-o"] * 3 + ["--D"] * 2,
                                        strict=True):
    width = 5 if name == "GRU, gates set" else 1.8       # wide, so that the line above does not hide it
    axes.plot(LENGTHS, values.mean(axis=1), style, color=color, label=name, markersize=7, linewidth=width)
axes.axhline(0.25, color="#888888", linestyle=":")
axes.text(LENGTHS[0], 0.23, "guessing", color="#666666", va="top")
axes.set(xscale="log", ylim=(0.1, 1.05), xlabel="T: steps to remember", ylabel="who came first? (share right)")
axes.set_xticks(LENGTHS, LENGTHS)
axes.minorticks_off()
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% slideshow={"slide_type": "fragment"}
longest = f"T = {LENGTHS[-1]}"
profile.expect(f"LSTM with its gates set, {longest}: accuracy", accuracy["LSTM, gates set"][-1].mean(),
               at_least=profile.choose(smoke=0.5, lesson=0.95, full=0.95))
profile.expect(f"LSTM started as Keras does, {longest}: accuracy", accuracy["LSTM"][-1].mean(),
               at_most=profile.choose(smoke=1.0, lesson=0.6, full=0.6))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 看起來意外，想想卻合理。
# - 名字叫 LSTM 還不夠：$b_f=1$ 時，遺忘門一開始只開 0.73，四十步之後誤差就傳不回開頭，網路連「該把門打開」都學不到。
# - RNN 的 $W$ 一開始是正交的，梯度反而走得比較遠（見 06 課）；但它沒有門可調，只能碰運氣。
# - 門先調好，GRU 和 LSTM 都記得住。加法的記憶，加上打開的門，缺一不可。
#
# Surprising at first sight, and sensible at the second.
# - The name LSTM is not enough. With $b_f=1$ the forget gate starts at 0.73; after forty steps no error reaches the
#   beginning, and the network cannot even learn that the gate should open.
# - An RNN's $W$ starts orthogonal, so its gradient gets farther at first (lesson 06); but it has no gate to set, and is left
#   to luck.
# - With gates set, GRU and LSTM both remember. An additive memory and an open gate: neither does without the other.
#
# 🤔 真實的資料，你不會知道 $T$ 是多少。偏差值該怎麼選？
#
# 🤔 With real data you do not know $T$. How would you choose the biases?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：看門怎麼動 · Step 8: Watch the gates move
#
# 回到說故事的 LSTM。讓它讀兩句話，把三道門和記憶一個詞一個詞畫出來。三道門：深色是開，淺色是關。記憶：紅是正，藍是負，愈深離 0 愈遠。
#
# Back to the LSTM that tells stories. Let it read two sentences, and draw its three gates and its memory word by word.
# Gates: dark is open, pale is shut. Memory: red is positive, blue negative, and the darker, the farther from 0.

# %% slideshow={"slide_type": "fragment"}
sentence = ["小波", "站在", "拉拉", "旁邊", "拉拉", "站在", "丁丁", "旁邊"]
*hidden, V, b = learned["LSTM"][-1]
teller = recurrent.LSTM(6, 8)
teller.set_weights(hidden)
outputs, trace = teller.forward(ONE_HOT[[WORDS.index(word) for word in sentence]][None])
scores = np.exp(outputs[0] @ V + b)
chances = scores / scores.sum(axis=1, keepdims=True)

# %% slideshow={"slide_type": "fragment"}
figure, panels = plt.subplots(1, 5, figsize=(13, 4.2))
pictures = {"i": ("input gate f(z_i)", "Blues", 0, 1), "f": ("forget gate f(z_f)", "Blues", 0, 1),
            "o": ("output gate f(z_o)", "Blues", 0, 1), "c": ("memory c", "RdBu_r", -2, 2)}
for panel, (name, (title, cmap, vmin, vmax)) in zip(panels, pictures.items(), strict=False):
    panel.imshow(trace.over_time(name)[0].T, aspect="auto", cmap=cmap, vmin=vmin, vmax=vmax)
    panel.set(title=title, yticks=range(8))
panels[0].set_ylabel("unit")
panels[4].imshow(chances.T, cmap="Greens", vmin=0, vmax=1, aspect="auto")
panels[4].set_title("its guess of the next word")
panels[4].set_yticks(range(6), WORDS)
for panel in panels:
    panel.set_xticks(range(8), sentence, rotation=60)
    panel.axvline(3.5, color="#222222", linewidth=1)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最右邊是它的猜測。讀完「小波站在」，它把機率分給小波以外的三個人；讀完「拉拉」，它知道該接「旁邊」而不是「站在」；讀完「旁邊」，它記得下一句從拉拉開始。
#
# On the right is its guess. After 小波站在 it shares the chance among the three others; after 拉拉 it knows that 旁邊 comes
# next and not 站在; after 旁邊 it remembers that 拉拉 begins the next sentence.
#
# 🤔 找一個單元，它的記憶在「站在」之後變號，在「旁邊」之後變回來。它記的是哪一條規矩？
#
# 🤔 Find a unit whose memory changes sign after 站在 and back after 旁邊. Which rule does it keep?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# 帶走三件事：
#
# 1. $c' = g(z)f(z_i)+c\,f(z_f)$，$a = h(c')f(z_o)$：寫、留、讀，各有一道門，每一步都能用手算，並與 Keras 相符。
# 2. 誤差沿著記憶往回走，只乘遺忘門。走得遠，靠的是加法和打開的門，不是 ReLU。
# 3. 記得多久，看門開多大。起始的偏差值，比「RNN、GRU、LSTM」這個名字更要緊。
#
# Three things to take home:
#
# 1. $c' = g(z)f(z_i)+c\,f(z_f)$, $a = h(c')f(z_o)$: a gate each to write, to keep and to read; every step can be done by hand
#    and agrees with Keras.
# 2. Along the memory the error is multiplied by the forget gate alone. It gets far by addition and an open gate, not by
#    ReLU.
# 3. How long it remembers depends on how far the gate is open. The starting bias matters more than the name RNN, GRU or
#    LSTM.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 原課程的不同之處 · What the original course did differently
#
# 與投影片不同：
#
# - 投影片把梯度消失的解藥說成 ReLU。步驟 3 量過：換成 ReLU，遺忘門關著，梯度一樣消失。
# - 投影片說誤差可以維持一千步以上。那要遺忘門幾乎全開；Keras 的起始值離那裡很遠。
# - 投影片說 RNN 可能說出「小波站在拉拉站在迪西」。步驟 6 數過：只看一個詞的網路才會一直犯，訓練好的 RNN 與 LSTM 幾乎不犯。
#
# Different from the slides:
#
# - They give ReLU as the cure for vanishing gradients. Step 3 measured it: with ReLU and a shut forget gate, gradients
#   vanish all the same.
# - They say errors stay constant for more than a thousand steps. That takes a forget gate almost fully open; Keras starts far
#   from there.
# - They say an RNN may tell 小波站在拉拉站在迪西. Step 6 counted: a network that sees one word keeps doing so; a trained RNN
#   or LSTM hardly does.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 練習 · Lab
#
# 練習 08「親手算 LSTM 的門」：寫出一步的 LSTM，再為自己的小機器挑權重。
#
# Lab 08, "LSTM gates by hand": write one step of an LSTM, then choose the weights of a little machine of your own.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 參考資料 · References
#
# - S. Hochreiter, J. Schmidhuber, "Long short-term memory", *Neural Computation* 9 (1997)：LSTM 與 constant error · the LSTM
#   and its constant error.
# - F. A. Gers, J. Schmidhuber, F. Cummins, "Learning to forget: continual prediction with LSTM", *Neural Computation* 12
#   (2000)：遺忘門 · the forget gate.
# - F. A. Gers, J. Schmidhuber, "Recurrent nets that time and count", IJCNN 2000：窺視孔 · peepholes.
# - K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation", EMNLP
#   2014：GRU.
# - R. Jozefowicz, W. Zaremba, I. Sutskever, "An empirical exploration of recurrent network architectures", ICML 2015：遺忘門偏差值設為 1 · forget bias 1.
# - C. Tallec, Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018：偏差值與記憶長度 · biases and the length
#   of memory.
# - 李宏毅（Hung-yi Lee），臺灣大學機器學習課程：手算 LSTM 的例子由此發想 · NTU machine-learning lectures, which inspired the
#   machine worked by hand.

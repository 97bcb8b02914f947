# %% [markdown] slideshow={"slide_type": "slide"}
# # 09 長短期記憶 · Long short-term memory (LSTM)
#
# 🗺 閘門逐一手算；RNN、GRU、LSTM 誰記得久 · Gates by hand; which of RNN, GRU and LSTM remembers
#
# 遞迴式神經網路每讀一個字，就把狀態整個改寫一次。字一多，開頭就忘了。LSTM 另外準備一格記憶，配上三道閘門：何時寫、何時留、何時讀，都由網路自己學。
#
# 上完這一課，你可以
# 1. 用紙筆算出 LSTM 每一道閘門、每一格記憶的值，並和 Keras 對到小數點後五位；
# 2. 說明梯度為什麼能在記憶裡走得遠，靠的為什麼不是 ReLU，又為什麼還是會爆炸；
# 3. 量出 RNN、GRU、LSTM 各要訓練多久才記得住，還有起始的偏差值能改變多少。
#
# With every word, a recurrent network rewrites its whole state. After many words the beginning is forgotten. An LSTM keeps
# a memory beside it, with three gates: when to write, when to keep and when to read, all learned.
#
# After this lesson you can
# 1. work out every gate and memory of an LSTM by hand, and agree with Keras to five decimals;
# 2. say why a gradient gets far through the memory, why that is not ReLU's doing, and why it can still explode;
# 3. measure how much training RNN, GRU and LSTM need before they remember, and how much the starting biases change.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [08](08_recurrent_networks.ipynb) 的狀態、沿時間反向傳播、梯度消失與爆炸；[05](05_backpropagation.ipynb) 的 sigmoid、tanh 與 Adam · state, backpropagation through time, vanishing and exploding gradients of [08](08_recurrent_networks.ipynb); sigmoid, tanh and Adam of [05](05_backpropagation.ipynb) |
# | 學習時間 · Study time | 約 80 分鐘，含空格和問題 · about 80 minutes, with gaps and questions |
# | 資料 · Data | 兒童界披頭四的故事與記憶測驗，都在課堂上產生，不需下載 · the story of four friends and a memory test, both generated in class; no download |
# | 投影片 · Slides | 「Long Short-Term Memory (LSTM)」簡介、應用、兒童界披頭四、原理 1–6 · the LSTM pages: introduction, applications, the four friends, principles 1–6 |

# %% slideshow={"slide_type": "skip"}
import re

import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy import stats

from utils.models import recurrent
from utils.notebook import diagrams, display, plots, profile

# %% slideshow={"slide_type": "skip"}
STORIES = profile.choose(smoke=300, lesson=2_000, full=20_000)              # to learn from, step 6
STORY_EPOCHS = profile.choose(smoke=2, lesson=8, full=20)
LENGTHS = profile.choose(smoke=(5,), lesson=(10, 20), full=(10, 20, 40, 80))   # trained here, step 7
UPDATES = profile.choose(smoke=100, lesson=2_000, full=2_000)                  # at most, step 7
STORED = (10, 20, 40, 80)                                                      # trained beforehand, step 7
if profile.measuring():
    LENGTHS = STORED
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：一次一道閘門 · Step 1: One gate at a time
#
# 輸入是現在的字 $x_t$ 和上一步的狀態 $h$。它們各自乘上權重，相加，算出四個數字：$z$、$z_i$、$z_f$、$z_o$。
#
# | | 中文 | English |
# |---|---|---|
# | $\tanh(z)$ | 想寫進去的內容 | what could be written |
# | $\sigma(z_i)$ | 輸入閘（input gate）：要寫多少 | how much of it is written |
# | $\sigma(z_f)$ | 遺忘閘（forget gate）：舊記憶留多少 | how much of the old memory is kept |
# | $\sigma(z_o)$ | 輸出閘（output gate）：讓外面看到多少 | how much of the memory is shown |
#
# $$c' = \tanh(z)\,\sigma(z_i) + c\,\sigma(z_f) \qquad\qquad h' = \tanh(c')\,\sigma(z_o)$$
#
# $c$ 是記憶，$h$ 是給外面看的狀態，加上一撇就是這一步的新值。$\sigma$ 是 sigmoid 函數，值在 0（關）與 1（開）之間。小心：遺忘閘「開」，代表記得。
#
# The input is the word of now, $x_t$, with the state of the step before, $h$. Times weights and added up, they give four numbers:
# $z$, $z_i$, $z_f$, $z_o$. $c$ is the memory, $h$ the state that is shown outside; a prime marks the new value of this step. $\sigma$
# is the sigmoid function, between 0 (shut) and 1 (open). Mind: a forget gate that is open remembers.

# %% alt={"zh": "同一張電路圖畫四次，每次多亮一部分：先只寫入 tanh(z)；加上輸入閘；加上遺忘閘，舊的 c 才流得過來；最後加上輸出閘，送出 h′。", "en": "One circuit drawn four times, with more of it lit each time: first tanh(z) is written; the input gate is added; then the forget gate, which lets the old c through; last the output gate, which sends out h′."} slideshow={"slide_type": "fragment"}
diagrams.lstm_step_by_step()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 只有第 1 格的話，記憶每一步都被新內容蓋掉，那不就是 RNN？是哪一道閘門讓記憶可以「累加」？
#
# 🤔 With picture 1 alone, the memory is overwritten at every step: just an RNN. Which gate lets the memory add up?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 遺忘閘（第 3 格）：有了 $c\,\sigma(z_f)$ 這一項，舊的記憶才會留下來，新的加在上面。常有人猜輸入閘，因為「寫」要靠它。可是輸入閘只決定新內容寫多少；第 2 格有輸入閘，舊的 $c$ 還是被蓋掉。
#
# The forget gate (picture 3): only with the term $c\,\sigma(z_f)$ does the old memory stay, with the new added on top.
# Many guess the input gate, since it does the writing. But it only says how much of the new is written; picture 2 has
# an input gate, and the old $c$ is still overwritten.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：用手算一段序列 · Step 2: Work a sequence by hand
#
# 做一台小小的加法機。每一步輸入三個數字：
# - $x_1$：要記的數；
# - $x_2$：指令，1 是「加進記憶」，−1 是「清空」，0 是「別動」；
# - $x_3$：1 是「報出來」。
#
# 不用訓練，權重直接寫下來就好。這裡把兩個 $\tanh$ 都換成恆等函數（輸入什麼，輸出就是什麼），好用心算：
#
# $$z = x_1 \qquad z_i = 100x_2-10 \qquad z_f = 100x_2+10 \qquad z_o = 100x_3-10$$
#
# Let us build a little adding machine. Each step has three inputs: $x_1$, the number; $x_2$, the command, 1 for "add it to
# the memory", −1 for "clear", 0 for "leave it"; and $x_3$, 1 for "say it aloud".
#
# No training: we write the weights down.
# Here the identity (what goes in comes out) takes the place of both $\tanh$, so that you can do it in your head.
#
# 🤔 遮住下一格的結果，先自己填：每一步的 $c'$ 和 $h'$ 是多少？
#
# 🤔 Cover the result below and fill in $c'$ and $h'$ for each step first.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# $c'$ 是 2、7、7、7、0、6；$h'$ 是 0、0、0、7、0、6。常填錯兩步。第三步：9 沒有加進去，因為 $x_2=0$ 時 $z_i=-10$，輸入閘是關的。第五步：1 也沒有寫進去，因為 $x_2=-1$ 把輸入閘和遺忘閘一起關上，舊的清掉，新的不收。
#
# $c'$ is 2, 7, 7, 7, 0, 6, and $h'$ is 0, 0, 0, 7, 0, 6.
# Two steps often go wrong. Step three: 9 is not added, for $x_2=0$ gives $z_i=-10$, a shut input gate. Step five: 1 is
# not written either, for $x_2=-1$ shuts both the input and the forget gate: the old goes, and nothing new comes in.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 填好了就寫出來。四個 $z$ 已經算好，`gate` 就是 $\sigma$。補上兩行：新的記憶 `c` 和報出來的 `h`。步驟 1 的公式照抄，只是 $\tanh$ 換成恆等函數。
#
# ✏️ When you have filled it in, write it down. The four $z$ are there, and `gate` is $\sigma$. Two lines are yours: the new memory `c`, and
# `h`, which is said aloud. They are the formulas of step 1, with the identity in place of $\tanh$.

# %% gap="memory" slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
sequence = [(2, 1, 0), (5, 1, 0), (9, 0, 0), (4, 0, 1), (1, -1, 0), (6, 1, 1)]


def gate(z):
    """The sigmoid, 0 (shut) to 1 (open)."""
    return 1 / (1 + np.exp(-z))


c, rows = 0.0, []
for x1, x2, x3 in sequence:
    z, z_i, z_f, z_o = x1, 100 * x2 - 10, 100 * x2 + 10, 100 * x3 - 10
    ### BEGIN SOLUTION
    c = z * gate(z_i) + c * gate(z_f)
    h = c * gate(z_o)
    ### END SOLUTION
    rows.append([x1, x2, x3, z, z_i, z_f, z_o, *(round(float(v), 2) for v in (gate(z_i), gate(z_f), gate(z_o), c, h))])
display.table(rows, ["x_1", "x_2", "x_3", "z", "z_i", "z_f", "z_o", "σ(z_i)", "σ(z_f)", "σ(z_o)", "c'", "h'"])

# %% slideshow={"slide_type": "fragment"} tags=["check"]
from utils.notebook import checks  # here and not above: checks measure nothing, so the stored seeds stay valid

memories, said = np.array([row[-2:] for row in rows]).T
checks.that(memories[1] != 5, "第二步，記憶是累加的。 In step two the memory adds up.",
            "第二步的記憶只剩新的數：舊的 c 要經過遺忘閘留下來，閘門開著是記得。 "
            "After step two only the new number is left: the old c passes through the forget gate, and an open gate remembers.")
checks.close(memories[2], 7, "第三步，9 進不來。 In step three 9 stays out.",
             "第三步叫它「別動」，記憶卻變了：新內容要經過哪一道閘門？ "
             "Step three says leave it, and yet the memory changed: which gate must the new pass?", tolerance=0.01)
checks.that(abs(said[0]) < 0.01, "沒叫它報，就不出聲。 It is silent until told to speak.",
            "第一步沒有叫它報，它卻出聲了：輸出閘呢？ It spoke in step one without being told to: where is the output gate?")
checks.close(said[3], 7, "第四步報出記憶。 Step four says the memory.",
             "第四步報的應該是記憶裡的數，不是這一步的輸入，也不是前一步的記憶。 "
             "Step four should say the number in memory, neither this step's input nor the memory before.", tolerance=0.01)
checks.close([*memories, *said], [2, 7, 7, 7, 0, 6, 0, 0, 0, 7, 0, 6], "六步都對。 All six steps are right.",
             "前四步對了；看第五步：−1 要清空，也不能寫進去。 The first four are right. See step five: −1 clears, and must not write.", tolerance=0.01)

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
states, trace = machine.forward(x)
print("c':", trace.over_time("c")[0, :, 0].round(2) + 0.0)
print("h':", states[0, :, 0].round(2) + 0.0)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再把同一組權重交給 Keras 的 LSTM。加法機之外，也試一個權重隨機、用 tanh 的 LSTM，這次反過來，把 Keras 的權重搬到我們這裡。
#
# Give the same weights to Keras's LSTM. Besides the adding machine, try an LSTM with random weights and tanh, this time the
# other way round: Keras's weights come to us.

# %% slideshow={"slide_type": "fragment"}
theirs = keras.layers.LSTM(1, activation="linear", return_sequences=True)
theirs.build((None, None, 3))
theirs.set_weights(machine.get_weights())
difference = np.abs(keras.ops.convert_to_numpy(theirs(x.astype("float32"))) - states).max()
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

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 第三步開始壞，第四步聽得出來。$x_2=0$（別動）時 $z_f$ 變成 0，遺忘閘只開 $\sigma(0)=0.5$：記憶從 7 變 3.5，再變 1.75，第四步報出 1.75 而不是 7。常有人猜第一步。可是 $x_2=1$ 時 $z_f=100$，閘門照樣全開；要「別動」的時候才會漏。
#
# It breaks at the third step, and you hear it at the fourth. With $x_2=0$ (leave it) $z_f$ is now 0, so the forget gate
# is open by $\sigma(0)=0.5$ only: the memory goes from 7 to 3.5 to 1.75, and step four says 1.75 instead of 7.
# Many guess the first step. But with $x_2=1$ there is $z_f=100$, and the gate is as open as before; it leaks only when
# it should leave things alone.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：誤差為什麼能走遠 · Step 3: Why the error gets far
#
# 看公式 $c' = \tanh(z)\,\sigma(z_i) + c\,\sigma(z_f)$。誤差從 $c'$ 往回走到 $c$，有兩條路。
# - **直達**：沿著加號右邊那一項。只乘一個數字，走很多步就是連乘：
#
# $$\sigma(z_f) \qquad\Rightarrow\qquad \prod_{t=k+1}^{T} \sigma(z_{f,t}) \quad (\text{從第 } T \text{ 步走回第 } k \text{ 步 · from step } T \text{ back to step } k)$$
#
# - **繞道**：上一步的 $c$ 先變成 $h$，$h$ 再乘上 $W$，影響這一步的四個 $z$。
#
# 直達的路上沒有 $W$，也沒有激勵函數的導數，只有遺忘閘。閘門開著，$\sigma(z_f)\approx1$，誤差就幾乎原封不動，這叫做 constant error（不變的誤差）。先看這一條：閘門開多大才夠？開始訓練前，$z_f$ 大約等於它的偏差值 $b_f$。
#
# Look at $c' = \tanh(z)\,\sigma(z_i) + c\,\sigma(z_f)$. From $c'$ back to $c$ the error has two roads. The **direct** one follows the term
# on the right of the plus: one number a step, over many steps their product.
#
# The **side road**: the $c$ of the step before became
# $h$, and $h$, times $W$, acts on the four $z$ of this step.
#
# On the direct road there is no $W$ and no derivative of an activation, just
# the forget gate. While the gate is open, $\sigma(z_f)\approx1$, and the error passes nearly untouched: this is called constant error.
# Take this road first. How far must the gate be open? Before training, $z_f$ is about its bias $b_f$.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
display.table([[b, *(f"{gate(b) ** steps:.3g}" for steps in (1, 10, 100, 1000))] for b in (0, 1, 3, 5, 7)],
              ["b_f", "σ(b_f): one step", "10 steps", "100 steps", "1,000 steps"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# Keras 的預設是 $b_f=1$（`unit_forget_bias=True`）：一百步之後只剩 $10^{-14}$。「LSTM 能記一千步」要閘門真的開著才算數。
#
# Keras starts with $b_f=1$ (`unit_forget_bias=True`): after a hundred steps $10^{-14}$ is left. "An LSTM remembers a
# thousand steps" holds only if the gate is really open.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 不是 ReLU 的功勞 · It is not ReLU's doing
#
# 有一種說法：LSTM 解決梯度消失，靠的是「使用 ReLU 代替 tanh 或 sigmoid」，因為 ReLU 的導數是 0 或 1。我們來量量看：梯度沿著時間往回走，最後還剩多少？左邊是 RNN，右邊是 LSTM；實線用 tanh，虛線用 ReLU。
#
# ✏️ 要量，先放誤差。`outputs` 是（批次, 時間, 單元），`d_outputs` 和它一樣大，是每一步的輸出各有多少誤差。我們只在**最後一步**放誤差，每個序列、每個單元都是 1，其他都是 0，再看它往回走剩下多少。
#
# Some say that the LSTM's cure for vanishing gradients is "ReLU instead of tanh or sigmoid", for its derivative is 0 or 1. Let us measure
# how much of a gradient is left on its way back: RNNs on the left, LSTMs on the right; solid lines with tanh, dashed ones with ReLU.
#
# ✏️ To measure, place an error first. `outputs` is (batch, time, units); `d_outputs` is as large, and holds the error of every output. We
# place an error at the **last step** alone, 1 for each sequence and each unit and 0 elsewhere, and see how much of it gets back.

# %% gap="error_at_the_end" slideshow={"slide_type": "fragment"}
def gradient_lengths(cell, part, steps=100, batch=16, side_road=1):
    """Length of dE/d state, 1, 2, 3 ... steps before the end, relative to the first (geometric mean)."""
    random = np.random.default_rng(0)
    cell.U *= 0.1
    cell.W *= side_road                             # 0 closes every road but the direct one
    outputs, trace = cell.forward(random.normal(size=(batch, steps + 1, cell.input_dim)))
    ### BEGIN SOLUTION
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, -1] = 1.0
    ### END SOLUTION
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

# %% slideshow={"slide_type": "fragment"} tags=["check"]
class Watched(recurrent.RNN):
    """An RNN that remembers which errors it was given."""

    def backward(self, d_states, trace):
        self.given = np.array(d_states)
        return super().backward(d_states, trace)


watched = Watched(8, 4)
gradient_lengths(watched, 0, steps=6, batch=3)
given = watched.given  # (3 sequences, 7 steps, 4 units)
checks.that(not given.all(), "不是到處都有誤差。 The error is not everywhere.",
            "每一步都有誤差，就看不出走了多遠還剩多少：其他地方要是 0。 "
            "With an error at every step nobody can see how much of one gets far: elsewhere it has to be 0.")
checks.that(bool(given.any(axis=(1, 2)).all()), "每個序列都有。 Each sequence has one.",
            "只有一個序列有誤差：第 0 軸是批次，時間是哪一軸？ Only one sequence has an error: axis 0 is the batch. Which one is time?")
checks.that(not given[:, 0].any(), "起點沒有誤差。 There is none at the start.",
            "誤差放在第一步了；它要從最後一步往回走。 The error stands at the first step; it has to walk back from the last.")
checks.that(bool(given[:, -1].all()) and not given[:, :-1].any(), "誤差只在最後一步。 The error is at the last step alone.",
            "最後一步的每個單元都要是 1，其他都是 0。 At the last step all units have 1, elsewhere all is 0.")

# %% alt={"zh": "兩張圖，剩下的梯度對往回走的步數，對數座標。RNN：W 小就消失，大就爆炸，ReLU 的虛線不比 tanh 的平。LSTM：遺忘偏差 3 和 5 大致不減，0 和 1 就消失，虛線也一樣。", "en": "Two plots, gradient left by steps back, on a log scale. RNN: small W vanishes, large W explodes, and the dashed lines of ReLU are no flatter than those of tanh. LSTM: with forget bias 3 or 5 hardly anything is lost, with 0 or 1 it vanishes, dashed or not."} slideshow={"slide_type": "fragment"}
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
# 這是一組隨機權重，還沒訓練。左圖：三種大小的 $W$，RNN 換成 ReLU，不是消失得更快，就是爆炸得更兇。右圖：換成 ReLU 也救不了；$b_f$ 是 0 或 1 時，虛線（ReLU）掉得比實線（tanh）還快，一百步後少了兩個數量級以上；換種子重抽十次，次次如此。換遺忘閘的偏差值，差別大得多。還有一個代價：用 tanh，記憶一步最多加 1；用 ReLU，一步能加多少沒有上限。GPU 上的 cuDNN 快速版 LSTM 也只支援 tanh。
#
# These are random weights, not trained, drawn once. On the left: for all three sizes of $W$, with ReLU an RNN vanishes faster or explodes
# harder. On the right ReLU is no cure: with $b_f$ of 0 or 1 the dashed lines (ReLU) fall even faster than the solid ones (tanh), by
# more than two orders of magnitude after a hundred steps, and so in ten more draws. The forget bias makes far more difference. And there is a price: with tanh the
# memory grows by at most 1 a step, with ReLU there is no such limit. Besides, cuDNN's fast LSTM on GPUs knows only tanh.
#
# 🤔 $b_f=1$ 時，直達的路一百步只剩 $10^{-14}$，圖上卻剩得比較多。多的是從哪條路來的？
#
# 🤔 With $b_f=1$ the direct road leaves $10^{-14}$ after a hundred steps, yet the figure shows more. By which road did the
# rest come?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 從繞道來的：$c$ 變成 $h$，$h$ 乘上 $W$，影響下一步的閘門和新內容。把 $W$ 設成 0，這條路就斷了；下一格照做，一百步後剩 $3\times10^{-14}$，跟直達的路一樣；接回去，剩 $4\times10^{-9}$。常有人猜是 $\tanh$ 的導數，可是導數最大只有 1，只會讓誤差變短。
#
# By the side road: $c$ becomes $h$, and $h$ times $W$ acts on the next gates and the next content. With $W=0$ that road
# is closed; the next cell does so, and after a hundred steps $3\times10^{-14}$ is left, as on the direct road; opened
# again, $4\times10^{-9}$.
# Many guess the derivative of $\tanh$. But it is at most 1 and can only shorten the error.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
roads = {bias: [gradient_lengths(recurrent.LSTM(8, 32, forget_bias=bias), MEMORY, side_road=open_)[-1] for open_ in (0, 1)]
         for bias in (0, 1, 3, 5)}
display.table([[bias, *(f"{left:.0e}" for left in both)] for bias, both in roads.items()],
              ["b_f", "direct road only (W = 0)", "both roads"], caption="gradient left after 100 steps, tanh")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 看最後兩列：遺忘閘開得大，梯度不但沒有消失，還**變長**了，$b_f=5$ 時是六十幾倍（重抽十次，是 63 到 128 倍）。直達的路每步最多乘 1，不會變長；變長的是繞道，那裡有 $W$。所以要說得準：LSTM 治的是**消失**，而且要遺忘閘真的打開；它不治**爆炸**。用 LSTM，還是要裁剪梯度（第 08 課）。
#
# See the last two rows: with the forget gate wide open the gradient does not vanish, it **grows**, with $b_f=5$ more than sixtyfold (in ten more draws 63- to
# 128-fold). The direct road multiplies by at most 1 a step and cannot make it grow; the side road can, for $W$ lies on it. So let us say it
# exactly: the LSTM cures **vanishing**, and only while the forget gate is really open; it does not cure **exploding**. Gradients of an LSTM are still clipped (lesson 08).

# %% slideshow={"slide_type": "skip"}
for name, (bias, bounds) in {"open": (5, {"at_least": 0.1}), "half shut": (0, {"at_most": 1e-12})}.items():
    for activation in ("tanh", "relu"):
        profile.expect(f"forget gate {name}, {activation}: gradient left after 100 steps",
                       lstm_lengths[bias, activation][-1], **bounds)
profile.expect("direct road alone, b_f = 5: gradient left after 100 steps", roads[5][0], at_least=0.4, at_most=1)
profile.expect("both roads, b_f = 5: gradient left after 100 steps", roads[5][1], at_least=2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：兩位親戚 · Step 4: Two relatives
#
# - **窺視孔（peephole）**：閘門除了看 $x_t$ 和 $h$，還直接看記憶：$z_f$、$z_i$ 看舊的 $c$，$z_o$ 看新的 $c'$（紅色虛線）。
# - **GRU**：記憶和狀態合而為一，都叫 $h$。更新閘 $\sigma(z_u)$ 管兩件事：舊的留 $\sigma(z_u)$，新內容 $g$ 寫 $1-\sigma(z_u)$。另一道重設閘 $\sigma(z_r)$，決定算 $g$ 的時候要參考多少舊的 $h$。
#
# $$h' = \sigma(z_u)\,h + \bigl(1-\sigma(z_u)\bigr)\,g$$
#
# - **Peepholes**: besides $x_t$ and $h$ the gates look straight at the memory: $z_f$ and $z_i$ at the old $c$, $z_o$
#   at the new $c'$ (red, dashed).
# - **GRU**: memory and state are one, called $h$. The update gate $\sigma(z_u)$ does two jobs: it keeps $\sigma(z_u)$ of the old and writes
#   $1-\sigma(z_u)$ of the new content $g$. Another, the reset gate $\sigma(z_r)$, says how much of the old $h$ to consult in making $g$.

# %% alt={"zh": "三張電路圖並排。中間那張和左邊一樣，多了紅色虛線，從記憶 c 連到三道閘門；右邊只有一條橫線 h，遺忘和寫入由同一道閘門管。", "en": "Three circuits side by side. The middle one is the left one with red dashes from the memory c to the three gates; the right one has a single line h, and one gate rules both keeping and writing."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
diagrams.lstm_peephole_gru()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 在 GRU 的圖上，用手指沿著最上面那條線，從 $h$ 走到 $h'$：一樣只有一個乘號、一個加號。它也是「累加」的記憶。
#
# In the GRU, run your finger along the topmost line from $h$ to $h'$: again one × and one +. Its memory is additive too.

# %% slideshow={"slide_type": "fragment"}
theirs = keras.layers.GRU(5, return_sequences=True, bias_initializer="random_normal")
outputs = keras.ops.convert_to_numpy(theirs(long_x.astype("float32")))
ours = recurrent.GRU(3, 5)
ours.set_weights(theirs.get_weights())
profile.expect("GRU over 50 steps, largest difference from Keras",
               np.abs(ours.forward(long_x)[0] - outputs).max(), at_most=1e-5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 輸入 28 個數字、128 個單元。RNN 有幾個參數？LSTM 和 GRU 呢？先算再執行。（Keras 預設的 GRU 和圖上順序不同：先算 $Wh$ 加偏差值，再乘 $\sigma(z_r)$，所以有兩組偏差值，輸入一組、狀態一組。）
#
# 🤔 With 28 inputs and 128 units, how many parameters has an RNN? And LSTM and GRU? Work it out first. (Keras's default
# GRU differs in order from the picture: it computes $Wh$ plus a bias first and multiplies by $\sigma(z_r)$ after, so it has two sets of
# biases, one for the input and one for the state.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# RNN 20,096 個，LSTM 80,384 個，GRU 60,672 個。一組是 $28\cdot128+128\cdot128+128=20{,}096$；RNN 一組，LSTM 四組，剛好四倍。GRU 三組，再多一份偏差值：$3\times20{,}096+3\cdot128=60{,}672$。常見的錯有兩個：忘了 $W$ 是 $128\times128$，或忘了 GRU 的第二組偏差值，少算 384 個。
#
# The RNN has 20,096, the LSTM 80,384, the GRU 60,672. One set is $28\cdot128+128\cdot128+128=20{,}096$; the RNN has
# one, the LSTM four, exactly four times as many. The GRU has three, and its biases twice:
# $3\times20{,}096+3\cdot128=60{,}672$.
# Two mistakes are common: to forget that $W$ is $128\times128$, or to forget the GRU's second set of biases, which
# leaves out 384.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for kind in (recurrent.RNN, recurrent.GRU, recurrent.LSTM):
    count = sum(weight.size for weight in kind(28, 128).get_weights())
    print(f"{kind.__name__:4}  {kind.blocks} blocks  {count:>6,} parameters")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：疊起來 · Step 5: Stack them
#
# LSTM 也可以疊好幾層（multiple-layer LSTM）：第一層的狀態 $h^{(1)}_t$ 是第二層的輸入，每一層各有自己的記憶 $c$ 和四組權重。輸入 $d$ 個數字、$n$ 個單元的一層，有 $4\,(dn+nn+n)$ 個參數。
#
# LSTMs can be stacked (multiple-layer LSTM): the state $h^{(1)}_t$ of the first layer is the input of the second, and each
# layer has a memory $c$ and four sets of weights of its own. A layer with $d$ inputs and $n$ units has $4\,(dn+nn+n)$
# parameters.

# %% alt={"zh": "兩層格子展開成四步，讀小波、站在、拉拉、旁邊。下層的狀態往上送；每一層把自己的記憶 c 往右交給下一步。", "en": "Two layers unfolded into four steps that read 小波, 站在, 拉拉, 旁邊. The lower states go up; each layer hands its own memory c on to the next step."} slideshow={"slide_type": "fragment"}
diagrams.unfolded_rnn(["小波", "站在", "拉拉", "旁邊"], layers=2, handed_on="c")

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

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. $4\,(3\cdot5+5\cdot5+5)=4\cdot45=180$；$4\,(5\cdot4+4\cdot4+4)=4\cdot40=160$。第二層的輸入是第一層的 5 個單元，不是原來的 3 個數字，這裡最容易寫錯。
# 2. 只會收到最後一步的狀態，形狀是（批次, 5），沒有時間軸。LSTM 要三個軸，所以 Keras 在搭網路時就報錯（expected ndim=3, found ndim=2）。它不會默默地只讀一步。
#
# 1. $4\,(3\cdot5+5\cdot5+5)=4\cdot45=180$ and $4\,(5\cdot4+4\cdot4+4)=4\cdot40=160$. The inputs of the second layer are
# the first one's 5 units, not the original 3 numbers: the usual slip.
# 2. Only the state of the last step, shaped (batch, 5), without a time axis. An LSTM wants three axes, so Keras stops
# while the network is being built (expected ndim=3, found ndim=2). It does not quietly read a single step.
#
# </details>

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
# 前兩種是常舉的例子：聽說 RNN 會犯這些錯。真的嗎？我們訓練三個網路來猜下一個詞，再讓它們自己說故事，數一數。
#
# 小波, 拉拉, 迪西 and 丁丁 stand in line, and six words tell their story. There are three rules, hence three ways to go
# wrong; the first two are the usual examples of what an RNN is said to do. Does it? We train three
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
# ✏️ 補上 `tell` 的核心：`scores` 是（故事, 6），每個詞一個正的分數，還沒有除以總和。照這些分數的比例，替每個故事**抽**一個詞，把詞的編號（0 到 5，一個故事一個）接到 `told` 後面。註解給了一個做法。
#
# Three networks equally wide (8 units) that differ only in memory: `one word` is feed-forward and sees this word alone;
# `RNN` and `LSTM` see this word and their own state. To tell a story, we move the weights that Keras learned into
# `utils.models.recurrent` and draw word after word from the probabilities it gives.
#
# ✏️ Write the core of `tell`: `scores` is (stories, 6), a positive score for each word, not yet divided by their sum. In proportion to these,
# **draw** a word for each story, and append their numbers (0 to 5, one a story) to `told`. The comment tells one way.

# %% gap="draw" slideshow={"slide_type": "fragment"}
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
        # Lay the six probabilities end to end on a line from 0 to 1; a random point falls on the word to say.
        ### BEGIN SOLUTION
        ends = scores.cumsum(axis=1) / scores.sum(axis=1, keepdims=True)
        told.append((ends < random.random((count, 1))).sum(axis=1).clip(max=5))
        ### END SOLUTION
    return [text_of(story) for story in np.stack(told, axis=1)]


# %% slideshow={"slide_type": "fragment"} tags=["check"]
wanted = np.array([0.05, 0.1, 0.15, 0.4, 0.2, 0.1])  # a made-up network that gives these chances after any word
always = [np.zeros((6, 8)), np.zeros(8), np.zeros((8, 6)), np.log(wanted) + 1]
spoken = [text[2:4] for text in tell(always, count=3000, words=2)]
shares = np.array([spoken.count(word) for word in WORDS]) / 3000
checks.that(shares.max() < 0.99, "不是永遠同一個詞。 It is not always the same word.",
            "每次都說同一個詞：要照機率抽，不是挑最大的。 It always says the same word: draw by chance, do not take the likeliest.")
checks.that(np.abs(shares - 1 / 6).max() > 0.05, "分數高的詞比較常說。 Words with a higher score come more often.",
            "六個詞一樣常出現：抽的時候沒有看分數。 All six come equally often: the draw does not look at the scores.")
checks.close(shares, wanted, "每個詞出現的比例，和網路給的機率一樣。 Each word comes as often as the network says.",
             "比例不對：分數要先除以總和才是機率，再看隨機點落在哪一段。 "
             "The shares are off: scores over their sum are chances. Then see into which stretch the random point falls.", tolerance=0.04)


# %% slideshow={"slide_type": "fragment"}
SOMEONE = "小波|拉拉|迪西|丁丁"
# Patterns (regular expressions): (?=X) is "X follows", (?!X) "X does not follow", (?<!X) "X is not before", \1 "the same again".
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

# %% alt={"zh": "三種錯誤各一張圖，每一百句錯幾次，對訓練週期。只看一個詞的線一直很高又平；RNN 和 LSTM 都降到接近 0，LSTM 有一種錯一開始最多。", "en": "A plot for each of three mistakes, per hundred sentences, by epoch. One word alone stays high and level; RNN and LSTM both fall to nearly 0, the LSTM from the highest start in one of them."} slideshow={"slide_type": "fragment"}
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
# 前兩種錯，只看一個詞的網路一直在犯，訓練再久也沒用：讀到「拉拉」，它無從知道這是句子的開頭還是結尾，只好各猜一半；讀到「站在」，它也忘了前面是誰，平均四次有一次猜到同一個人。RNN 和 LSTM 剛開始訓練時也會犯，後來幾乎不犯。
#
# 這個故事，除了現在這個詞，只要再記住前一個詞，RNN 已經夠用。LSTM 有沒有更好？這裡各只訓練一次，每一百句差不到一個錯，分不出來。要分出高下，得記得更久。
#
# The network that sees one word keeps making the first two mistakes, however long it trains: at 拉拉 it cannot know whether a
# sentence begins or ends, and guesses half and half; at 站在 it has forgotten who came before, and one guess in four is the
# same friend. RNN and LSTM make them too when training begins, and later hardly any.
#
# Besides the present word, this story asks to remember only the one before. An RNN is enough. Is an LSTM better? Each was trained
# once, and they differ by less than one mistake in a hundred sentences: we cannot tell. To tell them apart, they must remember longer.
#
# 🤔 為什麼「never ends」最後停在五十附近，「next to oneself」停在二十五附近？算得出來嗎？
#
# 🤔 Why does "never ends" settle near fifty and "next to oneself" near twenty-five? Can you work it out?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 算得出來：一個是二選一，一個是四選一。「never ends」：讀到人名時，訓練資料裡一半接「站在」，一半接「旁邊」，所以「站在某人」之後有一半又接「站在」。故事說到一半就停，最後一句沒有機會犯錯，所以略低於五十，約四十八。「next to oneself」：讀到「站在」時，它不知道前面是誰，四個人各四分之一，猜中同一個人就是二十五。常有人以為是三分之一，因為故事裡只有三個人可選；可是「不選自己」正是它記不住的事。
#
# Yes: one is a choice between two, the other among four.
# "Never ends": at a name, half of the training data goes on with 站在 and half with 旁邊, so half of all "站在 somebody" are
# followed by another 站在. A story stops midway, where its last sentence cannot go wrong any more, hence a little under
# fifty, about forty-eight.
# "Next to oneself": at 站在 it does not know who came before; each of the four gets a quarter, and the same friend comes
# in 25 of 100. Many say a third, for the story has only three to choose from. But "not oneself" is just what it cannot
# remember.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：記得多久 · Step 7: How long is long?
#
# 出一個純粹考記憶的題目：第一個符號是四個人名之一，後面跟著 $T-1$ 個亂七八糟的符號，最後問「一開始是誰？」亂猜可以對四分之一。$T$ 越長，越難。
#
# 參賽的有 RNN、GRU、LSTM（都用 Keras 的起始值），還有兩位「閘門先調好」的選手：
# - LSTM：遺忘閘的偏差值 $b_f=\ln T$（自然對數），輸入閘的偏差值 $b_i=-\ln T$。$\sigma(\ln T)=T/(T+1)$，連乘 $T$ 次還剩大約三分之一：一開始就大致記 $T$ 步，而且不隨便亂寫。
# - GRU：更新閘的偏差值設成 $\ln T$，效果相同。
#
# 訓練的是我們自己的 `utils.models.recurrent`，最佳化器 Adam 也只要六行。
#
# ✏️ 補上兩行偏差值。LSTM 的 `cell.b` 有 4 × `UNITS` 個數，依序是 $z_i$、$z_f$、$z$、$z_o$ 的；遺忘閘的已經由 `forget_bias` 設好，輸入閘的由你來。GRU 的 `cell.b`
# 是 (2, 3 × `UNITS`)，兩列（輸入的、狀態的）會**相加**，更新閘是第一段：只改輸入的那一列。
#
# A test of nothing but memory: the first symbol is one of four names, $T-1$ symbols of noise follow, and at the end we ask
# who came first. Guessing gets a quarter right. The longer $T$, the harder. RNN, GRU and LSTM take part, started as Keras
# starts them, and two with their gates set beforehand. The LSTM has forget bias $b_f=\ln T$ (the natural logarithm) and input bias
# $b_i=-\ln T$. $\sigma(\ln T)=T/(T+1)$, and $T$ of these multiplied leave about a third: it starts out remembering for about $T$ steps
# and does not write at random. The GRU has $\ln T$ as the bias of its update gate, to the same effect. What we train is our own
# `utils.models.recurrent`; the optimiser, Adam, takes six lines.
#
# ✏️ Two lines of biases are yours. `cell.b` of the LSTM has 4 × `UNITS` numbers, in the order $z_i$, $z_f$, $z$, $z_o$; `forget_bias` has set
# those of the forget gate already, those of the input gate are left to you. `cell.b` of the GRU is (2, 3 × `UNITS`): its two rows (of the
# input and of the state) are **added up**, and the update gate comes first. Change the row of the input only.

# %% gap="starting_biases" slideshow={"slide_type": "fragment"}
SYMBOLS, UNITS = 4 + 6, 16                                   # four names, six kinds of noise


def lstm_set_for(length, seed):
    """An LSTM that starts out remembering for about `length` steps."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    ### BEGIN SOLUTION
    cell.b[:UNITS] = -np.log(length)
    ### END SOLUTION
    return cell


def gru_set_for(length, seed):
    """A GRU that starts out remembering for about `length` steps."""
    cell = recurrent.GRU(SYMBOLS, UNITS, seed=seed)
    ### BEGIN SOLUTION
    cell.b[0, :UNITS] = np.log(length)
    ### END SOLUTION
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


# %% slideshow={"slide_type": "fragment"} tags=["check"]
b = lstm_set_for(20, seed=0).b
checks.close(b[UNITS:2 * UNITS], np.full(UNITS, np.log(20)), "遺忘閘還是 ln T。 The forget gate still has ln T.",
             "遺忘閘（第二段）的偏差值被改掉了：輸入閘是哪一段？ The biases of the forget gate, the second block, were changed: which block is the input gate's?")
checks.that(not np.allclose(b[:UNITS], np.log(20)), "輸入閘沒有大開。 The input gate is not wide open.",
            "輸入閘也大開了：每個雜訊都會寫進去。符號呢？ The input gate is wide open, too: every bit of noise gets in. Mind the sign.")
checks.close(b[:UNITS], np.full(UNITS, -np.log(20)), "輸入閘幾乎關著：−ln T。 The input gate is nearly shut: −ln T.",
             "輸入閘那一段應該是負的、T 的自然對數。 The block of the input gate should have the negative natural logarithm of T.")
checks.that(not b[2 * UNITS:].any(), "其他的沒動。 The rest is untouched.", "候選值和輸出閘的偏差值應該還是 0。 The biases of candidate and output gate should still be 0.")
b = gru_set_for(20, seed=0).b
checks.that(not np.allclose(b.sum(axis=0)[:UNITS], 2 * np.log(20)), "GRU 只加一次。 In the GRU it counts once.",
            "GRU 的兩列偏差值會相加，兩列都設就變成兩倍。 The two rows of the GRU are added up: set in both, the bias is doubled.")
checks.close(b.sum(axis=0), [np.log(20)] * UNITS + [0] * 2 * UNITS, "更新閘是 ln T。 The update gate has ln T.",
             "更新閘（第一段）要開著，所以是正的；別的閘門不要動。 The update gate, the first block, should be open, so positive; leave the other gates alone.")

# %% slideshow={"slide_type": "fragment"}
def adam(weights, moments, gradients, t, rate=0.01):
    """One step of Adam (Kingma and Ba, 2015) with the gradient clipped at length 1."""
    shrink = min(1, 1 / np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)))
    for w, (m, v), g in zip(weights, moments, gradients, strict=True):
        m += 0.1 * (shrink * g - m)
        v += 0.001 * ((shrink * g) ** 2 - v)
        w -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def remember_first(cell, length, seed, batch=32):
    """Train until five batches in a row are all answered surely, at most UPDATES times.

    Return how often it was trained, UPDATES if it never got sure, and the accuracy on 500 new questions.
    """
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
    return t, np.mean((cell.forward(x)[0][:, -1] @ V).argmax(axis=1) == first)


SEED = profile.chosen_seed(7)
here = {(name, length): remember_first(make(length, SEED), length, SEED)
        for name, make in contestants.items() for length in LENGTHS}
for (name, length), (updates, right) in here.items():
    profile.record(f"{name}, T = {length}: updates", updates)
    profile.record(f"{name}, T = {length}: accuracy", right)
    print(f"{name:15}  T = {length:2}  {updates:5,} updates{'' if updates < UPDATES else ', not sure'}, {right:.0%} right")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一次訓練看不出誰強誰弱，$T$ 長了又很花時間。所以同一段程式事先用五個種子跑過四種 $T$，結果存成檔案，這裡讀出來。每一次訓練畫一個點，好的壞的都在：實心點是學會了，空心點是訓練了 2,000 次還沒學會。
#
# One training tells nobody's strength, and long $T$ takes time. So this very code was run beforehand with five seeds and four $T$, and
# what came out was stored; here we read it. Every training is one dot, good or bad: a filled dot has learned it, an open one has not
# after 2,000 updates.

# %% alt={"zh": "每點是一次訓練，橫軸是要記住的步數 T，直軸是學會要幾次更新。預先設好閘門的菱形都學會了，只慢一點點；GRU 和 LSTM 沒設的圓點越往右越慢，T = 80 全是空心，沒學會。RNN 有時學會，有時沒有。", "en": "A dot is one training: steps to remember, T, across, updates until it is sure up. The diamonds, whose gates were set, all learn, only a little slower with T; without that, GRU and LSTM, the circles, take ever longer, and at T = 80 all are open: never learned. The RNN sometimes learns, sometimes not."} slideshow={"slide_type": "fragment"}
MOST = 2_000                                                 # updates in the stored trials


def stored(name, length, what):
    """What five trials gave, run beforehand: their updates or accuracy."""
    return np.array(profile.measured("lstm", f"{name}, T = {length}: {what}").values)


figure, axes = plt.subplots(figsize=(10, 4.4))
colors = [plots.COLORS[7], plots.COLORS[0], plots.COLORS[1], plots.COLORS[0], plots.COLORS[1]]
for place, (name, color) in enumerate(zip(contestants, colors, strict=True)):
    marker = "D" if "set" in name else "o"
    for group, length in enumerate(STORED):
        updates = stored(name, length, "updates")
        x = group + 0.16 * (place - 2) + np.linspace(-0.05, 0.05, len(updates))
        sure = updates < MOST
        axes.scatter(x[sure], updates[sure], 36, color, marker=marker, label=name if group == 0 else None)
        axes.scatter(x[~sure], updates[~sure], 36, "none", marker=marker, edgecolors=color)
axes.axhline(MOST, color="#888888", linestyle=":", zorder=0)
axes.set(yscale="log", xlabel="T: steps to remember", ylabel="updates until it is sure", ylim=(30, 3_000))
axes.set_xticks(range(len(STORED)), STORED)
axes.set_yticks([50, 100, 200, 500, 1_000, 2_000], ["50", "100", "200", "500", "1,000", "never in\n2,000"])
axes.minorticks_off()
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% slideshow={"slide_type": "fragment"}
display.table([[name, *(f"{(stored(name, length, 'updates') < MOST).sum()} of 5" for length in STORED)] for name in contestants],
              ["learned it within 2,000 updates", *(f"T = {length}" for length in STORED)])

# Fisher's exact test: how often would chance alone share the successes so unequally, were both equally good?
for first, second, length in (("LSTM, gates set", "LSTM", 40), ("GRU", "LSTM", 40), ("RNN", "LSTM", 40), ("RNN", "GRU", 80)):
    a, b = ((stored(name, length, "updates") < MOST).sum() for name in (first, second))
    print(f"T = {length}: {first} {a} of 5, {second} {b} of 5, p = {stats.fisher_exact([[a, 5 - a], [b, 5 - b]]).pvalue:.3f}")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def gradient_at_start(make, length=40, seed=0):
    """How long dE/d state still is at the first symbol, before any training; at the last step it is 1."""
    cell = make(length, seed)
    outputs, trace = cell.forward(questions(32, length, np.random.default_rng(seed))[0])
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, -1] = 1.0
    lengths = np.sqrt((cell.backward(d_outputs, trace).states ** 2).sum(axis=(1, 3)))
    return np.exp(np.log(lengths[1] / lengths[-1]).mean())


for name, make in contestants.items():
    print(f"{name:15}  {gradient_at_start(make):.0e} of the gradient reaches the first of 40 symbols")

# %% slideshow={"slide_type": "fragment"}
profile.expect(f"LSTM with its gates set, T = {LENGTHS[-1]}: right", here["LSTM, gates set", LENGTHS[-1]][1],
               at_least=profile.choose(smoke=0.5, lesson=0.99, full=0.99))
profile.expect(f"GRU with its gates set, T = {LENGTHS[-1]}: right", here["GRU, gates set", LENGTHS[-1]][1],
               at_least=profile.choose(smoke=0.5, lesson=0.99, full=0.99))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 先看結果：
# - 閘門先調好，GRU 和 LSTM 每一次都學會，四種 $T$ 都一樣，而且很快。
# - 用 Keras 的起始值，$T=20$ 就有人學不會。$T=40$，LSTM 五次裡一次也沒有；$T=80$，LSTM 和 GRU 都沒有。
# - RNN 沒有閘門，$T=80$ 卻還有三次學會。它的 $W$ 從正交矩陣開始（第 08 課）。
#
# 五次夠不夠？LSTM 調不調閘門，$T=40$ 時五比零，不像是運氣（$p\approx0.01$）。GRU 比 LSTM 四比零，在邊緣上（$p\approx0.05$）；RNN 比 LSTM 三比零，還可能是運氣（$p\approx0.17$）。而且這四組是看過圖才挑的，每個 $p$ 都偏小一點。
#
# 為什麼？很容易想到：起始的梯度太小，走不到開頭。最後那幾行卻說不是這樣：GRU 剩得最少，只有 $10^{-8}$，五次裡學會四次；LSTM 剩得多，一次也沒有。調好閘門的兩位剩得最多，也學得最快；但是梯度小不等於學不會，這裡的數字說不出完整的原因。還有一點：大家都用同一個學習率 0.01，沒有各自挑選；換一個，名次可能不同。
#
# First what came out.
# - With gates set, GRU and LSTM learn every time, at all four $T$, and quickly.
# - Started as Keras does, some fail at $T=20$ already. At $T=40$ the LSTM learns in none of five trials; at $T=80$ neither LSTM nor GRU.
# - An RNN has no gates, and still learns three times at $T=80$. Its $W$ starts orthogonal (lesson 08).
#
# Are five enough? The LSTM with and without its gates set, five to none at $T=40$, is hardly luck ($p\approx0.01$). GRU against LSTM,
# four to none, is on the edge ($p\approx0.05$); RNN against LSTM, three to none, may yet be luck ($p\approx0.17$). And these four pairs were picked after a look at the figure, which makes
# each $p$ somewhat too small.
#
# Why? One thinks at once: the gradient at the start is too small to reach the beginning. The last lines do not bear this out: the
# GRU has the least left, $10^{-8}$, and learns four times of five; the LSTM has more left, and never learns. The two with their gates set have the
# most left and learn fastest; but a small gradient need not mean failure, and these numbers do not tell the whole reason. And
# all were trained at one rate, 0.01, not chosen for each; another might change the order.
#
# 🤔 真實的資料，你不會知道 $T$ 是多少。偏差值該怎麼選？
#
# 🤔 With real data you do not know $T$. How would you choose the biases?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 讓每個單元記得不一樣久：遺忘閘的偏差值取 $\ln$（1 到 $T_{\max}$ 之間的隨機數），輸入閘取它的負數；$T_{\max}$ 是你猜的最長距離（Tallec 與 Ollivier，2018）。用這一步的程式試過，$T_{\max}=100$：$T=20$ 和 $T=80$ 各五個種子全部學會，只要 70 到 150 次，跟事先知道 $T$ 差不多。常有人說「不知道就用預設值」。預設的 $b_f=1$ 也是一種猜測：$\ln T=1$，等於猜 $T$ 約是 3。也有人把閘門全開到底；這個題目沒有東西該忘，看不出那樣的代價，別的題目就不一定。
#
# Let each unit remember for another length of time: take as forget biases $\ln$ of random numbers between 1 and
# $T_{\max}$, and as input biases their negatives; $T_{\max}$ is the longest distance you can think of (Tallec and
# Ollivier, 2018).
# Tried with the code of this step and $T_{\max}=100$: at $T=20$ and at $T=80$ all five seeds learned, within 70 to 150
# updates, much as when $T$ is known.
# Many say "then I keep the default". The default $b_f=1$ is a guess as well: $\ln T=1$ guesses a $T$ of about 3. Others
# open the gate all the way; here nothing should be forgotten, so that costs nothing, but another task may differ.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：看閘門怎麼動 · Step 8: Watch the gates move
#
# 回到說故事的 LSTM。讓它讀兩句話，把三道閘門和記憶一個詞一個詞畫出來。三道閘門：深色是開，淺色是關。記憶：紅是正，藍是負，越深離 0 越遠。
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

# %% alt={"zh": "五張格子圖，橫的是兩句話的八個詞。三道閘門各單元開關不同，記憶有正有負。最右邊是它猜的下一個詞：「站在」之後分給三個名字，名字之後只猜一個詞。", "en": "Five grids over the eight words of two sentences. Gates open and shut differently by unit, the memory is positive here and negative there. On the right, its guess of the next word: spread over three names after 站在, on a single word after a name."} slideshow={"slide_type": "fragment"}
figure, panels = plt.subplots(1, 5, figsize=(13, 4.2))
pictures = {"i": ("input gate σ(z_i)", "Blues", 0, 1), "f": ("forget gate σ(z_f)", "Blues", 0, 1),
            "o": ("output gate σ(z_o)", "Blues", 0, 1), "c": ("memory c", "RdBu_r", -2, 2)}
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
print("chance of the likeliest words after", *(f"{word}: " + " ".join(f"{WORDS[n]} {row[n]:.2f}" for n in np.argsort(-row)[:3])
                                               for word, row in zip(sentence[1:4], chances[1:4], strict=True)), sep="\n  ")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最右邊是它的猜測。讀完「小波站在」，它把機率分給小波以外的三個人；讀完「拉拉」，它知道該接「旁邊」而不是「站在」；讀完「旁邊」，它記得下一句從拉拉開始。
#
# On the right is its guess. After 小波站在 it shares the chance among the three others; after 拉拉 it knows that 旁邊 comes
# next and not 站在; after 旁邊 it remembers that 拉拉 begins the next sentence.
#
# 🤔 找一個單元，它的記憶在「站在」之後變號，在「旁邊」之後變回來。它記的是哪一條規矩？
#
# 🤔 Find a unit whose memory changes sign after 站在 and back after 旁邊. Which rule does it keep?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它記的是「現在在一句話裡面」：已經讀過「站在」，還沒讀到「旁邊」。靠它，讀到人名時才知道要接「旁邊」，而不是又一個「站在」，也就是第一條規矩。下一格把這樣的單元找出來；第一句的開頭，記憶是從 0 開始的，所以變號要看第二句。常有人猜它記的是人名。人有四個，一個正負號分不出四個；而且人名每一句都換，它卻只看「站在」和「旁邊」。
#
# It keeps "we are inside a sentence": 站在 has been read, 旁邊 not yet. By it the network knows at a name to go on with 旁邊
# and not with another 站在: the first rule. The next cell finds such units; the memory begins at 0, so look for the change of sign in the second sentence.
# Many guess that it keeps a name. There are four friends, and one sign cannot tell four apart; and names change from
# sentence to sentence, while this unit goes by 站在 and 旁邊 alone.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
memory = trace.over_time("c")[0]                             # (8 words, 8 units)
inside, outside = np.sign(memory[[1, 2, 5, 6]]), np.sign(memory[[3, 4, 7]])     # after 站在, and after 旁邊
turning = [unit for unit in range(8) if abs(inside[:, unit].sum()) == 4 and outside[:, unit].sum() == -3 * inside[0, unit]]
print("units that change sign after 站在 and back after 旁邊:", *turning)
for unit in turning:
    print(f"  unit {unit}:", *(f"{word} {value:+.1f}" for word, value in zip(sentence, memory[:, unit], strict=True)))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# 2014 年，[Sutskever 等人](https://arxiv.org/abs/1409.3215)用一個 LSTM 讀、另一個 LSTM 寫，做出翻譯；[Bahdanau 等人](https://arxiv.org/abs/1409.0473)（2015）讓寫的那個回頭看原句，這就是注意力（attention），在[第 17 課](17_attention.ipynb)。[Vaswani 等人](https://arxiv.org/abs/1706.03762)（2017）連遞迴都拿掉，只留注意力，所有位置一起算：這是第 18 課的 transformer。
#
# In 2014 [Sutskever et al.](https://arxiv.org/abs/1409.3215) translated with one LSTM that reads and another that writes; [Bahdanau et
# al.](https://arxiv.org/abs/1409.0473) (2015) let the writer look back at the source: attention, in [lesson 17](17_attention.ipynb). [Vaswani et
# al.](https://arxiv.org/abs/1706.03762) (2017) took the recurrence away, kept attention alone, and worked on all places at once: the transformer of
# lesson 18.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# 帶走三件事：
#
# 1. $c' = \tanh(z)\,\sigma(z_i)+c\,\sigma(z_f)$，$h' = \tanh(c')\,\sigma(z_o)$：寫、留、讀，各有一道閘門，每一步都能用手算，並與 Keras 相符。
# 2. 直達的誤差沿著記憶往回走，只乘遺忘閘。走得遠，靠的是加法和打開的閘門，不是 ReLU。閘門開著，梯度就不消失；爆炸沒有治好，梯度還是要裁剪。
# 3. 光有 LSTM 這個名字，不保證記得久。在這個題目上，起始偏差值設對的 LSTM 與 GRU 每次都學會；用 Keras 的起始值，四十步以上的 LSTM 一次也沒有。
#
# Three things to take home:
#
# 1. $c' = \tanh(z)\,\sigma(z_i)+c\,\sigma(z_f)$, $h' = \tanh(c')\,\sigma(z_o)$: a gate each to write, to keep and to read; every step can be
#    done by hand and agrees with Keras.
# 2. On the direct road along the memory the error is multiplied by the forget gate alone. It gets far by addition and an open gate, not
#    by ReLU. While the gate is open gradients do not vanish; exploding is not cured, and they must still be clipped.
# 3. The name LSTM alone does not make a memory long. On this task LSTM and GRU learned every time when their starting biases were right;
#    started as Keras does, the LSTM never did at forty steps or more.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>和原課程比 · Compared with the original course</summary>
#
# - 投影片把梯度消失的解藥說成 ReLU。步驟 3 量過：換成 ReLU，遺忘閘半關著，梯度一樣消失。
# - 投影片說誤差可以維持一千步以上。那要遺忘閘幾乎全開；Keras 的起始值離那裡很遠。
# - 投影片說 RNN 可能說出「小波站在拉拉站在迪西」。步驟 6 數過：只看一個詞的網路才會一直犯，訓練好的 RNN 與 LSTM 幾乎不犯。
#
# - They give ReLU as the cure for vanishing gradients. Step 3 measured it: with ReLU and a half-shut forget gate, gradients
#   vanish all the same.
# - They say errors stay constant for more than a thousand steps. That takes a forget gate almost fully open; Keras starts far
#   from there.
# - They say an RNN may tell 小波站在拉拉站在迪西. Step 6 counted: a network that sees one word keeps doing so; a trained RNN
#   or LSTM hardly does.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 練習 · Lab
#
# [練習 09](../labs/lab09_lstm_gates.ipynb)「親手算 LSTM 的閘門」：寫出一步的 LSTM，再為自己的小機器挑權重。下一課（[10](10_rnn_mnist.ipynb)）把 LSTM 用在真的資料上：一列一列讀數字。
#
# [Lab 09](../labs/lab09_lstm_gates.ipynb), "LSTM gates by hand": write one step of an LSTM, then choose the weights of a little machine of your
# own. The next lesson ([10](10_rnn_mnist.ipynb)) puts an LSTM to work on real data: it reads digits row by row.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 參考資料 · References
#
# - S. Hochreiter, J. Schmidhuber, "Long short-term memory", *Neural Computation* 9 (1997)：LSTM 與 constant error · the LSTM
#   and its constant error.
# - F. A. Gers, J. Schmidhuber, F. Cummins, "Learning to forget: continual prediction with LSTM", *Neural Computation* 12
#   (2000)：遺忘閘 · the forget gate.
# - F. A. Gers, J. Schmidhuber, "Recurrent nets that time and count", IJCNN 2000：窺視孔 · peepholes.
# - K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation", EMNLP
#   2014：GRU.
# - R. Jozefowicz, W. Zaremba, I. Sutskever, "An empirical exploration of recurrent network architectures", ICML 2015：遺忘閘偏差值設為 1 · forget bias 1.
# - C. Tallec, Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018：偏差值與記憶長度 · biases and the length
#   of memory.
# - 李宏毅（Hung-yi Lee），臺灣大學機器學習課程：手算 LSTM 的例子由此發想 · NTU machine-learning lectures, which inspired the
#   machine worked by hand.

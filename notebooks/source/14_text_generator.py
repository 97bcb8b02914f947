# %% [markdown] slideshow={"slide_type": "slide"}
# # 14 文章產生器：一次一個字母 · A text generator: one letter at a time
#
# 🗺 字元 LSTM：每字元位元數、溫度、生成文字 · A character LSTM: bits per character, temperature, text
#
# 給網路看前文，請它猜下一個字母；猜出來的字母再當成前文，一直猜下去，就寫成了一篇文章。
#
# 上完這一課，你可以
# 1. 把一長串文字切成好幾條「河」同時讀，並把 LSTM 的狀態一輪一輪帶下去；
# 2. 分清楚損失、每字母位元數（bits per character）和困惑度（perplexity），並在沒看過的文字上正確算出來；
# 3. 用溫度（temperature）和 top-k 控制產生的文字，並和「只會數數」的模型公平比較。
#
# Show a network some text and let it guess the next letter. Take the guess as part of the text and guess again: it writes.
#
# After this lesson you can
# 1. read a long text as many streams at once, and carry the state of an LSTM from round to round;
# 2. tell loss, bits per character and perplexity apart, and compute them right, on text never seen;
# 3. steer what is written with temperature and top-k, and compare fairly with models that can only count.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | 英文維基百科 106 篇文章，整理成 27 種字母（CC BY-SA）；`full`：text8（M. Mahoney） · 106 articles of the English Wikipedia in 27 letters (CC BY-SA); `full`: text8 (M. Mahoney) |
# | 投影片 · Slides | Lab – LSTM_Gen.ipynb，步驟 1 到 6 · steps 1 to 6 |

# %% slideshow={"slide_type": "skip"}
import tempfile
import textwrap
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.models import charlm, devices
from utils.notebook import display, plots, profile

# %% slideshow={"slide_type": "skip"}
LETTERS_USED = profile.choose(smoke=120_000, lesson=None, full=None)  # of the text; None: all
TEST_SIZE = profile.choose(smoke=20_000, lesson=150_000, full=5_000_000)  # letters at the end, for the final measure
VALIDATION_SIZE = profile.choose(smoke=10_000, lesson=50_000, full=500_000)  # letters before them, for the curves
UNITS = profile.choose(smoke=32, lesson=192, full=512)
BATCH_SIZE = profile.choose(smoke=64, lesson=64, full=128)  # streams
UNROLL = profile.choose(smoke=32, lesson=32, full=100)  # letters of a round
TRAIN_LETTERS = profile.choose(smoke=100_000, lesson=5_200_000, full=380_000_000)  # letters read while training
CHECKPOINT = profile.choose(smoke=None, lesson=None, full=Path("../models/14_text_generator.npz"))  # to go on after a break
STRATEGY = devices.strategy() if profile.name() == "full" else None  # several GPUs share the streams
profile.seed(14)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：字母與編號 · Step 1: Letters and ids
#
# 文字只有 27 種字母：空白是 0，a 到 z 是 1 到 26。數字寫成英文字，大寫變小寫，標點都變成空白（和 text8 一樣）。
#
# The text has 27 letters only: the space is 0, a to z are 1 to 26. Digits are spelled out, capitals are made small, punctuation
# becomes a space, as in text8.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print("abc xyz ->", charlm.encode("abc xyz").tolist())
print("[16, 0, 16] ->", repr(charlm.decode([16, 0, 16])))
try:
    charlm.encode("Hello!")
except ValueError as error:
    print("ValueError:", error)

# %% slideshow={"slide_type": "fragment"}
letters = datasets.load_letters()[:LETTERS_USED]
ids = charlm.encode(letters)
train_ids = ids[:-TEST_SIZE - VALIDATION_SIZE]
val_ids, test_ids = ids[-TEST_SIZE - VALIDATION_SIZE:-TEST_SIZE], ids[-TEST_SIZE:]
print(datasets.describe("letters"))
print(f"{len(ids):,} letters: {len(train_ids):,} to learn from, {len(val_ids):,} to watch, {len(test_ids):,} for the final measure")
print("begins:", letters[:70])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 原課程只留了 1,000 個字母當驗證資料，不到半頁。我們留最後 150,000 個，訓練時完全不看。
#
# 🤔 為什麼要留**最後**一段，而不是隨機抽 150,000 個字母？
#
# The original kept 1,000 letters for validation, less than half a page. We keep the last 150,000, never seen in training.
#
# 🤔 Why the **last** part, and not 150,000 letters at random?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：切成好幾條河 · Step 2: Cut the text into streams
#
# 一次只讀一個地方太慢。投影片的做法：把文字切成 `batch_size` 條河（stream），每條河各放一根手指，同時往下讀；每一輪（round）每根手指前進
# `unroll` 個字母。用投影片的例子：`abcde fghij klmno pqrst`，2 條河，每輪 3 個字母。答案就是往右移一格的字母。
#
# Reading one place at a time is slow. The slides cut the text into `batch_size` streams, put a finger on each, and read on with all
# of them; in each round every finger moves `unroll` letters. The example of the slides: `abcde fghij klmno pqrst`, 2 streams, 3
# letters a round. The answer to a letter is the next letter.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
example = "abcde fghij klmno pqrst"
inputs, answers = charlm.stream_batches(charlm.encode(example), batch_size=2, unroll=3)
print("rounds × streams × letters:", inputs.shape)
for number, (reads, must_answer) in enumerate(zip(inputs, answers, strict=True), start=1):
    for stream in range(2):
        print(f"round {number}, stream {stream}: reads {charlm.decode(reads[stream])!r}, "
              f"must answer {charlm.decode(must_answer[stream])!r}")

# %% slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(9.5, 1.9))
length = (len(example) - 1) // 2
for place, letter in enumerate(example):
    stream, step = divmod(place, length)
    number = step // 3
    used = stream < 2 and number < len(inputs)
    color = plots.COLORS[number] if used else "#dddddd"
    ax.add_patch(plt.Rectangle((place, 0), 0.94, 1, color=color, alpha=0.35 if used else 1, lw=0))
    ax.text(place + 0.47, 0.5, letter.replace(" ", "␣"), ha="center", va="center", fontsize=14,
            fontfamily="DejaVu Sans Mono")
for stream in range(2):
    ax.annotate(f"stream {stream}", (stream * length + 0.47, 1.02), (stream * length + 0.47, 1.55), ha="center",
                arrowprops={"arrowstyle": "->"})
for number in range(len(inputs)):
    ax.text(number * 3 + 1.5, -0.35, f"round {number + 1}", ha="center", color=plots.COLORS[number])
    ax.text(length + number * 3 + 1.5, -0.35, f"round {number + 1}", ha="center", color=plots.COLORS[number])
ax.set(xlim=(0, len(example)), ylim=(-0.6, 1.9))
ax.set_axis_off()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 每條河的第 2 輪，正好接在第 1 輪後面。所以 LSTM 讀完一輪，**狀態不歸零**，帶到下一輪（`stateful=True`）。梯度只在一輪裡往回傳，
# 但記憶可以走得更遠。
#
# 🤔 灰色的字母為什麼沒有被讀到？其中哪兩個還是當過答案？每條河裡，第 1 輪的答案和第 2 輪的輸入重複了哪一個字母？
#
# In each stream round 2 goes on exactly where round 1 stopped. So after a round the LSTM's **state is not set to zero** but carried
# on (`stateful=True`). Gradients go back within a round only, but memory reaches further.
#
# 🤔 Why are the grey letters never read? Which two of them are answers all the same? In each stream, which letter is both in the answers of
# round 1 and in the inputs of round 2?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：三把尺 · Step 3: Three rulers
#
# 模型給每個字母一個機率 $p$。真正出現的字母得到的機率越高越好。三個數字說的是同一件事：
#
# $$\text{loss} = -\frac1N\sum_{i}\ln p_i \ \text{(nats)}\qquad \text{bits} = \frac{\text{loss}}{\ln 2}\qquad
# \text{perplexity} = e^{\text{loss}} = 2^{\text{bits}}$$
#
# 困惑度的意思是：平均起來，像在幾個字母裡瞎猜？完全不懂是 27，完全猜中是 1。
#
# A model gives each letter a probability $p$; the higher for the letter that does come, the better. The three numbers above say
# the same thing. Perplexity means: on average, among how many letters is it guessing blindly? Knowing nothing gives 27, knowing
# everything gives 1.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
display.table([
    {"model": name, "loss (nats)": f"{loss:.2f}", "bits": f"{loss / np.log(2):.2f}", "perplexity": f"{np.exp(loss):.2f}"}
    for name, loss in {"all 27 letters equally likely": np.log(27), "always certain, always right": 0.0,
                       "loss of the original course": 1.36}.items()
])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最後一列：原課程的訓練損失是 1.36，困惑度就該是 3.9。它卻印出 5.5 到 7.2：計算困惑度的函式把時間軸當成批次，同一段文字還算了兩次。
#
# 🤔 如果兩個數字互相矛盾，你會先相信哪一個？怎麼查？
#
# The last row: the original's training loss was 1.36, so its perplexity is 3.9. It printed 5.5 to 7.2, for its function took the axis
# of time for the batch and counted the text twice.
#
# 🤔 When two numbers contradict each other, which do you believe first, and how do you find out?

# %% slideshow={"slide_type": "fragment"}
display.source(charlm.bits_per_character)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：只會數數的基準線 · Step 4: Baselines that only count
#
# n-gram 模型不訓練，只數：在訓練文字裡，`th` 後面接 `e` 有幾次？它一律混入短一點的前文：前文見得愈少，混得愈多（Witten–Bell 內插）。
#
# An n-gram model does not train, it counts: in the training text, how often does `e` follow `th`? Shorter contexts are
# always mixed in, the more so the less often a context was seen (Witten–Bell interpolation).

# %% slideshow={"slide_type": "fragment"}
bits = {"27 letters, all alike": np.log2(27)}
for order, name in ((1, "counting letters (1-gram)"), (2, "counting pairs (2-gram)"), (5, "counting 5-grams")):
    bits[name] = charlm.NgramModel(order, train_ids).bits_per_character(test_ids)
    print(f"{name}: {bits[name]:.3f} bits, perplexity {charlm.perplexity(bits[name]):.1f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 從 2-gram 到 5-gram 進步很多。為什麼不數 10-gram？（算算看 $27^{10}$，再看看訓練文字有多長。）
#
# 🤔 5-grams are much better than pairs. Why not count 10-grams? (Work out $27^{10}$, then look at the length of the text.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：建立模型 · Step 5: Build the model
#
# 三層：字母 → 32 維向量 → LSTM → 27 個分數（logits）。`stateful=True` 讓狀態留著。
#
# Three layers: letter → vector of 32 → LSTM → 27 scores (logits). `stateful=True` keeps the state.

# %% slideshow={"slide_type": "fragment"}
display.source(charlm.build_model)


# %% [markdown] slideshow={"slide_type": "subslide"}
# 兩種訓練方法，讀一樣多的字母：
# - **原課程**：LSTM 128，64 條河，每輪 10 個字母，Adagrad、學習率 0.9，梯度裁到 1.25；
# - **我們**：LSTM 192，每輪 32 個字母，Adam，學習率先暖身、再沿著餘弦降下來。
#
# 訓練時每隔一段就請它寫一行。第一行出現時，空白和短字它早就會了；看長字怎麼愈來愈像英文。
#
# Two ways to train, on the same number of letters:
# - **the original**: LSTM 128, 64 streams, rounds of 10 letters, Adagrad at 0.9, gradients clipped to 1.25;
# - **ours**: LSTM 192, rounds of 32 letters, Adam, its rate warmed up and then brought down along a cosine.
#
# Every so often it is asked to write a line. By the first line it already has spaces and short words; watch the long words become
# more like English.


# %% slideshow={"slide_type": "fragment"}
def train(name, model, optimizer, unroll, checkpoint=None):
    """Train for TRAIN_LETTERS letters, write a line from time to time, and keep the curve."""
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    steps = rounds(model, unroll)
    curve = []
    for done in charlm.train(model, train_ids, unroll=unroll, steps=steps, report_every=-(-steps // 6), checkpoint=checkpoint,
                             strategy=STRATEGY):
        curve.append((done.letters, charlm.bits_per_character(model, val_ids)))
        sample = charlm.generate(model, " ", 60, seed=3)
        print(f"{done.letters / 1e6:5.1f} million letters, {done.seconds:4.0f} s, {curve[-1][1]:.2f} bits |{sample}")
        seconds[name] = done.seconds
    curves[name] = np.array(curve)
    bits[name] = charlm.bits_per_character(model, test_ids)


def rounds(model, unroll):
    """Return how many rounds make TRAIN_LETTERS letters."""
    return TRAIN_LETTERS // (model.input_shape[0] * unroll)


curves, seconds = {}, {}

# %% slideshow={"slide_type": "subslide"}
as_in_the_original = charlm.build_model(128, batch_size=64)
train("LSTM 128, Adagrad 0.9 (original)", as_in_the_original, keras.optimizers.Adagrad(0.9, global_clipnorm=1.25), unroll=10)

# %% slideshow={"slide_type": "fragment"}
model = charlm.build_model(UNITS, BATCH_SIZE)
warmup = max(1, rounds(model, UNROLL) // 20)
rate = keras.optimizers.schedules.CosineDecay(3e-4, rounds(model, UNROLL) - warmup, alpha=0.02, warmup_target=6e-3, warmup_steps=warmup)
ours = f"LSTM {UNITS}, Adam (ours)"
train(ours, model, keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0), UNROLL, CHECKPOINT)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第一行裡找得到哪些真正的英文字？最後一行呢？不是英文卻「像」英文的字，是哪裡像？
#
# 🤔 Which real English words are in the first line, and which in the last? What makes the words that are not English look like it?

# %% slideshow={"slide_type": "subslide"} tags=["thumbnail"]
figure, ax = plt.subplots(figsize=(7.5, 3.8))
for (name, curve), color in zip(curves.items(), (plots.COLORS[2], plots.COLORS[1]), strict=True):
    ax.plot(curve[:, 0] / 1e6, curve[:, 1], "o-", color=color, label=name, markersize=4)
ax.axhline(bits["counting 5-grams"], color="#777777", linestyle="--", label="counting 5-grams (on the test letters)")
ax.set(xlabel="million letters read", ylabel="bits per character, validation")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：在沒看過的文字上打分數 · Step 6: Score on text never seen
#
# 每個字母只算一次，算在最後那一段沒看過的文字上。
#
# Every letter counted once, on the last part of the text, never seen before.

# %% slideshow={"slide_type": "fragment"}
display.table([
    {"model": name, "bits per character": f"{value:.3f}", "perplexity": f"{charlm.perplexity(value):.2f}",
     "loss (nats)": f"{value * np.log(2):.3f}", "seconds of training": f"{seconds[name]:.0f}" if name in seconds else "–"}
    for name, value in bits.items()
], caption=f"on {len(test_ids):,} letters never seen")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只會數數的 5-gram 很難贏：原課程的 LSTM 輸給它，我們的也只贏一點點。但它只看前面 4 個字母，再多就數不了了；LSTM 的記憶沒有固定的邊界，而且字與字之間可以共用學到的東西。
#
# 🤔 0.1 個位元聽起來很少。一百萬個字母的文章，可以少存幾個位元組？
#
# Counting is hard to beat: the original's LSTM loses to the 5-grams, and ours wins by a little only. But a 5-gram looks at 4 letters
# before and can hardly count more; the LSTM's memory has no fixed border, and what it learns of one word serves others too.
#
# 🤔 A tenth of a bit sounds small. For a text of a million letters, how many bytes does it save?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：產生文字 · Step 7: Generate
#
# 讀完開頭，從 27 個機率裡抽一個字母，把它餵回去，再抽下一個。投影片從 `p` 開始寫 1,000 個字母。
#
# Read the beginning, draw a letter from the 27 probabilities, feed it back, draw the next. The slides write 1,000 letters from `p`.

# %% slideshow={"slide_type": "fragment"}
print(textwrap.fill(charlm.generate(model, "p", 1000, temperature=0.8, seed=1), 100))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 從一個字開始（原課程用 `petter`；換成你的）：
#
# From a word (the original used `petter`; take your own):

# %% slideshow={"slide_type": "fragment"}
print(textwrap.fill(charlm.generate(model, "petter ", 1000, temperature=0.8, seed=2), 100))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 溫度與 top-k · Temperature and top-k
#
# 溫度 $T$ 把分數除以 $T$ 再算機率：$p_i \propto e^{z_i/T}$。$T<1$ 保守，$T>1$ 大膽。top-k 只留最可能的 k 個。原課程兩樣都沒有。
#
# Temperature $T$ divides the scores before they become probabilities: below 1 careful, above 1 daring. top-k keeps the k likeliest
# letters only. The original had neither.

# %% slideshow={"slide_type": "fragment"}
reader = charlm.rebatch(model, 1)
scores = np.asarray(reader.predict_on_batch(charlm.encode("the univers")[None]))[0, -1]
settings = {"temperature 0.5": {"temperature": 0.5}, "temperature 1": {}, "temperature 2": {"temperature": 2.0},
            "temperature 2, top-k 3": {"temperature": 2.0, "top_k": 3}}
figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), sharey=True)
for ax, (name, options) in zip(axes, settings.items(), strict=True):
    ax.bar(list(charlm.ALPHABET.replace(" ", "␣")), charlm.next_letter_probabilities(scores, **options), color=plots.COLORS[0])
    ax.set_title(name, fontsize=11)
    ax.tick_params(axis="x", labelsize=7, length=0)
axes[0].set_ylabel('p(next | "the univers")')
plt.show()

# %% slideshow={"slide_type": "fragment"}
for name, options in ({"temperature 0 (always the likeliest)": {"temperature": 0}} | settings).items():
    print(f"{name}\n   {charlm.generate(model, 'the ', 95, seed=5, **options)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 溫度 0 寫出了什麼？為什麼「永遠選最可能的」反而不像人寫的？
#
# 🤔 What does temperature 0 write? Why does "always the likeliest" look less like a human being?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 產生器記得自己寫到哪裡 · The generator remembers where it is
#
# `Generator` 把狀態留在網路裡：先寫 50 個字母，再寫 50 個，等於一次寫 100 個。種子一樣，寫出來的就一樣。
#
# A `Generator` keeps its state in the network: 50 letters and then 50 more are the same as 100 at once. The same seed writes the
# same text.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
writer = charlm.Generator(model, "p", seed=6)
print("50 + 50 = 100:", "p" + writer.write(50) + writer.write(50) == charlm.generate(model, "p", 101, seed=6))
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "letters.keras")
    charlm.save(model, path)
    loaded = charlm.load(path)
    print("the same after loading:", charlm.generate(loaded, "p", 101, seed=6) == charlm.generate(model, "p", 101, seed=6))
    charlm.build_model(8, batch_size=1).save(path)
    try:
        charlm.load(path)
    except ValueError as error:
        print("ValueError:", str(error).split("letters.keras ")[1])

# %% slideshow={"slide_type": "skip"}
hint = "restart and run all; if the machine was busy, nothing but the time changes"
profile.expect("bits per character on unseen letters", bits[ours], at_most=profile.choose(smoke=4.2, lesson=2.05, full=1.75), hint=hint)
profile.expect("bits that the LSTM saves compared with 5-grams", bits["counting 5-grams"] - bits[ours],
               at_least=profile.choose(smoke=-2.0, lesson=0.005, full=0.2), hint=hint)
profile.expect("bits that ours saves compared with the original's training", bits["LSTM 128, Adagrad 0.9 (original)"] - bits[ours],
               at_least=profile.choose(smoke=-1.0, lesson=0.02, full=0.0), hint=hint)
profile.expect("letters never seen that were scored", len(test_ids), at_least=profile.choose(smoke=20_000, lesson=100_000, full=5_000_000))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 一長串文字切成很多條河一起讀；狀態跟著河走，不歸零。<br>A long text is read as many streams at once; the state goes along with the stream and is not set to zero.
# - 損失、位元數、困惑度是同一件事的三種寫法；要算在夠長、沒看過的文字上，每個字母一次。<br>Loss, bits and perplexity are three ways to write one thing; measure it on enough unseen text, every letter once.
# - 先替「只會數數」的模型打分數；溫度和 top-k 改變的是抽樣，不是模型。<br>Let models that only count go first; temperature and top-k change the drawing, not the model.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 只用 1,000 個字母驗證；計算困惑度的函式把時間軸當成批次，文字錯開一格算了兩次。<br>It validated on 1,000 letters; its perplexity function took the time axis for the batch and counted the text twice, shifted by one.
# - 印出的「訓練困惑度」5.5 到 7.2，和損失 1.36（困惑度 3.9）互相矛盾。<br>The "training perplexity" that it printed, 5.5 to 7.2, contradicts its loss of 1.36, which is a perplexity of 3.9.
# - 權重的起始平均是 −0.1；沒有溫度，沒有 top-k，也沒有基準線。<br>Its weights began with a mean of −0.1; it had no temperature, no top-k and no baselines.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# 練習 10「溫度與 top-k 抽樣」：親手寫抽樣函式，讓模型寫得不無聊也不胡說。
#
# Lab 10, temperature and top-k sampling: write the sampling yourself, and make the model neither boring nor mad.
#
# ## 參考資料 · References
#
# - A. Karpathy, [The Unreasonable Effectiveness of Recurrent Neural Networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015
# - M. Mahoney, [About the Test Data](http://mattmahoney.net/dc/textdata.html)（text8）
# - I. H. Witten, T. C. Bell, [The zero-frequency problem](https://doi.org/10.1109/18.87000), *IEEE Trans. Information Theory* 37, 1991
# - T. Cooijmans et al., [Recurrent Batch Normalization](https://arxiv.org/abs/1603.09025), 2017（text8 上更大的 LSTM：1.43 位元 · a larger LSTM on text8: 1.43 bits）
# - C. E. Shannon, [Prediction and Entropy of Printed English](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x), 1951（人猜英文字母 · people guessing letters）

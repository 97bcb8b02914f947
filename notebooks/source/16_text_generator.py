# %% [markdown] slideshow={"slide_type": "slide"}
# # 16 文章產生器：一次一個字母 · A text generator: one letter at a time
#
# 🗺 字元 LSTM：每字母位元數、溫度、生成文字 · A character LSTM: bits per character, temperature, text
#
# 給網路看前文，請它猜下一個字母；猜出來的字母再當成前文，一直猜下去，就寫成了一篇文章。
#
# 上完這一課，你可以
# 1. 把一長串文字切成好幾段（stream）同時讀，並把 LSTM 的狀態一輪一輪帶下去；
# 2. 分清楚損失、每字母位元數（bits per character）和困惑度（perplexity），並在沒看過的文字上正確算出來；
# 3. 親手寫出訓練和產生文字的迴圈，換上自己的文字（中文也行），用溫度（temperature）、top-k、top-p 控制它，並和「只會數數」的模型公平比較。
#
# Show a network some text and let it guess the next letter. Take the guess as part of the text and guess again: it writes.
#
# After this lesson you can
# 1. read a long text as many streams at once, and carry the state of an LSTM from round to round;
# 2. tell loss, bits per character and perplexity apart, and compute them right, on text never seen;
# 3. write the loops that train and that write, for a text of your own in any language, steer them with temperature, top-k and top-p, and
#    compare fairly with models that can only count.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [05](05_backpropagation.ipynb) 的訓練迴圈與 Adam、[09](09_lstm.ipynb) 的 LSTM 與狀態、[04](04_hello_tensorflow.ipynb) 的交叉熵；`reshape`（[01](01_numpy.ipynb)）· the training loop and Adam of [05](05_backpropagation.ipynb), the LSTM and its state ([09](09_lstm.ipynb)), cross-entropy ([04](04_hello_tensorflow.ipynb)); `reshape` ([01](01_numpy.ipynb)) |
# | 學習時間 · Study time | 約 75 分鐘，含空格和問題 · about 75 minutes, with gaps and questions |
# | 資料 · Data | 英文維基百科 106 篇文章，整理成 27 種字母（CC BY-SA）；《三國演義》前 20 回（公有領域）；`full`：text8（M. Mahoney） · 106 articles of the English Wikipedia in 27 letters (CC BY-SA); the first 20 chapters of the novel 三國演義 (public domain); `full`: text8 (M. Mahoney) |
# | 投影片 · Slides | Lab – LSTM_Gen.ipynb，步驟 1 到 6 · steps 1 to 6 |

# %% slideshow={"slide_type": "skip"}
import random
import re
import tempfile
import textwrap
from collections import Counter, defaultdict
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.models import charlm, devices, evaluation
from utils.notebook import checks, display, plots, profile
from utils.text import chinese

# %% slideshow={"slide_type": "skip"}
LETTERS_USED = profile.choose(smoke=120_000, lesson=None, full=None)  # of the text; None: all
TEST_SIZE = profile.choose(smoke=20_000, lesson=150_000, full=5_000_000)  # letters at the end, for the final measure
VALIDATION_SIZE = profile.choose(smoke=10_000, lesson=50_000, full=500_000)  # letters before them, for the curves
UNITS = profile.choose(smoke=32, lesson=192, full=512)
BATCH_SIZE = profile.choose(smoke=64, lesson=64, full=128)  # streams
UNROLL = profile.choose(smoke=32, lesson=32, full=100)  # letters of a round
TRAIN_LETTERS = profile.choose(smoke=100_000, lesson=5_200_000, full=380_000_000)  # letters read while training
ROUNDS_BY_HAND = profile.choose(smoke=20, lesson=100, full=100)  # before the fast way takes over
OWN_UNITS, OWN_ROUNDS = profile.choose(smoke=(8, 8), lesson=(128, 200), full=(256, 4000))  # a text of your own, step 8
ORDERS = range(1, 9)  # lengths of the runs of letters that are counted
CHECKPOINT = profile.choose(smoke=None, lesson=None, full=Path("../models/16_text_generator.npz"))  # to go on after a break
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
print(f"{len(ids):,} letters: {len(train_ids):,} to learn from, {len(val_ids):,} to watch, {len(test_ids):,} for the end")
print("begins:", letters[:70])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最後 150,000 個字母是測試資料，到步驟 6 才打開一次；它們前面的 50,000 個是驗證資料，選擇都靠它。
#
# 🤔 為什麼要留**最後**一段，而不是隨機抽 150,000 個字母？
#
# The last 150,000 letters are for the test, opened once, in step 6; the 50,000 before them are for validation, and all choices are
# made on these.
#
# 🤔 Why the **last** part, and not 150,000 letters at random?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為字母不是一個一個獨立的：隨機抽走的字母，前後鄰居都還在訓練資料裡，等於考前看過題目。LSTM 要連續的文字才讀得下去，抽掉的地方會留下洞；同一篇文章的人名也早就學過了。整段留在最後，才是真的沒看過。覺得「隨機分才公平」的人想的是照片：每張照片互相獨立，文字不是。最後一段也不完美：150,000 個字母只來自三篇文章，其中一篇的開頭還落在驗證資料裡。
#
# Because letters do not stand alone: of a letter taken out at random, all neighbours stay in the training text, as if the exam had been
# seen before.
# An LSTM must read running text, and what is taken out leaves holes; the names of the same article would be known, too. A whole part at
# the end is text that was really never seen.
# Who thinks "random is fair" thinks of photos: these are independent of one another, letters are not. The last part is not perfect
# either: the 150,000 letters come from three articles only, and the beginning of one lies in the validation text.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：切成好幾段，同時往下讀 · Step 2: Cut the text into streams
#
# 一次只讀一個地方太慢。投影片的做法：把文字切成 `batch_size` 段（stream），每段同時往下讀；每一輪（round）每段前進
# `unroll` 個字母。用投影片的例子：`abcde fghij klmno pqrst`，2 段，每輪 3 個字母。每個字母的答案，就是它的下一個字母。
#
# Reading one place at a time is slow. The slides cut the text into `batch_size` streams and read on in all
# of them at once; in each round every stream moves on by `unroll` letters. The example of the slides: `abcde fghij klmno pqrst`, 2 streams, 3
# letters a round. The answer to a letter is the next letter.
#
# ✏️ 先切成段：寫出 `reads` 和 `answers`，形狀都是（段數，每段長度）。`reads` 的一列是**連續**的一段文字；`answers` 同一個位置放的是它的下一個字母。例如 23 個編號切成 2 段，每段 11 個：`reads` 第 0 列是 0 到 10，`answers` 第 0 列是 1 到 11。
#
# ✏️ First the streams: write `reads` and `answers`, both of shape (streams, letters of a stream). A row of `reads` is a piece of **running**
# text; the same place of `answers` holds the letter after it. For instance, 23 ids in 2 streams are 11 each: row 0 of `reads` is 0 to 10, row 0 of
# `answers` is 1 to 11.

# %% gap="streams" slideshow={"slide_type": "fragment"}
def streams_of(ids, number):
    """Cut ids into `number` streams; return what they read and what they must answer, each (number, letters of a stream)."""
    length = (len(ids) - 1) // number  # the last letter of the text has no answer
    ### BEGIN SOLUTION
    reads = ids[:number * length].reshape(number, length)
    answers = ids[1:number * length + 1].reshape(number, length)
    ### END SOLUTION
    return reads, answers

# %% slideshow={"slide_type": "fragment"} tags=["check"]
reads, answers = (np.asarray(part) for part in streams_of(np.arange(23), 2))
checks.that(reads.shape == answers.shape == (2, 11), "兩段，每段 11 個。 Two streams of 11.",
            "形狀應該是（段數，每段長度）：一列是一段，不是一欄。 "
            "The shape is (streams, letters of a stream): a stream is a row, not a column.")
checks.close(reads, [range(11), range(11, 22)], "每一段是連續的文字。 Each stream is running text.",
             "一列裡的編號應該一個接一個；先轉置，會把文字拆散。從文字的第一個字母開始切。 "
             "The ids of a row follow one another; a transpose tears the text apart. Begin with the first letter of the text.")
checks.that(not np.array_equal(answers, reads), "答案和讀的不一樣。 The answers differ from what is read.",
            "答案是**下一個**字母，不是同一個：要錯開一格。 The answer is the **next** letter, not the same one: shift by one.")
checks.close(answers, [range(1, 12), range(12, 23)], "答案是下一個字母，段與段的接縫也對。 Each answer is the next letter, at the seam of two streams as well.",
             "往後錯開一格，再切；先切再在列裡轉圈（roll），每段最後一個答案會錯。 "
             "Shift forward by one, then cut; to roll within a row gets the last answer of each stream wrong.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `charlm.stream_batches` 就這樣切，再把每段切成一輪一輪：
#
# `charlm.stream_batches` cuts just so, and then cuts the streams into rounds:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
example = "abcde fghij klmno pqrst"
inputs, answers = charlm.stream_batches(charlm.encode(example), batch_size=2, unroll=3)
print("rounds × streams × letters:", inputs.shape)
for number, (reads, must_answer) in enumerate(zip(inputs, answers, strict=True), start=1):
    for stream in range(2):
        print(f"round {number}, stream {stream}: reads {charlm.decode(reads[stream])!r}, "
              f"must answer {charlm.decode(must_answer[stream])!r}")

# %% alt={"zh": "二十幾個字母排成一條，從中間分成兩段；每段再三個一組，塗成三種顏色，代表三輪。段尾剩下的字母是灰的，用不到。", "en": "Some twenty letters in a line, cut in the middle into two streams; each is coloured in threes, for three rounds. Letters left over at the end of a stream are grey and unused."} slideshow={"slide_type": "fragment"}
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
# 每一段的第 2 輪，正好接在第 1 輪後面。所以 LSTM 讀完一輪，**狀態不歸零**，帶到下一輪（`stateful=True`）。梯度只在一輪裡往回走，但記憶可以走得更遠。
#
# 🤔 灰色的字母為什麼沒有被讀到？其中哪兩個還是當過答案？每一段裡，第 1 輪的答案和第 2 輪的輸入重複了哪一個字母？
#
# In each stream round 2 goes on exactly where round 1 stopped. So after a round the LSTM's **state is not set to zero** but carried
# on (`stateful=True`). Gradients go back within a round only, but memory reaches further.
#
# 🤔 Why are the grey letters never read? Which two of them are answers all the same? In each stream, which letter is both in the answers of
# round 1 and in the inputs of round 2?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 文字有 23 個字母，每段 11 個；一輪 3 個，三輪用掉 9 個，剩下 2 個不夠再一輪，所以 `i`、`j` 和 `r`、`s` 沒有被讀到。最後的 `t` 不屬於任何一段：它後面沒有字母，只能當答案。
# 2. `i` 和 `r` 當過答案，因為答案比輸入多看一個字母。
# 3. 第 0 段是 `d`，第 1 段是 `m`：它是第 1 輪的最後一個答案，也是第 2 輪的第一個輸入。容易猜錯的是「答案也讀過了」。答案只用來算損失，要到下一輪才被讀進去。
#
# 1. The text has 23 letters, 11 for each stream. Three rounds of 3 use 9 of them; the 2 left fill no round, so `i`, `j` and `r`, `s`
# are not read. The last letter, `t`, belongs to no stream: nothing follows it, so it could only be an answer.
# 2. `i` and `r` are answers, since the answers see one letter further than the inputs.
# 3. `d` in stream 0, `m` in stream 1: the last answer of round 1 and the first input of round 2.
# The usual wrong guess: "the answers have been read as well". An answer only serves to compute the loss; it is read in the next round.
#
# </details>


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：三把尺 · Step 3: Three rulers
#
# 模型給每個字母一個機率 $p$。真正出現的字母得到的機率越高越好。三個數字說的是同一件事：
#
# $$\text{loss} = -\frac1N\sum_{i}\ln p_i \ \text{(nats)}\qquad \text{bits} = \frac{\text{loss}}{\ln 2}\qquad
# \text{perplexity} = e^{\text{loss}} = 2^{\text{bits}}$$
#
# nat 和 bit 是同一種量的兩個單位，差一個 $\ln 2$，就像公分和英吋。困惑度的意思是：平均起來，像在幾個字母裡瞎猜？完全不懂是 27，完全猜中是 1。
#
# A model gives each letter a probability $p$; the higher for the letter that does come, the better. Three numbers say the same thing:
#
# Nats and bits are two units of one quantity, a factor of $\ln 2$ apart, as centimetres and inches are. Perplexity means: on average, among how many letters is it guessing blindly? Knowing nothing gives 27, knowing
# everything gives 1.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出每字母位元數和困惑度。`p` 是每個真正出現的字母得到的機率；先取對數，**再**平均。
#
# ✏️ Write bits per character and perplexity. `p` holds the probability that each letter got which did come; take the logarithm first, the mean
# **after**.

# %% gap="bits" slideshow={"slide_type": "fragment"}
def bits_and_perplexity(p):
    """From the probabilities of the letters that did come, return bits per character and perplexity."""
    p = np.asarray(p, dtype=float)
    ### BEGIN SOLUTION
    bits = -np.log2(p).mean()
    perplexity = 2 ** bits
    ### END SOLUTION
    return bits, perplexity

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = np.array(bits_and_perplexity([1 / 2, 1 / 8]), dtype=float)
checks.that(found[0] > 0, "位元數是正的。 Bits are positive.",
            "機率小於 1，對數是負的：前面要有負號。 Probabilities are below 1 and their logarithms negative: a minus sign is missing.")
checks.that(abs(found[0] - 2 * np.log(2)) > 1e-6, "單位是 bit。 The unit is the bit.",
            "自然對數算出來的是 nat；bit 用以 2 為底的對數。 The natural logarithm gives nats; bits take the logarithm to base 2.")
checks.close(found[0], 2.0, "1/2 是 1 個位元，1/8 是 3 個，平均 2 個。 A half is 1 bit, an eighth 3, their mean 2.",
             "一個一個取對數，再平均；先平均機率再取對數，會太樂觀。 "
             "Take the logarithm of each, then the mean; the logarithm of the mean probability is too hopeful.")
checks.close(found[1], 4.0, "困惑度是 4：像在 4 個字母裡瞎猜。 The perplexity is 4: as if guessing among 4 letters.",
             "困惑度是 2 的（位元數）次方；底數要和對數的底一樣。 Perplexity is 2 to the power of the bits; the base is that of the logarithm.")
checks.close(bits_and_perplexity([1 / 27] * 5), [np.log2(27), 27], "完全不懂：27。 Knowing nothing: 27.",
             "27 個字母一樣可能時，困惑度一定是 27。 With 27 letters equally likely, the perplexity is 27.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
display.table([
    {"model": name, "loss (nats)": f"{loss:.2f}", "bits": f"{loss / np.log(2):.2f}", "perplexity": f"{np.exp(loss):.2f}"}
    for name, loss in {"all 27 letters equally likely": np.log(27), "always certain, always right": 0.0,
                       "a loss of 1.36": 1.36}.items()
])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最後一列：損失 1.36，困惑度就該是 3.9。有一個程式在損失 1.36 旁邊印出困惑度 5.5。
#
# 🤔 兩個數字看起來互相矛盾，你會先相信哪一個？怎麼查？
#
# The last row: a loss of 1.36 is a perplexity of 3.9. A program printed a perplexity of 5.5 beside a loss of 1.36.
#
# 🤔 Two numbers seem to contradict each other: which do you believe first, and how do you find out?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩個都先不信，拿一個答案已知的例子去試：27 個字母機率一樣時，困惑度一定是 27；永遠猜對時，一定是 1。兩個函式都通過，就再問：**量的是不是同樣的字母，前面是不是讀了一樣多？** 原課程正是這裡不同：損失是一整個週期的平均，狀態一路接下去，$e^{1.36}=3.90$；困惑度卻只取 64 小段、每段 10 個字母，而且每段都把狀態歸零，開頭幾個字母前面幾乎沒有東西可看，當然難猜。5.5 是另一個量。容易猜錯的是「公式相連，所以一定有一個算錯」。公式只連得起**同樣的**字母、同樣的前文上的損失和困惑度。
#
# Neither at first: try both on a case whose answer is known. With all 27 letters equally likely the perplexity must be 27; always
# right, it must be 1.
# If both pass, ask next: **are they about the same letters, with as much read before them?** That is where the original course differed. Its loss is the mean of
# a whole epoch, the state carried on, $e^{1.36}=3.90$. Its perplexity took 64 short runs of 10 letters and set the state to zero before each, so that the first letters had hardly
# anything before them and were hard to guess. 5.5 is another quantity.
# The usual wrong guess: "a formula links them, so one of them is miscomputed". The formula links loss and perplexity of the **same** letters after the same text only.
#
# </details>


# %% [markdown] slideshow={"slide_type": "fragment"}
# `charlm.letter_bits` 替網路做這件事：每一段從頭讀到尾，一次讀 256 個字母；每個字母取出它得到的機率，算 $-\log_2 p$，先不平均，後面才能一段一段比。量完把狀態放回去，訓練不受影響。
#
# `charlm.letter_bits` does this for a network: it reads each stream from end to end, 256 letters at a time, takes the probability that each letter got, and gives $-\log_2 p$, without the mean as
# yet, so that streams can be compared later. Afterwards the state is put back, and training is not disturbed.

# %% slideshow={"slide_type": "fragment"}
display.source(charlm.letter_bits)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：只會數數的基準線 · Step 4: Baselines that only count
#
# n-gram 模型不訓練，只數：在訓練文字裡，`th` 後面接什麼？各有幾次？次數除以總數，就是機率。
#
# An n-gram model does not train, it counts: in the training text, what comes after `th`, and how often? A count divided by their sum
# is a probability.

# %% slideshow={"slide_type": "fragment"}
after = Counter(re.findall("(?<=th).", charlm.decode(train_ids)))  # every letter with th before it
print({letter: f"{count / after.total():.1%}" for letter, count in after.most_common(8)})

# %% [markdown] slideshow={"slide_type": "fragment"}
# `th` 看兩個字母，連同下一個共 3 個，叫 3-gram。看得長一點，猜得準一點，可是沒見過的前文也多一點。所以每一個長度都混入短一點的：前文見得越少，混得越多。只記真的出現過的，數到 8 個字母也裝得下。
#
# `th` looks at two letters; with the next one that makes 3, a 3-gram. Looking further back guesses better, but more contexts were never
# seen. So every length mixes in the shorter ones, the more so the less often its context was seen. Only runs of letters that do
# occur are stored, so that even runs of 8 fit into memory.
#
# <details><summary>選讀：混多少？ · Optional: how much is mixed in?</summary>
#
# $$p(c \mid \text{前文}) = \frac{n(\text{前文}\,c) + d\; p(c \mid \text{短一點的前文})}{n(\text{前文}) + d}$$
#
# $n$ 是出現次數，$d$ 是這個前文後面見過幾**種**字母（Witten–Bell 內插）。$d$ 就像幾次「假想的出現」，由短前文分配。
#
# In the formula above, $n$ counts occurrences and $d$ how many *different* letters were seen after the context (Witten–Bell
# interpolation). It is as if there had been $d$ more occurrences, shared out by the shorter context.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
counts = charlm.NgramModel(ORDERS[-1], train_ids)
val_bits = {order: counts.bits_per_character(val_ids, order) for order in ORDERS}
train_text, val_text = charlm.decode(train_ids), charlm.decode(val_ids)


def share_seen(length, step=200):
    """The share of runs of so many letters of the validation text that stand in the training text, too."""
    places = range(0, len(val_text) - length, step)
    return np.mean([val_text[place:place + length] in train_text for place in places])


best = min(val_bits, key=val_bits.get)
print(f"best on the validation text: {best}-grams")
display.table([{"n": order, "letters before": order - 1, "bits, validation": f"{bits:.3f}",
                "such contexts that were seen in training": f"{share_seen(order - 1):.0%}" if order > 1 else "–"}
               for order, bits in val_bits.items()], caption="models that only count")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 從 2-gram 到 5-gram 進步很多，再長就幾乎不動，甚至變差。為什麼？（算算看 $27^8$，再看看訓練文字有多長。）
#
# 🤔 From pairs to 5-grams it gets much better; longer runs hardly help, or even harm. Why? (Work out $27^8$, then look at the length of
# the training text.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為前文越長，越多沒見過、或只見過一次；這時模型不是退回短前文，就是太相信那一次。$27^8$ 約 2,800 億，訓練文字只有 286 萬個字母，所以十萬種可能裡最多出現一種。上表：5 個字母的前文 99 % 見過，7 個字母的只剩 86 %。只見過一次的前文，後面那個字母就分到至少一半的機率，常常是錯的，所以太長反而變差。容易猜錯的是「記不下」。只記出現過的，數到 8 個字母一共也才兩百萬種左右；缺的不是記憶體，是文字。
#
# Because the longer the context, the more often it was never seen, or only once; then the model either falls back on a shorter one or
# trusts that one time too much.
# $27^8$ is about 280 thousand million, the training text has 2.86 million letters, so of a hundred thousand possible runs at most one
# can occur. As the table shows, 99 % of the contexts of 5 letters were seen, of 7 letters only 86 %. After a context that was seen
# once, the one letter that followed gets at least half of the probability, often wrongly, and so too long is worse.
# The usual wrong guess: "it does not fit into memory". Only what occurs is stored, some two million runs for all lengths up to 8; what
# is short is text, not memory.
#
# </details>


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：建立模型 · Step 5: Build the model
#
# 三層：字母 → 32 維向量（embedding）→ LSTM → 27 個分數（logits，還沒變成機率）。`stateful=True` 讓狀態留著。
#
# Three layers: letter → vector of 32 (embedding) → LSTM → 27 scores (logits, not yet probabilities). `stateful=True` keeps the state.

# %% slideshow={"slide_type": "fragment"}
display.source(charlm.build_model)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 訓練就是下面這幾行：一輪一輪讀，每讀一輪就修正一次權重，狀態留在網路裡帶到下一輪；讀到文字的盡頭才歸零，從頭再讀。
#
# ✏️ 寫出中間那一行：呼叫 `model.train_on_batch(讀的, 答案)`，給它**所有的段**、從 `place` 開始的 `UNROLL` 個字母。它往前算、往回算、修正權重，傳回損失。
#
# Training is no more than these lines: read round after round, correct the weights after each, and leave the state in the network
# for the next; it is set to zero only where the text ends and is read anew.
#
# ✏️ Write the line in the middle: call `model.train_on_batch(what is read, answers)` with `UNROLL` letters, from `place` on, of **all streams**.
# It goes forward, goes backward, corrects the weights and returns the loss.

# %% gap="round" slideshow={"slide_type": "fragment"}
def train_by_hand(model, ids, rounds, rate=3e-3):
    """Train on any text for so many rounds, and return the bits per character of each round. For the ids of any alphabet."""
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    reads, answers = streams_of(ids, model.input_shape[0])
    bits = []
    for number in range(rounds):
        place = number % (reads.shape[1] // UNROLL) * UNROLL
        if place == 0:  # the text begins anew
            charlm.set_state(model, None)
        ### BEGIN SOLUTION
        loss = model.train_on_batch(reads[:, place:place + UNROLL], answers[:, place:place + UNROLL])
        ### END SOLUTION
        bits.append(float(loss) / np.log(2))
        model.reset_metrics()  # or the next loss would be the mean of all so far
    return np.array(bits)

# %% slideshow={"slide_type": "fragment"} tags=["check"]
class Recorder:
    """Stands in for a network of two streams, and writes down what it is given."""

    input_shape, layers = (2, None), []

    def __init__(self):
        self.given = []

    def train_on_batch(self, reads, answers):
        self.given.append((np.array(reads), np.array(answers)))
        return np.log(2)

    def compile(self, *_):
        pass

    def reset_metrics(self):
        pass


recorder, some_ids = Recorder(), np.arange(6 * UNROLL + 1)  # two streams of three rounds
train_by_hand(recorder, some_ids, rounds=4)
checks.that(len(recorder.given) == 4, "每一輪修正一次。 One correction a round.",
            "每一輪要呼叫一次 model.train_on_batch。 Call model.train_on_batch once in each round.")
first, second, _, fourth = recorder.given
checks.that(first[0].shape == (2, UNROLL), "每一輪是所有的段、各 UNROLL 個字母。 A round is UNROLL letters of all streams.",
            "第一軸是段，要全部拿（:）；第二軸從 place 拿 UNROLL 個。 "
            "The first axis are the streams, take all of them (:); of the second take UNROLL, from place on.")
checks.that(np.array_equal(first[1], first[0] + 1), "讀的在前，答案在後。 First what is read, then the answers.",
            "順序是（讀的, 答案），答案是下一個字母；倒過來，網路學的是往回猜。 "
            "The order is (reads, answers), and an answer is the next letter; the other way round, the network learns to guess backward.")
checks.that(np.array_equal(second[0], first[0] + UNROLL), "第二輪接著第一輪。 Round 2 goes on where round 1 stopped.",
            "每一輪要往前走：從 place 開始，不是每次都從 0 開始。 Each round moves on: begin at place, not at 0 every time.")
checks.that(np.array_equal(fourth[0], first[0]), "讀完了從頭再讀。 At the end of the text it begins anew.",
            "三輪讀完，第四輪要回到開頭。 Three rounds are all there is; the fourth is at the beginning again.")

# %% slideshow={"slide_type": "fragment"}
sketch = charlm.build_model(UNITS, BATCH_SIZE)
quarters = np.split(train_by_hand(sketch, train_ids, ROUNDS_BY_HAND), 4)
for number, bits in enumerate(quarters, start=1):
    done = number * ROUNDS_BY_HAND // 4
    print(f"{done:3} rounds, {done * BATCH_SIZE * UNROLL:7,} letters: {bits.mean():.2f} bits")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `charlm.train` 做的事完全一樣，只是快一點，並且隔一段就停下來讓我們量一量。學習率先暖身（從小變大），再沿著餘弦降下來。
#
# 每次停下來就請它寫一行。第一行出現時，空白的位置它早就會了；看字怎麼越來越像英文。
#
# `charlm.train` does just the same, a little faster, and stops from time to time so that we can measure. The learning rate is warmed
# up (from small to large) and then brought down along a cosine.
#
# At each stop it is asked to write a line. By the first line it already has words of the right length; watch them become more
# like English.


# %% slideshow={"slide_type": "fragment"}
def rounds(letters, unroll):
    return letters // (BATCH_SIZE * unroll)


def warmed_up_adam(steps):
    warmup = max(1, steps // 20)
    rate = keras.optimizers.schedules.CosineDecay(3e-4, steps - warmup, alpha=0.02, warmup_target=6e-3, warmup_steps=warmup)
    return keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0)


def train(model, optimizer, letters, unroll=UNROLL, checkpoint=None):
    """Train for so many letters, write a line from time to time, and return the validation curve."""
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    curve, steps = [], rounds(letters, unroll)
    for done in charlm.train(model, train_ids, unroll=unroll, steps=steps, report_every=-(-steps // 6), checkpoint=checkpoint,
                             strategy=STRATEGY):
        curve.append((done.letters / 1e6, charlm.bits_per_character(model, val_ids)))
        sample = charlm.generate(model, " ", 60, seed=3)
        print(f"{curve[-1][0]:5.1f} million letters, {done.seconds:4.0f} s, {curve[-1][1]:.2f} bits |{sample}")
    return np.array(curve)


# %% slideshow={"slide_type": "subslide"}
model = charlm.build_model(UNITS, BATCH_SIZE)
curve = train(model, warmed_up_adam(rounds(TRAIN_LETTERS, UNROLL)), TRAIN_LETTERS, checkpoint=CHECKPOINT)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第一行裡找得到哪些真正的英文字？最後一行呢？不是英文卻「像」英文的字，是哪裡像？
#
# 🤔 Which real English words are in the first line, and which in the last? What makes the words that are not English look like it?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 第一行幾乎沒有真正的字（beplan、wasph、oceanated 都不是）；最後一行有 air、and、schools、while、term、or、the。不是英文的字像在哪裡？母音和子音輪流出現，長度像，字尾也像：-ated、-ern、-ies。猜「它先學會字，再學會拼法」的人剛好說反了：它一次看一個字母，先學會常見的字母組合，字是後來的事。
#
# The first line has hardly a real word (beplan, wasph and oceanated are none); the last has air, and, schools, while, term,
# or, the. What makes the others look English? Vowels and consonants take turns, the lengths fit, and so
# do the endings: -ated, -ern, -ies. Who guessed that it learns words first and spelling later has it the other way round:
# it sees one letter at a time, so common runs of letters come first and words later.
#
# </details>


# %% alt={"zh": "每個字母的位元數對讀過的字母數。LSTM 一路下降，越過數 4 個字母的線，最後碰到數 5 個的，但還在數 6 個的上面。", "en": "Bits per letter by letters read. The LSTM keeps falling, past the line of counting 4-grams and down to that of 5-grams, but stays above 6-grams."} slideshow={"slide_type": "subslide"} tags=["thumbnail"]
figure, ax = plt.subplots(figsize=(7.5, 3.8))
ax.plot(*curve.T, "o-", color=plots.COLORS[1], label=f"LSTM {UNITS}", markersize=4)
for order, color in ((4, "#bbbbbb"), (5, "#888888"), (best, plots.COLORS[0])):
    ax.axhline(val_bits[order], color=color, linestyle="--", label=f"counting {order}-grams")
ax.set(xlabel="million letters read", ylabel="bits per character, validation")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 多讀、加寬、換訓練法 · More letters, more width, another way to train
#
# 一次訓練說明不了什麼：換一個種子，數字就會動。下面每一列都用三個種子各訓練一次；這太花時間，所以事先量好存起來（`make seeds`），這裡只印結果：平均 ± 標準差。每一列和「一半的字母」只差一件事。「原課程的訓練法」是每輪 10 個字母、Adagrad、學習率 0.9、梯度裁到 1.25。
#
# One training says little: another seed, another number. Each line below was trained with three seeds. That takes too long here, so it was
# measured before and stored (`make seeds`); here it is printed, mean ± standard deviation. Each line differs from "half the letters" in
# one thing. "As the original course trained" is rounds of 10 letters, Adagrad at 0.9, gradients clipped to 1.25.

# %% slideshow={"slide_type": "fragment"}
if profile.measuring():  # too long for the lesson: trained by make seeds alone
    half = TRAIN_LETTERS // 2
    for what, units, optimizer, unroll in (
        ("half the letters", UNITS, warmed_up_adam(rounds(half, UNROLL)), UNROLL),
        ("half the letters, half the width", UNITS // 2, warmed_up_adam(rounds(half, UNROLL)), UNROLL),
        ("half the letters, as the original course trained", UNITS, keras.optimizers.Adagrad(0.9, global_clipnorm=1.25), 10),
    ):
        rival = charlm.build_model(units, BATCH_SIZE)
        train(rival, optimizer, half, unroll)
        profile.record(what, charlm.bits_per_character(rival, val_ids))
profile.record("as in this lesson", charlm.bits_per_character(model, val_ids))

stored = {what: profile.measured("text_generator", what) for what in (
    "as in this lesson", "half the letters", "half the letters, half the width", "half the letters, as the original course trained")}
display.table([{"LSTM": what, "bits, validation": f"{found.mean:.3f} ± {found.deviation:.3f}"} for what, found in stored.items()],
              caption=f"LSTM 192, 5.2 million letters; {stored['half the letters'].source}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 三個種子之間只差百分之幾個位元，三種改變的差距都比它大：加倍字母、加倍寬度、換訓練法，都有用。原課程的訓練法三次（2.08 到 2.09）都比我們的三次（2.02 到 2.05）差，但三次只夠說「比較差」，說不準差多少。
#
# Seeds differ by a few hundredths of a bit, and all three changes by more: twice the letters, twice the width and the way of training
# all help. All three runs as the original trained (2.08 to 2.09) are worse than all three of ours (2.02 to 2.05), but three are enough
# only to say "worse", not by exactly how much.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：在沒看過的文字上打分數 · Step 6: Score on text never seen
#
# 現在才打開測試文字，大家一起，只開這一次。每個模型都算**同一批**字母，每個字母一次。
#
# Only now is the test text opened, for all models together, this once. Every model is scored on the *same* letters, each letter once.

# %% slideshow={"slide_type": "fragment"}
lstm = charlm.letter_bits(model, test_ids)  # one row for each stream
scores = {"27 letters, all alike": np.full(lstm.shape, np.log2(27))}
for order in sorted({1, 2, 5, best}):
    p = counts.probabilities(test_ids, order)
    scores[f"counting {order}-grams"] = -np.log2(p[1:1 + lstm.size]).reshape(lstm.shape)
scores[f"LSTM {UNITS}"] = lstm
display.table([
    {"model": name, "bits per character": f"{bits.mean():.3f}", "perplexity": f"{charlm.perplexity(bits.mean()):.2f}",
     "loss (nats)": f"{bits.mean() * np.log(2):.3f}"} for name, bits in scores.items()
], caption=f"on the same {lstm.size:,} letters never seen")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 差距有多可靠？每一段各算一個差，再用自助法（bootstrap）重抽這些段，得到 95 % 的區間。LSTM 在每一段開頭都沒有前文，所以也量一次跳過開頭 100 個字母的。
#
# How sure is a gap? Take the difference in each stream, and draw streams again and again (bootstrap): that gives an interval of
# 95 %. At the start of each stream the LSTM has nothing before it, so the gap is also measured without the first 100 letters.

# %% slideshow={"slide_type": "fragment"}
for order in (5, best):
    rival = scores[f"counting {order}-grams"]
    for skipped in (0, 100):
        gap = evaluation.paired_difference(lstm[:, skipped:].mean(axis=1), rival[:, skipped:].mean(axis=1))
        print(f"LSTM minus {order}-grams, first {skipped:3} letters of each stream left out: {gap:+.3f} bits")
print(f"the LSTM holds {model.count_params():,} numbers; the {best}-grams hold {counts.size(best):,} counts")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 在這麼少的文字、這麼短的時間裡，**數數贏了**：6-gram 比 LSTM 少約 0.06 個位元，區間離 0 很遠，存起來的三個種子也都是 0.061 到 0.066。LSTM 只贏過 5-gram，約 0.03。
#
# 為什麼？數數讀一遍，就記下 56 萬種片段各出現幾次。LSTM 只有 18 萬個數字，要一點一點從錯誤裡學，而且這段文字它讀了還不到兩遍。什麼會改變結果？在驗證文字上，字母從 260 萬加倍到 520 萬，少了約 0.15 個位元；（一半的字母時）寬度減半，多了約 0.27。再多讀、再加寬會不會追過
# 6-gram，這一課沒有量。別人在 text8（長 30 倍）上訓練大得多的網路：LSTM 到 1.43，64 層的 Transformer 到 1.13。那是另一批測試文字，不能和上表直接相減。
#
# 區間只算進了「剛好是這些字母」的運氣：測試文字來自三篇文章，換三篇，差距會不一樣。
#
# With so little text and time, **counting wins**: the 6-grams need about 0.06 bits less than the LSTM, the interval is far from 0, and
# with the three stored seeds it was 0.061 to 0.066. The LSTM beats only the 5-grams, by about 0.03.
#
# Why? Counting reads the text once and has noted how often each of 557 thousand runs occurs. The LSTM has only 179 thousand numbers,
# learns little by little from its mistakes, and has read the text not even twice. What would change the result? On the validation text,
# twice the letters, 5.2 instead of 2.6 million, saved about 0.15 bits; half the width (at half the letters) cost about 0.27. Whether
# still more letters or width would overtake the 6-grams was not measured here. Others trained much larger networks on text8, 30 times
# as long: an LSTM came to 1.43, a Transformer of 64 layers to 1.13. That is another test text, so these numbers cannot be subtracted
# from those above.
#
# The interval covers the luck of having just these letters: the test text comes from three articles, and with three others the gap
# would be another.


# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 0.1 個位元聽起來很少。一百萬個字母的文章，可以少存幾個位元組？
#
# 🤔 A tenth of a bit sounds small. For a text of a million letters, how many bytes does it save?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 12,500 個位元組，大約是全部的 5 %。
# 0.1 位元 × 1,000,000 個字母 = 100,000 位元，除以 8 就是 12,500 個位元組；每個字母 1.9 位元的話，全文要 237,500 個位元組。容易猜錯的有兩種：忘了除以 8，或者以為要真的會壓縮才算。機率就是壓縮：用算術編碼（arithmetic coding），檔案大小幾乎就等於這些位元的總和。
#
# 12,500 bytes, about 5 % of the whole.
# 0.1 bits × 1,000,000 letters are 100,000 bits, and 8 of them make a byte; at 1.9 bits a letter the whole text takes 237,500 bytes.
# Two usual mistakes: to forget the 8, or to think that compression is another matter. Probabilities are compression: with arithmetic
# coding a file is almost exactly as long as the sum of these bits.
#
# </details>


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：產生文字 · Step 7: Generate
#
# 讀完開頭，得到下一個字母的分數；變成機率，抽一個，餵回去，再抽下一個。全部就是這幾行。它不管字母有幾種：`alphabet` 有幾個字，模型就給幾個分數。
#
# ✏️ 寫出中間兩行：`p` 是機率，$p_i \propto e^{z_i/T}$，$z$ 是 `scores`，$T$ 是 `temperature`（溫度，下面再玩），加起來要是 1；再用 `dice.choice(len(alphabet), p=p)` **照機率抽**一個編號。先減掉最大的分數，$e$ 的次方就不會太大，機率也不會變。
#
# Having read the beginning, it has scores for the next letter: turn them into probabilities, draw one, feed it back, draw the next. These
# lines are all there is to it. They do not care how many letters there are: the model gives a score for each character of `alphabet`.
#
# ✏️ Write the two lines in the middle: `p` are the probabilities by the formula above, from $z$ = `scores` and the temperature $T$ (more of it below), summing to 1; then
# **draw by them** one id, with `dice.choice(len(alphabet), p=p)`. Take the largest score away first: no power of $e$ is too large then, and the probabilities
# stay the same.

# %% gap="draw" slideshow={"slide_type": "fragment"}
def generate(model, alphabet, start, length, temperature=1.0, seed=0):
    """Write on from `start`, `length` characters in all. `alphabet` is the one that the model was trained on, any."""
    reader = charlm.rebatch(model, 1)  # the same weights, one stream, its state at zero
    dice, written = np.random.default_rng(seed), start
    scores = reader.predict_on_batch(charlm.encode(start, alphabet)[None])[0, -1]
    for _ in range(length - len(start)):
        scores = scores.astype(float)
        ### BEGIN SOLUTION
        p = np.exp((scores - scores.max()) / temperature)
        letter = dice.choice(len(alphabet), p=p / p.sum())
        ### END SOLUTION
        written += alphabet[letter]
        scores = reader.predict_on_batch(np.array([[letter]]))[0, -1]
    return written

# %% slideshow={"slide_type": "fragment"} tags=["check"]
toy = keras.Sequential([keras.Input(batch_shape=(1, None), dtype="int32"), keras.layers.Embedding(3, 3)])
toy.set_weights([np.tile(np.log([0.6, 0.3, 0.1]), (3, 1))])  # whatever came before: 天 0.6, 地 0.3, 人 0.1


def share_of_heaven(temperature):
    return generate(toy, "天地人", "天", 501, temperature=temperature, seed=3)[1:].count("天") / 500


plain, careful = share_of_heaven(1.0), share_of_heaven(0.5)
checks.that(plain < 0.99, "是抽的，不是固定的。 It is drawn, not fixed.",
            "每次都選最可能的（argmax）不是抽；用 dice.choice 照機率抽。 "
            "To take the likeliest every time (argmax) is not to draw; draw by the probabilities, with dice.choice.")
checks.that(plain > 0.45, "照機率抽。 It is drawn by the probabilities.",
            "三個字抽到的次數一樣多：dice.choice 少了 p=…。 All three come equally often: dice.choice is missing p=….")
checks.that(abs(careful - plain) > 0.04, "溫度有作用。 The temperature counts.",
            "換了溫度，寫出來的一樣：分數要先除以溫度。 Another temperature changes nothing: divide the scores by it.")
checks.that(0.75 < careful < 0.85 and 0.54 < plain < 0.66, "溫度低，更保守。 A low temperature is more careful.",
            "分數要**除以**溫度：T = 0.5 時，0.6 : 0.3 : 0.1 變成平方 0.36 : 0.09 : 0.01。 "
            "**Divide** the scores by the temperature: with T = 0.5, 0.6 : 0.3 : 0.1 becomes 0.36 : 0.09 : 0.01, the squares.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `charlm.generate` 就是這個迴圈，再加上檢查和下面的選項。種子一樣，寫出來的一個字母都不差。投影片從 `p` 開始寫 1,000 個字母：
#
# `charlm.generate` is this loop with checks and the options below. With the same seed it writes the same, to the last letter. The slides
# write 1,000 letters from `p`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
ours, theirs = generate(model, charlm.ALPHABET, "p", 200, 0.8, seed=1), charlm.generate(model, "p", 200, temperature=0.8, seed=1)
print("our loop and charlm.generate, the same to the last letter:", ours == theirs)

# %% slideshow={"slide_type": "fragment"}
print(textwrap.fill(charlm.generate(model, "p", 1000, temperature=0.8, seed=1), 100))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 從一個字開始（換成你自己的）：
#
# From a word (take your own):

# %% slideshow={"slide_type": "fragment"}
print(textwrap.fill(charlm.generate(model, "taipei ", 600, temperature=0.8, seed=2), 100))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 溫度、top-k 與 top-p · Temperature, top-k and top-p
#
# 溫度 $T$ 把分數除以 $T$ 再算機率：$p_i \propto e^{z_i/T}$。$T<1$ 保守，$T>1$ 大膽。top-k 只留最可能的 k 個。top-p 從最可能的開始留，留到機率加起來夠 p 為止：有把握時只留一兩個，沒把握時留很多個。
#
# Temperature $T$ divides the scores before they become probabilities: below 1 careful, above 1 daring. top-k keeps the k likeliest
# letters only. top-p keeps the likeliest, one after the other, until their probabilities add up to p: one or two letters
# where the model is sure, many where it is not.

# %% alt={"zh": "兩排、五種設定的長條圖。上排接在 the univers 後面，幾乎都給 i；溫度高時才分給別的字母，top-p 只留兩個。下排接在 the 後面，機率很分散，top-p 留了十幾個。", "en": "Bars in two rows for five settings. After the univers, above, nearly all goes to i; a high temperature shares some out, and top-p keeps two letters. After the, below, probabilities are spread, and top-p keeps more than a dozen."} slideshow={"slide_type": "fragment"}
settings = {"temperature 0.5": {"temperature": 0.5}, "temperature 1": {}, "temperature 2": {"temperature": 2.0},
            "temperature 2, top-k 3": {"temperature": 2.0, "top_k": 3}, "top-p 0.9": {"top_p": 0.9}}
reader = charlm.rebatch(model, 1)  # the same weights, one stream
figure, axes = plt.subplots(2, 5, figsize=(12, 4.2), sharey=True)
for row, start in zip(axes, ("the univers", "the "), strict=True):
    charlm.set_state(reader, None)
    z = reader.predict_on_batch(charlm.encode(start)[None])[0, -1]
    for ax, (name, options) in zip(row, settings.items(), strict=True):
        p = charlm.next_letter_probabilities(z, **options)
        ax.bar(list(charlm.ALPHABET.replace(" ", "␣")), p, color=plots.COLORS[0])
        ax.set_title(f"{name}: {np.count_nonzero(p)} left", fontsize=9)
        ax.tick_params(axis="x", labelsize=6, length=0)
    row[0].set_ylabel(f'p(next | "{start.replace(" ", "␣")}")')
plt.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# 換你調。先猜：`start` 是 `q` 時，溫度要多高，u 以外的字母才看得見？在 JupyterLab 執行下一格，拉三根滑桿，看還剩幾種字母、機率怎麼分。
#
# Now you. Guess first: after `q`, how high must the temperature be until letters other than u show? Run the next cell in JupyterLab, move the three
# sliders, and see how many letters are left and how they share the probability.

# %% slideshow={"slide_type": "skip"} tags=["touch"]
from ipywidgets import interact


@interact(start=["the ", "the univers", "q"], temperature=(0.1, 2.0), top_k=(1, 27), top_p=(0.05, 1.0, 0.05))
def next_letter(start, temperature=1.0, top_k=27, top_p=1.0):
    charlm.set_state(reader, None)
    scores = reader.predict_on_batch(charlm.encode(start)[None])[0, -1]
    p = charlm.next_letter_probabilities(scores, temperature, top_k, top_p)
    plt.figure(figsize=(7, 2.2))
    plt.bar(list(charlm.ALPHABET.replace(" ", "␣")), p)
    plt.title(f"{np.count_nonzero(p)} left")
    plt.show()

# %% slideshow={"slide_type": "fragment"}
for name, options in ({"temperature 0 (always the likeliest)": {"temperature": 0}} | settings).items():
    print(f"{name}\n   {charlm.generate(model, 'the ', 95, seed=5, **options)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 溫度 0 寫出了什麼？為什麼「永遠選最可能的」反而不像人寫的？
#
# 🤔 What does temperature 0 write? Why does "always the likeliest" look less like a human being?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它寫「the state and the alkali metals and the alkali metals and …」，一直繞圈子。每一步都選最可能的字母，同樣的狀態就永遠選同樣的下一步，一旦繞回來就出不去。人寫字不是每一步都選最常見的：人有話要說，常見的字只占一部分。猜「最可能的應該最像人」的人，把「每一步最可能」當成了「整段最可能」，而且整段最可能的也不是典型的一段。
#
# It writes 'the state and the alkali metals and the alkali metals and …', round and round. Taking the likeliest letter at
# every step, the same state always leads to the same next step, and once the loop is closed there is no way out. People do not
# take the commonest at every step: they have something to say, and common words are only part of it. Who guessed that the
# likeliest must be most human took 'likeliest at each step' for 'likeliest as a whole', and even the likeliest whole is no
# typical one.
#
# </details>


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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：你自己的文字，中文也行 · Step 8: Your own text, Chinese too
#
# 上面兩個函式 `train_by_hand` 和 `generate` 都不管字母是哪些。換成你自己的文字，只要做一件事：字母表就是文字裡出現過的每一種字。這裡用《三國演義》前 20 回，下一格的第二行換成你的檔案，任何語言都可以（幾萬個字以上比較好玩）。
#
# Both functions above, `train_by_hand` and `generate`, do not care which letters there are. A text of your own needs one thing: an alphabet, which is every
# character that occurs in it. Here it is the first 20 chapters of 三國演義; put your file in the second line of the next cell, in any language (some tens of thousands of characters
# or more are best).

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
chapters, _ = datasets.load_three_kingdoms()
novel = chinese.to_traditional("".join("".join(chapters[:20]).split()))  # or Path("my_text.txt").read_text(encoding="utf-8")
alphabet = charlm.alphabet_of(novel)
own_ids = charlm.encode(novel, alphabet)
own_train, own_test = own_ids[:-len(novel) // 10], own_ids[-len(novel) // 10:]
print(f"{len(novel):,} characters, {len(alphabet):,} different; {len(own_train):,} to learn from, {len(own_test):,} for the test")
print("玄德曰 →", charlm.encode("玄德曰", alphabet).tolist(), "→", charlm.decode(charlm.encode("玄德曰", alphabet), alphabet))

# %% slideshow={"slide_type": "fragment"}
own_model = charlm.build_model(OWN_UNITS, 32, letters=len(alphabet))
train_by_hand(own_model, own_train, OWN_ROUNDS, rate=5e-3)
print(textwrap.fill(generate(own_model, alphabet, "玄德", 150, temperature=0.7, seed=1), 50))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 讀了兩遍，它學會了「某某曰：“”」的樣子、標點在哪裡、誰的名字常出現，句子還不通。
#
# 🤔 瞎猜要 $\log_2$（字的種數）個位元，這裡是 11.5。中文一個字的位元數，可以拿來和英文一個字母的比嗎？
#
# After two readings it knows the look of "so-and-so said", where punctuation goes and whose names are common; its sentences make no sense yet.
#
# 🤔 To guess blindly takes $\log_2$ (number of characters) bits, here 11.5. Can bits per Chinese character be compared with bits per English letter?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不能直接比：一個中文字說的事，英文要用好幾個字母。起點也不同：27 種字母瞎猜是 4.75 個位元，兩千八百種字是 11.5 個。要比，就比**同一段內容**總共幾個位元，或者在同一份文字上比兩個模型，像下一格。猜「中文的位元數大，所以模型比較差」的人，把單位不同的兩個數拿來比，就像拿公斤比公分。
#
# Not directly: what one Chinese character says takes several letters in English.
# Nor is the start the same: guessing blindly takes 4.75 bits among 27 letters, 11.5 among two thousand eight hundred characters. Compare the bits of **the same content** in total, or two
# models on the same text, as in the next cell.
# Who guessed that more bits mean a worse model compared two numbers of different units, as if kilograms with centimetres.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
own_counts = charlm.NgramModel(3, own_train, letters=len(alphabet))
own_bits = {f"counting {order}-grams": own_counts.bits_per_character(own_test, order) for order in (1, 2, 3)}
own_bits[f"LSTM {OWN_UNITS}"] = charlm.bits_per_character(own_model, own_test)
profile.record("bits per Chinese character, 2-grams", own_bits["counting 2-grams"])
display.table([{"model": name, "bits per character": f"{bits:.2f}", "perplexity": f"{2**bits:.0f}"} for name, bits in own_bits.items()],
              caption=f"on the last {len(own_test):,} characters of the 20 chapters")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 數數又贏了，而且差得比英文多：2-gram 約 7.3，LSTM 約 8.1。九萬個字要學兩千八百種，其中一半在訓練文字裡最多出現 5 次：字太多、文字太少，又只讀了兩遍。換成你自己的文字，也先看數數的成績，再看網路贏不贏得過。
#
# Counting wins again, and by more than in English: pairs need about 7.3 bits, the LSTM about 8.1. Two thousand eight hundred characters are to be learned from ninety thousand, and half of them occur there five times
# at most: many characters, little text, read but twice. With a text of your own, too, look at what counting scores first, and then whether the network beats it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 不用網路也能寫 · Writing without a network
#
# 只會數數的模型也能寫。下面用一本字典：每 `order` 個字後面接過哪些字，各幾次。
#
# ✏️ 寫出數數的那一行：`following[前面的 order 個字][下一個字]` 加一。迴圈裡 `character` 是第 `place + order` 個字。
#
# A model that only counts can write, too. Below, a dictionary holds which characters came after every run of `order`, and how often.
#
# ✏️ Write the line that counts: `following[the order characters before][the next one]` goes up by one. In the loop, `character` is number
# `place + order` of the text.

# %% gap="counting" slideshow={"slide_type": "fragment"}
def count_what_follows(text, order):
    """Return for every run of `order` characters which characters came after it, and how often."""
    following = defaultdict(Counter)
    for place, character in enumerate(text[order:]):
        ### BEGIN SOLUTION
        following[text[place:place + order]][character] += 1
        ### END SOLUTION
    return following

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = count_what_follows("天地天地天人", 2)
checks.that(bool(found) and all(len(run) == 2 for run in found), "每個前文剛好 order 個字。 Each run has order characters.",
            "鍵是從 place 開始的 order 個字，不多也不少。 The key is the order characters from place on, no more and no less.")
checks.that("人" not in {run[-1] for run in found}, "前文在字的前面。 The run stands before the character.",
            "前文裡混進了下一個字自己：character 在 place + order，前文到它的前一個為止。 "
            "The run holds the character itself: character is number place + order, and the run ends before it.")
checks.that(found["天地"]["天"] == 2, "出現兩次就數兩次。 Seen twice, counted twice.",
            "要加一，不是設成一。 Add one; do not set it to one.")
checks.that({run: dict(after) for run, after in found.items()} == {"天地": {"天": 2}, "地天": {"地": 1, "人": 1}},
            "數得和手算一樣。 The counts are those by hand.", "天地天地天人：「天地」後面兩次都是「天」，「地天」後面是「地」和「人」。 "
            "In 天地天地天人, 天地 is followed by 天 both times, 地天 by 地 and by 人.")

# %% slideshow={"slide_type": "fragment"}
def write_by_counting(text, order, length, seed=0):
    following = count_what_follows(text, order)
    following[text[-order:]][text[0]] += 1  # after the end comes the beginning: there is always a next one
    dice = random.Random(seed)
    written = text[:order]
    while len(written) < length:
        after = following[written[-order:]]
        written += dice.choices(list(after), list(after.values()))[0]
    return written


for order in (1, 2, 3, 5):
    text = write_by_counting(novel, order, 400)
    copied = np.mean([text[place:place + 10] in novel for place in range(len(text) - 9)])
    print(f"order {order}: {copied:4.0%} of its runs of 10 characters stand in the novel | {text[:70]}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 看的字越多，寫得越通順。最後一行是最好的作家嗎？
#
# 🤔 The more characters it looks at, the smoother it writes. Is the last line the best writer?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不是，它在抄書：看 5 個字的時候，每連續 10 個字都能在小說裡找到。看 5 個字，95 % 的地方只有一種接法，沒有什麼好抽的；看 3 個字是 72 %，抄的大約四成（換 20 個種子是 29 到 59 %）；看 2 個字是 34 %，幾乎不抄，但句子常常說不通。容易猜錯的是「通順就是寫得好」。評產生的文字，要同時看通不通順、有多少是抄來的；前面的位元數要量在沒看過的文字上，也是同一個道理。
#
# No, it copies the book: looking at 5 characters, every run of 10 that it writes stands in the novel.
# After 5 characters, 95 % of all places have only one continuation, so there is nothing to draw; after 3 it is 72 %, and about four
# tenths are copied (29 to 59 % with 20 seeds); after 2 it is 34 %, and it hardly copies, but its sentences often make no sense.
# The usual wrong guess: "smooth means good". Judge written text by both, how smooth it is and how much is copied. This is also why the
# bits above were measured on text never seen.
#
# </details>


# %% slideshow={"slide_type": "skip"}
hint = "restart and run all; if the machine was busy, nothing but the time changes"
profile.expect("bits per character on unseen letters", lstm.mean(), at_most=profile.choose(smoke=4.2, lesson=2.05, full=1.75), hint=hint)
profile.expect("bits that the LSTM saves compared with 5-grams", scores["counting 5-grams"].mean() - lstm.mean(),
               at_least=profile.choose(smoke=-2.0, lesson=-0.02, full=0.2), hint=hint)
profile.expect("bits that the best counts save compared with the LSTM", lstm.mean() - scores[f"counting {best}-grams"].mean(),
               at_least=profile.choose(smoke=-0.5, lesson=0.01, full=-1.0), hint=hint)
profile.expect("bits per Chinese character, LSTM", own_bits[f"LSTM {OWN_UNITS}"],
               at_most=profile.choose(smoke=12.0, lesson=9.0, full=9.0), hint=hint)
profile.expect("letters never seen that were scored", lstm.size, at_least=profile.choose(smoke=19_000, lesson=149_000, full=4_900_000))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# 猜下一個字母，後來成了大型語言模型的訓練方法：換成子詞、換成 transformer（[Vaswani 等人](https://arxiv.org/abs/1706.03762)，2017），再把網路和文字放大。GPT-3（[Brown 等人](https://arxiv.org/abs/2005.14165)，2020）有 1,750 億個參數，做的仍然是猜下一個。第 18 課用這一課的字母寫一個小小的 GPT，照同樣的尺和 LSTM 比。
#
# To guess what comes next became the way in which large language models are trained: with subwords, with the transformer ([Vaswani et
# al.](https://arxiv.org/abs/1706.03762), 2017), and with larger networks and more text. GPT-3 ([Brown et al.](https://arxiv.org/abs/2005.14165), 2020)
# has 175 billion parameters and still guesses the next one. Lesson 18 writes a small GPT for the letters of this lesson and measures it by the same
# ruler as the LSTM.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 一長串文字切成很多段一起讀；狀態一輪一輪帶下去，不歸零。<br>A long text is read as many streams at once; the state goes along with the stream and is not set to zero.
# - 損失、位元數、困惑度是同一件事的三種寫法；要算在夠長、沒看過的文字上，每個字母一次。<br>Loss, bits and perplexity are three ways to write one thing; measure it on enough unseen text, every letter once.
# - 先替「只會數數」的模型打分數，讓它用最好的長度：在這麼少的文字和時間裡，它贏了。溫度、top-k、top-p 改變的是抽樣，不是模型。<br>Score models that only count first, at their best length: with so little text and time they win. Temperature, top-k and top-p change the drawing, not the model.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 只用 1,000 個字母驗證；驗證的時候，困惑度的函式把時間軸當成批次，文字錯開一格算了兩次（[LSTM_Gen.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/LSTM_Gen.ipynb)）。<br>It validated on 1,000 letters; there its perplexity function took the time axis for the batch and counted the text twice, shifted by one ([LSTM_Gen.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/LSTM_Gen.ipynb)).
# - 印出的「訓練困惑度」5.5 到 7.2，旁邊的損失 1.36 卻是困惑度 3.9：兩個不是同一個量（步驟 3），沒有說明。<br>The "training perplexity" that it printed, 5.5 to 7.2, stands beside a loss of 1.36, a perplexity of 3.9: two different quantities (step 3), which it did not say.
# - 權重的起始平均是 −0.1；沒有溫度、top-k、top-p，也沒有基準線。<br>Its weights began with a mean of −0.1; it had no temperature, no top-k, no top-p and no baselines.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 16](../labs/lab16_temperature_and_top_k.ipynb)「溫度與 top-k 抽樣」：親手寫抽樣函式，讓模型寫得不無聊也不胡說。
#
# 接著是第二次專案，用你自己的文字，中文或英文：先讀做完的[例子](../projects/02_own_text.ipynb)，再從[樣板](../projects/00_template.ipynb)開始。
#
# [Lab 16](../labs/lab16_temperature_and_top_k.ipynb), temperature and top-k sampling: write the sampling yourself, and make the model neither boring nor mad.
#
# Then comes the second project, on text of your own, Chinese or English: read the finished [example](../projects/02_own_text.ipynb), then begin with the
# [template](../projects/00_template.ipynb).
#
# ## 參考資料 · References
#
# - A. Karpathy, [The Unreasonable Effectiveness of Recurrent Neural Networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015
# - M. Mahoney, [About the Test Data](http://mattmahoney.net/dc/textdata.html)（text8）
# - I. H. Witten, T. C. Bell, [The zero-frequency problem](https://doi.org/10.1109/18.87000), *IEEE Trans. Information Theory* 37, 1991
# - T. Cooijmans et al., [Recurrent Batch Normalization](https://arxiv.org/abs/1603.09025), 2017（text8 上更大的 LSTM：1.43 位元 · a larger LSTM on text8: 1.43 bits）
# - A. Holtzman et al., [The Curious Case of Neural Text Degeneration](https://arxiv.org/abs/1904.09751), 2020（top-p）
# - R. Al-Rfou et al., [Character-Level Language Modeling with Deeper Self-Attention](https://arxiv.org/abs/1808.04444), 2019（text8 上的 Transformer：1.13 位元 · a Transformer on text8: 1.13 bits）
# - C. E. Shannon, [Prediction and Entropy of Printed English](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x), 1951（人猜英文字母 · people guessing letters）

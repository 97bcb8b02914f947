# %% [markdown]
# # 練習 16：溫度與 top-k 抽樣 · Lab 16: Temperature and top-k sampling
#
# 語言模型給你的不是文字，而是一排分數。怎麼從分數**抽**出下一個字母，決定了文章無聊、通順，還是胡說八道。
#
# 目標：親手寫出溫度（temperature）、top-k 和你自己的抽樣法，讓一個只會數數的模型寫得不無聊也不胡說。
#
# A language model does not give you text but a row of scores. How you **draw** the next letter from them decides whether the text
# is dull, fluent or mad.
#
# Goal: write temperature, top-k and a sampler of your own, and make a model that only counts write neither dully nor madly.
#
# ⏱ 約 50 分鐘 · about 50 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [16](../notebooks/16_text_generator.ipynb) 課「文章產生器」；NumPy · lesson [16](../notebooks/16_text_generator.ipynb), the text generator; NumPy |
# | 資料 · Data | 英文維基百科，27 種字母（CC BY-SA），自動下載 · the English Wikipedia in 27 letters (CC BY-SA), fetched by itself |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 有溫度的 softmax · softmax with a temperature | 3 |
# | 2 | top-k，並照機率抽一個 · top-k, and drawing one by its probability | 3 |
# | 3 | 開放題：你自己的抽樣法 · open: a sampler of your own | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.notebook import checks, profile
from utils.text import letters

LETTERS_USED = profile.choose(smoke=600_000, lesson=None, full=None)  # of the text that the model counts; None: all
LENGTH = profile.choose(smoke=2_000, lesson=3_000, full=3_000)  # letters that your sampler writes, three times
profile.seed(10)

# %% [markdown]
# ## 步驟 1：有溫度的 softmax（3 分） · Step 1: Softmax with a temperature (3 points)
#
# 分數 $z_i$ 除以溫度 $T$，再變成機率：
#
# $$p_i = \frac{e^{z_i/T}}{\sum_j e^{z_j/T}}$$
#
# $T<1$ 讓高分的更高，$T>1$ 讓大家差不多。
#
# Divide the scores $z_i$ by the temperature $T$ and turn them into probabilities, as above. $T<1$ makes the likely likelier,
# $T>1$ makes all more alike.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# $e^{1000}$ 超出電腦的範圍。每個分數都減掉同一個數，機率不會變。減掉哪一個數最安全？
#
# $e^{1000}$ is too large for a computer. Subtract the same number from every score and the probabilities stay as they are. Which number
# is the safest?
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def probabilities(logits, temperature=1.0):
    """Turn scores into probabilities.

    Args:
        logits: scores, shape (n,) or (rows, n); every row is turned by itself. A score may be very large, or -inf
            (which means: never).
        temperature: a number above 0.

    Returns:
        Probabilities in 0 ... 1 of the same shape; each row adds up to 1.

    Raises:
        ValueError: if the temperature is not above 0.
    """
    ### BEGIN SOLUTION
    if not temperature > 0:
        raise ValueError(f"The temperature must be above 0, not {temperature}.")
    scaled = np.asarray(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% alt={"zh": "同樣六個字母的機率，三張長條圖，溫度 0.5、1、2。溫度低，幾乎都給前兩個；溫度高，分得比較平均。", "en": "Probabilities of the same six letters, three bar charts for temperatures 0.5, 1 and 2. At a low temperature nearly all goes to the first two; at a high one it is shared out more evenly."} nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_step_1(rows, temperature):
    """Check `probabilities` on each row of scores, and on all rows at once."""
    alone = [np.asarray(probabilities(row, temperature)) for row in rows]
    checks.that(
        all(p.shape == row.shape and abs(p.sum() - 1) < 1e-9 for p, row in zip(alone, rows, strict=True)),
        f"T = {temperature:g}：一列加起來是 1 / one row adds up to 1",
        "一列分數變成的機率，形狀要相同，加起來要是 1。 / The probabilities of one row must have its shape and add up to 1.")
    checks.close(
        [np.log(p[1:] / p[0]) for p in alone], (rows[:, 1:] - rows[:, :1]) / temperature,
        f"T = {temperature:g}：比例正確 / the ratios are right",
        "機率的比例不對：分數差 1，機率該差 e 的 1/T 次方倍。溫度放對位置了嗎？ / "
        "The ratios are wrong: a score higher by 1 is e to the power 1/T times as likely. Is the temperature in the right place?")
    together = np.asarray(probabilities(rows, temperature))
    checks.that(
        together.shape == rows.shape and np.allclose(together, alone), f"T = {temperature:g}：各列互不影響 / rows do not disturb each other",
        "一次給好幾列時，每一列要各算各的。最大值和總和是沿著哪一軸算的？ / "
        "With several rows, each must be turned by itself. Along which axis do you take the maximum and the sum?")


for temperature in (1.0, 0.5, 2.0):
    check_step_1(np.array([[0.0, 1.0, 2.0], [3.0, -1.0, 0.5]]), temperature)

with np.errstate(all="ignore"):
    large = np.asarray(probabilities(np.array([1000.0, 999.0, -1000.0]), 1.0))
checks.that(
    np.isfinite(large).all() and abs(large[0] - 1 / (1 + np.exp(-1))) < 1e-9, "分數 1000 也沒問題 / scores of 1000 are no trouble",
    "分數很大時算出了 nan 或錯的機率：e 的 1000 次方太大了。看看提示 1。 / "
    "Large scores give nan or a wrong probability: e to the power 1000 is too large. See hint 1.")
with np.errstate(all="ignore"):
    apart = np.asarray(probabilities(np.array([[1000.0, 999.0], [0.0, 1.0]]), 1.0))
checks.close(
    apart, [[1 / (1 + np.exp(-1)), 1 / (1 + np.e)], [1 / (1 + np.e), 1 / (1 + np.exp(-1))]],
    "一列很大、一列很小也沒問題 / one row may be large and another small",
    "一列的分數很大，另一列的機率就錯了。最大值和總和是沿著哪一軸算的？ / "
    "Large scores in one row spoil the other. Along which axis do you take the maximum and the sum?")
checks.that(
    np.asarray(probabilities(np.array([0.0, -np.inf, 0.0]), 0.7))[1] == 0, "分數 -inf 的機率是 0 / a score of -inf has probability 0",
    "分數是 -inf 的字母，機率應該剛好是 0。 / A letter whose score is -inf must have probability 0.")
for bad in (0, -1.0):
    try:
        probabilities(np.array([1.0, 2.0]), bad)
        refused = False
    except ValueError:
        refused = True
    checks.that(
        refused, f"不接受溫度 {bad} / a temperature of {bad} is refused",
        f"溫度是 {bad} 的時候應該丟出 ValueError。 / A temperature of {bad} must raise a ValueError.")

figure, axes = plt.subplots(1, 3, figsize=(9, 2.4), sharey=True)
for axis, temperature in zip(axes, (0.5, 1.0, 2.0), strict=True):  # see what the temperature does
    axis.bar(list("abcdef"), probabilities(np.array([3.0, 2.5, 2.0, 1.0, 0.0, -1.0]), temperature))
    axis.set_title(f"T = {temperature:g}")
plt.show()

### BEGIN HIDDEN TESTS
generator = np.random.default_rng(101)
for temperature in (0.3, 1.0, 5.0):
    check_step_1(generator.normal(0, 3, (4, 27)), temperature)
check_step_1(generator.normal(-800, 1, (2, 6)), 0.9)
checks.close(
    probabilities(np.array([2.0, 2.0, 2.0, 2.0]), 0.01), [0.25] * 4, "分數一樣，機率就一樣 / equal scores, equal probabilities",
    "分數都一樣時，機率應該都一樣。 / Equal scores must have equal probabilities.")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：top-k，再抽一個（3 分） · Step 2: top-k, then draw one (3 points)
#
# 只讓分數最高的 $k$ 個留下來，其他的分數改成 $-\infty$。然後照機率抽一個。
#
# 這一步可以用 SciPy 的 `softmax`，所以步驟 1 沒做完也沒關係。
#
# Only the $k$ highest scores stay; the others become $-\infty$. Then draw one by its probability.
#
# You may use SciPy's `softmax` here, so it does not matter if step 1 is not finished.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# `np.argsort(-logits, kind="stable")` 由高到低排出位置，平手時前面的先來。抽樣用 `generator.choice(n, p=...)`；不要自己另外開一個亂數產生器。
#
# `np.argsort(-logits, kind="stable")` lists the places from high to low, and of equal ones the first comes first. Draw with
# `generator.choice(n, p=...)`; do not make a generator of your own.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": true, "schema_version": 3, "solution": false, "task": false}
from scipy.special import softmax


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def top_k(logits, k):
    """Keep the k highest scores.

    Args:
        logits: scores, shape (n,). This array must not be changed.
        k: how many stay, at least 1; of equal scores the first ones stay. If k is n or more, all stay.

    Returns:
        A new array, shape (n,): the scores that stay, and -inf everywhere else.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, dtype=float)
    kept = np.full(logits.shape, -np.inf)
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept
    ### END SOLUTION


def draw(logits, temperature, k, generator):
    """Draw one of the k likeliest places by its probability.

    Args:
        logits: scores, shape (n,).
        temperature: a number above 0.
        k: how many places can be drawn.
        generator: a `numpy.random.Generator`; the only source of chance.

    Returns:
        The number of a place, 0 ... n - 1.
    """
    ### BEGIN SOLUTION
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_top_k(logits, k, places):
    """Check that exactly these places keep their score."""
    before = np.array(logits, dtype=float)
    given = before.copy()
    got = np.asarray(top_k(given, k))
    stays = np.zeros(len(before), bool)
    stays[places] = True
    checks.unchanged(
        given, before, f"k = {k}：沒有動到原來的分數 / the scores given are unchanged",
        "你改到了別人的陣列。先複製，再修改。 / You changed the array that was given. Copy it first.")
    checks.that(
        got.shape == before.shape and (got[~stays] == -np.inf).all(), f"k = {k}：其他的都是 -inf / the others are -inf",
        "不該留下的分數要變成 -inf（0 分還是抽得到！），而且平手時也只能留下 k 個。 / "
        "Scores that do not stay must become -inf (a score of 0 can still be drawn!), and only k may stay even among equals.")
    checks.that(
        np.array_equal(got[stays], before[stays]), f"k = {k}：最好的 {len(places)} 個分數不變 / the best {len(places)} keep their scores",
        "留下來的分數不該變；平手時留前面的。 / Scores that stay must not change; of equal ones the first stay.")


@checks.beside_your_code
def draws(logits, temperature, k, seed, count):
    """Draw many times, from a fixed seed on."""
    generator = np.random.default_rng(seed)
    return [draw(logits, temperature, k, generator) for _ in range(count)]


def check_frequencies(logits, temperature, k, seed, count=4_000):
    """Check that places come up as often as their probabilities say, within 4.5 standard errors."""
    logits = np.array(logits, dtype=float)
    allowed = np.argsort(-logits, kind="stable")[:k]
    p = np.zeros(len(logits))
    p[allowed] = softmax(logits[allowed] / temperature)
    drawn = np.array(draws(logits, temperature, k, seed, count))
    checks.that(
        np.isin(drawn, allowed).all(), f"T = {temperature:g}，k = {k}：只抽得到最好的幾個 / only the best are drawn",
        "抽到了不該留下的位置。 / A place was drawn that should not have stayed.")
    checks.that(
        k == 1 or len(set(drawn.tolist())) > 1, f"T = {temperature:g}，k = {k}：真的在抽 / it really draws",
        "每次都抽到同一個。你用了傳進來的 generator 嗎？有沒有真的抽？ / "
        "Every draw is the same. Do you use the generator that was passed in, and do you really draw?")
    frequency = np.bincount(drawn, minlength=len(logits)) / count
    checks.that(
        (np.abs(frequency - p) <= 4.5 * np.sqrt(p * (1 - p) / count) + 1e-12).all(),
        f"T = {temperature:g}，k = {k}：抽 {count:,} 次，次數和機率相符 / {count:,} draws follow the probabilities",
        "抽出來的次數和機率不合。先留下 k 個，再除以溫度算機率，最後照機率抽。 / "
        "The draws do not follow the probabilities. Keep k, divide by the temperature, then draw by probability.")
    checks.that(
        drawn[:50].tolist() == draws(logits, temperature, k, seed, 50), "同樣的種子，同樣的結果 / the same seed draws the same",
        "同樣的種子應該抽出同樣的結果：只能用傳進來的 generator。 / "
        "The same seed must give the same draws: use no other chance than the generator passed in.")


check_top_k([1.0, 4.0, 2.0, 3.0], 2, [1, 3])
check_top_k([0.5, 2.0, 2.0, 2.0, -1.0], 2, [1, 2])
check_top_k([-5.0, -3.0, -4.0], 7, [0, 1, 2])
check_frequencies([1.0, 2.0, 0.0, 1.5, -1.0], temperature=1.0, k=5, seed=1)
check_frequencies([1.0, 2.0, 0.0, 1.5, -1.0], temperature=2.0, k=3, seed=2)
check_frequencies([0.0, 3.0, 1.0], temperature=0.5, k=1, seed=3)

### BEGIN HIDDEN TESTS
check_top_k([7.0, 7.0, 7.0, 7.0], 3, [0, 1, 2])
check_top_k([-1.0, -9.0, 0.0, -2.0, -3.0], 1, [2])
check_frequencies([-4.0, -3.5, -3.0, -6.0, -3.2, -5.0, -3.9], temperature=0.7, k=4, seed=11)
check_frequencies([0.2, 0.1, 0.4, 0.3], temperature=5.0, k=9, seed=12)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：不無聊，也不胡說（4 分） · Step 3: Neither dull nor mad (4 points)
#
# 下面的模型只會數：看過前 4 個字母之後，各個字母出現幾次。它也留了一點機會給沒見過的字母，所以偶爾會亂寫。
#
# 你來寫 `next_letter`。我們用它寫三篇文章，量兩件事：
# - **真字**：寫出來的字，有幾成在維基百科裡出現過兩次以上？至少要 79 %。太瘋的抽樣過不了。
# - **新鮮**：不同的字，占全部的幾成？至少要 45 %。太無聊的抽樣過不了。人寫的大約是 50 %。
#
# 溫度、top-k、只留機率加起來到 $p$ 的那幾個字母（top-p）、不准重複剛寫過的字……用哪一種都可以，混著用也可以。
#
# The model below only counts: after these 4 letters, how often did each letter come? It leaves a small chance to letters never seen
# there, so now and then it goes astray.
#
# You write `next_letter`. It writes three texts, of which we measure two things:
# - **real**: what share of its words occurs at least twice in the Wikipedia text? At least 79 %. Mad samplers fail.
# - **fresh**: what share of its words are different ones? At least 45 %. Dull samplers fail. Human writing has about 50 %.
#
# Temperature, top-k, only the letters whose probabilities add up to $p$ (top-p), no word that was just written: take any, or mix them.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 先試兩個極端：永遠選最高分，和照原來的機率抽。各缺什麼？中間的路不只一條。
#
# Try the two extremes first: always the highest score, and drawing by the probabilities as they are. What does each lack? There is
# more than one way between them.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "model", "locked": true, "schema_version": 3, "solution": false, "task": false}
text = datasets.load_letters()
known_words = {word for word, count in Counter(text.split()).items() if count >= 2}


class CountingModel:
    """Scores for the next letter, from how often each followed the last four."""

    def __init__(self, text):
        ids = letters.encode(text).astype(np.int64)
        runs = np.zeros(len(ids) - 4, np.int64)
        for place in range(5):  # every run of 5 letters as one number in base 27
            runs = runs * 27 + ids[place:len(ids) - 4 + place]
        self.counts = np.bincount(runs, minlength=27**5).reshape(-1, 27)
        self.shares = np.bincount(ids, minlength=27) / len(ids)

    def scores(self, history):
        """Return a score for each of the 27 letters after the ids of `history`."""
        context = 0
        for letter in history[-4:]:
            context = context * 27 + letter
        return np.log(self.counts[context] + 0.5 * self.shares)


def write(model, sampler, seed, start="the "):
    """Write LENGTH letters with a sampler."""
    generator = np.random.default_rng(seed)
    history = letters.encode(start).tolist()
    for _ in range(LENGTH):
        history.append(int(sampler(model.scores(history), history, generator)))
    return letters.decode(history)


def measure(texts):
    """Return the mean share of real words and of different words."""
    split = [text.split() for text in texts]
    real = np.mean([np.mean([word in known_words for word in words]) if words else 0.0 for words in split])
    return real, np.mean([len(set(words)) / len(words) if words else 0.0 for words in split])


model = CountingModel(text[:LETTERS_USED])
samplers = {
    "always the highest": lambda scores, history, generator: scores.argmax(),
    "as the probabilities say": lambda scores, history, generator: generator.choice(27, p=softmax(scores)),
}
for name, sampler in samplers.items():
    example = write(model, sampler, seed=1)
    real, fresh = measure([example])
    print(f"{name}: real {real:.0%}, fresh {fresh:.0%}\n   {example[:150]}")


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def next_letter(scores, history, generator):
    """Choose the next letter.

    Args:
        scores: of the 27 letters (the space, then a to z), shape (27,).
        history: list of the ids of all letters so far, oldest first. Do not change it.
        generator: a `numpy.random.Generator`; the only source of chance.

    Returns:
        The id of the next letter, 0 ... 26.
    """
    ### BEGIN SOLUTION
    p = softmax(scores)
    order = np.argsort(-p, kind="stable")
    enough = np.searchsorted(np.cumsum(p[order]), 0.9) + 1  # top-p: the fewest letters that make 90 %
    kept = order[:enough]
    return int(generator.choice(kept, p=p[kept] / p[kept].sum()))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_step_3(model, seeds, start, real_goal=0.79, fresh_goal=0.45):
    """Check the texts that `next_letter` writes."""
    texts = [write(model, next_letter, seed, start) for seed in seeds]
    checks.that(
        len(set(texts)) == len(texts), "三個種子，三篇文章 / three seeds write three texts",
        "不同的種子寫出一樣的文章。用傳進來的 generator 抽樣。 / Different seeds write the same text. Draw with the generator passed in.")
    checks.that(
        write(model, next_letter, seeds[0], start) == texts[0], "同一個種子，同一篇文章 / one seed writes one text",
        "同一個種子寫出不一樣的文章。只能用傳進來的 generator。 / One seed writes different texts. Use no other chance than the generator.")
    real, fresh = measure(texts)
    checks.that(
        real >= real_goal, f"真字 {real:.1%} / real words: {real:.1%}",
        f"真字只有 {real:.1%}，要 {real_goal:.0%}：寫得太瘋了，機率小的字母，要更少被抽到。 / "
        f"Real words: only {real:.1%}, {real_goal:.0%} are wanted. Too mad: give unlikely letters less of a chance.")
    checks.that(
        fresh >= fresh_goal, f"新鮮 {fresh:.1%} / fresh words: {fresh:.1%}",
        f"不同的字只有 {fresh:.1%}，要 {fresh_goal:.0%}：寫得太無聊了，放膽一點。 / "
        f"Different words: only {fresh:.1%}, {fresh_goal:.0%} are wanted. Too dull: be more daring.")


check_step_3(model, [1, 2, 3], "the ")
print(write(model, next_letter, 1)[:300])

### BEGIN HIDDEN TESTS
check_step_3(CountingModel(text[-600_000:]), [21, 22, 23], "once upon a time ", real_goal=0.76, fresh_goal=0.42)  # chance must not decide
### END HIDDEN TESTS

# %% [markdown]
# ## 檢查與想一想 · Check, and think further
#
# 在終端機執行 `make check-lab LAB=16`，看看哪幾步過了。
#
# 🤔 你的抽樣法改變了模型嗎？如果模型變得很好（例如大型語言模型），還需要 top-k 或 top-p 嗎？
#
# Run `make check-lab LAB=16` in a terminal to see which steps pass.
#
# 🤔 Did your sampler change the model? If the model became very good (a large language model, say), would it still need top-k or top-p?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 沒有。模型給的分數一個也沒變，困惑度也不變；你改的是怎麼從分數裡**抽**。如果模型完美，照原來的機率抽就像人寫的，top-k 和 top-p 只會讓它少一些說法。
#
# 真正的大型語言模型還沒有那麼好，所以還是常用，只是放得比較寬：幾萬個詞裡，每個不該出現的都只分到一點點，加起來卻不少。如果每一步有 1 % 抽到怪的，一百步裡至少一次的機率是 $1 - 0.99^{100} \approx 63\,\%$，而後面的字又會接著它寫。
#
# 說「抽得好，模型就變好了」的人，把寫的人和選句子的人弄混了：你的 `next_letter` 沒有教模型任何事。
#
# No. Not one of the model's scores changed, and neither did its perplexity; you changed how one is **drawn** from them. If the model were perfect, drawing by its own probabilities would read
# like people's writing, and top-k or top-p would only take away some ways to say things.
#
# Real large models are not that good yet, so it is still common, if milder: of tens of thousands of words each that does not belong has a tiny share, and together they have a
# good deal. If one step in a hundred draws something odd, then at least one of a hundred steps does so with a probability of $1 - 0.99^{100} \approx 63\,\%$, and what follows goes on from there.
#
# Who said that better drawing made a better model mixed up the one who writes and the one who picks: your `next_letter` taught the model nothing.
#
# </details>

# %% [markdown]
# 參考資料 · References：A. Holtzman et al., [The Curious Case of Neural Text Degeneration](https://arxiv.org/abs/1904.09751), ICLR 2020（top-p）；
# A. Fan, M. Lewis, Y. Dauphin, [Hierarchical Neural Story Generation](https://aclanthology.org/P18-1082/), ACL 2018（top-k）

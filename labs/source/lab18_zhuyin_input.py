# %% [markdown]
# # 練習 18：注音輸入法 · Lab 18: A Zhuyin input method
#
# 你打 ㄕˋ，電腦要猜：是、式、示、試、事……？輸入法就是一個語言模型：看前面的字，猜這個音是哪個字。
#
# 目標：從一萬多句介面用語學出一個注音輸入法。先只看音，再看前一個字，最後用 Viterbi 找出**整串**最好的字。
#
# You type ㄕˋ, and the computer has to guess: 是, 式, 示, 試, 事 …? An input method is a language model: by the characters before, it guesses
# which one this syllable is.
#
# Goal: learn a Zhuyin input method from more than ten thousand interface sentences: first from the sound alone, then with the character before, and
# at last, by Viterbi, the best characters **of a whole run**.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [16](../notebooks/16_text_generator.ipynb) 課的 n-gram，第 [18](../notebooks/18_transformer.ipynb) 課「GPT」 · n-grams of lesson [16](../notebooks/16_text_generator.ipynb), and lesson [18](../notebooks/18_transformer.ipynb), the GPT |
# | 資料 · Data | Home Assistant 的介面用語，臺灣中文（Apache-2.0），自動下載；讀音由 pypinyin 標 · the interface of Home Assistant in Taiwan's Chinese (Apache-2.0), fetched by itself; readings by pypinyin |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 每個音最常見的字 · the commonest character of each syllable | 3 |
# | 2 | 前一個字之後，這個字的機率 · how likely a character is after another | 3 |
# | 3 | Viterbi：整串最好的字 · Viterbi: the best characters of a whole run | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import itertools
import math
import re
from collections import Counter

import numpy as np

from utils.data import datasets
from utils.notebook import checks, profile
from utils.text import chinese

RUNS = profile.choose(smoke=4_000, lesson=None, full=None)  # to learn from; None: all
TESTED = profile.choose(smoke=300, lesson=None, full=None)
profile.seed(18)

# %% [markdown]
# ## 資料 · The data
#
# 一「串」是連續的中文字，標點和英文把串切開。注音由程式 pypinyin 看前後的字標上，所以「音樂」和「快樂」的「樂」讀音不同。它照的是中國大陸的讀音，有些和臺灣不同（研究讀成 ㄧㄢˊ ㄐㄧㄡ）。測試的串來自沒看過的元件。
#
# A run is a stretch of Chinese characters; punctuation and English part runs. The syllables were put there by a program, pypinyin, by the
# neighbours of each character, so that 樂 is read differently in 音樂 and 快樂. Its readings are those of the Mainland, some of which differ from
# Taiwan's (研究 is read ㄧㄢˊ ㄐㄧㄡ). The runs of the test are from components never seen.

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false}
def runs_of(sentences, number):
    """Return the first runs of Chinese characters of some sentences, and the syllables of each."""
    runs = [run for one in sentences for run in re.findall("[一-鿿]+", one.chinese)][:number]
    return runs, chinese.zhuyin(runs)


sentences = datasets.load_interface_sentences(1_000, 1_000)  # long ones, too
train_runs, train_readings = runs_of(sentences.training, RUNS)
test_runs, test_readings = runs_of(sentences.test, TESTED)
print(f"{len(train_runs):,} runs to learn from, {sum(map(len, train_runs)):,} characters; {len(test_runs):,} runs for the test")
print(train_runs[0], *train_readings[0])


def accuracy(texts, runs):
    """Return the share of characters that are right."""
    right = sum(a == b for text, run in zip(texts, runs, strict=True) for a, b in zip(text, run, strict=True))
    return right / sum(map(len, runs))


# %% [markdown]
# ## 步驟 1：每個音最常見的字（3 分） · Step 1: The commonest character of each syllable (3 points)
#
# 寫兩個函式。`table_of`：每個音讀過哪些字，最常見的排前面；次數一樣，先出現的排前面。`commonest`：每個音都選最常見的字；沒聽過的音寫 `□`。
#
# Write two functions. `table_of`: which characters each syllable was, the commonest first; of equal ones that which came first. `commonest`: take the commonest
# for every syllable; a syllable never heard becomes `□`.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 一個音一個 `Counter`；`most_common()` 會排好，次數一樣時先放進去的在前面。
#
# One `Counter` for each syllable; `most_common()` sorts, and of equal ones that which was put in first comes first.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def table_of(runs, readings):
    """Return the characters of each syllable.

    Args:
        runs: texts of Chinese characters.
        readings: for each text the list of its syllables, one a character.

    Returns:
        A dictionary from a syllable to the list of its characters, the commonest first.
    """
    ### BEGIN SOLUTION
    counts = {}
    for run, syllables in zip(runs, readings, strict=True):
        for character, syllable in zip(run, syllables, strict=True):
            counts.setdefault(syllable, Counter())[character] += 1
    return {syllable: [character for character, _ in found.most_common()] for syllable, found in counts.items()}
    ### END SOLUTION


def commonest(syllables, table):
    """Return the text of the commonest characters of some syllables; □ for one that is not in the table."""
    ### BEGIN SOLUTION
    return "".join(table.get(syllable, ["□"])[0] for syllable in syllables)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_table(runs, readings, expected):
    """Check the table of some runs."""
    found = table_of(runs, readings)
    checks.that(
        set(found) == set(expected), f"{len(expected)} 個音 / {len(expected)} syllables",
        "鍵應該是所有出現過的音，一個不多，一個不少。 / The keys are all syllables that occur, no more and no less.")
    checks.that(
        all(sorted(found[key]) == sorted(expected[key]) for key in expected), "每個音的字都在，各一次 / each syllable has its characters, each once",
        "一個音的字，每一個只列一次，而且要是唸那個音的時候才算。 / List each character of a syllable once, and only where it was read so.")
    checks.that(
        all(list(found[key]) == expected[key] for key in expected), "最常見的在前面 / the commonest comes first",
        "順序不對：照次數由多到少；次數一樣，先出現的在前面。 / The order is wrong: by counts, and of equal ones that which came first.")


check_table(["是事", "事", "樂", "是事"], [["ㄕˋ", "ㄕˋ"], ["ㄕˋ"], ["ㄌㄜˋ"], ["ㄕˋ", "ㄕˋ"]], {"ㄕˋ": ["事", "是"], "ㄌㄜˋ": ["樂"]})
check_table(["音樂", "快樂"], [["ㄧㄣ", "ㄩㄝˋ"], ["ㄎㄨㄞˋ", "ㄌㄜˋ"]],
            {"ㄧㄣ": ["音"], "ㄩㄝˋ": ["樂"], "ㄎㄨㄞˋ": ["快"], "ㄌㄜˋ": ["樂"]})
checks.that(
    commonest(["ㄕˋ", "ㄅㄚ", "ㄕˋ"], {"ㄕˋ": ["事", "是"]}) == "事□事", "沒聽過的音是 □ / a syllable never heard is □",
    "要傳回一段文字，每個音一個字；表裡沒有的音寫 □。 / Return a text, a character for each syllable; □ for one that is not in the table.")
table = table_of(train_runs, train_readings)
reached = accuracy([commonest(syllables, table) for syllables in test_readings], test_runs)
checks.that(
    reached >= profile.choose(smoke=0.7, lesson=0.78, full=0.78), f"猜對 {reached:.1%} 的字 / {reached:.1%} of the characters are right",
    f"只猜對 {reached:.1%}。每個音選的真的是最常見的字嗎？ / Only {reached:.1%} are right. Is it the commonest character of each syllable?")
longest = max(table, key=lambda syllable: len(table[syllable]))
print(f"{len(table)} syllables; the one with most characters: {longest} {''.join(table[longest])}")

### BEGIN HIDDEN TESTS
check_table(["乙甲乙", "甲", "丙"], [["a", "a", "a"], ["a"], ["a"]], {"a": ["乙", "甲", "丙"]})
check_table(["乙甲", "甲"], [["a", "b"], ["a"]], {"a": ["乙", "甲"], "b": ["甲"]})
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：前一個字之後（3 分） · Step 2: After the character before (3 points)
#
# 「ㄓˋ」在「裝」後面是「置」，在「連線」後面是「至」。數一數相鄰的兩個字，就有了 bigram 模型。`^` 站在每一串的前面。沒見過的一對，不能說機率是 0，所以混入單獨一個字的機率，像第 16 課：
#
# $$p(b \mid a) = \frac{n(ab) + 2\,p(b)}{n(a) + 2},\qquad p(b) = \frac{n(b) + 1}{N + K + 1}$$
#
# $n(ab)$ 是 $a$ 後面接 $b$ 的次數；$n(a)$ 是 $a$ 後面接了字的次數（串尾的不算）；$n(b)$ 是 $b$ 出現的次數；$N$ 是總字數，$K$ 是字的種數，`^` 不算在 $n(b)$、$N$、$K$ 裡。
#
# ㄓˋ after 裝 is 置, and after 連線 it is 至. Count pairs of neighbours, and you have a bigram model. `^` stands in front of each run. A pair never seen must not get
# the probability 0, so the probability of the single character is mixed in, as in lesson 16, by the formula above. $n(ab)$ counts how often $b$ came after $a$; $n(a)$ how often anything
# came after $a$ (not at the end of a run); $n(b)$ how often $b$ occurs; $N$ is the number of all characters, $K$ that of different ones, and `^` does not count in $n(b)$, $N$ and $K$.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# `zip("^" + run, run)` 給出一串裡所有相鄰的兩個字，第一個字的前面是 `^`。
#
# `zip("^" + run, run)` gives all pairs of neighbours of a run, with `^` before the first character.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learn(runs):
    """Return a function log_p(before, after): the natural logarithm of p(after | before), for any two characters."""
    ### BEGIN SOLUTION
    singles, pairs, firsts = Counter(), Counter(), Counter()
    for run in runs:
        singles.update(run)
        pairs.update(zip("^" + run, run, strict=False))
        firsts.update("^" + run[:-1])
    everything = singles.total() + len(singles) + 1

    def log_p(before, after):
        alone = (singles[after] + 1) / everything
        return math.log((pairs[before, after] + 2 * alone) / (firsts[before] + 2))

    return log_p
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_learn(runs, asked):
    """Check the probabilities of pairs (before, after) against counts made here."""
    log_p, characters = learn(runs), Counter("".join(runs))
    joined = "".join(f"^{run}" for run in runs) + "^"
    for before, after in asked:
        together = sum(joined[place : place + 2] == before + after for place in range(len(joined)))
        followed = sum(joined[place] == before and joined[place + 1] != "^" for place in range(len(joined) - 1))
        alone = (characters[after] + 1) / (characters.total() + len(characters) + 1)
        found = log_p(before, after)
        checks.that(
            isinstance(found, float) and -50 < found < 0, f"log p({after} | {before}) 是負的數 / is a negative number",
            "機率的自然對數應該是負的、有限的數；沒見過的一對也要有。 / The logarithm of a probability is a finite negative number, for pairs never seen as well.")
        checks.close(
            found, math.log((together + 2 * alone) / (followed + 2)), f"p({after} | {before}) 對了 / is right",
            f"p({after} | {before}) 不對。`^` 有沒有站在每一串前面？n(a) 只算後面還有字的 a；n(b)、N、K 不含 `^`。 / "
            f"p({after} | {before}) is wrong. Does `^` stand before each run? n(a) counts only an a with something after it; n(b), N and K are without `^`.")


check_learn(["開門", "開窗", "關門"], ["窗窗", "^開", "開門", "開窗", "關門", "門開", "天地"])
log_p = learn(["開門", "開窗", "關門"])
checks.close(
    sum(math.exp(log_p("開", after)) for after in "開門窗關□"), 1.0, "所有可能加起來是 1 / all that may come adds up to 1",
    "見過的字，加上一個沒見過的，機率加起來要是 1。 / The characters seen and one never seen must add up to 1.")

### BEGIN HIDDEN TESTS
check_learn(["甲乙甲乙丙", "丙", "乙乙乙"], ["^丙", "甲乙", "乙甲", "乙乙", "丙甲", "丁甲", "甲丁"])
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：Viterbi（4 分） · Step 3: Viterbi (4 points)
#
# 一串 10 個音，每個音 3 個字，就有 $3^{10}$ 種寫法，約六萬。不必全試：到第 $t$ 個音為止、**結尾是某個字**的所有寫法，只有最好的那一個值得留下，因為後面只看得到結尾的字。一步一步往前走，每個候選字只留一條最好的路，叫 Viterbi 演算法。
#
# $$\text{best}_t(b) = \max_a\big[\text{best}_{t-1}(a) + \log p(b \mid a)\big]$$
#
# Ten syllables with 3 characters each can be written in $3^{10}$ ways, some sixty thousand. There is no need to try all: of the ways that **end in one character** at syllable $t$, only the
# best is worth keeping, since what follows sees the last character alone. Go step by step, and keep the one best way for each candidate: this is Viterbi's algorithm, the formula
# above.
#
# 從 `^` 開始，分數是 0。沒聽過的音只有一個候選字 `□`。
#
# Begin at `^` with a score of 0. A syllable never heard has one candidate, `□`.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 用一個字典：結尾的字 → （分數，到這裡的文字）。每讀一個音，做一個新的字典。
#
# Use a dictionary: last character → (score, text so far). With every syllable, make a new one.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_text(syllables, table, log_p):
    """Return the text with the greatest sum of log_p(before, after), of all that can be read so.

    Args:
        syllables: list of syllables.
        table: from a syllable to the list of its characters.
        log_p: function of two characters; the first is "^" at the beginning.

    Returns:
        The text, a character for each syllable; "" for no syllables.
    """
    ### BEGIN SOLUTION
    best = {"^": (0.0, "")}
    for syllable in syllables:
        best = {
            after: max((score + log_p(before, after), text + after) for before, (score, text) in best.items())
            for after in table.get(syllable, ["□"])
        }
    return max(best.values())[1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def best_with(syllables, table, scores, most):
    """Return the best text by a table of scores; None where log_p is asked more often than `most`."""
    asked = 0

    def log_p(before, after):
        nonlocal asked
        asked += 1
        if asked > most:
            raise OverflowError
        return scores[before + after]

    try:
        return best_text(syllables, table, log_p)
    except OverflowError:
        return None


@checks.beside_your_code
def typed(runs, readings, asked):
    """Learn from runs with their readings, and return the texts of the lists of syllables that are asked."""
    table, log_p = table_of(runs, readings), learn(runs)
    return [best_text(syllables, table, log_p) for syllables in asked]


def check_best(syllables, table, seed):
    """Check against trying every text."""
    columns = [table.get(syllable, ["□"]) for syllable in syllables]
    characters = sorted({character for column in columns for character in column})
    random = np.random.default_rng(seed)
    scores = {before + after: float(random.normal(-5, 3)) for before in ["^", *characters] for after in characters}

    def total(text):
        return sum(scores[before + after] for before, after in zip("^" + text, text, strict=False))

    found = best_with(syllables, table, scores, most=4 * len(syllables) * max(map(len, columns), default=1) ** 2 + 4)
    checks.that(
        found is not None, f"{len(syllables)} 個音，沒有全試 / {len(syllables)} syllables, and not every text is tried",
        "log_p 被問了太多次：是不是試了每一種寫法？每個候選字只留一條最好的路。 / log_p was asked too often: is every text tried? Keep one best way for each candidate.")
    checks.that(
        isinstance(found, str) and len(found) == len(syllables) and all(a in column for a, column in zip(found, columns, strict=True)),
        "每個音一個它的字 / a character of its own for each syllable",
        "要傳回一段文字，第 i 個字要是第 i 個音的候選字（沒聽過的音是 □）。 / Return a text; character i is a candidate of syllable i (□ for a syllable never heard).")
    if math.prod(map(len, columns)) < 100_000:
        best = max(map(total, map("".join, itertools.product(*columns))))
        checks.that(
            total(found) >= best - 1e-9, "整串的分數最高 / the whole run has the greatest score",
            f"「{found}」的總分不是最高的。只看眼前最好的字，後面可能吃虧；`^` 到第一個字也要算。 / "
            f"{found} has not the greatest total. What is best at once may be paid for later; from `^` to the first character counts, too.")


small = {"a": ["甲", "乙", "丙"], "b": ["丁", "甲"], "c": ["戊"]}
checks.that(best_with([], small, {}, 9) == "", "沒有音，就沒有字 / no syllables, no text", "沒有音的時候，傳回空的文字。 / With no syllables, return an empty text.")
for seed, syllables in enumerate(("a", "ab", "abc", "bacab", "aaaaaaa", "axb", "abababababababababababababababababab")):
    check_best(list(syllables), small, seed)
texts = typed(train_runs, train_readings, test_readings)
by_pairs = accuracy(texts, test_runs)
checks.that(
    by_pairs >= profile.choose(smoke=0.85, lesson=0.94, full=0.94), f"猜對 {by_pairs:.1%} 的字 / {by_pairs:.1%} of the characters are right",
    f"只猜對 {by_pairs:.1%}。先確定步驟 1 和 2 都過了。 / Only {by_pairs:.1%} are right. First see that steps 1 and 2 pass.")
whole = np.mean([text == run for text, run in zip(texts, test_runs, strict=True)])
print(f"whole runs right: {whole:.1%}")
for run, text in [(run, text) for run, text in zip(test_runs, texts, strict=True) if run != text][:8]:
    print(run, "→", text)

### BEGIN HIDDEN TESTS
for seed in range(100, 112):
    check_best(["a", "b", "c", "a", "x", "a", "b", "b"][: seed % 8 + 1], {"a": list("一二三四"), "b": list("五六"), "c": list("七八九一")}, seed)
### END HIDDEN TESTS

# %% [markdown]
# ## 檢查與想一想 · Check, and think further
#
# 在終端機執行 `make check-lab LAB=18`，看看哪幾步過了。
#
# 🤔 看上面猜錯的幾串：只看前一個字不夠的有哪些？換成第 18 課的 GPT，看得到整串前文，Viterbi 還能用嗎？（每個候選字只留一條路，靠的是什麼？）你的輸入法只讀過家電介面，用它打一首唐詩會怎樣？
#
# Run `make check-lab LAB=18` in a terminal to see which steps pass.
#
# 🤔 Look at the runs above that went wrong: for which is the one character before not enough? A GPT as in lesson 18 sees all that came before; could Viterbi still be used? (What
# allows us to keep one way for each candidate?) Your input method has read the interface of home devices only: how would it type a poem of the Tang dynasty?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 例如「按六次」變成「暗六次」：開頭只看得到 `^`，要看到後面的「次」才知道是按。「訊息**以**聆聽」變成「已聆聽」：「以」和「已」後面都可以接動詞，要讀懂整句。也有些不是前文的問題：「矽甲烷」的字，資料裡根本很少見。
#
# Viterbi 每個候選字只留一條路，靠的是「後面只看得到最後一個字」：結尾一樣的路，之後的分數都一樣，所以只有最好的值得留。GPT 看得到整串，結尾一樣、前面不同的路，之後的分數就不同，不能丟，Viterbi 不能用；改用束搜尋（beam search），每步留下分數最高的幾條，不保證最好。
#
# 唐詩會很慘。參考解答在測試的串上對了 96 % 的字，同一個輸入法打十二句五言詩（「床前明月光」到「花落知多少」）只對 58 %，其中 9 個字它根本沒看過。猜「演算法找到最好的，所以會對」的人忘了：Viterbi 保證的是**這個模型**認為最好，模型讀的是家電，不是詩。
#
# For example 按六次 becomes 暗六次: at the beginning there is `^` alone, and it takes the 次 behind to know that it is 按. And 訊息以聆聽 becomes 已聆聽: a verb may follow 以 as well as 已, so one has to
# understand the sentence. Some are no matter of what came before: the characters of 矽甲烷 are rare in the data.
#
# Viterbi keeps one way for each candidate because what follows sees the last character alone: ways with one ending score the same from there on, so only the best is worth keeping. A GPT sees all of
# them; ways that end alike and began differently score differently later, none may be dropped, and Viterbi cannot be used. One takes beam search, which keeps the few best at each step and does not
# promise the best of all.
#
# A Tang poem comes out badly. The sample solution gets 96 % of the characters of the test runs right; for twelve lines of five characters, from 床前明月光 to 花落知多少, the same method gets 58 %, and 9 of the
# characters it has never seen. Who thought that it finds the best and so is right forgot that Viterbi finds what **this model** takes for best, and the model has read of home devices, not poems.
#
# </details>

# %% [markdown]
# 參考資料 · References：A. J. Viterbi, [Error bounds for convolutional codes and an asymptotically optimum decoding algorithm](https://doi.org/10.1109/TIT.1967.1054010), 1967；
# Z. Chen, K.-F. Lee, [A New Statistical Approach to Chinese Pinyin Input](https://aclanthology.org/P00-1031/), ACL 2000；
# [pypinyin](https://github.com/mozillazg/python-pinyin)

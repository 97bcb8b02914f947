# %% [markdown]
# # 練習 11：英文與中文的斷詞器 · Lab 11: A tokeniser for English and Chinese
#
# 目標：把規則寫成程式，切開英文；用動態規劃找出中文最可能的切法；最後切開中英夾雜的真實句子，由人工切好的答案打分數。
#
# Goal: turn rules into a program that cuts English; find the most probable cut of Chinese by dynamic programming; then cut real sentences that
# mix both, scored against cuts made by hand.
#
# ⏱ 約 75 分鐘 · about 75 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [11](../notebooks/11_language_basics.ipynb) 課；正規表示式（`re`） · lesson [11](../notebooks/11_language_basics.ipynb); regular expressions (`re`) |
# | 資料 · Data | 句子都在這份筆記本裡 · all sentences are in this notebook |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 照規則切英文 · cut English by rule | 3 |
# | 2 | 最可能的切法 · the most probable cut | 5 |
# | 3 | 中英夾雜，自己想辦法 · both languages mixed, by your own means | 4 |
#
# 詞（token）都照原文寫，不改大小寫：把所有的詞接起來，要等於拿掉空白的原文。
#
# Tokens are as written, capitals included: joined together they must be the text without its spaces.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
import random
import re
from itertools import accumulate

from utils.notebook import checks, display
from utils.text import chinese

# %% [markdown]
# ## 步驟 1：英文的規則（3 分）· Step 1: Rules for English (3 points)
#
# 1. **數**：一串數字，裡面可以有小數點或千分號，但後面一定要接數字：`3.50`、`36,900`。句尾的句點不算。
# 2. **字**：一串字母或數字。裡面可以有 `'`、`’` 或 `-`，但兩邊都要是字母或數字：`didn't`、`state-of-the-art`、`GPT-4`、`2nd`。
# 3. 其他不是空白的字元，**一個字元就是一個詞**：`$`、`.`、`!`、`?`。
#
# 1. **Numbers**: digits, with points or commas inside if a digit follows: `3.50`, `36,900`. The full stop of a sentence is not part of it.
# 2. **Words**: letters or digits. Inside there may be `'`, `’` or `-`, with a letter or digit on both sides: `didn't`, `state-of-the-art`, `GPT-4`, `2nd`.
# 3. Anything else that is no space: **one character, one token**: `$`, `.`, `!`, `?`.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `re.findall("甲|乙|丙", text)` 在每個位置依序試甲、乙、丙，先成功的先贏，所以次序很重要。`[^\W_]` 是「一個字母或數字」，任何文字都算，é 也是。
#
# `re.findall("A|B|C", text)` tries A, B and C in this order at every place, and the first that fits wins: the order matters. `[^\W_]` is "a letter or digit" of
# any script, é included.
#
# </details>
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 「一段，後面可以再接（連接符號加一段）好幾次」寫成 `段(?:連接符號段)*`。要用 `(?:…)`，不要用 `(…)`，否則 `findall` 只給你括號裡的。
#
# "A piece, and then any number of times a joint with another piece" is written `piece(?:joint piece)*`, without the space. Use `(?:…)` and not `(…)`, or `findall`
# gives you just what is in the brackets.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tokenise_english(text):
    """Return the tokens of an English text in order, as written, by the three rules above.

    Args:
        text: a string, perhaps empty.

    Returns:
        List of strings without spaces.
    """
    ### BEGIN SOLUTION
    return re.findall(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’-][^\W_]+)*|\S", text)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def cuts(expected, hint):
    """Check one text, given as its tokens with `|` between them; a space belongs to the token behind it."""
    text = expected.replace("|", "")
    wanted = [token.strip() for token in expected.split("|")] if expected else []
    found = tokenise_english(text)
    checks.that(isinstance(found, list) and all(isinstance(token, str) for token in found), f"{text!r}：得到字串的串列 / a list of strings",
                f"{text!r} 應該得到字串的串列，現在是 {found!r:.80} / {text!r} should give a list of strings, and gives {found!r:.80}")
    checks.that("".join(found) == "".join(wanted), "一個字元都沒少 / no character is lost",
                f"{text!r} 切成 {found}，接起來和原文不同：少了字元、多了字元，或改了大小寫 / "
                f"{text!r} becomes {found}; joined, that is not the text: characters are missing, too many, or in another case")
    checks.that(found == wanted, f"{text!r} → {' | '.join(found)}", f"{text!r} 切成 {found}。{hint}")


cuts("The| cat| sat", "用空白分開就好 / spaces are all it takes")
cuts("Stop|!| Really|?|!", "標點要自己成為一個詞，一個字元一個 / punctuation makes tokens of its own, one for each character")
cuts("I| didn't| go", "撇號在字的中間，不要切開 / an apostrophe inside a word does not cut it")
cuts("She| doesn’t| know", "彎的撇號 ’ 也一樣 / the curly apostrophe ’ is the same")
cuts("a| state-of-the-art| phone", "連字號在字的中間，不要切開 / a hyphen inside a word does not cut it")
cuts("It| cost| $|3.50|.", "小數要完整，句尾的句點要分開 / keep a decimal number whole, and take the full stop off")
cuts("36,900| people|,| 1,000,000| stars", "千分號後面是數字才不切，後面是空白就要切 / a comma is kept only if a digit follows")
cuts("my| 2nd| GPT-4| phone", "字母和數字可以在同一個字裡：2nd、GPT-4 都是一個詞 / letters and digits may share a word: 2nd and GPT-4 are one token each")
cuts("the| students|'| books", "字尾的撇號兩邊不都是字母，要分開 / an apostrophe at the end of a word has no letter behind it: take it off")
cuts("Zoë| met| André| in| a| café", "é 和 ë 也是字母 / é and ë are letters, too")
cuts("", "空字串得到空串列 / an empty text gives an empty list")
### BEGIN HIDDEN TESTS
cuts("Rock'n'roll|,| isn’t| it|?", "兩個撇號也可以 / two apostrophes are fine")
cuts("(|e-mail|:| me|@|example|.|com|)", "不是字母也不是數字，就一個字元一個詞 / what is neither letter nor digit stands alone")
cuts("On| 31| May| 2024|,| 99.95| %|!", "數和標點分開 / numbers and punctuation apart")
cuts("wait|-|-|what|.|.|.", "連字號兩邊不都是字母，要分開 / a hyphen without a letter on both sides stands alone")
cuts("Citroën|_|C4", "底線不是字母 / an underscore is no letter")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：最可能的切法（5 分）· Step 2: The most probable cut (5 points)
#
# 中文沒有空白。第 11 課說：每種切法的機率是各詞機率的乘積，取最大的。取對數，乘法變加法：
#
# Chinese has no spaces. Lesson 11 said: the probability of a cut is the product of its words' probabilities, and the largest wins. With logarithms the product
# becomes a sum:
#
# $$\hat{w}_1 \ldots \hat{w}_n = \arg\max \sum_i \log p(w_i)$$
#
# $n$ 個字有 $2^{n-1}$ 種切法，60 個字就超過 $10^{17}$ 種，一種一種試是試不完的。但是：前 $j$ 個字的最佳切法，去掉最後一個詞，剩下的**一定也是**前面那一段的最佳切法。從短的開始，一個位置一個位置往後做，就不必重算。
#
# 一個詞的分數由函式 `score(word)` 給你，任何字串都可以問。
#
# A text of $n$ characters has $2^{n-1}$ cuts; 60 characters have more than $10^{17}$, too many to try. But: take the best cut of the first $j$ characters and drop its last
# word; what is left **must be** the best cut of what comes before. Begin with the short beginnings, go on place by place, and nothing is worked out
# twice.
#
# The score of a word comes from a function, `score(word)`; you may ask it about any string.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 準備一個串列，`best[j]` 放「前 $j$ 個字」的最高分，另一個串列記下最後一個詞從哪裡開始。`best[0]` 是 0。全部填完，再從最後面一個詞一個詞走回來。
#
# Keep a list in which `best[j]` is the highest score of the first $j$ characters, and another that says where the last word begins. `best[0]` is 0. When all is
# filled in, walk back from the end, word by word.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "words", "locked": true, "schema_version": 3, "solution": false, "task": false}
COUNTS = {"研究": 400, "研究生": 60, "生命": 150, "生": 90, "命": 30, "的": 5_000, "起源": 40, "下雨": 80, "下雨天": 20, "雨天": 25, "天": 300,
          "留": 70, "留客": 4, "客": 20, "我": 4_000, "不": 3_000, "不留": 2, "乒乓": 5, "乒乓球": 30, "乒乓球拍": 3, "球拍": 15, "球": 100,
          "拍": 40, "拍賣": 35, "賣": 90, "完": 120, "完了": 50, "了": 4_500, "北京": 200, "北京大學": 60, "大學": 300, "大學生": 90, "學生": 350,
          "京": 10, "前來": 25, "前": 200, "來": 800, "應徵": 12}  # fmt: skip
LONGEST = 4  # no word has more characters


def score(word):
    """Return the logarithm of a word's probability; what is not in the table is very improbable, all the more the longer it is."""
    return math.log(COUNTS[word] / 30_000) if word in COUNTS else -20.0 * len(word) ** 2


for cut in (["研究生", "命", "的", "起源"], ["研究", "生命", "的", "起源"]):
    print("|".join(cut), round(sum(map(score, cut)), 2))


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_cut(sentence, score, longest):
    """Return the cut of a sentence whose words have the largest sum of scores.

    Args:
        sentence: a string, perhaps empty.
        score: a function; score(word) returns a number for any string that is not empty.
        longest: no word may have more characters than this.

    Returns:
        List of words; joined together they are the sentence. If several cuts are best, any of them.
    """
    ### BEGIN SOLUTION
    best, begins = [0.0], [0]
    for end in range(1, len(sentence) + 1):
        options = [(best[start] + score(sentence[start:end]), start) for start in range(max(0, end - longest), end)]
        value, start = max(options)
        best.append(value)
        begins.append(start)
    words, end = [], len(sentence)
    while end:
        words.append(sentence[begins[end]:end])
        end = begins[end]
    return words[::-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def all_cuts(sentence, longest):
    """Yield every cut of a short sentence."""
    if not sentence:
        yield []
    for size in range(1, min(longest, len(sentence)) + 1):
        for rest in all_cuts(sentence[size:], longest):
            yield [sentence[:size], *rest]


def call(sentence, score, longest):
    """Let `best_cut` work, and stop it when it asks for far too many scores."""
    asked, most = 0, 1_000 + 100 * longest * len(sentence)

    def counted(word):
        nonlocal asked
        asked += 1
        if asked > most:
            raise AssertionError("enough")
        return score(word)

    try:
        found = best_cut(sentence, counted, longest)
    finally:
        if asked > most:
            raise checks.CheckFailed(
                f"{len(sentence)} 個字問了超過 {most:,} 次分數：同樣的一段算了太多遍，把每一段開頭的最佳切法記下來 / "
                f"more than {most:,} scores were asked for {len(sentence)} characters: the same pieces are worked out again and "
                "again; keep the best cut of each beginning")
    checks.that(isinstance(found, list) and "".join(found) == sentence and all(0 < len(word) <= longest for word in found),
                f"{sentence!r} → {found!r}", f"{sentence!r} 切成 {found!r:.80}：要是詞的串列，接起來等於原句，每個詞 1 到 {longest} 個字 / "
                f"{sentence!r} becomes {found!r:.80}: it should be a list of words that join to the sentence, each of 1 to {longest} characters")
    return found


def is_best(sentence, score, longest, hint):
    """Compare with every possible cut."""
    found = sum(map(score, call(sentence, score, longest)))
    highest = max(sum(map(score, cut)) for cut in all_cuts(sentence, longest))
    checks.that(found >= highest - 1e-9, f"分數 {found:.2f}，沒有更高的 / score {found:.2f}, there is none higher",
                f"{sentence!r} 有分數更高的切法（{highest:.2f}，你的是 {found:.2f}）。 There is a cut with a higher score ({highest:.2f}; yours has {found:.2f}). {hint}")


is_best("研究", score, LONGEST, "只有兩種切法 / there are just two cuts")
is_best("研究生命的起源", score, LONGEST, "從左邊先拿最長的或最可能的詞，不一定最好：要看整句的總分 / "
        "to take the longest or the likeliest word first is not always best: the sum of the whole sentence counts")
is_best("乒乓球拍賣完了", score, LONGEST, "要看整句的總分 / the sum of the whole sentence counts")
is_best("北京大學生前來應徵", score, LONGEST, "要看整句的總分 / the sum of the whole sentence counts")
is_best("我去下雨天", score, LONGEST, "不在表裡的字也要切得出來 / characters that are not in the table have to come out, too")
checks.that(call("", score, LONGEST) == [], "空的句子得到空串列 / an empty sentence gives an empty list",
            "空的句子應該得到空串列 / an empty sentence should give an empty list")
is_best("研究生命的起源", lambda word: -1.0 if len(word) == 1 else -3.0 * len(word), 3, "分數函式換了，答案也要跟著換 / with another score the answer has to change")
is_best("研究生命的起源", lambda word: -1.0, 3, "詞越少分數越高的時候，詞最多可以有 longest 個字 / where fewer words score higher, a word may have up to `longest` characters")
is_best("北京大學", lambda word: 5.0, 4, "分數是正的也行 / scores may be positive")
call("研究生命的起源下雨天留客天" * 5, score, LONGEST)
### BEGIN HIDDEN TESTS
dice = random.Random(6)
for _ in range(30):
    sentence = "".join(dice.choice("甲乙丙丁") for _ in range(dice.randint(1, 10)))
    values = {}
    longest = dice.randint(1, 5)
    is_best(sentence, lambda word, values=values: values.setdefault(word, dice.uniform(-9, -1)), longest, "亂數的分數 / with random scores")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：中英夾雜（4 分）· Step 3: Both languages mixed (4 points)
#
# 真實的句子長這樣：「這支iPhone要NT$36,900，太貴了！」寫一個 `tokenise`，英文與數字照步驟 1 的規則，中文切成詞，標點各自一個。
#
# 用什麼都可以：`utils.text.chinese.segment`、jieba、你的 `tokenise_english` 和 `best_cut`，或自己的規則。分數是 F1：一個詞的頭尾都切對才算對。下面 12 句要到 **0.90**；另外還有 10 句你看不到的，要到 0.85。
#
# Real sentences look like this: 「這支iPhone要NT$36,900，太貴了！」 Write `tokenise`: English and numbers by the rules of step 1, Chinese cut into words, one token for each
# punctuation mark.
#
# Anything goes: `utils.text.chinese.segment`, jieba, your `tokenise_english` and `best_cut`, or rules of your own. The score is F1: a word counts if both its ends are right.
# The 12 sentences below need **0.90**; there are 10 more that you do not see, and they need 0.85.
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 先把句子分成「漢字的一段」和「其他的一段」，各用各的方法。看看第 11 課：為繁體中文準備的是哪一個函式？短句該不該讓它猜新詞（`discover`）？
#
# First part the sentence into stretches of Chinese characters and stretches of everything else, and treat each in its own way. See lesson 11: which function is made
# for Traditional Chinese? Should it guess at new words (`discover`) in short sentences?
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "sentences", "locked": true, "schema_version": 3, "solution": false, "task": false}
BY_HAND = """我|用| Python| 3.12| 寫|了|一個|類神經網路|。
這|支|iPhone|要|NT|$|36,900|，|太|貴|了|！
臺北|101|在|2004|年|12|月|31|日|開幕|。
他|說|：|「|Hello|,| World|!|」|然後|就|走|了|。
GPU|的|記憶體|有| 24| GB|。
我們|在|臺灣大學|上| deep| learning| 的|課|。
今天|氣溫|28.5|度|，|下午|會|下雨|。
Let's| 吃|牛肉麵|吧|！
老師|說|homework|星期五|要|交|。
這|篇|論文|的| state-of-the-art| 模型|準確率|是|99.1|%|。
弟弟|把|滑鼠|和|鍵盤|弄壞|了|。
計程車|司機|載|我|到|高鐵|車站|。""".splitlines()


def places(tokens):
    """Return the set of (start, end) of each token, spaces not counted."""
    ends = list(accumulate(len(token.strip()) for token in tokens))
    return set(zip([0, *ends], ends, strict=False))


def f1(method, by_hand):
    """Return the F1 of a method on sentences cut by hand, 0 ... 1."""
    right = total = 0
    for line in by_hand:
        found, wanted = places(method(line.replace("|", ""))), places(line.split("|"))
        right, total = right + len(found & wanted), total + len(found) + len(wanted)
    return 2 * right / total


display.table([(name, f1(method, BY_HAND)) for name, method in
               [("split at spaces", str.split), ("one character, one word", lambda text: list("".join(text.split()))),
                ("utils.text.chinese.segment as it is", lambda text: [word for word in chinese.segment(text) if word.strip()])]],
              columns=["method", "F1"], digits=2)


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tokenise(text):
    """Return the tokens of a text in English, Traditional Chinese, or both, as written and without spaces.

    Args:
        text: a string, perhaps empty.

    Returns:
        List of strings; joined together they are the text without its spaces.
    """
    ### BEGIN SOLUTION
    tokens = []
    for stretch in re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", text):
        if "\u4e00" <= stretch[0] <= "\u9fff":
            tokens += chinese.segment(stretch, discover=False)
        else:
            tokens += re.findall(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’-][^\W_]+)*|\S", stretch)
    return tokens
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def nothing_lost(text):
    """Check that the tokens are the text."""
    found = tokenise(text)
    checks.that(isinstance(found, list) and all(isinstance(token, str) for token in found) and "".join(found) == "".join(text.split()),
                f"{text!r} → {found!r}", f"{text!r} 切成 {found!r:.90}：接起來要等於拿掉空白的原文，大小寫不變 / "
                f"{text!r} becomes {found!r:.90}: joined it should be the text without spaces, capitals as written")
    checks.that(all(found) and not any(re.search(r"\s", token) for token in found), "沒有空的詞 / no empty tokens",
                f"{text!r} 切出了空的詞或含空白的詞 / among the tokens of {text!r} some are empty or hold spaces")


for line in BY_HAND:
    nothing_lost(line.replace("|", ""))
nothing_lost("")
nothing_lost("  GPT-4   很  貴 \n")
quality = f1(tokenise, BY_HAND)
worst = min(BY_HAND, key=lambda line: f1(tokenise, [line]))
checks.that(quality >= 0.90, f"F1 {quality:.3f}，至少 0.90 / F1 {quality:.3f}, 0.90 at least",
            f"F1 是 {quality:.3f}，要到 0.90。最差的一句切成 {'|'.join(tokenise(worst.replace('|', '')))}，人工切成 {'|'.join(map(str.strip, worst.split('|')))} / "
            "F1 is too low, 0.90 is needed. Shown is the sentence that came out worst, and how it was cut by hand")
### BEGIN HIDDEN TESTS
UNSEEN = """研究生|正在|研究|生命|的|起源|。
媽媽|花|了|1,250|元|買|便當|和|珍珠奶茶|。
我|的| e-mail| 帳號|不|能|用|了|。
這|門|課|教| TensorFlow| 和| Keras|。
捷運站|旁邊|有|一|家|7-ELEVEN|便利商店|。
她|分|不|清楚| don't| 和| doesn't|。
程式|跑|了|3.5|小時|還|沒有|跑|完|。
皇后|把|長|頭髮|剪短|了|。
圖書館|明天|早上|9|點|開門|。
資料集|有|60,000|張|影像|，|每|張|28|×|28|像素|。""".splitlines()
for line in UNSEEN:
    nothing_lost(line.replace("|", ""))
quality = f1(tokenise, UNSEEN)
checks.that(quality >= 0.85, f"沒看過的句子，F1 {quality:.3f} / F1 {quality:.3f} on unseen sentences",
            f"沒看過的句子，F1 是 {quality:.3f}，要到 0.85：規則是不是只對那 12 句有效？/ "
            f"on unseen sentences F1 is {quality:.3f}, and 0.85 is needed: do your rules fit those 12 sentences alone?")
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=11`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：「太貴」是一個詞還是兩個？請一位同學不看答案，也切這 12 句。你們兩人之間的 F1 是多少？一個程式的 F1 有可能、有必要比它更高嗎？
#
# In a terminal run `make check-lab LAB=11`: it says which steps pass.
#
# 🤔 To think further: is 太貴 one word or two? Ask a classmate to cut the 12 sentences without seeing the answers. What is the F1 between the two of you? Can a program have
# more, and does it need to?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩種都有人切，也都說得通：「太」修飾「貴」，可以換成「很貴」「不貴」，所以這裡切成兩個；參考解答卻留成一個詞，12 句的 F1 還是 0.97。你們兩人的 F1 多半不是 1，差的就是這種詞。
#
# 程式有可能比它高：F1 是和**某一個人**的切法比，程式可以把那個人的習慣學起來。不必要：超過人和人之間的一致程度以後，量的是誰的習慣，不是誰對。說「F1 越高就越懂中文」的人忘了，答案也是人切的；真正要問的是，後面的工作（搜尋、翻譯）有沒有變好。
#
# People cut it both ways, and both can be defended: 太 says how 貴, as 很 and 不 could, so here it is two words. The sample solution keeps it as one and still has an F1 of 0.97 on the 12
# sentences. Between the two of you F1 is mostly below 1, and words like this one are why.
#
# A program can have more: F1 compares with the cuts of **one** person, whose habits it may learn. It need not: beyond the agreement between people one measures whose habits they are, and
# no longer who is right. Who took a higher F1 for more Chinese forgot that the answers were cut by somebody, too. What to ask is whether the work that follows, search or translation,
# got better.
#
# </details>

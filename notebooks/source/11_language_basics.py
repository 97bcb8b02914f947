# %% [markdown] slideshow={"slide_type": "slide"}
# # 11 語言的基本功 · Language basics
#
# 🗺 清理、斷詞、停用詞、詞幹、剖析樹，中英對照 · Clean, tokenise, stem, parse, in English and Chinese
#
# 電腦只會算數字。一篇網頁要變成數字，得先走過好幾步：清理、標點、斷詞、停用詞、詞幹、文法、統計。每一步都有選擇，每個選擇都可能丟掉意思。今天的大型語言模型直接讀原始文字，不去停用詞，也不取詞幹；但它也要先把文字切開，切成子詞（subword，步驟 3）。切法還是一種選擇。
#
# 上完這一課，你可以
# 1. 把網頁變成乾淨的詞，英文和中文都會，並說明中文為什麼需要斷詞；
# 2. 用一套小文法畫出句子的剖析樹，找出歧義；
# 3. 從詞頻、n-gram 走到 one-hot 與餘弦相似度，說出下一課 word2vec 要解決什麼問題。
#
# Computers only calculate. Before a web page becomes numbers it goes through many steps: cleaning, punctuation, tokenising, stop words,
# stems, grammar, counting. Each step is a choice, and each choice may throw meaning away. The large language models of today read raw
# text: they drop no stop words and cut no stems. But they, too, first cut the text, into subwords (step 3), and how to cut is
# still a choice.
#
# After this lesson you can
# 1. turn a web page into clean words, in English and in Chinese, and say why Chinese needs segmentation;
# 2. draw a sentence's parse tree from a small grammar, and find where it is ambiguous;
# 3. go from frequencies and n-grams to one-hot and cosine, and name the problem that word2vec solves next.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | Python 的串列、字典和函式；[01](01_numpy.ipynb) 的陣列與矩陣乘法（步驟 9）；[03](03_scikit_learn.ipynb) 的 one-hot。不必會類神經網路 · lists, dicts and functions of Python; arrays and the matrix product of [01](01_numpy.ipynb) (step 9); one-hot of [03](03_scikit_learn.ipynb). No neural network is needed |
# | 學習時間 · Study time | 約 100 分鐘，含空格和問題 · about 100 minutes, with gaps and questions |
# | 資料 · Data | 英文維基百科 106 篇（CC BY-SA 3.0）；《三國演義》前 60 回（公有領域）；爛番茄影評 8,530 句（Pang、Lee 2005） · 106 articles of the English Wikipedia (CC BY-SA 3.0); the first 60 chapters of the novel 三國演義 (public domain); 8,530 sentences of Rotten Tomatoes reviews (Pang, Lee 2005) |
# | 投影片 · Slides | 自然語言處理（NLP）Problem；核心概念步驟 1 到 6：資料清理、標點、斷詞、停用詞、詞嵌入、語料庫 · The NLP problem; core steps 1 to 6: cleaning, punctuation, tokenising, stop words, word embedding, corpus |

# %% slideshow={"slide_type": "skip"}
import re
import unicodedata
from collections import Counter
from itertools import pairwise

import matplotlib.pyplot as plt
import nltk
import numpy as np
from nltk.stem import PorterStemmer, SnowballStemmer
from nltk.tokenize import TreebankWordTokenizer, wordpunct_tokenize

from utils.data import datasets
from utils.notebook import checks, display, plots, profile
from utils.text import chinese, english

# %% slideshow={"slide_type": "skip"}
CHAPTERS = profile.choose(smoke=60, lesson=60, full=120)  # of the novel, for Zipf's law in step 8
profile.seed(8)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：資料清理 · Step 1: Cleaning
#
# 網頁是寫給瀏覽器看的：標籤（tag）、程式、樣式、字元實體（entity）混在文字裡。兩個小網頁，一英一中，都故意寫得有點亂：
#
# A page is written for browsers: tags, scripts, styles and entities stand between the words. Two small pages, one English, one
# Chinese, both a little messy on purpose:

# %% slideshow={"slide_type": "fragment"}
PAGE_EN = """<html><head><title>Food</title><style>p {color: red}</style></head><body>
<h1>Taipei&rsquo;s night markets</h1><p>The food is <b>un</b>believable!<br>Fish&nbsp;balls
&amp; tea: NT$80 &lt; US$3.<script>if (price < 80) alert("<p>cheap</p>");</script><p>I <3 it"""

PAGE_ZH = """<html><head><title>美食</title><style>p {color: red}</style></head><body>
<h1>臺北的夜市</h1><p>東西<b>超</b>好吃！<br>魚丸&nbsp;&amp;&nbsp;茶：80 元 &lt; 100 元。
<script>if (price < 80) alert("<p>便宜</p>");</script><p>我 <3 夜市"""

# %% [markdown] slideshow={"slide_type": "fragment"}
# 很多人第一個想到的是：用一條規則刪掉所有 `<…>`。試試看：
#
# Most people's first idea: one rule that deletes every `<…>`. Try it:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for page in (PAGE_EN, PAGE_ZH):
    print(" ".join(re.sub("<[^>]+>", "", page).split()), end="\n\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 至少有四個毛病：分頁標題和樣式混了進來、程式剩下半截、`&amp;` 沒有還原、`unbelievable!Fish` 黏在一起。
#
# 🤔 程式為什麼只剩下半截？（找找看 `<` 在程式裡是什麼意思。）
#
# `utils.text.english` 照瀏覽器的規則來做，只留下畫面上看得到的字：
#
# At least four things are wrong: the tab's title and the style got in, half of the script is left, `&amp;` was not decoded, and `unbelievable!Fish` is glued together.
#
# 🤔 Why is just half of the script left? (Look for what `<` means inside it.)
#
# `utils.text.english` follows the rules of a browser, and keeps what you would see on the page:

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為規則把程式裡的「小於」也當成標籤的開頭。`price < 80) alert("<p>` 從 `<` 到下一個 `>` 整段被刪掉，只剩下前後兩截：`if (price ` 和
# `cheap");`。常見的錯誤猜測是「規則認得 `<script>`，所以只刪了一部分」。它什麼都不認得，只找 `<` 和 `>`；`I <3 it` 沒有被刪，只是因為後面沒有 `>`。
#
# Because the rule takes the "less than" inside the script for the start of a tag. All of `price < 80) alert("<p>` from its `<` to the
# next `>` is deleted, and the two ends are left: `if (price ` and `cheap");`.
# The usual wrong guess: "it knows `<script>` and deleted a part of it". It knows nothing but `<` and `>`; `I <3 it` was spared only
# because no `>` follows.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
clean_en, clean_zh = english.strip_html(PAGE_EN), english.strip_html(PAGE_ZH)
print(clean_en, clean_zh, sep="\n")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 看起來一樣，其實不一樣 · It looks the same, and is not
#
# 同一個字可以有好幾種編碼。不先統一，電腦會把它們當成不同的詞。`NFKC` 把全形變半形、把拆開的重音合起來。
#
# One letter can be coded in several ways. Unless they are made one, the computer takes them for different words. `NFKC` turns
# full-width letters into plain ones and joins accents that stand apart.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
rows = []
for word in ("ＴＡＩＰＥＩ１０１", "cafe\u0301", "caf\u00e9", "ﬁne", "２３號", "第⑧課"):
    plain = unicodedata.normalize("NFKC", word)
    rows.append((word, len(word), plain, len(plain), "same" if word == plain else "changed"))
display.table(rows, columns=["as written", "length", "NFKC", "length", ""])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `⑧` 變成 `8`，對搜尋引擎是好事。對排版軟體呢？
#
# 🤔 `⑧` becomes `8`. Good for a search engine; and for typesetting software?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 對排版軟體是壞事：圈起來的 8 是作者要的樣子，換掉就回不來了。NFKC 把「看起來像」的合成一個，所以丟掉的不只是樣子，有時是意思：`2⁵` 會變成 `25`。容易猜錯的是「正規化總是更乾淨，先做再說」。拿一份副本來做，用在搜尋和比較；原文要留著。
#
# It is bad for typesetting: the circle is what the author wanted, and once replaced it cannot be brought back.
# NFKC merges what is "compatible". So it may lose not only looks but meaning: `2⁵` becomes `25`.
# The usual wrong guess: "normalising makes text cleaner, so always do it first". Do it on a copy, for searching and comparing, and keep
# the original.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：標點符號 · Step 2: Punctuation
#
# Unicode 替每個字元分了類，`P` 開頭的是標點，中文的全形標點也在裡面，不必自己列清單。
#
# Unicode sorts every character into a category, and those that begin with `P` are punctuation, the full-width marks of Chinese
# included. No list of your own is needed.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def without_punctuation(sentence):
    kept = (" " if unicodedata.category(mark).startswith("P") else mark for mark in sentence)
    return " ".join("".join(kept).split())


print(*(f"{mark} {unicodedata.category(mark)}" for mark in ".,!-'，。「」、$+😀"), sep="   ")
print(without_punctuation(clean_en), without_punctuation(clean_zh), sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 常聽到的建議是：標點「對語意沒有影響，通常會忽略」。大部分時候可以，但不是永遠：
#
# The usual advice is that punctuation "does not affect the meaning and is usually ignored". Mostly that will do, but not always:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
pairs = [("Let's eat, Grandma!", "Let's eat Grandma!"),
         ("No, smoking is allowed.", "No smoking is allowed."),
         ("下雨天，留客天，留我不？留！", "下雨天留客，天留，我不留。"),
         ("他說：「我不去。」", "他說我不去。")]
for pair in pairs:
    bare = {without_punctuation(sentence).replace(" ", "") for sentence in pair}
    print("the same" if len(bare) == 1 else "different", "  ".join(pair), sep=": ")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 四組句子拿掉標點（和空白）之後都一樣，意思卻相反或不同。做情緒分析時，「！」該不該留？
#
# 🤔 Without punctuation (and spaces) each pair is the same, yet they mean different things, even opposite ones. In sentiment
# analysis, would you keep the "!"?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 先留著，再用資料決定；不能憑感覺。在步驟 8 的 8,530 句影評裡數一數：有「!」的 76 句，47 % 是正面（95 % 信賴區間 36 到 58 %），和全部的 50 % 分不出來；有「?」的 156 句，只有 29 % 是正面（23 到 37 %）。大多數人猜「!」最有用。它只說情緒強，沒說是好是壞；這批影評裡，有用的反而是問號。
#
# Keep it at first and let the data decide, not a feeling.
# Count in the 8,530 review sentences of step 8: of the 76 with "!", 47 % are positive (95 % interval 36 to 58 %), not to be told from
# the 50 % of all; of the 156 with "?", only 29 % are (23 to 37 %).
# Most people guess that "!" helps most. It says that a feeling is strong, not whether it is good or bad; in these reviews it is the
# question mark that tells something.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：斷詞 · Step 3: Tokenising
#
# 英文用空白分開單字，看來很簡單。但是 `didn't`、`$3.50`、`state-of-the-art` 各是幾個詞（token）？沒有標準答案，只有**規則**；規則要寫下來，而且訓練和使用時要一樣。
#
# English puts spaces between words, so it looks easy. But how many tokens are `didn't`, `$3.50`, `state-of-the-art`? There is no
# right answer, there are **rules**; write yours down, and use the same for training and for use.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
sentence = "Dr. Lee didn't pay $3.50 for the state-of-the-art phone."
tokenisers = {"split at spaces": str.split, "nltk wordpunct": wordpunct_tokenize,
              "nltk Treebank": TreebankWordTokenizer().tokenize, "english.tokenise": english.tokenise}
rows = [(name, len(rule(sentence)), " | ".join(rule(sentence))) for name, rule in tokenisers.items()]
display.table(rows, columns=["rule", "tokens", ""])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 同樣的規則用在中文上：
#
# The same rules on Chinese:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for name, rule in tokenisers.items():
    print(f"{name:20}", rule("臺灣大學的學生搭捷運去上類神經網路的課。"))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 中文為什麼需要斷詞 · Why Chinese needs segmentation
#
# 中文的詞和詞之間沒有空白。最直覺的做法是拿一本詞典，從左到右每次取最長的詞（最長匹配，maximum matching）：
#
# Chinese has no spaces between words. The obvious way: take a dictionary and go from left to right, each time with the longest word
# that fits (maximum matching):

# %% slideshow={"slide_type": "fragment"}
DICTIONARY = {"研究", "研究生", "生命", "的", "起源",
              "乒乓球", "乒乓球拍", "球拍", "拍賣", "賣", "完", "了", "完了"}

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 補上 `maximum_matching` 的核心：這一次要取幾個字？從最多 `longest` 個字試起，開頭的 `size` 個字是詞典 `DICTIONARY` 裡的詞就取；都不是的話，一個字自己算一個詞。把字數放進 `size`。寫之前先猜：「研究生命的起源」會被切成什麼？
#
# ✏️ Write the core of `maximum_matching`: how many characters does it take this time? Begin with at most `longest`, and take the first
# `size` characters if they are a word of `DICTIONARY`; if nothing fits, one character is a word by itself. Put their number into
# `size`. Guess first: how will 研究生命的起源 (the origin of the study of life) be cut?

# %% gap="longest" slideshow={"slide_type": "fragment"}
def maximum_matching(sentence, longest=4):
    """Cut from left to right, each time the longest word of the dictionary that fits."""
    words = []
    while sentence:
        ### BEGIN SOLUTION
        size = longest
        while size > 1 and sentence[:size] not in DICTIONARY:
            size -= 1
        ### END SOLUTION
        words.append(sentence[:size])
        sentence = sentence[size:]
    return words

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
checks.that("".join(maximum_matching("我的球拍")) == "我的球拍", "一個字也沒丟。 No character is lost.",
            "字少了或重複了：`size` 是這一次取的字數，是一個整數。 "
            "Characters are lost or doubled: `size` is how many are taken this time, a whole number.")
checks.that(maximum_matching("生命的球拍") != list("生命的球拍"), "詞有黏在一起。 Words stay together.",
            "每個字都自己成了一個詞：要從最長的試起，不是從一個字試起。 "
            "Every character became a word: begin with the longest, not with one character.")
checks.that(maximum_matching("乒乓球拍") == ["乒乓球拍"], "四個字的詞也找得到。 Words of four characters are found.",
            "「乒乓球拍」四個字都在詞典裡，卻沒取到：第一次試的是幾個字？ "
            "All four characters of 乒乓球拍 are a word of the dictionary, yet were not taken: how many does the first try take?")
checks.that(maximum_matching("臺北的球拍") == ["臺", "北", "的", "球拍"], "詞典裡沒有的字，一個字一個詞。 What is unknown stays single.",
            "「臺北」不在詞典裡，卻被黏成一個詞：一直退到剩一個字為止。 "
            "臺北 is not in the dictionary, yet was taken for a word: go down as far as one character.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for sentence in ("研究生命的起源", "乒乓球拍賣完了"):
    print("|".join(maximum_matching(sentence)), "    jieba:", "|".join(chinese.segment(sentence)))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 第一句貪心地取了「研究生」，後面就錯了。jieba 改成算**整句**的機率：每種切法的機率是各詞機率的乘積，取最大的
#
# $$\hat{w}_1 \ldots \hat{w}_n = \arg\max \prod_i p(w_i)$$
#
# 🤔 第二句可以是「乒乓球｜拍賣｜完了」，也可以是「乒乓球拍｜賣｜完了」。哪一種對？只看這一句，人能決定嗎？
#
# Greed takes 研究生 (graduate student) in the first sentence, and the rest goes wrong. jieba looks at the **whole** sentence: a way of cutting has the product of its words' probabilities, and the largest wins (the formula above).
#
# 🤔 The second sentence may say "the ping-pong balls have been auctioned off" or "the ping-pong bats are sold out". Which is right? From this sentence alone, could a person decide?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩種都對，只看這一句，人也決定不了；要看前後文，例如說話的人在拍賣會還是在球具店。jieba 選「拍賣」，因為照它的詞典，「乒乓球｜拍賣」的機率是「乒乓球拍｜賣」的 16 倍左右（兩種切法後面都是「完｜了」）。最長匹配則只會貪心地取最長的「乒乓球拍」。容易猜錯的是「機率高的就是對的」。機率說的是常不常見，不是這一次的意思。
#
# Both are right, and from this sentence alone people cannot decide either; it takes the context, an auction or a sports shop.
# jieba chooses 拍賣 (auction), since by its dictionary 乒乓球|拍賣 is about 16 times as likely as 乒乓球拍|賣 (both go on with 完|了).
# Maximum matching just takes the longest word, 乒乓球拍.
# The usual wrong guess: "the likelier one is right". A probability says what is common, not what is meant this time.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 繁體中文要小心 · Take care with Traditional Chinese
#
# jieba 的詞典是簡體字。繁體直接丟進去，很多詞會被切壞。`utils.text.chinese.segment` 先把每個字換成簡體（一個換一個，長度不變），再加上臺灣用詞，切好後把位置搬回原文。
#
# The dictionary of jieba is Simplified. Hand it Traditional text, and many words are cut apart. `utils.text.chinese.segment` turns each
# character into its Simplified form (one for one, so the length stays), adds words of Taiwan, and carries the cuts back to the
# original text.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for sentence in ("臺灣大學的學生搭捷運去上類神經網路的課",
                 "計程車司機載我到高鐵車站", "皇后把長頭髮剪短了"):
    print("jieba as it comes:", "|".join(chinese.segment_plainly(sentence)))
    print("chinese.segment:  ", "|".join(chinese.segment(sentence)), end="\n\n")

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
display.source(chinese.segment)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 差多少？量量看。先用人工切好句子，再和機器切的比。一個詞的頭尾都切對才算對。機器切出來的詞有幾成是對的，叫精確率（precision）；人切的詞有幾成被找到，叫召回率（recall）；F1 是兩者的調和平均。
#
# 第一批 12 句用來**選**方法：機器要不要猜新詞（`discover`）？
#
# How much does it matter? Measure. We cut sentences by hand and compare. A word counts if both its ends are right. The share of the
# machine's words that are right is called precision, the share of our words that were found recall; F1 is their harmonic mean.
#
# The first 12 sentences are there to *choose* a method: should the machine guess at new words (`discover`)?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
TO_CHOOSE = """我 每天 搭 捷運 去 臺灣大學 上課
這 門 課 教 類神經網路 和 深度學習
老師 說 作業 星期五 要 交
下雨天 我們 在 便利商店 躲雨
弟弟 把 滑鼠 和 鍵盤 弄壞 了
這 家 店 的 珍珠奶茶 不 太 甜
他 用 手機 傳 訊息 給 媽媽
臺北 的 夜市 有 很多 小吃
電腦 的 記憶體 不夠 程式 跑 不動
計程車 司機 載 我 到 高鐵 車站
皇后 把 長 頭髮 剪短 了
研究生 正在 研究 生命 的 起源""".splitlines()


def places(words):
    """The set of (start, end) of each word."""
    ends = np.cumsum([len(word) for word in words]).tolist()
    return set(zip([0, *ends[:-1]], ends, strict=True))


def compare(method, lines):
    """For each line: words with both ends right, and the machine's words plus ours."""
    rows = []
    for line in lines:
        ours, theirs = places(method(line.replace(" ", ""))), places(line.split())
        rows.append((len(ours & theirs), len(ours) + len(theirs)))
    return np.array(rows)


def f1(rows):
    return 2 * rows[..., 0].sum(axis=-1) / rows[..., 1].sum(axis=-1)


def everyday(sentence):
    return chinese.segment(sentence, discover=False)


methods = {"one character, one word": list, "jieba as it comes": chinese.segment_plainly,
           "chinese.segment": chinese.segment, "the same, discover=False": everyday}
count = sum(len(line.split()) for line in TO_CHOOSE)
display.table([(name, f"{f1(compare(method, TO_CHOOSE)):.2f}") for name, method in methods.items()],
              columns=[f"{len(TO_CHOOSE)} sentences, {count} words", "F1"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# `discover` 讓 jieba 用隱馬可夫模型（HMM，一種看前後字來猜詞的統計模型）猜測詞典裡沒有的新詞。小說裡的人名靠它，這裡卻把「不太甜」「跑不動」黏成一個詞。所以往後短句用 `everyday`，小說才用 `discover`。
#
# 但是 0.94 不能拿去宣布：我們照這 12 句選了方法，而且其中不少詞本來就在我們加的詞典裡。要另外切 20 句，寫的時候不看任何方法的結果，只用來**報告**。
#
# With `discover`, jieba guesses at words missing from its dictionary, by a hidden Markov model (HMM, statistics of which characters begin and end
# words). That helps with names in novels, but here it glues 不太甜 and 跑不動 together. So from here on, short sentences take
# `everyday`, and only the novel takes `discover`.
#
# Yet 0.94 is no result to announce: we chose by these 12 sentences, and a good part of their words stand in the dictionary that we
# added. So here are 20 others, written and cut before any method had seen them, only to *report*.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
TO_REPORT = """昨天 晚上 我 和 同學 去 看 電影
媽媽 在 廚房 煮 晚飯
爺爺 每天 早上 都 到 公園 散步
今年 冬天 特別 冷
妹妹 的 生日 是 三月 八日
他 把 鑰匙 忘 在 辦公室 了
圖書館 晚上 九點 關門
這 本 書 我 看 了 兩 次
颱風 來 的 時候 學校 停課
請 把 垃圾 丟 進 垃圾桶
姊姊 在 銀行 工作 了 五 年
醫生 叫 他 多 喝水 少 吃 甜食
從 高雄 到 花蓮 要 坐 很 久 的 火車
小朋友 排隊 買 冰淇淋
鄰居 養 了 一 隻 黑色 的 貓
老闆 答應 下個月 加薪
山上 的 櫻花 已經 開 了
她 想 學 彈 鋼琴
球賽 因為 下雨 延期
外婆 做 的 粽子 最 好吃""".splitlines()
for name, lines in (("to choose", TO_CHOOSE), ("to report", TO_REPORT)):
    longer = [word for line in lines for word in line.split() if len(word) > 1]
    print(f"{name}: of {len(longer)} words of two characters or more, {sum(map(chinese.taiwan_words().__contains__, longer))} "
          "stand in the dictionary that we added")
draws = np.random.default_rng(8).integers(0, len(TO_REPORT), (2000, len(TO_REPORT)))  # the bootstrap: sentences drawn again
rows = {name: compare(method, TO_REPORT) for name, method in methods.items()}
quality = {name: f1(found) for name, found in rows.items()}
interval = {name: np.percentile(f1(found[draws]), [2.5, 97.5]) for name, found in rows.items()}
count = sum(len(line.split()) for line in TO_REPORT)
for one, other in (("chinese.segment", "jieba as it comes"), ("the same, discover=False", "chinese.segment")):
    low, high = np.percentile(f1(rows[one][draws]) - f1(rows[other][draws]), [2.5, 97.5])
    print(f"{one} minus {other}: {quality[one] - quality[other]:+.2f} ({low:+.2f} to {high:+.2f})")
display.table([(name, f"{quality[name]:.2f}", "{:.2f} to {:.2f}".format(*interval[name])) for name in methods],
              columns=[f"{len(TO_REPORT)} sentences, {count} words", "F1", "95 % interval"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 這 20 句裡沒有一個詞在我們加的詞典裡，所以這裡的進步全靠「先換成簡體再切」。`discover` 關或不關，20 句還分不出來。
#
# 🤔 「跑不動」算一個詞還是兩個？換一個人來切，F1 還會一樣嗎？這個分數最多能信到第幾位？
#
# None of the words of these 20 sentences stands in the dictionary that we added, so here all of the gain comes from turning the text
# into Simplified characters first. Whether `discover` is on or off, 20 sentences cannot tell.
#
# 🤔 Is 跑不動 one word or two? If another person cut the sentences, would F1 be the same? How many digits of it deserve your trust?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 兩種都有人切，看規範怎麼寫；所以一個斷詞系統要附上它的規範。
# 2. 不會一樣。如果另一個人把「昨天晚上」「今年冬天」「兩次」「五年」「一隻」「多喝水」「彈鋼琴」都當成一個詞，`everyday` 的 F1 就從 0.89 變成 0.97；這兩個人彼此之間的 F1 只有 0.91。
# 3. 連小數第一位都勉強：換人切動 0.09，只有 20 句的區間也寬 0.13。看到 0.887 就以為三位都可信，是把「算得出來」當成「量得準」。
#
# 1. Both are done, it depends on the standard; so a segmenter should say which one it follows.
# 2. It would not. If another person took 昨天晚上, 今年冬天, 兩次, 五年, 一隻, 多喝水 and 彈鋼琴 for one word each, F1 of `everyday` would go from 0.89 to
# 0.97; and these two persons agree with each other by an F1 of only 0.91.
# 3. Hardly the first: another person moves it by 0.09, and with only 20 sentences the interval is 0.13 wide. To trust all three digits
# of 0.887 is to take "can be computed" for "was measured so exactly".
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 子詞：大型語言模型怎麼切 · Subwords: how large language models cut
#
# 不用詞典，也不用空白，能不能從文字自己學出怎麼切？可以，規則只有一句：**把最常相鄰的兩塊黏成一塊，再來一次**。這叫位元組對編碼（byte-pair
# encoding，BPE），切出來的塊叫子詞（subword）。先拿四個英文詞來做，後面是各出現幾次。每個詞先切成單一字母，再加一個 `_`，表示詞到這裡結束。
#
# Can the cuts be learned from the text itself, without dictionary or spaces? They can, by one rule: **join the two pieces that most often
# stand side by side, and do it again**. This is byte-pair encoding (BPE); the pieces are called subwords.
# Begin with four English words and how often each occurs. Each is cut into single letters, with a `_` to mark where the word ends.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
times = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
letters = {word: [*word, "_"] for word in times}
print(*("|".join(pieces) for pieces in letters.values()), sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出「最常相鄰的是哪一對」。`cut` 是每個詞現在的切法，`times` 是每個詞出現幾次。`pairwise` 會給你相鄰的兩塊：`pairwise("abc")` 是
# (a, b)、(b, c)。出現 6 次的詞，裡面的每一對也都要算 6 次。傳回次數最多的那一對；一樣多的話，取字母順序在前的。寫之前先猜：這四個詞裡，最常相鄰的是哪兩個字母？
#
# ✏️ Write down which pair stands side by side most often. `cut` tells how each word is cut by now, `times` how often it occurs. `pairwise`
# gives neighbours: of `"abc"`, (a, b) and (b, c). In a word that occurs 6 times, each pair counts 6 times, too. Return the pair with the
# highest count; of equals, the first in the alphabet. Guess first: which two letters will it be in these four words?

# %% gap="commonest" slideshow={"slide_type": "fragment"}
def commonest_pair(cut, times):
    """Return the two neighbouring pieces that occur most often; of equals, the first in the alphabet."""
    counts = Counter()
    ### BEGIN SOLUTION
    for word, pieces in cut.items():
        for pair in pairwise(pieces):
            counts[pair] += times[word]
    return max(sorted(counts), key=counts.get)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
pair = commonest_pair({"xy": ["x", "y"]}, {"xy": 1})
checks.that(pair == ("x", "y"), "傳回的是一對。 It returns a pair.",
            f"要傳回那一對本身，例如 ('x', 'y')，不是次數；現在是 {pair!r}。 "
            f"Return the pair itself, such as ('x', 'y'), not its count; this is {pair!r}.")
pair = commonest_pair({"ab": ["a", "b"], "cd": ["c", "d"], "xcdcd": ["x", "c", "d", "c", "d"]}, {"ab": 9, "cd": 1, "xcdcd": 1})
checks.that(pair != ("c", "d"), "常見的詞算得比較重。 Frequent words weigh more.",
            "每一對只算了一次：詞出現 9 次，裡面的一對就是 9 次。 "
            "Each pair was counted once: in a word that occurs 9 times it occurs 9 times.")
checks.that(pair == ("a", "b"), "選的是最常見的。 It takes the commonest.",
            "數對了，選錯了：要次數最大的，不是最小的，也不是字母順序最後的。 "
            "Counted rightly, chosen wrongly: take the highest count, neither the lowest nor the last of the alphabet.")
checks.that(commonest_pair({"ba": ["b", "a"], "ab": ["a", "b"]}, {"ba": 2, "ab": 2}) == ("a", "b"),
            "一樣多時，照字母順序。 Equals go by the alphabet.",
            "次數一樣時，要取字母順序在前的：先把每一對排序，再取最大的。 "
            "Of equals take the first in the alphabet: sort the pairs before you look for the highest count.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 接下來只是重複：找出那一對，到處黏起來，再找。每一列是多黏一次的結果。
#
# The rest is repetition: find the pair, join it everywhere, find the next. Each row has one join more.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def merge(pieces, pair):
    """Join two neighbouring pieces wherever they stand side by side."""
    joined = []
    for piece in pieces:
        if joined and (joined[-1], piece) == pair:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def learn_to_cut(cut, times, count):
    """Join `count` times; return the pairs in the order in which they were joined, and how each word is cut in the end."""
    merges = []
    for _ in range(count):
        merges.append(commonest_pair(cut, times))
        cut = {word: merge(pieces, merges[-1]) for word, pieces in cut.items()}
    return merges, cut


merges, _ = learn_to_cut(letters, times, 8)
rows = [["", *("|".join(pieces) for pieces in letters.values())]]
for count, pair in enumerate(merges, start=1):
    rows.append([" + ".join(pair), *("|".join(pieces) for pieces in learn_to_cut(letters, times, count)[1].values())])
display.table(rows, columns=["joined", *times])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 學到的只是一張清單：先黏哪一對、再黏哪一對。沒見過的詞，照這張清單來切。
#
# ✏️ 寫 `cut_new`：`pieces` 一開始是單一字母，照 `merges` 學到的順序，一對一對用 `merge` 黏起來。先猜：`lowest` 會切成什麼？
#
# What was learned is only a list: which pair to join first, which next. A new word is cut by this list.
#
# ✏️ Write `cut_new`: `pieces` begins as single letters; join one pair after the other with `merge`, in the order in which `merges`
# learned them. Guess first: how will `lowest` be cut?

# %% gap="new_word" slideshow={"slide_type": "fragment"}
def cut_new(word, merges, end="_"):
    """Cut a word by pairs that were learned before."""
    pieces = [*word, *end]
    ### BEGIN SOLUTION
    for pair in merges:
        pieces = merge(pieces, pair)
    ### END SOLUTION
    return pieces

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
checks.that(cut_new("lot", [("l", "o")]) != ["l", "o", "t", "_"], "學到的對有用上。 What was learned is used.",
            "一對也沒黏：`merge` 傳回新的串列，要接住它。 Nothing was joined: `merge` returns a new list; keep it.")
checks.that(cut_new("best", [("s", "t"), ("e", "st")]) == ["b", "est", "_"], "照學到的順序。 In the order of learning.",
            "先學到 s + t，才有 st 可以和 e 黏：順序不能反，每一對也都要用到。 "
            "s + t comes first; only then is there an st for e to join. Keep the order, and use every pair.")
checks.that(cut_new("臺北", []) == ["臺", "北", "_"], "沒學過就一個字一塊。 Unknown text stays in single pieces.",
            "沒有任何一對可以黏時，應該一個字母一塊。 With no pair to join, each letter is a piece.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for word in ("lowest", "wider", "zoo"):  # none of them seen before
    print(word, "→", "|".join(cut_new(word, merges)))
print("臺 in bytes:", list("臺".encode()))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 常見的詞變成一塊，少見的詞是幾塊，沒見過的詞也切得開，`lowest` 還切對了地方。
#
# 🤔 `zoo` 切成一個一個字母還能用。如果連字母都沒見過，例如中文字呢？
#
# A frequent word becomes one piece, a rare one several, and words never seen can be cut as well; `lowest` even in the right place.
#
# 🤔 `zoo` in single letters still works. What if not even the letter was ever seen, a Chinese character, say?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 從位元組（byte）開始，不從字母開始，就沒有「沒見過」這回事。任何文字存在電腦裡都是位元組，只有 256 種；「臺」是上面印出的三個。先有這 256 塊，常見的字再黏成一塊，少見的字就是兩三塊。GPT-2 以後的模型多半這樣做。容易猜錯的是「換成一個代表未知的編號」。步驟 8 的詞表就是這樣，可是換掉之後，那個字是什麼就再也找不回來。
#
# Begin with bytes, not with letters, and nothing is ever unseen.
# Any text is stored as bytes, of which there are only 256 kinds; 臺 is the three printed above. With these 256 pieces to begin with,
# frequent characters are joined to one piece, and rare ones stay two or three. Most models since GPT-2 do so.
# The usual wrong guess: "it becomes one id for all that is unknown". The vocabulary of step 8 does that, but then nobody can tell any
# more which character it was.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 同樣的程式，讀中文 · The same code reads Chinese
#
# 中文沒有空白，正好：從《三國演義》第一回開始，標點之間的每一段當作一個「詞」，一個字一塊，黏 60 次。沒有詞典，也沒有人告訴它誰是誰。
#
# Chinese has no spaces, and none are needed. Take the first chapter of 三國演義 (Romance of the Three Kingdoms). Whatever stands between two
# marks of punctuation is a "word", one character is a piece, and 60 pairs are joined. There is no dictionary, and nobody says who is who.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
chapters, entities = datasets.load_three_kingdoms()
runs = Counter(re.findall(r"[\u4e00-\u9fff]+", chinese.to_traditional(chapters[0])))
found, _ = learn_to_cut({run: list(run) for run in runs}, runs, 60)
print(f"{len(runs)} runs of characters; the first joins:", *("".join(pair) for pair in found[:16]))
print("longer than two:", *("".join(pair) for pair in found if len("".join(pair)) > 2))
for sentence in ("玄德與張飛來見董卓", "皇甫嵩大破張角於潁川", "張角自稱天公將軍"):
    print("|".join(cut_new(sentence, found, end="")))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 玄德、張角、盧植、皇甫嵩：光是數相鄰的字，人名就自己跑出來了。
#
# 🤔 「玄德曰」（劉備說）也黏成了一塊，「天公將軍」卻切成「天｜公將軍」。這算切錯嗎？
#
# 玄德, 張角, 盧植, 皇甫嵩: only by counting neighbours, names come out by themselves.
#
# 🤔 玄德曰 ("玄德 says") became one piece, too, and the title 天公將軍 is cut as 天|公將軍. Are these mistakes?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 照文法是錯的，照 BPE 的目標不算：它只想用少少幾塊寫出這段文字，從來不管什麼是詞。「玄德曰」在這一回出現 8 次，黏起來省事。「公將軍」則是因為張角三兄弟自稱天公、地公、人公將軍，三個頭銜的後三個字一樣，合起來數最多。容易猜錯的是「多讀一點就會切對」。讀得越多，學到的越像這批文字的常見寫法，不是越像文法；語言模型不在乎，它自己會學怎麼把塊拼成意思。要給人看的詞（例如詞頻），還是用斷詞。
#
# By grammar they are; by the aim of BPE they are not. It wants to write this text with few pieces, and never asks what a word is.
# 玄德曰 occurs 8 times here, and one piece saves work. 公將軍 comes from three brothers who call themselves 天公將軍, 地公將軍 and 人公將軍: the last
# three characters are shared, so they are counted most.
# The usual wrong guess: "with more text it will cut rightly". With more text it comes closer to what is usual in that text, not to
# grammar. A language model does not mind, it learns to make meaning of the pieces. For words that people are to read, as in a table of
# frequencies, segment.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：停用詞 · Step 4: Stop words
#
# `the`、`to`、「的」、「了」到處都是，對大意幫助不大，可以拿掉。英文用 scikit-learn 的清單，再加上 can't 這類縮寫；中文用我們自己整理的虛詞。
#
# `the`, `to`, 的 and 了 are everywhere and say little about the topic; they can go. For English we use the list of scikit-learn
# plus contractions such as can't, for Chinese a list of function words of our own.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
STOP = english.stop_words() | chinese.stop_words()
print(len(english.stop_words()), "English:", *sorted(english.stop_words())[60:72])
print(len(chinese.stop_words()), "Chinese:", *sorted(chinese.stop_words())[60:80])


def content_words(sentence, cut):
    return [word for word in cut(sentence) if word[0].isalnum() and word not in STOP]


print(content_words(clean_en, english.tokenise), content_words(clean_zh, everyday), sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 別人的清單也要檢查：`con`、`cry`、`de` 為什麼在裡面？更要小心的是，清單裡有 `not` 和「不」：
#
# Check the lists of others too: why are `con`, `cry` and `de` in there? More care still: `not` and 不 are on the lists.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for sentence, cut in (("The film is not good.", english.tokenise), ("The film is good.", english.tokenise),
                      ("這部電影不好看。", everyday), ("這部電影好看。", everyday)):
    print(sentence, content_words(sentence, cut))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 拿掉停用詞之後，好評和負評變得一模一樣。搜尋引擎、主題分類、情緒分析，哪一個該用停用詞？（第 15 課的模型不用。）
#
# 🤔 Without stop words, praise and blame are the same. A search engine, a topic classifier, sentiment analysis: which of them should
# drop stop words? (The models of lesson 15 do not.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 主題分類最適合拿掉；搜尋引擎要小心；情緒分析不要拿掉，`not` 和「不」正是關鍵。主題靠名詞，虛詞幾乎沒有用。搜尋時拿掉可以省空間，可是查「to be or not to be」或樂團 The Who，用這份清單拿掉之後一個詞都不剩。常見的錯誤是把停用詞當成固定的「前處理」。它是一個選擇，要看工作是什麼，再用驗證資料比較。
#
# A topic classifier may well drop them; a search engine must take care; sentiment analysis should not, since `not` and 不 decide the
# case.
# A topic shows in nouns, and function words add next to nothing. A search engine saves space, but of "to be or not to be", or of the
# band The Who, this list leaves not a single word.
# The usual mistake is to take stop words for a fixed step of preparation. It is a choice: look at the task, and compare on validation
# data.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：詞幹 · Step 5: Stems
#
# 英文同一個詞有好多變化。詞幹提取（stemming）用規則砍掉字尾，讓它們變成同一個。這裡用 NLTK 的兩套規則，都不需要下載資料。
#
# English words change their endings. Stemming cuts endings off by rule so that the forms become one. Here are two of NLTK's
# sets of rules; neither needs a download.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
porter, snowball = PorterStemmer(), SnowballStemmer("english")
groups = ["connect connected connecting connection", "study studies studying", "run runs running ran",
          "fairly generously", "universe university universal", "good better best"]
rows = [(group, " ".join(map(porter.stem, group.split())),
         " ".join(map(snowball.stem, group.split()))) for group in groups]
display.table(rows, columns=["words", "Porter", "Snowball"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 規則不懂意思：`ran` 和 `run` 沒有合併，`universe` 和 `university` 卻合成了一個。要做對得查詞典，叫做詞形還原（lemmatisation）。
#
# 中文的詞幾乎不變化，不需要詞幹。中文要統一的是**寫法**：簡體與繁體、臺與台。而且不能一個字換一個字：
#
# Rules know no meaning: `ran` and `run` stay apart, while `universe` and `university` become one. Getting it right takes a dictionary,
# and is called lemmatisation.
#
# Chinese words hardly change, so there are no endings to cut. What must be made one is the **writing**: Simplified and Traditional, 臺 and 台. And character by
# character will not do:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
one_by_one = {"台湾": "颱灣", "头发": "頭發", "皇后": "皇後"}  # what a tool makes of them that looks at single characters
rows, words = [], ["台湾", "头发", "皇后", "公里", "干部", "软件", "信息", "鼠标"]
for word, traditional in zip(words, chinese.to_traditional("\n".join(words)).split("\n"), strict=True):
    back = chinese.to_simplified(traditional)
    rows.append((word, one_by_one.get(word, "—"), traditional, back))
display.table(rows, columns=["Simplified", "one by one", "to_traditional", "and back"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 一字換一字的工具，會把 `头发` 的 `发` 變成「出發」的「發」。OpenCC 先查詞語再查字，還會換成臺灣的用詞。
#
# 🤔 「髮」和「發」在簡體是同一個字。從簡體轉繁體和從繁體轉簡體，哪個方向比較難？為什麼？
#
# A tool that goes character by character gives the hair of `头发` the character of "set out" (出發). OpenCC looks up
# phrases before characters, and changes to the words used in Taiwan.
#
# 🤔 髮 and 發 are one character in Simplified Chinese. Which direction is harder, Simplified to Traditional or back? Why?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 簡體轉繁體比較難，因為一個簡體字可能對應好幾個繁體字，要看整個詞才知道是哪一個。在臺灣常用的 5,401 字裡數一數：有 187 個簡體字各自對應兩個以上的常用繁體字，例如「干」對應「乾、幹、干、榦」，「台」對應「台、臺、檯、颱」。反過來，繁體字通常只有一個簡體字，例外很少：「乾」一般變成 `干`，但「乾隆」不變。容易猜錯的是「筆畫多的那邊比較難」。難的不是筆畫，是一對多：資訊在合併時已經丟了。
#
# Simplified to Traditional is harder: one Simplified character may stand for several Traditional ones, and only the whole word tells
# which.
# Count among the 5,401 characters in common use in Taiwan: 187 Simplified characters stand for two or more of them, such as 干 for 乾,
# 幹, 干 and 榦, or 台 for 台, 臺, 檯 and 颱. The other way a character mostly has one Simplified form, with few exceptions: 乾 becomes
# `干`, but not in 乾隆.
# The usual wrong guess: "the side with more strokes". What is hard is not the strokes but one to many: merging has lost the
# information.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：文法與剖析樹 · Step 6: Grammar and parse trees
#
# 單字組成片語，片語組成句子。一套文法（grammar）寫下哪些組合是可以的：`S -> NP VP` 表示句子由名詞片語加動詞片語組成。把規則交給剖析器（parser），它會找出**所有**說得通的樹。
#
# Words make phrases, phrases make sentences. A grammar says which combinations are allowed: `S -> NP VP`, a sentence is a noun phrase
# and a verb phrase. Given the rules, a parser finds **every** tree that fits.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
ENGLISH = nltk.CFG.fromstring("""
    S  -> NP VP
    NP -> 'I' | Det N | NP PP
    VP -> V NP | VP PP
    PP -> P NP
    Det -> 'the' | 'a'
    N  -> 'student' | 'telescope'
    V  -> 'saw'
    P  -> 'with'
""")
CHINESE = nltk.CFG.fromstring("""
    X  -> NP | VP
    VP -> V Asp NP
    NP -> N | NP De NP | VP De NP
    V  -> '咬死'
    N  -> '獵人' | '狗'
    De -> '的'
    Asp -> '了'
""")
sentence_en = ["I", "saw", "the", "student", "with", "a", "telescope"]
sentence_zh = ["咬死", "了", "獵人", "的", "狗"]
trees_en = list(nltk.ChartParser(ENGLISH).parse(sentence_en))
trees_zh = list(nltk.ChartParser(CHINESE).parse(sentence_zh))
print(len(trees_en), "trees in English,", len(trees_zh), "in Chinese")
print(trees_zh[0].pformat(margin=200))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 英文和中文各有**兩棵**樹，也就是有兩種意思。畫樹只要二十行：葉子排成一排，父節點放在孩子的正中間。
#
# **Two** trees each, so two meanings each. Drawing a tree takes twenty lines: the leaves stand in a row, a parent above the middle of
# its children.

# %% slideshow={"slide_type": "skip"}
def draw_tree(ax, tree, title):
    """Draw an nltk.Tree: words below, phrases above them."""
    leaves = iter(range(len(tree.leaves())))

    def place(node):
        """Draw what hangs below a node, then the node; return where it stands."""
        if isinstance(node, str):
            x, y, label, color = next(leaves), 0, node, plots.COLORS[1]
        else:
            children = [place(child) for child in node]
            x, y = np.mean([child[0] for child in children]), node.height() - 1
            for child in children:
                ax.plot([x, child[0]], [y - 0.25, child[1] + 0.25], color="#9aa5b1", linewidth=1.2)
            label, color = node.label(), plots.COLORS[0]
        ax.text(x, y, label, ha="center", va="center", color=color, fontsize=11)
        return x, y

    place(tree)
    ax.set(xlim=(-0.6, len(tree.leaves()) - 0.4), ylim=(-0.5, tree.height() - 0.4), title=title)
    ax.set_axis_off()


# %% alt={"zh": "四棵樹。上排是同一句英文：左邊 with a telescope 掛在動詞片語下，右邊掛在 the student 下。下排是同一串中文：左邊整串是名詞片語，講一隻狗；右邊是動詞片語，講一件事。", "en": "Four trees. Above, one English sentence: with a telescope hangs from the verb phrase on the left, from the student on the right. Below, one Chinese string: a noun phrase about a dog on the left, a verb phrase about an event on the right."} slideshow={"slide_type": "subslide"} tags=["thumbnail"]
meanings = [("with a telescope I saw the student", "the student who has a telescope"),
            ("狗咬死了獵人（一隻狗）", "把獵人的狗咬死了（一件事）")]
figure, axes = plt.subplots(2, 2, figsize=(10, 7.2))
for row, trees, names in zip(axes, (trees_en, trees_zh), meanings, strict=True):
    for ax, tree, name in zip(row, trees, names, strict=True):
        draw_tree(ax, tree, name)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 上排：望遠鏡在誰手上？下排：死的是誰？人怎麼知道該選哪一棵樹？如果你只給電腦文法，沒有給它常識呢？
#
# 🤔 Top row: who holds the telescope? Bottom row, "bit to death · hunter · 's · dog": who is dead? How do people know which tree to take? And a computer that has grammar but no common sense?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 1. 左上：望遠鏡在「我」手上（片語接在動詞 saw 上）；右上：在學生手上（接在 student 上）。
# 2. 左下：獵人死了，說的是那隻狗；右下：獵人的狗死了。
# 3. 人靠常識和前後文：望遠鏡是用來看的，前一句在講誰。只有文法的電腦會把兩棵樹都交給你，沒有理由選其中一棵；要選，得再給它機率或意思。容易猜錯的是「文法寫得更細就只剩一棵樹」。這兩棵樹都完全合乎文法。
#
# 1. Top left: I hold the telescope (the phrase belongs to "saw"); top right: the student does (it belongs to "student").
# 2. Bottom left: the hunter is dead, and we speak of the dog that did it; bottom right: the hunter's dog is dead.
# 3. People use common sense and context: telescopes are for seeing, and the sentence before told who is who. A computer with grammar
# alone hands you both trees and has no reason to take one; it needs probabilities, or meaning.
# The usual wrong guess: "a finer grammar leaves one tree". Both trees are perfectly grammatical.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：詞頻與 n-gram · Step 7: Frequencies and n-grams
#
# 從真正的文章開始數。英文用維基百科的「Achilles」，中文用《三國演義》第一回，都是英雄的故事。`normalise_letters` 照 text8 的規則，只留 a 到 z，並把數字一位一位拼成英文：年份會變成 zero、seven，`'s` 會剩下 s。
#
# Now count in real texts. English: Wikipedia's "Achilles". Chinese: the first chapter of 三國演義 (Romance of the Three Kingdoms). Both
# tell of heroes. `normalise_letters` follows the rules of text8: only a to z stay, and digits are spelled out one by one, so that
# years become zero and seven, and `'s` leaves an s.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
wikipedia = dict(datasets.load_wikipedia_sample())
markup, letters = wikipedia["Achilles"], english.normalise_letters(wikipedia["Achilles"])
achilles = letters.split()
print(markup[markup.index("In [[Greek"):][:90], "…")
print("→", *letters[letters.index("in greek"):].split()[:14])

chapter = chinese.to_traditional(chapters[0])
first_chapter = [word for word in chinese.segment(chapter) if word.isalnum()]
print(*chapters[0].split()[:3])
print("→", *first_chapter[:10])

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def most_common(words, count=8):
    return ", ".join(f"{word} {times}" for word, times in nltk.FreqDist(words).most_common(count))


stories = {"English": achilles, "中文": first_chapter}
rows = []
for language, words in stories.items():
    rows.append((language, "all", most_common(words)))
    rows.append((language, "no stop words", most_common(word for word in words if word not in STOP)))
display.table(rows, columns=["", "words", "most frequent"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 拿掉停用詞，主角就出現了。「曰」和「遂」為什麼還在？現代的停用詞清單用在古典小說上，少了什麼？
#
# 🤔 Without stop words the heroes appear. Why are 曰 ("says") and 遂 ("then") still there? What does a modern list lack for a classical
# novel?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為清單是照現代中文寫的：「說」「於是」的古文寫法「曰」「遂」不在裡面，只有現代也用的「之」「與」「有」被拿掉了。停用詞是「在這一批文字裡到處都是、又說不出主題」的詞，換一批文字就要換一份。別以為「虛詞就那些，一份清單通用」。步驟 9 因此另外寫了一份 `CLASSICAL`。
#
# Because the list was written for modern Chinese: 曰 and 遂, the classical words for "says" and "then", are not on it; only what is
# still in use, such as 之, 與 and 有, was taken out.
# Stop words are those that are everywhere *in these texts* and tell no topic; other texts need another list.
# Do not think that "function words are the same few everywhere". This is why step 9 adds a list of its own, `CLASSICAL`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### n-gram：相鄰的 n 個詞 · n-grams: n words in a row
#
# 只數單字就忘了順序。把相鄰的 n 個詞綁在一起數，就保住一點點順序。代價呢？看「只出現一次」的比例：
#
# Counting single words forgets their order. Counting n neighbours together saves a little of it. The price? Look at the share of
# n-grams seen only once:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
rows = []
for language, words in stories.items():
    for n in (1, 2, 3, 4):
        counts = nltk.FreqDist(nltk.ngrams(words, n))
        best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2]
        rows.append((language, n, len(counts), f"{len(counts.hapaxes()) / len(counts):.1%}",
                     ", ".join(f"{' '.join(gram)} ×{times}" for gram, times in best)))
display.table(rows, columns=["", "n", "different", "seen once", "most frequent"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 數過 n-gram，就能猜下一個詞，這就是最早的語言模型（language model）：
#
# $$p(\text{next} \mid \text{word}) = \frac{\text{count}(\text{word}, \text{next})}{\text{count}(\text{word})}$$
#
# ✏️ 把公式寫成程式：在詞的串列 `words` 裡，`word` 的後面有多少比例是 `following`？相鄰的兩個詞用 `pairwise(words)` 取得。
#
# Having counted n-grams, you can guess the next word. That was the first kind of language model.
#
# ✏️ Write the formula as code: in the list `words`, what share of the places of `word` has `following` behind it? `pairwise(words)`
# gives the pairs of neighbours.

# %% gap="chance" slideshow={"slide_type": "fragment"}
def chance(words, word, following):
    """Return the share of the places of `word` at which `following` comes next."""
    ### BEGIN SOLUTION
    return list(pairwise(words)).count((word, following)) / words.count(word)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
example = ["the", "cat", "saw", "the", "dog", "and", "the", "cat", "ran", "off"]
checks.that(np.sum(chance(example, "cat", "the")) == 0, "順序對了：看後面，不看前面。 The order is right: what comes behind.",
            "cat 的後面從來不是 the。你數的是不是「前面」？ Never does the come behind cat. Did you count what stands before it?")
checks.that(not np.allclose(chance(example, "the", "cat"), 2 / len(example)), "除數不是全部的詞。 It is no share of all words.",
            "你除以全部的詞數。問的是：the 出現的那幾次裡，有幾次後面是 cat？ "
            "You divided by the number of all words. The question is: of the places of the, how many have cat behind them?")
checks.close([chance(example, "the", "cat"), chance(example, "cat", "ran"), chance(example, "saw", "the")], [2 / 3, 1 / 2, 1],
             "三個機率都對。 All three chances are right.",
             "分子是這一對出現幾次，分母是**前面**那個詞出現幾次。 "
             "Above stands how often the pair occurs, below how often the word **before** occurs.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for words, start in ((achilles, "trojan"), (achilles, "taipei"),
                     (first_chapter, "皇甫嵩"), (first_chapter, "孔明")):
    followers = nltk.ConditionalFreqDist(nltk.bigrams(words))[start]
    guesses = [f"{word} {chance(words, start, word):.0%}" for word, _ in followers.most_common(3)]
    print(f"{start} →", ", ".join(guesses) if guesses else "never seen: no guess at all")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第一回裡沒有孔明，模型就無話可說。n 越大，沒看過的組合越多。人沒看過也猜得出來，靠的是什麼？（第 16 課的 LSTM 會用別的方法猜。）
#
# 🤔 孔明 is not in the first chapter, so this model has nothing to say. The larger n, the more is unseen. People guess even so: what do
# they rely on? (The LSTM of lesson 16 guesses in another way.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 靠的是詞和詞之間的相似，還有對世界的認識：孔明是人，人後面常接「曰」，不必看過「孔明曰」。n-gram 把每個詞當成互不相干的記號，學到「玄德曰」，對「孔明」一點幫助也沒有。補救的辦法是退回短一點的前文（第 16 課的計數模型這樣做），但還是不知道孔明像玄德。容易猜錯的是「資料再多一點就好」。有幫助，但組合增加得比資料快：上表的 4-gram 幾乎每一個都只出現一次。
#
# On the likeness of words, and on what they know of the world: 孔明 is a person, and persons are often followed by 曰 ("says"), so
# nobody needs to have seen 孔明曰.
# An n-gram takes each word for a mark of its own; having learned 玄德曰 helps it nothing with 孔明. One remedy is to fall back on a
# shorter context, as the counting models of lesson 16 do, but that still does not know that 孔明 is like 玄德.
# The usual wrong guess: "just more data". It helps, but combinations grow faster than data: almost every 4-gram of the table above
# occurs only once.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：語料庫 · Step 8: Corpora
#
# 語料庫（corpus）是**為了某個目的、有計畫地蒐集**的文字，附帶說明：從哪裡來、什麼時候、什麼語言、誰可以用。有些還附標註（annotation），例如每句影評是正面（1）還是負面（0）；標註可以由人來做，也可以像這裡，從評論原有的評價自動得來：
#
# A corpus is text that was **collected by plan and for a purpose**, with a record of where it is from, when, in what language, and who
# may use it. Some are annotated, for example each review as positive (1) or negative (0); people may do that, or, as here, the labels
# are taken automatically from the verdicts that the reviews came with:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
sentences, labels = datasets.load_rotten_tomatoes()
for number in (1, 4, 5):
    print(labels[number], sentences[number])
print(datasets.describe("three_kingdoms"))

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
articles = [english.normalise_letters(markup).split() for markup in wikipedia.values()]
reviews = [english.tokenise(sentence) for sentence in sentences]


def corpus_row(name, documents):
    counts = nltk.FreqDist(word for words in documents for word in words)
    once = len(counts.hapaxes()) / len(counts)
    return name, len(documents), f"{counts.N():,}", f"{len(counts):,}", f"{once:.0%}"


COLUMNS = ["corpus", "documents", "tokens", "types", "types seen once"]
display.table([corpus_row("Wikipedia sample", articles), corpus_row("Rotten Tomatoes", reviews)],
              columns=COLUMNS)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
novel = [[word for word in chinese.segment(chinese.to_traditional(chapter)) if word.isalnum()]
         for chapter in chapters[:CHAPTERS]]
display.table([corpus_row("三國演義, chapters 1–60", novel[:60])], columns=COLUMNS)

# %% [markdown] slideshow={"slide_type": "fragment"}
# token 是「出現幾次」，type 是「有幾種」。把詞依頻率排名，畫在對數座標上：
#
# Tokens are occurrences, types are different words. Rank the words by frequency, and draw them on logarithmic axes:

# %% alt={"zh": "對數座標上三條往右下的線，出現次數對排名，中段都和斜率 −1 的虛線差不多平行。", "en": "Three lines that fall to the right on log axes, occurrences by rank; in the middle all are about parallel to the dashed line of slope −1."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(7, 4))
for name, documents in (("Wikipedia sample", articles), ("Rotten Tomatoes", reviews), ("三國演義", novel)):
    counts = nltk.FreqDist(word for words in documents for word in words)
    ranked = sorted(counts.values(), reverse=True)
    ax.loglog(range(1, len(ranked) + 1), ranked, label=name)
    chosen = np.unique(np.logspace(2, np.log10(len(ranked)), 50).astype(int))  # ranks from 100 on, evenly on this axis
    slope = np.polyfit(np.log(chosen), np.log(np.array(ranked)[chosen - 1]), 1)[0]
    print(f"{name}: slope {slope:.2f} from rank 100 on; the second word is {ranked[1] / ranked[0]:.2f} of the first")
ranks = np.array([3, 30_000])
ax.loglog(ranks, 60_000 / ranks, color="#888888", linestyle="--", linewidth=1, label="slope −1")
ax.set(xlabel="rank of the word", ylabel="occurrences", title="Zipf's law")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 從第 100 名往右，三條線的斜率在 −0.95 到 −1.08 之間，左端較平。這就是齊夫定律（Zipf's law）：斜率正好是 −1 的話，第二名是第一名的一半，第十名是十分之一。真正的語料庫只是大致如此：第二名是第一名的 0.45 到 0.73。三個語料庫裡，只出現一次的詞占四成六到六成三。
#
# 🤔 如果詞表只留 2,000 個詞（第 14 課），會丟掉多少**種**詞？又會丟掉多少**次**出現？
#
# From rank 100 on, the slopes of all three lie between −0.95 and −1.08; at the left end they are flatter. This is Zipf's law: with a slope of
# exactly −1 the second word is half as frequent as the first, the tenth a tenth. Real corpora follow it roughly: the second word is
# 0.45 to 0.73 of the first. In the three corpora 46 to 63 % of all types occur only once.
#
# 🤔 Keep a vocabulary of 2,000 words (lesson 14): how many *types* are lost, and how many *occurrences*?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 影評裡丟掉 88 % 的**種**，卻只丟掉 21 % 的**次**。
# 2,000 個編號有兩個留給補齊和未知詞，所以 17,104 種裡留下 1,998 種，丟掉 15,106 種；而下一格印出，留下的占全部出現次數的 79 %。只想「丟掉九成的詞，意思就丟了九成」的人忘了齊夫定律：少數常見的詞占了大部分的出現次數。但丟掉的 21 % 常是最有內容的字，例如下一格的
# unforgettable。
#
# In the reviews 88 % of the *types* are lost, but only 21 % of the *occurrences*.
# Two of the 2,000 ids are for padding and for the unknown, so of 17,104 types 1,998 are kept and 15,106 lost; and as the next cell
# prints, what is kept makes up 79 % of all occurrences.
# Who thinks "nine tenths of the words gone, nine tenths of the meaning gone" forgets Zipf's law: few frequent words make up most of a
# text. Yet the 21 % are often the words with most to say, such as "unforgettable" in the next cell.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
vocabulary = english.Vocabulary(reviews, max_size=2000)
known = 1 - vocabulary.counts[vocabulary.UNKNOWN] / sum(vocabulary.counts)
print(f"{len(vocabulary):,} ids cover {known:.0%} of all occurrences")
tokens = english.tokenise("A thrilling film, but hardly an unforgettable masterpiece")
print(vocabulary.encode(tokens))
print(vocabulary.decode(vocabulary.encode(tokens)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：走向詞嵌入 · Step 9: Towards word embeddings
#
# 編號不能直接當成數值（第 03 課的教訓）。one-hot 給每個詞自己的一維。兩個詞像不像，看兩個向量的夾角，也就是餘弦（cosine）相似度：
#
# $$\cos(u, v) = \frac{u \cdot v}{\lVert u \rVert\, \lVert v \rVert} \in [-1, 1]$$
#
# Ids cannot serve as numbers (the lesson of notebook 03). One-hot gives each word a dimension of its own. How alike two words are is
# the angle between their vectors, their cosine. Take eight short sentences in both languages:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
SENTENCES_EN = ["the cat likes milk", "the dog likes bones", "a cat sleeps on the sofa",
                "a dog sleeps on the floor", "the train goes to taipei", "the bus goes to tainan",
                "we take the train to tainan", "we take the bus to taipei"]
SENTENCES_ZH = ["貓喜歡牛奶", "狗喜歡骨頭", "貓在沙發上睡覺", "狗在地板上睡覺",
                "火車開往臺北", "公車開往臺南", "我們搭乘火車去臺南", "我們搭乘公車去臺北"]
tiny_en = [content_words(sentence, english.tokenise) for sentence in SENTENCES_EN]
tiny_zh = [content_words(sentence, everyday) for sentence in SENTENCES_ZH]
print(tiny_en[2], tiny_zh[2])
print(*english.Vocabulary(tiny_en).words)
print(*english.Vocabulary(tiny_zh).words)

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 把餘弦的公式寫成函式。`np.linalg.norm(u)` 是向量的長度 $\lVert u \rVert$。想一想：`u` 乘以 10，餘弦應該變嗎？
#
# ✏️ Write the formula of the cosine as a function. `np.linalg.norm(u)` is the length $\lVert u \rVert$ of a vector. Think: should the
# cosine change when `u` is multiplied by 10?

# %% gap="cosine" slideshow={"slide_type": "fragment"}
def cosine(u, v):
    """Return the cosine of the angle between two vectors."""
    ### BEGIN SOLUTION
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
u, v = np.array([3.0, 4.0]), np.array([4.0, 3.0])
checks.that(np.ndim(cosine(u, v)) == 0, "結果是一個數。 It is one number.",
            "結果應該是一個數：對應的分量相乘之後要**加起來**，也就是內積。 "
            "One number is wanted: multiply the components and **add them up**, which is the inner product.")
checks.close(cosine(10 * u, v), cosine(u, v), "長度不影響餘弦。 Length does not matter.",
             "`u` 拉長十倍，方向沒變，餘弦也不該變：長度除掉了嗎？ "
             "With `u` ten times as long its direction is the same, and so should be the cosine: have you divided by the lengths?")
checks.close([cosine(u, u), cosine(u, -u), cosine(u, v)], [1, -1, 0.96], "同向 1，反向 −1。 Same direction 1, opposite −1.",
             "自己和自己的餘弦是 1，和反方向是 −1：越像越大，不是距離。 "
             "With itself a vector has 1, with its opposite −1: the more alike the larger; it is no distance.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
words = english.Vocabulary(tiny_en)
one_hot = dict(zip(words.words, np.eye(len(words)), strict=True))
for pair in (("cat", "cat"), ("cat", "dog"), ("cat", "tainan")):
    print(*pair, cosine(one_hot[pair[0]], one_hot[pair[1]]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 在 one-hot 的世界裡，任何兩個不同的詞都一樣不像：貓和狗的相似度是 0，貓和臺南也是 0。
#
# 語言學家 Firth 說：「看一個詞的同伴，就知道它是什麼詞。」那就數同伴：一個詞的向量，是它和每個詞在同一句出現的次數。
#
# In the world of one-hot, any two different words are equally unlike: cat and dog 0, cat and Tainan 0.
#
# "You shall know a word by the company it keeps", said the linguist Firth. So count the company: a word's vector holds how often it
# stands in one sentence with every other word.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def company(documents, vocabulary):
    """How often two words share a sentence: an array of (words, words)."""
    together = np.zeros((len(vocabulary), len(vocabulary)))
    for ids in map(vocabulary.encode, documents):
        for one in ids:
            for other in ids:
                together[one, other] += one != other
    return together


for documents, pairs in ((tiny_en, [("cat", "dog"), ("train", "bus"), ("cat", "train")]),
                         (tiny_zh, [("貓", "狗"), ("火車", "公車"), ("貓", "火車")])):
    vocabulary = english.Vocabulary(documents)
    vectors = company(documents, vocabulary)
    for one, other in pairs:
        print(one, other, round(cosine(*vectors[vocabulary.encode([one, other])]), 2), end="   ")
    print()

# %% alt={"zh": "三張相似度的格子圖。one-hot 只有對角線是深的。數同伴之後出現幾塊：動物和食物一塊，交通工具一塊，城市一塊；中文的也一樣。", "en": "Three grids of similarity. With one-hot only the diagonal is dark. With counted company blocks appear: animals with food, vehicles, cities; so in Chinese, too."} slideshow={"slide_type": "subslide"}
def cosines(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


animals_and_cities = ["cat", "dog", "milk", "bones", "train", "bus", "taipei", "tainan"]
in_chinese = ["貓", "狗", "牛奶", "骨頭", "火車", "公車", "臺北", "臺南"]
panels = [("one-hot", tiny_en, animals_and_cities, False),
          ("counted company", tiny_en, animals_and_cities, True),
          ("counted company", tiny_zh, in_chinese, True)]
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.9))
for ax, (name, documents, chosen, counted) in zip(axes, panels, strict=True):
    vocabulary = english.Vocabulary(documents)
    vectors = company(documents, vocabulary) if counted else np.eye(len(vocabulary))
    picture = ax.imshow(cosines(vectors[vocabulary.encode(chosen)]), cmap="Blues", vmin=0, vmax=1)
    ax.set_xticks(range(len(chosen)), chosen, rotation=60)
    ax.set_yticks(range(len(chosen)), chosen)
    ax.set_title(name)
figure.colorbar(picture, ax=axes, label="cosine", shrink=0.8)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 沒有人告訴電腦貓和狗是動物，數一數同伴就看出來了。兩種語言的圖幾乎一樣。不過這八句是特地為此寫的；真的語料庫在下面。
#
# 🤔 「火車」和「臺北」是兩類東西，餘弦卻不是 0。同一句出現的詞，和可以互相替換的詞，是同一種「像」嗎？
#
# Nobody said that cats and dogs are animals; counting their company shows it, and the pictures of both languages are almost the same.
# But these eight sentences were written for the purpose; real corpora come next.
#
# 🤔 "train" and "taipei" are different kinds of things, yet their cosine is not 0. Words that occur together, and words that can stand
# in for one another: is that the same kind of "alike"?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不是。「火車」和「臺北」常一起出現；「火車」和「公車」則是可以互相替換：把一個換成另一個，句子還是通。餘弦比的是同伴：火車和公車的同伴完全一樣，餘弦是 1，雖然它們從來沒有同句；火車和臺北同句過，又各有一些共同的同伴，所以中文是 0.5、英文是 0.33。容易猜錯的是「餘弦高就是同義」。它量的是同伴有多像，反義詞和同類詞的同伴也很像。
#
# It is not. "train" and "taipei" occur together; "train" and "bus" can stand in for one another: swap them and the sentence still
# works.
# The cosine compares company: train and bus have exactly the same, so it is 1, although they never share a sentence; train and taipei
# share one, and some company besides, which makes 0.33 in English and 0.5 in Chinese.
# The usual wrong guess: "a high cosine means the same meaning". It says how alike the company is, and opposites and words of one kind
# keep like company, too.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 用在真的語料庫上 · On a real corpus
#
# 次數會被常見的詞帶著走，所以改看「比碰巧多幾倍」，取對數，負的當 0，叫做 PPMI：
#
# $$\text{PPMI}(w, c) = \max\left(0, \log \frac{p(w, c)}{p(w)\,p(c)}\right)$$
#
# Raw counts follow the frequent words. So ask how many times more often than by chance, take the logarithm, and set what is negative
# to 0. That is PPMI.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def neighbours(documents, stop, queries, min_count, window=4):
    """The words whose company within `window` words is most like that of each query."""
    documents = [[word for word in words if word not in stop] for words in documents]
    vocabulary = english.Vocabulary(documents, min_count=min_count)
    together = np.zeros((len(vocabulary), len(vocabulary)))
    for ids in map(np.array, map(vocabulary.encode, documents)):
        for distance in range(1, window + 1):
            np.add.at(together, (ids[:-distance], ids[distance:]), 1)
    together[[0, 1]] = together[:, [0, 1]] = 0
    together += together.T
    share = together.sum(axis=1) / together.sum()
    chance = np.outer(share, share) * together.sum()
    ratio = np.divide(together, chance, out=np.ones_like(together), where=together > 0)
    ppmi = np.maximum(np.log(ratio), 0)
    unit = ppmi / np.maximum(np.linalg.norm(ppmi, axis=1, keepdims=True), 1e-12)
    for query in (query for query in queries if query in vocabulary):
        likeness = unit @ unit[vocabulary.encode([query])[0]]
        best = np.argsort(-likeness, kind="stable")[1:7]
        found = ", ".join(f"{vocabulary.words[word]} {likeness[word]:.2f}" for word in best)
        print(f"{query}: {found}")
    print(f"({len(vocabulary):,} words, so a vector of {len(vocabulary):,} numbers each; {np.mean(ppmi == 0):.0%} of them are 0)")


DIGITS = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
neighbours(articles, STOP | DIGITS, ["north", "philosophy", "army", "president"], min_count=25)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
CLASSICAL = set("曰之也吾乃矣遂皆欲今亦汝卻便令") | {"卻說", "於是"}
neighbours(novel[:60], STOP | CLASSICAL, ["張飛", "荊州", "酒", "大怒"], min_count=10)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 不必懂任何語言，數一數就知道：和 north 最像的是 south，和張飛最像的是趙雲和關公（雲長），和荊州最像的裡面有爭奪它的劉備和曹操。不是每個都這麼漂亮：「酒」和「大怒」的鄰居，多半只是常一起出現的詞。而且每個詞要一個兩千維左右的向量，大部分是 0，沒看過的組合一律是 0。**word2vec** 用一個小小的類神經網路，把它壓成一百維左右、處處有值的向量。那是下一課。
#
# 🤔 常看到餘弦的範圍寫成 0 到 1，「接近 1 表示意義相似」。上面的公式可以到 −1。次數向量的餘弦為什麼不會是負的？word2vec 的會嗎？
#
# Without knowing any language, counting tells that the word most like north is south, that most like the general 張飛 are 趙雲 and 關公 (雲長), and
# that near the province 荊州 stand 劉備 and 曹操, who fight over it. Not all are so neat: the neighbours of 酒 (wine) and 大怒 (fury) are mostly words that
# occur beside them. And each word
# takes a vector of about two thousand numbers, most of them 0, and whatever was not seen is 0. **word2vec** presses that into about a hundred
# numbers, none of them idle, with a small neural network: the next lesson.
#
# 🤔 Cosines are often said to run from 0 to 1, with 1 for alike. The formula above goes down to −1. Why is a cosine of
# counts never negative? And one of word2vec?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 次數不會是負的，每一項乘積也就不會是負的，加起來除以長度，最小是 0。PPMI 把負的當 0，所以也一樣。word2vec 的數字是訓練出來的，有正有負，兩個向量可以夾超過 90 度，餘弦就是負的；最小的例子是 (1, 0) 和 (−1, 0)，餘弦 −1。容易猜錯的是「負的代表反義」。反義詞的同伴很像，餘弦通常是正的；負的只表示同伴不像。
#
# Counts are never negative, so neither is any product in the sum, and the lowest cosine is 0. PPMI sets what is negative to 0, so the
# same holds there.
# The numbers of word2vec are trained and take both signs; two vectors may stand more than 90 degrees apart, and then the cosine is
# negative. The smallest example: (1, 0) and (−1, 0) have −1.
# The usual wrong guess: "negative means opposite in meaning". Opposites keep like company and mostly have a positive cosine; negative
# only says that the company differs.
#
# </details>

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
profile.expect("word F1 of segmentation, on sentences not used to choose",
               round(quality["the same, discover=False"], 2), at_least=0.85,
               hint="plain jieba knows Simplified Chinese only; use utils.text.chinese.segment")
vocabulary = english.Vocabulary(tiny_zh)
cat, dog, train = company(tiny_zh, vocabulary)[vocabulary.encode(["貓", "狗", "火車"])]
profile.expect("貓 is more like 狗 than 火車, by", round(cosine(cat, dog) - cosine(cat, train), 2),
               at_least=0.3, hint="count words that share a sentence; no word keeps company with itself")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 每一步都是選擇：標點、停用詞、詞幹都可能丟掉意思，規則要寫下來。<br>Each step is a choice: punctuation, stop words and stems may throw meaning away; write your rules down.
# - 中文要先斷詞，繁體中文不能直接丟給簡體的工具；歧義在字、詞、句都有。<br>Chinese needs segmentation, and Traditional Chinese must not go straight into Simplified tools; characters, words and sentences can all be ambiguous.
# - one-hot 分不出像不像，數同伴就可以；word2vec 把它做得又小又密。<br>One-hot cannot tell what is alike, counting company can; word2vec makes it small and dense.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>和原課程比 · Compared with the original course</summary>
#
# - 六個步驟只有投影片，沒有程式，而且第 4 步漏了編號；這裡每一步都能執行，英文和中文並排。<br>Its six steps were slides without code, and step 4 had lost its number; here each step runs, English beside Chinese.
# - 它說標點「對語意沒有影響」、餘弦在 0 到 1 之間；兩句話都要加上但書。<br>It said that punctuation "does not affect the meaning" and that cosine lies in 0 to 1; neither holds as it stands.
# - 它用一字換一字的工具轉繁體，再用簡體詞典斷詞，所以「頭髮」變成「頭發」，「臺灣大學」被切開。<br>It turned text Traditional character by character and cut it with a Simplified dictionary, so 頭髮 became 頭發 and 臺灣大學 fell apart.
# - 它依賴 NLTK 的下載；這裡只用 NLTK 能直接計算的部分。<br>It relied on NLTK's downloads; here we use only what NLTK computes by itself.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 11](../labs/lab11_tokenizer.ipynb)「英文與中文的斷詞器」：寫下自己的規則，用人工切好的句子量 F1，再想辦法超過這一課的分數。
#
# [Lab 11](../labs/lab11_tokenizer.ipynb), a tokeniser for English and Chinese: write down your own rules, measure F1 on sentences cut by hand, and try to beat this lesson.
#
# ## 參考資料 · References
#
# - S. Bird, E. Klein, E. Loper, [Natural Language Processing with Python](https://www.nltk.org/book/)（NLTK 的書 · the NLTK book）
# - D. Jurafsky, J. H. Martin, [Speech and Language Processing](https://web.stanford.edu/~jurafsky/slp3/), 3rd ed. draft：第 2、3、6 章 · chapters 2, 3 and 6
# - M. F. Porter, [An algorithm for suffix stripping](https://tartarus.org/martin/PorterStemmer/def.txt), 1980
# - J. Nothman, H. Qin, R. Yurchak, [Stop Word Lists in Free Open-source Software Packages](https://aclanthology.org/W18-2502/), 2018
# - [OpenCC](https://github.com/BYVoid/OpenCC)、[jieba](https://github.com/fxsjy/jieba)：繁簡轉換與斷詞 · conversion and segmentation
# - R. Sennrich, B. Haddow, A. Birch, [Neural Machine Translation of Rare Words with Subword Units](https://aclanthology.org/P16-1162/), 2016（BPE）
# - M. Mahoney, [About the Test Data](http://mattmahoney.net/dc/textdata.html)：text8 的清理規則 · how text8 was cleaned
# - J. R. Firth, A synopsis of linguistic theory 1930–1955, 1957

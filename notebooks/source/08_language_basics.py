# %% [markdown] slideshow={"slide_type": "slide"}
# # 08 語言的基本功 · Language basics
#
# 🗺 清理、斷詞、停用詞、詞幹、剖析樹，中英對照 · Clean, tokenise, stem, parse, in English and Chinese
#
# 電腦只會算數字。一篇網頁要變成數字，得先走過好幾步：清理、標點、分詞、停用詞、詞幹、文法、統計。每一步都有選擇，選錯了，後面的模型再大也救不回來。
#
# 上完這一課，你可以
# 1. 把網頁變成乾淨的詞，英文和中文都會，並說明中文為什麼需要斷詞；
# 2. 用一套小文法畫出句子的剖析樹，找出歧義；
# 3. 從詞頻、n-gram 走到 one-hot 與餘弦相似度，說出下一課 word2vec 要解決什麼問題。
#
# Computers only calculate. Before a web page becomes numbers it goes through many steps: cleaning, punctuation, tokenising, stop words, stems, grammar, counting. Each step is a choice, and no model, however large, makes up for a bad one.
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
# | 資料 · Data | 英文維基百科 106 篇（CC BY-SA 3.0）；《三國演義》前 60 回（公共領域）；爛番茄影評 8,530 句（Pang、Lee 2005） · 106 articles of the English Wikipedia (CC BY-SA 3.0); the first 60 chapters of the novel 三國演義 (public domain); 8,530 sentences of Rotten Tomatoes reviews (Pang, Lee 2005) |
# | 投影片 · Slides | 自然語言處理（NLP）Problem；核心概念步驟 1 到 6：資料清理、標點、分詞、停用詞、詞嵌入、語料庫 · The NLP problem; core steps 1 to 6: cleaning, punctuation, tokenising, stop words, word embedding, corpus |

# %% slideshow={"slide_type": "skip"}
import re
import unicodedata

import matplotlib.pyplot as plt
import nltk
import numpy as np
from nltk.stem import PorterStemmer, SnowballStemmer
from nltk.tokenize import TreebankWordTokenizer, wordpunct_tokenize

from utils.data import datasets
from utils.notebook import display, plots, profile
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
# 投影片說標點「對語意沒有影響，通常會忽略」。大部分時候可以，但不是永遠：
#
# The slide says that punctuation "does not affect the meaning and is usually ignored". Mostly that will do, but not always:

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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：分詞 · Step 3: Tokenising
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

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
DICTIONARY = {"研究", "研究生", "生命", "的", "起源",
              "乒乓球", "乒乓球拍", "球拍", "拍賣", "賣", "完", "了", "完了"}


def maximum_matching(sentence, longest=4):
    words = []
    while sentence:
        size = next(n for n in range(longest, 0, -1) if n == 1 or sentence[:n] in DICTIONARY)
        words.append(sentence[:size])
        sentence = sentence[size:]
    return words


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
# 差多少？量量看。我們先用人工切好 12 個句子，再比較四種方法。一個詞的頭尾都切對才算對；精確率與召回率的調和平均就是 F1。
#
# How much does it matter? Measure. We cut 12 sentences by hand first, then compare four methods. A word counts if both its ends are
# right; F1 is the harmonic mean of precision and recall.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
BY_HAND = """我 每天 搭 捷運 去 臺灣大學 上課
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


def f1(method):
    right = given = wanted = 0
    for line in BY_HAND:
        ours, theirs = places(method(line.replace(" ", ""))), places(line.split())
        right, given, wanted = right + len(ours & theirs), given + len(ours), wanted + len(theirs)
    return 2 * right / (given + wanted)


def everyday(sentence):
    return chinese.segment(sentence, discover=False)


methods = {"one character, one word": list, "jieba as it comes": chinese.segment_plainly,
           "chinese.segment": chinese.segment, "the same, discover=False": everyday}
quality = {name: f1(method) for name, method in methods.items()}
count = sum(len(line.split()) for line in BY_HAND)
display.table([(name, f"{value:.2f}") for name, value in quality.items()],
              columns=[f"{len(BY_HAND)} sentences, {count} words", "F1"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# `discover` 讓 jieba 用隱馬可夫模型（HMM）猜測詞典裡沒有的新詞。小說裡的人名靠它，日常句子卻會被黏成「不太甜」「跑不動」。所以往後短句用 `everyday`，小說才用 `discover`。
#
# 🤔 「跑不動」算一個詞還是兩個？換一個人來切這 12 句，F1 還會一樣嗎？這個分數最多能信到第幾位？
#
# With `discover`, jieba guesses at words missing from its dictionary, by a hidden Markov model (HMM). That helps with names in novels,
# and glues everyday phrases such as 不太甜 and 跑不動 together. So from here on, short sentences take `everyday`, and only the novel
# takes `discover`.
#
# 🤔 Is 跑不動 one word or two? If another person cut the 12 sentences, would F1 be the same? How many digits of it deserve your trust?

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
# 🤔 拿掉停用詞之後，好評和負評變得一模一樣。搜尋引擎、主題分類、情緒分析，哪一個該用停用詞？（第 13 課的模型不用。）
#
# 🤔 Without stop words, praise and blame are the same. A search engine, a topic classifier, sentiment analysis: which of them should
# drop stop words? (The models of lesson 13 do not.)

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
# 中文沒有字尾，不需要詞幹。中文要統一的是**寫法**：簡體與繁體、臺與台。而且不能一個字換一個字：
#
# Rules know no meaning: `ran` and `run` stay apart, while `universe` and `university` become one. Getting it right takes a dictionary,
# and is called lemmatisation.
#
# Chinese has no endings to cut. What must be made one is the **writing**: Simplified and Traditional, 臺 and 台. And character by
# character will not do:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
original_course = {"台湾": "颱灣", "头发": "頭發", "皇后": "皇後"}
rows, words = [], ["台湾", "头发", "皇后", "公里", "干部", "软件", "信息", "鼠标"]
for word, traditional in zip(words, chinese.to_traditional("\n".join(words)).split("\n"), strict=True):
    back = chinese.to_simplified(traditional)
    rows.append((word, original_course.get(word, "—"), traditional, back))
display.table(rows, columns=["Simplified", "original course", "to_traditional", "and back"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 原課程用的工具一字換一字，`头发` 的 `发` 變成「出發」的「發」。OpenCC 先查詞語再查字，還會換成臺灣的用詞。
#
# 🤔 「髮」和「發」在簡體是同一個字。從簡體轉繁體和從繁體轉簡體，哪個方向比較難？為什麼？
#
# The tool of the original course went character by character, so the hair of `头发` got the character of "set out" (出發). OpenCC looks up
# phrases before characters, and changes to the words used in Taiwan.
#
# 🤔 髮 and 發 are one character in Simplified Chinese. Which direction is harder, Simplified to Traditional or back? Why?

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


# %% slideshow={"slide_type": "subslide"} tags=["thumbnail"]
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
chapters, entities = datasets.load_three_kingdoms()
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
# Having counted n-grams, you can guess the next word. That was the first kind of language model:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for words, start in ((achilles, "trojan"), (achilles, "taipei"),
                     (first_chapter, "皇甫嵩"), (first_chapter, "孔明")):
    followers = nltk.ConditionalFreqDist(nltk.bigrams(words))[start]
    guesses = [f"{word} {followers.freq(word):.0%}" for word, _ in followers.most_common(3)]
    print(f"{start} →", ", ".join(guesses) if guesses else "never seen: no guess at all")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第一回裡沒有孔明，模型就無話可說。n 越大，沒看過的組合越多。人沒看過也猜得出來，靠的是什麼？（第 14 課的 LSTM 會用別的方法猜。）
#
# 🤔 孔明 is not in the first chapter, so this model has nothing to say. The larger n, the more is unseen. People guess even so: what do
# they rely on? (The LSTM of lesson 14 guesses in another way.)

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

# %% slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(7, 4))
for name, documents in (("Wikipedia sample", articles), ("Rotten Tomatoes", reviews), ("三國演義", novel)):
    counts = nltk.FreqDist(word for words in documents for word in words)
    ranked = sorted(counts.values(), reverse=True)
    ax.loglog(range(1, len(ranked) + 1), ranked, label=name)
ranks = np.array([3, 30_000])
ax.loglog(ranks, 60_000 / ranks, color="#888888", linestyle="--", linewidth=1, label="slope −1")
ax.set(xlabel="rank of the word", ylabel="occurrences", title="Zipf's law")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 三條線的右半段都接近斜率 −1 的直線，左端較平，這就是齊夫定律（Zipf's law）：照它說，第二名是第一名的一半，第十名是十分之一。三個語料庫裡，只出現一次的詞占四成六到六成三。
#
# 🤔 如果詞表只留 2,000 個詞（第 12 課），會丟掉多少**種**詞？又會丟掉多少**次**出現？
#
# On the right all three come close to a line of slope −1, and at the left end they are flatter: Zipf's law. By this law the second
# word is half as frequent as the first, the tenth a tenth. In the three corpora 46 to 63 % of all types occur only once.
#
# 🤔 Keep a vocabulary of 2,000 words (lesson 12): how many *types* are lost, and how many *occurrences*?

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

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def cosine(u, v):
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))


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

# %% slideshow={"slide_type": "subslide"}
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
# 沒有人告訴電腦貓和狗是動物，數一數同伴就看出來了。兩種語言的圖幾乎一樣。
#
# 🤔 「火車」和「臺北」是兩類東西，餘弦卻不是 0。同一句出現的詞，和可以互相替換的詞，是同一種「像」嗎？
#
# Nobody said that cats and dogs are animals; counting their company shows it, and the pictures of both languages are almost the same.
#
# 🤔 "train" and "taipei" are different kinds of things, yet their cosine is not 0. Words that occur together, and words that can stand
# in for one another: is that the same kind of "alike"?

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


DIGITS = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
neighbours(articles, STOP | DIGITS, ["north", "philosophy", "army", "president"], min_count=25)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
CLASSICAL = set("曰之也吾乃矣遂皆欲今亦汝卻便令") | {"卻說", "於是"}
neighbours(novel[:60], STOP | CLASSICAL, ["張飛", "荊州", "酒", "大怒"], min_count=10)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 不必懂任何語言，數一數就知道 north 像 south，張飛像趙雲和關公（雲長），荊州的同伴，和爭奪它的劉備、曹操的同伴很像。但是每個詞要一個幾千維的向量，大部分是 0，而且沒看過的組合一律是 0。**word2vec** 用一個小小的類神經網路，把它壓成一百維左右、處處有值的向量。那是下一課。
#
# 🤔 投影片說餘弦「接近 1 表示意義相似」，範圍 0 到 1。上面的公式可以到 −1。次數向量的餘弦為什麼不會是負的？word2vec 的會嗎？
#
# Without knowing any language, counting tells that north is like south, that the general 張飛 is like 趙雲 and 關公 (雲長), and that the province 荊州 has much the same company as 劉備 and 曹操, who fight over it. But each word
# takes a vector of thousands of numbers, most of them 0, and whatever was not seen is 0. **word2vec** presses that into about a hundred
# numbers, none of them idle, with a small neural network: the next lesson.
#
# 🤔 The slide says that a cosine near 1 means alike, with a range of 0 to 1. The formula above goes down to −1. Why is a cosine of
# counts never negative? And one of word2vec?

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
profile.expect("word F1 of segmentation, Traditional Chinese",
               round(quality["chinese.segment"], 2), at_least=0.8,
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
# - 六個步驟只有投影片，沒有程式，而且第 4 步漏了編號；這裡每一步都能執行，英文和中文並排。<br>Its six steps were slides without code, and step 4 had lost its number; here each step runs, English beside Chinese.
# - 它說標點「對語意沒有影響」、餘弦在 0 到 1 之間；兩句話都要加上但書。<br>It said that punctuation "does not affect the meaning" and that cosine lies in 0 to 1; neither holds as it stands.
# - 它用一字換一字的工具轉繁體，再用簡體詞典斷詞，所以「頭髮」變成「頭發」，「臺灣大學」被切開。<br>It turned text Traditional character by character and cut it with a Simplified dictionary, so 頭髮 became 頭發 and 臺灣大學 fell apart.
# - 它依賴 NLTK 的下載；這裡只用 NLTK 能直接計算的部分。<br>It relied on NLTK's downloads; here we use only what NLTK computes by itself.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# 練習 06「英文與中文的斷詞器」：寫下自己的規則，用人工切好的句子量 F1，再想辦法超過這一課的分數。
#
# Lab 06, a tokeniser for English and Chinese: write down your own rules, measure F1 on sentences cut by hand, and try to beat this lesson.
#
# ## 參考資料 · References
#
# - S. Bird, E. Klein, E. Loper, [Natural Language Processing with Python](https://www.nltk.org/book/)（NLTK 的書 · the NLTK book）
# - D. Jurafsky, J. H. Martin, [Speech and Language Processing](https://web.stanford.edu/~jurafsky/slp3/), 3rd ed. draft：第 2、3、6 章 · chapters 2, 3 and 6
# - M. F. Porter, [An algorithm for suffix stripping](https://tartarus.org/martin/PorterStemmer/def.txt), 1980
# - J. Nothman, H. Qin, R. Yurchak, [Stop Word Lists in Free Open-source Software Packages](https://aclanthology.org/W18-2502/), 2018
# - [OpenCC](https://github.com/BYVoid/OpenCC)、[jieba](https://github.com/fxsjy/jieba)：繁簡轉換與斷詞 · conversion and segmentation
# - M. Mahoney, [About the Test Data](http://mattmahoney.net/dc/textdata.html)：text8 的清理規則 · how text8 was cleaned
# - J. R. Firth, A synopsis of linguistic theory 1930–1955, 1957

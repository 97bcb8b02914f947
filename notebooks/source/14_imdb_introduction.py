# %% [markdown] slideshow={"slide_type": "slide"}
# # 14 IMDb 簡介：從影評到向量 · IMDb: from reviews to vectors
#
# 🗺 從影評到數字：清理、斷詞、補齊、嵌入 · From a review to numbers: clean, tokenise, pad, embed
#
# 類神經網路只看得懂數字。這一課把一篇影評一步一步變成數字：清理、斷詞、查字典、截長補短、變成向量。
#
# 上完這一課，你可以
# 1. 讀進 IMDb 影評，並且先檢查「標籤怎麼排」；
# 2. 說明字典、未知詞和填充各占哪些編號，以及截長補短丟掉了什麼；
# 3. 解釋嵌入層（embedding）其實只是查表，並讓你自己寫的句子走完五個步驟。
#
# A neural network understands nothing but numbers. This lesson turns a review into numbers step by step: clean, tokenise, look
# up, pad or truncate, make vectors.
#
# After this lesson you can
# 1. read the IMDb reviews, and look at how the labels are ordered before anything else;
# 2. say which ids belong to words, unknown words and padding, and what padding and truncating throw away;
# 3. explain why an embedding is just a lookup, and take a sentence of your own through all five steps.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [02](02_pandas.ipynb)：看懂一張表；[11](11_language_basics.ipynb)：斷詞是什麼 · [02](02_pandas.ipynb): how to read a table; [11](11_language_basics.ipynb): what tokenising is |
# | 學習時間 · Study time | 約 65 分鐘，含空格和問題 · about 65 minutes, with gaps and questions |
# | 資料 · Data | IMDb 影評（Maas 等人，2011，供研究使用） · IMDb reviews (Maas et al., 2011, for research use) |
# | 投影片 · Slides | 「實現 LSTM 進行 IMDb 情緒分析」與 Lab – Sentiment_Analysis_IMDb_Introduce，步驟 1 到 5 · steps 1 to 5 |

# %% slideshow={"slide_type": "skip"}
from collections import Counter

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from utils.data import datasets
from utils.notebook import checks, display, plots, profile
from utils.text import english

# %% slideshow={"slide_type": "skip"}
SHOWN = profile.choose(smoke=2_000, lesson=20_000, full=25_000)  # reviews whose lengths are drawn
DICTIONARY_SIZE = 2_000  # words, as on the slides
LENGTH = 100  # ids for each review, as on the slides
EMBEDDING_DIM = 32
profile.seed(12)

MY_SENTENCE = "I did NOT expect much,<br />but this movie was surprisingly good!"  # change this line

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：讀取資料 · Step 1: Read the data
#
# 資料有兩個版本，程式碼一樣。`lesson` 版是官方訓練的那一半，去掉 96 篇重複的影評，留 5,000 篇當測試；`full` 版是官方的
# 25,000 + 25,000 篇。兩版都把同一部電影的影評放在同一邊，等一下會看到為什麼。你現在用的是哪一版？看第一行。
#
# There are two editions and one line of code for both. `lesson` is the official training half without 96 repeated reviews,
# 5,000 of them set aside for testing; `full` is the official 25,000 + 25,000. Both keep the reviews of a film on one side; in a
# moment we shall see why. Which one are you using? Read the first line.

# %% slideshow={"slide_type": "fragment"}
(train_texts, train_labels), (test_texts, test_labels) = datasets.load_imdb()
print(datasets.describe("imdb"))
print(f"{len(train_texts):,} reviews to learn from, {len(test_texts):,} to test on")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 投影片上的那一篇，我們的資料裡也有。用開頭幾個字把它找出來。
#
# The review on the slides is among ours. Find it by its first words.


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def find_review(beginning):
    """Return the number of the training review that begins so."""
    return next(i for i, review in enumerate(train_texts) if review.startswith(beginning))


slide_number = find_review("For a movie that gets no respect")
slide_review = train_texts[slide_number]
print(slide_review)
print("label:", train_labels[slide_number], "(0 negative, 1 positive)")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 先看標籤 · Look at the labels first
#
# 標籤有兩件事要看：**比例**（正負各半嗎？）和**順序**（有沒有洗過牌？）。原始檔案先放一種標籤，再放另一種，投影片也這樣寫：「0 至 12499 筆正面，12500 至 24999 筆負面」。我們的 `load_imdb` 洗過牌。上圖把標籤排回投影片的順序；下圖是我們的順序。黑線右邊是
# `validation_split=0.2` 會拿去當驗證資料的部分。
#
# Two things about labels: their **shares** (half and half?) and their **order** (shuffled?). The original files hold one label
# first and then the other, and the slides say so: "0 to 12499 positive, 12500 to 24999 negative". Our `load_imdb` shuffles. Above,
# the labels are sorted back into the order of the slides; below is ours. What lies right of the black line is what
# `validation_split=0.2` takes for validation.

# %% alt={"zh": "兩條色帶，藍是正面，紅是負面，黑線標出最後五分之一。上面那條前半全藍、後半全紅，黑線右邊全是負面；下面那條紅藍混得很均勻。", "en": "Two stripes, blue positive and red negative, with a black line at the last fifth. The upper one is all blue, then all red, and right of the line all negative; in the lower one both are mixed evenly."} slideshow={"slide_type": "fragment"}
as_on_the_slides = np.sort(train_labels)[::-1]
figure, axes = plt.subplots(2, 1, figsize=(9, 2.9), sharex=True)
tails = {}
orders = {"sorted, as on the slides": as_on_the_slides, "shuffled, ours": train_labels}
for ax, (title, labels) in zip(axes, orders.items(), strict=True):
    border = int(len(labels) * 0.8)
    tails[title] = labels[border:].mean()
    ax.imshow(labels[None], aspect="auto", cmap="RdYlBu", vmin=-0.3, vmax=1.3, interpolation="nearest")
    ax.axvline(border, color="black")
    ax.set(yticks=[], title=f"{title}: of the last fifth, {tails[title]:.0%} is positive")
axes[1].set_xlabel("number of the review (blue: positive, red: negative)")
plt.show()

# %% slideshow={"slide_type": "fragment"}
in_both = len(set(train_texts) & set(test_texts))
display.table([
    {"split": name, "reviews": len(labels), "positive": int(labels.sum(dtype=int)),
     "share positive": float(labels.mean()), "texts that occur twice": len(texts) - len(set(texts))}
    for name, texts, labels in (("train", train_texts, train_labels), ("test", test_texts, test_labels))
], caption=f"texts that are in both splits: {in_both}", digits=3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 如果驗證資料全是負面，一個永遠回答「負面」的模型，驗證準確率是多少？它學到了什麼？
#
# 🤔 If the validation data are all negative, what is the validation accuracy of a model that always says "negative"? What has it
# learned?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 100 %，而它什麼都沒學到：它連影評都沒讀。換成正負各半的資料，它只有 50 %。猜「50 %，跟亂猜一樣」的人，想的是正負各半的資料；準確率要看資料裡兩種標籤的比例，才知道它說明了什麼。
#
# 100 %, and it has learned nothing: it does not even read the review. On data that are half and half it has 50 %. Who said 50 %, "like
# guessing", was thinking of such data; an accuracy means something only together with the shares of the labels.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### 同一部電影，放在同一邊 · One film, on one side
#
# 一部電影常有好幾篇影評，裡面都提到同樣的角色和演員。如果隨機切，同一部電影的影評會跨兩邊：模型記住「提到這個角色的多半是好評」，考試就占便宜，可是遇到新電影就沒用了。資料集的作者因此讓官方的訓練和測試沒有共同的電影。我們從訓練的那一半再切一次，也照電影切：檔案沒有片名，但是同一部電影的影評在檔案裡排在一起，所以整段整段地切。切口可能剛好切在一部電影中間，只有一兩部。
#
# 量量看有沒有用。少見的專有名詞（大寫開頭，全部影評裡出現在 2 到 20 篇）可以當電影的指紋。測試影評裡，有多少篇和某一篇訓練影評共有三個以上？
#
# A film often has several reviews, and they name the same characters and actors. A random split puts reviews of one film on both
# sides: the model remembers that whoever names this character mostly liked the film, and does well in the exam, but that is no use for a new
# film. The authors of the data therefore let the official halves have no film in common. We split the training half once more, and
# by film too: the file has no titles, but the reviews of a film stand side by side in it, so we cut it into whole blocks. A cut may go
# through the middle of a film, of one or two in all.
#
# Measure whether it works. Rare names (capitalised, in 2 to 20 of all reviews) are the fingerprint of a film. How many test reviews
# share three or more of them with some training review?

# %% slideshow={"slide_type": "fragment"}
names = CountVectorizer(lowercase=False, token_pattern=r"\b[A-Z][a-z]{3,}\b", binary=True, min_df=2, max_df=20)
fingerprints = names.fit_transform(train_texts + test_texts)
as_split = np.arange(len(train_texts) + len(test_texts))
at_random = np.random.default_rng(0).permutation(as_split)
siblings = {}
for split, order in (("by film, ours", as_split), ("at random", at_random)):
    training, exam = order[:len(train_texts)], order[len(train_texts):][:5_000]
    shared = (fingerprints[exam] @ fingerprints[training].T).tocsr()
    siblings[split] = np.mean(shared.max(axis=1).toarray() >= 3)
closest = np.unravel_index(shared.argmax(), shared.shape)  # of the random split
together = names.inverse_transform(fingerprints[exam[closest[0]]].multiply(fingerprints[training[closest[1]]]))[0]
display.table([(split, f"{value:.1%}") for split, value in siblings.items()],
              columns=["split", "test reviews that share 3 rare names with a training review"])
print("one pair that the random split tears apart shares", len(together), "names:", ", ".join(sorted(together)[:12]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 隨機切，將近五分之一的測試影評在訓練資料裡有明顯的「兄弟」；照電影切，剩下百分之二左右，多半是恰好同名或談到別的片子。下一課會量：隨機切讓準確率虛增多少。
#
# With a random split, nearly one test review in five has an obvious sibling among the training reviews; split by film about 2 % remain,
# where names coincide or a review speaks of another film. The next lesson measures by how much a random split flatters the accuracy.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### 清理 HTML · Clean the HTML
#
# 影評是從網頁抓的，裡面還有 `<br />`。不清掉，`br` 會變成字典裡最常見的「詞」之一。
#
# The reviews come from web pages and still hold `<br />`. Left in, `br` would become one of the most frequent "words".

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
long_number = find_review("This was one of the highlights of ST:TNG")
long_review = english.strip_html(train_texts[long_number])
print("before:", train_texts[long_number][370:500])
print("after: ", long_review[370:488])
print("yours: ", english.strip_html(MY_SENTENCE))

# %% slideshow={"slide_type": "fragment"}
share = np.mean(["<br" in review for review in train_texts])
print(f"{share:.0%} of the reviews hold at least one <br />")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `a < b` 裡的 `<` 是標籤嗎？`I <3 this film` 呢？把它們放進 `MY_SENTENCE` 試試看。
#
# 🤔 Is the `<` of `a < b` a tag? And of `I <3 this film`? Put them into `MY_SENTENCE` and see.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 都不是，所以兩個 `<` 都留著：標籤是 `<` 後面緊接英文字母（或 `/`、`!`）。`a < b` 的 `<` 後面是空格，`<3` 後面是數字。用「刪掉 `<` 到 `>` 之間」的土方法，一個愛心加上後面任何一個 `>`，中間整段就不見了。
#
# Neither is, so both stay: a tag has a letter (or `/`, `!`) right after the `<`. In `a < b` a blank follows, in `<3` a digit. The crude way,
# "delete everything between `<` and `>`", loses a whole passage between a heart and any later `>`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：建立 token · Step 2: Build the tokens
#
# 先把一篇影評切成詞（token）：全部小寫，去掉標點，保留 `don't` 裡的撇號。
#
# First cut a review into words (tokens): lower case, no punctuation, but keep the apostrophe of `don't`.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
slide_words = english.tokenise(english.strip_html(slide_review))
my_words = english.tokenise(english.strip_html(MY_SENTENCE))
print(len(slide_words), "words:", slide_words[:12], "...")
print(len(my_words), "words:", my_words)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再數全部訓練影評的詞，只留最常見的 2,000 個，依次數編號。我們多留兩個號碼：**0 是填充，1 是字典裡沒有的詞**。所以 `the` 在投影片是 1 號，在這裡是 2 號。
#
# ✏️ 先在三篇小影評上自己做。`counts` 已經數好每個詞出現幾次（`Counter`，`counts.most_common(size)` 由多到少）。寫 `number_words`：傳回一個字典，最常見的 `size` 個詞，依次數從 2 開始編號。
#
# Now count the words of all training reviews, keep the 2,000 most frequent, and number them by count. We reserve two more
# numbers: **0 is padding, 1 is any word that is not in the dictionary**. So `the` is number 1 on the slides and number 2 here.
#
# ✏️ First do it yourself for three small reviews. `counts` has counted the words (a `Counter`; `counts.most_common(size)` goes from
# frequent to rare). Write `number_words`: return a dictionary with the `size` most frequent words, numbered by count from 2 on.

# %% slideshow={"slide_type": "fragment"}
small_reviews = [["good", "is", "the", "film"], ["the", "film", "is", "the", "best"], ["the", "film", "bored", "me"]]
counts = Counter(word for words in small_reviews for word in words)
print(counts)


# %% gap="number_words" slideshow={"slide_type": "fragment"}
def number_words(counts, size):
    """Return {word: number} of the most frequent words, the first of them 2."""
    ### BEGIN SOLUTION
    return {word: number for number, (word, _) in enumerate(counts.most_common(size), start=2)}
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
numbers = number_words(counts, 3)
checks.that(isinstance(numbers, dict), "是一個字典。 It is a dictionary.", "要傳回字典：詞 → 編號。 Return a dictionary: word → number.")
checks.that(len(numbers) == 3, "只留最常見的幾個。 Only the most frequent are kept.",
            f"size 是 3，你留了 {len(numbers)} 個：沒有只取最常見的嗎？ With size 3 you kept {len(numbers)}: were only the most frequent taken?")
checks.that(all(isinstance(word, str) for word in numbers), "詞是鍵。 The words are the keys.",
            "鍵應該是詞，不是（詞, 次數）。 A key is a word, not a pair of word and count.")
checks.that(set(numbers) == {"the", "film", "is"}, "是最常見的三個。 They are the three most frequent.",
            "不是最常見的三個：順序要由多到少，不是照出現的先後。 These are not the three most frequent: go by count, not by order of appearance.")
checks.that(0 not in numbers.values(), "0 號留給填充。 Number 0 is left to padding.",
            "有一個詞的編號是 0，會和填充分不開。 One word has number 0, and cannot be told from padding.")
checks.that(1 not in numbers.values(), "1 號留給未知詞。 Number 1 is left to unknown words.",
            "有一個詞的編號是 1，會和未知詞分不開。 One word has number 1, and cannot be told from unknown words.")
checks.that(numbers == {"the": 2, "film": 3, "is": 4}, "編號對了。 The numbers are right.",
            "編號要依次數：最常見的是 2，次常見的是 3。 Number by count: the most frequent is 2, the next is 3.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 真正的影評用 `english.Vocabulary`，規則一樣。
#
# For the real reviews `english.Vocabulary` does it, by the same rules.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
train_words = [english.tokenise(english.strip_html(review)) for review in train_texts]
vocabulary = english.Vocabulary(train_words, max_size=DICTIONARY_SIZE + 2)
slides_begin_with = ["the", "and", "a", "of", "to", "is", "in", "it", "i", "this"]
print(vocabulary.words[:12])
print("the first ten words are those of the slides, in their order:", vocabulary.words[2:12] == slides_begin_with)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只用訓練資料建字典。測試資料裡的詞，正式考試以前不該先看到。
#
# 🤔 前十個詞裡，有哪一個能告訴你影評是褒是貶？那為什麼還要留著它們？
#
# The dictionary is built from the training data alone: nobody should see the words of the exam before the exam.
#
# 🤔 Which of the first ten words tells you whether a review is for or against? Why keep them at all?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 沒有一個。前十個都是 the、and、a 這種虛詞，褒貶兩邊都一樣多。可是它們不能丟：`not` 和 `this` 這種詞接在別的詞前面就有意思（not good），而且讀順序的網路要靠它們看句子的結構。想「反正沒用，刪掉比較好」的人可以試試：很多舊系統真的會刪（stop words），結果連 not 都刪掉了。
#
# None. All ten are function words such as the, and, a, as frequent in praise as in blame. But we cannot throw such words away: small words like `not`
# mean something before another word (not good), and a network that reads in order needs them for the structure of a sentence. Who thought them
# useless and better deleted is in old company: many systems did delete such "stop words", and lost not along with them.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 2,000 個詞夠嗎？英文裡少數的詞占了大部分的篇幅。畫出來看：字典放進前 k 個詞，可以認得全部文字的百分之幾？
#
# Are 2,000 words enough? In English a few words make up most of the text. Draw it: with the k most frequent words in the
# dictionary, how much of the running text is known?

# %% alt={"zh": "字典越大，認得的文字越多，曲線後面越來越平。2,000 個詞已經超過八成，20,000 個接近全部。", "en": "The larger the dictionary, the more of the text is known, and the curve flattens. 2,000 words cover more than 80 %, 20,000 nearly all."} slideshow={"slide_type": "fragment"}
counts = np.array(english.Vocabulary(train_words).counts[2:])
coverage = np.cumsum(counts) / counts.sum()
figure, ax = plt.subplots(figsize=(7.5, 3.6))
ax.semilogx(np.arange(1, len(coverage) + 1), coverage * 100)
for size, color in ((DICTIONARY_SIZE, plots.COLORS[1]), (3_800, plots.COLORS[2]), (20_000, plots.COLORS[3])):
    ax.plot(size, coverage[size - 1] * 100, "o", color=color, label=f"{size:,} words: {coverage[size - 1]:.1%}")
ax.set(xlabel="words in the dictionary, from frequent to rare", ylabel="share of the running text (%)", ylim=(0, 102))
ax.legend(loc="lower right")
plt.show()
print(f"different words in all: {len(counts):,}; seen only once: {(counts == 1).mean():.0%} of them")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 大約六分之一的文字變成了「未知」。猜猜看，被丟掉的是電影術語、人名，還是形容詞？下一步會印出來。
#
# 🤔 About a sixth of the text becomes "unknown". What is lost: terms of the cinema, names, adjectives? The next step prints it.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 三種都有，最多的是少見的詞：人名、片名、地名，還有少見的形容詞和動詞。褒貶最強的常用詞（good、bad、worst、excellent）都在 2,000 個裡，少見的（如 riveting）就丟了。以為「丟掉六分之一的字，就丟掉六分之一的意思」的人要小心：虛詞占了篇幅的大半，丟掉的偏偏是內容詞，所以損失比六分之一多。
#
# All three; most of them rare words: names of people, films, places, and rare adjectives and verbs. The common strong ones (good, bad, worst,
# excellent) are among the 2,000; rare ones (such as riveting) are gone. Who thinks that a sixth of the text is a sixth of the meaning should be
# careful: function words fill most of the text, and what is lost are words of content, so more than a sixth of the meaning goes.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：影評變成數字 · Step 3: Reviews become numbers
#
# 每個詞查字典，換成編號。投影片直接**丟掉**字典裡沒有的詞；我們留下一個 1，讓網路知道「這裡有一個不認識的詞」。
#
# ✏️ 寫 `encode`：`words` 是一串詞，`numbers` 是剛才的字典；傳回一樣長的一串編號，不認識的詞是 1。
#
# Look up each word and take its number. The slides *drop* words that are not in the dictionary; we leave a 1, so that the network
# knows "here stood a word that I do not know".
#
# ✏️ Write `encode`: `words` is a list of words, `numbers` the dictionary from above; return as long a list of numbers, 1 for an unknown word.

# %% gap="encode" slideshow={"slide_type": "fragment"}
def encode(words, numbers):
    """Return the number of each word, 1 where the dictionary does not have it."""
    ### BEGIN SOLUTION
    return [numbers.get(word, 1) for word in words]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
try:
    encoded = encode(["the", "zebra", "film"], {"the": 2, "film": 3})
except KeyError:
    encoded = "KeyError"
checks.that(encoded != "KeyError", "不認識的詞不會出錯。 An unknown word is no error.",
            "字典裡沒有 zebra，`numbers[word]` 會出錯；查不到的時候要有預設值。 There is no zebra in the dictionary, and `numbers[word]` fails: give a default.")
checks.that(isinstance(encoded, list), "是一個串列。 It is a list.", "要傳回一串編號。 Return a list of numbers.")
checks.that(len(encoded) == 3, "詞和編號一樣多。 As many numbers as words.",
            f"三個詞應該有三個編號，你有 {len(encoded)} 個：不認識的詞也要占一個位置。 Three words need three numbers, not {len(encoded)}: an unknown word takes its place, too.")
checks.that(encoded[1] != 0, "未知詞不是 0。 The unknown word is not 0.",
            "0 是填充，會被遮住；未知詞是另一個號碼。 0 is padding and will be masked; an unknown word has another number.")
checks.that(encoded == [2, 1, 3], "每個詞都換成編號了。 Every word has become its number.",
            "認識的詞用字典裡的編號，不認識的用 1，順序不變。 Known words have the dictionary's numbers, unknown ones 1, in the same order.")

# %% slideshow={"slide_type": "fragment"}
slide_ids, my_ids = vocabulary.encode(slide_words), vocabulary.encode(my_words)
on_the_slide = [14, 3, 16, 11, 210, 53, 1157, 46, 248, 22, 3, 172, 4, 902, 14, 10, 1524, 833, 3, 16, 117, 912, 6, 161, 158, 6,
                3, 132, 1, 105, 6, 31, 1551, 102, 14, 1604, 1, 1787, 13, 3, 564]
ours = [number - 1 for number in slide_ids if number != vocabulary.UNKNOWN]  # numbered as the slides do
print(f"{len(slide_ids)} ids with unknown words, {len(ours)} without; {len(on_the_slide)} on the slide")
print("slide:", on_the_slide[:20])
print("ours: ", ours[:20])
print("unknown:", [word for word in slide_words if word not in vocabulary])
print("yours:  ", my_ids)
print("unknown:", [word for word in my_words if word not in vocabulary])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 常見的詞編號一模一樣；越後面的詞次數越接近，少了幾千篇影評，名次就會換幾位。
#
# 🤔 `decode` 可以把數字變回文字嗎？完全一樣嗎？
#
# Frequent words have the very same numbers. Rarer words have counts close to one another, so a few thousand reviews fewer move
# them by some places.
#
# 🤔 Can `decode` turn the numbers back into the text? Is anything lost?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 可以變回詞，但不是原文：大小寫、標點和換行在斷詞時就丟了，不認識的詞全變成 `<unk>`。網路看到的就是下一格印出來的樣子。以為「編號只是換個寫法，什麼都沒丟」的人，看看 zyzzyva：編號 1 回不到任何一個特定的詞。
#
# Into words yes, into the text no: capitals, punctuation and line breaks went with the tokenising, and every unknown word becomes `<unk>`. What the
# next cell prints is all that the network sees. Who thought ids a mere respelling should look at zyzzyva: from number 1 no way leads back to
# a particular word.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(" ".join(vocabulary.decode(vocabulary.encode(["this", "is", "a", "zyzzyva", "film"]))))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：截長補短 · Step 4: Pad and truncate
#
# 網路一次讀一批，一批的每一列要一樣長。長度 100：
# - 比 100 **長**的**截**掉；
# - 比 100 **短**的**補** 0。
#
# ✏️ 寫 `fit`：傳回剛好 `length` 個編號。太長就留前面 `length` 個，太短就在**後面**補 0。
#
# A network reads a batch at a time, and all rows of a batch are equally long. With length 100
# - what is **longer** is **cut**;
# - what is **shorter** is **filled up** with 0.
#
# ✏️ Write `fit`: return exactly `length` ids. Of a longer list keep the first `length`; fill a shorter one up with 0 **at the end**.

# %% gap="fit" slideshow={"slide_type": "fragment"}
def fit(ids, length):
    """Return the ids cut or filled up to `length`."""
    ### BEGIN SOLUTION
    kept = list(ids[:length])
    return kept + [0] * (length - len(kept))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
long_row, short_row, full_row = fit([5, 6, 7, 8, 9], 3), fit([5, 6], 4), fit([5, 6], 2)
checks.that(long_row is not None and short_row is not None, "有傳回東西。 Something is returned.", "忘了 return。 The return is missing.")
checks.that(len(long_row) == 3, "太長的截了。 The long one is cut.",
            f"5 個編號截成 3 個，你傳回 {len(long_row)} 個。 5 ids are cut to 3; yours has {len(long_row)}.")
checks.that(len(short_row) == 4, "太短的補了。 The short one is filled up.",
            f"2 個編號補到 4 個，你傳回 {len(short_row)} 個：要補幾個 0？ 2 ids are filled up to 4; yours has {len(short_row)}: how many zeros are missing?")
checks.that(list(short_row)[:2] == [5, 6], "補在後面。 The filling is at the end.", "0 要補在後面，不是前面。 The zeros belong at the end, not in front.")
checks.that(list(short_row)[2:] == [0, 0], "填充是 0。 The filling is 0.", "填充的號碼是 0。 The id of padding is 0.")
checks.that(list(long_row) == [5, 6, 7] and list(full_row) == [5, 6], "留下的是前面。 What is kept is the beginning.",
            "太長的時候，這一格要留前面的編號。 Of a long list this cell wants the first ids.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# `english.pad` 對一整批做同樣的事。拿一長一短兩篇真的影評試試。
#
# `english.pad` does the same for a whole batch. Try one real review that is longer and one that is shorter.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
long_ids = vocabulary.encode(english.tokenise(long_review))
rows = english.pad([long_ids, slide_ids], LENGTH)
for name, ids, row in (("longer", long_ids, rows[0]), ("shorter", slide_ids, rows[1])):
    lost = max(0, len(ids) - LENGTH)
    print(f"{name}: {len(ids)} ids -> {len(row)}, of which {int((row == 0).sum())} padding; {lost} ids lost")
print("shape and type:", rows.shape, rows.dtype)

# %% alt={"zh": "三種做法各兩列：長的影評不是少了開頭就是少了結尾，短的影評補白，我們補在後面，Keras 預設補在前面。", "en": "Two rows for each of three ways: the long review loses its end or its beginning; the short one gets white padding, behind with ours, in front with Keras unless told otherwise."} slideshow={"slide_type": "subslide"}
keras_way = keras.utils.pad_sequences([long_ids, slide_ids], maxlen=LENGTH)
figure, axes = plt.subplots(3, 1, figsize=(9, 3.9), sharex=True)
for ax, (title, block) in zip(axes, {
    "ours: cut the end, pad at the end (post)": rows,
    "keep='last': cut the beginning, pad at the end": english.pad([long_ids, slide_ids], LENGTH, keep="last"),
    "Keras unless told otherwise: cut and pad at the beginning (pre)": keras_way,
}.items(), strict=True):
    position = np.zeros(block.shape)
    for row, ids in enumerate((long_ids, slide_ids)):
        words = np.flatnonzero(block[row])
        first = len(ids) - len(words) if "ours" not in title else 0
        position[row, words] = (first + np.arange(len(words)) + 1) / len(ids)
    ax.imshow(np.ma.masked_equal(position, 0), aspect="auto", cmap="viridis", vmin=0, vmax=1)
    ax.set_yticks([0, 1], [f"{len(long_ids)} words", f"{len(slide_ids)} words"])
    ax.set_title(title, fontsize=11)
axes[-1].set_xlabel("position in the row (dark: first words of the review, yellow: last words, white: padding)")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 我們補在後面（post-padding），並在下一步把 0 遮住（mask）。補在前面也能訓練，但 GPU 上快速的 cuDNN LSTM 不接受前面是填充的遮罩。
#
# 🤔 影評的結論常在最後一句。截掉開頭和截掉結尾，你選哪一種？下一課可以做實驗。
#
# We pad at the end (post-padding) and mask the zeros in the next step. Padding in front can be trained too, but the fast cuDNN
# LSTM of a GPU refuses a mask that begins with padding.
#
# 🤔 A review often comes to its point in the last sentence. Would you cut the beginning or the end? Try it in the next lesson.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 影評多半該截掉開頭，留下結尾：最後一句常是結論。但這是猜測，要用驗證資料比比看；下一課的網路讀 380 個詞，八成多的影評根本不用截。以為「開頭先講重點」的人，想的是新聞：新聞確實該留開頭，所以答案要看文字的種類。
#
# Of reviews rather the beginning, keeping the end, where the verdict often stands. But that is a guess, to be tried on validation data; the networks of
# the next lesson read 380 words, and need not cut most reviews at all. Who would keep the beginning "because the point comes first" was thinking of
# news, for which that is right: it depends on the kind of text.
#
# </details>

# %% alt={"zh": "影評字數的直方圖，高峰在一百多字，往右拖一條長尾巴。長度 100 的線左邊只有一小部分，長度 380 的線左邊是大部分。", "en": "A histogram of review lengths with its peak a little above 100 words and a long tail. Few reviews lie left of the line at 100, most left of that at 380."} slideshow={"slide_type": "subslide"}
lengths = np.array([len(words) for words in train_words[:SHOWN]])
figure, ax = plt.subplots(figsize=(8, 3.4))
ax.hist(np.minimum(lengths, 1000), bins=100, color="#c9d7e8")
for length, color in ((LENGTH, plots.COLORS[1]), (380, plots.COLORS[2])):
    ax.axvline(length, color=color, label=f"length {length}: {(lengths <= length).mean():.0%} of the reviews fit whole")
ax.set(xlabel="words in a review (the last bar: 1,000 or more)", ylabel="reviews")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 長度 100 截掉了將近九成的影評，380 只截掉一成多。為什麼不乾脆用 2,500？（提示：算算看一批有多少個 0。）
#
# 🤔 Length 100 cuts nearly nine reviews in ten, 380 only one or two. Why not simply take 2,500? (Work out how many zeros a batch
# would hold.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為大部分會是 0，時間和記憶體都浪費了。影評平均兩百多個詞，補到 2,500，一批裡九成是填充；RNN 還得一步一步讀過去。為了少數幾篇特別長的影評，每一篇都付十倍的代價。以為「補 0 不花力氣，反正有遮罩」的人：遮罩讓結果不受影響，計算卻大多照做。
#
# Most of a batch would be zeros, a waste of time and memory. Reviews have a little over two hundred words on average; filled up to 2,500, nine tenths of
# a batch are padding, and an RNN goes through it step by step. Every review would pay tenfold for the few that are so long. Who thought zeros
# cost nothing because of the mask: the mask protects the result; most of the work is done all the same.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：嵌入層是查表 · Step 5: An embedding is a lookup
#
# 編號只是名字：5 號詞並不比 3 號詞「大」。嵌入層（embedding）有一張 2,002 × 32 的表，第 $i$ 號詞就拿第 $i$ 列的 32 個數字。數學上等於 one-hot 向量乘上矩陣 $E$，但查表不用真的去乘那一大堆 0：
#
# $$\mathrm{onehot}(i)\,E = E_i$$
#
# An id is only a name: word 5 is not "larger" than word 3. The embedding holds a table of 2,002 × 32, and word $i$ gets row $i$,
# 32 numbers. In mathematics this is a one-hot vector times a matrix $E$, but a lookup need not multiply all those zeros.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ✏️ 自己查表。`small_table` 有 4 列，每列是一個詞的 3 個數字。寫 `look_up`：`ids` 是一串編號，傳回每個編號的那一列，形狀（幾個編號, 3）。
#
# ✏️ Look up yourself. `small_table` has 4 rows, the 3 numbers of a word each. Write `look_up`: given a list of ids, return the row of each,
# of shape (number of ids, 3).

# %% slideshow={"slide_type": "fragment"}
small_table = np.array([[0.0, 0.0, 0.0], [0.1, 0.2, 0.3], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


# %% gap="look_up" slideshow={"slide_type": "fragment"}
def look_up(table, ids):
    """Return row ids[k] of the table as row k."""
    ### BEGIN SOLUTION
    return table[ids]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = look_up(small_table, [2, 1, 2, 3, 0])
checks.that(found is not None, "有傳回東西。 Something is returned.", "得到 None：忘了 return。 Got None: the return is missing.")
checks.that(np.shape(found)[-1:] == (3,) and np.ndim(found) == 2, "每個編號一列。 One row for each id.",
            f"形狀應該是 (5, 3)，你的是 {np.shape(found)}：編號選的是列，不是欄，也不要加總。 "
            f"The shape should be (5, 3), yours is {np.shape(found)}: an id picks a row, not a column, and nothing is added up.")
checks.that(len(found) == 5, "重複的編號也各有一列。 An id that occurs twice has two rows.",
            f"五個編號應該有五列，你有 {len(found)} 列：重複的、不連續的都要照順序。 Five ids need five rows, not {len(found)}: repeated ones too, in order.")
checks.close(found, small_table[[2, 1, 2, 3, 0]], "查到的列都對。 The right rows, in the right order.",
             "列數對，內容不對：第 0 個編號要拿第 ids[0] 列，而且順序不變。 The number of rows is right, the rows are not: keep the order of the ids, and count rows from 0.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
embedding = keras.layers.Embedding(len(vocabulary), EMBEDDING_DIM, mask_zero=True)
vectors = keras.ops.convert_to_numpy(embedding(rows))
table = keras.ops.convert_to_numpy(embedding.embeddings.value)
print("ids", rows.shape, "-> vectors", vectors.shape, "; table", table.shape, "=", f"{table.size:,} parameters")
print("the same as reading rows of the table: ", np.array_equal(vectors, table[rows]))
one_hot = np.eye(len(vocabulary), dtype=np.float32)[rows[1]]
print("the same as one-hot times the matrix:  ", np.allclose(one_hot @ table, vectors[1]))
print("steps that are not masked:", keras.ops.convert_to_numpy(embedding.compute_mask(rows)).sum(axis=1).tolist())

# %% alt={"zh": "16 列 32 欄的紅藍格子，一列一個詞，每列的花樣都不同；最後五列是補的，花樣完全一樣。", "en": "A grid in red and blue, 16 rows by 32 columns, a row for each word. Every word has a pattern of its own; the last five rows are padding and are all the same."} slideshow={"slide_type": "subslide"}
my_row = english.pad([my_ids], 16)
my_vectors = keras.ops.convert_to_numpy(embedding(my_row))[0]
names = [*my_words, *["<pad>"] * 16][:16]
figure, ax = plt.subplots(figsize=(9, 4.2))
ax.imshow(my_vectors, cmap="RdBu", aspect="auto", vmin=-0.06, vmax=0.06)
ax.set_yticks(range(16), [f"{name}  {number}" for name, number in zip(names, my_row[0], strict=True)])
ax.set(xlabel="component of the vector", title="your sentence: 16 ids, each looked up as 32 numbers")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 現在這些數字是亂數，因為還沒有訓練。遮罩（mask）告訴後面的層：填充的那幾列不要讀。
#
# 🤔 同一個詞出現兩次，它的兩列一樣嗎？這張表要怎麼樣才會讓 good 和 great 靠近？
#
# These numbers are random still, for nothing has been trained. The mask tells the layers that follow not to read the rows of
# padding.
#
# 🤔 If a word occurs twice, are its two rows equal? What would have to happen for good and great to come close?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一樣：同一個編號查的是同一列，所以同一個詞在哪裡都是同樣的 32 個數字。要讓 good 和 great 靠近，得有一個目標，使兩個詞做同樣的事會比較好：例如兩個都讓「正面」的機率變高，梯度就把它們往同一個方向推。以為「Keras 本來就知道它們意思相近」的人，看看上圖：還沒有訓練，全是亂數。
#
# They are: the same id looks up the same row, so a word has the same 32 numbers wherever it stands. For good and great to come close there must be a
# goal for which doing the same is better: if both raise the probability of "positive", gradients push them the same way. Who thought Keras knew
# their meaning should look at the figure: before training everything is random.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 你的句子走完五步 · Your sentence through all five steps
#
# 把上面的 `MY_SENTENCE` 換成你自己的句子，全部重新執行，或直接呼叫這個函式。
#
# Change `MY_SENTENCE` at the top to a sentence of your own and run everything again, or simply call this function.


# %% slideshow={"slide_type": "fragment"}
def five_steps(review):
    """Take a review through every step and return what each step made of it."""
    clean = english.strip_html(review)
    words = english.tokenise(clean)
    ids = vocabulary.encode(words)
    row = english.pad([ids], LENGTH)
    vectors = embedding(row)
    return {
        "1 read": review, "  clean": clean, "2 tokens": " | ".join(words), "3 ids": str(ids),
        "4 padded": f"{row.shape}: {' '.join(map(str, row[0, :14]))} ...", "5 vectors": str(tuple(vectors.shape)),
    }


display.table(five_steps(MY_SENTENCE), columns=["step", "result"])

# %% slideshow={"slide_type": "fragment"}
display.table({name: five_steps(odd)["3 ids"] for name, odd in {
    "nothing at all": "", "Chinese": "這部電影很好看", "only emoji": "😀👍", "SHOUTING": "GREAT FILM!!!", "a typing error": "graet film",
}.items()}, columns=["text", "ids"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 中文影評變成了一個 1。這個字典還能分辨中文影評的褒貶嗎？拼錯的 `graet` 又損失了什麼？
#
# 🤔 The Chinese review became a single 1. Can this dictionary tell praise from blame in Chinese? And what was lost with `graet`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不能：整句變成一個 1，褒和貶看起來一模一樣，網路還是會給一個機率，但那和內容無關。`graet` 也變成 1，而且沒有人會發現：整句只剩 film 有意義。猜「網路看得出拼錯」的人，忘了編號只是名字；要認得拼錯的詞，得切成更小的單位，例如第 11 課的子詞或字母。
#
# It cannot: the sentence becomes a single 1, praise and blame look the same, and the network still gives a probability, which has nothing to do with the
# content. `graet` becomes 1, too, and nobody notices: only film is left of the sentence. Who thought that the network would see the typing error forgot
# that ids are mere names; to recognise misspelled words one needs smaller pieces, such as letters or parts of words.
#
# </details>

# %% slideshow={"slide_type": "skip"}
for name, labels in (("train", train_labels), ("test", test_labels)):
    profile.expect(f"share of positive reviews in {name}", round(float(labels.mean()), 4), at_least=0.48, at_most=0.52,
                   hint="load both splits with datasets.load_imdb(), unchanged")
profile.expect("share of positive reviews in the last fifth", round(float(tails["shuffled, ours"]), 3), at_least=0.46, at_most=0.54)
profile.expect("share of test reviews that share three rare names with a training review", round(float(siblings["by film, ours"]), 4), at_most=0.05)
profile.expect("reviews that are in both splits", in_both, at_most=profile.choose(smoke=0, lesson=0, full=200))
profile.expect("first ten words that agree with the slides",
               sum(ours == theirs for ours, theirs in zip(vocabulary.words[2:12], slides_begin_with, strict=True)), at_least=10)
profile.expect("share of the running text that 2,000 words cover", round(coverage[DICTIONARY_SIZE - 1], 3), at_least=0.8)
profile.expect("longest row after padding", rows.shape[1], at_least=LENGTH, at_most=LENGTH)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 拿到資料先看標籤的比例和順序，再看重複，還有「同一個來源」有沒有跨兩邊（這裡是同一部電影）。<br>With new data, look at the shares and the order of the labels first, then for repeated texts, and for one source on both sides (here, one film).
# - 文字變數字有五步：讀、清理並斷詞、查字典、截長補短、查向量；每一步都會丟掉一些東西。<br>Text becomes numbers in five steps: read, clean and tokenise, look up, pad or cut, look up vectors; each step loses something.
# - 嵌入層是一張會被訓練的表；填充要補在後面，並且遮住。<br>An embedding is a table that is trained; padding goes to the end, and is masked.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Open</summary>
#
# - 註解把截斷和填充寫反；示範的影評只有 41 個數字，說是截斷，其實是填充。<br>Its comment had cutting and padding the wrong way round; its example has only 41 numbers and is filled up where the text says it is cut.
# - 標籤照順序排，下一課用 `validation_split` 取尾巴，驗證資料於是全是負面。<br>Labels stayed in order, and the next lesson took the tail with `validation_split`: the validation set was all negative.
# - 用 Keras 的 `Tokenizer`，字典裡沒有的詞直接消失；現在它已被棄用，`keras.preprocessing` 裡沒有了。填充補在前面，也沒有遮罩。<br>It used Keras's `Tokenizer`, which drops unknown words and is deprecated (it is gone from `keras.preprocessing`); it padded in front and used no mask.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 11](../labs/lab11_tokenizer.ipynb)「英文與中文的斷詞器」：親手把文字切成詞、編上號碼，再和這一課的結果比對。[練習 15](../labs/lab15_better_sentiment.ipynb)「改進情緒分析模型」會用到這裡的每一步。
#
# [Lab 11](../labs/lab11_tokenizer.ipynb), a tokeniser for English and Chinese: cut texts into words and number them yourself, and compare with this lesson. [Lab 15](../labs/lab15_better_sentiment.ipynb),
# improve the sentiment model, uses every step of this one.
#
# ## 參考資料 · References
#
# - A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng, C. Potts, [Learning Word Vectors for Sentiment Analysis](https://aclanthology.org/P11-1015/), ACL 2011（資料集 · the data set）
# - Keras：[Embedding](https://keras.io/api/layers/core_layers/embedding/)、[遮罩與填充 · masking and padding](https://keras.io/guides/understanding_masking_and_padding/)
# - Y. Bengio, R. Ducharme, P. Vincent, C. Jauvin, [A Neural Probabilistic Language Model](https://www.jmlr.org/papers/v3/bengio03a.html), *JMLR* 3, 2003（用表把詞變成向量 · words as rows of a trained table）

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
# | 資料 · Data | IMDb 影評（Maas 等人，2011，供研究使用） · IMDb reviews (Maas et al., 2011, for research use) |
# | 投影片 · Slides | 「實現 LSTM 進行 IMDb 情緒分析」與 Lab – Sentiment_Analysis_IMDb_Introduce，步驟 1 到 5 · steps 1 to 5 |

# %% slideshow={"slide_type": "skip"}
import keras
import matplotlib.pyplot as plt
import numpy as np

from utils.data import datasets
from utils.notebook import display, plots, profile
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
# 25,000 + 25,000 篇。你現在用的是哪一版？看第一行。
#
# There are two editions and one line of code for both. `lesson` is the official training half without 96 repeated reviews,
# 5,000 of them set aside for testing; `full` is the official 25,000 + 25,000. Which one are you using? Read the first line.

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
# 標籤有兩件事要看：**比例**（正負各半嗎？）和**順序**（有沒有洗過牌？）。原始檔案先放一種標籤，再放另一種，投影片也這樣寫：
# 「0 至 12499 筆正面，12500 至 24999 筆負面」。我們的 `load_imdb` 洗過牌。上圖把標籤「排回去」，重現原課程的順序；下圖是我們的順序。黑線右邊是
# `validation_split=0.2` 會拿去當驗證資料的部分。
#
# Two things about labels: their **shares** (half and half?) and their **order** (shuffled?). The original files hold one label
# first and then the other, and the slides say so: "0 to 12499 positive, 12500 to 24999 negative". Our `load_imdb` shuffles. Above,
# the labels are sorted back into the order of the original course; below is ours. What lies right of the black line is what
# `validation_split=0.2` takes for validation.

# %% slideshow={"slide_type": "fragment"}
as_in_the_original = np.sort(train_labels)[::-1]
figure, axes = plt.subplots(2, 1, figsize=(9, 2.9), sharex=True)
tails = {}
orders = {"sorted, as in the original course": as_in_the_original, "shuffled, ours": train_labels}
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
# 再數全部訓練影評的詞，只留最常見的 2,000 個，依次數編號。我們多留兩個號碼：**0 是填充，1 是字典裡沒有的詞**。
# 所以 `the` 在投影片是 1 號，在這裡是 2 號。
#
# Now count the words of all training reviews, keep the 2,000 most frequent, and number them by count. We reserve two more
# numbers: **0 is padding, 1 is any word that is not in the dictionary**. So `the` is number 1 on the slides and number 2 here.

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

# %% [markdown] slideshow={"slide_type": "subslide"}
# 2,000 個詞夠嗎？英文裡少數的詞占了大部分的篇幅。畫出來看：字典放進前 k 個詞，可以認得全部文字的百分之幾？
#
# Are 2,000 words enough? In English a few words make up most of the text. Draw it: with the k most frequent words in the
# dictionary, how much of the running text is known?

# %% slideshow={"slide_type": "fragment"}
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：影評變成數字 · Step 3: Reviews become numbers
#
# 每個詞查字典，換成編號。投影片直接**丟掉**字典裡沒有的詞；我們留下一個 1，讓網路知道「這裡有一個不認識的詞」。
#
# Look up each word and take its number. The slides *drop* words that are not in the dictionary; we leave a 1, so that the network
# knows "here stood a word that I do not know".

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

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(" ".join(vocabulary.decode(vocabulary.encode(["this", "is", "a", "zyzzyva", "film"]))))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：截長補短 · Step 4: Pad and truncate
#
# 網路一次讀一批，一批的每一列要一樣長。長度 100：
# - 比 100 **長**的**截**掉；
# - 比 100 **短**的**補** 0。
#
# 原課程的註解把這兩句寫反了，而且它拿來示範「截斷」的影評只有 41 個數字，其實是被補長的。我們用一長一短兩篇。
#
# A network reads a batch at a time, and all rows of a batch are equally long. With length 100
# - what is **longer** is **cut**;
# - what is **shorter** is **filled up** with 0.
#
# The original's comment had these the wrong way round, and the review with which it showed the cutting has only 41 numbers: it
# was filled up. We take one review that is longer and one that is shorter.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
long_ids = vocabulary.encode(english.tokenise(long_review))
rows = english.pad([long_ids, slide_ids], LENGTH)
for name, ids, row in (("longer", long_ids, rows[0]), ("shorter", slide_ids, rows[1])):
    lost = max(0, len(ids) - LENGTH)
    print(f"{name}: {len(ids)} ids -> {len(row)}, of which {int((row == 0).sum())} padding; {lost} ids lost")
print("shape and type:", rows.shape, rows.dtype)

# %% slideshow={"slide_type": "subslide"}
original_way = keras.utils.pad_sequences([long_ids, slide_ids], maxlen=LENGTH)
figure, axes = plt.subplots(3, 1, figsize=(9, 3.9), sharex=True)
for ax, (title, block) in zip(axes, {
    "ours: cut the end, pad at the end (post)": rows,
    "keep='last': cut the beginning, pad at the end": english.pad([long_ids, slide_ids], LENGTH, keep="last"),
    "Keras unless told otherwise, and the original: cut and pad at the beginning (pre)": original_way,
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

# %% slideshow={"slide_type": "subslide"}
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：嵌入層是查表 · Step 5: An embedding is a lookup
#
# 編號只是名字：5 號詞並不比 3 號詞「大」。嵌入層（embedding）有一張 2,002 × 32 的表，第 $i$ 號詞就拿第 $i$ 列的 32 個數字。
# 數學上等於 one-hot 向量乘上矩陣 $E$，但查表不用真的去乘那一大堆 0：
#
# $$\mathrm{onehot}(i)\,E = E_i$$
#
# An id is only a name: word 5 is not "larger" than word 3. The embedding holds a table of 2,002 × 32, and word $i$ gets row $i$,
# 32 numbers. In mathematics this is a one-hot vector times a matrix $E$, but a lookup need not multiply all those zeros.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
embedding = keras.layers.Embedding(len(vocabulary), EMBEDDING_DIM, mask_zero=True)
vectors = keras.ops.convert_to_numpy(embedding(rows))
table = keras.ops.convert_to_numpy(embedding.embeddings.value)
print("ids", rows.shape, "-> vectors", vectors.shape, "; table", table.shape, "=", f"{table.size:,} parameters")
print("the same as reading rows of the table: ", np.array_equal(vectors, table[rows]))
one_hot = np.eye(len(vocabulary), dtype=np.float32)[rows[1]]
print("the same as one-hot times the matrix:  ", np.allclose(one_hot @ table, vectors[1]))
print("steps that are not masked:", keras.ops.convert_to_numpy(embedding.compute_mask(rows)).sum(axis=1).tolist())

# %% slideshow={"slide_type": "subslide"}
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

# %% slideshow={"slide_type": "skip"}
for name, labels in (("train", train_labels), ("test", test_labels)):
    profile.expect(f"share of positive reviews in {name}", round(float(labels.mean()), 4), at_least=0.48, at_most=0.52,
                   hint="load both splits with datasets.load_imdb(), unchanged")
profile.expect("share of positive reviews in the last fifth", round(float(tails["shuffled, ours"]), 3), at_least=0.46, at_most=0.54)
profile.expect("reviews that are in both splits", in_both, at_most=profile.choose(smoke=0, lesson=0, full=200))
profile.expect("first ten words that agree with the slides",
               sum(ours == theirs for ours, theirs in zip(vocabulary.words[2:12], slides_begin_with, strict=True)), at_least=10)
profile.expect("share of the running text that 2,000 words cover", round(coverage[DICTIONARY_SIZE - 1], 3), at_least=0.8)
profile.expect("longest row after padding", rows.shape[1], at_least=LENGTH, at_most=LENGTH)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 拿到資料先看標籤的比例和順序，再看有沒有重複；其他都在後面。<br>With new data, look at the shares and the order of the labels first, then for repeated texts; everything else comes later.
# - 文字變數字有五步：讀、清理並斷詞、查字典、截長補短、查向量；每一步都會丟掉一些東西。<br>Text becomes numbers in five steps: read, clean and tokenise, look up, pad or cut, look up vectors; each step loses something.
# - 嵌入層是一張會被訓練的表；填充要補在後面，並且遮住。<br>An embedding is a table that is trained; padding goes to the end, and is masked.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 註解把截斷和填充寫反；示範的影評只有 41 個數字，說是截斷，其實是填充。<br>Its comment had cutting and padding the wrong way round; its example has only 41 numbers and is filled up where the text says it is cut.
# - 標籤照順序排，下一課用 `validation_split` 取尾巴，驗證資料於是全是負面。<br>Labels stayed in order, and the next lesson took the tail with `validation_split`: the validation set was all negative.
# - 用 Keras 的 `Tokenizer`，字典裡沒有的詞直接消失；現在它已被棄用，`keras.preprocessing` 裡沒有了。填充補在前面，也沒有遮罩。<br>It used Keras's `Tokenizer`, which drops unknown words and is deprecated (it is gone from `keras.preprocessing`); it padded in front and used no mask.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# 練習 11「英文與中文的斷詞器」：親手把文字切成詞、編上號碼，再和這一課的結果比對。練習 15「改進情緒分析模型」會用到這裡的每一步。
#
# Lab 11, a tokeniser for English and Chinese: cut texts into words and number them yourself, and compare with this lesson. Lab 15,
# improve the sentiment model, uses every step of this one.
#
# ## 參考資料 · References
#
# - A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng, C. Potts, [Learning Word Vectors for Sentiment Analysis](https://aclanthology.org/P11-1015/), ACL 2011（資料集 · the data set）
# - Keras：[Embedding](https://keras.io/api/layers/core_layers/embedding/)、[遮罩與填充 · masking and padding](https://keras.io/guides/understanding_masking_and_padding/)
# - Y. Bengio, R. Ducharme, P. Vincent, C. Jauvin, [A Neural Probabilistic Language Model](https://www.jmlr.org/papers/v3/bengio03a.html), *JMLR* 3, 2003（用表把詞變成向量 · words as rows of a trained table）

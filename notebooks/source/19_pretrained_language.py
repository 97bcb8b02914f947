# %% [markdown] slideshow={"slide_type": "slide"}
# # 19 讀過很多書的網路 · A network that has read a lot
#
# 🗺 公開的 MiniLM 一層一層用手算；少少的標籤、用意思搜尋 · MiniLM's public weights by hand, layer by layer; few labels, and search by meaning
#
# [15](15_imdb_sentiment.ipynb) 的 LSTM 從零學英文，輸給了詞袋。這一課拿別人**預先訓練**（pretrained）好的網路來用：它讀過的英文，比你我一輩子讀的都多。
#
# 上完這一課，你可以
# 1. 用手切 WordPiece、用 NumPy 算完一個六層的編碼器，結果和公布的向量一樣；
# 2. 用它的向量當特徵，公平地和詞袋比：標籤少的時候誰好，標籤多的時候誰好；
# 3. 做一個搜尋：照詞（BM25）、照意思（向量）、兩個合起來，量 recall@k，說出各自在哪裡失敗。
#
# The LSTM of [15](15_imdb_sentiment.ipynb) learned English from nothing, and lost to a bag of words. This lesson takes a network that others have
# **pretrained**: it has read more English than you and I ever shall.
#
# After this lesson you can
# 1. cut WordPieces by hand and work through an encoder of six layers in NumPy, equal to the published vectors;
# 2. use its vectors as features and compare them fairly with a bag of words: which is better with few labels, and which with many;
# 3. build a search by words (BM25), by meaning (vectors) and by both, measure recall@k, and say where each fails.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [11](11_language_basics.ipynb) 的子詞；[12](12_word2vec_english.ipynb) 的詞向量與餘弦；[15](15_imdb_sentiment.ipynb) 的詞袋；[17](17_attention.ipynb) 的注意力頭 · subwords of [11](11_language_basics.ipynb); word vectors and cosines of [12](12_word2vec_english.ipynb); the bags of [15](15_imdb_sentiment.ipynb); the attention head of [17](17_attention.ipynb) |
# | 學習時間 · Study time | 約 90 分鐘，含空格和問題 · about 90 minutes, with gaps and questions |
# | 資料 · Data | all-MiniLM-L6-v2 的權重（Apache-2.0）；IMDb 影評（供研究使用）；英文維基百科條目（CC BY-SA 3.0） · weights of all-MiniLM-L6-v2 (Apache-2.0); IMDb reviews (for research use); articles of the English Wikipedia (CC BY-SA 3.0) |
# | 投影片 · Slides | 沒有；2018 年的課沒有預先訓練的語言網路 · none; the course of 2018 had no pretrained language network |

# %% slideshow={"slide_type": "skip"}
import re
import time

import bm25s
import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy.special import erf
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from tokenizers import Tokenizer

from utils.data import datasets
from utils.models import attention, evaluation, sentiment, text_encoder
from utils.notebook import checks, display, plots, profile
from utils.text import english
from utils.text.markup import visible_wikitext
from utils.text.wordpiece import WordPiece, split_words

# %% slideshow={"slide_type": "skip"}
LAST_WORDS = profile.choose(smoke=8, lesson=40, full=160)       # of a review: the networks read its end
POOL = profile.choose(smoke=40, lesson=2_000, full=8_000)       # reviews whose labels may be asked for
TESTED = profile.choose(smoke=20, lesson=500, full=5_000)       # reviews of the test
LABELS = profile.choose(smoke=(30,), lesson=(50, 100, 200, 500, 1_000, 2_000), full=(50, 100, 200, 500, 1_000, 2_000, 5_000))
DRAWS = profile.choose(smoke=2, lesson=5, full=5)
PASSAGE_WORDS = profile.choose(smoke=20, lesson=60, full=60)    # of a passage to be found
PASSAGES = profile.choose(smoke=2, lesson=8, full=60)          # of an article, at most
ARTICLES = profile.choose(smoke=16, lesson=None, full=None)     # None: all
SEED = profile.chosen_seed(19)
profile.seed(19)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：檔案裡有什麼 · Step 1: What is in the file
#
# 我們拿的是 **MiniLM**（all-MiniLM-L6-v2）：一個小的編碼器，作者先讓它讀大量英文，再用超過十億對「意思相關的句子」訓練，讓一對句子的向量靠近、別的遠離。檔案裡只有兩樣東西：權重（每個都有名字），和切詞的規則。
#
# What we take is **MiniLM** (all-MiniLM-L6-v2), a small encoder. Its authors let it read a great deal of English, then trained it on more than a billion
# pairs of related sentences, so that the vectors of a pair come close and all others stay away. The file holds two things: weights, each with a name, and
# the rules by which texts are cut.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
files = datasets.load_minilm()
weights = files.weights
for name in sorted(weights):
    if ".layer.0." in name or "embeddings.w" in name or "position_embeddings" in name:
        print(f"{name:50} {weights[name].shape}")
print(f"{len(weights)} arrays")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `encoder.layer.0` 到 `encoder.layer.5` 是六層，每層都有 query、key、value：[17](17_attention.ipynb) 的老朋友。向量寬 384。
#
# `encoder.layer.0` to `encoder.layer.5` are six layers, each with query, key and value, which you know from [17](17_attention.ipynb). Vectors are 384 wide.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：WordPiece，用手切 · Step 2: WordPiece by hand
#
# 網路只認得 30,522 個片段（piece）。常見的詞是一整片；少見的詞切成幾片，不在詞首的片前面寫 `##`。怎麼切？**從左邊開始，每次拿詞彙表裡有的、最長的一片**。有一段怎麼切都不在表裡，整個詞就變成 `[UNK]`（未知）。
#
# ✏️ 寫出 `pieces_of`。`word[start:end]` 是候選的片段；不在詞首時前面加 `##`。
#
# The network knows 30,522 pieces. A common word is one piece; a rare one is cut into several, and a piece that does not begin the word is written with
# `##`. The rule: **from the left, take the longest piece that the vocabulary has**, again and again. If some part fits nothing, the whole word becomes
# `[UNK]`, unknown.
#
# ✏️ Write `pieces_of`. `word[start:end]` is a candidate; where it does not begin the word, put `##` in front.

# %% gap="pieces_of" slideshow={"slide_type": "fragment"}
def pieces_of(word, vocabulary):
    """Return the pieces of a word, longest first from the left; ["[UNK]"] if some part is in no piece."""
    found, start = [], 0
    while start < len(word):
        ### BEGIN SOLUTION
        for end in range(len(word), start, -1):
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        ### END SOLUTION
        found.append(piece)
        start = end
    return found

# %% slideshow={"slide_type": "fragment"} tags=["check"]
few = {"un", "u", "n", "believ", "##believ", "##be", "##lie", "##able", "##a", "able", "film", "##s"}
checks.that(pieces_of("film", few) == ["film"], "整個詞。 A whole word.", "整個詞在表裡，就是一片。 A word that the vocabulary has is one piece.")
checks.that(pieces_of("films", few) == ["film", "##s"], "詞首和詞中。 At the beginning and inside.",
            "不在詞首的片段，要找的是前面有 ## 的。 A piece that does not begin the word is looked up with ## in front.")
checks.that(pieces_of("unbelievable", few) == ["un", "##believ", "##able"], "最長的先拿。 The longest first.",
            "每次要拿最長的：end 從詞尾往前試。 Take the longest each time: try end from the end of the word backwards.")
checks.that(pieces_of("unxable", few) == ["[UNK]"], "有一段不認得，整個詞未知。 One strange part, and the word is unknown.",
            "有一段沒有片段可用，要傳回 [\"[UNK]\"]。 Where no piece fits, return [\"[UNK]\"].")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 切片之前先整理：變小寫、去掉重音、標點和每個漢字各自分開。`split_words` 做這些。再和大家在用的 `tokenizers` 對一對：三百篇影評，每一片都要相同。
#
# Before that, texts are tidied: small letters, no accents, each punctuation mark and each Chinese character on its own. `split_words` does it. Then we compare with the library
# that everyone uses, `tokenizers`: in three hundred reviews every piece must be the same.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
wordpiece = WordPiece.from_json(files.tokenizer)  # the vocabulary, and a fast `tokens`
for text in ("An unforgettable film!", "Café Zürich, 3.14", "hyperparameters", "這部電影太好看了", "😀 great"):
    print([piece for word in split_words(text) for piece in pieces_of(word, wordpiece)])

# %% slideshow={"slide_type": "fragment"}
(train_texts, train_labels), _, (test_texts, test_labels) = datasets.load_imdb_with_validation("lesson")
theirs = Tokenizer.from_str(files.tokenizer.decode())
theirs.no_truncation()
theirs.no_padding()
different = 0
for review in train_texts[:profile.choose(smoke=20, lesson=300, full=300)]:
    ours = [piece for word in split_words(review) for piece in pieces_of(word, wordpiece)]
    assert ours == wordpiece.tokens(review)  # the fast one
    different += ours != theirs.encode(review, add_special_tokens=False).tokens
profile.expect("reviews that tokenizers cuts in another way", different, at_most=0)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 「電」「這」變成 `[UNK]`，「部」「太」卻有自己的一片。這個網路看得懂中文嗎？
#
# 🤔 電 and 這 become `[UNK]`, while 部 and 太 have pieces of their own. Does this network understand Chinese?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 靠不住。詞彙表裡有一些漢字，是因為英文文章裡偶爾出現；有編號不等於見過夠多次，變成 `[UNK]` 的字更是完全看不到。步驟 11 問了一個中文的問題，剛好找對；一題說不準是懂還是運氣，自己再問十題。要懂中文，該用中文訓練的網路。說「有編號就懂」的人，把查得到和讀得懂混在一起了。
#
# Do not rely on it. Some Chinese characters are in the vocabulary because they turn up in English texts now and then; to have an id is not to have been seen often enough, and what became `[UNK]` is not seen at all. Step 11 asks one question in Chinese and happens to find the right
# article; one question cannot tell knowledge from luck, so ask ten more. For Chinese take a network that was trained on it. Who said that what has an id is understood has taken looking up for reading.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：一層編碼器，用 NumPy · Step 3: One encoder layer in NumPy
#
# 每一片先變成向量：它自己的一列，加上**位置**（position）的一列，再加一列固定的。沒有位置，注意力分不出「狗咬人」和「人咬狗」。
#
# 一層做兩件事：每一片看看所有的片（注意力，12 顆頭），再各自想一想（兩個全連接層）。每件事之後都是同一個動作：**把改變加回原來的，再正規化**。加回去就是 [06](06_convolutions.ipynb) 的殘差；層正規化（layer normalisation）讓每一列的平均是 0、標準差是 1，再乘 `gain`、加 `shift`（都是學來的）。
#
# ✏️ 寫出 `add_and_norm`。一列是一片；平均和變異數都沿著一列算（變異數用 `np.var`，再加 1e-12）。
#
# Each piece becomes a vector: its own row, plus a row for its **position**, plus one fixed row. Without positions, attention could not tell "dog bites man" from "man
# bites dog".
#
# A layer does two things: every piece looks at all pieces (attention, with 12 heads), then each thinks for itself (two dense layers). After either comes the same
# move: **add the change to what was there, then normalise**. Adding is the residual of [06](06_convolutions.ipynb); layer normalisation gives each row mean 0 and standard deviation
# 1, then multiplies by `gain` and adds `shift`, both learned.
#
# ✏️ Write `add_and_norm`. A row is a piece; mean and variance run along a row (the variance by `np.var`, plus 1e-12).

# %% gap="add_and_norm" slideshow={"slide_type": "fragment"}
def add_and_norm(x, change, gain, shift):
    """Return x + change, each row with mean 0 and deviation 1, then times gain plus shift; all (pieces, width)."""
    ### BEGIN SOLUTION
    x = x + change
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + 1e-12) + shift
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
random = np.random.default_rng(0)
x, change, gain, shift = random.normal(size=(3, 8)), random.normal(size=(3, 8)), random.uniform(1, 2, 8), random.normal(size=8)
right = keras.layers.LayerNormalization(epsilon=1e-12)
right.build((3, 8))
right.set_weights([gain, shift])
plain = add_and_norm(x, change, np.ones(8), np.zeros(8))
checks.that(np.shape(plain) == (3, 8), "形狀沒變。 The shape is kept.", "輸入和輸出一樣是 (3, 8)。 The output has the shape of the input, (3, 8).")
checks.that(not np.allclose(plain.mean(axis=0), 0), "沿著列。 Along rows.",
            "現在是每一「欄」平均 0：一列是一片，要沿著列（axis=1）算。 Now every column has mean 0: a row is a piece, so go along rows (axis=1).")
checks.that(not np.allclose(plain, add_and_norm(x * 0, change, np.ones(8), np.zeros(8))), "原來的有加回去。 What was there is added.",
            "只正規化了改變，原來的 x 不見了：先相加。 Only the change was normalised and x is lost: add first.")
checks.that(np.allclose(plain.std(axis=1), 1), "標準差是 1。 The deviation is 1.",
            "每一列的標準差要是 1：除以變異數的平方根。 Each row should have deviation 1: divide by the square root of the variance.")
checks.close(add_and_norm(x, change, gain, shift), keras.ops.convert_to_numpy(right(x + change)), "和 Keras 一樣。 Equal to Keras.",
             "最後乘 gain、加 shift。 In the end multiply by gain and add shift.", tolerance=1e-4)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 有了它，一層只有幾行。`dense` 是全連接；`attention.attend` 是 [17](17_attention.ipynb) 你寫的那顆頭，384 維分給 12 顆，各看 32 維。
#
# With it, a layer is a few lines. `dense` is a dense layer; `attention.attend` is the head that you wrote in [17](17_attention.ipynb), the 384 numbers shared out among 12 heads of
# 32 each.

# %% slideshow={"slide_type": "fragment"}
def dense(x, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def norm_weights(name):
    return weights[f"{name}.LayerNorm.weight"], weights[f"{name}.LayerNorm.bias"]


def gelu(x):
    """A smooth ReLU."""
    return x * (1 + erf(x / np.sqrt(2))) / 2


def encoder_layer(x, number):
    """Return what layer `number` makes of the vectors of the pieces, (pieces, 384)."""
    layer = f"encoder.layer.{number}"
    q, k, v = (dense(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
    heads = [slice(start, start + 32) for start in range(0, 384, 32)]
    seen = np.concatenate([attention.attend(q[:, head], k[:, head], v[:, head])[0] for head in heads], axis=1)
    x = add_and_norm(x, dense(seen, f"{layer}.attention.output.dense"), *norm_weights(f"{layer}.attention.output"))
    thought = dense(gelu(dense(x, f"{layer}.intermediate.dense")), f"{layer}.output.dense")
    return add_and_norm(x, thought, *norm_weights(f"{layer}.output"))


def encode_by_hand(text):
    """Return the vector of each piece after six layers, (pieces, 384)."""
    ids = wordpiece.encode(text, most=256)  # with [CLS] in front and [SEP] at the end
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][:len(ids)]
    x = add_and_norm(x, weights["embeddings.token_type_embeddings.weight"][0], *norm_weights("embeddings"))
    for number in range(6):
        x = encoder_layer(x, number)
    return x

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：一段文字，一個向量 · Step 4: One vector for a text
#
# 六層之後，每一片有一個向量。整段的向量是它們的**平均**，再縮放成長度 1；這樣兩段的內積就是餘弦。一批裡短的文字會補齊，補的不是片，不能算進平均。
#
# ✏️ 寫出 `text_vector`。`real` 是 True 的才是真的片。
#
# After six layers each piece has a vector. The vector of the text is their **mean**, scaled to length 1, so that the dot product of two texts is their cosine. In a batch, short
# texts are filled up; what fills them is no piece and must not count in the mean.
#
# ✏️ Write `text_vector`. Only where `real` is True is there a piece.

# %% gap="text_vector" slideshow={"slide_type": "fragment"}
def text_vector(states, real):
    """Return one vector of length 1 from states (pieces, width) and real (pieces,), True where there is a piece."""
    ### BEGIN SOLUTION
    mean = states[real].mean(axis=0)
    return mean / np.linalg.norm(mean)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
states, real = np.array([[3.0, 1.0], [3.0, 7.0], [-9.0, 5.0]]), np.array([True, True, False])
found = np.asarray(text_vector(states, real))
checks.that(found.shape == (2,), "一個向量。 One vector.", "沿著片取平均（axis=0），剩一個向量。 Take the mean over the pieces (axis=0); one vector is left.")
checks.that(bool(np.isclose(np.linalg.norm(found), 1)), "長度 1。 Length 1.", "除以自己的長度，長度才會是 1。 Divide by its own length to make that 1.")
checks.that(not np.allclose(found, [-0.2249, 0.9744], atol=1e-3), "沒算補的。 The filling is left out.",
            "補齊的那一列也算進去了：只取 real 是 True 的。 The row that fills up was counted: take those where real is True.")
checks.that(not np.allclose(found, [0.9487, 0.3162], atol=1e-3), "每一片都算。 Every piece counts.",
            "只取了第一片；要所有真的片的平均。 That is the first piece alone; take the mean of all real pieces.")
checks.close(found, [0.6, 0.8], "平均對了。 The mean is right.", "真的片加起來，除以片數，再除以長度。 Add the real pieces, divide by their number, then by the length.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 公布的向量是什麼？我們用 `transformers` 和 PyTorch 在另一台環境算過二十幾個句子，存成測試；這裡放兩句的前六個數。我們的 NumPy 對得上嗎？
#
# What are the published vectors? With `transformers` and PyTorch, in another environment, we computed those of some twenty sentences and keep them as a test; here are the first six numbers of
# two. Does our NumPy agree?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
PUBLISHED = {
    "This is an example sentence": [0.067657, 0.063496, 0.048713, 0.079305, 0.037448, 0.002653],
    "Each sentence is converted": [0.086439, 0.102763, 0.005395, 0.002044, -0.009963, 0.025385],
}
by_hand = {}
for text, published in PUBLISHED.items():
    states = encode_by_hand(text)
    by_hand[text] = text_vector(states, np.full(len(states), True))
    print(text, by_hand[text][:6].round(4), "published", np.round(published, 4))
apart = max(np.abs(by_hand[text][:6] - published).max() for text, published in PUBLISHED.items())
profile.expect("our NumPy, largest difference from the published numbers", round(apart, 5), at_most=1e-4)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 平均把順序丟掉了。那「狗咬人」和「人咬狗」的向量會一樣嗎？
#
# 🤔 A mean throws order away. Are the vectors of "dog bites man" and "man bites dog" then the same?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不一樣，但很像。平均的是六層**之後**的向量，每一片都已經看過別的片和它們的位置，所以「狗」在兩句裡的向量不同。下一步就量。如果在第 0 層就平均（不看位置），才會完全一樣，那是詞袋。猜「一樣」的人忘了平均之前的六層。
#
# No, but much alike. What is averaged are vectors **after** six layers: by then each piece has looked at the others and their positions, and "dog" differs between the two. The next step
# measures it. Only a mean before the first layer, without positions, would be the same; that is a bag. Who said "the same" forgot six layers.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：Keras 的編碼器 · Step 5: The encoder in Keras
#
# NumPy 一次一句。要讀幾千篇影評，就用 Keras 寫同一個網路，一次一批。每一層的名字就是檔案裡的名字，權重照名字放進去。
#
# NumPy takes one sentence at a time. To read thousands of reviews we write the same network in Keras, for batches. Each layer carries the name that it has in the file, and the weights
# go where their names say.

# %% slideshow={"slide_type": "fragment"}
display.source(text_encoder.build)

# %% slideshow={"slide_type": "fragment"}
encoder = text_encoder.load()
print(f"{encoder.model.count_params():,} numbers, {weights['embeddings.word_embeddings.weight'].size:,} of them in the table of pieces")
texts = list(by_hand)
apart = np.abs(encoder.vectors(texts) - [by_hand[text] for text in texts]).max()
profile.expect("Keras, largest difference from our NumPy", apart, at_most=1e-4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：看看這些向量 · Step 6: Look at the vectors
#
# 先看句子。右圖是餘弦；左圖是詞袋的餘弦，只看兩句共有的詞。
#
# First sentences. On the right their cosines; on the left those of bags of words, which see shared words only.

# %% slideshow={"slide_type": "fragment"} alt={"zh": "兩張七乘七的格子圖，左邊是詞袋、右邊是 MiniLM 的餘弦。詞袋裡，意思相近但用詞不同的句子是 0；MiniLM 裡它們比較高，而「好片」和「不是好片」也很高。", "en": "Two grids of seven by seven, cosines of bags on the left, of MiniLM on the right. Sentences of like meaning in other words have 0 as bags and more by MiniLM, which also puts a good film and not a good film close."}
sentences = ["It is a good film.", "It is not a good film.", "A wonderful movie!", "I hated this picture.",
             "The dog bites the man.", "The man bites the dog.", "Simmer the sauce for an hour."]
bags = TfidfVectorizer(analyzer=sentiment.words, use_idf=False).fit_transform(sentences).toarray()
meaning = encoder.vectors(sentences)
figure, axes = plt.subplots(1, 2, figsize=(11, 4.2), sharey=True)
for axis, vectors, title in zip(axes, (bags, meaning), ("bags of words", "MiniLM"), strict=True):
    cosines = vectors @ vectors.T
    axis.imshow(cosines, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(cosines.shape):
        axis.text(column, row, f"{cosines[row, column]:.1f}".replace("-0.0", "0.0"), ha="center", va="center", fontsize=8,
                  color="white" if cosines[row, column] > 0.6 else "black")
    axis.set(title=title, xticks=range(len(sentences)), xticklabels=range(1, len(sentences) + 1))
axes[0].set_yticks(range(len(sentences)), [f"{text} {number}" for number, text in enumerate(sentences, 1)])
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 第 1 句和第 2 句（good、not good）的餘弦很高，意思卻相反。為什麼？這對情緒分析是好消息還是壞消息？
#
# 🤔 Sentences 1 and 2 (good, not good) have a high cosine and opposite meanings. Why? Is this good or bad news for sentiment?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 壞消息。訓練要它把「談同一件事」的句子放在一起：兩句都在評論一部片，差一個 not。褒貶只是 384 個方向裡的一點點；標籤夠多時，邏輯斯迴歸還找得出那個方向，餘弦本身卻不管。以為「向量代表意思，相反就該遠」的人：近或遠，是訓練時拿什麼當一對決定的。
#
# Bad news. Training asked it to put sentences about the same thing together, and both judge a film, with one "not" between them. Praise or blame is a small part of 384 directions; with labels
# enough, logistic regression can find that direction, but the cosine does not care. Who thought that vectors are meanings, so opposites must lie far apart: what is near was decided by what counted as
# a pair in training.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 再看一個詞。[12](12_word2vec_english.ipynb) 說過 word2vec 的限制：一個詞只有一個向量。這裡 bank 的向量看得到整句。
#
# Now a word. [12](12_word2vec_english.ipynb) named the limit of word2vec: one word, one vector. Here the vector of bank has seen its sentence.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with_bank = ["He sat on the bank of the river.", "We walked along the grassy bank of the stream.",
             "She took her money to the bank.", "The bank raised its interest rates."]
vectors = []
for text in with_bank:
    pieces, states = encoder.states(text)
    one = states[pieces.index("bank")]
    vectors.append(one / np.linalg.norm(one))
cosines = np.array(vectors) @ np.array(vectors).T
print(f"bank and bank: two rivers {cosines[0, 1]:.2f}, two houses of money {cosines[2, 3]:.2f}, "
      f"river and money {cosines[:2, 2:].min():.2f} to {cosines[:2, 2:].max():.2f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：標籤很少的時候 · Step 7: When labels are few
#
# 標籤要人讀、要花錢。假設你只請得起人標 50 篇影評。影評和 [15](15_imdb_sentiment.ipynb) 一樣照電影切：測試的電影，訓練時沒看過。
#
# MiniLM 在兩個核心上一秒只能讀二十篇左右（128 片），所以這裡只讀每篇的**最後 40 個詞**；結論多半在那裡。對手要公平：
# - 兩種詞袋（單詞；單詞加相鄰兩詞），讀**同樣的** 40 個詞；
# - 同一種詞袋，讀**整篇**：它快，本來就能讀整篇，不該替慢的人打折。
#
# 每個模型都是邏輯斯迴歸，正則化 `C` 都只用抽到的標籤做三折交叉驗證來選。每次抽標籤，所有模型抽到同一批。
#
# Labels take people and money. Suppose that you can pay for 50 reviews. They are split by film, as in [15](15_imdb_sentiment.ipynb): no film of the test was seen in training.
#
# On two cores MiniLM reads only some twenty reviews a second (of 128 pieces). So it reads the **last 40 words** of each, where most come to their point. The rivals must be fair:
# - two bags (words; words and neighbouring pairs) read **the same** 40 words;
# - the latter bag also reads the **whole** review: it is fast and can, and need not be held back for one that is slow.
#
# All are logistic regressions; the strength `C` is chosen by three-fold cross-validation on the drawn labels alone. Each time labels are drawn, all models get the same.

# %% slideshow={"slide_type": "fragment"}
generator = np.random.default_rng(SEED)
pool, tested = (generator.choice(len(texts), size, replace=False) for texts, size in ((train_texts, POOL), (test_texts, TESTED)))
whole = [english.strip_html(text) for text in [*(train_texts[i] for i in pool), *(test_texts[i] for i in tested)]]
labels = np.concatenate([train_labels[pool], test_labels[tested]])
ends = [" ".join(text.split()[-LAST_WORDS:]) for text in whole]
start = time.perf_counter()
features = encoder.vectors(ends, most=256)
print(f"{len(ends):,} ends of reviews, {np.mean([len(wordpiece.tokens(end)) for end in ends]):.0f} pieces on average, "
      f"{len(ends) / (time.perf_counter() - start):.0f} a second")

# %% slideshow={"slide_type": "fragment"}
def cut_all(texts, pairs):
    """Return the words of each text, with neighbouring pairs or without, as an array of lists."""
    found = np.empty(len(texts), object)
    found[:] = [sentiment.with_bigrams(sentiment.words(text)) if pairs else sentiment.words(text) for text in texts]
    return found


def chosen_by_cross_validation(*steps):
    """Return a logistic regression behind some steps; its C is chosen by the labels that it is given."""
    model = make_pipeline(*steps, LogisticRegression(max_iter=500))
    return GridSearchCV(model, {"logisticregression__C": (1, 10, 100)}, cv=3, scoring="neg_log_loss")


bag = TfidfVectorizer(analyzer=list, binary=True)  # of what is cut already
rivals = {  # the model, and what it reads
    "bag of words": (chosen_by_cross_validation(bag), cut_all(ends, pairs=False)),
    "bag of bigrams": (chosen_by_cross_validation(bag), cut_all(ends, pairs=True)),
    "bag of bigrams, whole": (chosen_by_cross_validation(bag), cut_all(whole, pairs=True)),
    "MiniLM": (chosen_by_cross_validation(), features),
}
right = {(name, count): [] for name in rivals for count in LABELS}  # for each draw: which reviews of the test it had right
for draw in range(DRAWS):
    order = generator.permutation(POOL)
    for count in LABELS:
        if count == POOL and draw:
            continue  # there is only one way to draw all
        for name, (model, seen) in rivals.items():
            model.fit(seen[order[:count]], labels[order[:count]])
            right[name, count].append(model.predict(seen[POOL:]) == labels[POOL:])
accuracy = {key: np.mean(found, axis=1) for key, found in right.items()}

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"] alt={"zh": "折線圖，橫軸是標籤數 50 到 2,000（對數），縱軸是準確率。MiniLM 和三種詞袋各一條線，標籤越多越高；讀整篇的詞袋在 200 個標籤以後最高。", "en": "Line chart: labels, 50 to 2,000 on a logarithmic axis, against accuracy. One line for MiniLM and one for each of three bags; all rise with labels, and from 200 labels on the bag of whole reviews is highest."}
figure, axis = plt.subplots(figsize=(7.5, 4.2))
for number, (name, marker, line) in enumerate(zip(rivals, "ovs^", (":", "--", "-.", "-"), strict=True)):
    means, deviations = np.array([(accuracy[name, count].mean(), accuracy[name, count].std()) for count in LABELS]).T
    axis.errorbar(np.array(LABELS) * 1.02 ** (number - 1.5), means, deviations, marker=marker, linestyle=line, capsize=3, label=name, color=plots.COLORS[number])
axis.set(xscale="log", xlabel="labels", ylabel="test accuracy (mean ± standard deviation of draws)", xticks=LABELS)
axis.set_xticklabels([f"{count:,}" for count in LABELS])
axis.minorticks_off()
axis.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 差距有兩種不確定：換一批**標籤**會怎樣（五次的區間），換一批**考題**會怎樣（成對的拔靴法，每篇影評取五次的平均）。兩個區間都不含 0，才算分出高下。抽 1,000 個的時候，五次有一半是同樣的影評，所以那裡的第一種區間太窄。
#
# A gap is uncertain in two ways: other **labels** (the interval over the five draws), and another **exam** (a paired bootstrap over reviews, each the mean of its five). Only where neither interval holds 0 is there a winner. With 1,000 labels half of the reviews are the
# same from draw to draw, so the first interval is too narrow there.

# %% slideshow={"slide_type": "fragment"}
def gaps_to(other):
    """Show by how much MiniLM is ahead of another, by number of labels."""
    rows = []
    for count in LABELS:
        gaps = accuracy["MiniLM", count] - accuracy[other, count]
        draws = evaluation.mean_and_spread(gaps) if len(gaps) > 1 else None
        exam = evaluation.paired_difference(np.mean(right["MiniLM", count], axis=0), np.mean(right[other, count], axis=0))
        rows.append([f"{count:,}", f"{accuracy['MiniLM', count].mean():.3f}", f"{accuracy[other, count].mean():.3f}", f"{gaps.mean():+.3f}",
                     f"{draws.low:+.3f} to {draws.high:+.3f}" if draws else "one draw", f"{exam.low:+.3f} to {exam.high:+.3f}"])
    return display.table(rows, columns=["labels", "MiniLM", other, "difference", "95 %, other labels", "95 %, other reviews"])


gaps_to("bag of bigrams")

# %% slideshow={"slide_type": "fragment"}
gaps_to("bag of bigrams, whole")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 讀同樣的 40 個詞，50 個標籤時 MiniLM 多約五個百分點，兩個區間都勉強不含 0（六列裡只有這一列，證據不強）；100 個時平均多約八個，但換一批標籤就不一定。500 個時分不出；到 2,000 個，詞袋反而多約六個。
#
# With the same 40 words and 50 labels MiniLM is ahead by about five points, and both intervals just leave out 0 (in this one of six rows, which is weak evidence); with 100 it is about eight on average, but other labels may undo that. With 500 no difference can be told, and
# with 2,000 the bag is ahead by about six.
#
# 同一種詞袋讀**整篇**，從 500 個標籤起多了大約十二到十四個百分點，兩種區間都不含 0（2,000 個只抽一次，只有第二種）。讀得懂，補不回沒讀到的部分。MiniLM 讀整篇會怎樣？兩個核心太慢，這裡沒有量。它讀過的書裡可能有這些影評（沒有標籤），我們也查不到。
#
# The same bag on the **whole** review is ahead by about twelve to fourteen points from 500 labels on, and neither kind of interval holds 0 (with 2,000 there is one draw, and the second kind alone). Understanding does not make up for what was not read. What MiniLM would do with whole
# reviews is not measured here, for two cores are too slow. And these reviews, without labels, may be among what it has read; we cannot check.
#
# 🤔 標籤越來越多，詞袋一直進步，MiniLM 進步得比較慢。為什麼？還能做什麼？
#
# 🤔 With more and more labels the bags go on improving, MiniLM less so. Why, and what else could be done?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 這裡的 MiniLM 是凍住的：384 個方向早就定了，標籤只能在裡面找一條界線；找到以後，再多標籤也沒有新方向。詞袋每多看一篇就多認得一些詞，上萬個權重要很多標籤，但一直學得下去。再來可以**微調**（fine-tuning）：用標籤繼續訓練六層的權重。兩個核心跑不動幾千篇，所以這裡沒有量。說「MiniLM 太小」的人可能也對，但要換一個大的來量才知道。
#
# MiniLM is frozen here: its 384 directions were fixed long ago, and labels only draw a border among them; once that is found, more labels bring no new direction. A bag learns new words with each review; tens of
# thousands of weights need many labels, but there is always more to learn. The next step would be **fine-tuning**, to go on training the weights of the six layers with the labels. Two cores are too slow for that,
# and so it is not measured here. Who said that MiniLM is too small may be right as well, but only a larger one, measured, would tell.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：搜尋，照詞 · Step 8: Search by words
#
# 換一個題目：一堆條目，一個問題，找出講這件事的條目。把維基百科的條目切成 60 個詞一段的**段落**（passage），每個條目最多取 8 段；找到段落，就找到條目。
#
# 問題從哪裡來？自己編會偏心。這裡拿每個條目的**第一句**當問題，並把這句從資料裡拿掉。另外兩種問法：只給標題；第一句去掉標題裡的詞（像猜謎）。
#
# Another task: a heap of articles and a question; find the article that is about it. Articles of Wikipedia are cut into **passages** of 60 words, at most 8 from an article; whoever finds a passage
# has found its article.
#
# Where do questions come from? Made up by us, they would be biased. So the **first sentence** of each article is the question, and is taken out of the data. There are two other
# kinds: the title alone, and the first sentence without the words of the title, as in a riddle.

# %% slideshow={"slide_type": "fragment"}
def plain(markup):
    """Return the text of an article from the line of its first bold word on."""
    text = visible_wikitext(markup)
    text = text[text.rfind("\n", 0, text.find("'''")) + 1:]
    return " ".join(re.sub("'{2,}|=+", " ", text).split())


def without_title(sentence, title):
    """Take away each word that begins as a word of the title does (five letters)."""
    begins = {word[:5] for word in english.tokenise(title) if word not in english.stop_words()}
    return " ".join(word for word in sentence.split() if not any(one[:5] in begins for one in english.tokenise(word)))


titles, firsts, passages, owner = [], [], [], []
for title, markup in datasets.load_wikipedia_sample()[:ARTICLES]:
    text = plain(markup)
    first = re.match(r".{40,}?[^A-Z\s.]{2}\.(?=\s+[A-Z])", text)
    if not first or "may refer to" in first.group() or len(text.split()) < 300 or title.startswith("List of"):
        continue  # a page that only points to others
    words = text[first.end():].split()
    for start in range(0, min(len(words), PASSAGES * PASSAGE_WORDS), PASSAGE_WORDS):
        passages.append(" ".join(words[start:start + PASSAGE_WORDS]))
        owner.append(len(titles))
    titles.append(title)
    firsts.append(first.group())
owner = np.array(owner)
questions = {"title": titles, "first sentence": firsts,
             "without the title's words": [without_title(*pair) for pair in zip(firsts, titles, strict=True)]}
print(f"{len(titles)} articles, {len(passages)} passages")
for kind, texts in questions.items():
    print(f"{kind:26} {texts[0]}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 這些問題對哪一種搜尋有利？先想：第一句是寫條目的人寫的，用的詞和內文一樣嗎？MiniLM 讀過維基百科嗎？
#
# 🤔 Which kind of search do these questions favour? Think first: the sentence is by the writers of the article; are its words those of the text? And has MiniLM read Wikipedia?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩邊都占便宜。標題和第一句用的就是內文的詞，對照詞的搜尋有利；真的使用者常用別的說法，所以第三種問法把標題的詞拿掉。另一邊：MiniLM 的訓練資料裡有維基百科的文字，這些條目它很可能讀過，遇到你公司的文件就沒有這個便宜。所以這裡的數字比的是這一種題目，不是「搜尋」本身。
#
# Both have an advantage. Title and first sentence use the very words of the text, which helps search by words; real users often put it otherwise, so the third kind takes the title's words away. On the other
# hand, texts of Wikipedia are among MiniLM's training data; it has probably read these articles, and with the documents of your company it has no such advantage. The numbers here are about this task and not about search as
# such.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 照詞搜尋的標準做法是 **BM25**。段落裡有問題裡的詞，就加分；少見的詞加得多（逆文件頻率 idf），出現很多次只多加一點，長的段落打折：
#
# $$\text{score} = \sum_{t} \ln\Big(1 + \frac{N - n_t + 0.5}{n_t + 0.5}\Big)\, \frac{f_t}{f_t + k_1 (1 - b + b\, L / \bar L)}$$
#
# $N$ 段裡有 $n_t$ 段含有詞 $t$；它在這一段出現 $f_t$ 次；$L$ 是這一段的詞數，$\bar L$ 是平均。$k_1 = 1.5$、$b = 0.75$ 是大家用的值。先手算，再和 `bm25s` 對。
#
# The standard for search by words is **BM25**. A passage that holds a word of the question scores; a rare word scores more (inverse document frequency, idf), many occurrences only
# a little more, and long passages are marked down; that is the formula above.
#
# Of $N$ passages $n_t$ hold the word $t$; here it occurs $f_t$ times; $L$ is the number of words of the passage, $\bar L$ their mean.
# $k_1 = 1.5$ and $b = 0.75$ are the usual values. First by hand, then by `bm25s`.

# %% slideshow={"slide_type": "fragment"}
def terms(text):
    return [word for word in english.tokenise(text) if word not in english.stop_words()]


cut = [terms(passage) for passage in passages]
index = bm25s.BM25(k1=1.5, b=0.75)
index.index(cut, show_progress=False)


def by_words(question):
    """Return the BM25 score of every passage."""
    known = [word for word in terms(question) if word in index.vocab_dict]
    return index.get_scores(known) if known else np.zeros(len(passages))


def bm25_by_hand(question, number):
    """Return the BM25 score of one passage, from the formula."""
    length, mean, score = len(cut[number]), np.mean([len(words) for words in cut]), 0.0
    for word in terms(question):
        holding, here = sum(word in words for words in cut), cut[number].count(word)
        score += np.log(1 + (len(cut) - holding + 0.5) / (holding + 0.5)) * here / (here + 1.5 * (0.25 + 0.75 * length / mean))
    return score


best = int(np.argmax(by_words(firsts[0])))
print(f"{titles[owner[best]]}: {passages[best][:100]} ...")
profile.expect("BM25 by hand, difference from bm25s", abs(bm25_by_hand(firsts[0], best) - by_words(firsts[0])[best]), at_most=1e-3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：搜尋，照意思 · Step 9: Search by meaning
#
# 每段一個向量，問題也是一個向量；餘弦最大的段落就是答案。向量長度都是 1，所以一次矩陣乘法就算完全部。
#
# ✏️ 寫出 `nearest`：最像的 `count` 段的位置，最像的在前。
#
# A vector for each passage and one for the question; the passage of the greatest cosine is the answer. All have length 1, so one matrix product does it for all.
#
# ✏️ Write `nearest`: the positions of the `count` most similar passages, the most similar first.

# %% gap="nearest" slideshow={"slide_type": "fragment"}
def nearest(question, vectors, count):
    """Return the positions of the rows of vectors (n, width) with the greatest cosine to question (width,), best first."""
    ### BEGIN SOLUTION
    return np.argsort(-(vectors @ question))[:count]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
few = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0], [0.8, 0.6]])
found = np.asarray(nearest(np.array([1.0, 0.0]), few, 3))
checks.that(found.shape == (3,), "三個位置。 Three positions.", "要 count 個位置，不是分數。 Positions are wanted, `count` of them, not scores.")
checks.that(found.tolist() != [3, 2, 1], "像的在前。 The similar ones first.", "順序反了：這是最不像的三個。 The wrong way round: these are the least similar.")
checks.that(found.tolist() != [1, 4, 0], "最像的第一。 The most similar is first.", "三個都對，但最像的要在最前面。 The right three, but the most similar comes first.")
checks.that(found.tolist() == [0, 4, 1], "位置對了。 The positions are right.", "算每一列和問題的內積，再照大小排位置。 Take the dot product of each row with the question, and sort positions by it.")

# %% slideshow={"slide_type": "fragment"}
start = time.perf_counter()
vectors = encoder.vectors(passages)
print(f"{len(passages)} passages in {time.perf_counter() - start:.0f} s")
for question in ("Who was the first man on the moon?", "Why does a snowfield reflect sunlight?", "How do I appeal against a judgement?"):
    print(question)
    for number in nearest(encoder.vectors([question])[0], vectors, 2):
        print(f"   {titles[owner[number]]}: {passages[number][:80]} ...")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：合起來，公平地量 · Step 10: Both together, measured
#
# BM25 的分數和餘弦不能直接相加，單位不同。**倒數名次融合**（reciprocal rank fusion）只看名次：每張名單給第 $r$ 名的條目 $1 / (60 + r)$ 分，$r$ 從 1 數起，加起來重新排。
#
# ✏️ 寫出 `fuse`：`rankings` 是幾張名單，每張是條目的編號，最好的在前；傳回合起來的名單。
#
# BM25 scores and cosines cannot be added: the units differ. **Reciprocal rank fusion** looks at ranks alone: each list gives the article in place $r$ a score of $1 / (60 + r)$, counted from 1; add up, and sort again.
#
# ✏️ Write `fuse`: `rankings` are some lists of article numbers, each best first; return the joint list.

# %% gap="fuse" slideshow={"slide_type": "fragment"}
def fuse(rankings):
    """Return the items of several rankings in the order of their sum of 1 / (60 + rank)."""
    scores = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            ### BEGIN SOLUTION
            scores[item] = scores.get(item, 0.0) + 1 / (60 + rank)
            ### END SOLUTION
    return sorted(scores, key=scores.get, reverse=True)

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = fuse([["a", "b", "c", "d"], ["c", "b", "d", "a"]])
checks.that(found[0] != "d", "好的在前。 The good ones first.", "名次小要分數大：用倒數。 A small rank must score high: take the reciprocal.")
checks.that(fuse([["a", "b", "c"], ["c", "b", "d"], ["e", "b", "a"]])[0] == "b", "每張名單都加。 Every list adds.",
            "同一個條目在幾張名單上，要加起來，不是後面蓋掉前面。 An item on several lists gets the sum; a later list must not overwrite an earlier.")
checks.that(fuse([["a", "x", "b"], ["c", "y", "b"]])[0] == "b", "有 60。 With the 60.",
            "沒有 60，第一名的分數太大：除以 60 + rank。 Without the 60 a first place weighs too much: divide by 60 + rank.")
checks.that(found == ["c", "b", "a", "d"], "合起來的順序對了。 The joint order is right.",
            "每個名次的分數是 1 / (60 + rank)。 Each place scores 1 / (60 + rank).")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 量什麼？**recall@k**：前 $k$ 個條目裡有沒有對的那一個，多少比例的問題有。每個問題只有一個對的條目。三種搜尋都沒有調參數。
#
# What to measure? **Recall@k**: the share of questions whose right article is among the first $k$. Each question has one right article. Nothing was tuned in any of the three.

# %% slideshow={"slide_type": "fragment"}
def rank_articles(scores):
    """Return the articles, best first, by their best passage."""
    best = np.full(len(titles), -np.inf)
    np.maximum.at(best, owner, scores)
    return np.argsort(-best, kind="stable")


METHODS = ("words", "meaning", "both")
place = {}  # place[kind, method]: of the right article of each question, 1 is first
for kind, texts in questions.items():
    asked = encoder.vectors(texts)
    found = [(rank_articles(by_words(text)), rank_articles(vectors @ vector)) for text, vector in zip(texts, asked, strict=True)]
    lists = {"words": [one for one, _ in found], "meaning": [one for _, one in found], "both": [fuse(pair) for pair in found]}
    for method in METHODS:
        place[kind, method] = np.array([list(ranking).index(number) + 1 for number, ranking in enumerate(lists[method])])

rows = []
for kind in questions:
    for method in METHODS:
        shares = [evaluation.share(int(np.sum(place[kind, method] <= k)), len(titles)) for k in (1, 5)]
        rows.append([kind, method, *(f"{share:.2f}" for share in shares)])
display.table(rows, columns=["question", "search by", "recall@1 (interval of 95 %)", "recall@5 (interval of 95 %)"])

# %% slideshow={"slide_type": "fragment"} alt={"zh": "點和區間：三種問法、三種搜尋的 recall@1。去掉標題的詞以後，三種都下降。", "en": "Dots with intervals: recall@1 of three kinds of question by three ways of search. Without the title's words all three fall."}
figure, axis = plt.subplots(figsize=(7.5, 3.2))
for number, (method, marker) in enumerate(zip(METHODS, "os^", strict=True)):
    shares = [evaluation.share(int(np.sum(place[kind, method] <= 1)), len(titles)) for kind in questions]
    values = np.array([share.value for share in shares])
    errors = [values - [share.low for share in shares], [share.high for share in shares] - values]
    axis.errorbar(values, np.arange(3) + 0.2 * (number - 1), xerr=np.abs(errors), fmt=marker, capsize=3, label=method, color=plots.COLORS[number])
axis.set(yticks=range(3), yticklabels=list(questions), xlabel="recall@1 (interval of 95 %)", xlim=(0, 1.02))
axis.invert_yaxis()
axis.legend(title="search by")
plt.show()

# %% slideshow={"slide_type": "fragment"}
for kind in questions:
    first = {method: (place[kind, method] <= 1).astype(float) for method in METHODS}
    for one, other in (("meaning", "words"), ("both", "words"), ("both", "meaning")):
        gap = evaluation.paired_difference(first[one], first[other])
        print(f"{kind:26} recall@1, {one} − {other}: {gap:+.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 去掉標題的詞以後，照意思比照詞多約 0.15，區間不含 0；給標題，兩種差不多；給第一句，照意思也許好一點（約 0.06，區間從 0 開始）。去掉標題的詞時，合起來比照詞好約 0.09，另外兩種題目看不太出來；也看不出比照意思更好：一邊弱得多的時候，會把另一邊拖下去。記得這些題目對 MiniLM 也有利。
#
# Without the title's words, meaning is ahead of words by about 0.15, and the interval leaves out 0; given the title the two are much alike; given the first sentence meaning may be a little ahead (about 0.06, the interval begins at 0). Without the title's words both together are better than words by about 0.09, with the other two kinds hardly visibly so; and not visibly better than meaning: where one
# is much the weaker, it drags the other down. Remember that these questions favour MiniLM, too.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 在哪裡失敗 · Where they fail
#
# 下表是去掉標題的詞以後，兩種搜尋差最多的問題：數字是對的條目排第幾名。
#
# Below are the questions without the title's words on which the two disagree most; the numbers are the places of the right article.

# %% slideshow={"slide_type": "fragment"}
kind = "without the title's words"
order = np.argsort(np.log(place[kind, "words"]) - np.log(place[kind, "meaning"]), kind="stable")
shown = [*order[:5], *order[-5:]]
display.table([[titles[i], questions[kind][i][:90], *(int(place[kind, method][i]) for method in METHODS)] for i in shown],
              columns=["article", "question", *METHODS])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 上面幾列照詞比較好，下面幾列照意思好得多。看出規律了嗎？
#
# 🤔 In the first rows words do better, in the last rows meaning does much better. Do you see a pattern?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 照詞贏的，問題裡還留著少見的詞（術語，例如 Cambrian），內文也有那個詞。照意思贏得多的，剩下的都是常見的詞（an exciting or unusual experience），要懂整句在說什麼才猜得到。有時兩邊都不是第一，也有道理：談安哥拉的條目有好幾個，沒有標題很難分。想到「短的問題比較難」的人也對一半：字少，線索就少。
#
# Those won by words still hold a rare word, a term such as Cambrian, which the text holds, too. Those clearly won by meaning have only common words left (an exciting or unusual experience), and one must grasp the sentence to guess. Sometimes neither is first, for good reason: several articles are
# about Angola, and without the title they are hard to tell apart. Who thought that short questions are harder is half right: few words give little to go by.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：問你自己的問題，也問壞問題 · Step 11: Your own questions, and bad ones
#
# 改成你的問題再執行。下面有打錯的字、中文、空白、一萬個詞。
#
# Put in your own and run again. Among these are a misspelling, Chinese, nothing, and ten thousand words.

# %% slideshow={"slide_type": "fragment"}
MY_QUESTIONS = ["a big hairy animal that eats ants at night", "anarchsim", "the stuff that roads are made of", "無政府主義", "😀", "", "word " * 10_000]
rows = []
for question in MY_QUESTIONS:
    scores = by_words(question)
    ranked = rank_articles(scores), rank_articles(vectors @ encoder.vectors([question])[0])
    pieces = wordpiece.tokens(question)
    rows.append([question[:42], len(pieces), pieces.count("[UNK]"), titles[ranked[0][0]] if scores.max() > 0 else "–", titles[ranked[1][0]]])
display.table(rows, columns=["question", "pieces", "unknown", "by words", "by meaning"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 照詞搜尋找不到時會說找不到（–）；照意思搜尋**永遠有答案**，連空白也有。超過 256 片的部分它讀不到，也不說。
#
# Search by words says so when it finds nothing (–). Search by meaning **always has an answer**, even to nothing at all. What lies beyond 256 pieces it does not read, and does not say so.

# %% slideshow={"slide_type": "fragment"}
for attempt in (lambda: encoder.vectors("one text"), lambda: encoder.vectors([None]), lambda: encoder.vectors(["a"], most=1_000),
                lambda: text_encoder.set_weights(text_encoder.build(pieces=100, width=24, hidden=48, layers=1, heads=2), weights)):
    try:
        attempt()
    except (TypeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：向量資料庫做什麼 · Step 12: What a vector store is for
#
# 幾百段，一次矩陣乘法就比完。要是有一千萬段呢？每個問題都要乘一千萬個向量。**向量資料庫**（vector store）就是為這個：存向量和原文的對照，加減文件，先照條件篩選，而且**不比全部**。
#
# 一種做法：先把向量分成幾群（[03](03_scikit_learn.ipynb) 的 k-means），問題來了，只比最近的幾群。比得少就快，但可能漏掉。下面量：只看幾群，還找得到真正最近的 10 段裡的幾成？
#
# With some hundred passages, one matrix product compares all. With ten million, every question would be multiplied with ten million vectors. A **vector store** is for that: it keeps vectors beside their
# texts, adds and removes documents, selects by conditions first, and does **not compare all**.
#
# One way: cut the vectors into groups first (k-means, [03](03_scikit_learn.ipynb)), and for a question look into the nearest groups only. Fewer comparisons are faster but may miss. We measure which share of the true 10 nearest is
# still found.

# %% slideshow={"slide_type": "fragment"}
GROUPS = profile.choose(smoke=4, lesson=24, full=64)
groups = KMeans(GROUPS, n_init=3, random_state=SEED).fit(vectors)
asked = encoder.vectors(firsts)
rows = []
for looked_into in sorted({1, 2, 4, GROUPS // 2, GROUPS}):
    kept_share, compared = [], []
    for vector in asked:
        chosen = nearest(vector, groups.cluster_centers_, looked_into)
        inside = np.flatnonzero(np.isin(groups.labels_, chosen))
        found = inside[nearest(vector, vectors[inside], 10)]
        kept_share.append(np.isin(nearest(vector, vectors, 10), found).mean())
        compared.append(len(inside) / len(vectors))
    rows.append([looked_into, f"{np.mean(compared):.2f}", f"{np.mean(kept_share):.2f}"])
display.table(rows, columns=[f"groups of {GROUPS} looked into", "share of vectors compared", "share of the 10 nearest found"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 只看 24 群裡的 4 群，比了約兩成的向量，就找到最近的 10 段裡的約 95 %；只看 1 群，剩不到 80 %。真的向量資料庫（例如用 FAISS 或 HNSW）做得更聰明，換的東西一樣：一點 recall 換很多速度。幾百段用不著它；一千萬段才需要。
#
# Looking into 4 groups of 24, about a fifth of the vectors are compared, and about 95 % of the 10 nearest are found; with 1 group it is less than 80 %. Real vector stores (with FAISS or HNSW, say) do it more cleverly, and trade the same things: a little recall for much speed. A few
# hundred passages do not need one; ten million do.

# %% slideshow={"slide_type": "skip"}
hint = "restart and run all; if you changed the data, bounds are for the course's"
few_labels = 30 if profile.name() == "smoke" else 200
profile.expect("MiniLM, accuracy with few labels", accuracy["MiniLM", few_labels].mean(),
               at_least=profile.choose(smoke=0.2, lesson=0.62, full=0.62), hint=hint)
profile.expect("first sentence, recall@5 by meaning", np.mean(place["first sentence", "meaning"] <= 5),
               at_least=profile.choose(smoke=0.5, lesson=0.85, full=0.85), hint=hint)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 預先訓練的網路沒有祕密：WordPiece、六層「看一看、想一想、加回去、正規化」、平均，用手算出來和公布的一樣。<br>A pretrained network holds no secret: WordPiece, six layers of look, think, add and normalise, and a mean; by hand they give the published vectors.
# - 凍住的向量是便宜的特徵；值不值得，要看有多少標籤，對手要公平，差距要有區間。<br>Frozen vectors are cheap features; whether they are worth it depends on how many labels there are, against fair rivals and with intervals.
# - 照詞和照意思在不同的地方失敗；問題怎麼來，決定誰占便宜；向量資料庫用一點 recall 換速度。<br>Search by words and by meaning fail in different places; where the questions come from decides who has the advantage; a vector store gives a little recall for speed.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Unfold</summary>
#
# 原課程沒有這個題目。它的影評網路都從零訓練，詞向量也是自己訓練的；BERT 在 2018 年 10 月才發表。
#
# The original course had nothing on this. Its networks for reviews were all trained from nothing, and so were its word vectors; BERT was published in October 2018.
#
# </details>
#
# ## 練習 · Lab
#
# [練習 19](../labs/lab19_one_word_changed.ipynb)「同一份履歷，換一個字」：兩份履歷只差 He 和 She，搜尋給的分數一樣嗎？量出來，檢定，再想辦法讓差別變小。
#
# 自己試：把 `LAST_WORDS` 改成 20 或 80，兩邊各變多少？用自己的文件換掉維基百科的條目，再問十個真的想問的問題。
#
# [Lab 19](../labs/lab19_one_word_changed.ipynb), one application, one word changed: two applications differ in He and She alone; does a search score them alike? Measure it, test it, then make the difference smaller.
#
# Try it yourself: with `LAST_WORDS` 20 or 80, how much does either side change? Put documents of your own in the place of the articles, and ask ten questions that you really have.
#
# ## 參考資料 · References
#
# - J. Devlin et al., [BERT: Pre-training of Deep Bidirectional Transformers](https://arxiv.org/abs/1810.04805), 2018
# - N. Reimers, I. Gurevych, [Sentence-BERT](https://arxiv.org/abs/1908.10084), EMNLP 2019
# - W. Wang et al., [MiniLM: Deep Self-Attention Distillation](https://arxiv.org/abs/2002.10957), NeurIPS 2020
# - S. Robertson, H. Zaragoza, [The Probabilistic Relevance Framework: BM25 and Beyond](https://doi.org/10.1561/1500000019), 2009
# - G. Cormack, C. Clarke, S. Büttcher, [Reciprocal Rank Fusion](https://doi.org/10.1145/1571941.1572114), SIGIR 2009
# - X. H. Lù, [BM25S](https://arxiv.org/abs/2407.03618), 2024（這一課用的套件 · the package of this lesson）
# - J. Johnson, M. Douze, H. Jégou, [Billion-scale similarity search with GPUs](https://arxiv.org/abs/1702.08734), 2017

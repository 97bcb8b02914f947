# %% [markdown]
# # 練習 12：詞向量的類比與偏見 · Lab 12: Analogies and bias in embeddings
#
# 目標：自己寫鄰居與類比；再找出詞向量裡的「性別方向」，量一量哪些職業偏向 he、哪些偏向 she，並試著把它拿掉。
#
# Goal: write neighbours and analogies yourself; then find the "gender direction" in word vectors, measure which occupations lean towards he and which towards
# she, and try to take it out.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [12](../notebooks/12_word2vec_english.ipynb) 課 · lesson [12](../notebooks/12_word2vec_english.ipynb) |
# | 資料 · Data | 影評（研究用），用 gensim 現場訓練，約半分鐘 · film reviews (for research); gensim trains on them here, about half a minute |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 最近的鄰居 · nearest neighbours | 3 |
# | 2 | 類比，方向要對 · analogies, the right way round | 4 |
# | 3 | 性別方向：你來挑詞 · the gender direction: you choose the words | 5 |
#
# 向量放在一個矩陣裡，一列一個詞；第 $i$ 列是 `words[i]` 的向量，長短不一。兩個詞有多像，看夾角的餘弦（cosine）：
#
# The vectors lie in a matrix, a row for each word: row $i$ belongs to `words[i]`, and rows differ in length. How alike two words are is the cosine of their angle:
#
# $$\cos(u, v) = \frac{u \cdot v}{\lVert u\rVert\,\lVert v\rVert}$$

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from gensim.models import Word2Vec

from utils.data import datasets
from utils.models import word2vec
from utils.notebook import checks, profile
from utils.text import english

REVIEWS = profile.choose(smoke=4_000, lesson=40_000, full=40_000)  # there are 33,530
EPOCHS = profile.choose(smoke=3, lesson=3, full=10)
RARE = profile.choose(smoke=5, lesson=20, full=20)  # words that occur less often are left out
profile.seed(7)

# %% nbgrader={"grade": false, "grade_id": "vectors", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(datasets.describe("reviews"))
sentences = [english.tokenise(english.strip_html(review)) for review in datasets.load_reviews()[:REVIEWS]]
model = Word2Vec(sentences, vector_size=100, window=5, epochs=EPOCHS, min_count=RARE, workers=1, seed=7)  # one worker: the same each time
WORDS, VECTORS = list(model.wv.index_to_key), model.wv.vectors.copy()  # frequent words first
VECTORS.flags.writeable = False
reference = word2vec.WordVectors(WORDS, VECTORS)
print(f"{len(WORDS):,} words, vectors {VECTORS.shape}, lengths {np.linalg.norm(VECTORS, axis=1).min():.2f} to "
      f"{np.linalg.norm(VECTORS, axis=1).max():.2f}")


# %% [markdown]
# ## 步驟 1：鄰居（3 分）· Step 1: Neighbours (3 points)
#
# 找出餘弦最大的幾個詞，由大到小，**不包括自己**。不要用迴圈比一萬個詞：一次矩陣乘法就夠了。
#
# Find the words with the largest cosines, best first, **without the word itself**. No loop over ten thousand words: one matrix product will do.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 先把每一列除以自己的長度，之後內積就是餘弦。`np.linalg.norm(matrix, axis=1, keepdims=True)` 給你每一列的長度，形狀剛好可以拿來除。
#
# First divide each row by its length; after that a dot product is a cosine. `np.linalg.norm(matrix, axis=1, keepdims=True)` gives the length of each row in a shape that you
# can divide by.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nearest(word, words, matrix, count):
    """Return the words most like a word.

    Args:
        word: one of `words`. words: list of n different words. matrix: (n, dim), a row for each word, none zero; not changed.
        count: how many to return, less than n.

    Returns:
        List of `count` pairs (word, cosine), largest cosine first, without the word itself.
    """
    ### BEGIN SOLUTION
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    here = words.index(word)
    cosines = unit @ unit[here]
    order = [i for i in np.argsort(-cosines) if i != here]
    return [(words[i], float(cosines[i])) for i in order[:count]]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ANIMALS = ["cat", "dog", "lion", "car", "stone"]
PLANE = np.array([[2.0, 0], [0.6, 0.8], [0.8, 0.6], [-3, 0], [0, 9]])  # directions 0°, 53°, 37°, 180°, 90°; lengths 2, 1, 1, 3, 9
found = nearest("cat", ANIMALS, PLANE, 4)
checks.that(isinstance(found, list) and len(found) == 4 and all(len(pair) == 2 for pair in found), "四個（詞，餘弦）/ four pairs (word, cosine)",
            f"要 4 個（詞，餘弦），得到 {found!r:.90} / 4 pairs (word, cosine) are wanted, found {found!r:.90}")
names = [name for name, _ in found]
checks.that("cat" not in names, "不包括自己 / without the word itself", "自己不算自己的鄰居 / a word is no neighbour of its own")
checks.that(names[0] != "car", "最像的在前面 / the most alike come first", "順序反了：餘弦最大的在前面 / the order is reversed: the largest cosine comes first")
checks.close([cosine for _, cosine in found], [0.8, 0.6, 0, -1], "餘弦從 1 到 −1 / cosines from 1 to −1",
             "餘弦不對：向量的長度不可以影響答案 / the cosines are wrong: the length of a vector must not matter")
checks.that(names == ["lion", "dog", "stone", "car"], "順序正確 / the order is right", f"順序不對：{names} / the order is wrong: {names}")


def same_neighbours(word, words, matrix, count):
    """Compare with utils.models.word2vec."""
    expected = word2vec.WordVectors(words, matrix).nearest(word, count)
    found = nearest(word, words, matrix, count)
    checks.close([cosine for _, cosine in found], [cosine for _, cosine in expected],
                 f"{word}：{' '.join(name for name, _ in found[:6])}", f"{word!r} 的鄰居和 utils.models.word2vec 的不同 / the neighbours of {word!r} differ from those of utils.models.word2vec",
                 tolerance=1e-4)
    checks.that(found[0][0] == expected[0][0], "第一名一樣 / the first is the same", f"{word!r} 最近的鄰居不是 {found[0][0]!r} / {found[0][0]!r} is not nearest to {word!r}")


for word in ("actor", "good", "france"):
    same_neighbours(word, WORDS, VECTORS, 8)
### BEGIN HIDDEN TESTS
random = np.random.default_rng(1)
for word in ("music", "she"):
    same_neighbours(word, WORDS, VECTORS, 25)
same_neighbours("w7", [f"w{i}" for i in range(50)], random.normal(size=(50, 6)) * random.uniform(0.1, 30, (50, 1)), 49)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：類比（4 分）· Step 2: Analogies (4 points)
#
# 男人之於國王，如同女人之於？寫成 man : king = woman : ?。從 man 到 king 的那一步，也讓 woman 走一次，看落在誰旁邊。
#
# 每個向量先縮成長度 1，題目裡的三個詞不能當答案。
#
# Man is to king as woman is to whom? We write man : king = woman : ?. Let woman take the step that leads from man to king, and see who is nearest.
#
# Each vector first gets length 1, and the three words of the question cannot be the answer.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 在紙上畫四個點：man、king、woman、queen，像一個平行四邊形。從 man 到 king 的箭頭，用兩個向量怎麼寫？把同一支箭頭放在 woman 上。方向寫反了，king 會變成什麼？
#
# Draw four points on paper, man, king, woman and queen, as a parallelogram. How do you write the arrow from man to king with two vectors? Put the same arrow on woman. What
# becomes of king if the arrow points the other way?
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def analogy(a, b, c, words, matrix):
    """Answer "a is to b as c is to ?".

    Args:
        a, b, c: different words of `words`. words: list of n words. matrix: (n, dim), a row for each word, none zero; not changed.

    Returns:
        The word whose cosine with the point reached is largest, a, b and c left out.
    """
    ### BEGIN SOLUTION
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    asked = [words.index(word) for word in (a, b, c)]
    cosines = unit @ (unit[asked[1]] - unit[asked[0]] + unit[asked[2]])
    cosines[asked] = -np.inf
    return words[int(np.argmax(cosines))]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# A little world with four axes: male or female, royal or not, good or bad, how much so. Lengths differ.
COURT = ["man", "woman", "king", "queen", "boy", "girl", "peasant", "maid", "good", "better", "bad", "worse"]
AXES = np.array([[1.0, 0, 0.2, 0], [-1, 0, 0.2, 0], [1, 1, 0.2, 0], [-1, 1, 0.2, 0], [1, 0, -1, 0], [-1, 0, -1, 0], [0.7, -1, 0, 0], [-0.7, -1, 0, 0],
                 [0, 0, 1, 0], [0, 0, 1, 0.4], [0, 0, -1, 0], [0, 0.6, -1, 0.3]])
COURT_VECTORS = AXES * np.array([1, 2, 5, 0.5, 1, 3, 1, 1, 1, 2, 1, 4])[:, None]


def asks(a, b, c, expected, hint):
    """Check one question in the little world."""
    found = analogy(a, b, c, COURT, COURT_VECTORS)
    checks.that(found in COURT, f"{a} : {b} = {c} : {found}", f"答案要是 words 裡的一個詞，得到 {found!r:.60} / the answer should be one of the words, found {found!r:.60}")
    checks.that(found not in (a, b, c), "答案不是題目裡的詞 / the answer is no word of the question",
                f"{a} : {b} = {c} : {found}，但 {found} 是題目裡的詞，不能當答案 / {found} is a word of the question, and cannot be the answer")
    checks.that(found == expected, f"{a} : {b} = {c} : {expected}", f"{a} : {b} = {c} : {found}？{hint}")


way = "從 a 到 b 的那一步，方向對嗎？走在 c 上嗎？每個向量都先縮成長度 1 了嗎？/ is the step from a to b the right way round, and taken from c? Did each vector get length 1 first?"
asks("man", "king", "woman", "queen", way)
asks("king", "man", "queen", "woman", way)
asks("woman", "queen", "man", "king", way)
asks("man", "boy", "woman", "girl", way)
asks("girl", "woman", "boy", "man", way)
asks("good", "better", "bad", "worse", way)


def is_best(a, b, c, words=WORDS, matrix=VECTORS):
    """Check that no other word has a larger cosine, by utils.models.word2vec."""
    vectors = word2vec.WordVectors(words, matrix)
    found, largest = analogy(a, b, c, words, matrix), vectors.analogy(a, b, c, count=1)[0][1]
    first, second, third, mine = (vectors.unit_vectors[vectors.id(word)] for word in (a, b, c, found))
    target = second - first + third
    checks.that(found not in (a, b, c) and mine @ target / np.linalg.norm(target) > largest - 1e-4, f"{a} : {b} = {c} : {found}",
                f"{a} : {b} = {c} : {found}？有一個詞的餘弦更大 / another word has a larger cosine")


for question in (("he", "his", "she"), ("actor", "actress", "king"), ("good", "better", "bad"), ("boy", "boys", "girl")):
    is_best(*question)
### BEGIN HIDDEN TESTS
random = np.random.default_rng(2)
for _ in range(20):
    is_best(*(str(word) for word in random.choice(WORDS[:3_000], 3, replace=False)))
is_best("w1", "w2", "w3", [f"w{i}" for i in range(40)], random.normal(size=(40, 5)) * random.uniform(0.1, 30, (40, 1)))
### END HIDDEN TESTS

# %% [markdown]
# 你的類比在真的考卷上能答對多少？下面用 `utils.models.word2vec` 考「家庭」那一類（boy girl、uncle aunt …）。漂亮的例子是挑過的，整張考卷的分數才算數。
#
# How much of a real exam do such analogies get right? Below, `utils.models.word2vec` takes the section "family" (boy girl, uncle aunt ...). Pretty examples are chosen ones; what counts
# is the score of the whole exam.

# %% nbgrader={"grade": false, "grade_id": "exam", "locked": true, "schema_version": 3, "solution": false, "task": false}
right, asked = reference.analogy_accuracy({"family": datasets.load_analogies()["family"]}, among=10_000)["family"]
print(f"family: {right} of {asked} questions right")

# %% [markdown]
# ## 步驟 3：性別方向（5 分）· Step 3: The gender direction (5 points)
#
# `he` 減 `she` 是一支箭頭。把一個詞的單位向量投影到這個方向，正的偏 he，負的偏 she。但是只看一對詞，雜訊太多：`he` 和 `she` 的差別不只是性別。用許多對一起估計，雜訊會互相抵消（Bolukbasi 等，2016）。
#
# 1. 寫 `gender_direction`：詞對由**你**挑，方法也由你定（平均、主成分 …）。
# 2. 寫 `neutralise`：把向量裡沿著這個方向的那一份拿掉，其他的不動。
#
# 打分數看三件事：在一個知道答案的人造世界裡，你的方向準不準；在影評裡，成對的詞（例如 actor 和 actress，不一定在你挑的詞對裡）分不分得開；拿掉之後還剩多少。
#
# `he` minus `she` is an arrow. Project the unit vector of a word on this direction: positive leans towards he, negative towards she. But a single pair is noisy: `he` and `she` differ
# in more than gender. Estimate it from many pairs, and the noise cancels (Bolukbasi et al., 2016).
#
# 1. Write `gender_direction`: the pairs are **yours** to choose, and so is the method (a mean, principal components ...).
# 2. Write `neutralise`: take out of vectors what lies along the direction, and leave the rest alone.
#
# The score looks at three things: how exact your direction is in a made-up world whose answer is known; whether, in the reviews, it tells apart pairs of words such as actor and
# actress, which need not be among yours; and how much is left after taking it out.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 寫下十對以上、只差在性別的詞。不在 `words` 裡的就跳過。每一對相減的次序要一致，減完再合起來。要不要先把每個向量縮成長度 1？想想看長的向量會怎樣。
#
# Write down ten pairs or more that differ in gender alone. Skip what is not in `words`. Subtract every pair the same way round, then combine. Should each vector get length 1 first?
# Think of what a long vector would do.
#
# </details>
#
# <details><summary>💡 提示 4 · Hint 4</summary>
#
# 向量 $v$ 沿著單位方向 $d$ 的那一份是 $(v\cdot d)\,d$。交進來的方向不一定是單位長。
#
# The part of a vector $v$ along a unit direction $d$ is $(v\cdot d)\,d$. The direction handed in need not have length 1.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gender_direction(words, matrix):
    """Return the direction that leads from female to male, estimated from pairs of words.

    Args:
        words: list of n English words, he and she among them, and many others of your pairs, but perhaps not all.
        matrix: (n, dim), a row for each word, none zero; not changed.

    Returns:
        Array (dim,), of any length but 0; he lies on its positive side.
    """
    ### BEGIN SOLUTION
    pairs = ("he she, him her, his hers, himself herself, man woman, men women, boy girl, boys girls, father mother, son daughter, "
             "brother sister, dad mom, uncle aunt, male female, guy gal, grandfather grandmother")
    rows = {word: row / np.linalg.norm(row) for word, row in zip(words, matrix, strict=True)}
    pairs = [pair.split() for pair in pairs.split(", ")]
    return np.mean([rows[he] - rows[she] for he, she in pairs if he in rows and she in rows], axis=0)
    ### END SOLUTION


def neutralise(vectors, direction):
    """Return the vectors without what lies along a direction.

    Args:
        vectors: (n, dim), not changed. direction: (dim,), of any length but 0.

    Returns:
        Array (n, dim) whose rows are at right angles to the direction; nothing else about them is changed.
    """
    ### BEGIN SOLUTION
    unit = direction / np.linalg.norm(direction)
    return vectors - np.outer(vectors @ unit, unit)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
GENDERED = """he she, him her, his hers, himself herself, man woman, men women, boy girl, boys girls, father mother, fathers mothers, son daughter, sons daughters,
husband wife, brother sister, brothers sisters, uncle aunt, nephew niece, king queen, prince princess, actor actress, actors actresses, dad mom, daddy mommy,
grandfather grandmother, grandpa grandma, guy gal, guys gals, gentleman lady, gentlemen ladies, male female, males females, hero heroine, waiter waitress,
boyfriend girlfriend, sir madam, mr mrs, groom bride, monk nun, host hostess, widower widow, stepfather stepmother, heir heiress, duke duchess, god goddess,
wizard witch, lad lass, bachelor spinster, policeman policewoman, businessman businesswoman, chairman chairwoman, spokesman spokeswoman, papa mama"""
GENDERED = [tuple(pair.split()) for pair in GENDERED.replace("\n", " ").split(", ")]


def lean(vectors, direction):
    """Return the cosine of each row with the direction, (n,): positive leans towards he."""
    return vectors @ direction / np.linalg.norm(vectors, axis=1) / np.linalg.norm(direction)


def made_up_world(seed, dim=50):
    """Return words, vectors of different lengths, and the true direction; pairs differ along it, and by chance."""
    random = np.random.default_rng(seed)
    truth = random.normal(size=dim)
    truth /= np.linalg.norm(truth)
    words, rows = [], []
    for pair in GENDERED:
        topic = random.normal(size=dim) / np.sqrt(dim)
        for word, side in zip(pair, (1, -1), strict=True):
            words.append(word)
            rows.append(topic + 0.5 * side * truth + 0.5 * random.normal(size=dim) / np.sqrt(dim))
    for number in range(100):
        words.append(f"thing{number}")
        rows.append(random.normal(size=dim) / np.sqrt(dim))
    order = random.permutation(len(words))
    return [words[i] for i in order], (np.array(rows) * random.uniform(0.5, 4, (len(rows), 1)))[order], truth


def check_made_up(seed):
    """Check the direction where the truth is known."""
    words, rows, truth = made_up_world(seed)
    kept = rows.copy()
    direction = np.asarray(gender_direction(words, rows), dtype=float)
    checks.unchanged(rows, kept, "交進來的矩陣沒被改 / the matrix handed in is unchanged", "交進來的矩陣被改掉了 / the matrix handed in was changed")
    checks.that(direction.shape == truth.shape and bool(np.isfinite(direction).all()) and bool(direction.any()), "是一個方向 / it is a direction",
                f"要一個形狀 {truth.shape}、不是 0 的向量，得到形狀 {direction.shape} / a vector of shape {truth.shape} that is not 0 is wanted, found shape {direction.shape}")
    cosine = float(direction @ truth / np.linalg.norm(direction))
    checks.that(cosine > 0, "he 在正的那一邊 / he is on the positive side", "方向反了：he 要在正的那一邊 / the direction points the wrong way: he should be on its positive side")
    checks.that(cosine >= 0.9, f"和真正方向的餘弦是 {cosine:.2f} / its cosine with the truth is {cosine:.2f}",
                f"和真正方向的餘弦只有 {cosine:.2f}，要到 0.90：詞對太少、次序不一致，還是長的向量把別的蓋過去了？/ "
                f"its cosine with the truth is just {cosine:.2f}, and 0.90 is needed: too few pairs, pairs the wrong way round, or do long vectors drown the others?")


def check_pairs(pairs, bar):
    """Check, in the reviews, that the man of a pair leans further towards he than the woman."""
    direction = np.asarray(gender_direction(WORDS, VECTORS), dtype=float)
    known = [pair for pair in pairs if pair[0] in reference and pair[1] in reference]
    lead = [float(lean(reference.vectors[[reference.id(he)]], direction)[0] - lean(reference.vectors[[reference.id(she)]], direction)[0]) for he, she in known]
    share = np.mean([value > 0 for value in lead])
    lost = ", ".join(f"{he}/{she}" for (he, she), value in zip(known, lead, strict=True) if value <= 0)
    checks.that(share >= bar, f"影評裡，{len(known)} 對分對了 {share:.0%} / in the reviews {share:.0%} of {len(known)} pairs come out right",
                f"影評裡只有 {share:.0%} 的詞對分得開，要到 {bar:.0%}（錯的：{lost}）/ in the reviews just {share:.0%} of the pairs come out right, and {bar:.0%} are needed (wrong: {lost})")


for seed in (1, 2):
    check_made_up(seed)
check_pairs([("himself", "herself"), ("man", "woman"), ("actor", "actress"), ("actors", "actresses"), ("king", "queen"), ("boy", "girl"), ("uncle", "aunt"), ("hero", "heroine")],
            profile.choose(smoke=0.7, lesson=0.85, full=0.85))

direction = np.asarray(gender_direction(WORDS, VECTORS), dtype=float)
jobs = ["nurse", "teacher", "dancer", "singer", "housewife", "secretary", "lawyer", "engineer", "doctor", "boss", "detective", "president", "writer", "director"]
leans = sorted((float(lean(reference[job][None], direction)[0]), job) for job in jobs if job in reference)
print("she ←", *(f"{job} {value:+.2f}" for value, job in leans), "→ he")


def check_neutralise(vectors, direction):
    """Check what is left, along the direction and across it."""
    kept = vectors.copy()
    found = np.asarray(neutralise(vectors, direction))
    unit = direction / np.linalg.norm(direction)
    checks.that(found.shape == vectors.shape, "形狀沒變 / the shape is kept", "形狀變了 / the shape changed")
    checks.unchanged(vectors, kept, "原來的向量沒變 / the vectors handed in are unchanged", "交進來的向量被改掉了 / the vectors handed in were changed")
    checks.close(found @ unit, np.zeros(len(vectors)), "沿著方向的份量是 0 / nothing is left along the direction",
                 "沿著方向還有剩：方向先縮成長度 1 了嗎？/ something is left along the direction: did the direction get length 1 first?")
    checks.close(found - (found @ unit)[:, None] * unit, vectors - (vectors @ unit)[:, None] * unit, "其他的份量沒動 / the rest is untouched",
                 "和方向垂直的份量也被動到了 / what is at right angles to the direction was changed, too")


check_neutralise(np.array([[1.0, 2, 3], [4, 0, -1], [0, 0, 5]]), np.array([0, 0, 2.0]))
check_neutralise(np.random.default_rng(3).normal(size=(6, 10)), np.random.default_rng(4).normal(size=10))
### BEGIN HIDDEN TESTS
for seed in (3, 4, 5):
    check_made_up(seed)
check_pairs([("mr", "mrs"), ("his", "her"), ("him", "her"), ("boys", "girls"), ("grandfather", "grandmother"), ("monk", "nun")], profile.choose(smoke=0.6, lesson=0.8, full=0.8))
check_neutralise(np.random.default_rng(5).normal(size=(30, 4)), np.array([0.01, -3, 2, 0.5]))
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=12`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：`neutralise` 之後，每個職業的投影都是 0。偏見不見了嗎？挑五個原本最偏 she 的職業，看看它們拿掉之後的鄰居是誰（Gonen、Goldberg，2019）。用這種向量篩選履歷，你放心嗎？
#
# In a terminal run `make check-lab LAB=12`: it says which steps pass.
#
# 🤔 To think further: after `neutralise` every occupation projects to 0. Is the bias gone? Take the five occupations that leaned most towards she, and see who their neighbours are
# afterwards (Gonen and Goldberg, 2019). Would you sort applications with such vectors?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 沒有不見，只是那把尺量不到了。參考解答拿掉以後，housewife 最近的十個詞裡有 6 個和之前一樣：maid、waitress、widow 都在；dancer 有 7 個一樣。原來偏 she 的詞還是聚在一起，看鄰居就猜得出誰偏 she。
#
# 原因：偏見不是一個方向，而是許多詞一起出現的習慣，散在很多個方向。猜「投影是 0，所以公平」的人忘了，0 是照同一支箭頭量的，而我們剛剛才照著它把份量拿掉：這是出題的人自己改考卷。
#
# 所以篩選履歷不能放心。要看的不是向量，是結果：只差性別的兩份履歷，分數一樣嗎？練習 19 就這樣量。
#
# It is not gone, only out of reach of that ruler. After the removal by the sample solution 6 of the ten words nearest to housewife are the same as before, with maid, waitress and widow among them, and 7 of those nearest to dancer.
# Words that leaned towards she still stand together, and by its neighbours one can guess which of them leaned.
#
# Bias is not one direction but the habit of many words to occur together, spread over many directions. Who thought that a projection of 0 is fair forgot that the 0 was measured along the very arrow that we had just removed: so
# the examiners marked a paper of their own.
#
# So no, do not sort applications with them. Do not look at vectors but at what comes out: do two applications that differ in gender alone get one score? That is how lab 19 measures it.
#
# </details>

# %% [markdown]
# ## 參考資料 · References
#
# - T. Bolukbasi, K.-W. Chang, J. Zou, V. Saligrama, A. Kalai, [Man is to Computer Programmer as Woman is to Homemaker? Debiasing Word Embeddings](https://arxiv.org/abs/1607.06520), NIPS 2016 · 性別方向與拿掉它 · the gender direction and its removal
# - H. Gonen, Y. Goldberg, [Lipstick on a Pig](https://arxiv.org/abs/1903.03862), NAACL 2019 · 拿掉方向，偏見還在 · the bias outlives the removal

# %% [markdown]
# # 練習 15：改進情緒分析模型 · Lab 15: Improve the sentiment model
#
# 一篇影評是褒是貶？給你一條基準線：數一數有哪些詞，交給邏輯斯迴歸。你的任務很單純：做得更準。方法不限，測試準確率說了算。
#
# 目標：寫出 n-gram 特徵和單純貝氏（naive Bayes）的權重，再訓練一個贏過基準線的分類器。
#
# Is a review for or against? Here is a baseline: count which words occur and hand them to a logistic regression. Your task is simple: be more accurate. Any
# method will do; the test accuracy decides.
#
# Goal: write n-gram features and the weights of naive Bayes, then train a classifier that beats the baseline.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [14](../notebooks/14_imdb_introduction.ipynb)、[15](../notebooks/15_imdb_sentiment.ipynb) 課 · lessons [14](../notebooks/14_imdb_introduction.ipynb) and [15](../notebooks/15_imdb_sentiment.ipynb) |
# | 資料 · Data | IMDb 影評（Maas 等人，2011，供研究使用），自動下載 · IMDb reviews (Maas et al., 2011, for research use), fetched by itself |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | n-gram：相鄰的詞也是特徵 · n-grams: words side by side are features, too | 3 |
# | 2 | 每個特徵偏褒還是偏貶 · does a feature speak for or against | 3 |
# | 3 | 開放題：你的分類器 · open: a classifier of your own | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections import Counter

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from utils.data import datasets
from utils.notebook import checks, profile

TRAIN_REVIEWS = profile.choose(smoke=1_500, lesson=None, full=None)  # to learn from; None: all
GOAL = profile.choose(smoke=0.835, lesson=0.885, full=0.895)  # test accuracy of step 3
profile.seed(9)

(train_texts, train_labels), (test_texts, test_labels) = datasets.load_imdb()
train_texts, train_labels = list(train_texts[:TRAIN_REVIEWS]), np.asarray(train_labels[:TRAIN_REVIEWS])
practice_texts, practice_labels = list(test_texts[::2]), np.asarray(test_labels[::2])  # half of the test data, for you
print(datasets.describe("imdb"))
print(f"{len(train_texts):,} reviews to learn from, {train_labels.mean():.0%} positive; {len(practice_texts):,} to practise on")

# %% [markdown]
# ## 步驟 1：n-gram（3 分） · Step 1: n-grams (3 points)
#
# `good` 是褒，`not good` 是貶。把相鄰的 n 個詞當成一個特徵，就是 n-gram。例如 `["not", "a", "good", "film"]` 最大到 2：
#
# `good` is praise, `not good` is blame. n words side by side, taken as one feature, are an n-gram. For example `["not", "a", "good", "film"]` up to 2:
#
# ```python
# ["not", "a", "good", "film", "not a", "a good", "good film"]
# ```
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# 四個詞裡有幾個兩詞的片段？三詞的呢？一般的公式是什麼？要是文章比 n 還短呢？
#
# How many pairs are there in four words? How many triples? What is the formula, and what if the text is shorter than n?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ngrams(tokens, largest):
    """List the n-grams of a text, for n from 1 to `largest`.

    Args:
        tokens: list of words; may be empty.
        largest: whole number, at least 1.

    Returns:
        A list of strings, the words of each n-gram joined by one space. What occurs twice is listed twice; the order is up
        to you.
    """
    ### BEGIN SOLUTION
    return [" ".join(tokens[start:start + n]) for n in range(1, largest + 1) for start in range(len(tokens) - n + 1)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_ngrams(text, largest):
    """Check the n-grams of a text, in any order."""
    tokens = text.split()
    before = list(tokens)
    answer = ngrams(tokens, largest)
    name = f"「{text[:24]}」到 {largest} / {text[:24]!r} up to {largest}"
    checks.that(
        isinstance(answer, list | tuple) and all(isinstance(item, str) for item in answer), f"{name}：字串的串列 / a list of strings",
        "要傳回字串的串列。 / Return a list of strings.")
    checks.unchanged(tokens, before, f"{name}：tokens 沒變 / `tokens` is unchanged", "不能改到 tokens。 / Leave `tokens` as it is.")
    got = Counter(answer)
    for n in range(1, largest + 1):
        expected = Counter(" ".join(run) for run in zip(*(tokens[place:] for place in range(n)), strict=False))
        found = Counter({item: count for item, count in got.items() if len(item.split()) == n})
        if found != expected:
            checks.that(
                False, name, f"{n} 個詞的片段不對：應該有 {expected.total()} 個，你有 {found.total()} 個。頭尾有沒有漏掉？重複的有沒有都列出來？詞和詞之間是一個空格嗎？ / "
                f"The {n}-grams are wrong: there should be {expected.total()}, you have {found.total()}. Is the first or last missing? Is what occurs twice listed twice? Is there one space between words?")
    checks.that(
        got.total() == sum(max(0, len(tokens) - n + 1) for n in range(1, largest + 1)), f"{name}：一個不多，一個不少 / not one too many or too few",
        "多了不該有的片段：只要 1 到 largest 個詞的。 / There are n-grams too many: only those of 1 to `largest` words are wanted.")


check_ngrams("not a good film", 2)
check_ngrams("it was very very very good", 3)
check_ngrams("great", 3)
check_ngrams("", 2)

### BEGIN HIDDEN TESTS
check_ngrams("a b a b a b", 4)
check_ngrams("one two three", 3)
check_ngrams("the end", 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：偏褒還是偏貶（3 分） · Step 2: For or against (3 points)
#
# 一個特徵在褒的影評裡常見、在貶的影評裡少見，它就偏褒。單純貝氏這樣算（Wang 與 Manning，2012）。$f_i$ 是第 $i$ 篇影評的袋子：有這個特徵就是 1，沒有就是 0。
# $N_+$、$N_-$ 是褒和貶各有幾篇。
#
# A feature that is frequent in praise and rare in blame speaks for the film. Naive Bayes computes it like this (Wang and Manning, 2012). $f_i$ is the bag
# of review $i$: 1 where it has a feature, 0 elsewhere. $N_+$ and $N_-$ are the numbers of positive and negative reviews.
#
# $$p = \alpha + \sum_{y_i = 1} f_i \qquad q = \alpha + \sum_{y_i = 0} f_i \qquad
# r = \ln\frac{p\,/\sum p}{q\,/\sum q} \qquad b = \ln\frac{N_+}{N_-}$$
#
# 新的影評 $f$，如果 $f \cdot r + b > 0$，就判斷是褒。
#
# A new review $f$ is taken for positive if $f \cdot r + b > 0$.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 沒有 $\alpha$，一個從沒在褒的影評裡出現過的特徵，就會得到 $\ln 0$。袋子可能是 SciPy 的稀疏矩陣（sparse matrix）：`bags[labels == 1].sum(axis=0)` 會得到
# 一個 1 × n 的矩陣，用 `np.asarray(...).ravel()` 變成一維。
#
# Without $\alpha$ a feature that never occurs in praise gets $\ln 0$. The bags may be a sparse matrix of SciPy: `bags[labels == 1].sum(axis=0)` is a 1 × n
# matrix then, and `np.asarray(...).ravel()` makes it flat.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_count_ratio(bags, labels, smoothing):
    """Compute how much each feature speaks for a positive review.

    Args:
        bags: (reviews, features), 0 or 1: a NumPy array or a SciPy sparse array.
        labels: (reviews,), 1 for positive and 0 for negative; there is at least one of each.
        smoothing: the alpha of the formula, above 0.

    Returns:
        r, an array (features,), and b, a number.
    """
    ### BEGIN SOLUTION
    positive = labels == 1
    p = smoothing + np.asarray(bags[positive].sum(axis=0)).ravel()
    q = smoothing + np.asarray(bags[~positive].sum(axis=0)).ravel()
    ratio = np.log((p / p.sum()) / (q / q.sum()))
    return ratio, float(np.log(positive.sum() / (~positive).sum()))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_ratio(name, bags, labels, smoothing):
    """Compare with the formula, worked out one feature at a time."""
    with np.errstate(all="ignore"):
        answer = log_count_ratio(sparse.csr_array(bags) if "sparse" in name else bags.copy(), labels.copy(), smoothing)
    checks.that(isinstance(answer, tuple | list) and len(answer) == 2, f"{name}：r 和 b / r and b",
                "要傳回兩樣東西：r 和 b。 / Return two things, r and b.")
    counts = [[smoothing + sum(bag[j] for bag, label in zip(bags, labels, strict=True) if label == side) for j in range(bags.shape[1])]
              for side in (1, 0)]
    expected = [np.log(p / sum(counts[0])) - np.log(q / sum(counts[1])) for p, q in zip(*counts, strict=True)]
    checks.that(
        np.shape(answer[0]) != (bags.shape[1],) or not np.allclose(-np.asarray(answer[0]), expected) or np.allclose(expected, 0),
        f"{name}：方向對 / the right way round", "褒和貶弄反了。 / For and against are swapped.")
    checks.close(
        answer[0], expected, f"{name}：r 對 / r is right",
        "r 不對。平滑加了嗎？p 和 q 各自除以自己的總和了嗎？取的是自然對數嗎？ / "
        "r is wrong. Is the smoothing in it? Are p and q each divided by their own sum? Is it the natural logarithm?", 1e-9)
    checks.close(
        answer[1], np.log(np.sum(labels == 1) / np.sum(labels == 0)), f"{name}：b 對 / b is right",
        "b 不對：褒和貶的篇數不一樣多時，它不是 0。 / b is wrong: with unequal numbers of positive and negative reviews it is not 0.", 1e-9)


small = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 1, 1], [0, 0, 1]])
check_ratio("五篇 / five reviews", small, np.array([1, 1, 1, 0, 0]), 1.0)
check_ratio("平滑 0.1，稀疏 / smoothing 0.1, sparse", small, np.array([0, 1, 0, 0, 0]), 0.1)

vectorizer = CountVectorizer(ngram_range=(1, 2), min_df=2, binary=True)
bags = vectorizer.fit_transform(train_texts[:5_000])
r, b = log_count_ratio(bags, train_labels[:5_000], 1.0)
guesses = vectorizer.transform(practice_texts) @ r + b > 0
accuracy = np.mean(guesses == practice_labels)
checks.that(accuracy >= 0.8, f"單純貝氏的準確率 {accuracy:.1%} / naive Bayes is right in {accuracy:.1%}",
            f"小例子都對，真的影評只對了 {accuracy:.1%}。 / The small examples are right, but only {accuracy:.1%} of real reviews.")
order = np.argsort(r)
names = vectorizer.get_feature_names_out()
print("against:", ", ".join(names[order[:10]]), "\nfor:    ", ", ".join(names[order[:-11:-1]]))

### BEGIN HIDDEN TESTS
generator = np.random.default_rng(9)
for number, smoothing in enumerate((0.5, 2.0, 1.0)):
    check_ratio(f"隨機 {number}，sparse / random {number}", generator.integers(0, 2, (30, 8)), np.r_[1, 0, generator.integers(0, 2, 28)], smoothing)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：你的分類器（4 分） · Step 3: Your classifier (4 points)
#
# 下面是基準線。你來寫 `train_classifier`：拿到影評和標籤，傳回一個「影評進、機率出」的函式。
#
# 評分：在測試影評上的準確率要達到 `GOAL`（`lesson` 是 88.5 %）。測試的電影，訓練時幾乎都沒出現過，所以記住片名和演員沒有用。你看得到一半的測試影評；批改時用另一半，所以在看得到的這一半上一試再試，不見得有用。
#
# 傳回的函式什麼文字都要能處理：空的、中文的、一篇或幾千篇。
#
# Below is the baseline. You write `train_classifier`: given reviews and labels it returns a function, reviews in, probabilities out.
#
# The mark: an accuracy of `GOAL` on test reviews (88.5 % in `lesson`). Hardly any of their films occur in the training reviews, so remembering titles and actors
# is no use. You see half of them; the marking uses the other half, so trying again and again on the half you see may not help.
#
# The function must cope with any text: empty, Chinese, one review or thousands.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 第 15 課的表裡，誰最準、誰最快？步驟 1 的特徵、步驟 2 的權重、罕見的詞分量重一點（TF-IDF）、正則化的強度（`C`），都值得一試。用驗證資料來選：`datasets.load_imdb_with_validation()` 從訓練影評裡切出一份，同一部電影不會跨兩邊。
#
# In the table of lesson 15, which is most accurate, and which is quickest? The features of step 1, the weights of step 2, more weight for rare words (TF-IDF),
# the strength of regularisation (`C`): all are worth a try. Choose by validation data: `datasets.load_imdb_with_validation()`
# splits some off from the training reviews, so that no film stands on both sides.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "baseline", "locked": true, "schema_version": 3, "solution": false, "task": false}
baseline = make_pipeline(CountVectorizer(max_features=10_000, binary=True), LogisticRegression(C=0.1, max_iter=1_000))
baseline.fit(train_texts, train_labels)
print(f"baseline, bag of words: {np.mean(baseline.predict(practice_texts) == practice_labels):.1%}; goal: {GOAL:.1%}")


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_classifier(texts, labels):
    """Train a classifier.

    Args:
        texts: list of reviews, strings.
        labels: array, 1 for positive and 0 for negative, one for each review.

    Returns:
        A function: given a list of reviews it returns an array of as many probabilities, 0 ... 1, that each is positive.
    """
    ### BEGIN SOLUTION
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=20, max_iter=300)
    )
    model.fit(texts, labels)
    return lambda reviews: model.predict_proba(reviews)[:, 1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_step_3(predict, texts, labels, goal=GOAL):
    """Check what a classifier returns, then its accuracy."""
    p = np.asarray(predict(list(texts)))
    checks.that(
        p.shape == (len(texts),) and p.dtype.kind in "fiu" and bool(((p >= 0) & (p <= 1)).all()), "每篇一個機率 / one probability for each review",
        f"{len(texts)} 篇影評應該得到 {len(texts)} 個 0 到 1 的機率，你的形狀是 {p.shape}。 / "
        f"{len(texts)} reviews should get as many probabilities from 0 to 1; your shape is {p.shape}.")
    some = np.asarray(predict(list(texts[:3])))
    checks.that(
        some.shape == (3,) and np.allclose(some, p[:3], atol=1e-3), "一篇的答案和別篇無關 / a review's answer does not depend on others",
        "同一篇影評，和別的影評一起問，答案就變了。 / The same review gets another answer when asked with others.")
    odd = np.asarray(predict(["", "這部電影太好看了！", "<br />", "good " * 3_000]))
    checks.that(
        odd.shape == (4,) and bool(np.isfinite(odd).all()), "奇怪的文字也有答案 / odd texts get an answer, too",
        "空的、中文的、很長的文字，也要有機率。 / Empty, Chinese and very long texts need a probability, too.")
    accuracy = np.mean((p > 0.5) == labels)
    checks.that(
        accuracy >= goal, f"準確率 {accuracy:.1%}，目標 {goal:.1%} / accuracy {accuracy:.1%}, goal {goal:.1%}",
        f"準確率是 {accuracy:.1%}，目標是 {goal:.1%}。基準線少看了什麼？ / The accuracy is {accuracy:.1%}, the goal {goal:.1%}. What does the baseline not look at?")


@checks.beside_your_code
def trained(texts, labels):
    """Let `train_classifier` work from a fixed seed; return what it returns."""
    profile.seed(9)
    return train_classifier(texts, labels)


predict = trained(list(train_texts), train_labels.copy())
checks.that(callable(predict), "傳回一個函式 / a function is returned", "要傳回一個函式。 / Return a function.")
check_step_3(predict, practice_texts, practice_labels)

### BEGIN HIDDEN TESTS
check_step_3(predict, list(test_texts[1::2]), np.asarray(test_labels[1::2]), goal=GOAL - 0.01)  # chance must not decide
### END HIDDEN TESTS

# %% [markdown]
# ## 檢查與想一想 · Check, and think further
#
# 在終端機執行 `make check-lab LAB=15`，看看哪幾步過了。
#
# 🤔 準確率 91 % 和 90 %，2,500 篇影評分得出高下嗎？（標準誤大約 0.6 個百分點。）你的分類器最有自信的五個錯誤，是它錯，還是標籤錯？
#
# Run `make check-lab LAB=15` in a terminal to see which steps pass.
#
# 🤔 Can 2,500 reviews tell an accuracy of 91 % from one of 90 %? (The standard error is about 0.6 points.) Look at the five mistakes of which your classifier is
# surest: is it wrong, or the label?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 光看兩個準確率，不行。兩個數各有 0.6 的標準誤；如果是兩批不相干的影評，差距的標準誤是 $0.6 \times \sqrt 2 \approx 0.85$ 個百分點，差 1 個百分點只有它的 1.2 倍。
#
# 但兩個分類器讀的是**同一批**影評，可以成對比（第 15 課的 McNemar 檢定）：只看「一個對、一個錯」的。差 1 個百分點就是差 25 篇。如果是 100 篇對 75 篇，差距是 $25 / \sqrt{175} \approx 1.9$ 個標準差，還不夠；如果是 40 篇對 15 篇，$25 / \sqrt{55} \approx 3.4$，就很清楚。猜「樣本一樣大，結論就一樣」的人忘了看這一步。
#
# 五個錯誤要自己讀。IMDb 的標籤來自星數，4 顆以下是貶，7 顆以上是褒（Maas 等，2011）。文字在誇、星數卻很低，是標籤和文字不合；反話、先褒後貶、大段講劇情，多半是它錯。都要讀過才說得出來，準確率不會告訴你。
#
# By the two accuracies alone, no. Each has a standard error of 0.6; on two unrelated sets of reviews that of their difference would be $0.6 \times \sqrt 2 \approx 0.85$ points, and 1 point is just 1.2 times as much.
#
# But both classifiers read the **same** reviews, so compare them in pairs (McNemar's test of lesson 15): look only where one is right and the other wrong. One point is 25 reviews. If it is 100 reviews against 75, the difference is $25 / \sqrt{175} \approx 1.9$ standard deviations,
# not quite enough; if it is 40 against 15, it is $25 / \sqrt{55} \approx 3.4$, and clear. Who thought that samples of one size lead to one conclusion left this out.
#
# The five mistakes are for you to read. IMDb's labels come from stars, 4 or fewer for a negative review, 7 or more for a positive one (Maas et al., 2011). Where the text praises and the stars are few, label and text do not agree; irony, praise that turns
# into blame, or long passages of plot are mostly a fault of the classifier's. It takes reading to tell; the accuracy does not say.
#
# </details>

# %% [markdown]
# 參考資料 · References：S. Wang, C. D. Manning, [Baselines and Bigrams](https://aclanthology.org/P12-2018/), ACL 2012；
# A. L. Maas et al., [Learning Word Vectors for Sentiment Analysis](https://aclanthology.org/P11-1015/), ACL 2011

# %% [markdown] slideshow={"slide_type": "slide"}
# # 03 scikit-learn 與 Matplotlib · scikit-learn and Matplotlib
#
# 🗺 畫圖、分類、迴歸、分群；擋住資料洩漏 · Plot, classify, regress, cluster; stop data leaks
#
# 不是每個問題都需要深度學習。這一課用幾行程式訓練出實用的模型，也學會看穿「好到不像真的」的分數。
#
# 上完這一課，你可以
# 1. 用 Matplotlib 的圖（figure）與座標軸（axes）畫出想說的事；
# 2. 用同一套動作（匯入、`fit`、`transform`／`predict`）完成前處理、分類、迴歸、降維、分群與評估；
# 3. 用管線（pipeline）擋住資料洩漏（data leakage），並解釋少了它為什麼會自己騙自己。
#
# Not every problem needs deep learning. In this lesson a few lines train a useful model, and you learn to see
# through scores that are too good to be true.
#
# After this lesson you can
# 1. say what you mean with Matplotlib's figure and axes;
# 2. preprocess, classify, regress, reduce, cluster and evaluate with one set of moves: import, `fit`, `transform` or `predict`;
# 3. stop data leakage with a pipeline, and explain how you fool yourself without one.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [01](01_numpy.ipynb)：廣播、`axis`、標準差；[02](02_pandas.ipynb)：合併、缺值、鐵達尼號的三張表 · [01](01_numpy.ipynb): broadcasting, `axis`, standard deviation; [02](02_pandas.ipynb): joins, missing values, the three tables of the Titanic |
# | 學習時間 · Study time | 約 115 分鐘，含空格和問題 · about 115 minutes, with gaps and questions |
# | 資料 · Data | 鐵達尼號三張表（R. McKeown，MIT 授權）；scikit-learn 內附的 iris、wine、diabetes、digits（BSD 授權） · the Titanic in three tables (R. McKeown, MIT licence); iris, wine, diabetes and digits as they come with scikit-learn (BSD licence) |
# | 投影片 · Slides | 「前言 - Scikit-Learn」（LabelEncoder）、scikit-learn 速查表逐項、「前言 - Matplotlib」 · LabelEncoder, every entry of the scikit-learn sheet, Matplotlib |

# %% slideshow={"slide_type": "skip"}
import tempfile
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes, load_digits, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    adjusted_rand_score,
    classification_report,
    confusion_matrix,
    homogeneity_score,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    root_mean_squared_error,
    v_measure_score,
)
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    train_test_split,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    LabelEncoder,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    StandardScaler,
)
from sklearn.svm import SVC

from utils.data import datasets
from utils.models import evaluation
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
LEAK_REPEATS = profile.choose(smoke=2, lesson=10, full=50)  # data sets of pure noise in step 11
SEARCH_DRAWS = profile.choose(smoke=3, lesson=15, full=60)  # combinations tried in step 12
profile.seed(42)
np.set_printoptions(precision=3, suppress=True)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：畫圖 · Step 1: Draw
#
# 投影片上的四行：兩串數字，一條線。
#
# The four lines of the slide: two lists of numbers, one line.

# %% alt={"zh": "一條直線，從 (1, 2) 往右上到 (5, 6)。", "en": "One straight line that rises from (1, 2) to (5, 6)."} slideshow={"slide_type": "fragment"}
x = [1, 2, 3, 4, 5]
y = [2, 3, 4, 5, 6]
plt.plot(x, y)
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# `plt.plot` 很方便，但它畫在「目前的」座標軸上；圖一多，就不知道畫到哪裡去了。我們改成先拿到物件：**圖**（figure）是一張紙，**座標軸**（axes）是紙上的一個畫框，其他東西都屬於某個畫框。
#
# `plt.plot` is handy, but it draws on "the current" axes, and with several plots you soon lose track of which that is.
# So we ask for the objects first: the **figure** is a sheet of paper, the **axes** a frame on it, and everything else belongs to
# a frame.

# %% alt={"zh": "一個畫框裡有一條帶圓點的直線和一條虛線的曲線。箭頭指出各部分的名字：線、標記、刻度、框線，以及整個畫框。", "en": "A frame with a straight line with dots and a dashed curve. Arrows name the parts: line, marker, tick, spine, and the axes as the whole frame."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(7, 4.2))
ax.plot(x, y, marker="o", label="y = x + 1")
ax.plot(x, np.square(x) / 5, linestyle="--", label="y = x² / 5")
ax.set(title="title 標題", xlabel="x label", ylabel="y label", xlim=(0.5, 6.8), ylim=(0, 7))
ax.legend(loc="upper left", title="legend")
ax.spines[:].set_visible(True)
for part, target, place in [("line (ax.plot)", (4, 5), (4.6, 6.3)), ("marker", (3, 4), (1.9, 4.9)),
                            ("tick", (6, 0), (6.1, 1.0)), ("spine", (0.5, 1.2), (0.9, 0.5)),
                            ("axes = this frame", (6.78, 3.2), (5.0, 2.6))]:
    ax.annotate(part, target, xytext=place, color="#b03060",
                arrowprops={"arrowstyle": "->", "color": "#b03060"})
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一張紙可以有好幾個畫框。選圖之前先想問題：隨時間變化用線，兩個量的關係用點，比大小用長條，看分布用直方圖。
#
# A sheet can hold several frames. Think of the question before you choose the plot: change over time, a line; how two
# quantities go together, points; which is larger, bars; how values spread, a histogram.

# %% alt={"zh": "四個畫框：上下走動的折線；花瓣越長越寬的一片點；三根長條，山鳶尾最短，維吉尼亞鳶尾最長；有兩座山頭的直方圖。", "en": "Four frames: a wandering line; points for petals that are wider the longer they are; three bars, setosa the shortest and virginica the longest; a histogram with two humps."} slideshow={"slide_type": "fragment"}
iris = load_iris()
lengths, widths = iris.data[:, 2], iris.data[:, 3]
figure, axes = plt.subplots(2, 2, figsize=(8, 5.6))
axes[0, 0].plot(np.cumsum(np.random.default_rng(1).normal(size=100)))
axes[0, 0].set(title="line: change over time", xlabel="step", ylabel="position")
axes[0, 1].scatter(lengths, widths, s=12, color=plots.COLORS[1])
axes[0, 1].set(title="points: how two quantities go together",
               xlabel="petal length (cm)", ylabel="petal width (cm)")
means = [lengths[iris.target == kind].mean() for kind in range(3)]
axes[1, 0].bar(iris.target_names, means, color=plots.COLORS[2])
axes[1, 0].set(title="bars: which is larger", ylabel="mean petal length (cm)")
axes[1, 1].hist(lengths, bins=20, color=plots.COLORS[3])
axes[1, 1].set(title="histogram: how values spread", xlabel="petal length (cm)", ylabel="flowers")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 右下角的直方圖有兩座山。長條圖看得出這件事嗎？
#
# 🤔 The histogram has two hills. Would you know from the bars?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看不出來。長條只畫每一種花的平均（約 1.5、4.3、5.6 公分），一種花一個數字，看不到值怎麼分布、哪裡是空的。直方圖才看得到：2 公分到 3 公分之間幾乎沒有花。常見的錯是把三根長條當成三座山。
#
# No. The bars show only the mean of each species (about 1.5, 4.3 and 5.6 cm), one number each: not how the values
# spread, nor where there are none. The histogram shows that: hardly any flower lies between 2 and 3 cm. The usual
# mistake is to take the three bars for three hills.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# 把圖存成檔案只要一行 `savefig`，副檔名決定格式：
#
# One line, `savefig`, stores a figure; the file's ending picks the format:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with tempfile.TemporaryDirectory() as folder:
    for ending in ("png", "svg", "pdf"):
        figure.savefig(Path(folder, f"flowers.{ending}"))
    print(sorted(path.name for path in Path(folder).iterdir()))
    print("height, width, channels of the PNG:", plt.imread(Path(folder, "flowers.png")).shape)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：當年與今天 · Step 2: Then and now
#
# 投影片的速查表寫於 2016 年前後，有些名字已經不在了。下表前八列是速查表的寫法，後三列常見於舊教學文。「today it」那一欄不是抄的，是現在執行舊寫法得到的。
#
# The sheet on the slides dates from about 2016, and some of its names are gone. The first eight rows are the sheet's, the last three are
# common in old tutorials. The column "today it" is not copied from anywhere: it is what running the old line gives now.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
THEN_AND_NOW = [
    ("from sklearn.cross_validation import train_test_split",
     "from sklearn.model_selection import train_test_split"),
    ("from sklearn.cross_validation import cross_val_score",
     "from sklearn.model_selection import cross_val_score"),
    ("from sklearn.grid_search import GridSearchCV",
     "from sklearn.model_selection import GridSearchCV"),
    ("from sklearn.grid_search import RandomizedSearchCV",
     "from sklearn.model_selection import RandomizedSearchCV"),
    ("from sklearn.preprocessing import Imputer",
     "from sklearn.impute import SimpleImputer"),
    ("Imputer(missing_values=np.nan, strategy='mean', axis=0)",
     "SimpleImputer(missing_values=np.nan, strategy='mean')"),
    ("LinearRegression(normalize=True)",
     "make_pipeline(StandardScaler(), LinearRegression())"),
    ("np.random.randint(10, 5)",
     "np.random.default_rng(0).random((10, 5))"),
    ("OneHotEncoder(sparse=False)",
     "OneHotEncoder(sparse_output=False)"),
    ("mean_squared_error([1], [2], squared=False)",
     "root_mean_squared_error([1], [2])"),
    ("from sklearn.datasets import load_boston",
     "from sklearn.datasets import load_diabetes"),
]


def outcome(statement):
    """Run one statement and say how it ended."""
    try:
        exec(statement, globals().copy())
    except Exception as error:
        return type(error).__name__
    return "works"


rows = [(old, outcome(old), new, outcome(new)) for old, new in THEN_AND_NOW]
display.table(rows, columns=["then", "today it", "now", "and this"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# - `Imputer` 的 `axis` 沒有了：補值永遠一欄一欄補。`normalize` 沒有了：縮放是另一個步驟，要看得見。
# - 速查表的 `np.random.randint(10, 5)` 從來沒有動過：下限 10 比上限 5 還大。作者要的是 10 列 5 欄的亂數。
# - 波士頓房價資料集因為種族相關的欄位被移除；改用糖尿病資料集。
#
# 🤔 一段舊程式不能執行，和一段舊程式能執行卻給出別的答案，哪一種比較危險？
#
# - `axis` of `Imputer` is gone: values are filled column by column. `normalize` is gone: scaling is a step of its own, in plain sight.
# - The sheet's `np.random.randint(10, 5)` never worked: its lower bound 10 is above its upper bound 5. Meant were random numbers
#   in 10 rows and 5 columns.
# - The Boston housing data were removed for a column about race; the diabetes data take their place.
#
# 🤔 Old code that no longer runs, or old code that runs and answers differently: which is more dangerous?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 能執行、答案卻不同的比較危險。報錯的程式會停下來，你一定會去修；安靜的那一段，會讓錯的數字一路走進報告。會選「不能執行」，是把麻煩當成了危險。所以升級套件之後，要重跑一次、和舊的數字比對。
#
# The code that runs and answers differently. What fails stops, and you will mend it; the quiet one carries wrong
# numbers all the way into your report. To choose "no longer runs" is to take trouble for danger. So after an upgrade,
# run again and compare with the old numbers.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：匯入、fit、transform · Step 3: Import, fit, transform
#
# 投影片說，scikit-learn 的每個工具都是三個動作：**匯入**類別、用 `fit` 讓它看資料、用 `transform` 改變資料。先把鐵達尼號的三張表接起來（上一課的 `merge`），再照投影片把性別變成數字。
#
# The slide says that every tool of scikit-learn takes three moves: **import** the class, let it look at the data with `fit`,
# change the data with `transform`. Join the three tables of the Titanic (`merge`, last lesson), then turn the sex into numbers as
# on the slide.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic = datasets.load_titanic()
people = titanic.passengers.merge(titanic.family_info, on="PassengerId")
people = people.merge(titanic.tickets, on="Ticket", how="left")
print(people.shape)
display.table(people[["Survived", "Pclass", "Sex", "Age", "Fare", "Embarked"]].head(4))

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def sex_to_int(data):
    le = LabelEncoder()
    le.fit(["male", "female"])
    data["Sex"] = le.transform(data["Sex"])
    return data


coded = sex_to_int(people.copy())
print(coded["Sex"].head(4).tolist(), "was", people["Sex"].head(4).tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 我們寫的是 `["male", "female"]`，為什麼 male 不是 0？如果不寫 `.copy()`，`people` 會怎麼樣？
#
# 🤔 We wrote `["male", "female"]`, so why is male not 0? And what would happen to `people` without `.copy()`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) `LabelEncoder` 把類別照字母排，不管你寫的順序：female 是 0，male 是 1。(2) `people` 會被改掉：`data["Sex"] = …` 寫進的就是呼叫者的那張表，函式並沒有自己的副本。再呼叫一次就會報錯，因為 0 和 1 不是它認得的類別。寫入時複製保護的是「取出來的一部分」，不是整張傳進去的表。
#
# (1) `LabelEncoder` sorts the classes by the alphabet, whatever order you write: female is 0, male is 1. (2) `people`
# would be changed: `data["Sex"] = …` writes into the caller's table, since a function gets no copy of its own. A second
# call would fail, because 0 and 1 are no classes it knows. Copy-on-write guards a part that you take out, not a whole
# table that you pass on.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
encoder = LabelEncoder().fit(["male", "female"])
print("classes in alphabetical order:", encoder.classes_)
print("back again:", encoder.inverse_transform([0, 1]))
try:
    encoder.transform(["child"])
except ValueError as error:
    print("ValueError:", error)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 編號為什麼危險 · Why numbering is dangerous
#
# 兩種值編成 0 和 1 沒有問題。三種以上就不同了：對看大小或距離的模型，編號等於說有順序、有遠近。這裡用邏輯斯迴歸（logistic regression）：特徵各乘一個權重、加起來，再壓成 0 到 1 的機率。從姓名取出稱謂（Mr、Mrs、Miss、Master，其餘歸為 Other），用同一個模型、同樣的資訊，只換編碼方式。每位乘客都由沒看過他的模型回答（交叉驗證，步驟 10 再細說），所以可以一個一個比。
#
# Two values as 0 and 1 are fine. Three or more are another matter: to a model that looks at size or distance, numbers say that there is an
# order. Here it is logistic regression: each feature times a weight, added up, pressed into a probability from 0 to 1. Take the title out of
# the name (Mr, Mrs, Miss, Master, and Other for the rest), and change nothing but the encoding: same model, same information. Every
# passenger is answered by a model that has not seen this passenger (cross-validation, see step 10), so they can be compared one by one.

# %% [markdown] slideshow={"slide_type": "fragment"}
# one-hot 的意思是一種類別一欄：是就 1，不是就 0，每一列只有一個 1。
#
# ✏️ 先用 NumPy 自己做一次。`values` 是（人數,）的陣列，`kinds` 是（種類數,）；讓兩者廣播成一張（人數，種類數）的表。
#
# One-hot means a column for each category: 1 if it is the one, 0 if not, and a single 1 in each row.
#
# ✏️ Make it yourself in NumPy first. `values` is an array of shape (people,), `kinds` of shape (kinds,); let them broadcast to a table of
# (people, kinds).

# %% gap="one_hot" slideshow={"slide_type": "fragment"}
def to_one_hot(values, kinds):
    """Return a table of 0 and 1 with a row for each value and a column for each kind."""
    ### BEGIN SOLUTION
    return (values[:, None] == kinds).astype(int)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
found = to_one_hot(np.array(["cat", "dog", "cat", "owl", "dog"]), np.array(["cat", "dog", "owl"]))
checks.that(np.ndim(found) == 2, "是一張表。 It is a table.",
            "一個值一個編號還是編號；要一種類別一欄。 One number a value is still numbering; a column for each kind is wanted.")
checks.that(np.shape(found) != (3, 5), "一列一個人。 A row for each person.",
            "列和欄對調了：要站成一欄的是 values。 Rows and columns have changed places: it is the values that stand up as a column.")
checks.that(np.shape(found) == (5, 3), "形狀對了。 The shape is right.",
            f"五個值、三種，要 (5, 3)，現在是 {np.shape(found)}。 Five values of three kinds give (5, 3); this is {np.shape(found)}.")
checks.close(np.sum(found, axis=1), np.ones(5), "每一列只有一個 1。 A single 1 in each row.",
             "每一列要剛好一個 1：是的那一種 1，其他都是 0。 Each row has exactly one 1, for the kind that it is; the others are 0.")
checks.close(np.asarray(found, dtype=int), [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]], "1 都在對的欄。 Each 1 is in its column.",
             "1 放錯欄了：欄的順序就是 kinds 的順序。 A 1 is in the wrong column: columns come in the order of kinds.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# scikit-learn 的 `OneHotEncoder` 做同一件事，還會記得看過哪些類別。
#
# `OneHotEncoder` of scikit-learn does the same, and remembers which categories it has seen.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
title = people["Name"].str.extract(r", ([^.]+)\.")[0]
people["Title"] = title.where(title.isin(["Mr", "Mrs", "Miss", "Master"]), "Other")
as_number = OrdinalEncoder().fit_transform(people[["Title"]])
one_hot = OneHotEncoder(sparse_output=False).fit_transform(people[["Title"]])
print("ours is the same:", np.array_equal(one_hot, to_one_hot(people["Title"].to_numpy(dtype=object), np.unique(people["Title"]))))
example = people["Title"].drop_duplicates().sort_values()
rows = [(name, int(as_number[row, 0]), " ".join(str(int(bit)) for bit in one_hot[row]))
        for row, name in example.items()]
display.table(rows, columns=["title", "as a number", "one-hot"])

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
survived = people["Survived"]
print(f"always answer 'did not survive': {1 - survived.mean():.3f}")
another_order = OrdinalEncoder(categories=[["Mr", "Other", "Mrs", "Miss", "Master"]])
encodings = {"title by the alphabet": as_number, "title one-hot": one_hot,
             "title in another order": another_order.fit_transform(people[["Title"]])}
right = {}
for name, features in encodings.items():
    right[name] = cross_val_predict(LogisticRegression(), features, survived, cv=10) == survived
    print(f"{name}: accuracy {right[name].mean():.3f}")
gap = evaluation.paired_difference(right["title one-hot"], right["title by the alphabet"])
print(f"one-hot minus alphabet, same passengers: {gap:.2f}")

# %% alt={"zh": "兩張圖的淡色長條一樣：五種稱謂真正的存活比例，高低不一。左圖模型的點連成一條緩緩下降的線，碰不到長條頂端；右圖每個點都落在頂端。", "en": "The pale bars are the same in both: how many survived under five titles, high and low. On the left the model's points make a gently falling line that misses the tops; on the right each point lies on its bar's top."} slideshow={"slide_type": "subslide"}
names = list(example)
rates = people.groupby("Title")["Survived"].mean()[names]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
panels = (("title by the alphabet", as_number, "o-"), ("title one-hot", one_hot, "o"))
for ax, (name, features, style) in zip(axes, panels, strict=True):
    model = LogisticRegression().fit(features, survived)
    answers = model.predict_proba(features[example.index])[:, 1]
    ax.bar(names, rates, color="#c9d7e8", label="truly survived")
    ax.plot(names, answers, style, color=plots.COLORS[1], label="model's probability")
    ax.set_title(name)
axes[0].set(ylabel="share that survived", ylim=(0, 1))
axes[0].legend(loc="upper left")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 左邊：稱謂依字母編成 0 到 4，模型只能畫一條一路上升或一路下降的曲線，和「全部猜沒有生還」一樣差。右邊：每個稱謂有自己的一欄，準確率約 79 %，比左邊多 0.19（95 % 區間 0.14 到 0.24）。但換一種順序（`title in another order`，看過答案才排的），編號也有 80 %。編號好不好全憑順序；我們試遍 60 種（倒過來的算同一種），8 種和基準差不多，20 種接近 one-hot。one-hot 不必靠運氣。**特徵用 one-hot；`LabelEncoder` 只留給答案 y**（文件也這麼寫）；真的有順序的類別才用 `OrdinalEncoder`。
#
# 🤔 艙等 1、2、3 該當數字，還是 one-hot？怎麼決定？
#
# Left: with titles numbered 0 to 4 by the alphabet, the model can only draw one curve that rises or falls, and is no better than
# "nobody survived". Right: each title has a column of its own, and accuracy is about 79 %, more than the left by 0.19 (95 % interval 0.14
# to 0.24). But in another order (`title in another order`, made after a look at the answers), numbers get 80 %, too. All depends on the order: we
# tried all 60 (an order and its reverse count once), and 8 are close to the baseline, 20 close to one-hot. One-hot needs no luck. **One-hot for features; `LabelEncoder` is
# for the answers y only** (its documentation says so), and `OrdinalEncoder` for categories that truly have an order.
#
# 🤔 Should the classes 1, 2, 3 be numbers or one-hot? How would you decide?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩種都說得通，用訓練資料的交叉驗證決定。艙等真的有順序，編號沒有騙人；但編號也說「1 到 2」和「2 到 3」一樣遠，one-hot 不做這個假設，代價只是多兩欄。只用艙等時，我們量到兩種的準確率一樣（0.680）。常見的錯是背成「類別一律 one-hot」，或「是數字就當數字」。
#
# Both can be defended; cross-validation on the training data decides. Classes do have an order, so numbers do not lie;
# but they also say that 1 to 2 is as far as 2 to 3. One-hot does not assume that, and costs two more columns. With the
# class alone we measured the same accuracy for both (0.680). The usual mistake is a rule by heart: always one-hot, or
# always a number if it looks like one.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：資料長什麼樣子 · Step 4: What data look like
#
# X 是表格：一列一個樣本，一欄一個特徵；y 是每個樣本的答案。NumPy 陣列、pandas 的 DataFrame、SciPy 的稀疏矩陣都可以。速查表的例子有兩個錯：`randint(10, 5)`，還有 10 列資料卻只給了 9 個答案。改好之後：
#
# X is a table, one row a sample and one column a feature; y holds an answer for each sample. NumPy arrays, pandas DataFrames and
# SciPy's sparse matrices will all do. The sheet's example has two mistakes: `randint(10, 5)`, and 9 answers for 10 rows. Put right:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
X = np.random.default_rng(0).random((10, 5))
y = np.array(["M", "M", "F", "F", "M", "M", "F", "F", "F", "M"])
X[X < 0.7] = 0
print(X.shape, y.shape, "zeros:", int((X == 0).sum()))
for table in (X, pd.DataFrame(X), sparse.csr_array(X)):
    answers = KNeighborsClassifier(n_neighbors=3).fit(table, y).predict(table)
    print(type(table).__name__, "→", "".join(answers))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 考試的題目不能先給學生看。`train_test_split` 隨機留下一部分（預設四分之一）當測試資料；`random_state` 讓每次切得一樣，`stratify=y` 讓兩邊的類別比例相同。
#
# Nobody should see the exam beforehand. `train_test_split` sets a random part aside for testing, a quarter unless told otherwise;
# `random_state` makes every run split alike, and `stratify=y` keeps the shares of the classes equal on both sides.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print("default:   ", X_train.shape, X_test.shape, "test answers:", y_test)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, stratify=y, random_state=0)
print("stratified:", X_train.shape, X_test.shape, "test answers:", y_test)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：第一個完整的例子 · Step 5: A first complete example
#
# 速查表的「A Basic Example」，逐行照做：鳶尾花（iris）150 朵，量四個長度，分三種。k 近鄰（k-NN）找訓練資料裡最像的 5 朵，投票決定。
#
# The sheet's "A Basic Example", line by line: 150 irises, four lengths each, three species. k nearest neighbours (k-NN) looks for
# the 5 most similar flowers in the training data and lets them vote.

# %% [markdown] slideshow={"slide_type": "fragment"}
# 比長度之前先標準化：每一欄減平均、除以標準差，各欄才有一樣的發言權。平均和標準差是從資料學來的，所以只能看**訓練**資料；測試資料用同一把尺。
#
# ✏️ 寫出來：用 `train` 的平均和標準差，把 `table` 標準化。`table` 可以是訓練資料，也可以是測試資料。
#
# Before lengths are compared they are standardised: from each column its mean is taken, and it is divided by its standard deviation, so that all
# columns have an equal say. Mean and standard deviation are learned from data, so they may see the **training** data only; the test data are
# measured with the same ruler.
#
# ✏️ Write it: standardise `table` with the mean and the standard deviation of `train`. `table` may be the training or the test data.

# %% gap="scaled" slideshow={"slide_type": "fragment"}
def scaled_by(train, table):
    """Return the table, standardised column by column with mean and standard deviation of the training data."""
    ### BEGIN SOLUTION
    return (table - train.mean(axis=0)) / train.std(axis=0)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
known, unknown = iris.data[::2], iris.data[1:100:2] + 1.0
found = scaled_by(known, unknown)
checks.that(np.shape(found) == unknown.shape, "形狀不變。 The shape stays.", "要傳回和 table 一樣大的表。 Return a table as large as the one called table.")
checks.that(not np.allclose(np.mean(found, axis=0), 0), "測試資料用訓練資料的尺。 The test data are measured by the ruler of the training data.",
            "測試資料的平均剛好變成 0：你用了它自己的平均，等於先看了考題。 "
            "The test data have come to mean 0: their own mean was used, which is a look at the exam.")
ruler = scaled_by(known, known)
checks.close(np.mean(ruler, axis=0), np.zeros(4), "訓練資料每一欄的平均是 0。 Each column of the training data has mean 0.",
             "一欄一欄算平均：會消失的是「第幾朵花」那一軸。 Means go column by column: the axis that disappears is that of the flowers.")
checks.close(np.std(ruler, axis=0), np.ones(4), "標準差是 1。 The standard deviation is 1.",
             "減完平均，還要除以每一欄的標準差，不是變異數。 After the mean, divide by each column's standard deviation, not its variance.")
checks.close(found, StandardScaler().fit(known).transform(unknown), "和 StandardScaler 一樣。 The same as StandardScaler.",
             "平均和標準差都要來自 train。 Mean and standard deviation both come from train.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
X_train, X_test, y_train, y_test = train_test_split(
    iris.data, iris.target, test_size=0.5, random_state=42)
scaler = StandardScaler().fit(X_train)
knn = KNeighborsClassifier(n_neighbors=5)
knn.fit(scaler.transform(X_train), y_train)
y_pred = knn.predict(scaler.transform(X_test))
wrong = y_pred != y_test
print(f"accuracy: {accuracy_score(y_test, y_pred):.3f}, errors: {wrong.sum()} of {len(y_test)}")
print(f"the model's own score: {knn.score(scaler.transform(X_test), y_test):.3f}")
print("a flower it got wrong:", knn.predict_proba(scaler.transform(X_test))[wrong][0])

# %% alt={"zh": "花瓣長對花瓣寬。山鳶尾自成一群；另外兩種相鄰，三個圈起來的錯誤都在它們的交界。", "en": "Petal length against width. Setosa stands apart; the other two species touch, and the three circled mistakes lie where they meet."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(6.4, 3.8))
for kind, name in enumerate(iris.target_names):
    ax.scatter(*X_test[y_test == kind][:, 2:].T, s=22, label=name)
ax.scatter(*X_test[wrong][:, 2:].T, s=130, facecolors="none", edgecolors="black", label="wrong")
ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)", title="75 test flowers")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 答錯的花都在哪裡？再多量一個特徵，或再多收 100 朵，哪一種比較有機會改善？
#
# 🤔 Where do the errors lie? Would one more measurement help, or a hundred more flowers?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 都在 versicolor 和 virginica 的交界：三朵 virginica 被當成 versicolor。(2) 再多 100 朵同樣的花幫助不大：用四個長度，訓練的花從 60 朵加到 120 朵，30 種切法的平均準確率停在 0.95 到 0.96。多量一個特徵也要看量什麼：只用花瓣是 0.97 左右，加上花萼並沒有更好；要能把這兩種分開的特徵才有用。常見的錯是以為資料越多一定越好。
#
# (1) All on the border of versicolor and virginica: three virginica were taken for versicolor. (2) A hundred more
# flowers of the same kind help little: with all four lengths, going from 60 to 120 training flowers leaves the mean
# accuracy of 30 splits at 0.95 to 0.96. Another measurement helps only if it tells these two apart: petals alone give
# about 0.97, and adding the sepals is no better. The usual mistake is that more data must be better.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：前處理 · Step 6: Preprocessing
#
# 同樣三個動作，六種工具。先看前三個對同一小張表做了什麼。
#
# The same three moves, six tools. First, what three of them do to one small table.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
small = np.array([[1.0, -1.0, 200.0], [2.0, 0.0, 0.0], [0.0, 1.0, -100.0]])
standardized = StandardScaler().fit_transform(small)
normalized = Normalizer().fit_transform(small)
print("StandardScaler\n", standardized)
print("  column means", standardized.mean(axis=0).round(3) + 0.0, "stds", standardized.std(axis=0))
print("Normalizer\n", normalized)
print("  row lengths", np.linalg.norm(normalized, axis=1))
print("Binarizer\n", Binarizer(threshold=0.0).fit_transform(small))

# %% [markdown] slideshow={"slide_type": "fragment"}
# - 標準化（`StandardScaler`）一**欄**一欄做：平均變 0，標準差變 1。<br>`StandardScaler` goes by **columns**: mean 0, standard deviation 1.
# - 正規化（`Normalizer`）一**列**一列做：每個樣本的長度變 1，只留方向。<br>`Normalizer` goes by **rows**: each sample gets length 1, and only its direction stays.
# - 二元化（`Binarizer`）：比門檻大的變 1，其餘變 0。<br>`Binarizer`: above the threshold 1, the rest 0.

# %% alt={"zh": "同一批酒的三張圖。原始數值擠成一條直線；標準化之後散成一片，三種酒看得出來；正規化之後全落在一條細弧上。", "en": "The same wines three times. As measured they crowd on a vertical line; standardised they spread, and the three kinds show; normalised they all lie on a thin arc."} slideshow={"slide_type": "subslide"}
wine = load_wine()
alcohol_and_proline = wine.data[:, [0, 12]]
views = {"as measured": alcohol_and_proline,
         "StandardScaler": StandardScaler().fit_transform(alcohol_and_proline),
         "Normalizer": Normalizer().fit_transform(alcohol_and_proline)}
figure, axes = plt.subplots(1, 3, figsize=(10, 3.6))
for ax, (name, points) in zip(axes, views.items(), strict=True):
    for kind in range(3):
        ax.scatter(*points[wine.target == kind].T, s=12)
    ax.set(title=name, xlabel="alcohol")
    ax.margins(0.08)
axes[0].set(xlabel="alcohol (%)", ylabel="proline (mg/L)", xlim=(-850, 900), aspect="equal")
plt.show()

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
trials = {"k-NN, as measured": KNeighborsClassifier(),
          "k-NN after Normalizer": make_pipeline(Normalizer(), KNeighborsClassifier()),
          "k-NN after StandardScaler": make_pipeline(StandardScaler(), KNeighborsClassifier())}
right = {}
for name, model in trials.items():
    right[name] = cross_val_predict(model, wine.data, wine.target, cv=5) == wine.target
    print(f"{name}: accuracy {right[name].mean():.2f}")
*others, best = right
for other in others:
    gap = evaluation.paired_difference(right[best], right[other])
    print(f"{best} minus {other}: {gap:.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 左圖兩軸用同一把尺：酒精濃度差 1 % 和脯胺酸差 1 毫克一樣遠，於是距離幾乎全由脯胺酸決定。（13 個特徵的變異數加起來，脯胺酸占 99.8 %。）標準化讓 13 個特徵有同樣的發言權，同樣 178 瓶酒，比不縮放多對 0.26（95 % 區間 0.19 到 0.33）。`Normalizer` 適合只看比例的資料（例如詞頻）；這裡它遠不如標準化（差 0.17，區間 0.10 到 0.24）。
#
# 🤔 決策樹（decision tree）一次只看一個特徵的大小順序。它需要標準化嗎？
#
# The left panel uses one ruler for both axes: 1 % of alcohol is as far as 1 mg of proline, so proline alone decides what is near.
# (Of the variances of all 13 features together, proline has 99.8 %.) Standardising gives all 13 an equal say, and on the same 178 wines gets
# 0.26 more right than no scaling (95 % interval 0.19 to 0.33). `Normalizer` suits data where only proportions matter, such as word counts;
# here it is far behind (by 0.17, interval 0.10 to 0.24).
#
# 🤔 A decision tree looks at one feature at a time, and only at its order. Does it need standardising?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不需要。樹只問「這個特徵大於某個數嗎」，縮放不改變大小順序，門檻跟著縮放就好。我們量過：縮放前後，178 瓶酒有 177 瓶的答案相同，剩下那瓶的顏色深度正好等於門檻（4.8），縮放時的捨入把它推到另一邊。常見的錯是記成「前處理一律要標準化」；需要的是看距離或看權重大小的模型。
#
# No. A tree asks whether a feature is above some number; scaling keeps the order, and the threshold is scaled along. We
# measured it: before and after scaling, 177 of the 178 wines get the same answer, and the other one lies exactly on a
# threshold (colour intensity 4.8), where rounding in the scaling pushes it over. The usual mistake is to standardise
# always; those who need it are models that look at distances or at the size of weights.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 類別、缺值、多項式 · Categories, missing values, polynomials

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
sizes = pd.DataFrame({"size": ["S", "L", "M"], "port": ["Southampton", "Cherbourg", "Southampton"]})
ordered = OrdinalEncoder(categories=[["S", "M", "L"]]).fit_transform(sizes[["size"]])
encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(sizes[["port"]])
print("size, in its true order:", ordered.ravel())
print("port:", list(encoder.get_feature_names_out()), encoder.transform(sizes[["port"]]).tolist())
print("a port never seen before:", encoder.transform(pd.DataFrame({"port": ["Taipei"]})).tolist())
print("answers (y):", LabelEncoder().fit_transform(["M", "F", "F", "M"]))

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
ages = people[["Age"]]
print(f"{int(ages['Age'].isna().sum())} of {len(ages)} ages are missing")
for strategy in ("mean", "median"):
    imputer = SimpleImputer(missing_values=np.nan, strategy=strategy).fit(ages)
    print(f"filled with the {strategy}: {imputer.statistics_[0]:.2f} years")
known, missing = ages["Age"].notna().idxmax(), ages["Age"].isna().idxmax()
filled = SimpleImputer(strategy="median", add_indicator=True).fit_transform(ages)
print("with a column that says what was filled:", filled[[known, missing]].tolist())

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(PolynomialFeatures(5).fit_transform([[2.0]]))
print(list(PolynomialFeatures(2).fit(np.zeros((1, 2))).get_feature_names_out(["a", "b"])))

# %% [markdown] slideshow={"slide_type": "subslide"}
# 多項式特徵讓直線模型畫出曲線。次數是旋鈕：轉太小學不到，轉太大就把雜訊背起來，這就是過度擬合（overfitting）。圖上的 RMSE 是誤差平方的平均再開根號，單位和 y 相同。
#
# Polynomial features let a straight-line model draw curves. The degree is a knob: too low and it cannot learn, too high and it
# learns the noise by heart. That is overfitting. RMSE, in the titles, is the root of the mean squared error, in the unit of y.

# %% alt={"zh": "三條線配同一批點。次數 1 是直線，彎不過去；次數 5 順著波浪走；次數 15 緊追訓練點，在兩端亂擺，測試誤差最大。", "en": "Three fits to the same points. Degree 1 is straight and misses the wave; degree 5 follows it; degree 15 chases the training points and swings at both ends, with the largest test error."} slideshow={"slide_type": "fragment"}
rng = np.random.default_rng(3)
x_curve = np.sort(rng.uniform(0, 1, 60))[:, None]
y_curve = np.sin(2 * np.pi * x_curve[:, 0]) + rng.normal(0, 0.25, 60)
seen, unseen = slice(0, None, 3), np.arange(60) % 3 != 0
grid_points = np.linspace(x_curve[seen].min(), x_curve[seen].max(), 300)[:, None]
figure, axes = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True)
for ax, degree in zip(axes, (1, 5, 15), strict=True):
    model = make_pipeline(PolynomialFeatures(degree), StandardScaler(), LinearRegression())
    model.fit(x_curve[seen], y_curve[seen])
    errors = [root_mean_squared_error(y_curve[part], model.predict(x_curve[part]))
              for part in (seen, unseen)]
    ax.scatter(x_curve[unseen], y_curve[unseen], s=12, color="#b9c3cf", label="test")
    ax.scatter(x_curve[seen], y_curve[seen], s=22, label="training")
    ax.plot(grid_points, model.predict(grid_points), color=plots.COLORS[1])
    ax.set(title=f"degree {degree}\nRMSE training {errors[0]:.2f}, test {errors[1]:.2f}",
           xlabel="x", ylim=(-2.2, 2.2))
axes[0].set(ylabel="y")
axes[0].legend(loc="lower left")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 次數越高，訓練誤差越小。那為什麼不選最高的？你會用哪個數字來決定次數？
#
# 🤔 The higher the degree, the smaller the training error. Why not take the highest? Which number would you decide by?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 因為訓練誤差只說背得多熟：15 次的訓練誤差約 0.15，沒看過的點卻約 1.2；5 次是 0.20 和 0.45。(2) 用沒拿來訓練的資料的誤差，也就是驗證資料或交叉驗證。不能用測試資料挑：挑過之後，它就不再是考題了。而且這裡只有 20 個訓練點，交叉驗證的數字也會跳得厲害。
#
# (1) Because the training error only says how well it was learned by heart: degree 15 has about 0.15 there, but about
# 1.2 on unseen points; degree 5 has 0.20 and 0.45. (2) By the error on data not trained on: validation data or
# cross-validation. Not by the test data: once they have chosen, they are an exam no more. And with 20 training points,
# even cross-validation jumps about.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：四個模型，同一套動作 · Step 7: Four models, one set of moves
#
# 監督式學習（supervised learning）：有答案可學。`fit(X, y)` 之後 `predict(X)`，換模型只要換一個名字。新面孔有兩個：線性 SVC（支援向量機）找一條離兩邊都最遠的界線；單純貝氏（naive Bayes）假設同一類裡各特徵互不相干、都是鐘形分布。
#
# Supervised learning has answers to learn from: `fit(X, y)`, then `predict(X)`. Another model is just another name. Two are new: linear SVC
# (a support vector machine) looks for the border that is furthest from both sides; naive Bayes assumes that within a class the features have
# nothing to do with one another, each with a bell curve.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
models = {"k-NN": KNeighborsClassifier(n_neighbors=5), "SVC, linear": SVC(kernel="linear"),
          "naive Bayes": GaussianNB(), "logistic regression": LogisticRegression()}
X_train, X_test, y_train, y_test = train_test_split(
    wine.data, wine.target, stratify=wine.target, random_state=0)
scaler = StandardScaler().fit(X_train)
right = {}
for name, model in models.items():
    model.fit(scaler.transform(X_train), y_train)
    right[name] = model.predict(scaler.transform(X_test)) == y_test
    print(f"{name}: {right[name].sum()} of {len(y_test)} right, accuracy {right[name].mean():.2f}")
test = evaluation.mcnemar(right["logistic regression"], right["k-NN"])
print(f"first and last: {test.only_first} bottles against {test.only_second}, p = {test.p_value:.2f}")

# %% alt={"zh": "四個模型把花瓣的平面切成三塊，三種鳶尾花的點都一樣。k-NN 的界線參差，線性 SVC 和邏輯斯迴歸是直的，單純貝氏是彎的。", "en": "Four models cut the plane of petals into three regions, under the same points of three irises. The borders of k-NN are ragged, those of linear SVC and logistic regression straight, those of naive Bayes curved."} slideshow={"slide_type": "subslide"} tags=["thumbnail"]
petals = iris.data[:, 2:]
colors = plots.COLORS[:3]
figure, axes = plt.subplots(2, 2, figsize=(8, 6), sharex=True, sharey=True)
for ax, (name, model) in zip(axes.flat, models.items(), strict=True):
    model.fit(petals, iris.target)
    DecisionBoundaryDisplay.from_estimator(model, petals, response_method="predict", ax=ax,
                                           multiclass_colors=list(colors), alpha=0.25)
    for kind, color in enumerate(colors):
        ax.scatter(*petals[iris.target == kind].T, s=20, color=color, edgecolor="white", lw=0.4)
    ax.set(title=name, xlabel="", ylabel="")
figure.supxlabel("petal length (cm)", fontsize=11)
figure.supylabel("petal width (cm)", fontsize=11)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 考題只有 45 瓶，一瓶就是 2 個百分點。第一名和最後一名只差 3 瓶。McNemar 檢定只數「一個對、一個錯」的樣本：3 比 0，就像擲三次銅板都出同一面，機率是 0.25（p = 0.25），排不出名次。
#
# 同樣的點，不同的地盤：k-NN 的邊界跟著鄰居彎，線性 SVC 和邏輯斯迴歸用直線，單純貝氏（naive Bayes）用橢圓的交界。
#
# 🤔 花瓣長 6 公分、寬 0.5 公分的花不在任何一群裡。四個模型還是會給答案，而且答案不全一樣，這樣好嗎？
#
# The exam has 45 bottles; one is 2 points. First and last are 3 bottles apart. McNemar's test counts only the samples that one has right and
# the other wrong: 3 to 0 is like three coins that all show the same side, which has probability 0.25 (p = 0.25): no ranking.
#
# The same points, different territories: k-NN bends with the neighbours, linear SVC and logistic regression draw straight lines,
# naive Bayes draws where ellipses meet.
#
# 🤔 A flower with petals 6 cm long and 0.5 cm wide is in none of the groups. All four models answer anyway, and not all alike. Is that good?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不好，因為沒有一個模型說「我沒看過這種花」。k-NN 說 virginica，而且機率是 1；其他三個說 versicolor，其中單純貝氏和邏輯斯迴歸給的機率約 0.65。常見的錯是把高機率當成可靠：機率只在學過的類別之間分配。要另外檢查，例如離最近的訓練資料有多遠。
#
# It is not good: none of them says "I have never seen such a flower". k-NN says virginica with probability 1; the other
# three say versicolor, naive Bayes and logistic regression with a probability of about 0.65. The usual mistake is to
# take a high probability for reliable: it is only shared out among the classes that were learned. Check apart, for
# example how far the nearest training sample is.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
svc = SVC(kernel="linear").fit(X, y)
print("two samples of noise, two answers:", svc.predict(np.random.default_rng(5).random((2, 5))))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 迴歸 · Regression
#
# 答案是數字，就是迴歸（regression）。442 位糖尿病患者、10 個特徵，預測一年後的病況指數（25 到 346）。
#
# When the answer is a number, it is regression. 442 patients with diabetes, 10 features; predict how far the disease has gone a year
# later, as a score of 25 to 346.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
diabetes = load_diabetes()
X_train, X_test, y_train, y_true = train_test_split(diabetes.data, diabetes.target, random_state=0)
lr = make_pipeline(StandardScaler(), LinearRegression())
lr.fit(X_train, y_train)
y_pred = lr.predict(X_test)
always_mean = np.full_like(y_true, y_train.mean())
rows = [(name, f"{mean_absolute_error(y_true, guess):.1f}",
         f"{mean_squared_error(y_true, guess):.0f}", f"{root_mean_squared_error(y_true, guess):.1f}",
         f"{r2_score(y_true, guess):.3f}")
        for name, guess in (("linear regression", y_pred), ("always the mean", always_mean))]
print(f"lr.score: {lr.score(X_test, y_true):.3f}")
gain = evaluation.paired_difference(np.abs(always_mean - y_true), np.abs(y_pred - y_true))
print(f"MAE saved, same {len(y_true)} patients: {gain:.1f}")
display.table(rows, columns=["", "MAE", "MSE", "RMSE", "R²"])

# %% alt={"zh": "散開的點和一條對角的虛線。低分的病人多半預測得太高，高分的多半太低。", "en": "Scattered points and a dashed diagonal. Patients with low scores are mostly predicted too high, those with high scores too low."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(4.6, 4.2))
ax.scatter(y_true, y_pred, s=16)
ax.plot([25, 346], [25, 346], color="#888888", linestyle="--", linewidth=1)
ax.set(xlabel="true score", ylabel="predicted score", title="perfect answers lie on the line",
       aspect="equal")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# MAE 的單位和答案相同，最好懂；MSE 重罰大錯；R² 是 1 減去「剩下的誤差占多少」，0 等於永遠猜平均，還可以是負的。同樣 111 位病人，模型的 MAE 比永遠猜平均少 13（95 % 區間 6 到 21）。
#
# 🤔 低分的病人，模型猜得偏高還是偏低？為什麼迴歸的答案總往中間靠？
#
# MAE has the unit of the answers and is the easiest to read; MSE punishes large errors; R² is 1 minus the share of error that is
# left, 0 equals always guessing the mean, and it can be negative. On the same 111 patients the model's MAE is 13 below that of always guessing
# the mean (95 % interval 6 to 21).
#
# 🤔 For patients with low scores, does the model guess too high or too low? Why do its answers lean to the middle?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 偏高：真分數最低的三分之一（37 人），平均 77 分，模型平均猜 115，37 人裡有 28 人猜得太高；最高的三分之一則相反，234 猜成 193。(2) 因為這些特徵只解釋了一部分的變化（R² 約 0.36）。不知道的部分，最不吃虧的猜法是靠近平均。這不是程式的錯，也不是把答案往外拉就能修好的。
#
# (1) Too high: the lowest third (37 patients) have a true mean of 77, the model guesses 115 on average, and 28 of the
# 37 too high; in the highest third it is the other way round, 193 for 234. (2) Because the features explain only part
# of the variation (R² about 0.36), and for the rest the cheapest guess is near the mean. It is no bug, and stretching
# the answers would not mend it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：沒有答案也能學 · Step 8: Learning without answers
#
# 非監督式學習（unsupervised learning）只有 X。PCA 找出變化最大的方向；k-means 把樣本分成 k 群。
#
# Unsupervised learning has X only. PCA finds the directions in which data vary most; k-means sorts samples into k groups.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
digits = load_digits()
pca = PCA(n_components=0.95)
pca_model = pca.fit_transform(digits.data)
print("8×8 pictures:", digits.data.shape, "→ 95 % of the variance:", pca_model.shape)
print("the first two keep", f"{pca.explained_variance_ratio_[:2].sum():.0%}")

# %% alt={"zh": "左：曲線先陡後平，留大約 29 個數就碰到 95 % 的虛線。右：十種顏色的點，0、4、6 在邊上各成一群，中間的數字混在一起。", "en": "Left: a curve, steep and then flat, meets the dashed line at 95 % with about 29 numbers. Right: points in ten colours; 0, 4 and 6 stand apart near the rim, and digits mix in the middle."} slideshow={"slide_type": "fragment"}
kinds = digits.target
figure, axes = plt.subplots(1, 2, figsize=(10, 4.4), width_ratios=(1, 1.25))
axes[0].plot(range(1, 65), np.cumsum(PCA().fit(digits.data).explained_variance_ratio_))
axes[0].axhline(0.95, color="#888888", linestyle="--", linewidth=1)
axes[0].set(xlabel="numbers kept", ylabel="share of variance", title="how much is kept",
            ylim=(0, 1.02))
points = axes[1].scatter(*pca_model[:, :2].T, c=kinds, cmap="tab10", s=8, vmin=-0.5, vmax=9.5)
axes[1].set(title="64 pixels seen in two directions", xlabel="first direction",
            ylabel="second direction")
figure.colorbar(points, ax=axes[1], ticks=range(10), label="digit")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 PCA 沒看過任何標籤，同一個數字卻聚在一起。哪幾個數字最難分？（第 20 課會用類神經網路再壓縮一次。）
#
# 🤔 PCA has seen no label, yet equal digits lie together. Which ones overlap most? (Lesson 20 compresses again, with a network.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 5 和 8。只看這兩個方向，用 15 個鄰居投票，62 % 認得出來，而 5 只有 24 %、8 只有 33 %；最常互相弄錯的是 8 和 5、8 和 1。這不表示圖片本身難分：29 個方向全用，就有 95 %。常見的錯是看到平面上重疊，就以為資料裡也重疊。
#
# 5 and 8. With these two directions and a vote of 15 neighbours, 62 % are recognised, but only 24 % of the 5s and 33 %
# of the 8s; 8 and 5, and 8 and 1, are confused most often. That does not make the pictures hard: all 29 directions give
# 95 %. The usual mistake is to think that what overlaps in the plane overlaps in the data.
#
# </details>

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
flowers = StandardScaler().fit_transform(iris.data)
kmeans = KMeans(n_clusters=3, n_init=10, random_state=0)
clusters = kmeans.fit(flowers).predict(flowers)
print("adjusted Rand index", round(adjusted_rand_score(iris.target, clusters), 2))
print("homogeneity        ", round(homogeneity_score(iris.target, clusters), 2))
print("V measure          ", round(v_measure_score(iris.target, clusters), 2))
print("accuracy           ", round(accuracy_score(iris.target, clusters), 2), "← no use. Why?")

# %% alt={"zh": "左邊照品種上色，右邊照 k-means 的分群上色。離得遠的那一群完全一樣，另外兩群只在交界處分得不同。", "en": "Coloured by species on the left, by the groups of k-means on the right. The group that stands apart is the same; the other two differ only where they meet."} slideshow={"slide_type": "fragment"}
figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
panels = (("species", iris.target), ("k-means, told only 'three'", clusters))
for ax, (name, groups) in zip(axes, panels, strict=True):
    for kind in range(3):
        ax.scatter(*petals[groups == kind].T, s=14)
    ax.set(title=name, xlabel="petal length (cm)")
axes[0].set(ylabel="petal width (cm)")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 群的編號是隨便給的，換個編號分群並沒有變，準確率卻會變，所以不能用準確率。ARI 看「兩朵花在不在同一群」：完全一致是 1，亂分約為 0。同質性（homogeneity）問每一群是否只有一種花；V measure 還加上「同一種花是否在同一群」。
#
# 🤔 如果告訴 k-means 有 150 群，同質性會是多少？所以單看同質性有什麼問題？
#
# The numbers of the groups are arbitrary: renumbering changes accuracy but not the grouping, so accuracy will not do. ARI asks
# whether two flowers share a group: 1 is full agreement, about 0 a random sorting. Homogeneity asks whether each group holds one
# species only; the V measure adds whether each species lies in one group.
#
# 🤔 Tell k-means there are 150 groups: what is the homogeneity then? So what is wrong with homogeneity alone?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 是 1：每群只有一朵花（有兩朵一模一樣，所以其實是 149 群），當然只有一種。(2) 它獎勵切得越碎越好，不管同一種花被拆散。這時 V measure 只有 0.36，ARI 是 0.00，才說出分得沒有意義。常見的錯是看到 1 就以為完美。
#
# (1) 1: each group is a single flower (two are identical, so there are really 149 groups), and so of one species. (2)
# It rewards cutting into ever smaller pieces, and does not mind that a species is torn apart. The V measure is then
# only 0.36 and ARI 0.00, which tells how useless the grouping is. The usual mistake is to take the 1 for perfect.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：分類的成績單 · Step 9: A report card for classifiers
#
# 準確率（accuracy）一個數字藏住很多事。混淆矩陣（confusion matrix）告訴你**把什麼錯當成什麼**。
#
# Accuracy is one number that hides many things. A confusion matrix tells **what was taken for what**.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
X_train, X_test, y_train, y_test = train_test_split(
    digits.data, digits.target, stratify=digits.target, random_state=0)
gnb = GaussianNB()
gnb.fit(X_train, y_train)
y_pred = gnb.predict(X_test)
print(classification_report(y_test, y_pred, digits=2))

# %% alt={"zh": "10×10 的表，橫的是預測，直的是真正的數字。對角線上的最多；8 那一欄的錯誤最深，尤其 2 常被當成 8。", "en": "A table of 10×10, predicted across, true digits down. Most counts are on the diagonal; of the errors the column of 8 is darkest, above all 2s taken for 8."} slideshow={"slide_type": "fragment"}
plots.confusion(confusion_matrix(y_test, y_pred), labels=range(10), title="naive Bayes on digits")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 精確率（precision）：說是 8 的，真的是 8 的比例。召回率（recall）：真的 8，被認出來的比例。F1 是兩者的調和平均，support 是樣本數。
#
# ✏️ 從混淆矩陣自己算一次。`matrix[i, j]` 是「真的 $i$、說成 $j$」的個數：一列是同一個正解，一欄是同一個回答。依序傳回 `kind` 的精確率和召回率。
#
# Precision: of those called 8, how many are. Recall: of the true 8s, how many were found. F1 is their harmonic mean, support the
# number of samples.
#
# ✏️ Work them out from the confusion matrix. `matrix[i, j]` counts the true $i$ that were called $j$: a row has one truth, a column one answer.
# Return precision and recall of `kind`, in this order.

# %% gap="precision" slideshow={"slide_type": "fragment"}
def precision_and_recall(matrix, kind):
    """Return the precision and the recall of one class from a confusion matrix."""
    ### BEGIN SOLUTION
    right = matrix[kind, kind]
    return right / matrix[:, kind].sum(), right / matrix[kind].sum()
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
found = precision_and_recall(np.array([[6, 2, 0], [1, 3, 4], [0, 5, 9]]), 1)
checks.that(isinstance(found, tuple | list | np.ndarray) and len(found) == 2, "兩個數都有。 Both numbers are there.",
            "要傳回兩個數：先精確率，再召回率。 Return two numbers: first precision, then recall.")
checks.that(not np.allclose(found, [3 / 8, 3 / 10]), "精確率在前，看欄；召回率在後，看列。 Precision first, by column; recall second, by row.",
            "兩個對調了：精確率的分母是「說成這一類」的全部，那是一欄。 "
            "They have changed places: precision divides by all that were called so, which is a column.")
checks.that(not np.allclose(found, [3 / 18, 3 / 18]), "分母是一類的個數。 The denominators belong to one class.",
            "分母不是答對的總數，也不是全部的樣本。 The denominator is not all right answers, nor all samples.")
checks.close(found, [3 / 10, 3 / 8], "精確率和召回率都對。 Precision and recall are right.",
             "分子是對角線上的那一格，分母是那一欄、那一列的總和（對角線也算進去）。 "
             "Above stands the cell on the diagonal, below the sum of its column or its row, the diagonal included.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
precision, recall = precision_and_recall(confusion_matrix(y_test, y_pred), 8)
print(f"the 8: precision {precision:.2f}, recall {recall:.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 這個模型最愛猜哪個數字？從矩陣的哪一欄看得出來？它的精確率和召回率哪個高？
#
# 🤔 Which digit does this model like to guess? Which column of the matrix shows it? Is that digit's precision the higher, or its
# recall?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 8：它說了 71 次 8，真的 8 只有 43 個。(2) 看 8 的那一**欄**，整欄都是「被說成 8」的，其中 15 個其實是 2、6 個是 3。看成列是常見的錯：列是「真的 8 去了哪裡」。(3) 召回率高（0.86 對 0.52）：愛說 8，就不容易漏掉 8，但說的常常不對。
#
# (1) The 8: it says 8 71 times, though there are 43. (2) The *column* of 8 holds all that was called 8, among them 15
# that are 2s and 6 that are 3s. To read the row is the usual mistake: the row says where the true 8s went. (3) Its
# recall (0.86 against 0.52): who likes to say 8 misses few of them, but is often wrong.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：一次考試不算數 · Step 10: One exam is not enough
#
# 只切一次，成績要看運氣。交叉驗證（cross-validation）把資料切成幾份，輪流當測試，就有一組成績。
#
# With one split the score is partly luck. Cross-validation cuts the data into parts that take turns at being the test, and gives a
# set of scores.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
X_train, X_test, y_train, y_test = train_test_split(
    iris.data, iris.target, test_size=0.5, random_state=42)
knn = KNeighborsClassifier(n_neighbors=5)
print("k-NN, 4 parts:   ", cross_val_score(knn, X_train, y_train, cv=4))
print("lr (R²), 2 parts:", cross_val_score(lr, diabetes.data, diabetes.target, cv=2))
scores = []
for seed in range(100):
    train_x, test_x, train_y, test_y = train_test_split(
        iris.data, iris.target, test_size=0.2, random_state=seed)
    scores.append(KNeighborsClassifier().fit(train_x, train_y).score(test_x, test_y))
print(f"100 different splits: from {min(scores):.2f} to {max(scores):.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 有人報告 1.00 的準確率。只憑上面最後一行，你會想先問他什麼？
#
# 🤔 Someone reports an accuracy of 1.00. Given the last line above, what would you ask first?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 先問：測試了幾個樣本、切了幾次、這一次是不是挑出來的？上面 100 種切法，平均是 0.96，卻有 22 種是 1.00：同一個模型，只是切得巧。30 朵全對，95 % 區間也還有 0.89 到 1.00。常見的錯是先問用了什麼模型。
#
# Ask first: how many test samples, how many splits, and was this one picked? Of the 100 splits above the mean is 0.96,
# yet 22 give 1.00: the same model, a lucky cut. And 30 of 30 right still has a 95 % interval of 0.89 to 1.00. The usual
# mistake is to ask about the model first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 調整超參數 · Tuning hyperparameters
#
# 超參數（hyperparameter）是我們選的，不是學來的。格點搜尋（grid search）每個組合都試；隨機搜尋（randomized search）抽幾個來試。
#
# Hyperparameters are chosen by us, not learned. Grid search tries every combination; randomised search tries some of them.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
knn = KNeighborsClassifier()
params = {"n_neighbors": np.arange(1, 3), "metric": ["euclidean", "cityblock"]}
grid = GridSearchCV(estimator=knn, param_grid=params)
grid.fit(X_train, y_train)
print(f"grid: best score {grid.best_score_:.3f}, n_neighbors={grid.best_estimator_.n_neighbors}, "
      f"{grid.best_params_['metric']}")

params = {"n_neighbors": np.arange(1, 3), "weights": ["uniform", "distance"]}
search = RandomizedSearchCV(estimator=knn, param_distributions=params, n_iter=8, random_state=5)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    search.fit(X_train, y_train)
print(f"randomised: best score {search.best_score_:.3f}")
print("the sheet's n_iter=8 gives a warning:", str(caught[0].message).split(".")[0])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 速查表只試 1 和 2 個鄰居，又要從 4 個組合裡抽 8 次。合理的範圍大得多，而且要看**曲線**，不是只看最高的那一點：
#
# The sheet tries 1 and 2 neighbours only, and draws 8 times from 4 combinations. A sensible range is much wider, and you should look
# at the **curve**, not only at its highest point:

# %% alt={"zh": "橫軸是鄰居數，直軸是準確率。鄰居很少時訓練高過交叉驗證；大約 10 個以後兩條線都平，帶子很寬；超過 40 個，交叉驗證往下掉。", "en": "Accuracy against the number of neighbours. With very few, training is above cross-validation; from about 10 on both are flat inside a wide band; beyond 40 cross-validation sinks."} slideshow={"slide_type": "fragment"}
model = make_pipeline(StandardScaler(), KNeighborsClassifier())
parts = StratifiedKFold(10, shuffle=True, random_state=0)
neighbours = np.arange(1, 60, 2)
wide = GridSearchCV(model, {"kneighborsclassifier__n_neighbors": neighbours}, cv=parts,
                    return_train_score=True)
results = wide.fit(wine.data, wine.target).cv_results_
mean, spread = results["mean_test_score"], results["std_test_score"]
figure, ax = plt.subplots(figsize=(7, 3.4))
ax.plot(neighbours, results["mean_train_score"], label="training")
ax.plot(neighbours, mean, label="cross-validation")
ax.fill_between(neighbours, mean - spread, np.minimum(mean + spread, 1), color=plots.COLORS[1],
                alpha=0.15, linewidth=0, label="± one standard deviation")
ax.set(xlabel="neighbours", ylabel="accuracy", title="wine: how many?", ylim=(0.84, 1.005))
ax.legend(loc="lower left")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 從 1 個鄰居到 59 個，交叉驗證的準確率都在 0.95 到 0.98 之間，高低差和陰影（各份之間的標準差）差不多。最高的那一點不必當真；而且從 30 個成績裡挑最高的，本來就偏高。
#
# From 1 neighbour to 59, the cross-validated accuracy lies between 0.95 and 0.98: the ups and downs are about as large as the shade, the
# standard deviation over the parts. The highest point need not be taken seriously; and the best of 30 scores leans high anyway.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：資料洩漏 · Step 11: Data leakage
#
# 速查表的標準化做得對：`fit` 只用 `X_train`。但是到了 `cross_val_score(knn, X_train, y_train)`，它沒有說前處理該放哪裡；很多人就先把**整份**資料前處理好，再做交叉驗證。我們用失敗來看後果。資料是純雜訊：2,000 個隨機特徵，答案一半是 0、一半是 1，和特徵毫無關係。**平均來說，沒有任何模型能比亂猜的 50 % 好。**
#
# 先用 `SelectKBest` 在整份資料上挑出和答案最相關的 20 個特徵，再交叉驗證：
#
# The sheet standardises rightly: `fit` sees `X_train` only. But at `cross_val_score(knn, X_train, y_train)` it does not say where the
# preprocessing belongs, and many people preprocess the **whole** data first and cross-validate afterwards. We look at the consequences by
# failing. The data are pure noise: 2,000 random features, and answers that are half 0 and half 1 and have nothing to do with them. **On
# average, no model can do better than a guess, 50 %.**
#
# First, `SelectKBest` picks the 20 features that go best with the answers, from the whole data; then cross-validation:

# %% slideshow={"slide_type": "fragment"}
def pure_noise(seed):
    """Return 100 samples of 2,000 random features, answers that have nothing to do with them, and five parts to test on in turn."""
    rng = np.random.default_rng(seed)
    noise, answers = rng.normal(size=(100, 2000)), np.repeat([0, 1], 50)
    return noise, answers, StratifiedKFold(5, shuffle=True, random_state=seed)


def leaky_accuracy(seed):
    noise, answers, parts = pure_noise(seed)
    best = SelectKBest(k=20).fit_transform(noise, answers)  # has seen every test answer
    return cross_val_score(LogisticRegression(), best, answers, cv=parts).mean()


leaked = [leaky_accuracy(seed) for seed in range(LEAK_REPEATS)]
print(f"selected before the split: accuracy {np.mean(leaked):.0%} on pure noise")
print(f"the {LEAK_REPEATS} runs: from {min(leaked):.0%} to {max(leaked):.0%}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 雜訊怎麼可能猜對八成多？停一下，想想 `SelectKBest` 看到了什麼不該看的東西。
#
# 🤔 How can noise be guessed right more than 80 % of the time? Stop here, and think what `SelectKBest` has seen that it should not have.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# `SelectKBest` 看了全部 100 個答案，包括後來當考題的那些。它從 2,000 個特徵裡，挑出剛好和這些答案最相關的 20 個，所以考題上的相關早就挑好了。常見的錯是怪模型過度擬合：邏輯斯迴歸每一次都只用訓練的部分，問題出在它之前的那一步。
#
# `SelectKBest` has seen all 100 answers, those of the later test parts too. Of 2,000 features it took the 20 that
# happen to go best with these answers, so the agreement on the test was picked beforehand. The usual mistake is to
# blame overfitting of the model: logistic regression is fitted on the training parts only each time; the fault lies in
# the step before it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "fragment"}
# 要怎麼改？挑特徵也是 `fit`，所以也只能看訓練的那幾份。`make_pipeline(第一步, 第二步)` 把兩步綁成一個模型；`cross_val_score` 每一輪都重新 `fit` 整個模型，而且只給它訓練的部分。
#
# ✏️ 寫出老實的版本：一樣挑 20 個特徵，一樣的邏輯斯迴歸，一樣的 `parts`，傳回五個成績的平均。
#
# How to mend it? Selecting features is a `fit` as well, so it may see the training parts only. `make_pipeline(first, second)` ties two steps into one
# model; in each round `cross_val_score` fits the whole model anew, and hands it the training parts only.
#
# ✏️ Write the honest version: 20 features as before, the same logistic regression, the same `parts`; return the mean of the five scores.

# %% gap="honest" slideshow={"slide_type": "fragment"}
def honest_accuracy(seed):
    """Return the cross-validated accuracy on noise, with the features selected inside each round."""
    noise, answers, parts = pure_noise(seed)
    ### BEGIN SOLUTION
    model = make_pipeline(SelectKBest(k=20), LogisticRegression())
    return cross_val_score(model, noise, answers, cv=parts).mean()
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
found = honest_accuracy(0)
checks.that(np.size(found) == 1, "一個成績。 One score.", "五輪有五個成績，要傳回平均。 Five rounds give five scores: return their mean.")
checks.that(bool(found < 0.75), "考題沒有洩漏。 The exam has not leaked.",
            "純雜訊還是考了高分：挑特徵的那一步又看了全部的答案，它要在管線裡面。 "
            "Noise still scores high: the step that selects has seen all answers again; it belongs inside the pipeline.")
noise, answers, parts = pure_noise(0)
checks.that(not np.isclose(found, cross_val_score(LogisticRegression(), noise, answers, cv=parts).mean()),
            "有挑特徵。 Features are selected.", "現在用了全部 2,000 個特徵：管線的第一步要先挑。 All 2,000 features are in use: the first step of the pipeline selects.")
checks.close(found, 0.44, "老實的成績對了。 The honest score is right.",
             "條件要和洩漏的那一次相同：挑 20 個，同一個 parts。 The conditions are those of the leak: 20 features, the same parts.", tolerance=0.025)

# %% alt={"zh": "兩排點，每點是一次實驗。切分前先挑特徵的，全在八成以上；放進管線裡挑的，散在代表丟銅板的虛線兩邊。", "en": "Two rows of dots, one a run. Where features were selected before the split, all are above 80 %; where that was done in the pipeline, they lie around the dashed line of a coin toss."} slideshow={"slide_type": "fragment"}
honest = [honest_accuracy(seed) for seed in range(LEAK_REPEATS)]
print(f"selected inside the pipeline: accuracy {np.mean(honest):.0%} on pure noise")
print(f"the {LEAK_REPEATS} runs: from {min(honest):.0%} to {max(honest):.0%}")
figure, ax = plt.subplots(figsize=(7, 2.6))
for height, scores in enumerate((honest, leaked)):
    ax.scatter(scores, np.full(len(scores), height), s=40, alpha=0.6, color=plots.COLORS[height])
ax.axvline(0.5, color="#888888", linestyle="--", linewidth=1)
ax.text(0.508, 0.5, "the truth: a coin", color="#666666", va="center")
ax.set(yticks=[0, 1], yticklabels=["inside a pipeline", "before the split"], ylim=(-0.6, 1.6),
       xlim=(0.3, 1), xlabel="cross-validated accuracy", title="features selected …")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 2,000 個隨機特徵裡，總有一些**剛好**和這 100 個答案有些相關，測試的答案也包括在內。先挑選再切分，考題就洩漏了。`make_pipeline` 把前處理和模型綁在一起，交叉驗證每一次都只用訓練的那幾份重新 `fit`，成績就回到 50 %。
#
# Among 2,000 random features some go with these 100 answers a little **by chance**, test answers included. Select first and split later, and
# the exam has leaked. `make_pipeline` ties preprocessing and model together: each round of cross-validation fits both on its training
# parts only, and the score falls back to 50 %.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
scaled = StandardScaler().fit_transform(wine.data)
pipeline = make_pipeline(StandardScaler(), KNeighborsClassifier())
before, inside = [], []
for seed in range(20):
    parts = StratifiedKFold(5, shuffle=True, random_state=seed)
    before.append(cross_val_score(KNeighborsClassifier(), scaled, wine.target, cv=parts).mean())
    inside.append(cross_val_score(pipeline, wine.data, wine.target, cv=parts).mean())
leak = evaluation.mean_and_spread(np.subtract(before, inside))
print(f"only scaled: before the split {np.mean(before):.3f}, inside a pipeline {np.mean(inside):.3f}")
print(f"difference, 20 ways to split: {leak.mean:+.4f} ({leak.low:+.4f} to {leak.high:+.4f})")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 老實說：只做標準化時，這裡量不到洩漏：20 種切法的平均差距不到千分之一，區間含 0。標準化沒有看答案，而 178 瓶的平均也不太受少數幾瓶影響。但你不必記哪些步驟危險：**凡是要 `fit` 的，都放進管線。**
#
# 🤔 以下哪些會洩漏：(a) 用整份資料的平均補缺值 (b) 把公分換成公尺 (c) 看了測試成績之後換模型？
#
# To be fair: where only scaling comes first, no leak can be measured here: over 20 ways to split, the mean difference is below one in a
# thousand, and its interval holds 0. Scaling does not look at the answers, and a few wines hardly move the mean of 178. But you need not remember which steps are dangerous: **whatever is fitted goes into the pipeline.**
#
# 🤔 Which of these leak: (a) filling gaps with the mean of the whole data, (b) turning centimetres into metres, (c) changing the model
# after a look at the test score?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (a) 會：平均裡有測試資料；通常影響很小，但一樣是偷看。(b) 不會：乘 0.01 是固定的，沒有從資料學任何東西。(c) 會，而且最常見：用測試成績挑模型，測試就成了訓練的一部分。會漏掉 (a) 的人，以為「沒看答案就不算」；會漏掉 (c) 的人，以為只有程式才會洩漏。
#
# (a) Yes: the mean contains test data; mostly it matters little, but it is a peek. (b) No: times 0.01 is fixed, nothing
# is learned from the data. (c) Yes, and the most common: a model chosen by the test score makes the test part of the
# training. Those who miss (a) think that only the answers count; those who miss (c) think that only code can leak.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：全部組起來 · Step 12: Put it all together
#
# 鐵達尼號：數字欄位補中位數再標準化，類別欄位補最常見的值再 one-hot，最後接模型，整條放進管線；`ColumnTransformer` 讓不同的欄走不同的路。這裡的 SVC 用預設的 RBF 核函數，界線可以彎：`gamma` 越大，彎得越細；`C` 越大，訓練時犯錯罰得越重。搜尋只看訓練資料，測試資料到最後才打開**一次**。（老實說：步驟 3 用全體乘客看過稱謂和生還的關係，「要用稱謂」這個決定已經偷看了一點考題。正式的專案要先切分，再探索。）
#
# The Titanic: numbers are filled with the median and standardised, categories filled with the most frequent value and turned one-hot,
# then a model, all in one pipeline; `ColumnTransformer` sends the columns different ways. SVC takes its default RBF kernel here, so its border
# can bend: the larger `gamma`, the finer it bends; the larger `C`, the dearer an error in training. The search sees training data only; the test data are opened **once**, at the very end.
# (To be fair: step 3 looked at title and survival for all passengers, so the decision to use the title has peeked a little. In a real
# project, split first and explore afterwards.)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
numbers, categories = ["Age", "Fare", "SibSp", "Parch"], ["Sex", "Pclass", "Embarked", "Title"]
prepare = ColumnTransformer([
    ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
    ("categories", make_pipeline(SimpleImputer(strategy="most_frequent"),
                                 OneHotEncoder(handle_unknown="ignore")), categories),
])
train, test = train_test_split(people, test_size=0.25, stratify=people["Survived"], random_state=0)
print(train.shape, test.shape, "→", prepare.fit_transform(train).shape[1], "features")
gaps = train[numbers + categories].isna().sum()
print("missing in the training part:", gaps[gaps > 0].to_dict())

# %% slideshow={"slide_type": "fragment"}
ranges = {"svc__C": np.logspace(-1, 2, 30), "svc__gamma": np.logspace(-3, 0, 30)}
search = RandomizedSearchCV(make_pipeline(prepare, SVC()), ranges, n_iter=SEARCH_DRAWS, cv=5,
                            random_state=0)
search.fit(train, train["Survived"])
print(f"best of {SEARCH_DRAWS} in cross-validation: {search.best_score_:.3f}")

# %% slideshow={"slide_type": "fragment"}
answers = test["Survived"]
logistic = make_pipeline(prepare, LogisticRegression(max_iter=1000)).fit(train, train["Survived"])
right = {
    "nobody survives": answers == 0,
    "all women and no men": answers == (test["Sex"] == "female"),
    "logistic regression, pipeline": logistic.predict(test) == answers,
    "SVC, pipeline and search": search.predict(test) == answers,
}
accuracy = right["SVC, pipeline and search"].mean()
standard_error = np.sqrt(accuracy * (1 - accuracy) / len(test))
display.table([(name, f"{value.mean():.3f}") for name, value in right.items()],
              columns=[f"{len(test)} test passengers", "accuracy"],
              caption=f"one standard error is about {standard_error:.3f}")

# %% slideshow={"slide_type": "fragment"}
_, women, regression, svc = right.values()
pairs = {"logistic regression minus the rule": (regression, women), "SVC minus the rule": (svc, women),
         "SVC minus logistic regression": (svc, regression)}
rows = []
for name, (first, second) in pairs.items():
    test_of_pair = evaluation.mcnemar(first, second)
    rows.append((name, f"{evaluation.paired_difference(first, second):+.3f}", test_of_pair.only_first,
                 test_of_pair.only_second, f"{test_of_pair.p_value:.2f}"))
display.table(rows, columns=["same passengers", "difference (95 % interval)", "first alone right",
                             "second alone right", "p (McNemar)"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 標準誤差（standard error）約 3 個百分點：換一批同樣多的乘客，準確率大約會上下晃這麼多。「女性都生還、男性都罹難」這條一行的規則已經有八成左右。比較兩個模型，要看同一批乘客的成對差距：SVC 比規則好，區間剛好不含 0；邏輯斯迴歸比規則好多少，這 167 人還看不出來。這只是一種切法，不要當成定論。
#
# 🤔 沒有基準線（baseline），你會怎麼評價最後一列？只有 167 位測試乘客，你敢說最後兩列誰比較好嗎？
#
# One standard error is about 3 points: with as many other passengers, the accuracy would move up or down by about that much. The rule of one
# line, "all women and no men", gets about 80 % already. To compare two models, look at paired differences on the same passengers: SVC beats
# the rule, with an interval that just leaves out 0; whether logistic regression does, these 167 cannot show. It is a single split: do not take
# it for the last word.
#
# 🤔 Without the baselines, how would you have judged the last row? With 167 test passengers, dare you say which of the last two is
# better?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 大概會說「85 %，很好」。但一行規則就有 80 %，模型只多了約 5 個百分點。(2) 不敢：兩者只在 6 位乘客上一對一錯（5 比 1），差距 0.024，區間從 0.00 到 0.05，p 約 0.22。常見的錯是直接比 0.850 和 0.826，或用標準誤差 0.028 去比：同一批乘客，要看成對的差距。
#
# (1) Probably "85 %, very good". But the rule of one line gets 80 %, and the model adds about 5 points. (2) No: on only
# 6 passengers is one right and the other wrong (5 against 1); the difference is 0.024, its interval 0.00 to 0.05, p
# about 0.22. The usual mistake is to compare 0.850 with 0.826 directly, or by the standard error of 0.028: on the same
# passengers, look at the paired difference.
#
# </details>

# %% slideshow={"slide_type": "skip"}
profile.expect("test accuracy on the Titanic", round(accuracy, 3), at_least=0.815,
               hint="are the categories one-hot, and did the pipeline see the training part only?")
profile.expect("accuracy on noise without a leak", round(float(np.mean(honest)), 3),
               at_least=profile.choose(smoke=0.35, lesson=0.42, full=0.46),
               at_most=profile.choose(smoke=0.65, lesson=0.58, full=0.54),
               hint="every step that is fitted belongs inside the pipeline")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 圖是紙，座標軸是畫框；先想問題，再選圖。<br>The figure is the paper, the axes are the frame; first the question, then the plot.
# - 所有工具都是匯入、`fit`、`transform` 或 `predict`；特徵用 one-hot，成績要和基準線比。<br>Every tool is import, `fit`, `transform` or `predict`; features go one-hot, and scores are read beside a baseline.
# - 凡是要 `fit` 的都放進管線，測試資料只開一次，否則雜訊也能考高分。<br>Whatever is fitted goes into the pipeline and the test data are opened once, or else noise passes the exam.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 速查表的 `cross_validation`、`grid_search`、`Imputer`、`normalize=True` 今天已經不在；`randint(10, 5)` 和 9 個答案配 10 列從來就不通。<br>Of the sheet, `cross_validation`, `grid_search`, `Imputer` and `normalize=True` are gone, and `randint(10, 5)` and 9 answers for 10 rows never worked.
# - 投影片用 `LabelEncoder` 轉換特徵；兩個值剛好沒事；五個值照字母編號，就讓模型和「全部猜沒有生還」一樣差。<br>The slide used `LabelEncoder` on a feature; with two values no harm is done, with five numbered by the alphabet the model is no better than "nobody survived".
# - 它的標準化只用訓練資料，做得對；但沒有提管線和資料洩漏，也沒有基準線和標準誤差。<br>It standardised by the training data only, which is right; but it has no word on pipelines and leakage, on baselines or on standard errors.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 02](../labs/lab02_arrays_and_tables.ipynb)「陣列與表格」：用表格回答你自己的鐵達尼號問題。想再往前一步，就替它加上一條管線，看看哪個特徵最有用；記得先寫下基準線。
#
# [Lab 02](../labs/lab02_arrays_and_tables.ipynb), arrays and tables: answer a Titanic question of your own with a table. To go further, give it a pipeline and find out which
# feature helps most; write down the baseline first.
#
# ## 參考資料 · References
#
# - F. Pedregosa et al., [Scikit-learn: Machine Learning in Python](https://jmlr.org/papers/v12/pedregosa11a.html), *JMLR* 12, 2011
# - scikit-learn 使用手冊：[常見陷阱（資料洩漏）](https://scikit-learn.org/stable/common_pitfalls.html)、[管線](https://scikit-learn.org/stable/modules/compose.html) · User guide: common pitfalls (data leakage), pipelines
# - T. Hastie, R. Tibshirani, J. Friedman, [The Elements of Statistical Learning](https://hastie.su.domains/ElemStatLearn/), 2nd ed., 7.10.2：挑選特徵的錯誤與正確方式 · the wrong and the right way to select features
# - Matplotlib：[圖與座標軸](https://matplotlib.org/stable/users/explain/quick_start.html) · figures and axes
# - R. A. Fisher, [The use of multiple measurements in taxonomic problems](https://doi.org/10.1111/j.1469-1809.1936.tb02137.x), 1936 (iris)
# - 投影片所用的速查表 · The sheet on the slides: <https://github.com/kailashahirwar/cheatsheets-ai>

# %% [markdown]
# # 練習 02：陣列與表格 · Lab 02: Arrays and tables
#
# 目標：用 NumPy 整欄一起算，用 pandas 把三張表接起來，最後用鐵達尼號的資料回答一個**你自己的**問題。
#
# Goal: compute whole columns at once with NumPy, join three tables with pandas, and in the end answer a question **of your own** with
# the data of the Titanic.
#
# ⏱ 約 45 分鐘 · about 45 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [01](../notebooks/01_numpy.ipynb)、[02](../notebooks/02_pandas.ipynb) 課 · lessons [01](../notebooks/01_numpy.ipynb) and [02](../notebooks/02_pandas.ipynb) |
# | 資料 · Data | 鐵達尼號，668 位乘客，三張表 · Titanic, 668 passengers, three tables |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 把每一欄標準化，缺值不管它 · standardise every column, leaving gaps alone | 3 |
# | 2 | 接起三張表，再算兩個新欄位 · join three tables and compute two new columns | 4 |
# | 3 | 問一個自己的問題，用表格回答 · ask a question of your own, answer it with a table | 5 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd

from utils.data import datasets
from utils.notebook import checks

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false}
passengers, tickets, family_info = datasets.load_titanic()
print(datasets.describe("titanic"))
for name, table in (("passengers", passengers), ("tickets", tickets), ("family_info", family_info)):
    print(f"{name}: {len(table)} rows, columns {', '.join(table.columns)}")

# %% [markdown]
# ## 步驟 1：標準化（3 分）· Step 1: Standardise (3 points)
#
# 年齡從 0 到 74，票價從 0 到 512。許多模型要先把每一欄變成平均 0、標準差 1（standardise）：
#
# $$z = \frac{x - \text{mean}}{\text{standard deviation}}$$
#
# 規則有四條。每一欄用**自己的**平均和標準差（除以 $n$ 的那一種）。缺值（NaN）不參加計算，算完還是缺值。整欄都一樣時，沒有標準差可除，答案是 0。交進來的陣列不可以被改掉。
#
# Ages go from 0 to 74, fares from 0 to 512. Many models first want every column to have mean 0 and standard deviation 1.
#
# There are four rules. Each column uses its **own** mean and standard deviation (the one that divides by $n$). Gaps (NaN) take no part, and are
# still gaps afterwards. Where a column is all the same, there is nothing to divide by: the answer is 0. The array handed in must not change.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# NumPy 有一組名字以 `nan` 開頭的函式，會跳過缺值。`axis=0` 是往下走：每一欄得到一個數。廣播（broadcasting）會替你把這一列數字用到每一列。
#
# NumPy has a family of functions whose names begin with `nan`; they skip gaps. `axis=0` walks down: one number for each column. Broadcasting
# then applies that row of numbers to every row.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardise(x):
    """Return the table with every column at mean 0 and standard deviation 1; gaps stay gaps.

    Args:
        x: array of floats, (rows, columns); NaN marks a gap. Every column has at least one number. Not changed.

    Returns:
        Array of floats, (rows, columns). A column whose numbers are all the same becomes 0.
    """
    ### BEGIN SOLUTION
    spread = np.nanstd(x, axis=0)
    return (x - np.nanmean(x, axis=0)) / np.where(spread == 0, 1, spread)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
small = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
before = small.copy()
answer = np.asarray(standardise(small))
checks.that(answer.shape == small.shape, "形狀沒變 / the shape is kept",
            f"答案的形狀應該和題目一樣是 {small.shape}，現在是 {answer.shape} / "
            f"the answer should have the shape of the question, {small.shape}, and has {answer.shape}")
checks.unchanged(small, before, "沒有動到原來的陣列 / the array handed in is unchanged",
                 "交進來的陣列被改掉了：想想看 view 和 copy / the array handed in was changed: think of views and copies")
checks.close(answer.mean(axis=0), [0, 0], "每一欄的平均是 0 / every column has mean 0",
             "某一欄的平均不是 0：每一欄要用自己的平均 / a column's mean is not 0: each column needs a mean of its own")
checks.close(answer.std(axis=0), [1, 1], "每一欄的標準差是 1 / every column has standard deviation 1",
             "某一欄的標準差不是 1：每一欄要用自己的標準差，而且除以 n / "
             "a column's standard deviation is not 1: each column needs one of its own, dividing by n")

gaps = np.array([[1.0, np.nan], [np.nan, 4.0], [3.0, 8.0], [8.0, 6.0]])
answer = np.asarray(standardise(gaps))
checks.that(np.array_equal(np.isnan(answer), np.isnan(gaps)), "缺值還在原來的位置，沒有多也沒有少 / gaps stay where they were, no more, no fewer",
            "缺值變多或變少了：平均和標準差要跳過缺值，缺值本身不要補 / "
            "there are more or fewer gaps than before: mean and deviation must skip them, and nothing is filled in")
checks.close([np.nanmean(answer, axis=0), np.nanstd(answer, axis=0)], [[0, 0], [1, 1]],
             "有缺值時也是平均 0、標準差 1 / mean 0 and deviation 1 with gaps, too",
             "有缺值的欄位，平均或標準差算錯了 / with gaps, the mean or the deviation is wrong")
answer = np.asarray(standardise(np.array([[5.0, 1.0], [5.0, 2.0], [5.0, 6.0]])))
checks.close(answer[:, 0], [0, 0, 0], "整欄一樣時得到 0 / a constant column becomes 0",
             "整欄一樣時標準差是 0，不能拿來除 / in a constant column the deviation is 0, and you cannot divide by it")
### BEGIN HIDDEN TESTS
random = np.random.default_rng(1)
large = random.normal(size=(200, 5)) * [1, 10, 1000, 0.01, 3] + [0, -5, 1e4, 2, 7]
large[:, 4] = 7.0
large[random.random(large.shape) < 0.2] = np.nan
spread = np.nanstd(large, axis=0)
expected = (large - np.nanmean(large, axis=0)) / np.where(spread == 0, 1, spread)
answer = np.asarray(standardise(large))
checks.that(np.array_equal(np.isnan(answer), np.isnan(large)), "缺值還在原來的位置 / gaps stay where they were",
            "在大一點的表格上，缺值變多或變少了 / on a larger table there are more or fewer gaps than before")
checks.close(np.nan_to_num(answer, nan=99), np.nan_to_num(expected, nan=99), "大一點的表格也對 / right on a larger table",
             "在大一點的表格上數字不對 / on a larger table the numbers are wrong", tolerance=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：接起三張表（4 分）· Step 2: Join three tables (4 points)
#
# 以 `passengers` 為主，接上 `tickets`（靠 `Ticket`）和 `family_info`（靠 `PassengerId`），一位乘客一列，**一個人都不能少**。再加兩欄：
# - `FamilySize`：兄弟姊妹與配偶（`SibSp`）加父母子女（`Parch`），再加自己；
# - `FarePerPerson`：`Fare` 是整張票的價錢，一張票常有好幾個人用。除以 `passengers` 裡用同一張票的人數。
#
# Start from `passengers`, join `tickets` (on `Ticket`) and `family_info` (on `PassengerId`), one row for each passenger, and **nobody may get lost**.
# Then add two columns:
# - `FamilySize`: siblings and spouses (`SibSp`), parents and children (`Parch`), and the passenger;
# - `FarePerPerson`: `Fare` is the price of the whole ticket, and several people often share one. Divide it by the number of people in
#   `passengers` with the same ticket.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 接完先數人數。`merge` 預設只留兩邊都有的（inner），那 33 位查不到票的乘客就不見了。`groupby("Ticket")["PassengerId"].transform("size")` 會替每一列算出同組有幾列。
#
# Count the people after a join. By default `merge` keeps only what both tables have (inner), and the 33 passengers whose ticket is missing are gone.
# `groupby("Ticket")["PassengerId"].transform("size")` says for every row how many rows its group has.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def join_tables(passengers, tickets, family_info):
    """Return one row for each passenger with all that is known, and two new columns.

    Args:
        passengers: DataFrame with PassengerId (all different), Ticket and others. Not changed.
        tickets: DataFrame with Ticket (all different), Fare, Cabin, Embarked; some tickets are missing. Not changed.
        family_info: DataFrame with PassengerId (all different), SibSp, Parch; every passenger is in it. Not changed.

    Returns:
        DataFrame with all columns of the three tables, and
        FamilySize: SibSp + Parch + 1;
        FarePerPerson: Fare divided by the number of rows of `passengers` with the same Ticket, NaN where Fare is missing.
    """
    ### BEGIN SOLUTION
    joined = passengers.merge(tickets, on="Ticket", how="left").merge(family_info, on="PassengerId", how="left")
    joined["FamilySize"] = joined["SibSp"] + joined["Parch"] + 1
    joined["FarePerPerson"] = joined["Fare"] / joined.groupby("Ticket")["PassengerId"].transform("size")
    return joined
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
originals = [table.copy() for table in (passengers, tickets, family_info)]
joined = join_tables(passengers, tickets, family_info)
checks.unchanged((passengers, tickets, family_info), originals, "三張原表沒有被改 / the three tables are unchanged",
                 "交進來的表被改掉了：新欄位請加在合併後的表上 / a table handed in was changed: put new columns on the joined one")
wanted = {*passengers.columns, *tickets.columns, *family_info.columns, "FamilySize", "FarePerPerson"}
checks.that(isinstance(joined, pd.DataFrame) and sorted(joined.columns) == sorted(wanted), "欄位都在 / all columns are there",
            "欄位不對：三張表的欄位都要有，每個一次，再加 FamilySize 與 FarePerPerson / "
            "the columns are not right: those of all three tables, once each, and FamilySize and FarePerPerson")
checks.that(sorted(joined["PassengerId"]) == sorted(passengers["PassengerId"]), "668 位乘客，每人一列 / 668 passengers, one row each",
            f"應該有 {len(passengers)} 位乘客、每人一列，現在有 {len(joined)} 列：有人在合併時不見了，或重複了 / "
            f"expected {len(passengers)} passengers, one row each, found {len(joined)} rows: somebody got lost in a join, or came twice")
checks.that(joined["Fare"].isna().sum() == 33, "33 位乘客的票價仍是缺值 / the fare of 33 passengers is still missing",
            "應該有 33 位乘客沒有票價：查不到的就是缺值，不要補 / "
            "33 passengers should have no fare: what is not known stays missing, so fill nothing in")

by_id = joined.set_index("PassengerId")
person = family_info.set_index("PassengerId").loc[by_id.index]
checks.close(by_id["FamilySize"], 1 + person.sum(axis=1), "FamilySize 正確 / FamilySize is right",
             "FamilySize 不對：家人加起來，別忘了自己；也檢查是不是對到別人的列 / "
             "FamilySize is wrong: add up the family, and do not forget the passenger; or rows of different people were matched")
shared = by_id[by_id["Ticket"] == "1601"]  # five passengers travelled on this ticket
checks.close(5 * shared["FarePerPerson"], shared["Fare"], "五個人分一張票，每人五分之一 / five people share a ticket: a fifth each",
             "票號 1601 有五位乘客，每人應該是票價的五分之一：數的是同一張票的人，不是家人 / "
             "five passengers share ticket 1601, so each pays a fifth: count the people on the ticket, not the family")
paid = joined.drop_duplicates("Ticket")["Fare"].sum()
checks.close(joined["FarePerPerson"].sum(), paid, "每人付的加起來等於所有票的總價 / what people paid adds up to the price of all tickets",
             "每個人付的加起來，和所有票的總價不同 / what people paid does not add up to the price of all tickets")
### BEGIN HIDDEN TESTS
people = pd.DataFrame({"PassengerId": [7, 3, 9, 4], "Survived": [1, 0, 1, 1], "Ticket": ["B", "A", "B", "C"]}, index=[5, 6, 7, 8])
prices = pd.DataFrame({"Ticket": ["A", "B", "Z"], "Fare": [10.0, 30.0, 5.0], "Cabin": [None, "C1", None], "Embarked": ["S", "C", "Q"]})
family = pd.DataFrame({"PassengerId": [9, 4, 7, 3], "SibSp": [1, 0, 2, 0], "Parch": [0, 0, 3, 1]})
answer = join_tables(people, prices, family)
checks.that(sorted(answer["PassengerId"]) == [3, 4, 7, 9], "小表格：人都在 / small tables: everybody is there",
            "在另外三張小表上，有人不見了或重複了 / with three other small tables somebody got lost or came twice")
answer = answer.set_index("PassengerId").sort_index()
checks.close(answer["FamilySize"], [2, 1, 6, 2], "小表格：FamilySize / small tables: FamilySize",
             "在另外三張小表上 FamilySize 不對 / with three other small tables FamilySize is wrong")
checks.close(answer["FarePerPerson"].fillna(-1), [10, -1, 15, 15], "小表格：FarePerPerson / small tables: FarePerPerson",
             "在另外三張小表上 FarePerPerson 不對 / with three other small tables FarePerPerson is wrong")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：你自己的問題（5 分）· Step 3: A question of your own (5 points)
#
# 「獨自旅行的人比較危險嗎？」「付得多的人比較安全嗎？」「名字裡有 Master 的是誰？」選一個**你**想知道的問題，把乘客分成幾組，每組算人數和存活率。
#
# 第 02 課已經答過「只看性別」和「只看艙等」，請換一個。其他都可以，兩個因素一起看也行。
#
# 規則：每個人都要在某一組裡，而且只在一組。年齡或票價不知道的人也是人，要有自己的組。
#
# "Was it dangerous to travel alone?" "Did those who paid more survive more often?" "Who are the people called Master?" Take a question that **you**
# want answered, put the passengers into groups, and give the number of people and the share that survived for each.
#
# Lesson 02 has answered "by sex alone" and "by class alone"; take another. Anything else will do, two factors at once as well.
#
# The rule: everybody is in a group, and in one only. People of unknown age or fare are people, too, and need a group of their own.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# `pd.cut` 把數字切成幾段，但缺值切完還是缺值，`groupby` 又會把缺值的列悄悄丟掉。先用 `astype(object).fillna("unknown")`，讓不知道的人也有組名。空的組別不要列出來。
#
# `pd.cut` cuts numbers into ranges, but a gap stays a gap, and `groupby` quietly drops the rows of gaps. First say `astype(object).fillna("unknown")`,
# so that people of unknown age have a group with a name. Leave out groups without people.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "titanic", "locked": true, "schema_version": 3, "solution": false, "task": false}
titanic = passengers.copy()  # the three tables as one, whatever step 2 did
for table, key in ((tickets, "Ticket"), (family_info, "PassengerId")):
    for column in table.columns.drop(key):
        titanic[column] = titanic[key].map(table.set_index(key)[column])
titanic.head()


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def my_question(titanic):
    """Answer a question of your own: who survived? (Write your question here.)

    Args:
        titanic: DataFrame with PassengerId, Survived (0 or 1), Pclass, Name, Sex, Age, Ticket, Fare, Cabin, Embarked, SibSp
            and Parch; Age, Fare, Cabin and Embarked have gaps. Not changed. Groups are made of anything but Survived.

    Returns:
        DataFrame with exactly these columns, one row for each group, in an order of your choice:
        group: the name of the group, all different, none missing;
        count: how many people are in it, at least 1;
        rate: the share of them that survived, 0 ... 1.
    """
    ### BEGIN SOLUTION
    family = titanic["SibSp"] + titanic["Parch"] + 1
    size = pd.cut(family, [0, 1, 4, np.inf], labels=["alone", "family of 2 to 4", "family of 5 or more"]).astype(str)
    age = np.where(titanic["Age"].isna(), "age unknown", np.where(titanic["Age"] < 16, "child", "adult"))
    answer = titanic["Survived"].groupby(size + ", " + age).agg(["size", "mean"]).reset_index()
    return answer.set_axis(["group", "count", "rate"], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def check_answer(answer, data):
    """Check what must be true of every answer, whatever the question."""
    checks.that(isinstance(answer, pd.DataFrame) and list(answer.columns) == ["group", "count", "rate"],
                "有 group、count、rate 三欄 / it has the columns group, count, rate",
                "答案應該是 DataFrame，欄位依序是 group、count、rate（別忘了 reset_index）/ "
                "the answer should be a DataFrame with the columns group, count, rate, in this order (mind reset_index)")
    checks.that(answer["group"].notna().all() and answer["group"].is_unique and len(answer) >= 2,
                f"{len(answer)} 組，名字都不同 / {len(answer)} groups, all with different names",
                "至少要有兩組，每組一列，名字不能缺，也不能重複 / there must be two groups at least, one row each, no name missing or twice")
    checks.that((answer["count"] >= 1).all(), "沒有空的組 / no group is empty",
                "有一組沒有人：空的組別不要列出來 / a group has nobody in it: leave out empty groups")
    checks.that(answer["count"].sum() == len(data), "每個人都在某一組裡 / everybody is in a group",
                f"各組人數加起來是 {answer['count'].sum()}，應該是 {len(data)}：缺值的人不見了，或有人算了兩次 / "
                f"the groups add up to {answer['count'].sum()} people, not {len(data)}: those with gaps were lost, or some counted twice")
    checks.that(answer["rate"].between(0, 1).all(), "存活率在 0 和 1 之間 / rates lie between 0 and 1",
                "存活率應該是 0 到 1 的比例，不是百分比，也不能是缺值 / a rate is a share from 0 to 1, no percentage, and not missing")
    checks.close((answer["count"] * answer["rate"]).sum(), data["Survived"].sum(),
                 "人數乘存活率，加起來就是生還者人數 / count times rate adds up to the number of survivors",
                 "人數乘存活率加起來，不等於生還者人數：rate 是每組 Survived 的平均嗎？/ "
                 "count times rate does not add up to the number of survivors: is rate the mean of Survived in each group?")
    survivors = answer["count"] * answer["rate"]
    checks.close(survivors, survivors.round(), "每組的生還者都是整數 / every group has a whole number of survivors",
                 "有一組的生還者不是整數個人：rate 或 count 不是這一組的（四捨五入過嗎？）/ "
                 "a group has a fraction of a survivor: its rate or count is not its own (did you round?)", tolerance=1e-6)


before = titanic.copy()
answer = my_question(titanic)
checks.unchanged(titanic, before, "原表沒有被改 / the table is unchanged",
                 "交進來的表被改掉了：先 copy 再加欄位 / the table handed in was changed: copy it before you add columns")
check_answer(answer, titanic)
for column in ("Sex", "Pclass"):
    taught = sorted(titanic[column].value_counts())
    checks.that(sorted(answer["count"]) != taught, f"不只是 {column} / not {column} alone",
                f"第 02 課已經照 {column} 分過組了，換一個自己的問題 / lesson 02 has grouped by {column}; ask a question of your own")

turned = my_question(titanic.assign(Survived=1 - titanic["Survived"])).set_index("group")
here = answer.set_index("group")
checks.that(set(turned.index) == set(here.index) and (turned["count"].reindex(here.index) == here["count"]).all(),
            "生死對調，分組不變 / with lives and deaths exchanged the groups stay the same",
            "把生死對調之後，分組也變了：組別不可以用 Survived 來分 / "
            "with lives and deaths exchanged the groups changed: they must not be made of Survived")
checks.close(turned["rate"].reindex(here.index), 1 - here["rate"], "存活率變成 1 減原來的 / the rates become 1 minus what they were",
             "把生死對調之後，存活率應該變成 1 減原來的：答案要從交進來的表算出來 / "
             "with lives and deaths exchanged each rate should become 1 minus itself: compute the answer from the table handed in")
print(answer.to_string(index=False))
### BEGIN HIDDEN TESTS
for seed in (1, 2, 3):
    sample = titanic.sample(400, random_state=seed)
    drawn = sample.assign(Survived=np.random.default_rng(seed).integers(0, 2, len(sample)))
    check_answer(my_question(drawn), drawn)
again = my_question(titanic.sample(frac=1, random_state=4)).set_index("group").reindex(here.index)
checks.close(again, here, "列的順序不影響答案 / the order of rows does not matter", "把列打散之後答案變了 / with shuffled rows the answer changed")
### END HIDDEN TESTS

# %% [markdown]
# ## 交出之前 · Before you hand it in
#
# 在終端機執行 `make check-lab LAB=02`，它會告訴你哪些步驟通過了。
#
# 🤔 再想一步：你的表裡，最小的一組有幾個人？照第 02 課的方法替它算一個 Wilson 區間。你還敢說這一組和別組不同嗎？
#
# In a terminal run `make check-lab LAB=02`: it says which steps pass.
#
# 🤔 To think further: how many people are in the smallest group of your table? Give it a Wilson interval as in lesson 02. Would you still say that this group
# differs from the others?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看你的區間有多寬：人少，多半就不敢說。舉例：一組 4 個人，全部生還，Wilson 區間是 51 % 到 100 %；另一組 40 個人，37 個生還，是 80 % 到 97 %。差距的區間（第 02 課）大約從 −42 到 +20 個百分點，包住 0，分不出高下。和 299 人、存活率 32 %（27 % 到 38 %）的一組比，就分得出來。
#
# 說「100 % 當然比 93 % 高」的人，看的是這幾個人，不是「像他們這樣的人」。還有一個陷阱：分很多組，再挑最特別的那一組來說，光靠運氣也挑得到一組特別的。
#
# See how wide your interval is: with few people one would mostly not. An example: of 4 people all survived, and Wilson's interval is 51 % to 100 %; of 40 others 37 did, 80 % to 97 %. The
# interval of the difference (lesson 02) goes from about −42 to +20 points; it holds 0, so nobody can tell which is higher. A group of 299 with a rate of 32 % (27 % to 38 %) can be told from
# both.
#
# Who said that 100 % is more than 93 % looked at these few, and not at people like them. And there is a trap: among many groups one always stands out, by luck alone, and that is the one we
# like to talk about.
#
# </details>

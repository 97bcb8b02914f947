# %% [markdown] slideshow={"slide_type": "slide"}
# # 02 pandas：有名字的表格 · pandas: tables with names
#
# 🗺 選取、合併、分組、缺值，用鐵達尼號練習 · Select, join, group, fill gaps, on the Titanic
#
# NumPy 的陣列只有位置，沒有名字。真實的資料有欄名、有編號、有缺值，還散在好幾張表裡。這就是 pandas 的工作。
#
# 上完這一課，你可以
# 1. 讀寫 CSV 和 Excel，選取、修改、排序、彙總一張表；
# 2. 說出 pandas 和 NumPy 的差別：標籤、每欄一種型別、自動對齊、改副本不會動到原表；
# 3. 把鐵達尼號的三張表合併、清理，用一張圖回答「婦孺優先是真的嗎？」
#
# NumPy's arrays have positions but no names. Real data has column names, labels and missing values, and is scattered over several
# tables. That is the work of pandas.
#
# After this lesson you can
# 1. read and write CSV and Excel; select, change, sort and sum up a table;
# 2. say how pandas differs from NumPy: labels, one type per column, alignment, and copies that never touch the original;
# 3. join the three tables of the Titanic, clean them, and answer "women and children first?" with one picture.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [01](01_numpy.ipynb)：切片、布林索引、檢視與副本、`axis` · [01](01_numpy.ipynb): slices, boolean indexing, views and copies, `axis` |
# | 學習時間 · Study time | 約 125 分鐘，含空格和問題；步驟 10 之後是適合休息的地方 · about 125 minutes, with gaps and questions; a good place for a break is after step 10 |
# | 資料 · Data | 鐵達尼號 668 位乘客，分成三張表（MIT 授權；資料源自 Encyclopedia Titanica） · 668 passengers of the Titanic in three tables (MIT; data from Encyclopedia Titanica) |
# | 硬體 · Hardware | 不需要 GPU · no GPU needed |
# | 投影片 · Slides | 「前言 - pandas」整張速查表、「NumPy vs. Pandas」 · the whole pandas cheat sheet, "NumPy vs. Pandas" |

# %% slideshow={"slide_type": "skip"}
import contextlib
import io
import tempfile
import timeit
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from utils.data import datasets
from utils.notebook import checks, display, plots, profile

# %% slideshow={"slide_type": "skip"}
TIMED_ROWS = profile.choose(smoke=2_000, lesson=20_000, full=200_000)  # rows of the race in step 8
profile.seed(7)

# %% [markdown] slideshow={"slide_type": "skip"}
# 和上一課一樣，`expected_error` 把故意犯的錯印成一行。
#
# As in the last lesson, `expected_error` prints a deliberate mistake in one line.


# %% slideshow={"slide_type": "skip"}
@contextlib.contextmanager
def expected_error():
    """Run a block that should fail, and print its error in one line."""
    try:
        yield
    except Exception as error:
        print(f"{type(error).__name__}: {str(error).splitlines()[0]}")
    else:
        print("no error at all")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：Series 與 DataFrame · Step 1: Series and DataFrame
#
# Series 是一維：一排值，每個值有一個標籤（label），所有標籤合起來叫索引（index）。
#
# A Series has one dimension: a row of values, each with a label; the labels together are the index.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
s = pd.Series([3, -5, 7, 4], index=["a", "b", "c", "d"])
s

# %% [markdown] slideshow={"slide_type": "fragment"}
# DataFrame 是二維：好幾個 Series 並排，共用同一個索引。沒有指定索引，就從 0 開始編號。
#
# A DataFrame has two: several Series side by side that share an index. Give none, and it counts from 0.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df = pd.DataFrame({
    "Country": ["Belgium", "India", "Brazil"],
    "Capital": ["Brussels", "New Delhi", "Brasilia"],
    "Population": [11190846, 1303171035, 207847528],
})
df

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 最左邊的 0、1、2 是資料的一部分嗎？
#
# 🤔 Are the 0, 1, 2 on the left part of the data?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不是，那是索引，也就是每一列的標籤。`df.shape` 是 `(3, 3)`：三列三欄，索引不算一欄。會猜「是」，多半因為它印在表格裡；下一步寫成 CSV 時，它也真的會混進檔案。
#
# No: they are the index, the label of each row. `df.shape` is `(3, 3)`: three rows, three columns, and the index is
# none of them. Guessing yes is natural, since the index is printed with the table; and in the next step it does slip
# into the CSV file.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 每一欄有自己的型別 · Each column has its own type
#
# 陣列整個只有一種型別；表格是一欄一種，所以文字和數字可以放在一起。
#
# An array has one type throughout; a table has one per column, so text and numbers can live together.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.dtypes

# %% [markdown] slideshow={"slide_type": "fragment"}
# 從 pandas 3 起，文字欄的型別預設是 `str`。以前是 `object`，什麼都裝得下，放錯了也沒人管。現在會管：
#
# Since pandas 3, text is `str` by default. It used to be `object`, which holds anything, and nobody noticed a wrong value. Now somebody does:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    df.loc[0, "Country"] = 886
with expected_error():
    df.loc[0, "Population"] = "many"

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 「型別錯了就報錯」和「什麼都收」，哪一種對你比較好？為什麼？
#
# 🤔 "Wrong type: error" or "anything goes": which is better for you, and why?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 馬上報錯比較好：錯在哪裡，就在哪裡發現。什麼都收，錯的值會安靜地留在表裡，等到加總或訓練時才出問題，那時候已經很難找到是誰放的。會選「什麼都收」，是把「程式沒停」當成「程式沒錯」。
#
# The error at once is better: the mistake is found where it was made. If anything goes, the wrong value stays in the
# table quietly and shows up in a sum or in training, when it is hard to say who put it there. To prefer "anything goes"
# is to take "it did not stop" for "it is right".
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：讀寫檔案 · Step 2: Read and write files
#
# 寫檔是表格自己的方法 `df.to_…`，讀檔是 pandas 的函式 `pd.read_…`。（速查表寫成 `pd.to_csv`，沒有這個東西。）
#
# Writing is a method of the table, `df.to_…`; reading is a function of pandas, `pd.read_…`. (The sheet says `pd.to_csv`; there is
# no such thing.)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
temporary = tempfile.TemporaryDirectory()
folder = Path(temporary.name)

df.to_csv(folder / "myDataFrame.csv")
print((folder / "myDataFrame.csv").read_text(encoding="utf-8"))

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
pd.read_csv(folder / "myDataFrame.csv")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 多了一欄 `Unnamed: 0`！索引也被寫進檔案，讀回來就變成資料。寫的時候說 `index=False`：
#
# There is an extra column `Unnamed: 0`! The index went into the file and came back as data. When writing, say `index=False`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.to_csv(folder / "file.csv", index=False)
pd.read_csv(folder / "file.csv").equals(df)

# %% [markdown] slideshow={"slide_type": "subslide"}
# 速查表的 `header=None` 是說「第一列不是欄名」，`nrows=5` 是「最多讀 5 列」。檔案其實有欄名的話：
#
# On the sheet, `header=None` says "the first line is not a heading", `nrows=5` "read at most 5 rows". If the file does have a heading:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
wrong = pd.read_csv(folder / "file.csv", header=None, nrows=5)
print(wrong)
print(wrong.dtypes.astype(str).tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 人口那一欄的型別為什麼變成文字了？
#
# 🤔 Why has the population become text?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為 `Population` 這個字也成了那一欄的一個值，而一欄只有一種型別。數字可以寫成文字，文字卻不能變成數字，所以整欄都是 `str`。這不是 pandas 讀錯數字；拿掉 `header=None` 就好了。
#
# Because the word `Population` became a value of that column, and a column has one type. A number can be written as
# text, but that word cannot become a number, so the whole column is `str`. pandas did not misread the numbers; leave
# out `header=None` and all is well.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 讀進來就壞掉的兩種資料 · Two kinds of data that break on reading
#
# 一、開頭的 0。電話號碼和學號不是拿來算的數字，是文字，要用 `dtype` 講明白：
#
# First, leading zeros. Telephone and student numbers are not for arithmetic; they are text. Say so with `dtype`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
path = folder / "phones.csv"
path.write_text("name,phone\n小明,0912345678\n小華,0922333444\n", encoding="utf-8")

print(pd.read_csv(path)["phone"].tolist())
print(pd.read_csv(path, dtype={"phone": str})["phone"].tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 二、編碼（encoding）。臺灣不少舊檔案是 Big5，pandas 預設用 UTF-8 去讀，就會失敗：
#
# Second, the encoding. Many older files in Taiwan are in Big5; pandas expects UTF-8 and fails:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
path.write_text("name,phone\n小明,0912345678\n", encoding="cp950")      # Big5, as Windows writes it
with expected_error():
    pd.read_csv(path)
print(pd.read_csv(path, encoding="cp950", dtype=str).values.tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 錯誤訊息裡的 `0xa4` 是哪裡來的？（提示：看看 `"小".encode("cp950")`。）
#
# 反過來，CSV 要給 Excel 直接打開，就寫成 `utf-8-sig`：檔案開頭多三個位元組，告訴 Excel 這是 UTF-8，中文才不會變亂碼。
#
# 🤔 Where does the `0xa4` in the message come from? (Hint: look at `"小".encode("cp950")`.)
#
# The other way round: a CSV for Excel is written as `utf-8-sig`. Three bytes at its start tell Excel that it is UTF-8, or the Chinese
# in it turns to garbage.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它是「小」在 Big5 裡的第一個位元組：`"小".encode("cp950")` 是 `b'\xa4p'`。UTF-8 裡，`0xa4` 只能接在別的位元組後面，不能當開頭，所以說 `invalid start byte`。檔案沒有壞，只是用錯了編碼去讀。
#
# It is the first byte of 小 in Big5: `"小".encode("cp950")` is `b'\xa4p'`. In UTF-8 the byte `0xa4` can only follow
# another byte and never start a character, hence `invalid start byte`. The file is not broken; it was read with the
# wrong encoding.
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
pd.DataFrame({"name": ["小明"]}).to_csv(folder / "for_excel.csv", index=False, encoding="utf-8-sig")
(folder / "for_excel.csv").read_bytes()[:7]

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Excel 檔 · Excel files
#
# 真正的 .xlsx。一個檔案可以放好幾張工作表（sheet），用 `ExcelWriter` 一起寫。
#
# A real .xlsx. One file can hold several sheets: write them together with an `ExcelWriter`.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.to_excel(folder / "myDataFrame.xlsx", sheet_name="Sheet1", index=False)

with pd.ExcelWriter(folder / "file.xlsx") as writer:
    df.to_excel(writer, sheet_name="Sheet1", index=False)
    s.to_frame("value").to_excel(writer, sheet_name="Numbers")
sorted(file.name for file in folder.glob("*.xlsx"))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 讀一張，或者打開檔案、看看有哪些工作表，再一張一張讀：
#
# Read one sheet; or open the file, see which sheets it has, and read them one by one:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(pd.read_excel(folder / "myDataFrame.xlsx").equals(df))
with pd.ExcelFile(folder / "file.xlsx") as xlsx:
    print(xlsx.sheet_names)
    print(pd.read_excel(xlsx, "Sheet1").equals(df))
    print(pd.read_excel(xlsx, "Numbers", index_col=0))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `sheet_name=None` 會一次讀進所有工作表。猜猜看它傳回什麼？試試看。
#
# 🤔 `sheet_name=None` reads all sheets at once. Guess what it returns, then try.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一個字典：鍵是工作表的名字，值是 DataFrame。這個檔案會得到 `Sheet1`（3 列 3 欄）和 `Numbers`（4 列 2 欄）。它不會把工作表接成一張大表：每張的欄位可能完全不同。
#
# A dictionary: the keys are the names of the sheets, the values DataFrames. For this file you get `Sheet1` (3 rows, 3
# columns) and `Numbers` (4 rows, 2 columns). It does not join the sheets into one table: their columns may have nothing
# in common.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 查說明 · Ask for help
#
# 在 Jupyter 打 `pd.Series.loc?`，或在任何地方用 `help`。說明很長，這裡只印它的第一句。
#
# In Jupyter type `pd.Series.loc?`; `help` works anywhere. The text is long: here is its first sentence.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
manual = io.StringIO()
with contextlib.redirect_stdout(manual):
    help(pd.Series.loc)
lines = [line.strip() for line in manual.getvalue().splitlines()]
print(next(line for line in lines if line.endswith(".")))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：取出資料 · Step 3: Get data out
#
# 一個標籤給一個值；切片給一段；欄名給一整欄。
#
# A label gives a value; a slice some rows; a column name a whole column.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{s['b'] = }")
print(df[1:])
print(df["Capital"].tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# `df[1:]` 選的是列，`df["Capital"]` 選的是欄。同樣的中括號有兩種意思，容易搞混，所以才有下面的 `loc` 和 `iloc`。
#
# 🤔 那麼 `df[1]` 呢？先猜，再試。
#
# `df[1:]` picks rows, `df["Capital"]` a column. The same brackets mean two things, which is confusing; hence `loc` and `iloc` below.
#
# 🤔 And `df[1]`? Guess first, then try.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 會報錯：`KeyError: 1`。中括號裡放一個值，pandas 就找叫這個名字的**欄**，而這張表沒有叫 `1` 的欄。想要第二列的人要寫 `df.iloc[1]`；`df[1:]` 能用，是因為切片是例外，選的是列。
#
# It fails: `KeyError: 1`. With a single value in the brackets, pandas looks for a *column* of that name, and no column
# is called `1`. If you meant the second row, write `df.iloc[1]`; `df[1:]` works because a slice is the exception and
# picks rows.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 用位置還是用標籤？ · By position or by label?
#
# 每次都問自己：我要的是「第幾個」（`iloc`、`iat`），還是「叫什麼名字的」（`loc`、`at`）？
#
# Ask yourself each time: do I mean a *place* (`iloc`, `iat`) or a *name* (`loc`, `at`)?
#
# | | 位置 · position | 標籤 · label |
# |---|---|---|
# | 一部分 · a part | `df.iloc[[0], [0]]` | `df.loc[[0], ["Country"]]` |
# | 一個值 · one value | `df.iat[0, 0]` | `df.at[0, "Country"]` |

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{df.iat[0, 0] = }, {df.at[0, 'Country'] = }")
print(f"{df.iloc[0, 0] = }, {df.loc[0, 'Country'] = }")
df.iloc[[0], [0]]

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.loc[[0], ["Country"]]

# %% [markdown] slideshow={"slide_type": "fragment"}
# 給串列，得到表格；給單一的值，得到裡面的值。速查表說 `df.iloc[[0], [0]]` 是 `'Belgium'`，其實是 1×1 的表格。
#
# A list gives a table; a single label gives what is inside. The sheet says that `df.iloc[[0], [0]]` is `'Belgium'`; it is a table of 1×1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 平常 `loc[0]` 和 `iloc[0]` 看起來一樣，因為標籤剛好是 0、1、2。排序之後就分道揚鑣：
#
# `loc[0]` and `iloc[0]` often look the same, because the labels happen to be 0, 1, 2. Sort, and they part:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
by_population = df.sort_values(by="Population", ascending=False)
print(by_population)
print(f"{by_population.loc[0, 'Country'] = }")
print(f"{by_population.iloc[0, 0] = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 「人口最多的國家」要用哪一個？
#
# 🤔 Which one do you need for "the country with most people"?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 用 `iloc[0]`：排序之後的第一個位置，就是 India。`loc[0]` 找的是標籤 0，不管怎麼排都是 Belgium。猜 `loc` 的人，把 0 當成了「第一名」；它其實只是 Belgium 的名字。
#
# `iloc[0]`: the first place after sorting, which is India. `loc[0]` looks for the label 0, and that is Belgium however
# you sort. Guessing `loc` takes 0 for "the first"; it is only the name of Belgium's row.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `ix` 已經不在了 · `ix` is gone
#
# `df.ix` 自己猜你要標籤還是位置，常常猜錯，所以在 pandas 1.0 被拿掉。改成 `loc` 就好：
#
# `df.ix` guessed whether you meant label or position, often wrongly, and was removed in pandas 1.0. Use `loc`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    df.ix[2]
df.loc[2]

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(df.loc[:, "Capital"].tolist())
print(f"{df.loc[1, 'Capital'] = }")
print(df.loc[1:, "Capital"].tolist())
print(df.loc[0:1, "Capital"].tolist(), df.iloc[0:1, 1].tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 看最後一行：標籤切片 `loc[0:1]` **包含**結尾，位置切片 `iloc[0:1]` 不包含。
#
# 🤔 為什麼這樣設計？想想 `s["a":"c"]`：如果不含結尾，你得先知道 `"c"` 的下一個是誰。
#
# Look at the last line: the label slice `loc[0:1]` *includes* its end, the position slice `iloc[0:1]` does not.
#
# 🤔 Why? Think of `s["a":"c"]`: if the end were left out, you would have to know who comes after `"c"`.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為標籤沒有「下一個」可以推算。`s["a":"c"]` 給 a、b、c；如果不含結尾，想要 c 就得先知道 c 後面是 d，而最後一個標籤後面根本沒有人。位置不同：n 的下一個永遠是 n+1。所以不能把 Python 切片的習慣搬到 `loc`。
#
# Because a label has no successor that you could work out. `s["a":"c"]` gives a, b, c; were the end left out, you would
# have to know that d follows c, and after the last label there is nobody to name. Positions are different: after n
# always comes n+1. So the habit of Python's slices does not carry over to `loc`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 布林索引 · Boolean indexing
#
# 和 NumPy 一樣：`&`、`|`、`~`（不是），每個條件加括號。
#
# As in NumPy: `&`, `|`, `~` (not), each condition in parentheses.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{s[s > 1].to_dict() = }")
print(f"{s[~(s > 1)].to_dict() = }")
print(f"{s[(s < -1) | (s > 2)].to_dict() = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df[df["Population"] > 1200000000]

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 速查表說 `s[(s > 1)]` 是「不大於 1 的」。少了哪個符號？
#
# 🤔 The sheet explains `s[(s > 1)]` as "values not greater than 1". Which sign is missing?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 少了 `~`（不是）：`s[~(s > 1)]` 只給 b，也就是 −5。`s[s > 1]` 給的正好是其他三個：a、c、d。也別改成 `s < 1`：「不大於」包含等於，要寫 `s <= 1`。
#
# The `~` (not): `s[~(s > 1)]` gives b alone, which is −5. `s[s > 1]` gives just the other three, a, c and d. Nor would
# `s < 1` do: "not greater" includes equal, so it is `s <= 1`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：修改與刪除 · Step 4: Set and drop
#
# 指定給標籤就是修改；標籤不存在，就是新增。
#
# Assign to a label to change a value; if there is no such label, it is added.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
s["a"] = 6
print(s.to_dict())
s["a"] = 3                                    # back again: step 9 needs it
df["Millions"] = (df["Population"] / 1e6).round(1)
df

# %% [markdown] slideshow={"slide_type": "fragment"}
# `drop` 給**新**的 Series 或 DataFrame，原來的不變。刪列是預設（`axis=0`），刪欄要說 `axis=1`，或寫 `columns=`，比較清楚。
#
# `drop` gives a *new* Series or DataFrame and leaves the old one as it is. It drops rows by default (`axis=0`); for columns say `axis=1`,
# or more clearly `columns=`.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(s.drop(["a", "c"]).to_dict(), s.to_dict())
print(df.drop("Country", axis=1).columns.tolist())
print(df.drop(columns="Country").equals(df.drop("Country", axis=1)))

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
df = df.drop(columns="Millions")              # keep it: assign the result
df.columns.tolist()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 改一部分，原表會變嗎？ · Change a part: does the whole change?
#
# 上一課：NumPy 的切片是檢視，一改就動到原始資料。pandas 3 剛好**相反**：任何取出來的東西，都當作你自己的副本。真的要改的時候才複製，所以叫寫入時複製（copy-on-write）。
#
# Last lesson: a slice in NumPy is a view, and writing to it changes the original. pandas 3 does the *opposite*: whatever you take out behaves
# as your own copy. It is copied only when you write, hence copy-on-write.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
array = np.array([1, 2, 3])
array_part = array[:2]
array_part[0] = 99

series = pd.Series([1, 2, 3])
series_part = series[:2]
series_part[0] = 99
print(f"NumPy: {array.tolist()}, pandas: {series.tolist()}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 所以連用兩個中括號來改，永遠改不到原表，只會收到警告。要改就用一次 `loc`：
#
# So writing through two pairs of brackets never reaches the table, and earns you a warning. Write with one `loc`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
copy = df.copy()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    copy["Population"][0] = 0
print(copy["Population"][0], [warning.category.__name__ for warning in caught])

copy.loc[0, "Population"] = 0
print(copy["Population"][0], df["Population"][0])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 數字欄位底下的 NumPy 陣列是**唯讀**的，免得你從後門改到表格。文字欄沒有這層保護：在這一版 pandas，寫進 `df["Country"].to_numpy()` 會真的改到表格，要改之前先 `.copy()`。看看數字欄：
#
# The NumPy array behind a column of numbers is *read-only*, so that nobody changes the table by the back door. A column of text has
# no such guard: in this version of pandas, writing to `df["Country"].to_numpy()` does change the table, so take a `.copy()` first.
# A column of numbers:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
inside = df["Population"].to_numpy()
with expected_error():
    inside[0] = 0
print(f"{np.shares_memory(inside, df['Population']) = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 NumPy 和 pandas 為什麼做不同的選擇？一個常處理上億個數字，一個常處理人工整理的表格，各自最怕什麼？
#
# 🤔 Why did the two choose differently? One handles hundreds of millions of numbers, the other tables that people tidy up: what does each fear
# most?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# NumPy 怕複製，pandas 怕不知不覺改錯表。上億個數字，每切一次就複製一份，記憶體和時間都受不了，所以切片是檢視。人工整理的表，最怕改了一小塊，原表也跟著變，所以取出來的都當副本。沒有哪一種才是對的；記得自己現在用的是哪一種。
#
# NumPy fears copying, pandas fears a table changed by accident. With hundreds of millions of numbers, a copy at each
# slice costs too much memory and time, so a slice is a view. In a table that people tidy up, the danger is that
# changing a small part changes the original, so what you take out behaves as a copy. Neither is the right one; know
# which one you are using.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：排序與名次 · Step 5: Sort and rank
#
# 依索引排用 `sort_index`，依值排用 `sort_values`。舊寫法 `sort_index(by=…)` 和 `s.order()` 都沒有了。
#
# By index: `sort_index`; by values: `sort_values`. The old `sort_index(by=…)` and `s.order()` are gone.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    df.sort_index(by="Country")
with expected_error():
    s.order()
df.sort_values(by="Country")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(s.sort_values().to_dict())
print(by_population.sort_index().equals(df))

# %% [markdown] slideshow={"slide_type": "subslide"}
# `rank` 給名次，每一欄各排各的；文字照 Unicode 的編號排：英文就是字母順序（大寫在小寫之前），中文則不是筆畫順序。
#
# `rank` gives places, column by column; text goes by Unicode numbers: for English the alphabet, capitals first; for Chinese not the
# strokes.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.rank()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 兩個人同分的時候，名次怎麼算？試試 `pd.Series([90, 80, 80]).rank()`，再加上 `method="min"`。
#
# 🤔 What places do equal values get? Try `pd.Series([90, 80, 80]).rank()`, then with `method="min"`.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 預設取平均名次：`pd.Series([90, 80, 80]).rank()` 是 `[3.0, 1.5, 1.5]`；`method="min"` 讓兩人並列較前的名次，得到 `[3.0, 1.0, 1.0]`。注意 `rank` 由小排到大，所以 90 分是 3。要像考試那樣排名，就寫 `rank(ascending=False, method="min")`，得到 `[1.0, 2.0, 2.0]`。
#
# By default the mean of their places: `pd.Series([90, 80, 80]).rank()` is `[3.0, 1.5, 1.5]`; with `method="min"` both
# share the better place, `[3.0, 1.0, 1.0]`. Mind that `rank` counts from the smallest, so 90 is 3. For places as in an
# exam write `rank(ascending=False, method="min")`, which gives `[1.0, 2.0, 2.0]`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：認識一張表 · Step 6: Get to know a table
#
# 拿到資料，第一件事：多大？有哪些欄？什麼型別？缺多少？
#
# The first thing to do with new data: how big, which columns, which types, how much is missing?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{df.shape = }")
print(f"{df.index = }")
print(f"{df.columns.tolist() = }")
print(f"{df.count().to_dict() = }")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.info(memory_usage=False)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 摘要 · Summaries
#
# 把一欄變成一個數字，和 NumPy 的彙總一樣。
#
# A column becomes one number, like NumPy's aggregates.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{df['Population'].sum() = :,}")
print(f"{df['Population'].cumsum().tolist() = }")
print(f"{df['Population'].mean() = :,.0f}, {df['Population'].median() = :,.0f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 平均和中位數差很多。哪一個比較能代表「一般的國家」？
#
# 🤔 Mean and median are far apart. Which one stands better for "an ordinary country"?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 中位數。它約是 2.08 億，就是排在中間的巴西；平均約 5.07 億，被 13 億人的印度拉高，三個國家沒有一個接近它。平均不是算錯，它回答的是「總數平分」；只有三個國家，兩個數字也都不能代表全世界。
#
# The median. It is about 208 million, Brazil, the one in the middle; the mean of about 507 million is pulled up by
# India's 1.3 billion, and none of the three countries is near it. The mean is not wrong: it answers "share the
# total equally". And with three countries, neither number stands for the world.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 對整張表做，就是對每一欄做。文字欄怎麼辦？
#
# On the whole table they work on each column. What about text?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(df.sum().to_dict())
print(df.cumsum().iloc[-1].to_dict() == df.sum().to_dict())
print(df.min().to_dict())
print(df.max().to_dict())

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    df.mean()
print(df.mean(numeric_only=True).round().to_dict())
print(df.median(numeric_only=True).to_dict())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 文字能比大小、能相加（接起來），卻不能平均。以前 pandas 會默默跳過文字欄；現在要你自己說 `numeric_only=True`。
#
# Text can be compared and added (joined), but not averaged. pandas used to skip text silently; now you must say `numeric_only=True`.

# %% [markdown] slideshow={"slide_type": "subslide"}
# 速查表的 `idmin`、`idmax` 少了一個 x，正確的是 `idxmin`、`idxmax`：最小、最大的那一列叫什麼**標籤**（index）。
#
# The sheet's `idmin` and `idmax` lack an x: `idxmin` and `idxmax` give the *label* (index) of the smallest and largest.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    df.idmin()
largest = df["Population"].idxmax()
print(f"{largest = }, {df.loc[largest, 'Country'] = }")
print(df.idxmin().to_dict())
print(df.idxmax().to_dict())

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
df.describe().map("{:,.0f}".format)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `std` 約是 6.96 億。用 `np.std(df["Population"].to_numpy())` 算算看，為什麼不一樣？（提示：上一課的 $n$ 和 $n-1$。）
#
# 🤔 `std` is about 696 million. Compute `np.std(df["Population"].to_numpy())`: why is it different? (Hint: last lesson's $n$ and $n-1$.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# NumPy 除以 $n$，pandas 除以 $n-1$：約 5.68 億對 6.96 億。兩者差 $\sqrt{2/3}$ 倍，因為 $n=3$。沒有誰算錯：$n$ 描述手上這三國，$n-1$ 用樣本估計整個母體。資料很多時，差別小得看不見，所以常被忽略。
#
# NumPy divides by $n$, pandas by $n-1$: about 568 against 696 million. They differ by the factor $\sqrt{2/3}$, because
# $n=3$. Neither is a mistake: $n$ describes these three countries, $n-1$ estimates a larger population from a sample.
# With much data the difference is too small to see, which is why it is overlooked.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：套用函式 · Step 7: Apply a function
#
# `df.apply(f)` 把**一整欄**交給 `f`；`df.map(f)` 把**一個一個元素**交給 `f`（舊名 `applymap`）。
#
# `df.apply(f)` hands `f` *whole columns*; `df.map(f)` hands it *one element at a time* (it used to be `applymap`).


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def f(x):
    return x * 2


df.apply(f)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(df.map(f).equals(df.apply(f)))
print(df.apply(lambda x: type(x).__name__).to_dict())
print(df.map(lambda x: type(x).__name__).iloc[0].to_dict())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `df.apply(len)` 會得到什麼？`df.map(len)` 為什麼會失敗？
#
# 🤔 What does `df.apply(len)` give? Why does `df.map(len)` fail?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 每一欄都得到 3：`apply` 把整欄交給 `len`，一欄有三個值。(2) `map` 把元素一個個交出去，而整數沒有長度：`TypeError: object of type 'int' has no len()`。常見的錯是以為 `apply(len)` 會給每個字的字數；那要寫 `df["Country"].map(len)`。
#
# (1) 3 for every column: `apply` hands `len` the whole column, which has three values. (2) `map` hands over one element
# at a time, and an integer has no length: `TypeError: object of type 'int' has no len()`. The usual slip is to expect
# the length of each word from `apply(len)`; that is `df["Country"].map(len)`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：能不用 apply 就不用 · Step 8: Avoid apply where you can
#
# 和上一課同一個道理：逐列呼叫 Python 函式很慢，整欄直接算就快。量量看：
#
# The same as last lesson: calling a Python function row by row is slow, computing with whole columns is fast. Measure it:

# %% slideshow={"slide_type": "fragment"}
rng = np.random.default_rng(7)
sizes = rng.normal([1.66, 62], [0.08, 9], (TIMED_ROWS, 2))
people = pd.DataFrame(sizes, columns=["height", "weight"])

ways = {
    "apply, row by row": lambda: people.apply(lambda row: row["weight"] / row["height"] ** 2, axis=1),
    "whole columns": lambda: people["weight"] / people["height"] ** 2,
}
seconds = {name: min(timeit.repeat(way, number=1, repeat=3)) for name, way in ways.items()}
rows = [(name, f"{1000 * t:.2f}", f"{t / seconds['whole columns']:.0f}×") for name, t in seconds.items()]
display.table(rows, columns=[f"{TIMED_ROWS:,} rows", "milliseconds", "whole columns are faster by"])

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
slow, fast = (way() for way in ways.values())
print(f"the same answer: {np.allclose(slow, fast)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 什麼情況非用 `apply` 不可？
#
# 🤔 When can you not do without `apply`?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 當計算不能寫成整欄的運算時：例如要呼叫別人寫的、一次只吃一列的函式，或要依好幾欄走一段複雜的 if。在那之前，先看看有沒有現成的：四則運算、`np.where`、`.str`、`groupby`。「函式裡有 if」還不算理由，`np.where` 就能做；步驟 15 會用到。
#
# When the computation cannot be written with whole columns: say, somebody's function that takes one row at a time, or a
# long chain of ifs over several columns. Before that, look at what there is: arithmetic, `np.where`, `.str`, `groupby`.
# "My function has an if" is no reason yet: `np.where` does that, and step 15 uses it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：自動對齊 · Step 9: Alignment
#
# 兩個 Series 相加，pandas 看的是標籤，不是位置。只有一邊有的標籤，答案是 `NaN`（缺值）：不知道就說不知道。
#
# Add two Series, and pandas goes by label, not by position. A label on one side only gives `NaN` (missing): unknown is unknown.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
s3 = pd.Series([7, -2, 3], index=["a", "c", "d"])
s + s3

# %% [markdown] slideshow={"slide_type": "fragment"}
# NumPy 只看位置；長度不同又不能廣播（像這裡的 4 和 3），就只能放棄：
#
# NumPy goes by position, and gives up when lengths differ and cannot be broadcast (here 4 and 3):

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    s.to_numpy() + s3.to_numpy()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 想把缺的那一邊當成某個數，就用方法加上 `fill_value`：
#
# To take the missing side as some number, use the methods with `fill_value`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
pd.DataFrame({
    "s": s, "s3": s3, "s + s3": s + s3,
    "add, 0": s.add(s3, fill_value=0), "sub, 2": s.sub(s3, fill_value=2),
    "div, 4": s.div(s3, fill_value=4), "mul, 3": s.mul(s3, fill_value=3),
}).round(2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `b` 只有 `s` 有，值是 −5。`div, 4` 那一格為什麼是 −1.25？`s` 本來是整數，`s + s3` 為什麼變成小數？
#
# 🤔 Only `s` has `b`, and it is −5. Why is the cell under `div, 4` −1.25? `s` held integers: why has `s + s3` decimals?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) `fill_value=4` 代替的是缺的那一邊，也就是 `s3`：−5 / 4 = −1.25。常見的錯是以為答案的 `NaN` 被換成 4。(2) `NaN` 是小數的一種值，整數欄放不下，所以整欄變成 `float64`，連沒有缺的 10 也寫成 10.0。
#
# (1) `fill_value=4` stands in for the side that is missing, `s3`: −5 / 4 = −1.25. The usual slip is to think that the
# `NaN` of the answer becomes 4. (2) `NaN` is a floating-point value, which integers cannot hold; so the whole column
# becomes `float64`, and even the 10, where nothing is missing, reads 10.0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：NumPy 與 pandas · Step 10: NumPy and pandas
#
# | | NumPy | pandas |
# |---|---|---|
# | 型別 · Types | 整個陣列一種 · one for all | 每一欄一種 · one per column |
# | 找資料 · Finding | 位置 · position | 標籤或位置 · label or position |
# | 運算 · Arithmetic | 靠位置廣播 · broadcasts by position | 靠標籤對齊 · aligns by label |
# | 取出一部分 · A part | 切片是檢視 · a slice is a view | 當作副本 · behaves as a copy |
# | 缺值 · Missing | 多半得自己處理 · mostly up to you | 彙總時自動略過 · skipped in summaries |
# | 標準差 · `std` | 除以 $n$ · by $n$ | 除以 $n-1$ · by $n-1$ |
#
# 投影片說 pandas「只有同一**列**一致」。在臺灣列是橫的，應該說同一**欄**。
#
# The slide says that in pandas only the same 列 has one type. In Taiwan 列 is a row; it should say 欄, a column.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
mixed = [["Belgium", 11190846, 11.2], ["India", 1303171035, 1303.2]]
print(np.array(mixed))
print(pd.DataFrame(mixed, columns=["Country", "Population", "Millions"]).dtypes.astype(str).to_dict())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 混在一起，NumPy 只好全部變成文字；pandas 每一欄保住自己的型別。反過來，從 pandas 變回 NumPy：
#
# Mixed up, NumPy turns everything into text; pandas keeps each column's type. The way back, from pandas to NumPy:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(f"{df.to_numpy().dtype = }")
print(f"{df[['Population']].to_numpy().dtype = }")
print(f"{np.std(s.to_numpy()) = :.3f}, {s.std() = :.3f}, {s.std(ddof=0) = :.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `object` 的陣列裡是一個個 Python 物件，又慢又不能拿去訓練。所以進類神經網路之前，要先把每一欄都變成數字。
#
# 🤔 「Capital」這一欄要怎麼變成數字？（第 03 課回答。）
#
# An array of `object` holds Python objects one by one: slow, and nothing you can train on. So before a neural network, every column must become numbers.
#
# 🤔 How could the column "Capital" become numbers? (Lesson 03 answers.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 一個城市一欄，是就 1、不是就 0（one-hot）；pandas 的 `pd.get_dummies` 或第 03 課的 `OneHotEncoder` 會做。直接編成 0、1、2 是常見的錯：模型會以為 2 比 1 大，也以為 0 和 2 離得比較遠，而城市沒有這種順序。
#
# One column per city, 1 if it is the one and 0 if not (one-hot); `pd.get_dummies` does it, or `OneHotEncoder` in lesson
# 03. Numbering them 0, 1, 2 is the usual mistake: a model then takes 2 for more than 1, and 0 for further from 2, and
# cities have no such order.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：鐵達尼號，三張表 · Step 11: The Titanic in three tables
#
# 1912 年 4 月 15 日，鐵達尼號沉沒。據說救生艇讓「婦女和小孩先上」。資料怎麼說？先看三張表，裡面有 668 人，大約是全部乘客的一半：
#
# On 15 April 1912 the Titanic sank. It is said that "women and children" were let into the boats first. What do the data say?
# Three tables first: 668 of those aboard, about half of all passengers.

# %% slideshow={"slide_type": "fragment"}
passengers, tickets, family = datasets.load_titanic()

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(datasets.describe("titanic"))
passengers.head(3)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
tickets.head(3)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
family.head(3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `SibSp` 是同船的兄弟姊妹和配偶人數，`Parch` 是父母和子女人數。
#
# 🤔 哪一欄能把 `passengers` 和 `tickets` 接起來？一張船票只屬於一個人嗎？
#
# `SibSp` counts brothers, sisters and spouses aboard, `Parch` parents and children.
#
# 🤔 Which column links `passengers` with `tickets`? Does a ticket belong to one person only?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 用 `Ticket`，兩張表都有的只有這一欄。(2) 不是：668 位乘客只有 531 種票號，`347082` 這張就有 6 個人共用。如果以為一票一人，合併時就會說錯關係；步驟 12 用 `validate` 檢查。
#
# (1) `Ticket`, the only column that both have. (2) No: 668 passengers hold 531 different tickets, and six people share
# `347082`. Whoever believes in one ticket per person states the wrong relation when joining; step 12 checks it with
# `validate`.
#
# </details>

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
print(f"{len(passengers) = }, {passengers['PassengerId'].nunique() = }")
print(f"{len(tickets) = }, {tickets['Ticket'].nunique() = }")
print(f"{passengers['Ticket'].duplicated().sum() = }")
print(f"{(~passengers['Ticket'].isin(tickets['Ticket'])).sum() = }")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 有人共用一張票（多對一），而且有 33 位乘客的票不在 `tickets` 裡！這是合併時最容易出事的地方。
#
# People share tickets (many to one), and the tickets of 33 passengers are not in `tickets` at all! This is where joins go wrong.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：合併 · Step 12: Join
#
# `merge` 預設是 inner：只留兩邊都有的。
#
# `merge` is an inner join by default: it keeps only what both sides have.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
inner = passengers.merge(tickets, on="Ticket")
print(f"{len(passengers)} passengers became {len(inner)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 33 個人不見了，沒有警告！要保住每一位乘客，用 `how="left"`；再加上 `validate`，講明你以為的關係，錯了就報錯：
#
# 33 people vanished without a warning! To keep every passenger, use `how="left"`; and with `validate` you state the relation you believe in, so that
# pandas objects when you are wrong:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
with expected_error():
    passengers.merge(tickets, on="Ticket", how="left", validate="one_to_one")

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 寫出正確的合併：每位乘客都留下，`validate` 講明「很多人對一張票」，再用 `indicator="found"` 多一欄，記下每一列在哪邊找到。
#
# ✏️ Write the right join: every passenger stays, `validate` says "many people to one ticket", and `indicator="found"` adds a column that
# notes where each row was found.

# %% gap="join" slideshow={"slide_type": "fragment"}
def with_tickets(passengers, tickets):
    """Return all passengers, beside what is known of their tickets."""
    ### BEGIN SOLUTION
    return passengers.merge(tickets, on="Ticket", how="left", validate="many_to_one", indicator="found")
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
three = pd.DataFrame({"Name": ["An", "Bo", "Mei"], "Ticket": ["A1", "lost", "A1"]})
prices = pd.DataFrame({"Ticket": ["A1", "B2"], "Fare": [7.0, 9.0]})  # nobody travels on B2
found = with_tickets(three, prices)
checks.that(isinstance(found, pd.DataFrame) and "Fare" in found, "兩張表接起來了。 The two tables are joined.",
            "要傳回接好的表，裡面有票價。 Return the joined table, with the fare in it.")
checks.that("Bo" in set(found["Name"]), "票不在表裡的人還在。 Who has no ticket in the table is still there.",
            "Bo 的票不在表裡，人就不見了：預設的 inner 只留兩邊都有的。 "
            "Bo, whose ticket is not in the table, has vanished: inner, the default, keeps only what both sides have.")
checks.that(len(found) == 3, "一個人一列。 One row per person.",
            "多了一列沒有乘客的票：要留的是左邊的人，不是兩邊的全部。 "
            "There is a row for a ticket without a passenger: keep the people on the left, not everything from both sides.")
checks.that("found" in found, "有一欄記下在哪邊找到。 A column notes where each was found.", "少了 found 這一欄。 The column found is missing.")
try:
    with_tickets(three, pd.concat([prices, prices]))
    refused = False
except pd.errors.MergeError:
    refused = True
checks.that(refused, "同一張票有兩個票價時會報錯。 A ticket with two fares is refused.",
            "票價表裡的票如果重複，乘客會默默變多；用 validate 講明你以為的關係。 "
            "If a ticket stood twice among the fares, passengers would quietly multiply: state with validate the relation you believe in.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic = with_tickets(passengers, tickets)
titanic = titanic.merge(family, on="PassengerId", validate="one_to_one")
print(titanic.shape, titanic["found"].value_counts().to_dict())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 `right_only` 是 0，為什麼？（想想 `how="left"`。）
#
# 🤔 `right_only` is 0: why? (Think of `how="left"`.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為 `how="left"` 只留左表有的列；右表多出來的票，本來就不會出現。所以這個 0 不能證明每張票都有主人。要知道，得用 `how="outer"`：量過了，這份資料真的也是 0。
#
# Because `how="left"` keeps only what the left table has; a ticket without a passenger would never show up. So this 0
# does not prove that every ticket has an owner. For that, use `how="outer"`: we did, and in these data it is 0 as well.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 三張表，一個人一列：
#
# Three tables, one row per person:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic = titanic.drop(columns="found").set_index("PassengerId")
titanic.sample(4, random_state=1912)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 13：清理 · Step 13: Clean
#
# 先看缺多少。合併帶進來的缺值（票不在表裡）和本來就缺的，原因不同。
#
# How much is missing? What the join left open (no such ticket) and what nobody ever wrote down are missing for different reasons.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
missing = titanic.isna().sum()
pd.DataFrame({"missing": missing, "percent": (100 * missing / len(titanic)).round(1)})[missing > 0]

# %% [markdown] slideshow={"slide_type": "fragment"}
# 最直覺的做法是 `dropna`，有缺就整列丟掉。剩下多少？
#
# The obvious thing is `dropna`: throw away every row with a hole. How much is left?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
complete = titanic.dropna()
print(f"{len(complete)} of {len(titanic)} rows left")
print(f"survived: {titanic['Survived'].mean():.2f} of all")
print(f"survived: {complete['Survived'].mean():.2f} of the complete rows")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 剩下的人存活率高得多。艙房有記錄的，多半是哪些人？（提示：資料很少是隨機缺的。）
#
# 🤔 Those left survived far more often. Whose cabins were on record? (Hint: data is seldom missing at random.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 多半是頭等艙的人：163 個有艙房記錄的人裡，142 個坐頭等艙。所以 `dropna` 留下的 147 人，有 128 個是頭等艙（頭等艙的存活率是 0.65，全體是 0.40），而且有 75 個是女性，超過一半；全體只有三分之一。常見的錯是以為丟掉的人是隨機的，只是「資料少一點」；其實剩下的是另一群人。
#
# Mostly first-class passengers': 142 of the 163 known cabins are theirs. So of the 147 people that `dropna` leaves, 128
# travelled first class (where 0.65 survived, against 0.40 of all), and 75, more than half, are women, against a third of
# all. The usual mistake is to think that dropping is random and only makes the data smaller; what is left is another
# group of people.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 所以一欄一欄處理。`Cabin` 缺太多，只留「有沒有記錄」；港口補最常見的；票價補同艙等的中位數。`transform` 替每一列寫上「它那一組」的答案，所以長度和原表一樣。
#
# So we go column by column. `Cabin` lacks too much: keep only whether it is known. The port gets the most common one; the fare the median of
# its class. `transform` writes to each row the answer of its group, so the result is as long as the table.
#
# ✏️ 票價和年齡都要這樣補，所以寫成函式：`values` 的每個缺值，補上**同一組**的中位數。`values` 和 `groups` 是同一張表的兩欄。
#
# ✏️ Fares and ages are both filled in this way, so make it a function: each hole in `values` gets the median of its *own* group. `values` and
# `groups` are two columns of one table.

# %% gap="fill" slideshow={"slide_type": "fragment"}
def fill_from_group(values, groups):
    """Return the values, with each hole filled by the median of its group."""
    ### BEGIN SOLUTION
    return values.fillna(values.groupby(groups).transform("median"))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
ages = pd.DataFrame({"age": [1.0, 3.0, np.nan, 40.0, 90.0, 50.0, np.nan], "who": [*"ccc", *"aaaa"]}, index=[*"tuvwxyz"])
before = ages.copy()
found = fill_from_group(ages["age"], ages["who"])
checks.that(isinstance(found, pd.Series) and len(found) == 7, "和原來一樣長。 As long as before.",
            "要傳回一整欄，一列一個值；一組一個值的是 median，用 transform 才會寫到每一列。 "
            "Return a whole column, one value a row; median gives one a group, and transform writes it to each row.")
checks.unchanged(ages, before, "原來的表沒有被改。 The table is as it was.", "不要改傳進來的那一欄，傳回新的。 Leave what came in, and return something new.")
checks.that(not found.isna().any(), "沒有缺值了。 No hole is left.",
            "還有缺值：補的那一排要和 values 用同樣的列標籤才對得上，這就是 transform 的用處。 "
            "Holes are left: what fills them must carry the row labels of the values to be aligned; that is what transform is for.")
checks.that(bool(found["t"] == 1 and found["x"] == 90), "本來有的沒有動。 What was known is untouched.",
            "只補缺的，已經知道的年齡不能改。 Fill only what is missing; a known age must stay.")
checks.that(bool(found["v"] != found["z"]), "每一組補自己的值。 Each group gets its own.",
            "小孩和大人補了同一個數：要先分組。 Children and adults got the same number: group first.")
checks.close(found[["v", "z"]], [2.0, 50.0], "補的是中位數。 It is the median.",
             "大人那組有一個 90 歲，把平均拉高了；要的是中位數。 One of the adults is 90 and pulls the mean up; take the median.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic["HasCabin"] = titanic["Cabin"].notna()
titanic = titanic.drop(columns="Cabin")

titanic["Embarked"] = titanic["Embarked"].fillna(titanic["Embarked"].mode()[0])
titanic["Fare"] = fill_from_group(titanic["Fare"], titanic["Pclass"])
titanic.groupby("Pclass")["Fare"].median().to_dict()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 年齡缺 128 個。名字裡藏著線索：Master 是小男孩，Mrs 是已婚婦女。用正規表示式（regular expression，描述文字樣子的式子）取出稱謂：`, ([^.]+)\.` 的意思是「逗號和句點之間的字」。
#
# 128 ages are missing. The names hold a clue: Master is a boy, Mrs a married woman. A regular expression, a
# formula for the shape of a text, takes the title out: `, ([^.]+)\.` means "what stands between the comma and the full stop".

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic["Title"] = titanic["Name"].str.extract(r", ([^.]+)\.", expand=False)
by_title = titanic.groupby("Title")["Age"].agg(["size", "count", "median"])
by_title.sort_values("size", ascending=False).head(6)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `agg` 一次算好幾個摘要：`size` 是人數，`count` 是有年齡的人數。先記下誰的年齡是補的，再補上同稱謂的中位數：
#
# `agg` computes several summaries at once: `size` counts people, `count` those with an age. Note whose age is a guess, then fill
# in the median of the same title:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic["AgeKnown"] = titanic["Age"].notna()
titanic["Age"] = fill_from_group(titanic["Age"], titanic["Title"])
print(titanic.isna().sum().sum(), "values missing now")

# %% [markdown] slideshow={"slide_type": "subslide"}
# 最後調整型別：艙等是類別（category），不是可以加減的數字；家庭人數是整數。
#
# Last, the types: a class is a category, not a number to add up; the size of a family is an integer.

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic["FamilySize"] = titanic["SibSp"] + titanic["Parch"] + 1
titanic = titanic.astype({"Pclass": "category", "Sex": "category", "Embarked": "category"})
titanic.dtypes.astype(str).to_dict()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 不補、丟掉、補中位數：這三種做法，哪一種會改變結論？我們到步驟 15 再檢查。
#
# 🤔 Leave the hole, drop the row, fill in a median: which of the three might change the conclusion? Step 15 checks.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 三種都可能。丟掉最明顯：`dropna` 讓存活率從 0.40 變成 0.71。補中位數，會把年齡不詳的 Miss 都算成大人。不補看起來最老實，但 `NaN < 16` 是 `False`，所以步驟 15 會默默把不詳的人都當成大人。沒有「什麼都不做」這個選項，只能做完再檢查。
#
# Any of them. Dropping is the plainest: `dropna` took the survival from 0.40 to 0.71. The median makes a grown woman of
# every Miss of unknown age. Leaving the hole looks the most honest, but `NaN < 16` is `False`, so step 15 would quietly
# count all the unknown as adults. There is no "doing nothing"; one can only choose, and check afterwards.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 有順序的資料（例如每天的氣溫），還可以用前一筆補。舊寫法 `fillna(method="ffill")` 現在是 `ffill()`：
#
# Data with an order (such as daily temperatures) can also take over the value before. The old `fillna(method="ffill")` is now `ffill()`:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
temperature = pd.Series([27.5, np.nan, np.nan, 29.0], index=["Mon", "Tue", "Wed", "Thu"])
pd.DataFrame({
    "measured": temperature, "ffill": temperature.ffill(), "interpolate": temperature.interpolate(),
    "fillna(mean)": temperature.fillna(temperature.mean()),
})

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(pd.Series([1, None, 3]).dtype, pd.Series([1, None, 3], dtype="Int64").dtype)
print(pd.Series(["a", None]).dtype, pd.Series(["a", None]).isna().tolist())
print(temperature.mean(), temperature.to_numpy().mean())

# %% [markdown] slideshow={"slide_type": "fragment"}
# 整數欄有缺值會變成小數，除非用大寫的 `Int64`。彙總時 pandas 略過缺值，NumPy 則回答 `nan`。
#
# 🤔 哪一種比較安全？
#
# Integers with a hole become floats, unless you ask for `Int64` with a capital I. In a summary pandas skips what is missing; NumPy answers `nan`.
#
# 🤔 Which is safer?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# NumPy 的 `nan`，因為你不可能沒看到。pandas 略過缺值，答案看起來很正常，你可能不知道它只用了一半的資料；上面的 28.25 只是四天裡兩天的平均。方便和安全不同：用 pandas 時，先用 `isna().sum()` 數缺多少。
#
# NumPy's `nan`, because you cannot overlook it. pandas skips what is missing and the answer looks quite normal, though
# it may rest on half the data: the 28.25 above is the mean of two days out of four. Handy is not the same as safe: with
# pandas, count with `isna().sum()` first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 14：分組 · Step 14: Group by
#
# 「分開、計算、合起來」：依某一欄分組，每組算一個數，再組成一張新的表。
#
# Split, compute, combine: group by a column, compute a number for each group, and make a new table of them.
#
# ✏️ 寫成函式：依 `columns` 分組，每組傳回兩欄，`mean` 是存活的比例，`size` 是人數。`Survived` 是 1 就活了下來，所以平均就是比例。（`observed=True`：只要真的出現過的類別。）
#
# ✏️ As a function: group by `columns`, and give two columns for each group, `mean`, the share that survived, and `size`, the number of people.
# `Survived` is 1 for those who lived, so its mean is the share. (`observed=True`: only categories that do occur.)

# %% gap="survival" slideshow={"slide_type": "fragment"}
def survival(table, columns):
    """Return the share that survived and the number of people, for each group."""
    ### BEGIN SOLUTION
    return table.groupby(columns, observed=True)["Survived"].agg(["mean", "size"])
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
boat = pd.DataFrame({"Sex": ["f", "f", "m", "m", "m"], "Survived": [1, 0, 1, 0, 0], "Age": [9, 8, 7, 6, 5]})
found = survival(boat, "Sex")
checks.that(isinstance(found, pd.DataFrame) and {"mean", "size"} <= set(found.columns), "有比例，也有人數。 Shares and numbers of people.",
            "要兩欄，叫 mean 和 size：agg 可以一次算好幾個。 Two columns are wanted, mean and size: agg computes several at once.")
checks.that(list(found.index) == ["f", "m"], "一組一列。 One row a group.",
            "列的標籤應該是組名：依哪一欄分組？ The rows should be labelled by the groups: by which column do you group?")
checks.that(not np.allclose(found["mean"], [1 / 2, 1 / 2]), "每一組除以自己的人數。 Each group is divided by its own people.",
            "這是「活下來的人裡，各組占多少」；要問的是「每一組裡，多少人活下來」。 "
            "This is each group's share of the survivors; the question is which share of each group survived.")
checks.close(found["mean"], [1 / 2, 1 / 3], "比例對了。 The shares are right.",
             "比例是 Survived 這一欄的平均，不是總和，也不是別的欄。 The share is the mean of Survived: no sum, and no other column.")
checks.close(found["size"], [2, 3], "人數也對。 So are the numbers of people.", "size 是每一組有幾個人。 size is how many people a group has.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
survival(titanic, "Sex").round(3)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
survival(titanic, "Pclass").round(3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 兩個因素一起看，用 `pivot_table`，就是試算表的樞紐分析表：
#
# To see two factors at once, `pivot_table`, as in a spreadsheet:

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic.pivot_table(values="Survived", index="Sex", columns="Pclass", observed=True).round(2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 頭等艙的男性和三等艙的女性，誰的存活率高？光看性別、光看艙等，看得出來嗎？
#
# 🤔 A man in first class or a woman in third: who survived more often? Could you tell from sex alone, or class alone?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# (1) 三等艙的女性：0.55 對 0.38，差距約 0.18，95 % 區間約是 0.04 到 0.31。(2) 看不出來：只看性別，女性高；只看艙等，頭等艙高，兩張表指向相反的方向。兩個因素要一起看，才知道哪一個贏。
#
# (1) The woman in third: 0.55 against 0.38, a difference of about 0.18, with a 95 % interval of about 0.04 to 0.31. (2)
# No: sex alone speaks for the woman, class alone for the man in first, and the two tables point in opposite directions.
# Only both factors together show which one wins.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 15：婦孺優先？ · Step 15: Women and children first?
#
# 把乘客分成三種人：未滿 16 歲的小孩、女人、男人。每個艙等各算存活率。`unstack` 把三種人從列轉成欄，比較好讀。
#
# Put the passengers into three kinds: children under 16, women, men. Then the share that survived, class by class.
# `unstack` turns the three kinds from rows into columns, which reads better.

# %% [markdown] slideshow={"slide_type": "fragment"}
# ✏️ 先寫分法：`np.where(條件, 是的話, 不是的話)` 一次替整欄選值。小孩不分男女。
#
# ✏️ First who is who: `np.where(condition, if so, if not)` picks for a whole column at once. Children are children, boys and girls alike.

# %% gap="kind" slideshow={"slide_type": "fragment"}
def kind(table):
    """Return "child" (under 16), "woman" or "man" for each row."""
    ### BEGIN SOLUTION
    adult = np.where(table["Sex"] == "female", "woman", "man")
    return np.where(table["Age"] < 16, "child", adult)
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check", "nbval-check-output"]
aboard = pd.DataFrame({"Sex": ["male", "female", "female", "male", "female"], "Age": [40.0, 40.0, 5.0, 5.0, 16.0]})
found = list(kind(aboard)) if kind(aboard) is not None else []
checks.that(len(found) == 5, "每個人都有答案。 Everybody has an answer.", "要傳回一整欄，一個人一個。 Return a whole column, one for each person.")
checks.that(found[2] == "child", "五歲的女孩是小孩。 A girl of five is a child.",
            "五歲的女孩被算成女人了：年齡要比性別先決定。 A girl of five was counted as a woman: age decides before sex.")
checks.that(found[4] != "child", "剛滿 16 歲的是大人。 At 16 one is grown up.", "未滿 16 歲，不含 16。 Under 16 leaves 16 out.")
checks.that(found == ["man", "woman", "child", "child", "woman"], "五個人都對。 All five are right.",
            "三種答案的拼法是 child、woman、man；再看看男女有沒有弄反。 "
            "The answers are spelt child, woman and man; and see whether men and women have changed places.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
titanic["Who"] = kind(titanic)
groups = survival(titanic, ["Pclass", "Who"])
groups.unstack().round(2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 頭等艙只有 6 個小孩，5 個活下來。6 個人算出來的 83 %，能信幾分？
#
# 比例要附上不確定的範圍。人少的時候用 Wilson 區間：同樣的做法重複很多次，約 95 % 的區間會包住真正的比例。
#
# There were only 6 children in first class, and 5 survived. How far can you trust 83 % of six people?
#
# A share needs its uncertainty. For small groups take Wilson's interval: were all this done many times, about 95 % of such intervals would
# hold the true share.
#
# <details><summary>選讀：公式 · Optional: the formula</summary>
#
# $\hat p$ 是比例，$n$ 是人數，$z=1.96$（95 %）。
#
# $\hat p$ is the share, $n$ the number of people, $z=1.96$ (95 %).
#
# $$\frac{\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1-\hat p)}{n} + \frac{z^2}{4n^2}}}{1+\frac{z^2}{n}}$$
#
# </details>

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
p, n, z = groups["mean"], groups["size"], 1.96
center = (p + z**2 / (2 * n)) / (1 + z**2 / n)
margin = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
groups["low"], groups["high"] = center - margin, center + margin
groups.round(2)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 不用迴圈：整欄一起算，靠標籤對齊。現在畫出來。
#
# No loop: whole columns at once, aligned by label. Now the picture.

# %% alt={"zh": "三個艙等，各有小孩、女性、男性三根長條，線是區間。頭等和二等的女性與小孩大多活下來，三等約一半；每一等的男性都最低。頭等的小孩人數少，區間很長。", "en": "Three bars, child, woman and man, for each of three classes, with lines for intervals. In first and second class most women and children lived, in third class about half; men are lowest in every class. There are few children in first class, and their interval is long."} slideshow={"slide_type": "subslide"} tags=["thumbnail"]
figure, ax = plt.subplots(figsize=(8, 4.2))
for position, (who, color) in enumerate(zip(["child", "woman", "man"], plots.COLORS, strict=False)):
    part = groups.xs(who, level="Who")
    places = np.arange(3) + 0.27 * (position - 1)
    ax.bar(places, part["mean"], width=0.25, color=color, alpha=0.85, label=who)
    ax.vlines(places, part["low"], part["high"], color="#333333", linewidth=1.5)
    for place, high, size in zip(places, part["high"], part["size"], strict=True):
        ax.text(place, high + 0.015, f"n={size}", ha="center", fontsize=9)
ax.set_xticks(range(3), ["first class", "second class", "third class"])
ax.set(ylabel="share that survived", ylim=(0, 1.08))
ax.set_title("Who survived? (lines: 95 % intervals)", loc="left")
ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3)
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 差多少？ · How large is the difference?
#
# 要比較兩組，就替**差距**算區間（Newcombe 的方法，由兩個 Wilson 區間組成；statsmodels 有現成的）。區間不含 0，才說有差別。
#
# To compare two groups, put the interval on their *difference* (Newcombe's method joins two Wilson intervals; statsmodels has it).
# Only where the interval leaves out 0 do we speak of a difference.


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def difference(first, second):
    """Say how far two groups' shares lie apart, with a 95 % interval."""
    low, high = confint_proportions_2indep(first.sum(), len(first), second.sum(), len(second), method="newcomb")
    return f"{first.mean() - second.mean():+.2f} ({low:+.2f} to {high:+.2f})"


for pclass in (1, 2, 3):
    members = titanic[titanic["Pclass"] == pclass].groupby("Who")["Survived"]
    child, woman, man = (members.get_group(who) for who in ("child", "woman", "man"))
    print(f"class {pclass}: child - man {difference(child, man)}, woman - man {difference(woman, man)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 三個艙等都一樣：女人和小孩的存活率高於男人，六個差距的區間都不含 0（頭等艙的小孩只有 6 個，區間很寬）。頭等、二等艙的女人大多活了下來，三等艙的約一半。數字符合「婦孺優先」，也看得出坐哪一等艙差很多；至於為什麼，光靠這張表說不出來。
#
# 🤔 二等艙男人的存活率，真的比三等艙男人低嗎？先看兩個區間有沒有重疊，再用 `difference` 算。（重疊不等於沒有差別：要看差距的區間。）
#
# In every class women and children survived more often than men: none of the six intervals holds 0 (that of the 6 children in first class is
# very wide). In first and second class most women lived, in third about half. The numbers agree with "women and children first", and they differ
# much by class; why, this table alone cannot say.
#
# 🤔 Did men in second class really survive less often than men in third? See whether the intervals overlap, then use
# `difference`. (An overlap does not mean that there is no difference: look at the interval of the difference.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 這份資料說不準。二等艙 81 人活 6 人（0.07），三等艙 230 人活 28 人（0.12）；兩個區間重疊，差距是 −0.05，區間 −0.11 到 +0.04，含 0。常見的兩種錯：看到 0.07 小於 0.12 就說真的比較低；或看到區間重疊，就說兩者一樣。
#
# These data cannot tell. Of 81 men in second class 6 survived (0.07), of 230 in third 28 (0.12); the intervals overlap,
# and the difference is −0.05, with an interval of −0.11 to +0.04, which holds 0. Two usual mistakes: to see 0.07 below
# 0.12 and call it lower; or to see the overlap and call them equal.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 清理有沒有改變答案？ · Did the cleaning change the answer?
#
# 我們補了 128 個年齡。如果把這些人丟掉，答案會一樣嗎？
#
# We filled in 128 ages. Would the answer be the same had we dropped these people?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
known = titanic[titanic["AgeKnown"]].groupby(["Pclass", "Who"], observed=True)["Survived"].mean()
comparison = pd.DataFrame({"ages filled in": groups["mean"], "known ages only": known})
comparison["difference"] = comparison["ages filled in"] - comparison["known ages only"]
comparison.round(2)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
women_3 = (titanic["Pclass"] == 3) & (titanic["Who"] == "woman")
men_1 = (titanic["Pclass"] == 1) & (titanic["Who"] == "man")
everybody = titanic["Pclass"].notna()
for name, chosen in {"third-class women": women_3, "first-class men": men_1, "everybody": everybody}.items():
    unknown = titanic.loc[chosen & ~titanic["AgeKnown"], "Survived"]
    known = titanic.loc[chosen & titanic["AgeKnown"], "Survived"]
    print(f"{name}: age unknown ({len(unknown)}) - known ({len(known)}) {difference(unknown, known)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 大方向不變。動得最多的是兩格：三等艙的女人（0.51，丟掉則是 0.45）和頭等艙的男人（0.35，丟掉則是 0.41）。前者的區間含 0，可能只是運氣；後者不含，但這是從九格裡挑出來的，證據比看起來弱。全體就清楚了：年齡不詳的人，存活率低了約 0.15，所以年齡不是隨機缺的，直接丟掉會讓全體的存活率偏高。補值也有代價：補了中位數，年齡不詳的 Miss 就全都算成大人。
#
# 🤔 報告裡，你會寫哪一個數字？要附上什麼說明？
#
# The picture holds. Two groups move most: women in third class (0.51, after dropping 0.45) and men in first (0.35, after dropping 0.41). The
# interval of the former holds 0, so it may be chance; that of the latter does not, but it was picked out of nine groups, so it is weaker evidence
# than it looks. For everybody it is clear: people of unknown age survived less often, by about 0.15. So ages are not missing at random, and
# dropping these people would make the survival of all look too high. Filling in has its price, too: with the median, every Miss of unknown age
# counts as a grown woman.
#
# 🤔 Which number would you report, and with what remark?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 兩個都寫：例如三等艙女人 0.51（區間 0.40 到 0.62，76 人，其中 29 人的年齡是補的），只算年齡已知的 47 人則是 0.45。讀者才看得到，答案有多少來自你的選擇。常見的錯是挑比較好看的一個，或者只寫比例，不寫人數。
#
# Both: say, women in third class 0.51 (interval 0.40 to 0.62, 76 women, the age of 29 filled in), and 0.45 among the 47
# whose age is known. Then readers can see how much of the answer comes from your choice. The usual mistake is to pick
# the nicer one, or to give the share without the number of people.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 16：當年與現在 · Step 16: Then and now
#
# 左欄是速查表（和舊教學文）的寫法，中間是這台電腦上的 pandas **剛才真正的回答**，右欄是今天的寫法。
#
# On the left the sheet's way (and that of old tutorials), in the middle what pandas on this computer *has just
# answered*, on the right today's way.

# %% slideshow={"slide_type": "skip"}
THEN_AND_NOW = [
    ("pd.to_csv('myDataFrame.csv')", "df.to_csv(folder / 'myDataFrame.csv')"),
    ("pd.to_excel('dir/myDataFrame.xlsx', sheet_name='Sheet1')",
     "df.to_excel(folder / 'myDataFrame.xlsx', sheet_name='Sheet1')"),
    ("df.iloc[[0], [0]]", "df.iloc[0, 0]"),
    ("df.iat[[0], [0]]", "df.iat[0, 0]"),
    ("df.loc[[0], ['Country']]", "df.loc[0, 'Country']"),
    ("df.at[[0], ['Country']]", "df.at[0, 'Country']"),
    ("df.ix[2]", "df.loc[2]"),
    ("df.ix[1, 'Capital']", "df.loc[1, 'Capital']"),
    ("s[(s > 1)]", "s[~(s > 1)]"),
    ("df.sort_index(by='Country')", "df.sort_values(by='Country')"),
    ("s.order()", "s.sort_values()"),
    ("df.idmin()", "df.idxmin()"),
    ("df.idmax()", "df.idxmax()"),
    ("df.mean()", "df.mean(numeric_only=True)"),
    ("df.median()", "df.median(numeric_only=True)"),
    ("s[0]", "s.iloc[0]"),
    ("s.append(s3)", "pd.concat([s, s3])"),
    ("df.applymap(f)", "df.map(f)"),
    ("s.fillna(method='ffill')", "s.ffill()"),
]


# %% slideshow={"slide_type": "skip"}
def outcome(code):
    """Run one line of code; return its result, or its error, as one line."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return " ".join(repr(eval(code)).split())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
for _, now in THEN_AND_NOW:
    eval(now)                                 # today's way runs, or this cell stops here
rows = [(then, outcome(then), now) for then, now in THEN_AND_NOW]
display.table(rows, columns=["then", f"pandas {pd.__version__} says", "now"])

# %% slideshow={"slide_type": "skip"}
temporary.cleanup()  # the files are gone

# %% [markdown] slideshow={"slide_type": "fragment"}
# `df.iloc[[0], [0]]` 和 `df.loc[[0], ['Country']]` 沒報錯，但給的是表格，不是值。`s[0]` 以前找不到標籤會偷偷改用位置，現在就直接報錯。
#
# 🤔 拿一篇舊教學文的程式來跑，你會先檢查哪裡？
#
# `df.iloc[[0], [0]]` and `df.loc[[0], ['Country']]` do not fail, but give a table, not a value. `s[0]` used to fall back on the position in secret when there
# was no such label; now it fails.
#
# 🤔 You run the code of an old tutorial: where do you look first?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 先看它是為哪一版寫的，再找「還能跑、答案卻不同」的地方。會報錯的（`ix`、`append`、`applymap`）自己會喊停，改掉就好。安靜的才危險：例如連用兩個中括號去改表，現在改不到原表；`iloc[[0], [0]]` 給的是表格，不是值。常見的錯是「跑完沒有紅字」就以為對了。
#
# First for which version it was written, then for what still runs but answers differently. What fails (`ix`, `append`,
# `applymap`) stops by itself and is soon mended. The quiet ones are dangerous: writing through two pairs of brackets no
# longer reaches the table, and `iloc[[0], [0]]` gives a table, not a value. The usual mistake is to trust it because
# nothing turned red.
#
# </details>

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
profile.expect("passengers after the join", len(titanic), at_least=668, at_most=668,
               hint="join with how='left', so that nobody is lost")
share = groups["mean"].round(3)
profile.expect("first-class women, share that survived", share[1, "woman"], at_least=0.95)
profile.expect("third-class men, share that survived", share[3, "man"], at_most=0.15)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - pandas 靠標籤：選取先想好是 `loc`（名字）還是 `iloc`（位置），運算會自動對齊。<br>pandas goes by labels: decide between `loc` (names) and `iloc` (positions); arithmetic aligns by itself.
# - 取出來的都當副本，要改原表就用一次 `loc`；這和 NumPy 的切片相反。<br>What you take out behaves as a copy; to change the table, write with one `loc`. A slice in NumPy does the opposite.
# - 合併前先數人數，清理後再檢查結論；丟掉缺值也是一種選擇，而且會影響答案。<br>Count before you join, check the conclusion after you clean; dropping what is missing is a choice, too, and it moves the answer.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Show</summary>
#
# - 速查表裡的 `df.ix`、`sort_index(by=)`、`s.order()`、`idmin` 今天都不能用，`iloc[[0], [0]]` 的輸出也和實際不符。<br>The sheet's `df.ix`, `sort_index(by=)`, `s.order()` and `idmin` do not work today, and what it prints for `iloc[[0], [0]]` is not what you get.
# - 鐵達尼號在投影片上只是一張截圖；這裡真的把三張表接起來，看到 33 個人怎麼不見的。<br>The Titanic was a screenshot on a slide; here three tables are really joined, and you see how 33 people get lost.
# - 沒有提到缺值的處理會改變結論，也沒有不確定的範圍。<br>Nothing was said of how filling in changes a conclusion, nor of uncertainty.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 02](../labs/lab02_arrays_and_tables.ipynb)「陣列與表格」：提一個你自己的鐵達尼號問題，用 NumPy 和 pandas 回答。
#
# [Lab 02](../labs/lab02_arrays_and_tables.ipynb), arrays and tables: ask a question of your own about the Titanic, and answer it with NumPy and pandas.
#
# ## 參考資料 · References
#
# - pandas 使用手冊：[選取](https://pandas.pydata.org/docs/user_guide/indexing.html)、[合併](https://pandas.pydata.org/docs/user_guide/merging.html)、[缺值](https://pandas.pydata.org/docs/user_guide/missing_data.html)、[寫入時複製](https://pandas.pydata.org/docs/user_guide/copy_on_write.html) · pandas user guide: indexing, merging, missing data, copy-on-write
# - W. McKinney, [Python for Data Analysis](https://wesmckinney.com/book/), 3rd ed., 2022
# - E. B. Wilson, [Probable inference, the law of succession, and statistical inference](https://doi.org/10.1080/01621459.1927.10502953), 1927
# - 鐵達尼號乘客 · Passengers of the Titanic: [Encyclopedia Titanica](https://www.encyclopedia-titanica.org/)；三張表 · three tables: R. McKeown, D3 Titanic Workshop (MIT)
# - 投影片所用的速查表 · The sheet on the slides: <https://github.com/kailashahirwar/cheatsheets-ai>

# %% [markdown]
# # 00 我的專案 · My project
#
# 先複製這一本，換個名字，再動手。一格一格往下寫；每個標題下面的問題都要回答，用自己的話。兩本做完的例子在 `projects/`：自己的照片、自己的文字。
#
# Copy this notebook and give the copy a name of its own. Write from the top down, and answer the questions under each heading in your own words. Two finished
# examples lie in `projects/`: own pictures, own text.
#
# | | |
# |---|---|
# | 誰 · Who | ✏️ |
# | 日期 · Date | ✏️ |

# %%
import keras
import numpy as np

from utils.models import evaluation
from utils.notebook import display, plots, profile, project

profile.seed(0)

# %% [markdown]
# ## 1 問題 · Question
#
# - 你想知道什麼？一句話，用問號結尾。
# - 誰會用到答案？答錯了會怎樣？
# - 你猜成績會是多少？**先寫下來**，做完再回來看。
#
# - What do you want to know? One sentence, with a question mark.
# - Who would use the answer? What if it is wrong?
# - What score do you expect? **Write it down now**, and look again at the end.
#
# ✏️

# %% [markdown]
# ## 2 資料 · Data
#
# - 從哪裡來？誰拍的、誰寫的？可以用嗎（授權、別人的臉和名字）？
# - 有幾筆，每一類幾筆？看十筆，有沒有怪怪的？
# - 哪些資料彼此有關係（同一張照片、同一個人、同一天）？
#
# - Where is it from? Who took or wrote it? May you use it (licence, other people's faces and names)?
# - How many examples, and how many of each class? Look at ten: is anything odd?
# - Which examples belong together (one photo, one person, one day)?
#
# ✏️

# %%
# x, y = ...
# print(len(x), np.bincount(y))

# %% [markdown]
# ## 3 切分 · Split
#
# - 訓練、驗證、測試，怎麼切？有關係的資料，是不是都在同一邊？
# - 這樣切，量到的是你在第 1 節問的那個問題嗎？
#
# - How is it cut into training, validation and test? Do examples that belong together stay on one side?
# - Cut like that, does the score answer the question of section 1?
#
# ✏️

# %%
# project.disjoint(train=x_train, validation=x_val, test=x_test)
# envelope = project.TestOnce(x_test, y_test)

# %% [markdown]
# ## 4 基準 · Baseline
#
# - 什麼都不學，一直猜最多的那一類，成績是多少？
# - 不用網路，最好的簡單做法是什麼？它的設定也用驗證資料選過了嗎？
#
# - What does always guessing the commonest class score?
# - What is the best simple way without a network? Were its settings, too, chosen on validation data?
#
# ✏️

# %%
# baseline = ...

# %% [markdown]
# ## 5 模型 · Model
#
# - 為什麼是這種網路？
# - 訓練前先檢查：一開始的損失該是多少？十筆資料背得起來嗎？
# - 試了哪幾種設定？全部列出來，沒用的也算；用驗證資料選。
#
# - Why this kind of network?
# - Before you train: what should the loss be at the start? Can it learn ten examples by heart?
# - Which settings did you try? List all of them, also those that failed; choose on validation data.
#
# ✏️

# %%
# model = keras.Sequential([...])
# model.compile(...)
# model.fit(..., validation_data=(x_val, y_val))

# %% [markdown]
# ## 6 測試 · Test
#
# 選擇都做完了，才打開信封，只有一次。
#
# - 成績是多少，誤差範圍多大？
# - 贏過基準了嗎？同一批資料上成對地比。
#
# Open the envelope when all choices are made, and once.
#
# - What is the score, and how wide is its interval?
# - Is the baseline beaten? Compare the two on the same cases.
#
# ✏️

# %%
# x_test, y_test = envelope.open()
# model_right = model.predict(x_test, verbose=0).argmax(axis=1) == y_test
# baseline_right = ...
# score = evaluation.share(int(model_right.sum()), len(model_right))
# project.error_bar(*score)
# project.verdict(*evaluation.paired_difference(model_right, baseline_right))
# project.opened_once(envelope)

# %% [markdown]
# ## 7 錯在哪裡 · Errors
#
# - 看十個錯的。有共同點嗎？
# - 有沒有一種簡單的解釋，說明模型看的其實是別的東西？
#
# - Look at ten errors. What do they share?
# - Is there a simple reason to think that the model looks at something else than you meant?
#
# ✏️

# %%
# wrong = np.flatnonzero(~model_right)[:10]

# %% [markdown]
# ## 8 結論 · Conclusion
#
# - 第 1 節的問題，答案是什麼？（三句以內，帶著誤差範圍）
# - 和你猜的差多少？為什麼？
# - 哪些事這個專案**不能**說？再給你一週，先做什麼？
#
# - What is the answer to the question of section 1? (Three sentences at most, with the interval.)
# - How far is it from your guess, and why?
# - What can this project **not** say? With one more week, what would come first?
#
# ✏️

# %% [markdown]
# # 練習 04a：用一個神經元預測房價 · Lab 04a: House prices with one neuron
#
# 目標：用一個神經元（neuron）學會房價的規則，並且親眼看到「數字的大小」怎麼影響訓練。
#
# Goal: teach one neuron the rule behind house prices, and see for yourself how the size of the numbers decides whether training works.
#
# | | |
# |---|---|
# | 時間 · Time | 約 30 分鐘，程式只跑幾秒 · about 30 minutes; the code runs for seconds |
# | 先上過 · You need | 第 [04](../notebooks/04_hello_tensorflow.ipynb) 課 · lesson [04](../notebooks/04_hello_tensorflow.ipynb) |
# | 資料 · Data | 自己算出來的房價，不用下載 · prices that we compute; nothing to download |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 寫下房價的規則 · write down the rule | 2 |
# | 2 | 讓一個神經元從六個例子學會它 · let one neuron learn it from six examples | 4 |
# | 3 | 大房子也要準：換單位 · right for huge houses, too: change the unit | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，先執行它，再執行下面那一格檢查。
#
# Change only the lines that say `raise NotImplementedError`. After each change run that cell, then the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import keras
import numpy as np

from utils.notebook import checks, profile

profile.seed(2)

# %% [markdown]
# ## 步驟 1：房價的規則（2 分）· Step 1: The rule (2 points)
#
# 在某個小鎮，一間臥室的房子賣 10 萬，每多一間臥室加 5 萬。單位用「千」（thousand）：一間臥室是 100，兩間是 150。
#
# In a small town a house with one bedroom costs 100 thousand, and each further bedroom adds 50 thousand. We count in thousands: one bedroom is
# 100, two are 150.
#
# 寫一個函式，一次算很多棟房子。參數可以是一個數字，也可以是 NumPy 陣列。
#
# Write a function that handles many houses at once. What it is given may be a number or a NumPy array.

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def price(bedrooms):
    """Return the price of houses.

    Args:
        bedrooms: a number, or an array of numbers of any shape.

    Returns:
        Price in thousands, a number or an array of the same shape.
    """
    ### BEGIN SOLUTION
    return 50.0 + 50.0 * bedrooms
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
checks.close(price(1), 100, "一間臥室是 100 · one bedroom is 100",
             "一間臥室的價錢不對。單位是「千」。 One bedroom is off. Remember that we count in thousands.")
checks.close(price(4) - price(3), 50, "每多一間加 50 · each further bedroom adds 50",
             "從三間到四間，價錢應該多 5 萬。 From three bedrooms to four the price should rise by 50 thousand.")
checks.close(price(np.array([1.0, 2.0, 7.0])), [100, 150, 400], "陣列也可以 · arrays work, too",
             "一個一個算是對的，整個陣列卻不對：算式要能直接用在陣列上。 "
             "Single numbers are right, arrays are not: write a formula that works on the whole array.")
### BEGIN HIDDEN TESTS
checks.close(price(np.arange(1.0, 21.0)), np.linspace(100, 1050, 20), "二十種房子都對 · twenty sizes are right",
             "大一點的房子價錢不對：每一間都加一樣多。 Larger houses are off: every bedroom adds the same.")
checks.close(price(np.array([[2.0], [3.0]])), [[150], [200]], "形狀不變 · the shape is kept",
             "直的陣列進去，也要直的陣列出來。 A column goes in, so a column must come out.")
### END HIDDEN TESTS

# %% [markdown]
# 🤔 你寫的規則，可以寫成 $y = w x + b$。$w$ 和 $b$ 是多少？ The rule that you wrote has the form $y = w x + b$. What are $w$ and $b$?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# $w = 50$、$b = 50$。每多一間臥室加 50，那是斜率 $w$；$b$ 是 $x = 0$ 時的價錢：一間是 100，少一間就少 50。猜 $b = 100$ 的人，把「一間臥室的價錢」當成了「沒有臥室的價錢」。步驟 2 的神經元，就是要從例子裡找出這兩個數。
#
# $w = 50$ and $b = 50$. Each further bedroom adds 50, which is the slope $w$; $b$ is the price at $x = 0$: one bedroom costs 100, and without it it is 50 less. Who said $b = 100$ took the price of one bedroom for that of none. These
# are the two numbers that the neuron of step 2 has to find from examples.
#
# </details>

# %% [markdown]
# ## 步驟 2：一個神經元（4 分）· Step 2: One neuron (4 points)
#
# 假裝我們不知道規則，手上只有六個例子：一到六間臥室。請建一個只有**一個神經元**的模型，訓練到它在這六棟房子上的誤差（預測減真值的絕對值）都在 10 以內，也就是 1 萬元。
# 價錢照樣以千為單位，不要換算。
#
# Now we pretend not to know the rule and have six examples only: one to six bedrooms. Build a model of **one neuron** and train it until it is off
# by no more than 10, that is ten thousand, on each of the six houses. Keep the prices in thousands, as they are.
#
# `Dense(1)` 只有兩個參數：權重 $w$ 和偏差值 $b$。最佳化器（optimizer）、學習率（learning rate）、訓練週期（epoch）由你選。
#
# `Dense(1)` has two parameters, a weight $w$ and a bias $b$. Optimizer, learning rate and number of epochs are for you to choose.
#
# <details><summary>💡 提示 1：損失變成 NaN · Hint 1: the loss becomes NaN</summary>
#
# 步子太大，就會在山谷兩邊越彈越高。把學習率除以 10 再試一次。用均方誤差（mean squared error）當損失，誤差 300，損失就是 90000，梯度也跟著大。
#
# Steps that are too large climb out of the valley. Divide the learning rate by 10 and try again. With the mean squared error an error of 300 is a loss
# of 90,000, and the gradient is as large.
#
# </details>
#
# <details><summary>💡 提示 2：學得太慢 · Hint 2: it learns too slowly</summary>
#
# 梯度下降（SGD）通常先學好斜率，最後才慢慢補上偏差值。多跑一些訓練週期：只有六個例子，幾百個週期也只要幾秒。
# 也可以加上動量（momentum），例如 `keras.optimizers.SGD(..., momentum=0.9)`，或試試 `keras.optimizers.Adam`，它的步子大小和損失的單位無關，所以學習率要設得比平常大。
#
# Gradient descent (SGD) learns the slope first and creeps towards the bias afterwards. Train for more epochs: with six examples hundreds of them take
# seconds. Momentum helps, `keras.optimizers.SGD(..., momentum=0.9)`; or try `keras.optimizers.Adam`: its steps do not grow with the loss, so here it
# needs a larger learning rate than usual.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "houses", "locked": true, "schema_version": 3, "solution": false, "task": false}
bedrooms = np.arange(1.0, 7.0).reshape(-1, 1)
prices = 50.0 + 50.0 * bedrooms
print("bedrooms:", bedrooms.ravel(), "\nprices in thousands:", prices.ravel())


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_one_neuron(bedrooms, prices):
    """Train one neuron on examples.

    Args:
        bedrooms: array of floats, (houses, 1). Not changed.
        prices: array of floats, (houses, 1), in thousands. Not changed.

    Returns:
        A trained Keras model with exactly two parameters, from bedrooms (houses, 1) to prices in thousands (houses, 1).
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss="mse")
    model.fit(bedrooms, prices, epochs=100, batch_size=len(bedrooms), verbose=0)
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def largest_error(model, bedrooms, prices):
    """Return by how much a model is off at worst, in thousands."""
    predicted = np.asarray(model(bedrooms))
    checks.that(predicted.shape == prices.shape, "每棟房子一個價錢 · one price for each house",
                f"預測的形狀是 {predicted.shape}，應該是 {prices.shape}。 The predictions have the shape {predicted.shape}, not {prices.shape}.")
    checks.that(bool(np.isfinite(predicted).all()), "預測都是數字 · all predictions are numbers",
                "預測裡有 NaN：訓練發散了，學習率太大。 There are NaN among the predictions: training blew up, the learning rate is too large.")
    return float(np.abs(predicted - prices).max())


@checks.beside_your_code
def parameters(model):
    """Return how many parameters a Keras model has; None if it is none."""
    return model.count_params() if isinstance(model, keras.Model) else None


neuron = train_one_neuron(bedrooms.copy(), prices.copy())
count = parameters(neuron)
checks.that(count is not None, "這是一個 Keras 模型 · it is a Keras model",
            "函式要傳回模型，是不是忘了 return？ The function must return the model: is a `return` missing?")
checks.that(count == 2, "只有兩個參數 · it has two parameters",
            f"模型有 {count} 個參數；一個神經元只有權重和偏差值。 "
            f"The model has {count} parameters; one neuron has a weight and a bias only.")
checks.that(largest_error(neuron, bedrooms, prices) <= 10, "六棟房子的誤差都在 10 以內 · all six are off by 10 at most",
            "還不夠準：學習率對了嗎？訓練得夠久嗎？ Not close enough yet: is the learning rate right, and did it train for long enough?")
### BEGIN HIDDEN TESTS
few, some, many = np.asarray(neuron(np.array([[2.0], [12.0], [22.0]])), dtype=float)
checks.close(many - some, some - few, "答案在一條直線上 · the answers lie on a straight line",
             "一個神經元的答案在一條直線上，這些不是。 The answers of one neuron lie on a straight line; these do not.", tolerance=0.1)
other = 30.0 + 30.0 * bedrooms  # another town, where everything is cheaper
checks.that(largest_error(train_one_neuron(bedrooms.copy(), other.copy()), bedrooms, other) <= 10, "換一個小鎮也學得會 · it learns another town, too",
            "換了資料就不準：模型要從收到的資料學，不能把規則寫死。 With other data it is off: the model must learn from what it is given.")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：數字的大小（4 分）· Step 3: The size of the numbers (4 points)
#
# 六個例子上差一點點，離得遠就差很多。拿你的神經元去猜 100 間臥室的大飯店，看看差多少：
#
# Being a little off on six examples means being far off far away. Ask your neuron for a hotel of 100 bedrooms:
#
# ```python
# neuron(np.array([[100.0]])) - (50 + 50 * 100)
# ```
#
# 神經網路喜歡 1 上下的數字。如果價錢改用「十萬」為單位（一間 1.0、兩間 1.5），最佳化器一開始就離答案很近，誤差也跟著小一百倍。這就是**縮放**（scaling）。
#
# Networks like numbers around 1. With prices in hundreds of thousands (1.0, 1.5, …) the optimizer starts close to the answer, and errors shrink a hundredfold.
# This is called **scaling**.
#
# 請寫一個更好的 `fit_prices`：傳回一個**函式**，給它臥室數，它就回答價錢（千）。100 間臥室的誤差要在 5 以內（千分之一），而且資料換成別的範圍也要做得到，
# 例如 10 到 60 間臥室、或價錢大一千倍。裡面用什麼模型、什麼單位，由你決定；照樣只能有一個神經元的模型。
#
# Write a better `fit_prices`: it returns a **function** that is given bedrooms and answers with prices in thousands. For 100 bedrooms it must be off by no more
# than 5, one part in a thousand, and it must work for data of another range, too: 10 to 60 bedrooms, say, or prices a thousand times as large. Which unit and
# which optimizer you use inside is up to you; the model is still one neuron.
#
# <details><summary>💡 提示 3：從資料算出單位 · Hint 3: take the unit from the data</summary>
#
# 減去平均、除以標準差，任何範圍都會變成 1 上下的數字。訓練時用過的平均和標準差要記住：預測時，輸入用同樣的方法縮放，輸出再乘回去、加回去。
#
# Subtract the mean and divide by the standard deviation, and numbers of any range become numbers around 1. Remember the mean and the deviation of the training data:
# to predict, scale the input in the same way, then multiply and add to bring the output back.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_prices(bedrooms, prices):
    """Fit one neuron to examples of any range.

    Args:
        bedrooms: array of floats, (houses, 1), not all the same. Not changed.
        prices: array of floats, (houses, 1), in thousands, not all the same. Not changed.

    Returns:
        A function from bedrooms (houses, 1) to prices in thousands (houses, 1).
    """
    ### BEGIN SOLUTION
    centre, spread = bedrooms.mean(), bedrooms.std()
    middle, unit = prices.mean(), prices.std()
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.4), loss="mse")
    model.fit((bedrooms - centre) / spread, (prices - middle) / unit, epochs=25, batch_size=len(bedrooms), verbose=0)

    def predict(bedrooms):
        return np.asarray(model((bedrooms - centre) / spread)) * unit + middle

    return predict
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def relative_error(inputs, outputs, question, answer):
    """Fit examples, ask one question, and return how far off the answer is, as a share of it."""
    predict = fit_prices(inputs.copy(), outputs.copy())
    checks.that(callable(predict), "傳回一個函式 · it returns a function",
                "fit_prices 要傳回一個函式，不是預測好的數字。 fit_prices must return a function, not predicted numbers.")
    predicted = np.asarray(predict(np.array([[float(question)]])))
    checks.that(predicted.shape == (1, 1), "一棟房子一個價錢 · one price for one house",
                f"問一棟房子，得到的形狀是 {predicted.shape}，應該是 (1, 1)。 Asked for one house it gave the shape {predicted.shape}, not (1, 1).")
    return abs(float(predicted[0, 0]) - answer) / abs(answer)


error = relative_error(bedrooms, prices, 100, 5050)
checks.that(error <= 1e-3, "100 間臥室的誤差不到千分之一 · a hundred bedrooms are right to a part in a thousand",
            "100 間臥室還差太多：在六棟房子上要準得多。先縮放，再訓練。 "
            "A hundred bedrooms are still off: the six houses must be met far more closely. Scale first, then train.")
error = relative_error(bedrooms * 10, prices * 1000, 600, 3_050_000)
checks.that(error <= 1e-3, "換了範圍也準 · right in another range, too",
            "臥室多十倍、價錢大一千倍就不準：縮放的單位要從資料算出來，輸入和輸出都要。 "
            "With ten times the bedrooms and a thousand times the price it is off: take the units from the data, for inputs and outputs both.")
### BEGIN HIDDEN TESTS
small = np.array([[0.01], [0.02], [0.05]])
checks.that(relative_error(small, 3 - 20 * small, 0.04, 2.2) <= 1e-3, "很小的數字也準 · right for tiny numbers",
            "數字很小的時候不準：單位要從資料算出來。 With tiny numbers it is off: take the units from the data.")
checks.that(relative_error(bedrooms + 1000, prices, 1003, 200) <= 1e-3, "離零很遠也準 · right far from zero",
            "臥室數都在一千上下時不準：平均也要減掉。 With numbers around a thousand it is off: subtract the mean as well.")
### END HIDDEN TESTS

# %% [markdown]
# 🤔 只縮放價錢夠嗎？10 到 60 間臥室的時候，臥室數也該縮放嗎？ Is it enough to scale the prices? With 10 to 60 bedrooms, do they need scaling as well?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不夠，臥室數也要縮放。$w$ 的梯度是「誤差乘 $x$」再平均，而誤差也跟著 $x$ 變大，所以 $x$ 大 10 倍，損失沿 $w$ 的彎曲就大 100 倍。1 到 6 間時，學習率超過 0.06 才會炸開；10 到 60 間，超過 0.0007 就炸開。學習率那麼小，$b$ 幾乎不動。減去平均、除以標準差以後，兩個方向一樣彎，同一個學習率對兩個都剛好。
#
# 猜「誤差的單位是價錢，縮放價錢就好」的人只看了損失的大小。縮放價錢，讓損失變小；縮放輸入，讓山谷變圓。
#
# No, the bedrooms need it, too. The gradient of $w$ is a mean of error times $x$, and the error grows with $x$ as well: with an $x$ 10 times as large the loss bends 100 times as much along $w$. With 1 to 6 bedrooms
# training blows up at a rate above 0.06, with 10 to 60 above 0.0007 already, and at such a small rate $b$ hardly moves. Less the mean and over the deviation, both directions bend alike, and one rate suits both.
#
# Who thought that errors are in prices, so prices are what to scale, looked at the size of the loss alone. Scaled prices make the loss small; scaled inputs make the valley round.
#
# </details>

# %% [markdown]
# ## 想一想 · Think about it
#
# 🤔 步驟 2 的神經元在 100 間臥室差了多少？為什麼六個例子上差一點，遠處會差那麼多？
#
# 🤔 How far off was the neuron of step 2 at 100 bedrooms? Why does a small error on six examples grow so large far away?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 參考解答的神經元，六棟房子最多差 2.3，100 間臥室卻差了大約 40，也就是 4 萬元。它的斜率是 50.4，應該是 50：六間以內，0.4 的差別頂多變成 2 左右；走到 100 間，就是 $0.4 \times 100 = 40$。
#
# 猜「在例子上準，別的地方也會準」的人忘了：例子只管得住 1 到 6 之間。離得越遠，斜率的一點點誤差就放得越大。這叫外插（extrapolation），要特別小心。
#
# The neuron of the sample solution is off by 2.3 at most on the six houses, and by about 40, forty thousand, at 100 bedrooms. Its slope is 50.4 where it should be 50: up to six bedrooms the 0.4 make some 2 at most, and at 100
# they make $0.4 \times 100 = 40$.
#
# Who thought that what is right on the examples is right elsewhere forgot that examples hold the line between 1 and 6 only. The further away, the more a small error of the slope is enlarged. This is called extrapolation,
# and needs care.
#
# </details>

# %% [markdown]
# 🤔 縮放改變了模型能表達的東西嗎？還是只改變了找到它的難易？ Does scaling change what the model can express, or only how easily it is found?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 只改變了難易。縮放過的神經元說 $\frac{y - m}{u} = w\,\frac{x - c}{s} + b$，解開來還是一條直線，斜率是 $w u / s$。每一條直線都寫得出來，一條不多，一條不少；變的是山谷的形狀，梯度下降走幾步就到。猜「縮放讓模型更強」的人，把「學得快」當成了「能學的多」。
#
# Only how easily. The scaled neuron says $\frac{y - m}{u} = w\,\frac{x - c}{s} + b$, and solved for $y$ that is a straight line again, of slope $w u / s$. Every line can be written so, not one more and not one less; what changes is the
# shape of the valley, in which gradient descent now arrives in a few steps. Who thought that scaling makes the model stronger took learning fast for learning more.
#
# </details>

# %% [markdown]
# 在終端機執行 `make check-lab LAB=04a`，可以一次看到三個步驟的結果。 Run `make check-lab LAB=04a` in a terminal to see all three steps at once.

# %% [markdown] slideshow={"slide_type": "slide"}
# # 15 IMDb 情緒分析：褒還是貶？ · IMDb sentiment: for or against?
#
# 🗺 六個模型、同一份切分，以及它們錯在哪裡 · Six models on one split, and where they fail
#
# 同一批影評、同一個切法，六個模型比一比：MLP、簡單 RNN、LSTM、一維 CNN，還有兩個只看「有哪些詞、哪兩個詞相鄰」的模型。猜猜看，誰會贏？
#
# 上完這一課，你可以
# 1. 建立投影片的 LSTM（138,625 個參數），用乾淨的驗證資料訓練，並在該停的時候停；
# 2. 用標準誤判斷兩個準確率是不是真的不同，並讀懂模型答錯的影評；
# 3. 寫一個「文字進、機率出」的函式，存檔、讀回來，答案一樣。
#
# The same reviews and the same split for six models: MLP, simple RNN, LSTM, 1-D CNN, and two that only look at which words and pairs of words
# occur. Who will win? Place your bet.
#
# After this lesson you can
# 1. build the LSTM of the slides (138,625 parameters), train it against clean validation data, and stop in time;
# 2. tell from standard errors whether two accuracies really differ, and read the reviews on which a model fails;
# 3. write one function that takes text and returns a probability, save it, load it, and get the same answer.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 資料 · Data | IMDb 影評（Maas 等人，2011，供研究使用） · IMDb reviews (Maas et al., 2011, for research use) |
# | 投影片 · Slides | Lab – Sentiment_Analysis_IMDb_LSTM，步驟 1 到 5；「1. MLP, 2. RNN, 3. LSTM, 4. CNN」 · steps 1 to 5; four kinds of network |

# %% slideshow={"slide_type": "skip"}
import tempfile
import textwrap
import time
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy import sparse
from sklearn.calibration import calibration_curve
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split

from utils.data import datasets
from utils.models import sentiment
from utils.notebook import display, plots, profile
from utils.text import english

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=600, lesson=None, full=None)  # reviews to learn from; None: all
TEST_SIZE = profile.choose(smoke=400, lesson=None, full=None)
VALIDATION_SIZE = profile.choose(smoke=200, lesson=2_000, full=2_500)
MOST_EPOCHS = profile.choose(smoke=1, lesson=5, full=10)  # early stopping may end before
PAIRS = profile.choose(smoke=5_000, lesson=150_000, full=300_000)  # words and pairs of words in the bag's dictionary
LENGTH = profile.choose(smoke=60, lesson=380, full=380)  # ids of a review; the original's 380
DICTIONARY_SIZE = 3_800  # the original's
BIG_DICTIONARY_SIZE = profile.choose(smoke=6_000, lesson=20_000, full=20_000)
profile.seed(13)

MY_REVIEW = "I expected nothing, and for ten minutes I got it. Then this little film became the best evening of my year."  # change it

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：資料，一次切好 · Step 1: Data, split once and for all
#
# 上一課看過：標籤原本照順序排，還有重複的影評。這裡先去掉重複，再**分層**（stratified）切出驗證資料，兩種標籤各半。
# 六個模型都用同一份；測試資料最後才打開。
#
# The last lesson showed labels in order and repeated reviews. Here we drop the repeated ones, then split off validation data,
# **stratified**, half of each label. All six models use the same split, and the test data are opened at the end only.

# %% slideshow={"slide_type": "fragment"}
(train_texts, train_labels), (test_texts, test_labels) = datasets.load_imdb()
print(datasets.describe("imdb"))
exam = set(test_texts)
unique = {review: label for review, label in zip(train_texts, train_labels, strict=True) if review not in exam}
print(f"{len(train_texts) - len(unique)} reviews left out: repeated, or in the test data too")
test_texts, y_test = test_texts[:TEST_SIZE], test_labels[:TEST_SIZE]
train_texts, val_texts, y_train, y_val = train_test_split(
    list(unique), np.array(list(unique.values())), test_size=VALIDATION_SIZE, train_size=TRAIN_SIZE,
    stratify=list(unique.values()), random_state=13)
display.table([(name, len(y), f"{y.mean():.3f}") for name, y in (("train", y_train), ("validation", y_val), ("test", y_test))],
              columns=["split", "reviews", "share positive"])

# %% slideshow={"slide_type": "fragment"}
start = time.perf_counter()
train_words, val_words, test_words = ([sentiment.words(review) for review in texts]
                                      for texts in (train_texts, val_texts, test_texts))
vocabulary = english.Vocabulary(train_words, max_size=DICTIONARY_SIZE)
big_vocabulary = english.Vocabulary(train_words, max_size=BIG_DICTIONARY_SIZE)
print(f"cut into words and counted in {time.perf_counter() - start:.0f} s")
display.source(sentiment.words)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 為什麼切成三份，不是兩份？如果用測試資料決定什麼時候停，測試準確率還算數嗎？
#
# 🤔 Why three parts and not two? If the test data decided when to stop, would the test accuracy still mean anything?

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一個 `Classifier` 把網路和它的字典綁在一起：文字進，機率出。短的影評補在**後面**，有遮罩（mask）的網路不會讀到填充；
# 長的影評留**後面**，因為結論常在最後。能讀任何長度的網路，一批裡放差不多長的影評（`ByLength`），就不必空讀一大堆 0。
#
# A `Classifier` ties a network to its dictionary: text in, probability out. Short reviews are filled up **at the end**, and a
# network with a mask never reads the filling; of long reviews the **end** is kept, where they come to their point. Networks that take
# any length get batches of reviews that are about equally long (`ByLength`), and so need not plough through zeros.

# %% slideshow={"slide_type": "fragment"}
display.source(sentiment.Classifier.vectorise_tokens)

# %% slideshow={"slide_type": "fragment"}
results, histories, classifiers = {}, {}, {}


def train(name, model, vocabulary, length=LENGTH, bigrams=False, learning_rate=1e-3, epochs=MOST_EPOCHS):
    """Train until the validation loss no longer falls, go back to the best epoch, and note what came out."""
    classifier = sentiment.Classifier(model, vocabulary, length, bigrams)
    x_train, x_val, x_test = (classifier.vectorise_tokens(words) for words in (train_words, val_words, test_words))
    steps = epochs * -(-len(x_train) // 128)
    decay = keras.optimizers.schedules.CosineDecay(learning_rate, steps, alpha=0.02)
    model.compile(keras.optimizers.Adam(decay, clipnorm=1.0), "binary_crossentropy", metrics=["accuracy"])
    if model.input_shape[1] is None:  # it takes batches of any length
        data = {"x": sentiment.ByLength(x_train, y_train), "validation_data": sentiment.ByLength(x_val, y_val)}
    else:
        data = {"x": x_train, "y": y_train, "validation_data": (x_val, y_val), "batch_size": 128}
    stop = keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True)
    start = time.perf_counter()
    history = model.fit(**data, epochs=epochs, callbacks=[stop], verbose=2)
    seconds = time.perf_counter() - start
    p_val, p_test = classifier.probabilities_of_ids(x_val), classifier.probabilities_of_ids(x_test)
    note(name, model.count_params(), seconds, p_val, p_test)
    histories[name], classifiers[name] = history, classifier


def note(name, parameters, seconds, p_val, p_test):
    """Add one line to the table of results."""
    results[name] = {"parameters": parameters, "seconds": seconds, "p_test": p_test,
                     "validation": np.mean((p_val > 0.5) == y_val), "test": np.mean((p_test > 0.5) == y_test)}


# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 2：MLP · Step 2: MLP
#
# 把 380 個詞的向量接成一長排，交給全連接層。第 17 個位置的 good 和第 18 個位置的 good 用的是不同的權重，要分別學。
#
# Put the vectors of 380 words in one long row and hand it to a dense layer. The word good in place 17 and good in place 18 use
# different weights, and must be learned separately.

# %% slideshow={"slide_type": "fragment"}
train("MLP", keras.Sequential([
    keras.Input((LENGTH,), dtype="int32"),
    keras.layers.Embedding(DICTIONARY_SIZE, 32),
    keras.layers.Flatten(),
    keras.layers.Dropout(0.35),
    keras.layers.Dense(256, activation="relu"),
    keras.layers.Dropout(0.35),
    keras.layers.Dense(1, activation="sigmoid"),
]), vocabulary, epochs=min(3, MOST_EPOCHS))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 訓練準確率和驗證準確率差多少？差距怎麼一個週期一個週期變大？驗證損失還在降嗎？
#
# 🤔 How far apart are training and validation accuracy, and how does the gap grow from epoch to epoch? Is the validation loss still falling?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 3：簡單 RNN · Step 3: A simple RNN
#
# 一個詞一個詞讀，狀態往後傳。梯度要穿過 380 步才回得到開頭（第 08 課）：短的影評還好，長的就忘了。
#
# Word by word, the state goes along. The gradient must pass 380 steps to get back to the beginning (lesson 08): short reviews may
# do, in long ones the beginning is forgotten.

# %% slideshow={"slide_type": "fragment"}
train("simple RNN", keras.Sequential([
    keras.Input((None,), dtype="int32"),  # any length
    keras.layers.Embedding(DICTIONARY_SIZE, 32, mask_zero=True),
    keras.layers.Dropout(0.35),
    keras.layers.SimpleRNN(16),
    keras.layers.Dense(256, activation="relu"),
    keras.layers.Dropout(0.35),
    keras.layers.Dense(1, activation="sigmoid"),
]), vocabulary, epochs=min(3, MOST_EPOCHS))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：投影片的 LSTM · Step 4: The LSTM of the slides
#
# 和投影片一層一層相同：字典 3,800、向量 32、LSTM 32、全連接 256。有兩樣不同：原課程把 0 補在前面，我們補在後面；
# 再加上 `mask_zero=True`，LSTM 就停在最後一個詞，0 一個都不讀。參數沒有增加。
#
# Layer by layer that of the slides: dictionary 3,800, vectors of 32, LSTM 32, dense 256. Two things differ: the original put the
# zeros in front, we put them at the end; and with `mask_zero=True` the LSTM stops at the last word and reads no zeros at all. There are
# no more parameters.


# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
def lstm_of_the_slides():
    return keras.Sequential([
        keras.Input((None,), dtype="int32"),
        keras.layers.Embedding(3_800, 32, mask_zero=True),
        keras.layers.Dropout(0.2),
        keras.layers.LSTM(32),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(1, activation="sigmoid"),
    ])


model = lstm_of_the_slides()
for layer in model.layers:
    print(f"{layer.__class__.__name__:10} {layer.count_params():>8,}")
print(f"{'in all':10} {model.count_params():>8,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 LSTM 的 8,320 怎麼來的？四組權重，每組看 32 個輸入、32 個前一步的輸出、1 個偏差值。
#
# 🤔 Where do the 8,320 of the LSTM come from? Four sets of weights, each for 32 inputs, 32 outputs of the step before, and 1 bias.

# %% slideshow={"slide_type": "fragment"}
train("LSTM of the slides", model, vocabulary, learning_rate=3e-3, epochs=min(4, MOST_EPOCHS))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：一維 CNN · Step 5: A 1-D CNN
#
# 卷積在文字上滑動，一次看 3 個詞，找「not worth it」這種片語。64 個濾鏡各找各的。
# 平均池化（average pooling）問：這種片語**占多少**？這裡用 20,000 詞的字典，因為它一個週期只要幾秒。
#
# A convolution slides along the text and looks at 3 words at a time, for phrases like "not worth it"; each of 64 filters looks for
# its own. Average pooling asks: *how much* of the review is like that? The dictionary has 20,000 words, for an epoch takes only seconds.

# %% slideshow={"slide_type": "fragment"}
train("1-D CNN", keras.Sequential([
    keras.Input((None,), dtype="int32"),
    keras.layers.Embedding(BIG_DICTIONARY_SIZE, 32),
    keras.layers.Dropout(0.3),
    keras.layers.Conv1D(64, 3, padding="same", activation="relu"),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dropout(0.3),
    keras.layers.Dense(1, activation="sigmoid"),
]), big_vocabulary, learning_rate=4e-3, epochs=min(4, MOST_EPOCHS))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 把 `GlobalAveragePooling1D` 換成 `GlobalMaxPooling1D`，就變成問：這種片語**有沒有**出現過？猜猜看，準確率變高還是變低？動手試試。
#
# 🤔 With `GlobalMaxPooling1D` in place of `GlobalAveragePooling1D` the question becomes: does such a phrase occur *anywhere*? Would
# accuracy rise or fall? Guess, then try.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：看訓練曲線 · Step 6: Look at the curves
#
# 訓練曲線一直往上；驗證曲線停了，就該停了。早停（early stopping）自動做這件事，並退回驗證損失最低的那一次。圖上畫的是準確率，早停看的卻是驗證損失，所以虛線不一定落在準確率最高的地方。
#
# The training curve keeps rising; where the validation curve stops, so should we. Early stopping does this, and goes back to the
# epoch with the lowest validation loss. The figure shows accuracy, so the dashed line need not stand at the highest point.


# %% slideshow={"slide_type": "fragment"}
def draw_curves():
    """Draw accuracy by epoch for all networks trained so far."""
    figure, axes = plt.subplots(1, len(histories), figsize=(2.5 * len(histories), 3), sharey=True)
    for ax, (name, history) in zip(axes, histories.items(), strict=True):
        for key, label, color in (("accuracy", "training", plots.COLORS[0]), ("val_accuracy", "validation", plots.COLORS[1])):
            values = history.history[key]
            ax.plot(range(1, len(values) + 1), values, "o-", color=color, label=label, markersize=4)
        ax.axvline(np.argmin(history.history["val_loss"]) + 1, color="#bbbbbb", linestyle="--", label="kept")
        ax.set(title=name, xlabel="epoch", xticks=range(1, len(values) + 1))
    axes[0].set_ylabel("accuracy")
    axes[-1].legend()
    plt.show()


draw_curves()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 哪一個網路最快開始過度擬合？它的參數是不是也最多？
#
# 🤔 Which network begins to overfit first? Is it also the one with the most parameters?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：一袋雙詞 · Step 7: A bag of bigrams
#
# 現在換一個很笨的想法：不管順序，只問影評裡**有哪些詞**，還有哪些**相鄰的兩個詞**（bigram）。`not good` 從此是一個項目。
# 兩個模型用同一個袋子：
# - **神經網路**：每個項目一個 16 維向量，取平均，再接一個神經元；
# - **邏輯斯迴歸**（logistic regression）：每個項目一個權重，罕見的項目分量重一些（TF-IDF）。沒有隱藏層。
#
# Now for a very simple idea: forget the order and only ask which **words** occur, and which **two words side by side** (bigrams).
# `not good` is an item of its own. Two models use the same bag:
# - **a network**: a vector of 16 for each item, their mean, one neuron;
# - **logistic regression**: one weight for each item, rare ones counting more (TF-IDF). No hidden layer.

# %% slideshow={"slide_type": "fragment"}
pairs = english.Vocabulary((sentiment.with_bigrams(words) for words in train_words), max_size=PAIRS, min_count=2)
example = sentiment.with_bigrams(sentiment.words("It is not good, not good at all."))
print(f"{len(pairs):,} items. An example:", example)

# %% slideshow={"slide_type": "fragment"}
train("bag of bigrams, network", keras.Sequential([
    keras.Input((None,), dtype="int32"),
    keras.layers.Embedding(len(pairs), 16, mask_zero=True),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dropout(0.3),
    keras.layers.Dense(1, activation="sigmoid"),
]), pairs, length=600, bigrams=True, learning_rate=8e-3)


# %% slideshow={"slide_type": "fragment"}
def bag_matrix(token_lists):
    """Return a sparse matrix, one row for each review: 1 where an item of the dictionary occurs in it."""
    bags = [sentiment.distinct_ids(pairs, sentiment.with_bigrams(words)) for words in token_lists]
    columns, borders = np.concatenate(bags), np.cumsum([0, *map(len, bags)])
    return sparse.csr_matrix((np.ones(len(columns)), columns, borders), shape=(len(bags), len(pairs)))


bags = [bag_matrix(words) for words in (train_words, val_words, test_words)]
start = time.perf_counter()
tfidf = TfidfTransformer().fit(bags[0])
x_train, x_val, x_test = map(tfidf.transform, bags)
linear = LogisticRegression(C=20, max_iter=200).fit(x_train, y_train)
seconds = time.perf_counter() - start
p_val, p_test = (linear.predict_proba(x)[:, 1] for x in (x_val, x_test))
note("bag of bigrams, linear", linear.coef_.size + 1, seconds, p_val, p_test)
order = np.argsort(linear.coef_[0])
print("most negative:", ", ".join(pairs.words[i] for i in order[:12]))
print("most positive:", ", ".join(pairs.words[i] for i in order[:-13:-1]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 線性模型的權重可以直接讀。LSTM 的 138,625 個參數，你讀得出什麼？
#
# 🤔 The weights of the linear model can simply be read. What can you read out of the 138,625 parameters of the LSTM?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：打開測試資料 · Step 8: Open the test data
#
# 測試只有 5,000 篇，準確率有標準誤 $\sqrt{p(1-p)/n}$，大約 0.4 到 0.5 個百分點。兩個準確率的**差距**，標準誤還要再乘上 $\sqrt2$，大約 0.6（同一份考卷會小一點）。差距不到它的兩倍，就別急著說誰贏。
#
# The test has 5,000 reviews, so an accuracy has a standard error of $\sqrt{p(1-p)/n}$, about 0.4 to 0.5 points. The **gap** between
# two accuracies has $\sqrt2$ times that, about 0.6 (a little less on the same exam). Where a gap is below twice its standard error, do not
# call a winner yet.

# %% slideshow={"slide_type": "fragment"}
def with_error(accuracy, count):
    return f"{accuracy:.3f} ± {sentiment.standard_error(accuracy, count):.3f}"


display.table([
    {"model": name, "parameters": found["parameters"], "seconds": round(found["seconds"]),
     "validation accuracy": with_error(found["validation"], len(y_val)),
     "test accuracy": with_error(found["test"], len(y_test))}
    for name, found in results.items()
], caption="± one standard error")

# %% slideshow={"slide_type": "fragment"} tags=["thumbnail"]
figure, ax = plt.subplots(figsize=(7.5, 3.2))
for place, (name, found) in enumerate(results.items()):
    error = sentiment.standard_error(found["test"], len(y_test))
    ax.errorbar(found["test"], -place, xerr=2 * error, fmt="o", color=plots.COLORS[1 if "bag" in name else 0], capsize=4)
ax.axvline(0.85168, color="#999999", linestyle="--", label="LSTM of the original course")
ax.set_yticks(-np.arange(len(results)), results)
ax.set(xlabel="test accuracy (± 2 standard errors)")
ax.legend(loc="upper right")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 會看順序的小網路，沒有一個贏過不看順序的袋子；而且線性模型最快。這不是說 LSTM 沒有用：
# - 這場比賽也不完全公平：前三個網路的字典只有 3,800 個詞，CNN 有 20,000 個，袋子有 150,000 項，而且看得到相鄰的兩個詞。差距有多少來自順序、多少來自字典，要用同一本字典再比一次才知道；
# - 褒貶多半寫在幾個片語裡，這個題目不太需要順序；
# - 兩萬篇影評對「從零學會讀英文」來說太少。真正看得懂順序的模型，要先在大量文字上預先訓練。
#
# **結論：先做簡單的基準線。** 複雜的模型要贏過它，才值得多花時間。
#
# 🤔 想一種題目，袋子一定做不好，LSTM 可以。（提示：第 09 課。）
#
# None of the small networks that see the order beats a bag without it, and the linear model is the quickest. This does not make the LSTM
# useless:
# - the race is not quite even: the first three networks know 3,800 words, the CNN 20,000, the bags 150,000 items, and the bags do see two
#   words side by side. How much of the gap is order and how much is the dictionary, only a race with one dictionary could tell;
# - praise and blame mostly sit in a few phrases, so this task hardly needs order;
# - twenty thousand reviews are too few to learn to read English from nothing. Models that make real use of order are trained on a
#   great deal of text first.
#
# **The moral: build the simple baseline first.** A complicated model earns its time when it beats it.
#
# 🤔 Think of a task at which the bag must fail and an LSTM can succeed. (Hint: lesson 09.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：它錯在哪裡 · Step 9: Where it goes wrong
#
# 從這裡開始，用袋子網路。先看混淆矩陣：兩種錯一樣多嗎？再看校準（calibration）：模型說「八成」的時候，真的有八成是正面嗎？
#
# From here on we use the bag network. First the confusion matrix: are both kinds of error equally frequent? Then calibration: when
# the model says 80 %, are 80 % really positive?

# %% slideshow={"slide_type": "fragment"}
best = "bag of bigrams, network"
p = results[best]["p_test"]
plots.confusion(confusion_matrix(y_test, p > 0.5), ["negative", "positive"], title=best)

# %% slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(5.2, 4.4))
ax.plot([0, 1], [0, 1], color="#999999", linestyle="--", label="perfect")
for name, color in ((best, plots.COLORS[1]), ("LSTM of the slides", plots.COLORS[0]), ("MLP", plots.COLORS[2])):
    share, said = calibration_curve(y_test, results[name]["p_test"], n_bins=10)
    ax.plot(said, share, "o-", color=color, label=name, markersize=4)
ax.set(xlabel="probability that the model gives", ylabel="share that is truly positive", aspect="equal")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 點在虛線上方，表示模型太有自信還是太保守？在低機率和高機率的兩端，答案一樣嗎？
#
# 🤔 Does a point above the dashed line mean too much confidence, or too little? Is the answer the same at both ends?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 最有自信的錯誤 · The most confident mistakes
#
# 全文讀完，再決定是誰錯了：模型，還是標籤？
#
# Read them whole, then decide who is wrong: the model, or the label?

# %% slideshow={"slide_type": "fragment"}
surprise = np.where(y_test == 1, 1 - p, p)
not_too_long = np.array([len(words) <= 170 for words in test_words])
for i in np.argsort(np.where(not_too_long, -surprise, 0))[:3]:
    print(textwrap.fill(f"label {y_test[i]}, model {p[i]:.3f}: {english.strip_html(test_texts[i])}", 100), end="\n\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 你看到的是哪一種：反諷、先褒後貶、談的是別的片子，還是根本標錯？（為了讀得完，這裡只選 170 個詞以內的。）
#
# 🤔 Which do you find: irony, praise first and blame later, talk about another film, or a label that is simply wrong? (To keep it
# readable, only reviews of at most 170 words were chosen.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：重現原課程的錯 · Step 10: The original's mistake, reproduced
#
# 原課程沒有洗牌，`validation_split=0.2` 取的是尾巴，於是驗證資料**全是負面**，訓練資料六成以上是正面。
# 用一個小模型重做一次：橘線是它看到的驗證準確率，藍線是同一個模型在正負各半的資料上的準確率。
#
# The original did not shuffle, and `validation_split=0.2` takes the tail, so its validation data were **all negative**, and more than
# 60 % of its training data positive. Do it again with a small model: in orange the validation accuracy that it saw, in blue the
# accuracy of the very same model on data that are half and half.

# %% slideshow={"slide_type": "fragment"}
in_order = np.argsort(1 - y_train.astype(int), kind="stable")  # positive first, as on the slides
small = keras.Sequential([
    keras.Input((LENGTH,), dtype="int32"), keras.layers.Embedding(DICTIONARY_SIZE, 16, mask_zero=True),
    keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1, activation="sigmoid"),
])
small.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
reader = sentiment.Classifier(small, vocabulary, LENGTH)
x_ordered = reader.vectorise_tokens([train_words[i] for i in in_order])
honest_data = (reader.vectorise_tokens(val_words), y_val)
seen, honest = [], []
for _ in range(profile.choose(smoke=2, lesson=8, full=10)):
    epoch = small.fit(x_ordered, y_train[in_order], validation_split=0.2, batch_size=100, verbose=0)
    seen.append(epoch.history["val_accuracy"][0])
    honest.append(small.evaluate(*honest_data, batch_size=256, verbose=0)[1])

# %% slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(6.5, 3.2))
epochs = range(1, len(seen) + 1)
ax.plot(epochs, seen, "o-", color=plots.COLORS[1], label="all negative (validation_split on ordered labels)")
ax.plot(epochs, honest, "o-", color=plots.COLORS[0], label="half and half")
ax.set(xlabel="epoch", ylabel="validation accuracy", xticks=epochs)
ax.legend(loc="center")
plt.show()
tail = y_train[in_order][int(len(y_train) * 0.8):]
print(f"share positive in the last fifth: {tail.mean():.2f}; in the rest: {y_train[in_order][:int(len(y_train) * 0.8)].mean():.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 橘線量的不是準確率，而是「負面的影評認出了幾成」。訓練資料六成多是正面，模型偏向說正面，橘線就遠低於真正的準確率；偏多少，
# 每個週期都不同。原課程的驗證準確率在 0.79 到 0.91 之間擺盪，量到的是這個偏向，不是模型的好壞。
#
# 🤔 如果把順序倒過來，先負面、後正面，橘線會變成什麼樣子？照橘線挑出來的週期，和照藍線挑的一樣嗎？
#
# The orange line does not measure accuracy but the share of negative reviews that were recognised. More than 60 % of the training
# data are positive, so the model leans towards "positive", and the orange line lies well below the true accuracy; how much it leans
# differs from epoch to epoch. The original's validation accuracy swung between 0.79 and 0.91: that was the leaning, not the quality.
#
# 🤔 With the order reversed, negative first, what would the orange line look like? Would it pick the same epoch as the blue one?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：換你寫影評 · Step 11: Your turn to write a review
#
# 一個函式，文字進，機率出。清理、斷詞、查字典、補長，全都在裡面。把最上面的 `MY_REVIEW` 換成你自己的。
#
# One function, text in, probability out: cleaning, tokenising, looking up and padding are all inside. Change `MY_REVIEW` at the top
# to your own.

# %% slideshow={"slide_type": "fragment"}
def probability(review):
    """Return how likely a review is positive, 0 ... 1."""
    return classifiers[best].probability(review)


print(f"{probability(MY_REVIEW):.2f}  {MY_REVIEW}")
display.source(sentiment.Classifier.probability)

# %% slideshow={"slide_type": "fragment"}
odd = {
    "praise": "A wonderful film. Great acting, and I loved every minute!", "blame": "Boring, badly acted, a waste of time.",
    "negation": "This is not a bad film at all.", "irony": "Oh great, another masterpiece for people who hate their eyes.",
    "HTML": "<br /><b>Wonderful</b> film!<script>awful()</script>", "10,000 words": "good " * 10_000,
    "nothing": "", "Chinese": "這部電影太好看了！", "emoji": "😀👍",
}
display.table([(name, f"{probability(review):.2f}", "{} of {}".format(*classifiers[best].known_words(review)))
               for name, review in odd.items()], columns=["text", "probability", "words that it knows"])

# %% [markdown] slideshow={"slide_type": "fragment"}
# 空白、中文和表情符號也會得到一個機率，但右欄說：它一個詞都不認識。**機率不等於理解**，使用者看不到右欄就會被騙。
#
# 🤔 「not a bad film」它懂嗎？反諷呢？袋子裡要有什麼，才可能懂？
#
# Nothing, Chinese and emoji get a probability too, but the right column says that it knows not one word. **A probability is no sign
# of understanding**, and a user who cannot see that column will be misled.
#
# 🤔 Does it understand "not a bad film"? And irony? What would have to be in the bag?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：存檔，讀回來 · Step 12: Save and load
#
# 只存網路不夠：少了字典，編號就沒有意義。`Classifier.save` 把兩樣放進同一個 `.keras` 檔。
#
# Saving the network is not enough: without the dictionary, ids mean nothing. `Classifier.save` puts both into one `.keras` file.

# %% slideshow={"slide_type": "fragment"}
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "sentiment.keras")
    classifiers[best].save(path)
    size = path.stat().st_size
    loaded = sentiment.Classifier.load(path)
difference = np.abs(loaded.probabilities(test_texts[:200]) - classifiers[best].probabilities(test_texts[:200])).max()
print(f"{size / 1e6:.1f} MB; largest difference over 200 reviews: {difference:.1e}")

# %% slideshow={"slide_type": "fragment"}
try:
    sentiment.Classifier(classifiers[best].model, vocabulary, 600)  # the network with another model's dictionary
except ValueError as error:
    print("ValueError:", error)

# %% slideshow={"slide_type": "skip"}
networks = [name for name in results if name != "bag of bigrams, linear"]
sequence_models = ["MLP", "simple RNN", "LSTM of the slides", "1-D CNN"]
hint = "restart and run all; was the validation set split off stratified, and is the padding at the end?"
profile.expect("test accuracy of the LSTM of the slides", results["LSTM of the slides"]["test"],
               at_least=profile.choose(smoke=0.4, lesson=0.865, full=0.87), hint=hint)
profile.expect("test accuracy of the best sequence model", max(results[name]["test"] for name in sequence_models),
               at_least=profile.choose(smoke=0.45, lesson=0.88, full=0.88), hint=hint)
profile.expect("test accuracy of the best network", max(results[name]["test"] for name in networks),
               at_least=profile.choose(smoke=0.45, lesson=0.90, full=0.90), hint=hint)
profile.expect("test accuracy of the bigram logistic regression", results["bag of bigrams, linear"]["test"],
               at_least=profile.choose(smoke=0.6, lesson=0.905, full=0.90), hint=hint)
profile.expect("largest difference after loading", difference, at_most=1e-5)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 驗證資料要洗牌、分層、不重複；照著它早停，測試資料只開一次。<br>Validation data are shuffled, stratified and free of repeats; early stopping looks at them, and the test data are opened once.
# - 準確率附上標準誤；簡單的基準線先做，複雜的模型要贏過它才算數。<br>An accuracy comes with its standard error; the simple baseline comes first, and a complicated model has to beat it.
# - 模型和字典是一體的：一起存，一起讀；不認識的文字也會得到機率，所以要看它認得幾個詞。<br>A model and its dictionary are one: save and load them together. Text that it cannot read gets a probability too, so look at how many words it knows.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# - 標籤有順序又用 `validation_split`，驗證資料全是負面，準確率在 0.79 到 0.91 之間擺盪，卻沒有解釋。<br>Labels in order together with `validation_split` made a validation set that was all negative; its accuracy swung between 0.79 and 0.91, unexplained.
# - 沒有遮罩、沒有早停，固定訓練 10 個週期；同樣 138,625 個參數，測試準確率 0.8517。<br>No mask, no early stopping, always 10 epochs; with the same 138,625 parameters it reached a test accuracy of 0.8517.
# - 沒有基準線，也沒有看錯誤。投影片列了 MLP、RNN、LSTM、CNN 四種，只做了 LSTM。<br>No baseline, and no look at the errors. The slides list MLP, RNN, LSTM and CNN; only the LSTM was made.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# 練習 15「改進情緒分析模型」：用這一課的任何想法，讓測試準確率再高一點。
#
# Lab 15, improve the sentiment model: use any idea of this lesson to push the test accuracy a little higher.
#
# ## 參考資料 · References
#
# - A. L. Maas et al., [Learning Word Vectors for Sentiment Analysis](https://aclanthology.org/P11-1015/), ACL 2011
# - S. Wang, C. D. Manning, [Baselines and Bigrams: Simple, Good Sentiment and Topic Classification](https://aclanthology.org/P12-2018/), ACL 2012（雙詞基準線有多強 · how strong bigram baselines are）
# - A. Joulin, E. Grave, P. Bojanowski, T. Mikolov, [Bag of Tricks for Efficient Text Classification](https://aclanthology.org/E17-2068/), EACL 2017（袋子網路，fastText · the bag network）
# - Y. Kim, [Convolutional Neural Networks for Sentence Classification](https://aclanthology.org/D14-1181/), EMNLP 2014
# - C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, [On Calibration of Modern Neural Networks](https://proceedings.mlr.press/v70/guo17a.html), ICML 2017

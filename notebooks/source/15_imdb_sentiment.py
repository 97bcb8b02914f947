# %% [markdown] slideshow={"slide_type": "slide"}
# # 15 IMDb 情緒分析：褒還是貶？ · IMDb sentiment: for or against?
#
# 🗺 七個模型、同一份照電影切的資料，以及它們錯在哪裡 · Seven models on one split by film, and where they fail
#
# 同一批影評、同一個切法，七個模型比一比：MLP、簡單 RNN、LSTM、一維 CNN，還有三個只看「有哪些詞」的模型。猜猜看，誰會贏？
#
# 上完這一課，你可以
# 1. 建立投影片的 LSTM（138,625 個參數），用乾淨的驗證資料訓練，並在該停的時候停；
# 2. 用成對檢定判斷兩個準確率是不是真的不同，並量出隨機切資料讓準確率虛增多少；
# 3. 寫一個「文字進、機率出」的函式，存檔、讀回來，答案一樣。
#
# The same reviews and the same split for seven models: MLP, simple RNN, LSTM, 1-D CNN, and three that only look at which words occur.
# Who will win? Place your bet.
#
# After this lesson you can
# 1. build the LSTM of the slides (138,625 parameters), train it against clean validation data, and stop in time;
# 2. tell by a paired test whether two accuracies really differ, and measure by how much a random split flatters them;
# 3. write one function that takes text and returns a probability, save it, load it, and get the same answer.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | [03](03_scikit_learn.ipynb)：邏輯斯迴歸、訓練／驗證／測試；[06](06_convolutions.ipynb)：卷積；[09](09_lstm.ipynb)：LSTM 的閘；[14](14_imdb_introduction.ipynb)：影評變成編號 · [03](03_scikit_learn.ipynb): logistic regression, training / validation / test; [06](06_convolutions.ipynb): convolution; [09](09_lstm.ipynb): the gates of an LSTM; [14](14_imdb_introduction.ipynb): reviews become numbers |
# | 學習時間 · Study time | 約 80 分鐘，含空格和問題 · about 80 minutes, with gaps and questions |
# | 資料 · Data | IMDb 影評（Maas 等人，2011，供研究使用） · IMDb reviews (Maas et al., 2011, for research use) |
# | 投影片 · Slides | Lab – Sentiment_Analysis_IMDb_LSTM，步驟 1 到 5；「1. MLP, 2. RNN, 3. LSTM, 4. CNN」 · steps 1 to 5; four kinds of network |

# %% slideshow={"slide_type": "skip"}
import re
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
from sklearn.metrics import confusion_matrix, log_loss

from utils.data import datasets
from utils.models import evaluation, sentiment
from utils.notebook import checks, display, plots, profile
from utils.text import english

# %% slideshow={"slide_type": "skip"}
TRAIN_SIZE = profile.choose(smoke=600, lesson=None, full=None)  # reviews to learn from; None: all
TEST_SIZE = profile.choose(smoke=400, lesson=None, full=None)
VALIDATION_SIZE = profile.choose(smoke=200, lesson=None, full=None)
MOST_EPOCHS = profile.choose(smoke=1, lesson=15, full=30)  # early stopping ends before
PATIENCE = 1  # stop after so many epochs in a row that bring no better validation loss
BATCH = 256
PAIRS = profile.choose(smoke=5_000, lesson=150_000, full=300_000)  # words and pairs of words in the bag's dictionary
LENGTH = profile.choose(smoke=60, lesson=380, full=380)  # ids of a review, as on the slides
DICTIONARY_SIZE = 3_800  # words, as on the slides
BIG_DICTIONARY_SIZE = profile.choose(smoke=6_000, lesson=20_000, full=20_000)
profile.seed(13)

MY_REVIEW = "I expected nothing, and for ten minutes I got it. Then this little film became the best evening of my year."  # change it

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 1：資料，照電影切一次 · Step 1: Data, split once, by film
#
# 上一課看過：標籤照順序排，影評有重複，同一部電影的影評不能跨兩邊。`load_imdb_with_validation` 一次切成三份：訓練、驗證、測試，驗證和測試的兩種標籤各半，同一部電影只在其中一份。七個模型都用同一份；測試資料最後才打開，所有模型一起，只開一次。
#
# The last lesson showed labels in order, repeated reviews, and films that must not stand on both sides. `load_imdb_with_validation`
# makes three parts: training, validation, test; validation and test are half of each label, and a film is in one part only. All seven
# models use the same split, and the test data are opened at the end, once, for all of them together.

# %% slideshow={"slide_type": "fragment"}
parts = datasets.load_imdb_with_validation()
print(datasets.describe("imdb"))
(train_texts, y_train), (val_texts, y_val), (test_texts, y_test) = (
    (texts[:size], labels[:size]) for (texts, labels), size in zip(parts, (TRAIN_SIZE, VALIDATION_SIZE, TEST_SIZE), strict=True))
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

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不算數了。測試資料只要參與過任何一個決定（什麼時候停、選哪個模型），它就成了訓練的一部分，分數會偏高。所以要三份：訓練用來學，驗證用來做決定，測試只用來打最後的分數。覺得「只是看一下，又沒有拿它算梯度」的人：在十個週期裡挑測試分數最高的一個，就是在挑運氣最好的一個。
#
# It would not. Once test data take part in any decision (when to stop, which model to take), they belong to the training, and the score is too high.
# Hence three: training data to learn from, validation data to decide by, test data for the final mark alone. Who thinks "I only looked, no gradient
# came from it": to take the best of ten epochs by test score is to take the luckiest.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 一個 `Classifier` 把網路和它的字典綁在一起：文字進，機率出。短的影評補在**後面**，有遮罩（mask）的網路不會讀到填充；長的影評留**後面**，因為結論常在最後。能讀任何長度的網路，一批裡放差不多長的影評（`ByLength`），就不必空讀一大堆 0。
#
# A `Classifier` ties a network to its dictionary: text in, probability out. Short reviews are filled up **at the end**, and a
# network with a mask never reads the filling; of long reviews the **end** is kept, where they come to their point. Networks that take
# any length get batches of reviews that are about equally long (`ByLength`), and so need not plough through zeros.

# %% slideshow={"slide_type": "fragment"}
display.source(sentiment.Classifier.vectorise_tokens)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **什麼時候停？** 驗證損失連續 `patience` 個週期沒有比「到目前為止最好的」更低，就停，並退回最好的那一個週期。這叫**提早停止**（early stopping）。
#
# ✏️ 寫 `stop_early`：`losses` 是每個週期的驗證損失（第一個週期是 `losses[0]`）。傳回兩個數：留下第幾個週期、訓練到第幾個週期停，都從 1 數起。一直沒有該停的時候，就訓練到最後。
#
# **When to stop?** When for `patience` epochs in a row the validation loss has not been lower than the best so far, stop, and go back to the best
# epoch. This is **early stopping**.
#
# ✏️ Write `stop_early`: `losses` are the validation losses of the epochs (the first is `losses[0]`). Return two numbers: which epoch is kept, and
# after which epoch training stops, both counted from 1. If there is never a reason to stop, training goes on to the last.

# %% gap="stop_early" slideshow={"slide_type": "fragment"}
def stop_early(losses, patience):
    """Return (epoch that is kept, epoch after which training stops), counted from 1."""
    ### BEGIN SOLUTION
    for epoch in range(len(losses)):
        best = int(np.argmin(losses[:epoch + 1]))
        if epoch - best >= patience:
            break
    return best + 1, epoch + 1
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
plain, bumpy, recovers = [0.5, 0.4, 0.45, 0.46, 0.3], [0.5, 0.4, 0.45, 0.42, 0.3], [0.5, 0.4, 0.45, 0.3, 0.35]
answers = [stop_early(losses, 2) for losses in (plain, bumpy, recovers)]
checks.that(all(isinstance(one, tuple | list) and len(one) == 2 for one in answers), "兩個數。 Two numbers.",
            "要傳回兩個數：留下的週期、停的週期。 Return two numbers: the epoch kept, and the epoch of the stop.")
checks.that(tuple(answers[0]) != (1, 3), "從 1 數起。 Counted from 1.", "週期從 1 數起，Python 的位置從 0。 Epochs count from 1, Python's places from 0.")
checks.that(answers[2][1] != 3, "有耐心。 Patient.",
            "驗證損失變差一次就停了：要連續 patience 次才停。 It stopped at the first bad epoch: wait for `patience` of them.")
checks.that(answers[0][0] != answers[0][1], "退回最好的週期。 It goes back to the best.",
            "留下的應該是損失最低的週期，不是最後一個。 What is kept is the epoch with the lowest loss, not the last.")
checks.that(tuple(answers[1]) == (2, 4), "和最好的比。 It compares with the best.",
            "0.42 比前一個週期低，但沒有比最好的 0.4 低：要和到目前為止最好的比。 0.42 is below the epoch before, but not below the best, 0.4: compare with the best so far.")
checks.that([tuple(one) for one in answers] == [(2, 4), (2, 4), (4, 5)], "三個例子都對。 All three examples are right.",
            "再對一次：哪個週期最低？之後過了幾個週期？ Look again: which epoch is lowest, and how many have passed since?")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Keras 的 `EarlyStopping` 做同樣的事。下面的 `train` 對每個網路都一樣：訓練到它真的停下來，再記下驗證資料的機率。測試資料還不碰。
#
# `EarlyStopping` of Keras does the same. The `train` below is the same for every network: it trains until that really stops, and notes the
# probabilities of the validation data. The test data are left alone.

# %% slideshow={"slide_type": "fragment"}
results, histories, classifiers, rows_of_ids = {}, {}, {}, {}


def train(name, model, vocabulary, length=LENGTH, bigrams=False, learning_rate=1e-3):
    """Train until the validation loss no longer falls, go back to the best epoch, and note what came out."""
    classifier = sentiment.Classifier(model, vocabulary, length, bigrams)
    as_ids = (id(vocabulary), length, bigrams)
    if as_ids not in rows_of_ids:  # networks with the same dictionary read the same rows
        rows_of_ids[as_ids] = [classifier.vectorise_tokens(words) for words in (train_words, val_words)]
    x_train, x_val = rows_of_ids[as_ids]
    model.compile(keras.optimizers.Adam(learning_rate, clipnorm=1.0), "binary_crossentropy", metrics=["accuracy"])
    if model.input_shape[1] is None:  # it takes batches of any length
        seed = profile.chosen_seed(13)
        data = {"x": sentiment.ByLength(x_train, y_train, BATCH, seed), "validation_data": sentiment.ByLength(x_val, y_val, BATCH)}
    else:
        data = {"x": x_train, "y": y_train, "validation_data": (x_val, y_val), "batch_size": BATCH}
    stop = keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE, restore_best_weights=True)
    start = time.perf_counter()
    histories[name] = model.fit(**data, epochs=MOST_EPOCHS, callbacks=[stop], verbose=2).history
    seconds = time.perf_counter() - start
    classifiers[name] = classifier
    note(name, model.count_params(), seconds, classifier.probabilities_of_ids(x_val))


def note(name, parameters, seconds, p_val):
    """Keep what is known of a model, and show the validation accuracies so far."""
    results[name] = {"parameters": parameters, "seconds": seconds, "validation": float(np.mean((p_val > 0.5) == y_val))}
    print("validation so far:", ", ".join(f"{other} {found['validation']:.3f}" for other, found in results.items()))


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
]), vocabulary)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 訓練準確率和驗證準確率差多少？差距怎麼一個週期一個週期變大？驗證損失還在降嗎？
#
# 🤔 How far apart are training and validation accuracy, and how does the gap grow from epoch to epoch? Is the validation loss still falling?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 訓練準確率一路往 1 走，驗證準確率很早就停住；差距每個週期變大，驗證損失先降後升，所以提早停止退回前面的週期。這是過度擬合：三百多萬個參數，足夠把一萬七千多篇影評背起來。以為「訓練準確率高就是學得好」的人：背答案的人，練習題也全對。
#
# Training accuracy goes on towards 1, validation accuracy stops early; the gap grows every epoch, and the validation loss falls and then rises, so early
# stopping goes back. This is overfitting: more than three million parameters can learn seventeen thousand reviews by heart. Who takes a high training
# accuracy for good learning: whoever has memorised the answers also gets every exercise right.
#
# </details>

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
]), vocabulary, learning_rate=3e-3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 4：投影片的 LSTM · Step 4: The LSTM of the slides
#
# 和投影片一層一層相同：字典 3,800、向量 32、LSTM 32、全連接 256。有兩樣不同：投影片把 0 補在前面，我們補在後面；再加上 `mask_zero=True`，LSTM 就停在最後一個詞，0 一個都不讀。參數沒有增加。
#
# Layer by layer that of the slides: dictionary 3,800, vectors of 32, LSTM 32, dense 256. Two things differ: the slides put the
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

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# $4 \times 32 \times (32 + 32 + 1) = 8{,}320$。四組是三個閘（輸入閘、遺忘閘、輸出閘）和候選值；每組 32 個神經元，各看 32 個輸入、32 個前一步的 `h`，加 1 個偏差值。算出 2,080 的人忘了乘 4；算出 8,192 的人忘了偏差值。
#
# $4 \times 32 \times (32 + 32 + 1) = 8{,}320$. The four sets are three gates (input, forget, output) and the candidate; each has 32 neurons, which see 32
# inputs, 32 values of the last `h`, and 1 bias. Who found 2,080 forgot the 4; who found 8,192 forgot the biases.
#
# </details>

# %% slideshow={"slide_type": "fragment"}
train("LSTM of the slides", model, vocabulary, learning_rate=4e-3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 5：一維 CNN · Step 5: A 1-D CNN
#
# 卷積在文字上滑動，一次看 3 個詞，找「not worth it」這種片語。64 個濾鏡各找各的。平均池化（average pooling）問：這種片語**占多少**？這裡用 20,000 詞的字典，因為它一個週期只要幾秒。
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
]), big_vocabulary, learning_rate=4e-3)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 把 `GlobalAveragePooling1D` 換成 `GlobalMaxPooling1D`，就變成問：這種片語**有沒有**出現過？猜猜看，準確率變高還是變低？動手試試。
#
# 🤔 With `GlobalMaxPooling1D` in place of `GlobalAveragePooling1D` the question becomes: does such a phrase occur *anywhere*? Would
# accuracy rise or fall? Guess, then try.

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 沒有訓練過不能確定，但可以先想：一篇影評有兩三百個位置，最大池化只留每個濾鏡最強的一個。一句很強的話就能決定，所以它對「全篇都好，只有一句抱怨」的影評比較吃虧；平均則會數有多少句。動手換掉那一層，看驗證準確率；驗證資料只有 2,000 篇，相差一個百分點以內不算分出高下。以為「改了一定差很多」的人，常會發現兩種都行：多數影評從頭到尾口氣一致。
#
# Only training can tell, but think first: a review has two or three hundred places, and max pooling keeps the strongest for each filter. One strong phrase
# then decides, which is bad for a review that praises throughout and complains once; the mean counts how many there are. Change the layer and look
# at the validation accuracy; with 2,000 reviews, less than about a point decides nothing. Who expected a great change often finds that both work: most
# reviews keep one tone from beginning to end.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 6：看訓練曲線 · Step 6: Look at the curves
#
# 訓練損失一直往下；驗證損失不再下降，就該停了。虛線是留下來的週期：用你的 `stop_early` 算，和 Keras 一樣。
#
# The training loss goes on falling; where the validation loss no longer falls, so should we stop. The dashed line is the epoch that was kept,
# by your `stop_early`; Keras agrees.


# %% alt={"zh": "四個網路各一張圖，損失對訓練週期。訓練損失一直降，驗證損失在第 1 到第 4 個週期不再下降，虛線就畫在那裡。", "en": "A plot of loss by epoch for each of four networks. Training loss keeps falling; validation loss stops falling between epochs 1 and 4, where the dashed line stands."} slideshow={"slide_type": "fragment"}
def draw_curves():
    """Draw the loss by epoch of all networks trained so far; check that each stopped by itself and where it should."""
    figure, axes = plt.subplots(1, len(histories), figsize=(2.6 * len(histories), 3), sharey=True)
    for ax, (name, history) in zip(axes, histories.items(), strict=True):
        kept, stopped = stop_early(history["val_loss"], PATIENCE)
        assert stopped == len(history["loss"]), f"{name} did not stop where it should"
        for key, label, marker in (("loss", "training", "o"), ("val_loss", "validation", "s")):
            ax.plot(range(1, stopped + 1), history[key], f"{marker}-", color=plots.COLORS[marker == "s"], label=label, markersize=4)
        ax.axvline(kept, color="#999999", linestyle="--", label="kept")
        ax.set(title=name, xlabel="epoch", xticks=range(1, stopped + 1, 1 + stopped // 8))
    axes[0].set_ylabel("loss")
    axes[-1].legend(fontsize=8)
    plt.show()


draw_curves()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 哪一個網路最快開始過度擬合？它的參數是不是也最多？
#
# 🤔 Which network begins to overfit first? Is it also the one with the most parameters?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 看訓練損失還在降、驗證損失已經回升的那一個：參數最多的 MLP，第 2 個週期之後升得最陡。簡單 RNN 更早就停（留下第 1 個週期），但它的訓練損失那時還很高：它不是背起來了；只忍 1 個週期，驗證損失碰巧晃高一次，也會這樣停。它是不是走偏了，這一次訓練說不準。只看參數個數也會看走眼：CNN 的 64 萬個參數大多在 20,000 個詞的嵌入表裡，它也很早就到最低點。學習率不同，週期數不能直接比。
#
# Look for the one whose training loss still falls while its validation loss has turned: the MLP, which has most parameters, climbs most steeply after epoch 2. The
# simple RNN stops even earlier (epoch 1 is kept), but its training loss is still high then: it has learned nothing by heart. With a patience of 1, one chance rise of the
# validation loss ends it as well, and whether it lost its way this one run cannot tell. The number of parameters alone misleads, too: of the CNN's 640,000 most are in the embedding of 20,000 words, and it reaches its lowest point early. With
# different learning rates, numbers of epochs do not compare directly.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 7：詞袋 · Step 7: A bag of words
#
# 現在換一個很笨的想法：不管順序，只問影評裡**有哪些詞**。這叫**詞袋**（bag of words）。再大一點的詞袋也問有哪些**相鄰的兩個詞**
# （bigram），`not good` 從此是一個項目。三個模型：
# - **線性，3,800 個詞**：和前三個網路完全一樣的字典，只是看不到順序；
# - **線性，含相鄰兩詞**：15 萬個項目；
# - **神經網路，含相鄰兩詞**：每個項目一個 16 維向量，取平均，再接一個神經元。
#
# 線性模型就是邏輯斯迴歸：每個項目一個權重，罕見的項目分量重一些（TF-IDF），沒有隱藏層。正則化的強度 `C` 用驗證損失挑。
#
# Now for a very simple idea: forget the order and only ask which **words** occur. This is a **bag of words**. A larger bag also asks which **two
# words stand side by side** (bigrams); then `not good` is an item of its own. Three models:
# - **linear, 3,800 words**: the very dictionary of the first three networks, without the order;
# - **linear, with bigrams**: 150,000 items;
# - **a network, with bigrams**: a vector of 16 for each item, their mean, one neuron.
#
# The linear model is logistic regression: one weight for each item, rare ones counting more (TF-IDF), no hidden layer. The strength of
# regularisation, `C`, is chosen by validation loss.
#
# ✏️ 寫 `pairs_of`：`words` 是一串詞，傳回每兩個相鄰的詞，中間一個空格。例如 `["not", "so", "bad"]` 得到 `["not so", "so bad"]`。
#
# ✏️ Write `pairs_of`: given a list of words, return every two that stand side by side, with a blank between them. `["not", "so", "bad"]`
# gives `["not so", "so bad"]`.

# %% gap="pairs_of" slideshow={"slide_type": "fragment"}
def pairs_of(words):
    """Return every two neighbouring words as one string."""
    ### BEGIN SOLUTION
    return [f"{first} {second}" for first, second in zip(words[:-1], words[1:], strict=True)]
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
found = pairs_of(["it", "is", "not", "so", "bad"])
checks.that(isinstance(found, list) and all(isinstance(item, str) for item in found), "一串字串。 A list of strings.",
            "要傳回字串的串列，例如 ['not so', 'so bad']。 Return a list of strings, such as ['not so', 'so bad'].")
checks.that(not any(" " not in item for item in found), "兩個詞之間有空格。 A blank between two words.",
            "每一項是兩個詞，中間一個空格，才不會和別的詞混在一起。 Each item is two words with a blank between, so that it is no other word.")
checks.that(len(found) != 2, "每個詞都和下一個成對。 Every word has a pair with the next.",
            "只有兩對：對要一個接一個重疊，is 既在 it is 裡，也在 is not 裡。 Only two pairs: they overlap; is belongs to both it is and is not.")
checks.that(len(found) == 4, "五個詞有四對。 Five words have four pairs.",
            f"五個詞有四個相鄰的對，你有 {len(found)} 個：只要相鄰的。 Five words have four neighbouring pairs, not {len(found)}: neighbours only.")
checks.that(found == ["it is", "is not", "not so", "so bad"], "順序也對。 The order is right, too.",
            "詞的先後弄反了：not so 和 so not 是不同的項目。 The words are the wrong way round: not so and so not are different items.")
checks.that(pairs_of(["bad"]) == [] and pairs_of([]) == [], "一個詞沒有對。 One word has no pair.", "只有一個詞或沒有詞的時候，沒有對。 One word, or none, has no pairs.")

# %% slideshow={"slide_type": "fragment"}
example = sentiment.words("It is not good, not good at all.")
assert sentiment.with_bigrams(example) == [*example, *pairs_of(example)]  # what the models below use
pairs = english.Vocabulary((sentiment.with_bigrams(words) for words in train_words), max_size=PAIRS, min_count=2)
print(f"{len(pairs):,} items in the larger bag. An example:", sentiment.with_bigrams(example))


# %% slideshow={"slide_type": "fragment"}
def bag_matrix(token_lists, dictionary, with_pairs):
    """Return a sparse matrix, one row for each review: 1 where an item of the dictionary occurs in it."""
    bags = [sentiment.distinct_ids(dictionary, sentiment.with_bigrams(words) if with_pairs else words) for words in token_lists]
    columns, borders = np.concatenate(bags), np.cumsum([0, *map(len, bags)])
    return sparse.csr_matrix((np.ones(len(columns)), columns, borders), shape=(len(bags), len(dictionary)))


linear = {}


def train_linear(name, dictionary, with_pairs, strengths):
    """Fit a logistic regression for each strength, and keep the one with the lowest validation loss."""
    ones, ones_val = (bag_matrix(words, dictionary, with_pairs) for words in (train_words, val_words))
    start = time.perf_counter()
    tfidf = TfidfTransformer().fit(ones)
    x, x_val = tfidf.transform(ones), tfidf.transform(ones_val)
    models = [LogisticRegression(C=strength, max_iter=200).fit(x, y_train) for strength in strengths]
    p_vals = [model.predict_proba(x_val)[:, 1] for model in models]
    losses = [log_loss(y_val, p_val) for p_val in p_vals]
    chosen = int(np.argmin(losses))
    print("C:", ", ".join(f"{c} has loss {loss:.4f}" for c, loss in zip(strengths, losses, strict=True)), "-> C =", strengths[chosen])
    linear[name] = {"model": models[chosen], "tfidf": tfidf, "dictionary": dictionary, "with_pairs": with_pairs, "x": x, "x_val": x_val}
    note(name, models[chosen].coef_.size + 1, time.perf_counter() - start, p_vals[chosen])


train_linear("bag of 3,800 words, linear", vocabulary, False, (1, 3))
train_linear("bag of bigrams, linear", pairs, True, (30, 100))
weights = linear["bag of bigrams, linear"]["model"].coef_[0]
order = np.argsort(weights)
print("most negative:", ", ".join(pairs.words[i] for i in order[:12]))
print("most positive:", ", ".join(pairs.words[i] for i in order[:-13:-1]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 仔細看這些詞：除了 worst、excellent，還有 7、8 這種**數字**。有些影評直接寫了「8/10」，標籤就是從作者打的分數來的（7 分以上算正面，4 分以下算負面），所以答案有時就寫在題目裡。打開測試資料的時候，我們會量這占了多少便宜。
#
# Look closely: beside worst and excellent there are **numbers**, 7 and 8. Some reviews say "8/10", and the labels come from the stars that the
# writers gave (7 or more is positive, 4 or fewer negative), so sometimes the question contains the answer. When the test data are open, we shall
# measure how much this helps.
#
# ✏️ 線性模型的機率，一行就算得出來。`row` 是一篇影評的數字（每個項目一個，沒有的是 0），`weights` 是權重，`bias` 是偏差值。寫 `by_hand`：先算加權總和，再用 sigmoid 變成機率：$\sigma(z) = 1 / (1 + e^{-z})$。
#
# ✏️ The probability of a linear model is one line. `row` holds the numbers of a review (one for each item, 0 where it does not occur), `weights` the
# weights, `bias` the bias. Write `by_hand`: the weighted sum, then the sigmoid, $\sigma(z) = 1 / (1 + e^{-z})$, makes it a probability.

# %% gap="by_hand" slideshow={"slide_type": "fragment"}
def by_hand(row, weights, bias):
    """Return the probability that the review is positive."""
    ### BEGIN SOLUTION
    z = np.sum(row * weights) + bias
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
row, small_weights = np.array([1.0, 0.0, 0.5]), np.array([2.0, -2.0, -1.0])
found = np.asarray(by_hand(row, small_weights, 0.25), dtype=float)
checks.that(found.shape == (), "一個機率。 One probability.", "要的是一個數：所有項目加起來，再變成機率。 One number is wanted: add up the items, then make it a probability.")
checks.that(0 <= found <= 1, "在 0 和 1 之間。 Between 0 and 1.", "加權總和還不是機率，最後要經過 sigmoid。 The weighted sum is no probability yet: the sigmoid comes last.")
checks.that(abs(found - 1 / (1 + np.exp(1.75))) > 1e-9, "方向對。 The right way round.", "分數越高，機率應該越高：看看 e 的指數的正負號。 A higher score means a higher probability: look at the sign in the exponent.")
checks.that(abs(found - 1 / (1 + np.exp(-1.5))) > 1e-9, "偏差值加了。 The bias is in it.", "忘了加偏差值。 The bias is missing.")
checks.that(abs(found - 1 / (1 + np.exp(0.75))) > 1e-9, "只算有的項目。 Only what occurs counts.",
            "影評裡沒有的項目也算進去了：權重要乘上那一篇的數字。 Items that do not occur were counted: multiply the weights by the numbers of the review.")
checks.close(found, 1 / (1 + np.exp(-1.75)), "機率對了。 The probability is right.",
             "權重乘上影評的數字，加起來，加偏差值，再做 sigmoid。 Weights times the numbers of the review, added up, plus the bias, then the sigmoid.")

# %% slideshow={"slide_type": "fragment"}
chosen = linear["bag of bigrams, linear"]
first = chosen["x_val"][0].toarray()[0]
print(f"first validation review, by hand: {by_hand(first, weights, chosen['model'].intercept_[0]):.6f}; "
      f"by scikit-learn: {chosen['model'].predict_proba(chosen['x_val'][:1])[0, 1]:.6f}")
parts_of_score = first * weights
print("what speaks loudest in it:", ", ".join(f"{pairs.words[i]} {parts_of_score[i]:+.2f}" for i in np.argsort(-np.abs(parts_of_score))[:8]))

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 線性模型的權重可以直接讀。LSTM 的 138,625 個參數，你讀得出什麼？
#
# 🤔 The weights of the linear model can simply be read. What can you read out of the 138,625 parameters of the LSTM?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 幾乎讀不出什麼：一個權重的作用要看其他權重和前面的詞，沒有哪一個數字專屬於 excellent。能做的是間接問它：換掉一個詞，看機率變多少。以為「嵌入表一列一個詞，所以讀得懂」的人：看得出哪些詞的向量相近，但哪個方向是褒，還得看後面的層怎麼用。這也是選線性模型的理由之一：同樣準的時候，選說得出理由的。
#
# Hardly anything: what a weight does depends on the others and on the words before; no single number belongs to excellent. We can only ask indirectly: change a
# word, see how the probability moves. Who thought the embedding readable, one row a word: one can see which vectors are close, but which direction is praise
# depends on the layers after it. This is one reason for the linear model: of two that are equally accurate, take the one that can give reasons.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# 同一個大詞袋，換成神經網路。
#
# The same large bag, read by a network.

# %% slideshow={"slide_type": "fragment"}
train("bag of bigrams, network", keras.Sequential([
    keras.Input((None,), dtype="int32"),
    keras.layers.Embedding(len(pairs), 16, mask_zero=True),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dropout(0.3),
    keras.layers.Dense(1, activation="sigmoid"),
]), pairs, length=600, bigrams=True, learning_rate=1e-2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 8：打開測試資料，只開一次 · Step 8: Open the test data, once
#
# 七個模型一起考。先用**驗證**準確率選出要交出去的模型，再看測試分數，不能反過來。
#
# 大家考的是同一份考卷，所以比較兩個模型，只要看**只有一邊答對**的影評：兩邊都對、兩邊都錯的影評，分不出高下。如果兩個模型一樣好，這些影評應該各占一半，像丟銅板。這叫 McNemar 檢定，是**成對檢定**（paired test）。差距的區間用成對的拔靴法（bootstrap）：把影評重抽很多次，看差距怎麼變。
#
# ✏️ 寫 `one_alone`：`first` 和 `second` 是兩個模型在每篇影評上有沒有答對（True／False 的陣列）。傳回兩個數：只有 `first` 對的篇數、只有 `second` 對的篇數。
#
# All seven sit the same exam. First **validation** accuracy chooses the model that we would hand in, then we look at test scores, never the other way round.
#
# Because the exam is the same, only the reviews that **one model alone** had right tell two models apart; where both are right or both wrong there is nothing to
# compare. Were the models equally good, each would have half of these, like tossing a coin. This is McNemar's test, a **paired test**. The interval of the
# gap comes from a paired bootstrap: draw the reviews anew many times and see how the gap moves.
#
# ✏️ Write `one_alone`: `first` and `second` say for each review whether a model was right (arrays of True and False). Return two numbers: how many reviews
# `first` alone had right, and how many `second` alone.

# %% gap="one_alone" slideshow={"slide_type": "fragment"}
def one_alone(first, second):
    """Return (reviews that only the first had right, reviews that only the second had right)."""
    ### BEGIN SOLUTION
    return int(np.sum(first & ~second)), int(np.sum(~first & second))
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
first, second = np.array([True, True, True, True, False, False]), np.array([True, False, False, False, True, False])
found = one_alone(first, second)
checks.that(isinstance(found, tuple | list) and len(found) == 2, "兩個數。 Two numbers.",
            "要傳回兩個數，分開數：哪一邊單獨答對。 Return two numbers, counted apart: which side alone was right.")
checks.that(tuple(found) != (4, 2), "都答對的不算。 Those that both had right are left out.",
            "這是各答對幾篇；兩邊都對的影評要去掉。 These are all right answers; leave out the reviews that both had right.")
checks.that(tuple(found) != (1, 3), "沒有對調。 Not swapped.", "兩個數對調了：先是 first。 The two are swapped: first comes first.")
checks.that(tuple(found) == (3, 1), "數對了。 The counts are right.",
            "一篇一篇看：first 對而且 second 錯；反過來也數一次。 Review by review: first right and second wrong; then the other way round.")

# %% slideshow={"slide_type": "fragment"}
def probabilities(name, token_lists):
    """Return what a model of the lesson says of reviews that are cut into words."""
    if name in classifiers:
        return classifiers[name].probabilities_of_ids(classifiers[name].vectorise_tokens(token_lists))
    found = linear[name]
    return found["model"].predict_proba(found["tfidf"].transform(bag_matrix(token_lists, found["dictionary"], found["with_pairs"])))[:, 1]


favourite = max(results, key=lambda name: results[name]["validation"])  # chosen before the test data are opened
p_test = {name: probabilities(name, test_words) for name in results}
right = {name: (p > 0.5) == y_test for name, p in p_test.items()}
rows = []
for name, found in results.items():
    alone = one_alone(right[favourite], right[name])
    gap = evaluation.paired_difference(right[favourite], right[name]) if name != favourite else None
    p_value = evaluation.mcnemar(right[favourite], right[name]).p_value
    rows.append({
        "model": name, "parameters": found["parameters"], "seconds": round(found["seconds"]), "validation": f"{found['validation']:.3f}",
        "test, with 95 % interval": f"{evaluation.share(int(right[name].sum()), len(y_test)):.3f}",
        "favourite is ahead by": f"{gap:+.3f}" if gap else "(the favourite)",
        "right alone: favourite, this": f"{alone[0]}, {alone[1]}" if gap else "", "p": f"{p_value:.2g}" if gap else ""})
display.table(rows, caption=f"chosen by validation: {favourite}")
same_words = evaluation.paired_difference(right["bag of 3,800 words, linear"], right["LSTM of the slides"])
print(f"the same 3,800 words: linear without order minus LSTM: {same_words:+.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 六個比較，碰巧有一個 p 小於 0.05 並不稀奇；要求 p 小於 $0.05 / 6 \approx 0.008$，才算分出高下。區間和 p 說的是「換一批影評會怎樣」，不是「換一組起始權重會怎樣」：每個網路這裡只訓練一次。
#
# With six comparisons, one p below 0.05 by chance is no surprise; ask for p below $0.05 / 6 \approx 0.008$ before calling a winner. Interval and p say what
# other reviews would do, not what other starting weights would do: each network is trained once here.

# %% alt={"zh": "七個模型的測試準確率和區間。簡單 RNN 最低，遠遠落後；不看順序、含相鄰兩詞的詞袋最高；LSTM 和 MLP 的區間重疊。", "en": "Test accuracy with intervals for seven models. The simple RNN is far behind; bags of bigrams, which do not see the order, are highest; the intervals of LSTM and MLP overlap."} slideshow={"slide_type": "fragment"} tags=["thumbnail"]
figure, ax = plt.subplots(figsize=(7.5, 3.4))
for place, name in enumerate(results):
    interval = evaluation.share(int(right[name].sum()), len(y_test))
    ax.plot([interval.low, interval.high], [-place, -place], color=plots.COLORS["bag" in name], linewidth=2)
    ax.plot(interval.value, -place, "s" if "bag" in name else "o", color=plots.COLORS["bag" in name])
ax.set_yticks(-np.arange(len(results)), results)
ax.set(xlabel="test accuracy (95 % interval); circles see the order, squares do not")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
# 換一組起始權重會怎樣？整課用五個別的種子重跑，測試資料是同一批，什麼都沒有再選一次：
#
# And other starting weights? The whole lesson was run with five other seeds, on the same test data, and nothing was chosen anew:

# %% slideshow={"slide_type": "fragment"} tags=["stored"]
stored = {name: profile.measured("imdb_sentiment", f"test accuracy of {name}") for name in
          ("simple RNN", "MLP", "the LSTM of the slides", "1-D CNN", "the linear bag of 3,800 words", "bag of bigrams, network")}
display.table([(name, f"{found.mean:.3f} ± {found.deviation:.3f}", f"{min(found.values):.3f} … {max(found.values):.3f}")
               for name, found in stored.items()], columns=["test accuracy", "mean ± deviation", "lowest … highest"], caption=stored["MLP"].source)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 看簡單 RNN：上面那一次只有 0.69，和最好的比，p 小到 $10^{-168}$；五個別的種子卻是 0.80 到 0.85，和 MLP、LSTM 的範圍互相重疊。上面那一次是起點不好。p 再小也看不出來，因為它問的是換一批影評，不是換一個起點。所以這三個誰先誰後，一次訓練說不準。
#
# 站得住的是：CNN 五次都贏過它們三個；3,800 個詞的線性模型五次都贏過 LSTM（多 2 到 6 個百分點）；含相鄰兩詞的詞袋五次都最高。
#
# Look at the simple RNN: in the run above it has 0.69 only, and compared with the best, p is as small as $10^{-168}$; yet with five other seeds it has 0.80 to 0.85, and its range overlaps with those of the MLP and the LSTM. The run above had a bad
# start. However small, p cannot show it, for it asks about other reviews, not about another start. So the order of these three cannot be told by one training.
#
# What stands: the CNN was ahead of all three each time; the linear model with 3,800 words was ahead of the LSTM each time, by 2 to 6 points; and the bag of bigrams was highest each time.

# %% [markdown] slideshow={"slide_type": "fragment"}
# 對照兩行：3,800 個詞的線性模型，和投影片的 LSTM。字典一模一樣，線性模型看不到順序，參數不到 LSTM 的三十分之一。看得到順序的
# LSTM 有機會贏；最後一行卻是線性模型多對了約三個百分點，而這個差距和字典大小無關。這不是說 LSTM 沒有用。有兩個說得通的原因，這裡沒有分開量：
# - 褒貶多半寫在幾個詞裡，這個題目也許不太需要順序；
# - 一萬八千篇影評對「從零學會讀英文」來說也許太少。今天善用順序的模型，多半先在大量文字上預先訓練。
#
# **結論：先做簡單的基準線。** 複雜的模型要贏過它，才值得多花時間。
#
# 🤔 想一種題目，詞袋一定做不好，LSTM 可以。（提示：第 09 課。）
#
# Compare two lines, the linear model with 3,800 words and the LSTM of the slides. They have the very same dictionary; the linear model sees no order and has less
# than a thirtieth of the parameters. The LSTM sees the order and could win by it; by the last line the linear model has about three points more, and the size of
# the dictionary has nothing to do with this gap. This does not make the LSTM useless. Two reasons make sense, and are not told apart here:
# - praise and blame mostly sit in a few words, and the task may hardly need order;
# - eighteen thousand reviews may be too few to learn to read English from nothing. Models of today that make use of order mostly read a great deal of text first.
#
# **The moral: build the simple baseline first.** A complicated model earns its time when it beats it.
#
# 🤔 Think of a task at which a bag must fail and an LSTM can succeed. (Hint: lesson 09.)

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 例如第 09 課的加法：兩串一樣的數字，換了先後答案就不同，詞袋卻看不出差別。語言裡也有：「A 打敗 B」和「B 打敗 A」的詞袋一模一樣。想到「反諷」的人要小心：反諷難在要懂得世界，不只是順序，這麼小的 LSTM 一樣不懂。
#
# Such as the addition of lesson 09: the same digits in another order have another answer, and the bag cannot see it. In language too: "A beats B" and "B
# beats A" are the same bag. Who thought of irony, careful: irony takes knowledge of the world, not only order, and so small an LSTM does not get it either.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 9：如果隨機切呢？ · Step 9: What if we had split at random?
#
# 測試資料已經打開，可以拿來做一個對照。同樣的驗證和測試影評，讓一個線性詞袋考兩次：
# - **照電影**：訓練影評和考題沒有共同的電影，就像上面；
# - **隨機**：把四分之三的考題換進訓練資料（總數不變），考剩下的四分之一，輪四次。考題的「兄弟」就跑進訓練資料了，和隨機切一樣。
#
# 考的是同一批影評，所以可以成對地比。
#
# The test data are open, so they can serve for a comparison. The same validation and test reviews are an exam twice, for one linear bag of words:
# - **by film**: training reviews and exam have no film in common, as above;
# - **at random**: three quarters of the exam change places with training reviews (as many as before), and the last quarter is the exam; four times over.
#   Now siblings of the exam are among the training reviews, as in a random split.
#
# Both exams have the same reviews, so the comparison is paired.

# %% slideshow={"slide_type": "fragment"}
all_words, all_labels = [*train_words, *val_words, *test_words], np.concatenate([y_train, y_val, y_test])
every_word = english.Vocabulary(all_words, min_count=2)  # names must have a place in the dictionary in both cases
ones = bag_matrix(all_words, every_word, False)
own, held_out = np.split(np.arange(len(all_labels)), [len(y_train)])


def right_on(training, exam):
    """Fit a linear bag of words on some reviews and say on which others it is right."""
    tfidf = TfidfTransformer().fit(ones[training])
    model = LogisticRegression(C=3, max_iter=200).fit(tfidf.transform(ones[training]), all_labels[training])
    return model.predict(tfidf.transform(ones[exam])) == all_labels[exam]


generator = np.random.default_rng(profile.chosen_seed(13))
by_film, at_random = right_on(own, held_out), np.zeros(len(all_labels), dtype=bool)
for exam in np.array_split(generator.permutation(held_out), 4):
    moved_in = np.setdiff1d(held_out, exam)
    at_random[exam] = right_on(np.concatenate([generator.permutation(own)[len(moved_in):], moved_in]), exam)
at_random = at_random[held_out]
flattery = evaluation.paired_difference(at_random, by_film)
print(f"by film {by_film.mean():.3f}, at random {at_random.mean():.3f}: the random split flatters by {flattery:.4f}, "
      f"p = {evaluation.mcnemar(at_random, by_film).p_value:.1g}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 同一批影評、同一種模型、一樣多的訓練資料，只因為考題的兄弟進了訓練資料，準確率就多了一個百分點左右。這一點不是模型變好，是它認得這些電影：遇到新電影，這一點就不見了。這和前面模型之間的差距一樣大，所以切法錯了，比較也就沒有意義。
#
# The same reviews, the same kind of model, as many training reviews; only because siblings of the exam are among them, accuracy rises by about one point. The model is no
# better for it; it knows these films, and with a new film the point is gone. It is as large as gaps between the models above: with a wrong split, comparing them means little.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 10：寫在題目裡的答案 · Step 10: Answers inside the question
#
# 還有那些數字。拿掉所有含數字的項目，含相鄰兩詞的線性模型重新訓練，差多少？
#
# And those numbers. Take away every item that contains a digit and train the linear model with bigrams again: what is the difference?

# %% slideshow={"slide_type": "fragment"}
rating = re.compile(r"\b(10|[0-9])(\.[0-9])?\s*(/|out of)\s*(10|ten|5|five)\b", re.IGNORECASE)
with_rating = np.array([bool(rating.search(english.strip_html(review))) for review in test_texts])
wordy = np.array([not any(letter.isdigit() for letter in item) for item in pairs.words])
found = linear["bag of bigrams, linear"]
blind = LogisticRegression(C=found["model"].C, max_iter=200).fit(found["x"][:, wordy], y_train)
x_test = found["tfidf"].transform(bag_matrix(test_words, pairs, True))
right_blind = blind.predict(x_test[:, wordy]) == y_test
lost = evaluation.paired_difference(right["bag of bigrams, linear"], right_blind)
print(f"{with_rating.mean():.1%} of the test reviews state a rating; without items that contain digits the model loses {lost:.4f}")
print(f"accuracy on reviews with a rating: {right['bag of bigrams, linear'][with_rating].mean():.3f} with digits, {right_blind[with_rating].mean():.3f} without; "
      f"on the others {right['bag of bigrams, linear'][~with_rating].mean():.3f} and {right_blind[~with_rating].mean():.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 寫了分數的影評，模型讀到答案當然比較準；但十篇裡大約只有一篇這樣寫，所以整體差不到一個百分點。這算不算作弊，看你要拿模型做什麼：要分析沒有分數的留言，就該先把分數拿掉再量。
#
# Where a rating is stated the model reads the answer and is more accurate, of course; but only about one review in ten does so, and overall it makes less than a point. Whether this is
# cheating depends on the purpose: for comments without ratings, take the ratings away before you measure.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 11：它錯在哪裡 · Step 11: Where it goes wrong
#
# 從這裡開始，用驗證準確率最高的那個**網路**（`Classifier` 可以存檔）。先看混淆矩陣：兩種錯一樣多嗎？再看校準（calibration）：模型說「八成」的時候，真的有八成是正面嗎？
#
# From here on we use the **network** with the best validation accuracy (a `Classifier` can be saved). First the confusion matrix: are both kinds of error equally frequent? Then calibration: when
# the model says 80 %, are 80 % really positive?

# %% alt={"zh": "2×2 的表。兩種錯差不多一樣多，各約一成；其餘都在對角線上。", "en": "A table of 2×2. Both kinds of error are about equally frequent, some tenth each; the rest lies on the diagonal."} slideshow={"slide_type": "fragment"}
best = max(classifiers, key=lambda name: results[name]["validation"])
p = p_test[best]
plots.confusion(confusion_matrix(y_test, p > 0.5), ["negative", "positive"], title=best)

# %% alt={"zh": "模型說的機率對真正是正面的比例。含相鄰兩詞的詞袋貼著對角的虛線；MLP 多半在線的上方；LSTM 在下方，說得太滿。", "en": "Share truly positive against the probability given. The bag of bigrams keeps to the dashed diagonal; the MLP is mostly above it; the LSTM is below, it claims too much."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(5.2, 4.4))
ax.plot([0, 1], [0, 1], color="#999999", linestyle="--", label="perfect")
for name, marker, color in ((best, "s", plots.COLORS[1]), ("LSTM of the slides", "o", plots.COLORS[0]), ("MLP", "^", plots.COLORS[2])):
    share, said = calibration_curve(y_test, p_test[name], n_bins=10)
    ax.plot(said, share, f"{marker}-", color=color, label=name, markersize=5)
ax.set(xlabel="probability that the model gives", ylabel="share that is truly positive", aspect="equal")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
# 🤔 點在虛線上方，表示模型太有自信還是太保守？在低機率和高機率的兩端，答案一樣嗎？
#
# 🤔 Does a point above the dashed line mean too much confidence, or too little? Is the answer the same at both ends?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 在虛線上方，就是真的正面比模型說的多：它說的機率太低。在高機率那一端（說 0.7，其實 0.8），太低就是太保守；在低機率那一端（說 0.1，其實 0.2），太低卻是太有自信：它太肯定是負面。所以要看「離 0.5 多遠」，不是看上下：曲線比虛線平，就是太有自信；比虛線陡，就是太保守。
#
# Above the line more are truly positive than the model says: its probability is too low. At the high end (says 0.7, is 0.8) too low is too cautious; at the low end
# (says 0.1, is 0.2) too low is too confident: too sure that it is negative. What counts is the distance from 0.5, not up or down: a curve flatter than the line is
# too confident, a steeper one too cautious.
#
# </details>

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

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 通常各種都有，而且一定有標錯的：全篇稱讚、標籤卻是負面，這種題目模型「答錯」其實是對的。所以準確率到不了 100 %，上限由標籤決定。以為「最有自信的錯誤最能看出模型笨在哪裡」的人：最有自信的錯誤裡，標錯的特別多；要看模型的弱點，讀機率 0.6 左右的錯誤更有用。
#
# Usually some of each, and some wrong labels for certain: praise from beginning to end, labelled negative; there the model's "mistake" is right. So accuracy cannot
# reach 100 %: the labels set the limit. Who thought that the most confident mistakes show best where a model is stupid: wrong labels are most frequent
# just there; for weaknesses read mistakes near 0.6.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 12：驗證資料全是負面 · Step 12: A validation set that is all negative
#
# 影評照標籤排好，又用 `validation_split=0.2`，取到的尾巴就**全是負面**，訓練資料六成以上是正面。很多人都犯過這個錯。用一個小模型做一次：橘線是它看到的驗證準確率，藍線是同一個模型在正負各半的資料上的準確率。
#
# With reviews in the order of their labels, `validation_split=0.2` takes a tail that is **all negative**, and more than 60 % of the training data are
# positive. Many have made this mistake. Make it with a small model: in orange the validation accuracy that it sees, in blue the accuracy of the very same
# model on data that are half and half.

# %% slideshow={"slide_type": "fragment"}
in_order = np.argsort(1 - y_train.astype(int), kind="stable")  # positive first
small = keras.Sequential([
    keras.Input((LENGTH,), dtype="int32"), keras.layers.Embedding(DICTIONARY_SIZE, 16, mask_zero=True),
    keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1, activation="sigmoid"),
])
small.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
reader = sentiment.Classifier(small, vocabulary, LENGTH)
x_ordered = reader.vectorise_tokens([train_words[i] for i in in_order])
honest_data = (reader.vectorise_tokens(val_words), y_val)
seen, honest = [], []
for _ in range(profile.choose(smoke=2, lesson=6, full=10)):
    epoch = small.fit(x_ordered, y_train[in_order], validation_split=0.2, batch_size=BATCH, verbose=0)
    seen.append(epoch.history["val_accuracy"][0])
    honest.append(small.evaluate(*honest_data, batch_size=256, verbose=0)[1])

# %% alt={"zh": "同一個模型的兩條驗證準確率。在全是負面的資料上低了好幾個百分點，起伏也大；在正負各半的資料上高而平穩。", "en": "Two validation accuracies of one model. On data that are all negative it is several points lower and moves more; on data half and half it is high and steady."} slideshow={"slide_type": "fragment"}
figure, ax = plt.subplots(figsize=(6.5, 3.2))
epochs = range(1, len(seen) + 1)
ax.plot(epochs, seen, "s-", color=plots.COLORS[1], label="all negative (validation_split on ordered labels)")
ax.plot(epochs, honest, "o-", color=plots.COLORS[0], label="half and half")
ax.set(xlabel="epoch", ylabel="validation accuracy", xticks=epochs)
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
plt.show()
tail = y_train[in_order][int(len(y_train) * 0.8):]
print(f"share positive in the last fifth: {tail.mean():.2f}; in the rest: {y_train[in_order][:int(len(y_train) * 0.8)].mean():.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 橘線量的不是準確率，而是「負面的影評認出了幾成」。訓練資料六成多是正面，模型偏向說正面，橘線就低於真正的準確率；偏多少，每個週期都不同。
#
# 🤔 如果把順序倒過來，先負面、後正面，橘線會變成什麼樣子？照橘線挑出來的週期，和照藍線挑的一樣嗎？
#
# The orange line does not measure accuracy but the share of negative reviews that were recognised. More than 60 % of the training data are positive, so
# the model leans towards "positive", and the orange line lies below the true accuracy; how much it leans differs from epoch to epoch.
#
# 🤔 With the order reversed, negative first, what would the orange line look like? Would it pick the same epoch as the blue one?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 它會變成「正面的影評認出了幾成」，一樣偏低：這次訓練資料六成多是負面，模型偏向說負面。橘線最高的週期，是模型最不偏向多數那一邊的週期，不一定是最準的，所以兩條線可能挑出不同的週期。以為「倒過來橘線就會偏高」的人：被切走當驗證的那一種標籤，在訓練裡一定是少數，模型多半偏向另一邊。
#
# It becomes the share of positive reviews that were recognised, and is too low again: now more than 60 % of the training data are negative, and the model leans that way. The
# epoch in which orange is highest is the one that leans least, not the most accurate, so the two lines may pick different epochs. Who expected orange to be too high: the label that is
# cut away for validation is the minority in training, and the model mostly leans away from it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 13：換你寫影評 · Step 13: Your turn to write a review
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
# 🤔 「not a bad film」它懂嗎？反諷呢？詞袋裡要有什麼，才可能懂？
#
# Nothing, Chinese and emoji get a probability too, but the right column says that it knows not one word. **A probability is no sign
# of understanding**, and a user who cannot see that column will be misled.
#
# 🤔 Does it understand "not a bad film"? And irony? What would a bag have to contain?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 不懂：看上表的機率就知道，bad 的份量壓過了 not。詞袋要有 `not a bad` 這種三個、四個詞的項目才有機會，而且訓練影評裡要常出現。反諷不行：那一句裡每一個詞都是稱讚，要知道「討厭自己眼睛的人」是什麼意思才懂。以為「加了相鄰兩詞就懂否定」的人：not 和 bad 中間隔了一個 a，相鄰兩詞剛好看不到。
#
# No: the probability in the table shows that bad outweighs not. A bag would need items of three or four words, such as `not a bad`, and to see them often enough
# in training. Irony is beyond it: every word of that sentence is praise; one must know what "people who hate their eyes" means. Who thought that bigrams understand negation: between not and bad
# stands an a, and just there two neighbours do not reach.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 步驟 14：存檔，讀回來 · Step 14: Save and load
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
    sentiment.Classifier(classifiers[best].model, english.Vocabulary(train_words[:50]), classifiers[best].length)  # another dictionary
except ValueError as error:
    print("ValueError:", error)

# %% slideshow={"slide_type": "skip"}
accuracy = {name: float(right[name].mean()) for name in results}
hint = "restart and run all; were the reviews loaded with load_imdb_with_validation(), and is the padding at the end?"
profile.expect("test accuracy of the LSTM of the slides", accuracy["LSTM of the slides"],
               at_least=profile.choose(smoke=0.4, lesson=0.78, full=0.83), hint=hint)
profile.expect("test accuracy of the best network", accuracy[best], at_least=profile.choose(smoke=0.4, lesson=0.87, full=0.87), hint=hint)
profile.expect("test accuracy of the linear bag of 3,800 words", accuracy["bag of 3,800 words, linear"],
               at_least=profile.choose(smoke=0.6, lesson=0.86, full=0.86), hint=hint)
profile.expect("test accuracy of the linear bag of bigrams", accuracy["bag of bigrams, linear"],
               at_least=profile.choose(smoke=0.6, lesson=0.88, full=0.88), hint=hint)
profile.expect("networks that early stopping has stopped", sum(
    len(history["loss"]) - stop_early(history["val_loss"], PATIENCE)[0] == PATIENCE for history in histories.values()),
    at_least=profile.choose(smoke=0, lesson=len(histories), full=len(histories)), hint="raise MOST_EPOCHS")
profile.expect("by how much a random split flatters", flattery.value, at_least=profile.choose(smoke=-0.1, lesson=0.003, full=-0.1), hint=hint)
profile.expect("largest difference after loading", difference, at_most=1e-5)
for name in ("MLP", "simple RNN", "1-D CNN", "bag of bigrams, network"):
    profile.record(f"test accuracy of {name}", accuracy[name])

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 接下來 · What came next
#
# 這一課的網路都從亂數學起，只讀過影評。ULMFiT（[Howard 與 Ruder](https://aclanthology.org/P18-1031/)，2018）先讓網路讀維基百科，再用影評微調，IMDb 的成績好了一截；BERT（[Devlin 等人](https://aclanthology.org/N19-1423/)，2019）之後，這成了通常的做法。第 19 課借一個讀過很多文字的網路，看只有少數標籤時差多少。
#
# The networks of this lesson all began with random numbers and read nothing but reviews. ULMFiT ([Howard and
# Ruder](https://aclanthology.org/P18-1031/), 2018) let a network read Wikipedia first, then tuned it on reviews, and did clearly better on IMDb; since
# BERT ([Devlin et al.](https://aclanthology.org/N19-1423/), 2019) this is the usual way. Lesson 19 borrows a network that has read a lot, and sees
# what that is worth when labels are few.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
#
# - 照電影切，不隨機切：同一個來源不能跨兩邊。什麼時候停、選哪個模型，都看驗證資料；測試資料只開一次。<br>Split by film, not at random: one source must not stand on both sides. Validation data decide when to stop and which model to take; the test data are opened once.
# - 兩個模型考同一份考卷，就用成對檢定；簡單的基準線先做，複雜的模型要贏過它才算數。<br>Two models that sat the same exam are compared by a paired test; the simple baseline comes first, and a complicated model has to beat it.
# - 模型和字典是一體的：一起存，一起讀；不認識的文字也會得到機率，所以要看它認得幾個詞。<br>A model and its dictionary are one: save and load them together. Text that it cannot read gets a probability too, so look at how many words it knows.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 原課程的不同之處 · What the original course did differently
#
# <details><summary>展開 · Open</summary>
#
# - 標籤有順序又用 `validation_split`，驗證資料全是負面（步驟 12）。它的驗證準確率在 0.79 到 0.91 之間擺盪；我們的小模型一樣會擺盪，但那是另一個網路，擺盪有多少來自這個偏向，光看它的數字分不出來。<br>Labels in order together with `validation_split` made a validation set that was all negative (step 12). Its validation accuracy swung between 0.79 and 0.91; our small model swings likewise, but it is another network, and how much of that swing is this leaning its numbers alone cannot tell.
# - 沒有遮罩、沒有提早停止，固定訓練 10 個週期；同樣 138,625 個參數，在官方的 25,000 篇測試影評上得 0.8517（[Sentiment_Analysis_IMDb_LSTM.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/Sentiment_Analysis_IMDb_LSTM.ipynb)，擺盪也看得到）。那份測試和訓練沒有共同的電影，但和我們的 5,000 篇不是同一份考卷，兩個數字不能直接比。<br>No mask, no early stopping, always 10 epochs; with the same 138,625 parameters it reached 0.8517 on the official 25,000 test reviews ([Sentiment_Analysis_IMDb_LSTM.ipynb](https://github.com/bingo830422/AI-course/blob/2e70f075454b438443a4f19b4aa736917a24e59a/Sentiment_Analysis_IMDb_LSTM.ipynb), where the swing is seen, too). These have no film in common with its training data, but are another exam than our 5,000, so the two numbers do not compare directly.
# - 沒有基準線，也沒有看錯誤。投影片列了 MLP、RNN、LSTM、CNN 四種，只做了 LSTM。<br>No baseline, and no look at the errors. The slides list MLP, RNN, LSTM and CNN; only the LSTM was made.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## 練習 · Lab
#
# [練習 15](../labs/lab15_better_sentiment.ipynb)「改進情緒分析模型」：用這一課的任何想法，讓測試準確率再高一點。
#
# [Lab 15](../labs/lab15_better_sentiment.ipynb), improve the sentiment model: use any idea of this lesson to push the test accuracy a little higher.
#
# ## 參考資料 · References
#
# - A. L. Maas et al., [Learning Word Vectors for Sentiment Analysis](https://aclanthology.org/P11-1015/), ACL 2011
# - S. Wang, C. D. Manning, [Baselines and Bigrams: Simple, Good Sentiment and Topic Classification](https://aclanthology.org/P12-2018/), ACL 2012（相鄰兩詞的詞袋是多強的基準 · how strong bigram baselines are）
# - A. Joulin, E. Grave, P. Bojanowski, T. Mikolov, [Bag of Tricks for Efficient Text Classification](https://aclanthology.org/E17-2068/), EACL 2017（袋子網路，fastText · the bag network）
# - Y. Kim, [Convolutional Neural Networks for Sentence Classification](https://aclanthology.org/D14-1181/), EMNLP 2014
# - C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, [On Calibration of Modern Neural Networks](https://proceedings.mlr.press/v70/guo17a.html), ICML 2017

# %% [markdown]
# # 01 例子：一小塊照片 · Example: a small piece of a photo
#
# 一本做完的專案，資料是八張彩色照片。換成你自己的八張照片，從頭執行就是你的專案：把 `FOLDER` 改成放照片的資料夾。
#
# A finished project on eight colour photos. Put your own eight in their place and run it from the top: set `FOLDER` to the folder in which they lie.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先上過 · You need | 第 06 課 · lesson 06 |
# | 資料 · Data | 課程目錄裡的八張彩色照片（來源與授權在 `data/catalog.toml`） · eight colour photos of the course's catalog (origin and licence in `data/catalog.toml`) |

# %%
from pathlib import Path

import keras
import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression

from utils.data import datasets
from utils.models import evaluation
from utils.notebook import display, plots, profile, project

FOLDER = None                                            # your own: Path("photos"), beside this notebook
EPOCHS = profile.choose(smoke=2, lesson=25, full=80)     # at most
SIZE = 24                                                # pixels of a piece's side
profile.seed(0)

# %% [markdown]
# ## 1 問題 · Question
#
# **從 24×24 像素的一小塊，看得出它來自哪一張照片嗎？**
#
# 如果可以，同樣的做法就能分辨地板、牆壁、草地的照片。答錯也沒有人受傷。我猜：八類，猜中一半；而且光看顏色就有八成的功勞。
#
# **Can one tell from a piece of 24×24 pixels which photo it was cut from?**
#
# If so, the same way would tell photos of floors, walls and lawns apart. Nobody is hurt by a wrong answer. My guess: half of the pieces right, of eight photos, and most of that by colour alone.

# %% [markdown]
# ## 2 資料 · Data
#
# 八張照片，切成不重疊的小塊。兩張灰階的（馬、攝影師）不用：沒有顏色，一眼就認得出來，太簡單。同一張照片裡相鄰的小塊很像，這是最需要小心的地方。
#
# Eight photos, cut into pieces that do not overlap. Two grey ones (the horse, the cameraman) are left out: without colour they would be given away at a glance. Neighbouring pieces of a photo resemble one another; that is what
# needs most care.

# %%
if FOLDER:
    photos = {path.stem: np.asarray(Image.open(path).convert("RGB").resize((640, 480))) for path in sorted(Path(FOLDER).iterdir())}
else:
    photos = {name.removeprefix("grace_"): photo for name, photo in datasets.load_photos().items() if name not in ("horse", "camera")}
names = sorted(photos)

pieces, y, row, place = [], [], [], []
for number, name in enumerate(names):
    photo = photos[name]
    columns = photo.shape[1] // SIZE
    for down in range(photo.shape[0] // SIZE):
        for across in range(columns):
            pieces.append(photo[down * SIZE:(down + 1) * SIZE, across * SIZE:(across + 1) * SIZE])
            y.append(number)
            row.append(down)
            place.append((across + 0.5) / columns)       # 0 left ... 1 right
x, y, row, place = np.array(pieces), np.array(y), np.array(row), np.array(place)
display.table(list(zip(names, np.bincount(y).tolist(), strict=True)), columns=["photo", "pieces"])

# %% alt={"zh": "二十個小方塊，上方寫著來自哪張照片。多半只看得到顏色和紋理：綠的是花的背景，藍的是火箭的天空，橘的是咖啡旁的木頭。", "en": "Twenty little squares under the names of their photos. Most show colour and texture only: green from behind the flower, blue from the rocket's sky, orange from the wood by the coffee."}
some = np.random.default_rng(0).permutation(len(x))[:20]
plots.image_grid(x[some], [names[number] for number in y[some]])

# %% [markdown]
# ## 3 切分 · Split
#
# 隨機切不公平：測試的小塊，上下左右都在訓練資料裡。所以按**位置**切：每張照片左邊 60 % 訓練，中間 20 % 驗證，右邊 20 % 測試。問題也變難了：右邊的東西，左邊不一定有。完全一樣的小塊（例如全黑的天空）只留一塊。
#
# A random cut is unfair: all neighbours of a test piece would be in the training data. So the cut goes by **place**: of each photo the left 60 % is for training, the next 20 % for validation, the right 20 % for the test. That makes the
# question harder, too: what is on the right need not be on the left. Of identical pieces (black sky, for instance) one is kept.

# %%
_, first = np.unique(x.reshape(len(x), -1), axis=0, return_index=True)
keep = np.sort(first)
print(f"{len(x) - len(keep)} pieces dropped as doubles")
x, y, row, place = x[keep], y[keep], row[keep], place[keep]
train, val, test = place < 0.6, (place >= 0.6) & (place < 0.8), place >= 0.8
project.disjoint(train=x[train], validation=x[val], test=x[test])
envelope = project.TestOnce(x[test], y[test], row[test])

# %% [markdown]
# ## 4 基準 · Baseline
#
# 一直猜小塊最多的照片，是最低的標準。簡單但不笨的做法：只看顏色。每個小塊算一個顏色直方圖（紅綠藍各四級，64 格），用邏輯斯迴歸分類；強度 `C` 用驗證資料選。
#
# Always naming the photo with most pieces is the lowest bar. A simple way that is not stupid: colour alone. Each piece becomes a histogram of colours (four levels each of red, green, blue: 64 bins) for logistic regression, with its strength
# `C` chosen on validation data.

# %%
def histogram(images):
    """Return the share of a piece's pixels in each of 64 colours."""
    levels = images.astype(int) // 64
    bins = levels[..., 0] * 16 + levels[..., 1] * 4 + levels[..., 2]
    return np.array([np.bincount(each.ravel(), minlength=64) for each in bins]) / SIZE**2


print(f"always {names[np.bincount(y[train]).argmax()]}: {np.mean(y[val] == np.bincount(y[train]).argmax()):.3f} on validation data")
candidates = [(LogisticRegression(C=C, max_iter=3_000).fit(histogram(x[train]), y[train]), C) for C in (1, 10, 100, 1_000)]
scores = [model.score(histogram(x[val]), y[val]) for model, _ in candidates]
baseline, best_c = candidates[int(np.argmax(scores))]
print("colour:", {C: round(score, 3) for (_, C), score in zip(candidates, scores, strict=True)}, f"-> C = {best_c}")

# %% [markdown]
# ## 5 模型 · Model
#
# 卷積看得到邊緣和紋路，顏色直方圖看不到。資料少，所以網路小，並隨機翻轉。一開始的損失該是 $\ln 8 \approx 2.08$。寬度試兩種，8 和 16 個濾鏡，用驗證資料選；什麼時候停，也看驗證資料。
#
# Convolutions see edges and textures, which a histogram of colours does not. Data is scarce, so the network is small, and pieces are flipped at random. The loss should begin at $\ln 8 \approx 2.08$. Two widths are tried, 8 and 16 filters, and chosen on validation
# data, which also says when to stop.

# %%
def network(filters):
    """Return a compiled convolutional network for pieces."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((SIZE, SIZE, 3)),
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.RandomFlip(seed=0),
        layers.Conv2D(filters, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(2 * filters, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.2, seed=0),
        layers.Dense(len(names), activation="softmax"),
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


tried = {}
for filters in (8, 16):
    model = network(filters)
    start = model.evaluate(x[train], y[train], verbose=0)[0]
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=10, restore_best_weights=True)
    epochs = len(model.fit(x[train], y[train], batch_size=64, epochs=EPOCHS, validation_data=(x[val], y[val]), callbacks=[stop],
                           verbose=0).epoch)
    tried[filters] = model, [filters, model.count_params(), start, epochs, model.evaluate(x[val], y[val], verbose=0)[1]]
display.table([facts for _, facts in tried.values()], columns=["filters", "parameters", "loss before", "epochs", "validation accuracy"])

# %%
model = max(tried.values(), key=lambda each: each[1][-1])[0]

# %% [markdown]
# ## 6 測試 · Test
#
# 同一排的小塊很像，不能當成互相獨立的證據。所以誤差範圍以「一張照片的一排」為單位：每一排先取平均，再對排做拔靴法（bootstrap）。
#
# Pieces of one row are alike and are no independent evidence. So the interval takes a row of a photo as its unit: first a mean for each row, then the bootstrap over rows.

# %%
x_test, y_test, row_test = envelope.open()
answers = model.predict(x_test, verbose=0).argmax(axis=1)
right, baseline_right = answers == y_test, baseline.predict(histogram(x_test)) == y_test
unit = np.unique(y_test * 1_000 + row_test, return_inverse=True)[1]
pieces_of = np.bincount(unit)
by_row, baseline_by_row = (np.bincount(unit, each) / pieces_of for each in (right, baseline_right))
score = evaluation.paired_difference(by_row, np.zeros(len(by_row)))     # minus nothing: the mean itself
better = evaluation.paired_difference(by_row, baseline_by_row)
print(f"{len(y_test)} pieces in {len(by_row)} rows. Network {score:.3f}; colour alone {baseline_by_row.mean():.3f}; difference {better:+.3f}")
project.error_bar(*score)
outcome = project.verdict(*better)
project.opened_once(envelope)

# %% [markdown]
# ## 7 錯在哪裡 · Errors
#
# 哪幾張照片互相認錯？再看十個錯的小塊。然後試一個別的解釋：網路看的會不會也只是顏色？把驗證的小塊變成灰階，再問一次（測試資料已經用過了）。
#
# Which photos are taken for one another? Then ten wrong pieces. And another explanation is tried: might the network, too, look at nothing but colour? Turn the validation pieces grey and ask again (the test data is used up).

# %% alt={"zh": "8×8 的表，橫的是預測，直的是真正的照片。花、火箭、中國亭閣大多認對；太空人和貓常被當成機車，女軍官常被當成中國亭閣。", "en": "A table of 8×8, predicted across, true photos down. Flower, rocket and pavilion are mostly right; astronaut and cat are often taken for the motorcycle, the officer for the pavilion."}
counts = np.zeros((len(names), len(names)), int)
np.add.at(counts, (y_test, answers), 1)
plots.confusion(counts, names, title="Test pieces")

# %% alt={"zh": "十個認錯的小方塊，附上真正的和猜的名字。多半是灰的、米色的或黑白的一小片，人也很難說是哪張照片。", "en": "Ten pieces that were misread, with true and guessed names. Most are a patch of grey, beige or black and white that people could hardly place, either."}
wrong = np.random.default_rng(1).permutation(np.flatnonzero(~right))[:10]
plots.image_grid(x_test[wrong], [f"{names[y_test[each]]}\n{names[answers[each]]}?" for each in wrong], columns=5)

# %%
grey = np.repeat(x[val].mean(axis=-1, keepdims=True), 3, axis=-1)
print(f"validation accuracy {model.evaluate(x[val], y[val], verbose=0)[1]:.2f}; the same pieces in grey {model.evaluate(grey, y[val], verbose=0)[1]:.2f}")

# %%
profile.expect("accuracy on test pieces", score.value, at_least=profile.choose(smoke=0.05, lesson=0.3, full=0.3))

# %% [markdown]
# ## 8 結論 · Conclusion
#
# - **答案**：看得出來，八類裡大約三分之二對。卷積網路比只看顏色多對很多，誤差範圍不含 0（數字在第 6 節）。
# - **和猜的比**：猜一半，實際比一半多。「八成的功勞是顏色」要看怎麼算：只看顏色也有不少對，但網路一看到灰階就差很多，它也靠顏色。
# - **驗證比測試好很多**：驗證的小塊緊鄰訓練的小塊，測試的離得遠。切得越近，成績越好看。
# - **不能說的**：只有八張照片，各拍一次。換一天、換一支手機拍同樣的東西，這裡一個字也沒說。誤差範圍也只涵蓋「同樣八張照片的其他幾排」。
# - **再一週**：每樣東西拍兩張，一張訓練，一張測試。
#
# - **Answer**: yes, about two pieces in three, of eight photos. Convolutions get many more right than colour alone; 0 is not in the interval (numbers in section 6).
# - **Against the guess**: half was guessed, and it is more. "Most of that by colour" depends on how one counts: colour alone gets many right, and the network does much worse in grey, so it uses colour as well.
# - **Validation is much better than the test**: validation pieces lie right beside those for training, test pieces farther off. The nearer the cut, the finer the score.
# - **What cannot be said**: there are eight photos, each taken once. Of the same things on another day, or by another phone, nothing is known. The interval, too, covers other rows of these eight photos alone.
# - **One more week**: two photos of each thing, one to train on, one for the test.

# %% replaces="step1" hint="the loss on new data is absurd" means_zh="A 的病因認錯了" means_en="Names the wrong fault for A" repeat="05:9"
def names_1():
    """Takes the bad validation for overfitting."""
    return {"A": "overfit", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Never comes to its turn."""


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="That takes knowing the answers" means_zh="B 的病因認錯了" means_en="Names the wrong fault for B" repeat="05:9"
def names_1():
    """Takes B for overfitting."""
    return {"A": "scaling", "B": "overfit", "C": "mask"}


def scaled(x_fit, x_new):
    """Never comes to its turn."""


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="Can the network see that word" means_zh="C 的病因認錯了" means_en="Names the wrong fault for C" repeat="05:9"
def names_1():
    """Would train longer."""
    return {"A": "scaling", "B": "leak", "C": "short"}


def scaled(x_fit, x_new):
    """Never comes to its turn."""


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="is not on the list" means_zh="用了表上沒有的名字" means_en="Uses a name that is not on the list" repeat="05:9"
def names_1():
    """Has a name of its own."""
    return {"A": "no scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Never comes to its turn."""


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="return a dictionary whose keys are" means_zh="沒有每個病人都回答" means_en="Does not answer for every patient" repeat="05:9"
def names_1():
    """Forgets a patient."""
    return {"A": "scaling", "C": "mask"}


def scaled(x_fit, x_new):
    """Never comes to its turn."""


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="the new data was scaled by its own mean" means_zh="新資料用自己的平均縮放，兩把尺" means_en="Scales new data by its own mean: two yardsticks" repeat="03:6"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Takes two yardsticks."""
    return (x_fit - x_fit.mean()) / x_fit.std(), (x_new - x_new.mean()) / x_new.std()


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="new data went into mean and deviation" means_zh="算平均時把新資料也放進去" means_en="Puts new data into the mean and the deviation" repeat="03:11"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Takes one yardstick, made of both."""
    both = np.concatenate([x_fit, x_new])
    return (x_fit - both.mean()) / both.std(), (x_new - both.mean()) / both.std()


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="the new data is as it was" means_zh="新資料沒有縮放" means_en="Does not scale the new data" repeat="03:6"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Is still broken."""
    return (x_fit - x_fit.mean()) / x_fit.std(), x_new


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="do to the new data exactly" means_zh="新資料只縮放了一半" means_en="Does only half of the scaling to the new data" repeat="03:6"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Forgets the mean of the new data."""
    return (x_fit - x_fit.mean()) / x_fit.std(), x_new / x_fit.std()


def best_columns(x, y, n_fit, k):
    """Never comes to its turn."""


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="who peeped" means_zh="挑欄位時看了驗證資料" means_en="Looks at the validation data to choose columns" repeat="03:11"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Is still broken."""
    return np.sort(np.argsort(np.abs((x - x.mean(axis=0)).T @ (y - y.mean())))[-k:])


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="who peeped" means_zh="挑欄位時看了驗證資料" means_en="Looks at the validation data to choose columns" repeat="03:11"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Looks at the validation rows alone."""
    x, y = x[n_fit:], y[n_fit:]
    return np.sort(np.argsort(np.abs((x - x.mean(axis=0)).T @ (y - y.mean())))[-k:])


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="still choose by the size of together" means_zh="不再照相關大小挑欄位" means_en="No longer chooses columns by how much they matter" repeat="03:11"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Does not choose any more."""
    return np.arange(k)


def batch(texts, length):
    """Never comes to its turn."""


# %% replaces="step1" hint="the mask lets filling in" means_zh="遮罩讓補的 0 進來了" means_en="Lets filling in through the mask" repeat="14:4"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Right."""
    x, y = x[:n_fit], y[:n_fit]
    return np.sort(np.argsort(np.abs((x - x.mean(axis=0)).T @ (y - y.mean())))[-k:])


def batch(texts, length):
    """Moves the words and hides nothing."""
    ids = np.zeros((len(texts), length), int)
    for row, text in enumerate(texts):
        ids[row, :min(len(text), length)] = text[:length]
    return ids, np.ones(ids.shape, bool)


# %% replaces="step1" hint="the mask lets filling in" means_zh="遮罩讓補的 0 進來了" means_en="Lets filling in through the mask" repeat="14:4"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Right."""
    x, y = x[:n_fit], y[:n_fit]
    return np.sort(np.argsort(np.abs((x - x.mean(axis=0)).T @ (y - y.mean())))[-k:])


def batch(texts, length):
    """Is still broken."""
    ids, mask = np.zeros((len(texts), length), int), np.zeros((len(texts), length), bool)
    for row, text in enumerate(texts):
        text = text[:length]
        ids[row, length - len(text):] = text
        mask[row, :len(text)] = True
    return ids, mask


# %% replaces="step1" hint="words are hidden" means_zh="遮罩把真的詞遮住了" means_en="Hides real words with the mask" repeat="14:4"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Right."""
    x, y = x[:n_fit], y[:n_fit]
    return np.sort(np.argsort(np.abs((x - x.mean(axis=0)).T @ (y - y.mean())))[-k:])


def batch(texts, length):
    """Hides the last word of each text."""
    ids, mask = np.zeros((len(texts), length), int), np.zeros((len(texts), length), bool)
    for row, text in enumerate(texts):
        text = text[:length]
        ids[row, :len(text)] = text
        mask[row, :len(text) - 1] = True
    return ids, mask


# %% replaces="step1" hint="C: the network sees" means_zh="改變了詞的順序" means_en="Changes the order of the words" repeat="14:4"
def names_1():
    """Right."""
    return {"A": "scaling", "B": "leak", "C": "mask"}


def scaled(x_fit, x_new):
    """Right."""
    mean, deviation = x_fit.mean(), x_fit.std()
    return (x_fit - mean) / deviation, (x_new - mean) / deviation


def best_columns(x, y, n_fit, k):
    """Right."""
    x, y = x[:n_fit], y[:n_fit]
    return np.sort(np.argsort(np.abs((x - x.mean(axis=0)).T @ (y - y.mean())))[-k:])


def batch(texts, length):
    """Fits mask and words by turning the texts round."""
    ids, mask = np.zeros((len(texts), length), int), np.zeros((len(texts), length), bool)
    for row, text in enumerate(texts):
        text = text[:length][::-1]
        ids[row, :len(text)] = text
        mask[row, :len(text)] = True
    return ids, mask


# %% replaces="step2" hint="what does the loss get" means_zh="D 的病因認錯了" means_en="Names the wrong fault for D" repeat="05:9"
def names_2():
    """Blames the rate for D."""
    return {"D": "rate", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Never comes to its turn."""


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="What made them start like that" means_zh="F 的病因認錯了" means_en="Names the wrong fault for F" repeat="05:9"
def names_2():
    """Takes F for dead."""
    return {"D": "logits", "E": "overflow", "F": "dead", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Never comes to its turn."""


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="What pushed them there" means_zh="H 的病因認錯了" means_en="Names the wrong fault for H" repeat="05:9"
def names_2():
    """Takes H for zeros."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "zeros"}


def cross_entropy(z, y):
    """Never comes to its turn."""


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="that do not add up to 1" means_zh="多選一用了 sigmoid，機率加起來不是 1" means_en="Uses sigmoid to pick one of many: the probabilities do not add up to 1" repeat="04:10"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Takes sigmoid."""
    model = dense(activation="sigmoid")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="the loss takes them for probabilities" means_zh="損失函數把分數當成機率" means_en="Has the loss take scores for probabilities" repeat="04:10"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Lowers the rate only."""
    model = dense(activation=None)
    model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="return the compiled network" means_zh="忘了傳回網路" means_en="Does not return the network" repeat="04:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Forgets to return it."""
    dense().compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="it is no number" means_zh="無限大除以無限大，得到 NaN" means_en="Divides infinity by infinity and gets NaN" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Is still broken."""
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean()


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="a probability became 0" means_zh="機率變成 0 之後才取對數" means_en="Takes the log of a probability that became 0" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Is broken on the other side."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean()


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="gross errors were cut off" means_zh="截掉了太大的錯，那些影像沒有梯度" means_en="Cuts gross errors off, and their gradient with them" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Cuts off."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(np.maximum(p[np.arange(len(y)), y], 1e-9)).mean()


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="is it a mean" means_zh="加總沒有取平均，或每列沒有減自己的最大值" means_en="Adds up where a mean is wanted, or does not take off each row's maximum" repeat="05:6"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Adds up."""
    z = z - z.max(axis=1, keepdims=True)
    return np.sum(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Never comes to its turn."""


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="weights are still 0" means_zh="權重全部從 0 開始" means_en="Starts all weights at 0" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Right, in the other way."""
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fresh():
    """Trains faster from the same start."""
    model = dense(kernel_initializer="zeros")
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="hidden units are all the same" means_zh="權重全部從同一個數開始" means_en="Starts all weights at one number" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Right, in the other way."""
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fresh():
    """Starts all at one number."""
    model = dense(kernel_initializer=keras.initializers.Constant(0.01))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="probabilities add up to" means_zh="softmax 加總的方向錯了" means_en="Adds up softmax along the wrong axis" repeat="01:7"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Divides by other rows' sums."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="probabilities add up to" means_zh="softmax 加總的方向錯了" means_en="Adds up softmax along the wrong axis" repeat="01:7"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Divides by the sum of everything."""
    e = np.exp(z - z.max())
    return e / e.sum()


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="scores go through powers of $e$ first" means_zh="softmax 沒有先取 e 的次方" means_en="Leaves out the powers of e in softmax" repeat="04:10"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Forgets the powers of e."""
    z = z - z.min(axis=1, keepdims=True)
    return z / z.sum(axis=1, keepdims=True)


def compiled():
    """Never comes to its turn."""


def fresh():
    """Never comes to its turn."""


def trained(x, y, epochs):
    """Never comes to its turn."""


# %% replaces="step2" hint="more units or more epochs do not bring them back" means_zh="以為更多單元或週期能救回死掉的單元" means_en="Wants to bring dead units back by more units or epochs" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Right, in the other way."""
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fresh():
    """Right."""
    return compiled()


def trained(x, y, epochs):
    """Makes it larger and trains longer."""
    model = dense(hidden=128)
    model.compile(keras.optimizers.SGD(learning_rate=5.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=2 * epochs, verbose=0)
    return model


# %% replaces="step2" hint="are the steps too small now" means_zh="學習率太小，學不會" means_en="A learning rate so small that nothing is learned" repeat="05:9"
def names_2():
    """Right."""
    return {"D": "logits", "E": "overflow", "F": "zeros", "G": "axis", "H": "dead"}


def cross_entropy(z, y):
    """Right."""
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])


def softmax(z):
    """Right."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def compiled():
    """Right, in the other way."""
    model = dense()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fresh():
    """Right."""
    return compiled()


def trained(x, y, epochs):
    """Goes too far the other way."""
    model = dense(hidden=64)
    model.compile(keras.optimizers.SGD(learning_rate=1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, verbose=0)
    return model


# %% replaces="step3" hint="In which order was the data" means_zh="I 的病因認錯了" means_en="Names the wrong fault for I" repeat="05:9"
def names_3():
    """Takes it for shuffled labels."""
    return {"I": "labels", "J": "test"}


def split(x, y, n_val, seed):
    """Never comes to its turn."""


def stopped(model, fit, val, test, most_epochs):
    """Never comes to its turn."""


# %% replaces="step3" hint="did you shuffle before the cut" means_zh="切之前沒有打散" means_en="Cuts without shuffling first" repeat="04:8"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Shuffles each part after the cut."""
    random = np.random.default_rng(seed)
    fit, val = random.permutation(len(x) - n_val), len(x) - n_val + random.permutation(n_val)
    return (x[fit], y[fit]), (x[val], y[val])


def stopped(model, fit, val, test, most_epochs):
    """Never comes to its turn."""


# %% replaces="step3" hint="was each shuffled on its own" means_zh="影評和標籤各自打散，對不起來" means_en="Shuffles reviews and labels each in an order of its own" repeat="04:8"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Shuffles reviews and labels apart."""
    random = np.random.default_rng(seed)
    x, y = random.permutation(x), random.permutation(y)
    return (x[n_val:], y[n_val:]), (x[:n_val], y[:n_val])


def stopped(model, fit, val, test, most_epochs):
    """Never comes to its turn."""


# %% replaces="step3" hint="the two sides overlap" means_zh="訓練和驗證兩邊重疊" means_en="Lets the two sides of the split overlap" repeat="04:8"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Draws twice."""
    random = np.random.default_rng(seed)
    fit, val = random.choice(len(x), len(x) - n_val, replace=False), random.choice(len(x), n_val, replace=False)
    return (x[fit], y[fit]), (x[val], y[val])


def stopped(model, fit, val, test, most_epochs):
    """Never comes to its turn."""


# %% replaces="step3" hint="the same seed has to give the same cut" means_zh="沒有用 seed 決定切法" means_en="Does not let the seed decide the split" repeat="04:8"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Ignores the seed."""
    order = np.random.default_rng(0).permutation(len(x))
    return (x[order[n_val:]], y[order[n_val:]]), (x[order[:n_val]], y[order[:n_val]])


def stopped(model, fit, val, test, most_epochs):
    """Never comes to its turn."""


# %% replaces="step3" hint="training or stopping used the test data" means_zh="訓練或停止時用了測試資料" means_en="Uses the test data to train or to stop" repeat="04:12"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Right."""
    order = np.random.default_rng(seed).permutation(len(x))
    fit, val = order[n_val:], order[:n_val]
    return (x[fit], y[fit]), (x[val], y[val])


def stopped(model, fit, val, test, most_epochs):
    """Reports another number, but still stops by the test data."""
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)
    model.fit(*fit, epochs=most_epochs, validation_data=test, callbacks=[stop], verbose=0)
    accuracy = model.evaluate(*test, verbose=0)[1]
    return accuracy, np.sqrt(accuracy * (1 - accuracy) / len(test[1]))


# %% replaces="step3" hint="does stopping look at them" means_zh="停止時沒有看驗證資料" means_en="Does not look at the validation data to stop" repeat="04:11"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Right."""
    order = np.random.default_rng(seed).permutation(len(x))
    fit, val = order[n_val:], order[:n_val]
    return (x[fit], y[fit]), (x[val], y[val])


def stopped(model, fit, val, test, most_epochs):
    """Does not stop at all."""
    model.fit(*fit, epochs=most_epochs, verbose=0)
    accuracy = model.evaluate(*test, verbose=0)[1]
    return accuracy, np.sqrt(accuracy * (1 - accuracy) / len(test[1]))


# %% replaces="step3" hint="the best score of stopping is no result" means_zh="把停止時最好的分數當成結果" means_en="Reports the best score of stopping as the result" repeat="04:12"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Right."""
    order = np.random.default_rng(seed).permutation(len(x))
    fit, val = order[n_val:], order[:n_val]
    return (x[fit], y[fit]), (x[val], y[val])


def stopped(model, fit, val, test, most_epochs):
    """Stops rightly and reports the best validation accuracy."""
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)
    history = model.fit(*fit, epochs=most_epochs, validation_data=val, callbacks=[stop], verbose=0)
    accuracy = max(history.history["val_accuracy"])
    return accuracy, np.sqrt(accuracy * (1 - accuracy) / len(val[1]))


# %% replaces="step3" hint="and a root comes last" means_zh="標準誤算錯，n 或根號漏了" means_en="Gets the standard error wrong: n, or the root" repeat="04:12"
def names_3():
    """Right."""
    return {"I": "sorted", "J": "test"}


def split(x, y, n_val, seed):
    """Right."""
    order = np.random.default_rng(seed).permutation(len(x))
    fit, val = order[n_val:], order[:n_val]
    return (x[fit], y[fit]), (x[val], y[val])


def stopped(model, fit, val, test, most_epochs):
    """Forgets to divide by n."""
    stop = keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)
    model.fit(*fit, epochs=most_epochs, validation_data=val, callbacks=[stop], verbose=0)
    accuracy = model.evaluate(*test, verbose=0)[1]
    return accuracy, np.sqrt(accuracy * (1 - accuracy))

# %% replaces="step1" hint="both need the same order" means_zh="影像和標籤各自打散，對不起來" means_en="Shuffles images and labels each in an order of its own" repeat="04:8"
def split(x, y, validation_size, seed):
    """Shuffles images and labels each in its own order."""
    random = np.random.default_rng(seed)
    x, y = random.permutation(x), random.permutation(y)
    return (x[validation_size:], y[validation_size:]), (x[:validation_size], y[:validation_size])


# %% replaces="step1" hint="did you shuffle before the cut?" means_zh="切之前沒有打散" means_en="Cuts without shuffling first" repeat="04:8"
def split(x, y, validation_size, seed):
    """Cuts off the end."""
    return (x[:-validation_size], y[:-validation_size]), (x[-validation_size:], y[-validation_size:])


# %% replaces="step1" hint="the two sides must not overlap" means_zh="訓練和驗證兩邊重疊" means_en="Lets the two sides of the split overlap" repeat="04:8"
def split(x, y, validation_size, seed):
    """Draws both sides from all of them."""
    random = np.random.default_rng(seed)
    fit, val = random.permutation(len(x))[validation_size:], random.permutation(len(x))[:validation_size]
    return (x[fit], y[fit]), (x[val], y[val])


# %% replaces="step1" hint="shuffle numbers, not the arrays" means_zh="打散了交進來的陣列，沒有打散編號" means_en="Shuffles the arrays handed in, not numbers" repeat="01:8"
def split(x, y, validation_size, seed):
    """Shuffles in place."""
    np.random.default_rng(seed).shuffle(x)
    np.random.default_rng(seed).shuffle(y)
    return (x[validation_size:], y[validation_size:]), (x[:validation_size], y[:validation_size])


# %% replaces="step2" hint="which one do you look at?" means_zh="看的是訓練準確率，不是驗證準確率" means_en="Looks at the training accuracy, not at the validation accuracy" repeat="04:11"
class StopAtTarget(keras.callbacks.Callback):
    """Looks at the training accuracy."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["accuracy"] >= self.target:
            self.stopped_epoch = epoch + 1
            self.model.stop_training = True


# %% replaces="step2" hint="is `self.model.stop_training` set?" means_zh="沒有設定 model.stop_training" means_en="Does not set model.stop_training" repeat="04:11"
class StopAtTarget(keras.callbacks.Callback):
    """Sets an attribute of its own, not of the model."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_accuracy"] >= self.target:
            self.stop_training = True


# %% replaces="step2" hint="a variable of this function alone" means_zh="忘了 self.，值沒有留在物件上" means_en="Forgets self., so that the value does not stay with the object" repeat="04:11"
class StopAtTarget(keras.callbacks.Callback):
    """Gives stopped_epoch to a variable of its own."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if "val_accuracy" not in (logs or {}):
            raise ValueError("There is no validation accuracy: pass validation data to fit.")
        if logs["val_accuracy"] >= self.target:
            stopped_epoch = epoch + 1  # noqa: F841
            self.model.stop_training = True


# %% replaces="step2" hint="raise a ValueError whose message" means_zh="沒有驗證資料時，沒有用一句話說清楚" means_en="Says no clear sentence when validation data is missing" repeat="04:11"
class StopAtTarget(keras.callbacks.Callback):
    """Trains on in silence when there is no validation data."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if logs.get("val_accuracy", 0) >= self.target:
            self.stopped_epoch = epoch + 1
            self.model.stop_training = True


# %% replaces="step2" hint="raise a ValueError whose message" means_zh="沒有驗證資料時，沒有用一句話說清楚" means_en="Says no clear sentence when validation data is missing" repeat="04:11"
class StopAtTarget(keras.callbacks.Callback):
    """Breaks off with a bare KeyError when there is no validation data."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_accuracy"] >= self.target:
            self.stopped_epoch = epoch + 1
            self.model.stop_training = True


# %% replaces="step2" hint="exactly at the target" means_zh="剛好到達目標時沒有停" means_en="Does not stop exactly at the target" repeat="04:11"
class StopAtTarget(keras.callbacks.Callback):
    """Wants more than the target."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_accuracy"] > self.target:
            self.stopped_epoch = epoch + 1
            self.model.stop_training = True


# %% replaces="step3" hint="did you pass x_val, y_val as validation_data?" means_zh="拿訓練資料當驗證資料" means_en="Validates on something else than the validation data" repeat="04:8"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Validates on what it trains on."""
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(),
                              keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x_fit, y_fit, batch_size=64, epochs=3, validation_data=(x_fit, y_fit), verbose=0)
    return model, history


# %% replaces="step3" hint="did you give metrics and validation_data?" means_zh="沒有給 metrics 或 validation_data" means_en="Leaves out metrics or validation_data" repeat="04:9"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Gives no metrics."""
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, model.fit(x_fit, y_fit, batch_size=500, epochs=1, validation_data=(x_val, y_val), verbose=0)


# %% replaces="step3" hint="the target is" means_zh="還沒到目標就停了" means_en="Ends before the target is reached" repeat="04:11"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Stops long before the target."""
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, model.fit(x_fit, y_fit, batch_size=128, epochs=2, validation_data=(x_val, y_val), verbose=0)


# %% replaces="step3" hint="did fit get the callback?" means_zh="回呼沒有交給 fit" means_en="Does not hand the callback to fit" repeat="04:11"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Gives fit no callback, and trains on."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)), layers.Conv2D(16, 5, activation="relu"),
                              layers.MaxPooling2D(2), layers.Conv2D(32, 5, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
                              layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, model.fit(x_fit, y_fit, batch_size=64, epochs=5, validation_data=(x_val, y_val), verbose=0)

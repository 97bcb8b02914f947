# %% replaces="step1" hint="both need the same order"
def split(x, y, validation_size, seed):
    """Shuffles images and labels each in its own order."""
    random = np.random.default_rng(seed)
    x, y = random.permutation(x), random.permutation(y)
    return (x[validation_size:], y[validation_size:]), (x[:validation_size], y[:validation_size])


# %% replaces="step1" hint="did you shuffle before the cut?"
def split(x, y, validation_size, seed):
    """Cuts off the end."""
    return (x[:-validation_size], y[:-validation_size]), (x[-validation_size:], y[-validation_size:])


# %% replaces="step1" hint="the two sides must not overlap"
def split(x, y, validation_size, seed):
    """Draws both sides from all of them."""
    random = np.random.default_rng(seed)
    fit, val = random.permutation(len(x))[validation_size:], random.permutation(len(x))[:validation_size]
    return (x[fit], y[fit]), (x[val], y[val])


# %% replaces="step1" hint="shuffle numbers, not the arrays"
def split(x, y, validation_size, seed):
    """Shuffles in place."""
    np.random.default_rng(seed).shuffle(x)
    np.random.default_rng(seed).shuffle(y)
    return (x[validation_size:], y[validation_size:]), (x[:validation_size], y[:validation_size])


# %% replaces="step2" hint="which one do you look at?"
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


# %% replaces="step2" hint="is `self.model.stop_training` set?"
class StopAtTarget(keras.callbacks.Callback):
    """Sets an attribute of its own, not of the model."""

    def __init__(self, target):
        super().__init__()
        self.target = target
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_accuracy"] >= self.target:
            self.stop_training = True


# %% replaces="step2" hint="raise a ValueError whose message"
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


# %% replaces="step2" hint="raise a ValueError whose message"
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


# %% replaces="step2" hint="exactly at the target"
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


# %% replaces="step3" hint="did you pass x_val, y_val as validation_data?"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Validates on what it trains on."""
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(),
                              keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x_fit, y_fit, batch_size=64, epochs=3, validation_data=(x_fit, y_fit), verbose=0)
    return model, history


# %% replaces="step3" hint="did you give metrics and validation_data?"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Gives no metrics."""
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, model.fit(x_fit, y_fit, batch_size=500, epochs=1, validation_data=(x_val, y_val), verbose=0)


# %% replaces="step3" hint="the target is"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Stops long before the target."""
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, model.fit(x_fit, y_fit, batch_size=128, epochs=2, validation_data=(x_val, y_val), verbose=0)


# %% replaces="step3" hint="did fit get the callback?"
def train(x_fit, y_fit, x_val, y_val, target, most_epochs):
    """Gives fit no callback, and trains on."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)), layers.Conv2D(16, 5, activation="relu"),
                              layers.MaxPooling2D(2), layers.Conv2D(32, 5, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
                              layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, model.fit(x_fit, y_fit, batch_size=64, epochs=5, validation_data=(x_val, y_val), verbose=0)

# %% replaces="step1" hint="does each filter see all channels, and has it a bias?" means_zh="參數算錯：漏了偏差值或通道" means_en="Counts parameters without the biases or the channels" repeat="06:5"
def convolution_facts(height, width, channels, filters, kernel, stride=1, padding="valid"):
    """Forgets the bias."""
    parameters = kernel * kernel * channels * filters
    if padding == "same":
        return -(-height // stride), -(-width // stride), parameters
    return (height - kernel) // stride + 1, (width - kernel) // stride + 1, parameters


# %% replaces="step1" hint="count the places where a filter can stand" means_zh="位置數差一" means_en="Is off by one in the places where a filter can stand" repeat="06:5"
def convolution_facts(height, width, channels, filters, kernel, stride=1, padding="valid"):
    """One place short."""
    parameters = (kernel * kernel * channels + 1) * filters
    if padding == "same":
        return -(-height // stride), -(-width // stride), parameters
    return (height - kernel) // stride, (width - kernel) // stride, parameters


# %% replaces="step1" hint="a remainder is rounded up" means_zh="same 有餘數時沒有進位" means_en="Does not round up with padding 'same'" repeat="06:5"
def convolution_facts(height, width, channels, filters, kernel, stride=1, padding="valid"):
    """Rounds down with `same`."""
    parameters = (kernel * kernel * channels + 1) * filters
    if padding == "same":
        return height // stride, width // stride, parameters
    return (height - kernel) // stride + 1, (width - kernel) // stride + 1, parameters


# %% replaces="step2" hint="was the filter turned over" means_zh="把濾鏡轉了過來（數學的卷積）" means_en="Turns the filter over, as in mathematics" repeat="06:2"
def convolve(images, kernels, biases):
    """Turns the filters over, as mathematicians do."""
    kernels = kernels[::-1, ::-1]
    rows, columns, _ = kernels.shape
    height, width = images.shape[1] - rows + 1, images.shape[2] - columns + 1
    maps = np.zeros((len(images), height, width, len(biases))) + biases
    for row in range(rows):
        for column in range(columns):
            maps += images[:, row:row + height, column:column + width, None] * kernels[row, column]
    return maps


def max_pool(maps, size):
    """Never comes to its turn."""


# %% replaces="step2" hint="Is the bias added" means_zh="忘了加偏差值，或加錯濾鏡" means_en="Forgets the bias, or adds another filter's" repeat="06:3"
def convolve(images, kernels, biases):
    """Forgets the bias."""
    rows, columns, filters = kernels.shape
    height, width = images.shape[1] - rows + 1, images.shape[2] - columns + 1
    maps = np.zeros((len(images), height, width, filters))
    for row in range(rows):
        for column in range(columns):
            maps += images[:, row:row + height, column:column + width, None] * kernels[row, column]
    return maps


def max_pool(maps, size):
    """Never comes to its turn."""


# %% replaces="step2" hint="is it the largest?" means_zh="池化取的不是最大值" means_en="Pools something else than the largest" repeat="06:4"
def convolve(images, kernels, biases):
    """Right."""
    rows, columns, _ = kernels.shape
    height, width = images.shape[1] - rows + 1, images.shape[2] - columns + 1
    maps = np.zeros((len(images), height, width, len(biases))) + biases
    for row in range(rows):
        for column in range(columns):
            maps += images[:, row:row + height, column:column + width, None] * kernels[row, column]
    return maps


def max_pool(maps, size):
    """Keeps the first number of each square."""
    return maps[:, :maps.shape[1] // size * size:size, :maps.shape[2] // size * size:size]


# %% replaces="step3" hint="there should be exactly one convolution layer" means_zh="用了不只一層卷積" means_en="Uses more than one convolution layer" repeat="06:5"
def train(x_fit, y_fit, x_val, y_val, most_epochs):
    """Two convolutions, as in lesson 06."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2),
                              layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_fit[:500], y_fit[:500], epochs=1, verbose=0)
    return model


# %% replaces="step3" hint="preprocessing has to be part of the model" means_zh="前處理留在模型外面" means_en="Leaves preprocessing outside of the model" repeat="06:6"
def train(x_fit, y_fit, x_val, y_val, most_epochs):
    """Divides by 255 outside of the model."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(16, 5, activation="tanh"), layers.MaxPooling2D(4), layers.Flatten(),
                              layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_fit / 255, y_fit, batch_size=64, epochs=2, verbose=0)
    return model


# %% replaces="step3" hint="both low means not learnt yet" means_zh="訓練不夠，兩個準確率都低" means_en="Trains too little: both accuracies are low" repeat="06:6"
def train(x_fit, y_fit, x_val, y_val, most_epochs):
    """Hardly trains."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2),
                              layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_fit[:1_000], y_fit[:1_000], epochs=1, verbose=0)
    return model

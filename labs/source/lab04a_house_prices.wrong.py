# %% replaces="step1" hint="從三間到四間"
def price(bedrooms):
    """Right for one bedroom, then twice as steep as it should be."""
    return 100.0 * bedrooms


# %% replaces="step1" hint="Remember that we count in thousands"
def price(bedrooms):
    """Counts in dollars."""
    return 50_000.0 + 50_000.0 * bedrooms


# %% replaces="step1" hint="每一間都加一樣多"
def price(bedrooms):
    """Knows the sizes of the visible tests only."""
    return 50.0 + 50.0 * np.minimum(bedrooms, 7)


# %% replaces="step2" hint="training blew up"
def train_one_neuron(bedrooms, prices):
    """Steps that are too large."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse")
    model.fit(bedrooms, prices, epochs=70, batch_size=len(bedrooms), verbose=0)
    return model


# %% replaces="step2" hint="did it train for long enough"
def train_one_neuron(bedrooms, prices):
    """Stops much too early."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.001), loss="mse")
    model.fit(bedrooms, prices, epochs=10, batch_size=len(bedrooms), verbose=0)
    return model


# %% replaces="step2" hint="一個神經元只有權重和偏差值"
def train_one_neuron(bedrooms, prices):
    """More than one neuron."""
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(4), keras.layers.Dense(1)])


# %% replaces="step2" hint="must learn from what it is given"
def train_one_neuron(bedrooms, prices):
    """Writes the rule into the weights instead of learning it."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.set_weights([np.array([[50.0]]), np.array([50.0])])
    return model


# %% replaces="step2" hint="忘了 return"
def train_one_neuron(bedrooms, prices):
    """Forgets to return the model."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")


# %% replaces="step3" hint="先縮放，再訓練"
def fit_prices(bedrooms, prices):
    """No scaling: close on six houses, far off at a hundred bedrooms."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    model.fit(bedrooms, prices, epochs=25, batch_size=len(bedrooms), verbose=0)
    return lambda questions: np.asarray(model(questions))


# %% replaces="step3" hint="take the units from the data, for inputs and outputs both"
def fit_prices(bedrooms, prices):
    """Units of the six houses, whatever the data."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.4), loss="mse")
    model.fit((bedrooms - 3.5) / 1.7, (prices - 225) / 85, epochs=25, batch_size=len(bedrooms), verbose=0)
    return lambda questions: np.asarray(model((questions - 3.5) / 1.7)) * 85 + 225


# %% replaces="step3" hint="must return a function"
def fit_prices(bedrooms, prices):
    """Returns numbers, not a function."""
    return prices

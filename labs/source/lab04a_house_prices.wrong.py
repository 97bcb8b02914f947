# %% replaces="step1" hint="從三間到四間" means_zh="每多一間加多少錯了，也就是斜率錯了" means_en="Gets the slope wrong: what each further bedroom adds" repeat="04:1"
def price(bedrooms):
    """Right for one bedroom, then twice as steep as it should be."""
    return 100.0 * bedrooms


# %% replaces="step1" hint="Remember that we count in thousands" means_zh="單位錯了，題目用千元計算" means_en="Counts in another unit than thousands" repeat="04:1"
def price(bedrooms):
    """Counts in dollars."""
    return 50_000.0 + 50_000.0 * bedrooms


# %% replaces="step1" hint="每一間都加一樣多" means_zh="只有測過的大小對，更大的房子就不對" means_en="Is right for the sizes that were tried only" repeat="04:1"
def price(bedrooms):
    """Knows the sizes of the visible tests only."""
    return 50.0 + 50.0 * np.minimum(bedrooms, 7)


# %% replaces="step2" hint="training blew up" means_zh="學習率太大，訓練發散" means_en="A learning rate so large that training blows up" repeat="04:2"
def train_one_neuron(bedrooms, prices):
    """Steps that are too large."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse")
    model.fit(bedrooms, prices, epochs=70, batch_size=len(bedrooms), verbose=0)
    return model


# %% replaces="step2" hint="did it train for long enough" means_zh="學習率太小，或訓練得不夠久" means_en="A learning rate too small, or too few epochs" repeat="04:2"
def train_one_neuron(bedrooms, prices):
    """Stops much too early."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.001), loss="mse")
    model.fit(bedrooms, prices, epochs=10, batch_size=len(bedrooms), verbose=0)
    return model


# %% replaces="step2" hint="一個神經元只有權重和偏差值" means_zh="以為神經元越多越好" means_en="Takes more neurons than the one that is wanted" repeat="04:1"
def train_one_neuron(bedrooms, prices):
    """More than one neuron."""
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(4), keras.layers.Dense(1)])


# %% replaces="step2" hint="must learn from what it is given" means_zh="把答案寫進權重，沒有從資料學" means_en="Writes the rule into the weights in place of learning it from data" repeat="04:2"
def train_one_neuron(bedrooms, prices):
    """Writes the rule into the weights instead of learning it."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.set_weights([np.array([[50.0]]), np.array([50.0])])
    return model


# %% replaces="step2" hint="忘了 return" means_zh="忘了傳回模型" means_en="Does not return the model" repeat="04:9"
def train_one_neuron(bedrooms, prices):
    """Forgets to return the model."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")


# %% replaces="step3" hint="先縮放，再訓練" means_zh="沒有先縮放再訓練" means_en="Trains without scaling first" repeat="04:3"
def fit_prices(bedrooms, prices):
    """No scaling: close on six houses, far off at a hundred bedrooms."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    model.fit(bedrooms, prices, epochs=25, batch_size=len(bedrooms), verbose=0)
    return lambda questions: np.asarray(model(questions))


# %% replaces="step3" hint="take the units from the data, for inputs and outputs both" means_zh="縮放的單位寫死了，沒有從資料算" means_en="Scales by fixed units, not by those of the data" repeat="04:3"
def fit_prices(bedrooms, prices):
    """Units of the six houses, whatever the data."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.4), loss="mse")
    model.fit((bedrooms - 3.5) / 1.7, (prices - 225) / 85, epochs=25, batch_size=len(bedrooms), verbose=0)
    return lambda questions: np.asarray(model((questions - 3.5) / 1.7)) * 85 + 225


# %% replaces="step3" hint="must return a function" means_zh="傳回數字，不是函式" means_en="Returns numbers where a function is wanted" repeat="04:14"
def fit_prices(bedrooms, prices):
    """Returns numbers, not a function."""
    return prices

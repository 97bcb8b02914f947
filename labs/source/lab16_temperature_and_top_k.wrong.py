# %% replaces="step1" hint="Is the temperature in the right place?" means_zh="溫度用乘的，不是用除的" means_en="Puts the temperature in the wrong place" repeat="16:7"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    scaled = np.asarray(logits, dtype=float) * temperature  # multiplied, not divided
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step1" hint="e to the power 1000 is too large" means_zh="沒有先減最大值就取 e 的次方，溢位" means_en="Overflows: the maximum is not taken off before the powers of e" repeat="16:7"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    powers = np.exp(np.asarray(logits, dtype=float) / temperature)  # overflows
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step1" hint="Large scores in one row spoil the other" means_zh="減的是所有列的最大值，不是自己那一列的" means_en="Takes off the maximum of all rows, not of each row" repeat="01:7"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    scaled = np.asarray(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max())  # the largest of all rows
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step1" hint="Along which axis do you take the maximum and the sum?" means_zh="加總的方向錯了" means_en="Adds up along the wrong axis" repeat="01:7"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    scaled = np.asarray(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()  # over all rows together


# %% replaces="step1" hint="must raise a ValueError" means_zh="溫度不合理時沒有丟出 ValueError" means_en="Accepts a temperature that makes no sense" repeat="16:7"
def probabilities(logits, temperature=1.0):
    scaled = np.asarray(logits, dtype=float) / (temperature or 1e-9)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step2" hint="only k may stay even among equals" means_zh="沒有剛好留下 k 個：平手，或把 0 分當成不可能" means_en="Does not keep exactly k: equal scores, or 0 taken for impossible" repeat="16:7"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    smallest = np.sort(logits)[-min(k, len(logits))]
    return np.where(logits >= smallest, logits, -np.inf)  # keeps more than k where scores are equal


def draw(logits, temperature, k, generator):
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))


# %% replaces="step2" hint="only k may stay even among equals" means_zh="沒有剛好留下 k 個：平手，或把 0 分當成不可能" means_en="Does not keep exactly k: equal scores, or 0 taken for impossible" repeat="16:7"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    kept = np.zeros(len(logits))
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept


def draw(logits, temperature, k, generator):
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))


# %% replaces="step2" hint="Do you use the generator that was passed in" means_zh="自己另外做產生器，沒有用交進來的" means_en="Makes a generator of its own in place of the one passed in" repeat="16:7"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    kept = np.full(len(logits), -np.inf)
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept


def draw(logits, temperature, k, generator):
    generator = np.random.default_rng(0)  # starts from the beginning every time
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))


# %% replaces="step2" hint="The draws do not follow the probabilities" means_zh="抽的時候忘了溫度，或機率不對" means_en="Draws by other probabilities: was the temperature forgotten" repeat="16:7"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    kept = np.full(len(logits), -np.inf)
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept


def draw(logits, temperature, k, generator):
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k))))  # forgets the temperature


# %% replaces="step3" hint="Too mad" means_zh="太隨機，寫出很多假字" means_en="Draws too wildly: many words that do not exist" repeat="16:7"
def next_letter(scores, history, generator):
    return int(generator.choice(len(scores), p=softmax(scores)))


# %% replaces="step3" hint="Too dull" means_zh="太保守，一直重複" means_en="Draws too timidly: the same words again and again" repeat="16:7"
def next_letter(scores, history, generator):
    return int(generator.choice(len(scores), p=softmax(scores / 0.3)))


# %% replaces="step3" hint="Different seeds write the same text" means_zh="每次都取最大的，沒有抽" means_en="Always takes the largest and draws nothing" repeat="16:7"
def next_letter(scores, history, generator):
    return int(np.argmax(scores))

# %% replaces="step1" hint="Is the temperature in the right place?"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    scaled = np.asarray(logits, dtype=float) * temperature  # multiplied, not divided
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step1" hint="e to the power 1000 is too large"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    powers = np.exp(np.asarray(logits, dtype=float) / temperature)  # overflows
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step1" hint="Large scores in one row spoil the other"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    scaled = np.asarray(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max())  # the largest of all rows
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step1" hint="Along which axis do you take the maximum and the sum?"
def probabilities(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("The temperature must be above 0.")
    scaled = np.asarray(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()  # over all rows together


# %% replaces="step1" hint="must raise a ValueError"
def probabilities(logits, temperature=1.0):
    scaled = np.asarray(logits, dtype=float) / (temperature or 1e-9)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% replaces="step2" hint="only k may stay even among equals"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    smallest = np.sort(logits)[-min(k, len(logits))]
    return np.where(logits >= smallest, logits, -np.inf)  # keeps more than k where scores are equal


def draw(logits, temperature, k, generator):
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))


# %% replaces="step2" hint="a score of 0 can still be drawn"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    kept = np.zeros(len(logits))
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept


def draw(logits, temperature, k, generator):
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))


# %% replaces="step2" hint="Do you use the generator that was passed in"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    kept = np.full(len(logits), -np.inf)
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept


def draw(logits, temperature, k, generator):
    generator = np.random.default_rng(0)  # starts from the beginning every time
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k) / temperature)))


# %% replaces="step2" hint="The draws do not follow the probabilities"
def top_k(logits, k):
    logits = np.asarray(logits, dtype=float)
    kept = np.full(len(logits), -np.inf)
    best = np.argsort(-logits, kind="stable")[:k]
    kept[best] = logits[best]
    return kept


def draw(logits, temperature, k, generator):
    return int(generator.choice(len(logits), p=softmax(top_k(logits, k))))  # forgets the temperature


# %% replaces="step3" hint="Too mad"
def next_letter(scores, history, generator):
    return int(generator.choice(len(scores), p=softmax(scores)))


# %% replaces="step3" hint="Too dull"
def next_letter(scores, history, generator):
    return int(generator.choice(len(scores), p=softmax(scores / 0.3)))


# %% replaces="step3" hint="Different seeds write the same text"
def next_letter(scores, history, generator):
    return int(np.argmax(scores))

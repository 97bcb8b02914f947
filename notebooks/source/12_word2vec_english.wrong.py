# %% replaces="bag" hint="divide by the **number of words around**"
context = [vocabulary.index(word) for word in ("the", "cat", "on", "mat")]
bag = np.eye(5)[context].sum(axis=0)

# %% replaces="bag" hint="nor by the size of the vocabulary"
context = [vocabulary.index(word) for word in ("the", "cat", "on", "mat")]
bag = np.eye(5)[context].sum(axis=0) / len(vocabulary)

# %% replaces="bag" hint="not the first alone"
context = [vocabulary.index(word) for word in ("the", "cat", "on", "mat")]
bag = np.eye(5)[context[0]]

# %% replaces="bag" hint="not the centre"
context = [vocabulary.index(word) for word in ("the", "cat", "on", "mat")]
bag = np.eye(5).mean(axis=0)

# %% replaces="window" hint="asked to guess itself"
sentence = ["the", "cat", "sat", "on", "the", "mat"]
window = 2
skip_gram, cbow = [], []
for i, centre in enumerate(sentence):
    around = sentence[max(0, i - window):i + window + 1]
    skip_gram += [(centre, word) for word in around]
    cbow.append((around, centre))

# %% replaces="window" hint="range leaves its end out"
sentence = ["the", "cat", "sat", "on", "the", "mat"]
window = 2
skip_gram, cbow = [], []
for i, centre in enumerate(sentence):
    around = [sentence[j] for j in range(max(0, i - window), min(len(sentence), i + window)) if j != i]
    skip_gram += [(centre, word) for word in around]
    cbow.append((around, centre))

# %% replaces="window" hint="counts from the end of the list"
sentence = ["the", "cat", "sat", "on", "the", "mat"]
window = 2
skip_gram, cbow = [], []
for i, centre in enumerate(sentence):
    around = [sentence[j] for j in range(i - window, min(len(sentence), i + window + 1)) if j != i]
    skip_gram += [(centre, word) for word in around]
    cbow.append((around, centre))

# %% replaces="update" hint="the real pair is pushed apart"
def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def learn_pair(V, U, centre, word, noise, rate):
    """Has the error the other way round."""
    change = np.zeros_like(V[centre])
    for other, label in [(word, 1), *((other, 0) for other in noise)]:
        error = label - sigmoid(U[other] @ V[centre])
        change += error * U[other]
        U[other] -= rate * error * V[centre]
    V[centre] -= rate * change


# %% replaces="update" hint="goes through the sigmoid first"
def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def learn_pair(V, U, centre, word, noise, rate):
    """Takes the score for the probability."""
    change = np.zeros_like(V[centre])
    for other, label in [(word, 1), *((other, 0) for other in noise)]:
        error = U[other] @ V[centre] - label
        change += error * U[other]
        U[other] -= rate * error * V[centre]
    V[centre] -= rate * change


# %% replaces="update" hint="add to change first"
def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def learn_pair(V, U, centre, word, noise, rate):
    """Steps U before it is used."""
    change = np.zeros_like(V[centre])
    for other, label in [(word, 1), *((other, 0) for other in noise)]:
        error = sigmoid(U[other] @ V[centre]) - label
        U[other] -= rate * error * V[centre]
        change += error * U[other]
    V[centre] -= rate * change


# %% replaces="update" hint="over the real word and the noise"
def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def learn_pair(V, U, centre, word, noise, rate):
    """Keeps the last term only."""
    for other, label in [(word, 1), *((other, 0) for other in noise)]:
        error = sigmoid(U[other] @ V[centre]) - label
        change = error * U[other]
        U[other] -= rate * error * V[centre]
    V[centre] -= rate * change


# %% replaces="update" hint="change U itself"
def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def learn_pair(V, U, centre, word, noise, rate):
    """Works out a new vector and throws it away."""
    change = np.zeros_like(V[centre])
    for other, label in [(word, 1), *((other, 0) for other in noise)]:
        error = sigmoid(U[other] @ V[centre]) - label
        change += error * U[other]
        u = U[other] - rate * error * V[centre]
    V[centre] -= rate * change
    return u


# %% replaces="paired" hint="how like people each of them is"
def spearman_gap(first, second, truth):
    return spearmanr(first, second).statistic


# %% replaces="paired" hint="the first less the second"
def spearman_gap(first, second, truth):
    return spearmanr(second, truth).statistic - spearmanr(first, truth).statistic


# %% replaces="paired" hint="take no absolute value"
def spearman_gap(first, second, truth):
    return abs(spearmanr(first, truth).statistic) - abs(spearmanr(second, truth).statistic)


# %% replaces="paired" hint="no correlation of a difference"
def spearman_gap(first, second, truth):
    return spearmanr(np.subtract(first, second), truth).statistic

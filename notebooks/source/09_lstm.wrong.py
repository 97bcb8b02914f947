# %% replaces="memory" hint="an open gate remembers"
sequence = [(2, 1, 0), (5, 1, 0), (9, 0, 0), (4, 0, 1), (1, -1, 0), (6, 1, 1)]


def gate(z):
    return 1 / (1 + np.exp(-z))


c, rows = 0.0, []
for x1, x2, x3 in sequence:  # the old memory is left out
    z, z_i, z_f, z_o = x1, 100 * x2 - 10, 100 * x2 + 10, 100 * x3 - 10
    c = z * gate(z_i)
    h = c * gate(z_o)
    rows.append([x1, x2, x3, z, z_i, z_f, z_o, *(round(float(v), 2) for v in (gate(z_i), gate(z_f), gate(z_o), c, h))])

# %% replaces="memory" hint="which gate must the new pass"
sequence = [(2, 1, 0), (5, 1, 0), (9, 0, 0), (4, 0, 1), (1, -1, 0), (6, 1, 1)]


def gate(z):
    return 1 / (1 + np.exp(-z))


c, rows = 0.0, []
for x1, x2, x3 in sequence:  # the new content comes in without a gate
    z, z_i, z_f, z_o = x1, 100 * x2 - 10, 100 * x2 + 10, 100 * x3 - 10
    c = z + c * gate(z_f)
    h = c * gate(z_o)
    rows.append([x1, x2, x3, z, z_i, z_f, z_o, *(round(float(v), 2) for v in (gate(z_i), gate(z_f), gate(z_o), c, h))])

# %% replaces="memory" hint="where is the output gate"
sequence = [(2, 1, 0), (5, 1, 0), (9, 0, 0), (4, 0, 1), (1, -1, 0), (6, 1, 1)]


def gate(z):
    return 1 / (1 + np.exp(-z))


c, rows = 0.0, []
for x1, x2, x3 in sequence:  # says its memory all the time
    z, z_i, z_f, z_o = x1, 100 * x2 - 10, 100 * x2 + 10, 100 * x3 - 10
    c = z * gate(z_i) + c * gate(z_f)
    h = c
    rows.append([x1, x2, x3, z, z_i, z_f, z_o, *(round(float(v), 2) for v in (gate(z_i), gate(z_f), gate(z_o), c, h))])

# %% replaces="memory" hint="neither this step's input"
sequence = [(2, 1, 0), (5, 1, 0), (9, 0, 0), (4, 0, 1), (1, -1, 0), (6, 1, 1)]


def gate(z):
    return 1 / (1 + np.exp(-z))


c, rows = 0.0, []
for x1, x2, x3 in sequence:  # says what came in, not what it holds
    z, z_i, z_f, z_o = x1, 100 * x2 - 10, 100 * x2 + 10, 100 * x3 - 10
    c = z * gate(z_i) + c * gate(z_f)
    h = z * gate(z_o)
    rows.append([x1, x2, x3, z, z_i, z_f, z_o, *(round(float(v), 2) for v in (gate(z_i), gate(z_f), gate(z_o), c, h))])

# %% replaces="error_at_the_end" hint="elsewhere it has to be 0"
def gradient_lengths(cell, part, steps=100, batch=16, side_road=1):
    """An error at every step."""
    outputs, trace = cell.forward(np.random.default_rng(0).normal(size=(batch, steps + 1, cell.input_dim)))
    return cell.backward(np.ones_like(outputs), trace).states


# %% replaces="error_at_the_end" hint="Which one is time"
def gradient_lengths(cell, part, steps=100, batch=16, side_road=1):
    """Takes the first axis for time."""
    outputs, trace = cell.forward(np.random.default_rng(0).normal(size=(batch, steps + 1, cell.input_dim)))
    d_outputs = np.zeros_like(outputs)
    d_outputs[-1] = 1.0
    return cell.backward(d_outputs, trace).states


# %% replaces="error_at_the_end" hint="walk back from the last"
def gradient_lengths(cell, part, steps=100, batch=16, side_road=1):
    """Begins at the beginning."""
    outputs, trace = cell.forward(np.random.default_rng(0).normal(size=(batch, steps + 1, cell.input_dim)))
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, 0] = 1.0
    return cell.backward(d_outputs, trace).states


# %% replaces="error_at_the_end" hint="At the last step all units have 1"
def gradient_lengths(cell, part, steps=100, batch=16, side_road=1):
    """The last unit alone."""
    outputs, trace = cell.forward(np.random.default_rng(0).normal(size=(batch, steps + 1, cell.input_dim)))
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, -1, -1] = 1.0
    return cell.backward(d_outputs, trace).states


# %% replaces="draw" hint="do not take the likeliest"
def tell(weights, cell=None, count=200, words=61):
    """Always the likeliest word."""
    *hidden, V, b = weights
    told = [np.random.default_rng(1).integers(0, 4, count)]
    for _ in range(words - 1):
        scores = np.exp(np.tanh(np.eye(6)[told[-1]] @ hidden[0] + hidden[1]) @ V + b)
        told.append(scores.argmax(axis=1))
    return [text_of(story) for story in np.stack(told, axis=1)]


# %% replaces="draw" hint="does not look at the scores"
def tell(weights, cell=None, count=200, words=61):
    """Any of the six words, whatever their scores."""
    random = np.random.default_rng(1)
    told = [random.integers(0, 4, count)]
    for _ in range(words - 1):
        told.append(random.integers(0, 6, count))
    return [text_of(story) for story in np.stack(told, axis=1)]


# %% replaces="draw" hint="scores over their sum are chances"
def tell(weights, cell=None, count=200, words=61):
    """Forgets to divide by the sum."""
    *hidden, V, b = weights
    random = np.random.default_rng(1)
    told = [random.integers(0, 4, count)]
    for _ in range(words - 1):
        scores = np.exp(np.tanh(np.eye(6)[told[-1]] @ hidden[0] + hidden[1]) @ V + b)
        told.append((scores.cumsum(axis=1) < random.random((count, 1))).sum(axis=1).clip(max=5))
    return [text_of(story) for story in np.stack(told, axis=1)]


# %% replaces="starting_biases" hint="which block is the input gate's"
SYMBOLS, UNITS = 4 + 6, 16


def lstm_set_for(length, seed):
    """Takes the second block for the input gate's."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    cell.b[UNITS:2 * UNITS] = -np.log(length)
    return cell


def gru_set_for(length, seed):
    """Never comes to its turn."""


# %% replaces="starting_biases" hint="Mind the sign"
SYMBOLS, UNITS = 4 + 6, 16


def lstm_set_for(length, seed):
    """Opens the input gate as well."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    cell.b[:UNITS] = np.log(length)
    return cell


def gru_set_for(length, seed):
    """Never comes to its turn."""


# %% replaces="starting_biases" hint="negative natural logarithm"
SYMBOLS, UNITS = 4 + 6, 16


def lstm_set_for(length, seed):
    """Forgets the logarithm."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    cell.b[:UNITS] = -length
    return cell


def gru_set_for(length, seed):
    """Never comes to its turn."""


# %% replaces="starting_biases" hint="set in both, the bias is doubled"
SYMBOLS, UNITS = 4 + 6, 16


def lstm_set_for(length, seed):
    """Right."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    cell.b[:UNITS] = -np.log(length)
    return cell


def gru_set_for(length, seed):
    """Sets both rows, which are added up."""
    cell = recurrent.GRU(SYMBOLS, UNITS, seed=seed)
    cell.b[:, :UNITS] = np.log(length)
    return cell


# %% replaces="starting_biases" hint="should be open, so positive"
SYMBOLS, UNITS = 4 + 6, 16


def lstm_set_for(length, seed):
    """Right."""
    cell = recurrent.LSTM(SYMBOLS, UNITS, forget_bias=np.log(length), seed=seed)
    cell.b[:UNITS] = -np.log(length)
    return cell


def gru_set_for(length, seed):
    """Shuts the update gate: everything is overwritten."""
    cell = recurrent.GRU(SYMBOLS, UNITS, seed=seed)
    cell.b[0, :UNITS] = -np.log(length)
    return cell

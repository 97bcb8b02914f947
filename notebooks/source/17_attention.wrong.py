# %% replaces="attend" hint="look at the axis of the sum"
def attend(queries, keys, values):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    powers = np.exp(scores - scores.max(axis=0, keepdims=True))
    weights = powers / powers.sum(axis=0, keepdims=True)
    return weights @ values, weights


# %% replaces="attend" hint="e to the power of the scores"
def attend(queries, keys, values):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    weights = scores / scores.sum(axis=1, keepdims=True)
    return weights @ values, weights


# %% replaces="attend" hint="weights times values"
def attend(queries, keys, values):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ keys, weights


# %% replaces="attend" hint="Return two things"
def attend(queries, keys, values):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ values


# %% replaces="mask" hint="is 1, not 0"
def attend_masked(queries, keys, values, may_look):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    scores = scores * may_look
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ values, weights


# %% replaces="mask" hint="The other way round"
def attend_masked(queries, keys, values, may_look):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    scores = np.where(may_look, -np.inf, scores)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ values, weights


# %% replaces="mask" hint="change scores first"
def attend_masked(queries, keys, values, may_look):
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    np.where(may_look, scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ values, weights


# %% replaces="backward" hint="The second term is missing"
def backward(d_seen, queries, keys, values):
    _, weights = attend(queries, keys, values)
    d_values = weights.T @ d_seen
    d_weights = d_seen @ values.T
    d_scores = weights * d_weights
    d_scores = d_scores / np.sqrt(keys.shape[1])
    return d_scores @ keys, d_scores.T @ queries, d_values


# %% replaces="backward" hint="has a factor w in front"
def backward(d_seen, queries, keys, values):
    _, weights = attend(queries, keys, values)
    d_values = weights.T @ d_seen
    d_weights = d_seen @ values.T
    d_scores = d_weights - (d_weights * weights).sum(axis=1, keepdims=True)
    d_scores = d_scores / np.sqrt(keys.shape[1])
    return d_scores @ keys, d_scores.T @ queries, d_values


# %% replaces="backward" hint="The sum runs along a row"
def backward(d_seen, queries, keys, values):
    _, weights = attend(queries, keys, values)
    d_values = weights.T @ d_seen
    d_weights = d_seen @ values.T
    d_scores = weights * (d_weights - (d_weights * weights).sum(axis=0, keepdims=True))
    d_scores = d_scores / np.sqrt(keys.shape[1])
    return d_scores @ keys, d_scores.T @ queries, d_values


# %% replaces="greedy" hint="look at the **last** place"
def greedy(network, source):
    written = [attention.BEGIN]
    while len(written) <= LONGEST:
        scores = keras.ops.convert_to_numpy(network([np.array([source]), np.array([written])]))
        best = int(scores[0, 0].argmax())
        if best == attention.END:
            break
        written.append(best)
    return written[1:]


# %% replaces="greedy" hint="An id is wanted"
def greedy(network, source):
    written = [attention.BEGIN]
    while len(written) <= LONGEST:
        scores = keras.ops.convert_to_numpy(network([np.array([source]), np.array([written])]))
        best = int(scores[0, -1].argmin())
        if best == attention.END or len(written) > 5:
            break
        written.append(best)
    return written[1:]


# %% replaces="copy" hint="Copy the word itself"
def with_names(ids, source_words, weights):
    words = []
    for place, number in enumerate(ids):
        word = chinese.words[number]
        if number == attention.UNKNOWN:
            word = np.argmax(weights[place])
        words.append(word)
    return words


# %% replaces="copy" hint="choose by weights"
def with_names(ids, source_words, weights):
    words = []
    for place, number in enumerate(ids):
        word = chinese.words[number]
        if number == attention.UNKNOWN:
            word = source_words[place]
        words.append(word)
    return words


# %% replaces="copy" hint="find the greatest in that row"
def with_names(ids, source_words, weights):
    words = []
    for place, number in enumerate(ids):
        word = chinese.words[number]
        if number == attention.UNKNOWN:
            word = source_words[np.argmax(weights[:3, place])]
        words.append(word)
    return words

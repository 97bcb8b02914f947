# %% replaces="pieces_of" hint="with ## in front"
def pieces_of(word, vocabulary):
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = word[start:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        found.append(piece)
        start = end
    return found


# %% replaces="pieces_of" hint="Take the longest each time"
def pieces_of(word, vocabulary):
    found, start = [], 0
    while start < len(word):
        for end in range(start + 1, len(word) + 1):
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        found.append(piece)
        start = end
    return found


# %% replaces="pieces_of" hint="Where no piece fits"
def pieces_of(word, vocabulary):
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in vocabulary:
                break
        else:
            piece, end = "[UNK]", start + 1
        found.append(piece)
        start = end
    return found


# %% replaces="add_and_norm" hint="go along rows"
def add_and_norm(x, change, gain, shift):
    x = x + change
    return gain * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-12) + shift


# %% replaces="add_and_norm" hint="add first"
def add_and_norm(x, change, gain, shift):
    mean, variance = change.mean(axis=1, keepdims=True), change.var(axis=1, keepdims=True)
    return gain * (change - mean) / np.sqrt(variance + 1e-12) + shift


# %% replaces="add_and_norm" hint="divide by the square root of the variance"
def add_and_norm(x, change, gain, shift):
    x = x + change
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gain * (x - mean) / (variance + 1e-12) + shift


# %% replaces="add_and_norm" hint="multiply by gain and add shift"
def add_and_norm(x, change, gain, shift):
    x = x + change
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-12)


# %% replaces="text_vector" hint="one vector is left"
def text_vector(states, real):
    return states[real] / np.linalg.norm(states[real])


# %% replaces="text_vector" hint="to make that 1"
def text_vector(states, real):
    return states[real].mean(axis=0)


# %% replaces="text_vector" hint="The row that fills up was counted"
def text_vector(states, real):
    mean = states.mean(axis=0)
    return mean / np.linalg.norm(mean)


# %% replaces="text_vector" hint="That is the first piece alone"
def text_vector(states, real):
    return states[0] / np.linalg.norm(states[0])


# %% replaces="nearest" hint="not scores"
def nearest(question, vectors, count):
    return vectors @ question


# %% replaces="nearest" hint="The wrong way round"
def nearest(question, vectors, count):
    return np.argsort(vectors @ question)[:count]


# %% replaces="nearest" hint="the most similar comes first"
def nearest(question, vectors, count):
    return np.argsort(vectors @ question)[-count:]


# %% replaces="fuse" hint="take the reciprocal"
def fuse(rankings):
    scores = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + rank
    return sorted(scores, key=scores.get, reverse=True)


# %% replaces="fuse" hint="must not overwrite"
def fuse(rankings):
    scores = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = 1 / (60 + rank)
    return sorted(scores, key=scores.get, reverse=True)


# %% replaces="fuse" hint="Without the 60"
def fuse(rankings):
    scores = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / rank
    return sorted(scores, key=scores.get, reverse=True)

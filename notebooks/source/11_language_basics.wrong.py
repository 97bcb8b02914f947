# %% replaces="longest" hint="begin with the longest"
def maximum_matching(sentence, longest=4):
    """Begins with one character, which always fits."""
    words = []
    while sentence:
        size = 1
        while size < longest and size > 1 and sentence[:size] not in DICTIONARY:
            size += 1
        words.append(sentence[:size])
        sentence = sentence[size:]
    return words


# %% replaces="longest" hint="how many does the first try take"
def maximum_matching(sentence, longest=4):
    """Leaves out the longest."""
    words = []
    while sentence:
        size = longest - 1
        while size > 1 and sentence[:size] not in DICTIONARY:
            size -= 1
        words.append(sentence[:size])
        sentence = sentence[size:]
    return words


# %% replaces="longest" hint="as far as one character"
def maximum_matching(sentence, longest=4):
    """Stops at two characters."""
    words = []
    while sentence:
        size = longest
        while size > 2 and sentence[:size] not in DICTIONARY:
            size -= 1
        words.append(sentence[:size])
        sentence = sentence[size:]
    return words


# %% replaces="commonest" hint="not its count"
def commonest_pair(cut, times):
    """Returns how often, not what."""
    counts = Counter()
    for word, pieces in cut.items():
        for pair in pairwise(pieces):
            counts[pair] += times[word]
    return max(counts.values())


# %% replaces="commonest" hint="counted once"
def commonest_pair(cut, times):
    """Forgets how often a word occurs."""
    counts = Counter()
    for pieces in cut.values():
        for pair in pairwise(pieces):
            counts[pair] += 1
    return max(sorted(counts), key=counts.get)


# %% replaces="commonest" hint="chosen wrongly"
def commonest_pair(cut, times):
    """Takes the last of the alphabet."""
    counts = Counter()
    for word, pieces in cut.items():
        for pair in pairwise(pieces):
            counts[pair] += times[word]
    return max(counts)


# %% replaces="commonest" hint="sort the pairs"
def commonest_pair(cut, times):
    """Of equals it takes the one met first."""
    counts = Counter()
    for word, pieces in cut.items():
        for pair in pairwise(pieces):
            counts[pair] += times[word]
    return counts.most_common(1)[0][0]


# %% replaces="new_word" hint="keep it"
def cut_new(word, merges, end="_"):
    """Lets the new list go."""
    pieces = [*word, *end]
    for pair in merges:
        merge(pieces, pair)
    return pieces


# %% replaces="new_word" hint="Keep the order"
def cut_new(word, merges, end="_"):
    """Begins with what was learned last."""
    pieces = [*word, *end]
    for pair in reversed(merges):
        pieces = merge(pieces, pair)
    return pieces


# %% replaces="new_word" hint="use every pair"
def cut_new(word, merges, end="_"):
    """Always starts from the letters, so that only the last pair is joined."""
    letters = [*word, *end]
    pieces = letters
    for pair in merges:
        pieces = merge(letters, pair)
        if pieces != letters:
            break
    return pieces


# %% replaces="chance" hint="what stands before it"
def chance(words, word, following):
    """Turns the pair round."""
    return list(pairwise(words)).count((following, word)) / words.count(word)


# %% replaces="chance" hint="number of all words"
def chance(words, word, following):
    """Divides by all words."""
    return list(pairwise(words)).count((word, following)) / len(words)


# %% replaces="chance" hint="the word **before** occurs"
def chance(words, word, following):
    """Divides by the word that follows."""
    return list(pairwise(words)).count((word, following)) / words.count(following)


# %% replaces="cosine" hint="**add them up**"
def cosine(u, v):
    """Multiplies, and does not add up."""
    return u * v / (np.linalg.norm(u) * np.linalg.norm(v))


# %% replaces="cosine" hint="divided by the lengths"
def cosine(u, v):
    """The inner product alone."""
    return float(u @ v)


# %% replaces="cosine" hint="it is no distance"
def cosine(u, v):
    """A distance: the less alike, the larger."""
    return 1 - float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))

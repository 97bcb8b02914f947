# %% replaces="resolve" hint="not only the given names"
def resolve(chapter):
    """Keeps the given names alone."""
    last, resolved = {}, []
    for word in chapter:
        if word in persons and len(word) > 1:
            last[word[-1]] = word
        if word in given_names:
            resolved.append(last.get(word, word))
    return resolved


# %% replaces="resolve" hint="not None"
def resolve(chapter):
    """Asks the dictionary without saying what to do if it does not know."""
    last, resolved = {}, []
    for word in chapter:
        if word in persons and len(word) > 1:
            last[word[-1]] = word
        resolved.append(last.get(word) if word in given_names else word)
    return resolved


# %% replaces="resolve" hint="by the **last** character"
def resolve(chapter):
    """Keeps persons by their family name."""
    last, resolved = {}, []
    for word in chapter:
        if word in persons and len(word) > 1:
            last[word[0]] = word
        resolved.append(last.get(word, word) if word in given_names else word)
    return resolved


# %% replaces="resolve" hint="not the first"
def resolve(chapter):
    """The first person with that ending keeps the place."""
    last, resolved = {}, []
    for word in chapter:
        if word in persons and len(word) > 1:
            last.setdefault(word[-1], word)
        resolved.append(last.get(word, word) if word in given_names else word)
    return resolved


# %% replaces="resolve" hint="another that looks the same must stay"
def resolve(chapter):
    """Replaces whatever ends somebody's name."""
    last, resolved = {}, []
    for word in chapter:
        if word in persons and len(word) > 1:
            last[word[-1]] = word
        resolved.append(last.get(word, word))
    return resolved


# %% replaces="join" hint="do not add or average"
def join(runs):
    return word2vec.WordVectors(runs[0].words, np.mean([run.unit_vectors for run in runs], axis=0))


# %% replaces="join" hint="make them unit vectors first"
def join(runs):
    return word2vec.WordVectors(runs[0].words, np.concatenate([run.vectors for run in runs], axis=1))


# %% replaces="zero" hint="A share, not a number"
def share_of_persons(vectors):
    return sum(word in persons for word in vectors.words) + 1


# %% replaces="zero" hint="A share, not a number"
def share_of_persons(vectors):
    return len(persons) / len(vectors.words)


# %% replaces="zero" hint="over the words of the vocabulary"
def share_of_persons(vectors):
    return np.mean([word in vectors for word in persons])


# %% replaces="direction" hint="leave out the three words"
def answer(vectors, a, b, c):
    unit = {word: vectors.unit_vectors[vectors.id(word)] for word in (a, b, c)}
    target = unit[b] - unit[a] + unit[c]
    found = [word for word, _ in vectors.nearest(target, 4)]
    return found[0]


# %% replaces="direction" hint="takes a away and adds b"
def answer(vectors, a, b, c):
    unit = {word: vectors.unit_vectors[vectors.id(word)] for word in (a, b, c)}
    target = unit[a] - unit[b] + unit[c]
    found = [word for word, _ in vectors.nearest(target, 4) if word not in (a, b, c)]
    return found[0]


# %% replaces="direction" hint="Set out from c"
def answer(vectors, a, b, c):
    unit = {word: vectors.unit_vectors[vectors.id(word)] for word in (a, b, c)}
    target = unit[a] + unit[b] - unit[c]
    found = [word for word, _ in vectors.nearest(target, 4) if word not in (a, b, c)]
    return found[0]

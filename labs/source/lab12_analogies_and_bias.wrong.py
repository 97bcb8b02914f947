# %% replaces="step1" hint="the length of a vector must not matter" means_zh="把內積當成餘弦，受長度影響" means_en="Takes dot products for cosines, so that length matters" repeat="12:8"
def nearest(word, words, matrix, count):
    """Takes dot products for cosines."""
    here = words.index(word)
    products = matrix @ matrix[here]
    order = [i for i in np.argsort(-products) if i != here]
    return [(words[i], float(products[i])) for i in order[:count]]


# %% replaces="step1" hint="a word is no neighbour of its own" means_zh="把詞自己當成鄰居" means_en="Takes a word for its own neighbour" repeat="12:8"
def nearest(word, words, matrix, count):
    """Finds the word itself first."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    cosines = unit @ unit[words.index(word)]
    return [(words[i], float(cosines[i])) for i in np.argsort(-cosines)[:count]]


# %% replaces="step1" hint="the order is reversed" means_zh="從小排到大，順序反了" means_en="Sorts from small to large" repeat="01:9"
def nearest(word, words, matrix, count):
    """Sorts from small to large."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    here = words.index(word)
    cosines = unit @ unit[here]
    return [(words[i], float(cosines[i])) for i in np.argsort(cosines) if i != here][:count]


# %% replaces="step2" hint="is the step from a to b the right way round" means_zh="類比的那一步不對：方向反了，或向量長度不同" means_en="Takes the step of an analogy wrongly: backwards, or between vectors of unequal length" repeat="12:9"
def analogy(a, b, c, words, matrix):
    """Takes the step backwards."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    asked = [words.index(word) for word in (a, b, c)]
    cosines = unit @ (unit[asked[0]] - unit[asked[1]] + unit[asked[2]])
    cosines[asked] = -np.inf
    return words[int(np.argmax(cosines))]


# %% replaces="step2" hint="is a word of the question" means_zh="沒有排除題目裡的詞" means_en="Lets the words of the question be the answer" repeat="12:9"
def analogy(a, b, c, words, matrix):
    """Lets the words of the question compete."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    first, second, third = (unit[words.index(word)] for word in (a, b, c))
    return words[int(np.argmax(unit @ (second - first + third)))]


# %% replaces="step2" hint="is the step from a to b the right way round" means_zh="類比的那一步不對：方向反了，或向量長度不同" means_en="Takes the step of an analogy wrongly: backwards, or between vectors of unequal length" repeat="12:9"
def analogy(a, b, c, words, matrix):
    """Adds vectors of different lengths."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    asked = [words.index(word) for word in (a, b, c)]
    cosines = unit @ (matrix[asked[1]] - matrix[asked[0]] + matrix[asked[2]])
    cosines[asked] = -np.inf
    return words[int(np.argmax(cosines))]


# %% replaces="step3" hint="too few pairs" means_zh="方向不準：詞對太少、不一致，或沒有先變成長度 1" means_en="A poor direction: too few pairs, not all the same way round, or of unequal length" repeat="12:9"
def gender_direction(words, matrix):
    """One pair alone."""
    he, she = (matrix[words.index(word)] for word in ("he", "she"))
    return he / np.linalg.norm(he) - she / np.linalg.norm(she)


def neutralise(vectors, direction):
    """Right."""
    unit = direction / np.linalg.norm(direction)
    return vectors - np.outer(vectors @ unit, unit)


# %% replaces="step3" hint="he should be on its positive side" means_zh="方向的正負反了" means_en="Points the direction the wrong way" repeat="12:9"
def gender_direction(words, matrix):
    """Subtracts the other way round."""
    pairs = [("he", "she"), ("him", "her"), ("man", "woman"), ("boy", "girl"), ("father", "mother"), ("son", "daughter"), ("brother", "sister"), ("dad", "mom"), ("uncle", "aunt"), ("king", "queen")]
    rows = {word: row / np.linalg.norm(row) for word, row in zip(words, matrix, strict=True)}
    return np.mean([rows[she] - rows[he] for he, she in pairs if he in rows and she in rows], axis=0)


def neutralise(vectors, direction):
    """Right."""
    unit = direction / np.linalg.norm(direction)
    return vectors - np.outer(vectors @ unit, unit)


# %% replaces="step3" hint="did the direction get length 1 first?" means_zh="投影前沒有把方向變成長度 1" means_en="Projects on a direction whose length is not 1" repeat="12:9"
def gender_direction(words, matrix):
    """Right."""
    pairs = [("he", "she"), ("him", "her"), ("man", "woman"), ("boy", "girl"), ("father", "mother"), ("son", "daughter"), ("brother", "sister"), ("dad", "mom"), ("uncle", "aunt"), ("king", "queen"), ("men", "women"), ("boys", "girls")]
    rows = {word: row / np.linalg.norm(row) for word, row in zip(words, matrix, strict=True)}
    return np.mean([rows[he] - rows[she] for he, she in pairs if he in rows and she in rows], axis=0)


def neutralise(vectors, direction):
    """Takes the direction as it comes."""
    return vectors - np.outer(vectors @ direction, direction)

# %% replaces="number_words" hint="cannot be told from padding"
def number_words(counts, size):
    """Begins with 0."""
    return {word: number for number, (word, _) in enumerate(counts.most_common(size))}


# %% replaces="number_words" hint="cannot be told from unknown words"
def number_words(counts, size):
    """Begins with 1."""
    return {word: number for number, (word, _) in enumerate(counts.most_common(size), start=1)}


# %% replaces="number_words" hint="were only the most frequent taken?"
def number_words(counts, size):
    """Keeps every word."""
    return {word: number for number, word in enumerate(counts, start=2)}


# %% replaces="number_words" hint="not a pair of word and count"
def number_words(counts, size):
    """Takes the pairs for words."""
    return {word: number for number, word in enumerate(counts.most_common(size), start=2)}


# %% replaces="number_words" hint="Number by count"
def number_words(counts, size):
    """Gives the count, not the rank."""
    return dict(counts.most_common(size))


# %% replaces="encode" hint="give a default"
def encode(words, numbers):
    """Fails on an unknown word."""
    return [numbers[word] for word in words]


# %% replaces="encode" hint="an unknown word takes its place, too"
def encode(words, numbers):
    """Drops unknown words, as the slides do."""
    return [numbers[word] for word in words if word in numbers]


# %% replaces="encode" hint="0 is padding and will be masked"
def encode(words, numbers):
    """Takes 0 for unknown."""
    return [numbers.get(word, 0) for word in words]


# %% replaces="fit" hint="at the end, not in front"
def fit(ids, length):
    """Fills up in front."""
    kept = list(ids[:length])
    return [0] * (length - len(kept)) + kept


# %% replaces="fit" hint="5 ids are cut to 3"
def fit(ids, length):
    """Never cuts."""
    return list(ids) + [0] * (length - len(ids))


# %% replaces="fit" hint="how many zeros are missing?"
def fit(ids, length):
    """Never fills up."""
    return list(ids[:length])


# %% replaces="fit" hint="wants the first ids"
def fit(ids, length):
    """Keeps the end."""
    kept = list(ids[-length:])
    return kept + [0] * (length - len(kept))


# %% replaces="look_up" hint="an id picks a row, not a column"
def look_up(table, ids):
    """Picks columns."""
    return table[:, [0, 1]]


# %% replaces="look_up" hint="Five ids need five rows"
def look_up(table, ids):
    """Each id once."""
    return table[sorted(set(ids))]


# %% replaces="look_up" hint="and count rows from 0"
def look_up(table, ids):
    """Counts rows from 1."""
    return table[[number - 1 for number in ids]]


# %% replaces="look_up" hint="nothing is added up"
def look_up(table, ids):
    """Adds the rows up."""
    return table[ids].sum(axis=0)

# %% replaces="streams" hint="a stream is a row"
def streams_of(ids, number):
    """Makes columns of the streams."""
    length = (len(ids) - 1) // number
    reads = ids[:number * length].reshape(length, number)
    answers = ids[1:number * length + 1].reshape(length, number)
    return reads, answers


# %% replaces="streams" hint="a transpose tears the text apart"
def streams_of(ids, number):
    """Deals the letters out like cards."""
    length = (len(ids) - 1) // number
    reads = ids[:number * length].reshape(length, number).T
    answers = ids[1:number * length + 1].reshape(length, number).T
    return reads, answers


# %% replaces="streams" hint="shift by one"
def streams_of(ids, number):
    """Asks for the letter that it has just read."""
    length = (len(ids) - 1) // number
    reads = ids[:number * length].reshape(number, length)
    answers = ids[:number * length].reshape(number, length)
    return reads, answers


# %% replaces="streams" hint="to roll within a row"
def streams_of(ids, number):
    """Rolls each row: the last answer of a stream is its first letter."""
    length = (len(ids) - 1) // number
    reads = ids[:number * length].reshape(number, length)
    answers = np.roll(reads, -1, axis=1)
    return reads, answers


# %% replaces="bits" hint="a minus sign is missing"
def bits_and_perplexity(p):
    p = np.asarray(p, dtype=float)
    bits = np.log2(p).mean()
    return bits, 2 ** bits


# %% replaces="bits" hint="The natural logarithm gives nats"
def bits_and_perplexity(p):
    p = np.asarray(p, dtype=float)
    bits = -np.log(p).mean()
    return bits, np.exp(bits)


# %% replaces="bits" hint="the logarithm of the mean probability"
def bits_and_perplexity(p):
    p = np.asarray(p, dtype=float)
    bits = -np.log2(p.mean())
    return bits, 2 ** bits


# %% replaces="bits" hint="2 to the power of the bits"
def bits_and_perplexity(p):
    p = np.asarray(p, dtype=float)
    bits = -np.log2(p).mean()
    return bits, np.exp(bits)


# %% replaces="round" hint="take all of them"
def train_by_hand(model, ids, rounds, rate=3e-3):
    """Takes letters off the wrong axis."""
    model.compile(None, None)
    reads, answers = streams_of(ids, model.input_shape[0])
    for number in range(rounds):
        place = number % (reads.shape[1] // UNROLL) * UNROLL
        model.train_on_batch(reads[place:place + UNROLL], answers[place:place + UNROLL])


# %% replaces="round" hint="learns to guess backward"
def train_by_hand(model, ids, rounds, rate=3e-3):
    """Reads the answers and asks for what was read."""
    model.compile(None, None)
    reads, answers = streams_of(ids, model.input_shape[0])
    for number in range(rounds):
        place = number % (reads.shape[1] // UNROLL) * UNROLL
        model.train_on_batch(answers[:, place:place + UNROLL], reads[:, place:place + UNROLL])


# %% replaces="round" hint="begin at place"
def train_by_hand(model, ids, rounds, rate=3e-3):
    """Reads the first round again and again."""
    model.compile(None, None)
    reads, answers = streams_of(ids, model.input_shape[0])
    for _ in range(rounds):
        model.train_on_batch(reads[:, :UNROLL], answers[:, :UNROLL])


# %% replaces="draw" hint="is not to draw"
def generate(model, alphabet, start, length, temperature=1.0, seed=0):
    """Always takes the likeliest."""
    reader, written = charlm.rebatch(model, 1), start
    scores = reader.predict_on_batch(charlm.encode(start, alphabet)[None])[0, -1]
    for _ in range(length - len(start)):
        letter = np.argmax(scores)
        written += alphabet[letter]
        scores = reader.predict_on_batch(np.array([[letter]]))[0, -1]
    return written


# %% replaces="draw" hint="is missing p="
def generate(model, alphabet, start, length, temperature=1.0, seed=0):
    """Draws, and not by the probabilities."""
    dice, written = np.random.default_rng(seed), start
    for _ in range(length - len(start)):
        letter = dice.choice(len(alphabet))
        written += alphabet[letter]
    return written


# %% replaces="draw" hint="changes nothing"
def generate(model, alphabet, start, length, temperature=1.0, seed=0):
    """Forgets the temperature."""
    reader, dice, written = charlm.rebatch(model, 1), np.random.default_rng(seed), start
    scores = reader.predict_on_batch(charlm.encode(start, alphabet)[None])[0, -1]
    for _ in range(length - len(start)):
        p = np.exp(scores.astype(float))
        letter = dice.choice(len(alphabet), p=p / p.sum())
        written += alphabet[letter]
        scores = reader.predict_on_batch(np.array([[letter]]))[0, -1]
    return written


# %% replaces="draw" hint="the squares"
def generate(model, alphabet, start, length, temperature=1.0, seed=0):
    """Multiplies by the temperature."""
    reader, dice, written = charlm.rebatch(model, 1), np.random.default_rng(seed), start
    scores = reader.predict_on_batch(charlm.encode(start, alphabet)[None])[0, -1]
    for _ in range(length - len(start)):
        p = np.exp(scores.astype(float) * temperature)
        letter = dice.choice(len(alphabet), p=p / p.sum())
        written += alphabet[letter]
        scores = reader.predict_on_batch(np.array([[letter]]))[0, -1]
    return written


# %% replaces="counting" hint="no more and no less"
def count_what_follows(text, order):
    """Takes the next character into the key."""
    following = defaultdict(Counter)
    for place, character in enumerate(text[order:]):
        following[text[place:place + order + 1]][character] += 1
    return following


# %% replaces="counting" hint="the run ends before it"
def count_what_follows(text, order):
    """Looks one place too far."""
    following = defaultdict(Counter)
    for place, character in enumerate(text[order:]):
        following[text[place + 1:place + order + 1]][character] += 1
    return following


# %% replaces="counting" hint="do not set it to one"
def count_what_follows(text, order):
    """Notes that it was seen, not how often."""
    following = defaultdict(Counter)
    for place, character in enumerate(text[order:]):
        following[text[place:place + order]][character] = 1
    return following

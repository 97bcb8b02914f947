# %% replaces="step1" hint="punctuation makes tokens of its own" means_zh="只用空白切，標點黏在字上" means_en="Cuts at spaces only, so that punctuation sticks to words" repeat="11:2"
def tokenise_english(text):
    """Splits at spaces."""
    return text.split()


# %% replaces="step1" hint="joined, that is not the text" means_zh="丟掉了字元，或改了大小寫" means_en="Loses characters or changes their case" repeat="11:1"
def tokenise_english(text):
    """Drops punctuation and capitals."""
    return re.findall(r"[a-z0-9]+", text.lower())


# %% replaces="step1" hint="keep a decimal number whole" means_zh="把小數切開了，或句點沒有分開" means_en="Cuts decimal numbers apart, or leaves the full stop on" repeat="11:3"
def tokenise_english(text):
    """Knows no numbers."""
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|\S", text)


# %% replaces="step1" hint="é and ë are letters, too" means_zh="以為字母只有 A 到 Z" means_en="Takes A to Z for all letters" repeat="11:3"
def tokenise_english(text):
    """Takes A to Z for all letters."""
    return re.findall(r"\d+(?:[.,]\d+)+|[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*|\S", text)


# %% replaces="step2" hint="it should be a list of words" means_zh="傳回的不是詞的串列，或接起來不是原句" means_en="Returns no list of words that join to the sentence" repeat="11:3"
def best_cut(sentence, score, longest):
    """Forgets to return what it found."""
    best = [(0.0, [])]
    for end in range(1, len(sentence) + 1):
        best.append(max((best[start][0] + score(sentence[start:end]), [*best[start][1], sentence[start:end]])
                        for start in range(max(0, end - longest), end)))


# %% replaces="step2" hint="the sum of the whole sentence counts" means_zh="由左往右貪心，不看整句的總分" means_en="Cuts greedily from the left, not by the score of the whole" repeat="11:3"
def best_cut(sentence, score, longest):
    """Takes the longest word that is likely enough, from left to right."""
    words = []
    while sentence:
        size = next(n for n in range(min(longest, len(sentence)), 0, -1) if n == 1 or score(sentence[:n]) > -15)
        words.append(sentence[:size])
        sentence = sentence[size:]
    return words


# %% replaces="step2" hint="the same pieces are worked out again" means_zh="同樣的一段重算很多遍" means_en="Works the same pieces out again and again" repeat="11:3"
def best_cut(sentence, score, longest):
    """Tries every cut."""
    if not sentence:
        return []
    options = []
    for size in range(1, min(longest, len(sentence)) + 1):
        options.append([sentence[:size], *best_cut(sentence[size:], score, longest)])
    return max(options, key=lambda cut: sum(map(score, cut)))


# %% replaces="step2" hint="a word may have up to `longest` characters" means_zh="最長的詞少算一個字" means_en="Is one character short of the longest word" repeat="11:3"
def best_cut(sentence, score, longest):
    """Stops one character short of the longest word."""
    best = [(0.0, [])]
    for end in range(1, len(sentence) + 1):
        starts = range(max(0, end - max(longest - 1, 1)), end)
        best.append(max((best[start][0] + score(sentence[start:end]), [*best[start][1], sentence[start:end]]) for start in starts))
    return best[-1][1]


# %% replaces="step3" hint="F1 is too low" means_zh="英文、數字、中文都用同一種切法" means_en="Cuts English, numbers and Chinese all in one way" repeat="11:3"
def tokenise(text):
    """Leaves English and numbers to the Chinese segmenter."""
    return [word for word in chinese.segment(text) if word.strip()]


# %% replaces="step3" hint="F1 is too low" means_zh="英文、數字、中文都用同一種切法" means_en="Cuts English, numbers and Chinese all in one way" repeat="11:3"
def tokenise(text):
    """One character, one word."""
    return list("".join(text.split()))


# %% replaces="step3" hint="capitals as written" means_zh="丟掉了字元，或改了大小寫" means_en="Loses characters or changes their case" repeat="11:1"
def tokenise(text):
    """Makes capitals small."""
    return [word for word in chinese.segment(text.lower()) if word.strip()]

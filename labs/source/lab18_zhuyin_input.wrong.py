# %% replaces="step1" hint="The order is wrong" means_zh="候選字沒有照次數排" means_en="Does not put the commonest candidate first" repeat="18:1"
def table_of(runs, readings):
    counts = {}
    for run, syllables in zip(runs, readings, strict=True):
        for character, syllable in zip(run, syllables, strict=True):
            counts.setdefault(syllable, Counter())[character] += 1
    return {syllable: list(found) for syllable, found in counts.items()}  # in order of appearance


def commonest(syllables, table):
    return "".join(table.get(syllable, ["□"])[0] for syllable in syllables)


# %% replaces="step1" hint="only where it was read so" means_zh="算了這個字的所有讀音，不是這個讀音" means_en="Counts a character for all its readings, not for this one" repeat="18:1"
def table_of(runs, readings):
    counts, everywhere = {}, Counter("".join(runs))
    for run, syllables in zip(runs, readings, strict=True):
        for character, syllable in zip(run, syllables, strict=True):
            counts.setdefault(syllable, []).append(character)
    return {syllable: sorted(found, key=lambda character: -everywhere[character]) for syllable, found in counts.items()}


def commonest(syllables, table):
    return "".join(table.get(syllable, ["□"])[0] for syllable in syllables)


# %% replaces="step1" hint="□ for one that is not in the table" means_zh="沒見過的音節沒有處理" means_en="Leaves out syllables that were never seen" repeat="18:1"
def table_of(runs, readings):
    counts = {}
    for run, syllables in zip(runs, readings, strict=True):
        for character, syllable in zip(run, syllables, strict=True):
            counts.setdefault(syllable, Counter())[character] += 1
    return {syllable: [character for character, _ in found.most_common()] for syllable, found in counts.items()}


def commonest(syllables, table):
    return "".join(table[syllable][0] for syllable in syllables if syllable in table)


# %% replaces="step2" hint="for pairs never seen as well" means_zh="沒見過的一對字，機率當成 0" means_en="Gives pairs that were never seen no probability" repeat="18:1"
def learn(runs):
    pairs, firsts = Counter(), Counter()
    for run in runs:
        pairs.update(zip("^" + run, run, strict=False))
        firsts.update("^" + run[:-1])
    return lambda before, after: math.log(max(pairs[before, after], 1e-300) / max(firsts[before], 1))


# %% replaces="step2" hint="Does `^` stand before each run?" means_zh="沒分清各段的開頭和結尾" means_en="Mixes up where runs begin and where they end" repeat="18:1"
def learn(runs):
    text = "".join(runs)  # the last of a run comes before the first of the next
    singles, pairs = Counter(text), Counter(zip(text, text[1:], strict=False))
    firsts, everything = Counter(text[:-1]), len(text) + len(set(text)) + 1
    return lambda before, after: math.log((pairs[before, after] + 2 * (singles[after] + 1) / everything) / (firsts[before] + 2))


# %% replaces="step2" hint="Does `^` stand before each run?" means_zh="沒分清各段的開頭和結尾" means_en="Mixes up where runs begin and where they end" repeat="18:1"
def learn(runs):
    singles, pairs = Counter(), Counter()
    for run in runs:
        singles.update(run)
        pairs.update(zip("^" + run, run, strict=False))
    everything, firsts = singles.total() + len(singles) + 1, singles + Counter({"^": len(runs)})
    return lambda before, after: math.log((pairs[before, after] + 2 * (singles[after] + 1) / everything) / (firsts[before] + 2))


# %% replaces="step3" hint="What is best at once may be paid for later" means_zh="不是找總分最高的一串：只看眼前，或忘了開頭的機率" means_en="Does not look for the greatest total: greedy, or without the first probability" repeat="18:9"
def best_text(syllables, table, log_p):
    text = ""
    for syllable in syllables:
        before = text[-1] if text else "^"
        text += max(table.get(syllable, ["□"]), key=lambda after: log_p(before, after))  # noqa: B023 - used at once
    return text


# %% replaces="step3" hint="is every text tried?" means_zh="沒有把所有組合都比過" means_en="Does not compare all combinations" repeat="18:9"
def best_text(syllables, table, log_p):
    columns = [table.get(syllable, ["□"]) for syllable in syllables]
    return max(map("".join, itertools.product(*columns)),
               key=lambda text: sum(log_p(a, b) for a, b in zip("^" + text, text, strict=False)))


# %% replaces="step3" hint="What is best at once may be paid for later" means_zh="不是找總分最高的一串：只看眼前，或忘了開頭的機率" means_en="Does not look for the greatest total: greedy, or without the first probability" repeat="18:9"
def best_text(syllables, table, log_p):
    if not syllables:
        return ""
    best = {after: (0.0, after) for after in table.get(syllables[0], ["□"])}
    for syllable in syllables[1:]:
        best = {after: max((score + log_p(before, after), text + after) for before, (score, text) in best.items())
                for after in table.get(syllable, ["□"])}
    return max(best.values())[1]


# %% replaces="step3" hint="character i is a candidate of syllable i" means_zh="寫出的字和音節對不起來" means_en="Writes characters that are not candidates of their syllable" repeat="18:9"
def best_text(syllables, table, log_p):
    if not syllables:
        return ""
    best = {"^": (0.0, "^")}
    for syllable in syllables:
        best = {after: max((score + log_p(before, after), text + after) for before, (score, text) in best.items())
                for after in table.get(syllable, ["□"])}
    return max(best.values())[1]  # with the sign of the beginning

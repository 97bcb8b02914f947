# %% replaces="stop_early" hint="Epochs count from 1"
def stop_early(losses, patience):
    """Counts from 0."""
    for epoch in range(len(losses)):
        best = int(np.argmin(losses[:epoch + 1]))
        if epoch - best >= patience:
            break
    return best, epoch


# %% replaces="stop_early" hint="wait for `patience` of them"
def stop_early(losses, patience):
    """Stops at the first bad epoch."""
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1]:
            return epoch, epoch + 1
    return len(losses), len(losses)


# %% replaces="stop_early" hint="not the last"
def stop_early(losses, patience):
    """Keeps the last epoch."""
    for epoch in range(len(losses)):
        if epoch - int(np.argmin(losses[:epoch + 1])) >= patience:
            break
    return epoch + 1, epoch + 1


# %% replaces="stop_early" hint="compare with the best so far"
def stop_early(losses, patience):
    """Compares with the epoch before."""
    worse = 0
    for epoch in range(1, len(losses)):
        worse = worse + 1 if losses[epoch] > losses[epoch - 1] else 0
        if worse == patience:
            break
    return int(np.argmin(losses[:epoch + 1])) + 1, epoch + 1


# %% replaces="pairs_of" hint="with a blank between"
def pairs_of(words):
    """Glues the words together."""
    return [first + second for first, second in zip(words, words[1:], strict=False)]


# %% replaces="pairs_of" hint="they overlap"
def pairs_of(words):
    """Cuts the text into pairs."""
    return [" ".join(words[i:i + 2]) for i in range(0, len(words) - 1, 2)]


# %% replaces="pairs_of" hint="neighbours only"
def pairs_of(words):
    """Pairs every word with every later one."""
    return [f"{words[i]} {words[k]}" for i in range(len(words)) for k in range(i + 1, len(words))]


# %% replaces="pairs_of" hint="the wrong way round"
def pairs_of(words):
    """The second word first."""
    return [f"{second} {first}" for first, second in zip(words, words[1:], strict=False)]


# %% replaces="by_hand" hint="The bias is missing"
def by_hand(row, weights, bias):
    """Forgets the bias."""
    return 1 / (1 + np.exp(-np.sum(row * weights)))


# %% replaces="by_hand" hint="the sigmoid comes last"
def by_hand(row, weights, bias):
    """Forgets the sigmoid."""
    return np.sum(row * weights) + bias


# %% replaces="by_hand" hint="look at the sign in the exponent"
def by_hand(row, weights, bias):
    """Turns the sign around."""
    return 1 / (1 + np.exp(np.sum(row * weights) + bias))


# %% replaces="by_hand" hint="multiply the weights by the numbers"
def by_hand(row, weights, bias):
    """Adds up all the weights."""
    return 1 / (1 + np.exp(-(np.sum(weights) + bias)))


# %% replaces="by_hand" hint="add up the items"
def by_hand(row, weights, bias):
    """A probability for each item."""
    return 1 / (1 + np.exp(-(row * weights + bias)))


# %% replaces="one_alone" hint="leave out the reviews that both had right"
def one_alone(first, second):
    """Counts all right answers."""
    return int(np.sum(first)), int(np.sum(second))


# %% replaces="one_alone" hint="The two are swapped"
def one_alone(first, second):
    """The other way round."""
    return int(np.sum(~first & second)), int(np.sum(first & ~second))


# %% replaces="one_alone" hint="counted apart"
def one_alone(first, second):
    """Counts where they differ."""
    return int(np.sum(first != second))


# %% replaces="one_alone" hint="then the other way round"
def one_alone(first, second):
    """Leaves out the common ones on one side only."""
    return int(np.sum(first & ~second)), int(np.sum(second))

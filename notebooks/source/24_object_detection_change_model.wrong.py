# %% replaces="agreed" hint="−1 means paired with none"
def agreed(first, second):
    """Keeps what was not paired."""
    pairs = metrics.match(first, second)
    return first[pairs < 0]


# %% replaces="agreed" hint="0 is a number, not nothing"
def agreed(first, second):
    """Takes number 0 for nothing."""
    pairs = metrics.match(first, second)
    return first[pairs > 0]


# %% replaces="agreed" hint="−1 means paired with none"
def agreed(first, second):
    """Uses the numbers of the second model's boxes to select boxes of the first."""
    pairs = metrics.match(first, second)
    return first[pairs[pairs >= 0]]


# %% replaces="agreed" hint="select with square brackets"
def agreed(first, second):
    """Returns a mask, not boxes."""
    return metrics.match(first, second) >= 0


# %% replaces="quantise" hint="which is negative here"
def quantise(weights):
    """Looks for the largest weight, not the largest absolute value."""
    step = weights.max() / 127
    return np.round(np.clip(weights / step, -127, 127)).astype(np.int8), step


# %% replaces="quantise" hint="round first"
def quantise(weights):
    """Cuts fractions off."""
    step = np.abs(weights).max() / 127
    return (weights / step).astype(np.int8), step


# %% replaces="quantise" hint="should be `int8`"
def quantise(weights):
    """Rounds, and stays with floats."""
    step = np.abs(weights).max() / 127
    return np.round(weights / step), step


# %% replaces="quantise" hint="127 marks must reach"
def quantise(weights):
    """Turns the step upside down."""
    step = 127 / np.abs(weights).max()
    return np.round(weights * step).astype(np.int8), step


# %% replaces="mirror" hint="the old **right** is the new left"
def mirrored_boxes(boxes, width):
    """Turns each side, but does not exchange them."""
    return np.column_stack([width - boxes[:, 0], boxes[:, 1], width - boxes[:, 2], boxes[:, 3]])


# %% replaces="mirror" hint="it takes the width of the photo"
def mirrored_boxes(boxes, width):
    """Exchanges signs without the width."""
    return np.column_stack([-boxes[:, 2], boxes[:, 1], -boxes[:, 0], boxes[:, 3]])


# %% replaces="mirror" hint="top and bottom stay"
def mirrored_boxes(boxes, width):
    """Turns all four sides."""
    return width - boxes[:, [2, 3, 0, 1]]


# %% replaces="resample" hint="draw photos, not pictures"
def draw_again(owner, random):
    """Draws pictures."""
    return random.integers(len(owner), size=len(owner))


# %% replaces="resample" hint="put back what was drawn"
def draw_again(owner, random):
    """Draws without putting back."""
    count = owner.max() + 1
    drawn = random.permutation(count)
    return np.concatenate([np.flatnonzero(owner == number) for number in drawn])


# %% replaces="resample" hint="what is drawn twice counts twice"
def draw_again(owner, random):
    """Counts a photo once, however often it was drawn."""
    count = owner.max() + 1
    drawn = random.integers(count, size=count)
    return np.flatnonzero(np.isin(owner, drawn))


# %% replaces="resample" hint="draw photos, not pictures"
def draw_again(owner, random):
    """Draws each version on its own."""
    count = owner.max() + 1
    return np.concatenate([3 * random.integers(count, size=count) + version for version in range(3)])

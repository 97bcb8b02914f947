# %% replaces="matching" hint="along which axis"
def responsible(overlap):
    """Takes the maximum over the anchors."""
    return np.where(overlap.max(axis=0) >= 0.5, overlap.argmax(axis=0), -1)


# %% replaces="matching" hint="that is background"
def responsible(overlap):
    """Forgets the threshold: every anchor gets a digit."""
    return overlap.argmax(axis=1)


# %% replaces="matching" hint="0.5 itself is included"
def responsible(overlap):
    """Takes > for >=."""
    return np.where(overlap.max(axis=1) > 0.5, overlap.argmax(axis=1), -1)


# %% replaces="matching" hint="the column with the largest IoU"
def responsible(overlap):
    """Takes the first digit that is large enough."""
    return np.where(overlap.max(axis=1) >= 0.5, (overlap >= 0.5).argmax(axis=1), -1)


# %% replaces="offsets" hint="box minus anchor"
def offsets(box, anchor):
    """Takes the difference the other way round."""
    x, y, width, height = centre_form(box)
    x_a, y_a, width_a, height_a = centre_form(anchor)
    return [(x_a - x) / width_a, (y_a - y) / height_a, np.log(width_a / width), np.log(height_a / height)]


# %% replaces="offsets" hint="divide the move by the size of the anchor"
def offsets(box, anchor):
    """Leaves the move in pixels."""
    x, y, width, height = centre_form(box)
    x_a, y_a, width_a, height_a = centre_form(anchor)
    return [x - x_a, y - y_a, np.log(width / width_a), np.log(height / height_a)]


# %% replaces="offsets" hint="the logarithm of the factor is 0"
def offsets(box, anchor):
    """Forgets the logarithm."""
    x, y, width, height = centre_form(box)
    x_a, y_a, width_a, height_a = centre_form(anchor)
    return [(x - x_a) / width_a, (y - y_a) / height_a, width / width_a, height / height_a]


# %% replaces="offsets" hint="not by those of the box"
def offsets(box, anchor):
    """Divides by the size of the box."""
    x, y, width, height = centre_form(box)
    x_a, y_a, width_a, height_a = centre_form(anchor)
    return [(x - x_a) / width, (y - y_a) / height, np.log(width / width_a), np.log(height / height_a)]


# %% replaces="hardest" hint="it cannot be background as well"
def hardest(loss, matched):
    """Lets matched anchors in."""
    chosen = np.zeros(len(loss), bool)
    chosen[np.argsort(-loss)[: 3 * matched.sum()]] = True
    return chosen


# %% replaces="hardest" hint="Hard means a **large** loss"
def hardest(loss, matched):
    """Takes the easiest."""
    chosen = np.zeros(len(loss), bool)
    chosen[np.argsort(np.where(matched, np.inf, loss))[: 3 * matched.sum()]] = True
    return chosen


# %% replaces="hardest" hint="the number follows the matches"
def hardest(loss, matched):
    """Takes three, whatever matched."""
    chosen = np.zeros(len(loss), bool)
    chosen[np.argsort(np.where(matched, np.inf, -loss))[:3]] = True
    return chosen


# %% replaces="hardest" hint="no more and no fewer"
def hardest(loss, matched):
    """Takes all the background."""
    return ~matched


# %% replaces="hardest" hint="Return True or False, one for each anchor"
def hardest(loss, matched):
    """Returns the numbers of the anchors."""
    return np.argsort(np.where(matched, np.inf, -loss))[: 3 * matched.sum()]


# %% replaces="curve" hint="not once at the end"
def precision_and_recall(right, objects):
    """Gives the end of the curve only."""
    return right.mean(), right.sum() / objects


# %% replaces="curve" hint="Recall divides by the number of true digits"
def precision_and_recall(right, objects):
    """Divides recall by the number of predictions."""
    hits = np.cumsum(right)
    return hits / np.arange(1, len(hits) + 1), hits / len(right)


# %% replaces="curve" hint="how many were let in so far"
def precision_and_recall(right, objects):
    """Divides precision by all predictions."""
    hits = np.cumsum(right)
    return hits / len(right), hits / objects


# %% replaces="curve" hint="how many were let in so far"
def precision_and_recall(right, objects):
    """Counts from 0."""
    hits = np.cumsum(right)
    return hits / np.maximum(np.arange(len(hits)), 1), hits / objects


# %% replaces="background" hint="is enough to be no background"
def is_background(overlap):
    """Far from one digit is taken for far from every digit."""
    return (overlap < 0.3).any(axis=1)


# %% replaces="background" hint="windows are rows"
def is_background(overlap):
    """Takes the maximum over the windows."""
    return overlap.max(axis=0) < 0.3


# %% replaces="background" hint="Do not add IoUs up"
def is_background(overlap):
    """Adds the IoUs with all digits."""
    return overlap.sum(axis=1) < 0.3


# %% replaces="background" hint="0.3 itself is not"
def is_background(overlap):
    """Takes <= for <."""
    return overlap.max(axis=1) <= 0.3

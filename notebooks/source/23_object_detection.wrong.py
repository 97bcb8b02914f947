# %% replaces="peaks" hint="below the threshold 0.3"
def peaks(heat, threshold):
    """Forgets the threshold."""
    rows, columns = heat.shape
    padded = np.pad(heat, 1)
    around = np.stack([padded[dy:dy + rows, dx:dx + columns] for dy in range(3) for dx in range(3)])
    return heat >= around.max(axis=0)


# %% replaces="peaks" hint="it can at most equal the maximum"
def peaks(heat, threshold):
    """Wants a cell to exceed itself."""
    rows, columns = heat.shape
    padded = np.pad(heat, 1)
    around = np.stack([padded[dy:dy + rows, dx:dx + columns] for dy in range(3) for dx in range(3)])
    return (heat > around.max(axis=0)) & (heat >= threshold)


# %% replaces="peaks" hint="not with the highest of the whole map"
def peaks(heat, threshold):
    """The highest of the whole map."""
    rows, columns = heat.shape
    padded = np.pad(heat, 1)
    around = np.stack([padded[dy:dy + rows, dx:dx + columns] for dy in range(3) for dx in range(3)])
    return (heat >= around.max()) & (heat >= threshold)


# %% replaces="peaks" hint="it lies on a slope"
def peaks(heat, threshold):
    """Everything that is warm."""
    return heat >= threshold


# %% replaces="box" hint="x and y are exchanged"
def box_at(row, column, sides):
    """Takes rows for x."""
    to_left, to_top, to_right, to_bottom = sides[row, column]
    x, y = 4 * row, 4 * column
    return [x - to_left, y - to_top, x + to_right, y + to_bottom]


# %% replaces="box" hint="multiply the centre by 4"
def box_at(row, column, sides):
    """Forgets that a cell is 4 pixels."""
    to_left, to_top, to_right, to_bottom = sides[row, column]
    return [column - to_left, row - to_top, column + to_right, row + to_bottom]


# %% replaces="box" hint="subtract for left and top"
def box_at(row, column, sides):
    """The wrong signs."""
    to_left, to_top, to_right, to_bottom = sides[row, column]
    x, y = 4 * column, 4 * row
    return [x + to_left, y + to_top, x - to_right, y - to_bottom]


# %% replaces="rates" hint="below the threshold as well"
def precision_and_recall(scores, right, objects, threshold):
    """Forgets the threshold."""
    return right.mean(), right.sum() / objects


# %% replaces="rates" hint="not of those found"
def precision_and_recall(scores, right, objects, threshold):
    """Divides recall by what was found."""
    said = scores >= threshold
    return right[said].mean(), right[said].sum() / right.sum()


# %% replaces="rates" hint="The two are exchanged"
def precision_and_recall(scores, right, objects, threshold):
    """Exchanges the two."""
    said = scores >= threshold
    return right[said].sum() / objects, right[said].mean()


# %% replaces="suppress" hint="those that overlap **little** stay"
def survivors(overlap, best, rest, iou_threshold):
    """The wrong way round."""
    return rest[overlap[best, rest] > iou_threshold]


# %% replaces="suppress" hint="You returned True and False"
def survivors(overlap, best, rest, iou_threshold):
    """Returns the condition."""
    return overlap[best, rest] <= iou_threshold


# %% replaces="suppress" hint="places in rest"
def survivors(overlap, best, rest, iou_threshold):
    """Returns places in rest."""
    return np.flatnonzero(overlap[best, rest] <= iou_threshold)


# %% replaces="suppress" hint="equal to the threshold stays"
def survivors(overlap, best, rest, iou_threshold):
    """Drops what is equal to the threshold."""
    return rest[overlap[best, rest] < iou_threshold]

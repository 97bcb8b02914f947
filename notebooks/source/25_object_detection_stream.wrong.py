# %% replaces="camera" hint="multiply all four"
def in_frame(boxes, matrix):
    """Moves only."""
    return boxes + np.tile(matrix[:, 2], 2)


# %% replaces="camera" hint="left and right move alike"
def in_frame(boxes, matrix):
    """Gives x to left and top, y to right and bottom."""
    return boxes * matrix[0, 0] + np.repeat(matrix[:, 2], 2)


# %% replaces="camera" hint="First the factor, then the move"
def in_frame(boxes, matrix):
    """Moves first, and enlarges the move as well."""
    return (boxes + np.tile(matrix[:, 2], 2)) * matrix[0, 0]


# %% replaces="colours" hint="it is the last axis that turns"
def other_order(frame):
    """Turns the picture upside down."""
    return frame[::-1]


# %% replaces="colours" hint="it is the last axis that turns"
def other_order(frame):
    """Mirrors the picture."""
    return frame[:, ::-1]


# %% replaces="colours" hint="green stays in the middle"
def other_order(frame):
    """Moves every colour one place on."""
    return frame[:, :, [1, 2, 0]]


# %% replaces="colours" hint="The shape should stay"
def other_order(frame):
    """Takes one colour only."""
    return frame[:, :, 2]


# %% replaces="switches" hint="one more than that of changes"
def switches(numbers):
    """Counts different numbers."""
    return len(set(numbers))


# %% replaces="switches" hint="compare **neighbours**"
def switches(numbers):
    """Counts new numbers."""
    return len(set(numbers)) - 1 if numbers else 0


# %% replaces="switches" hint="changes once, in the middle"
def switches(numbers):
    """Compares each with the first."""
    return sum(number != numbers[0] for number in numbers)


# %% replaces="looks" hint="add up at the end"
def alike(first, second):
    """Forgets the sum."""
    return np.minimum(first, second)


# %% replaces="looks" hint="no product, no difference"
def alike(first, second):
    """Multiplies."""
    return (first * second).sum()


# %% replaces="looks" hint="no product, no difference"
def alike(first, second):
    """Adds up the differences."""
    return np.abs(first - second).sum()


# %% replaces="looks" hint="it is the **smaller** that counts"
def alike(first, second):
    """Takes the larger share."""
    return np.maximum(first, second).sum()

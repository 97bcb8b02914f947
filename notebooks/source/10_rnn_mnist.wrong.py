# %% replaces="as_sequences" hint="put time first"
def as_sequences(readings, steps):
    """Reshapes at once: one sensor after the other."""
    return readings.reshape(-1, steps, len(readings))


# %% replaces="as_sequences" hint="the shape is (5, 20, 2)"
def as_sequences(readings, steps):
    """Leaves the features before the time."""
    return readings.reshape(len(readings), -1, steps).transpose(1, 0, 2)


# %% replaces="as_sequences" hint="in a row"
def as_sequences(readings, steps):
    """Deals the moments out like cards."""
    return readings.T.reshape(steps, -1, len(readings)).transpose(1, 0, 2)


# %% replaces="lstm_parameters" hint="how many sets are there"
def lstm_parameters(features, units):
    """One set."""
    return features * units + units * units + units


# %% replaces="lstm_parameters" hint="W is missing"
def lstm_parameters(features, units):
    """Sees the input alone."""
    return 4 * (features * units + units)


# %% replaces="lstm_parameters" hint="has biases"
def lstm_parameters(features, units):
    """Forgets the biases."""
    return 4 * (features * units + units * units)


# %% replaces="lstm_parameters" hint="do not multiply by 28"
def lstm_parameters(features, units):
    """One set of weights for each time step."""
    return 28 * 4 * (features * units + units * units + units)


# %% replaces="standard_error" hint="is its root"
def standard_error(accuracy, n):
    """Forgets the root."""
    return accuracy * (1 - accuracy) / n


# %% replaces="standard_error" hint="inside the root as well"
def standard_error(accuracy, n):
    """Divides by n, not by its root."""
    return np.sqrt(accuracy * (1 - accuracy)) / n


# %% replaces="standard_error" hint="p times (1 − p)"
def standard_error(accuracy, n):
    """Leaves out 1 − p."""
    return np.sqrt(accuracy / n)


# %% replaces="only_one_right" hint="Two numbers are wanted"
def only_one_right(first, second):
    """Counts where they differ."""
    return np.sum(first != second)


# %% replaces="only_one_right" hint="what each gets right"
def only_one_right(first, second):
    """Counts what each gets right."""
    return np.sum(first), np.sum(second)


# %% replaces="only_one_right" hint="first right and second wrong"
def only_one_right(first, second):
    """The other way round."""
    return np.sum(~first & second), np.sum(~second & first)


# %% replaces="correct_by_row" hint="keep time"
correct_by_row = (by_row.argmax(axis=2) == y_test[:, None]).mean(axis=1)

# %% replaces="correct_by_row" hint="Classes are the last axis"
correct_by_row = (by_row.argmax(axis=1) == y_test[:, None]).mean(axis=0)

# %% replaces="correct_by_row" hint="keep every step"
correct_by_row = (by_row.argmax(axis=2) == y_test[:, None]).mean()

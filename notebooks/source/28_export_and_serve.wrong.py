# %% replaces="scale" hint="Between 256 integers there are 255 steps"
def scale_and_zero(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 256
    zero = round(-128 - low / scale)
    return scale, zero


# %% replaces="scale" hint="The integers begin at −128"
def scale_and_zero(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    zero = round(-low / scale)
    return scale, zero


# %% replaces="scale" hint="brought over, it is subtracted"
def scale_and_zero(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    zero = round(-128 + low / scale)
    return scale, zero


# %% replaces="scale" hint="the way is high − low"
def scale_and_zero(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max(-low, high) / 127  # as for weights, with zero point 0
    zero = 0
    return scale, zero


# %% replaces="quantise" hint="astype cuts decimals off"
def quantise(x, scale, zero):
    return np.clip(x / scale + zero, -128, 127).astype(np.int8)


def real(q, scale, zero):
    return scale * (q.astype(np.float32) - zero)


# %% replaces="quantise" hint="int8 wraps around"
def quantise(x, scale, zero):
    return (np.round(x / scale) + zero).astype(np.int64).astype(np.int8)


def real(q, scale, zero):
    return scale * (q.astype(np.float32) - zero)


# %% replaces="quantise" hint="End with .astype(np.int8)"
def quantise(x, scale, zero):
    return np.clip(np.round(x / scale) + zero, -128, 127)


def real(q, scale, zero):
    return scale * (q.astype(np.float32) - zero)


# %% replaces="quantise" hint="Divide by the scale, round, then add zero"
def quantise(x, scale, zero):
    return np.clip(np.round(x / scale) - zero, -128, 127).astype(np.int8)


def real(q, scale, zero):
    return scale * (q.astype(np.float32) - zero)


# %% replaces="axes" hint="the mistake of lesson 06"
FILTER_AXES = (3, 2, 1, 0)
BACK_AXES = (0, 2, 3, 1)

# %% replaces="axes" hint="from which old axis the new axis k comes"
FILTER_AXES = (2, 3, 1, 0)
BACK_AXES = (0, 2, 3, 1)

# %% replaces="axes" hint="This changes nothing"
FILTER_AXES = (3, 2, 0, 1)
BACK_AXES = (0, 1, 2, 3)

# %% replaces="axes" hint="maps last, height before width"
FILTER_AXES = (3, 2, 0, 1)
BACK_AXES = (0, 3, 1, 2)


# %% replaces="read" hint="Every comparison with NaN is False"
def read_picture(question):
    if not isinstance(question, dict) or "picture" not in question:
        raise ValueError("Expected a picture.")
    picture = np.array(question["picture"])
    if picture.shape != (28, 28):
        raise ValueError("Expected 28 rows of 28 numbers.")
    if (picture < 0).any() or (picture > 255).any():
        raise ValueError("Expected 0 to 255.")
    return picture.astype(np.float32).reshape(1, 28, 28, 1)


# %% replaces="read" hint="training used 0 to 255, not 0 to 1"
def read_picture(question):
    if not isinstance(question, dict) or "picture" not in question:
        raise ValueError("Expected a picture.")
    picture = np.array(question["picture"])
    if picture.shape != (28, 28):
        raise ValueError("Expected 28 rows of 28 numbers.")
    if not np.isfinite(picture).all():
        raise ValueError("Expected finite numbers.")
    if picture.min() < 0 or picture.max() > 1:
        raise ValueError("Expected 0 to 1.")
    return picture.astype(np.float32).reshape(1, 28, 28, 1)


# %% replaces="read" hint="len() counts rows only"
def read_picture(question):
    if not isinstance(question, dict) or "picture" not in question:
        raise ValueError("Expected a picture.")
    picture = np.array(question["picture"])
    if len(picture) != 28:
        raise ValueError("Expected 28 rows of 28 numbers.")
    if not np.isfinite(picture).all():
        raise ValueError("Expected finite numbers.")
    if picture.min() < 0 or picture.max() > 255:
        raise ValueError("Expected 0 to 255.")
    return picture.astype(np.float32)[None, ..., None]


# %% replaces="read" hint="One number outside 0 to 255 was accepted"
def read_picture(question):
    if not isinstance(question, dict) or "picture" not in question:
        raise ValueError("Expected a picture.")
    picture = np.array(question["picture"])
    if picture.shape != (28, 28):
        raise ValueError("Expected 28 rows of 28 numbers.")
    if not np.isfinite(picture).all():
        raise ValueError("Expected finite numbers.")
    if not 0 <= picture.mean() <= 255:
        raise ValueError("Expected 0 to 255.")
    return picture.astype(np.float32).reshape(1, 28, 28, 1)


# %% replaces="centre" hint="rows down come first"
def move_by(picture):
    ink = picture.sum()
    row = picture.sum(axis=0) @ (np.arange(28) + 0.5) / ink
    column = picture.sum(axis=1) @ (np.arange(28) + 0.5) / ink
    return round(14.5 - row), round(14.5 - column)


# %% replaces="centre" hint="with its centre high up it must move down"
def move_by(picture):
    ink = picture.sum()
    row = picture.sum(axis=1) @ (np.arange(28) + 0.5) / ink
    column = picture.sum(axis=0) @ (np.arange(28) + 0.5) / ink
    return round(row - 14.5), round(column - 14.5)


# %% replaces="centre" hint="do not just count pixels"
def move_by(picture):
    rows, columns = np.nonzero(picture)
    return round(14.5 - (rows + 0.5).mean()), round(14.5 - (columns + 0.5).mean())


# %% replaces="centre" hint="14.5 minus the centre"
def move_by(picture):
    row = picture.sum(axis=1) @ (np.arange(28) + 0.5)
    column = picture.sum(axis=0) @ (np.arange(28) + 0.5)
    return round(14.5 - row), round(14.5 - column)


# %% replaces="centre" hint="the middle of pixel 14 is 14.5"
def move_by(picture):
    ink = picture.sum()
    row = picture.sum(axis=1) @ (np.arange(28) + 0.5) / ink
    column = picture.sum(axis=0) @ (np.arange(28) + 0.5) / ink
    return round(14 - row), round(14 - column)

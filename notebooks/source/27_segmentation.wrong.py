# %% replaces="overlap" hint="those on both sides count once"
def iou_and_dice(truth, answer, kind):
    """Takes the sum of both sizes for the union."""
    a, b = truth == kind, answer == kind
    if not (a.any() or b.any()):
        return np.nan, np.nan
    both = (a & b).sum()
    return both / (a.sum() + b.sum()), 2 * both / (a.sum() + b.sum())


# %% replaces="overlap" hint="those on both sides count once"
def iou_and_dice(truth, answer, kind):
    """Counts all pixels that agree: accuracy."""
    both = (truth == answer).sum()
    return both / truth.size, 2 * both / (2 * truth.size)


# %% replaces="overlap" hint="by the sum of both sizes"
def iou_and_dice(truth, answer, kind):
    """Forgets the 2 of Dice."""
    a, b = truth == kind, answer == kind
    if not (a.any() or b.any()):
        return np.nan, np.nan
    both = (a & b).sum()
    return both / (a | b).sum(), both / (a.sum() + b.sum())


# %% replaces="overlap" hint="Return two numbers"
def iou_and_dice(truth, answer, kind):
    """Returns IoU alone."""
    a, b = truth == kind, answer == kind
    return (a & b).sum() / (a | b).sum()


# %% replaces="skip" hint="join along the last axis"
def block(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization()(x))


def up(x, skip, channels):
    """Adds in place of joining."""
    x = layers.UpSampling2D()(x)
    x = layers.Add()([x, skip])
    return block(x, channels)


# %% replaces="skip" hint="join along the last axis"
def block(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization()(x))


def up(x, skip, channels):
    """Joins before it enlarges."""
    x = layers.Concatenate()([x, skip])
    x = layers.UpSampling2D()(x)
    return block(x, channels)


# %% replaces="skip" hint="each once"
def block(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization()(x))


def up(x, skip, channels):
    """Leaves the skip out."""
    x = layers.UpSampling2D()(x)
    return block(x, channels)


# %% replaces="skip" hint="each once"
def block(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization()(x))


def up(x, skip, channels):
    """Joins the skip twice."""
    x = layers.UpSampling2D()(x)
    x = layers.Concatenate()([x, skip, skip])
    return block(x, channels)


# %% replaces="loss" hint="put a minus before it"
def pixel_loss(odds, mask):
    """Forgets the minus."""
    return np.log(np.take_along_axis(odds, mask[..., None], axis=-1)).mean()


# %% replaces="loss" hint="a mean and no sum"
def pixel_loss(odds, mask):
    """Adds up."""
    return -np.log(np.take_along_axis(odds, mask[..., None], axis=-1)).sum()


# %% replaces="loss" hint="a mean and no sum"
def pixel_loss(odds, mask):
    """Takes all classes."""
    return -np.log(odds).mean()


# %% replaces="loss" hint="not the likeliest"
def pixel_loss(odds, mask):
    """Takes the likeliest class for the right one."""
    return -np.log(odds.max(axis=-1)).mean()


# %% replaces="loss" hint="One number is wanted"
def pixel_loss(odds, mask):
    """Forgets the mean."""
    return -np.log(np.take_along_axis(odds, mask[..., None], axis=-1))


# %% replaces="composite" hint="adds an axis"
def replace_background(photo, alpha, background):
    """Forgets the axis."""
    return np.round(alpha * photo + (1 - alpha) * background).astype(np.uint8)


# %% replaces="composite" hint="should be the photo, not the background"
def replace_background(photo, alpha, background):
    """Takes α for the background."""
    alpha = alpha[..., None]
    return np.round((1 - alpha) * photo + alpha * background).astype(np.uint8)


# %% replaces="composite" hint="not the one or the other"
def replace_background(photo, alpha, background):
    """Cuts hard."""
    return np.where(alpha[..., None] > 0.5, photo, background)


# %% replaces="composite" hint="do not cut the fraction off"
def replace_background(photo, alpha, background):
    """Cuts fractions off."""
    alpha = alpha[..., None]
    return (alpha * photo + (1 - alpha) * background).astype(np.uint8)


# %% replaces="composite" hint="Make it uint8 again"
def replace_background(photo, alpha, background):
    """Leaves floats."""
    alpha = alpha[..., None]
    return np.round(alpha * photo + (1 - alpha) * background)

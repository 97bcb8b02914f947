# %% replaces="step1" hint="pixels of both count once"
def iou_and_dice(truth, answer, classes):
    """Takes the sum of both sizes for the union."""
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            iou[kind - 1] = (a & b).sum() / (a.sum() + b.sum())
            dice[kind - 1] = 2 * iou[kind - 1]
    return iou, dice


# %% replaces="step1" hint="twice the intersection"
def iou_and_dice(truth, answer, classes):
    """Forgets the 2 of Dice."""
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            iou[kind - 1], dice[kind - 1] = (a & b).sum() / (a | b).sum(), (a & b).sum() / (a.sum() + b.sum())
    return iou, dice


# %% replaces="step1" hint="is NaN, not 0 and not 1"
def iou_and_dice(truth, answer, classes):
    """Gives 1 to a class that neither side has."""
    iou, dice = np.ones(classes), np.ones(classes)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            iou[kind - 1], dice[kind - 1] = (a & b).sum() / (a | b).sum(), 2 * (a & b).sum() / (a.sum() + b.sum())
    return iou, dice


# %% replaces="step1" hint="missed or made up, it counts"
def iou_and_dice(truth, answer, classes):
    """Looks at the classes of the truth alone."""
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any():
            iou[kind - 1], dice[kind - 1] = (a & b).sum() / (a | b).sum(), 2 * (a & b).sum() / (a.sum() + b.sum())
    return iou, dice


# %% replaces="step1" hint="the background has none"
def iou_and_dice(truth, answer, classes):
    """Counts the background, too."""
    kinds = [(truth == kind, answer == kind) for kind in range(classes + 1)]
    return ([(a & b).sum() / max((a | b).sum(), 1) for a, b in kinds], [2 * (a & b).sum() / max(a.sum() + b.sum(), 1) for a, b in kinds])


# %% replaces="step2" hint="not all pixels in one heap"
def mean_dice(truths, answers, classes):
    """Puts all pixels in one heap."""
    return np.nanmean(iou_and_dice(truths, answers, classes)[1]) if (truths.any() or answers.any()) else np.nan


# %% replaces="step2" hint="it is no 0 and no 1"
def mean_dice(truths, answers, classes):
    """Gives 0 to a picture that does not count."""
    means = []
    for truth, answer in zip(truths, answers, strict=True):
        dice = iou_and_dice(truth, answer, classes)[1]
        examined = dice[~np.isnan(dice)]
        means.append(examined.mean() if len(examined) else 0)
    return np.mean(means)


# %% replaces="step2" hint="it is neither 0 nor 1"
def mean_dice(truths, answers, classes):
    """Takes NaN for 0."""
    return np.mean([np.nan_to_num(iou_and_dice(truth, answer, classes)[1]).mean() for truth, answer in zip(truths, answers, strict=True)])


# %% replaces="step3" hint="A pixel is mostly of its neighbours' class"
def mend(mask):
    """Changes nothing."""
    return mask


# %% replaces="step3" hint="one must look far enough"
def mend(mask):
    """Looks at the nearest neighbours only."""
    return np.argmax([cv2.blur((mask == kind).astype(np.float32), (3, 3)) for kind in range(4)], axis=0)


# %% replaces="step3" hint="Return a mask of the same size"
def mend(mask):
    """Returns shares, no classes."""
    return cv2.blur(mask.astype(np.float32), (3, 3))

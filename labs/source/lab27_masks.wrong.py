# %% replaces="step1" hint="pixels of both count once" means_zh="聯集把重疊算了兩次" means_en="Counts the overlap twice in the union" repeat="27:3"
def iou_and_dice(truth, answer, classes):
    """Takes the sum of both sizes for the union."""
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            iou[kind - 1] = (a & b).sum() / (a.sum() + b.sum())
            dice[kind - 1] = 2 * iou[kind - 1]
    return iou, dice


# %% replaces="step1" hint="twice the intersection" means_zh="Dice 忘了乘 2" means_en="Forgets the 2 of Dice" repeat="27:3"
def iou_and_dice(truth, answer, classes):
    """Forgets the 2 of Dice."""
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            iou[kind - 1], dice[kind - 1] = (a & b).sum() / (a | b).sum(), (a & b).sum() / (a.sum() + b.sum())
    return iou, dice


# %% replaces="step1" hint="is NaN, not 0 and not 1" means_zh="兩邊都沒有的類別，也給了分數" means_en="Gives a score to a class that neither side has" repeat="27:3"
def iou_and_dice(truth, answer, classes):
    """Gives 1 to a class that neither side has."""
    iou, dice = np.ones(classes), np.ones(classes)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any() or b.any():
            iou[kind - 1], dice[kind - 1] = (a & b).sum() / (a | b).sum(), 2 * (a & b).sum() / (a.sum() + b.sum())
    return iou, dice


# %% replaces="step1" hint="missed or made up, it counts" means_zh="只看答案裡有的類別，漏了憑空多出來的" means_en="Looks at the classes of the truth alone and misses what was made up" repeat="27:3"
def iou_and_dice(truth, answer, classes):
    """Looks at the classes of the truth alone."""
    iou, dice = np.full(classes, np.nan), np.full(classes, np.nan)
    for kind in range(1, classes + 1):
        a, b = truth == kind, answer == kind
        if a.any():
            iou[kind - 1], dice[kind - 1] = (a & b).sum() / (a | b).sum(), 2 * (a & b).sum() / (a.sum() + b.sum())
    return iou, dice


# %% replaces="step1" hint="the background has none" means_zh="把背景也算成一類" means_en="Counts the background as a class" repeat="27:2"
def iou_and_dice(truth, answer, classes):
    """Counts the background, too."""
    kinds = [(truth == kind, answer == kind) for kind in range(classes + 1)]
    return ([(a & b).sum() / max((a | b).sum(), 1) for a, b in kinds], [2 * (a & b).sum() / max(a.sum() + b.sum(), 1) for a, b in kinds])


# %% replaces="step2" hint="not all pixels in one heap" means_zh="所有影像的像素倒在一起算" means_en="Puts the pixels of all pictures in one heap" repeat="27:3"
def mean_dice(truths, answers, classes):
    """Puts all pixels in one heap."""
    return np.nanmean(iou_and_dice(truths, answers, classes)[1]) if (truths.any() or answers.any()) else np.nan


# %% replaces="step2" hint="it is no 0 and no 1" means_zh="不算分的影像給了分數" means_en="Gives a score to a picture that does not count" repeat="27:3"
def mean_dice(truths, answers, classes):
    """Gives 0 to a picture that does not count."""
    means = []
    for truth, answer in zip(truths, answers, strict=True):
        dice = iou_and_dice(truth, answer, classes)[1]
        examined = dice[~np.isnan(dice)]
        means.append(examined.mean() if len(examined) else 0)
    return np.mean(means)


# %% replaces="step2" hint="it is neither 0 nor 1" means_zh="把 NaN 當成 0" means_en="Takes NaN for 0" repeat="27:3"
def mean_dice(truths, answers, classes):
    """Takes NaN for 0."""
    return np.mean([np.nan_to_num(iou_and_dice(truth, answer, classes)[1]).mean() for truth, answer in zip(truths, answers, strict=True)])


# %% replaces="step3" hint="A pixel is mostly of its neighbours' class" means_zh="沒有看鄰居，或看得不夠遠" means_en="Does not look at neighbours, or not far enough" repeat="27:8"
def mend(mask):
    """Changes nothing."""
    return mask


# %% replaces="step3" hint="A pixel is mostly of its neighbours' class" means_zh="沒有看鄰居，或看得不夠遠" means_en="Does not look at neighbours, or not far enough" repeat="27:8"
def mend(mask):
    """Looks at the nearest neighbours only."""
    return np.argmax([cv2.blur((mask == kind).astype(np.float32), (3, 3)) for kind in range(4)], axis=0)


# %% replaces="step3" hint="Return a mask of the same size" means_zh="傳回來的不是一樣大的類別遮罩" means_en="Does not return a mask of classes of the same size" repeat="27:8"
def mend(mask):
    """Returns shares, no classes."""
    return cv2.blur(mask.astype(np.float32), (3, 3))

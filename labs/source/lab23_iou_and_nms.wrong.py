# %% replaces="step1" hint="What if they are apart in both directions?" means_zh="分開的方框算出負邊長相乘" means_en="Multiplies negative sides of boxes that lie apart" repeat="23:Non-maximum suppression (NMS)"
def iou(a, b):
    """Multiplies two negative sides of boxes that lie apart."""
    intersection = (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - intersection
    return max(0.0, intersection / union)


# %% replaces="step1" hint="that counts the overlap twice" means_zh="聯集裡重疊算了兩次" means_en="Counts the overlap twice in the union" repeat="23:Non-maximum suppression (NMS)"
def iou(a, b):
    """Takes the sum of the areas for the union."""
    width, height = max(0, min(a[2], b[2]) - max(a[0], b[0])), max(0, min(a[3], b[3]) - max(a[1], b[1]))
    return width * height / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]))


# %% replaces="step1" hint="A width is the difference of the coordinates, without plus 1" means_zh="寬度多加了 1" means_en="Adds 1 to a width" repeat="23:Non-maximum suppression (NMS)"
def iou(a, b):
    """Counts pixels with plus 1."""
    width, height = max(0, min(a[2], b[2]) - max(a[0], b[0]) + 1), max(0, min(a[3], b[3]) - max(a[1], b[1]) + 1)
    areas = [(c[2] - c[0] + 1) * (c[3] - c[1] + 1) for c in (a, b)]
    return width * height / (sum(areas) - width * height)


# %% replaces="step1" hint="without a division by zero" means_zh="沒有面積的方框除以 0" means_en="Divides by zero for boxes without area" repeat="23:Non-maximum suppression (NMS)"
def iou(a, b):
    """Forgets boxes without area."""
    width, height = max(0, min(a[2], b[2]) - max(a[0], b[0])), max(0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - width * height
    return width * height / union


# %% replaces="step2" hint="overlaps boxes of another class only" means_zh="不同類別的方框也互相丟掉" means_en="Drops boxes of another class" repeat="23:Non-maximum suppression (NMS)"
def nms(boxes, scores, class_ids, iou_threshold):
    """Looks at no class."""
    return metrics.nms(boxes, scores, None, iou_threshold)


# %% replaces="step2" hint="a box that was dropped must not drop others" means_zh="已經丟掉的方框又丟掉別人" means_en="Lets a box that was dropped drop others" repeat="23:Non-maximum suppression (NMS)"
def nms(boxes, scores, class_ids, iou_threshold):
    """Drops every box that overlaps a better one, even one that was dropped itself."""
    overlap = metrics.iou(boxes, boxes)
    order = np.argsort(-scores, kind="stable")
    kept = []
    for place, i in enumerate(order):
        better = [k for k in order[:place] if class_ids[k] == class_ids[i]]
        if not any(overlap[i, k] > iou_threshold for k in better):
            kept.append(i)
    return np.array(kept, dtype=int)


# %% replaces="step2" hint="of equal scores the first must stay" means_zh="同分時沒有留下前面的" means_en="Does not keep the first of equal scores" repeat="23:Non-maximum suppression (NMS)"
def nms(boxes, scores, class_ids, iou_threshold):
    """Turns the order of equal scores around."""
    overlap = metrics.iou(boxes, boxes)
    candidates, kept = list(np.argsort(scores, kind="stable")[::-1]), []
    while candidates:
        best = candidates.pop(0)
        kept.append(best)
        candidates = [i for i in candidates if class_ids[i] != class_ids[best] or overlap[best, i] <= iou_threshold]
    return np.array(kept, dtype=int)


# %% replaces="step2" hint="Return the numbers of the boxes kept" means_zh="傳回方框，不是編號" means_en="Returns boxes, not their numbers" repeat="23:Non-maximum suppression (NMS)"
def nms(boxes, scores, class_ids, iou_threshold):
    """Returns boxes, not their numbers."""
    return boxes[metrics.nms(boxes, scores, class_ids, iou_threshold)]


# %% replaces="step3" hint="Another threshold is not enough" means_zh="只換了門檻" means_en="Changes nothing but the threshold" repeat="23:Non-maximum suppression (NMS)"
def clean(boxes, scores):
    """Changes nothing but the threshold."""
    kept = metrics.nms(boxes, scores, iou_threshold=0.55)
    return boxes[kept], scores[kept]


# %% replaces="step3" hint="Return two NumPy arrays" means_zh="沒有傳回方框和分數兩個陣列" means_en="Does not return two arrays, boxes and scores" repeat="23:Non-maximum suppression (NMS)"
def clean(boxes, scores):
    """Returns the numbers of the boxes alone."""
    return metrics.nms(boxes, scores, iou_threshold=0.6)

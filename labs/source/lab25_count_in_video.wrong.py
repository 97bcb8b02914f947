# %% replaces="step1" hint="A box was paired twice" means_zh="同一個方框配了兩次" means_en="Pairs a box twice" repeat="25:5"
def match(before, after, iou_threshold):
    """Takes every pair that overlaps enough."""
    overlap = metrics.iou(before, after)
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(overlap >= iou_threshold), strict=True)]


# %% replaces="step1" hint="the largest IoU goes first, not the first in the list" means_zh="沒有先配 IoU 最大的一對" means_en="Does not pair the largest IoU first" repeat="25:5"
def match(before, after, iou_threshold):
    """First come, first served."""
    overlap, pairs, taken = metrics.iou(before, after), [], set()
    for i in range(len(before)):
        for j in range(len(after)):
            if overlap[i, j] >= iou_threshold and j not in taken:
                pairs.append((i, j))
                taken.add(j)
                break
    return pairs


# %% replaces="step1" hint="the largest IoU goes first, not the first in the list" means_zh="沒有先配 IoU 最大的一對" means_en="Does not pair the largest IoU first" repeat="25:5"
def match(before, after, iou_threshold):
    """Makes the sum of all overlaps as large as possible: another rule."""
    overlap = metrics.iou(before, after)
    rows, columns = linear_sum_assignment(-overlap)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if overlap[i, j] >= iou_threshold]


# %% replaces="step1" hint="its IoU must be at least the threshold" means_zh="重疊不到門檻也配對" means_en="Pairs boxes that overlap less than the threshold" repeat="25:5"
def match(before, after, iou_threshold):
    """Pairs whatever overlaps at all."""
    overlap, pairs = metrics.iou(before, after), []
    while overlap.size and overlap.max() > 0:
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        pairs.append((int(i), int(j)))
        overlap[i], overlap[:, j] = 0, 0
    return pairs


# %% replaces="step2" hint="you count boxes, not objects" means_zh="數的是方框，不是物件" means_en="Counts boxes, not objects" repeat="25:4"
def count_objects(frames):
    """Counts boxes."""
    return sum(len(boxes) for boxes in frames)


# %% replaces="step2" hint="When one leaves as another enters" means_zh="一進一出時只看數量" means_en="Compares numbers only, when one leaves as another enters" repeat="25:5"
def count_objects(frames):
    """Counts by how many the number of boxes rises."""
    numbers = [0, *(len(boxes) for boxes in frames)]
    return sum(max(0, now - before) for before, now in zip(numbers, numbers[1:], strict=False))


# %% replaces="step2" hint="compare with the frame before, not with where it was first seen" means_zh="和第一次看到的位置比，不是和前一個影格比" means_en="Compares with where it was first seen, not with the frame before" repeat="25:5"
def count_objects(frames):
    """Remembers where an object was first seen, and does not follow it."""
    known = np.zeros((0, 4))
    for boxes in frames:
        paired = {j for _, j in optimal_pairs(known, boxes)}
        known = np.vstack([known, *(boxes[j:j + 1] for j in range(len(boxes)) if j not in paired)])
    return len(known)


# %% replaces="step3" hint="mostly too many" means_zh="數得太多：被遮住的車認不得，或算進假警報" means_en="Counts too many: a hidden car is not known again, or false alarms are counted" repeat="25:5"
def count_robustly(frames):
    """Waits for cars that are gone, but does not expect them to drive on."""
    tracks, count = [], 0
    for boxes in frames:
        pairs = optimal_pairs(np.array([track[0] for track in tracks]).reshape(-1, 4), boxes)
        for track in tracks:
            track[1] += 1
        for i, j in pairs:
            tracks[i] = [boxes[j], 0]
        tracks = [track for track in tracks if track[1] <= 8]
        fresh = set(range(len(boxes))) - {j for _, j in pairs}
        count += len(fresh)
        tracks += [[boxes[j], 0] for j in fresh]
    return count


# %% replaces="step3" hint="mostly too few" means_zh="數得太少：只看同一個影格裡最多幾個" means_en="Counts too few" repeat="25:5"
def count_robustly(frames):
    """Takes the largest number of boxes in one frame."""
    return max((len(boxes) for boxes in frames), default=0)

# %% replaces="step1" hint="divide each row by its length" means_zh="把內積當成餘弦，沒有除以長度" means_en="Takes dot products for cosines, without dividing by lengths" repeat="19:4"
def lead_of_he(search, he, she):
    """Takes dot products for cosines."""
    return (search * he).sum(axis=1) - (search * she).sum(axis=1)


# %% replaces="step1" hint="he minus she" means_zh="方向反了：她減他" means_en="The wrong way round: she minus he" repeat="19:9"
def lead_of_he(search, he, she):
    """The wrong way round."""
    search, he, she = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (search, he, she))
    return (search * she).sum(axis=1) - (search * he).sum(axis=1)


# %% replaces="step1" hint="2 numbers are wanted" means_zh="每個搜尋和每份履歷都比了，不是一對一" means_en="Compares every search with every application, not pair by pair" repeat="19:9"
def lead_of_he(search, he, she):
    """Compares every search with every application."""
    search, he, she = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (search, he, she))
    return search @ he.T - search @ she.T


# %% replaces="step2" hint="one side only" means_zh="只數了一邊的極端" means_en="Counts extremes on one side only" repeat="19:10"
def chance(differences, times=4_000, seed=0):
    """Counts one side."""
    signs = np.random.default_rng(seed).choice([-1, 1], size=(times, len(differences)))
    return float(np.mean((signs * differences).mean(axis=1) >= np.mean(differences) - 1e-12))


# %% replaces="step2" hint="sizes count" means_zh="只看正負號，沒看大小" means_en="Looks at signs alone, not at sizes" repeat="19:10"
def chance(differences, times=4_000, seed=0):
    """Counts signs alone."""
    signs = np.random.default_rng(seed).choice([-1, 1], size=(times, len(differences)))
    return float(np.mean(np.abs(signs.sum(axis=1)) >= abs(np.sign(differences).sum())))


# %% replaces="step3" hint="the search is broken" means_zh="把所有向量變成一樣，搜尋就壞了" means_en="Makes all vectors alike, so that search no longer works" repeat="19:9"
def repair(he, she):
    """Makes all vectors alike."""
    return lambda vectors: np.tile(np.eye(vectors.shape[1])[0], (len(vectors), 1))


# %% replaces="step3" hint="not yet half" means_zh="差別沒有減到一半" means_en="Leaves more than half of the difference" repeat="19:9"
def repair(he, she):
    """Changes nothing."""
    return lambda vectors: vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# %% replaces="step3" hint="the length should be 1" means_zh="拿掉一個方向之後，忘了再除以長度" means_en="Forgets to divide by the length again after a direction is taken out" repeat="19:4"
def repair(he, she):
    """Forgets the length."""
    directions = np.linalg.svd(he - she, full_matrices=False)[2][:3]
    return lambda vectors: vectors - vectors @ directions.T @ directions

# %% replaces="step1" hint="wrapped around" means_zh="uint8 乘出來超過 255，沒有先截住" means_en="Lets uint8 wrap around past 255 instead of clipping first" repeat="07:4"
def vary(pictures, random):
    """Lets uint8 wrap around."""
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.7, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * factors[:, None, None, None]
    return changed.astype(np.int64).astype(np.uint8)


# %% replaces="step1" hint="each should decide for itself" means_zh="整批一起翻，或一起不翻" means_en="Mirrors all pictures or none, by one draw" repeat="07:4"
def vary(pictures, random):
    """Mirrors all or none."""
    factors = random.uniform(0.7, 1.3, len(pictures))
    turned = pictures[:, :, ::-1] if random.random() < 0.5 else pictures
    return np.clip(turned * factors[:, None, None, None], 0, 255).round().astype(np.uint8)


# %% replaces="step1" hint="each picture draws its own" means_zh="整批共用一個亮度" means_en="One brightness for the whole batch" repeat="07:4"
def vary(pictures, random):
    """One factor for all."""
    mirrored = random.random(len(pictures)) < 0.5
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * random.uniform(0.8, 1.2)
    return np.clip(changed, 0, 255).round().astype(np.uint8)


# %% replaces="step1" hint="red became blue" means_zh="翻錯了軸：反過來的是顏色通道" means_en="Reverses the wrong axis: the colour channels" repeat="07:4"
def vary(pictures, random):
    """Reverses the channels."""
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.7, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[..., ::-1], pictures) * factors[:, None, None, None]
    return np.clip(changed, 0, 255).round().astype(np.uint8)


# %% replaces="step1" hint="should be uniform from 0.7 to 1.3" means_zh="亮度的範圍抽錯了" means_en="Draws brightness from another range" repeat="07:4"
def vary(pictures, random):
    """Darkens too little."""
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.85, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * factors[:, None, None, None]
    return np.clip(changed, 0, 255).round().astype(np.uint8)


# %% replaces="step2" hint="it used its own" means_zh="別的資料用自己的平均和標準差" means_en="Scales the other data by their own mean and deviation" repeat="07:8"
def standardise(train, other):
    """Each by itself."""
    scale = lambda rows: (rows - rows.mean(axis=0)) / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1)  # noqa: E731
    return scale(train), scale(other)


# %% replaces="step2" hint="was divided by 0" means_zh="不會變的欄，標準差是 0，也拿來除" means_en="Divides by the deviation of a column that never changes" repeat="07:8"
def standardise(train, other):
    """Divides by 0."""
    with np.errstate(all="ignore"):
        return (train - train.mean(axis=0)) / train.std(axis=0), (other - train.mean(axis=0)) / train.std(axis=0)


# %% replaces="step2" hint="not for the whole array" means_zh="整個陣列共用一個平均，沒有一欄一個" means_en="One mean for the whole array, not one a column" repeat="07:8"
def standardise(train, other):
    """One mean for all columns."""
    return (train - train.mean()) / train.std(), (other - train.mean()) / train.std()


# %% replaces="step3" hint="were all nine groups learned" means_zh="只會回答最大的那一組" means_en="Answers the largest group always" repeat="07:2"
def learn(features, groups):
    """Always answers the largest group."""
    largest = np.bincount(groups).argmax()
    return lambda others: np.full(len(others), largest)


# %% replaces="step3" hint="does standardising peek at the test data" means_zh="標準化的時候偷看了測試資料" means_en="Looks at the test data when standardising" repeat="07:8"
def learn(features, groups):
    """Standardises the test data by themselves."""
    from sklearn.linear_model import LogisticRegression

    scale = lambda rows: (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-6)  # noqa: E731
    regression = LogisticRegression(C=3e-3, max_iter=500).fit(scale(features), groups)
    return lambda others: regression.predict(scale(others))

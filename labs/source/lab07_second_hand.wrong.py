# %% replaces="step1" hint="wrapped around"
def vary(pictures, random):
    """Lets uint8 wrap around."""
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.7, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * factors[:, None, None, None]
    return changed.astype(np.int64).astype(np.uint8)


# %% replaces="step1" hint="each should decide for itself"
def vary(pictures, random):
    """Mirrors all or none."""
    factors = random.uniform(0.7, 1.3, len(pictures))
    turned = pictures[:, :, ::-1] if random.random() < 0.5 else pictures
    return np.clip(turned * factors[:, None, None, None], 0, 255).round().astype(np.uint8)


# %% replaces="step1" hint="each picture draws its own"
def vary(pictures, random):
    """One factor for all."""
    mirrored = random.random(len(pictures)) < 0.5
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * random.uniform(0.8, 1.2)
    return np.clip(changed, 0, 255).round().astype(np.uint8)


# %% replaces="step1" hint="red became blue"
def vary(pictures, random):
    """Reverses the channels."""
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.7, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[..., ::-1], pictures) * factors[:, None, None, None]
    return np.clip(changed, 0, 255).round().astype(np.uint8)


# %% replaces="step1" hint="should be uniform from 0.7 to 1.3"
def vary(pictures, random):
    """Darkens too little."""
    mirrored = random.random(len(pictures)) < 0.5
    factors = random.uniform(0.85, 1.3, len(pictures))
    changed = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures) * factors[:, None, None, None]
    return np.clip(changed, 0, 255).round().astype(np.uint8)


# %% replaces="step2" hint="it used its own"
def standardise(train, other):
    """Each by itself."""
    scale = lambda rows: (rows - rows.mean(axis=0)) / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1)  # noqa: E731
    return scale(train), scale(other)


# %% replaces="step2" hint="was divided by 0"
def standardise(train, other):
    """Divides by 0."""
    with np.errstate(all="ignore"):
        return (train - train.mean(axis=0)) / train.std(axis=0), (other - train.mean(axis=0)) / train.std(axis=0)


# %% replaces="step2" hint="not for the whole array"
def standardise(train, other):
    """One mean for all columns."""
    return (train - train.mean()) / train.std(), (other - train.mean()) / train.std()


# %% replaces="step3" hint="were all nine groups learned"
def learn(features, groups):
    """Always answers the largest group."""
    largest = np.bincount(groups).argmax()
    return lambda others: np.full(len(others), largest)


# %% replaces="step3" hint="does standardising peek at the test data"
def learn(features, groups):
    """Standardises the test data by themselves."""
    from sklearn.linear_model import LogisticRegression

    scale = lambda rows: (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-6)  # noqa: E731
    regression = LogisticRegression(C=3e-3, max_iter=500).fit(scale(features), groups)
    return lambda others: regression.predict(scale(others))

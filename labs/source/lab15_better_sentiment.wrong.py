# %% replaces="step1" hint="Is there one space between words?" means_zh="片段不對：漏掉了，或中間不是一個空格" means_en="Gets the pieces wrong: some are missing, or not joined by one space" repeat="11:7"
def ngrams(tokens, largest):
    """Stops one too early."""
    return [" ".join(tokens[start:start + n]) for n in range(1, largest + 1) for start in range(len(tokens) - n)]


# %% replaces="step1" hint="Is there one space between words?" means_zh="片段不對：漏掉了，或中間不是一個空格" means_en="Gets the pieces wrong: some are missing, or not joined by one space" repeat="11:7"
def ngrams(tokens, largest):
    """Joins words without a space."""
    return ["".join(tokens[start:start + n]) for n in range(1, largest + 1) for start in range(len(tokens) - n + 1)]


# %% replaces="step1" hint="Is there one space between words?" means_zh="片段不對：漏掉了，或中間不是一個空格" means_en="Gets the pieces wrong: some are missing, or not joined by one space" repeat="11:7"
def ngrams(tokens, largest):
    """Takes the largest only."""
    return [" ".join(tokens[start:start + largest]) for start in range(len(tokens) - largest + 1)]


# %% replaces="step2" hint="Is the smoothing in it?" means_zh="r 不對：平滑、各自的總和，或對數" means_en="Gets r wrong: smoothing, the sums, or the logarithm" repeat="15:7"
def log_count_ratio(bags, labels, smoothing):
    """Forgets to smooth, and divides by zero."""
    p, q = (np.asarray(bags[labels == side].sum(axis=0)).ravel() for side in (1, 0))
    return np.log((p / p.sum()) / (q / q.sum())), np.log((labels == 1).sum() / (labels == 0).sum())


# %% replaces="step2" hint="Is the smoothing in it?" means_zh="r 不對：平滑、各自的總和，或對數" means_en="Gets r wrong: smoothing, the sums, or the logarithm" repeat="15:7"
def log_count_ratio(bags, labels, smoothing):
    """Compares counts, not shares."""
    p, q = (smoothing + np.asarray(bags[labels == side].sum(axis=0)).ravel() for side in (1, 0))
    return np.log(p / q), np.log((labels == 1).sum() / (labels == 0).sum())


# %% replaces="step2" hint="For and against are swapped" means_zh="正面和負面弄反了" means_en="Swaps for and against" repeat="15:7"
def log_count_ratio(bags, labels, smoothing):
    """Turns the ratio around."""
    q, p = (smoothing + np.asarray(bags[labels == side].sum(axis=0)).ravel() for side in (1, 0))
    return np.log((p / p.sum()) / (q / q.sum())), np.log((labels == 0).sum() / (labels == 1).sum())


# %% replaces="step2" hint="with unequal numbers of positive and negative reviews it is not 0" means_zh="以為兩類一樣多，先驗是 0" means_en="Takes the classes for equally large, so that b is 0" repeat="15:7"
def log_count_ratio(bags, labels, smoothing):
    """Takes the classes for equally large."""
    p, q = (smoothing + np.asarray(bags[labels == side].sum(axis=0)).ravel() for side in (1, 0))
    return np.log((p / p.sum()) / (q / q.sum())), 0.0


# %% replaces="step3" hint="What does the baseline not look at?" means_zh="沒有用到基準線沒看的東西" means_en="Looks at nothing that the baseline leaves out" repeat="15:7"
def train_classifier(texts, labels):
    """The baseline with fewer words."""
    model = make_pipeline(CountVectorizer(max_features=2_000), LogisticRegression(max_iter=1_000)).fit(texts, labels)
    return lambda reviews: model.predict_proba(reviews)[:, 1]


# %% replaces="step3" hint="should get as many probabilities from 0 to 1" means_zh="傳回的不是每篇一個機率" means_en="Returns something else than one probability for each review" repeat="15:7"
def train_classifier(texts, labels):
    """Returns both columns of probabilities."""
    model = make_pipeline(CountVectorizer(max_features=2_000), LogisticRegression(max_iter=1_000)).fit(texts, labels)
    return model.predict_proba

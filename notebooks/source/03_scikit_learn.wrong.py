# %% replaces="one_hot" hint="is still numbering"
def to_one_hot(values, kinds):
    return np.searchsorted(kinds, values)


# %% replaces="one_hot" hint="it is the values that stand up"
def to_one_hot(values, kinds):
    return (values == kinds[:, None]).astype(int)


# %% replaces="one_hot" hint="exactly one 1"
def to_one_hot(values, kinds):
    return (values[:, None] != kinds).astype(int)


# %% replaces="one_hot" hint="in the order of kinds"
def to_one_hot(values, kinds):
    return (values[:, None] == kinds[::-1]).astype(int)


# %% replaces="scaled" hint="a look at the exam"
def scaled_by(train, table):
    return (table - table.mean(axis=0)) / table.std(axis=0)


# %% replaces="scaled" hint="Means go column by column"
def scaled_by(train, table):
    return (table - train.mean()) / train.std()


# %% replaces="scaled" hint="not its variance"
def scaled_by(train, table):
    return (table - train.mean(axis=0)) / train.var(axis=0)


# %% replaces="scaled" hint="both come from train"
def scaled_by(train, table):
    return (table - train.mean(axis=0)) / table.std(axis=0)


# %% replaces="precision" hint="They have changed places"
def precision_and_recall(matrix, kind):
    right = matrix[kind, kind]
    return right / matrix[kind].sum(), right / matrix[:, kind].sum()


# %% replaces="precision" hint="nor all samples"
def precision_and_recall(matrix, kind):
    right = matrix[kind, kind]
    return right / np.trace(matrix), right / np.trace(matrix)


# %% replaces="precision" hint="the diagonal included"
def precision_and_recall(matrix, kind):
    right = matrix[kind, kind]
    return right / (matrix[:, kind].sum() - right), right / (matrix[kind].sum() - right)


# %% replaces="precision" hint="first precision, then recall"
def precision_and_recall(matrix, kind):
    return matrix[kind, kind] / matrix[:, kind].sum()


# %% replaces="honest" hint="inside the pipeline"
def honest_accuracy(seed):
    noise, answers, parts = pure_noise(seed)
    best = SelectKBest(k=20).fit_transform(noise, answers)
    return cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), best, answers, cv=parts).mean()


# %% replaces="honest" hint="the first step of the pipeline selects"
def honest_accuracy(seed):
    noise, answers, parts = pure_noise(seed)
    return cross_val_score(LogisticRegression(), noise, answers, cv=parts).mean()


# %% replaces="honest" hint="return their mean"
def honest_accuracy(seed):
    noise, answers, parts = pure_noise(seed)
    return cross_val_score(make_pipeline(SelectKBest(k=20), LogisticRegression()), noise, answers, cv=parts)


# %% replaces="honest" hint="The conditions are those of the leak"
def honest_accuracy(seed):
    noise, answers, parts = pure_noise(seed)
    return cross_val_score(make_pipeline(SelectKBest(), LogisticRegression()), noise, answers, cv=2).mean()

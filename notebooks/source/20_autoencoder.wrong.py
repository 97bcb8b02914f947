# %% replaces="rebuild" hint="add it again"
def rebuild(scores, numbers):
    """Forgets the mean."""
    return np.clip(scores[:, :numbers] @ pca.components_[:numbers], 0, 1)


# %% replaces="rebuild" hint="cut them"
def rebuild(scores, numbers):
    """Does not cut."""
    return scores[:, :numbers] @ pca.components_[:numbers] + pca.mean_


# %% replaces="rebuild" hint="slice the scores and the components"
def rebuild(scores, numbers):
    """Uses all the numbers."""
    return np.clip(scores @ pca.components_ + pca.mean_, 0, 1)


# %% replaces="rebuild" hint="50 images should come back"
def rebuild(scores, numbers):
    """Adds the components up for all images at once."""
    return np.clip(np.sum(scores[:, :numbers] @ pca.components_[:numbers], axis=0) + pca.mean_, 0, 1)


# %% replaces="walk" hint="Were the mixed codes decoded"
code_first, code_second = model.encode(np.stack([first, second]))
walked = (1 - t) * code_first + t * code_second

# %% replaces="walk" hint="encode first, then mix the codes"
walked = model.reconstruct(mixed_pixels)

# %% replaces="walk" hint="which one is multiplied by 1 − t"
code_first, code_second = model.encode(np.stack([first, second]))
walked = model.decode(t * code_first + (1 - t) * code_second)

# %% replaces="walk" hint="which mixes pixels again"
image_first, image_second = model.reconstruct(np.stack([first, second]))
walked = (1 - t[..., None]) * image_first + t[..., None] * image_second


# %% replaces="place" hint="Its centre is not the mean"
def place(draws, codes):
    """Forgets the mean."""
    return draws @ np.linalg.cholesky(np.cov(codes, rowvar=False)).T


# %% replaces="place" hint="standard deviations alone are not enough"
def place(draws, codes):
    """Each number for itself."""
    return codes.mean(axis=0) + draws * codes.std(axis=0)


# %% replaces="place" hint="by its transpose, or by the covariance itself"
def place(draws, codes):
    """Forgets to transpose."""
    return codes.mean(axis=0) + draws @ np.linalg.cholesky(np.cov(codes, rowvar=False))


# %% replaces="place" hint="by its transpose, or by the covariance itself"
def place(draws, codes):
    """Multiplies by the covariance."""
    return codes.mean(axis=0) + draws @ np.cov(codes, rowvar=False)


# %% replaces="draw" hint="its square root is wanted"
def draw(mean, log_variance, epsilon):
    """Takes the variance for the standard deviation."""
    return mean + ops.exp(log_variance) * epsilon


# %% replaces="draw" hint="how does log σ² become σ"
def draw(mean, log_variance, epsilon):
    """Halves the logarithm and forgets to take it back."""
    return mean + log_variance / 2 * epsilon


# %% replaces="draw" hint="is the factor epsilon missing"
def draw(mean, log_variance, epsilon):
    """Adds the width without chance."""
    return mean + ops.exp(log_variance / 2)


# %% replaces="draw" hint="the code should be the mean itself"
def draw(mean, log_variance, epsilon):
    """Forgets the mean."""
    return ops.exp(log_variance / 2) * epsilon


# %% replaces="variance" hint="the clouds' own σ² is missing"
def drawn_variance(mean, log_variance):
    """The centres alone."""
    return mean.var(axis=0)


# %% replaces="variance" hint="the spread of the centres is missing"
def drawn_variance(mean, log_variance):
    """The clouds alone."""
    return np.exp(log_variance).mean(axis=0)


# %% replaces="variance" hint="the mean of σ², not of σ"
def drawn_variance(mean, log_variance):
    """Adds standard deviations, not variances."""
    return mean.var(axis=0) + np.exp(log_variance / 2).mean(axis=0)


# %% replaces="variance" hint="average over the images"
def drawn_variance(mean, log_variance):
    """Averages over everything."""
    return mean.var() + np.exp(log_variance).mean()

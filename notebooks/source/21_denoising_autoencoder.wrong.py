# %% replaces="noise" hint="All images got the same noise"
def add_noise(images, sigma, random):
    """One noise for all images."""
    return np.clip(images + sigma * random.standard_normal(images.shape[1:]), 0, 1)


# %% replaces="noise" hint="All pixels of an image got the same number"
def add_noise(images, sigma, random):
    """One number for each image."""
    return np.clip(images + sigma * random.standard_normal((len(images), 1, 1)), 0, 1)


# %% replaces="noise" hint="multiply by sigma itself"
def add_noise(images, sigma, random):
    """Takes sigma for the variance."""
    return np.clip(images + np.sqrt(sigma) * random.standard_normal(images.shape), 0, 1)


# %% replaces="noise" hint="cut them off"
def add_noise(images, sigma, random):
    """Does not cut."""
    return images + sigma * random.standard_normal(images.shape)


# %% replaces="psnr" hint="you took a root or absolute values"
def psnr(reference, images):
    """Takes the root of the mean squared error."""
    return 10 * np.log10(1 / np.sqrt(np.mean((images - reference) ** 2)))


# %% replaces="psnr" hint="A smaller error should give more decibels"
def psnr(reference, images):
    """Upside down."""
    return 10 * np.log10(np.mean((images - reference) ** 2))


# %% replaces="psnr" hint="The logarithm has base 10"
def psnr(reference, images):
    """The natural logarithm."""
    return 10 * np.log(1 / np.mean((images - reference) ** 2))


# %% replaces="psnr" hint="the mean over all pixels"
def psnr(reference, images):
    """One number for each image."""
    return 10 * np.log10(1 / np.mean((images - reference) ** 2, axis=(1, 2)))


# %% replaces="linear" hint="has not been divided"
def least_squares(A, X):
    """Forgets to solve."""
    return A.T @ X


# %% replaces="linear" hint="forgets that columns vary together"
def least_squares(A, X):
    """Each column for itself."""
    return A.T @ X / np.square(A).sum(axis=0)[:, None]


# %% replaces="linear" hint="so W should be (5, 3)"
def least_squares(A, X):
    """Predicts A from X."""
    return np.linalg.solve(X.T @ X, X.T @ A)


# %% replaces="linear" hint="so W should be (5, 3)"
def least_squares(A, X):
    """Transposed."""
    return np.linalg.solve(A.T @ A, A.T @ X).T


# %% replaces="pair" hint="the network need only copy"
def pair(images, spoil):
    """The wrong way round."""
    return images, spoil(images)


# %% replaces="pair" hint="would learn to copy noise"
def pair(images, spoil):
    """A plain autoencoder of noisy images."""
    noisy = spoil(images)
    return noisy, noisy


# %% replaces="pair" hint="The answer is noisy as well"
def pair(images, spoil):
    """Two noisy versions of each image."""
    return spoil(images), spoil(images)


# %% replaces="pair" hint="the network need only copy"
def pair(images, spoil):
    """The plain autoencoder of the lesson before."""
    return images, images

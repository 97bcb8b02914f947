# %% replaces="step1" hint="divide each row by its length"
def lead_of_he(search, he, she):
    """Takes dot products for cosines."""
    return (search * he).sum(axis=1) - (search * she).sum(axis=1)


# %% replaces="step1" hint="he minus she"
def lead_of_he(search, he, she):
    """The wrong way round."""
    search, he, she = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (search, he, she))
    return (search * she).sum(axis=1) - (search * he).sum(axis=1)


# %% replaces="step1" hint="2 numbers are wanted"
def lead_of_he(search, he, she):
    """Compares every search with every application."""
    search, he, she = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (search, he, she))
    return search @ he.T - search @ she.T


# %% replaces="step2" hint="one side only"
def chance(differences, times=4_000, seed=0):
    """Counts one side."""
    signs = np.random.default_rng(seed).choice([-1, 1], size=(times, len(differences)))
    return float(np.mean((signs * differences).mean(axis=1) >= np.mean(differences) - 1e-12))


# %% replaces="step2" hint="sizes count"
def chance(differences, times=4_000, seed=0):
    """Counts signs alone."""
    signs = np.random.default_rng(seed).choice([-1, 1], size=(times, len(differences)))
    return float(np.mean(np.abs(signs.sum(axis=1)) >= abs(np.sign(differences).sum())))


# %% replaces="step3" hint="the search is broken"
def repair(he, she):
    """Makes all vectors alike."""
    return lambda vectors: np.tile(np.eye(vectors.shape[1])[0], (len(vectors), 1))


# %% replaces="step3" hint="not yet half"
def repair(he, she):
    """Changes nothing."""
    return lambda vectors: vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# %% replaces="step3" hint="the length should be 1"
def repair(he, she):
    """Forgets the length."""
    directions = np.linalg.svd(he - she, full_matrices=False)[2][:3]
    return lambda vectors: vectors - vectors @ directions.T @ directions

# %% replaces="mirror" hint="reversed, red becomes blue"
def mirror_some(pictures, random):
    """Reverses the channels."""
    chosen = random.random(len(pictures)) < 0.5
    return np.where(chosen[:, None, None, None], pictures[..., ::-1], pictures)


# %% replaces="mirror" hint="turns a picture upside down"
def mirror_some(pictures, random):
    """Reverses the rows."""
    chosen = random.random(len(pictures)) < 0.5
    return np.where(chosen[:, None, None, None], pictures[:, ::-1], pictures)


# %% replaces="mirror" hint="The given array was changed"
def mirror_some(pictures, random):
    """Writes into what it was given."""
    chosen = random.random(len(pictures)) < 0.5
    pictures[chosen] = pictures[chosen][:, :, ::-1]
    return pictures


# %% replaces="mirror" hint="Each picture goes by its own number"
def mirror_some(pictures, random):
    """Mirrors all or none."""
    chosen = random.random(len(pictures)) < 0.5
    return pictures[:, :, ::-1] if chosen.any() else pictures


# %% replaces="mirror" hint="Neither the number of pictures nor their size should change"
def mirror_some(pictures, random):
    """Returns the chosen alone."""
    chosen = random.random(len(pictures)) < 0.5
    return pictures[chosen][:, :, ::-1]


# %% replaces="axes" hint="the picture would be transposed"
def kernel_for_keras(kernel):
    """Turns all the axes round."""
    return kernel.T


# %% replaces="axes" hint="without turning axes"
def kernel_for_keras(kernel):
    """Changes the shape alone."""
    out, into, height, width = kernel.shape
    return kernel.reshape(height, width, into, out)


# %% replaces="axes" hint="from which old axis the new first one comes"
def kernel_for_keras(kernel):
    """Leaves out before in."""
    return kernel.transpose(2, 3, 0, 1)


# %% replaces="fold" hint="divided by its own deviation"
def as_dense(A, b, mean, deviation):
    """Forgets the deviation in the kernel."""
    return A, b - mean / deviation @ A


# %% replaces="fold" hint="Where has the mean gone"
def as_dense(A, b, mean, deviation):
    """Forgets the mean."""
    return A / deviation[:, None], b


# %% replaces="fold" hint="so c is b minus μ·W"
def as_dense(A, b, mean, deviation):
    """Takes the mean times A, which is not yet divided."""
    return A / deviation[:, None], b - mean @ A


# %% replaces="fold" hint="so c is b minus μ·W"
def as_dense(A, b, mean, deviation):
    """Adds the mean."""
    W = A / deviation[:, None]
    return W, b + mean @ W


# %% replaces="balanced" hint="from 0 in every group"
def balanced(groups, n, random):
    """Counts through all pictures, as if there were no groups."""
    order = random.permutation(len(groups))
    turn = np.zeros(len(groups), int)
    for group in np.unique(groups):
        own = order[groups[order] == group]
        turn[own] = own
    return order[np.argsort(turn[order], kind="stable")][:n]


# %% replaces="balanced" hint="from 0 in every group"
def balanced(groups, n, random):
    """Gives every picture of a group the same turn."""
    order = random.permutation(len(groups))
    turn = np.zeros(len(groups), int)
    for group in np.unique(groups):
        own = order[groups[order] == group]
        turn[own] = group
    return order[np.argsort(turn[order], kind="stable")][:n]

# %% replaces="centred" hint="say along which axis"
def centred(table):
    return table - table.mean()


# %% replaces="centred" hint="Now each column has mean 0"
def centred(table):
    return table - table.mean(axis=0)


# %% replaces="centred" hint="Stand them up as a column"
def centred(table):
    return table - table.mean(axis=1)


# %% replaces="centred" hint="writes into the caller's memory"
def centred(table):
    table -= table.mean(axis=1, keepdims=True)
    return table


# %% replaces="brighter" hint="First the type, then the sum"
def brighter(image, by):
    return image + by


# %% replaces="brighter" hint="First the type, then the sum"
def brighter(image, by):
    return np.clip((image + by).astype(int), 0, 255)


# %% replaces="brighter" hint="cut off what is above"
def brighter(image, by):
    return image.astype(int) + by


# %% replaces="mean_face" hint="only the axis"
def mean_face(label):
    return x_train[y_train == label].mean()


# %% replaces="mean_face" hint="only the axis"
def mean_face(label):
    return x_train[y_train == label].mean(axis=1)


# %% replaces="mean_face" hint="pick by the labels"
def mean_face(label):
    return x_train[label]


# %% replaces="mean_face" hint="pick those of this digit first"
def mean_face(label):
    return x_train.mean(axis=0)


# %% replaces="mean_face" hint="not a sum or a median"
def mean_face(label):
    return np.median(x_train[y_train == label], axis=0)


# %% replaces="distance" hint="square them first"
def squared_distance(pictures, mean):
    return (pictures - mean).sum(axis=1)


# %% replaces="distance" hint="not the sum afterwards"
def squared_distance(pictures, mean):
    return (pictures - mean).sum(axis=1) ** 2


# %% replaces="distance" hint="the axis of the pixels"
def squared_distance(pictures, mean):
    return ((pictures - mean) ** 2).sum(axis=0)


# %% replaces="distance" hint="no root, no mean"
def squared_distance(pictures, mean):
    return np.sqrt(((pictures - mean) ** 2).sum(axis=1))

# %% replaces="split" hint="To reshape to (heads, letters, …) at once tears letters apart"
def split(x, heads):
    letters, width = x.shape
    return x.reshape(heads, letters, width // heads)


# %% replaces="split" hint="The shape is (heads, letters, width / heads)"
def split(x, heads):
    letters, width = x.shape
    return x.reshape(letters, heads, width // heads)


# %% replaces="split" hint="next to one another"
def split(x, heads):
    letters, width = x.shape
    return x.reshape(letters, width // heads, heads).transpose(2, 0, 1)


# %% replaces="norm" hint="not over letters"
def norm(x, scale, shift, epsilon=1e-3):
    mean, variance = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    return scale * (x - mean) / np.sqrt(variance + epsilon) + shift


# %% replaces="norm" hint="Divide by the standard deviation"
def norm(x, scale, shift, epsilon=1e-3):
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return scale * (x - mean) / (variance + epsilon) + shift


# %% replaces="norm" hint="Normalise first, then times scale"
def norm(x, scale, shift, epsilon=1e-3):
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return (scale * x + shift - mean) / np.sqrt(variance + epsilon)


# %% replaces="block" hint="the shortcut is missing"
def block(x, norm_1, attend, norm_2, think):
    x = attend(norm_1(x))
    return think(norm_2(x))


# %% replaces="block" hint="leave x on the shortcut alone"
def block(x, norm_1, attend, norm_2, think):
    x = norm_1(x + attend(x))
    return norm_2(x + think(x))


# %% replaces="block" hint="attend gets norm_1(x)"
def block(x, norm_1, attend, norm_2, think):
    x = x + attend(x)
    return x + think(x)


# %% replaces="block" hint="think gets the x **after** attend was added"
def block(x, norm_1, attend, norm_2, think):
    return x + attend(norm_1(x)) + think(norm_2(x))


# %% replaces="once" hint="Three windows of 4"
def each_letter_once(found):
    return found.ravel()


# %% replaces="once" hint="the first window counts as a whole"
def each_letter_once(found):
    half = found.shape[1] // 2
    return found[:, half:].ravel()


# %% replaces="once" hint="Keep the second half"
def each_letter_once(found):
    half = found.shape[1] // 2
    return np.concatenate([found[0], found[1:, :half].ravel()])


# %% replaces="cache" hint="Append its own key and value first"
def read_one(new, kept, Wq, Wk, Wv):
    keys, values = kept
    seen = attention.attend(new @ Wq, keys, values)[0] if len(keys) else np.zeros((1, 4))
    return seen, (np.vstack([keys, new @ Wk]), np.vstack([values, new @ Wv]))


# %% replaces="cache" hint="With each letter keys and values get one row more"
def read_one(new, kept, Wq, Wk, Wv):
    keys, values = kept
    keys, values = new @ Wk, np.vstack([values, values, new @ Wv, new @ Wv])
    return (new @ Wv), (keys, values)


# %% replaces="cache" hint="Earlier keys and values stay"
def read_one(new, kept, Wq, Wk, Wv):
    keys, values = new @ Wk, new @ Wv
    seen, _ = attention.attend(new @ Wq, keys, values)
    return seen, (keys, values)


# %% replaces="cache" hint="The query is the new letter's"
def read_one(new, kept, Wq, Wk, Wv):
    keys, values = np.vstack([kept[0], new @ Wk]), np.vstack([kept[1], new @ Wv])
    seen, _ = attention.attend(new @ Wk, keys, values)
    return seen, (keys, values)

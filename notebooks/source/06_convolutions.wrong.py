# %% replaces="window" hint="the matrix product @"
def cross_correlate(image, kernel):
    size = len(kernel)
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = (image[i:i + size, j:j + size] @ kernel).sum()
    return output


# %% replaces="window" hint="neither turned over nor transposed"
def cross_correlate(image, kernel):
    size = len(kernel)
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = (image[i:i + size, j:j + size] * kernel[::-1, ::-1]).sum()
    return output


# %% replaces="window" hint="added up, not averaged"
def cross_correlate(image, kernel):
    size = len(kernel)
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = (image[i:i + size, j:j + size] * kernel).mean()
    return output


# %% replaces="window" hint="i goes down, the first axis"
def cross_correlate(image, kernel):
    size = len(kernel)
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = (image[j:j + size, i:i + size] * kernel).sum()
    return output


# %% replaces="window" hint="write the result to output"
def cross_correlate(image, kernel):
    size = len(kernel)
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    output = np.zeros((rows, columns), image.dtype)
    for i in range(rows):
        for j in range(columns):
            output_here = (image[i:i + size, j:j + size] * kernel).sum()  # noqa: F841 (kept in a name, not in the array)
    return output


# %% replaces="size" hint="the first place counts too"
def output_size(n, k, p=0, s=1):
    return (n + 2 * p - k) // s


# %% replaces="size" hint="so it is 2p"
def output_size(n, k, p=0, s=1):
    return (n + p - k) // s + 1


# %% replaces="size" hint="The stride s divides"
def output_size(n, k, p=0, s=1):
    return n + 2 * p - k + 1


# %% replaces="size" hint="There is no half place"
def output_size(n, k, p=0, s=1):
    return (n + 2 * p - k) / s + 1


# %% replaces="parameters" hint="The bias is missing"
def conv_parameters(size, maps_in, filters):
    return size * size * maps_in * filters


# %% replaces="parameters" hint="for each map that comes in"
def conv_parameters(size, maps_in, filters):
    return (size * size + 1) * filters


# %% replaces="parameters" hint="they do not share one"
def conv_parameters(size, maps_in, filters):
    return size * size * maps_in * filters + 1


# %% replaces="normalise" hint="the places are averaged as well"
def batch_norm(z, gamma, beta, epsilon=0.001):
    return gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + epsilon) + beta


# %% replaces="normalise" hint="the batch is averaged as a whole"
def batch_norm(z, gamma, beta, epsilon=0.001):
    mean, variance = z.mean(axis=(1, 2), keepdims=True), z.var(axis=(1, 2), keepdims=True)
    return gamma * (z - mean) / np.sqrt(variance + epsilon) + beta


# %% replaces="normalise" hint="the three axes that are not the channel"
def batch_norm(z, gamma, beta, epsilon=0.001):
    return gamma * (z - z.mean(axis=-1, keepdims=True)) / np.sqrt(z.var(axis=-1, keepdims=True) + epsilon) + beta


# %% replaces="normalise" hint="the root of the variance"
def batch_norm(z, gamma, beta, epsilon=0.001):
    return gamma * (z - z.mean(axis=(0, 1, 2))) / (z.var(axis=(0, 1, 2)) + epsilon) + beta


# %% replaces="normalise" hint="multiply by gamma and add beta"
def batch_norm(z, gamma, beta, epsilon=0.001):
    return (z - z.mean(axis=(0, 1, 2))) / np.sqrt(z.var(axis=(0, 1, 2)) + epsilon)


# %% replaces="skip" hint="along one road slopes multiply"
slopes = np.random.default_rng(7).uniform(-0.3, 0.3, 20)
plain_slope = np.sum(slopes)
skip_slope = np.sum(1 + slopes)

# %% replaces="skip" hint="not one for the whole stack"
slopes = np.random.default_rng(7).uniform(-0.3, 0.3, 20)
plain_slope = np.prod(slopes)
skip_slope = 1 + np.prod(slopes)

# %% replaces="skip" hint="The slope of a block is 1"
slopes = np.random.default_rng(7).uniform(-0.3, 0.3, 20)
plain_slope = np.prod(slopes)
skip_slope = np.prod(slopes)

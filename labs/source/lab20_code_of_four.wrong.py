# %% replaces="step1" hint="The mean is that of train, not of images" means_zh="PCA 的平均或方向取錯了" means_en="Takes a wrong mean or wrong directions for PCA" repeat="20:2"
def pca_reconstruct(train, images, numbers):
    """Takes the mean of the images."""
    mean = images.mean(axis=0)
    vt = np.linalg.svd(train - train.mean(axis=0), full_matrices=False)[2]
    return (images - mean) @ vt[:numbers].T @ vt[:numbers] + mean


# %% replaces="step1" hint="The mean is that of train, not of images" means_zh="PCA 的平均或方向取錯了" means_en="Takes a wrong mean or wrong directions for PCA" repeat="20:2"
def pca_reconstruct(train, images, numbers):
    """Takes the first eigenvectors, which are the smallest."""
    mean = train.mean(axis=0)
    vectors = np.linalg.eigh((train - mean).T @ (train - mean))[1][:, :numbers]
    return (images - mean) @ vectors @ vectors.T + mean


# %% replaces="step1" hint="The images should come back in the shape that they had" means_zh="傳回壓縮碼，沒有還原成影像" means_en="Returns codes, not images" repeat="20:2"
def pca_reconstruct(train, images, numbers):
    """Returns the codes."""
    mean = train.mean(axis=0)
    vt = np.linalg.svd(train - mean, full_matrices=False)[2]
    return (images - mean) @ vt[:numbers].T


# %% replaces="step2" hint="The encoder should turn (28, 28) into" means_zh="編碼器的輸出大小不對" means_en="Builds an encoder whose code has another size" repeat="20:3"
def build_networks(code_dim):
    """A code that is too wide."""
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(32)])
    decoder = keras.Sequential([keras.Input((32,)), layers.Dense(784, "sigmoid"), layers.Reshape((28, 28))])
    return encoder, decoder


# %% replaces="step2" hint="no pixel is negative" means_zh="解碼器最後沒有限制在 0 到 1" means_en="Does not keep pixels from 0 to 1 at the end of the decoder" repeat="20:3"
def build_networks(code_dim):
    """No activation at the end."""
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(code_dim)])
    decoder = keras.Sequential([keras.Input((code_dim,)), layers.Dense(128, "relu"), layers.Dense(784), layers.Reshape((28, 28))])
    return encoder, decoder


# %% replaces="step2" hint="it learns too slowly, or cannot learn" means_zh="沒有非線性，或隱藏層太窄" means_en="No non-linear activation, or too narrow a hidden layer" repeat="20:2"
def build_networks(code_dim):
    """Linear layers only: at best as good as PCA."""
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(64), layers.Dense(code_dim)])
    decoder = keras.Sequential([keras.Input((code_dim,)), layers.Dense(64), layers.Dense(784, "sigmoid"), layers.Reshape((28, 28))])
    return encoder, decoder


# %% replaces="step3" hint="Did it learn long enough" means_zh="學得不夠久，或學習率沒有降" means_en="Trains too little, or never lowers the learning rate" repeat="20:4"
def learn_code(images):
    """PCA again."""
    pca = PCA(4, random_state=0).fit(images[:5_000].reshape(-1, 784))

    def encode(images):
        return pca.transform(images.reshape(-1, 784))

    def decode(codes):
        return np.clip(pca.inverse_transform(codes), 0, 1).reshape(-1, 28, 28)

    return encode, decode


# %% replaces="step3" hint="Each image must become four finite floating-point numbers" means_zh="壓縮碼不是四個數" means_en="Makes codes that are not four numbers" repeat="20:3"
def learn_code(images):
    """Keeps the whole image."""
    return (lambda images: images.reshape(-1, 784)), (lambda codes: codes.reshape(-1, 28, 28))


# %% replaces="step3" hint="a code must depend on its own image only" means_zh="把整張圖記起來，碼只是編號" means_en="Remembers the images and passes on their numbers" repeat="20:4"
def learn_code(images):
    """Remembers the images and passes on their numbers."""
    kept = []

    def encode(images):
        kept[:] = [images]
        return np.repeat(np.arange(len(images), dtype=float)[:, None], 4, axis=1)

    def decode(codes):
        return kept[0][codes[:, 0].astype(int)]

    return encode, decode

# %% replaces="step1" hint="The slope of tanh is missing" means_zh="漏了 tanh 的斜率" means_en="Leaves out the slope of tanh" repeat="05:4"
def backward_tanh(weights, x, y):
    """Goes from h straight to z1."""
    W2 = weights[2]
    h, z2 = forward_tanh(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = d_z2 @ W2.T
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="step1" hint="That is the slope of ReLU" means_zh="用了 ReLU 的斜率" means_en="Takes the slope of ReLU" repeat="05:2"
def backward_tanh(weights, x, y):
    """Copies the line of lesson 05."""
    W2 = weights[2]
    h, z2 = forward_tanh(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = d_z2 @ W2.T * (h > 0)
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="step1" hint="which is written with the output of tanh" means_zh="斜率用了 z，不是 tanh 的輸出" means_en="Takes the slope from z, not from the output of tanh" repeat="05:2"
def backward_tanh(weights, x, y):
    """Takes 1 − z1²."""
    W1, b1, W2, _ = weights
    h, z2 = forward_tanh(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = d_z2 @ W2.T * (1 - (x @ W1 + b1) ** 2)
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="step1" hint="divide by the number of examples" means_zh="忘了損失是平均" means_en="Forgets that the loss is a mean" repeat="05:6"
def backward_tanh(weights, x, y):
    """Adds up the examples."""
    W2 = weights[2]
    h, z2 = forward_tanh(weights, x)
    d_z2 = sigmoid(z2) - y
    d_z1 = d_z2 @ W2.T * (1 - h**2)
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="step1" hint="begin with p − y" means_zh="誤差方向反了，或不是從 p − y 開始" means_en="Has the error the wrong way round, or does not begin with p − y" repeat="05:4"
def backward_tanh(weights, x, y):
    """Takes truth minus prediction."""
    W2 = weights[2]
    h, z2 = forward_tanh(weights, x)
    d_z2 = (y - sigmoid(z2)) / len(x)
    d_z1 = d_z2 @ W2.T * (1 - h**2)
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="step2" hint="no ReLU after the last layer" means_zh="最後一層後面也加了 ReLU" means_en="Puts a ReLU after the last layer, too" repeat="05:6"
def scores(weights, x):
    """A ReLU after every layer."""
    h = x
    for k in range(0, len(weights), 2):
        h = np.maximum(0, h @ weights[k] + weights[k + 1])
    return h


def backward(weights, x, y):
    """Never comes to its turn."""


# %% replaces="step2" hint="with a ReLU between every two" means_zh="兩層之間沒有 ReLU" means_en="Has no ReLU between the layers" repeat="05:3"
def scores(weights, x):
    """Lines of lines."""
    h = x
    for k in range(0, len(weights), 2):
        h = h @ weights[k] + weights[k + 1]
    return h


def backward(weights, x, y):
    """Right for one layer, which is as far as it gets."""
    d_z = (sigmoid(scores(weights, x)) - y) / len(x)
    return [x.T @ d_z, d_z.sum(axis=0)]


# %% replaces="step2" hint="The last layer but one is wrong" means_zh="漏了 ReLU 的斜率" means_en="Leaves out the slope of ReLU" repeat="05:6"
def scores(weights, x):
    """Right."""
    return right_scores(weights, x)


def backward(weights, x, y):
    """Lets the gradient pass where ReLU is flat."""
    inputs = [x]
    for k in range(0, len(weights) - 2, 2):
        inputs.append(np.maximum(0, inputs[-1] @ weights[k] + weights[k + 1]))
    d_z = (sigmoid(inputs[-1] @ weights[-2] + weights[-1]) - y) / len(x)
    gradients = []
    for k in reversed(range(0, len(weights), 2)):
        gradients = [inputs[k // 2].T @ d_z, d_z.sum(axis=0), *gradients]
        d_z = d_z @ weights[k].T
    return gradients


# %% replaces="step2" hint="begins as (p − y) / n" means_zh="最後一層就錯了：沒有從 (p − y) / n 開始，或 W 的梯度沒有用這一層的輸入" means_en="Goes wrong at the last layer: does not begin with (p − y) / n, or leaves the input out of the gradient of W" repeat="05:6"
def scores(weights, x):
    """Right."""
    return right_scores(weights, x)


def backward(weights, x, y):
    """Forgets to divide by n."""
    return [len(x) * g for g in by_finite_differences(lambda moved: mean_loss(right_scores(moved, x), y), weights)]


# %% replaces="step2" hint="begins as (p − y) / n" means_zh="最後一層就錯了：沒有從 (p − y) / n 開始，或 W 的梯度沒有用這一層的輸入" means_en="Goes wrong at the last layer: does not begin with (p − y) / n, or leaves the input out of the gradient of W" repeat="05:6"
def scores(weights, x):
    """Right."""
    return right_scores(weights, x)


def backward(weights, x, y):
    """Leaves the input of each layer out of the gradient of its W, which is that of b then."""
    right = by_finite_differences(lambda moved: mean_loss(right_scores(moved, x), y), weights)
    return [g for W, b in zip(weights[::2], right[1::2], strict=True) for g in (0 * W + b, b)]


# %% replaces="step2" hint="Layers further forward are wrong" means_zh="前面的層漏了 ReLU 的斜率，或 d_z 沒有一層一層傳" means_en="Leaves out the slopes of the earlier ReLUs, or does not hand d_z on from layer to layer" repeat="05:4"
def scores(weights, x):
    """Right."""
    return right_scores(weights, x)


def backward(weights, x, y):
    """Forgets the slopes of all ReLUs but the last."""
    inputs = [x]
    for k in range(0, len(weights) - 2, 2):
        inputs.append(np.maximum(0, inputs[-1] @ weights[k] + weights[k + 1]))
    d_z = (sigmoid(inputs[-1] @ weights[-2] + weights[-1]) - y) / len(x)
    gradients = []
    for k in reversed(range(0, len(weights), 2)):
        gradients = [inputs[k // 2].T @ d_z, d_z.sum(axis=0), *gradients]
        d_z = d_z @ weights[k].T
        if k == len(weights) - 2:
            d_z = d_z * (inputs[k // 2] > 0)
    return gradients


# %% replaces="step3" hint="only a random start lets them part" means_zh="起點全部一樣，沒有打破對稱" means_en="Starts all weights alike, which leaves the symmetry" repeat="05:9"
def train(x, y, most_steps):
    """Starts from one number."""
    weights = [np.full(shape, 0.5) for shape in ((2, 16), (16,), (16, 1), (1,))]
    for _ in range(most_steps):
        for w, gradient in zip(weights, backward(weights, x, y), strict=True):
            w -= 0.1 * gradient
    return weights


# %% replaces="step3" hint="With one layer the border is a straight line" means_zh="只用一層，界線是直線" means_en="Uses one layer, whose border is straight" repeat="05:3"
def train(x, y, most_steps):
    """One neuron."""
    weights = [np.zeros((2, 1)), np.zeros(1)]
    for _ in range(most_steps):
        for w, gradient in zip(weights, backward(weights, x, y), strict=True):
            w -= 0.3 * gradient
    return weights


# %% replaces="step3" hint="Still on its way, or stuck?" means_zh="學習率或起點不合適，還沒學完" means_en="Has an unfit rate or start, and is not done yet" repeat="05:9"
def train(x, y, most_steps):
    """Far too small a rate."""
    random, weights = np.random.default_rng(0), []
    for before, after in ((2, 16), (16, 16), (16, 1)):
        weights += [random.normal(0, np.sqrt(2 / before), (before, after)), np.zeros(after)]
    for _ in range(most_steps):
        for w, gradient in zip(weights, backward(weights, x, y), strict=True):
            w -= 0.001 * gradient
    return weights


# %% replaces="step3" hint="Weights became NaN or infinite" means_zh="學習率或起點太大，權重炸開" means_en="Has too large a rate or start, and the weights blow up" repeat="05:9"
def train(x, y, most_steps):
    """Far too large a rate, upwards."""
    random, weights = np.random.default_rng(0), []
    for before, after in ((2, 16), (16, 16), (16, 1)):
        weights += [random.normal(0, np.sqrt(2 / before), (before, after)), np.zeros(after)]
    with np.errstate(all="ignore"):
        for _ in range(most_steps):
            for w, gradient in zip(weights, backward(weights, x, y), strict=True):
                w += 10.0 * gradient
    return weights

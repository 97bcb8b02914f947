# %% replaces="step1" hint="does the state before come in?" means_zh="前一步的狀態沒有進來，或 W 乘反了" means_en="Leaves the state before out, or multiplies by W the wrong way round" repeat="08:5"
def forward(x, U, W, b):
    """Multiplies by W the wrong way round, as with column vectors."""
    h = np.zeros((len(x), len(W)))
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U + h @ W.T + b)
        states.append(h)
    return np.stack(states, axis=1)


# %% replaces="step1" hint="which leaves the input and the bias" means_zh="忘了輸入或偏差值" means_en="Forgets the input or the bias" repeat="08:2"
def forward(x, U, W, b):
    """Forgets the bias."""
    h = np.zeros((len(x), len(W)))
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U + h @ W)
        states.append(h)
    return np.stack(states, axis=1)


# %% replaces="step1" hint="the shape should be (3, 6, 4)" means_zh="只留下最後一步的狀態" means_en="Keeps the last state only" repeat="08:1"
def forward(x, U, W, b):
    """Keeps the last state only."""
    h = np.zeros((len(x), len(W)))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U + h @ W + b)
    return h


# %% replaces="step2" hint="does it travel back in time" means_zh="誤差沒有沿時間往回走" means_en="Does not send the error back in time" repeat="08:3"
def backward(d_states, x, states, U, W):
    """Each step hears of its own error only."""
    d_z = (1 - states**2) * d_states
    before = np.concatenate([np.zeros_like(states[:, :1]), states[:, :-1]], axis=1)
    axes = ([0, 1], [0, 1])
    return np.tensordot(x, d_z, axes), np.tensordot(before, d_z, axes), d_z.sum((0, 1)), d_z @ U.T


# %% replaces="step2" hint="look at the slope of tanh" means_zh="漏了 tanh 的斜率" means_en="Leaves out the slope of tanh" repeat="08:3"
def backward(d_states, x, states, U, W):
    """Leaves out the slope of tanh."""
    d_U, d_W, d_b, d_x = np.zeros_like(U), np.zeros_like(W), np.zeros(len(W)), np.zeros_like(x)
    from_later = np.zeros_like(states[:, 0])
    for t in reversed(range(x.shape[1])):
        d_z = d_states[:, t] + from_later
        d_U += x[:, t].T @ d_z
        d_W += states[:, t - 1].T @ d_z if t else 0
        d_b += d_z.sum(axis=0)
        d_x[:, t] = d_z @ U.T
        from_later = d_z @ W.T
    return d_U, d_W, d_b, d_x


# %% replaces="step2" hint="did you take the state before the step?" means_zh="dE/dW 用了這一步的狀態，不是前一步的" means_en="Takes the state of the step for dE/dW, not the one before" repeat="08:3"
def backward(d_states, x, states, U, W):
    """Takes the state of the step for dE/dW, not the one before."""
    d_U, d_W, d_b, d_x = np.zeros_like(U), np.zeros_like(W), np.zeros(len(W)), np.zeros_like(x)
    from_later = np.zeros_like(states[:, 0])
    for t in reversed(range(x.shape[1])):
        d_z = (1 - states[:, t] ** 2) * (d_states[:, t] + from_later)
        d_U += x[:, t].T @ d_z
        d_W += states[:, t].T @ d_z
        d_b += d_z.sum(axis=0)
        d_x[:, t] = d_z @ U.T
        from_later = d_z @ W.T
    return d_U, d_W, d_b, d_x


# %% replaces="step3" hint="the direction changed" means_zh="每個數字各自裁剪，方向變了" means_en="Clips every number on its own, so that the direction changes" repeat="08:7"
def clip(gradients, longest):
    """Cuts every number on its own where the whole is too long, then scales to the right length."""
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    if length <= longest:
        return [gradient.copy() for gradient in gradients]
    cut = [np.clip(gradient, -longest, longest) for gradient in gradients]
    new = np.sqrt(sum(np.sum(gradient**2) for gradient in cut))
    return [gradient * longest / new for gradient in cut]


def train(cell, V, most_steps):
    """Never comes to its turn."""


# %% replaces="step3" hint="measure them together" means_zh="每個陣列各自裁剪，長度沒有一起量" means_en="Clips every array on its own, not by the length of all together" repeat="08:7"
def clip(gradients, longest):
    """Clips every array on its own."""
    return [gradient * min(1, longest / max(np.linalg.norm(gradient), 1e-300)) for gradient in gradients]


def train(cell, V, most_steps):
    """Never comes to its turn."""


# %% replaces="step3" hint="did it blow up" means_zh="沒學好：沒有裁剪梯度，或訓練不夠" means_en="Does not learn it: gradients not clipped, or too little training" repeat="08:7"
def clip(gradients, longest):
    """Right, and never called."""
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * min(1, longest / max(length, 1e-300)) for gradient in gradients]


def train(cell, V, most_steps):
    """Forgets to clip."""
    random = np.random.default_rng(0)
    for _ in range(min(most_steps, 300)):
        _, gradients = error_and_gradients(cell, V, *draw(16, random))
        for weight, gradient in zip((cell.U, cell.W, cell.b, V), gradients, strict=True):
            weight -= 0.3 * gradient


# %% replaces="step3" hint="change them in place" means_zh="沒有就地更新權重" means_en="Does not change the weights in place" repeat="08:7"
def clip(gradients, longest):
    """Right."""
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * min(1, longest / max(length, 1e-300)) for gradient in gradients]


def train(cell, V, most_steps):
    """Gives new arrays to names of its own."""
    random = np.random.default_rng(0)
    for _ in range(100):
        _, gradients = error_and_gradients(cell, V, *draw(16, random))
        for weight, gradient in zip((cell.U, cell.W, cell.b, V), clip(gradients, 0.5), strict=True):
            weight = weight - 0.1 * gradient

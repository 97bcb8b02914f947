# %% replaces="state" hint="what function comes after the sum"
U = np.array([[1.0, 0.5, -0.5, 0.2], [-0.5, 1.0, 0.3, -0.8]])
W = np.array([[0.5, -0.3], [0.8, 0.4]])
V = np.array([[1.0, -1.0], [0.5, 1.0], [-1.0, 0.2]])
x = np.eye(4)


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def forward(x, U, W, V):
    """Forgets tanh."""
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t] = U @ x[t] + W @ h[t - 1]
    return h, np.array([softmax(V @ h_t) for h_t in h[:-1]])


# %% replaces="state" hint="does not come in"
U = np.array([[1.0, 0.5, -0.5, 0.2], [-0.5, 1.0, 0.3, -0.8]])
W = np.array([[0.5, -0.3], [0.8, 0.4]])
V = np.array([[1.0, -1.0], [0.5, 1.0], [-1.0, 0.2]])
x = np.eye(4)


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def forward(x, U, W, V):
    """Takes the state that it is about to write."""
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t] = np.tanh(U @ x[t] + W @ h[t])
    return h, np.array([softmax(V @ h_t) for h_t in h[:-1]])


# %% replaces="state" hint="not its transpose"
U = np.array([[1.0, 0.5, -0.5, 0.2], [-0.5, 1.0, 0.3, -0.8]])
W = np.array([[0.5, -0.3], [0.8, 0.4]])
V = np.array([[1.0, -1.0], [0.5, 1.0], [-1.0, 0.2]])
x = np.eye(4)


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def forward(x, U, W, V):
    """Multiplies as if vectors lay down."""
    h = np.zeros((len(x) + 1, len(W)))
    for t in range(len(x)):
        h[t] = np.tanh(U @ x[t] + h[t - 1] @ W)
    return h, np.array([softmax(V @ h_t) for h_t in h[:-1]])


# %% replaces="roads" hint="begin at k + 1"
u, w, goal, read = 1.0, 0.9, 1.0, [0.8, -0.3, 0.5, 0.2]
state = [0.0]
for x_t in read:
    state.append(np.tanh(u * x_t + w * state[-1]))
rows = []
for k in range(4):  # begins one step too early
    handed_on = np.prod([(1 - state[j + 1] ** 2) * w for j in range(k, 4)])
    moment = (1 - state[k + 1] ** 2) * state[k]
    rows.append([f"k = {k}", state[4] - goal, handed_on, moment, (state[4] - goal) * handed_on * moment])

# %% replaces="roads" hint="With every step comes"
u, w, goal, read = 1.0, 0.9, 1.0, [0.8, -0.3, 0.5, 0.2]
state = [0.0]
for x_t in read:
    state.append(np.tanh(u * x_t + w * state[-1]))
rows = []
for k in range(4):  # w alone
    handed_on = w ** (3 - k)
    moment = (1 - state[k + 1] ** 2) * state[k]
    rows.append([f"k = {k}", state[4] - goal, handed_on, moment, (state[4] - goal) * handed_on * moment])

# %% replaces="roads" hint="h_j is state[j + 1]"
u, w, goal, read = 1.0, 0.9, 1.0, [0.8, -0.3, 0.5, 0.2]
state = [0.0]
for x_t in read:
    state.append(np.tanh(u * x_t + w * state[-1]))
rows = []
for k in range(4):  # slopes of the steps before
    handed_on = np.prod([(1 - state[j] ** 2) * w for j in range(k + 1, 4)])
    moment = (1 - state[k + 1] ** 2) * state[k]
    rows.append([f"k = {k}", state[4] - goal, handed_on, moment, (state[4] - goal) * handed_on * moment])

# %% replaces="roads" hint="take the state **before** the step"
u, w, goal, read = 1.0, 0.9, 1.0, [0.8, -0.3, 0.5, 0.2]
state = [0.0]
for x_t in read:
    state.append(np.tanh(u * x_t + w * state[-1]))
rows = []
for k in range(4):  # the state after the step
    handed_on = np.prod([(1 - state[j + 1] ** 2) * w for j in range(k + 1, 4)])
    moment = (1 - state[k + 1] ** 2) * state[k + 1]
    rows.append([f"k = {k}", state[4] - goal, handed_on, moment, (state[4] - goal) * handed_on * moment])

# %% replaces="roads" hint="whose slope is a factor, too"
u, w, goal, read = 1.0, 0.9, 1.0, [0.8, -0.3, 0.5, 0.2]
state = [0.0]
for x_t in read:
    state.append(np.tanh(u * x_t + w * state[-1]))
rows = []
for k in range(4):  # no slope of tanh at the moment
    handed_on = np.prod([(1 - state[j + 1] ** 2) * w for j in range(k + 1, 4)])
    moment = state[k]
    rows.append([f"k = {k}", state[4] - goal, handed_on, moment, (state[4] - goal) * handed_on * moment])

# %% replaces="bptt" hint="still has to pass tanh"
def bptt(x, y, U, W, V):
    """Leaves out the slope of tanh."""
    h, y_hat = forward(x, U, W, V)
    dU, dW, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V)
    from_later = np.zeros(len(W))
    for t in reversed(range(len(x))):
        d_out = y_hat[t] - y[t]
        d_z = V.T @ d_out + from_later
        dV += np.outer(d_out, h[t])
        dU += np.outer(d_z, x[t])
        dW += np.outer(d_z, h[t - 1])
        from_later = W.T @ d_z
    return dU, dW, dV


# %% replaces="bptt" hint="add `from_later`"
def bptt(x, y, U, W, V):
    """Each step hears of its own error only."""
    h, y_hat = forward(x, U, W, V)
    dU, dW, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V)
    for t in reversed(range(len(x))):
        d_out = y_hat[t] - y[t]
        d_z = (1 - h[t] ** 2) * (V.T @ d_out)
        dV += np.outer(d_out, h[t])
        dU += np.outer(d_z, x[t])
        dW += np.outer(d_z, h[t - 1])
    return dU, dW, dV


# %% replaces="bptt" hint="W is square"
def bptt(x, y, U, W, V):
    """Goes back by W and not by its transpose."""
    h, y_hat = forward(x, U, W, V)
    dU, dW, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V)
    from_later = np.zeros(len(W))
    for t in reversed(range(len(x))):
        d_out = y_hat[t] - y[t]
        d_z = (1 - h[t] ** 2) * (V.T @ d_out + from_later)
        dV += np.outer(d_out, h[t])
        dU += np.outer(d_z, x[t])
        dW += np.outer(d_z, h[t - 1])
        from_later = W @ d_z
    return dU, dW, dV


# %% replaces="bptt" hint="**after** it passed tanh"
def bptt(x, y, U, W, V):
    """Hands on what had not passed tanh yet."""
    h, y_hat = forward(x, U, W, V)
    dU, dW, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V)
    from_later = np.zeros(len(W))
    for t in reversed(range(len(x))):
        d_out = y_hat[t] - y[t]
        d_h = V.T @ d_out + from_later
        d_z = (1 - h[t] ** 2) * d_h
        dV += np.outer(d_out, h[t])
        dU += np.outer(d_z, x[t])
        dW += np.outer(d_z, h[t - 1])
        from_later = W.T @ d_h
    return dU, dW, dV


# %% replaces="clip" hint="neither stretch nor shrink"
def clip(gradients, longest):
    """Stretches what is short."""
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * longest / length for gradient in gradients]


# %% replaces="clip" hint="clipped on its own"
def clip(gradients, longest):
    """Measures each array on its own."""
    return [gradient * min(1, longest / np.linalg.norm(gradient)) for gradient in gradients]


# %% replaces="clip" hint="scale all by one factor"
def clip(gradients, longest):
    """Cuts each number, by a bound that keeps the whole short enough."""
    count = sum(gradient.size for gradient in gradients)
    return [np.clip(gradient, -longest / np.sqrt(count), longest / np.sqrt(count)) for gradient in gradients]

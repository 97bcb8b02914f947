# %% replaces="slope" hint="leaves a factor x"
def slope(w):
    return np.mean(2 * (w * six_x - 1 - six_y))


# %% replaces="slope" hint="prediction minus truth"
def slope(w):
    return np.mean(2 * (six_y - (w * six_x - 1)) * six_x)


# %% replaces="slope" hint="has a 2"
def slope(w):
    return np.mean((w * six_x - 1 - six_y) * six_x)


# %% replaces="slope" hint="are averaged"
def slope(w):
    return 2 * (w * six_x - 1 - six_y) * six_x


# %% replaces="chain" hint="they do not add"
dL_dz2 = dL_dp * dp_dz2
dL_dw2 = dL_dz2 + dz2_dw2
dL_dw1 = dL_dz2 + dz2_dh + dh_dz1 + dz1_dw1

# %% replaces="chain" hint="slope of that piece is w2"
dL_dz2 = dL_dp * dp_dz2
dL_dw2 = dL_dz2 * dz2_dw2
dL_dw1 = dL_dz2 * dh_dz1 * dz1_dw1

# %% replaces="chain" hint="The slope of tanh"
dL_dz2 = dL_dp * dp_dz2
dL_dw2 = dL_dz2 * dz2_dw2
dL_dw1 = dL_dz2 * dz2_dh * dz1_dw1


# %% replaces="roads" hint="not the slope alone"
def backward_from(end):
    end.grad = 1.0
    for value in reversed(in_order(end)):
        for parent, slope_of_road in value.roads:
            parent.grad += slope_of_road


# %% replaces="roads" hint="must not wipe out the earlier"
def backward_from(end):
    end.grad = 1.0
    for value in reversed(in_order(end)):
        for parent, slope_of_road in value.roads:
            parent.grad = value.grad * slope_of_road


# %% replaces="hidden" hint="no gradient passes"
def backward(weights, x, y):
    """Forgets the slope of ReLU."""
    W1, b1, W2, b2 = weights
    z1, h, z2 = forward(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = d_z2 @ W2.T
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="hidden" hint="There are two factors"
def backward(weights, x, y):
    """Multiplies by the output of ReLU, not by its slope."""
    W1, b1, W2, b2 = weights
    z1, h, z2 = forward(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = (d_z2 @ W2.T) * h
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="hidden" hint="for each example and each hidden neuron"
def backward(weights, x, y):
    """Adds the hidden neurons up."""
    W1, b1, W2, b2 = weights
    z1, h, z2 = forward(weights, x)
    d_z2 = (sigmoid(z2) - y) / len(x)
    d_z1 = ((d_z2 @ W2.T) * (z1 > 0)).sum(axis=1, keepdims=True)
    return [x.T @ d_z1, d_z1.sum(axis=0), h.T @ d_z2, d_z2.sum(axis=0)]


# %% replaces="momentum" hint="keep the speed in state[k]"
def momentum(weights, gradients, state, rate):
    for w, g in zip(weights, gradients, strict=True):
        w -= rate * g


# %% replaces="momentum" hint="w itself must change"
def momentum(weights, gradients, state, rate):
    for k, (w, g) in enumerate(zip(weights, gradients, strict=True)):
        state[k] = 0.9 * state.get(k, 0.0) + rate * g
        w += state[k]


# %% replaces="momentum" hint="leaves 0.9 of the speed"
def momentum(weights, gradients, state, rate):
    for k, (w, g) in enumerate(zip(weights, gradients, strict=True)):
        state[k] = state.get(k, 0.0) - rate * g
        w += state[k]

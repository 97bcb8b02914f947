# %% replaces="gradient" hint="gives another factor x"
def gradient(w, b):
    error = w * x + b - y
    return 2 * np.mean(error), 2 * np.mean(error)


# %% replaces="gradient" hint="prediction minus truth"
def gradient(w, b):
    error = y - (w * x + b)
    return 2 * np.mean(error * x), 2 * np.mean(error)


# %% replaces="gradient" hint="the square gives a 2"
def gradient(w, b):
    error = w * x + b - y
    return np.mean(error * x), np.mean(error)


# %% replaces="gradient" hint="six points are averaged"
def gradient(w, b):
    error = w * x + b - y
    return 2 * np.sum(error * x), 2 * np.sum(error)


# %% replaces="gradient" hint="their mean, one number"
def gradient(w, b):
    error = w * x + b - y
    return 2 * error * x, 2 * error


# %% replaces="gradient" hint="Return two numbers"
def gradient(w, b):
    error = w * x + b - y
    print(2 * np.mean(error * x), 2 * np.mean(error))


# %% replaces="step" hint="the gradient points uphill"
STEPS, RATE = 500, 0.01
w, b = 0.0, 0.0
path = [(w, b)]
for _ in range(STEPS):
    gradient_w, gradient_b = gradient(w, b)
    w += RATE * gradient_w
    b += RATE * gradient_b
    path.append((w, b))
path = np.array(path)

# %% replaces="step" hint="multiplied by the rate"
STEPS, RATE = 500, 0.01
w, b = 0.0, 0.0
path = [(w, b)]
for _ in range(STEPS):
    gradient_w, gradient_b = gradient(w, b)
    w -= gradient_w
    b -= gradient_b
    path.append((w, b))
path = np.array(path)

# %% replaces="step" hint="not at 0 again"
STEPS, RATE = 500, 0.01
w, b = 0.0, 0.0
path = [(w, b)]
for _ in range(STEPS):
    gradient_w, gradient_b = gradient(w, b)
    w = -RATE * gradient_w
    b = -RATE * gradient_b
    path.append((w, b))
path = np.array(path)

# %% replaces="step" hint="have to be updated, a line each"
STEPS, RATE = 500, 0.01
w, b = 0.0, 0.0
path = [(w, b)]
for _ in range(STEPS):
    gradient_w, gradient_b = gradient(w, b)
    w -= RATE * gradient_w
    path.append((w, b))
path = np.array(path)

# %% replaces="validation" hint="those are the exam"
x_val, y_val = x_test[:5_000], y_test[:5_000]
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]

# %% replaces="validation" hint="are in both parts"
x_val, y_val = x_train[55_000:], y_train[55_000:]
x_fit, y_fit = x_train, y_train

# %% replaces="validation" hint="look at where your slice starts"
x_val, y_val = x_train[5_000:], y_train[5_000:]
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]

# %% replaces="validation" hint="somebody else's answer"
x_val, y_val = x_train[55_000:], y_train[:5_000]
x_fit, y_fit = x_train[:TRAIN_SIZE], y_train[:TRAIN_SIZE]


# %% replaces="softmax" hint="raise e to it first"
def softmax(z):
    return z / z.sum()


# %% replaces="softmax" hint="divide by the sum of all"
def softmax(z):
    return np.exp(z)


# %% replaces="softmax" hint="divide by the sum of all"
def softmax(z):
    return np.exp(z) / np.exp(z).max()


# %% replaces="softmax" hint="picking the largest is argmax"
def softmax(z):
    return z.argmax()


# %% replaces="cross_entropy" hint="a loss is positive"
def cross_entropy(p, label):
    return np.log(p[label])


# %% replaces="cross_entropy" hint="not the largest"
def cross_entropy(p, label):
    return -np.log(p.max())


# %% replaces="cross_entropy" hint="not one minus it"
def cross_entropy(p, label):
    return 1 - p[label]


# %% replaces="cross_entropy" hint="select it by label"
def cross_entropy(p, label):
    return -np.log(p)

# %% replaces="step1" hint="is the order of the blocks right?" means_zh="閘門的順序弄錯了" means_en="Takes the gates in the wrong order" repeat="09:1"
def lstm_step(x_t, h, c, U, W, b):
    """Takes the blocks in another order."""
    z, z_i, z_f, z_o = np.split(x_t @ U + h @ W + b, 4, axis=-1)
    c = np.tanh(z) * recurrent.sigmoid(z_i) + c * recurrent.sigmoid(z_f)
    return np.tanh(c) * recurrent.sigmoid(z_o), c


# %% replaces="step1" hint="of the new memory, and through tanh once more" means_zh="輸出前忘了對新的記憶取 tanh" means_en="Puts the memory out without tanh" repeat="09:1"
def lstm_step(x_t, h, c, U, W, b):
    """Says the memory without tanh."""
    z_i, z_f, z, z_o = np.split(x_t @ U + h @ W + b, 4, axis=-1)
    c = np.tanh(z) * recurrent.sigmoid(z_i) + c * recurrent.sigmoid(z_f)
    return c * recurrent.sigmoid(z_o), c


# %% replaces="step1" hint="Do the gates see both x and h?" means_zh="閘門只看 x，沒有看 h" means_en="Lets the gates see x but not h" repeat="09:1"
def lstm_step(x_t, h, c, U, W, b):
    """The gates do not see the output of the step before."""
    z_i, z_f, z, z_o = np.split(x_t @ U + b, 4, axis=-1)
    c = np.tanh(z) * recurrent.sigmoid(z_i) + c * recurrent.sigmoid(z_f)
    return np.tanh(c) * recurrent.sigmoid(z_o), c


# %% replaces="step2" hint="the filling got into its memory" means_zh="補的空位改到了記憶" means_en="Lets the filling change the memory" repeat="09:2"
def read(step, x, lengths, units):
    """Does not look at the lengths."""
    h, c = np.zeros((2, len(x), units))
    outputs = []
    for t in range(x.shape[1]):
        h, c = step(x[:, t], h, c)
        outputs.append(h)
    return np.stack(outputs, axis=1), c


# %% replaces="step2" hint="are h and c mixed up?" means_zh="h 和 c 弄混了" means_en="Mixes up h and c" repeat="09:1"
def read(step, x, lengths, units):
    """Takes the memory for the output."""
    h, c = np.zeros((2, len(x), units))
    outputs = []
    for t in range(x.shape[1]):
        new_c, new_h = step(x[:, t], h, c)
        real = (t < np.asarray(lengths))[:, None]
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
        outputs.append(h)
    return np.stack(outputs, axis=1), c


# %% replaces="step2" hint="not 0, and not changing" means_zh="序列結束後輸出沒有停在原處" means_en="Does not hold the output behind the end of a sequence" repeat="09:2"
def read(step, x, lengths, units):
    """Puts out zeros behind the end of a sequence."""
    h, c = np.zeros((2, len(x), units))
    outputs = []
    for t in range(x.shape[1]):
        new_h, new_c = step(x[:, t], h, c)
        real = (t < np.asarray(lengths))[:, None]
        h, c = np.where(real, new_h, 0), np.where(real, new_c, c)
        outputs.append(h)
    return np.stack(outputs, axis=1), c


# %% replaces="step3" hint="is the forget gate open wide enough" means_zh="遺忘閘開得不夠大，記憶漏掉" means_en="Opens the forget gate too little, and the memory leaks" repeat="09:3"
def one_bit_machine():
    """Keeps Keras's bias of 1 for the forget gate."""
    return np.array([[0, 0, 40, 0], [40, -80, 0, 0]]), np.zeros((1, 4)), np.array([-20, 1, -20, 40])


# %% replaces="step3" hint="is the old one forgotten?" means_zh="存新的時候沒有忘掉舊的" means_en="Does not forget the old bit when a new one is stored" repeat="09:3"
def one_bit_machine():
    """Never shuts the forget gate."""
    return np.array([[0, 0, 40, 0], [40, 0, 0, 0]]), np.zeros((1, 4)), np.array([-20, 40, -20, 40])


# %% replaces="step3" hint="is the input gate shut tight enough?" means_zh="輸入閘關得不夠緊" means_en="Leaves the input gate ajar" repeat="09:3"
def one_bit_machine():
    """The input gate is left ajar."""
    return np.array([[0, 0, 40, 0], [40, -80, 0, 0]]), np.zeros((1, 4)), np.array([-3, 40, -20, 40])


# %% replaces="step3" hint="negative for 0, positive for 1" means_zh="用 0 表示 0，和沒說話分不開" means_en="Stores 0 as 0, which cannot be told from silence" repeat="09:2"
def one_bit_machine():
    """Stores 0 as 0, which nobody can tell from silence."""
    return np.array([[0, 0, 40, 0], [40, -80, 0, 0]]), np.zeros((1, 4)), np.array([-20, 40, 0, 40])

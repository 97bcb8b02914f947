# %% replaces="step1" hint="each row has as many as its steps say" means_zh="資料的份量算錯：步數差一，或忘了開根號" means_en="Gets the share of the data wrong: a step off, or without the root" repeat="22:1"
def noised(clean, noise, steps, betas):
    """One step too few: forgets that 0 steps change nothing."""
    left = np.cumprod(1 - np.asarray(betas))[np.asarray(steps) - 1][:, None]
    return np.sqrt(left) * clean + np.sqrt(1 - left) * noise


# %% replaces="step1" hint="each row has as many as its steps say" means_zh="資料的份量算錯：步數差一，或忘了開根號" means_en="Gets the share of the data wrong: a step off, or without the root" repeat="22:1"
def noised(clean, noise, steps, betas):
    """Forgets the root."""
    left = np.concatenate([[1.0], np.cumprod(1 - np.asarray(betas))])[np.asarray(steps)][:, None]
    return left * clean + np.sqrt(1 - left**2) * noise


# %% replaces="step1" hint="the *squares* of both shares add up to 1" means_zh="兩份加起來是 1，而不是平方加起來是 1" means_en="Makes the shares add up to 1, not their squares" repeat="22:1"
def noised(clean, noise, steps, betas):
    """The shares add up to 1, not their squares."""
    left = np.sqrt(np.concatenate([[1.0], np.cumprod(1 - np.asarray(betas))])[np.asarray(steps)][:, None])
    return left * clean + (1 - left) * noise


# %% replaces="step2" hint="with a single heap" means_zh="一堆的時候就錯了：標準差當成變異數，或忘了除" means_en="Wrong with one heap already: takes a deviation for a variance, or does not scale" repeat="22:2"
def best_guess(x, a, s, weights, means, deviations):
    """Takes deviations for variances, and x as it is."""
    away = np.asarray(x)[:, None] - np.asarray(means)
    variance = a**2 * np.asarray(deviations) + s**2
    likely = np.asarray(weights) * np.exp(-(away**2) / (2 * variance))
    return (likely * (np.asarray(means) + a * np.asarray(deviations) / variance * away)).sum(axis=1) / likely.sum(axis=1)


# %% replaces="step2" hint="with two points" means_zh="平均的時候只看各堆的份量，不看離哪一堆近" means_en="Averages by shares alone, not by how near each heap is" repeat="22:2"
def best_guess(x, a, s, weights, means, deviations):
    """Averages by the weights alone."""
    means, deviations = np.asarray(means), np.asarray(deviations)
    away, variance = np.asarray(x)[:, None] - a * means, a**2 * deviations**2 + s**2
    return (means + a * deviations**2 / variance * away) @ np.asarray(weights)


# %% replaces="step2" hint="when heaps differ in width or share" means_zh="密度前面少了寬度" means_en="Leaves the width out of the density" repeat="22:2"
def best_guess(x, a, s, weights, means, deviations):
    """Forgets the root of the variance before the density."""
    means, deviations = np.asarray(means), np.asarray(deviations)
    away, variance = np.asarray(x)[:, None] - a * means, a**2 * deviations**2 + s**2
    logs = np.log(weights) - away**2 / (2 * variance)
    likely = np.exp(logs - logs.max(axis=1, keepdims=True))
    return (likely * (means + a * deviations**2 / variance * away)).sum(axis=1) / likely.sum(axis=1)


# %% replaces="step2" hint="Keep them as logarithms" means_zh="離得很遠時，機率都變成 0" means_en="Far away, all probabilities become 0" repeat="22:2"
def best_guess(x, a, s, weights, means, deviations):
    """Right, but for what is far away."""
    means, deviations = np.asarray(means), np.asarray(deviations)
    away, variance = np.asarray(x)[:, None] - a * means, a**2 * deviations**2 + s**2
    likely = np.asarray(weights) * np.exp(-(away**2) / (2 * variance)) / np.sqrt(variance)
    with np.errstate(invalid="ignore"):
        return (likely * (means + a * deviations**2 / variance * away)).sum(axis=1) / likely.sum(axis=1)


# %% replaces="step3" hint="ten even steps of DDIM about 0.057" means_zh="十次的機會沒有用好：步子和課本一樣，或一步到底" means_en="Spends ten guesses no better than the lesson, or goes all the way in one" repeat="22:12"
def draw(guess, start, calls):
    """One step all the way."""
    return guess(np.asarray(start), 0.98)


# %% replaces="step3" hint="ten even steps of DDIM about 0.057" means_zh="十次的機會沒有用好：步子和課本一樣，或一步到底" means_en="Spends ten guesses no better than the lesson, or goes all the way in one" repeat="22:12"
def draw(guess, start, calls):
    """The lesson's walk."""
    x, times = np.asarray(start), np.linspace(0.98, 0, calls + 1)
    for t, t_next in zip(times[:-1], times[1:], strict=True):
        (a, s), (a_next, s_next) = diffusion.rates(t), diffusion.rates(t_next)
        data = guess(x, t)
        x = a_next * data + s_next * (x - a * data) / s
    return x


# %% replaces="step3" hint="you asked 100 times" means_zh="問的次數超過規定" means_en="Asks more often than allowed" repeat="22:12"
def draw(guess, start, calls):
    """Asks as often as it likes."""
    x, times = np.asarray(start), np.linspace(0.98, 0, 101)
    for t, t_next in zip(times[:-1], times[1:], strict=True):
        (a, s), (a_next, s_next) = diffusion.rates(t), diffusion.rates(t_next)
        data = guess(x, t)
        x = a_next * data + s_next * (x - a * data) / s
    return x


# %% replaces="step3" hint="finite ends, of the shape" means_zh="每個起點應該各有一個終點" means_en="Every start should have an end of its own" repeat="22:5"
def draw(guess, start, calls):
    """One end for all."""
    return guess(np.asarray(start), 0.5).mean()

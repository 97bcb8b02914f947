# %% replaces="spoil" hint="is it the cosine that multiplies the data"
def spoil(clean, noise, t):
    """The shares exchanged."""
    return np.sin(np.pi * t / 2) * clean + np.cos(np.pi * t / 2) * noise


# %% replaces="spoil" hint="the squares of the shares should add up to 1"
def spoil(clean, noise, t):
    """Mixes in a straight line."""
    return (1 - t) * clean + t * noise


# %% replaces="spoil" hint="The angle is πt/2"
def spoil(clean, noise, t):
    """Forgets the half."""
    return np.cos(np.pi * t) * clean + np.sin(np.pi * t) * noise


# %% replaces="guess" hint="You return the nearest point"
def best_guess(noisy, t, points):
    """The nearest point."""
    a, s = diffusion.rates(t)
    return points[euclidean_distances(noisy, a * points).argmin(axis=1)]


# %% replaces="guess" hint="do the probabilities add up to 1"
def best_guess(noisy, t, points):
    """Sums without dividing."""
    a, s = diffusion.rates(t)
    return 3 * np.exp(-euclidean_distances(noisy, a * points, squared=True) / (2 * s**2)) @ points


# %% replaces="guess" hint="are the minus, the 2 and the square there"
def best_guess(noisy, t, points):
    """Forgets the 2."""
    a, s = diffusion.rates(t)
    return special.softmax(-euclidean_distances(noisy, a * points, squared=True) / s**2, axis=1) @ points


# %% replaces="guess" hint="are the minus, the 2 and the square there"
def best_guess(noisy, t, points):
    """Forgets the minus: the farthest point is likeliest."""
    a, s = diffusion.rates(t)
    return special.softmax(euclidean_distances(noisy, a * points, squared=True) / (2 * s**2), axis=1) @ points


# %% replaces="guess" hint="9 inputs give 9 guesses"
def best_guess(noisy, t, points):
    """Probabilities alone."""
    a, s = diffusion.rates(t)
    return special.softmax(-euclidean_distances(noisy, a * points, squared=True) / (2 * s**2), axis=1)


# %% replaces="step" hint="a share s' should stay"
def step(noisy, guess, t, t_next):
    """Drops the noise."""
    return diffusion.rates(t_next)[0] * guess


# %% replaces="step" hint="take apart by the old shares"
def step(noisy, guess, t, t_next):
    """Puts together what it took apart."""
    a, s = diffusion.rates(t)
    return a * guess + s * ((noisy - a * guess) / s)


# %% replaces="step" hint="by the *old* shares"
def step(noisy, guess, t, t_next):
    """Forgets to divide by the share of noise."""
    a, (a_next, s_next) = diffusion.rates(t)[0], diffusion.rates(t_next)
    return a_next * guess + s_next * (noisy - a * guess)


# %% replaces="step" hint="take apart by the old shares"
def step(noisy, guess, t, t_next):
    """Takes the noise apart by the new shares."""
    a_next, s_next = diffusion.rates(t_next)
    return a_next * guess + s_next * (noisy - a_next * guess) / s_next


# %% replaces="score" hint="points towards the guess, not away"
def score(noisy, guess, t):
    """The wrong sign."""
    a, s = diffusion.rates(t)
    return (noisy - a * guess) / s**2


# %% replaces="score" hint="Divide by s², not by s"
def score(noisy, guess, t):
    """The noise, not the score."""
    a, s = diffusion.rates(t)
    return (a * guess - noisy) / s


# %% replaces="score" hint="has it been multiplied by a"
def score(noisy, guess, t):
    """Does not fade the guess."""
    return (guess - noisy) / diffusion.rates(t)[1] ** 2


# %% replaces="pair" hint="t should have the shape"
def pair(clean, random):
    """One time for all."""
    t, noise = np.full((len(clean), 1), random.uniform(0, 1)), random.standard_normal(clean.shape)
    return (spoil(clean, noise, t), t), noise


# %% replaces="pair" hint="Your answer is the clean data"
def pair(clean, random):
    """The last lesson's answer."""
    t, noise = random.uniform(0, 1, (len(clean), 1)), random.standard_normal(clean.shape)
    return (spoil(clean, noise, t), t), clean


# %% replaces="pair" hint="draw once, use it twice"
def pair(clean, random):
    """Two noises."""
    t = random.uniform(0, 1, (len(clean), 1))
    return (spoil(clean, random.standard_normal(clean.shape), t), t), random.standard_normal(clean.shape)


# %% replaces="pair" hint="The noise should have a standard deviation of 1"
def pair(clean, random):
    """Uniform noise."""
    t, noise = random.uniform(0, 1, (len(clean), 1)), random.uniform(0, 1, clean.shape)
    return (spoil(clean, noise, t), t), noise

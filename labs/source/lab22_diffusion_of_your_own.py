# %% [markdown]
# # 練習 22：自己寫擴散 · Lab 22: Diffusion of your own
#
# 沒有網路，只有三個函式：加雜訊、猜回來、從雜訊走到資料。資料是一維的，答案都算得出來，所以每一步都驗得了。
#
# 目標：照論文的寫法做出雜訊排程，寫出三團資料的最好猜測，最後只准問十次，走得比 DDIM 還準。
#
# No network, but three functions: add noise, guess back, walk from noise to data. The data lie on a line and every answer can be worked out, so each step can be checked.
#
# Goal: build the noise schedule as the papers write it, write the best guess for data in heaps, and in the end, with ten guesses and no more, walk closer to the data than DDIM does.
#
# ⏱ 約 50 分鐘 · about 50 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [22](../notebooks/22_diffusion.ipynb) 課「擴散模型」 · lesson [22](../notebooks/22_diffusion.ipynb), diffusion |
# | 資料 · Data | 自己抽的亂數，不用下載 · random numbers that we draw; nothing to download |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 一千個小步，一次加完 · a thousand little steps in one | 3 |
# | 2 | 幾團資料的最好猜測 · the best guess for heaps of data | 3 |
# | 3 | 開放題：十次之內走到資料 · open: to the data in ten guesses | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from scipy import stats

from utils.models import diffusion
from utils.notebook import checks, profile

STARTS = profile.choose(smoke=2_000, lesson=5_000, full=20_000)  # walks in step 3
CALLS = 10     # guesses that a walk may ask for
GOAL = 0.045   # Wasserstein distance of step 3; DDIM with ten even steps has about 0.057
profile.seed(22)

# %% [markdown]
# ## 步驟 1：一千個小步，一次加完（3 分） · Step 1: A thousand little steps in one (3 points)
#
# DDPM 的論文把雜訊分成很多小步加。第 $k$ 步用一個小小的 $\beta_k$：
#
# The DDPM paper adds noise in many little steps. Step $k$ uses a small $\beta_k$:
#
# $$x_k=\sqrt{1-\beta_k}\;x_{k-1}+\sqrt{\beta_k}\;\epsilon_k$$
#
# 一步一步做太慢。常態亂數加常態亂數還是常態亂數，所以 $t$ 步可以一次做完：$x_t=a\,x_0+s\,\epsilon$，而且 $a^2+s^2=1$。$a$ 是多少？
#
# 用數字：$\beta$ 是 0.19、0.36。第一步 $\sqrt{0.81}=0.9$，第二步 $\sqrt{0.64}=0.8$，兩步後資料剩 $0.9\times0.8=0.72$，雜訊的份量是 $\sqrt{1-0.72^2}=0.694$。
#
# 寫 `noised`。每一筆有自己的步數 `steps`；0 步就是原封不動。
#
# Step by step is too slow. Normal plus normal is normal, so that $t$ steps can be made at once: $x_t=a\,x_0+s\,\epsilon$ with $a^2+s^2=1$. What is $a$?
#
# In numbers: let the $\beta$ be 0.19 and 0.36. The first step has $\sqrt{0.81}=0.9$, the second $\sqrt{0.64}=0.8$; after both, $0.9\times0.8=0.72$ of the data is left, and the share of noise is
# $\sqrt{1-0.72^2}=0.694$.
#
# Write `noised`. Each example has a number of steps of its own; with 0 steps nothing changes.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `np.cumprod` 給一路乘下來的積。0 步的積是 1，它不在裡面，要自己補在最前面。
#
# `np.cumprod` gives the products so far. The product of 0 steps is 1; it is not among them, so put it in front.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def noised(clean, noise, steps, betas):
    """Return what data have become after some little steps of noise, all made at once.

    Args:
        clean: data (n, d).
        noise: standard normal numbers (n, d), one for each number of the data.
        steps: how many of the little steps each row has made, integers (n,), 0 ... len(betas).
        betas: of the little steps, in order, each between 0 and 1.

    Returns:
        (n, d).
    """
    ### BEGIN SOLUTION
    left = np.concatenate([[1.0], np.cumprod(1 - np.asarray(betas))])[np.asarray(steps)][:, None]  # a², row by row
    return np.sqrt(left) * clean + np.sqrt(1 - left) * noise
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_step_1(name, betas, steps, dimensions):
    """Compare with the little steps, made one by one."""
    random = np.random.default_rng(len(betas))
    clean, noise = random.normal(size=(2, len(steps), dimensions))
    share = np.ones(len(steps))
    for row, count in enumerate(steps):
        for beta in betas[:count]:
            share[row] *= np.sqrt(1 - beta)
    got = noised(clean.copy(), np.zeros_like(noise), np.array(steps), np.array(betas))
    checks.close(got, share[:, None] * clean, f"{name}：資料的份量 / the share of data",
                 "沒有雜訊的時候，資料的份量不對：每一步乘一個 √(1 − β)，第 k 筆乘到它自己的步數為止。 / "
                 "Without noise the share of data is off: each step is a factor √(1 − β), and each row has as many as its steps say.", 1e-6)
    got = noised(np.zeros_like(clean), noise.copy(), np.array(steps), np.array(betas))
    checks.close(got, np.sqrt(1 - share**2)[:, None] * noise, f"{name}：雜訊的份量 / the share of noise",
                 "沒有資料的時候，雜訊的份量不對：兩個份量的**平方**加起來是 1。 / "
                 "Without data the share of noise is off: the *squares* of both shares add up to 1.", 1e-6)


check_step_1("兩步 / two steps", [0.19, 0.36], [2, 1, 2], 1)
check_step_1("0 步 / 0 steps", [0.1, 0.2, 0.3], [0, 3, 0, 1], 2)

### BEGIN HIDDEN TESTS
check_step_1("一千步 / a thousand steps", np.linspace(1e-4, 0.02, 1000).tolist(), [1000, 1, 500, 0, 999], 3)
check_step_1("一筆 / one example", [0.5], [1], 4)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：幾團資料的最好猜測（3 分） · Step 2: The best guess for heaps of data (3 points)
#
# 資料有幾團，第 $j$ 團占 $w_j$，是平均 $m_j$、標準差 $d_j$ 的常態分布。看到 $x=a\,x_0+s\,\epsilon$：
#
# - 如果來自第 $j$ 團，$x$ 是常態的，平均 $a\,m_j$，變異數 $a^2d_j^2+s^2$；
# - 那一團的猜測是 $m_j+\frac{a\,d_j^2}{a^2d_j^2+s^2}(x-a\,m_j)$；
# - 各團的猜測，按「那一團有多可能」取平均。
#
# 只用 NumPy 寫。`x` 離資料很遠時也要給一個數，不可以是 NaN。
#
# The data come in heaps: heap $j$ has a share $w_j$ and is normal, of mean $m_j$ and standard deviation $d_j$. Seen is $x=a\,x_0+s\,\epsilon$:
#
# - if it comes from heap $j$, then $x$ is normal with mean $a\,m_j$ and variance $a^2d_j^2+s^2$;
# - that heap's guess is $m_j+\frac{a\,d_j^2}{a^2d_j^2+s^2}(x-a\,m_j)$;
# - the guesses of the heaps are averaged by how likely each heap is.
#
# Use NumPy alone. For an `x` far from all data there must be a number, too, not NaN.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 可能性先留在對數裡，每一列減去自己最大的那一個，再取指數。密度前面的 $1/\sqrt{\text{變異數}}$ 別忘了：各團的變異數不一樣。
#
# Keep likelihoods as logarithms, subtract the largest of each row, then take exponentials. Mind the $1/\sqrt{\text{variance}}$ of a normal density: the heaps' variances differ.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_guess(x, a, s, weights, means, deviations):
    """Return the mean of all data that may have become x.

    Args:
        x: what is seen, (n,).
        a, s: shares of data and noise, numbers; s is above 0.
        weights, means, deviations: of the heaps, (k,). Weights are above 0 and add up to 1; a deviation may be 0.

    Returns:
        (n,), finite numbers.
    """
    ### BEGIN SOLUTION
    weights, means, deviations = (np.asarray(v, dtype=float) for v in (weights, means, deviations))
    away = np.asarray(x, dtype=float)[:, None] - a * means  # (n, k)
    variance = a**2 * deviations**2 + s**2
    logs = np.log(weights) - np.log(variance) / 2 - away**2 / (2 * variance)
    likely = np.exp(logs - logs.max(axis=1, keepdims=True))
    guesses = means + a * deviations**2 / variance * away
    return (likely * guesses).sum(axis=1) / likely.sum(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def by_sum(x, a, s, weights, means, deviations):
    """The same by brute force: the clean value runs over a fine grid."""
    clean = np.linspace(-12, 12, 48_001)
    density = sum(w * np.exp(-((clean - m) ** 2) / (2 * d**2)) / d for w, m, d in zip(weights, means, deviations, strict=True))
    found = []
    for value in x:
        logs = -((value - a * clean) ** 2) / (2 * s**2)
        joint = density * np.exp(logs - logs.max())
        found.append((clean * joint).sum() / joint.sum())
    return np.array(found)


x = np.linspace(-2, 2, 9)
precisions = 1 / 2.0**2, 0.8**2 / 0.6**2  # 1 ÷ variance: what the heap and what x tells of the data
checks.close(best_guess(x, 0.8, 0.6, [1.0], [0.5], [2.0]), (0.5 * precisions[0] + x / 0.8 * precisions[1]) / sum(precisions), "一團 / one heap",
             "只有一團時就不對：照第二個式子算，別忘了平方。 / It is off with a single heap: follow the second formula, and mind the squares.")
checks.close(best_guess(x, 0.8, 0.6, [0.5, 0.5], [-1.0, 1.0], [0.0, 0.0]), np.tanh(0.8 * x / 0.36), "兩個點：tanh / two points: tanh",
             "兩個點時不對：各團要按可能性取平均，指數裡是 −距離² ÷ (2·變異數)。 / "
             "It is off with two points: average by likelihood; in the exponent stands −distance² ÷ (2·variance).")
heaps = [0.6, 0.4], [-1.0, 1.5], [0.3, 0.9]
checks.close(best_guess(x, 0.8, 0.6, *heaps), by_sum(x, 0.8, 0.6, *heaps), "兩團不一樣寬 / two heaps of unequal width",
             "兩團的寬度或份量不同時不對：w 乘了嗎？密度前面的 1/√變異數 呢？ / "
             "It is off when heaps differ in width or share: is w a factor, and the 1/√variance before the density?", 1e-4)
far = best_guess(np.array([-90.0, 90.0]), 0.8, 0.1, [0.5, 0.5], [-1.0, 1.0], [0.0, 0.0])
checks.close(far, [-1.0, 1.0], "很遠的地方也有答案 / an answer far away",
             "離資料很遠時不是有限的數：可能性都變成 0 了，除不了。留在對數裡。 / "
             "Far from the data it is no finite number: all likelihoods became 0. Keep them as logarithms.")

### BEGIN HIDDEN TESTS
three = [0.2, 0.5, 0.3], [-2.0, 0.5, 2.5], [0.5, 0.2, 0.8]
for a in (0.95, 0.5, 0.1):
    s = (1 - a**2) ** 0.5
    checks.close(best_guess(x, a, s, *three), by_sum(x, a, s, *three), f"三團，a = {a} / three heaps, a = {a}",
                 "三團時不對。 / It is off with three heaps.", 1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：十次之內走到資料（4 分） · Step 3: To the data in ten guesses (4 points)
#
# 現在給你一個猜測 `guess(x, t)`（不用自己寫），和一堆標準常態的起點。走到資料去，但最多只能問它 `calls` 次：在真正的模型裡，每問一次就是跑一次大網路。
#
# 時間從 `t` 接近 1（例如 0.98）走到 0；份量是第 22 課的 `diffusion.rates(t)`。猜測只在 `t` 大於 0 的時候能問。
#
# 評分：終點和真資料的搬土距離（Wasserstein distance）。均勻走十步的 DDIM 大約 0.057；目標是 `GOAL`，0.045。怎麼走由你決定。
#
# You are given a guess `guess(x, t)`, which you need not write, and a heap of standard normal starts. Walk to the data, but ask no more than `calls` times: in a real model each question runs a large network.
#
# Time goes from a `t` near 1 (0.98, say) to 0; the shares are lesson 22's `diffusion.rates(t)`. The guess can be asked at a `t` above 0 only.
#
# The mark is the Wasserstein distance between ends and real data. DDIM with ten even steps has about 0.057; the goal is `GOAL`, 0.045. How to walk is for you to decide.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 兩個辦法，要一起用：第一個單獨用反而不好（五組起點平均：均勻的 DDIM 0.065，只用第一個 0.089，兩個一起 0.023）。一：時間不要均勻，$t$ 小的地方走細一點，例如 `0.98 * np.linspace(1, 0, n + 1) ** 2`。二：一步走出去，在**到的地方**再猜一次，把兩個方向平均，重走這一步（Heun 法）；
# 一步問兩次，所以只能走五步。$x$ 隨角度 $\theta=\pi t/2$ 變的速度是 $a\,\hat\epsilon-s\,\hat x$。
#
# Two ways, to be used together; the first alone does harm (mean of five sets of starts: DDIM with even times 0.065, the first way alone 0.089, both 0.023). One: let time be uneven, with finer steps where $t$ is small, such as `0.98 * np.linspace(1, 0, n + 1) ** 2`. Two: take a step, guess again **where it arrives**, average both directions and
# take the step anew (Heun's method); two questions a step leave five steps. The speed of $x$ along the angle $\theta=\pi t/2$ is $a\,\hat\epsilon-s\,\hat x$.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def draw(guess, start, calls):
    """Walk from noise to data.

    Args:
        guess: guess(x (n,), t) returns the best guess of the data (n,), for a t above 0 and at most 1.
        start: standard normal numbers (n,).
        calls: how often guess may be asked, 10 or more.

    Returns:
        The ends of the walks, (n,).
    """
    ### BEGIN SOLUTION
    x = np.asarray(start, dtype=float)
    times = 0.98 * np.linspace(1, 0, calls // 2 + 1) ** 2
    for t, t_next in zip(times[:-1], times[1:], strict=True):
        (a, s), (a_next, s_next) = diffusion.rates(t), diffusion.rates(t_next)
        data = guess(x, t)
        noise = (x - a * data) / s
        arrived = a_next * data + s_next * noise
        if t_next > 0:  # Heun: the mean of the directions at both ends of the step
            data_next = guess(arrived, t_next)
            noise_next = (arrived - a_next * data_next) / s_next
            speed = ((a * noise - s * data) + (a_next * noise_next - s_next * data_next)) / 2
            arrived = x + np.pi / 2 * (t_next - t) * speed
        x = arrived
    return x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
@checks.beside_your_code
def walked(weights, means, deviations, start, calls):
    """Let `draw` walk with a guess that counts; return the ends and how often it was asked."""
    mixture, asked = diffusion.Mixture(weights, means, deviations), []

    def guess(x, t):
        asked.append(t)
        return mixture.guess(x, t)

    return np.asarray(draw(guess, start.copy(), calls), dtype=float), len(asked)


def check_step_3(name, weights, means, deviations, goal, seed=1):
    """Check number and count, then the distance from real data."""
    ends, asked = walked(weights, means, deviations, np.random.default_rng(seed).standard_normal(STARTS), CALLS)
    checks.that(ends.shape == (STARTS,) and bool(np.isfinite(ends).all()), f"{name}：每個起點一個終點 / an end for each start",
                f"{STARTS} 個起點要有 {STARTS} 個有限的終點，形狀 ({STARTS},)。 / {STARTS} starts have {STARTS} finite ends, of the shape ({STARTS},).")
    checks.that(0 < asked <= CALLS, f"{name}：問了 {asked} 次 / asked {asked} times",
                f"最多只能問 {CALLS} 次，而且一定要問；你問了 {asked} 次。 / Ask at most {CALLS} times, and at least once; you asked {asked} times.")
    real = diffusion.Mixture(weights, means, deviations).draw(50_000, seed=2)
    distance = stats.wasserstein_distance(ends, real)
    checks.that(distance <= goal, f"{name}：距離 {distance:.3f}，目標 {goal:.3f} / distance {distance:.3f}, goal {goal:.3f}",
                f"距離是 {distance:.3f}，目標是 {goal:.3f}。一步到底約 0.9；均勻的 DDIM 走十步約 0.057。 / "
                f"The distance is {distance:.3f}, the goal {goal:.3f}. One step all the way has about 0.9, ten even steps of DDIM about 0.057.")


check_step_3("三團 / three heaps", [0.5, 0.3, 0.2], [-1.2, 0.2, 1.3], [0.2, 0.1, 0.15], GOAL)

### BEGIN HIDDEN TESTS
check_step_3("另一批起點 / other starts", [0.5, 0.3, 0.2], [-1.2, 0.2, 1.3], [0.2, 0.1, 0.15], 1.15 * GOAL, seed=3)
check_step_3("另外三團 / three other heaps", [0.2, 0.3, 0.5], [-1.3, -0.2, 1.2], [0.15, 0.1, 0.2], 1.15 * GOAL)
### END HIDDEN TESTS

# %% [markdown]
# ## 檢查與想一想 · Check, and think further
#
# 在終端機執行 `make check-lab LAB=22`，看看哪幾步過了。
#
# 🤔 你的走法用的是**真的**最好猜測。換成網路，猜測自己有誤差。一步問兩次還划算嗎？
#
# Run `make check-lab LAB=22` in a terminal to see which steps pass.
#
# 🤔 Your walk was given the **true** best guess. A network's guess has errors of its own. Does it still pay to ask twice a step?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 誤差小的時候划算，大了就不划算。我們在每一次的猜測上加常態的亂數，同樣問十次，平均五批起點：標準差 0.05 時，參考解答的距離約 0.03，均勻的 DDIM 約 0.06；標準差 0.1 時反過來，約 0.065 對 0.057。
#
# 原因：第二次問，是為了修正「路是彎的」造成的誤差。猜測自己的誤差比那個還大時，修正的是雜訊；而且問兩次就只能走一半的步數，每一步更大。猜「問得多，平均起來總會比較準」的人忘了，兩種走法問的次數一樣多，都是十次。
#
# While the errors are small it does, and with larger ones it does not. We added normal noise to every guess, again with ten questions, and took the mean over five sets of starts: with a
# deviation of 0.05 the sample solution has a distance of about 0.03, even steps of DDIM about 0.06; with 0.1 it is the other way round, about 0.065 against 0.057.
#
# The second question is there to correct what comes of a path that bends. Where the guess itself is off by more than that, one corrects by noise; and two questions a step leave half as many
# steps, each of them larger. Who thought that asking more must average out forgot that both walks ask equally often, ten times.
#
# </details>

# %% [markdown]
# 參考資料 · References：T. Karras et al., [Elucidating the design space of diffusion-based generative models](https://arxiv.org/abs/2206.00364), NeurIPS 2022

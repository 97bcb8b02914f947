"""PyTorch's side of `benchmarks.pytorch`; runs in an environment of its own and imports nothing of the course.

python torch_side.py lstm|gpt IDS.npy UPDATES SEED: train the network of lesson 16 or 18 and print seconds and the mean loss of
the last quarter of the updates, in bits a letter, as JSON. The first 20 updates are not timed.
"""

import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

LETTERS, WARM_UP = 27, 20


class Lstm(nn.Module):
    """Lesson 16: a letter's 32 numbers, an LSTM of 192 units whose state goes on, a score for each letter."""

    def __init__(self):
        """Build it untrained."""
        super().__init__()
        self.letters, self.lstm, self.scores = (
            nn.Embedding(LETTERS, 32),
            nn.LSTM(32, 192, batch_first=True),
            nn.Linear(192, LETTERS),
        )
        self.state = None

    def forward(self, ids):
        """From (streams, letters) to (streams, letters, 27)."""
        h, state = self.lstm(self.letters(ids), self.state)
        self.state = tuple(part.detach() for part in state)
        return self.scores(h)


class Block(nn.Module):
    """Lesson 18's block: a norm before the attention, a norm before the two dense layers."""

    def __init__(self, width, heads):
        """Build it untrained; `heads` divides `width`."""
        super().__init__()
        self.heads, self.first, self.second = heads, nn.LayerNorm(width, eps=1e-3), nn.LayerNorm(width, eps=1e-3)
        self.looks, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.dense = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))

    def forward(self, x):
        """From (texts, letters, width) to the same."""
        texts, letters, width = x.shape
        parts = self.looks(self.first(x)).view(texts, letters, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(*parts, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(texts, letters, width))
        return x + self.dense(self.second(x))


class Gpt(nn.Module):
    """Lesson 18: three blocks of width 64 and four heads, 32 letters at once."""

    def __init__(self, context=32, width=64, blocks=3, heads=4):
        """Build it untrained."""
        super().__init__()
        self.letters, self.places = nn.Embedding(LETTERS, width), nn.Parameter(0.5 * torch.randn(context, width))
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(blocks)))
        self.scores = nn.Sequential(nn.LayerNorm(width, eps=1e-3), nn.Linear(width, LETTERS))

    def forward(self, ids):
        """From (texts, letters) to (texts, letters, 27)."""
        return self.scores(self.blocks(self.letters(ids) + self.places[: ids.shape[1]]))


def batches(kind, ids, rng):
    """Yield (read, answers): 64 streams of 32 letters that go on, or 32 windows of 32 letters at random places."""
    if kind == "lstm":
        streams = ids[: (len(ids) - 1) // 64 * 64 + 1]
        reads, answers = streams[:-1].reshape(64, -1), streams[1:].reshape(64, -1)
        for start in range(0, reads.shape[1] - 32, 32):
            yield reads[:, start : start + 32], answers[:, start : start + 32]
    while kind == "gpt":
        cut = ids[rng.integers(len(ids) - 32, size=32)[:, None] + np.arange(33)]
        yield cut[:, :-1], cut[:, 1:]


def main(kind: str, path: str, updates: int, seed: int) -> None:
    """Train and print what it took."""
    torch.manual_seed(seed)
    network, peak, beta = (Lstm(), 6e-3, 0.99) if kind == "lstm" else (Gpt(), 1e-2, 0.999)
    adam = torch.optim.Adam(network.parameters(), lr=peak, betas=(0.9, beta), eps=1e-7)
    warm = max(1, updates // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda n: min((n + 1) / warm, 0.5 + 0.5 * math.cos(math.pi * n / updates))
    )
    ids, losses = torch.from_numpy(np.load(path)).long(), []
    for number, (read, answers) in zip(range(updates), batches(kind, ids, np.random.default_rng(seed)), strict=False):
        if number == WARM_UP:
            start = time.perf_counter()
        loss = functional.cross_entropy(network(read).flatten(0, 1), answers.flatten())
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
        schedule.step()
        losses.append(loss.item())
    seconds = (time.perf_counter() - start) * updates / (updates - WARM_UP)
    bits = float(np.mean(losses[-updates // 4 :])) / math.log(2)
    print(
        json.dumps({"seconds": seconds, "bits": bits, "version": torch.__version__, "threads": torch.get_num_threads()})
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

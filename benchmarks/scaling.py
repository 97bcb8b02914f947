"""Time and memory at 1, 2, 4 and 8 times the data, each in a process of its own, and a text of text8's size.

The text is that of the lessons' reviews, repeated as often as is needed: 100 million letters are made here, not fetched.
"""

import json
import resource
import subprocess
import sys
import time

from benchmarks.report import Found, Table, alternate, spread
from tools.lessons import notebooks


def letters(times: int, unit: int) -> None:
    """27 letters: normalise, number, cut into streams."""
    from utils.data import datasets
    from utils.text import english
    from utils.text import letters as text

    ids = text.encode(english.normalise_letters(_reviews(datasets, unit * times)))
    text.stream_batches(ids, 64, 32)


def counts(times: int, unit: int) -> None:
    """Runs of up to eight letters, counted."""
    from utils.data import datasets
    from utils.text import english
    from utils.text import letters as text

    text.NgramModel(8, text.encode(english.normalise_letters(_reviews(datasets, unit * times))))


def tokens(times: int, unit: int) -> None:
    """Words: cut, count, number."""
    from utils.data import datasets
    from utils.models import sentiment
    from utils.text import english

    words = sentiment.words(_reviews(datasets, unit * times))
    english.Vocabulary([words], max_size=50_000).encode(words)


def vectors(times: int, unit: int) -> None:
    """Word vectors: one epoch of skip-gram."""
    from utils.data import datasets
    from utils.models import sentiment, word2vec, word2vec_training
    from utils.text import english

    text = [sentiment.words(piece) for piece in _reviews(datasets, unit * times).split("\n")]
    known = english.Vocabulary(text, max_size=50_000, min_count=5)
    word2vec_training.train(word2vec.encode(text, known.words), len(known.words), epochs=1, progress=False)


PREPARATIONS = {"letters": letters, "counts": counts, "tokens": tokens, "vectors": vectors}


def _reviews(datasets, characters: int) -> str:
    text = "\n".join(datasets.load_reviews())
    return (text * (1 + characters // len(text)))[:characters]


def in_its_own_process(name: str, times: int, unit: int) -> tuple[float, float]:
    """Return the seconds and the most megabytes of memory that a preparation takes; imports count for memory, not for time."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.scaling", name, str(times), str(unit)],
                          cwd=notebooks.ROOT, capture_output=True, text=True)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{name} at {times} times failed:\n{done.stderr[-2000:]}")
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def measure(quick: bool) -> Found:
    """Measure each preparation at every size, and letters and tokens of 100 million characters once."""
    unit, sizes, rounds = (200_000, (1, 2), 1) if quick else (4_000_000, (1, 2, 4, 8), 3)
    rows = []
    for name, preparation in PREPARATIONS.items():
        runs = [lambda _, name=name, times=times: in_its_own_process(name, times, unit) for times in sizes]
        found = alternate(rounds, *runs)
        seconds, memory = ([[one[i] for one in each] for each in found] for i in (0, 1))
        middle = [sorted(each)[len(each) // 2] for each in seconds]
        rows += [(preparation.__doc__, f"{times}×", spread(s, "{:.1f}"), spread(m, "{:.0f}"), f"{mid / middle[0]:.1f}×")
                 for times, s, m, mid in zip(sizes, seconds, memory, middle, strict=True)]  # fmt: skip
    tables = [Table(
        "資料變多，時間和記憶體呢？ · More data: time and memory", ("", "data", "s", "MB at most", "time against 1×"), rows,
        f"1× 是 {unit:,} 個字元。<br>1× is {unit:,} characters.",
    )]  # fmt: skip
    if not quick:
        whole = [(PREPARATIONS[name].__doc__, *(f"{value:.0f}" for value in in_its_own_process(name, 1, 100_000_000)))
                 for name in ("letters", "tokens")]  # fmt: skip
        tables.append(Table("和 text8 一樣大：一億個字元 · As large as text8: 100 million characters", ("", "s", "MB at most"), whole,
                            "一次。極限是 6,000 MB。<br>Once. The limit is 6,000 MB."))  # fmt: skip
    return Found(tables)


if __name__ == "__main__":
    prepare, times, unit = PREPARATIONS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    prepare(1, 50_000)  # imports, and what is kept ready
    start = time.perf_counter()
    prepare(times, unit)
    took = time.perf_counter() - start
    print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]))

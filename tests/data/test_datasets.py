import gzip
import hashlib
import io
import re
from collections import Counter

import numpy as np
import pytest
from PIL import Image
from support import tarred, zipped

from utils.data import datasets
from utils.data.fetch import FetchError

# ------------------------------------------------------------------------------------------ the real lesson edition


def fingerprint(texts) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def test_mnist_is_the_official_set_in_the_official_order(lesson_data):
    (x_train, y_train), (x_test, y_test) = datasets.load_mnist()
    assert (x_train.shape, y_train.shape) == ((60_000, 28, 28), (60_000,))
    assert (x_test.shape, y_test.shape) == ((10_000, 28, 28), (10_000,))
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert x_train.mean() == pytest.approx(33.318421, abs=1e-6)
    assert x_test.mean() == pytest.approx(33.791224, abs=1e-6)
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(y_train).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert (x_train.min(), x_train.max()) == (0, 255)


def test_emoji_are_the_same_in_both_hands_and_split_by_what_they_show(lesson_data):
    parts = datasets.load_emoji()
    assert [len(part.names) for part in parts] == [1051, 278, 577]
    assert len({name for part in parts for name in part.names}) == 1905  # two are a man in a tuxedo
    for part in parts:
        assert part.google.shape == part.twitter.shape == (len(part.names), 64, 64, 3)
        assert {part.google.dtype, part.twitter.dtype, part.groups.dtype} == {np.dtype(np.uint8)}
        assert set(part.groups.tolist()) == set(range(9))
        assert (part.google.min(), part.google.max(), part.google[:, 0, 0].max()) == (0, 255, 255)
    assert np.bincount(np.concatenate([part.groups for part in parts])).tolist() == [169, 386, 159, 131, 218, 85, 264, 224, 270]


def test_emoji_of_one_family_are_in_one_part_and_have_the_colours_of_what_they_show(lesson_data):
    parts = datasets.load_emoji()
    place = {name: number for number, part in enumerate(parts) for name in part.names}
    for who in ("artist", "astronaut", "cook", "pilot", "mechanic"):
        assert len({place[name] for name in (who, f"man {who}", f"woman {who}")}) == 1
    pictures = {name: picture for part in parts for name, picture in zip(part.names, part.google, strict=True)}
    for name, channel in (("large red circle", 0), ("large green circle", 1), ("large blue circle", 2)):
        assert pictures[name][32, 32].argmax() == channel
    assert pictures["large red circle"][0, 0].tolist() == [255, 255, 255]


def test_imdb_is_split_fairly(lesson_data):
    (train, train_labels), (test, test_labels) = datasets.load_imdb("lesson")
    assert (len(train), len(test)) == (len(train_labels), len(test_labels)) == (19_904, 5_000)
    assert Counter(test_labels.tolist()) == {0: 2_500, 1: 2_500}
    assert Counter(train_labels.tolist()) == {0: 9_932, 1: 9_972}
    assert not set(train) & set(test)
    assert len(set(train) | set(test)) == 24_904
    for labels in (train_labels, test_labels):
        for start in range(0, len(labels) - 1_000, 1_000):  # no stretch of one label, so a set may be cut anywhere
            assert 0.4 < labels[start : start + 1_000].mean() < 0.6
    assert (fingerprint(train), fingerprint(test)) == ("127e0f12592c3936", "fcb517563d5ccc41")


def test_imdb_validation_is_a_part_of_the_training_reviews_and_the_test_is_the_same(lesson_data):
    (all_train, all_labels), (all_test, _) = datasets.load_imdb("lesson")
    (train, train_labels), (validation, validation_labels), (test, _) = datasets.load_imdb_with_validation("lesson")
    assert (len(train), len(validation), len(test)) == (17_904, 2_000, 5_000)
    assert Counter(validation_labels.tolist()) == {0: 1_000, 1: 1_000}
    assert 0.4 < validation_labels[:1_000].mean() < 0.6
    assert test == all_test
    labelled = dict(zip(all_train, all_labels.tolist(), strict=True))
    parts = dict(zip(train + validation, [*train_labels.tolist(), *validation_labels.tolist()], strict=True))
    assert parts == labelled
    assert datasets.load_imdb_with_validation("lesson")[1][0] == validation  # the same every time


def names_of_films(reviews) -> dict[str, list[tuple[str, int]]]:
    """Return words that name one film: written large, in 4 to 60 reviews, of which those of a label stand close together."""
    found = {}
    for row, (text, label) in enumerate(reviews):
        for word in set(re.findall(r"\b[A-Z][a-z]{3,}\b", text)):
            found.setdefault(word, []).append((row, text, label))
    names = {}
    for word, where in found.items():
        rows = [[row for row, _, label in where if label == kind] for kind in (0, 1)]
        if 4 <= len(where) <= 60 and all(max(side) - min(side) < 30 for side in rows if side):
            names[word] = [(text, label) for _, text, label in where]
    return names


def torn_apart(names, parts, label=None) -> float:
    """Return the share of names whose reviews (of one label, or of both) stand in more than one part."""
    part_of = {text: number for number, texts in enumerate(parts) for text in texts}
    groups = [[part_of[text] for text, kind in where if label in (None, kind)] for where in names.values()]
    return np.mean([len(set(group)) > 1 for group in groups if len(group) > 1])


def test_imdb_keeps_the_reviews_of_a_film_on_one_side_where_a_random_split_does_not(lesson_data):
    names = names_of_films(dict.fromkeys(datasets._reviews("imdb")))
    assert len(names) > 1_000
    parts = [texts for texts, _ in datasets.load_imdb_with_validation("lesson")]
    everything = sorted(text for part in parts for text in part)
    np.random.default_rng(0).shuffle(everything)
    at_random = [everything[:17_904], everything[17_904:19_904], everything[19_904:]]
    for label in (0, 1):
        assert torn_apart(names, parts, label) < 0.005 < 0.6 < torn_apart(names, at_random, label)
    praised_and_blamed = {word: where for word, where in names.items() if len({label for _, label in where}) == 2}
    assert torn_apart(praised_and_blamed, parts) < 0.2 < 0.75 < torn_apart(praised_and_blamed, at_random)


def test_rotten_tomatoes_is_balanced_and_shuffled_and_part_of_all_reviews(lesson_data):
    sentences, labels = datasets.load_rotten_tomatoes()
    assert len(sentences) == len(set(sentences)) == 8_530
    assert Counter(labels.tolist()) == {0: 4_265, 1: 4_265}
    assert 0.4 < labels[:1_000].mean() < 0.6
    reviews = datasets.load_reviews()
    assert len(reviews) == 33_530
    assert set(sentences) < set(reviews)


def test_wikipedia_sample_has_its_articles(lesson_data):
    articles = datasets.load_wikipedia_sample()
    assert len(articles) == 106
    assert articles[0][0] == "Anarchism"
    assert "'''Anarchism'''" in articles[0][1]
    assert not any(text.lstrip().upper().startswith("#REDIRECT") for _, text in articles)


def test_letters_are_letters_and_single_spaces(lesson_data):
    letters = datasets.load_letters("lesson")
    assert set(letters) == set("abcdefghijklmnopqrstuvwxyz ")
    assert "  " not in letters
    assert letters.startswith("anarchism is ")
    assert 2_500_000 < len(letters) < 3_500_000


def test_three_kingdoms_has_its_chapters_and_heroes(lesson_data):
    chapters, entities = datasets.load_three_kingdoms()
    assert len(chapters) == 120
    assert sum(map(len, chapters)) == 599_828
    assert chapters[0].startswith("第一回 宴桃园豪杰三结义")
    assert len(entities) == 4_512
    assert (entities["曹操"], entities["荆州"], entities["蜀"]) == ("人名", "州名", "势力")


def test_interface_sentences_are_split_by_component_and_none_is_on_two_sides(lesson_data):
    parts = datasets.load_interface_sentences()
    assert [len(part) for part in parts] == [14_333, 343, 1_147]
    components = [{one.component for one in part} for part in parts]
    english = [{one.english.casefold() for one in part} for part in parts]
    assert [len(names) for names in components] == [707, 31, 64]
    assert [len(texts) for texts in english] == [len(part) for part in parts]
    for sets in (components, english):
        assert not any(sets[i] & sets[j] for i, j in ((0, 1), (0, 2), (1, 2)))
    everything = [one for part in parts for one in part]
    assert max(len(one.english.split()) for one in everything) == 16
    assert max(len(one.chinese) for one in everything) == 24
    assert {one.english: one.chinese for one in everything}["Device is already configured"] == "裝置已經設定完成"
    assert {one.english: one.chinese for one in parts.test}["Curtain 3"] == "窗簾 3"
    assert not any(one.english == one.chinese or one.english != one.english.strip() for one in everything)
    assert fingerprint(one.english for one in parts.test) == "7d51e466ebcd9ecb"


def test_shared_interface_sentences_stand_on_several_sides_but_once_on_each(lesson_data):
    once, shared = datasets.load_interface_sentences(), datasets.load_interface_sentences(shared=True)
    english = [[one.english.casefold() for one in part] for part in shared]
    assert all(len(set(texts)) == len(texts) for texts in english)
    assert {one.english.casefold() for one in once.test} <= set(english[2])
    both = set(english[0]) & set(english[2])
    assert len(both) > 100 and "device is already configured" in both


def test_longer_interface_sentences_are_there_when_asked_for(lesson_data):
    assert sum(map(len, datasets.load_interface_sentences(1_000, 1_000))) == 18_075
    with pytest.raises(ValueError, match="No sentence has at most 0 words and 24 characters"):
        datasets.load_interface_sentences(words=0)


def test_titanic_tables_join(lesson_data):
    passengers, tickets, family = datasets.load_titanic()
    assert (len(passengers), len(tickets), len(family)) == (668, 506, 668)
    assert len(passengers.merge(family, on="PassengerId")) == 668
    assert len(passengers.merge(tickets, on="Ticket")) == 635
    assert passengers.merge(tickets, on="Ticket", how="left")["Fare"].isna().sum() == 33


def test_photos_are_colour_arrays(lesson_data):
    photos = datasets.load_photos()
    assert tuple(photos) == datasets.PHOTOS
    assert {(photo.dtype, photo.ndim, photo.shape[2]) for photo in photos.values()} == {(np.dtype(np.uint8), 3, 3)}
    assert photos["coffee"].shape == (400, 600, 3)
    assert photos["cat"][150, 200].tolist() != photos["cat"][150, 200, 0].tolist()
    assert (photos["camera"][..., 0] == photos["camera"][..., 2]).all()


def test_word_similarity_has_all_pairs(lesson_data):
    tables = datasets.load_word_similarity()
    assert {name: len(table) for name, table in tables.items()} == {"wordsim353": 353, "simlex999": 999}
    for table in tables.values():
        assert table.columns.tolist() == ["word_1", "word_2", "score"]
        assert table["score"].between(0, 10).all()
        assert not table.isna().any().any()
    assert tables["wordsim353"].iloc[1].tolist() == ["tiger", "cat", 7.35]


def test_analogies_have_four_words_each(lesson_data):
    sections = datasets.load_analogies()
    assert len(sections) == 14
    assert sum(map(len, sections.values())) == 19_544
    assert {len(question) for questions in sections.values() for question in questions} == {4}
    assert sections["family"][0] == ("boy", "girl", "brother", "sister")


# --------------------------------------------------------------------------------- the full edition, in miniature


def put(shelf, server, name: str, filename: str, data: bytes, **fields) -> None:
    shelf.add(name, data, filename=filename, edition="full",
              sources=[{"kind": "url", "url": server.put(f"/{filename}", data)}], **fields)


def official_archive(reviews, films: int = 20) -> bytes:
    """Return a small aclImdb: reviews is (name, text) of each file; films: how many lines the lists of addresses have."""
    addresses = {f"{half}/urls_{kind}.txt": "".join(f"http://film/{number // 4}\n" for number in range(films))
                 for half in ("train", "test") for kind in ("neg", "pos")}  # fmt: skip
    return tarred({f"aclImdb/{name}": text for name, text in [*reviews, *addresses.items()]})


OFFICIAL = [(f"{half}/{kind}/{number}_7.txt", f"{half} {kind} {number} é")
            for half in ("train", "test") for kind in ("neg", "pos", "unsup") for number in reversed(range(20))]  # fmt: skip


def test_full_imdb_reads_the_official_halves(shelf, server):
    put(shelf, server, "aclimdb", "aclImdb_v1.tar.gz", official_archive(OFFICIAL))
    for half, (texts, labels) in zip(("train", "test"), datasets.load_imdb("full"), strict=True):
        assert len(texts) == 40
        assert labels.dtype == np.uint8
        assert all(text.startswith(f"{half} {('neg', 'pos')[label]} ") for text, label in zip(texts, labels, strict=True))
        assert texts[0].endswith("é")
        assert 0 < labels[:20].sum() < 20  # shuffled


def test_full_imdb_validation_takes_whole_films_by_their_addresses(shelf, server, monkeypatch):
    monkeypatch.setitem(datasets.IMDB_VALIDATION_SIZE, "full", 10)
    put(shelf, server, "aclimdb", "aclImdb_v1.tar.gz", official_archive(OFFICIAL))
    (train, train_labels), (validation, _), (test, _) = datasets.load_imdb_with_validation("full")
    films = [{int(text.split()[2]) // 4 for text in texts} for texts in (train, validation)]
    assert not films[0] & films[1] and films[0] | films[1] == set(range(5))
    assert len(validation) == 16 and len(train) == 24  # two films of eight reviews are enough for ten
    assert all(("neg", "pos")[label] in text for text, label in zip(train, train_labels, strict=True))
    assert test == datasets.load_imdb("full")[1][0]


def test_full_imdb_trains_on_no_text_twice_and_on_none_of_the_test(shelf, server, monkeypatch):
    monkeypatch.setitem(datasets.IMDB_VALIDATION_SIZE, "full", 4)
    reviews = [(name, {"train/neg/3_7.txt": "again", "train/neg/9_7.txt": "again", "train/pos/5_7.txt": "test pos 2 é"}.get(name, text))
               for name, text in OFFICIAL]  # fmt: skip
    put(shelf, server, "aclimdb", "aclImdb_v1.tar.gz", official_archive(reviews))
    (train, _), (validation, _), (test, _) = datasets.load_imdb_with_validation("full")
    assert sorted(train + validation) == sorted(set(train + validation)) and len(train + validation) == 38
    assert "again" in train + validation and not set(train + validation) & set(test)


def test_full_imdb_with_too_few_addresses_is_refused(shelf, server):
    put(shelf, server, "aclimdb", "aclImdb_v1.tar.gz", official_archive(OFFICIAL, films=19))
    with pytest.raises(ValueError, match="Expected the address of a film for each review of aclImdb/train, found 38 for 40"):
        datasets.load_imdb_with_validation("full")


def test_full_letters_are_text8(shelf, server):
    put(shelf, server, "text8", "text8.zip", zipped({"text8": " anarchism originated"}), members={"text8": {"size": 21}})
    assert datasets.load_letters("full") == " anarchism originated"


def test_full_mnist_is_the_file_of_keras(shelf, server):
    arrays = {"x_train": np.ones((6, 28, 28), np.uint8), "y_train": np.arange(6, dtype=np.uint8),
              "x_test": np.zeros((2, 28, 28), np.uint8), "y_test": np.arange(2, dtype=np.uint8)}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    put(shelf, server, "mnist_full", "mnist.npz", stream.getvalue())
    (x_train, y_train), (x_test, y_test) = datasets.load_mnist("full")
    for found, name in ((x_train, "x_train"), (y_train, "y_train"), (x_test, "x_test"), (y_test, "y_test")):
        np.testing.assert_array_equal(found, arrays[name])


def test_full_mnist_with_an_object_inside_is_refused(shelf, server):
    stream = io.BytesIO()
    np.savez(stream, x_train=np.array([{}], dtype=object))
    put(shelf, server, "mnist_full", "mnist.npz", stream.getvalue())
    with pytest.raises(ValueError, match="allow_pickle"):
        datasets.load_mnist("full")


def idx(array: np.ndarray) -> bytes:
    """Return bytes in MNIST's own format, compressed by gzip."""
    return gzip.compress(bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes(), mtime=0)


def image_file(colour, size=(30, 30), kind="PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


RED, BLUE = (250, 0, 0), (0, 0, 250)


def test_fashion_mnist_is_read_from_the_four_files_of_its_origin(shelf, server):
    random = np.random.default_rng(0)
    arrays = {f"{half}_{what}": random.integers(0, 256, (n, 28, 28)[: 3 if what == "images" else 1], dtype=np.uint8)
              for half, n in (("train", 6), ("test", 2)) for what in ("images", "labels")}  # fmt: skip
    for name, array in arrays.items():
        put(shelf, server, f"fashion_{name}", f"fashion-{name}.gz", idx(array))
    (x_train, y_train), (x_test, y_test) = datasets.load_fashion_mnist()
    for found, name in ((x_train, "train_images"), (y_train, "train_labels"), (x_test, "test_images"), (y_test, "test_labels")):
        np.testing.assert_array_equal(found, arrays[name])
        assert found.dtype == np.uint8


def test_horses_and_humans_are_told_by_their_folders_and_what_is_no_picture_is_left_alone(shelf, server):
    for part, number in (("training", 6), ("validation", 2)):
        files = {f"{folder}/{folder}0{n}-{n}.png": image_file(colour)
                 for n in range(number) for folder, colour in (("horses", RED), ("humans", BLUE))}  # fmt: skip
        put(shelf, server, f"horses_or_humans_{part}", f"{part}.zip", zipped({**files, "humans/": "", "readme.txt": "read me"}))
    parts = datasets.load_horses_or_humans(size=8)
    for (pictures, labels), number in zip(parts, (6, 2), strict=True):
        assert (pictures.shape, pictures.dtype, labels.dtype) == ((2 * number, 8, 8, 3), np.uint8, np.uint8)
        assert np.bincount(labels).tolist() == [number, number]
        assert (pictures[labels == 0] == RED).all() and (pictures[labels == 1] == BLUE).all()
    assert 0 < parts[0][1][:6].sum() < 6  # shuffled


def cats_and_dogs(number: int, **more) -> bytes:
    files = {f"PetImages/{kind}/{n}.jpg": image_file(colour, (40 + n, 20), "JPEG")
             for n in range(number) for kind, colour in (("Cat", RED), ("Dog", BLUE))}  # fmt: skip
    return zipped(files | {f"PetImages/{name.replace('_', '/')}.jpg": content for name, content in more.items()})


def test_cats_and_dogs_are_half_and_half_and_damaged_photos_are_left_out(shelf, server):
    damaged = {"Cat_1": b"", "Dog_3": image_file(BLUE, kind="JPEG")[:90], "Dog_5": b"no picture"}
    put(shelf, server, "cats_and_dogs", "cats.zip", cats_and_dogs(6, **damaged))
    parts = datasets.load_cats_and_dogs(size=8, training=6, validation=2)
    for (pictures, labels), number in zip(parts, (3, 1), strict=True):
        assert pictures.shape == (2 * number, 8, 8, 3)
        assert np.bincount(labels).tolist() == [number, number]
        assert (pictures[labels == 0][..., 0] > 240).all() and (pictures[labels == 1][..., 2] > 240).all()
    with pytest.raises(ValueError, match=r"Expected 5 photos of either kind, found \[5, 4\]. Ask for fewer"):
        datasets.load_cats_and_dogs(size=8, training=8, validation=2)


def test_cats_and_dogs_are_the_same_every_time_and_no_photo_is_in_both_parts(shelf, server):
    files = {f"PetImages/{kind}/{n}.jpg": image_file((n * 20, 0, 0), kind="PNG") for n in range(10) for kind in ("Cat", "Dog")}
    put(shelf, server, "cats_and_dogs", "cats.zip", zipped(files))
    (first, labels), (second, _) = datasets.load_cats_and_dogs(size=4, training=12, validation=8)
    reds = [sorted(part[:, 0, 0, 0].tolist()) for part in (first, second)]
    assert sorted(reds[0] + reds[1]) == sorted(2 * [n * 20 for n in range(10)])
    again = datasets.load_cats_and_dogs(size=4, training=12, validation=8)[0]
    np.testing.assert_array_equal(again[0], first)
    np.testing.assert_array_equal(again[1], labels)


@pytest.mark.parametrize("load, options, message", [
    (datasets.load_horses_or_humans, {"size": 0}, "Expected 1 to 1,000 pixels of a side, found 0"),
    (datasets.load_cats_and_dogs, {"size": "64"}, "Expected 1 to 1,000 pixels of a side, found '64'"),
    (datasets.load_cats_and_dogs, {"training": 3}, "training is an even number of photos, 2 or more, half of them cats; found 3"),
    (datasets.load_cats_and_dogs, {"validation": 0}, "validation is an even number of photos, 2 or more, half of them cats; found 0"),
])  # fmt: skip
def test_numbers_that_are_none_are_refused_before_anything_is_fetched(monkeypatch, load, options, message):
    monkeypatch.setattr(datasets, "fetch", lambda name: pytest.fail(f"{name} was fetched"))
    with pytest.raises(ValueError, match=message):
        load(**options)


def test_an_archive_without_its_pictures_is_refused(shelf, server):
    put(shelf, server, "cats_and_dogs", "cats.zip", zipped({"PetImages/Cat/readme.txt": "no photos"}))
    with pytest.raises(ValueError, match="There are no pictures in cats.zip"):
        datasets.load_cats_and_dogs()


# ----------------------------------------------------------------------------------------------------- editions


@pytest.fixture
def nothing_here(monkeypatch, clean_environment, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setenv("COURSE_OFFLINE", "1")


@pytest.mark.parametrize("profile, asset", [("smoke", "movie_reviews"), ("lesson", "movie_reviews"), ("full", "aclimdb")])
def test_edition_follows_the_profile_and_is_never_replaced(nothing_here, monkeypatch, profile, asset):
    monkeypatch.setenv("COURSE_PROFILE", profile)
    with pytest.raises(FetchError, match=f"^Cannot get {asset} \\("):
        datasets.load_imdb()


def test_edition_that_is_asked_for_wins_over_the_profile(nothing_here, monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    with pytest.raises(FetchError, match="^Cannot get movie_reviews"):
        datasets.load_imdb("lesson")
    with pytest.raises(FetchError, match="^Cannot get text8"):
        datasets.load_letters()
    with pytest.raises(FetchError, match="^Cannot get mnist .lesson"):  # the same pixels in both editions
        datasets.load_mnist()


@pytest.mark.parametrize("name, asset", [("fashion_mnist", "fashion_train_images"), ("cats_and_dogs", "cats_and_dogs"),
                                         ("horses_or_humans", "horses_or_humans_training")])  # fmt: skip
def test_data_of_the_tf2_labs_that_is_not_here_is_refused_with_one_sentence(nothing_here, name, asset):
    with pytest.raises(FetchError, match=f"^Cannot get {asset} \\(full edition") as caught:
        getattr(datasets, f"load_{name}")()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("load", [datasets.load_imdb, datasets.load_letters, datasets.load_mnist])
@pytest.mark.parametrize("edition", ["medium", "Lesson"])
def test_unknown_edition_is_named_with_the_known_ones(nothing_here, load, edition):
    with pytest.raises(ValueError, match=f"There is no edition '{edition}'. Use 'lesson' or 'full'"):
        load(edition)


@pytest.mark.parametrize("name", datasets.ASSETS)
@pytest.mark.parametrize("edition", ["lesson", "full"])
def test_every_data_set_can_be_described(name, edition):
    line = datasets.describe(name, edition)
    assert "\n" not in line
    only = "full" if name in ("fashion_mnist", "horses_or_humans", "cats_and_dogs") else "lesson"
    assert line.startswith(f"{name} ({edition if name in datasets.WITH_FULL_EDITION else only} edition)")


def test_description_says_licence_and_whom_to_cite(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    assert datasets.describe("imdb").startswith("imdb (full edition): Large Movie Review Dataset")
    assert "Licence: none stated, cite. Cite: A. L. Maas" in datasets.describe("imdb")
    assert datasets.describe("mnist").startswith("mnist (lesson edition)")
    with pytest.raises(ValueError, match="There is no data set 'cifar'. There are: mnist, emoji, imdb"):
        datasets.describe("cifar")


def test_damaged_mnist_pickle_is_refused(shelf, server):
    evil = gzip.compress(b"cposix\nsystem\n(S'touch evil'\ntR.")
    data = zipped({"mnist/data/mnist.pkl.gz": evil})
    shelf.add("mnist", data, sources=[{"kind": "url", "url": server.put("/m", data)}],
              members={"mnist/data/mnist.pkl.gz": {"size": len(evil)}})
    with pytest.raises(ValueError, match="refused the pickle: it names posix.system"):
        datasets.load_mnist()

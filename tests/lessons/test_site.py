"""The website: one language a page, downloads, a search that finds Chinese, nothing wrong in a browser."""

import base64
import json
import re
import subprocess
import sys

import keras
import nbformat
import numpy as np
import pytest
from nbformat import v4

from tools.lessons import glossary, interactive, notebooks, site, site_check
from utils.data import datasets, fetch
from utils.detection import metrics
from utils.models import charlm, text_encoder, word2vec
from utils.text import wordpiece


def test_a_page_speaks_one_language_folds_what_draws_and_keeps_the_rest():
    lesson = notebooks.find("05")[0]
    nb = site.page_of_lesson(lesson, "en", has_deck=True)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert "Step 1: One number" in text and "步驟 1" not in text and '<details class="answer">' in text and "{container} asks" in text
    assert f'href="../../files/{lesson.name}.ipynb"' in text and f"../../slides/en/{lesson.name}.html" in text
    assert not any("SOLUTION" in cell.source for cell in nb.cells)
    folded = [cell.source for cell in nb.cells if "hide-input" in cell.metadata.get("tags", [])]
    assert any("checks." in source for source in folded) and not any("def backward(" in source for source in folded)


def test_a_figure_has_the_alternative_text_of_its_cell_in_the_language_of_the_page(monkeypatch):
    cell = v4.new_code_cell("plt.plot(x)", metadata={"alt": {"zh": "一條線", "en": "A line"}})
    monkeypatch.setattr(notebooks, "read_built", lambda path: v4.new_notebook(cells=[v4.new_markdown_cell("# t"), cell.copy()]))
    lesson = notebooks.find("05")[0]
    assert site.page_of_lesson(lesson, "en", has_deck=False).cells[-1].metadata.mystnb.image.alt == "A line"
    assert site.page_of_lesson(lesson, "zh", has_deck=False).cells[-1].metadata.mystnb.image.alt == "一條線"


def test_a_table_without_a_head_has_heads_of_rows_its_links_lead_to_pages_and_those_to_projects_are_words():
    page = site.in_page("| | |\n|---|---|\n| 資料 · Data | MNIST |\n", "en")
    assert page == '<table class="facts"><tr><th scope="row">Data</th><td>MNIST</td></tr></table>\n'
    table = "| | |\n|---|---|\n| 先 · Needs | 第 [04](04_a.ipynb) 課 · lesson [04](04_a.ipynb) |\n"
    page = site.in_page(f"{table}\n先讀[例子](../projects/01_a.ipynb)。", "zh")
    assert '<a href="04_a.html">04</a>' in page and "先讀例子。" in page


def test_the_glossary_is_in_the_order_of_its_language():
    english, chinese = site.glossary_page("en"), site.glossary_page("zh")
    terms = re.findall(r"^(\S.*)\n\S.*\n  \S", english, re.M)
    assert terms == sorted(terms, key=str.lower) and len(terms) == len(glossary.read()["terms"])
    assert "損失函數\nloss function\n  答案錯得多嚴重" in chinese and "loss function\n損失函數\n  How wrong" in english


LESSON = """
Learning rates
==============

The ``learning rate``, :math:`gradient` and `batch <https://example.org>`_ are no prose. **Learning rates** and the
learning rate; a cross-entropy, RNNs, a score.

References
----------

An epoch in a title.
"""


@pytest.mark.parametrize(("language", "text", "linked"), [
    ("en", LESSON, ["Learning rates", "cross-entropy", "RNNs"]),
    ("zh", "``梯度``\n\n梯度下降先於\\ **學習率**，梯度再來，梯度下降、學習率、epoch。", ["梯度下降", "學習率", "梯度"]),
])  # fmt: skip
def test_a_terms_first_use_in_prose_is_linked(language, text, linked):
    pytest.importorskip("sphinx", reason="Sphinx is not installed: make author-environment")
    from docutils import core, nodes

    from tools.lessons import term_links

    document, made = core.publish_doctree(text), []
    before = document.astext()
    term_links.link(document, term_links.Terms(language), lambda term, words: made.append(words) or nodes.emphasis("", words))
    assert made == linked and document.astext() == before


def test_letters_are_counted_after_three_others_and_what_is_seldom_left_out():
    counts = interactive.letter_counts("abcd abcd abcd abce")
    assert counts["abc"][4] == 3 and counts["abc"][5] == 0 and counts["bcd"][0] == 3 and "bce" not in counts


def test_the_page_to_touch_speaks_its_language_and_links_its_lessons():
    chinese, english = interactive.page("zh"), interactive.page("en")
    assert "學習率的山谷" in chinese and "learning rate" not in chinese and "one step" in english and "走一步" not in english
    assert re.findall(r'id="([a-z-]+)"', chinese) == re.findall(r'id="([a-z-]+)"', english)
    text = site.page_of_lesson(notebooks.find("16")[0], "en", has_deck=False).cells[1].source
    assert '<a href="../try.html#letters">try it</a>' in text
    assert "[lesson 12](notebooks/12_word2vec_english.ipynb)" in english and "[第 17 課](notebooks/17_attention.ipynb)" in chinese


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    pytest.importorskip("sphinx", reason="Sphinx is not installed: make author-environment")
    folder = tmp_path_factory.mktemp("build") / "site"
    site.build(folder, "00", ["zh", "en"])
    return folder


@pytest.mark.slow
def test_the_site_has_its_lesson_in_each_language_its_files_and_a_first_page(built):
    for language, words in {"zh": "認識筆記本", "en": "Cells, running order"}.items():
        page = (built / language / "notebooks/00_welcome.html").read_text(encoding="utf-8")
        assert words in page
        assert "00_welcome.html" in (built / language / "index.html").read_text(encoding="utf-8")
    assert re.search(r'class="term reference internal" href="\.\./docs/glossary\.html#term-[^"]+" title="Inputs times weights', page)
    nbformat.read(built / "files/workbook/00_welcome.ipynb", as_version=4)
    assert 'href="zh/index.html"' in (built / "index.html").read_text(encoding="utf-8")
    assert not list(built.glob("*/labs/solutions"))


@pytest.mark.slow
@pytest.mark.parametrize(("language", "query", "found"), [("zh", "激勵函數", "docs/glossary"), ("zh", "ReLU", "docs/glossary"),
                                                        ("en", "activation", "docs/glossary")])  # fmt: skip
def test_the_search_finds_chinese_and_english_from_a_file(built, browser, language, query, found):
    page = browser.new_page()
    page.goto(f"{(built / language / 'search.html').as_uri()}?q={query}")
    page.wait_for_selector("#search-results li a", timeout=30_000)
    links = page.eval_on_selector_all("#search-results li a", "all => all.map(link => link.getAttribute('href'))")
    page.close()
    assert any(link.startswith(found) for link in links), json.dumps(links)


@pytest.mark.slow
@pytest.mark.usefixtures("browser")  # which says so where there is none; the check itself starts one of its own
def test_nothing_is_wrong_with_a_page_in_a_browser(built):
    command = [sys.executable, "-m", "tools.lessons.site_check", "zh/index", "--folder", str(built)]
    done = subprocess.run(command, cwd=notebooks.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_page_opened_directly_offers_the_remembered_language_and_leads_nobody_away(built, browser):
    page = browser.new_page(viewport=site_check.NARROW)
    opened = (built / "zh/notebooks/00_welcome.html").as_uri() + "#id2"
    page.goto(opened)
    assert page.locator(".remembered").count() == 0  # nothing is remembered yet
    page.goto((built / "index.html").as_uri())
    page.get_by_role("link", name="English", exact=True).click()
    page.wait_for_url("**/en/index.html")
    assert page.locator(".remembered").count() == 0
    page.goto(opened)
    assert page.inner_text(".remembered") == "You chose English last time: this page in English stay here" and page.url == opened
    page.add_script_tag(content=fetch.fetch("axe", "package/axe.min.js").read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(site_check.AXE) == []
    page.click(".remembered a")
    page.wait_for_url("**/en/notebooks/00_welcome.html#id2")
    assert page.locator(".remembered").count() == 0
    page.go_back()
    assert page.url == opened
    page.click(".remembered button")
    assert page.locator(".remembered").count() == 0
    page.goto((built / "index.html").as_uri())
    page.wait_for_url("**/zh/index.html")  # to stay is a choice, too
    page.close()


@pytest.fixture
def touched(built, browser):
    """The page "try it" in a browser, from its file."""
    page = browser.new_page()
    page.goto((built / "en" / "try.html").as_uri())
    yield page
    page.close()


def move(page, slider: str, value: float) -> None:
    page.evaluate("([id, value]) => { $(id).value = value; $(id).dispatchEvent(new Event('input')); }", [slider, value])


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.05, 0.19, 0.2])
def test_the_valley_steps_as_gradient_descent_does(touched, rate):
    move(touched, "rate", rate)
    x, w = np.arange(-1.0, 5), -1.0
    for _ in range(5):
        touched.click("#step")
        w -= rate * np.mean(2 * (w * x - 1 - (2 * x - 1)) * x)
    assert float(re.search(r"w = ([-\d.e]+)", touched.inner_text("#valley-said"))[1]) == pytest.approx(w, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("temperature", "top_k", "top_p"), [(1, 27, 1), (0.3, 27, 1), (1.5, 5, 1), (1, 27, 0.5), (0.7, 9, 0.8)])
def test_letters_have_the_probabilities_of_the_lesson(touched, temperature, top_k, top_p):
    for slider, value in (("temperature", temperature), ("top-k", top_k), ("top-p", top_p)):
        move(touched, slider, value)
    counts = np.array(touched.evaluate("TRY.letters['the']"), dtype=float)
    with np.errstate(divide="ignore"):
        expected = charlm.next_letter_probabilities(np.log(counts), temperature, top_k, top_p)
    np.testing.assert_allclose(touched.evaluate("shares('the')"), expected, atol=1e-9)


def stored_network():
    """The network whose weights stand in the repository, in Keras."""
    layers, stored = keras.layers, json.loads(interactive.DIGIT.read_text(encoding="utf-8"))
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.ZeroPadding2D(2),
        layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    for layer, weights in zip([layer for layer in model.layers if layer.weights], stored["weights"], strict=True):
        outputs = np.frombuffer(base64.b64decode(weights["bytes"]), np.int8).reshape(len(weights["scales"]), -1)
        layer.set_weights([(outputs.T * weights["scales"]).reshape(layer.kernel.shape), np.array(weights["bias"])])
    return model


def test_the_network_of_the_page_reads_digits_that_it_has_not_seen(lesson_data):
    _, (images, digits) = datasets.load_mnist()
    read = stored_network().predict(images[:500, ..., None].astype(np.float32), verbose=0).argmax(axis=1)
    assert np.mean(read == digits[:500]) > 0.96


@pytest.mark.slow
def test_an_example_has_the_probabilities_and_feature_maps_that_keras_gives(touched):
    model = stored_network()
    touched.locator("#examples button").nth(3).press("Enter")
    pixels = np.frombuffer(base64.b64decode(interactive.examples()), np.uint8).reshape(10, 28, 28, 1)[3:4].astype(np.float32)
    maps = [layer.output for layer in model.layers if isinstance(layer, keras.layers.Conv2D | keras.layers.MaxPooling2D)]
    *stages, probabilities = keras.Model(model.inputs, [*maps, model.layers[-1].output]).predict(pixels, verbose=0)
    assert touched.inner_text("#digit-said") == f"it reads {probabilities.argmax()} ({probabilities.max():.1%})".replace("%", " %")
    shown = touched.evaluate("""ids => ids.map(id => { const canvas = $(id), {width, height} = canvas;
        const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
        return {width, height, dark: Array.from({length: width * height}, (_, at) => 255 - data[4 * at])}; })""",
                             [f"map-{name}" for name in interactive.MAPS])  # fmt: skip
    for found, stage in zip(shown, stages, strict=True):
        side, maps = stage.shape[1], stage.shape[3]
        dark = np.array(found["dark"]).reshape(maps // 16, side + 1, 16, side + 1)[:, :side, :, :side]
        expected = stage[0].reshape(side, side, maps // 16, 16).transpose(2, 0, 3, 1)
        np.testing.assert_allclose(dark / 255, expected / expected.max(), atol=0.01)


@pytest.mark.slow
def test_a_line_that_a_mouse_draws_is_a_one_and_can_be_cleared(touched):
    touched.click("#clear")
    assert touched.inner_text("#digit-said") == "—"
    touched.locator("#pad").scroll_into_view_if_needed()
    box = touched.locator("#pad").bounding_box()
    touched.mouse.move(box["x"] + 140, box["y"] + 40)
    touched.mouse.down()
    touched.mouse.move(box["x"] + 130, box["y"] + 240, steps=4)
    touched.mouse.up()
    touched.locator("#digit-said", has_text="it reads 1 ").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize(("question", "expected"), [
    ("Music", lambda vectors: vectors.nearest("music", 8)),
    ("king - man + woman", lambda vectors: vectors.analogy("man", "king", "woman", 8)),
])  # fmt: skip
def test_words_have_the_neighbours_that_the_lessons_vectors_give(touched, question, expected):
    touched.fill("#question", question)
    stored = json.loads(interactive.WORDS.read_text(encoding="utf-8"))
    bytes_of_all, words = base64.b64decode(stored["vectors"]), stored["words"].split()
    vectors = word2vec.WordVectors(words, np.frombuffer(bytes_of_all, np.int8).reshape(len(words), -1))
    shown = touched.locator("#words-plot text").all_text_contents()
    assert shown == [text for word, cosine in expected(vectors) for text in (word, f"{cosine:.2f}")]


@pytest.mark.slow
def test_a_word_of_the_question_counts_if_asked_and_one_that_is_not_there_is_named(touched):
    touched.uncheck("#without")
    assert touched.inner_text("#words-said") == "→ king"
    touched.fill("#question", "king - zymurgy")
    assert touched.inner_text("#words-said") == "not among these words: zymurgy"


@pytest.mark.slow
def test_the_heads_look_where_those_of_the_network_do(touched):
    sentence = ["the", "king", "and", "the", "queen", "live", "near", "the", "river"]
    encoder = text_encoder.build(layers=1)
    files = datasets.load_minilm()
    text_encoder.set_weights(encoder, files.weights)
    ids = np.array([wordpiece.WordPiece.from_json(files.tokenizer).encode(" ".join(sentence), 20)])
    states = keras.Model(encoder.input, encoder.get_layer("embeddings.LayerNorm").output)(ids)
    expected = encoder.get_layer("encoder.layer.0.attention")(states, states, return_attention_scores=True)[1][0]
    np.testing.assert_allclose(touched.evaluate("words => attention(words)", sentence), expected, atol=0.04)  # of 1: the page has 8 bits


@pytest.mark.slow
def test_a_word_of_the_sentence_is_chosen_by_the_keyboard_and_strange_words_are_left_out(touched):
    touched.fill("#sentence", "the zymurgy king")
    assert touched.locator("#attention-plot button").count() == 4 and "left out: zymurgy" in touched.inner_text("#attention-said")
    move(touched, "head", 3)
    touched.locator("#attention-plot button").nth(2).press("Enter")
    assert touched.inner_text("#attention-said").startswith("king → the 100 %")


@pytest.mark.slow
@pytest.mark.parametrize(("score", "overlap"), [(0.4, 0.5), (0.1, 0.3), (0.2, 1), (0.9, 0)])
def test_boxes_are_kept_as_the_courses_nms_keeps_them(touched, score, overlap):
    move(touched, "score", score)
    move(touched, "overlap", overlap)
    boxes = [box for box in touched.evaluate("TRY.boxes") if box[4] >= score]
    kinds = [box[5] for box in boxes]
    kept = metrics.nms([box[:4] for box in boxes], [box[4] for box in boxes], np.unique(kinds, return_inverse=True)[1], overlap)
    assert touched.inner_text("#boxes-said").startswith(f"{len(kept)} / ")

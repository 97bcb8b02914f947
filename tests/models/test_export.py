"""utils.models.export: LiteRT's runner, timing, a digit made as MNIST's, and the page: the same probabilities as Keras in a browser."""

import keras
import numpy as np
import pytest
from scipy import ndimage

from tools.lessons import site_check, slides_check
from utils.data import datasets, fetch
from utils.models import export

layers = keras.layers


def network(*inner, sides=(28, 28, 1)):
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input(sides), *inner])


@pytest.fixture(scope="module")
def model():
    return network(
        layers.Rescaling(1 / 255), layers.ZeroPadding2D(2), layers.Conv2D(6, 3, padding="same", activation="relu", name="first"),
        layers.MaxPooling2D(2), layers.Conv2D(5, 5, padding="same", name="second"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dense(12, activation="relu", bias_initializer="random_normal"), layers.Dropout(0.4), layers.Dense(10, activation="softmax"),
    )  # fmt: skip


def pictures(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28)).astype(np.uint8)


def test_litert_answers_as_keras_for_any_batch(model, tmp_path):
    model.export(tmp_path / "model.tflite", format="litert", verbose=False)
    run = export.Lite((tmp_path / "model.tflite").read_bytes())
    x = pictures(5)[..., None].astype(np.float32)
    wanted = model.predict(x, verbose=0)
    for size in (1, 5, 2):
        np.testing.assert_allclose(run(x[:size]), wanted[:size], atol=1e-6)
    for shape in ((1, 27, 28, 1), (28, 28), (1, 28, 28), (1, 28, 28, 3)):
        with pytest.raises(ValueError, match=r"Expected an array of \(28, 28, 1\) behind the batch, found the shape"):
            run(np.zeros(shape))
        np.testing.assert_allclose(run(x), wanted, atol=1e-6)  # and it goes on


def test_functions_are_timed_in_turns_and_the_warm_up_does_not_count():
    calls = []
    taken = export.milliseconds({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, repeats=4, warm_up=2)
    assert calls == ["a", "b"] * 6
    assert {name: len(values) for name, values in taken.items()} == {"a": 4, "b": 4}
    assert all((values >= 0).all() for values in taken.values())


def test_a_picture_made_smaller_has_the_means_of_its_blocks_and_its_ink():
    picture = pictures(1)[0].astype(float)
    np.testing.assert_allclose(export.resized(picture, 14, 7), picture.reshape(14, 2, 7, 4).mean(axis=(1, 3)))
    assert export.resized(picture, 11, 19).mean() == pytest.approx(picture.mean())
    np.testing.assert_allclose(export.resized(picture, 28, 28), picture)


def test_a_digit_comes_back_into_the_middle_wherever_it_was_and_however_large():
    digit = np.zeros((20, 16))
    digit[3:17, 5:11], digit[0, 0], digit[-1, -1] = 200.0, 50.0, 50.0  # the corners make its box
    wanted = export.centred(np.pad(digit, 4))
    for size in (1, 2, 5):
        drawn = np.pad(np.kron(digit, np.ones((size, size))), [(7, 90), (31, 2)])
        np.testing.assert_allclose(export.centred(drawn), wanted, atol=1e-9)
    centre = ndimage.center_of_mass(wanted)
    assert np.abs(np.array(centre) - 14).max() <= 0.5
    assert wanted.sum() == digit.sum()


def test_a_digit_heavy_on_one_side_stays_within_the_field():
    picture = np.zeros((28, 28))
    picture[0, :] = 255.0
    picture[:, 14] = 1.0
    found = export.centred(picture)
    assert found.shape == (28, 28) and found[8:].any() and found.max() > 150  # its mass is in the first row, its box 20 high


def test_digits_of_mnist_are_as_centred_would_make_them(lesson_data):
    (images, _), _ = datasets.load_mnist()
    for image in images[:300]:
        np.testing.assert_allclose(export.centred(image), image, atol=1e-9)


def test_layers_come_with_their_weights_in_order(model):
    kinds, weights = export.layers_of(model)
    assert [layer["kind"] for layer in kinds] == ["scale", "pad", "conv", "pool", "conv", "pool", "dense", "dense"]
    assert [layer.get("activation") for layer in kinds if layer["kind"] == "conv"] == ["relu", "linear"]
    assert len(weights) == model.count_params() and weights.dtype == "<f4"
    np.testing.assert_array_equal(weights[:54], model.get_layer("first").get_weights()[0].ravel())


@pytest.mark.parametrize("layer", [
    layers.BatchNormalization(), layers.Conv2D(2, 3), layers.Conv2D(2, 3, strides=2, padding="same"), layers.Conv2D(2, 2, padding="same"),
    layers.MaxPooling2D(3), layers.ZeroPadding2D((1, 2)), layers.Rescaling(1, offset=1),
    layers.Conv2D(2, 3, padding="same", activation="tanh"), layers.Conv2D(2, 3, padding="same", activation="softmax"),
    layers.Conv2D(2, 3, padding="same", use_bias=False),
])  # fmt: skip
def test_what_the_page_cannot_run_is_named(layer):
    with pytest.raises(ValueError, match=f"page.*{layer.name}"):
        export.layers_of(network(layer))


@pytest.mark.parametrize(("call", "message"), [
    (lambda _: export.milliseconds({}, 3), "something to time"), (lambda _: export.milliseconds({"a": int}, 0), "something to time"),
    (lambda _: export.centred(np.zeros((28, 28))), "Draw a digit first"),
    (lambda _: export.digit_page(network(layers.Flatten(), layers.Dense(3)), pictures(2)), "28×28×1 to 10"),
    *((lambda model, wrong=wrong: export.digit_page(model, wrong), "1 to 10 pictures")
      for wrong in (pictures(11), pictures(2).astype(float), pictures(2)[:, :20], pictures(0))),
])  # fmt: skip
def test_nothing_to_time_an_empty_paper_and_other_networks_and_examples_are_refused(model, call, message):
    with pytest.raises(ValueError, match=message):
        call(model)


@pytest.fixture(scope="module")
def written(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "draw_a_digit.html"
    digits = np.zeros((3, 28, 28), np.uint8)
    digits[0, 4:24, 9:19], digits[1, 2:9, 2:5], digits[2] = 255, 90, pictures(1, seed=8)[0]
    path.write_text(export.digit_page(model, digits), encoding="utf-8")
    return path, digits


@pytest.fixture
def page(browser, written):
    """The page, opened from its file; afterwards nothing was asked of a network and no script had failed."""
    problems = []
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    slides_check.listen(page, problems)
    page.goto(written[0].as_uri())
    yield page
    page.close()
    assert problems == []


def assert_same(page, model):
    """What the page shows is what Keras says of the picture that the page made; return that picture."""
    last = page.evaluate("last")
    pixels = np.array(last["pixels"]).reshape(28, 28)
    wanted = model.predict(pixels[None, ..., None].astype(np.float32), verbose=0)[0]
    np.testing.assert_allclose(last["probabilities"], wanted, atol=1e-4)
    shown = page.eval_on_selector_all("#probabilities tbody tr", "rows => rows.map(row => row.lastChild.textContent)")
    assert shown == [f"{100 * value:.1f} %" for value in last["probabilities"]]
    assert f"It reads {wanted.argmax()}," in page.inner_text("#said")
    return pixels


@pytest.mark.slow
def test_an_example_is_read_as_keras_reads_it_with_the_keyboard_alone(page, model, written):
    page.focus("#centre")
    page.keyboard.press("Space")  # off: the field as it is
    for number in range(3):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        np.testing.assert_allclose(assert_same(page, model), written[1][number], atol=1e-9)


@pytest.mark.slow
def test_a_drawn_digit_is_prepared_and_read_as_in_python(page, model):
    box = page.locator("#pad").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.mouse.down()
    for x, y in ((110, 25), (60, 130)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.up()
    page.locator("#said", has_text="It reads").wait_for()
    paper = page.evaluate("Array.from(pad2d.getImageData(0, 0, 280, 280).data).filter((_, at) => at % 4 === 3)")
    paper = np.array(paper, float).reshape(280, 280)
    assert paper[150:].sum() == 0 and paper.sum() > 0
    np.testing.assert_allclose(assert_same(page, model), export.centred(paper), atol=1e-3)
    page.click("#centre")
    np.testing.assert_allclose(assert_same(page, model), export.resized(paper, 28, 28), atol=1e-3)
    assert page.locator("canvas[data-stage]").count() == 4  # two convolutions, two poolings
    page.click("#clear")
    assert page.inner_text("#said") == "Nothing drawn yet."


@pytest.mark.slow
def test_feature_maps_are_those_of_keras(page, model, written):
    found = page.evaluate("pixels => run(pixels).stages.map(stage => Array.from(stage.data))", written[1][2].ravel().tolist())
    outputs = [layer.output for layer in model.layers if isinstance(layer, layers.Conv2D | layers.MaxPooling2D)]
    wanted = keras.Model(model.inputs, outputs).predict(written[1][2][None, ..., None].astype(np.float32), verbose=0)
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs.ravel(), atol=1e-4)


@pytest.mark.slow
def test_a_finger_draws_too(browser, written):
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(written[0].as_uri())
        page.tap("#pad")
        page.locator("#said", has_text="It reads").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_the_page_speaks_one_language_at_a_time(page):
    assert "Draw a digit" in page.inner_text("body") and "畫一個數字" not in page.inner_text("body")
    page.click("#language")
    assert "畫一個數字" in page.inner_text("body") and "Draw a digit" not in page.inner_text("body")
    assert page.inner_text("#said") == "還沒畫。" and page.get_attribute("#pad", "aria-label").startswith("畫圖的紙")


@pytest.mark.slow
def test_axe_finds_no_fault_in_the_page(browser, written):
    axe = fetch.fetch("axe", "package/axe.min.js").read_text(encoding="utf-8")
    assert site_check.faults(browser, written[0], axe) == []

"""Sliders of lessons, moved: each draws anew what it is set to, from what its lesson has defined above it."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from tools.lessons import notebooks
from utils.models import charlm, word2vec


@pytest.fixture
def sliders(monkeypatch):
    """A function that runs a lesson's cell of sliders with what it needs, and gives its sliders by name."""
    monkeypatch.setattr(plt, "show", lambda: None)

    def run(number, **defined):
        cells = notebooks.read_source(notebooks.find(number)[0].source).cells
        [cell] = [cell for cell in cells if notebooks.TOUCH in cell.metadata.get("tags", [])]
        names = {"np": np, "plt": plt} | defined
        exec(cell.source, names)
        [function] = [made for name, made in names.items() if name != "interact" and hasattr(made, "widget")]
        *moved, _ = function.widget.children  # the last one shows what is drawn
        return {slider.description: slider for slider in moved}

    yield run
    plt.close("all")


def test_a_word_of_ones_own_is_drawn_with_its_neighbours_or_named_if_unknown(sliders, capsys):
    vectors = word2vec.WordVectors(["cast", "actor", "crew", "rod"], [[4, 0], [4, 1], [4, 2], [1, 4]])
    word = sliders("12", vectors=vectors)["word"]
    near = ["cast", "actor", "crew"]  # the nearest on top
    word.value = "rod"
    assert plt.gca().get_xlabel() == "cosine to 'rod'"
    assert [label.get_text() for label in plt.gca().get_yticklabels()] == near
    cosines = [vectors.similarity("rod", other) for other in near]
    np.testing.assert_allclose([bar.get_width() for bar in plt.gca().patches], cosines, atol=1e-6)
    word.value = "zymurgy"
    assert "'zymurgy' is not among the 4 words" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # between TensorFlow's variables and NumPy
def test_letters_are_drawn_with_the_probabilities_that_temperature_top_k_and_top_p_leave(sliders):
    keras.utils.set_random_seed(3)
    reader = charlm.build_model(8, batch_size=1)
    moved = sliders("16", reader=reader, charlm=charlm)
    for name, value in {"start": "q", "temperature": 0.5, "top_k": 5, "top_p": 0.7}.items():
        moved[name].value = value
    charlm.set_state(reader, None)
    expected = charlm.next_letter_probabilities(reader.predict_on_batch(charlm.encode("q")[None])[0, -1], 0.5, 5, 0.7)
    np.testing.assert_allclose([bar.get_height() for bar in plt.gca().patches], expected, atol=1e-6)
    assert plt.gca().get_title() == f"{np.count_nonzero(expected)} left"


def test_a_sentence_of_ones_own_is_aligned(sliders):
    text = sliders("17", draw_alignment=lambda axis, text: axis.set_title(text))["text"]
    text.value = "Open the door"
    assert plt.gca().get_title() == "Open the door"

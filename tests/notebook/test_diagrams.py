import io

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from utils.notebook import diagrams

DRAWINGS = {
    "unfolded": lambda: diagrams.unfolded_rnn(["arrive", "Taipei"], ["other", "destination"]),
    "unfolded, Chinese": lambda: diagrams.unfolded_rnn(["小波", "站在", "拉拉", "旁邊"]),
    "unfolded, deep": lambda: diagrams.unfolded_rnn(["a", "b", "c"], layers=3),
    "unfolded, with an error": lambda: diagrams.unfolded_rnn(["a", "b", "c"], ["x", "y", "z"], error_at=2),
    "unfolded, LSTM": lambda: diagrams.unfolded_rnn(["a", "b"], layers=2, handed_on="c"),
    "LSTM, gate by gate": diagrams.lstm_step_by_step,
    "LSTM, peepholes, GRU": diagrams.lstm_peephole_gru,
}


def words(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_has_all_its_glyphs_and_nothing_outside_its_frame(name):
    figure = DRAWINGS[name]()       # a missing glyph warns, and warnings are errors
    assert isinstance(figure, Figure)
    assert not plt.get_fignums()    # closed, so that a notebook shows it once
    figure.savefig(io.BytesIO(), format="png")
    for axes in figure.axes:
        frame = axes.get_window_extent()
        for text in axes.texts:
            if text.get_text():
                box = text.get_window_extent()
                assert frame.x0 - 2 <= box.x0 <= box.x1 <= frame.x1 + 2, text
                assert frame.y0 - 2 <= box.y0 <= box.y1 <= frame.y1 + 2, text


def test_an_unfolded_rnn_shows_every_step_and_the_same_weights_between_them():
    texts = words(diagrams.unfolded_rnn(["arrive", "Taipei", "on"], ["o", "d", "o"]))
    for text in ("arrive", "Taipei", "on", "$x_0$", "$h_1$", r"$\hat{y}_2$", "d"):
        assert text in texts
    assert texts.count("$W$") == 3      # one on the loop, two between three steps
    assert texts.count("$U$") == 4


def test_layers_have_weights_of_their_own_an_lstm_hands_on_its_memory_and_the_error_flows_back():
    texts = words(diagrams.unfolded_rnn(["a", "b"], layers=2))
    assert "$h_0^{(2)}$" in texts
    assert texts.count("$W^{(1)}$") == texts.count("$W^{(2)}$") == 2
    texts = words(diagrams.unfolded_rnn(["a", "b"], handed_on="c"))
    assert texts.count("$c$") == 2 and "$h_1$" in texts
    assert not any("W" in text for text in texts)
    texts = words(diagrams.unfolded_rnn(["a", "b", "c"], error_at=2))
    assert "$E_2$" in texts and sum("partial" in text for text in texts) == 2


def test_the_gates_appear_one_by_one():
    counts = [sum(patch.get_facecolor()[:3] == matplotlib.colors.to_rgb(diagrams.PALE) for patch in axes.patches)
              for axes in diagrams.lstm_step_by_step().axes]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0 == counts[-1]


@pytest.mark.parametrize("arguments, message", [
    ({"inputs": ["a"]}, "at least 2 inputs and 1 layer, not 1 and 1"),
    ({"inputs": ["a", "b"], "layers": 0}, "at least 2 inputs and 1 layer, not 2 and 0"),
    ({"inputs": ["a", "b"], "outputs": ["x"]}, "2 inputs but 1 outputs. Give one each"),
    ({"inputs": ["a", "b"], "error_at": 2}, "error_at must be a time step from 0 to 1, not 2"),
])
def test_a_wrong_request_is_explained(arguments, message):
    with pytest.raises(ValueError, match=message):
        diagrams.unfolded_rnn(**arguments)

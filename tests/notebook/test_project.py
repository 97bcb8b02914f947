"""utils.notebook.project: the questions that every project is asked, on any data."""

import math

import numpy as np
import pytest

from utils.notebook import project

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 4, 4, 3), dtype=np.uint8)


@pytest.mark.parametrize("parts", [
    {"train": IMAGES[:6], "validation": IMAGES[6:9], "test": IMAGES[9:]},
    {"train": ["貓", "狗", "狗"], "test": ["鳥"]},
    {"train": np.array([1, 1, 2]), "test": [3]},
    {"train": [np.ones(2), np.ones(3)], "test": [np.ones(4)]},
    {"train": [np.zeros((2, 3))], "test": [np.zeros((3, 2))]},  # of the same bytes
])
def test_parts_that_share_nothing_pass(parts, capsys):
    project.disjoint(**parts)
    assert capsys.readouterr().out.count("[PASS]") == len(parts) + math.comb(len(parts), 2)


@pytest.mark.parametrize(("train", "test", "count", "place"), [
    (IMAGES[:6], IMAGES[5:], 1, 0),
    (IMAGES[:6], IMAGES[::-1], 6, 6),
    (["the cat", "a dog"], ["my bird", "the cat"], 1, 1),
    ([1, 2], np.array([0, 5, 2, 2]), 1, 2),
])
def test_an_example_in_two_parts_is_counted_and_its_place_named(train, test, count, place):
    with pytest.raises(AssertionError, match=rf"{count} examples are in both train and test \(the first is number {place} of test\)"):
        project.disjoint(train=train, test=test)


def test_the_test_data_comes_out_once(capsys):
    envelope = project.TestOnce(IMAGES, np.arange(12))
    assert len(envelope) == 12
    with pytest.raises(AssertionError, match="opened 0 times"):
        project.opened_once(envelope)
    x, y = envelope.open()
    assert x is IMAGES
    assert y.tolist() == list(range(12))
    project.opened_once(envelope)
    assert capsys.readouterr().out.count("[PASS]") == 2
    with pytest.raises(AssertionError, match="look number 2 at the test data"):
        envelope.open()
    with pytest.raises(AssertionError, match="opened 2 times"):
        project.opened_once(envelope)
    assert project.TestOnce(["a", "b"]).open() == ["a", "b"]  # one thing, as it went in


@pytest.mark.parametrize(("call", "error", "said"), [
    (lambda: project.disjoint(train=[1], validation=[2, 3], test=[3]), AssertionError, "in both validation and test"),
    (lambda: project.disjoint(train=[1], validation=[], test=[2]), AssertionError, "validation is empty"),
    (lambda: project.disjoint(train=[1]), ValueError, "at least two parts"),
    (lambda: project.disjoint(train=[{"a": 1}], test=[1]), ValueError, "not dict"),
    (lambda: project.TestOnce(), ValueError, "got no data"),
])  # fmt: skip
def test_parts_and_envelopes_that_prove_nothing_are_refused(call, error, said):
    with pytest.raises(error, match=said):
        call()


@pytest.mark.parametrize(("numbers", "said"), [
    ((0.9, None, 0.95), "value, a low and a high end"),
    ((math.nan, 0.8, 0.95), "value, a low and a high end"),
    ((0.9, 0.9, 0.9), "no width"),
    ((0.9, 0.95, 0.8), "no width"),
    ((0.7, 0.8, 0.95), "lies outside"),
])
def test_a_result_without_its_interval_is_turned_down(numbers, said):
    with pytest.raises(AssertionError, match=said):
        project.error_bar(*numbers)
    with pytest.raises(AssertionError, match=said):
        project.verdict(*numbers)


@pytest.mark.parametrize(("interval", "said"), [
    ((0.05, 0.01, 0.09), "better"),
    ((-0.05, -0.09, -0.01), "worse"),
    ((0.05, -0.01, 0.11), "cannot tell"),
    ((0.05, 0.0, 0.1), "cannot tell"),
    (np.array([0.05, 0.01, 0.09]), "better"),
])
def test_the_verdict_is_what_the_interval_carries(interval, said, capsys):
    assert project.verdict(*interval) == said
    sentence = capsys.readouterr().out.splitlines()[-1]
    assert {"better": "is beaten", "worse": "baseline wins", "cannot tell": "cannot be told"}[said] in sentence

"""What a project of one's own is asked, whatever its data: are the parts apart, was the test data used once, is there an error bar,
is the baseline beaten?

Each check prints `[PASS] …`, or stops with a sentence that says what to do. A result that does not beat its baseline is no mistake:
`verdict` says what the interval carries.
"""

import math

import numpy as np

from utils.notebook import checks


def disjoint(**parts) -> None:
    """Check that no example lies in two parts of the data.

    Give examples, or what they belong to: `disjoint(train=chapters_of_train, test=chapters_of_test)` says that chapters are apart.

    Args:
        parts: at least two, by name: each an array whose first axis is the examples, or a list of texts, numbers or arrays.

    Raises:
        AssertionError: if a part is empty, or an example occurs in two; it says in which, how often, and where the first stands.
        ValueError: if there are fewer than two parts.
    """
    if len(parts) < 2:
        raise ValueError(f"disjoint() compares at least two parts, such as train=..., test=...; it got {len(parts)}.")
    seen = {}
    for name, examples in parts.items():
        seen[name] = {_key(example): place for place, example in reversed(list(enumerate(examples)))}
        checks.that(bool(seen[name]), f"{name}: {len(examples):,}",
                    f"{name} 是空的：切的時候漏掉了？ {name} is empty: was it left out of the cut?")
    names = list(parts)
    for place, first in enumerate(names):
        for second in names[place + 1:]:
            both = seen[first].keys() & seen[second].keys()
            where = min((seen[second][key] for key in both), default=0)
            checks.that(
                not both, f"{first} 和 {second} 沒有重疊。 {first} and {second} do not overlap.",
                f"{first} 和 {second} 有 {len(both):,} 筆一樣（{second} 裡第一筆是編號 {where}）：先去掉重複的，再切。 "
                f"{len(both):,} examples are in both {first} and {second} (the first is number {where} of {second}): "
                "drop duplicates, then cut.",
            )  # fmt: skip


class TestOnce:
    """Test data in an envelope, which is opened once: after all choices are made.

    It keeps nobody from looking elsewhere; it shows in the notebook where the one look is.
    """

    __test__ = False  # pytest: this is no test

    def __init__(self, *data):
        if not data:
            raise ValueError("TestOnce() got no data. Put in what the test needs: TestOnce(x_test, y_test).")
        self._data, self.opened = data, 0

    def __len__(self) -> int:
        return len(self._data[0])

    def open(self):
        """Return what was put in: one thing as it is, several as a tuple.

        Raises:
            AssertionError: if it has been opened before.
        """
        self.opened += 1
        checks.that(
            self.opened == 1, "測試資料打開了，只有這一次。 The test data is open, this once.",
            f"這是第 {self.opened} 次打開測試資料：看過成績再改，就不是測試了。要改，用驗證資料；要整本重跑，重新啟動 kernel。 "
            f"This is look number {self.opened} at the test data. What is changed after a look is not tested by another: choose on "
            "validation data. To run the whole notebook again, restart the kernel.",
        )  # fmt: skip
        return self._data[0] if len(self._data) == 1 else self._data


def opened_once(envelope: TestOnce) -> None:
    """Check that the test data was opened, and once only.

    Raises:
        AssertionError: if it was opened never, or more than once.
    """
    checks.that(envelope.opened == 1, "測試資料用了一次。 The test data was used once.",
                f"測試資料打開了 {envelope.opened} 次，應該剛好一次。 The test data was opened {envelope.opened} times; it should be once.")


def error_bar(value, low, high) -> None:
    """Check that a result has its interval.

    Args:
        value, low, high: the measured number and its interval, as `evaluation.share` and the others return them: `error_bar(*share)`.

    Raises:
        AssertionError: if a number is missing, not finite, or the interval has no width or leaves the value out.
    """
    numbers = (value, low, high)
    real = all(isinstance(each, int | float | np.number) and math.isfinite(each) for each in numbers)
    checks.that(real, "成績有三個數：值、下限、上限。 The result has three numbers: value, low, high.",
                f"成績要有值、下限、上限，得到的是 {numbers}。 A result has a value, a low and a high end; this is {numbers}.")
    checks.that(bool(low < high), f"誤差範圍 {low:.3f} 到 {high:.3f}。 The interval goes from {low:.3f} to {high:.3f}.",
                "誤差範圍沒有寬度：只量了一次，或上下限寫反了？ The interval has no width: one measurement only, or the ends swapped?")
    checks.that(bool(low <= value <= high), f"{value:.3f} 在裡面。 {value:.3f} lies inside.",
                f"{value:.3f} 不在 {low:.3f} 到 {high:.3f} 裡：三個數來自同一次量測嗎？ "
                f"{value:.3f} lies outside of {low:.3f} to {high:.3f}: do the three belong together?")


def verdict(value, low, high) -> str:
    """Say whether a model beats its baseline.

    Args:
        value, low, high: how much better the model is, on the same cases, with its interval: `evaluation.paired_difference(model,
            baseline)`; above 0 is better. Swap the two where smaller is better, as with a loss.

    Returns:
        "better", "worse", or "cannot tell" where 0 lies in the interval; the sentence is printed.

    Raises:
        AssertionError: if there is no interval; see `error_bar`.
    """
    error_bar(value, low, high)
    if low > 0:
        print(f"贏過基準：多 {value:.3f}。 The baseline is beaten, by {value:.3f}.")
        return "better"
    if high < 0:
        print(f"輸給基準：少 {-value:.3f}。照實寫，這也是結果。 The baseline wins, by {-value:.3f}. Say so: that is a result, too.")
        return "worse"
    print("分不出勝負：0 在誤差範圍裡。不要說贏了。 It cannot be told: 0 lies in the interval. Do not claim a win.")
    return "cannot tell"


def _key(example):
    """Return what tells an example from others: texts and numbers as they are, arrays by their shape and bytes."""
    if isinstance(example, str | bytes | int | float):
        return example
    array = np.asarray(example)
    if array.dtype == object:
        raise ValueError(f"disjoint() compares texts, numbers and arrays of numbers, not {type(example).__name__}.")
    return array.item() if array.ndim == 0 else (array.shape, array.dtype.str, array.tobytes())

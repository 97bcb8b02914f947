"""Every test that tests/README.md names exists."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (HERE / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_promise_has_its_test(file, test):
    assert f"def {test}(" in (HERE / file).read_text(encoding="utf-8")


def test_the_list_is_read():
    assert len(NAMED) > 30

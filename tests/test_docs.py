"""The pages of docs/: the numbers in them are what Python gives."""

import doctest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_numbers_of_the_primer_are_what_python_gives():
    failed, tried = doctest.testfile(str(ROOT / "docs" / "primer.md"), module_relative=False)
    assert failed == 0
    assert tried >= 12

"""The benchmarks can be imported, and their page is what their results say. Nothing here measures a time."""

import importlib
import json

import pytest

from benchmarks import report


@pytest.mark.parametrize("name", report.BENCHMARKS)
def test_a_benchmark_can_be_imported_and_says_what_it_is_about(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert module.__doc__ and callable(module.measure)


def test_every_module_that_measures_is_on_the_list():
    others = {"report", "__main__", "hub_load", "torch_side"}
    assert {path.stem for path in report.FOLDER.glob("*.py")} - others == set(report.BENCHMARKS)


def test_runs_alternate_and_every_second_round_goes_backwards():
    seen = []
    found = report.alternate(2, lambda n: seen.append(("a", n)) or n, lambda n: seen.append(("b", n)) or 10 * n)
    assert seen == [("a", 0), ("b", 0), ("b", 1), ("a", 1)]
    assert found == [[0, 1], [0, 10]]


@pytest.mark.parametrize(("values", "text"), [([2.0], "2"), ([3.0, 1.0, 2.0], "2 (1–3)")])
def test_spread_is_the_median_with_the_smallest_and_the_largest(values, text):
    assert report.spread(values) == text


def test_a_missed_target_is_said_to_be_missed():
    ratio = {"name": "x", "values": [4.0, 3.0, 9.0], "target": 5}
    everything = {
        "peers": {"date": "", "seconds": 0, "machine": {}, "tables": [], "ratios": [ratio, {**ratio, "target": 4}]}
    }
    page = report.page(everything)
    assert "| x | 4 (3–9) | 5 | missed |" in page
    assert "| x | 4 (3–9) | 4 | met |" in page


def test_the_page_names_todays_benchmarks_and_says_what_the_results_say():
    stored = json.loads(report.STORED.read_text(encoding="utf-8"))
    assert set(stored) <= set(report.BENCHMARKS), "a benchmark has gone or has another name: run make bench"
    page = report.PAGE.read_text(encoding="utf-8")
    assert page == report.page(stored)
    assert all(f"## {name}\n" in page or name in page.split("Not measured yet: ")[1].split("\n")[0] for name in report.BENCHMARKS)

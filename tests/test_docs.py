"""The pages of docs/: the numbers in them are what Python gives."""

import doctest
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_numbers_of_the_primer_are_what_python_gives():
    failed, tried = doctest.testfile(str(ROOT / "docs" / "primer.md"), module_relative=False)
    assert failed == 0
    assert tried >= 12


def test_what_the_readme_says_beneath_its_title_is_so():
    zh, en = (ROOT / "README.md").read_text(encoding="utf-8").split("\n")[2].split(" · ")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = [*project["dependencies"], *project["optional-dependencies"]["gpu"]]
    keras, tensorflow = (re.search(rf"^{name}==(\d+\.\d+)", "\n".join(pinned), re.M)[1] for name in ("keras", r"tensorflow\S+"))
    lessons, labs = (len(list((ROOT / folder).glob("*[0-9]*_*.ipynb"))) for folder in ("notebooks", "labs"))
    assert project["requires-python"] == ">=3.11,<3.14"
    assert zh.startswith(f"共 {lessons} 課，{labs} 個練習；Python 3.11–3.13，TensorFlow {tensorflow}，Keras {keras}；")
    assert en.startswith(f"{lessons} lessons, {labs} labs; Python 3.11–3.13, TensorFlow {tensorflow}, Keras {keras}; ")

"""Notebook 11 teaches each of the slides' language steps in English and in Chinese, and its outputs are exact."""

import ast
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
STEPS = {
    "cleaning": ["english.strip_html(PAGE_EN)", "english.strip_html(PAGE_ZH)", "unicodedata.normalize('NFKC', word)"],
    "punctuation": ["without_punctuation(clean_en)", "without_punctuation(clean_zh)", "unicodedata.category(mark)"],
    "tokenising": ["english.tokenise", "TreebankWordTokenizer()", "chinese.segment(sentence)",
                   "chinese.segment_plainly(sentence)", "maximum_matching(sentence)"],
    "subwords": ["commonest_pair(cut, times)", "merge(pieces, pair)", "cut_new(word, merges)",
                 "learn_to_cut({run: list(run) for run in runs}, runs, 60)"],
    "stop words": ["english.stop_words()", "chinese.stop_words()", "content_words(clean_en, english.tokenise)",
                   "content_words(clean_zh, everyday)"],
    "stems and variants": ["PorterStemmer()", "SnowballStemmer('english')", "chinese.to_traditional('\\n'.join(words))",
                           "chinese.to_simplified(traditional)"],
    "parsing": ["nltk.ChartParser(ENGLISH).parse(sentence_en)", "nltk.ChartParser(CHINESE).parse(sentence_zh)",
                "draw_tree(ax, tree, name)"],
    "frequencies and n-grams": ["nltk.FreqDist(words)", "nltk.ngrams(words, n)",
                                "nltk.ConditionalFreqDist(nltk.bigrams(words))"],
    "corpus": ["datasets.load_wikipedia_sample()", "datasets.load_three_kingdoms()",
               "datasets.load_rotten_tomatoes()", "corpus_row('Wikipedia sample', articles)"],
    "one-hot and cosine": ["np.eye(len(words))", "cosine(one_hot[pair[0]], one_hot[pair[1]])",
                           "company(documents, vocabulary)"],
}


def code_cells():
    notebook = jupytext.read(NOTEBOOKS / "source" / "11_language_basics.py", fmt="py:percent")
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def taught():
    nodes = [node for cell in code_cells() for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.expr)]
    return {ast.unparse(node) for node in nodes if not isinstance(node, ast.Constant)}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_the_slides_runs_in_a_code_cell(step, taught):
    assert [entry for entry in STEPS[step] if entry not in taught] == []


def test_nine_in_ten_cells_with_output_are_compared_exactly():
    built = nbformat.read(NOTEBOOKS / "11_language_basics.ipynb", as_version=4)
    with_output = [cell for cell in built.cells if cell.get("outputs")]
    exact = [cell for cell in with_output if "nbval-check-output" in cell.metadata.get("tags", [])]
    assert len(exact) >= 0.9 * len(with_output) > 25


def test_nothing_of_nltk_needs_a_download(taught):
    assert not [expression for expression in taught if "nltk.download" in expression or "corpus." in expression]


def test_imports_neither_tensorflow_nor_keras():
    imports = [node for cell in code_cells() for node in ast.parse(cell).body
               if isinstance(node, ast.Import | ast.ImportFrom)]
    check = "import sys; print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    program = "\n".join([*map(ast.unparse, imports), check])
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert imports and result.stdout.strip() == "[]"

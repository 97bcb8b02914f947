"""One language of bilingual markdown."""

import pytest

from tools.lessons import notebooks, one_language
from tools.lessons.one_language import in_language, language_of

CELL = """## 步驟 2：兩種儲存格 · Step 2: Two kinds of cells

損失（loss）量「錯多少」：

$$L = \\frac{1}{6}
\\sum_i e_i^2$$

🤔 `x.shape` 是什麼？

The loss measures how wrong we are; 錯 means wrong.

🤔 What is `x.shape`?"""


def test_a_cell_comes_apart_into_its_two_languages_and_what_serves_both():
    assert in_language(CELL, "zh") == (
        "## 步驟 2：兩種儲存格\n\n損失（loss）量「錯多少」：\n\n$$L = \\frac{1}{6}\n\\sum_i e_i^2$$\n\n🤔 `x.shape` 是什麼？")
    assert in_language(CELL, "en") == (
        "## Step 2: Two kinds of cells\n\nThe loss measures how wrong we are; 錯 means wrong.\n\n"
        "$$L = \\frac{1}{6}\n\\sum_i e_i^2$$\n\n🤔 What is `x.shape`?")
    assert in_language(CELL, "both") is CELL
    with pytest.raises(ValueError, match="expected a language of zh, en, both; found 'tw'. Set COURSE_LANGUAGE to one of them"):
        in_language("字", "tw")


@pytest.mark.parametrize(("markdown", "chinese", "english"), [
    ("# 07 卷積 · Convolutions", "# 07 卷積", "# 07 Convolutions"),
    ("🗺 畫圖 · Plot", "🗺 畫圖", "🗺 Plot"),
    ("- 要先會 `if`。 You need `if` first.\n- 兩小時。 Two hours are enough.", "- 要先會 `if`。\n- 兩小時。",
     "- You need `if` first.\n- Two hours are enough."),
    ("⏱ {{minutes}}", "⏱ {{minutes}}", "⏱ {{minutes}}"),
    ("- 先想問題。<br>First the question.", "- 先想問題。", "- First the question."),
    ("| 名字 · Name | $x$ |\n|---|---|\n| 形狀 · Shape | `a · b` |", "| 名字 | $x$ |\n| --- | --- |\n| 形狀 | `a · b` |",
     "| Name | $x$ |\n| --- | --- |\n| Shape | `a · b` |"),
    ("| | 中文 | English |\n|---|---|---|\n| $h$ | 狀態 | state |", "| | 中文 |\n|---|---|\n| $h$ | 狀態 |",
     "| | English |\n|---|---|\n| $h$ | state |"),
    ("| a |\n|---|\n| $\\sigma(z)$，在 0 和 1 之間 · between 0 and 1 |", "| a |\n| --- |\n| $\\sigma(z)$，在 0 和 1 之間 |",
     "| a |\n| --- |\n| $\\sigma(z)$, between 0 and 1 |"),
    ("<details><summary>解答 · Answer</summary>", "<details><summary>解答</summary>", "<details><summary>Answer</summary>"),
    ("<details><summary>選讀 · Optional：特徵值 · eigenvalues</summary>", "<details><summary>選讀：特徵值</summary>",
     "<details><summary>Optional: eigenvalues</summary>"),
    *[(reference, reference, reference) for reference in ["- J. Elman, *Cognitive Science* 14, 1990：簡單 RNN · the simple RNN."]],
])  # fmt: skip
def test_lines_that_hold_both_languages(markdown, chinese, english):
    assert (in_language(markdown, "zh"), in_language(markdown, "en")) == (chinese, english)


def test_a_fence_keeps_its_blank_lines():
    code = "```python\nx = 1\n\ny = 2\n```"
    assert one_language.blocks(f"先看。\n\n{code}\n\nLook first.") == ["先看。", code, "Look first."]
    assert language_of(code) == "neutral"


def test_chinese_that_is_wrapped_in_the_source_is_not_parted_by_a_blank_on_a_page():
    wrapped = "兩個數字，\n搶同一個 `x`\n錨框。\n（完）\n\nTwo digits want\none anchor."
    assert in_language(wrapped, "zh") == "兩個數字，搶同一個 `x`\n錨框。（完）"


@pytest.mark.parametrize("lesson", notebooks.find(), ids=lambda lesson: lesson.name)
def test_each_cell_of_a_lesson_says_something_in_either_language_alone(lesson):
    for cell in notebooks.read_source(lesson.source).cells:
        if cell.cell_type == "markdown":
            chinese, english = in_language(cell.source, "zh"), in_language(cell.source, "en")
            assert chinese.strip() and english.strip(), cell.source
            assert chinese.count("🤔") == english.count("🤔"), cell.source
            words = one_language.prose(english)
            assert len(one_language.HAN.findall(words)) <= max(12, len(one_language.WORD.findall(words))), cell.source

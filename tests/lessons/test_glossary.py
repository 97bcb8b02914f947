"""tools.lessons.glossary: one word for a thing, and a page of all of them."""

import pytest

from tools.lessons import glossary


@pytest.mark.parametrize(("text", "found"), [
    ("用優化器更新。", ["優化器: the course says 最佳化器 (docs/glossary.toml)"]),
    ("輸入門與遺忘門。", ["輸入門: the course says 輸入閘 (docs/glossary.toml)", "遺忘門: the course says 遺忘閘 (docs/glossary.toml)"]),
    ("提早停止，用邏輯斯迴歸。", []),
    ("", []),
])  # fmt: skip
def test_words_that_the_course_says_otherwise_are_found(text, found):
    assert list(glossary.word_findings(text)) == found


def test_no_word_is_both_said_and_never_said():
    said = {*glossary.read()["terms"], *glossary.read()["words"]}
    assert not {wrong for wrong in glossary.replacements() if any(wrong in word for word in said)}


def test_every_term_has_both_languages_in_the_page():
    page = glossary.page()
    for chinese, term in glossary.read()["terms"].items():
        assert f"| {term['en']} | {chinese} | {term['zh']} | {term['means']} |\n" in page


def test_a_page_that_is_not_up_to_date_is_found(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text(glossary.page(), encoding="utf-8")
    assert list(glossary.findings(tmp_path)) == []
    (tmp_path / "docs" / "glossary.md").write_text("old", encoding="utf-8")
    assert list(glossary.findings(tmp_path)) == ["docs/glossary.md: is not what docs/glossary.toml gives; run: make map"]

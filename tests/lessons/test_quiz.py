"""tools.lessons.quiz: five questions a lesson, one right answer each, misconceptions named; workbook, exam, key and deck."""

import json
import re
import sqlite3
import sys
import zipfile

import pytest
from support import write_lesson

from tools.lessons import check, notebooks, quiz, workbook

LESSON = """# %% [markdown] slideshow={"slide_type": "slide"}
# # 42 答案 · The answer
#
# ⏱ {{minutes}}

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 練習 · Lab

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 參考資料 · References
"""
QUESTION = """
[[question]]
zh = "第 {n} 題：6 乘 7 是多少？"
en = "Number {n}: what is 6 times 7?"
computed = "6 * 7"
right = {{ zh = "四十二", en = "forty-two", value = 42 }}

[[question.wrong]]
zh = "十三"
en = "thirteen"
value = 13
means_zh = "把乘當成加。"
means_en = "Takes times for plus."

[[question.wrong]]
zh = "六十七"
en = "sixty-seven"
value = 67
means_zh = "把兩個數字寫在一起。"
means_en = "Writes the digits side by side."

[[question.wrong]]
zh = '$\\frac{{6}}{{7}}$'
en = '$\\frac{{6}}{{7}}$'
value = 0.857
means_zh = "把乘當成除。"
means_en = "Takes times for divided by."
"""
GOOD = "".join(QUESTION.format(n=n) for n in range(1, 6))
WRITTEN = sorted(path.stem for path in (notebooks.ROOT / "docs" / "quiz").glob("*.toml"))


@pytest.fixture
def lesson(tmp_path):
    """A function that writes a lesson and its quiz, with something replaced once, and returns the lesson."""

    def write(old="", new="", text=GOOD):
        notebook = write_lesson(tmp_path, LESSON)
        quiz.path_of(notebook).parent.mkdir(parents=True, exist_ok=True)
        assert old in text
        quiz.path_of(notebook).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        return notebook

    return write


def findings(notebook):
    return list(quiz.findings(notebook.source.parents[2]))


def test_good_questions_have_no_findings(lesson):
    assert findings(lesson()) == []


@pytest.mark.parametrize(("old", "new", "finding"), [
    ('en = "forty-two", ', "", "docs/quiz/42.toml: question 1, right, en: is missing"),
    ('means_zh = "把乘當成加。"', "", "question 1, wrong 1, means_zh: is missing"),
    ('en = "Number 3: what is 6 times 7?"', "", "question 3, en: is missing"),
    ('en = "Number 3: what is 6 times 7?"', 'en = " "', "question 3, en: is empty"),
    ('means_zh = "把乘當成加。"', 'meaning_zh = "把乘當成加。"', "question 1, wrong 1, meaning_zh: is no field of a quiz"),
    (QUESTION.format(n=5), "", "docs/quiz/42.toml: question: expected 5, found 4"),
    (QUESTION.format(n=5), QUESTION.format(n=5) * 2, "docs/quiz/42.toml: question: expected 5, found more"),
    (QUESTION.format(n=1)[QUESTION.format(n=1).rindex("[[question.wrong]]"):], "", "question 1, wrong: expected 3, found 2"),
    ("value = 13\n", "", "question 1: wrong 1: a question has `computed` if and only if each of its answers has a `value`"),
    ('computed = "6 * 7"\n', "", "question 1: right: a question has `computed` if and only if"),
    ('"thirteen"', '"forty-two"', "question 1: two of its answers are the same in en"),
    ("zh =", "zh ==", "docs/quiz/42.toml: is not TOML"),
])  # fmt: skip
def test_a_malformed_file_is_named_with_question_and_field(lesson, old, new, finding):
    found = findings(lesson(old, new))
    assert len([line for line in found if finding in line]) == 1, found
    with pytest.raises(notebooks.NotebookError, match=re.escape(finding)):
        workbook.workbook(lesson(old, new), seconds=60)


@pytest.mark.parametrize(("old", "new", "finding"), [
    ("value = 42 ", "value = 43 ", "question 1, right: has the value 43, but computed gives 42"),
    ("value = 13", "value = 42.0", "question 1, wrong 1: has the value 42.0, which is what computed gives: it is right, too"),
    ('"6 * 7"', '"6 * seven"', "question 1, computed: cannot be evaluated (NameError: name 'seven' is not defined)"),
    ("把乘當成加。", "把乘默認成加。", "question 1, wrong 1, means_zh: 默認: the course says 預設"),
    ("第 1 題：6 乘", "第 1 題：網絡，6 乘", "question 1, zh: 網絡: the course says 網路"),
    ("把乘當成加。", "把乘当成加。", "question 1, wrong 1, means_zh: Simplified characters 当"),
    ('zh = "十三"', 'zh = "13"', "question 1, wrong 1, zh: no Chinese"),
    ('"thirteen"', '"十 三"', "question 1, wrong 1, en: no English"),
])  # fmt: skip
def test_wrong_sums_wrong_words_and_missing_languages_are_found(lesson, old, new, finding):
    (found,) = findings(lesson(old, new))
    assert found.startswith(f"docs/quiz/42.toml: {finding}")


def test_a_quiz_of_no_lesson_is_found(lesson):
    notebook = lesson()
    quiz.path_of(notebook).rename(quiz.path_of(notebook).with_name("43.toml"))
    assert findings(notebook) == ["docs/quiz/43.toml: no lesson has this number; a quiz is called NN.toml, as its lesson's number"]


@pytest.mark.parametrize(("computed", "right", "wrong"), [
    ("np.zeros((3, 4)).sum(axis=0).shape", "[4]", "[3]"), ("np.arange(3) > 1", "[false, false, true]", "[true, true, false]"),
    ("1 / 3 * 3", "1", "0.99999"), ("'ab' + 'c'", '"abc"', '"ab c"'), ("6 * 7 > 40", "true", "false"),
])  # fmt: skip
def test_shapes_arrays_texts_and_rounded_numbers_can_be_computed(lesson, computed, right, wrong):
    text = GOOD.replace("6 * 7\"", f'{computed}"').replace("value = 42 ", f"value = {right} ").replace("value = 13", f"value = {wrong}")
    assert findings(lesson(text=text)) == []
    (found,) = findings(lesson(f"value = {right} ", f"value = {wrong} ", text))
    assert "question 1, right: has the value" in found


def test_the_order_is_always_the_same_and_every_letter_is_right_at_least_once(lesson):
    questions = quiz.read(quiz.path_of(lesson()))
    first, again, other = quiz.ordered(questions, "42"), quiz.ordered(questions, "42"), quiz.ordered(questions, "41")
    assert first == again != other
    places = [options.index(question.right) for question, options in zip(questions, first, strict=True)]
    assert set(places) == {0, 1, 2, 3}
    for question, options in zip(questions, first, strict=True):
        assert sorted(option.en for option in options) == sorted(option.en for option in question.options)


def test_the_workbook_ends_in_five_questions_before_the_references_with_folded_answers(lesson):
    sources = [cell.source for cell in workbook.workbook(lesson(), seconds=60).cells]
    place = sources.index(quiz.HEADING)
    assert sources[place - 1].startswith("## 練習") and sources[place + 6].startswith("## 參考資料") and len(sources) == place + 7
    for number, source in enumerate(sources[place + 1 : place + 6], start=1):
        shown, folded = source.split("\n\n<details><summary>解答 · Answer</summary>\n\n")
        assert f"**{number}.** 第 {number} 題" in shown and f"**{number}.** Number {number}" in shown
        assert "Takes times" not in shown and folded.endswith("\n\n</details>")
        right = re.search(r"- \*\*([A-D])\*\* 四十二<br>forty-two", shown)[1]
        assert folded.startswith(f"**{right}**") and set(re.findall(r"- \*\*([A-D])", folded)) == set("ABCD") - {right}


def test_a_lesson_without_questions_has_no_section(lesson):
    notebook = lesson()
    with_quiz = len(workbook.workbook(notebook, seconds=60).cells)
    quiz.path_of(notebook).unlink()
    assert len(workbook.workbook(notebook, seconds=60).cells) == with_quiz - 6


def test_changed_questions_ask_for_the_workbook_to_be_built(lesson):
    notebook = lesson()
    workbook.build(notebook, seconds=60)
    notebook.built.touch()  # what the workbook links to
    assert list(check.workbook_findings(notebook, 60)) == []
    lesson("thirteen", "fourteen")
    assert list(check.workbook_findings(notebook, 60)) == [
        "workbook/42_answer.ipynb: is not what its source gives; run: make render NB=42 PROSE=1"
    ]


@pytest.mark.parametrize(("language", "there", "not_there"), [("zh", "四十二", "forty-two"), ("en", "forty-two", "四十二")])
def test_an_exam_speaks_one_language_and_does_not_show_which_answer_is_right(lesson, language, there, not_there):
    page = quiz.exam([lesson()], language)
    assert page.count(there) == 5 and not_there not in page
    assert "Takes times" not in page and "把乘" not in page
    # without their words, all questions look alike, and so do all options: nothing but the words tells them apart
    skeletons = {re.sub(r">[^<]+<", "><", section) for section in re.findall(r"<section>.*?</section>", page, re.S)}
    assert len(skeletons) == 1 and skeletons.pop().count("<li></li>") == 4


def test_the_key_names_the_letters_of_the_exam_and_the_misconceptions(lesson):
    notebook = lesson()
    key, exam = quiz.key([notebook]), quiz.exam([notebook], "en")
    letters = re.findall(r"<span>\d+ <b>([A-D])</b></span>", key)
    options = [re.findall(r"<li>(.*?)</li>", section, re.S) for section in exam.split("<section>")[1:]]
    assert [shown["ABCD".index(letter)] for shown, letter in zip(options, letters, strict=True)] == ["forty-two"] * 5
    assert key.count("Writes the digits side by side.") == key.count("把兩個數字寫在一起。") == 5


def test_the_deck_for_anki_has_a_bilingual_card_for_each_question_that_keeps_its_identity(lesson, tmp_path):
    pytest.importorskip("genanki", reason="genanki is not installed: make author-environment")
    notes = []
    for name in ("one.apkg", "two.apkg"):
        quiz.write_deck([lesson("Takes times for plus.", "Adds.") if name == "two.apkg" else lesson()], tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as package:
            package.extract("collection.anki2", tmp_path / name[:3])
        base = sqlite3.connect(tmp_path / name[:3] / "collection.anki2")
        notes.append(dict(base.execute("select guid, flds from notes").fetchall()))
        decks = [deck["name"] for deck in json.loads(base.execute("select decks from col").fetchone()[0]).values()]
        base.close()
        assert f"{quiz.ANKI}::42 答案 · The answer" in decks
    assert notes[0].keys() == notes[1].keys() and len(notes[0]) == 5 and notes[0] != notes[1]
    for fields in notes[0].values():
        question, options, answer, misconceptions = fields.split("\x1f")
        assert "第" in question and "Number" in question and "forty-two" in answer and "Takes times for plus." in misconceptions
        assert r"\(\frac{6}{7}\)" in options and "$" not in options


def test_without_genanki_the_exam_is_written_and_the_missing_deck_is_named(lesson, tmp_path, monkeypatch, capsys):
    notebook = lesson()
    monkeypatch.setitem(sys.modules, "genanki", None)
    monkeypatch.setattr(notebooks, "find", lambda selection: [notebook])
    monkeypatch.setattr(quiz.slides, "write_assets", lambda folder, names: None)
    assert quiz.main(["42", "--folder", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["exam.en.html", "exam.zh.html", "key.html"]
    assert quiz.WITHOUT_GENANKI in capsys.readouterr().err


def test_lessons_without_a_quiz_are_said_to_have_none(lesson, tmp_path, monkeypatch, capsys):
    notebook = lesson()
    quiz.path_of(notebook).unlink()
    monkeypatch.setattr(notebooks, "find", lambda selection: [notebook])
    assert quiz.main(["42", "--folder", str(tmp_path / "out")]) == 1
    assert "none of these lessons has a quiz; write docs/quiz/NN.toml" in capsys.readouterr().err


@pytest.mark.parametrize("number", WRITTEN)
def test_the_length_of_an_answer_does_not_give_it_away(number):
    questions = quiz.read(notebooks.ROOT / "docs" / "quiz" / f"{number}.toml")
    for language in ("zh", "en"):
        lengths = [[len(getattr(option, language)) for option in question.options] for question in questions]
        longest = sum(right > 1.2 * max(wrong) for right, *wrong in lengths)
        assert longest <= 2, f"{language}: the right answer is much the longest in {longest} of five questions"

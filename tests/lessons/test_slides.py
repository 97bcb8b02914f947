"""Decks: what stands on a slide, and that it fits."""

import base64
import html
import io
import re

import pytest
from nbformat import v4
from PIL import Image

from tools.lessons import handout, notebooks, slides, slides_check

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def markdown(source, kind="slide", tags=()):
    return v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}, "tags": list(tags)})


def code(source, *outputs, kind="fragment", tags=()):
    cell = v4.new_code_cell(source, metadata={"slideshow": {"slide_type": kind}, "tags": list(tags)})
    cell.outputs = list(outputs)
    return cell


def drawn():
    return v4.new_output("display_data", {"image/png": PIXEL})


def printed(text):
    return v4.new_output("stream", name="stdout", text=text)


@pytest.fixture
def nb():
    return v4.new_notebook(cells=[
        markdown("# 42 答案 · The answer\n\n一句話。\n\nOne sentence."),
        code("import numpy as np", kind="skip"),
        markdown("## 步驟 1：畫 · Step 1: Draw\n\n先看。\n\nLook first.\n\n🤔 多高？\n\n🤔 How tall?"),
        markdown("<details><summary>解答 · Answer</summary>\n\n三。\n\nThree.\n\n</details>", "notes", ["answer"]),
        code("x = 3\nx", printed("3\n")),
        code("plt.plot(x)\nplt.title('x')", drawn()),
        code("assert x == 3", printed("[PASS] x\n"), tags=["check"]),
    ])  # fmt: skip


def kinds(nb, language="zh"):
    return [slide.kind for slide in slides.slides(nb, language)]


def test_question_figure_and_code_have_slides_of_their_own_and_imports_none(nb):
    assert kinds(nb) == ["title", "question", "code", "figure", "printed"]
    assert [slide.starts for slide in slides.slides(nb, "en")] == [True, True, False, False, False]
    assert "先看" in slides.slides(nb, "zh")[1].html  # a single line stands above its question


def test_a_steps_heading_right_above_another_stands_on_its_slide_and_in_the_schedule(nb):
    nb.cells.append(markdown("## 步驟 2：跑 · Step 2: Run\n\n### 先賽跑 · First a race\n\n三位。\n\nThree of them."))
    for language, words in (("zh", ("步驟 2：跑", "先賽跑", "三位")), ("en", ("Step 2: Run", "First a race", "Three of them"))):
        last = slides.slides(nb, language)[-1]
        assert last.starts and all(word in html.unescape(last.html) for word in words)
    assert [step for step, _ in slides.schedule(nb)][-1] == "步驟 2：跑 · Step 2: Run"


def test_each_heading_of_a_cell_has_its_slide_and_one_whose_words_are_folded_has_none():
    nb = v4.new_notebook(cells=[markdown("# t · t"), markdown(
        "## 學到 · Learned\n\n- 一。\n\n- One.\n\n## 不同 · Different\n\n<details><summary>看 · Look</summary>\n\n- 舊。\n\n</details>\n\n"
        "## 資料 · References\n\n" + "".join(f"- [Paper {i}](https://a.b/{i}), 2017\n" for i in range(20)))])  # fmt: skip
    headings = [re.search("<h2.*?>(.*?)<", slide.html)[1] for slide in slides.slides(nb, "en")[1:]]
    assert headings == ["Learned", "References", "References"]


def test_a_short_table_stands_below_its_code_and_a_figure_below_its_sentence_if_it_keeps_its_size():
    table = v4.new_output("display_data", {"text/html": f"<table><tbody>{'<tr><td>1</td></tr>' * 3}</tbody></table>"})
    tall, wide = drawn(), drawn()
    for output, size in ((tall, (10, 10)), (wide, (40, 10))):
        held = io.BytesIO()
        Image.new("L", size).save(held, "png")
        output["data"]["image/png"] = base64.b64encode(held.getvalue()).decode()
    said = [markdown(f"看{which}張。\n\n看兩邊。\n\nLook at {which}.\n\nAt both sides.", "fragment") for which in ("a", "b")]
    nb = v4.new_notebook(cells=[markdown("# t · t\n\n" + "一。" * 200 + "\n\n" + "One. " * 200), code("table", table),
                                said[0], code("plt.plot(x)", wide), said[1], code("plt.plot(x)", tall)])  # fmt: skip
    found = [(slide.kind, "<table" in slide.html, "<img" in slide.html) for slide in slides.slides(nb, "zh")][-4:]
    assert found == [("code", True, False), ("text", False, True), ("text", False, False), ("figure", False, True)]
    assert "height: 292px" in slides.slides(nb, "zh")[-3].html and "height: 560px" in slides.slides(nb, "zh")[-1].html


def test_lessons_are_named_and_checks_speak_one_language():
    nb = v4.new_notebook(cells=[markdown("# t · t\n\n和 [15](15_x.ipynb) 一樣。\n\nAs in [15](15_x.ipynb). [16](16_y.ipynb) goes on."),
                                code("f()", printed("[PASS] 對了。 Right.\n"), tags=["check"])])  # fmt: skip
    chinese, english = ("".join(slide.html for slide in slides.slides(nb, language)) for language in ("zh", "en"))
    assert "和第 15 課一樣。" in chinese and "[PASS] 對了。<" in chinese
    assert "As in lesson 15. Lesson 16 goes on." in english and "[PASS] Right." in english


def test_lines_of_a_hundred_signs_stand_in_a_row_in_narrower_type():
    found = [slides.slides(v4.new_notebook(cells=[code(f"x = '{'a' * signs}'", printed("1"))]), "en")[0].html for signs in (80, 100)]
    assert ['class="wide"' in made for made in found] == [False, True]


@pytest.mark.parametrize("tag", ["plot", "stored", "check"])
def test_a_cell_that_only_shows_something_shows_its_result_alone(nb, tag):
    nb.cells.append(code("rows = lay_out(results)", printed("0.834 ± 0.016\n"), tags=[tag]))
    body = slides.deck(nb, "en", "t").split('<div class="slides">')[1]
    assert "0.834 ± 0.016" in body and "lay_out" not in body


def test_a_deck_speaks_one_language_and_the_answer_is_a_note(nb):
    chinese, english = slides.deck(nb, "zh", "t"), slides.deck(nb, "en", "t")
    body = english.split('<div class="slides">')[1]
    assert "How tall?" in body and "多高" not in body and "多高" in chinese and "How tall?" not in chinese
    assert re.search(r"<aside class=\"notes\">[^§]*Three\.", body) and 'lang="en"' in english and 'lang="zh-Hant-TW"' in chinese
    assert "plt.plot" not in body and "import numpy" not in body and "assert x" not in body and "[PASS]" in body


def test_whoever_speaks_has_a_note_for_what_is_asked_and_shown():
    gap = code("### BEGIN SOLUTION\ny = 4\n### END SOLUTION")
    gap.metadata["gap"] = "y"
    figure = code("plt.plot(x)", drawn())
    figure.metadata["alt"] = {"zh": "一條線", "en": "A line"}
    nb = v4.new_notebook(cells=[
        markdown("# t · t\n\n一 題。\n\nA title."),
        markdown("## 步驟 · Step\n\n600 個點。\n\n600 points. Two moons.\n\n✏️ 寫出來。\n\n✏️ Write it."), gap,
        code('checks.that(y > 3, "對。 Right.", "四比三大。 Four is more than three.")', tags=["check"]),
        markdown("🤔 為何？\n\n🤔 Why?\n\n看下去。\n\nLook on."),
        markdown("<details><summary>解答 · Answer</summary>\n\n因為。\n\nBecause.\n\n</details>", "notes", ["answer"]),
        code("y", printed("4\n" * 15)), figure,
    ])  # fmt: skip
    notes = [(slide.kind, re.sub(r"<.*?>", "", " ".join(slide.notes)).replace("\n", " ").strip()) for slide in slides.slides(nb, "en")]
    assert [note for kind, note in notes if kind == "question"] == ["Answery = 4  Usual mistakesFour is more than three.", "AnswerBecause."]
    assert [note for kind, note in notes if kind == "figure"] == ["A line"]
    assert list(slides.findings(nb)) == []
    assert {note for kind, note in notes if kind == "code"} == {"600 points."}


def test_a_slide_that_leaves_the_speaker_without_a_word_is_found():
    asked = markdown("## 步驟 · Step\n\n✏️ 寫。\n\n✏️ Write.")
    nb = v4.new_notebook(cells=[markdown("# t · t"), asked, markdown("## 二 · Two"), code("f()", printed("4\n" * 15))])
    found = list(slides.findings(nb))
    assert any("(question, en) 'Step" in finding and "answer it in the cell below, or by a gap" in finding for finding in found)
    assert any("begin its step with a sentence" in finding for finding in found)


def test_code_comes_in_pieces_of_twelve_lines_at_most_whole_statements_where_they_fit():
    function = "def f(x):\n" + "".join(f"    x += {i}\n" for i in range(20)) + "    return x"
    pieces = slides.code_pieces("a = 1\n# about b\nb = 2\n\n" + function + "\n\nf(a)\nfor i in range(3):\n    print(i)")
    assert pieces[0] == "a = 1\n# about b\nb = 2" and pieces[-1] == "for i in range(3):\n    print(i)"
    assert max(len(piece.split("\n")) for piece in pieces) == slides.CODE_LINES
    assert "".join(pieces).replace("\n", "") == ("a = 1# about bb = 2" + function + "f(a)for i in range(3):    print(i)").replace("\n", "")


def test_two_pieces_of_code_share_a_slide_up_to_twelve_lines_together():
    for lines, expected in ((5, 1), (7, 2)):
        cells = [code("\n".join(f"{name} = {i}" for i in range(lines))) for name in "xy"]
        assert len(slides.slides(v4.new_notebook(cells=cells), "en")) == expected


def test_statements_that_only_draw_are_left_out_of_a_cell_with_a_figure():
    source = "y = f(x)\n\n\nz = g(y)\nfor a in axes:\n    a.set_title('x')\n    ax.plot(y)\nplt.show()"
    assert slides.code_pieces(source, drawn=True) == ["y = f(x)\n\nz = g(y)"]
    assert "plt.show" in slides.code_pieces(source)[0]


def test_marks_of_a_gap_are_not_shown_and_magics_are():
    assert slides.code_pieces("x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION") == ["x = 1\ny = 2"]
    assert slides.code_pieces("%timeit sum(range(3))\n!ls") == ["%timeit sum(range(3))\n!ls"]


def test_long_text_lists_and_tables_go_on_on_the_next_slide():
    long = markdown("## 步驟 · Step\n\n" + "一二三四五六七八九十。" * 80 + "\n\n" + "One two three four five. " * 80)
    many = markdown("\n".join(f"| 列 {i} · row {i} | {i} |" if i > 1 else ["| 甲 · A | 乙 · B |", "|---|---|"][i] for i in range(30)))
    for language in ("zh", "en"):
        found = slides.slides(v4.new_notebook(cells=[long, many]), language)
        assert len(found) >= 4 and all(slide.html.strip() for slide in found)
        text = re.sub(r"<.*?>|\s", "", "".join(slide.html for slide in found))
        assert text.count("一二三四五" if language == "zh" else "Onetwo") == 80 and ("列29" if language == "zh" else "row29") in text


def test_what_a_cell_prints_is_cut_and_says_so():
    found = slides.slides(v4.new_notebook(cells=[code("f()", printed("\n".join(map(str, range(99)))))]), "en")
    assert "stands in the notebook" in found[-1].html and "\n98" not in found[-1].html


def test_links_inside_the_course_become_words_and_others_stay():
    assert slides.to_html("[05](05_x.ipynb) and [arXiv](https://arxiv.org)").count("<a ") == 1


@pytest.mark.parametrize(("slide", "said"), [
    ({"tall": 721}, "slide 1/2 (text): 1280×721 px is cut off: 'w'"), ({"wide": 1300}, "1300×700 px is cut off"),
    ({"size": 20}, "type of 20 px"), ({"code": 17}, "type of 17 px"), ({"boxed": 1}, "has to be scrolled"),
])  # fmt: skip
def test_the_check_names_what_is_cut_off_or_small(slide, said):
    whole = {"at": "1/2", "kind": "text", "tall": 700, "wide": 1280, "size": 28, "code": 20, "boxed": 0, "text": "w"}
    assert slides_check.faults([whole]) == []
    assert said in slides_check.faults([whole | slide])[0]


@pytest.mark.slow
@pytest.mark.parametrize("number", ["05", "02"])
def test_every_slide_fits_in_a_real_browser_and_asks_for_nothing_outside(number, tmp_path, capsys):
    pytest.importorskip("playwright", reason="playwright is not installed: make author-environment")
    try:
        slides_check.browser()
    except notebooks.NotebookError as error:
        pytest.skip(str(error))
    assert slides.main([number, "--folder", str(tmp_path)]) == 0
    assert slides_check.main([number, "--folder", str(tmp_path)]) == 0
    assert len(re.findall(rf"^\| (?:zh|en)/{number}_\w+ \| \d+ \| \d+ \| 0 \|$", capsys.readouterr().out, re.M)) == 2


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """The decks of lesson 00, in both languages."""
    folder = tmp_path_factory.mktemp("decks")
    assert slides.main(["00", "--folder", str(folder)]) in (0, None)
    return folder


@pytest.mark.slow
def test_the_notes_stand_in_the_speakers_window_of_a_deck_from_a_file(decks, browser):
    page = browser.new_page()
    page.goto(f"{(decks / 'en' / '00_welcome.html').as_uri()}#/3/1")
    page.wait_for_function("window.Reveal && Reveal.isReady()", timeout=120_000)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("Answer").wait_for(timeout=60_000)
    assert re.search(r"⏱ [\d.]+ min", notes.inner_text())
    page.close()


@pytest.mark.slow
def test_a_handout_has_a_page_for_each_slide(decks, browser):
    page = browser.new_page()
    pdf = handout.print_deck(page, decks / "zh" / "00_welcome.html")
    page.close()
    wanted = len(slides.slides(notebooks.read_built(notebooks.find("00")[0].built), "zh"))
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) == wanted


def test_a_handout_without_a_deck_says_how_to_build_one(tmp_path, capsys):
    pytest.importorskip("playwright", reason="playwright is not installed: make author-environment")
    assert handout.main(["00", "--decks", str(tmp_path), "--folder", str(tmp_path)]) == 1
    assert "Build them: make slides" in capsys.readouterr().err

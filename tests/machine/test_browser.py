"""JupyterLab in a real browser, as a student meets it: no script fails, a check passes, another fails as a card."""

import re
import shutil

import nbformat
import pytest
from machine import started

from tools.labs import build
from tools.lessons import notebooks
from tools.lessons.languages import HAN
from utils.data import fetch

COPIED = ("notebooks", "models", "labs", "projects", "tools", "utils", "docker", "docs", "data/catalog.toml", "pyproject.toml")
PATIENCE = 180_000  # milliseconds; a machine that is quick waits for none of them
REPORTS = notebooks.ROOT / "reports"
TITLES = ["檔案", "編輯", "檢視", "執行", "核心", "分頁", "設定", "說明"]
EDIT, RUN, SETTINGS = 1, 3, 6  # menus, by their place
NAMES = {"Asciidoc", "HTML", "JSON", "LaTeX", "Markdown", "PDF", "Qtpdf", "Qtpng", "ReStructured Text", "Webpdf", "codemirror", "jupyter"}
LISTS_OF_NAMES = re.compile("語法上色|最近的檔案")  # of programming languages, of files
NOTEBOOK = ".jp-NotebookPanel:visible"  # others may lie behind it
CARD = f'{NOTEBOOK} .jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """JupyterLab in a copy of the course, so that nobody's work is touched; lab 02 is half solved, its second step wrong."""
    course, settings = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("settings")
    for name in COPIED:
        copy = shutil.copytree if (notebooks.ROOT / name).is_dir() else shutil.copyfile
        (course / name).parent.mkdir(exist_ok=True)
        copy(notebooks.ROOT / name, course / name)
    lab = build.find("02")[0]
    nb = nbformat.read(lab.built, as_version=4)
    solved = {build.grade_id(cell): cell.source for cell in lab.notebook.cells}
    wrong = next(answer.code for answer in build.wrong_answers(lab) if answer.step == "step2")
    for cell in nb.cells:
        cell.source = {"step1": solved["step1"], "step2": wrong}.get(build.grade_id(cell), cell.source)
    nbformat.write(nb, course / "labs" / lab.built.name)
    data = str(fetch.cache_folder())
    with started.jupyterlab(course, COURSE_DATA=data, COURSE_PROFILE="smoke", JUPYTER_CONFIG_DIR=str(settings)) as address:
        yield address


@pytest.fixture
def opened(browser, server):
    """A function that opens a notebook and gives its page; at the end no script may have failed, and nothing was asked of the network."""
    faults, pages, near = [], [], (server[0], "data:", "blob:", "ws:")

    def open_notebook(path, workspace="default"):  # a workspace of its own does not restore what another test had open
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        pages.append(page)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(near) else faults.append(asked.url))
        page.goto(f"{server[0]}/lab/workspaces/{workspace}/tree/{path}?token={server[1]}")
        page.locator(f"{NOTEBOOK} .jp-Cell").first.wait_for(timeout=PATIENCE)
        return page

    yield open_notebook
    for page in pages:
        page.close()
    assert faults == []


def picture(page, name):
    REPORTS.mkdir(exist_ok=True)
    page.screenshot(path=REPORTS / f"jupyterlab_{name}.png")


def labels(page, depth=0):
    """What the open menu says, and those below it."""
    menu = page.locator(".lm-Menu").nth(depth)
    menu.wait_for(timeout=PATIENCE)
    said = menu.locator(".lm-Menu-itemLabel").all_inner_texts()
    for below in menu.locator('.lm-Menu-item[data-type="submenu"]:not(.lm-mod-disabled)').all():
        if not LISTS_OF_NAMES.search(below.inner_text()):
            below.click(timeout=PATIENCE)
            said += labels(page, depth + 1)
            page.keyboard.press("ArrowLeft")
    return said


def in_english(said):
    return [label for label in said if label and not re.search(HAN, label) and label not in NAMES and not label.endswith(".ipynb")]


def test_the_first_lesson_opens_with_contents_line_numbers_and_chinese_menus(opened):
    page = opened("work/lessons/00_welcome.ipynb")
    page.locator(".jp-TableOfContents").get_by_text("步驟 1").first.wait_for(timeout=PATIENCE)
    page.locator(f"{NOTEBOOK} .jp-CodeCell .cm-lineNumbers").first.wait_for(timeout=PATIENCE)
    page.locator(".jp-StatusBar, #jp-bottom-panel").get_by_text(re.compile(r"\| (Idle|閒置)")).first.wait_for(timeout=PATIENCE)
    titles = page.locator(".lm-MenuBar-item")
    assert titles.all_inner_texts() == TITLES
    said = []
    for title in titles.all():
        title.click()
        said += labels(page)
        page.keyboard.press("Escape")
    assert "Keras 參考資料 · Reference" in said
    files = ".jp-DirListing-item:visible"
    page.locator('.jp-SideBar .lm-TabBar-tab[data-id="filebrowser"]').click()
    for place in (f"{NOTEBOOK} .jp-CodeCell", f"{NOTEBOOK} .jp-MarkdownCell", ".lm-DockPanel-tabBar .lm-TabBar-tab", files):
        page.locator(place).first.click(button="right")
        said += labels(page)
        page.keyboard.press("Escape")
    assert in_english(said) == []
    picture(page, "lesson")


def test_a_check_passes_and_another_fails_as_one_card(opened):
    page = opened(f"work/labs/{build.find('02')[0].built.name}", workspace="lab")
    page.locator(".jp-StatusBar, #jp-bottom-panel").get_by_text(re.compile(r"\| (Idle|閒置)")).first.wait_for(timeout=PATIENCE)
    page.locator(f"{NOTEBOOK} .jp-Cell").first.click()
    for _ in build.student_version(build.find("02")[0]).cells:
        page.keyboard.press("Shift+Enter")
    card_at = page.locator(CARD, has_text="✗ 還沒過")
    card_at.wait_for(timeout=PATIENCE)
    page.locator(f"{NOTEBOOK} .jp-OutputArea-output", has_text="[PASS] 形狀沒變").wait_for(timeout=PATIENCE)
    card = card_at.inner_text()
    assert card.startswith("✗ 還沒過 · Not yet")
    assert "有人在合併時不見了" in card
    assert "somebody got lost in a join" in card
    assert not re.search("Traceback|CheckFailed|checks.that", card)
    assert page.locator(f"{NOTEBOOK} .jp-CodeCell .jp-Placeholder").count() == 3  # its checks are folded
    card_at.scroll_into_view_if_needed()
    picture(page, "lab")


def test_a_slider_calls_its_function_which_draws_anew(opened):
    lesson = notebooks.find("04")[0]
    page = opened(f"notebooks/{lesson.built.name}", workspace="sliders")
    page.locator(".jp-StatusBar, #jp-bottom-panel").get_by_text(re.compile(r"\| (Idle|閒置)")).first.wait_for(timeout=PATIENCE)
    page.locator(f"{NOTEBOOK} .jp-Cell").first.click()
    for cell in notebooks.read_built(lesson.built).cells:
        page.keyboard.press("Shift+Enter")
        if notebooks.TOUCH in cell.metadata.get("tags", []):
            break
    rate = page.locator(f"{NOTEBOOK} .widget-hslider", has_text="rate")
    drawn = page.locator(f"{NOTEBOOK} .widget-interact img")
    drawn.wait_for(timeout=5 * PATIENCE)
    before = drawn.get_attribute("src")
    rate.locator(".noUi-handle").press("ArrowRight")
    rate.locator(".widget-readout", has_text="0.02").wait_for(timeout=PATIENCE)
    page.locator(f'{NOTEBOOK} .widget-interact img:not([src="{before}"])').wait_for(timeout=PATIENCE)
    drawn.scroll_into_view_if_needed()
    picture(page, "sliders")


@pytest.mark.parametrize("number", ["00", "04", "05"])
def test_a_lesson_runs_to_its_end(opened, number):
    lesson = notebooks.find(number)[0]
    page = opened(f"notebooks/{lesson.built.name}", workspace=f"lesson{number}")
    page.locator(".jp-StatusBar, #jp-bottom-panel").get_by_text(re.compile(r"\| (Idle|閒置)")).first.wait_for(timeout=PATIENCE)
    for menu, command in ((EDIT, "editmenu:clear-all"), (RUN, "runmenu:run-all")):
        page.locator(".lm-MenuBar-item").nth(menu).click()
        page.locator(f'.lm-Menu-item[data-command="{command}"]').click()
    prompts = page.locator(f"{NOTEBOOK} .jp-CodeCell .jp-InputArea-prompt")
    on_purpose = sum("raises-exception" in cell.metadata.get("tags", []) for cell in notebooks.read_built(lesson.built).cells)
    done = prompts.last.filter(has_text=re.compile(r"\[\d+\]"))
    done.or_(page.locator(CARD).nth(on_purpose)).first.wait_for(state="attached", timeout=5 * PATIENCE)
    assert [prompt for prompt in prompts.all_text_contents() if not re.search(r"\[\d+\]", prompt)] == []
    assert "[PASS]" in page.locator(f"{NOTEBOOK} .jp-CodeCell").last.text_content()
    assert page.locator(CARD).count() == on_purpose
    shown = page.locator(f"body, {NOTEBOOK} .jp-RenderedMarkdown, {NOTEBOOK} .jp-OutputArea-output")
    wider = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.slice(0, 200))"
    assert shown.evaluate_all(wider) == []
    picture(page, number)


def test_the_menus_speak_english_and_chinese_by_choice(opened):
    page = opened("work/lessons/00_welcome.ipynb", workspace="language")
    languages = page.locator('.lm-Menu-item[data-type="submenu"]', has_text=re.compile("Language|語言"))
    page.locator(".lm-MenuBar-item").nth(SETTINGS).click()
    for locale, chosen, name in (("en", "English", "Language"), ("zh_TW", "中文 (繁體, 台灣)", "語言")):
        languages.click(timeout=PATIENCE)
        page.locator(f'.lm-Menu-item[data-command="jupyterlab-translation:{locale}"]', has_text=chosen).click(timeout=PATIENCE)
        with page.expect_navigation(timeout=PATIENCE):
            page.locator(".jp-Dialog .jp-mod-accept").click(timeout=PATIENCE)
        page.locator(".lm-MenuBar-item").nth(SETTINGS).click(timeout=PATIENCE)
        languages.get_by_text(name).wait_for(timeout=PATIENCE)

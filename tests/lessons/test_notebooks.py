"""tools.lessons.notebooks, tools.lessons.render, tools.lessons.run and tools.lessons.adopt on small notebooks of their own."""


import nbformat
import pytest
from support import change, write_lesson

from tools.lessons import adopt, notebooks, render, run

SOURCE = """# %% [markdown] slideshow={"slide_type": "slide"}
# # 42 答案 · The answer
#
# ⏱ {{minutes}}

# %% slideshow={"slide_type": "skip"} tags=["nbval-check-output"]
print("一 one")
print("二 two")

# %% slideshow={"slide_type": "fragment"}
import os
os.environ["COURSE_PROFILE"]
"""


@pytest.fixture
def lesson(tmp_path):
    return write_lesson(tmp_path, SOURCE)


def test_find_takes_numbers_and_names_and_says_what_there_is_when_a_notebook_is_unknown(lesson, tmp_path):
    for selection in ("42", "42_answer", "42,42", "42 42"):
        assert {nb.name for nb in notebooks.find(selection, root=tmp_path)} == {"42_answer"}
    with pytest.raises(notebooks.NotebookError, match=r"no notebook '43'.*there are: 42"):
        notebooks.find("43", root=tmp_path)
    lesson.source.with_name("07_x.py").write_text(SOURCE, encoding="utf-8")
    assert [nb.number for nb in notebooks.find("7", root=tmp_path)] == ["07"]


@pytest.mark.parametrize(("content", "said"), [
    (b"print(1)\n", "expected a first line such as"), (b"# %%\n# \xff\n", "expected UTF-8 text; byte 7 is not"),
])
def test_source_without_cell_marker_or_not_in_utf8_is_refused(lesson, content, said):
    lesson.source.write_bytes(content)
    with pytest.raises(notebooks.NotebookError, match=said):
        notebooks.read_source(lesson.source)


def test_cell_ids_depend_on_the_text_alone_and_are_unique(lesson):
    first = [cell.id for cell in notebooks.read_source(lesson.source).cells]
    change(lesson.source, "# %% slideshow", '# %% slideshow={"slide_type": "skip"}\nx = 1\n\n# %% slideshow')
    second = [cell.id for cell in notebooks.read_source(lesson.source).cells]
    assert set(first) < set(second)
    assert len(set(second)) == len(second)


def test_render_keeps_outputs_fills_in_minutes_records_time_and_leaves_no_volatile_metadata(lesson):
    render.render(lesson)
    nb = nbformat.read(lesson.built, as_version=4)
    assert nb.cells[1].outputs[0].text == "一 one\n二 two\n"
    assert nb.cells[2].outputs[0].data["text/plain"] == "'lesson'"
    assert "about 5 seconds on two CPU cores" in nb.cells[0].source
    assert nb.metadata.course["profile"] == "lesson"
    assert nb.metadata.course["seconds"] >= 1
    assert set(nb.metadata) == {"kernelspec", "language_info", "course"}
    assert nb.metadata["language_info"] == {"name": "python"}
    assert all(set(cell.metadata) <= {"slideshow", "tags"} for cell in nb.cells)


def test_a_project_is_built_beside_its_source_and_has_no_workbook(lesson, tmp_path):
    (tmp_path / "projects").mkdir()
    lesson.source.parent.rename(tmp_path / "projects" / "source")
    (found,) = notebooks.find("42", root=tmp_path, room="projects")
    render.render(found)
    render.rewrite_prose(found)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.ipynb")) == ["projects/42_answer.ipynb"]


def test_an_image_carries_its_cells_alternative_text_in_both_languages():
    image, text = (nbformat.v4.new_output("display_data", data={kind: "x"}, metadata={"needs_background": "light"})
                   for kind in ("image/png", "text/plain"))  # fmt: skip
    cell = nbformat.v4.new_code_cell("plot()", outputs=[image, text], metadata={"alt": {"zh": "一條線", "en": "A line"}})
    notebooks.strip_volatile(nb := nbformat.v4.new_notebook(cells=[cell]))
    assert [output.metadata for output in nb.cells[0].outputs] == [{"image/png": {"alt": "一條線 A line"}}, {}]


def test_alternative_text_survives_adopt(lesson):
    change(lesson.source, '# %% slideshow', '# %% alt={"zh": "一條「線」", "en": "A line, 5 % \\"up\\""} slideshow')
    wanted = notebooks.read_source(lesson.source)
    assert notebooks.alternative_text(next(cell for cell in wanted.cells if "alt" in cell.metadata), "en") == 'A line, 5 % "up"'
    render.render(lesson)
    nb = notebooks.read_built(lesson.built)
    nb.cells[0].source += "\nmore"
    notebooks.write(nb, lesson.built)
    adopt.adopt(lesson)
    assert [cell.metadata for cell in notebooks.read_source(lesson.source).cells] == [cell.metadata for cell in wanted.cells]


def test_rendering_an_unchanged_source_again_changes_nothing_but_measured_numbers(lesson):
    def without_numbers():  # the opening says how long it took
        nb = notebooks.read_built(lesson.built)
        seconds = nb.metadata.pop("course").seconds
        nb.cells[0].source = nb.cells[0].source.replace(notebooks.minutes_text(seconds), notebooks.MINUTES)
        return nb

    render.render(lesson)
    first = without_numbers()
    render.render(lesson)
    assert without_numbers() == first


def test_new_prose_comes_in_without_running_and_outputs_stay(lesson):
    render.render(lesson)
    change(lesson.source, "# ⏱", "# 新的一句。 A new sentence.\n#\n# ⏱")
    before = notebooks.read_built(lesson.built)
    render.rewrite_prose(lesson)
    after = notebooks.read_built(lesson.built)
    assert "A new sentence." in after.cells[0].source
    assert after.cells[1:] == before.cells[1:]
    assert after.metadata == before.metadata


def test_changed_code_is_not_taken_for_changed_prose(lesson):
    render.render(lesson)
    change(lesson.source, "one", "ONE")
    with pytest.raises(notebooks.NotebookError, match="its code has changed, so it must run: make render NB=42"):
        render.rewrite_prose(lesson)


def test_sliders_come_in_as_prose_does_and_are_neither_run_nor_measured(lesson):
    def codes():
        return [(cell.execution_count, cell.outputs) for cell in notebooks.read_built(lesson.built).cells if cell.cell_type == "code"]

    render.render(lesson)
    digest, (first, second) = notebooks.code_digest(notebooks.read_source(lesson.source)), codes()
    change(lesson.source, "import os", 'raise SystemExit("this has run")\n\n# %%\nimport os')
    change(lesson.source, '# %% slideshow={"slide_type": "fragment"}', '# %% tags=["touch"]')
    for build in (render.rewrite_prose, render.render):
        build(lesson)
        assert codes() == [first, (None, []), second]
    assert notebooks.code_digest(notebooks.read_source(lesson.source)) == digest


def test_showing_what_is_stored_leaves_the_measurement_valid(lesson):
    digest = notebooks.code_digest(notebooks.read_source(lesson.source))
    change(lesson.source, "import os", 'print("stored")\n\n# %%\nimport os')
    assert notebooks.code_digest(notebooks.read_source(lesson.source)) != digest
    change(lesson.source, '# %% slideshow={"slide_type": "fragment"}', '# %% tags=["stored"]')
    assert notebooks.code_digest(notebooks.read_source(lesson.source)) == digest


def test_failing_cell_is_named_and_the_built_notebook_stays_as_it_was(lesson):
    render.render(lesson)
    before = lesson.built.read_bytes()
    change(lesson.source, "import os\n", "import os\n1 / 0\n")
    with pytest.raises(notebooks.NotebookError, match=r"cell 3 \('import os'\) failed: ZeroDivisionError: division by zero"):
        render.render(lesson)
    assert lesson.built.read_bytes() == before
    assert not [path for path in lesson.built.parent.iterdir() if path.name.startswith(f".{lesson.built.name}")]


def test_run_leaves_notebook_and_page_in_the_profile_asked_for(lesson, tmp_path):
    run.run(lesson, "smoke", tmp_path / "reports")
    nb = nbformat.read(tmp_path / "reports/42_answer.smoke.ipynb", as_version=4)
    assert nb.cells[2].outputs[0].data["text/plain"] == "'smoke'"
    assert "答案" in (tmp_path / "reports/42_answer.smoke.html").read_text(encoding="utf-8")


def test_failed_run_is_never_taken_for_a_whole_one(lesson, tmp_path):
    reports = tmp_path / "reports"
    run.run(lesson, "smoke", reports)
    change(lesson.source, "import os\n", "raise KeyError('gone')\n")
    with pytest.raises(notebooks.NotebookError, match=r"KeyError: 'gone'.*failed\.html"):
        run.run(lesson, "smoke", reports)
    assert {path.name for path in reports.iterdir()} == {"42_answer.smoke.failed.html", "42_answer.smoke.failed.ipynb"}


def test_adopt_brings_a_changed_cell_back_and_keeps_the_placeholder(lesson):
    render.render(lesson)
    nb = nbformat.read(lesson.built, as_version=4)
    nb.cells[2].source = "6 * 7"
    nb.cells[2].metadata["collapsed"] = True
    nb.metadata["kernelspec"]["display_name"] = "My own kernel"
    nbformat.write(nb, lesson.built)
    assert "updated" in adopt.adopt(lesson)
    text = lesson.source.read_text(encoding="utf-8")
    assert "\n6 * 7\n" in text
    assert "⏱ {{minutes}}" in text
    assert text.startswith("# %% [markdown]")
    assert "collapsed" not in text
    assert notebooks.read_built(lesson.built).metadata.kernelspec.display_name == "Python 3 (ipykernel)"


def test_adopt_leaves_an_unchanged_source_alone(lesson):
    render.render(lesson)
    before = lesson.source.read_bytes()
    assert "nothing to bring back" in adopt.adopt(lesson)
    assert lesson.source.read_bytes() == before


def test_a_notebook_that_runs_in_no_time_is_measured_too(lesson, monkeypatch):
    monkeypatch.setattr(notebooks, "execute", lambda *_, **__: (0.3, None))
    render.render(lesson)
    assert notebooks.read_built(lesson.built).metadata.course.seconds == 1
    assert "nothing to bring back" in adopt.adopt(lesson)


def test_adopt_says_how_to_build_a_notebook_that_is_not_there(lesson):
    with pytest.raises(notebooks.NotebookError, match="not built yet. Run: make render NB=42"):
        adopt.adopt(lesson)


def test_broken_notebook_file_is_named(lesson):
    lesson.built.write_text("{ not json")
    with pytest.raises(notebooks.NotebookError, match=r"42_answer\.ipynb is not a notebook"):
        adopt.adopt(lesson)


@pytest.mark.parametrize(("seconds", "said"), [
    (1, "about 5 seconds"), (33, "about 35 seconds"), (58, "about 1 minute on"), (95, "about 1.5 minutes"),
])
def test_minutes_are_rounded(seconds, said):
    assert said in notebooks.minutes_text(seconds)

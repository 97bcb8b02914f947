"""The instructor's key of a lesson."""

import re

from tools.labs import key
from tools.lessons import notebooks, slides, study


def test_the_key_has_schedule_questions_answers_gaps_and_mistakes():
    lesson = notebooks.find("05")[0]
    page = key.page(lesson)
    for word in ("時間表 · Schedule", "Questions and answers", "leaves a factor x", "Step 4: The chain rule", "2 * (w * six_x"):
        assert re.sub(r"\s", "", word) in re.sub(r"<.*?>|\s", "", page.replace("&#39;", "'"))
    assert "BEGIN SOLUTION" not in page and page.count('class="told"') == page.count('class="asked"') >= 10
    minutes = [int(found) for found in re.findall(r"<td>(\d+)</td></tr>", page)]
    assert sum(minutes) == study.whole(notebooks.read_source(lesson.source))
    assert sum(minutes for _, minutes in slides.schedule(notebooks.read_built(lesson.built))) > 60

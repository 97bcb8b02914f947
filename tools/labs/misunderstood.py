"""What a student misunderstands who meets a check's hint: its name, and the step of a lesson that is worth repeating.

A lab's wrong answers carry both (labs/source/README.md). A hint shows what came out, not what somebody thinks: the name is a guess,
and pages say so.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.labs import build
from tools.lessons import notebooks, one_language
from tools.lessons.notebooks import NotebookError


@dataclass(frozen=True)
class Misunderstanding:
    """A name in both languages, and what to repeat: "02:13", or "23:" and a heading in English; empty where it is no lesson's."""

    zh: str
    en: str
    repeat: str = ""

    def text(self, step: str) -> str:
        """Return how it stands in the table of grades."""
        return f"{step}: {self.zh} · {self.en}"


# What checks find in every lab, by the class of their error.
EVERYWHERE = {
    "GotNone": Misunderstanding("沒有傳回結果，多半是忘了 return", "Gives no result: mostly a forgotten return"),
    "WrongType": Misunderstanding("傳回的不是數字", "Gives something else than numbers"),
    "WrongShape": Misunderstanding("結果的形狀不對", "Gives a result of another shape"),
    "NotFinite": Misunderstanding("結果裡有 NaN 或無限大", "Gives NaN or infinity"),
}
KINDS = {"CheckFailed", *EVERYWHERE}
NOT_WRITTEN = Misunderstanding("還沒寫", "Not written yet")


def answers(lab: build.Lab) -> list[build.WrongAnswer]:
    """Return a lab's wrong answers; none where it has no file of them.

    Raises:
        NotebookError: if the file is malformed.
    """
    return build.wrong_answers(lab) if lab.wrong.exists() else []


def named(known: Iterable[build.WrongAnswer], step: str, kind: str, hint: str) -> list[Misunderstanding]:
    """Return what a hint stands for: one thing, or nothing if no wrong answer meets it.

    Args:
        known: the lab's wrong answers.
        step: such as "step1".
        kind: class of the check's error, one of KINDS; with any other there is no name.
        hint: what the check says.
    """
    if kind in EVERYWHERE:
        return [EVERYWHERE[kind]]
    met = [answer for answer in known if kind in KINDS and answer.step == step and answer.hint in hint and answer.means_en]
    return list(dict.fromkeys(Misunderstanding(answer.means_zh, answer.means_en, answer.repeat) for answer in met))


def possible(lab: build.Lab, step: str) -> list[Misunderstanding]:
    """Return everything that can be said of a step that earns nothing."""
    own = [Misunderstanding(answer.means_zh, answer.means_en, answer.repeat) for answer in answers(lab) if answer.step == step]
    return list(dict.fromkeys([*own, *EVERYWHERE.values(), NOT_WRITTEN]))


def place(repeat: str, root: Path) -> tuple[str, str]:
    """Return a lesson's step in Chinese and in English, such as ("第 02 課步驟 13：清理", "lesson 02, Step 13: Clean").

    Args:
        repeat: see `Misunderstanding`.
        root: folder that holds `notebooks/source`.

    Raises:
        NotebookError: if there is no such lesson, or it has no such step or heading.
    """
    number, _, what = repeat.partition(":")
    found = [lesson.source for lesson in notebooks.find(root=root) if lesson.number == number]
    if not found:
        raise NotebookError(f'repeat="{repeat}": expected a lesson and its step, such as repeat="02:13"')
    for chinese, english in _headings(found[0]):
        if what and (english == what or english.startswith(f"Step {what}:")):
            return f"第 {number} 課{'' if what.isdigit() else '：'}{chinese}", f"lesson {number}, {english}"
    raise NotebookError(f'repeat="{repeat}": {found[0].name} has no step {what!r} and no heading of that name')


@functools.cache
def _headings(source: Path) -> list[tuple[str, str]]:
    return [one_language.pair(line) for line in re.findall(r"^# ## (.+)$", source.read_text(encoding="utf-8"), re.MULTILINE)]

"""How many minutes a student needs for each step of a lesson: an estimate.

The opening cell says how long the whole lesson takes. Its steps share these minutes by what there is to read and to do in them.
"""

import re

from tools.lessons import one_language

READ = 220  # Chinese characters in a minute; an English word is worth 1.6 of them
LINE = 0.1  # minutes for a line of code
FIGURE, QUESTION, GAP = 1, 2, 5  # minutes to look, to think, to write and check
OPTIONAL = re.compile(r"<details>.*?</details>", re.S)
END = re.compile(r"## .*What we learned")


def whole(nb) -> int:
    """Return how long a lesson takes a student, in minutes, as its opening cell says; 0 where it says nothing."""
    found = re.search(r"^\| 學習時間 · Study time \|.*?約 (\d+) 分鐘.*?about \1 minutes", nb.cells[0].source, re.M)
    return int(found[1]) if found else 0


def steps(nb) -> dict[str, int]:
    """Return the minutes of each step by its heading, `中文 · English`; together they are those of the opening cell.

    What stands before the first step counts to it; all from "What we learned" on is one step.
    """
    weights: dict[str, float] = {}
    before, ended = 0.0, False
    for cell in nb.cells:
        heading = cell.source.split("\n")[0]
        if cell.cell_type == "markdown" and heading.startswith("## ") and not ended:
            weights[heading.removeprefix("## ")] = 0.0
            ended = bool(END.match(heading))
        before += weight(cell)
        if weights:
            weights[list(weights)[-1]] += before
            before = 0.0
    return shared(whole(nb), weights)


def weight(cell) -> float:
    """Return how many minutes a cell seems to take, before they are scaled to the lesson's; the language with more to read counts."""
    if cell.cell_type == "code":
        return LINE * (cell.source.count("\n") + 1) + FIGURE * ("alt" in cell.metadata) + GAP * ("gap" in cell.metadata)
    answer = "answer" in cell.metadata.get("tags", [])
    told = cell.source if answer else OPTIONAL.sub("", cell.source)
    texts = [one_language.in_language(told, language) for language in one_language.LANGUAGES]
    longest = max(len(one_language.HAN.findall(text)) + 1.6 * len(one_language.WORD.findall(text)) for text in texts)
    return longest / READ + QUESTION * answer


def shared(minutes: int, weights: dict[str, float]) -> dict[str, int]:
    """Share whole minutes by weight, at least one for each; the lightest get none where there are fewer minutes than names."""
    given = dict.fromkeys(sorted(weights, key=weights.get, reverse=True)[:minutes], 1)
    while sum(given.values()) < minutes and given:
        given[max(given, key=lambda name: weights[name] / (given[name] + 0.5))] += 1
    return {name: given.get(name, 0) for name in weights}

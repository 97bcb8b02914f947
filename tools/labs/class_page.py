"""The page for the class beside a table of grades: points by step, the most frequent misunderstandings, what to repeat. See `make grade`.

Nobody's name stands on it unless asked for, and nothing that a submission wrote: names of misunderstandings come from the labs.
"""

import html
from collections import Counter, defaultdict
from pathlib import Path

from tools.labs import build, misunderstood
from tools.labs.misunderstood import NOT_WRITTEN

MOST, MOST_TO_REPEAT = 8, 3  # misunderstandings shown of a lab; places to repeat


def both(chinese: str, english: str) -> str:
    return f'{html.escape(chinese)} <span lang="en">{html.escape(english)}</span>'


def page(rows: list[dict[str, str]], root: Path, names: bool = False) -> str:
    """Return the page as HTML that needs nothing else.

    Args:
        rows: the table of grades, by the names of its columns.
        root: folder that holds labs/source and notebooks/source.
        names: whether to say who met what; such a page is for the teacher.

    Raises:
        NotebookError: if a lab's files are malformed.
    """
    out = [f"<h1>{both('課後', 'After class')}</h1>"]
    if names:
        out.append(f'<p class="alert">{both("這一頁有學生的名字，只給老師看。", "Students are named here: for the teacher alone.")}</p>')
    out.append(f"<p>{both(*GUESSED)}</p>")
    for lab in build.find(root=root):
        of_lab = [row for row in rows if row["lab"] == lab.name]
        if of_lab:
            out += _lab(lab, of_lab, root, names)
    whole = (Path(__file__).parent / "pages" / "class.html").read_text(encoding="utf-8")
    return whole.replace("@BODY@", "\n".join(out))


GUESSED = (
    "每一步只看第一個沒過的檢查。誤解的名稱是從那個檢查的提示猜的，不一定就是那位同學的想法。",
    "Of each step only the first check that did not pass counts. What is misunderstood is guessed from its hint, "
    "and need not be what somebody thought.",
)


def _lab(lab: build.Lab, rows: list[dict[str, str]], root: Path, names: bool) -> list[str]:
    graded = [row for row in rows if row["fingerprint"]]
    met = {step: _met(lab, step, graded) for step in build.STEPS}
    chinese, english = build.title(lab.notebook)
    left = len(rows) - len(graded)
    title = both(f"練習 {lab.number}：{chinese}", f"Lab {lab.number}: {english}")
    count = both(f"評了 {len(graded)} 份，{left} 份沒辦法評。", f"{len(graded)} notebooks graded; {left} could not be.")
    out = [f"<h2>{title}</h2>", f"<p>{count}</p>"]
    if not graded:
        return out
    out.append(_points(lab, graded, met))
    found = [(len(who), step, what, who) for step in build.STEPS for what, who in met[step].items() if what != NOT_WRITTEN]
    found.sort(key=lambda one: (-one[0], one[1]))
    if not found:
        return [*out, f"<p>{both('沒有遇到有名字的誤解。', 'No misunderstanding that has a name was met.')}</p>"]
    return [*out, _misunderstandings(found, root, names), _repeat(found, root)]


def _met(lab: build.Lab, step: str, rows: list[dict[str, str]]) -> dict[misunderstood.Misunderstanding, list[str]]:
    """Return who met what in a step."""
    known = {each.text(step): each for each in misunderstood.possible(lab, step)}
    met = defaultdict(list)
    for row in rows:
        for text in row["misunderstood"].split("; "):
            if text in known:
                met[known[text]].append(row["student"])
    return met


def _points(lab: build.Lab, rows: list[dict[str, str]], met: dict) -> str:
    lines = []
    for step, points in build.points(lab.notebook).items():
        earned = [float(row[step]) for row in rows]
        passed = sum(value == points for value in earned)
        share, number = passed / len(rows), step.removeprefix("step")
        lines.append(
            f'<tr><th scope="row">{both(f"步驟 {number}", f"Step {number}")}</th>'
            f'<td class="number">{passed} / {len(rows)}</td>'
            f'<td><span class="bar" aria-hidden="true"><span style="width:{share:.0%}"></span></span></td>'
            f'<td class="number">{sum(earned) / len(rows):.1f} / {points:g}</td>'
            f'<td class="number">{len(met[step].get(NOT_WRITTEN, ()))}</td></tr>'
        )
    heads = (("步驟", "Step"), ("通過", "Passed"), ("", ""), ("平均分數", "Mean points"), ("還沒寫", "Not written"))
    return _table(("每一步的分數", "Points by step"), heads, lines)


def _misunderstandings(found: list[tuple], root: Path, names: bool) -> str:
    lines = []
    for count, step, what, who in found[:MOST]:
        number = step.removeprefix("step")
        repeat = both(*misunderstood.place(what.repeat, root)) if what.repeat else ""
        listed = f"<br>{html.escape(', '.join(who))}" if names else ""
        lines.append(f'<tr><td class="number">{count}</td><td>{number}</td><td>{both(what.zh, what.en)}{listed}</td><td>{repeat}</td></tr>')
    if more := len(found) - MOST:
        lines += [f'<tr><td colspan="4">{both(f"還有 {more} 種。", f"{more} more kinds.")}</td></tr>'] if more > 0 else []
    heads = (("份數", "Notebooks"), ("步驟", "Step"), ("可能的誤解", "Perhaps misunderstood"), ("課文", "In the lessons"))
    return _table(("最常見的誤解", "Most frequent misunderstandings"), heads, lines)


def _repeat(found: list[tuple], root: Path) -> str:
    counts, why = Counter(), defaultdict(list)
    for count, _, what, _ in found:
        if what.repeat:
            counts[what.repeat] += count
            why[what.repeat].append(what)
    items = []
    for repeat, count in counts.most_common(MOST_TO_REPEAT):
        chinese, english = ("；".join(what.zh for what in why[repeat]), "; ".join(what.en for what in why[repeat]))
        where = both(*misunderstood.place(repeat, root))
        items.append(f"<li><b>{where}</b><br>{both(f'{count} 份：{chinese}', f'{count} notebooks: {english}')}</li>")
    return f"<h3>{both('下週再講一次', 'Repeat next week')}</h3><ol>{''.join(items)}</ol>" if items else ""


def _table(caption: tuple[str, str], heads: tuple, lines: list[str]) -> str:
    row = "".join(f'<th scope="col">{both(*head)}</th>' if head[0] else "<td></td>" for head in heads)
    return f"<table><caption>{both(*caption)}</caption><thead><tr>{row}</tr></thead><tbody>{''.join(lines)}</tbody></table>"

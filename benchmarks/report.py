"""What the benchmarks share: alternated runs, tables, the file of results and its figure."""

import datetime
import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.lessons import notebooks, seeds

FOLDER = Path(__file__).parent
STORED, PAGE, FIGURE = FOLDER / "results.json", FOLDER / "results.md", FOLDER / "results.png"
BENCHMARKS = ("ancestor", "peers", "pytorch", "detectors", "limits", "scaling", "lessons")  # in the page's order


class Table(NamedTuple):
    """What a benchmark found: a title, columns, rows of texts, and what a reader must know to read them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


class Ratio(NamedTuple):
    """How many times faster we are, one value a round; target: what we want, or None."""

    name: str
    values: Sequence[float]
    target: float | None = None


class Found(NamedTuple):
    """All that one benchmark found."""

    tables: Sequence[Table]
    ratios: Sequence[Ratio] = ()


def alternate(rounds: int, *runs: Callable[[int], object]) -> list[list]:
    """Call each run with the number of the round, in turn, so many rounds; return for each run what it returned.

    What slows the machine for a while then meets all of them; every second round goes through them backwards.
    """
    found = [[] for _ in runs]
    for number in range(rounds):
        order = range(len(runs)) if number % 2 == 0 else reversed(range(len(runs)))
        for i in order:
            found[i].append(runs[i](number))
    return found


def spread(values: Sequence[float], form: str = "{:.3g}") -> str:
    """Return the median and, of several values, the smallest and the largest."""
    middle = form.format(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({form.format(min(values))}–{form.format(max(values))})"


def store(name: str, found: Found, seconds: float) -> None:
    """Put what a benchmark found into results.json, and write results.md and its figure anew."""
    everything = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
    everything[name] = {
        "date": datetime.date.today().isoformat(), "seconds": round(seconds), "machine": seeds.machine(),
        "tables": [table._asdict() for table in found.tables], "ratios": [ratio._asdict() for ratio in found.ratios],
    }  # fmt: skip
    notebooks.write_text(STORED, json.dumps(everything, ensure_ascii=False, indent=1) + "\n")
    notebooks.write_text(PAGE, page(everything))
    draw(everything)


def page(everything: dict) -> str:
    """Return results.md: for each benchmark its machine and date, its tables, and ratios beside their targets."""
    lines = [
        "# 量出來的 · Measured", "",
        "由 `make bench` 寫成，請勿手改。括號裡是各回合的最小值和最大值，前面是中位數。"
        "<br>Written by `make bench`; do not edit. In brackets the smallest and the largest round, before them the median.", "",
        "![比值 · ratios](results.png)", "",
    ]  # fmt: skip
    for name in (name for name in BENCHMARKS if name in everything):
        found = everything[name]
        machine = ", ".join(f"{key} {value}" for key, value in found["machine"].items())
        lines += [f"## {name}", "", f"{found['date']}; {found['seconds']} s; {machine}", ""]
        for table in found["tables"]:
            lines += [f"### {table['title']}", "", *_rows(table["columns"], table["rows"]), ""] + (
                [table["note"], ""] if table["note"] else []
            )
        if found["ratios"]:
            rows = [(ratio["name"], spread(ratio["values"]), *_judged(ratio)) for ratio in found["ratios"]]
            lines += ["### 快幾倍 · Times faster", "", *_rows(("", "times", "target", ""), rows), ""]
    return "\n".join(lines)


def _judged(ratio: dict) -> tuple[str, str]:
    if ratio["target"] is None:
        return "", ""
    return f"{ratio['target']:g}", "met" if statistics.median(ratio["values"]) >= ratio["target"] else "missed"


def _rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(map(str, row)) + " |" for row in (columns, ["---"] * len(columns), *rows)]


def draw(everything: dict) -> None:
    """Draw all ratios, on a logarithmic axis, as results.png."""
    import matplotlib.pyplot as plt

    from utils.notebook import plots

    ratios = [ratio for name in BENCHMARKS for ratio in everything.get(name, {}).get("ratios", [])][::-1]
    figure, axis = plt.subplots(figsize=(7.5, 0.8 + 0.42 * max(1, len(ratios))))
    for place, ratio in enumerate(ratios):
        middle = statistics.median(ratio["values"])
        axis.barh(place, middle, left=0, height=0.55, color=plots.COLORS[0])
        axis.plot([min(ratio["values"]), max(ratio["values"])], [place, place], color="black", lw=1.5)
        axis.text(max(ratio["values"]) * 1.08, place, f"{middle:.2g}×", va="center")
        if ratio["target"]:
            axis.plot(ratio["target"], place, "D", color=plots.COLORS[1], markersize=7, markeredgecolor="black")
    axis.axvline(1, color="black", lw=0.8)
    axis.set(xscale="log", yticks=range(len(ratios)), yticklabels=[ratio["name"] for ratio in ratios],
             xlabel="times faster (line: smallest to largest round; diamond: target)")  # fmt: skip
    axis.margins(x=0.15)
    figure.savefig(FIGURE, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)

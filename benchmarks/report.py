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
    """Put what a benchmark found into results.json, and write results.md and its figure again."""
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
        "![每項比較快幾倍，一項一點，數字在下面的表裡 · How many times faster, a dot for each comparison; the numbers stand below]"
        "(results.png)", "",
    ]  # fmt: skip
    if missing := [name for name in BENCHMARKS if name not in everything]:
        lines += [f"還沒有量 · Not measured yet: {', '.join(missing)}", ""]
    for name in (name for name in BENCHMARKS if name in everything):
        found = everything[name]
        machine = ", ".join(f"{key} {value}" for key, value in found["machine"].items())
        lines += [f"## {name}", "", f"{found['date']}; {found['seconds']} s; {machine}", ""]
        for table in found["tables"]:
            lines += [
                f"### {table['title']}",
                "",
                *_rows([column or "what" for column in table["columns"]], table["rows"]),
                "",
            ] + ([table["note"], ""] if table["note"] else [])
        if found["ratios"]:
            rows = [(ratio["name"], spread(ratio["values"]), *_judged(ratio)) for ratio in found["ratios"]]
            lines += [
                "### 快幾倍 · Times faster",
                "",
                *_rows(("against what", "times", "target", "met or missed"), rows),
                "",
            ]
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
        axis.plot([min(ratio["values"]), max(ratio["values"])], [place, place], color=plots.COLORS[0], lw=3, alpha=0.4)
        axis.plot(middle, place, "o", color=plots.COLORS[0], markersize=8)
        axis.annotate(f"{middle:.2g}×", (max(ratio["values"]), place), (9, 0), textcoords="offset points", va="center")
        if ratio["target"]:
            axis.plot(ratio["target"], place, "D", color=plots.COLORS[1], markersize=6, markeredgecolor="black")
    axis.axvline(1, color="black", lw=0.8)
    axis.set(xscale="log", yticks=range(len(ratios)), yticklabels=[ratio["name"] for ratio in ratios])
    axis.xaxis.set_major_formatter("{x:g}×")
    axis.set_xlabel("slower | faster than the rival (line: rounds; diamond: target)")
    axis.grid(axis="x", alpha=0.3)
    axis.margins(x=0.15)
    figure.savefig(FIGURE, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)

"""Three things to touch on the site: the valley of a learning rate, the next letter's distribution, a detector's thresholds.

The page calculates in the reader's browser, from a file or a server, and asks nothing of the network. What it needs is computed here, once.
"""

import base64
import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from tools.lessons import notebooks, one_language
from utils.data import datasets
from utils.detection import labels, zoo

LESSONS = {"04": "valley", "16": "letters", "23": "boxes"}  # which part of the page belongs to which lesson
RUN, SELDOM = 4, 3  # letters of a counted run; runs that occur less often are left out, or the page would weigh megabytes
PHOTO, FAINTEST = "astronaut", 0.1  # the photo that is looked at, and the faintest box that is kept
INTRODUCTION = """# 試試看 · Try it

拉一拉，看看會怎樣。先猜，再拉。

Move the sliders and see. Guess first.
"""
TEXTS = {  # part of the page: its heading and what it is about, above its sliders
    "valley": """## 學習率的山谷 · The valley of a learning rate

六個點在 $y = 2x - 1$ 上，偏差值固定是 −1，只學 $w$。每一步：`w -= rate * grad`。

Six points lie on $y = 2x - 1$, the bias stays −1, and only $w$ is learned. Each step: `w -= rate * grad`.
""",
    "letters": """## 下一個字母 · The next letter

數過課程的影評：每三個字母之後，各字母出現幾次。溫度、top-k、top-p 怎麼改變分布？

From the course's reviews: how often each letter followed three others. What do temperature, top-k and top-p do to the distribution?
""",
    "boxes": """## 偵測器的門檻 · A detector's thresholds

NanoDet 在這張照片上畫的所有框，還沒有刪過。分數門檻丟掉沒把握的；NMS 的 IoU 門檻決定重疊多少算同一個。

All boxes that NanoDet draws on this photo, before any is dropped. The score threshold drops what is unsure; the IoU threshold of NMS says
how much overlap makes two boxes one.
""",
}
SLIDER = """<label>{name} <input type="range" id="{id}" min="{low}" max="{high}" step="{step}" value="{value}">
<output for="{id}"></output></label>"""


def page(language: str) -> str:
    """Return the page in one language, or both, as MyST markdown."""

    def say(zh: str, en: str) -> str:
        return {"zh": zh, "en": en}.get(language, f"{zh} · {en}")

    def drawing(id: str, width: int, height: int, zh: str, en: str) -> str:
        return f'<svg id="{id}" viewBox="0 0 {width} {height}" role="img" aria-label="{say(zh, en)}"></svg>'

    def button(id: str, zh: str, en: str) -> str:
        return f'<button id="{id}">{say(zh, en)}</button>'

    def slider(id: str, zh: str, en: str, low: float, high: float, step: float, value: float) -> str:
        return SLIDER.format(name=say(zh, en), id=id, low=low, high=high, step=step, value=value)

    parts = {
        "valley": [
            slider("rate", "學習率", "learning rate", 0.005, 0.25, 0.005, 0.05),
            button("step", "走一步", "one step") + " " + button("again", "從頭", "again"),
            drawing("valley-plot", 480, 240, "損失對 w 的曲線，和走過的點", "loss over w, and the steps taken"),
        ],
        "letters": [
            f'<label>{say("開頭（小寫字母和空格）", "beginning (small letters and blanks)")} '
            '<input id="context" value="the " maxlength="40"></label>',
            slider("temperature", "溫度", "temperature", 0.1, 2, 0.1, 1), slider("top-k", "top-k", "top-k", 1, 27, 1, 27),
            slider("top-p", "top-p", "top-p", 0.05, 1, 0.05, 1), button("write", "寫 60 個字母", "write 60 letters"),
            drawing("letters-plot", 480, 170, "下一個字母的機率", "probability of the next letter"),
        ],
        "boxes": [
            slider("score", "分數門檻", "score threshold", FAINTEST, 0.95, 0.05, 0.4),
            slider("overlap", "NMS 的 IoU 門檻", "IoU threshold of NMS", 0, 1, 0.05, 1),
            drawing("boxes-plot", 512, 512, "照片和偵測到的框", "the photo with the boxes found"),
        ],
    }  # fmt: skip
    units = {"valley": say("步", "steps"), "letters": say("個字母還在", "letters remain"), "boxes": say("個框", "boxes")}
    out = [one_language.in_language(INTRODUCTION, language)]
    for name, rows in parts.items():
        said = f'<p id="{name}-said" aria-live="polite" data-unit="{units[name]}"></p>'
        out += [f"({name})=", one_language.in_language(TEXTS[name], language), "\n".join(['<div class="try">', *rows, said, "</div>"])]
    scripts = '<script src="_static/try-data.js"></script>\n<script src="_static/try.js"></script>'
    return "\n\n".join([*out, scripts]) + "\n"


def letter_counts(text: str) -> dict[str, list[int]]:
    """Return for each three letters how often each of 27 followed: a string and 27 counts; runs that are seldom count 0."""
    found: dict[str, list[int]] = {}
    for run, count in Counter(text[i : i + RUN] for i in range(len(text) - RUN + 1)).items():
        if count >= SELDOM:
            found.setdefault(run[:-1], [0] * 27)[" abcdefghijklmnopqrstuvwxyz".index(run[-1])] = count
    return found


def candidates() -> dict:
    """Return the photo as 512 × 512 JPEG and every box of NanoDet on it from FAINTEST on, best first, before suppression."""
    photo = cv2.resize(datasets.load_photos()[PHOTO], (512, 512), interpolation=cv2.INTER_AREA)
    boxes, scores, kinds = zoo.load("nanodet", engine="graph", score_threshold=FAINTEST)._predict(photo)
    order = np.argsort(-scores, kind="stable")
    jpeg = cv2.imencode(".jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    rows = [[*np.round(boxes[i], 1).tolist(), round(float(scores[i]), 3), labels.COCO_NAMES[int(kinds[i])]] for i in order]
    return {"photo": "data:image/jpeg;base64," + base64.b64encode(jpeg).decode(), "boxes": rows}


def write_data(path: Path) -> None:
    """Write what the page needs as one script.

    Raises:
        FetchError: if the reviews or the detector cannot be had.
    """
    data = {"letters": letter_counts(datasets.load_letters("lesson")), **candidates()}
    notebooks.write_text(path, f"const TRY = {json.dumps(data, separators=(',', ':'))};\n")

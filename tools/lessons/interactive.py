"""Six things to touch on the site: a learning rate's valley, a digit of one's own, neighbours of words, letters, attention, a detector.

The page calculates in the reader's browser, from a file or a server, and asks nothing of the network. What it needs is computed here, once;
but what takes minutes to learn stands in the repository: vectors of words, and the network of lesson 28.
`python -m tools.lessons.interactive words` learns the vectors again, `... digit` takes the network that the lesson exported last.
"""

import base64
import json
import sys
from collections import Counter
from pathlib import Path

import cv2
import keras
import numpy as np

from tools.lessons import notebooks, one_language
from utils.data import datasets
from utils.detection import labels, zoo
from utils.models import export, word2vec, word2vec_training
from utils.text import english, wordpiece

LESSONS = {"04": "valley", "06": "digit", "28": "digit", "12": "words", "16": "letters", "17": "attention", "19": "attention",
           "23": "boxes"}  # and its part of the page
WORDS = Path(__file__).parent / "pages" / "words.json"  # the vectors of lesson 12, in 8 bits
DIGIT = WORDS.with_name("digit.json")  # the network of lesson 28, in 8 bits
EXPORTED = notebooks.ROOT / "reports" / "28_export_and_serve" / "float.keras"  # where the lesson leaves it
NUMBER_OF_WORDS = 2_000  # the commonest ones that are no stop words
KNOWN, MOST = 3_000, 20  # words that the attention head knows, and words of a sentence
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
    "digit": """## 畫一個數字 · Draw a digit

用滑鼠或手指畫一個 0 到 9，或選一個例子。第 28 課的網路就在這一頁裡算，權重存成 8 位元；什麼都不會送出去。

下面是每一層的特徵圖，越深，表示越像那顆濾鏡要找的東西。先猜：筆畫在哪一層還看得出來？

Draw a digit from 0 to 9 with mouse or finger, or choose an example. The network of lesson 28 runs in this page, with weights in 8 bits;
nothing is sent anywhere.

Below are the feature maps of each layer: the darker, the more it looks like what the filter seeks. Guess first: up to which layer do the
strokes still show?
""",
    "words": """## 詞的鄰居 · Neighbours of a word

從影評學到的詞向量，最常見的 2,000 個實詞。打一個詞，看誰的餘弦最大；也可以加減，例如 `king - man + woman`、`worse - bad + good`。
照慣例，題目裡的詞不算；取消勾選，看看本來第一名是誰。這裡只在 2,000 個詞裡找，比課裡的一萬個詞容易。

Vectors learned from film reviews, of the 2,000 commonest content words. Type a word and see whose cosine is greatest; or add and
subtract, as in `king - man + woman` or `worse - bad + good`. By custom the words of the question do not count; untick the box to see who
would really be first. To look among 2,000 words is easier than among the 10,000 of the lesson.
""",
    "letters": """## 下一個字母 · The next letter

數過課程的影評：每三個字母之後，各字母出現幾次。溫度、top-k、top-p 怎麼改變分布？

From the course's reviews: how often each letter followed three others. What do temperature, top-k and top-p do to the distribution?
""",
    "attention": """## 一顆頭看哪裡 · Where a head looks

打一句英文，選一個詞，看它看哪裡。這是 MiniLM 第一層的十二顆頭，權重是真的，存成 8 位元；
算法是第 17 課的 $\\text{softmax}(q k^{\\mathsf T}/\\sqrt d)$。第 17 課的網路每次都重新訓練，沒有存，所以借第 19 課的來看。

它認得 3,000 個常用的詞，其他的略過。先看第 3 顆：它只管位置，總是看前一個詞。再看第 2 顆和第 4 顆：money 看 bank，mother 看 father。
沒什麼好看的，就看開頭的 [CLS]。第一層只知道詞和位置；it 指的是誰，要再往上幾層才可能知道。

Type an English sentence, choose a word, and see where it looks. These are the twelve heads of MiniLM's first layer, with their real
weights in 8 bits; they calculate $\\text{softmax}(q k^{\\mathsf T}/\\sqrt d)$, as in lesson 17. The network of lesson 17 is trained again
each time and not stored, so that of lesson 19 is shown.

It knows 3,000 common words; others are left out. See head 3 first: it minds the place alone, and looks at the word before. Then heads 2 and
4: money looks at bank, mother at father. Where there is nothing to see, a word looks at the beginning, [CLS]. The first layer knows only
words and places; whom "it" means can be known higher up at best.
""",
    "boxes": """## 偵測器的門檻 · A detector's thresholds

NanoDet 在這張照片上畫的所有框，還沒有刪過。分數門檻丟掉沒把握的；NMS 的 IoU 門檻決定重疊多少算同一個。

All boxes that NanoDet draws on this photo, before any is dropped. The score threshold drops what is unsure; the IoU threshold of NMS says
how much overlap makes two boxes one.
""",
}
MAPS = {  # layers whose feature maps are shown
    "first_convolution": ("第一次卷積，32 張 32×32", "first convolution, 32 of 32×32"),
    "first_pooling": ("第一次池化，32 張 16×16", "first pooling, 32 of 16×16"),
    "second_convolution": ("第二次卷積，64 張 16×16", "second convolution, 64 of 16×16"),
    "second_pooling": ("第二次池化，64 張 8×8", "second pooling, 64 of 8×8"),
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

    def canvas(id: str, width: int, height: int, zh: str, en: str) -> str:
        return f'<canvas id="{id}" width="{width}" height="{height}" role="img" aria-label="{say(zh, en)}"></canvas>'

    def slider(id: str, zh: str, en: str, low: float, high: float, step: float, value: float) -> str:
        return SLIDER.format(name=say(zh, en), id=id, low=low, high=high, step=step, value=value)

    parts = {
        "valley": [
            slider("rate", "學習率", "learning rate", 0.005, 0.25, 0.005, 0.05),
            button("step", "走一步", "one step") + " " + button("again", "從頭", "again"),
            drawing("valley-plot", 480, 240, "損失對 w 的曲線，和走過的點", "loss over w, and the steps taken"),
        ],
        "digit": [
            '<div class="beside">',
            canvas("pad", 280, 280, "畫圖的紙；不用滑鼠，就選一個例子", "paper to draw on; without a mouse, choose an example"),
            drawing("digit-plot", 300, 280, "十個數字的機率", "probability of each digit"), "</div>",
            button("clear", "清掉", "clear"),
            f'<span id="examples" role="group" aria-labelledby="examples-name"><span id="examples-name">{say("例子", "examples")}</span>',
            *(f'<button data-example="{digit}">{digit}</button>' for digit in range(10)), "</span>",
        ],
        "words": [
            f'<label>{say("一個詞，或加減", "a word, or a sum")} <input id="question" value="king - man + woman" maxlength="80"></label>',
            f'<label><input type="checkbox" id="without" checked> {say("題目裡的詞不算", "without the words of the question")}</label>',
            drawing("words-plot", 480, 200, "最近的八個詞和餘弦", "the eight nearest words and their cosines"),
        ],
        "letters": [
            f'<label>{say("開頭（小寫字母和空格）", "beginning (small letters and blanks)")} '
            '<input id="context" value="the " maxlength="40"></label>',
            slider("temperature", "溫度", "temperature", 0.1, 2, 0.1, 1), slider("top-k", "top-k", "top-k", 1, 27, 1, 27),
            slider("top-p", "top-p", "top-p", 0.05, 1, 0.05, 1), button("write", "寫 60 個字母", "write 60 letters"),
            drawing("letters-plot", 480, 170, "下一個字母的機率", "probability of the next letter"),
        ],
        "attention": [
            f'<label>{say("一句英文", "an English sentence")} '
            '<input id="sentence" value="she went to the bank to get some money for her mother and father" maxlength="200"></label>',
            slider("head", "第幾顆頭", "head", 1, 12, 1, 2),
            f'<div id="attention-plot" role="group" aria-label="{say("選一個詞", "choose a word")}"></div>',
        ],
        "boxes": [
            slider("score", "分數門檻", "score threshold", FAINTEST, 0.95, 0.05, 0.4),
            slider("overlap", "NMS 的 IoU 門檻", "IoU threshold of NMS", 0, 1, 0.05, 1),
            drawing("boxes-plot", 512, 512, "照片和偵測到的框", "the photo with the boxes found"),
        ],
    }  # fmt: skip
    maps = [f"<figure><figcaption>{say(zh, en)}</figcaption>{canvas(f'map-{name}', 1, 1, f'特徵圖：{zh}', f'feature maps: {en}')}</figure>"
            for name, (zh, en) in MAPS.items()]  # fmt: skip
    units = {"valley": say("步", "steps"), "digit": say("讀成", "it reads"), "letters": say("個字母還在", "letters remain"),
             "words": say("不在這些詞裡", "not among these words"), "attention": say("略過", "left out"), "boxes": say("個框", "boxes")}
    still = say("這一頁要 JavaScript 才會動；各課裡有靜態的圖。", "This page needs JavaScript; the lessons have still pictures.")
    out = [one_language.in_language(INTRODUCTION, language), f"<noscript>{still}</noscript>"]
    for name, rows in parts.items():
        said = f'<p id="{name}-said" aria-live="polite" data-unit="{units[name]}"></p>'
        lessons = [notebooks.find(number)[0] for number, part in LESSONS.items() if part == name]
        links = ", ".join(f"[{say(f'第 {one.number} 課', f'lesson {one.number}')}](notebooks/{one.name}.ipynb)" for one in lessons)
        out += [f"({name})=", one_language.in_language(TEXTS[name], language), f"→ {links}",
                "\n".join(['<div class="try">', *rows, said, *(maps if name == "digit" else []), "</div>"])]  # fmt: skip
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


def first_layer() -> dict:
    """Return what the heads of MiniLM's first layer need: embeddings, places, and the matrices of query and key.

    The scale and shift of the norm before them are worked into the matrices. The shift of the keys is left out: it adds the same to all
    scores of a query, which the softmax does not see.
    """
    files = datasets.load_minilm()
    weights, cut = files.weights, wordpiece.WordPiece.from_json(files.tokenizer)
    whole = [piece for piece in cut.pieces[cut.ids(["the"])[0] :] if piece.isascii() and piece.isalpha()][:KNOWN]  # commonest first
    table = {name: weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")}
    scale, shift = (weights[f"embeddings.LayerNorm.{name}"] for name in ("weight", "bias"))
    query, key = (weights[f"encoder.layer.0.attention.self.{name}.weight"] for name in ("query", "key"))
    bias = query @ shift + weights["encoder.layer.0.attention.self.query.bias"]
    return {
        "words": " ".join(whole),
        "table": in_8_bits(table["word"][cut.ids([wordpiece.BEGIN, wordpiece.END, *whole])]),
        "places": in_8_bits(table["position"][: MOST + 2] + table["token_type"][0]),
        "query": in_8_bits(query * scale), "key": in_8_bits(key * scale), "bias": np.round(bias, 5).tolist(),
    }  # fmt: skip


def examples() -> str:
    """Return the first validation image of each digit, as lesson 28 takes them: 10 × 28 × 28 bytes in base64."""
    (images, digits), _ = datasets.load_mnist()
    first = [55_000 + np.flatnonzero(digits[55_000:] == digit)[0] for digit in range(10)]
    return base64.b64encode(images[first].tobytes()).decode()


def digit_script() -> str:
    """Return a function in JavaScript that is lesson 28's page without its face: the network, a digit's preparation, painted maps."""
    _, network, preparation, _ = export.TEMPLATE.read_text(encoding="utf-8").split("// ---- ")
    return f"function digit($, bytes) {{\n// {network}// {preparation}return {{run, centred, paint, sheet}};\n}}\n"


def write_data(path: Path) -> None:
    """Write what the page needs as one script.

    Raises:
        FetchError: if MNIST, the reviews, MiniLM or the detector cannot be had.
    """
    data = {"letters": letter_counts(datasets.load_letters("lesson")), "words": json.loads(WORDS.read_text(encoding="utf-8")),
            "digit": json.loads(DIGIT.read_text(encoding="utf-8")) | {"examples": examples()}, "attention": first_layer(),
            **candidates()}  # fmt: skip
    notebooks.write_text(path, f"{digit_script()}const TRY = {json.dumps(data, separators=(',', ':'))};\n")


def learn_words(path: Path = WORDS) -> None:
    """Learn the vectors of lesson 12 (skip-gram, its seed) and store those of the commonest words, each scaled to -127 ... 127."""
    tokens = [english.tokenise(english.strip_html(review)) for review in datasets.load_reviews()]
    words = english.Vocabulary(tokens, min_count=5).words[2:]
    trained = word2vec_training.train(word2vec.encode(tokens, words), len(words), model="skip_gram", dim=100, window=5, negative_samples=5,
                                      epochs=3, seed=9)  # fmt: skip
    kept = [i for i, word in enumerate(words) if word not in english.stop_words() and len(word) > 2][:NUMBER_OF_WORDS]
    data = {"words": " ".join(words[i] for i in kept), "vectors": in_8_bits(trained.vectors[kept])["bytes"]}
    notebooks.write_text(path, json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n")


def store_digit(path: Path = DIGIT) -> None:
    """Store the network that lesson 28 exported: its layers, and its weights in 8 bits with a scale for each output.

    Raises:
        NotebookError: if the lesson has not exported it.
    """
    if not EXPORTED.exists():
        raise notebooks.NotebookError(f"Expected the network of lesson 28 in {EXPORTED}, found nothing; run the lesson: make run NB=28")
    model = keras.saving.load_model(EXPORTED)
    weights = [in_8_bits(kernel.reshape(-1, kernel.shape[-1]).T) | {"bias": [float(f"{value:.6g}") for value in bias]}
               for kernel, bias in (layer.get_weights() for layer in model.layers if layer.weights)]  # fmt: skip
    data = {"layers": export.layers_of(model)[0], "weights": weights}
    notebooks.write_text(path, json.dumps(data, separators=(",", ":")) + "\n")


def in_8_bits(rows: np.ndarray) -> dict:
    """Return rows of numbers as signed bytes in base64, and the scale that each row was divided by."""
    scales = np.abs(rows).max(axis=1) / 127
    whole = np.round(rows / scales[:, None]).astype(np.int8)
    return {"bytes": base64.b64encode(whole.tobytes()).decode(), "scales": [float(f"{scale:.6g}") for scale in scales]}


if __name__ == "__main__":
    {"words": learn_words, "digit": store_digit}[sys.argv[1]]()

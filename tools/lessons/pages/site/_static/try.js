// The sliders of the page "Try it". What it draws on stands in try-data.js, as TRY.
const $ = id => document.getElementById(id);
const draw = (svg, parts) => { svg.innerHTML = parts.join(""); };
const sliders = (ids, show) => ids.forEach(id => {
  const tell = () => { document.querySelector(`output[for="${id}"]`).textContent = $(id).value; show(); };
  $(id).addEventListener("input", tell);
  document.querySelector(`output[for="${id}"]`).textContent = $(id).value;
});

// The valley: loss(w) = mean((w x - 1 - y)²) with y = 2 x - 1, so the slope is mean(2 (w - 2) x²).
const X = [-1, 0, 1, 2, 3, 4], SQUARE = X.reduce((sum, x) => sum + x * x, 0) / X.length;
const loss = w => SQUARE * (w - 2) ** 2;
let walk = [-1];
function valley() {
  const across = w => 240 + (w - 2) * 60, down = l => 225 - l * 4;
  const curve = Array.from({length: 97}, (_, i) => -2 + i / 12).map(w => `${across(w)},${Math.max(-50, down(loss(w)))}`).join(" ");
  const seen = walk.filter(w => Math.abs(w) < 1e3);
  draw($("valley-plot"), [
    `<polyline points="${curve}" class="line"/>`,
    ...seen.slice(1).map((w, i) => `<line x1="${across(seen[i])}" y1="${down(loss(seen[i]))}" x2="${across(w)}" y2="${down(loss(w))}" class="hop"/>`),
    ...seen.map((w, i) => `<circle cx="${across(w)}" cy="${down(loss(w))}" r="${i === seen.length - 1 ? 6 : 3}" class="dot"/>`),
    ...[-1, 0, 1, 2, 3, 4, 5].map(w => `<text x="${across(w)}" y="238" text-anchor="middle">${w}</text>`)]);
  const w = walk[walk.length - 1];
  $("valley-said").textContent = `${walk.length - 1} ${$("valley-said").dataset.unit}: w = ${w.toPrecision(4)}, loss = ${loss(w).toPrecision(4)}`;
}
$("step").addEventListener("click", () => {
  const w = walk[walk.length - 1];
  walk.push(w - Number($("rate").value) * 2 * SQUARE * (w - 2));
  valley();
});
$("again").addEventListener("click", () => { walk = [-1]; valley(); });

// Letters: counts to the power 1 / temperature, then the k likeliest, then the fewest whose shares reach p.
const ALPHABET = " abcdefghijklmnopqrstuvwxyz";
function shares(context) {
  const counts = TRY.letters[context.slice(-3).padStart(3)];
  if (!counts) return null;
  const most = Math.max(...counts), t = Number($("temperature").value), k = Number($("top-k").value), limit = Number($("top-p").value);
  let p = counts.map(n => (n / most) ** (1 / t));
  const order = [...p.keys()].sort((a, b) => p[b] - p[a] || a - b);
  order.slice(k).forEach(i => { p[i] = 0; });
  let all = p.reduce((a, b) => a + b, 0), sum = 0;
  p = p.map(value => value / all);
  for (const i of order) { if (sum >= limit * (1 - 1e-12)) p[i] = 0; else sum += p[i]; }
  all = p.reduce((a, b) => a + b, 0);
  return p.map(value => value / all);
}
const typed = () => $("context").value.toLowerCase().replace(/[^a-z ]/g, " ");
function letters() {
  const p = shares(typed());
  const most = p && Math.max(...p), height = i => 120 * p[i] / most;
  draw($("letters-plot"), p ? [...ALPHABET].map((letter, i) => `<rect x="${8 + i * 17.3}" width="14" y="${145 - height(i)}" height="${height(i)}" class="bar"/>` +
    (p[i] === most ? `<text x="${Math.min(440, Math.max(16, 15 + i * 17.3))}" y="${140 - height(i)}" text-anchor="middle">${(100 * most).toFixed(0)} %</text>` : "") +
    `<text x="${15 + i * 17.3}" y="162" text-anchor="middle">${letter === " " ? "␣" : letter}</text>`) : []);
  $("letters-said").textContent = p ? `${p.filter(value => value > 0).length} / 27 ${$("letters-said").dataset.unit}` : "—";
}
$("write").addEventListener("click", () => {
  let text = typed(), left = 60;
  for (let p; left-- && (p = shares(text));) {
    let draw = Math.random(), at = 0;
    while (at < 26 && (draw -= p[at]) > 0) at++;
    text += ALPHABET[at];
  }
  $("letters-said").textContent = `“${text}”`;
});
$("context").addEventListener("input", letters);

// Boxes: drop what is below the score, then keep the best and drop those of its kind that overlap it by more than the threshold.
function overlap(a, b) {
  const w = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])), h = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = box => (box[2] - box[0]) * (box[3] - box[1]), union = area(a) + area(b) - w * h;
  return union > 0 ? w * h / union : 0;
}
function boxes() {
  const least = Number($("score").value), most = Number($("overlap").value), kept = [];
  for (const box of TRY.boxes) if (box[4] >= least && !kept.some(one => one[5] === box[5] && overlap(one, box) > most)) kept.push(box);
  draw($("boxes-plot"), [`<image href="${TRY.photo}" width="512" height="512"/>`, ...kept.map(([l, t, r, b]) =>
    `<rect x="${l}" y="${t}" width="${r - l}" height="${b - t}" class="box"/>`), ...kept.map(([l, t, , , score, kind]) =>
    `<text x="${Math.max(4, l + 4)}" y="${Math.max(16, t + 16)}" class="tag">${kind} ${score.toFixed(2)}</text>`)]);
  $("boxes-said").textContent = `${kept.length} / ${TRY.boxes.length} ${$("boxes-said").dataset.unit}`;
}

// Rows of numbers that come as signed bytes, each row with its scale.
function rows(bytes, count, scales) {
  const raw = atob(bytes), width = raw.length / count;
  return Array.from({length: count}, (_, i) => {
    const row = new Float32Array(width), scale = scales ? scales[i] : 1;
    for (let j = 0; j < width; j++) row[j] = (raw.charCodeAt(i * width + j) << 24 >> 24) * scale;
    return row;
  });
}
const dot = (a, b) => { let sum = 0; for (let i = 0; i < a.length; i++) sum += a[i] * b[i]; return sum; };

// A digit: `digit` is lesson 28's page without its face; here are the paper, ten bars, and the maps of each layer.
const KERNELS = TRY.digit.weights.flatMap(({bytes, scales, bias}) => {  // input by input, as Keras has them; then the bias
  const outputs = rows(bytes, scales.length, scales);
  return [...Array.from({length: outputs[0].length * outputs.length}, (_, at) => outputs[at % outputs.length][Math.floor(at / outputs.length)]), ...bias];
});
const {run, centred, paint, sheet} = digit(() => ({textContent: JSON.stringify(TRY.digit.layers)}), () => new Float32Array(KERNELS));
const EXAMPLES = Uint8Array.from(atob(TRY.digit.examples), letter => letter.charCodeAt(0));
const PAPER = $("pad").getContext("2d", {willReadFrequently: true});
let pen = null, waiting = false;
function digits() {
  waiting = false;
  const ink = Float64Array.from({length: 280 * 280}), pixels = PAPER.getImageData(0, 0, 280, 280).data;
  ink.forEach((_, at) => { ink[at] = pixels[4 * at + 3]; });  // how opaque: the paper has no colour
  const drawn = ink.some(value => value > 0), {probabilities, stages} = run(centred({h: 280, w: 280, data: ink}));
  const best = probabilities.indexOf(Math.max(...probabilities)), percent = p => `${(100 * p).toFixed(1)} %`;
  draw($("digit-plot"), probabilities.map((p, i) => `<text x="8" y="${22 + 27 * i}">${i}</text>` + (drawn ?
    `<rect x="26" y="${10 + 27 * i}" width="${210 * p}" height="16" class="bar"/><text x="${32 + 210 * p}" y="${22 + 27 * i}">${percent(p)}</text>` : "")));
  for (const stage of stages) paint($(`map-${stage.name}`), ...sheet(stage));
  $("digit-said").textContent = drawn ? `${$("digit-said").dataset.unit} ${best} (${percent(probabilities[best])})` : "—";
}
function stroke(event) {
  if (!pen) return;
  const box = $("pad").getBoundingClientRect(), to = [(event.clientX - box.left) * 280 / box.width, (event.clientY - box.top) * 280 / box.height];
  Object.assign(PAPER, {lineCap: "round", lineWidth: 20});
  PAPER.beginPath(); PAPER.moveTo(...(pen.length ? pen : to)); PAPER.lineTo(to[0] + 0.01, to[1]); PAPER.stroke();  // a tap is a dot
  pen = to;
  if (!waiting) { waiting = true; requestAnimationFrame(digits); }
}
$("pad").addEventListener("pointerdown", event => { $("pad").setPointerCapture(event.pointerId); pen = []; stroke(event); });
$("pad").addEventListener("pointermove", stroke);
for (const end of ["pointerup", "pointercancel"]) $("pad").addEventListener(end, () => { pen = null; });
$("clear").addEventListener("click", () => { PAPER.clearRect(0, 0, 280, 280); digits(); });
function example(number) {  // a pixel of it is ten wide
  const image = new ImageData(280, 280);
  for (let i = 0; i < 280; i++) for (let j = 0; j < 280; j++)
    image.data[4 * (280 * i + j) + 3] = EXAMPLES[784 * number + 28 * Math.floor(i / 10) + Math.floor(j / 10)];
  PAPER.putImageData(image, 0, 0);
  digits();
}
$("examples").addEventListener("click", event => { if (event.target.dataset.example) example(Number(event.target.dataset.example)); });

// Words: add and subtract vectors of length 1, then the greatest cosines.
const WORDS = TRY.words.words.split(" ");
const unit = vector => { const length = Math.sqrt(dot(vector, vector)); return vector.map(x => x / length); };
const VECTORS = rows(TRY.words.vectors, WORDS.length).map(unit);
function nearby(question, count, without) {
  const ids = [], unknown = [];
  let sign = 1, sum = new Float32Array(VECTORS[0].length);
  for (const part of question.toLowerCase().replace(/[−–]/g, "-").match(/[+-]|[^\s+-]+/g) || []) {
    if (part === "+" || part === "-") { sign = part === "+" ? 1 : -1; continue; }
    const id = WORDS.indexOf(part);
    if (id < 0) unknown.push(part);
    else { ids.push(id); sum = sum.map((x, j) => x + sign * VECTORS[id][j]); }
    sign = 1;
  }
  if (unknown.length || dot(sum, sum) < 1e-9) return {unknown, best: []};
  const direction = unit(sum), cosines = VECTORS.map(vector => dot(vector, direction));
  const order = [...cosines.keys()].filter(i => !without || !ids.includes(i)).sort((a, b) => cosines[b] - cosines[a]);
  return {unknown, best: order.slice(0, count).map(i => [WORDS[i], cosines[i]])};
}
function words() {
  const {unknown, best} = nearby($("question").value, 8, $("without").checked), long = cosine => Math.max(0, 280 * cosine);
  draw($("words-plot"), best.map(([word, cosine], i) => `<text x="128" y="${20 + 24 * i}" text-anchor="end">${word}</text>` +
    `<rect x="136" y="${8 + 24 * i}" width="${long(cosine)}" height="16" class="bar"/><text x="${142 + long(cosine)}" y="${20 + 24 * i}">${cosine.toFixed(2)}</text>`));
  $("words-said").textContent = unknown.length ? `${$("words-said").dataset.unit}: ${unknown.join(", ")}` : best.length ? `→ ${best[0][0]}` : "—";
}
["question", "without"].forEach(id => $(id).addEventListener("input", words));

// Attention of the first layer: the norm of word + place, queries and keys, and for each head softmax(q k / √width).
const NET = TRY.attention, KNOWN = new Map(NET.words.split(" ").map((word, i) => [word, i + 2]));  // 0 and 1: begin and end
const [TABLE, PLACES, QUERY, KEY] = ["table", "places", "query", "key"].map(name => rows(NET[name].bytes, NET[name].scales.length, NET[name].scales));
const HEADS = 12, HEAD = QUERY.length / HEADS;
function attention(known) {
  const states = [0, ...known.map(word => KNOWN.get(word)), 1].map((id, place) => {
    const sum = TABLE[id].map((x, j) => x + PLACES[place][j]), mean = sum.reduce((a, b) => a + b, 0) / sum.length;
    const centred = sum.map(x => x - mean), deviation = Math.sqrt(dot(centred, centred) / sum.length);
    return centred.map(x => x / deviation);
  });
  const queries = states.map(state => QUERY.map((row, j) => dot(row, state) + NET.bias[j])), keys = states.map(state => KEY.map(row => dot(row, state)));
  return Array.from({length: HEADS}, (_, head) => queries.map(query => {
    const part = vector => vector.slice(head * HEAD, (head + 1) * HEAD);
    const scores = keys.map(key => dot(part(query), part(key)) / Math.sqrt(HEAD)), most = Math.max(...scores);
    const powers = scores.map(score => Math.exp(score - most)), all = powers.reduce((a, b) => a + b, 0);
    return powers.map(power => power / all);
  }));
}
let looking = "money";
function look() {
  const found = $("sentence").value.toLowerCase().match(/[a-z]+/g) || [];
  const known = found.filter(word => KNOWN.has(word)).slice(0, PLACES.length - 2), left = found.filter(word => !known.includes(word));
  const shown = ["[CLS]", ...known, "[SEP]"];
  const at = typeof looking === "number" ? Math.min(looking, shown.length - 1) : Math.max(0, shown.indexOf(looking));
  const weights = attention(known)[$("head").value - 1][at], best = weights.indexOf(Math.max(...weights));
  $("attention-plot").innerHTML = shown.map((word, i) => `<button data-at="${i}" aria-pressed="${i === at}"><span>${word}</span>` +
    `<small>${(100 * weights[i]).toFixed(0)} %</small><i style="height:${(2 + 40 * weights[i]).toFixed(1)}px"></i></button>`).join("");
  $("attention-said").textContent = `${shown[at]} → ${shown[best]} ${(100 * weights[best]).toFixed(0)} %` +
    (left.length ? `; ${$("attention-said").dataset.unit}: ${left.join(", ")}` : "");
}
$("attention-plot").addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  looking = Number(button.dataset.at);
  look();
  $("attention-plot").children[looking].focus();
});
$("sentence").addEventListener("input", look);

sliders(["rate"], () => { walk = [-1]; valley(); });
sliders(["temperature", "top-k", "top-p"], letters);
sliders(["score", "overlap"], boxes);
sliders(["head"], look);
valley(); example(5); words(); letters(); look(); boxes();

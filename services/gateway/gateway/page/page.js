// The page's behaviour. All that it asks for comes from this gateway.

const CLASSES_AT_ONCE = 8;
const find = (selector) => document.querySelector(selector);
let lastShown = null; // URL of the picture on show, to be given back
let models = []; // as /v1/models tells them
let lastRequest = 0; // answers to earlier requests are dropped

/** Ask the gateway and show what it says. `body` and `type` are those of the request. */
async function classify(body, type, picture) {
  const request = ++lastRequest;
  say("Classifying …");
  find("#output").setAttribute("aria-busy", "true");
  const headers = { "Content-Type": type };
  if (find("#key").value) headers["X-API-Key"] = find("#key").value;
  try {
    const path = `/v1/models/${encodeURIComponent(chosenModel())}/predict`;
    const answer = await fetch(`${chosenModel() ? path : "/v1/predict"}?show_input=true`, { method: "POST", headers, body });
    const content = await answer.json();
    if (request !== lastRequest) return;
    if (answer.ok) show(content, picture);
    else explain(content);
  } catch (error) {
    if (request === lastRequest) fail("The gateway can't be reached. Try again in a moment.");
  } finally {
    if (request === lastRequest) find("#output").removeAttribute("aria-busy");
  }
}

function show(result, picture) {
  const { bars, arePercent } = barsOf(result.predictions);
  const [best] = result.predictions;
  say(`Classified as ${best.label}.`);
  find("#best").textContent = best.label;
  const items = result.predictions.map((each, index) => item(each, bars[index], arePercent));
  find("#classes").replaceChildren(...items.slice(0, CLASSES_AT_ONCE));
  find("#other-classes").replaceChildren(...items.slice(CLASSES_AT_ONCE));
  find("#more").hidden = items.length <= CLASSES_AT_ONCE;
  find("#more summary").textContent = `${items.length - CLASSES_AT_ONCE} more classes`;
  find("#kind").textContent = arePercent ? "" : "The model gives raw scores; bars show their softmax.";
  const { fetch, decode, inference } = result.times_ms;
  const times = [["download", fetch], ["decoding", decode], ["inference", inference]];
  const { name, version, label } = result.model;
  find("#times").textContent =
    times.filter(([, ms]) => ms !== undefined).map(([stage, ms]) => `${stage} ${ms.toFixed(1)} ms`).join(" · ") +
    ` — ${name} version ${version}${label ? ` (${label})` : ""}`;
  showPictures(result.input_png, picture);
  find("#result").hidden = false;
}

/** The width of each bar, 0 to 1: probabilities as they are, the softmax of anything else. */
function barsOf(predictions) {
  const scores = predictions.map((each) => each.score);
  const sum = scores.reduce((total, score) => total + score, 0);
  const arePercent = scores.every((score) => score >= 0) && Math.abs(sum - 1) < 0.01;
  if (arePercent) return { bars: scores, arePercent };
  const exponentials = scores.map((score) => Math.exp(score - Math.max(...scores)));
  const total = exponentials.reduce((all, each) => all + each, 0);
  return { bars: exponentials.map((each) => each / total), arePercent };
}

function item({ label, score }, width, isPercent) {
  const bar = element("div", "bar");
  bar.style.width = `${100 * width}%`;
  const entry = document.createElement("li");
  const text = isPercent ? `${(100 * score).toFixed(1)} %` : score.toFixed(3);
  entry.append(bar, element("span", "", label), element("span", "score", text));
  return entry;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

async function showPictures(base64, picture) {
  // A blob, since the page's policy allows no data: addresses.
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const seen = find("#seen img");
  URL.revokeObjectURL(seen.src);
  seen.onload = () => {
    find("#seen figcaption").textContent = `as the model sees it, ${seen.naturalWidth} × ${seen.naturalHeight}`;
  };
  seen.src = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  if (lastShown) URL.revokeObjectURL(lastShown);
  lastShown = picture ? URL.createObjectURL(picture) : null;
  find("#given").hidden = !picture; // what is behind a URL only the gateway has seen
  if (picture) find("#given img").src = lastShown;
}

function explain(problem) {
  if (problem.code === "missing-api-key") {
    find("#key-row").hidden = false;
    find("#key").focus();
  }
  fail(`${problem.title}: ${problem.detail}. ${problem.action}`);
}

function fail(text) {
  find("#result").hidden = true;
  say(text, true);
}

function say(text, isError = false) {
  find("#status").textContent = text;
  find("#status").classList.toggle("error", isError);
}

const classifyFile = (file) => file && classify(file, "application/octet-stream", file);
const classifyUrl = (url) => classify(JSON.stringify({ url }), "application/json", null);

find("#file").addEventListener("change", (event) => {
  classifyFile(event.target.files[0]);
  event.target.value = ""; // so that the same file can be chosen again
});
find("#by-url").addEventListener("submit", (event) => {
  event.preventDefault();
  classifyUrl(find("#url").value);
});
find("#key").addEventListener("change", describeModel);
find("#key-row").addEventListener("submit", (event) => {
  event.preventDefault();
  describeModel();
});

// A drop that misses its target would replace the page by the picture.
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  find("#drop").classList.add("over");
});
document.addEventListener("dragleave", () => find("#drop").classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  find("#drop").classList.remove("over");
  accept(event.dataTransfer);
});
document.addEventListener("paste", (event) => {
  if (!(event.target instanceof HTMLInputElement)) accept(event.clipboardData);
});

function accept(transfer) {
  const [file] = transfer.files;
  if (file) return classifyFile(file);
  const url = (transfer.getData("text/uri-list") || transfer.getData("text/plain")).trim();
  if (/^https?:\/\//.test(url)) {
    find("#url").value = url;
    classifyUrl(url);
  }
}

const viewfinder = find("#viewfinder");
const video = find("#viewfinder video");

find("#camera").addEventListener("click", async () => {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    viewfinder.showModal();
  } catch {
    // No camera, no permission, or no secure connection: phones offer theirs for files as well.
    say("The camera can't be used here; choose a picture instead.", true);
    find("#file").focus();
  }
});
find("#shoot").addEventListener("click", () => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob(classifyFile, "image/jpeg", 0.92);
  viewfinder.close();
});
find("#close").addEventListener("click", () => viewfinder.close());
viewfinder.addEventListener("close", () => {
  video.srcObject.getTracks().forEach((track) => track.stop());
});

const chosenModel = () => find("#model-choice").value; // empty as long as nobody told what there is

async function describeModel() {
  const headers = find("#key").value ? { "X-API-Key": find("#key").value } : {};
  const line = find("#model");
  try {
    const answer = await fetch("/v1/models", { headers });
    find("#key-row").hidden = answer.status !== 401 && !find("#key").value;
    if (!answer.ok) throw new Error();
    models = (await answer.json()).models;
    offer(models);
    line.textContent = inWords(models.find(({ name }) => name === chosenModel()));
  } catch {
    line.textContent = find("#key-row").hidden ? "The model can't be reached." : "This service asks for an API key.";
  }
}

function inWords(model) {
  return model.ready
    ? `${model.name}, version ${model.version}, ${model.classes.length} classes`
    : `${model.name} is not ready: ${model.reason}`;
}

/** A choice, where there is one; the default model comes first. */
function offer(models) {
  const chosen = chosenModel();
  const options = models.map(({ name }) => new Option(name, name, false, name === chosen));
  find("#model-choice").replaceChildren(...options);
  find("#model-row").hidden = models.length < 2;
}

find("#model-choice").addEventListener("change", () => {
  find("#model").textContent = inWords(models.find(({ name }) => name === chosenModel()));
});

describeModel();

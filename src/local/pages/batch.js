// A file goes into In through the runner; the page asks how far it is, and links the answers.
import { messageOf, Refused } from "./api.js";
import { showBatches } from "./batches.js";
import { byId, element, short } from "./parts.js";

const TURN_MS = 300;
const LOST_MS = 1000;
const LOST_MAX = 30;
const PATH = "/playground/batches/";
const NAME = /^(.*?)(\.(?:jsonl|ndjson|txt|csv|tsv)(?:\.gz)?|\.parquet)$/is;
const NAME_MAX = 180;

/** @param modelName gives the name of the model that is chosen, or "" */
export function startBatches(modelName) {
  const drop = byId("drop");
  const file = byId("file");
  file.addEventListener("change", () => {
    const chosen = file.files[0];
    file.value = ""; // so that the same file can be chosen again
    if (chosen) answer(chosen, modelName());
  });
  for (const over of ["dragenter", "dragover"]) {
    drop.addEventListener(over, event => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", event => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files[0]) answer(event.dataTransfer.files[0], modelName());
  });
}

/** The name of a file in the bucket, with its suffix; undefined if the suffix is not one of lines. */
export function objectName(name) {
  const found = NAME.exec(name);
  if (!found) return undefined;
  const [, base, suffix] = found;
  const clean = base.replace(/[^A-Za-z0-9._-]/g, "-").replace(/^[._-]+/, "");
  return (clean.slice(0, NAME_MAX - suffix.length) || "file") + suffix;
}

// each batch has a place of its own on the page, the last one first
async function answer(file, model) {
  const status = element("p", { role: "status", class: "batch-status" });
  const shown = element("div");
  byId("batch").prepend(element("div", { class: "batch" }, shown, status));
  const say = text => { status.textContent = text; };
  try {
    const name = objectName(file.name);
    if (!name) {
      throw new Error(`${file.name} does not end as a file of lines; accepted: .jsonl, .ndjson, .txt, .csv, .tsv, each also with .gz, and .parquet`);
    }
    if (!model) throw new Error("No model is chosen, because the list of models is not there. Choose one, then drop the file again.");
    say(`${file.name} goes into the bucket.`);
    const bar = element("progress", { max: 100, "aria-label": `Progress of ${file.name}` });
    shown.replaceChildren(bar);
    const put = await call(`${PATH}${name}?model=${encodeURIComponent(model)}`, { method: "PUT", body: file });
    showBatches();
    const state = await finished(put.batch, bar, file.name, say);
    shown.replaceChildren(...summary(put, state));
    say(state.state === "cancelled"
      ? `${file.name} was cancelled; answered lines: ${state.summary.lines}.`
      : `${file.name} is answered: ${state.summary.lines} line${state.summary.lines === 1 ? "" : "s"}.`);
  } catch (failure) {
    shown.replaceChildren(element("p", { class: "failed" }, failure.message));
    say(`${file.name} was not answered.`);
  }
  showBatches();
}

async function finished(batch, bar, name, say) {
  while (true) {
    const state = await poll(batch, name, say);
    if (state.state === "done" || state.state === "cancelled") return state;
    if (state.state === "failed") throw new Error(state.reason);
    if (state.state === "failing") {
      say(`${name}: an attempt failed and will be repeated: ${state.reason}`);
    } else if (state.percent !== undefined) {
      bar.value = state.percent;
      say(`${name}: ${state.figures}`);
    } else {
      say(`${name} is in the bucket; the function starts.`);
    }
    await pause(TURN_MS);
  }
}

// the batch goes on while the runner does not answer
async function poll(batch, name, say) {
  for (let left = LOST_MAX; ; left--) {
    try {
      return await call(PATH + batch, {});
    } catch (failure) {
      if ((failure.status > 0 && failure.status < 500) || left === 0) throw failure;
      say(`${name}: its state is not known, asking again (${failure.message})`);
      await pause(LOST_MS);
    }
  }
}

const pause = ms => new Promise(then => setTimeout(then, ms));

function summary(put, { summary: counts, errors }) {
  const figures = [
    ["lines", counts.lines], ["errors", counts.failed], ["known texts", counts.hits],
    ["runs of the model", counts.runs], ["tokens", counts.tokens], ["seconds", short(counts.milliseconds / 1000)],
    ["USD in AWS, estimated", counts.estimated_cost_usd],
  ];
  const list = element("dl", { class: "sum" }, ...figures.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, String(value)))));
  const links = element("p", { class: "links" }, link(put.batch, "out.jsonl", "Download the answers"),
    ...(errors ? [link(put.batch, "errors.jsonl", "Download the errors")] : []), link(put.batch, "summary.json", "Summary as JSON"));
  return [list, links];
}

const link = (batch, kind, text) => element("a", { href: `${PATH}${batch}/${kind}`, download: true }, text);

async function call(path, options) {
  let response, text;
  try {
    response = await fetch(path, { ...options, cache: "no-store" });
    text = await response.text();
  } catch (failure) {
    throw new Refused(0, `The runner does not answer (${failure.message}).`);
  }
  if (!response.ok) throw new Refused(response.status, messageOf(text));
  return JSON.parse(text);
}

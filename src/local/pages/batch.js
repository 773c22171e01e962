// A file goes into In through the runner; the page asks how far it is, and links the answers.
import { messageOf } from "./api.js";
import { byId, element, short } from "./parts.js";

const TURN_MS = 300;
const PATH = "/playground/batches/";
const NAMES = /\.(jsonl|ndjson|txt|csv|tsv)(\.gz)?$/i;

export function startBatches(modelName) {
  const drop = byId("drop");
  const file = byId("file");
  file.addEventListener("change", () => file.files[0] && answer(file.files[0], modelName()));
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

async function answer(file, model) {
  const shown = byId("batch");
  try {
    if (!NAMES.test(file.name)) {
      throw new Error(`${file.name} does not end as a file of lines; accepted: .jsonl, .ndjson, .txt, .csv, .tsv, each also with .gz`);
    }
    say(`${file.name} goes into the bucket.`);
    const bar = element("progress", { max: 100, "aria-label": `Progress of ${file.name}` });
    shown.replaceChildren(bar);
    const name = file.name.replace(/[^A-Za-z0-9._-]/g, "-").replace(/^[._-]+/, "");
    const put = await call(`${PATH}${name}?model=${encodeURIComponent(model)}`, { method: "PUT", body: file });
    const state = await finished(put.batch, bar, file.name);
    shown.replaceChildren(...summary(put, state));
    say(`${file.name} is answered: ${state.summary.lines} lines.`);
  } catch (failure) {
    shown.replaceChildren(element("p", { class: "failed" }, failure.message));
    say("The batch was not answered.");
  }
}

async function finished(batch, bar, name) {
  while (true) {
    const state = await call(PATH + batch, {});
    if (state.state === "done") return state;
    if (state.state === "failing" && state.failed?.final !== false) throw new Error(state.failed?.reason ?? "The batch failed.");
    if (state.percent !== undefined) {
      bar.value = state.percent;
      say(`${name}: ${state.figures}`);
    } else {
      say(state.state === "failing" ? `An attempt failed and will be repeated: ${state.failed.reason}` : `${name} is in the bucket; the function starts.`);
    }
    await new Promise(then => setTimeout(then, TURN_MS));
  }
}

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
  const response = await fetch(path, { ...options, cache: "no-store" });
  const text = await response.text();
  if (!response.ok) throw new Error(messageOf(text));
  return JSON.parse(text);
}

function say(text) {
  byId("batch-status").textContent = text;
}

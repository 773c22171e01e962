// The playground. It keeps nothing: no cookies, no storage; the address holds the model's name.
import { digits, get, hasKey, Refused, run, useKey } from "./api.js";
import { startBatches } from "./batch.js";
import { startBatchList } from "./batches.js";
import { LANGUAGES } from "./code.js";
import { bars, byId, element, short } from "./parts.js";
import { example, nameOf, requestOf, taskOf } from "./tasks.js";
import { raw, tintAll, view } from "./views.js";

const RUNS_MAX = 8;
const models = new Map();
let chosen; // {model, task}, once the metadata of the model that is chosen are there
let problem = "The models are not listed yet."; // why nothing is chosen
let running = false, language = "curl";
let runs = [];

/** @returns a sentence about the model in the address, if it is not there */
async function loadModels() {
  const { models: listed } = await get("/v2/models");
  const names = [...new Set(listed.map(entry => entry.name))];
  if (names.length === 0) throw new Error("The runner has no models: see docs/models.md.");
  byId("model").replaceChildren(...names.map(name => element("option", { value: name }, name)));
  const wanted = named();
  byId("model").value = names.includes(wanted) ? wanted : names[0];
  await choose();
  return wanted && !names.includes(wanted) ? `There is no model ${wanted}; this is ${names[0]}.` : "";
}

/** The model in the address, or "". */
function named() {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function follow() {
  const name = named();
  const select = byId("model");
  if (!select.value || !name || name === select.value) return;
  if ([...select.options].some(option => option.value === name)) {
    select.value = name;
    await choose();
  } else {
    keepAddress(select.value);
    byId("status").replaceChildren(`There is no model ${name}; this is ${select.value}.`);
  }
}

const keepAddress = name => history.replaceState(null, "", `#${encodeURIComponent(name)}`);

// the model that was asked before is forgotten first: its answers must not stand under this one's name
async function choose() {
  const name = byId("model").value;
  leave(`The metadata of ${name} are not there yet.`);
  try {
    if (!models.has(name)) models.set(name, await get(`/v2/models/${encodeURIComponent(name)}`));
    if (byId("model").value !== name) return; // another one was chosen meanwhile
    begin(models.get(name));
  } catch (failure) {
    if (byId("model").value !== name) return;
    leave(`${name} cannot be asked: ${failure.message}`);
    keepAddress(name);
    showError(failure);
  }
}

function leave(why) {
  chosen = undefined;
  running = false; // an answer that still comes is dropped
  problem = why;
  byId("facts").replaceChildren();
  byId("texts").value = "";
  forget();
  showCode();
  showReady();
}

function begin(model) {
  const task = taskOf(model);
  chosen = { model, task };
  keepAddress(model.name);
  byId("query-field").hidden = task !== "ranking";
  byId("texts-label").textContent = task === "tensors" ? "Request, as JSON"
    : task === "ranking" ? "Texts to rank, one a line" : "Texts, one a line";
  byId("texts").classList.toggle("mono", task === "tensors");
  byId("texts").rows = task === "tensors" ? 14 : 6;
  const { text, note } = example(task, model);
  byId("texts").value = text;
  const facts = { Task: nameOf(task), [model.versions.length > 1 ? "Versions" : "Version"]: model.versions.join(", ") };
  for (const [shown, fact] of [["Dimensions", "dimensions"], ["Pooling", "pooling"], ["Labels", "labels"], ["Tokens at most", "max_tokens"]]) {
    const value = model.parameters?.[fact]?.value;
    if (value !== undefined) facts[shown] = value;
  }
  byId("facts").replaceChildren(...Object.entries(facts).map(([fact, value]) =>
    element("div", {}, element("dt", {}, fact), element("dd", {}, String(value)))));
  forget(note);
  showCode();
  showReady();
}

function forget(note = "") {
  runs = [];
  byId("result").replaceChildren();
  byId("error").replaceChildren();
  byId("status").replaceChildren(`Nothing has run yet. ${note}`.trim());
  byId("times-card").hidden = true;
}

function showReady() {
  if (chosen && !running) byId("run").removeAttribute("aria-disabled");
  else byId("run").setAttribute("aria-disabled", "true");
}

const request = ({ model, task }) => requestOf(task, model, byId("texts").value, byId("query").value);

async function submit() {
  if (running) return;
  const of = chosen;
  if (!of) {
    showError(new Error(problem));
    return;
  }
  running = true;
  showReady();
  byId("error").replaceChildren();
  try {
    const asked = request(of);
    byId("status").replaceChildren("Running…");
    const answer = await run(asked, byId("fresh").checked);
    if (chosen === of) show(of.task, asked, answer);
  } catch (failure) {
    if (chosen === of) showError(failure);
  } finally {
    if (chosen === of) {
      running = false;
      showReady();
    }
  }
}

function show(task, asked, answer) {
  const { tier, ms, tokens, cost, ignored } = answer;
  const badge = tier.hit ? `hit: ${tier.name}` : tier.name === "model" ? "miss: the model ran" : `partly: ${tier.name}`;
  byId("status").replaceChildren(
    element("span", { class: tier.hit ? "tier hit" : "tier" }, badge),
    fact(short(ms), "ms"),
    ...(tokens === undefined ? [] : [fact(tokens, "tokens")]),
    ...(cost ? [fact(short(Number(cost) * 1e6), "USD a million such requests")] : []),
    ...(answer.json.model_version ? [element("span", {}, "version ", element("b", {}, digits(answer.json.model_version)))] : []),
    ...(ignored ? [fact(ignored, "ignored")] : []));
  byId("result").replaceChildren(...view(task, asked, answer.json), raw(answer.json));
  runs = [{ number: (runs[0]?.number ?? 0) + 1, hit: tier.hit, name: tier.name, ms, cost }, ...runs].slice(0, RUNS_MAX);
  showTimes(answer);
}

const fact = (value, unit) => element("span", {}, element("b", {}, String(value)), ` ${unit}`);

function showTimes({ stages, ms }) {
  const longest = Math.max(...stages.map(stage => stage.ms), 0.001);
  const inside = stages.reduce((sum, stage) => sum + stage.ms, 0);
  byId("stages").replaceChildren(
    bars("Stages in the function", ["Stage", "ms"], stages.map(stage => [stage.name, stage.ms / longest, stage.ms.toFixed(3)])),
    element("p", { class: "hint" }, `${short(inside)} ms in the function, ${short(ms)} ms as this page saw it.`));
  const slowest = Math.max(...runs.map(it => it.ms));
  byId("runs").replaceChildren(bars("Runs, the last one first", ["Run", "ms"],
    runs.map(it => [`${it.number} ${it.hit ? it.name : it.name === "model" ? "model ran" : it.name}`, it.ms / slowest, short(it.ms), it.hit ? "hit" : ""])));
  byId("times-card").hidden = false;
}

function showError(failure) {
  byId("status").replaceChildren("No answer.");
  const id = failure instanceof Refused && failure.requestId ? ` (request ${failure.requestId})` : "";
  const status = failure instanceof Refused && failure.status ? `${failure.status}: ` : "";
  byId("error").replaceChildren(`${status}${failure.message}${id}`);
  byId("result").replaceChildren();
  if (failure.status === 401) askKey();
}

function askKey() {
  byId("key-card").hidden = false;
  byId("key").focus();
}

/** @param byKey whether a key was typed */
async function reload(byKey) {
  byId("error").replaceChildren();
  try {
    const note = await loadModels();
    byId("key-card").hidden = true;
    if (byKey) byId("model").focus(); // the button that had the focus is hidden
    if (chosen) byId("status").prepend(...[byKey && "The key is accepted. ", note && `${note} `].filter(Boolean));
  } catch (failure) {
    problem = `The models could not be listed: ${failure.message}`;
    byId("model").replaceChildren(element("option", { value: "" }, "No list of models"));
    showError(failure);
  }
}

function showCode() {
  if (!chosen) {
    byId("code").textContent = problem;
    return;
  }
  try {
    const { path, body, text } = request(chosen);
    byId("code").textContent = LANGUAGES[language]({ url: location.origin + path, body, text, key: hasKey() });
  } catch (wrong) {
    byId("code").textContent = wrong.message;
  }
}

function startTabs() {
  const names = Object.keys(LANGUAGES);
  const tabs = names.map(name => element("button",
    { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "code-panel" }, name));
  const select = at => {
    language = names[at];
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === at));
      tab.tabIndex = i === at ? 0 : -1;
    });
    byId("code-panel").setAttribute("aria-labelledby", tabs[at].id);
    byId("copied").textContent = "";
    showCode();
  };
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => select(at));
    tab.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (at + step + tabs.length) % tabs.length;
      select(next);
      tabs[next].focus();
    });
  });
  byId("languages").replaceChildren(...tabs);
  select(0);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(byId("code").textContent);
    byId("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(byId("code"));
    byId("copied").textContent = "The text is selected: copy it with Ctrl + C.";
  }
}

function start() {
  byId("host").textContent = location.host;
  startTabs();
  startBatches(() => byId("model").value);
  startBatchList();
  byId("model").addEventListener("change", choose);
  byId("ask").addEventListener("submit", event => {
    event.preventDefault();
    submit();
  });
  byId("ask").addEventListener("input", showCode);
  byId("texts").addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  });
  byId("key-form").addEventListener("submit", event => {
    event.preventDefault();
    useKey(byId("key").value.trim());
    byId("key").value = "";
    reload(true);
  });
  addEventListener("hashchange", follow);
  byId("copy").addEventListener("click", copy);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => tintAll(byId("result")));
  showReady();
  reload(false);
}

start();
